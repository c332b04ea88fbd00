"""The main path at toy size: same film for the same seed, given frames, crash and cancel."""

import json
import shutil
from dataclasses import replace

import numpy as np
import pytest
import torch
from PIL import Image

import onereel
from onereel import produce as path
from onereel.errors import OnereelError, WrongUse
from onereel.media.write import encode_mp4, encode_wav
from onereel.model.device import Placement
from onereel.model.shapes import FilmShape
from onereel.produce import decode, make_film, to_pixels
from onereel.request import parse_request


@pytest.fixture(autouse=True)
def plain_cpu(monkeypatch):
    """float32 on one thread: exact, and the same on every machine."""
    place = Placement(torch.device("cpu"), torch.float32, "test")
    monkeypatch.setattr(path, "choose_placement", lambda: place)
    path.ready_model.cache_clear()
    yield
    path.ready_model.cache_clear()


def film(toy_model, **fields):
    progress = fields.pop("progress", None)
    save_latents = fields.pop("save_latents", None)
    request = parse_request(**{"prompt": "a girl runs", "seconds": 4, "seed": 7, **fields})
    return make_film(request, model_folder=toy_model, progress=progress, save_latents=save_latents)


def picture(tmp_path, name="first.png", size=(128, 72), colour=(200, 40, 40)):
    file = tmp_path / name
    Image.new("RGB", size, colour).save(file)
    return {"kind": "picture", "role": file.stem + "_frame", "path": file}


def test_the_film_has_its_frames_and_sound_of_the_same_length(toy_model):
    clip = film(toy_model)
    assert clip.frames.shape == (97, 36, 64, 3)
    assert clip.sound.shape == (97_000, 2)
    assert clip.record.seed == 7
    assert set(clip.record.timings) == {"load", "encode", "denoise", "decode"}


def test_same_seed_same_bytes_other_seed_other_film(toy_model):
    a, b, c = film(toy_model), film(toy_model), film(toy_model, seed=8)
    assert a.frames.tobytes() == b.frames.tobytes()
    assert a.sound.tobytes() == b.sound.tobytes()
    assert a.frames.tobytes() != c.frames.tobytes()
    assert a.record.id != b.record.id


def test_no_gradients_are_kept_and_progress_covers_every_step(toy_model):
    seen = []
    film(toy_model, steps=3, progress=lambda *told: seen.append((*told, torch.is_grad_enabled())))
    assert [told[1:3] for told in seen if told[0] == "denoise"] == [(0, 3), (1, 3), (2, 3), (3, 3)]
    assert seen[-1][:3] == ("decode", 97, 97)
    assert not any(told[3] for told in seen)


def test_silent_films_have_no_sound(toy_model):
    assert film(toy_model, sound=False).sound is None


def test_first_frame_is_the_film_s_first_latent(toy_model, tmp_path):
    model, _ = path.ready_model(toy_model)
    given = picture(tmp_path)
    latents = tmp_path / "film.latents.safetensors"
    film(toy_model, references=[given], save_latents=latents)
    state, *_ = path.read_latents(latents)
    pixels = to_pixels(np.asarray(Image.open(given["path"])), FilmShape(97, 36, 64))
    with torch.no_grad():
        wanted = model.video.encode(pixels)
    assert torch.equal(state.video[:, 0], wanted[:, 0])
    assert not torch.allclose(state.video[:, -1], wanted[:, 0])


def test_last_frame_is_held_in_the_last_latent(toy_model, tmp_path):
    model, _ = path.ready_model(toy_model)
    given = picture(tmp_path, "last.png")
    latents = tmp_path / "film.latents.safetensors"
    film(toy_model, references=[given], save_latents=latents)
    state, *_ = path.read_latents(latents)
    pixels = to_pixels(np.asarray(Image.open(given["path"])), FilmShape(97, 36, 64))
    with torch.no_grad():
        wanted = model.video.encode(pixels.expand(-1, -1, 9, -1, -1))
    assert torch.equal(state.video[:, -1], wanted[:, 1])


def test_adaptive_ratio_follows_the_first_frame(toy_model, tmp_path):
    clip = film(toy_model, references=[picture(tmp_path, size=(90, 160))])
    assert clip.frames.shape[1:3] == (64, 36)
    assert any("trained on" in warning for warning in clip.record.warnings)


def test_long_prompts_are_told_not_swallowed(toy_model):
    clip = film(toy_model, prompt="snow " * 60)
    assert any("were left out" in warning for warning in clip.record.warnings)


