"""The sound's watermark: read through codecs, cuts and speeds, quiet, and never where it is not."""

import io

import av
import numpy as np
import pytest

from onereel.marks.sound import KEY, find_sound_mark, mark_sound

RATE = 24_000
RECORD = "0123456789ab"


def scene(seconds=4.0, rate=RATE, seed=0):
    """Chords, steps and a room's hum: (samples, 2) float32 at about -23 dBFS."""
    rng = np.random.default_rng(seed)
    time = np.arange(round(seconds * rate)) / rate
    hum = rng.standard_normal((len(time), 2))
    hum = 0.3 * np.cumsum(hum - hum.mean(0), axis=0) / 40 + 0.03 * hum
    out = 0.05 * (hum - hum.mean(0))
    for start in np.arange(0.2, seconds, 0.5):
        since = np.maximum(time - start, 0)
        tone = sum(np.sin(2 * np.pi * 220 * 2 ** (k / 12) * since) for k in rng.choice(24, 3))
        out += (0.06 * tone * np.exp(-since / 0.4) * (since > 0))[:, None]
        step = rng.standard_normal(len(time)) * np.exp(-since / 0.03) * (since > 0)
        out += 0.2 * step[:, None] * rng.uniform(0.4, 1, 2)
    return np.clip(out, -1, 1).astype(np.float32)


def through_codec(sound, codec, container, rate=RATE, bit_rate=64_000):
    file = io.BytesIO()
    with av.open(file, "w", format=container) as out:
        stream = out.add_stream(codec, rate=rate)
        stream.bit_rate, stream.layout = bit_rate, "stereo"
        size = 1024 if codec == "aac" else 576
        resampler = av.AudioResampler(stream.format, "stereo", rate, frame_size=size)
        frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(sound.T), "fltp", "stereo")
        frame.sample_rate, frame.pts = rate, 0
        for piece in [*resampler.resample(frame), *resampler.resample(None)]:
            out.mux(stream.encode(piece))
        out.mux(stream.encode(None))
    file.seek(0)
    with av.open(file) as back:
        return np.concatenate([one.to_ndarray() for one in back.decode(audio=0)], axis=1).T


def at_speed(sound, speed):
    """Played faster: sampled at other moments, linearly from four times the rate."""
    fine = np.fft.irfft(np.fft.rfft(sound, axis=0), 4 * len(sound), axis=0) * 4
    at = np.arange(0, len(sound) - 2, speed) * 4
    columns = [np.interp(at, np.arange(len(fine)), column) for column in fine.T]
    return np.stack(columns, axis=1).astype(np.float32)


@pytest.fixture(scope="module")
def clean():
    return scene()


@pytest.fixture(scope="module")
def marked(clean):
    return mark_sound(clean, RATE, RECORD)


ATTACKS = {
    "none": lambda x: (x, RATE),
    "aac": lambda x: (through_codec(x, "aac", "adts"), RATE),
    "mp3": lambda x: (through_codec(x, "libmp3lame", "mp3"), RATE),
    "slower": lambda x: (at_speed(x, 0.9713), RATE),
    "slowest": lambda x: (at_speed(x, 0.95), RATE),
    "faster and aac": lambda x: (through_codec(at_speed(x, 1.05), "aac", "adts"), RATE),
    "start cut": lambda x: (x[round(0.737 * RATE) :], RATE),
    "mono": lambda x: (x.mean(1, keepdims=True), RATE),
    "quieter": lambda x: (0.05 * x, RATE),
    "called by another rate": lambda x: (at_speed(x, RATE / 22_050), 22_050),
    "16 bit": lambda x: (np.round(x * 32767) / 32767, RATE),
}


@pytest.mark.parametrize("attack", ATTACKS)
def test_reads_the_record(marked, attack):
    sound, rate = ATTACKS[attack](marked)
    found = find_sound_mark(sound, rate)
    assert (found.state, found.record) == ("read", RECORD)
    assert found.false_alarm < 1e-9
    assert found.start < 0.6
    assert found.end > len(sound) / rate - 0.6


