"""Tasks over several clips: what is given, what is to be made, in whose words, and what may change.

- a task is a function from a seed to scripts: it edits a script and shoots it again, so what should
  be equal is equal to the last bit (the same character elsewhere, the same clip with one thing gone)
- `draw_task(seed)` draws one of `TASKS`; perform.py shoots it
- references are named in the caption as users name them: Image 1, @Video1, 图片1, counted per type
- no script of a task has a held-out combination unless its seed is held out

Called from train/data.py and evaluation. Captions of edits are in pair_words.py.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from onereel.backlot import pair_words
from onereel.backlot.acts import ACTS
from onereel.backlot.captions import told
from onereel.backlot.light import TIMES
from onereel.backlot.lines import draw_line
from onereel.backlot.music import MOODS
from onereel.backlot.people import KINDS, Character, draw_character
from onereel.backlot.script import (
    FPS,
    HELD_OUT,
    STYLES,
    Line,
    Music,
    Script,
    Shot,
    change_cast,
    frame_count,
    held_out_combinations,
    is_held_out,
    write_script,
)
from onereel.backlot.sets import SETS
from onereel.backlot.sound import ambience_of
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

    def script(self, wanted: Callable[[Script], bool] = lambda script: True) -> Script:
        """A drawn script that fits; held-out tasks draw from held-out seeds."""
        for _ in range(400):
            low, high = (HELD_OUT.start, HELD_OUT.stop) if is_held_out(self.seed) else (0, HELD_OUT.start)
            script = write_script(int(self.rng.integers(low, high)), self.seconds, *self.size)
            if wanted(script):
                return script
        raise LookupError("no script fits this task; its condition is too narrow")

    def choose(self, options: Sequence[str]) -> str:
        return options[int(self.rng.integers(len(options)))]

    def name(self, kind: str, number: int) -> str:
        return pair_words.reference(kind, number, self.in_english, self.rng)

    def say(self, task: str, **words: str) -> str:
        patterns = (pair_words.ENGLISH if self.in_english else pair_words.CHINESE)[task]
        return pair_words.tidy(self.choose(patterns).format(**words), self.in_english)

    def tell(self, script: Script, named: Named, lengths: tuple[int, ...] = (1, 2, 2, 3)) -> str:
        length = lengths[int(self.rng.integers(len(lengths)))]
        return told(script, self.rng, self.in_english, length, named)

    def person(self, script: Script, index: int, known: bool = False) -> str:
        return pair_words.person(script, index, self.in_english, self.rng, known)


def people_of(script: Script) -> list[int]:
    return [index for index, one in enumerate(script.performers) if not KINDS[one.character.kind].animal]


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
    script = only(draw.script(lambda one: with_people(1)(one) and not ACTS[one.performers[0].act].two), 0)
    shot = replace(script.shots[0], size=draw.choose(("full", "full", "medium")), camera="static")
    return change_cast(replace(script, shots=(shot,)), 0, who)


def whole(script: Script) -> dict[str, float]:
    return {"start": 0.0, "end": script.seconds}


def same_build(old: Character, new: Character) -> Character:
    """As tall as the one it replaces, so that the camera frames it alike."""
    return replace(new, scale=old.scale)


def stand_in(draw: Draw, old: Character) -> Character:
    """Somebody of another look and about the same age."""
    kinds = tuple(name for name, kind in KINDS.items() if not kind.animal and kind.age == KINDS[old.kind].age)
    while True:
        new = draw_character(draw.rng, kinds)
        if (new.outfit, new.outfit_colour) != (old.outfit, old.outfit_colour) and new.hair_colour != old.hair_colour or new.kind != old.kind:
            return same_build(old, new)


# References


def identity(draw: Draw) -> Task:
    """One to three pictures of characters of the film, taken elsewhere."""
    film = draw.script(with_people(1))
    given, names = [], []
    for index in people_of(film)[: int(draw.rng.integers(1, 3))]:
        who = film.performers[index].character
        pictures = int(draw.rng.integers(1, 3)) if len(film.performers) == 1 else 1
        numbers = [len(given) + 1 + part for part in range(pictures)]
        for _ in numbers:
            given.append(Given(PICTURE, portrait(draw, who), start=round(float(draw.rng.uniform(0, 2)), 2)))
        names.append((index, pair_words.subject(draw.in_english, draw.rng, numbers, film, index)))
    caption = draw.tell(film, Named(who=tuple(names)))
    return Task("identity", draw.seed, film, tuple(given), caption, **whole(film))


def scene(draw: Draw) -> Task:
    """A picture of the place without anybody, or with others."""
    film = draw.script(with_people(1))
    other = replace(film, unseen=tuple(range(len(film.performers))), lines=(), music=None)
    shot = replace(other.shots[0], start=0.0, camera="static", size="wide", focus=-1)
    picture = Given(PICTURE, replace(other, shots=(shot,)))
    where = pair_words.place(draw.in_english, draw.rng, draw.name(PICTURE, 1))
    return Task("scene", draw.seed, film, (picture,), draw.tell(film, Named(where=where)), **whole(film))


def style(draw: Draw) -> Task:
    """A picture of something else in the film's style."""
    film = draw.script(lambda script: script.style != "shaded")
    other = replace(draw.script(), style=film.style)
    picture = Given(PICTURE, other, start=1.0)
    look = pair_words.style(draw.in_english, draw.rng, draw.name(PICTURE, 1))
    return Task("style", draw.seed, film, (picture,), draw.tell(film, Named(style=look), (1, 2, 2)), **whole(film))


