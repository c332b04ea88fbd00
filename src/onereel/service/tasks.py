"""What every dialect does with tasks: create, get, list, delete, cancel.

- an `Order` says what is wanted in no dialect's words; a `Task` is the order and what became of it
- no caller sees another key's tasks: they are not found, never forbidden
- all functions raise `ApiError` with the status and Ark's code

    queued -> running -> succeeded | failed
      |          +-----> queued (its worker went away), cancelled, expired
      +----------------> cancelled | expired | failed

Called by the dialects (`ark`, `openai`) and the native routes (`events`).
"""

from __future__ import annotations

import hashlib
import secrets
import string
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from starlette.concurrency import run_in_threadpool

from onereel.request import LARGEST_SEED
from onereel.service import inputs, store
from onereel.service.errors import ApiError
from onereel.service.jobs import enqueue
from onereel.service.store import (
    FINAL,
    TASKS,
    Kind,
    Media,
    Order,
    Outcome,
    Role,
    Status,
    Task,
    order_to_json,
)

if TYPE_CHECKING:
    from dbos import DBOSClient

    from onereel.service.access import Caller
    from onereel.service.settings import Settings
    from onereel.service.storage import Storage

__all__ = [
    "FINAL", "Kind", "Media", "Order", "Outcome", "Page", "Role", "Service", "Status", "Task",
    "cancel", "create", "delete", "get", "link", "list_tasks",
]  # fmt: skip

_ID_LETTERS = string.ascii_lowercase + string.digits


@dataclass(frozen=True)
class Service:
    """What a running server holds; `request.app.state.service`."""

    settings: Settings
    engine: sa.Engine
    storage: Storage
    jobs: DBOSClient


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
    sameness = hashlib.sha256(f"{dialect} {order_to_json(order)}".encode()).hexdigest()
    known = await run_in_threadpool(
        _admit, service, caller, idempotency_key, sameness
    )  # before anything is fetched
    if known is not None:
        return known
    task_id = new_task_id()
    ready = await inputs.take_in(service.settings, service.storage, task_id, order)
    now = time.time()
    task = Task(
        id=task_id, key_id=caller.key_id, dialect=dialect, status="queued",
        order=replace(ready, seed=secrets.randbelow(LARGEST_SEED + 1) if order.seed is None
                      else order.seed),
        created_at=now, updated_at=now, expires_at=now + order.expires_after, finished_at=None,
        progress=0.0, error_code=None, error_message=None, outcome=None,
        base_url=service.settings.public_url or base_url,
    )  # fmt: skip
    try:
        return await run_in_threadpool(_accept, service, task, idempotency_key, sameness)
    except BaseException:
        await run_in_threadpool(_drop_files, service, task)
        raise


def get(service: Service, caller: Caller, task_id: str) -> Task:
    """The task, or ApiError 404."""
    with service.engine.connect() as connection:
        task = store.find(connection, task_id)
    if task is None or task.key_id != caller.key_id or _too_old(service, task):
        raise _not_found()
    return task


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
    oldest = time.time() - service.settings.record_lasts
    wanted = [TASKS.c.key_id == caller.key_id, TASKS.c.created_at > oldest]
    if statuses:
        wanted.append(TASKS.c.status.in_(statuses))
    if ids:
        wanted.append(TASKS.c.id.in_(ids))
    for column, value in ((TASKS.c.model, model), (TASKS.c.service_tier, service_tier),
                          (TASKS.c.dialect, dialect)):  # fmt: skip
        if value is not None:
            wanted.append(column == value)
    place = sa.tuple_(TASKS.c.created_at, TASKS.c.id)
    rest = list(wanted)
    if after is not None:
        last = get(service, caller, after)
        here = sa.tuple_(last.created_at, last.id)
        rest.append(place < here if newest_first else place > here)
    columns = (TASKS.c.created_at, TASKS.c.id)
    with service.engine.connect() as connection:
        total = connection.scalar(sa.select(sa.func.count()).select_from(TASKS).where(*wanted))
        rows = connection.execute(
            sa.select(TASKS)
            .where(*rest)
            .order_by(*(c.desc() if newest_first else c.asc() for c in columns))
            .offset(offset)
            .limit(limit + 1)
        ).fetchall()
    items = tuple(store.task_from_row(row) for row in rows[:limit])
    return Page(total or 0, items, len(rows) > limit)


