"""Outfits and accessories: what a body wears and how it hangs.

- An outfit is one entry in `OUTFITS`: sleeves, legs, a skirt if any, and a function that draws on
  the torso (torso.py) out of pieces (cloth.py).
- Skirts, coat tails and capes (drapes.py) chase the body through springs.

Called from figures.py; what captions call them is in words.py.
"""

from collections.abc import Callable
from dataclasses import dataclass
from math import pi

import numpy as np

from onereel.backlot.brush import fill, ink, stroke
from onereel.backlot.cloth import belt, collar_cross, lines, neckline
from onereel.backlot.light import LINE
from onereel.backlot.look import Look
from onereel.backlot.shapes import Border, Op, drawn, filled, rounded, tube
from onereel.backlot.torso import Torso

Details = Callable[[Torso, Look], list[Op]]


@dataclass(frozen=True)
class Outfit:
    details: Details
    sleeve: str = "long"  # none, short, long, wide
    legs: str = "trousers"  # bare, shorts, trousers, wide, tights
    skirt: float = 0.0  # of the leg's length
    flare: float = 0.05
    open: bool = False  # a coat's skirt parts in front
    second_skirt: bool = False  # in the second colour
    second_sleeves: bool = False
    shoes: str = "shoes"  # shoes, boots, slippers


def tee(t: Torso, look: Look) -> list[Op]:
    band = t.ring(0.56, 0.68)
    return [
        filled(band, fill(look.second)),
        *neckline(t, look, 0.92),
        lines(t.ring(0.0, 0.015)[:, :5], look.outfit, 0.5),
    ]


def jacket(t: Torso, look: Look) -> list[Op]:
    shirt = t.patch(
        (-0.28, 1.05), (0.28, 1.05), (0.2, 0.4), (0.16, -0.14), (-0.16, -0.14), (-0.2, 0.4)
    )
    ops: list[Op] = [
        filled(shirt, Border(ink(look.outfit), LINE * 1.3)),
        filled(shirt, fill(look.second)),
    ]
    for sign in (-1, 1):
        lapel = t.patch(
            (sign * 0.25, 1.04), (sign * 0.75, 0.96), (sign * 0.62, 0.82), (sign * 0.24, 0.6)
        )
        ops += [
            filled(lapel, Border(ink(look.outfit), LINE)),
            filled(lapel, fill(look.lit(look.outfit, 0.7))),
        ]
        pocket = t.patch((sign * 0.5, 0.24), (sign * 1.0, 0.26))
        ops.append(lines(pocket, look.outfit, 0.6))
    ops += belt(t, look.dark(look.outfit, 0.7), -0.06, 0.04)
    return ops


def hoodie(t: Torso, look: Look) -> list[Op]:
    pocket = t.patch((-0.62, 0.06), (-0.42, 0.34), (0.42, 0.34), (0.62, 0.06))
    hood = t.patch(
        (-1.2, 0.98),
        (-0.5, 0.84),
        (0.0, 0.8),
        (0.5, 0.84),
        (1.2, 0.98),
        (0.6, 1.1),
        (-0.6, 1.1),
        smooth=True,
    )
    ops = [
        filled(pocket, Border(ink(look.outfit), LINE)),
        filled(pocket, fill(look.dark(look.outfit, 0.3))),
        filled(hood, Border(ink(look.outfit), 2 * LINE)),
        filled(hood, fill(look.lit(look.outfit, 0.5))),
    ]
    for sign in (-1, 1):
        string = t.patch((sign * 0.18, 0.84), (sign * 0.2, 0.62))
        ops.append(drawn(string, stroke(look.white, 0.011 * t.size)))
    return ops


def dress(t: Torso, look: Look) -> list[Op]:
    collar = []
    for sign in (-1, 1):
        leaf = t.patch(
            (0.0, 0.93), (sign * 0.2, 0.82), (sign * 0.7, 0.88), (sign * 0.75, 1.02), smooth=True
        )
        collar += [filled(leaf, Border(ink(look.white), LINE)), filled(leaf, fill(look.white))]
    return [*neckline(t, look, 0.93), *collar, *belt(t, look.second, 0.3, 0.4)]


def robe(t: Torso, look: Look) -> list[Op]:
    return [*collar_cross(t, look, look.second), *belt(t, look.second, 0.2, 0.38)]


