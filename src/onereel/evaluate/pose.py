"""What a body does, read from where its joints are and nothing else.

An act is a way of moving, whatever the place, the light and the clothes: from joints a small
network learns it from a few clips of each. Feet that stop against the ground and fists that stop
against somebody are contacts, so these are read from the same tracks.

Shape legend: B films, T frames, J joints, F features, C channels.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from onereel.evaluate.reading import JOINTS
from onereel.evaluate.tracks import HEAD, NECK, PELVIS
from onereel.model.layers import rms_norm, zero_init

FEATURES = 7 * len(JOINTS) + 2


def pose_features(
    joints_BTJ2: Tensor, seen_BTJ: Tensor, camera_BT3: Tensor, ratio: float
) -> Tensor:
    """(B, T, F): where each joint is from the pelvis, how it moves from there, and how it moves in
    the world, all in lengths from head over neck to pelvis; and which joints are seen.

    joints 0..1 of a picture of this ratio, camera as in `Reading.camera_motion`.
    """
    sides = torch.tensor([ratio, 1.0], device=joints_BTJ2.device)
    places = (joints_BTJ2 - 0.5) * sides
    bones = places[:, :, [HEAD, NECK]] - places[:, :, [NECK, PELVIS]]
    trunk = bones.norm(dim=-1).sum(-1).median(1).values.clamp_min(0.03)[:, None, None, None]
    seen = seen_BTJ[..., None]
    posture = (places - places[:, :, PELVIS, None]) / trunk * seen
    moved = F.pad(places.diff(dim=1), (0, 0, 0, 0, 1, 0))
    # What stands still in the world moves against the camera, and from the middle as it comes near.
    in_world = moved + camera_BT3[:, :, None, :2] - places * camera_BT3[:, :, None, 2:]
    return torch.cat(
        [
            (6 * in_world / trunk).clamp(-2, 2).flatten(2),
            posture.clamp(-3, 3).flatten(2),
            4 * F.pad(posture.diff(dim=1), (0, 0, 0, 0, 1, 0)).clamp(-1, 1).flatten(2),
            seen_BTJ,
            4 * (moved[:, :, PELVIS].clamp(-0.2, 0.2) / trunk[..., 0]),
        ],
        -1,
    )


class Dilated(nn.Module):
    def __init__(self, width: int, dilation: int) -> None:
        super().__init__()
        self.near = nn.Conv1d(width, width, 3, padding=dilation, dilation=dilation)
        self.leave = zero_init(nn.Linear(width, width))

    def forward(self, x_BTC: Tensor) -> Tensor:
        y = self.near(rms_norm(x_BTC).transpose(1, 2)).transpose(1, 2)
        return x_BTC + self.leave(F.gelu(y))


@dataclass(frozen=True)
class Moved:
    """Logits: act (B, C), contact (B, T)."""

    act: Tensor
    contact: Tensor


class PoseNetwork(nn.Module):
    def __init__(self, width: int, acts: int) -> None:
        super().__init__()
        self.enter = nn.Conv1d(FEATURES, width, 3, padding=1)
        self.blocks = nn.Sequential(*(Dilated(width, dilation) for dilation in (1, 2, 4, 1, 2)))
        self.act = nn.Linear(2 * width, acts)
        self.contact = nn.Linear(width, 1)
        nn.init.constant_(self.act.bias, -3.0)

    def forward(self, features_BTF: Tensor) -> Moved:
        x = self.blocks(self.enter(features_BTF.transpose(1, 2)).transpose(1, 2))
        film = torch.cat([x.mean(1), x.amax(1)], -1)
        return Moved(self.act(film).float(), self.contact(x)[..., 0].float())
