"""A bamboo grove in green mist.

Called from sets.py.
"""

from math import pi, sin
from typing import Any

import skia

from onereel.backlot.brush import chance, fill, glow, mix, scatter, stroke
from onereel.backlot.plants import bush, near_branches, near_grass
from onereel.backlot.props import sun_shafts
from onereel.backlot.scenery import (
    Area,
    Layer,
    Stage,
    across,
    blades,
    box,
    down,
    ground,
    leaves,
    patches,
    rock,
    shadow_under,
)


def bamboo(stage: Stage) -> tuple[Layer, ...]:
    light = stage.light
    night = light.time == "night"

    def mist(canvas: Any, area: Area) -> None:
        canvas.drawPaint(
            down(
                -1.6,
                -0.05,
                light.shade(0x7FB873, 0.1),
                light.shade(0xC9E8A8, 0.3),
                light.shade(0xF0F9D2, 0.35),
                light.shade(0xA8CF8C, 0.25),
            )
        )
        glow(canvas, 0.3 * light.side, -0.95, 1.25, light.sun, 0.62 if not night else 0.3)

    def grove(salt: int, depth: float, step: float, wide: float, haze: float, skip: float) -> Layer:
        def paint(canvas: Any, area: Area) -> None:
            for x, a, b, c in scatter(stage.seed, salt, area.left - 0.4, area.right + 0.4, step):
                if b < skip:
                    continue
                stem = mix(0x4B8F45, 0x8DB64C, a)
                tones = (
                    light.dark(stem, haze),
                    light.shade(stem, haze),
                    light.lit(stem, haze, 0.6),
                    light.shade(stem, haze),
                )
                half, lean = wide * (0.32 + 0.22 * b), 0.09 * (c - 0.5)
                shadow_under(canvas, light, x, -0.13, half * 3.2, 0.025)
                canvas.save()
                canvas.translate(x, -0.12)
                canvas.skew(lean, 0)
                canvas.drawRect(
                    box(-half, -3.2, half, 0.0),
                    across(-half, half, *(tones if light.side > 0 else tones[::-1])),
                )
                joint, gap = -0.2 * b - 0.06, 0.24 + 0.1 * a
                while joint > -3.0:
                    canvas.drawRect(
                        box(-half * 1.14, joint - 0.012, half * 1.14, joint + 0.006),
                        across(-half, half, tones[0], tones[2]),
                    )
                    canvas.drawLine(
                        -half, joint + 0.012, half, joint + 0.012, stroke(tones[0], 0.01, 0.7)
                    )
                    joint -= gap
                canvas.restore()
                for level in range(5):
                    y = -0.75 - 0.32 * level + 0.25 * chance(stage.seed, salt, int(1e5 * a), level)
                    way = 1 if chance(stage.seed, salt, int(1e5 * a), level, 1) > 0.5 else -1
                    if chance(stage.seed, salt, int(1e5 * a), level, 2) > 0.35:
                        sprig(
                            canvas,
                            x - lean * (y + 0.12) * -1 - 2 * lean * (y + 0.12),
                            y,
                            way,
                            wide,
                            haze,
                            salt * 100 + level + int(1e4 * b),
                        )

        return Layer(depth, paint, texture=0.03)

    def sprig(
        canvas: Any, x: float, y: float, way: int, wide: float, haze: float, salt: int
    ) -> None:
        stem = light.dark(0x5E9A45, haze)
        canvas.drawLine(x, y, x + way * wide * 2.4, y - wide * 0.9, stroke(stem, wide * 0.09))
        for tone in (
            light.dark(0x4F9640, haze),
            light.shade(0x77B548, haze),
            light.lit(0xAED860, haze),
        ):
            builder = skia.PathBuilder()
            for part in range(6):
                u, v = chance(stage.seed, salt, part), chance(stage.seed, salt, part, tone)
                leaves(
                    builder,
                    x + way * wide * (0.8 + 2.0 * u),
                    y - wide * (0.3 + 0.8 * u - 0.3 * v),
                    wide * (1.5 + 0.8 * v),
                    wide * 0.2,
                    (0.5 + 0.9 * v) if way > 0 else pi - 0.5 - 0.9 * v,
                )
            canvas.drawPath(builder.detach(), fill(tone))

    def far_floor(canvas: Any, area: Area) -> None:
        patches(
            canvas,
            stage,
            31,
            area,
            -0.26,
            0.0,
            0.14,
            (light.lit(0xD8DE90, 0.2), light.dark(0x7E9450, 0.1)),
            0.5,
            0.5,
        )
        for x, a, b, _c in scatter(stage.seed, 32, area.left, area.right, 0.3):
            bush(canvas, stage, int(1e4 * a), x, -0.2 + 0.03 * b, 0.06 + 0.05 * a, 0x6FA548, 0.2)

    def litter(canvas: Any, area: Area) -> None:
        patches(
            canvas,
            stage,
            38,
            area,
            -0.15,
            0.45,
            0.12,
            (light.lit(0xD9DB86), light.dark(0x7C8A4C, 0.0, 0.7), light.dark(0x8E7B4C, 0.0, 0.5)),
            0.34,
            0.5,
        )
        tones = (light.dark(0x6E8A42), light.shade(0x8FAE4E), light.lit(0xB4CC62))
        blades(canvas, stage.seed, 39, area, -0.18, 0.5, 0.05, 0.05, tones)
        for tone, salt in (
            (light.dark(0x9A8446), 36),
            (light.shade(0xC9B45A), 40),
            (light.lit(0xDDCB7A), 41),
        ):
            builder = skia.PathBuilder()
            for x, a, b, c in scatter(stage.seed, salt, area.left, area.right, 0.07):
                leaves(
                    builder,
                    x,
                    -0.16 + 0.6 * a * a,
                    0.03 + 0.03 * a,
                    0.006,
                    0.5 * (b - 0.5) + (pi if c > 0.5 else 0),
                )
            canvas.drawPath(builder.detach(), fill(tone, 0.95))
        for x, a, b, c in scatter(stage.seed, 43, area.left, area.right, 1.3):
            rock(canvas, stage, int(1e4 * a), x, -0.12 + 0.06 * b, 0.06 + 0.05 * c, 0x8A9088)

    def falling(canvas: Any, area: Area, time: float) -> None:
        builder = skia.PathBuilder()
        for index in range(9):
            u, v = chance(stage.seed, 37, index), chance(stage.seed, 38, index)
            fall = (v + 0.1 * time) % 1.0
            x = area.left + (area.right - area.left) * u + 0.1 * sin(2.0 * time + 6 * v)
            leaves(
                builder,
                x,
                area.top + (area.bottom - area.top) * fall,
                0.07,
                0.014,
                0.9 * sin(1.7 * time + 9 * u),
            )
        canvas.drawPath(builder.detach(), fill(light.lit(0xB9D25A)))

    return (
        Layer(0.0, mist),
        grove(33, 0.2, 0.13, 0.05, 0.66, 0.0),
        grove(34, 0.42, 0.27, 0.075, 0.4, 0.1),
        sun_shafts(stage, 0.3),
        *ground(stage, 0xC4C97C, 0x98A85A, near_detail=litter, far_detail=far_floor)[:1],
        grove(35, 0.82, 0.75, 0.115, 0.06, 0.2),
        *ground(stage, 0xC4C97C, 0x98A85A, near_detail=litter)[1:],
        Layer(0.9, moving=falling, front=True),
        near_branches(stage, 0x5C9A45),
        near_grass(stage, 0x6E9A48),
    )
