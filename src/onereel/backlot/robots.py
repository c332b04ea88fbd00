"""The robot's head: a rounded box with a screen for a face; both turn.

Called from face.py.
"""

from math import pi
from typing import Any

import numpy as np

from onereel.backlot.brush import fill, glow, ink, stroke
from onereel.backlot.features import _X, CIRCLE, around, mouth_params
from onereel.backlot.hair import sphere
from onereel.backlot.look import Look
from onereel.backlot.people import Character
from onereel.backlot.shapes import Array, Border, Op, drawn, filled, rounded


def robot_head(
    axes: tuple,
    who: Character,
    look: Look,
    face: tuple,
    gaze: tuple,
    blink: Array,
    visemes: Array | None,
    openness: Array | None,
    line: float,
) -> tuple[list[Op], Array]:
    """A rounded box with a screen; both turn."""
    smile, brows, _, _, act_open = face
    opening = np.clip(mouth_params(act_open, visemes, openness)[:, 1], 0, 1)
    x, z = axes[0][:, 0], axes[0][:, 2]
    metal, cyan = look.metal, 0x7FF3FF
    box = np.array(
        [
            (-0.7, -0.9),
            (0.7, -0.9),
            (1.0, -0.6),
            (1.0, 0.55),
            (0.7, 0.85),
            (-0.7, 0.85),
            (-1.0, 0.55),
            (-1.0, -0.6),
        ]
    )
    head = rounded(np.broadcast_to(box, (len(x), 8, 2)), 4, tension=0.45)
    edge = Border(ink(metal), round(2 * line, 4))
    shift = np.stack([0.42 * x, np.zeros_like(x) + 0.02], -1)
    visible = z > -0.1
    wide = np.clip(0.45 + 0.55 * z, 0.2, 1.0)
    screen = rounded(around(shift, box * np.array([0.78, 0.72]), wide, 1.0), 4, tension=0.45)
    ops: list[Op] = []

    def antenna(canvas: Any, frame: int) -> None:
        canvas.drawLine(0, -0.85, 0, -1.3, stroke(ink(metal), 0.12))
        glow(canvas, 0.0, -1.38, 0.45, 0xFF7A5C, 0.6)
        canvas.drawCircle(0, -1.38, 0.16, fill(0xFF7A5C))

    ops.append(antenna)
    for sign in (-1, 1):
        ear = sphere(axes, sign * pi / 2, 0.0, 1.06)
        oval = around(ear[:, :2], CIRCLE, 0.14 + 0.1 * np.abs(ear[:, 2]), 0.3)
        ops += [
            filled(oval, Border(ink(look.outfit), round(2 * line, 4))),
            filled(oval, fill(look.outfit)),
        ]
    ops += [filled(head, edge), filled(head, fill(metal))]
    shine = rounded(head[:, ::4] * np.array([0.86, 0.2]) + np.array([0.0, -0.6]), 3)
    ops.append(filled(shine, fill(look.lit(metal), 0.6)))
    ops += [
        filled(screen, Border(ink(metal), round(2 * line, 4)), visible),
        filled(screen, fill(0x141D36), visible),
    ]
    for sign in (-1, 1):
        centre = shift + np.stack([sign * 0.33 * wide + 0.06 * gaze[0], -0.08 - 0.05 * gaze[1]], -1)
        tall = 0.25 * np.clip(1.0 - blink, 0.1, 1.0) * (1 + 0.2 * brows)
        eye = around(centre, CIRCLE, 0.15 * wide, tall)
        ops.append(
            filled(around(centre, CIRCLE, 0.24 * wide, tall + 0.1), fill(cyan, 0.25), visible)
        )
        ops.append(filled(eye, fill(cyan), visible))
    mouth_line = np.stack([_X * 0.24 * wide[:, None], 0.4 - 0.1 * smile[:, None] * _X**2], -1)
    mouth_line = mouth_line + np.stack([shift[:, 0], 0 * x], -1)[:, None]
    talking = opening > 0.09
    ops.append(drawn(mouth_line, stroke(cyan, 0.08), visible & ~talking))
    hole = around(shift + np.array([0.0, 0.4]), CIRCLE, 0.22 * wide, 0.03 + 0.17 * opening)
    ops.append(filled(hole, fill(cyan), visible & talking))
    return ops, opening
