"""One task made into a film, wherever it runs: in this process, another one, or a Ray actor.

- every stage leaves a file, so whoever takes over goes on from there: latents are decoded, not
  denoised again (they go to the storage too, for a worker on another machine)
- progress is written to the database, and that write is also the question whether the film is
  still wanted: a cancelled, expired or taken-over task stops within one denoising step
- the seed was fixed when the task was accepted, so a second start makes the same film

Called from `jobs` with nothing but settings and an id.
"""

from __future__ import annotations

import base64
import json
import shutil
import time
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import sqlalchemy as sa
import structlog

from onereel.errors import Cancelled, OnereelError, Refused, WrongUse
from onereel.records.home import Home
from onereel.request import Request, parse_request
from onereel.service import store
from onereel.service.deliver import Outputs, preview_jpeg, write_outputs
from onereel.service.errors import ApiError
from onereel.service.sizes import output_size

if TYPE_CHECKING:
    from onereel.clip import Clip
    from onereel.service.settings import Settings
    from onereel.service.storage import Storage
    from onereel.service.store import Order, Outcome, Task

log = structlog.get_logger("onereel.making")

# Where each stage begins and ends on the way from 0 to 1.
STAGES = {
    "load": (0.0, 0.03), "encode": (0.03, 0.05), "denoise": (0.05, 0.70), "decode": (0.70, 0.80),
    "write": (0.80, 0.97), "store": (0.97, 0.99),
}  # fmt: skip
PREVIEWS = 4  # parts of the way; a picture is told at the end of each but the last
SECONDS_BETWEEN = 0.5  # at least, between two reports of the same stage; each step is told


class Abandoned(BaseException):
    """This worker is going away; the film stays where it is for another to finish."""


def make(
    settings: Settings,
    engine: sa.Engine,
    storage: Storage,
    task_id: str,
    lease: str,
    leaving: Callable[[], bool] = lambda: False,
) -> None:
    """Carry out a task under `lease`. Whatever happens is written to the task, not raised, but
    for errors of the database, after which it must be tried again.

    leaving: asked at every step; when it says True, Abandoned is raised.
    """
    with engine.begin() as connection:
        task = store.claim(connection, task_id, lease)
    if task is None:
        return
    teller = Teller(engine, task_id, lease, leaving)
    folder = settings.scratch / task_id
    started = time.monotonic()
    try:
        if task.attempts > settings.attempts:
            raise OnereelError(f"Making the film was broken off {settings.attempts} times.")
        outcome = film(settings, storage, task, folder, teller)
    except Cancelled:
        log.info("stopped", task=task_id)
    except (sa.exc.DBAPIError, Abandoned):
        raise
    except Exception as error:
        code, message = told_error(error)
        if not isinstance(error, OnereelError):
            log.exception("failed", task=task_id)
        with engine.begin() as connection:
            store.move(connection, task_id, "failed", holds=lease,
                       error_code=code, error_message=message)  # fmt: skip
    else:
        with engine.begin() as connection:
            done = store.move(connection, task_id, "succeeded", holds=lease, progress=1.0,
                              outcome=json.dumps(asdict(outcome)))  # fmt: skip
        seconds = round(time.monotonic() - started, 3)
        log.info("made" if done else "made in vain", task=task_id, seconds=seconds)
    _tidy(engine, storage, task_id, folder, lease)


def film(settings: Settings, storage: Storage, task: Task, folder: Path, tell: Teller) -> Outcome:
    """Generate, write, store."""
    # Seconds: it loads torch, which a process that only serves never does.
    from onereel import produce

    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    latents, kept = folder / "film.latents.safetensors", f"{task.id}/latents.safetensors"
    if not latents.exists():
        _fetch_latents(storage, kept, latents)

    def progress(stage: str, done: int, of: int) -> None:
        if stage == "decode" and done == 0 and latents.exists():
            storage.put(kept, latents)
        tell(stage, done, of)

    clip = None
    if latents.exists():
        try:
            clip = produce.decode(latents, model_folder=settings.model_folder, progress=progress)
        except WrongUse as error:  # other weights since, or a damaged disk: denoise again
            log.warning("latents not used", task=task.id, why=str(error))
            latents.unlink()
    if clip is None:
        clip = produce.make_film(
            request_of(task.order, storage, folder), model_folder=settings.model_folder,
            save_latents=latents, progress=progress,
            preview=lambda done, of, still: tell.preview(
                done, of, lambda: preview_jpeg(still(), folder, Home(settings.data))
            ),
        )  # fmt: skip
    tell("write", 0, 1)
    size = task.order.size or output_size(task.order.resolution, task.order.ratio)
    made = write_outputs(
        folder, clip, size, home=Home(settings.data), whole=task.order.watermark,
        progress=lambda stage, done, of: tell("write", done, of) if stage == "write" else None,
    )  # fmt: skip
    tell("store", 0, 1)
    outcome = put_outputs(storage, task, made, clip, size)
    tell("store", 1, 1)
    return outcome


