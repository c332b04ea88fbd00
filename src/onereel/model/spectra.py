"""Sound to spectra and back: short-time Fourier transform every 10 ms, mel bands.

Shape legend: B batch, E ears 2, S samples, M mel bands, N 10 ms steps, K frequency bins.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor

from onereel.model.shapes import SAMPLE_RATE

HOP = 240  # 10 ms
WINDOW = 960
BINS = WINDOW // 2 + 1
FLOOR = 1e-6  # power density under which a band counts as silent: -60 dB


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


def between_bands(centres_M: Tensor) -> Tensor:
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
