"""Every way out carries every mark, and when one of them fails nothing comes out."""

import inspect
import json
import os
import re
import subprocess
from dataclasses import replace
from pathlib import Path

import av
import encypher_c2pa
import films
import numpy as np
import pytest
from scipy.ndimage import zoom
from stand_ins import find_picture_mark, find_sound_mark

import onereel.media.write
from onereel import cli
from onereel.clip import Clip
from onereel.errors import OnereelError, WrongUse
from onereel.marks import film, label
from onereel.marks.container import MEDIA_TYPES, essence_hash, kind_of, read_tags
from onereel.marks.embed import mark_frames
from onereel.marks.film import UNLABELLED, write_film, write_preview, write_sound, write_still
from onereel.marks.first_frame import STEPS, coefficients, soft_bits
from onereel.marks.keys import Signer
from onereel.marks.label import Label
from onereel.marks.metadata import AIGC_KEYS, read_metadata
from onereel.marks.payload import encode_id
from onereel.marks.picture import KEY, draw_pattern
from onereel.marks.verify import verify

WAYS_OUT = {
    "film.mp4": lambda path, clip, home: write_film(path, clip, home=home),
    "unlabelled.mp4": lambda path, clip, home: write_film(
        path, clip, home=home, label=Label("none")
    ),
    "last.png": lambda path, clip, home: write_still(path, clip, home=home),
    "thumbnail.jpg": lambda path, clip, home: write_still(path, clip, 0, home=home, height=72),
    "preview.jpeg": lambda path, clip, home: write_preview(path, clip, home=home),
    "sound.wav": lambda path, clip, home: write_sound(path, clip, home=home),
}


def hidden(folder):
    return sorted(name for name in os.listdir(folder) if name != "home")


@pytest.mark.parametrize("name", WAYS_OUT)
def test_every_way_out_carries_every_mark(tmp_path, clip, home, name):
    path = WAYS_OUT[name](tmp_path / name, clip, home)
    assert hidden(tmp_path) == [name]
    found = verify(path, home=home)
    assert found.ours is True
    assert found.record["id"] == clip.record.id
    assert found.credentials.state == "trusted"
    assert found.credentials.ai_generated and found.credentials.record == clip.record.id
    assert found.metadata.copies == 1 and found.metadata.signature == "valid"
    assert tuple(found.metadata.aigc) == AIGC_KEYS
    assert found.metadata.aigc["Label"] == "1"
    assert found.metadata.aigc["ProduceID"] == clip.record.id
    assert set(found.metadata.disclosure) == {"provider", "system", "version", "created", "id"}
    if name.endswith(".wav"):
        assert found.picture is None
    else:
        assert found.picture.record == clip.record.id
    if name.endswith((".wav", ".mp4")):
        assert found.sound.record == clip.record.id
    assert b"secret" not in path.read_bytes()


def test_a_preview_leads_to_the_film_that_came_of_it(tmp_path, clip, home):
    early = replace(clip, record=replace(clip.record, id="d" * 12))
    preview = write_preview(tmp_path / "preview.png", early, home=home)
    assert verify(preview, home=home).record["known"] is False
    film = replace(clip, record=replace(clip.record, draft="d" * 12))
    write_film(tmp_path / "film.mp4", film, home=home)
    record = verify(preview, home=home).record
    assert record["known"] and record["id"] == clip.record.id


@pytest.mark.parametrize("name", ["film.mp4", "last.png", "sound.wav", "thumbnail.jpg"])
def test_a_second_reader_agrees(tmp_path, clip, home, name):
    path = WAYS_OUT[name](tmp_path / name, clip, home)
    data = path.read_bytes()
    media_type = MEDIA_TYPES[kind_of(data[:12])]
    said = encypher_c2pa.verify(data, media_type)
    assert said["present"] is True
    assert (said["integrity"], said["signature"]) == ("valid", "valid")
    start = {"mp4": b"mdat", "png": b"IDAT", "wav": b"data", "jpg": b"\xff\xda"}
    changed = bytearray(data)
    at = data.index(start[kind_of(data[:12])]) + 50
    changed[at] ^= 1
    assert encypher_c2pa.verify(bytes(changed), media_type)["integrity"] == "invalid"