def request_of(order: Order, storage: Storage, folder: Path) -> Request:
    """The order as produce takes it, its files fetched from storage into `folder`."""
    references = []
    for number, one in enumerate(order.media):
        source = str(one.source)
        path = folder / f"input-{number}{Path(source).suffix}"
        storage.get(source, path)
        references.append({"kind": one.kind, "role": one.role, "path": path})
    return parse_request(
        prompt=order.prompt, references=references, ratio=order.ratio, seconds=order.seconds,
        seed=order.seed, sound=order.sound,
    )  # fmt: skip


def put_outputs(
    storage: Storage, task: Task, made: Outputs, clip: Clip, size: tuple[int, int]
) -> Outcome:
    """Files into the storage under names that a second start would use again."""
    names = {
        field: f"{task.id}/{path.name}"
        for field, path in asdict(made).items()
        if field != "last_frame" or task.order.last_frame
    }
    for field, name in names.items():
        storage.put(name, getattr(made, field))
    return store.Outcome(
        film=names["film"],
        last_frame=names.get("last_frame"),
        thumbnail=names["thumbnail"],
        spritesheet=names["spritesheet"],
        width=size[0],
        height=size[1],
        frames=len(clip.frames),
        ratio=task.order.ratio,
        input_seconds=sum(one.seconds for one in task.order.media if one.kind == "clip"),
        record=asdict(clip.record),
    )


def told_error(error: Exception) -> tuple[str, str]:
    """Ark's code and one sentence for what went wrong."""
    if isinstance(error, ApiError):
        return error.code, error.message
    if isinstance(error, Refused):
        return "OutputVideoSensitiveContentDetected.PolicyViolation", str(error)
    if isinstance(error, WrongUse):
        return "InvalidParameter", str(error)
    if isinstance(error, OnereelError):
        return "InternalServiceError", str(error)
    return "InternalServiceError", "The film could not be made; the server's log says why."


class Teller:
    """Writes progress down, and raises when the film is no longer wanted from here."""

    def __init__(
        self, engine: sa.Engine, task_id: str, lease: str, leaving: Callable[[], bool]
    ) -> None:
        self.engine, self.task_id, self.lease, self.leaving = engine, task_id, lease, leaving
        self.last_stage, self.last_at = "", 0.0

    def __call__(self, stage: str, done: int, of: int) -> None:
        if self.leaving():
            raise Abandoned
        now = time.monotonic()
        soon = stage == self.last_stage and now - self.last_at < SECONDS_BETWEEN
        if soon and stage != "denoise" and done < of:
            return
        self.last_stage, self.last_at = stage, now
        begin, end = STAGES[stage]
        told = {"stage": stage, "done": done, "of": of}
        with self.engine.begin() as connection:
            wanted = store.tell_progress(
                connection,
                self.task_id,
                self.lease,
                begin + (end - begin) * done / max(1, of),
                told,
            )
        if not wanted:
            raise Cancelled("The film is no longer wanted.")

    def preview(self, done: int, of: int, jpeg: Callable[[], bytes]) -> None:
        """A small picture of the film so far, at a few moments on the way, if anybody looks."""
        if done >= of or (done * PREVIEWS) // of == ((done - 1) * PREVIEWS) // of:
            return
        with self.engine.connect() as connection:
            if not store.is_followed(connection, self.task_id):
                return
        data = base64.b64encode(jpeg()).decode()
        with self.engine.begin() as connection:
            store.tell(
                connection, self.task_id, "preview",
                {"step": done, "of": of, "picture": f"data:image/jpeg;base64,{data}"},
            )  # fmt: skip


def _fetch_latents(storage: Storage, name: str, path: Path) -> None:
    """Latents that an earlier start left behind, if there are any."""
    part = path.with_suffix(".part")
    try:
        storage.get(name, part)
        part.replace(path)
    except ApiError:
        part.unlink(missing_ok=True)


def _tidy(engine: sa.Engine, storage: Storage, task_id: str, folder: Path, lease: str) -> None:
    """Drop what nobody needs any more; leave alone what another worker is working with."""
    with engine.connect() as connection:
        task = store.find(connection, task_id)
    if task is not None and task.status in ("queued", "running"):
        return
    shutil.rmtree(folder, ignore_errors=True)
    storage.remove(f"{task_id}/latents.safetensors")
    if task is None or task.status != "succeeded":
        for path in asdict(Outputs.within(folder)).values():
            storage.remove(f"{task_id}/{path.name}")