def hanfu(t: Torso, look: Look) -> list[Op]:
    return [
        *collar_cross(t, look, look.second, 0.55),
        *belt(t, look.second, 0.36, 0.56),
        lines(t.ring(0.45, 0.47)[:, :5], look.second, 0.5),
    ]


def armour(t: Torso, look: Look) -> list[Op]:
    plate = t.patch(
        (-1.1, 0.9),
        (-0.5, 0.97),
        (0.5, 0.97),
        (1.1, 0.9),
        (1.2, 0.62),
        (0.7, 0.4),
        (0.0, 0.33),
        (-0.7, 0.4),
        (-1.2, 0.62),
        smooth=True,
    )
    ridge = t.patch((0.0, 0.95), (0.0, 0.34))
    steel = look.metal
    ops = [
        filled(plate, Border(ink(steel), 2 * LINE)),
        filled(plate, fill(steel)),
        lines(ridge, steel),
    ]
    gleam = t.patch((-0.75, 0.86), (-0.4, 0.9), (-0.5, 0.55), (-0.8, 0.6), smooth=True)
    ops.append(filled(gleam, fill(look.lit(steel, 2.0), 0.8)))
    for height in (0.3, 0.2):
        ops.append(lines(t.ring(height, height + 0.02)[:, :5], look.outfit))
    ops += belt(t, look.shade(0x6B4A33), 0.06, 0.17)
    buckle = t.patch((-0.2, 0.05), (0.2, 0.05), (0.2, 0.18), (-0.2, 0.18))
    ops.append(filled(buckle, fill(look.shade(0xF0C24B)), t.faces(0.0, 0.1)))
    return ops


def martial(t: Torso, look: Look) -> list[Op]:
    return [
        *collar_cross(t, look, look.dark(look.outfit, 0.35), 0.3),
        *belt(t, look.second, 0.12, 0.24),
    ]


def dance(t: Torso, look: Look) -> list[Op]:
    gold = look.shade(0xF3C84E)
    neck = neckline(t, look, 0.76, 0.85)
    trim = rounded(
        t.patch((-0.85, 0.99), (-0.55, 0.84), (0.0, 0.74), (0.55, 0.84), (0.85, 0.99)),
        3,
        closed=False,
    )
    sash = rounded(t.patch((-1.3, 0.92), (-0.3, 0.6), (0.6, 0.36), (1.3, 0.22)), 3, closed=False)
    wide = np.full(sash.shape[1], 0.02 * t.size)
    return [
        *neck,
        filled(tube(sash, wide, LINE * 0.5), fill(ink(look.second))),
        filled(tube(sash, wide), fill(look.second)),
        drawn(trim, stroke(gold, 0.013 * t.size)),
        *belt(t, gold, 0.24, 0.33),
    ]


def coat(t: Torso, look: Look) -> list[Op]:
    seam = t.patch((0.12, 0.9), (0.12, -0.14))
    ops = [*neckline(t, look, 0.84, 0.4), lines(seam, look.outfit)]
    for sign in (-1, 1):
        lapel = t.patch(
            (sign * 0.1, 0.7), (sign * 0.62, 0.82), (sign * 0.75, 1.0), (sign * 0.4, 1.04)
        )
        ops += [
            filled(lapel, Border(ink(look.outfit), LINE)),
            filled(lapel, fill(look.dark(look.outfit, 0.3))),
        ]
    for height in (0.62, 0.44, 0.1):
        for lon in (-0.18, 0.36):
            dot = t.patch(
                (lon - 0.07, height),
                (lon, height + 0.035),
                (lon + 0.07, height),
                (lon, height - 0.035),
                smooth=True,
            )
            ops.append(filled(dot, fill(look.shade(0xF0D48A)), t.faces(lon, height)))
    return [*ops, *belt(t, look.dark(look.outfit, 0.6), 0.22, 0.32)]


def suit(t: Torso, look: Look) -> list[Op]:
    shirt = t.patch((-0.36, 1.05), (0.36, 1.05), (0.02, 0.42))
    tie = t.patch((-0.07, 0.96), (0.07, 0.96), (0.11, 0.6), (0.0, 0.5), (-0.11, 0.6))
    ops: list[Op] = [
        filled(shirt, Border(ink(look.outfit), LINE)),
        filled(shirt, fill(look.white)),
        filled(tie, fill(look.second)),
    ]
    for sign in (-1, 1):
        lapel = t.patch(
            (sign * 0.34, 1.04), (sign * 0.74, 0.84), (sign * 0.46, 0.8), (sign * 0.02, 0.42)
        )
        ops += [
            filled(lapel, Border(ink(look.outfit), LINE)),
            filled(lapel, fill(look.lit(look.outfit, 0.6))),
        ]
        ops.append(lines(t.patch((sign * 0.45, 0.2), (sign * 0.95, 0.22)), look.outfit, 0.6))
    ops.append(lines(t.patch((0.02, 0.42), (0.02, -0.14)), look.outfit))
    return ops


