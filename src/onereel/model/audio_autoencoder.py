"""Sound to latents and back: stereo 24 kHz, 25 latents a second.

- encoder: log-mel of left and right, four 10 ms steps to one latent, through a linear basis
  (principal components) plus a convolutional residual that starts from zero
- decoder: the basis back to log-mel plus a residual; then an iSTFT head (after Vocos,
  arXiv 2306.00814) whose spectrum is a shaped noise plus a learned tonal part
- the noise is one fixed signal shared by both ears: decoding is deterministic, a sound that
  was in the middle stays there, and before any training the head is already a noise vocoder
- nothing reaches further than a fraction of a second: piece by piece equals the whole

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
from onereel.model.shapes import SAMPLE_RATE, SAMPLES_PER_LATENT
from onereel.model.video_autoencoder import LinearBasis, fit_basis

HOP = 240  # 10 ms
WINDOW = 960
STEPS = SAMPLES_PER_LATENT // HOP
BINS = WINDOW // 2 + 1
FLOOR = 1e-6  # power density under which a band counts as silent: -60 dB
NOISE_SEED = 1926
PIECE = 250  # latents that are encoded or decoded at a time: 10 s


@dataclass(frozen=True)
class AudioAutoencoderConfig:
    channels: int = 64
    mel_bands: int = 64
    width: int = 192
    encoder_depth: int = 2
    decoder_depth: int = 4


# ---------------------------------------------------------------- spectra


def mel_bank(bands: int) -> Tensor:
    """Triangular bands equal on the HTK mel scale, each averaging its bins: (bands, BINS)."""
    hertz = torch.linspace(0, SAMPLE_RATE / 2, BINS, dtype=torch.float64)
    top = 2595 * torch.log10(torch.tensor(1 + SAMPLE_RATE / 2 / 700, dtype=torch.float64))
    edges = 700 * (10 ** (torch.linspace(0, float(top), bands + 2, dtype=torch.float64) / 2595) - 1)
    # Near 0 Hz bands are narrower than a bin: widen them so that none is empty.
    spread = torch.full_like(edges, SAMPLE_RATE / WINDOW).cumsum(0) - SAMPLE_RATE / WINDOW
    edges = torch.maximum(edges, spread)
    edges = edges * (SAMPLE_RATE / 2 / edges[-1])
    low, mid, high = edges[:-2, None], edges[1:-1, None], edges[2:, None]
    weights = torch.minimum((hertz - low) / (mid - low), (high - hertz) / (high - mid)).clamp_min(0)
    weights = weights + 1e-6 * (hertz - mid).abs().eq((hertz - mid).abs().amin(1, keepdim=True))
    return (weights / weights.sum(1, keepdim=True)).float()


def band_centres(bank_MK: Tensor) -> Tensor:
    """Mean bin of every band, (M,)."""
    return bank_MK @ torch.arange(BINS, dtype=bank_MK.dtype)


def spectrum(sound_BES: Tensor, window: Tensor) -> Tensor:
    """Complex STFT (B, E, K, N). Step n is centred on sample 240 n + 120, N = ceil(S / 240)."""
    steps = -(-sound_BES.shape[-1] // HOP)
    left = WINDOW // 2 - HOP // 2
    padded = F.pad(sound_BES, (left, WINDOW + HOP * steps - sound_BES.shape[-1] - left))
    frames = padded.unfold(-1, WINDOW, HOP)[..., :steps, :]
    return torch.fft.rfft(frames * window).transpose(-1, -2)


def waveform(spectrum_BEKN: Tensor, window: Tensor) -> Tensor:
    """Inverse of `spectrum` by weighted overlap-add: (B, E, 240 N)."""
    batch, ears, _, steps = spectrum_BEKN.shape
    frames = torch.fft.irfft(spectrum_BEKN.transpose(-1, -2), WINDOW) * window
    total = WINDOW + HOP * (steps - 1)

    def overlap_add(frames_XNW: Tensor) -> Tensor:
        folded = F.fold(frames_XNW.transpose(1, 2), (1, total), (1, WINDOW), stride=(1, HOP))
        return folded[:, 0, 0]

    sound = overlap_add(frames.reshape(batch * ears, steps, WINDOW))
    weight = overlap_add((window * window).expand(1, steps, WINDOW))
    left = WINDOW // 2 - HOP // 2
    sound = (sound / weight.clamp_min(1e-3))[:, left : left + HOP * steps]
    return sound.view(batch, ears, -1)


# ---------------------------------------------------------------- networks


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
        self.register_buffer("spread", _interpolation(band_centres(bank)), persistent=False)
        self.scale: Tensor
        self.window: Tensor
        self.bank: Tensor
        self.spread: Tensor
        self.enter_encoder = nn.Conv1d(features, cfg.width, 3, padding=1)
        self.encoder = nn.Sequential(*(Block(cfg.width) for _ in range(cfg.encoder_depth)))
        self.leave_encoder = zero_init(nn.Linear(STEPS * cfg.width, cfg.channels))
        self.enter_decoder = nn.Conv1d(features, cfg.width, 3, padding=1)
        self.decoder = nn.Sequential(*(Block(cfg.width) for _ in range(cfg.decoder_depth)))
        # Per ear and bin: log gain of the noise, and the tonal part's cosine and sine.
        self.head = zero_init(nn.Linear(cfg.width, 2 * 3 * BINS))

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
        margin = _reach(self.cfg.decoder_depth)
        for start in range(0, latents_BLZ.shape[1], latents):
            first = max(0, start - margin)
            piece = self.decode(latents_BLZ[:, first : start + latents + margin], first)
            skip = (start - first) * SAMPLES_PER_LATENT
            yield piece[..., skip : skip + latents * SAMPLES_PER_LATENT]

    def decode(self, latents_BLZ: Tensor, first: int = 0) -> Tensor:
        """Latents (B, L, Z) to sound (B, 2, 960 L) float32.

        `first` says how many latents of the film came before: noise and phases are the film's.
        """
        return self.sounds(latents_BLZ, (NOISE_SEED,), first)[0]

    def sounds(
        self, latents_BLZ: Tensor, seeds: tuple[int, ...], first: int = 0
    ) -> tuple[Tensor, ...]:
        """The same latents sounded with other noises: training compares two."""
        flat = self.basis.expand(latents_BLZ.float() * self.scale)
        features = rearrange(flat, "b l (f s) -> b f (l s)", s=STEPS)
        hidden = self.decoder(self.enter_decoder(features))
        gain, cosine, sine = rearrange(
            self.head(hidden.transpose(1, 2)).float(), "b n (p e k) -> p b e k n", p=3, e=2
        )
        mel = rearrange(features, "b (e m) n -> b e m n", e=2)
        level = torch.exp(0.5 * torch.einsum("km,bemn->bekn", self.spread, mel))
        level = (level - FLOOR**0.5).clamp_min(0)
        start, steps = first * STEPS, level.shape[-1]
        turn = self._carrier(start, steps)
        tone = torch.complex(cosine, sine) * turn * self.window.square().sum().sqrt()
        loud = gain.clamp(-6, 3).exp()
        return tuple(
            waveform(level * (self._noise(seed, start, steps) * loud + tone), self.window)
            for seed in seeds
        )

    def _noise(self, seed: int, first: int, steps: int) -> Tensor:
        """Spectrum of a fixed unit-power white noise, (1, 1, K, N), the same on any device."""
        generator = torch.Generator().manual_seed(seed)
        # Drawn from its beginning each time: a longer draw starts as a shorter one does, as long
        # as both are multiples of 16.
        white = torch.randn(1, 1, (first + steps) * HOP, generator=generator)
        return spectrum(white[..., first * HOP :].to(self.window.device), self.window)

    def _carrier(self, first: int, steps: int) -> Tensor:
        """Phase that a steady tone at each bin's own frequency has at every step, (K, N)."""
        turns = torch.arange(BINS)[:, None] * torch.arange(first, first + steps)[None] * HOP
        angle = (turns % WINDOW).to(self.window.device) * (2 * torch.pi / WINDOW)
        return torch.polar(torch.ones_like(angle), angle)

    @torch.no_grad()
    def fit_linear(self, features_NP: Tensor, flatten: float = 0.6) -> None:
        """Fit the basis to log-mel patches (N, 2 M 4); scales as in the video autoencoder."""
        mean, components, deviation = fit_basis(features_NP, self.cfg.channels)
        self.basis.mean.copy_(mean)
        self.basis.components.copy_(components)
        divisor = deviation.clamp_min(1e-4) ** flatten
        divisor *= ((deviation / divisor) ** 2).mean().sqrt()
        self.scale.copy_(divisor)


def _reach(depth: int) -> int:
    """Latents beside a piece that a stack of `depth` blocks looks at, its spectra included."""
    steps = 1 + 3 * depth + 2 * (WINDOW // HOP)  # a convolution of 3, of 7 each, spectra
    return -(-steps // STEPS)


def _interpolation(centres_M: Tensor) -> Tensor:
    """Weights (K, M) that interpolate a value per band to a value per bin, flat at the ends."""
    bins = torch.arange(BINS, dtype=centres_M.dtype)
    right = torch.searchsorted(centres_M, bins).clamp(1, len(centres_M) - 1)
    low, high = centres_M[right - 1], centres_M[right]
    share = ((bins - low) / (high - low)).clamp(0, 1)
    weights = torch.zeros(BINS, len(centres_M))
    rows = torch.arange(BINS)
    weights[rows, right - 1] = 1 - share
    weights[rows, right] += share
    return weights
