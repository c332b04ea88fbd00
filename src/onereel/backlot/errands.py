"""What people do with things: throw, drum, read, ride, carry, drink; and kneel to look at one.

Called from acts.py (the table).
"""

from dataclasses import replace

import numpy as np

from onereel.backlot.motion import Act, Beat
from onereel.backlot.moves import CLOSE, FEET, FULL, MOVING, STEPS, TAU, pose, walks, wave
from onereel.backlot.skeleton import Array, Pose, keys, track


def throws(c: Array) -> Pose:
    """Tosses a ball straight up and catches it again."""
    ready = pose(
        turn=0.55,
        **FEET,
        far_arm=(1.0, 0.1, 0.72, 0),
        near_arm=(0.25, 0.35, 0.9, 0),
        head=(0.05, 0.05, 0),
        gaze=(0.2, -0.5),
    )
    dip = pose(ready, pelvis=(0, -0.07, 0), far_arm=(0.62, 0.1, 0.86, 0), torso=(0.12, 0, 0, 0.05))
    fling = pose(
        ready,
        pelvis=(0, 0.0, 0),
        far_arm=(2.05, 0.1, 0.9, 0),
        torso=(-0.06, 0, 0, -0.06),
        head=(0.05, -0.3, 0),
        gaze=(0.2, 0.8),
        face=(0.8, 0.7, 0, 0, 0.4),
    )
    watch = pose(fling, far_arm=(1.6, 0.1, 0.75, 0), head=(0.05, -0.38, 0))
    meet = pose(ready, far_arm=(1.35, 0.1, 0.8, 0), head=(0.05, -0.1, 0), gaze=(0.2, 0.2))
    give = pose(dip, pelvis=(0, -0.05, 0), far_arm=(0.8, 0.1, 0.82, 0), face=(1.0, 0.4, 0, 0, 0.3))
    return keys(
        c,
        (0.0, ready),
        (0.13, dip),
        (0.25, fling),
        (0.45, watch),
        (0.68, watch),
        (0.75, meet),
        (0.81, give),
        (0.93, ready),
    )


def drums(c: Array) -> Pose:
    beat_n = np.abs(np.sin(np.pi * (c * 2))) ** 0.7
    beat_f = np.abs(np.sin(np.pi * (c * 2 + 0.5))) ** 0.7
    return pose(
        pelvis=(0.0, -0.04 - 0.008 * wave(c, 4), 0.0),
        turn=0.85,
        torso=(0.14, 0, 0.12 * (beat_n - beat_f), 0.06),
        near_arm=(0.92 + 1.0 * beat_n, 0.12, 0.66, 0.2),
        far_arm=(0.92 + 1.0 * beat_f, 0.12, 0.66, 0.2),
        near_foot=(-0.1, 0, 0.06, 0),
        far_foot=(0.06, 0, -0.05, 0),
        head=(-0.15, 0.06 * wave(c, 4), 0.06 * wave(c)),
        face=(0.9, 0.2, 0.1, 0.05, 0.2),
    )


def reads(c: Array) -> Pose:
    scan = np.mod(c * 3, 1.0) * 2 - 1
    scan = np.sin(np.pi * scan / 2) * np.minimum(1.0, (1 - np.abs(scan)) * 6)
    arm = (1.12, -0.2, 0.6, 0.25)
    return pose(
        turn=0.6,
        torso=(0.05, 0, 0, 0.08),
        head=(0.03 * scan, 0.2, 0.03 * wave(c)),
        near_arm=arm,
        far_arm=arm,
        gaze=(0.35 * scan, -0.75),
        face=(0.45, 0.2 + 0.2 * wave(c, 0.5), 0, 0.22, 0.0),
    )


def flies_kite(c: Array) -> Pose:
    pull = track(c, (0.0, 0.0), (0.3, 1.0), (0.5, 0.2), (0.7, 0.8), (0.85, 0.3))
    return pose(
        pelvis=(-0.02 * pull, -0.03 - 0.01 * pull, 0),
        turn=0.85,
        torso=(-0.06 - 0.1 * pull, 0, 0, -0.04),
        head=(0.0, -0.3, 0),
        near_foot=(-0.13, 0, 0.06, 0),
        far_foot=(0.09, 0, -0.04, 0),
        far_arm=(2.25 - 0.35 * pull, 0.12, 0.8 - 0.12 * pull, 0.1),
        near_arm=(1.7 - 0.3 * pull, -0.05, 0.6, 0.2),
        gaze=(0.4, 0.8),
        face=(0.95, 0.5, 0, 0, 0.25),
    )


