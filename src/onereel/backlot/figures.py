"""Figures: bodies whose shapes are worked out for a whole shot and then drawn frame by frame.

- World units: adult heights, y down, ground at 0.
- `paint_cel` paints one performer into pixels of its own, with rim light and soft shade.
- Heads are in face.py and hair.py, clothes in outfits.py, hands in hands.py.

Called from cast.py.
"""

from dataclasses import dataclass
from functools import lru_cache
from math import ceil, floor, log2
from typing import Any

import numpy as np
import skia
from PIL import Image, ImageFilter

from onereel.backlot.brush import channels, fill, ink, mix
from onereel.backlot.face import CIRCLE, make_head
from onereel.backlot.hands import make_hand
from onereel.backlot.light import LINE
from onereel.backlot.look import Look
from onereel.backlot.outfits import (
    OUTFITS,
    Torso,
    cloth_colours,
    fold_lines,
    shaded_patch,
)
from onereel.backlot.people import KINDS, OUTFIT_COLOURS, TROUSERS, Character
from onereel.backlot.plates import image_of, surface_of
from onereel.backlot.shapes import (
    Array,
    Border,
    Op,
    curve3,
    filled,
    follow,
    inside,
    perpendicular,
    rounded,
    shade_of,
    tube,
    unit2,
)
from onereel.backlot.skeleton import JOINTS, Body, Bones, Pose, picture


@dataclass(frozen=True)
class Layer:
    """Things drawn together, at a depth (T,): larger is nearer to us."""

    depth: Array
    ops: list[Op]
    part: int = 0  # -1: behind a partner too, 1: before a partner too


@dataclass(frozen=True)
class Figure:
    """One performer of a shot, ready to be drawn. World units."""

    who: Character
    look: Look
    layers: tuple[Layer, ...]
    joints: Array  # (T, J, 2)
    box: Array  # (T, 4) left, top, right, bottom of everything drawn
    mouth: Array  # (T,)
    depth: Array  # (T,) for the order among performers

    def paint(self, canvas: Any, frame: int, part: int) -> None:
        shown = [layer for layer in self.layers if layer.part == part]
        for layer in sorted(shown, key=lambda one: one.depth[frame]):
            for op in layer.ops:
                op(canvas, frame)


def body_of(who: Character) -> Body:
    kind = KINDS[who.kind]
    head, leg, shoulders, hips, arm = 0.13, 0.452, 0.083, 0.05, 0.308
    if kind.sex == "f":
        shoulders, hips, leg = 0.073, 0.052, 0.456
    if kind.age == "child":
        head, leg, shoulders, hips, arm = 0.156, 0.402, 0.074, 0.047, 0.272
    elif kind.age == "elder":
        head, leg, arm = 0.134, 0.435, 0.305
    if who.kind == "robot":
        head, leg, shoulders, hips, arm = 0.145, 0.395, 0.098, 0.06, 0.3
    build = who.build
    torso = 1.0 - leg - 2.12 * head
    return Body(
        head,
        leg,
        torso,
        arm,
        shoulders * (0.6 + 0.4 * build),
        hips * (0.5 + 0.5 * build),
        0.07 * build,
        build,
        1.12 if kind.age == "child" else 1.0,
    )


def thickness(who: Character) -> dict[str, tuple[float, ...]]:
    """Radii along limbs, in body heights."""
    kind = KINDS[who.kind]
    slim = 0.88 if kind.sex == "f" else 1.0
    child = 1.08 if kind.age == "child" else 1.0
    girth = (0.55 + 0.45 * who.build) * slim * child
    return {
        "upper_arm": (0.034 * girth, 0.03 * girth, 0.025 * girth),
        "leg": (0.056 * girth, 0.044 * girth, 0.031 * girth),
    }


def levels_of(who: Character) -> tuple[tuple, tuple]:
    """Half widths and half depths of the trunk at outfits.LEVELS."""
    kind = KINDS[who.kind]
    if who.kind == "robot":
        wide = (0.082, 0.1, 0.1, 0.125, 0.118, 0.08)
    elif kind.age == "child":
        wide = (0.068, 0.085, 0.08, 0.088, 0.079, 0.045)
    elif kind.sex == "f":
        wide = (0.07, 0.092, 0.07, 0.089, 0.077, 0.042)
    else:
        wide = (0.066, 0.086, 0.082, 0.108, 0.094, 0.05)
    build = who.build
    belly = 1.0 + 1.2 * max(0.0, build - 1.04)
    scales = (build, build * belly, build * belly, build, 0.6 + 0.4 * build, 1.0)
    widths = tuple(w * s for w, s in zip(wide, scales, strict=True))
    deep_share = (0.85, 0.88, 0.9 + 0.25 * (belly - 1), 0.78, 0.66, 0.8)
    if who.kind == "robot":
        deep_share = (0.9, 0.85, 0.8, 0.75, 0.75, 0.8)
    return widths, tuple(w * s for w, s in zip(widths, deep_share, strict=True))


