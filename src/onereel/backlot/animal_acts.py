"""What animals do: gaits, calls, sitting, grazing, flying, as stances over cycles.

- Space: own heights, x ahead, y up from the ground; an animal looks to the right, then is mirrored.
- A build is one entry in `BUILDS`; an act one function from cycles and a build to a `Stance`.
- Paws and hooves are placed on the ground and stay there while they carry.

Called from acts.py (the acts), animals.py and cast.py (builds and stances).
"""

from dataclasses import dataclass
from math import pi
from typing import Any

import numpy as np

from onereel.backlot.motion import Act, Beat
from onereel.backlot.shapes import Array
from onereel.backlot.skeleton import gait

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
        0.25,
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


FULL = ("full",)  # nearer there is little but flank to see


GOING: dict[str, Any] = {
    "any_phase": True,
    "shot_sizes": FULL,
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
        shot_sizes=FULL,
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
        shot_sizes=FULL,
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
        shot_sizes=FULL,
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
        shot_sizes=FULL,
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
        shot_sizes=FULL,
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
        shot_sizes=FULL,
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
        shot_sizes=FULL,
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
