"""The cast of a shot: every performer's act worked out before the first frame is drawn.

- `rehearse` solves acts to joints, contacts and figures in world units (adult heights, y down,
  ground at 0); limbs that have to meet (a punch and its block, two hands) are pulled together.
- `Rehearsal.cels` paints each performer into pixels of its own, for the shoot to style, to cast
  shadows with, to take masks from and to lay in.
- Everything that hangs is simulated from before the first frame, so nothing starts with a jerk.

Called from shoot.py; it is all that the shoot needs of the cast.
"""

from dataclasses import dataclass, replace
from math import ceil

import numpy as np

from onereel.backlot.acts import ACTS
from onereel.backlot.animal_acts import BUILDS
from onereel.backlot.animals import make_animal
from onereel.backlot.cels import Cel, paint_cel
from onereel.backlot.drapes import Layer
from onereel.backlot.duels import EMBRACES, MEETINGS, Meeting
from onereel.backlot.figures import Figure, body_of, make_figure
from onereel.backlot.grasp import Grasp, Layers
from onereel.backlot.light import Light
from onereel.backlot.look import make_look
from onereel.backlot.motion import Act
from onereel.backlot.people import KINDS, OUTFIT_COLOURS, Performer
from onereel.backlot.shapes import Array
from onereel.backlot.skeleton import JOINTS, Body, Bones, Pose, flat, from_flat, picture, solve
from onereel.backlot.things import THINGS, holds

WARM_UP = 20  # frames before the first, for cloth and hair to settle


@dataclass(frozen=True)
class Touch:
    """A contact. World units; `force` 1 is ordinary, whatever the surface."""

    seconds: float
    kind: str
    performer: int
    x: float
    y: float
    force: float
    material: str = ""


@dataclass(frozen=True)
class Rehearsal:
    """T frames of P performers."""

    figures: tuple[Figure, ...]
    joints: Array  # (T, P, J, 2)
    boxes: Array  # (T, P, 4) left, top, right, bottom
    middle: Array  # (T,) x of the middle of those who perform
    facing: Array  # (T, P) heading in radians: 0 towards us, pi/2 to the right
    mouth: Array  # (T, P) 0..1
    contacts: tuple[Touch, ...]

    def cels(
        self, scale: float, offset_x: float, offset_y: float, size: tuple[int, int], frame: int
    ) -> list[Cel]:
        """From far to near; pixel = world * scale + offset; whoever is out of sight is left out.
        Those who embrace come in parts: arms behind both, bodies, arms before both."""
        order = sorted(
            range(len(self.figures)), key=lambda i: (self.figures[i].depth[frame + WARM_UP], -i)
        )
        found = [
            paint_cel(self.figures[i], i, scale, (offset_x, offset_y), size, frame + WARM_UP, part)
            for part in sorted({layer.part for one in self.figures for layer in one.layers})
            for i in order
        ]
        return [cel for cel in found if cel is not None]


@dataclass
class Part:
    """One performer while being rehearsed; T includes the warm-up."""

    performer: Performer
    act: Act
    cycle: Array
    start: Array  # (T,) world x of its own zero
    facing: int
    size: float
    body: Body
    pose: Pose
    bones: Bones

    def world(self, points: Array) -> Array:
        """Own (T, 3) to the world's (T, 3): x right, y up, z to the viewer."""
        return np.stack(
            [
                self.start + self.facing * self.size * points[:, 0],
                self.size * points[:, 1],
                self.size * points[:, 2],
            ],
            axis=-1,
        )

    def own(self, points: Array) -> Array:
        return np.stack(
            [
                (points[:, 0] - self.start) * self.facing / self.size,
                points[:, 1] / self.size,
                points[:, 2] / self.size,
            ],
            axis=-1,
        )


