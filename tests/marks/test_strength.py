"""How strong the mark is to be, by what a trial leaves of it."""

import numpy as np
import pytest

from onereel.marks.payload import CODED_BITS
from onereel.marks.strength import (
    GOAL,
    GOAL_IF_SMALL,
    MOST_FIRST,
    PILOTS,
    Left,
    heard,
    loudness,
    shares_needed,
)


def kept(strength: float, count: int) -> float:
    """The agreement of so many numbers that keep so much of the mark among noise of 1."""
    return np.sqrt(count) * strength / np.sqrt(strength**2 + 1)


def left(pilots: float, bits: float) -> Left:
    return Left(pilots, bits, np.ones(9))


@pytest.mark.parametrize("strength", [0.1, 0.5, 0.9])
def test_agreement_tells_how_much_of_the_mark_is_heard(strength):
    assert heard(kept(strength, PILOTS), PILOTS) == pytest.approx(strength)


def test_heard_of_any_agreement_is_a_number():
    assert heard(-3, PILOTS) == 0 and 10 < heard(np.sqrt(PILOTS) + 1e-6, PILOTS) < 1e3


def test_pilots_and_bits_are_as_strong_as_each_needs():
    easy, _ = shares_needed(480, 0, left(8, 15), False)
    weak_pilots, _ = shares_needed(480, 0, left(6, 15), False)
    weak_bits, _ = shares_needed(480, 0, left(8, 13), False)
    assert weak_pilots.pilots > 1.1 * easy.pilots and weak_pilots.bits == easy.bits
    assert weak_bits.bits > 1.3 * easy.bits
    # What the bits leave says something of the pilots, too.
    assert easy.pilots < weak_bits.pilots < 1.2 * easy.pilots


@pytest.mark.parametrize(("height", "goal"), [(288, GOAL_IF_SMALL), (480, GOAL)])
def test_first_and_later_frames_together_reach_the_goal(height, goal):
    for bits in (goal.bits + 2, goal.bits - 1, goal.bits - 2):
        later, first = shares_needed(height, 0.1, left(7, bits), False)
        assert later.bits <= 1 and later.bits < first.bits
        together = (later.bits + first.bits) / 2 * heard(bits, CODED_BITS)
        assert together == pytest.approx(heard(goal.bits, CODED_BITS))


def test_no_fainter_than_unseen_and_no_stronger_than_may_be():
    later, first = shares_needed(480, 0.6, left(10, 17.9), False)
    assert later == first == (0.6, 0.6)
    later, first = shares_needed(480, 0.6, left(0, -1), False)
    assert later == (1, 1) and first == (MOST_FIRST, MOST_FIRST)


def test_a_film_that_stands_still_is_all_first_frame_and_a_picture_is_not_tried():
    later, first = shares_needed(480, 0.1, left(6, 12), True)
    assert later == first and 1 < first.bits < 1.2
    assert shares_needed(480, 0.1, None, True) == ((1, 1), (1, 1))


def test_cosines_that_are_hushed_get_louder():
    said = np.array([1.0, 1, 1, 1, 3, -1])
    louder = loudness(Left(0, 0, said))
    assert louder[4] < louder[0] < louder[5] and (louder[:4] == louder[0]).all()
    assert (louder**2).mean() == pytest.approx(1) and louder.min() > 0
    wild = loudness(Left(0, 0, np.array([1.0, 1, 1, 90, -80])))
    assert wild.max() / wild.min() < 7


def test_where_nothing_is_heard_all_are_as_loud():
    assert (loudness(Left(0, 0, np.array([1.0, -1, -1]))) == 1).all()
    assert (loudness(Left(0, 0, np.zeros(0))) == 1).all() and (loudness(None) == 1).all()