def delete(service: Service, caller: Caller, task_id: str) -> None:
    """Remove a finished task with its files. ApiError 404, or 409 while it is queued or running."""
    task = get(service, caller, task_id)
    if task.status not in FINAL:
        raise _conflict(f"The task is {task.status}; only a finished one can be deleted.")
    _drop_files(service, task)
    with service.engine.begin() as connection:
        store.erase(connection, [task.id])


def cancel(
    service: Service,
    caller: Caller,
    task_id: str,
    *,
    statuses: Sequence[str] = ("queued", "running"),
) -> Task:
    """Stop a queued or running task; a film being denoised stops within one step.

    ApiError 404, or 409 when it is in none of `statuses`.
    """
    get(service, caller, task_id)
    with service.engine.begin() as connection:
        done = store.move(connection, task_id, "cancelled", comes_from=statuses)
    task = get(service, caller, task_id)
    if not done:
        raise _conflict(f"The task is {task.status} and cannot be cancelled any more.")
    return task


def link(service: Service, task: Task, key: str) -> str:
    """An absolute signed link to one of the task's files; dead `link_lasts` after it finished."""
    finished = task.finished_at or task.updated_at
    expires = int(finished + service.settings.link_lasts)
    return service.storage.link(key, task.base_url, expires)


def new_task_id() -> str:
    """Ark's form: cgt-, the UTC time to the second, and some letters."""
    letters = "".join(secrets.choice(_ID_LETTERS) for _ in range(8))
    return time.strftime("cgt-%Y%m%d%H%M%S-", time.gmtime()) + letters


# ---------------------------------------------------------------- accepting


def _admit(service: Service, caller: Caller, key: str | None, sameness: str) -> Task | None:
    """The task that this idempotency key made before, or None when a new one may be made."""
    with service.engine.connect() as connection:
        before = _made_before(connection, caller.key_id, key, sameness)
        if before is not None:
            return before
        waiting = _count(connection, TASKS.c.status == "queued")
        own = TASKS.c.key_id == caller.key_id
        caller.check_quota(
            _count(connection, own, TASKS.c.status == "queued"),
            _count(connection, own, TASKS.c.created_at > time.time() - 24 * 3600),
        )
    if waiting >= service.settings.queue_limit:
        raise _full(service.settings)
    service.storage.check_room()
    return None


def _accept(service: Service, task: Task, key: str | None, sameness: str) -> Task:
    """Task and job in one transaction: there is never one without the other."""
    try:
        with service.engine.begin() as connection:
            store.insert(connection, task, key, sameness if key else None)
            if _count(connection, TASKS.c.status == "queued") > service.settings.queue_limit:
                raise _full(service.settings)
            enqueue(service.jobs, connection, task)
    except IntegrityError:  # another request with this key was faster
        with service.engine.connect() as connection:
            before = _made_before(connection, task.key_id, key, sameness)
        if before is None:
            raise
        _drop_files(service, task)
        return before
    return task


def _made_before(
    connection: sa.Connection, key_id: str, key: str | None, sameness: str
) -> Task | None:
    if key is None:
        return None
    row = connection.execute(
        sa.select(TASKS).where(TASKS.c.key_id == key_id, TASKS.c.idempotency_key == key)
    ).first()
    if row is None:
        return None
    if row.idempotency_hash != sameness:
        raise ApiError(
            409, "Conflict", "This Idempotency-Key was used for another request; use a new one.",
            "Idempotency-Key",
        )  # fmt: skip
    return store.task_from_row(row)


def _count(connection: sa.Connection, *conditions: Any) -> int:
    found = connection.scalar(sa.select(sa.func.count()).select_from(TASKS).where(*conditions))
    return int(found or 0)


def _full(settings: Settings) -> ApiError:
    return ApiError(
        429,
        "ServerOverloaded",
        f"The queue is full with {settings.queue_limit} tasks; try again later.",
        retry_after=10,
    )


def _drop_files(service: Service, task: Task) -> None:
    for key in files_of(task):
        service.storage.remove(key)


def files_of(task: Task) -> list[str]:
    """Storage keys of everything kept for a task."""
    inputs_kept = [str(one.source) for one in task.order.media]
    made = task.outcome
    outputs = (made.film, made.last_frame, made.thumbnail, made.spritesheet) if made else ()
    return [*inputs_kept, *(key for key in outputs if key)]


def _too_old(service: Service, task: Task) -> bool:
    return task.created_at < time.time() - service.settings.record_lasts


def _not_found() -> ApiError:
    return ApiError(404, "NotFound", "There is no such task; it was deleted or never existed.")


def _conflict(message: str) -> ApiError:
    return ApiError(409, "Conflict", message)
