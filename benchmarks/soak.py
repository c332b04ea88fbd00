"""Many users for a while, on loopback: does memory grow, does a job get stuck, is one lost?

    .venv/bin/python benchmarks/soak.py [--minutes 5] [--users 8] [--model FOLDER] [--json]

Two users of Ark's dialect, two of OpenAI's with uploads, one with callbacks, one who cancels, one
who follows events, one who sends rubbish, over again up to --users. Prints the server's memory,
threads, open files and disk every ten seconds, then the counts. Ends with 1 when a task is stuck or
lost, a callback is missing, anything was answered 5xx, or memory grew by more than a tenth after
the first third.
"""

from __future__ import annotations

import argparse
import io
import json
import random
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from statistics import median
from typing import Any

import httpx
from PIL import Image

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "tests" / "service")]

from loopback import Loopback, loopback, status  # noqa: E402
from running import TASKS, Server, order  # noqa: E402

from onereel.service.access import create_key  # noqa: E402
from onereel.service.database import open_database  # noqa: E402
from onereel.service.settings import PACKAGED, Settings  # noqa: E402

FINAL = ("succeeded", "failed", "cancelled", "expired")
RUBBISH: tuple[tuple[str, str, bytes], ...] = (
    (TASKS, "application/json", b'{"model": '),
    (TASKS, "application/json", b"[" * 100_000),
    ("/v1/videos", "multipart/form-data; boundary=b", b"--b\r\nX: " + b"a" * 10**6),
    ("/v1/videos", "application/json", b'{"prompt": "x", "size": "1x1"}'),
    ("/v1/videos/edits", "text/plain", b"x"),
)


class Soak:
    """What all users share: the server, the clock, the counts."""

    def __init__(self, server: Server, receiver: Loopback, until: float) -> None:
        self.server, self.receiver, self.until = server, receiver, until
        self.counts: Counter[str] = Counter()
        self.told: list[str] = []  # tasks whose end must have been called back
        self.accepted: list[str] = []
        self.lock = threading.Lock()

    def count(self, what: str) -> None:
        with self.lock:
            self.counts[what] += 1

    def client(self) -> httpx.Client:
        return httpx.Client(base_url=self.server.url, headers=self.server.http.headers, timeout=60)

    def create(self, http: httpx.Client, path: str, **body: Any) -> str | None:
        """The id of a new task; None, and a pause, when there is no room for one."""
        answer = http.post(path, **body)
        self.count(f"create {answer.status_code}")
        if answer.status_code != 200:
            time.sleep(0.5)
            return None
        with self.lock:
            self.accepted.append(answer.json()["id"])
        return answer.json()["id"]

    def finish(self, http: httpx.Client, task_id: str) -> str:
        while (task := http.get(f"{TASKS}/{task_id}").json())["status"] not in FINAL:
            time.sleep(0.1)
        self.count(task["status"])
        return task["status"]


def ark(soak: Soak, http: httpx.Client, chance: random.Random) -> None:
    task_id = soak.create(http, TASKS, json=order(seed=chance.randrange(2**31)))
    if task_id and soak.finish(http, task_id) == "succeeded":
        url = http.get(f"{TASKS}/{task_id}").json()["content"]["video_url"]
        assert httpx.get(url).status_code == 200
        http.delete(f"{TASKS}/{task_id}")


def openai(soak: Soak, http: httpx.Client, chance: random.Random) -> None:
    picture = io.BytesIO()
    Image.new("RGB", (256, 256), (chance.randrange(256), 9, 9)).save(picture, "PNG")
    task_id = soak.create(
        http, "/v1/videos", files={"input_reference": ("upload", picture.getvalue())},
        data={"prompt": "a girl", "seconds": "4", "size": "320x240"},
    )  # fmt: skip
    if task_id and soak.finish(http, task_id) == "succeeded":
        for variant in ("video", "thumbnail", "spritesheet"):
            path = f"/v1/videos/{task_id}/content"
            assert http.get(path, params={"variant": variant}).status_code == 200
        http.get("/v1/videos", params={"limit": 50})


def called_back(soak: Soak, http: httpx.Client, chance: random.Random) -> None:
    url = soak.receiver.url + "/hook"
    task_id = soak.create(http, TASKS, json=order(callback_url=url))
    if task_id and soak.finish(http, task_id) in ("succeeded", "failed"):
        with soak.lock:
            soak.told.append(task_id)


def changes_mind(soak: Soak, http: httpx.Client, chance: random.Random) -> None:
    task_id = soak.create(http, TASKS, json=order())
    if task_id:
        time.sleep(chance.random() * 2)
        http.post(f"/tasks/{task_id}/cancel")
        soak.finish(http, task_id)


