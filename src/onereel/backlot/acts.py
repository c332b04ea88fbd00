"""The acts of everyday life, and the table of all acts.

- An act is one function from cycles (T,) to a pose plus one entry in its table: period, contacts,
  words. Most are key poses; walks and runs are formulas.
- Planted feet stay planted: two neighbouring keys that agree hold a foot exactly.
- Contacts come from the act's beats, so sound and picture share one clock.

Fights and dances are in stunts.py, acts for two in duels.py, animals' in animals.py.
Called from script.py and captions (the table), cast.py (poses, contacts).
"""

from dataclasses import replace
from typing import Any

import numpy as np

from onereel.backlot.animals import ANIMAL_ACTS
from onereel.backlot.duels import DUELS
from onereel.backlot.motion import Act, Beat
from onereel.backlot.skeleton import Array, Pose, keys, track
from onereel.backlot.stunts import STUNTS

TAU = 2 * np.pi
BASE = Pose(pelvis=(0.0, -0.012, 0.0))


def wave(cycle: Array, times: float = 1.0, phase: float = 0.0) -> Array:
    return np.sin(TAU * (cycle * times + phase))


def pose(base: Pose = BASE, **changes: object) -> Pose:
    return replace(base, **changes)  # type: ignore[arg-type]


def stands(c: Array) -> Pose:
    look = track(c, (0.0, 0.0), (0.12, 0.55), (0.4, 0.55), (0.55, -0.6), (0.85, -0.6))
    breath = wave(c, 2)
    return pose(
        pelvis=(0.006 * wave(c), -0.014 + 0.003 * breath, 0.0),
        turn=0.55 + 0.12 * look,
        torso=(0.015, 0.02 * wave(c), 0.25 * look, 0.012 * breath),
        head=(0.5 * look, 0.02 * wave(c, 2, 0.2), 0.03 * look),
        near_arm=(0.03 + 0.02 * breath, 0.2, 0.95, 0.0),
        far_arm=(0.06 + 0.02 * breath, 0.2, 0.95, 0.0),
        gaze=(0.6 * look, 0.0),
        face=(0.5, 0.15 * np.abs(look), 0.0, 0.0, 0.0),
    )


def gait_foot(
    c: Array,
    carry: float,
    stride: float,
    lift: float,
    ahead: float,
    z: float,
    throw: float = 0.0,
    roll: float = 0.75,
) -> tuple:
    """A foot that lands at whole cycles, carries for `carry` of the cycle, then swings forward."""
    place = np.mod(c, 1.0)
    reach = stride * carry
    down = place < carry
    share = np.clip(place / carry, 0, 1)
    swing = np.clip((place - carry) / (1 - carry), 0, 1)
    ease = swing * swing * (3 - 2 * swing)
    x = np.where(down, ahead + reach / 2 - stride * place, ahead - reach / 2 + reach * ease)
    x = x - throw * np.sin(np.pi * swing) * (1 - swing)
    y = np.where(down, 0.0, lift * np.sin(np.pi * swing**0.85) ** 1.2)
    strike = 0.3 * np.clip(1 - share / 0.2, 0, 1)
    leave = -roll * np.clip((share - 0.62) / 0.38, 0, 1) ** 1.6
    fly = np.interp(swing, (0, 0.25, 0.7, 1.0), (-roll, -roll * 1.1, 0.15, 0.3))
    return x, y, np.full_like(c, z), np.where(down, strike + leave, fly)


def walks(c: Array) -> Pose:
    stride, carry = 0.58, 0.6
    swing, bob = np.cos(TAU * c), np.cos(2 * TAU * c)
    return pose(
        pelvis=(0.0, -0.034 - 0.010 * bob, 0.006 * wave(c)),
        turn=1.08,
        torso=(0.06, 0.03 * wave(c, 1, 0.1), -0.14 * swing, 0.0),
        head=(-0.22 + 0.12 * swing, 0.015 * bob, 0.0),
        near_arm=(-0.55 * swing + 0.08, 0.16, 0.93, 0.0),
        far_arm=(0.55 * swing + 0.08, 0.16, 0.93, 0.0),
        near_foot=gait_foot(c, carry, stride, 0.07, 0.0, 0.045),
        far_foot=gait_foot(c + 0.5, carry, stride, 0.07, 0.0, -0.045),
        face=(0.55, 0.1, 0.0, 0.0, 0.0),
    )


def runs(c: Array) -> Pose:
    stride, carry = 1.15, 0.34
    swing, bob = np.cos(TAU * (c - 0.06)), np.cos(2 * TAU * (c - 0.17))
    return pose(
        pelvis=(0.0, -0.052 - 0.028 * bob, 0.0),
        turn=1.15,
        torso=(0.3, 0.0, -0.3 * swing, 0.05),
        head=(-0.2 + 0.25 * swing, -0.08, 0.0),
        near_arm=(-1.0 * swing + 0.35, 0.22, 0.66, 0.0),
        far_arm=(1.0 * swing + 0.35, 0.22, 0.66, 0.0),
        near_foot=gait_foot(c, carry, stride, 0.2, 0.02, 0.045, 0.32, 0.9),
        far_foot=gait_foot(c + 0.5, carry, stride, 0.2, 0.02, -0.045, 0.32, 0.9),
        face=(0.5, 0.25, 0.25, 0.0, 0.3),
    )


