"""Pictures: what is read comes back upright on white; what is refused is refused in a sentence."""

import contextlib
import io
import os
import struct
import time
import zlib

import numpy as np
import pytest
from PIL import Image

from onereel.errors import WrongUse
from onereel.media.read import fit_picture, read_picture, sha256_file

RED_LEFT = np.zeros((80, 120, 3), np.uint8)
RED_LEFT[:, :60, 0] = 255


def refused(path):
    with pytest.raises(WrongUse) as caught:
        read_picture(path)
    message = str(caught.value)
    assert "\n" not in message
    assert message.endswith(".")
    return message


def saved(path, array=RED_LEFT, **options):
    Image.fromarray(array).save(path, **options)
    return path


def png_header(width, height):
    """A PNG that claims a size and holds next to nothing."""

    def chunk(name, body):
        return (
            struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
        )

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    pixels = zlib.compress(b"\0" * 64)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize("suffix", ["png", "jpg", "webp", "bmp", "gif", "tiff"])
def test_formats(tmp_path, suffix):
    picture = read_picture(saved(tmp_path / f"a.{suffix}"))
    assert picture.shape == (80, 120, 3)
    assert picture.dtype == np.uint8
    assert picture[40, 20, 0] > 240
    assert picture[40, 100, 0] < 15


def test_rotation_is_applied(tmp_path):
    exif = Image.Exif()
    exif[0x0112] = 6  # stored lying on its left side: turn a quarter clockwise
    picture = read_picture(saved(tmp_path / "a.jpg", exif=exif))
    assert picture.shape == (120, 80, 3)
    assert picture[20, 40, 0] > 240  # what was left is now on top
    assert picture[100, 40, 0] < 15


def test_transparency_is_flattened_on_white(tmp_path):
    array = np.zeros((80, 80, 4), np.uint8)
    array[:, 40:, 3] = 255
    picture = read_picture(saved(tmp_path / "a.png", array))
    assert (picture[:, :40] == 255).all()
    assert (picture[:, 40:] == 0).all()


def test_sixteen_bits_are_scaled_not_clipped(tmp_path):
    picture = read_picture(saved(tmp_path / "a.png", np.full((80, 80), 32768, np.uint16)))
    assert picture.shape == (80, 80, 3)
    assert 127 <= picture[0, 0, 0] <= 128


def test_gigapixel_header_costs_nothing(tmp_path):
    path = tmp_path / "a.png"
    for side in (30000, 9000, 12000):  # beyond Pillow's error, between, beyond its warning
        path.write_bytes(png_header(side, side))
        start = time.perf_counter()
        message = refused(path)
        assert time.perf_counter() - start < 0.5
        assert "a.png" in message
        assert "6000" in message


def test_wrong_sizes(tmp_path):
    path = tmp_path / "a.png"
    for width, height, words in [
        (63, 80, "63x80"),
        (6001, 6001, "6001x6001"),
        (300, 100, "width over height"),
        (100, 300, "width over height"),
    ]:
        path.write_bytes(png_header(width, height))
        assert words in refused(path)


def test_truncated(tmp_path):
    generator = np.random.default_rng(0)
    for suffix in ("png", "jpg", "webp", "gif", "tiff"):
        noise = generator.integers(0, 255, (100, 100, 3), dtype=np.uint8)
        path = saved(tmp_path / f"a.{suffix}", noise)
        path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
        message = refused(path)
        assert "damaged or cut short" in message or "not a picture that can be read" in message


def test_not_pictures(tmp_path):
    path = tmp_path / "a.png"
    path.write_text("just words\n" * 100)
    assert "not a picture that can be read; save it as one of PNG" in refused(path)
    path.write_bytes(b"")
    assert "is empty" in refused(path)
    # Pillow reads these, we do not: each further parser is another way in.
    buffer = io.BytesIO()
    Image.fromarray(RED_LEFT).save(buffer, "ICO")
    path.write_bytes(buffer.getvalue())
    assert "not a picture" in refused(path)
    path.write_bytes(b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 100 100\n")
    assert "not a picture" in refused(path)


def test_no_file_to_read(tmp_path):
    assert "does not exist" in refused(tmp_path / "none.png")
    assert "is a directory" in refused(tmp_path)
    os.mkfifo(tmp_path / "pipe")
    assert "not an ordinary file" in refused(tmp_path / "pipe")
    assert "cannot be opened" in refused("a\0b.png")
    assert "does not exist" in refused(tmp_path / "two\nlines.png")
    assert "cannot be opened" in refused("x" * 5000)


def test_too_many_bytes(tmp_path):
    path = saved(tmp_path / "a.png")
    with path.open("ab") as file:
        file.truncate(30_000_001)
    assert "30.0 MB" in refused(path)


def test_flipped_bytes_are_read_or_refused(tmp_path):
    """Whatever a damaged file makes a parser raise, only WrongUse comes out."""
    generator = np.random.default_rng(0)
    for suffix in ("png", "gif", "tiff", "webp", "bmp"):
        data = saved(tmp_path / f"a.{suffix}").read_bytes()
        for _ in range(30):
            broken = bytearray(data)
            for at in generator.integers(0, len(data), 8):
                broken[at] = generator.integers(0, 256)
            path = tmp_path / "broken"
            path.write_bytes(broken)
            with contextlib.suppress(WrongUse):
                assert read_picture(path).dtype == np.uint8


def test_fit_picture_crops_the_centre():
    picture = np.zeros((100, 300, 3), np.uint8)
    picture[:, 100:200] = 255
    # The filter looks one pixel over the crop's edge, hence the rim is left out.
    assert fit_picture(picture, 50, 50)[:, 2:-2].min() > 250
    wide = fit_picture(picture, 120, 40)
    assert wide.shape == (40, 120, 3)
    assert wide[20, 60, 0] == 255
    assert wide[20, 5, 0] == 0


def test_fit_picture_leaves_a_fitting_one_alone():
    picture = np.random.default_rng(0).integers(0, 255, (64, 96, 3), dtype=np.uint8)
    assert (fit_picture(picture, 96, 64) == picture).all()


def test_sha256(tmp_path):
    (tmp_path / "a").write_bytes(b"abc")
    assert sha256_file(tmp_path / "a").startswith("ba7816bf8f01cfea")
    with pytest.raises(WrongUse, match="does not exist"):
        sha256_file(tmp_path / "b")
