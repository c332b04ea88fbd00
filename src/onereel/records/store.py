"""The store of what was made: every film's record and fingerprints, and the way back to them.

- one SQLite file, safe between processes; `database` says what is kept and why
- adding a record, its fingerprints and its audit entry is one transaction
- a film whose metadata is gone is found by what it looks and sounds like: a quick scan of the
  first word of every hash ranks all records, exact comparison decides among the best

Called from the main path, which adds each film, from verification and from the command line.
"""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
from dataclasses import dataclass
from types import TracebackType
from typing import Literal

import numpy as np

from onereel.clip import Record
from onereel.errors import OnereelError
from onereel.records.audit import Head, append, check_published, publish_heads
from onereel.records.database import (
    PATIENCE_SECONDS,
    RECORD_COLUMNS,
    canonical,
    open_database,
    record_digest,
    told,
    transaction,
)
from onereel.records.fingerprints import (
    PICTURE_SHARE,
    PLAIN_RATE,
    QUERY_CROPS,
    SOUND_SHARE,
    Fingerprints,
    compare,
    mirror_mask,
)
from onereel.records.home import Home
from onereel.records.keys import load_signing_key

_CHUNK = 256  # records scanned at once: their first words fit a processor's cache
_CANDIDATES = 24  # records that are compared exactly, for pictures and for sound each
_QUERY_SAMPLES = 10
_BLOCK_WORDS, _BLOCK_STEP = 12, 3  # of sound: 12 words over 1.4 s
_FAR = 1e9  # the score of what cannot match


@dataclass(frozen=True)
class StoredRecord:
    record: Record
    fingerprints: Fingerprints


@dataclass(frozen=True)
class Match:
    """record_id: whose film.  share: as in `Comparison`.  kind: by what it was recognised."""

    record_id: str
    share: float
    kind: Literal["picture", "sound"]


class Store:
    """Use as `with Store(home) as store:`; made on first use. Not shared between threads.

    patience: seconds to wait while another process writes. Every method raises OnereelError, one
    sentence, when the database is damaged, locked, read-only or out of room; nothing is then
    half-written.
    """

    def __init__(self, home: Home, patience: float = PATIENCE_SECONDS) -> None:
        self.home = home
        self._patience = patience
        self._connection: sqlite3.Connection | None = None

    def __enter__(self) -> Store:
        self._connection = open_database(self.home, self._patience)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    @property
    def connection(self) -> sqlite3.Connection:
        if self._connection is None:
            raise OnereelError("The store is closed; use it as `with Store(home) as store:`.")
        return self._connection

    def add(self, record: Record, fingerprints: Fingerprints) -> Head:
        """Keep a film's record and log it; returns the signed head of the log.

        Raises OnereelError when its id is taken already, or the signing key cannot be used.
        """
        connection = self.connection
        key = load_signing_key(self.home)
        row = _row(record, fingerprints)
        columns, marks = ", ".join(row), ", ".join("?" * len(row))
        event = {
            "event": "film",
            "record": record.id,
            "digest": record_digest(row),
            "time": record.created,
        }
        with told(self.home.database):
            with transaction(connection):
                if connection.execute(
                    "SELECT 1 FROM records WHERE id = ?", (record.id,)
                ).fetchone():
                    raise OnereelError(f"Record {record.id} is in the store already.")
                connection.execute(
                    f"INSERT INTO records ({columns}) VALUES ({marks})", tuple(row.values())
                )
                check_published(connection, self.home)
                head = append(connection, key, event)
            publish_heads(connection, self.home)
        return head

    def get(self, record_id: str) -> StoredRecord | None:
        """The record with this id, or None."""
        return self._one("id = ?", record_id)

    def look_up(self, record_id: str) -> StoredRecord | None:
        """The record with this id, or else the one that had it as its draft id, or None.

        The second reads every record, so it is for who asks, not for who writes."""
        drafted = "json_valid(record) AND json_extract(record, '$.draft') = ?"
        return self.get(record_id) or self._one(drafted, record_id)

    def _one(self, condition: str, value: str) -> StoredRecord | None:
        with told(self.home.database):
            row = self.connection.execute(
                f"SELECT record, fingerprints FROM records WHERE {condition}", (value,)
            ).fetchone()
        return row and StoredRecord(_record(row[0]), Fingerprints.from_bytes(row[1]))

    def search(self, fingerprints: Fingerprints) -> list[Match]:
        """Films that this one was copied from, the surest first; see `fingerprints.compare`.

        Best given fingerprints made with `query=True`. Of many copies of one film the 24 nearest
        are told.
        """
        with told(self.home.database):
            numbers = _candidates(self.connection, fingerprints)
            marks = ", ".join("?" * len(numbers))
            rows = self.connection.execute(
                f"SELECT id, fingerprints FROM records WHERE number IN ({marks})", numbers
            ).fetchall()
        matches = []
        for record_id, stored in rows:
            found = compare(Fingerprints.from_bytes(stored), fingerprints)
            if found.picture is not None and found.picture >= PICTURE_SHARE:
                matches.append(Match(record_id, found.picture, "picture"))
            if found.sound is not None and found.sound >= SOUND_SHARE:
                matches.append(Match(record_id, found.sound, "sound"))
        return sorted(matches, key=lambda match: -match.share)

    def list(self, limit: int = 100) -> list[Record]:
        """The newest records first."""
        with told(self.home.database):
            rows = self.connection.execute(
                "SELECT record FROM records ORDER BY number DESC LIMIT ?", (limit,)
            ).fetchall()
        return [_record(text) for (text,) in rows]


