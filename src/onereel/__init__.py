"""onereel: words and pictures in, a short film with its own sound out.

    import onereel
    onereel.generate("a girl in red dances on the beach at dusk", seconds=5).save("film.mp4")
    onereel.verify("film.mp4").ours

Importing this loads no torch; `generate` and `decode` do when first used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"
__all__ = ["Clip", "Request", "__version__", "decode", "generate", "verify"]

if TYPE_CHECKING:
    from onereel.clip import Clip
    from onereel.marks.verify import verify
    from onereel.produce import decode, generate
    from onereel.request import Request

_HOME = {
    "Clip": "clip",
    "Request": "request",
    "decode": "produce",
    "generate": "produce",
    "verify": "marks.verify",
}


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'onereel' has no attribute {name!r}")
    import importlib

    return getattr(importlib.import_module(f"onereel.{_HOME[name]}"), name)
