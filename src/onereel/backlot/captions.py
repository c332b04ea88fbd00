"""Captions of a script in English and Chinese, from terse to dense, widely paraphrased.

- `captions(script)` gives four fixed strings per language: terse, short, medium, dense.
- `caption(script, rng)` draws language, length, template and synonyms.
- Words for acts, sets, kinds and moods live in their own tables; this file has the rest.

Called from builders of training data and from evaluation.
"""

import numpy as np

from onereel.backlot.acts import ACTS
from onereel.backlot.music import MOODS
from onereel.backlot.people import KINDS
from onereel.backlot.script import Performer, Script
from onereel.backlot.sets import SETS

Words = tuple[str, ...]

TIMES_EN: dict[str, Words] = {
    "dawn": ("at dawn", "in the early morning", "at sunrise"),
    "day": ("in daylight", "during the day", "on a bright day"),
    "dusk": ("at dusk", "at sunset", "in the evening light"),
    "night": ("at night", "under the night sky", "late at night"),
}
TIMES_ZH: dict[str, Words] = {
    "dawn": ("黎明", "清晨", "日出时分"),
    "day": ("白天", "明亮的白天", "大白天"),
    "dusk": ("黄昏", "傍晚", "日落时分"),
    "night": ("夜晚", "夜里", "深夜"),
}
WEATHER_EN: dict[str, Words] = {
    "clear": ("clear weather", "a clear sky", "calm clear air"),
    "rain": ("rain is falling", "it is raining", "steady rain"),
    "snow": ("snow is falling", "it is snowing", "soft snowfall"),
}
WEATHER_ZH: dict[str, Words] = {
    "clear": ("天气晴朗", "天空清澈", "天气很好"),
    "rain": ("下着雨", "正在下雨", "雨水落下"),
    "snow": ("下着雪", "正在下雪", "雪花飘落"),
}
OUTFITS_EN: dict[str, Words] = {
    "shorts": ("shirt and shorts", "t-shirt"),
    "dress": ("dress",),
    "jacket": ("jacket",),
    "robe": ("robe",),
    "robot": ("body panels", "plating"),
}
OUTFITS_ZH: dict[str, Words] = {
    "shorts": ("短袖和短裤", "T恤"),
    "dress": ("连衣裙", "裙子"),
    "jacket": ("外套", "夹克"),
    "robe": ("长袍", "袍子"),
    "robot": ("外壳", "机身"),
}
COLOURS_ZH = {
    "red": "红色", "orange": "橙色", "yellow": "黄色", "green": "绿色",
    "blue": "蓝色", "purple": "紫色", "pink": "粉色", "white": "白色",
}  # fmt: skip
HAIR_EN = {
    "short": "short", "spiky": "spiky", "bowl": "bowl-cut", "curly": "curly", "long": "long",
    "bob": "bobbed", "ponytail": "ponytailed", "bun": "tied-up", "buns": "twin-bun", "bald": "thin",
}  # fmt: skip
HAIR_ZH = {
    "short": "短发", "spiky": "刺猬头", "bowl": "蘑菇头", "curly": "卷发", "long": "长发",
    "bob": "波波头", "ponytail": "马尾辫", "bun": "发髻", "buns": "丸子头", "bald": "稀疏头发",
}  # fmt: skip
HAIR_COLOURS_ZH = {
    "black": "黑色", "brown": "棕色", "blond": "金色", "red": "红棕色", "white": "白色",
}  # fmt: skip
CAMERA_EN: dict[str, Words] = {
    "static": ("the camera is static", "a fixed camera", "the camera holds still"),
    "pan": ("the camera pans slowly", "a slow pan", "the camera turns gently sideways"),
    "follow": ("the camera follows", "a tracking camera", "the camera moves along"),
    "push-in": ("the camera pushes in", "a slow push-in", "the camera moves closer"),
    "pull-out": ("the camera pulls out", "a slow pull-out", "the camera moves back"),
    "handheld": ("slightly handheld", "a handheld camera", "the camera sways a little"),
}
CAMERA_ZH: dict[str, Words] = {
    "static": ("固定镜头", "镜头静止"),
    "pan": ("镜头缓慢横摇", "缓缓摇镜"),
    "follow": ("镜头跟随", "跟拍镜头"),
    "push-in": ("镜头缓缓推近", "推镜头"),
    "pull-out": ("镜头缓缓拉远", "拉镜头"),
    "handheld": ("轻微手持晃动", "手持镜头"),
}
SIZES_EN: dict[str, Words] = {
    "full": ("full shot", "wide shot", "full-body shot"),
    "medium": ("medium shot", "waist-up shot"),
    "close": ("close-up", "close-up shot"),
}
SIZES_ZH: dict[str, Words] = {
    "full": ("全景", "全身镜头"),
    "medium": ("中景", "半身镜头"),
    "close": ("特写", "近景特写"),
}
STEPS_EN = {
    "grass": "soft footsteps on grass", "concrete": "footsteps on concrete",
    "sand": "footsteps in the sand", "wood": "footsteps on a wooden floor",
    "snow": "footsteps crunching in the snow",
}  # fmt: skip
STEPS_ZH = {
    "grass": "草地上的脚步声", "concrete": "水泥地上的脚步声", "sand": "沙滩上的脚步声",
    "wood": "木地板上的脚步声", "snow": "踩雪的脚步声",
}  # fmt: skip
AMBIENCE_EN = {
    "birds": "birdsong", "wind": "wind", "city": "city hum", "waves": "sea waves",
    "leaves": "rustling leaves", "room": "quiet room tone",
}  # fmt: skip
AMBIENCE_ZH = {
    "birds": "鸟鸣", "wind": "风声", "city": "城市的嗡鸣", "waves": "海浪声",
    "leaves": "竹叶沙沙声", "room": "安静的室内声",
}  # fmt: skip


