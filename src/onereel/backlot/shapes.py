"""Outlines of body parts for a whole clip at once, and the follow-through of what hangs on them.

Shapes: T frames, N points along a part, M points of an outline; coordinates are (..., 2).
- `tube` gives a limb of changing thickness, `shade_of` the strip of it that the light misses.
- `rounded` makes a smooth outline of a few corner points by one matrix product.
- `follow` is a spring: cloth and hair lag behind, overshoot and settle.
- An op paints one frame: `op(canvas, frame)`.

Called from cast.py, outfits.py, hair.py, things.py and animals.py.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import skia

from onereel.backlot.brush import fill, stroke

Array = np.ndarray
Op = Callable[[Any, int], None]


@dataclass(frozen=True)
class Border:
    """Ink around a shape that is filled next; half of `width` is outside."""

    colour: int
    width: float


@lru_cache(maxsize=256)
def _template(count: int, closed: bool, contours: int) -> tuple[bytes, int]:
    """Skia's own bytes of polygons with so many points each, and where in them the points are."""
    marks = np.arange(0.5, 2 * count * contours, dtype=np.float32)
    builder = skia.PathBuilder()
    for contour in marks.reshape(contours, count, 2).tolist():
        builder.addPolygon([skia.Point(x, y) for x, y in contour], closed)
    written = bytes(builder.detach().serialize())
    place = written.find(marks.tobytes())
    assert place >= 0, "this version of skia-python writes paths in another way: outlines need it"
    return written, place


def paths_of(points: Array, closed: bool = True) -> Callable[[int], Any]:
    """The path of each frame through points (T, M, 2), or (T, K, M, 2) for K outlines in one.

    The bytes of all frames are written at once, and Skia reads a frame's: fifteen times as fast as
    a path of Python's points.
    """
    frames, count = points.shape[0], points.shape[-2]
    if points.strides[0] == 0:
        frames = 1  # one shape for all frames
    contours = points.shape[1] if points.ndim == 4 else 1
    written, place = _template(count, closed, contours)
    packed = np.empty((frames, len(written)), np.uint8)
    packed[:] = np.frombuffer(written, np.uint8)
    spot = packed[:, place : place + 8 * count * contours]
    spot[:] = points[:frames].astype(np.float32).reshape(frames, -1).view(np.uint8)

    def path(frame: int) -> Any:
        found = skia.Path()
        found.readFromMemory(packed[frame])
        return found

    if frames > 1:
        return path
    only = path(0)
    return lambda _: only


def turns_right(points: Array) -> Array:
    """(..., 1, 1): whether outlines (..., M, 2) go round clockwise as seen, y being down."""
    x, y = points[..., 0], points[..., 1]
    area = np.sum(x * np.roll(y, -1, axis=-1) - y * np.roll(x, -1, axis=-1), axis=-1)
    return (area > 0)[..., None, None]


def grown(points: Array, by: float) -> Array:
    """A closed outline (T, M, 2) moved outwards, as the outer edge of a stroke would be; the
    mitre of a corner goes out no more than a fifth further than its sides."""
    ahead = unit2(np.roll(points, -1, axis=-2) - points)
    after = perpendicular(ahead) * np.where(turns_right(points), -1.0, 1.0)
    before = np.roll(after, 1, axis=-2)
    spread = np.maximum(1.0 + np.sum(before * after, axis=-1, keepdims=True), 1e-6)
    return points + unit2(before + after) * (by * np.minimum(np.sqrt(2.0 / spread), 1.2))


def filled(points: Array, paint: Any, when: Array | None = None) -> Op:
    """`paint` is Skia's, or a `Border`."""
    if isinstance(paint, Border) and points.strides[0] == 0:
        whole = bordered(paths_of(points)(0), paint.width)
        return _painted(lambda _: whole, fill(paint.colour), when)
    if isinstance(paint, Border):
        # The grown outline costs Skia a third of a stroke.
        points, paint = grown(points, paint.width / 2), fill(paint.colour)
    return _painted(paths_of(points), paint, when)


def bordered(path: Any, width: float) -> Any:
    """The path and half of `width` around it with round corners: for paths that stay."""
    around = skia.Path()
    stroke(0, width).getFillPath(path, around)
    return skia.Op(path, around, skia.PathOp.kUnion_PathOp)


def filled_together(shapes: Sequence[Array], paint: Any, when: Sequence[Array] | None = None) -> Op:
    """Outlines of as many points in one path: a drawing call costs more than its pixels."""
    points = np.stack(shapes, axis=1)
    if isinstance(paint, Border):
        points, paint = grown(points, paint.width / 2), fill(paint.colour)
    if when is not None:  # what is not seen shrinks to nothing
        shown = np.stack(when, axis=1)[..., None, None]
        points = np.where(shown, points, points[:, :, :1])
    # All one way round: opposite ways would cut holes into each other.
    points = np.where(turns_right(points), points, points[:, :, ::-1])
    return _painted(paths_of(points), paint, None)


def drawn(points: Array, paint: Any, when: Array | None = None) -> Op:
    return _painted(paths_of(points, False), paint, when)


def _painted(path: Callable[[int], Any], paint: Any, when: Array | None) -> Op:
    if when is None:
        return lambda canvas, frame: canvas.drawPath(path(frame), paint)
    shown = when.tolist()

    def op(canvas: Any, frame: int) -> None:
        if shown[frame]:
            canvas.drawPath(path(frame), paint)

    return op


def inside(shape: Array, ops: Sequence[Op]) -> Op:
    """Paints only within a shape (T, M, 2)."""
    path = paths_of(shape)

    def op(canvas: Any, frame: int) -> None:
        canvas.save()
        canvas.clipPath(path(frame), doAntiAlias=True)
        for each in ops:
            each(canvas, frame)
        canvas.restore()

    return op


