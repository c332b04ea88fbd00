"""`onereel serve` and `onereel worker`: the server, and more hands for it."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import signal
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from onereel.errors import OnereelError, WrongUse

if TYPE_CHECKING:
    import uvicorn

    from onereel.service.settings import Settings

DEFAULT_DATA = Path("onereel-data")
Data = Annotated[Path, typer.Option(help="Folder for database, films and keys.")]
Database = Annotated[
    str | None, typer.Option(help="postgresql://… instead of SQLite in the folder.")
]
Storage = Annotated[str | None, typer.Option(help="s3://bucket/prefix or a folder for films.")]
Slots = Annotated[int, typer.Option(help="Films made at the same time by one worker.")]
Model = Annotated[Path | None, typer.Option("--model", help="Folder of weights.")]
RayAddress = Annotated[
    str | None, typer.Option("--ray", help="Make films on a Ray cluster: its address, or local.")
]


def add_commands(app: typer.Typer) -> None:
    """Mount the commands of this file on the command line."""
    app.command()(serve)
    app.command()(worker)


def serve(
    data: Data = DEFAULT_DATA,
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port to listen on.")] = 8000,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    database: Database = None,
    storage: Storage = None,
    separate: Annotated[
        bool, typer.Option("--separate", help="Make no films here; leave them to workers.")
    ] = False,
    ray: RayAddress = None,
    slots: Slots = 1,
    queue_limit: Annotated[int, typer.Option(help="Tasks that may wait.")] = 120,
    public_url: Annotated[
        str | None, typer.Option(help="How clients reach this server, for links.")
    ] = None,
    private_addresses: Annotated[
        bool, typer.Option(help="Let URLs in requests lead into your own network.")
    ] = False,
    model: Model = None,
) -> None:
    """Serve Ark's and OpenAI's video APIs: one command, no set-up."""
    settings = settings_of(
        data=data, host=host, port=port, database=database, storage=storage, slots=slots,
        workers="separate" if separate else "ray" if ray else "embedded",
        ray_address=None if ray == "local" else ray, queue_limit=queue_limit,
        public_url=public_url, private_addresses=private_addresses, model_folder=model,
    )  # fmt: skip
    run_server(settings)


def worker(
    data: Data = DEFAULT_DATA,
    database: Database = None,
    storage: Storage = None,
    ray: RayAddress = None,
    slots: Slots = 1,
    model: Model = None,
) -> None:
    """Make films for a server that was started with --separate on the same database."""
    settings = settings_of(
        data=data, database=database, storage=storage, slots=slots, model_folder=model,
        workers="ray" if ray else "separate", ray_address=None if ray == "local" else ray,
    )  # fmt: skip
    run_worker(settings)


def settings_of(**given: Any) -> Settings:
    try:
        from onereel.service.settings import Settings
    except ModuleNotFoundError as error:
        raise _needs_serve(error) from error
    return Settings(**{name: value for name, value in given.items() if value is not None})


def run_server(settings: Settings) -> None:
    """Serve until SIGTERM or SIGINT; then finish, or re-queue, what is being made."""
    try:
        import uvicorn

        from onereel.service.access import SCOPES, create_key, list_keys
        from onereel.service.app import make_app
    except ModuleNotFoundError as error:
        raise _needs_serve(error) from error
    log_as_json()
    with only_server(settings.data), listen(settings.host, settings.port) as listening:
        app = make_app(settings)
        config = uvicorn.Config(
            app, host=settings.host, port=settings.port, log_config=None, access_log=False,
            timeout_graceful_shutdown=3, server_header=False, h11_max_incomplete_event_size=65536,
        )  # fmt: skip
        server = uvicorn.Server(config)

        def announce() -> None:
            port = listening.getsockname()[1]
            print(f"onereel serves at http://{settings.host}:{port}")
            print(f"Reference: http://{settings.host}:{port}/docs")
            engine = app.state.service.engine
            if not list_keys(engine):
                _, text = create_key(engine, "first", scopes=SCOPES)
                print(f"API key (kept only as a hash, so note it now): {text}")
            sys.stdout.flush()

        asyncio.run(_serve(server, listening, announce))
    _leave(app.state.stopped_cleanly)


async def _serve(
    server: uvicorn.Server, listening: socket.socket, announce: Callable[[], None]
) -> None:
    """uvicorn with our own signals: its own are raised once more at the end and kill the rest."""
    server.capture_signals = contextlib.nullcontext  # type: ignore[method-assign, assignment]
    loop = asyncio.get_running_loop()

    def stop() -> None:
        server.should_exit = True

    async def run() -> None:
        with contextlib.suppress(SystemExit):  # uvicorn's word for a start that failed
            await server.serve(sockets=[listening])

    serving = asyncio.create_task(run())
    while not server.started and not serving.done():
        await asyncio.sleep(0.02)
    # Only now, as Ray puts its own handlers in the way when it starts.
    for number in (signal.SIGTERM, signal.SIGINT):
        try:
            loop.add_signal_handler(number, stop)
        except NotImplementedError:  # Windows
            signal.signal(number, lambda *_: loop.call_soon_threadsafe(stop))
    if server.started:
        announce()
    await serving
    if not server.started:
        raise OnereelError("The server could not start; the line above says why.")


def run_worker(settings: Settings) -> None:
    """Work until SIGTERM or SIGINT; then finish, or re-queue, what is being made."""
    try:
        from onereel.service.app import open_storage
        from onereel.service.database import open_database
        from onereel.service.jobs import open_jobs
        from onereel.service.workers import Worker, start_care
    except ModuleNotFoundError as error:
        raise _needs_serve(error) from error
    log_as_json()
    engine = open_database(settings)
    client = open_jobs(settings, engine)
    storage = open_storage(settings, engine)
    stop = threading.Event()
    here = Worker(settings, engine, storage, client, alone=False)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    start_care(settings, engine, storage, client, stop)
    print(f"onereel worker {here.id} is ready", flush=True)
    stop.wait()
    _leave(here.stop())


def _leave(clean: bool) -> None:
    if not clean:  # a thread is still in the model; the film is in the queue again
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(0)


def log_as_json() -> None:
    """One JSON object a line on standard error, ours and the libraries' warnings alike."""
    import structlog

    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[
            *shared,
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            processor=structlog.processors.JSONRenderer(ensure_ascii=False),
            foreign_pre_chain=[*shared, structlog.processors.format_exc_info],
        )
    )
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)


def listen(host: str, port: int) -> socket.socket:
    """The socket to serve on; WrongUse, before anything is started, when it can't be had."""
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        return socket.create_server((host, port), family=family, backlog=2048)
    except OSError as error:
        raise WrongUse(
            f"The server cannot listen on {host}:{port} ({os.strerror(error.errno or 0)}); "
            "give another --port."
        ) from None


@contextlib.contextmanager
def only_server(data: Path) -> Iterator[None]:
    """Hold the data folder; WrongUse when another server does."""
    try:
        data.mkdir(parents=True, exist_ok=True, mode=0o700)
        lock = (data / "server.lock").open("w")
    except OSError as error:
        raise WrongUse(f"The folder {data} cannot be used: {error.strerror}.") from None
    with lock:
        try:
            import fcntl

            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except ImportError:  # Windows has no such lock
            pass
        except OSError:
            raise WrongUse(
                f"Another server runs on the folder {data}; stop it, or use another folder."
            ) from None
        yield


def _needs_serve(error: ModuleNotFoundError) -> WrongUse:
    return WrongUse(f"{error.name} is not installed; run: pip install 'onereel[serve]'.")
