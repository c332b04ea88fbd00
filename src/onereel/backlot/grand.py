"""Grand sets: imperial palace, stage, spaceship.

- One function per set; it returns the layers from far to near.

Called from sets.py (the table).
"""

from math import cos, pi, sin
from typing import Any

import skia

from onereel.backlot.brush import blob, chance, fill, glow, linear, mix, polygon, scatter, stroke
from onereel.backlot.interiors import boards, stage_dry
from onereel.backlot.props import lantern, tree
from onereel.backlot.scenery import (
    Area,
    Layer,
    Stage,
    across,
    box,
    dots,
    down,
    fade,
    ground,
    oval,
    patches,
    ridge,
    shadow_under,
    skia_focal,
    sky_layers,
    soft,
)
from onereel.backlot.town import houses

VERMILION, GOLD, JADE, ROOF = 0xB3372B, 0xE0AE48, 0x2F7F78, 0xD9962F


def palace(stage: Stage) -> tuple[Layer, ...]:
    """A courtyard before halls with swept roofs; red columns stand near the performers."""
    light = stage.light

    def swept_roof(canvas: Any, x: float, eave: float, half: float, tall: float, haze: float) -> None:
        lift = tall * 0.42
        outline = blob(((x - half, eave - lift), (x - half * 0.8, eave - tall * 0.08), (x - half * 0.55, eave - tall * 0.5), (x - half * 0.46, eave - tall),
                        (x + half * 0.46, eave - tall), (x + half * 0.55, eave - tall * 0.5), (x + half * 0.8, eave - tall * 0.08), (x + half, eave - lift),
                        (x + half * 0.82, eave + tall * 0.1), (x, eave + tall * 0.16), (x - half * 0.82, eave + tall * 0.1)), tension=0.42)  # fmt: skip
        canvas.drawPath(outline, down(eave - tall, eave + tall * 0.16, light.lit(ROOF, haze, 0.5), light.shade(ROOF, haze), light.dark(ROOF, haze)))
        canvas.save()
        canvas.clipPath(outline, doAntiAlias=True)
        count = 34
        for part in range(count + 1):
            along = part / count * 2 - 1
            top, low = (x + along * half * 0.48, eave - tall), (x + along * half * 1.04, eave + tall * 0.2)
            line = blob((top, (x + along * half * 0.62, eave - tall * 0.4), low), closed=False)
            canvas.drawPath(line, stroke(light.dark(ROOF, haze), half * 0.013, 0.75))
            canvas.save()
            canvas.translate(half * 0.011 * light.side, 0)
            canvas.drawPath(line, stroke(light.lit(ROOF, haze, 0.7), half * 0.008, 0.6))
            canvas.restore()
        canvas.restore()
        ridge_line = stroke(light.shade(0x8A5A22, haze), tall * 0.1)
        canvas.drawLine(x - half * 0.46, eave - tall, x + half * 0.46, eave - tall, ridge_line)
        canvas.drawLine(x - half * 0.46, eave - tall * 1.02, x + half * 0.46, eave - tall * 1.02, stroke(light.lit(GOLD, haze), tall * 0.04))
        for side in (-1, 1):
            tip = (x + side * half * 0.46, eave - tall)
            canvas.drawPath(blob((tip, (tip[0] + side * half * 0.05, tip[1] - tall * 0.2), (tip[0] - side * half * 0.03, tip[1] - tall * 0.24)), closed=False), stroke(light.lit(GOLD, haze), tall * 0.07))
            edge = blob(((x, eave + tall * 0.16), (x + side * half * 0.82, eave + tall * 0.1), (x + side * half, eave - lift)), closed=False, tension=0.42)
            canvas.drawPath(edge, stroke(light.dark(0x7A4A20, haze), tall * 0.09))
            canvas.drawPath(edge, stroke(light.lit(GOLD, haze), tall * 0.03))

    def hall(canvas: Any, x: float, foot: float, half: float, tall: float, haze: float, floors: int) -> None:
        terrace = 0xE6E0D6
        for step in range(3):
            y, reach = foot - 0.035 * step, half * (1.3 - 0.06 * step)
            canvas.drawRect(box(x - reach, y - 0.035, x + reach, y + 0.005), down(y - 0.035, y, light.lit(terrace, haze), light.dark(terrace, haze, 0.6)))
        base = foot - 0.1
        for floor in range(floors):
            wide = half * (1.0 - 0.2 * floor)
            top = base - tall
            canvas.drawRect(box(x - wide, top, x + wide, base), down(top, base, light.dark(VERMILION, haze, 0.8), light.shade(VERMILION, haze)))
            bays = 7
            for bay in range(bays):
                a, b = x - wide + 2 * wide * bay / bays, x - wide + 2 * wide * (bay + 1) / bays
                inner = 0xFFC76A if light.lamps else light.dark(0x6A2A22, haze, 0.5)
                canvas.drawRect(box(a + wide * 0.035, top + tall * 0.28, b - wide * 0.035, base - tall * 0.06), fill(inner))
                lattice = skia.PathBuilder()
                for line in range(5):
                    lx = a + (b - a) * (line + 0.5) / 5
                    lattice.moveTo(lx, top + tall * 0.28)
                    lattice.lineTo(lx, base - tall * 0.06)
                for line in range(4):
                    ly = top + tall * (0.28 + 0.66 * (line + 0.5) / 4)
                    lattice.moveTo(a + wide * 0.035, ly)
                    lattice.lineTo(b - wide * 0.035, ly)
                canvas.drawPath(lattice.detach(), stroke(light.shade(0x8A2F25, haze), wide * 0.009))
            for bay in range(bays + 1):
                px = x - wide + 2 * wide * bay / bays
                canvas.drawRect(box(px - wide * 0.022, top, px + wide * 0.022, base), across(px - wide * 0.022, px + wide * 0.022, light.dark(VERMILION, haze), light.lit(VERMILION, haze), light.dark(VERMILION, haze)))
            band = top + tall * 0.05
            canvas.drawRect(box(x - wide * 1.03, band, x + wide * 1.03, band + tall * 0.2), down(band, band + tall * 0.2, light.shade(JADE, haze), light.dark(0x2A5A86, haze)))
            for part in range(26):
                px = x - wide + 2 * wide * (part + 0.5) / 26
                canvas.drawCircle(px, band + tall * 0.1, wide * 0.014, fill(light.lit(GOLD, haze)))
            canvas.drawRect(box(x - wide * 1.1, top - tall * 0.05, x + wide * 1.1, top + tall * 0.14), linear((0, top - tall * 0.05), (0, top + tall * 0.2), (0.0, 0x140C2C, 0.6), (1.0, 0x140C2C, 0.0)))
            swept_roof(canvas, x, top, wide * 1.42, tall * 0.62, haze)
            base = top - tall * 0.52
            tall *= 0.72

    def far_halls(canvas: Any, area: Area) -> None:
        for number in houses(area, 1.9):
            hall(canvas, (number + 0.5) * 1.9, -0.27, 0.36, 0.22, 0.42, 2)
        fade(canvas, area, -0.7, -0.2, light.haze, 0.0, 0.45)

    def great_hall(canvas: Any, area: Area) -> None:
        for number in houses(area, 4.2):
            x = number * 4.2
            hall(canvas, x, -0.22, 0.86, 0.34, 0.12, 2)
            for side in (-1, 1):
                gallery(canvas, x + side * 1.1, x + side * 3.1)
        fade(canvas, area, -0.4, -0.16, light.haze, 0.0, 0.25)

    def gallery(canvas: Any, first: float, second: float) -> None:
        left, right = min(first, second), max(first, second)
        canvas.drawRect(box(left, -0.5, right, -0.22), down(-0.5, -0.22, light.dark(VERMILION, 0.2), light.shade(VERMILION, 0.2)))
        for part in range(13):
            px = left + (right - left) * part / 12
            canvas.drawRect(box(px - 0.014, -0.5, px + 0.014, -0.22), across(px - 0.014, px + 0.014, light.dark(VERMILION, 0.12), light.lit(VERMILION, 0.12)))
        canvas.drawRect(box(left, -0.52, right, -0.47), fill(light.shade(JADE, 0.15)))
        canvas.drawPath(polygon(((left - 0.06, -0.5), (left + 0.06, -0.64), (right - 0.06, -0.64), (right + 0.06, -0.5))), down(-0.64, -0.5, light.lit(ROOF, 0.15), light.dark(ROOF, 0.15)))
        canvas.drawRect(box(left, -0.24, right, -0.2), fill(light.lit(0xE6E0D6, 0.12)))

    def balustrade(canvas: Any, area: Area) -> None:
        marble = 0xEDE8E0
        for number in houses(area, 0.42):
            if number % 9 in (0, 1, 2):
                continue
            x = number * 0.42
            canvas.drawRect(box(x, -0.33, x + 0.42, -0.29), down(-0.33, -0.29, light.lit(marble, 0.06, 0.5), light.dark(marble, 0.06, 0.4)))
            canvas.drawRect(box(x, -0.27, x + 0.42, -0.17), down(-0.27, -0.17, light.shade(marble, 0.06), light.dark(marble, 0.06, 0.5)))
            oval(canvas, x + 0.23, -0.22, 0.09, 0.028, stroke(light.dark(marble, 0.06, 0.6), 0.008))
            canvas.drawRect(box(x - 0.03, -0.36, x + 0.03, -0.15), across(x - 0.03, x + 0.03, light.dark(marble, 0.0, 0.5), light.lit(marble), light.dark(marble, 0.0, 0.3)))
            canvas.save()
            canvas.translate(x, -0.385)
            canvas.scale(0.034, 0.036)
            canvas.drawCircle(0, 0, 1, skia_focal(0.3 * light.side, -0.4, (0.0, light.lit(marble), 1.0), (1.0, light.dark(marble, 0.0, 0.7), 1.0)))
            canvas.restore()

    def courtyard(canvas: Any, area: Area) -> None:
        pale, dark = light.lit(0xD3CCC2, 0.0, 0.2), light.dark(0xB5ADA8, 0.0, 0.5)
        y, tall, row = -0.19, 0.028, 0
        while y < 0.75:
            spread, lower = 1.0 + (y + 0.2) * 1.3, 1.0 + (y + tall + 0.2) * 1.3
            for number in houses(area, 0.34):
                a, b = number * 0.38 + 0.004 / spread, (number + 1) * 0.38 - 0.004 / spread
                tone = pale if chance(stage.seed, 401, row, number) < 0.5 else dark
                shape = polygon(((a * spread, y), (b * spread, y), (b * lower, y + tall - 0.003), (a * lower, y + tall - 0.003)))
                canvas.drawPath(shape, fill(tone, 0.3 + 0.4 * chance(stage.seed, 402, row, number)))
            y, tall, row = y + tall, tall * 1.3, row + 1
        # A carpet leads to the hall.
        carpet = polygon(((-0.36, -0.2), (0.36, -0.2), (1.0, 0.75), (-1.0, 0.75)))
        canvas.drawPath(carpet, down(-0.2, 0.6, light.lit(0xB52F38, 0.0, 0.15), light.shade(0xA82833)))
        for inset in (0.06, 0.1):
            edge = polygon(((-0.36 + inset * 0.6, -0.2), (0.36 - inset * 0.6, -0.2), (1.0 - inset * 1.6, 0.75), (-1.0 + inset * 1.6, 0.75)))
            canvas.drawPath(edge, stroke(light.shade(GOLD), 0.011))
        patches(canvas, stage, 403, area, -0.15, 0.45, 0.3, (light.dark(0x8A8288, 0.0, 0.6), light.lit(0xE6DED4)), 0.36, 0.25)

    def near_columns(canvas: Any, area: Area) -> None:
        for number in houses(area, 2.1):
            x = (number + 0.5) * 2.1
            shadow_under(canvas, light, x, -0.1, 0.26, 0.035)
            canvas.drawRect(box(x - 0.11, -3.4, x + 0.11, -0.16), across(x - 0.11, x + 0.11, light.dark(VERMILION), light.shade(VERMILION), light.lit(0xD0503E, 0.0, 0.5), light.dark(VERMILION, 0.0, 0.7)))
            for level in (-1.28, -0.34):
                canvas.drawRect(box(x - 0.115, level, x + 0.115, level + 0.05), across(x - 0.115, x + 0.115, light.dark(GOLD), light.lit(GOLD, 0.0, 0.6), light.dark(GOLD)))
            dragon = blob([(x + 0.05 * sin(1.9 * i), -1.2 + 0.085 * i) for i in range(10)], closed=False)
            canvas.drawPath(dragon, stroke(light.dark(GOLD, 0.0, 0.6), 0.028))
            canvas.drawPath(dragon, stroke(light.lit(GOLD), 0.014))
            stone = 0xD9D2C6
            canvas.drawRect(box(x - 0.15, -0.17, x + 0.15, -0.1), down(-0.17, -0.1, light.lit(stone), light.dark(stone, 0.0, 0.6)))
            oval(canvas, x, -0.175, 0.14, 0.02, fill(light.lit(stone, 0.0, 0.5)))
        for number in houses(area, 2.1):
            x = (number + 0.5) * 2.1
            canvas.drawRect(box(x, -1.62, x + 2.1, -1.38), down(-1.62, -1.38, light.shade(JADE), light.dark(0x24507A)))
            for part in range(9):
                px = x + 2.1 * (part + 0.5) / 9
                oval(canvas, px, -1.5, 0.08, 0.05, fill(light.shade(0x2A5A9A)))
                oval(canvas, px, -1.5, 0.08, 0.05, stroke(light.lit(GOLD), 0.012))
                canvas.drawCircle(px, -1.5, 0.018, fill(light.lit(0xD9503F)))
            canvas.drawRect(box(x, -1.39, x + 2.1, -1.36), fill(light.lit(GOLD, 0.0, 0.3)))
            canvas.drawRect(box(x, -3.4, x + 2.1, -1.62), down(-2.2, -1.62, light.dark(0x5A2A26), light.dark(0x7A3A2E)))
            for part in (0.22, 0.78):
                lantern(canvas, stage, x + 2.1 * part, -1.36, 0.085)

    trees = (Layer(0.7, lambda canvas, area: plant(canvas, area, stage)),)
    return (
        *sky_layers(stage),
        ridge(stage, 400, 0.08, -0.3, 0.4, 1.2, 0x7F9FB8, 0.62),
        Layer(0.24, far_halls),
        Layer(0.5, great_hall, texture=0.04),
        *trees,
        ground(stage, 0xCBC4BA, 0xC4BCB2, top=-0.24, edge=0.08)[0],
        Layer(0.9, balustrade),
        ground(stage, 0xCBC4BA, 0xC4BCB2, top=-0.24, near_detail=courtyard, edge=0.06)[1],
        Layer(0.98, near_columns, texture=0.03),
    )


