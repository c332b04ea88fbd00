"""Worse films keep their length, and the truth beside them goes with the picture."""

from collections.abc import Callable

import numpy as np
import pytest
from readings import FRAMES, reading

from onereel.evaluate import degrade
from onereel.evaluate.degrade import Footage
from onereel.evaluate.reading import shots_of
from onereel.evaluate.sync import contact_times, onset_times


@pytest.fixture
def film() -> Footage:
    """Frame t is t all over but for one bright column; a click at half a second."""
    frames = np.zeros((FRAMES, 16, 24, 3), np.uint8)
    frames += np.arange(FRAMES, dtype=np.uint8)[:, None, None, None]
    frames[:, :, 12] = 200
    sound = np.zeros((FRAMES * 1000, 2), np.float32)
    sound[12_000] = 0.5
    motion = np.full((FRAMES, 3), 0.01, np.float32)
    return Footage(frames, sound, reading(camera_motion=motion))


def numbers(film: Footage) -> list[int]:
    return film.frames[:, 0, 0, 0].tolist()


RNG = np.random.default_rng(0)
OUTSIDE = np.zeros((FRAMES, 16, 24), bool)
CHANGES: dict[str, Callable[[Footage], Footage]] = {
    "late": lambda film: degrade.shift_sound(film, 100),
    "early": lambda film: degrade.shift_sound(film, -100),
    "shuffle": lambda film: degrade.shuffle(film, 12, RNG),
    "freeze": lambda film: degrade.freeze(film, 0.5),
    "hold": lambda film: degrade.hold(film, 3),
    "delay": lambda film: degrade.delay(film, 5),
    "other": lambda film: degrade.end_with(film, degrade.delay(film, 5), 0.3),
    "blur": lambda film: degrade.blur(film, 1),
    "noise": lambda film: degrade.noise(film, 5, RNG),
    "flicker": lambda film: degrade.flicker(film, 0.1, RNG),
    "leak": lambda film: degrade.leak(film, OUTSIDE, 0.5),
    "mute": lambda film: degrade.mute(film, 0.9),
    "overdrive": lambda film: degrade.overdrive(film, 4),
    "clatter": lambda film: degrade.clatter(film, 5),
}


@pytest.mark.parametrize("name", CHANGES)
def test_something_changes_and_no_length_does(name: str, film: Footage) -> None:
    before = film.frames.copy(), film.sound.copy()
    one = CHANGES[name](film)
    assert one.frames.shape == film.frames.shape and one.frames.dtype == np.uint8
    assert one.sound.shape == film.sound.shape and one.sound.dtype == np.float32
    assert one.truth.onset.shape == film.truth.onset.shape
    assert one.truth.contact.shape == film.truth.contact.shape
    assert not (np.array_equal(one.frames, before[0]) and np.array_equal(one.sound, before[1]))
    assert np.array_equal(film.frames, before[0]) and np.array_equal(film.sound, before[1])


def test_sound_and_its_truth_move_together(film: Footage) -> None:
    for ms in (100, -100):
        later = degrade.shift_sound(film, ms)
        assert later.sound[12_000 + ms * 24, 0] == 0.5
        assert onset_times(later.truth)[1] == pytest.approx(0.75 + ms / 1000)
        assert np.array_equal(contact_times(later.truth), contact_times(film.truth))


def test_a_frozen_picture_moves_no_more(film: Footage) -> None:
    frozen = degrade.freeze(film, 0.5)
    assert numbers(frozen)[24:] == [24] * 25
    assert not frozen.truth.camera_motion[25:].any() and frozen.truth.camera_motion[24].any()
    assert not frozen.truth.contact[25:].any() and not frozen.truth.cut.any()
    # Frozen in the very frame of a step, it is still one step.
    assert len(contact_times(degrade.freeze(film, 1 - 6 / 48).truth)) == 1


def test_a_held_picture_moves_by_what_it_leaves_out(film: Footage) -> None:
    held = degrade.hold(film, 3)
    assert numbers(held)[:7] == [0, 0, 0, 3, 3, 3, 6]
    assert held.truth.camera_motion[3, 0] == pytest.approx(0.03)
    assert held.truth.camera_motion[4, 0] == 0


def test_shuffled_pieces_are_shots(film: Footage) -> None:
    shuffled = degrade.shuffle(film, 12, np.random.default_rng(1))
    assert sorted(numbers(shuffled)) == list(range(FRAMES)) != numbers(shuffled)
    for shot in shots_of(shuffled.truth):
        assert not shuffled.truth.camera_motion[shot.start].any()
        assert np.all(np.diff(numbers(shuffled)[shot.start : shot.stop]) == 1)


def test_the_end_of_another(film: Footage) -> None:
    other = Footage(film.frames[::-1], -film.sound, reading(person=np.tile([0, 1, 0], (FRAMES, 1))))
    half = degrade.end_with(film, other, 0.5)
    cut = shots_of(half.truth)[1].start
    assert numbers(half) == [*range(cut), *range(FRAMES - 1 - cut, -1, -1)]
    assert half.truth.person[cut - 1, 0] == 1 and half.truth.person[cut, 1] == 1
