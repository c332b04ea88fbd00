"""The detector: what it says of our files, of altered ones, of strangers', and of hostile ones."""

import json
import os
import struct
import subprocess
import time
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image
from rich.console import Console
from stand_ins import RECORD, make_clip, mark_frames

import onereel
from onereel import cli
from onereel.errors import OnereelError, WrongUse
from onereel.marks import untrusted
from onereel.marks import verify as module
from onereel.marks.film import write_film, write_sound, write_still
from onereel.marks.found import WatermarkFound
from onereel.marks.show import show
from onereel.marks.verify import verify
from onereel.media.sandbox import read_clip
from onereel.media.write import encode_mp4, encode_wav
from onereel.records.home import Home


def remade(path, target):
    """The film decoded and encoded again by a stranger: pixels and samples are all that is left."""
    clip = read_clip(path)
    return encode_mp4(target, clip.frames, clip.sound, 24, 24_000)


@pytest.fixture
def film(tmp_path, clip, home):
    return write_film(tmp_path / "film.mp4", clip, home=home)


def test_stripped_and_encoded_again(film, tmp_path, home):
    found = verify(remade(film, tmp_path / "b.mp4"), home=home)
    assert found.ours is True
    assert found.credentials.state == "none" and found.metadata.aigc is None
    assert found.record["found_in"] == ["picture watermark", "sound watermark"]
    assert found.record["known"] and found.record["fingerprint"]["picture"] > 0.9
    assert (found.picture.start, round(found.picture.end, 2)) == (0.0, 1.25)


def test_marks_gone_but_the_record_remembers(film, tmp_path, clip, home):
    path = encode_mp4(tmp_path / "b.mp4", clip.frames, None, 24, 24_000)
    found = verify(path, home=home)
    assert found.ours is True
    assert found.record["id"] == RECORD.id and found.record["found_in"] == ["fingerprint"]
    assert "recognised by its fingerprint" in found.notes[0]


def test_a_mark_copied_onto_other_footage_is_named(film, tmp_path, home):
    foreign = mark_frames(make_clip(seed=1).frames, RECORD.id)
    found = verify(encode_mp4(tmp_path / "b.mp4", foreign, None, 24, 24_000), home=home)
    assert found.ours is False
    assert "picture watermark was copied here" in found.notes[0]


def test_without_the_record_a_copy_cannot_be_excluded(film, tmp_path):
    found = verify(remade(film, tmp_path / "b.mp4"), home=Home(tmp_path / "elsewhere"))
    assert found.ours is True
    assert found.record["known"] is False
    assert "cannot be told apart" in found.notes[0]
    assert not (tmp_path / "elsewhere").exists()


def test_a_stranger(tmp_path, home):
    path = encode_mp4(tmp_path / "a.mp4", make_clip(seed=1).frames, None, 24, 24_000)
    found = verify(path, home=home)
    assert (found.ours, found.record, found.notes) == (False, None, ())
    assert not home.folder.exists()
    assert os.listdir(tmp_path) == ["a.mp4"]


@pytest.mark.parametrize(
    ("mark", "ours"),
    [
        (WatermarkFound("cannot tell"), None),
        (WatermarkFound("present", score=9.0, false_alarm=1e-12), True),
        (WatermarkFound("present", score=6.0, false_alarm=1e-6), None),
        (WatermarkFound("read", "00000000000a", 8.0, 1e-7), None),
        (WatermarkFound("absent"), False),
    ],
)
def test_how_sure_it_is(tmp_path, home, monkeypatch, mark, ours):
    monkeypatch.setattr(module, "find_picture_mark", lambda frames, fps: mark)
    path = tmp_path / "a.png"
    Image.new("RGB", (96, 96), "teal").save(path)
    assert verify(path, home=home).ours is ours


def test_no_proof_in_saying_so(tmp_path, clip, home):
    """Signed elsewhere and stripped of marks: it says onereel, which anyone can say."""
    path = write_still(tmp_path / "a.png", clip, home=home)
    with Image.open(path) as image:
        xmp = image.info["XML:com.adobe.xmp"]
    from PIL.PngImagePlugin import PngInfo

    info = PngInfo()
    info.add_itxt("XML:com.adobe.xmp", xmp)
    Image.new("RGB", (96, 96), "teal").save(tmp_path / "b.png", pnginfo=info)
    found = verify(tmp_path / "b.png", home=home)
    assert found.ours is None
    assert found.metadata.signature == "invalid"
    assert any("nothing in it proves that" in note for note in found.notes)


# ---------------------------------------------------------------- tampering


