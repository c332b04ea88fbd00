"""What comes in by OpenAI's dialect: forms or JSON, uploads, and the order they make.

Called by `openai`, which has the routes. Every mistake is an ApiError with `param`.
"""

from __future__ import annotations

import hashlib
import json
import re
import secrets
import time
from pathlib import Path
from typing import Annotated, Any, Literal

from fastapi import Request
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile

from onereel.errors import WrongUse, shown
from onereel.media.sandbox import read_clip
from onereel.request import LARGEST_SEED, LONGEST_SECONDS, SHORTEST_SECONDS, nearest_ratio
from onereel.service import tasks
from onereel.service.access import Caller
from onereel.service.ark_models import family_of
from onereel.service.errors import ApiError, invalid, missing
from onereel.service.inputs import check_order
from onereel.service.outward import check_url
from onereel.service.sizes import RATIOS
from onereel.service.tasks import Media, Order, Service, Task

DEFAULT_MODEL, DEFAULT_SIZE, DEFAULT_SECONDS = "sora-2", "720x1280", "4"
SMALLEST_SIDE, LARGEST_SIDE, MOST_PIXELS = 240, 2208, 2_100_000
UPLOAD_LASTS = 3600.0  # uploads are copied when the task is accepted; repeats may come until then
MOST_FIELDS = 32
LONGEST_FIELD = 42 * 2**20  # a picture of 30 MB in base64
UNSUPPORTED = "InvalidParameter.UnsupportedParameter"

_SIZE = re.compile(r"([0-9]{2,4})x([0-9]{2,4})")
_SORA = re.compile(r"sora-[a-z0-9.-]{1,60}")
_NESTED = re.compile(r"(\w{1,40})\[(\w{1,40})\]")


class Fields(BaseModel):
    """What every request for a film may say beside its clip or picture."""

    # Forms hold text only, so "5" is a number here and "true" a truth value.
    model_config = ConfigDict(extra="forbid", coerce_numbers_to_str=True)

    prompt: str
    model: Annotated[str, Field(max_length=100)] = DEFAULT_MODEL
    seconds: str | None = None
    size: str | None = None
    ratio: Literal["16:9", "4:3", "1:1", "3:4", "9:16", "21:9", "adaptive"] | None = None
    resolution: Literal["480p", "720p", "1080p"] | None = None
    seed: Annotated[int, Field(ge=0, le=LARGEST_SEED)] | None = None
    generate_audio: bool = True
    watermark: bool = False
    priority: Annotated[int, Field(ge=0, le=9)] = 0
    callback_url: str | None = None
    safety_identifier: Annotated[str, Field(max_length=64)] | None = None


# ---------------------------------------------------------------- the body


async def read_body(
    request: Request, service: Service, file_field: str
) -> tuple[Fields, Path | dict[str, Any] | str | None]:
    """The fields of a form or a JSON object, and what stood in `file_field`: an upload that lies
    on this disk now, an object or text. Null is the same as absent."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    given: dict[str, Any] = {}
    if kind in ("multipart/form-data", "application/x-www-form-urlencoded"):
        async with request.form(
            max_files=2, max_fields=MOST_FIELDS, max_part_size=LONGEST_FIELD
        ) as form:
            for name, value in form.multi_items():
                nested = _NESTED.fullmatch(name)
                if isinstance(value, UploadFile):
                    if name != file_field:
                        raise invalid(f"{shown(name, 40)} cannot be a file.", name[:64])
                    given[name] = await run_in_threadpool(keep_upload, service, value)
                elif nested:
                    given.setdefault(nested[1], {})
                    if isinstance(given[nested[1]], dict):
                        given[nested[1]][nested[2]] = value
                else:
                    given[name] = value
    elif kind == "application/json":
        try:
            given = json.loads(await request.body())
        except (ValueError, RecursionError):
            raise invalid("The body is not valid JSON.") from None
        if not isinstance(given, dict):
            raise invalid("The body must be a JSON object.")
    else:
        raise invalid("Send the body as multipart/form-data or application/json.", "Content-Type")
    given = {name: value for name, value in given.items() if value is not None}
    file = given.pop(file_field, None)
    try:
        return Fields(**given), file
    except ValidationError as error:
        raise first_mistake(error.errors(include_url=False)) from None
    except TypeError:  # a key that cannot be a keyword
        raise invalid("The body holds a field without a proper name.") from None


def first_mistake(errors: Any) -> ApiError:
    """pydantic's first complaint as ours."""
    first = errors[0]
    param = ".".join(str(one) for one in first["loc"] if one not in ("body", "query", "path"))
    if first["type"] == "missing":
        return missing(param or "body")
    if first["type"] == "extra_forbidden":
        return invalid(f"There is no field {shown(param, 64)}; leave it out.", param[:64],
                       UNSUPPORTED)  # fmt: skip
    return invalid(f"{param or 'The body'}: {first['msg']}.", param or None)


# ---------------------------------------------------------------- the order


