"""The colours of one performer in one light, worked out once for a shot.

Called from cast.py, face.py, hair.py, outfits.py, things.py and animals.py.
"""

from dataclasses import dataclass, replace

from onereel.backlot.brush import mix, multiply
from onereel.backlot.light import Light
from onereel.backlot.people import EYES, HAIR_COLOURS, METAL, OUTFIT_COLOURS, SKINS, Character


@dataclass(frozen=True)
class Look:
    light: Light
    skin: int
    hair: int
    outfit: int
    second: int
    white: int
    eyes: int
    metal: int
    shoes: int
    lamp: tuple[float, float]  # unit vector in the picture towards the main light

    def shade(self, colour: int) -> int:
        return self.light.shade(colour)

    def dark(self, colour: int, amount: float = 1.0) -> int:
        """Where the light does not reach: darker, and cooler as the sky."""
        ambient = mix(0x8D83C4, self.light.ambient, 0.5)
        return mix(colour, multiply(colour, ambient), amount * 0.62)

    def far(self, colour: int) -> int:
        """The limb on the far side of the body."""
        return self.dark(colour, 0.55)

    def lit(self, colour: int, amount: float = 1.0) -> int:
        return mix(colour, self.light.direct, 0.28 * amount)


def make_look(who: Character, light: Light) -> Look:
    # Faces stay readable in the dark: performers take less of the tint than the set.
    light = replace(light, tint=mix(light.tint, 0xFFFFFF, 0.35))
    robot = who.kind == "robot"
    skin = METAL if robot else SKINS[who.skin]
    pale = who.outfit_colour in ("white", "yellow")
    side = light.key
    height = (1.0 - side * side) ** 0.5
    return Look(
        light,
        skin=light.shade(skin),
        hair=light.shade(HAIR_COLOURS[who.hair_colour]),
        outfit=light.shade(OUTFIT_COLOURS[who.outfit_colour]),
        second=light.shade(mix(OUTFIT_COLOURS[who.second_colour], 0x6A6478, 0.12)),
        white=light.shade(0xFFFFFF),
        eyes=light.shade(EYES[who.eyes]),
        metal=light.shade(METAL),
        shoes=light.shade(0xB5503F if pale else 0x463B4E),
        lamp=(side, -height),
    )
