"""What several parts do with tracks of joints.

Shape legend: T frames, J joints.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from onereel.evaluate.reading import JOINTS

HEAD, NECK, PELVIS = (JOINTS.index(name) for name in ("head", "neck", "pelvis"))


def trunk_lengths(places: np.ndarray) -> np.ndarray:
    """(T, J, 2) to (T,): the way from head over neck to pelvis, which neither a crouch nor the edge
    of a medium shot shortens."""
    steps = places[:, [HEAD, NECK]] - places[:, [NECK, PELVIS]]
    return np.linalg.norm(steps, axis=-1).sum(axis=1)


def around(values: np.ndarray, reach: int, take: Callable[..., np.ndarray]) -> np.ndarray:
    """`take` of each row and `reach` rows either side along the first axis, fewer at the ends."""
    rows = range(len(values))
    return np.stack([take(values[max(0, t - reach) : t + reach + 1], axis=0) for t in rows])
