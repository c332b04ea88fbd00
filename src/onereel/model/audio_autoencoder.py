"""Sound to latents and back: stereo 24 kHz, 25 latents a second.

- encoder: log-mel of left and right, four 10 ms steps to one latent, through a linear basis
  (principal components) plus a convolutional residual that starts from zero
- decoder: the basis back to log-mel plus a residual; then an iSTFT head (after Vocos,
  arXiv 2306.00814) whose spectrum is a shaped noise plus one tone in every band (model.tones)
- noise and tones' phases are shared by both ears: decoding is deterministic, a sound that was in
  the middle stays there, and before any training the head is already a noise vocoder
- nothing but the phases reaches further than a fraction of a second, and they are handed on: piece
  by piece equals the whole

Shape legend: B batch, E ears 2, S samples, M mel bands, N 10 ms steps, L latents (N = 4L),
Z latent channels, K frequency bins.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from einops import rearrange
from torch import Tensor, nn

from onereel.model.layers import rms_norm, zero_init
from onereel.model.shapes import SAMPLES_PER_LATENT
from onereel.model.spectra import (
    BINS,
    FLOOR,
    HOP,
    WINDOW,
    band_centres,
    between_bands,
    mel_bank,
    spectrum,
    waveform,
)
from onereel.model.tones import hann_lobe, sounded, spacing_of, turns_of
from onereel.model.video_autoencoder import LinearBasis, fit_basis

STEPS = SAMPLES_PER_LATENT // HOP
NOISE_SEED = 1926
PIECE = 250  # latents that are encoded or decoded at a time: 10 s
UNTOLD = -3.0  # log height of tones before training


@dataclass(frozen=True)
class AudioAutoencoderConfig:
    channels: int = 64
    mel_bands: int = 64
    width: int = 192
    encoder_depth: int = 2
    decoder_depth: int = 4


@dataclass(frozen=True, eq=False)
class Told:
    """What the network says is to be sounded: heights of noise per bin, of tones per band, in
    units of `spectrum`; the tones' frequencies in bins, the same in both ears."""

    noise_BEKN: Tensor
    height_BEMN: Tensor
    frequency_BMN: Tensor

    def since(self, step: int) -> Told:
        parts = self.noise_BEKN, self.height_BEMN, self.frequency_BMN
        return Told(*(one[..., step:] for one in parts))


