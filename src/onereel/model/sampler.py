"""From noise to a film: flow matching, integrated in a few steps. The denoising loop is here.

A film at noise level sigma is x = (1 - sigma) x0 + sigma noise (rectified flow, arXiv
2209.03003; 2210.02747). The model predicts x0; its velocity is dx/dsigma = (x - x0) / sigma.
Everything is a plain function: state in, state out. Called by `generate` and by training.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import torch
from torch import Tensor

from onereel.model.conditions import (
    LatentState,
    ReferenceLatents,
    pack,
    per_cell,
    unpack,
)
from onereel.model.transformer import FilmTransformer

# Called after each step with (steps done, steps in all, clean estimate); raise to cancel.
OnStep = Callable[[int, int, LatentState], None]


def shifted(sigma: Tensor, shift: float) -> Tensor:
    """Move noise levels up: large pictures need more of the path at high noise (2403.03206)."""
    return shift * sigma / (1 + (shift - 1) * sigma)


def schedule(steps: int, shift: float) -> Tensor:
    """`steps` + 1 noise levels from 1 to 0."""
    return shifted(torch.linspace(1, 0, steps + 1, dtype=torch.float64), shift).float()


def noise_like(
    state: LatentState, generator: torch.Generator, temperature: float = 1.0
) -> LatentState:
    """Standard noise of the film's layout. Draw order: video, then audio (a contract).

    Drawn where the generator lives (the CPU, for films), so a seed means the same everywhere.
    temperature: the picture's deviation. A film that begins from less noise than training had ends
    nearer to what most films share: a model that has learned too little to make all details agree
    draws fewer of them (after Kingma and Dhariwal 2018, section 5).
    """

    def draw(x: Tensor) -> Tensor:
        return torch.randn(x.shape, generator=generator, device=generator.device).to(x)

    video = draw(state.video) * temperature
    return replace(state, video=video, audio=draw(state.audio))


def denoise(
    model: FilmTransformer,
    state: LatentState,
    text_ids: Tensor,
    blank_ids: Tensor,
    references: tuple[ReferenceLatents, ...] = (),
    *,
    steps: int,
    guidance: float,
    shift_video: float,
    shift_audio: float,
    on_step: OnStep | None = None,
) -> LatentState:
    """Integrate from noise to a clean film with Euler steps; `state` holds noise and known parts.

    `text_ids` and `blank_ids` are (B, S) of the same S; the second says nothing, and guidance
    (arXiv 2207.12598) moves the estimate away from what it gives. Known tokens never change.
    """
    sigmas_video, sigmas_audio = schedule(steps, shift_video), schedule(steps, shift_audio)
    for step in range(steps):
        now_video, now_audio = float(sigmas_video[step]), float(sigmas_audio[step])
        clean = estimate(
            model, state, text_ids, blank_ids, references, now_video, now_audio, guidance
        )
        state = replace(
            state,
            video=toward(state.video, clean.video, now_video, float(sigmas_video[step + 1])),
            audio=toward(state.audio, clean.audio, now_audio, float(sigmas_audio[step + 1])),
        )
        if on_step is not None:
            on_step(step + 1, steps, clean)
    return state


def toward(x: Tensor, clean: Tensor, now: float, then: float) -> Tensor:
    """One Euler step along the straight path to `clean`: x + (then - now) (x - x0) / now."""
    return clean + (x - clean) * (then / now)


def estimate(
    model: FilmTransformer,
    state: LatentState,
    text_ids: Tensor,
    blank_ids: Tensor,
    references: tuple[ReferenceLatents, ...],
    sigma_video: float,
    sigma_audio: float,
    guidance: float,
) -> LatentState:
    """The guided estimate of the clean film; known tokens come back as they are."""
    batch = text_ids.shape[0]
    guided = guidance != 1.0
    levels = torch.ones(batch, device=text_ids.device)
    runs = pack(state, levels * sigma_video, levels * sigma_audio, references)
    if guided:
        runs = tuple(
            replace(run, values=torch.cat([run.values] * 2), sigma=torch.cat([run.sigma] * 2))
            for run in runs
        )
        text_ids = torch.cat([text_ids, blank_ids])
    predictions = model(text_ids, runs)
    if guided:
        predictions = tuple(
            blank + guidance * (told - blank)
            for told, blank in (prediction.chunk(2) for prediction in predictions)
        )
    clean = unpack(state, runs, predictions)
    return replace(
        state,
        video=torch.where(per_cell(state.video_known), state.video, clean.video),
        audio=torch.where(state.audio_known[..., None], state.audio, clean.audio),
    )
