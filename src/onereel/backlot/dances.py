"""Dances of one performer, on the beat of the music.

Called from acts.py; duels.py takes its steps.
"""

from dataclasses import replace
from typing import Any

import numpy as np

from onereel.backlot.blows import TAU, smooth
from onereel.backlot.motion import Act, Beat
from onereel.backlot.skeleton import Array, Pose, keys
from onereel.backlot.stunts import FOUR, FULL


def dances(c: Array) -> Pose:
    """A cheerful groove: four steps a cycle, arms in two phrases."""
    sway, bounce = np.sin(TAU * c), np.abs(np.sin(2 * TAU * c))
    phrase = smooth(0.5 + 2.2 * np.sin(np.pi * c))
    roll = np.sin(2 * TAU * c)
    near_low = (0.5 + 0.9 * np.clip(sway, 0, 1), 0.55, 0.62, 0.5)
    far_low = (0.5 + 0.9 * np.clip(-sway, 0, 1), 0.55, 0.62, 0.5)
    near_up = (2.6 + 0.25 * roll, 0.72 + 0.2 * sway, 0.95, 0.4)
    far_up = (2.6 - 0.25 * roll, 0.72 - 0.2 * sway, 0.95, 0.4)
    blend = lambda a, b: tuple(p + (q - p) * phrase for p, q in zip(a, b, strict=True))  # noqa: E731
    return Pose(
        pelvis=(0.05 * sway, -0.075 + 0.035 * bounce, 0.0),
        turn=0.35 + 0.35 * sway,
        torso=(0.02, -0.12 * sway, 0.25 * sway, 0.03 * bounce),
        head=(-0.3 * sway, 0.04 * bounce, 0.12 * sway),
        near_arm=blend(near_low, near_up),
        far_arm=blend(far_low, far_up),
        near_foot=step(c, (0.0, 0.5), -0.11),
        far_foot=step(c, (0.25, 0.75), 0.11),
        face=(1.0, 0.4, 0, 0.1, 0.3 + 0.2 * bounce),
    )


def step(
    c: Array, landings: tuple[float, ...], x: float, z: float = 0.0, lift: float = 0.07
) -> tuple:
    """A foot that lands on the spot at places of the cycle."""
    height = np.zeros_like(c)
    for landing in landings:
        before = np.mod(landing - c, 1.0)
        height += np.where(before < 0.2, lift * np.sin(np.pi * before / 0.2) ** 2, 0.0)
    return (np.full_like(c, x), height, np.full_like(c, z), -4.0 * height)


def twirls(c: Array) -> Pose:
    """A court dance: a slow reach, a full turn with flying skirts, a low finish."""
    place = np.mod(c, 1.0)
    spin = TAU * smooth((place - 0.36) / 0.34)
    stand = Pose(
        pelvis=(0, -0.03, 0),
        turn=0.5,
        near_arm=(0.4, 0.5, 0.9, 0.2),
        far_arm=(0.4, 0.5, 0.9, 0.2),
        near_foot=(-0.06, 0, 0.03, 0),
        far_foot=(0.06, 0, -0.03, 0),
        face=(0.7, 0.3, 0, 0.2, 0),
    )
    reach = replace(
        stand,
        pelvis=(0.05, -0.06, 0),
        far_arm=(2.2, 0.6, 0.98, 0.2),
        near_arm=(0.9, 0.9, 0.95, 0.2),
        torso=(-0.02, -0.22, 0.2, -0.08),
        head=(0.25, -0.12, -0.15),
        gaze=(0.6, 0.5),
    )
    gather = replace(
        stand,
        pelvis=(0, -0.09, 0),
        near_arm=(1.4, -0.3, 0.6, 0.5),
        far_arm=(1.4, 0.5, 0.8, 0.3),
        torso=(0.03, 0.05, -0.4, 0.05),
    )
    fly = replace(
        stand,
        pelvis=(0, 0.0, 0),
        near_arm=(1.5, 1.2, 0.95, 0.2),
        far_arm=(2.2, 0.9, 0.95, 0.2),
        near_foot=(-0.06, 0.0, 0.03, -0.65),
        far_foot=(0.06, 0.0, -0.03, -0.65),
        torso=(-0.02, 0.06, 0, -0.06),
        face=(1.0, 0.5, 0, 0.2, 0.3),
    )
    low = replace(
        stand,
        pelvis=(-0.03, -0.16, 0),
        near_foot=(-0.06, 0, 0.03, -0.5),
        torso=(0.12, 0.1, 0.2, 0.1),
        near_arm=(-0.3, 0.9, 0.95, 0.2),
        far_arm=(1.9, 0.7, 0.95, 0.2),
        head=(-0.2, 0.1, 0.1),
    )
    found = keys(
        c,
        (0.0, stand),
        (0.16, reach),
        (0.24, reach),
        (0.35, gather),
        (0.44, fly),
        (0.6, fly),
        (0.76, low),
        (0.84, low),
    )
    return replace(found, turn=found.turn + spin)


