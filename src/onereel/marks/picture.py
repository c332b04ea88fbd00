"""The picture watermark: a faint pattern, mostly in colour, that carries the record id.

- the pattern is a sum of cosines, `LOW` to `HIGH` cycles per picture height, whose phases the key
  draws; a fifth of them are pilots, the rest carry the coded bits of marks.payload
- it repeats every picture height and is scaled with the picture, so crops and new sizes only shift
  and stretch it; it never changes over time, so that a codec pays for it once in a still picture
- most of it is blue-yellow, where eyes see least at this scale and codecs keep most, a little is
  brightness and red-green; busy places, which hide it, get more
- the detector is blind: it flattens the frames, adds them up, finds the pilots over all shifts,
  mirrored or not, many scales and some turns, and decodes

Tried and dropped, at the same strength, after CRF 28: brightness alone (z 3-5 on flat pictures,
where blue-yellow has 13), and a sign that changes every 1-2 s (a little better where all moves,
2-3 times the bytes, and codecs skip the change in flat places). Additive spread spectrum after
Cox et al. 1997, with pilots.

The key is public, so that anyone can run the detector. So whoever studies it can also remove or
copy the mark: a copied mark is told by the record's fingerprint.

`mark_frames` is called by marks.film for every picture that leaves; `find_picture_mark` by verify.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from onereel.marks.found import WatermarkFound
from onereel.marks.payload import CODED_BITS, both, decode_id, encode_id, keyed_bits

KEY = b"onereel picture 1"
LOW, HIGH = 4, 17  # cycles per picture height
# Root mean square of the mark in code values (0-255) in a flat picture of 480 lines or more.
BRIGHTNESS, BLUE_YELLOW, RED_GREEN = 0.4, 1.5, 0.6
BUSY = 0.06  # how much stronger it may be per code value of local contrast, up to
BUSIEST = 2.0  # times as strong
TILE = 128  # samples of one period in the detector
LINES = 288  # the detector looks at no more
FRAMES_PER_SECOND = 8  # nor at more than this
PART = 0.5  # seconds; how finely it tells when the mark was there
SMALLEST = 64  # lines; below that there is nothing to find
FALSE_ALARM = 1e-9  # promised bound, a clip
SCALES = np.exp(np.arange(-0.12, 0.25, 0.02))  # the pattern's period in picture heights
Turns = tuple[tuple[float, ...], ...]
TURNS: Turns = (
    (0.0,),
    (-1.0, 1.0),
    (-2.0, 2.0),
)  # degrees; the next ones only where these find nothing

# What one unit of Y, Cb and Cr adds to R, G and B (ITU-R BT.709), and the way back.
TO_RGB = torch.tensor([[1.0, 1.0, 1.0], [0.0, -0.1873, 1.8556], [1.5748, -0.4681, 0.0]])
FROM_RGB = torch.tensor(
    [[0.2126, 0.7152, 0.0722], [-0.1146, -0.3854, 0.5], [0.5, -0.4542, -0.0458]]
)


@dataclass(frozen=True)
class Pattern:
    """What a key draws: cosines (kx, ky) with phases, pilots, and who carries which bit."""

    ky: np.ndarray  # (n,) int, cycles per height
    kx: np.ndarray
    wave: np.ndarray  # (n,) complex64 of modulus 1, the phases
    pilot: np.ndarray  # (n,) bool
    bit: np.ndarray  # (n,) int, the coded bit that the cosine carries (pilots: 0)
    scramble: np.ndarray  # (CODED_BITS,) ±1, so that without a mark every bit is a fair coin


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
    # Sorting random numbers shuffles.
    numbers = np.packbits(keyed_bits(key + b" order", 64 * count)).view(">u8")
    order = np.argsort(numbers, kind="stable")
    pilot = np.zeros(count, bool)
    pilot[order[: count // 5]] = True
    bit = np.zeros(count, np.int64)
    carriers = order[count // 5 :]
    bit[carriers] = np.arange(len(carriers)) % CODED_BITS
    scramble = 1.0 - 2.0 * keyed_bits(key + b" scramble", CODED_BITS)
    wave = np.exp(0.25j * np.pi * eighths).astype(np.complex64)
    return Pattern(ky, kx, wave, pilot, bit, scramble)


# ---------------------------------------------------------------- marking


def mark_frames(
    frames: np.ndarray, record_id: str, key: bytes = KEY, into: np.ndarray | None = None
) -> np.ndarray:
    """`frames` with the mark in them: a new (T, H, W, 3) uint8, or `into`; a still is T = 1.

    record_id: 12 hex digits.
    """
    height, width = frames.shape[1:3]
    pattern = torch.from_numpy(render(draw_pattern(key), record_id, height, width))
    colour = torch.tensor([BRIGHTNESS, BLUE_YELLOW, RED_GREEN]) @ TO_RGB
    coloured = pattern[..., None] * colour * small_picture_gain(height)
    marked = np.empty(frames.shape, np.uint8) if into is None else into
    for index, frame in enumerate(frames):
        pixels = torch.from_numpy(frame.astype(np.float32))
        pixels.addcmul_(coloured, room(pixels)[..., None])
        marked[index] = pixels.round_().clamp_(0, 255).byte().numpy()
    return marked


def small_picture_gain(height: int) -> float:
    """Small pictures lose more in every codec, and are looked at from further away."""
    return min(1.3, max(1.0, math.sqrt(480 / height)))


def room(pixels: Tensor) -> Tensor:
    """How much the mark may grow at each pixel, (H, W) from 1 to BUSIEST: busy places hide it.

    pixels: (H, W, 3) float32. Contrast is measured on every fourth pixel.
    """
    height, width = pixels.shape[:2]
    small = F.avg_pool2d((pixels[::2, ::2] @ FROM_RGB[0])[None, None], 2, ceil_mode=True)
    mean = F.avg_pool2d(small, 3, 1, 1, count_include_pad=False)
    square = F.avg_pool2d(small * small, 3, 1, 1, count_include_pad=False)
    contrast = (square - mean * mean).clamp_min(0).sqrt()
    allowed = (1 + BUSY * contrast).clamp(max=BUSIEST)
    return F.interpolate(allowed, (height, width), mode="bilinear", align_corners=False)[0, 0]


def render(pattern: Pattern, record_id: str, height: int, width: int) -> np.ndarray:
    """The pattern as pixels, (H, W) float32 with a root mean square of 1."""
    wave = pattern.wave * signs_of(pattern, record_id)
    cycles = np.arange(-HIGH, HIGH + 1)
    rows = np.exp(2j * np.pi / height * np.outer(np.arange(height), cycles))
    columns = np.exp(2j * np.pi / height * np.outer(np.arange(width), cycles))
    spectrum = np.zeros((len(cycles), len(cycles)), np.complex128)
    spectrum[pattern.ky + HIGH, pattern.kx + HIGH] = wave
    pixels = (rows @ spectrum @ columns.T).real
    return (pixels * math.sqrt(2 / len(wave))).astype(np.float32)


def signs_of(pattern: Pattern, record_id: str) -> np.ndarray:
    """(n,) ±1: what the record makes of each cosine; pilots are never turned."""
    bits = encode_id(record_id) * pattern.scramble
    return np.where(pattern.pilot, 1.0, bits[pattern.bit])


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


def find_picture_mark(
    frames: np.ndarray,
    fps: float,
    key: bytes = KEY,
    suspects: Sequence[str] = (),
    turned: bool = True,
) -> WatermarkFound:
    """Look for the mark in frames (T, H, W, 3) uint8 at `fps`; a still is T = 1.

    Reads through re-encoding, crops, new sizes (the pattern 0.89-1.26 times the picture's
    height), mirroring, changes of brightness and of frame rate, and turns up to 2 degrees.
    suspects: record ids to look for where no id can be read blindly, such as those whose
    fingerprints are near. That takes half the signal, and still at most FALSE_ALARM by chance.
    turned: also look for turned pictures, which takes five times as long where there is no mark.
    """
    if min(frames.shape[1:3]) < SMALLEST:
        return WatermarkFound("cannot tell")
    parts = flatten(frames, fps)
    if not parts.any():
        return WatermarkFound("cannot tell")
    seconds = len(frames) / fps
    turns = TURNS if turned else TURNS[:1]
    found = find_in_parts(parts, draw_pattern(key), seconds, turns)
    for record in suspects if found.state != "read" else ():
        known = find_record(parts, draw_pattern(key), record, seconds, len(suspects), turns)
        if known is not None:
            return known
    return found


def find_in_parts(
    parts: Tensor, pattern: Pattern, seconds: float, turns: Turns = TURNS
) -> WatermarkFound:
    """The blind search; `flatten` does not depend on the key, so many keys can share it."""
    best = WatermarkFound("absent")
    searched = decodes = 0
    for rough, picture in search(parts, pattern, turns):
        searched += TILE * TILE * len(rough)
        for candidate in sorted(rough, key=lambda one: -one.z)[:3]:
            fine, said = refine(picture, pattern, candidate)
            chance = searched * math.exp(-(fine.z**2) / 2)
            decodes += 1
            # The pilots' signs and the bits' are drawn apart, so both must deceive us at once.
            decoded = decode_id(read_bits(said, pattern), tries=min(decodes, chance))
            if decoded is not None and both(decoded.false_alarm) <= FALSE_ALARM:
                score = math.hypot(fine.z, decoded.score)
                start, end = seen(parts, pattern, fine, decoded.record, seconds)
                return WatermarkFound(
                    "read", decoded.record, score, both(decoded.false_alarm), start, end
                )
            if chance <= FALSE_ALARM and fine.z > best.score:
                best = WatermarkFound("present", None, fine.z, chance, 0.0, seconds)
            elif fine.z > best.score:
                best = WatermarkFound("absent", None, fine.z, min(1.0, chance))
    return best


def find_record(
    parts: Tensor,
    pattern: Pattern,
    record: str,
    seconds: float,
    suspects: int = 1,
    turns: Turns = TURNS,
) -> WatermarkFound | None:
    """One record's mark, if it is there: all its cosines serve as pilots. None if it is not.

    suspects: how many records the caller asks about, which chance may deceive one by one."""
    signs = signs_of(pattern, record)
    known = replace(pattern, wave=pattern.wave * signs, pilot=np.ones_like(pattern.pilot))
    searched = 0
    for rough, picture in search(parts, known, turns):
        searched += TILE * TILE * len(rough) * suspects
        fine, _ = refine(picture, known, max(rough, key=lambda one: one.z))
        chance = searched * math.exp(-(fine.z**2) / 2)
        if chance <= FALSE_ALARM:
            start, end = seen(parts, pattern, fine, record, seconds)
            return WatermarkFound("read", record, fine.z, chance, start, end)
    return None


def search(
    parts: Tensor, pattern: Pattern, turns: Turns = TURNS
) -> Iterator[tuple[list[Alignment], Tensor]]:
    """Alignments over all scales, turn by turn, with the picture that they were found in."""
    # Any encoder starts with a frame coded by itself, which keeps the mark best.
    pictures = (parts.sum(0), parts[0]) if len(parts) > 1 else (parts[0],)
    for some, picture in itertools.product(turns, pictures):
        yield (
            [
                found
                for turn in some
                for scale in SCALES
                for found in align(fold(picture, scale, turn), pattern, scale, turn)
            ],
            picture,
        )


@torch.inference_mode()
def flatten(frames: np.ndarray, fps: float) -> Tensor:
    """What is left of the film once the picture is taken out: (parts, 3, h, w) float32.

    A part is half a second; the planes are Y, Cb and Cr. The local mean goes, and local contrast
    is levelled, so that no edge outshouts the mark.
    """
    height, width = frames.shape[1:3]
    lines = min(height, LINES)
    size = (lines, max(2, round(width * lines / height)))
    step = max(1, round(fps / FRAMES_PER_SECOND))
    looked_at = np.arange(0, len(frames), step)
    part_of = torch.from_numpy((looked_at / fps / PART).astype(np.int64))
    parts = torch.zeros(int(part_of[-1]) + 1, 3, lines // 2, size[1] // 2)
    for at in range(0, len(looked_at), 8):
        pixels = torch.from_numpy(frames[looked_at[at : at + 8]]).float() @ FROM_RGB.T
        planes = pixels.permute(0, 3, 1, 2)
        if lines != height:
            planes = F.interpolate(planes, size, mode="bilinear", antialias=True)
        bright = F.avg_pool2d(level(planes[:, :1], 17, 33, 1.0), 2)
        colour = level(F.avg_pool2d(planes[:, 1:], 2), 9, 17, 0.5)
        parts.index_add_(0, part_of[at : at + 8], torch.cat([bright, colour], 1))
    return parts / len(looked_at)


def level(planes: Tensor, window: int, contrast_window: int, floor: float) -> Tensor:
    high = planes - box(planes, window)
    # Rounding may leave a variance just below zero, whose root would silence the detector.
    contrast = box(high * high, contrast_window).clamp_min(0).sqrt()
    return (high / (contrast + floor)).clamp(-2, 2)


def box(planes: Tensor, window: int) -> Tensor:
    half = min(window // 2, min(planes.shape[-2:]) - 1)
    padded = F.pad(planes, (half, half, half, half), mode="reflect")
    across = F.avg_pool2d(padded, (1, 2 * half + 1), 1)
    return F.avg_pool2d(across, (2 * half + 1, 1), 1)


@torch.inference_mode()
def fold(picture: Tensor, scale: float, turn: float) -> np.ndarray:
    """Spectra of the pattern's tile, (3, TILE, TILE) complex64, from a picture (3, h, w).

    Every ring of frequencies is levelled to a mean power of 1, and lines that stick out of their
    ring, which the picture drew, are held down.
    """
    count, height, width = picture.shape
    rows, columns = round(TILE / scale), round(TILE / scale * width / height)
    angle, aspect = math.radians(turn), width / height
    cos, sin = math.cos(angle), math.sin(angle)
    # One period is TILE samples long exactly, whatever rounding made of the number of rows.
    tall, wide = rows * scale / TILE, columns * scale / TILE / aspect
    theta = torch.tensor(
        [[cos * wide, -sin * tall / aspect, 0.0], [sin * wide * aspect, cos * tall, 0.0]],
        dtype=torch.float32,
    )
    grid = F.affine_grid(theta[None], [1, count, rows, columns], align_corners=False)
    there = F.grid_sample(picture[None], grid, align_corners=False)
    there = F.pad(there, (0, -columns % TILE, 0, -rows % TILE))[0]
    tiles = there.reshape(count, there.shape[1] // TILE, TILE, -1, TILE).sum((1, 3))
    spectra = torch.fft.fft2(tiles).numpy()
    rings = rings_of_tile()
    members = np.bincount(rings.ravel())
    for spectrum in spectra:
        power = np.bincount(rings.ravel(), (np.abs(spectrum) ** 2).ravel()) / members
        spectrum /= np.sqrt(power + 1e-20)[rings]
        spectrum /= np.maximum(1, np.abs(spectrum) / 3)
    return spectra


@lru_cache(maxsize=1)
def rings_of_tile() -> np.ndarray:
    frequency = np.fft.fftfreq(TILE, 1 / TILE)
    return np.hypot(frequency[:, None], frequency[None]).astype(int)


def align(spectra: np.ndarray, pattern: Pattern, scale: float, turn: float) -> list[Alignment]:
    """The shift where the pilots agree best, as it is and mirrored, for one scale and turn."""
    together = spectra.sum(0)
    ky, wave = pattern.ky[pattern.pilot], pattern.wave[pattern.pilot]
    found = []
    for mirrored in (False, True):
        kx = pattern.kx[pattern.pilot] * (-1 if mirrored else 1)
        products = np.zeros((TILE, TILE), np.complex64)
        products[ky, kx] = together[ky, kx] * wave.conj()
        surface = np.fft.ifft2(products).real * (2 * TILE * TILE)
        row, column = divmod(int(surface.argmax()), TILE)
        energy = 2 * float((np.abs(products) ** 2).sum())
        z = float(surface.max()) / math.sqrt(energy + 1e-20)
        found.append(Alignment(z, scale, turn, mirrored, row, column))
    return found


def refine(picture: Tensor, pattern: Pattern, rough: Alignment) -> tuple[Alignment, np.ndarray]:
    """A finer scale, turn and shift near `rough`, and what every cosine says there, (3, n)."""
    turns = (0.0,) if rough.turn == 0 else (-0.5, -0.25, 0.0, 0.25, 0.5)
    best: tuple[Alignment, np.ndarray] | None = None
    for stretch in (-0.005, -0.0025, 0.0, 0.0025, 0.005):
        for turn in turns:
            scale = rough.scale * math.exp(stretch)
            spectra = fold(picture, scale, rough.turn + turn)
            as_it_is, mirrored = align(spectra, pattern, scale, rough.turn + turn)
            near = mirrored if rough.mirrored else as_it_is
            for down in (-0.5, 0.0, 0.5):
                for right in (-0.5, 0.0, 0.5):
                    here = replace(near, row=near.row + down, column=near.column + right)
                    said = said_by_cosines(spectra, pattern, here)
                    here = replace(here, z=agreement_of_pilots(said, pattern))
                    if best is None or here.z > best[0].z:
                        best = here, said
    assert best is not None
    return best


def said_by_cosines(spectra: np.ndarray, pattern: Pattern, where: Alignment) -> np.ndarray:
    """Each cosine's height with its phase and the shift taken out: (3, n) float."""
    kx = pattern.kx * (-1 if where.mirrored else 1)
    shift = np.exp(2j * np.pi / TILE * (pattern.ky * where.row + kx * where.column))
    return (spectra[:, pattern.ky, kx] * (shift * pattern.wave.conj())).real


