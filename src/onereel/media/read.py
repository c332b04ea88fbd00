"""Pictures from disk, checked before they are decoded.

- `read_picture`: upright (H, W, 3) uint8 on white, or one sentence on what is wrong
- `fit_picture`: centre-crop then resize, never bars
- `sha256_file` and `open_regular`: for every file handed in, clips and recordings too

Called from the plan, which binds references, and from `sandbox`, which shares the file checks.
"""

import hashlib
import io
import os
import stat
import threading
import warnings
from pathlib import Path
from typing import IO

import numpy as np
from PIL import Image, ImageOps

from onereel.errors import WrongUse, shown

PICTURE_FORMATS = ("PNG", "JPEG", "WEBP", "BMP", "GIF", "TIFF")
LARGEST_PICTURE_BYTES = 30 * 10**6
# Seedance starts at 300; small drawings are welcome here.
SMALLEST_SIDE, LARGEST_SIDE = 64, 6000
# Width over height.
NARROWEST, WIDEST = 0.4, 2.5

# warnings.catch_warnings swaps a process-wide list, so only one thread may hold it at a time.
_WARNINGS_LOCK = threading.Lock()


def read_picture(path: str | Path) -> np.ndarray:
    """The picture at `path` as (H, W, 3) uint8 sRGB: upright, transparency flattened on white.

    An animation gives its first frame. Raises WrongUse, one sentence naming the file, for
    anything that is not a PNG, JPEG, WEBP, BMP, GIF or TIFF under 30 MB with sides of 64 to 6000
    pixels and an aspect of 0.4 to 2.5.
    """
    path = Path(path)
    with open_regular(path, LARGEST_PICTURE_BYTES) as file:
        return decode_picture(file, path)


def decode_picture(file: IO[bytes], path: Path) -> np.ndarray:
    """As `read_picture`, from an open file; `path` is its name in messages."""
    image = _open_header(file, path)
    _check_size(image, path)
    try:
        image.load()
        return _on_white(ImageOps.exif_transpose(image))
    # Pillow's decoders raise whatever their parsers meet: OSError, SyntaxError, struct.error,
    # zlib.error, IndexError. All of them mean the same to whoever handed in the file.
    except Exception as error:
        raise WrongUse(
            f"{shown(path)} is damaged or cut short; save or download it again."
        ) from error


def fit_picture(picture: np.ndarray, width: int, height: int) -> np.ndarray:
    """(H, W, 3) uint8 to (height, width, 3): the largest centred crop of that shape, resized."""
    source_height, source_width = picture.shape[:2]
    scale = min(source_width / width, source_height / height)
    left = (source_width - width * scale) / 2
    top = (source_height - height * scale) / 2
    # A fractional box keeps the crop exactly centred, where whole pixels would shift it by half.
    box = (left, top, left + width * scale, top + height * scale)
    resized = Image.fromarray(picture).resize((width, height), Image.Resampling.LANCZOS, box=box)
    return np.asarray(resized).copy()


def sha256_file(path: str | Path) -> str:
    """The file's sha256 as 64 hex digits, read in pieces."""
    with open_regular(Path(path)) as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def open_regular(path: Path, most_bytes: int | None = None) -> io.BufferedReader:
    """`path` opened for reading, or WrongUse: missing, directory, device, empty, too large."""
    try:
        # Non-blocking: opening a named pipe would otherwise wait for a writer for ever.
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
    except FileNotFoundError:
        raise WrongUse(f"{shown(path)} does not exist; check the path.") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "not a path"
        raise WrongUse(f"{shown(path)} cannot be opened ({reason}); check the path.") from None
    try:
        status = os.fstat(descriptor)
        _check_status(status, path, most_bytes)
        return os.fdopen(descriptor, "rb")
    except BaseException:
        os.close(descriptor)
        raise


def _check_status(status: os.stat_result, path: Path, most_bytes: int | None) -> None:
    if stat.S_ISDIR(status.st_mode):
        raise WrongUse(f"{shown(path)} is a directory; name a file in it.")
    if not stat.S_ISREG(status.st_mode):
        raise WrongUse(f"{shown(path)} is not an ordinary file; copy it to one first.")
    if status.st_size == 0:
        raise WrongUse(f"{shown(path)} is empty; save or download it again.")
    if most_bytes is not None and status.st_size > most_bytes:
        raise WrongUse(
            f"{shown(path)} has {status.st_size / 1e6:.1f} MB; "
            f"at most {most_bytes / 1e6:.0f} MB are read, so make it smaller."
        )


def _open_header(file: IO[bytes], path: Path) -> Image.Image:
    """Only the header is parsed here, so a picture that claims gigapixels costs nothing."""
    try:
        with _WARNINGS_LOCK, warnings.catch_warnings():
            # Pillow refuses above twice Image.MAX_IMAGE_PIXELS and warns above once; its default
            # is left alone, being the whole process's, since `_check_size` is stricter still.
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            return Image.open(file, formats=PICTURE_FORMATS)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise WrongUse(
            f"{shown(path)} has far too many pixels; sides may be at most {LARGEST_SIDE}, "
            "so make it smaller."
        ) from None
    except Exception:
        names = ", ".join(PICTURE_FORMATS)
        raise WrongUse(
            f"{shown(path)} is not a picture that can be read; save it as one of {names}."
        ) from None


def _check_size(image: Image.Image, path: Path) -> None:
    width, height = image.size
    if min(width, height) < SMALLEST_SIDE or max(width, height) > LARGEST_SIDE:
        raise WrongUse(
            f"{shown(path)} is {width}x{height}; sides must be {SMALLEST_SIDE} to {LARGEST_SIDE} "
            "pixels, so resize it."
        )
    if not NARROWEST <= width / height <= WIDEST:
        raise WrongUse(
            f"{shown(path)} is {width}x{height}; width over height must be {NARROWEST} to "
            f"{WIDEST}, so crop it."
        )


def _on_white(image: Image.Image) -> np.ndarray:
    if image.mode.startswith("I;16") or image.mode == "I":
        # Sixteen bits a sample; Pillow's own conversion would clip everything above 255 to white.
        grey = (np.asarray(image).astype(np.float32) / 257.0).round().clip(0, 255)
        return np.repeat(grey.astype(np.uint8)[..., None], 3, axis=2)
    if image.has_transparency_data:
        layer = image.convert("RGBA")
        image = Image.new("RGBA", layer.size, "white")
        image.alpha_composite(layer)
    return np.asarray(image.convert("RGB")).copy()