def rehearse(
    performers: tuple[Performer, ...],
    times: Array,
    light: Light,
    half_width: float,
    visemes: Array | None = None,
    openness: Array | None = None,
) -> Rehearsal:
    """`times` (T,) seconds since the shot's first frame, 1/24 apart; `half_width` of the picture at
    the camera's distance, world units; `visemes` (T, P) of face.MOUTHS, `openness` (T, P) 0..1."""
    times = np.asarray(times, np.float64)
    early = times[0] - np.arange(WARM_UP, 0, -1) / 24.0
    whole = np.concatenate([early, times])
    places = starts(performers, half_width)
    parts: list[Part | None] = []
    for one, x in zip(performers, places, strict=True):
        parts.append(None if KINDS[one.character.kind].animal else begin(one, x, whole))
    if all(parts) and len(parts) == 2 and parts[0].act.two:  # type: ignore[union-attr]
        meet(parts)  # type: ignore[arg-type]
    figures, facings, contacts = [], [], []
    for index, (one, x) in enumerate(zip(performers, places, strict=True)):
        part = parts[index]
        said = None if visemes is None else pad(np.asarray(visemes)[:, index])
        loud = None if openness is None else pad(np.asarray(openness)[:, index])
        if part is None:
            figure = animal_figure(one, x, whole, light)
            turned = np.full(len(whole), one.facing * np.pi / 2)
        else:
            partner = parts[1 - index] if part.act.two else None
            figure = person_figure(part, partner, whole, light, said, loud)
            turned = part.facing * part.bones.head_turn
        figures.append(figure)
        facings.append(turned[WARM_UP:])
        contacts += touches(one, index, figure, times)
    joints = np.stack([figure.joints[WARM_UP:] for figure in figures], axis=1)
    boxes = np.stack([figure.box[WARM_UP:] for figure in figures], axis=1)
    return Rehearsal(
        tuple(figures),
        joints,
        boxes,
        middle_of(performers, places, times),
        np.stack(facings, axis=1),
        np.stack([figure.mouth[WARM_UP:] for figure in figures], axis=1),
        tuple(sorted(contacts, key=lambda touch: (touch.seconds, touch.performer))),
    )


def pad(track: Array) -> Array:
    return np.concatenate([np.repeat(track[:1], WARM_UP, axis=0), track])


def starts(performers: tuple[Performer, ...], half_width: float) -> list[float]:
    """World x where each performer begins."""
    found = []
    for one in performers:
        x = one.start_x * half_width
        if len(performers) > 1 and abs(one.start_x) < 0.5:
            x = max(-0.56, min(0.56, x))  # in wide pictures two people still stand together
        found.append(x)
    if len(performers) == 2 and ACTS[performers[0].act].two:
        tall = sum(one.character.scale for one in performers) / 2
        apart = ACTS[performers[0].act].apart * tall
        return [-0.5 * apart * one.facing for one in performers]
    return found


def travelled(one: Performer, times: Array) -> Array:
    act = ACTS[one.act]
    return one.facing * one.character.scale * act.stride * times * one.tempo / act.period


def middle_of(performers: tuple[Performer, ...], places: list[float], times: Array) -> Array:
    paths = [x + travelled(one, times) for one, x in zip(performers, places, strict=True)]
    return np.mean(paths, axis=0)


def cycle_of(one: Performer, times: Array) -> Array:
    return times * one.tempo / ACTS[one.act].period + one.phase


def begin(one: Performer, x: float, times: Array) -> Part:
    act = ACTS[one.act]
    cycle = cycle_of(one, times)
    body = body_of(one.character)
    pose = act.pose(cycle, one.role) if act.two else act.pose(cycle)
    pose = within_reach(pose, body, len(times))
    bones = solve(pose, body, len(times))
    if act.prop:
        grips = holds(act.prop, bones, body)
        if grips:
            bones = solve(pose, body, len(times), grips)
    start = x + travelled(one, times)
    return Part(one, act, cycle, start, one.facing, one.character.scale, body, pose, bones)


