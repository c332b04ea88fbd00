"""What every faster way of making a film loses against the slow one, measured on the same seeds.

    .venv/bin/pip install -c constraints.txt -e ".[train]"
    .venv/bin/python benchmarks/receipts.py [--films 8] [--threads 2] [--json]

The slow path is 50 steps in float32, with the model's guidance. Prompts are captions of held-out
Backlot clips; film n of every preset starts from the same noise.

- latents: relative error, root mean square of the difference over that of the slow path's
- picture: PSNR of the decoded frames in dB; sound: mean difference of the log-mel bands in dB
- adherence: mean over attributes of what the examiner reads against the script's truth, as a share
  of what it reads in the Backlot's own render of that script, with the standard error over films
- quicker: processor seconds of the slow path over this one's, denoising and decoding
- another seed is no preset: it tells how far apart two films of one prompt are

The shipped matrices are int8 with a scale a row, and what they were rounded from is not kept. Each
number was drawn anew from what rounds to the same int8; what that changes is what int8 may have
cost, an estimate.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors.torch import load_file

from onereel.backlot.captions import captions
from onereel.backlot.script import HELD_OUT, write_script
from onereel.backlot.shoot import Take, shoot
from onereel.clip import Clip, Record, new_id
from onereel.evaluate.adherence import adherence, share_of_ceiling
from onereel.evaluate.examiner import Examiner, load_examiner, read_film
from onereel.evaluate.pixels import psnr
from onereel.evaluate.truth import read_truth
from onereel.model.conditions import LatentState
from onereel.model.device import Placement
from onereel.model.sampler import denoise, noise_like
from onereel.model.weights import FilmModel, open_model
from onereel.plan import make_plan
from onereel.produce import DEFAULT_MODEL, Clock, develop, encode_text, placed
from onereel.request import parse_request

FIRST = 500_000  # of the held-out seeds; training looks at those from 0 on
SECONDS = 4
CPU = torch.device("cpu")


@dataclass(frozen=True)
class Preset:
    """A way to make a film. steps, guided: 0 and None are the model's own. against: the preset
    that it is compared with."""

    steps: int = 0
    precision: str = "bfloat16"
    guided: bool = True
    weights: str = "as shipped"
    seed: int = 0
    against: str = "slow path"


PRESETS = {
    "slow path": Preset(50, "float32"),
    "as shipped": Preset(),
    "12 steps": Preset(12),
    "8 steps": Preset(8),
    "4 steps": Preset(4),
    "no guidance": Preset(guided=False),
    "float32": Preset(precision="float32"),
    "bfloat16 alone": Preset(against="float32"),
    "int8 alone (estimate)": Preset(precision="float32", weights="redrawn", against="float32"),
    "another seed": Preset(seed=1),
}


@dataclass(frozen=True, eq=False)
class Made:
    latents: LatentState
    clip: Clip
    processor: float
    wall: float


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--json", action="store_true", help="print JSON only")
    parser.add_argument(
        "--films", type=int, default=8, help="prompts, a film of each preset for each"
    )
    parser.add_argument("--threads", type=int, default=2, help="CPU threads")
    parser.add_argument("--model", type=Path, default=DEFAULT_MODEL, help="folder of weights")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    told = measure(options.model, options.films)
    print(json.dumps(told) if options.json else table(told))


@torch.inference_mode()
def measure(folder: Path, films: int) -> dict[str, Any]:
    models = models_of(folder)
    examiner = load_examiner()
    rows: dict[str, list[dict[str, float]]] = {name: [] for name in PRESETS}
    for index in range(films):
        script = write_script(HELD_OUT[FIRST + index], SECONDS)
        prompt = captions(script)["en"][2]
        take = shoot(script)
        ceiling = adherence_of(examiner, take.frames, take.sound, take)
        made: dict[str, Made] = {}
        for name, preset in PRESETS.items():
            print(f"film {index + 1} of {films}: {name}", file=sys.stderr, flush=True)
            made[name] = make(models[preset.precision, preset.weights], prompt, index, preset)
        audio = models["float32", "as shipped"].audio
        for name, preset in PRESETS.items():
            one, other = made[name], made[preset.against]
            scores = adherence_of(examiner, one.clip.frames, one.clip.sound, take)
            rows[name].append(
                losses(one, other, audio)
                | {"adherence": mean_share(scores, ceiling)}
                | {"processor": one.processor, "wall": one.wall}
            )
    sampling = models["float32", "as shipped"].sampling
    return {
        "model": sampling.name,
        "films": films,
        "steps": sampling.steps,
        "guidance": sampling.guidance,
        "threads": torch.get_num_threads(),
        "presets": {name: asdict(preset) for name, preset in PRESETS.items()},
        "rows": rows,
    }


# ---------------------------------------------------------------- films


def models_of(folder: Path) -> dict[tuple[str, str], FilmModel]:
    """(precision, weights) -> the model so."""
    wanted = {(preset.precision, preset.weights) for preset in PRESETS.values()}
    models = {}
    for precision, weights in sorted(wanted):
        model = open_model(folder)
        if weights == "redrawn":
            redraw(model, folder)
        place = Placement(CPU, getattr(torch, precision), "as asked")
        models[precision, weights] = placed(model, place)
    return models


def redraw(model: FilmModel, folder: Path) -> None:
    """Draw every int8 number of the model anew, evenly from what rounds to it."""
    generator = torch.Generator().manual_seed(0)
    modules = {"transformer": model.transformer, "video_autoencoder": model.video,
               "audio_autoencoder": model.audio}  # fmt: skip
    for name, module in modules.items():
        state = module.state_dict()
        for path in sorted(folder.glob(f"{name}-*.safetensors")):
            for key, scale in load_file(path).items():
                if key.endswith("/scale"):
                    tensor = state[key.removesuffix("/scale")]
                    off = torch.rand(tensor.shape, generator=generator) - 0.5
                    tensor += off * scale.view(-1, *[1] * (tensor.dim() - 1))


def make(model: FilmModel, prompt: str, index: int, preset: Preset) -> Made:
    """Film number `index` of the prompt. Draws its noise as `produce.make_film` does."""
    sampling = model.sampling
    request = parse_request(
        prompt=prompt, seconds=SECONDS, ratio="16:9", seed=1000 * preset.seed + index,
        steps=preset.steps or None,
    )  # fmt: skip
    plan = make_plan(request, model)
    place = Placement(CPU, getattr(torch, preset.precision), "as asked")
    text, blank = encode_text(model, plan, place)
    state = LatentState.empty(plan.shape, model.video.cfg.channels, model.audio.cfg.channels)
    record = Record(
        id=new_id(), prompt=prompt, seed=plan.seed, seconds=SECONDS, width=plan.shape.width,
        height=plan.shape.height, frames=plan.shape.frames, steps=plan.steps,
        model=sampling.name, weights_hash=model.weights_hash,
    )  # fmt: skip
    wall, processor = time.perf_counter(), time.process_time()
    latents = denoise(
        model.transformer, noise_like(state, torch.Generator().manual_seed(plan.seed)),
        text, blank, steps=plan.steps, guidance=sampling.guidance if preset.guided else 1.0,
        shift_video=sampling.shift_video, shift_audio=sampling.shift_audio,
    )  # fmt: skip
    clip = develop(model, place, latents, record, (), Clock(), lambda stage, done, of: None)
    return Made(latents, clip, time.process_time() - processor, time.perf_counter() - wall)


# ---------------------------------------------------------------- distances


def losses(one: Made, other: Made, audio: Any) -> dict[str, float]:
    assert one.clip.sound is not None and other.clip.sound is not None
    mels = [
        audio.log_mel(torch.from_numpy(sound.T.copy())[None])
        for sound in (one.clip.sound, other.clip.sound)
    ]
    return {
        "picture latents": relative(one.latents.video, other.latents.video),
        "sound latents": relative(one.latents.audio, other.latents.audio),
        "picture dB": psnr(one.clip.frames, other.clip.frames),
        "sound dB": float((mels[0] - mels[1]).abs().mean()) * 10 / np.log(10),
    }


def relative(a: torch.Tensor, b: torch.Tensor) -> float:
    return float((a - b).norm() / b.norm())


def adherence_of(
    examiner: Examiner, frames: np.ndarray, sound: np.ndarray | None, take: Take
) -> dict[str, float]:
    return adherence(read_film(examiner, frames, sound), read_truth(take))


def mean_share(scores: dict[str, float], ceiling: dict[str, float]) -> float:
    """Mean over attributes of the share of the ceiling, no more than all of it each."""
    shares = [min(1.0, share_of_ceiling(scores[name], ceiling[name])) for name in scores]
    return float(np.nanmean(shares))


# ---------------------------------------------------------------- showing


def table(told: dict[str, Any]) -> str:
    slow = np.mean([row["processor"] for row in told["rows"]["slow path"]])
    lines = [
        f"{told['films']} films of 4 s by {told['model']}, guidance {told['guidance']:g}, "
        f"{told['threads']} threads; the slow path took {slow:.1f} processor seconds a film",
        "",
        "| preset | against | quicker | picture latents | sound latents | picture | sound "
        "| adherence |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for name, rows in told["rows"].items():
        preset = told["presets"][name]
        mean = {key: float(np.mean([row[key] for row in rows])) for key in rows[0]}
        spread = float(np.std([row["adherence"] for row in rows]) / len(rows) ** 0.5)
        itself = name == preset["against"]
        cells = [
            said(name, preset, told),
            "" if itself else preset["against"],
            f"{slow / mean['processor']:.1f} x",
            *(
                ["", "", "", ""]
                if itself
                else [
                    f"{mean['picture latents']:.1%}", f"{mean['sound latents']:.1%}",
                    f"{mean['picture dB']:.1f} dB", f"{mean['sound dB']:.2f} dB",
                ]
            ),
            f"{mean['adherence']:.3f} ± {spread:.3f}",
        ]  # fmt: skip
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


def said(name: str, preset: dict[str, Any], told: dict[str, Any]) -> str:
    steps = preset["steps"] or told["steps"]
    return f"{name}: {steps} steps, {preset['precision']}"


if __name__ == "__main__":
    main()
