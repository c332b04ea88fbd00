"""What the examiner learns from: Backlot clips at its own size, with the truth for every frame.

- a lesson is one clip as the examiner's senses get it, and `read_truth` as plain arrays
- lessons are rendered on every core and kept on disk, so that a run can go on where it stopped
- seeds come from LESSONS: never those of a model that will be examined, never held-out ones

Called from train/examiner.py.
"""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from onereel.backlot.script import HELD_OUT, VERSION, write_script
from onereel.backlot.shoot import Take, shoot
from onereel.evaluate.camera import camera_steps
from onereel.evaluate.closeups import (
    BODY_PIXELS,
    FACE_PIXELS,
    MOUTH_PIXELS,
    close_boxes,
    close_up,
    inside_boxes,
)
from onereel.evaluate.reading import ONE_OF, PERSON, SHOWN
from onereel.evaluate.senses import heard, small_frames
from onereel.evaluate.truth import lead_performers, read_truth, shown_attributes
from onereel.train.data import _quiet_worker

LESSONS = range(500_000_000, 600_000_000)
# About 384x216 pixels in every ratio; most films are 16:9.
SIZES = ((384, 216), (384, 216), (384, 216), (384, 216), (336, 252), (288, 288), (252, 336),
         (216, 384), (440, 188))  # fmt: skip
MARGIN = 1.375  # close-ups are kept with so much room around them, to be shaken in training


@dataclass(frozen=True)
class LessonConfig:
    folder: str  # where lessons are kept
    first_seed: int = LESSONS.start
    clips: int = 3000
    seconds: float = 2.5
    workers: int = 0  # 0: one per core


def lesson_path(cfg: LessonConfig, seed: int) -> Path:
    return Path(cfg.folder) / f"v{VERSION}-{cfg.seconds:g}s" / f"{seed:010d}.npz"


def lesson_seeds(cfg: LessonConfig) -> range:
    seeds = range(cfg.first_seed, cfg.first_seed + cfg.clips)
    own = seeds[0] in LESSONS and seeds[-1] in LESSONS
    if not own and not all(seed in HELD_OUT for seed in (seeds[0], seeds[-1])):
        raise ValueError(f"seeds {seeds} are not the examiner's own, {LESSONS}")
    return seeds


def size_of(seed: int) -> tuple[int, int]:
    return SIZES[seed % len(SIZES)]


def lesson_of(take: Take) -> dict[str, np.ndarray]:
    """A take as arrays. `film` (4 + 1) and `person` (T, 7) hold class numbers, -1 for none of the
    classes; `shown` (T, C) is 0 or 1 for the classes of SHOWN one after the other; `close_joints`
    are places in `body`, the close-up; `mouth` (T,) is the mouth of who stands out."""
    truth = read_truth(take)
    words = truth.vocabulary
    leads = lead_performers(take.script, take.truth)
    shown = shown_attributes(take.script, take.truth, words)

    def number(name: str, value: str) -> int:
        return words[name].index(value) if value in words[name] else -1

    people = [
        take.script.shots[shot].performers[lead].character
        for shot, lead in zip(take.truth.shots, leads, strict=True)
    ]
    ratio = take.frames.shape[2] / take.frames.shape[1]
    body, face, mouth = (
        boxes * (1, 1, MARGIN) for boxes in close_boxes(truth.joints, truth.seen, truth.cut, ratio)
    )
    small = small_frames(take.frames)
    return {
        "frames": small,
        "camera": camera_steps(small),
        "body": close_up(take.frames, body, round(BODY_PIXELS * MARGIN)),
        "face": close_up(take.frames, face, round(FACE_PIXELS * MARGIN)),
        "lips": close_up(take.frames, mouth, round(MOUTH_PIXELS * MARGIN)),
        "close_joints": inside_boxes(truth.joints, body, ratio),
        "heard": heard(take.sound).astype(np.float16),
        "mouth": take.truth.mouth[np.arange(len(leads)), leads],
        "film": np.array([truth.film[name].argmax() for name in ONE_OF], np.int16),
        "shown": np.concatenate([shown[name] for name in SHOWN], axis=1).astype(np.uint8),
        "sounds": truth.film["sound"].astype(np.uint8),
        "size": truth.frame["size"].argmax(axis=1).astype(np.int16),
        "move": truth.frame["camera"].argmax(axis=1).astype(np.int16),
        "person": np.array(
            [[number(name, getattr(who, name)) for name in PERSON] for who in people], np.int16
        ),
        **{
            name: getattr(truth, name)
            for name in ("cut", "contact", "joints", "seen", "onset", "voice", "beat")
        },
    }  # fmt: skip


def write_lesson(path: Path, seed: int, seconds: float) -> None:
    lesson = lesson_of(shoot(write_script(seed, seconds, *size_of(seed))))
    part = path.with_suffix(f".{os.getpid()}.part")
    with part.open("wb") as file:
        np.savez(file, allow_pickle=False, **lesson)
    part.replace(path)


def prepare_lessons(cfg: LessonConfig) -> Iterator[tuple[int, int]]:
    """Render what is missing; yields (done, of) as it goes."""
    seeds = lesson_seeds(cfg)
    lesson_path(cfg, seeds[0]).parent.mkdir(parents=True, exist_ok=True)
    missing = [seed for seed in seeds if not lesson_path(cfg, seed).is_file()]
    done = len(seeds) - len(missing)
    yield done, len(seeds)
    if not missing:
        return
    workers, context = cfg.workers or os.cpu_count() or 1, multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, context, initializer=_quiet_worker) as pool:
        waiting = [
            pool.submit(write_lesson, lesson_path(cfg, seed), seed, cfg.seconds) for seed in missing
        ]
        for one in as_completed(waiting):
            one.result()
            done += 1
            yield done, len(seeds)


def load_lesson(cfg: LessonConfig, seed: int) -> dict[str, np.ndarray]:
    with np.load(lesson_path(cfg, seed)) as arrays:
        return dict(arrays)
