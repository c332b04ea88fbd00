"""A desert of dunes, mesas and cacti.

Called from sets.py.
"""

from typing import Any

from onereel.backlot.brush import blob, chance, fill, glow, polygon, scatter, stroke
from onereel.backlot.scenery import (
    Area,
    Layer,
    Stage,
    blades,
    box,
    dots,
    down,
    fade,
    ground,
    patches,
    ridge,
    rock,
    shadow_under,
)
from onereel.backlot.sky import sky_layers


def desert(stage: Stage) -> tuple[Layer, ...]:
    light = stage.light

    def mesas(canvas: Any, area: Area) -> None:
        for x, a, b, c in scatter(stage.seed, 151, area.left - 1, area.right + 1, 1.15):
            if c < 0.25:
                continue
            wide, tall, foot = 0.26 + 0.22 * a, 0.3 + 0.4 * b, -0.27
            outline = [(x - wide * 1.5, foot + 0.1)]
            for side in (-1, 1):
                steps = ((1.18, 0.3), (0.95, 0.42), (0.9, 0.8), (0.78, 0.84), (0.72, 1.0))
                for reach, rise in steps if side < 0 else steps[::-1]:
                    outline.append((x + side * wide * reach, foot - tall * rise))
            outline.append((x + wide * 1.5, foot + 0.1))
            red = 0xC76B45
            canvas.drawPath(
                polygon(outline),
                down(
                    foot - tall,
                    foot + 0.05,
                    light.lit(red, 0.28, 0.3),
                    light.shade(red, 0.3),
                    light.shade(red, 0.62),
                ),
            )
            canvas.save()
            canvas.clipPath(polygon(outline), doAntiAlias=True)
            for level in range(6):
                y = foot - tall * (0.18 + 0.14 * level)
                canvas.drawRect(
                    box(x - 2 * wide, y, x + 2 * wide, y + tall * 0.035),
                    fill(light.dark(0xA8502F, 0.3), 0.4),
                )
            shade = x - light.side * wide * 0.55
            canvas.drawRect(
                box(
                    min(shade, x - light.side * 2 * wide),
                    foot - tall,
                    max(shade, x - light.side * 2 * wide),
                    foot + 0.2,
                ),
                fill(light.dark(0x9A4A3C, 0.32), 0.5),
            )
            canvas.restore()
        fade(canvas, area, -0.45, -0.2, light.haze, 0.0, 0.5)

    def cacti(canvas: Any, area: Area) -> None:
        for x, a, b, c in scatter(stage.seed, 155, area.left - 1, area.right + 1, 1.5):
            if c > 0.35:
                cactus(canvas, x, -0.2 + 0.03 * b, 0.42 + 0.3 * a, 0.12)
            else:
                rock(canvas, stage, int(1e4 * a), x, -0.18, 0.1 + 0.08 * b, 0xB0694A, 0.1)

    def cactus(canvas: Any, x: float, base: float, tall: float, haze: float) -> None:
        shadow_under(canvas, light, x, base, tall * 0.36, tall * 0.05)
        green = 0x5B8F5A
        wide = tall * 0.17
        for tone, shift, size in (
            (light.dark(green, haze), 0.0, 1.0),
            (light.shade(green, haze), 0.16, 0.7),
            (light.lit(green, haze), 0.3, 0.22),
        ):
            dx, paint = shift * wide * light.side, stroke(tone, wide * size)
            canvas.drawLine(x + dx, base - wide * 0.3, x + dx, base - tall, paint)
            thin = stroke(tone, wide * size * 0.72)
            for side, low, high in ((-1, 0.42, 0.72), (1, 0.3, 0.86)):
                elbow = x + side * tall * 0.24
                canvas.drawLine(x + dx, base - tall * low, elbow + dx, base - tall * low, thin)
                canvas.drawLine(elbow + dx, base - tall * low, elbow + dx, base - tall * high, thin)
        spines = [
            (x + wide * (u - 0.5) * 0.7, base - tall * (0.1 + 0.12 * i))
            for i in range(8)
            for u in (0.1, 0.9)
        ]
        dots(canvas, spines, 0.006, light.lit(0xF4ECC0, haze))

    def ripples(canvas: Any, area: Area) -> None:
        patches(
            canvas,
            stage,
            156,
            area,
            -0.16,
            0.45,
            0.14,
            (light.lit(0xFFE0A6), light.dark(0xCE9256, 0.0, 0.5)),
            0.45,
            0.5,
        )
        for x, a, b, _c in scatter(stage.seed, 157, area.left - 0.3, area.right + 0.3, 0.035):
            y = -0.15 + 0.6 * a * a
            long = 0.05 + 0.09 * a
            line = blob(
                ((x - long, y), (x, y - 0.006 - 0.008 * b), (x + long, y + 0.002)), closed=False
            )
            canvas.drawPath(line, stroke(light.dark(0xD89E62, 0.0, 0.6), 0.004 + 0.005 * a, 0.3))
        for x, a, b, c in scatter(stage.seed, 158, area.left, area.right, 0.8):
            if c > 0.4:
                rock(canvas, stage, int(1e4 * a), x, -0.1 + 0.4 * b * b, 0.03 + 0.03 * a, 0xB57A55)
        blades(
            canvas,
            stage.seed,
            159,
            area,
            -0.16,
            0.45,
            0.5,
            0.07,
            (light.dark(0xA08A4A), light.shade(0xC2A85A)),
        )

    def dust(canvas: Any, area: Area, time: float) -> None:
        if stage.weather not in ("wind", "clear"):
            return
        for index in range(5):
            u = chance(stage.seed, 160, index)
            x = area.left - 0.8 + (area.right - area.left + 1.6) * ((u + 0.05 * time) % 1.0)
            canvas.save()
            canvas.translate(x, -0.05 + 0.1 * chance(stage.seed, 161, index))
            canvas.scale(1.0, 0.13)
            glow(canvas, 0, 0, 0.7, light.lit(0xF0CE96, 0.2), 0.2)
            canvas.restore()

    return (
        *sky_layers(stage, clouds=stage.weather != "clear" or light.time != "day"),
        Layer(0.09, mesas, texture=0.06),
        ridge(stage, 152, 0.25, -0.22, 0.22, 1.3, 0xE2A868, 0.34),
        ridge(stage, 153, 0.5, -0.17, 0.15, 1.8, 0xE8B06A, 0.14),
        Layer(0.75, cacti),
        *ground(stage, 0xEDBE7C, 0xE9B672, near_detail=ripples),
        Layer(0.95, moving=dust),
    )
