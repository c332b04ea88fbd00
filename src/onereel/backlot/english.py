"""Captions in English, at four lengths.

Called from captions.py and pairs.py.
"""

import re

from onereel.backlot.acts import ACTS
from onereel.backlot.music import INSTRUMENT_EN, MOODS, band_of
from onereel.backlot.people import KINDS
from onereel.backlot.script import Line, Script, Shot
from onereel.backlot.sets import SETS
from onereel.backlot.sound import ambience_of
from onereel.backlot.wording import (
    NOTHING,
    Chooser,
    Named,
    contact_kinds,
    framed,
    grouped,
    lines_of,
    listed,
    same_kind,
)
from onereel.backlot.words import (
    ACCESSORIES_EN,
    AMBIENCE_EN,
    AT_EN,
    CAMERA_EN,
    COLOURS_EN,
    CONTACTS_EN,
    FUR_EN,
    HAIR_EN,
    LANGUAGES_EN,
    OUTFITS_EN,
    PLURALS,
    SIZES_EN,
    STEPS_EN,
    STYLES_EN,
    TIMES_EN,
    WEATHER_EN,
)


def finish(text: str) -> str:
    """Articles before vowels, outside quotes, and no doubled spaces."""
    parts = re.split(r'("[^"]*")', text)
    for index in range(0, len(parts), 2):
        part = re.sub(r"\b([Aa]) (?=[aeioAEIO]|u[mn][^i])", r"\1n ", parts[index])
        parts[index] = re.sub(r" +", " ", part)
    return "".join(parts).strip()


def sentence(text: str) -> str:
    text = text.strip()
    text = text[0].upper() + text[1:]
    return text if text[-1] in '.!?"' else text + "."


def clothes(choose: Chooser, script: Script, index: int) -> str:
    who = script.performers[index].character
    colour = choose(COLOURS_EN[who.outfit_colour])
    return choose(OUTFITS_EN[who.outfit]).format(c=colour)


def person(choose: Chooser, script: Script, index: int, detail: int, named: Named) -> str:
    """Detail 0 "a boy", 1 with clothes, 2 with hair and what is worn besides."""
    if named.phrase(index):
        return named.phrase(index)
    who = script.performers[index].character
    kind = KINDS[who.kind]
    noun = choose(kind.en)
    if detail == 0:
        # The second of two alike is another one.
        before = [one.character.kind for one in script.performers[:index]]
        return f"another {kind.en[0]}" if who.kind in before else f"a {noun}"
    if kind.animal:
        return animal(choose, script, index, noun, detail)
    wearing = clothes(choose, script, index)
    if who.kind == "robot":
        return choose((f"a {noun} with {wearing}", f"a {who.outfit_colour} {noun}"))
    if detail == 1:
        return choose(
            (
                f"a {noun} in {wearing}",
                f"a {noun} wearing {wearing}",
                f"a {noun} dressed in {wearing}",
            )
        )
    size = "slim " if who.build < 0.93 else "stout " if who.build > 1.13 else ""
    hair = (
        choose(HAIR_EN[who.hair_style]).format(h=who.hair_colour)
        if who.hair_style in HAIR_EN
        else ""
    )
    extra = choose(ACCESSORIES_EN[who.accessory]) if who.accessory else ""
    besides = f" and {extra}" if extra else ""
    if not hair:
        return f"a {size}{noun} in {wearing}{besides}"
    return choose(
        (
            f"a {size}{noun} with {hair}, wearing {wearing}{besides}",
            f"a {size}{noun} in {wearing}{besides}, with {hair}",
            f"a {size}{noun} with {hair} in {wearing}{besides}",
        )
    )


def animal(choose: Chooser, script: Script, index: int, noun: str, detail: int) -> str:
    who = script.performers[index].character
    if who.outfit == "feathers":
        return f"a {choose(COLOURS_EN[who.outfit_colour])} {noun}"
    furry = f"a {FUR_EN[who.hair_colour]} {noun}"
    return f"{furry} with {clothes(choose, script, index)}" if detail == 2 else furry


def known(choose: Chooser, script: Script, index: int, named: Named) -> str:
    """Somebody already introduced: "the boy", "the boy in the red robe"."""
    if named.phrase(index):
        return named.phrase(index)
    who = script.performers[index].character
    noun = KINDS[who.kind].en[0]
    if not same_kind(script, index):
        return f"the {noun}"
    wearing = OUTFITS_EN[who.outfit][0].format(c=who.outfit_colour)
    wearing = re.sub(r"^a ", "the ", wearing)
    return (
        f"the {noun} {'with' if KINDS[who.kind].animal or who.kind == 'robot' else 'in'} {wearing}"
    )


