"""Blind comparison: nothing gives a side away, and votes are counted exactly."""

import json
import re

import pytest

from onereel.errors import WrongUse
from onereel.evaluate.compare import (
    Count,
    build,
    count_votes,
    films_of,
    share_interval,
    sign_test,
)


@pytest.fixture
def films(tmp_path):
    """Two folders of six films of the same names; one has a film more."""
    for side in ("mini-7", "mini-8"):
        (tmp_path / side).mkdir()
        for name in ("boat", "cat", "duel", "eel", "fox", "goat"):
            (tmp_path / side / f"{name}.mp4").write_bytes(f"{side} {name}".encode())
    (tmp_path / "mini-8" / "zebra.mp4").write_bytes(b"mini-8 zebra")
    return tmp_path / "mini-7", tmp_path / "mini-8", tmp_path / "page"


def data_of(page):
    text = page.read_text(encoding="utf-8")
    return json.loads(re.search(r'id="data">(.*?)</script>', text, re.S)[1])


def test_nothing_in_the_folder_tells_whose_a_film_is(films):
    old, new, out = films
    page, key = build(old, new, out, seed=3)
    text = page.read_text(encoding="utf-8")
    for word in ("mini-7", "mini-8", "boat", "goat", str(old.parent)):
        assert not re.search(rf"\b{re.escape(word)}\b", text)
    assert all(re.fullmatch(r"[0-9a-f]{10}\.mp4", path.name) for path in (out / "films").iterdir())
    assert key.parent == out.parent
    assert len(data_of(page)["pairs"]) == 6


def test_sides_and_order_are_shuffled_and_the_key_knows(films):
    old, new, out = films
    page, key = build(old, new, out, seed=3)
    told, data = json.loads(key.read_text()), data_of(page)
    sides = []
    for pair in data["pairs"]:
        known = told["pairs"][pair["pair"]]
        whose = {"a": "mini-7", "b": "mini-8"}[known["left"]]
        assert (out / pair["left"]).read_bytes() == f"{whose} {known['name']}".encode()
        sides.append(known["left"])
    assert set(sides) == {"a", "b"}
    names = [told["pairs"][pair["pair"]]["name"] for pair in data["pairs"]]
    assert names != sorted(names)


def test_without_prompts_nobody_is_asked_about_words(films):
    page, _ = build(*films, seed=1)
    assert set(data_of(page)["questions"]) == {"looks", "sounds"}


def ballot(page, key, path, winner, name="one"):
    """Votes of somebody who always takes one side's films for better, and hears no difference."""
    told, votes = json.loads(key.read_text()), {}
    for pair, known in told["pairs"].items():
        votes[pair] = {"looks": "left" if known["left"] == winner else "right", "sounds": "same"}
    fields = {"page": data_of(page)["page"], "ballot": name, "votes": votes}
    path.write_text(json.dumps(fields), encoding="utf-8")
    return path


def test_votes_are_counted_for_whom_they_were_given(films, tmp_path):
    old, new, out = films
    page, key = build(old, new, out, seed=3)
    one = ballot(page, key, tmp_path / "one.json", "b", "one")
    two = ballot(page, key, tmp_path / "two.json", "a", "two")
    assert count_votes(old, new, out, [one]) == {
        "looks": Count(0, 6, 0), "sounds": Count(0, 0, 6)
    }  # fmt: skip
    assert count_votes(old, new, out, [one, two])["looks"] == Count(6, 6, 0)


def test_votes_of_another_page_are_refused(films, tmp_path):
    old, new, out = films
    page, key = build(old, new, out, seed=3)
    other, other_key = build(old, new, tmp_path / "other", seed=4)
    votes = ballot(other, other_key, tmp_path / "votes.json", "a")
    with pytest.raises(WrongUse, match="another page"):
        count_votes(old, new, out, [votes])
    mine = ballot(page, key, tmp_path / "mine.json", "a")
    with pytest.raises(WrongUse, match="already given"):
        count_votes(old, new, out, [mine, mine])
    with pytest.raises(WrongUse, match="name these two"):
        count_votes(new, old, out, [mine])


@pytest.mark.parametrize(
    "change",
    [
        lambda told: told.pop("ballot"),
        lambda told: told.update(votes=[1]),
        lambda told: told["votes"].update(unknown={"looks": "left"}),
        lambda told: told["votes"].update({next(iter(told["votes"])): {"looks": "both"}}),
    ],
)
def test_damaged_votes_are_refused(films, tmp_path, change):
    old, new, out = films
    path = ballot(*build(old, new, out, seed=3), tmp_path / "votes.json", "a")
    told = json.loads(path.read_text())
    change(told)
    path.write_text(json.dumps(told))
    with pytest.raises(WrongUse, match=r"votes\.json"):
        count_votes(old, new, out, [path])


def test_nothing_to_compare_or_no_place_for_it(films, tmp_path):
    old, new, out = films
    (tmp_path / "empty").mkdir()
    with pytest.raises(WrongUse, match="no film of the same name"):
        build(old, tmp_path / "empty", out, seed=1)
    with pytest.raises(WrongUse, match="There is no folder"):
        films_of(tmp_path / "nowhere")
    with pytest.raises(WrongUse, match="not an empty folder"):
        build(old, new, new, seed=1)


# Intervals and p as published for the binomial: R's binom.test.
@pytest.mark.parametrize(
    ("count", "low", "high", "p"),
    [
        (Count(7, 3, 5), 0.3475, 0.9333, 0.34375),
        (Count(10, 0, 0), 0.6915, 1.0, 0.001953),
        (Count(0, 10, 0), 0.0, 0.3085, 0.001953),
        (Count(50, 50, 9), 0.3983, 0.6017, 1.0),
        (Count(0, 0, 4), 0.0, 1.0, 1.0),
    ],
)
def test_exact_intervals_and_the_sign_test(count, low, high, p):
    assert share_interval(count) == pytest.approx((low, high), abs=1e-4)
    assert sign_test(count) == pytest.approx(p, abs=1e-5)
