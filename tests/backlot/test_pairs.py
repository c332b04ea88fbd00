"""Pairs: what should be equal is equal, what should differ differs, and it is said how."""

import hashlib
import re
import subprocess
import sys

import numpy as np
import pytest

from onereel.backlot.acts import ACTS
from onereel.backlot.camera import way_of
from onereel.backlot.lines import heard_lines
from onereel.backlot.mix import loudness
from onereel.backlot.pair_words import CHINESE, ENGLISH
from onereel.backlot.pairs import TASKS, draw_task, scripts_of
from onereel.backlot.perform import Performed, perform
from onereel.backlot.script import FPS, HELD_OUT, held_out_combinations, is_held_out
from onereel.backlot.shoot import shoot
from onereel.backlot.tasks import CLIP, PICTURE, RECORDING
from onereel.train.data import DataConfig, render_task

SIZE, SECONDS = (128, 72), 1.0
NAMED = re.compile(r"(image|video|audio|图|视频|音频)\s?(片)?\s?\d", re.IGNORECASE)
CODE = """
import hashlib
from onereel.backlot.pairs import draw_task
from onereel.backlot.perform import perform
done = perform(draw_task(31, "swap", 0.5, (96, 64)))
data = done.frames.tobytes() + done.sound.tobytes() + repr(done.task).encode()
print(hashlib.sha256(data).hexdigest())
"""


def made(name: str, seed: int = 5) -> Performed:
    return perform(draw_task(seed, name, SECONDS, SIZE))


@pytest.mark.parametrize("name", TASKS)
def test_every_task_can_be_drawn_told_and_counts_its_references(name: str) -> None:
    for seed in range(12):
        task = draw_task(seed, name)
        assert task == draw_task(seed, name)
        assert task.name == name
        assert task.caption == task.caption.strip() != ""
        assert "{" not in task.caption
        assert 0 <= task.start < task.end <= task.film.seconds
        kinds = [one.kind for one in task.given]
        assert kinds.count(PICTURE) <= 9
        assert kinds.count(CLIP) <= 3
        # Recordings need a picture or a clip beside them; frame roles and references exclude.
        assert RECORDING not in kinds or set(kinds) != {RECORDING}
        roles = {one.role for one in task.given}
        assert roles in ({"reference"}, {"first_frame"}, {"first_frame", "last_frame"})
        if "reference" in roles:
            assert NAMED.search(task.caption), task.caption
        assert not any(held_out_combinations(one) for one in scripts_of(task))
        assert not any(is_held_out(one.seed) for one in scripts_of(task))


def test_held_out_tasks_come_from_held_out_seeds() -> None:
    task = draw_task(HELD_OUT.start + 7, "identity")
    assert all(is_held_out(one.seed) for one in scripts_of(task))


def test_every_task_has_wordings_in_both_languages() -> None:
    assert set(ENGLISH) == set(CHINESE)
    for patterns in (ENGLISH, CHINESE):
        assert all(len(set(one)) >= 3 for one in patterns.values())
    captions = [draw_task(seed).caption for seed in range(60)]
    assert len(set(captions)) > 57  # an edit in few words may be asked for twice
    assert {draw_task(seed).name for seed in range(120)} == set(TASKS)


@pytest.mark.parametrize("name", ["add", "remove", "swap", "redress"])
@pytest.mark.parametrize("seed", [2, 4])
def test_outside_the_mask_nothing_changes(name: str, seed: int) -> None:
    task = draw_task(seed, name, SECONDS, SIZE)
    done = perform(task)
    source = done.given[0].frames
    assert source is not None
    assert done.mask is not None
    assert task.change is not None
    assert np.array_equal(source[~done.mask], done.frames[~done.mask])
    # The mask is where the task says it is: around the performers' own pixels and shadows.
    whole = [
        shoot(script, masks=True, with_sound=False) for script in (task.given[0].script, task.film)
    ]
    own = np.zeros_like(done.mask)
    for take in whole:
        assert take.truth.layers is not None
        for index in task.change.performers:
            own |= take.truth.layers == index + 1
    assert own.any()
    assert (done.mask & own).sum() > 0.5 * own.sum()
    assert done.mask.mean() < 4.0 * own.mean() + 0.1
    assert np.array_equal(whole[0].truth.camera, whole[1].truth.camera)
    # Nobody else moves, but for hands that meet those of the changed one.
    others = [i for i in range(len(task.film.performers)) if i not in task.change.performers]
    before, after = (take.truth.joints[:, others] for take in whole)
    together = any(ACTS[one.act].two for one in task.film.performers)
    assert together or np.array_equal(before, after)


