"""The marks that references bring with them, read so that the film made from them carries them on.

A marked picture, clip or recording that is handed in stays known: its own credentials travel in
the film's as an ingredient, and its `AIGC` field and watermarks are named there (EU code of
practice on generated content, measure 1.2). Called from `produce`, once for each reference.
"""

from __future__ import annotations

import contextlib
import json
from pathlib import Path

from onereel.clip import FPS, SAMPLE_RATE, Ingredient
from onereel.errors import WrongUse
from onereel.marks.container import MEDIA_TYPES, kind_of
from onereel.marks.found import WatermarkFound
from onereel.marks.picture import find_picture_mark
from onereel.marks.sound import find_sound_mark
from onereel.marks.untrusted import read_ingredient
from onereel.media.read import open_regular, read_picture, sha256_file
from onereel.media.sandbox import LARGEST_CLIP_BYTES, read_clip, read_recording
from onereel.request import Reference


def read_incoming(reference: Reference, title: str) -> Ingredient:
    """The reference as an ingredient called `title` ("Image 1"), with the marks it carries.

    Raises WrongUse when the file cannot be read at all; marks that cannot be read are none.
    """
    path = reference.path
    marks: dict[str, str] = {}
    archive = b""
    with open_regular(path, LARGEST_CLIP_BYTES) as file:
        head = file.read(12)
        media_type = _media_type(head)
        # What is damaged has no marks to read; the plan, which decodes it, accepts or refuses it.
        with contextlib.suppress(WrongUse):
            if media_type is not None:
                found, archive = read_ingredient(file, kind_of(head), media_type, path, title)
                if found.aigc is not None:
                    marks["AIGC"] = json.dumps(found.aigc, ensure_ascii=False)
    for name, mark in _watermarks(reference.kind, path).items():
        if mark.state == "read" and mark.record is not None:
            marks[f"{name} watermark"] = mark.record
    return Ingredient(title, sha256_file(path), marks, archive)


def _watermarks(kind: str, path: Path) -> dict[str, WatermarkFound]:
    """Upright pictures only: nobody should wait for a search of turns before every film."""
    if kind == "picture":
        return {"picture": find_picture_mark(read_picture(path)[None], FPS, turned=False)}
    if kind == "recording":
        return {"sound": find_sound_mark(read_recording(path, SAMPLE_RATE), SAMPLE_RATE)}
    clip = read_clip(path)
    found = {"picture": find_picture_mark(clip.frames, clip.fps, turned=False)}
    if clip.sound is not None:
        found["sound"] = find_sound_mark(clip.sound, clip.sample_rate)
    return found


def _media_type(head: bytes) -> str | None:
    """As the credentials library names it, or None where the format has no place for any."""
    if head[4:12] == b"ftypqt  ":
        return "video/quicktime"
    if head[4:12] in (b"ftypM4A ", b"ftypM4B "):
        return "audio/mp4"
    kind = kind_of(head)
    if kind is not None:
        return MEDIA_TYPES[kind]
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "image/webp"
    return {b"ID3": "audio/mpeg", b"GIF": "image/gif", b"II*": "image/tiff"}.get(head[:3])
