"""What a watermark detector says of a picture or a recording."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class WatermarkFound:
    """A detector's answer.

    state: `read` (the record id was decoded), `present` (our mark, id unreadable), `absent`
    (nothing above the false-alarm bound) or `cannot tell` (too short, too small or too flat to
    carry a mark).
    record: 12 hex digits when read, else None.
    score: strength of the evidence in standard deviations of chance (see the detector).
    false_alarm: bound on the probability that an unmarked file reaches this score.
    start, end: seconds between which the mark was found; None where it was not.
    """

    state: Literal["read", "present", "absent", "cannot tell"]
    record: str | None = None
    score: float = 0.0
    false_alarm: float = 1.0
    start: float | None = None
    end: float | None = None
