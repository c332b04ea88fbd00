"""Makes the sheets of docs/backlot.md: what the Backlot draws, nothing picked over another.

.venv/bin/python docs/backlot_pictures.py [sets light weather styles cameras ratios ...]
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from onereel.backlot.acts import ACTS, EVERYDAY
from onereel.backlot.ambience import bed
from onereel.backlot.captions import captions
from onereel.backlot.cast import rehearse
from onereel.backlot.casting import perform as cast_as
from onereel.backlot.dances import DANCES
from onereel.backlot.foley import contact_sound
from onereel.backlot.light import COVER, TIMES, lighting
from onereel.backlot.music import compose
from onereel.backlot.pairs import TASKS, draw_task
from onereel.backlot.people import ANIMALS, PEOPLE, draw_character
from onereel.backlot.perform import perform
from onereel.backlot.script import CAMERAS, FPS, STYLES, Music, Script, write_script
from onereel.backlot.sets import SETS
from onereel.backlot.shoot import SetUp, block, shoot
from onereel.backlot.singing import Note, sing
from onereel.backlot.stunts import STUNTS
from onereel.backlot.synth import noise_for
from onereel.backlot.voice import say, voice_of

FOLDER = Path(__file__).parent / "images" / "backlot"
SIZE = (384, 216)
SCENES = ((4, "palace", "dusk"), (12, "bamboo", "day"), (17, "harbour", "dawn"))
WIDTH = 1536


def main() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    asked = sys.argv[1:] or list(SHEETS)
    for name in asked:
        SHEETS[name]()
        print(name)


# ---------------------------------------------------------------- the world


def scene(
    seed: int, seconds: float = 0.5, size: tuple[int, int] = SIZE, **changes: object
) -> Script:
    """The first shot of the next seed with people alone, silent, at full size under a static
    camera unless told."""
    scripts = (write_script(number, seconds, *size) for number in range(seed, seed + 999))
    script = next(one for one in scripts if all(p.character.kind in PEOPLE for p in one.performers))
    told = {"camera": "static", "size": "full", "focus": -1, "start": 0.0}
    told |= {key: value for key, value in changes.items() if key in told}
    rest = {key: value for key, value in changes.items() if key not in told}
    shot = replace(script.shots[0], **told)
    return replace(script, shots=(shot,), lines=(), music=None, **rest)


def frame_of(script: Script, seconds: float = 0.4) -> np.ndarray:
    (shot,) = block(script)
    return SetUp(script, shot).draw(min(round(seconds * FPS), len(shot.frames) - 1), False).picture


def save(pictures: Sequence[np.ndarray], columns: int, name: str, width: int = WIDTH) -> None:
    """A grid of pictures of one size."""
    rows = [
        np.concatenate(pictures[start : start + columns], 1)
        for start in range(0, len(pictures), columns)
    ]
    page = Image.fromarray(np.concatenate(rows))
    if page.width > width:
        page = page.resize((width, page.height * width // page.width), Image.Resampling.LANCZOS)
    page.save(FOLDER / f"{name}.jpg", quality=82, optimize=True, progressive=True)


def draw_sets() -> None:
    """Every set by day, each with another seed's performers."""
    pictures = [
        frame_of(scene(20 * number, set=name, time_of_day="day", weather="clear", style="shaded"))
        for number, name in enumerate(SETS)
    ]
    save(pictures, 4, "sets")


def draw_light() -> None:
    places = ("rooftop", "palace", "beach", "street")
    pictures = [
        frame_of(scene(4, set=place, time_of_day=time, weather="clear", style="shaded"))
        for place in places
        for time in TIMES
    ]
    save(pictures, 4, "light")


def draw_weathers() -> None:
    pictures = [
        frame_of(scene(9, set=place, time_of_day="day", weather=weather, style="shaded"))
        for place in ("meadow", "street", "rooftop")
        for weather in COVER
    ]
    save(pictures, 6, "weather")


