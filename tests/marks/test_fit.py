"""The record id that a film draws: one that it says already, and the same one every time."""

import numpy as np
import pytest
from films import film

from onereel.marks.fit import FREE, agreements, fitting_id, turned
from onereel.marks.flatten import flatten
from onereel.marks.payload import CODED_BITS, encode_id
from onereel.marks.picture import AS_IT_WAS, KEY, draw_pattern, read_bits, refine

DRAFT = "0123456789ab"


@pytest.fixture(scope="module")
def frames() -> np.ndarray:
    return film(frames=40)


def agreement(frames: np.ndarray, record_id: str) -> float:
    pattern = draw_pattern(KEY)
    soft = read_bits(refine(flatten(frames, 24), pattern, AS_IT_WAS)[1], pattern)
    return float(encode_id(record_id) @ soft / np.linalg.norm(soft))


def test_all_ids_are_compared_as_each_of_them_is():
    random = np.random.default_rng(1)
    soft = random.normal(0, 1, CODED_BITS)
    told = agreements(soft, DRAFT)
    assert told.shape == (1 << len(FREE),) and len(set(FREE)) == len(FREE)
    for number in (0, 1, len(told) - 1, *random.integers(0, len(told), 20).tolist()):
        bits = [bit for index, bit in enumerate(FREE) if number >> index & 1]
        here = encode_id(turned(DRAFT, bits)) @ soft
        assert float(told[number]) == pytest.approx(here, abs=1e-3)
    assert float(told.max()) > 4.4 * np.linalg.norm(soft)


def test_the_film_says_its_id_better_than_chance_lets_it_say_another(frames):
    chosen = agreement(frames, fitting_id(frames, DRAFT))
    others = [agreement(frames, f"{number:012x}") for number in range(20)]
    assert chosen > 4 and chosen > max(others)


def test_film_and_draft_decide_the_id(frames):
    chosen = fitting_id(frames, DRAFT)
    assert fitting_id(frames.copy(), DRAFT) == chosen
    other = fitting_id(frames, "1123456789ab")
    assert fitting_id(frames, turned(DRAFT, FREE)) == chosen
    assert len({DRAFT, chosen, other, fitting_id(frames[:, ::-1], DRAFT)}) == 4
    assert int(chosen, 16) < 2**48 and len(chosen) == 12


def test_where_nothing_is_to_be_seen_the_draft_stays():
    assert fitting_id(np.full((9, 96, 160, 3), 90, np.uint8), DRAFT) == DRAFT
    assert fitting_id(film(48, 64, 2), DRAFT) == DRAFT
