"""The benchmark on the toy model: every stage is there, and adds up."""

import json
from dataclasses import asdict
from pathlib import Path

import pytest
import torch

from onereel.errors import OnereelError, WrongUse
from onereel.evaluate import benchmark as bench
from onereel.evaluate.benchmark_child import Task, measure
from onereel.evaluate.random_mini import waves
from onereel.model import device

STAGES = {"load", "encode", "denoise", "decode", "mark", "write", "sign", "all"}


@pytest.fixture
def home(tmp_path: Path) -> str:
    return str(bench.make_keys(tmp_path / "home"))


@pytest.fixture
def told(
    toy_model: Path, home: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> dict:
    """What a child says of the toy model; `capsys` has its lines."""
    monkeypatch.setattr(device, "matmul_rate", lambda *given: 1e9)
    threads = torch.get_num_threads()
    try:
        return asdict(measure(Task(str(toy_model), home, threads, cold=False, gpu=False)))
    finally:
        torch.set_num_threads(threads)


def test_a_film_is_timed_stage_by_stage_and_part_by_part(told, home, capsys):
    assert set(told["cold"]) == set(told["warm"]) == STAGES
    for times in (told["cold"], told["warm"]):
        assert all(seconds >= 0 for seconds in times.values())
    assert sum(told["cold"].values()) == pytest.approx(2 * told["cold"]["all"])
    assert set(told["parts"]) == set(told["processor"]) - {"cold", "warm"}
    assert 0 < told["processor"]["warm"] < told["processor"]["cold"]
    assert set(told["shares"]) == {"denoise", "transformer, one pass", "decoding the picture"}
    assert told["tokens"] == 13 * 2 * 2 + 102 + 24, "picture, sound, text"
    events = [json.loads(line)["event"] for line in capsys.readouterr().out.splitlines()]
    assert events == ["ready", "written", "step", "step"]
    assert [one.name for one in Path(home).parent.iterdir()] == ["home"], "no film is left behind"


def test_the_page_has_a_row_for_each_stage(told):
    told["cold"] |= {"start": 1.5}
    page = bench.show(
        {
            "machine": {"processor": "P", "cores": 2, "load": 0.5, "gpu": None, "torch": "2"},
            "import_seconds": 0.07,
            "runs": {"mini": [told, told | {"threads": 2}]},
        }
    )
    for name in (*bench.STAGES.values(), "peak MiB", "visible label", "no GPU"):
        assert name in page
    (start,) = (line for line in page.splitlines() if line.startswith("Python and imports"))
    assert start.split()[3:] == ["1.50", "1.50"], "nothing warm, in both runs"


@pytest.mark.parametrize(
    ("shapes", "threads", "said"),
    [(("huge",), (), "There is no shape huge"), (("mini",), (10_000,), "cores here")],
)
def test_wrong_use_is_told_before_anything_runs(shapes, threads, said):
    with pytest.raises(WrongUse, match=said):
        bench.benchmark(shapes, threads)


def test_a_run_that_fails_says_why(home):
    task = Task("no-such-model", home, 1, cold=True, gpu=False)
    with pytest.raises(OnereelError, match="There are no weights in no-such-model"):
        bench.run(task, "mini, 1 thread", lambda stage, done, of: None)


def test_the_random_model_s_picture_waves_are_orthonormal_and_slow():
    basis = waves(8, 64)
    torch.testing.assert_close(basis @ basis.T, torch.eye(64), atol=1e-5, rtol=0)
    steps = basis.view(64, 3, 8, 16, 16).diff(dim=-1).abs().mean()
    assert steps < 0.3 * basis.abs().mean(), "neighbouring pixels are much alike"
