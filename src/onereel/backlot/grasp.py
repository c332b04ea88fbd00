"""Who holds a thing and where, and the few shapes that things are made of.

Called from things.py and big_things.py.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from onereel.backlot.brush import fill, ink
from onereel.backlot.light import LINE
from onereel.backlot.look import Look
from onereel.backlot.shapes import Array, Border, Op, filled, tube, unit2
from onereel.backlot.skeleton import Bones


@dataclass(frozen=True)
class Grasp:
    """Who uses the thing, over T frames; world units."""

    at: dict[str, Array]  # joints (T, 2)
    bones: Bones
    place: Callable[[float, float, float], Array]  # own (x, y, z) to the world, (T, 2)
    size: float
    facing: int
    look: Look
    accent: int
    cycle: Array
    travel: Array  # (T,) distance gone
    role: int = 0
    partner: dict[str, Array] | None = None
    reached: list[Array] = field(default_factory=list)  # outermost points (T, 2), for the box

    def palm(self, side: str) -> Array:
        hand, elbow = self.at[f"{side}_hand"], self.at[f"{side}_elbow"]
        return hand + unit2(hand - elbow) * 0.045 * self.size


Layers = list[tuple[float | str, list[Op]]]  # depth, or the side of the hand that holds it


CIRCLE = np.stack(
    [np.cos(np.linspace(0, 2 * np.pi, 22, False)), np.sin(np.linspace(0, 2 * np.pi, 22, False))], 1
)


def disc(centre: Array, radius: float, tall: float | None = None) -> Array:
    return centre[:, None] + CIRCLE * np.array([radius, tall or radius])


def solid(shape: Array, colour: int, line: float = 1.0) -> list[Op]:
    return [
        filled(shape, Border(ink(colour), round(2 * LINE * line, 5))),
        filled(shape, fill(colour)),
    ]


def rod(start: Array, end: Array, radius: float, colour: int) -> list[Op]:
    line, wide = np.stack([start, end], axis=1), np.array([radius, radius])
    return [
        filled(tube(line, wide, LINE * 0.8), fill(ink(colour))),
        filled(tube(line, wide), fill(colour)),
    ]


def at_phase(points: Array, cycle: Array, place: float) -> Array:
    """Where a point of a looping act is at a place of its cycle, (2,)."""
    phases = np.mod(cycle - place + 0.5, 1.0) - 0.5
    order = np.argsort(phases)
    return np.array([np.interp(0.0, phases[order], points[order, axis]) for axis in (0, 1)])
