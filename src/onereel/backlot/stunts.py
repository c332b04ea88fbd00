"""Fights against the air and acrobatics: acts of one performer.

Poses face the right edge of the picture; the far leg leads. What turns right round (flips, wheels)
is added to the key poses by a formula, because keys lead back to where they began.
Called from acts.py.
"""

from dataclasses import replace

import numpy as np

from onereel.backlot.blows import FISTS, TAU, blocks, kicks, pose, punches, smooth, spin_kicks
from onereel.backlot.motion import Act, Beat
from onereel.backlot.skeleton import Array, Pose, keys


def in_air(found: Pose, amount: Array, near: tuple, far: tuple) -> Pose:
    """Feet that leave their keys for places of their own."""

    def mix(foot: tuple, goal: tuple) -> tuple:
        return tuple(a + (b - a) * amount for a, b in zip(foot, goal, strict=True))

    return replace(found, near_foot=mix(found.near_foot, near), far_foot=mix(found.far_foot, far))


def back_flips(c: Array) -> Pose:
    place = np.mod(c, 1.0)
    leave, land = 0.3, 0.58
    air = np.clip((place - leave) / (land - leave), 0, 1)
    height = 0.62 * 4 * air * (1 - air)
    angle = -TAU * (0.5 - 0.5 * np.cos(np.pi * np.clip((air - 0.04) / 0.92, 0, 1)))
    stand = Pose(
        pelvis=(0, -0.02, 0),
        turn=1.15,
        near_foot=(0.0, 0, 0.06, 0),
        far_foot=(0.0, 0, -0.06, 0),
        face=(0.1, 0, 0.5, 0, 0),
    )
    crouch = pose(
        stand,
        pelvis=(-0.05, -0.18, 0),
        torso=(0.55, 0, 0, 0.2),
        near_arm=(-0.9, 0.2, 0.95, 0),
        far_arm=(-0.9, 0.2, 0.95, 0),
        head=(0, -0.2, 0),
    )
    spring = pose(
        stand,
        pelvis=(0, 0.0, 0),
        torso=(-0.15, 0, 0, -0.1),
        near_arm=(2.9, 0.1, 0.97, 0),
        far_arm=(2.9, 0.1, 0.97, 0),
        head=(0, -0.2, 0),
    )
    tuck = pose(
        stand,
        pelvis=(0, -0.06, 0),
        torso=(0.0, 0, 0, 0.45),
        near_arm=(0.9, 0.1, 0.85, 0.1),
        far_arm=(0.9, 0.1, 0.85, 0.1),
        face=(0, 0, 0.6, 0.5, 0.2),
    )
    open_ = pose(
        stand,
        pelvis=(0, -0.02, 0),
        torso=(0.1, 0, 0, 0.1),
        near_arm=(1.9, 0.4, 0.9, 0),
        far_arm=(1.9, 0.4, 0.9, 0),
    )
    deep = pose(crouch, near_arm=(1.2, 0.4, 0.9, 0), far_arm=(1.2, 0.4, 0.9, 0))
    proud = pose(
        stand,
        near_arm=(2.3, 0.7, 0.97, 0),
        far_arm=(2.3, 0.7, 0.97, 0),
        torso=(-0.06, 0, 0, -0.06),
        face=(1.0, 0.6, 0, 0, 0.5),
    )
    found = keys(
        c,
        (0.0, stand),
        (0.04, stand),
        (0.2, crouch),
        (0.3, spring),
        (0.43, tuck),
        (0.56, open_),
        (0.64, deep),
        (0.78, proud),
        (0.88, proud),
        (0.96, stand),
    )
    x, y, z = found.pelvis
    y = y + height
    lean, side, twist, bend = found.torso
    fold = 0.19 * np.sin(np.pi * air) ** 0.8
    leg = 0.45 - fold
    ahead = angle + 0.9 * np.sin(np.pi * air)  # knees towards the chest
    pelvis_y = 0.45 + y
    foot_x = x + leg * -np.sin(angle) * 1.0 + 0.35 * fold * np.cos(angle)
    foot_y = pelvis_y - leg * np.cos(angle) - 0.05 + 0.35 * fold * np.sin(angle) * -1.0
    amount = smooth(air / 0.16) * smooth((1 - air) / 0.16)
    pitch = np.where(amount > 0, -angle, 0.0) - 0.5 * np.sin(np.pi * air)
    pitch = np.arctan2(np.sin(pitch), np.cos(pitch))
    assert ahead.shape == air.shape
    near = (foot_x, np.maximum(foot_y, 0.0), 0.06 + 0 * air, pitch)
    far = (foot_x + 0.02, np.maximum(foot_y, 0.0), -0.06 + 0 * air, pitch)
    found = in_air(found, amount, near, far)
    head_turn, nod, roll = found.head
    return replace(
        found,
        pelvis=(x, y, z),
        torso=(lean + angle, side, twist, bend),
        head=(head_turn, nod - 0.15 * np.sin(np.pi * air), roll),
    )


