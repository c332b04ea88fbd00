"""Records and fingerprints without films, for tests of what keeps them."""

from __future__ import annotations

import numpy as np

from onereel.clip import Record
from onereel.records.fingerprints import RATES, Fingerprints
from onereel.records.home import Home
from onereel.records.store import Store


def make_record(number: int, prompt: str = "a girl runs in the snow") -> Record:
    return Record(
        id=f"{number:012x}", prompt=prompt, seed=number, seconds=4, width=512, height=288,
        frames=97, steps=4, model="toy", weights_hash="ab" * 32, references=("cd" * 32,),
        timings={"denoise": 1.5}, warnings=("one",),
    )  # fmt: skip


def make_fingerprints(number: int, samples: int = 3, words: int = 90) -> Fingerprints:
    rng = np.random.default_rng(number)
    return Fingerprints(
        4.0,
        1,
        rng.integers(0, 2**64, (samples, 6, 4), np.uint64),
        np.ones(samples, bool),
        rng.integers(0, 2**32, (len(RATES), words), np.uint32),
        np.ones((len(RATES), words), bool),
    )


def add_films(home: Home, numbers: range) -> None:
    with Store(home) as store:
        for number in numbers:
            store.add(make_record(number), make_fingerprints(number))
