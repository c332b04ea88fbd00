"""The audit log: append-only, and every change to it or to the records is found.

- an entry is a short JSON event; entries are the leaves of a Merkle tree (RFC 6962, `merkle`)
- each append signs a new tree head with the installation's Ed25519 key, in the transaction of
  the record that the entry tells of
- heads also go to the plain file `heads.jsonl`, to be copied off the machine: only a head kept
  elsewhere finds a whole folder set back, or a log rewritten by whoever holds the key
- a new signing key is an entry of its own, so that a lost key is told and does not end the log

Called from the store (append) and the command line (check, newest head).
"""

from __future__ import annotations

import json
import os
import sqlite3
import struct
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from onereel.errors import OnereelError, WrongUse, shown
from onereel.records import merkle
from onereel.records.database import (
    RECORD_COLUMNS,
    canonical,
    heads_file,
    open_read_only,
    record_digest,
    told,
    transaction,
)
from onereel.records.home import Home

# RFC 6962, 3.5: version 1 is 0, the signature of a tree head is type 1.
_SIGNED = struct.Struct(">BBQQ32s")


@dataclass(frozen=True)
class Head:
    """A signed tree head: the first `size` entries have this `root`.

    time: milliseconds since 1970, UTC.  key: the public Ed25519 key, 32 bytes.  signature: over
    RFC 6962's TreeHeadSignature, 64 bytes.
    """

    size: int
    root: bytes
    time: int
    key: bytes
    signature: bytes

    def is_signed(self) -> bool:
        """Whether the signature is that of `key`."""
        try:
            Ed25519PublicKey.from_public_bytes(self.key).verify(
                self.signature, _SIGNED.pack(0, 1, self.time, self.size, self.root)
            )
        except (InvalidSignature, ValueError, struct.error):
            return False
        return True

    def to_json(self) -> str:
        """One line: size and time as numbers, the rest in hex."""
        return canonical(
            {
                "size": self.size,
                "root": self.root.hex(),
                "time": self.time,
                "key": self.key.hex(),
                "signature": self.signature.hex(),
            }
        )

    @classmethod
    def from_json(cls, text: str) -> Head:
        """Raises ValueError for anything but what `to_json` writes."""
        try:
            fields = json.loads(text)
            size, moment = fields["size"], fields["time"]
            if type(size) is not int or type(moment) is not int:
                raise ValueError("size and time must be whole numbers")
            root, key, signature = (
                bytes.fromhex(fields[name]) for name in ("root", "key", "signature")
            )
        except (KeyError, TypeError, RecursionError) as error:
            raise ValueError(f"not a tree head: {error}") from error
        return cls(size, root, moment, key, signature)


def sign_head(key: Ed25519PrivateKey, size: int, root: bytes) -> Head:
    moment = time.time_ns() // 1_000_000
    signature = key.sign(_SIGNED.pack(0, 1, moment, size, root))
    return Head(size, root, moment, key.public_key().public_bytes_raw(), signature)


def append(connection: sqlite3.Connection, key: Ed25519PrivateKey, event: dict[str, Any]) -> Head:
    """Add one entry and its signed head, inside the caller's transaction.

    event: plain JSON without anything personal. Where the key is not the one that signed the
    newest head, an entry that says so comes first.
    """
    row = connection.execute(
        "SELECT size, key, frontier FROM heads ORDER BY size DESC LIMIT 1"
    ).fetchone()
    size, signer, packed = row or (0, None, b"")
    frontier = tuple(packed[at : at + 32] for at in range(0, len(packed), 32))
    public = key.public_key().public_bytes_raw()
    events = [event]
    if signer is not None and signer != public:
        events.insert(0, {"event": "key", "before": signer.hex(), "now": public.hex()})
    for one in events:
        text = canonical(one)
        leaf = merkle.leaf_hash(text.encode())
        connection.execute("INSERT INTO entries VALUES (?, ?, ?)", (size, text, leaf))
        frontier = merkle.grow(frontier, size, leaf)
        size += 1
    head = sign_head(key, size, merkle.root_of(frontier))
    connection.execute(
        "INSERT INTO heads VALUES (?, ?, ?, ?, ?, ?)",
        (head.size, head.root, head.time, head.key, head.signature, b"".join(frontier)),
    )
    return head