def profile(centre: Array, radii: tuple[float, ...], size: float) -> Array:
    """Radii for the points of `curve3`."""
    return np.interp(np.linspace(0, 2, centre.shape[-2]), (0, 1, 2), radii) * size


def limb_ops(
    centre: Array,
    radius: Array,
    colour: int,
    look: Look,
    caps: tuple = (True, True),
    line: bool = True,
) -> list[Op]:
    middle = centre.shape[1] // 2
    joint = centre[:, middle]
    bent = np.sum((joint - centre[:, 0]) * (centre[:, -1] - joint), axis=-1) < 0.0
    ops = []
    if line:
        ops.append(filled(tube(centre, radius, LINE, caps), fill(ink(colour))))
        if bent.any():  # folded on itself a tube ends square: a round elbow over it
            elbow = joint[:, None] + CIRCLE * (radius[middle] + LINE)
            ops.append(filled(elbow, fill(ink(colour)), bent))
    ops.append(filled(tube(centre, radius, 0.0, caps), fill(colour)))
    if bent.any():
        ops.append(filled(joint[:, None] + CIRCLE * radius[middle], fill(colour), bent))
    ops.append(filled(shade_of(centre, radius, np.array(look.lamp)), fill(look.dark(colour), 0.85)))
    return ops


def part_of(curve: Array, start: float, end: float, count: int = 7) -> Array:
    """A piece (T, count, 2) of a line (T, N, 2), by shares of its points."""
    places = np.linspace(start, end, count) * (curve.shape[1] - 1)
    low = np.minimum(places.astype(int), curve.shape[1] - 2)
    share = (places - low)[None, :, None]
    return curve[:, low] * (1 - share) + curve[:, low + 1] * share


def make_figure(
    who: Character,
    look: Look,
    pose: Pose,
    bones: Bones,
    body: Body,
    start: Array,
    facing: int,
    times: Array,
    hands: tuple[str, str],
    visemes: Array | None,
    openness: Array | None,
    things: list[tuple[float | str, list[Op]]] | None = None,
    reached: list[Array] | None = None,
    embraces: bool = False,
) -> Figure:
    """`start` (T,) is where the performer's own zero stands in the world; who `embraces` has the
    far arm behind the partner and the near one before."""
    size = who.scale
    frames = len(times)
    squash = np.broadcast_to(np.asarray(pose.squash, float), (frames,))
    scale = np.stack([facing * size / np.sqrt(squash), size * squash], axis=-1)

    def world(points: Array) -> Array:
        seen = picture(points) * scale
        seen[:, 0] += start
        return seen

    at = {name: world(points) for name, points in bones.at.items()}
    depth = {name: points[:, 2] for name, points in bones.at.items()}
    outfit = OUTFITS[who.outfit]
    skirt_colour, sleeve_colour = cloth_colours(outfit, look)
    accent = look.shade(OUTFIT_COLOURS[who.second_colour])
    torso = make_torso(who, at, bones, facing, size)
    middle = depth["neck"] * 0.5 + depth["pelvis"] * 0.5
    layers: list[Layer] = []
    for side in ("near", "far"):
        ops = leg_ops(who, at, side, size, look, body)
        layers.append(Layer(-3.0 + depth[f"{side}_knee"] + depth[f"{side}_hip"], ops))
    layers.append(Layer(np.full(frames, -1.0), torso_ops(who, torso, look, at, outfit, size)))
    if outfit.skirt:
        ops = skirt_ops(who, at, torso, bones, look, outfit, skirt_colour, body)
        layers.append(Layer(np.full(frames, -1.2 if outfit.open else -0.9), ops))
    layers += accessory_layers(who, at, torso, bones, look, accent, size, frames)
    flat_head = at["head"]
    hanging, head_ops, behind, mouth = make_head(
        bones,
        pose,
        who,
        look,
        flat_head,
        body.head * size,
        facing,
        times,
        visemes,
        openness,
        accent,
    )
    # Hair that lies behind the head is behind the body too, unless we see the back.
    layers.append(Layer(np.where(behind, -5.0, 0.45), hanging))
    layers.append(Layer(np.full(frames, 0.3), head_ops))
    held: dict[str, list[Op]] = {"near": [], "far": []}
    for place, ops in things or []:
        if isinstance(place, str):
            held[place] += ops
        else:
            layers.append(Layer(np.full(frames, place), ops))
    reach = 0.5 * (depth["near_shoulder"] + depth["far_shoulder"])
    for index, side in enumerate(("near", "far")):
        ops = arm_ops(
            who, at, bones, side, size, look, outfit, sleeve_colour, hands[index], facing, body
        )
        # What is held lies under the fingers.
        ops = [*held[side], *ops]
        # Before the face when the hand is, behind the trunk when the elbow is.
        elbow = depth[f"{side}_elbow"] - reach
        hand = depth[f"{side}_hand"] - depth["head"]
        high = bones.at[f"{side}_hand"][:, 1] > bones.at["neck"][:, 1] - 0.05
        front = np.where(high, np.where(hand > 0.02, 0.6, 0.1), 0.2)
        back = elbow + 0.6 * (depth[f"{side}_hand"] - reach) < -0.045
        part = 0 if not embraces else 1 if side == "near" else -1
        layers.append(Layer(np.where(back, -2.0, front) + 0.05 * depth[f"{side}_hand"], ops, part))
    joints = np.stack([at[name] for name in JOINTS], axis=1)
    everything = np.stack([*at.values(), *(reached or [])], axis=1)
    margin = 0.30 * size
    box = np.concatenate(
        [everything.min(axis=1) - margin, everything.max(axis=1) + margin * 0.8], axis=1
    )
    return Figure(who, look, tuple(layers), joints, box, mouth, middle)


