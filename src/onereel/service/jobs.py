"""The durable queue: DBOS on the service's own database, SQLite or Postgres.

- one workflow per task, under the task's id, written in the same transaction as the task: what
  was accepted is queued, and a second queueing of the same task is the first one
- a queue partition per API key, taken from in random order: many films of one user do not keep
  the next user waiting. Inside a partition by priority, then by age
- a worker's death leaves its workflows behind as pending; any other worker on the same database
  puts them back into the queue (`take_over`)

The process that serves only enqueues (`open_jobs`, `enqueue`); a process that works also runs
`launch`. DBOS 3.4 resumes a workflow at its last finished step; here that is the whole film, as
`making` resumes inside it from files.
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import sqlalchemy as sa
from dbos import DBOS, DBOSClient

if TYPE_CHECKING:
    from onereel.service.settings import Settings
    from onereel.service.store import Task

QUEUE = "films"
WORKFLOW = "make_film"
APPLICATION = "onereel"
# Workflows are taken up again only by the same version, so it is raised only when a film that
# was begun by the old code cannot be finished by the new.
VERSION = "1"
# Shares of the 0..9 that clients give: DBOS takes the lowest first. Flex waits behind all others.
_LOWEST, _FLEX = 10, 10


def open_jobs(settings: Settings, engine: sa.Engine) -> DBOSClient:
    """The queue's tables made or brought up to date, and a client to enqueue with."""
    for name in ("dbos", "dbos.dbos_logger"):
        logging.getLogger(name).setLevel(logging.WARNING)
    DBOS.migrate(settings.database_url)
    return DBOSClient(system_database_engine=engine, application_name=APPLICATION)


def enqueue(
    jobs: DBOSClient, connection: sa.Connection, task: Task, job_id: str | None = None
) -> None:
    """Queue a task's film in the caller's transaction; a job that exists is left as it is."""
    order = task.order
    jobs.enqueue_in_transaction(
        connection,
        {
            "queue_name": QUEUE,
            "workflow_name": WORKFLOW,
            "workflow_id": job_id or task.id,
            "queue_partition_key": task.key_id,
            "priority": _LOWEST - order.priority + (_FLEX if order.service_tier == "flex" else 0),
            "app_version": VERSION,
        },
        task.id,
    )


def launch(
    settings: Settings, engine: sa.Engine, worker_id: str, run: Callable[[str, str], None]
) -> None:
    """Start taking films from the queue; each is `run(task_id, lease)` in a thread of its own."""
    DBOS(
        config={
            "name": APPLICATION,
            "system_database_engine": engine,
            "system_database_url": settings.database_url,
            "application_version": VERSION,
            "executor_id": worker_id,
            "log_level": "WARNING",
            "max_executor_threads": settings.slots + 4,
        }
    )

    # Database errors pass through `run`; by then the database may be back.
    @DBOS.step(name="film", retries_allowed=True, max_attempts=5, interval_seconds=1.0)
    def film(task_id: str) -> None:
        run(task_id, f"{worker_id}/{secrets.token_hex(4)}")

    # The count of starts is kept with the task (`settings.attempts`), so not by DBOS too.
    @DBOS.workflow(name=WORKFLOW, max_recovery_attempts=None)
    def make_film(task_id: str) -> None:
        film(task_id)

    DBOS.launch()
    DBOS.register_queue(
        QUEUE,
        worker_concurrency=settings.slots,
        partition_worker_concurrency=settings.slots,
        polling_interval_sec=settings.poll,
        on_conflict="always_update",
    )


def take_over(worker_ids: list[str]) -> None:
    """Queue again what these workers had begun; called when they are known to be gone."""
    if worker_ids:
        # DBOS has no public name for what its own admin server calls here (3.4).
        DBOS._recover_pending_workflows(worker_ids)


def rescue(jobs: DBOSClient, engine: sa.Engine, task: Task) -> bool:
    """Queue an unfinished task whose job has ended all the same; False when it has not.

    It ends so when the database was away for longer than a step is tried again, or when a worker
    that was taken for dead comes back and ends the job that another goes on with.
    """
    again = [f"{task.id}-again-{number}" for number in range(task.attempts + 1)]
    known = jobs.list_workflows(workflow_ids=[task.id, *again], load_input=False, load_output=False)
    if any(one.status in ("ENQUEUED", "PENDING", "DELAYED") for one in known):
        return False
    with engine.begin() as connection:
        enqueue(jobs, connection, task, again[-1])
    return True


def forget_ended(jobs: DBOSClient) -> None:
    """Drop jobs that ended an hour ago or earlier: what became of the film stands in its task."""
    before = datetime.now(UTC) - timedelta(hours=1)
    ended = jobs.list_workflows(
        status=["SUCCESS", "ERROR", "CANCELLED"], completed_before=before.isoformat(), limit=500,
        load_input=False, load_output=False,
    )  # fmt: skip
    if ended:
        jobs.delete_workflows([one.workflow_id for one in ended])


def close() -> None:
    """Take no more films; whatever still runs is left pending."""
    DBOS.destroy(destroy_registry=True)