def perpendicular(vector: Array) -> Array:
    return np.stack([-vector[..., 1], vector[..., 0]], axis=-1)


def unit2(vector: Array) -> Array:
    length = np.sqrt(np.sum(vector * vector, axis=-1, keepdims=True))
    return vector / np.maximum(length, 1e-9)


def curve3(start: Array, middle: Array, end: Array) -> Array:
    """(T, 11, 2) along a limb whose joint is rounded."""
    first = middle + (start - middle) * 0.34
    last = middle + (end - middle) * 0.34
    bend = [
        (1 - t) ** 2 * first + 2 * t * (1 - t) * middle + t * t * last
        for t in (0.0, 0.17, 0.33, 0.5, 0.67, 0.83, 1.0)
    ]
    ways = [start, start + (first - start) * 0.5, *bend, last + (end - last) * 0.5, end]
    return np.stack(ways, axis=-2)


CAP = np.linspace(0.0, np.pi, 9)[1:-1]


def sides(centre: Array, radius: Array | Sequence[float]) -> tuple[Array, Array, Array, Array]:
    """Direction, normal, left and right edge of a line (T, N, 2) with radii (N,) or (T, N)."""
    along = unit2(np.gradient(centre, axis=-2))
    normal = perpendicular(along)
    reach = np.asarray(radius)[..., None]
    return along, normal, centre + normal * reach, centre - normal * reach


def tube(
    centre: Array, radius: Array | Sequence[float], grow: float = 0.0, caps: tuple = (True, True)
) -> Array:
    """(T, M, 2) round a line (T, N, 2); `grow` makes it wider for its outline."""
    radius = np.asarray(radius, np.float64) + grow
    along, normal, left, right = sides(centre, radius)
    first, last = radius[..., :1, None], radius[..., -1:, None]
    parts = [left]
    sine, cosine = np.sin(CAP)[:, None], np.cos(CAP)[:, None]
    if caps[1]:
        parts.append(
            centre[..., -1:, :] + last * (cosine * normal[..., -1:, :] + sine * along[..., -1:, :])
        )
    elif grow:
        parts[-1] = np.concatenate([left, left[..., -1:, :] + grow * along[..., -1:, :]], -2)
        right = np.concatenate([right, right[..., -1:, :] + grow * along[..., -1:, :]], -2)
    parts.append(right[..., ::-1, :])
    if caps[0]:
        parts.append(
            centre[..., :1, :] - first * (cosine * normal[..., :1, :] + sine * along[..., :1, :])
        )
    return np.concatenate(parts, axis=-2)


def shade_of(
    centre: Array, radius: Array | Sequence[float], light: Array, share: float = 0.72
) -> Array:
    """The side of a tube that looks away from `light` (2,), which points to the lamp."""
    radius = np.asarray(radius, np.float64)
    _, normal, _, _ = sides(centre, radius)
    facing = -np.sum(normal * light, axis=-1)
    # It fades out towards both ends of the part.
    taper = np.sin(np.linspace(0.0, np.pi, radius.shape[-1])) ** 0.45
    edge = np.tanh(4.0 * facing)
    inner = (
        centre
        + normal * (radius * (edge - np.sign(facing) * share * taper * np.abs(edge)))[..., None]
    )
    outer = centre + normal * (radius * edge)[..., None]
    return np.concatenate([outer, inner[..., ::-1, :]], axis=-2)


@lru_cache(maxsize=256)
def _smoother(count: int, per: int, closed: bool, tension: float) -> Array:
    """(count * per, count) weights of a Catmull-Rom curve through `count` points."""
    spans = count if closed else count - 1
    rows = []
    for span in range(spans):
        if closed:
            near = [(span - 1) % count, span, (span + 1) % count, (span + 2) % count]
        else:
            near = [max(span - 1, 0), span, span + 1, min(span + 2, count - 1)]
        for step in range(per):
            t = step / per
            pull = tension
            weights = (
                pull * (-t + 2 * t * t - t**3),
                1 + (pull - 3) * t * t + (2 - pull) * t**3,
                pull * t + (3 - 2 * pull) * t * t + (pull - 2) * t**3,
                pull * (t**3 - t * t),
            )
            row = np.zeros(count)
            for place, weight in zip(near, weights, strict=True):
                row[place] += weight
            rows.append(row)
    if not closed:
        last = np.zeros(count)
        last[-1] = 1.0
        rows.append(last)
    return np.array(rows)


def rounded(points: Array, per: int = 4, closed: bool = True, tension: float = 0.5) -> Array:
    """A smooth curve (..., M, 2) through (..., N, 2)."""
    return np.matmul(_smoother(points.shape[-2], per, closed, tension), points)


def follow(target: Array, frequency: float | Array, damping: float = 0.35) -> Array:
    """A spring that chases `target` (T, ...) at 24 frames/s; it starts at rest on the target.

    Semi-implicit Euler with 4 steps a frame; `frequency` in Hz, per element if an array.
    """
    omega = 2 * np.pi * np.asarray(frequency, np.float64)
    step = 1.0 / 96.0
    place, speed = target[0].astype(np.float64), np.zeros_like(target[0], dtype=np.float64)
    pull, drag = omega * omega * step, 1.0 / (1.0 + 2 * damping * omega * step)
    found = np.empty(target.shape, np.float64)
    before = place
    for frame in range(len(target)):
        goal = target[frame]
        for part in (0.25, 0.5, 0.75, 1.0):
            aim = before + (goal - before) * part
            speed = (speed + pull * (aim - place)) * drag
            place = place + speed * step
        before = goal
        found[frame] = place
    return found