def make_torso(who: Character, at: dict, bones: Bones, facing: int, size: float) -> Torso:
    low = unit2(at["waist"] - at["pelvis"])
    high = unit2(at["neck"] - at["waist"])
    wide, deep = levels_of(who)
    return Torso(
        at["pelvis"],
        at["waist"],
        at["neck"],
        perpendicular(low) * facing,
        perpendicular(high) * facing,
        bones.turn,
        bones.chest_turn,
        wide,
        deep,
        size,
    )


def torso_ops(who: Character, t: Torso, look: Look, at: dict, outfit: Any, size: float) -> list[Op]:
    shape = t.shape()
    base = look.second if who.outfit in ("overalls", "school") else look.outfit
    if who.outfit == "school":
        base = look.white
    neck_line = np.stack(
        [at["neck"] + (at["waist"] - at["neck"]) * 0.1, at["neck"] * 0.5 + at["head"] * 0.5], axis=1
    )
    robot = who.kind == "robot"
    kind = KINDS[who.kind]
    neck_wide = (0.036 if kind.sex == "m" and kind.age != "child" else 0.029) * size
    neck_colour = look.dark(look.metal) if robot else look.dark(mix(look.skin, 0xE07060, 0.15), 0.7)
    radius = np.array([neck_wide * 1.15, neck_wide])
    ops = [
        filled(tube(neck_line, radius, LINE), fill(ink(neck_colour))),
        filled(tube(neck_line, radius), fill(neck_colour)),
    ]
    ops += [filled(shape, Border(ink(base), round(2 * LINE, 5))), filled(shape, fill(base))]
    # Shade: the side away from the lamp, and under the chin.
    count = 6
    share = np.linspace(-0.14, 1.0, count)
    lamp_right = (t.across_low[:, :1] * look.lamp[0]) > 0
    edges = [t.extent(h) for h in share]
    outer = [np.where(lamp_right, left, right) for left, right in edges]
    other = [np.where(lamp_right, right, left) for left, right in edges]
    inner = [
        o + (p - o) * (0.3 + 0.06 * np.sin(i * 1.3))
        for i, (o, p) in enumerate(zip(outer, other, strict=True))
    ]
    strip = rounded(np.stack([*outer, *inner[::-1]], axis=1), 3, tension=0.4)
    details = outfit.details(t, look)
    chin = (
        at["neck"][:, None]
        + np.array([(-0.085, -0.02), (0.085, -0.02), (0.06, 0.025), (0.0, 0.04), (-0.06, 0.025)])
        * size
    )
    shade = [filled(strip, fill(look.dark(base), 0.85))]
    dark = fill(0x2A1848, 0.18)
    ops.append(inside(shape, [shade[0], *details, filled(rounded(chin, 3), dark)]))
    if who.outfit == "hoodie":
        return [*ops, *details[2:4]]
    return ops


