"""The examiner's networks. One sees whole frames, one looks closely at the performer that stands
out and a small one at the mouth; one tells from the joints that these found what is done (pose.py);
one hears log-mel rows. What is seen and what is heard share nothing.

- frames enter two at a time, so that motion is in the very first layer and a second costs twelve
  steps; every head answers for both frames of a step
- whole frames: convolutions at an eighth and a sixteenth of the picture, with three-step looks in
  time; the performer is found by a map per joint
- close-ups (closeups.py) hold the body at one place and size, so what it wears is learned from few
  clips; a cell of the last layers is always about the same part of it
- one description from each network carries the film's attributes, and is what sets of films are
  compared by

About 5.5 M parameters. Trained by train/examiner.py, used by examiner.py.

Shape legend: B films, T frames, S = T / 2 steps, N = B S, C channels, h w cells, J joints, P pixels
a side, U rows of sound, M mel bands.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from itertools import pairwise

import torch
import torch.nn.functional as F
from einops import rearrange
from torch import Tensor, nn

from onereel.evaluate.closeups import BODY_PIXELS, FACE_PIXELS, MOUTH_PIXELS
from onereel.evaluate.copies import BANDS
from onereel.evaluate.pose import PoseNetwork
from onereel.evaluate.reading import JOINTS, ONE_OF, PER_FRAME, PERSON, SHOWN
from onereel.model.audio_autoencoder import Block
from onereel.model.layers import rms_norm, zero_init

SEEN_ONE_OF = tuple(name for name in ONE_OF if name != "mood")
LOOKED_ANY_OF = tuple(name for name in SHOWN if name != "act")
# What is rare counts so many times as much in training where it is there, and its logits are too
# high by the logarithm of that: `probability` takes it off again.
RARE = {"cut": 10.0, "contact": 4.0, "onset": 6.0, "beat": 4.0}
MOTION_SCALE = 20.0  # camera motion is shown in units of a twentieth of the picture's height


@dataclass(frozen=True)
class ExaminerConfig:
    vocabulary: dict[str, list[str]] = field(default_factory=dict)
    stem: int = 48
    fine: int = 96
    fine_depth: int = 2
    deep: int = 224
    deep_depth: int = 3
    time: int = 256
    description: int = 96
    close: int = 96
    close_depth: int = 2
    close_deep: int = 192
    close_deep_depth: int = 3
    face: int = 64
    mouth: int = 64
    pose: int = 160
    close_time: int = 192
    close_description: int = 96
    sound: int = 192
    sound_depth: int = 6
    sound_description: int = 48

    def classes(self, names: tuple[str, ...]) -> list[int]:
        return [len(self.vocabulary[name]) for name in names]


def probability(logits: Tensor, name: str) -> Tensor:
    return (logits - math.log(RARE[name])).sigmoid()


def look_around(x_BSC: Tensor, steps: int) -> Tensor:
    """The neighbours in time beside each step: (B, S, ..., C) to (B, S, ..., (2 steps + 1) C)."""
    parts = []
    for shift in range(-steps, steps + 1):
        rolled = x_BSC.roll(shift, 1)
        if shift > 0:
            rolled[:, :shift] = 0
        elif shift < 0:
            rolled[:, shift:] = 0
        parts.append(rolled)
    return torch.cat(parts, -1)


class Residual(nn.Module):
    """Norm, narrow, 3x3, a look at the steps before and after, widen; starts as the identity."""

    def __init__(self, width: int, narrow: int, in_time: bool) -> None:
        super().__init__()
        self.enter = nn.Linear(width, narrow)
        self.near = nn.Conv2d(narrow, narrow, 3, padding=1)
        self.along = nn.Linear(3 * narrow, narrow) if in_time else None
        self.leave = zero_init(nn.Linear(narrow, width))

    def forward(self, x_BShwC: Tensor) -> Tensor:
        y = F.gelu(self.enter(rms_norm(x_BShwC)))
        flat = rearrange(y, "b s h w c -> (b s) c h w")
        y = F.gelu(rearrange(self.near(flat), "(b s) c h w -> b s h w c", b=len(y)))
        if self.along is not None:
            y = F.gelu(self.along(look_around(y, 1)))
        return x_BShwC + self.leave(y)


class Later(nn.Module):
    """A residual look at two steps either side."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.mix = nn.Linear(5 * width, width)
        self.leave = zero_init(nn.Linear(width, width))

    def forward(self, x_BSC: Tensor) -> Tensor:
        return x_BSC + self.leave(F.gelu(self.mix(look_around(rms_norm(x_BSC), 2))))


