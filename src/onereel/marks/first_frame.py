"""The record id in a film's first frame, by quantisation, for copies that were made small.

An encoder codes a film's first frame by itself, with the most bits. What lasts there is broad
brightness, of which half size and CRF 28 leave four fifths and change every coefficient by a tenth
of a code value; but it lasts because pictures are full of it, and to a mark that is added, as in
picture, all that is noise. So here nothing is added: the frame's coefficients are rounded.

- 328 cosines (DCT-II) of the whole frame's brightness, 3 to 10 across it, a coded bit in each
- each is moved part of the way to the nearest point of a lattice of its bit's, whose points lie a
  step apart, half a step from the other bit's: quantisation index modulation with distortion
  compensation (Chen and Wornell 2001; at this rate Eggers et al. 2003 call it the scalar Costa
  scheme). The key shifts every lattice
- smooth pictures show it most, and codecs change those least: embed finds out which step and share
  of the way a film needs. The detector tries all steps
- the price: it is read in whole pictures only. Crops, turns and changed contrast leave nothing of
  it; for those the mark in every frame is there

Used by embed, which writes it, and by flatten and picture, which read it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import numpy as np
import torch

from onereel.marks.payload import CODED_BITS, encode_id, keyed_bits, keyed_order

STEPS = (0.12, 0.15, 0.19, 0.24, 0.3, 0.37, 0.46, 0.57)  # code values
SHARES = (0.53, 0.59, 0.65)  # of the way, so that there are three strengths to each step
LOWEST = 6  # half cycles across the frame; below that pictures' own light changes too much
SIDE = 21  # of the square of coefficients that holds all that are used
ROUNDS = 3  # the later ones give back what rounding and clipping took
# Brightness as R, G and B: BT.709's, which our films are coded in, and BT.601's. A copy that lost
# the name of its matrix is shown with the other one, and by that one its Y is still what it was.
LUMA = np.array([[0.2126, 0.7152, 0.0722], [0.299, 0.587, 0.114]])


class Rounding(NamedTuple):
    """step: between two points of a lattice, in code values.  share: of the way to the nearest."""

    step: float
    share: float


# From faint to strong; the strongest moves a frame by 2 code values, root mean square.
ROUNDINGS = [Rounding(step, share) for step in STEPS for share in SHARES]


@dataclass(frozen=True)
class Lattice:
    """What a key draws: coefficients (row, column), and each one's shift of its lattice."""

    row: np.ndarray  # (CODED_BITS,) int, the coefficient that carries each coded bit
    column: np.ndarray
    shift: np.ndarray  # (CODED_BITS,) float, in steps
    scramble: np.ndarray  # (CODED_BITS,) ±1, so that without a mark every bit is a fair coin


@lru_cache(maxsize=8)
def draw_lattice(key: bytes) -> Lattice:
    """The lattice of a key, the same on every machine."""
    row, column = np.mgrid[:SIDE, :SIDE]
    radius = np.hypot(row, column).ravel()
    near = np.argsort(np.where(radius < LOWEST, np.inf, radius), kind="stable")[:CODED_BITS]
    near = near[keyed_order(key + b" first order", CODED_BITS)]
    shift = np.packbits(keyed_bits(key + b" first shift", 16 * CODED_BITS)).view(">u2") / 2**16
    scramble = 1.0 - 2.0 * keyed_bits(key + b" first scramble", CODED_BITS)
    return Lattice(near // SIDE, near % SIDE, shift, scramble)


def coefficients(frame: np.ndarray) -> np.ndarray:
    """The lowest coefficients of a frame's brightness: (H, W, 3) uint8 to (2, SIDE, SIDE).

    By either of LUMA, scaled so that a picture of any size has the same."""
    rows, columns = (torch.from_numpy(cosines(side) / side) for side in frame.shape[:2])
    # By torch: numpy's products start threads of their own, and both kinds spin for the cores.
    bright = torch.from_numpy(LUMA) @ torch.from_numpy(frame.copy()).flatten(0, 1).T.double()
    return (rows @ bright.unflatten(1, frame.shape[:2]) @ columns.T).numpy()


@lru_cache(maxsize=8)
def cosines(count: int) -> np.ndarray:
    """(SIDE, count): the rows of an orthogonal DCT-II, root mean square 1."""
    index = np.arange(SIDE)[:, None]
    rows = np.cos(np.pi / count * index * (np.arange(count) + 0.5))
    return np.where(index, math.sqrt(2), 1) * rows


def quantised(
    frame: np.ndarray, record_id: str, rounding: Rounding, lattice: Lattice
) -> np.ndarray:
    """What to add to every channel of a frame (H, W, 3) uint8 so that it says the record: (H, W).

    It cannot go where a picture hides more: so few cosines are as strong everywhere."""
    rows, columns = (cosines(side) for side in frame.shape[:2])
    has = coefficients(frame)[0, lattice.row, lattice.column]
    wanted = moved(has, record_id, rounding, lattice)
    spectrum = np.zeros((SIDE, SIDE))
    added = np.zeros(frame.shape[:2], np.float32)
    for _ in range(ROUNDS):
        has = coefficients(lifted(frame, added))[0, lattice.row, lattice.column]
        spectrum[lattice.row, lattice.column] += wanted - has
        added = (rows.T @ spectrum @ columns).astype(np.float32)
    return added


def moved(has: np.ndarray, record_id: str, rounding: Rounding, lattice: Lattice) -> np.ndarray:
    """Where the coefficients (CODED_BITS,) of a frame go so that they say the record."""
    step, share = rounding
    bits = encode_id(record_id) * lattice.scramble
    point = step * (lattice.shift + np.where(bits > 0, 0, 0.5))
    return has + share * (step * np.round((has - point) / step) + point - has)


def rounding_needed(
    before: np.ndarray,
    change: np.ndarray,
    cosines_say: np.ndarray,
    record_id: str,
    lattice: Lattice,
    goal: float,
) -> Rounding:
    """The faintest of ROUNDINGS whose bits agree by `goal` in a copy; else the strongest.

    before, change: `coefficients` of the frame, and what copying does to them.  cosines_say: what
    the detector adds to the soft bits, (CODED_BITS,)."""
    has, changed = (one[0, lattice.row, lattice.column] for one in (before, change))
    bits = encode_id(record_id)
    for rounding in ROUNDINGS:
        soft = said(moved(has, record_id, rounding, lattice) + changed, rounding.step, lattice)
        soft += cosines_say
        if soft @ bits >= goal * np.linalg.norm(soft):
            return rounding
    return ROUNDINGS[-1]


def lifted(frame: np.ndarray, added: np.ndarray) -> np.ndarray:
    """`frame` with `added` (H, W) in each of its channels, uint8."""
    return (frame + added[..., None]).round().clip(0, 255).astype(np.uint8)


def soft_bits(found: np.ndarray, step: float, lattice: Lattice) -> np.ndarray:
    """(2, CODED_BITS) in -1 to 1: what `coefficients` say, by either brightness."""
    return said(found[:, lattice.row, lattice.column], step, lattice)


def said(found: np.ndarray, step: float, lattice: Lattice) -> np.ndarray:
    return np.cos(2 * np.pi * (found / step - lattice.shift)) * lattice.scramble


def mirror(found: np.ndarray) -> np.ndarray:
    """The `coefficients` of the same frame mirrored left to right."""
    return found * (-1.0) ** np.arange(SIDE)
