"""The server: both dialects, the native routes, health and figures, over one set of tasks.

- `make_app` builds everything from `Settings`; nothing is global but DBOS's own instance
- every error goes out in Ark's envelope, every answer with its request id
- one JSON line a request in the log; no prompt, no key, no link in it

Called from the command line (`onereel serve`) and from tests.
"""

from __future__ import annotations

import re
import secrets
import threading
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import sqlalchemy as sa
import structlog
from fastapi import Depends, FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    generate_latest,
)
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from onereel import __version__
from onereel.errors import OnereelError, Refused, WrongUse
from onereel.service import access, ark, events, links, openai, storage, store
from onereel.service.database import open_database
from onereel.service.errors import ApiError, invalid, missing
from onereel.service.jobs import open_jobs
from onereel.service.settings import Settings
from onereel.service.tasks import Service
from onereel.service.webhooks import Deliverer
from onereel.service.workers import Worker, start_care

LARGEST_JSON = 64 * 2**20
LARGEST_UPLOAD = 256 * 2**20
_TAGS = ("text", "image_url", "video_url", "audio_url", "draft_task")
log = structlog.get_logger("onereel.server")


def open_storage(settings: Settings, engine: sa.Engine) -> storage.Storage:
    """The storage that the settings name: a folder, or s3://bucket/prefix."""
    where = settings.storage
    if where is not None and where.startswith("s3://"):
        return storage.S3Storage.from_url(where, settings.storage_quota, **settings.storage_options)
    folder = settings.data / "files" if where is None else settings.data.__class__(where)
    secret = access.shared_secret(engine, "links")
    return storage.LocalStorage(folder, secret, settings.storage_quota)


def make_app(settings: Settings) -> FastAPI:
    """The server of one installation; its database and folders are there when this returns.

    Workers, callbacks and care for old records start and stop with the app.
    """
    engine = open_database(settings)
    service = Service(settings, engine, open_storage(settings, engine), open_jobs(settings, engine))

    @asynccontextmanager
    async def running(app: FastAPI) -> AsyncIterator[None]:
        stop = threading.Event()
        start_care(settings, engine, service.storage, service.jobs, stop)
        deliverer = Deliverer(engine, settings, lambda *told: render_callback(service, *told))
        deliverer.start()
        worker = None
        if settings.workers != "separate":
            alone = engine.dialect.name == "sqlite"
            worker = await run_in_threadpool(
                Worker, settings, engine, service.storage, service.jobs, alone
            )
        yield
        if worker is not None:
            app.state.stopped_cleanly = await run_in_threadpool(worker.stop)
        stop.set()
        await run_in_threadpool(deliverer.stop)

    app = FastAPI(
        title="onereel", version=__version__, lifespan=running,
        description="Films from words, pictures, clips and recordings. Ark's video API and "
        "OpenAI's, on your machine.",
    )  # fmt: skip
    app.state.service, app.state.storage = service, service.storage
    app.state.keys = access.KeyRing(engine)
    app.state.stopped_cleanly = True
    for router in (ark.router, openai.router, events.router, links.router):
        app.include_router(router)
    add_figures(app, service)
    add_errors(app)
    app.add_middleware(Watch, figures=app.state.figures)
    return app


def render_callback(service: Service, task_id: str, status: str) -> dict[str, Any] | None:
    """What a callback says: the task as GET told it when it had this status."""
    with service.engine.connect() as connection:
        task = store.find(connection, task_id)
    if task is None:
        return None
    if task.status != status:  # it has gone on since
        task = replace(task, status=status, outcome=None, error_code=None, error_message=None)  # type: ignore[arg-type]
    return (openai if task.dialect == "openai" else ark).told(service, task)


# ---------------------------------------------------------------- health and figures


