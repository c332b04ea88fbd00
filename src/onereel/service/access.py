"""Who may call, how often, and how much: API keys, scopes, rate limits and quotas.

- a key is 256 random bits, shown once; the database holds only its SHA-256
- `authenticate` is the FastAPI dependency that every route of a dialect stands behind; `needs`
  asks for a scope on top
- requests a minute are counted in the server process (a token bucket per key, so a burst of one
  minute's worth is fine); queued tasks and films a day are counted from the tasks table
- one key never sees another's tasks: the queries filter on `Caller.key_id`
- secrets that several servers must share (link signing, webhooks) live beside the keys

The engine is one from `open_database`. Called from the app, the dialects and `onereel keys`.
"""

from __future__ import annotations

import hashlib
import hmac
import math
import secrets
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from sqlalchemy import (
    Column,
    Engine,
    Integer,
    LargeBinary,
    Row,
    String,
    Table,
    insert,
    select,
    update,
)
from sqlalchemy.exc import IntegrityError

from onereel.errors import WrongUse, shown
from onereel.service.database import metadata
from onereel.service.errors import ApiError

# read: get, list, download.  create: new films.  delete: cancel and remove.  admin: /metrics.
SCOPES = ("read", "create", "delete", "admin")
DEFAULT_SCOPES = ("read", "create", "delete")
DEFAULT_REQUESTS_PER_MINUTE = 600
DEFAULT_QUEUED_TASKS = 120
DEFAULT_FILMS_PER_DAY = 5000
LONGEST_NAME = 64

api_keys = Table(
    "api_keys",
    metadata,
    Column("id", String(20), primary_key=True),
    Column("name", String(LONGEST_NAME), nullable=False, unique=True),
    Column("sha256", String(64), nullable=False, unique=True),
    Column("scopes", String(64), nullable=False),
    Column("requests_per_minute", Integer, nullable=False),
    Column("queued_tasks", Integer, nullable=False),
    Column("films_per_day", Integer, nullable=False),
    Column("created_at", Integer, nullable=False),
    Column("revoked_at", Integer),
)
shared_secrets = Table(
    "shared_secrets",
    metadata,
    Column("name", String(32), primary_key=True),
    Column("value", LargeBinary(32), nullable=False),
)

_bearer = HTTPBearer(auto_error=False, description="An API key from `onereel keys create`.")


@dataclass(frozen=True)
class Caller:
    """Whoever holds a key. user_hash: what the audit log may keep of him, 64 hex digits.

    queued_tasks, films_per_day: how many this key may have waiting, and make in 24 hours.
    """

    key_id: str
    name: str
    scopes: frozenset[str]
    user_hash: str
    queued_tasks: int = DEFAULT_QUEUED_TASKS
    films_per_day: int = DEFAULT_FILMS_PER_DAY

    def check_quota(self, queued: int, films_today: int) -> None:
        """ApiError 429 when one more film would go over; counts are before it is accepted."""
        if queued >= self.queued_tasks:
            raise ApiError(
                429,
                "QuotaExceeded",
                f"This key already has {queued} tasks waiting, its limit; wait for one to finish.",
                retry_after=30,
            )
        if films_today >= self.films_per_day:
            raise ApiError(
                429,
                "SetLimitExceeded",
                f"This key has made {films_today} films in the last 24 hours, its limit; "
                "try again later or ask for a higher limit.",
                retry_after=3600,
            )


def authenticate(
    request: Request,
    credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)],
) -> Caller:
    """The caller behind `Authorization: Bearer <key>`; 401 without one, 429 when he is too fast.

    The app keeps its `KeyRing` in `app.state.keys`.
    """
    ring: KeyRing = request.app.state.keys
    if credentials is None:
        raise ApiError(
            401,
            "AuthenticationError",
            "The API key is missing; send it as the header Authorization: Bearer <key>.",
        )
    return ring.admit(credentials.credentials)


def needs(scope: str) -> Callable[..., Caller]:
    """A dependency like `authenticate` that also asks for `scope`; 403 without it."""
    if scope not in SCOPES:
        raise ValueError(f"there is no scope {scope!r}")

    def authorise(caller: Annotated[Caller, Depends(authenticate)]) -> Caller:
        if scope not in caller.scopes:
            raise ApiError(
                403,
                "AccessDenied",
                f"The key {caller.name!r} lacks the scope {scope}; use another key.",
            )
        return caller

    return authorise