def motion(draw: Draw) -> Task:
    """The same movement by other people elsewhere."""
    film = draw.script(lambda one: single_shot(one) and with_people(1)(one))
    source = draw.script()
    shots = tuple(
        replace(shot, performers=tuple(
            replace(one, character=same_build(one.character, draw_character(draw.rng)), facing=one.facing)
            for one in shot.performers))
        for shot in film.shots
    )  # fmt: skip
    source = replace(source, shots=shots, lines=(), music=None)
    caption = draw.say("motion", video=draw.name(CLIP, 1), who=draw.person(film, 0), told=draw.tell(film, Named(), (1, 2)))
    return Task("motion", draw.seed, film, (Given(CLIP, source, end=source.seconds),), caption, **whole(film))


def camera(draw: Draw) -> Task:
    """The same camera on other people elsewhere."""
    film = draw.script(lambda one: single_shot(one) and one.camera != "static")
    source = draw.script(lambda one: single_shot(one) and one.camera == film.camera)
    shot = replace(source.shots[0], size=film.shot_size if len(source.performers) == 1 else source.shot_size)
    source = replace(source, shots=(shot,), lines=(), music=None)
    move = pair_words.camera(draw.in_english, draw.rng, draw.name(CLIP, 1))
    caption = draw.tell(film, Named(camera=move), (2, 3))
    return Task("camera", draw.seed, film, (Given(CLIP, source, end=source.seconds),), caption, **whole(film))


def voice(draw: Draw) -> Task:
    """The film's speaker says another line in the recording; the picture shows who it is."""
    film = draw.script(with_people(1))
    language = draw.choose(("en", "en", "zh"))
    text = draw_line(draw.rng, language)
    film = replace(film, lines=(Line(0, 0.3, text, language),))
    who = film.performers[0].character
    other = draw_line(draw.rng, language)
    solo = replace(portrait(draw, who), lines=(Line(0, 0.1, other, language),))
    given = (
        Given(PICTURE, portrait(draw, who), start=1.0),
        Given(RECORDING, solo, end=solo.seconds, stem="voice"),
    )
    name = pair_words.subject(draw.in_english, draw.rng, [1], film, 0)
    caption = draw.say("voice", told=draw.tell(film, Named(who=((0, name),)), (1, 2)), who=name, line=text, audio=draw.name(RECORDING, 1))
    return Task("voice", draw.seed, film, given, caption, **whole(film))


def music(draw: Draw) -> Task:
    """The recording is the film's music; whoever dances keeps its beat."""
    film = draw.script(lambda one: one.music is not None)
    assert film.music is not None
    given = [Given(RECORDING, film, end=film.seconds, stem="music")]
    who = film.performers[0].character
    # A recording comes with a picture or a clip.
    given.insert(0, Given(PICTURE, portrait(draw, who) if not KINDS[who.kind].animal else film, start=1.0))
    dances = "dance" in film.performers[0].act
    caption = draw.say("beat" if dances else "music", told=draw.tell(film, Named()), audio=draw.name(RECORDING, 1))
    return Task("music", draw.seed, film, tuple(given), caption, **whole(film))


# Frames and time


def first_frame(draw: Draw) -> Task:
    film = draw.script()
    return Task("first_frame", draw.seed, film, (Given(PICTURE, film, "first_frame"),), draw.tell(film, Named(), (0, 1, 2)), **whole(film))


def first_last_frame(draw: Draw) -> Task:
    film = draw.script()
    last = (frame_count(film) - 1) / FPS
    given = (Given(PICTURE, film, "first_frame"), Given(PICTURE, film, "last_frame", start=last))
    return Task("first_last_frame", draw.seed, film, given, draw.tell(film, Named(), (0, 1, 2)), **whole(film))


def extend(draw: Draw) -> Task:
    """The film's first part is given, the rest is made."""
    film = _uncut(draw)
    split = _middle(draw, film)
    caption = draw.say("extend", video=draw.name(CLIP, 1), told=draw.tell(film, Named(), (0, 1)))
    return Task("extend", draw.seed, film, (Given(CLIP, film, end=split),), caption, split, film.seconds)


def extend_backward(draw: Draw) -> Task:
    """The film's last part is given, what comes before it is made."""
    film = _uncut(draw)
    split = _middle(draw, film)
    caption = draw.say("extend_backward", video=draw.name(CLIP, 1), told=draw.tell(film, Named(), (0, 1)))
    return Task("extend_backward", draw.seed, film, (Given(CLIP, film, start=split, end=film.seconds),), caption, 0.0, split)


