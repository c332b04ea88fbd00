"""The watermark in the sound: the record id as faint noise under what the ear is already hearing.

- one second of noise, lines 1 Hz apart from 100 to 6000 Hz, repeated for as long as the film is;
  every line's phase comes from the key, three in four also carry a coded bit's sign
- every fourth line is a pilot, so the pilots repeat four times a second: that leaves few
  alignments, and all speeds from 0.944 to 1.056 are searched coherently in a tenth of a second
- shaped by `masking`'s threshold, which rises no faster than little is heard before an onset;
  silence stays silent
- as strong as this film needs: the marker hears its own mark as the detector will, and sets the
  level between 14 and 9 dB under the masking threshold
- the detector divides by the power around each cell, so loud partials do not drown the mark

The key is public, so that anyone can run the detector. Hence someone determined can remove the
mark, or put this id on other sound: the second is told by comparing the record's fingerprint.
Sound played faster or slower is read; sound stretched in time with its pitch kept is not.

Measured and dropped, at the same noise-to-mask ratio: loudness steps of 64 ms in 40 bands (total
score 9 after AAC at 64 kbit/s where the lines reach 20), and giving each bit the amplitude that
this film's own sound leaves it to need (better after MP3, worse after a cut).

Source of spread-spectrum marks: Cox et al., Secure spread spectrum watermarking (1997).
Called from the one place that finishes films, and from `verify`.
Figures: benchmarks/marks_sound.py.
"""

from __future__ import annotations

import hashlib
import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from onereel.marks.found import WatermarkFound
from onereel.marks.masking import from_stft, masking_threshold, stft, window_size
from onereel.marks.payload import CODED_BITS, Decoded, both, decode_id, encode_id, keyed_bits

# Letters that names end in: N samples, F frames, K bins, L lines, S speeds.
KEY = b"onereel sound 1"
LOWEST, HIGHEST = 100, 6000  # Hz, lines from the first up to the second, 1 Hz apart
PILOT_STEP = 4  # Hz
LINES = HIGHEST - LOWEST

# Marking: dB from the masking threshold, and what the detector should hear at least.
WEAKEST, STRONGEST, LEVEL_STEP = -14.0, -9.0, 0.5
ENOUGH_PILOT, ENOUGH_BITS = 9.5, 13.5
# What a codec is expected to add, relative to the film's own sound after the detector's filter.
CODEC_NOISE = 0.5
MARKING_WINDOW, LISTENING_WINDOW = 0.032, 0.064  # seconds

# Finding.
RATE = 16_000  # Hz, at which the detector listens
SLOWEST, FASTEST = 0.944, 1.056  # the promise is 0.95 to 1.05
LAGS = 2048  # in a quarter of a second
REFINEMENTS = 50  # alignments looked at around each candidate
CANDIDATES = 3
LONG_WINDOW, SHORT_WINDOW = 15.0, 5.0  # seconds
MOST_WINDOWS = 12  # long ones; a longer recording is sampled evenly
FALSE_ALARMS = 1e-9
SHORTEST = 1.5  # seconds of sound above QUIETEST, without which nothing can be said
QUIETEST = 10 ** (-70 / 20)


def mark_sound(sound: np.ndarray, rate: int, record_id: str) -> np.ndarray:
    """`sound` with its record's id in it, inaudibly.

    sound: (samples, channels) float32 in -1..1.  rate: Hz.  record_id: 12 hex digits.
    Returns the same shape and type. Silence, and what is too quiet to hide anything, stays as is.
    """
    if not len(sound):
        return sound.copy()
    layout = _layout(KEY)
    signs = np.ones(LINES)
    signs[layout.bit_lines] = encode_id(record_id)[layout.bit_of]
    lines = layout.lines * signs
    noise_FK = stft(_repeat(lines, rate, len(sound)), window_size(MARKING_WINDOW, rate))
    marks = np.stack([_shape(noise_FK, channel, rate) for channel in sound.T], axis=1)
    strength = _strength(sound.mean(1), marks.mean(1), rate, lines)
    return np.clip(sound + strength * marks, -1.0, 1.0).astype(np.float32)


