"""The Backlot's own truth as a `Reading`: what a perfect examiner would say of a take.

It is what the examiner learns from, what metrics are validated with, and what a film made from a
take's caption is held against. Needs the [backlot] extra.

Shape legend: as in reading.py.
"""

from __future__ import annotations

import numpy as np

from onereel.backlot.acts import ACTS
from onereel.backlot.ambience import SOUNDS
from onereel.backlot.animal_voices import VOICES
from onereel.backlot.hair import HAIR
from onereel.backlot.music import MOODS, beat_times
from onereel.backlot.outfits import ACCESSORIES, OUTFITS
from onereel.backlot.people import HAIR_COLOURS, KINDS, OUTFIT_COLOURS, SKINS, Character
from onereel.backlot.script import CAMERAS, SAMPLE_RATE, SIZES, STYLES, Script, frame_count
from onereel.backlot.sets import SETS
from onereel.backlot.shoot import Take, Truth
from onereel.backlot.skeleton import JOINTS as ALL_JOINTS
from onereel.backlot.sound import ambience_of
from onereel.backlot.speech import speak
from onereel.backlot.things import THINGS
from onereel.evaluate.reading import FPS, HEAR_RATE, JOINTS, PERSON, SHOWN, Reading, Vocabulary

PLACES = [ALL_JOINTS.index(name) for name in JOINTS]
IMPACTS = ("hit", "punch", "kick", "block", "land", "fall", "slide")


def vocabulary() -> Vocabulary:
    """The classes of every attribute, in the Backlot's order."""
    return {
        "set": tuple(SETS),
        "time_of_day": ("dawn", "day", "dusk", "night"),
        "weather": ("clear", "rain", "snow", "fog", "wind", "petals"),
        "style": STYLES,
        "mood": ("none", *MOODS),
        "act": tuple(ACTS),
        "kind": tuple(KINDS),
        "skin": tuple(SKINS),
        "outfit": tuple(OUTFITS),
        "outfit_colour": tuple(OUTFIT_COLOURS),
        "hair_style": tuple(HAIR),
        "hair_colour": tuple(HAIR_COLOURS),
        "accessory": tuple(ACCESSORIES),
        "object": tuple(THINGS),
        "sound": ("music", "speech", "singing", "step", "impact", *VOICES, *SOUNDS),
        "size": SIZES,
        "camera": CAMERAS,
    }


