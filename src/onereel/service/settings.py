"""How one server was started. Frozen; made by the command line or by a test, read everywhere.

The same settings, with the same database and storage, start a worker on another machine.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from onereel.errors import WrongUse

Workers = Literal["embedded", "separate", "ray"]
DAY = 24 * 60 * 60
# The same folder as produce.DEFAULT_MODEL, named without loading torch.
PACKAGED = Path(__file__).parent.parent / "weights" / "nano"


@dataclass(frozen=True)
class Settings:
    """Times are in seconds, sizes in bytes.

    data: folder of everything that is not in the database or the object store.
    database: SQLAlchemy URL, sqlite:///… or postgresql://…; None is a SQLite file in `data`.
    storage: folder or s3://bucket/prefix for films; None is a folder in `data`.
    workers: who makes the films: this process, other processes on the same database, or Ray.
    slots: films made at the same time by one worker process.
    queue_limit: tasks that may wait; one more is answered 429.
    model_folder: the weights that films are made with.
    public_url: how clients reach the server, for links; None takes it from each request.
    """

    data: Path
    host: str = "127.0.0.1"
    port: int = 8000
    database: str | None = None
    storage: str | None = None
    storage_options: dict[str, str] = field(default_factory=dict)
    storage_quota: int = 50 * 2**30
    workers: Workers = "embedded"
    ray_address: str | None = None  # None starts a local cluster
    slots: int = 1
    queue_limit: int = 120
    model_folder: Path = PACKAGED
    public_url: str | None = None
    requests_per_minute: int = 600
    private_addresses: bool = False  # whether users' URLs may lead into the own network
    link_lasts: float = DAY
    record_lasts: float = 7 * DAY
    poll: float = 0.2  # how often queue, events and outbox are looked at
    heartbeat: float = 2.0
    worker_timeout: float = 20.0  # a worker silent for longer is dead and its films are re-queued
    grace: float = 10.0  # a running film's time to finish at shutdown, before it is re-queued
    attempts: int = 10  # starts of one film, before it counts as failed
    callback_retries: tuple[float, ...] = (1.0, 5.0, 25.0)
    callback_timeout: float = 5.0

    def __post_init__(self) -> None:
        if self.slots < 1 or self.queue_limit < 1:
            raise WrongUse("A server needs one slot or more, and room for one waiting task.")
        if not self.database_url.startswith(("sqlite:///", "postgresql://")):
            raise WrongUse("The database must be a sqlite:/// or postgresql:// URL.")

    @property
    def database_url(self) -> str:
        if self.database is None:
            return f"sqlite:///{self.data.resolve() / 'service.sqlite'}"
        return self.database.replace("postgres://", "postgresql://", 1)

    @property
    def scratch(self) -> Path:
        """Latents and half-made files; one folder per task."""
        return self.data / "scratch"
