"""Callbacks: what is posted, in which order, how often, signed how, and what never waits."""

import json
import threading
import time
from dataclasses import replace
from pathlib import Path

import openai
import pytest
import sqlalchemy as sa
from loopback import body, loopback, status

from onereel.service import webhooks
from onereel.service.database import open_database
from onereel.service.settings import Settings
from onereel.service.webhooks import OUTBOX, Deliverer, note, secret_text, subscribe


@pytest.fixture
def receiver():
    with loopback() as running:
        running.routes["/hook"] = status(204)
        yield running


@pytest.fixture
def settings(tmp_path):
    return Settings(
        data=Path(tmp_path), private_addresses=True, poll=0.02,
        callback_retries=(0.05, 0.05, 0.05), callback_timeout=0.3,
    )  # fmt: skip


@pytest.fixture
def engine(settings):
    engine = open_database(settings)
    yield engine
    engine.dispose()


@pytest.fixture
def deliverer(engine, settings):
    running = Deliverer(engine, settings, lambda task, now: {"id": task, "status": now})
    running.start()
    yield running
    running.stop()


def change(engine, task, *statuses, url=None, key="key-1"):
    for now in statuses:
        with engine.begin() as connection:
            if url is not None:
                subscribe(connection, task, key, url)
                url = None
            note(connection, task, now)


def left_over(engine):
    with engine.connect() as connection:
        return connection.scalar(sa.select(sa.func.count()).select_from(OUTBOX))


def until(condition, seconds=5.0):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.01)


def told(receiver):
    return [json.loads(got[3])["status"] for got in receiver.got]


def test_each_change_is_posted_in_order(engine, deliverer, receiver):
    change(engine, "t", "queued", "running", "succeeded", url=receiver.url + "/hook")
    until(lambda: left_over(engine) == 0)
    assert told(receiver) == ["queued", "running", "succeeded"]
    assert [got[0] for got in receiver.got] == ["POST"] * 3


def test_cancelled_is_not_told_and_nothing_after_the_end(engine, deliverer, receiver):
    change(engine, "t", "queued", "cancelled", "succeeded", url=receiver.url + "/hook")
    until(lambda: left_over(engine) == 0)
    assert told(receiver) == ["queued"]


def test_tasks_without_a_callback_leave_no_trace(engine):
    change(engine, "t", "queued", "running", "succeeded")
    assert left_over(engine) == 0


def test_a_change_that_is_rolled_back_is_not_told(engine):
    with engine.connect() as connection:
        subscribe(connection, "t", "key-1", "http://127.0.0.1/")
        note(connection, "t", "queued")
        connection.rollback()
    assert left_over(engine) == 0


@pytest.mark.parametrize(
    ("final", "posts"), [("succeeded", 4), ("failed", 4), ("expired", 1), ("running", 1)]
)
def test_three_retries_for_the_end_none_for_the_rest(engine, deliverer, receiver, final, posts):
    receiver.routes["/hook"] = status(500)
    change(engine, "t", final, url=receiver.url + "/hook")
    until(lambda: left_over(engine) == 0)
    assert told(receiver) == [final] * posts
    assert len({got[2]["webhook-id"] for got in receiver.got}) == 1


def test_a_receiver_that_times_out_is_asked_four_times_then_left(engine, deliverer, receiver):
    receiver.routes["/hook"] = lambda handler: time.sleep(0.5)
    change(engine, "t", "succeeded", url=receiver.url + "/hook")
    until(lambda: left_over(engine) == 0)
    assert len(receiver.got) == 4


def test_a_retry_that_is_taken_ends_it(engine, deliverer, receiver):
    def second_time(handler):
        (status(503) if len(receiver.got) < 2 else status(200))(handler)

    receiver.routes["/hook"] = second_time
    change(engine, "t", "failed", url=receiver.url + "/hook")
    until(lambda: left_over(engine) == 0)
    assert len(receiver.got) == 2


def test_redirects_are_not_followed(engine, deliverer, receiver):
    receiver.routes["/hook"] = status(307, Location="/elsewhere")
    change(engine, "t", "running", url=receiver.url + "/hook")
    until(lambda: left_over(engine) == 0)
    assert [got[1] for got in receiver.got] == ["/hook"]


def test_one_dead_receiver_holds_up_nobody_else(engine, deliverer, receiver):
    gate = threading.Event()
    receiver.routes["/dead"] = lambda handler: gate.wait(2)
    for number in range(6):
        change(engine, f"dead-{number}", "succeeded", url=receiver.url + "/dead", key="key-dead")
    change(engine, "alive", "succeeded", url=receiver.url + "/hook", key="key-alive")
    began = time.monotonic()
    until(lambda: any(got[1] == "/hook" for got in receiver.got))
    assert time.monotonic() - began < 0.5
    gate.set()


def test_signatures_are_what_openais_sdk_verifies(engine, deliverer, receiver):
    change(engine, "t", "succeeded", url=receiver.url + "/hook")
    until(lambda: left_over(engine) == 0)
    _, _, headers, payload = receiver.got[0]
    hooks = openai.OpenAI(api_key="none").webhooks
    secret = secret_text(engine, "key-1")
    hooks.verify_signature(payload.decode(), headers, secret=secret)
    for wrong in (
        (payload.decode() + " ", headers, secret),
        (payload.decode(), headers | {"webhook-timestamp": "1"}, secret),
        (payload.decode(), headers, secret_text(engine, "key-2")),
    ):
        with pytest.raises(openai.InvalidWebhookSignatureError):
            hooks.verify_signature(wrong[0], wrong[1], secret=wrong[2])


def test_private_receivers_are_refused_by_default(engine, settings, receiver):
    strict = Deliverer(
        engine, replace(settings, private_addresses=False), lambda task, now: {"id": task}
    )
    strict.start()
    change(engine, "t", "running", url=receiver.url + "/hook")
    until(lambda: left_over(engine) == 0)
    strict.stop()
    assert receiver.got == []


def test_two_servers_on_one_outbox_post_once(engine, settings, receiver):
    receiver.routes["/hook"] = body(b"ok")
    pair = [
        Deliverer(engine, settings, lambda task, now: {"id": task, "status": now}) for _ in range(2)
    ]
    for number in range(10):
        change(engine, f"t{number}", "queued", "succeeded", url=receiver.url + "/hook",
               key=f"key-{number}")  # fmt: skip
    for one in pair:
        one.start()
    until(lambda: left_over(engine) == 0)
    for one in pair:
        one.stop()
    assert sorted(json.loads(got[3])["id"] for got in receiver.got) == sorted(
        [f"t{number}" for number in range(10)] * 2
    )


def test_what_a_dead_server_had_claimed_comes_due_again(engine, settings, receiver, monkeypatch):
    """Claimed, then killed before the post: the next server posts it when the claim runs out."""
    change(engine, "t", "succeeded", url=receiver.url + "/hook")
    dead = Deliverer(engine, settings, lambda task, now: {"id": task, "status": now})
    (row,) = dead._due()
    assert dead._claim(row) and not dead._claim(row)
    assert dead._due() == []
    later = time.time() + settings.callback_timeout + 11
    monkeypatch.setattr(webhooks.time, "time", lambda: later)
    assert [one.id for one in dead._due()] == [row.id]


def test_a_task_that_was_removed_is_not_told(engine, settings, receiver):
    gone = Deliverer(engine, settings, lambda task, now: None)
    gone.start()
    change(engine, "t", "succeeded", url=receiver.url + "/hook")
    until(lambda: left_over(engine) == 0)
    gone.stop()
    assert receiver.got == []
