"""A real server process on loopback, for tests that drive it from outside."""

from __future__ import annotations

import atexit
import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx

ROOT = Path(__file__).parents[2]
START = """
import json, sys
from pathlib import Path
from onereel.cli_service import run_server, run_worker
from onereel.service.settings import Settings
given = json.loads(sys.argv[2])
for name in ("data", "model_folder"):
    given[name] = Path(given[name])
{"server": run_server, "worker": run_worker}[sys.argv[1]](Settings(**given))
"""
FAST = {"port": 0, "poll": 0.05, "heartbeat": 0.3, "worker_timeout": 2.0, "grace": 8.0}
TASKS = "/api/v3/contents/generations/tasks"


class Process:
    """`onereel serve` or `onereel worker` with exact settings; lines on stdout are read along.

    threads: what torch may use; 0 leaves that to torch, as a user's server does.
    """

    def __init__(self, kind: str, *, threads: int = 1, **settings: Any) -> None:
        told = json.dumps(FAST | settings, default=str)
        environment = os.environ | {"PYTHONPATH": str(ROOT / "src")}
        if threads:
            environment["OMP_NUM_THREADS"] = str(threads)
        self.errors = Path(settings["data"]).with_name(f"{kind}-{time.monotonic_ns()}.log")
        with self.errors.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-c", START, kind, told],
                stdout=subprocess.PIPE, stderr=log, env=environment, text=True,
            )  # fmt: skip
        # A test that fails in the middle leaves no server behind.
        atexit.register(self.process.kill)
        self.lines: list[str] = []
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.lines.append(line.rstrip())

    def wait_for(self, pattern: str, seconds: float = 180) -> re.Match[str]:
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            for line in list(self.lines):
                if found := re.search(pattern, line):
                    return found
            if self.process.poll() is not None:
                break
            time.sleep(0.02)
        raise AssertionError(f"no {pattern!r} in {self.lines}; {self.errors.read_text()[-3000:]}")

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    def stop(self, seconds: float = 60) -> int:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.kill()
            raise

    def log(self) -> list[dict[str, Any]]:
        lines = self.errors.read_text().splitlines()
        return [json.loads(line) for line in lines if line.startswith("{")]


class Server(Process):
    """A serving process, ready. `key` is its first key, unless it was started before."""

    def __init__(self, key: str | None = None, **settings: Any) -> None:
        super().__init__("server", **settings)
        self.data, self.database = Path(settings["data"]), settings.get("database")
        self.url = self.wait_for(r"serves at (\S+)")[1]
        self.key = key or self.wait_for(r"API key .*: (\S+)")[1]
        self.http = httpx.Client(
            base_url=self.url, headers={"Authorization": f"Bearer {self.key}"}, timeout=30
        )

    def create(self, **changes: Any) -> str:
        """A task's id; text and a small size unless said otherwise."""
        headers = {"Idempotency-Key": key} if (key := changes.pop("idempotency", None)) else {}
        answer = self.http.post(TASKS, json=order(**changes), headers=headers)
        assert answer.status_code == 200, answer.text
        return answer.json()["id"]

    def get(self, task_id: str) -> dict[str, Any]:
        answer = self.http.get(f"{TASKS}/{task_id}")
        assert answer.status_code == 200, answer.text
        return answer.json()

    def wait(self, task_id: str, *statuses: str, seconds: float = 180) -> dict[str, Any]:
        """The task when it is in one of `statuses` (any final one unless given)."""
        wanted = statuses or ("succeeded", "failed", "cancelled", "expired")
        deadline = time.monotonic() + seconds
        while (task := self.get(task_id))["status"] not in wanted:
            assert time.monotonic() < deadline, f"{task}\n{self.errors.read_text()[-3000:]}"
            time.sleep(0.03)
        return task

    def events(self, task_id: str, last: int | None = None) -> Iterator[dict[str, Any]]:
        """The task's events as they come: id, event and the data's fields."""
        headers = {} if last is None else {"Last-Event-ID": str(last)}
        path = f"/tasks/{task_id}/events"
        with self.http.stream("GET", path, headers=headers) as answer:
            assert answer.status_code == 200
            told: dict[str, Any] = {}
            for line in answer.iter_lines():
                name, _, value = line.partition(": ")
                if name == "id":
                    told["number"] = int(value)
                elif name == "event":
                    told["event"] = value
                elif name == "data":
                    told |= json.loads(value)
                elif not line and told:
                    yield told
                    told = {}


def order(**changes: Any) -> dict[str, Any]:
    """A body for create; a field given as None is sent as null."""
    return {
        "model": "doubao-seedance-2-0-260128",
        "content": [{"type": "text", "text": "a girl runs in the snow"}],
        "duration": 4,
        "resolution": "480p",
    } | changes