def pair_noun(choose: Chooser, script: Script, group: list[int], named: Named) -> str:
    """ "two boys" for two of a kind, or nothing."""
    kinds = {script.performers[index].character.kind for index in group}
    if len(kinds) > 1 or any(named.phrase(index) for index in group):
        return ""
    noun = choose(KINDS[kinds.pop()].en)
    first, _, last = noun.rpartition(" ")
    plural = PLURALS.get(last, last + "s")
    return f"{'two' if len(group) == 2 else 'three'} {first} {plural}".replace("  ", " ")


FORMS = ("simple", "ongoing", "bare")


def deeds(
    choose: Chooser,
    script: Script,
    shot: Shot,
    detail: int,
    form: str,
    named: Named,
    again: bool = False,
) -> str:
    """Who does what: "a boy runs", "a boy and a girl are dancing", "a boy running"."""
    clauses = []
    for name, group in grouped(script, shot):
        act = ACTS[name]
        if again:
            people = [known(choose, script, index, named) for index in group]
        else:
            people = [person(choose, script, index, detail, named) for index in group]
        subject = listed(people, ", ", " and ")
        if len(group) > 1:
            if detail == 0 and not again:
                subject = pair_noun(choose, script, group, named) or subject
            verb = choose(act.en_ing) if form == "bare" else f"are {choose(act.en_ing)}"
        elif form == "simple":
            verb = choose(act.en)
        else:
            verb = choose(act.en_ing) if form == "bare" else f"is {choose(act.en_ing)}"
        way = side(shot, group[0]) if detail and choose.chance(0.55) else ""
        clauses.append(f"{subject} {verb}{way}")
    # "with a boy running while a dog jumping" would be wrong.
    join = " and " if form == "bare" else choose((" while ", " and ", " as "))
    return listed(clauses, ", ", join)


def side(shot: Shot, index: int) -> str:
    """Where a traveller goes in the picture."""
    one = shot.performers[index]
    if ACTS[one.act].stride == 0:
        return ""
    return " to the right" if one.facing > 0 else " to the left"


def where(choose: Chooser, script: Script, named: Named) -> str:
    if named.where:
        return named.where
    place = choose(SETS[script.set].en)
    word = next((at for noun, at in AT_EN if noun in place), "in")
    return f"{word} {place}".strip()


def sky(choose: Chooser, script: Script) -> str:
    return "" if SETS[script.set].indoors else choose(WEATHER_EN[script.weather])


def quote(choose: Chooser, script: Script, line: Line, named: Named) -> str:
    """One line with who says it, as a clause."""
    who = known(choose, script, line.performer, named)
    tongue = LANGUAGES_EN[line.language]
    text = f'"{line.text}"'
    if line.sung:
        return choose(
            (f"{who} sings {text}", f"{who} sings: {text}", f"{who} is singing {text} in {tongue}")
        )
    return choose(
        (
            f"{who} says: {text}",
            f"{who} says, {text}",
            f"{who} says {text}",
            f"{who} speaks {tongue}: {text}",
            f"{who} says in {tongue}: {text}",
            f"{who}: {text}",
        )
    )


def sounds(choose: Chooser, script: Script) -> list[str]:
    """What can be heard, nearest first."""
    heard: list[str] = []
    for line in lines_of(script, 0):
        voice = known(choose, script, line.performer, NOTHING).removeprefix("the ")
        heard.append(
            f"a {voice} {'singing' if line.sung else 'speaking'} {LANGUAGES_EN[line.language]}"
        )
        break
    surface = SETS[script.set].surface
    for kind in contact_kinds(script):
        heard.append(choose(STEPS_EN[surface] if kind == "step" else CONTACTS_EN[kind]))
    heard += [choose(AMBIENCE_EN[name]) for name in ambience_of(script)]
    return list(dict.fromkeys(heard))


def score(choose: Chooser, script: Script) -> str:
    """The music, as a noun phrase, or nothing."""
    if script.music is None:
        return ""
    mood = choose(MOODS[script.music.mood].en)
    lead = INSTRUMENT_EN[band_of(script.music).lead]
    pace = "slow " if script.music.tempo < 84 else "fast " if script.music.tempo > 122 else ""
    return choose(
        (
            f"{mood} music",
            f"{mood} {lead} music",
            f"{pace}{mood} music with {lead}",
            f"a {mood} tune on {lead}",
            f"{mood} background music",
        )
    )


def soundscape(choose: Chooser, script: Script) -> str:
    heard = listed(sounds(choose, script), ", ", " and ")
    music = score(choose, script)
    text = choose(
        (
            f"Sound: {heard}",
            f"We hear {heard}",
            f"Soundscape: {heard}",
            f"Audio: {heard}",
            f"You can hear {heard}",
            f"Sound effects: {heard}",
        )
    )
    if not music:
        return sentence(text) + choose(("", "", " No music."))
    return (
        sentence(text)
        + " "
        + sentence(
            choose((f"Music: {music}", f"{music} plays", f"BGM: {music}", f"there is {music}"))
        )
    )


def terse(choose: Chooser, script: Script, form: str, named: Named) -> str:
    deed = deeds(choose, script, script.shots[0], 0, form, named)
    return deed


