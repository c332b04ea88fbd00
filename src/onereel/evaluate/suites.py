"""What is asked for when a model is measured: items in SeedVideoBench 2.0's groups.

- an item is a prompt, its references and a seed, taken from one Backlot task of a held-out
  combination: a composition that training never saw; exact truth, references and mask are shot
  again from the item's numbers whenever they are needed
- `fresh(seed, count)` composes a suite; the two published ones are fresh(1, 17) and fresh(2, 120),
  kept as plain JSON in published/ so that prompts and seeds can be read and quoted
- slots come in an order in which the first 17 cover every group, both languages, short and dense
  prompts and all six ratios

Needs the [backlot] extra. Called from run.py, the command line and tests.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from pydantic import TypeAdapter, ValidationError

from onereel.backlot.acts import ACTS
from onereel.backlot.captions import told
from onereel.backlot.lines import heard_lines
from onereel.backlot.pairs import draw_task
from onereel.backlot.people import KINDS
from onereel.backlot.script import HELD_OUT_COMBINATIONS, VERSION, Script, write_script
from onereel.backlot.tasks import PICTURE, Task
from onereel.errors import WrongUse, shown

PUBLISHED = Path(__file__).parent / "published"
NAMES = {"quick": (1, 17), "standard": (2, 120)}  # name -> what `fresh` makes it from
# Of a suite of any length: what a group asks for, in words for the report.
GROUPS = {
    "text": "a film from words alone",
    "sound": "words about what is heard: speech, songs, blows, animals, music",
    "frames": "a film that begins, or begins and ends, on given pictures",
    "reference-subject": "the people or the place of given pictures, in another film",
    "reference-motion": "the movement of a given clip, by other people elsewhere",
    "reference-camera": "the camera of a given clip, on other people elsewhere",
    "reference-style": "the style of a given picture",
    "reference-sound": "the voice or the music of a given recording",
    "editing": "a given clip with one thing added, gone, replaced or changed",
    "extension": "what comes after or before a given clip",
    "combination": "several references at once",
}
RATIO_TURN = ("16:9", "9:16", "16:9", "1:1", "16:9", "4:3", "16:9", "21:9", "16:9", "3:4")
SHORTEST = 4  # seconds
WORDS = "words"  # the task of items without references; the others are backlot.pairs.TASKS
# Truth is drawn at this size; length and size never change who, where and what.
DRAWN_AT = (256, 144)


@dataclass(frozen=True)
class Item:
    """One film to be made. `backlot_seed` and `task` give its truth, `seed` is of generation.

    language: of the prompt, en or zh.  length: of a prompt without references, 0 terse to 3 dense.
    """

    id: str
    group: str
    task: str
    backlot_seed: int
    language: str
    length: int
    ratio: str
    seconds: int
    seed: int
    prompt: str


@dataclass(frozen=True)
class Suite:
    """`name` is what was asked for: quick, standard, fresh:SEED:COUNT or a file's name."""

    name: str
    items: tuple[Item, ...]


@dataclass(frozen=True)
class Slot:
    """A kind of item; `fits` says which of the drawn tasks is one."""

    name: str
    group: str
    task: str
    language: str
    fits: Callable[[Task], bool] = lambda task: True
    length: int = 2


# ---------------------------------------------------------------- what fits a slot


def _acts(script: Script) -> set[str]:
    return {one.act for shot in script.shots for one in shot.performers}


def _spoken(task: Task, language: str, sung: bool, voices: int) -> bool:
    """The prompt quotes so many voices, all in one language, all singing or none."""
    quoted = [one for one in heard_lines(task.film) if one.text in task.caption]
    alike = all(one.language == language and one.sung == sung for one in quoted)
    return alike and len({one.performer for one in quoted}) == voices


def speech(language: str) -> Callable[[Task], bool]:
    return lambda task: _spoken(task, language, False, 1)


def dialogue(task: Task) -> bool:
    return _spoken(task, "en", False, 2)


def song(task: Task) -> bool:
    return _spoken(task, "zh", True, 1)


def blows(task: Task) -> bool:
    kinds = {beat.kind for act in _acts(task.film) for beat in ACTS[act].beats}
    return bool(kinds & {"punch", "kick", "block", "hit"})


def animal(task: Task) -> bool:
    return any(KINDS[one.character.kind].animal for one in task.film.performers)


def people(count: int) -> Callable[[Task], bool]:
    return lambda task: (
        len(task.film.performers) == count
        and not any(KINDS[one.character.kind].animal for one in task.film.performers)
    )


def cuts(task: Task) -> bool:
    return len(task.film.shots) > 1


