"""On renders of the Backlot and their exact truth: metrics put worse films behind better ones.

benchmarks/validate_metrics.py does the same on many more, and on what the examiner reads.
"""

import itertools
import math
from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np
import pytest

from onereel.backlot.script import HELD_OUT, Script, write_script
from onereel.backlot.shoot import shoot
from onereel.evaluate import degrade, pixels
from onereel.evaluate.adherence import adherence
from onereel.evaluate.degrade import Footage
from onereel.evaluate.identity import identity_across_shots, same_person
from onereel.evaluate.sync import lip_agreement, onset_errors, onset_lift, onsets_within
from onereel.evaluate.transfer import camera_agreement, motion_agreement
from onereel.evaluate.truth import read_truth


def found(fits: Callable[[Script], bool]) -> Footage:
    """The first held-out film that fits, one shot of two seconds, small."""
    for seed in range(HELD_OUT.start, HELD_OUT.stop):
        script = write_script(seed, 2.0, 160, 90)
        if len(script.shots) == len(script.performers) == 1 and fits(script):
            take = shoot(script)
            return Footage(take.frames, take.sound, read_truth(take))
    raise AssertionError("no seed draws such a film")


@pytest.fixture(scope="session")
def walking() -> Footage:
    return found(lambda one: one.performers[0].act == "walks" and one.camera == "follow")


@pytest.fixture(scope="session")
def talking() -> Footage:
    return found(
        lambda one: bool(one.lines) and one.lines[0].start < 0.6 and one.shot_size == "medium"
    )


def in_order(values: Iterator[float] | list[float], rises: bool = False) -> None:
    """Never better, and the last worse than the first."""
    row = list(values)
    worse = row if rises else [-value for value in row]
    assert not any(map(math.isnan, row)), row
    assert all(b >= a - 1e-9 for a, b in itertools.pairwise(worse)) and worse[-1] > worse[0], row


def test_onsets(walking: Footage) -> None:
    shifts = (0, 40, 80, 120)
    readings = [degrade.shift_sound(walking, ms).truth for ms in shifts]
    assert onsets_within(readings[0]) == 1 and onset_lift(readings[0]) > 0.6
    in_order(map(onsets_within, readings))
    in_order([float(np.median(onset_errors(one))) for one in readings], rises=True)
    in_order([onset_lift(degrade.clatter(walking, rate).truth) for rate in (0, 4, 8, 16)])
    in_order([onsets_within(degrade.mute(walking, share).truth) for share in (0, 0.5, 1)])


def test_lips(talking: Footage) -> None:
    assert lip_agreement(talking.truth) > 0.8
    in_order([lip_agreement(degrade.shift_sound(talking, ms).truth) for ms in (0, 100, 200)])
    in_order([lip_agreement(degrade.freeze(talking, share).truth) for share in (0, 0.6, 1)])


def test_people_and_places(walking: Footage, talking: Footage) -> None:
    films = [degrade.end_with(walking, talking, share).truth for share in (0, 0.25, 0.5, 1)]
    in_order([same_person(one, walking.truth) for one in films])
    for name in ("set", "act", "size", "camera"):
        scores = [adherence(one, walking.truth)[name] for one in films]
        assert scores[0] == 1
        in_order(scores)
    halves = replace(films[0], cut=films[2].cut)
    assert identity_across_shots(films[2]) < identity_across_shots(halves) == pytest.approx(1)


def test_motion_and_camera(walking: Footage, talking: Footage) -> None:
    for measure in (motion_agreement, camera_agreement):
        assert measure(walking.truth, walking.truth) == pytest.approx(1)
        in_order(
            measure(degrade.freeze(walking, share).truth, walking.truth) for share in (0, 0.5, 1)
        )
    shuffled = degrade.shuffle(walking, 6, np.random.default_rng(0)).truth
    assert motion_agreement(shuffled, walking.truth) < 0.8
    assert camera_agreement(talking.truth, walking.truth) < 0.5


def test_pictures(walking: Footage, talking: Footage) -> None:
    film, rng = walking, np.random.default_rng(0)
    blurred = [degrade.blur(film, radius).frames for radius in (0, 0.5, 1, 2)]
    in_order(map(pixels.sharpness, blurred))
    in_order([pixels.first_frame_fidelity(frames, film.frames[0]) for frames in blurred])
    noisy = [degrade.noise(film, levels, rng).frames for levels in (0, 3, 9)]
    in_order(map(pixels.grain, noisy), rises=True)
    in_order(
        [pixels.flicker(degrade.flicker(film, share, rng).frames) for share in (0, 0.02, 0.08)],
        True,
    )
    in_order([pixels.frozen(degrade.freeze(film, share).frames) for share in (0, 0.4, 1)], True)
    in_order([pixels.frozen(degrade.hold(film, frames).frames) for frames in (1, 2, 4)], True)
    mask = np.zeros(film.frames.shape[:3], bool)
    mask[:, 30:60, 40:90] = True
    in_order(
        [
            pixels.locality(degrade.leak(film, mask, share).frames, film.frames, mask)
            for share in (0, 0.1, 0.4)
        ]
    )
    middle = len(film.frames) // 2
    in_order(
        [pixels.seam(film.frames[:middle], film.frames[middle + more :]) for more in (0, 4, 12)],
        True,
    )
    assert pixels.seam(film.frames[:middle], talking.frames[middle:]) > 3


def test_sounds(walking: Footage) -> None:
    in_order([pixels.silence(degrade.mute(walking, share).sound) for share in (0, 0.3, 1)], True)
    in_order([pixels.clipping(degrade.overdrive(walking, gain).sound) for gain in (1, 4, 16)], True)
