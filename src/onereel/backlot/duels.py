"""Acts for two: fights whose blows meet, dances that hold hands, greetings and games.

- One function a act: `act(cycle, role)` gives the pose of role 0 (who faces right, on the left)
  or of role 1 (its partner, mirrored by facing left).
- `MEETINGS` names what has to touch and when: cast.py pulls both limbs to the shared point, so
  that a punch lands on the block and hands find each other.

Called from acts.py and cast.py.
"""

from dataclasses import dataclass, replace

import numpy as np

from onereel.backlot.blows import (
    CHAMBER,
    FAR_HIT,
    FAR_WIND,
    FISTS,
    GUARD,
    HIGH_BLOCK,
    KICK,
    NEAR_HIT,
    NEAR_WIND,
    smooth,
)
from onereel.backlot.dances import step
from onereel.backlot.gestures import talks
from onereel.backlot.motion import Act, Beat
from onereel.backlot.skeleton import Array, Pose, keys, track

TAU = 2 * np.pi


@dataclass(frozen=True)
class Meeting:
    """From `start` to `end` of the cycle a limb of role `who` goes to a place of the other's.

    `share` says where between the two they meet: 0 at the goal itself, 0.5 half-way."""

    who: int
    limb: str  # near_hand, far_hand, near_foot
    goal: str  # a joint of the other
    start: float
    end: float
    ease: float = 0.05
    share: float = 0.0


def pose(base: Pose, **changes: object) -> Pose:
    return replace(base, **changes)  # type: ignore[arg-type]


STAND = Pose(pelvis=(0.0, -0.014, 0.0), turn=1.0, face=(0.7, 0.3, 0, 0, 0))
REEL = pose(
    GUARD,
    pelvis=(-0.07, -0.07, 0),
    torso=(-0.3, 0, -0.2, -0.1),
    head=(0.2, -0.3, 0.1),
    near_arm=(0.9, 0.5, 0.75, 0.2),
    far_arm=(1.0, 0.5, 0.8, 0.2),
    face=(-0.7, 0.6, -0.3, 0.5, 0.6),
)
FOLD = pose(
    GUARD,
    pelvis=(-0.1, -0.1, 0),
    torso=(0.45, 0, 0, 0.3),
    head=(0, -0.2, 0),
    near_arm=(1.0, 0.1, 0.6, 0.2),
    far_arm=(1.0, 0.1, 0.6, 0.2),
    face=(-0.6, 0.4, 0.4, 0.5, 0.7),
)
MID_BLOCK = pose(
    GUARD,
    near_arm=(1.75, -0.3, 0.58, 0.3),
    torso=(0.02, 0, 0.3, 0.02),
    pelvis=(-0.03, -0.08, 0),
    face=(-0.2, 0.1, 0.9, 0.2, 0.2),
)


def fights(c: Array, role: int) -> Pose:
    """Jab and block, cross and block, counter, kick that lands, recovery."""
    if role == 0:
        return keys(
            c,
            (0.0, GUARD),
            (0.05, FAR_WIND),
            (0.1, FAR_HIT),
            (0.13, FAR_HIT),
            (0.2, GUARD),
            (0.25, NEAR_WIND),
            (0.31, NEAR_HIT),
            (0.345, NEAR_HIT),
            (0.42, GUARD),
            (0.46, MID_BLOCK),
            (0.53, MID_BLOCK),
            (0.6, GUARD),
            (0.66, CHAMBER),
            (0.71, KICK),
            (0.745, KICK),
            (0.82, CHAMBER),
            (0.9, GUARD),
        )
    return keys(
        c,
        (0.0, GUARD),
        (0.05, GUARD),
        (0.1, MID_BLOCK),
        (0.15, MID_BLOCK),
        (0.22, GUARD),
        (0.26, GUARD),
        (0.31, HIGH_BLOCK),
        (0.36, HIGH_BLOCK),
        (0.405, FAR_WIND),
        (0.465, FAR_HIT),
        (0.5, FAR_HIT),
        (0.58, GUARD),
        (0.68, GUARD),
        (0.725, GUARD),
        (0.77, FOLD),
        (0.86, FOLD),
        (0.95, GUARD),
    )


