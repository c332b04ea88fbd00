"""Rain, snow, fog, wind and petals, in three depths, as pure functions of time.

- Particles wrap around the picture, so any clip length works; behind and before the performers.
- `weather_layers` adds what lies between the set's layers: banks of fog, splashes on the ground.
- What the weather leaves on the ground is in scenery.py.

Called from shoot.py.
"""

from functools import lru_cache
from math import cos, pi, sin
from typing import Any

import numpy as np
import skia

from onereel.backlot.brush import chance, chances, fill, linear, mix, radial, scatter, stroke
from onereel.backlot.light import Light
from onereel.backlot.scenery import Area, Layer, Stage
from onereel.backlot.shapes import paths_of

Size = tuple[int, int]


def weather_layers(layers: tuple[Layer, ...], stage: Stage) -> tuple[Layer, ...]:
    if stage.weather == "fog":
        return with_fog(layers, stage)
    if stage.weather == "rain":
        return (
            *layers,
            Layer(1.0, moving=lambda canvas, area, time: splashes(canvas, area, time, stage)),
        )
    return layers


def with_fog(layers: tuple[Layer, ...], stage: Stage) -> tuple[Layer, ...]:
    """A bank of fog before every layer that is nearer than the one before."""
    found: list[Layer] = []
    depths = (0.05, 0.25, 0.55, 0.9)
    for layer in layers:
        for number, depth in enumerate(depths):
            before = found[-1].depth if found else 0.0
            if before <= depth < layer.depth:
                found.append(fog_bank(stage, depth, number))
        found.append(layer)
    return (*found, fog_bank(stage, 1.05, 5))


def fog_bank(stage: Stage, depth: float, number: int) -> Layer:
    light = stage.light
    colour = mix(light.haze, 0xFFFFFF, 0.18 if light.time != "night" else 0.04)
    front = depth > 1.0
    thick = 0.3 if front else 0.42

    def paint(canvas: Any, area: Area) -> None:
        stops = (
            (0.0, colour, 0.0),
            (0.45, colour, thick * 0.5),
            (0.8, colour, thick),
            (1.0, colour, thick * (0.25 if front else 1.0)),
        )
        if not front:
            canvas.drawRect(
                skia.Rect.MakeLTRB(area.left, -3.0, area.right, 3.0),
                linear((0.0, -1.6), (0.0, 0.05), *stops),
            )
        for x, a, b, c in scatter(stage.seed, 600 + number, area.left - 1.2, area.right + 1.2, 0.7):
            canvas.save()
            canvas.translate(x, (0.16 if front else -0.2) - (0.2 if front else 0.75) * a)
            canvas.scale(0.7 + 0.6 * b, 0.1 + 0.1 * c)
            wisp = ((0.0, colour, thick * 0.7), (0.5, colour, thick * 0.4), (1.0, colour, 0.0))
            canvas.drawCircle(0, 0, 1, radial((0.0, 0.0), 1.0, *wisp))
            canvas.restore()

    return Layer(depth, paint, drift=0.05 * (0.4 + depth) * (1 if number % 2 else -1), front=front)


def splashes(canvas: Any, area: Area, time: float, stage: Stage) -> None:
    """Rings where drops meet the ground."""
    pale = mix(0xFFFFFF, stage.light.haze, 0.4)
    for x, a, b, c in scatter(stage.seed, 620, area.left, area.right, 0.13):
        age = (time * 1.9 + c) % 1.0
        turn = int(time * 1.9 + c)
        y = -0.1 + 0.42 * chance(stage.seed, turn, int(1e6 * a))
        wide = (0.012 + 0.05 * age) * (0.7 + 0.6 * b)
        ring = stroke(pale, 0.005, round(0.55 * (1 - age), 1))
        spot = x + 0.1 * (chance(stage.seed, turn, int(1e6 * b)) - 0.5)
        canvas.drawOval(
            skia.Rect.MakeLTRB(spot - wide, y - wide * 0.28, spot + wide, y + wide * 0.28), ring
        )
        if age < 0.35:
            top = y - 0.05 * sin(pi * age / 0.35)
            canvas.drawLine(spot, y, spot + 0.008 * (b - 0.5), top, stroke(pale, 0.006, 0.5))


def draw_weather(
    canvas: Any, weather: str, seed: int, light: Light, time: float, size: Size, front: bool
) -> None:
    """In pixels of the picture. `front` particles are larger, faster and fewer."""
    if weather == "rain":
        rain(canvas, seed, light, time, size, front)
    elif weather == "snow":
        snow(canvas, seed, light, time, size, front)
    elif weather in ("petals", "wind"):
        blown(canvas, weather, seed, light, time, size, front)


@lru_cache(maxsize=16)
def lots(seed: int, salt: int, count: int) -> tuple[np.ndarray, np.ndarray]:
    """Two numbers in 0..1 for each particle."""
    return chances((seed, salt), count, 0), chances((seed, salt), count, 1)