def draw_styles() -> None:
    pictures = [
        frame_of(scene(seed, set=place, time_of_day=time, weather="clear", style=style))
        for seed, place, time in (
            (4, "palace", "dusk"),
            (12, "bamboo", "day"),
            (17, "harbour", "dawn"),
        )
        for style in STYLES
    ]
    save(pictures, 3, "styles")


def draw_cameras() -> None:
    """Five moments of each camera move."""
    pictures = []
    for camera in CAMERAS:
        script = scene(
            4, 3.0, (320, 180), set="market", time_of_day="dusk", weather="clear", style="shaded",
            camera=camera,
        )  # fmt: skip
        (shot,) = block(script)
        setup = SetUp(script, shot)
        pictures += [setup.draw(index, False).picture for index in (2, 13, 24, 45, 70)]
    save(pictures, 5, "cameras", 1280)


def draw_ratios() -> None:
    """The six ratios, side by side on one height."""
    pictures = []
    for width, height in ((21, 9), (16, 9), (4, 3), (1, 1), (3, 4), (9, 16)):
        wide = round(240 * width / height / 2) * 2
        script = scene(
            15, size=(wide, 240), set="forest", time_of_day="dawn", weather="clear", style="shaded"
        )
        pictures.append(frame_of(script))
        pictures.append(np.full((240, 8, 3), 255, np.uint8))
    save([np.concatenate(pictures[:-1], 1)], 1, "ratios")


# ---------------------------------------------------------------- pairs and sound


