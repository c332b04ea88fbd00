"""Sheets hold the right frames in the right places, and the spectrogram tells pitch and time."""

import numpy as np
import pytest

from onereel.errors import OnereelError
from onereel.media.sheet import (
    BACKGROUND,
    GAP,
    MARGIN,
    contact_sheet,
    film_strip,
    side_by_side,
    spectrogram,
)


def brightening(count=97):
    levels = np.linspace(0, 255, count).round().astype(np.uint8)
    return np.broadcast_to(levels[:, None, None, None], (count, 72, 128, 3))


def tone(hertz, seconds=2.0, rate=24000):
    wave = 0.5 * np.sin(2 * np.pi * hertz * np.arange(int(seconds * rate)) / rate)
    return np.stack([wave, wave], axis=1).astype(np.float32)


def test_frames_run_from_first_to_last():
    sheet = contact_sheet(brightening(), columns=8)
    pixels = np.asarray(sheet)
    width = (sheet.width - 2 * MARGIN - 7 * GAP) // 8
    centres = [MARGIN + i * (width + GAP) + width // 2 for i in range(8)]
    levels = pixels[MARGIN + 40, centres, 0].astype(int)
    assert levels[0] == 0
    assert levels[-1] == 255
    assert (np.diff(levels) > 30).all()
    assert tuple(pixels[2, 2]) == BACKGROUND


def test_margins_are_even():
    pixels = np.asarray(film_strip(np.full((9, 72, 128, 3), 255, np.uint8), count=7))
    inside = (pixels != BACKGROUND).any(axis=(0, 2)).nonzero()[0]
    assert inside[0] == MARGIN
    assert pixels.shape[1] - 1 - inside[-1] == MARGIN


def test_sizes_grow_with_what_is_shown():
    frames = brightening()
    bare = contact_sheet(frames).height
    assert contact_sheet(frames, tone(440), 24000).height > bare + 100
    assert contact_sheet(frames, title="a\nb").height > bare
    assert contact_sheet(frames, rows=2).height > 1.6 * bare - 2 * MARGIN
    assert contact_sheet(frames[:3], columns=8).height == bare


def test_spectrogram_tells_pitch_and_time():
    low, high = (spectrogram(tone(h), 24000, 200, 80).sum(axis=(1, 2)) for h in (200, 5000))
    assert low.argmax() > high.argmax() + 20  # low notes lie at the bottom
    sound = tone(1000)
    sound[:24000] = 0
    brightness = spectrogram(sound, 24000, 200, 80).sum(axis=(0, 2)).astype(float)
    assert brightness[:95].max() < brightness[110:190].min() / 3


def test_spectrogram_of_silence_and_of_almost_nothing():
    assert spectrogram(np.zeros((24000, 2), np.float32), 24000, 50, 40).max() <= 4
    assert spectrogram(np.zeros((10, 2), np.float32), 24000, 50, 40).shape == (40, 50, 3)


def test_side_by_side_puts_the_original_above():
    white, black = np.full((9, 72, 128, 3), 255, np.uint8), np.zeros((12, 72, 128, 3), np.uint8)
    pixels = np.asarray(side_by_side(white, black))
    middle = pixels[:, MARGIN + 100, 0]
    assert middle[len(middle) // 4] == 255
    assert middle[3 * len(middle) // 4] == 0


def test_wrong_shapes():
    with pytest.raises(OnereelError, match=r"\(4, 4, 3\)"):
        contact_sheet(np.zeros((4, 4, 3), np.uint8))
