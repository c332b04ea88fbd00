"""Heads of dogs, cats, horses and birds, from the side, in a frame of
their own: radius 1, looking right.

Called from animals.py.
"""

from typing import Any

import numpy as np

from onereel.backlot.brush import fill, ink, stroke
from onereel.backlot.features import CIRCLE
from onereel.backlot.light import line_of
from onereel.backlot.look import Look
from onereel.backlot.people import Character
from onereel.backlot.shapes import Array, Border, Op, drawn, filled, rounded


def head_ops(
    who: Character,
    look: Look,
    at: Array,
    degrees: Array,
    size: float,
    facing: int,
    fur: int,
    pale: int,
    mouth: Array,
    blink: Array,
    accent: int,
) -> list[Op]:
    """A head in its own frame: radius 1, looking right."""
    line = line_of(who.scale) / size
    dark, nose_colour = 0x2A1B2E, look.shade(0x3A2A30)
    frames = len(at)

    def still(points: list, per: int = 4) -> Array:
        return np.broadcast_to(
            rounded(np.array(points, float), per), (frames, len(points) * per, 2)
        )

    def oval(x: float, y: float, w: float, h: float) -> Array:
        return np.broadcast_to(
            CIRCLE * np.array([w, h]) + np.array([x, y]), (frames, len(CIRCLE), 2)
        )

    ops: list[Op] = []
    gape = np.stack([0 * mouth, 0.4 * mouth], -1)[:, None]

    def add(shape: Array, colour: int = fur) -> None:
        ops.extend(
            [filled(shape, Border(ink(colour), round(2 * line, 4))), filled(shape, fill(colour))]
        )

    if who.kind == "dog":
        add(
            still([(0.45, 0.3), (1.2, 0.34), (1.25, 0.52), (0.7, 0.66), (0.3, 0.55)]) + gape * 0.8,
            pale,
        )
        tongue = (
            still([(0.7, 0.45), (1.05, 0.45), (1.1, 0.75), (0.9, 0.85), (0.72, 0.7)]) + gape * 0.8
        )
        ops.append(filled(tongue, fill(look.shade(0xF07D88)), mouth > 0.12))
        add(
            still(
                [
                    (-0.85, -0.3),
                    (-0.4, -0.9),
                    (0.3, -0.92),
                    (0.72, -0.5),
                    (1.25, -0.1),
                    (1.42, 0.15),
                    (1.2, 0.42),
                    (0.5, 0.55),
                    (-0.2, 0.75),
                    (-0.8, 0.4),
                ]
            )
        )
        add(still([(0.75, 0.1), (1.2, -0.05), (1.42, 0.15), (1.2, 0.42), (0.7, 0.5)]), pale)
        ops.append(filled(oval(1.36, 0.0, 0.17, 0.14), fill(nose_colour)))
        add(
            still(
                [
                    (-0.55, -0.65),
                    (-0.2, -0.8),
                    (0.0, -0.3),
                    (-0.2, 0.42),
                    (-0.55, 0.5),
                    (-0.78, 0.1),
                ]
            ),
            look.dark(fur, 0.8),
        )
        eye = (0.5, -0.28, 0.2, 0.25)
    elif who.kind == "cat":
        for x in (-0.15, 0.62):
            add(still([(x - 0.36, -0.6), (x - 0.1, -1.45), (x + 0.36, -0.7)], 5))
            ops.append(
                filled(
                    still([(x - 0.2, -0.68), (x - 0.07, -1.2), (x + 0.2, -0.72)], 5),
                    fill(look.shade(0xF2A7A0)),
                )
            )
        add(
            still(
                [
                    (-0.9, -0.2),
                    (-0.5, -0.85),
                    (0.3, -0.92),
                    (0.9, -0.6),
                    (1.1, 0.05),
                    (0.95, 0.5),
                    (0.4, 0.75),
                    (-0.3, 0.75),
                    (-0.85, 0.4),
                ]
            )
        )
        add(still([(0.5, 0.2), (0.95, 0.12), (1.15, 0.28), (1.0, 0.55), (0.55, 0.55)]), pale)
        ops.append(
            filled(oval(0.86, 0.5, 0.16, 0.2) + gape * 0.2, fill(look.shade(0xB04A58)), mouth > 0.3)
        )
        ops.append(
            filled(still([(0.88, 0.1), (1.08, 0.08), (0.98, 0.22)]), fill(look.shade(0xE98B8B)))
        )
        for y in (0.28, 0.4):
            whisker = np.broadcast_to(
                np.array([(0.75, y), (1.6, y - 0.1 + (y - 0.34) * 2)]), (frames, 2, 2)
            )
            ops.append(drawn(whisker, stroke(0xFFFFFF, 0.03, 0.8)))
        eye = (0.48, -0.12, 0.22, 0.28)
    elif who.kind == "horse":
        add(still([(-0.55, -0.75), (-0.3, -1.6), (-0.05, -0.85)], 5))
        add(
            still([(0.9, 0.9), (1.75, 1.5), (1.6, 1.95), (0.9, 1.55)]) + gape * 0.6,
            look.dark(fur, 0.3),
        )
        add(
            still(
                [
                    (-0.9, 0.0),
                    (-0.75, -0.75),
                    (-0.1, -0.98),
                    (0.5, -0.6),
                    (1.3, 0.5),
                    (2.05, 1.1),
                    (2.1, 1.55),
                    (1.7, 1.75),
                    (0.9, 1.3),
                    (0.2, 0.85),
                    (-0.5, 0.7),
                ]
            )
        )
        add(still([(1.45, 0.75), (2.05, 1.1), (2.1, 1.55), (1.7, 1.75), (1.3, 1.4)]), pale)
        ops.append(filled(oval(1.88, 1.22, 0.1, 0.13), fill(nose_colour)))
        bridle = np.broadcast_to(np.array([(0.95, 0.12), (0.95, 1.25)]), (frames, 2, 2))
        ops.append(drawn(bridle, stroke(accent, 0.16)))
        cheek = np.broadcast_to(np.array([(0.95, 0.75), (-0.5, 0.2)]), (frames, 2, 2))
        ops.append(drawn(cheek, stroke(accent, 0.13)))
        eye = (0.4, -0.1, 0.2, 0.26)
    else:
        beak = look.shade(0xF2A23A)
        add(still([(0.6, 0.1), (1.35, 0.2), (0.65, 0.42)], 5) + gape * 0.5, look.dark(beak, 0.4))
        add(still([(0.6, -0.2), (1.5, 0.12), (0.65, 0.25)], 5), beak)
        add(oval(0, 0, 1.0, 0.98))
        ops.append(filled(oval(0.42, 0.4, 0.5, 0.45), fill(pale)))
        add(still([(-0.2, -0.9), (-0.5, -1.45), (0.1, -1.15), (0.2, -0.9)]), fur)
        eye = (0.42, -0.18, 0.24, 0.28)
    x, y, w, h = eye
    wide_open = blink < 0.6
    tall = h * np.clip(1 - blink, 0.1, 1)
    ring = CIRCLE[None] * np.stack([np.full(frames, w), tall], -1)[:, None] + np.array([x, y])
    ops += [filled(ring * 1.0, fill(look.white), wide_open)]
    pupil = CIRCLE[None] * np.stack([np.full(frames, w * 0.72), tall * 0.82], -1)[
        :, None
    ] + np.array([x + 0.04, y])
    ops += [
        filled(pupil, fill(dark), wide_open),
        filled(oval(x + 0.1, y - h * 0.35, w * 0.28, w * 0.28), fill(0xFFFFFF), wide_open),
    ]
    lash = np.array([(x - w, y), (x - 0.5 * w, y + 0.08), (x + 0.5 * w, y + 0.08), (x + w, y)])
    lid = np.broadcast_to(rounded(lash, 3, closed=False), (frames, 10, 2))
    ops.append(drawn(lid, stroke(dark, 0.09), ~wide_open))

    def enter(canvas: Any, frame: int) -> None:
        canvas.save()
        canvas.translate(float(at[frame, 0]), float(at[frame, 1]))
        canvas.rotate(float(degrees[frame]))
        canvas.scale(facing * size, size)

    def leave(canvas: Any, frame: int) -> None:
        canvas.restore()

    return [enter, *ops, leave]
