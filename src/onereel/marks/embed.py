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
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from fractions import Fraction
from typing import NamedTuple

import av
import numpy as np
from av.video.frame import PictureType
from av.video.reformatter import Colorspace
from PIL import Image

from onereel.marks.first_frame import coefficients, lifted, quantised, step_needed
from onereel.marks.flatten import begun_by, changes, flatten
from onereel.marks.payload import CODED_BITS, encode_id
from onereel.marks.picture import (
    AS_IT_WAS,
    KEY,
    Pattern,
    draw_pattern,
    read_bits,
    refine,
    render,
    told,
)
from onereel.media.write import as_yuv, same_bytes_options

# Root mean square of a strength of 1 in code values (0-255) in a flat picture of 430 lines.
BRIGHTNESS, BLUE_YELLOW = 0.35, 1.5
# The most, where little moves and where all does: PER_CHANGE for each code value by which the
# picture changes from frame to frame, on average, beyond CALM.
STANDING, MOVING, PER_CHANGE, CALM = 0.36, 0.56, 0.05, 3.0
LARGEST_GAIN = 1.46  # of small pictures; see gain_at
LARGE = 1.5  # and large ones get up to so much more
STILL = 0.25  # code values in 12 frames; a film that changes less stands still


class Left(NamedTuple):
    """What a copy leaves of the mark: how well the pilots and the bits agree, in standard
    deviations of chance. To be found takes 5 of the pilots, but for an untouched geometry; to be
    read takes 10 of the bits."""

    pilots: float
    bits: float


# What the cut is to leave of the bits; copies have 2 more or less than the trial.
LEFT_AFTER_CUT = 12.0
# What the whole film is to keep after CRF 28, of which a crop or a turn takes a sixth. The first
# frame, of which codecs keep most, is made so strong, up to so many times. Less is promised of
# films of 288 lines.
LEFT, LEFT_IF_SMALL, MOST_FIRST = Left(7.2, 14.1), Left(6.0, 11.8), 2.0
# The same of the first frame's bits, of which copies have up to 2 less than the trial, and the step
# that it is tried with.
LEFT_AT_HALF, TRIED_STEP = 12.8, 0.25
UNSEEN = 0.27  # times the gain; no mark need be fainter
# How strong it may be where nothing else is, how much more per code value of local contrast, up to
SMOOTH, BUSY = 0.75, 0.25
BUSIEST = 2.5  # times as strong
# Where blue is nearly out, as in a red curtain, eyes see its changes most: from LITTLE_BLUE down to
# none the strength falls to HARDLY_BLUE.
LITTLE_BLUE, HARDLY_BLUE = 80.0, 0.6
DARK, DARKEST = 110.0, 0.4  # the same of brightness: on a night sky or a black dog it stands out

# What one unit of Y and of Cb adds to R, G and B (ITU-R BT.709).
TO_RGB = np.array([[1.0, 1.0, 1.0], [0.0, -0.1873, 1.8556]], np.float32)

FPS = 24  # of our films
DELIVERED, ATTACKED = 18, 28  # CRF
# Of a film that is delivered on trial: its opening, further than which encoders don't look, and one
# frame of so many of what follows, up to so many.
OPENING, SPARSE, LAST = 12, 6, 97
# The cut copy: from its second second on, 15 frames a second, at most so many.
CUT = np.round(FPS * (1 + np.arange(30) / 15)).astype(int)
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
    pattern = draw_pattern(key)
    mark = colours(told(pattern, record_id), *frames.shape[1:3])
    marked = np.empty(frames.shape, np.uint8) if into is None else into
    still = bool((changes(frames[::12]) < STILL).all())
    most = np.full(len(frames), STANDING) if still else at_most(frames)
    with ThreadPoolExecutor(2) as pool:
        trials = () if len(frames) == 1 else (left_of_all,) if still else (left_of_all, left_of_cut)
        left = [pool.submit(one, frames, mark, most, pattern, record_id) for one in trials]
        half = pool.submit(step_of_half, frames, mark, most, pattern, record_id)
        strength = strengths(frames.shape[1], most, *(one.result() for one in left))
        step = half.result()  # before anything is marked, perhaps in place

        def mark_one(index: int) -> None:
            marked[index] = with_mark(frames[index], mark, strength[index])

        for index, _ in enumerate(pool.map(mark_one, range(len(frames)))):
            tell(index + 1, len(frames))
    rounding = quantised(marked[0], record_id, step, pattern.lattice)
    for index in range(len(frames) if still else 1):
        marked[index] = lifted(marked[index], rounding)
    return marked


