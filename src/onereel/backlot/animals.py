"""Animals: dog, cat, bird and horse, with gaits, seen from the side.

- Space: own heights, x ahead, y up from the ground; an animal looks to the right, then is mirrored.
- A build is one entry in `BUILDS`; an act one function from cycles and a build to a `Stance`.
- Paws and hooves are placed on the ground and stay there while they carry.

Called from acts.py (the acts) and cast.py (the drawing).
"""

from dataclasses import dataclass
from math import pi
from typing import Any

import numpy as np

from onereel.backlot.brush import fill, ink, mix, stroke
from onereel.backlot.face import CIRCLE, blinks
from onereel.backlot.light import LINE
from onereel.backlot.look import Look
from onereel.backlot.motion import Act, Beat
from onereel.backlot.people import OUTFIT_COLOURS, Character
from onereel.backlot.shapes import (
    Array,
    Border,
    Op,
    drawn,
    filled,
    follow,
    inside,
    rounded,
    shade_of,
    tube,
    unit2,
)
from onereel.backlot.skeleton import JOINTS, gait

TAU = 2 * np.pi


@dataclass(frozen=True)
class Build:
    length: float  # shoulder to hip
    leg: float
    chest: float  # radius
    rump: float
    neck: tuple[float, float]  # from the shoulder to the head
    head: float  # radius
    limb: tuple[float, float, float]  # radii
    tail: tuple[tuple[float, float], ...]  # from the rump
    tail_width: float
    stride: float


# How much thicker than `limb` says the legs are where they join the trunk: front, hind.
THIGHS = {"dog": (1.25, 1.7), "cat": (1.25, 1.8), "horse": (1.3, 1.75), "bird": (1.0, 1.0)}
# About the middle of the trunk, x forward and y up: from the chest over the back to the belly.
TRUNKS = {
    "dog": ((0.36, 0.0), (0.32, 0.11), (0.17, 0.15), (-0.04, 0.125), (-0.24, 0.13),
            (-0.36, 0.07), (-0.37, -0.04), (-0.3, -0.12), (-0.18, -0.09), (0.0, -0.12),
            (0.17, -0.175), (0.3, -0.12)),
    "cat": ((0.34, 0.0), (0.29, 0.1), (0.15, 0.125), (-0.04, 0.13), (-0.24, 0.135),
            (-0.36, 0.06), (-0.36, -0.05), (-0.29, -0.12), (-0.16, -0.11), (0.02, -0.13),
            (0.17, -0.15), (0.29, -0.1)),
    "horse": ((0.34, 0.01), (0.29, 0.1), (0.16, 0.125), (-0.02, 0.098), (-0.19, 0.128),
              (-0.3, 0.09), (-0.34, 0.0), (-0.29, -0.09), (-0.17, -0.105), (0.0, -0.135),
              (0.17, -0.14), (0.29, -0.095)),
}  # fmt: skip

PALE_CHEST = {"dog": 0.6, "cat": 0.6, "horse": 0.15, "bird": 0.9}
# About the middle of the trunk, x forward and y up.
BIRD_TRUNK = ((0.26, 0.02), (0.17, 0.2), (-0.03, 0.2), (-0.25, 0.1), (-0.36, 0.0), (-0.25, -0.15),
              (-0.06, -0.25), (0.15, -0.18))  # fmt: skip
BIRD_CHEST = ((0.3, 0.06), (0.18, 0.02), (0.02, -0.08), (-0.16, -0.13), (-0.3, -0.16),
              (-0.1, -0.35), (0.2, -0.3))  # fmt: skip
BIRD_WING_FOLDED = ((0.1, 0.06), (0.0, -0.13), (-0.28, -0.1), (-0.46, 0.0), (-0.12, 0.13))

BUILDS: dict[str, Build] = {
    "dog": Build(
        0.5,
        0.4,
        0.15,
        0.125,
        (0.15, 0.27),
        0.17,
        (0.07, 0.05, 0.042),
        ((-0.1, 0.1), (-0.17, 0.22), (-0.16, 0.34)),
        0.042,
        0.62,
    ),
    "cat": Build(
        0.5,
        0.38,
        0.135,
        0.135,
        (0.14, 0.24),
        0.185,
        (0.06, 0.045, 0.04),
        ((-0.14, 0.03), (-0.28, 0.14), (-0.3, 0.34)),
        0.038,
        0.55,
    ),
    "horse": Build(
        0.46,
        0.43,
        0.125,
        0.12,
        (0.2, 0.33),
        0.085,
        (0.06, 0.034, 0.028),
        ((-0.1, 0.02), (-0.16, -0.12), (-0.15, -0.3)),
        0.05,
        0.75,
    ),
    "bird": Build(
        0.2,
        0.2,
        0.25,
        0.2,
        (0.12, 0.3),
        0.2,
        (0.03, 0.022, 0.02),
        ((-0.13, -0.03), (-0.24, -0.02), (-0.34, 0.0)),
        0.06,
        0.5,
    ),
}


