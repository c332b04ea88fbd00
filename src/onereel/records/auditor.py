"""Checks the audit log, and everything it vouches for, against each other.

- entries against their hashes, roots and signed heads; records against their entries
- `heads.jsonl` and heads kept elsewhere against the log: these find roll-back and rewriting
- the first bad entry is named; nothing is written, and a log in use can be checked

Called from the command line; a server may run it as often as it likes.
"""

from __future__ import annotations

import itertools
import json
import sqlite3
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from onereel.errors import OnereelError, shown
from onereel.records import merkle
from onereel.records.audit import Head, stored_heads, unpack_frontier
from onereel.records.database import (
    RECORD_COLUMNS,
    heads_file,
    open_read_only,
    record_digest,
    told,
)
from onereel.records.home import Home

_PUBLISHING_SECONDS = 1.0


@dataclass(frozen=True)
class Problem:
    """entry: number of the entry, from 0, or None where it is not about one.  said: a sentence."""

    entry: int | None
    said: str


@dataclass(frozen=True)
class Audit:
    """What a check found. size, root: of the log as it stands.  keys: entries at which the signing
    key changed, which is no fault but should be known."""

    size: int
    root: bytes
    problems: tuple[Problem, ...]
    keys: tuple[int, ...] = ()

    @property
    def intact(self) -> bool:
        return not self.problems

    @property
    def first_bad_entry(self) -> int | None:
        return min((one.entry for one in self.problems if one.entry is not None), default=None)


def verify_log(home: Home, kept: Sequence[Head] = ()) -> Audit:
    """Check log, records, `heads.jsonl`, and heads that were kept elsewhere, against each other.

    Finds edits, deletions, reordering and roll-back; nothing is written. Raises OnereelError when
    the database cannot be read at all.
    """
    if not home.database.exists():
        lost = heads_file(home).exists() or any(head.size for head in kept)
        said = f"{shown(home.database)} is missing, though its heads are not."
        return Audit(0, merkle.EMPTY_ROOT, (Problem(0, said),) if lost else ())
    with told(home.database):
        connection = open_read_only(home)
        try:
            # One snapshot for all reads, also while others write.
            connection.execute("BEGIN")
            return _check(connection, home, kept)
        finally:
            connection.close()


def _check(connection: sqlite3.Connection, home: Home, kept: Sequence[Head]) -> Audit:
    # Before the snapshot's first read, so that the file cannot be ahead of an honest log.
    published = _published(home)
    events, roots, problems = _check_entries(connection)
    heads = {head.size: head for head in stored_heads(connection)}
    deadline = time.monotonic() + _PUBLISHING_SECONDS
    while len(published or ()) < len(heads) and time.monotonic() < deadline:
        # Someone may be writing: committed before our snapshot, published a moment later.
        time.sleep(0.05)
        published = (_published(home) or [])[: len(heads)] or None
    problems += _check_heads(heads, roots, events)
    problems += _check_frontiers(connection, roots)
    problems += _check_published(published, heads, roots)
    for head in kept:
        problems += _check_kept(head, heads, roots)
    problems += _check_key(home, heads)
    problems += _check_records(connection, events)
    changed = tuple(number for number, event in enumerate(events) if event.get("event") == "key")
    ordered = sorted(problems, key=lambda one: (one.entry is None, one.entry or 0))
    return Audit(len(events), roots[-1], tuple(ordered), changed)


def _check_entries(
    connection: sqlite3.Connection,
) -> tuple[list[dict[str, Any]], list[bytes], list[Problem]]:
    """Events in order, the root at every size from 0, and what is wrong with single entries."""
    events: list[dict[str, Any]] = []
    problems: list[Problem] = []
    roots = [merkle.EMPTY_ROOT]
    frontier: merkle.Frontier = ()
    rows = connection.execute("SELECT number, event, leaf FROM entries ORDER BY number")
    for at, (number, text, leaf) in enumerate(rows):
        if number != at and not any("missing" in one.said for one in problems):
            problems.append(Problem(at, f"Entry {at} is missing."))
        data = str(text).encode("utf-8", "surrogateescape")
        hashed = merkle.leaf_hash(data)
        try:
            event = json.loads(data)
            if not isinstance(event, dict):
                raise ValueError
        except (ValueError, RecursionError):
            event = {}
        if hashed != leaf or not event:
            problems.append(Problem(at, f"Entry {at} was edited: it does not match its hash."))
        events.append(event)
        frontier = merkle.grow(frontier, at, hashed)
        roots.append(merkle.root_of(frontier))
    return events, roots, problems


