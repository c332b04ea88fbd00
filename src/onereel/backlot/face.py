"""Heads: faces that look, blink, feel and speak, from any side.

- The head is drawn in its own frame: centre 0, half its height 1, y down, tilted with the neck.
- Features sit on a sphere that turns and nods; what turns away narrows and leaves.
- Eyes and mouths are in features.py, glasses, hats and beards in headwear.py, the robot's screen in
  robots.py, hair in hair.py.

Called from figures.py.
"""

from math import pi
from typing import Any

import numpy as np

from onereel.backlot.brush import fill, ink, mix
from onereel.backlot.features import CIRCLE, around, blinks, make_eyes, make_mouth
from onereel.backlot.hair import HAIR, make_cap, make_locks, make_strands, sphere
from onereel.backlot.headwear import glasses, hat, headband, moustache, old_age
from onereel.backlot.light import LINE
from onereel.backlot.look import Look
from onereel.backlot.people import KINDS, Character
from onereel.backlot.robots import robot_head
from onereel.backlot.shapes import Array, Border, Op, filled, filled_together, inside, rounded, tube

_FRONT = [
    (0.0, -1.0),
    (0.53, -0.88),
    (0.87, -0.5),
    (0.94, -0.02),
    (0.86, 0.4),
    (0.58, 0.78),
    (0.2, 0.97),
    (-0.2, 0.97),
    (-0.58, 0.78),
    (-0.86, 0.4),
    (-0.94, -0.02),
    (-0.87, -0.5),
    (-0.53, -0.88),
]


_SIDE = [
    (0.0, -1.0),
    (0.53, -0.87),
    (0.84, -0.52),
    (0.86, -0.1),
    (0.83, 0.3),
    (0.74, 0.72),
    (0.44, 0.96),
    (0.04, 0.86),
    (-0.34, 0.66),
    (-0.64, 0.44),
    (-0.88, 0.0),
    (-0.88, -0.5),
    (-0.54, -0.9),
]


def mirrored(points: list) -> list:
    """Left and right swapped, starting again from the crown so that places correspond."""
    return [(-x, y) for x, y in points]


def head_shape(look_x: Array, look_z: Array, jaw: float) -> Array:
    """(T, M, 2) outline of the head; `jaw` widens the lower face."""
    angle = np.arctan2(np.abs(look_x), look_z) / (pi / 2)
    side_share = np.clip(1 - np.abs(angle - 1), 0, 1)[:, None, None]
    front = np.array(_FRONT)
    right = np.array(_SIDE)
    # The left profile in the order of the right one: around from the crown the other way.
    left = np.array([(-x, y) for x, y in (_SIDE[0], *reversed(_SIDE[1:]))])
    side = np.where((look_x < 0)[:, None, None], left, right)
    shape = front + (side - front) * side_share
    lower = np.clip(shape[..., 1:], 0.0, 1.0)
    shape = shape * np.concatenate([1 + (jaw - 1) * lower, np.ones_like(lower)], axis=-1)
    return rounded(shape, 4, tension=0.5)


def axes_in_picture(bones: Any, flip: int) -> tuple[tuple, Array]:
    """The head's axes as seen (right, down, towards us), upright, and its tilt in radians (T,)."""

    def seen(vector: Array) -> Array:
        return np.stack([flip * vector[:, 0], -vector[:, 1], vector[:, 2]], axis=-1)

    head_up = bones.up["head"]
    turn = bones.head_turn - bones.chest_turn
    chest_ahead, chest_near = bones.ahead["head"], bones.near["head"]
    cosine, sine = np.cos(turn)[:, None], np.sin(turn)[:, None]
    ahead = chest_ahead * cosine - chest_near * sine
    near = chest_near * cosine + chest_ahead * sine
    ahead, up, right = seen(ahead), seen(head_up), seen(near) * -flip
    tilt = np.arctan2(up[:, 0], -up[:, 1])
    cos_t, sin_t = np.cos(tilt), np.sin(tilt)

    def upright(vector: Array) -> Array:
        x, y = vector[:, 0], vector[:, 1]
        return np.stack([x * cos_t + y * sin_t, -x * sin_t + y * cos_t, vector[:, 2]], axis=-1)

    return (upright(ahead), upright(right), upright(up)), tilt


