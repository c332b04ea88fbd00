"""Storage: whole files or none, names that lead nowhere, links that end, the same on S3."""

import os
import time
import urllib.parse
import urllib.request
from types import SimpleNamespace

import httpx
import pytest
from fastapi import FastAPI
from fastapi.responses import JSONResponse
from fastapi.testclient import TestClient

from onereel.errors import OnereelError, WrongUse
from onereel.service import links
from onereel.service.errors import ApiError
from onereel.service.storage import LocalStorage, S3Storage

NAME = "cgt-1/film.mp4"
DATA = bytes(range(256)) * 40


@pytest.fixture
def source(tmp_path):
    path = tmp_path / "source.mp4"
    path.write_bytes(DATA)
    return path


@pytest.fixture
def local(tmp_path):
    return LocalStorage(tmp_path / "files", b"s" * 32)


@pytest.fixture(scope="module")
def s3_server():
    from moto.server import ThreadedMotoServer

    running = ThreadedMotoServer("127.0.0.1", port=0, verbose=False)
    running.start()
    host, port = running.get_host_and_port()
    yield f"http://{host}:{port}"
    running.stop()


@pytest.fixture
def s3(s3_server):
    bucket = f"films-{time.monotonic_ns()}"
    httpx.put(f"{s3_server}/{bucket}")
    return S3Storage.from_url(
        f"s3://{bucket}/here", endpoint=s3_server, access_key_id="k", secret_access_key="s",
        region="us-east-1", client_options={"allow_http": True},
    )  # fmt: skip


@pytest.fixture(params=["local", "s3"])
def storage(request):
    return request.getfixturevalue(request.param)


def status(call, *given):
    with pytest.raises(ApiError) as caught:
        call(*given)
    return caught.value.status


def client(storage):
    app = FastAPI()
    app.include_router(links.router)
    app.state.service = SimpleNamespace(storage=storage)

    @app.exception_handler(ApiError)
    def refused(_, error):
        return JSONResponse(error.envelope(), error.status)

    return TestClient(app, raise_server_exceptions=True)


# ---------------------------------------------------------------- both


def test_what_is_put_comes_back_until_it_is_removed(storage, source, tmp_path):
    storage.put(NAME, source)
    storage.get(NAME, tmp_path / "back")
    assert (tmp_path / "back").read_bytes() == DATA
    assert storage.used_bytes() == len(DATA)
    source.write_bytes(b"new")
    storage.put(NAME, source)
    assert storage.used_bytes() == 3
    storage.remove(NAME)
    storage.remove(NAME)
    assert storage.used_bytes() == 0
    assert status(storage.get, NAME, tmp_path / "gone") == 404


def test_a_rename_is_another_name_for_the_same(storage, source, tmp_path):
    storage.put(NAME, source)
    fresh = storage.rename(NAME)
    storage.remove(NAME)
    storage.get(fresh, tmp_path / "back")
    assert (tmp_path / "back").read_bytes() == DATA
    again = storage.rename(fresh)
    assert len(again) == len(fresh) and again != fresh
    assert status(storage.rename, NAME) == 404


@pytest.mark.parametrize(
    "name",
    [
        "", ".", "..", "../x", "a/../b", "a/..", "/etc/passwd", "a//b", "a/", "/a", ".hidden",
        "a/.b", "a\\b", "a\x00b", "a\nb", "a b", "ä", "a%2e%2e", "~", "C:x", "x" * 201,
    ],
)  # fmt: skip
def test_no_name_leads_elsewhere(storage, name, source, tmp_path):
    for call in (
        lambda: storage.put(name, source),
        lambda: storage.get(name, tmp_path / "out"),
        lambda: storage.remove(name) or storage.get(name, tmp_path / "out"),
        lambda: storage.rename(name),
        lambda: storage.link(name, "http://h", 2**40),
    ):
        assert status(call) == 404
    assert sorted(path.name for path in tmp_path.iterdir() if path.name != "out") in (
        ["files", "source.mp4"], ["source.mp4"],
    )  # fmt: skip


def test_a_quota_refuses_before_and_while_putting(storage, source):
    storage.quota = 2 * len(DATA)
    storage.put("a/1", source)
    storage.put("a/2", source)
    storage.check_room()
    with pytest.raises(ApiError, match="quota") as caught:
        storage.put("a/3", source)
    assert (caught.value.status, caught.value.code) == (429, "QuotaExceeded")
    assert status(storage.check_room, 1) == 429
    storage.remove("a/1")
    storage.put("a/3", source)


# ---------------------------------------------------------------- the local folder


def test_a_full_disk_is_told(local, source, monkeypatch):
    monkeypatch.setattr("shutil.disk_usage", lambda _: SimpleNamespace(free=10**6))
    with pytest.raises(ApiError, match="disk is full"):
        local.put(NAME, source)