def leg_ops(who: Character, at: dict, side: str, size: float, look: Look, body: Body) -> list[Op]:
    outfit = OUTFITS[who.outfit]
    curve = curve3(at[f"{side}_hip"], at[f"{side}_knee"], at[f"{side}_foot"])
    radii = thickness(who)["leg"]
    trousers = look.shade(TROUSERS[who.seed % len(TROUSERS)])
    if who.outfit in ("martial", "overalls", "hoodie", "suit"):
        trousers = look.dark(look.outfit, 0.25) if who.outfit != "hoodie" else trousers
    if who.outfit in ("robe", "dance"):
        trousers = look.dark(look.second, 0.3)
    if who.outfit == "hanfu":
        trousers = look.white
    skin = look.skin
    if who.kind == "robot":
        trousers = look.metal
    if side == "far":
        trousers, skin = look.far(trousers), look.far(skin)
    ops: list[Op] = []
    ops += shoe_ops(who, at, side, size, look, outfit.shoes)
    plain = profile(curve, radii, size)
    if outfit.legs in ("bare", "shorts"):
        ops += limb_ops(curve, plain * 0.9, skin, look)
        if outfit.shoes == "shoes":
            sock = part_of(curve, 0.9, 1.0, 3)
            white = look.white if side == "near" else look.far(look.white)
            ops.append(filled(tube(sock, np.full(3, radii[2] * size * 1.02)), fill(white)))
    if outfit.legs == "shorts":
        short = part_of(curve, 0.0, 0.46)
        wide = np.linspace(radii[0] * 1.1, radii[0] * 1.08, 7) * size
        ops += limb_ops(short, wide, trousers, look, (True, False))
    elif outfit.legs == "trousers":
        # Cloth breaks over the shoe.
        shape = np.interp(
            np.linspace(0, 2, 9),
            (0, 1, 1.85, 2),
            (radii[0] * 1.06, radii[1] * 1.12, radii[2] * 1.28, radii[2] * 1.3),
        )
        ops += limb_ops(part_of(curve, 0, 0.985, 9), shape * size, trousers, look, (True, False))
        knee = curve[:, 5]
        fold = np.stack([knee, knee + (curve[:, 8] - knee) * 0.3 + 0.012 * size], axis=1)
        ops.append(filled(tube(fold, np.full(2, 0.004 * size)), fill(look.dark(trousers))))
    elif outfit.legs == "wide":
        shape = np.interp(
            np.linspace(0, 2, 9),
            (0, 1, 1.8, 2),
            (radii[0] * 1.1, radii[1] * 1.4, radii[1] * 1.42, radii[2] * 1.25),
        )
        ops += limb_ops(part_of(curve, 0, 0.97, 9), shape * size, trousers, look, (True, False))
    elif outfit.legs == "tights":
        ops += limb_ops(curve, plain * 0.94, trousers, look)
    if outfit.shoes == "boots":
        boots = look.shade(0x5A4638) if who.kind != "robot" else look.shade(0x5B6675)
        boots = look.far(boots) if side == "far" else boots
        shaft = part_of(curve, 0.74, 1.0, 5)
        ops += limb_ops(
            shaft,
            np.array([1.45, 1.35, 1.2, 1.2, 1.2]) * radii[2] * size,
            boots,
            look,
            (False, True),
        )
    return ops


def shoe_ops(who: Character, at: dict, side: str, size: float, look: Look, kind: str) -> list[Op]:
    colour = look.shoes
    if kind == "boots":
        colour = look.shade(0x5A4638) if who.kind != "robot" else look.shade(0x5B6675)
    elif kind == "slippers":
        colour = look.shade(0x2F2B3A) if who.outfit == "martial" else look.dark(look.second, 0.4)
    sole = look.shade(0xF3EEE4) if kind == "shoes" else look.dark(colour, 0.8)
    if side == "far":
        colour, sole = look.far(colour), look.far(sole)
    foot = 1.12 if KINDS[who.kind].age == "child" else 1.0
    back, tip, ankle = at[f"{side}_back"], at[f"{side}_tip"], at[f"{side}_foot"]
    middle = 0.45 * back + 0.55 * tip + (ankle - back) * 0.12
    line = rounded(np.stack([back, middle, tip], axis=1), 3, closed=False)
    radius = np.interp(np.linspace(0, 1, line.shape[1]), (0, 0.5, 1), (0.031, 0.029, 0.0235))
    radius = radius * size * foot
    ops = [
        filled(tube(line, radius, LINE), fill(ink(colour))),
        filled(tube(line, radius), fill(colour)),
    ]
    down = unit2(back - ankle)
    edge = line + down[:, None] * (radius * 0.78)[None, :, None]
    ops.append(filled(tube(edge, np.full(line.shape[1], 0.0075 * size)), fill(sole)))
    gleam = line[:, 3:6] - down[:, None] * (radius[3:6] * 0.35)[None, :, None]
    ops.append(filled(tube(gleam, np.full(3, 0.0055 * size)), fill(look.lit(colour, 1.2), 0.7)))
    return ops


