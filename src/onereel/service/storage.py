"""Where films lie, and the links that lead to them: a local folder or S3, one interface.

- `LocalStorage`: files appear whole or not at all; links are signed by HMAC, expire, and are
  served by this app at /files/... (`links`) with Range support
- `S3Storage`: any S3 (obstore, extra `cluster`); links are presigned by the same rules
- a link names one object, so links die when it is removed, or goes by another name (`rename`)
- a name is checked before it meets a path, so no name leads out of the folder
- `check_room` says early and clearly that the disk or the quota is full

Called from the app, the jobs, `links` and both dialects.
"""

from __future__ import annotations

import contextlib
import hmac
import os
import re
import secrets
import shutil
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import quote, urlencode

from fastapi import Request
from fastapi.responses import FileResponse, RedirectResponse, Response

from onereel.errors import OnereelError, WrongUse, shown
from onereel.service.access import derive
from onereel.service.errors import ApiError

if TYPE_CHECKING:
    from obstore.store import S3Store

# Left free whatever the quota: the database and the jobs' latents live on the same disk.
RESERVE_BYTES = 512 * 2**20
LONGEST_NAME = 200

_NAME = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]*(/[A-Za-z0-9_-][A-Za-z0-9._-]*)*")
_MEDIA_TYPES = {".mp4": "video/mp4", ".mov": "video/quicktime", ".png": "image/png"} | {
    ".jpg": "image/jpeg",
    ".json": "application/json",
}


class Storage(Protocol):
    """Objects by name, such as cgt-20261122183000-k3x9v/film.mp4.

    A missing object raises ApiError 404; anything the disk or the network does, OnereelError.
    """

    def check_room(self, size: int = 0) -> None:
        """ApiError 429 QuotaExceeded unless `size` bytes more may be kept."""

    def put(self, name: str, source: Path) -> None:
        """Keep a copy of the file `source` as `name`, whole or not at all; replaces the old."""

    def get(self, name: str, target: Path) -> None:
        """Copy the object to the file `target`."""

    def remove(self, name: str) -> None:
        """Forget the object; no error when it is gone already."""

    def rename(self, name: str) -> str:
        """The object under a fresh name as well, which is returned. With the old one removed,
        every link to it is dead."""

    def link(self, name: str, base_url: str, expires: int) -> str:
        """A URL that anyone may use until `expires` (unix seconds)."""

    def response(self, name: str, request: Request, filename: str | None = None) -> Response:
        """The object itself, for a route that has checked who asks."""

    def used_bytes(self) -> int:
        """What all objects take together."""


# ---------------------------------------------------------------- a local folder


class LocalStorage:
    """Objects as files under `folder`. secret: signs the links. quota: bytes, or None."""

    def __init__(self, folder: Path, secret: bytes, quota: int | None = None) -> None:
        self.folder, self.quota = folder.resolve(), quota
        self._secret = derive(secret, "files")
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)

    def check_room(self, size: int = 0) -> None:
        if self.quota is not None and self.used_bytes() + size > self.quota:
            raise _full(f"its quota of {self.quota / 1e6:.0f} MB is used up")
        if shutil.disk_usage(self.folder).free < size + RESERVE_BYTES:
            raise _full("the disk is full")

    def put(self, name: str, source: Path) -> None:
        path = self._path(name)
        self.check_room(source.stat().st_size)
        part = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
        try:
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            with source.open("rb") as old, part.open("xb") as new:
                shutil.copyfileobj(old, new, 2**20)
                new.flush()
                os.fsync(new.fileno())
            part.replace(path)
        except OSError as error:
            part.unlink(missing_ok=True)
            raise OnereelError(f"Could not keep {shown(name)}: {shown(error)}.") from error

    def get(self, name: str, target: Path) -> None:
        path = self._found(name)
        try:
            shutil.copyfile(path, target)
        except OSError as error:
            raise OnereelError(f"Could not read {shown(name)}: {shown(error)}.") from error

    def remove(self, name: str) -> None:
        path = self._path(name)
        path.unlink(missing_ok=True)
        self._tidy(path.parent)

    def rename(self, name: str) -> str:
        path, fresh = self._found(name), fresh_name(name)
        target = self._path(fresh)
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        os.link(path, target)
        return fresh

    def link(self, name: str, base_url: str, expires: int) -> str:
        query = urlencode({"expires": expires, "signature": self._sign(name, expires)})
        return f"{base_url.rstrip('/')}/files/{quote(check_name(name))}?{query}"

    def response(self, name: str, request: Request, filename: str | None = None) -> Response:
        path = self._found(name)
        return FileResponse(
            path,
            media_type=_MEDIA_TYPES.get(path.suffix, "application/octet-stream"),
            filename=filename or path.name,
            content_disposition_type="inline",
            headers={"Cache-Control": "private, no-store", "X-Content-Type-Options": "nosniff"},
        )

    def used_bytes(self) -> int:
        total = 0
        for folder, _, files in os.walk(self.folder):
            for file in files:
                with contextlib.suppress(FileNotFoundError):  # removed while we count
                    total += os.stat(os.path.join(folder, file), follow_symlinks=False).st_size
        return total

    def check_link(self, name: str, expires: int, signature: str, now: float) -> None:
        """ApiError 403 unless `link` made this one and it has not expired."""
        # The expired and the forged look alike: whoever guesses learns nothing.
        good = hmac.compare_digest(
            self._sign(name, expires).encode(), signature.encode(errors="replace")
        )
        if not good or expires <= now:
            raise ApiError(
                403, "AccessDenied", "This link has expired or is not one of ours; get a new one."
            )

    def _sign(self, name: str, expires: int) -> str:
        return derive(self._secret, name, str(expires)).hex()

    def _path(self, name: str) -> Path:
        return self.folder / check_name(name)

    def _found(self, name: str) -> Path:
        path = self._path(name)
        if not path.is_file() or path.is_symlink():
            raise _gone()
        return path

    def _tidy(self, folder: Path) -> None:
        while folder != self.folder:
            try:
                folder.rmdir()
            except OSError:  # not empty, or gone: both fine
                return
            folder = folder.parent


