"""Content credentials (C2PA 2.x): who made the file, with what, from what; signed last.

- the manifest says `c2pa.created` by `trainedAlgorithmicMedia`, ties the file to its watermarks
  (`c2pa.soft-binding`, `c2pa.watermarked.bound`), discloses what SB 942 asks for, and lists every
  reference as an ingredient with its own credentials
- no thumbnails: a picture of a private reference has no place in a film that is passed on
- the reader fetches nothing from the network, and knows one trust list: our own

The SDK parses what it is given in native code, so files of others are read in a child process
(`read_child`) only. Called from `film`, `incoming` and `read_child`.
"""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, Literal

import c2pa  # type: ignore[import-untyped]

from onereel import __version__
from onereel.clip import Ingredient, Record
from onereel.errors import OnereelError, shown
from onereel.marks.container import MEDIA_TYPES, Kind
from onereel.marks.keys import Signer
from onereel.marks.metadata import disclosure

CREATED_BY_MODEL = "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"
# Soft-binding algorithms: the watermarks of `picture` and `sound`, whose value is the record id.
PICTURE_MARK, SOUND_MARK = "org.onereel.watermark.picture.1", "org.onereel.watermark.sound.1"
DISCLOSURE, REFERENCES = "org.onereel.disclosure", "org.onereel.references"

State = Literal["trusted", "valid", "invalid", "unreadable", "none"]
_MOST_LISTED = 32


@dataclass(frozen=True)
class CredentialsFound:
    """The credentials of a file.

    state: `trusted` (unaltered, signed under a root we trust), `valid` (unaltered, signer not
    known to us), `invalid` (altered since it was signed, or badly signed), `unreadable`, `none`.
    signer: name in the certificate.  time: of an RFC 3161 stamp.  generator: software that signed.
    record: the record id that our own disclosure names.  ai_generated: whether it says so.
    ingredients: title and state of each.  problems: the validator's codes.
    """

    state: State
    signer: str | None = None
    time: str | None = None
    generator: str | None = None
    record: str | None = None
    ai_generated: bool = False
    ingredients: tuple[dict[str, str], ...] = ()
    problems: tuple[str, ...] = field(default=())


def sign(
    source: Path,
    target: Path,
    kind: Kind,
    record: Record,
    signer: Signer,
    ingredients: Sequence[Ingredient] = (),
    *,
    picture: bool,
    sound: bool,
) -> None:
    """Copy `source` to `target` with signed credentials.

    picture, sound: which watermarks it carries. Raises OnereelError when the key, the time-stamp
    authority or the disk fails.
    """
    failed: list[OnereelError] = []

    def callback(data: bytes) -> bytes:
        # The SDK swallows what a callback raises; this keeps the reason.
        try:
            return signer.sign(data)
        except OnereelError as error:
            failed.append(error)
        except Exception as error:
            failed.append(OnereelError(f"The signing key failed ({shown(error)})."))
        return b""

    manifest = _manifest(record, ingredients, picture=picture, sound=sound)
    try:
        with (
            c2pa.Signer.from_callback(
                callback, c2pa.C2paSigningAlg.ES256, signer.certificates, signer.time_stamp_url
            ) as native,
            c2pa.Builder(manifest, context=_context("")) as builder,
        ):
            for ingredient in ingredients:
                if ingredient.archive:
                    builder.add_ingredient_from_archive(io.BytesIO(ingredient.archive))
            with source.open("rb") as given, target.open("w+b") as written:
                builder.sign(native, MEDIA_TYPES[kind], given, written)
    except (c2pa.C2paError, OSError) as error:
        if failed:
            raise failed[0] from error
        raise OnereelError(
            f"Could not sign the credentials ({shown(_first_line(error))}); nothing was written."
        ) from error


def read_credentials(file: IO[bytes], media_type: str, anchors: str) -> CredentialsFound:
    """The credentials in an open file; anchors: roots to trust, PEM, may be empty."""
    try:
        with c2pa.Reader(media_type, file, context=_context(anchors)) as reader:
            told = json.loads(reader.json())
    except c2pa.C2paError as error:
        missing = "ManifestNotFound" in str(error) or "no JUMBF data found" in str(error)
        return CredentialsFound("none" if missing else "unreadable")
    manifests = told.get("manifests", {})
    active = manifests.get(told.get("active_manifest"), {})
    results = told.get("validation_results", {}).get("activeManifest", {})
    state: State = {"Trusted": "trusted", "Valid": "valid"}.get(told["validation_state"], "invalid")  # type: ignore[assignment]
    signature = active.get("signature_info", {})
    generator: dict[str, Any] = next(iter(active.get("claim_generator_info", [])), {})
    data = {one.get("label"): one.get("data") for one in active.get("assertions", [])}
    disclosed = data.get(DISCLOSURE)
    actions = (data.get("c2pa.actions.v2") or data.get("c2pa.actions") or {}).get("actions", [])
    return CredentialsFound(
        state,
        signer=_text(signature.get("common_name") or signature.get("issuer")),
        time=_text(signature.get("time")),
        generator=_text(f"{generator.get('name', '')} {generator.get('version', '')}".strip()),
        record=_text(disclosed.get("id")) if isinstance(disclosed, dict) else None,
        ai_generated=any(
            "AlgorithmicMedia" in str(action.get("digitalSourceType")) for action in actions
        ),
        ingredients=tuple(
            _ingredient(one, data.get(REFERENCES))
            for one in active.get("ingredients", [])[:_MOST_LISTED]
        ),
        problems=tuple(str(one.get("code")) for one in results.get("failure", []))[:_MOST_LISTED],
    )