def sneaks(c: Array) -> Pose:
    stride, carry = 0.42, 0.62
    swing, bob = np.cos(TAU * c), np.cos(2 * TAU * c)
    look = track(c, (0.0, 0.3), (0.3, 0.3), (0.5, -0.35), (0.8, -0.35))
    return pose(
        pelvis=(0.0, -0.105 - 0.016 * bob, 0.0),
        turn=1.0,
        torso=(0.42, 0.0, -0.12 * swing, 0.22),
        head=(look - 0.1, -0.18, 0.0),
        near_arm=(1.35 - 0.2 * swing, 0.15, 0.58, 0.3),
        far_arm=(1.5 + 0.2 * swing, 0.15, 0.55, 0.3),
        near_foot=gait_foot(c, carry, stride, 0.14, 0.03, 0.05, 0.0, 0.5),
        far_foot=gait_foot(c + 0.5, carry, stride, 0.14, 0.03, -0.05, 0.0, 0.5),
        gaze=(1.6 * look, 0.0),
        face=(0.3, 0.3, 0.25, 0.0, 0.0),
    )


def marches(c: Array) -> Pose:
    stride, carry = 0.5, 0.6
    swing = np.cos(TAU * c)
    return pose(
        pelvis=(0.0, -0.022 - 0.008 * np.cos(2 * TAU * c), 0.0),
        turn=1.05,
        torso=(-0.03, 0.0, -0.1 * swing, 0.0),
        head=(-0.15, -0.03, 0.0),
        near_arm=(-0.95 * swing + 0.2, 0.12, 0.9, 0.0),
        far_arm=(0.95 * swing + 0.2, 0.12, 0.9, 0.0),
        near_foot=gait_foot(c, carry, stride, 0.19, 0.02, 0.045, 0.0, 0.4),
        far_foot=gait_foot(c + 0.5, carry, stride, 0.19, 0.02, -0.045, 0.0, 0.4),
        face=(0.2, 0.1, 0.25, 0.0, 0.0),
    )


FEET: dict[str, Any] = {"near_foot": (-0.09, 0.0, 0.05, 0.0), "far_foot": (0.09, 0.0, -0.02, 0.0)}


def leap(c: Array, leave: float, land: float, height: float) -> tuple[Array, Array]:
    """Height of a ballistic jump and how far it has gone, 0..1 while in the air."""
    air = np.clip((np.mod(c, 1.0) - leave) / (land - leave), 0.0, 1.0)
    return height * 4 * air * (1 - air), air


def jumps(c: Array) -> Pose:
    rise, air = leap(c, 0.3, 0.62, 0.34)
    tuck = np.sin(np.pi * air) ** 1.0
    ready = pose(turn=0.6, **FEET, face=(0.6, 0.2, 0.0, 0.0, 0.1))
    crouch = pose(
        ready,
        pelvis=(-0.02, -0.16, 0.0),
        torso=(0.55, 0, 0, 0.25),
        head=(0, -0.25, 0),
        near_arm=(-0.8, 0.3, 0.9, 0.2),
        far_arm=(-0.8, 0.3, 0.9, 0.2),
        face=(0.4, 0.0, 0.3, 0.1, 0.0),
    )
    up = pose(
        ready,
        pelvis=(0, 0.0, 0),
        torso=(-0.06, 0, 0, -0.08),
        near_arm=(2.75, 0.35, 0.97, 0.3),
        far_arm=(2.75, 0.35, 0.97, 0.3),
        face=(1.0, 0.9, 0, 0, 0.75),
    )
    land = pose(
        crouch,
        pelvis=(0.0, -0.14, 0.0),
        near_arm=(0.5, 0.7, 0.9, 0.2),
        far_arm=(0.5, 0.7, 0.9, 0.2),
        face=(0.7, 0.2, 0, 0.3, 0.2),
    )
    found = keys(
        c,
        (0.0, ready),
        (0.18, crouch),
        (0.3, up),
        (0.5, up),
        (0.62, pose(up, far_arm=(1.8, 0.8, 0.95, 0.2), near_arm=(1.8, 0.8, 0.95, 0.2))),
        (0.69, land),
        (0.88, ready),
    )

    def lift(foot: tuple, share: float) -> tuple:
        x, y, z, pitch = foot
        return x, y + rise + 0.13 * tuck * share, z, pitch - 0.75 * tuck

    x, y, z = found.pelvis
    squash = track(
        c,
        (0.0, 1.0),
        (0.2, 0.96),
        (0.31, 1.03),
        (0.5, 1.0),
        (0.62, 1.02),
        (0.68, 0.95),
        (0.8, 1.01),
        (0.9, 1.0),
    )
    return replace(
        found,
        pelvis=(x, y + rise, z),
        near_foot=lift(found.near_foot, 1.0),
        far_foot=lift(found.far_foot, 0.8),
        squash=squash,
    )


def skips(c: Array) -> Pose:
    found = walks(c)
    hop = np.abs(np.sin(TAU * c)) ** 1.3 * 0.06
    swing = np.cos(TAU * c)
    add = lambda foot: (foot[0], foot[1] + np.where(foot[1] > 0.02, hop, 0.0), foot[2], foot[3])  # noqa: E731
    return replace(
        found,
        pelvis=(0.0, -0.03 + hop * 0.55, 0.0),
        turn=0.95 + 0 * c,
        near_foot=add(found.near_foot),
        far_foot=add(found.far_foot),
        near_arm=(-1.0 * swing + 0.2, 0.45, 0.9, 0.2),
        far_arm=(1.0 * swing + 0.2, 0.45, 0.9, 0.2),
        head=(-0.2, -0.08, 0.1 * swing),
        face=(1.0, 0.5, 0, 0, 0.35),
    )


