"""Eyes, brows and mouths: curves between two lids or lips, worked out for a whole clip at once.

Mouths follow visemes, else the act's own opening. Called from face.py and robots.py.
"""

from math import pi
from typing import Any

import numpy as np
import skia

from onereel.backlot.brush import chance, fill, mix, multiply, stroke
from onereel.backlot.hair import sphere
from onereel.backlot.look import Look
from onereel.backlot.people import KINDS, Character
from onereel.backlot.shapes import Array, Border, Op, drawn, filled, inside, paths_of, rounded, tube

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


def blinks(seed: int, times: Array) -> Array:
    """How far the eyes are shut, 0..1: a blink of 0.2 s about every 2.6 s."""
    slots = np.floor(times / 2.6).astype(int)
    middles = np.array([(s + 0.2 + 0.6 * chance(seed, 76, int(s))) * 2.6 for s in slots])
    return np.exp(-(((times - middles) / 0.065) ** 2))