def request_hash(record: Record) -> str:
    """SHA-256 in hex of what was asked for: the same request, seed and weights give one hash."""
    asked = (
        record.prompt, record.references, record.seed, record.seconds, record.width,
        record.height, record.steps, record.model, record.weights_hash,
    )  # fmt: skip
    return hashlib.sha256(canonical(asked).encode()).hexdigest()


def _row(record: Record, fingerprints: Fingerprints) -> dict[str, object]:
    row = {
        "id": record.id,
        "created": record.created,
        "request_hash": request_hash(record),
        "model": record.model,
        "weights_hash": record.weights_hash,
        "reference_hashes": canonical(record.references),
        "seed": record.seed,
        "record": record.to_json(),
        "salt": os.urandom(32),
        "rough_pictures": fingerprints.pictures[..., 0].astype("<u8").tobytes(),
        "rough_sound": fingerprints.sound[PLAIN_RATE].astype("<u4").tobytes(),
        "fingerprints": fingerprints.to_bytes(),
    }
    assert tuple(row) == RECORD_COLUMNS
    return row


def _record(text: str) -> Record:
    try:
        fields = json.loads(text)
        for name in ("references", "warnings"):
            fields[name] = tuple(fields[name])
        return Record(**fields)
    except (ValueError, TypeError, KeyError) as error:
        raise OnereelError(
            "A stored record is damaged; put back a copy of the records, and see which it is "
            "with: onereel audit verify."
        ) from error


# ---------------------------------------------------------------- the quick scan


def _candidates(connection: sqlite3.Connection, query: Fingerprints) -> list[int]:
    """Numbers of the records whose first words lie nearest."""
    numbers, pictures, sounds = [np.zeros(0, np.int64)], [np.zeros(0)], [np.zeros(0)]
    words, blocks = _query_words(query), _query_blocks(query)
    cursor = connection.execute(
        "SELECT number, rough_pictures, rough_sound FROM records ORDER BY number"
    )
    while rows := cursor.fetchmany(_CHUNK):
        numbers.append(np.array([number for number, _, _ in rows]))
        pictures.append(_picture_scores([rough for _, rough, _ in rows], words))
        sounds.append(_sound_scores([rough for _, _, rough in rows], blocks))
    every = np.concatenate(numbers)
    chosen: set[int] = set()
    for scores in (np.concatenate(pictures), np.concatenate(sounds)):
        best = np.argsort(scores, kind="stable")[:_CANDIDATES]
        chosen.update(int(every[at]) for at in best if scores[at] < _FAR)
    return sorted(chosen)


def _query_words(query: Fingerprints) -> np.ndarray:
    """First words (S, 2K) uint64 of some sharp samples, through each query crop, and mirrored."""
    sharp = query.pictures[query.sharp]
    step = -(-len(sharp) // _QUERY_SAMPLES) or 1
    words = sharp[::step, :QUERY_CROPS, 0]
    return np.concatenate([words, words ^ mirror_mask()[0]], axis=1)


def _picture_scores(stored: list[bytes], words: np.ndarray) -> np.ndarray:
    """(records,): mean bits by which the nearer half of the query's samples differ; low is near."""
    counts = np.array([len(one) // 8 for one in stored])
    scores = np.full(len(stored), _FAR)
    if not len(words) or not counts.any():
        return scores
    hashes = np.frombuffer(b"".join(stored), "<u8")
    some = counts > 0
    starts = (np.cumsum(counts) - counts)[some]
    nearest = np.empty((len(words), len(starts)), np.uint8)
    for sample, looks in enumerate(words):
        best = np.bitwise_count(hashes ^ looks[0])
        for look in looks[1:]:
            np.minimum(best, np.bitwise_count(hashes ^ look), out=best)
        nearest[sample] = np.minimum.reduceat(best, starts)
    half = -(-len(words) // 2)
    scores[some] = np.sort(nearest, axis=0)[:half].mean(0)
    return scores


def _query_blocks(query: Fingerprints) -> np.ndarray:
    """Words (B, 12) uint32: two audible stretches of the query, at every second rate."""
    span = (_BLOCK_WORDS - 1) * _BLOCK_STEP + 1
    blocks = []
    for words, heard in zip(query.sound[::2], query.heard[::2], strict=True):
        if len(words) < span:
            break
        audible = np.convolve(heard, np.ones(span), "valid")
        middle = len(audible) // 2
        for part, begin in ((audible[: middle + 1], 0), (audible[middle:], middle)):
            start = begin + int(np.argmax(part))
            if audible[start] == span:
                blocks.append(words[start : start + span : _BLOCK_STEP])
    return np.array(blocks, np.uint32).reshape(-1, _BLOCK_WORDS)


def _sound_scores(stored: list[bytes], blocks: np.ndarray) -> np.ndarray:
    """(records,): least bits by which any block differs anywhere; low is near."""
    span = (_BLOCK_WORDS - 1) * _BLOCK_STEP + 1
    counts = np.array([len(one) // 4 for one in stored])
    scores = np.full(len(stored), _FAR)
    # The tail of the last record is padded; other records run on into the next, harmlessly.
    words = np.frombuffer(b"".join(stored) + bytes(4 * span), "<u4")
    some = counts > 0
    if not len(blocks) or not some.any():
        return scores
    starts = (np.cumsum(counts) - counts)[some]
    places = len(words) - span
    best = np.full(places, np.iinfo(np.uint16).max, np.uint16)
    for block in blocks:
        differ = np.zeros(places, np.uint16)
        for at, word in enumerate(block):
            here = words[at * _BLOCK_STEP : at * _BLOCK_STEP + places]
            differ += np.bitwise_count(here ^ word)
        np.minimum(best, differ, out=best)
    scores[some] = np.minimum.reduceat(best, starts)
    return scores
