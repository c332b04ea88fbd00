"""Sets in town: street, market, rooftop, harbour.

- One function per set; it returns the layers from far to near.
- Lamps, windows and string lights go on at dusk.

Called from sets.py (the table).
"""

from math import pi, sin
from typing import Any

import skia

from onereel.backlot.brush import blob, chance, fill, glow, linear, mix, polygon, scatter, stroke
from onereel.backlot.props import (
    barrel,
    bricks,
    bush,
    crate,
    lamp_post,
    lantern_row,
    pot,
    window,
)
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
    rock,
    shadow_under,
    sky_layers,
    soft,
    towers,
)

HOUSE = 1.25
WALLS = (0xD98A6C, 0xE3B67C, 0x8FB5B4, 0xC7A0B8, 0xDCCBAE, 0xA9B88C)
CLOTHS = (0xD9483F, 0x2F7FBF, 0x3A9A68, 0xE0A030, 0x8A5AA8)


def houses(area: Area, step: float) -> range:
    return range(int(area.left / step) - 2, int(area.right / step) + 3)


def street(stage: Stage) -> tuple[Layer, ...]:
    light = stage.light

    def shops(canvas: Any, area: Area) -> None:
        for number in houses(area, HOUSE):
            shop(canvas, (number + 0.5) * HOUSE, number)
        fade(canvas, area, -0.5, -0.1, light.haze, 0.0, 0.12)

    def shop(canvas: Any, x: float, number: int) -> None:
        def draw(salt: int) -> float:
            return chance(stage.seed, 12, number, salt)

        half, top, haze = HOUSE / 2, -1.5 - 0.35 * draw(0), 0.08
        wall = WALLS[int(draw(1) * 5.99)]
        left, right = x - half, x + half
        if draw(2) < 0.5:
            bricks(canvas, stage, number + 900, left, right, top, -0.1, 0.1, 0.044, mix(wall, 0xA85A44, 0.45), haze)
        else:
            canvas.drawRect(box(left, top, right, 0.5), down(top, 0.0, light.lit(wall, haze, 0.25),
                            light.shade(wall, haze), light.dark(wall, haze, 0.5)))  # fmt: skip
            for part in range(9):
                u, v = draw(20 + part), draw(40 + part)
                oval(canvas, left + HOUSE * u, top + 0.8 * v, 0.12, 0.03, soft(light.dark(wall, haze, 0.5), 0.03, 0.25))
        # Upstairs: windows with shutters or a balcony, cornices, a drain pipe.
        for row, y in enumerate((-0.98, -1.42)):
            if y - 0.05 < top:
                continue
            for side in (-0.34, 0.0, 0.34):
                on = draw(60 + row * 3 + int(side * 9)) < 0.65
                window(canvas, stage, x + side, y, 0.17, 0.26, 0xF2E6D2, haze, on)
                if draw(3) < 0.5:
                    shutter = light.shade((0x3F6F78, 0x8A4A3A, 0x4F7A55)[int(draw(4) * 2.99)], haze)
                    for hinge in (-1, 1):
                        sx = x + side + hinge * 0.125
                        canvas.drawRect(box(sx - 0.035, y - 0.01, sx + 0.035, y + 0.27), fill(shutter))
                        for slat in range(6):
                            canvas.drawLine(sx - 0.028, y + 0.02 + slat * 0.043, sx + 0.028, y + 0.02 + slat * 0.043,
                                            stroke(mix(shutter, 0x101020, 0.3), 0.006))  # fmt: skip
                elif draw(70 + row + int(side * 9)) < 0.5:
                    canvas.drawRect(box(x + side - 0.11, y + 0.24, x + side + 0.11, y + 0.3), fill(light.dark(0x8A5A44, haze)))
                    points = [(x + side - 0.1 + 0.02 * i, y + 0.235 - 0.012 * (i % 3)) for i in range(11)]
                    dots(canvas, points, 0.035, light.shade(0x4E9A50, haze))
                    dots(canvas, points[::3], 0.024, light.lit((0xFF7A8A, 0xFFD84F, 0xFFFFFF)[int(draw(5) * 2.99)], haze))
        for level, tall in ((top, 0.05), (-1.08, 0.022), (-0.66, 0.03)):
            canvas.drawRect(box(left - 0.01, level - tall, right + 0.01, level), fill(light.lit(mix(wall, 0xFFFFFF, 0.35), haze, 0.3)))
            canvas.drawRect(box(left, level, right, level + 0.025), fill(light.dark(wall, haze), 0.6))
        canvas.drawLine(left + 0.02, top, left + 0.02, -0.12, stroke(light.dark(0x5A6270, haze), 0.022))
        # The shop: a window full of goods, a door, a sign, an awning that throws its shadow.
        frame = light.shade((0x5A3A34, 0x2F4A4F, 0x3E3A55)[int(draw(6) * 2.99)], haze)
        canvas.drawRect(box(left + 0.06, -0.62, right - 0.06, -0.1), fill(frame))
        glass = (down(-0.6, -0.16, 0xFFF0C4, 0xFFC970) if light.lamps else
                 linear((left, -0.6), (right, -0.15), (0.0, light.lit(0xBFE0EA, haze), 1.0),
                        (0.5, light.shade(0x5F8FA8, haze), 1.0), (1.0, light.dark(0x3F5A70, haze), 1.0)))  # fmt: skip
        canvas.drawRect(box(left + 0.1, -0.58, x + 0.18, -0.2), glass)
        for part in range(7):
            u, v = draw(80 + part), draw(90 + part)
            gx, tall = left + 0.15 + 0.085 * part, 0.05 + 0.11 * u
            tone = mix((0xC9503F, 0xE0B040, 0x4F86A8, 0x6FA060, 0xE8DCC8)[int(v * 4.99)], 0xFFC970 if light.lamps else light.haze, 0.25)
            if draw(7) < 0.5:
                canvas.drawRect(box(gx - 0.026, -0.2 - tall, gx + 0.026, -0.2), fill(light.shade(tone)))
            else:
                canvas.drawCircle(gx, -0.24, 0.035, fill(light.shade(tone)))
                canvas.drawCircle(gx, -0.21 - tall, 0.026, fill(light.shade(mix(tone, 0xFFFFFF, 0.3))))
        canvas.drawLine(left + 0.12, -0.3, x + 0.1, -0.56, stroke(0xFFFFFF, 0.03, 0.14))
        canvas.drawLine(left + 0.3, -0.24, x + 0.17, -0.5, stroke(0xFFFFFF, 0.014, 0.14))
        door = light.shade((0x7A3F34, 0x2F6A66, 0x44527A)[int(draw(8) * 2.99)], haze)
        canvas.drawRect(box(x + 0.26, -0.57, x + 0.48, -0.1), down(-0.57, -0.1, door, mix(door, 0x100818, 0.35)))
        canvas.drawRect(box(x + 0.3, -0.52, x + 0.44, -0.33), glass)
        canvas.drawCircle(x + 0.285, -0.28, 0.011, fill(light.lit(0xE8C060)))
        canvas.drawRect(box(x + 0.23, -0.11, x + 0.51, -0.085), fill(light.lit(0xB0A8A0, haze)))
        cloth, white = CLOTHS[int(draw(9) * 4.99)], 0xFFF2DE
        canvas.drawRect(box(left + 0.08, -0.52, right - 0.08, -0.44), linear((0, -0.52), (0, -0.42), (0.0, 0x140C2C, 0.45), (1.0, 0x140C2C, 0.0)))
        stripes = 10
        for part in range(stripes):
            a, b = left + 0.06 + (HOUSE - 0.12) * part / stripes, left + 0.06 + (HOUSE - 0.12) * (part + 1) / stripes
            ax, bx = x + (a - x) * 1.08, x + (b - x) * 1.08
            tone = cloth if part % 2 == 0 else white
            strip = polygon(((a, -0.68), (b, -0.68), (bx, -0.53), (ax, -0.53)))
            canvas.drawPath(strip, down(-0.68, -0.53, light.lit(tone, haze, 0.3), light.shade(tone, haze)))
            canvas.drawOval(box(ax, -0.555, bx, -0.5), fill(light.dark(tone, haze, 0.4)))
        if light.lamps:
            glow(canvas, x - 0.1, -0.36, 0.62, 0xFFC46A, 0.3)
        if draw(10) < 0.6:
            sign = light.shade(0x3A3346, haze)
            canvas.drawLine(right - 0.1, -0.82, right + 0.1, -0.82, stroke(sign, 0.014))
            canvas.drawCircle(right + 0.04, -0.73, 0.075, fill(sign))
            canvas.drawCircle(right + 0.04, -0.73, 0.062, fill(light.lit(cloth, haze, 0.2)))
            canvas.drawCircle(right + 0.04, -0.73, 0.03, fill(light.lit(white, haze)))

    def pavement(canvas: Any, area: Area) -> None:
        light_tone, dark_tone = light.lit(0xC4BCB8, 0.0, 0.2), light.dark(0xA9A0A6, 0.0, 0.6)
        for row, (top, bottom) in enumerate(((-0.16, -0.09), (-0.09, 0.0), (0.0, 0.115))):
            step = 0.26 + 0.1 * row
            for number in houses(area, step):
                x, shift = number * step, 0.5 * step * (row % 2)
                lean = 0.06
                tone = (light_tone, dark_tone)[int(chance(stage.seed, 13, row, number) * 1.99)]
                slab = polygon(((x + shift + 0.006, bottom - 0.004), (x + shift + step - 0.006, bottom - 0.004),
                                (x + shift + step - 0.006 + lean * 0, top + 0.004), (x + shift + 0.006, top + 0.004)))  # fmt: skip
                canvas.drawPath(slab, fill(tone, 0.25 + 0.35 * chance(stage.seed, 14, row, number)))
        canvas.drawRect(box(area.left, 0.115, area.right, 0.15), down(0.115, 0.15, light.lit(0xD8D0C8), light.shade(0xA8A0A4)))
        canvas.drawRect(box(area.left, 0.15, area.right, 0.19), down(0.15, 0.19, light.dark(0x6A6474), light.dark(0x4A4658)))
        canvas.drawRect(box(area.left, 0.19, area.right, 3.0), down(0.19, 0.7, light.shade(0x555868), light.dark(0x444858)))
        patches(canvas, stage, 19, area, 0.2, 0.6, 0.4, (light.dark(0x444858), light.lit(0x6A6E80, 0.0, 0.2)), 0.5, 0.4)
        for number in houses(area, 1.3):
            canvas.drawPath(polygon(((number * 1.3, 0.47), (number * 1.3 + 0.6, 0.47), (number * 1.3 + 0.58, 0.5), (number * 1.3 - 0.03, 0.5))),
                            fill(light.shade(0xE8E0D0), 0.75))  # fmt: skip
        patches(canvas, stage, 24, area, -0.14, 0.1, 0.3, (light.dark(0x8A8290, 0.0, 0.6),), 0.22, 0.4)
        cracks = skia.PathBuilder()
        for x, a, b, c in scatter(stage.seed, 25, area.left, area.right, 0.55):
            y = -0.14 + 0.22 * a
            cracks.moveTo(x, y)
            cracks.lineTo(x + 0.05 * (b - 0.2), y + 0.012)
            cracks.lineTo(x + 0.09 * c, y + 0.02 + 0.01 * b)
        canvas.drawPath(cracks.detach(), stroke(light.dark(0x7A7280), 0.005, 0.6))

    def furniture(canvas: Any, area: Area) -> None:
        shade = linear((0, -0.2), (0, -0.08), (0.0, 0x140C2C, 0.4), (1.0, 0x140C2C, 0.0))
        canvas.drawRect(box(area.left, -0.2, area.right, -0.06), shade)
        for number in houses(area, 1.15):
            x, kind = (number + 0.3) * 1.15, chance(stage.seed, 17, number)
            if kind < 0.24:
                pot(canvas, stage, x, -0.1, 0.26)
            elif kind < 0.4:
                bench(canvas, stage, x, -0.08)
            elif kind < 0.5:
                hydrant(canvas, x, -0.08)
            elif kind < 0.62:
                crate(canvas, stage, x, -0.09, 0.16)
                crate(canvas, stage, x + 0.13, -0.08, 0.12, 0xC08A50)
            elif kind < 0.8:
                bush(canvas, stage, number + 77, x, -0.1, 0.13, 0x4E8F4C, 0.02, 0xFF8FA0)
        for number in houses(area, 2.3):
            lamp_post(canvas, stage, (number + 0.8) * 2.3, -0.1, 1.16)

    def hydrant(canvas: Any, x: float, base: float) -> None:
        shadow_under(canvas, light, x, base, 0.08, 0.018)
        red = 0xC9402F
        tones = (light.dark(red), light.shade(red), light.lit(red))
        for half, top, bottom in ((0.05, 0.03, 0.0), (0.036, 0.17, 0.02), (0.048, 0.15, 0.125), (0.026, 0.2, 0.16)):
            canvas.drawRect(box(x - half, base - top, x + half, base - bottom), across(x - half, x + half, *tones[:: light.side]))
        canvas.drawCircle(x, base - 0.1, 0.024, fill(tones[2]))

    return (
        *sky_layers(stage),
        towers(stage, 10, 0.12, 0.36, 1.0, 1.75, 0x7F8DB0, 0.55, 0.7),
        towers(stage, 11, 0.28, 0.5, 0.9, 1.45, 0x8D86A0, 0.34, 0.85),
        Layer(0.78, shops, texture=0.07),
        ground(stage, 0xB9B2B4, 0xB3ABAC, top=-0.2, near_detail=pavement, edge=0.06)[1],
        Layer(1.0, furniture),
    )


