"""Light of a clip: what the time of day and the weather do to sky, set and skin.

- `lighting(time, weather)` gives one `Light`; sets and cast ask it to shade their colours.
- Haze pulls far things towards the colour of the low sky (depth).

Called from shoot.py, sets.py, cast.py, face.py.
"""

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from onereel.backlot.brush import linear, mix, multiply

LINE = 0.0105  # outline width, in body heights


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

    def shade(self, colour: int, haze: float = 0.0) -> int:
        return shaded(colour, self.tint, self.haze, haze)


@lru_cache(maxsize=8192)
def shaded(colour: int, tint: int, haze_colour: int, haze: float) -> int:
    return mix(multiply(colour, tint), haze_colour, haze)


TIMES: dict[str, Light] = {
    "dawn": Light(
        "dawn", 0x7FA8D9, 0xF2C2C8, 0xFFE3B8, 0xFFE9DC, 0xF9D3C4, 0xFFF3D0, (-0.75, 0.42),
        0xFFD9A0, 0.5, 0.22, False,
    ),
    "day": Light(
        "day", 0x3E9BEA, 0x83C8F7, 0xD8F1FF, 0xFFFFFF, 0xCDEBFA, 0xFFFBE6, (0.95, 0.14),
        0xFFFFFF, 0.35, 0.28, False,
    ),
    "dusk": Light(
        "dusk", 0x3F3A7E, 0xD4638C, 0xFFB765, 0xFFC9B2, 0xE58A86, 0xFFE29A, (0.7, 0.46),
        0xFFAE5C, 0.75, 0.26, True,
    ),
    "night": Light(
        "night", 0x0B1238, 0x1C2A63, 0x3A4E8F, 0x8C9CDA, 0x31427F, 0xF4F1DC, (0.72, 0.17),
        0x9DC0FF, 0.6, 0.3, True,
    ),
}  # fmt: skip


def lighting(time_of_day: str, weather: str) -> Light:
    light = TIMES[time_of_day]
    if weather == "clear":
        return light
    grey = {"dawn": 0xB9B6C2, "day": 0xA9B9C6, "dusk": 0x7A6A86, "night": 0x222A4C}[time_of_day]
    amount = 0.62 if weather == "rain" else 0.45
    return replace(
        light,
        sky_top=mix(light.sky_top, grey, amount),
        sky_middle=mix(light.sky_middle, grey, amount),
        sky_low=mix(light.sky_low, grey, amount * 0.7),
        haze=mix(light.haze, grey, amount * 0.7),
        tint=mix(light.tint, multiply(light.tint, 0xCBD6E4), 0.75),
        rim_strength=light.rim_strength * 0.4,
        shadow=light.shadow * 0.7,
    )


@dataclass(frozen=True)
class Look:
    """The colours of one performer in one light; built once for a shot."""

    skin: int
    hair: int
    outfit: int
    trousers: int
    shoes: int
    metal: int
    trim: int
    white: int
    rim: int
    rim_strength: float

    def dim(self, colour: int, amount: float) -> int:
        """The far side of the body: darker and cooler."""
        if amount == 1.0:
            return colour
        return mix(colour, multiply(colour, 0x6A62A8), (1 - amount) * 2.4)

    def lit(self, colour: int) -> int:
        return mix(colour, self.rim, 0.25 + 0.4 * self.rim_strength)

    @property
    def cloth(self) -> Any:
        return self.round(self.outfit, 0.15)

    def round(self, colour: int, radius: float) -> Any:
        """A gradient across a rounded body part: shade on the left, light on the right."""
        shade = mix(colour, multiply(colour, 0x7468B0), 0.55)
        stops = ((0.0, shade, 1.0), (0.45, colour, 1.0), (0.75, colour, 1.0))
        return linear((-radius, 0.0), (radius, -radius * 0.3), *stops, (1.0, self.lit(colour), 1.0))
