"""Heads: faces with large eyes, brows and a mouth, and hair in several styles.

- The head is drawn in its own frame (centre at 0, body heights, y down), tilted with the neck.
- `turn` slides the features over the head: 0 faces the viewer, 0.8 is three-quarter.
- A hair style is one entry in `HAIR`: what lies behind the head and what lies on it.
- The robot has a screen for a face.

Called from cast.py.
"""

from collections.abc import Callable
from math import cos, degrees, pi, sin
from typing import Any

import skia

from onereel.backlot.brush import Point, blob, fill, glow, ink, mix, multiply, polyline, stroke
from onereel.backlot.light import LINE, Look
from onereel.backlot.motion import Pose
from onereel.backlot.people import Character

HEAD_X, HEAD_Y = 0.148, 0.143


def enter_head(canvas: Any, pose: Pose, joints: dict[str, Point]) -> None:
    canvas.save()
    canvas.translate(*joints["head"])
    canvas.rotate(degrees(pose.lean * 0.6 + pose.head_tilt))


def oval(x: float, y: float, radius_x: float, radius_y: float) -> Any:
    return skia.Rect.MakeLTRB(x - radius_x, y - radius_y, x + radius_x, y + radius_y)


def outlined(canvas: Any, path: Any, colour: int, paint: Any = None) -> None:
    canvas.drawPath(path, stroke(ink(colour), 2 * LINE))
    canvas.drawPath(path, paint or fill(colour))


def draw_hair_behind(
    canvas: Any, pose: Pose, joints: dict[str, Point], who: Character, look: Look
) -> None:
    behind = HAIR[who.hair_style][0] if who.hair_style in HAIR else None
    if behind is None:
        return
    enter_head(canvas, pose, joints)
    behind(canvas, pose.turn, look)
    canvas.restore()


def draw_head(
    canvas: Any, pose: Pose, joints: dict[str, Point], who: Character, look: Look, blink: float
) -> None:
    enter_head(canvas, pose, joints)
    if who.kind == "robot":
        draw_robot_head(canvas, pose, look, blink)
        canvas.restore()
        return
    turn = pose.turn
    skin_line = stroke(ink(look.skin), 2 * LINE)
    skin_paint = look.round(look.skin, HEAD_X)
    ears = [-0.145 + 0.085 * turn, 0.145 + 0.085 * turn]
    for x in [x for x in ears if abs(x) < 0.17]:
        canvas.drawOval(oval(x, 0.02, 0.026, 0.032), skin_line)
        canvas.drawOval(oval(x, 0.02, 0.026, 0.032), fill(look.skin))
    face = blob(
        ((0.0, -HEAD_Y), (0.105, -0.105), (HEAD_X, 0.0), (0.122, 0.09),
         (0.045 + 0.02 * turn, 0.142),
         (-0.045 + 0.02 * turn, 0.142), (-0.122, 0.09), (-HEAD_X, 0.0), (-0.105, -0.105))
    )  # fmt: skip
    canvas.drawPath(face, skin_line)
    canvas.drawPath(face, skin_paint)
    draw_features(canvas, pose, who, look, blink)
    if who.hair_style in HAIR:
        HAIR[who.hair_style][1](canvas, turn, look)
    canvas.restore()


