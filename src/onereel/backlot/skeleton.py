"""The skeleton: poses over a whole clip, solved in three dimensions at once.

- A pose is in body heights: x to the right of the picture, y up from the ground, z to the viewer.
  Every number of a `Pose` may be an array over the T frames of a clip; nothing loops over time.
- `turn` is the heading: 0 faces the viewer, pi/2 the right edge. Any view follows from it.
- Arms are directions from the shoulder (swing 0 hangs, pi/2 points ahead, pi points up), legs are
  placed by the foot: a foot whose numbers stay the same stays put on the ground.
- `picture` projects to the plane: orthographic, the camera a little above, so depth shows.

Called from acts, duels, cast.py and things.py.
"""

from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from scipy.interpolate import PchipInterpolator

Array = np.ndarray
Number = Any  # a float or an array (T,)

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
    "near_toe",
    "far_toe",
)
TILT = 0.16  # how far a step towards the viewer moves down in the picture
BALL, HEEL = 0.06, -0.035  # along the foot from below the ankle, times the leg's scale


@dataclass(frozen=True)
class Pose:
    """One moment, or (T,) moments; angles in radians."""

    pelvis: tuple = (0.0, 0.0, 0.0)  # ahead, above standing height, towards the viewer
    turn: Number = 0.75
    torso: tuple = (0.02, 0.0, 0.0, 0.0)  # lean ahead, lean to the near side, twist, bend of spine
    head: tuple = (0.0, 0.0, 0.0)  # turn and nod relative to the chest, tilt to the near side
    near_arm: tuple = (0.05, 0.2, 0.96, 0.0)  # swing, out from the side, reach 0..1, elbow out
    far_arm: tuple = (0.08, 0.2, 0.96, 0.0)
    near_foot: tuple = (-0.05, 0.0, 0.05, 0.0)  # x, y, z, pitch (toes up)
    far_foot: tuple = (0.05, 0.0, -0.05, 0.0)
    squash: Number = 1.0
    face: tuple = (0.45, 0.0, 0.0, 0.0, 0.0)  # smile, brows up, frown, lids down, mouth open
    gaze: tuple = (0.0, 0.0)


SIZES = [len(f.default) if isinstance(f.default, tuple) else 0 for f in fields(Pose)]


def flat(pose: Pose) -> list[Number]:
    values: list[Number] = []
    for value in astuple_shallow(pose):
        values.extend(value if isinstance(value, tuple) else (value,))
    return values


def astuple_shallow(pose: Pose) -> tuple:
    return tuple(getattr(pose, f.name) for f in fields(Pose))


def from_flat(values: list[Number]) -> Pose:
    parts, place = [], 0
    for size in SIZES:
        if size:
            parts.append(tuple(values[place : place + size]))
        else:
            parts.append(values[place])
        place += max(size, 1)
    return Pose(*parts)


def matrix(poses: list[Pose]) -> Array:
    """(K, C) of constant poses."""
    return np.array([flat(pose) for pose in poses], np.float64)


def keys(cycle: Array, *marks: tuple[float, Pose]) -> Pose:
    """A looping motion through key poses at places 0..1 of the cycle.

    Monotone cubics (Fritsch-Carlson): it eases at turning points and holds exactly where two
    neighbouring keys agree, so planted feet stay planted. The last mark leads back to the first.
    """
    places = [at for at, _ in marks]
    poses = matrix([pose for _, pose in marks])
    start, count = places[0], len(places)
    # One lap of keys on either side makes the loop smooth where it closes.
    laps = [np.array(places) + lap for lap in (-1.0, 0.0, 1.0)]
    curve = PchipInterpolator(np.concatenate(laps), np.concatenate([poses] * 3), axis=0)
    assert count > 1 and places[-1] < start + 1.0
    values = curve(np.mod(cycle, 1.0))
    return from_flat(list(values.T))


def track(cycle: Array, *marks: tuple[float, float]) -> Array:
    """One number through keys; loops like `keys`."""
    places, values = np.array(marks).T
    laps = np.concatenate([places + lap for lap in (-1.0, 0.0, 1.0)])
    return PchipInterpolator(laps, np.concatenate([values] * 3))(np.mod(cycle, 1.0))


def blend(first: Pose, second: Pose, amount: Number) -> Pose:
    pairs = zip(flat(first), flat(second), strict=True)
    return from_flat([a + (b - a) * amount for a, b in pairs])


