"""Wordings of the tasks: edits, extensions, and what is called by reference.

Called from pairs.py.
"""

import re

import numpy as np

from onereel.backlot import chinese, english
from onereel.backlot.script import Script
from onereel.backlot.wording import NOTHING, Chooser
from onereel.backlot.words import (
    CLIPS_EN,
    CLIPS_ZH,
    PICTURES_EN,
    PICTURES_ZH,
    RECORDINGS_EN,
    RECORDINGS_ZH,
    STYLES_EN,
    STYLES_ZH,
    TIMES_EN,
    TIMES_ZH,
    WEATHER_EN,
    WEATHER_ZH,
)

Words = tuple[str, ...]

ENGLISH: dict[str, Words] = {
    "motion": (
        "{who} moves exactly like the person in {video}. {told}",
        "{told} Copy the motion of {video}.",
        "Use the movement from {video}: {told}",
        "Follow the choreography of {video}. {told}",
        "{told} The body motion references {video}.",
    ),
    "voice": (
        '{told} {who} says: "{line}", voice timbre references {audio}.',
        "{told} The voice of {who} is the one in {audio}.",
        "{told} Use the voice from {audio} for {who}.",
        "{told} {who} speaks with the timbre of {audio}.",
    ),
    "music": (
        "{told} Background music: {audio}.",
        "{told} Use {audio} as the music.",
        "{told} BGM references {audio}.",
        "With {audio} as the soundtrack: {told}",
    ),
    "beat": (
        "{told} The movement keeps the beat of {audio}.",
        "{told} In sync with the beat of {audio}.",
        "Match the rhythm of {audio}. {told}",
        "{told} Every step lands on the beat of {audio}.",
    ),
    "extend": (
        "Extend {video} forward: {told}",
        "Continue {video}. {told}",
        "Extend {video}, {told}",
        "{video} goes on: {told}",
        "What happens next in {video}: {told}",
    ),
    "extend_backward": (
        "Extend {video} backward: {told}",
        "Make what happens before {video}: {told}",
        "Generate the part before {video}. {told}",
        "Show how {video} began: {told}",
    ),
    "continuation": (
        "After {video}, cut to a new shot: {told}",
        "Continue the story of {video} with another shot. {told}",
        "Next shot after {video}: {told}",
        "Cut from {video} to: {told}",
    ),
    "add": (
        "Add {who} to {video}, {doing}.",
        "In {video}, add {who} who is {doing}.",
        "Put {who} into {video}, {doing}. Keep the rest.",
        "Insert {who}, {doing}, into {video} and change nothing else.",
    ),
    "remove": (
        "Remove {who} from {video}.",
        "Delete {who} in {video}, keep everything else unchanged.",
        "Take {who} out of {video}; the rest stays the same.",
        "{video} without {who}.",
        "Erase {who} from {video} and fill in the background.",
    ),
    "swap": (
        "Replace {old} in {video} with {who}.",
        "In {video}, swap {old} for {who}.",
        "Change {old} in {video} to {who}, keep the motion and the background.",
        "{video}, but with {who} instead of {old}.",
    ),
    "redress": (
        "Change the clothes of {old} in {video} to {clothes}.",
        "In {video}, {old} now wears {clothes}.",
        "Dress {old} in {video} in {clothes}, keep the rest.",
        "Replace the outfit of {old} in {video} with {clothes}.",
    ),
    "restyle": (
        "Change the style of {video} to {style}.",
        "Turn {video} into {style}.",
        "Redraw {video} as {style}.",
        "Make {video} look like {style}.",
    ),
    "relight": (
        "Relight {video}: it is now {time}.",
        "Change the time of day in {video} to {time}.",
        "Make {video} take place {time}.",
        "The same as {video}, but {time}.",
    ),
    "weather": (
        "Change the weather in {video}: now {weather}.",
        "Make {video} play {weather}.",
        "{video}, but {weather}.",
        "Keep {video} and change the weather, {weather}.",
    ),
    "resound": (
        "Keep the picture of {video} and change the music to {music}.",
        "Give {video} new music: {music}.",
        "Only change the sound of {video}: {music}.",
        "Replace the soundtrack of {video} with {music}.",
    ),
    "silence": (
        "Remove the music from {video}, keep the other sounds.",
        "Keep {video} but without music.",
        "Only change the sound of {video}: no music.",
        "Mute the background music of {video}.",
    ),
}
CHINESE: dict[str, Words] = {
    "motion": (
        "{who}的动作和{video}完全一样。{told}",
        "{told}参考{video}的动作。",
        "使用{video}中的动作：{told}",
        "按照{video}的舞步和动作，{told}",
    ),
    "voice": (
        "{told}{who}说：“{line}”，音色参考{audio}。",
        "{told}{who}的声音使用{audio}。",
        "{told}{who}用{audio}的音色说话。",
    ),
    "music": (
        "{told}背景音乐使用{audio}。",
        "{told}配乐参考{audio}。",
        "{told}BGM是{audio}。",
        "以{audio}为配乐：{told}",
    ),
    "beat": (
        "{told}动作卡{audio}的节拍。",
        "{told}跟着{audio}的节奏。",
        "按照{audio}的节拍，{told}",
        "{told}每一步都踩在{audio}的拍子上。",
    ),
    "extend": (
        "将{video}向后延长：{told}",
        "继续{video}，{told}",
        "延长{video}：{told}",
        "{video}接下来：{told}",
    ),
    "extend_backward": (
        "将{video}向前延长：{told}",
        "生成{video}之前的内容：{told}",
        "补出{video}的开头：{told}",
    ),
    "continuation": (
        "{video}之后切到新镜头：{told}",
        "接着{video}的剧情，下一个镜头：{told}",
        "续写{video}，切换镜头，{told}",
    ),
    "add": (
        "在{video}中加入{who}，正在{doing}。",
        "给{video}增加{who}，{doing}，其他不变。",
        "把{who}加到{video}里，{doing}。",
    ),
    "remove": (
        "去掉{video}中的{who}。",
        "删除{video}里的{who}，其余保持不变。",
        "从{video}中移除{who}，补全背景。",
        "擦除{video}中的{who}，其他不变。",
    ),
    "swap": (
        "把{video}中的{old}换成{who}。",
        "将{video}里的{old}替换为{who}，动作和背景不变。",
        "{video}，但{old}变成{who}。",
    ),
    "redress": (
        "把{video}中{old}的衣服换成{clothes}。",
        "{video}里的{old}改穿{clothes}，其他不变。",
        "给{video}中的{old}换上{clothes}。",
    ),
    "restyle": (
        "把{video}变成{style}。",
        "将{video}的风格改为{style}。",
        "用{style}重新绘制{video}。",
    ),
    "relight": (
        "把{video}的时间改成{time}。",
        "将{video}变为{time}的光线。",
        "{video}，但是在{time}。",
    ),
    "weather": (
        "把{video}的天气改成{weather}。",
        "{video}，但{weather}。",
        "保持{video}不变，只改天气：{weather}。",
    ),
    "resound": (
        "画面不变，把{video}的音乐换成{music}。",
        "给{video}换上{music}。",
        "只改变{video}的声音：{music}。",
    ),
    "silence": (
        "去掉{video}的音乐，保留其他声音。",
        "{video}不要音乐。",
        "只改变{video}的声音：没有音乐。",
    ),
}

