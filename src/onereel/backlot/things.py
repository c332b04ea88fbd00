"""Things: what performers hold, ride, sit on and play, drawn at the hands that use them.

A thing is one function from a `Grasp` (the user's joints over the clip) to layers, plus one entry
in `THINGS` with its words. `HOLDS` says where a thing wants its user's hands.
Called from cast.py; captions read the words.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from onereel.backlot.big_things import bicycle, box, cart, chair, drum, kite
from onereel.backlot.brush import fill, glow, ink, stroke
from onereel.backlot.grasp import CIRCLE, Grasp, Layers, at_phase, disc, rod, solid
from onereel.backlot.light import LINE
from onereel.backlot.shapes import (
    Array,
    Op,
    drawn,
    filled,
    follow,
    inside,
    perpendicular,
    rounded,
    unit2,
)
from onereel.backlot.skeleton import Bones


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
    lean = np.array([-0.2 * g.facing, -1.0])  # the hand before the face, the middle over it
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


def before(points: Array, frames: int) -> Array:
    """(T, 2) points as they were so many frames ago."""
    return np.concatenate([np.repeat(points[:1], frames, axis=0), points[: len(points) - frames]])


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
    # Where the tip was in the frames before: a sickle of light behind a fast blade.
    tips = np.stack([before(tip, frames) for frames in range(4)], axis=1)
    roots = np.stack([before(guard, frames) for frames in range(4)], axis=1)
    roots = tips + (roots - tips) * np.array([0.8, 0.6, 0.35, 0.0])[:, None]
    outer, inner = (rounded(points, 3, closed=False) for points in (tips, roots))
    smear = np.concatenate([outer, inner[:, ::-1]], axis=1)
    speed = np.linalg.norm(tip - tips[:, 1], axis=-1) > 0.07 * g.size
    ops = [
        filled(smear, fill(0xFFFFFF, 0.25), speed),
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