def rain(canvas: Any, seed: int, light: Light, time: float, size: Size, front: bool) -> None:
    width, height = size
    aspect = width / height
    pale = mix(0xFFFFFF, light.haze, 0.15 if front else 0.35)
    for salt, near, alpha, count in (
        ((2, 1.0, 0.42, 26),) if front else ((1, 0.7, 0.34, 46), (3, 0.45, 0.26, 60))
    ):
        u, v = lots(seed, salt, round(count * max(aspect, 0.6)))
        fall = (v + time * (2.2 + 0.4 * u) * near) % 1.25 - 0.2
        x = u * (aspect + 0.4) - 0.2 * fall
        long = (0.1 + 0.05 * v) * near
        ends = np.stack([x, fall, x - 0.2 * long, fall + long], axis=-1).reshape(1, -1, 2, 2)
        paint = stroke(pale, max(0.7, 0.0055 * near * height), alpha)
        canvas.drawPath(paths_of(ends * height, False)(0), paint)


def snow(canvas: Any, seed: int, light: Light, time: float, size: Size, front: bool) -> None:
    width, height = size
    aspect = width / height
    pale = mix(0xFFFFFF, light.haze, 0.1 if front else 0.25)
    depths = (
        ((2, 1.0, 0.9, 16), (5, 1.7, 0.45, 5))
        if front
        else ((1, 0.62, 0.85, 40), (3, 0.4, 0.7, 60))
    )
    for salt, near, alpha, count in depths:
        u, v = lots(seed, salt, round(count * max(aspect, 0.6)))
        fall = (v + time * (0.16 + 0.1 * u) * near) % 1.1 - 0.05
        drift = 0.03 * np.sin(1.3 * time + 40 * u) + 0.035 * time * near
        x = (u * (aspect + 0.2) + drift) % (aspect + 0.2) - 0.1
        points = list(map(skia.Point, (x * height).tolist(), (fall * height).tolist()))
        paint = stroke(pale, round(0.021 * near * height, 1), alpha)
        canvas.drawPoints(skia.Canvas.PointMode.kPoints_PointMode, points, paint)


def blown(
    canvas: Any, weather: str, seed: int, light: Light, time: float, size: Size, front: bool
) -> None:
    """Petals that sink and turn, or leaves that the wind drives along."""
    width, height = size
    aspect = width / height
    windy = weather == "wind"
    colours = (0xC98A3A, 0x9DA24A, 0xB5632F) if windy else (0xF9A9C6, 0xFFD0DF, 0xF58FB4)
    depths = ((2, 1.0, 9), (5, 1.7, 3)) if front else ((1, 0.62, 18), (3, 0.4, 22))
    for salt, near, count in depths:
        paths = [skia.PathBuilder() for _ in colours]
        for index in range(round(count * max(aspect, 0.6))):
            u, v = chance(seed, salt, index, 0), chance(seed, salt, index, 1)
            speed = (0.75 + 0.35 * u if windy else 0.11 + 0.06 * u) * near
            fall = (v + time * (0.1 * near if windy else 0.13 * (0.6 + u) * near)) % 1.15 - 0.08
            fall += 0.02 * sin(2.1 * time + 30 * v)
            x = (u * (aspect + 0.3) + time * speed + 0.03 * sin(1.7 * time + 20 * u)) % (
                aspect + 0.3
            ) - 0.15
            turn, tip = (1.5 + 2 * v) * time + 20 * u, 0.35 + 0.65 * abs(cos(2.3 * time + 9 * v))
            long = (0.017 if windy else 0.014) * near * height
            dx, dy = cos(turn) * long, sin(turn) * long
            nx, ny = -sin(turn) * long * 0.55 * tip, cos(turn) * long * 0.55 * tip
            px, py = x * height, fall * height
            builder = paths[index % len(colours)]
            builder.moveTo(px - dx, py - dy)
            builder.quadTo(px + nx, py + ny, px + dx, py + dy)
            builder.quadTo(px - nx, py - ny, px - dx, py - dy)
            builder.close()
        for builder, colour in zip(paths, colours, strict=True):
            shade = mix(light.lit(colour, 0.0, 0.25), light.haze, 0.0 if near >= 1 else 0.3)
            canvas.drawPath(builder.detach(), fill(shade, 0.8 if near > 1.5 else 0.95))
    if windy and front:
        pale = mix(0xFFFFFF, light.haze, 0.5)
        for index in range(4):  # gusts: thin curved streaks
            u, v = chance(seed, 9, index), chance(seed, 10, index)
            age = (0.6 * time + u) % 1.0
            x = (age * 1.5 - 0.3) * width
            y = (0.15 + 0.7 * v) * height + 0.02 * height * sin(9 * age)
            builder = skia.PathBuilder()
            builder.moveTo(x, y)
            builder.cubicTo(
                x + 0.09 * height,
                y - 0.02 * height,
                x + 0.2 * height,
                y + 0.03 * height,
                x + 0.32 * height,
                y - 0.01 * height,
            )
            canvas.drawPath(
                builder.detach(),
                stroke(pale, max(0.8, 0.004 * height), round(0.4 * sin(pi * age), 1)),
            )
