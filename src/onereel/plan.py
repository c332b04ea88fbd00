"""From a request to definite numbers: seconds, seed, ratio, size, steps.

Deterministic but for the seed, which is drawn when none was asked for. What was changed or will
be ignored is told in `warnings`, never done silently. Called by `generate`.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from onereel.errors import WrongUse
from onereel.media.read import read_picture
from onereel.media.sandbox import read_clip, read_recording
from onereel.model.shapes import FRAMES_PER_LATENT, SAMPLE_RATE, FilmShape
from onereel.model.weights import FilmModel
from onereel.request import DEFAULT_RATIO, DEFAULT_SECONDS, Request, nearest_ratio


@dataclass(frozen=True, eq=False)
class ReferenceMedia:
    """A reference as read: "still" or "video" frames (T, H, W, 3) uint8, or "audio" sound
    (samples, 2) float32 at 24 kHz."""

    kind: str
    data: np.ndarray


@dataclass(frozen=True, eq=False)
class Plan:
    """A request with nothing left open. Pictures are (H, W, 3) uint8 as read, not yet fitted."""

    prompt: str
    text_ids: tuple[int, ...]
    shape: FilmShape
    seconds: int
    seed: int
    steps: int
    sound: bool
    first_frame: np.ndarray | None
    last_frame: np.ndarray | None
    references: tuple[ReferenceMedia, ...]
    warnings: tuple[str, ...]


def make_plan(request: Request, model: FilmModel) -> Plan:
    """Resolve `request` for `model`. WrongUse when a picture is bad or a task is not learned."""
    warnings = []
    pictures: dict[str, np.ndarray] = {}
    for reference in request.references:
        if reference.role != "reference":
            pictures[reference.role] = read_picture(reference.path)
        elif reference.kind not in model.sampling.learned_references:
            raise WrongUse(
                f"The {model.sampling.name} model has not learned to follow a {reference.kind} "
                "yet; leave it out, or give a picture as first or last frame."
            )

    ratio: str = request.ratio
    if ratio == "adaptive":
        shown = pictures.get("first_frame", pictures.get("last_frame"))
        ratio = DEFAULT_RATIO if shown is None else nearest_ratio(shown.shape[1], shown.shape[0])
    width, height = model.sampling.sizes[ratio]
    if ratio not in model.sampling.learned_ratios:
        warnings.append(
            f"the {model.sampling.name} model was trained on "
            f"{', '.join(model.sampling.learned_ratios)} only; {ratio} may look odd"
        )
    for role, picture in pictures.items():
        if abs(np.log(picture.shape[1] / picture.shape[0] * height / width)) > 0.02:
            warnings.append(f"the {role.replace('_', ' ')} was cropped at the centre to {ratio}")

    seconds = DEFAULT_SECONDS if request.seconds == -1 else request.seconds
    if seconds > model.sampling.learned_seconds:
        warnings.append(
            f"the {model.sampling.name} model was trained on films of at most "
            f"{model.sampling.learned_seconds} s; longer ones drift"
        )
    shape = FilmShape.from_seconds(seconds, height, width)
    ids = model.tokenizer.encode(request.prompt)
    limit = model.transformer.cfg.text_tokens
    if len(ids) > limit:
        warnings.append(
            f"the model reads {limit} tokens; the last {len(ids) - limit} of this prompt's "
            f"{len(ids)} were left out"
        )
        ids = ids[:limit]
    return Plan(
        request.prompt,
        tuple(ids),
        shape,
        seconds,
        secrets.randbelow(2**32) if request.seed is None else request.seed,
        request.steps or model.sampling.steps,
        request.sound,
        pictures.get("first_frame"),
        pictures.get("last_frame"),
        tuple(
            read_reference(one.kind, one.path, shape)
            for one in request.references
            if one.role == "reference"
        ),
        tuple(warnings),
    )


def read_reference(kind: str, path: Path, shape: FilmShape) -> ReferenceMedia:
    """Pictures as they are, clips cropped to the film's size and cut to 8k + 1 frames."""
    if kind == "picture":
        return ReferenceMedia("still", read_picture(path)[None])
    if kind == "recording":
        return ReferenceMedia("audio", read_recording(path, SAMPLE_RATE))
    frames = read_clip(path, size=(shape.width, shape.height)).frames
    whole = (len(frames) - 1) // FRAMES_PER_LATENT * FRAMES_PER_LATENT + 1
    return ReferenceMedia("video" if whole > 1 else "still", frames[:whole])
