"""The cast: determinism, planted feet, smooth motion, blows that meet, contacts, faces."""

import hashlib
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest

from onereel.backlot.acts import ACTS
from onereel.backlot.brush import fill, polygon
from onereel.backlot.cast import Rehearsal, rehearse
from onereel.backlot.casting import acts_of, draw_performers, perform
from onereel.backlot.cels import Rounding
from onereel.backlot.drapes import rolled, swung
from onereel.backlot.duels import MEETINGS
from onereel.backlot.hair import HAIR
from onereel.backlot.light import lighting
from onereel.backlot.motion import JOINTS
from onereel.backlot.outfits import ACCESSORIES, OUTFITS
from onereel.backlot.people import ANIMALS, KINDS, PEOPLE, draw_character
from onereel.backlot.plates import surface_of
from onereel.backlot.shapes import follow, grown, paths_of
from onereel.backlot.things import THINGS
from onereel.backlot.words import HAIR_EN, HAIR_ZH, OUTFITS_EN, OUTFITS_ZH

LIGHT = lighting("day", "clear")
PIXELS = 288 * 0.72  # of an adult in a full shot of 512x288

FINGERPRINT = """
import hashlib
import numpy as np
from onereel.backlot.cast import rehearse
from onereel.backlot.casting import draw_performers
from onereel.backlot.light import lighting
cast = draw_performers(np.random.Generator(np.random.PCG64(5)))
found = rehearse(cast, np.arange(9) / 24, lighting("day", "clear"), 0.9)
digest = hashlib.sha256(repr(cast).encode())
digest.update(found.joints.tobytes())
for cel in found.cels(150.0, 128.0, 130.0, (256, 144), 8):
    digest.update(cel.pixels.tobytes())
print(digest.hexdigest())
"""


def someone(kind: str = "man", seed: int = 1, **changes: object):
    return replace(draw_character(np.random.default_rng(seed), (kind,)), **changes)


def play(act: str, seconds: float | None = None, kind: str = "man", facing: int = 1) -> Rehearsal:
    chosen = ACTS[act]
    seconds = seconds or 1.3 * chosen.period
    times = np.arange(int(24 * seconds) + 2) / 24
    if chosen.two:
        cast = (perform(someone("man"), act, 0.0, 0.0, facing, 1.0, 0),
                perform(someone("woman", 2), act, 0.0, 0.0, -facing, 1.0, 1))  # fmt: skip
    else:
        who = someone(chosen.kinds[0] if chosen.kinds else kind)
        cast = (perform(who, act, 0.0, 0.0, facing, 1.0),)
    return rehearse(cast, times, LIGHT, 0.9)


def test_wide_enough() -> None:
    assert len([s for s in HAIR if s != "none"]) >= 10
    assert len(OUTFITS) >= 12 and len(THINGS) >= 12 and len(ANIMALS) >= 4
    assert len([a for a in ACTS.values() if not a.kinds]) >= 30
    assert all(acts_of(kind) for kind in KINDS)
    for kind in (KINDS[name] for name in PEOPLE):
        assert set(kind.hair_styles) <= set(HAIR) and set(kind.outfits) <= set(OUTFITS)
    for table in (*THINGS.values(), *ACTS.values()):
        assert table.en and table.zh
    for words in (OUTFITS_EN, OUTFITS_ZH):
        assert all(words[name] for name in OUTFITS)
    for words in (HAIR_EN, HAIR_ZH):
        assert all(words[name] for name in HAIR if name != "none")
    assert ACCESSORIES


def test_same_in_another_process() -> None:
    run = subprocess.run(
        [sys.executable, "-c", FINGERPRINT], capture_output=True, text=True, check=True
    )
    cast = draw_performers(np.random.Generator(np.random.PCG64(5)))
    found = rehearse(cast, np.arange(9) / 24, LIGHT, 0.9)
    digest = hashlib.sha256(repr(cast).encode())
    digest.update(found.joints.tobytes())
    for cel in found.cels(150.0, 128.0, 130.0, (256, 144), 8):
        digest.update(cel.pixels.tobytes())
    assert digest.hexdigest() == run.stdout.strip()


@pytest.mark.parametrize("kind", ["man", "girl"])
@pytest.mark.parametrize(
    "act", [a.name for a in ACTS.values() if a.name != "cartwheels" and not a.kinds]
)
def test_planted_feet_stay_put(act: str, kind: str) -> None:
    """The ball of a foot that is down on two frames running moves less than a pixel."""
    found = play(act, kind=kind)
    for performer in range(found.joints.shape[1]):
        for name in ("near_toe", "far_toe"):
            toe = found.joints[:, performer, JOINTS.index(name)] * PIXELS
            if act in ("rides", "falls"):  # pedals, and a slip on purpose
                continue
            # Down: as low as this foot gets, and not lifting.
            low = toe[:, 1] > np.quantile(toe[:, 1], 0.9) - 0.15
            both = low[1:] & low[:-1]
            assert np.abs(np.diff(toe[:, 0]))[both].max(initial=0.0) < 1.0