def spars(c: Array, role: int) -> Pose:
    """The other way about: role 1 presses with a cross and a kick, role 0 blocks and answers."""
    if role == 1:
        return keys(
            c,
            (0.0, GUARD),
            (0.08, NEAR_WIND),
            (0.15, NEAR_HIT),
            (0.19, NEAR_HIT),
            (0.3, GUARD),
            (0.4, CHAMBER),
            (0.46, KICK),
            (0.5, KICK),
            (0.58, CHAMBER),
            (0.66, GUARD),
            (0.72, GUARD),
            (0.79, REEL),
            (0.86, REEL),
            (0.95, GUARD),
        )
    low = pose(
        GUARD,
        near_arm=(1.2, -0.1, 0.75, 0.2),
        far_arm=(1.25, -0.1, 0.75, 0.2),
        pelvis=(-0.06, -0.11, 0),
        torso=(0.16, 0, 0.1, 0.14),
        face=(-0.3, 0, 0.9, 0.3, 0.2),
    )
    return keys(
        c,
        (0.0, GUARD),
        (0.09, GUARD),
        (0.15, HIGH_BLOCK),
        (0.21, HIGH_BLOCK),
        (0.31, GUARD),
        (0.4, GUARD),
        (0.455, low),
        (0.53, low),
        (0.62, GUARD),
        (0.68, FAR_WIND),
        (0.74, FAR_HIT),
        (0.78, FAR_HIT),
        (0.9, GUARD),
    )


def shakes_hands(c: Array, role: int) -> Pose:
    rest = pose(STAND, near_foot=(-0.06, 0, 0.05, 0), far_foot=(0.06, 0, -0.04, 0))
    give = pose(
        rest, torso=(0.1, 0, 0.1, 0.02), near_arm=(1.05, -0.1, 0.8, 0), face=(0.9, 0.5, 0, 0, 0.2)
    )
    found = keys(c, (0.0, rest), (0.12, rest), (0.27, give), (0.72, give), (0.86, rest))
    nod = track(c, (0.0, 0), (0.3, 0), (0.4, 1), (0.5, 0), (0.6, 0.8), (0.7, 0), (0.9, 0))
    return replace(found, head=(-0.1, 0.16 * nod, 0.0))


def hugs(c: Array, role: int) -> Pose:
    """Arms open, chest to chest, a slow rocking; role 0 holds the shoulders, role 1 the waist."""
    apart = pose(
        STAND,
        turn=1.2,
        near_foot=(-0.04, 0, 0.05, 0),
        far_foot=(0.05, 0, -0.04, 0),
        face=(0.9, 0.6, 0, 0, 0.3),
    )
    open_ = pose(
        apart,
        near_arm=(1.35, 0.45, 0.95, 0.2),
        far_arm=(1.45, 0.45, 0.95, 0.2),
        torso=(-0.02, 0, 0, -0.02),
    )
    high = role == 0
    close = pose(
        apart,
        pelvis=(0.065, -0.026, 0),
        torso=(0.05, 0, 0, 0.02),
        near_arm=(1.45 if high else 1.0, -0.1, 0.85, 0.3),
        far_arm=(1.0 if high else 1.45, -0.1, 0.85, 0.3),
        head=(-0.35, 0.06, -0.16),
        face=(0.95, 0.1, -0.1, 0.92, 0),
    )
    rock = pose(close, torso=(0.055, 0.05, 0.04, 0.02), pelvis=(0.07, -0.03, 0))
    return keys(
        c,
        (0.0, apart),
        (0.1, open_),
        (0.24, close),
        (0.42, rock),
        (0.58, close),
        (0.72, rock),
        (0.86, open_),
        (0.95, apart),
    )


