"""Things that several sets are furnished with: trees, bushes, lamps, crates, windows, walls.

- Each is a function that paints one thing in three tones with its contact shadow.
- Sizes are in adult heights; `haze` is how far away it stands.

Called from the files of sets.
"""

from math import cos, floor, pi, sin
from typing import Any

import skia

from onereel.backlot.brush import blob, chance, fill, glow, linear, mix, polygon, scatter, stroke
from onereel.backlot.scenery import (
    Area,
    Layer,
    Stage,
    across,
    box,
    dots,
    down,
    leaves,
    oval,

    shadow_under,
    skia_focal,
    soft,
)


def foliage(
    canvas: Any, stage: Stage, salt: int, x: float, y: float, wide: float, tall: float,
    colour: int, haze: float,
) -> None:  # fmt: skip
    """A crown: a dark mass, then dabs that get lighter and fewer towards the light."""
    light = stage.light
    tones = (light.dark(colour, haze, 1.0), light.dark(colour, haze, 0.45),
             light.shade(colour, haze), light.lit(colour, haze, 0.32), light.lit(colour, haze, 0.62))  # fmt: skip
    for part in range(7):
        angle = 2 * pi * part / 7
        oval(canvas, x + 0.42 * wide * cos(angle), y + 0.42 * tall * sin(angle),
             wide * 0.56, tall * 0.52, fill(tones[0]))  # fmt: skip
    size = min(wide, tall) * 0.24
    for tone, colour_of in enumerate(tones):
        reach = 0.98 - 0.13 * tone
        points = []
        for part in range(48 - 4 * tone):
            u, v = chance(stage.seed, salt, tone, part), chance(stage.seed, salt, tone, part, 1)
            radius, angle = reach * u**0.55, 2 * pi * v
            points.append((x + 0.13 * tone * wide * stage.light.side + radius * wide * cos(angle),
                           y - 0.12 * tone * tall + radius * tall * sin(angle)))  # fmt: skip
        dots(canvas, points, size * (1.0 - 0.15 * tone), colour_of, 1.0 if tone < 3 else 0.9)


def tree(
    canvas: Any, stage: Stage, salt: int, x: float, base: float, tall: float,
    colour: int = 0x4E9E4B, haze: float = 0.2, bark: int = 0x6B4A38,
) -> None:  # fmt: skip
    light = stage.light
    half = tall * 0.042
    shadow_under(canvas, light, x, base, tall * 0.34, tall * 0.04)
    sway = tall * 0.05 * (chance(stage.seed, salt, 50) - 0.5)
    trunk = polygon(
        ((x - half * 1.7, base + 0.01), (x - half * 0.8, base - tall * 0.16),
         (x - half * 0.6 + sway, base - tall * 0.6), (x + half * 0.6 + sway, base - tall * 0.6),
         (x + half * 0.8, base - tall * 0.16), (x + half * 1.9, base + 0.01))
    )  # fmt: skip
    tones = (light.dark(bark, haze), light.shade(bark, haze), light.lit(bark, haze))
    canvas.drawPath(trunk, across(x - half, x + half, *(tones if light.side > 0 else tones[::-1])))
    for side, rise in ((-1, 0.4), (1, 0.48)):
        canvas.drawLine(x + sway * 0.6, base - tall * rise, x + side * tall * 0.17,
                        base - tall * (rise + 0.2), stroke(tones[0], half * 0.8))  # fmt: skip
    spread = (
        (-0.2, 0.62, 0.2), (0.2, 0.64, 0.2), (0.0, 0.58, 0.2), (-0.1, 0.8, 0.2), (0.12, 0.82, 0.17),
        (0.0, 0.92, 0.12),
    )  # fmt: skip
    if stage.weather == "petals":
        colour = mix(colour, 0xF8B4CC, 0.86)
    if stage.weather == "snow":
        colour = mix(colour, 0xE8F0FA, 0.6)
    for part, (dx, rise, size) in enumerate(spread):
        jitter = 0.05 * (chance(stage.seed, salt, part, 60) - 0.5)
        foliage(canvas, stage, salt * 10 + part, x + sway + (dx + jitter) * tall,
                base - rise * tall, size * tall, size * 0.78 * tall, colour, haze)  # fmt: skip