def draw_features(canvas: Any, pose: Pose, who: Character, look: Look, blink: float) -> None:
    turn = pose.turn
    centre = 0.062 * turn
    old = who.kind == "elder"
    blush = mix(look.skin, 0xF0504A, 0.4)
    dark = 0x2A1B2E
    for sign in (-1, 1):
        # The eye on the side turned away is narrower.
        narrow = 1.0 - 0.28 * max(0.0, sign * turn)
        x = centre + sign * 0.06 * (1.0 - 0.12 * abs(turn))
        canvas.drawOval(oval(x + sign * 0.02, 0.062, 0.026 * narrow, 0.017), fill(blush, 0.55))
        open_eye = 1.0 - blink
        tall = (0.03 if old else 0.039) * (1.0 + 0.12 * pose.brow)
        if open_eye < 0.3:
            arc = blob(((x - 0.028, 0.012), (x, 0.026), (x + 0.028, 0.012)), closed=False)
            canvas.drawPath(arc, stroke(dark, 0.012))
        else:
            tall *= open_eye
            canvas.drawOval(oval(x, 0.01, 0.031 * narrow, tall), fill(look.white))
            pupil = x + 0.008 * turn + 0.008 * pose.look
            canvas.drawOval(oval(pupil, 0.012, 0.022 * narrow, tall * 0.82), fill(dark))
            canvas.drawCircle(pupil + 0.007, -0.006 * open_eye, 0.0085, fill(0xFFFFFF))
            lid = blob(
                ((x - 0.033 * narrow, 0.006 - tall * 0.55), (x, 0.006 - tall),
                 (x + 0.033 * narrow, 0.006 - tall * 0.55)),
                closed=False,
            )  # fmt: skip
            canvas.drawPath(lid, stroke(dark, 0.012 if who.kind in ("girl", "woman") else 0.008))
        inner = 0.016 * min(0.0, pose.brow) * sign  # a frown lowers the inner ends
        brow_y = -0.057 - 0.014 * max(0.0, pose.brow)
        brow = ((x - 0.028, brow_y - inner * 0.9), (x + 0.028, brow_y + inner * 0.9))
        canvas.drawPath(polyline(brow), stroke(mix(look.hair, 0x1B1230, 0.35), 0.014))
    nose = mix(look.skin, multiply(look.skin, 0xB0586A), 0.6)
    tip = centre * 1.35
    nose_line = blob(((tip - 0.01, 0.052), (tip, 0.058), (tip + 0.012, 0.05)), closed=False)
    canvas.drawPath(nose_line, stroke(nose, 0.01))
    if old:
        beard = blob(
            ((-0.12, 0.06), (-0.07 + centre * 0.4, 0.085), (centre, 0.075),
             (0.07 + centre * 0.5, 0.085),
             (0.13, 0.06), (0.1, 0.15), (centre * 0.8, 0.225), (-0.1, 0.15))
        )  # fmt: skip
        outlined(canvas, beard, look.hair)
    draw_mouth(canvas, centre, pose, old, dark)


def draw_mouth(canvas: Any, centre: float, pose: Pose, old: bool, dark: int) -> None:
    x, y, wide = centre * 1.1, 0.1 if old else 0.092, 0.034
    if pose.mouth < 0.12:
        bend = 0.016 * pose.smile
        arc = blob(
            ((x - wide, y - bend * 0.6), (x, y + bend), (x + wide, y - bend * 0.6)), closed=False
        )
        canvas.drawPath(arc, stroke(0x7A2B36, 0.011))
        return
    tall = 0.012 + 0.034 * pose.mouth
    lift = 0.012 * max(0.0, pose.smile)
    mouth = blob(
        ((x - wide, y - lift), (x, y - 0.006), (x + wide, y - lift),
         (x + wide * 0.62, y + tall * 0.7),
         (x, y + tall), (x - wide * 0.62, y + tall * 0.7))
    )  # fmt: skip
    canvas.drawPath(mouth, stroke(dark, 0.012))
    canvas.drawPath(mouth, fill(0x8E2233))
    if pose.mouth > 0.3:
        canvas.save()
        canvas.clipPath(mouth, doAntiAlias=True)
        canvas.drawOval(oval(x, y + tall, wide * 0.6, tall * 0.45), fill(0xF07D7D))
        canvas.restore()


