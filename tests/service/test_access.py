"""API keys: what is kept of them, what they allow, how they run out, and who sees whose tasks."""

import json
import threading

import pytest
import sqlalchemy as sa
from running import TASKS, order
from typer.testing import CliRunner

from onereel.cli import app
from onereel.errors import WrongUse
from onereel.service.access import (
    KeyRing,
    create_key,
    derive,
    list_keys,
    revoke_key,
    shared_secret,
)
from onereel.service.database import open_database
from onereel.service.errors import ApiError
from onereel.service.settings import Settings


@pytest.fixture
def engine(tmp_path):
    engine = open_database(Settings(data=tmp_path / "data"))
    yield engine
    engine.dispose()


def refusal(call, *given):
    with pytest.raises(ApiError) as caught:
        call(*given)
    return caught.value


def test_only_the_hash_of_a_key_is_kept(engine, tmp_path):
    _, text = create_key(engine, "ann")
    kept = b"".join(path.read_bytes() for path in (tmp_path / "data").iterdir())
    assert b"ann" in kept and text.encode() not in kept
    assert text.encode()[8:30] not in kept


def test_a_key_opens_until_it_is_revoked(engine):
    ring = KeyRing(engine)
    key, text = create_key(engine, "ann", scopes=["read"])
    caller = ring.admit(text)
    assert (caller.key_id, caller.name, caller.scopes) == (key.id, "ann", frozenset({"read"}))
    assert len(caller.user_hash) == 64 and key.id not in caller.user_hash
    revoke_key(engine, "ann")
    assert refusal(ring.admit, text).status == 401


@pytest.mark.parametrize("key", ["", "onereel-", "x" * 10**6, "\udcff", "é", "' OR 1=1 --", "\x00"])
def test_nothing_else_opens(engine, key):
    create_key(engine, "ann")
    error = refusal(KeyRing(engine).admit, key)
    assert (error.status, error.code) == (401, "AuthenticationError")


def test_requests_a_minute_run_out_and_come_back(engine):
    now = [0.0]
    ring = KeyRing(engine, clock=lambda: now[0])
    _, text = create_key(engine, "ann", requests_per_minute=60)
    _, other = create_key(engine, "bob")
    for _ in range(60):
        ring.admit(text)
    error = refusal(ring.admit, text)
    assert (error.status, error.code) == (429, "RateLimitExceeded.EndpointRPMExceeded")
    assert error.headers() == {"Retry-After": "1"}
    ring.admit(other)  # a bucket each
    now[0] = 1.01
    ring.admit(text)
    assert refusal(ring.admit, text).status == 429
    now[0] = 1000.0  # never more than a minute's worth is saved up
    for _ in range(60):
        ring.admit(text)
    assert refusal(ring.admit, text).status == 429


def test_many_threads_get_no_more_than_one(engine):
    ring = KeyRing(engine, clock=lambda: 0.0)
    _, text = create_key(engine, "ann", requests_per_minute=20)
    admitted = []

    def ask():
        for _ in range(10):
            try:
                admitted.append(ring.admit(text))
            except ApiError:
                continue

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(admitted) == 20


def test_quotas_say_which_and_when(engine):
    _, text = create_key(engine, "ann", queued_tasks=3, films_per_day=10)
    caller = KeyRing(engine).admit(text)
    caller.check_quota(2, 9)
    assert refusal(caller.check_quota, 3, 0).code == "QuotaExceeded"
    assert refusal(caller.check_quota, 0, 10).code == "SetLimitExceeded"
    assert refusal(caller.check_quota, 0, 10).retry_after == 3600


def test_bad_keys_are_not_made(engine):
    create_key(engine, "ann")
    for name, options in [
        ("ann", {}), ("", {}), (" ", {}), ("a\nb", {}), ("x" * 65, {}), ("b", {"scopes": ["fly"]}),
        ("b", {"scopes": []}), ("b", {"requests_per_minute": 0}), ("b", {"queued_tasks": -1}),
    ]:  # fmt: skip
        with pytest.raises(WrongUse):
            create_key(engine, name, **options)
    assert [key.name for key in list_keys(engine)] == ["ann"]


def test_secrets_are_shared_and_differ_by_use(engine):
    first = shared_secret(engine, "links")
    assert shared_secret(engine, "links") == first != shared_secret(engine, "webhooks")
    assert len(first) == 32
    assert derive(first, "a", "bc") != derive(first, "ab", "c")


def test_the_command_makes_lists_and_revokes(tmp_path):
    def run(*words):
        done = CliRunner().invoke(app, ["keys", *words, "--data", str(tmp_path / "data")])
        return done.exit_code, done.stdout

    code, printed = run("create", "ann", "--json", "--scopes", "read,admin")
    made = json.loads(printed)
    assert code == 0 and made["key"].startswith("onereel-")
    assert made["webhook_secret"].startswith("whsec_") and made["scopes"] == ["read", "admin"]
    assert made["key"] not in run("list")[1]
    assert run("revoke", made["id"])[0] == 0
    assert "revoked" in run("list")[1]
    keys = json.loads(run("list", "--json")[1])["keys"]
    assert [key["name"] for key in keys] == ["ann"]


