"""The sets: where a clip can take place.

- A set is one function that returns its layers (nature.py, town.py) plus one entry in `SETS`.
- The entry says what the ground is, what can be heard, when and in what weather, and its words.

Called from script.py, shoot.py, sound.py, captions.py.
"""

from collections.abc import Callable
from dataclasses import dataclass

from onereel.backlot.nature import bamboo, beach, meadow, snow_mountain
from onereel.backlot.scenery import Layer, Stage
from onereel.backlot.town import rooftop, room, street


@dataclass(frozen=True)
class Place:
    name: str
    layers: Callable[[Stage], tuple[Layer, ...]]
    surface: str
    ambience: tuple[str, ...]
    en: tuple[str, ...]
    zh: tuple[str, ...]
    times: tuple[str, ...] = ("dawn", "day", "day", "dusk", "night")
    weathers: tuple[str, ...] = ("clear", "clear", "clear", "rain")
    indoors: bool = False


SETS: dict[str, Place] = {
    place.name: place
    for place in (
        Place("meadow", meadow, "grass", ("birds", "wind"),
              ("a green meadow", "a grassy meadow with hills", "a field with rolling hills"),
              ("绿色的草地", "青山下的草地", "开满小花的草地")),
        Place("street", street, "concrete", ("city",),
              ("a city street", "a street with shops", "a town street"),
              ("城市街道", "有商店的街道", "街边"), times=("day", "dusk", "dusk", "night")),
        Place("beach", beach, "sand", ("waves",),
              ("a beach", "a sandy beach by the sea", "the seaside"),
              ("海滩", "海边的沙滩", "海边"), weathers=("clear",)),
        Place("bamboo", bamboo, "grass", ("birds", "leaves"),
              ("a bamboo grove", "a bamboo forest", "a green bamboo grove"),
              ("竹林", "翠绿的竹林", "竹林深处")),
        Place("rooftop", rooftop, "concrete", ("wind", "city"),
              ("a rooftop", "a city rooftop", "a rooftop above the city"),
              ("屋顶", "城市的屋顶", "楼顶天台")),
        Place("snow mountain", snow_mountain, "snow", ("wind",),
              ("a snowy mountain", "the snowy mountains", "a mountain covered in snow"),
              ("雪山", "雪山脚下", "白雪覆盖的山"), weathers=("clear", "snow", "snow")),
        Place("room", room, "wood", ("room",),
              ("a room", "a cosy room", "a living room"),
              ("房间", "温馨的房间", "客厅"), times=("day", "dusk", "night"),
              weathers=("clear",), indoors=True),
    )
}  # fmt: skip
