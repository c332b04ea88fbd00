"""Films made worse on purpose, to see that every metric notices.

- each function is pure and returns a film of the same length and size
- what an examiner ought to read off the worse film is worked out beside it, so metrics can be tried
  on exact truth and on the examiner's own readings alike
- 0 (for a rate 1, for a gain 1) changes nothing; the larger the number, the worse

Called from benchmarks/validate_metrics.py and tests.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from PIL import Image, ImageFilter

from onereel.clip import SAMPLE_RATE
from onereel.evaluate.reading import ANY_OF, HEAR_RATE, Reading

OF_A_FRAME = ("contact", "mouth", "joints", "seen", "person")
OF_A_ROW = ("onset", "voice", "beat")
JUMP = 6  # frames: what follows from further away looks like a cut
LEAK = 24  # grey levels


@dataclass(frozen=True, eq=False)
class Footage:
    """frames (T, H, W, 3) uint8, sound (samples, 2) float32, and what there is to read off them.

    Only time, people and sound are kept true: `truth.features` is nothing."""

    frames: np.ndarray
    sound: np.ndarray
    truth: Reading


# Time


def shift_sound(film: Footage, ms: float) -> Footage:
    """Sound later by `ms` (earlier if negative); silence fills the gap."""
    rows = round(ms * HEAR_RATE / 1000)
    heard: dict[str, Any] = {name: shifted(getattr(film.truth, name), rows) for name in OF_A_ROW}
    sound = shifted(film.sound, round(ms * SAMPLE_RATE / 1000))
    return replace(film, sound=sound, truth=replace(film.truth, **heard))


def shifted(values: np.ndarray, by: int) -> np.ndarray:
    """Rows moved to later places, zeros behind them."""
    moved = np.zeros_like(values)
    if by >= 0:
        moved[by:] = values[: max(0, len(values) - by)]
    else:
        moved[:by] = values[-by:]
    return moved


def shuffle(film: Footage, block: int, rng: np.random.Generator) -> Footage:
    """The picture cut into two or more pieces of about `block` frames that are put together at
    random, in another order than they were."""
    count = len(film.frames)
    pieces = np.array_split(np.arange(count), max(2, round(count / block)))
    order = list(range(len(pieces)))
    while order == sorted(order):
        order = rng.permutation(len(pieces)).tolist()
    return in_order(film, np.concatenate([pieces[i] for i in order]))


def freeze(film: Footage, share: float) -> Footage:
    """The last share of the picture stands still."""
    count = len(film.frames)
    return in_order(film, np.minimum(np.arange(count), round((count - 1) * (1 - share))))


def hold(film: Footage, frames: int) -> Footage:
    """Every picture is shown for so many frames: a lower frame rate."""
    return in_order(film, np.arange(len(film.frames)) // frames * frames)


def delay(film: Footage, frames: int) -> Footage:
    """The picture later; it begins with its first frame standing."""
    return in_order(film, np.maximum(0, np.arange(len(film.frames)) - frames))


def in_order(film: Footage, order: np.ndarray) -> Footage:
    """The picture with frame order[t] in place t, under the same sound."""
    truth = film.truth
    rows = {name: getattr(truth, name)[order] for name in OF_A_FRAME}
    shots = np.cumsum(truth.cut >= 0.5)[order]
    steps = np.diff(order, prepend=order[:1])
    new_shot = (np.diff(shots, prepend=shots[:1]) != 0) | (np.abs(steps) > JUMP)
    # A repeated picture has moved by nothing, one that was skipped to by all that lies between.
    way = np.cumsum(truth.camera_motion, axis=0)[order]
    motion = np.diff(way, axis=0, prepend=way[:1])
    motion[new_shot] = 0
    # A contact is seen where it comes in, not in every frame that repeats it.
    rows["contact"] = np.where((steps == 0) & (np.arange(len(order)) > 0), 0, rows["contact"])
    changed = replace(
        truth,
        **rows,
        frame={name: values[order] for name, values in truth.frame.items()},
        cut=new_shot.astype(np.float32),
        camera_motion=motion.astype(np.float32),
    )
    return replace(film, frames=film.frames[order], truth=changed)


def end_with(film: Footage, other: Footage, share: float) -> Footage:
    """The last share of picture and sound from another film of the same length and size."""
    count = len(film.frames)
    frame, row = round(count * (1 - share)), round(len(film.truth.onset) * (1 - share))
    sample = round(len(film.sound) * (1 - share))
    a, b = film.truth, other.truth
    mixed = {}
    for name in a.film.keys() & b.film.keys():
        if name in ANY_OF and 0 < share < 1:
            mixed[name] = np.maximum(a.film[name], b.film[name])
        else:
            mixed[name] = (1 - share) * a.film[name] + share * b.film[name]

    def joined(one: np.ndarray, two: np.ndarray, at: int) -> np.ndarray:
        return np.concatenate([one[:at], two[at:]])

    cut, motion = joined(a.cut, b.cut, frame), joined(a.camera_motion, b.camera_motion, frame)
    if 0 < frame < count:
        cut[frame], motion[frame] = 1, 0
    rows: dict[str, Any] = {
        name: joined(getattr(a, name), getattr(b, name), frame if name in OF_A_FRAME else row)
        for name in (*OF_A_FRAME, *OF_A_ROW)
    }
    truth = replace(
        a,
        **rows,
        film=mixed,
        frame={name: joined(a.frame[name], b.frame[name], frame) for name in a.frame},
        cut=cut,
        camera_motion=motion,
    )
    return Footage(
        joined(film.frames, other.frames, frame), joined(film.sound, other.sound, sample), truth
    )


# Picture


def blur(film: Footage, radius: float) -> Footage:
    """Gaussian, `radius` pixels."""
    lens = ImageFilter.GaussianBlur(radius)
    blurred = [np.asarray(Image.fromarray(frame).filter(lens)) for frame in film.frames]
    return replace(film, frames=np.stack(blurred))


def noise(film: Footage, levels: float, rng: np.random.Generator) -> Footage:
    """White noise of so many grey levels (RMS), new in every frame."""
    grain = rng.standard_normal(film.frames.shape, np.float32) * np.float32(levels)
    return replace(film, frames=to_bytes(film.frames + grain))


def flicker(film: Footage, share: float, rng: np.random.Generator) -> Footage:
    """Every frame brighter or darker by a share of its own (RMS)."""
    gains = 1 + share * rng.standard_normal((len(film.frames), 1, 1, 1)).astype(np.float32)
    return replace(film, frames=to_bytes(film.frames * gains))


def leak(film: Footage, mask: np.ndarray, share: float) -> Footage:
    """An edit that does not stay in its mask (T, H, W): the left share of the picture is brighter
    outside it."""
    columns = round(film.frames.shape[2] * share)
    spilt = ~mask
    spilt[:, :, columns:] = False
    return replace(film, frames=to_bytes(film.frames + LEAK * spilt[..., None].astype(np.float32)))


def to_bytes(frames: np.ndarray) -> np.ndarray:
    return np.clip(np.rint(frames), 0, 255).astype(np.uint8)


# Sound


def mute(film: Footage, share: float) -> Footage:
    """The last share of the sound is silence."""
    sound, rows = film.sound.copy(), {}
    sound[round(len(sound) * (1 - share)) :] = 0
    for name in OF_A_ROW:
        rows[name] = getattr(film.truth, name).copy()
        rows[name][round(len(rows[name]) * (1 - share)) :] = 0
    return replace(film, sound=sound, truth=replace(film.truth, **rows))


def overdrive(film: Footage, gain: float) -> Footage:
    """Louder than there is room for."""
    return replace(film, sound=np.clip(film.sound * np.float32(gain), -1, 1))


def clatter(film: Footage, per_second: float) -> Footage:
    """Clicks at even distances, loud enough to be taken for contacts."""
    if per_second <= 0:
        return film
    times = np.arange(0.5 / per_second, len(film.sound) / SAMPLE_RATE, 1 / per_second)
    length = round(0.02 * SAMPLE_RATE)
    ring = np.arange(length) / SAMPLE_RATE
    click = 0.6 * np.exp(-ring / 0.004) * np.sin(2 * np.pi * 1800 * ring)
    sound, onset = film.sound.copy(), film.truth.onset.copy()
    for time in times:
        start = round(time * SAMPLE_RATE)
        part = sound[start : start + length]
        part += click[: len(part), None].astype(np.float32)
        onset[min(len(onset) - 1, round(time * HEAR_RATE))] = 1
    heard = np.clip(sound, -1, 1).astype(np.float32)
    return replace(film, sound=heard, truth=replace(film.truth, onset=onset))
