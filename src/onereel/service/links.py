"""Links to films: the route that serves them from a local folder, and the one that kills them.

Links into an object store lead there directly (see `storage`).
"""

from __future__ import annotations

import json
import time
from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request, Response

from onereel.service import tasks
from onereel.service.access import Caller, needs
from onereel.service.errors import ApiError
from onereel.service.storage import LocalStorage
from onereel.service.store import TASKS
from onereel.service.tasks import Service

FILES = ("film", "last_frame", "thumbnail", "spritesheet")
router = APIRouter(tags=["files"])


def service_of(request: Request) -> Service:
    return request.app.state.service


Running = Annotated[Service, Depends(service_of)]


@router.api_route("/files/{name:path}", methods=["GET", "HEAD"], summary="Download by signed link")
def download(
    name: str,
    request: Request,
    service: Running,
    expires: Annotated[int, Query(ge=0, le=2**53)],
    signature: Annotated[str, Query(max_length=128)],
) -> Response:
    """A film or picture by the link that a task told; no key needed, but the link's signature."""
    if not isinstance(service.storage, LocalStorage):
        raise ApiError(404, "NotFound", "This server keeps its films in an object store.")
    service.storage.check_link(name, expires, signature, time.time())
    return service.storage.response(name, request)


@router.delete(
    "/tasks/{task_id}/links", tags=["server"], summary="Kill the links to a task's files"
)
def revoke_links(
    task_id: str, service: Running, caller: Annotated[Caller, Depends(needs("delete"))]
) -> dict[str, Any]:
    """Links told so far are dead; the next GET of the task tells new ones."""
    task = tasks.get(service, caller, task_id)
    if task.outcome is None:
        raise ApiError(409, "Conflict", f"The task is {task.status}; it has no links.")
    told = asdict(task.outcome)
    old = {field: told[field] for field in FILES if told[field]}
    # New names first, old ones removed last: whenever we die, the task has its files.
    told |= {field: service.storage.rename(name) for field, name in old.items()}
    with service.engine.begin() as connection:
        connection.execute(
            TASKS.update().where(TASKS.c.id == task.id).values(outcome=json.dumps(told))
        )
    for name in old.values():
        service.storage.remove(name)
    return {"id": task.id}
