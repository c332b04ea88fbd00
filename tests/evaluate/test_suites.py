"""Suites: published ones are what the generator makes, cover what they promise, and are unseen."""

import json
from dataclasses import asdict, replace

import pytest

from onereel.backlot.pairs import draw_task
from onereel.backlot.script import HELD_OUT_COMBINATIONS, held_out_combinations
from onereel.errors import WrongUse
from onereel.evaluate.suites import (
    GROUPS,
    NAMES,
    PUBLISHED,
    Suite,
    compose,
    language_of,
    open_suite,
    suite_json,
    task_of,
)
from onereel.request import RATIOS, parse_request


# A few of each: an item depends on its number alone, and all of them would take half a minute.
@pytest.mark.parametrize(
    ("name", "picked"), [("quick", (0, 4, 12, 16)), ("standard", (11, 20, 119))]
)
def test_published_items_are_what_the_generator_makes(name, picked):
    seed, count = NAMES[name]
    items = open_suite(name).items
    assert len(items) == count
    for index in picked:
        assert compose(seed, index) == items[index]


@pytest.mark.parametrize("name", NAMES)
def test_a_published_suite_covers_groups_languages_lengths_and_ratios(name):
    items = open_suite(name).items
    assert {one.group for one in items} == set(GROUPS)
    assert {one.language for one in items} == {"en", "zh"}
    assert {one.length for one in items if one.group == "text"} >= {0, 1, 3}
    assert {one.ratio for one in items} == set(RATIOS)
    assert len({one.id for one in items}) == len(items)
    for one in items:
        assert language_of(one.prompt) == one.language
        parse_request(prompt=one.prompt, ratio=one.ratio, seconds=one.seconds, seed=one.seed)


def test_items_are_compositions_that_training_never_saw():
    for one in open_suite("quick").items:
        assert one.backlot_seed in HELD_OUT_COMBINATIONS
        task = task_of(one, (256, 144))
        scripts = [task.film, *(given.script for given in task.given)]
        assert any(held_out_combinations(script) for script in scripts), one.id


def test_tasks_of_training_seeds_are_as_before():
    """Held-out tasks draw from a range of their own; nothing else may move."""
    task = draw_task(7, "restyle")
    assert not held_out_combinations(task.film)
    assert task.film.seed < 1_000_000_000


def test_truth_does_not_depend_on_the_picture_size():
    item = open_suite("quick").items[0]
    small, large = task_of(item, (256, 144)), task_of(item, (288, 512))
    assert small.caption == large.caption == item.prompt
    assert replace(large.film, width=256, height=144) == small.film


def test_a_suite_survives_being_written_and_read(tmp_path):
    suite = open_suite("quick")
    path = tmp_path / "mine.json"
    path.write_text(suite_json(Suite("mine", suite.items[:3])), encoding="utf-8")
    assert open_suite(str(path)) == Suite("mine.json", suite.items[:3])


def test_a_fresh_suite_is_another_one():
    fresh = open_suite("fresh:11:1").items
    assert len(fresh) == 1
    assert fresh[0].prompt != open_suite("quick").items[0].prompt


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda told: told.update(backlot=1), "Backlot"),
        (lambda told: told["items"][0].update(group="opera"), "group"),
        (lambda told: told["items"][0].update(id="../up"), "id"),
        (lambda told: told["items"][0].update(id=told["items"][1]["id"]), "id"),
        (lambda told: told["items"][0].pop("prompt"), "not a suite"),
        (lambda told: told.update(items=[]), "no items"),
    ],
)
def test_a_bad_suite_is_refused_in_one_sentence(tmp_path, change, told):
    fields = json.loads((PUBLISHED / "quick.json").read_text(encoding="utf-8"))
    change(fields)
    path = tmp_path / "bad.json"
    path.write_text(json.dumps(fields), encoding="utf-8")
    with pytest.raises(WrongUse, match=told) as caught:
        open_suite(str(path))
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("name", ["slow", "fresh:", "fresh:a:b", "fresh:1:0", "fresh:-1:3"])
def test_an_unknown_suite_is_refused(name):
    with pytest.raises(WrongUse):
        open_suite(name)


def test_items_are_plain_json():
    item = open_suite("quick").items[0]
    assert json.loads(json.dumps(asdict(item))) == asdict(item)
