"""From an order as it came to one that a worker can carry out: files fetched, nothing left open.

Called from `tasks.create`, before a task counts as accepted.
"""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from starlette.concurrency import run_in_threadpool

from onereel.request import DEFAULT_RATIO, DEFAULT_SECONDS, nearest_ratio, parse_request
from onereel.service.errors import ApiError, invalid
from onereel.service.fetch import Fetched, fetch_all
from onereel.service.outward import Reach

if TYPE_CHECKING:
    from onereel.service.settings import Settings
    from onereel.service.storage import Storage
    from onereel.service.store import Order

_ENDINGS = {"picture": ".png", "clip": ".mp4", "recording": ".wav"}
_KIND_IN_WORDS = {"picture": "reference picture", "clip": "clip", "recording": "recording"}


async def take_in(settings: Settings, storage: Storage, task_id: str, order: Order) -> Order:
    """The order with our own copies of its files, a definite ratio and length. ApiError 400."""
    for one in order.media:
        learned = learned_references(settings.model_folder)
        if one.role == "reference" and one.kind not in learned:
            raise ApiError(
                400,
                "InvalidParameter.UnsupportedParameter",
                f"This server's model has not learned to follow a {_KIND_IN_WORDS[one.kind]} yet; "
                "leave it out, or give a picture as first or last frame.",
                one.param,
            )
    return await run_in_threadpool(_take_in, settings, storage, task_id, order)


def _take_in(settings: Settings, storage: Storage, task_id: str, order: Order) -> Order:
    folder = settings.scratch / f"{task_id}-inputs"
    kept: list[str] = []
    try:
        fetched = fetch_all(order.media, folder, Reach(settings.private_addresses))
        media = []
        for number, (one, file) in enumerate(zip(order.media, fetched, strict=True)):
            name = f"{task_id}/input-{number}{_ENDINGS[one.kind]}"
            storage.put(name, file.path)
            kept.append(name)
            media.append(replace(one, source=name, seconds=file.seconds or 0.0))
    except BaseException:
        for name in kept:
            storage.remove(name)
        raise
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return replace(
        order,
        media=tuple(media),
        ratio=adaptive_ratio(order, fetched) if order.ratio == "adaptive" else order.ratio,
        seconds=DEFAULT_SECONDS if order.seconds == -1 else order.seconds,
    )


def check_order(order: Order) -> None:
    """WrongUse, in one sentence, for a prompt or combination that can't become a request."""
    parse_request(
        prompt=order.prompt,
        references=[
            {"kind": one.kind, "role": one.role, "path": Path("given")} for one in order.media
        ],
        ratio=order.ratio,
        seconds=order.seconds,
        seed=order.seed,
        sound=order.sound,
    )


def adaptive_ratio(order: Order, fetched: tuple[Fetched, ...]) -> str:
    """The first frame's nearest ratio; with references the first clip's, else first picture's."""
    for kind in ("clip", "picture"):
        for one, file in zip(order.media, fetched, strict=True):
            if one.kind == kind and one.role != "last_frame" and file.width and file.height:
                return nearest_ratio(file.width, file.height)
    return DEFAULT_RATIO


@lru_cache(maxsize=4)
def learned_references(model_folder: Path) -> tuple[str, ...]:
    """Kinds of reference that the weights in this folder can follow."""
    try:
        told = json.loads((model_folder / "model.json").read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise invalid("The server's model cannot be read; tell its operator.") from error
    return tuple(told["sampling"].get("learned_references", ()))