@pytest.mark.parametrize("act", list(ACTS))
def test_no_pops(act: str) -> None:
    """Nothing jumps: joints travel less than 0.42 heights a frame, and change course gently."""
    found = play(act, 2.2 * ACTS[act].period)
    size = 0.5 if ACTS[act].kinds else 1.0
    steps = np.diff(found.joints / size, axis=0)
    whole = steps - steps[:, :, [JOINTS.index("pelvis")]] if ACTS[act].stride else steps
    assert np.abs(whole).max() < 0.42
    jerk = np.diff(found.joints / size, n=3, axis=0)
    assert np.abs(jerk).max() < 0.75


@pytest.mark.parametrize("act", list(MEETINGS))
@pytest.mark.parametrize("facing", [1, -1])
def test_limbs_meet(act: str, facing: int) -> None:
    found = play(act, 1.0 * ACTS[act].period, facing=facing)
    frames = found.joints.shape[0]
    for meeting in MEETINGS[act]:
        if meeting.goal in ("chest", "face", "back", "waist"):
            goal = found.joints[:, 1 - meeting.who, JOINTS.index("neck")]
            near = 0.4
        else:
            goal = found.joints[:, 1 - meeting.who, JOINTS.index(meeting.goal)]
            near = 0.24
        tip = found.joints[:, meeting.who, JOINTS.index(meeting.limb)]
        place = max(0.3, 0.5 * (meeting.start + meeting.end)) if meeting.start < 0 else 0.5 * (
            meeting.start + meeting.end
        )  # fmt: skip
        frame = min(frames - 1, round(place * ACTS[act].period * 24))
        assert np.linalg.norm(tip[frame] - goal[frame]) < near, (meeting, frame)


@pytest.mark.parametrize("act", [a.name for a in ACTS.values() if a.beats])
def test_contacts(act: str) -> None:
    found = play(act, 2.0 * ACTS[act].period)
    assert found.contacts
    assert all(
        touch.force > 0 and np.isfinite([touch.x, touch.y]).all() for touch in found.contacts
    )
    assert [t.seconds for t in found.contacts] == sorted(t.seconds for t in found.contacts)


def test_a_step_is_heard_when_the_foot_lands() -> None:
    for act in ("walks", "runs", "sneaks"):
        found = play(act, 3.0)
        for touch in found.contacts:
            frame = touch.seconds * 24
            if not 3 < frame < len(found.joints) - 3:
                continue
            feet = found.joints[:, 0, [JOINTS.index("near_toe"), JOINTS.index("far_toe")], 1]
            before, after = feet[int(frame) - 1], feet[int(np.ceil(frame)) + 1]
            assert (after - before).max() > 0.002  # a foot is coming down
            assert after.max() > feet.max() - 0.03


def test_mirrored_by_facing() -> None:
    right, left = play("walks"), play("walks", facing=-1)
    assert np.allclose(right.joints[..., 0], -left.joints[..., 0])
    assert np.allclose(right.joints[..., 1], left.joints[..., 1])


@pytest.mark.parametrize("kind", ["woman", "elder"])
def test_visemes_move_the_mouth(kind: str) -> None:
    """And the mouth shows, through a beard too."""
    cast = (perform(someone(kind), "talks", 0.0, 0.0, 1, 1.0),)
    times = np.arange(24) / 24
    visemes = np.zeros((24, 1), np.uint8)
    visemes[8:16] = 1
    found = rehearse(cast, times, LIGHT, 0.9, visemes, np.ones((24, 1)))
    assert found.mouth[10:14].min() > 0.5
    assert found.mouth[:6].max() < 0.1
    shut = rehearse(cast, times, LIGHT, 0.9, np.zeros((24, 1), np.uint8), np.ones((24, 1)))
    head = found.joints[12, 0, 0]
    args = (400.0, 128 - head[0] * 400, 72 - head[1] * 400, (256, 144), 12)
    assert not np.array_equal(found.cels(*args)[0].pixels, shut.cels(*args)[0].pixels)


