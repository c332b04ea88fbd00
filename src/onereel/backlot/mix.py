"""Mixing: place in the stereo picture, the sound of a room, loudness, and a ceiling.

- `place_in` pans at equal power with a small delay for the far ear
- `reverberate` convolves with decaying noise, one impulse per kind of room
- `loudness` is ITU-R BS.1770-4 (K-weighting, 400 ms blocks, two gates) in LUFS
- `master` brings a mix to -16 LUFS with true peaks under -1 dBFS (four times oversampled), by a
  look-ahead limiter: gains move smoothly, nothing is clipped

Called from sound.py and tests.
"""

from functools import lru_cache
from math import cos, log10, pi, sin, sqrt, tan

import numpy as np
from scipy.ndimage import minimum_filter1d, uniform_filter1d
from scipy.signal import oaconvolve, resample_poly, sosfilt

from onereel.backlot.synth import SAMPLE_RATE, Signal, band, noise_for

TARGET_LUFS = -16.0
CEILING_DB = -1.2  # true peak aimed at; the promise is -1
EAR_DELAY = 0.00028  # seconds from one ear to the other, sound from the side


def place_in(mix: Signal, sound: Signal, start: int, x: float, gain: float) -> None:
    """Adds a mono sound whose first sample is at `start`, at `x` (0 left to 1 right) of the
    picture. What lies outside the clip is cut."""
    side = min(1.0, max(0.0, x))
    angle = (0.12 + 0.76 * side) * pi / 2
    late = round(abs(side - 0.5) * 2 * EAR_DELAY * SAMPLE_RATE)
    for ear, level in ((0, cos(angle)), (1, sin(angle))):
        first = start + (late if (ear == 0) == (side > 0.5) else 0)
        begin, end = max(first, 0), min(first + len(sound), len(mix))
        if end > begin:
            mix[begin:end, ear] += sound[begin - first : end - first] * np.float32(gain * level)


def place_along(mix: Signal, sound: Signal, start: int, xs: np.ndarray, gain: float) -> None:
    """Like `place_in` for a long sound whose place moves: xs (T,) at 24 fps of the whole clip."""
    begin, end = max(start, 0), min(start + len(sound), len(mix))
    if end <= begin:
        return
    frames = np.arange(begin, end, dtype=np.float32) * np.float32(24 / SAMPLE_RATE)
    side = np.interp(frames, np.arange(len(xs)), np.clip(xs, 0, 1)).astype(np.float32)
    angle = (0.12 + 0.76 * side) * np.float32(pi / 2)
    piece = sound[begin - start : end - start] * np.float32(gain)
    mix[begin:end, 0] += piece * np.cos(angle)
    mix[begin:end, 1] += piece * np.sin(angle)


# Seconds to -60 dB, level, band of the tail.
ROOMS: dict[str, tuple[float, float, float, float]] = {
    "open": (0.25, 0.05, 300, 5000),
    "street": (0.5, 0.09, 250, 5500),
    "grove": (0.4, 0.07, 400, 5000),
    "room": (0.35, 0.13, 200, 6500),
    "tiled": (0.55, 0.16, 250, 8500),
    "hall": (1.3, 0.2, 150, 6000),
    "metal": (0.8, 0.17, 300, 7500),
}


@lru_cache(maxsize=16)
def impulse(room: str) -> Signal:
    """(samples, 2): early echoes, then a tail of noise that decays and darkens."""
    seconds, level, low, high = ROOMS[room]
    rng = noise_for(601, sum(room.encode()))
    count = round(min(seconds, 0.9) * SAMPLE_RATE)
    time = np.arange(count)[:, None] / SAMPLE_RATE
    tail = rng.standard_normal((count, 2)) * 10.0 ** (-3 * time / seconds)
    tail *= np.clip(time / 0.02, 0, 1)
    for _ in range(7):
        at = round(rng.uniform(0.006, 0.035) * SAMPLE_RATE)
        tail[at, int(rng.integers(2))] += rng.uniform(2, 5)
    sound = band(tail, low, high, 1) * np.linspace(1, 0, count)[:, None] ** 0.5
    sound /= np.sqrt((sound**2).sum(axis=0))
    return (sound * level * 3).astype(np.float32)


def reverberate(dry: Signal, room: str) -> Signal:
    """The tail alone, (samples, 2) like the dry mix."""
    return oaconvolve(dry, impulse(room), axes=0)[: len(dry)].astype(np.float32)