SEATED = pose(
    pelvis=(-0.16, -0.205, 0.0),
    turn=0.85,
    torso=(0.02, 0, 0, 0.0),
    near_foot=(0.07, 0.0, 0.07, 0.0),
    far_foot=(0.09, 0.0, -0.05, 0.0),
    near_arm=(0.45, 0.12, 0.8, 0.1),
    far_arm=(0.45, 0.12, 0.8, 0.1),
    face=(0.6, 0.1, 0, 0, 0),
)


def sits(c: Array) -> Pose:
    up = pose(SEATED, pelvis=(0.0, -0.012, 0.0), near_arm=BASE.near_arm, far_arm=BASE.far_arm)
    down = pose(
        up,
        pelvis=(-0.1, -0.13, 0.0),
        torso=(0.55, 0, 0, 0.1),
        head=(0, -0.2, 0),
        near_arm=(0.7, 0.1, 0.9, 0),
        far_arm=(0.7, 0.1, 0.9, 0),
    )
    sunk = pose(SEATED, pelvis=(-0.16, -0.215, 0.0), torso=(0.1, 0, 0, 0.05))
    lookout = pose(SEATED, head=(0.4, -0.1, 0.1), face=(0.9, 0.4, 0, 0, 0.2), gaze=(0.5, 0))
    back = pose(SEATED, torso=(-0.08, 0, 0, 0), head=(-0.3, 0.0, -0.05))
    return keys(
        c,
        (0.0, up),
        (0.06, up),
        (0.14, down),
        (0.2, sunk),
        (0.26, SEATED),
        (0.42, lookout),
        (0.55, lookout),
        (0.68, back),
        (0.8, SEATED),
        (0.9, down),
    )


def bows(c: Array) -> Pose:
    up = pose(turn=1.0, near_foot=(-0.03, 0, 0.05, 0), far_foot=(0.03, 0, -0.05, 0))
    low = pose(
        up,
        pelvis=(-0.075, -0.02, 0),
        torso=(0.85, 0, 0, 0.35),
        head=(0, 0.25, 0),
        near_arm=(0.75, 0.02, 0.9, 0),
        far_arm=(0.75, 0.02, 0.9, 0),
        face=(0.4, 0, 0, 0.6, 0),
    )
    over = pose(up, torso=(-0.03, 0, 0, -0.04), face=(0.8, 0.3, 0, 0, 0))
    return keys(c, (0.0, up), (0.08, over), (0.32, low), (0.56, low), (0.78, over), (0.9, up))


def waves(c: Array) -> Pose:
    rest = pose(turn=0.4, face=(0.8, 0.3, 0, 0, 0.0))
    up = pose(
        rest,
        far_arm=(2.5, 0.65, 0.78, 0.4),
        torso=(0.0, 0.06, 0.1, -0.03),
        head=(0.05, -0.05, -0.12),
        face=(1.0, 0.6, 0, 0, 0.45),
    )
    ready = pose(rest, far_arm=(0.4, 0.3, 0.8, 0.3), torso=(0.03, -0.03, 0, 0))
    found = keys(c, (0.0, rest), (0.06, ready), (0.17, up), (0.8, up), (0.92, rest))
    raised = track(c, (0.0, 0), (0.12, 0), (0.2, 1), (0.76, 1), (0.88, 0))
    shake = 0.34 * raised * wave(c, 6)
    swing, out, reach, elbow = found.far_arm
    return replace(found, far_arm=(swing + 0.1 * np.abs(shake), out + shake, reach, elbow))


def claps(c: Array) -> Pose:
    apart = (0.5 - 0.5 * np.cos(TAU * (c - 0.5))) ** 0.8
    arm = (1.15 + 0.12 * apart, -0.36 + 0.62 * apart, 0.66, 0.25)
    return pose(
        pelvis=(0.0, -0.02 + 0.008 * apart, 0.0),
        turn=0.35,
        torso=(0.03, 0, 0, 0.02 * (1 - apart)),
        head=(0.0, -0.04 + 0.05 * (1 - apart), 0.08 * wave(c, 0.5)),
        near_arm=arm,
        far_arm=arm,
        face=(1.0, 0.5, 0, 0.1, 0.4),
    )


def cheers(c: Array) -> Pose:
    bounce = np.abs(wave(c, 1)) ** 1.4
    pump = wave(c, 2)
    return pose(
        pelvis=(0.0, -0.06 + 0.05 * bounce, 0.0),
        turn=0.35,
        torso=(-0.04, 0.04 * wave(c), 0, -0.05),
        near_arm=(2.75 + 0.2 * pump, 0.65, 0.9 + 0.08 * bounce, 0.4),
        far_arm=(2.75 + 0.2 * pump, 0.65, 0.9 + 0.08 * bounce, 0.4),
        near_foot=(-0.1, 0, 0.04, -0.5 * bounce * 0.6),
        far_foot=(0.1, 0, 0.0, -0.5 * bounce * 0.6),
        head=(0, -0.15, 0.1 * wave(c)),
        face=(1.0, 0.8, 0, 0.2, 0.85),
    )


def laughs(c: Array) -> Pose:
    shake = wave(c, 9)
    back = track(c, (0.0, 0.0), (0.25, 1.0), (0.45, 0.8), (0.7, -0.7), (0.9, -0.2))
    return pose(
        pelvis=(0.0, -0.03 + 0.004 * shake, 0.0),
        turn=0.45,
        torso=(-0.12 * back, 0, 0, -0.1 * back + 0.015 * shake),
        head=(0, -0.22 * back, 0.06 * back),
        near_arm=(0.85, -0.2, 0.62, 0.5),
        far_arm=(0.6, -0.15, 0.66, 0.5),
        face=(1.0, 0.4, 0, 0.75 + 0.2 * back, 0.75 + 0.2 * shake),
    )


