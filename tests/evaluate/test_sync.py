"""Sound against picture: right on the frame, worse when moved, and no reward for noise."""

import math
from dataclasses import replace

import numpy as np
import pytest
from readings import FRAMES, ROWS, at, reading

from onereel.evaluate.reading import HEAR_RATE, Reading
from onereel.evaluate.sync import (
    beat_alignment,
    chance_of_a_hit,
    contact_times,
    lip_agreement,
    onset_errors,
    onset_lift,
    onset_times,
    onsets_within,
    peak_times,
)


def late(one: Reading, ms: float) -> Reading:
    rows = round(ms / 10)
    return replace(
        one, **{name: np.roll(getattr(one, name), rows) for name in ("onset", "voice", "beat")}
    )


def test_peaks_are_found_between_rows_and_once() -> None:
    curve = np.zeros(40, np.float32)
    curve[5] = 1  # certain
    curve[15:17] = 0.4, 0.6  # one event between two rows
    curve[25:28] = 0.3, 0.5, 0.3  # one event, spread
    curve[33] = 0.4  # too little
    assert peak_times(curve, 10, 1) == pytest.approx([0.5, 1.56, 2.6])
    assert len(peak_times(np.full(40, 0.2), 10, 1)) == 0
    assert len(peak_times(np.zeros(0), 10, 1)) == 0


def test_what_is_on_the_frame_is_within_a_frame() -> None:
    one = reading()
    assert contact_times(one) == pytest.approx([0.25, 0.75, 1.25, 1.75])
    assert onset_times(one) == pytest.approx([0.25, 0.75, 1.25, 1.75])
    assert onsets_within(one) == 1 and np.all(onset_errors(one) < 1)


def test_the_later_the_sound_the_worse() -> None:
    shifts = (0, 30, 60, 120)
    errors = [np.median(onset_errors(late(reading(), ms))) for ms in shifts]
    assert errors == pytest.approx(shifts)
    assert [onsets_within(late(reading(), ms)) for ms in shifts] == [1, 1, 0, 0]
    assert onset_lift(late(reading(), 30)) > 0.8 > 0 > onset_lift(late(reading(), 120))


def test_a_sound_far_away_belongs_to_something_else() -> None:
    errors = onset_errors(reading(onset=at([0.3], ROWS, HEAR_RATE)))
    assert errors[0] == pytest.approx(50) and np.isinf(errors[1:]).all()


def test_dense_sound_hits_everything_and_lifts_nothing() -> None:
    dense = reading(onset=at(list(np.arange(0.0, 2.0, 0.08)), ROWS, HEAR_RATE))
    assert onsets_within(dense) == 1
    assert onset_lift(dense) < 0.1 < onset_lift(reading())


def test_chance_is_the_mean_over_all_shifts() -> None:
    others = np.array([0.1, 0.15, 0.9, 1.7])
    shifts = np.arange(0, 2, 0.001)
    away = np.abs((others[None] + shifts[:, None] - 0.5 + 1) % 2 - 1).min(axis=1)
    assert chance_of_a_hit(others, 0.042, 2.0) == pytest.approx((away <= 0.042).mean(), abs=0.005)


def test_nothing_seen_or_no_sound_does_not_apply() -> None:
    unseen = reading(contact=np.zeros(FRAMES, np.float32))
    mute = reading(onset=np.zeros(0, np.float32), voice=np.zeros(0), beat=np.zeros(0))
    for one in (unseen, mute):
        assert math.isnan(onsets_within(one)) and math.isnan(onset_lift(one))
        assert math.isnan(beat_alignment(one)) and len(onset_errors(one)) == 0
    assert math.isnan(lip_agreement(mute))
    assert onsets_within(reading(onset=np.zeros(ROWS, np.float32))) == 0


def test_lips_follow_the_voice_and_a_frame_is_forgiven() -> None:
    found = [lip_agreement(late(reading(), ms)) for ms in (0, 40, 100, 160)]
    assert found[0] > 0.98 and found[1] > 0.95
    assert found[1] > found[2] > found[3]
    assert lip_agreement(reading(mouth=np.full(FRAMES, 0.3))) == 0
    assert math.isnan(lip_agreement(reading(voice=np.full(ROWS, 0.05, np.float32))))


def test_steps_on_the_beat() -> None:
    found = [beat_alignment(late(reading(), ms)) for ms in (0, 100, 250)]
    assert found[0] == pytest.approx(1 - 4 * 0.12 / 2.04, abs=0.02)
    assert found[0] > 0.5 > 0 > found[1] >= found[2]