def arm_ops(
    who: Character,
    at: dict,
    bones: Bones,
    side: str,
    size: float,
    look: Look,
    outfit: Any,
    sleeve: int,
    shape: str,
    facing: int,
    body: Body,
) -> list[Op]:
    shoulder, elbow, hand = (at[f"{side}_{n}"] for n in ("shoulder", "elbow", "hand"))
    curve = curve3(shoulder, elbow, hand)
    radii = thickness(who)["upper_arm"]
    skin = look.skin
    if who.kind == "robot":
        sleeve, skin = look.metal, look.outfit
    if who.outfit == "school":
        sleeve = look.white
    if side == "far":
        sleeve, skin = look.far(sleeve), look.far(skin)
    plain = profile(curve, radii, size)
    along = unit2(hand - elbow)
    ahead = picture(bones.ahead["chest"]) * np.array([facing, 1.0])
    thumb = along[:, 0] * ahead[:, 1] - along[:, 1] * ahead[:, 0]
    near_sign = 1.0 if side == "near" else -1.0
    inward = picture(bones.near["chest"] * -near_sign) * np.array([facing, 1.0])
    thumb = thumb + 0.6 * (along[:, 0] * inward[:, 1] - along[:, 1] * inward[:, 0]) + 1e-6
    hand_size = (0.088 if KINDS[who.kind].sex != "f" else 0.08) * size
    if KINDS[who.kind].age == "child":
        hand_size *= 1.02
    palm = make_hand(hand, along, thumb, hand_size, shape, skin, look)
    ops: list[Op] = []
    if outfit.sleeve in ("none", "short"):
        ops += limb_ops(curve, plain * 0.95, skin, look)
        ops.append(palm)
        if outfit.sleeve == "short":
            piece = part_of(curve, 0.0, 0.34, 5)
            wide = np.array([1.15, 1.2, 1.24, 1.28, 1.32]) * radii[0] * size
            ops += limb_ops(piece, wide, sleeve, look, (True, False))
    elif outfit.sleeve == "wide":
        ops.append(palm)
        ops += wide_sleeve(curve, radii, sleeve, look, size)
    else:
        ops.append(palm)
        cloth = part_of(curve, 0.0, 0.97, 9)
        wide = (
            np.interp(
                np.linspace(0, 2, 9), (0, 1, 2), (radii[0] * 1.2, radii[1] * 1.2, radii[2] * 1.32)
            )
            * size
        )
        ops += limb_ops(cloth, wide, sleeve, look, (True, False))
        cuff = part_of(curve, 0.9, 0.985, 2)
        ops.append(
            filled(
                tube(cuff, np.full(2, radii[2] * 1.34 * size), 0.0, (False, False)),
                fill(look.dark(sleeve, 0.8)),
            )
        )
    if who.outfit == "armour":
        pad = part_of(curve, -0.02, 0.22, 4)
        steel = look.metal if side == "near" else look.far(look.metal)
        ops += limb_ops(pad, np.array([1.35, 1.6, 1.62, 1.5]) * radii[0] * size, steel, look)
    return ops


def wide_sleeve(curve: Array, radii: tuple, colour: int, look: Look, size: float) -> list[Op]:
    """A sleeve whose mouth hangs open and swings."""
    upper = part_of(curve, 0.0, 0.95, 7)
    radius = np.array([1.2, 1.3, 1.4, 1.6, 1.8, 2.0, 2.1]) * radii[0] * size
    wrist, elbow = upper[:, -1], upper[:, 3]
    fall = np.array([0.0, 0.135 * size])
    hem = grounded(follow(wrist * 0.82 + elbow * 0.18 + fall, 2.2, 0.3))
    low = grounded(follow(wrist * 0.3 + elbow * 0.7 + fall * 0.5, 3.0, 0.35))
    drape = rounded(
        np.stack([elbow, wrist, wrist * 0.6 + hem * 0.4, hem, low], axis=1), 4, tension=0.4
    )
    edge = Border(ink(colour), round(2 * LINE, 5))
    trim = look.dark(colour, 0.6)
    lip = tube(
        rounded(np.stack([wrist, hem * 0.5 + wrist * 0.5 + 0.006 * size, hem], 1), 2, closed=False),
        np.full(5, 0.009 * size),
    )
    return [
        filled(drape, edge),
        filled(drape, fill(look.dark(colour, 0.45))),
        *limb_ops(upper, radius * 0.72, colour, look, (True, False)),
        filled(lip, fill(trim)),
    ]


