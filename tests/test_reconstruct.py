"""Files through the toy autoencoders: side by side, any length and ratio, marked like any film."""

import wave

import av
import numpy as np
import pytest
import torch
from PIL import Image

from onereel.errors import WrongUse
from onereel.marks.verify import verify
from onereel.media.write import encode_mp4, encode_wav
from onereel.model.shapes import NANO_SIZES
from onereel.reconstruct import copy_frames, copy_sound, kind_of_file, reconstruct
from onereel.train.video_autoencoder import decode_clip
from test_cli import run
from toys import toy_audio, toy_video

CPU = torch.device("cpu")


def noise(*shape: int) -> np.ndarray:
    return np.random.default_rng(0).integers(0, 256, shape, np.uint8)


@torch.no_grad()
@pytest.mark.parametrize("frames", [1, 2, 8, 9, 10, 33, 34])
def test_any_length_in_pieces_equals_the_whole(frames):
    model, clip = toy_video(), noise(frames, 32, 64, 3)
    pieces = list(copy_frames(model, clip, CPU, groups=1))
    assert max(len(piece) for piece in pieces) <= 9
    whole = np.concatenate([clip, np.repeat(clip[-1:], -(frames - 1) % 8, 0)])
    wanted = decode_clip(model, whole, CPU)[:frames]
    difference = np.concatenate(pieces).astype(int) - wanted
    assert np.abs(difference).max() <= 1  # rounding of two orders of summation


@torch.no_grad()
@pytest.mark.parametrize("size", NANO_SIZES.values())
def test_every_ratio_comes_back_in_its_own_size_and_place(size):
    width, height = size[0] // 2, size[1] // 2
    clip = noise(3, height, width, 3)
    copy = np.concatenate(list(copy_frames(toy_video(), clip, CPU)))
    assert copy.shape == clip.shape


@torch.no_grad()
def test_a_small_picture_is_mirrored_not_blackened_at_its_edges():
    model = toy_video()
    flat = np.full((1, 40, 50, 3), 200, np.uint8)
    padded = np.full((1, 64, 64, 3), 200, np.uint8)
    copy = next(iter(copy_frames(model, flat, CPU)))
    np.testing.assert_array_equal(copy, decode_clip(model, padded, CPU)[:, 12:52, 7:57])


@torch.no_grad()
def test_sound_of_any_length_keeps_it():
    sound = np.random.default_rng(0).normal(0, 0.1, (24_001, 2)).astype(np.float32)
    assert copy_sound(toy_audio(), sound, CPU).shape == sound.shape


def test_a_clip_beside_its_copy_is_written_marked(toy_model, tmp_path):
    film, out = tmp_path / "clip.mp4", tmp_path / "both.mp4"
    sound = np.random.default_rng(0).normal(0, 0.1, (20_000, 2)).astype(np.float32)
    encode_mp4(film, np.full((20, 96, 128, 3), 90, np.uint8), sound, 24, 24_000)
    done = run("reconstruct", film, "-o", out, "--model", toy_model)
    assert done.returncode == 0, done.stderr
    for figure in ("PSNR", "SSIM", "log-mel distance", "spectral convergence"):
        assert figure in done.stdout
    with av.open(str(out)) as made:
        stream = made.streams.video[0]
        assert (stream.width, stream.height, stream.frames) == (256, 96, 20)
        assert made.streams.audio
    assert verify(out).metadata.signature == "valid"


def test_a_picture_is_written_as_png(toy_model, tmp_path):
    picture, out = tmp_path / "photo.jpg", tmp_path / "both.png"
    Image.fromarray(noise(91, 75, 3)).save(picture)
    found = reconstruct(picture, model_folder=toy_model)
    assert found.clip.frames.shape == (1, 90, 148, 3)  # even sides
    assert found.clip.sound is None
    assert run("reconstruct", picture, "-o", out, "--model", toy_model).returncode == 0
    assert Image.open(out).size == (148, 90)


def test_a_recording_is_heard_before_its_copy(toy_model, tmp_path):
    recording, out = tmp_path / "voice.wav", tmp_path / "both.wav"
    sound = np.random.default_rng(0).normal(0, 0.1, (24_000, 2)).astype(np.float32)
    encode_wav(recording, sound, 24_000)
    assert run("reconstruct", recording, "-o", out, "--model", toy_model).returncode == 0
    with wave.open(str(out)) as file:
        assert file.getnframes() == 60_000  # a second, half a second of pause, a second
    found = reconstruct(recording, model_folder=toy_model)
    np.testing.assert_allclose(found.clip.sound[:24_000], sound, atol=1e-4)
    assert not found.clip.sound[24_000:36_000].any()
    assert found.clip.sound[36_000:].any()


def test_what_it_is_is_told_by_the_name(tmp_path):
    assert kind_of_file(tmp_path / "a.JPG") == "picture"
    assert kind_of_file(tmp_path / "a.mov") == "clip"
    assert kind_of_file(tmp_path / "a.mp3") == "recording"
    with pytest.raises(WrongUse, match="convert it"):
        kind_of_file(tmp_path / "a.avi")
