"""Requests by people who mean harm, or whose client is broken: 4xx with a code, never 500."""

import contextlib
import http.client
import json
import random
import socket
import time

import hypothesis
import pytest
import schemathesis
from running import TASKS, order
from schemathesis.checks import not_a_server_error

from onereel.service.access import SCOPES, create_key
from onereel.service.database import open_database
from onereel.service.settings import Settings

ROUTES = [TASKS, "/v1/videos", "/v1/videos/edits", "/v1/videos/extensions"]
LONG = 3 * 10**6


@pytest.fixture(scope="module", autouse=True)
def server(server):
    """With a key that is never too fast; whatever is sent, the server neither fails nor falls."""
    engine = open_database(Settings(data=server.data))
    _, text = create_key(engine, "attacker", scopes=SCOPES, requests_per_minute=10**6)
    engine.dispose()
    before, server.key = server.key, text
    server.http.headers["Authorization"] = f"Bearer {text}"
    yield server
    server.key = before
    server.http.headers["Authorization"] = f"Bearer {before}"
    assert server.http.get("/healthz").status_code == 200
    events = ("request failed", "care failed", "callback failed")
    assert not [
        line for line in server.log() if line.get("status", 0) >= 500 or line["event"] in events
    ]


def raw(server, data, wait=3.0):
    """The status that raw bytes are answered with; None when hung up on, or left waiting."""
    host, port = server.url.removeprefix("http://").split(":")
    answer = b""
    with (
        contextlib.suppress(OSError),
        socket.create_connection((host, int(port)), timeout=wait) as connection,
    ):
        with contextlib.suppress(ConnectionError):  # refused before all of it was read
            connection.sendall(data)
        while b"\r\n\r\n" not in answer and (piece := connection.recv(65536)):
            answer += piece
    return int(answer.split()[1]) if answer.startswith(b"HTTP/1.1 ") else None


def refused(answer, *statuses):
    assert 400 <= answer.status_code < 500, (answer.status_code, answer.text[:300])
    assert answer.status_code != 429  # that would have hidden the refusal we look for
    assert answer.status_code in statuses or not statuses
    error = answer.json()["error"]
    assert error["code"] and error["message"] and "\n" not in error["message"]
    assert len(error["message"]) < 1000
    return error


# ---------------------------------------------------------------- what the schema says


@pytest.fixture(scope="module")
def schema(server):
    return schemathesis.openapi.from_url(f"{server.url}/openapi.json")


def test_nothing_that_the_schema_allows_or_forbids_is_a_500(server, schema):
    """Every operation, with valid and with broken data; films that come of it are removed."""
    operations = [found.ok() for found in schema.get_all_operations()]
    assert len(operations) >= 14
    for operation in operations:
        attack(operation, {"Authorization": f"Bearer {server.key}"})
    for task in server.http.get(TASKS, params={"page_size": 500}).json()["items"]:
        server.http.delete(f"/v1/videos/{task['id']}")


def attack(operation, headers):
    @hypothesis.settings(
        max_examples=12, deadline=None, database=None, derandomize=True,
        suppress_health_check=list(hypothesis.HealthCheck), phases=[hypothesis.Phase.generate],
    )  # fmt: skip
    @hypothesis.given(case=operation.as_strategy())
    def one(case):
        case.call_and_validate(headers=headers, checks=[not_a_server_error], timeout=30)

    one()


# ---------------------------------------------------------------- bodies

BODIES = {
    "nothing": b"",
    "half an object": b'{"model": "onereel", "content": [',
    "not UTF-8": b'{"model": "\xff\xfe"}',
    "a lone surrogate": b'{"model": "onereel", "content": [{"type": "text", "text": "\\ud800"}]}',
    "a null byte": b'{"model": "onereel", "content": [{"type": "text", "text": "a\\u0000"}]}',
    "deep lists": b"[" * 200_000 + b"]" * 200_000,
    "deep objects": b'{"content":' * 50_000 + b"1" + b"}" * 50_000,
    "a long number": b'{"seed": ' + b"9" * 10_000 + b"}",
    "a huge exponent": b'{"model": "onereel", "duration": 1e400}',
    "no number": b'{"model": "onereel", "seed": NaN}',
    "an array": b"[]",
    "a string": b'"film"',
    "true": b"true",
    "null": b"null",
    "twice the same": b'{"model": "x", "model": ["onereel"]}',
    "UTF-16": '{"model": "onereel"}'.encode("utf-16"),
    "a long key": b'{"' + b"a" * LONG + b'": 1}',
    "many keys": json.dumps({f"k{n}": n for n in range(20_000)}).encode(),
    "a long string": json.dumps(order(model="x" * LONG)).encode(),
}


