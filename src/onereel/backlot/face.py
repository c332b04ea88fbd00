"""Heads: faces that look, blink, feel and speak, from any side.

- The head is drawn in its own frame: centre 0, half its height 1, y down, tilted with the neck.
- Features sit on a sphere that turns and nods; what turns away narrows and leaves.
- Eyes and mouth are curves between two lids or lips, worked out for a whole clip at once.
- Mouths follow visemes (`VISEMES`), else the act's own opening; moods are smile, brows, lids.
- The robot has a screen for a face.

Called from cast.py.
"""

from math import pi
from typing import Any

import numpy as np
import skia

from onereel.backlot.brush import chance, fill, glow, ink, mix, multiply, stroke
from onereel.backlot.hair import (
    HAIR,
    make_cap,
    make_locks,
    make_strands,
    sphere,
)
from onereel.backlot.light import LINE
from onereel.backlot.look import Look
from onereel.backlot.people import KINDS, Character
from onereel.backlot.shapes import (
    Array,
    Border,
    Op,
    drawn,
    filled,
    filled_together,
    inside,
    paths_of,
    rounded,
    tube,
)

# rest, A, E, I, O, U, M (b, p), F (v), L (t, d, n): width, opening, upper teeth, tongue.
MOUTHS = np.array(
    [
        (1.0, 0.0, 0.0, 0.0),
        (0.98, 1.0, 0.35, 0.6),
        (1.12, 0.55, 0.7, 0.4),
        (1.25, 0.34, 0.9, 0.1),
        (0.66, 0.86, 0.0, 0.3),
        (0.42, 0.5, 0.0, 0.0),
        (0.92, 0.0, 0.0, 0.0),
        (0.95, 0.2, 1.0, 0.0),
        (0.95, 0.42, 0.5, 0.9),
    ]
)
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


def around(centre: Array, points: Array, wide: Array, tall: Any) -> Array:
    """Shapes (M, 2) or (T, M, 2) placed at (T, 2), scaled."""
    size = np.stack(np.broadcast_arrays(wide, tall), axis=-1)[:, None]
    return centre[:, None] + points * size


CIRCLE = np.stack(
    [np.cos(np.linspace(0, 2 * pi, 20, False)), np.sin(np.linspace(0, 2 * pi, 20, False))], 1
)
_X = np.linspace(-1.0, 1.0, 11)
_ARCH = np.sqrt(np.maximum(0.0, 1 - np.abs(_X) ** 2.3))