def _uncut(draw: Draw) -> Script:
    """A clip in one shot, twice as long: half of it is given."""
    film = draw.script(single_shot)
    return replace(film, seconds=2 * film.seconds)


def _middle(draw: Draw, film: Script) -> float:
    """A whole number of half seconds around the middle."""
    return round(film.seconds + float(draw.rng.integers(-1, 2)) * (0.5 if film.seconds > 3 else 0.0)) / 2


def continuation(draw: Draw) -> Task:
    """The next shot, after a cut: the same people, the same place, another view."""
    film = draw.script(lambda one: len(one.shots) == 2)
    film = replace(film, seconds=2 * film.seconds)
    cut = film.shots[1].start * film.seconds
    cut = round(cut * FPS) / FPS
    then = replace(film, shots=(replace(film.shots[1], start=0.0),), lines=())
    caption = draw.say("continuation", video=draw.name(CLIP, 1), told=draw.tell(then, Named(), (1, 2)))
    return Task("continuation", draw.seed, film, (Given(CLIP, film, end=cut),), caption, cut, film.seconds)


# Edits: the film is the given clip with one thing changed


def edited(draw: Draw, name: str, source: Script, film: Script, change: Change, caption: str) -> Task:
    given = (Given(CLIP, source, end=source.seconds),)
    return Task(name, draw.seed, film, given, caption, change=change, **whole(film))


def add(draw: Draw) -> Task:
    film = _pair(draw)
    index = len(film.performers) - 1
    source = replace(film, unseen=(index,))
    caption = draw.say("add", video=draw.name(CLIP, 1), who=draw.person(film, index), doing=_doing(draw, film, index))
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
        return single_shot(one) and len(one.performers) > 1 and one.shots[0].focus < 0 and not any(
            ACTS[who.act].two for who in one.performers)

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
    caption = draw.say("swap", video=draw.name(CLIP, 1), old=draw.person(source, index, True), who=who)
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
    caption = draw.say("redress", video=draw.name(CLIP, 1), old=draw.person(source, 0, True), clothes=clothes)
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
    others = [time for time in TIMES if time != source.time_of_day and time in SETS[source.set].times]
    film = replace(source, time_of_day=draw.choose(others))
    heard = ambience_of(source) != ambience_of(film)
    time = pair_words.time(film, draw.in_english, draw.rng)
    caption = draw.say("relight", video=draw.name(CLIP, 1), time=time)
    return edited(draw, "relight", source, film, Change(True, heard), caption)


def weather(draw: Draw) -> Task:
    source = draw.script(lambda one: not SETS[one.set].indoors and len(set(SETS[one.set].weathers)) > 1)
    others = [one for one in dict.fromkeys(SETS[source.set].weathers) if one != source.weather]
    film = replace(source, weather=draw.choose(others))
    caption = draw.say("weather", video=draw.name(CLIP, 1), weather=pair_words.weather(film, draw.in_english, draw.rng))
    return edited(draw, "weather", source, film, Change(True, True), caption)


def resound(draw: Draw) -> Task:
    """Only the sound changes: other music, no music, or music where there was none."""
    source = draw.script(lambda one: not any("dance" in who.act for who in one.performers) and not any(line.sung for line in one.lines))
    mood = draw.choose([one for one in MOODS if source.music is None or one != source.music.mood])
    low, high = MOODS[mood].tempos
    new: Music | None = Music(mood, float(draw.rng.integers(low, high + 1)), int(draw.rng.integers(1 << 31)))
    if source.music is not None and draw.rng.random() < 0.3:
        new = None
    film = replace(source, music=new)
    caption = draw.say("resound" if new else "silence", video=draw.name(CLIP, 1), music=pair_words.music(film, draw.in_english, draw.rng) if new else "")
    return edited(draw, "resound", source, film, Change(False, True), caption)


TASKS: dict[str, Callable[[Draw], Task]] = {
    "identity": identity, "scene": scene, "style": style, "motion": motion, "camera": camera,
    "voice": voice, "music": music, "first_frame": first_frame,
    "first_last_frame": first_last_frame, "extend": extend, "extend_backward": extend_backward,
    "continuation": continuation, "add": add, "remove": remove, "swap": swap,
    "redress": redress, "restyle": restyle, "relight": relight, "weather": weather,
    "resound": resound,
}  # fmt: skip


def draw_task(
    seed: int, name: str = "", seconds: float = 4.0, size: tuple[int, int] = (256, 144)
) -> Task:
    """The task of a seed; `name` asks for one of TASKS. The same arguments give the same task."""
    names = tuple(TASKS)
    for attempt in range(60):
        draw = Draw(seed, attempt, seconds, size)
        task = TASKS[name or names[int(draw.rng.integers(len(names)))]](draw)
        if is_held_out(seed) or not any(held_out_combinations(one) for one in scripts_of(task)):
            return task
    raise LookupError(f"task {name!r} of seed {seed} keeps drawing held-out combinations")


def scripts_of(task: Task) -> tuple[Script, ...]:
    """Every script that the task shoots, each once."""
    return tuple(dict.fromkeys((task.film, *(one.script for one in task.given))))
