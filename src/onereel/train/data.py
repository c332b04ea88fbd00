"""Training clips: rendered by the Backlot on every core, encoded once, re-used many times.

- `render_clips` yields (seed, frames, sound, captions) in seed order from worker processes;
  `record_sounds` gives sounds alone
- `LatentStore` holds encoded clips; windows of any whole-second start are cut from them
- a store can be filled in the background while training draws from it, and kept on disk

A clip of T = 24 s + 1 frames is stored as four runs, so that any window is a legal film:
`stills` (first-frame latents of frames 0, 8, 16, ...), `video` (latents of each 8-frame group),
`holds` (latents of a group that holds its last frame: what a given last frame becomes), `audio`.

Shape legend: N clips, G latent frames, Z channels, h w cells, L audio latents, S text tokens.
"""

from __future__ import annotations

import hashlib
import multiprocessing
import os
import tempfile
import threading
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass, replace
from itertools import repeat
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import load_file, save_file
from torch import Tensor

from onereel.backlot.captions import caption
from onereel.backlot.pairs import draw_task
from onereel.backlot.perform import Performed, perform
from onereel.backlot.script import VERSION, is_held_out, write_script
from onereel.backlot.shoot import listen, shoot
from onereel.model.audio_autoencoder import AudioAutoencoder
from onereel.model.conditions import ReferenceLatents
from onereel.model.shapes import FRAMES_PER_LATENT, FilmShape
from onereel.model.tokenizer import Tokenizer
from onereel.model.video_autoencoder import VideoAutoencoder

WINDOW_LATENTS = 3  # windows start on whole seconds: 24 frames, 25 audio latents
AUDIO_PER_SECOND = 25


@dataclass(frozen=True)
class DataConfig:
    width: int = 256
    height: int = 160  # of the padded picture, multiples of 32
    # Sizes of other ratios: clips are dealt out over all of them by their seeds.
    others: tuple[tuple[int, int], ...] = ()
    seconds: int = 4
    first_seed: int = 0
    clips: int = 2000
    captions: int = 8  # phrasings drawn per clip
    workers: int = 0  # 0: one per core
    cache: str = ""  # folder; empty keeps everything in memory


@dataclass(frozen=True)
class Rendered:
    seed: int
    frames: np.ndarray  # (T, H, W, 3) uint8
    sound: np.ndarray  # (samples, 2) float32
    captions: tuple[str, ...]


