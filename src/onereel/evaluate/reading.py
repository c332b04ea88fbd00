"""What is read off one film: the examiner's answers, or the Backlot's own truth in the same form.

- every metric is a function of `Reading`s, frames and sound, so it can be tried on exact truth
  before a network is trusted with it
- attributes of the whole film are distributions over named classes (`Vocabulary`)
- what changes in time is one row a frame (24 a second) for the picture, and HEAR_RATE rows a
  second for the sound; picture and sound are read by separate networks that never see each other,
  so agreement between them is evidence

Filled by examiner.py (from frames and sound alone) and truth.py (from a Backlot take).

Shape legend: T frames, C classes, J joints, U rows of sound, E numbers of a description.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

FPS = 24
HEAR_RATE = 100  # rows of sound a second

# Attributes of which a film has exactly one: their probabilities sum to 1.
ONE_OF = ("set", "time_of_day", "weather", "style", "mood")
# Attributes of which a film may have several (every performer's, every shot's): one probability
# for each class, each between 0 and 1.
ANY_OF = ("act", "kind", "outfit", "outfit_colour", "hair_style", "hair_colour", "accessory",
          "object", "sound")  # fmt: skip
# Those of ANY_OF that are in the picture, of all performers and shots.
SHOWN = tuple(name for name in ANY_OF if name != "sound")
# What describes a person, in this order. Each has one class more than its names: none of them.
PERSON = ("kind", "skin", "outfit", "outfit_colour", "hair_style", "hair_colour", "accessory")
# Attributes of a frame: probabilities sum to 1 in every row.
PER_FRAME = ("size", "camera")
# Parts of the body whose places are read; names as in backlot.skeleton.JOINTS.
JOINTS = ("head", "neck", "pelvis", "near_hand", "far_hand", "near_knee", "far_knee",
          "near_foot", "far_foot")  # fmt: skip

Vocabulary = dict[str, tuple[str, ...]]  # attribute -> names of its classes, in order


@dataclass(frozen=True, eq=False)
class Reading:
    """Everything read off a film of T frames. All arrays float32.

    film: attribute of ONE_OF or ANY_OF -> (C,).
    frame: attribute of PER_FRAME -> (T, C).
    cut: (T,) probability that a shot begins with this frame (frame 0 is no cut).
    contact: (T,) probability that a foot, a fist or a thing meets something in this frame.
    mouth: (T,) how far the widest mouth in the picture is open, 0..1.
    joints: (T, J, 2) x and y, 0..1 of the picture, of the performer that stands out most.
    seen: (T, J) how sure that is, 0..1; 0 where the joint is outside the picture.
    camera_motion: (T, 3) how the view moves since the frame before: right and down in picture
        heights, and the logarithm of the zoom; 0 at cuts and in frame 0.
    person: (T, E) unit vectors that describe who stands out most: near 1 in product for the same
        character, whatever the place, act and size.
    onset: (U,) probability that a contact begins to sound in this row; U rows, HEAR_RATE a second.
    voice: (U,) how open the mouth that is heard must be, 0..1; 0 where nobody speaks or sings.
    beat: (U,) how strongly a beat of music falls on this row, 0..1.
    features: (E,) of the whole film, for distances between sets of films.
    Sound arrays have no rows, and mood and sound are absent from `film`, where there is no sound.
    """

    vocabulary: Vocabulary
    film: dict[str, np.ndarray]
    frame: dict[str, np.ndarray]
    cut: np.ndarray
    contact: np.ndarray
    mouth: np.ndarray
    joints: np.ndarray
    seen: np.ndarray
    camera_motion: np.ndarray
    person: np.ndarray
    onset: np.ndarray = field(default_factory=lambda: np.zeros(0, np.float32))
    voice: np.ndarray = field(default_factory=lambda: np.zeros(0, np.float32))
    beat: np.ndarray = field(default_factory=lambda: np.zeros(0, np.float32))
    features: np.ndarray = field(default_factory=lambda: np.zeros(0, np.float32))

    def named(self, attribute: str) -> dict[str, float]:
        """Classes of a film's attribute and their probabilities."""
        row = self.film[attribute]
        return dict(zip(self.vocabulary[attribute], row.tolist(), strict=True))


def shots_of(reading: Reading) -> tuple[range, ...]:
    """The frames of each shot, by the cuts that were read."""
    return shot_ranges(reading.cut)


def shot_ranges(cut: np.ndarray) -> tuple[range, ...]:
    """(T,) probabilities of cuts to the frames of each shot."""
    count = len(cut)
    starts = [0, *(t for t in range(1, count) if cut[t] >= 0.5)]
    return tuple(range(a, b) for a, b in zip(starts, [*starts[1:], count], strict=True))
