"""The label as it stands in decoded files: high enough, legible, there for long enough."""

import av
import numpy as np
import pytest

from onereel.errors import WrongUse
from onereel.marks.film import write_film
from onereel.marks.label import TEXTS, Label, draw_label, plate
from onereel.media.write import encode_mp4

SIZES = [(288, 512), (512, 288), (480, 480), (720, 1280), (1280, 720), (1080, 1920)]


def decoded(path):
    with av.open(str(path)) as film:
        return np.stack([one.to_ndarray(format="rgb24") for one in film.decode(video=0)])


def glyph_heights(picture, behind):
    """Heights in pixels of the bright columns' runs: one for each letter that stands apart."""
    high = len(plate(min(picture.shape[:2]), "en"))
    grey = picture.astype(float).mean(axis=2)
    ink = grey > (255 + behind) / 2
    edge = round(0.04 * min(picture.shape[:2]))
    # Inside the rim of the plate.
    rim = max(3, high // 8)
    ink = ink[-edge - high + rim : -edge - rim]
    columns = np.flatnonzero(ink.any(axis=0))
    runs = np.split(columns, np.flatnonzero(np.diff(columns) > 1) + 1)
    return [np.ptp(np.flatnonzero(ink[:, run].any(axis=1))) + 1 for run in runs if len(run) > 1]


@pytest.mark.parametrize("language", TEXTS)
@pytest.mark.parametrize(("height", "width"), SIZES)
def test_every_glyph_is_high_enough(tmp_path, height, width, language):
    """Measured after H.264, on mid grey; of the English hyphen only that it is there."""
    frames = np.full((2, height, width, 3), 90, np.uint8)
    draw_label(frames, 24, Label("whole", language))
    picture = decoded(encode_mp4(tmp_path / "a.mp4", frames, None, 24, 24_000))[0]
    heights = glyph_heights(picture, 90 * 0.38)
    if language == "en":
        assert len(heights) == len(TEXTS["en"])
        heights.remove(min(heights))  # the hyphen
    assert min(heights) >= 0.05 * min(height, width)


@pytest.mark.parametrize("language", TEXTS)
@pytest.mark.parametrize("level", [0, 60, 128, 200, 255, None])
def test_legible_on_anything(level, language):
    """WCAG 2.1 contrast of letters to plate: 4.5 at least, on noise too."""
    shape = (1, 288, 512, 3)
    noise = np.random.default_rng(0).integers(0, 256, shape, np.uint8)
    frames = noise if level is None else np.full(shape, level, np.uint8)
    draw_label(frames, 24, Label("whole", language))
    cover, grey = np.moveaxis(plate(288, language), -1, 0)
    high, wide = cover.shape
    edge = round(0.04 * 288)
    there = frames[0, -edge - high : -edge, -edge - wide : -edge].astype(float) / 255
    light = (((there + 0.055) / 1.055) ** 2.4).mean(axis=2)
    letters = light[(cover > 0.99) & (grey > 250)].mean()
    behind = light[(cover > 0.6) & (cover < 0.64) & (grey < 5)].mean()
    assert (letters + 0.05) / (behind + 0.05) >= 4.5


def covered(frames, before):
    """For each frame, where the label stands: None or the corner's name."""
    told = []
    for frame, was in zip(frames, before, strict=True):
        rows, columns = np.nonzero((frame != was).any(axis=2))
        if not len(rows):
            told.append(None)
            continue
        vertical = "top" if rows.mean() < frame.shape[0] / 2 else "bottom"
        told.append(f"{vertical} {'left' if columns.mean() < frame.shape[1] / 2 else 'right'}")
    return told


def test_when_it_is_there():
    before = np.full((24 * 7, 96, 160, 3), 77, np.uint8)
    told = {}
    for where in ("opening", "whole", "moving", "none"):
        frames = before.copy()
        draw_label(frames, 24, Label(where))
        told[where] = covered(frames, before)
    assert told["opening"][:48] == ["bottom right"] * 48
    assert told["opening"][-1] is None
    assert set(told["whole"]) == {"bottom right"}
    assert set(told["none"]) == {None}
    assert None not in told["moving"] and len(set(told["moving"])) == 3


def test_at_full_strength_for_two_seconds():
    frames = np.full((60, 96, 160, 3), 77, np.uint8)
    draw_label(frames, 24, Label())
    assert all(np.array_equal(frame, frames[0]) for frame in frames[:49])


def test_in_the_written_film(tmp_path, clip, home):
    plain = write_film(tmp_path / "a.mp4", clip, home=home, label=Label("none"))
    other = type(clip)(clip.frames, None, 24, 24_000, clip.record.__class__(
        **{**clip.record.__dict__, "id": "ba9876543210"}))  # fmt: skip
    labelled = write_film(tmp_path / "b.mp4", other, home=home, label=Label("whole", "zh"))
    difference = np.abs(decoded(plain).astype(int) - decoded(labelled)).mean(axis=(0, 3))
    assert difference[120:, 200:].mean() > 10
    assert difference[20:100].mean() < 2


@pytest.mark.parametrize("words", [("off", "en"), ("opening", "fr"), ("", "en")])
def test_no_other_label(words):
    with pytest.raises(WrongUse, match="The label cannot be"):
        Label(*words)
