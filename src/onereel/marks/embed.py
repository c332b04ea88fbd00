"""The picture watermark put into frames, no stronger than this film needs.

- most of it is blue-yellow, where eyes see least at this scale and codecs keep most, a little is
  brightness; busy places, which hide it, get more, places without blue less
- in time: strong for one frame where a shot begins, nearly off in the few after it, then faint, a
  little less so where all moves. An encoder gives a first frame the most bits and then repeats it,
  while eyes see little in the moment after a cut (Seyler and Budrikis 1965)
- how strong is measured, not guessed: the marked film goes through the two attacks that take the
  most (half the size; cut and thinned out; both at CRF 28), the detector says how much is left of
  this record's mark, and both strengths are set to leave what reading takes and no more

Tried and dropped: brightness alone (z 3-5 on flat pictures, where blue-yellow has 13), red-green
(adds nothing), and one strength for all films (some had three times what they needed).

`mark_frames` is called by marks.film for every picture that leaves.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from fractions import Fraction

import av
import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from onereel.marks.flatten import FROM_RGB, begun_by, changes, flatten
from onereel.marks.picture import AS_IT_WAS, KEY, draw_pattern, refine, render, told
from onereel.media.write import as_yuv, same_bytes_options

# Root mean square of the mark in code values (0-255) in a flat picture of 430 lines that begins a
# shot, and as a share of that: in the SETTLING frames after it, which make the encoder take back
# what it would let linger; later; and at most, where all moves: PER_CHANGE for each code value by
# which the picture changes from frame to frame, on average, beyond CALM.
BRIGHTNESS, BLUE_YELLOW = 0.38, 1.4
SETTLED, SETTLING = 0.11, 5
STANDING, MOVING, PER_CHANGE, CALM = 0.32, 0.56, 0.05, 3.0
LARGEST_GAIN = 1.46  # of small pictures; see gain_at
# Large pictures need less of the first frame, but not of what follows: up to so much more of that.
LARGE = 1.4
APART = 12  # frames; shots that begin sooner after one another are one that moves
# The same for a picture by itself and for a film that stands still, where a change of strength
# costs more bytes than the mark; still is what changes less than STILL code values in 12 frames.
ALONE, STILL = 0.5, 0.25
# What must be left of the mark after half size, and after the cut: how well its cosines agree.
# Reading takes 10.5, and the delivery, which these trials leave out, costs 1 to 3.5 more.
LEFT_AT_HALF, LEFT_AFTER_CUT = 14.0, 12.7
# The least and the most that this may make of a first frame's strength; later frames, times their
# gain, need be no fainter than UNSEEN.
LEAST, MOST, UNSEEN = 0.2, 1.2, 0.27
BUSY = 0.1  # how much stronger it may be per code value of local contrast, up to
BUSIEST = 2.5  # times as strong
# Where blue is nearly out, as in a red curtain, eyes see its changes most: from LITTLE_BLUE down to
# none the strength falls to HARDLY_BLUE.
LITTLE_BLUE, HARDLY_BLUE = 80.0, 0.6

# What one unit of Y and of Cb adds to R, G and B (ITU-R BT.709).
TO_RGB = torch.tensor([[1.0, 1.0, 1.0], [0.0, -0.1873, 1.8556]])

FPS = 24  # of our films
CRF = 28  # of both attacks
# The cut copy: from its second second on, 15 frames a second, at most so many.
CUT = np.round(FPS * (1 + np.arange(45) / 15)).astype(int)
FEWEST_AFTER_CUT = 12
HALF_EVERY, CUT_EVERY = 24, 6  # of so many frames the detector looks at one


def mark_frames(
    frames: np.ndarray, record_id: str, key: bytes = KEY, into: np.ndarray | None = None
) -> np.ndarray:
    """`frames` with the mark in them: a new (T, H, W, 3) uint8, or `into`; a still is T = 1.

    record_id: 12 hex digits.
    """
    mark = colours(record_id, key, frames.shape[1:3], gain_at(frames.shape[1]))
    marked = np.empty(frames.shape, np.uint8) if into is None else into
    for index, strength in enumerate(strengths(frames, record_id, key)):
        marked[index] = with_mark(frames[index], mark, strength)
    return marked


def colours(record_id: str, key: bytes, size: tuple[int, int], gain: float) -> Tensor:
    """What a strength of 1 adds to a flat picture: (H, W, 3) float32."""
    pattern = torch.from_numpy(render(draw_pattern(key), record_id, *size))
    return pattern[..., None] * (torch.tensor([BRIGHTNESS, BLUE_YELLOW]) @ TO_RGB) * gain


def with_mark(frame: np.ndarray, mark: Tensor, strength: float) -> np.ndarray:
    pixels = torch.from_numpy(frame.astype(np.float32))
    pixels.addcmul_(mark, float(strength) * room(pixels)[..., None])
    return pixels.round_().clamp_(0, 255).byte().numpy()


def gain_at(height: int) -> float:
    """Small pictures lose more in every codec."""
    return min(LARGEST_GAIN, max(0.4, (430 / height) ** 0.95))


def room(pixels: Tensor) -> Tensor:
    """How strong the mark may be at each pixel, (H, W) from HARDLY_BLUE to BUSIEST: busy places
    hide it, places without blue show it.

    pixels: (H, W, 3) float32. Looked at is every fourth pixel.
    """
    height, width = pixels.shape[:2]
    looked_at = torch.stack([pixels[::2, ::2] @ FROM_RGB[0], pixels[::2, ::2, 2]])
    bright, blue = F.avg_pool2d(looked_at[:, None], 2, ceil_mode=True)
    mean = F.avg_pool2d(bright, 3, 1, 1, count_include_pad=False)
    square = F.avg_pool2d(bright * bright, 3, 1, 1, count_include_pad=False)
    contrast = (square - mean * mean).clamp_min(0).sqrt()
    allowed = (1 + BUSY * contrast).clamp(max=BUSIEST)
    allowed *= HARDLY_BLUE + (1 - HARDLY_BLUE) / LITTLE_BLUE * blue.clamp(max=LITTLE_BLUE)
    return F.interpolate(allowed[None], (height, width), mode="bilinear", align_corners=False)[0, 0]


# ---------------------------------------------------------------- how strong


def strengths(frames: np.ndarray, record_id: str, key: bytes = KEY) -> np.ndarray:
    """How strong the mark is in each of frames (T, H, W, 3): (T,), ALONE throughout where nothing
    moves, else what the two attacks leave enough of."""
    if (changes(frames[::12]) < STILL).all():
        return np.full(len(frames), ALONE)
    change = changes(frames)
    begun = shots(change)
    strength = np.clip(STANDING + PER_CHANGE * (np.append(0, change) - CALM), STANDING, MOVING)
    strength *= min(LARGE, LARGEST_GAIN / gain_at(frames.shape[1]))

    cut = CUT[len(frames) > CUT]
    if len(cut) >= FEWEST_AFTER_CUT:
        kept = left_after_cut(frames[cut], strength[cut], record_id, key)
        unseen = np.minimum(strength, UNSEEN / gain_at(frames.shape[1]))
        strength = np.maximum(unseen, strength * min(1, times(kept, LEFT_AFTER_CUT)))
    for shot in begun:
        after = slice(shot + 1, shot + 1 + SETTLING)
        strength[after] = np.minimum(strength[after], SETTLED)
    strength[begun] = 1
    wanted = times(left_at_half(frames, strength, record_id, key), LEFT_AT_HALF)
    strength[begun] = np.clip(wanted, LEAST, MOST)
    return strength


def shots(change: np.ndarray) -> list[int]:
    """The frames that begin a shot, but for those that come sooner than APART after another."""
    begun = [0]
    for shot in begun_by(change):
        if shot >= begun[-1] + APART:
            begun.append(int(shot))
    return begun


def times(left: float, goal: float) -> float:
    """By how much the strength must be multiplied for an agreement of `goal` instead of `left`.

    Where each of n cosines keeps s of the mark among noise of 1, they agree by sqrt(n) s /
    sqrt(s^2 + 1), and s is proportional to the strength: measured, within a tenth.
    """
    most = len(draw_pattern(KEY).wave)
    share = goal**2 / (most - goal**2) * (most - left**2) / max(left, 1) ** 2
    return math.sqrt(max(0, share))


def left_at_half(frames: np.ndarray, strength: np.ndarray, record_id: str, key: bytes) -> float:
    """How well the mark's cosines still agree after half the size and CRF 28."""
    height, width = (2 * round(side / 4) for side in frames.shape[1:3])
    mark = colours(record_id, key, (height, width), gain_at(frames.shape[1]))

    def marked() -> Iterator[np.ndarray]:
        for frame, strong in zip(frames, strength, strict=True):
            picture = av.VideoFrame.from_ndarray(np.ascontiguousarray(frame), format="rgb24")
            half = picture.reformat(width, height, interpolation="AREA", threads=1)
            yield with_mark(half.to_ndarray(), mark, strong)

    return left(marked(), (height, width), changes(frames), HALF_EVERY, record_id, key)


