"""Stage: the joint film transformer with its text encoder, by flow matching.

Curriculum in phases: stills and short clips first, whole films last. Every sample may have known
parts (first frame, last frame, an earlier part), so image-to-film and extension are learned from
the first step. Also holds the held-out check and the sheets, which the distillation reuses.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from onereel.backlot.captions import captions
from onereel.backlot.script import HELD_OUT, write_script
from onereel.media.sheet import contact_sheet
from onereel.model.audio_autoencoder import AudioAutoencoder
from onereel.model.conditions import LatentState, mix, pack
from onereel.model.sampler import denoise, noise_like, shifted
from onereel.model.shapes import FilmShape
from onereel.model.tokenizer import Tokenizer
from onereel.model.transformer import FilmTransformer, Tokens, TransformerConfig, forward_flops
from onereel.model.video_autoencoder import VideoAutoencoder
from onereel.model.weights import (
    SamplingConfig,
    load_audio_autoencoder,
    load_tensors,
    load_video_autoencoder,
    save_module,
)
from onereel.train.data import (
    Batch,
    DataConfig,
    LatentStore,
    draw_batch,
    encode_clip,
    encoded_clips,
    pad_ids,
    render_clip,
)
from onereel.train.loop import LoopConfig, StepResult, autocast, console, pick_device, run


@dataclass(frozen=True)
class Bucket:
    """A clip length in frames (1 or 24 s + 1), how many to a batch, and how often."""

    frames: int
    batch: int
    weight: float = 1.0


@dataclass(frozen=True)
class Phase:
    """From `start` (share of the time budget) on, draw from these buckets."""

    start: float
    buckets: tuple[Bucket, ...]


@dataclass(frozen=True)
class FilmRecipe:
    loop: LoopConfig
    data: DataConfig
    sampling: SamplingConfig
    phases: tuple[Phase, ...]
    autoencoders: str  # folder with both autoencoders and tokenizer.json
    model: TransformerConfig = field(default_factory=TransformerConfig)
    start: str = ""
    first_clips: int = 200  # train once this many are encoded; the rest arrive meanwhile
    drop_text: float = 0.1
    first_frame: float = 0.15  # shares of samples with known parts
    last_frame: float = 0.06
    both_frames: float = 0.04
    earlier_part: float = 0.08
    picture_reference: float = 0.0  # share of batches that get a picture to follow
    sound_weight: float = 0.25
    least_sigma: float = 0.25  # losses of cleaner tokens are not weighted up further


def train(recipe: FilmRecipe) -> None:
    cfg = recipe.loop
    torch.manual_seed(cfg.seed)
    rng = np.random.default_rng(cfg.seed)
    device = pick_device(cfg.device)
    folder, source = Path(cfg.folder), Path(recipe.autoencoders)
    tokenizer = Tokenizer.load(source / "tokenizer.json")
    video = load_video_autoencoder(source).to(device)
    audio = load_audio_autoencoder(source).to(device)
    model = FilmTransformer(replace(recipe.model, vocabulary=tokenizer.vocabulary))
    start = Path(recipe.start) if recipe.start else folder
    if (start / "transformer.json").is_file():
        model.load_state_dict(load_tensors(start, "transformer"))
        console.print(f"resumed from {start}")
    model.to(device)
    store = start_store(recipe, video, audio, tokenizer, device)
    if cfg.compile:  # block by block: one graph serves every length and bucket
        for block in model.blocks:
            block.compile(dynamic=True)
    cast = autocast(device)
    generator = torch.Generator(device).manual_seed(cfg.seed)
    picture_token = tokenizer.encode("Image 1")[0]

    def step(number: int, progress: float) -> StepResult:
        bucket = draw_bucket(recipe.phases, progress, rng)
        token = picture_token if rng.random() < recipe.picture_reference else None
        batch = draw_batch(store, bucket.frames, bucket.batch, rng, token)
        return film_step(recipe, model, batch, tokenizer.none_id, rng, generator, cast, model.cfg)

    checker = FilmCheck(recipe, model, video, audio, tokenizer, device)

    def save(folder: Path, storage: str) -> None:
        save_module(folder, "transformer", model, model.cfg, storage)

    run(cfg, recipe, model, step, save, checker)


def start_store(
    recipe: FilmRecipe,
    video: VideoAutoencoder,
    audio: AudioAutoencoder,
    tokenizer: Tokenizer,
    device: torch.device,
) -> LatentStore:
    """Begin to render and encode in the background; return once there is enough to start."""
    store = LatentStore()
    clips = encoded_clips(recipe.data, video, audio, tokenizer, recipe.model.text_tokens, device)
    store.fill_in_background(clips)
    first = min(recipe.first_clips, recipe.data.clips)
    console.print(f"waiting for the first {first} clips")
    store.wait_for(first)
    return store


def draw_bucket(phases: tuple[Phase, ...], progress: float, rng: np.random.Generator) -> Bucket:
    phase = [phase for phase in phases if phase.start <= progress][-1]
    weights = np.array([bucket.weight for bucket in phase.buckets])
    return phase.buckets[rng.choice(len(weights), p=weights / weights.sum())]


def film_step(
    recipe: FilmRecipe,
    forward: Callable[..., tuple[Tensor, ...]],
    batch: Batch,
    none_id: int,
    rng: np.random.Generator,
    generator: torch.Generator,
    cast: torch.autocast,
    cfg: TransformerConfig,
) -> StepResult:
    """One flow-matching step: mean over tokens of |x0 - estimate|^2 / sigma^2."""
    clean, text = with_known_parts(recipe, batch, rng), batch.text.clone()
    dropped = torch.from_numpy(rng.random(len(text)) < recipe.drop_text).to(text.device)
    text = torch.where(dropped[:, None], blank_like(text, none_id), text)

    level = draw_levels(len(text), recipe.sampling, generator)
    noisy = mix(clean, noise_like(clean, generator), *level)
    runs = pack(noisy, *level, batch.references)
    goals = pack(clean, *level)
    with cast:
        estimates = forward(text, runs)
    loss, parts = film_loss(goals, estimates, recipe.sound_weight, recipe.least_sigma)
    latents = sum(run_.values.shape[1] for run_ in runs)
    flops = 3.0 * len(text) * forward_flops(cfg, text.shape[1], latents)
    return StepResult(loss, parts, len(text), flops)


def film_loss(
    goals: tuple[Tokens, ...],
    estimates: tuple[Tensor, ...],
    sound_weight: float,
    least_sigma: float,
) -> tuple[Tensor, dict[str, Tensor]]:
    """Mean squared error of the unknown tokens over sigma^2 (the velocity's error), and its parts.

    The picture counts by its tokens, so the still inside a film is not worth a film.
    """
    pixels = sum(goal.values.shape[1] for goal in goals if goal.kind != "audio")
    loss, parts = torch.zeros((), device=goals[0].values.device), {}
    for goal, estimate in zip(goals, estimates, strict=True):
        error = (estimate.float() - goal.values).square().mean(-1)
        weight = (goal.sigma > 0) / goal.sigma.clamp_min(least_sigma).square()
        part = (error * weight).mean()
        share = sound_weight if goal.kind == "audio" else goal.values.shape[1] / pixels
        loss = loss + part * share
        parts[goal.kind] = part.detach()
    return loss, {"loss": loss.detach(), **parts}


def blank_like(text: Tensor, none_id: int) -> Tensor:
    blank = torch.zeros_like(text)
    blank[:, 0] = none_id
    return blank


def draw_levels(
    count: int, sampling: SamplingConfig, generator: torch.Generator
) -> tuple[Tensor, Tensor]:
    """Logit-normal noise levels (B,) for picture and sound (arXiv 2403.03206). Sound has its own
    shift of the same draw, as sampling pairs them."""
    base = torch.randn(count, generator=generator, device=generator.device).sigmoid()
    return shifted(base, sampling.shift_video), shifted(base, sampling.shift_audio)


def with_known_parts(recipe: FilmRecipe, batch: Batch, rng: np.random.Generator) -> LatentState:
    """Decide per film what is given: nothing, first frame, last frame, both, an earlier part."""
    video = batch.video.clone()
    count, groups, _, high, wide = video.shape
    known_v = torch.zeros(count, groups, high // 2, wide // 2, dtype=torch.bool)
    known_a = torch.zeros(batch.audio.shape[:2], dtype=torch.bool)
    if groups > 1:
        edges = np.cumsum(
            [recipe.first_frame, recipe.last_frame, recipe.both_frames, recipe.earlier_part]
        )
        for row, choice in enumerate(np.searchsorted(edges, rng.random(count))):
            if choice in (0, 2):
                known_v[row, 0] = True
            if choice in (1, 2):
                known_v[row, -1] = True
                video[row, -1] = batch.last_hold[row]
            if choice == 3:
                part = int(rng.integers(1, groups))
                known_v[row, :part] = True
                known_a[row, : (part - 1) * 25 // 3] = True
    device = video.device
    return LatentState(video, known_v.to(device), batch.audio, known_a.to(device))


class FilmCheck:
    """Held-out losses and sample sheets, with the weights as they stand (the caller averages)."""

    def __init__(
        self,
        recipe: FilmRecipe,
        model: FilmTransformer,
        video: VideoAutoencoder,
        audio: AudioAutoencoder,
        tokenizer: Tokenizer,
        device: torch.device,
        guidance: float | None = None,
        steps: int | None = None,
    ) -> None:
        self.recipe, self.model, self.video, self.audio = recipe, model, video, audio
        self.tokenizer, self.device = tokenizer, device
        self.guidance = recipe.sampling.guidance if guidance is None else guidance
        self.steps = steps or recipe.sampling.steps
        data = replace(recipe.data, captions=2, others=())
        seeds = HELD_OUT[:16]
        self.store = LatentStore()
        for seed in seeds:
            clip = render_clip(seed, data)
            self.store.add(
                encode_clip(clip, video, audio, tokenizer, recipe.model.text_tokens, device)
            )
        scripts = [write_script(s, data.seconds, data.width, data.height) for s in HELD_OUT[16:22]]
        self.prompts = [captions(script)["en"][2] for script in scripts]

    def __call__(self, folder: Path, number: int) -> dict[str, float]:
        figures = self.losses()
        with torch.no_grad():
            for index, prompt in enumerate(self.prompts[:4]):
                frames, sound = self.sample(prompt, 49, index)
                title = prompt if len(prompt) < 110 else prompt[:107] + "..."
                contact_sheet(frames, sound, 24_000, title=title).save(
                    folder / f"sheet-{index}.png"
                )
        return figures

    @torch.no_grad()
    def losses(self) -> dict[str, float]:
        """Mean x0 error of unknown tokens at three noise levels, same noise every time."""
        rng = np.random.default_rng(0)
        frames = min(49, 24 * self.recipe.data.seconds + 1)
        batch = draw_batch(self.store, frames, 16, rng)
        known = replace(
            self.recipe, first_frame=0.0, last_frame=0.0, both_frames=0.0, earlier_part=0.0
        )
        clean = with_known_parts(known, batch, rng)
        figures = {}
        for sigma in (0.3, 0.6, 0.9):
            noise = noise_like(clean, torch.Generator().manual_seed(1))
            level = torch.full((16,), sigma, device=self.device)
            runs = pack(mix(clean, noise, level, level), level, level)
            targets = pack(clean, level, level)
            estimates = self.model(batch.text, runs)
            for run_, target, estimate in zip(runs, targets, estimates, strict=True):
                error = (estimate - target.values).square().mean()
                figures[f"held-out {run_.kind} {sigma}"] = float(error)
        return figures

    def sample(self, prompt: str, frames: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
        """One film of the prompt: (T, H, W, 3) uint8 and (samples, 2) float32."""
        ids = pad_ids(self.tokenizer.encode(prompt), self.recipe.model.text_tokens)
        text = torch.tensor([ids], device=self.device)
        shape = FilmShape(frames, self.recipe.data.height, self.recipe.data.width)
        state = LatentState.empty(shape, self.video.cfg.channels, self.audio.cfg.channels)
        generator = torch.Generator().manual_seed(seed)
        noise = noise_like(state, generator, self.recipe.sampling.temperature).to(self.device)
        state = denoise(
            self.model, noise, text, blank_like(text, self.tokenizer.none_id),
            steps=self.steps, guidance=self.guidance,
            shift_video=self.recipe.sampling.shift_video,
            shift_audio=self.recipe.sampling.shift_audio,
        )  # fmt: skip
        pixels = self.video.decode(state.video)[0]
        pixels = ((pixels.float() + 1) * 127.5).round().clamp(0, 255).byte()
        sound = self.audio.decode(state.audio)[0, :, : frames * 1000]
        return pixels.permute(1, 2, 3, 0).cpu().numpy(), sound.T.clamp(-1, 1).cpu().numpy()
