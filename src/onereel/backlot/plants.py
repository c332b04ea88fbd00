"""Trees, bushes and grass, in three tones, as the season of the weather has them.

Called from the sets in places/.
"""

from math import cos, pi, sin
from typing import Any

import numpy as np
import skia

from onereel.backlot.brush import blob, chance, chances, fill, linear, mix, polygon, scatter, stroke
from onereel.backlot.scenery import (
    Area,
    Layer,
    Stage,
    across,
    box,
    dots,
    leaves,
    oval,
    shadow_under,
    soft,
)


def foliage(
    canvas: Any,
    stage: Stage,
    salt: int,
    x: float,
    y: float,
    wide: float,
    tall: float,
    colour: int,
    haze: float,
) -> None:
    """A crown: a dark mass, then dabs that get lighter and fewer towards the light."""
    light = stage.light
    tones = (
        light.dark(colour, haze, 1.0),
        light.dark(colour, haze, 0.45),
        light.shade(colour, haze),
        light.lit(colour, haze, 0.32),
        light.lit(colour, haze, 0.62),
    )
    for part in range(7):
        angle = 2 * pi * part / 7
        oval(
            canvas,
            x + 0.42 * wide * cos(angle),
            y + 0.42 * tall * sin(angle),
            wide * 0.56,
            tall * 0.52,
            fill(tones[0]),
        )
    size = min(wide, tall) * 0.24
    for tone, colour_of in enumerate(tones):
        reach = 0.98 - 0.13 * tone
        keys, count = (stage.seed, salt, tone), 48 - 4 * tone
        radius = reach * chances(keys, count) ** 0.55
        way = 2 * pi * chances(keys, count, 1)
        right = x + 0.13 * tone * wide * stage.light.side + radius * wide * np.cos(way)
        down = y - 0.12 * tone * tall + radius * tall * np.sin(way)
        points = zip(right.tolist(), down.tolist(), strict=True)
        dots(canvas, points, size * (1.0 - 0.15 * tone), colour_of, 1.0 if tone < 3 else 0.9)


def tree(
    canvas: Any,
    stage: Stage,
    salt: int,
    x: float,
    base: float,
    tall: float,
    colour: int = 0x4E9E4B,
    haze: float = 0.2,
    bark: int = 0x6B4A38,
) -> None:
    light = stage.light
    half = tall * 0.042
    shadow_under(canvas, light, x, base, tall * 0.34, tall * 0.04)
    sway = tall * 0.05 * (chance(stage.seed, salt, 50) - 0.5)
    trunk = polygon(
        (
            (x - half * 1.7, base + 0.01),
            (x - half * 0.8, base - tall * 0.16),
            (x - half * 0.6 + sway, base - tall * 0.6),
            (x + half * 0.6 + sway, base - tall * 0.6),
            (x + half * 0.8, base - tall * 0.16),
            (x + half * 1.9, base + 0.01),
        )
    )
    tones = (light.dark(bark, haze), light.shade(bark, haze), light.lit(bark, haze))
    canvas.drawPath(trunk, across(x - half, x + half, *(tones if light.side > 0 else tones[::-1])))
    for side, rise in ((-1, 0.4), (1, 0.48)):
        canvas.drawLine(
            x + sway * 0.6,
            base - tall * rise,
            x + side * tall * 0.17,
            base - tall * (rise + 0.2),
            stroke(tones[0], half * 0.8),
        )
    spread = (
        (-0.2, 0.62, 0.2),
        (0.2, 0.64, 0.2),
        (0.0, 0.58, 0.2),
        (-0.1, 0.8, 0.2),
        (0.12, 0.82, 0.17),
        (0.0, 0.92, 0.12),
    )
    if stage.weather == "petals":
        colour = mix(colour, 0xF8B4CC, 0.86)
    if stage.weather == "snow":
        colour = mix(colour, 0xE8F0FA, 0.6)
    for part, (dx, rise, size) in enumerate(spread):
        jitter = 0.05 * (chance(stage.seed, salt, part, 60) - 0.5)
        foliage(
            canvas,
            stage,
            salt * 10 + part,
            x + sway + (dx + jitter) * tall,
            base - rise * tall,
            size * tall,
            size * 0.78 * tall,
            colour,
            haze,
        )


