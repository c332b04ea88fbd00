"""Ark's dialect, driven by Ark's own three SDKs against a real server, and field by field."""

from __future__ import annotations

import base64
import http.client
import importlib
import io
import itertools
import json
import re
import time

import arkruntime
import byteplussdkarkruntime
import httpx
import numpy as np
import pytest
import volcenginesdkarkruntime
from loopback import body, loopback
from PIL import Image
from running import TASKS, order

from onereel.media.sandbox import read_clip
from onereel.media.write import encode_mp4

SDKS = {
    "volcengine": volcenginesdkarkruntime,
    "arkruntime": arkruntime,
    "byteplus": byteplussdkarkruntime,
}


def picture(width: int = 400, height: int = 300) -> str:
    held = io.BytesIO()
    Image.new("RGB", (width, height), (90, 120, 200)).save(held, "png")
    return "data:image/png;base64," + base64.b64encode(held.getvalue()).decode()


def image(role: str | None = None, url: str | None = None) -> dict:
    return {"type": "image_url", "image_url": {"url": picture() if url is None else url}} | (
        {"role": role} if role else {}
    )


TEXT = {"type": "text", "text": "a girl runs in the snow"}
AUDIO = {"type": "audio_url", "audio_url": {"url": "data:audio/wav;base64,AAAA"}}
VIDEO = {"type": "video_url", "video_url": {"url": "http://127.0.0.1:9/v.mp4"}}


@pytest.mark.parametrize("name", SDKS)
def test_an_unmodified_sdk_makes_lists_and_deletes_a_film(server, name):
    client = SDKS[name].Ark(base_url=server.url + "/api/v3", api_key=server.key)
    jobs = client.content_generation.tasks
    made = jobs.create(
        model="doubao-seedance-2-0-260128", content=[TEXT, image("first_frame")], duration=4,
        resolution="480p", ratio="1:1", seed=11, return_last_frame=True, watermark=False,
    )  # fmt: skip
    assert re.fullmatch(r"cgt-\d{14}-\w{8}", made.id)
    task = server.wait(made.id)
    assert task["status"] == "succeeded", task
    told = jobs.get(task_id=made.id)
    assert (told.id, told.status, told.seed) == (made.id, "succeeded", 11)
    assert (told.ratio, told.resolution, told.duration) == ("1:1", "480p", 4)
    assert told.usage.completion_tokens == 640 * 640 * 97 // 1024 == told.usage.total_tokens
    film = httpx.get(told.content.video_url)
    assert film.status_code == 200 and film.headers["content-type"] == "video/mp4"
    last = Image.open(io.BytesIO(httpx.get(told.content.last_frame_url).content))
    assert last.size == (640, 640) and last.format == "PNG"
    found = jobs.list(page_num=1, page_size=10, status="succeeded", task_ids=[made.id, "cgt-x"])
    assert found.total == 1 and found.items[0].id == made.id
    jobs.delete(task_id=made.id)
    assert server.http.get(f"{TASKS}/{made.id}").status_code == 404
    assert httpx.get(told.content.video_url).status_code == 404


@pytest.mark.parametrize("name", SDKS)
def test_an_sdk_is_told_what_is_wrong(server, name):
    client = SDKS[name].Ark(base_url=server.url + "/api/v3", api_key=server.key, max_retries=0)
    bad_request = importlib.import_module(f"{SDKS[name].__name__}._exceptions").ArkBadRequestError
    with pytest.raises(bad_request) as caught:
        client.content_generation.tasks.create(
            model="doubao-seedance-2-0-260128", content=[TEXT], camera_fixed=True
        )
    assert caught.value.code == "InvalidParameter.UnsupportedParameter"
    assert caught.value.param == "camera_fixed" and caught.value.type == "BadRequest"


