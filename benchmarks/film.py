"""How long a film takes here, stage by stage, as a table and as one JSON line.

    .venv/bin/python benchmarks/film.py [--json] [--threads 2]

Two films of 4 s with sound: the `mini` shape at 512x288 with random weights, four steps without
guidance (what a distilled model runs), and the shipped weights as they are used. Each runs in a
process of its own; memory is that process's high-water mark after the stage.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
TEXT_TOKENS = 40


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--json", action="store_true", help="print JSON only")
    parser.add_argument("--threads", type=int, default=0, help="CPU threads (0: torch's choice)")
    parser.add_argument("--child", choices=("mini", "shipped"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child:
        print(json.dumps(measure(options.child, options.threads)))
        return
    results = {"import onereel, s": import_seconds()}
    for which in ("mini", "shipped"):
        command = [sys.executable, __file__, "--child", which, "--threads", str(options.threads)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            sys.exit(done.stderr)
        results[which] = json.loads(done.stdout)
    print(json.dumps(results) if options.json else table(results))


def import_seconds() -> float:
    """Best of three fresh interpreters, less what an empty one takes."""

    def best(code: str) -> float:
        times = []
        for _ in range(3):
            started = time.perf_counter()
            subprocess.run([sys.executable, "-c", code], check=True)
            times.append(time.perf_counter() - started)
        return min(times)

    return round(best("import onereel, onereel.cli") - best("pass"), 3)


def measure(which: str, threads: int) -> dict[str, Any]:
    started = time.perf_counter()
    import torch

    from onereel.model.conditions import LatentState, pack
    from onereel.model.device import matmul_rate
    from onereel.model.sampler import denoise, noise_like
    from onereel.model.shapes import FilmShape
    from onereel.model.transformer import forward_flops

    if threads:
        torch.set_num_threads(threads)
    stages: dict[str, dict[str, float]] = {}

    def stage(name: str, work: Callable[[], Any], repeats: int = 1) -> Any:
        times = []
        for _ in range(repeats):
            begun = time.perf_counter()
            result = work()
            times.append(time.perf_counter() - begun)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        stages[name] = {"first s": times[0], "best s": min(times), "peak MiB": peak}
        return result

    stages["import torch and model"] = {
        "first s": time.perf_counter() - started,
        "best s": time.perf_counter() - started,
        "peak MiB": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }
    model, place, size, steps, guidance = stage("load", lambda: load(which))
    film, video, audio = model
    shape = FilmShape.from_seconds(4, size[1], size[0])
    text = torch.ones(1, TEXT_TOKENS, dtype=torch.long, device=place.device)
    state = LatentState.empty(shape, video.cfg.channels, audio.cfg.channels).to(place.device)
    noise = noise_like(state, torch.Generator().manual_seed(0))
    level = torch.ones(1, device=place.device)
    with torch.inference_mode():
        stage("transformer pass", lambda: film(text, pack(noise, level, level)), 4)

        def whole_film() -> None:
            latents = denoise(
                film, noise, text, text, steps=steps, guidance=guidance,
                shift_video=2.0, shift_audio=1.0,
            )  # fmt: skip
            for _ in video.decode_stream(latents.video):
                pass
            audio.decode(latents.audio)

        stage("decode picture", lambda: list(video.decode_stream(noise.video)), 3)
        stage("decode sound", lambda: audio.decode(noise.audio), 3)
        stage("film, warm, without muxing", whole_film, 2)
    tokens = shape.video_tokens + shape.audio_latents
    flops = forward_flops(film.cfg, TEXT_TOKENS, tokens)
    peak = max(matmul_rate(place.dtype, place.device, size) for size in (512, 1024, 2048))
    return {
        "film": f"4 s of {size[0]}x{size[1]}, {steps} steps, guidance {guidance}",
        "compute": f"{place.device.type} {str(place.dtype).removeprefix('torch.')}, "
        f"{torch.get_num_threads()} threads",
        "parameters": sum(p.numel() for p in film.parameters()),
        "tokens": tokens + TEXT_TOKENS,
        "matrix peak GFLOP/s": peak / 1e9,
        "transformer share of peak": flops / stages["transformer pass"]["best s"] / peak,
        "stages": stages,
    }


def load(which: str) -> tuple[Any, Any, tuple[int, int], int, float]:
    """(transformer, video, audio), placement, (width, height), steps, guidance."""
    import torch

    from onereel.model.audio_autoencoder import AudioAutoencoder
    from onereel.model.device import choose_placement
    from onereel.model.transformer import FilmTransformer
    from onereel.model.video_autoencoder import VideoAutoencoder

    if which == "shipped":
        from onereel.produce import DEFAULT_MODEL, ready_model

        model, place = ready_model(DEFAULT_MODEL)
        sampling = model.sampling
        networks = (model.transformer, model.video, model.audio)
        return networks, place, sampling.sizes["16:9"], sampling.steps, sampling.guidance
    sys.path.insert(0, str(ROOT / "recipes"))
    import mini

    place = choose_placement()
    torch.manual_seed(0)
    video = VideoAutoencoder(mini.VIDEO).to(place.device).eval()
    video.decoder.to(place.dtype).to(memory_format=torch.channels_last)
    film = FilmTransformer(mini.TRANSFORMER).to(place.device, place.dtype).eval()
    audio = AudioAutoencoder(mini.AUDIO).to(place.device).eval()
    return (film, video, audio), place, mini.SAMPLING.sizes["16:9"], 4, 1.0


def table(results: dict[str, Any]) -> str:
    lines = [f"import onereel: {results['import onereel, s']:.2f} s"]
    for which in ("mini", "shipped"):
        told = results[which]
        lines += [
            "",
            f"{which}: {told['film']}; {told['parameters'] / 1e6:.1f} M parameters, "
            f"{told['tokens']} tokens, {told['compute']}",
            f"{'stage':30}{'first s':>10}{'best s':>10}{'peak MiB':>10}",
        ]
        for name, row in told["stages"].items():
            lines.append(
                f"{name:30}{row['first s']:>10.2f}{row['best s']:>10.2f}{row['peak MiB']:>10.0f}"
            )
        lines.append(
            f"transformer: {told['transformer share of peak']:.0%} of this machine's measured "
            f"matrix peak, {told['matrix peak GFLOP/s']:.0f} GFLOP/s"
        )
    return "\n".join(lines)


if __name__ == "__main__":
    main()
