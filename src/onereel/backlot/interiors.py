"""Sets under a roof: room, kitchen, classroom.

- One function per set; it returns the layers from far to near.
- They are given light that `light.indoor` has warmed; windows show the hour and the weather.

Called from sets.py (the table).
"""

from math import cos, pi, sin
from typing import Any

import skia

from onereel.backlot.brush import blob, chance, fill, glow, linear, mix, polygon, stroke
from onereel.backlot.light import lighting
from onereel.backlot.props import pot, sun_shafts
from onereel.backlot.scenery import (
    Area,
    Layer,
    Stage,
    across,
    box,
    dots,
    down,
    ground,
    oval,
    patches,
    shadow_under,
    skia_focal,
    soft,
)
from onereel.backlot.town import houses

BOOKS = (0xC9503F, 0x2F6F9F, 0xE0A93A, 0x4F8F60, 0x7F5A9A, 0xD9CDB8, 0x3A4A6A)


def wall_paint(canvas: Any, stage: Stage, area: Area, wall: int, skirting: int, level: float) -> None:
    """A wall with light falling from above, a skirting board and the corner's shadow."""
    light = stage.light
    canvas.drawRect(box(area.left, -4.0, area.right, level), down(
        -1.9, level, light.dark(wall, 0.0, 0.45), light.lit(wall, 0.0, 0.2), light.shade(wall), light.dark(wall, 0.0, 0.25)))  # fmt: skip
    canvas.drawRect(box(area.left, level - 0.1, area.right, level + 0.01), down(
        level - 0.1, level, light.lit(skirting), light.dark(skirting, 0.0, 0.4)))  # fmt: skip
    canvas.drawLine(area.left, level - 0.1, area.right, level - 0.1, stroke(light.dark(skirting), 0.006, 0.6))


def room_window(canvas: Any, stage: Stage, x: float, top: float, wide: float, tall: float, frame: int) -> None:
    """From inside: sky of the hour, hills, and the light that comes in around it."""
    outside = lighting(stage.light.time, stage.weather)
    half = wide / 2
    glow(canvas, x, top + tall / 2, wide * 1.6, outside.sky_low, 0.35 if stage.light.time != "night" else 0.12)
    canvas.drawRect(box(x - half - 0.05, top - 0.05, x + half + 0.05, top + tall + 0.05), fill(stage.light.lit(frame)))
    canvas.save()
    canvas.clipRect(box(x - half, top, x + half, top + tall))
    canvas.drawPaint(down(top, top + tall, outside.sky_top, outside.sky_middle, outside.sky_low))
    if stage.light.time == "night":
        dots(canvas, [(x - half + wide * chance(stage.seed, 301, i, int(9 * x)), top + tall * 0.6 * chance(stage.seed, 302, i)) for i in range(14)], 0.009, 0xFFFFFF, 0.8)
    glow(canvas, x + half * 0.4, top + tall * 0.3, 0.3, outside.sun, 0.5)
    for depth, haze in ((0.0, 0.5), (0.08, 0.25)):
        hill = blob(((x - half - 0.1, top + tall * 0.72 + depth), (x - half * 0.3, top + tall * 0.6 + depth), (x + half * 0.4, top + tall * 0.72 + depth),
                     (x + half + 0.1, top + tall * 0.58 + depth), (x + half + 0.1, top + tall + 0.1), (x - half - 0.1, top + tall + 0.1)), tension=0.6)  # fmt: skip
        canvas.drawPath(hill, fill(outside.shade(0x6FAF6A, haze)))
    if stage.weather in ("rain", "snow"):
        for i in range(24):
            px, py = x - half + wide * chance(stage.seed, 303, i), top + tall * chance(stage.seed, 304, i)
            if stage.weather == "rain":
                canvas.drawLine(px, py, px - 0.012, py + 0.06, stroke(0xFFFFFF, 0.005, 0.5))
            else:
                canvas.drawCircle(px, py, 0.009, fill(0xFFFFFF, 0.9))
    canvas.drawPath(polygon(((x - half, top + tall), (x - half * 0.2, top), (x + half * 0.2, top), (x - half * 0.5, top + tall))), fill(0xFFFFFF, 0.1))
    canvas.restore()
    bar = stroke(stage.light.lit(frame), 0.028)
    canvas.drawLine(x, top, x, top + tall, bar)
    canvas.drawLine(x - half, top + tall * 0.48, x + half, top + tall * 0.48, bar)
    canvas.drawRect(box(x - half - 0.09, top + tall + 0.04, x + half + 0.09, top + tall + 0.085),
                    down(top + tall + 0.04, top + tall + 0.085, stage.light.lit(frame, 0.0, 0.6), stage.light.dark(frame, 0.0, 0.4)))  # fmt: skip
    canvas.drawRect(box(x - half - 0.06, top + tall + 0.085, x + half + 0.06, top + tall + 0.13),
                    linear((0, top + tall + 0.085), (0, top + tall + 0.13), (0.0, 0x201028, 0.28), (1.0, 0x201028, 0.0)))  # fmt: skip


