import numpy as np
import pytest
from films import ID, film, through_h264
from scipy.ndimage import zoom

from onereel.marks import embed
from onereel.marks.embed import mark_frames, room
from onereel.marks.first_frame import STEPS, coefficients, soft_bits
from onereel.marks.fit import fitting_id
from onereel.marks.payload import encode_id
from onereel.marks.picture import KEY, draw_pattern, find_picture_mark, told
from onereel.media.write import as_yuv


def strength(plain: np.ndarray, marked: np.ndarray) -> float:
    return float(np.sqrt((marked.astype(float) - plain).var()))


def test_mark_is_faint_and_new(plain, marked):
    assert marked is not plain and marked.shape == plain.shape and marked.dtype == np.uint8
    grey = [0.2126, 0.7152, 0.0722]
    change = (marked.astype(float) - plain) @ grey
    assert 0.05 < np.sqrt((change**2).mean()) < 0.8


def test_faint_and_a_little_less_so_where_all_moves():
    one = film(frames=1)[0]
    runs = [np.roll(one, 9 * i, 1) for i in range(12)]
    frames = np.stack([one] * 14 + [one[:, ::-1]] * 14 + runs)
    marked = mark_frames(frames, ID)
    standing, cut, moving = (strength(frames[at], marked[at]) for at in (10, 15, 36))
    assert cut == pytest.approx(standing, rel=0.05) and standing < 1.6
    assert 1.2 * standing < moving < 2 * standing


def test_texture_hides_the_mark_and_a_slow_gradient_does_not():
    flat = np.full((96, 160, 3), 150, np.uint8)
    sky = flat + np.linspace(0, 80, 96).astype(np.uint8)[:, None, None]
    sand = flat + np.random.default_rng(2).integers(-30, 30, (96, 160, 1)).astype(np.int8)
    in_flat, in_sky, in_sand = (room(one.astype(np.uint8)).mean() for one in (flat, sky, sand))
    assert in_sky < 1.15 * in_flat and in_sand > 1.5 * in_flat
    night, curtain = flat // 5, flat * np.array([1, 1, 0], np.uint8)
    assert room(night).mean() < 0.8 * in_flat and room(curtain).mean() < 0.8 * in_flat


def test_no_stronger_than_the_film_needs():
    easy = film(frames=52)
    noise = np.random.default_rng(1).normal(0, 12, easy.shape)
    hard = (easy + noise).clip(0, 255).astype(np.uint8)
    marked, marked_hard = mark_frames(easy, ID), mark_frames(hard, ID)
    assert strength(easy[40], marked[40]) < 0.8 * strength(hard[40], marked_hard[40])
    cut = through_h264(marked[24:], 28)
    assert find_picture_mark(cut, 24, turned=False).record == ID


def test_the_first_frame_bears_half_the_size():
    half = through_h264(zoom(mark_frames(film(frames=13), ID), (1, 0.5, 0.5, 1), order=1), 28)
    first, lattice = coefficients(half[0]), draw_pattern(KEY).lattice
    softs = (soft_bits(first, step, lattice)[0] for step in STEPS)
    assert max(encode_id(ID) @ soft / np.linalg.norm(soft) for soft in softs) > 9


def test_marking_in_place_is_marking():
    frames = film(96, 160, 50)
    marked = mark_frames(frames, ID)
    assert (mark_frames(frames, ID, into=frames) == marked).all() and (frames == marked).all()


def test_progress_never_goes_back_and_ends():
    steps = []
    mark_frames(film(96, 160, 20), ID, progress=lambda *step: steps.append(step))
    assert steps == [(done, 20) for done in range(1, 21)]


@pytest.mark.parametrize("count", [1, 2, 40])
def test_every_frame_comes_back_from_the_codec_in_order(count):
    frames = [np.full((64, 96, 3), 5 * index + 20, np.uint8) for index in range(count)]
    pictures = embed.reencoded((as_yuv(frame, at, 24) for at, frame in enumerate(frames)), 28)
    back = [one.to_ndarray(format="rgb24").mean() for one in pictures]
    assert np.allclose(back, [frame.mean() for frame in frames], atol=4)


def test_colours_come_back_by_the_matrix_that_they_went_in_by():
    colours = ((200, 40, 60), (30, 160, 60), (40, 60, 190))
    frames = [np.full((64, 96, 3), colour, np.uint8) for colour in colours]
    back = embed.reencoded(embed.as_pictures(frames), 18)
    for frame, one in zip(frames, back, strict=True):
        assert np.abs(one.to_ndarray(format="rgb24").astype(int) - frame).max() <= 3


def test_the_first_frame_is_rounded_no_more_than_half_the_size_needs():
    easy, pattern = film(432, 768, frames=12), draw_pattern(KEY)
    fine = np.random.default_rng(1).normal(0, 25, easy.shape)
    hard = (easy + fine).clip(0, 255).astype(np.uint8)
    tried = []
    for frames in (easy, hard):
        drawn = fitting_id(frames, ID)
        mark = embed.colours(told(pattern, drawn), 432, 768)
        most = np.full(12, embed.STANDING)
        tried.append(embed.rounding_of_half(frames, mark, most, pattern, drawn))
    moves = [step * share for step, share in tried]
    assert moves[0] < moves[1] and tried[0].step <= STEPS[3]


def test_the_copy_on_trial_begins_as_strongly_as_the_film_does(monkeypatch):
    frames, pattern, tried = film(96, 160, frames=60), draw_pattern(KEY), []
    monkeypatch.setattr(
        embed, "with_mark", lambda frame, mark, strength: tried.append(strength) or frame
    )
    strength = np.linspace(0.2, 0.5, 60)
    embed.left_of_copy(frames, embed.colours(pattern, 96, 160), strength, pattern, ID)
    assert tried == [strength[0], *strength[embed.COPIED[1 : len(tried)]]] and len(tried) == 23


def test_a_film_that_stands_still_never_changes_in_strength_and_bears_a_crop():
    picture = film(frames=1)
    still = np.repeat(picture, 30, 0)
    marked = mark_frames(still, ID)
    assert (marked == marked[:1]).all()
    # By itself it is not tried in a copy, so it may get more than the film needs, but not much.
    alone = strength(picture[0], mark_frames(picture, ID)[0])
    tried = strength(picture[0], marked[0])
    assert tried < alone < min(2.2, 1.1 * tried)
    cropped = through_h264(marked[:, 10:268, 40:500], 28)
    assert find_picture_mark(cropped, 24, turned=False).record == ID
    assert find_picture_mark(through_h264(marked, 28), 24, turned=False).record == ID


@pytest.mark.parametrize("size", [(96, 171), (65, 160), (16, 9)])
def test_a_picture_may_have_odd_sides_and_any_size(size):
    picture = film(*size, frames=1)
    marked = mark_frames(picture, ID)
    assert marked.shape == picture.shape and (marked != picture).any()
