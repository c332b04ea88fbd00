"""The one way out: every film, still and sound that the model made is written here.

visible label -> picture watermark -> sound watermark -> metadata -> encode -> sign -> record
stored -> the file appears, whole. Nothing here can be told to leave out a watermark, the
metadata, the credentials or the record; if any of them fails, no file is written and the error
says which. Only the label can be seen, so only the label is a user's choice, and choosing none
is put on record.

Called from `Clip.save`, the command line and the service.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import IO

import numpy as np
from PIL import Image

from onereel.clip import Clip, Record
from onereel.errors import OnereelError, WrongUse, shown
from onereel.marks import credentials, metadata
from onereel.marks.container import Kind, essence_hash, read_tags, tagged
from onereel.marks.embed import mark_frames
from onereel.marks.keys import Signer, load_signer
from onereel.marks.label import Label, draw_label
from onereel.marks.sound import mark_sound
from onereel.media.write import check_writable, encode_mp4, encode_wav
from onereel.records.fingerprints import fingerprint
from onereel.records.home import Home
from onereel.records.keys import load_signing_key
from onereel.records.store import Store

# Called as progress(stage, done, of) with stages mark, write, sign.
Progress = Callable[[str, int, int], None]
JPEG_QUALITY = 92
IN_MEMORY = 512 * 2**20  # bytes of frames
UNLABELLED = "made without the visible label, as its user asked"


def write_film(
    path: str | Path,
    clip: Clip,
    *,
    home: Home,
    label: Label = Label(),  # noqa: B008  (frozen)
    progress: Progress | None = None,
    signer: Signer | None = None,
) -> Path:
    """Write the clip as an mp4 at `path` with all its marks, and return the path.

    home: the installation that signs and records it.  signer: a key held elsewhere, instead of
    the one that `home` is set up with.
    Raises WrongUse when `path` cannot be written, OnereelError when marking, signing, recording
    or the disk fails; then nothing is written.
    """
    path = check_writable(path)
    tell = progress or (lambda stage, done, of: None)
    record = _record(clip.record, label)
    with _whole(path, home, signer) as out:
        tell("mark", 0, 1)
        frames = _marked(
            clip.frames, clip.fps, record, label, out.scratch(clip.frames.shape),
            lambda done, of: tell("mark", done, of),
        )  # fmt: skip
        sound = None if clip.sound is None else _marked_sound(clip.sound, clip.sample_rate, record)
        tell("mark", 1, 1)
        blank = metadata.blank_code(out.key)
        encode_mp4(
            out.encoded, frames, sound, clip.fps, clip.sample_rate,
            tags=metadata.tags(record, blank) | {"title": f"onereel film {record.id}"},
            progress=lambda done: tell("write", done, len(frames)),
        )  # fmt: skip
        with out.encoded.open("r+b") as file:
            code = metadata.signature_code(out.key, record.id, essence_hash(file, "mp4"))
            _put_in_place(file, blank.encode(), code.encode())
        tell("sign", 0, 1)
        out.sign(record, clip, picture=True, sound=sound is not None)
        _remember(home, record, lambda: replace(clip, frames=frames, sound=sound))
        tell("sign", 1, 1)
    return path


def write_still(
    path: str | Path,
    clip: Clip,
    frame: int = -1,
    *,
    home: Home,
    label: Label = Label(),  # noqa: B008
    height: int | None = None,
    signer: Signer | None = None,
) -> Path:
    """Write one frame of the film as a png or jpg with all its marks; `height` makes a thumbnail.

    The film that the frame is from is recorded, if it is not yet. Raises as `write_film`.
    """
    path = check_writable(path, (".png", ".jpg", ".jpeg"))
    with _whole(path, home, signer) as out:
        record = _record(clip.record, label)
        _write_picture(out, clip, clip.frames[frame], record, label, height)
        _remember(home, record, lambda: clip)
    return path


def write_preview(
    path: str | Path,
    clip: Clip,
    *,
    home: Home,
    label: Label = Label(),  # noqa: B008
    height: int | None = None,
    signer: Signer | None = None,
) -> Path:
    """Write the first frame of a film that is still in the making as a png or jpg.

    Marked and signed like any other, under the draft id of the film to come; the record itself is
    stored with the film, since before it nothing is there to fingerprint, and found by either.
    """
    path = check_writable(path, (".png", ".jpg", ".jpeg"))
    with _whole(path, home, signer) as out:
        _write_picture(out, clip, clip.frames[0], _record(clip.record, label), label, height)
    return path


def write_sound(path: str | Path, clip: Clip, *, home: Home, signer: Signer | None = None) -> Path:
    """Write the film's sound alone as a wav with all its marks. Raises as `write_film`."""
    path = check_writable(path, (".wav",))
    if clip.sound is None:
        raise WrongUse("This film has no sound to write; make it with sound.")
    with _whole(path, home, signer) as out:
        encode_wav(
            out.encoded, _marked_sound(clip.sound, clip.sample_rate, clip.record), clip.sample_rate
        )
        _put_tags(out, clip.record)
        out.sign(clip.record, clip, picture=False, sound=True)
        _remember(home, clip.record, lambda: clip)
    return path


# ---------------------------------------------------------------- the steps


