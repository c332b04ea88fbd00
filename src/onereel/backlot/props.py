"""Things that several sets are furnished with: trees, bushes, lamps, crates, windows, walls.

- Each is a function that paints one thing in three tones with its contact shadow.
- Sizes are in adult heights; `haze` is how far away it stands.

Called from the files of sets.
"""

from math import floor
from typing import Any

import skia

from onereel.backlot.brush import blob, chance, fill, glow, linear, mix, polygon, scatter, stroke
from onereel.backlot.scenery import (
    Area,
    Layer,
    Stage,
    across,
    box,
    down,
    oval,
    shadow_under,
    skia_focal,
    soft,
)

WALLS = (0xD98A6C, 0xE3B67C, 0x8FB5B4, 0xC7A0B8, 0xDCCBAE, 0xA9B88C)
CLOTHS = (0xD9483F, 0x2F7FBF, 0x3A9A68, 0xE0A030, 0x8A5AA8)
BOOKS = (0xC9503F, 0x2F6F9F, 0xE0A93A, 0x4F8F60, 0x7F5A9A, 0xD9CDB8, 0x3A4A6A)


def sun_shafts(stage: Stage, alpha: float = 0.2, depth: float = 0.6) -> Layer:
    """Light through leaves or windows, added to what is behind it."""
    light = stage.light

    def paint(canvas: Any, area: Area) -> None:
        if light.softness > 0.6:
            return
        strength = alpha * (0.45 if light.time == "night" else 1.0)
        lean = 0.62 * light.side
        for x, a, b, c in scatter(stage.seed, 96, area.left - 1.5, area.right + 1.5, 0.6):
            wide = 0.08 + 0.2 * b
            ray = polygon(
                (
                    (x, -2.6),
                    (x + wide, -2.6),
                    (x + wide * 1.9 - lean * 2.6, 0.15),
                    (x - wide * 0.6 - lean * 2.6, 0.15),
                )
            )
            stops = (
                (0.0, light.direct, strength * (0.35 + 0.65 * a)),
                (0.75, light.direct, strength * 0.35 * c),
                (1.0, light.direct, 0.0),
            )
            paint = skia.Paint(linear((0.0, -2.2), (0.0, 0.1), *stops))
            paint.setMaskFilter(skia.MaskFilter.MakeBlur(skia.kNormal_BlurStyle, 0.03))
            canvas.drawPath(ray, paint)

    return Layer(depth, paint, glows=True)


def lamp_post(
    canvas: Any, stage: Stage, x: float, base: float, tall: float, haze: float = 0.0
) -> None:
    light = stage.light
    iron = 0x39404F
    shadow_under(canvas, light, x, base, 0.12, 0.02)
    tones = (light.dark(iron, haze), light.lit(iron, haze, 0.4), light.dark(iron, haze))
    for half, top, bottom in (
        (0.016, tall, 0.0),
        (0.032, 0.16, 0.0),
        (0.024, tall * 0.55, tall * 0.5),
    ):
        canvas.drawRect(
            box(x - half, base - top, x + half, base - bottom), across(x - half, x + half, *tones)
        )
    y = base - tall
    hood = polygon(((x - 0.085, y), (x - 0.05, y - 0.07), (x + 0.05, y - 0.07), (x + 0.085, y)))
    canvas.drawPath(hood, down(y - 0.07, y, tones[1], tones[0]))
    glass = 0xFFF0C0 if light.lamps else light.lit(0xE8EEF2, haze)
    canvas.drawPath(
        polygon(((x - 0.06, y), (x + 0.06, y), (x + 0.045, y + 0.1), (x - 0.045, y + 0.1))),
        fill(glass),
    )
    canvas.drawLine(x, y, x, y + 0.1, stroke(tones[0], 0.008))
    if light.lamps:
        glow(canvas, x, y + 0.05, 0.75, 0xFFCB74, 0.5)
        glow(canvas, x, y + 0.05, 0.16, 0xFFF3CF, 0.85)
        oval(canvas, x, base + 0.02, 0.6, 0.075, soft(0xFFCB74, 0.05, 0.2))


