"""Stage: guidance and step distillation. Few steps, one pass each, no guidance.

The student starts as the teacher. For a film at noise level a, the teacher takes `teacher_steps`
guided Euler steps to the student's next level b; the clean estimate that would carry the student
from a to b in one step is its target (progressive distillation, arXiv 2202.00512, with guidance
folded in as 2210.03142 does). One stage, because targets in closed form cover both.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from onereel.model.conditions import mix, pack
from onereel.model.sampler import estimate, noise_like, schedule, toward
from onereel.model.tokenizer import Tokenizer
from onereel.model.transformer import forward_flops
from onereel.model.weights import (
    load_audio_autoencoder,
    load_tensors,
    load_transformer,
    load_video_autoencoder,
    save_module,
)
from onereel.train.data import draw_batch
from onereel.train.film import (
    FilmCheck,
    FilmRecipe,
    blank_like,
    draw_bucket,
    film_loss,
    start_store,
    with_known_parts,
)
from onereel.train.loop import StepResult, autocast, console, pick_device, run


@dataclass(frozen=True)
class DistillRecipe:
    film: FilmRecipe
    teacher: str  # folder of the undistilled transformer
    student_steps: int = 4
    teacher_steps: int = 2  # guided steps that one student step replaces


def train(recipe: DistillRecipe) -> None:
    film, cfg = recipe.film, recipe.film.loop
    torch.manual_seed(cfg.seed)
    rng = np.random.default_rng(cfg.seed)
    device = pick_device(cfg.device)
    folder, source = Path(cfg.folder), Path(film.autoencoders)
    tokenizer = Tokenizer.load(source / "tokenizer.json")
    video = load_video_autoencoder(source).to(device)
    audio = load_audio_autoencoder(source).to(device)
    teacher = load_transformer(Path(recipe.teacher)).to(device).requires_grad_(False)
    student = copy.deepcopy(teacher).requires_grad_(True)
    if (folder / "transformer.json").is_file():
        student.load_state_dict(load_tensors(folder, "transformer"))
        console.print(f"resumed from {folder}")
    store = start_store(film, video, audio, tokenizer, device)
    cast = autocast(device)
    generator = torch.Generator(device).manual_seed(cfg.seed)
    picture_token = tokenizer.encode("Image 1")[0]
    levels_v = schedule(recipe.student_steps, film.sampling.shift_video)
    levels_a = schedule(recipe.student_steps, film.sampling.shift_audio)

    def step(number: int, progress: float) -> StepResult:
        bucket = draw_bucket(film.phases, progress, rng)
        token = picture_token if rng.random() < film.picture_reference else None
        batch = draw_batch(store, bucket.frames, bucket.batch, rng, token)
        clean = with_known_parts(film, batch, rng)
        blank = blank_like(batch.text, tokenizer.none_id)
        at = int(rng.integers(recipe.student_steps))
        from_v, to_v = float(levels_v[at]), float(levels_v[at + 1])
        from_a, to_a = float(levels_a[at]), float(levels_a[at + 1])
        one = torch.ones(len(batch.text), device=device)
        noisy = mix(clean, noise_like(clean, generator), one * from_v, one * from_a)
        with torch.no_grad(), cast:
            arrived = noisy
            path_v = torch.linspace(from_v, to_v, recipe.teacher_steps + 1).tolist()
            path_a = torch.linspace(from_a, to_a, recipe.teacher_steps + 1).tolist()
            for leg in range(recipe.teacher_steps):
                guess = estimate(
                    teacher, arrived, batch.text, blank, batch.references, path_v[leg], path_a[leg],
                    film.sampling.guidance,
                )  # fmt: skip
                arrived = replace(
                    arrived,
                    video=toward(arrived.video, guess.video, path_v[leg], path_v[leg + 1]),
                    audio=toward(arrived.audio, guess.audio, path_a[leg], path_a[leg + 1]),
                )
            target = replace(
                clean,
                video=whence(noisy.video, arrived.video, from_v, to_v),
                audio=whence(noisy.audio, arrived.audio, from_a, to_a),
            )
        runs = pack(noisy, one * from_v, one * from_a, batch.references)
        goals = pack(target, one * from_v, one * from_a)
        with cast:
            estimates = student(batch.text, runs)
        # At the student's few levels errors are not weighted by noise: each step counts alike.
        loss, parts = film_loss(goals, estimates, film.sound_weight, 1.0)
        latents = sum(run_.values.shape[1] for run_ in runs)
        one_pass = forward_flops(student.cfg, batch.text.shape[1], latents)
        flops = len(batch.text) * one_pass * (3 + 2 * recipe.teacher_steps)
        return StepResult(loss, parts, len(batch.text), flops)

    checker = FilmCheck(
        film, student, video, audio, tokenizer, device, guidance=1.0, steps=recipe.student_steps
    )

    def save(folder: Path, storage: str) -> None:
        save_module(folder, "transformer", student, student.cfg, storage)

    run(cfg, recipe, student, step, save, checker)


def whence(x: Tensor, arrived: Tensor, now: float, then: float) -> Tensor:
    """The clean estimate for which `toward(x, ., now, then)` is `arrived`."""
    return (arrived - x * (then / now)) / (1 - then / now)
