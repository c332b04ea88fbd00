"""A whole model at toy size with random weights, for tests of everything around it."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from onereel.model.tokenizer import train_tokenizer
from onereel.model.video_autoencoder import VideoAutoencoder, VideoAutoencoderConfig
from onereel.model.weights import SamplingConfig, load_config, save_module, seal
from toys import TOY_SAMPLING, toy_audio, toy_transformer, toy_video

if TYPE_CHECKING:
    from service.running import Server


@pytest.fixture(autouse=True)
def own_home(tmp_path_factory, monkeypatch) -> Path:
    """No test touches the keys and records of whoever runs it."""
    home = tmp_path_factory.mktemp("user")
    monkeypatch.setenv("HOME", str(home))
    return home


@pytest.fixture(scope="session")
def toy_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("toy-model")
    tokenizer = train_tokenizer(["a girl runs in the snow", "女孩在雪地里跑"] * 4, 320)
    tokenizer.save(folder / "tokenizer.json")
    video, audio = toy_video(), toy_audio()
    film = toy_transformer(tokenizer.vocabulary)
    save_module(folder, "video_autoencoder", video, video.cfg, "float32")
    save_module(folder, "audio_autoencoder", audio, audio.cfg, "float32")
    save_module(folder, "transformer", film, film.cfg, "int8")
    seal(folder, TOY_SAMPLING)
    return folder


# ---------------------------------------------------------------- for tests/service


@pytest.fixture(scope="session")
def flat_model(toy_model: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The toy model, but its films are plain grey, which makes them quick to encode."""
    return _flat(toy_model, tmp_path_factory.mktemp("flat") / "model", steps=2)


@pytest.fixture(scope="session")
def slow_model(toy_model: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same with so many steps that a film can be met while it is being denoised."""
    return _flat(toy_model, tmp_path_factory.mktemp("slow") / "model", steps=400)


@pytest.fixture(scope="session")
def short_model(toy_model: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same with just enough steps for every preview of a film."""
    return _flat(toy_model, tmp_path_factory.mktemp("short") / "model", steps=8)


def _flat(toy_model: Path, folder: Path, steps: int) -> Path:
    shutil.copytree(toy_model, folder)
    video = VideoAutoencoder(load_config(folder, "video_autoencoder", VideoAutoencoderConfig))
    for name, tensor in video.state_dict().items():
        if name.endswith(("components", "weight", "bias")):
            tensor.zero_()
    save_module(folder, "video_autoencoder", video, video.cfg, "float32")
    sampling = json.loads((folder / "model.json").read_text())["sampling"]
    seal(folder, SamplingConfig(**sampling | {"steps": steps}))
    return folder


@pytest.fixture(scope="session")
def server(flat_model: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One embedded server on SQLite for all tests that leave it as they found it."""
    from running import Server

    folder = tmp_path_factory.mktemp("server")
    running = Server(data=folder / "data", model_folder=flat_model, private_addresses=True)
    yield running
    assert running.stop() == 0


@pytest.fixture
def slow_server(slow_model: Path, tmp_path: Path) -> Iterator[Server]:
    from running import Server

    running = Server(data=tmp_path / "data", model_folder=slow_model, queue_limit=3)
    yield running
    running.kill()