@dataclass(frozen=True)
class Stance:
    """(T,) numbers; feet are (x, y): front near, front far, hind near, hind far."""

    rise: Any = 0.0
    pitch: Any = 0.0
    sink: Any = 0.0  # of the rump, for sitting
    neck: Any = 0.0  # turn of the neck, up is +
    nod: Any = 0.0
    feet: tuple = ()
    wag: Any = 0.0
    mouth: Any = 0.0
    wing: Any = 0.0  # -1 down, +1 up, for birds
    fly: Any = 0.0


def home(build: Build, c: Array) -> tuple:
    x = build.length / 2
    zero = 0.0 * c
    return (
        (x + 0.02 + zero, zero),
        (x - 0.03 + zero, zero),
        (-x - 0.03 + zero, zero),
        (-x + 0.03 + zero, zero),
    )


def rests(c: Array, build: Build) -> Stance:
    look = np.sin(TAU * c)
    return Stance(
        rise=0.006 * np.sin(TAU * c * 3),
        neck=0.12 * look,
        nod=0.1 * np.sin(TAU * c * 2),
        feet=home(build, c),
        wag=np.sin(TAU * c * 6),
        mouth=0.15 + 0.1 * np.sin(TAU * c * 8),
        wing=-1.0 + 0 * c,
    )


def pace(c: Array, build: Build, offsets: tuple, carry: float, stride: float, lift: float) -> tuple:
    feet = []
    for (x, _), offset in zip(home(build, c), offsets, strict=True):
        fx, fy = gait(c + offset, carry, stride, lift)
        feet.append((x + fx, fy))
    return tuple(feet)


def trots(c: Array, build: Build) -> Stance:
    return Stance(
        rise=0.014 * np.cos(2 * TAU * c),
        pitch=0.015 * np.sin(2 * TAU * c),
        neck=0.05 * np.sin(2 * TAU * c),
        nod=0.06 * np.cos(2 * TAU * c),
        feet=pace(c, build, (0.0, 0.5, 0.5, 0.0), 0.52, TROT, 0.11),
        wag=0.6 * np.sin(TAU * c * 2),
        mouth=0.25 + 0 * c,
    )


def gallops(c: Array, build: Build) -> Stance:
    return Stance(
        rise=0.045 * np.sin(TAU * (c + 0.1)),
        pitch=0.11 * np.sin(TAU * c),
        neck=0.14 * np.sin(TAU * c + 2.2) - 0.1,
        nod=-0.12 * np.sin(TAU * c + 2.2),
        feet=pace(c, build, (0.0, 0.9, 0.45, 0.35), 0.3, GALLOP, 0.2),
        wag=0.5 * np.sin(TAU * c),
        mouth=0.35 + 0 * c,
    )


def calls(c: Array, build: Build) -> Stance:
    """Barks, meows: two calls a cycle, the whole body takes part."""
    place = np.mod(c * 2, 1.0)
    cry = np.clip(np.sin(pi * np.clip((place - 0.1) / 0.35, 0, 1)), 0, 1)
    return Stance(
        rise=0.012 * cry,
        pitch=0.05 * cry,
        neck=0.16 * cry,
        nod=0.22 * cry,
        feet=home(build, c),
        wag=np.sin(TAU * c * 5),
        mouth=cry,
        wing=-1.0 + 0 * c,
    )


def sits_up(c: Array, build: Build) -> Stance:
    x = build.length / 2
    look = np.sin(TAU * c)
    zero = 0 * c
    feet = (
        (x - 0.12 + zero, zero),
        (x - 0.17 + zero, zero),
        (-x + 0.16 + zero, zero),
        (-x + 0.2 + zero, zero),
    )
    return Stance(
        rise=0.02 + 0.006 * np.sin(TAU * c * 3),
        pitch=0.62 + 0.02 * look,
        sink=0.2 + zero,
        neck=-0.25 + 0.1 * look,
        nod=-0.1 + 0.12 * np.sin(TAU * c * 2),
        feet=feet,
        wag=np.sin(TAU * c * 6),
        mouth=0.3 + zero,
    )


def rears(c: Array, build: Build) -> Stance:
    up = np.clip(np.sin(pi * np.clip((np.mod(c, 1.0) - 0.2) / 0.55, 0, 1)), 0, 1) ** 0.8
    paw = np.sin(TAU * c * 4) * up
    (ax, ay), (bx, by), hind_near, hind_far = home(build, c)
    feet = (
        (ax - 0.02 + (0.12 + 0.08 * paw) * up, ay + 0.5 * up),
        (bx + (0.14 - 0.08 * paw) * up, by + 0.46 * up),
        hind_near,
        hind_far,
    )
    return Stance(
        rise=0.1 * up,
        pitch=0.62 * up,
        neck=0.1 * up,
        nod=-0.2 * up,
        feet=feet,
        wag=np.sin(TAU * c * 2),
        mouth=up,
    )


