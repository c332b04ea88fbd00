"""The skeleton: poses, joints, and the small involuntary motions of a performer.

- A pose is in body heights, x forward, y up from the ground; `skeleton` solves it to joints.
- Acts (functions of time that give poses) are in acts.py.
- Speech is a row of syllables that drives both the mouth and the voice.

Called from acts.py, cast.py, face.py, shoot.py, sound.py.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import acos, atan2, cos, exp, floor, hypot, pi, sin

from onereel.backlot.brush import chance

JOINTS = (
    "head",
    "neck",
    "pelvis",
    "near_shoulder",
    "near_elbow",
    "near_hand",
    "far_shoulder",
    "far_elbow",
    "far_hand",
    "near_hip",
    "near_knee",
    "near_foot",
    "far_hip",
    "far_knee",
    "far_foot",
)
THIGH, SHIN, ANKLE = 0.19, 0.185, 0.04
UPPER_ARM, FOREARM = 0.145, 0.14
TORSO, HEAD_ABOVE_NECK = 0.265, 0.15

Pair = tuple[float, float]
Joints = dict[str, Pair]


@dataclass(frozen=True)
class Pose:
    """Angles in radians: 0 hangs down, +pi/2 points forward, pi points up."""

    travel: float = 0.0
    pelvis: Pair = (0.0, 0.405)
    lean: float = 0.0
    head_tilt: float = 0.0
    turn: float = 0.3  # 0 faces the viewer, 1 is nearly a profile
    near_arm: Pair = (-0.16, -0.06)
    far_arm: Pair = (0.16, 0.1)
    near_foot: tuple[float, float, float] = (-0.06, 0.0, 0.0)  # x, height, pitch (toes up)
    far_foot: tuple[float, float, float] = (0.06, 0.0, 0.0)
    squash: float = 1.0
    smile: float = 0.6
    brow: float = 0.0
    mouth: float = 0.0
    look: float = 0.0  # of the pupils, -1..1


@dataclass(frozen=True)
class Beat:
    """A contact at a fixed place of the act's cycle; `joint` says where in the body."""

    kind: str
    at: float
    joint: str
    force: float


@dataclass(frozen=True)
class Act:
    name: str
    pose: Callable[[float], Pose]
    period: float  # seconds at tempo 1
    en: tuple[str, ...]  # "runs", "jogs"
    en_ing: tuple[str, ...]
    zh: tuple[str, ...]
    stride: float = 0.0  # body heights travelled in a period
    beats: tuple[Beat, ...] = ()
    any_phase: bool = False  # whether a clip may begin anywhere in the cycle
    shot_sizes: tuple[str, ...] = ("full", "full", "medium")
    cameras: tuple[str, ...] = ("static", "static", "push-in", "pull-out", "pan", "handheld")
    near_cameras: tuple[str, ...] = ("static", "static", "push-in", "handheld")


def smooth(value: float) -> float:
    value = min(1.0, max(0.0, value))
    return value * value * (3.0 - 2.0 * value)


def keyed(place: float, *keys: Pair) -> float:
    """Eases between (place, value) keys; before the first and after the last it holds."""
    if place <= keys[0][0]:
        return keys[0][1]
    for (start, here), (end, there) in pairwise(keys):
        if place <= end:
            return here + (there - here) * smooth((place - start) / (end - start))
    return keys[-1][1]


def blend_pair(first: Pair, second: Pair, amount: float) -> Pair:
    return (
        first[0] + (second[0] - first[0]) * amount,
        first[1] + (second[1] - first[1]) * amount,
    )


@dataclass(frozen=True)
class Syllable:
    start: float
    seconds: float
    vowel: int  # 0..4
    pitch: float  # relative to the voice
    consonant: int  # 0 none, 1 hiss, 2 stop


