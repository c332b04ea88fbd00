"""Captions in Chinese, at four lengths.

Called from captions.py and pairs.py.
"""

from onereel.backlot.acts import ACTS
from onereel.backlot.music import INSTRUMENT_ZH, MOODS, band_of
from onereel.backlot.people import KINDS
from onereel.backlot.script import Line, Script, Shot
from onereel.backlot.sets import SETS
from onereel.backlot.sound import ambience_of
from onereel.backlot.wording import (
    NOTHING,
    Chooser,
    Named,
    contact_kinds,
    framed,
    grouped,
    lines_of,
    same_kind,
)
from onereel.backlot.words import (
    ACCESSORIES_ZH,
    AMBIENCE_ZH,
    AT_ZH,
    CAMERA_ZH,
    COLOURS_ZH,
    CONTACTS_ZH,
    ENDS_ZH,
    FUR_ZH,
    HAIR_COLOURS_ZH,
    HAIR_ZH,
    LANGUAGES_ZH,
    OUTFITS_ZH,
    SIZES_ZH,
    STEPS_ZH,
    STYLES_ZH,
    TIMES_ZH,
    WEATHER_ZH,
)

MEASURES = {
    "dog": "只",
    "cat": "只",
    "bird": "只",
    "horse": "匹",
    "man": "个",
    "elder": "位",
    "granny": "位",
}


def sentence(text: str) -> str:
    text = text.strip().strip("，")
    return text if text[-1] in "。！？”" else text + "。"


def clothes(choose: Chooser, script: Script, index: int) -> str:
    who = script.performers[index].character
    return choose(OUTFITS_ZH[who.outfit]).format(c=choose(COLOURS_ZH[who.outfit_colour]))


def person(choose: Chooser, script: Script, index: int, detail: int, named: Named) -> str:
    if named.phrase(index):
        return named.phrase(index)
    who = script.performers[index].character
    kind = KINDS[who.kind]
    noun = choose(kind.zh)
    before = [one.character.kind for one in script.performers[:index]]
    one = "一" + MEASURES.get(who.kind, "个")
    if detail == 0:
        return f"另{one}{noun}" if who.kind in before else one + noun
    if who.outfit == "feathers":
        return f"{one}{choose(COLOURS_ZH[who.outfit_colour])}的{noun}"
    if kind.animal:
        gear = (
            f"、戴着{clothes(choose, script, index)}"
            if detail == 2 and who.outfit == "collar"
            else ""
        )
        return f"{one}{FUR_ZH[who.hair_colour]}{gear}的{noun}"
    wearing = clothes(choose, script, index)
    if who.kind == "robot":
        return choose((f"{one}{wearing}的{noun}", f"{one}有着{wearing}的{noun}"))
    if detail == 1:
        return choose(
            (
                f"{one}穿{wearing}的{noun}",
                f"{one}穿着{wearing}的{noun}",
                f"{one}身穿{wearing}的{noun}",
            )
        )
    hair = HAIR_ZH.get(who.hair_style)
    parts = []
    if hair:
        parts.append("留着" + choose(hair).format(h=HAIR_COLOURS_ZH[who.hair_colour]))
    if who.accessory:
        parts.append(choose(ACCESSORIES_ZH[who.accessory]))
    parts.append("穿着" + wearing)
    return f"{one}{'、'.join(parts)}的{noun}"


def known(choose: Chooser, script: Script, index: int, named: Named) -> str:
    if named.phrase(index):
        return named.phrase(index)
    who = script.performers[index].character
    noun = KINDS[who.kind].zh[0]
    if not same_kind(script, index):
        return noun
    wearing = OUTFITS_ZH[who.outfit][0].format(c=COLOURS_ZH[who.outfit_colour][0])
    if who.outfit == "feathers":
        return f"{COLOURS_ZH[who.outfit_colour][0]}的{noun}"
    return f"{'带' if KINDS[who.kind].animal or who.kind == 'robot' else '穿'}{wearing}的{noun}"


def crowd(choose: Chooser, script: Script, group: list[int], named: Named) -> str:
    """两个男孩, or nothing where they are of different kinds."""
    kinds = {script.performers[index].character.kind for index in group}
    if len(kinds) > 1 or any(named.phrase(index) for index in group):
        return ""
    kind = kinds.pop()
    return f"{'两' if len(group) == 2 else '三'}{MEASURES.get(kind, '个')}{choose(KINDS[kind].zh)}"