def grazes(c: Array, build: Build) -> Stance:
    down = np.clip(0.5 + 1.2 * np.sin(TAU * c), 0, 1)
    down = down * down * (3 - 2 * down)
    return Stance(
        neck=-1.55 * down,
        nod=0.35 * down,
        pitch=-0.05 * down,
        feet=home(build, c),
        wag=np.sin(TAU * c * 3),
        mouth=0.25 * down * (0.5 + 0.5 * np.sin(TAU * c * 12)),
    )


def hops(c: Array, build: Build) -> Stance:
    place = np.mod(c, 1.0)
    air = np.clip((place - 0.45) / 0.4, 0, 1)
    lift = 0.3 * 4 * air * (1 - air)
    ahead = HOP * (air * air * (3 - 2 * air) - place)
    foot = (ahead, lift)
    spread = [(foot[0] + dx, foot[1]) for dx in (0.04, -0.02, 0.04, -0.02)]
    return Stance(
        rise=lift - 0.05 * np.sin(pi * np.clip(place / 0.45, 0, 1)),
        pitch=0.15 * np.sin(TAU * air),
        neck=0.1 * np.sin(TAU * c),
        feet=tuple(spread),
        wing=-1 + 0.5 * np.sin(pi * air),
        wag=0 * c,
        mouth=0 * c,
    )


def flies(c: Array, build: Build) -> Stance:
    beat = np.sin(TAU * c * 3)
    height = 2.6 + 0.3 * np.sin(TAU * c * 0.5)
    feet = tuple((0.0 * c - 0.1, height - 0.02) for _ in range(4))
    return Stance(
        rise=height - 0.06 * beat,
        pitch=0.1 + 0.1 * np.sin(TAU * c * 0.5),
        feet=feet,
        wing=beat,
        fly=1.0 + 0 * c,
        wag=0 * c,
        mouth=0 * c,
    )


TROT, GALLOP, HOP = 0.78, 1.7, 1.1

FOUR = (Beat("step", 0.0, "near_hand", 0.35), Beat("step", 0.5, "far_hand", 0.35))
RUN = tuple(
    Beat("step", at, joint, 0.6)
    for at, joint in ((0.0, "near_hand"), (0.1, "far_hand"), (0.55, "near_toe"), (0.65, "far_toe"))
)
GOING: dict[str, Any] = {
    "any_phase": True,
    "shot_sizes": ("full",),
    "cameras": ("follow", "follow", "static"),
    "span": 0.8,
}

ANIMAL_ACTS: tuple[Act, ...] = (
    Act(
        "rests",
        rests,
        3.0,
        ("stands by", "looks about calmly", "waits quietly"),
        ("standing by", "looking about calmly", "waiting quietly"),
        ("安静地待着", "静静地张望", "静静等待"),
        any_phase=True,
        kinds=("dog", "cat", "bird", "horse"),
        span=0.8,
    ),
    Act(
        "trots",
        trots,
        0.72,
        ("trots", "trots along", "pads along"),
        ("trotting", "trotting along", "padding along"),
        ("小跑", "轻快地小跑", "慢跑"),
        stride=TROT,
        beats=FOUR,
        kinds=("dog", "cat", "horse"),
        **GOING,
    ),
    Act(
        "gallops",
        gallops,
        0.56,
        ("gallops", "races along", "bounds along"),
        ("galloping", "racing along", "bounding along"),
        ("飞奔", "疾驰", "撒腿奔跑"),
        stride=GALLOP,
        beats=RUN,
        kinds=("dog", "cat", "horse"),
        **GOING,
    ),
    Act(
        "barks",
        calls,
        1.4,
        ("barks", "barks loudly", "woofs"),
        ("barking", "barking loudly", "woofing"),
        ("汪汪叫", "大声叫", "吠叫"),
        beats=(Beat("bark", 0.1, "head"), Beat("bark", 0.6, "head")),
        kinds=("dog",),
        span=0.8,
    ),
    Act(
        "meows",
        calls,
        2.4,
        ("meows", "mews", "meows softly"),
        ("meowing", "mewing", "meowing softly"),
        ("喵喵叫", "轻声喵叫", "发出喵声"),
        beats=(Beat("meow", 0.1, "head"), Beat("meow", 0.6, "head")),
        kinds=("cat",),
        span=0.8,
    ),
    Act(
        "chirps",
        calls,
        1.2,
        ("chirps", "sings its song", "tweets"),
        ("chirping", "singing its song", "tweeting"),
        ("啾啾叫", "鸣叫", "叽叽喳喳"),
        beats=(Beat("tweet", 0.1, "head"), Beat("tweet", 0.6, "head")),
        kinds=("bird",),
        span=0.8,
    ),
    Act(
        "sits up",
        sits_up,
        3.0,
        ("sits", "sits up and watches", "sits waiting"),
        ("sitting", "sitting up and watching", "sitting waiting"),
        ("坐着", "蹲坐着张望", "乖乖坐着"),
        any_phase=True,
        kinds=("dog", "cat"),
        span=0.7,
    ),
    Act(
        "rears up",
        rears,
        2.6,
        ("rears up", "rears and neighs", "rises on its hind legs"),
        ("rearing up", "rearing and neighing", "rising on its hind legs"),
        ("扬起前蹄", "前蹄腾空嘶鸣", "后腿站立"),
        beats=(Beat("neigh", 0.3, "head"), Beat("hoof", 0.76, "near_hand", 1.2)),
        kinds=("horse",),
        reach=1.3,
        span=0.9,
    ),
    Act(
        "grazes",
        grazes,
        5.0,
        ("grazes", "eats grass", "lowers its head to graze"),
        ("grazing", "eating grass", "lowering its head to graze"),
        ("吃草", "低头吃草", "啃草"),
        any_phase=True,
        kinds=("horse",),
        span=0.9,
    ),
    Act(
        "hops",
        hops,
        0.7,
        ("hops", "hops along", "hops about"),
        ("hopping", "hopping along", "hopping about"),
        ("蹦跳", "一跳一跳地走", "跳来跳去"),
        stride=HOP,
        beats=(Beat("step", 0.86, "near_toe", 0.2),),
        kinds=("bird",),
        **GOING,
    ),
    Act(
        "flies",
        flies,
        1.0,
        ("flies", "flaps through the air", "flies past"),
        ("flying", "flapping through the air", "flying past"),
        ("飞翔", "拍着翅膀飞", "飞过"),
        stride=2.4,
        kinds=("bird",),
        reach=4.6,
        **GOING,
    ),
)


