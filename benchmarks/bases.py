"""What a linear patch basis alone reaches on held-out renders: which latent shape to choose.

    .venv/bin/python benchmarks/bases.py [--size 512x288] [--clips 48] [--json]

PCA of space-time patches, fitted to one-second clips of training seeds, tried on held-out clips.
For every shape of a latent (pixels x pixels x frames) and every number of channels: PSNR of the
moving part of the film (without the first frame, which has a basis of its own) and SSIM, latent
numbers a second, and tokens of a 4-s film of 512x288 with one token per 32x32x8 block, or as many
as it takes where a latent is shorter in time.
"""

from __future__ import annotations

import argparse
import json
import time
from dataclasses import dataclass

import numpy as np
import torch
from einops import rearrange
from torch import Tensor

from onereel.backlot.script import HELD_OUT
from onereel.evaluate.copies import ssim
from onereel.evaluate.pixels import psnr
from onereel.model.video_autoencoder import fit_basis
from onereel.train.data import DataConfig, render_clip

SHAPES = {(16, 8): (32, 48, 64, 96, 128), (16, 4): (32, 48, 64), (32, 8): (128, 192, 256)}
HELD_OUT_CLIPS = 5
FRAMES = 32  # of each held-out clip


@dataclass(frozen=True)
class Row:
    shape: str
    channels: int
    numbers_per_second: int
    tokens: int
    psnr: float
    ssim: float


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--size", default="512x288", help="WIDTHxHEIGHT, multiples of 32")
    parser.add_argument("--clips", type=int, default=48, help="training clips of 1 s")
    parser.add_argument("--patches", type=int, default=9600, help="in all")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    width, height = (int(side) for side in options.size.split("x"))
    data = DataConfig(width, height, seconds=1, captions=1)
    clips = [to_unit(render_clip(seed, data).frames[1:25]) for seed in range(options.clips)]
    longer = DataConfig(width, height, seconds=2, captions=1)
    held_out = [
        render_clip(seed, longer).frames[1 : 1 + FRAMES] for seed in HELD_OUT[:HELD_OUT_CLIPS]
    ]
    rows = []
    for (cell, group), channels in SHAPES.items():
        rows += measure(clips, held_out, cell, group, channels, options.patches // len(clips))
        told = rows[-len(channels) :]
        for row in told:
            print(json.dumps(vars(row)) if options.json else line(row), flush=True)


def measure(
    clips: list[Tensor],
    held_out: list[np.ndarray],
    cell: int,
    group: int,
    channels: tuple[int, ...],
    per_clip: int,
) -> list[Row]:
    started = time.process_time()
    patches = sample(clips, cell, group, per_clip)
    mean, components, _ = fit_basis(patches, max(channels))
    print(f"# {cell}x{cell}x{group}: fitted in {time.process_time() - started:.0f} s", flush=True)
    rows = []
    for number in channels:
        basis = components[:number]
        scores = []
        for frames in held_out:
            cubes = split(to_unit(frames), cell, group)
            back = (cubes - mean) @ basis.T @ basis + mean
            copy = join(back, cell, group, frames.shape)
            scores.append((psnr(frames, copy), ssim(frames[::8], copy[::8])))
        numbers = round(number * (512 * 288 / cell**2) * 24 / group)
        tokens = (1 + 96 // group) * (512 // 32) * (288 // 32)
        fidelity, likeness = np.mean(scores, 0)
        rows.append(
            Row(f"{cell}x{cell}x{group}", number, numbers, tokens, float(fidelity), float(likeness))
        )
    return rows


def to_unit(frames: np.ndarray) -> Tensor:
    return torch.from_numpy(frames).float() / 127.5 - 1


def sample(clips: list[Tensor], cell: int, group: int, per_clip: int) -> Tensor:
    """Random patches at any pixel offset, (N, group * cell * cell * 3)."""
    rng = np.random.default_rng(0)
    rows = []
    for frames in clips:
        for _ in range(per_clip):
            t, y, x = (
                int(rng.integers(whole - part + 1))
                for whole, part in zip(frames.shape[:3], (group, cell, cell), strict=True)
            )
            rows.append(frames[t : t + group, y : y + cell, x : x + cell].flatten())
    return torch.stack(rows)


def split(frames_THWC: Tensor, cell: int, group: int) -> Tensor:
    return rearrange(
        frames_THWC, "(g t) (h i) (w j) c -> (g h w) (t i j c)", t=group, i=cell, j=cell
    )


def join(cubes: Tensor, cell: int, group: int, shape: tuple[int, ...]) -> np.ndarray:
    frames = rearrange(
        cubes, "(g h w) (t i j c) -> (g t) (h i) (w j) c",
        t=group, i=cell, j=cell, c=3, h=shape[1] // cell, w=shape[2] // cell,
    )  # fmt: skip
    return ((frames + 1) * 127.5).round().clamp(0, 255).byte().numpy()


def line(row: Row) -> str:
    return (
        f"{row.shape:>8}  {row.channels:4d} channels  {row.numbers_per_second:8d} numbers/s  "
        f"{row.tokens:5d} tokens  {row.psnr:6.2f} dB  SSIM {row.ssim:.4f}"
    )


if __name__ == "__main__":
    main()
