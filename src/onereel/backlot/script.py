"""The script of a clip: everything that is needed to shoot it, decided from one seed.

- All parts are frozen, JSON-serialisable dataclasses: who, where, doing what, filmed and heard how.
- A clip plays in one place and has 1-3 shots; every shot has the same cast in the same order, so
  that per-frame truth keeps its columns over a cut.
- `write_script(seed)` is pure: the same version and seed give the same clip in every process.
- Length and picture size are arguments of the shoot; they never change who, where or what.
- `HELD_OUT` seeds and `held_out_combinations` are what training never draws.

Called from shoot.py, captions.py, and by whoever builds training or evaluation clips.
"""

from dataclasses import dataclass, replace
from typing import Any
from zlib import crc32

import numpy as np

from onereel.backlot.people import KINDS, Character, Performer, pick

VERSION: int = 4
FPS = 24
SAMPLE_RATE = 24000
# Never trained on: clips for validation, and clips made of combinations that training never sees.
HELD_OUT = range(1_000_000_000, 1_001_000_000)
HELD_OUT_COMBINATIONS = range(1_001_000_000, 1_002_000_000)
# One in this many of all combinations of two attributes is held out.
COMBINATIONS_PER_HELD_OUT = 40

STYLES = ("shaded", "paper", "ink")
SIZES = ("wide", "full", "medium", "close")
CAMERAS = ("static", "pan", "tilt", "push-in", "pull-out", "follow", "handheld", "crane", "whip",
           "zoom")  # fmt: skip


@dataclass(frozen=True)
class Shot:
    """What lies between two cuts. `start` is a fraction of the clip's length."""

    start: float
    camera: str  # one of CAMERAS
    size: str  # one of SIZES
    focus: int  # the performer that the camera frames, -1 for everybody
    performers: tuple[Performer, ...]


@dataclass(frozen=True)
class Line:
    """Something said or sung. `start` in seconds of the clip; `language` is en or zh."""

    performer: int
    start: float
    text: str
    language: str
    sung: bool = False


@dataclass(frozen=True)
class Music:
    """`tempo` in beats per minute; the same three give the same tune in any film."""

    mood: str
    tempo: float
    seed: int


@dataclass(frozen=True)
class Script:
    version: int
    seed: int
    seconds: float
    width: int
    height: int
    set: str
    time_of_day: str
    weather: str
    style: str  # one of STYLES
    shots: tuple[Shot, ...]
    lines: tuple[Line, ...] = ()
    music: Music | None = None
    ambience: str = ""  # empty: the set's own
    # Who is neither seen nor heard, though camera and staging still count them (pairs.py).
    unseen: tuple[int, ...] = ()

    @property
    def performers(self) -> tuple[Performer, ...]:
        """Of the first shot."""
        return self.shots[0].performers

    @property
    def camera(self) -> str:
        return self.shots[0].camera

    @property
    def shot_size(self) -> str:
        return self.shots[0].size


def is_held_out(seed: int) -> bool:
    return seed in HELD_OUT or seed in HELD_OUT_COMBINATIONS


def combinations(script: Script) -> tuple[str, ...]:
    """The pairs of attributes of which some are held out, such as `set x act: beach x bows`."""
    found = [f"style x set: {script.style} x {script.set}"]
    found.append(f"set x light: {script.set} x {script.time_of_day} {script.weather}")
    for shot in script.shots:
        for one in shot.performers:
            who = one.character
            found.append(f"set x act: {script.set} x {one.act}")
            found.append(f"camera x act: {shot.camera} x {one.act}")
            found.append(f"character x outfit: {who.kind} x {who.outfit_colour} {who.outfit}")
    return tuple(dict.fromkeys(found))


def held_out_combinations(script: Script) -> tuple[str, ...]:
    """Those that training never draws: a fixed hash of their names picks them, so a new act or
    set brings its own."""
    return tuple(
        one for one in combinations(script) if crc32(one.encode()) % COMBINATIONS_PER_HELD_OUT == 0
    )


def frame_count(script: Script) -> int:
    return round(FPS * script.seconds) + 1


def shot_frames(script: Script) -> tuple[range, ...]:
    """The frames of each shot; a cut is where one range ends and the next begins."""
    total = frame_count(script)
    starts = [round(shot.start * (total - 1)) for shot in script.shots]
    return tuple(range(a, b) for a, b in zip(starts, [*starts[1:], total], strict=True))


def script_from_dict(fields: dict[str, Any]) -> Script:
    """The inverse of `dataclasses.asdict`, for scripts stored as JSON."""

    def performer(one: dict[str, Any]) -> Performer:
        return Performer(**{**one, "character": Character(**one["character"])})

    shots = tuple(
        Shot(**{**shot, "performers": tuple(performer(one) for one in shot["performers"])})
        for shot in fields["shots"]
    )
    lines = tuple(Line(**line) for line in fields["lines"])
    music = Music(**fields["music"]) if fields["music"] else None
    unseen = tuple(fields["unseen"])
    return Script(**{**fields, "shots": shots, "lines": lines, "music": music, "unseen": unseen})