def make_head(
    bones: Any,
    pose: Any,
    who: Character,
    look: Look,
    head: Array,
    size: float,
    flip: int,
    times: Array,
    visemes: Array | None,
    openness: Array | None,
    accent: int,
) -> tuple[list[Op], list[Op], Array, Array]:
    """Ops of hanging hair, ops of the head, whether the hair lies behind (T,), mouth (T,)."""
    axes, tilt = axes_in_picture(bones, flip)
    line = LINE / size
    face = tuple(np.broadcast_to(np.asarray(v, float), times.shape) for v in pose.face)
    gaze = tuple(np.broadcast_to(np.asarray(v, float), times.shape) for v in pose.gaze)
    gaze = (gaze[0] * flip, gaze[1])
    blink = blinks(who.seed, times)
    if who.kind == "robot":
        ops, mouth = robot_head(axes, who, look, face, gaze, blink, visemes, openness, line)
        hanging: list[Op] = []
        behind = np.zeros(len(times), bool)
    else:
        style = HAIR[who.hair_style]
        hanging, behind = make_strands(style, head, _tilted(axes, tilt), size, look, LINE, accent)
        ops, mouth = human_head(axes, who, look, face, gaze, blink, visemes, openness, line, accent)
    degrees = np.degrees(tilt)

    def enter(canvas: Any, frame: int) -> None:
        canvas.save()
        canvas.translate(float(head[frame, 0]), float(head[frame, 1]))
        canvas.rotate(float(degrees[frame]))
        canvas.scale(size, size)

    def leave(canvas: Any, frame: int) -> None:
        canvas.restore()

    return hanging, [enter, *ops, leave], behind, mouth


def _tilted(axes: tuple, tilt: Array) -> tuple:
    """Axes back in the picture, for what hangs in world units."""
    cos_t, sin_t = np.cos(tilt), np.sin(tilt)
    back = []
    for v in axes:
        x, y = v[:, 0], v[:, 1]
        back.append(np.stack([x * cos_t - y * sin_t, x * sin_t + y * cos_t, v[:, 2]], -1))
    return tuple(back)


def human_head(
    axes: tuple,
    who: Character,
    look: Look,
    face: tuple,
    gaze: tuple,
    blink: Array,
    visemes: Array | None,
    openness: Array | None,
    line: float,
    accent: int,
) -> tuple[list[Op], Array]:
    kind = KINDS[who.kind]
    style = HAIR[who.hair_style]
    ahead = axes[0]
    look_x, look_z = ahead[:, 0], ahead[:, 2]
    flat_look = np.maximum(np.hypot(look_x, look_z), 1e-6)
    look_x, look_z = look_x / flat_look, look_z / flat_look
    jaw = 1.06 if kind.sex == "m" and kind.age != "child" else 1.0
    shape = head_shape(look_x, look_z, jaw)
    skin, skin_ink = look.skin, ink(look.skin)
    shadow = look.dark(mix(skin, 0xE07060, 0.25), 0.8)
    skin_line = Border(skin_ink, round(2 * line, 4))
    ops: list[Op] = []
    shows_face = look_z > -0.75
    for lon in (-1.62, 1.62):
        ear = sphere(axes, lon, -0.1, 0.95)
        oval = around(ear[:, :2], CIRCLE, 0.15 + 0.03 * np.abs(ear[:, 2]), 0.2)
        behind = ear[:, 2] <= 0.0
        ops += [filled(oval, skin_line, behind), filled(oval, fill(skin), behind)]
    if style.balls:
        ops += make_balls(style, axes, look, line, accent, True)
    # The nose first as a line, so that only what stands out of the profile is outlined.
    bridge, tip, base = (
        sphere(axes, 0.0, lat, r)[:, :2] for lat, r in ((0.02, 0.9), (-0.27, 1.13), (-0.42, 0.9))
    )
    nose = rounded(np.stack([bridge, tip, base], axis=1), 4, tension=0.45)
    stands_out = shows_face & (np.abs(look_x) > 0.45)
    ops.append(filled(nose, skin_line, stands_out))
    ops += [filled(shape, skin_line), filled(shape, fill(skin))]
    ops.append(filled(nose, fill(skin), stands_out))
    cap = make_cap(style, look_x, look_z)
    inner: list[Op] = []
    if cap is not None and style.cap != "sides":
        inner.append(filled(cap + np.array([0.0, 0.09]), fill(shadow, 0.75), shows_face))
    blush = mix(skin, 0xF0484A, 0.42)
    for lon in (-0.72, 0.72):
        cheek = sphere(axes, lon, -0.42, 0.95)
        narrow = np.clip(cheek[:, 2], 0.0, 1.0)
        strength = 0.5 if kind.sex == "f" or kind.age == "child" else 0.28
        inner.append(
            filled(
                around(cheek[:, :2], CIRCLE, 0.2 * narrow, 0.12),
                fill(blush, strength),
                cheek[:, 2] > 0.1,
            )
        )
    ops.append(inside(shape, inner))
    # Under the nose a soft shade, on its lit side a spot of light.
    low = sphere(axes, 0.0, -0.345, 1.03)
    visible = low[:, 2] > 0.1
    hint = around(low[:, :2] + np.array([0.0, 0.02]), CIRCLE, 0.1 - 0.03 * np.abs(look_x), 0.032)
    ops.append(filled(hint, fill(mix(shadow, 0xB04A40, 0.3), 0.9), visible))
    spot = sphere(axes, 0.04 * look.lamp[0], -0.22, 1.05)
    ops.append(
        filled(
            around(spot[:, :2], CIRCLE, 0.045 + 0 * low[:, 0], 0.05),
            fill(look.lit(skin, 1.4), 0.8),
            visible,
        )
    )
    ops += make_eyes(who, look, axes, face, gaze, blink, line)
    mouth_ops, mouth = make_mouth(who, look, axes, face, visemes, openness, line)
    if kind.old:
        ops += old_age(who, look, axes, shadow, line)
    ops += mouth_ops
    if kind.old and kind.sex == "m":
        ops += moustache(look, axes)
    if who.accessory == "glasses":
        ops += glasses(look, axes, line)
    if cap is not None:
        hair_line = Border(ink(look.hair), round(2 * line, 4))
        ops += [filled(cap, hair_line), filled(cap, fill(look.hair))]
        if style.cap == "full":
            ops.append(_shine(axes, look))
    if style.balls:
        ops += make_balls(style, axes, look, line, accent, False)
    ops += make_locks(style.spikes, axes, 1.42, look.hair, line, look)
    for lon in (-1.62, 1.62):
        ear = sphere(axes, lon, -0.12, 0.9)
        front = ear[:, 2] > 0.0
        if style.fringe and any(abs(s.lon) < 1.5 for s in style.strands):
            front = front & False
        reach = 0.16 + 0.02 * ear[:, 2]
        oval = around(ear[:, :2], CIRCLE, reach * 0.8, 0.21)
        curl = around(ear[:, :2] + np.array([0.0, 0.02]), CIRCLE, reach * 0.4, 0.11)
        ops += [
            filled(oval, skin_line, front),
            filled(oval, fill(skin), front),
            filled(curl, fill(shadow, 0.8), front),
        ]
    ops += make_locks(style.fringe, axes, 1.06, look.hair, line, look)
    if who.accessory == "headband":
        ops += headband(axes, shape, line, accent)
    elif who.accessory == "hat":
        ops += hat(axes, line, accent, look)
    return ops, mouth


