"""How strong the picture watermark must be, from what trial copies leave of it.

- `Left` is what a copy leaves: how well the pilots agree and the bits, and what each cosine says
- agreement follows the strength by a law (`heard`), so one trial tells what others would leave
- pilots and bits get a strength each, since a film may drown either, and the first frame, of which
  codecs keep most, a little more than the later ones
- cosines that a copy says too loudly anyway are put in fainter, those that it hushes louder
  (`loudness`): what the picture and the codec do to them is known to whoever marks it (informed
  embedding; Miller, Doerr and Cox 2004)

Used by embed, which runs the trials.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from onereel.marks.payload import CODED_BITS
from onereel.marks.picture import KEY, draw_pattern

PILOTS = int(draw_pattern(KEY).pilot.sum())


class Left(NamedTuple):
    """What a copy leaves of the mark, in standard deviations of chance: the pilots' agreement and
    the bits'.  said: (n,) what each cosine says, positive where it is what it should."""

    pilots: float
    bits: float
    said: np.ndarray


NOTHING = Left(0.0, 0.0, np.zeros(0))


class Share(NamedTuple):
    """Of the strength that was tried."""

    pilots: float
    bits: float


class Goal(NamedTuple):
    """What the trial copies are to leave.

    pilots, bits: of the cut copy. A crop is found by its pilots, 4 or 5 of them, and read where
    pilots and bits together (the root of the sum of their squares) reach 11.6. It has 0.4 less of
    both together than the trial, give or take 1, and 0.4 less of the pilots.
    half: of all bits at half size; 10.5 are read. Copies have as much as the trial at 480 lines and
    0.9 less at 288."""

    pilots: float
    bits: float
    half: float


# Of films of 288 lines four of five are promised, of larger ones nearly all.
GOAL, GOAL_IF_SMALL = Goal(6.5, 12.3, 12.0), Goal(6.2, 11.6, 12.2)
# The first frame is half of what the detector adds up and codecs keep most of it, but it is seen at
# rest: so much more and the others so much less.
FIRST, MOST_FIRST = 0.15, 2.0
FAINT = 0.05  # what is heard less is nothing
# How much of what a cosine says too loudly is taken from it, and what is left of it, at least and
# at most.
LEVELLED, FAINTEST, LOUDEST = 0.3, 0.3, 2.0


def goal_at(height: int) -> Goal:
    return GOAL if height > 288 else GOAL_IF_SMALL


def shares_needed(height: int, least: float, left: Left | None, still: bool) -> tuple[Share, Share]:
    """How strong the mark must be in later frames, and in the first one, of `height` lines.

    least: share below which no mark need be.  left: what the trial left; a single picture has
    none.  still: whether nothing moves, so that the first one's strength is that of all."""
    if left is None:
        return Share(1.0, 1.0), Share(1.0, 1.0)
    goal = goal_at(height)
    bits = heard(left.bits, CODED_BITS)
    # Few as they are, what a trial leaves of the pilots is half luck.
    pilots = (heard(left.pilots, PILOTS) + bits) / 2
    wanted = np.array([heard(goal.pilots, PILOTS), heard(goal.bits, CODED_BITS)])
    needed = wanted / np.maximum([pilots, bits], FAINT)
    if still:
        later = first = needed
    else:
        later = ((1 - FIRST) * needed).clip(least, 1)
        first = 2 * needed - later
    return Share(*later), Share(*first.clip(least, MOST_FIRST))


def heard(agreement: float, count: int) -> float:
    """How much each of `count` numbers keeps of the mark, among noise of 1, where they agree so.

    They agree by sqrt(count) s / sqrt(s^2 + 1), and s is proportional to the strength: measured,
    within a tenth. Never below 0, and `agreement` is never above sqrt(count)."""
    return max(agreement, 0.0) / math.sqrt(count - min(agreement**2, 0.999 * count))


def loudness(left: Left | None) -> np.ndarray:
    """How loud each cosine is to be, (n,) with a root mean square of 1, or a single 1."""
    if left is None or left.said.sum() <= 0:
        return np.ones(1)
    louder = 1 - LEVELLED * (left.said / left.said.mean() - 1)
    louder = louder.clip(FAINTEST, LOUDEST)
    return louder / np.sqrt((louder**2).mean())
