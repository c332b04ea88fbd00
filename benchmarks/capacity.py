"""How many workers a service needs: the tables of docs/scaling.md, by simulation.

    .venv/bin/python benchmarks/capacity.py [--hours 40] [--write]     tables, or into the page
    .venv/bin/python benchmarks/capacity.py --measure                  service times here

Service times are what `--measure` gave on the machine of docs/benchmarks.md: processor seconds of
one core for a whole film of the shipped weights (denoise, decode, resize, encode, stills), which a
busy neighbour does not lengthen. Prices are round figures to be replaced by your own.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from pathlib import Path

from onereel.service.capacity import (
    Kind,
    Load,
    Result,
    User,
    cost_per_film,
    mean_seconds,
    simulate,
    workers_for,
)

PAGE = Path(__file__).parent.parent / "docs" / "scaling.md"
BEGIN, END = "<!-- tables: benchmarks/capacity.py --write -->", "<!-- end of tables -->"
CASES = {
    "4 s, 480p": (4, "480p"), "5 s, 720p": (5, "720p"), "10 s, 720p": (10, "720p"),
    "15 s, 720p": (15, "720p"), "5 s, 1080p": (5, "1080p"),
}  # fmt: skip
# Seconds of one core, 2026-11-22.
MEASURED = {
    "4 s, 480p": 8.8, "5 s, 720p": 15.4, "10 s, 720p": 31.6, "15 s, 720p": 54.6,
    "5 s, 1080p": 20.7,
}  # fmt: skip
SHARES = {
    "4 s, 480p": 0.35, "5 s, 720p": 0.40, "10 s, 720p": 0.15, "15 s, 720p": 0.05,
    "5 s, 1080p": 0.05,
}  # fmt: skip
MIX = tuple(Kind(name, MEASURED[name], share) for name, share in SHARES.items())
# A studio that orders forty films at once, a shop with a paid priority, and forty people.
CROWD = (
    User("studio", 0.50, batch=40),
    User("shop", 0.10, batch=2, priority=5),
    *(User(f"person {n}", 0.01) for n in range(40)),
)
PRICE = 0.05  # for a core and an hour


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--hours", type=float, default=40.0, help="simulated hours of arrivals")
    parser.add_argument("--write", action="store_true", help="put the tables into docs/scaling.md")
    parser.add_argument("--measure", action="store_true", help="make films and time them")
    options = parser.parse_args()
    if options.measure:
        print(json.dumps(measure(), indent=2))
        return
    text = "\n\n".join(
        (service_times(), by_rate(options.hours), by_policy(options.hours), by_limit(options.hours),
         workers_needed(options.hours / 4))
    )  # fmt: skip
    if options.write:
        before, _, rest = PAGE.read_text(encoding="utf-8").partition(BEGIN)
        after = rest.partition(END)[2]
        PAGE.write_text(f"{before}{BEGIN}\n\n{text}\n\n{END}{after}", encoding="utf-8")
    print(text)


def measure() -> dict[str, float]:
    """Processor seconds for each kind of film, one thread, the second film of each."""
    import torch

    from onereel.produce import make_film
    from onereel.request import parse_request
    from onereel.service.deliver import write_outputs
    from onereel.service.sizes import output_size

    torch.set_num_threads(1)
    taken = {}
    with tempfile.TemporaryDirectory() as folder:
        for name, (seconds, resolution) in CASES.items():
            for _ in range(2):
                begun = time.process_time()
                request = parse_request(prompt="a girl runs in the snow", seconds=seconds, seed=1)
                clip = make_film(request)
                write_outputs(Path(folder), clip, output_size(resolution, "16:9"), label=False)
                taken[name] = round(time.process_time() - begun, 1)
    return taken


# ---------------------------------------------------------------- tables


def service_times() -> str:
    rows = [
        (name, f"{MEASURED[name]:.1f}", f"{SHARES[name]:.0%}",
         f"{3600 / MEASURED[name]:.0f}", f"{PRICE * MEASURED[name] / 3600 * 1000:.2f}")
        for name in CASES
    ]  # fmt: skip
    heads = ("film", "seconds of one core", "share of films", "an hour and core",
             f"least cost of 1,000, at {PRICE} an hour")  # fmt: skip
    return table("What a film takes", heads, rows)


def by_rate(hours: float) -> str:
    """One worker a core, eight of them, ever more films."""
    workers, rows = 8, []
    most = workers * 3600 / mean_seconds(Load(1, MIX))
    for share in (0.3, 0.5, 0.7, 0.8, 0.9, 0.95):
        load = Load(share * most, MIX, CROWD)
        result = simulate(load, workers, hours=hours)
        rows.append((f"{load.films_per_hour:.0f}", f"{result.busy:.0%}", *waits(result),
                     f"{1000 * cost_per_film(load, workers, PRICE):.2f}"))  # fmt: skip
    heads = ("films an hour", "workers busy", "waits, median", "90 %", "99 %", "cost of 1,000")
    return table(
        "Eight workers, fair queue: the price of a short wait is idle workers", heads, rows
    )


def by_policy(hours: float) -> str:
    workers = 8
    load = Load(0.85 * workers * 3600 / mean_seconds(Load(1, MIX)), MIX, CROWD)
    rows = []
    for policy in ("fifo", "priority", "fair"):
        result = simulate(load, workers, policy, hours=hours)  # type: ignore[arg-type]
        rows += [
            (policy, who, *waits(result, user))
            for who, user in (("studio, 40 at once", "studio"), ("shop, priority 5", "shop"),
                              ("one of 40 people", "person 0"))
        ]  # fmt: skip
    heads = ("policy", "who", "waits, median", "90 %", "99 %")
    title = "Eight workers at 85 %: who waits for whom (the service is fair)"
    return table(title, heads, rows)


def by_limit(hours: float) -> str:
    workers = 8
    load = Load(1.2 * workers * 3600 / mean_seconds(Load(1, MIX)), MIX, CROWD)
    rows = []
    for limit in (30, 120, 480):
        result = simulate(load, workers, hours=hours, queue_limit=limit)
        share = result.refused / (result.refused + len(result.films))
        rows.append((str(limit), f"{share:.0%}", *waits(result)))
    heads = ("queue limit", "answered 429", "waits, median", "90 %", "99 %")
    return table("Eight workers, a fifth too much work: what the queue limit does", heads, rows)


def workers_needed(hours: float) -> str:
    rows = []
    for rate in (60, 600, 3000):
        load = Load(rate, MIX, CROWD)
        needed = [workers_for(load, wait, hours=hours) for wait in (5, 30, 300)]
        rows.append((str(rate), *map(str, needed), f"{rate / 3600 * mean_seconds(load):.1f}"))
    heads = ("films an hour", "90 % within 5 s", "30 s", "5 min", "cores if nobody ever waited")
    return table("Workers needed, fair queue", heads, rows)


def waits(result: Result, user: str | None = None) -> tuple[str, ...]:
    return tuple(spoken(wait) for wait in result.waits(user))


def spoken(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 120 else f"{seconds / 60:.0f} min"


def table(title: str, heads: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    lines = [heads, ("---",) * len(heads), *rows]
    return f"**{title}**\n\n" + "\n".join(
        "|" + "|".join(f" {cell} " if cell != "---" else cell for cell in line) + "|"
        for line in lines
    )


if __name__ == "__main__":
    main()