def test_a_restyled_film_moves_and_sounds_the_same() -> None:
    done = made("restyle")
    before, after = (
        shoot(one, with_sound=False).truth for one in (done.task.given[0].script, done.task.film)
    )
    assert np.array_equal(before.joints, after.joints)
    assert np.array_equal(done.sound, done.given[0].sound)
    assert done.mask is not None
    assert done.mask.mean() > 0.3


def test_relighting_changes_light_alone() -> None:
    done = made("relight")
    before, after = (
        shoot(one, with_sound=False).truth for one in (done.task.given[0].script, done.task.film)
    )
    assert np.array_equal(before.joints, after.joints)
    assert done.mask is not None
    assert done.mask.mean() > 0.3


def test_changing_the_sound_leaves_the_picture() -> None:
    done = made("resound")
    assert np.array_equal(done.frames, done.given[0].frames)
    assert done.mask is not None
    assert not done.mask.any()
    assert not np.array_equal(done.sound, done.given[0].sound)


@pytest.mark.parametrize("name", ["first_frame", "first_last_frame"])
def test_given_frames_are_those_of_the_film(name: str) -> None:
    done = made(name)
    first = done.given[0].frames
    assert first is not None
    assert np.array_equal(first[0], done.frames[0])
    if name == "first_last_frame":
        last = done.given[1].frames
        assert last is not None
        assert np.array_equal(last[0], done.frames[-1])


@pytest.mark.parametrize("name", ["extend", "extend_backward", "continuation"])
def test_parts_join_without_a_seam(name: str) -> None:
    done = made(name)
    given = done.given[0]
    assert given.frames is not None
    assert given.sound is not None
    film = shoot(done.task.film)
    first, last = (given, done) if name != "extend_backward" else (done, given)
    # The parts share their border frame.
    assert np.array_equal(first.frames[-1], last.frames[0])
    assert np.array_equal(np.concatenate([first.frames, last.frames[1:]]), film.frames)
    overlap = film.sound.shape[0] // len(film.frames)
    joined = np.concatenate([first.sound, last.sound[overlap:]])
    assert np.array_equal(joined, film.sound)
    if name == "continuation":
        cut = film.truth.shots[len(given.frames) - 1 : len(given.frames) + 1]
        assert 1 in cut


def test_moves_are_the_same_on_other_bodies() -> None:
    done = made("motion")
    source, film = done.task.given[0].script, done.task.film
    assert [one.act for one in source.performers] == [one.act for one in film.performers]
    assert [one.phase for one in source.performers] == [one.phase for one in film.performers]
    before, after = (shoot(one, with_sound=False).truth.contacts for one in (source, film))
    assert [(a.kind, a.seconds) for a in before] == [(b.kind, b.seconds) for b in after]
    assert source.performers[0].character != film.performers[0].character


def test_the_same_camera_and_the_same_person() -> None:
    task = draw_task(4, "camera")
    assert task.given[0].script.camera == task.film.camera
    for seed in range(6):  # a crane that goes up is shown by one that goes up
        task = draw_task(seed, "camera")
        assert way_of(task.given[0].script.seed, 0) == way_of(task.film.seed, 0)
    assert task.given[0].script.set != task.film.set or task.given[0].script.seed != task.film.seed
    task = draw_task(4, "identity")
    shown = {one.script.performers[0].character for one in task.given}
    assert shown <= {one.character for one in task.film.performers}


def test_voices_and_music_are_recorded() -> None:
    done = made("voice")
    recording = done.given[1]
    assert recording.frames is None
    assert recording.sound is not None
    (said,), (new,) = (heard_lines(one) for one in (done.task.given[1].script, done.task.film))
    assert said.text != new.text
    assert said.text not in done.task.caption
    done = made("music")
    assert done.given[1].sound is not None
    assert abs(loudness(done.given[1].sound) + 16) < 1


def test_training_can_draw_tasks() -> None:
    done = render_task(6, DataConfig(width=96, height=64, seconds=1), "remove")
    assert done.frames.shape == (25, 64, 96, 3)
    assert done.given[0].frames is not None
    assert done.given[0].frames.shape == done.frames.shape


def test_tasks_are_the_same_in_every_process() -> None:
    run = subprocess.run([sys.executable, "-c", CODE], capture_output=True, text=True, check=True)
    done = perform(draw_task(31, "swap", 0.5, (96, 64)))
    data = done.frames.tobytes() + done.sound.tobytes() + repr(done.task).encode()
    assert hashlib.sha256(data).hexdigest() == run.stdout.strip()
    assert len(done.frames) == round(0.5 * FPS) + 1
