"""Who there can be: kinds of people, their colours, and a character drawn by lot.

A kind is one entry in `KINDS`. Called from script.py (choice), cast.py and face.py (drawing) and
captions.py (words).
"""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Character:
    """Who somebody is: the same character can be filmed again anywhere."""

    kind: str
    skin: str
    hair_style: str
    hair_colour: str
    outfit: str
    outfit_colour: str
    scale: float  # height in adult heights
    build: float  # width of the body, 1 is average
    seed: int  # blinking, voice and small habits


@dataclass(frozen=True)
class Kind:
    name: str
    en: tuple[str, ...]
    zh: tuple[str, ...]
    scales: tuple[float, float]
    builds: tuple[float, float]
    hair_styles: tuple[str, ...]
    outfits: tuple[str, ...]
    voice: float  # Hz
    old: bool = False


KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind("boy", ("boy", "little boy", "young boy"), ("男孩", "小男孩"), (0.76, 0.84),
             (0.95, 1.1), ("short", "spiky", "bowl", "curly"), ("shorts",), 245.0),
        Kind("girl", ("girl", "little girl", "young girl"), ("女孩", "小女孩"), (0.74, 0.83),
             (0.92, 1.02), ("ponytail", "bob", "long", "buns"), ("dress",), 285.0),
        Kind("man", ("man", "young man"), ("男人", "年轻男子"), (0.98, 1.06),
             (1.0, 1.18), ("short", "spiky", "curly", "bowl"), ("jacket", "jacket", "robe"), 118.0),
        Kind("woman", ("woman", "young woman"), ("女人", "年轻女子"), (0.93, 1.0),
             (0.9, 1.0), ("long", "ponytail", "bun", "bob"), ("dress", "jacket", "robe"), 205.0),
        Kind("elder", ("old man", "grandfather", "elderly man"), ("老爷爷", "老人"), (0.88, 0.95),
             (1.02, 1.18), ("bald",), ("robe", "jacket"), 100.0, True),
        Kind("robot", ("robot", "humanoid robot"), ("机器人", "小机器人"), (0.82, 0.95),
             (1.05, 1.2), ("none",), ("robot",), 160.0),
    )
}  # fmt: skip

OUTFIT_COLOURS: dict[str, int] = {
    "red": 0xE2383F,
    "orange": 0xF58220,
    "yellow": 0xF9C926,
    "green": 0x35A852,
    "blue": 0x2F72DE,
    "purple": 0x8A4FCF,
    "pink": 0xF77FB0,
    "white": 0xF4F4F0,
}
SKINS: dict[str, int] = {
    "light": 0xFFDDC4,
    "fair": 0xF8CBA6,
    "tan": 0xDDA276,
    "brown": 0xA86E47,
    "dark": 0x754A32,
}
HAIR_COLOURS: dict[str, int] = {
    "black": 0x2A2530,
    "brown": 0x6B4026,
    "blond": 0xE9BC5B,
    "red": 0xBF4F26,
    "white": 0xECEAE6,
}
TROUSERS = (0x34406B, 0x4A3C38, 0x3D5560, 0x2E2F3C)
METAL = 0xB9C4D0


def draw_character(rng: np.random.Generator) -> Character:
    kind = KINDS[pick(rng, tuple(KINDS))]
    skin = pick(rng, tuple(SKINS))
    style = pick(rng, kind.hair_styles)
    hair = pick(rng, ("black", "black", "brown", "blond", "red"))
    outfit = pick(rng, kind.outfits)
    colour = pick(rng, tuple(OUTFIT_COLOURS))
    scale = float(rng.uniform(*kind.scales))
    build = float(rng.uniform(*kind.builds))
    seed = int(rng.integers(1 << 31))
    if kind.old:
        hair = "white"
    return Character(kind.name, skin, style, hair, outfit, colour, scale, build, seed)


def pick(rng: np.random.Generator, options: tuple[str, ...]) -> str:
    """Repeats in `options` are weights."""
    return options[int(rng.integers(len(options)))]