@dataclass(frozen=True)
class Body:
    """Proportions in body heights."""

    head: float  # half height of the head
    leg: float  # hip to sole
    torso: float
    arm: float  # shoulder to wrist
    shoulders: float  # half width
    hips: float
    chest_depth: float
    girth: float  # thickness of limbs, 1 is average
    foot: float

    @property
    def ankle(self) -> float:
        return 0.045 * self.foot


def stack(x: Number, y: Number, z: Number) -> Array:
    return np.stack(np.broadcast_arrays(x, y, z), axis=-1).astype(np.float64)


def unit(vector: Array) -> Array:
    return vector / np.maximum(np.linalg.norm(vector, axis=-1, keepdims=True), 1e-9)


def heading(turn: Number) -> tuple[Array, Array]:
    """Ahead and towards the near side, (T, 3) each."""
    sine, cosine = np.sin(turn), np.cos(turn)
    return stack(sine, 0.0, cosine), stack(-cosine, 0.0, sine)


def upwards(turn: Number, lean: Number, side: Number) -> tuple[Array, Array, Array]:
    """Axes of a trunk that is turned, then tipped sideways, then leant: up, ahead, near."""
    ahead, near = heading(turn)
    cos_side, sin_side = np.cos(side)[..., None], np.sin(side)[..., None]
    vertical = np.array([0.0, 1.0, 0.0])
    up = vertical * cos_side + near * sin_side
    near_tipped = near * cos_side - vertical * sin_side
    cos_lean, sin_lean = np.cos(lean)[..., None], np.sin(lean)[..., None]
    return up * cos_lean + ahead * sin_lean, ahead * cos_lean - up * sin_lean, near_tipped


def bend_limb(start: Array, end: Array, upper: float, lower: float, pole: Array) -> tuple:
    """Two bones from `start` towards `end`, (T, 3); the joint bends to the side of `pole`."""
    line = end - start
    length = np.linalg.norm(line, axis=-1, keepdims=True)
    # A soft limit: a limb that is nearly straight slows down instead of snapping.
    most = upper + lower
    knee = 0.94 * most
    over = np.maximum(length - knee, 0.0)
    reach = np.where(
        length > knee, knee + (most * 0.999 - knee) * np.tanh(over / (most - knee)), length
    )
    reach = np.maximum(reach, abs(upper - lower) + 1e-3)
    along = line / np.maximum(length, 1e-9)
    side = pole - along * np.sum(pole * along, axis=-1, keepdims=True)
    side = unit(side)
    cosine = (upper**2 + reach**2 - lower**2) / (2 * upper * reach)
    cosine = np.clip(cosine, -1.0, 1.0)
    middle = start + upper * (along * cosine + side * np.sqrt(1.0 - cosine**2))
    return middle, start + along * reach


@dataclass(frozen=True)
class Bones:
    """Solved joints and frames of one performer over a clip; (T, 3) each, body heights."""

    at: dict[str, Array]
    up: dict[str, Array]  # axes of "hips" and "chest" and "head"
    ahead: dict[str, Array]
    near: dict[str, Array]
    turn: Array  # (T,) heading of the hips
    chest_turn: Array
    head_turn: Array
    head_nod: Array
    head_roll: Array


