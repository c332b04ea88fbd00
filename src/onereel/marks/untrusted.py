"""Files of anyone's, read for their marks in a child process with hard limits.

The credentials library parses hostile bytes in native code, so it never does so in this process.
The child (`read_child`) gets an open descriptor, no path, and limits on memory, processor time
and the clock; what it answers is checked here before it is used.

Called from `verify` and `incoming`.
"""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import numpy as np

from onereel.errors import WrongUse, shown
from onereel.marks.container import MEDIA_TYPES, Kind
from onereel.marks.credentials import CredentialsFound
from onereel.marks.metadata import MetadataFound, read_metadata

CHILD = Path(__file__).with_name("read_child.py")
MEMORY_BYTES = 3 * 2**29
CPU_SECONDS = 20
WALL_SECONDS = 40.0
MOST_ARCHIVE_BYTES = 16 * 10**6


@dataclass(frozen=True, eq=False)
class MarksRead:
    """What stands in a file's metadata and credentials.

    picture: (H, W, 3) uint8 of a still, or None with a sentence in `undecoded`.
    trailing: bytes hidden in padding that credentials do not cover.
    """

    metadata: MetadataFound
    credentials: CredentialsFound
    trailing: int
    picture: np.ndarray | None = None
    undecoded: str | None = None


def read_marks(file: IO[bytes], kind: Kind, path: Path, anchors: str) -> MarksRead:
    """The marks in an open file; `path` is its name in messages.

    Raises WrongUse, one sentence, when it is damaged or cannot be read within the limits.
    """
    answer, rest = _run_child(
        file, path, kind=kind, media_type=MEDIA_TYPES[kind], anchors=anchors, title=""
    )
    _check_whole(answer, path)
    picture = None
    if "shape" in answer:
        picture = np.frombuffer(rest, np.uint8).reshape(answer["shape"])
    told = answer["credentials"]
    told |= {name: tuple(told[name]) for name in ("ingredients", "problems")}
    return MarksRead(
        read_metadata(answer["tags"], answer["essence"]),
        CredentialsFound(**told),
        answer["trailing"],
        picture,
        answer.get("undecoded"),
    )


def read_ingredient(
    file: IO[bytes], kind: Kind | None, media_type: str, path: Path, title: str
) -> tuple[MetadataFound, bytes]:
    """The metadata of a reference, and the file as a C2PA ingredient archive; that is empty where
    its format holds no credentials. Raises as `read_marks`."""
    answer, rest = _run_child(
        file, path, kind=kind or "", media_type=media_type, anchors="", title=title
    )
    _check_whole(answer, path)
    found = read_metadata(answer["tags"], answer["essence"])
    return found, rest if len(rest) <= MOST_ARCHIVE_BYTES else b""


def _check_whole(answer: dict[str, Any], path: Path) -> None:
    if "damaged" in answer:
        raise WrongUse(f"{shown(path)} is damaged or cut short; download it again.")


def _run_child(file: IO[bytes], path: Path, **task: str) -> tuple[dict[str, Any], bytes]:
    limits = {"memory_bytes": MEMORY_BYTES, "cpu_seconds": CPU_SECONDS, "name": str(path)}
    command = [sys.executable, "-I", str(CHILD), json.dumps(task | limits)]
    file.seek(0)
    try:
        done = subprocess.run(
            command, stdin=file, capture_output=True, timeout=WALL_SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        raise WrongUse(
            f"{shown(path)} takes too long to read; make it smaller or shorter."
        ) from None
    line, _, rest = done.stdout.partition(b"\n")
    try:
        answer = json.loads(line)
    except ValueError:
        answer = None
    if done.returncode or not isinstance(answer, dict):
        raise WrongUse(
            f"{shown(path)} cannot be read within the limits on memory and time; "
            "make it smaller, or download it again."
        )
    return answer, rest