NAMES = {
    "picture": (PICTURES_EN, PICTURES_ZH),
    "clip": (CLIPS_EN, CLIPS_ZH),
    "recording": (RECORDINGS_EN, RECORDINGS_ZH),
}

SUBJECTS_EN: Words = (
    "the {n} from {i}",
    "the {n} in {i}",
    "{i}",
    "the character from {i}",
    "the {n} of {i}",
)
SUBJECTS_ZH: Words = ("{i}中的{n}", "{i}里的{n}", "{i}", "{i}中的角色", "{i}的{n}")
PLACES_EN: Words = (
    "in the place of {i}",
    "in the scene of {i}",
    "in the setting from {i}",
    "in {i}",
    "with {i} as the background",
)
PLACES_ZH: Words = ("{i}的场景里", "{i}的场景中", "{i}里", "{i}中的地方")
LOOKS_EN: Words = (
    "in the style of {i}",
    "the look references {i}",
    "style as in {i}",
    "drawn like {i}",
)
LOOKS_ZH: Words = ("风格参考{i}", "采用{i}的画风", "画面风格和{i}一样", "参考{i}的风格")
MOVES_EN: Words = (
    "with the camera move of {v}",
    "the camera moves as in {v}",
    "camera movement references {v}",
    "filmed like {v}",
)
MOVES_ZH: Words = ("运镜参考{v}", "镜头运动和{v}一样", "使用{v}的运镜", "参考{v}的镜头")


