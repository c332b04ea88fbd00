"""What a prompt asks for: no more than it says."""

import numpy as np
import pytest

from onereel.backlot.pairs import TASKS
from onereel.backlot.script import HELD_OUT, write_script
from onereel.evaluate.reading import ANY_OF, ONE_OF, PER_FRAME
from onereel.evaluate.suites import WORDS, draw, open_suite, task_of
from onereel.evaluate.wanted import GIVEN_SAYS, said, wanted_of, wordings


@pytest.fixture(scope="module")
def by_length():
    """What the same script asks for, told tersely to densely, in both languages."""
    found = {}
    seed = next(one for one in HELD_OUT if write_script(one).performers[0].character.kind == "man")
    for language in ("en", "zh"):
        for length in range(4):
            task = draw(WORDS, seed, language, length, 4, (256, 144))
            found[language, length] = wanted_of(task)
    return found


@pytest.mark.parametrize("language", ["en", "zh"])
def test_dense_prompts_ask_for_more_than_terse_ones(by_length, language):
    terse, dense = by_length[language, 0][1], by_length[language, 3][1]
    assert {"act", "kind"} <= terse
    assert not terse & {"set", "time_of_day", "weather", "outfit", "camera", "sound"}
    assert {"act", "kind", "set", "time_of_day", "outfit", "size", "camera", "sound"} <= dense


def test_what_is_asked_for_is_in_the_truth(by_length):
    for truth, asked in by_length.values():
        assert asked <= {*ONE_OF, *ANY_OF, *PER_FRAME, "shots"}
        for name in asked & set(ONE_OF):
            assert truth.film[name].sum() == 1


def test_an_edit_asks_for_the_whole_film_with_its_change():
    item = next(one for one in open_suite("quick").items if one.group == "editing")
    truth, asked = wanted_of(task_of(item, (256, 144)))
    assert set(ONE_OF) <= asked
    assert np.isfinite(truth.joints).all()


def test_every_task_with_references_says_what_they_show():
    assert set(GIVEN_SAYS) == set(TASKS)


def test_words_end_where_they_end():
    assert said("a man runs", wordings("kind", "man"))
    assert not said("a woman runs", wordings("kind", "man"))
    assert said("two boys wave", wordings("kind", "boy"))
    assert said("with curly red hair", wordings("hair_style", "curly"))
    assert said("一个男孩在跑步", wordings("kind", "boy"))
