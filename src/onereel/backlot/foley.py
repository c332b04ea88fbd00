"""Foley: what a contact sounds like, by kind, surface, force and material.

- every sound starts at its first sample: placed at a contact's time it is heard on that frame
- hard things ring (modes), loose things crunch (grains), soft things thump (falling tones)
- a harder contact is louder, longer and brighter
- `contact_sound` is the only entry; an unknown kind or surface raises KeyError

Called from sound.py. Voices of animals are in animal_voices.py.
"""

from collections.abc import Callable

import numpy as np

from onereel.backlot.animal_voices import VOICES
from onereel.backlot.instruments import strike
from onereel.backlot.synth import SAMPLE_RATE, Signal, band, fade, modes, thud, times_of

Rng = np.random.Generator


def noise(rng: Rng, seconds: float) -> Signal:
    return rng.standard_normal(round(seconds * SAMPLE_RATE), dtype=np.float32)


def grains(rng: Rng, seconds: float, density: float) -> Signal:
    """Sparse clicks, `density` of the samples: what loose ground is made of."""
    sound = noise(rng, seconds)
    return sound * (rng.random(len(sound), dtype=np.float32) < density)


def join(*parts: Signal) -> Signal:
    """Sounds that start together, as long as the longest."""
    whole = np.zeros(max(len(part) for part in parts), np.float32)
    for part in parts:
        whole[: len(part)] += part
    return whole


def after(seconds: float, sound: Signal) -> Signal:
    return np.concatenate([np.zeros(round(seconds * SAMPLE_RATE), np.float32), sound])


def click(rng: Rng, low: float, high: float, decay: float, level: float) -> Signal:
    """A burst of noise, loud from its first millisecond."""
    return band(noise(rng, 0.16), low, high, 1) * fade(0.16, decay, 0.0006) * np.float32(level)


# Surfaces: one foot, weight 1. `bright` grows with force.


def stone_step(rng: Rng, bright: float) -> Signal:
    ring = modes(
        0.12,
        ((1250, 0.30, 0.012), (2140, 0.22, 0.008), (3480, 0.14, 0.006)),
        rng.uniform(0.9, 1.12),
    )
    return join(click(rng, 1700, 9000, 0.009, 1.3 * bright), ring, thud(0.12, 190, 80, 0.028) * 0.7)


def concrete_step(rng: Rng, bright: float) -> Signal:
    scrape = after(0.03, click(rng, 1200, 5200, 0.03, 0.16))
    return join(
        click(rng, 1300, 7000, 0.011, 1.2 * bright), scrape, thud(0.14, 160, 66, 0.03) * 0.75
    )


def wood_step(rng: Rng, bright: float) -> Signal:
    scale = rng.uniform(0.88, 1.15)
    body = modes(
        0.25, ((118, 0.75, 0.06), (232, 0.6, 0.045), (410, 0.42, 0.03), (760, 0.25, 0.014)), scale
    )
    return join(body, click(rng, 900, 4500, 0.007, 0.9 * bright))


def grass_step(rng: Rng, bright: float) -> Signal:
    rustle = band(noise(rng, 0.2), 1800, 8000, 1) * fade(0.2, 0.05, 0.004) * 0.65
    blades = band(grains(rng, 0.22, 0.05), 2500, 9500, 1) * fade(0.22, 0.07) * 1.6 * bright
    return join(rustle, blades, thud(0.12, 120, 60, 0.03) * 0.6)


def sand_step(rng: Rng, bright: float) -> Signal:
    sink = band(noise(rng, 0.24), 700, 4200, 1) * fade(0.24, 0.06, 0.003) * 0.8
    return join(
        sink,
        band(grains(rng, 0.24, 0.2), 3000, 9000, 1) * fade(0.24, 0.06) * 0.5 * bright,
        thud(0.12, 105, 55, 0.03) * 0.5,
    )


