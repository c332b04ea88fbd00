"""A tiled kitchen.

Called from sets.py.
"""

from typing import Any

import skia

from onereel.backlot.brush import chance, fill, glow, linear, mix, polygon, stroke
from onereel.backlot.indoors import (
    ceiling_lamp,
    falling_light,
    room_window,
    stage_dry,
    wall_paint,
)
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
    patches,
    skia_focal,
    soft,
)


def kitchen(stage: Stage) -> tuple[Layer, ...]:
    light = stage.light
    paint_of = (0x7FA8A0, 0xD9A36A, 0x6F8AA8, 0xB5806A)[stage.seed % 4]
    wall = 0xF1E6D2
    steel = 0xBFC8CF

    def back(canvas: Any, area: Area) -> None:
        wall_paint(canvas, stage, area, wall, 0xE8DCC8, -0.18)
        # Tiles between counter and cupboards, every one a little different.
        tones = (
            light.lit(0xF6F2EA),
            light.shade(0xEDE6DC),
            light.shade(mix(paint_of, 0xFFFFFF, 0.62)),
            light.dark(0xE8E2DA, 0.0, 0.3),
        )
        builders = [skia.PathBuilder() for _ in tones]
        size = 0.095
        for row in range(4):
            for number in houses(area, size):
                which = int(3.999 * chance(stage.seed, 321, row, number) ** 1.5)
                left, y = number * size, -0.95 + row * size
                builders[which].addRect(
                    box(left + 0.004, y + 0.004, left + size - 0.004, y + size - 0.004)
                )
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
        canvas.drawRect(
            box(left, -0.96, right, -0.9),
            linear((0, -0.96), (0, -0.9), (0.0, 0x201028, 0.4), (1.0, 0x201028, 0.0)),
        )
        canvas.drawRect(
            box(left, -1.5, right, -0.96),
            down(-1.5, -0.96, light.lit(paint_of, 0.0, 0.2), light.shade(paint_of)),
        )
        count = 2
        for part in range(count):
            a = left + (right - left) * part / count + 0.02
            b = left + (right - left) * (part + 1) / count - 0.02
            canvas.drawRect(box(a, -1.47, b, -0.99), stroke(light.dark(paint_of, 0.0, 0.7), 0.01))
            canvas.drawRect(
                box(a + 0.05, -1.42, b - 0.05, -1.04),
                down(-1.42, -1.04, light.dark(paint_of, 0.0, 0.4), light.lit(paint_of, 0.0, 0.3)),
            )
            canvas.drawCircle(
                b - 0.03 if part == 0 else a + 0.03, -1.1, 0.013, fill(light.lit(0xE8D8B0))
            )

    def hood(canvas: Any, x: float) -> None:
        canvas.drawRect(
            box(x - 0.1, -4.0, x + 0.1, -1.24),
            across(x - 0.1, x + 0.1, light.dark(steel), light.lit(steel), light.shade(steel)),
        )
        canvas.drawPath(
            polygon(((x - 0.1, -1.26), (x + 0.1, -1.26), (x + 0.34, -1.04), (x - 0.34, -1.04))),
            across(
                x - 0.34,
                x + 0.34,
                light.dark(steel, 0.0, 0.6),
                light.lit(steel),
                light.dark(steel, 0.0, 0.5),
            ),
        )
        canvas.drawRect(
            box(x - 0.35, -1.05, x + 0.35, -1.0),
            down(-1.05, -1.0, light.lit(steel, 0.0, 0.6), light.dark(steel)),
        )
        glow(canvas, x, -0.95, 0.42, 0xFFE0A0, 0.4 if light.lamps else 0.15)

    def hanging(canvas: Any, x: float) -> None:
        canvas.drawLine(x - 0.16, -0.91, x + 0.2, -0.91, stroke(light.dark(0x6A6470), 0.012))
        for part in range(4):
            px = x - 0.13 + 0.1 * part
            tone = (steel, 0xB5653F, steel, 0x8A5A3A)[part]
            canvas.drawLine(px, -0.91, px, -0.77, stroke(light.shade(tone), 0.014))
            oval(
                canvas,
                px,
                -0.735,
                0.03,
                0.04,
                across(px - 0.03, px + 0.03, light.dark(tone), light.lit(tone)),
            )

    def counter(canvas: Any, area: Area) -> None:
        canvas.drawRect(
            box(area.left, -0.52, area.right, -0.16),
            down(-0.52, -0.16, light.shade(paint_of), light.dark(paint_of, 0.0, 0.6)),
        )
        for number in houses(area, 0.42):
            x = number * 0.42
            canvas.drawRect(
                box(x + 0.02, -0.48, x + 0.4, -0.4), stroke(light.dark(paint_of), 0.008)
            )
            canvas.drawRect(
                box(x + 0.02, -0.385, x + 0.4, -0.2), stroke(light.dark(paint_of), 0.008)
            )
            canvas.drawRect(box(x + 0.14, -0.45, x + 0.28, -0.435), fill(light.lit(0xE8D8B0)))
            canvas.drawRect(box(x + 0.34, -0.35, x + 0.355, -0.27), fill(light.lit(0xE8D8B0)))
        canvas.drawRect(box(area.left, -0.2, area.right, -0.15), fill(light.dark(0x3A3038)))
        canvas.drawRect(
            box(area.left, -0.52, area.right, -0.49),
            linear((0, -0.52), (0, -0.48), (0.0, 0x201028, 0.5), (1.0, 0x201028, 0.0)),
        )
        canvas.drawRect(
            box(area.left, -0.575, area.right, -0.52),
            down(-0.575, -0.52, light.lit(0xE2D6C6, 0.0, 0.6), light.shade(0xC4B4A0)),
        )

    def stove(canvas: Any, x: float) -> None:
        canvas.drawRect(
            box(x - 0.34, -0.56, x + 0.34, -0.16),
            down(-0.56, -0.16, light.lit(steel, 0.0, 0.3), light.dark(steel, 0.0, 0.6)),
        )
        canvas.drawRect(
            box(x - 0.26, -0.41, x + 0.26, -0.21),
            down(
                -0.41,
                -0.21,
                light.dark(0x2A2C38),
                0xB5602F if light.lamps else light.dark(0x4A4E5C),
            ),
        )
        canvas.drawRect(box(x - 0.24, -0.445, x + 0.24, -0.43), fill(light.lit(0xF0F4F6)))
        for part in range(5):
            canvas.drawCircle(x - 0.2 + 0.1 * part, -0.495, 0.02, fill(light.dark(0x3A3C48)))
            canvas.drawCircle(x - 0.2 + 0.1 * part, -0.5, 0.008, fill(light.lit(0xD9604A)))
        for px, size, tone in ((x - 0.17, 0.1, 0xC9503F), (x + 0.17, 0.085, 0x8A939C)):
            canvas.drawRect(box(px - size, -0.585, px + size, -0.57), fill(light.dark(0x2A2C38)))
            canvas.drawRoundRect(
                box(px - size, -0.58 - size * 1.1, px + size, -0.58),
                0.02,
                0.02,
                across(
                    px - size,
                    px + size,
                    light.dark(tone),
                    light.lit(tone),
                    light.dark(tone, 0.0, 0.5),
                ),
            )
            canvas.drawRect(
                box(px - size * 1.08, -0.595 - size * 1.1, px + size * 1.08, -0.575 - size * 1.1),
                fill(light.lit(tone)),
            )
            canvas.drawCircle(px, -0.605 - size * 1.1, 0.014, fill(light.dark(0x3A3038)))

    def fridge(canvas: Any, x: float) -> None:
        tone = 0xE9E4DA
        canvas.drawRect(box(x - 0.3, -1.34, x + 0.36, -0.14), soft(0x201028, 0.03, 0.3))
        canvas.drawRoundRect(
            box(x - 0.3, -1.36, x + 0.3, -0.14),
            0.05,
            0.05,
            across(
                x - 0.3, x + 0.3, light.lit(tone), light.shade(tone), light.dark(tone, 0.0, 0.5)
            ),
        )
        canvas.drawLine(x - 0.3, -0.94, x + 0.3, -0.94, stroke(light.dark(tone), 0.01))
        for top, bottom in ((-1.2, -1.0), (-0.88, -0.6)):
            canvas.drawLine(x - 0.24, top, x - 0.24, bottom, stroke(light.lit(steel), 0.024))
        for part, tone in enumerate((0xE8C23A, 0xD9604A, 0x5A9AC8)):
            canvas.drawRect(
                box(
                    x - 0.1 + 0.1 * part,
                    -0.8 + 0.03 * part,
                    x - 0.02 + 0.1 * part,
                    -0.71 + 0.03 * part,
                ),
                fill(light.shade(tone)),
            )

    def still_life(canvas: Any, x: float, number: int) -> None:
        for part in range(9):
            px, kind = x + 0.1 + 0.1 * part, chance(stage.seed, 322, number, part)
            tone = BOOKS[int(6.99 * chance(stage.seed, 323, number, part))]
            if kind < 0.3:
                canvas.drawRoundRect(
                    box(px - 0.03, -0.575 - 0.12, px + 0.03, -0.575),
                    0.012,
                    0.012,
                    across(px - 0.03, px + 0.03, light.dark(tone), light.lit(tone)),
                )
                canvas.drawRect(
                    box(px - 0.024, -0.715, px + 0.024, -0.69), fill(light.lit(0xB58A5A))
                )
            elif kind < 0.5:
                canvas.save()
                canvas.translate(px, -0.61)
                canvas.scale(0.036, 0.036)
                fruit = (0xE2502F, 0xE8A030, 0x8AB83F)[
                    int(2.99 * chance(stage.seed, 324, number, part))
                ]
                canvas.drawCircle(
                    0,
                    0,
                    1,
                    skia_focal(
                        0.3 * light.side,
                        -0.4,
                        (0.0, light.lit(fruit), 1.0),
                        (0.6, light.shade(fruit), 1.0),
                        (1.0, light.dark(fruit), 1.0),
                    ),
                )
                canvas.restore()
            elif kind < 0.62:
                oval(
                    canvas,
                    px,
                    -0.6,
                    0.07,
                    0.035,
                    down(-0.63, -0.57, light.lit(0xF2EEE8), light.dark(0xC9C4C0)),
                )

    def floor(canvas: Any, area: Area) -> None:
        pale, dark = 0xE9DFD0, mix(paint_of, 0x6A6A70, 0.35)
        y, tall, row = -0.2, 0.03, 0
        while y < 0.75:
            step = 0.3
            spread, lower = 1.0 + (y + 0.2) * 1.1, 1.0 + (y + tall + 0.2) * 1.1
            for number in houses(area, step * 0.9):
                tone = pale if (number + row) % 2 else dark
                a, b = number * step, (number + 1) * step
                canvas.drawPath(
                    polygon(
                        (
                            (a * spread, y),
                            (b * spread, y),
                            (b * lower, y + tall),
                            (a * lower, y + tall),
                        )
                    ),
                    down(y, y + tall, light.lit(tone, 0.0, 0.3), light.shade(tone)),
                )
            y, tall, row = y + tall, tall * 1.34, row + 1
        canvas.drawRect(
            box(area.left, -0.2, area.right, -0.04),
            linear((0, -0.2), (0, -0.04), (0.0, 0x201028, 0.42), (1.0, 0x201028, 0.0)),
        )
        patches(canvas, stage, 326, area, -0.1, 0.4, 0.5, (light.lit(0xFFF6E6),), 0.4, 0.2)

    def lamps(canvas: Any, area: Area) -> None:
        for number in houses(area, 3.0):
            ceiling_lamp(canvas, stage, (number + 0.5) * 3.0 + 0.12, -1.5, paint_of)

    return (
        Layer(0.86, back, texture=0.025),
        ground(
            stage_dry(stage),
            0xD9CDBE,
            0xD9CDBE,
            top=-0.22,
            near_detail=floor,
            edge=0.02,
            grain=0.03,
        )[1],
        Layer(0.95, lamps),
        falling_light(stage, 3.0, 0.6),
    )
