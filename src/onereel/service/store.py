"""Tasks, their events and the workers, on disk. One statement per change; no change without one.

- `Order`, `Task`, `Outcome`: a task as the rest of the service sees it
- `move` is the state machine: it changes a status only from the states it may come from, and
  writes the event in the same transaction, so nobody sees one without the other
- a running task is held by one worker's lease; who has lost it can neither tell progress nor
  finish, which is what keeps a film from being delivered twice

Called by `tasks`, `events`, `making`, `jobs` and the callbacks; knows no dialect.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any, Literal

import sqlalchemy as sa

from onereel.service import webhooks
from onereel.service.database import metadata

Status = Literal["queued", "running", "succeeded", "failed", "cancelled", "expired"]
STATUSES = ("queued", "running", "succeeded", "failed", "cancelled", "expired")
FINAL = ("succeeded", "failed", "cancelled", "expired")
Kind = Literal["picture", "clip", "recording"]
Role = Literal["first_frame", "last_frame", "reference"]

# Whence each status may be reached. A running task is queued again when its worker goes away.
COMES_FROM: dict[str, tuple[str, ...]] = {
    "queued": ("running",),
    "running": ("queued", "running"),
    "succeeded": ("running",),
    "failed": ("queued", "running"),
    "cancelled": ("queued", "running"),
    "expired": ("queued", "running"),
}

TASKS = sa.Table(
    "tasks",
    metadata,
    sa.Column("id", sa.String(40), primary_key=True),
    sa.Column("key_id", sa.String(64), nullable=False),
    sa.Column("dialect", sa.String(16), nullable=False),
    sa.Column("status", sa.String(16), nullable=False),
    sa.Column("model", sa.String(128), nullable=False),
    sa.Column("service_tier", sa.String(16), nullable=False),
    sa.Column("order", sa.Text, nullable=False),
    sa.Column("outcome", sa.Text),
    sa.Column("created_at", sa.Float(53), nullable=False),
    sa.Column("updated_at", sa.Float(53), nullable=False),
    sa.Column("expires_at", sa.Float(53), nullable=False),
    sa.Column("finished_at", sa.Float(53)),
    sa.Column("progress", sa.Float(53), nullable=False, default=0.0),
    sa.Column("error_code", sa.String(128)),
    sa.Column("error_message", sa.Text),
    sa.Column("base_url", sa.Text, nullable=False),
    sa.Column("idempotency_key", sa.String(256)),
    sa.Column("idempotency_hash", sa.String(64)),
    sa.Column("attempts", sa.Integer, nullable=False, default=0),
    sa.Column("lease", sa.String(64)),
    sa.UniqueConstraint("key_id", "idempotency_key"),
    sa.Index("tasks_of_a_key", "key_id", "created_at", "id"),
    sa.Index("tasks_by_status", "status", "expires_at"),
    sa.Index("tasks_by_age", "created_at"),
)

EVENTS = sa.Table(
    "task_events",
    metadata,
    # SQLite counts up only an INTEGER primary key; Postgres needs the room.
    sa.Column(
        "id", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True,
        autoincrement=True,
    ),
    sa.Column("task_id", sa.String(40), nullable=False),
    sa.Column("kind", sa.String(16), nullable=False),  # status, progress or preview
    sa.Column("data", sa.Text, nullable=False),
    sa.Column("at", sa.Float(53), nullable=False),
    sa.Index("events_of_a_task", "task_id", "id"),
    sqlite_autoincrement=True,
)  # fmt: skip

# Tasks whose events somebody follows or has followed: only they are worth a preview's time.
FOLLOWED = sa.Table(
    "tasks_followed", metadata, sa.Column("task_id", sa.String(40), primary_key=True)
)

WORKERS = sa.Table(
    "workers",
    metadata,
    sa.Column("id", sa.String(64), primary_key=True),
    sa.Column("seen_at", sa.Float(53), nullable=False),
)


@dataclass(frozen=True)
class Media:
    """A file that goes in.

    source: a URL, a data: URI or the path of an upload on this disk; once the task is accepted,
    the storage key of our copy.
    param: how the dialect names it in an error.  seconds: length of a clip or recording.
    """

    kind: Kind
    role: Role
    source: str | Path
    param: str
    seconds: float = 0.0


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
    """A finished film: storage keys, and the figures that responses tell.

    record: `onereel.clip.Record` as plain data.  input_seconds: length of the clips that went in.
    """

    film: str
    last_frame: str | None
    thumbnail: str | None
    spritesheet: str | None
    width: int
    height: int
    frames: int
    ratio: str
    input_seconds: float
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
    attempts: int = 0


@dataclass(frozen=True)
class Event:
    """Something that happened to a task; ids only ever grow."""

    id: int
    task_id: str
    kind: str
    data: dict[str, Any]
    at: float


# ---------------------------------------------------------------- rows


def order_to_json(order: Order) -> str:
    return json.dumps(asdict(order), ensure_ascii=False, default=str)


def order_from_json(text: str) -> Order:
    told = json.loads(text)
    told["media"] = tuple(Media(**one) for one in told["media"])
    told["size"] = told["size"] and tuple(told["size"])
    return Order(**told)


def task_from_row(row: Any) -> Task:
    told = {one.name: getattr(row, one.name) for one in fields(Task)}
    told["order"] = order_from_json(row.order)
    told["outcome"] = row.outcome and Outcome(**json.loads(row.outcome))
    return Task(**told)


def find(connection: sa.Connection, task_id: str) -> Task | None:
    row = connection.execute(sa.select(TASKS).where(TASKS.c.id == task_id)).first()
    return None if row is None else task_from_row(row)


def insert(
    connection: sa.Connection,
    task: Task,
    idempotency_key: str | None,
    idempotency_hash: str | None,
) -> None:
    """Write a new task down. IntegrityError when its idempotency key was used before."""
    row = {one.name: getattr(task, one.name) for one in fields(Task)}
    row |= {
        "order": order_to_json(task.order),
        "outcome": None,
        "model": task.order.model,
        "service_tier": task.order.service_tier,
        "idempotency_key": idempotency_key,
        "idempotency_hash": idempotency_hash,
    }
    connection.execute(TASKS.insert().values(row))
    if task.order.callback_url is not None:
        webhooks.subscribe(connection, task.id, task.key_id, task.order.callback_url)
    tell(connection, task.id, "status", {"status": task.status}, task.created_at)


# ---------------------------------------------------------------- changes


def move(
    connection: sa.Connection,
    task_id: str,
    to: Status,
    *,
    holds: str | None = None,
    comes_from: Iterable[str] | None = None,
    **changes: Any,
) -> bool:
    """Bring a task to status `to`; False, and nothing done, when it is not where it may come from.

    holds: the lease that must still be held.  changes: columns set with it.
    """
    now = time.time()
    allowed = [TASKS.c.id == task_id, TASKS.c.status.in_(tuple(comes_from or COMES_FROM[to]))]
    if holds is not None:
        allowed.append(TASKS.c.lease == holds)
    if to in FINAL:
        changes |= {"finished_at": now, "lease": None}
    done = connection.execute(
        TASKS.update().where(*allowed).values(status=to, updated_at=now, **changes)
    ).rowcount
    if done:
        told: dict[str, Any] = {"status": to}
        if changes.get("error_code"):
            told["error"] = {"code": changes["error_code"], "message": changes["error_message"]}
        tell(connection, task_id, "status", told, now)
    return bool(done)


def claim(connection: sa.Connection, task_id: str, lease: str) -> Task | None:
    """Take a task into work under `lease`; None when nobody wants it any more.

    Whoever held it before has lost it: its worker died, or is taken for dead.
    """
    before = find(connection, task_id)
    if before is None or before.status not in ("queued", "running"):
        return None
    more: dict[str, Any] = {"lease": lease, "attempts": before.attempts + 1}
    if before.status == "queued":
        moved = move(connection, task_id, "running", comes_from=("queued",), **more)
    else:  # taken over: it never stopped being "running" for whoever asks
        moved = bool(
            connection.execute(
                TASKS.update()
                .where(TASKS.c.id == task_id, TASKS.c.status == "running")
                .values(**more)
            ).rowcount
        )
    return find(connection, task_id) if moved else None


def tell_progress(
    connection: sa.Connection, task_id: str, lease: str, progress: float, event: dict[str, Any]
) -> bool:
    """Write progress down; False when the film is no longer wanted from this worker."""
    done = connection.execute(
        TASKS.update()
        .where(TASKS.c.id == task_id, TASKS.c.status == "running", TASKS.c.lease == lease)
        .values(progress=progress)
    ).rowcount
    if done:
        tell(connection, task_id, "progress", event | {"progress": round(progress, 4)})
    return bool(done)


def tell(
    connection: sa.Connection,
    task_id: str,
    kind: str,
    data: dict[str, Any],
    at: float | None = None,
) -> None:
    connection.execute(
        EVENTS.insert().values(
            task_id=task_id, kind=kind, data=json.dumps(data), at=at or time.time()
        )
    )
    if kind == "status":
        webhooks.note(connection, task_id, data["status"])


def events_after(connection: sa.Connection, task_id: str, last: int) -> list[Event]:
    rows = connection.execute(
        sa.select(EVENTS)
        .where(EVENTS.c.task_id == task_id, EVENTS.c.id > last)
        .order_by(EVENTS.c.id)
    )
    return [Event(row.id, row.task_id, row.kind, json.loads(row.data), row.at) for row in rows]


def follow(connection: sa.Connection, task_id: str) -> None:
    """Note that somebody wants this task's previews."""
    if not is_followed(connection, task_id):
        connection.execute(FOLLOWED.insert().values(task_id=task_id))


