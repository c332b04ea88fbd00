"""Shoots a script: frames, synchronous sound and exact ground truth.

- A shot is prepared once (`prepare`): light, views, rehearsed cast, painted and styled plates.
- A frame is then a stack of blits: plates behind, weather, shadows, performers, plates before,
  weather, grade.
- Performers are pixels of their own, so masks are their alpha and cost nothing more.
- `Truth` has joints, visibility, contacts, camera, mouths, cuts and, if asked for, who owns each
  pixel.

Called from builders of training and evaluation data; `shoot`, or `listen` for the sound alone, is
all they need.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from PIL import Image, ImageFilter

from onereel.backlot.acts import ACTS
from onereel.backlot.camera import View, camera_path, framing
from onereel.backlot.cast import Rehearsal, rehearse
from onereel.backlot.light import Light, indoor, lighting
from onereel.backlot.people import KINDS
from onereel.backlot.plates import (
    Plate,
    draw_set,
    image_of,
    prepare_set,
    surface_of,
)
from onereel.backlot.scenery import Layer, Stage
from onereel.backlot.script import FPS, SAMPLE_RATE, Script, Shot, frame_count, shot_frames
from onereel.backlot.sets import SETS
from onereel.backlot.shadows import cast_shadow, foot_shadows
from onereel.backlot.skeleton import JOINTS
from onereel.backlot.speech import speak
from onereel.backlot.styles import finish_of, focus_of, make_grade, moving_paint, style_cel
from onereel.backlot.weather import draw_weather, weather_layers

FEET = [JOINTS.index("near_foot"), JOINTS.index("far_foot")]
# A camera that moves faster than this many pixels a frame smears the picture.
SMEAR = 6.0


@dataclass(frozen=True)
class Contact:
    seconds: float  # of the clip
    kind: str  # step, land, clap, hit, punch, block, kick...
    performer: int
    x: float  # 0..1 in the picture
    surface: str
    force: float
    material: str


@dataclass(frozen=True)
class Truth:
    joints: np.ndarray  # (T, P, J, 2) float32, 0..1 picture coordinates, J in skeleton.JOINTS
    visible: np.ndarray  # (T, P) bool
    contacts: tuple[Contact, ...]
    camera: np.ndarray  # (T, 3) float32: centre x, centre y, zoom
    mouth: np.ndarray  # (T, P) float32, 0..1
    visemes: np.ndarray  # (T, P) uint8, indices into visemes.VISEMES
    shots: np.ndarray  # (T,) uint8: which shot a frame belongs to
    layers: np.ndarray | None  # (T, H, W) uint8: 0 set, i + 1 performer i


@dataclass(frozen=True)
class Take:
    script: Script
    frames: np.ndarray  # (T, H, W, 3) uint8
    sound: np.ndarray  # (samples, 2) float32
    truth: Truth


@dataclass(frozen=True)
class Blocking:
    """A shot before anything is painted: who is where, and what the camera sees of it."""

    shot: Shot
    frames: range
    light: Light  # on the set
    rehearsal: Rehearsal
    views: list[View]


def block(script: Script) -> tuple[Blocking, ...]:
    """Works out motion and camera of every shot; paints nothing."""
    place = SETS[script.set]
    light = lighting(script.time_of_day, script.weather)
    light = indoor(light) if place.indoors else light
    aspect = script.width / script.height
    frames = frame_count(script)
    people = len(script.performers)
    visemes, opening = np.zeros((frames, people), np.uint8), np.zeros((frames, people), np.float32)
    if script.lines:
        speech = speak(script)
        visemes, opening = speech.visemes, speech.open
    found = []
    for number, (shot, part) in enumerate(zip(script.shots, shot_frames(script), strict=True)):
        if not part:
            continue
        _, zoom = framing(shot, aspect)
        if script.music:
            shot = after_beats(shot, part.start / FPS)
        rehearsal = rehearse(
            shot.performers,
            np.arange(len(part)) / FPS,
            light,
            0.5 * aspect / zoom,
            visemes[part.start : part.stop],
            opening[part.start : part.stop],
        )
        lead = rehearsal.middle
        if shot.focus >= 0:
            pelvis = rehearsal.joints[:, shot.focus, JOINTS.index("pelvis"), 0]
            lead = pelvis if shot.camera == "follow" else 0.15 * pelvis + 0.85 * pelvis.mean()
        views = camera_path(shot, script.seed, aspect, lead, number)
        found.append(Blocking(shot, part, light, rehearsal, views))
    return tuple(found)


def after_beats(shot: Shot, seconds: float) -> Shot:
    """A shot that begins after a cut meets the music in the middle of a bar."""
    performers = tuple(
        replace(one, phase=(one.phase + seconds * one.tempo / ACTS[one.act].period) % 1.0)
        if ACTS[one.act].wants_music
        else one
        for one in shot.performers
    )
    return replace(shot, performers=performers)


@dataclass(frozen=True)
class Picture:
    """One frame. `owners` (H, W) uint8 as `Truth.layers`, if asked for."""

    picture: np.ndarray  # (H, W, 3) uint8
    owners: np.ndarray | None


class SetUp:
    """A shot with its plates painted: what a frame needs besides the performers."""

    def __init__(self, script: Script, shot: Blocking):
        self.script, self.shot = script, shot
        self.size = (script.width, script.height)
        place = SETS[script.set]
        self.weather = "clear" if place.indoors else script.weather
        stage = Stage(script.seed & 0xFFFFFF, shot.light, script.weather)
        layers = place.layers(stage)
        if not place.indoors:
            layers = weather_layers(layers, stage)
        self.behind = self.plates(tuple(one for one in layers if not one.front))
        self.before = self.plates(tuple(one for one in layers if one.front))
        self.through = moving_paint(script.style)
        self.grade_pixels = make_grade(script.style, shot.light, self.size)
        self.grade = image_of(self.grade_pixels)
        self.target = np.zeros((script.height, script.width, 4), np.uint8)
        self.surface = surface_of(self.target)
        self.canvas: Any = self.surface.getCanvas()

    def plates(self, layers: tuple[Layer, ...]) -> list[Plate | Layer]:
        script, shot = self.script, self.shot
        times = [index / FPS for index in shot.frames]
        if script.style == "paper":  # a sheet is of one colour: unevenness would break its steps
            layers = tuple(replace(layer, texture=0.0) for layer in layers)
        finish = finish_of(script.style, shot.light, script.height)
        focus = focus_of(script.style, shot.shot.size)
        return prepare_set(layers, shot.views, times, self.size, focus, finish)

    def draw(self, index: int, masks: bool) -> Picture:
        """`index` counts the frames of the shot."""
        script, canvas, target, size = self.script, self.canvas, self.target, self.size
        light, view, time = self.shot.light, self.shot.views[index], self.shot.frames[index] / FPS
        draw_set(canvas, target, self.behind, view, index, time, self.through)
        draw_weather(canvas, self.weather, script.seed, light, time, size, False)
        owners = np.zeros(target.shape[:2], np.uint8) if masks else None
        scale = view.zoom * script.height
        shift = (0.5 * script.width - view.x * scale, 0.5 * script.height - view.y * scale)
        cels = self.shot.rehearsal.cels(scale, *shift, size, index)
        cels = [one for one in cels if one.performer not in script.unseen]
        for cel in cels:
            if cel.part:
                continue  # an arm round somebody: the bodies' shadows are shadow enough
            cast_shadow(canvas, cel.pixels, cel.left, cel.top, shift[1], light)
            if not KINDS[self.shot.shot.performers[cel.performer].character.kind].animal:
                feet = self.shot.rehearsal.joints[index, cel.performer, FEET] * scale + shift
                foot_shadows(canvas, feet, scale, shift[1], light)
        for cel in cels:
            rows, columns = cel.pixels.shape[:2]
            if owners is not None:
                part = owners[cel.top : cel.top + rows, cel.left : cel.left + columns]
                part[cel.pixels[..., 3] >= 128] = cel.performer + 1
            pixels, grown = style_cel(cel.pixels, script.style, light, script.height)
            image = image_of(pixels)
            canvas.drawImage(image, cel.left - grown, cel.top - grown, paint=self.through)
        draw_set(canvas, target, self.before, view, index, time, self.through)
        if owners is not None and self.before:
            cover = np.zeros_like(target)
            surface = surface_of(cover)
            draw_set(surface.getCanvas(), cover, self.before, view, index, time)
            surface.flushAndSubmit()
            owners[cover[..., 3] >= 128] = 0
        draw_weather(canvas, self.weather, script.seed, light, time, size, True)
        canvas.drawImage(self.grade, 0, 0)
        picture = np.empty((*target.shape[:2], 3), np.uint8)
        for channel in range(3):  # four times as fast as turning pixels around
            picture[..., channel] = target[..., 2 - channel]
        return Picture(self.smeared(picture, index), owners)

    def smeared(self, picture: np.ndarray, index: int) -> np.ndarray:
        """Motion blur of a whip: half of the way to the next frame, as a shutter of 180 degrees."""
        views = self.shot.views
        other = views[index - 1] if index else views[min(1, len(views) - 1)]
        moved = abs(views[index].x - other.x) * views[index].zoom * self.script.height
        if self.shot.shot.camera != "whip" or moved < SMEAR:
            return picture
        blurred = Image.fromarray(picture).filter(ImageFilter.BoxBlur((moved * 0.25, 0)))
        return np.asarray(blurred)


def shoot_frames(
    script: Script, masks: bool = False, shots: tuple[Blocking, ...] | None = None
) -> Iterator[Picture]:
    """The pictures of a clip, one by one."""
    for shot in shots or block(script):
        scene = SetUp(script, shot)
        for index in range(len(shot.frames)):
            yield scene.draw(index, masks)


def in_picture(points: np.ndarray, views: list[View], script: Script) -> np.ndarray:
    """World points (T, ..., 2) to 0..1 of the picture."""
    view = np.array([(one.x, one.y, one.zoom) for one in views])
    view = view.reshape(len(views), *(1,) * (points.ndim - 2), 3)
    scaled = (points - view[..., :2]) * view[..., 2:]
    return scaled * np.array([script.height / script.width, 1.0]) + 0.5


def find_contacts(script: Script, shots: tuple[Blocking, ...] | None = None) -> tuple[Contact, ...]:
    """All contacts of a clip, in order of time."""
    surface = SETS[script.set].surface
    found = []
    for shot in shots or block(script):
        start, length = shot.frames.start / FPS, len(shot.frames) / FPS
        for touch in shot.rehearsal.contacts:
            if not 0.0 <= touch.seconds < length or touch.performer in script.unseen:
                continue
            view = shot.views[min(len(shot.views) - 1, int(touch.seconds * FPS))]
            x = (touch.x - view.x) * view.zoom * script.height / script.width + 0.5
            found.append(
                Contact(
                    start + touch.seconds,
                    touch.kind,
                    touch.performer,
                    min(1.0, max(0.0, float(x))),
                    surface,
                    touch.force,
                    touch.material,
                )
            )
    return tuple(sorted(found, key=lambda one: (one.seconds, one.performer)))


def find_truth(
    script: Script, shots: tuple[Blocking, ...], layers: np.ndarray | None = None
) -> Truth:
    """Everything that is known of a clip without painting it; `layers` are passed on."""
    joints = [in_picture(shot.rehearsal.joints, shot.views, script) for shot in shots]
    camera = [(view.x, view.y, view.zoom) for shot in shots for view in shot.views]
    numbers = [np.full(len(shot.frames), number) for number, shot in enumerate(shots)]
    places = np.concatenate(joints).astype(np.float32)
    inside = np.any(np.all((places > 0.0) & (places < 1.0), axis=-1), axis=-1)
    visemes = np.zeros(places.shape[:2], np.uint8)
    if script.lines:
        visemes = speak(script).visemes
    return Truth(
        places,
        inside,
        find_contacts(script, shots),
        np.asarray(camera, np.float32),
        np.concatenate([shot.rehearsal.mouth for shot in shots]).astype(np.float32),
        visemes,
        np.concatenate(numbers).astype(np.uint8),
        layers,
    )


def places_of(script: Script, shots: tuple[Blocking, ...]) -> np.ndarray:
    """(T, P, 3) float32: x and y of each performer's head in the picture, and the height of the
    body in picture heights: what sound needs to place a voice."""
    head = JOINTS.index("head")
    found = []
    for shot in shots:
        heads = in_picture(shot.rehearsal.joints[:, :, head], shot.views, script)
        zoom = np.array([view.zoom for view in shot.views])[:, None]
        tall = zoom * np.array([one.character.scale for one in shot.shot.performers])
        found.append(np.concatenate([heads, tall[..., None]], axis=-1))
    return np.concatenate(found).astype(np.float32)


def shoot(script: Script, *, masks: bool = False, with_sound: bool = True) -> Take:
    shots = block(script)
    pictures = list(shoot_frames(script, masks, shots))
    owners = [one.owners for one in pictures if one.owners is not None]
    truth = find_truth(script, shots, np.stack(owners) if masks else None)
    sound = (
        _recorded(script, shots, truth.contacts)
        if with_sound
        else np.zeros((samples_of(script), 2), np.float32)
    )
    return Take(script, np.stack([one.picture for one in pictures]), sound, truth)


def listen(script: Script) -> np.ndarray:
    """The sound of a take (samples, 2) float32, without painting it."""
    shots = block(script)
    return _recorded(script, shots, find_contacts(script, shots))


def _recorded(
    script: Script, shots: tuple[Blocking, ...], contacts: tuple[Contact, ...]
) -> np.ndarray:
    from onereel.backlot.sound import record

    return record(script, contacts, places_of(script, shots), samples_of(script))


def samples_of(script: Script) -> int:
    return frame_count(script) * SAMPLE_RATE // FPS