def in_pairs(frames_BTCHW: Tensor) -> Tensor:
    """Two frames as the channels of one picture: (B, T, C, H, W) to (N, 2 C, H, W)."""
    pairs = rearrange(frames_BTCHW, "b (s t) c h w -> (b s) (t c) h w", t=2)
    return pairs.contiguous(memory_format=torch.channels_last)


def halved(layer: nn.Module, x_BShwC: Tensor) -> Tensor:
    """A convolution of stride 2 on what came out of residual blocks."""
    flat = rearrange(rms_norm(x_BShwC), "b s h w c -> (b s) c h w")
    return rearrange(layer(F.gelu(flat)), "(b s) c h w -> b s h w c", b=len(x_BShwC))


@dataclass(frozen=True)
class Seen:
    """Of whole frames, T = 2 S: logits film (B, C) over all classes of SEEN_ONE_OF; size, move
    (B, S, C); cut (B, T); heat (B, T, J, h, w), cells of 8 pixels, and seen (B, T, J); description
    (B, E)."""

    film: Tensor
    size: Tensor
    move: Tensor
    cut: Tensor
    heat: Tensor
    seen: Tensor
    description: Tensor


class PictureNetwork(nn.Module):
    def __init__(self, cfg: ExaminerConfig) -> None:
        super().__init__()
        self.cfg = cfg
        joints = len(JOINTS)
        self.stem = nn.Conv2d(6, cfg.stem, 5, stride=4, padding=2)
        self.to_fine = nn.Conv2d(cfg.stem, cfg.fine, 3, stride=2, padding=1)
        self.fine = nn.Sequential(
            *(Residual(cfg.fine, cfg.fine // 2, False) for _ in range(cfg.fine_depth))
        )
        self.to_deep = nn.Conv2d(cfg.fine, cfg.deep, 3, stride=2, padding=1)
        self.deep = nn.Sequential(*(Residual(cfg.deep, 96, True) for _ in range(cfg.deep_depth)))
        self.back = nn.Linear(cfg.deep, cfg.fine)
        self.merge = nn.Linear(cfg.fine, 2 * cfg.fine)
        self.heat = nn.Linear(2 * cfg.fine, 2 * joints)
        self.to_time = nn.Linear(2 * cfg.deep + 6, cfg.time)
        self.later = nn.Sequential(*(Later(cfg.time) for _ in range(3)))
        self.per_step = nn.Linear(cfg.time, sum(cfg.classes(PER_FRAME)) + 2 * (1 + joints))
        self.describe = nn.Linear(2 * cfg.time, cfg.description)
        self.film = nn.Linear(cfg.description, sum(cfg.classes(SEEN_ONE_OF)))

    def forward(self, frames_BTCHW: Tensor, camera_BT3: Tensor) -> Seen:
        """Frames in [-1, 1], T even, any size: the network sees the nearest multiple of 16; and
        `camera_steps` of them."""
        batch = len(frames_BTCHW)
        x = in_pairs(frames_BTCHW)
        sides = [16 * max(1, round(side / 16)) for side in x.shape[2:]]
        x = F.gelu(self.stem(F.interpolate(x, sides, mode="bilinear")))
        fine = self.fine(rearrange(self.to_fine(x), "(b s) c h w -> b s h w c", b=batch))
        deep = rms_norm(self.deep(halved(self.to_deep, fine)))
        up = self.back(deep).repeat_interleave(2, 2).repeat_interleave(2, 3)
        heat = self.heat(F.gelu(self.merge(rms_norm(fine + up))))
        camera = rearrange(camera_BT3, "b (s t) c -> b s (t c)", t=2) * MOTION_SCALE
        pooled = torch.cat([deep.mean((2, 3)), deep.amax((2, 3)), camera.clamp(-4, 4)], -1)
        time = rms_norm(self.later(self.to_time(pooled)))
        parts = [*self.cfg.classes(PER_FRAME), 2 * (1 + len(JOINTS))]
        size, move, rest = self.per_step(time).float().split(parts, -1)
        rest = rearrange(rest, "b s (t c) -> b (s t) c", t=2)
        description = self.describe(torch.cat([time.mean(1), time.amax(1)], -1))
        return Seen(
            film=self.film(F.gelu(description)).float(),
            size=size,
            move=move,
            cut=rest[..., 0],
            heat=rearrange(heat.float(), "b s h w (t j) -> b (s t) j h w", t=2),
            seen=rest[..., 1:],
            description=description.float(),
        )


@dataclass(frozen=True)
class Looked:
    """Of close-ups, T = 2 S: logits shown (B, C) over all classes of LOOKED_ANY_OF, person
    (B, S, C); heat (B, T, J, h, w), cells of 4 pixels; description (B, E)."""

    shown: Tensor
    person: Tensor
    heat: Tensor
    description: Tensor


class CloseNetwork(nn.Module):
    def __init__(self, cfg: ExaminerConfig) -> None:
        super().__init__()
        joints = len(JOINTS)
        self.stem = nn.Conv2d(6, cfg.stem, 5, stride=2, padding=2)
        self.to_fine = nn.Conv2d(cfg.stem, cfg.close, 3, stride=2, padding=1)
        self.fine = nn.Sequential(
            *(Residual(cfg.close, cfg.close // 2, False) for _ in range(cfg.close_depth))
        )
        self.to_deep = nn.Conv2d(cfg.close, cfg.close_deep, 3, stride=2, padding=1)
        self.deep = nn.Sequential(
            *(Residual(cfg.close_deep, 96, True) for _ in range(cfg.close_deep_depth))
        )
        self.back = nn.Linear(cfg.close_deep, cfg.close)
        self.heat = nn.Linear(cfg.close, 2 * joints)
        self.to_body = nn.Conv2d(cfg.close_deep, 96, 3, stride=2, padding=1)
        self.body_to_time = nn.Linear(96 * (BODY_PIXELS // 16) ** 2, cfg.close_time)
        self.face_stem = nn.Conv2d(6, cfg.stem, 5, stride=2, padding=2)
        self.to_face = nn.Conv2d(cfg.stem, cfg.face, 3, stride=2, padding=1)
        self.face = nn.Sequential(*(Residual(cfg.face, cfg.face // 2, True) for _ in range(2)))
        self.face_out = nn.Conv2d(cfg.face, cfg.face, 3, stride=2, padding=1)
        self.face_to_time = nn.Linear(cfg.face * (FACE_PIXELS // 8) ** 2, cfg.close_time)
        self.later = nn.Sequential(*(Later(cfg.close_time) for _ in range(3)))
        people = sum(1 + count for count in cfg.classes(PERSON))
        self.person = nn.Linear(cfg.close_time, people)
        self.describe = nn.Linear(2 * cfg.close_time, cfg.close_description)
        self.shown = nn.Linear(cfg.close_description, sum(cfg.classes(LOOKED_ANY_OF)))
        nn.init.constant_(self.shown.bias, -3.0)

    def forward(self, body_BTCPP: Tensor, face_BTCPP: Tensor) -> Looked:
        """Close-ups of BODY_PIXELS and FACE_PIXELS a side, in [-1, 1], T even."""
        batch = len(body_BTCPP)
        x = self.to_fine(F.gelu(self.stem(in_pairs(body_BTCPP))))
        fine = self.fine(rearrange(x, "(b s) c h w -> b s h w c", b=batch))
        deep = self.deep(halved(self.to_deep, fine))
        up = self.back(rms_norm(deep)).repeat_interleave(2, 2).repeat_interleave(2, 3)
        heat = self.heat(F.gelu(rms_norm(fine + up)))
        x = self.to_face(F.gelu(self.face_stem(in_pairs(face_BTCPP))))
        face = self.face(rearrange(x, "(b s) c h w -> b s h w c", b=batch))
        body_flat = F.gelu(halved(self.to_body, deep)).flatten(2)
        face_flat = F.gelu(halved(self.face_out, face)).flatten(2)
        time = self.body_to_time(body_flat) + self.face_to_time(face_flat)
        time = rms_norm(self.later(time))
        description = self.describe(torch.cat([time.mean(1), time.amax(1)], -1))
        return Looked(
            shown=self.shown(F.gelu(description)).float(),
            person=self.person(time).float(),
            heat=rearrange(heat.float(), "b s h w (t j) -> b (s t) j h w", t=2),
            description=description.float(),
        )


class MouthNetwork(nn.Module):
    """How far open a mouth is, frame by frame: a small stack of convolutions on the lips alone."""

    def __init__(self, width: int) -> None:
        super().__init__()
        widths = [3, width // 2, width // 2, width, width]
        self.convolutions = nn.ModuleList(
            nn.Conv2d(a, b, 3, 1 if i == 0 else 2, 1) for i, (a, b) in enumerate(pairwise(widths))
        )
        self.enter = nn.Linear(width * (MOUTH_PIXELS // 8) ** 2, width)
        self.leave = nn.Linear(width, 1)

    def forward(self, lips_BTCPP: Tensor) -> Tensor:
        """Close-ups of MOUTH_PIXELS a side, in [-1, 1], to logits (B, T)."""
        x = lips_BTCPP.flatten(0, 1).contiguous(memory_format=torch.channels_last)
        for convolution in self.convolutions:
            x = F.gelu(convolution(x))
        return self.leave(F.gelu(self.enter(x.flatten(1)))).float().view(lips_BTCPP.shape[:2])


@dataclass(frozen=True)
class Heard:
    """Logits: onset, voice, beat (B, U); mood (B, C), sounds (B, C); description (B, E)."""

    onset: Tensor
    voice: Tensor
    beat: Tensor
    mood: Tensor
    sounds: Tensor
    description: Tensor


class SoundNetwork(nn.Module):
    def __init__(self, cfg: ExaminerConfig) -> None:
        super().__init__()
        self.cfg = cfg
        self.enter = nn.Conv1d(2 * BANDS, cfg.sound, 3, padding=1)
        self.blocks = nn.Sequential(*(Block(cfg.sound) for _ in range(cfg.sound_depth)))
        self.per_row = nn.Linear(cfg.sound, 3)
        self.describe = nn.Linear(2 * cfg.sound, cfg.sound_description)
        self.film = nn.Linear(cfg.sound_description, sum(cfg.classes(("mood", "sound"))))

    def forward(self, heard_BUM: Tensor) -> Heard:
        """`senses.heard`, (B, U, 2 M)."""
        # Log-mel lies around -9 and spreads by about 3.
        x = self.enter(((heard_BUM + 9) / 3).transpose(1, 2))
        x = rms_norm(self.blocks(x).transpose(1, 2))
        rows = self.per_row(x).float()
        description = self.describe(torch.cat([x.mean(1), x.amax(1)], -1))
        film = self.film(F.gelu(description)).float()
        mood, sounds = film.split(self.cfg.classes(("mood", "sound")), -1)
        return Heard(rows[..., 0], rows[..., 1], rows[..., 2], mood, sounds, description.float())


class ExaminerNetworks(nn.Module):
    def __init__(self, cfg: ExaminerConfig) -> None:
        super().__init__()
        self.see = PictureNetwork(cfg)
        self.look = CloseNetwork(cfg)
        self.mouth = MouthNetwork(cfg.mouth)
        self.pose = PoseNetwork(cfg.pose, *cfg.classes(("act",)))
        self.hear = SoundNetwork(cfg)


# Multiply-adds times two of one film's forward pass: convolutions and wide products.


def see_flops(cfg: ExaminerConfig, frames: int, height: float, width: float) -> float:
    cells = height * width / 64
    step = 4 * cells * 150 * cfg.stem + 2 * cells * cfg.fine**2 + 18 * cfg.time**2
    step += block_flops(cells, cfg.stem, cfg.fine, cfg.fine_depth, cfg.fine // 2)
    step += block_flops(cells / 4, cfg.fine, cfg.deep, cfg.deep_depth, 96)
    return frames * step


def look_flops(cfg: ExaminerConfig, frames: int) -> float:
    body, face = (BODY_PIXELS / 2) ** 2, (FACE_PIXELS / 2) ** 2
    step = (body + face) * 150 * cfg.stem + 18 * cfg.close_time**2
    step += block_flops(body / 4, cfg.stem, cfg.close, cfg.close_depth, cfg.close // 2)
    step += block_flops(body / 16, cfg.close, cfg.close_deep, cfg.close_deep_depth, 96)
    step += block_flops(face / 4, cfg.stem, cfg.face, 2, cfg.face // 2)
    return frames * step


def hear_flops(cfg: ExaminerConfig, rows: int) -> float:
    return 2 * rows * (cfg.sound_depth * 6 * cfg.sound**2 + 6 * BANDS * cfg.sound)


def block_flops(cells: float, enter: int, width: int, depth: int, narrow: int) -> float:
    return cells * (9 * enter * width + depth * (2 * width * narrow + 12 * narrow**2))