def plant(canvas: Any, area: Area, stage: Stage) -> None:
    """Plum trees in the courtyard."""
    for x, a, b, c in scatter(stage.seed, 405, area.left - 0.6, area.right + 0.6, 1.6):
        if abs(x) > 0.5 and c > 0.35:
            tree(canvas, stage, int(1e4 * a), x, -0.2, 0.55 + 0.2 * b, mix(0xE88AA8, 0x6FA04A, 0.0 if b > 0.5 else 0.9), 0.14)


def theatre(stage: Stage) -> tuple[Layer, ...]:
    """A stage: backdrop, curtains, boards, coloured spotlights."""
    light = stage.light
    velvet = (0xA3202E, 0x2A3F8F, 0x5A2A7A)[stage.seed % 3]
    beams = ((0xFFD08A, 0x8AB8FF, 0xFF9ACB), (0xFFE2A8, 0xB08AFF, 0x7AE0D0))[stage.seed // 3 % 2]

    def backdrop(canvas: Any, area: Area) -> None:
        canvas.drawPaint(down(-1.8, -0.1, 0x14102E, 0x2C2258, 0x5A3F86, 0x8A5A96))
        for x, a, b, _c in scatter(stage.seed, 411, area.left, area.right, 0.07):
            canvas.drawCircle(x, -1.7 + 1.3 * a, 0.004 + 0.006 * b, fill(0xFFE9C0, 0.7))
        glow(canvas, 0.0, -0.75, 0.95, 0xFFC7A0, 0.4)
        canvas.drawCircle(0.0, -0.85, 0.42, soft(0xFFE2B0, 0.02, 0.9))
        for level, tone in ((-0.36, 0x5A3A86), (-0.24, 0x43296A)):
            hills = [(area.left - 1, 0.5)]
            for x, a, _b, _c in scatter(stage.seed, 412 + int(100 * level), area.left - 0.5, area.right + 0.5, 0.5):
                hills.append((x, level - 0.2 * a))
            canvas.drawPath(blob([*hills, (area.right + 1, 0.5)]), fill(tone))

    def folds(canvas: Any, left: float, right: float, top: float, bottom: float, tone: int, step: float) -> None:
        count = max(2, round((right - left) / step))
        for part in range(count):
            a, b = left + (right - left) * part / count, left + (right - left) * (part + 1) / count
            canvas.drawRect(box(a, top, b + 0.002, bottom), across(a, b, mix(tone, 0x10040C, 0.62), mix(tone, 0xFF8A70, 0.16), mix(tone, 0x10040C, 0.3), mix(tone, 0x10040C, 0.62)))
        canvas.drawRect(box(left, top, right, bottom), linear((0, top), (0, bottom), (0.0, 0x10040C, 0.5), (0.35, 0x10040C, 0.0), (0.85, 0x10040C, 0.0), (1.0, 0x10040C, 0.35)))
        canvas.drawRect(box(left, bottom - 0.07, right, bottom - 0.035), fill(mix(GOLD, 0x402010, 0.2)))
        for part in range(count * 3):
            px = left + (right - left) * (part + 0.5) / (count * 3)
            canvas.drawLine(px, bottom - 0.035, px, bottom, stroke(mix(GOLD, 0x402010, 0.3), step * 0.12))

    def curtains(canvas: Any, area: Area) -> None:
        for number in houses(area, 4.6):
            x = number * 4.6
            folds(canvas, x - 2.3, x - 1.12, -3.2, -0.12, velvet, 0.11)
            folds(canvas, x + 1.12, x + 2.3, -3.2, -0.12, velvet, 0.11)
        folds(canvas, area.left, area.right, -3.4, -1.38, mix(velvet, 0x10040C, 0.15), 0.17)
        for number in houses(area, 0.85):
            x = number * 0.85
            swag = blob(((x, -1.48), (x + 0.21, -1.31), (x + 0.425, -1.26), (x + 0.64, -1.31), (x + 0.85, -1.48), (x + 0.85, -1.7), (x, -1.7)), tension=0.5)
            canvas.drawPath(swag, across(x, x + 0.85, mix(velvet, 0x10040C, 0.45), mix(velvet, 0xFF8A70, 0.2), mix(velvet, 0x10040C, 0.45)))
            canvas.drawPath(blob(((x, -1.48), (x + 0.21, -1.31), (x + 0.425, -1.26), (x + 0.64, -1.31), (x + 0.85, -1.48)), closed=False), stroke(mix(GOLD, 0xFFFFFF, 0.1), 0.02))

    def floor(canvas: Any, area: Area) -> None:
        boards(canvas, stage, area, 0xA87444, 413)
        canvas.drawRect(box(area.left, -0.22, area.right, -0.02), linear((0, -0.2), (0, 0.0), (0.0, 0x180820, 0.6), (1.0, 0x180820, 0.0)))
        for x, tone in ((-0.55, beams[1]), (0.0, beams[0]), (0.55, beams[2])):
            oval(canvas, x, 0.03, 0.46, 0.095, soft(tone, 0.03, 0.34))
        canvas.drawRect(box(area.left, 0.24, area.right, 0.285), down(0.24, 0.285, 0xD9A868, 0x7A4A28))
        canvas.drawRect(box(area.left, 0.285, area.right, 3.0), down(0.285, 0.6, 0x3A1C22, 0x180A14))
        for number in houses(area, 0.42):
            x = number * 0.42
            canvas.drawRoundRect(box(x - 0.07, 0.215, x + 0.07, 0.27), 0.03, 0.03, fill(0x5A4A40))
            glow(canvas, x, 0.225, 0.16, 0xFFD890, 0.7)

    def spots(canvas: Any, area: Area) -> None:
        for x, tone, lean in ((-0.95, beams[1], 0.55), (-0.2, beams[0], 0.2), (0.3, beams[0], -0.3), (1.0, beams[2], -0.55)):
            foot = x + lean
            cone = polygon(((x - 0.03, -1.75), (x + 0.03, -1.75), (foot + 0.36, 0.08), (foot - 0.36, 0.08)))
            paint = skia.Paint(linear((0, -1.75), (0, 0.1), (0.0, tone, 0.34), (1.0, tone, 0.05)))
            paint.setMaskFilter(skia.MaskFilter.MakeBlur(skia.kNormal_BlurStyle, 0.03))
            canvas.drawPath(cone, paint)

    def dust(canvas: Any, area: Area, time: float) -> None:
        points = []
        for index in range(26):
            u, v = chance(stage.seed, 414, index), chance(stage.seed, 415, index)
            x = area.left + (area.right - area.left) * ((u + 0.01 * time) % 1.0)
            points.append((x + 0.03 * sin(0.8 * time + 20 * v), -1.3 + 1.2 * ((v - 0.02 * time) % 1.0)))
        dots(canvas, points, 0.008, 0xFFEFD0, 0.45)

    return (
        Layer(0.5, backdrop, texture=0.05),
        ground(stage_dry(stage), 0x6A4632, 0x8F6240, top=-0.24, edge=0.06)[0],
        Layer(0.88, curtains, texture=0.05),
        ground(stage_dry(stage), 0x6A4632, 0xA06C42, top=-0.24, near_detail=floor, edge=0.04)[1],
        Layer(0.92, spots, moving=dust, glows=True),
    )


def spaceship(stage: Stage) -> tuple[Layer, ...]:
    """The bridge of a ship: stars and a planet behind wide windows, consoles, a lit floor."""
    hull, trim = 0x8E9AB8, (0x4FD8FF, 0xFFB04F, 0x8AFF9A)[stage.seed % 3]
    planet = (0xD98A5A, 0x5A9AD9, 0x8A6AC9, 0x6AB58A)[stage.seed // 3 % 4]
    # No hour in space: the hour is how the ship is lit.
    bright = {"day": 1.0, "dawn": 0.85, "dusk": 0.66, "night": 0.46}[stage.light.time]

    def tone(colour: int, amount: float = 0.0) -> int:
        lit = mix(colour, 0xFFFFFF, amount) if amount > 0 else mix(colour, 0x080C20, -amount)
        return mix(0x0A1028, lit, bright)

    def space(canvas: Any, area: Area) -> None:
        canvas.drawPaint(down(-1.8, 0.0, 0x050618, 0x0C1034, 0x1E1648))
        for x, a, b, c in scatter(stage.seed, 421, area.left, area.right, 0.6):
            canvas.save()
            canvas.translate(x, -1.3 + 1.0 * a)
            canvas.rotate(-20)
            canvas.scale(0.5 + 0.4 * b, 0.2)
            glow(canvas, 0, 0, 1.0, (0x6A3FA8, 0x2F5FA8, 0xA83F7A)[int(2.99 * c)], 0.3)
            canvas.restore()
        for size, alpha, salt, step in ((0.004, 0.6, 422, 0.02), (0.008, 0.95, 423, 0.09)):
            dots(canvas, [(x, -1.7 + 1.7 * a) for x, a, _b, _c in scatter(stage.seed, salt, area.left, area.right, step)], size, 0xFFFFFF, alpha)
        x, y, size = 0.42, -0.86, 0.42
        glow(canvas, x, y, size * 1.5, mix(planet, 0xFFFFFF, 0.4), 0.4)
        canvas.save()
        canvas.translate(x, y)
        canvas.scale(size, size)
        canvas.drawCircle(0, 0, 1, skia_focal(-0.45, -0.4, (0.0, mix(planet, 0xFFFFFF, 0.5), 1.0), (0.5, planet, 1.0), (1.0, mix(planet, 0x080620, 0.85), 1.0)))
        canvas.save()
        canvas.clipPath(blob([(cos(pi * i / 8), sin(pi * i / 8)) for i in range(16)], tension=1.0), doAntiAlias=True)
        for band in range(9):
            level = -0.9 + 0.2 * band + 0.06 * chance(stage.seed, 424, band)
            path = blob(((-1.2, level), (-0.4, level + 0.08), (0.3, level - 0.03), (1.2, level + 0.06), (1.2, level + 0.12), (0.2, level + 0.06), (-1.2, level + 0.08)))
            canvas.drawPath(path, fill(mix(planet, 0xFFFFFF if band % 2 else 0x301020, 0.5), 0.22))
        canvas.restore()
        canvas.rotate(-18)
        canvas.drawOval(box(-1.7, -0.16, 1.7, 0.16), stroke(mix(planet, 0xFFF0D0, 0.6), 0.05, 0.55))
        canvas.restore()

    def drifting(canvas: Any, area: Area, time: float) -> None:
        points = []
        for index in range(20):
            u, v = chance(stage.seed, 425, index), chance(stage.seed, 426, index)
            points.append((area.left + (area.right - area.left) * ((u - 0.012 * (0.4 + v) * time) % 1.0), -1.5 + 1.3 * v))
        dots(canvas, points, 0.009, 0xDCE8FF, 0.9)

    def bridge(canvas: Any, area: Area) -> None:
        """The wall, with the windows cut out."""
        openings = skia.PathBuilder()
        for number in houses(area, 1.5):
            x = number * 1.5
            openings.moveTo(x - 0.62, -1.36)
            for px, py in ((0.62, -1.36), (0.68, -0.6), (0.58, -0.5), (-0.58, -0.5), (-0.68, -0.6)):
                openings.lineTo(x + px, py)
            openings.close()
        holes = openings.detach()
        canvas.save()
        canvas.clipPath(holes, skia.ClipOp.kDifference, True)
        canvas.drawRect(box(area.left, -4.0, area.right, 0.4), down(-1.9, -0.1, tone(hull, -0.5), tone(hull, 0.1), tone(hull, -0.1), tone(hull, -0.45)))
        seams = skia.PathBuilder()
        for number in houses(area, 0.5):
            seams.moveTo(number * 0.5, -4.0)
            seams.lineTo(number * 0.5, 0.0)
        for y in (-2.2, -1.8, -1.48, -0.38):
            seams.moveTo(area.left, y)
            seams.lineTo(area.right, y)
        path = seams.detach()
        canvas.drawPath(path, stroke(tone(hull, -0.6), 0.012))
        canvas.save()
        canvas.translate(0.008, 0.008)
        canvas.drawPath(path, stroke(tone(hull, 0.4), 0.004, 0.6))
        canvas.restore()
        canvas.restore()
        canvas.drawPath(holes, stroke(tone(hull, -0.7), 0.07))
        canvas.drawPath(holes, stroke(tone(hull, 0.35), 0.03))
        canvas.drawPath(holes, stroke(trim, 0.01, 0.9))
        for number in houses(area, 1.5):
            x = number * 1.5
            canvas.drawPath(polygon(((x - 0.5, -1.36), (x - 0.2, -1.36), (x - 0.45, -0.5), (x - 0.6, -0.5))), fill(0xBFE0FF, 0.07))
            px = x + 0.75
            canvas.drawRect(box(px - 0.08, -4.0, px + 0.08, -0.16), across(px - 0.08, px + 0.08, tone(hull, -0.55), tone(hull, 0.35), tone(hull, -0.4)))
            for y in (-1.42, -1.1, -0.78):
                canvas.drawRoundRect(box(px - 0.022, y, px + 0.022, y + 0.2), 0.02, 0.02, fill(mix(trim, 0xFFFFFF, 0.5)))
                glow(canvas, px, y + 0.1, 0.2, trim, 0.5)
            canvas.drawRoundRect(box(x - 0.34, -1.66, x + 0.34, -1.61), 0.02, 0.02, fill(mix(0xEAF4FF, trim, 0.15)))
            glow(canvas, x, -1.62, 0.7, 0xCFE6FF, 0.4 * bright + 0.1)

    def consoles(canvas: Any, area: Area) -> None:
        for number in houses(area, 1.5):
            console(canvas, number * 1.5, number)
        canvas.drawRect(box(area.left, -0.18, area.right, -0.04), linear((0, -0.18), (0, -0.04), (0.0, 0x04061A, 0.6), (1.0, 0x04061A, 0.0)))

    def console(canvas: Any, x: float, number: int) -> None:
        canvas.drawPath(polygon(((x - 0.54, -0.13), (x - 0.48, -0.36), (x + 0.48, -0.36), (x + 0.54, -0.13))), down(-0.36, -0.13, tone(hull, 0.05), tone(hull, -0.55)))
        canvas.drawPath(polygon(((x - 0.56, -0.36), (x - 0.5, -0.47), (x + 0.5, -0.47), (x + 0.56, -0.36))), down(-0.47, -0.36, tone(hull, 0.3), tone(hull, -0.25)))
        canvas.drawLine(x - 0.56, -0.355, x + 0.56, -0.355, stroke(trim, 0.012))
        for part in range(3):
            a = x - 0.44 + 0.31 * part
            screen = polygon(((a, -0.385), (a + 0.025, -0.455), (a + 0.235, -0.455), (a + 0.25, -0.385)))
            glowing = (trim, 0x8A9AFF, 0xFF8AB0)[int(2.99 * chance(stage.seed, 427, number, part))]
            canvas.drawPath(screen, fill(mix(0x081030, glowing, 0.35)))
            for line in range(4):
                y, u = -0.445 + 0.016 * line, chance(stage.seed, 428, number, part, line)
                canvas.drawLine(a + 0.03, y, a + 0.05 + 0.15 * u, y, stroke(mix(glowing, 0xFFFFFF, 0.4), 0.006))
            glow(canvas, a + 0.12, -0.42, 0.2, glowing, 0.3)
        for part in range(12):
            tint = (0xFF6A5A, 0xFFD24F, 0x6AFF9A, 0x6AC8FF)[int(3.99 * chance(stage.seed, 429, number, part))]
            canvas.drawCircle(x - 0.4 + 0.073 * part, -0.31, 0.011, fill(tint))
            canvas.drawRoundRect(box(x - 0.42 + 0.073 * part, -0.27, x - 0.38 + 0.073 * part, -0.2), 0.006, 0.006, fill(tone(hull, -0.35)))

    def blinking(canvas: Any, area: Area, time: float) -> None:
        for number in houses(area, 1.5):
            x = number * 1.5
            for part in range(4):
                if (time * 1.6 + chance(stage.seed, 430, number, part)) % 1.0 < 0.5:
                    canvas.save()
                    canvas.translate(x - 0.4 + 0.22 * part, -0.31)
                    glow(canvas, 0, 0, 0.045, (0xFF6A5A, 0xFFD24F, 0x6AFF9A, 0x6AC8FF)[part], 0.9)
                    canvas.restore()

    def deck(canvas: Any, area: Area) -> None:
        steel = 0x7F8AA6
        canvas.drawRect(box(area.left, -0.2, area.right, 3.0), down(-0.2, 0.6, tone(steel, -0.3), tone(steel, 0.12), tone(steel, -0.45)))
        y, tall, row = -0.18, 0.04, 0
        while y < 0.75:
            spread, lower = 1.0 + (y + 0.2) * 1.3, 1.0 + (y + tall + 0.2) * 1.3
            for number in houses(area, 0.5):
                a, b = number * 0.56, (number + 1) * 0.56
                shade = tone(steel, 0.16 * chance(stage.seed, 431, row, number) - 0.05)
                shape = polygon(((a * spread + 0.006, y), (b * spread - 0.006, y), (b * lower - 0.006, y + tall - 0.005), (a * lower + 0.006, y + tall - 0.005)))
                canvas.drawPath(shape, down(y, y + tall, mix(shade, 0xFFFFFF, 0.1), shade))
            y, tall, row = y + tall, tall * 1.42, row + 1
        for number in houses(area, 1.5):  # the windows' reflection and a light strip
            oval(canvas, number * 1.5, -0.02, 0.5, 0.05, soft(mix(planet, 0xBFD8FF, 0.6), 0.04, 0.22))
        for side in (-1, 1):
            canvas.drawPath(polygon(((side * 0.75, -0.19), (side * 0.77, -0.19), (side * 1.6, 0.75), (side * 1.55, 0.75))), fill(mix(trim, 0xFFFFFF, 0.4), 0.9))
            canvas.drawPath(polygon(((side * 0.72, -0.19), (side * 0.8, -0.19), (side * 1.75, 0.75), (side * 1.4, 0.75))), soft(trim, 0.03, 0.4))

    return (
        Layer(0.0, space),
        Layer(0.02, moving=drifting),
        Layer(0.72, bridge, texture=0.03),
        ground(stage_dry(stage), hull, hull, top=-0.24, near_detail=deck, edge=0.03, grain=0.03)[1],
        Layer(0.9, consoles, moving=blinking),
    )


