"""Marks and records of the plainest kind, for tests of what happens around them.

Quick, and readable after one encode at any size: a strip of 64 cells across the top of the
picture, 64 bursts of a tone at the start of the sound; a store that is one pickled dictionary.
"""

import itertools
import pickle
from dataclasses import dataclass
from types import SimpleNamespace

import numpy as np

from onereel.clip import Clip, Record, sound_length
from onereel.marks.found import WatermarkFound

RECORD = Record("0123456789ab", "a secret dog", 7, 2, 256, 144, 30, 8, "nano", "00")
SYNC = 0xA5C3
BURST = 200  # samples


def make_clip(record=RECORD, frames=30, height=144, width=256, sound=True, seed=0):
    y, x, t = np.mgrid[:height, :width, :frames].transpose(0, 3, 1, 2)
    colours = np.roll([x // 2 + t, y + 2 * t, (x + y) // 3], seed, axis=0)
    shape = (sound_length(frames, 24, 24_000), 2)
    wave = 0.1 * np.random.default_rng(seed).standard_normal(shape)
    return Clip(
        np.stack(colours, -1).astype(np.uint8) + np.uint8(40 * seed),
        wave.astype(np.float32) * (1 + 3 * seed) if sound else None,
        24,
        24_000,
        record,
    )


def bits_of(record_id):
    number = SYNC << 48 | int(record_id, 16)
    return np.array([number >> (63 - i) & 1 for i in range(64)], bool)


def found_in(bits, start, end):
    number = int("".join("1" if bit else "0" for bit in bits), 2)
    if number >> 48 != SYNC:
        return WatermarkFound("absent", score=1.0)
    return WatermarkFound("read", f"{number & (2**48 - 1):012x}", 20.0, 1e-12, start, end)


def cells(width):
    return np.arange(65) * width // 64


def mark_frames(frames, record_id, into=None, progress=None):
    marked, edges = frames.copy(), cells(frames.shape[2])
    for i, bit in enumerate(bits_of(record_id)):
        marked[:, : max(4, edges[1]), edges[i] : edges[i + 1]] = 235 if bit else 20
    return marked


def find_picture_mark(frames, fps, suspects=(), turned=True):
    edges = cells(frames.shape[2])
    strip = frames[:, : max(4, edges[1])].mean(axis=(0, 1, 3))
    means = [strip[a:b].mean() for a, b in itertools.pairwise(edges)]
    return found_in(np.array(means) > 128, 0.0, len(frames) / fps)


def mark_sound(sound, rate, record_id):
    marked = sound.copy()
    tone = 0.5 * np.sin(np.arange(BURST) * 2 * np.pi / 16).astype(np.float32)
    for i, bit in enumerate(bits_of(record_id)):
        here = marked[i * BURST : (i + 1) * BURST]
        here[:] = tone[: len(here), None] * bit
    return marked


def find_sound_mark(sound, rate):
    if len(sound) < 64 * BURST:
        return WatermarkFound("cannot tell")
    power = (sound[: 64 * BURST, 0].reshape(64, BURST) ** 2).mean(axis=1)
    return found_in(power > 0.03, 0.0, len(sound) / rate)


# ---------------------------------------------------------------- records

PICTURE_SHARE, SOUND_SHARE = 0.5, 0.5
Fingerprints = SimpleNamespace


@dataclass
class Comparison:
    picture: float | None
    sound: float | None


def fingerprint(frames, fps, sound=None, rate=0, *, query=False):
    """A thumbnail of the middle of the picture over all frames, and loudness over time."""
    middle = frames[:, frames.shape[1] // 4 :].mean(axis=0)
    rows, columns = (np.linspace(0, n, 9).astype(int) for n in middle.shape[:2])
    picture = [
        middle[rows[i] : rows[i + 1], columns[j] : columns[j + 1]].mean(axis=(0, 1))
        for i in range(8)
        for j in range(7)  # not where the label stands
    ]
    said = None if sound is None else float(np.abs(sound[64 * BURST :]).mean())
    return SimpleNamespace(picture=np.array(picture) if frames.any() else None, sound=said)


def compare(registered, query):
    def alike(a, b, scale):
        if a is None or b is None:
            return None
        return float(np.mean(np.abs(np.subtract(a, b)) < scale))

    return Comparison(
        alike(registered.picture, query.picture, 12), alike(registered.sound, query.sound, 0.02)
    )


class Store:
    def __init__(self, home):
        self.path = home.database

    def __enter__(self):
        self.kept = pickle.loads(self.path.read_bytes()) if self.path.exists() else {}
        return self

    def __exit__(self, *error):
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self.path.write_bytes(pickle.dumps(self.kept))

    def add(self, record, fingerprints):
        assert record.id not in self.kept
        self.kept[record.id] = SimpleNamespace(record=record, fingerprints=fingerprints)

    def get(self, record_id):
        return self.kept.get(record_id)

    def look_up(self, record_id):
        drafts = {one.record.draft: one for one in self.kept.values()}
        return self.get(record_id) or drafts.get(record_id)

    def search(self, fingerprints):
        shares = {
            i: compare(one.fingerprints, fingerprints).picture for i, one in self.kept.items()
        }
        return [
            SimpleNamespace(record_id=i, share=share, kind="picture")
            for i, share in shares.items()
            if share is not None and share > 0.9
        ]
