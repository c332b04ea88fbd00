"""The script of a clip: everything that is needed to shoot it, decided from one seed.

- `Script`, `Performer` and `Character` are frozen, JSON-serialisable dataclasses.
- `write_script(seed)` is pure: the same version and seed give the same clip in every process.
- Length and picture size are arguments of the shoot; they never change who, where or what.
- `HELD_OUT` is a range of seeds that training never draws.

Called from shoot.py, captions.py, and by whoever builds training or evaluation clips.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from onereel.backlot.people import Character, draw_character, pick

VERSION: int = 1
FPS = 24
SAMPLE_RATE = 24000
HELD_OUT = range(1_000_000_000, 1_001_000_000)


@dataclass(frozen=True)
class Performer:
    """A character in this clip. `start_x` is in half picture widths from the centre."""

    character: Character
    act: str
    start_x: float
    facing: int  # +1 to the right, -1 to the left
    tempo: float
    phase: float  # of the act's cycle, at the first frame


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
    camera: str
    shot_size: str
    performers: tuple[Performer, ...]
    music: str | None


def is_held_out(seed: int) -> bool:
    return seed in HELD_OUT


def script_from_dict(fields: dict[str, Any]) -> Script:
    """The inverse of `dataclasses.asdict`, for scripts stored as JSON."""
    performers = tuple(
        Performer(**{**one, "character": Character(**one["character"])})
        for one in fields["performers"]
    )
    return Script(**{**fields, "performers": performers})


def frame_count(script: Script) -> int:
    return round(FPS * script.seconds) + 1


def write_script(seed: int, seconds: float = 4.0, width: int = 256, height: int = 144) -> Script:
    """Draws a clip. The order of the draws is part of VERSION."""
    from onereel.backlot.acts import ACTS
    from onereel.backlot.sets import SETS

    if seconds <= 0 or width < 16 or height < 16:
        raise ValueError(
            f"seconds={seconds}, size {width}x{height}: needs more than 0 s and at least 16x16"
        )
    rng = np.random.Generator(np.random.PCG64([VERSION, seed]))
    place = SETS[pick(rng, tuple(SETS))]
    time_of_day = pick(rng, place.times)
    weather = pick(rng, place.weathers)
    act_names = [pick(rng, tuple(ACTS)) for _ in range(2)]
    lead_act = ACTS[act_names[0]]
    pair = bool(rng.random() < 0.25)
    if pair and (lead_act.stride > 0 or ACTS[act_names[1]].stride > 0 or rng.random() < 0.35):
        act_names[1] = act_names[0]
    shot_size = pick(rng, lead_act.shot_sizes)
    if pair and shot_size == "close":
        shot_size = "medium"
    cameras = lead_act.cameras if shot_size == "full" else lead_act.near_cameras
    camera = pick(rng, cameras)
    direction = 1 if rng.random() < 0.5 else -1
    tempo = float(rng.uniform(0.92, 1.08))
    performers = tuple(
        draw_performer(rng, index, pair, act_names[index], direction, tempo, camera)
        for index in range(2)
    )
    if pair and performers[0].character.kind == performers[1].character.kind:
        # Two look-alikes would make "the boy in red" ambiguous when the colours agree too.
        pair = performers[0].character.outfit_colour != performers[1].character.outfit_colour
    if not pair:
        performers = (draw_performer(rng, 0, False, act_names[0], direction, tempo, camera),)
    wants_music = "dances" in [one.act for one in performers] or rng.random() < 0.2
    music = pick(rng, ("cheerful", "calm", "lively")) if wants_music else None
    return Script(
        VERSION,
        seed,
        float(seconds),
        width,
        height,
        place.name,
        time_of_day,
        weather,
        camera,
        shot_size,
        performers,
        music,
    )


def draw_performer(
    rng: np.random.Generator,
    index: int,
    pair: bool,
    act_name: str,
    direction: int,
    tempo: float,
    camera: str,
) -> Performer:
    from onereel.backlot.acts import ACTS

    character = draw_character(rng)
    act = ACTS[act_name]
    side = -1 if index == 0 else 1
    facing = direction
    if pair and act.stride == 0:
        facing = -side  # towards each other
    start_x = side * 0.42 if pair else float(rng.uniform(-0.12, 0.12))
    if act.stride > 0 and camera == "static":
        start_x = -0.62 * direction + (side * 0.25 if pair else 0.0)
    elif act.stride > 0:
        start_x = side * 0.36 if pair else -0.1 * direction
    phase = float(rng.random()) if act.any_phase else 0.0
    return Performer(character, act_name, start_x, facing, tempo, phase)
