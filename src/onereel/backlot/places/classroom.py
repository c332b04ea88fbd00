"""A classroom with a blackboard.

Called from sets.py.
"""

from math import cos, pi, sin
from typing import Any

import skia

from onereel.backlot.brush import chance, fill, glow, linear, mix, polygon, stroke
from onereel.backlot.indoors import (
    boards,
    falling_light,
    room_window,
    stage_dry,
    wall_paint,
)
from onereel.backlot.props import BOOKS, sun_shafts
from onereel.backlot.scenery import (
    Area,
    Layer,
    Stage,
    box,
    down,
    ground,
    houses,
    oval,
    shadow_under,
    soft,
)


def classroom(stage: Stage) -> tuple[Layer, ...]:
    light = stage.light
    wall, wood = (0xE8E0C4, 0xD5E2DA, 0xE9D6C4)[stage.seed % 3], 0xB88450

    def back(canvas: Any, area: Area) -> None:
        wall_paint(canvas, stage, area, wall, 0xB08A60, -0.2)
        canvas.drawRect(
            box(area.left, -0.62, area.right, -0.3),
            fill(light.shade(mix(wall, 0x7FA88F, 0.45)), 0.7),
        )
        canvas.drawRect(box(area.left, -0.64, area.right, -0.615), fill(light.lit(0xC9A06A)))
        for number in houses(area, 3.6):
            x = (number + 0.5) * 3.6
            board(canvas, x - 0.35, number)
            for side in (1.05, 1.62):
                room_window(
                    canvas,
                    stage,
                    x + side,
                    -1.36,
                    0.46,
                    0.68,
                    0xF4EEDF,
                )
            clock(canvas, x - 0.35, -1.56)
            notices(canvas, x - 1.5, number)

    def board(canvas: Any, x: float, number: int) -> None:
        canvas.drawRect(box(x - 0.8, -1.36, x + 0.86, -0.62), soft(0x201028, 0.03, 0.35))
        canvas.drawRect(
            box(x - 0.82, -1.4, x + 0.82, -0.66),
            down(-1.4, -0.66, light.lit(wood), light.dark(wood, 0.0, 0.5)),
        )
        green = 0x2F5F4E
        canvas.drawRect(
            box(x - 0.77, -1.35, x + 0.77, -0.71),
            linear(
                (x - 0.77, -1.35),
                (x + 0.77, -0.71),
                (0.0, light.lit(green, 0.0, 0.15), 1.0),
                (1.0, light.dark(green, 0.0, 0.7), 1.0),
            ),
        )
        for part in range(6):
            u, v = chance(stage.seed, 331, number, part), chance(stage.seed, 332, number, part)
            oval(
                canvas,
                x - 0.6 + 1.2 * u,
                -1.25 + 0.45 * v,
                0.2,
                0.05,
                soft(light.lit(0x8FB0A0), 0.03, 0.16),
            )
        chalk = light.lit(0xF4F4EA)
        for row in range(3):  # writing that says nothing, sums and a drawing
            y, place = -1.26 + 0.11 * row, x - 0.68
            builder = skia.PathBuilder()
            while place < x - 0.05:
                u = chance(stage.seed, 333, row, int(1000 * (place - x)))
                builder.moveTo(place, y)
                for stepped in range(3):
                    v = chance(stage.seed, 334, row, int(1000 * (place - x)), stepped)
                    builder.quadTo(
                        place + 0.012 + 0.02 * stepped,
                        y - 0.05 * v,
                        place + 0.02 + 0.02 * stepped,
                        y + 0.03 * (v - 0.5),
                    )
                place += 0.09 + 0.05 * u
            canvas.drawPath(builder.detach(), stroke(chalk, 0.009, 0.8))
        canvas.drawCircle(x + 0.38, -1.06, 0.16, stroke(chalk, 0.009, 0.8))
        canvas.drawLine(x + 0.22, -1.06, x + 0.54, -1.06, stroke(chalk, 0.008, 0.7))
        canvas.drawLine(x + 0.38, -1.22, x + 0.5, -0.95, stroke(0xF2C27A, 0.009, 0.8))
        canvas.drawPath(
            polygon(((x - 0.6, -0.8), (x - 0.42, -0.94), (x - 0.24, -0.8))),
            stroke(0x9AD0E8, 0.009, 0.8),
        )
        canvas.drawRect(
            box(x - 0.6, -0.68, x + 0.6, -0.65),
            down(-0.68, -0.65, light.lit(wood, 0.0, 0.5), light.dark(wood)),
        )
        for part, tone in enumerate((0xFFFFFF, 0xF2C27A, 0x9AD0E8, 0xE88A9A)):
            canvas.drawRect(
                box(x - 0.3 + 0.08 * part, -0.692, x - 0.25 + 0.08 * part, -0.68),
                fill(light.lit(tone)),
            )

    def clock(canvas: Any, x: float, y: float) -> None:
        canvas.drawCircle(x + 0.01, y + 0.015, 0.1, soft(0x201028, 0.012, 0.35))
        canvas.drawCircle(x, y, 0.1, fill(light.dark(0x6A4A38)))
        canvas.drawCircle(x, y, 0.084, fill(light.lit(0xFFFDF4)))
        for part in range(12):
            angle = pi * part / 6
            canvas.drawCircle(
                x + 0.07 * cos(angle), y + 0.07 * sin(angle), 0.005, fill(light.dark(0x3A3038))
            )
        canvas.drawLine(x, y, x + 0.03, y - 0.035, stroke(light.dark(0x2A2230), 0.012))
        canvas.drawLine(x, y, x - 0.02, y - 0.06, stroke(light.dark(0x2A2230), 0.008))

    def notices(canvas: Any, x: float, number: int) -> None:
        canvas.drawRect(box(x - 0.3, -1.36, x + 0.3, -0.72), fill(light.dark(0xC08F5C, 0.0, 0.4)))
        canvas.drawRect(box(x - 0.27, -1.33, x + 0.27, -0.75), fill(light.shade(0xD9B07A)))
        for part in range(9):
            u, v = part % 3, part // 3
            a = x - 0.23 + 0.165 * u + 0.01 * chance(stage.seed, 335, number, part)
            b = -1.3 + 0.185 * v
            tone = (0xFFFDF4, 0xFFE9A8, 0xBFE0EA, 0xF6C9C4, 0xD0E8B8)[
                int(4.99 * chance(stage.seed, 336, number, part))
            ]
            canvas.drawRect(box(a, b, a + 0.13, b + 0.15), fill(light.lit(tone)))
            mark = BOOKS[int(6.99 * chance(stage.seed, 337, number, part))]
            canvas.drawCircle(a + 0.065, b + 0.065, 0.032, fill(light.shade(mark), 0.85))
            canvas.drawRect(
                box(a + 0.025, b + 0.11, a + 0.105, b + 0.118), fill(light.dark(mark), 0.6)
            )
            canvas.drawCircle(a + 0.065, b + 0.01, 0.008, fill(light.lit(0xD9503F)))

    def floor(canvas: Any, area: Area) -> None:
        boards(canvas, stage, area, 0xC89A66, 338)
        canvas.drawRect(
            box(area.left, -0.2, area.right, -0.06),
            linear((0, -0.2), (0, -0.06), (0.0, 0x201028, 0.3), (1.0, 0x201028, 0.0)),
        )
        for number in houses(area, 1.2):
            if number % 3 != 0:
                desk(canvas, number * 1.2 + 0.05, -0.08)

    def desk(canvas: Any, x: float, base: float) -> None:
        shadow_under(canvas, light, x, base, 0.42, 0.05)
        leg = stroke(light.dark(0x5A6470), 0.022)
        for side in (-0.25, 0.25):
            canvas.drawLine(x + side, base, x + side, base - 0.34, leg)
        canvas.drawRect(
            box(x - 0.28, base - 0.36, x + 0.28, base - 0.27),
            down(base - 0.36, base - 0.27, light.shade(wood), light.dark(wood)),
        )
        canvas.drawPath(
            polygon(
                (
                    (x - 0.28, base - 0.4),
                    (x + 0.28, base - 0.4),
                    (x + 0.33, base - 0.35),
                    (x - 0.33, base - 0.35),
                )
            ),
            down(base - 0.4, base - 0.35, light.lit(wood, 0.0, 0.5), light.shade(wood)),
        )
        for part in range(3):
            tone = BOOKS[int(6.99 * chance(stage.seed, 339, int(10 * x), part))]
            canvas.drawRect(
                box(
                    x - 0.2 + 0.012 * part,
                    base - 0.42 - 0.024 * part,
                    x - 0.02 + 0.012 * part,
                    base - 0.398 - 0.024 * part,
                ),
                fill(light.shade(tone)),
            )
        canvas.drawLine(
            x + 0.12, base - 0.385, x + 0.21, base - 0.395, stroke(light.lit(0xE8B030), 0.012)
        )

    def lamps(canvas: Any, area: Area) -> None:
        for number in houses(area, 1.8):
            x = number * 1.8
            canvas.drawRect(
                box(x - 0.4, -1.86, x + 0.4, -1.8),
                fill(0xFFFBE8 if light.lamps else light.lit(0xF4F0E6)),
            )
            if light.lamps:
                glow(canvas, x, -1.8, 0.9, 0xFFF0C8, 0.4)

    return (
        Layer(0.82, back, texture=0.025),
        ground(stage_dry(stage), 0xC89A66, 0xC89A66, top=-0.22, near_detail=floor, edge=0.02)[1],
        Layer(0.9, lamps),
        sun_shafts(stage_dry(stage), 0.16, 0.95),
        falling_light(stage, 1.8, 0.42),
    )