def bench(canvas: Any, stage: Stage, x: float, base: float) -> None:
    light = stage.light
    shadow_under(canvas, light, x, base, 0.32, 0.035)
    iron, wood = light.dark(0x3A3F4C), 0xA8703F
    for side in (-0.2, 0.2):
        canvas.drawLine(x + side, base, x + side, base - 0.2, stroke(iron, 0.02))
        canvas.drawLine(x + side, base - 0.2, x + side * 1.06, base - 0.32, stroke(iron, 0.016))
    for y in (0.12, 0.15, 0.22, 0.27):
        canvas.drawRect(box(x - 0.27, base - y - 0.018, x + 0.27, base - y),
                        down(base - y - 0.018, base - y, light.lit(wood), light.dark(wood, 0.0, 0.5)))  # fmt: skip


def market(stage: Stage) -> tuple[Layer, ...]:
    light = stage.light
    goods = ((0xE2502F, 0xF2A03A), (0xE8C23A, 0xD9A020), (0x6FA83F, 0x9CC850), (0xC9445A, 0xE88A9A),
             (0x8A5AA8, 0xB58AC8), (0xF0E6D0, 0xD9C8A0), (0xC97F3F, 0xE0A860))  # fmt: skip

    def backs(canvas: Any, area: Area) -> None:
        for number in houses(area, 0.95):
            x, top = (number + 0.5) * 0.95, -1.15 - 0.4 * chance(stage.seed, 201, number)
            wall = WALLS[int(5.99 * chance(stage.seed, 202, number))]
            canvas.drawRect(box(x - 0.48, top, x + 0.48, 1.0), down(top, 0.0, light.lit(wall, 0.3, 0.2),
                            light.shade(wall, 0.3), light.dark(wall, 0.4, 0.4)))  # fmt: skip
            roof = 0x8A4A3C
            canvas.drawPath(polygon(((x - 0.56, top + 0.03), (x - 0.4, top - 0.16), (x + 0.4, top - 0.16), (x + 0.56, top + 0.03))),
                            down(top - 0.16, top, light.lit(roof, 0.26), light.dark(roof, 0.26)))  # fmt: skip
            for part in range(13):
                rx = x - 0.5 + part * 0.083
                canvas.drawLine(x + (rx - x) * 0.78, top - 0.16, rx, top + 0.03, stroke(light.dark(roof, 0.26), 0.012, 0.7))
            for side in (-0.2, 0.2):
                window(canvas, stage, x + side, top + 0.14, 0.16, 0.22, 0x6A4034, 0.25,
                       chance(stage.seed, 203, number, int(side * 10)) < 0.7)  # fmt: skip
        fade(canvas, area, -0.7, -0.1, light.haze, 0.0, 0.3)

    def bunting(canvas: Any, area: Area) -> None:
        for number in houses(area, 1.9):
            x, y = number * 1.9, -1.12 - 0.16 * chance(stage.seed, 206, number)
            lantern_row(canvas, stage, x, x + 1.9, y, 0.085, 0.062, 5, (0xD9342E, 0xE8A030, 0xD9342E), 0.05)
            for part in range(15):
                along = (part + 0.5) / 15
                px, py = x + 1.9 * along, y - 0.2 + 0.3 * along * (1 - along)
                tone = light.shade(CLOTHS[part % 5], 0.12)
                canvas.drawPath(polygon(((px - 0.035, py), (px + 0.035, py), (px, py + 0.085))), fill(tone))

    def stalls(canvas: Any, area: Area) -> None:
        for number in houses(area, 1.35):
            stall(canvas, (number + 0.5) * 1.35, number)

    def stall(canvas: Any, x: float, number: int) -> None:
        def draw(salt: int) -> float:
            return chance(stage.seed, 205, number, salt)

        base, wide, wood = -0.13, 0.5, 0x9A6A42
        shadow_under(canvas, light, x, base, 0.66, 0.05)
        inside = linear((0, -0.8), (0, -0.3), (0.0, light.dark(0x3A2A30), 0.7), (1.0, light.dark(0x5A4238), 0.45))
        canvas.drawRect(box(x - wide, -0.82, x + wide, -0.3), inside)
        for row in range(2):  # shelves with jars at the back
            y = -0.46 - 0.14 * row
            canvas.drawRect(box(x - 0.44, y, x + 0.44, y + 0.014), fill(light.dark(wood)))
            for part in range(9):
                tone = light.shade(goods[int(6.99 * draw(100 + row * 9 + part))][0], 0.05)
                px = x - 0.4 + part * 0.1
                canvas.drawRoundRect(box(px - 0.026, y - 0.075, px + 0.026, y), 0.012, 0.012, down(y - 0.08, y, tone, mix(tone, 0x201020, 0.4)))
                canvas.drawRect(box(px - 0.02, y - 0.09, px + 0.02, y - 0.075), fill(light.lit(0xE0D0B0)))
        if light.lamps:
            glow(canvas, x, -0.62, 0.6, 0xFFC060, 0.6)
        for side in (-1, 1):
            canvas.drawRect(box(x + side * wide - 0.02, -0.92, x + side * wide + 0.02, base),
                            across(x + side * wide - 0.02, x + side * wide + 0.02, light.dark(wood), light.lit(wood)))  # fmt: skip
        canvas.drawRect(box(x - wide - 0.04, -0.34, x + wide + 0.04, base), down(-0.34, base, light.shade(wood), light.dark(wood)))
        for part in range(9):
            px = x - wide + part * 0.125
            canvas.drawLine(px, -0.33, px, base - 0.01, stroke(light.dark(wood), 0.009))
        # Goods in slanting boxes, heaped.
        for crate_number in range(4):
            left = x - wide + 0.02 + crate_number * 0.245
            dark, pale = goods[int(6.99 * draw(crate_number))]
            canvas.drawPath(polygon(((left, -0.36), (left + 0.225, -0.36), (left + 0.235, -0.28), (left - 0.01, -0.28))),
                            down(-0.36, -0.28, light.lit(0xC08A54), light.dark(0x9A6A40, 0.0, 0.5)))  # fmt: skip
            heap = []
            for row in range(3):
                for part in range(6 - row):
                    heap.append((left + 0.025 + 0.035 * part + 0.018 * row, -0.37 - 0.024 * row))
            dots(canvas, heap, 0.046, light.dark(dark, 0.0, 0.6))
            dots(canvas, [(hx, hy - 0.005) for hx, hy in heap], 0.036, light.shade(dark))
            dots(canvas, [(hx + 0.006 * light.side, hy - 0.012) for hx, hy in heap], 0.014, light.lit(pale))
        canvas.drawRect(box(x - wide - 0.06, -0.285, x + wide + 0.06, -0.255), down(-0.285, -0.255, light.lit(wood, 0.0, 0.5), light.shade(wood)))
        cloth, white = CLOTHS[int(4.99 * draw(9))], 0xFFF2DE
        for part in range(8):
            a, b = x - 0.58 + part * 0.145, x - 0.58 + (part + 1) * 0.145
            tone = cloth if part % 2 == 0 else white
            strip = polygon(((x + (a - x) * 0.84, -1.06), (x + (b - x) * 0.84, -1.06), (b, -0.86), (a, -0.86)))
            canvas.drawPath(strip, down(-1.06, -0.86, light.lit(tone, 0.0, 0.35), light.shade(tone)))
            canvas.drawOval(box(a, -0.89, b, -0.82), fill(light.dark(tone, 0.0, 0.35)))

    def cobbles(canvas: Any, area: Area) -> None:
        tones = (light.dark(0xA89A90, 0.0, 0.7), light.shade(0xB5A79C), light.lit(0xC9BCB0, 0.0, 0.3), light.dark(0x9A8C8A, 0.0, 0.4))
        builders = [skia.PathBuilder() for _ in tones]
        y, tall, row = -0.19, 0.016, 0
        while y < 0.6:
            wide = tall * 3.0
            shift = 0.5 * wide * (row % 2)
            for number in houses(area, wide):
                x = number * wide + shift
                grow = 0.8 + 0.15 * chance(stage.seed, 208, row, number)
                target = builders[int(3.999 * chance(stage.seed, 207, row, number))]
                target.addRRect(skia.RRect.MakeRectXY(box(x, y, x + wide * grow + wide * 0.06, y + tall * 0.88), tall * 0.4, tall * 0.4))
            y, tall, row = y + tall, tall * 1.13, row + 1
        for builder, tone in zip(builders, tones, strict=True):
            canvas.drawPath(builder.detach(), fill(tone, 0.55))
        patches(canvas, stage, 209, area, -0.15, 0.4, 0.3, (light.dark(0x6A5F66), light.lit(0xD9CCC0)), 0.34, 0.3)

    def clutter(canvas: Any, area: Area) -> None:
        for number in houses(area, 1.35):
            kind, x = chance(stage.seed, 210, number), number * 1.35
            if kind < 0.35:
                barrel(canvas, stage, x, -0.1, 0.24)
            elif kind < 0.6:
                crate(canvas, stage, x - 0.05, -0.11, 0.17)
                crate(canvas, stage, x + 0.1, -0.1, 0.13, 0xC59A60)
            elif kind < 0.8:
                pot(canvas, stage, x, -0.1, 0.22, 0x4F6F8A, 0x6FA84A)
            else:
                sack = blob(((x - 0.09, -0.1), (x - 0.08, -0.22), (x - 0.03, -0.26), (x + 0.03, -0.26), (x + 0.08, -0.22), (x + 0.09, -0.1)))
                shadow_under(canvas, light, x, -0.1, 0.14, 0.025)
                canvas.drawPath(sack, across(x - 0.1, x + 0.1, light.dark(0xC9B08A), light.lit(0xD9C49A)))

    return (
        *sky_layers(stage),
        ridge(stage, 200, 0.15, -0.3, 0.5, 1.2, 0x8AA0C0, 0.6),
        Layer(0.5, backs, texture=0.05),
        Layer(0.66, bunting),
        ground(stage, 0xB5A89E, 0xA99A92, top=-0.26, edge=0.06)[0],
        Layer(0.88, stalls, texture=0.04),
        ground(stage, 0xB5A89E, 0xA99A92, top=-0.26, near_detail=cobbles, edge=0.06)[1],
        Layer(1.0, clutter),
    )