class Chooser:
    """Takes the first synonym, or a drawn one where there is a generator."""

    def __init__(self, rng: np.random.Generator | None):
        self.rng = rng

    def __call__(self, options: Words) -> str:
        return options[0 if self.rng is None else int(self.rng.integers(len(options)))]


def article(words: str) -> str:
    return ("an " if words[0] in "aeiou" else "a ") + words


def who_en(choose: Chooser, performer: Performer, dressed: bool) -> str:
    character = performer.character
    kind = choose(KINDS[character.kind].en)
    if not dressed:
        return article(kind)
    outfit = choose(OUTFITS_EN[character.outfit])
    colour = character.outfit_colour
    if character.kind == "robot":
        return choose((article(f"{kind} with {colour} {outfit}"), article(f"{colour} {kind}")))
    wearing = article(f"{colour} {outfit}")
    return article(choose((f"{kind} in {wearing}", f"{kind} wearing {wearing}")))


def who_zh(choose: Chooser, performer: Performer, dressed: bool) -> str:
    character = performer.character
    kind = choose(KINDS[character.kind].zh)
    if not dressed:
        return "一个" + kind
    colour, outfit = COLOURS_ZH[character.outfit_colour], choose(OUTFITS_ZH[character.outfit])
    if character.kind == "robot":
        return choose((f"一个{colour}{outfit}的{kind}", f"一个{colour}的{kind}"))
    return choose((f"一个穿{colour}{outfit}的{kind}", f"一个穿着{colour}{outfit}的{kind}"))


def deeds_en(choose: Chooser, script: Script, dressed: bool, ongoing: bool) -> str:
    """Who does what: "a boy runs", or "a boy and a girl are dancing"."""
    cast = script.performers
    people = [who_en(choose, one, dressed) for one in cast]
    acts = [ACTS[one.act] for one in cast]
    if len(cast) == 2 and acts[0] is acts[1]:
        together = choose(("", "", " together")) if not ongoing else ""
        return f"{people[0]} and {people[1]} are {choose(acts[0].en_ing)}{together}"
    parts = []
    for person, act in zip(people, acts, strict=True):
        verb = f"is {choose(act.en_ing)}" if ongoing else choose(act.en)
        parts.append(f"{person} {verb}")
    return choose((" while ", " and ")).join(parts)


