"""Marks that come in with a reference go out with the film."""

from dataclasses import replace

import numpy as np
import pytest
from PIL import Image
from stand_ins import RECORD, make_clip

from onereel.errors import WrongUse
from onereel.marks.film import write_film, write_sound, write_still
from onereel.marks.incoming import read_incoming
from onereel.marks.verify import verify
from onereel.media.read import sha256_file
from onereel.request import Reference


def test_marked_references_are_carried_on(tmp_path, clip, home):
    """One of each kind of ours, and one plain picture, into the next film."""
    paths = {
        "Picture 1": ("picture", write_still(tmp_path / "a.png", clip, home=home)),
        "Clip 1": ("clip", write_film(tmp_path / "a.mp4", clip, home=home)),
        "Recording 1": ("recording", write_sound(tmp_path / "a.wav", clip, home=home)),
        "Picture 2": ("picture", tmp_path / "plain.jpg"),
        "Picture 3": ("picture", tmp_path / "plain.bmp"),
    }
    Image.new("RGB", (96, 96), "teal").save(tmp_path / "plain.jpg")
    Image.new("RGB", (96, 96), "teal").save(tmp_path / "plain.bmp")
    ingredients = tuple(
        read_incoming(Reference(kind=kind, path=path), title)
        for title, (kind, path) in paths.items()
    )
    assert [one.sha256 for one in ingredients] == [sha256_file(path) for _, path in paths.values()]
    assert [set(one.marks) for one in ingredients] == [
        {"AIGC", "picture watermark"},
        {"AIGC", "picture watermark", "sound watermark"},
        {"AIGC", "sound watermark"},
        set(),
        set(),
    ]
    new = make_clip(record=replace(RECORD, id="ba9876543210"), seed=1)
    path = write_film(tmp_path / "b.mp4", replace(new, ingredients=ingredients), home=home)
    found = verify(path, home=home)
    assert found.ours is True and found.credentials.state == "trusted"
    told = {one["title"]: one for one in found.credentials.ingredients}
    assert set(told) == {"Picture 1", "Clip 1", "Recording 1", "Picture 2"}
    assert [told[f"{kind} 1"]["credentials"] for kind in ("Picture", "Clip", "Recording")] == [
        "valid"
    ] * 3
    assert told["Picture 2"]["credentials"] == "none"
    assert told["Clip 1"]["picture watermark"] == RECORD.id
    assert RECORD.id in told["Picture 1"]["AIGC"]
    data = path.read_bytes()
    assert b"plain" not in data and str(tmp_path).encode() not in data  # names are private
    assert ingredients[4].sha256.encode() in data  # a bmp has no place for credentials


def test_an_altered_reference_is_told(tmp_path, clip, home):
    path = write_still(tmp_path / "a.png", clip, home=home)
    data = bytearray(path.read_bytes())
    data[data.index(b"XML:com") + 300] ^= 1
    # A chunk that decoders skip when its checksum is wrong would hide the change.
    import struct
    import zlib

    at = data.index(b"iTXt")
    size = struct.unpack(">I", data[at - 4 : at])[0]
    data[at + 4 + size : at + 8 + size] = struct.pack(">I", zlib.crc32(data[at : at + 4 + size]))
    path.write_bytes(data)
    ingredient = read_incoming(Reference(kind="picture", path=path), "Picture 1")
    new = make_clip(record=replace(RECORD, id="ba9876543210"), seed=1)
    film = write_film(tmp_path / "b.mp4", replace(new, ingredients=(ingredient,)), home=home)
    found = verify(film, home=home)
    assert found.credentials.state == "trusted"
    assert [one["credentials"] for one in found.credentials.ingredients] == ["invalid"]


def test_a_damaged_reference(tmp_path):
    path = tmp_path / "a.png"
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + np.random.default_rng(0).bytes(500))
    with pytest.raises(WrongUse, match=r"a\.png"):
        read_incoming(Reference(kind="picture", path=path), "Picture 1")