def cries(c: Array) -> Pose:
    sob = wave(c, 4)
    return pose(
        pelvis=(0.0, -0.03, 0),
        turn=0.4,
        torso=(0.16, 0, 0, 0.18 + 0.025 * sob),
        head=(0, 0.22, 0.05 * wave(c)),
        near_arm=(2.0, -0.28 + 0.02 * sob, 0.6, 0.5),
        far_arm=(2.05, -0.28 - 0.02 * sob, 0.58, 0.5),
        face=(-1.0, 0.5, -0.7, 0.72, 0.3 + 0.2 * sob),
        gaze=(0, -0.6),
    )


def points(c: Array) -> Pose:
    rest = pose(turn=0.75)
    wind = pose(rest, far_arm=(0.9, 0.1, 0.55, 0.2), torso=(-0.04, 0, -0.15, 0))
    aim = pose(
        rest,
        far_arm=(1.72, 0.12, 1.0, 0),
        torso=(0.1, 0, 0.2, 0),
        head=(0.12, -0.05, 0),
        face=(0.6, 0.9, 0, 0, 0.5),
        gaze=(0.5, 0.1),
        pelvis=(0.02, -0.02, 0),
    )
    settle = pose(aim, far_arm=(1.68, 0.12, 0.97, 0), face=(0.5, 0.5, 0, 0, 0.1))
    turned = pose(settle, head=(-0.7, 0.0, 0.1), gaze=(-0.6, 0))
    return keys(
        c,
        (0.0, rest),
        (0.1, wind),
        (0.2, aim),
        (0.27, settle),
        (0.5, settle),
        (0.6, turned),
        (0.75, turned),
        (0.88, rest),
    )


def thinks(c: Array) -> Pose:
    sway = wave(c)
    return pose(
        turn=0.5,
        torso=(0.03, 0.03 * sway, 0, 0.02),
        head=(0.2 * sway, 0.03, -0.14),
        far_arm=(1.95, -0.32, 0.66, 0.2),
        near_arm=(0.95, -0.5, 0.6, 0.2),
        gaze=(0.5 * sway, 0.6),
        face=(0.0, 0.55, 0.15, 0.12, 0.0),
    )


def talks(c: Array) -> Pose:
    a = track(c, (0.0, 0.1), (0.14, 1.0), (0.3, 0.55), (0.44, 0.9), (0.6, 0.15), (0.85, 0.0))
    b = track(c, (0.0, 0.2), (0.25, 0.0), (0.5, 0.1), (0.68, 1.0), (0.8, 0.7), (0.93, 0.3))
    nod = wave(c, 3)
    return pose(
        pelvis=(0.008 * wave(c), -0.014, 0.0),
        turn=0.5 + 0.1 * wave(c, 1, 0.2),
        torso=(0.03 + 0.03 * a, 0.02 * wave(c), 0.08 * (a - b), 0.0),
        head=(0.1 * (b - a), 0.035 * nod, 0.06 * wave(c, 1, 0.4)),
        far_arm=(0.1 + 1.25 * a, 0.2 + 0.22 * a, 0.95 - 0.3 * a, 0.1),
        near_arm=(0.05 + 1.1 * b, 0.2 + 0.25 * b, 0.95 - 0.28 * b, 0.1),
        face=(0.5, 0.35 * a + 0.2 * b, 0, 0, 0.0),
        gaze=(0.15 * wave(c), 0.0),
    )


def sings(c: Array) -> Pose:
    sway = wave(c, 0.5)
    swell = 0.5 + 0.5 * wave(c, 0.5, 0.1)
    return pose(
        pelvis=(0.02 * sway, -0.02, 0.0),
        turn=0.4 + 0.1 * sway,
        torso=(-0.02, 0.06 * sway, 0, -0.05 * swell),
        head=(0.05 * sway, -0.1 - 0.08 * swell, 0.1 * sway),
        far_arm=(0.9 + 0.7 * swell, 0.35 + 0.4 * swell, 0.85, 0.1),
        near_arm=(1.55, -0.25, 0.5, 0.3),
        face=(0.55, 0.6 * swell, -0.15, 0.25 * swell, 0.0),
    )


