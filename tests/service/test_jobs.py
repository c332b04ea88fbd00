"""What becomes of a task: its states, its events, and that nothing kills it but its owner."""

from __future__ import annotations

import json
import sqlite3
import time
from itertools import pairwise

import httpx
import pytest
from loopback import loopback, status
from running import TASKS, Server, order


def statuses(events):
    return [event["status"] for event in events if event["event"] == "status"]


def change(server: Server, task_id: str, **columns) -> None:
    """Set columns of a task behind the server's back: tests have no week to wait."""
    database = sqlite3.connect(server.data / "service.sqlite", timeout=30)
    with database:
        for name, value in columns.items():
            database.execute(f"UPDATE tasks SET {name} = ? WHERE id = ?", (value, task_id))
    database.close()


def delete(server: Server, task_id: str) -> int:
    return server.http.delete(f"{TASKS}/{task_id}").status_code


def test_events_of_a_film_in_order_and_from_where_one_left(server):
    task_id = server.create(generate_audio=False)
    events = list(server.events(task_id))
    assert statuses(events) == ["queued", "running", "succeeded"]
    numbers = [event["number"] for event in events]
    assert numbers == sorted(set(numbers))
    stages = [event["stage"] for event in events if event["event"] == "progress"]
    assert list(dict.fromkeys(stages)) == ["load", "encode", "denoise", "decode", "write", "store"]
    steps = [event["done"] for event in events if event.get("stage") == "denoise"]
    assert steps == [0, 1, 2], "every step is told"
    told = [event["progress"] for event in events if event["event"] == "progress"]
    assert told == sorted(told) and told[0] >= 0 and told[-1] < 1
    assert all(one["at"] <= two["at"] for one, two in pairwise(events))
    again = list(server.events(task_id, last=numbers[3]))
    assert [event["number"] for event in again] == numbers[4:]
    assert list(server.events(task_id, last=numbers[-1])) == []
    path = f"/tasks/{task_id}/events"
    assert server.http.get(path, headers={"Last-Event-ID": "abc"}).status_code == 400
    assert server.http.get("/tasks/cgt-1/events").status_code == 404


def test_previews_are_made_for_those_who_follow(short_model, tmp_path):
    def previews(task_id):
        return [event for event in server.events(task_id) if event["event"] == "preview"]

    server = Server(data=tmp_path / "data", model_folder=short_model)
    # The second is followed while the first is made, so before its own first step.
    alone, followed = server.create(), server.create()
    pictures = [preview["picture"] for preview in previews(followed)]
    assert len(pictures) == 3 and pictures[0].startswith("data:image/jpeg;base64,/9j/")
    server.wait(alone)
    assert previews(alone) == []
    assert server.stop() == 0


def test_a_running_film_is_cancelled_within_a_step(slow_server):
    task_id = slow_server.create()
    cancelled_after = 0
    for event in slow_server.events(task_id):
        if not cancelled_after and event.get("stage") == "denoise" and event["done"] >= 2:
            assert delete(slow_server, task_id) == 409, "as Ark says: not while it runs"
            cancelled_after = event["done"]
            answer = slow_server.http.post(f"/tasks/{task_id}/cancel")
            assert answer.json() == {"id": task_id, "status": "cancelled"}
    steps = [e["done"] for e in slow_server.events(task_id) if e.get("stage") == "denoise"]
    assert steps[-1] < 200, "it did not go on to the end"
    assert cancelled_after <= steps[-1]
    assert slow_server.http.post(f"/tasks/{task_id}/cancel").status_code == 409
    assert delete(slow_server, task_id) == 409, "cancelled ones go by themselves"
    # The slot is free at once, and nothing of the film stays on the disk.
    following = slow_server.create()
    slow_server.wait(following, "running")
    assert not (slow_server.data / "scratch" / task_id).exists()
    assert slow_server.get(task_id)["content"] is None


def test_delete_by_state_queue_limit_priority_and_fairness(slow_server):
    running = slow_server.create()
    slow_server.wait(running, "running")
    waiting = [slow_server.create(priority=priority) for priority in (0, 0, 9)]
    full = slow_server.http.post(TASKS, json=order())
    assert full.status_code == 429 and int(full.headers["Retry-After"]) > 0
    assert full.json()["error"]["code"] == "ServerOverloaded"
    assert delete(slow_server, waiting[1]) == 200
    assert slow_server.get(waiting[1])["status"] == "cancelled"
    assert list(slow_server.events(waiting[1]))[-1]["status"] == "cancelled"
    # Overdue in the queue: expired, and may be deleted.
    change(slow_server, waiting[0], expires_at=time.time() - 1)
    expired = slow_server.wait(waiting[0], "expired")
    assert expired["error"]["code"] == "TaskExpired"
    assert delete(slow_server, waiting[0]) == 200
    assert slow_server.http.get(f"{TASKS}/{waiting[0]}").status_code == 404
    # Priority 9 overtakes what came before it with 0.
    late = slow_server.create()
    slow_server.http.post(f"/tasks/{running}/cancel")
    slow_server.wait(waiting[2], "running")
    assert slow_server.get(late)["status"] == "queued"


def test_an_idempotency_key_makes_one_task(server):
    first = server.create(idempotency="once", seed=3)
    assert server.create(idempotency="once", seed=3) == first
    other = server.http.post(TASKS, json=order(seed=4), headers={"Idempotency-Key": "once"})
    assert other.status_code == 409 and other.json()["error"]["param"] == "Idempotency-Key"
    assert server.create(idempotency="twice", seed=3) != first