def test_a_put_that_breaks_off_leaves_nothing_and_keeps_the_old(local, source, monkeypatch):
    local.put(NAME, source)

    def broken(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", broken)
    source.write_bytes(b"new")
    with pytest.raises(OnereelError, match="No space left"):
        local.put(NAME, source)
    files = [path for path in local.folder.rglob("*") if path.is_file()]
    assert [path.read_bytes() for path in files] == [DATA]


def test_empty_folders_go_away(local, source):
    local.put("a/b/c", source)
    local.remove("a/b/c")
    assert list(local.folder.iterdir()) == []


def test_symlinks_in_the_folder_are_not_followed(local, tmp_path):
    (local.folder / "a").mkdir()
    (local.folder / "a" / "film.mp4").symlink_to("/etc/passwd")
    assert status(local.get, "a/film.mp4", tmp_path / "out") == 404


def test_links_download_with_ranges(local, source):
    local.put(NAME, source)
    link = local.link(NAME, "http://testserver/", int(time.time()) + 60)
    assert link.startswith("http://testserver/files/cgt-1/film.mp4?expires=")
    http = client(local)
    whole = http.get(link)
    assert (whole.status_code, whole.content) == (200, DATA)
    assert whole.headers["content-type"] == "video/mp4"
    assert whole.headers["accept-ranges"] == "bytes"
    assert whole.headers["x-content-type-options"] == "nosniff"
    assert http.head(link).headers["content-length"] == str(len(DATA))
    for asked, expected in {
        "bytes=0-9": DATA[:10], "bytes=10-": DATA[10:], "bytes=-5": DATA[-5:],
        "bytes=0-999999999": DATA,
    }.items():  # fmt: skip
        part = http.get(link, headers={"Range": asked})
        assert (part.status_code, part.content) == (206, expected)
    for asked in ("bytes=20000-", "bytes=9-1", "bytes=", "bytes=a-b", "bites=0-1", "bytes=--1"):
        assert http.get(link, headers={"Range": asked}).status_code in (200, 400, 416)
    many = "bytes=" + ",".join("0-" for _ in range(2000))
    assert len(http.get(link, headers={"Range": many}).content) < 20 * len(DATA)


def test_links_end_by_time_by_name_and_by_forgery(local, source):
    local.put(NAME, source)
    local.put("cgt-2/film.mp4", source)
    http, now = client(local), int(time.time())
    good = local.link(NAME, "", now + 60)
    assert http.get(good).status_code == 200
    signature = urllib.parse.parse_qs(good.partition("?")[2])["signature"][0]
    for bad in (
        local.link(NAME, "", now - 1),
        good.replace(str(now + 60), str(now + 61)),
        good.replace("cgt-1", "cgt-2"),
        good[:-1] + ("0" if good[-1] != "0" else "1"),
        good.replace(signature, ""),
        good.replace(signature, signature[:-2]),
        good.replace(signature, "é" * 64),
        LocalStorage(local.folder, b"t" * 32).link(NAME, "", now + 60),
    ):
        assert http.get(bad).status_code == 403, bad
    for bad in ("/files/cgt-1/film.mp4", good.replace("expires=", "expires=x"),
                good + "&expires=99999999999999999999"):  # fmt: skip
        assert http.get(bad).status_code in (403, 422)
    for path in ("/files/../../etc/passwd", "/files/%2e%2e/%2e%2e/etc/passwd", "/files/..%2fx",
                 "/files//etc/passwd", "/files/cgt-1/%00", "/files/"):  # fmt: skip
        url = f"{path}?expires={now + 60}&signature={'0' * 64}"
        assert http.get(url).status_code in (403, 404), path


def test_a_link_dies_when_its_file_gets_another_name(local, source):
    local.put(NAME, source)
    http, expires = client(local), int(time.time()) + 60
    old = local.link(NAME, "", expires)
    fresh = local.rename(NAME)
    local.remove(NAME)
    assert http.get(old).status_code == 404
    assert http.get(local.link(fresh, "", expires)).content == DATA


# ---------------------------------------------------------------- S3


def test_presigned_links_download_and_end(s3, source):
    s3.put(NAME, source)
    link = s3.link(NAME, "ignored", int(time.time()) + 60)
    assert "/here/cgt-1/film.mp4?" in link and "X-Amz-Signature" in link
    assert "X-Amz-Expires=60" in link or "X-Amz-Expires=59" in link
    request = urllib.request.Request(link, headers={"Range": "bytes=5-14"})
    with urllib.request.urlopen(request) as answer:
        assert answer.read() == DATA[5:15]
        assert answer.headers["Content-Type"] == "video/mp4"
    s3.remove(NAME)
    assert httpx.get(link).status_code == 404


def test_downloads_by_key_are_sent_to_the_object_store(s3, source):
    s3.put(NAME, source)
    answer = s3.response(NAME, None)
    assert answer.status_code == 302
    assert httpx.get(answer.headers["location"]).content == DATA
    assert status(s3.response, "cgt-9/film.mp4", None) == 404
    assert client(s3).get(f"/files/{NAME}?expires=9&signature=x").status_code == 404


def test_large_objects_go_up_in_parts(s3, tmp_path):
    big = tmp_path / "big.mp4"
    big.write_bytes(os.urandom(11 * 2**20))
    s3.put(NAME, big)
    s3.get(NAME, tmp_path / "back")
    assert (tmp_path / "back").read_bytes() == big.read_bytes()


def test_a_store_that_is_away_or_misnamed_is_one_sentence(source):
    away = S3Storage.from_url(
        "s3://films", endpoint="http://127.0.0.1:9", access_key_id="k", secret_access_key="s",
        region="us-east-1", client_options={"allow_http": True, "timeout": "1s"},
        retry_config={"max_retries": 0},
    )  # fmt: skip
    for call in (lambda: away.put(NAME, source), away.used_bytes):
        with pytest.raises(OnereelError) as caught:
            call()
        assert "\n" not in str(caught.value)
    with pytest.raises(WrongUse):
        S3Storage.from_url("gs://films")
