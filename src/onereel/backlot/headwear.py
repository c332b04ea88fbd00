"""What a head wears: glasses, a band, a hat; and what age gives it: folds and a beard.

Called from face.py.
"""

from math import cos, pi, sin

import numpy as np

from onereel.backlot.brush import fill, ink, stroke
from onereel.backlot.features import CIRCLE, around
from onereel.backlot.hair import sphere
from onereel.backlot.look import Look
from onereel.backlot.people import KINDS, Character
from onereel.backlot.shapes import Array, Border, Op, drawn, filled, rounded, tube


def old_age(who: Character, look: Look, axes: tuple, shadow: int, line: float) -> list[Op]:
    ops: list[Op] = []
    for sign in (-1, 1):
        fold = np.stack(
            [
                sphere(axes, sign * lon, lat, 1.0)[:, :2]
                for lon, lat in ((0.27, -0.36), (0.38, -0.47), (0.4, -0.57))
            ],
            1,
        )
        seen = sphere(axes, sign * 0.38, -0.48)[:, 2] > 0.2
        ops.append(drawn(fold, stroke(shadow, round(line * 0.7, 4), 0.8), seen))
    if KINDS[who.kind].sex != "m":
        return ops
    places = (
        (-1.15, -0.12),
        (-0.75, -0.42),
        (-0.32, -0.5),
        (0.0, -0.43),
        (0.32, -0.5),
        (0.75, -0.42),
        (1.15, -0.12),
        (0.95, -0.75),
        (0.5, -1.12),
    )
    ring = [sphere(axes, lon, lat, 1.02)[:, :2] for lon, lat in places]
    tip = sphere(axes, 0.0, -1.05, 1.35)[:, :2] + np.array([0.0, 0.1])
    ring += [tip, sphere(axes, -0.5, -1.12, 1.02)[:, :2], sphere(axes, -0.95, -0.75, 1.02)[:, :2]]
    beard = rounded(np.stack(ring, axis=1), 3, tension=0.5)
    seen = axes[0][:, 2] > -0.35
    outer = Border(ink(look.hair), round(1.3 * line, 4))
    return [*ops, filled(beard, outer, seen), filled(beard, fill(look.hair), seen)]


def moustache(look: Look, axes: tuple) -> list[Op]:
    """Over the mouth, which speaks through the beard."""
    ops: list[Op] = []
    shows = sphere(axes, 0.0, -0.58, 1.02)[:, 2] > 0.1
    for sign in (-1, 1):
        arc = np.stack(
            [
                sphere(axes, sign * lon, lat, 1.04)[:, :2]
                for lon, lat in ((0.02, -0.44), (0.25, -0.47), (0.5, -0.6))
            ],
            1,
        )
        body = tube(rounded(arc, 2, closed=False), np.linspace(0.1, 0.03, 5))
        ops.append(filled(body, fill(look.lit(look.hair, 0.6)), shows))
    return ops


def glasses(look: Look, axes: tuple, line: float) -> list[Op]:
    frame = stroke(0x2C2A3A, round(line * 0.95, 4))
    ops: list[Op] = []
    for sign in (-1, 1):
        place = sphere(axes, sign * 0.42, -0.06, 1.02)
        seen = place[:, 2] > 0.1
        ring = around(
            place[:, :2], CIRCLE, 0.33 * np.clip(place[:, 2] * 1.1, 0.12, 1) ** 0.75, 0.34
        )
        ops += [filled(ring, fill(0xFFFFFF, 0.09), seen), filled(ring, frame, seen)]
        arm = np.stack([sphere(axes, sign * lon, -0.04, 1.02)[:, :2] for lon in (0.8, 1.5)], 1)
        near = sphere(axes, sign * 1.2, -0.04)[:, 2] > 0.1
        ops.append(drawn(arm, frame, near))
    bridge = np.stack([sphere(axes, lon, -0.03, 1.05)[:, :2] for lon in (-0.1, 0.1)], 1)
    ops.append(drawn(bridge, frame, axes[0][:, 2] > 0.2))
    return ops


def headband(axes: tuple, shape: Array, line: float, accent: int) -> list[Op]:
    ahead, right, up = axes
    # From one edge of what is seen of the head to the other, whichever way it looks.
    facing = np.arctan2(right[:, 2], ahead[:, 2])
    ways = facing[:, None, None] + np.linspace(-pi / 2, pi / 2, 11)[:, None]
    ring = cos(0.46) * (ahead[:, None] * np.cos(ways) + right[:, None] * np.sin(ways))
    arc = 1.1 * (ring + sin(0.46) * up[:, None])
    band = rounded(arc[..., :2], 2, closed=False)
    wide = np.full(band.shape[1], 0.085)
    return [
        filled(tube(band, wide, line, (False, False)), fill(ink(accent))),
        filled(tube(band, wide, 0.0, (False, False)), fill(accent)),
    ]


def hat(axes: tuple, line: float, accent: int, look: Look) -> list[Op]:
    """A sun hat: crown and brim tip with the head."""
    up = axes[2][:, :2]
    middle = up * 0.62
    brim = around(middle, CIRCLE, 1.5 + 0 * up[:, 0], 0.30 + 0.25 * np.abs(axes[2][:, 2]))
    dome_points = np.array(
        [
            (-0.98, 0.06),
            (-0.92, -0.5),
            (-0.5, -0.88),
            (0.5, -0.88),
            (0.92, -0.5),
            (0.98, 0.06),
            (0.0, 0.24),
        ]
    )
    dome = rounded(middle[:, None] + dome_points, 4)
    band = np.stack(
        [middle + np.array([x, 0.04 + 0.12 * (1 - x * x)]) for x in np.linspace(-0.93, 0.93, 9)],
        axis=1,
    )
    straw = look.shade(0xE9C987)
    outer = Border(ink(straw), round(2 * line, 4))
    return [
        filled(brim, outer),
        filled(brim, fill(straw)),
        filled(dome, outer),
        filled(dome, fill(straw)),
        filled(tube(band, np.full(9, 0.09)), fill(accent)),
    ]