def draw_robot_head(canvas: Any, pose: Pose, look: Look, blink: float) -> None:
    turn = pose.turn
    canvas.drawLine(0, -0.13, 0, -0.2, stroke(ink(look.metal), 0.02))
    glow(canvas, 0, -0.205, 0.07, 0xFF7A5C, 0.6)
    canvas.drawCircle(0, -0.205, 0.024, fill(0xFF7A5C))
    for x in (-0.158 + 0.06 * turn, 0.158 + 0.06 * turn):
        ear = oval(x, 0.0, 0.03, 0.05)
        canvas.drawOval(ear, stroke(ink(look.outfit), 2 * LINE))
        canvas.drawOval(ear, fill(look.outfit))
    head = oval(0, 0, 0.155, 0.132)
    canvas.drawRoundRect(head, 0.07, 0.07, stroke(ink(look.metal), 2 * LINE))
    canvas.drawRoundRect(head, 0.07, 0.07, look.round(look.metal, 0.155))
    centre = 0.035 * turn
    canvas.drawRoundRect(oval(centre, 0.005, 0.112, 0.088), 0.05, 0.05, fill(0x16203A))
    cyan = 0x7FF3FF
    for sign in (-1, 1):
        x = centre + 0.02 * turn + sign * 0.05
        tall = 0.034 * max(0.12, 1.0 - blink)
        glow(canvas, x, -0.008, 0.06, cyan, 0.45)
        canvas.drawOval(oval(x, -0.008, 0.022, tall), fill(cyan))
    x, tall = centre + 0.02 * turn, 0.004 + 0.024 * pose.mouth
    if pose.mouth < 0.12:
        bend = 0.014 * pose.smile
        arc = blob(
            ((x - 0.03, 0.05 - bend), (x, 0.05 + bend * 0.6), (x + 0.03, 0.05 - bend)), closed=False
        )
        canvas.drawPath(arc, stroke(cyan, 0.011))
    else:
        canvas.drawRoundRect(oval(x, 0.053, 0.03, tall), 0.012, 0.012, fill(cyan))


def cap(canvas: Any, turn: float, look: Look, fringe: tuple[Point, ...], grow: float = 1.0) -> None:
    """Hair over the top of the head; `fringe` runs from the right temple to the left one."""
    slide = 0.03 * turn
    rim = []
    for step in range(9):
        angle = pi * (1.06 + 0.985 * step / 9 + 0.0)
        rim.append((HEAD_X * 1.07 * grow * cos(angle), HEAD_Y * 1.1 * grow * sin(angle)))
    sides = [(HEAD_X * 1.07 * grow, 0.01), (HEAD_X * 0.98, 0.05), (HEAD_X * 0.86, -0.01)]
    points = [(-HEAD_X * 0.98, 0.05), *rim, *sides, *((x + slide, y) for x, y in fringe)]
    path = blob(points, tension=0.45)
    outlined(canvas, path, look.hair)
    shine = blob(
        ((-0.02, -0.125 * grow), (0.05, -0.12 * grow), (0.095, -0.085 * grow)), closed=False
    )
    canvas.drawPath(shine, stroke(look.lit(look.hair), 0.018, 0.6))


def short(canvas: Any, turn: float, look: Look) -> None:
    cap(
        canvas,
        turn,
        look,
        ((0.118, -0.045), (0.06, -0.075), (-0.02, -0.062), (-0.115, -0.05), (-0.15, 0.01)),
    )


def spiky(canvas: Any, turn: float, look: Look) -> None:
    points: list[Point] = [(-0.158, 0.0)]
    for step in range(6):
        angle = pi * (1.08 + 0.84 * (step + 0.5) / 6)
        low = pi * (1.08 + 0.84 * (step + 1.0) / 6)
        points.append((0.225 * cos(angle + 0.06), 0.215 * sin(angle + 0.06)))
        points.append((0.152 * cos(low), 0.15 * sin(low)))
    slide = 0.03 * turn
    tail = ((0.158, 0.0), (0.115 + slide, -0.05), (0.07 + slide, -0.03), (0.03 + slide, -0.07),
            (-0.03 + slide, -0.035), (-0.07 + slide, -0.07), (-0.118 + slide, -0.03))  # fmt: skip
    outlined(canvas, blob((*points, *tail), tension=0.18), look.hair)


def bowl(canvas: Any, turn: float, look: Look) -> None:
    cap(
        canvas,
        turn,
        look,
        ((0.13, -0.035), (0.06, -0.042), (0.0, -0.04), (-0.06, -0.042), (-0.13, -0.035)),
        1.02,
    )


