"""What is installed here, how this machine computes, and how long a film will take: measured."""

from __future__ import annotations

import importlib.metadata
import os
import platform
import resource
import time
from pathlib import Path
from typing import Any

import torch

from onereel.model.conditions import LatentState
from onereel.model.device import matmul_rate
from onereel.model.sampler import denoise, noise_like
from onereel.model.shapes import FilmShape
from onereel.produce import DEFAULT_MODEL, ready_model

PACKAGES = (
    "torch", "numpy", "safetensors", "tokenizers", "av", "pillow", "pydantic", "typer",
    "einops", "skia-python", "scipy", "tensorboard",
)  # fmt: skip
SECONDS = 4  # of the film that is timed


def examine(model_folder: Path | None) -> dict[str, Any]:
    """Facts as one plain dict. Runs two denoising steps and one decode to time a film."""
    folder = model_folder or DEFAULT_MODEL
    started = time.perf_counter()
    model, place = ready_model(folder)
    load = time.perf_counter() - started
    sampling = model.sampling
    width, height = sampling.sizes["16:9"]
    shape = FilmShape.from_seconds(SECONDS, height, width)
    state = LatentState.empty(shape, model.video.cfg.channels, model.audio.cfg.channels)
    noise = noise_like(state, torch.Generator().manual_seed(0)).to(place.device)
    text = torch.ones(1, 32, dtype=torch.long, device=place.device)
    step = decode = float("inf")
    with torch.inference_mode():
        for _ in range(3):  # the first is a warm-up
            started = time.perf_counter()
            denoise(
                model.transformer, noise, text, text, steps=1, guidance=sampling.guidance,
                shift_video=1.0, shift_audio=1.0,
            )  # fmt: skip
            step = min(step, time.perf_counter() - started)
        for _ in range(2):
            started = time.perf_counter()
            for _ in model.video.decode_stream(noise.video):
                pass
            model.audio.decode(noise.audio)
            decode = min(decode, time.perf_counter() - started)
    return {
        "onereel": importlib.metadata.version("onereel"),
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores",
        "packages": {name: _version(name) for name in PACKAGES},
        "model": {
            "name": sampling.name,
            "folder": str(folder),
            "hash": model.weights_hash[:16],
            "parameters": sum(p.numel() for p in model.transformer.parameters()),
            "load_seconds": round(load, 2),
        },
        "compute": {
            "device": place.device.type,
            "precision": str(place.dtype).removeprefix("torch."),
            "why": place.reason,
            "matrix_gflops": round(matmul_rate(place.dtype, place.device, 1024) / 1e9),
        },
        "film": {
            "seconds": SECONDS,
            "size": f"{width}x{height}",
            "steps": sampling.steps,
            "denoise_seconds": round(step * sampling.steps, 2),
            "decode_seconds": round(decode, 2),
            "total_seconds": round(step * sampling.steps + decode + 0.3, 1),
        },
        "peak_memory_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }


def _version(name: str) -> str | None:
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return None


def show(findings: dict[str, Any]) -> str:
    """The findings as a page of text."""
    model, compute, film = findings["model"], findings["compute"], findings["film"]
    lines = [
        f"onereel {findings['onereel']}, Python {findings['python']}, {findings['system']}",
        f"model     {model['name']} ({model['parameters'] / 1e6:.1f} M parameters, "
        f"{model['hash']}), loads in {model['load_seconds']} s",
        f"          {model['folder']}",
        f"compute   {compute['device']} in {compute['precision']}: {compute['why']}",
        f"film      {film['seconds']} s of {film['size']} in {film['steps']} steps: about "
        f"{film['total_seconds']} s ({film['denoise_seconds']} s denoising, "
        f"{film['decode_seconds']} s decoding)",
        f"memory    {findings['peak_memory_mib']} MiB at most so far",
        "packages",
    ]
    for name, version in findings["packages"].items():
        lines.append(f"          {name:24} {version or 'not installed'}")
    return "\n".join(lines)
