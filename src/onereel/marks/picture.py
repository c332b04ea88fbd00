"""The picture watermark: a faint pattern, mostly in colour, that carries the record id.

- the pattern is a sum of cosines, `LOW` to `HIGH` cycles per picture height, whose phases the key
  draws; a quarter of them are pilots, the rest carry the coded bits of marks.payload
- it repeats every picture height and is scaled with the picture, so crops and new sizes only shift
  and stretch it; it stays the same over time, so that a codec pays for it once in a still picture
- marks.embed adds it to frames, no stronger than each film needs; marks.first_frame has the first
  one say the record in another way as well
- the detector is blind: it flattens the frames, adds them up (marks.flatten), and decodes where the
  pattern would lie in an untouched geometry, then wherever the pilots stand out over all shifts,
  mirrored or not, many scales and some turns

Tried and dropped, at the same strength, after CRF 28: a sign that changes every 1-2 s (a little
better where all moves, 2-3 times the bytes, and codecs skip the change in flat places), 8-22 or
12-26 cycles (a sixth less visible by S-CIELAB, a third less left of it), 3-11 and 2-9 (less left as
well), and 16 or 32 free bits of the code chosen to agree with the picture (dirty-paper coding: what
they save, deciding among more codewords costs). Additive spread spectrum after Cox et al. 1997,
with pilots.

The key is public, so that anyone can run the detector. So whoever studies it can also remove or
copy the mark: a copied mark is told by the record's fingerprint.

`find_picture_mark` is called by verify.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from onereel.marks.first_frame import STEPS, Lattice, draw_lattice, mirror, soft_bits
from onereel.marks.flatten import PART, Flattened, flatten
from onereel.marks.found import WatermarkFound
from onereel.marks.payload import (
    CODED_BITS,
    Decoded,
    both,
    decode_id,
    encode_id,
    keyed_bits,
    keyed_order,
)

KEY = b"onereel picture 1"
LOW, HIGH = 4, 17  # cycles per picture height
TILT = 0.3  # broad cosines are higher: eyes see less of them and codecs keep more
TILE = 128  # samples of one period in the detector
# How far the detector trusts Y and Cb: about what is left of each after half size and CRF 28.
TRUST = np.array([0.6, 1.0], np.float32)
PILOTS = 4  # one cosine of so many
ADDED = 0.3  # how much the cosines' bits count beside the first frame's
COMPRESSED = 0.7  # power of the spectrum's heights: the tallest are the picture's more often
FALSE_ALARM = 1e-9  # promised bound, a clip
UPRIGHT, TURNED = 8, 4  # alignments decoded of those that a search gives; turned ones take longer
SEEMS = 1e-3  # false alarm of an id that is worth another look,
ASIDE = 0.8  # so many samples of the tile aside
SCALES = np.exp(np.arange(-0.12, 0.25, 0.02))  # the pattern's period in picture heights
Turns = tuple[tuple[float, ...], ...]
# Degrees; the next ones only where these find nothing.
TURNS: Turns = ((0.0,), (-1.0, 1.0), (-2.0, 2.0))


@dataclass(frozen=True)
class Pattern:
    """What a key draws: cosines (kx, ky) with phases, pilots, and who carries which bit."""

    ky: np.ndarray  # (n,) int, cycles per height
    kx: np.ndarray
    wave: np.ndarray  # (n,) complex64 of modulus 1, the phases
    pilot: np.ndarray  # (n,) bool
    bit: np.ndarray  # (n,) int, the coded bit that the cosine carries (pilots: 0)
    scramble: np.ndarray  # (CODED_BITS,) ±1, so that without a mark every bit is a fair coin
    lattice: Lattice  # of the first frame


@lru_cache(maxsize=8)
def draw_pattern(key: bytes) -> Pattern:
    """The pattern of a key, the same on every machine."""
    ky, kx = np.mgrid[-HIGH : HIGH + 1, -HIGH : HIGH + 1]
    radius = np.hypot(kx, ky)
    # Half the plane: the other half is its complex conjugate, since pixels are real.
    chosen = ((ky > 0) | ((ky == 0) & (kx > 0))) & (radius >= LOW) & (radius <= HIGH)
    ky, kx = ky[chosen], kx[chosen]
    count = len(ky)
    eighths = keyed_bits(key + b" phase", 3 * count).reshape(count, 3) @ np.array([4, 2, 1])
    order = keyed_order(key + b" order", count)
    pilot = np.zeros(count, bool)
    pilot[order[: count // PILOTS]] = True
    bit = np.zeros(count, np.int64)
    carriers = order[count // PILOTS :]
    bit[carriers] = np.arange(len(carriers)) % CODED_BITS
    scramble = 1.0 - 2.0 * keyed_bits(key + b" scramble", CODED_BITS)
    wave = np.exp(0.25j * np.pi * eighths).astype(np.complex64)
    return Pattern(ky, kx, wave, pilot, bit, scramble, draw_lattice(key))


def render(known: Pattern, height: int, width: int) -> np.ndarray:
    """A record's pattern (`told`) as pixels, (H, W) float32 with a root mean square of 1."""
    cycles = np.arange(-HIGH, HIGH + 1)
    rows = np.exp(2j * np.pi / height * np.outer(np.arange(height), cycles))
    columns = np.exp(2j * np.pi / height * np.outer(np.arange(width), cycles))
    spectrum = np.zeros((len(cycles), len(cycles)), np.complex128)
    height_of = np.hypot(known.ky, known.kx) ** -TILT
    spectrum[known.ky + HIGH, known.kx + HIGH] = known.wave * height_of
    pixels = (rows @ spectrum @ columns.T).real
    return (pixels * math.sqrt(2 / (height_of**2).sum())).astype(np.float32)