def lantern(
    canvas: Any,
    stage: Stage,
    x: float,
    y: float,
    size: float,
    colour: int = 0xD9342E,
    haze: float = 0.0,
) -> None:
    """A paper lantern that hangs from (x, y)."""
    light = stage.light
    on = light.lamps
    body = mix(colour, 0xFFB347, 0.45) if on else light.shade(colour, haze)
    core = 0xFFE6A0 if on else light.lit(colour, haze, 0.4)
    edge = mix(colour, 0x50102A, 0.25) if on else light.dark(colour, haze)
    middle = y + size * 1.25
    canvas.drawLine(x, y, x, y + size * 0.4, stroke(light.dark(0x3A2A2A, haze), 0.01))
    if on:
        glow(canvas, x, middle, size * 3.4, 0xFF9A4A, 0.42)
    canvas.save()
    canvas.translate(x, middle)
    canvas.scale(size, size * 0.86)
    stops = ((0.0, core, 1.0), (0.55, body, 1.0), (1.0, edge, 1.0))

    canvas.drawCircle(
        0, 0, 1, skia_focal(0.0 if on else 0.3 * light.side, -0.1 if on else -0.3, *stops)
    )
    canvas.restore()
    for part in range(-2, 3):
        wide = size * abs(part) * 0.42
        canvas.drawOval(
            box(x - wide, middle - size * 0.86, x + wide, middle + size * 0.86),
            stroke(edge, size * 0.035, 0.55),
        )
    gold = light.lit(0xE8B84A, haze) if not on else 0xFFD27A
    for level in (-0.86, 0.86):
        canvas.drawRect(
            box(
                x - size * 0.36,
                middle + level * size - size * 0.1,
                x + size * 0.36,
                middle + level * size + size * 0.1,
            ),
            fill(gold),
        )
    for part in range(-2, 3):
        canvas.drawLine(
            x + part * size * 0.06,
            middle + size * 0.95,
            x + part * size * 0.1,
            middle + size * 1.7,
            stroke(mix(gold, colour, 0.3), size * 0.05),
        )


def lantern_row(
    canvas: Any,
    stage: Stage,
    left: float,
    right: float,
    y: float,
    sag: float,
    size: float,
    count: int,
    colours: tuple[int, ...] = (0xD9342E,),
    haze: float = 0.0,
) -> None:
    spots = []
    for part in range(count + 2):
        along = part / (count + 1)
        spots.append((left + (right - left) * along, y + 4 * sag * along * (1 - along)))
    canvas.drawPath(blob(spots, closed=False), stroke(stage.light.dark(0x3A2E3A, haze), 0.009))
    for part, (x, low) in enumerate(spots[1:-1]):
        lantern(canvas, stage, x, low, size, colours[part % len(colours)], haze)


def crate(
    canvas: Any,
    stage: Stage,
    x: float,
    base: float,
    size: float,
    colour: int = 0xB07E4E,
    haze: float = 0.0,
) -> None:
    light = stage.light
    shadow_under(canvas, light, x, base, size * 0.8, size * 0.1)
    canvas.drawRect(
        box(x - size / 2, base - size, x + size / 2, base),
        down(base - size, base, light.lit(colour, haze, 0.25), light.dark(colour, haze, 0.7)),
    )
    dark, lit = light.dark(colour, haze), light.lit(colour, haze, 0.4)
    for part in range(1, 4):
        y = base - size * part / 4
        canvas.drawLine(x - size / 2, y, x + size / 2, y, stroke(dark, size * 0.03))
    frame = stroke(lit, size * 0.1)
    for a, b in (
        ((-0.45, -0.95), (0.45, -0.95)),
        ((-0.45, -0.05), (0.45, -0.05)),
        ((-0.45, -0.95), (-0.45, -0.05)),
        ((0.45, -0.95), (0.45, -0.05)),
        ((-0.42, -0.08), (0.42, -0.92)),
    ):
        canvas.drawLine(
            x + a[0] * size, base + a[1] * size, x + b[0] * size, base + b[1] * size, frame
        )
    canvas.drawRect(box(x - size / 2, base - size, x + size / 2, base), stroke(dark, size * 0.025))


def barrel(
    canvas: Any, stage: Stage, x: float, base: float, size: float, colour: int = 0x9A6238
) -> None:
    light = stage.light
    shadow_under(canvas, light, x, base, size * 0.62, size * 0.1)
    path = blob(
        (
            (x - size * 0.3, base - size),
            (x + size * 0.3, base - size),
            (x + size * 0.4, base - size / 2),
            (x + size * 0.3, base),
            (x - size * 0.3, base),
            (x - size * 0.4, base - size / 2),
        ),
        tension=0.5,
    )
    tones = (light.dark(colour), light.shade(colour), light.lit(colour))
    canvas.drawPath(
        path, across(x - size * 0.4, x + size * 0.4, *(tones if light.side > 0 else tones[::-1]))
    )
    for part in range(-2, 3):
        canvas.drawLine(
            x + part * size * 0.13,
            base - size * 0.97,
            x + part * size * 0.13,
            base - size * 0.03,
            stroke(light.dark(colour), size * 0.018),
        )
    for level in (0.22, 0.78):
        canvas.drawRect(
            box(
                x - size * 0.37,
                base - size * level - size * 0.04,
                x + size * 0.37,
                base - size * level + size * 0.04,
            ),
            across(
                x - size * 0.4,
                x + size * 0.4,
                light.dark(0x6A6A78),
                light.lit(0x8A8A98),
                light.dark(0x6A6A78),
            ),
        )


