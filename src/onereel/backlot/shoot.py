"""Shoots a script: frames, synchronous sound and exact ground truth.

- Static layers are painted once per shot and moved by Pillow; only performers, moving
  parts of the set and weather are drawn on every frame.
- Everything is vector until the last moment: a larger picture is only sharper.
- Contacts come from the acts' beats, with sub-frame times, and are what the sound is built from.
- `Truth` has joints, visibility, contacts, camera, mouths and, if asked for, who owns each pixel.

Called from builders of training and evaluation data; `shoot` is the only function they need.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from math import ceil
from typing import Any

import numpy as np

from onereel.backlot.acts import ACTS
from onereel.backlot.brush import mix, radial
from onereel.backlot.camera import View, camera_path, framing
from onereel.backlot.cast import draw_body, make_look
from onereel.backlot.light import Light, Look, lighting
from onereel.backlot.motion import (
    JOINTS,
    Joints,
    Pose,
    Syllable,
    blink_at,
    mouth_at,
    skeleton,
    syllables,
)
from onereel.backlot.plates import (
    draw_set,
    enter_world,
    lay_over,
    make_vignette,
    prepare_set,
    surface_of,
)
from onereel.backlot.scenery import Stage
from onereel.backlot.script import FPS, SAMPLE_RATE, Performer, Script, frame_count
from onereel.backlot.sets import SETS
from onereel.backlot.weather import draw_weather


@dataclass(frozen=True)
class Contact:
    seconds: float
    kind: str  # step, land, clap, hit
    performer: int
    x: float  # 0..1 in the picture
    surface: str
    force: float


@dataclass(frozen=True)
class Truth:
    joints: np.ndarray  # (T, P, J, 2) float32, 0..1 picture coordinates, J in motion.JOINTS
    visible: np.ndarray  # (T, P) bool
    contacts: tuple[Contact, ...]
    camera: np.ndarray  # (T, 3) float32: centre x, centre y, zoom
    mouth: np.ndarray  # (T, P) float32, 0..1
    layers: np.ndarray | None  # (T, H, W) uint8: 0 set, i + 1 performer i


@dataclass(frozen=True)
class Take:
    script: Script
    frames: np.ndarray  # (T, H, W, 3) uint8
    sound: np.ndarray  # (samples, 2) float32
    truth: Truth


@dataclass(frozen=True)
class Actor:
    """A performer with what is worked out once for a shot."""

    performer: Performer
    start_x: float  # world units
    height: float
    look: Look
    spoken: tuple[Syllable, ...]

    def cycle(self, time: float) -> float:
        act = ACTS[self.performer.act]
        return time * self.performer.tempo / act.period

    def pose(self, time: float) -> Pose:
        return ACTS[self.performer.act].pose(self.cycle(time) + self.performer.phase)

    def x(self, time: float) -> float:
        stride = ACTS[self.performer.act].stride
        return self.start_x + self.performer.facing * self.height * stride * self.cycle(time)

    def mouth(self, time: float, pose: Pose) -> float:
        return mouth_at(self.spoken, time) if self.spoken else pose.mouth


def make_actors(script: Script, light: Light) -> tuple[Actor, ...]:
    _, zoom = framing(script)
    half_width = 0.5 * script.width / script.height / zoom
    actors = []
    for performer in script.performers:
        start = performer.start_x * half_width
        if len(script.performers) > 1:
            # In wide pictures two people still stand together.
            start = max(-0.52, min(0.52, start)) if abs(performer.start_x) < 0.5 else start
        who = performer.character
        talk = performer.act == "talks"
        spoken = tuple(syllables(who.seed, script.seconds + 0.5)) if talk else ()
        actors.append(Actor(performer, start, who.scale, make_look(who, light), spoken))
    return tuple(actors)


def joints_in_picture(
    actor: Actor, pose: Pose, joints: Joints, time: float, view: View, size: tuple[int, int]
) -> np.ndarray:
    """(J, 2) in 0..1 of the picture."""
    width, height = size
    local = np.array([joints[name] for name in JOINTS], np.float64)
    stretch = 1.0 / pose.squash**0.5
    x = actor.x(time) + actor.performer.facing * actor.height * local[:, 0] * stretch
    y = -actor.height * local[:, 1] * pose.squash
    return np.stack(
        [(x - view.x) * view.zoom * height / width + 0.5, (y - view.y) * view.zoom + 0.5], axis=1
    )


def draw_shadow(canvas: Any, actor: Actor, joints: Joints, time: float, darkness: float) -> None:
    """Soft, on the ground under the body; smaller and paler while it is in the air."""
    feet = [joints["near_foot"], joints["far_foot"]]
    air = max(0.0, min(feet[0][1], feet[1][1]) - 0.06)
    middle = 0.5 * joints["pelvis"][0] + 0.25 * (feet[0][0] + feet[1][0])
    wide = (0.15 + 0.5 * abs(feet[0][0] - feet[1][0])) * actor.height * (1 - 0.8 * air)
    canvas.save()
    canvas.translate(actor.x(time) + actor.performer.facing * middle * actor.height, 0.0)
    canvas.scale(wide * 1.35, 0.042 * actor.height * (1 - air))
    stops = (
        (0.0, 0x1A1030, min(1.0, darkness * 2.0)),
        (0.45, 0x1A1030, darkness * 1.4),
        (1.0, 0x1A1030, 0.0),
    )
    canvas.drawCircle(0, 0, 1, radial((0.0, 0.0), 1.0, *stops))
    canvas.restore()


def draw_actor(canvas: Any, actor: Actor, pose: Pose, joints: Joints, time: float) -> None:
    who = actor.performer.character
    canvas.save()
    canvas.translate(actor.x(time), 0.0)
    stretch = 1.0 / pose.squash**0.5
    canvas.scale(actor.performer.facing * actor.height * stretch, actor.height * pose.squash)
    draw_body(canvas, pose, joints, who, actor.look, blink_at(who.seed, time))
    canvas.restore()


def shoot_frames(
    script: Script, masks: bool = False
) -> Iterator[tuple[np.ndarray, list[np.ndarray], View, list[float], np.ndarray | None]]:
    """Yields picture (H, W, 3), joints of each performer, view, mouths, owners (H, W) if asked."""
    size = (script.width, script.height)
    light = lighting(script.time_of_day, script.weather)
    place = SETS[script.set]
    # Indoors the lamps are on: people are warmer and brighter than what is outside.
    on_people = replace(light, tint=mix(light.tint, 0xFFF0DC, 0.65)) if place.indoors else light
    actors = make_actors(script, on_people)
    times = [index / FPS for index in range(frame_count(script))]
    path = camera_path(script, lead_path(actors))
    views = [path(time) for time in times]
    layers = place.layers(Stage(script.seed & 0xFFFFFF, light, script.weather))
    behind = prepare_set(tuple(one for one in layers if not one.front), views, times, size)
    before = prepare_set(tuple(one for one in layers if one.front), views, times, size)
    weather = "clear" if place.indoors else script.weather
    target = np.zeros((script.height, script.width, 4), np.uint8)
    surface = surface_of(target)
    canvas = surface.getCanvas()
    scratch = np.zeros_like(target)
    vignette = make_vignette(size)
    for index, (time, view) in enumerate(zip(times, views, strict=True)):
        draw_set(canvas, target, behind, view, index, time)
        draw_weather(canvas, weather, script.seed, light, time, size, False)
        owners = np.zeros(target.shape[:2], np.uint8) if masks else None
        found, mouths = [], []
        staged = []
        for actor in actors:
            pose = actor.pose(time)
            mouth = actor.mouth(time, pose)
            pose = with_mouth(pose, mouth)
            joints = skeleton(pose)
            staged.append((actor, pose, joints))
            mouths.append(mouth)
            found.append(joints_in_picture(actor, pose, joints, time, view, size))
        canvas.save()
        enter_world(canvas, view, size)
        for actor, _, joints in staged:
            draw_shadow(canvas, actor, joints, time, light.shadow)
        for actor, pose, joints in staged:
            draw_actor(canvas, actor, pose, joints, time)
        canvas.restore()
        if owners is not None:
            for number, (actor, pose, joints) in enumerate(staged):
                scratch[:] = 0
                own_surface = surface_of(scratch)
                alone = own_surface.getCanvas()
                enter_world(alone, view, size)
                draw_actor(alone, actor, pose, joints, time)
                owners[scratch[..., 3] >= 128] = number + 1
        draw_set(canvas, target, before, view, index, time)
        draw_weather(canvas, weather, script.seed, light, time, size, True)
        lay_over(canvas, target, vignette, False)
        yield target[..., :3].copy(), found, view, mouths, owners


def with_mouth(pose: Pose, mouth: float) -> Pose:
    if mouth == pose.mouth:
        return pose
    fields = dict(pose.__dict__)
    fields["mouth"] = mouth
    return Pose(**fields)


def lead_path(actors: tuple[Actor, ...]) -> Callable[[float], float]:
    """What the camera follows: the middle of those who perform."""

    def middle(time: float) -> float:
        return sum(actor.x(time) for actor in actors) / len(actors)

    return middle


def find_contacts(script: Script) -> tuple[Contact, ...]:
    """All contacts of a clip, in order of time, from the beats of each performer's act."""
    light = lighting(script.time_of_day, script.weather)
    actors = make_actors(script, light)
    path = camera_path(script, lead_path(actors))
    surface = SETS[script.set].surface
    size = (script.width, script.height)
    contacts = []
    end = (frame_count(script) - 1) / FPS
    for number, actor in enumerate(actors):
        act, performer = ACTS[actor.performer.act], actor.performer
        seconds_per_cycle = act.period / performer.tempo
        for beat in act.beats:
            count = ceil(performer.phase - beat.at)
            while True:
                time = (count + beat.at - performer.phase) * seconds_per_cycle
                count += 1
                if time > end:
                    break
                if time < 0:
                    continue
                pose = actor.pose(time)
                place = joints_in_picture(actor, pose, skeleton(pose), time, path(time), size)
                x = float(min(1.0, max(0.0, place[JOINTS.index(beat.joint), 0])))
                under = "air" if beat.kind == "hit" else "hands" if beat.kind == "clap" else surface
                force = beat.force * actor.height**1.5
                contacts.append(Contact(time, beat.kind, number, x, under, force))
    return tuple(sorted(contacts, key=lambda one: (one.seconds, one.performer)))


def shoot(script: Script, *, masks: bool = False, with_sound: bool = True) -> Take:
    frames, joints, cameras, mouths, owners = [], [], [], [], []
    for picture, found, view, mouth, owner in shoot_frames(script, masks):
        frames.append(picture)
        joints.append(found)
        cameras.append((view.x, view.y, view.zoom))
        mouths.append(mouth)
        if owner is not None:
            owners.append(owner)
    joint_array = np.asarray(joints, np.float32)
    inside = np.any(np.all((joint_array > 0.0) & (joint_array < 1.0), axis=-1), axis=-1)
    contacts = find_contacts(script)
    samples = len(frames) * SAMPLE_RATE // FPS
    if with_sound:
        from onereel.backlot.sound import record

        sound = record(script, contacts, joint_array[:, :, 0, 0], samples)
    else:
        sound = np.zeros((samples, 2), np.float32)
    truth = Truth(
        joint_array,
        inside,
        contacts,
        np.asarray(cameras, np.float32),
        np.asarray(mouths, np.float32),
        np.stack(owners) if masks else None,
    )
    return Take(script, np.stack(frames), sound, truth)