def other_ratios(sizes: dict[str, tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """`DataConfig.others` for a model of these sizes: half of its clips are 16:9 then, and the
    others' turns come between."""
    padded = {
        ratio: FilmShape(1, height, width).padded_size[::-1]
        for ratio, (width, height) in sizes.items()
    }
    wide = padded.pop("16:9")
    return tuple(size for other in padded.values() for size in (other, wide))[:-1]


def size_of(seed: int, cfg: DataConfig) -> tuple[int, int]:
    """Width and height of a seed's clip."""
    sizes = ((cfg.width, cfg.height), *cfg.others)
    return sizes[seed % len(sizes)]


def render_clip(seed: int, cfg: DataConfig) -> Rendered:
    """One clip as the Backlot shoots it, with freshly drawn captions."""
    script = write_script(seed, cfg.seconds, *size_of(seed, cfg))
    take = shoot(script)
    rng = np.random.default_rng([1, seed])
    return Rendered(
        seed, take.frames, take.sound, tuple(caption(script, rng) for _ in range(cfg.captions))
    )


def render_task(seed: int, cfg: DataConfig, name: str = "") -> Performed:
    """One task over several clips: what is given, what is to be made, the caption, an edit's mask.

    `name` asks for one of pairs.TASKS; without it the seed draws one.
    """
    return perform(draw_task(seed, name, cfg.seconds, size_of(seed, cfg)))


def render_clips(seeds: Iterable[int], cfg: DataConfig) -> Iterator[Rendered]:
    """Render in worker processes, in order, never more than a few clips ahead."""
    workers = _workers(cfg)
    # Frames travel through files in shared memory: a pipe to this process would carry 14 clips of
    # 512x288 a second, fewer than 16 cores render.
    shared = "/dev/shm" if os.path.isdir("/dev/shm") else None
    with (
        tempfile.TemporaryDirectory(prefix="onereel-", dir=shared) as folder,
        _pool(workers) as pool,
    ):
        waiting: list[Future[Rendered]] = []
        for seed in seeds:
            waiting.append(pool.submit(_render_to, folder, seed, cfg))
            if len(waiting) >= 2 * workers:
                yield _take_in(folder, waiting.pop(0).result())
        for future in waiting:
            yield _take_in(folder, future.result())


def record_sounds(seeds: Iterable[int], cfg: DataConfig) -> list[np.ndarray]:
    """The sound of each clip, (samples, 2) float32, in order: far faster than clips."""
    with _pool(_workers(cfg)) as pool:
        return list(pool.map(_record, seeds, repeat(cfg)))


def _record(seed: int, cfg: DataConfig) -> np.ndarray:
    return listen(write_script(seed, cfg.seconds, *size_of(seed, cfg)))


def _render_to(folder: str, seed: int, cfg: DataConfig) -> Rendered:
    clip = render_clip(seed, cfg)
    np.save(os.path.join(folder, f"{seed}.npy"), clip.frames)
    return replace(clip, frames=clip.frames[:0])


def _take_in(folder: str, clip: Rendered) -> Rendered:
    path = os.path.join(folder, f"{clip.seed}.npy")
    frames = np.load(path)
    os.unlink(path)
    return replace(clip, frames=frames)


def _workers(cfg: DataConfig) -> int:
    return cfg.workers or os.cpu_count() or 1


def _pool(workers: int) -> ProcessPoolExecutor:
    context = multiprocessing.get_context("spawn")
    return ProcessPoolExecutor(workers, context, initializer=_quiet_worker)


def _quiet_worker() -> None:
    torch.set_num_threads(1)
    os.nice(5)


def to_unit(frames: Tensor) -> Tensor:
    """(T, H, W, 3) uint8 to (1, 3, T, H, W) float32 in [-1, 1]."""
    return frames.permute(3, 0, 1, 2)[None].float() / 127.5 - 1


def pad_ids(ids: list[int], length: int) -> list[int]:
    """Cut or filled with 0, the padding id, to `length`."""
    return (ids + [0] * length)[:length]


@dataclass
class Clip:
    """One encoded clip, tensors as in the module docstring, float16 on the training device;
    captions (C, S) int16 on the CPU, where they are chosen."""

    stills: Tensor
    video: Tensor
    holds: Tensor
    audio: Tensor
    captions: Tensor


@torch.no_grad()
def encode_clip(
    clip: Rendered,
    video: VideoAutoencoder,
    audio: AudioAutoencoder,
    tokenizer: Tokenizer,
    text_tokens: int,
    device: torch.device,
) -> Clip:
    frames = to_unit(torch.from_numpy(clip.frames).to(device))
    every = frames[0, :, ::FRAMES_PER_LATENT].transpose(0, 1)[:, :, None]  # (G, 3, 1, H, W)
    stills = video.encode(every)[:, 0]
    held = every.expand(-1, -1, FRAMES_PER_LATENT + 1, -1, -1)
    holds = torch.cat([video.encode(one[None])[:, 1] for one in held])
    groups = video.encode(frames)[0, 1:]
    sound = torch.from_numpy(clip.sound).to(device).T[None]
    ids = [pad_ids(tokenizer.encode(text), text_tokens) for text in clip.captions]
    return Clip(
        stills.half(), groups.half(), holds.half(), audio.encode(sound)[0].half(),
        torch.tensor(ids, dtype=torch.int16),
    )  # fmt: skip


def clip_on(device: torch.device, tensors: dict[str, Tensor]) -> Clip:
    return Clip(**{k: t if k == "captions" else t.to(device) for k, t in tensors.items()})


class LatentStore:
    """Encoded clips in memory (on the training device), safe to fill from another thread."""

    def __init__(self) -> None:
        self.clips: list[Clip] = []
        self.alike: dict[torch.Size, list[Clip]] = {}  # those that fit into one batch
        self.failure: BaseException | None = None
        self._enough = threading.Condition()

    def add(self, clip: Clip) -> None:
        with self._enough:
            self.clips.append(clip)
            self.alike.setdefault(clip.video.shape, []).append(clip)
            self._enough.notify_all()

    def wait_for(self, count: int) -> None:
        with self._enough:
            self._enough.wait_for(lambda: len(self.clips) >= count or self.failure)
        if self.failure:
            raise RuntimeError("rendering stopped") from self.failure

    def fill_in_background(self, fill: Iterator[Clip]) -> threading.Thread:
        def work() -> None:
            try:
                for clip in fill:
                    self.add(clip)
            except BaseException as error:
                with self._enough:
                    self.failure = error
                    self._enough.notify_all()

        thread = threading.Thread(target=work, daemon=True)
        thread.start()
        return thread


def encoded_clips(
    cfg: DataConfig,
    video: VideoAutoencoder,
    audio: AudioAutoencoder,
    tokenizer: Tokenizer,
    text_tokens: int,
    device: torch.device,
) -> Iterator[Clip]:
    """Clips of the config's seeds, from the disk cache where they are, else freshly rendered."""
    seeds = range(cfg.first_seed, cfg.first_seed + cfg.clips)
    if any(is_held_out(seed) for seed in (seeds[0], seeds[-1])):
        raise ValueError(f"seeds {seeds} reach into the held-out range")
    folders = {}
    if cfg.cache:
        for size in {size_of(seed, cfg) for seed in seeds}:
            one = replace(cfg, width=size[0], height=size[1])
            folders[size] = Path(cfg.cache) / cache_key(one, video, audio, tokenizer, text_tokens)
            folders[size].mkdir(parents=True, exist_ok=True)

    def path_of(seed: int) -> Path | None:
        size = size_of(seed, cfg)
        return folders[size] / f"{seed:010d}.safetensors" if folders else None

    missing = []
    for seed in seeds:
        path = path_of(seed)
        if path is not None and path.is_file():
            yield clip_on(device, load_file(path))
        else:
            missing.append(seed)
    for rendered in render_clips(missing, cfg):
        clip = encode_clip(rendered, video, audio, tokenizer, text_tokens, device)
        path = path_of(rendered.seed)
        if path is not None:
            half_written = path.with_suffix(".tmp")
            save_file({k: v.cpu().contiguous() for k, v in vars(clip).items()}, half_written)
            half_written.replace(path)
        yield clip


def cache_key(
    cfg: DataConfig,
    video: VideoAutoencoder,
    audio: AudioAutoencoder,
    tokenizer: Tokenizer,
    text_tokens: int,
) -> str:
    """Names everything that cached latents depend on, so that stale ones are never read."""
    made = (VERSION, cfg.width, cfg.height, cfg.seconds, cfg.captions, text_tokens)
    digest = hashlib.sha256(repr(made).encode() + tokenizer.to_json().encode())
    for module in (video, audio):
        for name, tensor in sorted(module.state_dict().items()):
            if not name.startswith(("decoder", "enter_decoder", "head")):
                digest.update(tensor.cpu().float().numpy().tobytes())
    return digest.hexdigest()[:12]


@dataclass(frozen=True)
class Batch:
    """Films for one training step: video (B, G, Z, h, w), the last group as it would be held
    (B, Z, h, w), audio (B, L, Z), text (B, S) long, and references that the texts name."""

    video: Tensor
    last_hold: Tensor
    audio: Tensor
    text: Tensor
    references: tuple[ReferenceLatents, ...] = ()


# Text limits that a batch draws from: captions differ in length by a factor of ten, and every
# film in a batch pays for the longest.
TEXT_LIMITS = (16, 16, 32, 64, 128)


def draw_batch(
    store: LatentStore,
    frames: int,
    batch: int,
    rng: np.random.Generator,
    picture_token: int | None = None,
) -> Batch:
    """Random windows of `frames` (1 or 24 s + 1) from random clips of one size.

    Each batch draws a text limit and prefers captions that fit it.
    `picture_token` adds a reference: a still from any moment of the clip, named by that token
    before the caption.
    """
    if store.failure:
        raise RuntimeError("rendering stopped") from store.failure
    limit = int(rng.choice(TEXT_LIMITS))
    groups = 1 + (frames - 1) // FRAMES_PER_LATENT
    sound = -(-frames * 1000 // 960)
    clips = store.alike[store.clips[rng.integers(len(store.clips))].video.shape]
    rows = []
    for _ in range(batch):
        clip = clips[rng.integers(len(clips))]
        places = (len(clip.stills) - groups) // WINDOW_LATENTS + 1
        second = int(rng.integers(places))
        start = second * WINDOW_LATENTS
        rows.append(
            (
                torch.cat([clip.stills[start, None], clip.video[start : start + groups - 1]]),
                clip.holds[start + groups - 1],
                clip.audio[second * AUDIO_PER_SECOND :][:sound],
                draw_caption(clip.captions, limit, rng),
                clip.stills[rng.integers(len(clip.stills)), None],
            )
        )
    columns = [torch.stack(column) for column in zip(*rows, strict=True)]
    video, holds, audio, text, others = columns
    longest = int((text != 0).sum(1).max())
    text = text[:, : -(-longest // 8) * 8]
    text = text.long().to(video.device)
    references: tuple[ReferenceLatents, ...] = ()
    if picture_token is not None:
        name = torch.full_like(text[:, :1], picture_token)
        text = torch.cat([name, text], 1)
        references = (ReferenceLatents("still", others.float()),)
    return Batch(video.float(), holds.float(), audio.float(), text, references)


def draw_caption(captions_CS: Tensor, limit: int, rng: np.random.Generator) -> Tensor:
    """One of the captions of at most `limit` tokens; the shortest if none is."""
    lengths = (captions_CS != 0).sum(1).tolist()
    fitting = [row for row, length in enumerate(lengths) if length <= limit]
    return captions_CS[rng.choice(fitting) if fitting else int(np.argmin(lengths))]