def deeds_zh(choose: Chooser, script: Script, dressed: bool, ongoing: bool) -> str:
    cast = script.performers
    people = [who_zh(choose, one, dressed) for one in cast]
    acts = [ACTS[one.act] for one in cast]
    now = "正在" if ongoing else ""
    if len(cast) == 2 and acts[0] is acts[1]:
        return f"{people[0]}和{people[1]}{now or '一起'}{choose(acts[0].zh)}"
    return ",".join(
        f"{person}{now}{choose(act.zh)}" for person, act in zip(people, acts, strict=True)
    )


def direction(script: Script, words: tuple[str, str]) -> str:
    lead = script.performers[0]
    return words[0 if lead.facing > 0 else 1] if ACTS[lead.act].stride > 0 else ""


def hair_en(script: Script) -> str:
    parts = []
    for one in script.performers:
        who = one.character
        if who.hair_style in HAIR_EN:
            kind = KINDS[who.kind].en[0]
            parts.append(f"the {kind} has {HAIR_EN[who.hair_style]} {who.hair_colour} hair")
    return " and ".join(parts)


def hair_zh(script: Script) -> str:
    parts = []
    for one in script.performers:
        who = one.character
        if who.hair_style in HAIR_ZH:
            colour = HAIR_COLOURS_ZH[who.hair_colour]
            parts.append(f"{KINDS[who.kind].zh[0]}有{colour}的{HAIR_ZH[who.hair_style]}")
    return ",".join(parts)


def sounds(script: Script, english: bool) -> list[str]:
    """What can be heard, loudest first."""
    place = SETS[script.set]
    heard: list[str] = []
    if script.music is not None:
        mood = MOODS[script.music]
        heard.append(f"{mood.en} music" if english else f"{mood.zh}音乐")
    for one in script.performers:
        act = ACTS[one.act]
        kinds = {beat.kind for beat in act.beats}
        if "clap" in kinds:
            heard.append("clapping" if english else "拍手声")
        if "land" in kinds:
            heard.append("landing thuds" if english else "落地声")
        if "hit" in kinds:
            heard.append("whooshes and hits" if english else "呼呼的出招声和击打声")
        if "step" in kinds:
            heard.append((STEPS_EN if english else STEPS_ZH)[place.surface])
        if one.act == "talks":
            kind = KINDS[one.character.kind]
            heard.append(f"{article(kind.en[0])}'s voice" if english else f"{kind.zh[0]}的说话声")
    clear = script.weather == "clear"
    for name in place.ambience:
        if name == "birds" and (script.time_of_day == "night" or not clear):
            continue
        heard.append((AMBIENCE_EN if english else AMBIENCE_ZH)[name])
    if script.time_of_day == "night" and place.surface == "grass" and clear:
        heard.append("crickets" if english else "蟋蟀声")
    if script.weather == "rain" and not place.indoors:
        heard.append("rain" if english else "雨声")
    return list(dict.fromkeys(heard))


def listed(parts: list[str], join: str, last: str) -> str:
    return join.join(parts[:-1]) + last + parts[-1] if len(parts) > 1 else parts[0]


def sentence(text: str) -> str:
    text = text.strip().rstrip(".")
    return text[0].upper() + text[1:] + "."


def where_en(choose: Chooser, script: Script) -> str:
    place = choose(SETS[script.set].en)
    if place == "the seaside":
        return f"at {place}"
    on = script.set in ("rooftop", "beach", "street") or place.endswith(("mountain", "in snow"))
    return f"{'on' if on else 'in'} {place}"


