"""Sound: onsets on the frame, place, loudness, music on the beat, no hum and no clicks."""

import dataclasses
import itertools

import numpy as np
import pytest

from onereel.backlot.acts import ACTS
from onereel.backlot.ambience import SOUNDS, bed
from onereel.backlot.foley import CONTACTS, STEPS, contact_sound
from onereel.backlot.instruments import INSTRUMENTS, play
from onereel.backlot.mix import decibels, loudness, master, place_in, rms, true_peak
from onereel.backlot.music import MOODS, beat_times, compose, draw_music, song_notes
from onereel.backlot.script import FPS, SAMPLE_RATE, Music, write_script
from onereel.backlot.sets import SETS
from onereel.backlot.shoot import block, find_contacts, listen, places_of, samples_of
from onereel.backlot.sound import ambience_of, effects
from onereel.backlot.synth import noise_for


def onset(sound: np.ndarray) -> float:
    """Seconds at which a sound alone is first heard."""
    loud = np.abs(sound).reshape(len(sound), -1).max(axis=1)
    return float(np.flatnonzero(loud > 0.2 * loud.max())[0]) / SAMPLE_RATE


def test_every_contact_is_heard_on_its_frame() -> None:
    """For each kind of contact that any act makes, in the effects of real clips."""
    missing = {beat.kind for act in ACTS.values() for beat in act.beats}
    for seed in range(700):
        script = dataclasses.replace(write_script(seed, 4.5), lines=(), music=None)
        if not missing & {b.kind for one in script.performers for b in ACTS[one.act].beats}:
            continue
        shots = block(script)
        places = places_of(script, shots)
        for contact in find_contacts(script, shots):
            if contact.seconds > script.seconds - 0.05:
                continue
            # Alone, so that the tail of the contact before does not hide the onset.
            sound = effects(script, (contact,), places, samples_of(script))
            assert abs(onset(sound) - contact.seconds) < 1 / FPS, contact
            missing.discard(contact.kind)
        if not missing:
            break
    assert len(missing) <= 2, missing  # two rare ones may not have been drawn


@pytest.mark.parametrize("kind", [*CONTACTS, *(f"step {surface}" for surface in STEPS)])
def test_contacts_begin_at_once_and_end_in_silence(kind: str) -> None:
    name, _, surface = kind.partition(" ")
    sound = contact_sound(name, surface or "stone", 1.0, noise_for(1))
    assert onset(sound) < 0.012
    assert np.abs(sound[-24:]).max() < 0.05 * np.abs(sound).max()
    assert 0.4 < np.abs(sound).max() < 6
    harder = contact_sound(name, surface or "stone", 2.0, noise_for(1))
    assert rms(harder) >= 0.99 * rms(sound)


def test_every_act_and_set_can_be_heard() -> None:
    for act in ACTS.values():
        for beat in act.beats:
            contact_sound(beat.kind, "stone", 1.0, noise_for(2))
    for place in SETS.values():
        assert place.surface in STEPS
        assert set(place.ambience) <= set(SOUNDS)
    with pytest.raises(KeyError):
        contact_sound("step", "custard", 1.0, noise_for(2))


def test_things_sound_where_they_are() -> None:
    sound = contact_sound("clap", "", 1.0, noise_for(3))
    for x, side in ((0.0, 0), (1.0, 1)):
        mix = np.zeros((SAMPLE_RATE, 2), np.float32)
        place_in(mix, sound, 1000, x, 1.0)
        assert rms(mix[:, side]) > 3 * rms(mix[:, 1 - side])
    middle = np.zeros((SAMPLE_RATE, 2), np.float32)
    place_in(middle, sound, 1000, 0.5, 1.0)
    assert np.allclose(middle[:, 0], middle[:, 1], atol=1e-5)


@pytest.mark.parametrize("seed", range(20))
def test_loudness_and_peaks(seed: int) -> None:
    script = write_script(seed, 2.0)
    sound = listen(script)
    assert sound.shape == (samples_of(script), 2)
    assert sound.dtype == np.float32
    assert abs(loudness(sound) + 16) < 1, ambience_of(script)
    assert decibels(true_peak(sound)) < -1
    assert np.abs(sound[0]).max() < 1e-4  # a player that loops the clip does not click
    assert np.abs(sound[-1]).max() < 1e-4


