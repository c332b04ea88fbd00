"""Films on disk: exact lengths, sound and picture together, whole or not at all."""

import os
import wave

import av
import numpy as np
import pytest

from onereel.clip import sound_length
from onereel.errors import OnereelError, WrongUse
from onereel.media.write import check_writable, encode_mp4, encode_wav

RATE = 24000


def moving(count=25, height=64, width=96):
    """A gradient that moves: (count, height, width, 3) uint8."""
    y, x, t = np.mgrid[:height, :width, :count].transpose(0, 3, 1, 2)
    return np.stack([2 * x % 256, 3 * y % 256, (x + 4 * t) % 256], axis=-1).astype(np.uint8)


def noise(count=25, rate=RATE):
    generator = np.random.default_rng(0)
    shape = (sound_length(count, 24, rate), 2)
    return (0.1 * generator.standard_normal(shape)).astype(np.float32)


def decoded_sound(path):
    """(samples, 2) as a player would hear it, and the time of its first sample in seconds."""
    with av.open(str(path)) as film:
        frames = list(film.decode(audio=0))
    return np.concatenate([frame.to_ndarray() for frame in frames], axis=1).T, frames[0].time


@pytest.mark.parametrize("count", [1, 2, 25, 97])
@pytest.mark.parametrize("rate", [24000, 44100, 48000])
def test_lengths_and_rate_are_exact(tmp_path, count, rate):
    path = encode_mp4(tmp_path / "a.mp4", moving(count), noise(count, rate), 24, rate)
    with av.open(str(path)) as film:
        picture, sound = film.streams.video[0], film.streams.audio[0]
        assert picture.average_rate == 24
        assert picture.frames == count
        assert float(picture.duration * picture.time_base) == pytest.approx(count / 24, abs=1e-9)
        assert float(sound.duration * sound.time_base) == pytest.approx(count / 24, abs=1 / rate)
        assert film.duration / 1e6 == pytest.approx(count / 24, abs=1e-4)
        assert picture.start_time == sound.start_time == 0
        times = [frame.time for frame in film.decode(video=0)]
    assert times == pytest.approx([i / 24 for i in range(count)], abs=1e-9)


def test_sound_and_picture_start_together(tmp_path):
    """A flash and a click at the same moments come back within 5 ms of each other."""
    flashes, count = (24, 72), 97
    frames = np.full((count, 64, 64, 3), 20, np.uint8)
    sound = np.zeros((sound_length(count, 24, RATE), 2), np.float32)
    for flash in flashes:
        frames[flash] = 255
        at = flash * RATE // 24
        sound[at : at + 240] = 0.9 * np.sign(np.sin(np.arange(240) * 0.4))[:, None]
    path = encode_mp4(tmp_path / "a.mp4", frames, sound, 24, RATE)
    with av.open(str(path)) as film:
        seen = [f.time for f in film.decode(video=0) if f.to_ndarray(format="rgb24").mean() > 200]
    heard, start = decoded_sound(path)
    loud = np.abs(heard[:, 0]) > 0.45
    onsets = [i for i in np.flatnonzero(loud) if not loud[max(0, i - 2400) : i].any()]
    assert len(seen) == len(onsets) == 2
    for flash, onset in zip(seen, onsets, strict=True):
        assert abs(start + onset / RATE - flash) < 0.005


def test_colours_survive(tmp_path):
    """BT.709 in the tags and in the arithmetic; BT.601 would be off by 20 and more."""
    colours = [(255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 255), (120, 80, 200)]
    frames = np.concatenate([np.full((2, 64, 64, 3), c, np.uint8) for c in colours])
    path = encode_mp4(tmp_path / "a.mp4", frames, None, 24, RATE)
    with av.open(str(path)) as film:
        pictures = list(film.decode(video=0))
    tags = (pictures[0].colorspace, pictures[0].color_primaries, pictures[0].color_trc)
    assert [int(tag) for tag in tags] == [1, 1, 1]
    assert int(pictures[0].color_range) == 1
    for colour, picture in zip(colours, pictures[1::2], strict=True):
        seen = picture.to_ndarray(format="rgb24").reshape(-1, 3).mean(axis=0)
        assert np.abs(seen - colour).max() < 4


def test_picture_survives_at_odd_macroblocks(tmp_path):
    """250x142 is even but no multiple of 16: nothing may be cropped, padded or shifted."""
    frames = moving(5, 142, 250) // 4 + 64
    path = encode_mp4(tmp_path / "a.mp4", frames, None, 24, RATE)
    with av.open(str(path)) as film:
        seen = np.stack([f.to_ndarray(format="rgb24") for f in film.decode(video=0)])
    assert seen.shape == frames.shape
    assert np.abs(seen.astype(int) - frames).mean() < 5


def test_silent_film_has_no_sound_track(tmp_path):
    path = encode_mp4(tmp_path / "a.mp4", moving(), None, 24, RATE)
    with av.open(str(path)) as film:
        assert not film.streams.audio
        assert len(film.streams.video) == 1