def skirt_ops(
    who: Character,
    at: dict,
    t: Torso,
    bones: Bones,
    look: Look,
    outfit: Any,
    colour: int,
    body: Body,
) -> list[Op]:
    """Cloth from the waist to a hem that the legs push and a spring swings."""
    size = who.scale
    length = outfit.skirt * body.leg * size
    waist_height = 0.4 if who.outfit in ("hanfu", "dress") else 0.3
    left_top, right_top = t.extent(waist_height, 1.04)
    left_hip, right_hip = t.extent(0.0, 1.14)
    points = []
    for side in ("near", "far"):
        hip, knee, foot = (at[f"{side}_{n}"] for n in ("hip", "knee", "foot"))
        whole = 0.52 * body.leg * size
        share = min(1.0, length / whole)
        rest = max(0.0, min(1.0, (length - whole) / whole))
        along = hip + (knee - hip) * share + (foot - knee) * rest
        hanging = hip + np.array([0.0, length])
        points.append(along * 0.72 + hanging * 0.28)
    centre = 0.5 * (points[0] + points[1])
    half = 0.5 * (points[0] - points[1])
    # To the right of the trunk, as its edges are: so the cloth never crosses itself, whichever way
    # a body faces, upright or on its hands.
    half = half * np.tanh(np.sum(half * t.across_low, axis=-1, keepdims=True) / (0.03 * size))
    flare = t.across_low * (outfit.flare * size + 0.055 * size * who.build)
    swing = 2.3 if outfit.flare > 0.06 else 3.2
    left = follow(centre - half - flare, swing, 0.25)
    right = follow(centre + half + flare, swing, 0.25)
    middle = follow(centre + np.array([0.0, 0.03 * size]), swing * 1.15, 0.3)
    left, right, middle = grounded(left), grounded(right), grounded(middle)
    left_side = 0.5 * (left_hip + left) + (left_hip - left_top) * 0.1
    right_side = 0.5 * (right_hip + right) + (right_hip - right_top) * 0.1
    quarter_l = 0.5 * (left + middle) + np.array([0, 0.012 * size])
    quarter_r = 0.5 * (right + middle) + np.array([0, 0.012 * size])
    shape = rounded(
        np.stack(
            [
                left_top,
                right_top,
                right_hip,
                right_side,
                right,
                quarter_r,
                middle,
                quarter_l,
                left,
                left_side,
                left_hip,
            ],
            axis=1,
        ),
        4,
        tension=0.42,
    )
    folds = fold_lines(left, right, left_top, right_top, colour, look)
    if who.outfit in ("dress", "dance", "hanfu", "robe", "school"):
        trim = look.second if who.outfit in ("dress", "robe", "school") else look.shade(0xF3D27A)
        up = np.array([0.0, -0.022 * size])
        hem = rounded(
            np.stack([left, quarter_l, middle, quarter_r, right], axis=1) + up, 3, closed=False
        )
        folds.append(filled(tube(hem, np.full(hem.shape[1], 0.009 * size)), fill(trim)))
    ops = shaded_patch(shape, colour, look, folds)
    if who.outfit not in ("coat", "suit"):
        belt_colour = look.second if who.outfit in ("dress", "martial", "robe") else None
        if belt_colour is not None:
            ring = t.ring(waist_height - 0.08, waist_height + 0.03, stand_off=1.06)
            ops += [
                filled(ring, Border(ink(belt_colour), LINE * 1.3)),
                filled(ring, fill(belt_colour)),
            ]
    if who.outfit in ("martial", "robe"):
        knot = t.at(0.15, waist_height - 0.03)[0]
        for shift in (-0.018, 0.02):
            tip = follow(knot + np.array([shift * size, 0.13 * size]), 2.4, 0.22)
            bend = follow(knot + np.array([shift * size * 0.6, 0.06 * size]), 4.0, 0.3)
            band = rounded(np.stack([knot, bend, tip], axis=1), 3, closed=False)
            wide = np.full(band.shape[1], 0.0095 * size)
            seen = t.faces(0.15, waist_height)
            ops += [
                filled(tube(band, wide, LINE * 0.6), fill(ink(look.second)), seen),
                filled(tube(band, wide), fill(look.second), seen),
            ]
    return ops


def accessory_layers(
    who: Character,
    at: dict,
    t: Torso,
    bones: Bones,
    look: Look,
    accent: int,
    size: float,
    frames: int,
) -> list[Layer]:
    name = who.accessory
    cape = name == "cape" or who.outfit == "armour"
    faces_us = np.cos(bones.chest_turn) > -0.25
    layers = []
    if cape:
        left, right = t.extent(0.93, 0.92)
        drop = np.array([0.0, 0.62 * size])
        out = (right - left) * 0.45
        low_l, low_r = (follow(p, 1.5, 0.25) for p in (left + drop - out, right + drop + out))
        mid_l, mid_r = (
            follow(p, 2.6, 0.3)
            for p in (left + drop * 0.5 - out * 0.4, right + drop * 0.5 + out * 0.4)
        )
        # Cloth lies on the ground, it does not go through.
        low_l, low_r, mid_l, mid_r = (grounded(p) for p in (low_l, low_r, mid_l, mid_r))
        middle = grounded(0.5 * (low_l + low_r) + np.array([0, 0.02 * size]))
        shape = rounded(
            np.stack([left, right, mid_r, low_r, middle, low_l, mid_l], 1), 4, tension=0.4
        )
        folds = fold_lines(low_l, low_r, left, right, accent, look, 5)
        layers.append(
            Layer(np.where(faces_us, -4.5, 0.2), shaded_patch(shape, accent, look, folds))
        )
    if name == "scarf":
        ring = t.ring(0.93, 1.12, 0.03, 1.1)
        knot = t.at(-0.7, 0.96)[0]
        bend = follow(knot + np.array([0.0, 0.1 * size]), 3.2, 0.25)
        tip = follow(knot + np.array([0.0, 0.22 * size]), 1.8, 0.2)
        band = rounded(np.stack([knot, bend, tip], axis=1), 3, closed=False)
        wide = np.linspace(0.02, 0.028, band.shape[1]) * size
        ops = [
            *limb_ops(band, wide, accent, look),
            filled(ring, Border(ink(accent), round(2 * LINE, 5))),
            filled(ring, fill(accent)),
        ]
        layers.append(Layer(np.full(frames, -0.5), ops))
    if name == "backpack":
        behind = picture(-bones.ahead["chest"])
        sign = np.sign(t.across_high[:, :1] + 1e-9)
        shift = np.concatenate([behind[:, :1] * sign, behind[:, 1:]], 1) * 0.055 * size
        spine = t.neck + (t.waist - t.neck) * 0.12
        low = t.pelvis + (t.waist - t.pelvis) * 0.2
        line = rounded(
            np.stack([spine, 0.5 * (spine + low), low], axis=1) + shift[:, None], 3, closed=False
        )
        wide = np.interp(np.linspace(0, 1, line.shape[1]), (0, 0.6, 1), (0.06, 0.078, 0.07)) * size
        pack = limb_ops(line, wide, accent, look)
        layers.append(Layer(np.where(faces_us, -2.6, 0.22), pack))
        straps: list[Op] = []
        for sign_ in (-1, 1):
            strap = rounded(
                t.patch((sign_ * 0.75, 1.0), (sign_ * 0.62, 0.75), (sign_ * 0.85, 0.5)),
                3,
                closed=False,
            )
            wide_s = np.full(strap.shape[1], 0.011 * size)
            straps += [
                filled(
                    tube(strap, wide_s, LINE * 0.6), fill(ink(accent)), t.faces(sign_ * 0.6, 0.7)
                ),
                filled(tube(strap, wide_s), fill(accent), t.faces(sign_ * 0.6, 0.7)),
            ]
        layers.append(Layer(np.full(frames, -0.95), straps))
    return layers


