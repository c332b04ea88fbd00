"""A quay with boats before a small town.

Called from sets.py.
"""

from math import sin
from typing import Any

import skia

from onereel.backlot.brush import blob, chance, fill, glow, mix, polygon, scatter, stroke
from onereel.backlot.props import CLOTHS, WALLS, barrel, crate, lamp_post
from onereel.backlot.scenery import (
    Area,
    Layer,
    Stage,
    across,
    box,
    down,
    ground,
    houses,
    oval,
    patches,
    ridge,
    shadow_under,
)
from onereel.backlot.sky import sky_layers


def harbour(stage: Stage) -> tuple[Layer, ...]:
    light = stage.light
    horizon = -0.5

    def water(canvas: Any, area: Area) -> None:
        canvas.drawRect(
            box(area.left, horizon, area.right, 2.0),
            down(
                horizon,
                0.0,
                light.shade(0x8FC4D8, 0.5),
                light.shade(0x3F86AC, 0.1),
                light.dark(0x2C6A92),
            ),
        )
        for tone, salt in ((light.dark(0x245A84), 241), (light.lit(0x8FD0E4), 242)):
            for x, a, b, _c in scatter(stage.seed, salt, area.left, area.right, 0.045):
                oval(
                    canvas,
                    x,
                    horizon + 0.015 + 0.45 * a**1.5,
                    (0.03 + 0.09 * a) * (0.5 + b),
                    0.002 + 0.005 * a,
                    fill(tone, 0.4),
                )
        if light.lamps:
            for x, _a, b, c in scatter(stage.seed, 243, area.left, area.right, 0.2):
                for part in range(7):
                    y = horizon + 0.03 + 0.05 * part
                    oval(
                        canvas,
                        x + 0.012 * (part % 2),
                        y,
                        0.012 + 0.012 * b,
                        0.005,
                        fill((0xFFD27A, 0xFFB060, 0xBFE0FF)[int(2.99 * c)], 0.6 - 0.07 * part),
                    )

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
            canvas.drawRect(
                box(x - 0.1, foot - tall, x + 0.1, foot),
                down(foot - tall, foot, light.lit(wall, 0.38, 0.3), light.shade(wall, 0.45)),
            )
            canvas.drawPath(
                polygon(
                    ((x - 0.12, foot - tall), (x, foot - tall - 0.07), (x + 0.12, foot - tall))
                ),
                fill(light.shade(0xB5543F, 0.36)),
            )
            for part in range(4):
                on = light.lamps and chance(stage.seed, 247, number, part) < 0.6
                px, py = x - 0.045 + 0.09 * (part % 2), foot - tall + 0.04 + 0.065 * (part // 2)
                canvas.drawRect(
                    box(px - 0.014, py, px + 0.014, py + 0.03),
                    fill(0xFFE09A if on else light.dark(0x5A6A80, 0.3)),
                )
        x = 0.55
        canvas.drawPath(
            polygon(
                (
                    (x - 0.06, horizon),
                    (x - 0.035, horizon - 0.52),
                    (x + 0.035, horizon - 0.52),
                    (x + 0.06, horizon),
                )
            ),
            across(x - 0.06, x + 0.06, light.dark(0xF2EEE8, 0.3), light.lit(0xFFFFFF, 0.25)),
        )
        for level in (0.1, 0.28, 0.46):
            canvas.drawRect(
                box(x - 0.05, horizon - level - 0.04, x + 0.05, horizon - level),
                fill(light.shade(0xD04A3F, 0.3)),
            )
        canvas.drawRect(
            box(x - 0.03, horizon - 0.6, x + 0.03, horizon - 0.52),
            fill(0xFFE9A0 if light.lamps else light.shade(0xBFD8E0, 0.3)),
        )
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
            canvas.drawPath(
                blob(((0.02, -0.83), (0.16, -0.5), (0.3, -0.14), (0.02, -0.16)), tension=0.3),
                across(0.0, 0.3, shade, sail),
            )
            canvas.drawPath(
                blob(((-0.02, -0.78), (-0.1, -0.5), (-0.22, -0.16), (-0.02, -0.18)), tension=0.3),
                across(-0.22, 0.0, sail, shade),
            )
        else:
            canvas.drawRect(
                box(-0.1, -0.28, 0.12, -0.06),
                down(-0.28, -0.06, light.lit(0xF4EEE4, 0.08), light.dark(0xD4CCC4, 0.08, 0.5)),
            )
            canvas.drawRect(box(-0.13, -0.31, 0.15, -0.27), fill(light.shade(hull, 0.08)))
            for part in (-0.06, 0.03):
                canvas.drawRect(
                    box(part, -0.23, part + 0.06, -0.16),
                    fill(0xFFE09A if light.lamps else light.dark(0x4F6A80)),
                )
            canvas.drawLine(0.05, -0.3, 0.05, -0.6, stroke(light.dark(0x6A5A50, 0.1), 0.012))
        body = blob(
            ((-0.36, -0.1), (-0.26, 0.05), (0.0, 0.075), (0.26, 0.05), (0.4, -0.13), (0.0, -0.06)),
            tension=0.45,
        )
        canvas.drawPath(body, down(-0.1, 0.07, light.lit(hull, 0.06, 0.3), light.dark(hull, 0.06)))
        canvas.drawPath(
            blob(((-0.35, -0.09), (0.0, -0.045), (0.39, -0.12)), closed=False),
            stroke(light.lit(0xF6EEE0, 0.05), 0.02),
        )

    def quay(canvas: Any, area: Area) -> None:
        wood = 0x9C7656
        rows = (
            (-0.17, -0.115),
            (-0.115, -0.05),
            (-0.05, 0.03),
            (0.03, 0.13),
            (0.13, 0.26),
            (0.26, 0.44),
            (0.44, 0.7),
        )
        for row, (top, bottom) in enumerate(rows):
            step = 0.7 + 0.12 * row
            for number in houses(area, step):
                x = number * step + 0.37 * row
                tone = mix(
                    wood,
                    (0x7F6048, 0xB58E68, 0x8E7A68)[
                        int(2.99 * chance(stage.seed, 252, row, number))
                    ],
                    0.7,
                )
                canvas.drawRect(
                    box(x + 0.004, top, x + step - 0.004, bottom - 0.006),
                    down(top, bottom, light.lit(tone, 0.0, 0.22), light.shade(tone)),
                )
                for end in (0.03, step - 0.03):
                    canvas.drawCircle(
                        x + end, (top + bottom) / 2, 0.006, fill(light.dark(0x4A3A34))
                    )
            canvas.drawLine(
                area.left,
                bottom - 0.003,
                area.right,
                bottom - 0.003,
                stroke(light.dark(0x4A3628), 0.007, 0.9),
            )
        canvas.drawRect(
            box(area.left, -0.2, area.right, -0.165),
            down(-0.2, -0.165, light.lit(0xB58E68), light.dark(0x7A5A42)),
        )
        patches(
            canvas,
            stage,
            253,
            area,
            -0.14,
            0.5,
            0.3,
            (light.dark(0x5F4A3C), light.lit(0xCBA67E)),
            0.4,
            0.28,
        )

    def moorings(canvas: Any, area: Area) -> None:
        for number in houses(area, 1.2):
            x, kind = (number + 0.2) * 1.2, chance(stage.seed, 254, number)
            shadow_under(canvas, light, x, -0.13, 0.1, 0.02)
            post = 0x6F5444
            canvas.drawRect(
                box(x - 0.045, -0.42, x + 0.045, -0.13),
                across(
                    x - 0.045,
                    x + 0.045,
                    *[light.dark(post), light.shade(post), light.lit(post)][:: light.side],
                ),
            )
            canvas.drawOval(box(x - 0.045, -0.435, x + 0.045, -0.405), fill(light.lit(post)))
            for part in range(3):
                canvas.drawRect(
                    box(x - 0.052, -0.34 + 0.024 * part, x + 0.052, -0.325 + 0.024 * part),
                    fill(light.shade(0xD9C49A)),
                )
            rope = blob(
                [(x + 1.2 * i / 8, -0.31 + 0.44 * (i / 8) * (1 - i / 8)) for i in range(9)],
                closed=False,
            )
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
