"""Distances of sets: exact where the answer is known, ordered, and quiet where samples are few."""

import math
import warnings

import numpy as np
import pytest

from onereel.errors import WrongUse
from onereel.evaluate.frechet import frechet_distance, frechet_interval


def test_against_the_closed_form() -> None:
    rng = np.random.default_rng(0)
    a = rng.standard_normal((40_000, 3))
    b = rng.standard_normal((40_000, 3)) * (1, 2, 3) + (1, 0, 0)
    # |m|^2 + sum (s - t)^2 for diagonal covariances
    assert frechet_distance(a, b) == pytest.approx(1 + 0 + 1 + 4, rel=0.03)
    turn = np.linalg.qr(rng.standard_normal((3, 3)))[0]
    assert frechet_distance(a @ turn, b @ turn) == pytest.approx(frechet_distance(a, b), rel=1e-3)


def test_equal_sets_are_0_apart_and_worse_ones_further() -> None:
    rng = np.random.default_rng(1)
    a = rng.standard_normal((30, 64))
    assert frechet_distance(a, a) == pytest.approx(0, abs=1e-6)
    b = rng.standard_normal((30, 64))
    found = [frechet_distance(a, b + shift) for shift in (0, 0.2, 0.5, 1)]
    assert found == sorted(found) and found[-1] > 2 * found[0]
    assert frechet_distance(a, b) == pytest.approx(frechet_distance(b, a))


def test_few_samples_of_many_numbers_stay_finite_and_quiet() -> None:
    rng = np.random.default_rng(2)
    a, b = rng.standard_normal((4, 128)), rng.standard_normal((4, 128))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert 0 <= frechet_distance(a, b) < 1000
        assert frechet_distance(np.ones((5, 8)), np.ones((5, 8))) == 0


def test_what_cannot_be_compared() -> None:
    assert math.isnan(frechet_distance(np.zeros((1, 4)), np.zeros((9, 4))))
    assert math.isnan(
        frechet_interval(np.zeros((1, 4)), np.zeros((9, 4)), np.random.default_rng())[0]
    )
    with pytest.raises(WrongUse, match="one length"):
        frechet_distance(np.zeros((5, 4)), np.zeros((5, 3)))


def test_the_interval_mostly_holds_the_truth() -> None:
    rng = np.random.default_rng(3)
    hits = []
    for _ in range(20):
        a, b = rng.standard_normal((60, 8)), rng.standard_normal((60, 8))
        b[:, 0] += 1.5
        low, high = frechet_interval(a, b, rng, rounds=60)
        assert 0 <= low < high
        hits.append(low <= 1.5**2 <= high)
    assert sum(hits) >= 16
    # Resampling alone never makes two sets of one kind differ.
    assert frechet_interval(a, rng.standard_normal((60, 8)), rng, rounds=60)[0] == 0