def deeds(
    choose: Chooser,
    script: Script,
    shot: Shot,
    detail: int,
    form: str,
    named: Named,
    place: str = "",
    again: bool = False,
) -> str:
    """谁在哪里做什么; `place` (在…里) stands between the first subject and its verb."""
    clauses = []
    for number, (name, group) in enumerate(grouped(script, shot)):
        act = ACTS[name]
        if again:
            people = [known(choose, script, index, named) for index in group]
        else:
            people = [person(choose, script, index, detail, named) for index in group]
        subject = "、".join(people[:-1]) + "和" + people[-1] if len(people) > 1 else people[0]
        if len(group) > 1 and detail == 0 and not again:
            subject = crowd(choose, script, group, named) or subject
        now = (
            "正"
            if form == "ongoing" and place and not number
            else "正在"
            if form == "ongoing"
            else ""
        )
        together = (
            "一起" if len(group) > 1 and not now and not act.two and choose.chance(0.5) else ""
        )
        way = side(shot, group[0]) if detail and choose.chance(0.55) else ""
        verb = choose(act.zh)
        if "站" in verb or verb.endswith("着"):
            now = ""  # it already says that it goes on
        clauses.append(f"{subject}{now}{place if not number else ''}{together}{way}{verb}")
    return "，".join(clauses)


def side(shot: Shot, index: int) -> str:
    one = shot.performers[index]
    if ACTS[one.act].stride == 0:
        return ""
    return "朝右边" if one.facing > 0 else "朝左边"


def where(choose: Chooser, script: Script, named: Named) -> str:
    """竹林里, 海滩上: a place one can be at."""
    if named.where:
        return named.where
    place = choose(SETS[script.set].zh)
    if place[-1] in ENDS_ZH:
        return place
    return place + next((at for noun, at in AT_ZH if noun in place), "里")


def sky(choose: Chooser, script: Script) -> str:
    return "" if SETS[script.set].indoors else choose(WEATHER_ZH[script.weather])


def quote(choose: Chooser, script: Script, line: Line, named: Named) -> str:
    who, tongue = known(choose, script, line.performer, named), LANGUAGES_ZH[line.language]
    if line.sung:
        return choose(
            (
                f"{who}唱道：“{line.text}”",
                f"{who}唱着“{line.text}”",
                f"{who}用{tongue}唱：“{line.text}”",
            )
        )
    return choose(
        (
            f"{who}说：“{line.text}”",
            f"{who}说道：“{line.text}”",
            f"{who}用{tongue}说：“{line.text}”",
            f"{who}：“{line.text}”",
        )
    )


def sounds(choose: Chooser, script: Script) -> list[str]:
    heard: list[str] = []
    for line in lines_of(script, 0)[:1]:
        who, tongue = known(choose, script, line.performer, NOTHING), LANGUAGES_ZH[line.language]
        heard.append(f"{who}用{tongue}唱歌的声音" if line.sung else f"{who}说{tongue}的声音")
    surface = SETS[script.set].surface
    for kind in contact_kinds(script):
        heard.append(choose(STEPS_ZH[surface] if kind == "step" else CONTACTS_ZH[kind]))
    heard += [choose(AMBIENCE_ZH[name]) for name in ambience_of(script)]
    return list(dict.fromkeys(heard))


def score(choose: Chooser, script: Script) -> str:
    if script.music is None:
        return ""
    mood = choose(MOODS[script.music.mood].zh)
    lead = INSTRUMENT_ZH[band_of(script.music).lead]
    return choose(
        (f"{mood}音乐", f"{mood}{lead}曲", f"以{lead}为主的{mood}音乐", f"{mood}背景音乐")
    )


def soundscape(choose: Chooser, script: Script) -> str:
    heard = "、".join(sounds(choose, script))
    text = sentence(
        choose(
            (
                f"声音：{heard}",
                f"可以听到{heard}",
                f"音效：{heard}",
                f"环境声：{heard}",
                f"伴随着{heard}",
            )
        )
    )
    music = score(choose, script)
    if not music:
        return text + choose(("", "", "没有音乐。"))
    return text + sentence(
        choose((f"配乐：{music}", f"背景响起{music}", f"音乐：{music}", f"BGM是{music}"))
    )


def terse(choose: Chooser, script: Script, form: str, named: Named) -> str:
    return deeds(choose, script, script.shots[0], 0, form, named)