def test_the_film_is_as_the_api_promises(server, tmp_path):
    task = server.wait(server.create(ratio="21:9", seed=5, execution_expires_after=3600))
    (tmp_path / "film.mp4").write_bytes(httpx.get(task["content"]["video_url"]).content)
    clip = read_clip(tmp_path / "film.mp4")
    assert clip.frames.shape == (97, 432, 992, 3) and abs(clip.source_fps - 24) < 0.01
    assert clip.sound is not None
    told = {name: task[name] for name in ("model", "duration", "resolution", "seed", "ratio")}
    assert told == {
        "model": "doubao-seedance-2-0-260128", "duration": 4, "resolution": "480p", "seed": 5,
        "ratio": "21:9",
    }  # fmt: skip
    assert task["framespersecond"] == 24 and task["service_tier"] == "default"
    assert task["execution_expires_after"] == 3600 and task["error"] is None
    assert task["created_at"] <= task["updated_at"] <= time.time() + 1


def test_every_field_as_null_is_the_same_as_none(server):
    fields = [
        "safety_identifier", "callback_url", "return_last_frame", "service_tier", "priority",
        "execution_expires_after", "generate_audio", "draft", "camera_fixed", "watermark", "seed",
        "resolution", "ratio", "duration", "frames", "tools", "output_format",
        "omni_reference_task_type", "subdivision_level", "file_format", "optimize_prompt",
        "reasoning_effort", "human_face_mode", "something_new",
    ]  # fmt: skip
    content = [TEXT, image() | {"role": None}]
    sent = order(content=content) | dict.fromkeys(fields)
    answer = server.http.post(TASKS, json=sent)
    assert answer.status_code == 200, answer.text
    task = server.get(answer.json()["id"])
    assert (task["duration"], task["resolution"], task["priority"]) == (5, "720p", 0)
    assert task["ratio"] == "4:3", "adaptive: the first frame's nearest"
    server.http.post(f"/tasks/{task['id']}/cancel")


V2 = "InvalidParameter.UnsupportedParameter"
WRONG = [
    ({"model": None}, 400, "MissingParameter", "model"),
    ({"model": 7}, 400, "InvalidParameter", "model"),
    ({"model": "gpt-4"}, 404, "InvalidEndpointOrModel.NotFound", "model"),
    ({"content": None}, 400, "MissingParameter", "content"),
    ({"content": []}, 400, "MissingParameter", "content"),
    ({"content": [{"type": "text"}]}, 400, "MissingParameter", "content[0].text"),
    ({"content": [{"type": "smell"}]}, 400, "InvalidParameter", "content[0]"),
    ({"content": [TEXT, {"type": "image_url", "image_url": {}}]}, 400, "MissingParameter",
     "content[1].image_url.url"),
    ({"content": [TEXT | {"text": ""}]}, 400, "MissingParameter", "content.text"),
    ({"content": [TEXT | {"text": "a\x07b"}]}, 400, "InvalidParameter", "content[0].text"),
    ({"content": [TEXT | {"text": "run " * 1001}]}, 400, "InvalidParameter", "content[0].text"),
    ({"content": [TEXT, image(url="")]}, 400, "InvalidImageURL.EmptyURL",
     "content[1].image_url.url"),
    ({"content": [TEXT, image(url="data:image/png;base64,!!")]}, 400,
     "InvalidImageURL.InvalidFormat", "content[1].image_url.url"),
    ({"content": [TEXT, image(url="asset://asset-1")]}, 400, V2, "content[1].image_url.url"),
    ({"content": [TEXT, image("mask")]}, 400, "InvalidParameter", "content[1].role"),
    ({"content": [TEXT, image("last_frame")]}, 400, "InvalidParameter", "content"),
    ({"content": [TEXT, image(), image()]}, 400, "InvalidParameter", "content"),
    ({"content": [TEXT, image("first_frame"), image("reference_image")]}, 400,
     "InvalidParameter", "content"),
    ({"content": [TEXT] + [image("reference_image")] * 10}, 400, "InvalidParameter", "content"),
    ({"content": [TEXT] + [VIDEO] * 4}, 400, "InvalidParameter", "content"),
    ({"content": [TEXT, AUDIO]}, 400, "InvalidParameter", "content"),
    ({"content": [AUDIO]}, 400, "InvalidParameter", "content"),
    ({"content": [TEXT, {"type": "draft_task", "draft_task": {"id": "cgt-1"}}]}, 400, V2,
     "content[1]"),
    ({"duration": 3}, 400, "InvalidParameter", "duration"),
    ({"duration": 16}, 400, "InvalidParameter", "duration"),
    ({"duration": 4.5}, 400, "InvalidParameter", "duration"),
    ({"duration": "5"}, 400, "InvalidParameter", "duration"),
    ({"ratio": "5:4"}, 400, "InvalidParameter", "ratio"),
    ({"resolution": "144p"}, 400, "InvalidParameter", "resolution"),
    ({"resolution": "4k"}, 400, "InvalidParameter", "resolution"),
    ({"resolution": "1080p", "model": "doubao-seedance-2-0-fast-260128"}, 400,
     "InvalidParameter", "resolution"),
    ({"seed": 2**32}, 400, "InvalidParameter", "seed"),
    ({"priority": 10}, 400, "InvalidParameter", "priority"),
    ({"execution_expires_after": 3599}, 400, "InvalidParameter", "execution_expires_after"),
    ({"safety_identifier": "x" * 65}, 400, "InvalidParameter", "safety_identifier"),
    ({"callback_url": "file:///etc/passwd"}, 400, "InvalidParameter", "callback_url"),
    ({"watermark": "yes"}, 400, "InvalidParameter", "watermark"),
    ({"draft": True}, 400, V2, "draft"),
    ({"camera_fixed": True}, 400, V2, "camera_fixed"),
    ({"service_tier": "flex"}, 400, V2, "service_tier"),
    ({"frames": 97}, 400, V2, "frames"),
    ({"tools": [{"type": "web_search"}]}, 400, V2, "tools"),
    ({"output_format": "mov"}, 400, V2, "output_format"),
    ({"omni_reference_task_type": "edit"}, 400, V2, "omni_reference_task_type"),
    ({"negative_prompt": "rain"}, 400, V2, "negative_prompt"),
    ({"model": "doubao-seedance-1-0-pro-250528", "duration": 13}, 400, "InvalidParameter",
     "duration"),
    ({"model": "doubao-seedance-1-0-pro-250528", "frames": 30}, 400, "InvalidParameter", "frames"),
    ({"model": "doubao-seedance-1-0-pro-250528", "priority": 3}, 400, V2, "priority"),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "status", "code", "param"), WRONG, ids=itertools.count())
