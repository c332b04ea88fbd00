"""Short music composed from a seed: a chord loop, a bass, a plucked tune and light drums.

- `compose` keeps the beat of a dancer when there is one.
- Moods differ in tempo, scale, instruments and drums; one entry in `MOODS` each.

Called from sound.py.
"""

from dataclasses import dataclass

import numpy as np

from onereel.backlot.script import SAMPLE_RATE

Signal = np.ndarray


@dataclass(frozen=True)
class Mood:
    beat: float  # seconds
    scale: tuple[int, ...]  # semitones
    chords: tuple[int, ...]  # scale degrees, one for each two beats
    drums: float
    bright: float
    decay: float
    busy: float  # chance of a tune note on each half beat
    en: str
    zh: str


MAJOR, MINOR = (0, 2, 4, 5, 7, 9, 11), (0, 2, 3, 5, 7, 8, 10)
MOODS: dict[str, Mood] = {
    "cheerful": Mood(0.5, MAJOR, (0, 4, 5, 3), 0.5, 0.6, 0.28, 0.75, "cheerful", "欢快的"),
    "calm": Mood(0.75, MAJOR, (0, 3, 5, 4), 0.0, 0.3, 0.8, 0.45, "calm", "平静的"),
    "lively": Mood(0.46, MINOR, (0, 5, 2, 6), 0.9, 0.8, 0.22, 0.8, "lively", "活泼的"),
}


def pluck(frequency: float, seconds: float, decay: float, bright: float) -> Signal:
    time = np.arange(round(seconds * SAMPLE_RATE)) / SAMPLE_RATE
    sound = np.zeros_like(time)
    for harmonic in range(1, 7):
        if frequency * harmonic > SAMPLE_RATE * 0.45:
            break
        level = bright ** (harmonic - 1) / harmonic
        sound += (
            level
            * np.sin(2 * np.pi * frequency * harmonic * time)
            * np.exp(-time * harmonic**0.7 / decay)
        )
    return sound * np.minimum(1.0, time / 0.004)


def add(mix: Signal, sound: Signal, start: float, left: float, right: float) -> None:
    first = round(start * SAMPLE_RATE)
    last = min(first + len(sound), len(mix))
    if last > first:
        mix[first:last, 0] += sound[: last - first] * left
        mix[first:last, 1] += sound[: last - first] * right


def compose(mood_name: str, seed: int, samples: int, beat: float | None = None) -> Signal:
    """(samples, 2). Notes are drawn beat by beat: a longer clip continues the same tune."""
    mood = MOODS[mood_name]
    rng = np.random.Generator(np.random.PCG64([seed, 105]))
    mix = np.zeros((samples, 2))
    root = 196.0 * 2 ** (int(rng.integers(0, 6)) / 12)
    step = mood.beat if beat is None else beat

    def pitch(degree: int, octave: int = 0) -> float:
        octaves, inside = divmod(degree, len(mood.scale))
        return root * 2 ** (octaves + octave + mood.scale[inside] / 12)

    tune = 4
    for count in range(int(samples / SAMPLE_RATE / step) + 1):
        at = count * step
        chord = mood.chords[count // 2 % len(mood.chords)]
        if count % 2 == 0:
            for part, degree in enumerate((chord, chord + 2, chord + 4)):
                sound = pluck(pitch(degree), step * 2.2, mood.decay * 3, mood.bright * 0.6)
                add(mix, sound, at, 0.05 + 0.012 * part, 0.074 - 0.012 * part)
        add(mix, pluck(pitch(chord, -1), step * 1.1, 0.3, 0.5), at, 0.13, 0.13)
        draws = rng.random(4)
        for half in range(2):
            if draws[half] < mood.busy:
                tune = int(np.clip(tune + round((draws[2 + half] - 0.5) * 5), 0, 9))
                degree = chord + (0, 2, 4, 7, 9)[tune // 2]
                sound = pluck(pitch(degree, 1), 0.9, mood.decay, mood.bright)
                add(mix, sound, at + half * step / 2, 0.1, 0.075)
        hiss = rng.standard_normal(round(0.06 * SAMPLE_RATE))
        if mood.drums > 0:
            time = np.arange(round(0.16 * SAMPLE_RATE)) / SAMPLE_RATE
            kick = np.sin(2 * np.pi * (48 * time - 4.5 * np.exp(-time / 0.03) + 4.5)) * np.exp(
                -time / 0.06
            )
            if count % 2 == 0:
                add(mix, kick, at, 0.24 * mood.drums, 0.24 * mood.drums)
            else:
                snap = hiss * np.exp(-np.arange(len(hiss)) / SAMPLE_RATE / 0.018)
                add(mix, snap, at, 0.06 * mood.drums, 0.06 * mood.drums)
            hat = np.diff(hiss, prepend=0.0) * np.exp(-np.arange(len(hiss)) / SAMPLE_RATE / 0.008)
            add(mix, hat, at + step / 2, 0.03 * mood.drums, 0.04 * mood.drums)
    return mix
