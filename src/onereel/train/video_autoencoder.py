"""Stage: the video autoencoder. Fits the linear bases, then trains the residuals.

Loss: L1, squared error and L1 of gradients at several scales, and, where the recipe asks for it, a
patch discriminator towards the end; a little noise on the latents keeps decoding smooth around the
data (the transformer's outputs are never exact).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from onereel.backlot.script import HELD_OUT
from onereel.evaluate.pixels import psnr
from onereel.media.sheet import side_by_side
from onereel.model.shapes import LATENT_PIXELS
from onereel.model.video_autoencoder import (
    GROUP,
    VideoAutoencoder,
    VideoAutoencoderConfig,
    cubes_from_frames,
    decode_flops,
)
from onereel.model.weights import load_tensors, save_module
from onereel.train.adversary import Adversary, AdversaryConfig, picture_views
from onereel.train.data import DataConfig, render_clip, render_clips, to_unit
from onereel.train.decoder_start import fit_decoder
from onereel.train.loop import LoopConfig, StepResult, autocast, console, pick_device, run


@dataclass(frozen=True)
class VideoAutoencoderRecipe:
    loop: LoopConfig
    data: DataConfig
    model: VideoAutoencoderConfig = field(default_factory=VideoAutoencoderConfig)
    also: tuple[DataConfig, ...] = ()  # more clips, of other sizes
    start: str = ""  # folder of weights to start from; empty: the run's own, else the linear fit
    new_decoder: bool = False  # of `start` all is kept but the decoder, whose shape may change
    fit_clips: int = 60  # for the linear bases
    crop: int = 128  # pixels, a multiple of 32
    frames: int = 17  # of a training crop, 8k + 1
    batch: int = 4
    latent_noise: float = 0.05
    freeze_encoder: bool = False
    fit_decoder: bool = False  # begin with a decoder solved for (decoder_start.py)
    edge_scales: int = 2  # at which gradients are compared, each half the size
    adversary: AdversaryConfig = field(default_factory=AdversaryConfig)


def train(recipe: VideoAutoencoderRecipe) -> None:
    cfg = recipe.loop
    torch.manual_seed(cfg.seed)
    rng = np.random.default_rng(cfg.seed)
    device = pick_device(cfg.device)
    folder = Path(cfg.folder)
    model = VideoAutoencoder(recipe.model).to(device)
    pool = [one for data in (recipe.data, *recipe.also) for one in load_frames(data, device)]
    start = Path(recipe.start) if recipe.start else folder
    if (start / "video_autoencoder.json").is_file():
        kept = load_tensors(start, "video_autoencoder")
        if recipe.new_decoder:
            own = model.state_dict().items()
            kept = {key: new if key.startswith("decoder.") else kept[key] for key, new in own}
        model.load_state_dict(kept)
        console.print(f"resumed from {start}")
    else:
        model.fit_linear(*sample_patches(pool[: recipe.fit_clips], rng))
        console.print(f"linear bases fitted to {min(recipe.fit_clips, len(pool))} clips")
    if recipe.fit_decoder:
        fit_decoder(model, pool[: recipe.fit_clips], max(recipe.latent_noise, 0.01))
        console.print("decoder solved for")
    model.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    if recipe.freeze_encoder and model.encoder is not None:
        model.encoder.requires_grad_(False)
    adversary = Adversary(recipe.adversary, "video_discriminator", 6, start, device)
    forward = torch.compile(reconstruct) if cfg.compile else reconstruct
    cast = autocast(device)
    groups = 1 + (recipe.frames - 1) // GROUP
    flops = 3 * recipe.batch * 2 * decode_flops(recipe.model, groups, recipe.crop, recipe.crop)

    def step(number: int, progress: float) -> StepResult:
        frames = draw_crops(pool, recipe, rng)
        with cast:
            copy, power = forward(model, frames, recipe.latent_noise)
        parts = reconstruction_losses(copy.float(), frames, recipe.edge_scales)
        # A free encoder would grow its latents; generation wants them at unit scale.
        parts["scale"] = (power - 1).square()
        loss = parts["l1"] + 0.5 * parts["l2"] + 0.7 * parts["edges"] + 0.01 * parts["scale"]
        if adversary.learns(progress):
            with cast:
                views = picture_views(copy)
                parts["judge"] = adversary.learn(picture_views(frames), views)
                loss = loss + adversary.term(views, copy, loss)
        told = {key: value.detach() for key, value in parts.items()}
        return StepResult(loss, told, recipe.batch, flops)

    held_out = [render_clip(seed, recipe.data).frames for seed in HELD_OUT[:6]]

    def save(folder: Path, storage: str) -> None:
        save_module(folder, "video_autoencoder", model, recipe.model, storage)
        adversary.save(folder, storage)

    def check(folder: Path, number: int) -> dict[str, float]:
        with torch.no_grad(), cast:
            copies = [decode_clip(model, frames, device) for frames in held_out]
        rows = [
            side_by_side(frames[::16], copy[::16])
            for frames, copy in zip(held_out, copies, strict=True)
        ]
        rows[0].save(folder / "sheet-first.png")
        rows[1].save(folder / "sheet-second.png")
        scores = [psnr(a, b) for a, b in zip(held_out, copies, strict=True)]
        return {"held-out PSNR": float(np.mean(scores))}

    save(folder, "bfloat16")  # the linear fit alone is usable
    console.print(f"before training: {check(folder, 0)}")
    run(cfg, recipe, model, step, save, check)


def reconstruct(model: VideoAutoencoder, frames: Tensor, noise: float) -> tuple[Tensor, Tensor]:
    """A copy of the frames through latents with `noise` of their own size, and their power."""
    latents = model.encode(frames)
    power = latents.square().mean()
    spread = noise * power.detach().sqrt()
    return model.decode(latents + spread * torch.randn_like(latents)), power


def reconstruction_losses(copy: Tensor, frames: Tensor, scales: int = 2) -> dict[str, Tensor]:
    """Mean L1 and squared error of pixels, and L1 of their differences, summed over scales."""
    edges = frames.new_zeros(())
    a, b = copy.flatten(1, 2), frames.flatten(1, 2)
    for _ in range(scales):
        for dim in (-1, -2):
            edges = edges + (a.diff(dim=dim) - b.diff(dim=dim)).abs().mean()
        a, b = F.avg_pool2d(a, 2), F.avg_pool2d(b, 2)
    return {"l1": (copy - frames).abs().mean(), "l2": F.mse_loss(copy, frames), "edges": edges}


def decode_clip(model: VideoAutoencoder, frames: np.ndarray, device: torch.device) -> np.ndarray:
    """A clip (T, H, W, 3) through the autoencoder and back to uint8."""
    pixels = to_unit(torch.from_numpy(frames).to(device))
    copy = ((model.decode(model.encode(pixels))[0].float() + 1) * 127.5).round().clamp(0, 255)
    return copy.byte().permute(1, 2, 3, 0).cpu().numpy()


def load_frames(data: DataConfig, device: torch.device) -> list[Tensor]:
    """Render the recipe's clips, their count on screen: (T, H, W, 3) uint8 each, on the device."""
    pool = []
    seeds = range(data.first_seed, data.first_seed + data.clips)
    for index, clip in enumerate(render_clips(seeds, data)):
        pool.append(torch.from_numpy(clip.frames).to(device))
        if index % 50 == 49:
            console.print(f"rendered {index + 1} of {data.clips} clips")
    return pool


