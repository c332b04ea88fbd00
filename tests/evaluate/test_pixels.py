"""Pixels and samples, on small pictures made by hand."""

import math

import numpy as np
import pytest

from onereel.errors import WrongUse
from onereel.evaluate import pixels

RNG = np.random.default_rng(0)
STILL = np.repeat(RNG.integers(60, 180, (1, 6, 8, 3)), 8, axis=1).repeat(8, axis=2)
STILL = STILL.repeat(20, axis=0).astype(np.uint8)


def moving() -> np.ndarray:
    """A bright square that crosses a still picture, two pixels a frame."""
    frames = STILL.copy()
    for t in range(20):
        frames[t, 10:22, 4 + 2 * t : 16 + 2 * t] = 230
    return frames


def test_psnr() -> None:
    assert pixels.psnr(STILL, STILL) == 100
    assert pixels.psnr(STILL, STILL + np.uint8(5)) == pytest.approx(20 * math.log10(255 / 5))
    with pytest.raises(WrongUse, match="shapes"):
        pixels.psnr(STILL, STILL[1:])
    assert pixels.first_frame_fidelity(moving(), moving()[:1]) == 100
    assert pixels.first_frame_fidelity(moving(), moving()[3]) < 30


def test_locality_looks_outside_the_mask_alone() -> None:
    mask = np.zeros(STILL.shape[:3], bool)
    mask[:, 10:30, 10:30] = True
    edited = STILL.copy()
    edited[mask] = 0
    assert pixels.locality(edited, STILL, mask) == 100
    found = []
    for rows in (1, 4, 16):
        leaking = edited.copy()
        leaking[:, :rows] += 20
        found.append(pixels.locality(leaking, STILL, mask))
    assert 100 > found[0] > found[1] > found[2]
    assert math.isnan(pixels.locality(edited, STILL, np.ones_like(mask)))
    with pytest.raises(WrongUse, match="mask"):
        pixels.locality(edited, STILL, mask[1:])


def test_seam() -> None:
    frames = moving()
    assert pixels.seam(frames[:10], frames[10:]) == pytest.approx(1, abs=0.15)
    skipped = [pixels.seam(frames[:8], frames[8 + more :]) for more in (0, 2, 6)]
    assert skipped == sorted(skipped) and skipped[-1] > 2
    assert pixels.seam(frames[:10], frames[9:]) < 0.6  # the same picture twice
    assert pixels.seam(frames[:10], frames[10:] + np.uint8(8)) > 2
    assert math.isnan(pixels.seam(frames[:1], frames[1:]))
    # One cut nearby does not hide the jump.
    cut = np.concatenate([frames[:8], 255 - frames[8:10], frames[10:]])
    assert pixels.seam(cut[:12], cut[16:]) > 1.5


def test_flicker_goes_to_and_fro() -> None:
    def flickering(levels: float) -> np.ndarray:
        back_and_forth = levels * RNG.choice([-1, 1], (20, 1, 1, 1))
        return np.clip(moving() + back_and_forth, 0, 255).astype(np.uint8)

    found = [pixels.flicker(flickering(levels)) for levels in (0, 1, 3, 9)]
    assert found[0] < 0.05 and found == sorted(found) and found[-1] > 2
    fading = np.clip(moving() + np.arange(20).reshape(-1, 1, 1, 1) * 2.0, 0, 255).astype(np.uint8)
    assert pixels.flicker(fading) < 0.05
    assert math.isnan(pixels.flicker(STILL[:2]))


def test_grain_is_what_single_pixels_do() -> None:
    def noisy(levels: float) -> np.ndarray:
        return np.clip(moving() + RNG.normal(0, levels, STILL.shape), 0, 255).astype(np.uint8)

    found = [pixels.grain(noisy(levels)) for levels in (0, 2, 8)]
    assert found == sorted(found) and found[0] < 0.05 and found[2] > 3 * found[1] > 0
    assert pixels.flicker(noisy(8)) < found[2]


def test_frozen() -> None:
    assert pixels.frozen(STILL) == 1
    assert pixels.frozen(moving()) == 0
    held = moving()[np.arange(20) // 2 * 2]
    assert pixels.frozen(held) == pytest.approx(10 / 19)
    noisy = np.clip(STILL + RNG.normal(0, 0.7, STILL.shape), 0, 255).astype(np.uint8)
    assert pixels.frozen(noisy) == 1  # what a codec does to a still picture is no movement
    assert math.isnan(pixels.frozen(STILL[:1]))


def test_sharpness_falls_with_blur_and_not_with_contrast() -> None:
    def blurred(times: int) -> np.ndarray:
        frames = STILL[:2].astype(np.float32)
        for _ in range(times):
            for axis in (1, 2):
                frames = (np.roll(frames, 1, axis) + 2 * frames + np.roll(frames, -1, axis)) / 4
        return frames.astype(np.uint8)

    found = [pixels.sharpness(blurred(times)) for times in (0, 1, 3)]
    assert 0.95 < found[0] < 1.1 and found[1] < 0.8 * found[0] and found[2] < 0.6 < found[1]
    pale = (STILL[:2] * 0.5 + 60).astype(np.uint8)
    assert pixels.sharpness(pale) == pytest.approx(found[0], abs=0.05)
    assert math.isnan(pixels.sharpness(np.full((1, 16, 16, 3), 9, np.uint8)))


def test_silence_and_clipping() -> None:
    sound = np.sin(np.arange(48_000) / 20)[:, None].repeat(2, axis=1).astype(np.float32) * 0.5
    assert pixels.silence(sound) == 0 and pixels.clipping(sound) == 0
    half = sound.copy()
    half[24_000:] = 0
    assert pixels.silence(half) == 0.5
    one_ear = sound * np.array([0, 1], np.float32)
    assert pixels.silence(one_ear) == 0
    found = [pixels.clipping(np.clip(sound * gain, -1, 1)) for gain in (1, 2.5, 5)]
    assert 0 == found[0] < found[1] < found[2]
    nothing = np.zeros((0, 2), np.float32)
    assert math.isnan(pixels.silence(nothing)) and math.isnan(pixels.clipping(nothing))