@pytest.mark.parametrize("place", ["mdat", "moov", "claim"])
def test_one_bit(film, home, place):
    data = bytearray(film.read_bytes())
    at = {"mdat": data.index(b"mdat") + 900, "moov": data.index(b"mvhd") + 30,
          "claim": data.index(b"org.onereel.disclosure") + 3}[place]  # fmt: skip
    data[at] ^= 1
    film.write_bytes(data)
    found = verify(film, home=home)
    assert found.credentials.state in ("invalid", "unreadable")
    assert (found.metadata.signature == "invalid") is (place == "mdat")
    assert any("altered" in note or "cannot be read" in note for note in found.notes)


@pytest.mark.parametrize(("size", "filled"), [(100, True), (100, False), (0, False)])
def test_data_appended_in_padding_is_flagged(film, home, size, filled):
    payload = (b"\x07" if filled else b"\x00") * size
    with film.open("ab") as file:
        file.write(struct.pack(">I4s", size + 8, b"free") + payload)
    found = verify(film, home=home)
    assert found.credentials.state == "trusted"  # C2PA leaves such boxes out
    flagged = [note for note in found.notes if "appended in padding" in note]
    assert len(flagged) == filled


def test_two_aigc_fields(tmp_path, clip, home):
    from onereel.marks.container import tagged

    path = write_sound(tmp_path / "a.wav", clip, home=home)
    path.write_bytes(tagged(path.read_bytes(), "wav", {"AIGC": "{}"}))
    found = verify(path, home=home)
    assert found.metadata.copies == 2
    assert any("2 AIGC fields" in note for note in found.notes)


def test_another_service(tmp_path, home):
    aigc = {"Label": "1", "ContentProducer": "001191110000000000000012345", "ProduceID": "x"}
    path = encode_mp4(
        tmp_path / "a.mp4", make_clip(seed=1).frames, None, 24, 24_000,
        tags={"AIGC": json.dumps({"AIGC": aigc})},
    )  # fmt: skip
    found = verify(path, home=home)
    assert found.ours is False and found.metadata.aigc == aigc
    assert "says that 001191110000000000000012345 generated it" in found.notes[0]


# ---------------------------------------------------------------- bad input


def test_cut_short(film, home):
    data = film.read_bytes()
    for length in (1, 11, 40, 3000, len(data) // 2, len(data) - 1):
        film.write_bytes(data[:length])
        with pytest.raises(WrongUse, match=r"damaged or cut short|is not an mp4"):
            verify(film, home=home)


@pytest.mark.parametrize("name", ["a.png", "a.jpg", "a.wav"])
def test_random_damage_is_answered(tmp_path, clip, home, name):
    way = write_sound if name == "a.wav" else write_still
    path = way(tmp_path / name, clip, home=home)
    data = path.read_bytes()
    random = np.random.default_rng(0)
    for _ in range(4):
        broken = bytearray(data)
        for at in random.integers(12, len(data), 30):
            broken[at] = random.integers(256)
        path.write_bytes(broken)
        try:
            found = verify(path, home=home)
        except WrongUse:
            continue
        assert found.metadata.signature != "valid" or found.credentials.state == "invalid"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is empty"),
        (b"hello, this is a text file", "is not an mp4, mov, wav, png or jpg"),
        (b"\x00\x00\x00\x18ftypmp42" + b"\xff" * 5000, "damaged or cut short"),
        (b"RIFF\xff\xff\xff\xffWAVEdata\xff\xff\xff\xff", "damaged or cut short"),
        (b"\x89PNG\r\n\x1a\n\xff\xff\xff\xffIHDR", "damaged or cut short"),
        (b"\xff\xd8\xff\xe1\x00\x00", "damaged or cut short"),
    ],
)
def test_not_a_file_of_ours(tmp_path, home, content, said):
    path = tmp_path / "a.bin"
    path.write_bytes(content)
    with pytest.raises(WrongUse, match=said):
        verify(path, home=home)


def test_huge_and_missing(tmp_path, home):
    path = tmp_path / "a.mp4"
    with path.open("wb") as file:
        file.write(b"\x00\x00\x00\x18ftypmp42")
        file.truncate(10**10)
    with pytest.raises(WrongUse, match="at most 200 MB are read"):
        verify(path, home=home)
    with pytest.raises(WrongUse, match="does not exist"):
        verify(tmp_path / "b.mp4", home=home)
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(WrongUse, match="not an ordinary file"):
        verify(tmp_path / "pipe", home=home)


