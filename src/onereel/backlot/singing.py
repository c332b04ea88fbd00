"""Singing: a spoken line stretched onto the notes of a tune.

- the line is spoken on one pitch by the same voice, then cut into syllables at its vowels
- every syllable gets a note: its vowel starts on the note and holds, its consonants keep their pace
- pitch and time are moved by pitch-synchronous overlap-add (Moulines & Charpentier 1990): one
  period of the voice after the other is laid down at the new distance, formants stay
- notes glide into each other, swell, and long ones tremble (vibrato)

Called from speech.py.
"""

from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from onereel.backlot.synth import SAMPLE_RATE, Signal, band
from onereel.backlot.visemes import VOICELESS, is_vowel
from onereel.backlot.voice import Phone, Utterance, Voice, say


@dataclass(frozen=True)
class Note:
    start: float  # seconds from the start of the line
    seconds: float
    pitch: float  # Hz


def syllables_of(phones: tuple[Phone, ...]) -> list[tuple[int, int, int]]:
    """(first, vowel, end) of each syllable, as indices of phones. Consonants before a vowel belong
    to it, at most two of a cluster; pauses end a syllable."""
    vowels = [index for index, phone in enumerate(phones) if is_vowel(phone.ipa)]
    firsts = []
    for place, vowel in enumerate(vowels):
        floor = vowels[place - 1] + 1 if place else 0
        first = vowel
        while first > floor and phones[first - 1].ipa and vowel - first < (9 if not place else 2):
            first -= 1
        if place and first == floor and vowel - first == 2:
            first += 1  # one consonant of a pair closes the syllable before
        firsts.append(first)
    ends = [*firsts[1:], len(phones)]
    return list(zip(firsts, vowels, ends, strict=True))


def syllable_count(text: str, language: str, voice: Voice) -> int:
    return len(syllables_of(_intoned(text, language, voice).phones))


@lru_cache(maxsize=64)
def _intoned(text: str, language: str, voice: Voice) -> Utterance:
    pace = 118 if language == "en" else 105
    return say(text, language, replace(voice, lilt=0, pace=pace, robot=False))


@lru_cache(maxsize=64)
def sing(text: str, language: str, voice: Voice, notes: tuple[Note, ...]) -> Utterance:
    """The line sung; syllables beyond the last note are not sung. Notes are moved by octaves
    towards the pitch of the voice."""
    spoken = _intoned(text, language, voice)
    parts = syllables_of(spoken.phones)[: len(notes)]
    if not parts:
        return spoken
    marks, voiced = pitch_marks(spoken)
    own = own_pitch(marks, voiced)
    middle = float(np.exp(np.mean([np.log(note.pitch) for note in notes])))
    shift = 2.0 ** round(np.log2(1.06 * own / middle))
    notes = tuple(replace(note, pitch=note.pitch * shift) for note in notes)
    # The first consonants are sung before the first note's own time; everything waits for them.
    lead = min(0.18, sum(one.seconds for one in spoken.phones[parts[0][0] : parts[0][1]]))
    phones, from_time, to_time = _new_times(spoken.phones, parts, notes, lead)
    end = to_time[-1]
    pitch = _pitch_at(notes, lead, int(end * 1000) + 50)
    sound = np.zeros(int(end * SAMPLE_RATE) + 2400, np.float32)
    _overlap_add(sound, spoken.sound, (marks, voiced), (from_time, to_time), pitch)
    sound = band(sound[: int(end * SAMPLE_RATE) + 1], 80, 9000, 1)
    sound *= 0.11 / max(1e-6, float(np.sqrt(np.mean(sound[np.abs(sound) > 0.01] ** 2))))
    sound[-480:] *= np.linspace(1, 0, len(sound[-480:]), dtype=np.float32)
    sound.flags.writeable = False
    return Utterance(sound, phones)


def _new_times(
    phones: tuple[Phone, ...],
    parts: list[tuple[int, int, int]],
    notes: tuple[Note, ...],
    lead: float,
) -> tuple[tuple[Phone, ...], list[float], list[float]]:
    """Sung phones, and the corners of the map from spoken to sung seconds."""
    sung: list[Phone] = []
    from_time, to_time = [], []
    for number, (first, vowel, end) in enumerate(parts):
        note = notes[number]
        begin = note.start + lead  # of the vowel
        onset = [min(p.seconds, 0.14) for p in phones[first:vowel]]
        tail = [p for p in phones[vowel + 1 : end] if p.ipa]
        follows = number + 1 < len(parts)
        nearer = follows and notes[number + 1].start - (note.start + note.seconds) < 0.05
        close = begin + note.seconds
        if nearer:
            # Leave room for the consonants that lead into the next vowel.
            heads = phones[parts[number + 1][0] : parts[number + 1][1]]
            close = notes[number + 1].start + lead - sum(min(p.seconds, 0.14) for p in heads)
        codas = [min(p.seconds, 0.12) for p in tail]
        hold = max(0.06, close - begin - sum(codas))
        at = begin - sum(onset)
        if sung and at < sung[-1].start + sung[-1].seconds:
            at = sung[-1].start + sung[-1].seconds
        for phone, seconds in zip(
            (*phones[first : vowel + 1], *tail), (*onset, hold, *codas), strict=True
        ):
            from_time += [phone.start, phone.start + phone.seconds]
            to_time += [at, at + seconds]
            sung.append(Phone(at, seconds, phone.ipa))
            at += seconds
        if follows and not nearer:
            sung.append(Phone(at, max(0.0, notes[number + 1].start + lead - at - 0.15), ""))
    return tuple(sung), from_time, to_time