def make_eyes(
    who: Character, look: Look, axes: tuple, face: tuple, gaze: tuple, blink: Array, line: float
) -> list[Op]:
    kind = KINDS[who.kind]
    smile, brows, frown, lids, _ = face
    female = kind.sex == "f"
    child = kind.age == "child"
    half_width = 0.275 if child else 0.25
    half_height = (0.36 if child else 0.31) * (0.78 if kind.old else 1.0)
    if kind.sex == "m" and not child:
        half_height *= 0.9
    dark = 0x2A1B2E
    brow_colour = mix(look.hair, 0x2A1B2E, 0.3)
    ops: list[Op] = []
    for sign in (-1.0, 1.0):
        place = sphere(axes, sign * 0.42, -0.06, 0.97)
        seen = place[:, 2] > 0.16
        narrow = np.clip(place[:, 2] * 1.12, 0.0, 1.0) ** 0.75
        centre = place[:, :2]
        wide = half_width * narrow
        shut = np.clip(np.maximum(blink, lids), 0.0, 1.0)
        wonder = 1.0 + 0.14 * np.clip(brows, 0, 1.5)
        squint = np.clip(smile - 0.55, 0, 1) * 0.5 + np.clip(frown, 0, 1) * 0.25
        lower = half_height * 0.82 * (1 - squint * 0.6)[:, None] * _ARCH
        upper_open = -half_height * wonder[:, None] * _ARCH
        # An angry lid comes down at the inner corner, a sad one at the outer.
        tilt = 0.16 * frown[:, None] * half_height * (-sign * _X + 0.6) * 1.3
        upper_open = upper_open + np.clip(tilt, 0.0, None) * _ARCH
        upper = upper_open + (lower * 0.75 - upper_open) * shut[:, None]
        lower = np.maximum(lower, upper)
        xs = np.broadcast_to(_X, upper.shape)
        upper_line = np.stack([xs * wide[:, None], upper], -1) + centre[:, None]
        lower_line = np.stack([xs * wide[:, None], lower], -1) + centre[:, None]
        eye = np.concatenate([upper_line, lower_line[:, ::-1]], axis=1)
        is_open = seen & (shut < 0.85)
        ops.append(filled(eye, fill(look.white), is_open))
        iris_r = half_height * 0.86
        pupil = centre + np.stack(
            [
                half_width * (0.30 * gaze[0]) * narrow + 0.05 * axes[0][:, 0],
                0.04 - 0.16 * gaze[1] * half_height * 2,
            ],
            -1,
        )
        ops.append(
            _iris(eye, pupil, iris_r * np.maximum(narrow, 0.45) * 0.86, iris_r, look, is_open)
        )
        # Upper lash: thick, thicker towards the outer corner.
        thick = (0.085 if female else 0.06) * (0.7 + 0.5 * (sign * _X + 1) / 2)
        ends = np.clip(1.15 - np.abs(_X) ** 6, 0.15, 1.0)
        lift = np.stack([np.zeros_like(_X), -thick * ends], -1)
        lash = upper_line.copy()
        grow = np.stack([(xs * 0.07 * wide[:, None]), np.zeros_like(xs)], -1)
        lash = lash + grow
        if female:
            outer = np.clip(sign * _X - 0.6, 0, 1)
            lash = lash + np.stack(
                [sign * outer * 0.12 * narrow[:, None], np.broadcast_to(-outer * 0.14, xs.shape)],
                -1,
            )
        band = np.concatenate([lash + lift, lash[:, ::-1] + np.array([0, 0.012])], axis=1)
        ops.append(filled(band, fill(dark), seen))
        # Brow.
        high = centre + np.stack(
            [0.02 * sign * narrow, -half_height * 1.0 - 0.20 - 0.13 * brows + 0.05 * frown], -1
        )
        bx = np.array([-1.0, -0.35, 0.35, 1.0]) * 0.27
        inner = -sign * bx / 0.27  # +1 at the nose
        bend = np.array([0.03, -0.03, -0.03, 0.03])
        by = bend + 0.12 * frown[:, None] * inner - 0.07 * np.clip(-smile, 0, 1)[:, None] * inner
        brow = high[:, None] + np.stack([bx * narrow[:, None], by], -1)
        taper = np.where(inner > 0, 1.0, 0.62)
        thickness = (0.06 if kind.sex == "m" else 0.042) * (1.15 if kind.old else 1.0)
        ops.append(
            filled(
                tube(
                    rounded(brow, 2, closed=False),
                    np.interp(np.linspace(0, 3, 7), range(4), taper * thickness),
                ),
                fill(brow_colour),
                seen,
            )
        )
    return ops


def _iris(eye: Array, pupil: Array, wide: Array, tall: float, look: Look, when: Array) -> Op:
    colour = look.eyes
    rim, deep = mix(colour, 0x150F22, 0.62), 0x17101F
    low = mix(colour, 0xFFFFFF, 0.34)

    def oval(x: float, y: float, w: float, h: float) -> Any:
        return skia.Rect.MakeLTRB(x - w, y - h, x + w, y + h)

    lids = paths_of(eye)

    def op(canvas: Any, frame: int) -> None:
        if not when[frame]:
            return
        x, y = float(pupil[frame, 0]), float(pupil[frame, 1])
        w = float(wide[frame])
        canvas.save()
        canvas.clipPath(lids(frame), doAntiAlias=True)
        canvas.drawOval(oval(x, y, w, tall), fill(rim))
        canvas.drawOval(oval(x, y + tall * 0.1, w * 0.84, tall * 0.84), fill(colour))
        canvas.drawOval(oval(x, y + tall * 0.46, w * 0.6, tall * 0.42), fill(low))
        canvas.drawOval(oval(x, y, w * 0.5, tall * 0.55), fill(deep))
        # The lid's shadow on the eye.
        top = float(eye[frame, 5, 1])
        canvas.drawOval(oval(x, top, w * 2.2, tall * 0.34), fill(0x2A1B40, 0.3))
        canvas.restore()
        canvas.drawCircle(x - w * 0.34, y - tall * 0.4, w * 0.27, fill(0xFFFFFF))
        canvas.drawCircle(x + w * 0.36, y + tall * 0.38, w * 0.13, fill(0xFFFFFF, 0.85))

    return op


