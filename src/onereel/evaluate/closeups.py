"""Where the examiner looks closely: squares around the performer that stands out, their face, and
their mouth.

A mouth is a pixel in an examined frame and a hand is two, so the places of the joints that the
first look found say where to take a second one, in the film's own pixels.

Boxes are (T, 3): x and y of the middle and the side, all in picture heights. Shape legend: T
frames, J joints, P pixels a side.
"""

from __future__ import annotations

import numpy as np
import torch
import torch.nn.functional as F

from onereel.evaluate.reading import shot_ranges
from onereel.evaluate.tracks import HEAD, NECK, PELVIS, around, trunk_lengths

BODY_PIXELS, FACE_PIXELS, MOUTH_PIXELS = 64, 32, 32
BODY = (0.2, 1.1)  # least and greatest side of a body's box, in picture heights
FACE = (0.06, 0.9)
MOUTH = (0.03, 0.6)
NEAR = 12  # frames either way over which sizes are taken together
STEADY = 6  # frames either way over which a body's box is held steady


def close_boxes(
    joints: np.ndarray, seen: np.ndarray, cut: np.ndarray, ratio: float
) -> tuple[np.ndarray, ...]:
    """Boxes of body, face and mouth, (T, 3) each.

    joints (T, J, 2) and seen (T, J) as in `Reading`, cut (T,), ratio: the picture's width by its
    height. A frame in which nothing is seen takes its box from the nearest one of its shot, a shot
    without anybody gets the middle of the picture.
    """
    places = joints.astype(np.float64) * (ratio, 1.0)
    sure = seen > 0.3
    shots = [shot_boxes(places[rows], sure[rows], ratio) for rows in shot_ranges(cut)]
    return tuple(np.concatenate(shots, axis=1))


def shot_boxes(places: np.ndarray, sure: np.ndarray, ratio: float) -> np.ndarray:
    """(3, T, 3): boxes of body, face and mouth in one shot; places in picture heights."""
    known = np.flatnonzero(sure.any(axis=1))
    if not len(known):
        return np.array([[(ratio / 2, 0.5, side)] * len(places) for side in (1.0, 0.3, 0.2)])
    nearest = known[np.abs(np.arange(len(places))[:, None] - known).argmin(axis=1)]
    places, sure = places[nearest], sure[nearest]
    low = np.where(sure[..., None], places, np.inf).min(axis=1)
    high = np.where(sure[..., None], places, -np.inf).max(axis=1)
    head_neck = np.linalg.norm(places[:, HEAD] - places[:, NECK], axis=-1)
    whole = sure[:, [HEAD, NECK, PELVIS]].all(axis=1)
    trunk = np.where(whole, trunk_lengths(places), np.nan)
    trunk = np.where(np.isnan(trunk) & sure[:, [HEAD, NECK]].all(axis=1), head_neck / 0.36, trunk)
    trunk = np.where(np.isnan(trunk), (high - low).max(axis=1) / 1.8, trunk)
    trunk = around(trunk, NEAR, np.median)
    side = np.maximum(2.3 * trunk, 1.25 * around((high - low).max(axis=1), NEAR, np.max))
    side = around(side.clip(*BODY), STEADY, np.mean)
    middle = around((low + high) / 2, STEADY, np.mean)
    head = around(np.where(sure[:, HEAD, None], places[:, HEAD], low), 1, np.mean)
    # The mouth is in the lower half of the head, which may lean and lie: towards the neck.
    neck = around(np.where(sure[:, NECK, None], places[:, NECK], head), 1, np.mean)
    mouth = head + 0.3 * (neck - head)
    return np.stack(
        [
            np.c_[middle, side],
            np.c_[head, (0.85 * trunk).clip(*FACE)],
            np.c_[mouth, (0.5 * trunk).clip(*MOUTH)],
        ]
    )


def close_up(frames: np.ndarray, boxes: np.ndarray, pixels: int) -> np.ndarray:
    """What lies in each frame's box, (T, P, P, 3) uint8; outside the picture its edge goes on.

    frames (T, H, W, 3) uint8, boxes (T, 3).
    """
    high, wide = frames.shape[1:3]
    close = np.empty((len(frames), pixels, pixels, 3), np.uint8)
    # Several samples a pixel where the box has more pixels than asked for, so that nothing aliases.
    fine = int(np.clip(np.ceil(boxes[:, 2].max(initial=0.0) * high / pixels), 1, 6))
    steps = (torch.arange(pixels * fine) + 0.5) / (pixels * fine) - 0.5
    for start in range(0, len(frames), 16):
        part = torch.from_numpy(frames[start : start + 16]).permute(0, 3, 1, 2).float()
        x, y, side = torch.from_numpy(boxes[start : start + 16]).float().T[:, :, None]
        across = (x + side * steps) * (2 * high / wide) - 1
        down = (y + side * steps) * 2 - 1
        size = (len(part), pixels * fine, pixels * fine)
        grid = torch.stack([across[:, None].expand(size), down[:, :, None].expand(size)], -1)
        found = F.grid_sample(part, grid, padding_mode="border", align_corners=False)
        found = F.avg_pool2d(found, fine)
        close[start : start + 16] = found.round().byte().permute(0, 2, 3, 1).numpy()
    return close


def inside_boxes(joints: np.ndarray, boxes: np.ndarray, ratio: float) -> np.ndarray:
    """Places in a picture, (T, J, 2), as places in each frame's box: 0..1 for what lies in it."""
    offset = joints * (ratio, 1.0) - boxes[:, None, :2]
    return (offset / boxes[:, None, 2:] + 0.5).astype(np.float32)


def out_of_boxes(places: np.ndarray, boxes: np.ndarray, ratio: float) -> np.ndarray:
    """The way back of `inside_boxes`."""
    offset = (places - 0.5) * boxes[:, None, 2:] + boxes[:, None, :2]
    return (offset / (ratio, 1.0)).astype(np.float32)