def test_what_cannot_be_honoured_is_refused_by_name(server, changes, status, code, param):
    answer = server.http.post(TASKS, json=order(**changes))
    told = answer.json()["error"]
    assert (answer.status_code, told["code"], told["param"]) == (status, code, param), told
    assert told["message"].endswith(".") and "Traceback" not in told["message"]


def test_fields_that_are_allowed_come_back(server):
    asked = {
        "ratio": "9:16", "seed": 4294967295, "priority": 9, "generate_audio": False,
        "execution_expires_after": 259200, "safety_identifier": "u" * 64, "duration": -1,
        "output_format": "mp4", "draft": False, "camera_fixed": False, "tools": [],
    }  # fmt: skip
    task = server.get(server.create(**asked))
    expected = asked | {"duration": 5}
    assert {name: task[name] for name in expected if name in task} == {
        name: value for name, value in expected.items() if name not in ("camera_fixed", "tools")
    }
    server.http.post(f"/tasks/{task['id']}/cancel")


def test_flags_at_the_end_of_a_1x_prompt(server):
    text = "a dog --rs 480p --rt 9:16 --dur 6 --seed 11 --cf true --wm perhaps --rt 7:7"
    model = "doubao-seedance-1-0-pro-250528"
    sent = {"model": model, "content": [TEXT | {"text": text}], "seed": 12}
    answer = server.http.post(TASKS, json=sent)
    task = server.get(answer.json()["id"])
    assert (task["resolution"], task["ratio"], task["duration"]) == ("480p", "9:16", 6)
    assert task["seed"] == 12, "the body wins over a flag"
    assert task["generate_audio"] is False
    assert task["revised_prompt"] == "a dog\nThe camera does not move."
    server.http.post(f"/tasks/{task['id']}/cancel")
    plain = server.get(server.create(content=[TEXT | {"text": text}]))
    assert plain["duration"] == 4 and "revised_prompt" not in plain, "2.0 reads no flags"
    server.http.post(f"/tasks/{plain['id']}/cancel")


