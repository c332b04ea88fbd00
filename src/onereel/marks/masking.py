"""How much noise a sound hides from the ear: half-overlapped frames and their masking threshold.

- bands one Bark wide; each masks its neighbours by Schroeder's spreading function
- 5.5 dB under noise, 14.5 dB and a dB a Bark under tones (Johnston), told apart by flatness
- the outer ear counts: a rumble that is hardly heard hides little above it

Sources: Schroeder et al., Optimizing digital speech coders by exploiting masking properties of the
human ear (1979); Johnston, Transform coding of audio signals using perceptual noise criteria
(1988); Terhardt's outer ear as in ITU-R BS.1387. Called from marks.sound.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

# Letters that names end in: N samples, F frames, K bins, B bands.


def window_size(seconds: float, rate: int) -> int:
    """Samples of a window: even."""
    return max(16, 2 * round(seconds * rate / 2))


def _window(size: int) -> np.ndarray:
    """Half-overlapped and used twice, its squares add up to 1."""
    return np.sin(np.pi * (np.arange(size, dtype=np.float32) + 0.5) / size)


def stft(signal_N: np.ndarray, size: int) -> np.ndarray:
    """(F, K) complex64, one frame every half window, reaching over both ends."""
    hop = size // 2
    padded = np.pad(signal_N.astype(np.float32, copy=False), (hop, size))
    frames = np.lib.stride_tricks.sliding_window_view(padded, size)[::hop]
    return np.fft.rfft(frames * _window(size), axis=-1)


def from_stft(spectra_FK: np.ndarray, size: int, samples: int) -> np.ndarray:
    """The inverse of `stft`: (samples,) float32."""
    hop = size // 2
    frames = np.fft.irfft(spectra_FK, size, axis=-1) * _window(size)
    out = np.zeros((len(frames) + 1, hop), np.float32)
    out[:-1] += frames[:, :hop]
    out[1:] += frames[:, hop:]
    return out.reshape(-1)[hop : hop + samples]


@dataclass(frozen=True)
class _Bands:
    """Bark bands of a window. sums: (K, B).  bins: (B,) how many.  spread, blur: (B, B).
    centres: (B,) in Bark.  back: (B, K), which interpolates."""

    sums: np.ndarray
    bins: np.ndarray
    spread: np.ndarray
    blur: np.ndarray
    centres: np.ndarray
    back: np.ndarray


@lru_cache(maxsize=16)
def _bands(size: int, rate: int) -> _Bands:
    frequency = np.arange(size // 2 + 1) * rate / size
    bark = 13 * np.arctan(0.00076 * frequency) + 3.5 * np.arctan((frequency / 7500) ** 2)
    numbers, band = np.unique(bark.astype(int), return_inverse=True)
    sums = np.eye(len(numbers))[band]
    centres = numbers + 0.5
    step = centres[None] - centres[:, None] + 0.474
    spread = 10 ** ((15.81 + 7.5 * step - 17.5 * np.sqrt(1 + step**2)) / 10)
    spread /= spread.sum(0)
    # A rumble that the ear hardly hears hides little above it (Terhardt's outer ear, in BS.1387).
    ear = 10 ** (-0.2184 * (np.interp(centres, bark, frequency).clip(20) / 1000) ** -0.8)
    spread *= ear[:, None] / ear
    blur = np.exp(-0.5 * (centres[None] - centres[:, None]) ** 2)
    back = np.stack([np.interp(bark, centres, row) for row in np.eye(len(centres))])
    arrays = (sums, sums.sum(0), spread, blur, centres, back)
    return _Bands(*(one.astype(np.float32) for one in arrays))


def masking_threshold(power_FK: np.ndarray, size: int, rate: int, onsets: bool) -> np.ndarray:
    """The masking threshold: the power per bin that hides under `power_FK`, (F, K).

    onsets: let it rise no faster than fourfold a frame. Little is masked before a sound begins.
    """
    bands = _bands(size, rate)
    energy = power_FK @ bands.sums
    logs = np.log(power_FK + 1e-12) @ bands.sums
    # How flat the spectrum is about each band, in dB: -2.5 for noise, far below for tones.
    weight = bands.bins @ bands.blur
    flatness = 4.343 * (
        (logs @ bands.blur) / weight - np.log((energy @ bands.blur) / weight + 1e-12)
    )
    tonal = np.clip((-flatness - 3) / 14, 0, 1)
    offset = tonal * (14.5 + bands.centres) + (1 - tonal) * 5.5
    threshold = (energy @ bands.spread) / bands.bins * 10 ** (-offset / 10)
    if onsets:
        threshold[1:] = np.minimum(threshold[1:], 4 * threshold[:-1])
    return threshold @ bands.back