@pytest.mark.parametrize("name", BODIES)
def test_broken_json_is_refused(server, name):
    for path in (*ROUTES, "/v1/videos/x/remix"):
        answer = server.http.post(
            path, content=BODIES[name], headers={"Content-Type": "application/json"}
        )
        refused(answer)


@pytest.mark.parametrize("wrong", [None, True, 1, 1.5, "x", [], {}, [[]], [None], {"a": {}}])
def test_wrong_types_in_every_field_are_refused_or_absent(server, wrong):
    fields = server.http.get("/openapi.json").json()["components"]["schemas"]["CreateTask"]
    for name in fields["properties"]:
        body = order() | {"model": "unknown"}  # never accepted, whatever the field holds
        answer = server.http.post(TASKS, json=body | {name: wrong})
        assert refused(answer)["code"], name
    for item in (wrong, {"type": wrong}, {"type": "text", "text": wrong},
                 {"type": "image_url", "image_url": wrong},
                 {"type": "image_url", "image_url": {"url": wrong}},
                 {"type": "video_url", "video_url": {"url": wrong}, "role": wrong}):  # fmt: skip
        if item != {"type": "text", "text": "x"}:
            refused(server.http.post(TASKS, json=order(content=[item], resolution="x")))


@pytest.mark.parametrize(
    "text",
    ["\u202eright to left", "\ufeffmark", "e\u0301" * 400, "👩‍👩‍👧‍👦" * 300, "z\u0300\u0301" * 300,
     "\U0010ffff", "<script>alert(1)</script>", "'; DROP TABLE tasks; --", "${jndi:ldap://x}",
     "{{7*7}}", "%s%n%x", "../../etc/passwd"],
)  # fmt: skip
def test_strange_words_are_only_words(server, text):
    answer = server.http.post(TASKS, json=order(content=[{"type": "text", "text": text}]))
    if answer.status_code == 200:
        task_id = answer.json()["id"]
        assert server.http.get(f"/v1/videos/{task_id}").json()["prompt"] == text.strip()
        assert server.http.delete(f"/v1/videos/{task_id}").status_code == 200
    else:
        refused(answer, 400)


def multipart(*parts, boundary=b"b", end=b"--b--\r\n"):
    pieces = [b"--" + boundary + b"\r\n" + head + b"\r\n\r\n" + body + b"\r\n"
              for head, body in parts]  # fmt: skip
    return b"".join(pieces) + end


NAMED = b'Content-Disposition: form-data; name="%s"'
FILE = b'Content-Disposition: form-data; name="%s"; filename="%s"'
PROMPT = (NAMED % b"prompt", b"a girl")
FORMS = {
    "no end": multipart(PROMPT, end=b""),
    "cut in a head": multipart(PROMPT)[:30],
    "no head": b"--b\r\n\r\na\r\n--b--\r\n",
    "no name": multipart((b"Content-Disposition: form-data", b"a")),
    "no disposition": multipart((b"X-A: b", b"a")),
    "another boundary": multipart(PROMPT, boundary=b"c"),
    "a head without end": b"--b\r\nX-A: " + b"a" * 200_000,
    "many heads": b"--b\r\n" + b"X-A: b\r\n" * 20_000 + b"\r\n\r\n--b--\r\n",
    "many fields": multipart(*[(NAMED % (b"f%d" % n), b"a") for n in range(2000)]),
    "many files": multipart(*[(FILE % (b"f%d" % n, b"x"), b"a") for n in range(50)]),
    "the same field often": multipart(*[PROMPT] * 100),
    "a file for the prompt": multipart((FILE % (b"prompt", b"x"), b"a")),
    "text for a file": multipart(PROMPT, (NAMED % b"input_reference", b"file:///etc/passwd")),
    "a path as a name": multipart(PROMPT, (FILE % (b"input_reference", b"../../x"), b"a")),
    "a strange name": multipart((NAMED % b"prompt[__class__]", b"a")),
    "a name of brackets": multipart((NAMED % b"[][][][]", b"a"), PROMPT),
    "a null in a name": multipart((NAMED % b"a\x00b", b"a")),
    "an empty file": multipart(PROMPT, (FILE % (b"input_reference", b"x"), b"")),
    "a long field": multipart((NAMED % b"prompt", b"a" * LONG)),
}  # fmt: skip