def pine(
    canvas: Any,
    stage: Stage,
    salt: int,
    x: float,
    base: float,
    tall: float,
    haze: float,
    snow: float,
    colour: int = 0x2F6B5C,
) -> None:
    """Drooping tiers with ragged hems; `snow` 0..1 lies on them."""
    light = stage.light
    shadow_under(canvas, light, x, base, tall * 0.26, tall * 0.03)
    canvas.drawRect(
        box(x - tall * 0.025, base - tall * 0.12, x + tall * 0.025, base),
        fill(light.dark(0x5B4032, haze)),
    )
    tiers = 7
    for tier in range(tiers):
        up = tier / tiers
        y, half = base - tall * (0.08 + 0.86 * up * 0.86), tall * 0.25 * (1 - up * 0.86)
        top, count = y - tall * 0.24 * (1 - 0.3 * up), 6
        hem = []
        for part in range(2 * count + 1):
            along = part / count - 1.0
            dip = 0.032 * tall * (part % 2) * (0.7 + 0.6 * chance(stage.seed, salt, tier, part))
            hem.append(
                (
                    x + half * along,
                    y
                    - tall * 0.045 * (1 - along * along) ** 2 * -1
                    + dip
                    - tall * 0.03 * abs(along),
                )
            )
        path = polygon([(x, top), *hem[::-1]])
        lit, dark = light.lit(colour, haze, 0.35), light.dark(colour, haze)
        tones = (dark, light.shade(colour, haze), lit)
        canvas.drawPath(
            path, across(x - half, x + half, *(tones if light.side > 0 else tones[::-1]))
        )
        canvas.drawPath(
            path,
            linear(
                (0.0, y - tall * 0.02), (0.0, y + tall * 0.03), (0.0, dark, 0.0), (1.0, dark, 0.6)
            ),
        )
        if snow > 0:
            white = light.lit(0xF3F8FF, haze * 0.7, 0.3)
            blue = light.dark(0xE3EEFC, haze * 0.7, 0.5)
            cap = [(x, top)]
            for part, (px, py) in enumerate(hem[::-1]):
                cap.append(
                    (
                        x + (px - x) * 0.86 * (0.55 + 0.45 * snow),
                        top + (py - top) * (0.6 + 0.25 * (part % 2)) * (0.6 + 0.4 * snow),
                    )
                )
            pair = (blue, white) if light.side > 0 else (white, blue)
            canvas.drawPath(polygon(cap), across(x - half, x + half, *pair))


def bush(
    canvas: Any,
    stage: Stage,
    salt: int,
    x: float,
    base: float,
    size: float,
    colour: int,
    haze: float,
    flowers: int = 0,
) -> None:
    shadow_under(canvas, stage.light, x, base, size * 1.25, size * 0.16)
    if stage.weather == "snow":
        colour = mix(colour, 0xE8F0FA, 0.55)
    for part, (dx, dy, scale) in enumerate(
        ((-0.55, 0.36, 0.6), (0.55, 0.34, 0.62), (0.0, 0.5, 0.8))
    ):
        foliage(
            canvas,
            stage,
            salt * 10 + part,
            x + dx * size,
            base - dy * size,
            size * scale,
            size * scale * 0.72,
            colour,
            haze,
        )
    if flowers:
        points = [
            (
                x + size * (2.0 * chance(stage.seed, salt, part, 70) - 1.0),
                base - size * (0.1 + 0.9 * chance(stage.seed, salt, part, 71)),
            )
            for part in range(9)
        ]
        dots(canvas, points, size * 0.14, stage.light.shade(flowers, haze))
        dots(canvas, points, size * 0.05, stage.light.lit(0xFFE9A0, haze))


