"""The picture watermark put into frames, no stronger than this film needs.

- most of it is blue-yellow, where eyes see least at this scale and codecs keep most, a little is
  brightness; busy places, which hide it, get more, places without blue less
- in time: strong for one frame where a shot begins, nearly off in the few after it, then faint, a
  little less so where all moves. An encoder gives a first frame the most bits and then repeats it,
  while eyes see little in the moment after a cut (Seyler and Budrikis 1965)
- how strong is measured, not guessed: the film goes through the two attacks that take the most
  (half the size; cut and thinned out; both at CRF 28), the detector says how much is left of this
  record's mark, and both strengths are set to leave what reading takes and no more

Tried and dropped: brightness alone (z 3-5 on flat pictures, where blue-yellow has 13), red-green
(adds nothing), and one strength for all films (some had three times what they needed).

`mark_frames` is called by marks.film for every picture that leaves.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from fractions import Fraction

import av
import numpy as np
import torch
import torch.nn.functional as F
from av.video.frame import PictureType
from torch import Tensor

from onereel.marks.flatten import FROM_RGB, begun_by, changes, flatten
from onereel.marks.picture import AS_IT_WAS, KEY, Pattern, draw_pattern, refine, render, told
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
# Reading takes 10.5, and another encoder's choices cost or give 1.5. Half size is promised for more
# films above 288 lines than at 288. The trial of the cut leaves out the delivery, which costs 1.5.
LEFT_AT_HALF, LEFT_AT_HALF_IF_SMALL, LEFT_AFTER_CUT = 12.6, 11.9, 12.7
# The least and the most that this may make of a first frame's strength, which stays at 1 where even
# HOPELESS would not do, as in pictures of 144 lines. Later frames, times their gain, need be no
# fainter than UNSEEN.
LEAST, MOST, HOPELESS, UNSEEN = 0.2, 1.6, 2.2, 0.27
BUSY = 0.1  # how much stronger it may be per code value of local contrast, up to
BUSIEST = 2.5  # times as strong
# Where blue is nearly out, as in a red curtain, eyes see its changes most: from LITTLE_BLUE down to
# none the strength falls to HARDLY_BLUE.
LITTLE_BLUE, HARDLY_BLUE = 80.0, 0.6

# What one unit of Y and of Cb adds to R, G and B (ITU-R BT.709).
TO_RGB = torch.tensor([[1.0, 1.0, 1.0], [0.0, -0.1873, 1.8556]])

FPS = 24  # of our films
DELIVERED, ATTACKED = 18, 28  # CRF
# The cut copy: from its second second on, 15 frames a second, at most so many.
CUT = np.round(FPS * (1 + np.arange(45) / 15)).astype(int)
FEWEST_AFTER_CUT = 12
HALF_EVERY, CUT_EVERY = 24, 6  # of so many frames the detector looks at one


def mark_frames(
    frames: np.ndarray,
    record_id: str,
    key: bytes = KEY,
    into: np.ndarray | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> np.ndarray:
    """`frames` with the mark in them: a new (T, H, W, 3) uint8, or `into`; a still is T = 1.

    record_id: 12 hex digits.  progress: called with the steps done and their number: two a frame,
    the second for the trial of half size.
    """
    tell = progress or (lambda done, of: None)
    known = told(draw_pattern(key), record_id)
    mark = colours(known, *frames.shape[1:3])
    marked = np.empty(frames.shape, np.uint8) if into is None else into
    change = changes(frames)
    strength, begun = strengths(frames, change, mark, known)
    for index, strong in enumerate(strength):
        marked[index] = with_mark(frames[index], mark, strong)
        tell(index + 1, 2 * len(frames))
    if begun:
        # Of a first frame that is fainter, less than in proportion is left: hence the exponent.
        goal = LEFT_AT_HALF if frames.shape[1] > 288 else LEFT_AT_HALF_IF_SMALL
        enough = times(left_at_half(marked, change, known, tell), goal) ** 0.85
        strong = 1.0 if enough > HOPELESS else min(MOST, max(LEAST, enough))
        for index in begun:
            marked[index] = with_mark(frames[index], mark, strong)
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


def strengths(
    frames: np.ndarray, change: np.ndarray, mark: Tensor, known: Pattern
) -> tuple[np.ndarray, list[int]]:
    """How strong the mark is in each of frames (T, H, W, 3): (T,), and which begin a shot.

    Those have 1, later ones what the cut leaves enough of. Where nothing moves all have ALONE, and
    none begins a shot."""
    if (changes(frames[::12]) < STILL).all():
        return np.full(len(frames), ALONE), []
    gain, begun = gain_at(frames.shape[1]), shots(change)
    strength = np.clip(STANDING + PER_CHANGE * (np.append(0, change) - CALM), STANDING, MOVING)
    strength *= min(LARGE, LARGEST_GAIN / gain)
    cut = CUT[len(frames) > CUT]
    if len(cut) >= FEWEST_AFTER_CUT:
        pictures = [with_mark(frames[at], mark, strength[at]) for at in cut]
        enough = min(1, times(left_after_cut(frames[cut], pictures, known), LEFT_AFTER_CUT))
        strength = np.maximum(np.minimum(strength, UNSEEN / gain), strength * enough)
    for shot in begun:
        after = slice(shot + 1, shot + 1 + SETTLING)
        strength[after] = np.minimum(strength[after], SETTLED)
    strength[begun] = 1
    return strength, begun


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


def left_after_cut(frames: np.ndarray, marked: Sequence[np.ndarray], known: Pattern) -> float:
    """How well the cosines of a cut copy still agree after CRF 28. frames: the same unmarked."""
    return agreement(reencoded(as_pictures(marked), ATTACKED), changes(frames), CUT_EVERY, known)


def left_at_half(
    marked: np.ndarray, change: np.ndarray, known: Pattern, tell: Callable[[int, int], None]
) -> float:
    """The same of a film that was delivered and then encoded at half its size and CRF 28."""
    height, width = (2 * round(side / 4) for side in marked.shape[1:3])

    def halves() -> Iterator[av.VideoFrame]:
        for index, one in enumerate(reencoded(as_pictures(marked), DELIVERED)):
            tell(len(marked) + index + 1, 2 * len(marked))
            yield one.reformat(width, height, interpolation="AREA", threads=1)

    return agreement(reencoded(halves(), ATTACKED), change, HALF_EVERY, known)


def agreement(
    pictures: Iterable[av.VideoFrame], change: np.ndarray, every: int, known: Pattern
) -> float:
    """The agreement in every so many of the pictures and in those that begin shots.

    change: that of the film before it was marked."""
    begun = begun_by(change)
    looked_at = np.union1d(np.arange(0, len(change) + 1, every), begun)
    kept = [one.to_ndarray(format="rgb24") for at, one in enumerate(pictures) if at in looked_at]
    flat = flatten(np.stack(kept), 1, shots=np.searchsorted(looked_at, begun))
    return 0.0 if flat is None else refine(flat, known, AS_IT_WAS)[0].z


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
