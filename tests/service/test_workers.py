"""Workers of their own: two processes on a real Postgres, and Ray actors."""

from __future__ import annotations

import time

import httpx
import pytest
from postgres import binaries, cluster
from running import TASKS, Process, Server, order


@pytest.mark.skipif(
    binaries() is None,
    reason="NO POSTGRES HERE: two workers on Postgres were NOT tested; install postgresql",
)
def test_two_workers_on_postgres_share_a_queue_and_survive_each_other(
    flat_model, slow_model, tmp_path
):
    with cluster() as url:
        common = {"data": tmp_path / "data", "database": url, "workers": "separate"}
        server = Server(**common, model_folder=flat_model)
        doomed = Process("worker", **common, model_folder=slow_model)
        doomed.wait_for("is ready")
        # Killed in the middle of a film, which the next worker finishes.
        orphan = server.create()
        server.wait(orphan, "running")
        # One user with many films, then another with one: he does not wait for all of them. (In a
        # queue without turns he always would; a random turn leaves him last once in 256.)
        other = _second_key(server)
        many = [server.create(idempotency=f"many-{n}") for n in range(8)]
        few = [other.post(TASKS, json=order()).json()["id"]]
        doomed.kill()
        workers = [Process("worker", **common, model_folder=flat_model) for _ in range(2)]
        for worker in workers:
            worker.wait_for("is ready")
        assert other.get(f"{TASKS}/{many[0]}").status_code == 404, "not his"
        done = {}
        deadline = time.monotonic() + 240
        while len(done) < 9:
            assert time.monotonic() < deadline
            for client, ids in ((server.http, many), (other, few)):
                for one in set(ids) - set(done):
                    task = client.get(f"{TASKS}/{one}").json()
                    if task["status"] not in ("queued", "running"):
                        done[one] = (task["status"], time.monotonic())
            time.sleep(0.1)
        assert {status for status, _ in done.values()} == {"succeeded"}
        assert max(done[one][1] for one in few) < max(done[one][1] for one in many)
        assert server.wait(orphan)["status"] == "succeeded"
        states = [e["status"] for e in server.events(orphan) if e["event"] == "status"]
        assert states == ["queued", "running", "succeeded"], "taken over, delivered once"
        assert len(httpx.get(server.get(orphan)["content"]["video_url"]).content) > 1000
        made = [sum(line["event"] == "made" for line in worker.log()) for worker in workers]
        assert sum(made) == 10 and min(made) > 0, "both had their share"
        assert "onereel_workers 2.0" in server.http.get("/metrics").text
        assert [one.stop() for one in (*workers, server)] == [0, 0, 0]


def test_ray_actors_make_films_under_the_same_jobs(flat_model, tmp_path):
    pytest.importorskip("ray")
    server = Server(data=tmp_path / "data", model_folder=flat_model, workers="ray", slots=2)
    try:
        made = [server.create(seed=n) for n in range(2)]
        assert [server.wait(one)["status"] for one in made] == ["succeeded"] * 2
        events = list(server.events(made[0]))
        assert [e["done"] for e in events if e.get("stage") == "denoise"] == [0, 1, 2]
        assert server.stop() == 0
    finally:
        server.kill()


def _second_key(server: Server) -> httpx.Client:
    from onereel.service.access import create_key
    from onereel.service.database import open_database
    from onereel.service.settings import Settings

    engine = open_database(Settings(data=server.data, database=server.database))
    _, text = create_key(engine, "other")
    engine.dispose()
    return httpx.Client(
        base_url=server.url, headers={"Authorization": f"Bearer {text}"}, timeout=30
    )