def rooftop(stage: Stage) -> tuple[Layer, ...]:
    light = stage.light
    concrete = 0xB4ACA8

    def back(canvas: Any, area: Area) -> None:
        """The broken parapet, with what stands on the roof behind the performers."""
        for number in houses(area, 0.9):
            left, right = number * 0.9, number * 0.9 + 0.9
            broken = chance(stage.seed, 221, number)
            top = -0.46 if broken > 0.42 else -0.27 - 0.1 * broken
            bricks(canvas, stage, number + 40, left, right, top, -0.12, 0.105, 0.042, 0xB0664E, 0.06)
            if broken > 0.42:
                canvas.drawRect(box(left, -0.5, right, -0.44), down(-0.5, -0.44, light.lit(0xD5C8BA), light.shade(0xA89C94)))
                canvas.drawRect(box(left, -0.44, right, -0.41), fill(0x140C2C, 0.3))
            else:  # torn edge, with reinforcement sticking out
                for part in range(10):
                    x = left + 0.09 * part
                    rise = 0.02 + 0.085 * chance(stage.seed, 222, number, part)
                    bricks(canvas, stage, number + part, x, x + 0.09, top - rise, top, 0.09, 0.042, 0xB0664E, 0.06)
                for part in range(3):
                    x = left + 0.2 + 0.26 * part
                    bend = blob(((x, top + 0.02), (x + 0.02, top - 0.1), (x + 0.07 * (part - 1) + 0.03, top - 0.2)), closed=False)
                    canvas.drawPath(bend, stroke(light.dark(0x6A4A40), 0.012))
        for number in houses(area, 2.2):
            x, kind = (number + 0.4) * 2.2, chance(stage.seed, 223, number)
            if kind < 0.4:
                water_tank(canvas, x)
            elif kind < 0.75:
                vent(canvas, x)
            else:
                stair_house(canvas, x)
        shade = linear((0, -0.16), (0, -0.02), (0.0, 0x140C2C, 0.42), (1.0, 0x140C2C, 0.0))
        canvas.drawRect(box(area.left, -0.16, area.right, 0.0), shade)

    def water_tank(canvas: Any, x: float) -> None:
        wood = 0x8F6248
        for side in (-0.2, -0.07, 0.07, 0.2):
            canvas.drawLine(x + side, -0.12, x + side * 0.9, -0.62, stroke(light.dark(0x4A4450, 0.05), 0.024))
        canvas.drawLine(x - 0.2, -0.16, x + 0.19, -0.58, stroke(light.dark(0x4A4450, 0.05), 0.012))
        tones = (light.dark(wood, 0.06), light.shade(wood, 0.06), light.lit(wood, 0.06))
        canvas.drawRect(box(x - 0.25, -1.1, x + 0.25, -0.62), across(x - 0.25, x + 0.25, *tones[:: light.side]))
        for part in range(11):
            px = x - 0.25 + 0.05 * part
            canvas.drawLine(px, -1.1, px, -0.62, stroke(tones[0], 0.007, 0.8))
        for y in (-1.02, -0.86, -0.7):
            canvas.drawRect(box(x - 0.255, y, x + 0.255, y + 0.018), fill(light.dark(0x55505E, 0.06)))
        canvas.drawPath(polygon(((x - 0.29, -1.09), (x, -1.32), (x + 0.29, -1.09))),
                        across(x - 0.29, x + 0.29, *[light.dark(0x6A5F68), light.lit(0x9A8F98)][:: light.side]))  # fmt: skip

    def vent(canvas: Any, x: float) -> None:
        steel = 0x97A1AE
        shadow_under(canvas, light, x, -0.1, 0.42, 0.04)
        canvas.drawRect(box(x - 0.3, -0.5, x + 0.3, -0.1), down(-0.5, -0.1, light.lit(steel, 0.0, 0.3), light.shade(steel), light.dark(steel)))
        canvas.drawRect(box(x - 0.32, -0.53, x + 0.32, -0.47), down(-0.53, -0.47, light.lit(steel, 0.0, 0.6), light.shade(steel)))
        for side in (-0.15, 0.15):
            canvas.drawCircle(x + side, -0.3, 0.115, fill(light.dark(0x3F4854)))
            for blade in range(5):
                angle = blade * 2 * pi / 5 + side
                dx, dy = 0.095 * sin(angle), 0.095 * sin(angle + pi / 2)
                canvas.drawLine(x + side, -0.3, x + side + dx, -0.3 + dy, stroke(light.shade(0x6F7A88), 0.028))
            canvas.drawCircle(x + side, -0.3, 0.025, fill(light.lit(steel)))
            canvas.drawCircle(x + side, -0.3, 0.118, stroke(light.lit(steel), 0.014))
        canvas.drawRect(box(x - 0.3, -0.18, x + 0.3, -0.1), linear((0, -0.2), (0, -0.1), (0.0, 0x7A4A30, 0.0), (1.0, 0x7A4A30, 0.35)))

    def stair_house(canvas: Any, x: float) -> None:
        wall = 0xC2B8B0
        canvas.drawRect(box(x - 0.42, -1.16, x + 0.42, -0.12), down(-1.16, -0.12, light.lit(wall, 0.05, 0.25), light.shade(wall, 0.05), light.dark(wall, 0.05)))
        canvas.drawRect(box(x - 0.47, -1.22, x + 0.47, -1.14), fill(light.lit(0xD9CFC4, 0.05)))
        canvas.drawRect(box(x - 0.42, -1.14, x + 0.42, -1.08), linear((0, -1.14), (0, -1.08), (0.0, 0x140C2C, 0.4), (1.0, 0x140C2C, 0.0)))
        canvas.drawRect(box(x - 0.17, -0.82, x + 0.17, -0.12), down(-0.82, -0.12, light.shade(0x4F7A78), light.dark(0x3A5A60)))
        canvas.drawRect(box(x - 0.17, -0.82, x + 0.17, -0.12), stroke(light.dark(0x2F4448), 0.02))
        canvas.drawCircle(x + 0.12, -0.46, 0.016, fill(light.lit(0xD9C070)))
        for y in (-0.3, -0.72):
            oval(canvas, x - 0.3, y, 0.08, 0.14, soft(light.dark(0x8A7A74), 0.04, 0.35))
        if light.lamps:
            glow(canvas, x, -0.95, 0.5, 0xFFD27A, 0.7)
            canvas.drawCircle(x, -0.95, 0.03, fill(0xFFF3C8))

    def rubble(canvas: Any, area: Area) -> None:
        line = stroke(light.dark(0x8B8590), 0.008, 0.6)
        for number in houses(area, 0.8):
            canvas.drawLine(number * 0.8, -0.16, number * 0.8 * 1.0 + 0.16 * number * 0.0, 0.6, line)
        for y in (-0.06, 0.09, 0.32):
            canvas.drawLine(area.left, y, area.right, y, line)
        patches(canvas, stage, 224, area, -0.12, 0.45, 0.15,
                (light.dark(0x8A8288, 0.0, 0.8), light.lit(0xD6CCC4, 0.0, 0.3), light.dark(0xA09490, 0.0, 0.5)), 0.4, 0.5)  # fmt: skip
        cracks = skia.PathBuilder()
        for x, a, b, c in scatter(stage.seed, 225, area.left, area.right, 0.4):
            y = -0.1 + 0.4 * a
            cracks.moveTo(x, y)
            for part in range(4):
                x, y = x + 0.05 + 0.05 * chance(stage.seed, 226, int(1e4 * b), part), y + 0.03 * (chance(stage.seed, 227, int(1e4 * c), part) - 0.45)
                cracks.lineTo(x, y)
        canvas.drawPath(cracks.detach(), stroke(light.dark(0x6A6270), 0.006, 0.75))
        for x, a, b, c in scatter(stage.seed, 228, area.left, area.right, 0.075):
            y = -0.12 + 0.56 * a * a
            brick = (0xB0664E, 0xA9A19C, 0x8E6A5A)[int(2.99 * b)]
            half = (0.006 + 0.012 * c) * (0.6 + a)
            oval(canvas, x - 0.3 * half, y + half * 0.4, half * 1.5, half * 0.5, fill(0x140C2C, 0.3))
            canvas.drawPath(polygon(((x - half, y + half * 0.3), (x - half * 0.5, y - half * 0.8), (x + half * 0.7, y - half * 0.6), (x + half, y + half * 0.3))),
                            down(y - half, y + half * 0.3, light.lit(brick), light.dark(brick)))  # fmt: skip
        for number in houses(area, 1.15):  # heaps of broken concrete and brick along the wall
            x, size = (number + chance(stage.seed, 229, number)) * 1.15, chance(stage.seed, 230, number)
            if size > 0.35:
                heap(canvas, x, -0.09, 0.1 + 0.12 * size, number)

    def heap(canvas: Any, x: float, base: float, size: float, number: int) -> None:
        shadow_under(canvas, light, x, base + 0.01, size * 1.9, 0.04)
        for part in range(11):
            u, v = chance(stage.seed, 231, number, part), chance(stage.seed, 232, number, part)
            tone = (concrete, 0xB0664E, 0x9A928E)[part % 3]
            rock(canvas, stage, number * 20 + part, x + size * 2.2 * (u - 0.5) * (1 - 0.5 * v),
                 base - size * 0.55 * v * (1 - abs(2 * u - 1)), size * (0.24 + 0.24 * (1 - v)), tone)  # fmt: skip
        canvas.drawLine(x - size * 0.3, base - size * 0.4, x + size * 0.6, base - size * 1.1, stroke(light.dark(0x7A5444), 0.016))

    def lights(canvas: Any, area: Area) -> None:
        for number in houses(area, 2.0):
            x = number * 2.0
            points = [(x + 2.0 * step / 10, -1.3 + 0.62 * (step / 10) * (1 - step / 10)) for step in range(11)]
            canvas.drawLine(x, -1.3, x, -0.4, stroke(light.dark(0x3A3348), 0.018))
            canvas.drawPath(blob(points, closed=False), stroke(light.dark(0x3A3348), 0.008))
            for px, py in points[1:-1]:
                if light.lamps:
                    glow(canvas, px, py + 0.03, 0.16, 0xFFC45E, 0.75)
                canvas.drawCircle(px, py + 0.03, 0.02, fill(0xFFF0BC if light.lamps else light.lit(0xE8DCC0)))

    return (
        *sky_layers(stage),
        towers(stage, 40, 0.08, 0.26, 0.5, 1.25, 0x8794BE, 0.62, 0.0),
        towers(stage, 41, 0.16, 0.36, 0.42, 1.05, 0x7883AE, 0.42, 0.8),
        towers(stage, 42, 0.3, 0.6, 0.3, 0.8, 0x6E78A6, 0.22, 0.9),
        Layer(0.93, lights),
        Layer(1.0, back, texture=0.06),
        ground(stage, concrete, 0xBDB4AC, top=-0.22, near_detail=rubble, edge=0.06, grain=0.09)[1],
    )


