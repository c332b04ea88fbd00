"""Stage: gather trained networks into one sealed model folder, ready to ship or to generate."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

from onereel.model.weights import (
    SamplingConfig,
    load_audio_autoencoder,
    load_transformer,
    load_video_autoencoder,
    open_model,
    save_module,
    seal,
)
from onereel.train.loop import console


@dataclass(frozen=True)
class PackageRecipe:
    folder: str  # of the finished model
    autoencoders: str  # holds both autoencoders and the tokenizer
    transformer: str
    sampling: SamplingConfig
    storage: str = "int8"  # of the transformer; the autoencoders stay in bfloat16


def train(recipe: PackageRecipe) -> None:
    folder, source = Path(recipe.folder), Path(recipe.autoencoders)
    folder.mkdir(parents=True, exist_ok=True)
    video, audio = load_video_autoencoder(source), load_audio_autoencoder(source)
    film = load_transformer(Path(recipe.transformer))
    save_module(folder, "video_autoencoder", video, video.cfg, "bfloat16")
    save_module(folder, "audio_autoencoder", audio, audio.cfg, "bfloat16")
    save_module(folder, "transformer", film, film.cfg, recipe.storage)
    shutil.copy(source / "tokenizer.json", folder / "tokenizer.json")
    seal(folder, recipe.sampling)
    open_model(folder)
    size = sum(path.stat().st_size for path in folder.iterdir())
    console.print(f"{folder}: {size / 2**20:.1f} MiB, sealed")
