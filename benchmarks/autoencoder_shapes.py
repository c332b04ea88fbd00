"""What makes a picture autoencoder better for the same training: shapes at equal processor time.

    .venv/bin/python benchmarks/autoencoder_shapes.py [--minutes 4] [--clips 120] [--runs DIR]
                                                      [--only NAME ...]

Every variant differs from the first in one thing and trains as the stage trains, on the same clips
of 256x160 in the same order, for the same minutes of one core; then six held-out clips pass through
it. PSNR of all frames, SSIM of every eighth; GFLOP to decode 4 s of 512x288.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import torch

from onereel.backlot.script import HELD_OUT
from onereel.evaluate.copies import ssim, tile_seams
from onereel.evaluate.pixels import psnr
from onereel.model.shapes import LATENT_PIXELS
from onereel.model.video_autoencoder import VideoAutoencoder, VideoAutoencoderConfig, decode_flops
from onereel.model.weights import load_video_autoencoder, save_module
from onereel.train import video_autoencoder as stage
from onereel.train.adversary import AdversaryConfig
from onereel.train.data import DataConfig, Rendered, render_clip
from onereel.train.loop import LoopConfig

SHAPE = VideoAutoencoderConfig()
RECIPE = stage.VideoAutoencoderRecipe(
    # (1e-3 throws a free encoder off within a hundred steps of one crop)
    loop=LoopConfig(
        "", 4, rate=4e-4, processor_time=True, ema=0.99, save_minutes=60, sheet_minutes=60
    ),
    data=DataConfig(captions=1, workers=1),
    model=SHAPE,
    batch=1,
)
WITHOUT_SKIP = "no linear skip"
VARIANTS = {
    "64 channels, 192 and 64 wide": RECIPE,
    WITHOUT_SKIP: RECIPE,
    "linear encoder": replace(RECIPE, model=replace(SHAPE, encoder_residual=False)),
    "cells of 4 pixels": replace(RECIPE, model=replace(SHAPE, fine_reach=1, finest_width=32)),
    "half as wide": replace(RECIPE, model=replace(SHAPE, coarse_width=96, fine_width=32)),
    "96 channels": replace(RECIPE, model=replace(SHAPE, channels=96)),
    "discriminator": replace(RECIPE, adversary=AdversaryConfig(0.1, start=0.3)),
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--minutes", type=float, default=4)
    parser.add_argument("--clips", type=int, default=120)
    parser.add_argument("--runs", type=Path, help="folder for weights and logs, to keep them")
    parser.add_argument("--only", nargs="*", choices=VARIANTS, default=list(VARIANTS))
    options = parser.parse_args()
    torch.set_num_threads(1)
    share_clips()
    print(
        "| variant | steps | PSNR, dB | SSIM | seams of cells | GFLOP |\n|---|---|---|---|---|---|"
    )
    with TemporaryDirectory() as scratch:
        for name in options.only:
            folder = (options.runs or Path(scratch)) / name.replace(" ", "-").replace(",", "")
            if folder.exists():
                parser.error(f"{folder} is there; a run would go on from it. Name another --runs.")
            recipe = VARIANTS[name]
            recipe = replace(
                recipe,
                loop=replace(recipe.loop, folder=str(folder), minutes=options.minutes),
                data=replace(recipe.data, clips=options.clips),
            )
            if name == WITHOUT_SKIP:
                save_without_skip(folder, recipe.model)
            stage.train(recipe)
            print(row(name, folder), flush=True)


def share_clips() -> None:
    """Let the stage render each clip once for all variants."""
    once = cache(render_clip)

    def several(seeds: Iterable[int], data: DataConfig) -> Iterator[Rendered]:
        return (once(seed, data) for seed in seeds)

    stage.render_clip, stage.render_clips = once, several  # type: ignore[assignment]


def save_without_skip(folder: Path, shape: VideoAutoencoderConfig) -> None:
    """Weights to start from whose linear bases say nothing; what they led to starts at random."""
    model = VideoAutoencoder(shape)
    assert model.encoder is not None
    model.basis.components.zero_()
    model.still_basis.components.zero_()
    model.encoder.leave.reset_parameters()
    model.decoder.leave.reset_parameters()
    save_module(folder, "video_autoencoder", model, shape, "float32")


def row(name: str, folder: Path) -> str:
    """Figures of the weights in `folder` as a line of the table."""
    model = load_video_autoencoder(folder)
    steps = json.loads((folder / "log.jsonl").read_text().splitlines()[-1])["step"]
    found = []
    with torch.inference_mode():
        for seed in HELD_OUT[:6]:
            frames = stage.render_clip(seed, RECIPE.data).frames
            copy = stage.decode_clip(model, frames, torch.device("cpu"))
            found.append(
                (
                    psnr(frames, copy),
                    ssim(frames[::8], copy[::8]),
                    tile_seams(frames, copy, LATENT_PIXELS),
                )
            )
    decibel, alike, seams = np.nanmean(found, 0)
    work = decode_flops(model.cfg, 13, 288, 512) / 1e9
    return f"| {name} | {steps} | {decibel:.2f} | {alike:.3f} | {seams:.2f} | {work:.0f} |"


if __name__ == "__main__":
    main()
