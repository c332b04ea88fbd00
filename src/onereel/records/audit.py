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
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from onereel.errors import OnereelError, WrongUse, shown
from onereel.records import merkle
from onereel.records.database import canonical, heads_file, open_read_only, told, transaction
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
