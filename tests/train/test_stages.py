"""Every stage for a moment, in the order a researcher runs them, ending in a film."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from safetensors.torch import load_file

from onereel.model.audio_autoencoder import AudioAutoencoderConfig
from onereel.model.transformer import TransformerConfig
from onereel.model.video_autoencoder import VideoAutoencoderConfig
from onereel.model.weights import load_tensors
from onereel.produce import make_film
from onereel.request import parse_request
from onereel.train import (
    audio_autoencoder,
    data,
    distill,
    film,
    package,
    tokenizer,
    video_autoencoder,
)
from onereel.train.adversary import AdversaryConfig
from onereel.train.data import DataConfig, Rendered
from onereel.train.loop import LoopConfig
from toys import TOY_SAMPLING

MOMENT = 0.01  # minutes


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("runs")


@pytest.fixture
def each_clip_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The stages share their clips: each is rendered by the first that asks, in its own way."""
    kept: dict[tuple[int, ...], Rendered] = {}
    render_clip, render_clips = data.render_clip, data.render_clips

    def key(seed: int, cfg: DataConfig) -> tuple[int, ...]:
        return seed, *data.size_of(seed, cfg), cfg.seconds, cfg.captions

    def one(seed: int, cfg: DataConfig) -> Rendered:
        if key(seed, cfg) not in kept:
            kept[key(seed, cfg)] = render_clip(seed, cfg)
        return kept[key(seed, cfg)]

    def several(seeds: Iterable[int], cfg: DataConfig) -> Iterator[Rendered]:
        seeds = list(seeds)
        for clip in render_clips([seed for seed in seeds if key(seed, cfg) not in kept], cfg):
            kept[key(clip.seed, cfg)] = clip
        return (kept[key(seed, cfg)] for seed in seeds)

    for module in (video_autoencoder, film):
        monkeypatch.setattr(module, "render_clip", one)
    for module in (video_autoencoder, data):
        monkeypatch.setattr(module, "render_clips", several)


def loop(folder: Path) -> LoopConfig:
    return LoopConfig(folder=str(folder), minutes=MOMENT, warmup_steps=2)


def other_decoder(video: video_autoencoder.VideoAutoencoderRecipe, folder: Path) -> None:
    """A decoder of another shape on the same latents, from clips of two sizes."""
    video_autoencoder.train(
        replace(
            video,
            loop=loop(folder),
            also=(replace(video.data, width=96, clips=1),),
            model=replace(video.model, fine_reach=1, finest_width=4),
            start=video.loop.folder,
            new_decoder=True,
            freeze_encoder=True,
        )
    )
    before = load_tensors(Path(video.loop.folder), "video_autoencoder")
    after = load_tensors(folder, "video_autoencoder")
    assert after["decoder.finest.0.here.weight"].abs().sum() > 0
    for name, tensor in before.items():
        assert name.startswith("decoder.") or after[name].equal(tensor), name


def test_from_nothing_to_a_film(runs: Path, each_clip_once: None):
    base = runs / "base"
    clips = DataConfig(64, 64, seconds=1, clips=3, captions=2, workers=1)
    tokenizer.train(tokenizer.TokenizerRecipe(str(base), clips=20, captions=2, vocabulary=400))
    small = VideoAutoencoderConfig(16, 8, 8, 1, 1)
    video = video_autoencoder.VideoAutoencoderRecipe(
        loop(base), clips, small, fit_clips=3, crop=32, frames=9, batch=1
    )
    video_autoencoder.train(video)
    linear = load_tensors(base, "video_autoencoder")["basis.components"]
    adversary = AdversaryConfig(0.5, start=0.0, alone_steps=1, width=4, depth=2)
    judged = replace(video, adversary=adversary)
    video_autoencoder.train(judged)  # resumes: the fitted basis is kept, not fitted anew
    assert (base / "video_discriminator.json").is_file()
    assert load_tensors(base, "video_autoencoder")["basis.components"].equal(linear)
    other_decoder(video, runs / "other")
    audio_autoencoder.train(
        audio_autoencoder.AudioAutoencoderRecipe(
            loop(base), clips, AudioAutoencoderConfig(16, 16, 16, 1, 1), crop_latents=5, batch=1,
            adversary=adversary,
        )
    )  # fmt: skip
    recipe = film.FilmRecipe(
        loop=loop(runs / "film"),
        data=replace(clips, others=((64, 96),), cache=str(runs / "latents")),
        sampling=TOY_SAMPLING,
        phases=(film.Phase(0.0, (film.Bucket(25, 2),)),),
        autoencoders=str(base),
        model=TransformerConfig(32, 1, 2, 1, 24, 0, 64, 16, 16),
        first_clips=2,
    )
    film.train(recipe)
    kept = [
        load_file(path)["video"].shape[-2:] for path in (runs / "latents").rglob("*.safetensors")
    ]
    assert sorted(kept) == [(4, 4), (4, 4), (6, 4)]
    assert (runs / "film" / "sheet-0.png").is_file()
    distill.train(
        distill.DistillRecipe(
            replace(recipe, loop=loop(runs / "distilled")), str(runs / "film"), student_steps=2
        )
    )
    package.train(
        package.PackageRecipe(str(runs / "toy"), str(base), str(runs / "distilled"), TOY_SAMPLING)
    )
    request = parse_request(prompt="a girl runs", seconds=4, seed=1)
    clip = make_film(request, model_folder=runs / "toy")
    assert clip.frames.shape == (97, 36, 64, 3)
    assert clip.sound is not None
    assert clip.sound.any()
