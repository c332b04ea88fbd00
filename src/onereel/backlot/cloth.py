"""Pieces of clothes that several outfits share: collars, belts, folds.

Called from outfits.py and drapes.py.
"""

import numpy as np

from onereel.backlot.brush import fill, ink, stroke
from onereel.backlot.light import LINE
from onereel.backlot.look import Look
from onereel.backlot.shapes import (
    Array,
    Border,
    Op,
    drawn,
    filled,
    filled_together,
    inside,
    rounded,
    tube,
)
from onereel.backlot.torso import Torso


def lines(shape: Array, colour: int, width: float = 0.55) -> Op:
    return drawn(shape, stroke(ink(colour), round(2 * LINE * width, 5)))


def collar_cross(t: Torso, look: Look, trim: int, low: float = 0.42) -> list[Op]:
    """Two lapels that cross, left over right, as on a robe."""
    under = t.patch((0.55, 1.02), (0.15, 0.8), (-0.35, 0.62), smooth=False)
    over = t.patch((-0.55, 1.02), (-0.05, 0.78), (0.5, 0.52), (0.75, low))
    width = 0.017 * t.size
    shirt = t.patch((-0.4, 1.05), (0.4, 1.05), (0.06, 0.78), (-0.02, 0.78))
    ops = [filled(shirt, fill(look.skin))]
    for path in (under, over):
        band = rounded(path, 3, closed=False)
        wide = np.full(band.shape[1], width)
        ops += [
            filled(tube(band, wide, LINE * 0.5), fill(ink(trim))),
            filled(tube(band, wide), fill(trim)),
        ]
    return ops


def belt(t: Torso, colour: int, low: float, high: float) -> list[Op]:
    ring = t.ring(low, high)
    return [filled(ring, Border(ink(colour), LINE * 1.2)), filled(ring, fill(colour))]


def neckline(t: Torso, look: Look, depth: float = 0.88, wide: float = 0.5) -> list[Op]:
    hole = t.patch(
        (-wide, 1.06),
        (-wide * 0.8, 0.97),
        (0.0, depth),
        (wide * 0.8, 0.97),
        (wide, 1.06),
        smooth=True,
    )
    return [filled(hole, Border(ink(look.outfit), LINE * 1.2)), filled(hole, fill(look.skin))]


def shaded_patch(shape: Array, colour: int, look: Look, folds: list[Op]) -> list[Op]:
    return [
        filled(shape, Border(ink(colour), round(2 * LINE, 5))),
        filled(shape, fill(colour)),
        inside(shape, folds),
    ]


def fold_lines(
    left: Array,
    right: Array,
    top_left: Array,
    top_right: Array,
    colour: int,
    look: Look,
    count: int = 4,
) -> list[Op]:
    """Soft folds that run from the waist to the hem, and a darker side away from the light."""
    shade = fill(look.dark(colour, 0.55), 0.75)
    strips = []
    for index in range(count):
        share = (index + 0.6) / (count + 0.2)
        top = top_left + (top_right - top_left) * share
        foot = left + (right - left) * share
        foot2 = left + (right - left) * (share + 0.45 / count)
        strips.append(np.stack([top, foot, foot2], axis=1))
    ops = [filled_together(strips, shade)]
    dark_left = (top_right - top_left)[:, :1] * look.lamp[0] > 0
    edge_top = np.where(dark_left, top_left, top_right)
    other_top = np.where(dark_left, top_right, top_left)
    edge_low, other_low = np.where(dark_left, left, right), np.where(dark_left, right, left)
    inner_top = edge_top + 0.3 * (other_top - edge_top)
    inner_low = edge_low + 0.26 * (other_low - edge_low)
    ops.append(
        filled(
            np.stack([edge_top, edge_low, inner_low, inner_top], axis=1),
            fill(look.dark(colour), 0.8),
        )
    )
    return ops