def find_sound_mark(sound: np.ndarray, rate: int, *, key: bytes = KEY) -> WatermarkFound:
    """Whether `sound` carries our mark, and whose record it names.

    sound: (samples, channels) float.  rate: Hz.  `score` joins pilots and bits as the root of the
    sum of their squares. `false_alarm` bounds the chance over random keys: the pilots' signs are
    fair coins, so that a sum reaches z standard deviations at any of the n alignments looked at
    with probability n * exp(-z^2 / 2) at most (Hoeffding, and a union); the bits' bound is
    payload's, and their signs are drawn apart. start, end: the stretch that agrees with the mark,
    to about a quarter of a second.
    """
    mono = np.clip(np.nan_to_num(sound.astype(np.float32)), -100, 100).mean(1)
    if len(mono) < 0.5 * rate:
        return WatermarkFound("cannot tell")
    seconds = len(mono) / rate
    starts = _window_starts(seconds)
    finds = []
    for start in starts:
        piece = mono[round(start * rate) : round((start + LONG_WINDOW + 1) * rate)]
        heard = _listen(_resample(piece, rate))
        found = _find(heard, key, 2 * len(starts))
        if found.state != "read" and len(heard) > 1.5 * SHORT_WINDOW * RATE:
            # Perhaps only part of this is ours.
            length, hop = int(SHORT_WINDOW * RATE), int(SHORT_WINDOW * RATE / 2)
            for at in range(0, len(heard) - hop, hop):
                part = _find(heard[at : at + length], key, 16 * len(starts))
                found = max(found, _later(part, at / RATE), key=_strongest)
        finds.append(_later(found, start))
    best = max(finds, key=_strongest)
    if best.state == "read":
        same = [one for one in finds if one.record == best.record]
        ends = [one.end for one in same if one.end is not None]
        begins = [one.start for one in same if one.start is not None]
        return _spanning(best, min(begins), max(ends))
    if best.state == "absent" and _sounding(mono, rate) < SHORTEST:
        return WatermarkFound("cannot tell", score=best.score, false_alarm=best.false_alarm)
    return best


# ---------------------------------------------------------------- the key's lines


@dataclass(frozen=True)
class _Layout:
    """lines: (L,) complex of length 1.  pilots, bit_lines: indices of lines.
    bit_of: the coded bit of each of bit_lines."""

    lines: np.ndarray
    pilots: np.ndarray
    bit_lines: np.ndarray
    bit_of: np.ndarray

    @property
    def pilot_Hz(self) -> np.ndarray:
        return LOWEST + self.pilots

    @property
    def bit_Hz(self) -> np.ndarray:
        return LOWEST + self.bit_lines


@lru_cache(maxsize=4)
def _layout(key: bytes) -> _Layout:
    """What a key draws: the lines' phases and signs, and which line carries which bit."""
    phases = np.frombuffer(hashlib.shake_256(key + b" phases").digest(4 * LINES), "<u4")
    signs = 1.0 - 2.0 * keyed_bits(key + b" signs", LINES)
    lines = signs * np.exp(2j * np.pi * phases / 2.0**32)
    is_pilot = np.arange(LOWEST, HIGHEST) % PILOT_STEP == 0
    bit_lines = np.flatnonzero(~is_pilot)
    # Each run of CODED_BITS lines carries every bit once: no bit is lost with a band.
    draws = np.frombuffer(hashlib.shake_256(key + b" order").digest(8 * len(bit_lines)), "<u8")
    run = np.arange(len(bit_lines)) // CODED_BITS
    bit_of = np.empty(len(bit_lines), np.int64)
    bit_of[np.lexsort((draws, run))] = np.arange(len(bit_lines)) % CODED_BITS
    return _Layout(lines, np.flatnonzero(is_pilot), bit_lines, bit_of)


