"""A theatre's stage: backdrop, curtains, boards, coloured spotlights.

Called from sets.py.
"""

from math import sin
from typing import Any

import skia

from onereel.backlot.brush import blob, chance, fill, glow, linear, mix, polygon, scatter, stroke
from onereel.backlot.indoors import (
    boards,
    stage_dry,
)
from onereel.backlot.scenery import (
    Area,
    Layer,
    Stage,
    across,
    box,
    dots,
    down,
    ground,
    houses,
    oval,
    soft,
)

GOLD = 0xE0AE48


def theatre(stage: Stage) -> tuple[Layer, ...]:
    """A stage: backdrop, curtains, boards, coloured spotlights."""
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
            for x, a, _b, _c in scatter(
                stage.seed, 412 + int(100 * level), area.left - 0.5, area.right + 0.5, 0.5
            ):
                hills.append((x, level - 0.2 * a))
            canvas.drawPath(blob([*hills, (area.right + 1, 0.5)]), fill(tone))

    def folds(
        canvas: Any, left: float, right: float, top: float, bottom: float, tone: int, step: float
    ) -> None:
        count = max(2, round((right - left) / step))
        for part in range(count):
            a, b = left + (right - left) * part / count, left + (right - left) * (part + 1) / count
            canvas.drawRect(
                box(a, top, b + 0.002, bottom),
                across(
                    a,
                    b,
                    mix(tone, 0x10040C, 0.62),
                    mix(tone, 0xFF8A70, 0.16),
                    mix(tone, 0x10040C, 0.3),
                    mix(tone, 0x10040C, 0.62),
                ),
            )
        canvas.drawRect(
            box(left, top, right, bottom),
            linear(
                (0, top),
                (0, bottom),
                (0.0, 0x10040C, 0.5),
                (0.35, 0x10040C, 0.0),
                (0.85, 0x10040C, 0.0),
                (1.0, 0x10040C, 0.35),
            ),
        )
        canvas.drawRect(
            box(left, bottom - 0.07, right, bottom - 0.035), fill(mix(GOLD, 0x402010, 0.2))
        )
        for part in range(count * 3):
            px = left + (right - left) * (part + 0.5) / (count * 3)
            canvas.drawLine(
                px, bottom - 0.035, px, bottom, stroke(mix(GOLD, 0x402010, 0.3), step * 0.12)
            )

    def curtains(canvas: Any, area: Area) -> None:
        for number in houses(area, 4.6):
            x = number * 4.6
            folds(canvas, x - 2.3, x - 1.12, -3.2, -0.12, velvet, 0.11)
            folds(canvas, x + 1.12, x + 2.3, -3.2, -0.12, velvet, 0.11)
        folds(canvas, area.left, area.right, -3.4, -1.38, mix(velvet, 0x10040C, 0.15), 0.17)
        for number in houses(area, 0.85):
            x = number * 0.85
            swag = blob(
                (
                    (x, -1.48),
                    (x + 0.21, -1.31),
                    (x + 0.425, -1.26),
                    (x + 0.64, -1.31),
                    (x + 0.85, -1.48),
                    (x + 0.85, -1.7),
                    (x, -1.7),
                ),
                tension=0.5,
            )
            canvas.drawPath(
                swag,
                across(
                    x,
                    x + 0.85,
                    mix(velvet, 0x10040C, 0.45),
                    mix(velvet, 0xFF8A70, 0.2),
                    mix(velvet, 0x10040C, 0.45),
                ),
            )
            canvas.drawPath(
                blob(
                    (
                        (x, -1.48),
                        (x + 0.21, -1.31),
                        (x + 0.425, -1.26),
                        (x + 0.64, -1.31),
                        (x + 0.85, -1.48),
                    ),
                    closed=False,
                ),
                stroke(mix(GOLD, 0xFFFFFF, 0.1), 0.02),
            )

    def floor(canvas: Any, area: Area) -> None:
        boards(canvas, stage, area, 0xA87444, 413)
        canvas.drawRect(
            box(area.left, -0.22, area.right, -0.02),
            linear((0, -0.2), (0, 0.0), (0.0, 0x180820, 0.6), (1.0, 0x180820, 0.0)),
        )
        for x, tone in ((-0.55, beams[1]), (0.0, beams[0]), (0.55, beams[2])):
            oval(canvas, x, 0.03, 0.46, 0.095, soft(tone, 0.03, 0.34))
        canvas.drawRect(
            box(area.left, 0.24, area.right, 0.285), down(0.24, 0.285, 0xD9A868, 0x7A4A28)
        )
        canvas.drawRect(
            box(area.left, 0.285, area.right, 3.0), down(0.285, 0.6, 0x3A1C22, 0x180A14)
        )
        for number in houses(area, 0.42):
            x = number * 0.42
            canvas.drawRoundRect(box(x - 0.07, 0.215, x + 0.07, 0.27), 0.03, 0.03, fill(0x5A4A40))
            glow(canvas, x, 0.225, 0.16, 0xFFD890, 0.7)

    def spots(canvas: Any, area: Area) -> None:
        for x, tone, lean in (
            (-0.95, beams[1], 0.55),
            (-0.2, beams[0], 0.2),
            (0.3, beams[0], -0.3),
            (1.0, beams[2], -0.55),
        ):
            foot = x + lean
            cone = polygon(
                ((x - 0.03, -1.75), (x + 0.03, -1.75), (foot + 0.36, 0.08), (foot - 0.36, 0.08))
            )
            paint = skia.Paint(linear((0, -1.75), (0, 0.1), (0.0, tone, 0.34), (1.0, tone, 0.05)))
            paint.setMaskFilter(skia.MaskFilter.MakeBlur(skia.kNormal_BlurStyle, 0.03))
            canvas.drawPath(cone, paint)

    def dust(canvas: Any, area: Area, time: float) -> None:
        points = []
        for index in range(26):
            u, v = chance(stage.seed, 414, index), chance(stage.seed, 415, index)
            x = area.left + (area.right - area.left) * ((u + 0.01 * time) % 1.0)
            points.append(
                (x + 0.03 * sin(0.8 * time + 20 * v), -1.3 + 1.2 * ((v - 0.02 * time) % 1.0))
            )
        dots(canvas, points, 0.008, 0xFFEFD0, 0.45)

    return (
        Layer(0.5, backdrop, texture=0.05),
        ground(stage_dry(stage), 0x6A4632, 0x8F6240, top=-0.24, edge=0.06)[0],
        Layer(0.88, curtains, texture=0.05),
        ground(stage_dry(stage), 0x6A4632, 0xA06C42, top=-0.24, near_detail=floor, edge=0.04)[1],
        Layer(0.92, spots, moving=dust, glows=True),
    )