# ---------------------------------------------------------------- S3


class S3Storage:
    """Objects under `prefix` of a bucket; `store` holds endpoint and credentials."""

    def __init__(self, store: S3Store, quota: int | None = None) -> None:
        self.store, self.quota = store, quota

    @classmethod
    def from_url(cls, url: str, quota: int | None = None, **settings: Any) -> S3Storage:
        """s3://bucket/prefix; `settings` as obstore takes them (endpoint, region, keys), the
        rest from the standard AWS variables."""
        try:
            from obstore.store import S3Store
        except ModuleNotFoundError:
            raise WrongUse(
                "obstore is not installed; run: pip install 'onereel[cluster]'."
            ) from None
        try:
            return cls(S3Store.from_url(url, **settings), quota)
        except Exception as error:  # obstore has a class for each of its many complaints
            raise WrongUse(f"{shown(url)} cannot be used as storage: {shown(error)}.") from error

    def check_room(self, size: int = 0) -> None:
        if self.quota is not None and self.used_bytes() + size > self.quota:
            raise _full(f"its quota of {self.quota / 1e6:.0f} MB is used up")

    def put(self, name: str, source: Path) -> None:
        import obstore

        self.check_room(source.stat().st_size)
        kind = _MEDIA_TYPES.get(source.suffix, "application/octet-stream")
        with _telling(name), source.open("rb") as file:
            # Above 5 MB in parts; S3 shows an object only when it is complete.
            obstore.put(self.store, check_name(name), file, attributes={"Content-Type": kind})

    def get(self, name: str, target: Path) -> None:
        import obstore

        with _telling(name), target.open("wb") as file:
            for piece in obstore.get(self.store, check_name(name)).stream(2**20):
                file.write(piece)

    def remove(self, name: str) -> None:
        import obstore

        try:
            with _telling(name):
                obstore.delete(self.store, check_name(name))
        except ApiError:
            return  # gone already

    def rename(self, name: str) -> str:
        import obstore

        fresh = fresh_name(name)
        with _telling(name):
            obstore.copy(self.store, check_name(name), fresh)
        return fresh

    def link(self, name: str, base_url: str, expires: int) -> str:
        import obstore

        left = max(1, expires - int(time.time()))
        return obstore.sign(self.store, "GET", check_name(name), timedelta(seconds=left))

    def response(self, name: str, request: Request, filename: str | None = None) -> Response:
        import obstore

        with _telling(name):
            obstore.head(self.store, check_name(name))
        # The object store sends the bytes; this link outlives only the redirect.
        return RedirectResponse(self.link(name, "", int(time.time()) + 300), 302)

    def used_bytes(self) -> int:
        import obstore

        with _telling("the bucket"):
            return sum(one["size"] for page in obstore.list(self.store) for one in page)


@contextlib.contextmanager
def _telling(name: str) -> Iterator[None]:
    """obstore's errors as ours: a missing object is ApiError 404, the rest OnereelError."""
    from obstore.exceptions import BaseError

    try:
        yield
    except FileNotFoundError:
        raise _gone() from None
    except (BaseError, OSError) as error:
        first_line = str(error).partition("\n")[0]
        raise OnereelError(
            f"The object store failed at {shown(name)}: {shown(first_line)}."
        ) from error


# ---------------------------------------------------------------- names and links


def check_name(name: str) -> str:
    """`name` itself, or ApiError 404: only plain segments, none hidden, no dots to climb by."""
    if len(name) > LONGEST_NAME or not _NAME.fullmatch(name):
        raise _gone()
    return name


def fresh_name(name: str) -> str:
    """cgt-1/film.mp4 -> cgt-1/2f9c…/film.mp4; a name made fresh before gets another one."""
    folder, _, file = name.rpartition("/")
    folder = re.sub(r"(^|/)moved-[0-9a-f]{16}$", "", folder)
    return "/".join(part for part in (folder, f"moved-{secrets.token_hex(8)}", file) if part)


def _gone() -> ApiError:
    return ApiError(404, "NotFound", "There is no such file; it was removed or never existed.")


def _full(why: str) -> ApiError:
    return ApiError(
        429,
        "QuotaExceeded",
        f"No room for another film: {why}; delete old tasks or ask the operator for more room.",
        retry_after=600,
    )