def test_many_boxes_take_bounded_time(tmp_path, home):
    path = tmp_path / "a.mp4"
    boxes = struct.pack(">I4s", 8, b"free") * 2_000_000
    path.write_bytes(b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom" + boxes)
    started = time.monotonic()
    with pytest.raises(WrongUse, match="damaged or cut short"):
        verify(path, home=home)
    assert time.monotonic() - started < 10


def test_the_reader_is_stopped_by_its_limits(film, home, monkeypatch):
    monkeypatch.setattr(untrusted, "MEMORY_BYTES", 2**26)
    with pytest.raises(WrongUse, match="within the limits"):
        verify(film, home=home)
    monkeypatch.undo()
    monkeypatch.setattr(untrusted, "WALL_SECONDS", 0.01)
    with pytest.raises(WrongUse, match="takes too long"):
        verify(film, home=home)


def test_a_longer_film_is_examined_in_part(tmp_path, home, monkeypatch):
    monkeypatch.setattr(module, "EXAMINED_SECONDS", 1.0)
    clip = make_clip(frames=72)
    frames = mark_frames(clip.frames, RECORD.id)
    path = encode_mp4(tmp_path / "a.mp4", frames, clip.sound, 24, 24_000)
    found = verify(path, home=home)
    assert (found.picture.record, found.picture.end) == (RECORD.id, 1.0)
    assert "Only the first 1 of 3 s were examined." in found.notes
    wav = encode_wav(tmp_path / "a.wav", clip.sound, 24_000)
    assert verify(wav, home=home).sound.state == "absent"


def test_a_shape_that_is_not_decoded(tmp_path, home):
    Image.new("RGB", (3000, 100), "teal").save(tmp_path / "a.png")
    found = verify(tmp_path / "a.png", home=home)
    assert found.ours is None
    assert "cannot be looked for" in found.notes[0] and "a.png is 3000x100" in found.notes[0]


def test_mov(film, tmp_path, home):
    target = tmp_path / "b.mov"
    try:
        subprocess.run(["ffmpeg", "-v", "error", "-i", film, "-c", "copy", "-movflags",
                        "use_metadata_tags", target], check=True)  # fmt: skip
    except FileNotFoundError:
        pytest.skip("ffmpeg is not installed")
    found = verify(target, home=home)
    assert found.ours is True and found.metadata.copies == 1
    assert found.picture.record == RECORD.id


# ---------------------------------------------------------------- keys and records


def test_lost_root_and_broken_records(film, home, monkeypatch):
    (home.keys / "credentials-root" / "certificate.pem").unlink()
    found = verify(film, home=home)
    assert found.credentials.state == "valid"
    assert any("certificate.pem is lost" in note for note in found.notes)

    class Broken:
        def __init__(self, home):
            raise OnereelError("The record store is damaged; put it back from a backup.")

    monkeypatch.setattr(module, "Store", Broken)
    found = verify(film, home=home)
    assert found.ours is True
    assert any("records cannot be searched: The record store is damaged" in n for n in found.notes)


# ---------------------------------------------------------------- showing


def test_python_and_command_line(tmp_path, clip, user_home, capsys):
    path = clip.save(tmp_path / "a.mp4", label="whole", language="zh")
    assert onereel.verify(path).ours is True
    cli.app(["verify", str(path), "--json"], standalone_mode=False)
    said = json.loads(capsys.readouterr().out)
    assert said["ours"] is True and said["record"]["id"] == RECORD.id
    assert set(said) == {"file", "ours", "record", "credentials", "metadata", "watermark", "notes"}
    assert set(said["watermark"]) == {"picture", "sound"}
    cli.app(["verify", str(path)], standalone_mode=False)
    shown = capsys.readouterr().out
    assert "Made by onereel" in shown and RECORD.id in shown
    assert "secret" not in shown


def test_a_hostile_file_cannot_draw_on_the_screen(tmp_path, home):
    aigc = {"ContentProducer": "\x1b[2J[bold red]x[/]\nMade by onereel", "ProduceID": "1"}
    path = encode_mp4(
        tmp_path / "a.mp4", make_clip(seed=1).frames, None, 24, 24_000,
        tags={"AIGC": json.dumps(aigc)},
    )  # fmt: skip
    console = Console(width=300, record=True, file=open(os.devnull, "w"))  # noqa: SIM115
    show(verify(path, home=home), console)
    said = console.export_text()
    assert "\x1b" not in said and "\nMade by onereel" not in said and "[bold red]" in said


def test_records_differ(film, tmp_path, home):
    """A signed film whose pixels carry another film's mark: both are told."""
    other = replace(RECORD, id="ba9876543210")
    clip = make_clip(record=other)
    marked = replace(clip, frames=mark_frames(clip.frames, other.id))
    again = encode_mp4(tmp_path / "b.mp4", marked.frames, None, 24, 24_000)
    found = verify(again, home=home)
    assert found.record["id"] == other.id and found.record["known"] is False
