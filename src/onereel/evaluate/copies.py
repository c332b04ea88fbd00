"""How faithful a copy is that an autoencoder made: pictures, sound, seams, and its latents.

- pictures (T, H, W, 3) uint8, sound (samples, 2) float32, original first, copy second
- PSNR, flicker and jumps in time are in pixels.py

Called from reconstruct.py, benchmarks/autoencoders.py and the training of both autoencoders.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from onereel.errors import WrongUse
from onereel.evaluate.pixels import to_grey
from onereel.model.shapes import SAMPLES_PER_LATENT
from onereel.model.spectra import FLOOR, WINDOW, band_centres, mel_bank, spectrum
from onereel.model.tones import Tones, heard_tones

BANDS = 64
DECIBELS = 10 / math.log(10)  # of a natural logarithm of power
WIDTH, SIGMA = 11, 1.5  # of the Gaussian window
K1, K2 = (0.01 * 255) ** 2, (0.03 * 255) ** 2
CONVERGENCE_WINDOW = 1024
LIVELY_WINDOW = 512
# What counts as a tone: how certain it is, and its power (about -50 dB), in units of `spectrum`.
CERTAIN, AUDIBLE = 0.6, 0.5


def ssim(a: np.ndarray, b: np.ndarray) -> float:
    """Structural similarity of brightness, mean over frames and places; 1 is equal.

    Wang et al., Image Quality Assessment: From Error Visibility to Structural Similarity, 2004:
    an 11x11 Gaussian window of deviation 1.5, only where all of it lies in the picture, no
    downsampling. nan for pictures smaller than the window.
    """
    if a.shape != b.shape:
        raise WrongUse(f"pictures of shapes {a.shape} and {b.shape} cannot be compared; scale one")
    if min(a.shape[1:3], default=0) < WIDTH or not len(a):
        return math.nan
    offsets = torch.arange(WIDTH, dtype=torch.float64) - WIDTH // 2
    window = torch.exp(-offsets.square() / (2 * SIGMA**2))
    window = window / window.sum()

    def smooth(x_NHW: Tensor) -> Tensor:
        x = x_NHW[:, None]
        return F.conv2d(F.conv2d(x, window.view(1, 1, 1, -1)), window.view(1, 1, -1, 1))

    found = []
    for one, other in zip(a, b, strict=True):  # frame by frame, for long films
        x, y = (torch.from_numpy(to_grey(frame[None])).double()[0] for frame in (one, other))
        mean_x, mean_y, xx, yy, xy = smooth(torch.stack([x, y, x * x, y * y, x * y]))
        var_x, var_y, cov = xx - mean_x**2, yy - mean_y**2, xy - mean_x * mean_y
        likeness = (2 * mean_x * mean_y + K1) * (2 * cov + K2)
        likeness = likeness / ((mean_x**2 + mean_y**2 + K1) * (var_x + var_y + K2))
        found.append(float(likeness.mean()))
    return float(np.mean(found))


# ---------------------------------------------------------------- sound


def log_mel(sound: np.ndarray) -> Tensor:
    """(1, 2, 64, N) natural log of mean power in mel bands every 10 ms, 0 at full-scale noise."""
    window = torch.hann_window(WINDOW)
    power = spectrum(torch.from_numpy(sound.T.copy())[None], window).abs().square()
    power = power / window.square().sum()
    return (torch.einsum("mk,bekn->bemn", mel_bank(BANDS), power) + FLOOR).log()


def log_mel_distance(a: np.ndarray, b: np.ndarray) -> float:
    """Mean absolute difference of both ears' levels in 64 mel bands every 10 ms, dB.

    Levels under -60 dB of full-scale noise count as -60.
    """
    x, y = (log_mel(one) for one in _same_length(a, b))
    return float((x - y).abs().mean()) * DECIBELS


def spectral_convergence(a: np.ndarray, b: np.ndarray) -> float:
    """Frobenius norm of the difference of magnitude spectra over that of the original's: 0 equal,
    1 as far away as silence (Arik et al., arXiv 1808.06719). nan where the original is silent."""
    hann = torch.hann_window(CONVERGENCE_WINDOW)
    x, y = (
        torch.stft(
            torch.from_numpy(one.T.copy()), CONVERGENCE_WINDOW, CONVERGENCE_WINDOW // 4,
            window=hann, return_complex=True,
        ).abs()
        for one in _same_length(a, b)
    )  # fmt: skip
    size = float(x.norm())
    return float((x - y).norm()) / size if size > 1e-6 else math.nan


def liveliness(a: np.ndarray, b: np.ndarray) -> float:
    """How much the copy's spectrum changes from one 21 ms window to the next, as a share of how
    much the original's does: 1 is right, well below 1 noise has become a steady buzz or ring,
    above 1 tones have become noise. nan where the original is silent."""
    x, y = (
        torch.stft(
            torch.from_numpy(one.T.copy()), LIVELY_WINDOW, LIVELY_WINDOW,
            window=torch.hann_window(LIVELY_WINDOW), return_complex=True,
        ).abs().clamp_min(1e-3).log().diff(dim=-1).abs().mean()
        for one in _same_length(a, b)
    )  # fmt: skip
    return float(y / x) if x > 1e-6 else math.nan


def hum(sound: np.ndarray) -> float:
    """How much of a sound (samples, 2) repeats every 40 ms, the length of a latent: correlation
    with itself one latent later, near 0 for noise and for most music. High in a copy whose
    original is not: tones are locked to multiples of 25 Hz, which beat and buzz."""
    mono = sound.mean(1, dtype=np.float64)
    now, before = mono[SAMPLES_PER_LATENT:], mono[:-SAMPLES_PER_LATENT]
    power = math.sqrt(float(now @ now) * float(before @ before))
    return float(now @ before) / power if power > 1e-6 else math.nan


def tones_kept(a: np.ndarray, b: np.ndarray) -> float:
    """Share of the original's tones that the copy has: in the same band at the same moment one
    that is at most half a semitone off. nan where the original has none."""
    centres = band_centres(mel_bank(BANDS))
    x, y = (
        heard_tones(torch.from_numpy(one.T.copy())[None], centres) for one in _same_length(a, b)
    )
    there = _are_tones(x)
    near = (y.frequency_BMN / x.frequency_BMN.clamp_min(0.1)).log2().abs() < 1 / 24
    kept = there & near & _are_tones(y)
    return float(kept.sum() / there.sum()) if there.any() else math.nan


def _are_tones(heard: Tones) -> Tensor:
    return (heard.certainty_BMN > CERTAIN) & (heard.power_BMN > AUDIBLE)


def _same_length(a: np.ndarray, b: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    if a.shape != b.shape:
        raise WrongUse(f"sounds of shapes {a.shape} and {b.shape} cannot be compared; cut one")
    return a, b


# ---------------------------------------------------------------- seams


def tile_seams(a: np.ndarray, b: np.ndarray, tile: int) -> float:
    """How much more the error jumps across borders of tiles than between other neighbours.

    1: tiles cannot be told from the error. Of both directions, over all frames; nan without
    borders, or where the copy has no error.
    """
    at_border, elsewhere = [], []
    for one, other in zip(a, b, strict=True):
        error = other.astype(np.int16) - one
        for axis in (0, 1):
            steps = np.abs(np.diff(error, axis=axis)).mean(axis=(1 - axis, 2))
            borders = np.arange(tile - 1, len(steps), tile)
            at_border.append(steps[borders])
            elsewhere.append(np.delete(steps, borders))
    return _ratio(np.concatenate(at_border), np.concatenate(elsewhere))


def chunk_seams(a: np.ndarray, b: np.ndarray, chunk: int) -> float:
    """The same in time: across the border after frame 0 and then after every `chunk` frames.

    A cut or fast motion anywhere makes the error jump, so compare means over several films.
    """
    error_steps = np.array(
        [
            np.abs((b[t + 1].astype(np.int16) - a[t + 1]) - (b[t].astype(np.int16) - a[t])).mean()
            for t in range(len(a) - 1)
        ]
    )
    borders = np.arange(0, len(error_steps), chunk)
    return _ratio(error_steps[borders], np.delete(error_steps, borders))


def _ratio(at_border: np.ndarray, elsewhere: np.ndarray) -> float:
    if not at_border.size or not elsewhere.size or elsewhere.mean() == 0:
        return math.nan
    return float(at_border.mean() / elsewhere.mean())


# ---------------------------------------------------------------- latents


@dataclass(frozen=True)
class LatentFigures:
    """What a transformer must learn to make.

    power: mean square; 1 is wanted.  loudest, quietest: channels' deviations, of 1 on average.
    neighbours: correlation of latents with the next one across and down, mean over channels
    weighted by their power: near 1 is smooth, 0 is noise.
    after: the same with the latent frame after.
    """

    power: float
    loudest: float
    quietest: float
    neighbours: float
    after: float


def latent_figures(latents_NGZhw: Tensor) -> LatentFigures:
    """Of latents of several films of one size, N films of G latent frames of Z channels."""
    z = latents_NGZhw.double()
    spread = z.transpose(0, 2).flatten(1).std(1)
    z = z - z.mean((0, 1, 3, 4), keepdim=True)

    def correlation(x: Tensor, y: Tensor) -> float:
        return float((x * y).sum() / (x.square().sum() * y.square().sum()).sqrt().clamp_min(1e-12))

    beside = (
        correlation(z[..., 1:], z[..., :-1]),
        correlation(z[..., 1:, :], z[..., :-1, :]),
    )
    return LatentFigures(
        power=float(latents_NGZhw.double().square().mean()),
        loudest=float(spread.max()),
        quietest=float(spread.min()),
        neighbours=sum(beside) / 2,
        after=correlation(z[:, 1:], z[:, :-1]) if z.shape[1] > 1 else math.nan,
    )