@pytest.mark.parametrize("rate", [8000, 16_000, 44_100, 48_000])
def test_any_rate(rate):
    found = find_sound_mark(mark_sound(scene(rate=rate), rate, RECORD), rate)
    assert found.record == RECORD


@pytest.mark.parametrize("record", ["000000000000", "ffffffffffff", "8000deadbeef"])
def test_any_record(clean, record):
    assert find_sound_mark(mark_sound(clean, RATE, record), RATE).record == record


def test_hidden_and_deterministic(clean, marked):
    added = marked - clean
    assert 18 < 10 * np.log10((clean**2).mean() / (added**2).mean()) < 40
    assert marked.dtype == np.float32
    assert marked.shape == clean.shape
    assert np.abs(marked).max() <= 1
    np.testing.assert_array_equal(marked, mark_sound(clean, RATE, RECORD))


def test_full_scale_stays_in_range(clean):
    loud = np.clip(10 * clean, -1, 1)
    marked = mark_sound(loud, RATE, RECORD)
    assert np.abs(marked).max() == 1
    assert find_sound_mark(marked, RATE).record == RECORD


def test_unmarked_is_absent(clean):
    found = find_sound_mark(clean, RATE)
    assert (found.state, found.record, found.start) == ("absent", None, None)
    assert found.score < 8


def test_another_key_finds_nothing(marked):
    assert find_sound_mark(marked, RATE, key=b"another").state == "absent"
    assert find_sound_mark(marked, RATE, key=KEY).state == "read"


def test_silence_stays_silent_and_tells_nothing():
    silence = np.zeros((4 * RATE, 2), np.float32)
    np.testing.assert_array_equal(mark_sound(silence, RATE, RECORD), silence)
    assert find_sound_mark(silence, RATE).state == "cannot tell"


def test_pauses_do_not_hiss(clean):
    """Half a second of nothing inside a film stays as it was, but for the edges of a frame."""
    paused = clean.copy()
    pause = slice(2 * RATE, round(2.5 * RATE))
    paused[pause] = 0
    added = mark_sound(paused, RATE, RECORD) - paused
    inside = added[pause.start + RATE // 20 : pause.stop - RATE // 20]
    assert np.abs(inside).max() < 1e-6
    # Nothing to be heard of it before the sound comes back, either.
    before = added[pause.stop - RATE // 50 : pause.stop]
    assert np.abs(before).max() < 1e-3


@pytest.mark.parametrize("samples", [0, 1, 100, RATE // 3])
def test_very_short(clean, samples):
    piece = mark_sound(clean[:samples], RATE, RECORD)
    assert piece.shape == (samples, 2)
    assert find_sound_mark(piece, RATE).state == "cannot tell"


def test_hostile_numbers():
    for value in (np.nan, np.inf, 1e30, 1.0):
        found = find_sound_mark(np.full((2 * RATE, 2), value, np.float32), RATE)
        assert found.state in ("absent", "cannot tell")


@pytest.mark.parametrize("at", [5.0, 20.0])
def test_spliced_into_other_sound(marked, at):
    """Three seconds of ours inside 24 of another's: read, and where."""
    other = scene(24.0, seed=1)
    spliced = np.concatenate(
        [other[: round(at * RATE)], marked[: 3 * RATE], other[round(at * RATE) :]]
    )
    found = find_sound_mark(spliced, RATE)
    assert found.record == RECORD
    assert found.start == pytest.approx(at, abs=0.6)
    assert found.end == pytest.approx(at + 3, abs=0.6)


def test_a_piece_of_a_long_film():
    long = mark_sound(scene(15.0), RATE, RECORD)
    assert find_sound_mark(long[6 * RATE : 10 * RATE], RATE).record == RECORD
