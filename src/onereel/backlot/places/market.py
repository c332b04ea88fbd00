"""An open-air market with stalls and lanterns.

Called from sets.py.
"""

from typing import Any

import skia

from onereel.backlot.brush import blob, chance, fill, glow, linear, mix, polygon, stroke
from onereel.backlot.plants import pot
from onereel.backlot.props import CLOTHS, WALLS, barrel, crate, lantern_row, window
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
    houses,
    patches,
    ridge,
    shadow_under,
)
from onereel.backlot.sky import sky_layers


def market(stage: Stage) -> tuple[Layer, ...]:
    light = stage.light
    goods = (
        (0xE2502F, 0xF2A03A),
        (0xE8C23A, 0xD9A020),
        (0x6FA83F, 0x9CC850),
        (0xC9445A, 0xE88A9A),
        (0x8A5AA8, 0xB58AC8),
        (0xF0E6D0, 0xD9C8A0),
        (0xC97F3F, 0xE0A860),
    )

    def backs(canvas: Any, area: Area) -> None:
        for number in houses(area, 0.95):
            x, top = (number + 0.5) * 0.95, -1.15 - 0.4 * chance(stage.seed, 201, number)
            wall = WALLS[int(5.99 * chance(stage.seed, 202, number))]
            canvas.drawRect(
                box(x - 0.48, top, x + 0.48, 1.0),
                down(
                    top,
                    0.0,
                    light.lit(wall, 0.3, 0.2),
                    light.shade(wall, 0.3),
                    light.dark(wall, 0.4, 0.4),
                ),
            )
            roof = 0x8A4A3C
            canvas.drawPath(
                polygon(
                    (
                        (x - 0.56, top + 0.03),
                        (x - 0.4, top - 0.16),
                        (x + 0.4, top - 0.16),
                        (x + 0.56, top + 0.03),
                    )
                ),
                down(top - 0.16, top, light.lit(roof, 0.26), light.dark(roof, 0.26)),
            )
            for part in range(13):
                rx = x - 0.5 + part * 0.083
                canvas.drawLine(
                    x + (rx - x) * 0.78,
                    top - 0.16,
                    rx,
                    top + 0.03,
                    stroke(light.dark(roof, 0.26), 0.012, 0.7),
                )
            for side in (-0.2, 0.2):
                window(
                    canvas,
                    stage,
                    x + side,
                    top + 0.14,
                    0.16,
                    0.22,
                    0x6A4034,
                    0.25,
                    chance(stage.seed, 203, number, int(side * 10)) < 0.7,
                )
        fade(canvas, area, -0.7, -0.1, light.haze, 0.0, 0.3)

    def bunting(canvas: Any, area: Area) -> None:
        for number in houses(area, 1.9):
            x, y = number * 1.9, -1.12 - 0.16 * chance(stage.seed, 206, number)
            lantern_row(
                canvas, stage, x, x + 1.9, y, 0.085, 0.062, 5, (0xD9342E, 0xE8A030, 0xD9342E), 0.05
            )
            for part in range(15):
                along = (part + 0.5) / 15
                px, py = x + 1.9 * along, y - 0.2 + 0.3 * along * (1 - along)
                tone = light.shade(CLOTHS[part % 5], 0.12)
                canvas.drawPath(
                    polygon(((px - 0.035, py), (px + 0.035, py), (px, py + 0.085))), fill(tone)
                )

    def stalls(canvas: Any, area: Area) -> None:
        for number in houses(area, 1.35):
            stall(canvas, (number + 0.5) * 1.35, number)

    def stall(canvas: Any, x: float, number: int) -> None:
        def draw(salt: int) -> float:
            return chance(stage.seed, 205, number, salt)

        base, wide, wood = -0.13, 0.5, 0x9A6A42
        shadow_under(canvas, light, x, base, 0.66, 0.05)
        inside = linear(
            (0, -0.8),
            (0, -0.3),
            (0.0, light.dark(0x3A2A30), 0.7),
            (1.0, light.dark(0x5A4238), 0.45),
        )
        canvas.drawRect(box(x - wide, -0.82, x + wide, -0.3), inside)
        for row in range(2):  # shelves with jars at the back
            y = -0.46 - 0.14 * row
            canvas.drawRect(box(x - 0.44, y, x + 0.44, y + 0.014), fill(light.dark(wood)))
            for part in range(9):
                tone = light.shade(goods[int(6.99 * draw(100 + row * 9 + part))][0], 0.05)
                px = x - 0.4 + part * 0.1
                canvas.drawRoundRect(
                    box(px - 0.026, y - 0.075, px + 0.026, y),
                    0.012,
                    0.012,
                    down(y - 0.08, y, tone, mix(tone, 0x201020, 0.4)),
                )
                canvas.drawRect(
                    box(px - 0.02, y - 0.09, px + 0.02, y - 0.075), fill(light.lit(0xE0D0B0))
                )
        if light.lamps:
            glow(canvas, x, -0.62, 0.6, 0xFFC060, 0.6)
        for side in (-1, 1):
            canvas.drawRect(
                box(x + side * wide - 0.02, -0.92, x + side * wide + 0.02, base),
                across(
                    x + side * wide - 0.02,
                    x + side * wide + 0.02,
                    light.dark(wood),
                    light.lit(wood),
                ),
            )
        canvas.drawRect(
            box(x - wide - 0.04, -0.34, x + wide + 0.04, base),
            down(-0.34, base, light.shade(wood), light.dark(wood)),
        )
        for part in range(9):
            px = x - wide + part * 0.125
            canvas.drawLine(px, -0.33, px, base - 0.01, stroke(light.dark(wood), 0.009))
        # Goods in slanting boxes, heaped.
        for crate_number in range(4):
            left = x - wide + 0.02 + crate_number * 0.245
            dark, pale = goods[int(6.99 * draw(crate_number))]
            canvas.drawPath(
                polygon(
                    (
                        (left, -0.36),
                        (left + 0.225, -0.36),
                        (left + 0.235, -0.28),
                        (left - 0.01, -0.28),
                    )
                ),
                down(-0.36, -0.28, light.lit(0xC08A54), light.dark(0x9A6A40, 0.0, 0.5)),
            )
            heap = []
            for row in range(3):
                for part in range(6 - row):
                    heap.append((left + 0.025 + 0.035 * part + 0.018 * row, -0.37 - 0.024 * row))
            dots(canvas, heap, 0.046, light.dark(dark, 0.0, 0.6))
            dots(canvas, [(hx, hy - 0.005) for hx, hy in heap], 0.036, light.shade(dark))
            dots(
                canvas,
                [(hx + 0.006 * light.side, hy - 0.012) for hx, hy in heap],
                0.014,
                light.lit(pale),
            )
        canvas.drawRect(
            box(x - wide - 0.06, -0.285, x + wide + 0.06, -0.255),
            down(-0.285, -0.255, light.lit(wood, 0.0, 0.5), light.shade(wood)),
        )
        cloth, white = CLOTHS[int(4.99 * draw(9))], 0xFFF2DE
        for part in range(8):
            a, b = x - 0.58 + part * 0.145, x - 0.58 + (part + 1) * 0.145
            tone = cloth if part % 2 == 0 else white
            strip = polygon(
                ((x + (a - x) * 0.84, -1.06), (x + (b - x) * 0.84, -1.06), (b, -0.86), (a, -0.86))
            )
            canvas.drawPath(
                strip, down(-1.06, -0.86, light.lit(tone, 0.0, 0.35), light.shade(tone))
            )
            canvas.drawOval(box(a, -0.89, b, -0.82), fill(light.dark(tone, 0.0, 0.35)))

    def cobbles(canvas: Any, area: Area) -> None:
        tones = (
            light.dark(0xA89A90, 0.0, 0.7),
            light.shade(0xB5A79C),
            light.lit(0xC9BCB0, 0.0, 0.3),
            light.dark(0x9A8C8A, 0.0, 0.4),
        )
        builders = [skia.PathBuilder() for _ in tones]
        y, tall, row = -0.19, 0.016, 0
        while y < 0.6:
            wide = tall * 3.0
            shift = 0.5 * wide * (row % 2)
            for number in houses(area, wide):
                x = number * wide + shift
                grow = 0.8 + 0.15 * chance(stage.seed, 208, row, number)
                target = builders[int(3.999 * chance(stage.seed, 207, row, number))]
                target.addRRect(
                    skia.RRect.MakeRectXY(
                        box(x, y, x + wide * grow + wide * 0.06, y + tall * 0.88),
                        tall * 0.4,
                        tall * 0.4,
                    )
                )
            y, tall, row = y + tall, tall * 1.13, row + 1
        for builder, tone in zip(builders, tones, strict=True):
            canvas.drawPath(builder.detach(), fill(tone, 0.55))
        patches(
            canvas,
            stage,
            209,
            area,
            -0.15,
            0.4,
            0.3,
            (light.dark(0x6A5F66), light.lit(0xD9CCC0)),
            0.34,
            0.3,
        )

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
                sack = blob(
                    (
                        (x - 0.09, -0.1),
                        (x - 0.08, -0.22),
                        (x - 0.03, -0.26),
                        (x + 0.03, -0.26),
                        (x + 0.08, -0.22),
                        (x + 0.09, -0.1),
                    )
                )
                shadow_under(canvas, light, x, -0.1, 0.14, 0.025)
                canvas.drawPath(
                    sack, across(x - 0.1, x + 0.1, light.dark(0xC9B08A), light.lit(0xD9C49A))
                )

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