def agreement_of_pilots(said: np.ndarray, pattern: Pattern) -> float:
    """The pilots' sum over the root of their sum of squares.

    With fair signs P(this >= z) <= exp(-z^2 / 2) (Hoeffding 1963)."""
    pilots = said[:, pattern.pilot].sum(0)
    return float(pilots.sum() / (np.linalg.norm(pilots) + 1e-20))


def read_bits(said: np.ndarray, pattern: Pattern) -> np.ndarray:
    """(CODED_BITS,) soft bits: planes added by how well each one's pilots stand out."""
    trust = said[:, pattern.pilot].mean(1) / (said.var(1) + 1e-20)
    values = np.clip(trust, 0, None) @ said
    carriers = ~pattern.pilot
    soft = np.bincount(pattern.bit[carriers], values[carriers], CODED_BITS)
    return soft * pattern.scramble


def seen(
    parts: Tensor, pattern: Pattern, where: Alignment, record: str, seconds: float
) -> tuple[float, float]:
    """The seconds between which the record's mark stands out, part by part."""
    signs = signs_of(pattern, record)
    there = []
    for index, part in enumerate(parts):
        said = said_by_cosines(fold(part, where.scale, where.turn), pattern, where).sum(0)
        if signs @ said > 3 * np.linalg.norm(said):
            there.append(index)
    if not there:
        return 0.0, seconds
    return there[0] * PART, min(seconds, (there[-1] + 1) * PART)
