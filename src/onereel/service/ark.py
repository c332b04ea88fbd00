"""Ark's dialect: /api/v3/contents/generations/tasks, field for field.

- an explicit null means absent: both of Ark's SDKs send every field they were not given as null
- every field is honoured or refused with Ark's code and `param`; none is silently dropped
- what a model id allows is in `ark_models`; 1.x ids also take flags at the end of the prompt

Written against the SDKs volcenginesdkarkruntime 5.0.54, arkruntime 0.17.0 and BytePlus 3.0.63.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Body, Depends, Header, Query, Request
from pydantic import BaseModel, ConfigDict, Field

from onereel.clip import FPS
from onereel.errors import WrongUse
from onereel.request import LARGEST_SEED, LONGEST_SECONDS, MOST, SHORTEST_SECONDS
from onereel.service import tasks
from onereel.service.access import Caller, needs
from onereel.service.ark_models import Family, family_of, take_flags
from onereel.service.errors import ApiError, invalid, missing
from onereel.service.inputs import check_order
from onereel.service.outward import check_url
from onereel.service.sizes import RATIOS, SIZES, tokens
from onereel.service.store import STATUSES
from onereel.service.tasks import Media, Order, Service, Task

PATH = "/api/v3/contents/generations/tasks"
UNSUPPORTED = "InvalidParameter.UnsupportedParameter"
MOVES_BY_ITSELF = "The picture comes to life."  # for pictures and clips without a word

StrictInt = Annotated[int, Field(strict=True)]
StrictBool = Annotated[bool, Field(strict=True)]


class Item(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Url(Item):
    url: str


class TextItem(Item):
    type: Literal["text"]
    text: str


class ImageItem(Item):
    type: Literal["image_url"]
    image_url: Url
    role: str | None = None


class VideoItem(Item):
    type: Literal["video_url"]
    video_url: Url
    role: str | None = None


class AudioItem(Item):
    type: Literal["audio_url"]
    audio_url: Url
    role: str | None = None


class DraftId(Item):
    id: str


class DraftItem(Item):
    type: Literal["draft_task"]
    draft_task: DraftId


class Tool(BaseModel):
    type: str


Content = Annotated[
    TextItem | ImageItem | VideoItem | AudioItem | DraftItem, Field(discriminator="type")
]


class CreateTask(BaseModel):
    """The body of a create request; null is the same as leaving a field out."""

    # What is not a field here is refused by hand, as null must pass even there.
    model_config = ConfigDict(extra="allow", json_schema_extra={"additionalProperties": False})

    model: str
    content: list[Content]
    safety_identifier: Annotated[str, Field(max_length=64)] | None = None
    callback_url: str | None = None
    return_last_frame: StrictBool | None = None
    service_tier: Literal["default", "flex"] | None = None
    execution_expires_after: Annotated[StrictInt, Field(ge=3600, le=259_200)] | None = None
    priority: Annotated[StrictInt, Field(ge=0, le=9)] | None = None
    generate_audio: StrictBool | None = None
    draft: StrictBool | None = None
    camera_fixed: StrictBool | None = None
    watermark: StrictBool | None = None
    seed: Annotated[StrictInt, Field(ge=-1, le=LARGEST_SEED)] | None = None
    resolution: Literal["480p", "720p", "1080p", "4k"] | None = None
    ratio: Literal["16:9", "4:3", "1:1", "3:4", "9:16", "21:9", "adaptive"] | None = None
    duration: StrictInt | None = None
    frames: StrictInt | None = None
    tools: list[Tool] | None = None
    output_format: Literal["mp4", "mov"] | None = None
    omni_reference_task_type: Literal["auto", "reference", "edit", "extend"] | None = None
    file_format: str | None = None
    subdivision_level: str | None = None
    optimize_prompt: StrictBool | None = None
    reasoning_effort: str | None = None
    human_face_mode: str | None = None


class Created(BaseModel):
    id: str


class TaskList(BaseModel):
    total: int
    items: list[dict[str, Any]]


router = APIRouter(prefix=PATH, tags=["Ark"])


def service_of(request: Request) -> Service:
    return request.app.state.service


Running = Annotated[Service, Depends(service_of)]
Reader = Annotated[Caller, Depends(needs("read"))]
Creator = Annotated[Caller, Depends(needs("create"))]
Deleter = Annotated[Caller, Depends(needs("delete"))]


@router.post("", summary="Create a video generation task", response_model=Created)
async def create(
    body: Annotated[CreateTask, Body()],
    request: Request,
    service: Running,
    caller: Creator,
    idempotency_key: Annotated[str | None, Header(max_length=256)] = None,
) -> Created:
    order = order_of(body)
    task = await tasks.create(
        service, caller, order, dialect="ark", base_url=str(request.base_url).rstrip("/"),
        idempotency_key=idempotency_key,
    )  # fmt: skip
    return Created(id=task.id)


@router.get("/{task_id}", summary="Get a task")
def get(task_id: str, request: Request, service: Running, caller: Reader) -> dict[str, Any]:
    return told(service, reached(request, tasks.get(service, caller, task_id)))


@router.get("", summary="List tasks of the last 7 days", response_model=TaskList)
def list_(
    request: Request,
    service: Running,
    caller: Reader,
    page_num: Annotated[int, Query(ge=1, le=500)] = 1,
    page_size: Annotated[int, Query(ge=1, le=500)] = 20,
    status: Annotated[str | None, Query(alias="filter.status")] = None,
    task_ids: Annotated[list[str] | None, Query(alias="filter.task_ids", max_length=500)] = None,
    model: Annotated[str | None, Query(alias="filter.model")] = None,
    service_tier: Annotated[str | None, Query(alias="filter.service_tier")] = None,
) -> TaskList:
    if status is not None and status not in STATUSES:
        raise invalid(f"filter.status must be one of {', '.join(STATUSES)}.", "filter.status")
    page = tasks.list_tasks(
        service, caller, statuses=(status,) if status else (), ids=task_ids or (), model=model,
        service_tier=service_tier, offset=(page_num - 1) * page_size, limit=page_size,
    )  # fmt: skip
    items = [told(service, reached(request, task)) for task in page.items]
    return TaskList(total=page.total, items=items)


@router.delete("/{task_id}", summary="Cancel a queued task, or remove a finished one")
def delete(task_id: str, service: Running, caller: Deleter) -> dict[str, Any]:
    task = tasks.get(service, caller, task_id)
    if task.status == "queued":
        tasks.cancel(service, caller, task_id, statuses=("queued",))
    elif task.status == "cancelled":
        raise ApiError(
            409, "Conflict", "The task is cancelled already; its record goes away within 24 hours."
        )
    else:
        tasks.delete(service, caller, task_id)  # 409 while it is running
    return {}


# ---------------------------------------------------------------- out


def reached(request: Request, task: Task) -> Task:
    """The task with links that lead to where this request found us, which may have moved since."""
    public = request.app.state.service.settings.public_url
    return replace(task, base_url=public or str(request.base_url).rstrip("/"))


def told(service: Service, task: Task) -> dict[str, Any]:
    """A task as Ark tells it, in a GET, a list and a callback."""
    order, made = task.order, task.outcome
    body: dict[str, Any] = {
        "id": task.id,
        "model": order.model,
        "status": task.status,
        "error": None,
        "content": None,
        "created_at": int(task.created_at),
        "updated_at": int(task.updated_at),
        "seed": order.seed,
        "resolution": order.resolution,
        "ratio": order.ratio,
        "framespersecond": FPS,
        "service_tier": order.service_tier,
        "execution_expires_after": order.expires_after,
        "generate_audio": order.sound,
        "draft": False,
        "priority": order.priority,
    }
    if "frames" in order.extra:
        body["frames"] = order.extra["frames"]
    else:
        body["duration"] = order.seconds
    if order.safety_identifier is not None:
        body["safety_identifier"] = order.safety_identifier
    body |= {name: order.extra[name] for name in ("output_format", "revised_prompt")
             if name in order.extra}  # fmt: skip
    if task.error_code is not None:
        body["error"] = {"code": task.error_code, "message": task.error_message}
    if task.status == "succeeded" and made is not None:
        body["content"] = {"video_url": tasks.link(service, task, made.film)}
        if made.last_frame is not None:
            body["content"]["last_frame_url"] = tasks.link(service, task, made.last_frame)
        frames = made.frames + made.input_seconds * FPS
        used = tokens(made.width, made.height, frames)
        body["usage"] = {"completion_tokens": used, "total_tokens": used}
        if made.record["warnings"]:
            body["warnings"] = list(made.record["warnings"])
    return body


# ---------------------------------------------------------------- in


@dataclass(frozen=True)
class Words:
    """The text items of a request: what they say, and where the first stands."""

    text: str
    param: str


def order_of(body: CreateTask) -> Order:
    """The body as an order; ApiError 400 with the first thing that is wrong, 404 for the model."""
    family = family_of(body.model)
    _refuse_unknown(body)
    _refuse_switches(body, family)
    media, words = _contents(body, family)
    text, flags = take_flags(words.text) if family.flags else (words.text, {})
    given = {name: value for name, value in body if value is not None}
    # Both given: the body is the stricter form, so it wins.
    chosen = {**flags, **given}
    extra: dict[str, Any] = {}
    seconds, frames = _length(chosen, given, family)
    if frames is not None:
        extra["frames"] = frames
    prompt = text.strip()
    if media and not prompt:
        prompt = MOVES_BY_ITSELF
    if chosen.get("camera_fixed"):
        prompt += "\nThe camera does not move."
    if prompt != text.strip():
        extra["revised_prompt"] = prompt
    if "output_format" in given:
        extra["output_format"] = given["output_format"]
    seed = chosen.get("seed", -1)
    order = Order(
        model=body.model, prompt=prompt, media=media,
        ratio=chosen.get("ratio", _default_ratio(family, media)),
        resolution=_resolution(chosen, given, family), seconds=seconds,
        seed=None if seed == -1 else seed,
        sound=chosen.get("generate_audio", family.sound),
        watermark=chosen.get("watermark", False),
        last_frame=chosen.get("return_last_frame", False),
        priority=chosen.get("priority", 0),
        service_tier=chosen.get("service_tier", "default"),
        expires_after=chosen.get("execution_expires_after", 172_800),
        callback_url=_callback_url(body.callback_url),
        safety_identifier=body.safety_identifier, extra=extra,
    )  # fmt: skip
    if not prompt:
        raise missing("content.text")
    try:
        check_order(order)
    except WrongUse as error:
        raise invalid(str(error), words.param) from None
    return order


def _refuse_unknown(body: CreateTask) -> None:
    for name, value in (body.model_extra or {}).items():
        if value is not None:
            raise invalid(f"There is no field {name[:64]!r}; leave it out.", name[:64], UNSUPPORTED)


def _refuse_switches(body: CreateTask, family: Family) -> None:
    """Fields that this model id, or this server, does not offer, unless they ask for nothing."""
    asked = {
        "draft": body.draft,
        "camera_fixed": body.camera_fixed if not family.camera_fixed else None,
        "frames": body.frames if not family.frames else None,
        "service_tier": body.service_tier == "flex" and not family.flex,
        "priority": body.priority if not family.priority else None,
        "generate_audio": body.generate_audio if not family.sound else None,
        "tools": body.tools,
        "output_format": body.output_format == "mov",
        "omni_reference_task_type": body.omni_reference_task_type not in (None, "auto"),
        "file_format": body.file_format not in (None, "mp4"),
        "subdivision_level": body.subdivision_level,
        "optimize_prompt": body.optimize_prompt,
        "reasoning_effort": body.reasoning_effort,
        "human_face_mode": body.human_face_mode not in (None, "strict"),
    }
    for name, wanted in asked.items():
        if wanted:
            value = getattr(body, name)
            shown = value if isinstance(value, bool | int | str) else "given"
            raise invalid(
                f"{name} is {shown}, which {family.name} on this server does not offer; leave it "
                "out.",
                name,
                UNSUPPORTED,
            )


def _contents(body: CreateTask, family: Family) -> tuple[tuple[Media, ...], Words]:
    if not body.content:
        raise missing("content")
    media: list[Media] = []
    texts: list[str] = []
    text_at = "content"
    for index, item in enumerate(body.content):
        at = f"content[{index}]"
        if isinstance(item, TextItem):
            text_at = f"{at}.text" if not texts else text_at
            texts.append(item.text)
        elif isinstance(item, DraftItem):
            raise invalid("This server makes no drafts; send the request itself.", at, UNSUPPORTED)
        elif isinstance(item, ImageItem):
            media.append(_picture(item, f"{at}.image_url.url", f"{at}.role"))
        elif isinstance(item, VideoItem):
            _check_role(item.role, "reference_video", f"{at}.role")
            media.append(Media("clip", "reference", item.video_url.url, f"{at}.video_url.url"))
        else:
            _check_role(item.role, "reference_audio", f"{at}.role")
            media.append(Media("recording", "reference", item.audio_url.url, f"{at}.audio_url.url"))
    _check_together(media, family)
    return tuple(media), Words("\n".join(texts), text_at)


def _picture(item: ImageItem, param: str, role_param: str) -> Media:
    roles = {
        None: "first_frame", "first_frame": "first_frame", "last_frame": "last_frame",
        "reference_image": "reference",
    }  # fmt: skip
    if item.role not in roles:
        raise invalid(
            f"The role {str(item.role)[:40]!r} is not first_frame, last_frame or reference_image.",
            role_param,
        )
    return Media("picture", roles[item.role], item.image_url.url, param)  # type: ignore[arg-type]


def _check_role(role: str | None, only: str, param: str) -> None:
    if role is not None and role != only:
        raise invalid(f"The role {role[:40]!r} is not {only}.", param)


def _check_together(media: list[Media], family: Family) -> None:
    words = {"picture": "images", "clip": "videos", "recording": "audio clips"}
    for kind, most in MOST.items():
        count = sum(one.kind == kind for one in media)
        if count > most:
            raise invalid(
                f"There are {count} {words[kind]}; at most {most} can be used.", "content"
            )
    roles = [one.role for one in media]
    if "reference" in roles:
        if not family.references:
            raise invalid(f"{family.name} takes no references, only frames.", "content",
                          "InvalidParameter.TaskTypeConstraint")  # fmt: skip
        if len(set(roles)) > 1:
            raise invalid(
                "First and last frames cannot be mixed with references; every image beside a "
                "reference needs the role reference_image.",
                "content",
            )
    if roles.count("first_frame") > 1 or roles.count("last_frame") > 1:
        raise invalid(
            "Two images need the roles first_frame and last_frame, or reference_image both.",
            "content",
        )
    if "last_frame" in roles and "first_frame" not in roles:
        raise invalid("A last_frame needs a first_frame beside it.", "content")
    if media and all(one.kind == "recording" for one in media):
        raise invalid("Audio needs an image or a video beside it.", "content")


def _length(
    chosen: dict[str, Any], given: dict[str, Any], family: Family
) -> tuple[int, int | None]:
    """Seconds (or -1), and frames when the length was asked for that way. Frames win."""
    frames = chosen.get("frames")
    if frames is not None:
        seconds, rest = divmod(frames - 1, FPS)
        if rest or not SHORTEST_SECONDS <= seconds <= family.seconds[1]:
            if "frames" not in given:
                return family.default_seconds, None
            raise invalid(
                f"frames is {frames}; this server makes films of whole seconds, so give "
                f"{FPS * SHORTEST_SECONDS + 1} to {FPS * family.seconds[1] + 1} in steps of {FPS}.",
                "frames",
            )
        return seconds, frames
    seconds = chosen.get("duration", family.default_seconds)
    lowest = max(family.seconds[0], SHORTEST_SECONDS)
    highest = min(family.seconds[1], LONGEST_SECONDS)
    if seconds == -1 and family.chooses_seconds:
        return -1, None
    if not lowest <= seconds <= highest:
        if "duration" not in given:
            return family.default_seconds, None
        or_minus = ", or -1" if family.chooses_seconds else ""
        raise invalid(
            f"duration is {seconds}; {family.name} on this server makes {lowest} to {highest} "
            f"seconds{or_minus}.",
            "duration",
        )
    return seconds, None


def _resolution(chosen: dict[str, Any], given: dict[str, Any], family: Family) -> str:
    resolution = chosen.get("resolution", family.resolution)
    if resolution in family.resolutions and resolution in SIZES:
        return resolution
    if "resolution" not in given:
        return family.resolution
    raise invalid(
        f"resolution is {resolution}; {family.name} on this server makes "
        f"{', '.join(one for one in family.resolutions if one in SIZES)}.",
        "resolution",
    )


def _default_ratio(family: Family, media: tuple[Media, ...]) -> str:
    return "adaptive" if family.adaptive or media else RATIOS[0]


def _callback_url(url: str | None) -> str | None:
    if url is None:
        return None
    try:
        check_url(url)
    except WrongUse as error:
        raise invalid(str(error), "callback_url") from None
    return url
