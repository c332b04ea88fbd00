"""Files that go into a film, from wherever a request says they are, checked before they count.

- a source is a URL (see `outward`), a base64 data: URI, or an upload that lies here already
- asset:// is refused with Ark's code until there is an asset library
- whatever arrives goes through media's own checks: pictures by Pillow with bomb limits, clips and
  recordings in the limited child process
- every refusal is an ApiError with Ark's code and the `param` that the caller can look up

Limits are Seedance 2.0's: 2 to 15 s a clip or recording, 15 s of each kind together. Called from
`tasks.create`, in a thread.
"""

from __future__ import annotations

import base64
import binascii
import re
import shutil
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from onereel.errors import WrongUse, shown
from onereel.media.read import LARGEST_PICTURE_BYTES, open_regular, read_picture, sha256_file
from onereel.media.sandbox import (
    LARGEST_CLIP_BYTES,
    LARGEST_RECORDING_BYTES,
    MOST_SECONDS,
    read_clip,
    read_recording,
)
from onereel.service.errors import ApiError, invalid
from onereel.service.outward import Reach, download

if TYPE_CHECKING:
    from collections.abc import Sequence

    from onereel.service.store import Media

SHORTEST_SECONDS = 2.0
SLOWEST_FPS, FASTEST_FPS = 23.9, 60.5  # 24 to 60, and what cameras make of these
TOGETHER_SECONDS = 120.0  # for all downloads of one request
LARGEST = {
    "picture": LARGEST_PICTURE_BYTES,
    "clip": LARGEST_CLIP_BYTES,
    "recording": LARGEST_RECORDING_BYTES,
}
_DATA_KIND = {"picture": "image", "clip": "video", "recording": "audio"}
_DATA = re.compile(r"data:([a-z]+)/([a-z0-9.+-]{1,40});base64,", re.IGNORECASE)
_CLIP_CHECK_SIZE = (64, 64)  # a clip is decoded whole to check it, but kept no larger than this


@dataclass(frozen=True)
class Fetched:
    """A checked file on this disk. seconds: of a clip or recording.  width, height: of a picture,
    upright, or of a clip as stored."""

    path: Path
    sha256: str
    seconds: float | None = None
    width: int | None = None
    height: int | None = None


def fetch_all(
    media: Sequence[Media], folder: Path, reach: Reach | None = None
) -> tuple[Fetched, ...]:
    """Every file into `folder`, in order, checked one by one and together. ApiError 400.

    On an error nothing of them stays behind.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    reach = reach or Reach()
    deadline = time.monotonic() + TOGETHER_SECONDS
    fetched: list[Fetched] = []
    total = {"clip": 0.0, "recording": 0.0}
    paths = [folder / f"{number:02d}-{one.kind}" for number, one in enumerate(media, 1)]
    try:
        for one, path in zip(media, paths, strict=True):
            seconds = min(reach.seconds, max(1.0, deadline - time.monotonic()))
            fetched.append(fetch(one, path, replace(reach, seconds=seconds)))
            if one.kind in total:
                total[one.kind] += fetched[-1].seconds or 0.0
                if total[one.kind] > MOST_SECONDS:
                    raise invalid(
                        f"The {one.kind}s last {total[one.kind]:.1f} s together; at most 15 s can "
                        "be used, so trim or drop some.",
                        one.param,
                    )
    except BaseException:
        for path in paths:
            path.unlink(missing_ok=True)
        raise
    return tuple(fetched)


def fetch(one: Media, path: Path, reach: Reach | None = None) -> Fetched:
    """One file to `path`, checked. ApiError 400 with the media's `param`."""
    try:
        if isinstance(one.source, Path):
            _take_upload(one.source, path, one)
        else:
            _take(one.source, path, one, reach or Reach())
        return _checked(one, path)
    except ApiError:
        path.unlink(missing_ok=True)
        raise
    except WrongUse as error:
        path.unlink(missing_ok=True)
        # Media's sentences begin with our own path, which is nobody's business.
        ours = path if isinstance(one.source, str) else one.source
        sentence = str(error).replace(shown(path), one.param).replace(shown(ours), one.param)
        raise _bad(one, sentence) from None


def _take(source: str, path: Path, one: Media, reach: Reach) -> None:
    scheme = source[:8].lower()
    if not source.strip():
        code = "InvalidImageURL.EmptyURL" if one.kind == "picture" else "InvalidParameter"
        raise invalid(f"{one.param} is empty; give a URL or base64.", one.param, code)
    if scheme.startswith("asset://"):
        raise invalid(
            f"{one.param} names an asset, and this server keeps no asset library yet; give a URL "
            "or base64.",
            one.param,
            "InvalidParameter.UnsupportedParameter",
        )
    if scheme.startswith("data:"):
        path.write_bytes(_decoded(source, one))
        return
    with path.open("wb") as file:
        download(source, file, LARGEST[one.kind], reach)


def _take_upload(source: Path, path: Path, one: Media) -> None:
    with open_regular(source, LARGEST[one.kind]) as old, path.open("wb") as new:
        shutil.copyfileobj(old, new, 2**20)


def _decoded(source: str, one: Media) -> bytes:
    head = _DATA.match(source[:80])
    if head is None or head[1].lower() != _DATA_KIND[one.kind]:
        raise _bad(
            one, f"{one.param} must begin with data:{_DATA_KIND[one.kind]}/<format>;base64, or be "
            "a URL."
        )  # fmt: skip
    if one.kind == "clip":
        raise _bad(one, f"{one.param} is base64; clips are taken by URL only.")
    # Four characters hold three bytes; compare before decoding makes a second copy.
    if (len(source) - head.end()) * 3 // 4 > LARGEST[one.kind] + 2:
        most = LARGEST[one.kind] / 1e6
        raise _bad(one, f"{one.param} holds more than {most:.0f} MB; make it smaller.")
    try:
        text = source[head.end() :].encode("ascii").translate(None, b"\r\n\t ")
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise _bad(one, f"{one.param} is not valid base64; encode the file again.") from None
    if not data:
        raise _bad(one, f"{one.param} holds no data after base64,; encode the file again.")
    return data


def _checked(one: Media, path: Path) -> Fetched:
    sha256 = sha256_file(path)
    if one.kind == "picture":
        height, width = read_picture(path).shape[:2]
        return Fetched(path, sha256, width=width, height=height)
    width = height = None
    if one.kind == "clip":
        clip = read_clip(path, size=_CLIP_CHECK_SIZE)
        seconds, (width, height) = clip.seconds, clip.source_size
        if not SLOWEST_FPS <= clip.source_fps <= FASTEST_FPS:
            raise _bad(
                one, f"{one.param} shows {clip.source_fps:.2f} frames a second; 24 to 60 are read, "
                "so convert it."
            )  # fmt: skip
    else:
        rate = 8000
        seconds = len(read_recording(path, rate)) / rate
    if seconds < SHORTEST_SECONDS:
        raise _bad(
            one, f"{one.param} lasts {seconds:.1f} s; at least {SHORTEST_SECONDS:.0f} s are needed."
        )  # fmt: skip
    return Fetched(path, sha256, seconds, width, height)


def _bad(one: Media, sentence: str) -> ApiError:
    code = "InvalidImageURL.InvalidFormat" if one.kind == "picture" else "InvalidParameter"
    return invalid(sentence, one.param, code)
