"""Who makes the films: threads of this process, or Ray actors, under the same job code.

- `start_worker` joins the queue of a database, from the server's process (embedded) or from one
  of its own (`onereel worker`); workers need not know of each other
- each gives a sign of life; one that falls silent is dead, and the others queue its films again
- at shutdown a running film has `grace` seconds to finish, then it goes back into the queue

Called from the app and the command line.
"""

from __future__ import annotations

import logging
import os
import queue
import secrets
import shutil
import socket
import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
import structlog

from onereel.errors import WrongUse
from onereel.service import jobs, store
from onereel.service.making import Abandoned, make
from onereel.service.store import TASKS

if TYPE_CHECKING:
    from dbos import DBOSClient

    from onereel.service.settings import Settings
    from onereel.service.storage import Storage

log = structlog.get_logger("onereel.worker")


class Worker:
    """One process's share of the work. `stop` may be called once."""

    def __init__(
        self,
        settings: Settings,
        engine: sa.Engine,
        storage: Storage,
        client: DBOSClient,
        alone: bool,
    ) -> None:
        self.settings, self.engine, self.client = settings, engine, client
        self.id = f"{socket.gethostname()[:30]}-{os.getpid()}-{secrets.token_hex(3)}"
        self.leaving = threading.Event()
        self.busy: set[str] = set()
        self.executor: Here | OnRay
        if settings.workers == "ray":
            self.executor = OnRay(settings)
        else:
            self.executor = Here(settings, engine, storage, self.leaving.is_set)
        with engine.begin() as connection:
            # Alone on a database of its own: whoever is written down there is dead.
            gone = store.silent_workers(connection, time.time()) if alone else []
            store.seen(connection, self.id)
        jobs.launch(settings, engine, self.id, self._run)
        self._take_over(gone)
        self._beat = threading.Thread(target=self._keep_alive, name="heartbeat", daemon=True)
        self._beat.start()
        log.info("worker ready", worker=self.id, slots=settings.slots, kind=settings.workers)

    def stop(self) -> bool:
        """Take no more films, wait for those that run, put back what does not finish in time.

        False when threads are left that cannot be stopped: end the process by os._exit then.
        """
        jobs.close()
        deadline = time.monotonic() + self.settings.grace
        while self.busy and time.monotonic() < deadline:
            time.sleep(0.05)
        left = sorted(self.busy)
        self.leaving.set()
        with self.engine.begin() as connection:
            for lease in left:
                held = sa.select(TASKS.c.id).where(TASKS.c.lease == lease)
                for row in connection.execute(held).fetchall():
                    store.move(connection, row.id, "queued", holds=lease, lease=None)
            # Not forgotten but long silent: whoever sees this takes the films over at once.
            connection.execute(
                store.WORKERS.update().where(store.WORKERS.c.id == self.id).values(seen_at=0.0)
            )
        self.executor.close()
        log.info("worker stopped", worker=self.id, requeued=len(left))
        # Ray's threads, once there, end the process in their own way (an abort), so go before.
        return not left and self.settings.workers != "ray"

    def _run(self, task_id: str, lease: str) -> None:
        self.busy.add(lease)
        try:
            self.executor.run(task_id, lease)
        finally:
            self.busy.discard(lease)

    def _keep_alive(self) -> None:
        while not self.leaving.wait(self.settings.heartbeat):
            try:
                with self.engine.begin() as connection:
                    store.seen(connection, self.id)
                    silent_since = time.time() - self.settings.worker_timeout
                    gone = store.silent_workers(connection, silent_since)
                self._take_over(gone)
                self._rescue(silent_since)
            except sa.exc.DBAPIError as error:
                log.warning("heartbeat failed", worker=self.id, why=str(error.orig))

    def _take_over(self, gone: list[str]) -> None:
        if not gone:
            return
        log.warning("taking over", from_workers=gone)
        jobs.take_over(gone)
        with self.engine.begin() as connection:
            for worker_id in gone:
                store.forget_worker(connection, worker_id)

    def _rescue(self, silent_since: float) -> None:
        """Put tasks back into the queue that nobody works on and no job stands for."""
        unfinished = sa.select(TASKS).where(
            TASKS.c.status.in_(("queued", "running")), TASKS.c.updated_at < silent_since
        )
        with self.engine.connect() as connection:
            rows = connection.execute(unfinished.limit(200)).fetchall()
            alive = {row.id for row in connection.execute(sa.select(store.WORKERS.c.id))}
        for row in rows:
            held = row.lease is not None and row.lease.rpartition("/")[0] in alive
            if not held and jobs.rescue(self.client, self.engine, store.task_from_row(row)):
                log.warning("rescued", task=row.id)


