"""The examiner's two networks: one sees frames, the other hears log-mel rows; they share nothing.

- frames enter two at a time, so that motion is in the very first layer and a second costs twelve
  steps; every head answers for both frames of a step
- convolutions at an eighth and a sixteenth of the picture, with three-step looks in time
- the performer that stands out is found by a map per joint; who that is, is read where the maps
  point
- one description of the film (`see.describe`, `hear.describe`) carries its attributes, and is what
  sets of films are compared by

About 4 M parameters. Trained by train/examiner.py, used by examiner.py.

Shape legend: B films, T frames, S = T / 2 steps, N = B S, C channels, h w cells of 8 pixels, J
joints, U rows of sound, M mel bands.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import torch
import torch.nn.functional as F
from einops import rearrange
from torch import Tensor, nn

from onereel.evaluate.copies import BANDS
from onereel.evaluate.reading import JOINTS, ONE_OF, PER_FRAME, PERSON, SHOWN
from onereel.model.audio_autoencoder import Block
from onereel.model.layers import rms_norm, zero_init

SEEN_ONE_OF = tuple(name for name in ONE_OF if name != "mood")
MOTION_SCALE = 20.0  # camera motion is learned in units of a twentieth of the picture's height


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
    sound: int = 192
    sound_depth: int = 6
    sound_description: int = 48

    def classes(self, names: tuple[str, ...]) -> list[int]:
        return [len(self.vocabulary[name]) for name in names]


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


@dataclass(frozen=True)
class Seen:
    """Logits and values, T frames each (2 S): film and shown (B, C) over all classes of SEEN_ONE_OF
    and of SHOWN; size, move (B, S, C); cut, contact, mouth (B, T); heat (B, T, J, h, w) and seen
    (B, T, J); motion (B, T, 3), times MOTION_SCALE; person (B, S, C); description (B, E)."""

    film: Tensor
    shown: Tensor
    size: Tensor
    move: Tensor
    cut: Tensor
    contact: Tensor
    mouth: Tensor
    heat: Tensor
    seen: Tensor
    motion: Tensor
    person: Tensor
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
        wide = 2 * cfg.deep + 2 * cfg.fine
        self.person = nn.Sequential(
            nn.Linear(wide, cfg.time),
            nn.GELU(),
            nn.Linear(cfg.time, sum(1 + count for count in cfg.classes(PERSON))),
        )
        self.to_time = nn.Linear(wide, cfg.time)
        self.later = nn.Sequential(*(Later(cfg.time) for _ in range(3)))
        self.per_step = nn.Linear(cfg.time, sum(cfg.classes(PER_FRAME)) + 2 * (3 + joints + 3))
        self.describe = nn.Linear(2 * cfg.time, cfg.description)
        self.film = nn.Linear(cfg.description, sum(cfg.classes(SEEN_ONE_OF)))
        self.shown = nn.Linear(cfg.description, sum(cfg.classes(SHOWN)))
        nn.init.constant_(self.shown.bias, -3.0)

    def forward(self, frames_BTCHW: Tensor) -> Seen:
        """Frames in [-1, 1], T even, any size: the network sees the nearest multiple of 16."""
        batch, frames = frames_BTCHW.shape[:2]
        joints = len(JOINTS)
        x = rearrange(frames_BTCHW, "b (s t) c h w -> (b s) (t c) h w", t=2)
        sides = [16 * max(1, round(side / 16)) for side in x.shape[2:]]
        x = F.interpolate(x, sides, mode="bilinear")
        x = F.gelu(self.stem(x.contiguous(memory_format=torch.channels_last)))
        fine = rearrange(self.to_fine(x), "(b s) c h w -> b s h w c", b=batch)
        fine = self.fine(fine)
        deep = self.to_deep(F.gelu(rearrange(rms_norm(fine), "b s h w c -> (b s) c h w")))
        deep = rms_norm(self.deep(rearrange(deep, "(b s) c h w -> b s h w c", b=batch)))
        up = self.back(deep).repeat_interleave(2, 2).repeat_interleave(2, 3)
        merged = F.gelu(self.merge(rms_norm(fine + up)))
        heat = self.heat(merged)
        # Where the maps of all joints point is where the person is.
        where = heat.float().flatten(2, 3).softmax(2).mean(-1)
        person = torch.einsum("bsn,bsnc->bsc", where, merged.flatten(2, 3).float())
        pooled = torch.cat([deep.mean((2, 3)), deep.amax((2, 3)), person.type_as(deep)], -1)
        time = rms_norm(self.later(self.to_time(pooled)))
        size, move, rest = (
            self.per_step(time).float().split([*self.cfg.classes(PER_FRAME), 2 * (6 + joints)], -1)
        )
        rest = rest.reshape(batch, frames, 6 + joints)
        description = self.describe(torch.cat([time.mean(1), time.amax(1)], -1))
        return Seen(
            film=self.film(F.gelu(description)).float(),
            shown=self.shown(F.gelu(description)).float(),
            size=size,
            move=move,
            cut=rest[..., 0],
            contact=rest[..., 1],
            mouth=rest[..., 2],
            heat=rearrange(heat.float(), "b s h w (t j) -> b (s t) j h w", t=2),
            seen=rest[..., 6:],
            motion=rest[..., 3:6],
            person=self.person(pooled).float(),
            description=description.float(),
        )


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
        self.hear = SoundNetwork(cfg)


def examine_flops(
    cfg: ExaminerConfig, frames: int, height: float, width: float, rows: int
) -> float:
    """Multiply-adds times two of one film's forward pass, convolutions and wide products."""
    cells = height * width / 64
    fine = cfg.fine * cfg.fine + 9 * (cfg.fine // 2) ** 2
    deep = 2 * cfg.deep * 96 + 12 * 96 * 96
    step = (
        4 * cells * 150 * cfg.stem
        + cells * (9 * cfg.stem * cfg.fine + cfg.fine_depth * fine + 2 * cfg.fine**2)
        + cells / 4 * (9 * cfg.fine * cfg.deep + cfg.deep_depth * deep)
        + 18 * cfg.time**2
    )
    row = cfg.sound_depth * 6 * cfg.sound**2 + 6 * BANDS * cfg.sound
    return 2 * (frames / 2 * step + rows * row)
