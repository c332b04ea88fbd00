"""Small Backlot takes and a toy examiner, made once."""

import pytest
import torch

from onereel.backlot.script import write_script
from onereel.backlot.shoot import Take, shoot
from onereel.evaluate.examiner import Examiner
from onereel.evaluate.networks import ExaminerConfig, ExaminerNetworks
from onereel.evaluate.truth import vocabulary


@pytest.fixture(scope="session")
def takes() -> dict[int, Take]:
    """Speech and music in a kitchen; a walk with steps; two who kneel."""
    return {seed: shoot(write_script(seed, 2.0, 128, 72)) for seed in (500, 502, 505)}


@pytest.fixture(scope="session")
def toy_examiner() -> Examiner:
    torch.manual_seed(0)
    cfg = ExaminerConfig(
        vocabulary={name: list(names) for name, names in vocabulary().items()},
        stem=8, fine=8, fine_depth=1, deep=16, deep_depth=1, time=16, description=8, sound=16,
        sound_depth=1, sound_description=8,
    )  # fmt: skip
    return Examiner(cfg, ExaminerNetworks(cfg).eval(), {})
