"""What people say and sing: short everyday lines in English and Mandarin, drawn from patterns.

- patterns with slots give some thousands of lines a language; all are our own
- a script's lines follow its acts: talkers talk in turns, singers sing on the beat, fighters shout
- lines are drawn for the longest film (15 s), so the length of a clip never changes its words

Called from script.py (`draw_lines`) and pairs.py (`draw_line`).
"""

import re
from collections.abc import Sequence

import numpy as np

from onereel.backlot.acts import ACTS
from onereel.backlot.music import PHRASE, PICKUP
from onereel.backlot.people import KINDS
from onereel.backlot.script import Line, Music, Script

LONGEST = 15.0
# Signs a second of a middling voice; for planning turns, not for timing sound.
PACE = {"en": 13.0, "zh": 4.2}

Patterns = tuple[str, ...]
Slots = dict[str, Patterns]

EN_SLOTS: Slots = {
    "thing": (
        "the lantern",
        "my drum",
        "the ball",
        "your umbrella",
        "the map",
        "the letter",
        "the little boat",
        "my hat",
        "the key",
        "the old photo",
        "the kite",
        "the red apple",
        "the bell",
        "your scarf",
        "the golden fan",
        "the cup of tea",
    ),
    "place": (
        "the river",
        "the market",
        "the harbour",
        "the old bridge",
        "the palace",
        "the mountain",
        "the beach",
        "the station",
        "the garden",
        "the bamboo grove",
        "the rooftop",
        "school",
        "the village",
    ),
    "when": (
        "today",
        "tonight",
        "tomorrow",
        "this morning",
        "right now",
        "every day",
        "at noon",
        "before dark",
        "this time",
    ),
    "who": (
        "my brother",
        "your sister",
        "the teacher",
        "grandma",
        "an old friend",
        "the captain",
        "the cat",
        "my dog",
        "everyone",
        "the king",
        "our neighbour",
        "the master",
    ),
    "mood": (
        "wonderful",
        "beautiful",
        "strange",
        "amazing",
        "so quiet",
        "very funny",
        "perfect",
        "a little scary",
        "like a dream",
        "so warm",
        "too easy",
        "really hard",
    ),
    "deed": (
        "dance",
        "run",
        "play music",
        "fly a kite",
        "find treasure",
        "cook dinner",
        "swim",
        "sing a song",
        "tell a story",
        "climb up there",
        "watch the stars",
        "take a walk",
        "train harder",
        "win this",
        "start again",
    ),
    "sky": (
        "the moon",
        "the sun",
        "the rain",
        "the snow",
        "the wind",
        "the sky",
        "the sunset",
        "a rainbow",
        "the stars",
        "the sea",
    ),
    "name": ("Anna", "Leo", "Mina", "Oscar", "Lily", "Tom", "Nora", "Ben", "Ruby", "Sam"),
}
EN_TALK: Patterns = (
    "Hello, I'm {name}.",
    "Hi {name}, how are you?",
    "Look at {sky}!",
    "Look, {sky} is {mood}.",
    "I lost {thing}.",
    "Where is {thing}?",
    "Have you seen {thing}?",
    "I found {thing} near {place}.",
    "Let's go to {place}.",
    "Let's go to {place} {when}.",
    "Do you want to {deed}?",
    "I want to {deed} {when}.",
    "We can {deed} at {place}.",
    "Nobody told me about {place}.",
    "Meet me at {place} {when}.",
    "Wait for me, {name}!",
    "Don't forget {thing}.",
    "This is {mood}, don't you think?",
    "Everything is {mood} {when}.",
    "I miss {place}.",
    "Thank you for {thing}.",
    "Can you help me, {name}?",
    "I saw {who} at {place}.",
    "Maybe {who} took {thing}.",
    "I think {who} is {mood}.",
    "Good morning, {name}!",
    "Good night, {name}.",
    "It's my birthday today!",
    "You always {deed} with {who}.",
    "I will bring {thing} {when}.",
    "How far is {place}?",
    "Listen, I can hear {who}.",
    "That was {mood}!",
    "I promise, we will {deed}.",
    "Tell {who} to come {when}.",
    "We should {deed} before {sky} is gone.",
    "I have never seen {sky} like this.",
    "Are you ready to {deed}?",
    "Remember {place}, {name}?",
    "It feels {mood} at {place}.",
    "Come on, {name}, we're late!",
    "One, two, three, {deed}!",
    "I made this for {who}.",
    "Please give {thing} to {who}.",
    "Welcome to {place}!",
    "No, it is not {mood} at all.",
    "What a day! It was {mood}.",
    "Quiet, {name}. I hear something.",
    "Yes, I can {deed} too.",
)
EN_SHOUT: Patterns = (
    "Let's go!",
    "Watch out!",
    "Here I come!",
    "Is that all?",
    "Come on!",
    "Take this!",
    "Not so fast!",
    "I'm ready!",
    "Hurry up, {name}!",
    "Wait for me!",
    "Look at me!",
    "You can't stop me!",
    "Show me what you've got!",
    "Again!",
    "Catch me, {name}!",
    "Wow!",
)
EN_SING: Patterns = (
    "Dance with me under {sky} {when}",
    "Oh, {sky} is {mood} {when}",
    "Sing with me, we are young and free",
    "Carry me home to {place} by the sea",
    "I hear the bells of {place} {when}",
    "Fly away, little bird, fly away",
    "Follow the river, follow {sky}",
    "Every little step brings me back to you",
    "La la la, come and {deed} with me",
    "Shine on me, golden light of the moon",
    "We are dancing, dancing through the night",
    "Take my hand and we will {deed} {when}",
    "Rain, rain, falling on my window pane",
    "Lanterns rising, rising in the sky",
    "Home is where {sky} meets the sea",
)
ZH_SLOTS: Slots = {
    "thing": (
        "灯笼",
        "我的鼓",
        "那个球",
        "你的雨伞",
        "地图",
        "一封信",
        "小船",
        "我的帽子",
        "钥匙",
        "老照片",
        "风筝",
        "红苹果",
        "铃铛",
        "围巾",
        "扇子",
        "一杯茶",
    ),
    "place": (
        "河边",
        "市场",
        "港口",
        "老桥",
        "宫殿",
        "家里",
        "山上",
        "海边",
        "车站",
        "花园",
        "竹林",
        "屋顶",
        "学校",
        "村子",
    ),
    "when": (
        "今天",
        "今晚",
        "明天",
        "今天早上",
        "现在",
        "每天",
        "中午",
        "天黑以前",
        "这次",
        "夏天",
    ),
    "who": (
        "我弟弟",
        "你妹妹",
        "老师",
        "奶奶",
        "老朋友",
        "船长",
        "小猫",
        "我的狗",
        "大家",
        "国王",
        "邻居",
        "师父",
    ),
    "mood": (
        "真好",
        "真美",
        "好奇怪",
        "太棒了",
        "很安静",
        "真有趣",
        "非常完美",
        "有点可怕",
        "像做梦一样",
        "很温暖",
        "太简单了",
        "真难",
    ),
    "deed": (
        "跳舞",
        "跑步",
        "弹琴",
        "放风筝",
        "寻宝",
        "做饭",
        "游泳",
        "唱歌",
        "讲故事",
        "看星星",
        "散步",
        "练功",
        "比赛",
        "重新开始",
    ),
    "sky": ("月亮", "太阳", "雨", "雪花", "风", "天空", "晚霞", "彩虹", "星星", "大海"),
    "name": ("小明", "小红", "阿丽", "小宝", "安安", "大山", "小雨", "阿飞", "乐乐", "小龙"),
}
ZH_TALK: Patterns = (
    "你好，我是{name}。",
    "{name}，你好吗？",
    "快看，{sky}！",
    "你看，{sky}{mood}。",
    "我的{thing}不见了。",
    "{thing}在哪里？",
    "你看见{thing}了吗？",
    "我在{place}找到了{thing}。",
    "我们去{place}吧。",
    "{when}我们去{place}吧。",
    "你想{deed}吗？",
    "{when}我想去{deed}。",
    "我们可以在{place}{deed}。",
    "{when}在{place}见。",
    "等等我，{name}！",
    "别忘了{thing}。",
    "这里{mood}，对不对？",
    "{when}一切都{mood}。",
    "我很想念{place}。",
    "谢谢你的{thing}。",
    "{name}，你能帮我吗？",
    "我在{place}看见了{who}。",
    "也许{who}拿走了{thing}。",
    "早上好，{name}！",
    "晚安，{name}。",
    "今天是我的生日！",
    "{when}我会带来{thing}。",
    "{place}远不远？",
    "你听，是{who}的声音。",
    "刚才{mood}！",
    "我们一定要{deed}。",
    "请告诉{who}，{when}过来。",
    "我从没见过这样的{sky}。",
    "准备好{deed}了吗？",
    "还记得{place}吗？",
    "{place}{mood}。",
    "快点，{name}，要迟到了！",
    "一，二，三，开始{deed}！",
    "这是我给{who}做的。",
    "请把{thing}给{who}。",
    "欢迎来到{place}！",
    "小声点，{name}，有人来了。",
    "好啊，我也会{deed}。",
    "我和{who}常常{deed}。",
)
ZH_SHOUT: Patterns = (
    "出发！",
    "小心！",
    "我来了！",
    "就这样吗？",
    "来吧！",
    "看招！",
    "没那么快！",
    "我准备好了！",
    "快点，{name}！",
    "等等我！",
    "看我的！",
    "你拦不住我！",
    "再来！",
    "来追我呀，{name}！",
    "哇！",
)
ZH_SING: Patterns = (
    "{when}的{sky}{mood}",
    "我们一起唱歌跳舞",
    "{sky}照着回家的路",
    "轻轻的风吹过{place}",
    "小鸟小鸟飞过山",
    "跟着小河慢慢走",
    "每一步都走向你",
    "啦啦啦一起来{deed}",
    "红灯笼高高挂在天上",
    "牵着我的手到{place}",
    "{place}的花儿开了",
    "雨点落在我窗前",
    "心里的歌唱给你听",
    "一闪一闪的星光",
    "我的家在大海那边",
)
SLOTS = {"en": EN_SLOTS, "zh": ZH_SLOTS}
TALK = {"en": EN_TALK, "zh": ZH_TALK}
SHOUT = {"en": EN_SHOUT, "zh": ZH_SHOUT}
SING = {"en": EN_SING, "zh": ZH_SING}

