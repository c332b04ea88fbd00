"""Clips and recordings through the child process: what comes back, and everything refused."""

import contextlib
import json
import shutil
import struct
import subprocess
import sys
import time

import av
import numpy as np
import pytest

from onereel.clip import sound_length
from onereel.errors import WrongUse
from onereel.media import sandbox
from onereel.media.sandbox import read_clip, read_recording
from onereel.media.write import encode_mp4, encode_wav

RATE = 24000


def flat(levels, height=64, width=96):
    levels = np.asarray(levels, np.uint8)
    return np.ascontiguousarray(
        np.broadcast_to(levels[:, None, None, None], (len(levels), height, width, 3))
    )


def hum(count, rate=RATE):
    wave = 0.3 * np.sin(np.arange(sound_length(count, 24, rate)) * 0.1)
    return np.stack([wave, wave], axis=1).astype(np.float32)


@pytest.fixture(scope="module")
def film(tmp_path_factory):
    """49 frames with a flash and a click at 1 s."""
    frames, sound = flat([20] * 49), np.zeros((49000, 2), np.float32)
    frames[24] = 255
    sound[24000:24240] = 0.9 * np.sign(np.sin(np.arange(240) * 0.4))[:, None]
    return encode_mp4(tmp_path_factory.mktemp("film") / "film.mp4", frames, sound, 24, RATE)


def refused(path, read=read_clip, **options):
    start = time.perf_counter()
    with pytest.raises(WrongUse) as caught:
        read(path, **options)
    message = str(caught.value)
    assert time.perf_counter() - start < 10
    assert "\n" not in message
    assert message.endswith(".")
    return message


def raw_film(path, times, rate=24, size=(96, 64), codec="libx264", flags="faststart"):
    """A film with frames at any times (seconds), brightness rising, past our own writer."""
    with av.open(str(path), "w", format="mp4", options={"movflags": flags}) as out:
        stream = out.add_stream(codec, rate=rate)
        stream.width, stream.height, stream.pix_fmt = *size, "yuv420p"
        for index, at in enumerate(times):
            level = np.full((size[1], size[0], 3), 20 + 3 * (index % 70), np.uint8)
            frame = av.VideoFrame.from_ndarray(level, format="rgb24")
            frame.pts = round(at * rate)
            out.mux(stream.encode(frame))
        out.mux(stream.encode())
    return path


def test_clip_comes_back(film):
    clip = read_clip(film)
    assert clip.frames.shape == (49, 64, 96, 3)
    assert clip.frames.dtype == np.uint8
    assert clip.sound.shape == (49000, 2)
    assert (clip.fps, clip.sample_rate) == (24, 24000)
    assert clip.seconds == pytest.approx(49 / 24, abs=0.01)


@pytest.mark.parametrize("sample_rate", [24000, 48000])
def test_flash_and_click_stay_together(film, sample_rate):
    clip = read_clip(film, sample_rate=sample_rate)
    assert np.flatnonzero(clip.frames.mean(axis=(1, 2, 3)) > 200).tolist() == [24]
    onset = np.flatnonzero(np.abs(clip.sound[:, 0]) > 0.45)[0] / sample_rate
    assert abs(onset - 1.0) < 0.005


def test_other_frame_rates_keep_their_timing(tmp_path):
    """60 frames at 30 a second are 2 s: 48 at 24, each within half a frame of its moment."""
    path = raw_film(tmp_path / "a.mp4", [i / 30 for i in range(60)], rate=30)
    clip = read_clip(path)
    assert len(clip.frames) == 48
    shown = (clip.frames.mean(axis=(1, 2, 3)) - 20) / 3
    assert np.abs(shown / 30 - np.arange(48) / 24).max() < 0.5 / 24 + 0.01
    assert clip.sound is None


def test_size_crops_the_centre(tmp_path):
    frames = flat([0] * 5, 64, 128)
    frames[:, :, 32:96] = 255
    clip = read_clip(encode_mp4(tmp_path / "a.mp4", frames, None, 24, RATE), size=(96, 96))
    assert clip.frames.shape == (5, 96, 96, 3)
    assert clip.frames[2, 10:86, 10:86].min() > 230


