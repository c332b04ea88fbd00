"""Who says what when: the lines of a script as sound, and as mouth shapes for every frame.

- `speak` is called before drawing (mouths) and again by sound.py (voices); it is cached
- turns never overlap: a line waits until the one before it has ended
- sung lines follow the music's own chords and beat, their vowels on the beat

Called from shoot.py, sound.py and pairs.py.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from onereel.backlot.instruments import hertz
from onereel.backlot.lines import heard_lines
from onereel.backlot.music import PHRASE, PICKUP, song_notes
from onereel.backlot.people import KINDS, Character
from onereel.backlot.script import Line, Music, Script, frame_count
from onereel.backlot.singing import Note, sing, syllable_count
from onereel.backlot.visemes import OPEN, is_vowel, loudness_track, viseme_track
from onereel.backlot.voice import Utterance, Voice, say, voice_of

DEFAULT_SONG = Music("calm", 100.0, 0)  # for a singer without music


@dataclass(frozen=True, eq=False)
class Spoken:
    line: Line
    start: float  # seconds of the clip at which the sound begins
    utterance: Utterance


@dataclass(frozen=True, eq=False)
class Speech:
    """`visemes` (T, P) uint8, indices into visemes.VISEMES; `open` (T, P) float32, 0..1."""

    spoken: tuple[Spoken, ...]
    visemes: np.ndarray
    open: np.ndarray


def voice_for(character: Character) -> Voice:
    kind = KINDS[character.kind]
    return voice_of(kind.age, kind.sex, character.voice_seed)


@lru_cache(maxsize=8)
def speak(script: Script) -> Speech:
    """Everything said in the clip. Raises OnereelError if the speech helper cannot run."""
    frames, people = frame_count(script), len(script.performers)
    visemes = np.zeros((frames, people), np.uint8)
    opening = np.zeros((frames, people), np.float32)
    spoken = []
    silent_until = 0.0
    for line in heard_lines(script):
        if line.performer in script.unseen:
            continue
        voice = voice_for(script.performers[line.performer].character)
        if line.sung:
            start, utterance = _sung(line, voice, script.music or DEFAULT_SONG)
        else:
            start, utterance = max(line.start, silent_until), say(line.text, line.language, voice)
        if start > script.seconds - 0.25:
            break
        silent_until = start + utterance.seconds + 0.12
        spoken.append(Spoken(line, start, utterance))
        track = viseme_track(utterance.phones, start, frames)
        loud = loudness_track(utterance.sound, start, frames)
        mine = track > 0
        visemes[mine, line.performer] = track[mine]
        shape = OPEN[track] * np.clip(0.35 + loud, 0, 1)
        opening[mine, line.performer] = shape[mine]
    for array in (visemes, opening):
        array.flags.writeable = False
    return Speech(tuple(spoken), visemes, opening)


def _sung(line: Line, voice: Voice, music: Music) -> tuple[float, Utterance]:
    beat = 60.0 / music.tempo
    phrase = round((line.start / beat - PICKUP) / PHRASE)
    origin = (PICKUP + phrase * PHRASE) * beat
    tones = song_notes(music, phrase, syllable_count(line.text, line.language, voice))
    notes = tuple(Note(t.beat * beat - origin, t.beats * beat, hertz(t.midi)) for t in tones)
    utterance = sing(line.text, line.language, voice, notes)
    # The first vowel falls on the beat; its consonants come before.
    lead = next((one.start for one in utterance.phones if is_vowel(one.ipa)), 0.0)
    return origin - lead, utterance