def grounded(points: Array) -> Array:
    return np.stack([points[..., 0], np.minimum(points[..., 1], 0.0)], axis=-1)


@dataclass(frozen=True)
class Cel:
    """A performer, or a part of one, as pixels: premultiplied BGRA, clipped to the picture."""

    performer: int
    left: int
    top: int
    pixels: np.ndarray  # (h, w, 4) uint8
    part: int = 0  # as in `Layer`


def paint_cel(
    figure: Figure,
    performer: int,
    scale: float,
    offset: tuple[float, float],
    size: tuple[int, int],
    frame: int,
    part: int = 0,
) -> Cel | None:
    """Pixel = world * scale + offset."""
    if all(layer.part != part for layer in figure.layers):
        return None
    box = figure.box[frame]
    left = max(0, floor(box[0] * scale + offset[0]))
    top = max(0, floor(box[1] * scale + offset[1]))
    right = min(size[0], ceil(box[2] * scale + offset[0]))
    bottom = min(size[1], ceil(box[3] * scale + offset[1]))
    if right - left < 2 or bottom - top < 2:
        return None
    pixels = np.zeros((bottom - top, right - left, 4), np.uint8)
    surface = surface_of(pixels)
    canvas = surface.getCanvas()
    canvas.translate(offset[0] - left, offset[1] - top)
    canvas.scale(scale, scale)
    figure.paint(canvas, frame, part)
    surface.flushAndSubmit()
    # The box has room for all that may swing: what follows works on what was painted.
    painted = pixels.view(np.uint32)[..., 0]
    rows = np.flatnonzero(painted.any(axis=1))
    if len(rows) < 2:
        return None
    columns = np.flatnonzero(painted[rows[0] : rows[-1] + 1].any(axis=0))
    pixels = np.ascontiguousarray(pixels[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1])
    left, top = left + int(columns[0]), top + int(rows[0])
    height, width = pixels.shape[:2]
    # Where the picture's edge cuts it, the body goes on.
    cut = (left == 0, top == 0, left + width == size[0], top + height == size[1])
    light_up(pixels, figure.look, scale * figure.who.scale, cut)
    return Cel(performer, left, top, pixels, part)


