"""Limits and combinations of a request, and the one-sentence promise."""

from pathlib import Path

import pytest

from onereel.errors import Cancelled, OnereelError, Refused, WrongUse
from onereel.request import (
    RATIOS,
    Reference,
    Request,
    nearest_ratio,
    parse_request,
)

PYDANTIC_WORDS = ("pydantic", "validation", "value_error", "input_", "Value error", "type=", "http")


def picture(role="reference"):
    return {"kind": "picture", "role": role, "path": "a.png"}


def refused(**fields):
    """The message of a request that must be refused, checked to be one plain sentence."""
    with pytest.raises(WrongUse) as caught:
        parse_request(**fields)
    message = str(caught.value)
    assert "\n" not in message
    assert message.endswith(".")
    assert len(message) < 260
    assert not [word for word in PYDANTIC_WORDS if word in message]
    return message


def test_defaults():
    request = parse_request(prompt="  a dog runs  ")
    assert request.prompt == "a dog runs"
    assert (request.ratio, request.seconds, request.seed, request.steps) == (
        "adaptive",
        5,
        None,
        None,
    )
    assert request.sound is True
    assert request.references == ()


def test_is_frozen():
    request = parse_request(prompt="a dog")
    with pytest.raises(Exception, match="frozen"):
        request.prompt = "a cat"


@pytest.mark.parametrize("seconds", [-1, 4, 15])
def test_seconds_allowed(seconds):
    assert parse_request(prompt="a", seconds=seconds).seconds == seconds


@pytest.mark.parametrize("seconds", [0, 3, 16, -2, 5.5, "5", True, None])
def test_seconds_refused(seconds):
    message = refused(prompt="a", seconds=seconds)
    assert "seconds" in message
    assert "4 to 15" in message


@pytest.mark.parametrize("prompt", ["", "   \n", None, 7])
def test_prompt_needs_text(prompt):
    assert "prompt" in refused(prompt=prompt).lower()


def test_prompt_missing():
    assert refused(seconds=5) == "prompt is missing; it must be text that says what happens."


def test_prompt_limits():
    assert parse_request(prompt="猫" * 500)
    assert "501 Chinese characters" in refused(prompt="猫" * 501)
    assert parse_request(prompt="cat " * 1000)
    assert "1001 English words" in refused(prompt="a " * 1001)
    assert parse_request(prompt="." * 4000)
    assert "4001 characters" in refused(prompt="." * 4001)


@pytest.mark.parametrize("character", ["\x00", "\x1b", "\ud800", "\x85"])
def test_prompt_without_control_characters(character):
    assert "control character" in refused(prompt=f"a{character}b")


def test_prompt_keeps_line_breaks():
    assert parse_request(prompt="one\ntwo\tthree").prompt == "one\ntwo\tthree"


@pytest.mark.parametrize("ratio", [*RATIOS, "adaptive"])
def test_ratios(ratio):
    assert parse_request(prompt="a", ratio=ratio).ratio == ratio


def test_ratio_refused():
    message = refused(prompt="a", ratio="2:1\nx")
    assert "21:9, 16:9, 4:3, 1:1, 3:4, 9:16 or adaptive" in message


@pytest.mark.parametrize("seed", [0, 2**32 - 1, None])
def test_seeds(seed):
    assert parse_request(prompt="a", seed=seed).seed == seed


@pytest.mark.parametrize("seed", [-1, 2**32, 1.0, "7", True])
def test_seed_refused(seed):
    assert "seed is" in refused(prompt="a", seed=seed)


@pytest.mark.parametrize("steps", [0, 101, 2.5, "x"])
def test_steps_refused(steps):
    assert "1 to 100" in refused(prompt="a", steps=steps)


def test_sound_is_a_switch():
    assert "true or false" in refused(prompt="a", sound="yes")


def test_unknown_fields_are_named():
    assert refused(prompt="a", duration=5).startswith("There is no field duration; the fields are")
    message = refused(prompt="a", references=[picture(), {**picture(), "weight": 1}])
    assert message.startswith("There is no field weight in reference 2; the fields are kind")


@pytest.mark.parametrize(("kind", "most"), [("picture", 9), ("clip", 3), ("recording", 3)])
def test_counts(kind, most):
    company = [] if kind != "recording" else [picture()]
    one = {"kind": kind, "path": "a"}
    assert parse_request(prompt="a", references=[one] * most + company)
    message = refused(prompt="a", references=[one] * (most + 1) + company)
    assert f"There are {most + 1} {kind}s; at most {most}" in message


def test_frame_roles():
    first, last = picture("first_frame"), picture("last_frame")
    assert parse_request(prompt="a", references=[first, last])
    assert parse_request(prompt="a", references=[first])
    # Ours needs no first frame to end on a last one; Seedance's does.
    assert parse_request(prompt="a", references=[last])
    assert "2 pictures as first_frame" in refused(prompt="a", references=[first, first])
    assert "2 pictures as last_frame" in refused(prompt="a", references=[first, last, last])
    assert "cannot be mixed" in refused(prompt="a", references=[first, picture()])


def test_frames_are_pictures():
    clip = {"kind": "clip", "role": "first_frame", "path": "a.mp4"}
    assert "must be a picture, not a clip" in refused(prompt="a", references=[clip])


def test_recordings_need_company():
    recording = {"kind": "recording", "path": "a.wav"}
    assert "needs a picture or a clip" in refused(prompt="a", references=[recording])
    assert parse_request(prompt="a", references=[recording, {"kind": "clip", "path": "b.mp4"}])


@pytest.mark.parametrize(
    ("reference", "words"),
    [
        ({"kind": "song", "path": "a"}, "kind in reference 1 is song"),
        ({"kind": "picture", "role": "hero", "path": "a"}, "role in reference 1 is hero"),
        ({"kind": "picture"}, "path is missing in reference 1"),
        ({"kind": "picture", "path": ""}, "empty path"),
        ({"kind": "picture", "path": 3}, "path in reference 1 is 3"),
        ("a.png", "references in reference 1 is a.png"),
    ],
)
def test_bad_references(reference, words):
    assert words in refused(prompt="a", references=[reference])


def test_references_may_be_models():
    reference = Reference(kind="picture", path=Path("a.png"))
    assert parse_request(prompt="a", references=[reference]) == Request(
        prompt="a", references=(reference,)
    )


def test_nearest_ratio():
    assert nearest_ratio(1280, 720) == "16:9"
    assert nearest_ratio(1470, 630) == "21:9"
    assert nearest_ratio(1000, 1001) == "1:1"
    assert nearest_ratio(600, 1000) == "9:16"
    assert nearest_ratio(700, 1000) == "3:4"


def test_exit_codes():
    codes = [error.exit_code for error in (OnereelError, WrongUse, Refused, Cancelled)]
    assert codes == [1, 2, 3, 130]
    assert issubclass(WrongUse, ValueError)
