"""What both languages of captions share: drawing words, and what a caption may call by reference.

Called from english.py, chinese.py, captions.py and pairs.py.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from onereel.backlot.acts import ACTS
from onereel.backlot.lines import heard_lines
from onereel.backlot.script import Line, Script, Shot


class Chooser:
    """Takes the first wording, or a drawn one where there is a generator."""

    def __init__(self, rng: np.random.Generator | None):
        self.rng = rng

    def __call__(self, options: Sequence[str]) -> str:
        return options[0 if self.rng is None else int(self.rng.integers(len(options)))]

    def chance(self, part: float) -> bool:
        """True in `part` of the draws; without a generator if that is more than half."""
        return part > 0.5 if self.rng is None else bool(self.rng.random() < part)


@dataclass(frozen=True)
class Named:
    """What is called by reference instead of being described; empty means described.

    `who` holds (performer, phrase): the phrase stands where the description would, as `the person
    in Image 1`; the same phrase is used throughout.
    """

    who: tuple[tuple[int, str], ...] = ()
    where: str = ""  # with its preposition: "in the place of Image 2"
    style: str = ""  # a clause: "in the style of Image 1"
    camera: str = ""  # a clause: "with the camera move of Video 1"

    def phrase(self, index: int) -> str:
        return dict(self.who).get(index, "")


NOTHING = Named()


def grouped(script: Script, shot: Shot) -> list[tuple[str, list[int]]]:
    """Acts in order of appearance, with who does them; whoever is unseen is not mentioned."""
    groups: dict[str, list[int]] = {}
    for index, one in enumerate(shot.performers):
        if index not in script.unseen:
            groups.setdefault(one.act, []).append(index)
    return list(groups.items())


def lines_of(script: Script, shot: int) -> list[Line]:
    """Lines that begin within a shot."""
    bounds = [one.start * script.seconds for one in script.shots] + [script.seconds]
    return [one for one in heard_lines(script) if bounds[shot] <= one.start < bounds[shot + 1]]


def contact_kinds(script: Script) -> list[str]:
    """What touches what in the clip, in the order of the acts."""
    kinds = []
    for shot in script.shots:
        for one in shot.performers:
            kinds += [beat.kind for beat in ACTS[one.act].beats]
    return list(dict.fromkeys(kinds))


def same_kind(script: Script, index: int) -> bool:
    """Somebody else here is of the same kind, so that "the boy" alone would not tell them apart."""
    kind = script.performers[index].character.kind
    return sum(one.character.kind == kind for one in script.performers) > 1


def listed(parts: Sequence[str], join: str, last: str) -> str:
    return join.join(parts[:-1]) + last + parts[-1] if len(parts) > 1 else parts[0]


def framed(shot: Shot) -> list[int]:
    """Who the shot shows: its focus, or everybody."""
    return [shot.focus] if shot.focus >= 0 else list(range(len(shot.performers)))