def joint_between(start: tuple, end: tuple, upper: float, lower: float) -> tuple[Array, Array]:
    """Where a leg of two bones bends forward between two places (T,) each."""
    dx, dy = end[0] - start[0], end[1] - start[1]
    distance = np.maximum(np.hypot(dx, dy), 1e-6)
    reach = np.clip(distance, abs(upper - lower) + 1e-3, 0.998 * (upper + lower))
    along = (upper**2 + reach**2 - lower**2) / (2 * reach)
    bend = np.sqrt(np.maximum(upper**2 - along**2, 0.0))
    share = along / reach
    return start[0] + dx * share - dy / distance * bend, start[
        1
    ] + dy * share + dx / distance * bend


def make_animal(
    who: Character, look: Look, stance: Stance, start: Array, facing: int, times: Array
) -> tuple[list[Op], Array, Array]:
    """Ops, joints (T, J, 2) and box (T, 4), world units; `start` (T,) is where x = 0 stands."""
    build, size, frames = BUILDS[who.kind], who.scale, len(times)
    full = [
        np.broadcast_to(np.asarray(v, float), (frames,))
        for v in (
            stance.rise,
            stance.pitch,
            stance.sink,
            stance.neck,
            stance.nod,
            stance.wag,
            stance.mouth,
            stance.wing,
        )
    ]
    rise, pitch, sink, neck_turn, nod, wag, mouth, wing = full
    fur = look.hair
    belly = mix(fur, look.shade(0xFFF2DE), 0.6)
    far = look.far(fur)

    def world(x: Array, y: Array) -> Array:
        return np.stack([start + facing * size * x, -size * y + 0 * x], -1)

    cos_p, sin_p = np.cos(pitch), np.sin(pitch)
    girth = who.build

    def on_body(x: float, y: float) -> tuple[Array, Array]:
        """A place of the trunk, which pitches about the hips."""
        pivot = -build.length / 2
        dx = x - pivot
        base = build.leg + build.chest * 0.5 + rise - sink
        return pivot + dx * cos_p - y * sin_p, base + dx * sin_p + y * cos_p

    half = build.length / 2
    shoulder, hip = on_body(half, 0.0), on_body(-half, 0.0)
    nx, ny = build.neck
    turn = pitch * 0.35 + neck_turn
    head = (
        shoulder[0] + nx * np.cos(turn) - ny * np.sin(turn) * 1.0,
        shoulder[1] + nx * np.sin(turn) + ny * np.cos(turn),
    )
    tilt = nod + 0.5 * neck_turn
    ops: list[Op] = []
    # What is near makes one silhouette: all its inks lie under all its fills.
    inks: list[Op] = []
    legs: dict[str, list[Op]] = {}
    joints: dict[str, Array] = {}
    names = ("near_front", "far_front", "near_hind", "far_hind")
    for (fx, fy), name in zip(stance.feet, names, strict=True):
        front, near = name.endswith("front"), name.startswith("near")
        top = shoulder if front else hip
        tx, ty = top[0] + (-0.01 if front else 0.02), top[1] - 0.02
        ankle_y = np.broadcast_to(fy, (frames,)) + 0.03
        thigh, shin, ankle = build.limb
        broad = thigh * THIGHS[who.kind][0 if front else 1]
        if front or who.kind == "bird":
            # Straight while it carries; lifted, it folds at the wrist.
            bone = 0.54 * build.leg
            kx, ky = joint_between((tx, ty), (fx, ankle_y), bone, bone)
            bends = [(kx, ky)]
            radii: tuple[float, ...] = (broad, shin, ankle)
        else:
            # The heel of a paw stands high behind it, the knee is up at the belly.
            up = unit2(np.stack([tx - fx, ty - ankle_y], -1))
            lean, bone = 0.38, 0.34 * build.leg
            hx = fx + bone * (up[:, 0] * np.cos(lean) - up[:, 1] * np.sin(lean))
            hy = ankle_y + bone * (up[:, 0] * np.sin(lean) + up[:, 1] * np.cos(lean))
            kx, ky = joint_between((tx, ty), (hx, hy), 0.39 * build.leg, 0.39 * build.leg)
            bends = [(kx, ky), (hx, hy)]
            radii = (broad, thigh * 1.12, shin * 0.95, ankle)
        points = [world(tx, ty), world(kx, ky), world(fx, ankle_y)]
        ways = [world(tx, ty), *(world(x, y) for x, y in bends), world(fx, ankle_y)]
        curve = rounded(np.stack(ways, axis=1), 5, closed=False, tension=0.4)
        share = np.linspace(0, len(ways) - 1, curve.shape[1])
        radius = np.interp(share, range(len(ways)), radii) * size * girth
        colour = fur if near else far
        if who.kind == "bird":
            colour = look.shade(0xE8913A)
        if who.kind == "bird" and front:
            legs[name] = []
        else:
            under = filled(tube(curve, radius, LINE), fill(ink(colour)))
            if near and who.kind != "bird":
                inks.append(under)
            part = [] if under in inks else [under]
            part += [
                filled(tube(curve, radius), fill(colour)),
                filled(shade_of(curve, radius, np.array(look.lamp)), fill(look.dark(colour), 0.8)),
            ]
            paw = np.stack(
                [world(fx - 0.005, ankle_y - 0.008), world(fx + 0.05, ankle_y - 0.01)], 1
            )
            wide = np.array([1.05, 0.85]) * build.limb[2] * size
            foot = (
                look.shade(0x4A3A34)
                if who.kind == "horse"
                else (colour if who.kind == "bird" else mix(colour, belly, 0.6 if near else 0.3))
            )
            part += [
                filled(tube(paw, wide, LINE), fill(ink(foot))),
                filled(tube(paw, wide), fill(foot)),
            ]
            legs[name] = part
        side = "near" if near else "far"
        if front:
            joints |= {
                f"{side}_shoulder": points[0],
                f"{side}_elbow": points[1],
                f"{side}_hand": points[2],
            }
        else:
            joints |= {
                f"{side}_hip": points[0],
                f"{side}_knee": points[1],
                f"{side}_foot": points[2],
                f"{side}_toe": points[2],
            }
    tail_points = [world(hip[0] - 0.05, hip[1] + 0.05)]
    for index, (x, y) in enumerate(build.tail):
        swing = (0.05 if who.kind in ("dog", "horse") else 0.03) * wag * (index + 1)
        tail_points.append(
            world(hip[0] - 0.05 + x + swing * (1 if who.kind != "dog" else 1.4), hip[1] + 0.05 + y)
        )
    tail_rest = np.stack(tail_points, 1)
    speeds = np.linspace(6.0, 3.0, tail_rest.shape[1])[:, None]
    tail = follow(tail_rest, np.broadcast_to(speeds, tail_rest.shape[1:]), 0.4)
    tail[:, 0] = tail_rest[:, 0]
    tail_line = rounded(tail, 6, closed=False)
    bushy = (
        np.interp(
            np.linspace(0, 1, tail_line.shape[1]),
            (0, 0.5, 1),
            (0.9, 1.2, 0.5) if who.kind in ("dog", "bird") else (0.8, 1.2, 0.9),
        )
        * build.tail_width
        * size
    )
    tail_colour = look.shade(mix(0x3A2A24, 0x000000, 0.1)) if who.kind == "horse" else fur
    inks.append(filled(tube(tail_line, bushy, LINE), fill(ink(tail_colour))))
    tail_ops = [filled(tube(tail_line, bushy), fill(tail_colour))]
    trunk_points = TRUNKS.get(who.kind, BIRD_TRUNK)
    middle = on_body(0.0, 0.015 if who.kind != "horse" else -0.01)
    spine = rounded(
        np.stack(
            [
                world(*on_body(half * 1.12, 0.0)),
                world(*on_body(half * 0.5, -0.01)),
                world(*middle),
                world(*on_body(-half * 0.6, 0.01)),
                world(*on_body(-half * 1.1, 0.0)),
            ],
            1,
        ),
        3,
        closed=False,
    )
    thick = (
        np.interp(
            np.linspace(0, 1, spine.shape[1]),
            (0, 0.25, 0.55, 0.85, 1),
            (
                build.chest * 0.9,
                build.chest,
                0.5 * (build.chest + build.rump) * 0.95,
                build.rump,
                build.rump * 0.85,
            ),
        )
        * size
        * girth
    )
    neck_line = rounded(
        np.stack(
            [
                world(shoulder[0] - 0.03, shoulder[1] - 0.02),
                world(0.5 * (shoulder[0] + head[0]) + 0.01, 0.5 * (shoulder[1] + head[1])),
                world(*head),
            ],
            1,
        ),
        3,
        closed=False,
    )
    neck_radius = (
        np.linspace(
            build.chest * 0.82,
            build.head * (0.62 if who.kind != "horse" else 0.75),
            neck_line.shape[1],
        )
        * size
    )
    trunk = rounded(np.stack([world(*on_body(x * girth, y)) for x, y in trunk_points], 1), 4)
    low = spine + np.array([0.0, 0.8])[None, None] * thick[None, :, None]
    chest = tube(low, thick * 0.55)
    if who.kind == "bird":
        chest = rounded(np.stack([world(*on_body(x * girth, y)) for x, y in BIRD_CHEST], 1), 4)
    inks += [
        filled(trunk, Border(ink(fur), 2 * LINE)),
        filled(tube(neck_line, neck_radius, LINE), fill(ink(fur))),
    ]
    body = [
        filled(trunk, fill(fur)),
        filled(tube(neck_line, neck_radius), fill(fur)),
        inside(
            trunk,
            [
                filled(
                    shade_of(spine, thick, np.array((0.2 * look.lamp[0], -0.98)), 0.55),
                    fill(look.dark(fur), 0.6),
                ),
                filled(chest, fill(mix(fur, belly, PALE_CHEST[who.kind]))),
            ],
        ),
    ]
    ops = [*legs["far_front"], *legs["far_hind"]]
    accent = look.shade(OUTFIT_COLOURS[who.outfit_colour])
    if who.kind == "bird":
        ops += legs["near_hind"]
        ops += bird_wing(world, on_body, wing, far, size, -0.3)
    ops += [*inks, *tail_ops, *body]
    if who.kind != "bird":
        ops += [*legs["near_hind"], *legs["near_front"]]
    if who.kind == "horse":
        ops += saddle(world, on_body, accent, build, size)
        ops += mane(neck_line, neck_radius, tail_colour, size, facing)
    elif who.kind in ("dog", "cat"):
        ring = neck_line[:, 2:5] + np.array([0.0, 0.0])
        ops += [
            filled(
                tube(ring[:, 1:], neck_radius[3:5] * 1.02, LINE * 0.6, (False, False)), fill(accent)
            )
        ]
    if who.kind == "bird":
        ops += bird_wing(world, on_body, wing, mix(fur, accent, 0.5), size, 0.0)
    at_head = world(*head)
    ops += head_ops(
        who,
        look,
        at_head,
        np.degrees(-tilt * facing),
        size * build.head,
        facing,
        fur,
        belly,
        mouth,
        blinks(who.seed, times),
        accent,
    )
    joints |= {"head": at_head, "neck": world(*shoulder), "pelvis": world(*hip)}
    stacked = np.stack([joints[name] for name in JOINTS], axis=1)
    everything = np.concatenate([stacked, tail_line, spine], axis=1)
    margin = (0.36 if who.kind != "bird" else 0.75) * size
    box = np.concatenate([everything.min(1) - margin, everything.max(1) + margin * 0.8], 1)
    return ops, stacked, box