def pine(
    canvas: Any, stage: Stage, salt: int, x: float, base: float, tall: float, haze: float,
    snow: float, colour: int = 0x2F6B5C,
) -> None:  # fmt: skip
    """Drooping tiers with ragged hems; `snow` 0..1 lies on them."""
    light = stage.light
    shadow_under(canvas, light, x, base, tall * 0.26, tall * 0.03)
    canvas.drawRect(box(x - tall * 0.025, base - tall * 0.12, x + tall * 0.025, base),
                    fill(light.dark(0x5B4032, haze)))  # fmt: skip
    tiers = 7
    for tier in range(tiers):
        up = tier / tiers
        y, half = base - tall * (0.08 + 0.86 * up * 0.86), tall * 0.25 * (1 - up * 0.86)
        top, count = y - tall * 0.24 * (1 - 0.3 * up), 6
        hem = []
        for part in range(2 * count + 1):
            along = part / count - 1.0
            dip = 0.032 * tall * (part % 2) * (0.7 + 0.6 * chance(stage.seed, salt, tier, part))
            hem.append((x + half * along, y - tall * 0.045 * (1 - along * along) ** 2 * -1 + dip
                        - tall * 0.03 * abs(along)))  # fmt: skip
        path = polygon([(x, top), *hem[::-1]])
        lit, dark = light.lit(colour, haze, 0.35), light.dark(colour, haze)
        tones = (dark, light.shade(colour, haze), lit)
        canvas.drawPath(path, across(x - half, x + half, *(tones if light.side > 0 else tones[::-1])))
        canvas.drawPath(path, linear((0.0, y - tall * 0.02), (0.0, y + tall * 0.03),
                                     (0.0, dark, 0.0), (1.0, dark, 0.6)))  # fmt: skip
        if snow > 0:
            white = light.lit(0xF3F8FF, haze * 0.7, 0.3)
            blue = light.dark(0xE3EEFC, haze * 0.7, 0.5)
            cap = [(x, top)]
            for part, (px, py) in enumerate(hem[::-1]):
                cap.append((x + (px - x) * 0.86 * (0.55 + 0.45 * snow),
                            top + (py - top) * (0.6 + 0.25 * (part % 2)) * (0.6 + 0.4 * snow)))  # fmt: skip
            pair = (blue, white) if light.side > 0 else (white, blue)
            canvas.drawPath(polygon(cap), across(x - half, x + half, *pair))


def bush(
    canvas: Any, stage: Stage, salt: int, x: float, base: float, size: float, colour: int,
    haze: float, flowers: int = 0,
) -> None:  # fmt: skip
    shadow_under(canvas, stage.light, x, base, size * 1.25, size * 0.16)
    if stage.weather == "snow":
        colour = mix(colour, 0xE8F0FA, 0.55)
    for part, (dx, dy, scale) in enumerate(((-0.55, 0.36, 0.6), (0.55, 0.34, 0.62), (0.0, 0.5, 0.8))):
        foliage(canvas, stage, salt * 10 + part, x + dx * size, base - dy * size,
                size * scale, size * scale * 0.72, colour, haze)  # fmt: skip
    if flowers:
        points = [
            (x + size * (2.0 * chance(stage.seed, salt, part, 70) - 1.0),
             base - size * (0.1 + 0.9 * chance(stage.seed, salt, part, 71)))
            for part in range(9)
        ]  # fmt: skip
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
                blob(((x - 0.5, -1.75), (x, -1.5 + 0.1 * a), (x + 0.45, -1.36 + 0.1 * a)), closed=False),
                stroke(light.dark(0x4A362C), 0.03),
            )
            for tone, drop in ((dark, 0.0), (pale, -0.05)):
                builder = skia.PathBuilder()
                for part in range(26):
                    u = chance(stage.seed, salt, int(1e5 * a), part, 1)
                    v = chance(stage.seed, salt, int(1e5 * b), part, 2)
                    leaves(builder, x - 0.45 + 0.95 * u, -1.68 + 0.3 * u + 0.12 * v + drop,
                           0.1 + 0.05 * v, 0.035, 0.6 + 1.7 * v)  # fmt: skip
                canvas.drawPath(builder.detach(), soft(tone, 0.01, 0.95))

    return Layer(1.2, paint, front=True)


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
            ray = polygon(((x, -2.6), (x + wide, -2.6), (x + wide * 1.9 - lean * 2.6, 0.15),
                           (x - wide * 0.6 - lean * 2.6, 0.15)))  # fmt: skip
            stops = ((0.0, light.direct, strength * (0.35 + 0.65 * a)), (0.75, light.direct, strength * 0.35 * c),
                     (1.0, light.direct, 0.0))  # fmt: skip
            paint = skia.Paint(linear((0.0, -2.2), (0.0, 0.1), *stops))
            paint.setMaskFilter(skia.MaskFilter.MakeBlur(skia.kNormal_BlurStyle, 0.03))
            canvas.drawPath(ray, paint)

    return Layer(depth, paint, glows=True)


