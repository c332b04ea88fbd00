"""Things that stand, roll or fly: kite, drum, box, cart, bicycle, chair.

Called from things.py.
"""

import numpy as np

from onereel.backlot.brush import fill, ink, stroke
from onereel.backlot.grasp import CIRCLE, Grasp, Layers, disc, rod, solid
from onereel.backlot.light import LINE
from onereel.backlot.shapes import Array, Op, drawn, filled, inside, rounded, tube, unit2


def kite(g: Grasp) -> Layers:
    hand = g.palm("far")
    t = g.cycle
    centre = g.place(0.0, 0.0, 0.0) * 0 + g.place(0.72, 1.42, 0.0)
    centre = (
        centre
        + np.stack([0.06 * np.sin(2.3 * np.pi * t), 0.05 * np.sin(3.1 * np.pi * t + 1)], -1)
        * g.size
    )
    lean = (0.35 + 0.15 * np.sin(2.7 * np.pi * t)) * g.facing
    turn = np.stack([np.cos(lean), np.sin(lean)], -1)

    def spot(x: float, y: float) -> Array:
        x, y = x * g.size, y * g.size
        return centre + np.stack(
            [x * turn[:, 0] - y * turn[:, 1], x * turn[:, 1] + y * turn[:, 0]], -1
        )

    top, left, low, right = spot(0, -0.16), spot(-0.12, -0.03), spot(0, 0.17), spot(0.12, -0.03)
    shape = np.stack([top, right, low, left], axis=1)
    ops: list[Op] = [
        drawn(
            rounded(
                np.stack(
                    [hand, hand * 0.5 + centre * 0.5 + np.array([0, 0.05 * g.size]), centre], 1
                ),
                6,
                closed=False,
            ),
            stroke(g.look.white, 0.005),
        )
    ]
    tail = [low]
    for step in range(1, 6):
        drift = np.stack(
            [
                -0.03 * g.facing * step + 0.03 * np.sin(5 * t * np.pi - step),
                np.full_like(t, 0.06 * step),
            ],
            -1,
        )
        tail.append(low + drift * g.size)
    path = rounded(np.stack(tail, 1), 3, closed=False)
    ops.append(drawn(path, stroke(g.look.shade(0xF3C84E), 0.012 * g.size)))
    for index in (5, 9, 13):
        ops += solid(disc(path[:, index], 0.02 * g.size, 0.013 * g.size), g.accent, 0.6)
    ops += [
        *solid(shape, g.accent),
        filled(np.stack([top, right, centre], 1), fill(g.look.white, 0.85)),
        filled(np.stack([low, left, centre], 1), fill(g.look.white, 0.85)),
        drawn(np.stack([top, low], 1), stroke(ink(g.accent), LINE)),
        drawn(np.stack([left, right], 1), stroke(ink(g.accent), LINE)),
    ]
    g.reached.extend([centre - 0.2 * g.size, centre + 0.2 * g.size, tail[-1]])
    return [(0.8, ops)]


