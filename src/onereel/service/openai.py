"""OpenAI's Videos dialect: /v1/videos, for the unmodified `openai` SDK.

- create, edit, extend: multipart (what the SDK always sends) or JSON; fields beyond OpenAI's own
  (seed, ratio, resolution, generate_audio, watermark, priority, callback_url, safety_identifier)
  come as `extra_body`
- the same tasks as Ark's dialect: queued, running = in_progress, succeeded = completed, and
  failed, expired, cancelled = failed
- remix makes the film again with the same seed, size and first frame, and another prompt
- edit and extend hand the clip to the model as its reference; a model that has not learned to
  follow clips refuses with 400. An extension holds the new part only
- characters need a library of assets, which this server does not keep yet: 400 and 404

Written against openai 3.54.0. Errors have OpenAI's shape, with Ark's codes.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Header, Query, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from fastapi.routing import APIRoute
from pydantic import BaseModel, ConfigDict
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException

from onereel.service import tasks
from onereel.service.access import Caller, needs
from onereel.service.errors import ApiError, invalid, missing
from onereel.service.openai_requests import (
    UNSUPPORTED,
    Fields,
    check_words,
    clip_path,
    first_mistake,
    media_again,
    order_of,
    picture_source,
    read_body,
    seconds_of,
)
from onereel.service.sizes import output_size
from onereel.service.tasks import Media, Order, Service, Task

POLL_MILLISECONDS = 500

_STATUS = {
    "queued": "queued", "running": "in_progress", "succeeded": "completed", "failed": "failed",
    "expired": "failed", "cancelled": "failed",
}  # fmt: skip
_TYPES = {401: "authentication_error", 403: "permission_error", 429: "rate_limit_error"}


class Remix(BaseModel):
    model_config = ConfigDict(extra="forbid")
    prompt: str


class OpenAIRoute(APIRoute):
    """Errors in OpenAI's shape: same envelope, its own words for `type`."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handler = super().get_route_handler()

        async def handle(request: Request) -> Response:
            try:
                return await handler(request)
            except ApiError as error:
                return answer_of(error)
            except RequestValidationError as error:
                return answer_of(first_mistake(error.errors()))
            except HTTPException as error:  # a body that cannot be parsed
                return answer_of(ApiError(error.status_code, "InvalidParameter", error.detail))

        return handle


def answer_of(error: ApiError) -> JSONResponse:
    kind = "server_error" if error.status >= 500 else "invalid_request_error"
    told = error.envelope()
    told["error"]["type"] = _TYPES.get(error.status, kind)
    return JSONResponse(told, error.status, error.headers())


router = APIRouter(prefix="/v1/videos", tags=["OpenAI"], route_class=OpenAIRoute)


def service_of(request: Request) -> Service:
    return request.app.state.service


Running = Annotated[Service, Depends(service_of)]
Reader = Annotated[Caller, Depends(needs("read"))]
Creator = Annotated[Caller, Depends(needs("create"))]
Deleter = Annotated[Caller, Depends(needs("delete"))]
IdempotencyKey = Annotated[str | None, Header(max_length=256)]


def _body(*files: str, required: tuple[str, ...] = ("prompt",)) -> dict[str, Any]:
    """The OpenAPI of a body that is read by hand, as it may be a form or JSON."""
    schema = Fields.model_json_schema()
    binary = {name: {"type": "string", "format": "binary"} for name in files}
    form = schema | {"properties": schema["properties"] | binary, "required": [*required]}
    loose = {name: {"type": "object"} for name in files}
    plain = schema | {"properties": schema["properties"] | loose, "required": [*required]}
    content = {"multipart/form-data": {"schema": form}, "application/json": {"schema": plain}}
    return {"requestBody": {"required": True, "content": content}}


@router.post("", summary="Create a video", openapi_extra=_body("input_reference"))
async def create(
    request: Request, service: Running, caller: Creator, idempotency_key: IdempotencyKey = None
) -> dict[str, Any]:
    fields, given = await read_body(request, service, "input_reference")
    media: tuple[Media, ...] = ()
    if given is not None:
        media = (Media("picture", "first_frame", picture_source(given), "input_reference"),)
    order = order_of(fields, media)
    return await _accept(request, service, caller, order, idempotency_key)


@router.post("/edits", summary="Edit a video", openapi_extra=_body("video"))
async def edit(
    request: Request, service: Running, caller: Creator, idempotency_key: IdempotencyKey = None
) -> dict[str, Any]:
    fields, given = await read_body(request, service, "video")
    path = await run_in_threadpool(clip_path, service, caller, given)
    seconds = await run_in_threadpool(seconds_of, path)
    whole = fields.model_copy(update={"seconds": str(seconds)})
    order = order_of(whole, (Media("clip", "reference", path, "video"),), "Edit Video 1: ")
    return await _accept(request, service, caller, order, idempotency_key)


@router.post(
    "/extensions", summary="Go on with a video",
    openapi_extra=_body("video", required=("prompt", "seconds")),
)  # fmt: skip
async def extend(
    request: Request, service: Running, caller: Creator, idempotency_key: IdempotencyKey = None
) -> dict[str, Any]:
    fields, given = await read_body(request, service, "video")
    if fields.seconds is None:
        raise missing("seconds")
    path = await run_in_threadpool(clip_path, service, caller, given)
    media = (Media("clip", "reference", path, "video"),)
    order = order_of(fields, media, "Extend Video 1 forward: ")
    return await _accept(request, service, caller, order, idempotency_key)