def lamp_post(canvas: Any, stage: Stage, x: float, base: float, tall: float, haze: float = 0.0) -> None:
    light = stage.light
    iron = 0x39404F
    shadow_under(canvas, light, x, base, 0.12, 0.02)
    tones = (light.dark(iron, haze), light.lit(iron, haze, 0.4), light.dark(iron, haze))
    for half, top, bottom in ((0.016, tall, 0.0), (0.032, 0.16, 0.0), (0.024, tall * 0.55, tall * 0.5)):
        canvas.drawRect(box(x - half, base - top, x + half, base - bottom),
                        across(x - half, x + half, *tones))  # fmt: skip
    y = base - tall
    hood = polygon(((x - 0.085, y), (x - 0.05, y - 0.07), (x + 0.05, y - 0.07), (x + 0.085, y)))
    canvas.drawPath(hood, down(y - 0.07, y, tones[1], tones[0]))
    glass = 0xFFF0C0 if light.lamps else light.lit(0xE8EEF2, haze)
    canvas.drawPath(polygon(((x - 0.06, y), (x + 0.06, y), (x + 0.045, y + 0.1), (x - 0.045, y + 0.1))),
                    fill(glass))  # fmt: skip
    canvas.drawLine(x, y, x, y + 0.1, stroke(tones[0], 0.008))
    if light.lamps:
        glow(canvas, x, y + 0.05, 0.75, 0xFFCB74, 0.5)
        glow(canvas, x, y + 0.05, 0.16, 0xFFF3CF, 0.85)
        oval(canvas, x, base + 0.02, 0.6, 0.075, soft(0xFFCB74, 0.05, 0.2))


def lantern(
    canvas: Any, stage: Stage, x: float, y: float, size: float, colour: int = 0xD9342E,
    haze: float = 0.0,
) -> None:  # fmt: skip
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


    canvas.drawCircle(0, 0, 1, skia_focal(0.0 if on else 0.3 * light.side, -0.1 if on else -0.3, *stops))
    canvas.restore()
    for part in range(-2, 3):
        wide = size * abs(part) * 0.42
        canvas.drawOval(box(x - wide, middle - size * 0.86, x + wide, middle + size * 0.86),
                        stroke(edge, size * 0.035, 0.55))  # fmt: skip
    gold = light.lit(0xE8B84A, haze) if not on else 0xFFD27A
    for level in (-0.86, 0.86):
        canvas.drawRect(box(x - size * 0.36, middle + level * size - size * 0.1,
                            x + size * 0.36, middle + level * size + size * 0.1), fill(gold))  # fmt: skip
    for part in range(-2, 3):
        canvas.drawLine(x + part * size * 0.06, middle + size * 0.95, x + part * size * 0.1,
                        middle + size * 1.7, stroke(mix(gold, colour, 0.3), size * 0.05))  # fmt: skip


def lantern_row(
    canvas: Any, stage: Stage, left: float, right: float, y: float, sag: float, size: float,
    count: int, colours: tuple[int, ...] = (0xD9342E,), haze: float = 0.0,
) -> None:  # fmt: skip
    spots = []
    for part in range(count + 2):
        along = part / (count + 1)
        spots.append((left + (right - left) * along, y + 4 * sag * along * (1 - along)))
    canvas.drawPath(blob(spots, closed=False), stroke(stage.light.dark(0x3A2E3A, haze), 0.009))
    for part, (x, low) in enumerate(spots[1:-1]):
        lantern(canvas, stage, x, low, size, colours[part % len(colours)], haze)


def crate(canvas: Any, stage: Stage, x: float, base: float, size: float, colour: int = 0xB07E4E,
          haze: float = 0.0) -> None:  # fmt: skip
    light = stage.light
    shadow_under(canvas, light, x, base, size * 0.8, size * 0.1)
    canvas.drawRect(box(x - size / 2, base - size, x + size / 2, base),
                    down(base - size, base, light.lit(colour, haze, 0.25), light.dark(colour, haze, 0.7)))  # fmt: skip
    dark, lit = light.dark(colour, haze), light.lit(colour, haze, 0.4)
    for part in range(1, 4):
        y = base - size * part / 4
        canvas.drawLine(x - size / 2, y, x + size / 2, y, stroke(dark, size * 0.03))
    frame = stroke(lit, size * 0.1)
    for a, b in (((-0.45, -0.95), (0.45, -0.95)), ((-0.45, -0.05), (0.45, -0.05)),
                 ((-0.45, -0.95), (-0.45, -0.05)), ((0.45, -0.95), (0.45, -0.05)),
                 ((-0.42, -0.08), (0.42, -0.92))):  # fmt: skip
        canvas.drawLine(x + a[0] * size, base + a[1] * size, x + b[0] * size, base + b[1] * size, frame)
    canvas.drawRect(box(x - size / 2, base - size, x + size / 2, base), stroke(dark, size * 0.025))


