"""Captions of a script in English and Chinese, from "a boy runs" to a dense shot list.

- `captions(script)` gives four fixed strings per language: terse, short, medium, dense
- `caption(script, rng)` draws language, length, form and every wording
- `told(script, rng, named)` does the same where some things are called by reference (pairs.py)
- grammar lives in english.py and chinese.py, words beside their things and in words.py

Called from builders of training data and from evaluation.
"""

import numpy as np

from onereel.backlot.chinese import chinese
from onereel.backlot.english import FORMS, english
from onereel.backlot.english import sentence as english_sentence
from onereel.backlot.script import Script
from onereel.backlot.wording import NOTHING, Chooser, Named

LENGTHS = ("terse", "short", "medium", "dense")


def captions(script: Script) -> dict[str, tuple[str, str, str, str]]:
    """Keys "en" and "zh": terse, short, medium, dense, always in the same words."""
    first = Chooser(None)

    def four(write: object) -> tuple[str, str, str, str]:
        assert callable(write)
        a, b, c, d = (write(first, script, length, "simple", NOTHING) for length in range(4))
        return a, b, c, d

    return {"en": four(english), "zh": four(chinese)}


def caption(script: Script, rng: np.random.Generator) -> str:
    """Order of the draws: language (70 % English), length, form, ending, then wordings."""
    in_english = bool(rng.random() < 0.7)
    length = int(rng.choice(4, p=(0.2, 0.3, 0.3, 0.2)))
    return told(script, rng, in_english, length)


def told(
    script: Script,
    rng: np.random.Generator,
    in_english: bool,
    length: int,
    named: Named = NOTHING,
) -> str:
    """One drawn caption of a given language and length (0 terse to 3 dense)."""
    form = FORMS[int(rng.choice(3, p=(0.45, 0.4, 0.15)))]
    ended = bool(rng.random() < 0.5)
    write = english if in_english else chinese
    text = write(Chooser(rng), script, length, form, named)
    if length < 2 and ended:
        if in_english:
            return english_sentence(text)
        return text if text[-1] in "。！？”" else text + "。"
    return text
