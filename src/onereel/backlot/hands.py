"""Hands: five shapes that read as hands at any size, drawn along the forearm.

The paths are made once, in hand lengths: fingers along +x, the thumb towards +y.
Called from cast.py.
"""

from functools import lru_cache
from math import cos, sin
from typing import Any

import numpy as np
import skia

from onereel.backlot.brush import blob, fill, ink, stroke
from onereel.backlot.light import LINE
from onereel.backlot.look import Look
from onereel.backlot.shapes import Array, Op, bordered

SHAPES = ("relaxed", "fist", "open", "point", "hold")
PALM = ((-0.2, -0.19), (0.1, -0.27), (0.42, -0.29), (0.6, -0.2), (0.62, 0.2), (0.42, 0.29),
        (0.1, 0.27), (-0.2, 0.19))  # fmt: skip


def finger(x: float, y: float, angle: float, length: float, width: float) -> tuple:
    """A rounded finger from (x, y)."""
    along, across = (cos(angle), sin(angle)), (-sin(angle), cos(angle))

    def at(a: float, b: float) -> tuple[float, float]:
        return (x + along[0] * a + across[0] * b, y + along[1] * a + across[1] * b)

    return (at(0, -width), at(length * 0.7, -width), at(length, -width * 0.45),
            at(length, width * 0.45), at(length * 0.7, width), at(0, width))  # fmt: skip


@lru_cache(maxsize=16)
def parts(shape: str) -> tuple[list[Any], list[Any], list[tuple]]:
    """Paths that stay, thumb paths, and lines between fingers ((x, y), (x, y))."""
    thumb = finger(0.12, 0.2, 0.75, 0.42, 0.115)
    marks: list[tuple] = []
    if shape == "open":
        fingers = [finger(0.42, y * 0.85, y * 0.9, 0.52 - 0.5 * y * y, 0.088)
                   for y in (-0.24, -0.08, 0.08, 0.24)]  # fmt: skip
        return (
            [*(blob(f) for f in fingers), blob(PALM)],
            [blob(finger(0.1, 0.2, 1.0, 0.5, 0.1))],
            marks,
        )
    ball: tuple
    if shape in ("fist", "hold"):
        ball = ((-0.2, -0.2), (0.1, -0.32), (0.42, -0.33), (0.62, -0.2), (0.66, 0.0), (0.62, 0.2),
                (0.42, 0.32), (0.1, 0.31), (-0.2, 0.2))  # fmt: skip
        marks = [
            ((0.44, -0.13), (0.64, -0.12)),
            ((0.44, 0.02), (0.66, 0.02)),
            ((0.44, 0.16), (0.63, 0.15)),
        ]
        bend = finger(0.12, 0.24, 0.1 if shape == "fist" else 0.5, 0.4, 0.11)
        return [blob(ball)], [blob(bend)], marks
    if shape == "point":
        ball = ((-0.2, -0.2), (0.1, -0.3), (0.4, -0.3), (0.56, -0.16), (0.58, 0.12), (0.44, 0.28),
                (0.1, 0.28), (-0.2, 0.2))  # fmt: skip
        marks = [((0.4, -0.12), (0.56, -0.11)), ((0.4, 0.02), (0.57, 0.02))]
        return [blob(finger(0.36, 0.16, 0.02, 0.66, 0.1)), blob(ball)], [
            blob(finger(0.12, 0.24, 0.35, 0.36, 0.1))], marks  # fmt: skip
    mitten = ((-0.2, -0.19), (0.12, -0.27), (0.44, -0.27), (0.78, -0.2), (0.93, -0.05), (0.9, 0.1),
              (0.7, 0.2), (0.42, 0.27), (0.1, 0.26), (-0.2, 0.19))  # fmt: skip
    marks = [((0.6, -0.09), (0.86, -0.07)), ((0.6, 0.04), (0.88, 0.04))]
    return [blob(mitten)], [blob(thumb)], marks


@lru_cache(maxsize=64)
def drawn_parts(shape: str, line: float) -> tuple[Any, Any, Any]:
    """Single paths of what is inked, of fingers and palm, and of the thumb's own line."""
    paths, thumbs, _ = parts(shape)
    whole, flesh = skia.Path(), skia.Path()
    for path in (*paths, *thumbs):
        inked = bordered(path, round(2 * line, 3))
        whole = skia.Op(whole, inked, skia.PathOp.kUnion_PathOp)
    for path in paths:
        flesh = skia.Op(flesh, path, skia.PathOp.kUnion_PathOp)
    return whole, flesh, thumbs[0]


def make_hand(
    wrist: Array, along: Array, thumb: Array, size: float, shape: str, colour: int, look: Look
) -> Op:
    """`wrist` (T, 2), `along` (T, 2) where the fingers point, `thumb` (T,) side of the thumb."""
    line = LINE / size
    whole, flesh, thumb_path = drawn_parts(shape, round(line, 4))
    marks = parts(shape)[2]
    edge, paint = fill(ink(colour)), fill(colour)
    # Between the fingers less than the outline: on small hands the marks would run together.
    mark = stroke(ink(colour), round(min(0.6 * line, 0.06), 3), 0.75)
    edge_line = stroke(ink(colour), round(line * 1.1, 3), 0.75)
    lit = fill(look.lit(colour, 0.7), 0.8)
    angles = np.degrees(np.arctan2(along[:, 1], along[:, 0])).tolist()
    places = wrist.tolist()
    side = (np.sign(thumb) * np.clip(np.abs(thumb) * 3, 0.55, 1.0)).tolist()

    def op(canvas: Any, frame: int) -> None:
        canvas.save()
        canvas.translate(*places[frame])
        canvas.rotate(angles[frame])
        canvas.scale(size, size * (1 if side[frame] > 0 else -1))
        canvas.drawPath(whole, edge)
        canvas.drawPath(flesh, paint)
        canvas.drawOval(_PALM_LIGHT, lit)
        for start, end in marks:
            canvas.drawLine(*start, *end, mark)
        canvas.drawPath(thumb_path, edge_line)
        canvas.drawPath(thumb_path, paint)
        canvas.restore()

    return op


_PALM_LIGHT = skia.Rect.MakeLTRB(0.1, -0.18, 0.42, -0.02)
