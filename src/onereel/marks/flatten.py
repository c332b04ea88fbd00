"""What is left of a film once the picture is taken out: where the watermark is looked for.

- every picture is scaled to 288 lines, and looked at in Y and Cb of half that size
- out of each goes the local mean and what the other two planes explain there (a guided filter, He
  et al. 2010): the picture has its edges in all three, the mark hasn't
- local contrast is levelled, so that no edge outshouts the mark
- the same without the guide is added, for films whose colours a codec has worn down
- the frames are added up; the first ones of shots, which an encoder codes by themselves and so
  keeps best, once more apart

`flatten` does not depend on a key, so that many keys can share it. Used by picture.
"""

import itertools
from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from onereel.marks.first_frame import LUMA, coefficients

LINES = 288  # what every picture is scaled to
FRAMES_PER_SECOND = 8  # looked at, at most
PART = 0.5  # seconds; how finely it is told when the mark was there
SMALLEST = 64  # lines; below that there is nothing to find
ROUNDING = 1e-3  # what is left of a picture of one colour stays under this
GUIDED, MEAN, CONTRAST = 13, 9, 17  # windows, in samples of 144 lines
UNEXPLAINED = 9.0  # regulariser of the guided filter, code values^2
PLAIN = 0.5  # how much the unguided part counts
# A frame begins a shot where the mean change is so many times the median one, and so large.
CUT, LEAST_CUT = 4.0, 6.0
SHOTS = 16  # whose first frames are looked at, at most
# R, G and B to Y, Cb and Cr (ITU-R BT.709).
FROM_RGB = torch.tensor([LUMA[0].tolist(), [-0.1146, -0.3854, 0.5], [0.5, -0.4542, -0.0458]])


@dataclass(frozen=True, eq=False)
class Flattened:
    """parts: (n, 2, h, w) float32, sums of flattened Y and Cb over half a second each.
    fresh: (2, h, w), the first frames of shots.  first: the first frame's `coefficients`."""

    parts: Tensor
    fresh: Tensor
    first: np.ndarray
    seconds: float


@torch.inference_mode()
def flatten(frames: np.ndarray, fps: float, shots: np.ndarray | None = None) -> Flattened | None:
    """Flatten frames (T, H, W, 3) uint8. None where nothing is left or they are too small.

    shots: indices of the frames that begin a shot, for those who know them."""
    height, width = frames.shape[1:3]
    if min(height, width) < SMALLEST:
        return None
    size = (LINES, max(2, round(width * LINES / height)))
    shots = first_frames(frames) if shots is None else shots
    looked_at = np.union1d(np.arange(0, len(frames), max(1, round(fps / FRAMES_PER_SECOND))), shots)
    part_of = torch.from_numpy((looked_at / fps / PART).astype(np.int64))
    parts = torch.zeros(int(part_of[-1]) + 1, 2, size[0] // 2, size[1] // 2)
    fresh = torch.zeros_like(parts[0])
    for at in range(0, len(looked_at), 8):
        some = looked_at[at : at + 8]
        pictures = torch.from_numpy(frames[some]).permute(0, 3, 1, 2).contiguous().float()
        if size != (height, width):
            pictures = F.interpolate(pictures, size, mode="bilinear", antialias=True)
        flat = flatten_pictures(pictures)
        parts.index_add_(0, part_of[at : at + 8], flat)
        fresh += flat[torch.from_numpy(np.isin(some, shots))].sum(0)
    if parts.abs().max() < ROUNDING:
        return None
    return Flattened(parts, fresh, coefficients(frames[0]), len(frames) / fps)


def first_frames(frames: np.ndarray) -> np.ndarray:
    """Indices of the frames that begin a shot, the first among them, in order."""
    return begun_by(changes(frames))


def changes(frames: np.ndarray) -> np.ndarray:
    """(T - 1,) mean change, in code values, of each frame of (T, H, W, 3) to the next."""
    coarse = frames[:, ::8, ::8].astype(np.int16)
    return np.array([np.abs(b - a).mean() for a, b in itertools.pairwise(coarse)])


def begun_by(change: np.ndarray) -> np.ndarray:
    """`first_frames` of a film with these `changes`."""
    if not len(change):
        return np.zeros(1, np.int64)
    cuts = np.flatnonzero(change > CUT * np.median(change) + LEAST_CUT)
    largest = cuts[np.argsort(-change[cuts], kind="stable")][: SHOTS - 1]
    return np.concatenate([[0], np.sort(largest) + 1])


def flatten_pictures(pictures: Tensor) -> Tensor:
    """(B, 3, H, W) of R, G and B to flattened Y and Cb at half the size."""
    half = torch.einsum("pc,bchw->bphw", FROM_RGB, F.avg_pool2d(pictures, 2))
    plain = half[:, :2]
    return level(unexplained(half)) + PLAIN * level(plain - box(plain, MEAN))


def unexplained(planes: Tensor) -> Tensor:
    """What is left of Y and of Cb when the local mean and the best fit to the other two of the
    three planes (B, 3, h, w) are taken out: (B, 2, h, w)."""
    y, cb, cr = (planes - box(planes, GUIDED)).split(1, 1)
    products = torch.cat([y * y, cb * cb, cr * cr, y * cb, y * cr, cb * cr], 1)
    yy, bb, rr, yb, yr, br = box(products, GUIDED).split(1, 1)
    yy, bb, rr = (square.clamp_min(0) + UNEXPLAINED for square in (yy, bb, rr))
    of_y = ((yb * rr - yr * br) * cb + (yr * bb - yb * br) * cr) / determinant(bb, rr, br)
    of_cb = ((yb * rr - br * yr) * y + (br * yy - yb * yr) * cr) / determinant(yy, rr, yr)
    return torch.cat([y - of_y, cb - of_cb], 1)


def determinant(one: Tensor, other: Tensor, both: Tensor) -> Tensor:
    return (one * other - both * both).clamp_min(UNEXPLAINED)


def level(planes: Tensor) -> Tensor:
    """Divided by the local contrast, with a floor of half a code value."""
    # Rounding may leave a variance just below zero, whose root would silence the detector.
    contrast = box(planes * planes, CONTRAST).clamp_min(0).sqrt()
    return (planes / (contrast + 0.5)).clamp(-2, 2)


def box(planes: Tensor, window: int) -> Tensor:
    """The mean of the window around each sample, mirrored at the rim: (..., h, w) to the same."""
    half = min(window // 2, min(planes.shape[-2:]) - 1)
    size = 2 * half + 1
    padded = F.pad(planes, (half, half, half, half), mode="reflect")
    return running_sum(running_sum(padded, -1, size), -2, size) / size**2


def running_sum(values: Tensor, dim: int, size: int) -> Tensor:
    """Sums of `size` neighbours along a dimension, which loses size - 1 samples.

    Put together of sums of 1, 2, 4, ... neighbours, each made of two of half its size: for 13
    samples five additions instead of twelve, and no differences of large sums as in an integral
    image, whose rounding would drown faint contrasts."""
    room = values.shape[dim] - size + 1
    total: Tensor | None = None
    taken, length = 0, 1
    while taken < size:
        if size & length:
            part = values.narrow(dim, taken, room)
            total = part if total is None else total + part
            taken += length
        if taken < size:
            fewer = values.shape[dim] - length
            values = values.narrow(dim, 0, fewer) + values.narrow(dim, length, fewer)
            length *= 2
    assert total is not None
    return total