def write_script(seed: int, seconds: float = 4.0, width: int = 256, height: int = 144) -> Script:
    """Draws a clip. The order of the draws is part of VERSION.

    A draw with a held-out combination is thrown away; from HELD_OUT_COMBINATIONS, one without.
    """
    if seconds <= 0 or width < 16 or height < 16:
        raise ValueError(
            f"seconds={seconds}, size {width}x{height}: needs more than 0 s and at least 16x16"
        )
    attempt = 0
    while True:
        rng = np.random.Generator(np.random.PCG64([VERSION, seed, attempt]))
        script = draw_script(rng, seed, seconds, width, height)
        if bool(held_out_combinations(script)) == (seed in HELD_OUT_COMBINATIONS):
            return script
        attempt += 1


def draw_script(
    rng: np.random.Generator, seed: int, seconds: float, width: int, height: int
) -> Script:
    from onereel.backlot.casting import draw_performers
    from onereel.backlot.lines import draw_lines
    from onereel.backlot.music import draw_music
    from onereel.backlot.sets import SETS

    place = SETS[pick(rng, tuple(SETS))]
    time_of_day = pick(rng, place.times)
    weather = pick(rng, place.weathers)
    style = pick(rng, ("shaded", "shaded", "shaded", "shaded", "paper", "ink"))
    performers = draw_performers(rng)
    shots: list[Shot] = []
    for start in draw_cuts(rng):
        shots.append(draw_shot(rng, start, performers, shots[-1] if shots else None))
        performers = draw_next_acts(rng, performers)
    music = draw_music(rng, [one.act for one in shots[0].performers], place.name)
    shots = [keep_the_beat(shot, music) for shot in shots] if music else shots
    script = Script(
        VERSION, seed, float(seconds), width, height, place.name, time_of_day, weather, style,
        tuple(shots), music=music,
    )  # fmt: skip
    return replace(script, lines=draw_lines(rng, script))


def keep_the_beat(shot: Shot, music: Music) -> Shot:
    """Dancers and singers move at the music's tempo, from its first beat."""
    from onereel.backlot.acts import ACTS
    from onereel.backlot.music import DANCE_TEMPO

    performers = tuple(
        replace(one, tempo=music.tempo / DANCE_TEMPO, phase=0.0)
        if ACTS[one.act].wants_music
        else one
        for one in shot.performers
    )
    return replace(shot, performers=performers)


def draw_cuts(rng: np.random.Generator) -> tuple[float, ...]:
    """Where shots begin: two thirds of the clips are one shot."""
    count = int(rng.choice((1, 1, 1, 1, 2, 3)))
    jitter = rng.uniform(-0.08, 0.08, 3)
    return tuple(
        0.0 if part == 0 else round(part / count + float(jitter[part]), 3) for part in range(count)
    )


def draw_next_acts(
    rng: np.random.Generator, before: tuple[Performer, ...]
) -> tuple[Performer, ...]:
    """What the same cast does after a cut: mostly the same, sometimes something else."""
    from onereel.backlot.casting import draw_performers

    other, changes = draw_performers(rng), rng.random() < 0.4
    kinds = [(KINDS[one.character.kind].animal) for one in before]
    if not changes or kinds != [KINDS[one.character.kind].animal for one in other]:
        return before
    if any(kinds):
        return before
    return tuple(
        replace(new, character=old.character) for old, new in zip(before, other, strict=True)
    )


def draw_shot(
    rng: np.random.Generator,
    start: float,
    performers: tuple[Performer, ...],
    before: Shot | None,
) -> Shot:
    """Over a cut the line of action is kept and size or person always changes."""
    from onereel.backlot.acts import ACTS

    acts = [ACTS[one.act] for one in performers]
    sizes = tuple(size for size in acts[0].shot_sizes if all(size in a.shot_sizes for a in acts))
    sizes = sizes or ("full",)
    if "full" in sizes:
        sizes = (*sizes, "wide")
    size, focus = pick(rng, sizes), -1
    if len(performers) > 1 and size in ("close", "medium"):
        alone = size == "close" or rng.random() < 0.4
        focus = int(rng.integers(len(performers))) if alone else -1
    if before is not None and (size, focus) == (before.size, before.focus):
        size, focus = "full" if before.size == "wide" else "wide", -1
    return Shot(start, draw_camera(rng, acts[0].stride, size), size, focus, performers)


def draw_camera(rng: np.random.Generator, stride: float, size: str) -> str:
    if stride > 0:
        if size in ("medium", "close"):
            return pick(rng, ("follow", "follow", "handheld"))
        return pick(rng, ("follow", "follow", "follow", "static", "handheld", "pan", "crane"))
    if size in ("medium", "close"):
        return pick(rng, ("static", "static", "push-in", "pull-out", "handheld", "zoom", "tilt"))
    return pick(rng, ("static", "static", *CAMERAS[1:5], *CAMERAS[6:]))


def change_cast(script: Script, index: int, who: Character) -> Script:
    """The same clip with another character in one part."""
    shots = tuple(
        replace(
            shot,
            performers=tuple(
                replace(one, character=who) if place == index else one
                for place, one in enumerate(shot.performers)
            ),
        )
        for shot in script.shots
    )
    return replace(script, shots=shots)