def bricks(
    canvas: Any,
    stage: Stage,
    salt: int,
    left: float,
    right: float,
    top: float,
    bottom: float,
    wide: float,
    tall: float,
    colour: int,
    haze: float,
    spread: float = 0.35,
) -> None:
    """Courses of bricks or blocks in four tones over their mortar."""
    light = stage.light
    tones = (
        light.dark(colour, haze, 0.35),
        light.shade(colour, haze),
        light.shade(mix(colour, 0xFFC9A0, 0.14), haze),
        light.lit(colour, haze, spread * 0.7),
    )
    canvas.drawRect(
        box(left, top, right, bottom), fill(light.dark(mix(colour, 0x8A8090, 0.3), haze, 0.85))
    )
    builders = [skia.PathBuilder() for _ in tones]
    row, y = 0, top
    while y < bottom - 1e-6:
        shift = 0.5 * wide * (row % 2)
        for column in range(floor((left - shift) / wide), floor((right - shift) / wide) + 1):
            x = column * wide + shift
            a, b = max(x + wide * 0.04, left), min(x + wide * 0.96, right)
            if b > a:
                which = int(3.999 * chance(stage.seed, salt, row, column))
                builders[which].addRect(box(a, y + tall * 0.07, b, min(y + tall * 0.93, bottom)))
        y, row = y + tall, row + 1
    for builder, tone in zip(builders, tones, strict=True):
        canvas.drawPath(builder.detach(), fill(tone))


def window(
    canvas: Any,
    stage: Stage,
    x: float,
    top: float,
    wide: float,
    tall: float,
    frame: int,
    haze: float = 0.1,
    lit: bool = True,
) -> None:
    """From outside: reveal, panes with reflected sky or lamp light, sill."""
    light = stage.light
    half = wide / 2
    canvas.drawRect(
        box(x - half - 0.02, top - 0.02, x + half + 0.02, top + tall + 0.02),
        fill(light.shade(frame, haze)),
    )
    if light.lamps and lit:
        glow(canvas, x, top + tall / 2, wide * 1.3, 0xFFC46A, 0.3)
        glass = down(top, top + tall, 0xFFE8B0, 0xFFC46A)
    else:
        glass = linear(
            (x - half, top),
            (x + half, top + tall),
            (0.0, mix(light.sky_low, 0xFFFFFF, 0.2), 1.0),
            (0.45, light.sky_middle, 1.0),
            (1.0, light.dark(0x44566E, haze), 1.0),
        )
    canvas.drawRect(box(x - half, top, x + half, top + tall), glass)
    canvas.drawRect(
        box(x - half, top, x + half, top + tall * 0.12), fill(light.dark(0x2A2A40, haze), 0.35)
    )
    bars = stroke(light.lit(frame, haze, 0.2), 0.014)
    canvas.drawLine(x, top, x, top + tall, bars)
    canvas.drawLine(x - half, top + tall * 0.42, x + half, top + tall * 0.42, bars)
    canvas.drawRect(
        box(x - half - 0.035, top + tall, x + half + 0.035, top + tall + 0.03),
        fill(light.lit(frame, haze, 0.35)),
    )
    canvas.drawRect(
        box(x - half - 0.03, top + tall + 0.03, x + half + 0.03, top + tall + 0.05),
        fill(light.dark(frame, haze), 0.7),
    )


def bench(canvas: Any, stage: Stage, x: float, base: float) -> None:
    light = stage.light
    shadow_under(canvas, light, x, base, 0.32, 0.035)
    iron, wood = light.dark(0x3A3F4C), 0xA8703F
    for side in (-0.2, 0.2):
        canvas.drawLine(x + side, base, x + side, base - 0.2, stroke(iron, 0.02))
        canvas.drawLine(x + side, base - 0.2, x + side * 1.06, base - 0.32, stroke(iron, 0.016))
    for y in (0.12, 0.15, 0.22, 0.27):
        canvas.drawRect(
            box(x - 0.27, base - y - 0.018, x + 0.27, base - y),
            down(base - y - 0.018, base - y, light.lit(wood), light.dark(wood, 0.0, 0.5)),
        )
