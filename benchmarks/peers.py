"""LTX-Video 2B and Wan 2.1 T2V 1.3B for the same film on this machine, beside onereel's mini.

    .venv/bin/pip install -c constraints.txt -e ".[gpu]"
    .venv/bin/python benchmarks/peers.py [--json] [--threads 2]

All with random weights at their real sizes, through diffusers, in the precision that the machine
multiplies fastest (bfloat16, or float32 where bfloat16 is emulated): 97 frames of 512x288. Both
peers are silent. Figures marked ~ are extrapolated:
- a stack of equal layers is run with one layer and with a few, and the difference counts for the
  others; they share one layer's weights, which costs the same: a layer is larger than any cache
- LTX-Video's decoder is run on two and on three latent frames, and the difference counts for each
  of the other ten; Wan's decodes frame by frame, and its second frame counts for the other 23
- a film is its text (twice with guidance, once empty), passes and decoding added up; onereel's is
  whole, with marks, muxing and signing

Configs are those of the published checkpoints as diffusers' own converters state them:
scripts/convert_ltx_to_diffusers.py (class defaults; VAE 0.9.0), scripts/convert_wan_to_diffusers.py
(Wan-T2V-1.3B, VAE class defaults), and google/t5-v1_1-xxl, google/umt5-xxl for the text encoders.
Steps and guidance are the defaults of LTXPipeline and WanPipeline; eight steps without guidance is
what Lightricks gives for its distilled 2B. Each peer gets a process of its own and at most 8 GiB.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import Any

import torch
from torch.utils.flop_counter import FlopCounterMode, sdpa_flop_count

FRAMES, WIDTH, HEIGHT = 97, 512, 288
LTX_GRID = (1 + (FRAMES - 1) // 8, HEIGHT // 32, WIDTH // 32)  # latent frames, down, across
WAN_GRID = (1 + (FRAMES - 1) // 4, HEIGHT // 8, WIDTH // 8)
MEMORY = 8 * 2**30

LTX_VAE = {
    "block_out_channels": (128, 256, 512, 512),
    "decoder_block_out_channels": (128, 256, 512, 512),
    "layers_per_block": (4, 3, 3, 3, 4),
    "decoder_layers_per_block": (4, 3, 3, 3, 4),
    "spatio_temporal_scaling": (True, True, True, False),
    "decoder_spatio_temporal_scaling": (True, True, True, False),
    "decoder_inject_noise": (False, False, False, False, False),
    "upsample_residual": (False, False, False, False),
    "upsample_factor": (1, 1, 1, 1),
    "patch_size": 4,
    "encoder_causal": True,
    "decoder_causal": False,
    "timestep_conditioning": False,
}
LTX = {"num_layers": 28, "num_attention_heads": 32, "attention_head_dim": 64,
       "cross_attention_dim": 2048, "caption_channels": 4096}  # fmt: skip
WAN = {"num_layers": 30, "num_attention_heads": 12, "attention_head_dim": 128, "ffn_dim": 8960,
       "in_channels": 16, "out_channels": 16, "text_dim": 4096, "freq_dim": 256,
       "patch_size": (1, 2, 2), "cross_attn_norm": True, "eps": 1e-6,
       "qk_norm": "rms_norm_across_heads"}  # fmt: skip
T5_XXL = {"d_model": 4096, "d_ff": 10240, "num_layers": 24, "num_heads": 64, "d_kv": 64,
          "feed_forward_proj": "gated-gelu", "vocab_size": 4096}  # fmt: skip
# UMT5-XXL is as large. Their tables of 32,128 and 256,384 words are looked up, not multiplied, so a
# short one stands for both.


# Torch's counter knows attention on a GPU only.
ATTENTION_ON_A_CPU = {
    torch.ops.aten._scaled_dot_product_flash_attention_for_cpu: (
        lambda q, k, v, *_, **__: sdpa_flop_count(q, k, v)
    )
}


@dataclass(frozen=True)
class Cost:
    """Wall and processor seconds; `measured` is False once anything in them is extrapolated."""

    wall: float
    processor: float
    measured: bool = True

    def __add__(self, other: Cost) -> Cost:
        return Cost(
            self.wall + other.wall, self.processor + other.processor,
            self.measured and other.measured,
        )  # fmt: skip

    def __sub__(self, other: Cost) -> Cost:
        return Cost(self.wall - other.wall, self.processor - other.processor)

    def times(self, count: float) -> Cost:
        return Cost(self.wall * count, self.processor * count, measured=False)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--json", action="store_true", help="print JSON only")
    parser.add_argument("--threads", type=int, default=2, help="CPU threads")
    parser.add_argument("--only", choices=("ltx", "wan"), help="leave the other peer out")
    parser.add_argument("--child", choices=("ltx", "wan"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child:
        measure = {"ltx": measure_ltx, "wan": measure_wan}[options.child]
        print(json.dumps(measure(options.threads)))
        return
    started = time.perf_counter()
    say("onereel mini")
    told = measure_onereel(options.threads)
    for peer in [options.only] if options.only else ["ltx", "wan"]:
        say(peer)
        command = [sys.executable, __file__, "--child", peer, "--threads", str(options.threads)]
        done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False)
        if done.returncode:
            sys.exit(f"The run of {peer} failed.")
        told["models"] |= json.loads(done.stdout)
    told["run_seconds"] = round(time.perf_counter() - started)
    print(json.dumps(told) if options.json else table(told))


def say(text: str) -> None:
    print(f"{time.strftime('%H:%M:%S')} {text}", file=sys.stderr, flush=True)


# ---------------------------------------------------------------- onereel


def measure_onereel(threads: int) -> dict[str, Any]:
    """The machine, and the mini shape: as distilled, and as its recipe samples it."""
    from onereel.evaluate import random_mini
    from onereel.evaluate.benchmark import benchmark
    from onereel.model import mini

    told = benchmark(("mini",), (threads,))
    run = told["runs"]["mini"][0]

    def cost(name: str) -> Cost:
        return Cost(run["parts"][name], run["processor"][name])

    one_pass = cost("transformer, one pass")
    film = Cost(run["warm"]["all"], run["processor"]["warm"])
    more = mini.SAMPLING.steps * 2 - random_mini.STEPS
    return {
        "machine": told["machine"]
        | {"matrix_gflops": run["matrix_gflops"], "precision": run["precision"]},
        "models": {
            f"onereel mini, {run['parameters'] / 1e6:.0f} M, with sound": {
                "parameters": run["parameters"],
                "tokens": run["tokens"],
                "text": asdict(Cost(run["warm"]["encode"], 0)),
                "pass": asdict(one_pass),
                "share": run["shares"]["transformer, one pass"],
                "decode": asdict(cost("decoding the picture") + cost("decoding the sound")),
                "films": {
                    f"{random_mini.STEPS} steps, no guidance": asdict(film),
                    f"{mini.SAMPLING.steps} steps, guidance": asdict(film + one_pass.times(more)),
                },
                "peak_mib": max(run["peak_mib"].values()),
            }
        },
    }


# ---------------------------------------------------------------- peers


def prepare(threads: int) -> None:
    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY))
    torch.set_num_threads(threads)
    torch.manual_seed(0)


def timed(work: Callable[[], Any]) -> Cost:
    wall, processor = time.perf_counter(), time.process_time()
    work()
    return Cost(time.perf_counter() - wall, time.process_time() - processor)


def by_depth(
    owner: Any, name: str, depths: tuple[int, int], whole: int, run: Callable[[], Any]
) -> tuple[Cost, float]:
    """Cost and operations of a model `whole` layers deep, from two runs at other depths. `owner`
    holds its layers under `name`."""
    layer = getattr(owner, name)[0]
    costs, counts = [], []
    for depth in depths:
        setattr(owner, name, torch.nn.ModuleList([layer] * depth))
        with FlopCounterMode(display=False, custom_mapping=ATTENTION_ON_A_CPU) as counter:
            costs.append(timed(run))
        counts.append(counter.get_total_flops())
    layers = depths[1] - depths[0]
    more = (whole - depths[0]) / layers
    cost = costs[0] + (costs[1] - costs[0]).times(more)
    return cost, counts[0] + more * (counts[1] - counts[0])


def text_encoder(kind: str, tokens: int) -> Cost:
    import transformers

    config = getattr(transformers, f"{kind}Config")(**T5_XXL | {"num_layers": 1})
    model = getattr(transformers, f"{kind}EncoderModel")(config).to(precision()).eval()
    ids = torch.ones(1, tokens, dtype=torch.long)
    with torch.inference_mode():
        model(input_ids=ids[:, :8])
        return by_depth(
            model.encoder, "block", (1, 3), T5_XXL["num_layers"], lambda: model(input_ids=ids)
        )[0]


def precision() -> Any:
    from onereel.model.device import choose_placement

    return choose_placement().dtype


def numbers(module: Any) -> int:
    return sum(p.numel() for p in module.parameters())


def measure_ltx(threads: int) -> dict[str, Any]:
    prepare(threads)
    say("  T5-XXL, 128 tokens")
    text = text_encoder("T5", 128)
    say("  transformer")
    parameters, flops, one_pass = ltx_transformer()
    say("  decoder, two and three latent frames")
    told = {
        "parameters": parameters,
        "tokens": LTX_GRID[0] * LTX_GRID[1] * LTX_GRID[2],
        "gflop": flops / 1e9,
    }
    films = {"8 steps, no guidance": (1, 8), "50 steps, guidance": (2, 100)}
    name = f"LTX-Video, {parameters / 1e9:.1f} B, silent"
    return {name: told | costs_of(text, one_pass, ltx_decoder(), films)}


def ltx_transformer() -> tuple[int, float, Cost]:
    """Parameters, operations and cost of one pass at full depth."""
    from diffusers import LTXVideoTransformer3DModel

    groups, down, across = LTX_GRID
    whole = LTX["num_layers"]
    model = LTXVideoTransformer3DModel(**LTX | {"num_layers": 1}).to(precision()).eval()
    given = {
        "hidden_states": torch.randn(1, groups * down * across, 128).to(precision()),
        "encoder_hidden_states": torch.randn(1, 128, 4096).to(precision()),
        "timestep": torch.full((1,), 500),
        "encoder_attention_mask": torch.ones(1, 128),
        "num_frames": groups, "height": down, "width": across,
        "rope_interpolation_scale": (8 / 25, 32, 32),
    }  # fmt: skip
    parameters = numbers(model) + (whole - 1) * numbers(model.transformer_blocks[0])
    with torch.inference_mode():
        cost, flops = by_depth(model, "transformer_blocks", (1, 4), whole, lambda: model(**given))
    return parameters, flops, cost


def ltx_decoder() -> Cost:
    from diffusers import AutoencoderKLLTXVideo

    groups, down, across = LTX_GRID
    vae = AutoencoderKLLTXVideo(**LTX_VAE).to(precision()).eval()
    with torch.inference_mode():
        vae.decode(torch.randn(1, 128, 2, 2, 2).to(precision()))
        latents = torch.randn(1, 128, 3, down, across).to(precision())
        two, three = (timed(lambda n=n: vae.decode(latents[:, :, :n])) for n in (2, 3))
    return three + (three - two).times(groups - 3)


def measure_wan(threads: int) -> dict[str, Any]:
    prepare(threads)
    say("  UMT5-XXL, 512 tokens")
    text = text_encoder("UMT5", 512)
    say("  transformer, one and two layers")
    parameters, flops, one_pass = wan_transformer()
    say("  decoder, two latent frames")
    told = {
        "parameters": parameters,
        "tokens": WAN_GRID[0] * WAN_GRID[1] * WAN_GRID[2] // 4,
        "gflop": flops / 1e9,
    }
    name = f"Wan 2.1, {parameters / 1e9:.1f} B, silent"
    return {name: told | costs_of(text, one_pass, wan_decoder(), {"50 steps, guidance": (2, 100)})}


def wan_transformer() -> tuple[int, float, Cost]:
    """Parameters, operations and cost of one pass at full depth."""
    from diffusers import WanTransformer3DModel

    whole = WAN["num_layers"]
    model = WanTransformer3DModel(**WAN | {"num_layers": 1}).to(precision()).eval()
    given = {
        "hidden_states": torch.randn(1, 16, *WAN_GRID).to(precision()),
        "timestep": torch.full((1,), 500),
        "encoder_hidden_states": torch.randn(1, 512, 4096).to(precision()),
    }
    parameters = numbers(model) + (whole - 1) * numbers(model.blocks[0])
    with torch.inference_mode():
        cost, flops = by_depth(model, "blocks", (1, 2), whole, lambda: model(**given))
    return parameters, flops, cost


def wan_decoder() -> Cost:
    from diffusers import AutoencoderKLWan

    groups, down, across = WAN_GRID
    vae = AutoencoderKLWan().to(precision()).eval()
    frames: list[Cost] = []
    with torch.inference_mode():
        vae.decode(torch.randn(1, 16, 1, 4, 4).to(precision()))
        with each_call(vae.decoder, frames):
            vae.decode(torch.randn(1, 16, 2, down, across).to(precision()))
    return frames[0] + frames[1] + frames[1].times(groups - 2)


@contextmanager
def each_call(module: Any, costs: list[Cost]) -> Iterator[None]:
    """Add what each call of `module` costs to `costs`."""
    forward = module.forward

    def watched(*given: Any, **named: Any) -> Any:
        answers: list[Any] = []
        costs.append(timed(lambda: answers.append(forward(*given, **named))))
        return answers[0]

    module.forward = watched
    yield
    module.forward = forward


def costs_of(
    text: Cost, one_pass: Cost, decode: Cost, films: dict[str, tuple[int, int]]
) -> dict[str, Any]:
    """films: name -> (how many texts are encoded, how many passes)."""
    return {
        "text": asdict(text),
        "pass": asdict(one_pass),
        "decode": asdict(decode),
        "films": {
            name: asdict(text.times(texts) + one_pass.times(passes) + decode)
            for name, (texts, passes) in films.items()
        },
        "peak_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**10,
    }


# ---------------------------------------------------------------- showing


def table(told: dict[str, Any]) -> str:
    here = told["machine"]
    lines = [
        f"{here['processor']}, {here['cores']} cores, load {here['load']:.1f} before the start, "
        f"torch {here['torch']}; matrix peak {here['matrix_gflops']:.0f} GFLOP/s; "
        f"{told['run_seconds']} s in all",
        "",
        f"{FRAMES} frames of {WIDTH}x{HEIGHT} in {here['precision']}; ~ is extrapolated",
        "| seconds | tokens | text | one pass | share of peak | decoding | peak MiB, as run |",
        "|---|---|---|---|---|---|---|",
    ]
    for name, one in told["models"].items():
        share = one.get("share") or one["gflop"] / one["pass"]["wall"] / here["matrix_gflops"]
        lines.append(
            f"| {name} | {one['tokens']:,} | {cell(one['text'])} | {cell(one['pass'])} | "
            f"{share:.0%} | {cell(one['decode'])} | {one['peak_mib']:.0f} |"
        )
    first = next(iter(next(iter(told["models"].values()))["films"].values()))
    lines += [
        "",
        "| a film | seconds | times onereel's | processor seconds | times onereel's |",
        "|---|---|---|---|---|",
    ]
    for name, one in told["models"].items():
        for film, cost in one["films"].items():
            spent = cost | {"wall": cost["processor"]}
            lines.append(
                f"| {name}: {film} | {cell(cost)} | {cost['wall'] / first['wall']:,.1f} | "
                f"{cell(spent)} | {cost['processor'] / first['processor']:,.1f} |"
            )
    lines.append("")
    lines.append("onereel's films with marks, muxing and signing, the peers' without muxing.")
    return "\n".join(lines)


def cell(cost: dict[str, Any]) -> str:
    digits = 0 if cost["wall"] >= 100 else 1 if cost["wall"] >= 10 else 2
    return f"{'' if cost['measured'] else '~'}{cost['wall']:,.{digits}f}"


if __name__ == "__main__":
    main()
