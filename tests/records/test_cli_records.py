"""`onereel records` and `onereel audit` as a user meets them: real processes and exit codes."""

import json
import sqlite3
import subprocess
import sys

import pytest
from PIL import Image
from toy_records import make_fingerprints, make_record

from onereel.backlot.script import write_script
from onereel.backlot.shoot import shoot
from onereel.media.write import encode_wav
from onereel.records.fingerprints import fingerprint
from onereel.records.home import Home
from onereel.records.store import Store

PROMPT = "a [red]girl[/red] runs"


def run(*args):
    return subprocess.run(
        [sys.executable, "-m", "onereel", *map(str, args)],
        capture_output=True, text=True, timeout=60,
    )  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("cli")
    take = shoot(write_script(3, 4, 128, 72))
    with Store(Home(folder / "home")) as store:
        store.add(make_record(1), make_fingerprints(1))
        prints = fingerprint(take.frames[:49], 24, take.sound, 24_000)
        store.add(make_record(2, prompt=PROMPT), prints)
    Image.fromarray(take.frames[24][:, ::-1]).save(folder / "still.png")
    encode_wav(folder / "sound.wav", take.sound, 24_000)
    return folder


def test_list_and_show(folder):
    done = run("records", "list", "--home", folder / "home")
    assert done.returncode == 0, done.stderr
    rows = [line.split() for line in done.stdout.splitlines()]
    found = [row[0] for row in rows if row and row[0].startswith("0")]
    assert found == ["000000000002", "000000000001"]
    assert PROMPT in done.stdout
    told = json.loads(run("records", "list", "--json", "--home", folder / "home").stdout)
    assert [one["seed"] for one in told["records"]] == [2, 1]
    told = json.loads(run("records", "show", "0" * 11 + "2", "--json", "--home",
                          folder / "home").stdout)  # fmt: skip
    assert told["prompt"] == PROMPT
    done = run("records", "show", "f" * 12, "--home", folder / "home")
    assert done.returncode == 2 and "There is no record" in done.stderr and not done.stdout


def test_find(folder):
    told = json.loads(
        run("records", "find", folder / "still.png", "--json", "--home", folder / "home").stdout
    )
    assert [(m["record_id"], m["kind"]) for m in told["matches"]] == [("0" * 11 + "2", "picture")]
    done = run("records", "find", folder / "sound.wav", "--home", folder / "home")
    assert done.returncode == 0 and "0" * 11 + "2" in done.stdout and "sound" in done.stdout
    done = run("records", "find", folder / "none.mp4", "--home", folder / "home")
    assert done.returncode == 2 and "none.mp4" in done.stderr


def test_audit(folder, tmp_path):
    home = Home(tmp_path / "home")
    assert run("audit", "head", "--home", home.folder).returncode == 2
    with Store(home) as store:
        for number in range(3):
            store.add(make_record(number), make_fingerprints(number))
    head = run("audit", "head", "--home", home.folder)
    assert head.returncode == 0
    (tmp_path / "kept.json").write_text(head.stdout)
    done = run("audit", "verify", "--home", home.folder, "--head", tmp_path / "kept.json")
    assert done.returncode == 0 and "intact: 3 entries" in done.stdout

    with sqlite3.connect(home.database) as connection:
        connection.execute("UPDATE records SET seed = 9 WHERE number = 2")
    done = run("audit", "verify", "--home", home.folder)
    assert done.returncode == 1 and not done.stdout
    assert "first bad entry is 1" in done.stderr and "Record 000000000001" in done.stderr
    done = run("audit", "verify", "--home", home.folder, "--json")
    told = json.loads(done.stdout)
    assert done.returncode == 1 and not told["intact"] and told["first_bad_entry"] == 1

    home.database.write_bytes(b"junk" * 4000)
    done = run("audit", "verify", "--home", home.folder)
    assert done.returncode == 1 and "damaged" in done.stderr and "Traceback" not in done.stderr
    done = run("audit", "verify", "--home", home.folder, "--head", home.database)
    assert done.returncode == 2 and "no tree heads" in done.stderr
