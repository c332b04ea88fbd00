"""A private Postgres on loopback for one test session: started, used, removed."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg


def binaries() -> Path | None:
    """The folder of initdb and postgres, or None where there is no Postgres."""
    found = shutil.which("initdb")
    folders = [Path(found).parent] if found else []
    folders += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    for folder in folders:
        if (folder / "initdb").exists() and (folder / "postgres").exists():
            return folder
    return None


@contextmanager
def cluster() -> Iterator[str]:
    """The URL of an empty database. Postgres refuses to run as root, so root lends it `nobody`."""
    folder = binaries()
    assert folder is not None
    place = Path(tempfile.mkdtemp(prefix="onereel-postgres-"))
    user = "nobody" if os.geteuid() == 0 else None
    if user is not None:
        shutil.chown(place, user)
    data, port = place / "data", _free_port()
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "user": user, "cwd": place}
    subprocess.run(
        [folder / "initdb", "-D", data, "-U", "onereel", "-A", "trust", "-E", "UTF8", "--locale=C",
         "--no-sync"],
        check=True, timeout=60, **quiet,
    )  # fmt: skip
    running = subprocess.Popen(
        [folder / "postgres", "-D", data, "-p", str(port), "-k", place, "-c",
         "listen_addresses=127.0.0.1", "-c", "fsync=off", "-c", "shared_buffers=32MB"],
        **quiet,
    )  # fmt: skip
    url = f"postgresql://onereel@127.0.0.1:{port}/postgres"
    try:
        _wait_for(url)
        yield url
    finally:
        running.terminate()
        try:
            running.wait(20)
        except subprocess.TimeoutExpired:
            running.kill()
        shutil.rmtree(place, ignore_errors=True)


def _wait_for(url: str) -> None:
    deadline = time.monotonic() + 30
    while True:
        try:
            psycopg.connect(url).close()
            return
        except psycopg.OperationalError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
