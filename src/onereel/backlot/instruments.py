"""Instruments and drums, synthesised: a pitch or a name in, a note out.

- tones are sums of harmonics with their own decays, breath or bow where the instrument has them
- every note is the same whenever it is played: notes are cached and only cut and scaled
- `play(instrument, midi, seconds)` and `strike(drum)` are what music.py uses

Called from music.py and sound.py (chimes).
"""

from functools import lru_cache

import numpy as np

from onereel.backlot.synth import SAMPLE_RATE, Signal, band, fade, modes, noise_for, thud, times_of

LONGEST_NOTE = 2.6


def hertz(midi: float) -> float:
    return float(440.0 * 2.0 ** ((midi - 69) / 12))


def harmonics(
    pitch: float, seconds: float, levels: tuple[float, ...], decay: float, faster: float = 0.7
) -> Signal:
    """Partials n with level levels[n-1], each decaying n**faster times as fast."""
    time = times_of(seconds)
    sound = np.zeros_like(time)
    for number, level in enumerate(levels, 1):
        if pitch * number > SAMPLE_RATE * 0.45:
            break
        ring = np.sin(np.float32(2 * np.pi * pitch * number * (1 + 0.00008 * number**2)) * time)
        sound += np.float32(level) * ring * np.exp(time * np.float32(-(number**faster) / decay))
    return sound


def swept(pitch: float, bend: Signal, levels: tuple[float, ...]) -> Signal:
    """Steady partials whose pitch is multiplied by `bend` over time: bowed and blown notes."""
    turns = (np.cumsum(bend) * (2 * np.pi * pitch / SAMPLE_RATE)).astype(np.float32)
    sound = np.zeros(len(bend), np.float32)
    for number, level in enumerate(levels, 1):
        if pitch * number > SAMPLE_RATE * 0.45:
            break
        sound += np.float32(level) * np.sin(number * turns)
    return sound


def vibrato(seconds: float, depth: float, rate: float = 5.3, after: float = 0.25) -> Signal:
    time = times_of(seconds)
    swell = np.clip((time - after) / 0.3, 0, 1)
    return 1 + depth * swell * np.sin(2 * np.pi * rate * time)


def rise(seconds: float, attack: float) -> Signal:
    return np.clip(times_of(seconds) / attack, 0, 1).astype(np.float32) ** 0.8


def piano(pitch: float, long: float) -> Signal:
    levels = tuple(0.9 ** (n * pitch / 160) / n**0.9 for n in range(1, 14))
    hammer = band(noise_for(501).standard_normal(960), 900, 4000, 1) * fade(0.04, 0.006) * 0.12
    sound = harmonics(pitch, long, levels, 1.9 * (220 / pitch) ** 0.5, 0.6) * rise(long, 0.002)
    sound[: len(hammer)] += hammer
    return sound * 0.5


def zither(pitch: float, long: float) -> Signal:
    """A plucked silk or steel string, as of a guzheng or harp."""
    levels = tuple(abs(np.sin(np.pi * n * 0.19)) / n**1.05 for n in range(1, 18))
    return harmonics(pitch, long, levels, 1.3 * (330 / pitch) ** 0.4, 0.85) * rise(long, 0.001)


def guitar(pitch: float, long: float) -> Signal:
    levels = tuple(abs(np.sin(np.pi * n * 0.27)) / n**1.35 for n in range(1, 12))
    return harmonics(pitch, long, levels, 0.75 * (220 / pitch) ** 0.3, 0.7) * rise(long, 0.003)


def bass(pitch: float, long: float) -> Signal:
    return harmonics(pitch, long, (1.0, 0.55, 0.3, 0.15, 0.08), 0.7, 0.6) * rise(long, 0.004)


def marimba(pitch: float, long: float) -> Signal:
    partials = ((pitch, 1.0, 0.34), (pitch * 3.93, 0.32, 0.08), (pitch * 9.2, 0.12, 0.03))
    return modes(long, partials) * rise(long, 0.001)


def bells(pitch: float, long: float) -> Signal:
    partials = (
        (1.0, 1.0, 1.6),
        (2.0, 0.4, 1.0),
        (3.01, 0.3, 0.6),
        (4.17, 0.2, 0.4),
        (5.4, 0.12, 0.2),
    )
    return modes(long, tuple((pitch * n, level, decay) for n, level, decay in partials)) * 0.7


def flute(pitch: float, long: float) -> Signal:
    body = swept(pitch, vibrato(long, 0.006), (1.0, 0.42, 0.22, 0.09, 0.05)) * rise(long, 0.05)
    breath = band(noise_for(502, round(pitch)).standard_normal(len(body)), pitch * 0.9, 5200, 1)
    return body * 0.75 + breath * 0.045 * rise(long, 0.02)


def strings(pitch: float, long: float) -> Signal:
    levels = tuple(1 / n**1.25 for n in range(1, 13))
    sound = np.zeros(round(long * SAMPLE_RATE), np.float32)
    for part, detune in enumerate((0.9972, 1.0, 1.0031)):
        sound += swept(pitch * detune, vibrato(long, 0.003, 4.8 + 0.4 * part), levels)
    return sound * 0.3 * rise(long, 0.16)