def syllables(seed: int, seconds: float) -> list[Syllable]:
    """Phrases of 3-7 syllables with pauses; a longer clip only appends to a shorter one."""
    spoken: list[Syllable] = []
    time, index = 0.15, 0
    while time < seconds:
        length = 3 + int(5 * chance(seed, 70, index))
        for part in range(length):
            index += 1
            long = 0.13 + 0.1 * chance(seed, 71, index) + (0.1 if part == length - 1 else 0.0)
            fall = 1.12 - 0.24 * part / max(length - 1, 1)
            pitch = fall * (0.92 + 0.16 * chance(seed, 72, index))
            vowel, consonant = int(5 * chance(seed, 73, index)), int(3 * chance(seed, 74, index))
            if time + long < seconds:
                spoken.append(Syllable(time, long, vowel, pitch, consonant))
            time += long + 0.02
        time += 0.22 + 0.3 * chance(seed, 75, index)
    return spoken


VOWEL_OPEN = (1.0, 0.6, 0.4, 0.85, 0.5)  # a e i o u


def mouth_at(spoken: Sequence[Syllable], time: float) -> float:
    for one in spoken:
        inside = (time - one.start) / one.seconds
        if 0.0 <= inside <= 1.0:
            return VOWEL_OPEN[one.vowel] * sin(pi * inside) ** 0.6
    return 0.0


def blink_at(seed: int, time: float) -> float:
    """How far the eyes are shut, 0..1: a blink of 0.17 s about every 2.4 s."""
    slot = floor(time / 2.4)
    middle = (slot + 0.2 + 0.6 * chance(seed, 76, slot)) * 2.4
    return exp(-(((time - middle) / 0.06) ** 2))


def two_bones(start: Pair, end: Pair, upper: float, lower: float, bend: float) -> tuple[Pair, Pair]:
    """Middle joint and reached end of a two-bone limb; y is up, `bend` +1 is towards +x."""
    dx, dy = end[0] - start[0], end[1] - start[1]
    distance = min(max(hypot(dx, dy), 1e-4), (upper + lower) * 0.9995)
    angle = atan2(dy, dx)
    cosine = (upper * upper + distance * distance - lower * lower) / (2 * upper * distance)
    offset = acos(max(-1.0, min(1.0, cosine))) * bend
    middle = (start[0] + upper * cos(angle + offset), start[1] + upper * sin(angle + offset))
    return middle, (start[0] + distance * cos(angle), start[1] + distance * sin(angle))


def skeleton(pose: Pose) -> Joints:
    """Joints in body heights, x forward (without travel), y up, before squash."""
    spread = 1.0 - 0.6 * min(1.0, abs(pose.turn))
    px, py = pose.pelvis
    up = (sin(pose.lean), cos(pose.lean))
    neck = (px + TORSO * up[0], py + TORSO * up[1])
    nod = pose.lean * 0.6 + pose.head_tilt
    head = (neck[0] + HEAD_ABOVE_NECK * sin(nod), neck[1] + HEAD_ABOVE_NECK * cos(nod))
    joints: Joints = {"head": head, "neck": neck, "pelvis": pose.pelvis}
    for side, sign in (("near", -1.0), ("far", 1.0)):
        arm = pose.near_arm if side == "near" else pose.far_arm
        foot = pose.near_foot if side == "near" else pose.far_foot
        along = TORSO - 0.035
        shoulder = (
            px + along * up[0] + sign * 0.095 * spread * up[1],
            py + along * up[1] - sign * 0.095 * spread * up[0],
        )
        upper, fore = arm[0] + pose.lean * 0.0, arm[1]
        elbow = (shoulder[0] + UPPER_ARM * sin(upper), shoulder[1] - UPPER_ARM * cos(upper))
        hand = (elbow[0] + FOREARM * sin(fore), elbow[1] - FOREARM * cos(fore))
        hip = (px + sign * 0.055 * spread, py)
        # Seen from the front the knees point outwards, from the side both point forward.
        bend = 1.0 if side == "far" else 2.0 * smooth((abs(pose.turn) - 0.3) / 0.4) - 1.0
        knee, ankle = two_bones(hip, (foot[0], foot[1] + ANKLE), THIGH, SHIN, bend)
        joints |= {f"{side}_shoulder": shoulder, f"{side}_elbow": elbow, f"{side}_hand": hand}
        joints |= {f"{side}_hip": hip, f"{side}_knee": knee, f"{side}_foot": ankle}
    return joints