def read_truth(take: Take) -> Reading:
    """Exact truth in the examiner's form. Attributes are 1 for what is there, 0 for the rest."""
    script, truth = take.script, take.truth
    words = vocabulary()
    frames = frame_count(script)
    leads = lead_performers(script, truth)
    rows = np.arange(frames)
    joints = truth.joints[rows, leads][:, PLACES]
    inside = np.all((joints > 0.0) & (joints < 1.0), axis=-1)
    heads = truth.joints[:, :, ALL_JOINTS.index("head")]
    shown = np.all((heads > 0.0) & (heads < 1.0), axis=-1)
    times = [one for one in truth.contacts if one.kind not in VOICES]
    seen = [one.seconds for one in times if 0.0 < one.x < 1.0]
    samples = -(-len(take.sound) * HEAR_RATE // SAMPLE_RATE)
    return Reading(
        vocabulary=words,
        film=film_attributes(script, truth, words),
        frame={
            name: np.stack(
                [
                    one_hot(words[name], getattr(script.shots[number], field))
                    for number in truth.shots
                ]
            )
            for name, field in (("size", "size"), ("camera", "camera"))
        },
        cut=np.diff(truth.shots, prepend=truth.shots[:1]).astype(bool).astype(np.float32),
        contact=marks_at(seen, frames, FPS),
        mouth=(truth.mouth * shown).max(axis=1),
        joints=joints.astype(np.float32),
        seen=inside.astype(np.float32),
        camera_motion=camera_motion(truth),
        person=np.stack(
            [
                person_vector(script.shots[number].performers[lead].character, words)
                for number, lead in zip(truth.shots, leads, strict=True)
            ]
        ),
        onset=marks_at([one.seconds for one in times], samples, HEAR_RATE),
        voice=voice_heard(script, samples),
        beat=beats_heard(script, samples),
    )


def lead_performers(script: Script, truth: Truth) -> np.ndarray:
    """(T,) who stands out most in each frame: whom the camera frames, else the tallest of those in
    the picture, else the first."""
    leads = np.zeros(len(truth.shots), int)
    for number, shot in enumerate(script.shots):
        part = truth.shots == number
        if shot.focus >= 0:
            leads[part] = shot.focus
            continue
        tall = [0.0 if i in script.unseen else one.character.scale
                for i, one in enumerate(shot.performers)]  # fmt: skip
        leads[part] = (truth.visible[part] * np.array(tall)).argmax(axis=1)
    return leads


def shown_attributes(script: Script, truth: Truth, words: Vocabulary) -> dict[str, np.ndarray]:
    """What the picture shows of several things at once: attribute of SHOWN -> (T, C) of 0 and 1."""
    found = {name: np.zeros((len(truth.shots), len(words[name])), np.float32) for name in SHOWN}
    for number, shot in enumerate(script.shots):
        for index, one in enumerate(shot.performers):
            rows = (truth.shots == number) & truth.visible[:, index]
            if index in script.unseen or not rows.any():
                continue
            for name in SHOWN:
                if name == "act":
                    value = one.act
                elif name == "object":
                    value = ACTS[one.act].prop
                else:
                    value = getattr(one.character, name)
                found[name][rows] = np.maximum(found[name][rows], one_hot(words[name], value))
    return found


def heard_attributes(script: Script, truth: Truth, words: Vocabulary) -> dict[str, np.ndarray]:
    """`mood` and `sound` of the film: (C,) of 0 and 1."""
    kinds = {one.kind for one in truth.contacts}
    heard = {
        *ambience_of(script),
        *(("singing" if one.line.sung else "speech") for one in speak(script).spoken),
        *(kinds & set(VOICES)),
        *(["music"] if script.music else []),
        *(["step"] if kinds & {"step", "hoof"} else []),
        *(["impact"] if kinds & set(IMPACTS) else []),
    }
    return {
        "mood": one_hot(words["mood"], script.music.mood if script.music else "none"),
        "sound": np.array([one in heard for one in words["sound"]], np.float32),
    }


def film_attributes(script: Script, truth: Truth, words: Vocabulary) -> dict[str, np.ndarray]:
    """All of ONE_OF and ANY_OF for a whole film."""
    places = ("set", "time_of_day", "weather", "style")
    shown = shown_attributes(script, truth, words)
    return {
        **{name: one_hot(words[name], getattr(script, name)) for name in places},
        **{name: rows.max(axis=0) for name, rows in shown.items()},
        **heard_attributes(script, truth, words),
    }


def one_hot(names: tuple[str, ...], name: str) -> np.ndarray:
    """(C,); all zeros for a name that is none of them."""
    return np.array([one == name for one in names], np.float32)


def marks_at(seconds: list[float], rows: int, rate: int) -> np.ndarray:
    """(rows,) float32: 1 in the row nearest to each time."""
    marks = np.zeros(rows, np.float32)
    for row in (round(one * rate) for one in seconds):
        if 0 <= row < rows:
            marks[row] = 1.0
    return marks


def camera_motion(truth: Truth) -> np.ndarray:
    """(T, 3) as in `Reading`."""
    x, y, zoom = truth.camera.astype(np.float64).T
    moved = np.zeros((len(zoom), 3))
    moved[1:, 0] = np.diff(x) * zoom[1:]
    moved[1:, 1] = np.diff(y) * zoom[1:]
    moved[1:, 2] = np.diff(np.log(zoom))
    moved[1:][np.diff(truth.shots) != 0] = 0.0
    return moved.astype(np.float32)


def person_vector(who: Character, words: Vocabulary) -> np.ndarray:
    """(E,) unit: square roots of the class probabilities of every attribute in PERSON, so that the
    product of two is their mean Bhattacharyya coefficient (here: the share of equal attributes)."""
    parts = []
    for name in PERSON:
        part = one_hot(words[name], getattr(who, name))
        # A missing attribute (no accessory) is a class of its own.
        parts.append(np.append(part, 1.0 - part.sum()))
    return np.concatenate(parts).astype(np.float32) / np.float32(len(PERSON) ** 0.5)


def voice_heard(script: Script, samples: int) -> np.ndarray:
    """(U,) how open the loudest speaker's mouth is, in or out of the picture."""
    if not script.lines:
        return np.zeros(samples, np.float32)
    opening = speak(script).open.max(axis=1)
    return np.interp(np.arange(samples) / HEAR_RATE, np.arange(len(opening)) / FPS, opening).astype(
        np.float32
    )


def beats_heard(script: Script, samples: int) -> np.ndarray:
    if script.music is None:
        return np.zeros(samples, np.float32)
    return marks_at(list(beat_times(script.music, samples / HEAR_RATE)), samples, HEAR_RATE)