def falls(c: Array) -> Pose:
    up = pose(turn=0.95, **FEET, face=(0.4, 0, 0, 0, 0))
    slip = pose(
        up,
        pelvis=(-0.06, -0.04, 0),
        torso=(-0.35, 0, 0, 0.1),
        near_arm=(2.2, 0.7, 0.95, 0.2),
        far_arm=(1.8, 0.8, 0.95, 0.2),
        far_foot=(0.17, 0.14, -0.02, 0.5),
        face=(-0.4, 1.3, 0, 0, 0.9),
    )
    seat = pose(
        up,
        pelvis=(-0.2, -0.375, 0),
        torso=(-0.75, 0, 0, 0.1),
        head=(0, 0.15, 0),
        near_arm=(-0.5, 0.5, 0.95, 0.2),
        far_arm=(-0.5, 0.5, 0.95, 0.2),
        near_foot=(0.1, 0.02, 0.06, 0.3),
        far_foot=(0.14, 0.06, -0.03, 0.4),
        face=(-0.6, 0.3, 0.5, 0.8, 0.5),
    )
    lie = pose(
        seat,
        torso=(-1.42, 0, 0, -0.05),
        head=(0, 0.2, 0),
        near_arm=(0.6, 0.9, 0.95, 0.2),
        far_arm=(0.6, 0.9, 0.95, 0.2),
        near_foot=(0.12, 0.0, 0.06, 0.1),
        far_foot=(0.14, 0, -0.03, 0.1),
    )
    situp = pose(
        seat,
        torso=(0.1, 0, 0, 0.15),
        near_foot=(0.1, 0, 0.06, 0),
        far_foot=(0.14, 0, -0.03, 0),
        near_arm=(-0.3, 0.3, 0.9, 0.2),
        face=(-0.2, 0.2, 0.2, 0.3, 0.1),
    )
    crouch = pose(
        up,
        pelvis=(-0.02, -0.24, 0),
        torso=(0.75, 0, 0, 0.2),
        head=(0, -0.2, 0),
        near_foot=(-0.09, 0, 0.05, -0.5),
        near_arm=(0.9, 0.1, 0.9, 0),
        far_arm=(0.8, 0.1, 0.9, 0),
    )
    shake = pose(up, head=(0.25, 0, 0.1), face=(0.2, 0.4, 0, 0.2, 0.1), torso=(0.08, 0, 0, 0.05))
    return keys(
        c,
        (0.0, up),
        (0.07, up),
        (0.15, slip),
        (0.235, seat),
        (0.28, lie),
        (0.45, lie),
        (0.58, situp),
        (0.63, situp),
        (0.74, crouch),
        (0.84, shake),
        (0.92, up),
    )


def throws(c: Array) -> Pose:
    """Tosses a ball straight up and catches it again."""
    ready = pose(
        turn=0.55,
        **FEET,
        far_arm=(1.0, 0.1, 0.72, 0),
        near_arm=(0.25, 0.35, 0.9, 0),
        head=(0.05, 0.05, 0),
        gaze=(0.2, -0.5),
    )
    dip = pose(ready, pelvis=(0, -0.07, 0), far_arm=(0.62, 0.1, 0.86, 0), torso=(0.12, 0, 0, 0.05))
    fling = pose(
        ready,
        pelvis=(0, 0.0, 0),
        far_arm=(2.05, 0.1, 0.9, 0),
        torso=(-0.06, 0, 0, -0.06),
        head=(0.05, -0.3, 0),
        gaze=(0.2, 0.8),
        face=(0.8, 0.7, 0, 0, 0.4),
    )
    watch = pose(fling, far_arm=(1.6, 0.1, 0.75, 0), head=(0.05, -0.38, 0))
    meet = pose(ready, far_arm=(1.35, 0.1, 0.8, 0), head=(0.05, -0.1, 0), gaze=(0.2, 0.2))
    give = pose(dip, pelvis=(0, -0.05, 0), far_arm=(0.8, 0.1, 0.82, 0), face=(1.0, 0.4, 0, 0, 0.3))
    return keys(
        c,
        (0.0, ready),
        (0.13, dip),
        (0.25, fling),
        (0.45, watch),
        (0.68, watch),
        (0.75, meet),
        (0.81, give),
        (0.93, ready),
    )


def drums(c: Array) -> Pose:
    beat_n = np.abs(np.sin(np.pi * (c * 2))) ** 0.7
    beat_f = np.abs(np.sin(np.pi * (c * 2 + 0.5))) ** 0.7
    return pose(
        pelvis=(0.0, -0.04 - 0.008 * wave(c, 4), 0.0),
        turn=0.85,
        torso=(0.14, 0, 0.12 * (beat_n - beat_f), 0.06),
        near_arm=(0.92 + 1.0 * beat_n, 0.12, 0.66, 0.2),
        far_arm=(0.92 + 1.0 * beat_f, 0.12, 0.66, 0.2),
        near_foot=(-0.1, 0, 0.06, 0),
        far_foot=(0.06, 0, -0.05, 0),
        head=(-0.15, 0.06 * wave(c, 4), 0.06 * wave(c)),
        face=(0.9, 0.2, 0.1, 0.05, 0.2),
    )


def reads(c: Array) -> Pose:
    scan = np.mod(c * 3, 1.0) * 2 - 1
    scan = np.sin(np.pi * scan / 2) * np.minimum(1.0, (1 - np.abs(scan)) * 6)
    arm = (1.12, -0.2, 0.6, 0.25)
    return pose(
        turn=0.6,
        torso=(0.05, 0, 0, 0.08),
        head=(0.03 * scan, 0.2, 0.03 * wave(c)),
        near_arm=arm,
        far_arm=arm,
        gaze=(0.35 * scan, -0.75),
        face=(0.45, 0.2 + 0.2 * wave(c, 0.5), 0, 0.22, 0.0),
    )


def flies_kite(c: Array) -> Pose:
    pull = track(c, (0.0, 0.0), (0.3, 1.0), (0.5, 0.2), (0.7, 0.8), (0.85, 0.3))
    return pose(
        pelvis=(-0.02 * pull, -0.03 - 0.01 * pull, 0),
        turn=0.85,
        torso=(-0.06 - 0.1 * pull, 0, 0, -0.04),
        head=(0.0, -0.3, 0),
        near_foot=(-0.13, 0, 0.06, 0),
        far_foot=(0.09, 0, -0.04, 0),
        far_arm=(2.25 - 0.35 * pull, 0.12, 0.8 - 0.12 * pull, 0.1),
        near_arm=(1.7 - 0.3 * pull, -0.05, 0.6, 0.2),
        gaze=(0.4, 0.8),
        face=(0.95, 0.5, 0, 0, 0.25),
    )