def archive_ingredient(file: IO[bytes], media_type: str, title: str) -> bytes:
    """A reference with its own credentials as a C2PA ingredient archive, or empty if it has no
    place for any. What it holds is validated now, while the file is at hand."""
    definition = {"title": title, "relationship": "inputTo", "instance_id": _instance(title)}
    archive = io.BytesIO()
    try:
        with c2pa.Builder(_generator(), context=_context("")) as builder:
            builder.add_ingredient(definition, media_type, file)
            builder.write_ingredient_archive(_instance(title), archive)
    except c2pa.C2paError:
        return b""
    return archive.getvalue()


def _manifest(
    record: Record, ingredients: Sequence[Ingredient], *, picture: bool, sound: bool
) -> dict[str, Any]:
    created: dict[str, Any] = {
        "action": "c2pa.created",
        "when": record.created,
        "digitalSourceType": CREATED_BY_MODEL,
        "softwareAgent": {"name": f"onereel {record.model}", "version": __version__},
    }
    archived = [_instance(one.title) for one in ingredients if one.archive]
    if archived:
        created["parameters"] = {"ingredientIds": archived}
    marks = [(PICTURE_MARK, "picture")] * picture + [(SOUND_MARK, "sound")] * sound
    actions = [
        created,
        *({"action": "c2pa.watermarked.bound", "description": what} for _, what in marks),
    ]
    assertions: list[dict[str, Any]] = [
        {"label": "c2pa.actions.v2", "data": {"actions": actions}},
        *(
            {
                "label": "c2pa.soft-binding",
                "data": {"alg": alg, "blocks": [{"scope": {}, "value": record.id}]},
            }
            for alg, _ in marks
        ),
        {"label": DISCLOSURE, "data": disclosure(record)},
    ]
    if ingredients:
        told = [
            {"title": one.title, "sha256": one.sha256, "marks": one.marks} for one in ingredients
        ]
        assertions.append({"label": REFERENCES, "data": {"references": told}})
    return _generator() | {"title": f"onereel film {record.id}", "assertions": assertions}


def _generator() -> dict[str, Any]:
    return {"claim_generator_info": [{"name": "onereel", "version": __version__}]}


def _context(anchors: str) -> c2pa.Context:
    settings: dict[str, Any] = {
        "builder": {"thumbnail": {"enabled": False}},
        "verify": {
            "verify_trust": bool(anchors),
            "remote_manifest_fetch": False,
            "ocsp_fetch": False,
            "verify_after_sign": False,  # `film` reads back what it signed
        },
    }
    if anchors:
        settings["trust"] = {"trust_anchors": anchors}
    return c2pa.Context(c2pa.Settings.from_dict(settings))


def _ingredient(told: dict[str, Any], references: Any) -> dict[str, str]:
    title = _text(told.get("title")) or "untitled"
    results = told.get("validation_results", {}).get("activeManifest", {})
    failures = [str(one.get("code")) for one in results.get("failure", [])]
    # An unknown signer is no damage: our reader has no one else's trust list.
    broken = [code for code in failures if code != "signingCredential.untrusted"]
    state = "none" if not told.get("active_manifest") else "invalid" if broken else "valid"
    listed = references.get("references", []) if isinstance(references, dict) else []
    marks: dict[str, Any] = next(
        (one.get("marks", {}) for one in listed if one.get("title") == told.get("title")), {}
    )
    return {"title": title, "credentials": state} | {
        str(k)[:40]: _text(v) or "" for k, v in list(marks.items())[:_MOST_LISTED]
    }


def _instance(title: str) -> str:
    return "onereel:" + title.replace(" ", "-").lower()


def _text(value: object) -> str | None:
    return shown(value) if value else None


def _first_line(error: Exception) -> str:
    return str(error).splitlines()[0] if str(error) else type(error).__name__
