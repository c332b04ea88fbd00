"""A clip checks its shapes, its record tells how it was made, and both import quickly."""

import json
import subprocess
import sys

import numpy as np
import pytest

from onereel.clip import Clip, Record, new_id, sound_length
from onereel.errors import OnereelError


def record(**changes):
    fields = {
        "id": "0123456789ab",
        "prompt": "a dog",
        "seed": 7,
        "seconds": 5,
        "width": 64,
        "height": 64,
        "frames": 5,
        "steps": 8,
        "model": "nano",
        "weights_hash": "00",
    }
    return Record(**(fields | changes))


def frames(count=5):
    return np.zeros((count, 64, 64, 3), np.uint8)


def test_save_writes_a_film(tmp_path):
    clip = Clip(frames(), np.zeros((5000, 2), np.float32), 24, 24000, record())
    path = clip.save(tmp_path / "film.mp4")
    assert path == tmp_path / "film.mp4"
    assert b"0123456789ab" in path.read_bytes()


@pytest.mark.parametrize(
    ("picture", "sound", "words"),
    [
        (np.zeros((5, 64, 64), np.uint8), None, r"\(5, 64, 64\)"),
        (np.zeros((5, 64, 64, 4), np.uint8), None, r"\(5, 64, 64, 4\)"),
        (np.zeros((0, 64, 64, 3), np.uint8), None, r"\(0, 64, 64, 3\)"),
        (np.zeros((5, 64, 64, 3), np.float32), None, "float32"),
        (frames(), np.zeros((2, 5000), np.float32), r"\(2, 5000\)"),
        (frames(), np.zeros((5000, 2), np.float64), "float64"),
        (frames(), np.zeros((4999, 2), np.float32), "4999 samples, .* exactly 5000"),
    ],
)
def test_shapes_are_checked(picture, sound, words):
    with pytest.raises(OnereelError, match=words):
        Clip(picture, sound, 24, 24000, record())


def test_record_to_json():
    made = record(references=("ab" * 32,), timings={"denoise": 1.5}, warnings=("quiet",))
    read = json.loads(made.to_json())
    assert read["id"] == "0123456789ab"
    assert read["references"] == ["ab" * 32]
    assert read["timings"] == {"denoise": 1.5}
    assert read["created"].endswith("+00:00")
    assert "\n" not in made.to_json()


@pytest.mark.parametrize("bad", ["", "0123456789AB", "0123456789abc", "../../etc/xx"])
def test_record_id_is_48_bits(bad):
    with pytest.raises(OnereelError, match="12 lower-case hex"):
        record(id=bad)


def test_new_ids_differ():
    assert len({record(id=new_id()).id for _ in range(100)}) == 100


def test_sound_length():
    assert sound_length(97, 24, 24000) == 97000
    assert sound_length(121, 24, 44100) == 222338  # 222337.5, to even


def test_imports_are_light():
    """Neither the model's nor the codec's library comes along."""
    code = (
        "import sys, onereel.request, onereel.clip; "
        "print([m for m in ('torch', 'av', 'PIL') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
