"""Who there can be: kinds of people, their colours, and a character drawn by lot.

A kind is one entry in `KINDS`, an outfit one in outfits.py, a hair style one in hair.py, an animal
one in animal_acts.py. Called from script.py (choice), cast.py and face.py (drawing), captions.py
(words).
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
    seed: int  # blinking and small habits
    second_colour: str = "white"  # of trousers, sashes and trims
    accessory: str = ""  # a key of outfits.ACCESSORIES
    eyes: str = "brown"
    voice_seed: int = 0


@dataclass(frozen=True)
class Performer:
    """A character in a shot. `start_x` is in half picture widths from the centre."""

    character: Character
    act: str
    start_x: float
    facing: int  # +1 to the right, -1 to the left
    tempo: float
    phase: float  # of the act's cycle, at the first frame of the shot
    role: int = 0  # in an act for two: 0 leads, 1 answers


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
    age: str = "adult"  # child, adult, elder
    sex: str = ""  # f, m, or neither
    animal: bool = False

    @property
    def old(self) -> bool:
        return self.age == "elder"


HIS = ("short", "spiky", "curly", "bowl", "swept", "buzz", "topknot", "bald")
HERS = ("long", "ponytail", "bun", "bob", "braids", "wavy", "braid", "curly", "afro")
EVERYDAY = ("tee", "jacket", "hoodie", "coat", "suit", "overalls", "sweater")
HISTORY = ("robe", "hanfu", "armour", "martial")
FUR = ("black", "brown", "blond", "white", "grey", "red")

KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind("boy", ("boy", "little boy", "young boy"), ("男孩", "小男孩", "少年"), (0.70, 0.78),
             (0.95, 1.12), ("short", "spiky", "bowl", "curly", "swept", "afro", "buzz"),
             ("tee", "tee", "hoodie", "overalls", "school", "sweater", "martial", "coat", "robe"),
             245.0, "child", "m"),
        Kind("girl", ("girl", "little girl", "young girl"), ("女孩", "小女孩", "小姑娘"),
             (0.68, 0.77), (0.92, 1.04),
             ("ponytail", "bob", "long", "buns", "braids", "wavy", "afro", "pigtails"),
             ("dress", "dress", "tee", "overalls", "school", "hanfu", "sweater", "coat", "dance"),
             285.0, "child", "f"),
        Kind("man", ("man", "young man", "guy"), ("男人", "年轻男子", "男子"), (0.98, 1.06),
             (0.96, 1.2), HIS[:-1], (*EVERYDAY, *HISTORY, "work", "dance"), 118.0, "adult", "m"),
        Kind("woman", ("woman", "young woman", "lady"), ("女人", "年轻女子", "女子"),
             (0.92, 1.0), (0.88, 1.04), HERS,
             (*EVERYDAY, *HISTORY, "dress", "dress", "dance", "work"), 205.0, "adult", "f"),
        Kind("elder", ("old man", "grandfather", "elderly man"), ("老爷爷", "老人", "老先生"),
             (0.86, 0.94), (1.0, 1.24), ("bald", "short", "topknot"),
             ("robe", "jacket", "sweater", "coat", "martial", "suit"), 100.0, "elder", "m"),
        Kind("granny", ("old woman", "grandmother", "elderly woman"),
             ("老奶奶", "老婆婆", "老太太"), (0.8, 0.88), (1.0, 1.24), ("bun", "bob", "wavy"),
             ("dress", "sweater", "coat", "robe", "hanfu"), 180.0, "elder", "f"),
        Kind("robot", ("robot", "humanoid robot", "android"), ("机器人", "小机器人", "智能机器人"),
             (0.74, 0.95), (1.0, 1.2), ("none",), ("robot",), 160.0),
        Kind("dog", ("dog", "puppy", "pet dog"), ("狗", "小狗", "狗狗"), (0.42, 0.55), (0.9, 1.15),
             FUR, ("collar",), 300.0, animal=True),
        Kind("cat", ("cat", "kitty", "house cat"), ("猫", "小猫", "猫咪"), (0.33, 0.4), (0.9, 1.15),
             FUR, ("collar",), 420.0, animal=True),
        Kind("bird", ("bird", "little bird", "songbird"), ("鸟", "小鸟", "鸟儿"), (0.22, 0.28),
             (0.95, 1.1), ("plain",), ("feathers",), 900.0, animal=True),
        Kind("horse", ("horse", "pony", "saddled horse"), ("马", "小马", "骏马"), (1.15, 1.35),
             (0.95, 1.1), FUR, ("saddle",), 140.0, animal=True),
    )
}  # fmt: skip
PEOPLE = tuple(name for name, kind in KINDS.items() if not kind.animal)
ANIMALS = tuple(name for name, kind in KINDS.items() if kind.animal)

OUTFIT_COLOURS: dict[str, int] = {
    "red": 0xDF3B41,
    "orange": 0xF58426,
    "yellow": 0xF7C52C,
    "green": 0x3BA556,
    "blue": 0x3273D6,
    "purple": 0x8753C6,
    "pink": 0xF283B3,
    "white": 0xF2F1EC,
}
SKINS: dict[str, int] = {
    "light": 0xFFE0C9,
    "fair": 0xF9CFAC,
    "tan": 0xE0A87C,
    "brown": 0xAD744E,
    "dark": 0x7D5139,
}
HAIR_COLOURS: dict[str, int] = {
    "black": 0x2D2735,
    "brown": 0x6D432B,
    "blond": 0xE7BB61,
    "red": 0xBC5230,
    "white": 0xECEAE8,
    "grey": 0x9A98A2,
}
EYES: dict[str, int] = {
    "brown": 0x6B4226,
    "blue": 0x2F7FD0,
    "green": 0x3C9460,
    "grey": 0x66748C,
    "amber": 0xB87420,
}
TROUSERS = (0x38456F, 0x51423C, 0x43606B, 0x35364A, 0x6E6A5E)
METAL = 0xB9C4D0


def draw_character(rng: np.random.Generator, kinds: tuple[str, ...] = PEOPLE) -> Character:
    kind = KINDS[pick(rng, kinds)]
    skin = pick(rng, tuple(SKINS))
    style = pick(rng, kind.hair_styles)
    hair = pick(rng, ("black", "black", "brown", "blond", "red"))
    outfit = pick(rng, kind.outfits)
    colour = pick(rng, tuple(OUTFIT_COLOURS))
    second = pick(rng, tuple(OUTFIT_COLOURS))
    scale = float(rng.uniform(*kind.scales))
    build = float(rng.uniform(*kind.builds))
    seed = int(rng.integers(1 << 31))
    accessory = pick(rng, ("", "", "", "glasses", "scarf", "hat", "backpack", "headband", "cape"))
    eyes = pick(rng, tuple(EYES))
    if kind.old:
        hair = pick(rng, ("white", "grey"))
    if kind.animal:
        hair = style if style in HAIR_COLOURS else "brown"
    if second == colour:
        second = "white" if colour != "white" else "blue"
    if kind.animal or kind.name == "robot":
        accessory = ""
    if outfit in ("armour", "hanfu", "robe") and accessory in ("backpack", "hat", "scarf"):
        accessory = ""
    return Character(
        kind.name, skin, style, hair, outfit, colour, scale, build, seed, second, accessory, eyes,
        seed,
    )  # fmt: skip


def pick(rng: np.random.Generator, options: tuple[str, ...]) -> str:
    """Repeats in `options` are weights."""
    return options[int(rng.integers(len(options)))]
