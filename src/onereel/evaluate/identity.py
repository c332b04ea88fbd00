"""Whether the person in one film is the person in another, and stays the same over cuts.

- a person is what reading.py's `person` describes, of whoever stands out most in each frame
- frames count by how surely somebody is seen in them; nan means: does not apply (nobody is seen)

Called from run.py.
"""

from __future__ import annotations

import math
from itertools import combinations

import numpy as np

from onereel.evaluate.reading import Reading, shots_of

SEEN = 0.05  # less certainty than this, on average, is nobody


def same_person(a: Reading, b: Reading) -> float:
    """Mean product of the person vectors of all pairs of frames of two films, weighted by how
    surely somebody is seen in each; 1 for the same character in all. nan where nobody is seen.

    Films in which several people take turns at standing out are told apart only on average.
    """
    return product(mean_person(a, range(len(a.person))), mean_person(b, range(len(b.person))))


def identity_across_shots(reading: Reading) -> float:
    """The mean product over all pairs of shots; nan for one shot, or where fewer than two show
    anybody. A cut from one performer to another lowers it as a change of face would."""
    means = [mean_person(reading, frames) for frames in shots_of(reading)]
    found = [product(a, b) for a, b in combinations(means, 2) if a is not None and b is not None]
    return float(np.mean(found)) if found else math.nan


def mean_person(reading: Reading, frames: range) -> np.ndarray | None:
    """(E,) the mean of the vectors of some frames, by how surely somebody is seen; None if nobody
    is. Not of unit length: a mean of products is a product of means."""
    rows = np.asarray(frames)
    seen = reading.seen[rows].max(axis=1)
    if len(rows) == 0 or seen.mean() < SEEN:
        return None
    return (reading.person[rows] * seen[:, None]).sum(axis=0) / seen.sum()


def product(a: np.ndarray | None, b: np.ndarray | None) -> float:
    return math.nan if a is None or b is None else float((a * b).sum())