def drum(g: Grasp) -> Layers:
    centre = g.place(0.33, 0.36, 0.03)
    wide, tall = 0.17 * g.size, 0.15 * g.size
    hit = np.abs(np.sin(np.pi * g.cycle * 4)) ** 8
    top = centre - np.array([0.0, tall])
    low = centre + np.array([0.0, tall])
    body = rounded(
        np.stack(
            [
                top + np.array([-wide, 0]),
                centre + np.array([-wide * 1.13, 0]),
                low + np.array([-wide, 0]),
                low + np.array([0, 0.035 * g.size]),
                low + np.array([wide, 0]),
                centre + np.array([wide * 1.13, 0]),
                top + np.array([wide, 0]),
            ],
            1,
        ),
        4,
    )
    skin = (
        top[:, None]
        + CIRCLE * np.array([wide, 0.05 * g.size])
        + np.stack([0 * hit, 0.004 * (1 - hit)], -1)[:, None]
    )
    red, gold, hide = g.look.shade(0xC8322E), g.look.shade(0xE5B34A), g.look.shade(0xF5E6C8)
    ops: list[Op] = []
    for s in (-1, 1):
        top_end, foot = low + np.array([s * wide * 0.8, 0.0]), g.place(0.33, 0.0, 0.03)
        ops += rod(
            top_end, foot + np.array([s * wide * 1.1, 0.0]), 0.012 * g.size, g.look.shade(0x6B4A33)
        )
    ops += solid(body, red)
    shade = centre - np.array([np.sign(g.look.lamp[0]) * wide * 0.9, 0.0])
    ops.append(inside(body, [filled(disc(shade, wide * 0.5, tall * 1.4), fill(0x2A1848, 0.22))]))
    for height in (-0.55, 0.75):
        edge = centre + np.array([0, tall * height])
        arc = edge[:, None] + CIRCLE[:12] * np.array([wide * 1.08, 0.04 * g.size])
        ops.append(drawn(arc, stroke(gold, 0.016 * g.size)))
    ops += solid(skin, hide)
    layers: Layers = [(0.15, ops)]
    for side in ("near", "far"):
        hand = g.at[f"{side}_hand"]
        palm = g.palm(side)
        tip = (
            palm
            + unit2(unit2(hand - g.at[f"{side}_elbow"]) + np.array([0.35 * g.facing, 0.35]))
            * 0.13
            * g.size
        )
        stick = [
            *rod(palm, tip, 0.008 * g.size, g.look.shade(0xC79A5B)),
            *solid(disc(tip, 0.017 * g.size), g.look.white, 0.7),
        ]
        layers.append((side, stick))
    g.reached.append(centre + 0.2 * g.size)
    return layers


def box(g: Grasp) -> Layers:
    centre = 0.5 * (g.palm("near") + g.palm("far")) + np.array([0.02 * g.facing, -0.05]) * g.size
    half = 0.125 * g.size
    corners = np.array([(-1, -1), (1, -1), (1, 1), (-1, 1)]) * half
    front = centre[:, None] + corners
    lid = np.stack(
        [
            front[:, 0],
            front[:, 1],
            front[:, 1] + np.array([-0.03, -0.045]) * g.size,
            front[:, 0] + np.array([0.03, -0.045]) * g.size,
        ],
        1,
    )
    card = g.look.shade(0xC9995F)
    tape = np.stack(
        [
            centre + np.array([-0.018 * g.size, -half]),
            centre + np.array([0.018 * g.size, -half]),
            centre + np.array([0.018 * g.size, half]),
            centre + np.array([-0.018 * g.size, half]),
        ],
        1,
    )
    ops = [
        *solid(lid, g.look.lit(card)),
        *solid(front, card),
        filled(tape, fill(g.look.shade(0xE9D3A4))),
    ]
    g.reached.extend([centre - half * 1.5, centre + half * 1.5])
    return [(0.15, ops)]


def wheel(
    centre: Array, radius: float, angle: Array, colour: int, rim: float, spokes: int, hub: int
) -> list[Op]:
    ops: list[Op] = [
        filled(disc(centre, radius), stroke(ink(colour), rim + 2 * LINE)),
        filled(disc(centre, radius), stroke(colour, rim)),
    ]
    for index in range(spokes):
        turn = angle + np.pi * index / spokes
        arm = np.stack([np.cos(turn), np.sin(turn)], -1) * radius
        ops.append(drawn(np.stack([centre - arm, centre + arm], 1), stroke(hub, rim * 0.4)))
    return [*ops, *solid(disc(centre, radius * 0.16), hub, 0.7)]


