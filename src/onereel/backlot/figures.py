"""Figures: bodies whose shapes are worked out for a whole shot and then drawn frame by frame.

- World units: adult heights, y down, ground at 0.
- Heads are in face.py and hair.py, arms and legs in limbs.py, clothes in outfits.py and drapes.py.
- cels.py turns a figure into pixels.

Called from cast.py.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from onereel.backlot.brush import fill, ink, mix
from onereel.backlot.drapes import Layer, accessory_layers, skirt_ops
from onereel.backlot.face import make_head
from onereel.backlot.light import LINE
from onereel.backlot.limbs import arm_ops, leg_ops
from onereel.backlot.look import Look
from onereel.backlot.outfits import OUTFITS, cloth_colours
from onereel.backlot.people import KINDS, OUTFIT_COLOURS, Character
from onereel.backlot.shapes import (
    Array,
    Border,
    Op,
    filled,
    inside,
    perpendicular,
    rounded,
    tube,
    unit2,
)
from onereel.backlot.skeleton import JOINTS, Body, Bones, Pose, picture
from onereel.backlot.torso import Torso


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
    reached = list(reached or [])
    layers += accessory_layers(who, at, torso, bones, look, accent, size, frames, reached)
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
    everything = np.stack([*at.values(), *reached], axis=1)
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
