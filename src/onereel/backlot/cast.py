"""The cast: how a body is drawn.

- `draw_body` paints a pose in body heights, y down, feet at 0.
- Outlines are a darker shade of each colour; a light gradient and a rim give the body volume.

Called from shoot.py. Heads are in face.py, who there can be in people.py.
"""

from dataclasses import replace
from math import degrees
from typing import Any

import skia

from onereel.backlot.brush import Point, blob, fill, ink, mix, polygon, polyline, stroke
from onereel.backlot.face import draw_hair_behind, draw_head
from onereel.backlot.light import LINE, Light, Look
from onereel.backlot.motion import TORSO, Joints, Pose
from onereel.backlot.people import HAIR_COLOURS, METAL, OUTFIT_COLOURS, SKINS, TROUSERS, Character


def limb(canvas: Any, points: tuple[Point, ...], width: float, colour: int, lit: int) -> None:
    path = polyline(points)
    canvas.drawPath(path, stroke(ink(colour), width + 2 * LINE))
    canvas.drawPath(path, stroke(colour, width))
    soft = tuple((x + width * 0.17, y - width * 0.05) for x, y in points)
    canvas.drawPath(polyline(soft), stroke(lit, width * 0.45, 0.35))


def towards(start: Point, end: Point, amount: float) -> Point:
    return (start[0] + (end[0] - start[0]) * amount, start[1] + (end[1] - start[1]) * amount)


def draw_leg(canvas: Any, joints: dict[str, Point], side: str, who: Character, look: Look) -> None:
    hip, knee, ankle = (joints[f"{side}_{name}"] for name in ("hip", "knee", "foot"))
    width = 0.078 * who.build
    far = 0.86 if side == "far" else 1.0
    trousers, skin = look.dim(look.trousers, far), look.dim(look.skin, far)
    if who.outfit in ("shorts", "dress"):
        limb(canvas, (knee, ankle), width * 0.78, skin, look.lit(skin))
        thigh = trousers if who.outfit == "shorts" else skin
        end = towards(knee, ankle, 0.12)
        limb(canvas, (hip, knee, end), width * (1.12 if who.outfit == "shorts" else 0.85), thigh,
             look.lit(thigh))  # fmt: skip
    else:
        limb(canvas, (hip, knee, ankle), width, trousers, look.lit(trousers))


def draw_shoe(canvas: Any, ankle: Point, pitch: float, turn: float, look: Look) -> None:
    canvas.save()
    canvas.translate(*ankle)
    canvas.rotate(-degrees(pitch))
    forward = 0.025 + 0.045 * min(1.0, abs(turn) + 0.15)
    if turn < 0:
        canvas.scale(-1, 1)
    path = blob(
        ((-0.038, -0.012), (0.012, -0.022), (forward, 0.0), (forward + 0.018, 0.03),
         (forward, 0.042), (-0.036, 0.042), (-0.046, 0.018))
    )  # fmt: skip
    canvas.drawPath(path, stroke(ink(look.shoes), 2 * LINE))
    canvas.drawPath(path, fill(look.shoes))
    canvas.restore()


def draw_arm(canvas: Any, joints: dict[str, Point], side: str, who: Character, look: Look) -> None:
    shoulder, elbow, hand = (joints[f"{side}_{name}"] for name in ("shoulder", "elbow", "hand"))
    far = 0.86 if side == "far" else 1.0
    width = 0.062 * who.build * (1.25 if who.outfit == "robe" else 1.0)
    sleeve, skin = look.dim(look.outfit, far), look.dim(look.skin, far)
    short = who.outfit in ("shorts", "dress")
    if who.outfit == "robot":
        sleeve, skin = look.dim(look.metal, far), look.dim(look.outfit, far)
    palm = 0.044
    canvas.drawCircle(*hand, palm + LINE, fill(ink(skin)))
    canvas.drawCircle(*hand, palm, fill(skin))
    if short:
        limb(canvas, (elbow, hand), width * 0.78, skin, look.lit(skin))
        canvas.drawCircle(*hand, palm, fill(skin))
        limb(canvas, (shoulder, towards(shoulder, elbow, 0.85)), width * 1.08, sleeve,
             look.lit(sleeve))  # fmt: skip
    else:
        limb(canvas, (shoulder, elbow, towards(elbow, hand, 0.8)), width, sleeve, look.lit(sleeve))


def torso_path(who: Character, spread: float) -> Any:
    """In the frame of the pelvis with the spine along -y."""
    chest, waist, hips = 0.112, 0.088, 0.09
    if who.kind in ("girl", "woman"):
        chest, waist, hips = 0.098, 0.074, 0.088
    scale = (0.68 + 0.32 * spread) * who.build
    chest, waist, hips = chest * scale, waist * scale, hips * scale
    top = -TORSO - 0.005
    return blob(
        ((-chest * 0.55, top), (chest * 0.55, top), (chest, top + 0.05), (waist, -0.1),
         (hips, 0.03), (0.0, 0.045), (-hips, 0.03), (-waist, -0.1), (-chest, top + 0.05)),
        tension=0.55,
    )  # fmt: skip


