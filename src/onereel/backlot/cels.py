"""Performers as pixels: a figure painted, lit along its outline, cut to what was painted.

Called from cast.py.
"""

from dataclasses import dataclass
from functools import lru_cache
from math import ceil, floor, hypot, log2
from typing import Any

import numpy as np
import skia
from PIL import Image, ImageFilter

from onereel.backlot.brush import channels, mix
from onereel.backlot.figures import Figure
from onereel.backlot.light import LINE, line_of
from onereel.backlot.look import Look
from onereel.backlot.people import KINDS
from onereel.backlot.plates import image_of, surface_of


@dataclass(frozen=True)
class Cel:
    """A performer, or a part of one, as pixels: premultiplied BGRA, clipped to the picture."""

    performer: int
    left: int
    top: int
    pixels: np.ndarray  # (h, w, 4) uint8
    part: int = 0  # as in `Layer`


def paint_cel(
    figure: Figure,
    performer: int,
    scale: float,
    offset: tuple[float, float],
    size: tuple[int, int],
    frame: int,
    part: int = 0,
) -> Cel | None:
    """Pixel = world * scale + offset."""
    if all(layer.part != part for layer in figure.layers):
        return None
    box = figure.box[frame]
    left = max(0, floor(box[0] * scale + offset[0]))
    top = max(0, floor(box[1] * scale + offset[1]))
    right = min(size[0], ceil(box[2] * scale + offset[0]))
    bottom = min(size[1], ceil(box[3] * scale + offset[1]))
    if right - left < 2 or bottom - top < 2:
        return None
    pixels = np.zeros((bottom - top, right - left, 4), np.uint8)
    surface = surface_of(pixels)
    canvas = surface.getCanvas()
    canvas.translate(offset[0] - left, offset[1] - top)
    canvas.scale(scale, scale)
    close = LINE * scale > CLOSE
    figure.paint(Rounding(canvas) if close else canvas, frame, part)
    surface.flushAndSubmit()
    # The box has room for all that may swing: what follows works on what was painted.
    painted = pixels.view(np.uint32)[..., 0]
    rows = np.flatnonzero(painted.any(axis=1))
    if len(rows) < 2:
        return None
    columns = np.flatnonzero(painted[rows[0] : rows[-1] + 1].any(axis=0))
    pixels = np.ascontiguousarray(pixels[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1])
    left, top = left + int(columns[0]), top + int(rows[0])
    height, width = pixels.shape[:2]
    # Where the picture's edge cuts it, the body goes on.
    cut = (left == 0, top == 0, left + width == size[0], top + height == size[1])
    who = figure.who
    line = line_of(who.scale) if KINDS[who.kind].animal else LINE
    light_up(pixels, figure.look, scale * who.scale, line * scale, cut)
    return Cel(performer, left, top, pixels, part)


CLOSE = 4.0  # an outline of so many pixels shows the corners of a polygon
ROUND = 5.0  # pixels by which they are rounded at most


class Rounding:
    """A canvas on which polygons lose their corners: outlines are straight pieces, too short to be
    seen as such until the camera comes near."""

    def __init__(self, canvas: Any):
        self.canvas = canvas
        self.paints: dict[tuple[int, float], tuple[Any, Any]] = {}

    def __getattr__(self, name: str) -> Any:
        return getattr(self.canvas, name)

    def drawPath(self, path: Any, paint: Any) -> None:
        matrix = self.canvas.getTotalMatrix()
        across = hypot(matrix.getScaleX(), matrix.getSkewY())
        key = (id(paint), across)
        if key not in self.paints:
            rounder = skia.Paint(paint)
            rounder.setPathEffect(skia.CornerPathEffect.Make(ROUND / across))
            self.paints[key] = (rounder, paint)  # kept alive: its number stays its own
        self.canvas.drawPath(path, self.paints[key][0])


