"""What a file says of itself in plain metadata: the Chinese `AIGC` field and the disclosure.

- `AIGC` (GB 45438-2025, annex E): one JSON of seven keys; ReservedCode1 is our signature
- `disclosure` (California SB 942, section 22757.3 (b)): provider, system, version, time, id
- the signature is Ed25519 (RFC 8032) over the record id and the essence hash of the finished
  file, and carries its public key: `ed25519.<key>.<signature>`, both base64url

Plain metadata is gone after the first careless copy; watermarks and records are what lasts.
Called from `film`, which writes it, and `verify`, which reads it.
"""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from onereel import __version__
from onereel.clip import Record

PROVIDER = "onereel"
AIGC_KEYS = (
    "Label", "ContentProducer", "ProduceID", "ReservedCode1",
    "ContentPropagator", "PropagateID", "ReservedCode2",
)  # fmt: skip
_MOST_SHOWN = 200


@dataclass(frozen=True)
class MetadataFound:
    """The plain metadata of a file.

    aigc: the seven keys that are there, or None.  copies: how many `AIGC` fields there are; one
    is right.  disclosure: SB 942's fields, or None.  signature: of ReservedCode1 over this very
    file: `valid` (and by which key), `invalid`, or `none` of the kind we write.
    """

    aigc: dict[str, str] | None
    copies: int
    disclosure: dict[str, str] | None
    signature: str
    public_key: bytes | None


def tags(record: Record, code: str) -> dict[str, str]:
    """Everything a file of this record says of itself; `code` is ReservedCode1."""
    aigc = dict.fromkeys(AIGC_KEYS, "")
    aigc |= {
        "Label": "1",
        "ContentProducer": PROVIDER,
        "ProduceID": record.id,
        "ReservedCode1": code,
    }
    return {"AIGC": _json(aigc), "disclosure": _json(disclosure(record))}


def disclosure(record: Record) -> dict[str, str]:
    """SB 942's latent disclosure, which the credentials carry too."""
    return {
        "provider": PROVIDER,
        "system": f"onereel {record.model}",
        "version": __version__,
        "created": record.created,
        "id": record.id,
    }


def signature_code(key: Ed25519PrivateKey, record_id: str, essence: str) -> str:
    """ReservedCode1 for a file whose essence hash is known."""
    public = key.public_key().public_bytes_raw()
    return _code(public, key.sign(_statement(record_id, essence)))


def blank_code(key: Ed25519PrivateKey) -> str:
    """As long as `signature_code`: it holds the place until the file's essence is written."""
    return _code(key.public_key().public_bytes_raw(), bytes(64))


def read_metadata(found: Mapping[str, list[str]], essence: str | None) -> MetadataFound:
    """What the tags of a file (see `container.read_tags`) say, checked against its essence."""
    copies = [value for name, values in found.items() if "AIGC" in name for value in values]
    aigc = _fields(copies[0]) if copies else None
    if aigc is not None and isinstance(aigc.get("AIGC"), dict):
        aigc = aigc["AIGC"]
    told = _fields(found["disclosure"][0]) if found.get("disclosure") else None
    seven = (
        None if aigc is None else {k: str(aigc[k])[:_MOST_SHOWN] for k in AIGC_KEYS if k in aigc}
    )
    state, public = _check(seven or {}, essence)
    return MetadataFound(
        seven,
        len(copies),
        None if told is None else {str(k)[:40]: str(v)[:_MOST_SHOWN] for k, v in told.items()},
        state,
        public,
    )


def _check(aigc: Mapping[str, str], essence: str | None) -> tuple[str, bytes | None]:
    scheme, _, rest = aigc.get("ReservedCode1", "").partition(".")
    if scheme != "ed25519":
        return "none", None
    try:
        public, signature = (urlsafe_b64decode(part + "==") for part in rest.split("."))
        Ed25519PublicKey.from_public_bytes(public).verify(
            signature, _statement(aigc.get("ProduceID", ""), essence or "")
        )
    except (ValueError, InvalidSignature):
        return "invalid", None
    return "valid", public


def _statement(record_id: str, essence: str) -> bytes:
    return f"onereel AIGC 1\n{record_id}\n{essence}\n".encode()


def _code(public: bytes, signature: bytes) -> str:
    return ".".join(
        ["ed25519", *(urlsafe_b64encode(b).rstrip(b"=").decode() for b in (public, signature))]
    )


def _fields(text: str) -> dict[str, Any] | None:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def _json(fields: Mapping[str, str]) -> str:
    return json.dumps(fields, ensure_ascii=False, separators=(",", ":"))
