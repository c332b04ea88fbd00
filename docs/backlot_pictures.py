"""Makes the sheets of docs/backlot.md: what the Backlot draws, nothing picked over another.

.venv/bin/python docs/backlot_pictures.py [sets light weather styles cameras ratios ...]
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from PIL import Image

from onereel.backlot.light import COVER, TIMES
from onereel.backlot.script import CAMERAS, FPS, STYLES, Script, write_script
from onereel.backlot.sets import SETS
from onereel.backlot.shoot import SetUp, block

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
    """The first shot of a seed, silent, at full size under a static camera unless told."""
    script = write_script(seed, seconds, *size)
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
    page.save(FOLDER / f"{name}.jpg", quality=84, optimize=True)


def draw_sets() -> None:
    """Every set by day, each with another seed's performers."""
    pictures = [
        frame_of(scene(11 + number, set=name, time_of_day="day", weather="clear", style="shaded"))
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


SHEETS: dict[str, Callable[[], None]] = {
    "sets": draw_sets,
    "light": draw_light,
    "weather": draw_weathers,
    "styles": draw_styles,
    "cameras": draw_cameras,
    "ratios": draw_ratios,
}

if __name__ == "__main__":
    main()