def colours(known: Pattern, height: int, width: int) -> np.ndarray:
    """What a strength of 1 adds to a flat picture: (H, W, 3) float32."""
    colour = gain_at(height) * np.array([BRIGHTNESS, BLUE_YELLOW], np.float32) @ TO_RGB
    return render(known, height, width)[..., None] * colour


def with_mark(frame: np.ndarray, mark: np.ndarray, strength: float) -> np.ndarray:
    added = mark * (np.float32(strength) * room(frame))[..., None]
    added += frame
    return added.round(out=added).clip(0, 255, out=added).astype(np.uint8)


def gain_at(height: int) -> float:
    """Small pictures lose more in every codec."""
    return min(LARGEST_GAIN, max(0.4, (430 / height) ** 0.95))


def room(frame: np.ndarray) -> np.ndarray:
    """How strong the mark may be at each pixel of (H, W, 3) uint8: (H, W) float32.

    Textured places hide it, dark ones and those without blue show it. A slow gradient, as of a
    sky, hides nothing: what counts is how far pixels are from their neighbours' mean. Looked at
    are means of 4 by 4 pixels."""
    height, width = frame.shape[:2]
    few = Image.fromarray(frame).reduce(4)
    bright, blue = (np.asarray(one, np.float32) for one in (few.convert("L"), few.getchannel("B")))
    contrast = np.sqrt(of_nine((bright - of_nine(bright)) ** 2))
    allowed = np.minimum(SMOOTH + BUSY * contrast, BUSIEST)
    allowed *= HARDLY_BLUE + (1 - HARDLY_BLUE) / LITTLE_BLUE * np.minimum(blue, LITTLE_BLUE)
    allowed *= DARKEST + (1 - DARKEST) / DARK * np.minimum(bright, DARK)
    return np.asarray(Image.fromarray(allowed).resize((width, height), Image.Resampling.BILINEAR))


def of_nine(values: np.ndarray) -> np.ndarray:
    """The mean of each value of (H, W) and its eight neighbours."""
    padded = np.pad(values, 1, mode="symmetric")
    rows = padded[:-2] + padded[1:-1] + padded[2:]
    return (rows[:, :-2] + rows[:, 1:-1] + rows[:, 2:]) / 9


# ---------------------------------------------------------------- how strong


def at_most(frames: np.ndarray) -> np.ndarray:
    """How strong the mark may be in each of the moving frames (T, H, W, 3): (T,)."""
    change = np.append(0, changes(frames))
    strength = np.clip(STANDING + PER_CHANGE * (change - CALM), STANDING, MOVING)
    return strength * min(LARGE, LARGEST_GAIN / gain_at(frames.shape[1]))


def strengths(
    height: int, most: np.ndarray, of_all: Left | None = None, of_cut: Left | None = None
) -> np.ndarray:
    """How strong the mark must be in each frame: (T,).

    most: as it may be, (T,).  of_all, of_cut: what the trials say is left then; a single picture
    has none, a film that stands still no cut."""
    if of_all is None:
        return most
    enough = most
    if of_cut is not None:
        enough = most * min(1.0, times(of_cut.bits, LEFT_AFTER_CUT, CODED_BITS))
        enough = np.maximum(np.minimum(most, UNSEEN / gain_at(height)), enough)
    goal = LEFT if height > 288 else LEFT_IF_SMALL
    share, pilots = enough[0] / most[0], int(draw_pattern(KEY).pilot.sum())
    missing = max(
        goal.bits / max(1.0, left_of(of_all.bits, share, CODED_BITS)),
        goal.pilots / max(1.0, left_of(of_all.pilots, share, pilots)),
    )
    # Where nothing moves, what is changed in one frame must be changed in all.
    first = np.arange(len(most)) < (len(most) if of_cut is None else 1)
    return np.where(first, enough * min(MOST_FIRST, max(1.0, missing) ** 2), enough)


