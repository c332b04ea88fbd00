"""A film small enough to mark and sign in a blink, with stand-in watermarks and records."""

import films
import numpy as np
import pytest
import stand_ins

from onereel.marks import film, incoming, verify
from onereel.marks.embed import mark_frames
from onereel.records.home import Home


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


@pytest.fixture
def clip():
    return stand_ins.make_clip()


@pytest.fixture(scope="session")
def plain() -> np.ndarray:
    return films.film()


@pytest.fixture(scope="session")
def marked(plain) -> np.ndarray:
    return mark_frames(plain, films.ID)