def rides(c: Array) -> Pose:
    angle = TAU * c

    def pedal(phase: float, z: float) -> tuple:
        return (
            0.005 + 0.085 * np.sin(angle + phase),
            0.135 + 0.085 * np.cos(angle + phase),
            np.full_like(c, z),
            0.25 * np.sin(angle + phase + 2.2),
        )

    return pose(
        pelvis=(-0.15, 0.02 + 0.006 * wave(c, 2), 0),
        turn=1.25,
        torso=(0.4, 0.02 * wave(c), 0, 0.1),
        head=(-0.35, -0.12, 0.03 * wave(c)),
        near_arm=(1.15, 0.05, 0.9, 0.2),
        far_arm=(1.15, 0.05, 0.9, 0.2),
        near_foot=pedal(0.0, 0.05),
        far_foot=pedal(np.pi, -0.05),
        face=(0.9, 0.3, 0, 0, 0.15),
    )


def pushes(c: Array) -> Pose:
    found = walks(c)
    return replace(
        found,
        torso=(0.3, 0.02 * wave(c), 0.0, 0.05),
        head=(-0.2, -0.12, 0),
        pelvis=(-0.03, -0.06 - 0.008 * np.cos(2 * TAU * c), 0.0),
        face=(0.3, 0.1, 0.3, 0, 0.1),
        near_arm=(1.15, 0.0, 0.86, 0.1),
        far_arm=(1.15, 0.0, 0.86, 0.1),
    )


def carries_lantern(c: Array) -> Pose:
    found = walks(c)
    return replace(
        found, far_arm=(1.45, 0.1, 0.82, 0.1), face=(0.5, 0.3, 0, 0, 0), turn=1.0 + 0 * c
    )


def carries_box(c: Array) -> Pose:
    found = walks(c)
    return replace(
        found,
        near_arm=(1.0, -0.1, 0.68, 0.3),
        far_arm=(1.0, -0.1, 0.68, 0.3),
        torso=(-0.06, 0.03 * wave(c), -0.04 * np.cos(TAU * c), -0.03),
        face=(0.2, 0.3, 0.2, 0, 0.05),
    )


def walks_umbrella(c: Array) -> Pose:
    found = walks(c)
    return replace(found, far_arm=(1.9, 0.0, 0.58, 0.2), turn=0.95 + 0 * c)


def drinks(c: Array) -> Pose:
    hold = pose(turn=0.6, far_arm=(1.15, 0.0, 0.62, 0.1), near_arm=(0.95, -0.25, 0.62, 0.2))
    sip = pose(
        hold,
        far_arm=(1.98, -0.3, 0.58, 0.3),
        near_arm=(1.75, -0.4, 0.58, 0.4),
        head=(0.05, -0.12, 0),
        face=(0.5, 0.1, 0, 0.65, 0.2),
    )
    ahh = pose(
        hold, torso=(-0.03, 0, 0, -0.04), face=(1.0, 0.5, 0, 0.5, 0.35), head=(0, -0.08, 0.06)
    )
    return keys(
        c,
        (0.0, hold),
        (0.15, hold),
        (0.32, sip),
        (0.52, sip),
        (0.66, hold),
        (0.74, ahh),
        (0.88, hold),
    )


def kneels(c: Array) -> Pose:
    up = pose(
        turn=0.95,
        near_foot=(-0.2, 0, 0.06, 0),
        far_foot=(0.1, 0, -0.04, 0),
        pelvis=(-0.02, -0.05, 0),
    )
    knee = pose(
        up,
        pelvis=(-0.02, -0.235, 0),
        near_foot=(-0.2, 0, 0.06, -1.15),
        torso=(0.1, 0, 0, 0.05),
        far_arm=(0.9, 0.0, 0.75, 0.1),
        head=(0, 0.12, 0),
        face=(0.2, 0.1, 0, 0.4, 0),
    )
    look = pose(knee, head=(-0.2, -0.15, 0), face=(0.6, 0.4, 0, 0, 0))
    heel = pose(up, near_foot=(-0.2, 0, 0.06, -0.5), pelvis=(-0.02, -0.1, 0))
    return keys(
        c,
        (0.0, up),
        (0.08, up),
        (0.15, heel),
        (0.28, knee),
        (0.5, knee),
        (0.6, look),
        (0.72, look),
        (0.86, heel),
        (0.95, up),
    )


STEPS = (Beat("step", 0.0, "near_toe", 0.8), Beat("step", 0.5, "far_toe", 0.8))
MOVING: dict[str, Any] = {
    "any_phase": True,
    "shot_sizes": ("full", "full", "full", "medium"),
    "beats": STEPS,
    "cameras": ("follow", "follow", "follow", "static", "handheld"),
    "near_cameras": ("follow",),
    "span": 0.6,
}
CLOSE = ("full", "medium", "close")
FULL = ("full",)

