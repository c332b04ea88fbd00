"""What sets are made of: layers, paints, ground.

- A layer has a depth (0 never moves, 1 moves with the performers) and paints in world units.
- Static layers are painted once per shot by plates.py; `moving` parts are painted on every frame.
- Things are placed by position, not by picture size, so every ratio shows the same place.
- Everything has three tones: `light.lit`, `light.shade` and `light.dark`.

Called from the files of sets, props.py, plates.py, shoot.py.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import cos, pi, sin
from typing import Any

import skia

from onereel.backlot.brush import (
    Point,
    argb,
    blob,
    chance,
    fill,
    glow,
    linear,
    mix,
    polygon,
    radial,
    scatter,
    stroke,
)
from onereel.backlot.light import Light

FAR_GROUND = 0.8  # depth of what lies between the performers and the horizon


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
    texture: float = 0.0  # unevenness of the paint
    stretch: float = 1.0  # of the texture, sideways
    glows: bool = False  # only adds light


def box(left: float, top: float, right: float, bottom: float) -> Any:
    return skia.Rect.MakeLTRB(left, top, right, bottom)


@lru_cache(maxsize=1024)
def soft(colour: int, sigma: float, alpha: float = 1.0) -> Any:
    """A fill whose edge is blurred: shadows, bounce light, what is out of focus."""
    paint = skia.Paint(AntiAlias=True, Color=argb(colour, alpha))
    paint.setMaskFilter(skia.MaskFilter.MakeBlur(skia.kNormal_BlurStyle, sigma))
    return paint


def down(top: float, bottom: float, *colours: int) -> Any:
    """A vertical gradient through evenly spaced colours."""
    last = max(1, len(colours) - 1)
    stops = tuple((index / last, colour, 1.0) for index, colour in enumerate(colours))
    return linear((0.0, top), (0.0, bottom), *stops)


def across(left: float, right: float, *colours: int) -> Any:
    last = max(1, len(colours) - 1)
    stops = tuple((index / last, colour, 1.0) for index, colour in enumerate(colours))
    return linear((left, 0.0), (right, 0.0), *stops)


def fade(
    canvas: Any, area: Area, top: float, bottom: float, colour: int, a: float, b: float
) -> None:
    """A band of air: alpha `a` at the top, `b` at the bottom."""
    paint = linear((0.0, top), (0.0, bottom), (0.0, colour, a), (1.0, colour, b))
    canvas.drawRect(box(area.left, top, area.right, bottom), paint)


def oval(canvas: Any, x: float, y: float, wide: float, tall: float, paint: Any) -> None:
    canvas.drawOval(box(x - wide, y - tall, x + wide, y + tall), paint)


def shadow_under(canvas: Any, light: Light, x: float, y: float, wide: float, tall: float) -> None:
    """Where something meets the ground; without it things float."""
    canvas.save()
    canvas.translate(x - 0.25 * wide * light.side * (1 - light.softness), y)
    canvas.scale(wide, tall)
    dark = min(0.75, light.shadow * 2.0)
    stops = ((0.0, 0x140C2C, dark), (0.55, 0x140C2C, dark * 0.62), (1.0, 0x140C2C, 0.0))
    canvas.drawCircle(0, 0, 1, radial((0.0, 0.0), 1.0, *stops))
    canvas.restore()


@lru_cache(maxsize=512)
def skia_focal(x: float, y: float, *stops: tuple[float, int, float]) -> Any:
    """A unit ball lit from (x, y)."""
    paint = skia.Paint(AntiAlias=True, Dither=True)
    colours = [argb(colour, alpha) for _, colour, alpha in stops]
    places = [place for place, _, _ in stops]
    shader = skia.GradientShader.MakeTwoPointConical((x, y), 0.0, (0.0, 0.0), 1.0, colours, places)
    paint.setShader(shader)
    return paint


def dots(
    canvas: Any, points: Iterable[Point], size: float, colour: int, alpha: float = 1.0
) -> None:
    found = [skia.Point(x, y) for x, y in points]
    canvas.drawPoints(
        skia.Canvas.PointMode.kPoints_PointMode, found, stroke(colour, round(size, 4), alpha)
    )


def leaves(builder: Any, x: float, y: float, long: float, wide: float, angle: float) -> None:
    """Adds one leaf to a path."""
    dx, dy = cos(angle) * long, sin(angle) * long
    nx, ny = -sin(angle) * wide, cos(angle) * wide
    builder.moveTo(x, y)
    builder.quadTo(x + 0.5 * dx + nx, y + 0.5 * dy + ny, x + dx, y + dy)
    builder.quadTo(x + 0.5 * dx - nx, y + 0.5 * dy - ny, x, y)
    builder.close()


def blades(
    canvas: Any,
    seed: int,
    salt: int,
    area: Area,
    top: float,
    bottom: float,
    step: float,
    tall: float,
    colours: Sequence[int],
) -> None:
    """Grass: tufts of curved blades, larger and lighter towards the viewer, one path a colour."""
    builders = [skia.PathBuilder() for _ in colours]
    for x, a, b, c in scatter(seed, salt, area.left, area.right, step):
        near = a * a
        y = top + (bottom - top) * near
        height = tall * (0.55 + 0.9 * near) * (0.7 + 0.6 * b)
        builder = builders[int(c * 0.999 * len(colours))]
        for part in range(5):
            lean = (part - 2) * 0.28 + 0.5 * (b - 0.5)
            root = x + (part - 2) * 0.007
            tip = (root + lean * height, y - height * (1.0 - 0.12 * abs(part - 2)))
            builder.moveTo(root - 0.005, y)
            builder.quadTo(root - 0.003, y - height * 0.5, *tip)
            builder.quadTo(root + 0.006, y - height * 0.45, root + 0.006, y)
            builder.close()
    for builder, colour in zip(builders, colours, strict=True):
        canvas.drawPath(builder.detach(), fill(colour))


def houses(area: Area, step: float) -> range:
    """Numbers of the slots of width `step` that are in view, for things that stand in a row."""
    return range(int(area.left / step) - 2, int(area.right / step) + 3)


# ---------------------------------------------------------------- land


def ridge(
    stage: Stage,
    salt: int,
    depth: float,
    level: float,
    tall: float,
    step: float,
    colour: int,
    haze: float,
    trees: float = 0.0,
) -> Layer:
    """A row of hills, lighter at the foot where the haze lies; `trees` is the height of a wood."""
    light = stage.light
    top, low = light.lit(colour, haze, 0.3), light.shade(colour, min(1.0, haze + 0.42))
    middle = light.dark(colour, haze, 0.5)

    def paint(canvas: Any, area: Area) -> None:
        points = []
        for x, a, _b, c in scatter(
            stage.seed, salt, area.left - 2 * step, area.right + 2 * step, step
        ):
            points += [
                (x, level - tall * (0.4 + 0.6 * a)),
                (x + step * 0.5, level - tall * (0.12 + 0.3 * c * a)),
            ]
        outline = [(points[0][0], 3.0), *points, (points[-1][0], 3.0)]
        path = blob(outline, tension=0.62)
        paint = down(level - tall, level + 0.18, top, middle, low)
        canvas.drawPath(path, paint)
        canvas.save()
        canvas.clipPath(path, doAntiAlias=True)
        for x, a, b, c in scatter(stage.seed, salt + 500, area.left, area.right, step * 0.5):
            # Folds of the land: broad soft lights and shades.
            tone = light.lit(colour, haze, 0.55) if a > 0.5 else light.dark(colour, haze, 0.9)
            canvas.save()
            canvas.translate(x, level - tall * (0.15 + 0.7 * c))
            canvas.rotate(20 * (b - 0.5) + 14 * light.side)
            oval(canvas, 0, 0, step * (0.3 + 0.3 * b), tall * 0.16, soft(tone, tall * 0.08, 0.35))
            canvas.restore()
        fade(canvas, area, level - 0.1, level + 0.25, light.haze, 0.0, 0.55 * haze + 0.1)
        canvas.restore()
        if trees > 0:
            crowns: list[list[Point]] = [[], []]
            for x, a, b, c in scatter(stage.seed, salt + 900, area.left, area.right, trees * 0.7):
                y = level - tall * (0.1 + 0.5 * c)
                for part in range(3):
                    spot = (x + trees * 0.3 * (part - 1), y - trees * (0.2 + 0.4 * a * (part == 1)))
                    crowns[int(b > 0.5)].append(spot)
            dots(canvas, crowns[0], trees, light.dark(colour, haze, 0.8))
            dots(canvas, crowns[1], trees * 0.8, light.lit(colour, haze, 0.25))

    return Layer(depth, paint, texture=0.04)


Detail = Callable[[Any, Area], None]


def ground(
    stage: Stage,
    far: int,
    near: int,
    top: float = -0.3,
    far_detail: Detail | None = None,
    near_detail: Detail | None = None,
    edge: float = 0.1,
    grain: float = 0.07,
) -> tuple[Layer, Layer]:
    """Two bands that melt into each other, so the far one may lag behind the near one.

    Snow and petals lie on it; rain makes it darker and glossy.
    """
    light = stage.light
    if stage.weather == "snow":
        far, near = mix(far, 0xF2F7FF, 0.72), mix(near, 0xEDF3FF, 0.58)
    if stage.weather == "rain":
        far, near = mix(far, 0x39405A, 0.25), mix(near, 0x2E3450, 0.32)

    def distance(canvas: Any, area: Area) -> None:
        stops = (
            (0.0, light.lit(far, 0.42, 0.3), 1.0),
            (0.35, light.lit(far, 0.12, 0.25), 1.0),
            (1.0, light.shade(mix(far, near, 0.7)), 1.0),
        )
        canvas.drawRect(
            box(area.left, top, area.right, 3.0), linear((0.0, top), (0.0, 0.0), *stops)
        )
        if far_detail is not None:
            far_detail(canvas, area)
        # The horizon is never a hard line.
        oval(
            canvas,
            (area.left + area.right) / 2,
            top,
            area.right - area.left,
            0.012,
            soft(light.shade(far, 0.6), 0.012, 0.7),
        )

    def here(canvas: Any, area: Area) -> None:
        line = top + edge
        stops = (
            (0.0, light.shade(mix(far, near, 0.6)), 0.0),
            (0.08, light.shade(mix(far, near, 0.75)), 1.0),
            (0.3, light.lit(near, 0.0, 0.16), 1.0),
            (0.55, light.shade(near), 1.0),
            (1.0, light.dark(near, 0.0, 0.75), 1.0),
        )
        canvas.drawRect(
            box(area.left, line, area.right, 3.0), linear((0.0, line), (0.0, 0.62), *stops)
        )
        if near_detail is not None:
            near_detail(canvas, area)
        lie_on_ground(canvas, area, stage, line + 0.05)

    return (
        Layer(FAR_GROUND, distance, texture=grain, stretch=6.0),
        Layer(1.0, here, texture=grain, stretch=4.0),
    )


def lie_on_ground(canvas: Any, area: Area, stage: Stage, top: float) -> None:
    """What the weather leaves on the ground."""
    light = stage.light
    if stage.weather == "snow":
        for x, a, b, _c in scatter(stage.seed, 71, area.left - 0.4, area.right + 0.4, 0.3):
            y = top + 0.45 * a * a
            oval(
                canvas,
                x,
                y,
                0.2 + 0.14 * b,
                0.012 + 0.018 * a,
                soft(light.lit(0xF6FAFF, 0.0, 0.3), 0.012, 0.75),
            )
    elif stage.weather == "rain":
        for x, a, b, _c in scatter(stage.seed, 72, area.left - 0.5, area.right + 0.5, 0.62):
            y, wide = top + 0.36 * a, 0.12 + 0.16 * b
            sky = mix(light.sky_low, light.sky_middle, 0.5)
            oval(
                canvas,
                x,
                y + 0.006,
                wide * 1.04,
                0.026 + 0.012 * a,
                fill(light.dark(0x6A6A80), 0.5),
            )
            paint = linear(
                (0.0, y - 0.03), (0.0, y + 0.03), (0.0, sky, 0.9), (1.0, light.sky_middle, 0.5)
            )
            oval(canvas, x, y, wide, 0.024 + 0.012 * a, paint)
    elif stage.weather == "petals":
        pink, pale = light.shade(0xF7A8C4), light.lit(0xFFD3E0)
        for colour, salt in ((pink, 73), (pale, 74)):
            for x, a, b, _c in scatter(stage.seed, salt, area.left, area.right, 0.09):
                y = top + 0.44 * a * a
                oval(canvas, x, y, 0.011 + 0.005 * b, 0.005 + 0.002 * b, fill(colour, 0.95))


def patches(
    canvas: Any,
    stage: Stage,
    salt: int,
    area: Area,
    top: float,
    bottom: float,
    step: float,
    colours: Sequence[int],
    wide: float,
    alpha: float = 0.5,
) -> None:
    """Soft flat stains in perspective: worn grass, damp stone, drifted sand."""
    for x, a, b, c in scatter(stage.seed, salt, area.left - wide, area.right + wide, step):
        near = a * a
        y = top + (bottom - top) * near
        size = wide * (0.4 + 0.6 * near) * (0.6 + 0.6 * b)
        oval(
            canvas,
            x,
            y,
            size,
            size * 0.13,
            soft(colours[int(c * 0.999 * len(colours))], round(size * 0.06, 3), alpha),
        )


def stones(
    canvas: Any,
    stage: Stage,
    salt: int,
    area: Area,
    top: float,
    bottom: float,
    step: float,
    size: float,
    colour: int,
) -> None:
    for x, a, b, c in scatter(stage.seed, salt, area.left, area.right, step):
        near = a * a
        y = top + (bottom - top) * near
        half = size * (0.4 + 0.8 * near) * (0.5 + 0.8 * b)
        rock(canvas, stage, salt * 100 + int(1000 * c), x, y, half, colour)


def rock(
    canvas: Any,
    stage: Stage,
    salt: int,
    x: float,
    y: float,
    half: float,
    colour: int,
    haze: float = 0.0,
) -> None:
    """A boulder with a lit top, a shaded foot and its contact shadow."""
    light = stage.light
    shadow_under(canvas, light, x, y, half * 1.5, half * 0.28)
    corners = []
    for part in range(9):
        angle = pi + pi * part / 8
        reach = half * (0.82 + 0.3 * chance(stage.seed, salt, part))
        corners.append((x + reach * cos(angle), y + reach * 0.72 * sin(angle)))
    outline = polygon(
        [*corners, (x + half * 0.8, y + half * 0.12), (x - half * 0.8, y + half * 0.12)]
    )
    canvas.drawPath(
        outline,
        down(
            y - half * 0.75,
            y + half * 0.1,
            light.lit(colour, haze, 0.35),
            light.shade(colour, haze),
            light.dark(colour, haze),
        ),
    )
    peak = corners[3 + int(2 * chance(stage.seed, salt, 20))]
    inner = (x + 0.15 * half, y - 0.2 * half)
    side = corners[5:] if light.side > 0 else corners[:4]
    face = polygon([peak, *side, inner] if light.side > 0 else [*side, peak, inner])
    canvas.drawPath(face, fill(light.lit(colour, haze, 0.5), 0.5))


def towers(
    stage: Stage,
    salt: int,
    depth: float,
    step: float,
    low: float,
    high: float,
    colour: int,
    haze: float,
    windows: float,
) -> Layer:
    """A skyline: lit and shaded faces, rows of windows, roofs with tanks and masts."""
    light = stage.light

    def paint(canvas: Any, area: Area) -> None:
        for index, (x, a, b, c) in enumerate(
            scatter(stage.seed, salt, area.left - step, area.right + step, step)
        ):
            top, half = -low - (high - low) * a * a, step * (0.42 + 0.2 * b)
            tone = mix(colour, (0xC98F7A, 0x7C8FC0, 0xA9A0B8, 0x8AA7B5)[int(c * 3.99)], 0.4)
            foot = light.shade(tone, min(1.0, haze + 0.35))
            face = down(top, -0.05, light.shade(tone, haze), foot)
            canvas.drawRect(box(x - half, top, x + half, 2.5), face)
            edge = x + light.side * half * 0.52
            lit = linear(
                (0.0, top), (0.0, -0.1), (0.0, light.lit(tone, haze, 0.7), 0.85), (1.0, foot, 0.2)
            )
            canvas.drawRect(
                box(min(edge, x + light.side * half), top, max(edge, x + light.side * half), 2.5),
                lit,
            )
            canvas.drawRect(box(x - half, top, x + half, top + 0.012), fill(light.lit(tone, haze)))
            if b > 0.55:
                canvas.drawRect(
                    box(x - half * 0.4, top - 0.05, x + half * 0.1, top),
                    fill(light.dark(tone, haze)),
                )
            if c > 0.7:
                canvas.drawLine(
                    x + half * 0.4,
                    top - 0.14,
                    x + half * 0.4,
                    top,
                    stroke(light.dark(tone, haze), 0.008),
                )
                if light.lamps:
                    glow(canvas, x + half * 0.4, top - 0.14, 0.03, 0xFF6A5A, 0.9)
            if windows <= 0:
                continue
            columns = 4 if half > 0.18 else 3
            size = half * 2 / columns
            on, off = skia.PathBuilder(), skia.PathBuilder()
            for row in range(int((-0.16 - top) / (size * 0.95))):
                for column in range(columns):
                    lamp = chance(stage.seed, salt, index, row, column) < 0.5
                    left = x - half + size * (column + 0.27)
                    y = top + 0.05 + row * size * 0.95
                    target = on if lamp else off
                    target.addRect(box(left, y, left + size * 0.46, y + size * 0.52))
            glass = mix(light.dark(tone, haze), light.sky_middle, 0.25)
            shine = (
                mix(0xFFD27A, light.haze, haze * 0.4)
                if light.lamps
                else mix(light.sky_low, light.shade(tone, haze), 0.35)
            )
            canvas.drawPath(off.detach(), fill(glass, windows))
            canvas.drawPath(on.detach(), fill(shine, windows))
        fade(canvas, area, -0.5, 0.1, light.haze, 0.0, 0.35 + 0.4 * haze)

    return Layer(depth, paint, texture=0.03)