def within_reach(pose: Pose, body: Body, frames: int) -> Pose:
    """Lowers the pelvis where a planted foot would be out of reach: short legs, wide stances."""
    pose = from_flat([np.broadcast_to(np.asarray(v, float), (frames,)) for v in flat(pose)])
    ahead, rise, aside = pose.pelvis
    longest = 0.975 * (body.leg - body.ankle)
    for sign, foot in ((1.0, pose.near_foot), (-1.0, pose.far_foot)):
        x, y, z, pitch = foot
        dx = x - ahead + sign * np.cos(pose.turn) * body.hips
        dz = z - aside - sign * np.sin(pose.turn) * body.hips
        lifted = body.ankle + 0.06 * body.foot * np.sin(np.clip(-pitch, 0, 1.4))
        room = np.sqrt(np.maximum(longest**2 - dx**2 - dz**2, 0.01))
        limit = lifted + room - body.leg + 8.0 * np.maximum(y, 0.0)
        # A smooth minimum: no kink where the limit takes over.
        rise = 0.5 * (rise + limit - np.sqrt((rise - limit) ** 2 + 0.01**2))
    return replace(pose, pelvis=(ahead, rise, aside))


def goal_point(part: Part, goal: str, side: float) -> Array:
    """(T, 3) in the world: what of a performer gets touched; `side` is +1 for the side towards us
    of a back or waist, -1 for the other, and how far along the forearm of a hand."""
    at, ahead = part.bones.at, part.bones.ahead["chest"]
    if goal == "chest":
        return part.world(0.45 * at["pelvis"] + 0.55 * at["neck"] + 0.07 * ahead)
    if goal in ("back", "waist"):
        high = 0.68 if goal == "back" else 0.34
        spine = (1 - high) * at["pelvis"] + high * at["neck"]
        return part.world(spine - 0.06 * ahead + 0.07 * side * part.bones.near["chest"])
    if goal == "face":
        return part.world(at["head"] + 0.1 * part.bones.ahead["head"] - np.array([0, 0.03, 0]))
    if goal.endswith("hand"):
        elbow = goal.replace("hand", "elbow")
        return part.world(at[elbow] * (1 - side) + at[goal] * side)
    return part.world(at[goal])


def window(cycle: Array, meeting: Meeting) -> Array:
    """How firmly the limbs are held together, 0..1, over the cycle."""
    if meeting.end - meeting.start >= 1.0:
        return np.ones_like(cycle)
    place = np.mod(cycle, 1.0)
    rise = np.clip((place - meeting.start + meeting.ease) / meeting.ease, 0, 1)
    fall = np.clip((meeting.end + meeting.ease - place) / meeting.ease, 0, 1)
    both = np.minimum(rise, fall)
    return both * both * (3 - 2 * both)


def meet(parts: list[Part]) -> None:
    """Pulls limbs to where they meet; the joints of both are solved again."""
    frames = len(parts[0].cycle)
    grips: list[dict[str, list]] = [{}, {}]
    roles = {part.performer.role: index for index, part in enumerate(parts)}
    for meeting in MEETINGS.get(parts[0].act.name, ()):
        mine, other = parts[roles[meeting.who]], parts[roles[1 - meeting.who]]
        firm = window(mine.cycle, meeting)
        hands = meeting.share > 0
        if meeting.goal in ("back", "waist"):
            goal = goal_point(other, meeting.goal, 1.0 if meeting.limb == "near_hand" else -1.0)
            # The short one reaches no higher than its own shoulders, the tall one stoops a little.
            shoulder = mine.world(mine.bones.at[meeting.limb.replace("hand", "shoulder")])[:, 1]
            reach = 0.3 * mine.size
            goal[:, 1] = np.clip(goal[:, 1], shoulder - reach, shoulder + 0.03 * mine.size)
        else:
            goal = goal_point(other, meeting.goal, 1.0 if hands else 0.7)
        tip_name = meeting.limb if meeting.limb.endswith("hand") else "near_toe"
        tip = mine.world(mine.bones.at[tip_name])
        if hands:
            middle = 0.5 * (tip + goal)
            for part, limb in ((mine, meeting.limb), (other, meeting.goal)):
                # Palms, not wrists, touch.
                own = part.own(middle)
                own = own - np.array([0.045, 0.0, 0.0])
                grips[roles[part.performer.role]].setdefault(limb.split("_")[0], []).append(
                    (own, firm)
                )
            continue
        # The knuckles or the sole stop at the surface.
        thick = 0.05 * mine.size if meeting.limb.endswith("hand") else 0.02 * mine.size
        thick += 0.03 * other.size
        stop = goal - np.array([mine.facing * thick, 0.0, 0.0])
        if meeting.limb.endswith("hand"):
            grips[roles[meeting.who]].setdefault(meeting.limb.split("_")[0], []).append(
                (mine.own(stop), firm)
            )
        else:
            delta = (mine.own(stop) - mine.bones.at["near_toe"]) * firm[:, None]
            x, y, z, pitch = mine.pose.near_foot
            foot = (x + delta[:, 0], np.maximum(y + delta[:, 1], 0.0), z + delta[:, 2], pitch)
            mine.pose = replace(mine.pose, near_foot=foot)
    for part, held in zip(parts, grips, strict=True):
        merged = {}
        for side, targets in held.items():
            total = np.maximum(sum(firm for _, firm in targets), 1e-9)
            place = sum(own * firm[:, None] for own, firm in targets) / total[:, None]
            merged[side] = (place, np.clip(np.max([firm for _, firm in targets], axis=0), 0, 1))
        part.bones = solve(part.pose, part.body, frames, merged)


