"""What the transformer is told: a film's latents, which of them are known, and its references.

- `LatentState` is the film being denoised; `known` tokens keep their values at noise level 0
- `ReferenceLatents` are pictures, clips and recordings; each stands at its own time before the
  film, so references never share a place with it or with each other
- `pack` lays all of it out as token runs; `unpack` puts predictions back into latents

Shape legend: B batch, G latent frames, Z latent channels, h w latent cells (16 pixels), L audio
latents, N tokens, C numbers in a token (4 Z for picture, Z for sound).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import torch
from einops import rearrange
from torch import Tensor

from onereel.model.shapes import AUDIO_LATENTS_PER_SECOND, FPS, FRAMES_PER_LATENT, FilmShape
from onereel.model.transformer import REFERENCE, TARGET, Tokens

REFERENCE_START, REFERENCE_SPACING = -10.0, -20.0  # seconds; a reference lasts 15 at most


@dataclass(frozen=True)
class LatentState:
    """Latents of one batch of films of one shape. A silent film has L = 0.

    video (B, G, Z, h, w), video_known (B, G, h/2, w/2) bool per token;
    audio (B, L, Z), audio_known (B, L) bool.
    """

    video: Tensor
    video_known: Tensor
    audio: Tensor
    audio_known: Tensor

    @classmethod
    def empty(
        cls, shape: FilmShape, channels: int, audio_channels: int, *, sound: bool = True
    ) -> LatentState:
        """A batch of one, nothing known."""
        time, down, across = shape.grid
        latents = shape.audio_latents if sound else 0
        return cls(
            torch.zeros(1, time, channels, 2 * down, 2 * across),
            torch.zeros(1, time, down, across, dtype=torch.bool),
            torch.zeros(1, latents, audio_channels),
            torch.zeros(1, latents, dtype=torch.bool),
        )

    def to(self, device: torch.device) -> LatentState:
        return LatentState(
            self.video.to(device), self.video_known.to(device),
            self.audio.to(device), self.audio_known.to(device),
        )  # fmt: skip

    def with_known_frame(self, index: int, latents_BZhw: Tensor) -> LatentState:
        """Fix latent frame `index` (negative counts from the end) to clean latents."""
        video, known = self.video.clone(), self.video_known.clone()
        video[:, index] = latents_BZhw.to(video)
        known[:, index] = True
        return replace(self, video=video, video_known=known)


@dataclass(frozen=True)
class ReferenceLatents:
    """One reference: kind "still" or "video" with (B, G, Z, h, w), or "audio" with (B, L, Z)."""

    kind: str
    latents: Tensor


def tokens_from_video(video_BGZhw: Tensor) -> Tensor:
    return rearrange(video_BGZhw, "b g z (h i) (w j) -> b (g h w) (z i j)", i=2, j=2)


def video_from_tokens(tokens_BNC: Tensor, down: int, across: int) -> Tensor:
    return rearrange(
        tokens_BNC, "b (g h w) (z i j) -> b g z (h i) (w j)", h=down, w=across, i=2, j=2
    )


def video_positions(frames: int, down: int, across: int, *, device: torch.device) -> Tensor:
    """(frames * down * across, 3): the middle of each group in seconds, tokens from the centre.

    Rows are whole numbers and columns halves, as in 16:9, however many there are: else a model that
    has seen one ratio alone would meet sines in others that it has never seen (`place_features`).
    """
    index = torch.arange(frames, device=device)
    # Group 0 is frame 0 alone; group g holds frames 8g-7 .. 8g.
    middle = torch.where(index > 0, FRAMES_PER_LATENT * index - (FRAMES_PER_LATENT - 1) / 2, 0)
    seconds = middle / FPS
    y = torch.arange(down, device=device) - float(down // 2)
    x = torch.arange(across, device=device) - across // 2 + 0.5
    return torch.stack(torch.meshgrid(seconds, y, x, indexing="ij"), -1).reshape(-1, 3)


def audio_positions(latents: int, *, device: torch.device) -> Tensor:
    seconds = (torch.arange(latents, device=device) + 0.5) / AUDIO_LATENTS_PER_SECOND
    return torch.stack([seconds, torch.zeros_like(seconds), torch.zeros_like(seconds)], -1)


def pack(
    state: LatentState,
    sigma_video: Tensor,
    sigma_audio: Tensor,
    references: tuple[ReferenceLatents, ...] = (),
) -> tuple[Tokens, ...]:
    """Lay references and film out as token runs; sigmas are (B,) levels of the unknown tokens."""
    runs: list[Tokens] = []
    for number, reference in enumerate(references):
        runs += _reference_runs(reference, REFERENCE_START + number * REFERENCE_SPACING)
    frames, (down, across) = state.video.shape[1], state.video_known.shape[2:]
    values = tokens_from_video(state.video)
    sigma = torch.where(state.video_known.flatten(1), 0.0, sigma_video[:, None])
    places = video_positions(frames, down, across, device=values.device)
    still = down * across
    runs.append(Tokens("still", values[:, :still], sigma[:, :still], places[:still]))
    if frames > 1:
        runs.append(Tokens("video", values[:, still:], sigma[:, still:], places[still:]))
    if state.audio.shape[1]:
        sigma = torch.where(state.audio_known, 0.0, sigma_audio[:, None])
        places = audio_positions(state.audio.shape[1], device=state.audio.device)
        runs.append(Tokens("audio", state.audio, sigma, places))
    return tuple(runs)


def _reference_runs(reference: ReferenceLatents, start: float) -> list[Tokens]:
    latents = reference.latents
    if reference.kind == "audio":
        values, places = latents, audio_positions(latents.shape[1], device=latents.device)
    else:
        down, across = latents.shape[3] // 2, latents.shape[4] // 2
        values = tokens_from_video(latents)
        places = video_positions(latents.shape[1], down, across, device=latents.device)
    offset = places.new_tensor([start, 0, 0])
    sigma = torch.zeros(values.shape[:2], device=values.device)
    if reference.kind != "video":
        return [Tokens(reference.kind, values, sigma, places + offset, REFERENCE)]
    still = down * across
    return [
        Tokens("still", values[:, :still], sigma[:, :still], places[:still] + offset, REFERENCE),
        Tokens("video", values[:, still:], sigma[:, still:], places[still:] + offset, REFERENCE),
    ]


def unpack(
    state: LatentState, runs: tuple[Tokens, ...], predictions: tuple[Tensor, ...]
) -> LatentState:
    """Predictions of the target runs as latents of the same layout as `state`."""
    targets = [run.kind for run in runs if run.role == TARGET]
    by_kind = dict(zip(targets, predictions, strict=True))
    picture = torch.cat([by_kind[kind] for kind in ("still", "video") if kind in by_kind], 1)
    return replace(
        state,
        video=video_from_tokens(picture, *state.video_known.shape[2:]),
        audio=by_kind.get("audio", state.audio),
    )


def mix(clean: LatentState, noise: LatentState, level_v: Tensor, level_a: Tensor) -> LatentState:
    """Unknown parts at noise levels (B,): (1 - level) clean + level noise. Known parts stay."""
    sigma_v = torch.where(per_cell(clean.video_known), 0.0, level_v[:, None, None, None, None])
    sigma_a = torch.where(clean.audio_known[..., None], 0.0, level_a[:, None, None])
    return replace(
        clean,
        video=clean.video + sigma_v * (noise.video - clean.video),
        audio=clean.audio + sigma_a * (noise.audio - clean.audio),
    )


def per_cell(known_BGyx: Tensor) -> Tensor:
    """Per-token mask to a mask over latents, (B, G, 1, h, w)."""
    return known_BGyx.repeat_interleave(2, 2).repeat_interleave(2, 3)[:, :, None]
