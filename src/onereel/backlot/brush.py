"""Paint, colour and path helpers over skia.

- Colours are 0xRRGGBB integers until the moment of painting.
- Paints are cached: building one in Python costs more than using it.
- `scatter` places things along an axis independently of how much of the axis is in view.

Called from cast.py, face.py, sets.py, weather.py and shoot.py.
"""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from math import ceil, floor
from typing import Any

import numpy as np
import skia

Point = tuple[float, float]


def channels(colour: int) -> tuple[int, int, int]:
    return colour >> 16 & 255, colour >> 8 & 255, colour & 255


def argb(colour: int, alpha: float = 1.0) -> int:
    return round(max(0.0, min(1.0, alpha)) * 255) << 24 | colour


def mix(first: int, second: int, amount: float) -> int:
    red, green, blue = first >> 16, first >> 8 & 255, first & 255
    red = round(red + ((second >> 16) - red) * amount)
    green = round(green + ((second >> 8 & 255) - green) * amount)
    blue = round(blue + ((second & 255) - blue) * amount)
    return red << 16 | green << 8 | blue


def multiply(first: int, second: int) -> int:
    red = round((first >> 16) * (second >> 16) / 255)
    green = round((first >> 8 & 255) * (second >> 8 & 255) / 255)
    blue = round((first & 255) * (second & 255) / 255)
    return red << 16 | green << 8 | blue


def ink(colour: int) -> int:
    """Outline colour: the fill, much darker and a little violet."""
    return mix(colour, 0x1B1230, 0.66)


@lru_cache(maxsize=4096)
def fill(colour: int, alpha: float = 1.0) -> Any:
    return skia.Paint(AntiAlias=True, Color=argb(colour, alpha))


@lru_cache(maxsize=4096)
def stroke(colour: int, width: float, alpha: float = 1.0) -> Any:
    return skia.Paint(
        AntiAlias=True,
        Color=argb(colour, alpha),
        Style=skia.Paint.kStroke_Style,
        StrokeWidth=width,
        StrokeCap=skia.Paint.kRound_Cap,
        StrokeJoin=skia.Paint.kRound_Join,
    )


@lru_cache(maxsize=4096)
def linear(start: Point, end: Point, *stops: tuple[float, int, float]) -> Any:
    """A linear gradient; each stop is (position, colour, alpha)."""
    paint = skia.Paint(AntiAlias=True, Dither=True)
    shades = [argb(colour, alpha) for _, colour, alpha in stops]
    places = [place for place, _, _ in stops]
    paint.setShader(skia.GradientShader.MakeLinear([start, end], shades, places))
    return paint


@lru_cache(maxsize=4096)
def radial(centre: Point, radius: float, *stops: tuple[float, int, float]) -> Any:
    paint = skia.Paint(AntiAlias=True, Dither=True)
    shades = [argb(colour, alpha) for _, colour, alpha in stops]
    places = [place for place, _, _ in stops]
    paint.setShader(skia.GradientShader.MakeRadial(centre, radius, shades, places))
    return paint


def glow(canvas: Any, x: float, y: float, radius: float, colour: int, alpha: float) -> None:
    stops = ((0.0, colour, alpha), (0.35, colour, alpha * 0.45), (1.0, colour, 0.0))
    canvas.drawCircle(x, y, radius, radial((x, y), radius, *stops))


def polygon(points: Sequence[Point]) -> Any:
    builder = skia.PathBuilder()
    builder.moveTo(*points[0])
    for point in points[1:]:
        builder.lineTo(*point)
    builder.close()
    return builder.detach()


def blob(points: Sequence[Point], closed: bool = True, tension: float = 0.5) -> Any:
    """A smooth curve through the points (Catmull-Rom as cubics)."""
    count = len(points)
    builder = skia.PathBuilder()
    builder.moveTo(*points[0])
    pull = tension / 3.0
    for index in range(count if closed else count - 1):
        if closed:
            before, here = points[index - 1], points[index]
            there, after = points[(index + 1) % count], points[(index + 2) % count]
        else:
            before, here = points[max(index - 1, 0)], points[index]
            there, after = points[index + 1], points[min(index + 2, count - 1)]
        builder.cubicTo(
            here[0] + (there[0] - before[0]) * pull,
            here[1] + (there[1] - before[1]) * pull,
            there[0] - (after[0] - here[0]) * pull,
            there[1] - (after[1] - here[1]) * pull,
            there[0],
            there[1],
        )
    if closed:
        builder.close()
    return builder.detach()


@lru_cache(maxsize=1 << 15)
def chance(*keys: int) -> float:
    """A repeatable number in 0..1 from integers (splitmix64), equal in every process. Remembered:
    each frame of a clip asks for the same rain."""
    state = 0x9E3779B97F4A7C15
    for key in keys:
        state = (state ^ (key & 0xFFFFFFFFFFFFFFFF)) * 0xBF58476D1CE4E5B9 & 0xFFFFFFFFFFFFFFFF
        state = (state ^ state >> 27) * 0x94D049BB133111EB & 0xFFFFFFFFFFFFFFFF
        state ^= state >> 31
    return (state >> 11) / float(1 << 53)


def chances(keys: tuple[int, ...], count: int, *after: int) -> np.ndarray:
    """`chance(*keys, index, *after)` for the indices below `count`."""
    state = np.full(count, 0x9E3779B97F4A7C15, np.uint64)
    first, last = ([np.uint64(key & 0xFFFFFFFFFFFFFFFF) for key in some] for some in (keys, after))
    parts: list[Any] = [*first, np.arange(count, dtype=np.uint64), *last]
    for part in parts:
        state ^= part
        state *= np.uint64(0xBF58476D1CE4E5B9)
        state ^= state >> np.uint64(27)
        state *= np.uint64(0x94D049BB133111EB)
        state ^= state >> np.uint64(31)
    return (state >> np.uint64(11)) / float(1 << 53)


def scatter(
    seed: int, salt: int, left: float, right: float, step: float
) -> Iterator[tuple[float, float, float, float]]:
    """Yields (x, a, b, c) for each slot of width `step`; a, b, c are repeatable, in 0..1."""
    for index in range(floor(left / step) - 1, ceil(right / step) + 1):
        shift = chance(seed, salt, index, 0)
        x = (index + 0.15 + 0.7 * shift) * step
        yield (
            x,
            chance(seed, salt, index, 1),
            chance(seed, salt, index, 2),
            chance(seed, salt, index, 3),
        )