def is_followed(connection: sa.Connection, task_id: str) -> bool:
    known = sa.select(FOLLOWED.c.task_id).where(FOLLOWED.c.task_id == task_id)
    return connection.execute(known).first() is not None


def erase(connection: sa.Connection, task_ids: Sequence[str]) -> None:
    """Remove records with their events."""
    for table in (EVENTS, FOLLOWED):
        connection.execute(table.delete().where(table.c.task_id.in_(task_ids)))
    connection.execute(TASKS.delete().where(TASKS.c.id.in_(task_ids)))


# ---------------------------------------------------------------- workers


def seen(connection: sa.Connection, worker_id: str) -> None:
    """A worker's sign of life."""
    now = time.time()
    known = connection.execute(
        WORKERS.update().where(WORKERS.c.id == worker_id).values(seen_at=now)
    ).rowcount
    if not known:
        connection.execute(WORKERS.insert().values(id=worker_id, seen_at=now))


def silent_workers(connection: sa.Connection, since: float) -> list[str]:
    rows = connection.execute(sa.select(WORKERS.c.id).where(WORKERS.c.seen_at < since))
    return [row.id for row in rows]


def forget_worker(connection: sa.Connection, worker_id: str) -> None:
    connection.execute(WORKERS.delete().where(WORKERS.c.id == worker_id))
