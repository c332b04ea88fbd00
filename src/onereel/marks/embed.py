"""The picture watermark put into frames, no stronger than this film needs.

- most of it is blue-yellow, where eyes see least at this scale and codecs keep most, a little is
  brightness; busy places, which hide it, get more, dark ones and those without blue less
- it is the same in every frame, but for a little more where all moves, of which codecs keep less
- how strong is measured, not guessed: part of the film goes through what copies go through, the
  detector says how much is left of this record's mark, and the strength is set to leave what
  reading takes and no more: first of all frames, then of the first one, which codecs keep best
- the first frame says the record once more, by first_frame, for copies at half the size

Tried and dropped: brightness alone (z 3-5 on flat pictures, where blue-yellow has 13), red-green
(adds nothing), and one strength for all films (some had three times what they needed).

`mark_frames` is called by marks.film for every picture that leaves.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator
from fractions import Fraction

import av
import numpy as np
import torch
import torch.nn.functional as F
from av.video.frame import PictureType
from torch import Tensor

from onereel.marks.first_frame import lifted, quantised, step_needed
from onereel.marks.flatten import FROM_RGB, begun_by, changes, flatten
from onereel.marks.picture import AS_IT_WAS, KEY, Pattern, draw_pattern, refine, render, told
from onereel.media.write import as_yuv, same_bytes_options

# Root mean square of a strength of 1 in code values (0-255) in a flat picture of 430 lines.
BRIGHTNESS, BLUE_YELLOW = 0.35, 1.5
# The most, where little moves and where all does: PER_CHANGE for each code value by which the
# picture changes from frame to frame, on average, beyond CALM.
STANDING, MOVING, PER_CHANGE, CALM = 0.36, 0.56, 0.05, 3.0
LARGEST_GAIN = 1.46  # of small pictures; see gain_at
LARGE = 1.5  # and large ones get up to so much more
STILL = 0.25  # code values in 12 frames; a film that changes less stands still
# What the cut is to leave of the mark: how well its cosines agree. Reading takes 10.5, and the
# delivery, which the trial leaves out, costs 1.5.
LEFT_AFTER_CUT = 16.0
# What the whole film is to keep after CRF 28: a crop or a turn, where the mark must be found first,
# cost 2. The first frame, of which codecs keep most, is made so strong, up to so many times. Less
# is promised of films of 288 lines.
LEFT, LEFT_IF_SMALL, MOST_FIRST = 16.5, 14.0, 2.0
LEFT_AT_HALF = 10.3  # the same of the first frame's bits
UNSEEN = 0.27  # times the gain; no mark need be fainter
# How strong it may be where nothing else is, how much more per code value of local contrast, up to
SMOOTH, BUSY = 0.7, 0.15
BUSIEST = 2.5  # times as strong
# Where blue is nearly out, as in a red curtain, eyes see its changes most: from LITTLE_BLUE down to
# none the strength falls to HARDLY_BLUE.
LITTLE_BLUE, HARDLY_BLUE = 80.0, 0.6
DARK, DARKEST = 100.0, 0.6  # the same of brightness: on a night sky it stands out

# What one unit of Y and of Cb adds to R, G and B (ITU-R BT.709).
TO_RGB = torch.tensor([[1.0, 1.0, 1.0], [0.0, -0.1873, 1.8556]])

FPS = 24  # of our films
DELIVERED, ATTACKED = 18, 28  # CRF
# Of a film that is delivered on trial: its opening, further than which encoders don't look, and one
# frame of so many of what follows, up to so many.
OPENING, SPARSE, LAST = 12, 4, 97
# The cut copy: from its second second on, 15 frames a second, at most so many.
CUT = np.round(FPS * (1 + np.arange(45) / 15)).astype(int)
FEWEST_AFTER_CUT = 12
LOOK_EVERY = 6  # of so many frames the detector looks at one


def mark_frames(
    frames: np.ndarray,
    record_id: str,
    key: bytes = KEY,
    into: np.ndarray | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> np.ndarray:
    """`frames` with the mark in them: a new (T, H, W, 3) uint8, or `into`; a still is T = 1.

    record_id: 12 hex digits.  into: may be `frames`.  progress: called with the frames done and
    their number.
    """
    tell = progress or (lambda done, of: None)
    known = told(draw_pattern(key), record_id)
    mark = colours(known, *frames.shape[1:3])
    marked = np.empty(frames.shape, np.uint8) if into is None else into
    still = bool((changes(frames[::12]) < STILL).all())
    strength = np.full(len(frames), STANDING) if still else strengths(frames, mark, known)
    if len(frames) > 1:
        # Where nothing moves, what is changed in one frame must be changed in all.
        strength[: len(frames) if still else 1] *= needed_first(frames, mark, strength, known)
    for index in range(len(frames)):
        marked[index] = with_mark(frames[index], mark, strength[index])
        tell(index + 1, len(frames))
    # Thumbnails may have odd sides, encoders' pictures must not.
    opening = marked[:OPENING, : frames.shape[1] // 2 * 2, : frames.shape[2] // 2 * 2]
    copy = first_of_half(opening)
    step = step_needed(opening[0], copy, record_id, known.lattice, LEFT_AT_HALF)
    rounding = quantised(marked[0], record_id, step, known.lattice)
    for index in range(len(frames) if still else 1):
        marked[index] = lifted(marked[index], rounding)
    return marked


def colours(known: Pattern, height: int, width: int) -> Tensor:
    """What a strength of 1 adds to a flat picture: (H, W, 3) float32."""
    pattern = torch.from_numpy(render(known, height, width))
    return pattern[..., None] * (torch.tensor([BRIGHTNESS, BLUE_YELLOW]) @ TO_RGB) * gain_at(height)


def with_mark(frame: np.ndarray, mark: Tensor, strength: float) -> np.ndarray:
    pixels = torch.from_numpy(frame.astype(np.float32))
    pixels.addcmul_(mark, float(strength) * room(pixels)[..., None])
    return pixels.round_().clamp_(0, 255).byte().numpy()


def gain_at(height: int) -> float:
    """Small pictures lose more in every codec."""
    return min(LARGEST_GAIN, max(0.4, (430 / height) ** 0.95))


def room(pixels: Tensor) -> Tensor:
    """How strong the mark may be at each pixel, (H, W): busy places hide it, dark ones and those
    without blue show it.

    pixels: (H, W, 3) float32. Looked at is every fourth pixel.
    """
    height, width = pixels.shape[:2]
    looked_at = torch.stack([pixels[::2, ::2] @ FROM_RGB[0], pixels[::2, ::2, 2]])
    bright, blue = F.avg_pool2d(looked_at[:, None], 2, ceil_mode=True)
    mean = F.avg_pool2d(bright, 3, 1, 1, count_include_pad=False)
    square = F.avg_pool2d(bright * bright, 3, 1, 1, count_include_pad=False)
    contrast = (square - mean * mean).clamp_min(0).sqrt()
    allowed = (SMOOTH + BUSY * contrast).clamp(max=BUSIEST)
    allowed *= HARDLY_BLUE + (1 - HARDLY_BLUE) / LITTLE_BLUE * blue.clamp(max=LITTLE_BLUE)
    allowed *= DARKEST + (1 - DARKEST) / DARK * bright.clamp(max=DARK)
    return F.interpolate(allowed[None], (height, width), mode="bilinear", align_corners=False)[0, 0]


# ---------------------------------------------------------------- how strong


def strengths(frames: np.ndarray, mark: Tensor, known: Pattern) -> np.ndarray:
    """How strong the mark is in each of the moving frames (T, H, W, 3): (T,)."""
    gain = gain_at(frames.shape[1])
    change = np.append(0, changes(frames))
    strength = np.clip(STANDING + PER_CHANGE * (change - CALM), STANDING, MOVING)
    strength *= min(LARGE, LARGEST_GAIN / gain)
    cut = CUT[len(frames) > CUT]
    if len(cut) >= FEWEST_AFTER_CUT:
        pictures = [with_mark(frames[at], mark, strength[at]) for at in cut]
        begun = begun_by(changes(frames[cut]))
        copy = reencoded(as_pictures(pictures), ATTACKED)
        left = agreement(copy, len(cut), begun, known)
        enough = min(1, times(left, LEFT_AFTER_CUT))
        strength = np.maximum(np.minimum(strength, UNSEEN / gain), strength * enough)
    return strength


def times(left: float, goal: float) -> float:
    """By how much the strength must be multiplied for an agreement of `goal` instead of `left`.

    Where each of n cosines keeps s of the mark among noise of 1, they agree by sqrt(n) s /
    sqrt(s^2 + 1), and s is proportional to the strength: measured, within a tenth.
    """
    most = len(draw_pattern(KEY).wave)
    share = goal**2 / (most - goal**2) * (most - left**2) / max(left, 1) ** 2
    return math.sqrt(max(0, share))


def needed_first(frames: np.ndarray, mark: Tensor, strength: np.ndarray, known: Pattern) -> float:
    """How many times as strong the mark must be in the first of frames (T, H, W, 3) so that enough
    is left of it in all of them, delivered and encoded again at CRF 28."""
    some = np.arange(min(LAST, len(frames)))
    some = some[(some < OPENING) | (some % SPARSE == 0)]
    marked = (with_mark(frames[at], mark, strength[at]) for at in some)
    copy = reencoded(reencoded(as_pictures(marked), DELIVERED), ATTACKED)
    left = agreement(copy, len(some), begun_by(changes(frames[some])), known)
    missing = (LEFT if frames.shape[1] > 288 else LEFT_IF_SMALL) / max(1.0, left)
    return min(MOST_FIRST, max(1.0, missing) ** 2)


def agreement(
    copy: Iterable[av.VideoFrame], count: int, begun: np.ndarray, known: Pattern
) -> float:
    """How well the cosines of a copy of so many frames agree. begun: those that begin a shot."""
    looked_at = np.union1d(np.arange(0, count, LOOK_EVERY), begun)
    kept = [one.to_ndarray(format="rgb24") for at, one in enumerate(copy) if at in looked_at]
    flat = flatten(np.stack(kept), 1, shots=np.searchsorted(looked_at, begun))
    return 0.0 if flat is None else refine(flat, known, AS_IT_WAS)[0].z


def first_of_half(frames: np.ndarray) -> np.ndarray:
    """The first of frames (T, H, W, 3) as it comes out of the delivery, half size and CRF 28."""
    height, width = (2 * round(side / 4) for side in frames.shape[1:3])
    halves = (
        one.reformat(width, height, interpolation="AREA", threads=1)
        for one in reencoded(as_pictures(frames), DELIVERED)
    )
    return next(reencoded(halves, ATTACKED)).to_ndarray(format="rgb24")


def as_pictures(frames: Iterable[np.ndarray]) -> Iterator[av.VideoFrame]:
    return (as_yuv(frame, index, FPS) for index, frame in enumerate(frames))


def reencoded(pictures: Iterable[av.VideoFrame], crf: int) -> Iterator[av.VideoFrame]:
    """Pictures with even sides as x264 leaves them, one thread, in order."""
    encoder, decoder = av.CodecContext.create("libx264", "w"), av.CodecContext.create("h264", "r")
    encoder.options = {"crf": str(crf), "preset": "veryfast"} | same_bytes_options()
    encoder.pix_fmt, encoder.time_base = "yuv420p", Fraction(1, FPS)
    encoder.thread_count = decoder.thread_count = 1
    for index, picture in enumerate(pictures):
        if not encoder.is_open:
            encoder.height, encoder.width = picture.height, picture.width
        # A decoded picture brings its old type of frame along, which the encoder would obey.
        picture.pict_type, picture.pts = PictureType.NONE, index
        for packet in encoder.encode(picture):
            yield from decoder.decode(packet)
    for packet in encoder.encode(None):
        yield from decoder.decode(packet)
    yield from decoder.decode(None)
