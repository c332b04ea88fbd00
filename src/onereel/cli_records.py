"""`onereel records` and `onereel audit`: what was made here, and proof that the log is whole.

Mounted in `cli`, whose contract of exit codes and --json holds here too: a failed audit is 1.
"""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from onereel.errors import WrongUse, shown
from onereel.records.home import Home

if TYPE_CHECKING:
    from onereel.records.auditor import Audit
    from onereel.records.fingerprints import Fingerprints

audit = typer.Typer(help="The log of everything made here, and its proofs.", no_args_is_help=True)
records = typer.Typer(help="The records of films made here.", no_args_is_help=True)

Json = Annotated[bool, typer.Option("--json", help="Print one JSON object and nothing else.")]
Folder = Annotated[
    Path | None, typer.Option("--home", help="Folder of keys and records (default: ~/.onereel).")
]


@audit.command()
def verify(
    head: Annotated[
        Path | None, typer.Option(help="Heads kept elsewhere: a file of one or more lines.")
    ] = None,
    as_json: Json = False,
    home: Folder = None,
) -> None:
    """Look for any edit, deletion, reordering or roll-back of the log and the records."""
    from onereel.records.audit import read_heads
    from onereel.records.auditor import verify_log

    found = verify_log(_home(home), read_heads(head) if head else ())
    if as_json:
        print(json.dumps(_audit_fields(found), ensure_ascii=False))
    elif found.intact and not found.size:
        print("The log is empty.")
    elif found.intact:
        print(f"The log is intact: {found.size} entries, root {found.root.hex()}.")
        for entry in found.keys:
            print(f"note: the signing key was replaced at entry {entry}.")
        if head is None:
            print(
                "note: only a head kept on another machine finds a whole folder set back; keep "
                "what `onereel audit head` prints, and give it with --head."
            )
    else:
        first = found.first_bad_entry
        where = "" if first is None else f"; the first bad entry is {first}"
        print(f"The log is NOT intact{where}.", file=sys.stderr)
        for problem in found.problems:
            print(f"- {problem.said}", file=sys.stderr)
    if not found.intact:
        raise typer.Exit(1)


@audit.command()
def head(home: Folder = None) -> None:
    """Print the newest signed head, one line of JSON, to be kept on another machine."""
    from onereel.records.audit import newest_head

    newest = newest_head(_home(home))
    if newest is None:
        raise WrongUse("There is no entry in the log yet; make a film first.")
    print(newest.to_json())


@records.command("list")
def list_records(
    limit: Annotated[int, typer.Option(min=1, help="How many, the newest first.")] = 20,
    as_json: Json = False,
    home: Folder = None,
) -> None:
    """The newest films made here."""
    from onereel.records.store import Store

    with Store(_home(home)) as store:
        newest = store.list(limit)
    if as_json:
        print(json.dumps({"records": [asdict(record) for record in newest]}, ensure_ascii=False))
        return
    if not newest:
        print("No films yet.")
        return
    _print_table(
        ("record", "made", "size", "s", "seed", "prompt"),
        [
            (
                record.id, _when(record.created), f"{record.width}x{record.height}",
                str(record.seconds), str(record.seed), shown(" ".join(record.prompt.split()), 60),
            )
            for record in newest
        ],
    )  # fmt: skip


@records.command()
def show(
    record_id: Annotated[str, typer.Argument(metavar="ID", help="12 hex digits.")],
    as_json: Json = False,
    home: Folder = None,
) -> None:
    """Everything that is known about one film."""
    from onereel.records.store import Store

    with Store(_home(home)) as store:
        stored = store.look_up(record_id)
    if stored is None:
        raise WrongUse(f"There is no record {shown(record_id)}; see: onereel records list.")
    fields = asdict(stored.record)
    if as_json:
        print(json.dumps(fields, ensure_ascii=False))
        return
    _print_table(("field", "value"), [(name, _plain(value)) for name, value in fields.items()])


@records.command()
def find(
    file: Annotated[Path, typer.Argument(help="An mp4 or mov film, a wav or mp3, or a picture.")],
    as_json: Json = False,
    home: Folder = None,
) -> None:
    """Whose film is this? Looks it up by picture and sound; marks and metadata are not needed."""
    from onereel.records.store import Store

    query = _fingerprint_file(file)
    with Store(_home(home)) as store:
        matches = store.search(query)
        ids = {match.record_id for match in matches}
        made = {one: stored.record for one in ids if (stored := store.get(one))}
    if as_json:
        print(json.dumps({"matches": [asdict(match) for match in matches]}))
        return
    if not matches:
        print(f"{shown(file)} is a copy of no film made here.")
        return
    _print_table(
        ("record", "by", "share", "made", "prompt"),
        [
            (
                match.record_id, match.kind, f"{match.share:.0%}",
                _when(made[match.record_id].created),
                shown(" ".join(made[match.record_id].prompt.split()), 60),
            )
            for match in matches
        ],
    )  # fmt: skip


# ---------------------------------------------------------------- helpers


def _home(folder: Path | None) -> Home:
    return Home(folder) if folder else Home.default()


def _audit_fields(found: Audit) -> dict[str, Any]:
    return {
        "intact": found.intact,
        "size": found.size,
        "root": found.root.hex(),
        "first_bad_entry": found.first_bad_entry,
        "problems": [asdict(problem) for problem in found.problems],
        "keys": list(found.keys),
    }


def _fingerprint_file(path: Path) -> Fingerprints:
    """Fingerprints of a film, recording or picture, whichever it can be read as."""
    from onereel.clip import FPS, SAMPLE_RATE
    from onereel.media.read import read_picture
    from onereel.media.sandbox import read_clip, read_recording
    from onereel.records.fingerprints import fingerprint, fingerprint_sound

    kind = path.suffix.lower()
    if kind in (".wav", ".mp3", ".m4a"):
        return fingerprint_sound(read_recording(path), SAMPLE_RATE)
    if kind in (".mp4", ".mov", ".m4v"):
        clip = read_clip(path)
        return fingerprint(clip.frames, clip.fps, clip.sound, clip.sample_rate, query=True)
    return fingerprint(read_picture(path)[None], FPS, query=True)


def _when(created: str) -> str:
    try:
        return datetime.fromisoformat(created).astimezone(UTC).strftime("%Y-%m-%d %H:%M")
    except ValueError:
        return created


def _plain(value: object) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{name} {one}" for name, one in value.items())
    if isinstance(value, tuple):
        return "\n".join(str(one) for one in value)
    return str(value)


def _print_table(columns: tuple[str, ...], rows: list[tuple[str, ...]]) -> None:
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for column in columns:
        table.add_column(column, no_wrap=column in ("record", "made", "size", "field"))
    for row in rows:
        table.add_row(*map(Text, row))  # Text: a prompt is no markup
    # Piped, a table is as wide as it needs to be: half an id helps nobody.
    Console(width=None if sys.stdout.isatty() else 160).print(table)
