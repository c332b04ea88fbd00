"""Sound of a clip: stereo, 24 kHz, in step with the picture.

- `record` mixes contacts, voices, ambience and music, adds the room, and masters to -16 LUFS
- every contact starts on its exact sample, at its place in the picture, louder when it is closer
- music steps back while somebody speaks
- stems (`effects`, `swings`, `voices`, `surroundings`, `accompaniment`) are functions of their
  own, so tests and pairs can hear them alone

Called from shoot.py.
"""

from typing import Protocol

import numpy as np
from scipy.ndimage import maximum_filter1d, uniform_filter1d

from onereel.backlot.ambience import bed, heard
from onereel.backlot.foley import SWINGS, contact_sound, swish
from onereel.backlot.mix import master, place_along, place_in, reverberate
from onereel.backlot.music import compose
from onereel.backlot.script import FPS, SAMPLE_RATE, Script
from onereel.backlot.sets import SETS
from onereel.backlot.speech import Speech, speak
from onereel.backlot.synth import Signal, noise_for

EFFECTS, VOICES, MUSIC = 0.14, 1.25, 0.5
ROOM_OF = {
    "palace": "hall",
    "stage": "hall",
    "kitchen": "tiled",
    "spaceship": "metal",
    "street": "street",
    "market": "street",
    "rooftop": "street",
    "harbour": "street",
    "bamboo": "grove",
    "forest": "grove",
}


class Touching(Protocol):
    """What sound needs to know of a contact (shoot.Contact)."""

    @property
    def seconds(self) -> float: ...
    @property
    def kind(self) -> str: ...
    @property
    def performer(self) -> int: ...
    @property
    def x(self) -> float: ...
    @property
    def surface(self) -> str: ...
    @property
    def force(self) -> float: ...
    @property
    def material(self) -> str: ...


Contacts = tuple[Touching, ...]


def room_of(set_name: str) -> str:
    return ROOM_OF.get(set_name, "room" if SETS[set_name].indoors else "open")


def ambience_of(script: Script) -> tuple[str, ...]:
    """Names of what is heard around the scene; captions say the same."""
    place = SETS[script.set]
    if script.ambience:
        return (script.ambience,)
    return heard(place.ambience, place.surface, place.indoors, script.time_of_day, script.weather)


def nearness(places: np.ndarray, performer: int, seconds: float) -> float:
    """How loud a performer is for being near: 1 in a full shot, `places` (T, P, 3) holding x, y
    and the height of the body in picture heights."""
    if not 0 <= performer < places.shape[1]:
        return 0.9
    frame = min(max(0, int(seconds * FPS)), len(places) - 1)
    return float(np.clip(0.45 + 0.75 * places[frame, performer, 2], 0.5, 1.4))


def own_generators(script: Script, contacts: Contacts, stem: int) -> list[np.random.Generator]:
    """One for each contact, by performer and count: taking one performer away leaves the sounds of
    the others as they were."""
    counts: dict[int, int] = {}
    found = []
    for contact in contacts:
        count = counts[contact.performer] = counts.get(contact.performer, 0) + 1
        found.append(noise_for(script.seed, stem, contact.performer + 1, count))
    return found


def effects(script: Script, contacts: Contacts, places: np.ndarray, samples: int) -> Signal:
    """Sounds of the contacts only, (samples, 2)."""
    mix = np.zeros((samples, 2), np.float32)
    for contact, rng in zip(contacts, own_generators(script, contacts, 101), strict=True):
        sound = contact_sound(contact.kind, contact.surface, contact.force, rng, contact.material)
        start = round(contact.seconds * SAMPLE_RATE)
        gain = EFFECTS * contact.force * nearness(places, contact.performer, contact.seconds)
        place_in(mix, sound, start, contact.x, gain)
    return mix


def swings(script: Script, contacts: Contacts, places: np.ndarray, samples: int) -> Signal:
    """The air moved by a blow, a throw or a blade, leading into its contact."""
    mix = np.zeros((samples, 2), np.float32)
    for contact, rng in zip(contacts, own_generators(script, contacts, 102), strict=True):
        if contact.kind in SWINGS:
            seconds, level = SWINGS[contact.kind]
            sound = swish(rng, seconds)
            start = round(contact.seconds * SAMPLE_RATE) - len(sound)
            gain = EFFECTS * level * nearness(places, contact.performer, contact.seconds)
            place_in(mix, sound, start, contact.x, gain)
    return mix


def voices(speech: Speech, places: np.ndarray, samples: int) -> Signal:
    """What is said and sung, following each speaker across the picture."""
    mix = np.zeros((samples, 2), np.float32)
    for one in speech.spoken:
        who = one.line.performer
        xs = 0.25 + 0.5 * places[:, who, 0]  # voices stay nearer the middle than feet
        gain = VOICES * nearness(places, who, one.start)
        place_along(mix, one.utterance.sound, round(one.start * SAMPLE_RATE), xs, gain)
    return mix


def surroundings(script: Script, samples: int) -> Signal:
    return bed(ambience_of(script), script.seed, samples)


def accompaniment(script: Script, speech: Speech, spoken: Signal, samples: int) -> Signal:
    """The music, 8 dB down while somebody speaks (a singer it accompanies)."""
    if script.music is None:
        return np.zeros((samples, 2), np.float32)
    sung = any(one.line.sung for one in speech.spoken)
    music = compose(script.music, samples, sung) * np.float32(MUSIC)
    if sung or not speech.spoken:
        return music
    # The voice's envelope every 10 ms, held for the pauses between words.
    step = SAMPLE_RATE // 100
    loud = np.abs(spoken[: samples // step * step]).max(axis=1).reshape(-1, step).max(axis=1)
    talking = maximum_filter1d((loud > 0.01).astype(np.float32), 50)
    smooth = uniform_filter1d(talking, 20)
    times = np.arange(samples, dtype=np.float32) / step
    duck = 1 - 0.6 * np.interp(times, np.arange(len(smooth)), smooth).astype(np.float32)
    return music * duck[:, None]


def record(script: Script, contacts: Contacts, places: np.ndarray, samples: int) -> Signal:
    """The whole mix, (samples, 2) float32 at -16 LUFS, true peaks under -1 dBFS.

    places: (T, P, 3) float32, for each frame and performer x in 0..1 of the picture, y, and the
    height of the body in picture heights.
    """
    speech = speak(script)
    spoken = voices(speech, places, samples)
    dry = effects(script, contacts, places, samples)
    dry += swings(script, contacts, places, samples)
    wet = reverberate(dry + 0.6 * spoken, room_of(script.set))
    around = surroundings(script, samples)
    return master(dry + spoken + wet + around + accompaniment(script, speech, spoken, samples))
