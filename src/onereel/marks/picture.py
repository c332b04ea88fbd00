"""The picture watermark: a faint pattern in brightness and colour that carries the record id.

- the pattern is a sum of cosines, `LOW` to `HIGH` cycles per picture height, whose phases the key
  draws; a quarter of them are pilots, the rest carry the coded bits of marks.payload
- it repeats every picture height and is scaled with the picture, so crops and new sizes only shift
  and stretch it; it changes sign every 2 s, so that a still picture cancels and the mark does not
- most of it is in blue-yellow and red-green, where eyes see least at this scale; brightness gets
  more only where the picture is busy
- the detector is blind: it flattens every frame, adds them up with and against the sign changes,
  finds the pilots over all shifts, mirrored or not, many scales and some turns, then decodes

The key is public, so that anyone can run the detector. So anyone who studies it can also remove
or copy the mark: a copied mark is told by the record's fingerprint, and what removal costs is
measured in docs/marks.md. Additive spread spectrum after Cox et al. 1997, with pilots.

`mark_frames` is called by marks.film for every picture that leaves; `find_picture_mark` by verify.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from onereel.marks.found import WatermarkFound
from onereel.marks.payload import CODED_BITS, Decoded, decode_id, encode_id, keyed_bits

KEY = b"onereel picture 1"
LOW, HIGH = 4, 26  # cycles per picture height
TILE = 128  # samples of one period in the detector
PERIOD = 4.0  # seconds; the sign changes twice in each
# Root mean square of the mark in code values (0-255) in a flat picture of 480 lines or more.
BRIGHTNESS, BLUE_YELLOW, RED_GREEN = 0.6, 2.0, 1.0
BUSY = 0.1  # brightness added per code value of local contrast
MOST_BRIGHTNESS = 3.0
PART = 0.5  # seconds that the detector adds up before it looks
LINES = 288  # the detector looks at no more
SMALLEST = 64  # lines; below that there is nothing to find
FALSE_ALARM = 1e-9  # promised bound, a clip

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
    ky, kx = np.mgrid[-HIGH : HIGH + 1, -HIGH : HIGH + 1]
    radius = np.hypot(kx, ky)
    # Half the plane: the other half is its complex conjugate, since pixels are real.
    chosen = ((ky > 0) | ((ky == 0) & (kx > 0))) & (radius >= LOW) & (radius <= HIGH)
    ky, kx = ky[chosen], kx[chosen]
    count = len(ky)
    phase = keyed_bits(key + b" phase", 3 * count).reshape(count, 3) @ np.array([4, 2, 1])
    # Sorting random numbers shuffles, the same on every platform.
    order = np.argsort(keyed_numbers(key + b" order", count), kind="stable")
    pilot = np.zeros(count, bool)
    pilot[order[: count // 4]] = True
    bit = np.zeros(count, np.int64)
    carriers = order[count // 4 :]
    bit[carriers] = np.arange(len(carriers)) % CODED_BITS
    scramble = 1.0 - 2.0 * keyed_bits(key + b" scramble", CODED_BITS)
    wave = np.exp(0.25j * np.pi * phase).astype(np.complex64)
    return Pattern(ky, kx, wave, pilot, bit, scramble.astype(np.float32))


def keyed_numbers(key: bytes, count: int) -> np.ndarray:
    """(count,) uint64 drawn from a key."""
    return np.packbits(keyed_bits(key, 64 * count)).view(">u8").astype(np.uint64)


# ---------------------------------------------------------------- marking


def mark_frames(frames: np.ndarray, fps: float, record_id: str, key: bytes = KEY) -> np.ndarray:
    """`frames` with the mark in them.

    frames: (T, H, W, 3) uint8; a still is T = 1.  fps: frames a second, which times the changes
    of sign.  record_id: 12 hex digits.  Returns new frames of the same shape.
    """
    height, width = frames.shape[1:3]
    pattern = torch.from_numpy(render(draw_pattern(key), record_id, height, width))
    strength = small_picture_gain(height)
    colour = torch.tensor([0.0, BLUE_YELLOW, RED_GREEN]) @ TO_RGB * strength
    coloured = pattern[..., None] * colour  # (H, W, 3)
    marked = np.empty_like(frames)
    for index, frame in enumerate(frames):
        sign = 1.0 if index / fps % PERIOD < PERIOD / 2 else -1.0
        pixels = torch.from_numpy(frame).float()
        bright = brightness_strength(pixels, strength).mul_(pattern)
        pixels.add_(coloured, alpha=sign).add_(bright[..., None], alpha=sign)
        marked[index] = pixels.round_().clamp_(0, 255).byte().numpy()
    return marked


def small_picture_gain(height: int) -> float:
    """Small pictures lose more in every codec, and are looked at from further away."""
    return min(1.3, max(1.0, math.sqrt(480 / height)))


def brightness_strength(pixels: Tensor, gain: float) -> Tensor:
    """How much brightness may change at each pixel, (H, W), more where the picture is busy.

    pixels: (H, W, 3) float32.  Contrast is measured on a quarter of the lines.
    """
    height, width = pixels.shape[:2]
    small = F.avg_pool2d((pixels @ FROM_RGB[0])[None, None], 4, ceil_mode=True)
    mean = F.avg_pool2d(small, 3, 1, 1, count_include_pad=False)
    square = F.avg_pool2d(small * small, 3, 1, 1, count_include_pad=False)
    contrast = (square - mean * mean).clamp_min(0).sqrt()
    allowed = (gain * BRIGHTNESS + BUSY * contrast).clamp(max=MOST_BRIGHTNESS)
    return F.interpolate(allowed, (height, width), mode="bilinear", align_corners=False)[0, 0]


def render(pattern: Pattern, record_id: str, height: int, width: int) -> np.ndarray:
    """The pattern as pixels, (H, W) float32 with a root mean square of 1."""
    bits = encode_id(record_id) * pattern.scramble
    wave = pattern.wave * np.where(pattern.pilot, 1.0, bits[pattern.bit])
    rows = np.exp(2j * np.pi / height * np.outer(np.arange(height), np.arange(-HIGH, HIGH + 1)))
    columns = np.exp(2j * np.pi / height * np.outer(np.arange(width), np.arange(-HIGH, HIGH + 1)))
    spectrum = np.zeros((2 * HIGH + 1, 2 * HIGH + 1), np.complex128)
    spectrum[pattern.ky + HIGH, pattern.kx + HIGH] = wave
    pixels = (rows @ spectrum @ columns.T).real
    return (pixels * math.sqrt(2 / len(wave))).astype(np.float32)


# ---------------------------------------------------------------- finding


@dataclass(frozen=True)
class Alignment:
    """One way the pattern may lie in the picture, and how well the pilots fit there."""

    z: float  # pilots' agreement in standard deviations of chance
    scale: float  # the pattern's period in picture heights
    turn: float  # degrees
    mirrored: bool
    row: float  # shift, in samples of the tile
    column: float


def find_picture_mark(frames: np.ndarray, fps: float, key: bytes = KEY) -> WatermarkFound:
    """Look for the mark in frames (T, H, W, 3) uint8 at `fps`; a still is T = 1.

    Reads through re-encoding, crops, new sizes (the pattern 0.88-1.26 times the picture's
    height), mirroring, changes of brightness and of frame rate, and turns up to 2 degrees.
    """
    if min(frames.shape[1:3]) < SMALLEST:
        return WatermarkFound("cannot tell")
    sums = flatten(frames, fps)
    if not sums.any():
        return WatermarkFound("cannot tell")
    return find_in_sums(sums, draw_pattern(key), len(frames) / fps)


def find_in_sums(sums: Tensor, pattern: Pattern, duration: float) -> WatermarkFound:
    """The search proper; `flatten` does not depend on the key, so many keys can share it."""
    over_time = demodulate(sums)
    scales = np.exp(np.arange(-0.12, 0.24, 0.01))
    best = WatermarkFound("absent", score=0.0)
    searched = decodes = 0
    for turns in ((0.0,), (-1.0, 1.0), (-2.0, 2.0)):
        rough = [
            found
            for turn in turns
            for scale in scales
            for found in align(fold(over_time, scale, turn), pattern, scale, turn)
        ]
        searched += TILE * TILE * len(rough)
        for candidate in sorted(rough, key=lambda one: -one.z)[:3]:
            fine, planes = refine(over_time, pattern, candidate)
            chance = 2 * searched * math.exp(-(fine.z**2) / 2)
            decodes += 1
            # The pilots' signs and the bits' are drawn apart, so both bounds hold at once.
            soft = read_bits(planes, pattern)
            decoded = decode_id(soft, tries=min(decodes, chance))
            if decoded is not None and decoded.false_alarm <= FALSE_ALARM:
                start, end = heard(sums, pattern, fine, decoded, duration)
                return WatermarkFound(
                    "read", decoded.record, decoded.score, decoded.false_alarm, start, end
                )
            if fine.z > best.score:
                present = chance <= FALSE_ALARM
                best = WatermarkFound(
                    "present" if present else "absent",
                    score=fine.z,
                    false_alarm=min(1.0, chance),
                    start=0.0 if present else None,
                    end=duration if present else None,
                )
    return best


@torch.inference_mode()
def flatten(frames: np.ndarray, fps: float) -> Tensor:
    """What is left of the film once the picture is taken out: (parts, 3, h, w) float32.

    A part is half a second; the planes are Y, Cb and Cr. The local mean goes, and local contrast
    is levelled, so that no edge outshouts the mark.
    """
    height, width = frames.shape[1:3]
    lines = min(height, LINES)
    size = (lines, max(2, round(width * lines / height)))
    parts = int((len(frames) - 1) / fps / PART) + 1
    sums = torch.zeros(parts, 3, lines // 2, size[1] // 2)
    for at in range(0, len(frames), 8):
        pixels = torch.from_numpy(frames[at : at + 8]).float() @ FROM_RGB.T
        planes = pixels.permute(0, 3, 1, 2)
        if lines != height:
            planes = F.interpolate(planes, size, mode="bilinear", antialias=True)
        bright = F.avg_pool2d(level(planes[:, :1], 17, 33, 1.0), 2)
        colour = level(F.avg_pool2d(planes[:, 1:], 2), 9, 17, 0.5)
        part = (torch.arange(at, at + len(planes)) / fps / PART).long()
        sums.index_add_(0, part, torch.cat([bright, colour], 1))
    return sums / len(frames)


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


def demodulate(sums: Tensor) -> Tensor:
    """(9, h, w): Y, Cb, Cr times the sign changes' cosine, times their sine, and as they are."""
    time = (torch.arange(len(sums)) + 0.5) * PART
    angle = 2 * math.pi / PERIOD * time
    weights = torch.stack([angle.cos(), angle.sin(), torch.ones_like(angle)])
    return torch.einsum("jchw,vj->vchw", sums, weights).flatten(0, 1)


