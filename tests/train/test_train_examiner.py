"""The examiner's lessons and its training, for a moment."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from onereel.evaluate.examiner import load_examiner
from onereel.evaluate.networks import ExaminerConfig
from onereel.evaluate.pose import Moved
from onereel.train import examiner, lessons
from onereel.train.examiner import bumps, cut_window, draw_window, heat_targets, stack
from onereel.train.lessons import LessonConfig, lesson_seeds, load_lesson, prepare_lessons
from onereel.train.loop import LoopConfig

TOY = ExaminerConfig(
    stem=8, fine=8, fine_depth=1, deep=16, deep_depth=1, time=16, description=8, close=8,
    close_depth=1, close_deep=16, close_deep_depth=1, face=8, mouth=8, pose=8, close_time=16,
    close_description=8, sound=16, sound_depth=1, sound_description=8,
)  # fmt: skip


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> LessonConfig:
    cfg = LessonConfig(str(tmp_path_factory.mktemp("lessons")), clips=2, seconds=1.0, workers=1)
    for seed in lesson_seeds(cfg):
        path = lessons.lesson_path(cfg, seed)
        path.parent.mkdir(parents=True, exist_ok=True)
        lessons.write_lesson(path, seed, cfg.seconds)
    return cfg


def test_only_its_own_seeds_and_held_out_ones(kept):
    with pytest.raises(ValueError, match="not the examiner's own"):
        lesson_seeds(replace(kept, first_seed=0))
    assert lesson_seeds(replace(kept, first_seed=1_000_000_000))[0] == 1_000_000_000


def test_lessons_are_rendered_once(kept):
    assert list(prepare_lessons(kept)) == [(2, 2)]
    lesson = load_lesson(kept, lesson_seeds(kept)[0])
    assert len(lesson["frames"]) == len(lesson["joints"]) == 25
    assert len(lesson["heard"]) == len(lesson["onset"])


def test_mirrored_windows_mirror_their_truth(kept):
    lesson = load_lesson(kept, lesson_seeds(kept)[0])
    plain = cut_window(lesson, 0, 24)
    for seed in range(20):
        window = draw_window(lesson, 24, np.random.default_rng(seed))
        if not np.allclose(window["joints"], lesson["joints"][:24]) and len(window["joints"]):
            break
    start = next(
        s for s in range(2)
        if np.allclose(window["joints"][..., 1], lesson["joints"][s : s + 24, :, 1])
    )  # fmt: skip
    assert np.allclose(window["joints"][..., 0], 1 - lesson["joints"][start : start + 24, :, 0])
    assert plain["shown"].shape == window["shown"].shape
    assert window["frames"].shape[1] == 3


def test_targets_point_where_the_joint_is():
    joints = torch.tensor([[[[0.5, 0.25]]]])
    target = heat_targets(joints, (4, 8)).view(4, 8)
    assert target.sum() == pytest.approx(1)
    assert target[0, 3] == target[0, 4] == target[1, 3] == pytest.approx(0.25)
    marks = torch.zeros(1, 5)
    marks[0, 2] = 1
    assert bumps(marks, (0.4, 1.0, 0.4))[0].tolist() == pytest.approx([0, 0.4, 1, 0.4, 0])


def test_a_moment_of_training_and_on_from_there(kept, tmp_path: Path, monkeypatch):
    loop = LoopConfig(folder=str(tmp_path), minutes=0.01, warmup_steps=2)
    recipe = examiner.ExaminerRecipe(loop, kept, TOY, batch=1, held_out=1)
    monkeypatch.setattr(examiner, "SIZES", (lessons.size_of(lesson_seeds(kept)[0]),))
    # Held-out clips stand in for themselves: rendering more would only take time.
    monkeypatch.setattr(examiner, "HELD_OUT", lesson_seeds(kept))
    examiner.train(recipe)
    before = load_examiner(tmp_path)
    examiner.train(replace(recipe, loop=replace(loop, rate=1e-9)))
    after = load_examiner(tmp_path)
    for one, other in zip(before.networks.parameters(), after.networks.parameters(), strict=True):
        assert torch.allclose(one, other, atol=0.05)


def test_losses_fall_where_the_truth_is_said(kept):
    """A network that says the truth has lower losses than one that says nothing."""
    lesson = cut_window(load_lesson(kept, lesson_seeds(kept)[0]), 0, 24)
    still = np.tile(examiner.STILL, (24, 1))
    lesson = examiner.shake(lesson, dict.fromkeys(examiner.CLOSE_UPS, still))
    for name in examiner.CLOSE_UPS:
        lesson[name] = lesson[name].transpose(0, 3, 1, 2) / np.float32(127.5) - 1
    batch = stack([lesson], torch.device("cpu"))
    words = {name: list(names) for name, names in examiner.vocabulary().items()}
    cfg = replace(TOY, vocabulary=words)
    net = examiner.ExaminerNetworks(cfg)
    looked = net.look(batch["body"], batch["face"])
    acts = examiner.pose_losses(
        net.pose(examiner.posture(batch, np.random.default_rng(0))), batch, cfg
    )
    shown = 20 * batch["shown"] - 10
    acts_count = cfg.classes(("act",))[0]
    contact = 20 * bumps(batch["contact"], (0.4, 1.0, 0.4)) - 10
    told_acts = examiner.pose_losses(Moved(shown[:, :acts_count], contact), batch, cfg)
    assert told_acts["act"] < acts["act"] and told_acts["contact"] < acts["contact"]
    before = examiner.close_losses(looked, batch, cfg)
    after = examiner.close_losses(replace(looked, shown=shown[:, acts_count:]), batch, cfg)
    assert after["kind"] < before["kind"] and after["outfit"] < before["outfit"]
    told = 20 * batch["mouth"] - 10
    assert examiner.mouth_loss(told, batch) < examiner.mouth_loss(-told, batch)


def test_shaken_close_ups_keep_their_joints(kept):
    """A joint's own pixel stays under it, wherever the box goes."""
    lesson = cut_window(load_lesson(kept, lesson_seeds(kept)[0]), 0, 24)
    boxes = examiner.shaken_boxes(24, np.random.default_rng(3))
    marked = np.zeros_like(lesson["body"])
    side = marked.shape[1]
    for t, (x, y) in enumerate(lesson["close_joints"][:, 0]):
        marked[t, int(y * side) - 2 : int(y * side) + 3, int(x * side) - 2 : int(x * side) + 3] = (
            255
        )
    after = examiner.shake({**lesson, "body": marked}, dict.fromkeys(examiner.CLOSE_UPS, boxes))
    for t, (x, y) in enumerate(after["close_joints"][:, 0] * after["body"].shape[1]):
        assert after["body"][t, int(y), int(x)].min() > 200