def overalls(t: Torso, look: Look) -> list[Op]:
    bib = t.patch((-0.62, 0.66), (0.62, 0.66), (0.9, 0.34), (0.9, -0.2), (-0.9, -0.2), (-0.9, 0.34))
    low = t.ring(-0.14, 0.3, 0.012, 1.03)
    ops = [*neckline(t, look, 0.94)]
    for sign in (-1, 1):
        strap = t.patch((sign * 0.5, 0.66), (sign * 0.62, 0.85), (sign * 0.75, 1.04))
        band = rounded(strap, 3, closed=False)
        wide = np.full(band.shape[1], 0.018 * t.size)
        ops += [
            filled(tube(band, wide, LINE * 0.5), fill(ink(look.outfit))),
            filled(tube(band, wide), fill(look.outfit)),
        ]
    ops += [
        filled(low, fill(look.outfit)),
        filled(bib, Border(ink(look.outfit), LINE * 1.2)),
        filled(bib, fill(look.outfit)),
    ]
    pocket = t.patch((-0.36, 0.56), (0.36, 0.56), (0.32, 0.36), (0.0, 0.3), (-0.32, 0.36))
    ops += [
        filled(pocket, Border(ink(look.outfit), LINE)),
        filled(pocket, fill(look.dark(look.outfit, 0.3))),
    ]
    for sign in (-1, 1):
        dot = t.patch(
            (sign * 0.5 - 0.08, 0.64),
            (sign * 0.5, 0.68),
            (sign * 0.5 + 0.08, 0.64),
            (sign * 0.5, 0.6),
            smooth=True,
        )
        ops.append(filled(dot, fill(look.shade(0xF3C84E)), t.faces(sign * 0.5, 0.64)))
    return ops


def sweater(t: Torso, look: Look) -> list[Op]:
    ops: list[Op] = []
    for low in (0.5, 0.64):
        ops.append(filled(t.ring(low, low + 0.05), fill(look.second)))
    zigzag = t.patch(
        *((lon, 0.8 if i % 2 else 0.74) for i, lon in enumerate(np.linspace(-1.5, 1.5, 13)))
    )
    ops.append(drawn(zigzag, stroke(look.second, 0.013 * t.size)))
    roll = t.patch(
        (-0.8, 0.98), (0.0, 0.9), (0.8, 0.98), (0.7, 1.1), (0.0, 1.06), (-0.7, 1.1), smooth=True
    )
    ops += [filled(roll, Border(ink(look.outfit), LINE)), filled(roll, fill(look.outfit))]
    return [*ops, *belt(t, look.dark(look.outfit, 0.5), -0.08, 0.03)]


def school(t: Torso, look: Look) -> list[Op]:
    ops = [*neckline(t, look, 0.8, 0.4)]
    for sign in (-1, 1):
        flap = t.patch(
            (0.0, 0.68),
            (sign * 0.55, 0.8),
            (sign * 1.1, 0.9),
            (sign * 0.8, 1.05),
            (sign * 0.3, 1.04),
        )
        ops += [filled(flap, Border(ink(look.outfit), LINE)), filled(flap, fill(look.outfit))]
        edge = t.patch((sign * 0.06, 0.74), (sign * 0.55, 0.84), (sign * 0.95, 0.92))
        ops.append(drawn(edge, stroke(look.white, 0.009 * t.size)))
    bow = t.patch((0.0, 0.66), (-0.3, 0.74), (-0.3, 0.56), (0.0, 0.64), (0.3, 0.56), (0.3, 0.74))
    return [*ops, filled(bow, Border(ink(look.second), LINE)), filled(bow, fill(look.second))]