class Figures:
    """What /metrics tells. One registry per app, so that two apps in one process do not clash."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.requests = Counter(
            "onereel_requests", "Requests by route, method and status.",
            ("route", "method", "status"), registry=self.registry,
        )  # fmt: skip
        self.seconds = Histogram(
            "onereel_request_seconds", "Time to the end of the answer, streams apart.", ("route",),
            registry=self.registry,
        )  # fmt: skip
        self.tasks = Gauge(
            "onereel_tasks", "Tasks kept, by status.", ("status",), registry=self.registry
        )
        self.workers = Gauge("onereel_workers", "Workers alive.", registry=self.registry)


def add_figures(app: FastAPI, service: Service) -> None:
    figures = app.state.figures = Figures()

    @app.get("/healthz", tags=["server"], summary="Whether the server and its database are up")
    def healthz() -> dict[str, Any]:
        try:
            with service.engine.connect() as connection:
                connection.execute(sa.select(1))
        except sa.exc.DBAPIError:
            raise ApiError(503, "ServiceUnavailable", "The database does not answer.") from None
        return {"status": "ok", "version": __version__}

    @app.get(
        "/metrics", tags=["server"], summary="Figures for Prometheus", response_class=Response,
        dependencies=[Depends(access.needs("admin"))],
    )  # fmt: skip
    def metrics() -> Response:
        count = sa.select(store.TASKS.c.status, sa.func.count()).group_by(store.TASKS.c.status)
        alive = store.WORKERS.c.seen_at > time.time() - service.settings.worker_timeout
        with service.engine.connect() as connection:
            counts = {row[0]: row[1] for row in connection.execute(count)}
            workers = connection.scalar(
                sa.select(sa.func.count()).select_from(store.WORKERS).where(alive)
            )
        for status in store.STATUSES:
            figures.tasks.labels(status).set(counts.get(status, 0))
        figures.workers.set(workers or 0)
        return Response(generate_latest(figures.registry), media_type=CONTENT_TYPE_LATEST)


# ---------------------------------------------------------------- errors


def add_errors(app: FastAPI) -> None:
    @app.exception_handler(ApiError)
    def api_error(_: Request, error: ApiError) -> JSONResponse:
        return JSONResponse(error.envelope(), error.status, error.headers())

    @app.exception_handler(RequestValidationError)
    def wrong_request(_: Request, error: RequestValidationError) -> JSONResponse:
        told = from_validation(error)
        return JSONResponse(told.envelope(), told.status)

    @app.exception_handler(HTTPException)
    def http_error(_: Request, error: HTTPException) -> JSONResponse:
        codes = {404: "NotFound", 405: "MethodNotAllowed"}
        told = ApiError(
            error.status_code, codes.get(error.status_code, "InvalidParameter"), f"{error.detail}."
        )
        return JSONResponse(told.envelope(), told.status, dict(error.headers or {}))

    @app.exception_handler(UnicodeEncodeError)
    def half_a_character(_: Request, __: UnicodeEncodeError) -> JSONResponse:
        # JSON may hold lone surrogates, which no database and no header can.
        told = invalid("The request holds half a surrogate pair; send well-formed text.")
        return JSONResponse(told.envelope(), told.status)

    @app.exception_handler(OnereelError)
    def own_error(_: Request, error: OnereelError) -> JSONResponse:
        if isinstance(error, Refused):
            told = ApiError(400, "InputTextSensitiveContentDetected.PolicyViolation", str(error))
        elif isinstance(error, WrongUse):
            told = invalid(str(error))
        else:
            told = ApiError(500, "InternalServiceError", str(error))
        return JSONResponse(told.envelope(), told.status)


def from_validation(error: RequestValidationError) -> ApiError:
    """pydantic's first complaint in Ark's words: content[0].image_url.url, not a tuple."""
    first = error.errors()[0]
    place = [part for part in first["loc"] if part not in ("body", "query", "path", "header")]
    names: list[str] = []
    after_index = False
    for part in place:
        if isinstance(part, int):
            if names:
                names[-1] += f"[{part}]"
            after_index = True
        elif after_index and part in _TAGS:
            after_index = False  # which of the kinds of item it was, not a field
        else:
            names.append(part)
    param = ".".join(names)[:200] or None
    if first["type"] == "json_invalid":
        return invalid("The body is not valid JSON.")
    if first["type"] == "missing" or (first.get("input") is None and param):
        return missing(param or "body")
    return invalid(f"{param or 'The body'}: {first['msg']}.", param)


# ---------------------------------------------------------------- every request


_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,128}")


class Watch:
    """Around every request: its id, its size limit, its line in the log, its figures."""

    def __init__(self, app: ASGIApp, figures: Figures) -> None:
        self.app, self.figures = app, figures

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        headers = dict(scope["headers"])
        request_id = time.strftime("%Y%m%d%H%M%S", time.gmtime()) + secrets.token_hex(9)
        client_id = headers.get(b"x-client-request-id", b"").decode("latin-1")
        multipart = headers.get(b"content-type", b"").startswith(b"multipart/")
        most = LARGEST_UPLOAD if multipart else LARGEST_JSON
        started, status, received, begun = time.perf_counter(), 500, 0, False

        async def limited() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > most:
                raise _TooLarge
            return message

        async def told(message: Message) -> None:
            nonlocal status, begun
            if message["type"] == "http.response.start":
                status, begun = message["status"], True
                message["headers"] = [
                    *message["headers"],
                    (b"x-request-id", request_id.encode()),
                ]
                if _REQUEST_ID.fullmatch(client_id):
                    message["headers"].append((b"x-client-request-id", client_id.encode()))
            await send(message)

        try:
            declared = headers.get(b"content-length", b"0")
            if declared.isdigit() and int(declared[:20]) > most:
                raise _TooLarge
            await self.app(scope, limited, told)
        except _TooLarge:
            error = ApiError(
                413, "InvalidParameter", f"The body is larger than {most >> 20} MB; send less."
            )
            await JSONResponse(error.envelope(), 413)(scope, receive, told)
        except Exception:
            log.exception("request failed", request_id=request_id, path=scope["path"])
            if begun:
                raise
            error = ApiError(
                500, "InternalServiceError", f"Something failed here; request id {request_id}."
            )
            await JSONResponse(error.envelope(), 500)(scope, receive, told)
        finally:
            seconds = time.perf_counter() - started
            route = getattr(scope.get("route"), "path", "unknown")
            self.figures.requests.labels(route, scope["method"], str(status)).inc()
            if not route.endswith("/events"):
                self.figures.seconds.labels(route).observe(seconds)
            log.info(
                "request", request_id=request_id, client_request_id=client_id[:128] or None,
                method=scope["method"], route=route, status=status,
                milliseconds=round(seconds * 1000, 1),
            )  # fmt: skip


class _TooLarge(Exception):
    """More body than is taken."""
