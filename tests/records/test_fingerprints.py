"""Copies are recognised after what people do to films; films that are only alike are not."""

import io

import av
import numpy as np
import pdqhash
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from toy_records import make_fingerprints

from onereel.backlot.script import write_script
from onereel.backlot.shoot import shoot
from onereel.errors import OnereelError
from onereel.records.fingerprints import (
    PICTURE_SHARE,
    SOUND_SHARE,
    Fingerprints,
    compare,
    crop_boxes,
    fingerprint,
    fingerprint_sound,
    mirror_mask,
)

FPS, RATE = 24, 24_000
SEEDS = (71, 83, 42)  # two of one set, one of another


@pytest.fixture(scope="module")
def takes():
    return [shoot(write_script(seed, 4, 256, 144)) for seed in SEEDS]


@pytest.fixture(scope="module")
def registered(takes):
    return [fingerprint(take.frames, FPS, take.sound, RATE) for take in takes]


def resized(frames, width, height):
    return np.stack([np.asarray(Image.fromarray(one).resize((width, height))) for one in frames])


def encoded(frames, crf):
    buffer = io.BytesIO()
    with av.open(buffer, "w", format="mp4") as out:
        stream = out.add_stream("libx264", rate=FPS, options={"crf": str(crf)})
        stream.height, stream.width = frames.shape[1:3]
        stream.pix_fmt = "yuv420p"
        for one in frames:
            out.mux(stream.encode(av.VideoFrame.from_ndarray(np.ascontiguousarray(one))))
        out.mux(stream.encode())
    buffer.seek(0)
    with av.open(buffer) as film:
        return np.stack([one.to_ndarray(format="rgb24") for one in film.decode(video=0)])


def bordered(frames, colour=0):
    return np.pad(frames, ((0, 0), (14, 14), (25, 25), (0, 0)), constant_values=colour)


def speeded(sound, rate):
    at = np.arange(int(len(sound) / rate)) * rate
    return np.stack(
        [np.interp(at, np.arange(len(sound)), sound[:, side]) for side in (0, 1)], axis=1
    ).astype(np.float32)


PICTURE_ATTACKS = {
    "nothing": lambda frames: frames,
    "crf 32": lambda frames: encoded(frames, 32),
    "half size": lambda frames: resized(frames, 128, 72),
    "crop 10 %": lambda frames: frames[:, 7:-7, 13:-13],
    "crop 7 % off the centre": lambda frames: frames[:, 3:-7, 12:-6],
    "mirror": lambda frames: frames[:, :, ::-1],
    "mirror and crop": lambda frames: frames[:, 7:-7, 13:-13][:, :, ::-1],
    "black border": bordered,
    "white border": lambda frames: bordered(frames, 255),
    "square": lambda frames: frames[:, :, 56:-56],
    "trim a quarter second": lambda frames: frames[6:],
    "trim a third": lambda frames: frames[33:],
    "inside a longer film": lambda frames: np.concatenate([np.flip(frames, 1), frames]),
    "one frame": lambda frames: frames[48:49],
    "grey and brighter": lambda frames: np.repeat(
        np.clip(frames.mean(-1, keepdims=True) * 0.9 + 30, 0, 255).astype(np.uint8), 3, axis=3
    ),
}
SOUND_ATTACKS = {
    "nothing": lambda sound: sound,
    "quieter": lambda sound: 0.1 * sound,
    "mono": lambda sound: np.repeat(sound.mean(1, keepdims=True), 2, axis=1),
    "3 % faster": lambda sound: speeded(sound, 1.03),
    "5 % slower": lambda sound: speeded(sound, 0.95),
    "a cut of 3 s": lambda sound: sound[11_111 : 11_111 + 3 * RATE],
    "noise": lambda sound: (
        sound + np.random.default_rng(0).normal(0, 0.05 * sound.std(), sound.shape)
    ).astype(np.float32),
}


@pytest.mark.parametrize("attack", PICTURE_ATTACKS)
def test_a_copied_picture_is_found_and_an_unrelated_one_is_not(takes, registered, attack):
    copy = np.ascontiguousarray(PICTURE_ATTACKS[attack](takes[0].frames))
    query = fingerprint(copy, FPS, query=True)
    found = compare(registered[0], query)
    assert found.picture >= PICTURE_SHARE and found.sound is None
    assert [compare(other, query).picture for other in registered[1:]] == [0, 0]


@pytest.mark.parametrize("attack", SOUND_ATTACKS)
def test_a_copied_sound_is_found_and_an_unrelated_one_is_not(takes, registered, attack):
    for own in range(len(takes)):
        query = fingerprint_sound(SOUND_ATTACKS[attack](takes[own].sound), RATE)
        for other, known in enumerate(registered):
            found = compare(known, query)
            assert found.picture is None
            assert (found.sound >= SOUND_SHARE) == (own == other), (attack, own, other, found)


def test_what_says_nothing_cannot_be_told(registered):
    flat = fingerprint(np.full((25, 90, 160, 3), 128, np.uint8), FPS, query=True)
    silent = fingerprint_sound(np.zeros((4 * RATE, 2), np.float32), RATE)
    short = fingerprint_sound(np.ones((RATE, 2), np.float32), RATE)
    tiny = fingerprint_sound(np.ones((10, 2), np.float32), RATE)
    for query in (flat, silent, short, tiny):
        found = compare(registered[0], query)
        assert (found.picture, found.sound) == (None, None)
        assert compare(query, query) == found


def test_the_first_crop_is_the_pdq_hash_as_others_compute_it(takes):
    for take in takes:
        frame = take.frames[0]
        ours = np.unpackbits(fingerprint(frame[None], FPS).pictures[0, 0].view(np.uint8))
        theirs, _ = pdqhash.compute(frame)
        mirrored, _ = pdqhash.compute(np.ascontiguousarray(frame[:, ::-1]))
        flipped = ours ^ np.unpackbits(np.asarray(mirror_mask()).view(np.uint8))
        # PDQ's own bound for one picture is 31 bits; chance is 128.
        assert np.count_nonzero(ours != theirs) <= 31
        assert np.count_nonzero(flipped != mirrored) <= 31


@pytest.mark.parametrize("aspect", [21 / 9, 16 / 9, 1.0, 9 / 16, 0.4])
def test_crops_lie_inside_the_frame(aspect):
    boxes = np.array(crop_boxes(aspect))
    assert boxes.min() >= 0 and boxes.max() <= 1 + 1e-9
    assert (boxes[:, 2:] - boxes[:, :2] > 0.2).all()


@settings(max_examples=30)
@given(st.integers(0, 2**32), st.integers(0, 9), st.integers(0, 40))
def test_bytes_hold_everything(seed, samples, words):
    prints = make_fingerprints(seed, samples, words)
    back = Fingerprints.from_bytes(prints.to_bytes())
    assert back.to_bytes() == prints.to_bytes()
    assert (back.pictures == prints.pictures).all() and (back.sound == prints.sound).all()
    assert (back.heard == prints.heard).all() and back.seconds == prints.seconds


@settings(max_examples=30)
@given(st.binary(max_size=60), st.integers(0, 400))
def test_damaged_bytes_are_told(junk, cut):
    whole = make_fingerprints(1).to_bytes()
    for data in (junk, whole[:cut], whole + b"x"):
        with pytest.raises(OnereelError, match="damaged"):
            Fingerprints.from_bytes(data)