def draw_skirt(canvas: Any, joints: dict[str, Point], who: Character, look: Look) -> None:
    """A skirt or the lower half of a robe: its hem follows the knees or shins."""
    pelvis = joints["pelvis"]
    low = who.outfit == "robe"
    names = ("near_knee", "far_knee")
    points = [joints[name] for name in names]
    if low:
        points = [towards(joints[f"{s}_knee"], joints[f"{s}_foot"], 0.45) for s in ("near", "far")]
    flare = (0.06 if low else 0.05) * who.build
    left = min(points[0][0], points[1][0], pelvis[0] - 0.05) - flare
    right = max(points[0][0], points[1][0], pelvis[0] + 0.05) + flare
    hem = pelvis[1] + (0.24 if low else 0.155)
    hem = min(hem, max(points[0][1], points[1][1]) + 0.02)
    hips = 0.085 * who.build
    middle = (left + right) / 2
    path = blob(
        ((pelvis[0] - hips * 0.8, pelvis[1] - 0.06), (pelvis[0] + hips * 0.8, pelvis[1] - 0.06),
         (pelvis[0] + hips * 1.1, pelvis[1] + 0.02), (right, hem - 0.012), (middle, hem + 0.02),
         (left, hem - 0.012), (pelvis[0] - hips * 1.1, pelvis[1] + 0.02)),
        tension=0.6,
    )  # fmt: skip
    canvas.drawPath(path, stroke(ink(look.outfit), 2 * LINE))
    canvas.drawPath(path, look.cloth)


def draw_torso(
    canvas: Any, pose: Pose, joints: dict[str, Point], who: Character, look: Look
) -> None:
    spread = 1.0 - 0.6 * min(1.0, abs(pose.turn))
    shift = 0.06 * pose.turn
    canvas.save()
    canvas.translate(*joints["pelvis"])
    canvas.rotate(degrees(pose.lean))
    # The neck goes under the collar.
    canvas.drawPath(
        polyline(((0, -TORSO + 0.02), (0, -TORSO - 0.05))), stroke(look.dim(look.skin, 0.88), 0.07)
    )
    path = torso_path(who, spread)
    canvas.drawPath(path, stroke(ink(look.outfit), 2 * LINE))
    canvas.drawPath(path, look.cloth)
    canvas.save()
    canvas.clipPath(path, doAntiAlias=True)
    if who.outfit == "jacket":
        shirt = ((shift - 0.035, -TORSO - 0.02), (shift + 0.035, -TORSO - 0.02), (shift, -0.13))
        canvas.drawPath(polygon(shirt), fill(look.trim))
        canvas.drawLine(shift, -0.13, shift, 0.05, stroke(ink(look.outfit), LINE))
    elif who.outfit == "robe":
        collar = polyline(
            ((shift - 0.05, -TORSO - 0.02), (shift + 0.02, -0.14), (shift + 0.03, -0.06))
        )
        canvas.drawPath(collar, stroke(look.trim, 0.028))
        canvas.drawRect(
            skia.Rect.MakeXYWH(-0.2, -0.05, 0.4, 0.045), fill(look.dim(look.trousers, 1.0))
        )
    elif who.outfit == "robot":
        canvas.drawCircle(shift, -0.16, 0.036, fill(ink(look.outfit)))
        canvas.drawCircle(shift, -0.16, 0.026, fill(0x8CF5FF))
        canvas.drawRect(skia.Rect.MakeXYWH(-0.2, -0.045, 0.4, 0.1), fill(look.metal))
    elif who.outfit == "shorts":
        canvas.drawRect(skia.Rect.MakeXYWH(-0.2, -0.165, 0.4, 0.05), fill(look.trim))
    else:
        canvas.drawCircle(shift, -TORSO - 0.005, 0.055, fill(look.trim))
    canvas.restore()
    canvas.restore()


def make_look(who: Character, light: Light) -> Look:
    # Faces stay readable in the dark: performers take less of the tint than the set.
    light = replace(light, tint=mix(light.tint, 0xFFFFFF, 0.35))
    outfit = light.shade(OUTFIT_COLOURS[who.outfit_colour])
    trousers = TROUSERS[who.seed % len(TROUSERS)]
    pale = who.outfit_colour in ("white", "yellow")
    trim = 0x3C6FB5 if who.outfit_colour == "white" else 0xFFF6E6
    shoes = 0xB5453B if pale else 0x3B3346
    robot = who.kind == "robot"
    return Look(
        skin=light.shade(METAL if robot else SKINS[who.skin]),
        hair=light.shade(HAIR_COLOURS[who.hair_colour]),
        outfit=outfit,
        trousers=light.shade(METAL if robot else trousers),
        shoes=light.shade(0x5B6675 if robot else shoes),
        metal=light.shade(METAL),
        trim=light.shade(trim),
        white=light.shade(0xFFFFFF),
        rim=light.rim,
        rim_strength=light.rim_strength,
    )


def draw_body(
    canvas: Any, pose: Pose, joints: Joints, who: Character, look: Look, blink: float
) -> None:
    """Paints with the pelvis' travel already in the canvas; `joints` are y up, as solved."""
    flat = {name: (x, -y) for name, (x, y) in joints.items()}
    near, far = ("near", "far")
    draw_hair_behind(canvas, pose, flat, who, look)
    draw_arm(canvas, flat, far, who, look)
    for side in (far, near):
        foot = pose.far_foot if side == far else pose.near_foot
        turn = pose.turn if abs(pose.turn) > 0.45 else (0.4 if side == far else -0.4)
        draw_shoe(canvas, flat[f"{side}_foot"], foot[2], turn, look)
        draw_leg(canvas, flat, side, who, look)
    if who.outfit in ("dress", "robe"):
        draw_skirt(canvas, flat, who, look)
    draw_torso(canvas, pose, flat, who, look)
    # A hand in front of the face would hide it: raised near arms go behind the head.
    raised = flat["near_hand"][1] < flat["neck"][1] - 0.03 and pose.turn < 0.5
    if raised:
        draw_arm(canvas, flat, near, who, look)
    draw_head(canvas, pose, flat, who, look, blink)
    if not raised:
        draw_arm(canvas, flat, near, who, look)
