"""The acts: pure functions of the cycle that give a pose, with their contacts and words.

- An act is one pose function plus one entry in `ACTS` (period, stride, contacts, words).
- Planted feet stay planted: in a walk or run the foot is fixed in the world while it carries.
- Contacts come from the act's beats, so sound and picture share one clock.

Called from script.py (the table), shoot.py (poses, contacts), captions.py (words).
"""

from math import cos, floor, pi, sin

from onereel.backlot.motion import Act, Beat, Pose, blend_pair, keyed, smooth


def stands(cycle: float) -> Pose:
    breath = sin(2 * pi * cycle * 1.0)
    place = cycle % 1.0
    turn = keyed(
        place, (0.05, 0.3), (0.2, 0.75), (0.45, 0.75), (0.6, -0.45), (0.85, -0.45), (1, 0.3)
    )
    return Pose(
        pelvis=(0.004 * sin(pi * cycle), 0.404 + 0.003 * breath),
        lean=0.01 * sin(2 * pi * cycle),
        turn=turn,
        near_arm=(-0.2 - 0.03 * breath, -0.08),
        far_arm=(0.2 + 0.03 * breath, 0.06),
        look=turn * 0.7,
        head_tilt=0.05 * turn,
    )


def gait_foot(
    cycle: float, carry: float, stride: float, lift: float, hip: float, trail: float = 0.0
) -> tuple[float, float, float]:
    """A foot that lands at whole cycles, carries for `carry` of the cycle, then swings forward.

    `hip` is where its hip is in x, `trail` how far it is thrown back when it leaves the ground.
    """
    place = cycle - floor(cycle)
    reach = stride * carry
    if place < carry:
        roll = keyed(place / carry, (0.0, 0.32), (0.18, 0.0), (1.0, 0.0))
        return hip + reach / 2 - stride * place, 0.0, roll
    swing = (place - carry) / (1 - carry)
    pitch = keyed(swing, (0.0, -0.2), (0.22, -0.9), (0.7, 0.1), (1.0, 0.32))
    height = lift * sin(pi * swing**0.8) ** 1.0
    thrown = trail * sin(pi * swing) * (1 - swing) ** 1.5
    return hip - reach / 2 + reach * smooth(swing) - thrown, height, pitch


def walks(cycle: float) -> Pose:
    stride, carry = ACTS["walks"].stride, 0.6
    swing = cos(2 * pi * cycle)
    return Pose(
        travel=stride * cycle,
        pelvis=(0.0, 0.382 - 0.009 * cos(4 * pi * cycle)),
        lean=0.05,
        turn=0.72,
        near_arm=(-0.5 * swing + 0.02, -0.5 * swing + 0.28),
        far_arm=(0.5 * swing + 0.02, 0.5 * swing + 0.28),
        near_foot=gait_foot(cycle, carry, stride, 0.085, -0.03),
        far_foot=gait_foot(cycle + 0.5, carry, stride, 0.085, 0.03),
        head_tilt=0.02 * sin(4 * pi * cycle),
    )


def runs(cycle: float) -> Pose:
    stride, carry = ACTS["runs"].stride, 0.33
    swing = cos(2 * pi * (cycle - 0.08))
    return Pose(
        travel=stride * cycle,
        pelvis=(0.0, 0.362 - 0.024 * cos(4 * pi * (cycle - 0.17))),
        lean=0.27,
        turn=0.8,
        near_arm=(-0.95 * swing - 0.1, -0.75 * swing + 1.45),
        far_arm=(0.95 * swing - 0.1, 0.75 * swing + 1.45),
        near_foot=gait_foot(cycle, carry, stride, 0.2, -0.028, 0.3),
        far_foot=gait_foot(cycle + 0.5, carry, stride, 0.2, 0.028, 0.3),
        head_tilt=-0.12,
        smile=0.8,
        mouth=0.25,
    )


