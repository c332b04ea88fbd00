"""Whether sound and picture agree in time: contacts, lips, beats.

- picture and sound were read by networks that never see each other, so agreement is evidence
- times in seconds of the film; row t of a curve stands for t / rate
- every share of hits has its chance beside it (`onset_lift`, `beat_alignment`): in dense sound
  something is always near. Chance is exact: the mean over all circular shifts of the sound
- nan means: does not apply

Called from run.py. Shapes as in reading.py.
"""

from __future__ import annotations

import math

import numpy as np

from onereel.evaluate.reading import FPS, HEAR_RATE, Reading

NEAREST = 0.25  # seconds: a sound further away belongs to something else
PEAK, MASS = 0.35, 0.6  # a peak's probability, and that of it and its neighbours together
SPEAKS = 0.1  # a voice that never opens the mouth this far is none
BEAT = 0.06  # seconds: a step so near to a beat is on it


def contact_times(reading: Reading) -> np.ndarray:
    """(N,) seconds at which something is seen to meet something."""
    return peak_times(reading.contact, FPS, reach=1)


def onset_times(reading: Reading) -> np.ndarray:
    """(N,) seconds at which a contact is heard to begin."""
    return peak_times(reading.onset, HEAR_RATE, reach=3)


def peak_times(curve: np.ndarray, rate: float, reach: int) -> np.ndarray:
    """Seconds of the peaks of a curve of probabilities.

    A peak is the highest row within `reach` rows either side, of PEAK at least, and these rows
    together make MASS: a certain row counts, and so does one event that is spread over a few. Its
    time is the centre of mass of the row and its two neighbours.
    """
    count = len(curve)
    if count == 0:
        return np.zeros(0)
    padded = np.pad(np.asarray(curve, np.float64), reach)
    around = np.lib.stride_tricks.sliding_window_view(padded, 2 * reach + 1)
    # Of equal neighbours the first is the peak.
    first = (around[:, :reach] < around[:, reach : reach + 1]).all(axis=1)
    last = (around[:, reach + 1 :] <= around[:, reach : reach + 1]).all(axis=1)
    high = (around[:, reach] >= PEAK) & (around.sum(axis=1) >= MASS)
    rows = np.flatnonzero(first & last & high)
    near = around[rows][:, reach - 1 : reach + 2]
    return (rows + (near[:, 2] - near[:, 0]) / np.maximum(near.sum(axis=1), 1e-9)) / rate


def distances(times: np.ndarray, others: np.ndarray) -> np.ndarray:
    """(N,) seconds from each time to the nearest of the others; inf if there are none."""
    if len(others) == 0:
        return np.full(len(times), np.inf)
    return np.abs(times[:, None] - others[None]).min(axis=1)


def chance_of_a_hit(others: np.ndarray, within: float, seconds: float) -> float:
    """The share of all circular shifts of the others at which one lies within this of any given
    time: the length of circle that they cover."""
    if len(others) == 0 or seconds <= 0:
        return 0.0
    places = np.sort(np.mod(others, seconds))
    gaps = np.diff(places, append=places[0] + seconds)
    return float(np.minimum(gaps, 2 * within).sum() / seconds)


def onset_errors(reading: Reading) -> np.ndarray:
    """(N,) milliseconds from each contact seen to the nearest onset heard, inf if none is within
    250 ms. Empty when no contact is seen, or the film has no sound."""
    if len(reading.onset) == 0:
        return np.zeros(0)
    away = distances(contact_times(reading), onset_times(reading))
    return 1000 * np.where(away <= NEAREST, away, np.inf)


def onsets_within(reading: Reading, ms: float = 42.0) -> float:
    """The share of contacts seen that are heard within `ms`, 0..1; nan when none is seen or there
    is no sound. Dense sound scores high by chance: see `onset_lift`."""
    errors = onset_errors(reading)
    return float((errors <= ms).mean()) if len(errors) else math.nan


def onset_lift(reading: Reading, ms: float = 42.0) -> float:
    """`onsets_within` less what the same sound would score shifted at random, -1..1; 0 is chance.
    A perfect film of few contacts comes near 1, one of many stays below."""
    chance = chance_of_a_hit(onset_times(reading), ms / 1000, len(reading.onset) / HEAR_RATE)
    return onsets_within(reading, ms) - chance


def lip_agreement(reading: Reading) -> float:
    """Pearson correlation over the frames of the mouth that is seen with the mouth that is heard,
    the best of lags of -1, 0 and 1 frame, -1..1.

    nan where nobody speaks; 0 where somebody does and no mouth moves (or none is in the picture).
    """
    if len(reading.voice) == 0 or float(reading.voice.max()) < SPEAKS:
        return math.nan
    heard = at_frames(reading.voice, len(reading.mouth))
    return max(correlation(reading.mouth, np.roll(heard, lag)) for lag in (-1, 0, 1))


def beat_alignment(reading: Reading) -> float:
    """The share of contacts seen (steps, claps, landings) within 60 ms of a beat heard, less what
    the same music would score shifted at random, -1..1; 0 is chance, 0.75 a dancer in step with
    120 beats a minute. nan where no contact is seen or no beat is heard.

    Speed is not used: dancers' peaks and lulls fall between beats as often as on them.
    """
    beats = peak_times(reading.beat, HEAR_RATE, reach=3)
    steps = contact_times(reading)
    if len(beats) == 0 or len(steps) == 0:
        return math.nan
    chance = chance_of_a_hit(beats, BEAT, len(reading.beat) / HEAR_RATE)
    return float((distances(steps, beats) <= BEAT).mean()) - chance


def at_frames(curve: np.ndarray, frames: int) -> np.ndarray:
    """(frames,) means of a curve of HEAR_RATE around the time of each frame."""
    half = HEAR_RATE / FPS / 2
    total = np.concatenate([[0.0], np.cumsum(curve, dtype=np.float64)])
    middle = np.arange(frames) * HEAR_RATE / FPS + 0.5
    rows = np.arange(len(total))
    start, end = np.clip(middle - half, 0, None), np.clip(middle + half, 1, len(curve))
    length = np.maximum(end - start, 1e-9)
    return (np.interp(end, rows, total) - np.interp(start, rows, total)) / length


def correlation(a: np.ndarray, b: np.ndarray) -> float:
    """Pearson's, 0 where one of them never changes."""
    a, b = a - a.mean(), b - b.mean()
    size = math.sqrt(float((a * a).sum()) * float((b * b).sum()))
    return float((a * b).sum()) / size if size > 1e-9 else 0.0
