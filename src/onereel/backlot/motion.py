"""What an act is: a motion over its cycle, its contacts, its words.

Called from moves.py and the other files of acts (entries), cast.py (use), captions and script.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from onereel.backlot.skeleton import JOINTS

__all__ = ["JOINTS", "Act", "Beat"]


@dataclass(frozen=True)
class Beat:
    """A contact at a fixed place of the act's cycle; `joint` says where in the body."""

    kind: str
    at: float
    joint: str
    force: float = 1.0
    material: str = ""
    role: int = 0  # in an act for two: whose contact it is


@dataclass(frozen=True)
class Act:
    """`pose` maps cycles (T,) to a `skeleton.Pose` of (T,) numbers; for two, (cycle, role)."""

    name: str
    pose: Callable[..., Any]
    period: float  # seconds at tempo 1
    en: tuple[str, ...]  # "runs", "jogs"
    en_ing: tuple[str, ...]
    zh: tuple[str, ...]
    stride: float = 0.0  # body heights travelled in a period
    beats: tuple[Beat, ...] = ()
    any_phase: bool = False  # whether a clip may begin anywhere in the cycle
    hands: tuple[str, str] = ("relaxed", "relaxed")  # near, far; of hands.SHAPES
    prop: str = ""  # a key of things.THINGS
    two: bool = False  # both performers play it, each in a role
    apart: float = 0.0  # acts for two: distance of the two, in mean body heights
    wants_music: bool = False
    speaks: str = ""  # "talk", "sing"
    reach: float = 1.0  # body heights up
    span: float = 0.5  # body heights to each side
    kinds: tuple[str, ...] = ()  # of animals; empty: people
    shot_sizes: tuple[str, ...] = ("full", "full", "medium")
    cameras: tuple[str, ...] = ("static", "static", "push-in", "pull-out", "pan", "handheld")
    near_cameras: tuple[str, ...] = ("static", "static", "push-in", "handheld")