def jumps(cycle: float) -> Pose:
    place = cycle - floor(cycle)
    leave, land = 0.3, 0.66
    air = (place - leave) / (land - leave)
    height = 0.3 * 4 * air * (1 - air) if 0 < air < 1 else 0.0
    crouch = keyed(
        place, (0.04, 0.0), (0.2, 0.12), (0.3, 0.0), (0.64, 0.0), (0.72, 0.13), (0.9, 0.0)
    )
    stretch = keyed(
        place,
        (0.05, 1.0),
        (0.2, 0.93),
        (0.32, 1.06),
        (0.48, 1.0),
        (0.64, 1.04),
        (0.7, 0.9),
        (0.88, 1),
    )
    arms = keyed(place, (0.04, 0.2), (0.2, -0.8), (0.34, 2.5), (0.6, 2.2), (0.74, 0.5), (0.92, 0.2))
    tuck = 0.1 * sin(pi * air) if 0 < air < 1 else 0.0
    pitch = -0.7 * sin(pi * air) if 0 < air < 1 else 0.0
    return Pose(
        pelvis=(0.0, 0.404 - crouch + height),
        lean=crouch * 2.2,
        turn=0.35,
        near_arm=(-arms, -arms - 0.25),
        far_arm=(arms, arms + 0.25),
        near_foot=(-0.07, height + tuck, pitch),
        far_foot=(0.07, height + tuck * 0.8, pitch),
        squash=stretch,
        smile=1.0,
        mouth=0.8 if height > 0.05 else 0.1,
        brow=0.5,
    )


def waves(cycle: float) -> Pose:
    place = cycle - floor(cycle)
    raised = keyed(place, (0.03, 0.0), (0.16, 1.0), (0.82, 1.0), (0.95, 0.0))
    sweep = sin(2 * pi * place * 5.0) * 0.5
    base = Pose()
    return Pose(
        pelvis=(0.008 * raised, 0.404 + 0.003 * sin(2 * pi * cycle)),
        lean=-0.03 * raised,
        turn=0.18,
        near_arm=(-0.2, -0.05),
        far_arm=blend_pair(base.far_arm, (1.95, 2.65 + sweep), raised),
        head_tilt=0.1 * raised,
        smile=1.0,
        mouth=0.35 * raised,
        brow=0.3 * raised,
    )


def claps(cycle: float) -> Pose:
    apart = 0.5 - 0.5 * cos(2 * pi * (cycle - 0.5))
    apart **= 0.8
    upper, fore = 0.32 + 0.7 * apart, 1.9 + 1.15 * apart
    return Pose(
        pelvis=(0.0, 0.396 + 0.01 * apart),
        turn=0.1,
        near_arm=(-upper, fore),
        far_arm=(upper, -fore),
        head_tilt=0.06 * sin(pi * cycle),
        smile=1.0,
        mouth=0.5,
        brow=0.3,
    )


def step_in_place(cycle: float, landings: tuple[float, ...], flight: float = 0.17) -> float:
    """Height of a foot that lands at the given places of the cycle."""
    for landing in landings:
        before = (landing - cycle) % 1.0
        if before < flight:
            return 0.07 * sin(pi * before / flight)
    return 0.0


def dances(cycle: float) -> Pose:
    sway = sin(2 * pi * cycle)
    bounce = abs(sin(4 * pi * cycle))
    # Arms go up together, then one points high while the other is on the hip: two phrases.
    phrase = smooth(0.5 + 2.2 * sin(pi * cycle))
    roll = sin(4 * pi * cycle)
    up_near, up_far = (-2.25 - 0.3 * roll, -2.8 - 0.3 * roll), (2.25 - 0.3 * roll, 2.8 - 0.3 * roll)
    point = 0.5 + 0.5 * sway
    low_near = blend_pair((-0.9, 0.5), (-2.3, -2.5), point)
    low_far = blend_pair((2.3, 2.5), (0.9, -0.5), point)
    return Pose(
        pelvis=(0.045 * sway, 0.37 + 0.024 * bounce),
        lean=-0.1 * sway,
        turn=0.25 * sway,
        near_arm=blend_pair(low_near, up_near, phrase),
        far_arm=blend_pair(low_far, up_far, phrase),
        near_foot=(-0.1, step_in_place(cycle, (0.0, 0.5)), -0.1),
        far_foot=(0.1, step_in_place(cycle, (0.25, 0.75)), -0.1),
        head_tilt=0.16 * sway,
        smile=1.0,
        mouth=0.3 + 0.3 * bounce,
        brow=0.3,
    )