class Here:
    """Films in this process. The model is loaded once, at the first film."""

    def __init__(
        self,
        settings: Settings,
        engine: sa.Engine,
        storage: Storage,
        leaving: Callable[[], bool],
    ) -> None:
        self.settings, self.engine, self.storage = settings, engine, storage
        self.leaving = leaving

    def run(self, task_id: str, lease: str) -> None:
        try:
            make(self.settings, self.engine, self.storage, task_id, lease, self.leaving)
        except Abandoned:
            # The process ends in a moment. Coming back would count as having made the film.
            threading.Event().wait()

    def close(self) -> None:
        pass


class OnRay:
    """Films in Ray actors, one per slot; each is given its GPU, or its share of the cores."""

    def __init__(self, settings: Settings) -> None:
        try:
            import ray
        except ModuleNotFoundError:
            raise WrongUse("ray is not installed; run: pip install 'onereel[cluster]'.") from None
        self.ray, self.settings = ray, settings
        if not ray.is_initialized():
            options: dict[str, Any] = {"address": settings.ray_address}
            if settings.ray_address is None:
                options = {
                    "num_cpus": max(settings.slots, os.cpu_count() or 1),
                    "include_dashboard": False,
                    "object_store_memory": 100 * 2**20,  # films go through files
                }
            ray.init(logging_level=logging.WARNING, log_to_driver=False, **options)
        self.free: queue.Queue[Any] = queue.Queue()
        for _ in range(settings.slots):
            self.free.put(self._actor())

    def run(self, task_id: str, lease: str) -> None:
        actor = self.free.get()
        try:
            self.ray.get(actor.make.remote(task_id, lease))
        except self.ray.exceptions.RayActorError:
            actor = self._actor()  # its process died; the task's next start has a new one
            raise
        finally:
            self.free.put(actor)

    def close(self) -> None:
        self.ray.shutdown()

    def _actor(self) -> Any:
        gpus = 1 if self.ray.cluster_resources().get("GPU") else 0
        return self.ray.remote(num_cpus=1, num_gpus=gpus)(Slot).remote(self.settings)


class Slot:
    """One Ray actor: a process that holds the model and makes one film at a time."""

    def __init__(self, settings: Settings) -> None:
        from onereel.service.app import open_storage
        from onereel.service.database import open_database

        self.settings, self.engine = settings, open_database(settings)
        self.storage = open_storage(settings, self.engine)

    def make(self, task_id: str, lease: str) -> None:
        make(self.settings, self.engine, self.storage, task_id, lease)


# ---------------------------------------------------------------- care for the records


def start_care(
    settings: Settings,
    engine: sa.Engine,
    storage: Storage,
    client: DBOSClient,
    stop: threading.Event,
) -> threading.Thread:
    """A thread that expires overdue tasks and drops old records and files, until `stop`."""

    def go_on() -> None:
        while not stop.wait(settings.heartbeat):
            try:
                care(settings, engine, storage, client)
            except Exception:
                log.exception("care failed")

    thread = threading.Thread(target=go_on, name="care", daemon=True)
    thread.start()
    return thread


def care(settings: Settings, engine: sa.Engine, storage: Storage, client: DBOSClient) -> None:
    """Expire what waited too long; drop cancelled tasks after a day, all after seven."""
    from onereel.service.tasks import files_of

    now = time.time()
    overdue = sa.select(TASKS.c.id).where(
        TASKS.c.status.in_(("queued", "running")), TASKS.c.expires_at < now
    )
    with engine.connect() as connection:
        late = [row.id for row in connection.execute(overdue.limit(200))]
    for task_id in late:
        with engine.begin() as connection:
            store.move(
                connection, task_id, "expired", error_code="TaskExpired",
                error_message="The task was not finished within execution_expires_after.",
            )  # fmt: skip
    old = (TASKS.c.created_at < now - settings.record_lasts) & TASKS.c.status.in_(store.FINAL)
    cancelled = (TASKS.c.status == "cancelled") & (TASKS.c.finished_at < now - settings.link_lasts)
    with engine.connect() as connection:
        rows = connection.execute(sa.select(TASKS).where(old | cancelled).limit(200)).fetchall()
    for row in rows:
        task = store.task_from_row(row)
        for name in files_of(task):
            storage.remove(name)
        shutil.rmtree(settings.scratch / task.id, ignore_errors=True)
    if rows:
        with engine.begin() as connection:
            store.erase(connection, [row.id for row in rows])
    jobs.forget_ended(client)
