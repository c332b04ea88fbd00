"""The one task record, and what every dialect does with it: create, get, list, delete, cancel.

- an `Order` says what is wanted in no dialect's words; a `Task` is the order and what became of it
- no caller sees another key's tasks: they are not found, never forbidden
- all functions raise `ApiError` with the status and Ark's code

    queued -> running -> succeeded | failed
      |          +-----> queued (its worker went away), cancelled, expired
      +----------------> cancelled | expired | failed

Called by the dialects (`ark`, `openai`), the native routes (`events`) and the jobs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    import sqlalchemy as sa
    from dbos import DBOSClient

    from onereel.service.access import Caller
    from onereel.service.settings import Settings
    from onereel.service.storage import Storage

Status = Literal["queued", "running", "succeeded", "failed", "cancelled", "expired"]
FINAL = ("succeeded", "failed", "cancelled", "expired")
Kind = Literal["picture", "clip", "recording"]
Role = Literal["first_frame", "last_frame", "reference"]


@dataclass(frozen=True)
class Service:
    """What a running server holds; `request.app.state.service`."""

    settings: Settings
    engine: sa.Engine
    storage: Storage
    jobs: DBOSClient


@dataclass(frozen=True)
class Media:
    """A file that goes in. `source` is a URL, a data: URI or the path of an upload on this disk;
    `param` is how the dialect names it in an error."""

    kind: Kind
    role: Role
    source: str | Path
    param: str


@dataclass(frozen=True)
class Order:
    """What is wanted.

    size: (width, height) in pixels; None is the table's for resolution and ratio.
    seconds: 4-15, or -1.  seed: None is drawn at creation.  priority: 0-9, higher goes first.
    expires_after: seconds from creation until the task counts as expired.
    extra: the dialect's own fields, kept to be told back as they came.
    """

    model: str
    prompt: str
    media: tuple[Media, ...] = ()
    ratio: str = "adaptive"
    resolution: str = "720p"
    size: tuple[int, int] | None = None
    seconds: int = 5
    seed: int | None = None
    sound: bool = True
    watermark: bool = False
    last_frame: bool = False
    priority: int = 0
    service_tier: str = "default"
    expires_after: int = 172_800
    callback_url: str | None = None
    safety_identifier: str | None = None
    extra: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Outcome:
    """A finished film: storage keys, and the figures that responses tell."""

    film: str
    last_frame: str | None
    thumbnail: str | None
    spritesheet: str | None
    width: int
    height: int
    frames: int
    ratio: str
    record: dict[str, Any]


@dataclass(frozen=True)
class Task:
    """One task as it stands. Times are unix seconds; `progress` is 0..1."""

    id: str
    key_id: str
    dialect: str
    status: Status
    order: Order
    created_at: float
    updated_at: float
    expires_at: float
    finished_at: float | None
    progress: float
    error_code: str | None
    error_message: str | None
    outcome: Outcome | None
    base_url: str


@dataclass(frozen=True)
class Page:
    total: int
    items: tuple[Task, ...]
    has_more: bool


async def create(
    service: Service,
    caller: Caller,
    order: Order,
    *,
    dialect: str,
    base_url: str,
    idempotency_key: str | None = None,
) -> Task:
    """Accept a task: fetch and check its files, write it down, queue its job; then it is safe.

    The same idempotency key with the same order gives the first task again. ApiError 400 for what
    cannot be made, 409 for a re-used idempotency key, 429 with retry_after when the queue is full.
    """
    raise NotImplementedError


def get(service: Service, caller: Caller, task_id: str) -> Task:
    """The task, or ApiError 404."""
    raise NotImplementedError


def list_tasks(
    service: Service,
    caller: Caller,
    *,
    statuses: Sequence[str] = (),
    ids: Sequence[str] = (),
    model: str | None = None,
    service_tier: str | None = None,
    dialect: str | None = None,
    after: str | None = None,
    newest_first: bool = True,
    offset: int = 0,
    limit: int = 20,
) -> Page:
    """The caller's tasks of the last 7 days; `after` starts behind that task's id."""
    raise NotImplementedError


def delete(service: Service, caller: Caller, task_id: str) -> None:
    """Remove a finished task with its files. ApiError 404, or 409 while it is queued or running."""
    raise NotImplementedError


def cancel(service: Service, caller: Caller, task_id: str) -> Task:
    """Stop a queued or running task; a film being denoised stops within one step.

    ApiError 404, or 409 when it is over already.
    """
    raise NotImplementedError


def link(service: Service, task: Task, key: str) -> str:
    """An absolute signed link to one of the task's files; dead `link_lasts` after it finished."""
    raise NotImplementedError
