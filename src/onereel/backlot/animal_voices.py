"""Voices of animals: dog, cat, bird and horse, synthesised from pitch contours and throats.

- each is a source with a moving pitch through a fixed throat, onset at sample 0
- a generator varies pitch and length, so no two barks are the same

Called from foley.py.
"""

from collections.abc import Callable

import numpy as np

from onereel.backlot.synth import SAMPLE_RATE, Signal, band, fade, times_of

Rng = np.random.Generator


def buzz(pitch: Signal, brightness: float, top: float = 9000.0) -> Signal:
    """A throat's source: harmonics of a moving pitch (Hz per sample)."""
    turns = (2 * np.pi * np.cumsum(pitch) / SAMPLE_RATE).astype(np.float32)
    sound = np.zeros(len(pitch), np.float32)
    for number in range(1, int(top / float(pitch.mean())) + 1):
        sound += np.float32(number**-brightness) * np.sin(number * turns)
    return sound


def throat(source: Signal, *formants: tuple[float, float, float]) -> Signal:
    """Resonances of (Hz, width, level)."""
    sound = np.zeros_like(source)
    for pitch, width, level in formants:
        sound += np.float32(level) * band(source, pitch - width, pitch + width, 1)
    return sound


def shaped(sound: Signal, *corners: tuple[float, float]) -> Signal:
    """Loudness through (part of the length, level)."""
    places = np.linspace(0, 1, len(sound))
    xs, ys = zip(*corners, strict=True)
    loud = sound * np.interp(places, xs, ys).astype(np.float32)
    return loud / np.float32(np.abs(loud).max() + 1e-9)


def bark(rng: Rng) -> Signal:
    seconds, base = rng.uniform(0.17, 0.24), rng.uniform(330, 470)
    inside = np.linspace(0, 1, round(seconds * SAMPLE_RATE))
    pitch = base * (0.8 + 0.55 * np.sin(np.pi * inside**0.6) - 0.35 * inside)
    rough = rng.standard_normal(len(pitch)).astype(np.float32)
    source = buzz(pitch, 0.7) + 0.9 * band(rough, 500, 4500, 1)
    sound = throat(source, (620, 160, 1.0), (1250, 260, 0.9), (2500, 500, 0.4))
    return shaped(sound, (0, 0.75), (0.06, 1), (0.45, 0.7), (1, 0))


def growl(rng: Rng) -> Signal:
    seconds, base = rng.uniform(0.6, 0.9), rng.uniform(75, 95)
    time = times_of(seconds)
    pitch = base * (1 + 0.05 * np.sin(2 * np.pi * 3 * time))
    sound = buzz(pitch, 0.6, 4000) * (0.6 + 0.4 * np.sign(np.sin(2 * np.pi * 27 * time)))
    return shaped(
        throat(sound, (420, 160, 1.0), (900, 200, 0.5)), (0, 0.5), (0.1, 1), (0.8, 0.9), (1, 0)
    )


def meow(rng: Rng) -> Signal:
    seconds, base = rng.uniform(0.5, 0.75), rng.uniform(520, 700)
    inside = np.linspace(0, 1, round(seconds * SAMPLE_RATE))
    pitch = base * (0.8 + 0.45 * np.sin(np.pi * inside**0.7) - 0.1 * inside)
    source = buzz(pitch, 0.9)
    opening = np.interp(inside, (0, 0.25, 0.55, 1), (0, 1, 1, 0)).astype(np.float32)
    closed = throat(source, (700, 200, 1.0), (2300, 400, 0.3))
    wide = throat(source, (1150, 250, 1.0), (1900, 350, 0.7), (3600, 600, 0.3))
    return shaped(closed * (1 - opening) + wide * opening, (0, 0.6), (0.06, 0.9), (0.4, 1), (1, 0))


def tweet(rng: Rng) -> Signal:
    parts = []
    base = rng.uniform(2700, 4300)
    for number in range(int(rng.integers(2, 5))):
        seconds = rng.uniform(0.06, 0.11)
        inside = np.linspace(0, 1, round(seconds * SAMPLE_RATE))
        bend = 0.24 * (1 if number % 2 else -1) * np.sin(np.pi * inside) + 0.1 * (0.5 - inside)
        turns = 2 * np.pi * np.cumsum(base * (1 + bend)) / SAMPLE_RATE
        call = (np.sin(turns) + 0.12 * np.sin(2 * turns)) * np.sin(np.pi * inside) ** 0.5
        parts += [
            call.astype(np.float32),
            np.zeros(round(rng.uniform(0.02, 0.05) * SAMPLE_RATE), np.float32),
        ]
    return np.concatenate(parts)


def neigh(rng: Rng) -> Signal:
    seconds, base = rng.uniform(0.95, 1.25), rng.uniform(620, 780)
    time = times_of(seconds)
    inside = time / seconds
    pitch = base * np.interp(inside, (0, 0.15, 0.5, 1), (0.9, 1.3, 1.05, 0.45))
    pitch = pitch * (1 + 0.07 * np.sin(2 * np.pi * 11.5 * time) * np.clip(inside * 3, 0, 1))
    rough = band(rng.standard_normal(len(time)).astype(np.float32), 700, 5000, 1)
    source = buzz(pitch, 0.8) + 0.35 * rough
    sound = throat(source, (900, 260, 1.0), (1750, 350, 0.8), (3000, 500, 0.4))
    flutter = 0.7 + 0.3 * np.sin(2 * np.pi * 11.5 * time).astype(np.float32)
    return shaped(sound * flutter, (0, 0.6), (0.05, 1), (0.6, 0.8), (1, 0))


def snort(rng: Rng) -> Signal:
    sound = band(rng.standard_normal(round(0.35 * SAMPLE_RATE)).astype(np.float32), 250, 2800, 1)
    time = times_of(0.35)
    return shaped(
        sound * (0.6 + 0.4 * np.sin(2 * np.pi * 34 * time)) * fade(0.35, 0.12, 0.01), (0, 1), (1, 0)
    )


def purr(rng: Rng) -> Signal:
    time = times_of(0.9)
    pulse = np.maximum(0, np.sin(2 * np.pi * rng.uniform(23, 27) * time)) ** 3
    sound = band(rng.standard_normal(len(time)).astype(np.float32), 90, 900, 1) * pulse
    return shaped(sound, (0, 0.5), (0.2, 1), (0.8, 1), (1, 0))


VOICES: dict[str, Callable[[Rng], Signal]] = {
    "bark": bark,
    "growl": growl,
    "meow": meow,
    "purr": purr,
    "tweet": tweet,
    "neigh": neigh,
    "snort": snort,
}
