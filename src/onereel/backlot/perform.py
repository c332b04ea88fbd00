"""Shoots a task of pairs.py: what is given, what is to be made, and the mask of an edit.

- scripts that differ in sound alone are drawn once
- the mask is where the two pictures differ, so outside it they are equal to the bit; tests hold it
  to the performers that the task says have changed
- sound is mastered per film; stems of recordings are mastered alone

Called from train/data.py and evaluation.
"""

from dataclasses import dataclass, replace

import numpy as np
from scipy.ndimage import maximum_filter, minimum_filter

from onereel.backlot.mix import master
from onereel.backlot.music import compose
from onereel.backlot.script import FPS, SAMPLE_RATE, Script, frame_count
from onereel.backlot.shoot import Take, shoot
from onereel.backlot.sound import voices
from onereel.backlot.speech import speak
from onereel.backlot.tasks import CLIP, PICTURE, Given, Task


@dataclass(frozen=True, eq=False)
class Material:
    """A given thing: frames (T, H, W, 3) uint8 (T = 1 for a picture) or None; sound (samples, 2)
    float32 or None. A clip has both."""

    kind: str
    role: str
    frames: np.ndarray | None
    sound: np.ndarray | None


@dataclass(frozen=True, eq=False)
class Performed:
    """`frames` and `sound` are the part to be made. `mask` (T, H, W) bool marks every pixel that an
    edit changes; None where the task is no edit."""

    task: Task
    frames: np.ndarray
    sound: np.ndarray
    given: tuple[Material, ...]
    mask: np.ndarray | None


def perform(task: Task) -> Performed:
    takes: dict[Script, Take] = {}
    film = take_of(task.film, takes)
    first, last = frames_between(task.start, task.end)
    given = tuple(material(one, takes) for one in task.given)
    frames = film.frames[first:last]
    mask = None
    if task.change is not None:
        source = given[0].frames
        assert source is not None
        mask = difference(source, frames)
    return Performed(task, frames, part_of(film.sound, first, last), given, mask)


def take_of(script: Script, takes: dict[Script, Take]) -> Take:
    if script not in takes:
        takes[script] = shoot(script)
    return takes[script]


def frames_between(start: float, end: float) -> tuple[int, int]:
    """First frame, and one behind the last: a film of s seconds has 24 s + 1 frames."""
    return round(start * FPS), round(end * FPS) + 1


def part_of(sound: np.ndarray, first: int, last: int) -> np.ndarray:
    return sound[first * SAMPLE_RATE // FPS : last * SAMPLE_RATE // FPS]


def material(given: Given, takes: dict[Script, Take]) -> Material:
    if given.kind == PICTURE:
        # One frame: nothing else of that script is shot, unless it is shot anyway.
        frame = round(given.start * FPS)
        if given.script in takes:
            frames = takes[given.script].frames[frame : frame + 1]
        else:
            frames = still(given.script, frame)
        return Material(given.kind, given.role, frames, None)
    first, last = frames_between(given.start, given.end)
    if given.kind == CLIP:
        take = take_of(given.script, takes)
        return Material(
            given.kind, given.role, take.frames[first:last], part_of(take.sound, first, last)
        )
    sound = stem(given.script, given.stem)
    return Material(given.kind, given.role, None, part_of(sound, first, last))


def still(script: Script, frame: int) -> np.ndarray:
    """(1, H, W, 3): one frame of a script, shot silently and no further than that frame."""
    seconds = max(0.25, min(script.seconds, frame / FPS + 0.01))
    # Cuts are fractions of the length: only a clip of one shot may be shot short.
    whole = len(script.shots) > 1
    take = shoot(script if whole else replace(script, seconds=seconds), with_sound=False)
    return take.frames[min(frame, len(take.frames) - 1)][None]


def stem(script: Script, name: str) -> np.ndarray:
    """(samples, 2) of the voices or the music alone, mastered; "mix" is the whole sound."""
    if name == "mix":
        return shoot(script).sound
    samples = frame_count(script) * SAMPLE_RATE // FPS
    if name == "music":
        if script.music is None:
            raise ValueError("this script has no music to record")
        return master(compose(script.music, samples))
    middle = np.full((frame_count(script), len(script.performers), 3), 0.5, np.float32)
    return master(voices(speak(script), middle, samples))


def difference(before: np.ndarray, after: np.ndarray) -> np.ndarray:
    """(T, H, W) bool: pixels that differ, with holes closed and a rim of two pixels."""
    masks = np.zeros(before.shape[:3], np.uint8)
    for index, (old, new) in enumerate(zip(before, after, strict=True)):
        changed = (old != new).any(axis=2).astype(np.uint8)
        closed = minimum_filter(maximum_filter(changed, 5), 5)
        masks[index] = maximum_filter(closed, 5)
    return masks.astype(bool)
