"""The audit log: append-only, and every change to it or to the records is found.

- an entry is a short JSON event; entries are the leaves of a Merkle tree (RFC 6962, `merkle`)
- each append signs a new tree head with the installation's Ed25519 key, in the transaction of
  the record that the entry tells of
- heads also go to the plain file `heads.jsonl`, to be copied off the machine: only a head kept
  elsewhere finds a whole folder set back, or a log rewritten by whoever holds the key
- a new signing key is an entry of its own, so that a lost key is told and does not end the log

Called from the store (append), the auditor and the command line (newest head).
"""

from __future__ import annotations

import json
import os
import sqlite3
import struct
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from onereel.errors import OnereelError, WrongUse, shown
from onereel.records import merkle
from onereel.records.database import canonical, heads_file, open_read_only, told, transaction
from onereel.records.home import Home

# RFC 6962, 3.5: version 1 is 0, the signature of a tree head is type 1.
_SIGNED = struct.Struct(">BBQQ32s")
# Cast, so that whatever someone put there comes back as what a head is made of.
_HEAD_COLUMNS = (
    "size, CAST(root AS BLOB), CAST(time AS INTEGER), CAST(key AS BLOB), CAST(signature AS BLOB)"
)


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
            return False  # a root or key of another length, a time below zero
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
        f"SELECT {_HEAD_COLUMNS}, CAST(frontier AS BLOB) FROM heads ORDER BY size DESC LIMIT 1"
    ).fetchone()
    size, signer, frontier = 0, None, merkle.Frontier()
    if row is not None:
        size, signer, frontier = row[0], row[3], unpack_frontier(row[5])
        if len(frontier) != size.bit_count() or merkle.root_of(frontier) != row[1]:
            raise OnereelError(
                "The audit log is damaged and takes no more entries; put back a copy of the "
                "records, and see what happened with: onereel audit verify."
            )
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
        f"SELECT {_HEAD_COLUMNS} FROM heads WHERE size > ? ORDER BY size", (after,)
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
                f"SELECT {_HEAD_COLUMNS} FROM heads ORDER BY size DESC LIMIT 1"
            ).fetchone()
        finally:
            connection.close()
    return Head(*row) if row else None


def unpack_frontier(packed: bytes) -> merkle.Frontier:
    return tuple(packed[at : at + 32] for at in range(0, len(packed), 32))


def check_published(connection: sqlite3.Connection, home: Home) -> None:
    """Raise OnereelError when `heads.jsonl` is ahead of the log: the database is an old copy.

    Called inside the transaction of an append, so that no second history is begun.
    """
    path = heads_file(home)
    try:
        with path.open("rb") as file:
            last, _ = _last_published(file)
    except FileNotFoundError:
        return
    except OSError as error:
        raise OnereelError(f"{shown(path)} cannot be read ({error.strerror}).") from error
    except ValueError as error:
        raise OnereelError(
            f"{shown(path)} was changed and cannot go on; put back a copy of it, and check with: "
            "onereel audit verify."
        ) from error
    size = connection.execute("SELECT coalesce(max(size), 0) FROM heads").fetchone()[0]
    if last is not None and last.size > size:
        raise OnereelError(
            f"{shown(home.database)} has {size} log entries, but {path.name} tells of {last.size}: "
            "an old copy was put in its place; put back the newest one."
        )


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
                last, end = _last_published(file)
                new = stored_heads(connection, last.size if last else 0)
                file.seek(end)
                file.truncate()
                file.writelines(f"{head.to_json()}\n".encode() for head in new)
                file.flush()
                os.fsync(file.fileno())
        except (OSError, ValueError) as error:
            reason = error.strerror if isinstance(error, OSError) else "it was changed"
            raise OnereelError(
                f"The record is kept, but {shown(path)} could not be written ({reason}); "
                "mend that, and the next record brings it up to date."
            ) from error


def _last_published(file: BinaryIO) -> tuple[Head | None, int]:
    """The last whole line of a heads file, and where it ends. ValueError when it is no head."""
    length = file.seek(0, os.SEEK_END)
    start = max(0, length - 4096)
    file.seek(start)
    tail = file.read()
    whole = tail[: tail.rfind(b"\n") + 1]
    if not whole:
        if start:
            raise ValueError("a line without end")
        return None, 0
    return Head.from_json(whole.splitlines()[-1].decode()), start + len(whole)


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
