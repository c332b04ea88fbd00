"""The native routes: a task's events as they happen (SSE), and cancelling what runs.

- `status` at each change, `progress` at each step, `preview` with a small picture now and then
- previews take time from the film, so they are made only once somebody follows it
- every event has an id; a client that comes back with Last-Event-ID goes on behind it
- the stream ends after the event that ends the task
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Annotated, Any

import anyio
import sqlalchemy as sa
from fastapi import APIRouter, Header, Request
from sse_starlette import EventSourceResponse, ServerSentEvent
from starlette.concurrency import run_in_threadpool

from onereel.service import store, tasks
from onereel.service.ark import Deleter, Reader, Running
from onereel.service.errors import invalid
from onereel.service.tasks import FINAL, Service

router = APIRouter(prefix="/tasks", tags=["events"])


@router.get("/{task_id}/events", summary="Follow a task", response_class=EventSourceResponse)
def events(
    task_id: str,
    request: Request,
    service: Running,
    caller: Reader,
    last_event_id: Annotated[str | None, Header(max_length=20)] = None,
) -> EventSourceResponse:
    tasks.get(service, caller, task_id)
    if last_event_id and not (last_event_id.isascii() and last_event_id.isdigit()):
        raise invalid("Last-Event-ID is not one of our event ids; leave it out.", "Last-Event-ID")
    return EventSourceResponse(follow(service, task_id, int(last_event_id or 0)), ping=15)


@router.post("/{task_id}/cancel", summary="Stop a queued or running task")
def cancel(task_id: str, service: Running, caller: Deleter) -> dict[str, Any]:
    return {"id": task_id, "status": tasks.cancel(service, caller, task_id).status}


async def follow(service: Service, task_id: str, last: int) -> AsyncIterator[ServerSentEvent]:
    """Events of a task behind the id `last`, until one ends it or its record is gone."""

    def news() -> tuple[list[store.Event], bool]:
        with service.engine.connect() as connection:
            # In this order: what happens in between is among the events of the next look.
            task = store.find(connection, task_id)
            over = task is None or task.status in FINAL
            return store.events_after(connection, task_id, last), over

    def note() -> None:
        with suppress(sa.exc.IntegrityError), service.engine.begin() as connection:
            store.follow(connection, task_id)  # or somebody else did at the same moment

    await run_in_threadpool(note)
    while True:
        found, over = await run_in_threadpool(news)
        for event in found:
            last = event.id
            yield ServerSentEvent(
                id=str(event.id), event=event.kind,
                data=json.dumps({"id": task_id, "at": round(event.at, 3), **event.data}),
            )  # fmt: skip
        if over:
            return
        await anyio.sleep(service.settings.poll)