@pytest.mark.parametrize(
    ("tool", "command"),
    [
        ("ffprobe", ["ffprobe", "-v", "error", "-show_entries", "format_tags"]),
        ("exiftool", ["exiftool", "-a", "-G1"]),
        ("mediainfo", ["mediainfo"]),
    ],
)
def test_other_tools_read_the_metadata(tmp_path, clip, home, tool, command):
    names = ["film.mp4", "sound.wav"] + ["last.png", "thumbnail.jpg"] * (tool == "exiftool")
    for name in names:
        path = WAYS_OUT[name](tmp_path / name, clip, home)
        try:
            said = subprocess.run([*command, path], capture_output=True, text=True, check=True)
        except FileNotFoundError:
            pytest.skip(f"{tool} is not installed")
        line = next(one for one in said.stdout.splitlines() if '"Label":"1"' in one)
        assert "aigc" in line.lower()
        assert set(json.loads(line[line.index("{") :])) == set(AIGC_KEYS)
        assert '"provider":"onereel"' in said.stdout


def test_essence_is_of_the_finished_file(tmp_path, clip, home):
    """ReservedCode1 can be checked by anyone from the file alone, and only fits that file."""
    path = write_film(tmp_path / "a.mp4", clip, home=home)
    with path.open("rb") as file:
        tags, essence = read_tags(file, "mp4"), essence_hash(file, "mp4")
    assert read_metadata(tags, essence).signature == "valid"
    assert read_metadata(tags, "0" * 64).signature == "invalid"


# ---------------------------------------------------------------- failures


def break_signing(monkeypatch, home):
    def sign(data):
        raise OnereelError("The key service is down.")

    monkeypatch.setattr(film, "load_signer", lambda home: Signer(sign, ""))


def break_marking(monkeypatch, home):
    def mark_frames(frames, record, into=None, progress=None):
        raise OnereelError("The mark does not fit.")

    def mark_sound(sound, rate, record):
        raise OnereelError("The mark does not fit.")

    monkeypatch.setattr(film, "mark_frames", mark_frames)
    monkeypatch.setattr(film, "mark_sound", mark_sound)


def skip_marking(monkeypatch, home):
    monkeypatch.setattr(
        film, "mark_frames", lambda frames, record, into=None, progress=None: frames
    )
    monkeypatch.setattr(film, "mark_sound", lambda sound, rate, record: sound)


def break_store(monkeypatch, home):
    class Full:
        def __init__(self, home):
            raise OnereelError("The record store is full; make room.")

    monkeypatch.setattr(film, "Store", Full)


def fill_disk(monkeypatch, home):
    def replace(*paths):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(film.os, "fsync", replace)


def lose_key(monkeypatch, home):
    from onereel.marks.keys import load_signer

    load_signer(home)
    (home.keys / "credentials-leaf" / "key.pem").unlink()


@pytest.mark.parametrize("name", [name for name in WAYS_OUT if name != "preview.jpeg"])
@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (break_signing, "Could not sign|service is down"),
        (break_marking, "does not fit"),
        (skip_marking, "could not be watermarked; nothing was written"),
        (break_store, "store is full"),
        (fill_disk, "No space left on device"),
        (lose_key, r"key\.pem is lost; put it back"),
    ],
)
def test_nothing_is_written_when_a_step_fails(tmp_path, clip, home, monkeypatch, name, fault, said):
    path = tmp_path / name
    path.write_bytes(b"older film")
    fault(monkeypatch, home)
    with pytest.raises(OnereelError, match=said):
        WAYS_OUT[name](path, clip, home)
    assert hidden(tmp_path) == [name]
    assert path.read_bytes() == b"older film"


