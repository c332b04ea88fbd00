"""Close-ups: boxes hold who they are about, steadily, and pixels come out where boxes say."""

import numpy as np
import pytest

from onereel.evaluate.closeups import (
    BODY_PIXELS,
    close_boxes,
    close_up,
    inside_boxes,
    out_of_boxes,
)
from onereel.evaluate.reading import JOINTS
from onereel.evaluate.truth import read_truth

# Standing at the middle, head to feet over six tenths of the height.
STANDING = np.array([(0.5, 0.25), (0.5, 0.34), (0.5, 0.5), (0.47, 0.5), (0.53, 0.5), (0.49, 0.65),
                     (0.51, 0.65), (0.49, 0.8), (0.51, 0.8)])  # fmt: skip


def standing(frames: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    return (
        np.tile(STANDING, (frames, 1, 1)).astype(np.float32),
        np.ones((frames, len(JOINTS)), np.float32),
        np.zeros(frames, np.float32),
    )


def test_boxes_hold_the_joints_of_takes(takes):
    for take in takes.values():
        truth = read_truth(take)
        ratio = take.frames.shape[2] / take.frames.shape[1]
        body, face, _ = close_boxes(truth.joints, truth.seen, truth.cut, ratio)
        places = inside_boxes(truth.joints, body, ratio)[truth.seen > 0]
        assert ((places > 0) & (places < 1)).mean() > 0.98
        heads = inside_boxes(truth.joints[:, :1], face, ratio)[truth.seen[:, :1] > 0]
        assert np.abs(heads - 0.5).max() < 0.3


def test_a_wrong_place_in_one_frame_moves_the_box_little():
    joints, seen, cut = standing(25)
    body, *_ = close_boxes(joints, seen, cut, 16 / 9)
    joints[12, 2] += 0.1
    shaken, *_ = close_boxes(joints, seen, cut, 16 / 9)
    assert np.abs(shaken - body).max() < 0.1 and np.abs(shaken[0] - body[0]).max() < 0.02


def test_shots_have_their_own_boxes():
    joints, seen, cut = standing(20)
    joints[10:, :, 0] += 0.3
    cut[10] = 1
    body, face, _ = close_boxes(joints, seen, cut, 1.0)
    assert body[9, 0] == pytest.approx(0.5) and body[10, 0] == pytest.approx(0.8)
    assert np.ptp(face[:10], axis=0).max() == pytest.approx(0)


def test_who_is_not_seen_is_looked_for_where_they_were():
    joints, seen, cut = standing(8)
    seen[5:] = 0
    joints[5:] = 0
    body, face, _ = close_boxes(joints, seen, cut, 1.0)
    assert body[7] == pytest.approx(body[4], abs=1e-6)
    assert face[7] == pytest.approx(face[4], abs=1e-6)
    nobody, *_ = close_boxes(joints, seen * 0, cut, 1.5)
    assert nobody[0].tolist() == [0.75, 0.5, 1.0]


@pytest.mark.parametrize("side", [0.2, 0.5, 1.1])
def test_a_mark_is_where_the_box_says(side):
    frames = np.zeros((2, 120, 200, 3), np.uint8)
    frames[:, 58:62, 98:102] = 255  # around the middle
    box = np.array([[100 / 120 + 0.2 * side, 0.5, side]] * 2)
    close = close_up(frames, box, BODY_PIXELS)
    rows, columns = np.nonzero(close[0, :, :, 0] > 0.5 * close[0].max())
    assert (rows.mean() + 0.5) / BODY_PIXELS == pytest.approx(0.5, abs=0.02)
    assert (columns.mean() + 0.5) / BODY_PIXELS == pytest.approx(0.3, abs=0.02)


def test_outside_the_picture_its_edge_goes_on():
    frames = np.full((1, 20, 20, 3), 77, np.uint8)
    assert (close_up(frames, np.array([[0.0, 0.0, 1.0]]), 16) == 77).all()


def test_places_go_in_and_out_of_boxes():
    joints, seen, cut = standing(4)
    body, *_ = close_boxes(joints, seen, cut, 1.5)
    again = out_of_boxes(inside_boxes(joints, body, 1.5), body, 1.5)
    assert again == pytest.approx(joints, abs=1e-6)
