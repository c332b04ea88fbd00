"""Motion and camera against a reference: course and rhythm count, place and size do not."""

import math

import numpy as np
import pytest
from readings import FRAMES, body, reading

from onereel.evaluate.reading import JOINTS, Reading
from onereel.evaluate.transfer import camera_agreement, motion_agreement


def camera(right: float = 0.0, down: float = 0.0, zoom: float = 0.0) -> Reading:
    return reading(camera_motion=np.tile(np.array([right, down, zoom], np.float32), (FRAMES, 1)))


def test_the_same_motion_elsewhere_in_another_size() -> None:
    small = reading(joints=body(size=0.4, x=0.2) + np.linspace(0, 0.3, FRAMES)[:, None, None])
    assert motion_agreement(reading(), small) > 0.98


def test_other_motion_scores_less_and_still_almost_nothing() -> None:
    found = [
        motion_agreement(reading(), reading(joints=body(hertz=hertz))) for hertz in (1, 1.1, 2)
    ]
    assert found[0] == pytest.approx(1)
    assert found[0] > found[1] > found[2] + 0.3
    standing = reading(joints=body(swing=0))
    assert abs(motion_agreement(reading(), standing)) < 0.35
    assert motion_agreement(standing, standing) == pytest.approx(1)
    assert motion_agreement(reading(), reading(joints=body(swing=-1))) < -0.4


def test_a_small_delay_is_forgiven() -> None:
    later = reading(joints=np.roll(body(), 3, axis=0))
    much = reading(joints=np.roll(body(), 9, axis=0))
    assert motion_agreement(reading(), later) > 0.95 > 0.5 > motion_agreement(reading(), much)


def test_joints_that_are_not_seen_do_not_count() -> None:
    joints, seen = body(), np.ones((FRAMES, len(JOINTS)), np.float32)
    joints[:, JOINTS.index("near_foot")] = np.random.default_rng(1).random((FRAMES, 2))
    wild = motion_agreement(reading(), reading(joints=joints))
    seen[:, JOINTS.index("near_foot")] = 0
    assert motion_agreement(reading(), reading(joints=joints, seen=seen)) > 0.98 > wild + 0.3
    assert math.isnan(motion_agreement(reading(), reading(seen=np.zeros_like(seen))))


def test_camera_by_direction() -> None:
    pan = camera(right=0.01)
    assert camera_agreement(pan, camera(right=0.02)) > 0.98
    assert camera_agreement(pan, camera(right=-0.01)) < -0.9
    assert abs(camera_agreement(pan, camera(zoom=0.01))) < 0.1
    assert abs(camera_agreement(pan, camera())) < 0.15
    assert camera_agreement(camera(), camera()) == pytest.approx(1)
    assert camera_agreement(camera(0.01, 0.004), pan) < 0.99


def test_a_shaking_reading_of_a_still_camera_is_nearly_still() -> None:
    rng = np.random.default_rng(2)
    shaking = reading(camera_motion=rng.normal(0, 0.0008, (FRAMES, 3)).astype(np.float32))
    assert camera_agreement(shaking, camera()) > 0.8
    assert camera_agreement(shaking, camera(right=0.01)) < 0.25
