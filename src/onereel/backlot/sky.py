"""The sky of a set: gradient of the hour, sun or moon, stars, two banks of clouds.

Called from the sets in places/.
"""

from collections.abc import Sequence
from typing import Any

from onereel.backlot.brush import chance, fill, glow, linear, mix, radial, scatter
from onereel.backlot.scenery import (
    Area,
    Layer,
    Stage,
    dots,
    soft,
)


def sky_layers(stage: Stage, clouds: bool = True, horizon: float = -0.28) -> tuple[Layer, ...]:
    light = stage.light
    bare = light.softness < 0.35

    def sky(canvas: Any, area: Area) -> None:
        stops = (
            (0.0, mix(light.sky_top, 0x0A1030, 0.12), 1.0),
            (0.3, light.sky_top, 1.0),
            (0.68, light.sky_middle, 1.0),
            (0.93, light.sky_low, 1.0),
            (1.0, light.sky_low, 1.0),
        )
        canvas.drawPaint(linear((0.0, -1.75), (0.0, horizon + 0.06), *stops))
        if light.time == "night" and bare:
            stars(canvas, area)
        x, y = area.right * light.sun_place[0] * 0.8, -1.21 + 1.42 * light.sun_place[1]
        if not bare:
            glow(canvas, x, y, 0.9, mix(light.sun, light.sky_middle, 0.5), 0.35)
            return
        if light.time == "night":
            glow(canvas, x, y, 0.75, 0x9DB4FF, 0.34)
            glow(canvas, x, y, 0.2, 0xE6ECFF, 0.5)
            canvas.drawCircle(x, y, 0.085, fill(light.sun))
            dots(canvas, ((x - 0.03, y - 0.025), (x + 0.03, y + 0.03)), 0.038, 0xDCD8C4, 0.8)
            dots(canvas, ((x + 0.025, y - 0.03), (x - 0.02, y + 0.04)), 0.022, 0xDCD8C4, 0.8)
        else:
            low = light.time != "day"
            glow(canvas, x, y, 1.5 if low else 1.0, light.sun, 0.6 if low else 0.42)
            glow(canvas, x, y, 0.36, 0xFFFFFF, 0.6)
            canvas.drawCircle(x, y, 0.12 if low else 0.075, soft(0xFFFDF2, 0.012))

    def stars(canvas: Any, area: Area) -> None:
        for size, alpha, salt, step in ((0.004, 0.55, 1, 0.03), (0.0075, 0.9, 2, 0.13)):
            points = [
                (x, -1.7 + 1.25 * a * (0.6 + 0.4 * b))
                for x, a, b, _ in scatter(stage.seed, salt, area.left, area.right, step)
            ]
            dots(canvas, points, size, 0xFFFFFF, alpha)
        for x, a, b, _ in scatter(stage.seed, 3, area.left, area.right, 0.5):
            glow(canvas, x, -1.5 + 0.7 * a, 0.03 + 0.02 * b, 0xCFDCFF, 0.7)

    layers = [Layer(0.0, sky)]
    if clouds:
        layers += [
            Layer(
                0.03, lambda canvas, area: cloud_bank(canvas, area, stage, 4, horizon), drift=0.006
            ),
            Layer(
                0.07, lambda canvas, area: cloud_bank(canvas, area, stage, 5, horizon), drift=0.014
            ),
        ]
    return tuple(layers)


def cloud_bank(canvas: Any, area: Area, stage: Stage, salt: int, horizon: float) -> None:
    """Heaps by day, long lit bars when the sun is low, a lid when the sky is covered."""
    light = stage.light
    far = salt % 2 == 0
    lit = mix(light.lit(0xFFFFFF, 0.0, 0.7), light.sky_low, 0.3 if far else 0.08)
    dark = mix(light.dark(0xF2F4FF, 0.0, 0.8), light.sky_middle, 0.62 if far else 0.42)
    if light.time == "night":
        lit, dark = mix(lit, light.sky_middle, 0.66), mix(dark, light.sky_top, 0.75)
    if light.time == "dusk":
        dark = mix(dark, 0x8A4F86, 0.35)
    cover = light.softness
    step = (0.95 if far else 1.5) * (1.0 - 0.45 * cover)
    for index, (x, a, b, c) in enumerate(
        scatter(stage.seed, salt, area.left - 0.8, area.right + 0.8, step)
    ):
        base = (horizon - 0.16 - 0.3 * a) if far else (-1.32 + 0.42 * a)
        size = (0.09 + 0.07 * b) if far else (0.15 + 0.11 * b)
        if light.time in ("dawn", "dusk") and c < 0.6:
            bar(canvas, x, base, size * 3.6, size * 0.26, lit, dark)
            continue
        balls = []
        count = 16
        for part in range(count):
            u = chance(stage.seed, salt, index, part, 7)
            v = chance(stage.seed, salt, index, part, 8)
            along = (part + 0.5) / count * 2 - 1
            hump = 1.0 - along * along
            radius = size * (0.36 + 0.5 * hump) * (0.7 + 0.5 * u)
            balls.append(
                (x + along * size * 2.6, base - radius * 0.6 - hump * size * 0.7 * v, radius)
            )
        ball(
            canvas,
            balls,
            0.0,
            1.0,
            ((0.0, dark, 1.0), (0.8 - 0.3 * cover, dark, 1.0), (1.0, dark, 0.0)),
        )
        middle = mix(lit, dark, 0.4)
        ball(
            canvas, balls, 0.16, 0.92, ((0.0, middle, 0.9), (0.6, middle, 0.55), (1.0, middle, 0.0))
        )
        ball(canvas, balls, 0.34, 0.78, ((0.0, lit, 1.0), (0.5, lit, 0.7), (1.0, lit, 0.0)))
        for part in range(5):  # a flat, hazy foot
            along = (part - 2) / 2
            canvas.save()
            canvas.translate(x + along * size * 1.9, base)
            canvas.scale(size * 1.1, size * 0.34)
            stops = ((0.0, dark, 0.9), (0.5, dark, 0.6), (1.0, dark, 0.0))
            canvas.drawCircle(0, 0, 1, radial((0.0, 0.0), 1.0, *stops))
            canvas.restore()


def ball(
    canvas: Any,
    balls: Sequence[tuple[float, float, float]],
    rise: float,
    scale: float,
    stops: tuple[tuple[float, int, float], ...],
) -> None:
    """One pass over the balls of a cloud, moved up by `rise` radii."""
    paint = radial((0.0, 0.0), 1.0, *stops)
    for x, y, radius in balls:
        canvas.save()
        canvas.translate(x, y - rise * radius)
        canvas.scale(radius * scale, radius * scale)
        canvas.drawCircle(0, 0, 1, paint)
        canvas.restore()


def bar(canvas: Any, x: float, y: float, wide: float, tall: float, lit: int, dark: int) -> None:
    for shift, length, colour, alpha in (
        (0.0, 1.0, dark, 0.75),
        (0.35, 0.8, lit, 0.8),
        (0.9, 0.5, lit, 0.6),
        (-0.8, 0.6, dark, 0.5),
    ):
        canvas.save()
        canvas.translate(x + wide * 0.2 * shift, y + tall * shift)
        canvas.scale(wide * length, tall)
        stops = ((0.0, colour, alpha), (0.5, colour, alpha * 0.7), (1.0, colour, 0.0))
        canvas.drawCircle(0, 0, 1, radial((0.0, 0.0), 1.0, *stops))
        canvas.restore()
