"""A living room.

Called from sets.py.
"""

from math import cos, pi, sin
from typing import Any

from onereel.backlot.brush import blob, chance, fill, linear, mix, stroke
from onereel.backlot.indoors import (
    boards,
    ceiling_lamp,
    falling_light,
    room_window,
    stage_dry,
    wall_paint,
)
from onereel.backlot.plants import pot
from onereel.backlot.props import BOOKS
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
    shadow_under,
    soft,
)


def room(stage: Stage) -> tuple[Layer, ...]:
    light = stage.light
    wall = (0xEBD3AE, 0xB9D2CC, 0xDDBFC2, 0xC3CBE4)[stage.seed % 4]
    cloth = (0xC95F58, 0x4A7FAE, 0x5A9A76, 0xC98F45)[stage.seed // 4 % 4]
    wood = 0x9A663F

    def back(canvas: Any, area: Area) -> None:
        wall_paint(canvas, stage, area, wall, 0xF7EEE0, -0.2)
        pattern = light.lit(mix(wall, 0xFFFFFF, 0.35))
        for number in houses(area, 0.24):
            canvas.drawRect(
                box(number * 0.24, -4.0, number * 0.24 + 0.09, -0.3), fill(pattern, 0.22)
            )
        for number in houses(area, 2.5):
            x = (number + 0.5) * 2.5 + 0.62
            room_window(canvas, stage, x, -1.24, 0.74, 0.76, 0xFBF4E8)
            for side in (-1, 1):  # curtains with folds
                for fold in range(5):
                    a = x + side * (0.36 + 0.055 * fold)
                    path = blob(
                        (
                            (a, -1.4),
                            (a + side * 0.07, -1.4),
                            (a + side * 0.062, -0.9),
                            (a + side * 0.085, -0.3),
                            (a + side * 0.01, -0.28),
                            (a + side * 0.005, -0.85),
                        ),
                        tension=0.35,
                    )
                    canvas.drawPath(
                        path,
                        across(a, a + 0.07 * side, light.lit(cloth), light.dark(cloth, 0.0, 0.8)),
                    )
            canvas.drawRect(
                box(x - 0.74, -1.43, x + 0.74, -1.395),
                down(-1.43, -1.395, light.lit(wood), light.dark(wood)),
            )
            shelf(canvas, x + 1.12)
            picture(canvas, x - 1.02, -1.1, 0.34, 0.26, number)
            picture(canvas, x - 0.98, -0.76, 0.2, 0.2, number + 50)
            ceiling_lamp(canvas, stage, x - 0.62, -1.36, cloth)

    def shelf(canvas: Any, x: float) -> None:
        canvas.drawRect(box(x - 0.36, -1.26, x + 0.4, -0.2), soft(0x201028, 0.03, 0.3))
        canvas.drawRect(
            box(x - 0.34, -1.28, x + 0.34, -0.2),
            across(x - 0.34, x + 0.34, light.lit(wood, 0.0, 0.3), light.shade(wood)),
        )
        for row in range(4):
            y = -1.24 + 0.25 * row
            canvas.drawRect(
                box(x - 0.3, y, x + 0.3, y + 0.215),
                down(y, y + 0.215, light.dark(0x5A3A2A), light.dark(0x7A5238)),
            )
            place = x - 0.28
            while place < x + 0.22:
                u = chance(stage.seed, 311, row, int(100 * (place - x)))
                thick, tall = (
                    0.022 + 0.025 * u,
                    0.13 + 0.06 * chance(stage.seed, 312, row, int(100 * (place - x))),
                )
                tone = BOOKS[int(6.99 * chance(stage.seed, 313, row, int(100 * (place - x))))]
                if u > 0.93:
                    canvas.drawCircle(place + 0.045, y + 0.165, 0.042, fill(light.lit(tone)))
                    place += 0.1
                    continue
                canvas.drawRect(
                    box(place, y + 0.21 - tall, place + thick, y + 0.21),
                    across(place, place + thick, light.lit(tone), light.dark(tone, 0.0, 0.6)),
                )
                canvas.drawRect(
                    box(place, y + 0.21 - tall * 0.8, place + thick, y + 0.22 - tall * 0.74),
                    fill(light.lit(0xE8D8A8), 0.7),
                )
                place += thick + 0.003
            canvas.drawRect(
                box(x - 0.34, y + 0.212, x + 0.34, y + 0.242),
                down(y + 0.21, y + 0.24, light.lit(wood, 0.0, 0.5), light.shade(wood)),
            )

    def picture(canvas: Any, x: float, top: float, wide: float, tall: float, number: int) -> None:
        canvas.drawRect(
            box(x - wide / 2 + 0.015, top + 0.02, x + wide / 2 + 0.025, top + tall + 0.03),
            soft(0x201028, 0.015, 0.35),
        )
        canvas.drawRect(
            box(x - wide / 2, top, x + wide / 2, top + tall), fill(light.dark(0x8A5A3A, 0.0, 0.3))
        )
        canvas.drawRect(
            box(x - wide / 2 + 0.018, top + 0.018, x + wide / 2 - 0.018, top + tall - 0.018),
            fill(light.lit(0xFBF4E6)),
        )
        canvas.save()
        canvas.clipRect(
            box(x - wide / 2 + 0.045, top + 0.045, x + wide / 2 - 0.045, top + tall - 0.045)
        )
        sky = BOOKS[int(6.99 * chance(stage.seed, 314, number))]
        canvas.drawPaint(
            down(
                top,
                top + tall,
                light.shade(mix(sky, 0xFFFFFF, 0.4)),
                light.shade(mix(sky, 0xFFE2B0, 0.7)),
            )
        )
        canvas.drawCircle(x + wide * 0.15, top + tall * 0.4, tall * 0.13, fill(light.lit(0xFFF0C0)))
        canvas.drawPath(
            blob(
                (
                    (x - wide, top + tall),
                    (x - wide * 0.2, top + tall * 0.5),
                    (x + wide * 0.2, top + tall * 0.68),
                    (x + wide, top + tall * 0.5),
                    (x + wide, top + 2 * tall),
                )
            ),
            fill(light.shade(mix(sky, 0x203040, 0.4))),
        )
        canvas.restore()

    def furniture(canvas: Any, area: Area) -> None:
        boards(canvas, stage, area, 0xC08A5A, 315)
        canvas.drawRect(
            box(area.left, -0.2, area.right, -0.06),
            linear((0, -0.2), (0, -0.06), (0.0, 0x201028, 0.32), (1.0, 0x201028, 0.0)),
        )
        for number in houses(area, 2.5):
            x = (number + 0.5) * 2.5 + 0.62
            sofa(canvas, x - 1.0)
            pot(canvas, stage, x + 0.68, -0.1, 0.3, 0xD9D0C4, 0x4E8F52)
        for wide, tone in (
            (1.2, mix(cloth, 0x402030, 0.25)),
            (1.13, 0xEBDCC4),
            (1.07, mix(cloth, 0xFFFFFF, 0.12)),
            (0.7, mix(cloth, 0xEBDCC4, 0.55)),
            (0.64, mix(cloth, 0xFFFFFF, 0.08)),
        ):
            oval(
                canvas,
                0,
                0.06,
                wide,
                wide * 0.125,
                down(-0.1, 0.2, light.lit(tone, 0.0, 0.15), light.shade(tone)),
            )
        for part in range(20):
            angle = 2 * pi * part / 20
            oval(
                canvas,
                0.88 * cos(angle),
                0.06 + 0.11 * sin(angle),
                0.028,
                0.009,
                fill(light.lit(0xF2E2C0)),
            )

    def sofa(canvas: Any, x: float) -> None:
        tone = mix(cloth, 0x6A6A7A, 0.45)
        shadow_under(canvas, light, x, -0.1, 0.62, 0.05)
        for left, top, right, bottom, amount in (
            (-0.44, -0.52, 0.44, -0.2, 0.0),
            (-0.46, -0.3, 0.46, -0.13, 0.3),
        ):
            canvas.drawRoundRect(
                box(x + left, top, x + right, bottom),
                0.06,
                0.06,
                down(
                    top,
                    bottom,
                    light.lit(tone, 0.0, 0.25 + amount * 0.5),
                    light.dark(tone, 0.0, 0.6),
                ),
            )
        canvas.drawLine(x, -0.5, x, -0.16, stroke(light.dark(tone), 0.01, 0.8))
        for side in (-1, 1):
            a = x + side * 0.5
            canvas.drawRoundRect(
                box(a - 0.09, -0.38, a + 0.09, -0.11),
                0.06,
                0.06,
                down(-0.38, -0.1, light.lit(tone, 0.0, 0.35), light.dark(tone)),
            )
            canvas.drawRect(box(a - 0.03, -0.115, a + 0.03, -0.08), fill(light.dark(wood)))
        for place, pillow in ((-0.27, 0xE8C070), (0.28, cloth)):
            canvas.save()
            canvas.translate(x + place, -0.35)
            canvas.rotate(14 if place > 0 else -12)
            canvas.drawRoundRect(
                box(-0.1, -0.1, 0.1, 0.1),
                0.04,
                0.04,
                down(-0.1, 0.1, light.lit(pillow), light.dark(pillow, 0.0, 0.6)),
            )
            canvas.restore()

    return (
        Layer(0.82, back, texture=0.03),
        ground(stage_dry(stage), 0xB07C50, 0xC08A5A, top=-0.22, near_detail=furniture, edge=0.02)[
            1
        ],
        falling_light(stage, 2.5, 0.7),
    )
