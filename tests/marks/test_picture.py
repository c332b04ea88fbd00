import math
from dataclasses import replace

import numpy as np
import pytest
from films import ID, film, through_h264
from scipy.ndimage import zoom

from onereel.marks import picture
from onereel.marks.embed import mark_frames
from onereel.marks.payload import decode_id
from onereel.marks.picture import (
    draw_pattern,
    find_blindly,
    find_picture_mark,
    find_suspect,
    flatten,
    render,
    told,
)


def test_reads_the_record(marked):
    found = find_picture_mark(marked, 24)
    assert (found.state, found.record) == ("read", ID)
    assert found.false_alarm < 1e-9
    assert found.start == 0 and found.end == pytest.approx(1.0)


def halved(frames: np.ndarray) -> np.ndarray:
    """With samples in the middle of pixels, as every resizer of films has them."""
    return zoom(frames, (1, 0.5, 0.5, 1), order=1, grid_mode=True, mode="nearest")


ATTACKS = {
    "crf 28": lambda frames: through_h264(frames, 28),
    "mirrored": lambda frames: through_h264(np.ascontiguousarray(frames[:, :, ::-1]), 23),
    "brighter, less contrast": lambda frames: through_h264(
        (frames * 0.9 + 20).astype(np.uint8), 23
    ),
    "cropped": lambda frames: through_h264(frames[:, 10:268, 40:500], 23),
    "cropped and enlarged": lambda frames: through_h264(
        zoom(frames[:, 10:270, 20:482], (1, 288 / 260, 288 / 260, 1), order=1)[:, :288, :510], 23
    ),
    "half size": lambda frames: halved(frames),
    "half size, crf 28": lambda frames: through_h264(halved(frames), 28),
    "one frame": lambda frames: frames[5:6],
}


@pytest.mark.parametrize("attack", ATTACKS)
def test_reads_after(attack, marked):
    found = find_picture_mark(ATTACKS[attack](marked), 24)
    assert (found.state, found.record) == ("read", ID)


def test_an_id_that_the_bits_seem_to_say_is_read_one_step_aside(marked):
    cropped = flatten(through_h264(marked[:, 10:268, 40:500], 26), 24)
    pattern = draw_pattern(picture.KEY)
    _, (*found,) = picture.search(cropped, pattern, picture.TURNS[:1])
    fine, _ = picture.refine(cropped, pattern, max(found, key=lambda one: one.z))

    def bits_at(steps: float) -> tuple[picture.Alignment, np.ndarray]:
        here = replace(fine, row=fine.row + steps, column=fine.column + steps)
        spectrum = picture.spectrum_of(cropped, here.scale, here.turn)
        said = picture.said_by_cosines(spectrum, pattern, here)
        return here, picture.read_bits(said, pattern)

    # The first alignment on the way that by itself is not enough.
    off, soft = next(
        (here, soft)
        for here, soft in map(bits_at, np.arange(0, 3, 0.1))
        if decode_id(soft).false_alarm > picture.FALSE_ALARM
    )
    assert decode_id(soft).record == ID
    nearby = picture.decode_nearby(cropped, pattern, off, soft, 1.0)
    assert nearby.record == ID and nearby.false_alarm < 1e-3 * picture.FALSE_ALARM
    assert picture.decode_nearby(cropped, pattern, off, np.roll(soft, 7), 1.0) is None


def test_unmarked_wrong_key_and_noise_are_absent(plain, marked):
    assert find_picture_mark(plain, 24, turned=False).state == "absent"
    assert find_picture_mark(marked, 24, key=b"another", turned=False).state == "absent"
    noise = np.random.default_rng(0).integers(0, 255, (2, 96, 128, 3), dtype=np.uint8)
    assert find_picture_mark(noise, 24).state == "absent"


def test_cannot_tell_where_there_is_no_room():
    assert find_picture_mark(np.zeros((1, 40, 40, 3), np.uint8), 24).state == "cannot tell"
    assert find_picture_mark(np.full((2, 96, 96, 3), 7, np.uint8), 24).state == "cannot tell"


def test_tells_when_in_a_spliced_film():
    long = film(frames=60)
    spliced = long.copy()
    spliced[24:48] = mark_frames(long[24:48], ID)
    found = find_picture_mark(spliced, 24)
    assert (found.state, found.record) == ("read", ID)
    assert found.start == pytest.approx(1.0, abs=0.5) and found.end == pytest.approx(2.0, abs=0.5)


def test_a_suspect_is_found_where_the_id_cannot_be_read(plain, marked):
    faint = plain + 0.25 * (marked.astype(float) - plain) + 0.5
    damaged = through_h264(faint.clip(0, 255).astype(np.uint8), 20)
    assert find_picture_mark(damaged, 24, turned=False).state != "read"
    found = find_suspect(damaged, 24, ("111111111111", ID), turned=False)
    assert (found.state, found.record) == ("read", ID)
    assert found.false_alarm <= 1e-9
    assert find_suspect(plain, 24, (ID,), turned=False).state == "absent"


def test_keys_share_the_flattened_film(marked):
    flat = flatten(marked, 24)
    assert find_blindly(flat, draw_pattern(picture.KEY)).record == ID


def test_pattern_repeats_every_height_and_never_changes():
    pattern = draw_pattern(picture.KEY)
    known = told(pattern, ID)
    drawn = render(known, 96, 224)
    assert np.allclose(drawn[:, :128], drawn[:, 96:], atol=1e-5)
    assert math.isclose((render(known, 96, 96) ** 2).mean(), 1, rel_tol=1e-3)
    # The first signs and places, so that a new version of a library cannot silence old marks.
    assert pattern.pilot[:12].tolist() == [0, 1, 0, 0, 1, 0, 1, 0, 0, 1, 1, 0]
    assert np.angle(pattern.wave[:6], deg=True).round().astype(int).tolist() == [
        135,
        135,
        180,
        0,
        90,
        -90,
    ]
