"""The camera's motion is measured, whatever the picture; what moves in it by itself is left out."""

import numpy as np
import pytest
from PIL import Image

from onereel.evaluate.camera import camera_steps


def scene() -> Image.Image:
    """A soft random landscape, large enough to move about in."""
    noise = np.random.default_rng(4).integers(0, 255, (24, 40, 3), np.uint8)
    return Image.fromarray(noise).resize((400, 240), Image.Resampling.BICUBIC)


def view(x: float, y: float, zoom: float) -> np.ndarray:
    """(90, 160, 3) of the scene: x and y of the middle, in view heights at zoom 1."""
    high, wide = 90 / zoom, 160 / zoom
    left, top = 200 + 90 * x - wide / 2, 120 + 90 * y - high / 2
    box = (left, top, left + wide, top + high)
    return np.asarray(scene().resize((160, 90), Image.Resampling.BILINEAR, box))


@pytest.mark.parametrize(
    "step", [(0.03, 0, 0), (-0.06, 0, 0), (0, 0.02, 0), (0, 0, 0.02), (0.02, -0.01, -0.015)]
)
def test_shift_and_growth_are_found(step):
    across, down, growth = step
    frames = np.stack([view(t * across, t * down, np.exp(t * growth)) for t in range(5)])
    moved = camera_steps(frames)
    assert not moved[0].any()
    # What the Backlot calls a camera's motion is in heights of the view as it is then.
    wanted = np.array([(across * np.exp(t * growth), down * np.exp(t * growth), growth)
                       for t in range(1, 5)])  # fmt: skip
    assert moved[1:] == pytest.approx(wanted, abs=0.003)


def test_a_body_that_walks_is_not_a_camera_that_moves():
    frames = np.stack([view(0, 0, 1)] * 5)
    for t, frame in enumerate(frames):
        frame[30:70, 40 + 5 * t : 60 + 5 * t] = (200, 30, 30)
    assert np.abs(camera_steps(frames)).max() < 0.003


def test_blank_and_single_frames_stand_still():
    assert not camera_steps(np.full((3, 90, 160, 3), 80, np.uint8)).any()
    assert camera_steps(np.zeros((1, 90, 160, 3), np.uint8)).shape == (1, 3)


def test_long_films_are_measured_in_parts_that_meet():
    frames = np.stack([view(0.01 * t, 0, 1) for t in range(40)])
    assert camera_steps(frames)[1:, 0] == pytest.approx(0.01, abs=0.002)
