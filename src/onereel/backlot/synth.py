"""The small tools that every sound is made of: noise, bands, envelopes, falling tones, modes.

- everything is float32 at 24 kHz; a mono sound is (samples,), a stereo one (samples, 2)
- `noise_for` gives a generator named by integers, so that no sound depends on another

Called from foley.py, animal_voices.py, ambience.py, music.py, voice.py, mix.py and sound.py.
"""

from functools import lru_cache

import numpy as np
from scipy.signal import butter, sosfilt

from onereel.backlot.script import SAMPLE_RATE

__all__ = ["SAMPLE_RATE", "Signal", "band", "fade", "modes", "noise_for", "thud", "times_of"]

Signal = np.ndarray


def noise_for(*keys: int) -> np.random.Generator:
    return np.random.Generator(np.random.PCG64(list(keys)))


@lru_cache(maxsize=512)
def _sections(low: float, high: float, order: int) -> np.ndarray:
    top = min(high, SAMPLE_RATE * 0.49)
    if low <= 0:
        return np.asarray(butter(order, top, "low", fs=SAMPLE_RATE, output="sos"))
    if top >= SAMPLE_RATE * 0.49:
        return np.asarray(butter(order, low, "high", fs=SAMPLE_RATE, output="sos"))
    return np.asarray(butter(order, (low, top), "band", fs=SAMPLE_RATE, output="sos"))


def band(signal: Signal, low: float, high: float, order: int = 2) -> Signal:
    """What of the signal lies between `low` and `high` Hz (Butterworth, along the first axis)."""
    sections = _sections(round(float(low), 1), round(float(high), 1), order)
    return np.asarray(sosfilt(sections, signal, axis=0)).astype(np.float32)


def times_of(seconds: float) -> Signal:
    return np.arange(round(seconds * SAMPLE_RATE), dtype=np.float32) / np.float32(SAMPLE_RATE)


def fade(seconds: float, decay: float, attack: float = 0.001) -> Signal:
    """Up within `attack` seconds, then down by 1/e every `decay`, to silence at the very end."""
    time = times_of(seconds)
    shape = np.minimum(1.0, (time + 1e-4) / attack) * np.exp(-time / decay)
    last = min(len(time), 96)
    shape[-last:] *= np.linspace(1, 0, last)
    return shape.astype(np.float32)


def thud(seconds: float, start: float, end: float, decay: float) -> Signal:
    """A low tone that falls from `start` to `end` Hz: weight."""
    time = times_of(seconds)
    pitch = end + (start - end) * np.exp(-time / (decay * 0.5))
    turns = np.cumsum(pitch) / SAMPLE_RATE
    return np.sin(2 * np.pi * turns).astype(np.float32) * fade(seconds, decay)


def modes(
    seconds: float, partials: tuple[tuple[float, float, float], ...], scale: float = 1.0
) -> Signal:
    """A struck body: partials of (Hz, level, decay in seconds) that ring from the same instant."""
    time = times_of(seconds)
    sound = np.zeros_like(time)
    for pitch, level, decay in partials:
        if pitch * scale < SAMPLE_RATE * 0.47:
            ring = np.sin(np.float32(2 * np.pi * pitch * scale) * time)
            sound += level * ring * np.exp(-time / np.float32(decay))
    last = min(len(time), 240)
    sound[-last:] *= np.linspace(1, 0, last)
    return sound.astype(np.float32)