def near_grass(stage: Stage, colour: int, salt: int = 90, level: float = 0.3) -> Layer:
    """Blurred stalks before the lens: the cheapest depth there is."""
    light = stage.light
    if stage.weather == "snow":
        colour = mix(colour, 0xDCE8F6, 0.6)
    dark, pale = light.dark(colour), light.shade(colour)

    def paint(canvas: Any, area: Area) -> None:
        for x, a, b, c in scatter(stage.seed, salt, area.left, area.right, 0.95):
            if c < 0.35:
                continue
            for tone, shift in ((dark, 0.0), (pale, 0.04)):
                builder = skia.PathBuilder()
                for part in range(8):
                    u = chance(stage.seed, salt, int(1e5 * a), part)
                    root = x + 0.34 * (u - 0.5) + shift
                    height = 0.15 + 0.2 * chance(stage.seed, salt, int(1e5 * b), part)
                    tip = root + 0.5 * (u - 0.5) * height * 2
                    builder.moveTo(root - 0.016, level + 0.25)
                    builder.quadTo(root - 0.01, level - 0.2 * height, tip, level - height)
                    builder.quadTo(root + 0.02, level - 0.1 * height, root + 0.016, level + 0.25)
                    builder.close()
                canvas.drawPath(builder.detach(), soft(tone, 0.012, 0.92))

    return Layer(1.3, paint, front=True)


def near_branches(stage: Stage, colour: int, salt: int = 95) -> Layer:
    """Leaves that hang into the picture from above, out of focus."""
    light = stage.light
    if stage.weather == "petals":
        colour = 0xF0A3C0
    dark, pale = light.dark(colour), light.shade(colour)

    def paint(canvas: Any, area: Area) -> None:
        for x, a, b, c in scatter(stage.seed, salt, area.left, area.right, 1.7):
            if c < 0.3:
                continue
            canvas.drawPath(
                blob(
                    ((x - 0.5, -1.75), (x, -1.5 + 0.1 * a), (x + 0.45, -1.36 + 0.1 * a)),
                    closed=False,
                ),
                stroke(light.dark(0x4A362C), 0.03),
            )
            for tone, drop in ((dark, 0.0), (pale, -0.05)):
                builder = skia.PathBuilder()
                for part in range(26):
                    u = chance(stage.seed, salt, int(1e5 * a), part, 1)
                    v = chance(stage.seed, salt, int(1e5 * b), part, 2)
                    leaves(
                        builder,
                        x - 0.45 + 0.95 * u,
                        -1.68 + 0.3 * u + 0.12 * v + drop,
                        0.1 + 0.05 * v,
                        0.035,
                        0.6 + 1.7 * v,
                    )
                canvas.drawPath(builder.detach(), soft(tone, 0.01, 0.95))

    return Layer(1.2, paint, front=True)


def pot(
    canvas: Any,
    stage: Stage,
    x: float,
    base: float,
    size: float,
    colour: int = 0xB5613F,
    plant: int = 0x4E9A50,
) -> None:
    light = stage.light
    shadow_under(canvas, light, x, base, size * 0.6, size * 0.1)
    foliage(
        canvas,
        stage,
        int(1000 * x) & 0xFFFF,
        x,
        base - size * 1.05,
        size * 0.52,
        size * 0.5,
        plant,
        0.0,
    )
    path = polygon(
        (
            (x - size * 0.32, base - size * 0.6),
            (x + size * 0.32, base - size * 0.6),
            (x + size * 0.22, base),
            (x - size * 0.22, base),
        )
    )
    tones = (light.dark(colour), light.shade(colour), light.lit(colour))
    canvas.drawPath(
        path, across(x - size * 0.3, x + size * 0.3, *(tones if light.side > 0 else tones[::-1]))
    )
    canvas.drawRect(
        box(x - size * 0.36, base - size * 0.68, x + size * 0.36, base - size * 0.56),
        fill(light.lit(colour, 0.0, 0.3)),
    )
