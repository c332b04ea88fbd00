"""The store keeps what it is given, whatever happens to the process, the disk or the file."""

import errno
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import textwrap
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from toy_records import add_films, make_fingerprints, make_record

from onereel.errors import OnereelError
from onereel.records.auditor import verify_log
from onereel.records.database import heads_file
from onereel.records.fingerprints import Fingerprints
from onereel.records.home import Home
from onereel.records.store import Store, request_hash

HERE = Path(__file__).parent


@pytest.fixture
def home(tmp_path):
    return Home(tmp_path / "home")


def start(code: str, home: Home, *arguments: object) -> subprocess.Popen:
    """A child with the toys at hand and its home folder in `home`."""
    head = f"""
        import os, signal, sys, time
        sys.path.insert(0, {str(HERE)!r})
        from pathlib import Path
        from toy_records import *
        from onereel.records import store as module
        home = Home(Path(sys.argv[1]))
    """
    program = textwrap.dedent(head) + textwrap.dedent(code)
    return subprocess.Popen(
        [sys.executable, "-c", program, str(home.folder), *map(str, arguments)],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


def test_what_goes_in_comes_out(home):
    record, prints = make_record(5, prompt="雪 \"'; DROP TABLE records; --\n"), make_fingerprints(5)
    with Store(home) as store:
        store.add(make_record(4), make_fingerprints(4))
        store.add(record, prints)
        stored = store.get(record.id)
        assert stored.record == record
        assert stored.fingerprints.to_bytes() == prints.to_bytes()
        assert store.get("f" * 12) is None
        assert [one.seed for one in store.list()] == [5, 4]
        assert [one.seed for one in store.list(1)] == [5]
    assert home.folder.stat().st_mode & 0o777 == 0o700
    assert home.database.stat().st_mode & 0o777 == 0o600
    assert heads_file(home).stat().st_mode & 0o777 == 0o600


def test_a_draft_id_finds_the_film_that_came_of_it(home):
    with Store(home) as store:
        for number in (1, 2):
            record = replace(make_record(number), draft=f"{number}" * 12)
            store.add(record, make_fingerprints(number))
        assert store.look_up("2" * 12).record == record
        assert store.look_up(record.id).record == store.get(record.id).record == record
        assert store.look_up("3" * 12) is None and store.get("2" * 12) is None
        # One damaged record hides no other.
        store.connection.execute("UPDATE records SET record = '{' WHERE number = 1")
        assert store.look_up("2" * 12).record == record


def test_an_id_is_given_once(home):
    add_films(home, range(1))
    with Store(home) as store, pytest.raises(OnereelError, match="already"):
        store.add(make_record(0, prompt="other"), make_fingerprints(1))
    with Store(home) as store:
        assert store.get("0" * 12).record.prompt == make_record(0).prompt
    assert verify_log(home).size == 1


def test_request_hash_depends_on_what_was_asked_alone():
    assert request_hash(make_record(1)) == request_hash(make_record(1))
    assert request_hash(make_record(1)) != request_hash(make_record(2))
    assert request_hash(make_record(1)) != request_hash(make_record(1, prompt="other"))


def test_search_finds_the_one_among_many_by_either_and_nothing_foreign(home):
    with Store(home) as store:
        assert store.search(make_fingerprints(0)) == []
        for number in range(60):
            store.add(make_record(number), make_fingerprints(number, samples=number % 3))
        whole = make_fingerprints(41, samples=2)
        assert [(m.record_id, m.share, m.kind) for m in store.search(whole)] == [
            (make_record(41).id, 1.0, "picture"),
            (make_record(41).id, 1.0, "sound"),
        ]
        # Nine bits of every hash differ, and the sound is another's.
        noisy = Fingerprints(
            4.0, 1, whole.pictures ^ np.uint64(0x0101010101010101), whole.sharp,
            make_fingerprints(30, samples=0).sound, whole.heard,
        )  # fmt: skip
        assert {(m.record_id, m.kind) for m in store.search(noisy)} == {
            (make_record(41).id, "picture"), (make_record(30).id, "sound"),
        }  # fmt: skip
        assert store.search(make_fingerprints(1000)) == []


def test_four_processes_write_at_once_from_an_empty_folder(home):
    code = """
        first = int(sys.argv[2])
        for number in range(first, first + 6):
            add_films(home, range(number, number + 1))
    """
    children = [start(code, home, 100 * index) for index in range(4)]
    for child in children:
        assert child.wait(60) == 0, child.stderr.read()
    audit = verify_log(home)
    assert audit.intact, audit.problems
    assert audit.size == 24 and audit.keys == ()
    with Store(home) as store:
        assert len(store.list()) == 24


@pytest.mark.parametrize(
    ("moment", "kept"), [("append", 0), ("publish_heads", 1), ("publish_heads after", 1)]
)
def test_a_kill_at_any_moment_leaves_whole_records_only(home, moment, kept):
    add_films(home, range(3))
    code = """
        name, _, after = sys.argv[2].partition(" ")
        real = getattr(module, name)
        def dying(*arguments):
            if after or name == "append":
                real(*arguments)
            os.kill(os.getpid(), signal.SIGKILL)
        setattr(module, name, dying)
        add_films(home, range(3, 4))
    """
    child = start(code, home, moment)
    assert child.wait(60) == -signal.SIGKILL, child.stderr.read()
    audit = verify_log(home)
    assert audit.size == 3 + kept
    if moment == "publish_heads":  # committed, but not yet in the plain file: told, then mended
        assert [problem.entry for problem in audit.problems] == [None]
        assert "after a crash" in audit.problems[0].said
    else:
        assert audit.intact, audit.problems
    add_films(home, range(4, 5))
    audit = verify_log(home)
    assert audit.intact and audit.size == 4 + kept


def test_a_full_disk_changes_nothing_and_is_told(home):
    add_films(home, range(2))
    with Store(home) as store:
        pages = store.connection.execute("PRAGMA page_count").fetchone()[0]
        store.connection.execute(f"PRAGMA max_page_count = {pages}")
        with pytest.raises(OnereelError, match=r"disk is full; nothing was changed"):
            store.add(make_record(2), make_fingerprints(2, samples=300))
        assert len(store.list()) == 2
        store.connection.execute("PRAGMA max_page_count = 100000")
        store.add(make_record(2), make_fingerprints(2, samples=300))
    audit = verify_log(home)
    assert audit.intact and audit.size == 3


def test_a_heads_file_that_cannot_be_written_is_told_and_mended_later(home, monkeypatch):
    add_films(home, range(1))
    with monkeypatch.context() as patch:
        full = OSError(errno.ENOSPC, "No space left on device")
        patch.setattr(os, "fsync", lambda descriptor: (_ for _ in ()).throw(full))
        with pytest.raises(OnereelError, match=r"The record is kept, but .*heads.jsonl.*No space"):
            add_films(home, range(1, 2))
    add_films(home, range(2, 3))
    audit = verify_log(home)
    assert audit.intact and audit.size == 3

    heads_file(home).unlink()
    heads_file(home).mkdir()
    with pytest.raises(OnereelError, match="cannot be read"):
        add_films(home, range(3, 4))
    heads_file(home).rmdir()
    add_films(home, range(4, 5))  # a lost file is written again
    audit = verify_log(home)
    assert audit.intact and audit.size == 4


def test_a_locked_database_is_waited_for_then_told(home):
    add_films(home, range(1))
    other = sqlite3.connect(home.database, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with Store(home, patience=0.2) as store:
        assert len(store.list()) == 1  # reading goes on
        with pytest.raises(OnereelError, match="in use by another process"):
            store.add(make_record(1), make_fingerprints(1))
    other.execute("ROLLBACK")
    other.close()
    add_films(home, range(1, 2))
    assert verify_log(home).intact


@pytest.mark.parametrize("damage", ["text", "middle", "cut", "empty table"])
def test_a_corrupt_file_is_told_and_left_as_it_is(home, damage):
    add_films(home, range(20))
    content = bytearray(home.database.read_bytes())
    if damage == "text":
        content = bytearray(b"not a database at all " * 500)
    elif damage == "middle":
        content[4096:40960] = bytes(36864)
    elif damage == "cut":
        content = content[: len(content) // 2]
    else:
        content[100:4096] = bytes(3996)
    home.database.write_bytes(content)
    for use in (verify_log, lambda home: add_films(home, range(20, 21))):
        with pytest.raises(OnereelError, match=r"damaged|version|could not be used") as told:
            use(home)
        assert "\n" not in str(told.value)
    assert home.database.read_bytes() == content


def test_a_damaged_row_is_told(home):
    add_films(home, range(1))
    with sqlite3.connect(home.database) as connection:
        connection.execute("UPDATE records SET record = '{'")
    with Store(home) as store:
        for use in (store.list, lambda: store.get("0" * 12)):
            with pytest.raises(OnereelError, match="record is damaged"):
                use()
    with sqlite3.connect(home.database) as connection:
        connection.execute("UPDATE records SET record = ?, fingerprints = x'00'",
                           (make_record(0).to_json(),))  # fmt: skip
    with Store(home) as store, pytest.raises(OnereelError, match="fingerprint is damaged"):
        store.get("0" * 12)


def test_a_database_of_a_newer_version_is_left_alone(home):
    add_films(home, range(1))
    with sqlite3.connect(home.database) as connection:
        connection.execute("PRAGMA user_version = 9")
    with pytest.raises(OnereelError, match="install the onereel"):
        add_films(home, range(1, 2))


def test_a_read_only_database_is_told():
    folder = Path(tempfile.mkdtemp())  # pytest's own folders are closed to other users
    try:
        folder.chmod(0o755)
        home = Home(folder / "home")
        add_films(home, range(1))
        home.folder.chmod(0o555)
        home.database.chmod(0o444)
        code = """
            if os.geteuid() == 0:
                os.seteuid(65534)
            try:
                add_films(home, range(1, 2))
            except Exception as error:
                print(type(error).__name__, error)
        """
        child = start(code, home)
        out, err = child.communicate(timeout=60)
        assert "OnereelError" in out and "writable to you" in out, out + err
        home.folder.chmod(0o755)
        assert verify_log(home).size == 1
    finally:
        shutil.rmtree(folder)


def test_a_closed_store_is_told(home):
    store = Store(home)
    with pytest.raises(OnereelError, match="with Store"):
        store.list()
    assert not os.path.exists(home.folder)