def sample_patches(
    pool: list[Tensor], rng: np.random.Generator, per_clip: int = 160
) -> tuple[Tensor, Tensor]:
    """Random still and space-time patches at any pixel offset, for the linear bases."""
    stills, cubes = [], []
    for frames in pool:
        for _ in range(per_clip):
            piece = cut(frames, (GROUP + 1, LATENT_PIXELS, LATENT_PIXELS), rng)
            still, cube = cubes_from_frames(to_unit(piece))
            stills.append(still.flatten())
            cubes.append(cube.flatten())
    return torch.stack(stills), torch.stack(cubes)


def draw_crops(
    pool: list[Tensor], recipe: VideoAutoencoderRecipe, rng: np.random.Generator
) -> Tensor:
    """A batch of random space-time crops, half of them mirrored: (B, 3, T, crop, crop)."""
    crops = []
    for _ in range(recipe.batch):
        frames = pool[rng.integers(len(pool))]
        piece = cut(frames, (recipe.frames, recipe.crop, recipe.crop), rng)
        crops.append(to_unit(piece.flip(2) if rng.random() < 0.5 else piece))
    return torch.cat(crops)


def cut(frames: Tensor, size: tuple[int, int, int], rng: np.random.Generator) -> Tensor:
    """A random box of (frames, rows, columns) out of (T, H, W, 3)."""
    t, y, x = (
        int(rng.integers(whole - part + 1))
        for whole, part in zip(frames.shape[:3], size, strict=True)
    )
    return frames[t : t + size[0], y : y + size[1], x : x + size[2]]