def test_references_decide_the_ratio_and_are_billed(server, tmp_path):
    frames = np.full((60, 480, 360, 3), 77, np.uint8)
    encode_mp4(tmp_path / "v.mp4", frames, None, 24, 24000)
    with loopback() as host:
        host.routes["/v.mp4"] = body((tmp_path / "v.mp4").read_bytes())
        content = [
            TEXT,
            image("reference_image"),
            {"type": "video_url", "video_url": {"url": host.url + "/v.mp4"},
             "role": "reference_video"},
        ]  # fmt: skip
        task = server.wait(server.create(content=content))
    assert task["status"] == "succeeded", task
    assert task["ratio"] == "3:4", "the clip's, before the picture's"
    used = task["usage"]["completion_tokens"]
    assert used == int(560 * 752 * (97 + 60) / 1024)


def test_paging_and_filters(server):
    made = [server.create(model="onereel", content=[TEXT]) for _ in range(5)]
    for one in made:
        server.http.post(f"/tasks/{one}/cancel")
    ids = [("filter.task_ids", one) for one in made]

    def page(**more):
        answer = server.http.get(TASKS, params=[*ids, *more.items()])
        assert answer.status_code == 200, answer.text
        return answer.json()

    pages = [page(page_num=number, page_size=2) for number in (1, 2, 3, 4)]
    assert {one["total"] for one in pages} == {5}
    listed = [item["id"] for one in pages for item in one["items"]]
    assert listed == made[::-1], "newest first"
    assert page(**{"filter.status": "cancelled"})["total"] == 5
    assert page(**{"filter.status": "running"})["total"] == 0
    assert page(**{"filter.model": "onereel"})["total"] == 5
    assert page(**{"filter.model": "other"})["total"] == 0
    assert page(**{"filter.service_tier": "flex"})["total"] == 0
    for name, value in (("page_num", 0), ("page_size", 501), ("filter.status", "done")):
        answer = server.http.get(TASKS, params={name: value})
        assert answer.status_code == 400 and answer.json()["error"]["param"] == name


def test_who_calls_and_what_there_is(server):
    plain = httpx.Client(base_url=server.url)
    assert plain.get(TASKS).json()["error"]["code"] == "AuthenticationError"
    assert plain.get(TASKS).status_code == 401
    assert plain.get("/healthz").json()["status"] == "ok"
    assert server.http.get(f"{TASKS}/cgt-1").json()["error"]["code"] == "NotFound"
    assert server.http.get("/nowhere").json()["error"]["code"] == "NotFound"
    assert server.http.put(TASKS).status_code == 405
    broken = server.http.post(TASKS, content=b"{", headers={"Content-Type": "application/json"})
    assert broken.status_code == 400 and broken.json()["error"]["code"] == "InvalidParameter"
    huge = http.client.HTTPConnection(server.url.removeprefix("http://"))
    huge.putrequest("POST", TASKS)
    huge.putheader("Content-Length", str(2**31))
    huge.endheaders()
    assert huge.getresponse().status == 413
    answer = server.http.get("/healthz", headers={"X-Client-Request-Id": "mine-1"})
    assert answer.headers["X-Client-Request-Id"] == "mine-1" and answer.headers["X-Request-Id"]
    lines = [line for line in server.log() if line.get("client_request_id") == "mine-1"]
    assert lines and lines[0]["route"] == "/healthz" and lines[0]["status"] == 200
    figures = server.http.get("/metrics").text
    assert 'onereel_tasks{status="queued"}' in figures and "onereel_requests_total" in figures
    paths = plain.get("/openapi.json").json()["paths"]
    assert TASKS in paths and "/tasks/{task_id}/events" in paths
    assert plain.get("/docs").status_code == 200


def test_nothing_private_in_the_log(server):
    server.http.post(TASKS, json=order(content=[TEXT | {"text": "a secret prompt"}], ratio="x"))
    text = json.dumps(server.log())
    assert "secret prompt" not in text and server.key not in text
