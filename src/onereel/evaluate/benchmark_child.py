"""One model timed in a process of its own, on a given number of cores: run by `benchmark`.

Takes one JSON object as its argument (see `Task`) and prints JSON lines: {"event": "ready"} when
everything is imported, {"event": "written"} when the first film lies there, {"event": "step",
"of"} as it goes on, and at last {"event": "done"} with the fields of `Measured`.

Times are wall seconds. On a GPU every stage waits for it (torch.cuda.synchronize), and memory is
the GPU's own; on a CPU it is the process's high-water mark so far.
"""

from __future__ import annotations

import json
import os
import resource
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from onereel.clip import Clip

PROMPT = "A girl in a red dress dances in a snowy mountain meadow."
SECONDS = 4
WARM_FILMS = 2
REPEATS = 3


@dataclass(frozen=True)
class Task:
    """model: a folder.  home: keys to sign with.  threads: cores to run on.  cold: nothing more
    than the first film.  gpu: whether one may be used."""

    model: str
    home: str
    threads: int
    cold: bool
    gpu: bool


@dataclass
class Measured:
    """Seconds and MiB of one model on one device. `cold` and `warm`: stage -> seconds of the first
    film of the process and of the best of the next; `parts`: the best of a few calls by themselves;
    `processor`: processor seconds of all these, cores added up; `shares`: of the matrix peak, by
    the operations that a network is known to need."""

    film: str
    device: str
    precision: str
    threads: int
    parameters: int
    tokens: int
    matrix_gflops: float = 0.0
    cold: dict[str, float] = field(default_factory=dict)
    warm: dict[str, float] = field(default_factory=dict)
    processor: dict[str, float] = field(default_factory=dict)
    parts: dict[str, float] = field(default_factory=dict)
    peak_mib: dict[str, float] = field(default_factory=dict)
    shares: dict[str, float] = field(default_factory=dict)


def main() -> None:
    task = Task(**json.loads(sys.argv[1]))
    if hasattr(os, "sched_setaffinity"):  # binds torch, numpy and the encoder alike
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[: task.threads])
    if not task.gpu:
        os.environ["CUDA_VISIBLE_DEVICES"] = ""
    print(json.dumps({"event": "done"} | asdict(measure(task))), flush=True)


def tell(event: str, of: int = 0) -> None:
    print(json.dumps({"event": event, "of": of}), flush=True)


def measure(task: Task) -> Measured:
    import torch

    torch.set_num_threads(task.threads)
    from onereel.marks.film import write_film  # noqa: F401  (its import is part of starting)
    from onereel.model.device import matmul_rate
    from onereel.produce import ready_model

    tell("ready")
    films = 1 if task.cold else 1 + WARM_FILMS
    of = films + (0 if task.cold else 1)
    cold, peaks, clip = one_film(task)
    tell("written", of)
    processor = {"cold": time.process_time()}
    model, place = ready_model(Path(task.model))
    sampling, shape = model.sampling, film_shape(clip)
    told = Measured(
        film=f"{SECONDS} s of {shape.width}x{shape.height} with sound, {sampling.steps} steps, "
        f"guidance {sampling.guidance:g}",
        device=place.device.type,
        precision=str(place.dtype).removeprefix("torch."),
        threads=task.threads,
        parameters=sum(p.numel() for p in model.transformer.parameters()),
        tokens=shape.video_tokens + shape.audio_latents + text_length(clip, model),
        cold=cold,
        processor=processor,
        peak_mib=peaks,
    )
    for _ in range(films - 1):
        begun = time.process_time()
        warm, _, clip = one_film(task)
        spent = time.process_time() - begun
        processor["warm"] = min(spent, processor.get("warm", spent))
        told.warm = {
            stage: min(seconds, told.warm.get(stage, seconds)) for stage, seconds in warm.items()
        }
        tell("step", of)
    if not task.cold:
        told.parts, of_parts = time_parts(task, clip)
        processor |= of_parts
    peaks["at the end"] = peak_mib()
    sides = (2048, 4096, 8192) if place.device.type == "cuda" else (512, 1024, 2048)
    told.matrix_gflops = max(matmul_rate(place.dtype, place.device, side) for side in sides) / 1e9
    told.shares = shares_of_peak(told, clip, model)
    return told