@pytest.mark.parametrize("name", FORMS)
def test_broken_forms_are_refused(server, name):
    for path in ROUTES[1:]:
        answer = server.http.post(
            path, content=FORMS[name], headers={"Content-Type": "multipart/form-data; boundary=b"}
        )
        refused(answer)


@pytest.mark.parametrize(
    "kind",
    ["multipart/form-data; boundary=", "multipart/form-data; boundary=\"b", "text/xml", ";",
     "multipart/mixed;boundary=b", "multipart/form-data; boundary=" + "b" * 5000, "a" * 5000,
     "multipart/form-data; charset=zip; boundary=b", "application/json; charset=utf-7",
     "application/x-www-form-urlencoded"],
)  # fmt: skip
def test_strange_content_types_are_refused(server, kind):
    body = b"--b\r\n\r\n<?xml version='1.0'?><!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]>"
    for path in ROUTES:
        refused(server.http.post(path, content=body, headers={"Content-Type": kind}))


def test_forms_cut_and_changed_anywhere_are_no_500(server):
    """Sixty mutations of a good form, the same each time."""
    chance = random.Random(0)
    good = multipart(
        (NAMED % b"seconds", b"99"), PROMPT, (FILE % (b"input_reference", b"a.png"), b"\x89PNG" * 9)
    )
    for _ in range(60):
        changed = bytearray(good)
        for _ in range(chance.randint(1, 6)):
            place = chance.randrange(len(changed))
            changed[place : place + chance.randint(0, 3)] = chance.randbytes(chance.randint(0, 3))
        answer = server.http.post(
            "/v1/videos", content=bytes(changed[: chance.randint(1, len(changed))]),
            headers={"Content-Type": "multipart/form-data; boundary=b"},
        )  # fmt: skip
        refused(answer)


# ---------------------------------------------------------------- too much


def test_bodies_that_say_they_are_huge_are_refused_at_once(server):
    host, port = server.url.removeprefix("http://").split(":")
    for kind, size in (
        ("application/json", 65 * 2**20),
        ("multipart/form-data; boundary=b", 2**40),
    ):
        connection = http.client.HTTPConnection(host, int(port), timeout=5)
        connection.putrequest("POST", ROUTES[1])
        for name, value in {
            "Authorization": f"Bearer {server.key}", "Content-Type": kind,
            "Content-Length": str(size),
        }.items():  # fmt: skip
            connection.putheader(name, value)
        connection.endheaders()
        began = time.perf_counter()
        assert connection.getresponse().status == 413
        assert time.perf_counter() - began < 2
        connection.close()


def test_bodies_that_do_not_say_how_huge_they_are_are_cut_off(server):
    def endless():
        for _ in range(70):
            yield b" " * 2**20

    for path in ROUTES[:2]:
        try:
            answer = server.http.post(
                path, content=endless(), headers={"Content-Type": "application/json"}
            )
        except OSError:
            continue  # hung up on, which is fair
        refused(answer, 400, 413)


def test_a_body_that_never_comes_holds_up_nobody(server):
    head = f"POST {TASKS} HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {server.key}\r\n"
    host, port = server.url.removeprefix("http://").split(":")
    waiting = []
    for _ in range(50):
        connection = socket.create_connection((host, int(port)))
        connection.sendall((head + "Content-Length: 100\r\n\r\n{").encode())
        waiting.append(connection)
    began = time.perf_counter()
    assert server.http.get(TASKS).status_code == 200
    assert time.perf_counter() - began < 2
    for connection in waiting:
        connection.close()


# ---------------------------------------------------------------- paths and heads

PATHS = [
    "/../etc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "/files/%2e%2e%2f%2e%2e%2fetc%2fpasswd",
    "/files/..%5c..%5cx?expires=9&signature=x", "/v1/videos/%00", "/v1/videos/%2e%2e/content",
    "/v1/videos/..%2f..%2fhealthz", "//v1//videos", "/v1/videos/" + "a" * 8000,
    "/v1/videos/%F0%9F%8E%AC", "/v1/videos/%ff%fe", "/v1/videos?limit=0", "/v1/videos?limit=1e9",
    "/v1/videos?limit=1&limit=x", "/v1/videos?order=up", "/v1/videos?after=%00",
    "/v1/videos?after=' OR 1=1", "/v1/videos/x/content?variant=../film", TASKS + "/%20",
    TASKS + "?page_num=-1", TASKS + "?page_size=501", TASKS + "?filter.status=%00",
    TASKS + "?page_num=99999999999999999999", TASKS + "/x/y", "/tasks/x/events",
    "/tasks/%00/events", "/files/a?expires=-1&signature=x", "/files/a?expires=nan&signature=",
]  # fmt: skip