def follows(soak: Soak, http: httpx.Client, chance: random.Random) -> None:
    task_id = soak.create(http, TASKS, json=order())
    if task_id:
        with http.stream("GET", f"/tasks/{task_id}/events") as events:
            for _ in events.iter_lines():
                if chance.random() < 0.02:
                    break  # hangs up in the middle
        soak.finish(http, task_id)


def sends_rubbish(soak: Soak, http: httpx.Client, chance: random.Random) -> None:
    path, kind, data = chance.choice(RUBBISH)
    answer = http.post(path, content=data, headers={"Content-Type": kind})
    soak.count(f"rubbish {answer.status_code}")
    time.sleep(0.2)


USERS = (ark, openai, called_back, changes_mind, follows, sends_rubbish, ark, openai)


def live(soak: Soak, number: int) -> None:
    act: Callable[[Soak, httpx.Client, random.Random], None] = USERS[number % len(USERS)]
    chance = random.Random(number)
    with soak.client() as http:
        while time.monotonic() < soak.until:
            act(soak, http, chance)


def figures(server: Server) -> dict[str, float]:
    """Its process' own MiB (no mapped files), threads and open files, and MB of disk."""
    process = Path(f"/proc/{server.process.pid}")
    told = dict(line.split(":", 1) for line in (process / "status").read_text().splitlines())
    disk = 0
    for path in server.data.rglob("*"):
        try:
            disk += path.stat().st_size
        except FileNotFoundError:  # removed while we look
            continue
    return {
        "MiB": round(int(told["RssAnon"].split()[0]) / 1024, 1),
        "threads": int(told["Threads"]),
        "open files": len(list((process / "fd").iterdir())),
        "disk MB": round(disk / 1e6, 1),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--minutes", type=float, default=5.0)
    parser.add_argument("--users", type=int, default=8)
    parser.add_argument("--model", type=Path, default=PACKAGED)
    parser.add_argument("--json", action="store_true", help="print the final object only")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="onereel-soak-") as folder, loopback() as receiver:
        receiver.routes["/hook"] = status(204)
        server = Server(
            data=Path(folder) / "data", model_folder=options.model.resolve(),
            private_addresses=True,
        )  # fmt: skip
        hurry(server)
        try:
            told = run(server, receiver, options.minutes, options.users, quiet=options.json)
        finally:
            told_exit = server.stop()
    print(json.dumps(told | {"exit code of the server": told_exit}))
    sys.exit(bool(told["wrong"]) or told_exit != 0)


def hurry(server: Server) -> None:
    """A key that may ask as often as it likes: the limits are not what is tested here."""
    engine = open_database(Settings(data=server.data))
    _, key = create_key(engine, "soak", requests_per_minute=10**6, films_per_day=10**6)
    engine.dispose()
    server.http.headers["Authorization"] = f"Bearer {key}"


def run(
    server: Server, receiver: Loopback, minutes: float, users: int, quiet: bool
) -> dict[str, Any]:
    begun = time.monotonic()
    soak = Soak(server, receiver, begun + minutes * 60)
    rows: list[dict[str, float]] = []
    with ThreadPoolExecutor(users) as pool:
        lives = [pool.submit(live, soak, number) for number in range(users)]
        while not all(one.done() for one in lives):
            rows.append({"second": round(time.monotonic() - begun), **figures(server)})
            if not quiet:
                print("  ".join(f"{name} {value}" for name, value in rows[-1].items()), flush=True)
            time.sleep(10)
        for one in lives:
            one.result()
    return judge(soak, rows) | {"minutes": minutes, "users": users, "counts": dict(soak.counts)}


def judge(soak: Soak, rows: list[dict[str, float]]) -> dict[str, Any]:
    http = soak.server.http
    open_tasks = sum(
        http.get(TASKS, params={"filter.status": one}).json()["total"]
        for one in ("queued", "running")
    )
    ended = sum(soak.counts[one] for one in FINAL)
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        last = [json.loads(got[3]) for got in list(soak.receiver.got)]
        heard = {task["id"] for task in last if task["status"] in ("succeeded", "failed")}
        if heard >= set(soak.told):
            break
        time.sleep(0.2)
    memory = [row["MiB"] for row in rows]
    third = max(1, len(memory) // 3)
    early, late = median(memory[third : 2 * third] or memory), median(memory[-third:])
    told = {
        "stuck": open_tasks,
        "lost": len(soak.accepted) - ended,
        "callbacks missing": len(set(soak.told) - heard),
        "answered 5xx": sum(line.get("status", 0) >= 500 for line in soak.server.log()),
        "MiB at first": memory[0],
        "MiB in the middle third": early,
        "MiB in the last third": late,
    }
    wrong = [name for name in list(told)[:4] if told[name]]
    return told | {"wrong": wrong + (["memory grows"] if late > 1.1 * early else [])}


if __name__ == "__main__":
    main()