def bad_weather(task: Task) -> bool:
    return task.film.weather in ("rain", "snow", "fog") and cast_is_small(task)


def at_night(task: Task) -> bool:
    return task.film.time_of_day == "night"


def drawn(task: Task) -> bool:
    return task.film.style != "shaded"


def played(task: Task) -> bool:
    return task.film.music is not None and not heard_lines(task.film)


def quiet(task: Task) -> bool:
    return task.film.music is None and not heard_lines(task.film)


def cast_is_small(task: Task) -> bool:
    return len(task.film.performers) == 1


def with_picture(task: Task) -> bool:
    return any(one.kind == PICTURE for one in task.given)


def by_words(task: Task) -> bool:
    return not with_picture(task)


def pictures(low: int, high: int) -> Callable[[Task], bool]:
    return lambda task: low <= len(task.given) <= high


def dancing(task: Task) -> bool:
    return "dance" in task.film.performers[0].act


def not_dancing(task: Task) -> bool:
    return not dancing(task)


def two_subjects(task: Task) -> bool:
    return len(task.given) > 1 and len(task.film.performers) > 1


SLOTS = (
    # The first 17 are the quick suite.
    Slot("short", "text", WORDS, "en", cast_is_small, 1),
    Slot("dense", "text", WORDS, "en", people(1), 3),
    Slot("terse", "text", WORDS, "zh", people(2), 0),
    Slot("dense", "text", WORDS, "zh", cuts, 3),
    Slot("speech", "sound", WORDS, "en", speech("en"), 2),
    Slot("song", "sound", WORDS, "zh", song, 2),
    Slot("blows", "sound", WORDS, "en", blows, 3),
    Slot("first", "frames", "first_frame", "en"),
    Slot("both", "frames", "first_last_frame", "zh"),
    Slot("identity", "reference-subject", "identity", "en", pictures(1, 1)),
    Slot("motion", "reference-motion", "motion", "en"),
    Slot("camera", "reference-camera", "camera", "zh"),
    Slot("style", "reference-style", "style", "en"),
    Slot("voice", "reference-sound", "voice", "en"),
    Slot("remove", "editing", "remove", "en"),
    Slot("forward", "extension", "extend", "en"),
    Slot("swap", "combination", "swap", "zh", with_picture),
    # More of everything.
    Slot("pair", "text", WORDS, "en", people(2), 2),
    Slot("animal", "text", WORDS, "zh", animal, 1),
    Slot("cuts", "text", WORDS, "en", cuts, 3),
    Slot("weather", "text", WORDS, "zh", bad_weather, 2),
    Slot("drawn", "text", WORDS, "en", drawn, 2),
    Slot("night", "text", WORDS, "zh", at_night, 2),
    Slot("speech", "sound", WORDS, "zh", speech("zh"), 2),
    Slot("dialogue", "sound", WORDS, "en", dialogue, 3),
    Slot("animal", "sound", WORDS, "zh", animal, 3),
    Slot("music", "sound", WORDS, "en", played, 3),
    Slot("ambience", "sound", WORDS, "zh", quiet, 3),
    Slot("first", "frames", "first_frame", "zh"),
    Slot("both", "frames", "first_last_frame", "en"),
    Slot("several", "reference-subject", "identity", "zh", pictures(2, 9)),
    Slot("place", "reference-subject", "scene", "en"),
    Slot("motion", "reference-motion", "motion", "zh"),
    Slot("camera", "reference-camera", "camera", "en"),
    Slot("style", "reference-style", "style", "zh"),
    Slot("music", "reference-sound", "music", "en", not_dancing),
    Slot("add", "editing", "add", "zh"),
    Slot("swap", "editing", "swap", "en", by_words),
    Slot("redress", "editing", "redress", "zh"),
    Slot("restyle", "editing", "restyle", "en"),
    Slot("relight", "editing", "relight", "zh"),
    Slot("weather", "editing", "weather", "en"),
    Slot("resound", "editing", "resound", "zh"),
    Slot("backward", "extension", "extend_backward", "zh"),
    Slot("continuation", "extension", "continuation", "en"),
    Slot("beat", "combination", "music", "en", dancing),
    Slot("subjects", "combination", "identity", "zh", two_subjects),
)


# ---------------------------------------------------------------- composing


def fresh(seed: int, count: int) -> Suite:
    """`count` items that `seed` decides; the same two give the same suite everywhere."""
    if seed < 0 or not 1 <= count <= 9999:
        raise WrongUse("A fresh suite is fresh:SEED:COUNT, seed 0 or more, 1 to 9999 items.")
    return Suite(f"fresh:{seed}:{count}", tuple(compose(seed, index) for index in range(count)))