def test_a_turned_phone_film_stands_upright(tmp_path):
    frames = flat([0] * 5, 64, 96)
    frames[:, :, :48] = 255  # left half white; a quarter clockwise puts it on top
    path = encode_mp4(tmp_path / "a.mp4", frames, None, 24, RATE)
    data, identity = (
        path.read_bytes(),
        struct.pack(">9i", 1 << 16, 0, 0, 0, 1 << 16, 0, 0, 0, 1 << 30),
    )
    track = data.index(b"tkhd")
    at = data.index(identity, track)
    turned = struct.pack(">9i", 0, 1 << 16, 0, -1 << 16, 0, 0, 64 << 16, 0, 1 << 30)
    path.write_bytes(data[:at] + turned + data[at + 36 :])
    clip = read_clip(path)
    assert clip.frames.shape == (5, 96, 64, 3)
    assert clip.frames[2, :40].min() > 230
    assert clip.frames[2, 56:].max() < 25
    assert read_clip(path, size=(64, 64)).frames.shape == (5, 64, 64, 3)


def test_recordings(tmp_path, film):
    sound = hum(48)
    path = encode_wav(tmp_path / "a.wav", sound, RATE)
    assert np.abs(read_recording(path) - sound).max() < 1e-4
    assert read_recording(path, rate=48000).shape == (96000, 2)
    with av.open(str(tmp_path / "a.mp3"), "w") as out:
        stream = out.add_stream("libmp3lame", rate=RATE, layout="mono")
        for at in range(0, 48000, 1152):
            block = np.ascontiguousarray(sound[at : at + 1152, :1].T)
            frame = av.AudioFrame.from_ndarray(block, "fltp", "mono")
            frame.sample_rate, frame.pts = RATE, at
            out.mux(stream.encode(frame))
        out.mux(stream.encode())
    heard = read_recording(tmp_path / "a.mp3")
    assert abs(len(heard) - 48000) < 2400
    assert (heard[:, 0] == heard[:, 1]).all()
    assert heard.std() == pytest.approx(sound.std(), rel=0.05)  # not 3 dB down
    assert read_recording(film).shape[1] == 2


@pytest.mark.parametrize(
    "text",
    [
        "#EXTM3U\n#EXTINF:10,\n/etc/passwd\n#EXT-X-ENDLIST\n",
        "ffconcat version 1.0\nfile /etc/passwd\n",
        "just words\n",
        "<svg xmlns='http://www.w3.org/2000/svg'/>",
    ],
)
def test_playlists_and_text_posing_as_films(tmp_path, text):
    (tmp_path / "a.mp4").write_text(text * 50)
    assert "not an mp4 or mov film" in refused(tmp_path / "a.mp4")
    (tmp_path / "a.wav").write_text(text)
    assert "not a wav, mp3 or m4a" in refused(tmp_path / "a.wav", read_recording)


def test_ftyp_in_front_does_not_help(tmp_path):
    """The magic bytes may be right and all the rest a playlist."""
    head = struct.pack(">I4s4sI", 16, b"ftyp", b"isom", 512)
    (tmp_path / "a.mp4").write_bytes(head + b"#EXTM3U\n/etc/passwd\n" * 50)
    assert "cut short" in refused(tmp_path / "a.mp4")
    (tmp_path / "b.mp4").write_bytes(head)
    assert "cut short" in refused(tmp_path / "b.mp4")
    (tmp_path / "c.mp3").write_bytes(b"ID3\x04\0\0\0\0\0\0" + b"#EXTM3U\n/etc/passwd\n" * 50)
    assert "c.mp3" in refused(tmp_path / "c.mp3", read_recording)