def make_mouth(
    who: Character,
    look: Look,
    axes: tuple,
    face: tuple,
    visemes: Array | None,
    openness: Array | None,
    line: float,
) -> tuple[list[Op], Array]:
    """Ops, and how far the mouth is open (T,)."""
    smile, _, frown, _, act_open = face
    kind = KINDS[who.kind]
    place = sphere(axes, 0.0, -0.56, 1.0)
    seen = place[:, 2] > 0.05
    narrow = np.clip(place[:, 2] * 1.25, 0.0, 1.0) ** 0.7
    params = mouth_params(act_open, visemes, openness)
    width, opening, teeth, tongue = params.T
    opening = np.clip(opening, 0.0, 1.1)
    half = 0.25 * width * narrow * (1 + 0.18 * np.clip(smile, 0, 1) - 0.12 * frown)
    tall = 0.36 * opening
    x = _X
    corner = -0.1 * smile[:, None] * x**2
    base = place[:, None, :2] + np.stack([x * half[:, None], corner + 0.03 * smile[:, None]], -1)
    arch = 1 - np.abs(x) ** 2.2
    up = base - np.stack([np.zeros_like(corner), 0.24 * tall[:, None] * arch], -1)
    down = base + np.stack([np.zeros_like(corner), 0.76 * tall[:, None] * arch], -1)
    hole = np.concatenate([up, down[:, ::-1]], axis=1)
    is_open = seen & (opening > 0.09)
    lip = mix(look.skin, multiply(look.skin, 0xA03848), 0.85)
    lip_line = mix(lip, 0x3A1524, 0.45)
    thin = round(line * 0.85, 4)
    ops = [
        filled(hole, Border(lip_line, thin), is_open),
        filled(hole, fill(look.shade(0x7A1E30)), is_open),
    ]
    centre = base[:, 5]
    tongue_at = centre + np.stack([np.zeros_like(tall), tall * (0.86 - 0.25 * tongue)], -1)
    bottom = around(tongue_at, CIRCLE, half * 0.62, 0.34 * tall + 0.01)
    teeth_low = up + np.stack(
        [
            np.zeros_like(corner),
            np.broadcast_to(
                (0.10 * np.clip(teeth, 0, 1) * np.minimum(1, opening * 5))[:, None], corner.shape
            ),
        ],
        -1,
    )
    upper_teeth = np.concatenate([up, teeth_low[:, ::-1]], axis=1)
    tongue_paint = fill(look.shade(0xE8707A))
    white = fill(look.white)
    in_mouth = inside(hole, [filled(bottom, tongue_paint), filled(upper_teeth, white)])

    def op(canvas: Any, frame: int) -> None:
        if is_open[frame]:
            in_mouth(canvas, frame)

    ops.append(op)
    closed = seen & ~is_open
    ops.append(drawn(base, stroke(lip_line, thin), closed))
    # A hint of the lower lip.
    low = down[:, 3:8] + np.array([0.0, 0.085])
    thick = 0.045 if kind.sex == "f" else 0.03
    ops.append(drawn(low, stroke(lip, thick, 0.5 if kind.sex == "f" else 0.28), seen))
    return ops, opening


def mouth_params(act_open: Array, visemes: Array | None, openness: Array | None) -> Array:
    """(T, 4) width, opening, teeth, tongue."""
    count = len(act_open)
    own = np.clip(act_open, 0.0, 1.2)
    params = np.stack([1.0 + 0.05 * own, own, np.full(count, 0.55), np.full(count, 0.3)], 1)
    if visemes is None or not visemes.any():
        return params
    spoken = MOUTHS[visemes]
    if openness is not None:
        spoken = spoken.copy()
        spoken[:, 1] *= 0.55 + 0.45 * np.clip(openness, 0, 1)
    # Mouths glide between shapes, but lips that meet do meet.
    padded = np.concatenate([spoken[:1], spoken, spoken[-1:]])
    glided = 0.2 * padded[:-2] + 0.6 * padded[1:-1] + 0.2 * padded[2:]
    shut = (visemes == 6) | (visemes == 0)
    glided[shut, 1] *= 0.25
    return glided


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