def own_pitch(marks: np.ndarray, voiced: np.ndarray) -> float:
    gaps = np.diff(marks)[voiced[:-1] & voiced[1:]]
    return SAMPLE_RATE / float(np.median(gaps)) if len(gaps) else 160.0


def pitch_marks(spoken: Utterance) -> tuple[np.ndarray, np.ndarray]:
    """Sample indices one period apart where the voice sounds, 5 ms apart elsewhere; and which."""
    sound = spoken.sound
    low = band(sound, 60, 900, 1)
    marks: list[int] = []
    voiced: list[bool] = []
    period = _typical_period(low)
    for phone in spoken.phones:
        first = max(0, int(phone.start * SAMPLE_RATE))
        last = min(len(sound) - 1, int((phone.start + phone.seconds) * SAMPLE_RATE))
        rings = bool(phone.ipa) and phone.ipa[:2] not in VOICELESS and phone.ipa[0] not in VOICELESS
        at = max(first, marks[-1] + 30 if marks else 0)
        if not rings:
            for place in range(at + 60, last, 120):
                marks.append(place)
                voiced.append(False)
            continue
        while at < last:
            if marks and voiced[-1] and at - marks[-1] < 2 * period:
                # One period on, where the wave looks most like the last period.
                at = _match(low, marks[-1], period)
            else:
                at += int(np.argmax(low[at : at + period])) if at + period < len(low) else period
            if at >= last:
                break
            marks.append(at)
            voiced.append(True)
            at += 1
    return np.array(marks), np.array(voiced)


def _typical_period(low: Signal) -> int:
    """Of the loudest half second, by autocorrelation, in samples."""
    total = np.cumsum(low.astype(np.float64) ** 2)
    middle = int(np.argmax(total[8192:] - total[:-8192])) + 4096 if len(low) > 9000 else 4096
    piece = low[max(0, middle - 4096) : middle + 4096]
    spectrum = np.abs(np.fft.rfft(piece * np.hanning(len(piece)), 1 << 15)) ** 2
    likeness = np.fft.irfft(spectrum)
    return 50 + int(np.argmax(likeness[50:320]))


def _match(low: Signal, mark: int, period: int) -> int:
    half, slack = period // 2, max(3, period // 8)
    start = mark - half
    if start < 0 or mark + period + slack + half >= len(low):
        return mark + period
    window = low[start : start + period]
    ahead = low[start + period - slack : start + 2 * period + slack]
    likeness = np.correlate(ahead, window, "valid")
    return mark + period - slack + int(np.argmax(likeness))


def _pitch_at(notes: tuple[Note, ...], lead: float, milliseconds: int) -> np.ndarray:
    """The sung pitch every millisecond: steps with a glide, and vibrato on what is held."""
    time = np.arange(milliseconds) / 1000
    line = np.full(len(time), np.log2(notes[0].pitch))
    tremble = np.zeros(len(time))
    for number, note in enumerate(notes):
        begin = note.start + lead - 0.03
        inside = time >= begin
        line[inside] = np.log2(note.pitch)
        end = notes[number + 1].start + lead if number + 1 < len(notes) else time[-1] + 1
        held = (time > begin + 0.22) & (time < end)
        swell = np.clip((time[held] - begin - 0.22) / 0.25, 0, 1)
        tremble[held] = swell * np.sin(2 * np.pi * 5.4 * (time[held] - begin)) * 0.35 / 12
    smooth = np.hanning(61)
    padded = np.concatenate([np.full(30, line[0]), line, np.full(30, line[-1])])
    line = np.convolve(padded, smooth / smooth.sum(), "valid")
    return np.asarray(2.0 ** (line + tremble))


def _overlap_add(
    sound: Signal,
    spoken: Signal,
    marked: tuple[np.ndarray, np.ndarray],
    times: tuple[list[float], list[float]],
    pitch: np.ndarray,
) -> None:
    """Lays periods of `spoken` into `sound`; `pitch` is in Hz for every millisecond."""
    marks, voiced = marked
    sources, targets = np.array(times[0]), np.array(times[1])
    at, end = float(targets[0]), float(targets[-1])
    padded = np.concatenate([np.zeros(600, np.float32), spoken, np.zeros(600, np.float32)])
    periods = np.diff(marks, append=marks[-1] + 120)
    while at < end:
        corner = min(int(np.searchsorted(targets, at, "right")), len(targets) - 1)
        before = max(0, corner - 1)
        span = targets[corner] - targets[before]
        part = (at - targets[before]) / span if span > 1e-6 else 0.0
        source = sources[before] + part * (sources[corner] - sources[before])
        if corner % 2 == 0 and sources[corner] != sources[before]:
            at += 0.005  # between syllables: silence
            continue
        nearest = int(np.searchsorted(marks, source * SAMPLE_RATE))
        nearest = min(max(nearest, 0), len(marks) - 1)
        reach = int(min(periods[nearest], 400)) if voiced[nearest] else 120
        window = np.hanning(2 * reach + 1).astype(np.float32)
        middle = int(marks[nearest]) + 600
        grain = padded[middle - reach : middle + reach + 1] * window
        left = int(at * SAMPLE_RATE) - reach
        skip = max(0, -left)
        # A period that lies wholly before the sound has no room in it.
        room = sound[left + skip : max(0, left + len(grain))]
        room += grain[skip : skip + len(room)]
        at += 1 / pitch[min(int(at * 1000), len(pitch) - 1)] if voiced[nearest] else 0.005