def test_references_of_every_kind_reach_the_film(toy_model, tmp_path):
    clip = film(toy_model)
    larger = clip.frames.repeat(2, 1).repeat(2, 2)
    encode_mp4(tmp_path / "clip.mp4", larger, clip.sound, 24, 24_000)
    encode_wav(tmp_path / "sound.wav", clip.sound, 24_000)
    given = picture(tmp_path)
    references = [
        {**given, "role": "reference"},
        {"kind": "clip", "path": tmp_path / "clip.mp4"},
        {"kind": "recording", "path": tmp_path / "sound.wav"},
    ]
    prompt = "the girl of Image 1 runs as in Video 1 to Audio 1"
    told = film(toy_model, prompt=prompt, references=references)
    assert len(told.record.references) == 3
    assert told.frames.tobytes() != film(toy_model, prompt=prompt).frames.tobytes()


def sampled_with(toy_model, folder, **sampling):
    """A copy of the model that likes to be sampled otherwise."""
    manifest = shutil.copytree(toy_model, folder) / "model.json"
    told = json.loads(manifest.read_text())
    told["sampling"] |= sampling
    manifest.write_text(json.dumps(told))
    return manifest.parent


def test_the_model_s_temperature_reaches_the_film(toy_model, tmp_path):
    cool = sampled_with(toy_model, tmp_path / "model", temperature=0.5)
    assert film(cool).frames.tobytes() != film(toy_model).frames.tobytes()


def test_references_are_refused_until_learned(toy_model, tmp_path):
    model = sampled_with(toy_model, tmp_path / "model", learned_references=["clip"])
    given = {**picture(tmp_path), "role": "reference"}
    with pytest.raises(WrongUse, match="has not learned to follow a picture yet"):
        film(model, references=[given])


def test_decode_finishes_what_a_crash_left(toy_model, tmp_path):
    latents = tmp_path / "film.latents.safetensors"

    def crash(stage, done, of):
        if stage == "decode" and done:
            raise RuntimeError("power cut")

    with pytest.raises(RuntimeError, match="power cut"):
        film(toy_model, save_latents=latents, progress=crash)
    finished = decode(latents, model_folder=toy_model)
    assert finished.frames.tobytes() == film(toy_model).frames.tobytes()
    assert finished.record.prompt == "a girl runs"


def test_latents_of_other_weights_or_no_latents_are_refused(toy_model, tmp_path):
    latents = tmp_path / "film.latents.safetensors"
    film(toy_model, save_latents=latents)
    other = shutil.copytree(toy_model, tmp_path / "other")
    manifest = other / "model.json"
    manifest.write_text(manifest.read_text().replace('"steps": 2', '"steps": 3'))
    with pytest.raises(WrongUse, match="other weights"):
        decode(latents, model_folder=other)
    latents.write_bytes(latents.read_bytes()[:-100])
    for file in (latents, tmp_path / "none", next(toy_model.glob("transformer-*"))):
        with pytest.raises(WrongUse) as caught:
            decode(file, model_folder=toy_model)
        assert "\n" not in str(caught.value)


def test_numbers_that_overflow_are_told_not_shown(toy_model, monkeypatch):
    def overflow(model, state, *args, **kwargs):
        return replace(state, video=state.video * float("inf"))

    monkeypatch.setattr(path, "denoise", overflow)
    with pytest.raises(OnereelError, match="another seed"):
        film(toy_model)


def test_cancel_stops_at_once_and_saves_nothing(toy_model, tmp_path):
    steps = []

    def cancel(stage, done, of):
        if stage == "denoise" and done:
            steps.append(done)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        film(toy_model, steps=90, save_latents=tmp_path / "x.safetensors", progress=cancel)
    assert steps == [1]
    assert list(tmp_path.iterdir()) == []


def test_the_public_names_load_lazily():
    assert onereel.generate is path.generate
    assert onereel.decode is decode
    with pytest.raises(AttributeError, match="no attribute 'film'"):
        _ = onereel.film


def test_a_preview_is_offered_at_each_step_and_drawn_only_when_asked_for(toy_model):
    request = parse_request(prompt="a girl runs", seconds=4, seed=3)
    seen = []

    def look(done, of, still):
        seen.append((done, of, still() if done == 2 else None))

    film = make_film(request, model_folder=toy_model, preview=look)
    assert [(done, of) for done, of, _ in seen] == [(1, 2), (2, 2)]
    assert seen[1][2].frames.shape == (1, *film.frames.shape[1:])
    assert seen[1][2].record.id == film.record.draft