def harbour(stage: Stage) -> tuple[Layer, ...]:
    light = stage.light
    horizon = -0.5

    def water(canvas: Any, area: Area) -> None:
        canvas.drawRect(box(area.left, horizon, area.right, 2.0), down(horizon, 0.0, light.shade(0x8FC4D8, 0.5),
                        light.shade(0x3F86AC, 0.1), light.dark(0x2C6A92)))  # fmt: skip
        for tone, salt in ((light.dark(0x245A84), 241), (light.lit(0x8FD0E4), 242)):
            for x, a, b, _c in scatter(stage.seed, salt, area.left, area.right, 0.045):
                oval(canvas, x, horizon + 0.015 + 0.45 * a**1.5, (0.03 + 0.09 * a) * (0.5 + b), 0.002 + 0.005 * a, fill(tone, 0.4))
        if light.lamps:
            for x, a, b, c in scatter(stage.seed, 243, area.left, area.right, 0.2):
                for part in range(7):
                    y = horizon + 0.03 + 0.05 * part
                    oval(canvas, x + 0.012 * (part % 2), y, 0.012 + 0.012 * b, 0.005, fill((0xFFD27A, 0xFFB060, 0xBFE0FF)[int(2.99 * c)], 0.6 - 0.07 * part))

    def glints(canvas: Any, area: Area, time: float) -> None:
        builder = skia.PathBuilder()
        for x, a, b, _c in scatter(stage.seed, 244, area.left, area.right, 0.16):
            wave = 0.5 + 0.5 * sin(2.2 * time + 40 * b)
            y, wide = horizon + 0.03 + 0.4 * a**1.5, (0.02 + 0.07 * a) * wave
            builder.addOval(box(x - wide, y - 0.003, x + wide, y + 0.004))
        canvas.drawPath(builder.detach(), fill(light.lit(0xDDF4FF), 0.5))

    def town(canvas: Any, area: Area) -> None:
        for number in houses(area, 0.22):
            x, tall = (number + 0.5) * 0.22, 0.14 + 0.16 * chance(stage.seed, 245, number)
            wall = WALLS[int(5.99 * chance(stage.seed, 246, number))]
            foot = horizon + 0.02
            canvas.drawRect(box(x - 0.1, foot - tall, x + 0.1, foot), down(foot - tall, foot, light.lit(wall, 0.38, 0.3), light.shade(wall, 0.45)))
            canvas.drawPath(polygon(((x - 0.12, foot - tall), (x, foot - tall - 0.07), (x + 0.12, foot - tall))), fill(light.shade(0xB5543F, 0.36)))
            for part in range(4):
                on = light.lamps and chance(stage.seed, 247, number, part) < 0.6
                px, py = x - 0.045 + 0.09 * (part % 2), foot - tall + 0.04 + 0.065 * (part // 2)
                canvas.drawRect(box(px - 0.014, py, px + 0.014, py + 0.03), fill(0xFFE09A if on else light.dark(0x5A6A80, 0.3)))
        x = 0.55
        canvas.drawPath(polygon(((x - 0.06, horizon), (x - 0.035, horizon - 0.52), (x + 0.035, horizon - 0.52), (x + 0.06, horizon))),
                        across(x - 0.06, x + 0.06, light.dark(0xF2EEE8, 0.3), light.lit(0xFFFFFF, 0.25)))  # fmt: skip
        for level in (0.1, 0.28, 0.46):
            canvas.drawRect(box(x - 0.05, horizon - level - 0.04, x + 0.05, horizon - level), fill(light.shade(0xD04A3F, 0.3)))
        canvas.drawRect(box(x - 0.03, horizon - 0.6, x + 0.03, horizon - 0.52), fill(0xFFE9A0 if light.lamps else light.shade(0xBFD8E0, 0.3)))
        if light.lamps:
            glow(canvas, x, horizon - 0.56, 0.5, 0xFFE9A0, 0.8)

    def boats(canvas: Any, area: Area, time: float) -> None:
        for number in houses(area, 1.1):
            x = (number + 0.5) * 1.1 + 0.25 * chance(stage.seed, 248, number)
            canvas.save()
            canvas.translate(x, -0.3 + 0.012 * sin(1.4 * time + number))
            canvas.rotate(1.6 * sin(1.1 * time + 2 * number))
            boat(canvas, number)
            canvas.restore()

    def boat(canvas: Any, number: int) -> None:
        hull = CLOTHS[int(4.99 * chance(stage.seed, 249, number))]
        oval(canvas, 0, 0.05, 0.36, 0.025, fill(light.dark(0x1C4668), 0.5))
        if chance(stage.seed, 250, number) < 0.55:
            canvas.drawLine(0.0, -0.05, 0.0, -0.85, stroke(light.dark(0x8A6242, 0.1), 0.018))
            sail = light.lit(0xFFF6E6, 0.08, 0.2)
            shade = light.dark(0xE8DCCB, 0.08, 0.6)
            canvas.drawPath(blob(((0.02, -0.83), (0.16, -0.5), (0.3, -0.14), (0.02, -0.16)), tension=0.3), across(0.0, 0.3, shade, sail))
            canvas.drawPath(blob(((-0.02, -0.78), (-0.1, -0.5), (-0.22, -0.16), (-0.02, -0.18)), tension=0.3), across(-0.22, 0.0, sail, shade))
        else:
            canvas.drawRect(box(-0.1, -0.28, 0.12, -0.06), down(-0.28, -0.06, light.lit(0xF4EEE4, 0.08), light.dark(0xD4CCC4, 0.08, 0.5)))
            canvas.drawRect(box(-0.13, -0.31, 0.15, -0.27), fill(light.shade(hull, 0.08)))
            for part in (-0.06, 0.03):
                canvas.drawRect(box(part, -0.23, part + 0.06, -0.16), fill(0xFFE09A if light.lamps else light.dark(0x4F6A80)))
            canvas.drawLine(0.05, -0.3, 0.05, -0.6, stroke(light.dark(0x6A5A50, 0.1), 0.012))
        body = blob(((-0.36, -0.1), (-0.26, 0.05), (0.0, 0.075), (0.26, 0.05), (0.4, -0.13), (0.0, -0.06)), tension=0.45)
        canvas.drawPath(body, down(-0.1, 0.07, light.lit(hull, 0.06, 0.3), light.dark(hull, 0.06)))
        canvas.drawPath(blob(((-0.35, -0.09), (0.0, -0.045), (0.39, -0.12)), closed=False), stroke(light.lit(0xF6EEE0, 0.05), 0.02))

    def quay(canvas: Any, area: Area) -> None:
        wood = 0x9C7656
        rows = ((-0.17, -0.115), (-0.115, -0.05), (-0.05, 0.03), (0.03, 0.13), (0.13, 0.26), (0.26, 0.44), (0.44, 0.7))
        for row, (top, bottom) in enumerate(rows):
            step = 0.7 + 0.12 * row
            for number in houses(area, step):
                x = number * step + 0.37 * row
                tone = mix(wood, (0x7F6048, 0xB58E68, 0x8E7A68)[int(2.99 * chance(stage.seed, 252, row, number))], 0.7)
                canvas.drawRect(box(x + 0.004, top, x + step - 0.004, bottom - 0.006),
                                down(top, bottom, light.lit(tone, 0.0, 0.22), light.shade(tone)))  # fmt: skip
                for end in (0.03, step - 0.03):
                    canvas.drawCircle(x + end, (top + bottom) / 2, 0.006, fill(light.dark(0x4A3A34)))
            canvas.drawLine(area.left, bottom - 0.003, area.right, bottom - 0.003, stroke(light.dark(0x4A3628), 0.007, 0.9))
        canvas.drawRect(box(area.left, -0.2, area.right, -0.165), down(-0.2, -0.165, light.lit(0xB58E68), light.dark(0x7A5A42)))
        patches(canvas, stage, 253, area, -0.14, 0.5, 0.3, (light.dark(0x5F4A3C), light.lit(0xCBA67E)), 0.4, 0.28)

    def moorings(canvas: Any, area: Area) -> None:
        for number in houses(area, 1.2):
            x, kind = (number + 0.2) * 1.2, chance(stage.seed, 254, number)
            shadow_under(canvas, light, x, -0.13, 0.1, 0.02)
            post = 0x6F5444
            canvas.drawRect(box(x - 0.045, -0.42, x + 0.045, -0.13), across(x - 0.045, x + 0.045, *[light.dark(post), light.shade(post), light.lit(post)][:: light.side]))
            canvas.drawOval(box(x - 0.045, -0.435, x + 0.045, -0.405), fill(light.lit(post)))
            for part in range(3):
                canvas.drawRect(box(x - 0.052, -0.34 + 0.024 * part, x + 0.052, -0.325 + 0.024 * part), fill(light.shade(0xD9C49A)))
            rope = blob([(x + 1.2 * i / 8, -0.31 + 0.44 * (i / 8) * (1 - i / 8)) for i in range(9)], closed=False)
            canvas.drawPath(rope, stroke(light.dark(0x8A744E), 0.022))
            canvas.drawPath(rope, stroke(light.lit(0xD9C49A), 0.012))
            if kind < 0.3:
                barrel(canvas, stage, x + 0.45, -0.1, 0.26)
                barrel(canvas, stage, x + 0.62, -0.085, 0.22, 0x7A5A48)
            elif kind < 0.6:
                crate(canvas, stage, x + 0.5, -0.1, 0.24)
                crate(canvas, stage, x + 0.5, -0.34, 0.17, 0xC59A60)
        for number in houses(area, 2.4):
            lamp_post(canvas, stage, (number + 0.65) * 2.4, -0.12, 1.12)

    return (
        *sky_layers(stage, horizon=horizon),
        ridge(stage, 240, 0.08, horizon + 0.02, 0.34, 1.1, 0x6F9A9C, 0.55, trees=0.025),
        Layer(0.13, town),
        Layer(0.2, water, moving=glints, texture=0.05, stretch=12.0),
        Layer(0.5, moving=boats),
        ground(stage, 0x9C7656, 0x9C7656, top=-0.27, near_detail=quay, edge=0.1)[1],
        Layer(1.0, moorings),
    )