def test_skirts_hang_alike_whichever_way_one_faces() -> None:
    """Cloth that crosses itself below the waist leaves a bow tie of a skirt."""
    areas = []
    for facing in (1, -1):
        who = someone("woman", 3, outfit="dress", accessory="", hair_style="bob")
        one = perform(who, "reads", 0.0, 0.0, facing, 1.0)
        found = rehearse((one,), np.arange(3) / 24, LIGHT, 0.9)
        (cel,) = found.cels(200.0, 150.0, 220.0, (300, 240), 2)
        legs = cel.pixels[-round(200 * 0.42 * who.scale) :, :, 3] > 200
        areas.append(legs.sum())
    assert abs(areas[0] - areas[1]) < 0.03 * areas[0]


def test_cloth_goes_round_with_a_body_that_turns_over() -> None:
    angle = np.linspace(0.0, 2 * np.pi, 25)
    anchor = np.stack([np.linspace(0.0, 1.0, 25), np.full(25, -0.4)], axis=-1)
    hem = anchor + rolled(np.tile([0.1, 0.3], (25, 1)), angle)
    found = swung([hem], anchor, angle, (2.3,))[:, 0]
    # Only the way, not the turning, leaves the cloth behind.
    assert np.abs(found - hem).max() < 0.08
    assert np.abs(follow(hem, 2.3, 0.27) - hem).max() > 0.12
    upright = swung([hem], anchor, np.zeros(25), (2.3,))[:, 0]
    assert np.allclose(upright, follow(hem, 2.3, 0.27))


def test_near_the_camera_outlines_have_no_corners() -> None:
    covered = []
    for near in (False, True):
        pixels = np.zeros((40, 40, 4), np.uint8)
        surface = surface_of(pixels)
        canvas = Rounding(surface.getCanvas()) if near else surface.getCanvas()
        canvas.scale(10, 10)
        canvas.drawPath(polygon(((1, 1), (3, 1), (3, 3), (1, 3))), fill(0xFFFFFF))
        surface.flushAndSubmit()
        assert pixels[20, 20, 3] == 255
        covered.append(pixels[10, 10, 3])
    assert covered[0] == 255 and covered[1] < 50


def test_who_embraces_has_an_arm_before_and_an_arm_behind() -> None:
    cels = play("hugs").cels(150.0, 150.0, 140.0, (300, 160), 40)
    assert [cel.part for cel in cels] == [-1, -1, 0, 0, 1, 1]
    assert {cel.performer for cel in cels if cel.part == 1} == {0, 1}


def test_outlines_are_where_the_points_are() -> None:
    points = np.random.default_rng(0).normal(size=(3, 2, 9, 2))
    path = paths_of(points)(2)
    assert path.countPoints() >= 18
    assert np.allclose([tuple(path.getPoint(9 + k)) for k in range(9)], points[2, 1], atol=1e-6)
    square = np.array([[(0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0)]])
    for way in (square, square[:, ::-1]):
        assert np.allclose(grown(way, 0.1).min(axis=1), -0.085, atol=0.02)


def test_everybody_can_be_drawn_in_everything() -> None:
    """Each hair style, outfit and accessory once, from the front, the side and behind."""
    styles, outfits = list(HAIR), [name for name in OUTFITS if name != "robot"]
    for index in range(max(len(styles), len(outfits))):
        who = someone("woman" if index % 2 else "boy", index,
                      hair_style=styles[index % len(styles)],
                      outfit=outfits[index % len(outfits)],
                      accessory=["", *ACCESSORIES][index % (len(ACCESSORIES) + 1)])  # fmt: skip
        found = rehearse(
            (perform(who, "twirls", 0.0, 0.0, 1, 1.0),), np.arange(66) / 24, LIGHT, 0.9
        )
        for frame in (0, 45, 55):
            (cel,) = found.cels(100.0, 100.0, 130.0, (200, 150), frame)
            share = (cel.pixels[..., 3] > 200).mean()
            assert 0.08 < share < 0.9
            # Premultiplied: no colour may exceed its alpha by more than rounding.
            assert (cel.pixels[..., :3] <= cel.pixels[..., 3:].astype(int) + 2).all()


def test_cloth_settles() -> None:
    """At rest nothing swings: the warm-up has settled hair and cloth before the first frame."""
    who = someone("girl", 4, hair_style="ponytail", outfit="dress", accessory="")
    found = rehearse((perform(who, "reads", 0.0, 0.0, 1, 1.0),), np.arange(4) / 24, LIGHT, 0.9)
    pictures = [found.cels(150.0, 100.0, 140.0, (200, 160), f)[0].pixels for f in (0, 1)]
    assert np.abs(pictures[0].astype(int) - pictures[1]).mean() < 3.0
