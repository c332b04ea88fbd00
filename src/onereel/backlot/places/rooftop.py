"""A rubble-strewn rooftop above the city.

Called from sets.py.
"""

from math import pi, sin
from typing import Any

import skia

from onereel.backlot.brush import blob, chance, fill, glow, linear, polygon, scatter, stroke
from onereel.backlot.props import bricks
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
    rock,
    shadow_under,
    soft,
    towers,
)
from onereel.backlot.sky import sky_layers


def rooftop(stage: Stage) -> tuple[Layer, ...]:
    light = stage.light
    concrete = 0xB4ACA8

    def back(canvas: Any, area: Area) -> None:
        """The broken parapet, with what stands on the roof behind the performers."""
        for number in houses(area, 0.9):
            left, right = number * 0.9, number * 0.9 + 0.9
            broken = chance(stage.seed, 221, number)
            top = -0.46 if broken > 0.42 else -0.27 - 0.1 * broken
            bricks(
                canvas, stage, number + 40, left, right, top, -0.12, 0.105, 0.042, 0xB0664E, 0.06
            )
            if broken > 0.42:
                canvas.drawRect(
                    box(left, -0.5, right, -0.44),
                    down(-0.5, -0.44, light.lit(0xD5C8BA), light.shade(0xA89C94)),
                )
                canvas.drawRect(box(left, -0.44, right, -0.41), fill(0x140C2C, 0.3))
            else:  # torn edge, with reinforcement sticking out
                for part in range(10):
                    x = left + 0.09 * part
                    rise = 0.02 + 0.085 * chance(stage.seed, 222, number, part)
                    bricks(
                        canvas,
                        stage,
                        number + part,
                        x,
                        x + 0.09,
                        top - rise,
                        top,
                        0.09,
                        0.042,
                        0xB0664E,
                        0.06,
                    )
                for part in range(3):
                    x = left + 0.2 + 0.26 * part
                    bend = blob(
                        (
                            (x, top + 0.02),
                            (x + 0.02, top - 0.1),
                            (x + 0.07 * (part - 1) + 0.03, top - 0.2),
                        ),
                        closed=False,
                    )
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
            canvas.drawLine(
                x + side, -0.12, x + side * 0.9, -0.62, stroke(light.dark(0x4A4450, 0.05), 0.024)
            )
        canvas.drawLine(x - 0.2, -0.16, x + 0.19, -0.58, stroke(light.dark(0x4A4450, 0.05), 0.012))
        tones = (light.dark(wood, 0.06), light.shade(wood, 0.06), light.lit(wood, 0.06))
        canvas.drawRect(
            box(x - 0.25, -1.1, x + 0.25, -0.62), across(x - 0.25, x + 0.25, *tones[:: light.side])
        )
        for part in range(11):
            px = x - 0.25 + 0.05 * part
            canvas.drawLine(px, -1.1, px, -0.62, stroke(tones[0], 0.007, 0.8))
        for y in (-1.02, -0.86, -0.7):
            canvas.drawRect(
                box(x - 0.255, y, x + 0.255, y + 0.018), fill(light.dark(0x55505E, 0.06))
            )
        canvas.drawPath(
            polygon(((x - 0.29, -1.09), (x, -1.32), (x + 0.29, -1.09))),
            across(x - 0.29, x + 0.29, *[light.dark(0x6A5F68), light.lit(0x9A8F98)][:: light.side]),
        )

    def vent(canvas: Any, x: float) -> None:
        steel = 0x97A1AE
        shadow_under(canvas, light, x, -0.1, 0.42, 0.04)
        canvas.drawRect(
            box(x - 0.3, -0.5, x + 0.3, -0.1),
            down(-0.5, -0.1, light.lit(steel, 0.0, 0.3), light.shade(steel), light.dark(steel)),
        )
        canvas.drawRect(
            box(x - 0.32, -0.53, x + 0.32, -0.47),
            down(-0.53, -0.47, light.lit(steel, 0.0, 0.6), light.shade(steel)),
        )
        for side in (-0.15, 0.15):
            canvas.drawCircle(x + side, -0.3, 0.115, fill(light.dark(0x3F4854)))
            for blade in range(5):
                angle = blade * 2 * pi / 5 + side
                dx, dy = 0.095 * sin(angle), 0.095 * sin(angle + pi / 2)
                canvas.drawLine(
                    x + side, -0.3, x + side + dx, -0.3 + dy, stroke(light.shade(0x6F7A88), 0.028)
                )
            canvas.drawCircle(x + side, -0.3, 0.025, fill(light.lit(steel)))
            canvas.drawCircle(x + side, -0.3, 0.118, stroke(light.lit(steel), 0.014))
        canvas.drawRect(
            box(x - 0.3, -0.18, x + 0.3, -0.1),
            linear((0, -0.2), (0, -0.1), (0.0, 0x7A4A30, 0.0), (1.0, 0x7A4A30, 0.35)),
        )

    def stair_house(canvas: Any, x: float) -> None:
        wall = 0xC2B8B0
        canvas.drawRect(
            box(x - 0.42, -1.16, x + 0.42, -0.12),
            down(
                -1.16,
                -0.12,
                light.lit(wall, 0.05, 0.25),
                light.shade(wall, 0.05),
                light.dark(wall, 0.05),
            ),
        )
        canvas.drawRect(box(x - 0.47, -1.22, x + 0.47, -1.14), fill(light.lit(0xD9CFC4, 0.05)))
        canvas.drawRect(
            box(x - 0.42, -1.14, x + 0.42, -1.08),
            linear((0, -1.14), (0, -1.08), (0.0, 0x140C2C, 0.4), (1.0, 0x140C2C, 0.0)),
        )
        canvas.drawRect(
            box(x - 0.17, -0.82, x + 0.17, -0.12),
            down(-0.82, -0.12, light.shade(0x4F7A78), light.dark(0x3A5A60)),
        )
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
            canvas.drawLine(number * 0.8 + 0.33, -0.16, number * 0.8 + 0.33, 0.6, line)
        for y in (-0.06, 0.09, 0.32):
            canvas.drawLine(area.left, y, area.right, y, line)
        patches(
            canvas,
            stage,
            224,
            area,
            -0.12,
            0.45,
            0.15,
            (
                light.dark(0x8A8288, 0.0, 0.8),
                light.lit(0xD6CCC4, 0.0, 0.3),
                light.dark(0xA09490, 0.0, 0.5),
            ),
            0.4,
            0.5,
        )
        cracks = skia.PathBuilder()
        for x, a, b, c in scatter(stage.seed, 225, area.left, area.right, 0.4):
            y = -0.1 + 0.4 * a
            cracks.moveTo(x, y)
            for part in range(4):
                x, y = (
                    x + 0.05 + 0.05 * chance(stage.seed, 226, int(1e4 * b), part),
                    y + 0.03 * (chance(stage.seed, 227, int(1e4 * c), part) - 0.45),
                )
                cracks.lineTo(x, y)
        canvas.drawPath(cracks.detach(), stroke(light.dark(0x6A6270), 0.006, 0.75))
        for x, a, b, c in scatter(stage.seed, 228, area.left, area.right, 0.075):
            y = -0.12 + 0.56 * a * a
            brick = (0xB0664E, 0xA9A19C, 0x8E6A5A)[int(2.99 * b)]
            half = (0.006 + 0.012 * c) * (0.6 + a)
            oval(
                canvas, x - 0.3 * half, y + half * 0.4, half * 1.5, half * 0.5, fill(0x140C2C, 0.3)
            )
            canvas.drawPath(
                polygon(
                    (
                        (x - half, y + half * 0.3),
                        (x - half * 0.5, y - half * 0.8),
                        (x + half * 0.7, y - half * 0.6),
                        (x + half, y + half * 0.3),
                    )
                ),
                down(y - half, y + half * 0.3, light.lit(brick), light.dark(brick)),
            )
        for number in houses(area, 1.15):  # heaps of broken concrete and brick along the wall
            x, size = (
                (number + chance(stage.seed, 229, number)) * 1.15,
                chance(stage.seed, 230, number),
            )
            if size > 0.35:
                heap(canvas, x, -0.09, 0.1 + 0.12 * size, number)

    def heap(canvas: Any, x: float, base: float, size: float, number: int) -> None:
        shadow_under(canvas, light, x, base + 0.01, size * 1.9, 0.04)
        for part in range(11):
            u, v = chance(stage.seed, 231, number, part), chance(stage.seed, 232, number, part)
            tone = (concrete, 0xB0664E, 0x9A928E)[part % 3]
            rock(
                canvas,
                stage,
                number * 20 + part,
                x + size * 2.2 * (u - 0.5) * (1 - 0.5 * v),
                base - size * 0.55 * v * (1 - abs(2 * u - 1)),
                size * (0.24 + 0.24 * (1 - v)),
                tone,
            )
        canvas.drawLine(
            x - size * 0.3,
            base - size * 0.4,
            x + size * 0.6,
            base - size * 1.1,
            stroke(light.dark(0x7A5444), 0.016),
        )

    def lights(canvas: Any, area: Area) -> None:
        for number in houses(area, 2.0):
            x = (number + 0.42) * 2.0  # no pole grows out of a head in the middle
            points = [
                (x + 2.0 * step / 10, -1.3 + 0.62 * (step / 10) * (1 - step / 10))
                for step in range(11)
            ]
            canvas.drawLine(x, -1.3, x, -0.4, stroke(light.dark(0x3A3348), 0.018))
            canvas.drawPath(blob(points, closed=False), stroke(light.dark(0x3A3348), 0.008))
            for px, py in points[1:-1]:
                if light.lamps:
                    glow(canvas, px, py + 0.03, 0.16, 0xFFC45E, 0.75)
                canvas.drawCircle(
                    px, py + 0.03, 0.02, fill(0xFFF0BC if light.lamps else light.lit(0xE8DCC0))
                )

    return (
        *sky_layers(stage),
        towers(stage, 40, 0.08, 0.26, 0.5, 1.25, 0x8794BE, 0.62, 0.0),
        towers(stage, 41, 0.16, 0.36, 0.42, 1.05, 0x7883AE, 0.42, 0.8),
        towers(stage, 42, 0.3, 0.6, 0.3, 0.8, 0x6E78A6, 0.22, 0.9),
        Layer(0.93, lights),
        Layer(1.0, back, texture=0.06),
        ground(stage, concrete, 0xBDB4AC, top=-0.22, near_detail=rubble, edge=0.06, grain=0.09)[1],
    )