def labelled(picture: np.ndarray, text: str, height: int = 30) -> np.ndarray:
    """The picture under a line or two of text."""
    strip = Image.new("RGB", (picture.shape[1], height), (16, 17, 21))
    font = ImageFont.load_default(size=15)
    ImageDraw.Draw(strip).text((8, (height - 18) // 2), text, fill=(232, 232, 236), font=font)
    return np.concatenate([np.asarray(strip), picture])


def draw_pairs() -> None:
    """A task a row: what is given (framed), moments of the film, and the last one's mask."""
    rows = []
    for number, name in enumerate(TASKS):
        seeds = range(40 + 37 * number, 2000)
        seed = next(one for one in seeds if draw_task(one, name).caption.isascii())
        task = draw_task(seed, name, 2.0, (320, 180))
        done = perform(task)
        given = [one.frames for one in done.given if one.frames is not None][:2]
        cells = [framed(one[len(one) // 2]) for one in given]
        mask = done.mask if done.mask is not None and done.mask.any() else None
        count = 6 - len(cells) - (mask is not None)
        moments = np.linspace(0, len(done.frames) - 1, count).astype(int)
        cells += [done.frames[moment] for moment in moments]
        if mask is not None:
            shade = 40 + 200 * mask[moments[-1]].astype(np.uint8)
            cells.append(np.repeat(shade[..., None], 3, axis=2))
        caption = task.caption.replace("\n", " ")
        shown = caption if len(caption) < 205 else caption[:202] + "..."
        rows.append(labelled(np.concatenate(cells, 1), f"{name}:  {shown}"))
    save(rows[: len(rows) // 2], 1, "pairs-1")
    save(rows[len(rows) // 2 :], 1, "pairs-2")


def framed(picture: np.ndarray) -> np.ndarray:
    picture = picture.copy()
    for edge in (picture[:4], picture[-4:], picture[:, :4], picture[:, -4:]):
        edge[:] = (240, 180, 60)
    return picture


def spectrogram_of(sound: np.ndarray, width: int = 760, height: int = 170) -> np.ndarray:
    """(height, width, 3): 0 to 12 kHz upwards, 70 dB from dark to bright."""
    mono = sound.mean(axis=1) if sound.ndim == 2 else sound
    window = np.hanning(512)
    starts = np.linspace(0, len(mono) - 512, width).astype(int)
    frames = np.stack([mono[start : start + 512] * window for start in starts])
    level = 20 * np.log10(np.abs(np.fft.rfft(frames)) + 1e-6).T[::-1]
    shade = np.clip((level - level.max() + 70) / 70, 0, 1) ** 1.3
    small = Image.fromarray((255 * shade).astype(np.uint8)).resize((width, height))
    ramps = ((8, 90, 240, 255), (8, 30, 110, 250), (20, 120, 70, 200))
    colours = np.stack([np.interp(np.arange(256), (0, 90, 180, 255), one) for one in ramps], axis=1)
    return colours[np.asarray(small)].astype(np.uint8)


def draw_sounds() -> None:
    """Typical sounds alone, then whole mixes."""
    voice, child = voice_of("adult", "f", 2), voice_of("child", "m", 2)
    pitches = (220, 277, 330, 370, 330, 277, 247, 220)
    notes = tuple(Note(0.45 * i, 0.45, pitch) for i, pitch in enumerate(pitches))

    def row(kinds: Sequence[str], surfaces: Sequence[str]) -> np.ndarray:
        mix = np.zeros(4 * 24000, np.float32)
        for number, (kind, surface) in enumerate(zip(kinds, surfaces, strict=True)):
            sound = contact_sound(kind, surface, 1.0, noise_for(number))
            room = mix[12000 * number :]
            room[: len(sound)] += sound[: len(room)]
        return mix

    steps = ("stone", "wood", "grass", "sand", "snow", "metal", "tile", "water")
    hits = ("clap", "hit", "punch", "kick", "block", "ball", "drum", "sword")
    cries = ("bark", "growl", "meow", "meow", "tweet", "neigh", "neigh", "hoof")
    sounds = {
        "footsteps: " + ", ".join(steps): row(["step"] * 8, steps),
        ", ".join(hits): row(hits, ["stone"] * 8),
        "dog, cat, bird, horse": row(cries, ["stone"] * 8),
        "said: The rain is falling, let's go home.": say(
            "The rain is falling, let's go home.", "en", voice).sound,
        "said in Mandarin by a child: Ni hao, wo zai zheli deng ni.": say(
            "你好，我在这里等你。", "zh", child).sound,
        "sung: Dance with me under the moon": sing(
            "Dance with me under the moon", "en", voice, notes).sound,
        "music, festive, 120 beats a minute": compose(Music("festive", 120.0, 7), 96000),
        "music, calm, 76 beats a minute": compose(Music("calm", 76.0, 7), 96000),
        "sea": bed(("waves",), 3, 96000),
        "night insects": bed(("insects",), 3, 96000),
    }  # fmt: skip
    said = ((seed, captions(write_script(seed, 4.0, 96, 64))["en"][2]) for seed in range(1, 99))
    for seed, words in islice((one for one in said if one[1].isascii()), 2):
        mix = shoot(write_script(seed, 4.0, 96, 64)).sound
        sounds[f"whole mix of seed {seed}: {words}"[:100]] = mix
    cells = [labelled(spectrogram_of(sound), name) for name, sound in sounds.items()]
    save(cells, 2, "sounds")


# ---------------------------------------------------------------- the cast


def on_paper(performers: tuple, seconds: float, size: tuple[int, int], zoom: float,
             times: Sequence[float], face: bool = False) -> list[np.ndarray]:  # fmt: skip
    """Moments (of 0..1 of `seconds`) of an act before a plain ground, middle or face in view."""
    count = max(2, round(FPS * seconds) + 1)
    found = rehearse(performers, np.arange(count) / FPS, lighting("day", "clear"), 0.9)
    pictures = []
    for share in times:
        frame = min(count - 1, round(share * (count - 1)))
        picture = np.full((size[1], size[0], 3), (206, 226, 236), np.uint8)
        ground = round(size[1] * 0.88)
        x, y = size[0] / 2 - found.middle[frame] * zoom, float(ground)
        if face:
            head = found.joints[frame, 0, 0]
            x, y = size[0] / 2 - head[0] * zoom, size[1] * 0.45 - head[1] * zoom
        else:
            picture[ground - 4 :] = (178, 203, 172)
        for cel in found.cels(zoom, x, y, size, frame):
            height, width = cel.pixels.shape[:2]
            part = picture[cel.top : cel.top + height, cel.left : cel.left + width]
            clear = 255 - cel.pixels[..., 3:].astype(np.uint16)
            part[:] = part * clear // 255 + cel.pixels[..., 2::-1]
        pictures.append(picture)
    return pictures


def draw_cast_sheet() -> None:
    """Three dozen characters as they are drawn by lot, and animals."""
    pictures, rng = [], np.random.default_rng(1)
    for index in range(36):
        kinds = ANIMALS if index >= 32 else PEOPLE
        kind = kinds[index % len(kinds)]
        who = draw_character(rng, (kind,))
        act = "rests" if who.kind in ANIMALS else ("stands", "waves", "thinks", "bows")[index % 4]
        zoom = 150 if who.kind not in ANIMALS else 120 / who.scale**0.8
        one = cast_as(who, act, 0.3, 0.0, 1, 1.0)
        pictures += on_paper((one,), 1.0, (170, 200), zoom, (0.5 if act != "bows" else 0.0,))
    save(pictures, 9, "cast")


def draw_faces() -> None:
    rng, pictures = np.random.default_rng(2), []
    acts = ("laughs", "cries", "punches", "thinks", "cheers", "sings", "drinks", "reads")
    for index in range(16):
        who = draw_character(rng, (PEOPLE[index % len(PEOPLE)],))
        one = cast_as(who, acts[index % 8], 0.2, 0.0, 1 if index % 3 else -1, 1.0)
        zoom = 640 / who.scale * (1.0 if who.scale > 0.8 else 0.85)
        pictures += on_paper((one,), 1.0, (240, 240), zoom, (0.4,), face=True)
    save(pictures, 8, "faces")


def draw_acts(names: Sequence[str], sheet: str) -> None:
    """Six moments of each act."""
    pictures = []
    for index, name in enumerate(names):
        act, rng = ACTS[name], np.random.default_rng(index)
        kinds = (
            (act.kinds[index % len(act.kinds)],) if act.kinds else (PEOPLE[index % len(PEOPLE)],)
        )
        who, other = draw_character(rng, kinds), draw_character(rng, ("woman", "man"))
        performers = (cast_as(who, name, 0.0, 0.0, 1, 1.0),)
        if act.two:
            performers = (*performers, cast_as(other, name, 0.0, 0.0, -1, 1.0, 1))
        tall = max(one.character.scale for one in performers)
        zoom = min(107 / max(1.0, act.reach), 74 / (act.span + 0.1)) / tall
        row = on_paper(performers, act.period, (128, 138), zoom, np.arange(6) / 6)
        pictures.append(labelled(np.concatenate(row, 1), name, 24))
    pictures += [np.full_like(pictures[0], 24)] * (len(pictures) % 2)
    save(pictures, 2, sheet)


def draw_all_acts() -> None:
    draw_acts([act.name for act in EVERYDAY], "acts")
    draw_acts([act.name for act in (*STUNTS, *DANCES)], "stunts")
    draw_acts([name for name, act in ACTS.items() if act.two or act.kinds], "acts-two")


SHEETS: dict[str, Callable[[], None]] = {
    "cast": draw_cast_sheet,
    "faces": draw_faces,
    "acts": draw_all_acts,
    "pairs": draw_pairs,
    "sounds": draw_sounds,
    "sets": draw_sets,
    "light": draw_light,
    "weather": draw_weathers,
    "styles": draw_styles,
    "cameras": draw_cameras,
    "ratios": draw_ratios,
}

if __name__ == "__main__":
    main()