def solve(
    pose: Pose, body: Body, frames: int, grips: dict[str, tuple[Array, Array]] | None = None
) -> Bones:
    """All joints of (T,) poses. `grips`: per hand ("near", "far") a target (T, 3) in the same
    space and how firmly (T,) the hand is held there: for props, claps and partners."""
    values = [np.broadcast_to(np.asarray(v, np.float64), (frames,)) for v in flat(pose)]
    pose = from_flat(values)
    lean, side, twist, bend = pose.torso
    up, ahead, near = upwards(pose.turn, lean, side)
    pelvis = stack(pose.pelvis[0], body.leg + pose.pelvis[1], pose.pelvis[2])
    chest_turn = pose.turn + twist
    chest_up, chest_ahead, chest_near = upwards(chest_turn, lean + bend, side)
    waist = pelvis + up * (0.42 * body.torso)
    neck = waist + chest_up * (0.58 * body.torso)
    # The head stays more level than the trunk; a sine keeps that true all through a flip.
    whole = lean + bend
    nod = pose.head[1] + whole - 0.5 * np.sin(whole)
    roll = side * 0.5 + 0.5 * (side - np.sin(side)) + pose.head[2]
    head_turn = chest_turn + pose.head[0]
    # As on a stage, heads stay a little open to the audience; a sine holds in full turns too.
    head_turn = head_turn - 0.36 * np.sin(head_turn)
    head_up, head_ahead, head_near = upwards(chest_turn, nod, roll)
    head = neck + chest_up * (0.22 * body.head) + head_up * (0.93 * body.head)
    at = {"head": head, "neck": neck, "waist": waist, "pelvis": pelvis}
    for name, sign in (("near", 1.0), ("far", -1.0)):
        arm = pose.near_arm if name == "near" else pose.far_arm
        foot = pose.near_foot if name == "near" else pose.far_foot
        shoulder = neck - chest_up * (0.03 + 0.1 * body.head) + chest_near * sign * body.shoulders
        swing, out, reach, elbow_out = arm
        flat_part = np.cos(out)
        direction = (
            chest_ahead * (np.sin(swing) * flat_part)[:, None]
            - chest_up * (np.cos(swing) * flat_part)[:, None]
            + chest_near * (sign * np.sin(out))[:, None]
        )
        target = shoulder + direction * (reach * body.arm)[:, None]
        if grips and name in grips:
            held, firmness = grips[name]
            target = target + (held - target) * np.broadcast_to(firmness, (frames,))[:, None]
        pole = -0.55 * chest_ahead - 0.6 * chest_up
        pole = pole + chest_near * (sign * (0.55 + elbow_out))[:, None]
        upper = 0.52 * body.arm
        elbow, hand = bend_limb(shoulder, target, upper, body.arm - upper, pole)
        hip = pelvis + near * sign * body.hips
        wanted, toe, back, tip = place_foot(foot, pose.turn, body)
        thigh = 0.52 * (body.leg - body.ankle)
        outwards = near * sign * 0.3
        knee, ankle = bend_limb(
            hip, wanted, thigh, body.leg - body.ankle - thigh, ahead + outwards + 0.15 * up
        )
        at |= {f"{name}_shoulder": shoulder, f"{name}_elbow": elbow, f"{name}_hand": hand}
        at |= {f"{name}_hip": hip, f"{name}_knee": knee, f"{name}_foot": ankle, f"{name}_toe": toe}
        # A leg that cannot reach takes its shoe along.
        short = ankle - wanted
        at |= {f"{name}_back": back + short, f"{name}_tip": tip + short}
        at[f"{name}_toe"] = toe + short
    return Bones(
        at,
        {"hips": up, "chest": chest_up, "head": head_up},
        {"hips": ahead, "chest": chest_ahead, "head": head_ahead},
        {"hips": near, "chest": chest_near, "head": head_near},
        pose.turn,
        chest_turn,
        head_turn,
        nod,
        roll,
    )


def place_foot(foot: tuple, turn: Array, body: Body) -> tuple[Array, Array, Array, Array]:
    """Ankle, ball, and the middles of heel and toe cap of a foot; heels lift about the ball, toes
    lift about the heel."""
    x, y, z, pitch = foot
    ahead, _ = heading(turn)
    pivot = np.where(pitch < 0.0, BALL, HEEL) * body.foot
    sine, cosine = np.sin(pitch), np.cos(pitch)
    up = np.array([0.0, 1.0, 0.0])
    # The ball is what stays: a foot that turns, turns about it and does not slide.
    sole = stack(x + 0.035 * body.foot, y, z + 0.045 * body.foot) - ahead * BALL * body.foot

    # Ankle and ball relative to the pivot, turned by the pitch.
    def turned(along: Array, above: float) -> Array:
        rel = along - pivot
        forward = pivot + rel * cosine - above * sine
        height = rel * sine + above * cosine
        return sole + ahead * forward[:, None] + up * height[:, None]

    level, size = np.zeros_like(x), body.foot
    return (
        turned(level, body.ankle),
        turned(level + BALL * size, 0.0),
        turned(level - 0.022 * size, 0.03 * size),
        turned(level + 0.082 * size, 0.022 * size),
    )


def picture(points: Array) -> Array:
    """(..., 3) to (..., 2): x right, y down, feet at 0."""
    return np.stack([points[..., 0], -points[..., 1] + TILT * points[..., 2]], axis=-1)


def gait(cycle: Array, carry: float, stride: float, lift: float) -> tuple[Array, Array]:
    """Where a paw is: it lands at whole cycles, carries for a share of the cycle, then swings."""
    place = np.mod(cycle, 1.0)
    reach = stride * carry
    swing = np.clip((place - carry) / (1 - carry), 0.0, 1.0)
    ease = swing * swing * (3 - 2 * swing)
    x = np.where(place < carry, reach / 2 - stride * place, -reach / 2 + reach * ease)
    return x, lift * np.sin(np.pi * swing**0.85)