def compose(seed: int, index: int) -> Item:
    """The item number `index` (from 0) of the suites of `seed`."""
    rng = np.random.Generator(np.random.PCG64([seed, 900, index]))
    turn, place = divmod(index, len(SLOTS))
    slot = SLOTS[place]
    ratio = RATIO_TURN[index % len(RATIO_TURN)]
    # One round of short films, then longer ones among them.
    seconds = SHORTEST + (index % 3 if turn else 0)
    while True:
        backlot_seed = int(rng.integers(HELD_OUT_COMBINATIONS.start, HELD_OUT_COMBINATIONS.stop))
        try:
            task = draw(slot.task, backlot_seed, slot.language, slot.length, seconds, DRAWN_AT)
        except LookupError:  # this seed's task finds no scripts
            continue
        if language_of(task.caption) == slot.language and slot.fits(task):
            break
    return Item(
        f"{index + 1:03d}-{slot.group}-{slot.name}", slot.group, slot.task, backlot_seed,
        slot.language, slot.length, ratio, seconds, int(rng.integers(1 << 31)), task.caption,
    )  # fmt: skip


def draw(
    task: str, backlot_seed: int, language: str, length: int, seconds: int, size: tuple[int, int]
) -> Task:
    """The Backlot task of an item, at any size (width, height)."""
    if task != WORDS:
        return draw_task(backlot_seed, task, seconds, size)
    script = write_script(backlot_seed, seconds, *size)
    rng = np.random.Generator(np.random.PCG64([backlot_seed, 901]))
    caption = told(script, rng, language == "en", length)
    return Task(WORDS, backlot_seed, script, (), caption, 0.0, float(seconds))


def task_of(item: Item, size: tuple[int, int]) -> Task:
    """An item's truth and references at a picture size, ready for backlot.perform."""
    return draw(item.task, item.backlot_seed, item.language, item.length, item.seconds, size)


def language_of(prompt: str) -> str:
    """What the prompt is written in, whatever is said in quotes."""
    bare = re.sub(r"\"[^\"]*\"|“[^”]*”", "", prompt)
    # One Chinese character in a name of a reference does not make a Chinese prompt.
    chinese = len(re.findall(r"[\u4e00-\u9fff]", bare))
    return "zh" if chinese > len(re.findall(r"[A-Za-z]+", bare)) else "en"


# ---------------------------------------------------------------- reading and writing


def open_suite(name: str) -> Suite:
    """quick, standard, fresh:SEED:COUNT, or a path of JSON. WrongUse on anything else."""
    if name in NAMES:
        return read_suite(PUBLISHED / f"{name}.json", name)
    if name.startswith("fresh:"):
        try:
            seed, count = (int(part) for part in name.split(":")[1:])
        except ValueError:
            raise WrongUse(f"{shown(name)} is not fresh:SEED:COUNT, such as fresh:7:20.") from None
        return fresh(seed, count)
    path = Path(name)
    if not path.is_file():
        raise WrongUse(
            f"There is no suite {shown(name)}; ask for quick, standard, fresh:SEED:COUNT, or name "
            "a JSON file like those in evaluate/published."
        )
    return read_suite(path, path.name)


def read_suite(path: Path, name: str) -> Suite:
    try:
        fields = json.loads(path.read_text(encoding="utf-8"))
        backlot = fields["backlot"]
        items = TypeAdapter(tuple[Item, ...]).validate_python(fields["items"])
    except (OSError, ValueError, KeyError, TypeError, ValidationError) as error:
        raise WrongUse(f"{shown(path)} is not a suite ({shown(error)}).") from None
    if backlot != VERSION:
        raise WrongUse(
            f"The suite {shown(name)} was published for Backlot {shown(backlot)}, and this is "
            f"Backlot {VERSION}; ask for fresh:SEED:COUNT instead."
        )
    odd = next((one.id for one in items if not re.fullmatch(r"[\w-]{1,80}", one.id)), None)
    if odd is not None or len({one.id for one in items}) < len(items):
        raise WrongUse(
            f"{shown(path)} has an id that is odd or used twice; use letters, digits, -."
        )
    unknown = next((one.group for one in items if one.group not in GROUPS), None)
    if unknown is not None or not items:
        raise WrongUse(f"{shown(path)} has no items, or a group that is not known.")
    return Suite(name, items)


def suite_json(suite: Suite) -> str:
    """One item a line, so that a published suite can be read and compared."""
    lines = [json.dumps(asdict(one), ensure_ascii=False) for one in suite.items]
    listed = ",\n    ".join(lines)
    return f'{{\n  "backlot": {VERSION},\n  "items": [\n    {listed}\n  ]\n}}\n'