def boards(canvas: Any, stage: Stage, area: Area, wood: int, salt: int) -> None:
    """Floor boards in perspective, each of its own tone."""
    light = stage.light
    y, tall, row = -0.2, 0.022, 0
    while y < 0.7:
        step = 0.55 + 2.2 * tall
        for number in houses(area, step):
            x = number * step + 0.41 * row
            tone = mix(wood, (0x8A5A3A, 0xD9A46C, 0xB07A4C)[int(2.99 * chance(stage.seed, salt, row, number))], 0.35)
            canvas.drawRect(box(x + 0.003, y, x + step - 0.003, y + tall - 0.003), down(y, y + tall, light.lit(tone, 0.0, 0.24), light.shade(tone)))
        y, tall, row = y + tall, tall * 1.22, row + 1


def falling_light(stage: Stage, spots: float, wide: float) -> Layer:
    """The window's bright shape on the floor."""
    light = stage.light

    def paint(canvas: Any, area: Area) -> None:
        if light.time == "night":
            return
        outside = lighting(light.time, stage.weather)
        for number in houses(area, spots):
            x = (number + 0.5) * spots - 0.3 * light.side
            shape = polygon(((x - wide / 2, -0.14), (x + wide / 2, -0.14), (x + wide * 0.6 - 0.3 * light.side, 0.24), (x - wide * 0.7 - 0.3 * light.side, 0.24)))
            canvas.drawPath(shape, soft(outside.direct, 0.03, 0.2 * (1 - 0.7 * outside.softness)))

    return Layer(1.0, paint, glows=True)


def ceiling_lamp(canvas: Any, stage: Stage, x: float, y: float, colour: int) -> None:
    light = stage.light
    canvas.drawLine(x, -4.0, x, y - 0.1, stroke(light.dark(0x4A4048), 0.012))
    if light.lamps:
        glow(canvas, x, y, 1.5, 0xFFD084, 0.42)
        glow(canvas, x, y + 0.02, 0.3, 0xFFF0C8, 0.8)
    shade = polygon(((x - 0.17, y + 0.03), (x - 0.07, y - 0.11), (x + 0.07, y - 0.11), (x + 0.17, y + 0.03)))
    canvas.drawPath(shade, across(x - 0.17, x + 0.17, light.dark(colour), light.lit(colour), light.dark(colour, 0.0, 0.6)))
    oval(canvas, x, y + 0.03, 0.17, 0.022, fill(0xFFF3CC if light.lamps else light.dark(colour)))


