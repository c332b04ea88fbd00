"""What is asked for: a prompt, its references, and the shape of the film.

- `Request` and `Reference` are frozen pydantic models that refuse unknown fields
- limits and combinations are Seedance 2.0's: 9 pictures, 3 clips, 3 recordings, 4-15 s, 24 fps
- `parse_request` turns any mistake into one plain sentence (`WrongUse`)
- nothing here opens a file: whether a path can be read is media's business

Called from the command line, the service and `onereel.generate`; read by every later stage.
"""

import math
import re
import unicodedata
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from onereel.errors import WrongUse, shown

RATIOS: dict[str, tuple[float, float]] = {
    "21:9": (21.0, 9.0),
    "16:9": (16.0, 9.0),
    "4:3": (4.0, 3.0),
    "1:1": (1.0, 1.0),
    "3:4": (3.0, 4.0),
    "9:16": (9.0, 16.0),
}
DEFAULT_RATIO = "16:9"
DEFAULT_SECONDS = 5
SHORTEST_SECONDS, LONGEST_SECONDS = 4, 15
MOST = {"picture": 9, "clip": 3, "recording": 3}
MOST_CHARACTERS = 4000
MOST_ENGLISH_WORDS = 1000
MOST_CHINESE_CHARACTERS = 500
MOST_STEPS = 100
LARGEST_SEED = 2**32 - 1

Ratio = Literal["21:9", "16:9", "4:3", "1:1", "3:4", "9:16", "adaptive"]
Kind = Literal["picture", "clip", "recording"]
Role = Literal["first_frame", "last_frame", "reference"]
StrictInt = Annotated[int, Field(strict=True)]

_ENGLISH_WORD = re.compile(r"[A-Za-z]+(?:['’-][A-Za-z]+)*")
_CHINESE = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")

# What each field must be, in words: the second half of "<field> is <value>, but must be …".
_MUST_BE = {
    "prompt": "text that says what happens",
    "references": "a list of references, each with kind, role and path",
    "kind": "picture, clip or recording",
    "role": "first_frame, last_frame or reference",
    "path": "the path of a file",
    "ratio": f"one of {', '.join(RATIOS)} or adaptive",
    "seconds": f"a whole number from {SHORTEST_SECONDS} to {LONGEST_SECONDS}, or -1 for automatic",
    "seed": f"a whole number from 0 to {LARGEST_SEED}",
    "steps": f"a whole number from 1 to {MOST_STEPS}",
    "sound": "true or false",
}


class Reference(BaseModel):
    """One file handed in beside the prompt, and what it is for."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: Kind
    role: Role = "reference"
    path: Path

    @field_validator("path")
    @classmethod
    def _path_is_said(cls, path: Path) -> Path:
        # Path("") is ".", which would otherwise surface much later as "is a directory".
        if str(path) in ("", "."):
            raise WrongUse("A reference has an empty path; name the file to read.")
        return path

    @model_validator(mode="after")
    def _frames_are_pictures(self) -> "Reference":
        if self.role != "reference" and self.kind != "picture":
            raise WrongUse(
                f"The {self.role} must be a picture, not a {self.kind}; "
                "give a picture, or use the role reference."
            )
        return self


class Request(BaseModel):
    """One film as asked for; fields left open (adaptive, -1, None) are resolved by the plan.

    seconds: 4-15, or -1 (resolved to 5).  ratio: one of six, or adaptive (the first frame's
    nearest, else 16:9).  seed: 0..2**32-1, None is drawn when the request is resolved.
    steps: denoising steps 1-100, None is the model's own.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    prompt: str
    references: tuple[Reference, ...] = ()
    ratio: Ratio = "adaptive"
    seconds: StrictInt = DEFAULT_SECONDS
    seed: Annotated[int, Field(strict=True, ge=0, le=LARGEST_SEED)] | None = None
    steps: Annotated[int, Field(strict=True, ge=1, le=MOST_STEPS)] | None = None
    sound: Annotated[bool, Field(strict=True)] = True

    @field_validator("prompt")
    @classmethod
    def _prompt_is_readable(cls, prompt: str) -> str:
        prompt = prompt.strip()
        if not prompt:
            raise WrongUse("The prompt is empty; say in words what happens in the film.")
        _refuse_too_many(len(prompt), MOST_CHARACTERS, "characters")
        _refuse_too_many(len(_ENGLISH_WORD.findall(prompt)), MOST_ENGLISH_WORDS, "English words")
        chinese = len(_CHINESE.findall(prompt))
        _refuse_too_many(chinese, MOST_CHINESE_CHARACTERS, "Chinese characters")
        # Control characters and lone surrogates cannot be typed; they break logs and encoders.
        bad = next((c for c in prompt if c not in "\n\r\t" and _is_control(c)), None)
        if bad is not None:
            raise WrongUse(f"The prompt holds the control character {bad!a}; take it out.")
        return prompt

    @field_validator("seconds")
    @classmethod
    def _seconds_in_range(cls, seconds: int) -> int:
        if seconds != -1 and not SHORTEST_SECONDS <= seconds <= LONGEST_SECONDS:
            raise WrongUse(f"seconds is {seconds}, but must be {_MUST_BE['seconds']}.")
        return seconds

    @model_validator(mode="after")
    def _references_agree(self) -> "Request":
        _refuse_bad_combination(self.references)
        return self


