"""Light of a clip: what the time of day and the weather do to sky, set and skin.

- `lighting(time, weather)` gives one `Light`; sets and cast ask it to shade their colours.
- Haze pulls far things towards the colour of the low sky (depth).

Called from shoot.py, sets.py, cast.py, face.py.
"""

from dataclasses import dataclass, replace
from functools import lru_cache

from onereel.backlot.brush import mix, multiply

LINE = 0.0105  # outline width of a grown-up, world units


def line_of(scale: float) -> float:
    """Outline width of an animal `scale` high: a bird with a grown-up's would be all outline."""
    return LINE * min(1.0, scale / 0.9) ** 0.5


@dataclass(frozen=True)
class Light:
    time: str
    sky_top: int
    sky_middle: int
    sky_low: int
    tint: int  # multiplied into everything
    haze: int
    sun: int
    sun_place: tuple[float, float]  # half picture heights right of the centre, part of the height
    rim: int
    rim_strength: float
    shadow: float
    lamps: bool
    direct: int  # colour of sun, moon or lamp on what it meets
    ambient: int  # multiplied into what the direct light does not meet
    softness: float = 0.0  # 0 hard sun with long shadows, 1 an overcast sky

    def shade(self, colour: int, haze: float = 0.0) -> int:
        return shaded(colour, self.tint, self.haze, haze)

    def lit(self, colour: int, haze: float = 0.0, amount: float = 0.45) -> int:
        """The side that looks at the sun."""
        base = shaded(colour, self.tint, self.haze, 0.0)
        return mix(mix(base, self.direct, amount * (1.0 - 0.5 * self.softness)), self.haze, haze)

    def dark(self, colour: int, haze: float = 0.0, amount: float = 1.0) -> int:
        """The side that looks away from the sun."""
        base = shaded(colour, self.tint, self.haze, 0.0)
        shadowed = mix(base, multiply(base, self.ambient), amount * (1.0 - 0.35 * self.softness))
        return mix(shadowed, self.haze, haze)

    @property
    def side(self) -> int:
        """+1 where the light comes from the right, -1 from the left."""
        return 1 if self.sun_place[0] > 0 else -1

    @property
    def key(self) -> float:
        """Where the main light comes from, -1 left to +1 right."""
        return 0.65 * self.side


@lru_cache(maxsize=16384)
def shaded(colour: int, tint: int, haze_colour: int, haze: float) -> int:
    return mix(multiply(colour, tint), haze_colour, haze)


TIMES: dict[str, Light] = {
    "dawn": Light(
        "dawn", 0x6D94D6, 0xEFBCC6, 0xFFE4B4, 0xFFE7DB, 0xFAD6C4, 0xFFF3D0, (-0.75, 0.44),
        0xFFD9A0, 0.5, 0.24, False, 0xFFE3B0, 0x8C84C0,
    ),
    "day": Light(
        "day", 0x2F86DE, 0x74BFF5, 0xD2EEFF, 0xFFFFFF, 0xC6E6F8, 0xFFFBE6, (0.95, 0.13),
        0xFFFFFF, 0.35, 0.3, False, 0xFFF6D2, 0x7E8CC8,
    ),
    "dusk": Light(
        "dusk", 0x3A3680, 0xCF5F8E, 0xFFB768, 0xFFC6AE, 0xE98F80, 0xFFE29A, (0.7, 0.5),
        0xFFAE5C, 0.75, 0.28, True, 0xFFC27A, 0x6A55A6,
    ),
    "night": Light(
        "night", 0x081033, 0x172A66, 0x35509A, 0x8796DC, 0x2E4384, 0xF4F1DC, (0.72, 0.17),
        0x9DC0FF, 0.6, 0.3, True, 0xB9CCFF, 0x4A52A0,
    ),
}  # fmt: skip
GREYS = {"dawn": 0xC0BBC6, "day": 0xAEBDCA, "dusk": 0x7F6C8A, "night": 0x20294E}
# How much each weather covers the sky, and pulls the air towards grey.
COVER = {"clear": 0.0, "petals": 0.0, "wind": 0.3, "snow": 0.5, "rain": 0.72, "fog": 0.8}


def lighting(time_of_day: str, weather: str) -> Light:
    light, cover = TIMES[time_of_day], COVER[weather]
    if cover == 0.0:
        return light
    grey = GREYS[time_of_day]
    if weather == "fog":
        grey = mix(grey, light.sky_low, 0.45)
    return replace(
        light,
        sky_top=mix(light.sky_top, mix(grey, multiply(grey, 0xB8C4DC), 0.6), cover),
        sky_middle=mix(light.sky_middle, grey, cover),
        sky_low=mix(light.sky_low, mix(grey, 0xFFFFFF, 0.12), cover * 0.8),
        haze=mix(light.haze, grey, cover * 0.8),
        tint=mix(light.tint, multiply(light.tint, 0xC4D0E4), cover),
        direct=mix(light.direct, light.tint, cover),
        rim_strength=light.rim_strength * (1 - 0.7 * cover),
        shadow=light.shadow * (1 - 0.5 * cover),
        softness=cover,
    )


def indoor(light: Light) -> Light:
    """Under lamps: warm and even, whatever the hour outside."""
    warm = {"dawn": 0.35, "day": 0.25, "dusk": 0.6, "night": 0.62}[light.time]
    return replace(
        light,
        tint=mix(light.tint, 0xFFF0DC, warm),
        haze=mix(light.haze, 0xFFE6C4, 0.6),
        direct=mix(light.direct, 0xFFE2AE, 0.6),
        ambient=mix(light.ambient, 0xB09AB8, 0.5),
        rim_strength=light.rim_strength * 0.7,
        shadow=light.shadow * 0.8,
        softness=max(light.softness, 0.35),
    )
