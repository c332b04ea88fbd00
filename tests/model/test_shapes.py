import pytest

from onereel.model.shapes import MINI_SIZES, NANO_SIZES, FilmShape


def test_a_four_second_film_has_97_frames_and_13_latent_frames():
    shape = FilmShape.from_seconds(4, 288, 512)
    assert (shape.frames, shape.latent_frames) == (97, 13)
    assert shape.grid == (13, 9, 16)
    assert shape.video_tokens == 13 * 9 * 16
    assert shape.samples == 97_000
    assert shape.audio_latents == 102


def test_grid_covers_and_crop_is_centred():
    shape = FilmShape(1, 144, 256)
    assert shape.padded_size == (160, 256)
    assert shape.crop == (slice(8, 152), slice(0, 256))


def test_bad_frame_counts_name_their_neighbours():
    with pytest.raises(ValueError, match=r"98 frames is not 8k \+ 1; nearest are 97 and 105"):
        FilmShape(98, 144, 256)


@pytest.mark.parametrize("sizes", [NANO_SIZES, MINI_SIZES])
def test_sizes_are_close_to_their_ratio_and_cost_about_the_same(sizes):
    costs = []
    for ratio, (width, height) in sizes.items():
        across, down = (int(part) for part in ratio.split(":"))
        assert width / height == pytest.approx(across / down, rel=0.02)
        costs.append(FilmShape.from_seconds(4, height, width).video_tokens)
    assert max(costs) / min(costs) < 1.25