def rides(c: Array) -> Pose:
    angle = TAU * c

    def pedal(phase: float, z: float) -> tuple:
        return (
            0.005 + 0.085 * np.sin(angle + phase),
            0.135 + 0.085 * np.cos(angle + phase),
            np.full_like(c, z),
            0.25 * np.sin(angle + phase + 2.2),
        )

    return pose(
        pelvis=(-0.15, 0.02 + 0.006 * wave(c, 2), 0),
        turn=1.25,
        torso=(0.4, 0.02 * wave(c), 0, 0.1),
        head=(-0.35, -0.12, 0.03 * wave(c)),
        near_arm=(1.15, 0.05, 0.9, 0.2),
        far_arm=(1.15, 0.05, 0.9, 0.2),
        near_foot=pedal(0.0, 0.05),
        far_foot=pedal(np.pi, -0.05),
        face=(0.9, 0.3, 0, 0, 0.15),
    )


def pushes(c: Array) -> Pose:
    found = walks(c)
    return replace(
        found,
        torso=(0.3, 0.02 * wave(c), 0.0, 0.05),
        head=(-0.2, -0.12, 0),
        pelvis=(-0.03, -0.06 - 0.008 * np.cos(2 * TAU * c), 0.0),
        face=(0.3, 0.1, 0.3, 0, 0.1),
        near_arm=(1.15, 0.0, 0.86, 0.1),
        far_arm=(1.15, 0.0, 0.86, 0.1),
    )


def carries_lantern(c: Array) -> Pose:
    found = walks(c)
    return replace(
        found, far_arm=(1.45, 0.1, 0.82, 0.1), face=(0.5, 0.3, 0, 0, 0), turn=1.0 + 0 * c
    )


def carries_box(c: Array) -> Pose:
    found = walks(c)
    return replace(
        found,
        near_arm=(1.0, -0.1, 0.68, 0.3),
        far_arm=(1.0, -0.1, 0.68, 0.3),
        torso=(-0.06, 0.03 * wave(c), -0.04 * np.cos(TAU * c), -0.03),
        face=(0.2, 0.3, 0.2, 0, 0.05),
    )


def walks_umbrella(c: Array) -> Pose:
    found = walks(c)
    return replace(found, far_arm=(1.72, 0.05, 0.78, 0.2), turn=0.95 + 0 * c)


def drinks(c: Array) -> Pose:
    hold = pose(turn=0.6, far_arm=(1.15, 0.0, 0.62, 0.1), near_arm=(0.95, -0.25, 0.62, 0.2))
    sip = pose(
        hold,
        far_arm=(1.98, -0.3, 0.58, 0.3),
        near_arm=(1.75, -0.4, 0.58, 0.4),
        head=(0.05, -0.12, 0),
        face=(0.5, 0.1, 0, 0.65, 0.2),
    )
    ahh = pose(
        hold, torso=(-0.03, 0, 0, -0.04), face=(1.0, 0.5, 0, 0.5, 0.35), head=(0, -0.08, 0.06)
    )
    return keys(
        c,
        (0.0, hold),
        (0.15, hold),
        (0.32, sip),
        (0.52, sip),
        (0.66, hold),
        (0.74, ahh),
        (0.88, hold),
    )


def kneels(c: Array) -> Pose:
    up = pose(
        turn=0.95,
        near_foot=(-0.2, 0, 0.06, 0),
        far_foot=(0.1, 0, -0.04, 0),
        pelvis=(-0.02, -0.05, 0),
    )
    knee = pose(
        up,
        pelvis=(-0.02, -0.235, 0),
        near_foot=(-0.2, 0, 0.06, -1.15),
        torso=(0.1, 0, 0, 0.05),
        far_arm=(0.9, 0.0, 0.75, 0.1),
        head=(0, 0.12, 0),
        face=(0.2, 0.1, 0, 0.4, 0),
    )
    look = pose(knee, head=(-0.2, -0.15, 0), face=(0.6, 0.4, 0, 0, 0))
    heel = pose(up, near_foot=(-0.2, 0, 0.06, -0.5), pelvis=(-0.02, -0.1, 0))
    return keys(
        c,
        (0.0, up),
        (0.08, up),
        (0.15, heel),
        (0.28, knee),
        (0.5, knee),
        (0.6, look),
        (0.72, look),
        (0.86, heel),
        (0.95, up),
    )


