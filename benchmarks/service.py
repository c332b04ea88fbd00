"""What serving costs: overhead, requests a second, crashes survived.

    .venv/bin/python benchmarks/service.py overhead    # a film through the server beside without
    .venv/bin/python benchmarks/service.py requests    # get and list at 10,000 records
    .venv/bin/python benchmarks/service.py crash       # kill -9 at random moments, 50 jobs

Each prints one JSON object. `--model FOLDER` names other weights than the packaged ones. Every
figure comes from real server processes on loopback; `crash` also counts the callbacks. Memory
over time: `soak.py`.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import sqlite3
import statistics
import sys
import tempfile
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "tests" / "service")]

from loopback import loopback, status  # noqa: E402
from running import TASKS, Server  # noqa: E402

from onereel.service.settings import PACKAGED  # noqa: E402

FINAL = ("succeeded", "failed", "cancelled", "expired")


def overhead(model: Path, folder: Path, films: int) -> dict[str, Any]:
    """Rounds of three films: make_film and write_outputs in this process, and the same three queued
    at once on a server. Both leave the same files, marked, signed and recorded; nobody follows the
    events, so no previews are made.

    Processor seconds beside the clock's, as they do not depend on what else the machine does.
    """
    from onereel import produce
    from onereel.records.home import Home
    from onereel.request import parse_request
    from onereel.service.deliver import write_outputs

    def direct(seeds: list[int]) -> tuple[float, float]:
        started, used = time.perf_counter(), time.process_time()
        for seed in seeds:
            request = parse_request(prompt="a girl runs in the snow", seconds=4, seed=seed)
            clip = produce.make_film(request, model_folder=model)
            write_outputs(folder, clip, (864, 496), home=Home(folder / "home"), whole=False)
        return time.perf_counter() - started, time.process_time() - used

    def served(seeds: list[int]) -> tuple[float, float]:
        began, used = time.time(), processor_seconds(server)
        for task_id in [server.create(seed=seed, ratio="16:9") for seed in seeds]:
            while server.get(task_id)["status"] not in FINAL:
                time.sleep(0.5)  # a client's way; the SDKs ask more rarely
        return last_end(folder / "data") - began, processor_seconds(server) - used

    server = Server(threads=0, data=folder / "data", model_folder=model, poll=0.2, heartbeat=2.0)
    direct([0]), served([0])  # both warm
    rounds = []
    for first in range(1, films, 3):
        seeds = [first, first + 1, first + 2]
        rounds.append((direct(seeds), served(seeds)))
    server.stop()
    with closing(sqlite3.connect(folder / "data" / "service.sqlite")) as database:
        outcomes = [json.loads(row[0]) for row in database.execute("SELECT outcome FROM tasks")]
    alone, through = (
        tuple(statistics.median(one[side][column] / 3 for one in rounds) for column in (0, 1))
        for side in (0, 1)
    )
    return {
        "films": 3 * len(rounds),
        "direct_s": round(alone[0], 3),
        "served_s": round(through[0], 3),
        "overhead_percent": round(100 * (through[0] / alone[0] - 1), 1),
        "overhead_percent_by_round": [
            round(100 * (behind[0] / before[0] - 1), 1) for before, behind in rounds
        ],
        "direct_processor_s": round(alone[1], 3),
        "served_processor_s": round(through[1], 3),
        "overhead_processor_percent": round(100 * (through[1] / alone[1] - 1), 1),
        "computed": sorted({one["record"]["computed"] for one in outcomes}),
        "films_per_hour": round(3600 / through[0]),
    }


def last_end(data: Path) -> float:
    """When the server finished its latest film: clients learn it later, as often as they ask."""
    with closing(sqlite3.connect(data / "service.sqlite")) as database:
        return float(database.execute("SELECT max(finished_at) FROM tasks").fetchone()[0])


def processor_seconds(server: Server) -> float:
    """Used by the server and the children it has waited for."""
    fields = Path(f"/proc/{server.process.pid}/stat").read_text().rpartition(")")[2].split()
    return sum(int(one) for one in fields[11:15]) / os.sysconf("SC_CLK_TCK")


def requests(model: Path, folder: Path, records: int) -> dict[str, Any]:
    """Requests a second against a server that keeps `records` tasks, from 8 clients."""
    from onereel.service import store
    from onereel.service.access import create_key
    from onereel.service.database import open_database
    from onereel.service.settings import Settings

    engine = open_database(Settings(data=folder / "data"))
    key, text = create_key(engine, "bench", requests_per_minute=10**7)
    now = time.time()
    with engine.begin() as connection:
        for number in range(records):
            at = now - number * 10
            task = store.Task(
                id=f"cgt-bench-{number}", key_id=key.id, dialect="ark", status="failed",
                order=store.Order("onereel", "a girl runs in the snow", seed=1), created_at=at,
                updated_at=at, expires_at=at + 9e5, finished_at=at, progress=1.0,
                error_code="InternalServiceError", error_message="None.", outcome=None,
                base_url="http://127.0.0.1",
            )  # fmt: skip
            store.insert(connection, task, None, None)
    engine.dispose()
    server = Server(data=folder / "data", model_folder=model, key=text)
    limits = httpx.Limits(max_connections=8)
    clients = [httpx.Client(base_url=server.url, headers=server.http.headers, limits=limits)
               for _ in range(8)]  # fmt: skip

    def rate(path: str, seconds: float = 6.0) -> dict[str, float]:
        until, times, lock = time.perf_counter() + seconds, [], threading.Lock()

        def go_on(client: httpx.Client) -> None:
            while (started := time.perf_counter()) < until:
                assert client.get(path.format(random.randrange(records))).status_code == 200
                with lock:
                    times.append(time.perf_counter() - started)

        with ThreadPoolExecutor(8) as pool:
            list(pool.map(go_on, clients))
        return {
            "per_second": round(len(times) / seconds, 1),
            "p50_ms": round(1000 * statistics.median(times), 1),
            "p99_ms": round(1000 * sorted(times)[int(len(times) * 0.99)], 1),
        }

    told = {
        "records": records,
        "get": rate(TASKS + "/cgt-bench-{}"),
        "list_20": rate(TASKS + "?page_size=20"),
        "list_20_page_400": rate(TASKS + "?page_size=20&page_num=400"),
    }
    server.stop()
    return told


def crash(model: Path, folder: Path, jobs: int) -> dict[str, Any]:
    """Kill the server at random moments until `jobs` films are made; count lost and doubled."""
    chance = random.Random(7)
    kills, accepted, refused = 0, [], 0
    with loopback() as host:
        host.routes["/hook"] = status(200)
        # Kills come closer together than a film takes: nobody is to give up on that account.
        settings = {"data": folder / "data", "model_folder": model, "private_addresses": True,
                    "attempts": 1000}  # fmt: skip
        server = Server(**settings)
        key = server.key
        done: dict[str, dict[str, Any]] = {}
        started = time.monotonic()
        while len(done) < jobs:
            stop_at = time.monotonic() + chance.uniform(0.2, 25.0)
            while time.monotonic() < stop_at and len(done) < jobs:
                waiting = [one for one in accepted if one not in done]
                if len(accepted) < jobs and len(waiting) < 4:
                    try:
                        accepted.append(server.create(callback_url=host.url + "/hook",
                                                      seed=len(accepted)))  # fmt: skip
                    except httpx.HTTPError:
                        refused += 1
                for one in waiting:
                    task = server.get(one)
                    if task["status"] in FINAL:
                        done[one] = task
                time.sleep(0.05)
            if len(done) < jobs:
                # In the middle of a request now and then: what was not answered was not accepted.
                server.kill()
                kills += 1
                server = Server(**settings, key=key)
        time.sleep(1.0)
        events = {one: list(server.events(one)) for one in accepted}
        ready = (server.get(one) for one, task in done.items() if task["status"] == "succeeded")
        films = {task["id"]: httpx.get(task["content"]["video_url"]).status_code for task in ready}
        server.stop()
        told = Counter(
            body["id"]
            for got in host.got
            if got[3].endswith(b"}") and (body := json.loads(got[3]))["status"] == "succeeded"
        )
    ends = {one: sum(e.get("status") == "succeeded" for e in events[one]) for one in accepted}
    decodes = [sum(e.get("stage") == "decode" and e["done"] == 0 for e in events[one])
               for one in accepted]  # fmt: skip
    denoised = [sum(e.get("stage") == "denoise" and e["done"] == 0 for e in events[one])
                for one in accepted]  # fmt: skip
    return {
        "jobs": len(accepted),
        "kills": kills,
        "seconds": round(time.monotonic() - started),
        "succeeded": sum(task["status"] == "succeeded" for task in done.values()),
        "lost": len(accepted) - sum(films.get(one) == 200 for one in accepted),
        "doubled": sum(count > 1 for count in ends.values()),
        "latents_reused": sum(b > a for a, b in zip(denoised, decodes, strict=True)),
        "callbacks_of_success": sum(told.values()),
        "callbacks_repeated": sum(count - 1 for count in told.values()),
        "callbacks_missing": sum(one not in told for one in accepted),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("what", choices=("overhead", "requests", "crash"))
    parser.add_argument("--model", type=Path, default=PACKAGED)
    parser.add_argument("--films", type=int, default=5)
    parser.add_argument("--records", type=int, default=10_000)
    parser.add_argument("--jobs", type=int, default=50)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="onereel-bench-") as folder:
        given = (args.model.resolve(), Path(folder))
        run = {
            "overhead": lambda: overhead(*given, args.films),
            "requests": lambda: requests(*given, args.records),
            "crash": lambda: crash(*given, args.jobs),
        }
        print(json.dumps({"benchmark": args.what} | run[args.what]()))


if __name__ == "__main__":
    main()
