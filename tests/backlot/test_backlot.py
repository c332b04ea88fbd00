"""A clip as a whole: lengths, JSON, who stands where, speech on the mouth, steps under the feet."""

import dataclasses
import json

import numpy as np
import pytest

from onereel.backlot.acts import ACTS
from onereel.backlot.script import (
    FPS,
    SAMPLE_RATE,
    Script,
    frame_count,
    script_from_dict,
    write_script,
)
from onereel.backlot.shoot import block, find_contacts, find_truth, shoot
from onereel.backlot.skeleton import JOINTS

FEET = [JOINTS.index("near_foot"), JOINTS.index("far_foot")]


def acting(act: str, seconds: float = 2.0) -> Script:
    """One performer of the given act in one shot: full, static, clear, silent."""
    for seed in range(9000):
        script = write_script(seed, seconds)
        (first, *others) = script.performers
        if first.act == act and not others:
            shot = dataclasses.replace(
                script.shots[0], start=0.0, camera="static", size="full", focus=-1
            )
            return dataclasses.replace(
                script, shots=(shot,), lines=(), music=None, weather="clear", style="shaded"
            )
    raise AssertionError(f"no seed draws {act}")


@pytest.mark.parametrize("size", [(256, 144), (144, 256)])
@pytest.mark.parametrize("seconds", [0.5, 1.37])
def test_frames_and_sound_have_the_exact_length(size: tuple[int, int], seconds: float) -> None:
    script = dataclasses.replace(write_script(21, seconds, *size), lines=())
    take = shoot(script)
    count = round(24 * seconds) + 1
    assert take.frames.shape == (count, size[1], size[0], 3)
    assert take.frames.dtype == np.uint8
    assert take.sound.shape == (count * SAMPLE_RATE // FPS, 2)
    assert take.sound.dtype == np.float32
    people = len(script.performers)
    assert take.truth.joints.shape == (count, people, len(JOINTS), 2)
    assert take.truth.mouth.shape == take.truth.visemes.shape == (count, people)
    assert len(take.truth.shots) == frame_count(script)
    assert take.truth.layers is None


def test_scripts_survive_json() -> None:
    for seed in range(40):
        script = write_script(seed)
        assert script_from_dict(json.loads(json.dumps(dataclasses.asdict(script)))) == script


def test_a_longer_clip_begins_with_the_same_pictures() -> None:
    short = acting("waves", 0.4)
    long = dataclasses.replace(short, seconds=0.8)
    first, second = (shoot(one, with_sound=False).frames for one in (short, long))
    difference = np.abs(first.astype(int) - second[: len(first)])
    # Larger plates are rounded and dithered differently; the picture may not differ otherwise.
    assert difference.mean() < 0.1


def test_performers_are_large_in_a_full_shot() -> None:
    for act in ("stands", "waves"):
        take = shoot(acting(act, 0.1), masks=True, with_sound=False)
        assert take.truth.layers is not None
        rows = np.flatnonzero((take.truth.layers[0] == 1).any(axis=1))
        assert 0.5 < (rows[-1] - rows[0]) / take.script.height < 0.9


@pytest.mark.parametrize("act", ["walks", "runs"])
def test_feet_are_on_the_ground_when_they_step(act: str) -> None:
    script = acting(act)
    (shot,) = block(script)
    feet = shot.rehearsal.joints[:, 0, FEET]
    ground = feet[..., 1].max()
    steps = [one for one in find_contacts(script, (shot,)) if one.kind == "step"]
    assert len(steps) >= 2
    for step in steps:
        frame = round(step.seconds * FPS)
        near = feet[max(0, frame - 1) : frame + 2, :, 1]
        assert (near > ground - 0.03).any(), (act, step.seconds)


@pytest.mark.parametrize("act", ["walks", "stands", "waves"])
def test_planted_feet_stay_put(act: str) -> None:
    (shot,) = block(acting(act))
    feet = shot.rehearsal.joints[:, 0, FEET]
    ground = feet[..., 1].max()
    planted = 0
    for foot in range(2):
        down = feet[:, foot, 1] > ground - 0.002
        moved = np.abs(np.diff(feet[:, foot, 0]))[down[1:] & down[:-1]]
        planted += len(moved)
        assert (moved < 0.01).all(), moved.max()
    assert planted > 5


def test_walkers_advance() -> None:
    script = acting("walks", 2.0)
    (shot,) = block(script)
    pelvis = shot.rehearsal.joints[:, 0, JOINTS.index("pelvis"), 0]
    performer = script.performers[0]
    walk = ACTS["walks"]
    expected = walk.stride * performer.character.scale * 2.0 * performer.tempo / walk.period
    assert abs(pelvis[-1] - pelvis[0]) == pytest.approx(expected, rel=0.06)


def test_the_mouth_moves_with_the_voice() -> None:
    seed = next(seed for seed in range(400) if write_script(seed).lines)
    script = write_script(seed, 3.0)
    truth = find_truth(script, block(script))
    speaker = script.lines[0].performer
    assert truth.visemes[:, speaker].max() > 0
    assert np.ptp(truth.mouth[:, speaker]) > 0.1