def order_of(fields: Fields, media: tuple[Media, ...], task: str = "") -> Order:
    """The fields as an order. task: what a model is told before the prompt, so that it knows
    what to do with a clip. ApiError 400, or 404 for the model."""
    if not _SORA.fullmatch(fields.model):
        family_of(fields.model)
    size, ratio, resolution = _shape(fields, media)
    seconds = fields.seconds or DEFAULT_SECONDS
    if not re.fullmatch(r"[0-9]{1,2}", seconds) or not (
        SHORTEST_SECONDS <= int(seconds) <= LONGEST_SECONDS
    ):
        raise invalid(
            f"seconds is {shown(seconds, 20)}; this server makes {SHORTEST_SECONDS} to "
            f"{LONGEST_SECONDS} seconds.",
            "seconds",
        )
    order = Order(
        model=fields.model, prompt=task + fields.prompt, media=media, ratio=ratio,
        resolution=resolution, size=size, seconds=int(seconds), seed=fields.seed,
        sound=fields.generate_audio, watermark=fields.watermark, priority=fields.priority,
        callback_url=fields.callback_url, safety_identifier=fields.safety_identifier,
        extra={"prompt": fields.prompt},
    )  # fmt: skip
    if fields.callback_url is not None:
        try:
            check_url(fields.callback_url)
        except WrongUse as error:
            raise invalid(str(error), "callback_url") from None
    check_words(order, fields.prompt)
    return order


def check_words(order: Order, prompt: str) -> None:
    try:
        if not prompt.strip():
            raise WrongUse("The prompt is empty; say in words what happens in the film.")
        check_order(order)
    except WrongUse as error:
        raise invalid(str(error), "prompt") from None


def _shape(
    fields: Fields, media: tuple[Media, ...]
) -> tuple[tuple[int, int] | None, str, str]:  # fmt: skip
    """Exact size or None, ratio, resolution. `size` wins; a clip without any keeps its ratio."""
    by_table = fields.ratio is not None or fields.resolution is not None
    if fields.size is None and (by_table or any(one.kind == "clip" for one in media)):
        default = "adaptive" if media else RATIOS[0]
        return None, fields.ratio or default, fields.resolution or "720p"
    found = _SIZE.fullmatch(fields.size or DEFAULT_SIZE)
    width, height = (int(found[1]), int(found[2])) if found else (0, 0)
    good = (
        min(width, height) >= SMALLEST_SIDE
        and max(width, height) <= LARGEST_SIDE
        and width * height <= MOST_PIXELS
        and not (width % 2 or height % 2)
        and 0.4 <= width / height <= 2.5
    )
    if not good:
        raise invalid(
            f"size is {shown(fields.size, 20)}; give WIDTHxHEIGHT such as 1280x720, both even, "
            f"{SMALLEST_SIDE} to {LARGEST_SIDE}, at most 1920x1080 pixels in all.",
            "size",
        )
    resolution = "480p" if width * height < 600_000 else "720p"
    return (width, height), nearest_ratio(width, height), (
        "1080p" if width * height > 1_300_000 else resolution
    )  # fmt: skip


# ---------------------------------------------------------------- files


def picture_source(given: Path | dict[str, Any] | str) -> Path | str:
    """Where a first frame is: an upload, or {"image_url": …}."""
    if isinstance(given, Path):
        return given
    url = given.get("image_url") if isinstance(given, dict) else given
    if not isinstance(url, str):
        raise invalid(
            'input_reference must be a file or {"image_url": "…"}; this server keeps no file ids.',
            "input_reference",
        )
    return url


def clip_path(service: Service, caller: Caller, given: Path | dict[str, Any] | str | None) -> Path:
    """A clip to work on: an upload, or {"id": …} of a video made here."""
    if given is None:
        raise missing("video")
    if isinstance(given, Path):
        return given
    video_id = given.get("id") if isinstance(given, dict) else given
    if not isinstance(video_id, str):
        raise invalid('video must be a file or {"id": "…"}.', "video")
    task = tasks.get(service, caller, video_id)
    if task.status != "succeeded" or task.outcome is None:
        raise invalid(f"The video {task.id} is not there yet; wait for it.", "video")
    return _kept_again(service, task.outcome.film, f"film-{task.id}")


def media_again(service: Service, task: Task) -> tuple[Media, ...]:
    """The files of an older order, as files that a new one can take in."""
    again = []
    for number, one in enumerate(task.order.media):
        path = _kept_again(service, str(one.source), f"input-{task.id}-{number}")
        again.append(Media(one.kind, one.role, path, "video_id"))
    return tuple(again)


def _kept_again(service: Service, name: str, file: str) -> Path:
    folder = service.settings.scratch / "uploads"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    part = folder / f"{secrets.token_hex(8)}.part"
    try:
        service.storage.get(name, part)
        return part.replace(folder / file)
    finally:
        part.unlink(missing_ok=True)


def seconds_of(path: Path) -> int:
    """How long a film must be to hold the clip, within what can be made."""
    try:
        seconds = round(read_clip(path, size=(64, 64)).seconds)
    except WrongUse as error:
        raise invalid(str(error).replace(shown(path), "video"), "video") from None
    return min(max(seconds, SHORTEST_SECONDS), LONGEST_SECONDS)


def keep_upload(service: Service, upload: UploadFile) -> Path:
    """The upload as a file named by its hash, so that a repeated request is the same order."""
    folder = service.settings.scratch / "uploads"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    _sweep(folder)
    part = folder / f"{secrets.token_hex(8)}.part"
    digest = hashlib.sha256()
    try:
        with part.open("xb") as file:
            while piece := upload.file.read(2**20):
                digest.update(piece)
                file.write(piece)
        return part.replace(folder / digest.hexdigest())
    finally:
        part.unlink(missing_ok=True)


def _sweep(folder: Path) -> None:
    for path in folder.iterdir():
        try:
            if path.stat().st_mtime < time.time() - UPLOAD_LASTS:
                path.unlink()
        except FileNotFoundError:  # swept by somebody else
            continue