class KeyRing:
    """The keys of one installation, and how fast each has been used by this process."""

    def __init__(self, engine: Engine, clock: Callable[[], float] = time.monotonic) -> None:
        self._engine, self._clock = engine, clock
        self._buckets: dict[str, tuple[float, float]] = {}  # key id -> (tokens left, at)
        self._lock = threading.Lock()

    def admit(self, key: str) -> Caller:
        """The caller of `key`, one request counted. ApiError 401 or 429."""
        statement = select(api_keys).where(
            api_keys.c.sha256 == _sha256(key), api_keys.c.revoked_at.is_(None)
        )
        with self._engine.connect() as connection:
            row = connection.execute(statement).first()
        if row is None:
            raise ApiError(
                401, "AuthenticationError", "The API key is unknown or was revoked; check it."
            )
        self._count(row.id, row.requests_per_minute)
        return Caller(
            row.id,
            row.name,
            frozenset(row.scopes.split()),
            hashlib.sha256(f"onereel user {row.id}".encode()).hexdigest(),
            row.queued_tasks,
            row.films_per_day,
        )

    def _count(self, key_id: str, per_minute: int) -> None:
        now = self._clock()
        with self._lock:
            left, at = self._buckets.get(key_id, (float(per_minute), now))
            left = min(float(per_minute), left + (now - at) * per_minute / 60)
            allowed = left >= 1
            self._buckets[key_id] = (left - allowed, now)
        if not allowed:
            raise ApiError(
                429,
                "RateLimitExceeded.EndpointRPMExceeded",
                f"More than {per_minute} requests a minute; slow down.",
                retry_after=max(1, math.ceil((1 - left) * 60 / per_minute)),
            )


# ---------------------------------------------------------------- administration


@dataclass(frozen=True)
class Key:
    """A key as `list_keys` tells it: never the key itself. Times in unix seconds."""

    id: str
    name: str
    scopes: tuple[str, ...]
    requests_per_minute: int
    queued_tasks: int
    films_per_day: int
    created_at: int
    revoked_at: int | None


def create_key(
    engine: Engine,
    name: str,
    *,
    scopes: Iterable[str] = DEFAULT_SCOPES,
    requests_per_minute: int = DEFAULT_REQUESTS_PER_MINUTE,
    queued_tasks: int = DEFAULT_QUEUED_TASKS,
    films_per_day: int = DEFAULT_FILMS_PER_DAY,
) -> tuple[Key, str]:
    """A new key and its secret text, which is nowhere kept. WrongUse for a bad or taken name."""
    asked = tuple(dict.fromkeys(scopes))
    if not name.isprintable() or not name.strip() or len(name) > LONGEST_NAME:
        raise WrongUse(f"The name {shown(name)} is not 1 to {LONGEST_NAME} printable characters.")
    if unknown := [scope for scope in asked if scope not in SCOPES]:
        raise WrongUse(f"There is no scope {shown(unknown[0])}; they are {', '.join(SCOPES)}.")
    if not asked or min(requests_per_minute, queued_tasks, films_per_day) < 1:
        raise WrongUse("A key needs a scope or more, and limits of 1 or more.")
    text = f"onereel-{secrets.token_urlsafe(32)}"
    key = Key(
        f"key-{secrets.token_hex(6)}", name, asked, requests_per_minute, queued_tasks,
        films_per_day, int(time.time()), None,
    )  # fmt: skip
    values = {**vars(key), "scopes": " ".join(asked), "sha256": _sha256(text)}
    try:
        with engine.begin() as connection:
            connection.execute(insert(api_keys).values(**values))
    except IntegrityError:
        raise WrongUse(f"There is a key named {shown(name)} already; choose another.") from None
    return key, text


def list_keys(engine: Engine) -> list[Key]:
    """Every key ever made here, oldest first."""
    statement = select(api_keys).order_by(api_keys.c.created_at, api_keys.c.id)
    with engine.connect() as connection:
        return [_key(row) for row in connection.execute(statement)]


def revoke_key(engine: Engine, name_or_id: str) -> Key:
    """Stop a key from its next request on. WrongUse when there is none of that name or id."""
    which = (api_keys.c.name == name_or_id) | (api_keys.c.id == name_or_id)
    with engine.begin() as connection:
        connection.execute(
            update(api_keys)
            .where(which, api_keys.c.revoked_at.is_(None))
            .values(revoked_at=int(time.time()))
        )
        row = connection.execute(select(api_keys).where(which)).first()
    if row is None:
        raise WrongUse(f"There is no key {shown(name_or_id)}; see: onereel keys list.")
    return _key(row)


def shared_secret(engine: Engine, name: str) -> bytes:
    """32 bytes that every server on this database shares, made on first use."""
    find = select(shared_secrets.c.value).where(shared_secrets.c.name == name)
    with engine.connect() as connection:
        found = connection.execute(find).scalar()
    if found is None:
        try:
            with engine.begin() as connection:
                made = insert(shared_secrets).values(name=name, value=secrets.token_bytes(32))
                connection.execute(made)
        except IntegrityError:
            pass  # another server was first; its secret holds
        with engine.connect() as connection:
            found = connection.execute(find).scalar_one()
    return bytes(found)


def derive(secret: bytes, *parts: str) -> bytes:
    """32 bytes bound to `parts`, by HMAC-SHA256; parts may not run into each other."""
    message = b"".join(len(part.encode()).to_bytes(4, "big") + part.encode() for part in parts)
    return hmac.digest(secret, message, "sha256")


def _key(row: Row) -> Key:
    return Key(
        row.id, row.name, tuple(row.scopes.split()), row.requests_per_minute, row.queued_tasks,
        row.films_per_day, row.created_at, row.revoked_at,
    )  # fmt: skip


def _sha256(key: str) -> str:
    # A header may hold any bytes; a lone surrogate would not encode. It just matches no key.
    return hashlib.sha256(key.encode(errors="surrogatepass")).hexdigest()