def person_figure(
    part: Part,
    partner: Part | None,
    times: Array,
    light: Light,
    visemes: Array | None,
    openness: Array | None,
) -> Figure:
    one, who = part.performer, part.performer.character
    look = make_look(who, light)
    things: Layers | None = None
    reached: list[Array] = []
    if part.act.prop and not (partner is not None and one.role == 1):
        at = flat_joints(part)
        grasp = Grasp(
            at,
            part.bones,
            lambda x, y, z: place_of(part, x, y, z),
            part.size,
            part.facing,
            look,
            look.shade(OUTFIT_COLOURS[who.second_colour]),
            part.cycle,
            np.abs(travelled(one, times)),
            one.role,
            flat_joints(partner) if partner is not None else None,
            reached,
        )
        things = THINGS[part.act.prop].draw(grasp)
    return make_figure(
        who,
        look,
        part.pose,
        part.bones,
        part.body,
        part.start,
        part.facing,
        times,
        part.act.hands,
        visemes,
        openness,
        things,
        reached,
        one.act in EMBRACES,
    )


def place_of(part: Part, x: float, y: float, z: float) -> Array:
    points = np.broadcast_to(np.array([x, y, z], float), (len(part.start), 3))
    seen = picture(part.world(points))
    return seen


def flat_joints(part: Part) -> dict[str, Array]:
    return {name: picture(part.world(points)) for name, points in part.bones.at.items()}


def animal_figure(one: Performer, x: float, times: Array, light: Light) -> Figure:
    who, act = one.character, ACTS[one.act]
    look = make_look(who, light)
    stance = act.pose(cycle_of(one, times), BUILDS[who.kind])
    start = x + travelled(one, times)
    ops, joints, box = make_animal(who, look, stance, start, one.facing, times)
    mouth = np.broadcast_to(np.asarray(stance.mouth, float), times.shape)
    depth = np.full(len(times), 0.05)
    return Figure(who, look, (Layer(depth, ops),), joints, box, mouth, depth)


def touches(one: Performer, index: int, figure: Figure, times: Array) -> list[Touch]:
    """The beats of an act that fall into the shot, where the joint is at that very moment."""
    act, found = ACTS[one.act], []
    seconds_per_cycle = act.period / one.tempo
    for beat in act.beats:
        if act.two and beat.role != one.role:
            continue
        joint = figure.joints[WARM_UP:, JOINTS.index(beat.joint)]
        count = ceil(one.phase - beat.at)
        while (time := (count + beat.at - one.phase) * seconds_per_cycle) <= times[-1]:
            count += 1
            if time < times[0]:
                continue
            x, y = (float(np.interp(time, times, joint[:, axis])) for axis in (0, 1))
            kind = "hoof" if one.character.kind == "horse" and beat.kind == "step" else beat.kind
            force = beat.force * min(1.3, one.character.scale) ** 1.5
            found.append(Touch(time, kind, index, x, y, force, beat.material))
    return found
