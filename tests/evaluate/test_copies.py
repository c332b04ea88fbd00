"""Figures of copies: what they say of equals, of known damage, and of seams put there by hand."""

import math

import numpy as np
import pytest
import torch

from onereel.errors import WrongUse
from onereel.evaluate.copies import (
    chunk_seams,
    hum,
    latent_figures,
    liveliness,
    log_mel_distance,
    spectral_convergence,
    ssim,
    tile_seams,
    tones_kept,
)

RNG = np.random.default_rng(0)


def film(frames: int = 2, size: int = 32) -> np.ndarray:
    x = np.linspace(0, 6, size)
    wave = 128 + 90 * np.sin(x)[:, None] * np.cos(x)[None]
    return np.repeat(wave.astype(np.uint8)[None, ..., None], frames, 0).repeat(3, -1)


def test_ssim_is_one_for_equals_and_falls_with_blur_and_noise():
    a = film()
    assert ssim(a, a) == pytest.approx(1)
    noisy = np.clip(a + RNG.normal(0, 20, a.shape), 0, 255).astype(np.uint8)
    assert ssim(a, noisy) < 0.85
    assert ssim(a, 255 - a) < 0


def test_ssim_agrees_with_the_formula_on_flat_pictures():
    # Without structure only brightness is compared: (2xy + c) / (x^2 + y^2 + c).
    a, b = np.full((1, 16, 16, 3), 100, np.uint8), np.full((1, 16, 16, 3), 150, np.uint8)
    c = (0.01 * 255) ** 2
    assert ssim(a, b) == pytest.approx((2 * 100 * 150 + c) / (100**2 + 150**2 + c), abs=1e-6)


def test_pictures_of_two_sizes_are_refused():
    with pytest.raises(WrongUse, match="cannot be compared"):
        ssim(film(size=32), film(size=48))


def test_half_as_loud_is_six_decibels_and_half_the_spectrum():
    sound = RNG.normal(0, 0.2, (24_000, 2)).astype(np.float32)
    assert log_mel_distance(sound, sound) == 0
    assert log_mel_distance(sound, sound / 2) == pytest.approx(6.02, abs=0.05)
    assert spectral_convergence(sound, sound / 2) == pytest.approx(0.5, abs=1e-3)
    assert math.isnan(spectral_convergence(0 * sound, sound))


def test_noise_that_became_a_tone_is_no_longer_alive_and_the_other_way_round():
    noise = RNG.normal(0, 0.2, (24_000, 2)).astype(np.float32)
    time = np.arange(24_000, dtype=np.float32)[:, None] / 24_000
    buzz = sum(np.sin(2 * np.pi * 93.75 * n * time) for n in range(1, 100)).repeat(2, 1) / 50
    assert liveliness(noise, noise) == pytest.approx(1)
    assert liveliness(noise, buzz.astype(np.float32)) < 0.5
    assert liveliness(buzz.astype(np.float32), noise) > 2


def test_only_tones_locked_to_the_latents_hum():
    time = np.arange(24_000)[:, None] / 24_000
    noise = RNG.normal(0, 0.2, (24_000, 2)).astype(np.float32)
    locked, between = (np.sin(2 * np.pi * hertz * time).repeat(2, 1) for hertz in (225.0, 231.25))
    assert hum(locked.astype(np.float32)) > 0.99
    assert abs(hum(noise)) < 0.05
    assert abs(hum(between.astype(np.float32))) < 0.05
    assert math.isnan(hum(0 * noise))


def test_tones_are_kept_where_they_are_in_tune():
    time = np.arange(24_000)[:, None] / 24_000
    noise = RNG.normal(0, 0.01, (24_000, 2)).astype(np.float32)

    def tone(hertz: float) -> np.ndarray:
        return (0.2 * np.sin(2 * np.pi * hertz * time) + noise).astype(np.float32)

    assert tones_kept(tone(440), tone(442)) > 0.95
    assert tones_kept(tone(440), tone(455)) < 0.1
    assert tones_kept(tone(440), 10 * noise) < 0.3
    assert math.isnan(tones_kept(noise, tone(440)))


def test_a_grid_in_the_error_is_found_in_space_and_in_time():
    a = np.full((17, 32, 32, 3), 128, np.uint8)
    noise = RNG.integers(-3, 4, a.shape)
    even = (a + noise).astype(np.uint8)
    assert tile_seams(a, even, 16) == pytest.approx(1, abs=0.1)
    assert chunk_seams(a, even, 8) == pytest.approx(1, abs=0.1)
    tiled, chunked = even.copy(), even.copy()
    tiled[:, 16:, :, :] += 12
    chunked[9:] += 12
    assert tile_seams(a, tiled, 16) > 2
    assert chunk_seams(a, chunked, 8) > 2


def test_latents_are_told_from_noise_by_their_neighbours():
    generator = torch.Generator().manual_seed(0)
    noise = torch.randn(2, 3, 4, 8, 8, generator=generator)
    smooth = noise.mean((1, 3, 4), keepdim=True).expand_as(noise) * 8
    told = latent_figures(noise)
    assert told.power == pytest.approx(1, abs=0.1)
    assert abs(told.neighbours) < 0.1
    assert abs(told.after) < 0.2
    assert latent_figures(smooth).neighbours > 0.9
    assert latent_figures(smooth).after > 0.9
