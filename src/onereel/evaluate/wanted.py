"""What a film made for an item is held against: the exact truth, and which of it was asked for.

A prompt as short as "a boy runs" leaves place and light open, and no film may be called wrong for
them. So an attribute counts only where the prompt's own words, or a reference, say all of it; the
words are looked up in the Backlot's wordings, in both languages.

Called from run.py. Needs the [backlot] extra.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np

from onereel.backlot.acts import ACTS
from onereel.backlot.music import MOODS
from onereel.backlot.people import KINDS
from onereel.backlot.script import SAMPLE_RATE, Script, frame_count
from onereel.backlot.sets import SETS
from onereel.backlot.shoot import Take, block, find_truth
from onereel.backlot.tasks import Task
from onereel.backlot.words import (
    ACCESSORIES_EN,
    ACCESSORIES_ZH,
    AMBIENCE_EN,
    AMBIENCE_ZH,
    CAMERA_EN,
    CAMERA_ZH,
    COLOURS_EN,
    COLOURS_ZH,
    CONTACTS_EN,
    CONTACTS_ZH,
    FUR_EN,
    FUR_ZH,
    HAIR_COLOURS_ZH,
    HAIR_EN,
    HAIR_ZH,
    OUTFITS_EN,
    OUTFITS_ZH,
    PLURALS,
    SIZES_EN,
    SIZES_ZH,
    STEPS_EN,
    STEPS_ZH,
    STYLES_EN,
    STYLES_ZH,
    TIMES_EN,
    TIMES_ZH,
    WEATHER_EN,
    WEATHER_ZH,
)
from onereel.evaluate.reading import ANY_OF, ONE_OF, PER_FRAME, Reading
from onereel.evaluate.suites import WORDS
from onereel.evaluate.truth import IMPACTS, read_truth

LOOK = ("kind", "outfit", "outfit_colour", "hair_style", "hair_colour", "accessory")
SCENE = ("set", "time_of_day", "weather", "style")
ALL = (*ONE_OF, *ANY_OF, *PER_FRAME, "shots")
# What the references of a task say without words.
GIVEN_SAYS: dict[str, tuple[str, ...]] = {
    "first_frame": (*SCENE, *LOOK),
    "first_last_frame": (*SCENE, *LOOK),
    "identity": LOOK,
    "scene": ("set", "time_of_day", "weather"),
    "style": ("style",),
    "motion": ("act",),
    "camera": ("camera",),
    "voice": (),
    "music": ("mood",),
    "continuation": (*SCENE, *LOOK, "mood"),
    # Words say what is different or goes on, the clip says everything else.
    **dict.fromkeys(
        ("extend", "extend_backward", "add", "remove", "swap", "redress", "restyle", "relight",
         "weather", "resound"), ALL,
    ),
}  # fmt: skip


def wanted_of(task: Task) -> tuple[Reading, frozenset[str]]:
    """The exact truth of the part that is to be made, and the attributes of it that were asked for
    (of ONE_OF, ANY_OF, PER_FRAME, and `shots`). Nothing is painted."""
    script = part_of(task)
    truth = find_truth(script, block(script))
    frames = frame_count(script)
    blank = np.zeros((frames, 1, 1, 3), np.uint8)
    silence = np.zeros((frames * SAMPLE_RATE // 24, 2), np.float32)
    reading = read_truth(Take(script, blank, silence, truth))
    return reading, asked(task, reading)


def part_of(task: Task) -> Script:
    """The script of what is to be made alone; shots that are given are gone from it."""
    film = task.film
    starts = [one.start * film.seconds for one in film.shots]
    ends = [*starts[1:], film.seconds]
    kept = [
        replace(shot, start=max(0.0, (start - task.start) / (task.end - task.start)))
        for shot, start, end in zip(film.shots, starts, ends, strict=True)
        # A cut falls on a frame, so a shot may reach a fraction of one into the next.
        if end > task.start + 0.05 and start < task.end - 0.05
    ]
    # One shot in two parts is left whole: its middle cannot be shot without its beginning.
    if len(film.shots) == 1:
        return film
    lines = tuple(
        replace(line, start=line.start - task.start)
        for line in film.lines
        if task.start <= line.start < task.end
    )
    return replace(film, shots=tuple(kept), lines=lines, seconds=task.end - task.start)


def asked(task: Task, truth: Reading) -> frozenset[str]:
    """The attributes that the prompt or a reference says completely."""
    prompt = task.caption.lower()
    found = set(GIVEN_SAYS[task.name]) if task.name != WORDS else set()
    for name in (*ONE_OF, *ANY_OF):
        there = [one for one, value in truth.named(name).items() if value > 0]
        if there and all(said(prompt, wordings(name, one)) for one in there):
            found.add(name)
    for name in PER_FRAME:
        rows = truth.frame[name].max(axis=0) > 0
        there = [one for one, shown in zip(truth.vocabulary[name], rows, strict=True) if shown]
        if all(said(prompt, wordings(name, one)) for one in there):
            found.add(name)
    # Things belong to acts: a ball is not named where "plays with a ball" is.
    if "act" in found:
        found.add("object")
    # One shot is what no mention of a cut asks for.
    if "size" in found or not truth.cut.any():
        found.add("shots")
    return frozenset(found)


def said(prompt: str, words: Iterable[str]) -> bool:
    """One of the wordings is in the prompt (lower case); {c} and the like stand for any word."""
    for one in words:
        parts = [re.escape(part) for part in re.split(r"\{\w\}", one.lower())]
        # An English word ends where it ends: "man" is not in "woman".
        edge = r"\b" if one.isascii() else ""
        if re.search(edge + r"[\w ]{1,20}".join(parts) + edge, prompt):
            return True
    return False


def wordings(attribute: str, name: str) -> Sequence[str]:
    """Every wording, English and Chinese, of one class; empty where the Backlot has none."""
    match attribute:
        case "set":
            return (*SETS[name].en, *SETS[name].zh)
        case "time_of_day":
            return (*TIMES_EN[name], *TIMES_ZH[name])
        case "weather":
            return (*WEATHER_EN[name], *WEATHER_ZH[name])
        case "style":
            return (*STYLES_EN[name], *STYLES_ZH[name])
        case "mood":
            return ("no music", "没有音乐") if name == "none" else (
                *MOODS[name].en, *MOODS[name].zh
            )  # fmt: skip
        case "act":
            return (*ACTS[name].en, *ACTS[name].en_ing, *ACTS[name].zh)
        case "kind":
            return (*KINDS[name].en, *plurals(KINDS[name].en), *KINDS[name].zh)
        case "outfit":
            return () if name == "feathers" else (*OUTFITS_EN[name], *OUTFITS_ZH[name])
        case "outfit_colour":
            return (*COLOURS_EN[name], *COLOURS_ZH[name])
        case "hair_style":
            return (*HAIR_EN.get(name, ()), *HAIR_ZH.get(name, ()))
        case "hair_colour":
            return (f"{name} hair", FUR_EN[name], FUR_ZH[name], HAIR_COLOURS_ZH[name])
        case "accessory":
            return (*ACCESSORIES_EN[name], *ACCESSORIES_ZH[name])
        case "sound":
            return sound_wordings(name)
        case "size":
            return (*SIZES_EN[name], *SIZES_ZH[name])
        case "camera":
            return (*CAMERA_EN[name], *CAMERA_ZH[name])
    return ()


def sound_wordings(name: str) -> Sequence[str]:
    tables: tuple[dict[str, tuple[str, ...]], ...]
    match name:
        case "speech":
            return ("says", "speaks", "speaking", 'says: "', "说")
        case "singing":
            return ("sings", "singing", "唱")
        case "music":
            return ("music", "tune", "bgm", "音乐", "曲", "配乐")
        case "step":
            tables, names = (STEPS_EN, STEPS_ZH), tuple(STEPS_EN)
        case "impact":
            tables, names = (CONTACTS_EN, CONTACTS_ZH), IMPACTS
        case _ if name in AMBIENCE_EN:
            tables, names = (AMBIENCE_EN, AMBIENCE_ZH), (name,)
        case _:
            tables, names = (CONTACTS_EN, CONTACTS_ZH), (name,)
    return tuple(word for table in tables for one in names for word in table.get(one, ()))


def plurals(nouns: Sequence[str]) -> tuple[str, ...]:
    """ "old men": the last word in the plural, as captions have it."""
    found = []
    for noun in nouns:
        first, _, last = noun.rpartition(" ")
        found.append(f"{first} {PLURALS.get(last, last + 's')}".strip())
    return tuple(found)