def light_up(
    pixels: np.ndarray, look: Look, scale: float, line: float, cut: tuple[bool, ...]
) -> None:
    """Soft shade away from the lamp and a thin rim towards it, from the silhouette alone.

    The shade is worked out on every few pixels: it has no edges to lose. `scale` is the height of
    the performer in pixels and `line` the width of the outline, within which the rim begins; at
    sides that are `cut` (left, top, right, bottom) the body goes on.
    """
    alpha = pixels[..., 3]
    towards = np.array(look.lamp)
    halvings = max(0, round(log2(scale / 105)))
    step = 1 << halvings
    small = alpha[::step, ::step] >> 4  # 0..15, so that sums fit in a byte
    margin = ceil(0.08 * scale / step) + 1
    around = padded(small, margin, cut)
    total = np.zeros(small.shape, np.uint8)
    for way in np.outer(SHADE_REACH, -towards * scale / step):
        total += moved(around, margin, small.shape, way)
    # The most where all steps away from the lamp are still inside; the blur softens what the
    # shoulders do to the chin.
    total = np.asarray(Image.fromarray(total).filter(ImageFilter.BoxBlur(1.5)))
    for _ in range(halvings):
        total = doubled(total)
    total = total[: alpha.shape[0], : alpha.shape[1]]
    shade = np.take(shade_table(look), total)
    strength = look.light.rim_strength
    inner = max(1.0, line)
    outer = inner + max(1.0, 0.009 * scale)
    margin = ceil(outer) + 1
    around = padded(alpha, margin, cut)
    edge = np.minimum(
        moved(around, margin, alpha.shape, towards * inner),
        255 - moved(around, margin, alpha.shape, towards * outer),
    )
    edge *= alpha == 255  # light may be added only where there is room for it
    under, light = rim_tables(look)
    spots = np.flatnonzero(edge > 24)
    if strength >= 0.05 and len(spots):
        shade.ravel()[spots] = under[edge.ravel()[spots]]
    # Skia multiplies several times as fast as numpy.
    surface = surface_of(pixels)
    canvas = surface.getCanvas()
    canvas.drawImage(as_image(shade), 0, 0, paint=MODULATE)
    if strength >= 0.05 and len(spots):
        lit = np.take(light, edge)  # named: an image does not keep its memory alive
        canvas.drawImage(as_image(lit), 0, 0)
    surface.flushAndSubmit()


MODULATE = skia.Paint(BlendMode=skia.BlendMode.kModulate)


SHADE_REACH = np.linspace(0.02, 0.08, 6)  # of the performer's height


@lru_cache(maxsize=64)
def shade_table(look: Look) -> np.ndarray:
    """Premultiplied BGRA as one number, by how many of the steps away from the lamp are inside."""
    most = 15 * len(SHADE_REACH)
    dark = (1.0 - np.arange(most + 1) / most) * 0.9
    ambient = channels(mix(0xFFFFFF, mix(0x9088C8, look.light.ambient, 0.4), 0.55))
    table = np.full((most + 1, 4), 255, np.uint8)
    table[:, :3] = np.rint(255 + np.outer(dark, np.array(ambient[::-1]) - 255.0))
    return table.view(np.uint32)[:, 0]


@lru_cache(maxsize=64)
def rim_tables(look: Look) -> tuple[np.ndarray, np.ndarray]:
    """BGRA as one number by how much of a rim a pixel is: what it is multiplied by, and the light
    that is then added (its alpha is 0)."""
    amount = np.arange(256) / 255 * 0.75 * look.light.rim_strength
    amount[:25] = 0.0
    under, light = np.full((256, 4), 255, np.uint8), np.zeros((256, 4), np.uint8)
    under[:, :3] = np.rint(255 * (1.0 - amount))[:, None]
    rim = np.array(channels(look.light.rim)[::-1])
    # Rounded down: the sum must stay within a byte.
    light[:, :3] = np.maximum(np.floor(np.outer(amount, rim)) - 1, 0)
    return under.view(np.uint32)[:, 0], light.view(np.uint32)[:, 0]


def as_image(numbers: np.ndarray) -> Any:
    return image_of(numbers.view(np.uint8).reshape(*numbers.shape, 4))


def doubled(plane: np.ndarray) -> np.ndarray:
    """Twice the size; between two values their mean. Values up to 127."""
    rows, columns = plane.shape
    wide = np.empty((rows, 2 * columns), np.uint8)
    wide[:, ::2], wide[:, -1] = plane, plane[:, -1]
    wide[:, 1:-1:2] = (plane[:, 1:] + plane[:, :-1]) >> 1
    tall = np.empty((2 * rows, 2 * columns), np.uint8)
    tall[::2], tall[-1] = wide, wide[-1]
    tall[1:-1:2] = (wide[1:] + wide[:-1]) >> 1
    return tall


def padded(plane: np.ndarray, margin: int, cut: tuple[bool, ...]) -> np.ndarray:
    """The plane with a margin: empty, or where it is cut as its edge."""
    rows, columns = plane.shape
    wide = np.zeros((rows + 2 * margin, columns + 2 * margin), plane.dtype)
    middle = slice(margin, margin + rows), slice(margin, margin + columns)
    wide[middle] = plane
    if cut[0]:
        wide[:, :margin] = wide[:, margin : margin + 1]
    if cut[2]:
        wide[:, margin + columns :] = wide[:, margin + columns - 1 : margin + columns]
    if cut[1]:
        wide[:margin] = wide[margin]
    if cut[3]:
        wide[margin + rows :] = wide[margin + rows - 1]
    return wide


def moved(around: np.ndarray, margin: int, shape: tuple[int, ...], way: np.ndarray) -> np.ndarray:
    """The value at (x, y) + way of a plane that was padded by a margin."""
    dx, dy = (round(value) + margin for value in way.tolist())
    return around[dy : dy + shape[0], dx : dx + shape[1]]