def high_fives(c: Array, role: int) -> Pose:
    rest = pose(STAND, near_foot=(-0.06, 0, 0.05, 0), far_foot=(0.06, 0, -0.04, 0))
    wind = pose(
        rest,
        near_arm=(2.9, 0.4, 0.75, 0.3),
        torso=(-0.1, 0, -0.25, -0.05),
        pelvis=(-0.03, -0.03, 0),
    )
    slap = pose(
        rest,
        near_arm=(2.25, -0.1, 0.92, 0.1),
        torso=(0.12, 0, 0.3, 0),
        pelvis=(0.04, -0.02, 0),
        face=(1.0, 0.7, 0, 0, 0.7),
    )
    after = pose(
        rest,
        near_arm=(0.3, 0.4, 0.9, 0.1),
        torso=(0.06, 0, 0.2, 0.04),
        face=(1.0, 0.4, 0, 0.2, 0.4),
    )
    return keys(
        c,
        (0.0, rest),
        (0.1, rest),
        (0.26, wind),
        (0.36, slap),
        (0.4, slap),
        (0.52, after),
        (0.7, rest),
        (0.85, rest),
    )


def dances_together(c: Array, role: int) -> Pose:
    """Both hands held; side steps, and the arms rise and fall with the beat."""
    sway = np.sin(TAU * c)
    bounce = np.abs(np.sin(2 * TAU * c))
    lift = 0.5 + 0.5 * np.sin(TAU * c * 0.5)
    mirror = 1.0 if role == 0 else -1.0
    return Pose(
        pelvis=(0.02 * mirror * sway, -0.06 + 0.03 * bounce, 0.0),
        turn=1.05 + 0.2 * sway * mirror,
        torso=(0.0, -0.1 * sway * mirror, 0.0, -0.03),
        head=(-0.15, -0.03 * bounce, 0.1 * sway),
        near_arm=(1.1 + 0.5 * lift, 0.2, 0.8, 0.3),
        far_arm=(1.1 + 0.5 * lift, 0.2, 0.8, 0.3),
        near_foot=step(c, (0.0, 0.5), -0.04, 0.07),
        far_foot=step(c, (0.25, 0.75), 0.03, -0.06),
        face=(1.0, 0.5, 0, 0.1, 0.35),
    )


def plays_catch(c: Array, role: int) -> Pose:
    """Role 0 throws in the first half, role 1 throws it back in the second."""
    c = c + 0.5 * role
    ready = Pose(
        pelvis=(0, -0.05, 0),
        turn=0.95,
        near_foot=(-0.11, 0, 0.06, 0),
        far_foot=(0.1, 0, -0.04, 0),
        near_arm=(1.15, 0.0, 0.66, 0.2),
        far_arm=(1.15, 0.0, 0.66, 0.2),
        face=(0.8, 0.3, 0, 0, 0.2),
    )
    wind = pose(
        ready,
        pelvis=(-0.05, -0.06, 0),
        torso=(-0.15, 0, -0.5, -0.05),
        near_arm=(2.9, 0.5, 0.7, 0.4),
        far_arm=(1.5, 0.0, 0.9, 0),
    )
    fling = pose(
        ready,
        pelvis=(0.06, -0.06, 0),
        torso=(0.22, 0, 0.5, 0.05),
        near_arm=(1.75, -0.1, 1.0, 0),
        far_arm=(0.4, 0.4, 0.8, 0.2),
        near_foot=(-0.11, 0, 0.06, -0.4),
        face=(0.9, 0.4, 0.2, 0, 0.5),
    )
    reach = pose(
        ready,
        near_arm=(1.55, 0.0, 0.86, 0.1),
        far_arm=(1.5, 0.0, 0.86, 0.1),
        face=(0.7, 0.9, 0, 0, 0.4),
    )
    give = pose(
        ready,
        pelvis=(-0.03, -0.07, 0),
        near_arm=(1.1, -0.05, 0.55, 0.2),
        far_arm=(1.1, -0.05, 0.55, 0.2),
        torso=(-0.05, 0, 0, 0.08),
    )
    return keys(
        c,
        (0.05, ready),
        (0.15, wind),
        (0.22, fling),
        (0.27, fling),
        (0.4, ready),
        (0.76, ready),
        (0.87, reach),
        (0.915, reach),
        (0.965, give),
    )


