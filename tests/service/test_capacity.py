"""The simulation against the textbook, and what each policy does to whom."""

import math
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from onereel.service.capacity import (
    Kind,
    Load,
    User,
    cost_per_film,
    erlang_c_wait,
    mean_seconds,
    simulate,
    workers_for,
)

ROOT = Path(__file__).parents[2]
FILM = (Kind("film", 10.0),)


def mean_wait(result):
    return float(np.mean([film.wait for film in result.films]))


def test_erlang_c_is_the_textbooks():
    # Known case: 2 erlang on 3 servers has a chance of waiting of 4/9.
    assert erlang_c_wait(2, 1, 3) == pytest.approx(4 / 9)
    assert erlang_c_wait(0.5, 1, 1) == pytest.approx(1.0)
    assert erlang_c_wait(3, 1, 3) == math.inf


@pytest.mark.parametrize(("workers", "per_hour"), [(1, 216), (3, 860), (8, 2300)])
def test_exponential_service_waits_as_erlang_says(workers, per_hour):
    load = Load(per_hour, FILM, spread=1.0)
    result = simulate(load, workers, "fifo", hours=35_000 / per_hour)
    assert mean_wait(result) == pytest.approx(erlang_c_wait(per_hour / 3600, 10, workers), rel=0.1)


def test_fixed_service_waits_half_as_long():
    """M/D/1 by Pollaczek and Khinchine: half of M/M/1's wait."""
    result = simulate(Load(252, FILM, spread=0), 1, "fifo", hours=80)
    assert mean_wait(result) == pytest.approx(erlang_c_wait(0.07, 10, 1) / 2, rel=0.12)
    assert result.busy == pytest.approx(0.7, rel=0.03)


@pytest.mark.parametrize("policy", ["fifo", "priority", "fair"])
def test_every_film_is_made_once_and_no_worker_does_two(policy):
    users = (User("a", 1, batch=5), User("b", 2, priority=3))
    result = simulate(Load(900, FILM, users), 3, policy, hours=5)
    assert len(result.films) == len({(f.arrived, f.started, f.finished) for f in result.films})
    assert all(film.wait >= 0 for film in result.films)
    changes = sorted([(f.started, 1) for f in result.films] + [(f.finished, -1)
                     for f in result.films], key=lambda c: (c[0], c[1]))  # fmt: skip
    assert max(np.cumsum([change for _, change in changes])) <= 3


def test_no_worker_rests_while_films_wait_so_policies_share_the_same_work():
    load = Load(1000, FILM, (User("a", 1, batch=5), User("b")))
    results = [simulate(load, 3, policy, hours=20) for policy in ("fifo", "priority", "fair")]
    assert len({len(result.films) for result in results}) == 1
    ends = [max(film.finished for film in result.films) for result in results]
    assert max(ends) - min(ends) < 40


def test_fair_keeps_a_busy_user_from_holding_up_a_quiet_one():
    load = Load(300, FILM, (User("busy", 0.9, batch=30), User("quiet", 0.1)))
    fifo, fair = (simulate(load, 1, policy, hours=60) for policy in ("fifo", "fair"))
    assert fair.waits("quiet")[1] < fifo.waits("quiet")[1] / 4
    assert mean_wait(fair) == pytest.approx(mean_wait(fifo), rel=0.05)  # nobody's time is lost


def test_priority_goes_first_at_the_others_cost():
    load = Load(320, FILM, (User("low", 0.5), User("high", 0.5, priority=9)))
    fifo, priority = (simulate(load, 1, policy, hours=100) for policy in ("fifo", "priority"))
    assert priority.waits("high")[1] < fifo.waits("high")[1] / 2
    assert priority.waits("low")[1] > fifo.waits("low")[1]


def test_a_full_queue_refuses_and_bounds_the_wait():
    load = Load(720, FILM)  # twice what one worker can make
    result = simulate(load, 1, "fifo", hours=10, queue_limit=20)
    assert result.refused / (result.refused + len(result.films)) == pytest.approx(0.5, abs=0.05)
    assert max(film.wait for film in result.films) < 21 * 10 * 1.5


def test_workers_and_cost():
    load = Load(360, (Kind("short", 5, 1), Kind("long", 15, 1)))
    assert mean_seconds(load) == 10
    enough = workers_for(load, wait=10)
    assert enough > 1
    assert simulate(load, enough, hours=50).waits()[1] <= 10
    assert simulate(load, enough - 1, hours=50).waits()[1] > 10
    assert cost_per_film(load, 2, 3.6) == pytest.approx(0.02)
    assert cost_per_film(Load(7200, FILM), 1, 3.6) == pytest.approx(0.01)  # can't keep up
    assert simulate(load, 2, hours=1, seed=3) == simulate(load, 2, hours=1, seed=3)


def test_the_command_prints_its_tables():
    done = subprocess.run(
        [sys.executable, "benchmarks/capacity.py", "--hours", "1"], cwd=ROOT, text=True,
        capture_output=True, env={"PYTHONPATH": str(ROOT / "src")}, check=True,
    )  # fmt: skip
    assert done.stdout.count("|---") >= 3 and "nan" not in done.stdout
