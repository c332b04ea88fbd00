"""With nothing stood in for: a film is written, damaged, and still known."""

from dataclasses import replace

import numpy as np
import pytest

from onereel.backlot.script import HELD_OUT, write_script
from onereel.backlot.shoot import shoot
from onereel.clip import FPS, SAMPLE_RATE, Clip, Record
from onereel.marks.film import write_film, write_sound, write_still
from onereel.marks.label import Label
from onereel.marks.verify import verify
from onereel.media.write import encode_mp4
from onereel.records.auditor import verify_log
from onereel.records.home import Home

RECORD = Record(
    id="0f3ac9175be2", prompt="a test", seed=1, seconds=2, width=512, height=288, frames=48,
    steps=4, model="toy", weights_hash="0" * 64,
)  # fmt: skip


@pytest.fixture(scope="module")
def film() -> Clip:
    take = shoot(write_script(HELD_OUT.start + 7, 2.0, 512, 288))
    return Clip(take.frames, take.sound, FPS, SAMPLE_RATE, replace(RECORD, frames=len(take.frames)))


@pytest.fixture(scope="module")
def written(film, tmp_path_factory):
    folder = tmp_path_factory.mktemp("written")
    home = Home(folder / "home")
    write_film(folder / "film.mp4", film, home=home)
    write_still(folder / "last.png", film, home=home)
    write_sound(folder / "sound.wav", film, home=home)
    return folder


@pytest.mark.parametrize("name", ["film.mp4", "last.png", "sound.wav"])
def test_everything_written_says_what_it_is(written, name):
    report = verify(written / name, home=Home(written / "home"))
    assert report.ours is True
    assert report.record is not None and report.record["id"] == RECORD.id
    assert report.credentials.state == "trusted"
    assert report.metadata.signature == "valid"
    for mark in (report.picture, report.sound):
        assert mark is None or (mark.state, mark.record) == ("read", RECORD.id)


def test_the_log_holds(written):
    assert verify_log(Home(written / "home")).intact


def test_a_stripped_copy_is_still_ours_anywhere(written, film, tmp_path):
    """Another installation, without the record: the watermarks alone tell."""
    from onereel.media.sandbox import read_clip

    clip = read_clip(written / "film.mp4", FPS, 20, None, SAMPLE_RATE)
    copy = tmp_path / "copy.mp4"
    encode_mp4(copy, np.ascontiguousarray(clip.frames[:, :, ::-1]), None, FPS, SAMPLE_RATE)
    report = verify(copy, home=Home(tmp_path / "elsewhere"))
    assert report.credentials.state == "none"
    assert report.picture is not None and report.picture.record == RECORD.id
    assert report.ours is True


def test_a_foreign_film_is_not_ours(film, tmp_path):
    plain = tmp_path / "plain.mp4"
    encode_mp4(plain, film.frames, film.sound, FPS, SAMPLE_RATE)
    assert verify(plain, home=Home(tmp_path / "home")).ours is False


def test_the_label_is_the_only_choice(film, tmp_path):
    write_film(tmp_path / "film.mp4", film, home=Home(tmp_path / "home"), label=Label("none"))
    report = verify(tmp_path / "film.mp4", home=Home(tmp_path / "home"))
    assert report.picture is not None and report.picture.state == "read"