def left_after_cut(frames: np.ndarray, strength: np.ndarray, record_id: str, key: bytes) -> float:
    """The same after CRF 28 alone, of frames that have been cut out of the film."""
    mark = colours(record_id, key, frames.shape[1:3], gain_at(frames.shape[1]))
    marked = (with_mark(one, mark, strong) for one, strong in zip(frames, strength, strict=True))
    return left(marked, frames.shape[1:3], changes(frames), CUT_EVERY, record_id, key)


def left(
    marked: Iterable[np.ndarray],
    size: tuple[int, int],
    change: np.ndarray,
    every: int,
    record_id: str,
    key: bytes,
) -> float:
    """The agreement in marked frames (H, W, 3) uint8 after CRF 28: of every so many of them, and of
    those that begin shots. change: that of the unmarked ones."""
    begun = begun_by(change)
    looked_at = np.union1d(np.arange(0, len(change) + 1, every), begun)
    decoded = enumerate(reencoded(marked, size))
    kept = [one.to_ndarray(format="rgb24") for at, one in decoded if at in looked_at]
    flat = flatten(np.stack(kept), 1, shots=np.searchsorted(looked_at, begun))
    if flat is None:
        return 0.0
    return refine(flat, told(draw_pattern(key), record_id), AS_IT_WAS)[0].z


def reencoded(frames: Iterable[np.ndarray], size: tuple[int, int]) -> Iterator[av.VideoFrame]:
    """Frames of size (H, W), both even, as x264 leaves them at CRF 28, one thread, in order."""
    encoder = av.CodecContext.create("libx264", "w")
    encoder.options = {"crf": str(CRF), "preset": "veryfast"} | same_bytes_options()
    encoder.height, encoder.width = size
    encoder.pix_fmt, encoder.time_base, encoder.thread_count = "yuv420p", Fraction(1, FPS), 1
    decoder = av.CodecContext.create("h264", "r")
    decoder.thread_count = 1
    for index, frame in enumerate(frames):
        for packet in encoder.encode(as_yuv(frame, index, FPS)):
            yield from decoder.decode(packet)
    for packet in encoder.encode(None):
        yield from decoder.decode(packet)
    yield from decoder.decode(None)
