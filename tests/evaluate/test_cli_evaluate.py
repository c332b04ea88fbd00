"""`onereel evaluate` and `onereel compare` as functions: what they print, write and refuse."""

import json

import pytest
from stand_in import READER

from onereel import cli_evaluate
from onereel.errors import WrongUse
from onereel.evaluate import run
from onereel.evaluate.folder import NOT_LEARNED
from onereel.evaluate.suites import Suite, open_suite, suite_json

WORDS = open_suite("quick").items[0]
IDENTITY = next(one for one in open_suite("quick").items if one.task == "identity")


def test_evaluate_writes_a_report_and_json_tells_the_same(
    blind_model, tmp_path, monkeypatch, capsys
):
    monkeypatch.setattr(run, "open_reader", lambda *folder: READER)
    suite = tmp_path / "mine.json"
    suite.write_text(suite_json(Suite("mine", (WORDS, IDENTITY))), encoding="utf-8")
    folder = tmp_path / "out"
    cli_evaluate.evaluate(
        suite=str(suite), model=blind_model, output=folder, only=[IDENTITY.group], as_json=True
    )
    told = json.loads(capsys.readouterr().out)
    assert told["page"] == str(folder / "index.html")
    assert told["outcomes"] == {NOT_LEARNED: 1}
    assert told["measures"] == json.loads((folder / "results.json").read_text())["measures"]
    assert (folder / "index.html").is_file()


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ({"suite": "slow"}, "There is no suite slow"),
        ({"only": ["opera"]}, "There is no group opera"),
        ({"examiner": "nowhere"}, "nowhere"),
        ({"against": "nowhere"}, "holds no evaluation"),
    ],
)
def test_wrong_use_is_told_before_any_work(tmp_path, monkeypatch, arguments, told):
    monkeypatch.chdir(tmp_path)
    paths = {
        name: tmp_path / value if name in ("examiner", "against") else value
        for name, value in arguments.items()
    }
    with pytest.raises(WrongUse, match=told) as caught:
        cli_evaluate.evaluate(**paths)
    assert caught.value.exit_code == 2
    assert list(tmp_path.iterdir()) == []


def test_compare_builds_and_counts(tmp_path, capsys):
    for side in ("a", "b"):
        (tmp_path / side).mkdir()
        (tmp_path / side / "one.mp4").write_bytes(side.encode())
    page = tmp_path / "page"
    cli_evaluate.compare(tmp_path / "a", tmp_path / "b", page, seed=1, as_json=True)
    built = json.loads(capsys.readouterr().out)
    key = json.loads((tmp_path / "page.key.json").read_text())
    assert built["key"] == str(tmp_path / "page.key.json")
    pair, known = next(iter(key["pairs"].items()))
    side = "left" if known["left"] == "b" else "right"
    votes = tmp_path / "votes.json"
    votes.write_text(
        json.dumps({"page": key["page"], "ballot": "x", "votes": {pair: {"looks": side}}})
    )
    cli_evaluate.compare(tmp_path / "a", tmp_path / "b", page, votes=[votes], as_json=True)
    told = json.loads(capsys.readouterr().out)
    assert (told["looks"]["a"], told["looks"]["b"]) == (0, 1)
    cli_evaluate.compare(tmp_path / "a", tmp_path / "b", page, votes=[votes])
    assert "wins 0% of those that chose" in capsys.readouterr().out