def test_tags_of_any_name(tmp_path):
    tags = {"AIGC": '{"Label": "1", "名": "é"}', "title": "a film"}
    path = encode_mp4(tmp_path / "a.mp4", moving(), None, 24, RATE, tags=tags)
    with av.open(str(path)) as film:
        assert tags.items() <= film.metadata.items()


def test_index_comes_first(tmp_path):
    data = encode_mp4(tmp_path / "a.mp4", moving(), noise(), 24, RATE).read_bytes()
    assert 0 < data.index(b"moov") < data.index(b"mdat")


def test_same_input_same_bytes(tmp_path):
    first = encode_mp4(tmp_path / "a.mp4", moving(), noise(), 24, RATE)
    second = encode_mp4(tmp_path / "b.mp4", iter(moving()), noise(), 24, RATE)
    assert first.read_bytes() == second.read_bytes()


def test_progress_counts_frames(tmp_path):
    told = []
    encode_mp4(tmp_path / "a.mp4", moving(7), None, 24, RATE, progress=told.append)
    assert told == [1, 2, 3, 4, 5, 6, 7]


@pytest.mark.parametrize("error", [RuntimeError, KeyboardInterrupt, FileNotFoundError])
def test_no_half_file_is_left(tmp_path, error):
    def broken():
        yield from moving(10)
        raise error("the decoder fell over")

    with pytest.raises(error, match="fell over"):
        encode_mp4(tmp_path / "a.mp4", broken(), None, 24, RATE)
    assert list(tmp_path.iterdir()) == []


def test_a_failure_keeps_the_older_film(tmp_path):
    path = tmp_path / "a.mp4"
    path.write_bytes(b"older")
    with pytest.raises(OnereelError):
        encode_mp4(path, iter([*moving(3), np.zeros((2, 2, 3), np.uint8)]), None, 24, RATE)
    assert path.read_bytes() == b"older"
    assert os.listdir(tmp_path) == ["a.mp4"]


@pytest.mark.parametrize("lazily", [False, True])
@pytest.mark.parametrize("extra", [-1, 1, -2000, 5000])
def test_sound_must_fit_exactly(tmp_path, lazily, extra):
    sound = np.zeros((25000 + extra, 2), np.float32)
    frames = iter(moving()) if lazily else moving()
    with pytest.raises(OnereelError, match=f"{25000 + extra} samples.*exactly 25000"):
        encode_mp4(tmp_path / "a.mp4", frames, sound, 24, RATE)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("frames", "sound", "words"),
    [
        (moving(2, 64, 97), None, "97x64.*even sides.*96x64"),
        (moving(2, 63, 96), None, "96x63.*even sides.*96x62"),
        ([], None, "no frames"),
        ([np.zeros((64, 64), np.uint8)], None, r"\(64, 64\)"),
        ([np.zeros((64, 64, 3), np.float32)], None, "float32"),
        (moving(1), np.zeros((2, 1000), np.float32), r"\(2, 1000\)"),
        (moving(1), np.full((1000, 2), np.nan, np.float32), "NaN"),
    ],
)
def test_arrays_that_do_not_fit(tmp_path, frames, sound, words):
    with pytest.raises(OnereelError, match=words):
        encode_mp4(tmp_path / "a.mp4", frames, sound, 24, RATE)
    assert list(tmp_path.iterdir()) == []


def test_rate_must_be_one_aac_has(tmp_path):
    with pytest.raises(OnereelError, match="23000 Hz"):
        encode_mp4(tmp_path / "a.mp4", moving(24), np.zeros((23000, 2), np.float32), 24, 23000)


def test_check_writable(tmp_path):
    assert check_writable(str(tmp_path / "a.mp4")) == tmp_path / "a.mp4"
    assert list(tmp_path.iterdir()) == []
    (tmp_path / "d.mp4").mkdir()
    (tmp_path / "file").write_text("")
    for path, words in [
        (tmp_path / "none" / "a.mp4", "does not exist; create it"),
        (tmp_path / "d.mp4", "is a directory"),
        (tmp_path / "a.mov", "does not end in .mp4"),
        (tmp_path / "a", "does not end in .mp4"),
        (tmp_path / "file" / "a.mp4", "is not a directory"),
    ]:
        with pytest.raises(WrongUse, match=words) as caught:
            check_writable(path)
        assert "\n" not in str(caught.value)


@pytest.mark.skipif(not os.path.isdir("/proc/self"), reason="needs a directory nobody can write")
def test_check_writable_tries_even_as_root():
    with pytest.raises(WrongUse, match="Cannot write in /proc"):
        check_writable("/proc/a.mp4")


def test_encode_wav(tmp_path):
    sound = np.array([[0.0, 1.0], [-1.0, 0.5], [2.0, -2.0]], np.float32)
    path = encode_wav(tmp_path / "a.wav", sound, 24000)
    with wave.open(str(path)) as read:
        assert read.getparams()[:4] == (2, 2, 24000, 3)
        samples = np.frombuffer(read.readframes(3), "<i2").reshape(-1, 2)
    assert samples.tolist() == [[0, 32767], [-32767, 16384], [32767, -32767]]
    with pytest.raises(WrongUse, match=r"does not end in \.wav"):
        encode_wav(tmp_path / "a.mp3", sound, 24000)
