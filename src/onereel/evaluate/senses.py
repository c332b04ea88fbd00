"""What the examiner's networks are shown: small frames, and log-mel rows of the sound.

Every film is brought to the same number of pixels whatever its size or ratio, so that a figure
read off a 720p film and off a 256x144 one means the same.

Shape legend: T frames, U rows of 10 ms, M mel bands.
"""

from __future__ import annotations

import numpy as np
import torch
import torch.nn.functional as F

from onereel.evaluate.copies import log_mel
from onereel.evaluate.reading import HEAR_RATE
from onereel.model.shapes import SAMPLE_RATE
from onereel.model.spectra import HOP

PIXELS = 160 * 90  # of an examined frame, about

assert SAMPLE_RATE == HEAR_RATE * HOP


def examined_size(width: int, height: int) -> tuple[int, int]:
    """Width and height of an examined frame: the film's ratio, PIXELS in all."""
    scale = (PIXELS / (width * height)) ** 0.5
    return max(16, round(width * scale)), max(16, round(height * scale))


def small_frames(frames: np.ndarray) -> np.ndarray:
    """(T, H, W, 3) uint8 at any size to the examined size, uint8, antialiased."""
    width, height = examined_size(frames.shape[2], frames.shape[1])
    if (height, width) == frames.shape[1:3]:
        return frames
    small = np.empty((len(frames), height, width, 3), np.uint8)
    for start in range(0, len(frames), 16):
        part = torch.from_numpy(frames[start : start + 16]).permute(0, 3, 1, 2).float()
        part = F.interpolate(part, (height, width), mode="bilinear", antialias=True)
        small[start : start + 16] = part.round().clamp(0, 255).byte().permute(0, 2, 3, 1).numpy()
    return small


def heard(sound: np.ndarray) -> np.ndarray:
    """(samples, 2) at 24 kHz to (U, 2 M) float32: the mean of both ears' log-mel, and half their
    difference."""
    left, right = log_mel(sound)[0]
    return torch.cat([(left + right) / 2, (left - right) / 2]).T.contiguous().numpy()