def cartwheels(c: Array) -> Pose:
    place = np.mod(c, 1.0)
    stride = 1.35
    roll = smooth((place - 0.2) / 0.5)
    theta = TAU * roll
    travel = stride * (roll - place)
    inverted = 0.5 - 0.5 * np.cos(theta)
    ready = Pose(
        pelvis=(0, -0.02, 0),
        turn=0.35,
        near_arm=(2.7, 0.45, 0.97, 0.2),
        far_arm=(2.7, 0.45, 0.97, 0.2),
        near_foot=(-0.13, 0, 0.0, 0),
        far_foot=(0.13, 0, 0.0, 0),
        face=(0.9, 0.4, 0, 0, 0.4),
    )
    rest = replace(
        ready, near_arm=(0.2, 0.35, 0.95, 0), far_arm=(0.2, 0.35, 0.95, 0), face=(0.8, 0.2, 0, 0, 0)
    )
    found = keys(c, (0.0, rest), (0.14, ready), (0.74, ready), (0.88, rest))
    x, y, z = found.pelvis
    lean, side, twist, bend = found.torso
    pelvis_y = 0.445 + 0.10 * inverted
    spread = 0.3 + 0.45 * np.sin(np.pi * roll) ** 0.7
    leg = 0.43

    def foot(sign: float) -> tuple:
        angle = theta + sign * spread * -1.0
        return (
            travel + leg * np.sin(-angle) * -1.0 * -1.0,
            np.maximum(0.0, pelvis_y - leg * np.cos(angle) - 0.03),
            0.0 * angle,
            0.0 * angle,
        )

    found = in_air(found, smooth(inverted / 0.12), foot(-1.0), foot(1.0))
    near, far = found.near_foot, found.far_foot
    still = 1 - smooth(inverted / 0.12)
    near = (near[0] + travel * still, *near[1:])
    far = (far[0] + travel * still, *far[1:])
    return replace(
        found,
        pelvis=(travel + x, y + pelvis_y - 0.445, z),
        near_foot=near,
        far_foot=far,
        torso=(lean, side - theta, twist, bend),
    )


def tai_chi(c: Array) -> Pose:
    a = TAU * c
    shift = np.sin(a)
    return Pose(
        pelvis=(0.09 * shift, -0.12 - 0.02 * np.cos(2 * a), 0.0),
        turn=0.75 + 0.35 * shift,
        torso=(0.03, 0, 0.2 * shift, 0.03),
        head=(-0.15 * shift, 0.0, 0.0),
        near_arm=(1.25 + 0.55 * np.sin(a + 1.2), 0.15, 0.8, 0.4),
        far_arm=(1.25 + 0.55 * np.sin(a - 1.2), 0.15, 0.85, 0.4),
        near_foot=(-0.18, 0, 0.05, 0.0),
        far_foot=(0.18, 0, -0.03, 0.0),
        face=(0.35, 0.0, 0.0, 0.4, 0.0),
    )


def swings_sword(c: Array) -> Pose:
    ready = pose(near_arm=(1.3, 0.0, 0.66, 0.2), far_arm=(0.7, 0.3, 0.7, 0.2))
    high = pose(
        pelvis=(-0.05, -0.05, 0),
        torso=(-0.12, 0, -0.35, -0.05),
        near_arm=(2.95, 0.3, 0.8, 0.4),
        far_arm=(1.5, 0.2, 0.85, 0.1),
    )
    cut = pose(
        pelvis=(0.09, -0.14, 0),
        torso=(0.32, 0, 0.5, 0.12),
        near_arm=(1.0, -0.15, 1.0, 0.1),
        far_arm=(-0.5, 0.6, 0.85, 0.2),
        near_foot=(-0.15, 0, 0.07, -0.4),
        face=(-0.4, 0, 1, 0, 0.6),
    )
    back = pose(
        pelvis=(0.05, -0.1, 0),
        torso=(0.14, 0, -0.3, 0.1),
        near_arm=(0.6, 0.9, 0.9, 0.2),
        far_arm=(1.4, 0.2, 0.7, 0.2),
    )
    thrust = pose(
        pelvis=(0.1, -0.13, 0),
        torso=(0.25, 0, 0.55, 0.05),
        near_arm=(1.6, -0.2, 1.0, 0),
        far_arm=(-0.8, 0.5, 0.9, 0.2),
        face=(-0.4, 0, 1, 0, 0.5),
        near_foot=(-0.15, 0, 0.07, -0.4),
    )
    return keys(
        c,
        (0.0, ready),
        (0.06, ready),
        (0.18, high),
        (0.25, cut),
        (0.33, cut),
        (0.45, back),
        (0.56, thrust),
        (0.64, thrust),
        (0.8, ready),
    )