def chats(c: Array, role: int) -> Pose:
    """Turns to speak: one gestures while the other nods."""
    spoke = talks(c * 2)
    mine = smooth(0.5 + 3.0 * np.sin(TAU * (c + 0.5 * role)))
    nod = np.sin(TAU * c * 5) * (1 - mine)
    quiet = Pose(pelvis=(0, -0.014, 0), turn=0.85, head=(0.0, 0.0, 0.0))
    blend = lambda a, b: tuple(p + (q - p) * mine for p, q in zip(a, b, strict=True))  # noqa: E731
    return replace(
        quiet,
        turn=0.85 + 0.0 * c,
        near_arm=blend(quiet.near_arm, spoke.near_arm),
        far_arm=blend(quiet.far_arm, spoke.far_arm),
        head=(-0.1 + 0 * c, 0.07 * nod, 0.05 * np.sin(TAU * c)),
        torso=(0.02 + 0.04 * mine, 0 * c, 0.05 * mine, 0 * c),
        face=(0.6 + 0.3 * mine, 0.3 * mine, 0, 0, 0.0),
    )


MEETINGS: dict[str, tuple[Meeting, ...]] = {
    "fights": (
        Meeting(0, "far_hand", "near_hand", 0.10, 0.13, 0.045),
        Meeting(0, "near_hand", "far_hand", 0.31, 0.345, 0.05),
        Meeting(1, "far_hand", "near_hand", 0.465, 0.5, 0.05),
        Meeting(0, "near_foot", "chest", 0.71, 0.745, 0.045),
    ),
    "spars": (
        Meeting(1, "near_hand", "far_hand", 0.15, 0.19, 0.05),
        Meeting(1, "near_foot", "near_hand", 0.46, 0.5, 0.05),
        Meeting(0, "far_hand", "face", 0.74, 0.78, 0.05),
    ),
    "shakes hands": (Meeting(0, "near_hand", "near_hand", 0.3, 0.7, 0.12, 0.5),),
    "high-fives": (Meeting(0, "near_hand", "near_hand", 0.36, 0.4, 0.07, 0.5),),
    "hugs": (
        Meeting(0, "near_hand", "back", 0.24, 0.76, 0.12),
        Meeting(0, "far_hand", "waist", 0.24, 0.76, 0.12),
        Meeting(1, "near_hand", "waist", 0.24, 0.76, 0.12),
        Meeting(1, "far_hand", "back", 0.24, 0.76, 0.12),
    ),
    "dance together": (
        Meeting(0, "near_hand", "near_hand", -1.0, 2.0, 0.05, 0.5),
        Meeting(0, "far_hand", "far_hand", -1.0, 2.0, 0.05, 0.5),
    ),
}

# Acts whose arms go round the other: near arms are before both bodies, far arms behind both.
EMBRACES = ("hugs",)

