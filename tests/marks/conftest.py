"""A film small enough to mark and sign in a blink, with stand-in watermarks and records."""

import numpy as np
import pytest
import stand_ins

from onereel.clip import Clip, Record, sound_length
from onereel.marks import film, incoming, verify
from onereel.records.home import Home

RECORD = Record("0123456789ab", "a secret dog", 7, 2, 256, 144, 30, 8, "nano", "00")


@pytest.fixture(autouse=True)
def stood_in(monkeypatch):
    """What is tested here is everything but the signal processing and the database."""
    for module in (film, incoming, verify):
        for name in ("mark_frames", "find_picture_mark", "mark_sound", "find_sound_mark", "Store",
                     "fingerprint", "compare", "PICTURE_SHARE", "SOUND_SHARE"):  # fmt: skip
            if hasattr(module, name):
                monkeypatch.setattr(module, name, getattr(stand_ins, name))


@pytest.fixture
def home(tmp_path):
    return Home(tmp_path / "home")


@pytest.fixture
def user_home(own_home):
    """The one that the command line uses."""
    return Home.default()


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


@pytest.fixture
def clip():
    return make_clip()
