"""Arms and legs with what covers them: sleeves, trousers, shoes, boots.

Called from figures.py and drapes.py.
"""

from typing import Any

import numpy as np

from onereel.backlot.brush import fill, ink
from onereel.backlot.features import CIRCLE
from onereel.backlot.hands import make_hand
from onereel.backlot.light import LINE
from onereel.backlot.look import Look
from onereel.backlot.outfits import OUTFITS, cloth_colours
from onereel.backlot.people import KINDS, TROUSERS, Character
from onereel.backlot.shapes import (
    Array,
    Border,
    Op,
    curve3,
    filled,
    follow,
    rounded,
    shade_of,
    tube,
    unit2,
)
from onereel.backlot.skeleton import Body, Bones, picture


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
        trousers = look.dark(cloth_colours(outfit, look)[0], 0.7)  # an underskirt
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
    hem = follow(wrist * 0.82 + elbow * 0.18 + fall, 2.2, 0.3)
    low = follow(wrist * 0.3 + elbow * 0.7 + fall * 0.5, 3.0, 0.35)
    # However fast the arm, cloth is no longer than it is: it would trail as a thorn.
    hem = grounded(wrist + shortened(hem - wrist, 0.17 * size))
    low = grounded(elbow + shortened(low - elbow, 0.15 * size))
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


def shortened(vector: Array, most: float) -> Array:
    length = np.linalg.norm(vector, axis=-1, keepdims=True)
    return vector * np.minimum(1.0, most / np.maximum(length, 1e-9))


def grounded(points: Array) -> Array:
    return np.stack([points[..., 0], np.minimum(points[..., 1], 0.0)], axis=-1)
