"""What a task is, and what all tasks share: their draws and small changes to scripts.

Called from pairs.py, edits.py and perform.py.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from onereel.backlot import pair_words
from onereel.backlot.acts import ACTS
from onereel.backlot.captions import told
from onereel.backlot.people import KINDS, Character, draw_character
from onereel.backlot.script import (
    HELD_OUT,
    HELD_OUT_COMBINATIONS,
    Script,
    change_cast,
    write_script,
)
from onereel.backlot.wording import Named

PICTURE, CLIP, RECORDING = "picture", "clip", "recording"


@dataclass(frozen=True)
class Given:
    """One thing the request brings along, and what it is cut from.

    `start` and `end` in seconds of `script`; a picture is the frame at `start`. `stem` of a
    recording: mix, voice or music.
    """

    kind: str  # picture, clip, recording
    script: Script
    role: str = "reference"  # reference, first_frame, last_frame
    start: float = 0.0
    end: float = 0.0
    stem: str = "mix"


@dataclass(frozen=True)
class Change:
    """What differs between the first given clip and the film. `performers` are those whose pixels
    (and shadows) differ; empty with `picture` means the whole picture."""

    picture: bool
    sound: bool
    performers: tuple[int, ...] = ()


@dataclass(frozen=True)
class Task:
    """`film` from `start` to `end` seconds is to be made; `change` is set for edits alone."""

    name: str
    seed: int
    film: Script
    given: tuple[Given, ...]
    caption: str
    start: float
    end: float
    change: Change | None = None


# Helpers


class Draw:
    """The draws of one task: its generator, its size, and seeds on the right side of the split."""

    def __init__(self, seed: int, attempt: int, seconds: float, size: tuple[int, int]):
        self.rng = np.random.Generator(np.random.PCG64([seed, 700, attempt]))
        self.seed, self.seconds, self.size = seed, seconds, size
        self.in_english = bool(self.rng.random() < 0.65)
        held_out = (one for one in (HELD_OUT, HELD_OUT_COMBINATIONS) if seed in one)
        self.seeds = next(held_out, range(HELD_OUT.start))

    def script(self, wanted: Callable[[Script], bool] = lambda script: True) -> Script:
        """A drawn script that fits; held-out tasks draw from the same range of held-out seeds."""
        for _ in range(400):
            seed = int(self.rng.integers(self.seeds.start, self.seeds.stop))
            script = write_script(seed, self.seconds, *self.size)
            if wanted(script):
                return script
        raise LookupError("no script fits this task; its condition is too narrow")

    def choose(self, options: Sequence[str]) -> str:
        return options[int(self.rng.integers(len(options)))]

    def name(self, kind: str, number: int) -> str:
        return pair_words.reference(kind, number, self.in_english, self.rng)

    def say(self, task: str, **words: str) -> str:
        patterns = (pair_words.ENGLISH if self.in_english else pair_words.CHINESE)[task]
        if words.get("told", ".")[-1] not in '.!?"。！？”':
            words["told"] += "." if self.in_english else "。"
        return pair_words.tidy(self.choose(patterns).format(**words), self.in_english)

    def tell(self, script: Script, named: Named, lengths: tuple[int, ...] = (1, 2, 2, 3)) -> str:
        length = lengths[int(self.rng.integers(len(lengths)))]
        return told(script, self.rng, self.in_english, length, named)

    def person(self, script: Script, index: int, known: bool = False) -> str:
        return pair_words.person(script, index, self.in_english, self.rng, known)


def people_of(script: Script) -> list[int]:
    return [
        index for index, one in enumerate(script.performers) if not KINDS[one.character.kind].animal
    ]


def single_shot(script: Script) -> bool:
    return len(script.shots) == 1


def with_people(count: int) -> Callable[[Script], bool]:
    return lambda script: len(people_of(script)) == len(script.performers) >= count


def only(script: Script, index: int) -> Script:
    """One performer alone, in the middle of the first shot."""
    one = replace(script.performers[index], start_x=0.0, role=0)
    shot = replace(script.shots[0], start=0.0, focus=-1, performers=(one,))
    return replace(script, shots=(shot,), lines=(), music=None)


def portrait(draw: Draw, who: Character) -> Script:
    """The character by itself, somewhere else, doing something quiet."""
    script = only(
        draw.script(lambda one: with_people(1)(one) and not ACTS[one.performers[0].act].two), 0
    )
    shot = replace(script.shots[0], size=draw.choose(("full", "full", "medium")), camera="static")
    return change_cast(replace(script, shots=(shot,)), 0, who)


def same_build(old: Character, new: Character) -> Character:
    """As tall as the one it replaces, so that the camera frames it alike."""
    return replace(new, scale=old.scale)


def stand_in(draw: Draw, old: Character) -> Character:
    """Somebody of another look and about the same age."""
    kinds = tuple(
        name for name, kind in KINDS.items() if not kind.animal and kind.age == KINDS[old.kind].age
    )
    while True:
        new = draw_character(draw.rng, kinds)
        if (
            (new.outfit, new.outfit_colour) != (old.outfit, old.outfit_colour)
            and new.hair_colour != old.hair_colour
        ) or new.kind != old.kind:
            return same_build(old, new)