def saddle(world: Any, on_body: Any, colour: int, build: Build, size: float) -> list[Op]:
    top = build.chest
    corners = ((-0.1, top * 1.0), (0.1, top * 1.0), (0.09, -0.02), (-0.07, -0.02))
    cloth = rounded(np.stack([world(*on_body(x, y)) for x, y in corners], 1), 4, tension=0.35)
    seat = np.stack(
        [
            world(*on_body(x, y))
            for x, y in ((-0.1, top + 0.02), (0.0, top - 0.005), (0.09, top + 0.025))
        ],
        1,
    )
    line = rounded(seat, 3, closed=False)
    wide = np.full(line.shape[1], 0.022 * size)
    leather = 0x6A4128
    return [
        filled(cloth, Border(ink(colour), 2 * LINE)),
        filled(cloth, fill(colour)),
        filled(tube(line, wide, LINE), fill(ink(leather))),
        filled(tube(line, wide), fill(leather)),
    ]


def mane(neck: Array, radius: Array, colour: int, size: float, facing: int) -> list[Op]:
    """Locks along the crest that fall over the neck and sway."""
    along = unit2(np.gradient(neck, axis=1))
    back = np.stack([along[..., 1], -along[..., 0]], -1) * facing
    crest = neck + back * (radius + 0.02 * size)[None, :, None]
    fringe = neck - back * (radius * 0.1)[None, :, None] - along * 0.05 * size
    soft = follow(fringe, 5.0, 0.35)
    # Every other point is drawn in: the lower edge falls in locks.
    soft[:, 1::2] += back[:, 1::2] * 0.035 * size
    shape = rounded(np.concatenate([crest, soft[:, ::-1]], axis=1), 4, tension=0.5)
    return [filled(shape, Border(ink(colour), 2 * LINE)), filled(shape, fill(colour))]