def bows(cycle: float) -> Pose:
    place = cycle - floor(cycle)
    down = keyed(place, (0.1, 0.0), (0.38, 1.0), (0.6, 1.0), (0.86, 0.0))
    return Pose(
        pelvis=(-0.07 * down, 0.404 - 0.02 * down),
        lean=1.05 * down,
        turn=0.62,
        near_arm=blend_pair((-0.05, 0.25), (0.25, 0.85), down),
        far_arm=blend_pair((0.12, 0.4), (0.35, 1.0), down),
        near_foot=(-0.045, 0.0, 0.0),
        far_foot=(0.045, 0.0, 0.0),
        head_tilt=0.3 * down,
        smile=0.7,
        mouth=0.0,
        look=0.2,
    )


GUARD_NEAR, GUARD_FAR = (0.35, 2.2), (0.75, 2.35)
STRAIGHT, PULLED = (1.5, 1.6), (-0.65, 1.5)


def punches(cycle: float) -> Pose:
    place = cycle - floor(cycle)
    near = keyed(place, (0.1, 0.0), (0.24, -1.0), (0.34, 1.0), (0.44, 1.0), (0.58, 0.0))
    far = keyed(place, (0.56, 0.0), (0.7, -1.0), (0.8, 1.0), (0.9, 1.0), (1.0, 0.0))
    drive = 0.06 * (near + far)
    effort = max(near, far, 0.0)
    return Pose(
        pelvis=(0.0 + drive, 0.338 - 0.012 * effort),
        lean=0.06 + 0.18 * effort,
        turn=0.75,
        near_arm=blend_pair(GUARD_NEAR, STRAIGHT if near > 0 else PULLED, abs(near)),
        far_arm=blend_pair(GUARD_FAR, STRAIGHT if far > 0 else PULLED, abs(far)),
        near_foot=(-0.17, 0.0, 0.0),
        far_foot=(0.17, 0.0, 0.0),
        smile=-0.1,
        mouth=0.6 * effort,
        brow=-0.8,
    )


def kicks(cycle: float) -> Pose:
    place = cycle - floor(cycle)
    lift = keyed(place, (0.12, 0.0), (0.3, 1.0), (0.5, 1.0), (0.72, 0.0))
    extend = keyed(place, (0.28, 0.0), (0.38, 1.0), (0.46, 1.0), (0.58, 0.0))
    foot_x = -0.16 + 0.24 * lift + 0.34 * extend
    foot_y = 0.22 * lift + 0.36 * extend
    return Pose(
        pelvis=(0.02 + 0.04 * lift, 0.355 + 0.035 * lift),
        lean=0.05 - 0.33 * extend - 0.05 * lift,
        turn=0.75,
        near_arm=blend_pair(GUARD_NEAR, (-0.6, 0.5), extend),
        far_arm=blend_pair(GUARD_FAR, (0.9, 1.9), lift),
        near_foot=(foot_x, foot_y, 0.25 * lift + 0.75 * extend),
        far_foot=(0.09, 0.0, 0.0),
        head_tilt=0.15 * extend,
        smile=-0.1,
        mouth=0.7 * extend,
        brow=-0.8,
    )


def talks(cycle: float) -> Pose:
    slow = sin(2 * pi * cycle)
    hand = 0.5 - 0.5 * cos(2 * pi * cycle)
    other = 0.5 - 0.5 * cos(2 * pi * cycle * 0.5 + 1.0)
    return Pose(
        pelvis=(0.006 * slow, 0.404),
        lean=0.03 * sin(pi * cycle),
        turn=0.22 + 0.16 * sin(pi * cycle),
        near_arm=blend_pair((-0.2, -0.05), (-0.35, 1.1 + 0.3 * slow), other * 0.9),
        far_arm=blend_pair((0.2, 0.1), (0.45, 1.75 + 0.35 * sin(4 * pi * cycle)), hand),
        head_tilt=0.07 * sin(2 * pi * cycle * 1.5),
        smile=0.6,
        brow=0.35 * hand,
    )