def stretches(c: Array) -> Pose:
    a = TAU * c
    over = np.sin(a)
    return Pose(
        pelvis=(-0.03 * over, -0.02, 0),
        turn=0.3,
        torso=(0.0, 0.42 * over, 0, 0.0),
        head=(0, 0, 0.1 * over),
        near_arm=(2.6, 0.3, 0.96, 0.3),
        far_arm=(2.6, 0.3, 0.96, 0.3),
        near_foot=(-0.12, 0, 0.0, 0),
        far_foot=(0.12, 0, 0.0, 0),
        face=(0.5, 0.1, 0, 0.6, 0.1),
    )


FULL = ("full",)


FOUR = (
    Beat("step", 0.0, "near_toe", 0.8),
    Beat("step", 0.25, "far_toe", 0.8),
    Beat("step", 0.5, "near_toe", 0.8),
    Beat("step", 0.75, "far_toe", 0.8),
)


STUNTS: tuple[Act, ...] = (
    Act(
        "punches",
        punches,
        2.4,
        ("punches", "throws punches", "practises kung fu punches"),
        ("punching", "throwing punches", "practising kung fu punches"),
        ("出拳", "练拳", "打功夫拳"),
        beats=(
            Beat("hit", 0.14, "far_hand", 1.0),
            Beat("hit", 0.445, "near_hand", 1.3),
            Beat("hit", 0.73, "far_hand", 1.0),
        ),
        hands=FISTS,
        shot_sizes=("full", "full", "medium"),
    ),
    Act(
        "blocks",
        blocks,
        2.4,
        ("blocks", "practises blocks", "guards against blows"),
        ("blocking", "practising blocks", "guarding against blows"),
        ("格挡", "练习格挡", "抬手防守"),
        beats=(Beat("hit", 0.2, "far_hand", 0.6), Beat("hit", 0.65, "near_hand", 0.6)),
        hands=FISTS,
    ),
    Act(
        "kicks",
        kicks,
        1.8,
        ("kicks", "throws high kicks", "practises kung fu kicks"),
        ("kicking", "throwing high kicks", "practising kung fu kicks"),
        ("踢腿", "练踢腿", "功夫踢腿"),
        beats=(Beat("hit", 0.375, "near_foot", 1.3), Beat("step", 0.68, "near_toe", 1.0)),
        hands=FISTS,
        shot_sizes=FULL,
        span=0.8,
    ),
    Act(
        "spin kicks",
        spin_kicks,
        1.9,
        ("does a spin kick", "spins and kicks", "throws a spinning kick"),
        ("doing a spin kick", "spinning and kicking", "throwing a spinning kick"),
        ("回旋踢", "旋风腿", "转身飞踢"),
        beats=(Beat("hit", 0.46, "near_foot", 1.4), Beat("step", 0.68, "near_toe", 1.0)),
        hands=FISTS,
        shot_sizes=FULL,
        span=0.9,
    ),
    Act(
        "back flips",
        back_flips,
        2.3,
        ("does a back flip", "back-flips", "flips backwards"),
        ("doing a back flip", "back-flipping", "flipping backwards"),
        ("后空翻", "向后空翻", "做后空翻"),
        beats=(Beat("jump", 0.3, "near_toe", 1.0), Beat("land", 0.585, "near_toe", 1.8)),
        shot_sizes=FULL,
        reach=1.7,
        span=0.8,
    ),
    Act(
        "cartwheels",
        cartwheels,
        2.0,
        ("turns a cartwheel", "cartwheels", "does a cartwheel"),
        ("turning a cartwheel", "cartwheeling", "doing a cartwheel"),
        ("侧手翻", "翻跟头", "做侧手翻"),
        stride=1.35,
        beats=(
            Beat("hit", 0.4, "far_hand", 0.5),
            Beat("step", 0.62, "near_toe", 0.9),
            Beat("step", 0.7, "far_toe", 0.9),
        ),
        hands=("open", "open"),
        shot_sizes=FULL,
        reach=1.25,
        span=1.0,
        cameras=("follow", "follow", "static"),
    ),
    Act(
        "swings a sword",
        swings_sword,
        2.6,
        ("swings a sword", "practises with a sword", "wields a sword"),
        ("swinging a sword", "practising with a sword", "wielding a sword"),
        ("舞剑", "挥剑", "练剑"),
        beats=(Beat("step", 0.25, "far_toe", 0.7),),
        prop="sword",
        hands=("hold", "open"),
        shot_sizes=FULL,
        reach=1.4,
        span=0.9,
    ),
    Act(
        "practises tai chi",
        tai_chi,
        5.0,
        ("practises tai chi", "does tai chi", "moves through tai chi"),
        ("practising tai chi", "doing tai chi", "moving through tai chi"),
        ("打太极", "练太极拳", "打太极拳"),
        any_phase=True,
        hands=("open", "open"),
        shot_sizes=FULL,
    ),
    Act(
        "stretches",
        stretches,
        3.6,
        ("stretches", "stretches from side to side", "warms up"),
        ("stretching", "stretching from side to side", "warming up"),
        ("伸展身体", "做拉伸", "热身"),
        any_phase=True,
        hands=("open", "open"),
        reach=1.25,
    ),
)