ERRANDS: tuple[Act, ...] = (
    Act(
        "throws",
        throws,
        2.0,
        ("throws a ball up and catches it", "tosses a ball", "plays with a ball"),
        ("throwing a ball up and catching it", "tossing a ball", "playing with a ball"),
        ("抛接球", "把球抛起又接住", "玩球"),
        beats=(Beat("throw", 0.25, "far_hand", 0.7), Beat("catch", 0.75, "far_hand", 0.9)),
        prop="ball",
        hands=("relaxed", "open"),
        reach=1.55,
    ),
    Act(
        "drums",
        drums,
        1.0,
        ("plays the drum", "drums", "beats a drum"),
        ("playing the drum", "drumming", "beating a drum"),
        ("打鼓", "敲鼓", "击鼓"),
        beats=(
            Beat("drum", 0.0, "near_hand", 1.1),
            Beat("drum", 0.25, "far_hand", 0.8),
            Beat("drum", 0.5, "near_hand", 1.1),
            Beat("drum", 0.75, "far_hand", 0.8),
        ),
        prop="drum",
        any_phase=True,
        hands=("hold", "hold"),
    ),
    Act(
        "reads",
        reads,
        6.0,
        ("reads a book", "reads", "studies a book"),
        ("reading a book", "reading", "studying a book"),
        ("看书", "读书", "阅读一本书"),
        prop="book",
        any_phase=True,
        hands=("hold", "hold"),
        shot_sizes=CLOSE,
    ),
    Act(
        "flies a kite",
        flies_kite,
        4.0,
        ("flies a kite", "flies a kite high", "plays with a kite"),
        ("flying a kite", "flying a kite high", "playing with a kite"),
        ("放风筝", "把风筝放得很高", "玩风筝"),
        prop="kite",
        any_phase=True,
        hands=("hold", "fist"),
        shot_sizes=FULL,
        reach=1.7,
        span=1.1,
    ),
    Act(
        "rides",
        rides,
        0.9,
        ("rides a bicycle", "cycles", "pedals a bike"),
        ("riding a bicycle", "cycling", "pedalling a bike"),
        ("骑自行车", "骑车", "蹬着自行车"),
        stride=0.95,
        prop="bicycle",
        hands=("fist", "fist"),
        any_phase=True,
        shot_sizes=FULL,
        span=0.8,
        cameras=("follow", "follow", "static"),
    ),
    Act(
        "pushes a cart",
        pushes,
        1.1,
        ("pushes a cart", "wheels a cart along", "pushes a wooden cart"),
        ("pushing a cart", "wheeling a cart along", "pushing a wooden cart"),
        ("推车", "推着小车", "推着木车走"),
        stride=0.58,
        prop="cart",
        hands=("fist", "fist"),
        **{
            **MOVING,
            "shot_sizes": FULL,
            "span": 1.0,
            "beats": (*STEPS, Beat("cart", 0.25, "far_hand", 0.5)),
        },
    ),
    Act(
        "carries a lantern",
        carries_lantern,
        1.2,
        ("carries a lantern", "walks with a lantern", "holds up a lantern"),
        ("carrying a lantern", "walking with a lantern", "holding up a lantern"),
        ("提着灯笼", "打着灯笼走", "手提灯笼"),
        stride=0.58,
        prop="lantern",
        hands=("relaxed", "fist"),
        **MOVING,
    ),
    Act(
        "carries a box",
        carries_box,
        1.2,
        ("carries a box", "walks with a big box", "hauls a box"),
        ("carrying a box", "walking with a big box", "hauling a box"),
        ("搬箱子", "抱着箱子走", "搬运一个箱子"),
        stride=0.58,
        prop="box",
        hands=("open", "open"),
        **MOVING,
    ),
    Act(
        "walks with an umbrella",
        walks_umbrella,
        1.12,
        ("walks with an umbrella", "strolls under an umbrella", "carries an umbrella"),
        ("walking with an umbrella", "strolling under an umbrella", "carrying an umbrella"),
        ("撑伞走路", "打着伞散步", "撑着伞"),
        stride=0.58,
        prop="umbrella",
        hands=("relaxed", "fist"),
        **{**MOVING, "shot_sizes": FULL},
        reach=1.3,
    ),
    Act(
        "drinks",
        drinks,
        4.0,
        ("drinks tea", "sips from a cup", "drinks from a cup"),
        ("drinking tea", "sipping from a cup", "drinking from a cup"),
        ("喝茶", "端起杯子喝", "喝一口茶"),
        beats=(Beat("cup", 0.68, "far_hand", 0.4),),
        prop="cup",
        hands=("open", "hold"),
        shot_sizes=CLOSE,
    ),
    Act(
        "kneels",
        kneels,
        4.4,
        ("kneels down", "kneels on one knee", "drops to one knee"),
        ("kneeling down", "kneeling on one knee", "dropping to one knee"),
        ("跪下", "单膝跪地", "跪在地上"),
        beats=(Beat("kneel", 0.28, "near_knee", 0.8),),
        shot_sizes=FULL,
    ),
)