BOTH_STEPS = (Beat("step", 0.0, "near_foot", 0.8), Beat("step", 0.5, "far_foot", 0.8))
MOVING_CAMERAS = ("follow", "follow", "follow", "static", "handheld")

ACTS: dict[str, Act] = {
    act.name: act
    for act in (
        Act(
            "stands",
            stands,
            4.4,
            ("stands", "looks around", "stands still and looks about"),
            ("standing", "looking around", "standing quietly"),
            ("站着", "站在原地张望", "静静地站着"),
            any_phase=True,
            shot_sizes=("full", "medium", "close"),
        ),
        Act(
            "walks",
            walks,
            1.02,
            ("walks", "strolls", "walks along"),
            ("walking", "strolling", "taking a walk"),
            ("走路", "散步", "向前走"),
            stride=0.56,
            beats=BOTH_STEPS,
            any_phase=True,
            shot_sizes=("full", "full", "full", "medium"),
            cameras=(*MOVING_CAMERAS, "static"),
            near_cameras=("follow",),
        ),
        Act(
            "runs",
            runs,
            0.62,
            ("runs", "sprints", "runs fast"),
            ("running", "sprinting", "running fast"),
            ("奔跑", "跑步", "飞快地跑"),
            stride=1.08,
            beats=(Beat("step", 0.0, "near_foot", 1.3), Beat("step", 0.5, "far_foot", 1.3)),
            any_phase=True,
            shot_sizes=("full",),
            cameras=("follow", "follow", "handheld"),
        ),
        Act(
            "jumps",
            jumps,
            1.7,
            ("jumps", "jumps up and down", "leaps into the air"),
            ("jumping", "jumping up and down", "leaping into the air"),
            ("跳跃", "跳起来", "上下蹦跳"),
            beats=(Beat("land", 0.66, "near_foot", 1.6),),
            shot_sizes=("full",),
        ),
        Act(
            "waves",
            waves,
            2.9,
            ("waves", "waves hello", "waves a hand"),
            ("waving", "waving hello", "waving a hand"),
            ("挥手", "招手", "挥手打招呼"),
            shot_sizes=("full", "medium", "close"),
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
        ),
        Act(
            "dances",
            dances,
            2.0,
            ("dances", "dances happily", "dances to the music"),
            ("dancing", "dancing happily", "dancing to the music"),
            ("跳舞", "欢快地跳舞", "随着音乐起舞"),
            beats=(
                Beat("step", 0.0, "near_foot", 0.8),
                Beat("step", 0.25, "far_foot", 0.8),
                Beat("step", 0.5, "near_foot", 0.8),
                Beat("step", 0.75, "far_foot", 0.8),
            ),
            shot_sizes=("full",),
        ),
        Act(
            "bows",
            bows,
            3.2,
            ("bows", "bows politely", "takes a bow"),
            ("bowing", "bowing politely", "taking a bow"),
            ("鞠躬", "弯腰行礼", "礼貌地鞠躬"),
            shot_sizes=("full",),
        ),
        Act(
            "punches",
            punches,
            1.35,
            ("punches", "throws punches", "practises kung fu punches"),
            ("punching", "throwing punches", "practising kung fu punches"),
            ("出拳", "练拳", "打功夫拳"),
            beats=(Beat("hit", 0.345, "near_hand", 1.2), Beat("hit", 0.805, "far_hand", 1.2)),
            shot_sizes=("full",),
        ),
        Act(
            "kicks",
            kicks,
            1.6,
            ("kicks", "throws high kicks", "practises kung fu kicks"),
            ("kicking", "throwing high kicks", "practising kung fu kicks"),
            ("踢腿", "练踢腿", "功夫踢腿"),
            beats=(Beat("hit", 0.385, "near_foot", 1.3), Beat("step", 0.72, "near_foot", 1.0)),
            shot_sizes=("full",),
        ),
        Act(
            "talks",
            talks,
            2.3,
            ("talks", "speaks", "chats"),
            ("talking", "speaking", "chatting"),
            ("说话", "讲话", "聊天"),
            any_phase=True,
            shot_sizes=("medium", "medium", "close", "full"),
        ),
    )
}
