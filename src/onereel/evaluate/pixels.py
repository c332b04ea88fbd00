"""What can be measured on frames and sound themselves, without the examiner.

- frames (T, H, W, 3) uint8, differences in grey levels of 255; sound (samples, 2) float32
- decibels are capped at 100, where two pictures are equal
- nan means: does not apply (no frames or pixels to compare, no sound)

Called from run.py and train/video_autoencoder.py.
"""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np

from onereel.clip import SAMPLE_RATE
from onereel.errors import WrongUse

MOST_DB = 100.0
SEAM_FRAMES = 12  # pairs of frames either side that a seam is held against
SMALLEST_JUMP = 0.25  # grey levels: in a still film any jump would be infinitely large
BLOCK = 8  # pixels
SLOW = 6  # frames over which a picture that flickers is averaged to see whether it is still
MOVES = 1.0  # grey levels in one block: less than this in all blocks is the same picture again
WINDOW = 0.05  # seconds
SILENT_DB = -60.0  # of full scale
RAILS = 0.999


def psnr(a: np.ndarray, b: np.ndarray) -> float:
    """Peak signal to noise of uint8 pictures of one shape, dB, at most 100."""
    if a.shape != b.shape:
        raise WrongUse(f"pictures of shapes {a.shape} and {b.shape} cannot be compared; scale one")
    if a.size == 0:
        return math.nan
    error = float(np.mean((a.astype(np.float32) - b.astype(np.float32)) ** 2))
    return min(MOST_DB, 10 * math.log10(255**2 / max(error, 1e-12)))


def first_frame_fidelity(frames: np.ndarray, picture: np.ndarray) -> float:
    """PSNR of the first frame against the picture that was given for it, (H, W, 3) or (1, H, W, 3)
    of the film's size, dB."""
    return psnr(frames[0], picture.reshape(picture.shape[-3:]))


def locality(frames: np.ndarray, source: np.ndarray, mask: np.ndarray) -> float:
    """PSNR outside an edit's mask (T, H, W) bool, of the film against its source, dB, at most 100;
    nan if the mask leaves nothing out. Says nothing of the edit itself."""
    if frames.shape != source.shape or mask.shape != frames.shape[:3]:
        raise WrongUse(
            f"film {frames.shape}, source {source.shape} and mask {mask.shape} must be of one "
            "length and size; cut or scale them to the film"
        )
    return psnr(frames[~mask], source[~mask])


def seam(before: np.ndarray, after: np.ndarray) -> float:
    """The jump from the last frame before to the first after, as a multiple of the median jump in
    the 12 pairs of frames either side: 1 = no more than usual, below 1 the picture halts.

    A jump is the mean difference of two frames, plus SMALLEST_JUMP. nan with fewer than 2 frames
    either side. A seam that falls on a real cut cannot be judged.
    """
    if len(before) < 2 or len(after) < 2:
        return math.nan
    usual = np.concatenate([jumps(before[-SEAM_FRAMES - 1 :]), jumps(after[: SEAM_FRAMES + 1])])
    jump = jumps(np.stack([before[-1], after[0]]))[0]
    return float((jump + SMALLEST_JUMP) / (np.median(usual) + SMALLEST_JUMP))


def jumps(frames: np.ndarray) -> np.ndarray:
    """(T - 1,) mean absolute differences of neighbouring frames, grey levels."""
    return np.array([np.abs(b.astype(np.int16) - a).mean() for a, b in pairwise(frames)])


def flicker(frames: np.ndarray) -> float:
    """How far brightness and detail of 8x8 blocks go to and fro from frame to frame, grey levels,
    mean over the stiller half of the picture; 0 is steady. nan for fewer than 3 frames.

    What moves one way, fades or cuts is no flicker. Rain, snow and glittering water are, a little.
    """
    grey = to_grey(frames)
    return reversal(blocks(grey)) + reversal(blocks(detail(grey)))


def grain(frames: np.ndarray) -> float:
    """The same of single pixels: noise that changes with each frame, grey levels, 0 is none. Noise
    that stays where it is, is taken for texture."""
    return reversal(to_grey(frames))


