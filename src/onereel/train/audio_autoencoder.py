"""Stage: the audio autoencoder. Fits the linear basis, then trains the residuals and the head.

Loss: log-magnitude L1 and spectral convergence at several resolutions, both ears (Parallel
WaveGAN, arXiv 1910.11480), as an energy distance (Gritsenko et al., arXiv 2008.01160): each latent
is sounded with two noises, which are drawn towards the original and pushed off each other. Without
the push the best answer to rain or wind is their mean spectrum, a steady buzz. Tones are drawn to
the frequencies that the original's phases tell of. Where the recipe asks for it, a patch
discriminator of spectra towards the end.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from einops import rearrange
from PIL import Image
from torch import Tensor

from onereel.backlot.script import HELD_OUT
from onereel.evaluate.copies import liveliness, tones_kept
from onereel.media.sheet import spectrogram
from onereel.model.audio_autoencoder import STEPS, AudioAutoencoder, AudioAutoencoderConfig
from onereel.model.shapes import SAMPLE_RATE, SAMPLES_PER_LATENT
from onereel.model.tones import heard_tones, spacing_of
from onereel.model.weights import load_tensors, save_module
from onereel.train.adversary import Adversary, AdversaryConfig, sound_views
from onereel.train.data import DataConfig, record_sounds
from onereel.train.loop import LoopConfig, StepResult, console, pick_device, run

FAINT = 0.05  # power of a tone at about -60 dB, in units of `spectrum`


@dataclass(frozen=True)
class AudioAutoencoderRecipe:
    loop: LoopConfig
    data: DataConfig
    model: AudioAutoencoderConfig = field(default_factory=AudioAutoencoderConfig)
    start: str = ""
    crop_latents: int = 25
    batch: int = 8
    latent_noise: float = 0.05
    freeze_encoder: bool = False
    windows: tuple[int, ...] = (256, 512, 1024, 2048)  # samples, of the spectra that are compared
    tuning: float = 0.5  # share of `mistuning` in the loss
    adversary: AdversaryConfig = field(default_factory=AdversaryConfig)


def train(recipe: AudioAutoencoderRecipe) -> None:
    cfg = recipe.loop
    torch.manual_seed(cfg.seed)
    rng = np.random.default_rng(cfg.seed)
    device = pick_device(cfg.device)
    folder = Path(cfg.folder)
    folder.mkdir(parents=True, exist_ok=True)
    model = AudioAutoencoder(recipe.model)
    data = recipe.data
    seeds = range(data.first_seed, data.first_seed + data.clips)
    console.print(f"recording {len(seeds)} clips")
    pool = record_sounds(seeds, data)
    start = Path(recipe.start) if recipe.start else folder
    if (start / "audio_autoencoder.json").is_file():
        model.load_state_dict(load_tensors(start, "audio_autoencoder"))
        console.print(f"resumed from {start}")
    else:
        model.fit_linear(mel_patches(model, pool))
        console.print("linear basis fitted")
    model.to(device)
    if recipe.freeze_encoder:
        for part in (model.enter_encoder, model.encoder, model.leave_encoder):
            part.requires_grad_(False)
    adversary = Adversary(recipe.adversary, "audio_discriminator", 4, start, device)
    per_latent = sum(p.numel() for p in model.parameters()) * 2 * STEPS
    flops = 3.0 * recipe.batch * recipe.crop_latents * per_latent

    def step(number: int, progress: float) -> StepResult:
        sound = draw_sound(pool, recipe, rng).to(device)
        latents = model.encode(sound)
        power = latents.square().mean()
        spread = recipe.latent_noise * power.detach().sqrt()
        shaken = latents + spread * torch.randn_like(latents)
        told = model.tell(shaken)
        one, other = (int(seed) for seed in rng.integers(2**31, size=2))
        copy, again = model.sounds(told, model.turns(told), (one, other))
        parts = {
            "spectral": energy_distance(copy, again, sound, recipe.windows),
            "tuning": mistuning(model, told.frequency_BMN, sound),
        }
        # As in the video stage: latents stay at unit scale.
        loss = parts["spectral"] + recipe.tuning * parts["tuning"] + 0.01 * (power - 1).square()
        if adversary.learns(progress):
            views = sound_views(copy)
            parts["judge"] = adversary.learn(sound_views(sound), views)
            loss = loss + adversary.term(views, copy, loss)
        parts = {key: value.detach() for key, value in parts.items()}
        return StepResult(loss, parts, recipe.batch, flops)

    held_out = record_sounds(HELD_OUT[:12], data)

    def save(folder: Path, storage: str) -> None:
        save_module(folder, "audio_autoencoder", model, recipe.model, storage)
        adversary.save(folder, storage)

    def check(folder: Path, number: int) -> dict[str, float]:
        with torch.no_grad():
            sounds = [torch.from_numpy(one).T[None].to(device) for one in held_out]
            copies = [model.decode(model.encode(s))[..., : s.shape[-1]] for s in sounds]
            loss = np.mean(
                [float(spectral_loss(*pair)) for pair in zip(copies, sounds, strict=True)]
            )
            mel = np.mean(
                [
                    float((model.log_mel(a) - model.log_mel(b)).abs().mean()) * 4.343
                    for a, b in zip(copies, sounds, strict=True)
                ]
            )
        heard = [(one, copy[0].T.cpu().numpy()) for one, copy in zip(held_out, copies, strict=True)]
        pictures = [spectrogram(one, SAMPLE_RATE, 1000, 160) for pair in heard[:3] for one in pair]
        Image.fromarray(np.concatenate(pictures)).save(folder / "sheet-sound.png")
        return {
            "held-out spectral": float(loss),
            "held-out mel dB": float(mel),
            "liveliness": float(np.nanmean([liveliness(*pair) for pair in heard])),
            "tones kept": float(np.nanmean([tones_kept(*pair) for pair in heard])),
        }

    save(folder, "bfloat16")  # the linear fit alone is usable
    console.print(f"before training: {check(folder, 0)}")
    run(cfg, recipe, model, step, save, check)


@torch.no_grad()
def mel_patches(model: AudioAutoencoder, pool: list[np.ndarray]) -> Tensor:
    rows = []
    for sound in pool:
        whole = len(sound) // SAMPLES_PER_LATENT * SAMPLES_PER_LATENT
        features = model.log_mel(torch.from_numpy(sound[:whole]).T[None])
        rows.append(rearrange(features, "b e m (l s) -> (b l) (e m s)", s=STEPS))
    return torch.cat(rows)


def draw_sound(
    pool: list[np.ndarray], recipe: AudioAutoencoderRecipe, rng: np.random.Generator
) -> Tensor:
    length = recipe.crop_latents * SAMPLES_PER_LATENT
    rows = []
    for _ in range(recipe.batch):
        sound = pool[rng.integers(len(pool))]
        start = rng.integers(len(sound) - length + 1)
        ears = sound[start : start + length]
        gain = np.float32(10 ** rng.uniform(-0.4, 0.1))
        rows.append(
            torch.from_numpy(np.ascontiguousarray(ears[:, :: rng.choice([-1, 1])]) * gain).T
        )
    return torch.stack(rows)


def energy_distance(copy: Tensor, again: Tensor, sound: Tensor, windows: tuple[int, ...]) -> Tensor:
    """Half of d(copy, sound) + d(again, sound) - d(copy, again), with `spectral_loss` as d.

    In the convergence the copies aren't pushed apart: its one norm over the whole batch would let
    louder noise anywhere pay for every tone that is missed.
    """
    loss = copy.new_zeros(())
    for window in windows:
        a, b, true = (magnitudes(one, window) for one in (copy, again, sound))
        log_a, log_b, log_true = a.log(), b.log(), true.log()
        near = (log_a - log_true).abs().mean() + (log_b - log_true).abs().mean()
        loss = loss + near - (log_a - log_b).abs().mean()
        loud = (a - true).norm() + (b - true).norm()
        loss = loss + 0.5 * loud / true.norm().clamp_min(1e-3)
    return 0.5 * loss / len(windows)


def mistuning(model: AudioAutoencoder, frequency_BMN: Tensor, sound_BES: Tensor) -> Tensor:
    """How far the told frequencies lie from those of the sound's tones, in distances of bands.

    A magnitude hardly says where to move a tone that is a bin off; the original's phases do.
    """
    with torch.no_grad():
        true = heard_tones(sound_BES, model.centres)
    off = (frequency_BMN - true.frequency_BMN) / spacing_of(model.centres)[:, None]
    counts = true.certainty_BMN * true.power_BMN / (true.power_BMN + FAINT)
    return (
        counts * F.smooth_l1_loss(off, torch.zeros_like(off), reduction="none", beta=0.1)
    ).sum() / (counts.sum().clamp_min(1))


def spectral_loss(
    copy: Tensor, sound: Tensor, windows: tuple[int, ...] = (256, 512, 1024)
) -> Tensor:
    """Mean over window sizes of log-magnitude L1 plus half the spectral convergence."""
    loss = copy.new_zeros(())
    for window in windows:
        a, b = magnitudes(copy, window), magnitudes(sound, window)
        loss = loss + (a.log() - b.log()).abs().mean()
        loss = loss + 0.5 * (a - b).norm() / b.norm().clamp_min(1e-3)
    return loss / len(windows)


def magnitudes(sound: Tensor, window: int) -> Tensor:
    """(B E, K, N) of sound (B, E, S), at least 1e-3."""
    hann = torch.hann_window(window, device=sound.device)
    found = torch.stft(
        sound.flatten(0, 1).float(), window, window // 4, window=hann, return_complex=True
    )
    return found.abs().clamp_min(1e-3)
