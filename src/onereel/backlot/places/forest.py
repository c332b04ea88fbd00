"""A forest of tall trees with light falling in.

Called from sets.py.
"""

from math import sin
from typing import Any

import skia

from onereel.backlot.brush import blob, chance, fill, glow, mix, scatter, stroke
from onereel.backlot.plants import bush, foliage, near_branches, near_grass
from onereel.backlot.props import sun_shafts
from onereel.backlot.scenery import (
    Area,
    Layer,
    Stage,
    across,
    blades,
    box,
    dots,
    down,
    ground,
    leaves,
    oval,
    patches,
    rock,
    shadow_under,
    soft,
)


def forest(stage: Stage) -> tuple[Layer, ...]:
    light = stage.light
    night = light.time == "night"

    def depths(canvas: Any, area: Area) -> None:
        canvas.drawPaint(
            down(
                -1.8,
                -0.1,
                light.shade(0x2F6B4C, 0.05),
                light.shade(0x6FA868, 0.22),
                light.shade(0xD6E8A0, 0.3),
                light.shade(0x8DB46A, 0.25),
            )
        )
        glow(canvas, 0.35 * light.side, -0.8, 1.3, light.sun, 0.6 if not night else 0.28)

    def trunks(
        salt: int, depth: float, step: float, wide: float, haze: float, base: float
    ) -> Layer:
        def paint(canvas: Any, area: Area) -> None:
            for x, a, b, c in scatter(stage.seed, salt, area.left - 0.6, area.right + 0.6, step):
                if c < 0.15:
                    continue
                half = wide * (0.4 + 0.35 * a)
                bark = mix(0x5C4434, 0x7A6448, b)
                shadow_under(canvas, light, x, base, half * 3.4, 0.035)
                outline = blob(
                    (
                        (x - half * 2.3, base + 0.015),
                        (x - half * 1.05, base - 0.16),
                        (x - half * 0.85, base - 1.2),
                        (x - half * 0.8, base - 3.2),
                        (x + half * 0.8, base - 3.2),
                        (x + half * 0.85, base - 1.2),
                        (x + half * 1.1, base - 0.16),
                        (x + half * 2.5, base + 0.015),
                    ),
                    tension=0.35,
                )
                tones = (
                    light.dark(bark, haze),
                    light.dark(bark, haze, 0.5),
                    light.lit(bark, haze, 0.5),
                )
                canvas.drawPath(
                    outline, across(x - half, x + half, *(tones if light.side > 0 else tones[::-1]))
                )
                for part in range(14):
                    u, v = (
                        chance(stage.seed, salt, int(1e4 * a), part),
                        chance(stage.seed, salt, int(1e4 * b), part),
                    )
                    px, y = x + half * (1.5 * u - 0.75), base - 0.1 - 1.7 * v
                    canvas.drawLine(
                        px, y, px + 0.01 * (u - 0.5), y - 0.12, stroke(tones[0], half * 0.09, 0.6)
                    )
                if stage.weather != "snow":
                    moss = light.shade(0x6E9A45, haze)
                    oval(
                        canvas,
                        x - light.side * half * 0.6,
                        base - 0.12,
                        half * 0.5,
                        0.12,
                        soft(moss, half * 0.2, 0.55),
                    )

        return Layer(depth, paint, texture=0.06)

    def canopy(salt: int, depth: float, level: float, size: float, haze: float) -> Layer:
        colour = 0x3F8748
        if stage.weather == "petals":
            colour = 0xE79AB8

        def paint(canvas: Any, area: Area) -> None:
            for x, a, b, _c in scatter(
                stage.seed, salt, area.left - size, area.right + size, size * 0.85
            ):
                foliage(
                    canvas,
                    stage,
                    salt * 7 + int(1e4 * a),
                    x,
                    level - 0.24 * b,
                    size * (0.75 + 0.3 * a),
                    size * 0.5,
                    mix(colour, 0x9DB84A, 0.4 * b if colour == 0x3F8748 else 0.0),
                    haze,
                )

        return Layer(depth, paint)

    def far_floor(canvas: Any, area: Area) -> None:
        patches(
            canvas,
            stage,
            131,
            area,
            -0.26,
            0.0,
            0.14,
            (light.lit(0xBCCB70, 0.15), light.dark(0x5A7A42, 0.1)),
            0.5,
            0.5,
        )
        for x, a, b, _c in scatter(stage.seed, 132, area.left - 0.3, area.right + 0.3, 0.28):
            bush(
                canvas,
                stage,
                int(1e4 * a),
                x,
                -0.2 + 0.04 * b,
                0.1 + 0.12 * a,
                mix(0x3F7F48, 0x7FA048, b),
                0.16,
            )

    def floor(canvas: Any, area: Area) -> None:
        patches(
            canvas,
            stage,
            133,
            area,
            -0.15,
            0.45,
            0.12,
            (light.lit(0xA89A5A), light.dark(0x4C5A34, 0.0, 0.7), light.shade(0x6F8744)),
            0.36,
            0.55,
        )
        for x, a, b, c in scatter(stage.seed, 134, area.left - 0.3, area.right + 0.3, 1.2):
            if c > 0.55:
                rock(canvas, stage, int(1e4 * a), x, -0.13 + 0.05 * b, 0.07 + 0.06 * a, 0x7C8478)
            elif c > 0.25:
                mushroom(canvas, x, -0.1 + 0.3 * b * b, 0.045)
                mushroom(canvas, x + 0.05, -0.085 + 0.3 * b * b, 0.03)
        for tone, salt in (
            (light.dark(0x7A5A34), 136),
            (light.shade(0xB0763C), 137),
            (light.lit(0xC99A4A), 138),
        ):
            builder = skia.PathBuilder()
            for x, a, b, _c in scatter(stage.seed, salt, area.left, area.right, 0.08):
                leaves(builder, x, -0.15 + 0.6 * a * a, 0.022 + 0.02 * a, 0.01, 6.0 * b)
            canvas.drawPath(builder.detach(), fill(tone, 0.95))
        tones = (light.dark(0x4E7A3A), light.shade(0x6E9C44), light.lit(0x9DC258))
        blades(canvas, stage.seed, 135, area, -0.18, 0.5, 0.05, 0.06, tones)

    def mushroom(canvas: Any, x: float, y: float, size: float) -> None:
        shadow_under(canvas, light, x, y, size, size * 0.25)
        canvas.drawRect(
            box(x - size * 0.16, y - size * 0.8, x + size * 0.16, y), fill(light.shade(0xF2E6D0))
        )
        cap = blob(
            (
                (x - size * 0.7, y - size * 0.62),
                (x, y - size * 1.35),
                (x + size * 0.7, y - size * 0.62),
            ),
            tension=0.9,
        )
        canvas.drawPath(
            cap, down(y - size * 1.3, y - size * 0.5, light.lit(0xE4553E), light.dark(0xB5382E))
        )
        dots(
            canvas,
            ((x - size * 0.25, y - size * 0.8), (x + size * 0.2, y - size * 0.95)),
            size * 0.2,
            light.shade(0xFFF4E4),
        )

    def fireflies(canvas: Any, area: Area, time: float) -> None:
        warm = light.lamps
        for index in range(12):
            u, v = chance(stage.seed, 140, index), chance(stage.seed, 141, index)
            x = area.left + (area.right - area.left) * u + 0.08 * sin(0.7 * time + 20 * v)
            y = -0.15 - 0.8 * v + 0.05 * sin(1.1 * time + 30 * u)
            pulse = 0.35 + 0.35 * sin(2.0 * time + 40 * u)
            canvas.save()
            canvas.translate(x, y)
            glow(
                canvas,
                0,
                0,
                0.045 if warm else 0.022,
                0xFFF2A0 if warm else 0xFFFBE0,
                round(pulse, 1),
            )
            canvas.restore()

    return (
        Layer(0.0, depths),
        trunks(121, 0.18, 0.2, 0.055, 0.62, -0.22),
        canopy(122, 0.25, -1.0, 0.3, 0.5),
        trunks(123, 0.4, 0.42, 0.085, 0.36, -0.2),
        sun_shafts(stage, 0.34),
        ground(stage, 0xA4B866, 0x74804A, far_detail=far_floor)[0],
        canopy(126, 0.45, -1.14, 0.34, 0.3),
        canopy(124, 0.7, -1.36, 0.42, 0.12),
        trunks(125, 0.84, 1.25, 0.14, 0.06, -0.15),
        ground(stage, 0xA4B866, 0x74804A, near_detail=floor)[1],
        Layer(0.95, moving=fireflies),
        near_branches(stage, 0x3F7F48),
        near_grass(stage, 0x4F7A40),
    )