def one_film(task: Task) -> tuple[dict[str, float], dict[str, float], Clip]:
    """A film from its prompt to a signed file: stage -> seconds, stage -> MiB, and the film."""
    from onereel.marks.film import write_film
    from onereel.produce import make_film
    from onereel.records.home import Home
    from onereel.request import parse_request

    begun: list[tuple[str, float]] = []
    peaks: dict[str, float] = {}

    def follow(stage: str, done: int, of: int) -> None:
        wait_for_gpu()
        peaks[stage] = peak_mib()
        if not begun or begun[-1][0] != stage:
            begun.append((stage, time.perf_counter()))

    request = parse_request(prompt=PROMPT, seconds=SECONDS, ratio="16:9", seed=1)
    clip = make_film(request, model_folder=Path(task.model), progress=follow)
    path = Path(task.home).with_name(f"{clip.record.id}.mp4")
    write_film(path, clip, home=Home(Path(task.home)), progress=follow)
    path.unlink()
    ends = [*(at for _, at in begun[1:]), time.perf_counter()]
    stages = {stage: end - at for (stage, at), end in zip(begun, ends, strict=True)}
    return stages | {"all": ends[-1] - begun[0][1]}, peaks, clip


def time_parts(task: Task, clip: Clip) -> tuple[dict[str, float], dict[str, float]]:
    """Seconds and processor seconds of each costly part by itself, the best of a few calls."""
    import torch

    from onereel.marks.embed import mark_frames
    from onereel.marks.label import Label, draw_label
    from onereel.marks.sound import mark_sound
    from onereel.media.write import encode_mp4
    from onereel.model.conditions import LatentState, pack
    from onereel.model.sampler import noise_like
    from onereel.produce import ready_model

    model, place = ready_model(Path(task.model))
    state = LatentState.empty(film_shape(clip), model.video.cfg.channels, model.audio.cfg.channels)
    noise = noise_like(state, torch.Generator().manual_seed(0)).to(place.device)
    text = torch.ones(1, text_length(clip, model), dtype=torch.long, device=place.device)
    level = torch.ones(1, device=place.device)
    sound = clip.sound
    assert sound is not None
    film, frames = Path(task.home).with_name("part.mp4"), clip.frames.copy()
    parts: dict[str, float] = {}
    processor: dict[str, float] = {}

    @contextmanager
    def timed(name: str) -> Iterator[None]:
        wait_for_gpu()
        started, spent = time.perf_counter(), time.process_time()
        yield
        wait_for_gpu()
        seconds, spent = time.perf_counter() - started, time.process_time() - spent
        parts[name] = min(seconds, parts.get(name, seconds))
        processor[name] = min(spent, processor.get(name, spent))

    with torch.inference_mode():
        for _ in range(REPEATS):
            with timed("transformer, one pass"):
                model.transformer(text, pack(noise, level, level))
            with timed("decoding the picture"):
                for _chunk in model.video.decode_stream(noise.video):
                    pass
            with timed("decoding the sound"):
                model.audio.decode(noise.audio)
    for _ in range(REPEATS):
        with timed("watermark in the picture"):
            marked = mark_frames(clip.frames, clip.record.id)
        with timed("watermark in the sound"):
            heard = mark_sound(sound, clip.sample_rate, clip.record.id)
        with timed("visible label"):
            draw_label(frames, clip.fps, Label())
        with timed("encoding and muxing"):
            # Marked, as all that is written: a run that is killed here leaves no bare film.
            encode_mp4(film, marked, heard, clip.fps, clip.sample_rate)
    film.unlink()
    return parts, processor


def shares_of_peak(told: Measured, clip: Clip, model: Any) -> dict[str, float]:
    """What each network reaches of the matrix peak: its operations over its seconds."""
    from onereel.model.transformer import forward_flops
    from onereel.model.video_autoencoder import decode_flops

    shape, text = film_shape(clip), text_length(clip, model)
    one_pass = forward_flops(model.transformer.cfg, text, told.tokens - text)
    passes = model.sampling.steps * (1 if model.sampling.guidance == 1 else 2)
    operations = {
        "denoise": one_pass * passes,
        "transformer, one pass": one_pass,
        "decoding the picture": decode_flops(
            model.video.cfg, shape.latent_frames, *shape.padded_size
        ),
    }
    seconds = told.parts | {"denoise": (told.warm or told.cold)["denoise"]}
    return {
        name: count / seconds[name] / (told.matrix_gflops * 1e9)
        for name, count in operations.items()
        if name in seconds
    }


def film_shape(clip: Clip) -> Any:
    from onereel.model.shapes import FilmShape

    return FilmShape(clip.record.frames, clip.record.height, clip.record.width)


def text_length(clip: Clip, model: Any) -> int:
    """Text tokens as `make_plan` cuts and `produce.encode_text` pads them."""
    tokens = min(len(model.tokenizer.encode(clip.record.prompt)), model.transformer.cfg.text_tokens)
    return max(8, -(-tokens // 8) * 8)


def wait_for_gpu() -> None:
    import torch

    if torch.cuda.is_available():
        torch.cuda.synchronize()


def peak_mib() -> float:
    import torch

    if torch.cuda.is_available():
        return torch.cuda.max_memory_allocated() / 2**20
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**10


if __name__ == "__main__":
    main()
