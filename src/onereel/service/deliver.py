"""What leaves the service: the film at the size that was asked for, its stills, in one place.

Every file that a client can fetch is written by `write_outputs` or `write_still`, and nowhere
else, so whatever marks films carry is put in here. Called from `making`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from PIL import Image

from onereel.clip import Clip
from onereel.media.sheet import film_strip

THUMBNAIL_SIDE = 640


@dataclass(frozen=True)
class Outputs:
    """Files of one film."""

    film: Path
    last_frame: Path
    thumbnail: Path
    spritesheet: Path


def write_outputs(folder: Path, clip: Clip, size: tuple[int, int], *, label: bool) -> Outputs:
    """The film at `size` (width, height) with its stills, into `folder`.

    label: whether the picture carries a visible note that it is generated.
    """
    made = Outputs(
        folder / "film.mp4", folder / "last-frame.png", folder / "thumbnail.jpg",
        folder / "spritesheet.jpg",
    )  # fmt: skip
    sized = resized(clip, size, folder / "frames.raw")
    sized.save(made.film)
    write_still(made.last_frame, sized.frames[-1])
    write_still(made.thumbnail, small(sized.frames[len(sized.frames) // 2], THUMBNAIL_SIDE))
    write_still(made.spritesheet, np.asarray(film_strip(clip.frames, 8)))
    (folder / "frames.raw").unlink(missing_ok=True)
    return made


def write_still(path: Path, frame: np.ndarray) -> None:
    """A picture (H, W, 3) uint8 as .png or .jpg."""
    Image.fromarray(frame).save(path, quality=88)


def small(frame: np.ndarray, side: int) -> np.ndarray:
    picture = Image.fromarray(frame)
    picture.thumbnail((side, side), Image.Resampling.LANCZOS)
    return np.asarray(picture)


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
