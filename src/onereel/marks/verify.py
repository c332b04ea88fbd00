"""The detector that anyone can run: did onereel make this file, and which record is it?

- looks at everything a file of ours carries: credentials, metadata, watermarks in picture and
  sound; and, where this installation keeps records, at the fingerprints of what it made
- a watermark whose record shows another picture was copied there, and is named so
- says "cannot tell" (`ours` is None) where it cannot, and why
- files of others are decoded and parsed in child processes with limits; nothing is kept

`verify` is `onereel.verify`; the command line shows its report.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from onereel.clip import FPS, SAMPLE_RATE
from onereel.errors import OnereelError, WrongUse, shown
from onereel.marks.container import Kind, kind_of
from onereel.marks.credentials import CredentialsFound
from onereel.marks.found import WatermarkFound
from onereel.marks.keys import trust_anchors
from onereel.marks.metadata import PROVIDER, MetadataFound
from onereel.marks.picture import find_picture_mark, find_suspect
from onereel.marks.sound import find_sound_mark
from onereel.marks.untrusted import read_marks
from onereel.media.read import open_regular
from onereel.media.sandbox import LARGEST_CLIP_BYTES, read_clip, read_recording
from onereel.records.fingerprints import (
    PICTURE_SHARE,
    SOUND_SHARE,
    Comparison,
    Fingerprints,
    compare,
    fingerprint,
)
from onereel.records.home import Home
from onereel.records.keys import read_key_file
from onereel.records.store import Store

EXAMINED_SECONDS = 20.0
# What a watermark alone must promise before it counts, where no record can confirm it.
MOST_FALSE_ALARM = 1e-9


@dataclass(frozen=True)
class Report:
    """What was found in a file.

    ours: True made by onereel, False not (or our mark was copied onto it), None cannot tell.
    record: the record's id, where it was found, and what the record store knows of it.
    picture, sound: what the detectors say; None where the file has no such track or it could not
    be decoded.  notes: whole sentences.
    """

    path: str
    ours: bool | None
    record: dict[str, Any] | None
    credentials: CredentialsFound
    metadata: MetadataFound
    picture: WatermarkFound | None
    sound: WatermarkFound | None
    notes: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        """One object as `onereel verify --json` prints it."""
        metadata = asdict(self.metadata)
        del metadata["public_key"]
        return {
            "file": self.path,
            "ours": self.ours,
            "record": self.record,
            "credentials": asdict(self.credentials),
            "metadata": metadata,
            "watermark": {
                "picture": None if self.picture is None else asdict(self.picture),
                "sound": None if self.sound is None else asdict(self.sound),
            },
            "notes": list(self.notes),
        }


def verify(path: str | Path, *, home: Home | None = None) -> Report:
    """Examine an mp4, mov, wav, png or jpg of anyone's.

    home: whose records, keys and trust to use; the default is this user's own installation.
    Raises WrongUse, one sentence, when the file is no such file, damaged, or too large to read.
    """
    path = Path(path)
    home = home or Home.default()
    notes: list[str] = []
    with open_regular(path, LARGEST_CLIP_BYTES) as file:
        kind = kind_of(file.read(12))
        if kind is None:
            raise WrongUse(
                f"{shown(path)} is not an mp4, mov, wav, png or jpg file; convert it to one."
            )
        marks = read_marks(file, kind, path, _anchors(home, notes))
    media = _decode(path, kind, marks.picture, marks.undecoded, notes)
    evidence = _Evidence(
        marks.credentials,
        marks.metadata,
        None if media.frames is None else find_picture_mark(media.frames, FPS),
        None if media.sound is None else find_sound_mark(media.sound, SAMPLE_RATE),
        _own_public_key(home, notes),
        notes,
    )
    evidence.note_oddities(marks.trailing)
    ours, record = _trace(evidence, media, home)
    return Report(
        str(path), ours, record, marks.credentials, marks.metadata,
        evidence.picture, evidence.sound, tuple(notes),
    )  # fmt: skip


# ---------------------------------------------------------------- looking


@dataclass(frozen=True, eq=False)
class _Media:
    """frames: (T, H, W, 3) uint8 at 24 frames a second, sound: (n, 2) float32 at 24 kHz."""

    frames: np.ndarray | None = None
    sound: np.ndarray | None = None

    def fingerprint(self) -> Fingerprints | None:
        if self.frames is None and self.sound is None:
            return None
        # A blank picture says nothing, so a recording is compared by its sound alone.
        blank = np.zeros((1, 64, 64, 3), np.uint8)
        frames = blank if self.frames is None else self.frames
        return fingerprint(frames, FPS, self.sound, SAMPLE_RATE, query=True)


def _decode(
    path: Path, kind: Kind, still: np.ndarray | None, undecoded: str | None, notes: list[str]
) -> _Media:
    try:
        if kind == "wav":
            sound = read_recording(path, SAMPLE_RATE, EXAMINED_SECONDS, whole=False)
            return _Media(None, sound)
        if kind == "mp4":
            clip = read_clip(path, FPS, EXAMINED_SECONDS, None, SAMPLE_RATE, whole=False)
            examined = len(clip.frames) / FPS
            if clip.seconds > examined + 0.5:
                notes.append(
                    f"Only the first {examined:.0f} of {clip.seconds:.0f} s were examined."
                )
            return _Media(clip.frames, clip.sound)
    except WrongUse as error:
        undecoded = str(error)
    if undecoded is not None:
        notes.append(f"The watermarks cannot be looked for: {undecoded}")
    return _Media(None if still is None else still[None])


def _anchors(home: Home, notes: list[str]) -> str:
    try:
        return trust_anchors(home)
    except OnereelError as error:
        notes.append(f"No signer can be trusted now: {error}")
        return ""


def _own_public_key(home: Home, notes: list[str]) -> bytes | None:
    """The raw Ed25519 key that this installation signs metadata with, if it has one yet."""
    path = home.keys / "signing" / "public.pem"
    if not path.parent.is_dir():
        return None
    try:
        key = load_pem_public_key(read_key_file(path))
    except (OnereelError, ValueError) as error:
        notes.append(f"The metadata's signature cannot be attributed: {error}")
        return None
    return key.public_bytes_raw() if isinstance(key, Ed25519PublicKey) else None


# ---------------------------------------------------------------- judging


@dataclass(eq=False)
class _Evidence:
    """Everything the file says, and the notes on it."""

    credentials: CredentialsFound
    metadata: MetadataFound
    picture: WatermarkFound | None
    sound: WatermarkFound | None
    public_key: bytes | None
    notes: list[str] = field(default_factory=list)

    def signed_record(self) -> tuple[str, str] | None:
        """(where, id) by a signature of ours over these very bytes."""
        if self.credentials.state == "trusted" and self.credentials.record:
            return "credentials", self.credentials.record
        aigc, signature = self.metadata.aigc, self.metadata.signature
        if aigc and signature == "valid" and self.metadata.public_key == self.public_key:
            return "metadata", aigc["ProduceID"]
        return None

    def marked_records(self) -> list[tuple[str, WatermarkFound]]:
        named = (("picture watermark", self.picture), ("sound watermark", self.sound))
        return [(name, mark) for name, mark in named if mark and mark.state == "read"]

    def note_oddities(self, trailing: int) -> None:
        if trailing:
            self.notes.append(
                f"{trailing} bytes are appended in padding that the credentials do not cover."
            )
        if self.metadata.copies > 1:
            self.notes.append(
                f"It carries {self.metadata.copies} AIGC fields, where the standard allows one."
            )
        if self.metadata.signature == "invalid":
            self.notes.append("The metadata's signature does not fit this file: it was altered.")
        if self.credentials.state == "invalid":
            self.notes.append("The credentials do not fit this file: it was altered after signing.")
        if self.credentials.state == "unreadable":
            self.notes.append("It carries credentials that cannot be read.")
        producer = (self.metadata.aigc or {}).get("ContentProducer", "")
        if producer and producer != PROVIDER:
            self.notes.append(f"Its metadata says that {shown(producer)} generated it.")
        elif self.credentials.ai_generated and "onereel" not in (self.credentials.generator or ""):
            self.notes.append(
                f"Its credentials say that {self.credentials.generator} generated it with AI."
            )

    def claims_us(self) -> bool:
        """It says so itself, without a signature that we know."""
        producer = (self.metadata.aigc or {}).get("ContentProducer", "")
        return producer == PROVIDER or "onereel" in (self.credentials.generator or "")


def _trace(
    evidence: _Evidence, media: _Media, home: Home
) -> tuple[bool | None, dict[str, Any] | None]:
    """Whether it is ours, and the record."""
    notes = evidence.notes
    signed, marked = evidence.signed_record(), evidence.marked_records()
    named = [*([signed] if signed else []), *((name, mark.record) for name, mark in marked)]
    if len({record for _, record in named}) > 1:
        told = ", ".join(f"{where} {record}" for where, record in named)
        notes.append(f"Its marks name different records: {told}.")
    record: dict[str, Any] | None = None
    compared: Comparison | None = None
    if named:
        record = {"id": named[0][1], "found_in": [where for where, _ in named]}
    try:
        compared = _look_up(record, media, home)
        if record is None:
            record = _search(media, home)
            if record is not None and media.frames is not None:
                # Knowing what to look for, a mark too faint to be read blindly is still found.
                faint = find_suspect(media.frames, FPS, (record["id"],))
                if faint.state == "read":
                    evidence.picture = faint
                    record["found_in"].append("picture watermark")
    except OnereelError as error:
        notes.append(f"The records cannot be searched: {error}")
    if record is not None and record["found_in"][0] == "fingerprint":
        if record["found_in"] == ["fingerprint"]:
            notes.append("Its marks are gone; it was recognised by its fingerprint.")
        return True, record
    if signed:
        return True, record
    if marked:
        return _judge_marks(marked, compared, notes), record
    return _judge_unmarked(evidence), record


def _look_up(record: dict[str, Any] | None, media: _Media, home: Home) -> Comparison | None:
    """Fill in what the store knows of the record; how like its film this file is."""
    if record is None:
        return None
    record["known"] = False
    if not home.database.exists():
        return None
    with Store(home) as store:
        stored = store.look_up(record["id"])
    if stored is None:
        return None
    record |= {
        "id": stored.record.id,  # a preview bears the film's draft id
        "known": True,
        "created": stored.record.created,
        "system": f"onereel {stored.record.model}",
        "warnings": list(stored.record.warnings),
    }
    query = media.fingerprint()
    if query is None:
        return None
    compared = compare(stored.fingerprints, query)
    record["fingerprint"] = asdict(compared)
    return compared


def _search(media: _Media, home: Home) -> dict[str, Any] | None:
    """The record of an unmarked copy, by fingerprint."""
    query = media.fingerprint() if home.database.exists() else None
    if query is None:
        return None
    with Store(home) as store:
        matches = store.search(query)
        if not matches:
            return None
        best = max(matches, key=lambda match: match.share)
        record: dict[str, Any] = {"id": best.record_id, "found_in": ["fingerprint"]}
        stored = store.get(best.record_id)
    record["known"] = stored is not None
    if stored is not None:
        record |= {"created": stored.record.created, "system": f"onereel {stored.record.model}"}
    record["fingerprint"] = {best.kind: best.share}
    return record


def _judge_marks(
    marked: list[tuple[str, WatermarkFound]], compared: Comparison | None, notes: list[str]
) -> bool | None:
    """Watermarks were read: are they where they belong?"""
    if compared is None:
        notes.append(
            "The record is not kept here, so a mark copied from another film cannot be told apart."
        )
        sure = len({mark.record for _, mark in marked}) == 1 and (
            len(marked) > 1 or marked[0][1].false_alarm <= MOST_FALSE_ALARM
        )
        return True if sure else None
    shares = {
        "picture watermark": (compared.picture, PICTURE_SHARE),
        "sound watermark": (compared.sound, SOUND_SHARE),
    }
    verdicts: dict[str, bool | None] = {}
    for name, _ in marked:
        share, enough = shares[name]
        verdicts[name] = None if share is None else share >= enough
    ours = True in verdicts.values()
    for name in [name for name, fits in verdicts.items() if fits is False]:
        what = name.split()[0]
        notes.append(
            f"The {what} differs from the record's: it was changed or replaced."
            if ours
            else f"The {name} was copied here: the {what} is not that of the record it names."
        )
    if ours:
        return True
    return False if False in verdicts.values() else None


def _judge_unmarked(evidence: _Evidence) -> bool | None:
    """No record was named by anything that can be trusted."""
    found = [mark for mark in (evidence.picture, evidence.sound) if mark is not None]
    for mark in found:
        if mark.state == "present":
            evidence.notes.append("A onereel watermark is there, too damaged to name its record.")
            return True if mark.false_alarm <= MOST_FALSE_ALARM else None
    if evidence.claims_us():
        evidence.notes.append("It says that onereel made it, but nothing in it proves that.")
        return None
    if any(mark.state == "absent" for mark in found):
        return False
    evidence.notes.append("Whether onereel made it cannot be told from what is left of it.")
    return None
