"""Music composed from a seed: chords, bass, a tune with phrases, and drums, in ten moods.

- `compose(music, samples)` plays it; a longer film continues the same piece, and the same `Music`
  is the same piece in any film
- the tune keeps a form: a motif, its repeat, a contrast, its return (A A B A, two bars each)
- `song_notes` gives a singer's phrase over the same chords; the lead instrument then steps back
- beats fall at k * 60 / tempo seconds exactly: `beat_times` is the truth for dancers and for tests

Called from script.py (`draw_music`), speech.py, sound.py and pairs.py.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from onereel.backlot.instruments import play, strike
from onereel.backlot.script import Music
from onereel.backlot.synth import SAMPLE_RATE, Signal, noise_for

BEATS_PER_BAR = 4
PHRASE = 8  # beats of a sung line
PICKUP = 1  # beats of music before the first
DANCE_TEMPO = 120.0  # at which a dance act of tempo 1 steps on the beat

MAJOR, MINOR = (0, 2, 4, 5, 7, 9, 11), (0, 2, 3, 5, 7, 8, 10)
PENTATONIC, DORIAN = (0, 2, 4, 7, 9), (0, 2, 3, 5, 7, 9, 10)
PHRYGIAN = (0, 1, 4, 5, 7, 8, 10)


@dataclass(frozen=True)
class Mood:
    tempos: tuple[int, int]
    scale: tuple[int, ...]
    chords: tuple[tuple[int, ...], ...]  # progressions: a root in semitones for each bar
    minor: bool
    leads: tuple[str, ...]
    backs: tuple[str, ...]  # chord instruments
    arpeggio: bool
    drums: str  # one of DRUMS
    density: float  # chance of a tune note on a half beat
    en: tuple[str, ...]
    zh: tuple[str, ...]


# Drum bars: name -> ((drum, half beats of the bar, level), ...)
DRUMS: dict[str, tuple[tuple[str, tuple[int, ...], float], ...]] = {
    "none": (),
    "pop": (
        ("kick", (0, 4), 0.5),
        ("snare", (2, 6), 0.26),
        ("hat", (0, 1, 2, 3, 4, 5, 6, 7), 0.09),
    ),
    "dance": (("kick", (0, 2, 4, 6), 0.55), ("clap", (2, 6), 0.24), ("hat", (1, 3, 5, 7), 0.13)),
    "folk": (("taiko", (0,), 0.36), ("block", (2, 5, 6), 0.14), ("shaker", (1, 3, 5, 7), 0.1)),
    "war": (("taiko", (0, 3, 4, 6), 0.62), ("snare", (2, 6, 7), 0.12), ("cymbal", (0,), 0.08)),
    "soft": (("shaker", (2, 6), 0.1), ("kick", (0,), 0.22)),
    "festival": (
        ("taiko", (0, 2, 3, 4, 6), 0.5),
        ("tambourine", (1, 3, 5, 7), 0.16),
        ("gong", (0,), 0.1),
    ),
    "tick": (("block", (0, 2, 4, 6), 0.1), ("taiko", (0,), 0.35)),
}

MOODS: dict[str, Mood] = {
    "cheerful": Mood(
        (104, 128),
        MAJOR,
        ((0, 7, 9, 5), (0, 5, 7, 0), (0, 9, 5, 7)),
        False,
        ("flute", "marimba", "piano"),
        ("guitar", "piano"),
        False,
        "pop",
        0.7,
        ("cheerful", "happy", "bright", "sunny"),
        ("欢快的", "愉快的", "明快的"),
    ),
    "calm": Mood(
        (66, 84),
        PENTATONIC,
        ((0, 9, 5, 7), (0, 5, 0, 7)),
        False,
        ("piano", "flute", "zither"),
        ("strings", "zither"),
        True,
        "none",
        0.4,
        ("calm", "gentle", "peaceful", "quiet"),
        ("平静的", "柔和的", "安静的"),
    ),
    "lively": Mood(
        (124, 144),
        DORIAN,
        ((0, 10, 5, 0), (0, 3, 10, 5)),
        True,
        ("fiddle", "guitar", "brass"),
        ("guitar", "piano"),
        False,
        "dance",
        0.8,
        ("lively", "energetic", "upbeat"),
        ("活泼的", "动感的", "有活力的"),
    ),
    "epic": Mood(
        (92, 112),
        MINOR,
        ((0, 8, 3, 10), (0, 5, 8, 7)),
        True,
        ("brass", "strings", "choir"),
        ("strings", "choir"),
        False,
        "war",
        0.45,
        ("epic", "heroic", "grand", "sweeping"),
        ("史诗般的", "宏大的", "激昂的"),
    ),
    "tense": Mood(
        (96, 118),
        PHRYGIAN,
        ((0, 1, 0, 8), (0, 0, 1, 10)),
        True,
        ("strings", "fiddle"),
        ("strings",),
        False,
        "tick",
        0.5,
        ("tense", "suspenseful", "dark"),
        ("紧张的", "悬疑的", "压抑的"),
    ),
    "romantic": Mood(
        (70, 88),
        MAJOR,
        ((0, 4, 5, 7), (0, 9, 2, 7)),
        False,
        ("fiddle", "piano", "strings"),
        ("piano", "strings"),
        True,
        "soft",
        0.5,
        ("romantic", "tender", "warm"),
        ("浪漫的", "温柔的", "深情的"),
    ),
    "mysterious": Mood(
        (72, 92),
        DORIAN,
        ((0, 3, 10, 0), (0, 8, 3, 10)),
        True,
        ("bells", "flute", "choir"),
        ("strings", "bells"),
        True,
        "soft",
        0.4,
        ("mysterious", "magical", "dreamy"),
        ("神秘的", "奇幻的", "梦幻的"),
    ),
    "playful": Mood(
        (112, 132),
        MAJOR,
        ((0, 5, 0, 7), (0, 2, 7, 0)),
        False,
        ("marimba", "bells", "guitar"),
        ("marimba", "guitar"),
        False,
        "folk",
        0.7,
        ("playful", "funny", "bouncy"),
        ("俏皮的", "滑稽的", "轻快的"),
    ),
    "sad": Mood(
        (60, 76),
        MINOR,
        ((0, 8, 5, 7), (0, 5, 0, 7)),
        True,
        ("fiddle", "piano", "strings"),
        ("piano", "strings"),
        True,
        "none",
        0.4,
        ("sad", "melancholy", "wistful"),
        ("悲伤的", "忧郁的", "伤感的"),
    ),
    "festive": Mood(
        (112, 132),
        PENTATONIC,
        ((0, 0, 7, 0), (0, 9, 7, 0)),
        False,
        ("flute", "fiddle", "zither"),
        ("zither", "guitar"),
        False,
        "festival",
        0.75,
        ("festive", "joyful folk", "celebratory"),
        ("喜庆的", "热闹的", "节日的"),
    ),
}

INSTRUMENT_EN = {
    "piano": "piano",
    "zither": "plucked zither",
    "guitar": "guitar",
    "marimba": "marimba",
    "bells": "bells",
    "flute": "flute",
    "strings": "strings",
    "fiddle": "fiddle",
    "brass": "brass",
    "choir": "choir",
}
INSTRUMENT_ZH = {
    "piano": "钢琴",
    "zither": "古筝",
    "guitar": "吉他",
    "marimba": "木琴",
    "bells": "钟琴",
    "flute": "笛子",
    "strings": "弦乐",
    "fiddle": "二胡",
    "brass": "铜管",
    "choir": "合唱",
}


@dataclass(frozen=True)
class Tone:
    beat: float
    beats: float
    midi: int
    level: float = 1.0


@dataclass(frozen=True)
class Band:
    """What is fixed for a piece: who plays, in which key, over which chords."""

    lead: str
    back: str
    key: int  # midi of the tonic, around the middle of the keyboard
    chords: tuple[int, ...]


def draw_music(rng: np.random.Generator, acts: list[str], place: str) -> Music | None:
    """Music for a clip, or None. Dancers and singers always have some."""
    dances = any("dance" in act or "waltz" in act for act in acts)
    sings = any("sing" in act for act in acts)
    fights = any(word in act for act in acts for word in ("punch", "kick", "fight", "spar", "flip"))
    chance, seed = float(rng.random()), int(rng.integers(1 << 31))
    if dances:
        options: tuple[str, ...] = ("cheerful", "lively", "festive", "playful")
    elif sings:
        options = ("cheerful", "calm", "romantic", "sad", "festive", "playful")
    elif fights:
        options = ("epic", "tense", "lively")
    else:
        options = tuple(MOODS)
    if place == "palace" and (dances or sings):
        options = ("festive", "festive", "romantic", "calm") if sings else ("festive", "lively")
    mood = options[int(rng.integers(len(options)))]
    tempo = float(rng.integers(MOODS[mood].tempos[0], MOODS[mood].tempos[1] + 1))
    if dances or sings:
        # Within what a body can step to.
        return Music(mood, min(132.0, max(104.0 if dances else 72.0, tempo)), seed)
    return Music(mood, tempo, seed) if chance < (0.5 if fights else 0.4) else None


@lru_cache(maxsize=64)
def band_of(music: Music) -> Band:
    mood, rng = MOODS[music.mood], noise_for(music.seed, 105)
    lead = mood.leads[int(rng.integers(len(mood.leads)))]
    back = mood.backs[int(rng.integers(len(mood.backs)))]
    key = 60 + int(rng.integers(-5, 6))
    return Band(lead, back, key, mood.chords[int(rng.integers(len(mood.chords)))])


def beat_times(music: Music, seconds: float) -> np.ndarray:
    """Of all beats before `seconds`, in seconds; every fourth, from the first, is strong."""
    return np.arange(0, seconds * music.tempo / 60) * 60 / music.tempo


def chord_at(music: Music, beat: float) -> tuple[int, ...]:
    """Semitones above the key of the three notes of the chord."""
    mood, roots = MOODS[music.mood], band_of(music).chords
    root = roots[int(beat // BEATS_PER_BAR) % len(roots)]
    # The third that the scale has over this root.
    scale = MAJOR if mood.scale is PENTATONIC else mood.scale
    major = (root + 4) % 12 in scale or (root + 3) % 12 not in scale
    return root, root + (4 if major else 3), root + 7


def _onto_scale(music: Music, height: float, beat: float, strong: bool) -> int:
    """The nearest note of the chord (on strong places) or of the scale, in semitones."""
    if strong:
        options = [tone + 12 * octave for octave in (-1, 0, 1) for tone in chord_at(music, beat)]
    else:
        scale = MOODS[music.mood].scale
        options = [tone + 12 * octave for octave in (-1, 0, 1) for tone in scale]
    return min(options, key=lambda tone: (abs(tone - height), tone))


@lru_cache(maxsize=256)
def tune_bars(music: Music, part: int) -> tuple[Tone, ...]:
    """Two bars of tune. Parts come as A A B A; heights are drawn per part, the chords decide."""
    letter = (0, 0, 1, 0)[part % 4] + 2 * (part // 8)
    rng = noise_for(music.seed, 106, letter)
    mood = MOODS[music.mood]
    places = 4 * BEATS_PER_BAR  # half beats
    takes = rng.random(places) < mood.density * np.where(np.arange(places) % 2 == 0, 1.15, 0.6)
    takes[0] = True
    takes[places - 3 :] = False  # breathe at the end of a phrase
    heights = np.cumsum(rng.normal(0, 2.2, places))
    heights = 7 + heights - heights.mean()
    starts = np.flatnonzero(takes)
    tones = []
    first = part * 2 * BEATS_PER_BAR
    for index, start in enumerate(starts):
        end = starts[index + 1] if index + 1 < len(starts) else places - 1
        beat = first + start / 2
        height = float(np.clip(heights[start], -3, 17))
        # A phrase that returns is answered by a step down at its end.
        if part % 2 and index == len(starts) - 1:
            height -= 2
        semitone = _onto_scale(music, height, beat, start % 4 == 0)
        level = 1.0 if start % 4 == 0 else 0.82
        tones.append(Tone(beat, min(end - start, 6) / 2, band_of(music).key + semitone, level))
    return tuple(tones)


@lru_cache(maxsize=256)
def song_notes(music: Music, phrase: int, count: int) -> tuple[Tone, ...]:
    """`count` notes for the syllables of one sung phrase of 8 beats; the last one is held."""
    rng = noise_for(music.seed, 107, phrase % 2 + 4 * (phrase // 4))
    count = max(1, min(count, 14))
    if count <= 7:
        starts = [float(index) for index in range(count)]
    else:
        doubled = sorted(rng.permutation(7)[: count - 7].tolist())
        starts = sorted([float(index) for index in range(7)] + [index + 0.5 for index in doubled])
        starts = starts[:count]
    heights = 5 + 4.5 * np.sin(np.pi * np.linspace(0, 1, count)) + rng.normal(0, 1.6, count)
    if phrase % 2:
        heights[-1] -= 4
    tones = []
    for index, start in enumerate(starts):
        end = starts[index + 1] if index + 1 < count else min(start + 2.0, 7.6)
        beat = PICKUP + phrase * PHRASE + start
        semitone = _onto_scale(music, float(heights[index]), beat, start % 2 == 0)
        tones.append(Tone(beat, end - start, band_of(music).key + semitone))
    return tuple(tones)


def put(mix: Signal, sound: Signal, seconds: float, gain: float, pan: float) -> None:
    """Adds a note at `seconds`; `pan` -1 left to +1 right."""
    first = round(seconds * SAMPLE_RATE)
    last = min(first + len(sound), len(mix))
    if last > first:
        angle = (pan + 1) * np.pi / 4
        piece = sound[: last - first]
        mix[first:last, 0] += piece * np.float32(gain * np.cos(angle))
        mix[first:last, 1] += piece * np.float32(gain * np.sin(angle))


def compose(music: Music, samples: int, sung: bool = False) -> Signal:
    """(samples, 2) float32. With `sung` the lead leaves the tune to the singer."""
    mood, who, beat = MOODS[music.mood], band_of(music), 60.0 / music.tempo
    mix = np.zeros((samples, 2), np.float32)
    beats = samples / SAMPLE_RATE / beat
    for bar in range(int(beats / BEATS_PER_BAR) + 1):
        first = bar * BEATS_PER_BAR
        chord = chord_at(music, first)
        _play_chords(mix, mood, who, chord, first, beat)
        low = who.key - 24 + (chord[0] if chord[0] < 6 else chord[0] - 12)
        for step, level in (
            ((0, 1.0), (2, 0.8)) if mood.arpeggio else ((0, 1.0), (1.5, 0.7), (2, 0.9), (3, 0.7))
        ):
            put(mix, play("bass", low, 1.3 * beat), (first + step) * beat, 0.2 * level, 0)
        for drum, places, level in DRUMS[mood.drums]:
            # Gongs and cymbals open a phrase, not every bar.
            if drum in ("gong", "cymbal") and bar % 4:
                continue
            for place in places:
                swing = 1.0 if place % 4 == 0 else 0.85
                put(
                    mix,
                    strike(drum),
                    (first + place / 2) * beat,
                    level * swing,
                    0.25 if drum in ("hat", "shaker") else 0,
                )
    if not sung:
        for part in range(int(beats / (2 * BEATS_PER_BAR)) + 1):
            for tone in tune_bars(music, part):
                sound = play(who.lead, tone.midi, max(0.2, 0.95 * tone.beats * beat))
                put(mix, sound, tone.beat * beat, 0.2 * tone.level, -0.2)
    return mix


def _play_chords(
    mix: Signal, mood: Mood, who: Band, chord: tuple[int, ...], first: int, beat: float
) -> None:
    held = who.back in ("strings", "choir", "brass")
    for index, semitone in enumerate(chord):
        midi = who.key - 12 + semitone + (12 if semitone < 4 and index == 0 and not held else 0)
        pan = 0.35 * (index - 1)
        if held:
            put(mix, play(who.back, midi, 3.9 * beat), first * beat, 0.075, pan)
        elif mood.arpeggio:
            for step in range(index, 8, 4) if index < 2 else (2, 3, 6, 7):
                lift = 12 if step % 4 == 3 else 0
                put(
                    mix,
                    play(who.back, midi + lift, 1.6 * beat),
                    (first + step / 2) * beat,
                    0.07,
                    pan,
                )
        else:
            for step in (0, 1, 2, 3):
                level = 0.085 if step % 2 == 0 else 0.06
                at = (first + step + (0.5 if step % 2 else 0.0)) * beat
                put(mix, play(who.back, midi, 0.8 * beat), at, level, pan)