def test_a_disk_that_fills_up_while_writing(clip, home, tmp_path):
    """A real ENOSPC, from a file system a little too small for the film."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=48k", "none", str(disk)], capture_output=True
    )
    if mounted.returncode:
        pytest.skip("no right to mount a small disk")
    try:
        with pytest.raises(OnereelError, match=r"No space left|Could not"):
            write_film(disk / "film.mp4", clip, home=home)
        assert os.listdir(disk) == []
    finally:
        subprocess.run(["umount", str(disk)], check=True)


def test_a_place_that_cannot_be_written(clip, home, tmp_path):
    with pytest.raises(WrongUse, match="does not exist"):
        write_film(tmp_path / "nowhere" / "a.mp4", clip, home=home)
    with pytest.raises(WrongUse, match=r"does not end in \.png or \.jpg"):
        write_still(tmp_path / "a.mp4", clip, home=home)


def test_interrupted(clip, home, tmp_path):
    def stop(stage, done, of):
        if stage == "write" and done == 5:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_film(tmp_path / "a.mp4", clip, home=home, progress=stop)
    assert hidden(tmp_path) == []


# ---------------------------------------------------------------- no way around


def test_nothing_turns_the_marks_off():
    """The arguments of every writer, option by option, and no environment variable read."""
    told = {name: set(inspect.signature(getattr(film, name)).parameters)
            for name in dir(film) if name.startswith("write_")}  # fmt: skip
    common = {"path", "clip", "home", "signer"}
    assert told == {
        "write_film": common | {"label", "progress"},
        "write_still": common | {"frame", "label", "height"},
        "write_preview": common | {"label", "height"},
        "write_sound": common,
    }
    assert set(inspect.signature(Clip.save).parameters) == {"self", "path", "label", "language"}
    options = {name for command in (cli.generate, cli.decode)
               for name in inspect.signature(command).parameters}  # fmt: skip
    assert not [o for o in options if re.search("mark|sign|cred|meta|record|aigc|c2pa|raw", o)]
    for source in Path(film.__file__).parent.glob("*.py"):
        assert "environ" not in source.read_text() and "getenv" not in source.read_text(), source


def test_only_marks_write_generated_films():
    """Who else encodes: the Backlot, and the clock that times muxing."""
    root = Path(onereel.media.write.__file__).parents[1]
    callers = {
        str(path.relative_to(root))
        for path in root.rglob("*.py")
        if re.search(r"\bencode_(mp4|wav)\(", path.read_text())
    }
    assert callers == {
        "media/write.py", "marks/film.py", "cli.py", "backlot/export.py", "evaluate/run.py",
        "evaluate/benchmark_child.py",
    }  # fmt: skip
    assert inspect.getsource(cli).count("encode_mp4(") == 1
    assert "encode_mp4(" in inspect.getsource(cli.shoot)


def test_no_label_is_put_on_record(tmp_path, clip, home, monkeypatch):
    monkeypatch.setattr(label, "PLATE_OPACITY", 1.0)
    path = write_film(tmp_path / "a.mp4", clip, home=home, label=Label("none"))
    assert UNLABELLED in verify(path, home=home).record["warnings"]
    other = Clip(clip.frames, clip.sound, 24, 24_000, clip.record.__class__(
        **{**clip.record.__dict__, "id": "ba9876543210"}))  # fmt: skip
    write_film(tmp_path / "b.mp4", other, home=home)
    with pytest.raises(WrongUse, match="recorded with its visible label"):
        write_film(tmp_path / "c.mp4", other, home=home, label=Label("none"))
    assert not (tmp_path / "c.mp4").exists()


def test_a_key_held_elsewhere(tmp_path, clip, home):
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import ec

    from onereel.marks import keys

    asked = []
    elsewhere = keys.Home(tmp_path / "home" / "elsewhere")
    chain = keys.load_signer(elsewhere).certificates
    key = keys.load_key(elsewhere.keys / "credentials-leaf" / "key.pem")

    def sign(data):
        asked.append(len(data))
        return key.sign(data, ec.ECDSA(hashes.SHA256()))  # DER, as most modules answer

    path = write_film(tmp_path / "a.mp4", clip, home=home, signer=Signer.from_callback(sign, chain))
    assert len(asked) == 1
    assert verify(path, home=home).credentials.state == "valid"
    assert verify(path, home=elsewhere).credentials.state == "trusted"


def test_frames_are_left_as_they_were(tmp_path, clip, home):
    before = clip.frames.copy(), clip.sound.copy()
    write_film(tmp_path / "a.mp4", clip, home=home)
    assert np.array_equal(clip.frames, before[0]) and np.array_equal(clip.sound, before[1])
    assert find_picture_mark(clip.frames, 24).state == "absent"
    assert find_sound_mark(clip.sound, 24_000).state == "absent"


def test_half_a_labelled_film_still_says_its_record(tmp_path, clip, home, monkeypatch):
    """The label is drawn before the first frame is quantised, or that would be undone."""
    monkeypatch.setattr(film, "mark_frames", mark_frames)
    clip = replace(clip, frames=films.film(frames=13), sound=None)
    path = write_film(tmp_path / "a.mp4", clip, home=home)
    with av.open(path) as file:
        frames = np.stack([one.to_ndarray(format="rgb24") for one in file.decode(video=0)])
    half = films.through_h264(zoom(frames, (1, 0.5, 0.5, 1), order=1), 28)
    first, lattice = coefficients(half[0]), draw_pattern(KEY).lattice
    softs = (soft_bits(first, step, lattice)[0] for step in STEPS)
    assert max(encode_id(clip.record.id) @ soft / np.linalg.norm(soft) for soft in softs) > 9