def room(stage: Stage) -> tuple[Layer, ...]:
    light = stage.light
    wall = (0xEBD3AE, 0xB9D2CC, 0xDDBFC2, 0xC3CBE4)[stage.seed % 4]
    cloth = (0xC95F58, 0x4A7FAE, 0x5A9A76, 0xC98F45)[stage.seed // 4 % 4]
    wood = 0x9A663F

    def back(canvas: Any, area: Area) -> None:
        wall_paint(canvas, stage, area, wall, 0xF7EEE0, -0.2)
        pattern = light.lit(mix(wall, 0xFFFFFF, 0.35))
        for number in houses(area, 0.24):
            canvas.drawRect(box(number * 0.24, -4.0, number * 0.24 + 0.09, -0.3), fill(pattern, 0.22))
        for number in houses(area, 2.5):
            x = (number + 0.5) * 2.5 + 0.62
            room_window(canvas, stage, x, -1.24, 0.74, 0.76, 0xFBF4E8)
            for side in (-1, 1):  # curtains with folds
                for fold in range(5):
                    a = x + side * (0.36 + 0.055 * fold)
                    path = blob(((a, -1.4), (a + side * 0.07, -1.4), (a + side * 0.062, -0.9), (a + side * 0.085, -0.3), (a + side * 0.01, -0.28), (a + side * 0.005, -0.85)), tension=0.35)
                    canvas.drawPath(path, across(a, a + 0.07 * side, light.lit(cloth), light.dark(cloth, 0.0, 0.8)))
            canvas.drawRect(box(x - 0.74, -1.43, x + 0.74, -1.395), down(-1.43, -1.395, light.lit(wood), light.dark(wood)))
            shelf(canvas, x + 1.12)
            picture(canvas, x - 1.02, -1.1, 0.34, 0.26, number)
            picture(canvas, x - 0.98, -0.76, 0.2, 0.2, number + 50)
            ceiling_lamp(canvas, stage, x - 0.62, -1.36, cloth)

    def shelf(canvas: Any, x: float) -> None:
        canvas.drawRect(box(x - 0.36, -1.26, x + 0.4, -0.2), soft(0x201028, 0.03, 0.3))
        canvas.drawRect(box(x - 0.34, -1.28, x + 0.34, -0.2), across(x - 0.34, x + 0.34, light.lit(wood, 0.0, 0.3), light.shade(wood)))
        for row in range(4):
            y = -1.24 + 0.25 * row
            canvas.drawRect(box(x - 0.3, y, x + 0.3, y + 0.215), down(y, y + 0.215, light.dark(0x5A3A2A), light.dark(0x7A5238)))
            place = x - 0.28
            while place < x + 0.22:
                u = chance(stage.seed, 311, row, int(100 * (place - x)))
                thick, tall = 0.022 + 0.025 * u, 0.13 + 0.06 * chance(stage.seed, 312, row, int(100 * (place - x)))
                tone = BOOKS[int(6.99 * chance(stage.seed, 313, row, int(100 * (place - x))))]
                if u > 0.93:
                    canvas.drawCircle(place + 0.045, y + 0.165, 0.042, fill(light.lit(tone)))
                    place += 0.1
                    continue
                canvas.drawRect(box(place, y + 0.21 - tall, place + thick, y + 0.21), across(place, place + thick, light.lit(tone), light.dark(tone, 0.0, 0.6)))
                canvas.drawRect(box(place, y + 0.21 - tall * 0.8, place + thick, y + 0.22 - tall * 0.74), fill(light.lit(0xE8D8A8), 0.7))
                place += thick + 0.003
            canvas.drawRect(box(x - 0.34, y + 0.212, x + 0.34, y + 0.242), down(y + 0.21, y + 0.24, light.lit(wood, 0.0, 0.5), light.shade(wood)))

    def picture(canvas: Any, x: float, top: float, wide: float, tall: float, number: int) -> None:
        canvas.drawRect(box(x - wide / 2 + 0.015, top + 0.02, x + wide / 2 + 0.025, top + tall + 0.03), soft(0x201028, 0.015, 0.35))
        canvas.drawRect(box(x - wide / 2, top, x + wide / 2, top + tall), fill(light.dark(0x8A5A3A, 0.0, 0.3)))
        canvas.drawRect(box(x - wide / 2 + 0.018, top + 0.018, x + wide / 2 - 0.018, top + tall - 0.018), fill(light.lit(0xFBF4E6)))
        canvas.save()
        canvas.clipRect(box(x - wide / 2 + 0.045, top + 0.045, x + wide / 2 - 0.045, top + tall - 0.045))
        sky = BOOKS[int(6.99 * chance(stage.seed, 314, number))]
        canvas.drawPaint(down(top, top + tall, light.shade(mix(sky, 0xFFFFFF, 0.4)), light.shade(mix(sky, 0xFFE2B0, 0.7))))
        canvas.drawCircle(x + wide * 0.15, top + tall * 0.4, tall * 0.13, fill(light.lit(0xFFF0C0)))
        canvas.drawPath(blob(((x - wide, top + tall), (x - wide * 0.2, top + tall * 0.5), (x + wide * 0.2, top + tall * 0.68), (x + wide, top + tall * 0.5), (x + wide, top + 2 * tall))), fill(light.shade(mix(sky, 0x203040, 0.4))))
        canvas.restore()

    def furniture(canvas: Any, area: Area) -> None:
        boards(canvas, stage, area, 0xC08A5A, 315)
        canvas.drawRect(box(area.left, -0.2, area.right, -0.06), linear((0, -0.2), (0, -0.06), (0.0, 0x201028, 0.32), (1.0, 0x201028, 0.0)))
        for number in houses(area, 2.5):
            x = (number + 0.5) * 2.5 + 0.62
            sofa(canvas, x - 1.0)
            pot(canvas, stage, x + 0.68, -0.1, 0.3, 0xD9D0C4, 0x4E8F52)
        for wide, tone in ((1.2, mix(cloth, 0x402030, 0.25)), (1.13, 0xEBDCC4), (1.07, mix(cloth, 0xFFFFFF, 0.12)), (0.7, mix(cloth, 0xEBDCC4, 0.55)), (0.64, mix(cloth, 0xFFFFFF, 0.08))):
            oval(canvas, 0, 0.06, wide, wide * 0.125, down(-0.1, 0.2, light.lit(tone, 0.0, 0.15), light.shade(tone)))
        for part in range(20):
            angle = 2 * pi * part / 20
            oval(canvas, 0.88 * cos(angle), 0.06 + 0.11 * sin(angle), 0.028, 0.009, fill(light.lit(0xF2E2C0)))

    def sofa(canvas: Any, x: float) -> None:
        tone = mix(cloth, 0x6A6A7A, 0.45)
        shadow_under(canvas, light, x, -0.1, 0.62, 0.05)
        for left, top, right, bottom, amount in ((-0.44, -0.52, 0.44, -0.2, 0.0), (-0.46, -0.3, 0.46, -0.13, 0.3)):
            canvas.drawRoundRect(box(x + left, top, x + right, bottom), 0.06, 0.06, down(top, bottom, light.lit(tone, 0.0, 0.25 + amount * 0.5), light.dark(tone, 0.0, 0.6)))
        canvas.drawLine(x, -0.5, x, -0.16, stroke(light.dark(tone), 0.01, 0.8))
        for side in (-1, 1):
            a = x + side * 0.5
            canvas.drawRoundRect(box(a - 0.09, -0.38, a + 0.09, -0.11), 0.06, 0.06, down(-0.38, -0.1, light.lit(tone, 0.0, 0.35), light.dark(tone)))
            canvas.drawRect(box(a - 0.03, -0.115, a + 0.03, -0.08), fill(light.dark(wood)))
        for place, pillow in ((-0.27, 0xE8C070), (0.28, cloth)):
            canvas.save()
            canvas.translate(x + place, -0.35)
            canvas.rotate(14 if place > 0 else -12)
            canvas.drawRoundRect(box(-0.1, -0.1, 0.1, 0.1), 0.04, 0.04, down(-0.1, 0.1, light.lit(pillow), light.dark(pillow, 0.0, 0.6)))
            canvas.restore()

    return (
        Layer(0.82, back, texture=0.03),
        ground(stage_dry(stage), 0xB07C50, 0xC08A5A, top=-0.22, near_detail=furniture, edge=0.02)[1],
        falling_light(stage, 2.5, 0.7),
    )


def stage_dry(stage: Stage) -> Stage:
    """Inside, nothing lies on the floor that falls outside."""
    return Stage(stage.seed, stage.light, "clear")


def kitchen(stage: Stage) -> tuple[Layer, ...]:
    light = stage.light
    paint_of = (0x7FA8A0, 0xD9A36A, 0x6F8AA8, 0xB5806A)[stage.seed % 4]
    wall = 0xF1E6D2
    steel = 0xBFC8CF

    def back(canvas: Any, area: Area) -> None:
        wall_paint(canvas, stage, area, wall, 0xE8DCC8, -0.18)
        # Tiles between counter and cupboards, every one a little different.
        tones = (light.lit(0xF6F2EA), light.shade(0xEDE6DC), light.shade(mix(paint_of, 0xFFFFFF, 0.62)), light.dark(0xE8E2DA, 0.0, 0.3))
        builders = [skia.PathBuilder() for _ in tones]
        size = 0.095
        for row in range(4):
            for number in houses(area, size):
                which = int(3.999 * chance(stage.seed, 321, row, number) ** 1.5)
                left, y = number * size, -0.95 + row * size
                builders[which].addRect(box(left + 0.004, y + 0.004, left + size - 0.004, y + size - 0.004))
        canvas.drawRect(box(area.left, -0.95, area.right, -0.57), fill(light.dark(0xC9C0B6)))
        for builder, tone in zip(builders, tones, strict=True):
            canvas.drawPath(builder.detach(), fill(tone))
        for number in houses(area, 3.0):
            x = (number + 0.5) * 3.0
            cupboards(canvas, x - 1.5 + 0.1, x - 0.72)
            hood(canvas, x - 0.38)
            room_window(canvas, stage, x + 0.5, -1.42, 0.7, 0.62, 0xFBF4E8)
            cupboards(canvas, x + 1.0, x + 1.5 + 0.08)
            hanging(canvas, x - 0.05)
        counter(canvas, area)
        for number in houses(area, 3.0):
            x = (number + 0.5) * 3.0
            stove(canvas, x - 0.38)
            fridge(canvas, x + 1.3)
            still_life(canvas, x, number)

    def cupboards(canvas: Any, left: float, right: float) -> None:
        canvas.drawRect(box(left, -0.96, right, -0.9), linear((0, -0.96), (0, -0.9), (0.0, 0x201028, 0.4), (1.0, 0x201028, 0.0)))
        canvas.drawRect(box(left, -1.5, right, -0.96), down(-1.5, -0.96, light.lit(paint_of, 0.0, 0.2), light.shade(paint_of)))
        count = 2
        for part in range(count):
            a = left + (right - left) * part / count + 0.02
            b = left + (right - left) * (part + 1) / count - 0.02
            canvas.drawRect(box(a, -1.47, b, -0.99), stroke(light.dark(paint_of, 0.0, 0.7), 0.01))
            canvas.drawRect(box(a + 0.05, -1.42, b - 0.05, -1.04), down(-1.42, -1.04, light.dark(paint_of, 0.0, 0.4), light.lit(paint_of, 0.0, 0.3)))
            canvas.drawCircle(b - 0.03 if part == 0 else a + 0.03, -1.1, 0.013, fill(light.lit(0xE8D8B0)))

    def hood(canvas: Any, x: float) -> None:
        canvas.drawRect(box(x - 0.1, -4.0, x + 0.1, -1.24), across(x - 0.1, x + 0.1, light.dark(steel), light.lit(steel), light.shade(steel)))
        canvas.drawPath(polygon(((x - 0.1, -1.26), (x + 0.1, -1.26), (x + 0.34, -1.04), (x - 0.34, -1.04))), across(x - 0.34, x + 0.34, light.dark(steel, 0.0, 0.6), light.lit(steel), light.dark(steel, 0.0, 0.5)))
        canvas.drawRect(box(x - 0.35, -1.05, x + 0.35, -1.0), down(-1.05, -1.0, light.lit(steel, 0.0, 0.6), light.dark(steel)))
        glow(canvas, x, -0.95, 0.42, 0xFFE0A0, 0.4 if light.lamps else 0.15)

    def hanging(canvas: Any, x: float) -> None:
        canvas.drawLine(x - 0.16, -0.91, x + 0.2, -0.91, stroke(light.dark(0x6A6470), 0.012))
        for part in range(4):
            px = x - 0.13 + 0.1 * part
            tone = (steel, 0xB5653F, steel, 0x8A5A3A)[part]
            canvas.drawLine(px, -0.91, px, -0.77, stroke(light.shade(tone), 0.014))
            oval(canvas, px, -0.735, 0.03, 0.04, across(px - 0.03, px + 0.03, light.dark(tone), light.lit(tone)))

    def counter(canvas: Any, area: Area) -> None:
        canvas.drawRect(box(area.left, -0.52, area.right, -0.16), down(-0.52, -0.16, light.shade(paint_of), light.dark(paint_of, 0.0, 0.6)))
        for number in houses(area, 0.42):
            x = number * 0.42
            canvas.drawRect(box(x + 0.02, -0.48, x + 0.4, -0.4), stroke(light.dark(paint_of), 0.008))
            canvas.drawRect(box(x + 0.02, -0.385, x + 0.4, -0.2), stroke(light.dark(paint_of), 0.008))
            canvas.drawRect(box(x + 0.14, -0.45, x + 0.28, -0.435), fill(light.lit(0xE8D8B0)))
            canvas.drawRect(box(x + 0.34, -0.35, x + 0.355, -0.27), fill(light.lit(0xE8D8B0)))
        canvas.drawRect(box(area.left, -0.2, area.right, -0.15), fill(light.dark(0x3A3038)))
        canvas.drawRect(box(area.left, -0.52, area.right, -0.49), linear((0, -0.52), (0, -0.48), (0.0, 0x201028, 0.5), (1.0, 0x201028, 0.0)))
        canvas.drawRect(box(area.left, -0.575, area.right, -0.52), down(-0.575, -0.52, light.lit(0xE2D6C6, 0.0, 0.6), light.shade(0xC4B4A0)))

    def stove(canvas: Any, x: float) -> None:
        canvas.drawRect(box(x - 0.34, -0.56, x + 0.34, -0.16), down(-0.56, -0.16, light.lit(steel, 0.0, 0.3), light.dark(steel, 0.0, 0.6)))
        canvas.drawRect(box(x - 0.26, -0.41, x + 0.26, -0.21), down(-0.41, -0.21, light.dark(0x2A2C38), 0xB5602F if light.lamps else light.dark(0x4A4E5C)))
        canvas.drawRect(box(x - 0.24, -0.445, x + 0.24, -0.43), fill(light.lit(0xF0F4F6)))
        for part in range(5):
            canvas.drawCircle(x - 0.2 + 0.1 * part, -0.495, 0.02, fill(light.dark(0x3A3C48)))
            canvas.drawCircle(x - 0.2 + 0.1 * part, -0.5, 0.008, fill(light.lit(0xD9604A)))
        for px, size, tone in ((x - 0.17, 0.1, 0xC9503F), (x + 0.17, 0.085, 0x8A939C)):
            canvas.drawRect(box(px - size, -0.585, px + size, -0.57), fill(light.dark(0x2A2C38)))
            canvas.drawRoundRect(box(px - size, -0.58 - size * 1.1, px + size, -0.58), 0.02, 0.02, across(px - size, px + size, light.dark(tone), light.lit(tone), light.dark(tone, 0.0, 0.5)))
            canvas.drawRect(box(px - size * 1.08, -0.595 - size * 1.1, px + size * 1.08, -0.575 - size * 1.1), fill(light.lit(tone)))
            canvas.drawCircle(px, -0.605 - size * 1.1, 0.014, fill(light.dark(0x3A3038)))

    def fridge(canvas: Any, x: float) -> None:
        tone = 0xE9E4DA
        canvas.drawRect(box(x - 0.3, -1.34, x + 0.36, -0.14), soft(0x201028, 0.03, 0.3))
        canvas.drawRoundRect(box(x - 0.3, -1.36, x + 0.3, -0.14), 0.05, 0.05, across(x - 0.3, x + 0.3, light.lit(tone), light.shade(tone), light.dark(tone, 0.0, 0.5)))
        canvas.drawLine(x - 0.3, -0.94, x + 0.3, -0.94, stroke(light.dark(tone), 0.01))
        for top, bottom in ((-1.2, -1.0), (-0.88, -0.6)):
            canvas.drawLine(x - 0.24, top, x - 0.24, bottom, stroke(light.lit(steel), 0.024))
        for part, tone in enumerate((0xE8C23A, 0xD9604A, 0x5A9AC8)):
            canvas.drawRect(box(x - 0.1 + 0.1 * part, -0.8 + 0.03 * part, x - 0.02 + 0.1 * part, -0.71 + 0.03 * part), fill(light.shade(tone)))

    def still_life(canvas: Any, x: float, number: int) -> None:
        for part in range(9):
            px, kind = x + 0.1 + 0.1 * part, chance(stage.seed, 322, number, part)
            tone = BOOKS[int(6.99 * chance(stage.seed, 323, number, part))]
            if kind < 0.3:
                canvas.drawRoundRect(box(px - 0.03, -0.575 - 0.12, px + 0.03, -0.575), 0.012, 0.012, across(px - 0.03, px + 0.03, light.dark(tone), light.lit(tone)))
                canvas.drawRect(box(px - 0.024, -0.715, px + 0.024, -0.69), fill(light.lit(0xB58A5A)))
            elif kind < 0.5:
                canvas.save()
                canvas.translate(px, -0.61)
                canvas.scale(0.036, 0.036)
                fruit = (0xE2502F, 0xE8A030, 0x8AB83F)[int(2.99 * chance(stage.seed, 324, number, part))]
                canvas.drawCircle(0, 0, 1, skia_focal(0.3 * light.side, -0.4, (0.0, light.lit(fruit), 1.0), (0.6, light.shade(fruit), 1.0), (1.0, light.dark(fruit), 1.0)))
                canvas.restore()
            elif kind < 0.62:
                oval(canvas, px, -0.6, 0.07, 0.035, down(-0.63, -0.57, light.lit(0xF2EEE8), light.dark(0xC9C4C0)))

    def floor(canvas: Any, area: Area) -> None:
        pale, dark = 0xE9DFD0, mix(paint_of, 0x6A6A70, 0.35)
        y, tall, row = -0.2, 0.03, 0
        while y < 0.75:
            step = 0.3
            spread, lower = 1.0 + (y + 0.2) * 1.1, 1.0 + (y + tall + 0.2) * 1.1
            for number in houses(area, step * 0.9):
                tone = pale if (number + row) % 2 else dark
                a, b = number * step, (number + 1) * step
                canvas.drawPath(polygon(((a * spread, y), (b * spread, y), (b * lower, y + tall), (a * lower, y + tall))),
                                down(y, y + tall, light.lit(tone, 0.0, 0.3), light.shade(tone)))  # fmt: skip
            y, tall, row = y + tall, tall * 1.34, row + 1
        canvas.drawRect(box(area.left, -0.2, area.right, -0.04), linear((0, -0.2), (0, -0.04), (0.0, 0x201028, 0.42), (1.0, 0x201028, 0.0)))
        patches(canvas, stage, 326, area, -0.1, 0.4, 0.5, (light.lit(0xFFF6E6),), 0.4, 0.2)

    def lamps(canvas: Any, area: Area) -> None:
        for number in houses(area, 3.0):
            ceiling_lamp(canvas, stage, (number + 0.5) * 3.0 + 0.12, -1.5, paint_of)

    return (
        Layer(0.86, back, texture=0.025),
        ground(stage_dry(stage), 0xD9CDBE, 0xD9CDBE, top=-0.22, near_detail=floor, edge=0.02, grain=0.03)[1],
        Layer(0.95, lamps),
        falling_light(stage, 3.0, 0.6),
    )


def classroom(stage: Stage) -> tuple[Layer, ...]:
    light = stage.light
    wall, wood = (0xE8E0C4, 0xD5E2DA, 0xE9D6C4)[stage.seed % 3], 0xB88450

    def back(canvas: Any, area: Area) -> None:
        wall_paint(canvas, stage, area, wall, 0xB08A60, -0.2)
        canvas.drawRect(box(area.left, -0.62, area.right, -0.3), fill(light.shade(mix(wall, 0x7FA88F, 0.45)), 0.7))
        canvas.drawRect(box(area.left, -0.64, area.right, -0.615), fill(light.lit(0xC9A06A)))
        for number in houses(area, 3.6):
            x = (number + 0.5) * 3.6
            board(canvas, x - 0.35, number)
            for side in (1.05, 1.62):
                room_window(canvas, stage, x + side - (0.0 if side < 1.5 else 0.0), -1.36, 0.46, 0.68, 0xF4EEDF)
            clock(canvas, x - 0.35, -1.56)
            notices(canvas, x - 1.5, number)

    def board(canvas: Any, x: float, number: int) -> None:
        canvas.drawRect(box(x - 0.8, -1.36, x + 0.86, -0.62), soft(0x201028, 0.03, 0.35))
        canvas.drawRect(box(x - 0.82, -1.4, x + 0.82, -0.66), down(-1.4, -0.66, light.lit(wood), light.dark(wood, 0.0, 0.5)))
        green = 0x2F5F4E
        canvas.drawRect(box(x - 0.77, -1.35, x + 0.77, -0.71), linear((x - 0.77, -1.35), (x + 0.77, -0.71), (0.0, light.lit(green, 0.0, 0.15), 1.0), (1.0, light.dark(green, 0.0, 0.7), 1.0)))
        for part in range(6):
            u, v = chance(stage.seed, 331, number, part), chance(stage.seed, 332, number, part)
            oval(canvas, x - 0.6 + 1.2 * u, -1.25 + 0.45 * v, 0.2, 0.05, soft(light.lit(0x8FB0A0), 0.03, 0.16))
        chalk = light.lit(0xF4F4EA)
        for row in range(3):  # writing that says nothing, sums and a drawing
            y, place = -1.26 + 0.11 * row, x - 0.68
            builder = skia.PathBuilder()
            while place < x - 0.05:
                u = chance(stage.seed, 333, row, int(1000 * (place - x)))
                builder.moveTo(place, y)
                for stepped in range(3):
                    v = chance(stage.seed, 334, row, int(1000 * (place - x)), stepped)
                    builder.quadTo(place + 0.012 + 0.02 * stepped, y - 0.05 * v, place + 0.02 + 0.02 * stepped, y + 0.03 * (v - 0.5))
                place += 0.09 + 0.05 * u
            canvas.drawPath(builder.detach(), stroke(chalk, 0.009, 0.8))
        canvas.drawCircle(x + 0.38, -1.06, 0.16, stroke(chalk, 0.009, 0.8))
        canvas.drawLine(x + 0.22, -1.06, x + 0.54, -1.06, stroke(chalk, 0.008, 0.7))
        canvas.drawLine(x + 0.38, -1.22, x + 0.5, -0.95, stroke(0xF2C27A, 0.009, 0.8))
        canvas.drawPath(polygon(((x - 0.6, -0.8), (x - 0.42, -0.94), (x - 0.24, -0.8))), stroke(0x9AD0E8, 0.009, 0.8))
        canvas.drawRect(box(x - 0.6, -0.68, x + 0.6, -0.65), down(-0.68, -0.65, light.lit(wood, 0.0, 0.5), light.dark(wood)))
        for part, tone in enumerate((0xFFFFFF, 0xF2C27A, 0x9AD0E8, 0xE88A9A)):
            canvas.drawRect(box(x - 0.3 + 0.08 * part, -0.692, x - 0.25 + 0.08 * part, -0.68), fill(light.lit(tone)))

    def clock(canvas: Any, x: float, y: float) -> None:
        canvas.drawCircle(x + 0.01, y + 0.015, 0.1, soft(0x201028, 0.012, 0.35))
        canvas.drawCircle(x, y, 0.1, fill(light.dark(0x6A4A38)))
        canvas.drawCircle(x, y, 0.084, fill(light.lit(0xFFFDF4)))
        for part in range(12):
            angle = pi * part / 6
            canvas.drawCircle(x + 0.07 * cos(angle), y + 0.07 * sin(angle), 0.005, fill(light.dark(0x3A3038)))
        canvas.drawLine(x, y, x + 0.03, y - 0.035, stroke(light.dark(0x2A2230), 0.012))
        canvas.drawLine(x, y, x - 0.02, y - 0.06, stroke(light.dark(0x2A2230), 0.008))

    def notices(canvas: Any, x: float, number: int) -> None:
        canvas.drawRect(box(x - 0.3, -1.36, x + 0.3, -0.72), fill(light.dark(0xC08F5C, 0.0, 0.4)))
        canvas.drawRect(box(x - 0.27, -1.33, x + 0.27, -0.75), fill(light.shade(0xD9B07A)))
        for part in range(9):
            u, v = part % 3, part // 3
            a = x - 0.23 + 0.165 * u + 0.01 * chance(stage.seed, 335, number, part)
            b = -1.3 + 0.185 * v
            tone = (0xFFFDF4, 0xFFE9A8, 0xBFE0EA, 0xF6C9C4, 0xD0E8B8)[int(4.99 * chance(stage.seed, 336, number, part))]
            canvas.drawRect(box(a, b, a + 0.13, b + 0.15), fill(light.lit(tone)))
            mark = BOOKS[int(6.99 * chance(stage.seed, 337, number, part))]
            canvas.drawCircle(a + 0.065, b + 0.065, 0.032, fill(light.shade(mark), 0.85))
            canvas.drawRect(box(a + 0.025, b + 0.11, a + 0.105, b + 0.118), fill(light.dark(mark), 0.6))
            canvas.drawCircle(a + 0.065, b + 0.01, 0.008, fill(light.lit(0xD9503F)))

    def floor(canvas: Any, area: Area) -> None:
        boards(canvas, stage, area, 0xC89A66, 338)
        canvas.drawRect(box(area.left, -0.2, area.right, -0.06), linear((0, -0.2), (0, -0.06), (0.0, 0x201028, 0.3), (1.0, 0x201028, 0.0)))
        for number in houses(area, 1.2):
            if number % 3 != 0:
                desk(canvas, number * 1.2 + 0.05, -0.08)

    def desk(canvas: Any, x: float, base: float) -> None:
        shadow_under(canvas, light, x, base, 0.42, 0.05)
        leg = stroke(light.dark(0x5A6470), 0.022)
        for side in (-0.25, 0.25):
            canvas.drawLine(x + side, base, x + side, base - 0.34, leg)
        canvas.drawRect(box(x - 0.28, base - 0.36, x + 0.28, base - 0.27), down(base - 0.36, base - 0.27, light.shade(wood), light.dark(wood)))
        canvas.drawPath(polygon(((x - 0.28, base - 0.4), (x + 0.28, base - 0.4), (x + 0.33, base - 0.35), (x - 0.33, base - 0.35))), down(base - 0.4, base - 0.35, light.lit(wood, 0.0, 0.5), light.shade(wood)))
        for part in range(3):
            tone = BOOKS[int(6.99 * chance(stage.seed, 339, int(10 * x), part))]
            canvas.drawRect(box(x - 0.2 + 0.012 * part, base - 0.42 - 0.024 * part, x - 0.02 + 0.012 * part, base - 0.398 - 0.024 * part), fill(light.shade(tone)))
        canvas.drawLine(x + 0.12, base - 0.385, x + 0.21, base - 0.395, stroke(light.lit(0xE8B030), 0.012))

    def lamps(canvas: Any, area: Area) -> None:
        for number in houses(area, 1.8):
            x = number * 1.8
            canvas.drawRect(box(x - 0.4, -1.86, x + 0.4, -1.8), fill(0xFFFBE8 if light.lamps else light.lit(0xF4F0E6)))
            if light.lamps:
                glow(canvas, x, -1.8, 0.9, 0xFFF0C8, 0.4)

    return (
        Layer(0.82, back, texture=0.025),
        ground(stage_dry(stage), 0xC89A66, 0xC89A66, top=-0.22, near_detail=floor, edge=0.02)[1],
        Layer(0.9, lamps),
        sun_shafts(stage_dry(stage), 0.16, 0.95),
        falling_light(stage, 1.8, 0.42),
    )