def signs_of(pattern: Pattern, record_id: str) -> np.ndarray:
    """(n,) ±1: what the record makes of each cosine; pilots are never turned."""
    bits = encode_id(record_id) * pattern.scramble
    return np.where(pattern.pilot, 1.0, bits[pattern.bit])


def told(pattern: Pattern, record_id: str) -> Pattern:
    """The same with all cosines as pilots, turned as the record turns them."""
    wave = pattern.wave * signs_of(pattern, record_id)
    return replace(pattern, wave=wave, pilot=np.ones_like(pattern.pilot))


# ---------------------------------------------------------------- finding


@dataclass(frozen=True)
class Alignment:
    """One way the pattern may lie in the picture, and how well the pilots fit there."""

    z: float  # the pilots' agreement in standard deviations of chance
    scale: float  # the pattern's period in picture heights
    turn: float  # degrees
    mirrored: bool
    row: float  # shift, in samples of the tile
    column: float


AS_IT_WAS = Alignment(0.0, 1.0, 0.0, False, 0.0, 0.0)  # neither cropped, stretched nor turned


def find_picture_mark(
    frames: np.ndarray, fps: float, key: bytes = KEY, turned: bool = True
) -> WatermarkFound:
    """Look for the mark in frames (T, H, W, 3) uint8 at `fps`; a still is T = 1.

    Reads through re-encoding, crops, new sizes (the pattern 0.89-1.26 times the picture's
    height), mirroring, changes of brightness and of frame rate, and turns up to 2 degrees.
    turned: also look for turned pictures, which takes five times as long where there is no mark.
    """
    film = flatten(frames, fps)
    if film is None:
        return WatermarkFound("cannot tell")
    return find_blindly(film, draw_pattern(key), TURNS if turned else TURNS[:1])


def find_suspect(
    frames: np.ndarray, fps: float, suspects: Sequence[str], key: bytes = KEY, turned: bool = True
) -> WatermarkFound:
    """Look for the marks of these records, such as those whose fingerprints are near.

    Knowing what to look for takes half the signal that reading takes, and the first that is there
    is there by chance with at most FALSE_ALARM.
    """
    film = flatten(frames, fps)
    if film is None:
        return WatermarkFound("cannot tell")
    turns = TURNS if turned else TURNS[:1]
    for record in suspects:
        known = find_record(film, draw_pattern(key), record, len(suspects), turns)
        if known is not None:
            return known
    return WatermarkFound("absent")


