"""The model's frames at the API's sizes: cut at the centre, never squeezed, never barred."""

import numpy as np
import pytest

from onereel.clip import Clip, Record, new_id
from onereel.marks.verify import verify
from onereel.records.home import Home
from onereel.service.deliver import resized, write_outputs
from onereel.service.sizes import RATIOS, SIZES, output_size, tokens


def clip(width: int, height: int, count: int = 9) -> Clip:
    """Left half black, right half white, with a grey line along the top."""
    frames = np.zeros((count, height, width, 3), np.uint8)
    frames[:, :, width // 2 :] = 255
    frames[:, 0] = 128
    record = Record(new_id(), "x", 1, 4, width, height, count, 2, "toy", "0")
    return Clip(frames, None, 24, 24000, record)


def test_a_film_of_its_own_size_is_left_alone(tmp_path):
    film = clip(64, 36)
    assert resized(film, (64, 36), tmp_path / "raw") is film


def test_a_wider_frame_loses_top_and_bottom_alike(tmp_path):
    film = resized(clip(64, 36), (256, 100), tmp_path / "raw")
    assert film.frames.shape == (9, 100, 256, 3)
    assert (film.record.width, film.record.height) == (256, 100)
    picture = film.frames[4, :, :, 0]
    assert (picture[:, :120] < 40).all() and (picture[:, 136:] > 215).all()


def test_a_narrower_frame_loses_both_sides_alike(tmp_path):
    picture = resized(clip(64, 36), (72, 144), tmp_path / "raw").frames[0, 20:, :, 0]
    assert (picture[:, :30] < 40).all() and (picture[:, 42:] > 215).all()


def test_outputs_are_whole_and_the_scratch_is_gone(tmp_path):
    folder, home = tmp_path / "films", Home(tmp_path / "home")
    folder.mkdir()
    made = write_outputs(folder, clip(64, 36, 25), (256, 144), home=home, whole=False)
    assert sorted(path.name for path in folder.iterdir()) == [
        "film.mp4", "last-frame.png", "spritesheet.jpg", "thumbnail.jpg"
    ]  # fmt: skip
    for path in (made.film, made.last_frame, made.thumbnail, made.spritesheet):
        report = verify(path, home=home)
        assert report.ours is True and report.credentials.state == "trusted"


@pytest.mark.parametrize("resolution", SIZES)
def test_every_size_can_be_encoded_and_is_near_its_ratio(resolution):
    for ratio in RATIOS:
        width, height = output_size(resolution, ratio)
        across, down = (int(number) for number in ratio.split(":"))
        assert width % 2 == height % 2 == 0
        assert abs(width / height / (across / down) - 1) < 0.03


def test_usage_is_the_published_figure():
    assert tokens(1280, 720, 121) == 108_900
    assert tokens(1920, 1080, 121) == 245_025
