"""Edits: the film is a given clip with one thing added, gone, replaced or changed.

- whoever is added or removed is unseen in the other version, so camera and everybody else stay
- a replaced character is as tall as the old one, so that the camera frames it alike

Called from pairs.py.
"""

from dataclasses import replace

from onereel.backlot import pair_words
from onereel.backlot.acts import ACTS
from onereel.backlot.light import TIMES
from onereel.backlot.music import MOODS
from onereel.backlot.people import draw_character
from onereel.backlot.script import (
    STYLES,
    Music,
    Script,
    change_cast,
)
from onereel.backlot.sets import SETS
from onereel.backlot.sound import ambience_of
from onereel.backlot.tasks import (
    CLIP,
    PICTURE,
    Change,
    Draw,
    Given,
    Task,
    portrait,
    single_shot,
    stand_in,
    with_people,
)


def edited(
    draw: Draw, name: str, source: Script, film: Script, change: Change, caption: str
) -> Task:
    given = (Given(CLIP, source, end=source.seconds),)
    return Task(name, draw.seed, film, given, caption, 0.0, film.seconds, change)


def add(draw: Draw) -> Task:
    film = _pair(draw)
    index = len(film.performers) - 1
    source = replace(film, unseen=(index,))
    caption = draw.say(
        "add",
        video=draw.name(CLIP, 1),
        who=draw.person(film, index),
        doing=_doing(draw, film, index),
    )
    return edited(draw, "add", source, film, Change(True, True, (index,)), caption)


def remove(draw: Draw) -> Task:
    source = _pair(draw)
    index = len(source.performers) - 1
    film = replace(source, unseen=(index,))
    caption = draw.say("remove", video=draw.name(CLIP, 1), who=draw.person(source, index, True))
    return edited(draw, "remove", source, film, Change(True, True, (index,)), caption)


def _pair(draw: Draw) -> Script:
    """Two who do not depend on each other, in one shot that shows both."""

    def fits(one: Script) -> bool:
        return (
            single_shot(one)
            and len(one.performers) > 1
            and one.shots[0].focus < 0
            and not any(ACTS[who.act].two for who in one.performers)
        )

    script = draw.script(fits)
    return replace(script, lines=())


def _doing(draw: Draw, film: Script, index: int) -> str:
    act = ACTS[film.performers[index].act]
    return draw.choose(act.en_ing if draw.in_english else act.zh)


def swap(draw: Draw) -> Task:
    """Replace a character, described in words or shown in a picture."""
    source = draw.script(lambda one: single_shot(one) and with_people(1)(one))
    source = replace(source, lines=())
    index = int(draw.rng.integers(len(source.performers)))
    new = stand_in(draw, source.performers[index].character)
    film = change_cast(source, index, new)
    task = edited(draw, "swap", source, film, Change(True, False, (index,)), "")
    who = draw.person(film, index)
    if draw.rng.random() < 0.5:
        task = replace(task, given=(*task.given, Given(PICTURE, portrait(draw, new), start=1.0)))
        who = pair_words.subject(draw.in_english, draw.rng, [1], film, index)
    caption = draw.say(
        "swap", video=draw.name(CLIP, 1), old=draw.person(source, index, True), who=who
    )
    return replace(task, caption=caption)


def redress(draw: Draw) -> Task:
    """The same person in another outfit."""
    source = draw.script(lambda one: single_shot(one) and with_people(1)(one))
    source = replace(source, lines=())
    old = source.performers[0].character
    new = old
    while (new.outfit, new.outfit_colour) == (old.outfit, old.outfit_colour):
        other = draw_character(draw.rng, (old.kind,))
        new = replace(old, outfit=other.outfit, outfit_colour=other.outfit_colour)
    film = change_cast(source, 0, new)
    clothes = pair_words.clothes(film, 0, draw.in_english, draw.rng)
    caption = draw.say(
        "redress", video=draw.name(CLIP, 1), old=draw.person(source, 0, True), clothes=clothes
    )
    return edited(draw, "redress", source, film, Change(True, False, (0,)), caption)


def restyle(draw: Draw) -> Task:
    source = draw.script()
    film = replace(source, style=draw.choose([one for one in STYLES if one != source.style]))
    look = pair_words.look(film, draw.in_english, draw.rng)
    caption = draw.say("restyle", video=draw.name(CLIP, 1), style=look)
    return edited(draw, "restyle", source, film, Change(True, False), caption)


def relight(draw: Draw) -> Task:
    """Another time of day; what is heard at that hour changes with it."""
    source = draw.script(lambda one: len(set(SETS[one.set].times)) > 1)
    others = [
        time for time in TIMES if time != source.time_of_day and time in SETS[source.set].times
    ]
    film = replace(source, time_of_day=draw.choose(others))
    heard = ambience_of(source) != ambience_of(film)
    time = pair_words.time(film, draw.in_english, draw.rng)
    caption = draw.say("relight", video=draw.name(CLIP, 1), time=time)
    return edited(draw, "relight", source, film, Change(True, heard), caption)


def weather(draw: Draw) -> Task:
    source = draw.script(
        lambda one: not SETS[one.set].indoors and len(set(SETS[one.set].weathers)) > 1
    )
    others = [one for one in dict.fromkeys(SETS[source.set].weathers) if one != source.weather]
    film = replace(source, weather=draw.choose(others))
    caption = draw.say(
        "weather",
        video=draw.name(CLIP, 1),
        weather=pair_words.weather(film, draw.in_english, draw.rng),
    )
    return edited(draw, "weather", source, film, Change(True, True), caption)


def resound(draw: Draw) -> Task:
    """Only the sound changes: other music, no music, or music where there was none."""
    source = draw.script(
        lambda one: (
            not any("dance" in who.act for who in one.performers)
            and not any(line.sung for line in one.lines)
        )
    )
    mood = draw.choose([one for one in MOODS if source.music is None or one != source.music.mood])
    low, high = MOODS[mood].tempos
    new: Music | None = Music(
        mood, float(draw.rng.integers(low, high + 1)), int(draw.rng.integers(1 << 31))
    )
    if source.music is not None and draw.rng.random() < 0.3:
        new = None
    film = replace(source, music=new)
    caption = draw.say(
        "resound" if new else "silence",
        video=draw.name(CLIP, 1),
        music=pair_words.music(film, draw.in_english, draw.rng) if new else "",
    )
    return edited(draw, "resound", source, film, Change(False, True), caption)