def find_blindly(film: Flattened, pattern: Pattern, turns: Turns = TURNS) -> WatermarkFound:
    """`flatten` does not depend on the key, so many keys can share it.

    Half of FALSE_ALARM is for the untouched geometry, half for all others together."""
    best = WatermarkFound("absent")
    searched = decodes = 0
    for rough in search(film, pattern, turns):
        untouched = rough[0] is AS_IT_WAS
        searched += 1 if untouched else TILE * TILE * len(rough)
        best_first = sorted(rough, key=lambda one: -one.z)
        for candidate in best_first[: TURNED if rough[0].turn else UPRIGHT]:
            fine, said = refine(film, pattern, candidate)
            chance = (1 if untouched else searched) * math.exp(-(fine.z**2) / 2)
            softs = readings(film, pattern, said, untouched)
            for soft in softs:
                decodes += 1
                # The pilots' signs and the bits' are drawn apart, so both must deceive us at once.
                tries = min(decodes, len(softs) * chance)
                if untouched:
                    decoded = decode_id(soft, 2 * tries, at_most=FALSE_ALARM)
                else:
                    decoded = decode_nearby(film, pattern, fine, soft, tries)
                if decoded is not None and both(decoded.false_alarm) <= FALSE_ALARM:
                    score = math.hypot(fine.z, decoded.score)
                    start, end = seen(film, pattern, fine, decoded.record)
                    return WatermarkFound(
                        "read", decoded.record, score, both(decoded.false_alarm), start, end
                    )
            if 2 * chance <= FALSE_ALARM and fine.z > best.score:
                best = WatermarkFound("present", None, fine.z, 2 * chance, 0.0, film.seconds)
            elif fine.z > best.score:
                best = WatermarkFound("absent", None, fine.z, min(1.0, 2 * chance))
    return best


def decode_nearby(
    film: Flattened, pattern: Pattern, fine: Alignment, soft: np.ndarray, tries: float
) -> Decoded | None:
    """`decode_id` of the soft bits at an alignment, or of those one step aside.

    A quarter of the cosines, the pilots, found the alignment; an id that its bits seem to say makes
    pilots of them all, which find a better one. Two fifths of FALSE_ALARM are for the first, a
    tenth for the second."""
    decoded = decode_id(soft, 2.5 * tries, at_most=SEEMS)
    if decoded is None or both(decoded.false_alarm) <= FALSE_ALARM:
        return decoded
    known = told(pattern, decoded.record)
    spectrum = spectrum_of(film, fine.scale, fine.turn)
    near = [
        replace(fine, row=fine.row + down, column=fine.column + right)
        for down in (-ASIDE, 0.0, ASIDE)
        for right in (-ASIDE, 0.0, ASIDE)
    ]
    best = max(
        near, key=lambda one: agreement_of_pilots(said_by_cosines(spectrum, known, one), known)
    )
    soft = read_bits(said_by_cosines(spectrum, pattern, best), pattern)
    return decode_id(soft, 10 * len(near) * tries, at_most=FALSE_ALARM)


def find_record(
    film: Flattened, pattern: Pattern, record: str, suspects: int = 1, turns: Turns = TURNS
) -> WatermarkFound | None:
    """One record's mark, if it is there: all its cosines serve as pilots. None if it is not.

    suspects: how many records the caller asks about, which chance may deceive one by one."""
    known, bits = told(pattern, record), encode_id(record)
    searched = 0
    for rough in search(film, known, turns):
        untouched = rough[0] is AS_IT_WAS
        searched += suspects * (1 if untouched else TILE * TILE * len(rough))
        fine, said = refine(film, known, max(rough, key=lambda one: one.z))
        softs = readings(film, pattern, said * signs_of(pattern, record), untouched)[1:]
        z = max([fine.z, *(float(bits @ soft / np.linalg.norm(soft)) for soft in softs)])
        tries = suspects * (1 + len(softs)) if untouched else searched
        chance = 2 * tries * math.exp(-(z**2) / 2)
        if chance <= FALSE_ALARM:
            start, end = seen(film, pattern, fine, record)
            return WatermarkFound("read", record, z, chance, start, end)
    return None


