"""Things: what performers hold, ride, sit on and play, drawn at the hands that use them.

A thing is one function from a `Grasp` (the user's joints over the clip) to layers, plus one entry
in `THINGS` with its words. `HOLDS` says where a thing wants its user's hands.
Called from cast.py; captions read the words.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from onereel.backlot.brush import fill, glow, ink, stroke
from onereel.backlot.light import LINE
from onereel.backlot.look import Look
from onereel.backlot.shapes import (
    Array,
    Border,
    Op,
    drawn,
    filled,
    follow,
    inside,
    perpendicular,
    rounded,
    tube,
    unit2,
)
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


def ball(g: Grasp) -> Layers:
    radius = 0.062 * min(g.size, 1.0)
    place = np.mod(g.cycle, 1.0)
    if g.partner is None:
        hand = g.palm("far") + np.array([0.0, -radius * 0.75])
        start, end = (at_phase(hand, g.cycle, p) for p in (0.25, 0.75))
        share = np.clip((place - 0.25) / 0.5, 0, 1)
        high = 0.55 * g.size
        air = start + (end - start) * share[:, None]
        air[:, 1] -= 4 * high * share * (1 - share)
        centre = np.where(((place > 0.25) & (place < 0.75))[:, None], air, hand)
    else:
        mine = g.palm("near") + np.array([0.0, -radius * 0.3])
        other = (
            g.partner["near_hand"] + unit2(g.partner["near_hand"] - g.partner["near_elbow"]) * 0.045
        )
        other = other + np.array([0.0, -radius * 0.3])
        centre = np.where(((place > 0.415) & (place < 0.8))[:, None], other, mine)
        for a, b, leave, arrive in ((mine, other, 0.225, 0.415), (other, mine, 0.725, 0.915)):
            share = np.clip((place - leave) / (arrive - leave), 0, 1)
            start, end = at_phase(a, g.cycle, leave), at_phase(b, g.cycle, arrive)
            air = start + (end - start) * share[:, None]
            air[:, 1] -= 4 * 0.16 * share * (1 - share)
            centre = np.where(((place >= leave) & (place <= arrive))[:, None], air, centre)
    g.reached.append(centre)
    shape = disc(centre, radius)
    spin = g.cycle * 9.0
    arc = np.linspace(-1.0, 1.0, 7)
    curve = np.stack([arc * radius * 1.1, 0.35 * radius * (1 - arc**2) - 0.1 * radius], -1)
    turn = np.stack([np.cos(spin), np.sin(spin)], -1)
    bent = np.stack(
        [
            curve[:, 0] * turn[:, :1] - curve[:, 1] * turn[:, 1:],
            curve[:, 0] * turn[:, 1:] + curve[:, 1] * turn[:, :1],
        ],
        -1,
    )
    white = g.look.white
    shine = disc(centre + np.array(g.look.lamp) * radius * 0.45, radius * 0.25)
    ops = [
        *solid(shape, g.accent),
        inside(
            shape,
            [
                drawn(centre[:, None] + bent, stroke(white, radius * 0.45)),
                filled(
                    disc(centre - np.array(g.look.lamp) * radius * 0.9, radius * 0.9),
                    fill(0x2A1848, 0.2),
                ),
            ],
        ),
        filled(shine, fill(0xFFFFFF, 0.7)),
    ]
    return [(0.9, ops)]


def lantern(g: Grasp) -> Layers:
    hand = g.palm("far")
    tip = hand + np.array([0.15 * g.facing, -0.06]) * g.size
    hang = follow(tip + np.array([0.0, 0.17 * g.size]), 1.6, 0.15)
    wood = g.look.shade(0x7A4A2E)
    body = hang[:, None] + CIRCLE * np.array([0.075, 0.065]) * g.size
    g.reached.append(hang + 0.12 * g.size)

    def shine(canvas: object, frame: int) -> None:
        x, y = hang[frame].tolist()
        glow(canvas, x, y, 0.26 * g.size, 0xFFC766, 0.55)

    red = 0xE8452F
    ribs = [
        drawn(
            hang[:, None] + CIRCLE[5:17] * np.array([0.075 * s, 0.065]) * g.size,
            stroke(0xF7A04B, 0.006 * g.size),
        )
        for s in (0.35, 0.75)
    ]
    cap = [hang + np.array([0, s * 0.066]) * g.size for s in (-1, 1)]
    tassel = np.stack([cap[1], follow(cap[1] + np.array([0, 0.07 * g.size]), 2.0, 0.2)], 1)
    ops = [
        *rod(hand, tip, 0.008 * g.size, wood),
        drawn(np.stack([tip, cap[0]], 1), stroke(ink(wood), 0.006)),
        shine,
        drawn(tassel, stroke(0xD8A93A, 0.014 * g.size)),
        *solid(body, red),
        filled(disc(hang, 0.045 * g.size, 0.05 * g.size), fill(0xFFD27A, 0.85)),
        *ribs,
    ]
    for point in cap:
        ops += solid(disc(point, 0.03 * g.size, 0.012 * g.size), 0xD8A93A, 0.7)
    return [("far", ops)]


def umbrella(g: Grasp) -> Layers:
    hand = g.palm("far")
    lean = np.array([-0.05 * g.facing, -1.0])
    sway = 0.03 * np.sin(2 * np.pi * g.cycle)[:, None] * np.array([1.0, 0.0])
    top = hand + (lean * 0.56 + sway) * g.size
    low = hand - (lean * 0.07) * g.size
    width = 0.4 * g.size
    angle = np.linspace(np.pi, 2 * np.pi, 13)
    dome = top[:, None] + np.stack(
        [np.cos(angle) * width, np.sin(angle) * 0.21 * g.size + 0.19 * g.size], -1
    )
    scallop = []
    for index in range(4):
        for share in (0.33, 0.66):
            x = width * (1 - (index + share) / 2)
            scallop.append((x, 0.19 * g.size - 0.03 * g.size * np.sin(np.pi * share) * 1.4))
        scallop.append((width * (1 - (index + 1) / 2), 0.19 * g.size))
    canopy = np.concatenate([dome, top[:, None] + np.array(scallop[:-1])], axis=1)
    g.reached.extend([top - width, top + np.array([width, 0.0])])
    ribs = []
    for share in (-0.5, 0.0, 0.5):
        foot = top + np.array([width * share, 0.19 * g.size])
        bend = top + np.array([width * share * 0.75, 0.05 * g.size])
        ribs.append(
            drawn(
                rounded(
                    np.stack([top - np.array([0, 0.02 * g.size]), bend, foot], 1), 3, closed=False
                ),
                stroke(ink(g.accent), LINE, 0.7),
            )
        )
    shade_half = np.stack(
        [
            top,
            top + np.array([-np.sign(g.look.lamp[0]) * width, 0.2 * g.size]),
            top + np.array([0.0, 0.2 * g.size]),
        ],
        axis=1,
    )
    ops = [
        *rod(low, top - np.array([0, 0.03 * g.size]), 0.008 * g.size, g.look.shade(0x6A4630)),
        *solid(canopy, g.accent),
        inside(canopy, [filled(shade_half, fill(0x2A1848, 0.16)), *ribs]),
    ]
    return [("far", ops)]


def sword(g: Grasp) -> Layers:
    hand, elbow = g.at["near_hand"], g.at["near_elbow"]
    along = unit2(hand - elbow)
    side = perpendicular(along) * -g.facing
    grip = hand + along * 0.035 * g.size
    direction = unit2(along * 0.72 + side * 0.7)
    tip = grip + direction * 0.5 * g.size
    g.reached.append(tip)
    across = perpendicular(direction)
    half = 0.016 * g.size
    guard = grip + direction * 0.04 * g.size
    blade = np.stack(
        [
            guard + across * half,
            tip - direction * 0.05 * g.size + across * half,
            tip,
            tip - direction * 0.05 * g.size - across * half,
            guard - across * half,
        ],
        axis=1,
    )
    edge = np.stack([guard, tip], axis=1)
    gold = g.look.shade(0xD8A93A)
    past = follow(tip, 3.0, 0.9)
    smear = np.stack([guard, tip, past], axis=1)
    speed = np.linalg.norm(tip - past, axis=-1) > 0.12 * g.size
    ops = [
        filled(smear, fill(0xFFFFFF, 0.22), speed),
        *rod(grip - direction * 0.06 * g.size, guard, 0.011 * g.size, g.look.shade(0x5A3A2A)),
        *solid(blade, g.look.shade(0xDDE6EE)),
        drawn(edge, stroke(0x8FA2B5, LINE * 0.7)),
        *rod(
            guard - across * 0.045 * g.size, guard + across * 0.045 * g.size, 0.011 * g.size, gold
        ),
    ]
    return [("near", ops)]


def book(g: Grasp) -> Layers:
    left, right = g.palm("near"), g.palm("far")
    middle = 0.5 * (left + right)
    across = unit2(right - left + np.array([0.02 * g.facing, 0.0]))
    wide, tall = 0.105 * g.size, 0.135 * g.size
    up = np.array([0.0, -1.0]) * tall
    page = g.look.shade(0xFBF4E2)
    spine_low, spine_top = (
        middle + np.array([0, 0.02]) * g.size,
        middle + up + np.array([0, 0.02]) * g.size,
    )
    ops: list[Op] = []
    for sign in (-1.0, 1.0):
        edge_low, edge_top = (
            p + across * wide * sign - np.array([0, 0.025]) * g.size for p in (spine_low, spine_top)
        )
        cover = np.stack([spine_low, edge_low, edge_top, spine_top], axis=1)
        ops += solid(cover, g.accent)
        band = np.stack(
            [
                spine_top + (edge_top - spine_top) * 0.2,
                spine_top + (edge_top - spine_top) * 0.8,
                spine_top * 0.8 + spine_low * 0.2 + (edge_top - spine_top) * 0.8,
                spine_top * 0.8 + spine_low * 0.2 + (edge_top - spine_top) * 0.2,
            ],
            axis=1,
        )
        ops.append(filled(band, fill(page, 0.8)))
        rim = np.stack(
            [
                edge_top,
                spine_top,
                spine_top - np.array([0, 0.012 * g.size]),
                edge_top - np.array([0, 0.012 * g.size]),
            ],
            axis=1,
        )
        ops.append(filled(rim, fill(page)))
    return [(0.55, ops)]


def cup(g: Grasp) -> Layers:
    palm = g.palm("far")
    tilt = np.clip((palm[:, 1] - g.at["head"][:, 1]) / g.size, -0.1, 0.4)
    sip = np.clip(1 - np.abs(tilt - 0.06) / 0.1, 0, 1) * -0.5 * g.facing
    turn = np.stack([np.cos(sip), np.sin(sip)], -1)

    def spot(x: float, y: float) -> Array:
        x, y = x * g.size, y * g.size
        return palm + np.stack(
            [x * turn[:, 0] - y * turn[:, 1], x * turn[:, 1] + y * turn[:, 0]], -1
        )

    china = g.look.shade(0xF6F2EA)
    body = rounded(
        np.stack(
            [
                spot(-0.04, -0.05),
                spot(0.04, -0.05),
                spot(0.034, 0.02),
                spot(0.02, 0.035),
                spot(-0.02, 0.035),
                spot(-0.034, 0.02),
            ],
            1,
        ),
        3,
        tension=0.35,
    )
    band = np.stack(
        [spot(-0.038, -0.026), spot(0.038, -0.026), spot(0.036, -0.008), spot(-0.036, -0.008)], 1
    )
    steam = []
    for index in range(2):
        rise = np.linspace(0.06, 0.18, 5)
        xs = (
            0.012 * np.sin(rise[None] * 40 + g.cycle[:, None] * 25 + index * 2)
            + (index - 0.5) * 0.03
        )
        path = palm[:, None] + np.stack([xs, np.broadcast_to(-rise, xs.shape)], -1) * g.size
        steam.append(drawn(path, stroke(0xFFFFFF, 0.008 * g.size, 0.35)))
    return [("far", [*steam, *solid(body, china), filled(band, fill(g.accent))])]


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


@dataclass(frozen=True)
class Thing:
    draw: Callable[[Grasp], Layers]
    en: tuple[str, ...]
    zh: tuple[str, ...]


THINGS: dict[str, Thing] = {
    "ball": Thing(ball, ("ball", "bouncy ball", "rubber ball"), ("球", "皮球", "弹力球")),
    "lantern": Thing(
        lantern, ("lantern", "paper lantern", "red lantern"), ("灯笼", "纸灯笼", "红灯笼")
    ),
    "cart": Thing(cart, ("cart", "wooden cart", "fruit cart"), ("推车", "木车", "水果车")),
    "drum": Thing(drum, ("drum", "big drum", "red drum"), ("鼓", "大鼓", "红鼓")),
    "umbrella": Thing(
        umbrella, ("umbrella", "open umbrella", "parasol"), ("雨伞", "伞", "撑开的伞")
    ),
    "sword": Thing(sword, ("sword", "steel sword", "long sword"), ("剑", "长剑", "宝剑")),
    "book": Thing(book, ("book", "open book", "thick book"), ("书", "一本书", "打开的书")),
    "cup": Thing(cup, ("cup", "tea cup", "cup of tea"), ("杯子", "茶杯", "一杯茶")),
    "kite": Thing(
        kite, ("kite", "diamond kite", "colourful kite"), ("风筝", "菱形风筝", "彩色风筝")
    ),
    "box": Thing(box, ("box", "cardboard box", "big box"), ("箱子", "纸箱", "大箱子")),
    "bicycle": Thing(bicycle, ("bicycle", "bike", "push-bike"), ("自行车", "单车", "脚踏车")),
    "chair": Thing(chair, ("chair", "wooden chair", "kitchen chair"), ("椅子", "木椅", "一把椅子")),
}


def holds(name: str, bones: Bones, body: object) -> dict[str, tuple[Array, Array]]:
    """Where a thing wants the hands, in the user's own space; empty where it follows them."""
    frames = len(bones.turn)
    firm = np.ones(frames)
    neck, near = bones.at["neck"], bones.near["chest"]
    ahead, up = bones.ahead["chest"], bones.up["chest"]
    if name == "book":
        centre = neck + ahead * 0.2 - up * 0.13
        return {"near": (centre + near * 0.075, firm), "far": (centre - near * 0.075, firm)}
    if name == "box":
        centre = neck + ahead * 0.21 - up * 0.19
        return {"near": (centre + near * 0.1, firm), "far": (centre - near * 0.1, firm)}
    if name == "bicycle":
        spots = [np.broadcast_to(np.array([0.255, 0.6, z]), (frames, 3)) for z in (0.06, -0.06)]
        return {"near": (spots[0], firm), "far": (spots[1], firm)}
    if name == "cart":
        spots = [np.broadcast_to(np.array([0.3, 0.5, z]), (frames, 3)) for z in (0.07, -0.07)]
        return {"near": (spots[0], firm), "far": (spots[1], firm)}
    return {}
