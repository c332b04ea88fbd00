"""The SQLite file of an installation: its tables, how it is opened, what can go wrong with it.

- tables: `records` (what was made), `entries` and `heads` (the audit log, see `audit`)
- write-ahead logging and full syncs: a power cut or kill leaves whole transactions or none
- entries and heads refuse changes by trigger; that stops accidents, the audit finds the rest
- every error of SQLite becomes one sentence that says what to do

What is stored: the whole record, prompt included, since it is the owner's own machine and the
record is what makes the film again; folder 0700, file 0600. The audit log beside it holds no
prompt and nothing about a person: a record stands there as its random id and a salted hash, from
which not even a guessed prompt can be confirmed once the record itself is gone.

Called from the store, the audit log and the auditor.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path

from onereel.errors import OnereelError, shown
from onereel.records.home import Home

VERSION = 1
PATIENCE_SECONDS = 20.0

# Large columns come last: SQLite reads a row from its start only as far as it is asked to.
RECORD_COLUMNS = (
    "id", "created", "request_hash", "model", "weights_hash", "reference_hashes", "seed",
    "record", "salt", "rough_pictures", "rough_sound", "fingerprints",
)  # fmt: skip

_SCHEMA = f"""
CREATE TABLE records (
    number INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    created TEXT NOT NULL,
    request_hash TEXT NOT NULL,
    model TEXT NOT NULL,
    weights_hash TEXT NOT NULL,
    reference_hashes TEXT NOT NULL,
    seed INTEGER NOT NULL,
    record TEXT NOT NULL,
    salt BLOB NOT NULL,
    rough_pictures BLOB NOT NULL,
    rough_sound BLOB NOT NULL,
    fingerprints BLOB NOT NULL
);
CREATE INDEX records_by_request ON records (request_hash);
CREATE TABLE entries (number INTEGER PRIMARY KEY, event TEXT NOT NULL, leaf BLOB NOT NULL);
CREATE TABLE heads (
    size INTEGER PRIMARY KEY,
    root BLOB NOT NULL,
    time INTEGER NOT NULL,
    key BLOB NOT NULL,
    signature BLOB NOT NULL,
    frontier BLOB NOT NULL
);
CREATE TRIGGER entries_stay BEFORE UPDATE ON entries
    BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
CREATE TRIGGER entries_last BEFORE DELETE ON entries
    BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
CREATE TRIGGER heads_stay BEFORE UPDATE ON heads
    BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
CREATE TRIGGER heads_last BEFORE DELETE ON heads
    BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
PRAGMA user_version = {VERSION};
"""


def heads_file(home: Home) -> Path:
    """The plain file of signed heads, one JSON object a line, to be copied off the machine."""
    return home.folder / "heads.jsonl"


def open_database(home: Home, patience: float = PATIENCE_SECONDS) -> sqlite3.Connection:
    """A connection that can write; makes folder and file on first use.

    Raises OnereelError when the database is missing though the heads file says it existed, and
    for whatever else is wrong with it. patience: seconds to wait for other writers.
    """
    path = home.database
    if not path.exists() and heads_file(home).exists():
        raise OnereelError(
            f"{shown(path)} is missing, though {heads_file(home).name} beside it tells of its "
            "entries; put the database back from a copy, or move that file away to start anew."
        )
    try:
        home.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    except OSError as error:
        raise OnereelError(
            f"{shown(path)} cannot be written ({error.strerror}); make it and its folder "
            "writable to you."
        ) from error
    with told(path):
        connection = sqlite3.connect(path, timeout=patience, isolation_level=None)
        try:
            _prepare(connection, path, patience)
        except BaseException:
            connection.close()
            raise
    return connection


def open_read_only(home: Home, patience: float = PATIENCE_SECONDS) -> sqlite3.Connection:
    """A connection that changes nothing. The database must exist."""
    with told(home.database):
        connection = sqlite3.connect(
            f"{home.database.absolute().as_uri()}?mode=ro",
            uri=True,
            timeout=patience,
            isolation_level=None,
        )
        # Someone may have put bytes where text was: they must come back, and differ.
        connection.text_factory = lambda data: data.decode("utf-8", "surrogateescape")
        try:
            _check_version(connection, home.database)
        except BaseException:
            connection.close()
            raise
    return connection


def _prepare(connection: sqlite3.Connection, path: Path, patience: float) -> None:
    deadline = time.monotonic() + patience
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            break
        except sqlite3.OperationalError as error:
            # Changing the mode does not wait for others by itself.
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                raise
            time.sleep(0.02)
    connection.execute("PRAGMA synchronous = FULL")
    if connection.execute("PRAGMA user_version").fetchone()[0] == 0:
        with transaction(connection):
            if connection.execute("PRAGMA user_version").fetchone()[0] == 0:
                for statement in _statements():
                    connection.execute(statement)
    _check_version(connection, path)


def _statements() -> Iterator[str]:
    """The schema one statement at a time: `executescript` would commit in between."""
    whole = ""
    for line in _SCHEMA.strip().splitlines():
        whole += line + "\n"
        if sqlite3.complete_statement(whole):
            yield whole
            whole = ""


def _check_version(connection: sqlite3.Connection, path: Path) -> None:
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    if version != VERSION:
        raise OnereelError(
            f"{shown(path)} is not a record store of this version of onereel (its version is "
            f"{version}, here it is {VERSION}); install the onereel that wrote it."
        )


@contextlib.contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """All or nothing, one writer at a time, other processes waiting."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        with contextlib.suppress(sqlite3.Error):  # SQLite may have rolled back by itself
            connection.execute("ROLLBACK")
        raise


@contextlib.contextmanager
def told(path: Path) -> Iterator[None]:
    """SQLite's errors as one sentence of an OnereelError."""
    try:
        yield
    except sqlite3.Error as error:
        name = getattr(error, "sqlite_errorname", None) or ""
        for start, sentence in _SENTENCES.items():
            if name.startswith(start):
                raise OnereelError(f"{shown(path)} {sentence}") from error
        raise OnereelError(
            f"{shown(path)} could not be used ({shown(error)}); nothing was changed."
        ) from error


_SENTENCES = {
    "SQLITE_FULL": "could not grow, the disk is full; nothing was changed: make room, try again.",
    "SQLITE_BUSY": "is in use by another process that does not let go; try again when it is done.",
    "SQLITE_LOCKED": "is in use by another process that does not let go; try again later.",
    "SQLITE_READONLY": "cannot be written; make it and its folder writable to you.",
    "SQLITE_CANTOPEN": "cannot be opened; make it and its folder readable and writable to you.",
    "SQLITE_PERM": "cannot be opened; make it and its folder readable and writable to you.",
    "SQLITE_CORRUPT": "is damaged; move it away unchanged and put a copy in its place.",
    "SQLITE_NOTADB": "is damaged or no record store; move it away and put a copy in its place.",
    "SQLITE_IOERR": "could not be read or written, the disk failed; nothing was changed.",
}


def record_digest(row: dict[str, object]) -> str:
    """SHA-256 in hex over all columns of a row of `records`, its random salt among them."""
    told_row = [
        hashlib.sha256(value).hexdigest() if isinstance(value, bytes) else value
        for value in (row[name] for name in RECORD_COLUMNS)
    ]
    return hashlib.sha256(canonical(told_row).encode()).hexdigest()


def canonical(value: object) -> str:
    """JSON that is the same for the same value: keys sorted, no spaces, ASCII."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"))
