"""How long films wait: a discrete-event simulation of arrivals, one queue and its workers.

- films arrive as a Poisson process of orders; an order of a busy user holds several films at once
- a film's service time is its kind's mean with gamma noise (spread 1 is exponential, 0 is fixed)
- policies: fifo; priority (higher first, then age); fair, which is what the service does: a user
  is drawn at random from those with films waiting, then his films by priority and age
- beyond `queue_limit` waiting films an order is refused, as the service answers 429

Checked against the textbook: mean waits of M/M/c (Erlang C) and M/D/1 (Pollaczek and Khinchine).
Called from `benchmarks/capacity.py`, which writes the tables of docs/scaling.md.
"""

from __future__ import annotations

import heapq
import math
from dataclasses import dataclass
from typing import Literal

import numpy as np

Policy = Literal["fifo", "priority", "fair"]


@dataclass(frozen=True)
class Kind:
    """One kind of film. seconds: a worker's time for it, mean.  share: of all films."""

    name: str
    seconds: float
    share: float = 1.0


@dataclass(frozen=True)
class User:
    """Someone who orders. share: of all films.  batch: films in one order.  priority: 0-9."""

    name: str
    share: float = 1.0
    batch: int = 1
    priority: int = 0


@dataclass(frozen=True)
class Load:
    """What comes in. films_per_hour: on average, over all users.  spread: standard deviation of
    service times over their mean."""

    films_per_hour: float
    kinds: tuple[Kind, ...]
    users: tuple[User, ...] = (User("one"),)
    spread: float = 0.15


@dataclass(frozen=True, slots=True)
class Film:
    """One film's way: times in seconds from the start."""

    user: str
    kind: str
    arrived: float
    started: float
    finished: float

    @property
    def wait(self) -> float:
        return self.started - self.arrived


@dataclass(frozen=True)
class Result:
    """All films that were made, how many were refused, and the share of time that workers work."""

    films: tuple[Film, ...]
    refused: int
    busy: float

    def waits(self, user: str | None = None, percentiles: tuple[float, ...] = (50, 90, 99)
              ) -> tuple[float, ...]:  # fmt: skip
        """Waiting-time percentiles in seconds, of one user or of all; nan when he has no films."""
        waits = [film.wait for film in self.films if user in (None, film.user)]
        if not waits:
            return tuple(math.nan for _ in percentiles)
        return tuple(float(x) for x in np.percentile(waits, percentiles))


@dataclass(frozen=True, order=True, slots=True)
class _Waiting:
    """A film in the queue, in the order it is taken in among its own."""

    rank: int
    number: int
    arrived: float
    user: int
    kind: int


class _Queue:
    """What waits, handed out by policy. One heap for all, or one for each user when fair."""

    def __init__(self, policy: Policy, chance: np.random.Generator) -> None:
        self._policy, self._chance = policy, chance
        self._heaps: dict[int, list[_Waiting]] = {}
        self._size = 0

    def __len__(self) -> int:
        return self._size

    def put(self, film: _Waiting) -> None:
        heap = self._heaps.setdefault(film.user if self._policy == "fair" else 0, [])
        heapq.heappush(heap, film)
        self._size += 1

    def take(self) -> _Waiting:
        names = list(self._heaps)
        name = names[int(self._chance.integers(len(names)))]
        film = heapq.heappop(self._heaps[name])
        if not self._heaps[name]:
            del self._heaps[name]
        self._size -= 1
        return film


