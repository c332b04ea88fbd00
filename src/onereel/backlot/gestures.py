"""What a body says on the spot: bows, waves, laughs, talks, sings, falls over.

Called from acts.py (the table) and duels.py.
"""

from dataclasses import replace

import numpy as np

from onereel.backlot.motion import Act, Beat
from onereel.backlot.moves import CLOSE, FEET, FULL, TAU, pose, wave
from onereel.backlot.skeleton import Array, Pose, keys, track


def bows(c: Array) -> Pose:
    up = pose(turn=1.0, near_foot=(-0.03, 0, 0.05, 0), far_foot=(0.03, 0, -0.05, 0))
    low = pose(
        up,
        pelvis=(-0.075, -0.02, 0),
        torso=(0.85, 0, 0, 0.35),
        head=(0, 0.25, 0),
        near_arm=(0.75, 0.02, 0.9, 0),
        far_arm=(0.75, 0.02, 0.9, 0),
        face=(0.4, 0, 0, 0.6, 0),
    )
    over = pose(up, torso=(-0.03, 0, 0, -0.04), face=(0.8, 0.3, 0, 0, 0))
    return keys(c, (0.0, up), (0.08, over), (0.32, low), (0.56, low), (0.78, over), (0.9, up))


def waves(c: Array) -> Pose:
    rest = pose(turn=0.4, face=(0.8, 0.3, 0, 0, 0.0))
    up = pose(
        rest,
        far_arm=(2.5, 0.65, 0.78, 0.4),
        torso=(0.0, 0.06, 0.1, -0.03),
        head=(0.05, -0.05, -0.12),
        face=(1.0, 0.6, 0, 0, 0.45),
    )
    ready = pose(rest, far_arm=(0.4, 0.3, 0.8, 0.3), torso=(0.03, -0.03, 0, 0))
    found = keys(c, (0.0, rest), (0.06, ready), (0.17, up), (0.8, up), (0.92, rest))
    raised = track(c, (0.0, 0), (0.12, 0), (0.2, 1), (0.76, 1), (0.88, 0))
    shake = 0.34 * raised * wave(c, 6)
    swing, out, reach, elbow = found.far_arm
    return replace(found, far_arm=(swing + 0.1 * np.abs(shake), out + shake, reach, elbow))


def claps(c: Array) -> Pose:
    apart = (0.5 - 0.5 * np.cos(TAU * (c - 0.5))) ** 0.8
    arm = (1.15 + 0.12 * apart, -0.36 + 0.62 * apart, 0.66, 0.25)
    return pose(
        pelvis=(0.0, -0.02 + 0.008 * apart, 0.0),
        turn=0.35,
        torso=(0.03, 0, 0, 0.02 * (1 - apart)),
        head=(0.0, -0.04 + 0.05 * (1 - apart), 0.08 * wave(c, 0.5)),
        near_arm=arm,
        far_arm=arm,
        face=(1.0, 0.5, 0, 0.1, 0.4),
    )


def cheers(c: Array) -> Pose:
    bounce = np.abs(wave(c, 1)) ** 1.4
    pump = wave(c, 2)
    return pose(
        pelvis=(0.0, -0.06 + 0.05 * bounce, 0.0),
        turn=0.35,
        torso=(-0.04, 0.04 * wave(c), 0, -0.05),
        near_arm=(2.75 + 0.2 * pump, 0.65, 0.9 + 0.08 * bounce, 0.4),
        far_arm=(2.75 + 0.2 * pump, 0.65, 0.9 + 0.08 * bounce, 0.4),
        near_foot=(-0.1, 0, 0.04, -0.5 * bounce * 0.6),
        far_foot=(0.1, 0, 0.0, -0.5 * bounce * 0.6),
        head=(0, -0.15, 0.1 * wave(c)),
        face=(1.0, 0.8, 0, 0.2, 0.85),
    )


def laughs(c: Array) -> Pose:
    shake = wave(c, 9)
    back = track(c, (0.0, 0.0), (0.25, 1.0), (0.45, 0.8), (0.7, -0.7), (0.9, -0.2))
    return pose(
        pelvis=(0.0, -0.03 + 0.004 * shake, 0.0),
        turn=0.45,
        torso=(-0.12 * back, 0, 0, -0.1 * back + 0.015 * shake),
        head=(0, -0.22 * back, 0.06 * back),
        near_arm=(0.85, -0.2, 0.62, 0.5),
        far_arm=(0.6, -0.15, 0.66, 0.5),
        face=(1.0, 0.4, 0, 0.75 + 0.2 * back, 0.75 + 0.2 * shake),
    )


def cries(c: Array) -> Pose:
    sob = wave(c, 4)
    return pose(
        pelvis=(0.0, -0.03, 0),
        turn=0.4,
        torso=(0.16, 0, 0, 0.18 + 0.025 * sob),
        head=(0, 0.22, 0.05 * wave(c)),
        near_arm=(2.0, -0.28 + 0.02 * sob, 0.6, 0.5),
        far_arm=(2.05, -0.28 - 0.02 * sob, 0.58, 0.5),
        face=(-1.0, 0.5, -0.7, 0.72, 0.3 + 0.2 * sob),
        gaze=(0, -0.6),
    )