class _Outlet:
    """Where a file is prepared: a hidden folder beside the place where it will appear."""

    def __init__(self, folder: Path, kind: Kind, home: Home, signer: Signer | None) -> None:
        self.kind = kind
        self.encoded, self.signed = folder / f"encoded.{kind}", folder / f"signed.{kind}"
        # Both before the work, so that a lost key costs nobody a film's time.
        self.key = load_signing_key(home)
        self.signer = signer or load_signer(home)

    def scratch(self, shape: tuple[int, ...]) -> np.ndarray:
        """Room for marked frames: memory, or for long, large films a file beside the output."""
        if np.prod(shape) <= IN_MEMORY:
            return np.empty(shape, np.uint8)
        return np.memmap(self.encoded.with_name("frames.raw"), np.uint8, "w+", shape=shape)

    def sign(self, record: Record, clip: Clip, *, picture: bool, sound: bool) -> None:
        credentials.sign(
            self.encoded, self.signed, self.kind, record, self.signer, clip.ingredients,
            picture=picture, sound=sound,
        )  # fmt: skip
        self.check(record)

    def check(self, record: Record) -> None:
        """Read back what was written: metadata once, its signature good, credentials unbroken."""
        with self.signed.open("rb") as file:
            found = metadata.read_metadata(
                read_tags(file, self.kind), essence_hash(file, self.kind)
            )
            file.seek(0)
            media_type = credentials.MEDIA_TYPES[self.kind]
            state = credentials.read_credentials(file, media_type, "").state
        if found.copies != 1 or found.signature != "valid" or found.aigc is None:
            raise OnereelError("The metadata did not read back as written; nothing was written.")
        if found.aigc["ProduceID"] != record.id or state not in ("valid", "trusted"):
            raise OnereelError("The credentials did not read back as signed; nothing was written.")


@contextlib.contextmanager
def _whole(path: Path, home: Home, signer: Signer | None) -> Iterator[_Outlet]:
    """Yield an outlet whose signed file takes `path`'s place if the block succeeds."""
    folder = path.parent.resolve() / f".onereel-{secrets.token_hex(6)}.part"
    suffix = path.suffix.lower().lstrip(".").replace("jpeg", "jpg")
    try:
        folder.mkdir(mode=0o700)
        outlet = _Outlet(folder, suffix, home, signer)  # type: ignore[arg-type]
        yield outlet
        with outlet.signed.open("rb") as file:
            os.fsync(file.fileno())
        os.replace(outlet.signed, path)
    except OSError as error:
        raise OnereelError(
            f"Could not write {shown(path)} ({error.strerror or shown(error)}); "
            "nothing was written."
        ) from error
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _record(record: Record, label: Label) -> Record:
    if label.where != "none" or UNLABELLED in record.warnings:
        return record
    return replace(record, warnings=(*record.warnings, UNLABELLED))


def _marked(
    frames: np.ndarray,
    fps: float,
    record: Record,
    label: Label,
    into: np.ndarray | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> np.ndarray:
    labelled = np.empty(frames.shape, np.uint8) if into is None else into
    labelled[:] = frames
    # First, since the first frame's mark is its brightness to a tenth of a code value.
    draw_label(labelled, fps, label)
    plain = labelled[0].copy()
    marked = mark_frames(labelled, record.id, into=labelled, progress=progress)
    if marked.shape != frames.shape or (marked[0] == plain).all():
        raise OnereelError("The picture could not be watermarked; nothing was written.")
    return marked


def _marked_sound(sound: np.ndarray, rate: int, record: Record) -> np.ndarray:
    marked = mark_sound(sound, rate, record.id)
    if marked is sound or marked.shape != sound.shape:
        raise OnereelError("The sound could not be watermarked; nothing was written.")
    return marked


def _write_picture(
    out: _Outlet, clip: Clip, picture: np.ndarray, record: Record, label: Label, height: int | None
) -> None:
    if height is not None:
        width = round(picture.shape[1] * height / picture.shape[0])
        image = Image.fromarray(picture).resize((width, height), Image.Resampling.LANCZOS)
        picture = np.asarray(image)
    marked = _marked(picture[None], clip.fps, record, label)[0]
    if out.kind == "png":
        Image.fromarray(marked).save(out.encoded, "PNG")
    else:
        Image.fromarray(marked).save(out.encoded, "JPEG", quality=JPEG_QUALITY, subsampling=0)
    _put_tags(out, record)
    out.sign(record, clip, picture=True, sound=False)


def _put_tags(out: _Outlet, record: Record) -> None:
    with out.encoded.open("rb") as file:
        code = metadata.signature_code(out.key, record.id, essence_hash(file, out.kind))
    data = tagged(out.encoded.read_bytes(), out.kind, metadata.tags(record, code))
    out.encoded.write_bytes(data)


def _put_in_place(file: IO[bytes], blank: bytes, code: bytes) -> None:
    """Write `code` over `blank`, which stands once in the index at the head of the file."""
    file.seek(0)
    head = file.read(2**24)
    if len(blank) != len(code) or head.count(blank) != 1:
        raise OnereelError("The metadata could not be signed; nothing was written.")
    file.seek(head.index(blank))
    file.write(code)


def _remember(home: Home, record: Record, film: Callable[[], Clip]) -> None:
    with Store(home) as store:
        stored = store.get(record.id)
        if stored is None:
            clip = film()
            store.add(record, fingerprint(clip.frames, clip.fps, clip.sound, clip.sample_rate))
        elif UNLABELLED in record.warnings and UNLABELLED not in stored.record.warnings:
            raise WrongUse(
                f"The film {record.id} was recorded with its visible label; it can be left out "
                "only from the first file on."
            )
