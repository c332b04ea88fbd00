"""Key files: made once, kept private, told about clearly when they are gone or not ours.

- a folder of files appears whole (a hidden neighbour is written, then renamed), so two processes
  that start together end up with the same keys, and a crash leaves none or all of them
- folders are 0700 and files 0600; a key that others can read is refused
- `load_signing_key`: the Ed25519 key (RFC 8032) that signs the audit log's heads and the `AIGC`
  metadata; its public half lies beside it, so that a lost or replaced key is noticed

Called from the record store and from marks, which keeps its certificates the same way.
"""

from __future__ import annotations

import os
import secrets
import shutil
import stat
from collections.abc import Mapping
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from onereel.errors import OnereelError, shown
from onereel.records.home import Home


def load_signing_key(home: Home) -> Ed25519PrivateKey:
    """The installation's Ed25519 key, made on first use.

    Raises OnereelError, naming the file, when it is lost, unreadable, open to others, or does not
    belong to the public half beside it.
    """
    folder = home.keys / "signing"
    if not folder.exists():
        key = Ed25519PrivateKey.generate()
        make_key_folder(folder, {"key.pem": key_pem(key), "public.pem": public_pem(key)})
    private = load_key(folder / "key.pem")
    if not isinstance(private, Ed25519PrivateKey):
        raise replaced(folder / "key.pem")
    if read_key_file(folder / "public.pem") != public_pem(private):
        raise replaced(folder / "key.pem")
    return private


def make_key_folder(folder: Path, files: Mapping[str, bytes]) -> None:
    """Make `folder` with these files, whole; if another process was first, its files stand."""
    part = folder.with_name(f".{folder.name}-{secrets.token_hex(6)}.part")
    try:
        for parent in [one for one in reversed(folder.parents) if not one.exists()]:
            parent.mkdir(mode=0o700, exist_ok=True)
        part.mkdir(mode=0o700)
        for name, content in files.items():
            descriptor = os.open(part / name, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
        part.rename(folder)
    except OSError as error:
        # Renaming onto a folder that is not empty fails: someone else was first.
        if not folder.is_dir():
            raise OnereelError(
                f"Could not make the keys in {shown(folder)} ({error.strerror}); "
                "make room there, or give another folder."
            ) from error
    finally:
        shutil.rmtree(part, ignore_errors=True)


def read_key_file(path: Path) -> bytes:
    """A file of a key folder, or OnereelError: lost, unreadable, open to others."""
    try:
        with path.open("rb") as file:
            mode = os.fstat(file.fileno()).st_mode
            content = file.read(2**20)
    except FileNotFoundError:
        raise OnereelError(
            f"The key file {shown(path)} is lost; put it back from a backup, or move the folder "
            f"{shown(path.parent)} away and new keys are made."
        ) from None
    except OSError as error:
        raise OnereelError(
            f"The key file {shown(path)} cannot be read ({error.strerror}); "
            "make it readable to you, and only to you."
        ) from error
    if os.name == "posix" and stat.S_IMODE(mode) & 0o077:
        raise OnereelError(
            f"The key file {shown(path)} can be read by other users; run chmod 600 on it, "
            "and if they may have copied it, move its folder away so that new keys are made."
        )
    return content


def load_key(path: Path) -> object:
    """The private key in a PEM file, or OnereelError when it is lost, unreadable or damaged."""
    content = read_key_file(path)
    try:
        return serialization.load_pem_private_key(content, password=None)
    except (ValueError, TypeError) as error:
        raise OnereelError(
            f"The key file {shown(path)} is damaged; put it back from a backup, or move the folder "
            f"{shown(path.parent)} away and new keys are made."
        ) from error


def replaced(path: Path) -> OnereelError:
    """The error for a key that does not belong to what lies beside it."""
    return OnereelError(
        f"The key {shown(path)} does not belong to the file beside it: one of them was replaced; "
        f"put both back from a backup, or move the folder {shown(path.parent)} away and new keys "
        "are made."
    )


def key_pem(key: object) -> bytes:
    """A private key as PKCS#8 in PEM, unencrypted."""
    return key.private_bytes(  # type: ignore[attr-defined]
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )


def public_pem(key: Ed25519PrivateKey | Ed25519PublicKey) -> bytes:
    """The public half as SubjectPublicKeyInfo in PEM."""
    public = key.public_key() if isinstance(key, Ed25519PrivateKey) else key
    return public.public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