def _check_heads(
    heads: dict[int, Head], roots: list[bytes], events: list[dict[str, Any]]
) -> list[Problem]:
    problems: list[Problem] = []
    size = len(events)
    for head in heads.values():
        if not 0 < head.size <= size:
            problems.append(
                Problem(
                    size, f"Entries from {size} on are gone: a head was signed over {head.size}."
                )
            )
        elif not head.is_signed():
            problems.append(
                Problem(head.size - 1, f"The head of {head.size} entries has a false signature.")
            )
        elif head.root != roots[head.size]:
            problems.append(
                Problem(
                    head.size - 1,
                    f"The first {head.size} entries are not those that their head was signed over.",
                )
            )
            break  # every later head differs too
    for number, event in enumerate(events):
        # An entry about a new key shares its head with the entry after it.
        if number + 1 not in heads and (event.get("event") != "key" or number + 1 == size):
            problems.append(Problem(number, f"The head signed at entry {number} is gone."))
            break
    announced = {str(event.get("now")) for event in events if event.get("event") == "key"}
    ordered = [heads[size] for size in sorted(heads)]
    for before, after in itertools.pairwise(ordered):
        if before.key != after.key and after.key.hex() not in announced:
            problems.append(
                Problem(after.size - 1, f"Entry {after.size - 1} was signed with an unknown key.")
            )
            break
    return problems


def _check_frontiers(connection: sqlite3.Connection, roots: list[bytes]) -> list[Problem]:
    """What the next entry would be added to."""
    rows = connection.execute("SELECT size, CAST(frontier AS BLOB) FROM heads ORDER BY size")
    for size, packed in rows:
        if 0 < size < len(roots) and merkle.root_of(unpack_frontier(packed)) != roots[size]:
            return [Problem(size - 1, f"The head of {size} entries was edited: its frontier.")]
    return []


def _published(home: Home) -> list[str] | None:
    try:
        return heads_file(home).read_text(encoding="utf-8", errors="replace").splitlines()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise OnereelError(
            f"{shown(heads_file(home))} cannot be read ({error.strerror})."
        ) from error


def _check_published(
    lines: list[str] | None, heads: dict[int, Head], roots: list[bytes]
) -> list[Problem]:
    """The heads file against the stored heads: the same, in the same order, none left out."""
    expected = [heads[size] for size in sorted(heads)]
    if lines is None:
        return [Problem(None, "heads.jsonl is missing; put back a copy.")] if expected else []
    for at, line in enumerate(lines):
        try:
            head = Head.from_json(line)
        except ValueError:
            return [Problem(None, f"Line {at + 1} of heads.jsonl is damaged.")]
        if at < len(expected) and head == expected[at]:
            continue
        wrong = _check_kept(head, heads, roots, "heads.jsonl")
        return wrong or [
            Problem(None, f"Line {at + 1} of heads.jsonl is out of order or not in the log.")
        ]
    if len(lines) < len(expected):
        return [
            Problem(
                None,
                f"heads.jsonl lacks the newest {len(expected) - len(lines)} of {len(expected)} "
                "heads; after a crash the next record brings it up to date.",
            )
        ]
    return []


def _check_kept(
    head: Head, heads: dict[int, Head], roots: list[bytes], where: str = "A kept head"
) -> list[Problem]:
    """One head from outside the database against the log as it stands."""
    size = len(roots) - 1
    if not head.is_signed():
        return [Problem(None, f"{where} has a false signature at {head.size} entries.")]
    if head.size > size:
        return [
            Problem(
                size,
                f"The log was rolled back: it has {size} entries, {where.lower()} "
                f"was signed over {head.size}.",
            )
        ]
    if head.size < 0 or head.root != roots[head.size]:
        return [
            Problem(
                max(head.size - 1, 0),
                f"The first {head.size} entries are not those that {where.lower()} was "
                "signed over: the log was rewritten.",
            )
        ]
    if head.key not in {one.key for one in heads.values()}:
        return [
            Problem(
                head.size - 1,
                f"{where} of {head.size} entries was signed with a key that this log never used.",
            )
        ]
    return []


def _check_key(home: Home, heads: dict[int, Head]) -> list[Problem]:
    """The newest head was signed with the key that lies in this installation."""
    path = home.keys / "signing" / "public.pem"
    if not heads:
        return []
    newest = heads[max(heads)]
    try:
        public = load_pem_public_key(path.read_bytes())
    except (OSError, ValueError):
        return [Problem(newest.size - 1, f"{shown(path)} is missing or damaged; put it back.")]
    if not isinstance(public, Ed25519PublicKey) or public.public_bytes_raw() != newest.key:
        return [
            Problem(
                newest.size - 1,
                f"The newest head was not signed with the key in {shown(path.parent)}: "
                "the key was replaced.",
            )
        ]
    return []


def _check_records(connection: sqlite3.Connection, events: list[dict[str, Any]]) -> list[Problem]:
    """Every record is as its entry says, and none is without."""
    logged = {
        str(event.get("record")): (number, event.get("digest"))
        for number, event in enumerate(events)
        if event.get("event") == "film"
    }
    problems: list[Problem] = []
    columns = ", ".join(RECORD_COLUMNS)
    for row in connection.execute(f"SELECT {columns} FROM records ORDER BY number"):
        fields = dict(zip(RECORD_COLUMNS, row, strict=True))
        number, digest = logged.pop(str(fields["id"]), (None, None))
        if number is None:
            problems.append(Problem(None, f"Record {shown(fields['id'])} is not in the log."))
        elif record_digest(fields) != digest:
            problems.append(
                Problem(number, f"Record {shown(fields['id'])} of entry {number} was edited.")
            )
    problems += [
        Problem(number, f"Record {shown(record)} of entry {number} was deleted.")
        for record, (number, _) in logged.items()
    ]
    return problems