def blinks(seed: int, times: Array) -> Array:
    """How far the eyes are shut, 0..1: a blink of 0.2 s about every 2.6 s."""
    slots = np.floor(times / 2.6).astype(int)
    middles = np.array([(s + 0.2 + 0.6 * chance(seed, 76, int(s))) * 2.6 for s in slots])
    return np.exp(-(((times - middles) / 0.065) ** 2))


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
    ops += mouth_ops
    if kind.old:
        ops += old_age(who, look, axes, shadow, line)
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
    """Buns and curls. Low ones lie `below` the face, or they would cover it, unless we see the
    back of the head; those behind are covered by the head anyway."""
    towards_us = axes[0][:, 2] > -0.25
    soft = look.lit(look.hair, 0.5)
    many = len(style.balls) > 4
    balls, roots, gleams, shown = [], [], [], []
    for lon, lat, distance, radius in style.balls:
        place = sphere(axes, lon, lat, distance)
        under = towards_us if many and lat < 0.5 else np.zeros(len(towards_us), bool)
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


def old_age(who: Character, look: Look, axes: tuple, shadow: int, line: float) -> list[Op]:
    ops: list[Op] = []
    for sign in (-1, 1):
        fold = np.stack(
            [
                sphere(axes, sign * lon, lat, 1.0)[:, :2]
                for lon, lat in ((0.25, -0.34), (0.38, -0.48), (0.4, -0.62))
            ],
            1,
        )
        seen = sphere(axes, sign * 0.38, -0.48)[:, 2] > 0.2
        ops.append(drawn(fold, stroke(shadow, round(line * 1.1, 4)), seen))
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
    outer = Border(ink(look.hair), round(2 * line, 4))
    mouth = sphere(axes, 0.0, -0.58, 1.02)
    lips = mix(look.skin, 0x8A3A3A, 0.65)
    slit = around(mouth[:, :2], CIRCLE, 0.17 * np.clip(mouth[:, 2], 0, 1), 0.05)
    moustache = []
    for sign in (-1, 1):
        arc = np.stack(
            [
                sphere(axes, sign * lon, lat, 1.04)[:, :2]
                for lon, lat in ((0.02, -0.44), (0.25, -0.47), (0.5, -0.6))
            ],
            1,
        )
        body = tube(rounded(arc, 2, closed=False), np.linspace(0.1, 0.03, 5))
        moustache.append(filled(body, fill(look.lit(look.hair, 0.6)), mouth[:, 2] > 0.1))
    return [
        filled(beard, outer, seen),
        filled(beard, fill(look.hair), seen),
        filled(slit, fill(lips), mouth[:, 2] > 0.1),
        *moustache,
        *ops,
    ]


def glasses(look: Look, axes: tuple, line: float) -> list[Op]:
    frame = stroke(0x2C2A3A, round(line * 0.95, 4))
    ops: list[Op] = []
    for sign in (-1, 1):
        place = sphere(axes, sign * 0.42, -0.06, 1.02)
        seen = place[:, 2] > 0.1
        ring = around(
            place[:, :2], CIRCLE, 0.33 * np.clip(place[:, 2] * 1.1, 0.12, 1) ** 0.75, 0.34
        )
        ops += [filled(ring, fill(0xFFFFFF, 0.16), seen), filled(ring, frame, seen)]
        arm = np.stack([sphere(axes, sign * lon, -0.04, 1.02)[:, :2] for lon in (0.8, 1.5)], 1)
        near = sphere(axes, sign * 1.2, -0.04)[:, 2] > 0.1
        ops.append(drawn(arm, frame, near))
    bridge = np.stack([sphere(axes, lon, -0.03, 1.05)[:, :2] for lon in (-0.1, 0.1)], 1)
    ops.append(drawn(bridge, frame, axes[0][:, 2] > 0.2))
    return ops


def headband(axes: tuple, shape: Array, line: float, accent: int) -> list[Op]:
    lons = np.linspace(-1.75, 1.75, 11)
    arc = np.stack([sphere(axes, lon, 0.46, 1.1) for lon in lons], axis=1)
    front = axes[0][:, 2] > -0.2
    band = rounded(arc[..., :2], 2, closed=False)
    wide = np.full(band.shape[1], 0.085)
    return [
        filled(tube(band, wide, line), fill(ink(accent)), front),
        filled(tube(band, wide), fill(accent), front),
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
