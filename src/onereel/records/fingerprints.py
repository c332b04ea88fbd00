"""What a film looks and sounds like in a few kilobytes, so that a stripped copy is found again.

- pictures: PDQ (Meta, 2019) of one frame each half second, of the whole frame and of crops of it
- a mirrored copy needs no hashes of its own: mirroring flips known bits of a PDQ hash
- sound: one 32-bit word each 40 ms, the signs of energy differences between neighbouring bands
  and times (Haitsma and Kalker, "A Highly Robust Audio Fingerprinting System", ISMIR 2002)
- a copy played 6 % slower to 6 % faster is found: the query is read at 13 rates
- thresholds were measured, see `benchmarks/records.py`; they find copies, not look-alikes

Called from the store, which keeps and searches fingerprints, and from verification.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pdqhash  # type: ignore[import-untyped]
from PIL import Image

from onereel.clip import check_frames, check_sound
from onereel.errors import OnereelError

SAMPLE_SECONDS = 0.5
QUERY_CROPS = 5
_QUERY_PHASES = 4
# Sides of the square that crops are cut from, and of what PDQ hashes (it works on 64x64 inside).
_SMALL, _HASHED = 160, 64

WORD_SECONDS = 0.04
RATES = tuple(round(0.94 + 0.01 * step, 2) for step in range(13))
PLAIN_RATE = RATES.index(1.0)
_WINDOW_SECONDS = 0.34
_BANDS_HZ = (250.0, 4000.0)
_SILENCE_DB = -65.0
_LAG = 4  # words between the two times whose bands are compared
_FLAT = 12  # codes of luma that an edge of one colour may vary by after compression
_SHARP = 30  # PDQ's own quality, 0..100: below it a picture is nearly one colour

# A picture is found again where at most this many of the 256 bits differ. At 56, two films on one
# set were taken for copies; at 48 no pair in 552 came above a share of 0.12.
PICTURE_BITS = 48
# A film is a copy where at least this share of its pictures is found.
PICTURE_SHARE = 0.5
# A sound is a copy where its best alignment agrees at least this well; 0 is chance.
SOUND_SHARE = 0.35
SHORTEST_SOUND_WORDS = 48

_MAGIC = b"ORF1"
_HEAD = struct.Struct("<4sfHHHHH")


@dataclass(frozen=True, eq=False)
class Fingerprints:
    """seconds: the film's length.  phases: samples each half second, 1 or (as a query) 4.

    pictures: (T, C, 4) uint64, the PDQ hash of sample t seen through crop c (see `crop_boxes`);
    a query has the first `QUERY_CROPS` of them only.
    sharp: (T,) bool, False where a sample is too flat to say anything.
    sound: (R, N) uint32, words at each of `RATES`, or (R, 0) without sound.
    heard: (R, N) bool, False where a word stands for silence.
    """

    seconds: float
    phases: int
    pictures: np.ndarray
    sharp: np.ndarray
    sound: np.ndarray
    heard: np.ndarray

    def to_bytes(self) -> bytes:
        """About 18 kB for a film of 4 s; `from_bytes` is its inverse."""
        samples, crops, _ = self.pictures.shape
        rates, words = self.sound.shape
        return b"".join(
            (
                _HEAD.pack(_MAGIC, self.seconds, self.phases, samples, crops, rates, words),
                self.pictures.astype("<u8").tobytes(),
                np.packbits(self.sharp).tobytes(),
                self.sound.astype("<u4").tobytes(),
                np.packbits(self.heard).tobytes(),
            )
        )

    @classmethod
    def from_bytes(cls, data: bytes) -> Fingerprints:
        """Raises OnereelError when the bytes are not what `to_bytes` wrote."""
        try:
            magic, seconds, phases, samples, crops, rates, words = _HEAD.unpack_from(data)
            sizes = (
                samples * crops * 32,
                -(-samples // 8),
                rates * words * 4,
                -(-rates * words // 8),
            )
            if magic != _MAGIC or len(data) != _HEAD.size + sum(sizes):
                raise ValueError
        except (struct.error, ValueError):
            raise OnereelError(
                "A stored fingerprint is damaged; put back a copy of the records."
            ) from None
        parts, at = [], _HEAD.size
        for size in sizes:
            parts.append(data[at : at + size])
            at += size
        return cls(
            seconds,
            phases,
            np.frombuffer(parts[0], "<u8").reshape(samples, crops, 4),
            np.unpackbits(np.frombuffer(parts[1], np.uint8), count=samples).astype(bool),
            np.frombuffer(parts[2], "<u4").reshape(rates, words),
            np.unpackbits(np.frombuffer(parts[3], np.uint8), count=rates * words)
            .astype(bool)
            .reshape(rates, words),
        )


@dataclass(frozen=True)
class Comparison:
    """picture: share of the shorter film's pictures that the other shows too, or None where a
    side has no picture that says anything.  sound: how well the best alignment agrees, 1 the
    same and 0 chance, or None where a side has less than about 2.5 s of sound.

    Of the same origin: `picture >= PICTURE_SHARE`, `sound >= SOUND_SHARE`.
    """

    picture: float | None
    sound: float | None


def fingerprint(
    frames: np.ndarray,
    fps: float,
    sound: np.ndarray | None = None,
    rate: int = 0,
    *,
    query: bool = False,
) -> Fingerprints:
    """frames: (T, H, W, 3) uint8 at fps.  sound: (n, 2) float32 at `rate` Hz, or None.

    query: for a film to be looked up. It is then sampled four times as often, since it may have
    been trimmed by any time, through a few crops instead of all.
    """
    check_frames(frames)
    if sound is not None:
        check_sound(sound)
    phases, crops = (_QUERY_PHASES, QUERY_CROPS) if query else (1, None)
    pictures, sharp = _picture_hashes(frames, fps, phases, crops)
    words, heard = _sound_words(sound, rate)
    return Fingerprints(len(frames) / fps, phases, pictures, sharp, words, heard)


def fingerprint_sound(sound: np.ndarray, rate: int) -> Fingerprints:
    """Of a recording alone: (n, 2) float32 at `rate` Hz."""
    check_sound(sound)
    words, heard = _sound_words(sound, rate)
    nothing = np.zeros((0, 1, 4), np.uint64)
    return Fingerprints(len(sound) / rate, 1, nothing, np.zeros(0, bool), words, heard)


def compare(registered: Fingerprints, query: Fingerprints) -> Comparison:
    """How much of `query` comes from `registered`; see `Comparison`."""
    return Comparison(_compare_pictures(registered, query), _compare_sounds(registered, query))


# ---------------------------------------------------------------- pictures


def crop_boxes(aspect: float) -> list[tuple[float, float, float, float]]:
    """(left, top, right, bottom) in 0..1 of the crops of a frame of this width over height.

    The whole frame and its centre at 95, 90 and 80 %: these come first, for a query is seen
    through them, in case it has a border of many colours. Then the other places and sizes down
    to 75 %, and the centre cut to five other aspect ratios.
    """
    whole, *sizes = (1.0, 0.95, 0.9, 0.8, 0.85, 0.75)
    places = [(x, y) for y in (0.5, 0.0, 1.0) for x in (0.5, 0.0, 1.0)]
    boxes = [(0.0, 0.0, whole, whole)] + [_box(0.5, 0.5, size) for size in sizes]
    boxes += [_box(x, y, size) for size in sizes for x, y in places[1:]]
    for other in (16 / 9, 4 / 3, 1.0, 4 / 5, 9 / 16):
        wide, high = min(1.0, other / aspect), min(1.0, aspect / other)
        boxes.append(((1 - wide) / 2, (1 - high) / 2, (1 + wide) / 2, (1 + high) / 2))
    return boxes


def _box(x: float, y: float, size: float) -> tuple[float, float, float, float]:
    left, top = x * (1 - size), y * (1 - size)
    return left, top, left + size, top + size


def _picture_hashes(
    frames: np.ndarray, fps: float, phases: int, crops: int | None
) -> tuple[np.ndarray, np.ndarray]:
    """Hashes (T, C, 4) uint64 and which samples are sharp (T,)."""
    step = SAMPLE_SECONDS / phases * fps
    count = int((len(frames) - 1) / step) + 1
    picked = sorted({round(index * step) for index in range(count)})
    pictures = [
        Image.fromarray(frames[index]).convert("L").resize((_SMALL, _SMALL), Image.Resampling.BOX)
        for index in picked
    ]
    boxes = crop_boxes(frames.shape[2] / frames.shape[1])
    boxes.insert(1, _inside_border(np.stack([np.asarray(picture) for picture in pictures])))
    boxes = boxes[:crops]
    hashes = np.empty((len(pictures), len(boxes), 32), np.uint8)
    quality = np.empty(len(pictures), np.int64)
    for sample, picture in enumerate(pictures):
        for crop, (left, top, right, bottom) in enumerate(boxes):
            box = (_SMALL * left, _SMALL * top, _SMALL * right, _SMALL * bottom)
            cut = picture.resize((_HASHED, _HASHED), Image.Resampling.BILINEAR, box)
            bits, sure = pdqhash.compute(np.repeat(np.asarray(cut)[..., None], 3, axis=2))
            hashes[sample, crop] = np.packbits(bits.astype(np.uint8))
            if crop == 0:
                quality[sample] = sure
    return hashes.view("<u8"), quality >= _SHARP


def _inside_border(luma: np.ndarray) -> tuple[float, float, float, float]:
    """The box without edges that are flat in every sample, (T, H, W) uint8 luma."""
    sides = []
    for axis in (2, 1):  # columns, then rows
        flat = np.ptp(luma, axis=(0, 3 - axis)) <= _FLAT
        first, last = int(np.argmin(flat)), int(np.argmin(flat[::-1]))
        if max(first, last) > 0.4 * len(flat):
            first = last = 0
        sides.append((first / len(flat), 1 - last / len(flat)))
    (left, right), (top, bottom) = sides
    return left, top, right, bottom


@lru_cache(maxsize=1)
def mirror_mask() -> np.ndarray:
    """(4,) uint64: the bits that mirroring flips.

    A mirrored picture has the same cosine transform with the odd horizontal frequencies negated,
    and PDQ compares each coefficient with the median, which is near 0.
    """
    odd = np.zeros((16, 16), np.uint8)
    odd[:, 1::2] = 1
    return np.packbits(odd).view("<u8")


def _compare_pictures(registered: Fingerprints, query: Fingerprints) -> float | None:
    stored = registered.pictures[registered.sharp]  # (T, C, 4)
    phases = [
        query.pictures[phase :: query.phases][query.sharp[phase :: query.phases], :QUERY_CROPS]
        for phase in range(query.phases)
    ]
    shares = [
        _share_found(stored, asked ^ mask)
        for asked in phases
        if len(asked) and len(stored)
        for mask in (np.uint64(0), mirror_mask())
    ]
    return max(shares, default=None)


def _share_found(stored: np.ndarray, asked: np.ndarray) -> float:
    """Share of the shorter side's samples that the other has; (T, C, 4) against (S, K, 4)."""
    best = 0.0
    for crop in range(asked.shape[1]):
        differ = asked[:, crop][:, None, None] ^ stored  # (S, T, C, 4)
        near = np.bitwise_count(differ).sum(-1, dtype=np.uint16) <= PICTURE_BITS
        # One crop for the whole film: it does not wander from picture to picture.
        shares = near.any(1).mean(0) if len(asked) <= len(stored) else near.any(0).mean(0)
        best = max(best, float(shares.max()))
    return best