def points(c: Array) -> Pose:
    rest = pose(turn=0.75)
    wind = pose(rest, far_arm=(0.9, 0.1, 0.55, 0.2), torso=(-0.04, 0, -0.15, 0))
    aim = pose(
        rest,
        far_arm=(1.72, 0.12, 1.0, 0),
        torso=(0.1, 0, 0.2, 0),
        head=(0.12, -0.05, 0),
        face=(0.6, 0.9, 0, 0, 0.5),
        gaze=(0.5, 0.1),
        pelvis=(0.02, -0.02, 0),
    )
    settle = pose(aim, far_arm=(1.68, 0.12, 0.97, 0), face=(0.5, 0.5, 0, 0, 0.1))
    turned = pose(settle, head=(-0.7, 0.0, 0.1), gaze=(-0.6, 0))
    return keys(
        c,
        (0.0, rest),
        (0.1, wind),
        (0.2, aim),
        (0.27, settle),
        (0.5, settle),
        (0.6, turned),
        (0.75, turned),
        (0.88, rest),
    )


def thinks(c: Array) -> Pose:
    sway = wave(c)
    return pose(
        turn=0.5,
        torso=(0.03, 0.03 * sway, 0, 0.02),
        head=(0.2 * sway, 0.03, -0.14),
        far_arm=(1.95, -0.32, 0.66, 0.2),
        near_arm=(0.95, -0.5, 0.6, 0.2),
        gaze=(0.5 * sway, 0.6),
        face=(0.0, 0.55, 0.15, 0.12, 0.0),
    )


def talks(c: Array) -> Pose:
    a = track(c, (0.0, 0.1), (0.14, 1.0), (0.3, 0.55), (0.44, 0.9), (0.6, 0.15), (0.85, 0.0))
    b = track(c, (0.0, 0.2), (0.25, 0.0), (0.5, 0.1), (0.68, 1.0), (0.8, 0.7), (0.93, 0.3))
    nod = wave(c, 3)
    return pose(
        pelvis=(0.008 * wave(c), -0.014, 0.0),
        turn=0.5 + 0.1 * wave(c, 1, 0.2),
        torso=(0.03 + 0.03 * a, 0.02 * wave(c), 0.08 * (a - b), 0.0),
        head=(0.1 * (b - a), 0.035 * nod, 0.06 * wave(c, 1, 0.4)),
        far_arm=(0.1 + 1.25 * a, 0.2 + 0.22 * a, 0.95 - 0.3 * a, 0.1),
        near_arm=(0.05 + 1.1 * b, 0.2 + 0.25 * b, 0.95 - 0.28 * b, 0.1),
        face=(0.5, 0.35 * a + 0.2 * b, 0, 0, 0.0),
        gaze=(0.15 * wave(c), 0.0),
    )


def sings(c: Array) -> Pose:
    sway = wave(c, 0.5)
    swell = 0.5 + 0.5 * wave(c, 0.5, 0.1)
    return pose(
        pelvis=(0.02 * sway, -0.02, 0.0),
        turn=0.4 + 0.1 * sway,
        torso=(-0.02, 0.06 * sway, 0, -0.05 * swell),
        head=(0.05 * sway, -0.1 - 0.08 * swell, 0.1 * sway),
        far_arm=(0.9 + 0.7 * swell, 0.35 + 0.4 * swell, 0.85, 0.1),
        near_arm=(1.55, -0.25, 0.5, 0.3),
        face=(0.55, 0.6 * swell, -0.15, 0.25 * swell, 0.0),
    )


def falls(c: Array) -> Pose:
    up = pose(turn=0.95, **FEET, face=(0.4, 0, 0, 0, 0))
    slip = pose(
        up,
        pelvis=(-0.06, -0.04, 0),
        torso=(-0.35, 0, 0, 0.1),
        near_arm=(2.2, 0.7, 0.95, 0.2),
        far_arm=(1.8, 0.8, 0.95, 0.2),
        far_foot=(0.17, 0.14, -0.02, 0.5),
        face=(-0.4, 1.3, 0, 0, 0.9),
    )
    seat = pose(
        up,
        pelvis=(-0.2, -0.375, 0),
        torso=(-0.75, 0, 0, 0.1),
        head=(0, 0.15, 0),
        near_arm=(-0.5, 0.5, 0.95, 0.2),
        far_arm=(-0.5, 0.5, 0.95, 0.2),
        near_foot=(0.1, 0.02, 0.06, 0.3),
        far_foot=(0.14, 0.06, -0.03, 0.4),
        face=(-0.6, 0.3, 0.5, 0.8, 0.5),
    )
    lie = pose(
        seat,
        torso=(-1.42, 0, 0, -0.05),
        head=(0, 0.2, 0),
        near_arm=(0.6, 0.9, 0.95, 0.2),
        far_arm=(0.6, 0.9, 0.95, 0.2),
        near_foot=(0.12, 0.0, 0.06, 0.1),
        far_foot=(0.14, 0, -0.03, 0.1),
    )
    situp = pose(
        seat,
        torso=(0.1, 0, 0, 0.15),
        near_foot=(0.1, 0, 0.06, 0),
        far_foot=(0.14, 0, -0.03, 0),
        near_arm=(-0.3, 0.3, 0.9, 0.2),
        face=(-0.2, 0.2, 0.2, 0.3, 0.1),
    )
    crouch = pose(
        up,
        pelvis=(-0.02, -0.24, 0),
        torso=(0.75, 0, 0, 0.2),
        head=(0, -0.2, 0),
        near_foot=(-0.09, 0, 0.05, -0.5),
        near_arm=(0.9, 0.1, 0.9, 0),
        far_arm=(0.8, 0.1, 0.9, 0),
    )
    shake = pose(up, head=(0.25, 0, 0.1), face=(0.2, 0.4, 0, 0.2, 0.1), torso=(0.08, 0, 0, 0.05))
    return keys(
        c,
        (0.0, up),
        (0.07, up),
        (0.15, slip),
        (0.235, seat),
        (0.28, lie),
        (0.45, lie),
        (0.58, situp),
        (0.63, situp),
        (0.74, crouch),
        (0.84, shake),
        (0.92, up),
    )