def search(film: Flattened, pattern: Pattern, turns: Turns = TURNS) -> Iterator[list[Alignment]]:
    """AS_IT_WAS by itself, then the best alignment at each scale, mirrored or not, turn by turn."""
    yield [AS_IT_WAS]
    for some in turns:
        yield [
            found
            for turn in some
            for scale in SCALES
            for found in align(spectrum_of(film, scale, turn), pattern, scale, turn)
        ]


def spectrum_of(film: Flattened, scale: float, turn: float) -> np.ndarray:
    """The film's and its first frames', added: each keeps some of what the other lost."""
    return fold(film.parts.sum(0), scale, turn) + fold(film.fresh, scale, turn)


@torch.inference_mode()
def fold(picture: Tensor, scale: float, turn: float) -> np.ndarray:
    """Spectrum of the pattern's tile, (TILE, TILE) complex64, from a flattened picture (2, h, w).

    In each plane every ring of frequencies is levelled to a mean power of 1, and whatever
    is stronger than that, which the picture drew, is held down to it. Planes are added by TRUST,
    and the sum is COMPRESSED.
    """
    count, height, width = picture.shape
    rows, columns = round(TILE / scale), round(TILE / scale * width / height)
    angle, aspect = math.radians(turn), width / height
    cos, sin = math.cos(angle), math.sin(angle)
    # One period is TILE samples long exactly, whatever rounding made of the number of rows.
    tall, wide = rows * scale / TILE, columns * scale / TILE / aspect
    # -1 to 1 from rim to rim, at the middle of each sample.
    down = (tall * (2 * torch.arange(rows) + 1) / rows - tall)[:, None]
    right = wide * (2 * torch.arange(columns) + 1) / columns - wide
    grid = torch.stack([cos * right - sin / aspect * down, sin * aspect * right + cos * down], -1)
    there = F.grid_sample(picture[None], grid[None], align_corners=False)
    there = F.pad(there, (0, -columns % TILE, 0, -rows % TILE))[0]
    tiles = there.reshape(count, there.shape[1] // TILE, TILE, -1, TILE).sum((1, 3))
    spectra = torch.fft.fft2(tiles).numpy()
    rings = rings_of_tile()
    members = np.bincount(rings.ravel())
    for spectrum in spectra:
        power = np.bincount(rings.ravel(), (np.abs(spectrum) ** 2).ravel()) / members
        spectrum /= np.sqrt(power + 1e-20)[rings]
        spectrum /= np.maximum(1, np.abs(spectrum))
    added = (TRUST[:, None, None] * spectra).sum(0)
    return added * (np.abs(added) + 1e-6) ** (COMPRESSED - 1)


@lru_cache(maxsize=1)
def rings_of_tile() -> np.ndarray:
    frequency = np.fft.fftfreq(TILE, 1 / TILE)
    return np.hypot(frequency[:, None], frequency[None]).astype(int)


def align(spectrum: np.ndarray, pattern: Pattern, scale: float, turn: float) -> list[Alignment]:
    """The shift where the pilots agree best, as it is and mirrored, for one scale and turn."""
    ky, wave = pattern.ky[pattern.pilot], pattern.wave[pattern.pilot]
    found = []
    for mirrored in (False, True):
        kx = pattern.kx[pattern.pilot] * (-1 if mirrored else 1)
        products = np.zeros((TILE, TILE), np.complex64)
        products[ky, kx] = spectrum[ky, kx] * wave.conj()
        surface = np.fft.ifft2(products).real * (2 * TILE * TILE)
        row, column = divmod(int(surface.argmax()), TILE)
        energy = 2 * float((np.abs(products) ** 2).sum())
        z = float(surface.max()) / math.sqrt(energy + 1e-20)
        found.append(Alignment(z, scale, turn, mirrored, row, column))
    return found


def refine(film: Flattened, pattern: Pattern, rough: Alignment) -> tuple[Alignment, np.ndarray]:
    """A finer scale, turn and shift near `rough`, and what every cosine says there, (n,)."""
    if rough is AS_IT_WAS:
        said = said_by_cosines(spectrum_of(film, rough.scale, rough.turn), pattern, rough)
        return replace(rough, z=agreement_of_pilots(said, pattern)), said
    turns = (0.0,) if rough.turn == 0 else (-0.5, -0.25, 0.0, 0.25, 0.5)
    best: tuple[Alignment, np.ndarray] | None = None
    for stretch in (-0.005, -0.0025, 0.0, 0.0025, 0.005):
        for turn in turns:
            scale = rough.scale * math.exp(stretch)
            spectrum = spectrum_of(film, scale, rough.turn + turn)
            as_it_is, mirrored = align(spectrum, pattern, scale, rough.turn + turn)
            near = mirrored if rough.mirrored else as_it_is
            for down in (-0.5, 0.0, 0.5):
                for right in (-0.5, 0.0, 0.5):
                    here = replace(near, row=near.row + down, column=near.column + right)
                    said = said_by_cosines(spectrum, pattern, here)
                    here = replace(here, z=agreement_of_pilots(said, pattern))
                    if best is None or here.z > best[0].z:
                        best = here, said
    assert best is not None
    return best


def said_by_cosines(spectrum: np.ndarray, pattern: Pattern, where: Alignment) -> np.ndarray:
    """Each cosine's height with its phase and the shift taken out: (n,) float."""
    kx = pattern.kx * (-1 if where.mirrored else 1)
    shift = np.exp(2j * np.pi / TILE * (pattern.ky * where.row + kx * where.column))
    return (spectrum[pattern.ky, kx] * (shift * pattern.wave.conj())).real


def agreement_of_pilots(said: np.ndarray, pattern: Pattern) -> float:
    """The pilots' sum over the root of their sum of squares.

    With fair signs P(this >= z) <= exp(-z^2 / 2) (Hoeffding 1963)."""
    pilots = said[pattern.pilot]
    return float(pilots.sum() / (np.linalg.norm(pilots) + 1e-20))


def read_bits(said: np.ndarray, pattern: Pattern) -> np.ndarray:
    """(CODED_BITS,) soft bits: what the cosines that carry each one say together."""
    carriers = ~pattern.pilot
    soft = np.bincount(pattern.bit[carriers], said[carriers], CODED_BITS)
    return soft * pattern.scramble


def readings(
    film: Flattened, pattern: Pattern, said: np.ndarray, untouched: bool
) -> list[np.ndarray]:
    """The soft bits (CODED_BITS,) that may be decoded: the cosines'; and in an untouched geometry
    the first frame's as well, by all steps and either brightness: with the cosines' added, and
    mirrored."""
    added = read_bits(said, pattern)
    if not untouched:
        return [added]
    beside, softs = beside_first(added), [added]
    for step in STEPS:
        softs += list(soft_bits(film.first, step, pattern.lattice) + beside)
        softs += list(soft_bits(mirror(film.first), step, pattern.lattice))
    return softs


def beside_first(added: np.ndarray) -> np.ndarray:
    """What the cosines' soft bits (CODED_BITS,) count beside the first frame's."""
    return ADDED * math.sqrt(len(added)) / (np.linalg.norm(added) + 1e-20) * added


def seen(film: Flattened, pattern: Pattern, where: Alignment, record: str) -> tuple[float, float]:
    """The seconds between which the record's mark stands out, part by part."""
    signs = signs_of(pattern, record)
    there = []
    for index, part in enumerate(film.parts):
        said = said_by_cosines(fold(part, where.scale, where.turn), pattern, where)
        if signs @ said > 3 * np.linalg.norm(said):
            there.append(index)
    if not there:
        return 0.0, film.seconds
    return there[0] * PART, min(film.seconds, (there[-1] + 1) * PART)
