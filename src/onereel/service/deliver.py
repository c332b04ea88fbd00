"""What leaves the service: the film at the size that was asked for, its stills, in one place.

Every file that a client can fetch is written here, through `marks.film`, which marks, signs and
records it. Called from `making`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from PIL import Image

from onereel.clip import Clip
from onereel.marks.film import Progress, write_film, write_preview, write_still
from onereel.marks.label import Label
from onereel.media.sheet import film_strip
from onereel.records.home import Home

THUMBNAIL_SIDE = 640
PREVIEW_SIDE = 320


@dataclass(frozen=True)
class Outputs:
    """Files of one film."""

    film: Path
    last_frame: Path
    thumbnail: Path
    spritesheet: Path

    @classmethod
    def within(cls, folder: Path) -> Outputs:
        return cls(
            folder / "film.mp4",
            folder / "last-frame.png",
            folder / "thumbnail.jpg",
            folder / "spritesheet.jpg",
        )


def write_outputs(
    folder: Path,
    clip: Clip,
    size: tuple[int, int],
    *,
    home: Home,
    whole: bool,
    progress: Progress | None = None,
) -> Outputs:
    """The film at `size` (width, height) with its stills, into `folder`.

    whole: the visible label stays for the whole film, not only at its opening.
    """
    made = Outputs.within(folder)
    label = Label("whole" if whole else "opening")
    sized = resized(clip, size, folder / "frames.raw")
    write_film(made.film, sized, home=home, label=label, progress=progress)
    write_still(made.last_frame, sized, home=home, label=label)
    middle, height = len(sized.frames) // 2, height_within(sized, THUMBNAIL_SIDE)
    write_still(made.thumbnail, sized, middle, home=home, label=label, height=height)
    strip = np.asarray(film_strip(clip.frames, 8))[None]
    write_still(made.spritesheet, replace(sized, frames=strip, sound=None), home=home, label=label)
    (folder / "frames.raw").unlink(missing_ok=True)
    return made


def preview_jpeg(still: Clip, folder: Path, home: Home) -> bytes:
    """A small picture of a film in the making, as the bytes of a jpg."""
    path = folder / "preview.jpg"
    write_preview(path, still, home=home, height=height_within(still, PREVIEW_SIDE))
    return path.read_bytes()


def height_within(clip: Clip, side: int) -> int:
    """The height at which neither side is longer than `side` pixels."""
    height, width = clip.frames.shape[1:3]
    return round(height * min(1.0, side / max(height, width)))


def resized(clip: Clip, size: tuple[int, int], scratch: Path) -> Clip:
    """The clip at `size` (width, height), cut at the centre where the shape differs.

    The model's own frames are small, the API's sizes are not: frames go to the file `scratch`
    instead of memory (15 s of 1920x1080 would be 2 GB).
    """
    width, height = size
    count, rows, columns = clip.frames.shape[:3]
    if (columns, rows) == size:
        return clip
    scale = max(width / columns, height / rows)
    left, top = (columns - width / scale) / 2, (rows - height / scale) / 2
    box = (left, top, columns - left, rows - top)
    frames = np.memmap(scratch, np.uint8, "w+", shape=(count, height, width, 3))
    for index, frame in enumerate(clip.frames):
        picture = Image.fromarray(frame).resize(size, Image.Resampling.BICUBIC, box=box)
        frames[index] = np.asarray(picture)
    record = replace(clip.record, width=width, height=height)
    return replace(clip, frames=frames, record=record)