def short(choose: Chooser, script: Script, form: str, named: Named) -> str:
    detail = 1 if choose.chance(0.4) else 0
    place, time = where(choose, script, named), choose(TIMES_ZH[script.time_of_day])
    inside = deeds(choose, script, script.shots[0], detail, form, named, f"在{place}")
    plain = deeds(choose, script, script.shots[0], detail, form, named)
    text = choose(
        (
            inside,
            f"{place}，{plain}",
            f"{time}，{inside}",
            f"{time}，{place}，{plain}",
            f"{time}的{place}，{plain}",
        )
    )
    if named.style:
        text += f"，{named.style}"
    lines = lines_of(script, 0)
    if lines and choose.chance(0.5):
        text = sentence(text) + sentence(quote(choose, script, lines[0], named))
    return text


OPENINGS = ("", "", "", "画面中，", "一段视频：", "动画短片：", "镜头里，", "生成一段视频，")


def medium(choose: Chooser, script: Script, form: str, named: Named) -> str:
    first = script.shots[0]
    place, time, air = (
        where(choose, script, named),
        choose(TIMES_ZH[script.time_of_day]),
        sky(choose, script),
    )
    air = air + "，" if air and choose.chance(0.8) else ""
    inside = deeds(choose, script, first, 1, form, named, f"在{place}")
    plain = deeds(choose, script, first, 1, form, named)
    text = choose(OPENINGS) + choose(
        (
            f"{time}，{air}{inside}",
            f"{place}，{time}，{air}{plain}",
            f"{time}的{place}，{air}{plain}",
            f"{air}{time}，{inside}",
        )
    )
    if named.camera:
        text += f"，{named.camera}"
    elif choose.chance(0.4):
        text += f"，{choose(CAMERA_ZH[first.camera])}"
    text = sentence(text)
    if named.style:
        text += sentence(named.style)
    elif script.style != "shaded" or choose.chance(0.15):
        text += sentence(choose(STYLES_ZH[script.style]))
    for line in lines_of(script, 0)[:2]:
        text += sentence(quote(choose, script, line, named))
    if len(script.shots) > 1 and choose.chance(0.7):
        then = deeds(choose, script, script.shots[1], 1, "simple", named, again=True)
        size = choose(SIZES_ZH[script.shots[1].size])
        text += sentence(
            choose(
                (f"然后切到{size}，{then}", f"镜头切换为{size}，{then}", f"接着是{size}：{then}")
            )
        )
    return text


def shot_text(
    choose: Chooser, script: Script, number: int, form: str, named: Named, label: str
) -> str:
    shot = script.shots[number]
    size = choose(SIZES_ZH[shot.size])
    camera = named.camera if named.camera and number == 0 else choose(CAMERA_ZH[shot.camera])
    if number == 0:
        place, time, air = (
            where(choose, script, named),
            choose(TIMES_ZH[script.time_of_day]),
            sky(choose, script),
        )
        air = air + "，" if air else ""
        deed = choose(
            (
                f"{time}，{air}" + deeds(choose, script, shot, 2, form, named, f"在{place}"),
                f"{place}，{time}，{air}" + deeds(choose, script, shot, 2, form, named),
            )
        )
    else:
        deed = deeds(choose, script, shot, 2, form, named, again=True)
    if shot.focus >= 0 and len(shot.performers) > 1:
        size = f"{known(choose, script, framed(shot)[0], named)}的{size}"
    deed = sentence(deed)
    text = choose(
        (f"{size}，{camera}。{deed}", f"{deed}{size}，{camera}。", f"{size}。{deed}{camera}。")
    )
    for line in lines_of(script, number):
        text += sentence(quote(choose, script, line, named))
    return label + text


def dense(choose: Chooser, script: Script, form: str, named: Named) -> str:
    labelled = len(script.shots) > 1 or choose.chance(0.75)
    word = choose(("镜头{n}：", "镜头{n}：", "Shot {n}: ", "分镜{n}：", "第{n}个镜头："))
    style = sentence(named.style or choose(STYLES_ZH[script.style]))
    shots = [
        shot_text(
            choose, script, number, form, named, word.format(n=number + 1) if labelled else ""
        )
        for number in range(len(script.shots))
    ]
    gap = "\n" if labelled and choose.chance(0.3) else ""
    body, heard = gap.join(shots), soundscape(choose, script)
    return choose(
        (
            f"{body}{gap}{heard}{style}",
            f"{style}{body}{gap}{heard}",
            f"{body}{gap}{heard}" if not named.style else f"{body}{style}{gap}{heard}",
            f"{style}{heard}{gap}{body}",
        )
    )


LENGTHS = (terse, short, medium, dense)


def chinese(choose: Chooser, script: Script, length: int, form: str, named: Named = NOTHING) -> str:
    return LENGTHS[length](choose, script, form, named).strip()
