"""Who is seen: the same scores 1, another less, and frames without anybody do not count."""

import math

import numpy as np
import pytest
from readings import FRAMES, reading, row

from onereel.evaluate.identity import identity_across_shots, same_person
from onereel.evaluate.reading import Reading

NOBODY = np.zeros((FRAMES, 9), np.float32)


def swapped(share: float) -> Reading:
    """The last share of the frames shows somebody who has one of three things in common."""
    person = reading().person.copy()
    person[round(FRAMES * (1 - share)) :] = row(1 / 3, (8 / 9) ** 0.5, 0)
    cut = np.zeros(FRAMES, np.float32)
    if 0 < share < 1:
        cut[round(FRAMES * (1 - share))] = 1
    return reading(person=person, cut=cut)


def test_the_more_of_another_the_less() -> None:
    found = [same_person(reading(), swapped(share)) for share in (0, 0.25, 0.5, 1)]
    assert found[0] == pytest.approx(1) and found[-1] == pytest.approx(1 / 3)
    assert found == sorted(found, reverse=True)


def test_frames_without_anybody_do_not_count() -> None:
    one = swapped(0.5)
    seen = one.seen.copy()
    seen[round(FRAMES * 0.5) :] = 0
    hidden = reading(person=one.person, seen=seen)
    assert same_person(reading(), hidden) == pytest.approx(1)
    assert math.isnan(same_person(reading(), reading(seen=NOBODY)))


def test_over_a_cut() -> None:
    cut = np.zeros(FRAMES, np.float32)
    cut[20] = 1
    assert identity_across_shots(reading(cut=cut)) == pytest.approx(1)
    assert identity_across_shots(swapped(0.5)) == pytest.approx(1 / 3)
    assert math.isnan(identity_across_shots(reading()))
    assert math.isnan(identity_across_shots(reading(cut=cut, seen=NOBODY)))
