"""A small suite, run for real with a toy model and a stand-in examiner."""

import json
from dataclasses import replace

import numpy as np
import pytest
from safetensors.torch import load_file, save_file
from stand_in import READER, read

from onereel.errors import Cancelled, OnereelError, WrongUse
from onereel.evaluate import run
from onereel.evaluate.examiner import save_examiner
from onereel.evaluate.folder import FAILED, MADE, NOT_LEARNED, read_results
from onereel.evaluate.report import check_against, in_words, write_report
from onereel.evaluate.scores import MEASURES, interval, summarise
from onereel.evaluate.suites import Suite, open_suite
from onereel.marks.container import essence_hash, read_tags
from onereel.marks.metadata import read_metadata
from onereel.records.home import Home
from onereel.records.store import Store

QUICK = {one.id: one for one in open_suite("quick").items}
FIRST, EDIT = QUICK["008-frames-first"], QUICK["015-editing-remove"]
SUITE = Suite("two", (FIRST, EDIT))


@pytest.fixture(scope="module")
def done(blind_model, tmp_path_factory):
    folder = tmp_path_factory.mktemp("evaluation")
    home = Home(tmp_path_factory.mktemp("home"))
    return folder, home, run.evaluate(SUITE, folder, READER, blind_model, home)


def test_every_item_has_a_result(done):
    folder, _, results = done
    made, refused = results["per_item"]
    assert (made["outcome"], refused["outcome"]) == (MADE, NOT_LEARNED)
    assert "has not learned to follow a clip" in refused["said"]
    assert results["outcomes"] == {MADE: 1, NOT_LEARNED: 1}
    assert results == read_results(folder)
    for one in (made, refused):
        assert all((folder / name).is_file() for name in one["files"].values())
        assert all((folder / given["file"]).is_file() for given in one["given"])


def test_a_film_is_scored_beside_its_copy_and_the_real_render(done):
    made, refused = done[2]["per_item"]
    assert set(made["scores"]) == {"film", "rebuilt", "real"}
    # A given frame is the render's own, so the ceiling is reached exactly.
    assert made["scores"]["real"]["first_frame_fidelity"] == 100
    assert made["scores"]["film"]["first_frame_fidelity"] < 60
    # Outside the mask, source and real edit are equal to the bit.
    assert refused["scores"]["real"]["locality"] == 100
    assert refused["scores"]["film"] is None
    known = {one.name for one in MEASURES}
    assert all(set(scores or {}) <= known for scores in made["scores"].values())


def test_films_and_sheets_leave_marked(done):
    folder, home, results = done
    files, record = results["per_item"][0]["files"], results["per_item"][0]["record"]
    for name, kind in (("film", "mp4"), ("sheet", "jpg")):
        with (folder / files[name]).open("rb") as file:
            found = read_metadata(read_tags(file, kind), essence_hash(file, kind))
        assert found.aigc["ProduceID"] == record
        assert found.signature == "valid"
    with Store(home) as store:
        assert store.get(record).record.prompt == FIRST.prompt


def test_a_second_run_makes_nothing_again(done, blind_model, monkeypatch):
    folder, home, results = done

    def fail(*args):
        raise AssertionError("an item was made again")

    monkeypatch.setattr(run, "film_item", fail)
    again = run.evaluate(SUITE, folder, READER, blind_model, home)
    assert again["per_item"] == results["per_item"]


@pytest.mark.parametrize("change", ["examiner", "file", "item"])
def test_what_changed_is_made_again(done, blind_model, monkeypatch, change):
    folder, home, _ = done
    calls = []

    def note(item, *rest):
        calls.append(item.id)
        raise KeyboardInterrupt

    monkeypatch.setattr(run, "film_item", note)
    suite, reader = SUITE, READER
    if change == "examiner":
        reader = replace(READER, name="another")
    if change == "file":
        (folder / "real" / f"{FIRST.id}.mp4").rename(folder / "real" / "away.mp4")
    if change == "item":
        suite = Suite("two", (replace(FIRST, seed=FIRST.seed + 1), EDIT))
    with pytest.raises(Cancelled, match="0 of 2 items are kept"):
        run.evaluate(suite, folder, reader, blind_model, home)
    if change == "file":
        (folder / "real" / "away.mp4").rename(folder / "real" / f"{FIRST.id}.mp4")
    assert calls == [FIRST.id]