def stored_heads(connection: sqlite3.Connection, after: int = 0) -> Iterator[Head]:
    """Heads of more than `after` entries, the oldest first."""
    rows = connection.execute(
        "SELECT size, root, time, key, signature FROM heads WHERE size > ? ORDER BY size", (after,)
    )
    return (Head(*row) for row in rows)


def newest_head(home: Home) -> Head | None:
    """The newest signed head, or None before the first entry."""
    if not home.database.exists():
        return None
    with told(home.database):
        connection = open_read_only(home)
        try:
            row = connection.execute(
                "SELECT size, root, time, key, signature FROM heads ORDER BY size DESC LIMIT 1"
            ).fetchone()
        finally:
            connection.close()
    return Head(*row) if row else None


def publish_heads(connection: sqlite3.Connection, home: Home) -> None:
    """Bring `heads.jsonl` up to the newest committed head.

    A crash between commit and this call leaves the file behind; the next call mends it, and a
    line that was cut short is written again. Raises OnereelError when the file cannot be written.
    """
    path = heads_file(home)
    with transaction(connection):  # the database's lock keeps other processes off the file too
        try:
            descriptor = os.open(path, os.O_CREAT | os.O_RDWR, 0o600)
            with os.fdopen(descriptor, "r+b") as file:
                end = file.seek(0, os.SEEK_END)
                file.seek(max(0, end - 4096))
                tail = file.read()
                whole = tail[: tail.rfind(b"\n") + 1]
                last = whole.splitlines()[-1].decode() if whole else ""
                at = end - len(tail) + len(whole)
                size = Head.from_json(last).size if last else 0
                lines = "".join(head.to_json() + "\n" for head in stored_heads(connection, size))
                if lines or at != end:
                    file.seek(at)
                    file.truncate()
                    file.write(lines.encode())
                    file.flush()
                    os.fsync(file.fileno())
        except OSError as error:
            raise OnereelError(
                f"The record is kept, but {shown(path)} could not be written "
                f"({error.strerror}); make room there, the next record brings it up to date."
            ) from error
        except ValueError as error:
            raise OnereelError(
                f"The record is kept, but {shown(path)} was changed and cannot go on; put back a "
                "copy of it, and check with: onereel audit verify."
            ) from error


def read_heads(path: Path) -> list[Head]:
    """Heads kept elsewhere: a file with one head a line. Raises WrongUse naming the file."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
        heads = [Head.from_json(line) for line in lines if line.strip()]
        if not heads:
            raise ValueError("it is empty")
    except OSError as error:
        raise WrongUse(f"{shown(path)} cannot be read ({error.strerror}).") from error
    except ValueError as error:
        raise WrongUse(
            f"{shown(path)} holds no tree heads; give what `onereel audit head` printed, or a "
            "copy of heads.jsonl."
        ) from error
    return heads


# ---------------------------------------------------------------- checking


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
    def sound(self) -> bool:
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
    published = _published(home)  # before the snapshot's first read: the file is never ahead of it
    events, roots, problems = _check_entries(connection)
    heads = {head.size: head for head in stored_heads(connection)}
    problems += _check_heads(heads, roots, events)
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
    roots, problems = [merkle.EMPTY_ROOT], []
    frontier: merkle.Frontier = ()
    rows = connection.execute("SELECT number, event, leaf FROM entries ORDER BY number")
    for at, (number, text, leaf) in enumerate(rows):
        if number != at and not any("missing" in one.said for one in problems):
            problems.append(Problem(at, f"Entry {at} is missing."))
        data = text.encode() if isinstance(text, str) else bytes(text)
        hashed = merkle.leaf_hash(data)
        try:
            event = json.loads(data)
            if not isinstance(event, dict):
                raise ValueError
        except ValueError:
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
    problems = []
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
    announced = {event.get("now") for event in events if event.get("event") == "key"}
    ordered = [heads[size] for size in sorted(heads)]
    for before, after in zip(ordered, ordered[1:], strict=False):
        if before.key != after.key and after.key.hex() not in announced:
            problems.append(
                Problem(after.size - 1, f"Entry {after.size - 1} was signed with an unknown key.")
            )
            break
    return problems


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
    if not heads or not home.keys.exists():
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
    problems = []
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