@router.post("/characters", summary="Not offered: this server keeps no assets yet")
async def create_character(caller: Creator) -> dict[str, Any]:
    raise invalid(
        "This server keeps no characters yet; give a picture as input_reference.", "video",
        UNSUPPORTED,
    )  # fmt: skip


@router.get("/characters/{character_id}", summary="Not offered: this server keeps no assets yet")
def get_character(character_id: str, caller: Reader) -> dict[str, Any]:
    raise ApiError(404, "NotFound", "This server keeps no characters yet.")


@router.post("/{video_id}/remix", summary="Make a video again with another prompt")
async def remix(
    video_id: str,
    body: Remix,
    request: Request,
    service: Running,
    caller: Creator,
    idempotency_key: IdempotencyKey = None,
) -> dict[str, Any]:
    source = await run_in_threadpool(tasks.get, service, caller, video_id)
    old = source.order
    media = await run_in_threadpool(media_again, service, source)
    order = Order(
        model=old.model, prompt=body.prompt, media=media, ratio=old.ratio,
        resolution=old.resolution, size=old.size, seconds=old.seconds, seed=old.seed,
        sound=old.sound, watermark=old.watermark, priority=old.priority,
        safety_identifier=old.safety_identifier,
        extra={"prompt": body.prompt, "remixed_from_video_id": source.id},
    )  # fmt: skip
    return await _accept(request, service, caller, order, idempotency_key)


@router.get("/{video_id}", summary="Get a video")
def retrieve(
    video_id: str,
    response: Response,
    service: Running,
    caller: Reader,
    x_stainless_poll_helper: Annotated[str | None, Header()] = None,
) -> dict[str, Any]:
    if x_stainless_poll_helper == "true":
        response.headers["openai-poll-after-ms"] = str(POLL_MILLISECONDS)
    return told(service, tasks.get(service, caller, video_id))


@router.get("", summary="List videos")
def list_(
    service: Running,
    caller: Reader,
    after: Annotated[str | None, Query(max_length=100)] = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
    order: Literal["asc", "desc"] = "desc",
) -> dict[str, Any]:
    page = tasks.list_tasks(
        service, caller, dialect="openai", after=after, newest_first=order == "desc", limit=limit
    )
    data = [told(service, task) for task in page.items]
    ends = {"first_id": data[0]["id"], "last_id": data[-1]["id"]} if data else {}
    return {"object": "list", "data": data, "has_more": page.has_more,
            "first_id": None, "last_id": None} | ends  # fmt: skip


@router.delete("/{video_id}", summary="Delete a video, stopping it first")
def delete(video_id: str, service: Running, caller: Deleter) -> dict[str, Any]:
    if tasks.get(service, caller, video_id).status in ("queued", "running"):
        tasks.cancel(service, caller, video_id)
    tasks.delete(service, caller, video_id)
    return {"id": video_id, "object": "video.deleted", "deleted": True}


@router.get("/{video_id}/content", summary="Download a video or one of its pictures")
def content(
    video_id: str,
    request: Request,
    service: Running,
    caller: Reader,
    variant: Literal["video", "thumbnail", "spritesheet"] = "video",
) -> Response:
    task = tasks.get(service, caller, video_id)
    made = task.outcome
    if task.status != "succeeded" or made is None:
        raise ApiError(404, "NotFound", f"The video is {_STATUS[task.status]}; there is nothing "
                       "to download.", "video_id")  # fmt: skip
    if time.time() > (_expires_at(service, task) or math.inf):
        raise ApiError(404, "NotFound", "The video has expired; make it again.", "video_id")
    names = {"video": made.film, "thumbnail": made.thumbnail, "spritesheet": made.spritesheet}
    name = names[variant]
    if name is None:
        raise ApiError(404, "NotFound", f"This video has no {variant}.", "variant")
    return service.storage.response(name, request, f"{task.id}{Path(name).suffix}")


# ---------------------------------------------------------------- out


def told(service: Service, task: Task) -> dict[str, Any]:
    """A task as OpenAI tells it."""
    order, made = task.order, task.outcome
    if made is not None:
        width, height = made.width, made.height
    else:
        width, height = order.size or output_size(order.resolution, order.ratio)
    done = task.status == "succeeded"
    error = None
    if _STATUS[task.status] == "failed":
        said = {"expired": "It waited too long.", "cancelled": "It was cancelled."}
        code, message = task.error_code or task.status, task.error_message or said.get(task.status)
        error = {"code": code, "message": message or "It failed."}
    return {
        "id": task.id,
        "object": "video",
        "created_at": int(task.created_at),
        "completed_at": int(task.finished_at) if done and task.finished_at else None,
        "expires_at": int(at) if (at := _expires_at(service, task)) is not None else None,
        "model": order.model,
        "status": _STATUS[task.status],
        "progress": 100 if done else min(99, int(task.progress * 100)),
        "seconds": str(order.seconds),
        "size": f"{width}x{height}",
        "prompt": order.extra.get("prompt", order.prompt),
        "remixed_from_video_id": order.extra.get("remixed_from_video_id"),
        "error": error,
    }


def _expires_at(service: Service, task: Task) -> float | None:
    if task.status != "succeeded" or task.finished_at is None:
        return None
    return task.finished_at + service.settings.link_lasts


async def _accept(
    request: Request, service: Service, caller: Caller, order: Order, idempotency_key: str | None
) -> dict[str, Any]:
    check_words(order, order.extra["prompt"])
    task = await tasks.create(
        service, caller, order, dialect="openai", base_url=str(request.base_url).rstrip("/"),
        idempotency_key=idempotency_key,
    )  # fmt: skip
    return told(service, task)
