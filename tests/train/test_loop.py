import json
import time
from dataclasses import dataclass, field
from pathlib import Path

import torch

from onereel.train.loop import Average, LoopConfig, StepResult, rate_at, run


@dataclass(frozen=True)
class Recipe:
    loop: LoopConfig = field(default_factory=lambda: LoopConfig("", 0))


def config(tmp_path: Path, **fields) -> LoopConfig:
    return LoopConfig(folder=str(tmp_path / "run"), minutes=0.02, log_seconds=0.2, **fields)


def test_rate_warms_up_holds_and_decays_by_the_clock():
    cfg = LoopConfig("", 1, rate=1.0, warmup_steps=10, decay_share=0.5)
    assert rate_at(0.0, 0, cfg) == 0.1
    assert rate_at(0.2, 50, cfg) == 1.0
    assert abs(rate_at(1.0, 500, cfg) - 0.05) < 1e-9
    assert rate_at(0.75, 500, cfg) < 1.0


def test_average_follows_and_gives_back_the_live_weights():
    module = torch.nn.Linear(2, 2)
    average = Average(module, 0.9)
    before = module.weight.detach().clone()
    with torch.no_grad():
        module.weight += 1
    average.update(module)
    with average.applied(module):
        inside = module.weight.detach().clone()
    assert torch.equal(module.weight, before + 1)
    # A young average forgets fast: its first decay is 2/11, not 0.9.
    torch.testing.assert_close(inside, before + 1 - 2 / 11)


def test_a_run_learns_logs_and_saves_the_average(tmp_path):
    torch.manual_seed(0)
    module = torch.nn.Linear(4, 1)
    goal = torch.randn(1, 4)
    saved = []

    def step(number, progress):
        x = torch.randn(32, 4)
        loss = (module(x) - x @ goal.T).square().mean()
        return StepResult(loss, {"loss": loss.detach()}, 32, 1000.0)

    def save(folder, storage):
        saved.append(module.weight.detach().clone())

    cfg = config(tmp_path, rate=0.05)
    run(cfg, Recipe(cfg), module, step, save, lambda folder, number: {"check": 1.0})
    assert (saved[-1] - goal).abs().max() < 0.05
    lines = [json.loads(line) for line in (tmp_path / "run/log.jsonl").read_text().splitlines()]
    assert lines[0]["loss"] > lines[-2]["loss"]
    assert {"samples/s", "GFLOP/s", "MFU", "step", "samples", "seconds"} <= lines[0].keys()
    assert lines[-1]["check"] == 1.0
    assert json.loads((tmp_path / "run/recipe.json").read_text())["loop"]["rate"] == 0.05


def test_a_step_that_explodes_is_skipped(tmp_path):
    module = torch.nn.Linear(1, 1, bias=False)
    start = module.weight.detach().clone()

    def step(number, progress):
        loss = module.weight.sum() * float("nan")
        return StepResult(loss, {}, 1, 0.0)

    cfg = config(tmp_path)
    run(cfg, Recipe(cfg), module, step, lambda folder, storage: None)
    assert torch.equal(module.weight, start)


def test_minutes_of_the_processor_pass_only_while_it_works(tmp_path):
    module = torch.nn.Linear(2, 1)
    naps = []

    def step(number, progress):
        naps.append(0.02)
        time.sleep(naps[-1])
        loss = module.weight.square().sum()
        return StepResult(loss, {"loss": loss.detach()}, 1, 1.0)

    cfg = LoopConfig(folder=str(tmp_path), minutes=0.0005, processor_time=True)
    run(cfg, Recipe(cfg), module, step, lambda folder, storage: None)
    assert sum(naps) > 2 * 60 * cfg.minutes  # by the wall's clock it would end at once