# ---------------------------------------------------------------- sound


def _sound_words(sound: np.ndarray | None, rate: int) -> tuple[np.ndarray, np.ndarray]:
    """Words (R, N) uint32 and which of them are not silence (R, N)."""
    window = round(_WINDOW_SECONDS * rate)
    if sound is None or len(sound) < window + 2 * WORD_SECONDS * rate:
        none = np.zeros((len(RATES), 0), np.uint32)
        return none, none.astype(bool)
    hop = round(0.01 * rate)
    mono = sound.mean(1)
    frames = np.lib.stride_tricks.sliding_window_view(mono, window)[::hop]
    highest = int(np.ceil(_BANDS_HZ[1] * RATES[-1] * window / rate)) + 1
    power = np.abs(np.fft.rfft(frames * np.hanning(window).astype(np.float32))[:, :highest]) ** 2
    below = np.concatenate([np.zeros((len(power), 1)), np.cumsum(power, 1)], 1)  # up to each bin
    edges = np.geomspace(*_BANDS_HZ, 34) * window / rate  # in bins
    # Played at rate r, a sound of time t and pitch f is heard at t / r and f * r.
    words = int((len(power) - 1) * hop / rate / WORD_SECONDS * RATES[-1]) + 1
    result = np.empty((len(RATES), words - _LAG), np.uint32)
    heard = np.empty(result.shape, bool)
    full_scale = (window / 2) ** 2 * window / rate  # a loose reference for silence
    for index, speed in enumerate(RATES):
        times = np.round(np.arange(words) * WORD_SECONDS / speed * rate / hop).astype(int)
        at = edges * speed
        low = at.astype(int)
        part = (at - low)[None]
        inside = times < len(power)
        upto = below[np.minimum(times, len(power) - 1)]
        cumulative = upto[:, low] * (1 - part) + upto[:, low + 1] * part
        energy = np.log(np.diff(cumulative) + 1e-12 * full_scale)
        tilt = energy[:, :-1] - energy[:, 1:]  # (words, 32)
        bits = tilt[_LAG:] > tilt[:-_LAG]
        result[index] = np.ascontiguousarray(np.packbits(bits, axis=1)).view(">u4")[:, 0]
        loud = 10 * np.log10(np.diff(cumulative[:, [0, -1]])[:, 0] / full_scale + 1e-20)
        loud_enough = inside & (loud > _SILENCE_DB)
        heard[index] = loud_enough[_LAG:] & loud_enough[:-_LAG]
    return result, heard


