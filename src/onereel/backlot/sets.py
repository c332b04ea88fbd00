"""The sets: where a clip can take place.

- A set is one function that returns its layers (a file in places/) plus
  one entry in `SETS`.
- The entry says what the ground is, what can be heard, when and in what weather, and its words.

Called from script.py, shoot.py, sound.py, captions.py.
"""

from collections.abc import Callable
from dataclasses import dataclass

from onereel.backlot.places.bamboo import bamboo
from onereel.backlot.places.beach import beach
from onereel.backlot.places.classroom import classroom
from onereel.backlot.places.desert import desert
from onereel.backlot.places.forest import forest
from onereel.backlot.places.harbour import harbour
from onereel.backlot.places.kitchen import kitchen
from onereel.backlot.places.market import market
from onereel.backlot.places.meadow import meadow
from onereel.backlot.places.palace import palace
from onereel.backlot.places.rooftop import rooftop
from onereel.backlot.places.room import room
from onereel.backlot.places.snow_mountain import snow_mountain
from onereel.backlot.places.spaceship import spaceship
from onereel.backlot.places.street import street
from onereel.backlot.places.theatre import theatre
from onereel.backlot.scenery import Layer, Stage

TIMES = ("dawn", "day", "day", "dusk", "night")
OUTSIDE = ("clear", "clear", "clear", "rain", "snow", "fog", "wind", "petals")
INSIDE = ("clear", "clear", "clear", "rain", "snow")  # seen through the windows


@dataclass(frozen=True)
class Place:
    name: str
    layers: Callable[[Stage], tuple[Layer, ...]]
    surface: str
    ambience: tuple[str, ...]
    en: tuple[str, ...]
    zh: tuple[str, ...]
    times: tuple[str, ...] = TIMES
    weathers: tuple[str, ...] = OUTSIDE
    indoors: bool = False


SETS: dict[str, Place] = {
    place.name: place
    for place in (
        Place("meadow", meadow, "grass", ("birds", "wind"),
              ("a green meadow", "a grassy meadow with hills", "a field with rolling hills",
               "a flowering meadow"),
              ("绿色的草地", "青山下的草地", "开满小花的草地", "山坡前的草原")),
        Place("street", street, "concrete", ("city",),
              ("a city street", "a street with shops", "a town street", "a street of brick houses"),
              ("城市街道", "有商店的街道", "街边", "红砖房前的街道")),
        Place("market", market, "stone", ("market",),
              ("a market", "an open-air market", "a market with fruit stalls",
               "a busy market street"),
              ("集市", "露天市场", "摆满水果的集市", "热闹的市场")),
        Place("beach", beach, "sand", ("waves", "gulls"),
              ("a beach", "a sandy beach by the sea", "the seaside", "a palm beach"),
              ("海滩", "海边的沙滩", "海边", "椰树沙滩")),
        Place("harbour", harbour, "wood", ("harbour", "gulls"),
              ("a harbour", "a wooden pier with boats", "a quay by the sea", "a fishing harbour"),
              ("港口", "停着小船的木码头", "海边的码头", "渔港")),
        Place("bamboo", bamboo, "earth", ("birds", "leaves"),
              ("a bamboo grove", "a bamboo forest", "a green bamboo grove", "among tall bamboo"),
              ("竹林", "翠绿的竹林", "竹林深处", "高高的竹子之间")),
        Place("forest", forest, "earth", ("forest", "birds"),
              ("a forest", "a deep forest", "a forest with tall trees", "the woods"),
              ("森林", "幽深的森林", "大树林立的森林", "树林里")),
        Place("snow mountain", snow_mountain, "snow", ("wind",),
              ("a snowy mountain", "the snowy mountains", "a mountain covered in snow",
               "a snowfield below high peaks"),
              ("雪山", "雪山脚下", "白雪覆盖的山", "高峰下的雪原"),
              weathers=("clear", "clear", "snow", "snow", "fog", "wind")),
        Place("desert", desert, "sand", ("desert", "wind"),
              ("a desert", "a sandy desert", "a desert with red rocks", "the dunes"),
              ("沙漠", "黄沙漫漫的沙漠", "红岩沙漠", "沙丘之间"),
              weathers=("clear", "clear", "clear", "wind", "fog")),
        Place("rooftop", rooftop, "concrete", ("wind", "city"),
              ("a rooftop", "a city rooftop", "a rubble-strewn rooftop",
               "a ruined rooftop above the city"),
              ("屋顶", "城市的屋顶", "满是碎石的天台", "楼顶天台")),
        Place("palace", palace, "stone", ("temple",),
              ("a palace", "an imperial palace", "the courtyard of an imperial palace",
               "a palace with golden roofs"),
              ("皇宫", "宏伟的宫殿", "皇宫的庭院", "金色屋顶的宫殿")),
        Place("room", room, "wood", ("room",),
              ("a room", "a cosy room", "a living room", "a homely sitting room"),
              ("房间", "温馨的房间", "客厅", "家里的客厅"), weathers=INSIDE, indoors=True),
        Place("kitchen", kitchen, "tile", ("kitchen",),
              ("a kitchen", "a tiled kitchen", "a bright kitchen", "a family kitchen"),
              ("厨房", "铺着瓷砖的厨房", "明亮的厨房", "家里的厨房"), weathers=INSIDE,
              indoors=True),
        Place("classroom", classroom, "wood", ("classroom",),
              ("a classroom", "a school class", "a classroom with a blackboard", "a schoolroom"),
              ("教室", "学校的教室", "有黑板的教室", "课堂里"), weathers=INSIDE, indoors=True),
        Place("stage", theatre, "wood", ("stage",),
              ("a stage", "a theatre stage", "a stage under spotlights", "a stage with curtains"),
              ("舞台", "剧院的舞台", "聚光灯下的舞台", "挂着幕布的舞台"), weathers=("clear",),
              times=("day", "dusk", "night"), indoors=True),
        Place("spaceship", spaceship, "metal", ("engine",),
              ("a spaceship", "the bridge of a spaceship", "a spaceship with wide windows",
               "a starship"),
              ("飞船", "宇宙飞船的舰桥", "太空船里", "星舰内部"), weathers=("clear",),
              times=("day", "dusk", "night"), indoors=True),
    )
}  # fmt: skip