@pytest.mark.parametrize("path", PATHS)
def test_odd_paths_are_refused(server, path):
    for method in ("GET", "DELETE", "PUT", "POST"):
        head = f"{method} {path.replace(' ', '%20')} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n"
        code = raw(server, f"{head}Authorization: Bearer {server.key}\r\n\r\n".encode())
        assert code is not None and 400 <= code < 500, (method, code)


def test_filters_with_strange_words_find_nothing(server):
    for value in ("%", "_", "' OR '1'='1", "\u202e", "a" * 3000):
        for name in ("filter.model", "filter.task_ids", "filter.service_tier"):
            assert server.http.get(TASKS, params={name: value}).json() == {"total": 0, "items": []}
    many = {"filter.task_ids": [f"cgt-{n}" for n in range(501)]}
    assert server.http.get(TASKS, params=many).status_code in (400, 414)


@pytest.mark.parametrize(
    "lines",
    [
        b"Authorization: Bearer\r\n", b"Authorization: Basic YTpi\r\n",
        b"Authorization: \xff\xfe\r\n", b"Authorization: Bearer " + b"a" * 60_000 + b"\r\n",
        b"Idempotency-Key: " + b"a" * 257 + b"\r\n", b"Last-Event-ID: nan\r\n",
        b"X-Client-Request-Id: \"\xff<script>\r\n", b"X-A: b\r\n" * 9_000,
        b"Content-Length: -1\r\n", b"Content-Length: 1\r\nContent-Length: 2\r\n",
        b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n", b"Transfer-Encoding: gzip\r\n",
        b"X A: b\r\n", b": b\r\n", b"X-A: b\r\n c\r\n", b"Expect: 200-maybe\r\n",
    ],
)  # fmt: skip
def test_odd_heads_are_refused_or_hung_up_on(server, lines):
    data = b"POST " + TASKS.encode() + b" HTTP/1.1\r\nHost: a\r\nConnection: close\r\n"
    if b"Authorization" not in lines:
        data += f"Authorization: Bearer {server.key}\r\n".encode()
    code = raw(server, data + lines + b"\r\n0\r\n\r\n")
    assert code is None or 400 <= code < 500 or code == 501


def test_what_is_no_http_is_hung_up_on(server):
    for data in (
        b"\x16\x03\x01\x02\x00\x01\x00", b"\x00" * 999, b"GET / HTTP/9.9\r\n\r\n", b"GET\r\n\r\n",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", b"A" * 200_000, b"\r\n" * 5000,
    ):  # fmt: skip
        code = raw(server, data, wait=0.3)
        assert code is None or (400 <= code < 600 and code != 500)


def test_request_ids_cannot_forge_a_head(server):
    answer = server.http.get(TASKS, headers={"X-Client-Request-Id": "good-1"})
    assert answer.headers["X-Client-Request-Id"] == "good-1"
    bad = server.http.get(TASKS, headers={"X-Client-Request-Id": "a b<script>"})
    assert "X-Client-Request-Id" not in bad.headers


# ---------------------------------------------------------------- inputs, from outside


@pytest.mark.parametrize(
    "url",
    ["", "asset://a-1", "file:///etc/passwd", "http://2130706433/", "data:image/png;base64,AAAA",
     "data:image/svg+xml;base64,PHN2Zy8+", "http://[::ffff:7f00:1]:99999/", "https://u:p@example.com/",
     "http://localhost:1/", "\ud83d", "x" * 10**6],
)  # fmt: skip
def test_inputs_that_cannot_be_had_are_named(server, url):
    item = {"type": "image_url", "image_url": {"url": url}, "role": "first_frame"}
    content = [{"type": "text", "text": "a girl"}, item]
    body = json.dumps(order(content=content)).encode()
    answer = server.http.post(TASKS, content=body, headers={"Content-Type": "application/json"})
    error = refused(answer, 400)
    assert error["param"] == (None if url == "\ud83d" else "content[1].image_url.url")