def _pick(options: Words, rng: np.random.Generator) -> str:
    return options[int(rng.integers(len(options)))]


def reference(kind: str, number: int, in_english: bool, rng: np.random.Generator) -> str:
    """What users call the nth picture, clip or recording of their request."""
    return _pick(NAMES[kind][0 if in_english else 1], rng).format(n=number)


def subject(
    in_english: bool, rng: np.random.Generator, numbers: list[int], film: Script, index: int
) -> str:
    """A performer called by one or more pictures: "the boy from Image 1 and Image 2"."""
    pattern = _pick(NAMES["picture"][0 if in_english else 1], rng)
    pictures = (" and " if in_english else "和").join(
        pattern.format(n=number) for number in numbers
    )
    who = film.performers[index].character
    kind = english.KINDS[who.kind]
    if in_english:
        return _pick(SUBJECTS_EN, rng).format(n=kind.en[0], i=pictures)
    return _pick(SUBJECTS_ZH, rng).format(n=kind.zh[0], i=pictures)


def place(in_english: bool, rng: np.random.Generator, picture: str) -> str:
    return _pick(PLACES_EN if in_english else PLACES_ZH, rng).format(i=picture)


def style(in_english: bool, rng: np.random.Generator, picture: str) -> str:
    return _pick(LOOKS_EN if in_english else LOOKS_ZH, rng).format(i=picture)


def camera(in_english: bool, rng: np.random.Generator, clip: str) -> str:
    return _pick(MOVES_EN if in_english else MOVES_ZH, rng).format(v=clip)


def person(
    script: Script, index: int, in_english: bool, rng: np.random.Generator, known: bool
) -> str:
    """Described in full, or as somebody already seen ("the boy in the red robe")."""
    module, choose = (english if in_english else chinese), Chooser(rng)
    if known:
        return module.known(choose, script, index, NOTHING)
    return module.person(choose, script, index, 1, NOTHING)


def clothes(script: Script, index: int, in_english: bool, rng: np.random.Generator) -> str:
    return (english if in_english else chinese).clothes(Chooser(rng), script, index)


def look(script: Script, in_english: bool, rng: np.random.Generator) -> str:
    return _pick((STYLES_EN if in_english else STYLES_ZH)[script.style], rng)


def time(script: Script, in_english: bool, rng: np.random.Generator) -> str:
    return _pick((TIMES_EN if in_english else TIMES_ZH)[script.time_of_day], rng)


def weather(script: Script, in_english: bool, rng: np.random.Generator) -> str:
    return _pick((WEATHER_EN if in_english else WEATHER_ZH)[script.weather], rng)


def music(script: Script, in_english: bool, rng: np.random.Generator) -> str:
    return (english if in_english else chinese).score(Chooser(rng), script)


def tidy(text: str, in_english: bool) -> str:
    """Sentences begin large and end once."""
    if not in_english:
        return text.replace("。。", "。").replace("。，", "，")
    text = text.replace("..", ".").replace(".,", ",")
    text = english.finish(english.sentence(text))
    return re.sub(r'([.!?]"? )([a-z])', lambda found: found[1] + found[2].upper(), text)
