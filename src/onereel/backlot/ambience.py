"""Ambience: what a place sounds like when nobody does anything, in stereo.

- one function per sound, from a generator and a length to (samples, 2); `bed` mixes a place's
- noise is drawn row by row and slow movement is a function of time: a longer clip begins the same,
  and nothing is looped, so there are no loop points
- rain, wind, snow and fog come from the weather, night insects from the hour

Called from sound.py.
"""

from collections.abc import Callable

import numpy as np

from onereel.backlot.animal_voices import tweet
from onereel.backlot.foley import contact_sound
from onereel.backlot.instruments import strike
from onereel.backlot.synth import SAMPLE_RATE, Signal, band, modes, noise_for, times_of

Rng = np.random.Generator
LONGEST = 16.0  # seconds for which events are drawn, whatever the length


def wide_noise(rng: Rng, samples: int) -> Signal:
    return rng.standard_normal((samples, 2), dtype=np.float32)


def wander(rng: Rng, samples: int, speed: float, low: float = 0.5) -> Signal:
    """(samples, 1): a slow curve between `low` and 1 that loudness can follow."""
    a, b, c = rng.uniform(0, 2 * np.pi, 3)
    # Worked out every 10 ms: it moves over seconds.
    time = np.arange(samples // 240 + 2) / 100
    curve = np.sin(2 * np.pi * speed * time + a) + 0.6 * np.sin(2 * np.pi * 2.3 * speed * time + b)
    curve += 0.3 * np.sin(2 * np.pi * 5.1 * speed * time + c)
    level = low + (1 - low) * (0.5 + curve / 3.8)
    return np.interp(np.arange(samples) / 240, np.arange(len(level)), level).astype(np.float32)[
        :, None
    ]


def scattered(
    rng: Rng, samples: int, gap: tuple[float, float], sound: Callable[[Rng], Signal], level: float
) -> Signal:
    """Sounds at random moments and places, `gap` seconds apart."""
    mix = np.zeros((samples, 2), np.float32)
    at = float(rng.uniform(0.1, gap[0]))
    while at < LONGEST:
        angle, loud = rng.uniform(0.15, 1.42), rng.uniform(0.4, 1.0) * level
        piece = sound(noise_for(int(rng.integers(1 << 31))))
        first = round(at * SAMPLE_RATE)
        piece = piece[: max(0, samples - first)] * np.float32(loud)
        mix[first : first + len(piece), 0] += piece * np.float32(np.cos(angle))
        mix[first : first + len(piece), 1] += piece * np.float32(np.sin(angle))
        at += float(rng.uniform(*gap))
    return mix


def wind(rng: Rng, samples: int) -> Signal:
    gusts = wander(rng, samples, 0.23, 0.15)
    noise = wide_noise(rng, samples)
    return band(noise, 160, 700, 1) * gusts**2 * 0.55 + band(noise, 700, 2400, 1) * gusts**4 * 0.28


def birds(rng: Rng, samples: int) -> Signal:
    return scattered(rng, samples, (0.5, 1.6), tweet, 0.42) + 0.15 * leaves(rng, samples)


def city(rng: Rng, samples: int) -> Signal:
    noise = wide_noise(rng, samples)
    hum = (
        band(noise, 60, 320, 1) * 0.5
        + band(noise, 500, 1600, 1) * wander(rng, samples, 0.15) * 0.07
    )
    return hum + scattered(rng, samples, (3.0, 7.0), _horn, 0.09)


def _horn(rng: Rng) -> Signal:
    time = times_of(rng.uniform(0.2, 0.45))
    pitch = rng.uniform(330, 420)
    tone = sum(np.sin(2 * np.pi * pitch * k * n * time) / n for n in (1, 2, 3) for k in (1, 1.26))
    return band(tone * np.sin(np.pi * np.linspace(0, 1, len(time))).clip(0) ** 0.3, 200, 1400, 1)


def waves(rng: Rng, samples: int) -> Signal:
    time = np.arange(samples, dtype=np.float32)[:, None] / SAMPLE_RATE
    phase = np.array([[0.0, 0.35]], np.float32) + np.float32(rng.uniform(0, 2 * np.pi))
    swell = (0.5 + 0.5 * np.sin(2 * np.pi * time / 3.6 + phase)) ** 2.2
    noise = wide_noise(rng, samples)
    return (
        band(noise, 120, 900, 1) * (0.2 + 0.5 * swell) + band(noise, 1200, 6500, 1) * swell * 0.28
    )


def leaves(rng: Rng, samples: int) -> Signal:
    return band(wide_noise(rng, samples), 2200, 7000, 1) * wander(rng, samples, 0.4, 0.2) ** 2 * 0.3


def room(rng: Rng, samples: int) -> Signal:
    clock = scattered(
        rng,
        samples,
        (1.0, 1.0),
        lambda _: modes(0.05, ((2100, 0.5, 0.006), (3400, 0.3, 0.004))),
        0.07,
    )
    return band(wide_noise(rng, samples), 60, 420, 1) * 0.12 + clock


def crowd(rng: Rng, samples: int) -> Signal:
    """Many voices at once: noise through vowel resonances that come and go."""
    mix = np.zeros((samples, 2), np.float32)
    for low, high, speed in ((260, 520, 2.1), (420, 900, 2.9), (900, 1500, 3.7), (1500, 2600, 3.2)):
        level = wander(rng, samples, speed, 0.25) * wander(rng, samples, 0.35, 0.6)
        mix += band(wide_noise(rng, samples), low, high, 1) * level * np.float32(180 / low)
    return mix * 0.5


def market(rng: Rng, samples: int) -> Signal:
    return 0.8 * crowd(rng, samples) + scattered(rng, samples, (0.7, 1.9), _clatter, 0.16)


def _clatter(rng: Rng) -> Signal:
    return contact_sound(("cup", "staff", "bell", "cart")[int(rng.integers(4))], "wood", 0.7, rng)[
        :9600
    ]


def insects(rng: Rng, samples: int) -> Signal:
    time = np.arange(samples, dtype=np.float32) / SAMPLE_RATE
    mix = np.zeros((samples, 2), np.float32)
    for pitch, trill, rest in ((4300, 17.0, 1.7), (3650, 23.0, 1.1), (5200, 41.0, 0.6)):
        on = np.clip(3 * np.sin(2 * np.pi * rest * time + rng.uniform(0, 6)) + 0.5, 0, 1)
        pulse = np.maximum(0, np.sin(2 * np.pi * trill * time)) ** 2
        call = np.sin(2 * np.pi * pitch * time) * pulse * on
        angle = rng.uniform(0.2, 1.37)
        mix += call.astype(np.float32)[:, None] * np.array(
            [[np.cos(angle), np.sin(angle)]], np.float32
        )
    return mix * 0.09


def engine(rng: Rng, samples: int) -> Signal:
    """A ship's engine: slow pulsing rumble and air, no pure tone that would hum."""
    noise = wide_noise(rng, samples)
    beat = wander(rng, samples, 1.9, 0.7)
    blips = scattered(rng, samples, (0.9, 2.6), _blip, 0.09)
    return band(noise, 45, 210, 1) * beat * 0.5 + band(noise, 900, 2600, 1) * 0.05 + blips


def _blip(rng: Rng) -> Signal:
    pitch = (880, 1175, 1319, 1760)[int(rng.integers(4))]
    return modes(0.16, ((pitch, 0.7, 0.05), (2 * pitch, 0.2, 0.03)))


def fire(rng: Rng, samples: int) -> Signal:
    crackle = wide_noise(rng, samples) * (rng.random((samples, 2), dtype=np.float32) < 0.0012)
    return (
        np.tanh(band(crackle, 1200, 8000, 1)) * 1.6
        + band(wide_noise(rng, samples), 80, 500, 1) * 0.2
    )


def stream(rng: Rng, samples: int) -> Signal:
    noise = wide_noise(rng, samples)
    return band(noise, 500, 3600, 1) * wander(rng, samples, 1.3, 0.6) * 0.28 + scattered(
        rng, samples, (0.1, 0.3), _drop, 0.2
    )


def _drop(rng: Rng) -> Signal:
    time = times_of(0.05)
    turns = np.cumsum(rng.uniform(600, 1500) * (1 + 8 * time)) / SAMPLE_RATE
    return (np.sin(2 * np.pi * turns) * np.exp(-time / 0.014) * np.minimum(1, time / 0.002)).astype(
        np.float32
    )


def gulls(rng: Rng, samples: int) -> Signal:
    return scattered(rng, samples, (1.2, 3.0), _gull, 0.16)


def _gull(rng: Rng) -> Signal:
    parts = []
    for _ in range(int(rng.integers(1, 4))):
        inside = np.linspace(0, 1, round(rng.uniform(0.2, 0.32) * SAMPLE_RATE))
        pitch = 1250 * (1 + 0.35 * np.sin(np.pi * inside**0.6) - 0.25 * inside)
        turns = 2 * np.pi * np.cumsum(pitch) / SAMPLE_RATE
        call = np.sin(turns) + 0.6 * np.sin(2 * turns) + 0.3 * np.sin(3 * turns)
        parts.append((call * np.sin(np.pi * inside).clip(0) ** 0.6).astype(np.float32))
    return np.concatenate(parts)


def harbour(rng: Rng, samples: int) -> Signal:
    creak = scattered(rng, samples, (1.4, 3.2), _creak, 0.14)
    lapping = (
        band(wide_noise(rng, samples), 300, 1700, 1) * wander(rng, samples, 0.8, 0.1) ** 2 * 0.3
    )
    return lapping + creak + 0.7 * gulls(rng, samples)


def _creak(rng: Rng) -> Signal:
    time = times_of(rng.uniform(0.3, 0.5))
    ticks = np.zeros(len(time), np.float32)
    ticks[np.cumsum(rng.integers(180, 420, 40)) % len(ticks)] = 1.0
    return band(ticks, 300, 1400) * np.sin(np.pi * time / time[-1]) * 5


def kitchen(rng: Rng, samples: int) -> Signal:
    sizzle = band(wide_noise(rng, samples), 3500, 9500, 1) * wander(rng, samples, 0.9, 0.5) * 0.07
    clinks = scattered(
        rng, samples, (0.9, 2.4), lambda own: contact_sound("cup", "wood", 0.6, own), 0.13
    )
    return sizzle + clinks + 0.7 * room(rng, samples)


def classroom(rng: Rng, samples: int) -> Signal:
    chalk = scattered(
        rng, samples, (0.8, 2.2), lambda own: contact_sound("step", "tile", 0.5, own)[:1200], 0.05
    )
    return 0.16 * crowd(rng, samples) + 0.8 * room(rng, samples) + chalk


def stage(rng: Rng, samples: int) -> Signal:
    return 0.22 * crowd(rng, samples) + band(wide_noise(rng, samples), 70, 500, 1) * 0.12


def desert(rng: Rng, samples: int) -> Signal:
    hiss = (
        band(wide_noise(rng, samples), 3000, 9000, 1) * wander(rng, samples, 0.3, 0.0) ** 3 * 0.12
    )
    return 0.8 * wind(rng, samples) + hiss


def forest(rng: Rng, samples: int) -> Signal:
    peck = scattered(rng, samples, (2.5, 6.0), _woodpecker, 0.13)
    return 0.8 * birds(rng, samples) + leaves(rng, samples) + peck


def _woodpecker(rng: Rng) -> Signal:
    row = np.zeros(round(0.6 * SAMPLE_RATE), np.float32)
    knock = modes(0.05, ((1150, 1.0, 0.012), (1900, 0.5, 0.008)))
    for hit in range(9):
        first = round(0.052 * hit * SAMPLE_RATE)
        row[first : first + len(knock)] += knock
    return row


def temple(rng: Rng, samples: int) -> Signal:
    chimes = scattered(rng, samples, (0.9, 2.6), _chime, 0.12)
    gong = scattered(rng, samples, (5.0, 9.0), lambda _: strike("gong"), 0.08)
    return chimes + gong + band(wide_noise(rng, samples), 100, 500, 1) * 0.12


def _chime(rng: Rng) -> Signal:
    pitch = (1319, 1568, 1760, 2093, 2349)[int(rng.integers(5))]
    return modes(1.2, ((pitch, 0.7, 0.5), (2.76 * pitch, 0.35, 0.3), (5.4 * pitch, 0.15, 0.12)))


def rain(rng: Rng, samples: int) -> Signal:
    noise = wide_noise(rng, samples)
    drops = (rng.random((samples, 2), dtype=np.float32) < 0.0016) * np.abs(wide_noise(rng, samples))
    hiss = band(noise, 900, 8500, 1) * wander(rng, samples, 0.3, 0.8) * 0.42
    return hiss + band(drops, 1400, 6000, 1) * 2.2 + band(noise, 100, 500, 1) * 0.12


def snowfall(rng: Rng, samples: int) -> Signal:
    return band(wide_noise(rng, samples), 200, 900, 1) * wander(rng, samples, 0.2, 0.3) * 0.16


def fog(rng: Rng, samples: int) -> Signal:
    return band(wide_noise(rng, samples), 90, 420, 1) * 0.2


def gale(rng: Rng, samples: int) -> Signal:
    return 1.5 * wind(rng, samples) + 0.6 * leaves(rng, samples)


SOUNDS: dict[str, Callable[[Rng, int], Signal]] = {
    "wind": wind,
    "birds": birds,
    "city": city,
    "waves": waves,
    "leaves": leaves,
    "room": room,
    "crowd": crowd,
    "market": market,
    "insects": insects,
    "engine": engine,
    "fire": fire,
    "stream": stream,
    "gulls": gulls,
    "harbour": harbour,
    "kitchen": kitchen,
    "classroom": classroom,
    "stage": stage,
    "desert": desert,
    "forest": forest,
    "temple": temple,
    "rain": rain,
    "snow": snowfall,
    "fog": fog,
    "gale": gale,
}
# Those that fall silent at night or in bad weather.
DAYTIME = frozenset(("birds", "forest", "gulls"))
WEATHER = {"rain": "rain", "snow": "snow", "fog": "fog", "wind": "gale", "petals": "leaves"}


def heard(
    ambience: tuple[str, ...], surface: str, indoors: bool, time_of_day: str, weather: str
) -> tuple[str, ...]:
    """The names in SOUNDS that make up the bed, in order; captions say the same."""
    names = [
        one
        for one in ambience
        if one not in DAYTIME or (time_of_day != "night" and weather in ("clear", "petals", "wind"))
    ]
    if "forest" in ambience and "forest" not in names:
        names.append("leaves")
    if not indoors and weather in WEATHER:
        names.append(WEATHER[weather])
    if time_of_day == "night" and weather in ("clear", "petals") and surface in ("grass", "earth"):
        names.append("insects")
    return tuple(dict.fromkeys(names)) or ("room" if indoors else "wind",)


def bed(names: tuple[str, ...], seed: int, samples: int) -> Signal:
    """(samples, 2) float32 between -37 and -31 dBFS; each sound has its own generator."""
    mix = np.zeros((samples, 2), np.float32)
    for name in names:
        own = noise_for(seed, 104, sum(name.encode()))
        mix += SOUNDS[name](own, samples).astype(np.float32)
    mix *= np.float32(0.25)
    level = float(np.sqrt(np.mean(mix**2)))
    return mix * np.float32(np.clip(level, 0.014, 0.028) / max(level, 1e-6))
