"""Weights on disk: safetensors shards, a config beside them, a manifest of hashes.

- `save_module` / `load_module`: one network; matrices as int8 with a scale per row (shipping),
  or in bfloat16 / float32 (training); shards stay under 15 MiB
- `seal` writes `model.json` with the SHA-256 of every file; `open_model` checks them all
  before any number is used

A model is a folder: video_autoencoder, audio_autoencoder, transformer (each .json + shards),
tokenizer.json, model.json. Read by `generate`, written by training.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from torch import Tensor, nn

from onereel.errors import WrongUse, shown
from onereel.model.audio_autoencoder import AudioAutoencoder, AudioAutoencoderConfig
from onereel.model.tokenizer import Tokenizer
from onereel.model.transformer import FilmTransformer, TransformerConfig
from onereel.model.video_autoencoder import VideoAutoencoder, VideoAutoencoderConfig

PACKAGED = Path(__file__).parent.parent / "weights"
SHARD_BYTES = 15 << 20
Config = TypeVar("Config")


@dataclass(frozen=True)
class SamplingConfig:
    """How a model likes to be sampled; stored in model.json."""

    name: str
    sizes: dict[str, tuple[int, int]]  # ratio -> (width, height)
    steps: int
    guidance: float
    shift_video: float
    shift_audio: float
    temperature: float = 1.0  # of the picture's starting noise; see sampler.noise_like
    learned_ratios: tuple[str, ...] = ("16:9",)
    learned_seconds: int = 4  # the longest film seen in training
    learned_references: tuple[str, ...] = ()  # of picture, clip, recording


@dataclass(frozen=True)
class FilmModel:
    """Everything that turns a request into a film. `weights_hash` names these exact weights."""

    sampling: SamplingConfig
    tokenizer: Tokenizer
    video: VideoAutoencoder
    audio: AudioAutoencoder
    transformer: FilmTransformer
    weights_hash: str


# ---------------------------------------------------------------- one network


def save_module(folder: Path, name: str, module: nn.Module, config: Any, storage: str) -> None:
    """Write `name`.json and `name`-N.safetensors; `storage` is int8, bfloat16 or float32."""
    folder.mkdir(parents=True, exist_ok=True)
    tensors: dict[str, Tensor] = {}
    for key, tensor in module.state_dict().items():
        tensor = tensor.detach().cpu().contiguous()
        if storage == "int8" and tensor.dim() >= 2 and tensor.numel() >= 4096:
            rows = tensor.float().flatten(1)
            scale = rows.abs().amax(1).clamp_min(1e-12) / 127
            tensors[key] = (rows / scale[:, None]).round().to(torch.int8).view(tensor.shape)
            tensors[key + "/scale"] = scale
        elif storage == "bfloat16" and tensor.is_floating_point():
            tensors[key] = tensor.bfloat16()
        else:
            tensors[key] = tensor
    shards = {f"{name}-{index}.safetensors": one for index, one in enumerate(_shards(tensors))}
    text = json.dumps(dataclasses.asdict(config), indent=2, ensure_ascii=False)
    # All is written before anything is replaced: a kill in between leaves the old weights whole.
    for file, shard in shards.items():
        save_file(shard, folder / (file + ".part"))
    (folder / f"{name}.json.part").write_text(text + "\n", encoding="utf-8")
    for file in (*shards, f"{name}.json"):
        (folder / (file + ".part")).replace(folder / file)
    for old in folder.glob(f"{name}-*.safetensors"):
        if old.name not in shards:
            old.unlink()


def _shards(tensors: dict[str, Tensor]) -> list[dict[str, Tensor]]:
    shards: list[dict[str, Tensor]] = [{}]
    size = 0
    for key in sorted(tensors):
        number = tensors[key].numel() * tensors[key].element_size()
        if shards[-1] and size + number > SHARD_BYTES:
            shards.append({})
            size = 0
        shards[-1][key] = tensors[key]
        size += number
    return shards


def load_config(folder: Path, name: str, kind: type[Config]) -> Config:
    return kind(**json.loads((folder / f"{name}.json").read_text(encoding="utf-8")))


def load_tensors(folder: Path, name: str) -> dict[str, Tensor]:
    """All tensors of `name`, int8 widened to float32."""
    tensors: dict[str, Tensor] = {}
    for path in sorted(folder.glob(f"{name}-*.safetensors")):
        tensors.update(load_file(path))
    widened: dict[str, Tensor] = {}
    for key, tensor in tensors.items():
        if key.endswith("/scale"):
            continue
        scale = tensors.get(key + "/scale")
        if scale is not None:
            tensor = tensor.float() * scale.view(-1, *[1] * (tensor.dim() - 1))
        widened[key] = tensor.float() if tensor.is_floating_point() else tensor
    return widened


def load_video_autoencoder(folder: Path) -> VideoAutoencoder:
    module = VideoAutoencoder(load_config(folder, "video_autoencoder", VideoAutoencoderConfig))
    module.load_state_dict(load_tensors(folder, "video_autoencoder"))
    return module.eval()


def load_audio_autoencoder(folder: Path) -> AudioAutoencoder:
    module = AudioAutoencoder(load_config(folder, "audio_autoencoder", AudioAutoencoderConfig))
    module.load_state_dict(load_tensors(folder, "audio_autoencoder"))
    return module.eval()


def load_transformer(folder: Path) -> FilmTransformer:
    module = FilmTransformer(load_config(folder, "transformer", TransformerConfig))
    module.load_state_dict(load_tensors(folder, "transformer"))
    return module.eval()


# ---------------------------------------------------------------- a whole model


def seal(folder: Path, sampling: SamplingConfig) -> None:
    """Write model.json: how to sample, and the hash of every file of the model."""
    files = sorted(
        path
        for path in folder.iterdir()
        if path.suffix in (".safetensors", ".json") and path.name != "model.json"
    )
    manifest = {
        "sampling": dataclasses.asdict(sampling),
        "files": {path.name: file_hash(path) for path in files},
    }
    text = json.dumps(manifest, indent=2, ensure_ascii=False)
    (folder / "model.json").write_text(text + "\n", encoding="utf-8")


def file_hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def open_model(folder: Path) -> FilmModel:
    """Load a model after checking every file against its manifest. WrongUse when one is off."""
    hint = "reinstall onereel, or name another model folder"
    path = folder / "model.json"
    if not path.is_file():
        raise WrongUse(f"There are no weights in {folder}: {hint}.")
    try:
        text = path.read_text(encoding="utf-8")
        manifest = json.loads(text)
        for name, expected in manifest["files"].items():
            if not (folder / name).is_file():
                raise WrongUse(f"The weights in {folder} lack {name}: {hint}.")
            if file_hash(folder / name) != expected:
                raise WrongUse(f"{folder / name} is damaged (its hash is wrong): {hint}.")
        for stray in folder.glob("*.safetensors"):
            if stray.name not in manifest["files"]:
                raise WrongUse(f"{stray} is not part of this model: remove it, or {hint}.")
        sampling = manifest["sampling"]
        sampling["sizes"] = {ratio: tuple(size) for ratio, size in sampling["sizes"].items()}
        for name in ("learned_ratios", "learned_references"):
            sampling[name] = tuple(sampling[name])
        return FilmModel(
            SamplingConfig(**sampling),
            Tokenizer.load(folder / "tokenizer.json"),
            load_video_autoencoder(folder),
            load_audio_autoencoder(folder),
            load_transformer(folder),
            hashlib.sha256(text.encode()).hexdigest(),
        )
    except WrongUse:
        raise
    except (ValueError, KeyError, TypeError, OSError, RuntimeError, SafetensorError) as error:
        raise WrongUse(
            f"The weights in {folder} can't be read ({shown(error)}): {hint}."
        ) from error