# ---------------------------------------------------------------- on a running server


def keyed(server, name, **options):
    """Headers of a new key on the running server's database."""
    engine = open_database(Settings(data=server.data))
    _, text = create_key(engine, name, **options)
    engine.dispose()
    return {"Authorization": f"Bearer {text}"}


@pytest.fixture(scope="module")
def task(server):
    task_id = server.create()
    server.wait(task_id)
    return task_id


def test_no_key_sees_anothers_tasks_or_films(server, task):
    stranger = keyed(server, "stranger")
    get, delete = server.http.get, server.http.delete
    assert get(f"{TASKS}/{task}", headers=stranger).status_code == 404
    assert get(TASKS, headers=stranger).json() == {"total": 0, "items": []}
    filtered = get(TASKS, params={"filter.task_ids": task}, headers=stranger)
    assert filtered.json()["total"] == 0
    assert get("/v1/videos", headers=stranger).json()["data"] == []
    for path in ("", "/content"):
        assert get(f"/v1/videos/{task}{path}", headers=stranger).status_code == 404
    assert get("/v1/videos", params={"after": task}, headers=stranger).status_code == 404
    assert get(f"/tasks/{task}/events", headers=stranger).status_code == 404
    for path in (f"{TASKS}/{task}", f"/v1/videos/{task}", f"/tasks/{task}/links"):
        assert delete(path, headers=stranger).status_code == 404
    for path, body in (
        (f"/v1/videos/{task}/remix", {"prompt": "x"}),
        ("/v1/videos/edits", {"prompt": "x", "video": {"id": task}}),
    ):
        assert server.http.post(path, json=body, headers=stranger).status_code == 404
    assert server.get(task)["status"] == "succeeded"


def test_idempotency_keys_are_each_callers_own(server, task):
    stranger = keyed(server, "stranger-2")
    mine = server.create(idempotency="shared-word")
    theirs = server.http.post(
        TASKS, json=order(), headers=stranger | {"Idempotency-Key": "shared-word"}
    )
    assert theirs.status_code == 200 and theirs.json()["id"] != mine
    server.wait(mine)


def test_scopes_are_asked_for(server, task):
    reader = keyed(server, "reader", scopes=["read"])
    assert server.http.get(TASKS, headers=reader).status_code == 200
    for answer in (
        server.http.post(TASKS, json=order(), headers=reader),
        server.http.delete(f"{TASKS}/{task}", headers=reader),
        server.http.post("/v1/videos", json={"prompt": "x"}, headers=reader),
        server.http.delete(f"/tasks/{task}/links", headers=reader),
        server.http.get("/metrics", headers=reader),
    ):
        assert answer.status_code == 403, answer.text
        assert answer.json()["error"]["code"] == "AccessDenied"


def test_every_route_but_health_docs_and_links_wants_a_key(server):
    open_paths = {"/healthz", "/files/{name}"}
    for path, methods in server.http.get("/openapi.json").json()["paths"].items():
        for method in methods:
            asked = path.replace("{task_id}", "x").replace("{video_id}", "x").replace("{", "")
            answer = server.http.request(
                method, asked.replace("}", ""), headers={"Authorization": ""}
            )
            assert (answer.status_code == 401) != (path in open_paths), (method, path)


def test_limits_are_answered_429_with_a_time(server):
    slow = keyed(server, "slow", requests_per_minute=2)
    answers = [server.http.get(TASKS, headers=slow) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert int(answers[2].headers["Retry-After"]) == 30
    daily = keyed(server, "daily", films_per_day=1)
    first, second = (server.http.post(TASKS, json=order(), headers=daily) for _ in range(2))
    assert (first.status_code, second.status_code) == (200, 429)
    assert second.json()["error"]["code"] == "SetLimitExceeded"


def test_a_revoked_key_stops_at_once(server):
    headers = keyed(server, "leaver")
    assert server.http.get(TASKS, headers=headers).status_code == 200
    engine = open_database(Settings(data=server.data))
    revoke_key(engine, "leaver")
    with engine.connect() as connection:
        assert connection.scalar(sa.text("select count(*) from api_keys")) > 1
    engine.dispose()
    assert server.http.get(TASKS, headers=headers).status_code == 401


def test_keys_do_not_reach_the_log(server):
    server.http.get(TASKS, headers={"Authorization": "Bearer onereel-guessed"})
    log = server.errors.read_text()
    assert "onereel-guessed" not in log and server.key not in log
