"""Callbacks: the task as GET tells it, POSTed to the caller's URL at each change of status.

- an outbox: `subscribe` and `note` write in the transaction that changes the task, so no change
  is lost when the server dies, and none is told that was rolled back
- `Deliverer` posts from its own threads; no job ever waits for somebody's server
- a task's callbacks go out one after the other; at most two of one key are under way at once
- as Ark does it: queued, running, succeeded, failed and expired are told, cancelled is not; no
  2xx within 5 s means three retries for succeeded and failed, none for the rest
- signed by the Standard Webhooks specification (webhook-id, webhook-timestamp,
  webhook-signature), so any of its libraries, or `client.webhooks` of OpenAI's SDK, verifies them
- delivered at least once: `webhook-id` stays the same over retries

URLs are held to `outward`'s rules. Called from the store (outbox) and the app (delivery).
"""

from __future__ import annotations

import base64
import hmac
import json
import threading
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
import structlog

from onereel.service.access import derive, shared_secret
from onereel.service.database import metadata
from onereel.service.outward import Reach, Unreachable, post

if TYPE_CHECKING:
    from onereel.service.settings import Settings

RETRIED = ("succeeded", "failed")
TOLD = ("queued", "running", "succeeded", "failed", "expired")
LAST = ("succeeded", "failed", "expired", "cancelled")
THREADS = 8
AT_ONCE_PER_KEY = 2

SUBSCRIPTIONS = sa.Table(
    "callback_subscriptions",
    metadata,
    sa.Column("task_id", sa.String(40), primary_key=True),
    sa.Column("key_id", sa.String(64), nullable=False),
    sa.Column("url", sa.Text, nullable=False),
)
OUTBOX = sa.Table(
    "callback_outbox",
    metadata,
    # SQLite counts up only an INTEGER primary key; Postgres needs the room.
    sa.Column(
        "id", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True,
        autoincrement=True,
    ),
    sa.Column("task_id", sa.String(40), nullable=False, index=True),
    sa.Column("key_id", sa.String(64), nullable=False),
    sa.Column("url", sa.Text, nullable=False),
    sa.Column("status", sa.String(16), nullable=False),
    sa.Column("attempts", sa.Integer, nullable=False, default=0),
    sa.Column("due_at", sa.Float(53), nullable=False, index=True),
    sqlite_autoincrement=True,
)  # fmt: skip

# The body for a task and the status it had: None when the task is gone.
Render = Callable[[str, str], dict[str, Any] | None]
log = structlog.get_logger(__name__)


def subscribe(connection: sa.Connection, task_id: str, key_id: str, url: str) -> None:
    """Have the task's changes of status told to `url` from now on."""
    connection.execute(SUBSCRIPTIONS.insert().values(task_id=task_id, key_id=key_id, url=url))


def note(connection: sa.Connection, task_id: str, status: str) -> None:
    """Put a change of status into the outbox, if anybody wants to hear of it."""
    if status in TOLD:
        row = sa.select(
            SUBSCRIPTIONS.c.task_id, SUBSCRIPTIONS.c.key_id, SUBSCRIPTIONS.c.url,
            sa.literal(status), sa.literal(0), sa.literal(time.time()),
        ).where(SUBSCRIPTIONS.c.task_id == task_id)  # fmt: skip
        columns = ["task_id", "key_id", "url", "status", "attempts", "due_at"]
        connection.execute(OUTBOX.insert().from_select(columns, row))
    if status in LAST:
        connection.execute(SUBSCRIPTIONS.delete().where(SUBSCRIPTIONS.c.task_id == task_id))


def secret_of(engine: sa.Engine, key_id: str) -> bytes:
    """What callbacks of this key's tasks are signed with; derived, so nowhere kept per key."""
    return derive(shared_secret(engine, "webhooks"), key_id)


def secret_text(engine: sa.Engine, key_id: str) -> str:
    """`secret_of` as Standard Webhooks libraries take it: whsec_<base64>."""
    return "whsec_" + base64.b64encode(secret_of(engine, key_id)).decode()


def sign(secret: bytes, message_id: str, timestamp: int, body: bytes) -> dict[str, str]:
    """The three headers of Standard Webhooks 1.0: HMAC-SHA256 over "id.timestamp.body"."""
    message = f"{message_id}.{timestamp}.".encode() + body
    code = base64.b64encode(hmac.digest(secret, message, "sha256")).decode()
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": f"v1,{code}",
    }