def fiddle(pitch: float, long: float) -> Signal:
    """A bowed two-string fiddle, as the erhu: it slides into its notes."""
    bend = vibrato(long, 0.011, 5.8, 0.15) * (1 - 0.045 * np.exp(-times_of(long) / 0.05))
    levels = tuple((1 if n % 2 else 0.6) / n**0.85 for n in range(1, 16))
    return band(swept(pitch, bend, levels), 250, 4200, 1) * 0.5 * rise(long, 0.06)


def brass(pitch: float, long: float) -> Signal:
    dull = swept(pitch, vibrato(long, 0.002), tuple(1 / n**1.5 for n in range(1, 9)))
    bright = swept(pitch, vibrato(long, 0.002), tuple(1 / n**0.75 for n in range(1, 14)))
    opening = np.exp(-(((times_of(long) - 0.09) / 0.14) ** 2)) * 0.7 + 0.25
    return (dull * (1 - opening) + bright * opening) * 0.42 * rise(long, 0.035)


def choir(pitch: float, long: float) -> Signal:
    levels = []
    for n in range(1, 22):
        gain = sum(
            level / (1 + ((n * pitch - formant) / width) ** 2)
            for formant, level, width in ((660, 1.0, 130), (1120, 0.6, 150), (2750, 0.2, 250))
        )
        levels.append((gain + 0.02) / n**0.3)
    sound = np.zeros(round(long * SAMPLE_RATE), np.float32)
    for part, detune in enumerate((0.996, 1.0, 1.005)):
        sound += swept(pitch * detune, vibrato(long, 0.006, 4.9 + 0.5 * part), tuple(levels))
    return sound * 0.35 * rise(long, 0.2)


INSTRUMENTS = {
    "piano": piano,
    "zither": zither,
    "guitar": guitar,
    "bass": bass,
    "marimba": marimba,
    "bells": bells,
    "flute": flute,
    "strings": strings,
    "fiddle": fiddle,
    "brass": brass,
    "choir": choir,
}


@lru_cache(maxsize=256)
def note(instrument: str, midi: int) -> Signal:
    sound = INSTRUMENTS[instrument](hertz(midi), LONGEST_NOTE).astype(np.float32)
    sound.flags.writeable = False
    return sound


def play(instrument: str, midi: int, seconds: float) -> Signal:
    """The note held for `seconds` (at most 2.6) and let go within 60 ms, without a click."""
    whole = note(instrument, midi)
    count = min(len(whole), round((seconds + 0.06) * SAMPLE_RATE))
    sound = whole[:count].copy()
    release = min(count, round(0.06 * SAMPLE_RATE))
    sound[-release:] *= np.linspace(1, 0, release, dtype=np.float32)
    return sound


@lru_cache(maxsize=32)
def strike(drum: str) -> Signal:
    """kick, snare, hat, taiko, shaker, block, gong, cymbal, clap, tambourine."""
    noise = noise_for(503, sum(drum.encode())).standard_normal(SAMPLE_RATE).astype(np.float32)
    if drum == "kick":
        sound = thud(0.3, 170, 46, 0.09) * 1.2
        sound[:480] += band(noise[:480], 1500, 5000, 1) * fade(0.02, 0.004) * 0.25
    elif drum == "snare":
        sound = band(noise[:4800], 1400, 8500, 1) * fade(0.2, 0.05) * 0.8 + thud(
            0.2, 240, 175, 0.05
        )
    elif drum == "hat":
        sound = band(noise[:1920], 6500, 11500) * fade(0.08, 0.016)
    elif drum == "taiko":
        sound = thud(0.7, 118, 62, 0.2) * 1.3
        sound[:2400] += band(noise[:2400], 200, 1800, 1) * fade(0.1, 0.02) * 0.7
    elif drum == "shaker":
        sound = band(noise[:2160], 4500, 10500) * np.sin(np.pi * times_of(0.09) / 0.09) ** 2 * 0.6
    elif drum == "block":
        sound = modes(0.12, ((880, 1.0, 0.025), (1490, 0.6, 0.016), (2300, 0.3, 0.01)))
    elif drum == "clap":
        sound = np.zeros(3600, np.float32)
        for start in (0, 250, 520):
            sound[start:] += (
                band(noise[start:3600], 900, 3600, 1) * fade(0.15, 0.02)[: 3600 - start]
            )
    elif drum == "tambourine":
        ring = modes(0.25, tuple((f, 0.12, 0.06) for f in (5200, 6130, 7350, 8410, 9230)))
        sound = band(noise[:6000], 5000, 11000) * fade(0.25, 0.04) * 0.6 + ring
    elif drum == "gong":
        partials = (
            (96, 0.9, 1.4),
            (143, 0.7, 1.2),
            (211, 0.6, 1.0),
            (287, 0.5, 0.9),
            (402, 0.4, 0.7),
            (561, 0.35, 0.5),
            (788, 0.3, 0.4),
            (1103, 0.25, 0.3),
        )
        shimmer = band(noise, 1500, 6000, 1) * 0.12 * np.exp(-times_of(1.0) / 0.4) * rise(1.0, 0.15)
        sound = modes(2.2, partials)
        sound[: len(shimmer)] += shimmer
    else:
        sound = band(noise, 3500, 11500, 1) * np.exp(-times_of(1.0) / 0.3) * 0.7
        sound[-2400:] *= np.linspace(1, 0, 2400)
    sound = (sound / np.abs(sound).max()).astype(np.float32)
    sound.flags.writeable = False
    return sound
