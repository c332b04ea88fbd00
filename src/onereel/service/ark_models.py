"""Which model ids Ark's dialect knows, and what each of them allows.

All of them are made by this server's own model: an id chooses the rules of the interface, not the
weights. Ids and rules are Ark's of autumn 2026. Called by `ark`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Any

from onereel.errors import shown
from onereel.service.errors import ApiError
from onereel.service.sizes import RATIOS


@dataclass(frozen=True)
class Family:
    """Rules of one model id. seconds: shortest and longest.  flags: reads --rs and the like at
    the end of the prompt.  references: takes reference images, videos, audio."""

    name: str
    resolutions: tuple[str, ...] = ("480p", "720p", "1080p")
    resolution: str = "720p"
    seconds: tuple[int, int] = (4, 15)
    default_seconds: int = 5
    chooses_seconds: bool = True
    adaptive: bool = True
    sound: bool = True
    references: bool = True
    priority: bool = True
    flex: bool = False
    frames: bool = False
    camera_fixed: bool = False
    flags: bool = False


_V2 = Family("Seedance 2.0")
_V1 = Family(
    "Seedance 1.0 pro", resolution="1080p", seconds=(2, 12), chooses_seconds=False,
    adaptive=False, sound=False, references=False, priority=False, flex=True, frames=True,
    camera_fixed=True, flags=True,
)  # fmt: skip
_SMALL = ("480p", "720p")

_FAMILIES = {
    "2-5": replace(_V2, name="Seedance 2.5", seconds=(4, 30), default_seconds=-1),
    "2-0": _V2,
    "2-0-fast": replace(_V2, name="Seedance 2.0 fast", resolutions=_SMALL),
    "2-0-mini": replace(_V2, name="Seedance 2.0 mini", resolutions=_SMALL),
    "1-5-pro": replace(
        _V1, name="Seedance 1.5 pro", resolution="720p", seconds=(4, 12), chooses_seconds=True,
        adaptive=True, sound=True, frames=False,
    ),
    "1-0-pro": _V1,
    "1-0-pro-fast": replace(_V1, name="Seedance 1.0 pro fast"),
    "1-0-lite-t2v": replace(_V1, name="Seedance 1.0 lite", resolution="720p"),
    "1-0-lite-i2v": replace(_V1, name="Seedance 1.0 lite", resolution="720p", references=True),
}  # fmt: skip
_ID = re.compile(
    r"(?:doubao-|dreamina-)?seedance-(2-0-fast|2-0-mini|2-[05]|1-5-pro|1-0-pro-fast|1-0-pro"
    r"|1-0-lite-t2v|1-0-lite-i2v)(?:-\d{6})?"
)

_FLAG = re.compile(
    r"(?:^|\s)--(resolution|rs|ratio|rt|duration|dur|frames|seed|camerafixed|cf|watermark|wm)"
    r"\s+(\S+)"
)
_LONG = {
    "rs": "resolution", "rt": "ratio", "dur": "duration", "cf": "camera_fixed",
    "camerafixed": "camera_fixed", "wm": "watermark",
}  # fmt: skip


def family_of(model: str) -> Family:
    """The rules of a model id; `onereel` has 2.0's. ApiError 404 for an unknown one."""
    if model == "onereel":
        return replace(_V2, name="onereel")
    found = _ID.fullmatch(model)
    if found is None:
        raise ApiError(
            404,
            "InvalidEndpointOrModel.NotFound",
            f"The model {shown(model, 80)} does not exist here; use one such as "
            "doubao-seedance-2-0-260128, or onereel.",
            "model",
        )
    return _FAMILIES[found[1]]


def take_flags(text: str) -> tuple[str, dict[str, Any]]:
    """A 1.x prompt without its flags, and what they set; a senseless value sets nothing."""
    flags: dict[str, Any] = {}
    for name, value in _FLAG.findall(text):
        known = _value(_LONG.get(name, name), value)
        if known is not None:
            flags[_LONG.get(name, name)] = known
    return _FLAG.sub("", text), flags


def _value(name: str, text: str) -> Any:
    if name in ("camera_fixed", "watermark"):
        return {"true": True, "false": False}.get(text.lower())
    if name == "resolution":
        return text if text in ("480p", "720p", "1080p") else None
    if name == "ratio":
        return text if text in (*RATIOS, "adaptive") else None
    if not re.fullmatch(r"-?\d{1,10}", text):
        return None
    number = int(text)
    return number if name != "seed" or -1 <= number < 2**32 else None
