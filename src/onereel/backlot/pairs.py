"""Tasks over several clips: what is given, what is to be made, in whose words, what may change.

- a task is a function from a seed to scripts: it edits a script and shoots it again, so what must
  be equal is equal to the bit (the same character elsewhere, the same clip with one thing gone)
- `draw_task(seed)` draws one of `TASKS`; perform.py shoots it
- references are named in the caption as users name them: Image 1, @Video1, 图片1, counted per type
- no script of a task has a held-out combination unless its seed is held out

Called from train/data.py and evaluation. Edits are in edits.py, wordings in pair_words.py.
"""

from collections.abc import Callable
from dataclasses import replace

from onereel.backlot import pair_words
from onereel.backlot.camera import way_of
from onereel.backlot.edits import (
    add,
    redress,
    relight,
    remove,
    resound,
    restyle,
    swap,
    weather,
)
from onereel.backlot.lines import draw_line
from onereel.backlot.people import KINDS, draw_character
from onereel.backlot.script import (
    FPS,
    Line,
    Script,
    frame_count,
    held_out_combinations,
    is_held_out,
)
from onereel.backlot.tasks import (
    CLIP,
    PICTURE,
    RECORDING,
    Draw,
    Given,
    Task,
    people_of,
    portrait,
    same_build,
    single_shot,
    with_people,
)
from onereel.backlot.wording import Named


def identity(draw: Draw) -> Task:
    """One to three pictures of characters of the film, taken elsewhere."""
    film = draw.script(with_people(1))
    given: list[Given] = []
    names: list[tuple[int, str]] = []
    for index in people_of(film)[: int(draw.rng.integers(1, 3))]:
        who = film.performers[index].character
        pictures = int(draw.rng.integers(1, 3)) if len(film.performers) == 1 else 1
        numbers = [len(given) + 1 + part for part in range(pictures)]
        for _ in numbers:
            given.append(
                Given(PICTURE, portrait(draw, who), start=round(float(draw.rng.uniform(0, 2)), 2))
            )
        names.append((index, pair_words.subject(draw.in_english, draw.rng, numbers, film, index)))
    caption = draw.tell(film, Named(who=tuple(names)))
    return Task("identity", draw.seed, film, tuple(given), caption, 0.0, film.seconds)


def scene(draw: Draw) -> Task:
    """A picture of the place without anybody, or with others."""
    film = draw.script(with_people(1))
    other = replace(film, unseen=tuple(range(len(film.performers))), lines=(), music=None)
    shot = replace(other.shots[0], start=0.0, camera="static", size="wide", focus=-1)
    picture = Given(PICTURE, replace(other, shots=(shot,)))
    where = pair_words.place(draw.in_english, draw.rng, draw.name(PICTURE, 1))
    return Task(
        "scene", draw.seed, film, (picture,), draw.tell(film, Named(where=where)), 0.0, film.seconds
    )


def style(draw: Draw) -> Task:
    """A picture of something else in the film's style."""
    film = draw.script(lambda script: script.style != "shaded")
    other = replace(draw.script(), style=film.style)
    picture = Given(PICTURE, other, start=1.0)
    look = pair_words.style(draw.in_english, draw.rng, draw.name(PICTURE, 1))
    return Task(
        "style",
        draw.seed,
        film,
        (picture,),
        draw.tell(film, Named(style=look), (1, 2, 2)),
        0.0,
        film.seconds,
    )


def motion(draw: Draw) -> Task:
    """The same movement by other people elsewhere."""
    film = draw.script(lambda one: single_shot(one) and with_people(1)(one))
    source = draw.script()
    shots = tuple(
        replace(
            shot,
            performers=tuple(
                replace(
                    one,
                    character=same_build(one.character, draw_character(draw.rng)),
                    facing=one.facing,
                )
                for one in shot.performers
            ),
        )
        for shot in film.shots
    )
    source = replace(source, shots=shots, lines=(), music=None)
    caption = draw.say(
        "motion",
        video=draw.name(CLIP, 1),
        who=draw.person(film, 0),
        told=draw.tell(film, Named(), (1, 2)),
    )
    return Task(
        "motion",
        draw.seed,
        film,
        (Given(CLIP, source, end=source.seconds),),
        caption,
        0.0,
        film.seconds,
    )