def simulate(
    load: Load,
    workers: int,
    policy: Policy = "fair",
    *,
    hours: float = 100.0,
    queue_limit: int | None = None,
    seed: int = 0,
) -> Result:
    """`hours` of arrivals, then until the last film is made. Same seed, same arrivals: policies
    and numbers of workers can be compared film by film."""
    if workers < 1 or load.films_per_hour <= 0 or hours <= 0:
        raise ValueError("workers, films_per_hour and hours must be positive")
    streams = np.random.SeedSequence(seed).spawn(2)
    orders = _orders(load, hours * 3600, np.random.default_rng(streams[0]))
    queue = _Queue(policy, np.random.default_rng(streams[1]))
    free = workers
    ends: list[float] = []  # when each working worker is done
    films: list[Film] = []
    refused = 0
    worked = 0.0
    now = 0.0
    index = 0

    def start_some() -> None:
        nonlocal free, worked
        while free and len(queue):
            film = queue.take()
            seconds = times[film.number]
            films.append(Film(load.users[film.user].name, load.kinds[film.kind].name,
                              film.arrived, now, now + seconds))  # fmt: skip
            heapq.heappush(ends, now + seconds)
            free -= 1
            worked += seconds

    times: dict[int, float] = {}
    while index < len(orders) or ends:
        arrival = orders[index].at if index < len(orders) else math.inf
        if ends and ends[0] <= arrival:
            now = heapq.heappop(ends)
            free += 1
        else:
            now, order = arrival, orders[index]
            index += 1
            rank = 0 if policy == "fifo" else -load.users[order.user].priority
            for number, kind, seconds in order.films:
                if queue_limit is not None and len(queue) >= queue_limit and not free:
                    refused += 1
                    continue
                times[number] = seconds
                queue.put(_Waiting(rank, number, now, order.user, kind))
                start_some()
        start_some()
    return Result(tuple(films), refused, worked / (workers * max(now, hours * 3600)))


@dataclass(frozen=True)
class _Order:
    """Films of one user that come at the same time: (number, kind, service seconds) each."""

    at: float
    user: int
    films: tuple[tuple[int, int, float], ...]


def _orders(load: Load, until: float, chance: np.random.Generator) -> list[_Order]:
    shares = np.array([user.share for user in load.users])
    batches = np.array([user.batch for user in load.users])
    # A user's films divided by his batch are his orders.
    rates = load.films_per_hour / 3600 * shares / shares.sum() / batches
    count = chance.poisson(rates.sum() * until)
    at = np.sort(chance.uniform(0, until, count))
    who = chance.choice(len(load.users), count, p=rates / rates.sum())
    kinds = np.array([kind.share for kind in load.kinds])
    total = int(batches[who].sum())
    what = chance.choice(len(load.kinds), total, p=kinds / kinds.sum())
    means = np.array([kind.seconds for kind in load.kinds])[what]
    noise = np.ones(total)
    if load.spread:
        noise = chance.gamma(load.spread**-2, load.spread**2, total)
    seconds = means * noise
    orders, number = [], 0
    for time, user in zip(at, who, strict=True):
        last = number + int(batches[user])
        films = tuple((n, int(what[n]), float(seconds[n])) for n in range(number, last))
        orders.append(_Order(float(time), int(user), films))
        number = last
    return orders


def mean_seconds(load: Load) -> float:
    """A worker's mean time for a film of this load."""
    total = sum(kind.share for kind in load.kinds)
    return sum(kind.seconds * kind.share for kind in load.kinds) / total


def workers_for(
    load: Load, wait: float, percentile: float = 90, hours: float = 50, most: int = 4096
) -> int:
    """The fewest workers with which `percentile` of all films wait at most `wait` seconds."""

    def enough(workers: int) -> bool:
        waits = simulate(load, workers, hours=hours).waits(percentiles=(percentile,))
        return waits[0] <= wait

    low = max(1, math.ceil(load.films_per_hour / 3600 * mean_seconds(load)))
    high = low
    while not enough(high):
        if high >= most:
            raise ValueError(f"not even {most} workers are enough")
        low, high = high + 1, min(most, 2 * high)
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if enough(middle) else (middle + 1, high)
    return low


def cost_per_film(load: Load, workers: int, price_per_hour: float) -> float:
    """What one film costs when `workers` are paid by the hour, busy or not, and keep up."""
    most = workers * 3600 / mean_seconds(load)
    return workers * price_per_hour / min(load.films_per_hour, most)


def erlang_c_wait(arrivals: float, service: float, workers: int) -> float:
    """Mean wait in M/M/c, in the unit of `service`; arrivals per that unit. Erlang 1917."""
    offered = arrivals * service
    if offered >= workers:
        return math.inf
    terms = sum(offered**k / math.factorial(k) for k in range(workers))
    last = offered**workers / math.factorial(workers) * workers / (workers - offered)
    return last / (terms + last) * service / (workers - offered)