def reversal(series: np.ndarray) -> float:
    """Mean over time of the smaller of two successive changes where they have opposite signs, in
    the half of the cells of (T, h, w) that change least over SLOW frames."""
    if len(series) < 3:
        return math.nan
    back, slow = np.zeros(series.shape[1:]), np.zeros(series.shape[1:])
    # Averaged over some frames a flickering cell is as still as any other.
    span = max(1, min(SLOW, len(series) // 3))
    for row in range(series.shape[1]):  # by rows, so that a long film needs no copies of itself
        cells = series[:, row].astype(np.float64)
        change = np.diff(cells, axis=0)
        smaller = np.minimum(np.abs(change[:-1]), np.abs(change[1:]))
        back[row] = np.where(change[:-1] * change[1:] < 0, smaller, 0.0).mean(axis=0)
        total = np.cumsum(cells, axis=0)
        means = (total[span:] - total[:-span]) / span
        slow[row] = np.abs(means[span:] - means[:-span]).mean(axis=0)
    return float(back[slow <= np.median(slow)].mean())


def sharpness(frames: np.ndarray) -> float:
    """How steep the steepest edges are at full size, as a share of those at half size, median over
    the frames: about 1 for crisp edges, 0.5 for a blur wider than two pixels; whatever the
    contrast. Noise raises it as detail does: see `grain`. nan where nothing has an edge."""
    found = []
    for grey in to_grey(frames):
        rows, columns = grey.shape[0] // 2 * 2, grey.shape[1] // 2 * 2
        half = grey[:rows, :columns].reshape(rows // 2, 2, columns // 2, 2).mean(axis=(1, 3))
        # An edge takes up twice the share of a picture of half the size.
        fine, coarse = steepest(grey, 0.01), steepest(half, 0.02)
        if coarse > 1.0:
            found.append(fine / coarse)
    return float(np.median(found)) if found else math.nan


def steepest(grey: np.ndarray, share: float) -> float:
    """The step between neighbouring pixels that only this share of all steps exceeds."""
    across, down = np.diff(grey, axis=1)[:-1], np.diff(grey, axis=0)[:, :-1]
    return float(np.quantile(np.hypot(across, down), 1 - share))


def frozen(frames: np.ndarray) -> float:
    """The share of neighbouring frames that show the same picture again: no 8x8 block differs by
    more than MOVES grey levels on average. nan for a single frame. A film meant to stand still is
    frozen too."""
    if len(frames) < 2:
        return math.nan
    grey = to_grey(frames)
    same = [blocks(np.abs(b - a)[None]).max() < MOVES for a, b in pairwise(grey)]
    return float(np.mean(same))


def to_grey(frames: np.ndarray) -> np.ndarray:
    """(T, H, W) float32, 0..255, by the weights of ITU-R BT.601."""
    weights = np.array([0.299, 0.587, 0.114], np.float32)
    return np.stack([frame @ weights for frame in frames])


def blocks(grey: np.ndarray) -> np.ndarray:
    """Means of BLOCK x BLOCK cells, (T, H // 8, W // 8); what hangs over is left out."""
    size = min(BLOCK, *grey.shape[1:])
    rows, columns = grey.shape[1] // size, grey.shape[2] // size
    cut = grey[:, : rows * size, : columns * size]
    return cut.reshape(len(grey), rows, size, columns, size).mean(axis=(2, 4))


def detail(grey: np.ndarray) -> np.ndarray:
    """Steps to the next pixel right and down, (T, H - 1, W - 1)."""
    across, down = np.diff(grey, axis=2)[:, :-1], np.diff(grey, axis=1)[:, :, :-1]
    return np.abs(across) + np.abs(down)


def silence(sound: np.ndarray, rate: int = SAMPLE_RATE) -> float:
    """The share of 50 ms windows in which both channels are under -60 dBFS (RMS), 0..1; nan
    without sound. A film may be silent by intention."""
    size = round(WINDOW * rate)
    count = len(sound) // size
    if count == 0:
        return math.nan
    windows = sound[: count * size].astype(np.float64).reshape(count, size, -1)
    loud = np.sqrt((windows**2).mean(axis=1)).max(axis=1)
    return float((loud < 10 ** (SILENT_DB / 20)).mean())


def clipping(sound: np.ndarray) -> float:
    """The share of samples at the rails (0.999 of full scale or more), 0..1; nan without sound.
    What was clipped and then turned down is not found."""
    return float((np.abs(sound) >= RAILS).mean()) if sound.size else math.nan