def hip_hop(c: Array) -> Pose:
    pop = np.abs(np.sin(2 * TAU * c)) ** 0.6
    side = np.tanh(3.0 * np.sin(TAU * c)) / np.tanh(3.0)
    wave_n, wave_f = np.sin(2 * TAU * c), np.sin(2 * TAU * c + 2.0)
    return Pose(
        pelvis=(0.07 * side, -0.12 + 0.045 * pop, 0.0),
        turn=0.3 + 0.3 * side,
        torso=(0.14, -0.14 * side, 0.3 * side, 0.12 * pop),
        head=(-0.3 * side, 0.12 * pop, 0.1 * side),
        near_arm=(1.4 + 0.5 * wave_n, 0.3 + 0.4 * side, 0.72, 0.5),
        far_arm=(1.4 + 0.5 * wave_f, 0.3 - 0.4 * side, 0.72, 0.5),
        near_foot=step(c, (0.0,), -0.15, 0.02, 0.1),
        far_foot=step(c, (0.5,), 0.15, 0.0, 0.1),
        face=(0.8, 0.2, 0.2, 0.1, 0.15),
    )


def fan_dance(c: Array) -> Pose:
    """Slow circles of the arms over bent knees, as in a folk dance."""
    a = TAU * c
    return Pose(
        pelvis=(0.06 * np.sin(a), -0.075 - 0.03 * np.cos(2 * a), 0.0),
        turn=0.5 + 0.35 * np.sin(a),
        torso=(0.02, 0.14 * np.sin(a + 0.5), 0.15 * np.sin(a), 0.0),
        head=(0.2 * np.sin(a), 0.0, -0.15 * np.sin(a)),
        near_arm=(1.6 + 0.9 * np.sin(a), 0.6 + 0.4 * np.cos(a), 0.85, 0.3),
        far_arm=(1.6 + 0.9 * np.sin(a + np.pi), 0.6 + 0.4 * np.cos(a + np.pi), 0.85, 0.3),
        near_foot=step(c, (0.0, 0.5), -0.1, 0.03, 0.05),
        far_foot=step(c, (0.25, 0.75), 0.1, -0.03, 0.05),
        face=(0.8, 0.3, 0, 0.15, 0.0),
        gaze=(0.5 * np.sin(a), 0.2),
    )


DANCE: dict[str, Any] = {"wants_music": True, "shot_sizes": FULL, "reach": 1.15, "span": 0.6}


DANCES: tuple[Act, ...] = (
    Act(
        "dances",
        dances,
        2.0,
        ("dances", "dances happily", "dances to the music"),
        ("dancing", "dancing happily", "dancing to the music"),
        ("跳舞", "欢快地跳舞", "随着音乐起舞"),
        beats=FOUR,
        hands=("open", "open"),
        **DANCE,
    ),
    Act(
        "twirls",
        twirls,
        4.0,
        ("twirls in a dance", "dances and twirls", "dances gracefully"),
        ("twirling in a dance", "dancing and twirling", "dancing gracefully"),
        ("旋转起舞", "翩翩起舞", "优雅地跳舞"),
        beats=(Beat("step", 0.0, "near_toe", 0.6), Beat("step", 0.75, "near_toe", 0.6)),
        hands=("open", "open"),
        **DANCE,
    ),
    Act(
        "dances hip-hop",
        hip_hop,
        2.0,
        ("dances hip-hop", "breaks into hip-hop", "street-dances"),
        ("dancing hip-hop", "breaking into hip-hop", "street-dancing"),
        ("跳街舞", "跳嘻哈舞", "大跳街舞"),
        beats=(Beat("step", 0.0, "near_toe", 0.9), Beat("step", 0.5, "far_toe", 0.9)),
        hands=("relaxed", "relaxed"),
        **DANCE,
    ),
    Act(
        "folk-dances",
        fan_dance,
        4.0,
        ("folk-dances", "dances a folk dance", "dances a slow folk dance"),
        ("folk-dancing", "dancing a folk dance", "dancing a slow folk dance"),
        ("跳民族舞", "跳民间舞", "跳传统舞蹈"),
        beats=FOUR,
        hands=("open", "open"),
        **DANCE,
    ),
)