def test_loudness_is_that_of_the_standard() -> None:
    # BS.1770-4: a 997 Hz sine of full scale in one channel reads -3.01 LUFS.
    time = np.arange(3 * SAMPLE_RATE) / SAMPLE_RATE
    sine = np.sin(2 * np.pi * 997 * time)
    assert loudness(np.stack([sine, 0 * sine], axis=1)) == pytest.approx(-3.01, abs=0.05)
    both = np.stack([sine, sine], axis=1) * 10 ** (-23 / 20)
    assert loudness(both) == pytest.approx(-23.0, abs=0.05)
    # The gate leaves out what is far quieter than the rest.
    half = both.copy()
    half[len(half) // 2 :] *= 0.001
    assert loudness(half) == pytest.approx(-23.0, abs=0.6)
    assert loudness(np.zeros((SAMPLE_RATE, 2))) == -np.inf
    assert not master(np.zeros((SAMPLE_RATE, 2), np.float32)).any()


def test_true_peaks_between_samples_are_seen() -> None:
    # A sine at a quarter of the rate, sampled 45 degrees off its peaks: 3 dB hide between samples.
    time = np.arange(SAMPLE_RATE)
    sine = 0.7 * np.sin(np.pi / 2 * time + np.pi / 4)
    assert np.abs(sine).max() < 0.5
    assert true_peak(np.stack([sine, sine], axis=1)) == pytest.approx(0.7, rel=0.03)


@pytest.mark.parametrize("name", SOUNDS)
def test_ambience_has_no_hum_and_no_clicks(name: str) -> None:
    sound = bed((name,), 5, 3 * SAMPLE_RATE)
    assert np.array_equal(sound, bed((name,), 5, 3 * SAMPLE_RATE))
    assert not np.array_equal(sound, bed((name,), 6, 3 * SAMPLE_RATE))
    spectrum = np.abs(np.fft.rfft(sound.mean(axis=1))) ** 2
    low = spectrum[: 3 * 200]
    # No steady tone under 200 Hz stands out.
    assert low.max() < 0.2 * spectrum.sum() + 1e-9
    assert rms(sound[: 2 * len(sound) // 3]) > 0
    jumps = np.abs(np.diff(sound, axis=0)).max()
    assert jumps < 0.6


def test_music_keeps_its_beat() -> None:
    music = Music("festive", 120.0, 4)
    sound = np.abs(compose(music, 4 * SAMPLE_RATE)).sum(axis=1)
    envelope = np.convolve(sound, np.ones(120) / 120, "same")
    for beat in beat_times(music, 3.5)[::4]:
        at = round(beat * SAMPLE_RATE)
        before = envelope[max(0, at - 1400) : max(1, at - 200)].mean() if at else 0.0
        assert envelope[at + 100 : at + 1300].max() > 1.5 * before


def test_same_music_in_any_film_and_longer_films_go_on() -> None:
    music = Music("romantic", 80.0, 9)
    short, long = compose(music, 2 * SAMPLE_RATE), compose(music, 4 * SAMPLE_RATE)
    assert np.allclose(short, long[: len(short)], atol=1e-6)
    assert not np.allclose(long, compose(dataclasses.replace(music, seed=10), 4 * SAMPLE_RATE))
    for mood in MOODS:
        assert rms(compose(Music(mood, 100.0, 1), 2 * SAMPLE_RATE)) > 0.02
    for instrument in INSTRUMENTS:
        note = play(instrument, 60, 0.7)
        assert 0.1 < np.abs(note).max() < 3
        assert np.abs(note[-3:]).max() < 0.01


def test_songs_have_a_note_for_each_syllable() -> None:
    music = Music("cheerful", 110.0, 3)
    for count in range(1, 15):
        notes = song_notes(music, 0, count)
        assert len(notes) == count
        assert all(a.beat + a.beats <= b.beat + 1e-9 for a, b in itertools.pairwise(notes))
        assert notes[-1].beat + notes[-1].beats < 9.5


def test_dancers_and_singers_have_music() -> None:
    rng = np.random.default_rng(1)
    assert all(draw_music(rng, ["dances"], "street") for _ in range(20))
    drawn = [draw_music(rng, ["walks"], "street") for _ in range(60)]
    assert 0 < sum(one is not None for one in drawn) < 40


def test_sound_is_the_same_whatever_was_recorded_before() -> None:
    script = write_script(12, 1.5)
    first = listen(script)
    for other in (3, 4):
        listen(write_script(other, 1.0))
    assert np.array_equal(first, listen(script))
