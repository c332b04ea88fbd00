"""The record id that a film says best by chance, so that its watermark may be fainter.

To the picture watermark the picture is noise, and most of that noise is there before the film is
marked. A record id is free to be any, so twenty of its bits are drawn when the frames are there: of
a million ids, the one whose coded bits agree best with what the detector finds in the unmarked
film. It lies 4.8 standard deviations up; copies keep half of that. No other picture says that id
any better for it, and this one, unmarked, is told from 7 on.

The other bits a draft id says, which latents and previews carry, so the same film has the same id
whenever it is decoded. Called from produce.
"""

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor

from onereel.marks.flatten import flatten
from onereel.marks.payload import encode_id
from onereel.marks.picture import AS_IT_WAS, KEY, draw_pattern, read_bits, refine

# Bits of an id, all over it, since each turns coded bits near it only. Two films whose drafts
# differ have different ids but for one in 2^28.
FREE = [round(2.4 * index) for index in range(20)]
EVERY = 8  # of so many frames one is looked at


def fitting_id(frames: np.ndarray, draft: str, key: bytes = KEY) -> str:
    """A record id for frames (T, H, W, 3) uint8: 12 hex digits, the bits that are not FREE
    are `draft`'s.

    `draft` itself where the film says nothing, as one of a single colour."""
    film = flatten(frames[::EVERY], 24 / EVERY)
    if film is None:
        return draft
    pattern = draw_pattern(key)
    soft = read_bits(refine(film, pattern, AS_IT_WAS)[1], pattern)
    best = int(agreements(soft, draft).argmax())
    return turned(draft, [bit for index, bit in enumerate(FREE) if best >> index & 1])


def turned(record_id: str, bits: Sequence[int]) -> str:
    return f"{int(record_id, 16) ^ sum(1 << bit for bit in bits):012x}"


def agreements(soft: np.ndarray, draft: str) -> Tensor:
    """How well soft bits agree with each id that has any of FREE turned: (2^20,) float32.

    CRC and code are linear, so each bit of an id turns the same coded bits, whatever the others
    are. Coded bits that the same bits turn are one; the sum over those with all signs is a
    Walsh-Hadamard transform."""
    plain = encode_id(draft)
    turned_by = np.zeros(len(plain), np.int64)
    for index, bit in enumerate(FREE):
        turned_by += (encode_id(turned(draft, [bit])) != plain).astype(np.int64) << index
    together = np.bincount(turned_by, soft * plain, 1 << len(FREE))
    # By torch, as in first_frame.
    pair = torch.tensor([[1.0, 1.0], [1.0, -1.0]])
    signs = torch.ones(1, 1)
    for _ in range(len(FREE) // 4):
        signs = torch.kron(signs, pair)
    sums = torch.from_numpy(together).float().reshape(4 * (len(signs),))
    for _ in range(4):
        sums = sums.movedim(0, -1) @ signs
    return sums.flatten()
