"""Reading a film with the networks: shapes, ranges, windows that cover everything."""

from pathlib import Path

import numpy as np
import pytest
import torch

from onereel.errors import WrongUse
from onereel.evaluate.examiner import (
    WINDOW,
    load_examiner,
    peak_places,
    read_film,
    save_examiner,
    window_starts,
)
from onereel.evaluate.reading import ANY_OF, HEAR_RATE, JOINTS, ONE_OF
from onereel.evaluate.senses import examined_size, heard, small_frames
from onereel.model.weights import PACKAGED


@pytest.mark.parametrize("count", [1, 2, 31, 97])
def test_a_reading_has_a_row_for_every_frame(toy_examiner, count):
    rng = np.random.default_rng(0)
    frames = rng.integers(0, 255, (count, 36, 64, 3), np.uint8)
    sound = rng.standard_normal((count * 1000, 2), np.float32) * 0.1
    reading = read_film(toy_examiner, frames, sound)
    for name in ("cut", "contact", "mouth", "joints", "seen", "camera_motion", "person"):
        assert len(getattr(reading, name)) == count, name
    assert reading.joints.shape == (count, len(JOINTS), 2)
    assert reading.cut[0] == 0 and not reading.camera_motion[0].any()
    assert len(reading.onset) == round(np.ceil(count * HEAR_RATE / 24))
    assert {*reading.film} == {*ONE_OF, *ANY_OF}
    for name in ONE_OF:
        assert reading.film[name].sum() == pytest.approx(1, abs=1e-4)
    assert np.linalg.norm(reading.person, axis=1) == pytest.approx(1, abs=1e-3)


def test_a_silent_film_has_no_sound_to_read(toy_examiner):
    reading = read_film(toy_examiner, np.zeros((24, 36, 64, 3), np.uint8), None)
    assert len(reading.onset) == 0 and "sound" not in reading.film and "mood" not in reading.film


def test_sound_is_read_without_the_picture(toy_examiner):
    rng = np.random.default_rng(1)
    sound = rng.standard_normal((24000, 2), np.float32) * 0.1
    dark, light = (np.full((24, 36, 64, 3), value, np.uint8) for value in (0, 255))
    one, other = (read_film(toy_examiner, frames, sound) for frames in (dark, light))
    assert np.array_equal(one.onset, other.onset)
    assert not np.array_equal(one.mouth, other.mouth)
    deaf = read_film(toy_examiner, dark, sound * 0)
    assert np.array_equal(one.mouth, deaf.mouth)


def test_windows_cover_every_frame():
    for count in (1, 32, 33, 97, 361):
        starts = window_starts(count)
        covered = {t for start in starts for t in range(start, start + WINDOW)}
        assert covered >= set(range(count))
        assert starts[-1] + WINDOW >= count


def test_peaks_fall_between_cells():
    heat = torch.full((1, 1, 6, 8), -20.0)
    heat[0, 0, 2, 3] = heat[0, 0, 2, 4] = 5.0
    places, share = peak_places(heat)
    assert places[0, 0].tolist() == pytest.approx([4 / 8, 2.5 / 6], abs=1e-3)
    assert share[0, 0] == pytest.approx(1, abs=1e-3)


def test_every_film_is_examined_at_one_size():
    for width, height in ((1280, 720), (256, 144), (144, 256), (992, 432)):
        wide, high = examined_size(width, height)
        assert wide * high == pytest.approx(160 * 90, rel=0.02)
        assert wide / high == pytest.approx(width / height, rel=0.02)
    assert small_frames(np.zeros((3, 288, 512, 3), np.uint8)).shape == (3, 90, 160, 3)


def test_ears_are_told_apart():
    sound = np.zeros((24000, 2), np.float32)
    sound[:, 0] = np.random.default_rng(0).standard_normal(24000) * 0.1
    left = heard(sound)
    assert left.shape == (100, 128)
    assert (left[:, 64:] > 1).mean() > 0.9
    assert np.allclose(heard(sound[:, ::-1])[:, 64:], -left[:, 64:], atol=1e-5)


def test_weights_come_back_as_they_were(toy_examiner, tmp_path: Path):
    save_examiner(tmp_path, toy_examiner.networks, toy_examiner.cfg, "float32")
    again = load_examiner(tmp_path)
    assert again.cfg == toy_examiner.cfg
    frames = np.full((8, 36, 64, 3), 90, np.uint8)
    assert np.array_equal(
        read_film(again, frames, None).features, read_film(toy_examiner, frames, None).features
    )
    next(tmp_path.glob("*.safetensors")).write_bytes(b"no")
    with pytest.raises(WrongUse, match="can't be read"):
        load_examiner(tmp_path)
    assert sum(one.stat().st_size for one in (PACKAGED / "examiner").glob("*")) < 10e6
