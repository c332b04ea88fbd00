"""The record id that a film says best by chance, so that its watermark may be fainter.

To the picture watermark the picture is noise, and most of that noise is there before the film is
marked. A record id is free to be any, so it is drawn when the frames are there: of CANDIDATES
random ids, the one whose coded bits agree best with what the detector finds in the unmarked film.
The best of 4096 lies 3.5 standard deviations up; copies keep half of it. No other picture says that
id any better for it, and this one, unmarked, is told from 7 on.

The candidates follow from a draft id, which latents and previews carry, so the same film has the
same id whenever it is decoded. Called from produce.
"""

import hashlib

import numpy as np
import torch

from onereel.marks.flatten import flatten
from onereel.marks.payload import ID_BITS, encode_id
from onereel.marks.picture import AS_IT_WAS, KEY, draw_pattern, read_bits, refine

CANDIDATES = 4096
EVERY = 8  # of so many frames one is looked at


def fitting_id(frames: np.ndarray, draft: str, key: bytes = KEY) -> str:
    """A record id for frames (T, H, W, 3) uint8: 12 hex digits, of those that follow from `draft`.

    `draft` itself where the film says nothing, as one of a single colour."""
    film = flatten(frames[::EVERY], 24 / EVERY)
    if film is None:
        return draft
    pattern = draw_pattern(key)
    soft = read_bits(refine(film, pattern, AS_IT_WAS)[1], pattern)
    stream = hashlib.shake_256(f"onereel ids of {draft}".encode()).digest(CANDIDATES * ID_BITS // 8)
    ids = np.frombuffer(stream, np.uint8).reshape(CANDIDATES, -1)
    agreement = torch.from_numpy(encode_ids(ids)) @ torch.from_numpy(soft).float()
    return ids[int(agreement.argmax())].tobytes().hex()


def encode_ids(ids: np.ndarray) -> np.ndarray:
    """`encode_id` of many, as bytes (N, 6) uint8: (N, CODED_BITS) float32 of +1 and -1.

    CRC and code are linear but for a constant, so each bit of an id turns the same coded bits.
    """
    nothing = encode_id("0" * 12)
    turns = np.stack([encode_id(f"{1 << bit:012x}") != nothing for bit in reversed(range(ID_BITS))])
    # By torch, as in first_frame.
    bits = torch.from_numpy(np.unpackbits(ids, axis=1)).float()
    turned = (bits @ torch.from_numpy(turns).float()).remainder_(2)
    return nothing * (1 - 2 * turned).numpy()