class Block(nn.Module):
    """Depthwise convolution over 7 steps, norm, gated pointwise layers (ConvNeXt, 2201.03545)."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.mix = nn.Conv1d(width, width, 7, padding=3, groups=width)
        self.up = nn.Linear(width, 3 * width)
        self.down = zero_init(nn.Linear(3 * width, width))

    def forward(self, x_BDN: Tensor) -> Tensor:
        y = rms_norm(self.mix(x_BDN).transpose(1, 2))
        return x_BDN + self.down(F.gelu(self.up(y))).transpose(1, 2)


class AudioAutoencoder(nn.Module):
    """Stereo sound in [-1, 1] to unit-scale latents and back."""

    def __init__(self, cfg: AudioAutoencoderConfig) -> None:
        super().__init__()
        self.cfg = cfg
        features = 2 * cfg.mel_bands
        self.basis = LinearBasis(features * STEPS, cfg.channels)
        self.register_buffer("scale", torch.ones(cfg.channels))
        self.register_buffer("window", torch.hann_window(WINDOW), persistent=False)
        bank = mel_bank(cfg.mel_bands)
        self.register_buffer("bank", bank, persistent=False)
        centres = band_centres(bank)
        self.register_buffer("spread", between_bands(centres), persistent=False)
        self.register_buffer("centres", centres, persistent=False)
        self.register_buffer("alone", _height_of_lone_tone(bank, centres), persistent=False)
        self.scale: Tensor
        self.window: Tensor
        self.bank: Tensor
        self.spread: Tensor
        self.centres: Tensor
        self.alone: Tensor
        self.enter_encoder = nn.Conv1d(features, cfg.width, 3, padding=1)
        self.encoder = nn.Sequential(*(Block(cfg.width) for _ in range(cfg.encoder_depth)))
        self.leave_encoder = zero_init(nn.Linear(STEPS * cfg.width, cfg.channels))
        self.enter_decoder = nn.Conv1d(features, cfg.width, 3, padding=1)
        self.decoder = nn.Sequential(*(Block(cfg.width) for _ in range(cfg.decoder_depth)))
        # Per ear and bin the noise's log gain, per ear and band the tone's; per band its frequency.
        self.parts = (2 * BINS, 2 * cfg.mel_bands, cfg.mel_bands)
        self.head = zero_init(nn.Linear(cfg.width, sum(self.parts)))
        nn.init.constant_(self.head.bias[2 * BINS : -cfg.mel_bands], UNTOLD)

    def log_mel(self, sound_BES: Tensor) -> Tensor:
        """(B, E, M, N) natural log of mean power density per band, 0 at full scale noise."""
        power = spectrum(sound_BES.float(), self.window).abs().square()
        power = power / self.window.square().sum()
        return (torch.einsum("mk,bekn->bemn", self.bank, power) + FLOOR).log()

    def encode(self, sound_BES: Tensor) -> Tensor:
        """(B, 2, S) to latents (B, L, Z), L = ceil(S / 960)."""
        short = -sound_BES.shape[-1] % SAMPLES_PER_LATENT
        features = rearrange(self.log_mel(F.pad(sound_BES, (0, short))), "b e m n -> b (e m) n")
        linear = self.basis.project(rearrange(features, "b f (l s) -> b l (f s)", s=STEPS))
        hidden = self.encoder(self.enter_encoder(features))
        residual = self.leave_encoder(rearrange(hidden, "b d (l s) -> b l (d s)", s=STEPS))
        return (linear + residual) / self.scale

    def encode_stream(self, sound_BES: Tensor, latents: int = PIECE) -> Iterator[Tensor]:
        """Latents of `latents` at a time: bounded memory, equal to the whole."""
        margin = _reach(self.cfg.encoder_depth)
        for start in range(0, -(-sound_BES.shape[-1] // SAMPLES_PER_LATENT), latents):
            first = max(0, start - margin)
            last = (start + latents + margin) * SAMPLES_PER_LATENT
            piece = self.encode(sound_BES[..., first * SAMPLES_PER_LATENT : last])
            yield piece[:, start - first : start - first + latents]

    def decode_stream(self, latents_BLZ: Tensor, latents: int = PIECE) -> Iterator[Tensor]:
        """Sound of `latents` latents at a time: bounded memory, equal to the whole."""
        margin = _reach(self.cfg.decoder_depth) + 1
        turns = None
        for start in range(0, latents_BLZ.shape[1], latents):
            # Sounded from one latent earlier, whose last windows reach into this piece.
            first, before = max(0, start - margin), max(0, start - 1)
            told = self.tell(latents_BLZ[:, first : start + latents + margin])
            told = told.since((before - first) * STEPS)
            turns = self.turns(told, None if turns is None else turns[..., 0])
            (sound,) = self.sounds(told, turns, first=before)
            turns = turns[..., (start + latents - 1 - before) * STEPS :]
            sound = sound[..., (start - before) * SAMPLES_PER_LATENT :]
            yield sound[..., : latents * SAMPLES_PER_LATENT]

    def decode(self, latents_BLZ: Tensor) -> Tensor:
        """Latents (B, L, Z) to sound (B, 2, 960 L) float32."""
        told = self.tell(latents_BLZ)
        return self.sounds(told, self.turns(told))[0]

    def tell(self, latents_BLZ: Tensor) -> Told:
        """What latents (B, L, Z) are to sound like, N = 4 L."""
        flat = self.basis.expand(latents_BLZ.float() * self.scale)
        features = rearrange(flat, "b l (f s) -> b f (l s)", s=STEPS)
        hidden = self.decoder(self.enter_decoder(features))
        gain, height, turned = self.head(hidden.transpose(1, 2)).float().mT.split(self.parts, 1)
        mel = rearrange(features, "b (e m) n -> b e m n", e=2)
        noise = _level(torch.einsum("km,bemn->bekn", self.spread, mel)) * _grown(gain)
        height = _level(mel) * self.alone[:, None] * _grown(height)
        # As far as the neighbours' own frequencies.
        frequency = self.centres[:, None] + spacing_of(self.centres)[:, None] * turned.tanh()
        return Told(noise, height, frequency)

    @torch.no_grad()
    def turns(self, told: Told, before_BM: Tensor | None = None) -> Tensor:
        """Phases of the tones (B, M, N), in turns, from those that they had in the first step."""
        return turns_of(told.frequency_BMN, told.height_BEMN.sum(1), before_BM)

    def sounds(
        self,
        told: Told,
        turns_BMN: Tensor,
        seeds: tuple[int, ...] = (NOISE_SEED,),
        first: int = 0,
    ) -> tuple[Tensor, ...]:
        """What was told as sound (B, 2, S), once with each noise: training compares two.

        `first` says how many latents of the film came before: the noise is the film's."""
        start, steps = first * STEPS, turns_BMN.shape[-1]
        tones = sounded(told.height_BEMN, told.frequency_BMN, turns_BMN)
        return tuple(
            waveform(told.noise_BEKN * self._noise(seed, start, steps) + tones, self.window)
            for seed in seeds
        )

    def _noise(self, seed: int, first: int, steps: int) -> Tensor:
        """Spectrum of a fixed unit-power white noise, (1, 1, K, N), the same on any device."""
        generator = torch.Generator().manual_seed(seed)
        # Drawn from its beginning each time: a longer draw starts as a shorter one does, as long
        # as both are multiples of 16.
        white = torch.randn(1, 1, (first + steps) * HOP, generator=generator)
        return spectrum(white[..., first * HOP :].to(self.window.device), self.window)

    @torch.no_grad()
    def fit_linear(self, features_NP: Tensor, flatten: float = 0.6) -> None:
        """Fit the basis to log-mel patches (N, 2 M 4); scales as in the video autoencoder."""
        mean, components, deviation = fit_basis(features_NP, self.cfg.channels)
        self.basis.mean.copy_(mean)
        self.basis.components.copy_(components)
        divisor = deviation.clamp_min(1e-4) ** flatten
        divisor *= ((deviation / divisor) ** 2).mean().sqrt()
        self.scale.copy_(divisor)


def _level(log_power: Tensor) -> Tensor:
    """Magnitude of a power density's logarithm; nothing at the floor."""
    return (torch.exp(0.5 * log_power) - FLOOR**0.5).clamp_min(0)


def _grown(log_gain_BXN: Tensor) -> Tensor:
    """(B, 2 X, N) log gains to gains (B, 2, X, N)."""
    return rearrange(log_gain_BXN.clamp(-6, 3).exp(), "b (e x) n -> b e x n", e=2)


def _height_of_lone_tone(bank_MK: Tensor, centres_M: Tensor) -> Tensor:
    """How tall a tone's lobe is that has a band's whole power, for a density of 1: (M,)."""
    lobes = hann_lobe(torch.arange(BINS)[None] - centres_M[:, None]).square()
    return ((torch.hann_window(WINDOW).square().sum()) / (bank_MK * lobes).sum(1)).sqrt()


def _reach(depth: int) -> int:
    """Latents beside a piece that a stack of `depth` blocks looks at, its spectra included."""
    steps = 1 + 3 * depth + 2 * (WINDOW // HOP)  # a convolution of 3, of 7 each, spectra
    return -(-steps // STEPS)
