"""Getting about: standing, walking, running, jumping, sitting down.

- An act is one function from cycles (T,) to a pose plus one entry in its table: period, contacts,
  words. Most are key poses; walks and runs are formulas.
- Planted feet stay planted: two neighbouring keys that agree hold a foot exactly.
- Contacts come from the act's beats, so sound and picture share one clock.

Called from acts.py (the table), gestures.py and errands.py (the helpers).
"""

from dataclasses import replace
from typing import Any

import numpy as np

from onereel.backlot.motion import Act, Beat
from onereel.backlot.skeleton import Array, Pose, keys, track

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


MOVES: tuple[Act, ...] = (
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
)
