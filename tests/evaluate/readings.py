"""Readings made by hand: two seconds in which somebody walks, talks and is filmed."""

from dataclasses import replace

import numpy as np

from onereel.evaluate.reading import HEAR_RATE, JOINTS, Reading

FRAMES, ROWS = 49, 204
WORDS = {
    "set": ("beach", "street", "room"),
    "mood": ("none", "calm"),
    "act": ("walks", "waves", "sits", "jumps"),
    "sound": ("step", "speech", "wind"),
    "size": ("wide", "close"),
    "camera": ("static", "pan", "push-in"),
}
STANDING = {"head": -0.4, "neck": -0.3, "pelvis": 0.0, "near_hand": 0.0, "far_hand": 0.0,
            "near_knee": 0.22, "far_knee": 0.22, "near_foot": 0.45, "far_foot": 0.45}  # fmt: skip


def row(*values: float) -> np.ndarray:
    return np.array(values, np.float32)


def at(seconds: list[float], rows: int, rate: float) -> np.ndarray:
    marks = np.zeros(rows, np.float32)
    marks[[round(one * rate) for one in seconds]] = 1
    return marks


def body(swing: float = 1.0, hertz: float = 1.0, size: float = 0.8, x: float = 0.5) -> np.ndarray:
    """(T, J, 2): limbs that swing, of a body `size` picture heights tall, 49 frames."""
    time = np.arange(FRAMES) / 24
    places = np.zeros((FRAMES, len(JOINTS), 2), np.float32)
    for index, name in enumerate(JOINTS):
        side = -1 if name.startswith("far") else 1
        reach = 0.15 if name.split("_")[-1] in ("hand", "knee", "foot") else 0.0
        places[:, index, 0] = x + size * swing * side * reach * np.sin(2 * np.pi * hertz * time)
        places[:, index, 1] = 0.5 + size * STANDING[name]
    return places


def reading(**changes: object) -> Reading:
    """Walks on the beach in a wide shot; steps every half second are seen and heard."""
    steps = [0.25, 0.75, 1.25, 1.75]
    talking = np.abs(np.sin(np.arange(ROWS) / HEAR_RATE * 9)) * (np.arange(ROWS) > 60)
    one = Reading(
        vocabulary=WORDS,
        film={
            "set": row(1, 0, 0),
            "mood": row(1, 0),
            "act": row(1, 0, 0, 0),
            "sound": row(1, 1, 0),
        },
        frame={
            "size": np.tile(row(1, 0), (FRAMES, 1)),
            "camera": np.tile(row(1, 0, 0), (FRAMES, 1)),
        },
        cut=np.zeros(FRAMES, np.float32),
        contact=at(steps, FRAMES, 24),
        mouth=np.interp(np.arange(FRAMES) / 24, np.arange(ROWS) / HEAR_RATE, talking),
        joints=body(),
        seen=np.ones((FRAMES, len(JOINTS)), np.float32),
        camera_motion=np.zeros((FRAMES, 3), np.float32),
        person=np.tile(row(1, 0, 0), (FRAMES, 1)),
        onset=at(steps, ROWS, HEAR_RATE),
        voice=talking.astype(np.float32),
        beat=at([0.25, 0.75, 1.25, 1.75], ROWS, HEAR_RATE),
    )
    return replace(one, **changes)