FIGHTS = ("punch", "kick", "fight", "spar", "sword", "block", "flip", "kung")


def fill(pattern: str, slots: Slots, rng: np.random.Generator) -> str:
    return re.sub(r"{(\w+)}", lambda slot: choose(slots[slot[1]], rng), pattern)


def choose(options: Sequence[str], rng: np.random.Generator) -> str:
    return options[int(rng.integers(len(options)))]


def draw_line(rng: np.random.Generator, language: str, kind: str = "talk") -> str:
    """One line; `kind` is talk, shout or sing."""
    patterns = {"talk": TALK, "shout": SHOUT, "sing": SING}[kind][language]
    return fill(choose(patterns, rng), SLOTS[language], rng)


def count_lines(language: str) -> int:
    """How many different lines the patterns make."""
    total = 0
    for patterns in (TALK, SHOUT, SING):
        for pattern in patterns[language]:
            ways = 1
            for slot in re.findall(r"{(\w+)}", pattern):
                ways *= len(SLOTS[language][slot])
            total += ways
    return total


def expected_seconds(text: str, language: str) -> float:
    return 0.25 + len(text) / PACE[language]


def draw_lines(rng: np.random.Generator, script: Script) -> tuple[Line, ...]:
    """The lines of a script that has none yet, in order of their start, up to 15 s."""
    language = "en" if rng.random() < 0.6 else "zh"
    people = [
        (index, ACTS[one.act])
        for index, one in enumerate(script.performers)
        if not KINDS[one.character.kind].animal
    ]
    talkers = [index for index, act in people if act.speaks == "talk"]
    singers = [index for index, act in people if act.speaks == "sing"]
    if singers:
        return sung_lines(rng, singers[0], language, script.music)
    if talkers:
        if len(people) > 1 and rng.random() < 0.6:
            talkers = [index for index, _ in people]
        return turns(rng, talkers, language)
    if people and rng.random() < 0.35:
        index, act = people[int(rng.integers(len(people)))]
        fights = any(word in act.name for word in FIGHTS)
        kind = "shout" if fights or rng.random() < 0.6 else "talk"
        text = draw_line(rng, language, kind)
        return (Line(index, round(float(rng.uniform(0.2, 0.9)), 2), text, language),)
    return ()


def turns(rng: np.random.Generator, speakers: list[int], language: str) -> tuple[Line, ...]:
    lines = []
    at, turn = float(rng.uniform(0.15, 0.5)), 0
    while at < LONGEST - 1.5:
        text = draw_line(rng, language)
        lines.append(Line(speakers[turn % len(speakers)], round(at, 2), text, language))
        at += expected_seconds(text, language) + float(rng.uniform(0.25, 0.6))
        turn += 1
    return tuple(lines)


def sung_lines(
    rng: np.random.Generator, singer: int, language: str, music: Music | None
) -> tuple[Line, ...]:
    """A phrase every eight beats of the music, after one beat alone."""
    beat = 60.0 / (music.tempo if music else 100.0)
    lines, at = [], PICKUP * beat
    while at < LONGEST - 2.0:
        lines.append(Line(singer, round(at, 4), draw_line(rng, language, "sing"), language, True))
        at += PHRASE * beat
    return tuple(lines)


def heard_lines(script: Script) -> tuple[Line, ...]:
    """The lines of which at least the first half second is heard in this clip."""
    return tuple(line for line in script.lines if line.start < script.seconds - 0.5)