def cart(g: Grasp) -> Layers:
    handle = 0.5 * (g.palm("near") + g.palm("far"))
    ground = g.place(0.0, 0.0, 0.0)
    base = g.place(0.0, 0.34, 0.0)
    shift = np.array([g.facing, 1.0]) * g.size

    def spot(x: float, y: float) -> Array:
        return np.stack(
            [handle[:, 0] * 0 + ground[:, 0] + x * shift[0], base[:, 1] - y * g.size], -1
        )

    wood, dark = g.look.shade(0xB57B45), g.look.shade(0x7C5230)
    tray = np.stack([spot(0.42, 0.17), spot(1.02, 0.17), spot(0.96, -0.08), spot(0.48, -0.08)], 1)
    ops = [*rod(handle, spot(0.5, 0.0), 0.014 * g.size, dark)]
    fruit = [
        (0.52, 0.2, 0xE9573F),
        (0.62, 0.22, 0xF2A73B),
        (0.72, 0.215, 0xE9573F),
        (0.82, 0.225, 0xF2C53B),
        (0.91, 0.2, 0xE9573F),
        (0.67, 0.27, 0xF2A73B),
        (0.78, 0.275, 0x7DB648),
    ]
    for x, y, colour in fruit:
        ops += solid(disc(spot(x, y), 0.056 * g.size), g.look.shade(colour), 0.8)
    ops += solid(tray, wood)
    for height in (0.09, 0.01):
        ops.append(
            drawn(np.stack([spot(0.45, height), spot(0.99, height)], 1), stroke(ink(wood), LINE))
        )
    radius = 0.17 * g.size
    centre = spot(0.76, -0.17)
    roll = g.travel / radius * g.facing
    ops += wheel(centre, radius, roll, dark, 0.03 * g.size, 4, g.look.shade(0x93643C))
    ops += [*rod(spot(0.5, -0.05), spot(0.48, -0.3), 0.013 * g.size, dark)]
    g.reached.extend([spot(1.1, 0.3), spot(1.1, -0.34)])
    return [(0.1, ops)]


def bicycle(g: Grasp) -> Layers:
    def spot(x: float, y: float) -> Array:
        return g.place(x, y, 0.0)

    frame, dark = g.accent, g.look.shade(0x3A3845)
    radius = 0.195 * g.size
    roll = g.travel / radius * g.facing
    back, front, crank = spot(-0.36, 0.2), spot(0.38, 0.2), spot(0.005, 0.165)
    seat, bar, head = spot(-0.14, 0.40), spot(0.27, 0.585), spot(0.255, 0.47)
    behind: list[Op] = []
    for hub in (back, front):
        behind += wheel(hub, radius, roll, dark, 0.022 * g.size, 5, g.look.shade(0xC9D2DA))
    pedal = {side: g.at[f"{side}_toe"] for side in ("near", "far")}
    behind += rod(crank, pedal["far"], 0.009 * g.size, dark)
    for a, b in (
        (back, crank),
        (crank, head),
        (back, seat),
        (seat, crank),
        (seat, head),
        (head, front),
        (head, bar),
    ):
        behind += rod(a, b, 0.013 * g.size, frame)
    behind += rod(bar, bar + np.array([0.05 * g.facing, -0.02]) * g.size, 0.011 * g.size, dark)
    saddle = np.stack(
        [
            seat + np.array([-0.07 * g.facing, -0.012]) * g.size,
            seat + np.array([0.06 * g.facing, -0.015]) * g.size,
        ],
        1,
    )
    behind += [
        filled(tube(saddle, np.array([0.026, 0.016]) * g.size, LINE), fill(ink(dark))),
        filled(tube(saddle, np.array([0.026, 0.016]) * g.size), fill(dark)),
    ]
    over = [
        *solid(disc(crank, 0.045 * g.size), g.look.shade(0xC9D2DA)),
        *rod(crank, pedal["near"], 0.009 * g.size, dark),
    ]
    g.reached.extend([spot(-0.6, 0.2), spot(0.62, 0.2)])
    return [(-3.5, behind), (-2.95, over)]


def chair(g: Grasp) -> Layers:
    wood = g.look.shade(0xA8703F)
    far_wood = g.look.dark(wood, 0.6)
    ops: list[Op] = []
    for z, colour in ((-0.1, far_wood), (0.1, wood)):
        ops += rod(g.place(-0.3, 0.0, z), g.place(-0.3, 0.55, z), 0.017 * g.size, colour)
        ops += rod(g.place(-0.03, 0.0, z), g.place(-0.03, 0.24, z), 0.017 * g.size, colour)
        if z < 0:
            slab = np.stack(
                [
                    g.place(-0.32, 0.235, -0.12),
                    g.place(0.0, 0.235, -0.12),
                    g.place(0.0, 0.235, 0.12),
                    g.place(-0.32, 0.235, 0.12),
                ],
                1,
            )
            ops += solid(slab, g.look.lit(wood))
    for height in (0.36, 0.46, 0.54):
        ops += rod(g.place(-0.3, height, -0.1), g.place(-0.3, height, 0.1), 0.014 * g.size, wood)
    g.reached.extend([g.place(-0.4, 0.6, 0.1), g.place(-0.4, 0.0, 0.2)])
    return [(-6.0, ops)]