def light_up(pixels: np.ndarray, look: Look, scale: float, cut: tuple[bool, ...]) -> None:
    """Soft shade away from the lamp and a thin rim towards it, from the silhouette alone.

    The shade is worked out on every few pixels: it has no edges to lose. `scale` is the height of
    the performer in pixels; at sides that are `cut` (left, top, right, bottom) the body goes on.
    """
    alpha = pixels[..., 3]
    towards = np.array(look.lamp)
    halvings = max(0, round(log2(scale / 105)))
    step = 1 << halvings
    small = alpha[::step, ::step] >> 4  # 0..15, so that sums fit in a byte
    margin = ceil(0.08 * scale / step) + 1
    around = padded(small, margin, cut)
    total = np.zeros(small.shape, np.uint8)
    for reach in SHADE_REACH:
        total += moved(around, margin, small.shape, -towards * reach * scale / step)
    # The most where all steps away from the lamp are still inside; the blur softens what the
    # shoulders do to the chin.
    total = np.asarray(Image.fromarray(total).filter(ImageFilter.BoxBlur(1.5)))
    for _ in range(halvings):
        total = doubled(total)
    total = total[: alpha.shape[0], : alpha.shape[1]]
    shade = np.take(shade_table(look), total)
    strength = look.light.rim_strength
    inner = max(1.0, LINE * scale)
    outer = inner + max(1.0, 0.009 * scale)
    margin = ceil(outer) + 1
    around = padded(alpha, margin, cut)
    edge = np.minimum(
        moved(around, margin, alpha.shape, towards * inner),
        255 - moved(around, margin, alpha.shape, towards * outer),
    )
    edge *= alpha == 255  # light may be added only where there is room for it
    under, light = rim_tables(look)
    rows, columns = np.nonzero(edge > 24)
    if strength >= 0.05 and len(rows):
        shade[rows, columns] = under[edge[rows, columns]]
    # Skia multiplies several times as fast as numpy.
    surface = surface_of(pixels)
    canvas = surface.getCanvas()
    canvas.drawImage(as_image(shade), 0, 0, paint=MODULATE)
    if strength >= 0.05 and len(rows):
        lit = np.take(light, edge)  # named: an image does not keep its memory alive
        canvas.drawImage(as_image(lit), 0, 0)
    surface.flushAndSubmit()


MODULATE = skia.Paint(BlendMode=skia.BlendMode.kModulate)
SHADE_REACH = np.linspace(0.02, 0.08, 6)  # of the performer's height


@lru_cache(maxsize=64)
def shade_table(look: Look) -> np.ndarray:
    """Premultiplied BGRA as one number, by how many of the steps away from the lamp are inside."""
    most = 15 * len(SHADE_REACH)
    dark = (1.0 - np.arange(most + 1) / most) * 0.9
    ambient = channels(mix(0xFFFFFF, mix(0x9088C8, look.light.ambient, 0.4), 0.55))
    table = np.full((most + 1, 4), 255, np.uint8)
    table[:, :3] = np.rint(255 + np.outer(dark, np.array(ambient[::-1]) - 255.0))
    return table.view(np.uint32)[:, 0]


@lru_cache(maxsize=64)
def rim_tables(look: Look) -> tuple[np.ndarray, np.ndarray]:
    """BGRA as one number by how much of a rim a pixel is: what it is multiplied by, and the light
    that is then added (its alpha is 0)."""
    amount = np.arange(256) / 255 * 0.75 * look.light.rim_strength
    amount[:25] = 0.0
    under, light = np.full((256, 4), 255, np.uint8), np.zeros((256, 4), np.uint8)
    under[:, :3] = np.rint(255 * (1.0 - amount))[:, None]
    rim = np.array(channels(look.light.rim)[::-1])
    # Rounded down: the sum must stay within a byte.
    light[:, :3] = np.maximum(np.floor(np.outer(amount, rim)) - 1, 0)
    return under.view(np.uint32)[:, 0], light.view(np.uint32)[:, 0]


def as_image(numbers: np.ndarray) -> Any:
    return image_of(numbers.view(np.uint8).reshape(*numbers.shape, 4))


def doubled(plane: np.ndarray) -> np.ndarray:
    """Twice the size; between two values their mean. Values up to 127."""
    rows, columns = plane.shape
    wide = np.empty((rows, 2 * columns), np.uint8)
    wide[:, ::2], wide[:, -1] = plane, plane[:, -1]
    wide[:, 1:-1:2] = (plane[:, 1:] + plane[:, :-1]) >> 1
    tall = np.empty((2 * rows, 2 * columns), np.uint8)
    tall[::2], tall[-1] = wide, wide[-1]
    tall[1:-1:2] = (wide[1:] + wide[:-1]) >> 1
    return tall


def padded(plane: np.ndarray, margin: int, cut: tuple[bool, ...]) -> np.ndarray:
    """The plane with a margin: empty, or where it is cut as its edge."""
    rows, columns = plane.shape
    wide = np.zeros((rows + 2 * margin, columns + 2 * margin), plane.dtype)
    middle = slice(margin, margin + rows), slice(margin, margin + columns)
    wide[middle] = plane
    if cut[0]:
        wide[:, :margin] = wide[:, margin : margin + 1]
    if cut[2]:
        wide[:, margin + columns :] = wide[:, margin + columns - 1 : margin + columns]
    if cut[1]:
        wide[:margin] = wide[margin]
    if cut[3]:
        wide[margin + rows :] = wide[margin + rows - 1]
    return wide


def moved(around: np.ndarray, margin: int, shape: tuple[int, ...], way: np.ndarray) -> np.ndarray:
    """The value at (x, y) + way of a plane that was padded by a margin."""
    dx, dy = (int(value) + margin for value in np.rint(way))
    return around[dy : dy + shape[0], dx : dx + shape[1]]
