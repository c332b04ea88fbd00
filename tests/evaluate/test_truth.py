"""What is true of a take, in the examiner's form."""

from dataclasses import replace

import numpy as np
import pytest

from onereel.backlot.acts import ACTS
from onereel.backlot.script import write_script
from onereel.backlot.shoot import block, find_truth
from onereel.evaluate.reading import ANY_OF, JOINTS, ONE_OF, PERSON, shots_of
from onereel.evaluate.truth import (
    camera_motion,
    lead_performers,
    person_vector,
    read_truth,
    shown_attributes,
    vocabulary,
)


def test_shapes_and_attributes(takes):
    for take in takes.values():
        reading, frames = read_truth(take), len(take.frames)
        assert {len(getattr(reading, name)) for name in ("cut", "contact", "mouth", "person")} == {
            frames
        }
        assert reading.joints.shape == (frames, len(JOINTS), 2)
        rows = -(-len(take.sound) * 100 // 24000)
        assert len(reading.onset) == len(reading.voice) == len(reading.beat) == rows
        assert {*reading.film} == {*ONE_OF, *ANY_OF}
        for name in ONE_OF:
            assert reading.film[name].sum() == 1
        assert reading.named("set")[take.script.set] == 1
        for one in take.script.performers:
            assert reading.named("act")[one.act] == 1
            assert reading.named("kind")[one.character.kind] == 1


def test_times_of_contacts_and_beats(takes):
    take = takes["walk"]
    reading = read_truth(take)
    steps = [one.seconds for one in take.truth.contacts if one.kind == "step"]
    assert steps
    for seconds in steps:
        assert reading.onset[round(100 * seconds)] == 1
    assert reading.onset.sum() == len({round(100 * s) for s in steps})
    tempo = take.script.music.tempo
    assert np.flatnonzero(reading.beat)[1] == round(100 * 60 / tempo)


def test_a_mouth_is_open_where_its_voice_is_heard(takes):
    reading = read_truth(takes["speech"])
    heard = np.interp(np.arange(len(reading.mouth)) / 24, np.arange(len(reading.voice)) / 100,
                      reading.voice)  # fmt: skip
    assert reading.voice.max() > 0.5
    assert np.corrcoef(heard, reading.mouth)[0, 1] > 0.9


def test_person_vectors_tell_who_is_who(takes):
    words, script = vocabulary(), takes["pair"].script
    one, other = (performer.character for performer in script.performers)
    assert person_vector(one, words) @ person_vector(one, words) == pytest.approx(1)
    redressed = replace(one, outfit_colour="pink" if one.outfit_colour != "pink" else "blue")
    assert person_vector(one, words) @ person_vector(redressed, words) == pytest.approx(
        1 - 1 / len(PERSON)
    )
    assert person_vector(one, words) @ person_vector(other, words) < 0.8


def test_the_camera_moves_by_what_the_picture_moves():
    pans = (
        one
        for one in map(write_script, range(600, 800))
        if one.camera == "pan" and len(one.shots) == 1
    )
    truth = next(
        truth
        for truth in (find_truth(one, block(one)) for one in pans)
        if abs(truth.camera[-1, 0] - truth.camera[0, 0]) * truth.camera[0, 2] > 0.2
    )
    moved = camera_motion(truth)
    assert moved[0].tolist() == [0, 0, 0]
    far = (truth.camera[-1, 0] - truth.camera[0, 0]) * truth.camera[0, 2]
    assert moved[:, 0].sum() == pytest.approx(far, rel=0.05)


def test_cuts_part_the_shots():
    script = next(one for one in map(write_script, range(600, 700)) if len(one.shots) == 3)
    truth = find_truth(script, block(script))
    leads = lead_performers(script, truth)
    assert len(leads) == len(truth.shots)
    shown = shown_attributes(script, truth, vocabulary())
    names = vocabulary()["act"]
    for number, shot in enumerate(script.shots):
        rows = shown["act"][truth.shots == number]
        told = {names[i] for i in np.flatnonzero(rows.max(axis=0))}
        assert told <= {one.act for one in shot.performers}
    assert {ACTS[one].name for one in told} == told


def test_shots_of_follows_cuts(takes):
    reading = read_truth(takes["speech"])
    cut = np.zeros_like(reading.cut)
    cut[[10, 30]] = 1
    assert [len(part) for part in shots_of(replace(reading, cut=cut))] == [10, 20, 19]
