"""A snowfield below high peaks.

Called from sets.py.
"""

from typing import Any

import skia

from onereel.backlot.brush import chance, fill, polygon, scatter
from onereel.backlot.plants import pine
from onereel.backlot.scenery import (
    Area,
    Layer,
    Stage,
    dots,
    down,
    fade,
    ground,
    oval,
    patches,
    ridge,
    rock,
)
from onereel.backlot.sky import sky_layers


def snow_mountain(stage: Stage) -> tuple[Layer, ...]:
    light = stage.light

    def peaks(
        salt: int, depth: float, level: float, tall: float, step: float, haze: float
    ) -> Layer:
        rock_tone, snow_tone = 0x6F80AA, 0xF7FBFF

        def paint(canvas: Any, area: Area) -> None:
            for x, a, b, c in scatter(stage.seed, salt, area.left - step, area.right + step, step):
                top, half = level - tall * (0.6 + 0.4 * a), step * (0.75 + 0.25 * b)
                peak(canvas, x, top, half, level + 0.25, salt * 1000 + int(1e3 * c))

        def peak(canvas: Any, x: float, top: float, half: float, foot: float, salt: int) -> None:
            left, right, ridge_line = [(x, top)], [(x, top)], [(x, top)]
            for part in range(1, 8):
                along = part / 7
                y = top + (foot - top) * along
                for side, line in ((-1, left), (1, right)):
                    line.append(
                        (
                            x
                            + side
                            * half
                            * along
                            * (0.86 + 0.28 * chance(stage.seed, salt, part, side)),
                            y - (foot - top) * 0.05 * chance(stage.seed, salt, part, side, 2),
                        )
                    )
                ridge_line.append(
                    (x + half * 0.3 * (chance(stage.seed, salt, part, 3) - 0.5) * along**0.5 * 2, y)
                )
            light_side, dark_side = (right, left) if light.side > 0 else (left, right)
            canvas.drawPath(
                polygon([*light_side, *ridge_line[::-1]]),
                down(
                    top,
                    foot,
                    light.lit(snow_tone, haze * 0.7, 0.35),
                    light.lit(0xD9E4F6, haze),
                    light.shade(rock_tone, min(1.0, haze + 0.2)),
                ),
            )
            canvas.drawPath(
                polygon([*dark_side, *ridge_line[::-1]]),
                down(
                    top,
                    foot,
                    light.dark(0xDCE6FA, haze * 0.8, 0.8),
                    light.dark(0xB9C9E8, haze),
                    light.shade(rock_tone, min(1.0, haze + 0.3)),
                ),
            )
            for part in range(26):  # rock showing through, in falling strokes
                u, v = chance(stage.seed, salt, part, 5), chance(stage.seed, salt, part, 6)
                along = 0.16 + 0.8 * u
                y = top + (foot - top) * along
                px = x + half * along * (2 * v - 1) * 0.86
                long = (foot - top) * (0.05 + 0.07 * chance(stage.seed, salt, part, 7))
                lean = 0.5 if px > x else -0.5
                builder = skia.PathBuilder()
                builder.moveTo(px, y)
                builder.lineTo(px + lean * long + 0.012, y + long)
                builder.lineTo(px + lean * long * 0.5 - 0.02, y + long * 0.75)
                builder.close()
                lit = (px > x) == (light.side > 0)
                tone = light.shade(rock_tone, haze) if lit else light.dark(rock_tone, haze, 0.8)
                canvas.drawPath(builder.detach(), fill(tone, 0.8))

        def hazy(canvas: Any, area: Area) -> None:
            paint(canvas, area)
            fade(canvas, area, level - 0.25, level + 0.3, light.haze, 0.0, 0.75)

        return Layer(depth, hazy, texture=0.03)

    def pines(salt: int, depth: float, base: float, tall: float, step: float, haze: float) -> Layer:
        def paint(canvas: Any, area: Area) -> None:
            for x, a, b, c in scatter(stage.seed, salt, area.left - 0.4, area.right + 0.4, step):
                if c > 0.18:
                    pine(
                        canvas,
                        stage,
                        int(1e4 * a) + salt,
                        x,
                        base - 0.05 * b,
                        tall * (0.65 + 0.5 * a),
                        haze,
                        0.9,
                    )

        return Layer(depth, paint)

    def drifts(canvas: Any, area: Area) -> None:
        blue, white = light.dark(0xD3E2F8, 0.0, 0.5), light.lit(0xFFFFFF, 0.0, 0.2)
        patches(canvas, stage, 53, area, -0.18, 0.45, 0.12, (blue, white, blue), 0.5, 0.6)
        glints = [
            (x, -0.1 + 0.5 * a * a)
            for x, a, _b, _c in scatter(stage.seed, 56, area.left, area.right, 0.04)
        ]
        dots(canvas, glints, 0.005, 0xFFFFFF, 0.8 if light.softness < 0.5 else 0.3)
        for x, a, b, c in scatter(stage.seed, 57, area.left, area.right, 1.1):
            if c > 0.45:
                y, half = -0.12 + 0.05 * b, 0.07 + 0.06 * a
                rock(canvas, stage, int(1e4 * a), x, y, half, 0x8A93AC)
                oval(
                    canvas,
                    x,
                    y - half * 0.58,
                    half * 0.72,
                    half * 0.22,
                    fill(light.lit(0xFFFFFF, 0.0, 0.25)),
                )

    def far_snow(canvas: Any, area: Area) -> None:
        patches(
            canvas,
            stage,
            58,
            area,
            -0.28,
            0.0,
            0.2,
            (light.dark(0xCBDCF4, 0.1, 0.5), light.lit(0xFFFFFF, 0.1)),
            0.6,
            0.6,
        )

    return (
        *sky_layers(stage),
        peaks(51, 0.08, -0.3, 0.95, 0.62, 0.42),
        peaks(55, 0.16, -0.25, 0.6, 0.5, 0.25),
        pines(59, 0.36, -0.2, 0.3, 0.14, 0.36),
        ridge(stage, 54, 0.42, -0.16, 0.14, 1.1, 0xE4EEFB, 0.14),
        pines(52, 0.6, -0.16, 0.75, 0.55, 0.16),
        *ground(stage, 0xE9F1FC, 0xF2F7FF, near_detail=drifts, far_detail=far_snow, grain=0.04),
    )
