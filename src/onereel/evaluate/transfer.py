"""Whether a film moves as its reference does: bodies and camera.

Both are cosines of velocities, with a little of "both stand still" added to either side: still
against still is 1, still against moving near 0, and otherwise it is the plain cosine, so a move is
known by its course and direction, not by how far it goes. nan means: does not apply.

Films are compared frame by frame from their beginning, for as long as both last, at the best of a
few frames of lag.

Called from run.py and sync.py. Shapes as in reading.py.
"""

from __future__ import annotations

import math

import numpy as np

from onereel.evaluate.reading import Reading, shots_of
from onereel.evaluate.tracks import HEAD, NECK, PELVIS, around, trunk_lengths

LAG = 3  # frames either way
STILL_BODY = 0.002  # body heights a frame (RMS of a joint): less than this is no movement
STILL_CAMERA = 0.001  # picture heights a frame: less than this is no movement
LEAST = 6  # frames that must be left to compare

UPPER = 0.42  # of a body's height, from the middle of the head to the pelvis


def motion_agreement(a: Reading, b: Reading) -> float:
    """How alike two bodies move, -1..1: joints relative to the pelvis, in body heights a frame.

    nan where in one of them no joint is seen beside the pelvis. Mirrored motion counts as other
    motion; the way through the picture and the camera are not looked at.
    """
    move_a, seen_a = relative_motion(a)
    move_b, seen_b = relative_motion(b)
    return best_of_lags(move_a, seen_a[..., None], move_b, seen_b[..., None], STILL_BODY)


def camera_agreement(a: Reading, b: Reading) -> float:
    """How alike two cameras move, -1..1: right, down and zoom, each by how much it moves."""
    move_a, move_b = (around(one.camera_motion, 2, np.mean) for one in (a, b))
    every_a, every_b = np.ones((len(move_a), 1)), np.ones((len(move_b), 1))
    return best_of_lags(move_a, every_a, move_b, every_b, STILL_CAMERA)


def relative_motion(reading: Reading) -> tuple[np.ndarray, np.ndarray]:
    """(T, J, 2) velocities relative to the pelvis in body heights a frame, 0 over cuts and in frame
    0; and (T, J) how surely each was seen in both frames."""
    places = reading.joints.astype(np.float64)
    move, sure = np.zeros_like(places), np.zeros(places.shape[:2])
    for shot in shots_of(reading):
        part, later = slice(shot.start, shot.stop), slice(shot.start + 1, shot.stop)
        seen = reading.seen[part].astype(np.float64)
        height = body_height(places[part], seen)
        if len(shot) < 2 or not height > 0:
            continue
        track = around(places[part] - places[part, PELVIS : PELVIS + 1], 4, np.mean)
        move[later] = np.diff(track, axis=0) / height
        # Where the pelvis is not seen there is nothing to be relative to.
        seen = seen * seen[:, PELVIS : PELVIS + 1]
        sure[later] = np.minimum(seen[1:], seen[:-1])
    sure[:, PELVIS] = 0.0
    return move, sure


def body_height(places: np.ndarray, seen: np.ndarray) -> float:
    """Of one shot, from the median `trunk_lengths`; nan if head, neck and pelvis are never seen
    together."""
    sure = seen[:, [HEAD, NECK, PELVIS]].min(axis=1) > 0.3
    if not sure.any():
        return math.nan
    return float(np.median(trunk_lengths(places[sure]))) / UPPER


def best_of_lags(
    a: np.ndarray, sure_a: np.ndarray, b: np.ndarray, sure_b: np.ndarray, still: float
) -> float:
    """The best agreement of two tracks of velocities (T, ..., C), weighed by `sure` (T, ..., 1)."""
    found = []
    for lag in range(-LAG, LAG + 1):
        late_a, late_b = max(0, lag), max(0, -lag)
        count = min(len(a) - late_a, len(b) - late_b)
        if count < LEAST:
            continue
        part_a, part_b = slice(late_a, late_a + count), slice(late_b, late_b + count)
        weight = sure_a[part_a] * sure_b[part_b]
        if weight.sum() < LEAST:
            continue
        rest = still**2 * float(weight.sum())
        both = float((weight * a[part_a] * b[part_b]).sum()) + rest
        of_a = float((weight * a[part_a] ** 2).sum()) + rest
        of_b = float((weight * b[part_b] ** 2).sum()) + rest
        found.append(both / math.sqrt(of_a * of_b))
    return max(found) if found else math.nan