def test_nothing_to_read(tmp_path):
    for read in (read_clip, read_recording):
        assert "does not exist" in refused(tmp_path / "none.mp4", read)
        assert "is a directory" in refused(tmp_path, read)
        (tmp_path / "a.mp4").write_bytes(b"")
        assert "is empty" in refused(tmp_path / "a.mp4", read)


def test_ten_hours(tmp_path):
    path = raw_film(tmp_path / "a.mp4", [0, 36000], rate=1)
    message = refused(path)
    assert "lasts 3600" in message
    assert "at most 15 s" in message


def test_a_length_that_is_not_told_is_still_counted(tmp_path):
    """A fragmented film has no duration in its header; decoding stops at the cap."""
    times = [i / 24 for i in range(480)]
    path = raw_film(tmp_path / "a.mp4", times, flags="frag_keyframe+empty_moov")
    assert "at most 15 s" in refused(path)


def test_a_length_told_falsely_is_still_counted(tmp_path):
    path = raw_film(tmp_path / "a.mp4", list(range(60)), rate=1)
    data = bytearray(path.read_bytes())
    for name in (b"mvhd", b"mdhd"):
        at = data.index(name) + 20  # version, flags, created, changed, scale; then the duration
        data[at : at + 4] = struct.pack(">I", struct.unpack(">I", data[at - 4 : at])[0] * 2)
    path.write_bytes(data)
    assert "at most 15 s" in refused(path)


def test_long_recording(tmp_path):
    path = encode_wav(tmp_path / "a.wav", np.zeros((16 * 8000, 2), np.float32), 8000)
    assert "lasts 16.0 s" in refused(path, read_recording)


def test_truncated(tmp_path, film):
    data = film.read_bytes()
    for part in (0.95, 0.5, 0.02):
        (tmp_path / "a.mp4").write_bytes(data[: int(len(data) * part)])
        assert "cut short" in refused(tmp_path / "a.mp4")


def test_sound_without_picture_and_picture_without_sound(tmp_path):
    with av.open(str(tmp_path / "a.mp4"), "w") as out:
        stream = out.add_stream("aac", rate=RATE, layout="stereo")
        frame = av.AudioFrame.from_ndarray(np.zeros((2, 1024), np.float32), "fltp", "stereo")
        frame.sample_rate, frame.pts = RATE, 0
        out.mux(stream.encode(frame))
        out.mux(stream.encode())
    assert "no moving picture" in refused(tmp_path / "a.mp4")
    silent = encode_mp4(tmp_path / "b.mp4", flat([9] * 5), None, 24, RATE)
    assert read_clip(silent).sound is None
    assert "holds no sound" in refused(silent, read_recording)


def test_sizes_and_codecs(tmp_path):
    wide = raw_film(tmp_path / "a.mp4", [0, 0.1], size=(320, 64))
    assert "5.00 times as wide" in refused(wide)
    small = raw_film(tmp_path / "b.mp4", [0, 0.1], size=(48, 48))
    assert "side of 48 pixels" in refused(small)
    other = raw_film(tmp_path / "c.mp4", [0, 0.1], codec="mpeg4")
    assert "picture codec that is not read" in refused(other)


def test_too_many_frames(tmp_path):
    path = raw_film(tmp_path / "a.mp4", [i / 1000 for i in range(2500)], rate=1000, size=(64, 64))
    assert "more than 2400 frames" in refused(path)


def test_full_size_that_does_not_fit(film, monkeypatch):
    monkeypatch.setattr(sandbox, "LARGEST_DECODED_BYTES", 10 * 64 * 96 * 3)
    assert "too large to hold" in refused(film)


def test_the_clock_kills_the_child(film, monkeypatch):
    monkeypatch.setattr(sandbox, "WALL_SECONDS", 0.05)
    assert "takes too long" in refused(film)


def test_processor_time_runs_out(tmp_path, monkeypatch):
    monkeypatch.setattr(sandbox, "CPU_SECONDS", 1)
    path = raw_film(tmp_path / "a.mp4", [i / 24 for i in range(360)], size=(96, 64))
    assert "takes too long" in refused(path, size=(960, 640), fps=60)


