"""Stage: the reader of phonemes that measures how well speech survives. Minutes on a CPU.

Cross-entropy of every 10 ms of Backlot voices at any loudness, with a little noise under some.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from onereel.backlot.script import HELD_OUT
from onereel.backlot.voice import Utterance
from onereel.evaluate.phonemes import (
    NAME,
    PhonemeConfig,
    PhonemeReader,
    accuracy,
    both_ears,
    commonest,
    draw_utterance,
    mel_of,
    truth,
)
from onereel.model.weights import load_config, load_tensors, save_module
from onereel.train.loop import LoopConfig, StepResult, console, pick_device, run


@dataclass(frozen=True)
class PhonemeRecipe:
    loop: LoopConfig
    utterances: int = 600
    held_out: int = 40
    width: int = 96
    steps: int = 150  # of 10 ms in one piece
    batch: int = 16


def train(recipe: PhonemeRecipe) -> None:
    cfg = recipe.loop
    torch.manual_seed(cfg.seed)
    rng = np.random.default_rng(cfg.seed)
    device, folder = pick_device(cfg.device), Path(cfg.folder)
    spoken = [draw_utterance(seed) for seed in range(recipe.utterances)]
    held_out = [draw_utterance(seed) for seed in HELD_OUT[: recipe.held_out]]
    if (folder / f"{NAME}.json").is_file():
        model = PhonemeReader(load_config(folder, NAME, PhonemeConfig))
        model.load_state_dict(load_tensors(folder, NAME))
        console.print(f"resumed from {folder}")
    else:
        model = PhonemeReader(PhonemeConfig(commonest(spoken), recipe.width))
    model.to(device)
    lessons = [lesson(one, model.cfg.phones, recipe.steps, rng) for one in spoken]
    flops = 6.0 * sum(p.numel() for p in model.parameters()) * recipe.batch * recipe.steps

    def step(number: int, progress: float) -> StepResult:
        picked = [lessons[rng.integers(len(lessons))] for _ in range(recipe.batch)]
        pieces = [cut(*one, recipe.steps, rng) for one in picked]
        mel = torch.stack([piece for piece, _ in pieces]).to(device)
        wanted = torch.stack([labels for _, labels in pieces]).to(device)
        scores = model(mel)
        loss = F.cross_entropy(scores, wanted)
        right = (scores.argmax(1) == wanted).float().mean()
        return StepResult(loss, {"loss": loss.detach(), "right": right}, recipe.batch, flops)

    def save(folder: Path, storage: str) -> None:
        save_module(folder, NAME, model, model.cfg, storage)

    def check(folder: Path, number: int) -> dict[str, float]:
        return {"held-out right": accuracy(model, held_out)}

    run(cfg, recipe, model, step, save, check)


def lesson(
    one: Utterance, phones: tuple[str, ...], steps: int, rng: np.random.Generator
) -> tuple[Tensor, Tensor]:
    """Log-mel (M, N) and phones (N,), at least `steps` long; every other with hiss under it."""
    sound = np.pad(one.sound, (0, max(0, steps * 240 - len(one.sound))))
    hiss = 10 ** rng.uniform(-4, -2) * float(rng.random() < 0.5)
    sound = sound + hiss * rng.standard_normal(len(sound)).astype(np.float32)
    mel = mel_of(both_ears(sound.astype(np.float32)))[0]
    return mel, truth(one.phones, mel.shape[-1], phones)


def cut(mel: Tensor, labels: Tensor, steps: int, rng: np.random.Generator) -> tuple[Tensor, Tensor]:
    start = int(rng.integers(len(labels) - steps + 1))
    return mel[:, start : start + steps], labels[start : start + steps]