class Deliverer:
    """Posts what is due, from `start` to `stop`; any number of servers may share one outbox."""

    def __init__(self, engine: sa.Engine, settings: Settings, render: Render) -> None:
        self._engine, self._settings, self._render = engine, settings, render
        self._reach = Reach(settings.private_addresses, settings.callback_timeout, redirects=0)
        self._busy: Counter[str] = Counter()  # key id -> posts under way
        self._lock = threading.Lock()
        self._stopped = threading.Event()
        self._pool = ThreadPoolExecutor(THREADS, "callback")
        self._thread = threading.Thread(target=self._run, name="callbacks", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Let posts under way end; the rest stays in the outbox for the next start."""
        self._stopped.set()
        if self._thread.is_alive():
            self._thread.join()
        self._pool.shutdown(wait=True, cancel_futures=True)

    def _run(self) -> None:
        while not self._stopped.wait(self._settings.poll):
            try:
                self.deliver_due()
            except sa.exc.SQLAlchemyError as error:  # a database that restarts
                log.warning("callbacks wait", reason=type(error).__name__)

    def deliver_due(self) -> None:
        """Start posting what is due and not under way somewhere."""
        for row in self._due():
            with self._lock:
                busy = sum(self._busy.values()) >= THREADS
                if busy or self._busy[row.key_id] >= AT_ONCE_PER_KEY:
                    continue
                self._busy[row.key_id] += 1
            if self._stopped.is_set() or not self._claim(row):
                self._release(row)
                continue
            self._pool.submit(self._deliver, row)

    def _due(self) -> list[Any]:
        # Only a task's first: "running" may not overtake "queued", nor be told after the end.
        earlier = OUTBOX.alias()
        is_first = ~sa.exists().where(
            earlier.c.task_id == OUTBOX.c.task_id, earlier.c.id < OUTBOX.c.id
        )
        statement = (
            sa.select(OUTBOX)
            .where(OUTBOX.c.due_at <= time.time(), is_first)
            .order_by(OUTBOX.c.due_at)
            .limit(20 * THREADS)
        )
        with self._engine.connect() as connection:
            return list(connection.execute(statement))

    def _claim(self, row: Any) -> bool:
        """Put the next try off while this one runs; whoever changes the row first has it. Should
        we die, the row comes due again."""
        lease = time.time() + self._settings.callback_timeout + 10
        statement = (
            OUTBOX.update()
            .where(OUTBOX.c.id == row.id, OUTBOX.c.due_at == row.due_at)
            .values(due_at=lease)
        )
        with self._engine.begin() as connection:
            return bool(connection.execute(statement).rowcount)

    def _release(self, row: Any) -> None:
        with self._lock:
            self._busy[row.key_id] -= 1
            self._busy += Counter()  # forgets keys that have none left

    def _deliver(self, row: Any) -> None:
        try:
            self._settle(row, self._post(row))
        except Exception:  # a thread has nobody above it to tell; the row comes due again
            log.exception("callback failed", task_id=row.task_id)
        finally:
            self._release(row)

    def _post(self, row: Any) -> str | None:
        """None when the callback was taken, or else why not."""
        told = self._render(row.task_id, row.status)
        if told is None:
            return None  # removed in the meantime: nothing left to tell
        body = json.dumps(told, ensure_ascii=False).encode()
        headers = sign(
            secret_of(self._engine, row.key_id), f"{row.task_id}.{row.id}", int(time.time()), body
        )
        try:
            status = post(row.url, body, {"Content-Type": "application/json", **headers},
                          self._reach)  # fmt: skip
        except Unreachable as error:
            return str(error)
        return None if 200 <= status < 300 else f"answered {status}"

    def _settle(self, row: Any, problem: str | None) -> None:
        retries = self._settings.callback_retries if row.status in RETRIED else ()
        again = problem is not None and row.attempts < len(retries)
        if problem is not None:
            log.info("callback not taken", task_id=row.task_id, reason=problem, again=again)
        with self._engine.begin() as connection:
            if again:
                due = time.time() + retries[row.attempts]
                changed = OUTBOX.update().values(attempts=row.attempts + 1, due_at=due)
                connection.execute(changed.where(OUTBOX.c.id == row.id))
            else:
                connection.execute(OUTBOX.delete().where(OUTBOX.c.id == row.id))