def snow_step(rng: Rng, bright: float) -> Signal:
    crunch = band(grains(rng, 0.28, 0.07), 900, 6500, 1) * fade(0.28, 0.085, 0.001) * 3.0 * bright
    squeak = band(grains(rng, 0.28, 0.02), 1500, 2600, 1) * fade(0.28, 0.1) * 2.4
    return join(crunch, squeak, thud(0.12, 100, 55, 0.03) * 0.45)


def metal_step(rng: Rng, bright: float) -> Signal:
    scale = rng.uniform(0.92, 1.1)
    ring = modes(
        0.6,
        (
            (310, 0.5, 0.14),
            (742, 0.5, 0.12),
            (1187, 0.4, 0.1),
            (1931, 0.34, 0.07),
            (2870, 0.25 * bright, 0.05),
            (4410, 0.16 * bright, 0.03),
        ),
        scale,
    )
    return join(
        ring * 0.7, click(rng, 1500, 8000, 0.006, 0.9 * bright), thud(0.12, 150, 70, 0.03) * 0.5
    )


def tile_step(rng: Rng, bright: float) -> Signal:
    ring = modes(
        0.14,
        ((1820, 0.42, 0.018), (2930, 0.34, 0.013), (4700, 0.24, 0.008)),
        rng.uniform(0.9, 1.12),
    )
    return join(ring, click(rng, 2500, 10500, 0.006, 1.2 * bright), thud(0.1, 170, 90, 0.02) * 0.45)


def gravel_step(rng: Rng, bright: float) -> Signal:
    stones = band(grains(rng, 0.26, 0.025), 1200, 8500, 1) * fade(0.26, 0.07) * 3.4 * bright
    return join(stones, click(rng, 900, 5000, 0.02, 0.6), thud(0.12, 120, 60, 0.03) * 0.5)


def water_step(rng: Rng, bright: float) -> Signal:
    return join(splash(rng, 0.35) * 0.8 * bright, thud(0.1, 130, 70, 0.025) * 0.3)


def carpet_step(rng: Rng, bright: float) -> Signal:
    return join(thud(0.14, 115, 58, 0.035), click(rng, 300, 1800, 0.02, 0.4 * bright))


def earth_step(rng: Rng, bright: float) -> Signal:
    crumbs = band(grains(rng, 0.16, 0.03), 1000, 5000, 1) * fade(0.16, 0.04) * 1.2 * bright
    return join(thud(0.14, 140, 62, 0.035), click(rng, 400, 2600, 0.018, 0.7), crumbs)


STEPS: dict[str, Callable[[Rng, float], Signal]] = {
    "stone": stone_step,
    "concrete": concrete_step,
    "wood": wood_step,
    "grass": grass_step,
    "sand": sand_step,
    "snow": snow_step,
    "metal": metal_step,
    "tile": tile_step,
    "gravel": gravel_step,
    "water": water_step,
    "carpet": carpet_step,
    "earth": earth_step,
}


def splash(rng: Rng, seconds: float = 0.7) -> Signal:
    rush = band(noise(rng, seconds), 600, 7500, 1) * fade(seconds, seconds * 0.22, 0.002)
    for _ in range(5):
        start, pitch = rng.uniform(0.03, seconds * 0.6), rng.uniform(500, 1500)
        time = times_of(0.05)
        drop = np.sin(2 * np.pi * np.cumsum(pitch * (1 + 9 * time)) / SAMPLE_RATE) * fade(
            0.05, 0.015
        )
        first = round(start * SAMPLE_RATE)
        room = rush[first : first + len(drop)]
        room += 0.35 * drop[: len(room)].astype(np.float32)
    return rush


def swish(rng: Rng, seconds: float, low: float = 450, high: float = 3200) -> Signal:
    """Air or cloth moved aside; its loudest moment is its end."""
    inside = np.linspace(0, 1, round(seconds * SAMPLE_RATE), dtype=np.float32)
    shape = np.sin(np.pi * inside**1.6) ** 2
    return band(noise(rng, seconds), low, high, 1) * shape


def impact(rng: Rng, body: float, slap: float, low: float) -> Signal:
    """Fist, foot or arm against a body: a slap over a thump."""
    return join(
        click(rng, 900, 5200, 0.012, 1.2 * slap), thud(0.22, low * 2.6, low, 0.05) * 1.2 * body
    )