def camera(draw: Draw) -> Task:
    """The same camera, going the same way, on other people elsewhere."""
    film = draw.script(lambda one: single_shot(one) and one.camera != "static")
    way = way_of(film.seed, 0)
    source = draw.script(
        lambda one: single_shot(one) and one.camera == film.camera and way_of(one.seed, 0) == way
    )
    shot = replace(
        source.shots[0], size=film.shot_size if len(source.performers) == 1 else source.shot_size
    )
    source = replace(source, shots=(shot,), lines=(), music=None)
    move = pair_words.camera(draw.in_english, draw.rng, draw.name(CLIP, 1))
    caption = draw.tell(film, Named(camera=move), (2, 3))
    return Task(
        "camera",
        draw.seed,
        film,
        (Given(CLIP, source, end=source.seconds),),
        caption,
        0.0,
        film.seconds,
    )


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
    caption = draw.say(
        "voice",
        told=draw.tell(film, Named(who=((0, name),)), (1, 2)),
        who=name,
        line=text,
        audio=draw.name(RECORDING, 1),
    )
    return Task("voice", draw.seed, film, given, caption, 0.0, film.seconds)


def music(draw: Draw) -> Task:
    """The recording is the film's music; whoever dances keeps its beat."""
    film = draw.script(lambda one: one.music is not None)
    assert film.music is not None
    given = [Given(RECORDING, film, end=film.seconds, stem="music")]
    who = film.performers[0].character
    # A recording comes with a picture or a clip.
    given.insert(
        0, Given(PICTURE, portrait(draw, who) if not KINDS[who.kind].animal else film, start=1.0)
    )
    dances = "dance" in film.performers[0].act
    caption = draw.say(
        "beat" if dances else "music", told=draw.tell(film, Named()), audio=draw.name(RECORDING, 1)
    )
    return Task("music", draw.seed, film, tuple(given), caption, 0.0, film.seconds)


# Frames and time


def first_frame(draw: Draw) -> Task:
    film = draw.script()
    return Task(
        "first_frame",
        draw.seed,
        film,
        (Given(PICTURE, film, "first_frame"),),
        draw.tell(film, Named(), (0, 1, 2)),
        0.0,
        film.seconds,
    )


def first_last_frame(draw: Draw) -> Task:
    film = draw.script()
    last = (frame_count(film) - 1) / FPS
    given = (Given(PICTURE, film, "first_frame"), Given(PICTURE, film, "last_frame", start=last))
    return Task(
        "first_last_frame",
        draw.seed,
        film,
        given,
        draw.tell(film, Named(), (0, 1, 2)),
        0.0,
        film.seconds,
    )


def extend(draw: Draw) -> Task:
    """The film's first part is given, the rest is made."""
    film = _uncut(draw)
    split = _middle(draw, film)
    caption = draw.say("extend", video=draw.name(CLIP, 1), told=draw.tell(film, Named(), (0, 1)))
    return Task(
        "extend", draw.seed, film, (Given(CLIP, film, end=split),), caption, split, film.seconds
    )


def extend_backward(draw: Draw) -> Task:
    """The film's last part is given, what comes before it is made."""
    film = _uncut(draw)
    split = _middle(draw, film)
    caption = draw.say(
        "extend_backward", video=draw.name(CLIP, 1), told=draw.tell(film, Named(), (0, 1))
    )
    return Task(
        "extend_backward",
        draw.seed,
        film,
        (Given(CLIP, film, start=split, end=film.seconds),),
        caption,
        0.0,
        split,
    )


def _uncut(draw: Draw) -> Script:
    """A clip in one shot, twice as long: half of it is given."""
    film = draw.script(single_shot)
    return replace(film, seconds=2 * film.seconds)


def _middle(draw: Draw, film: Script) -> float:
    """A whole number of half seconds around the middle."""
    return (
        round(film.seconds + float(draw.rng.integers(-1, 2)) * (0.5 if film.seconds > 3 else 0.0))
        / 2
    )


def continuation(draw: Draw) -> Task:
    """The next shot, after a cut: the same people, the same place, another view."""
    film = draw.script(lambda one: len(one.shots) == 2)
    film = replace(film, seconds=2 * film.seconds)
    cut = film.shots[1].start * film.seconds
    cut = round(cut * FPS) / FPS
    then = replace(film, shots=(replace(film.shots[1], start=0.0),), lines=())
    caption = draw.say(
        "continuation", video=draw.name(CLIP, 1), told=draw.tell(then, Named(), (1, 2))
    )
    return Task(
        "continuation", draw.seed, film, (Given(CLIP, film, end=cut),), caption, cut, film.seconds
    )


TASKS: dict[str, Callable[[Draw], Task]] = {
    "identity": identity,
    "scene": scene,
    "style": style,
    "motion": motion,
    "camera": camera,
    "voice": voice,
    "music": music,
    "first_frame": first_frame,
    "first_last_frame": first_last_frame,
    "extend": extend,
    "extend_backward": extend_backward,
    "continuation": continuation,
    "add": add,
    "remove": remove,
    "swap": swap,
    "redress": redress,
    "restyle": restyle,
    "relight": relight,
    "weather": weather,
    "resound": resound,
}


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
