"""Blows: guard, punches, blocks and kicks, alone here and against somebody in duels.py.

Poses face the right edge of the picture; the far leg leads. A spin is added to the key poses by a
formula, because keys lead back to where they began.
Called from stunts.py and duels.py.
"""

from dataclasses import replace

import numpy as np

from onereel.backlot.skeleton import Array, Pose, keys, track

TAU = 2 * np.pi
FISTS = ("fist", "fist")


GUARD_ARMS = {"near_arm": (1.75, -0.1, 0.56, 0.1), "far_arm": (1.7, -0.05, 0.68, 0.1)}


GUARD = Pose(
    pelvis=(0.0, -0.06, 0.0),
    turn=1.05,
    torso=(0.1, 0.0, 0.1, 0.08),
    head=(-0.2, -0.05, 0.0),
    near_foot=(-0.15, 0.0, 0.07, 0.0),
    far_foot=(0.14, 0.0, -0.05, 0.0),
    face=(-0.1, -0.1, 0.7, 0.05, 0.0),
    **GUARD_ARMS,
)


def pose(base: Pose = GUARD, **changes: object) -> Pose:
    return replace(base, **changes)  # type: ignore[arg-type]


def smooth(value: Array) -> Array:
    value = np.clip(value, 0.0, 1.0)
    return value * value * (3 - 2 * value)


NEAR_WIND = pose(
    pelvis=(-0.025, -0.07, 0), torso=(0.06, 0, -0.25, 0.1), near_arm=(0.7, 0.15, 0.5, 0.2)
)


NEAR_HIT = pose(
    pelvis=(0.06, -0.085, 0),
    torso=(0.2, 0, 0.55, 0.05),
    head=(-0.5, -0.08, 0),
    near_arm=(1.58, -0.22, 1.0, 0),
    far_arm=(1.5, 0.0, 0.5, 0.2),
    near_foot=(-0.15, 0, 0.07, -0.35),
    face=(-0.4, 0, 1.0, 0.1, 0.6),
)


FAR_WIND = pose(pelvis=(-0.015, -0.06, 0), torso=(0.06, 0, 0.4, 0.08), far_arm=(1.1, 0.1, 0.5, 0.2))


FAR_HIT = pose(
    pelvis=(0.045, -0.08, 0),
    torso=(0.18, 0, -0.35, 0.05),
    head=(0.15, -0.05, 0),
    far_arm=(1.58, -0.12, 1.0, 0),
    face=(-0.4, 0, 1.0, 0.1, 0.6),
)


def punches(c: Array) -> Pose:
    return keys(
        c,
        (0.0, GUARD),
        (0.07, FAR_WIND),
        (0.135, FAR_HIT),
        (0.17, FAR_HIT),
        (0.28, GUARD),
        (0.36, NEAR_WIND),
        (0.44, NEAR_HIT),
        (0.49, NEAR_HIT),
        (0.6, GUARD),
        (0.66, FAR_WIND),
        (0.725, FAR_HIT),
        (0.76, FAR_HIT),
        (0.87, GUARD),
    )


HIGH_BLOCK = pose(
    far_arm=(2.45, -0.25, 0.62, 0.5),
    pelvis=(-0.03, -0.075, 0),
    torso=(-0.04, 0, 0.1, 0.0),
    face=(-0.3, 0.2, 0.9, 0.3, 0.2),
    near_arm=(1.3, 0.0, 0.5, 0.1),
)


LOW_BLOCK = pose(
    near_arm=(0.75, -0.1, 0.85, 0.2),
    torso=(0.16, 0, 0.35, 0.1),
    pelvis=(-0.02, -0.1, 0),
    face=(-0.3, 0, 0.9, 0.2, 0.2),
)


def blocks(c: Array) -> Pose:
    return keys(
        c,
        (0.0, GUARD),
        (0.1, GUARD),
        (0.2, HIGH_BLOCK),
        (0.32, HIGH_BLOCK),
        (0.46, GUARD),
        (0.54, GUARD),
        (0.65, LOW_BLOCK),
        (0.77, LOW_BLOCK),
        (0.9, GUARD),
    )


CHAMBER = pose(
    pelvis=(0.07, -0.035, 0),
    torso=(-0.08, 0, 0.2, 0.15),
    near_foot=(0.16, 0.3, 0.05, -0.5),
    near_arm=(0.9, 0.2, 0.6, 0.2),
)


KICK = pose(
    CHAMBER,
    pelvis=(0.1, -0.02, 0),
    torso=(-0.42, 0, 0.25, 0.12),
    near_foot=(0.5, 0.56, 0.05, 0.75),
    near_arm=(0.35, 0.5, 0.85, 0.2),
    far_arm=(1.6, 0.1, 0.55, 0.2),
    head=(-0.3, 0.2, 0),
    face=(-0.4, 0, 1.0, 0.1, 0.7),
)


def kicks(c: Array) -> Pose:
    load = pose(pelvis=(0.03, -0.075, 0), near_foot=(-0.15, 0, 0.07, -0.5))
    step = pose(pelvis=(0.03, -0.08, 0), near_foot=(-0.15, 0.0, 0.07, 0))
    return keys(
        c,
        (0.0, GUARD),
        (0.08, GUARD),
        (0.17, load),
        (0.29, CHAMBER),
        (0.37, KICK),
        (0.43, KICK),
        (0.54, CHAMBER),
        (0.68, step),
        (0.82, GUARD),
    )


def spin_kicks(c: Array) -> Pose:
    place = np.mod(c, 1.0)
    spin = -TAU * smooth((place - 0.16) / 0.5)
    lift = track(
        c, (0.0, 0.0), (0.2, 0.0), (0.36, 0.7), (0.44, 1.0), (0.53, 0.85), (0.66, 0.0), (0.9, 0.0)
    )
    wind = pose(
        torso=(0.12, 0, 0.5, 0.1),
        pelvis=(0.0, -0.1, 0),
        near_arm=(1.2, 0.6, 0.8, 0.1),
        far_arm=(1.6, -0.3, 0.7, 0.1),
    )
    up = pose(
        torso=(-0.12, -0.5, 0.0, 0.0),
        pelvis=(0.12, -0.02, 0),
        near_arm=(0.8, 0.9, 0.9, 0.1),
        far_arm=(1.2, 0.7, 0.8, 0.1),
        face=(-0.4, 0, 1.0, 0.1, 0.7),
        head=(0, 0, 0.2),
    )
    found = keys(
        c, (0.0, GUARD), (0.06, GUARD), (0.16, wind), (0.36, up), (0.52, up), (0.68, GUARD)
    )
    turn = found.turn + spin
    # The kicking leg goes round the standing one.
    heading = turn - 1.15
    reach = 0.15 + 0.38 * lift
    x, _, z, pitch = found.near_foot
    centre_x, centre_z = 0.14, -0.03
    ground_x, ground_z = x - centre_x, z - centre_z
    radius = np.hypot(-0.29, 0.1)
    go = smooth(lift / 0.35)
    swept_x = centre_x + np.maximum(reach, radius * (1 - go)) * np.sin(heading)
    swept_z = centre_z + np.maximum(reach, radius * (1 - go)) * np.cos(heading)
    near = (
        centre_x + ground_x + (swept_x - centre_x - ground_x) * go,
        np.maximum(0.0, 0.6 * lift),
        centre_z + ground_z + (swept_z - centre_z - ground_z) * go,
        pitch - 0.5 * lift,
    )
    fx, fy, fz, fp = found.far_foot
    return replace(found, turn=turn, near_foot=near, far_foot=(fx, fy, fz, fp - 0.35 * go))