def curly(canvas: Any, turn: float, look: Look) -> None:
    places = [
        (0.15 * cos(a), 0.135 * sin(a) - 0.015)
        for a in (pi * (1.0 + step / 6) for step in range(7))
    ]
    for x, y in places:
        canvas.drawCircle(x, y, 0.058 + LINE, fill(ink(look.hair)))
    for x, y in places:
        canvas.drawCircle(x, y, 0.058, fill(look.hair))
    canvas.drawOval(oval(0.02 * turn, -0.11, 0.12, 0.055), fill(look.hair))
    canvas.drawCircle(0.06, -0.14, 0.022, fill(look.lit(look.hair), 0.5))


def parted(canvas: Any, turn: float, look: Look) -> None:
    cap(
        canvas,
        turn,
        look,
        (
            (0.132, 0.02),
            (0.11, -0.045),
            (0.03, -0.085),
            (-0.02, -0.1),
            (-0.085, -0.06),
            (-0.13, 0.02),
        ),
        1.02,
    )


def bangs(canvas: Any, turn: float, look: Look) -> None:
    cap(
        canvas,
        turn,
        look,
        (
            (0.13, 0.03),
            (0.112, -0.035),
            (0.055, -0.045),
            (0.0, -0.038),
            (-0.055, -0.045),
            (-0.112, -0.035),
            (-0.132, 0.03),
        ),
        1.02,
    )


def balding(canvas: Any, turn: float, look: Look) -> None:
    for x in (-0.14 + 0.05 * turn, 0.14 + 0.05 * turn):
        if abs(x) < 0.17:
            side = oval(x, -0.02, 0.032, 0.06)
            canvas.drawOval(side, stroke(ink(look.hair), 2 * LINE))
            canvas.drawOval(side, fill(look.hair))


def long_behind(canvas: Any, turn: float, look: Look) -> None:
    drift = -0.04 * turn
    path = blob(
        ((0.0, -0.16), (0.13, -0.11), (0.17, 0.02), (0.155 + drift, 0.2), (0.05 + drift, 0.25),
         (-0.08 + drift, 0.25), (-0.17 + drift, 0.2), (-0.17, 0.02), (-0.13, -0.11))
    )  # fmt: skip
    outlined(canvas, path, mix(look.hair, 0x1B1230, 0.2))


def bob_behind(canvas: Any, turn: float, look: Look) -> None:
    path = blob(((0.0, -0.16), (0.14, -0.1), (0.178, 0.04), (0.15, 0.135),
                 (0.0, 0.12), (-0.15, 0.135),
                 (-0.178, 0.04), (-0.14, -0.1)))  # fmt: skip
    outlined(canvas, path, mix(look.hair, 0x1B1230, 0.2))


def tail_behind(canvas: Any, turn: float, look: Look) -> None:
    side = -1.0 if turn >= 0 else 1.0
    path = blob(((side * 0.08, -0.1), (side * 0.2, -0.13), (side * 0.27, -0.02),
                 (side * 0.25, 0.14),
                 (side * 0.2, 0.17), (side * 0.18, 0.02), (side * 0.11, -0.03)))  # fmt: skip
    outlined(canvas, path, look.hair)


def bun_behind(canvas: Any, turn: float, look: Look) -> None:
    x = -0.05 * turn
    canvas.drawCircle(x, -0.185, 0.062 + LINE, fill(ink(look.hair)))
    canvas.drawCircle(x, -0.185, 0.062, fill(look.hair))


def buns_behind(canvas: Any, turn: float, look: Look) -> None:
    for x in (-0.125, 0.125):
        canvas.drawCircle(x - 0.03 * turn, -0.14, 0.06 + LINE, fill(ink(look.hair)))
        canvas.drawCircle(x - 0.03 * turn, -0.14, 0.06, fill(look.hair))


Part = Callable[[Any, float, Look], None]
HAIR: dict[str, tuple[Part | None, Part]] = {
    "short": (None, short),
    "spiky": (None, spiky),
    "bowl": (None, bowl),
    "curly": (None, curly),
    "long": (long_behind, parted),
    "bob": (bob_behind, bangs),
    "ponytail": (tail_behind, bangs),
    "bun": (bun_behind, parted),
    "buns": (buns_behind, bangs),
    "bald": (None, balding),
}