EVERYDAY: tuple[Act, ...] = (
    Act(
        "stands",
        stands,
        5.2,
        ("stands", "looks around", "stands still and looks about"),
        ("standing", "looking around", "standing quietly"),
        ("站着", "站在原地张望", "静静地站着"),
        any_phase=True,
        shot_sizes=CLOSE,
    ),
    Act(
        "walks",
        walks,
        1.04,
        ("walks", "strolls", "walks along"),
        ("walking", "strolling", "taking a walk"),
        ("走路", "散步", "向前走"),
        stride=0.58,
        **MOVING,
    ),
    Act(
        "runs",
        runs,
        0.64,
        ("runs", "sprints", "runs fast"),
        ("running", "sprinting", "running fast"),
        ("奔跑", "跑步", "飞快地跑"),
        stride=1.15,
        **{
            **MOVING,
            "shot_sizes": FULL,
            "beats": (Beat("step", 0.0, "near_toe", 1.3), Beat("step", 0.5, "far_toe", 1.3)),
        },
    ),
    Act(
        "sneaks",
        sneaks,
        1.7,
        ("sneaks", "tiptoes", "creeps along"),
        ("sneaking", "tiptoeing", "creeping along"),
        ("蹑手蹑脚地走", "踮着脚走", "悄悄地走"),
        stride=0.42,
        **{
            **MOVING,
            "beats": (Beat("step", 0.0, "near_toe", 0.3), Beat("step", 0.5, "far_toe", 0.3)),
        },
    ),
    Act(
        "marches",
        marches,
        1.0,
        ("marches", "marches along", "strides proudly"),
        ("marching", "marching along", "striding proudly"),
        ("大步前进", "踏步走", "昂首阔步"),
        stride=0.5,
        **MOVING,
    ),
    Act(
        "skips",
        skips,
        0.84,
        ("skips", "skips along", "prances happily"),
        ("skipping", "skipping along", "prancing happily"),
        ("蹦蹦跳跳地走", "欢快地蹦跳", "一蹦一跳地走"),
        stride=0.58,
        **{**MOVING, "shot_sizes": FULL},
    ),
    Act(
        "jumps",
        jumps,
        1.6,
        ("jumps", "jumps up and down", "leaps into the air"),
        ("jumping", "jumping up and down", "leaping into the air"),
        ("跳跃", "跳起来", "上下蹦跳"),
        beats=(Beat("jump", 0.3, "near_toe", 0.8), Beat("land", 0.62, "near_toe", 1.6)),
        shot_sizes=FULL,
        reach=1.5,
    ),
    Act(
        "sits",
        sits,
        6.0,
        ("sits down", "takes a seat", "sits on a chair"),
        ("sitting down", "taking a seat", "sitting on a chair"),
        ("坐下", "坐到椅子上", "坐着休息"),
        beats=(Beat("kneel", 0.2, "pelvis", 0.5),),
        prop="chair",
        shot_sizes=FULL,
    ),
    Act(
        "bows",
        bows,
        3.2,
        ("bows", "bows politely", "takes a bow"),
        ("bowing", "bowing politely", "taking a bow"),
        ("鞠躬", "弯腰行礼", "礼貌地鞠躬"),
        shot_sizes=FULL,
    ),
    Act(
        "waves",
        waves,
        2.9,
        ("waves", "waves hello", "waves a hand"),
        ("waving", "waving hello", "waving a hand"),
        ("挥手", "招手", "挥手打招呼"),
        hands=("relaxed", "open"),
        shot_sizes=CLOSE,
    ),
    Act(
        "claps",
        claps,
        0.56,
        ("claps", "claps hands", "applauds"),
        ("clapping", "clapping hands", "applauding"),
        ("拍手", "鼓掌", "开心地拍手"),
        beats=(Beat("clap", 0.5, "far_hand", 1.2),),
        any_phase=True,
        hands=("open", "open"),
        shot_sizes=("full", "medium", "medium"),
    ),
    Act(
        "cheers",
        cheers,
        1.1,
        ("cheers", "cheers with raised arms", "celebrates"),
        ("cheering", "cheering with raised arms", "celebrating"),
        ("欢呼", "高举双手欢呼", "庆祝"),
        any_phase=True,
        hands=("fist", "fist"),
        reach=1.25,
    ),
    Act(
        "laughs",
        laughs,
        2.6,
        ("laughs", "laughs out loud", "bursts out laughing"),
        ("laughing", "laughing out loud", "bursting out laughing"),
        ("大笑", "哈哈大笑", "笑个不停"),
        any_phase=True,
        shot_sizes=CLOSE,
    ),
    Act(
        "cries",
        cries,
        2.2,
        ("cries", "weeps", "sobs"),
        ("crying", "weeping", "sobbing"),
        ("哭泣", "伤心地哭", "抹眼泪"),
        any_phase=True,
        shot_sizes=CLOSE,
    ),
    Act(
        "points",
        points,
        3.0,
        ("points", "points ahead", "points into the distance"),
        ("pointing", "pointing ahead", "pointing into the distance"),
        ("用手指", "指向前方", "指着远处"),
        hands=("relaxed", "point"),
    ),
    Act(
        "thinks",
        thinks,
        4.4,
        ("thinks", "ponders", "thinks hard"),
        ("thinking", "pondering", "thinking hard"),
        ("思考", "沉思", "托着下巴思考"),
        any_phase=True,
        hands=("relaxed", "fist"),
        shot_sizes=CLOSE,
    ),
    Act(
        "talks",
        talks,
        3.4,
        ("talks", "speaks", "chats"),
        ("talking", "speaking", "chatting"),
        ("说话", "讲话", "聊天"),
        any_phase=True,
        speaks="talk",
        hands=("relaxed", "open"),
        shot_sizes=("medium", "medium", "close", "full"),
    ),
    Act(
        "sings",
        sings,
        2.0,
        ("sings", "sings a song", "sings with feeling"),
        ("singing", "singing a song", "singing with feeling"),
        ("唱歌", "歌唱", "深情地唱歌"),
        any_phase=True,
        speaks="sing",
        wants_music=True,
        hands=("relaxed", "open"),
        shot_sizes=("medium", "medium", "close", "full"),
    ),
    Act(
        "falls",
        falls,
        4.2,
        ("falls and gets up", "slips and falls", "tumbles and gets up again"),
        ("falling and getting up", "slipping and falling", "tumbling and getting up again"),
        ("摔倒又爬起来", "滑倒", "跌倒后站起来"),
        beats=(
            Beat("slide", 0.1, "far_toe", 0.8),
            Beat("fall", 0.235, "pelvis", 1.5),
            Beat("fall", 0.285, "neck", 0.8),
            Beat("step", 0.72, "near_toe", 0.7),
        ),
        shot_sizes=FULL,
        span=0.9,
    ),
    Act(
        "throws",
        throws,
        2.0,
        ("throws a ball up and catches it", "tosses a ball", "plays with a ball"),
        ("throwing a ball up and catching it", "tossing a ball", "playing with a ball"),
        ("抛接球", "把球抛起又接住", "玩球"),
        beats=(Beat("throw", 0.25, "far_hand", 0.7), Beat("catch", 0.75, "far_hand", 0.9)),
        prop="ball",
        hands=("relaxed", "open"),
        reach=1.55,
    ),
    Act(
        "drums",
        drums,
        1.0,
        ("plays the drum", "drums", "beats a drum"),
        ("playing the drum", "drumming", "beating a drum"),
        ("打鼓", "敲鼓", "击鼓"),
        beats=(
            Beat("drum", 0.0, "near_hand", 1.1),
            Beat("drum", 0.25, "far_hand", 0.8),
            Beat("drum", 0.5, "near_hand", 1.1),
            Beat("drum", 0.75, "far_hand", 0.8),
        ),
        prop="drum",
        any_phase=True,
        hands=("hold", "hold"),
    ),
    Act(
        "reads",
        reads,
        6.0,
        ("reads a book", "reads", "studies a book"),
        ("reading a book", "reading", "studying a book"),
        ("看书", "读书", "阅读一本书"),
        prop="book",
        any_phase=True,
        hands=("hold", "hold"),
        shot_sizes=CLOSE,
    ),
    Act(
        "flies a kite",
        flies_kite,
        4.0,
        ("flies a kite", "flies a kite high", "plays with a kite"),
        ("flying a kite", "flying a kite high", "playing with a kite"),
        ("放风筝", "把风筝放得很高", "玩风筝"),
        prop="kite",
        any_phase=True,
        hands=("hold", "fist"),
        shot_sizes=FULL,
        reach=1.7,
        span=1.1,
    ),
    Act(
        "rides",
        rides,
        0.9,
        ("rides a bicycle", "cycles", "pedals a bike"),
        ("riding a bicycle", "cycling", "pedalling a bike"),
        ("骑自行车", "骑车", "蹬着自行车"),
        stride=0.95,
        prop="bicycle",
        hands=("fist", "fist"),
        any_phase=True,
        shot_sizes=FULL,
        span=0.8,
        cameras=("follow", "follow", "static"),
    ),
    Act(
        "pushes a cart",
        pushes,
        1.1,
        ("pushes a cart", "wheels a cart along", "pushes a wooden cart"),
        ("pushing a cart", "wheeling a cart along", "pushing a wooden cart"),
        ("推车", "推着小车", "推着木车走"),
        stride=0.58,
        prop="cart",
        hands=("fist", "fist"),
        **{
            **MOVING,
            "shot_sizes": FULL,
            "span": 1.0,
            "beats": (*STEPS, Beat("cart", 0.25, "far_hand", 0.5)),
        },
    ),
    Act(
        "carries a lantern",
        carries_lantern,
        1.2,
        ("carries a lantern", "walks with a lantern", "holds up a lantern"),
        ("carrying a lantern", "walking with a lantern", "holding up a lantern"),
        ("提着灯笼", "打着灯笼走", "手提灯笼"),
        stride=0.58,
        prop="lantern",
        hands=("relaxed", "fist"),
        **MOVING,
    ),
    Act(
        "carries a box",
        carries_box,
        1.2,
        ("carries a box", "walks with a big box", "hauls a box"),
        ("carrying a box", "walking with a big box", "hauling a box"),
        ("搬箱子", "抱着箱子走", "搬运一个箱子"),
        stride=0.58,
        prop="box",
        hands=("open", "open"),
        **MOVING,
    ),
    Act(
        "walks with an umbrella",
        walks_umbrella,
        1.12,
        ("walks with an umbrella", "strolls under an umbrella", "carries an umbrella"),
        ("walking with an umbrella", "strolling under an umbrella", "carrying an umbrella"),
        ("撑伞走路", "打着伞散步", "撑着伞"),
        stride=0.58,
        prop="umbrella",
        hands=("relaxed", "fist"),
        **{**MOVING, "shot_sizes": FULL},
        reach=1.3,
    ),
    Act(
        "drinks",
        drinks,
        4.0,
        ("drinks tea", "sips from a cup", "drinks from a cup"),
        ("drinking tea", "sipping from a cup", "drinking from a cup"),
        ("喝茶", "端起杯子喝", "喝一口茶"),
        beats=(Beat("cup", 0.68, "far_hand", 0.4),),
        prop="cup",
        hands=("open", "hold"),
        shot_sizes=CLOSE,
    ),
    Act(
        "kneels",
        kneels,
        4.4,
        ("kneels down", "kneels on one knee", "drops to one knee"),
        ("kneeling down", "kneeling on one knee", "dropping to one knee"),
        ("跪下", "单膝跪地", "跪在地上"),
        beats=(Beat("kneel", 0.28, "near_knee", 0.8),),
        shot_sizes=FULL,
    ),
)

ACTS: dict[str, Act] = {act.name: act for act in (*EVERYDAY, *STUNTS, *DUELS, *ANIMAL_ACTS)}