def test_memory_runs_out(film, monkeypatch):
    monkeypatch.setattr(sandbox, "MEMORY_BYTES", 96 * 2**20)
    assert "too much memory" in refused(film)


HEADER = b'H\0\0\0\x1b{"width": 96, "height": 64}'
FRAME = struct.pack(">cI", b"V", 96 * 64 * 3) + bytes(96 * 64 * 3)
END_FIELDS = (
    b'{"seconds": 1, "picture_start": 0, "sound_start": 0, "width": 96, "height": 64, "fps": 24}'
)
END = struct.pack(">cI", b"E", len(END_FIELDS)) + END_FIELDS


def test_the_blocks_below_are_well_formed(tmp_path, film, monkeypatch):
    child = tmp_path / "child.py"
    child.write_text(f"import os\nos.write(1, {HEADER + 2 * FRAME + END!r})\n")
    monkeypatch.setattr(sandbox, "CHILD", child)
    assert len(read_clip(film).frames) == 2


@pytest.mark.parametrize(
    "block",
    [
        HEADER + END,
        HEADER + FRAME + HEADER + END,
        HEADER + FRAME,
        HEADER + struct.pack(">cI", b"V", 5) + b"hello" + END,
        HEADER + struct.pack(">cI", b"V", 96 * 64 * 3 + 1) + bytes(96 * 64 * 3 + 1) + END,
        b"",
        b"Z\0\0\0\0",
        b"V\0\0\0\x01x",
        b"H\xff\xff\xff\xff",
        b"H\0\0\0\x04null",
        b"H\0\0\0\x02{}",
        b'H\0\0\0\x1b{"width": 1e99, "height": 1}',
        b"A\0\0\0\x07abcdefg",
        b"A\xff\xff\xff\xf8",
        b'X\0\0\0\x1d{"code":"\\nroot","number":1.0}',
        b'E\0\0\0\x3d{"seconds": NaN, "picture_start": 0, "sound_start": Infinity}',
    ],
)
def test_a_child_turned_hostile_is_not_believed(tmp_path, film, monkeypatch, block):
    child = tmp_path / "child.py"
    child.write_text(f"import os\nos.write(1, {block!r})\n")
    monkeypatch.setattr(sandbox, "CHILD", child)
    assert "is damaged" in refused(film)


def test_no_file_can_be_opened_while_decoding(tmp_path, film):
    """The child's limit on open files, tried out: after it, even its own script is out of reach."""
    source = sandbox.CHILD.read_text()
    probe = "    with container:\n        open(__file__)\n"
    assert "    with container:\n" in source
    (tmp_path / "child.py").write_text(source.replace("    with container:\n", probe))
    task = sandbox._task("recording", "mp4", 15.5, RATE)
    for script, ended in ((tmp_path / "child.py", b"X"), (sandbox.CHILD, b"H")):
        with film.open("rb") as file:
            done = subprocess.run(
                [sys.executable, "-I", str(script), json.dumps(task)],
                stdin=file,
                capture_output=True,
                check=True,
            )
        assert done.stdout[:1] == ended


def test_flipped_bytes_are_read_or_refused(tmp_path, film):
    data, generator = film.read_bytes(), np.random.default_rng(0)
    for _ in range(8):
        broken = bytearray(data)
        for at in generator.integers(0, len(data), 12):
            broken[at] = generator.integers(0, 256)
        path = tmp_path / "a.mp4"
        path.write_bytes(broken)
        with contextlib.suppress(WrongUse):
            assert read_clip(path).frames.shape[0] > 0


def test_mov_is_read_too(tmp_path, film):
    shutil.copy(film, tmp_path / "a.MOV")
    assert len(read_clip(tmp_path / "a.MOV").frames) == 49


def test_the_files_own_size_and_rate_are_told(film):
    clip = read_clip(film, fps=8, size=(64, 64))
    assert clip.source_size == (96, 64) and abs(clip.source_fps - 24) < 0.5
