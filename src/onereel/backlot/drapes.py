"""What hangs on a body and swings: skirts and coat tails, capes, scarves, bags.

Called from figures.py.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from onereel.backlot.brush import fill, ink
from onereel.backlot.cloth import fold_lines, shaded_patch
from onereel.backlot.light import LINE
from onereel.backlot.limbs import grounded, limb_ops
from onereel.backlot.look import Look
from onereel.backlot.people import Character
from onereel.backlot.shapes import Array, Border, Op, filled, follow, rounded, tube, unit2
from onereel.backlot.skeleton import Body, Bones, picture
from onereel.backlot.torso import Torso


@dataclass(frozen=True)
class Layer:
    """Things drawn together, at a depth (T,): larger is nearer to us."""

    depth: Array
    ops: list[Op]
    part: int = 0  # -1: behind a partner too, 1: before a partner too


def roll_of(t: Torso) -> Array:
    """(T,) by what angle cloth takes part in a body's turning over: not in a bow, wholly in a
    cartwheel or a flip, where it is flung outwards and does not fall over the head."""
    up = unit2(t.waist - t.pelvis)
    angle = np.unwrap(np.arctan2(up[:, 0], -up[:, 1]))
    return angle - np.sin(angle)


def rolled(vectors: Array, roll: Array) -> Array:
    """(T, ..., 2) vectors turned by angles (T,)."""
    angle = roll.reshape(-1, *(1,) * (vectors.ndim - 2))
    sine, cosine = np.sin(angle), np.cos(angle)
    x, y = vectors[..., 0], vectors[..., 1]
    return np.stack([x * cosine - y * sine, x * sine + y * cosine], axis=-1)


def swung(targets: list[Array], anchor: Array, roll: Array, speeds: tuple[float, ...]) -> Array:
    """(T, K, 2): K targets through springs of so many Hz, as `follow` does; but what is anchored
    at (T, 2) on a body that rolls goes round with it."""
    places = np.stack(targets, axis=1)
    own = rolled(places - anchor[:, None], -roll)
    both = np.concatenate([own, np.repeat(anchor[:, None], len(speeds), axis=1)], axis=1)
    hertz = np.tile(np.array(speeds)[:, None], (2, 2))
    moved = follow(both, hertz, 0.27)
    return moved[:, len(speeds) :] + rolled(moved[:, : len(speeds)], roll)


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
    roll = roll_of(t)
    down = rolled(np.broadcast_to(np.array([0.0, 1.0]), (*roll.shape, 2)), roll)
    points, hips = [], []
    for side in ("near", "far"):
        hip, knee, foot = (at[f"{side}_{n}"] for n in ("hip", "knee", "foot"))
        whole = 0.52 * body.leg * size
        share = min(1.0, length / whole)
        rest = max(0.0, min(1.0, (length - whole) / whole))
        along = hip + (knee - hip) * share + (foot - knee) * rest
        hanging = hip + down * length
        points.append(along * 0.72 + hanging * 0.28)
        hips.append(hip)
    waist = 0.5 * (hips[0] + hips[1])
    centre = 0.5 * (points[0] + points[1])
    half = 0.5 * (points[0] - points[1])
    # To the right of the trunk, as its edges are: so the cloth never crosses itself, whichever way
    # a body faces, upright or on its hands.
    half = half * np.tanh(np.sum(half * t.across_low, axis=-1, keepdims=True) / (0.03 * size))
    wide = outfit.flare * size + 0.055 * size * who.build
    # It flares square to the trunk, and between legs that part, square to each leg.
    spread = np.arctan2(
        np.sum(half * t.across_low, axis=-1),
        np.maximum(np.sum((centre - waist) * down, axis=-1), 0.0) + 0.3 * length,
    )
    spread = np.clip(spread, 0.0, 1.4) ** 2 / 1.4
    swing = 2.3 if outfit.flare > 0.06 else 3.2
    left = centre - half - rolled(t.across_low * wide, spread)
    right = centre + half + rolled(t.across_low * wide, -spread)
    # The hem bows: all of it is about as far from the waist.
    middle = centre + down * 0.03 * size
    radius = np.linalg.norm(points[0] - waist, axis=-1) + np.linalg.norm(points[1] - waist, axis=-1)
    short = np.maximum(0.47 * radius - np.linalg.norm(middle - waist, axis=-1), 0.0)
    middle = middle + unit2(middle - waist + 0.2 * length * down) * short[:, None]
    speeds = (swing, swing, swing * 1.15)
    cloth = grounded(swung([left, right, middle], t.pelvis, roll, speeds))
    left, right, middle = cloth[:, 0], cloth[:, 1], cloth[:, 2]
    left_side = 0.5 * (left_hip + left) + (left_hip - left_top) * 0.1
    right_side = 0.5 * (right_hip + right) + (right_hip - right_top) * 0.1
    bow = np.maximum(0.012 * size, 0.25 * short)[:, None]
    quarter_l = 0.5 * (left + middle) + unit2(0.5 * (left + middle) - waist) * bow
    quarter_r = 0.5 * (right + middle) + unit2(0.5 * (right + middle) - waist) * bow
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
        edge = np.stack([left, quarter_l, middle, quarter_r, right], axis=1)
        up = unit2(waist[:, None] - edge) * 0.022 * size
        hem = rounded(edge + up, 3, closed=False)
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
    reached: list[Array],
) -> list[Layer]:
    """`reached` is given what swings far out, (T, 2) each."""
    name = who.accessory
    cape = name == "cape" or who.outfit == "armour"
    faces_us = np.cos(bones.chest_turn) > -0.25
    layers = []
    if cape:
        left, right = t.extent(0.93, 0.92)
        roll = roll_of(t)
        drop = rolled(np.broadcast_to(np.array([0.0, 0.62 * size]), left.shape), roll)
        out = (right - left) * 0.45
        corners = [left + drop - out, right + drop + out]
        corners += [left + drop * 0.5 - out * 0.4, right + drop * 0.5 + out * 0.4]
        # Cloth lies on the ground, it does not go through.
        cloth = grounded(swung(corners, t.neck, roll, (1.5, 1.5, 2.6, 2.6)))
        low_l, low_r, mid_l, mid_r = (cloth[:, place] for place in range(4))
        reached += [low_l, low_r]
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