GESTURES: tuple[Act, ...] = (
    Act(
        "bows",
        bows,
        3.2,
        ("bows", "bows politely", "takes a bow"),
        ("bowing", "bowing politely", "taking a bow"),
        ("鞠躬", "弯腰行礼", "礼貌地鞠躬"),
        shot_sizes=FULL,
    ),
    Act(
        "waves",
        waves,
        2.9,
        ("waves", "waves hello", "waves a hand"),
        ("waving", "waving hello", "waving a hand"),
        ("挥手", "招手", "挥手打招呼"),
        hands=("relaxed", "open"),
        shot_sizes=CLOSE,
    ),
    Act(
        "claps",
        claps,
        0.56,
        ("claps", "claps hands", "applauds"),
        ("clapping", "clapping hands", "applauding"),
        ("拍手", "鼓掌", "开心地拍手"),
        beats=(Beat("clap", 0.5, "far_hand", 1.2),),
        any_phase=True,
        hands=("open", "open"),
        shot_sizes=("full", "medium", "medium"),
    ),
    Act(
        "cheers",
        cheers,
        1.1,
        ("cheers", "cheers with raised arms", "celebrates"),
        ("cheering", "cheering with raised arms", "celebrating"),
        ("欢呼", "高举双手欢呼", "庆祝"),
        any_phase=True,
        hands=("fist", "fist"),
        reach=1.25,
    ),
    Act(
        "laughs",
        laughs,
        2.6,
        ("laughs", "laughs out loud", "bursts out laughing"),
        ("laughing", "laughing out loud", "bursting out laughing"),
        ("大笑", "哈哈大笑", "笑个不停"),
        any_phase=True,
        shot_sizes=CLOSE,
    ),
    Act(
        "cries",
        cries,
        2.2,
        ("cries", "weeps", "sobs"),
        ("crying", "weeping", "sobbing"),
        ("哭泣", "伤心地哭", "抹眼泪"),
        any_phase=True,
        shot_sizes=CLOSE,
    ),
    Act(
        "points",
        points,
        3.0,
        ("points", "points ahead", "points into the distance"),
        ("pointing", "pointing ahead", "pointing into the distance"),
        ("用手指", "指向前方", "指着远处"),
        hands=("relaxed", "point"),
    ),
    Act(
        "thinks",
        thinks,
        4.4,
        ("thinks", "ponders", "thinks hard"),
        ("thinking", "pondering", "thinking hard"),
        ("思考", "沉思", "托着下巴思考"),
        any_phase=True,
        hands=("relaxed", "fist"),
        shot_sizes=CLOSE,
    ),
    Act(
        "talks",
        talks,
        3.4,
        ("talks", "speaks", "chats"),
        ("talking", "speaking", "chatting"),
        ("说话", "讲话", "聊天"),
        any_phase=True,
        speaks="talk",
        hands=("relaxed", "open"),
        shot_sizes=("medium", "medium", "close", "full"),
    ),
    Act(
        "sings",
        sings,
        2.0,
        ("sings", "sings a song", "sings with feeling"),
        ("singing", "singing a song", "singing with feeling"),
        ("唱歌", "歌唱", "深情地唱歌"),
        any_phase=True,
        speaks="sing",
        wants_music=True,
        hands=("relaxed", "open"),
        shot_sizes=("medium", "medium", "close", "full"),
    ),
    Act(
        "falls",
        falls,
        4.2,
        ("falls and gets up", "slips and falls", "tumbles and gets up again"),
        ("falling and getting up", "slipping and falling", "tumbling and getting up again"),
        ("摔倒又爬起来", "滑倒", "跌倒后站起来"),
        beats=(
            Beat("slide", 0.1, "far_toe", 0.8),
            Beat("fall", 0.235, "pelvis", 1.5),
            Beat("fall", 0.285, "neck", 0.8),
            Beat("step", 0.72, "near_toe", 0.7),
        ),
        shot_sizes=FULL,
        span=0.9,
    ),
)