def left_of_cut(
    frames: np.ndarray, mark: np.ndarray, strength: np.ndarray, pattern: Pattern, record_id: str
) -> Left:
    """What is left of the mark in a cut copy of frames (T, H, W, 3); 0 if there is too little."""
    cut = CUT[len(frames) > CUT]
    if len(cut) < FEWEST_AFTER_CUT:
        return Left(0.0, 0.0)
    marked = (with_mark(frames[at], mark, strength[at]) for at in cut)
    begun = begun_by(changes(frames[cut]))
    copy = reencoded(as_pictures(marked), ATTACKED)
    return agreement(copy, len(cut), begun, pattern, record_id)


def left_of_all(
    frames: np.ndarray, mark: np.ndarray, strength: np.ndarray, pattern: Pattern, record_id: str
) -> Left:
    """What is left of the mark in frames (T, H, W, 3), delivered and encoded again at CRF 28."""
    some = np.arange(min(LAST, len(frames)))
    some = some[(some < OPENING) | (some % SPARSE == 0)]
    marked = (with_mark(frames[at], mark, strength[at]) for at in some)
    copy = reencoded(reencoded(as_pictures(marked), DELIVERED), ATTACKED)
    return agreement(copy, len(some), begun_by(changes(frames[some])), pattern, record_id)


def step_of_half(
    frames: np.ndarray, mark: np.ndarray, strength: np.ndarray, pattern: Pattern, record_id: str
) -> float:
    """The step that the first of frames (T, H, W, 3) needs to be read at half size."""
    # Thumbnails may have odd sides, encoders' pictures must not.
    height, width = (side // 2 * 2 for side in frames.shape[1:3])
    few = frames[:OPENING, :height, :width]
    marked = [with_mark(one, mark[:height, :width], strength[at]) for at, one in enumerate(few)]
    before, lattice = coefficients(marked[0]), pattern.lattice
    # Of what is added an encoder drops some, so something is.
    marked[0] = lifted(marked[0], quantised(marked[0], record_id, TRIED_STEP, lattice))
    change = coefficients(first_of_half(marked)) - coefficients(marked[0])
    return step_needed(before, change, record_id, lattice, LEFT_AT_HALF)


def times(left: float, goal: float, most: int) -> float:
    """By how much the strength must be multiplied for an agreement of `goal` instead of `left`.

    Where each of `most` numbers keeps s of the mark among noise of 1, they agree by sqrt(most) s /
    sqrt(s^2 + 1), and s is proportional to the strength: measured, within a tenth.
    """
    share = goal**2 / (most - goal**2) * (most - left**2) / max(left, 1) ** 2
    return math.sqrt(max(0, share))


def left_of(left: float, share: float, most: int) -> float:
    """What a `share` of the strength that leaves `left` would leave: `times`, the other way."""
    fainter = (share * max(left, 0.0)) ** 2
    return math.sqrt(most * fainter / (most - left**2 + fainter))


def agreement(
    copy: Iterable[av.VideoFrame],
    count: int,
    begun: np.ndarray,
    pattern: Pattern,
    record_id: str,
) -> Left:
    """How well a copy of so many frames agrees with the mark. begun: those that begin a shot."""
    looked_at = np.union1d(np.arange(0, count, LOOK_EVERY), begun)
    kept = [one.to_ndarray(format="rgb24") for at, one in enumerate(copy) if at in looked_at]
    flat = flatten(np.stack(kept), 1, shots=np.searchsorted(looked_at, begun))
    if flat is None:
        return Left(0.0, 0.0)
    found, said = refine(flat, pattern, AS_IT_WAS)
    soft = read_bits(said, pattern)
    return Left(found.z, float(soft @ encode_id(record_id) / (np.linalg.norm(soft) + 1e-20)))


def first_of_half(frames: Sequence[np.ndarray]) -> np.ndarray:
    """The first of frames (H, W, 3) as it comes out of the delivery, half size and CRF 28."""
    height, width = (2 * round(side / 4) for side in frames[0].shape[:2])
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
    encoder.colorspace = Colorspace.ITU709  # else what comes back is taken for BT.601
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