def work(t: Torso, look: Look) -> list[Op]:
    silver = look.shade(0xE9EDF0)
    ops: list[Op] = [
        filled(t.ring(0.3, 0.4), fill(silver)),
        filled(t.ring(0.48, 0.55), fill(silver)),
    ]
    for sign in (-1, 1):
        strap = rounded(
            t.patch((sign * 0.6, 0.42), (sign * 0.62, 0.8), (sign * 0.7, 1.04)), 3, closed=False
        )
        ops.append(filled(tube(strap, np.full(strap.shape[1], 0.02 * t.size)), fill(silver)))
    ops += [lines(t.patch((0.0, 0.9), (0.0, -0.1)), look.outfit), *neckline(t, look, 0.86)]
    ops += belt(t, look.shade(0x6B4A33), 0.0, 0.12)
    pouch = t.patch((0.7, 0.1), (1.2, 0.1), (1.15, -0.16), (0.75, -0.16))
    return [
        *ops,
        filled(pouch, Border(ink(0x6B4A33), LINE)),
        filled(pouch, fill(look.shade(0x8A6243))),
    ]


def robot(t: Torso, look: Look) -> list[Op]:
    core = t.patch(
        *((0.3 * np.cos(a), 0.62 + 0.13 * np.sin(a)) for a in np.linspace(0, 2 * pi, 12, False))
    )
    inner = t.patch(
        *((0.2 * np.cos(a), 0.62 + 0.09 * np.sin(a)) for a in np.linspace(0, 2 * pi, 12, False))
    )
    seen = t.faces(0.0, 0.62)
    return [
        lines(t.ring(0.36, 0.38)[:, :5], look.outfit),
        *belt(t, look.metal, -0.05, 0.2),
        filled(core, fill(ink(look.outfit)), seen),
        filled(inner, fill(0x8CF5FF), seen),
    ]


OUTFITS: dict[str, Outfit] = {
    "tee": Outfit(
        tee,
        "short",
        "shorts",
    ),
    "jacket": Outfit(jacket),
    "hoodie": Outfit(hoodie),
    "dress": Outfit(
        dress,
        "short",
        "bare",
        0.5,
        0.075,
    ),
    "robe": Outfit(
        robe,
        "wide",
        "wide",
        0.86,
        0.05,
        shoes="boots",
    ),
    "hanfu": Outfit(
        hanfu,
        "wide",
        "wide",
        0.93,
        0.075,
        second_skirt=True,
        shoes="slippers",
    ),
    "armour": Outfit(
        armour,
        "long",
        "trousers",
        0.36,
        0.045,
        shoes="boots",
    ),
    "martial": Outfit(
        martial,
        "long",
        "wide",
        0.24,
        0.03,
        shoes="slippers",
    ),
    "dance": Outfit(
        dance,
        "none",
        "tights",
        0.58,
        0.11,
        second_skirt=False,
        shoes="slippers",
    ),
    "coat": Outfit(
        coat,
        "long",
        "trousers",
        0.56,
        0.045,
        open=True,
        shoes="boots",
    ),
    "suit": Outfit(
        suit,
        "long",
        "trousers",
        0.1,
        0.012,
        open=True,
    ),
    "overalls": Outfit(
        overalls,
        "short",
        "trousers",
        second_sleeves=True,
    ),
    "sweater": Outfit(sweater),
    "school": Outfit(
        school,
        "short",
        "bare",
        0.36,
        0.06,
    ),
    "work": Outfit(
        work,
        "long",
        "trousers",
        second_sleeves=True,
        shoes="boots",
    ),
    "robot": Outfit(
        robot,
        "long",
        "trousers",
        shoes="boots",
    ),
}


ACCESSORIES: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "glasses": (("glasses", "round glasses", "spectacles"), ("眼镜", "圆框眼镜", "一副眼镜")),
    "scarf": (("a scarf", "a long scarf", "a fluttering scarf"), ("围巾", "长围巾", "飘动的围巾")),
    "hat": (("a straw hat", "a sun hat", "a wide-brimmed hat"), ("草帽", "遮阳帽", "宽檐帽")),
    "backpack": (("a backpack", "a rucksack", "a school bag"), ("背包", "双肩包", "书包")),
    "headband": (("a headband", "a bandana", "a sweatband"), ("头带", "发带", "束额带")),
    "cape": (("a cape", "a cloak", "a flowing cape"), ("披风", "斗篷", "飘动的披风")),
}


def cloth_colours(outfit: Outfit, look: Look) -> tuple[int, int]:
    """Of skirt and sleeves."""
    skirt = look.second if outfit.second_skirt else look.outfit
    sleeve = look.second if outfit.second_sleeves else look.outfit
    return skirt, sleeve