def parse_request(**fields: Any) -> Request:
    """A `Request` from loose fields; `WrongUse` with one plain sentence when they do not fit."""
    try:
        return Request(**fields)
    except ValidationError as error:
        raise WrongUse(_sentence(error)) from None


def nearest_ratio(width: int, height: int) -> str:
    """The name of the ratio closest to width:height, by log distance so 4:3 and 3:4 are even."""
    if width < 1 or height < 1:
        raise ValueError(f"width and height must be positive, not {width}x{height}")
    asked = math.log(width / height)
    return min(RATIOS, key=lambda name: abs(math.log(RATIOS[name][0] / RATIOS[name][1]) - asked))


def _refuse_too_many(count: int, most: int, what: str) -> None:
    if count > most:
        raise WrongUse(f"The prompt has {count} {what}; at most {most} are read, so shorten it.")


def _is_control(character: str) -> bool:
    return unicodedata.category(character) in ("Cc", "Cs")


def _refuse_bad_combination(references: tuple[Reference, ...]) -> None:
    for kind, most in MOST.items():
        count = sum(reference.kind == kind for reference in references)
        if count > most:
            raise WrongUse(f"There are {count} {kind}s; at most {most} can be used, so drop some.")
    roles = [reference.role for reference in references]
    # A last_frame alone is allowed: our model fills towards it without needing a first frame.
    # Seedance requires both.
    for role in ("first_frame", "last_frame"):
        if roles.count(role) > 1:
            raise WrongUse(f"There are {roles.count(role)} pictures as {role}; keep only one.")
    if "reference" in roles and len(set(roles)) > 1:
        raise WrongUse(
            "First and last frames cannot be mixed with other references; "
            "use either frame roles or references."
        )
    kinds = {reference.kind for reference in references}
    if kinds == {"recording"}:
        raise WrongUse("A recording needs a picture or a clip beside it; add one of them.")


def _sentence(error: ValidationError) -> str:
    """The first mistake of a ValidationError, in our own words."""
    first = error.errors(include_url=False)[0]
    ours = first.get("ctx", {}).get("error")
    if isinstance(ours, WrongUse):
        return str(ours)
    names = [str(part) for part in first["loc"] if isinstance(part, str)]
    field = names[-1] if names else "the request"
    where = _place(first["loc"])
    if first["type"] == "extra_forbidden":
        known = Reference.model_fields if where else Request.model_fields
        return f"There is no field {shown(field, 40)}{where}; the fields are {', '.join(known)}."
    must_be = _MUST_BE.get(field, "valid")
    if first["type"] == "missing":
        return f"{field} is missing{where}; it must be {must_be}."
    return f"{field}{where} is {shown(first['input'], 40)}, but must be {must_be}."


def _place(loc: tuple[int | str, ...]) -> str:
    """' in reference 2' when a mistake lies inside the second reference, else nothing."""
    if len(loc) > 1 and loc[0] == "references" and isinstance(loc[1], int):
        return f" in reference {loc[1] + 1}"
    return ""