@lru_cache(maxsize=4)
def k_weighting(rate: int) -> np.ndarray:
    """Second-order sections of the two filters of BS.1770-4, for any sample rate.

    The standard lists coefficients for 48 kHz; these are its analogue prototypes (a high shelf of
    +4 dB above 1.7 kHz, a high pass at 38 Hz) taken through the bilinear transform at `rate`.
    """
    sections = []
    gain, quality, corner = 3.999843853973347, 0.7071752369554196, 1681.974450955533
    k = tan(pi * corner / rate)
    high, mid = 10 ** (gain / 20), (10 ** (gain / 20)) ** 0.4996667741545416
    scale = 1 + k / quality + k * k
    sections.append(
        (
            (high + mid * k / quality + k * k) / scale,
            2 * (k * k - high) / scale,
            (high - mid * k / quality + k * k) / scale,
            1.0,
            2 * (k * k - 1) / scale,
            (1 - k / quality + k * k) / scale,
        )
    )
    quality, corner = 0.5003270373238773, 38.13547087602444
    k = tan(pi * corner / rate)
    scale = 1 + k / quality + k * k
    sections.append(
        (1.0, -2.0, 1.0, 1.0, 2 * (k * k - 1) / scale, (1 - k / quality + k * k) / scale)
    )
    return np.array(sections)


def loudness(sound: Signal, rate: int = SAMPLE_RATE) -> float:
    """Integrated loudness of (samples, 2) in LUFS; -inf for silence."""
    weighted = sosfilt(k_weighting(rate), sound, axis=0)
    power = (weighted**2).sum(axis=1)
    block, hop = round(0.4 * rate), round(0.1 * rate)
    if len(power) < block:
        return _lufs(float(power.mean())) if len(power) else -np.inf
    total = np.concatenate([[0.0], np.cumsum(power)])
    starts = np.arange(0, len(power) - block + 1, hop)
    blocks = (total[starts + block] - total[starts]) / block
    loud = blocks[blocks > 10 ** ((-70 + 0.691) / 10)]
    if len(loud) == 0:
        return -np.inf
    gate = 10 ** ((_lufs(float(loud.mean())) - 10 + 0.691) / 10)
    return _lufs(float(loud[loud > gate].mean()))


def _lufs(power: float) -> float:
    return -0.691 + 10 * log10(power) if power > 0 else -np.inf


def true_peak(sound: Signal) -> float:
    """The highest value between the samples too, four times oversampled (BS.1770-4 annex 2)."""
    return float(np.abs(resample_poly(sound, 4, 1, axis=0)).max())


def peak_envelope(sound: Signal) -> Signal:
    """(samples,): the highest value around each sample in either ear, between samples too."""
    fine = np.abs(resample_poly(sound, 4, 1, axis=0)).max(axis=1).reshape(-1, 4).max(axis=1)
    # What lies between two samples belongs to both.
    return np.maximum(fine, np.roll(fine, 1)).astype(np.float32)


def limiter_gain(peaks: Signal, ceiling: float) -> Signal | None:
    """(samples,) gain that keeps `peaks` under the ceiling: down within 3 ms before a peak, up
    within 40 ms after it; None if nothing is to be done."""
    if peaks.max() <= ceiling:
        return None
    need = np.minimum(1.0, ceiling / np.maximum(peaks, 1e-9))
    ahead, behind = round(0.003 * SAMPLE_RATE), round(0.04 * SAMPLE_RATE)
    # A minimum over the window [-behind, +ahead], then a mean over what `ahead` still covers.
    held = minimum_filter1d(need, ahead + behind + 1, origin=(behind - ahead) // 2)
    return np.asarray(uniform_filter1d(held, 2 * (ahead // 2) + 1), np.float32)


def master(mix: Signal) -> Signal:
    """(samples, 2) float32 at -16 LUFS under the ceiling. Silence stays silence."""
    ceiling = 10 ** (CEILING_DB / 20)
    sound = mix.astype(np.float32)
    level = loudness(sound)
    if not np.isfinite(level):
        return sound
    peaks = peak_envelope(sound)
    gain = 1.0
    for _ in range(5):
        gain *= 10 ** ((TARGET_LUFS - level) / 20)
        sound = mix * np.float32(gain)
        held = limiter_gain(peaks * np.float32(gain), ceiling)
        if held is None:
            break
        sound *= held[:, None]
        level = loudness(sound)
        if abs(level - TARGET_LUFS) < 0.2:
            break
    edge = round(0.004 * SAMPLE_RATE)
    if len(sound) > 2 * edge:
        ramp = np.linspace(0, 1, edge, dtype=np.float32)[:, None]
        sound[:edge] *= ramp
        sound[-edge:] *= ramp[::-1]
    return sound


def decibels(ratio: float) -> float:
    return 20 * log10(max(ratio, 1e-12))


def rms(sound: Signal) -> float:
    return sqrt(float(np.mean(np.square(sound, dtype=np.float64))))
