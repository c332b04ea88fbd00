"""What sets are made of: layers, and the parts that several sets share.

- A layer has a depth (0 never moves, 1 moves with the performers) and paints in world units.
- Static layers are painted once per shot by shoot.py; `moving` parts are painted on every frame.
- Things are placed by position, not by picture size, so every ratio shows the same place.

Called from nature.py, town.py, shoot.py.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import skia

from onereel.backlot.brush import blob, chance, fill, glow, linear, mix, polygon, scatter
from onereel.backlot.light import Light


@dataclass(frozen=True)
class Area:
    left: float
    right: float
    top: float
    bottom: float


@dataclass(frozen=True)
class Stage:
    seed: int
    light: Light
    weather: str


@dataclass(frozen=True)
class Layer:
    depth: float
    paint: Callable[[Any, Area], None] | None = None
    moving: Callable[[Any, Area, float], None] | None = None
    drift: float = 0.0  # world units per second
    front: bool = False  # before the performers


def box(left: float, top: float, right: float, bottom: float) -> Any:
    return skia.Rect.MakeLTRB(left, top, right, bottom)


def sky_layers(stage: Stage, clouds: bool = True) -> tuple[Layer, ...]:
    light = stage.light

    def sky(canvas: Any, area: Area) -> None:
        stops = (
            (0.0, light.sky_top, 1.0),
            (0.5, light.sky_middle, 1.0),
            (0.85, light.sky_low, 1.0),
            (1.0, light.sky_low, 1.0),
        )
        canvas.drawPaint(linear((0.0, -1.22), (0.0, -0.2), *stops))
        if light.time == "night" and stage.weather == "clear":
            for x, a, b, c in scatter(stage.seed, 1, area.left, area.right, 0.09):
                canvas.drawCircle(
                    x, -1.25 + 0.7 * a, 0.004 + 0.006 * b, fill(0xFFFFFF, 0.35 + 0.6 * c)
                )
        if stage.weather != "clear":
            return
        x, y = area.right * light.sun_place[0] * 0.8, -1.21 + 1.42 * light.sun_place[1]
        glow(canvas, x, y, 0.62, light.sun, 0.55 if light.time != "night" else 0.3)
        radius = 0.1 if light.time in ("day", "night") else 0.14
        canvas.drawCircle(x, y, radius, fill(light.sun))
        if light.time == "night":
            canvas.drawCircle(x - 0.03, y - 0.02, 0.022, fill(0xDAD8C4))
            canvas.drawCircle(x + 0.035, y + 0.03, 0.016, fill(0xDAD8C4))

    def cloud_bank(canvas: Any, area: Area) -> None:
        colour = mix(
            light.shade(0xFFFFFF), light.sky_middle, 0.15 if light.time != "night" else 0.55
        )
        if stage.weather != "clear":
            colour = mix(colour, light.haze, 0.5)
        for x, a, b, c in scatter(stage.seed, 2, area.left - 0.5, area.right + 0.5, 1.05):
            y, wide = -1.08 + 0.3 * a, 0.2 + 0.14 * b
            paint = linear(
                (0.0, y - 0.11),
                (0.0, y + 0.07),
                (0.0, colour, 1.0),
                (1.0, mix(colour, light.sky_middle, 0.6), 1.0),
            )
            for part in range(4):
                place = x + wide * (part - 1.5) * 0.62
                size = wide * (0.3 if part in (0, 3) else 0.46 + 0.1 * c)
                canvas.drawCircle(place, y - size * 0.35, size, paint)

    base = Layer(0.0, sky)
    return (base, Layer(0.06, cloud_bank, drift=0.012)) if clouds else (base,)


def ridge(
    stage: Stage, salt: int, depth: float, level: float, tall: float, step: float,
    colour: int, haze: float, sharp: bool = False,
) -> Layer:  # fmt: skip
    """A row of hills or peaks, lighter at the foot where the haze lies."""
    light = stage.light
    top, low = light.shade(colour, haze), light.shade(colour, min(1.0, haze + 0.35))

    def paint(canvas: Any, area: Area) -> None:
        points = []
        for x, a, _b, _c in scatter(
            stage.seed, salt, area.left - 2 * step, area.right + 2 * step, step
        ):
            points += [
                (x, level - tall * (0.45 + 0.55 * a)),
                (x + step / 2, level - tall * 0.12 * a),
            ]
        outline = [(points[0][0], 2.0), *points, (points[-1][0], 2.0)]
        path = polygon(outline) if sharp else blob(outline, tension=0.62)
        stops = ((0.0, top, 1.0), (1.0, low, 1.0))
        canvas.drawPath(path, linear((0.0, level - tall), (0.0, level + 0.12), *stops))

    return Layer(depth, paint)


def ground(
    stage: Stage, far: int, near: int, top: float = -0.17,
    detail: Callable[[Any, Area], None] | None = None,
) -> Layer:  # fmt: skip
    light = stage.light

    def paint(canvas: Any, area: Area) -> None:
        stops = ((0.0, light.shade(far, 0.12), 1.0), (1.0, light.shade(near), 1.0))
        canvas.drawRect(
            box(area.left, top, area.right, 3.0), linear((0.0, top), (0.0, 0.22), *stops)
        )
        if detail is not None:
            detail(canvas, area)

    return Layer(1.0, paint)


def towers(
    stage: Stage, salt: int, depth: float, step: float, low: float, high: float, colour: int,
    haze: float, windows: float,
) -> Layer:  # fmt: skip
    light = stage.light

    def paint(canvas: Any, area: Area) -> None:
        for x, a, b, c in scatter(stage.seed, salt, area.left - step, area.right + step, step):
            top, half = -low - (high - low) * a, step * (0.4 + 0.16 * b)
            shade = light.shade(
                mix(colour, (0xC98F7A, 0x7C8FC0, 0xA9A0B8)[int(c * 2.99)], 0.4), haze
            )
            stops = ((0.0, shade, 1.0), (1.0, light.shade(colour, min(1.0, haze + 0.3)), 1.0))
            canvas.drawRect(
                box(x - half, top, x + half, 2.0), linear((0.0, top), (0.0, -0.1), *stops)
            )
            if windows <= 0:
                continue
            columns, size = 3, half * 2 / 3
            for row in range(int((-0.25 - top) / (size * 1.25))):
                for column in range(columns):
                    on = chance(stage.seed, salt, int(1000 * a), row, column) < 0.55
                    glass = light.shade(mix(shade, 0x24365E, 0.45), haze * 0.5)
                    if light.lamps and on:
                        glass = 0xFFD983
                    elif on:
                        glass = mix(shade, 0xDDF2FF, 0.5)
                    left = x - half + size * (column + 0.28)
                    y = top + 0.06 + row * size * 1.25
                    canvas.drawRect(
                        box(left, y, left + size * 0.48, y + size * 0.62), fill(glass, windows)
                    )

    return Layer(depth, paint)