def fabric(rng: Rng, seconds: float, level: float) -> Signal:
    shape = fade(seconds, seconds / 3, 0.01) * np.float32(level)
    return band(noise(rng, seconds), 1500, 6500, 1) * shape


def steel(rng: Rng, seconds: float) -> Signal:
    scale = rng.uniform(0.92, 1.1)
    partials = (
        (1480, 0.5, 0.3),
        (2230, 0.5, 0.26),
        (3310, 0.45, 0.22),
        (4270, 0.35, 0.18),
        (5830, 0.3, 0.13),
        (7490, 0.22, 0.09),
        (9120, 0.15, 0.06),
    )
    return join(modes(seconds, partials, scale) * 0.6, click(rng, 2500, 11000, 0.008, 1.0))


def contact_sound(kind: str, surface: str, force: float, rng: Rng, material: str = "") -> Signal:
    """(samples,) float32 of one contact, its onset at sample 0, about 1 at its loudest for force 1.

    Raises KeyError for a kind or surface that nothing here makes.
    """
    bright = float(np.clip(0.55 + 0.45 * force, 0.4, 1.5))
    if kind in VOICES:
        return VOICES[kind](rng)
    if kind in ("step", "land", "jump", "slide", "fall", "kneel", "hoof"):
        return _on_ground(kind, STEPS[surface], bright, rng)
    return CONTACTS[kind](rng, bright, material or surface)


def _on_ground(kind: str, step: Callable[[Rng, float], Signal], bright: float, rng: Rng) -> Signal:
    if kind == "step":
        return join(step(rng, bright), after(0.02, fabric(rng, 0.12, 0.05)))
    if kind == "hoof":
        knock = modes(
            0.1, ((720, 0.9, 0.018), (1130, 0.7, 0.013), (1790, 0.35, 0.008)), rng.uniform(0.9, 1.1)
        )
        return join(knock, step(rng, bright) * 0.7)
    if kind == "jump":
        return join(step(rng, 0.7 * bright) * 0.5, fabric(rng, 0.22, 0.16))
    if kind == "slide":
        ground = step(rng, bright)
        drag = band(noise(rng, 0.35), 700, 4500, 1) * fade(0.35, 0.12, 0.004)
        return join(drag * 0.6, ground * 0.5)
    if kind == "kneel":
        return join(step(rng, 0.6) * 0.5, thud(0.15, 130, 58, 0.045) * 0.8)
    body = thud(0.4, 130, 42, 0.09) * (1.5 if kind == "fall" else 1.2)
    both = join(step(rng, bright) * 1.1, after(0.014, step(rng, bright)) * 0.8, body)
    if kind == "fall":
        both = join(both, after(0.11, thud(0.25, 110, 48, 0.06)) * 0.6, fabric(rng, 0.3, 0.25))
    return both


def _cup(rng: Rng, bright: float, _: str) -> Signal:
    partials = ((2650, 0.7, 0.09), (4280, 0.5, 0.06), (6720, 0.3, 0.035))
    return join(
        modes(0.3, partials, rng.uniform(0.92, 1.1)), click(rng, 2500, 9000, 0.004, 0.6 * bright)
    )


def _drum(rng: Rng, bright: float, _: str) -> Signal:
    return strike("taiko") * np.float32(0.8 + 0.3 * bright)


def _ball(rng: Rng, bright: float, _: str) -> Signal:
    ring = modes(
        0.2,
        ((182, 1.0, 0.05), (371, 0.5, 0.03), (940, 0.25 * bright, 0.015)),
        rng.uniform(0.95, 1.06),
    )
    return join(ring, click(rng, 600, 3800, 0.006, 0.6 * bright))


def _door(rng: Rng, bright: float, _: str) -> Signal:
    latch = click(rng, 1800, 7000, 0.006, 0.8)
    return join(
        latch, after(0.02, thud(0.4, 150, 62, 0.08)) * 1.2, after(0.02, wood_step(rng, bright))
    )


