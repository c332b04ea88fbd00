"""Animals: dog, cat, bird and horse, seen from the side, drawn from their stances.

Space: own heights, x ahead, y up from the ground; an animal looks to the right, then is mirrored.
Builds and stances are in animal_acts.py, heads in animal_heads.py. Called from cast.py.
"""

from typing import Any

import numpy as np

from onereel.backlot.animal_acts import BUILDS, Build, Stance
from onereel.backlot.animal_heads import head_ops
from onereel.backlot.brush import fill, ink, mix
from onereel.backlot.features import blinks
from onereel.backlot.light import line_of
from onereel.backlot.look import Look
from onereel.backlot.people import OUTFIT_COLOURS, Character
from onereel.backlot.shapes import (
    Array,
    Border,
    Op,
    filled,
    follow,
    inside,
    rounded,
    shade_of,
    tube,
    unit2,
)
from onereel.backlot.skeleton import JOINTS

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
    line = line_of(size)
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
    # A bird is the colour of its feathers, as captions call it.
    feathered = who.outfit == "feathers"
    fur = look.shade(OUTFIT_COLOURS[who.outfit_colour]) if feathered else look.hair
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
            under = filled(tube(curve, radius, line), fill(ink(colour)))
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
            if who.kind == "bird":  # toes before and behind
                toes = ((-0.06, 0.016), (0.0, 0.0), (0.05, 0.008), (0.11, 0.017))
                paw = np.stack([world(fx + x, ankle_y - y) for x, y in toes], 1)
                wide = np.array([0.6, 0.8, 0.75, 0.6]) * build.limb[2] * size
            foot = (
                look.shade(0x4A3A34)
                if who.kind == "horse"
                else (colour if who.kind == "bird" else mix(colour, belly, 0.6 if near else 0.3))
            )
            part += [
                filled(tube(paw, wide, line), fill(ink(foot))),
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
    inks.append(filled(tube(tail_line, bushy, line), fill(ink(tail_colour))))
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
        filled(trunk, Border(ink(fur), 2 * line)),
        filled(tube(neck_line, neck_radius, line), fill(ink(fur))),
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
                tube(ring[:, 1:], neck_radius[3:5] * 1.02, line * 0.6, (False, False)), fill(accent)
            )
        ]
    if who.kind == "bird":
        ops += bird_wing(world, on_body, wing, mix(fur, look.dark(fur), 0.5), size, 0.0)
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
    top, ink_width = build.chest, line_of(size)
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
        filled(cloth, Border(ink(colour), 2 * ink_width)),
        filled(cloth, fill(colour)),
        filled(tube(line, wide, ink_width), fill(ink(leather))),
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
    return [filled(shape, Border(ink(colour), 2 * line_of(size))), filled(shape, fill(colour))]


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
    return [filled(shape, Border(ink(colour), 2 * line_of(size))), filled(shape, fill(colour))]