def _shine(axes: tuple, look: Look) -> Op:
    """A band of light over the crown."""
    arc = np.stack(
        [
            sphere(axes, lon, 0.98 - 0.12 * abs(lon) ** 1.5, 1.09)
            for lon in np.linspace(-1.0, 1.0, 9) + 0.5 * look.lamp[0]
        ],
        axis=1,
    )
    radius = 0.055 * np.sin(np.linspace(0.12, pi - 0.12, 9))
    seen = arc[:, 4, 2] > -0.1
    return filled(tube(arc[..., :2], radius), fill(look.lit(look.hair, 1.3), 0.75), seen)


def make_balls(
    style: Any, axes: tuple, look: Look, line: float, accent: int, below: bool
) -> list[Op]:
    """Buns and curls. Low curls lie `below` the face, or they would cover it, unless we see the
    back of the head; so do buns behind it."""
    towards_us = axes[0][:, 2] > -0.25
    soft = look.lit(look.hair, 0.5)
    many = len(style.balls) > 4
    balls, roots, gleams, shown = [], [], [], []
    for lon, lat, distance, radius in style.balls:
        place = sphere(axes, lon, lat, distance)
        if many:
            under = towards_us if lat < 0.5 else np.zeros(len(towards_us), bool)
        else:  # a bun at the back of the head is behind it
            under = place[:, 2] < -0.05
        seen = (place[:, 2] > -0.35) | (np.hypot(place[:, 0], place[:, 1]) > 0.75)
        seen = seen & (under == below)
        if not seen.any():
            continue
        shown.append(seen)
        balls.append((place[:, :2], radius))
        gleam = place[:, :2] + radius * 0.36 * np.array(look.lamp)
        gleams.append((gleam, radius * (0.45 if many else 0.36)))
        root = sphere(axes, lon, lat, distance - radius * 0.82)
        roots.append((root[:, :2], radius * 0.62))
    if not balls:
        return []

    def discs(
        places: list[tuple[Array, float]], colour: int, grow: float, alpha: float = 1.0
    ) -> Op:
        shapes = [at[:, None] + CIRCLE * (radius + grow) for at, radius in places]
        return filled_together(shapes, fill(colour, alpha), shown)

    ops = [discs(balls, ink(look.hair), line)]
    if style.tie:
        ops += [discs(roots, ink(accent), line), discs(roots, accent, 0.0)]
    return [*ops, discs(balls, look.hair, 0.0), discs(gleams, soft, 0.0, 0.32 if many else 0.6)]
