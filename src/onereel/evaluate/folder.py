"""The folder of an evaluation: its files, written whole and read with care.

    results.json  index.html (report.py)  items/ID.json
    films/ID.mp4  real/ID.mp4  sheets/ID.jpg  sheets/ID.real.jpg  given/ID-N.png|mp4|wav

Called from run.py, report.py, compare.py and the command line.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from onereel.errors import OnereelError, WrongUse, shown

FOLDERS = ("items", "films", "real", "sheets", "given")
# What can become of an item.
MADE, NOT_LEARNED, REFUSED, FAILED = "made", "not learned", "refused", "failed"


def read_done(path: Path, item: dict[str, Any], made_with: dict[str, Any]) -> dict[str, Any] | None:
    """What an earlier run wrote of this very item with these very parts, if its files are there."""
    try:
        told: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        same = told["item"] == item and told["made_with"] == made_with
        # items/ID.json lies one folder down.
        there = all((path.parent.parent / name).is_file() for name in told["files"].values())
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None
    return told if same and there else None


def read_results(folder: Path) -> dict[str, Any]:
    """results.json of an evaluation, as written here. WrongUse if there is none."""
    path = folder / "results.json"
    try:
        results: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        if not {"measures", "per_item", "made_with", "suite"} <= set(results):
            raise ValueError("it holds something else")
    except (OSError, ValueError, TypeError) as error:
        raise WrongUse(
            f"{shown(folder)} holds no evaluation ({shown(error)}); make one with: "
            f"onereel evaluate -o {shown(folder)}"
        ) from None
    return results


def write_whole(path: Path, told: dict[str, Any]) -> None:
    """JSON that appears whole or not at all."""
    part = path.with_name(f".{path.name}.part")
    try:
        part.write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        part.replace(path)
    except OSError as error:
        raise OnereelError(f"Could not write {shown(path)}: {error.strerror}.") from error
    finally:
        part.unlink(missing_ok=True)


def make_folder(path: Path) -> None:
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise WrongUse(
            f"Cannot make the folder {shown(path)} ({error.strerror}); choose another place."
        ) from error