def test_a_failure_is_a_result(blind_model, tmp_path, monkeypatch):
    def fail(*args, **kwargs):
        raise OnereelError("The model's numbers overflowed.")

    monkeypatch.setattr(run, "make_film", fail)
    results = run.evaluate(
        Suite("one", (FIRST,)), tmp_path, READER, blind_model, Home(tmp_path / "home")
    )
    assert results["outcomes"] == {FAILED: 1}
    assert "overflowed" in results["per_item"][0]["said"]
    assert "1 failed" in in_words(results)


def test_an_examiner_is_opened_with_the_name_of_its_weights(toy_examiner, tmp_path):
    save_examiner(tmp_path, toy_examiner.networks, toy_examiner.cfg, "float32")
    reader = run.open_reader(tmp_path)
    reading = reader.read(np.zeros((9, 64, 64, 3), np.uint8), np.zeros((9000, 2), np.float32))
    assert len(reading.cut) == 9
    shard = next(tmp_path.glob("examiner-*.safetensors"))
    tensors = load_file(shard)
    next(iter(tensors.values())).view(-1)[0] += 1
    save_file(tensors, shard)
    assert run.open_reader(tmp_path).name != reader.name


def test_only_some_groups():
    suite = open_suite("quick")
    assert {one.group for one in run.only(suite, ["text", "frames"]).items} == {"text", "frames"}
    with pytest.raises(WrongUse, match="no group opera"):
        run.only(suite, ["opera"])


# ---------------------------------------------------------------- the report


def test_the_page_needs_nothing_but_its_folder(done):
    folder, _, results = done
    page = write_report(folder, results, None, None).read_text(encoding="utf-8")
    assert "http://" not in page and "https://" not in page
    for one in results["per_item"]:
        assert one["item"]["id"] in page
        for name in one["files"].values():
            assert f'"{name}"' in page
    assert "has not learned to follow a clip" in page
    for measure in MEASURES:
        if measure.name in results["measures"] and "." not in measure.name:
            assert measure.title in page


def test_former_weights_stand_beside_these(done, tmp_path):
    folder, _, results = done
    before = json.loads(json.dumps(results))
    before["made_with"]["weights"] = "f" * 64
    check_against(results, before)
    page = write_report(folder, results, before, folder).read_text(encoding="utf-8")
    assert f"before/{FIRST.id}.mp4" in page
    assert (folder / "before" / f"{FIRST.id}.mp4").is_file()
    for field, value in (("examiner", "another"), ("backlot", 1)):
        other = json.loads(json.dumps(before))
        other["made_with"][field] = value
        with pytest.raises(WrongUse, match=field):
            check_against(results, other)
    with pytest.raises(WrongUse, match="different suites"):
        check_against(results, {**before, "suite": "standard"})
    with pytest.raises(WrongUse, match="2 and 1 items"):
        check_against(results, {**before, "per_item": before["per_item"][:1]})


def test_prompts_cannot_become_markup(done):
    folder, _, results = done
    told = json.loads(json.dumps(results))
    told["per_item"][0]["item"]["prompt"] = "<script>alert(1)</script>"
    told["per_item"][1]["said"] = "<img src=x onerror=alert(1)>"
    page = write_report(folder, told, None, None).read_text(encoding="utf-8")
    assert "<script>alert" not in page and "<img src=x" not in page


# ---------------------------------------------------------------- means


def row(film, real, name="adherence"):
    return {"scores": {"film": film if film is None else {name: film}, "rebuilt": {name: real},
                       "real": {name: real}}, "features": {}}  # fmt: skip


def test_means_are_over_what_was_made_and_shares_over_the_same_items():
    found = summarise([row(0.2, 0.8), row(0.4, 1.0), row(None, 0.1)])["adherence"]
    assert found["mean"] == pytest.approx(0.3)
    assert found["n"] == 2
    assert found["ceiling"] == pytest.approx(0.9)
    assert found["share"] == pytest.approx(0.3 / 0.9)
    assert found["low"] <= 0.3 <= found["high"]
    nothing = summarise([row(None, 0.6)])["adherence"]
    assert (nothing["mean"], nothing["share"], nothing["ceiling"]) == (None, None, 0.6)


def test_an_interval_covers_the_mean_about_as_often_as_it_says():
    rng = np.random.default_rng(5)
    covered = 0
    for _ in range(200):
        low, high = interval(rng.normal(0.5, 0.1, 40))
        covered += low <= 0.5 <= high
    assert 176 <= covered <= 199


def test_the_stand_in_reads_the_same_twice():
    frames = np.zeros((9, 16, 16, 3), np.uint8)
    assert (read(frames, None).person == read(frames, None).person).all()
