"""The record in a film's first frame: what it bears, and what it looks like."""

import itertools

import av
import numpy as np
import pytest
from films import ID, film, through_h264
from scipy.ndimage import zoom

from onereel.marks import first_frame
from onereel.marks.first_frame import (
    ROUNDINGS,
    coefficients,
    draw_lattice,
    lifted,
    quantised,
    rounding_needed,
    soft_bits,
)
from onereel.marks.payload import CODED_BITS, decode_id, encode_id

STRONGEST = ROUNDINGS[-1]
STEP = STRONGEST.step
LATTICE = draw_lattice(b"a key")
FRAME = film(frames=1)[0]


@pytest.fixture(scope="module")
def quantised_frame() -> np.ndarray:
    return lifted(FRAME, quantised(FRAME, ID, STRONGEST, LATTICE))


def agreement(frame: np.ndarray, lattice: first_frame.Lattice = LATTICE, by: int = 0) -> float:
    return float((soft_bits(coefficients(frame), STEP, lattice)[by] * encode_id(ID)).mean())


def test_the_lattice_of_a_key_never_changes():
    lattice = draw_lattice(b"a key")
    places = set(zip(lattice.row.tolist(), lattice.column.tolist(), strict=True))
    assert len(places) == CODED_BITS and (0, 0) not in places
    # So that a new version of a library cannot silence old marks.
    assert lattice.row[:8].tolist() == [8, 5, 13, 4, 1, 13, 13, 5]
    assert lattice.column[:8].tolist() == [3, 19, 9, 6, 20, 1, 11, 12]
    assert lattice.shift[:3] == pytest.approx([0.46289, 0.84975, 0.80557], abs=1e-4)


def test_a_quantised_frame_says_the_record_and_no_other_does(quantised_frame):
    assert agreement(FRAME) < 0.15
    assert agreement(quantised_frame) > 0.75
    assert abs(agreement(quantised_frame, draw_lattice(b"another"))) < 0.15
    decoded = decode_id(soft_bits(coefficients(quantised_frame), STEP, LATTICE)[0])
    assert decoded is not None and decoded.record == ID and decoded.false_alarm < 1e-12


def test_two_code_values_of_broad_light_are_all_that_it_adds():
    added = quantised(FRAME, ID, STRONGEST, LATTICE)
    assert 1.2 < np.sqrt((added**2).mean()) < 2.6
    spectrum = np.abs(np.fft.fft2(np.tile(np.block([[added], [added[::-1]]]), 1)))
    assert (spectrum[21:-20] ** 2).sum() < 0.01 * (spectrum**2).sum()


@pytest.mark.parametrize("size", [(144, 256), (200, 354), (432, 768), (144, 258)])
def test_a_picture_of_any_size_has_the_same_coefficients(size):
    here = coefficients(FRAME)
    scales = (size[0] / 288, size[1] / 512, 1)
    there = zoom(FRAME.astype(np.float32), scales, order=1, grid_mode=True, mode="nearest")
    assert np.abs(coefficients(there.round().astype(np.uint8)) - here).max() < 0.15


def test_lasts_half_the_size_and_crf_28_and_being_mirrored(quantised_frame):
    frames = np.repeat(quantised_frame[None], 12, 0)
    half = zoom(frames, (1, 0.5, 0.5, 1), order=1, grid_mode=True, mode="nearest")
    copy = through_h264(half, 28)[0]
    assert agreement(copy) > 0.45
    mirrored = first_frame.mirror(coefficients(copy[:, ::-1]))
    assert (soft_bits(mirrored, STEP, LATTICE)[0] * encode_id(ID)).mean() > 0.45


def test_a_copy_shown_with_the_wrong_matrix_is_read_by_the_other_brightness(quantised_frame):
    from av.video.reformatter import Colorspace

    frame = av.VideoFrame.from_ndarray(quantised_frame, format="rgb24")
    coded = frame.reformat(format="yuv444p", dst_colorspace=Colorspace.ITU709)
    wrong = coded.reformat(
        format="rgb24", src_colorspace=Colorspace.ITU601, dst_colorspace=Colorspace.DEFAULT
    ).to_ndarray()
    assert np.abs(wrong.astype(int) - quantised_frame).max() > 3
    assert agreement(wrong, by=0) < 0.5
    assert agreement(wrong, by=1) > 0.65


def needed(rough: float, cosines_say: np.ndarray) -> int:
    """Which of ROUNDINGS a copy makes necessary whose light has changed by so much."""
    noise = np.random.default_rng(2).normal(0, rough, (24, 32))
    wide = zoom(noise, (12, 16), order=1)[..., None]
    copy = (FRAME + wide).clip(0, 255).round().astype(np.uint8)
    before = coefficients(FRAME)
    change = coefficients(copy) - before
    return ROUNDINGS.index(rounding_needed(before, change, cosines_say, ID, LATTICE, 10.0))


def test_the_rounding_is_no_stronger_than_the_copy_makes_needed():
    found = [needed(rough, np.zeros(CODED_BITS)) for rough in (0.5, 3, 3.5, 4, 60)]
    assert found[0] == 0 and found[-1] == len(ROUNDINGS) - 1 and found == sorted(found)
    assert len(set(found)) > 3


def test_what_the_cosines_say_saves_rounding():
    alone = needed(3, np.zeros(CODED_BITS))
    assert needed(3, 0.3 * encode_id(ID)) < alone < needed(3, -0.3 * encode_id(ID))


def test_roundings_go_from_faint_to_strong_in_small_steps():
    moves = [step * share for step, share in ROUNDINGS]
    ratios = [after / before for before, after in itertools.pairwise(moves)]
    assert min(ratios) > 1 and max(ratios) < 1.12
