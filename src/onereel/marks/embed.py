"""The picture watermark put into frames, no stronger than this film needs.

- most of it is blue-yellow, where eyes see least at this scale and codecs keep most, a little is
  brightness; busy places, which hide it, get more, dark ones and those without blue less
- it is the same in every frame, but for a little more where all moves, of which codecs keep less
- how strong is measured, not guessed: part of the film goes through what copies go through, the
  detector says how much is left of this record's mark, and marks.strength makes of it what reading
  takes and no more
- the first frame says the record once more, by first_frame, for copies at half the size

Tried and dropped: brightness alone (z 3-5 on flat pictures, where blue-yellow has 13), red-green
(adds nothing), and one strength for all films (some had three times what they needed).

`mark_frames` is called by marks.film for every picture that leaves.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from fractions import Fraction

import av
import numpy as np
from av.video.frame import PictureType
from av.video.reformatter import Colorspace
from PIL import Image

from onereel.marks.first_frame import Rounding, coefficients, lifted, quantised, rounding_needed
from onereel.marks.flatten import begun_by, changes, flatten
from onereel.marks.payload import CODED_BITS, encode_id
from onereel.marks.picture import (
    AS_IT_WAS,
    KEY,
    Pattern,
    beside_first,
    draw_pattern,
    read_bits,
    refine,
    render,
    signs_of,
    told,
)
from onereel.marks.strength import NOTHING, Left, goal_at, loudness, shares_needed
from onereel.media.write import as_yuv, same_bytes_options

# Root mean square of a strength of 1 in code values (0-255) in a flat picture of 430 lines.
BRIGHTNESS, BLUE_YELLOW = 0.35, 1.5
# The most, where little moves and where all does: PER_CHANGE for each code value by which the
# picture changes from frame to frame, on average, beyond CALM.
STANDING, MOVING, PER_CHANGE, CALM = 0.36, 0.56, 0.05, 3.0
LARGEST_GAIN = 1.46  # of small pictures; see gain_at
LARGE = 1.5  # and large ones get up to so much more
STILL = 0.25  # code values in 12 frames; a film that changes less stands still
TRIED = Rounding(0.24, 0.65)  # of the first frame, in the copy at half size
MORE_CHANGE = 1.1  # by so much more do copies change the first frame's coefficients than the trial
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
# The copy on trial: from the second second on, 15 frames a second, at most so many. It is coded
# somewhat worse than what is promised, near to where marks are no longer read: so it foretells that
# better.
COPIED, COPY_CRF = np.round(FPS * (1 + np.arange(45) / 15)).astype(int), 30
FEWEST = 12  # of a film too short for that the beginning is copied
OPENING = 12  # frames of the copy at half size
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
    pattern, size = draw_pattern(key), frames.shape[1:3]
    known = told(pattern, record_id)
    mark = colours(known, *size)
    marked = np.empty(frames.shape, np.uint8) if into is None else into
    still = bool((changes(frames[::12]) < STILL).all())
    most = np.full(len(frames), STANDING) if still else at_most(frames)
    with ThreadPoolExecutor(2) as pool:
        on_trial = (frames, mark, most, pattern, record_id)
        copy = pool.submit(left_of_copy, *on_trial) if len(frames) > 1 else None
        half = pool.submit(rounding_of_half, *on_trial)
        left = copy.result() if copy else None
        least = UNSEEN / gain_at(size[0]) / float(np.median(most))
        louder = loudness(left)
        later, first = (
            colours(
                replace(known, wave=known.wave * louder * np.where(pattern.pilot, *share)), *size
            )
            for share in shares_needed(size[0], least, left, still)
        )
        # Where nothing moves, what is changed in one frame must be changed in all.
        begins = range(len(frames) if still else 1)
        rounding = half.result()  # before anything is marked, perhaps in place

        def mark_one(index: int) -> None:
            part = first if index in begins else later
            marked[index] = with_mark(frames[index], part, most[index])

        for index, _ in enumerate(pool.map(mark_one, range(len(frames)))):
            tell(index + 1, len(frames))
    light = quantised(marked[0], record_id, rounding, pattern.lattice)
    for index in begins:
        marked[index] = lifted(marked[index], light)
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


def left_of_copy(
    frames: np.ndarray, mark: np.ndarray, strength: np.ndarray, pattern: Pattern, record_id: str
) -> Left:
    """What a cut and re-encoded copy of frames (T, H, W, 3) leaves of the mark."""
    some = COPIED[len(frames) > COPIED]
    if len(some) < FEWEST:
        some = np.arange(min(len(COPIED), len(frames)))
    # The copy's first frame stands for the film's own, which moving ones outdo.
    strengths = np.append(strength[0], strength[some[1:]])
    marked = (with_mark(frames[at], mark, by) for at, by in zip(some, strengths, strict=True))
    copy = reencoded(as_pictures(marked), COPY_CRF)
    begun = begun_by(changes(frames[some]))
    looked_at = np.union1d(np.arange(0, len(some), LOOK_EVERY), begun)
    kept = [one.to_ndarray(format="rgb24") for at, one in enumerate(copy) if at in looked_at]
    flat = flatten(np.stack(kept), 1, shots=np.searchsorted(looked_at, begun))
    if flat is None:
        return NOTHING
    found, said = refine(flat, pattern, AS_IT_WAS)
    soft = read_bits(said, pattern)
    bits = float(soft @ encode_id(record_id) / (np.linalg.norm(soft) + 1e-20))
    return Left(found.z, bits, said * signs_of(pattern, record_id))


def rounding_of_half(
    frames: np.ndarray, mark: np.ndarray, strength: np.ndarray, pattern: Pattern, record_id: str
) -> Rounding:
    """The rounding that the first of frames (T, H, W, 3) needs to be read at half size."""
    # Thumbnails may have odd sides, encoders' pictures must not.
    height, width = (side // 2 * 2 for side in frames.shape[1:3])
    few = frames[:OPENING, :height, :width]
    marked = [with_mark(one, mark[:height, :width], strength[at]) for at, one in enumerate(few)]
    before, lattice = coefficients(marked[0]), pattern.lattice
    # Of what is added an encoder drops some, so something is.
    marked[0] = lifted(marked[0], quantised(marked[0], record_id, TRIED, lattice))
    copy = halved(marked)
    change = coefficients(copy[0]) - coefficients(marked[0])
    flat = flatten(copy, 1, shots=np.zeros(1, np.int64))
    cosines = np.zeros(CODED_BITS)
    if flat is not None:
        cosines = beside_first(read_bits(refine(flat, pattern, AS_IT_WAS)[1], pattern))
    goal = goal_at(frames.shape[1]).half
    return rounding_needed(before, MORE_CHANGE * change, cosines, record_id, lattice, goal)


def halved(frames: Sequence[np.ndarray]) -> np.ndarray:
    """Some of frames (H, W, 3) as they come out of the delivery, half size and CRF 28."""
    height, width = (2 * round(side / 4) for side in frames[0].shape[:2])
    halves = (
        one.reformat(width, height, interpolation="AREA", threads=1)
        for one in reencoded(as_pictures(frames), DELIVERED)
    )
    copy = list(reencoded(halves, ATTACKED))[::LOOK_EVERY]
    return np.stack([one.to_ndarray(format="rgb24") for one in copy])


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