def barrel(canvas: Any, stage: Stage, x: float, base: float, size: float, colour: int = 0x9A6238) -> None:
    light = stage.light
    shadow_under(canvas, light, x, base, size * 0.62, size * 0.1)
    path = blob(((x - size * 0.3, base - size), (x + size * 0.3, base - size), (x + size * 0.4, base - size / 2),
                 (x + size * 0.3, base), (x - size * 0.3, base), (x - size * 0.4, base - size / 2)), tension=0.5)  # fmt: skip
    tones = (light.dark(colour), light.shade(colour), light.lit(colour))
    canvas.drawPath(path, across(x - size * 0.4, x + size * 0.4, *(tones if light.side > 0 else tones[::-1])))
    for part in range(-2, 3):
        canvas.drawLine(x + part * size * 0.13, base - size * 0.97, x + part * size * 0.13, base - size * 0.03,
                        stroke(light.dark(colour), size * 0.018))  # fmt: skip
    for level in (0.22, 0.78):
        canvas.drawRect(box(x - size * 0.37, base - size * level - size * 0.04, x + size * 0.37,
                            base - size * level + size * 0.04),
                        across(x - size * 0.4, x + size * 0.4, light.dark(0x6A6A78), light.lit(0x8A8A98),
                               light.dark(0x6A6A78)))  # fmt: skip


def bricks(
    canvas: Any, stage: Stage, salt: int, left: float, right: float, top: float, bottom: float,
    wide: float, tall: float, colour: int, haze: float, spread: float = 0.35,
) -> None:  # fmt: skip
    """Courses of bricks or blocks in four tones over their mortar."""
    light = stage.light
    tones = (light.dark(colour, haze, 0.35), light.shade(colour, haze),
             light.shade(mix(colour, 0xFFC9A0, 0.14), haze), light.lit(colour, haze, spread * 0.7))  # fmt: skip
    canvas.drawRect(box(left, top, right, bottom), fill(light.dark(mix(colour, 0x8A8090, 0.3), haze, 0.85)))
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
    canvas: Any, stage: Stage, x: float, top: float, wide: float, tall: float, frame: int,
    haze: float = 0.1, lit: bool = True,
) -> None:  # fmt: skip
    """From outside: reveal, panes with reflected sky or lamp light, sill."""
    light = stage.light
    half = wide / 2
    canvas.drawRect(box(x - half - 0.02, top - 0.02, x + half + 0.02, top + tall + 0.02),
                    fill(light.shade(frame, haze)))  # fmt: skip
    if light.lamps and lit:
        glow(canvas, x, top + tall / 2, wide * 1.3, 0xFFC46A, 0.3)
        glass = down(top, top + tall, 0xFFE8B0, 0xFFC46A)
    else:
        glass = linear((x - half, top), (x + half, top + tall), (0.0, mix(light.sky_low, 0xFFFFFF, 0.2), 1.0),
                       (0.45, light.sky_middle, 1.0), (1.0, light.dark(0x44566E, haze), 1.0))  # fmt: skip
    canvas.drawRect(box(x - half, top, x + half, top + tall), glass)
    canvas.drawRect(box(x - half, top, x + half, top + tall * 0.12), fill(light.dark(0x2A2A40, haze), 0.35))
    bars = stroke(light.lit(frame, haze, 0.2), 0.014)
    canvas.drawLine(x, top, x, top + tall, bars)
    canvas.drawLine(x - half, top + tall * 0.42, x + half, top + tall * 0.42, bars)
    canvas.drawRect(box(x - half - 0.035, top + tall, x + half + 0.035, top + tall + 0.03),
                    fill(light.lit(frame, haze, 0.35)))  # fmt: skip
    canvas.drawRect(box(x - half - 0.03, top + tall + 0.03, x + half + 0.03, top + tall + 0.05),
                    fill(light.dark(frame, haze), 0.7))  # fmt: skip


def pot(canvas: Any, stage: Stage, x: float, base: float, size: float, colour: int = 0xB5613F,
        plant: int = 0x4E9A50) -> None:  # fmt: skip
    light = stage.light
    shadow_under(canvas, light, x, base, size * 0.6, size * 0.1)
    foliage(canvas, stage, int(1000 * x) & 0xFFFF, x, base - size * 1.05, size * 0.52, size * 0.5, plant, 0.0)
    path = polygon(((x - size * 0.32, base - size * 0.6), (x + size * 0.32, base - size * 0.6),
                    (x + size * 0.22, base), (x - size * 0.22, base)))  # fmt: skip
    tones = (light.dark(colour), light.shade(colour), light.lit(colour))
    canvas.drawPath(path, across(x - size * 0.3, x + size * 0.3, *(tones if light.side > 0 else tones[::-1])))
    canvas.drawRect(box(x - size * 0.36, base - size * 0.68, x + size * 0.36, base - size * 0.56),
                    fill(light.lit(colour, 0.0, 0.3)))  # fmt: skip


