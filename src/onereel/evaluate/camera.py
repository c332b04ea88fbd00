"""How the camera moves, by registering each frame with the one before: nothing is learned.

The view is taken to shift and grow as a whole; what moves by itself (performers, leaves) counts the
less the worse it fits. Near layers that move faster than far ones are averaged.

Odobez and Bouthemy, Robust Multiresolution Estimation of Parametric Motion Models, 1995: here with
three parameters, Geman-McClure weights and three levels.

Shape legend: N pairs of frames, H W pixels.
"""

from __future__ import annotations

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

LEVELS = ((4, 5), (2, 4), (1, 3))  # how much smaller, how many steps
MOST = 0.3  # picture heights, or share of growth, from one frame to the next
FLOOR = 0.008  # of full brightness: what differs less fits


def camera_steps(small: np.ndarray) -> np.ndarray:
    """(T, H, W, 3) uint8 small frames to (T, 3): right and down in picture heights, log zoom, since
    the frame before; 0 in frame 0. Over a cut it says nothing that means anything."""
    moved = np.zeros((len(small), 3), np.float32)
    for start in range(1, len(small), 32):
        part = torch.from_numpy(small[start - 1 : start + 32]).float().mean(-1)[:, None] / 255
        moved[start : start + 32] = register(part).numpy()
    return moved


def register(grey_N1HW: Tensor) -> Tensor:
    """Consecutive frames (N + 1, 1, H, W) in 0..1 to (N, 3)."""
    smooth = F.avg_pool2d(F.pad(grey_N1HW, (1, 1, 1, 1), mode="replicate"), 3, 1)
    moved = torch.zeros(len(grey_N1HW) - 1, 3)
    for level, steps in LEVELS:
        frames = F.avg_pool2d(smooth, level)
        for _ in range(steps):
            moved = (moved + correction(frames[:-1], frames[1:], moved)).clamp(-MOST, MOST)
    # A view that grows shows less: its pixels come from nearer to the middle.
    return torch.stack([moved[:, 0], moved[:, 1], -torch.log1p(moved[:, 2])], -1)


def correction(before: Tensor, after: Tensor, moved: Tensor) -> Tensor:
    """One weighted least-squares step: what to add to (right, down, growth) so that `before`,
    looked at from where the camera went, is more like `after`."""
    high, wide = before.shape[-2:]
    down = ((torch.arange(high) + 0.5) / high - 0.5)[:, None].expand(high, wide)
    across = ((torch.arange(wide) + 0.5 - wide / 2) / high).expand(high, wide)
    right, low, growth = moved.T[:, :, None, None]
    x = (across * (1 + growth) + right) * 2 * high / wide
    y = (down * (1 + growth) + low) * 2
    grid = torch.stack([x, y], -1)
    seen = F.grid_sample(before, grid, padding_mode="border", align_corners=False)[:, 0]
    slope_x = F.pad(seen[:, :, 2:] - seen[:, :, :-2], (1, 1)) * (high / 2)
    slope_y = F.pad(seen[:, 2:] - seen[:, :-2], (0, 0, 1, 1)) * (high / 2)
    wrong = after[:, 0] - seen
    scale = (3 * wrong.abs().flatten(1).median(1).values).clamp_min(FLOOR)[:, None, None]
    weight = (1 + (wrong / scale) ** 2) ** -2 * ((x.abs() < 1) & (y.abs() < 1))
    slopes = torch.stack([slope_x, slope_y, slope_x * across + slope_y * down], -1)
    weighted = slopes * weight[..., None]
    # A thousandth of a grey level's slope everywhere: a blank picture stands still.
    rest = 1e-6 * high * wide * torch.eye(3)
    normal = torch.einsum("nhwi,nhwj->nij", weighted, slopes) + rest
    return torch.linalg.solve(normal, torch.einsum("nhwi,nhw->ni", weighted, wrong))
