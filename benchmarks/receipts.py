"""What every faster way of making a film loses against the slow one, measured on the same seeds.

    .venv/bin/pip install -c constraints.txt -e ".[train]"
    .venv/bin/python benchmarks/receipts.py [--films 8] [--threads 2] [--json]

The slow path is 50 steps in float32, with the model's guidance. The other presets run as many steps
as the model likes, in the precision that this machine computes fastest, unless their name says
otherwise. Prompts are captions of held-out Backlot clips; film n of every preset starts from the
same noise.

- latents: relative error, root mean square of the difference over that of the slow path's
- picture: PSNR of the decoded frames in dB; sound: mean difference of the log-mel bands in dB
- adherence: mean over attributes of what the examiner reads against the script's truth, as a share
  of what it reads in the Backlot's own render of that script, with the standard error over films
- quicker: processor seconds of the slow path over this one's, denoising and decoding
- another seed is no preset: it tells how far apart two films of one prompt are

The shipped matrices are int8 with a scale a row, and what they were rounded from is not kept. Each
number was drawn anew from what rounds to the same int8; what that changes is what int8 may have
cost, an estimate. A CPU that only emulates bfloat16 gets its products from float32, rounded, which
gives the same numbers but for the order of sums; its time is left out then.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from contextlib import nullcontext
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors.torch import load_file
from torch.utils._python_dispatch import TorchDispatchMode

from onereel.backlot.captions import captions
from onereel.backlot.script import HELD_OUT, write_script
from onereel.backlot.shoot import Take, shoot
from onereel.clip import Clip, Record, new_id
from onereel.evaluate.adherence import adherence, share_of_ceiling
from onereel.evaluate.examiner import Examiner, load_examiner, read_film
from onereel.evaluate.pixels import psnr
from onereel.evaluate.truth import read_truth
from onereel.model.conditions import LatentState
from onereel.model.device import Placement, choose_placement
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
    """A way to make a film. steps: 0 is the model's own number. precision: "" is what this machine
    computes fastest. against: the preset that it is compared with."""

    steps: int = 0
    precision: str = ""
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
    "bfloat16 alone": Preset(precision="bfloat16", against="float32"),
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
    parser.add_argument(
        "--no-examiner", action="store_true", help="leave adherence out: distances alone"
    )
    parser.add_argument("--model", type=Path, default=DEFAULT_MODEL, help="folder of weights")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    examiner = None if options.no_examiner else load_examiner()
    told = measure(options.model, options.films, examiner)
    print(json.dumps(told) if options.json else table(told))


@torch.inference_mode()
def measure(folder: Path, films: int, examiner: Examiner | None) -> dict[str, Any]:
    own = str(choose_placement().dtype).removeprefix("torch.")
    presets = {
        name: replace(preset, precision=preset.precision or own) for name, preset in PRESETS.items()
    }
    models = models_of(folder, presets)
    slow = models["float32", "as shipped"]
    rows: dict[str, list[dict[str, float]]] = {name: [] for name in presets}
    for index in range(films):
        script = write_script(HELD_OUT[FIRST + index], SECONDS)
        prompt = captions(script)["en"][2]
        made: dict[str, Made] = {}
        for name, preset in presets.items():
            print(f"film {index + 1} of {films}: {name}", file=sys.stderr, flush=True)
            twins = [other for other in made if alike(presets[other], preset)]
            if twins:
                made[name] = made[twins[0]]
            else:
                made[name] = make(models[preset.precision, preset.weights], prompt, index, preset)
        take = None if examiner is None else shoot(script)
        for name, preset in presets.items():
            told = losses(made[name], made[preset.against], slow.audio)
            told |= {"processor": made[name].processor, "wall": made[name].wall}
            if examiner is not None and take is not None:
                told["adherence"] = share_of_render(examiner, made[name].clip, take)
            rows[name].append(told)
    return {
        "model": slow.sampling.name,
        "films": films,
        "steps": slow.sampling.steps,
        "guidance": slow.sampling.guidance,
        "threads": torch.get_num_threads(),
        "emulated": own == "float32",
        "presets": {name: asdict(preset) for name, preset in presets.items()},
        "rows": rows,
    }


def alike(a: Preset, b: Preset) -> bool:
    """Whether both give the same film."""
    return replace(a, against="") == replace(b, against="")


# ---------------------------------------------------------------- films


def models_of(folder: Path, presets: dict[str, Preset]) -> dict[tuple[str, str], FilmModel]:
    """(precision, weights) -> the model so."""
    wanted = {(preset.precision, preset.weights) for preset in presets.values()}
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
    quick = nullcontext()
    if preset.precision == "bfloat16" and choose_placement().dtype != torch.bfloat16:
        quick = QuickProducts()
    wall, processor = time.perf_counter(), time.process_time()
    with quick:
        latents = denoise(
            model.transformer, noise_like(state, torch.Generator().manual_seed(plan.seed)),
            text, blank, steps=plan.steps, guidance=sampling.guidance if preset.guided else 1.0,
            shift_video=sampling.shift_video, shift_audio=sampling.shift_audio,
        )  # fmt: skip
        clip = develop(model, place, latents, record, (), Clock(), lambda stage, done, of: None)
    return Made(latents, clip, time.process_time() - processor, time.perf_counter() - wall)


class QuickProducts(TorchDispatchMode):
    """Products of bfloat16 are computed in float32 and rounded, as hardware with bfloat16 does."""

    NAMES = frozenset(
        f"aten::{name}"
        for name in ("linear", "matmul", "mm", "addmm", "bmm", "baddbmm", "convolution",
                     "conv1d", "conv2d", "conv3d")
    )  # fmt: skip

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        narrow = [one for one in args if isinstance(one, torch.Tensor)]
        if func.name().split(".")[0] not in self.NAMES or narrow[0].dtype != torch.bfloat16:
            return func(*args, **kwargs or {})
        wide = [one.float() if isinstance(one, torch.Tensor) else one for one in args]
        return func(*wide, **kwargs or {}).bfloat16()


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


def share_of_render(examiner: Examiner, clip: Clip, take: Take) -> float:
    """Mean over attributes of the film's adherence as a share of the render's, each 1 at most."""
    wanted = read_truth(take)
    film, render = (
        adherence(read_film(examiner, one.frames, one.sound), wanted) for one in (clip, take)
    )
    shares = [min(1.0, share_of_ceiling(film[name], render[name])) for name in film]
    return float(np.nanmean(shares))


# ---------------------------------------------------------------- showing


def table(told: dict[str, Any]) -> str:
    slow = np.mean([row["processor"] for row in told["rows"]["slow path"]])
    examined = " adherence |" if "adherence" in told["rows"]["slow path"][0] else ""
    lines = [
        f"{told['films']} films of 4 s by {told['model']}, guidance {told['guidance']:g}, "
        f"{told['threads']} threads; the slow path took {slow:.1f} processor seconds a film",
        "",
        "| preset | against | quicker | picture latents | sound latents | picture | sound |"
        + examined,
        "|---|---|---|---|---|---|---|" + "---|" * bool(examined),
    ]
    for name, rows in told["rows"].items():
        preset = told["presets"][name]
        mean = {key: float(np.mean([row[key] for row in rows])) for key in rows[0]}
        emulated = told["emulated"] and preset["precision"] == "bfloat16"
        cells = [
            f"{name}: {preset['steps'] or told['steps']} steps, {preset['precision']}",
            preset["against"],
            "" if emulated else f"{slow / mean['processor']:.1f} x",
            f"{mean['picture latents']:.1%}",
            f"{mean['sound latents']:.1%}",
            f"{mean['picture dB']:.1f} dB",
            f"{mean['sound dB']:.2f} dB",
        ]
        if name == "slow path":
            cells[1:] = ["", "1 x", "", "", "", ""]
        if "adherence" in mean:
            spread = float(np.std([row["adherence"] for row in rows])) / len(rows) ** 0.5
            cells.append(f"{mean['adherence']:.3f} ± {spread:.3f}")
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