@torch.inference_mode()
def fold(planes: Tensor, scale: float, turn: float) -> np.ndarray:
    """Spectra of the pattern's tile, (6, TILE, TILE) complex64.

    planes: (9, h, w) from `demodulate`. First Y, Cb, Cr with the sign changes (cosine - i sine),
    then without. Every ring of frequencies is levelled to a mean power of 1, and lines that stick
    out of their ring, which the picture drew, are held down.
    """
    count, height, width = planes.shape
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
    there = F.grid_sample(planes[None], grid, align_corners=False)
    there = F.pad(there, (0, -columns % TILE, 0, -rows % TILE))[0]
    tiles = there.reshape(count, there.shape[1] // TILE, TILE, -1, TILE).sum((1, 3))
    changing = torch.complex(tiles[:3], -tiles[3:6])
    spectra = torch.fft.fft2(torch.cat([changing, tiles[6:].to(changing.dtype)])).numpy()
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
    changing, still = spectra[:3].sum(0), spectra[3:].sum(0)
    ky, wave = pattern.ky[pattern.pilot], pattern.wave[pattern.pilot]
    found = []
    for mirrored in (False, True):
        kx = pattern.kx[pattern.pilot] * (-1 if mirrored else 1)
        products = np.zeros((2, TILE, TILE), np.complex64)
        for plane, spectrum in zip(products, (changing, still), strict=True):
            plane[ky, kx] = spectrum[ky, kx] * wave.conj()
            plane[-ky, -kx] = spectrum[-ky, -kx] * wave
        surfaces = np.fft.ifft2(products) * (TILE * TILE)
        agreement = np.abs(surfaces[0]) ** 2 + surfaces[1].real ** 2
        row, column = divmod(int(agreement.argmax()), TILE)
        energy = float((np.abs(products) ** 2).sum())
        z = math.sqrt(float(agreement.max()) / (energy + 1e-20))
        found.append(Alignment(z, scale, turn, mirrored, row, column))
    return found


def refine(planes: Tensor, pattern: Pattern, rough: Alignment) -> tuple[Alignment, np.ndarray]:
    """A finer scale, turn and shift near `rough`, and what every cosine says there, (6, n)."""
    nearby = [
        (rough.scale * math.exp(stretch), rough.turn + turn)
        for stretch in (-0.005, -0.0025, 0.0, 0.0025, 0.005)
        for turn in ((0.0,) if rough.turn == 0 else (-0.5, -0.25, 0.0, 0.25, 0.5))
    ]
    best: tuple[Alignment, np.ndarray] | None = None
    for scale, turn in nearby:
        spectra = fold(planes, scale, turn)
        as_it_is, mirrored = align(spectra, pattern, scale, turn)
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
    """Each cosine's value with its phase and the shift taken out: (6, n) complex.

    With the mark there, a plane's values share one angle; the bits turn it by half a circle."""
    kx = pattern.kx * (-1 if where.mirrored else 1)
    shift = np.exp(2j * np.pi / TILE * (pattern.ky * where.row + kx * where.column))
    turn = shift * pattern.wave.conj()
    ky = pattern.ky
    return spectra[:, ky, kx] * turn + spectra[:, -ky, -kx] * turn.conj()


def agreement_of_pilots(said: np.ndarray, pattern: Pattern) -> float:
    """The pilots' sum as a vector over its root sum of squares.

    With fair signs P(this >= z) <= 2 exp(-z^2 / 2) (Pinelis 1994, theorem 3.5)."""
    pilots = np.stack([said[:3].sum(0), said[3:].sum(0)])[:, pattern.pilot]
    return float(np.linalg.norm(pilots.sum(1)) / (np.linalg.norm(pilots) + 1e-20))


def read_bits(said: np.ndarray, pattern: Pattern) -> np.ndarray:
    """(CODED_BITS,) soft bits: planes added by how well each one's pilots stand out."""
    pilots = said[:, pattern.pilot]
    angles = np.repeat(np.angle(pilots.reshape(2, 3, -1).sum((1, 2))), 3)
    upright = (said * np.exp(-1j * angles)[:, None]).real
    trust = upright[:, pattern.pilot].mean(1) / (upright.var(1) + 1e-20)
    values = np.clip(trust, 0, None) @ upright
    carriers = ~pattern.pilot
    soft = np.bincount(pattern.bit[carriers], values[carriers], CODED_BITS)
    return soft * pattern.scramble


def heard(
    sums: Tensor, pattern: Pattern, where: Alignment, decoded: Decoded, duration: float
) -> tuple[float, float]:
    """The seconds between which the mark that was read stands out, part by part."""
    bits = encode_id(decoded.record) * pattern.scramble
    signs = np.where(pattern.pilot, 1.0, bits[pattern.bit])
    parts = []
    for index, part in enumerate(sums):
        spectra = fold(part.repeat(3, 1, 1), where.scale, where.turn)[3:]
        said = said_by_cosines(spectra, pattern, where).real.sum(0)
        if abs(signs @ said) > 3 * np.linalg.norm(said):
            parts.append(index)
    if not parts:
        return 0.0, duration
    return parts[0] * PART, min(duration, (parts[-1] + 1) * PART)
