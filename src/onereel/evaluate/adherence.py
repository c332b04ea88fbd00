"""How far a film shows what was asked for: one score for each attribute, 0 to 1.

- `wanted` is the truth of the script that the prompt was written from (truth.py)
- a score alone says little, since no examiner reads perfectly: `share_of_ceiling` holds it against
  the score that real renders of the same scripts get
- here and in all metrics of this package, nan means: does not apply (nothing of the kind was asked
  for, or nothing is there to compare); averages leave it out

Called from run.py.
"""

from __future__ import annotations

import math

import numpy as np

from onereel.errors import WrongUse
from onereel.evaluate.reading import ANY_OF, ONE_OF, PER_FRAME, Reading, shots_of


def adherence(reading: Reading, wanted: Reading) -> dict[str, float]:
    """Attribute -> score, for all of ONE_OF, ANY_OF, PER_FRAME, and `shots`.

    ONE_OF: the probability of the wanted class.
    ANY_OF: Dice's coefficient of read and wanted classes, so what was not asked for counts against
        the film, but the many classes that are rightly absent do not count for it.
    PER_FRAME: what the shares of the classes over the whole film have in common (1 less the total
        variation): a film need not cut where the script did. The order of shots is not looked at.
    shots: the smaller number of shots as a share of the larger.
    nan where nothing was asked for; 0 where something was and the film has no such reading (sound
    was asked for, and there is none). Raises WrongUse if the classes are not the same.
    """
    found: dict[str, float] = {}
    for name in (*ONE_OF, *ANY_OF):
        asked, read = wanted.film.get(name), reading.film.get(name)
        if asked is None or asked.sum() <= 0:
            found[name] = math.nan
        elif read is None:
            found[name] = 0.0
        else:
            check_classes(reading, wanted, name)
            found[name] = float((read * asked).sum() / asked.sum())
            if name in ANY_OF:
                found[name] = float(2 * (read * asked).sum() / (read.sum() + asked.sum()))
    for name in PER_FRAME:
        check_classes(reading, wanted, name)
        found[name] = float(
            np.minimum(reading.frame[name].mean(axis=0), wanted.frame[name].mean(axis=0)).sum()
        )
    counts = sorted((len(shots_of(reading)), len(shots_of(wanted))))
    found["shots"] = counts[0] / counts[1]
    return found


def check_classes(a: Reading, b: Reading, name: str) -> None:
    if a.vocabulary[name] != b.vocabulary[name]:
        raise WrongUse(
            f"the classes of {name!r} differ between the two readings; read both with the same "
            "version of the examiner and the Backlot"
        )


def share_of_ceiling(score: float, ceiling: float) -> float:
    """The score as a share of what real renders get; above 1 if the film reads better than they
    do. nan where either does not apply, or the examiner cannot read the attribute at all."""
    if not ceiling > 0:
        return math.nan
    return score / ceiling
