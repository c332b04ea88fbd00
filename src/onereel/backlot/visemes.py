"""Mouth shapes: which of nine visemes the mouth shows on every frame, and how far it opens.

- IPA (as espeak-ng 1.52 writes it) to rest, A, E, I, O, U, M, F, L
- a frame shows the phone that fills most of it; lips that close (M) or bite (F) win ties, since a
  missed closure is what an eye notices first
- the opening follows the loudness of the voice within the frame

Called from speech.py; the shapes are drawn by face.py.
"""

import numpy as np

from onereel.backlot.script import FPS
from onereel.backlot.synth import SAMPLE_RATE, Signal
from onereel.backlot.voice import Phone

VISEMES = ("rest", "A", "E", "I", "O", "U", "M", "F", "L")
REST, A, E, I, O, U, M, F, L = range(9)

# First signs decide; longer entries are tried first.
SHAPES: dict[str, int] = {
    **dict.fromkeys(("a", "ɑ", "æ", "ʌ", "ɐ", "aɪ", "aʊ", "ai", "ɑu"), A),
    **dict.fromkeys(("e", "ɛ", "ə", "ɚ", "ɜ", "ɤ", "eɪ", "ei", "h", "x", "χ", "ɡ", "g", "k"), E),
    **dict.fromkeys(("i", "ɪ", "j", "iː", "s", "z", "ɕ", "ts", "tɕ", "ᵻ"), I),
    **dict.fromkeys(("o", "ɔ", "ɒ", "oʊ", "ou", "ɔɪ"), O),
    **dict.fromkeys(("u", "ʊ", "y", "w", "ʃ", "ʒ", "tʃ", "dʒ", "ɹ", "r", "ʂ", "ɻ", "ʐ"), U),
    **dict.fromkeys(("m", "b", "p"), M),
    **dict.fromkeys(("f", "v"), F),
    **dict.fromkeys(("l", "n", "t", "d", "θ", "ð", "ŋ", "ɾ", "ɲ", "ʔ"), L),
}
OPEN = np.array([0.0, 1.0, 0.7, 0.45, 0.85, 0.5, 0.0, 0.15, 0.4], np.float32)
VOWELS = frozenset("aɑæʌɐeɛəɚɜɤiɪᵻoɔɒuʊyɨœ")
VOICELESS = frozenset(
    ("p", "t", "k", "f", "s", "ʃ", "θ", "h", "x", "χ", "ɕ", "ts", "tɕ", "tʃ", "ʂ")
)


def viseme_of(ipa: str) -> int:
    """The viseme of one phone; a pause or an unknown sign closes the mouth."""
    for length in (2, 1):
        if ipa[:length] in SHAPES and ipa:
            return SHAPES[ipa[:length]]
    return REST


def is_vowel(ipa: str) -> bool:
    return bool(ipa) and ipa[0] in VOWELS


def viseme_track(phones: tuple[Phone, ...], start: float, frames: int) -> np.ndarray:
    """(T,) uint8 at 24 fps for an utterance that begins at `start` seconds of the clip."""
    weight = np.zeros((frames, len(VISEMES)), np.float32)
    for phone in phones:
        shape = viseme_of(phone.ipa)
        favour = 1.7 if shape in (M, F) else 0.6 if shape == REST else 1.0
        first = (start + phone.start) * FPS + 0.5
        last = first + phone.seconds * FPS
        for frame in range(max(0, int(first)), min(frames, int(last) + 1)):
            weight[frame, shape] += favour * (min(last, frame + 1.0) - max(first, float(frame)))
    return weight.argmax(axis=1).astype(np.uint8)


def loudness_track(sound: Signal, start: float, frames: int) -> np.ndarray:
    """(T,) float32, 0..1: root mean square of the voice around each frame, 1 where it is loud."""
    energy = np.zeros(frames + 1)
    first = round(start * SAMPLE_RATE)
    frame_of = np.clip(
        ((first + np.arange(len(sound))) * FPS / SAMPLE_RATE + 0.5).astype(int), 0, frames
    )
    np.add.at(energy, frame_of, sound.astype(np.float64) ** 2)
    level = np.sqrt(energy[:frames] * FPS / SAMPLE_RATE)
    return np.asarray(np.clip(level / 0.13, 0.0, 1.0), np.float32)
