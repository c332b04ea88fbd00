"""Adherence: the asked for scores, the uncalled for costs, and nan is what does not apply."""

import math

import numpy as np
import pytest
from readings import WORDS, reading, row

from onereel.errors import WrongUse
from onereel.evaluate.adherence import adherence, share_of_ceiling


def test_the_script_itself_scores_one_in_everything_asked() -> None:
    found = adherence(reading(), reading())
    assert all(value == 1 for value in found.values() if not math.isnan(value))
    assert {"set", "act", "sound", "size", "camera", "shots"} <= found.keys()
    assert math.isnan(found["weather"])  # nobody asked


def test_a_class_asked_for_scores_its_probability() -> None:
    film = reading().film | {"set": row(0.3, 0.6, 0.1)}
    assert adherence(reading(film=film), reading())["set"] == pytest.approx(0.3)


def test_of_several_the_missing_and_the_uncalled_for_cost() -> None:
    def acts(*values: float) -> float:
        return adherence(reading(film=reading().film | {"act": row(*values)}), wanted)["act"]

    wanted = reading(film=reading().film | {"act": row(1, 1, 0, 0)})
    right, missing, extra, nothing = (
        acts(1, 1, 0, 0), acts(1, 0, 0, 0), acts(1, 1, 1, 1), acts(0, 0, 0, 0)
    )  # fmt: skip
    assert right == 1 and nothing == 0
    assert right > missing > nothing and right > extra > nothing
    # That rare classes are rightly absent is no merit.
    assert acts(0, 0, 0.1, 0.1) == 0


def test_frames_are_compared_as_shares_of_the_film() -> None:
    half = np.zeros((49, 2), np.float32)
    half[:24, 0], half[24:, 1] = 1, 1
    other_cut = np.roll(half, 6, axis=0)
    wanted = reading(frame=reading().frame | {"size": half})
    found = adherence(reading(frame=reading().frame | {"size": other_cut}), wanted)
    assert found["size"] == pytest.approx(1)
    assert adherence(reading(), wanted)["size"] == pytest.approx(24 / 49)


def test_shots_are_counted() -> None:
    cut = np.zeros(49, np.float32)
    cut[20] = 0.9
    assert adherence(reading(), reading(cut=cut))["shots"] == 0.5
    assert adherence(reading(cut=cut), reading())["shots"] == 0.5


def test_sound_that_was_asked_for_and_is_not_there_scores_nothing() -> None:
    silent = {name: values for name, values in reading().film.items() if name != "sound"}
    assert adherence(reading(film=silent), reading())["sound"] == 0
    assert math.isnan(adherence(reading(), reading(film=silent))["sound"])


def test_other_classes_are_refused() -> None:
    words = WORDS | {"act": ("walks", "waves", "sits", "flies")}
    with pytest.raises(WrongUse, match="act"):
        adherence(reading(vocabulary=words), reading())


def test_share_of_ceiling() -> None:
    assert share_of_ceiling(0.4, 0.8) == pytest.approx(0.5)
    assert math.isnan(share_of_ceiling(0.4, 0)) and math.isnan(share_of_ceiling(math.nan, 0.5))
    assert math.isnan(share_of_ceiling(0.4, math.nan))