def _compare_sounds(registered: Fingerprints, query: Fingerprints) -> float | None:
    stored = _signs(registered.sound[PLAIN_RATE : PLAIN_RATE + 1], registered.heard[PLAIN_RATE])
    asked = _signs(query.sound, query.heard)
    size = 1 << (registered.sound.shape[1] + query.sound.shape[1]).bit_length()
    spectra = np.fft.rfft(stored, size) * np.conj(np.fft.rfft(asked, size))
    agree = np.fft.irfft(spectra.sum(1), size)  # (R, offsets): agreeing less disagreeing bits
    masks = np.fft.rfft(np.abs(stored[:, 0]), size) * np.conj(
        np.fft.rfft(np.abs(asked[:, 0]), size)
    )
    words = np.round(np.fft.irfft(masks, size))
    enough = words >= SHORTEST_SOUND_WORDS
    if not enough.any():
        return None
    return float(max(0.0, (agree[enough] / (32 * words[enough])).max()))


def _signs(words: np.ndarray, heard: np.ndarray) -> np.ndarray:
    """Words (R, N) to (R, 32, N) float32 of +1 and -1, and 0 where nothing is heard."""
    bits = np.unpackbits(words.astype(">u4")[..., None].view(np.uint8), axis=-1)  # (R, N, 32)
    signs = (2.0 * bits - 1.0).astype(np.float32) * np.reshape(heard, (*words.shape, 1))
    return np.moveaxis(signs, -1, 1)
