"""Small Backlot takes, a toy examiner and a model that follows no references, made once."""

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from onereel.backlot.script import Script, write_script
from onereel.backlot.shoot import Take, shoot
from onereel.evaluate.examiner import Examiner
from onereel.evaluate.networks import ExaminerConfig, ExaminerNetworks
from onereel.evaluate.truth import vocabulary
from onereel.model.weights import seal
from toys import TOY_SAMPLING


@pytest.fixture(scope="session")
def takes() -> dict[str, Take]:
    """The first of each from seed 500: "speech" over music, a "walk" to music, a "pair"."""
    fits: dict[str, Callable[[Script], bool]] = {
        "speech": lambda one: any(line.start < 0.7 and not line.sung for line in one.lines),
        "walk": lambda one: [performer.act for performer in one.performers] == ["walks"],
        "pair": lambda one: len({performer.character.kind for performer in one.performers}) == 2,
    }
    scripts = [write_script(seed, 2.0, 128, 72) for seed in range(500, 900)]
    plain = [one for one in scripts if one.music and len(one.shots) == 1]
    return {name: shoot(next(filter(wanted, plain))) for name, wanted in fits.items()}


@pytest.fixture(scope="session")
def toy_examiner() -> Examiner:
    torch.manual_seed(0)
    cfg = ExaminerConfig(
        vocabulary={name: list(names) for name, names in vocabulary().items()},
        stem=8, fine=8, fine_depth=1, deep=16, deep_depth=1, time=16, description=8, close=8,
        close_depth=1, close_deep=16, close_deep_depth=1, face=8, mouth=8, pose=8, close_time=16,
        close_description=8, sound=16, sound_depth=1, sound_description=8,
    )  # fmt: skip
    return Examiner(cfg, ExaminerNetworks(cfg).eval(), {})


@pytest.fixture(scope="session")
def blind_model(toy_model: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A toy that has learned no references."""
    folder = tmp_path_factory.mktemp("blind") / "model"
    shutil.copytree(toy_model, folder)
    sizes = {**TOY_SAMPLING.sizes, "21:9": (150, 64), "16:9": (114, 64)}  # files must be 64 high
    seal(folder, replace(TOY_SAMPLING, learned_references=(), steps=1, sizes=sizes))
    return folder