FULL = ("full",)
DUELS: tuple[Act, ...] = (
    Act(
        "fights",
        fights,
        3.4,
        ("fights", "battles", "trades punches and kicks"),
        ("fighting", "battling", "trading punches and kicks"),
        ("打斗", "搏斗", "激烈对打"),
        two=True,
        apart=0.62,
        beats=(
            Beat("block", 0.105, "far_hand", 1.0),
            Beat("block", 0.315, "near_hand", 1.2),
            Beat("block", 0.47, "far_hand", 1.1, role=1),
            Beat("kick", 0.715, "near_foot", 1.5),
        ),
        hands=FISTS,
        shot_sizes=("full", "full", "medium"),
        span=0.9,
    ),
    Act(
        "spars",
        spars,
        3.0,
        ("spars", "practises kung fu with a partner", "trains kung fu in a pair"),
        ("sparring", "practising kung fu with a partner", "training kung fu in a pair"),
        ("切磋武艺", "对练功夫", "过招"),
        two=True,
        apart=0.58,
        beats=(
            Beat("block", 0.155, "near_hand", 1.2, role=1),
            Beat("kick", 0.465, "near_foot", 1.2, role=1),
            Beat("punch", 0.745, "far_hand", 1.3),
        ),
        hands=FISTS,
        shot_sizes=("full", "full", "medium"),
        span=0.9,
    ),
    Act(
        "shakes hands",
        shakes_hands,
        3.0,
        ("shakes hands", "greets with a handshake", "shakes hands warmly"),
        ("shaking hands", "greeting with a handshake", "shaking hands warmly"),
        ("握手", "握手问好", "热情地握手"),
        two=True,
        apart=0.52,
        beats=(Beat("clap", 0.3, "near_hand", 0.3),),
        hands=("hold", "relaxed"),
    ),
    Act(
        "high-fives",
        high_fives,
        2.4,
        ("high-fives", "gives a high five", "slaps hands"),
        ("high-fiving", "giving a high five", "slapping hands"),
        ("击掌", "互相击掌", "击掌庆祝"),
        two=True,
        apart=0.55,
        beats=(Beat("clap", 0.365, "near_hand", 1.4),),
        hands=("open", "relaxed"),
        reach=1.15,
    ),
    Act(
        "hugs",
        hugs,
        4.0,
        ("hugs", "gives a warm hug", "embraces"),
        ("hugging", "giving a warm hug", "embracing"),
        ("拥抱", "紧紧拥抱", "温暖地拥抱"),
        two=True,
        apart=0.36,
        hands=("open", "open"),
        shot_sizes=("full", "medium", "medium"),
    ),
    Act(
        "dance together",
        dances_together,
        2.0,
        ("dances hand in hand", "dances together", "dances holding hands"),
        ("dancing hand in hand", "dancing together", "dancing holding hands"),
        ("手拉手跳舞", "一起跳舞", "牵手共舞"),
        two=True,
        apart=0.5,
        wants_music=True,
        shot_sizes=FULL,
        hands=("hold", "hold"),
        beats=tuple(
            Beat("step", at, joint, 0.7, role=role)
            for role in (0, 1)
            for at, joint in (
                (0.0, "near_toe"),
                (0.25, "far_toe"),
                (0.5, "near_toe"),
                (0.75, "far_toe"),
            )
        ),
    ),
    Act(
        "plays catch",
        plays_catch,
        2.8,
        ("plays catch", "throws a ball to and fro", "tosses a ball back and forth"),
        ("playing catch", "throwing a ball to and fro", "tossing a ball back and forth"),
        ("互相传球", "抛球玩", "你来我往地扔球"),
        two=True,
        apart=1.15,
        prop="ball",
        beats=(
            Beat("throw", 0.225, "near_hand", 0.8),
            Beat("catch", 0.415, "near_hand", 1.0, role=1),
            Beat("throw", 0.725, "near_hand", 0.8, role=1),
            Beat("catch", 0.915, "near_hand", 1.0),
        ),
        hands=("open", "open"),
        shot_sizes=FULL,
        span=0.9,
        reach=1.3,
    ),
    Act(
        "chats",
        chats,
        6.0,
        ("chats", "talks with a friend", "has a conversation"),
        ("chatting", "talking with a friend", "having a conversation"),
        ("聊天", "交谈", "和朋友说话"),
        two=True,
        apart=0.62,
        speaks="talk",
        any_phase=True,
        hands=("relaxed", "open"),
        shot_sizes=("full", "medium", "medium", "close"),
    ),
)