def bird_wing(
    world: Any, on_body: Any, wing: Array, colour: int, size: float, shift: float
) -> list[Op]:
    """Folded at -1, beating between."""
    spread = np.clip((wing + 1.0) / 0.6, 0, 1)
    up = np.where(wing > -0.99, wing, -0.35)
    points = []
    outs = ((0.16, 0.0), (0.05, 0.6), (-0.35, 0.95), (-0.42, 0.5), (-0.12, 0.0))
    for (along, out), folded in zip(outs, BIRD_WING_FOLDED, strict=True):
        x, y = on_body(along + shift * 0.2, 0.05)
        folded_x, folded_y = on_body(*folded)
        fx, fy = x - 0.12 * out, y + out * 0.85 * up
        points.append(
            world(folded_x + (fx - folded_x) * spread, folded_y + (fy - folded_y) * spread)
        )
    shape = rounded(np.stack(points, 1), 4, tension=0.45)
    return [filled(shape, Border(ink(colour), 2 * LINE)), filled(shape, fill(colour))]


def head_ops(
    who: Character,
    look: Look,
    at: Array,
    degrees: Array,
    size: float,
    facing: int,
    fur: int,
    pale: int,
    mouth: Array,
    blink: Array,
    accent: int,
) -> list[Op]:
    """A head in its own frame: radius 1, looking right."""
    line = LINE / size
    dark, nose_colour = 0x2A1B2E, look.shade(0x3A2A30)
    frames = len(at)

    def still(points: list, per: int = 4) -> Array:
        return np.broadcast_to(
            rounded(np.array(points, float), per), (frames, len(points) * per, 2)
        )

    def oval(x: float, y: float, w: float, h: float) -> Array:
        return np.broadcast_to(
            CIRCLE * np.array([w, h]) + np.array([x, y]), (frames, len(CIRCLE), 2)
        )

    ops: list[Op] = []
    gape = np.stack([0 * mouth, 0.4 * mouth], -1)[:, None]

    def add(shape: Array, colour: int = fur) -> None:
        ops.extend(
            [filled(shape, Border(ink(colour), round(2 * line, 4))), filled(shape, fill(colour))]
        )

    if who.kind == "dog":
        add(
            still([(0.45, 0.3), (1.2, 0.34), (1.25, 0.52), (0.7, 0.66), (0.3, 0.55)]) + gape * 0.8,
            pale,
        )
        tongue = (
            still([(0.7, 0.45), (1.05, 0.45), (1.1, 0.75), (0.9, 0.85), (0.72, 0.7)]) + gape * 0.8
        )
        ops.append(filled(tongue, fill(look.shade(0xF07D88)), mouth > 0.12))
        add(
            still(
                [
                    (-0.85, -0.3),
                    (-0.4, -0.9),
                    (0.3, -0.92),
                    (0.72, -0.5),
                    (1.25, -0.1),
                    (1.42, 0.15),
                    (1.2, 0.42),
                    (0.5, 0.55),
                    (-0.2, 0.75),
                    (-0.8, 0.4),
                ]
            )
        )
        add(still([(0.75, 0.1), (1.2, -0.05), (1.42, 0.15), (1.2, 0.42), (0.7, 0.5)]), pale)
        ops.append(filled(oval(1.36, 0.0, 0.17, 0.14), fill(nose_colour)))
        add(
            still(
                [
                    (-0.55, -0.65),
                    (-0.2, -0.8),
                    (0.0, -0.3),
                    (-0.2, 0.42),
                    (-0.55, 0.5),
                    (-0.78, 0.1),
                ]
            ),
            look.dark(fur, 0.8),
        )
        eye = (0.5, -0.28, 0.2, 0.25)
    elif who.kind == "cat":
        for x in (-0.15, 0.62):
            add(still([(x - 0.36, -0.6), (x - 0.1, -1.45), (x + 0.36, -0.7)], 5))
            ops.append(
                filled(
                    still([(x - 0.2, -0.68), (x - 0.07, -1.2), (x + 0.2, -0.72)], 5),
                    fill(look.shade(0xF2A7A0)),
                )
            )
        add(
            still(
                [
                    (-0.9, -0.2),
                    (-0.5, -0.85),
                    (0.3, -0.92),
                    (0.9, -0.6),
                    (1.1, 0.05),
                    (0.95, 0.5),
                    (0.4, 0.75),
                    (-0.3, 0.75),
                    (-0.85, 0.4),
                ]
            )
        )
        add(still([(0.5, 0.2), (0.95, 0.12), (1.15, 0.28), (1.0, 0.55), (0.55, 0.55)]), pale)
        ops.append(
            filled(oval(0.86, 0.5, 0.16, 0.2) + gape * 0.2, fill(look.shade(0xB04A58)), mouth > 0.3)
        )
        ops.append(
            filled(still([(0.88, 0.1), (1.08, 0.08), (0.98, 0.22)]), fill(look.shade(0xE98B8B)))
        )
        for y in (0.28, 0.4):
            whisker = np.broadcast_to(
                np.array([(0.75, y), (1.6, y - 0.1 + (y - 0.34) * 2)]), (frames, 2, 2)
            )
            ops.append(drawn(whisker, stroke(0xFFFFFF, 0.03, 0.8)))
        eye = (0.48, -0.12, 0.22, 0.28)
    elif who.kind == "horse":
        add(still([(-0.55, -0.75), (-0.3, -1.6), (-0.05, -0.85)], 5))
        add(
            still([(0.9, 0.9), (1.75, 1.5), (1.6, 1.95), (0.9, 1.55)]) + gape * 0.6,
            look.dark(fur, 0.3),
        )
        add(
            still(
                [
                    (-0.9, 0.0),
                    (-0.75, -0.75),
                    (-0.1, -0.98),
                    (0.5, -0.6),
                    (1.3, 0.5),
                    (2.05, 1.1),
                    (2.1, 1.55),
                    (1.7, 1.75),
                    (0.9, 1.3),
                    (0.2, 0.85),
                    (-0.5, 0.7),
                ]
            )
        )
        add(still([(1.45, 0.75), (2.05, 1.1), (2.1, 1.55), (1.7, 1.75), (1.3, 1.4)]), pale)
        ops.append(filled(oval(1.88, 1.22, 0.1, 0.13), fill(nose_colour)))
        bridle = np.broadcast_to(np.array([(0.95, 0.12), (0.95, 1.25)]), (frames, 2, 2))
        ops.append(drawn(bridle, stroke(accent, 0.16)))
        cheek = np.broadcast_to(np.array([(0.95, 0.75), (-0.5, 0.2)]), (frames, 2, 2))
        ops.append(drawn(cheek, stroke(accent, 0.13)))
        eye = (0.4, -0.1, 0.2, 0.26)
    else:
        beak = look.shade(0xF2A23A)
        add(still([(0.6, 0.1), (1.35, 0.2), (0.65, 0.42)], 5) + gape * 0.5, look.dark(beak, 0.4))
        add(still([(0.6, -0.2), (1.5, 0.12), (0.65, 0.25)], 5), beak)
        add(oval(0, 0, 1.0, 0.98))
        ops.append(filled(oval(0.42, 0.4, 0.5, 0.45), fill(pale)))
        add(still([(-0.2, -0.9), (-0.5, -1.45), (0.1, -1.15), (0.2, -0.9)]), fur)
        eye = (0.42, -0.18, 0.24, 0.28)
    x, y, w, h = eye
    wide_open = blink < 0.6
    tall = h * np.clip(1 - blink, 0.1, 1)
    ring = CIRCLE[None] * np.stack([np.full(frames, w), tall], -1)[:, None] + np.array([x, y])
    ops += [filled(ring * 1.0, fill(look.white), wide_open)]
    pupil = CIRCLE[None] * np.stack([np.full(frames, w * 0.72), tall * 0.82], -1)[
        :, None
    ] + np.array([x + 0.04, y])
    ops += [
        filled(pupil, fill(dark), wide_open),
        filled(oval(x + 0.1, y - h * 0.35, w * 0.28, w * 0.28), fill(0xFFFFFF), wide_open),
    ]
    lid = np.broadcast_to(np.array([(x - w, y), (x, y + 0.1), (x + w, y)]), (frames, 3, 2))
    ops.append(drawn(lid, stroke(dark, 0.09), ~wide_open))

    def enter(canvas: Any, frame: int) -> None:
        canvas.save()
        canvas.translate(float(at[frame, 0]), float(at[frame, 1]))
        canvas.rotate(float(degrees[frame]))
        canvas.scale(facing * size, size)

    def leave(canvas: Any, frame: int) -> None:
        canvas.restore()

    return [enter, *ops, leave]
