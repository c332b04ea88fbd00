"""The reader behind `untrusted`: one file of anyone's on stdin, what its marks say on stdout.

- limits first (memory, processor time, files), the native credentials library after
- once everything is imported no further file or socket can be opened
- says one JSON object on a line, then raw bytes: a still's pixels, or an ingredient archive

Run by path from `untrusted` as a child process, never imported.
"""

import json
import os
import sys
from dataclasses import asdict
from pathlib import Path
from typing import IO, Any

# -I leaves only the standard places on the path; the package next to us is the one that asked.
sys.path.insert(0, str(Path(__file__).parents[2]))


def main() -> None:
    task = json.loads(sys.argv[1])
    _limit("RLIMIT_AS", task["memory_bytes"])
    _limit("RLIMIT_CPU", task["cpu_seconds"])
    _limit("RLIMIT_FSIZE", 0)
    _limit("RLIMIT_CORE", 0)
    answer, rest = _read(task)
    view = memoryview(json.dumps(answer).encode() + b"\n" + rest)
    while view:
        view = view[os.write(1, view) :]


def _limit(name: str, value: int) -> None:
    try:
        import resource

        resource.setrlimit(getattr(resource, name), (value, value))
    # Systems without these limits still have the parent's clock.
    except (ImportError, AttributeError, ValueError, OSError):
        pass


def _read(task: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
    from PIL import Image

    from onereel.errors import WrongUse
    from onereel.marks import container, credentials
    from onereel.media.read import decode_picture

    file: IO[bytes] = open(0, "rb", closefd=False)  # noqa: SIM115  (lives as long as we do)
    Image.init()  # its decoders, which it would otherwise look for when the first picture comes
    _limit("RLIMIT_NOFILE", 3)
    media_type, kind = task["media_type"], task["kind"]
    answer: dict[str, Any] = {"tags": {}, "essence": None, "trailing": 0}
    try:
        if kind:
            answer["tags"] = container.read_tags(file, kind)
            answer["essence"] = container.essence_hash(file, kind)
            answer["trailing"] = container.trailing_bytes(file, kind)
    except container.Damaged as error:
        return {"damaged": str(error)}, b""
    file.seek(0)
    if task["title"]:
        return answer, credentials.archive_ingredient(file, media_type, task["title"])
    found = credentials.read_credentials(file, media_type, task["anchors"])
    answer["credentials"] = asdict(found)
    if kind not in ("png", "jpg"):
        return answer, b""
    file.seek(0)
    try:
        picture = decode_picture(file, Path(task["name"]))
    except WrongUse as error:
        return answer | {"undecoded": str(error)}, b""
    return answer | {"shape": picture.shape}, picture.tobytes()


if __name__ == "__main__":
    main()