def test_links_die_after_a_day_and_records_after_a_week(server):
    task_id = server.create()
    link = server.wait(task_id)["content"]["video_url"]
    assert httpx.get(link).status_code == 200
    assert httpx.get(link.replace("expires=1", "expires=2")).status_code == 403
    day = 24 * 3600
    change(server, task_id, finished_at=time.time() - day - 5)
    assert httpx.get(server.get(task_id)["content"]["video_url"]).status_code == 403
    change(server, task_id, created_at=time.time() - 7 * day - 5)
    assert server.http.get(f"{TASKS}/{task_id}").status_code == 404
    deadline = time.monotonic() + 10
    while (server.data / "files" / task_id).exists():
        assert time.monotonic() < deadline, "its files are dropped"
        time.sleep(0.05)


def test_callbacks_tell_each_change_once(server):
    with loopback() as host:
        host.routes["/hook"] = status(200)
        task_id = server.create(callback_url=host.url + "/hook", safety_identifier="u1")
        server.wait(task_id)
        deadline = time.monotonic() + 10
        while len(host.got) < 3 and time.monotonic() < deadline:
            time.sleep(0.05)
        time.sleep(0.3)
        bodies = [json.loads(got[3]) for got in host.got]
    assert [body["status"] for body in bodies] == ["queued", "running", "succeeded"]
    assert all(body["id"] == task_id and body["safety_identifier"] == "u1" for body in bodies)
    assert bodies[2]["content"]["video_url"].startswith(server.url)


@pytest.mark.parametrize("stage", ["denoise", "write"])
def test_kill_9_loses_nothing_and_makes_nothing_twice(flat_model, slow_model, tmp_path, stage):
    settings = {
        "data": tmp_path / "data", "model_folder": slow_model if stage == "denoise" else flat_model
    }  # fmt: skip
    with loopback() as host:
        host.routes["/hook"] = status(200)
        first = Server(**settings, private_addresses=True)
        ids = [first.create(callback_url=host.url + "/hook", seed=n) for n in range(2)]
        for event in first.events(ids[0]):
            if event.get("stage") == stage:
                break
        first.kill()
        second = Server(**settings, private_addresses=True, key=first.key)
        if stage == "denoise":  # 400 steps are long; the other tests see them through
            second.wait(ids[0], "running")
            second.http.post(f"/tasks/{ids[0]}/cancel")
            second.http.post(f"/tasks/{ids[1]}/cancel")
            assert second.stop() == 0
            return
        done = [second.wait(one) for one in ids]
        assert [task["status"] for task in done] == ["succeeded"] * 2
        assert [task["seed"] for task in done] == [0, 1]
        events = list(second.events(ids[0]))
        assert statuses(events).count("succeeded") == 1
        if stage == "write":
            denoised = [e for e in events if e.get("stage") == "denoise" and e["done"] == 0]
            decoded = [e for e in events if e.get("stage") == "decode" and e["done"] == 0]
            assert (len(denoised), len(decoded)) == (1, 2), "the latents were used again"
        deadline = time.monotonic() + 10
        told: list[str] = []
        while len([one for one in told if one == "succeeded"]) < 2:
            assert time.monotonic() < deadline
            # A body without an end is one that the first server was killed over.
            told = [json.loads(got[3])["status"] for got in host.got if got[3].endswith(b"}")]
            time.sleep(0.05)
        assert second.stop() == 0
        assert not any((tmp_path / "data" / "scratch").iterdir())


def test_a_clean_stop_puts_the_running_film_back(slow_model, flat_model, tmp_path):
    first = Server(data=tmp_path / "data", model_folder=slow_model, grace=0.5)
    other = None
    with pytest.raises(AssertionError, match="Another server runs"):
        other = Server(data=tmp_path / "data", model_folder=slow_model)
    assert other is None
    task_id = first.create()
    first.wait(task_id, "running")
    started = time.monotonic()
    assert first.stop() == 0
    assert time.monotonic() - started < 10
    second = Server(data=tmp_path / "data", model_folder=flat_model, key=first.key)
    task = second.wait(task_id)
    assert task["status"] == "succeeded"
    assert statuses(second.events(task_id)) == [
        "queued", "running", "queued", "running", "succeeded"
    ]  # fmt: skip
    assert second.stop() == 0


def test_a_film_that_cannot_be_made_fails_with_a_sentence(server):
    task_id = server.create()
    change(server, task_id, attempts=10)
    task = server.wait(task_id)
    # Either it was begun before we could change it, or it counts as broken off too often.
    if task["status"] == "failed":
        assert task["error"]["code"] == "InternalServiceError"
        assert "broken off 10 times" in task["error"]["message"]
        assert "usage" not in task and task["content"] is None


def test_a_task_whose_job_ended_without_it_is_queued_again(slow_server):
    running = slow_server.create()
    slow_server.wait(running, "running")
    waiting = slow_server.create()
    database = sqlite3.connect(slow_server.data / "service.sqlite", timeout=30)
    with database:
        changed = database.execute(
            "UPDATE workflow_status SET status = 'ERROR' WHERE workflow_uuid = ?", (waiting,)
        )
    database.close()
    assert changed.rowcount == 1
    slow_server.http.post(f"/tasks/{running}/cancel")
    slow_server.wait(waiting, "running", seconds=15)