def english(script: Script, length: int, choose: Chooser, ongoing: bool = False) -> str:
    place = SETS[script.set]
    if length == 0:
        deed = deeds_en(choose, script, False, ongoing)
        return choose((deed, deed, deed + direction(script, (" to the right", " to the left"))))
    where = where_en(choose, script)
    if length == 1:
        deed = deeds_en(choose, script, choose(("", "dressed")) != "", ongoing)
        return choose((f"{deed} {where}", f"{where}, {deed}"))
    time = choose(TIMES_EN[script.time_of_day])
    weather = choose(WEATHER_EN[script.weather])
    deed = deeds_en(choose, script, True, ongoing)
    side = direction(script, (" to the right", " to the left"))
    with_weather = "" if place.indoors else f", {weather}"
    body = choose(
        (
            f"{deed}{side} {where} {time}{with_weather}",
            f"{where} {time}{with_weather}, {deed}{side}",
            f"{time} {where}, {deed}{side}{with_weather}",
        )
    )
    if length == 2:
        return sentence(body)
    size, camera = choose(SIZES_EN[script.shot_size]), choose(CAMERA_EN[script.camera])
    heard = listed(sounds(script, True), ", ", " and ")
    hair = hair_en(script)
    look = f" {sentence(hair)}" if hair else ""
    soundscape = choose((f"Sound: {heard}", f"We hear {heard}", f"Soundscape: {heard}"))
    style = choose(("", "", " Flat-shaded animation.", " Animated short film style."))
    return choose(
        (
            f"Shot 1: {size}, {camera}. {sentence(body)}{look} {soundscape}.{style}",
            f"Shot 1: {sentence(body)}{look} {size.capitalize()}, {camera}. {soundscape}.{style}",
        )
    )


def chinese(script: Script, length: int, choose: Chooser, ongoing: bool = False) -> str:
    place = SETS[script.set]
    if length == 0:
        return deeds_zh(choose, script, False, ongoing)
    where = choose(place.zh)
    inside = "里" if script.set in ("bamboo", "room") and where[-1] not in "处" else "上"
    if where[-1] in "处边下上处":
        inside = ""
    if length == 1:
        deed = deeds_zh(choose, script, choose(("", "dressed")) != "", ongoing)
        return choose((f"{where}{inside},{deed}", f"{deed},在{where}{inside}"))
    time = choose(TIMES_ZH[script.time_of_day])
    weather = "" if place.indoors else choose(WEATHER_ZH[script.weather]) + ","
    deed = deeds_zh(choose, script, True, ongoing)
    side = direction(script, (",朝右边移动", ",朝左边移动"))
    body = choose(
        (
            f"{time},{weather}{where}{inside},{deed}{side}",
            f"{where}{inside},{time},{weather}{deed}{side}",
        )
    )
    if length == 2:
        return body + "。"
    size, camera = choose(SIZES_ZH[script.shot_size]), choose(CAMERA_ZH[script.camera])
    heard = "、".join(sounds(script, False))
    hair = hair_zh(script)
    look = f"{hair}。" if hair else ""
    soundscape = choose((f"声音:{heard}", f"可以听到{heard}", f"音效:{heard}"))
    style = choose(("", "", "平面动画风格。", "动画短片。"))
    return choose(
        (
            f"Shot 1: {size},{camera}。{body}。{look}{soundscape}。{style}",
            f"镜头1:{body}。{look}{size},{camera}。{soundscape}。{style}",
        )
    )


def captions(script: Script) -> dict[str, tuple[str, str, str, str]]:
    """Keys "en" and "zh": terse, short, medium, dense, always in the same words."""
    first = Chooser(None)
    return {
        "en": (
            english(script, 0, first), english(script, 1, first),
            english(script, 2, first), english(script, 3, first),
        ),
        "zh": (
            chinese(script, 0, first), chinese(script, 1, first),
            chinese(script, 2, first), chinese(script, 3, first),
        ),
    }  # fmt: skip


def caption(script: Script, rng: np.random.Generator) -> str:
    """Order of the draws: language (70 % English), length, tense, ending, then synonyms."""
    in_english = bool(rng.random() < 0.7)
    length = int(rng.choice(4, p=(0.2, 0.3, 0.3, 0.2)))
    ongoing = bool(rng.random() < 0.5)
    ended = bool(rng.random() < 0.5)
    choose = Chooser(rng)
    text = (english if in_english else chinese)(script, length, choose, ongoing)
    if length < 2 and ended:
        text = sentence(text) if in_english else text + "。"
    return text