def _repeat(lines_L: np.ndarray, rate: int, samples: int) -> np.ndarray:
    """The second of noise that the lines make, of power 1, over and over: (samples,) float32."""
    spectrum = np.zeros(rate // 2 + 1, np.complex64)
    audible = min(LINES, len(spectrum) - LOWEST)
    if audible > 0:
        spectrum[LOWEST : LOWEST + audible] = lines_L[:audible]
    second = np.fft.irfft(spectrum, rate) * (rate / math.sqrt(2 * LINES))
    return np.resize(second.astype(np.float32), samples)


# ---------------------------------------------------------------- marking


def _shape(noise_FK: np.ndarray, channel_N: np.ndarray, rate: int) -> np.ndarray:
    """The noise brought to the masking threshold of one channel: (N,) float32."""
    size = window_size(MARKING_WINDOW, rate)
    power = np.abs(stft(channel_N, size)) ** 2
    power_of_noise = size / 2 * rate / 2 / LINES  # per bin, of what `_repeat` makes
    gain = np.sqrt(masking_threshold(power, size, rate, onsets=True) / power_of_noise)
    return from_stft(noise_FK * gain, size, len(channel_N))


def _strength(host_N: np.ndarray, mark_N: np.ndarray, rate: int, lines_L: np.ndarray) -> float:
    """The least level at which the detector should hear enough, as a factor on `mark_N`."""
    size = window_size(LISTENING_WINDOW, rate)
    host_FK = stft(host_N, size)
    level = _level(host_N)
    if level == 0:
        return 0.0
    filter_FK = _filter(host_FK, size, rate, level)
    layout = _layout(KEY)

    def hears(spectra_FK: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """What the detector, aligned, makes of it: each pilot's and each bit's agreement."""
        heard = from_stft(spectra_FK * filter_FK, size, len(host_N))
        seconds = np.pad(heard, (0, -len(heard) % rate)).reshape(-1, rate).sum(0)
        folded = np.fft.rfft(seconds)[LOWEST:HIGHEST]
        agreement = (folded * np.conj(lines_L[: len(folded)])).real
        agreement = np.pad(agreement, (0, LINES - len(agreement)))
        bits = np.bincount(layout.bit_of, agreement[layout.bit_lines], CODED_BITS)
        return agreement[layout.pilots], bits

    host_pilots, host_bits = hears(host_FK)
    mark_pilots, mark_bits = hears(stft(mark_N, size))
    codec = CODEC_NOISE**2
    pilot_noise = math.sqrt((1 + codec) * float((host_pilots**2).sum())) + 1e-30
    bit_noise = codec * float((host_bits**2).sum())
    for level_dB in np.arange(WEAKEST, STRONGEST, LEVEL_STEP):
        strength = 10 ** (level_dB / 20)
        pilot = (host_pilots.sum() + strength * mark_pilots.sum()) / pilot_noise
        bits = host_bits + strength * mark_bits
        bit_score = bits.sum() / (math.sqrt(float((bits**2).sum()) + bit_noise) + 1e-30)
        if pilot >= ENOUGH_PILOT and bit_score >= ENOUGH_BITS:
            return float(strength)
    return 10 ** (STRONGEST / 20)


# ---------------------------------------------------------------- finding


def _level(signal_N: np.ndarray) -> float:
    return float(np.sqrt(np.mean(signal_N.astype(np.float64) ** 2)))


def _filter(spectra_FK: np.ndarray, size: int, rate: int, level: float) -> np.ndarray:
    """The detector's gain per cell: a matched filter, mark over noise (F, K) float32.

    The mark's amplitude goes with the masking threshold; the noise is the sound itself, averaged
    over five bins, what a codec leaves near the threshold, and a floor 50 dB down.
    """
    power = np.abs(spectra_FK) ** 2
    masked = masking_threshold(power, size, rate, onsets=False)
    sums = np.cumsum(np.pad(power, ((0, 0), (3, 2)), mode="edge"), axis=1, dtype=np.float64)
    around = ((sums[:, 5:] - sums[:, :-5]) / 5).astype(np.float32)
    return np.sqrt(masked) / (around + 2 * masked + 1e-5 * size * level**2)


def _listen(signal_N: np.ndarray) -> np.ndarray:
    """Sound at RATE through the detector's filter: (N,) float32."""
    size = window_size(LISTENING_WINDOW, RATE)
    level = _level(signal_N)
    if level < 1e-7:
        return np.zeros_like(signal_N)
    spectra = stft(signal_N / level, size)
    return from_stft(spectra * _filter(spectra, size, RATE, 1.0), size, len(signal_N))


def _find(heard_N: np.ndarray, key: bytes, windows: int) -> WatermarkFound:
    """The mark in filtered sound at RATE; windows: how many like it the false alarms add over."""
    if len(heard_N) < RATE // 2 or not heard_N.any():
        return WatermarkFound("absent")
    layout, seconds = _layout(key), len(heard_N) / RATE
    spectrum, step_Hz = _centred_spectrum(heard_N)
    speeds = _speeds(seconds)
    alignments = float(len(speeds) * LAGS * REFINEMENTS * windows)
    best = WatermarkFound("absent")
    for speed, delay in _candidates(spectrum, step_Hz, speeds, layout):
        z, speed, delay = _refined(spectrum, step_Hz, speed, delay, seconds, layout)
        chance = alignments * math.exp(-(z**2) / 2)
        decoded, delay = _read(spectrum, step_Hz, speed, delay, chance, layout)
        read_chance = 1.0 if decoded is None else both(decoded.false_alarm)
        if decoded is not None and read_chance < FALSE_ALARMS:
            start, end = _stretch(heard_N, decoded.record, speed, delay, layout)
            score = math.hypot(z, decoded.score)
            found = WatermarkFound("read", decoded.record, score, read_chance, start, end)
        elif chance < FALSE_ALARMS:
            start, end = _stretch(heard_N, None, speed, delay, layout)
            found = WatermarkFound("present", None, z, chance, start, end)
        else:
            found = WatermarkFound("absent", None, z, min(1.0, chance))
        best = max(best, found, key=_strongest)
        if found.state == "read":
            break
    return best


def _speeds(seconds: float) -> np.ndarray:
    """(S,): the next one drifts a whole cycle at the highest line over the whole piece."""
    steps = math.ceil(math.log(FASTEST / SLOWEST) * seconds * HIGHEST)
    return np.geomspace(SLOWEST, FASTEST, steps + 1)


def _centred_spectrum(heard_N: np.ndarray) -> tuple[np.ndarray, float]:
    """Spectrum about the middle of the piece, finely sampled, and its step in Hz."""
    size = 1 << math.ceil(math.log2(3 * len(heard_N)))
    middle = len(heard_N) // 2
    turned = np.zeros(size, np.float32)
    turned[: len(heard_N) - middle] = heard_N[middle:]
    turned[size - middle :] = heard_N[:middle]
    return np.fft.rfft(turned).astype(np.complex64), RATE / size


def _candidates(
    spectrum: np.ndarray, step_Hz: float, speeds_S: np.ndarray, layout: _Layout
) -> list[tuple[float, float]]:
    """The likeliest (speed, delay in seconds of the mark's time), best first.

    At one speed the pilots' agreement at all delays is one short Fourier transform. Its absolute
    value is taken: it falls off slowly enough between delays to be sampled at LAGS of them.
    """
    pilots = np.conj(layout.lines[layout.pilots]).astype(np.complex64)
    bins_per_Hz = layout.pilot_Hz / step_Hz
    slots = layout.pilot_Hz // PILOT_STEP
    tops = []
    for chunk in np.array_split(speeds_S, -(-len(speeds_S) // 64)):
        lines = spectrum[np.rint(chunk[:, None] * bins_per_Hz).astype(np.int32)]
        table = np.zeros((len(chunk), LAGS), np.complex64)
        table[:, slots[0] : slots[-1] + 1] = lines * pilots
        found = np.fft.fft(table, axis=1)
        size = found.real**2 + found.imag**2
        lag = size.argmax(1)
        power = (lines.real**2 + lines.imag**2).sum(1) + 1e-30
        tops.append(np.stack([size[np.arange(len(chunk)), lag] / power, lag], axis=1))
    agreement, lag = np.concatenate(tops).T
    order = np.argsort(-agreement)[: 8 * CANDIDATES]
    chosen: list[int] = []
    for one in order:
        # Neighbouring speeds show the same peak.
        if all(abs(int(one) - other) > 2 for other in chosen):
            chosen.append(int(one))
    return [(float(speeds_S[i]), float(lag[i]) / LAGS / PILOT_STEP) for i in chosen[:CANDIDATES]]


def _refined(
    spectrum: np.ndarray,
    step_Hz: float,
    speed: float,
    delay: float,
    seconds: float,
    layout: _Layout,
) -> tuple[float, float, float]:
    """(z, speed, delay) of the best of the REFINEMENTS alignments about a candidate."""
    pilots = np.conj(layout.lines[layout.pilots])
    best = (-math.inf, speed, delay)
    offsets = np.array([-0.5, -0.25, 0.0, 0.25, 0.5])
    for width in (1.0, 0.25):
        _, speed, delay = best
        delays = delay + offsets * width / LAGS / PILOT_STEP
        turns = np.exp(-2j * np.pi * layout.pilot_Hz[:, None] * delays)
        for near in speed * (1 + offsets * width / (seconds * HIGHEST)):
            lines = _at(spectrum, step_Hz, near * layout.pilot_Hz) * pilots
            agreement = (lines[:, None] * turns).real
            z = agreement.sum(0) / (np.sqrt((agreement**2).sum(0)) + 1e-30)
            top = int(z.argmax())
            best = max(best, (float(z[top]), float(near), float(delays[top])))
    return best


def _at(spectrum: np.ndarray, step_Hz: float, frequency: np.ndarray) -> np.ndarray:
    return spectrum[np.rint(frequency / step_Hz).astype(np.int64)]


def _read(
    spectrum: np.ndarray, step_Hz: float, speed: float, delay: float, chance: float, layout: _Layout
) -> tuple[Decoded | None, float]:
    """What the bits say at this alignment, and the delay within the whole second.

    The pilots leave open which quarter of the second it is. In the right one the lines of a bit
    agree, so that the bits' power exceeds their lines'. Where it hardly does (by chance it is
    1 +- 0.08, and 1.35 is the least that could be accepted), nothing is decoded.
    """
    lines = _at(spectrum, step_Hz, speed * layout.bit_Hz) * np.conj(layout.lines[layout.bit_lines])
    best: np.ndarray = np.zeros(CODED_BITS)
    power, whole = -math.inf, delay
    for quarter in range(PILOT_STEP):
        shifted = delay + quarter / PILOT_STEP
        agreement = (lines * np.exp(-2j * np.pi * layout.bit_Hz * shifted)).real
        bits = np.bincount(layout.bit_of, agreement, CODED_BITS)
        excess = float((bits**2).sum() / ((agreement**2).sum() + 1e-30))
        if excess > power:
            best, power, whole = bits, excess, shifted
    if power < 1.2:
        return None, whole
    return decode_id(best, tries=PILOT_STEP * min(1.0, chance)), whole


def _stretch(
    heard_N: np.ndarray, record: str | None, speed: float, delay: float, layout: _Layout
) -> tuple[float, float]:
    """Seconds between which the sound agrees with the mark: the stretch where the sum of the
    quarter seconds' scores, each less a little more than chance gives, is greatest."""
    signs = np.ones(LINES)
    signs[layout.bit_lines] = 0 if record is None else encode_id(record)[layout.bit_of]
    lines = layout.lines * signs
    # The mark at its own speed, read at the moments that the sound's samples are of.
    fine = 4 * RATE
    second = _repeat(lines, fine, fine)
    time = (np.arange(len(heard_N)) - len(heard_N) // 2) / RATE * speed + delay
    product = heard_N * second[np.rint(time * fine).astype(np.int64) % fine]
    quarter = RATE // 4
    pieces = np.pad(product, (0, -len(product) % quarter)).reshape(-1, quarter)
    scores = pieces.sum(1) / (np.sqrt((pieces**2).sum(1)) + 1e-30) - 1.5
    total, begun, best = 0.0, 0, (-math.inf, 0, 0)
    for index, score in enumerate(scores):
        if total <= 0:
            total, begun = 0.0, index
        total += float(score)
        best = max(best, (total, begun, index + 1))
    return best[1] / 4, min(best[2] / 4, len(heard_N) / RATE)


def _resample(signal_N: np.ndarray, rate: int) -> np.ndarray:
    """From rate to RATE, to within the rounding of the length: the speed is searched anyway."""
    if rate == RATE:
        return signal_N
    samples = round(len(signal_N) * RATE / rate)
    size = 1 << math.ceil(math.log2(samples + 1))
    if 3 * size // 4 > samples:
        size = 3 * size // 4
    source = round(size * rate / RATE)
    spectrum = np.fft.rfft(signal_N, source)[: size // 2 + 1]
    spectrum = np.pad(spectrum, (0, size // 2 + 1 - len(spectrum)))
    return (np.fft.irfft(spectrum, size)[:samples] * (size / source)).astype(np.float32)


def _window_starts(seconds: float) -> list[float]:
    """Where the long windows begin: one behind the other, or evenly apart if they were many."""
    count = max(1, math.ceil((seconds - 1) / LONG_WINDOW))
    if count <= MOST_WINDOWS:
        return [LONG_WINDOW * i for i in range(count)]
    return [float(start) for start in np.linspace(0, seconds - LONG_WINDOW, MOST_WINDOWS)]


def _sounding(mono_N: np.ndarray, rate: int) -> float:
    """Seconds that are louder than QUIETEST, counted in twentieths."""
    block = max(1, rate // 20)
    blocks = mono_N[: len(mono_N) // block * block].reshape(-1, block)
    return float((np.sqrt((blocks**2).mean(1)) > QUIETEST).sum()) / 20


def _strongest(found: WatermarkFound) -> tuple[int, float]:
    return ("absent", "present", "read").index(found.state), found.score


def _later(found: WatermarkFound, seconds: float) -> WatermarkFound:
    if found.start is None or found.end is None:
        return found
    return _spanning(found, found.start + seconds, found.end + seconds)


def _spanning(found: WatermarkFound, start: float, end: float) -> WatermarkFound:
    return WatermarkFound(found.state, found.record, found.score, found.false_alarm, start, end)
