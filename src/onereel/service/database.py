"""The one database: SQLite in the data folder, or Postgres by URL. Tasks, jobs, keys share it.

Each owner declares its tables on `metadata`; `open_database` creates what is missing.
"""

from __future__ import annotations

import os
from typing import Any

import sqlalchemy as sa

from onereel.service.settings import Settings

metadata = sa.MetaData()


def open_database(settings: Settings) -> sa.Engine:
    """An engine on the settings' database, every declared table there. Folders are made 0700."""
    settings.data.mkdir(parents=True, exist_ok=True)
    os.chmod(settings.data, 0o700)
    url = sa.make_url(settings.database_url)
    if url.get_backend_name() == "sqlite":
        # One writer at a time: wait for it rather than fail. Pooled, so connections are few.
        engine = sa.create_engine(url, connect_args={"timeout": 60, "check_same_thread": False})
        sa.event.listen(engine, "connect", _prepare_sqlite)
    else:
        engine = sa.create_engine(
            url.set(drivername="postgresql+psycopg"), pool_pre_ping=True, pool_size=10
        )
    metadata.create_all(engine)
    return engine


def _prepare_sqlite(connection: Any, _: Any) -> None:
    connection.isolation_level = "IMMEDIATE"  # a transaction that writes waits at its first write
    # WAL lets readers go on while one writes; FULL keeps an accepted task through a power cut.
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")