def short(choose: Chooser, script: Script, form: str, named: Named) -> str:
    detail = 1 if choose.chance(0.4) else 0
    deed = deeds(choose, script, script.shots[0], detail, form, named)
    place, time = where(choose, script, named), choose(TIMES_EN[script.time_of_day])
    text = choose(
        (
            f"{deed} {place}",
            f"{place}, {deed}",
            f"{deed} {place} {time}",
            f"{deed}, {place}, {time}",
            f"{time}, {deed} {place}",
            f"{place} {time}, {deed}",
        )
    )
    if named.style:
        text += f", {named.style}"
    lines = lines_of(script, 0)
    if lines and choose.chance(0.5):
        text += f". {sentence(quote(choose, script, lines[0], named))}"
    return text


OPENINGS = (
    "",
    "",
    "",
    "A video of ",
    "A shot of ",
    "An animated clip of ",
    "We see ",
    "A scene of ",
    "A short film of ",
)


def medium(choose: Chooser, script: Script, form: str, named: Named) -> str:
    first = script.shots[0]
    opening = choose(OPENINGS)
    deed = deeds(choose, script, first, 1, "bare" if opening else form, named)
    place, time, air = (
        where(choose, script, named),
        choose(TIMES_EN[script.time_of_day]),
        sky(choose, script),
    )
    when = f"{time} {air}" if air and choose.chance(0.8) else time
    if opening:
        text = choose((f"{opening}{deed} {place}, {when}", f"{opening}{deed} {place} {when}"))
    else:
        text = choose(
            (
                f"{deed} {place} {when}",
                f"{place} {when}, {deed}",
                f"{time} {place}, {deed}, {air or time}",
                f"{deed} {place}, {when}",
            )
        )
    if named.camera:
        text += f", {named.camera}"
    elif choose.chance(0.4):
        text += f", {choose(CAMERA_EN[first.camera])}"
    text = sentence(text)
    if named.style:
        text += " " + sentence(named.style)
    elif script.style != "shaded" or choose.chance(0.15):
        text += " " + sentence(choose(STYLES_EN[script.style]))
    for line in lines_of(script, 0)[:2]:
        text += " " + sentence(quote(choose, script, line, named))
    if len(script.shots) > 1 and choose.chance(0.7):
        then = deeds(choose, script, script.shots[1], 1, "simple", named, again=True)
        size = choose(SIZES_EN[script.shots[1].size])
        text += " " + sentence(
            choose(
                (
                    f"then it cuts to a {size}: {then}",
                    f"cut to a {size}, {then}",
                    f"the next shot is a {size}: {then}",
                )
            )
        )
    return text


def shot_text(
    choose: Chooser, script: Script, number: int, form: str, named: Named, labelled: bool
) -> str:
    shot = script.shots[number]
    size = choose(SIZES_EN[shot.size])
    camera = named.camera if named.camera and number == 0 else choose(CAMERA_EN[shot.camera])
    deed = deeds(choose, script, shot, 2, form, named, again=number > 0)
    if number == 0:
        place, time, air = (
            where(choose, script, named),
            choose(TIMES_EN[script.time_of_day]),
            sky(choose, script),
        )
        deed = choose(
            (f"{place} {time}, {deed}", f"{deed}, {place}, {time}", f"{time}, {place}, {deed}")
        )
        deed = f"{deed}, {air}" if air else deed
    if shot.focus >= 0 and len(shot.performers) > 1:
        size += f" of {known(choose, script, framed(shot)[0], named)}"
    label = f"Shot {number + 1}: " if labelled else ""
    text = choose(
        (
            f"{size}, {camera}. {sentence(deed)}",
            f"{sentence(deed)} {sentence(f'{size}, {camera}')}",
            f"{size}. {sentence(deed)} {sentence(camera)}",
        )
    )
    for line in lines_of(script, number):
        text += " " + sentence(quote(choose, script, line, named))
    return label + sentence(text)


def dense(choose: Chooser, script: Script, form: str, named: Named) -> str:
    form = "ongoing" if form == "bare" else form
    labelled = len(script.shots) > 1 or choose.chance(0.75)
    style = sentence(named.style or choose(STYLES_EN[script.style]))
    shots = [
        shot_text(choose, script, number, form, named, labelled)
        for number in range(len(script.shots))
    ]
    gap = "\n" if labelled and choose.chance(0.3) else " "
    body = gap.join(shots)
    heard = soundscape(choose, script)
    return choose(
        (
            f"{body}{gap}{heard} {style}",
            f"{style} {body}{gap}{heard}",
            f"{body}{gap}{heard}" if not named.style else f"{body} {style}{gap}{heard}",
            f"{style} {heard}{gap}{body}",
        )
    )


LENGTHS = (terse, short, medium, dense)


def english(choose: Chooser, script: Script, length: int, form: str, named: Named = NOTHING) -> str:
    return finish(LENGTHS[length](choose, script, form, named))