def _cart(rng: Rng, bright: float, _: str) -> Signal:
    return join(
        wood_step(rng, 0.6),
        after(0.07, wood_step(rng, 0.5)) * 0.6,
        thud(0.2, 90, 60, 0.06) * bright,
    )


CONTACTS: dict[str, Callable[[Rng, float, str], Signal]] = {
    "clap": lambda rng, bright, _: join(
        click(rng, 800, 4200, 0.016, 1.7 * bright), thud(0.06, 420, 240, 0.012) * 0.4
    ),
    "hit": lambda rng, bright, _: join(
        click(rng, 700, 3600, 0.02, 0.8 * bright),
        fabric(rng, 0.1, 0.3),
        thud(0.12, 260, 110, 0.025) * 0.7,
    ),
    "punch": lambda rng, bright, _: join(impact(rng, bright, bright, 72), fabric(rng, 0.12, 0.2)),
    "kick": lambda rng, bright, _: join(
        impact(rng, 1.25 * bright, 0.9 * bright, 58), fabric(rng, 0.16, 0.25)
    ),
    "block": lambda rng, bright, _: join(
        impact(rng, 0.6, 1.1 * bright, 115), modes(0.1, ((390, 0.5, 0.02), (640, 0.3, 0.014)))
    ),
    "ball": _ball,
    "catch": lambda rng, bright, _: join(
        click(rng, 700, 3500, 0.012, 0.9 * bright), thud(0.1, 220, 120, 0.02) * 0.6
    ),
    "throw": lambda rng, bright, _: join(
        click(rng, 900, 4500, 0.012, 0.35), fabric(rng, 0.2, 0.35 * bright)
    ),
    "drum": _drum,
    "gong": lambda rng, bright, _: strike("gong") * np.float32(bright),
    "sword": lambda rng, bright, _: steel(rng, 0.9) * np.float32(bright),
    "staff": lambda rng, bright, _: (
        modes(
            0.2, ((520, 1.0, 0.035), (1010, 0.6, 0.022), (1760, 0.4, 0.012)), rng.uniform(0.9, 1.1)
        )
        * np.float32(bright)
    ),
    "door": _door,
    "splash": lambda rng, bright, _: splash(rng) * np.float32(1.2 * bright),
    "cup": _cup,
    "cart": _cart,
    "lantern": lambda rng, bright, _: join(
        modes(0.2, ((1180, 0.4, 0.05), (2360, 0.25, 0.03))), fabric(rng, 0.15, 0.3)
    ),
    "fan": lambda rng, bright, _: join(
        click(rng, 1800, 8000, 0.02, 0.9 * bright),
        band(grains(rng, 0.12, 0.02), 2000, 9000, 1) * fade(0.12, 0.05) * 2,
    ),
    "umbrella": lambda rng, bright, _: join(fabric(rng, 0.25, 0.8), thud(0.12, 190, 90, 0.03)),
    "book": lambda rng, bright, _: join(click(rng, 900, 6000, 0.02, 0.8), fabric(rng, 0.12, 0.4)),
    "cloth": lambda rng, bright, _: fabric(rng, 0.2, 0.8 * bright),
    "chair": lambda rng, bright, _: join(
        wood_step(rng, 0.7) * 0.6,
        thud(0.2, 140, 70, 0.05) * bright,
        after(0.05, fabric(rng, 0.25, 0.3)),
    ),
    "bell": lambda rng, bright, _: (
        modes(1.4, ((880, 1.0, 0.7), (1765, 0.5, 0.5), (2680, 0.35, 0.3), (4310, 0.2, 0.2)))
        * np.float32(0.7 * bright)
    ),
}

# How the air is moved before a blow lands: kind -> (seconds, level).
SWINGS = {
    "hit": (0.17, 0.5),
    "punch": (0.15, 0.35),
    "kick": (0.22, 0.5),
    "sword": (0.2, 0.45),
    "staff": (0.2, 0.4),
    "throw": (0.2, 0.35),
    "block": (0.12, 0.2),
}
