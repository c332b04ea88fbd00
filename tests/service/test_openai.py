"""OpenAI's own SDK, unmodified, against a real server process; and what it must not get."""

from __future__ import annotations

import io
import json

import av
import httpx
import numpy as np
import openai
import pytest
from openai import OpenAI
from PIL import Image
from running import Server

from onereel.media.write import encode_mp4

pytestmark = pytest.mark.filterwarnings("ignore:The Sora API:DeprecationWarning")
PROMPT = "a girl runs in the snow"
SMALL = {"seconds": "4", "size": "320x240", "extra_body": {"seed": 7}}


@pytest.fixture(scope="module")
def client(server: Server):
    return OpenAI(base_url=f"{server.url}/v1", api_key=server.key, max_retries=0)


@pytest.fixture(scope="module")
def done(client):
    video = client.videos.create_and_poll(prompt=PROMPT, **SMALL)
    assert video.status == "completed", video.error
    return video


@pytest.fixture(scope="module")
def clip(tmp_path_factory):
    frames = np.random.default_rng(0).integers(0, 255, (73, 64, 96, 3), np.uint8)
    return encode_mp4(tmp_path_factory.mktemp("clip") / "clip.mp4", frames, None, 24, 24000)


def picture(width=96, height=64):
    file = io.BytesIO()
    Image.new("RGB", (width, height), "navy").save(file, "PNG")
    return file.getvalue()


def test_create_and_poll_tells_a_finished_video(done):
    assert (done.object, done.model, done.prompt) == ("video", "sora-2", PROMPT)
    assert (done.seconds, done.size, done.progress) == ("4", "320x240", 100)
    assert done.created_at <= done.completed_at
    assert done.expires_at == pytest.approx(done.completed_at + 86400, abs=2)
    assert done.error is None and done.remixed_from_video_id is None


def test_the_film_and_its_pictures_download(client, done, tmp_path):
    client.videos.download_content(done.id).write_to_file(tmp_path / "film.mp4")
    with av.open(str(tmp_path / "film.mp4")) as film:
        stream = film.streams.video[0]
        assert (stream.width, stream.height) == (320, 240)
        assert sum(1 for _ in film.decode(stream)) == 97
        assert film.streams.audio
    for variant in ("thumbnail", "spritesheet"):
        data = client.videos.download_content(done.id, variant=variant).read()
        assert Image.open(io.BytesIO(data)).format == "JPEG"


def test_ranges_of_a_film_download(server, done):
    path = f"/v1/videos/{done.id}/content"
    whole = server.http.get(path)
    part = server.http.get(path, headers={"Range": "bytes=10-19"})
    assert (part.status_code, part.content) == (206, whole.content[10:20])
    assert server.http.get(path, headers={"Range": f"bytes={10**9}-"}).status_code == 416


def test_retrieve_and_the_poll_header(client, server, done):
    assert client.videos.retrieve(done.id) == done
    told = server.http.get(f"/v1/videos/{done.id}", headers={"X-Stainless-Poll-Helper": "true"})
    assert told.headers["openai-poll-after-ms"] == "500"


def test_a_picture_is_the_first_frame(client, server):
    video = client.videos.create_and_poll(
        prompt=PROMPT, input_reference=("a.png", picture()), seconds="4", size="256x256",
    )  # fmt: skip
    assert video.status == "completed", video.error
    task = server.get(video.id)
    assert task["ratio"] == "1:1" and task["resolution"] == "480p"


def test_json_and_its_image_url_pass_too(server):
    uri = "data:image/png;base64," + __import__("base64").b64encode(picture()).decode()
    answer = server.http.post("/v1/videos", json={
        "prompt": PROMPT, "seconds": 4, "size": "256x256", "model": None,
        "input_reference": {"image_url": uri}, "generate_audio": False,
    })  # fmt: skip
    assert answer.status_code == 200, answer.text
    assert server.wait(answer.json()["id"])["generate_audio"] is False


def test_remix_keeps_the_seed_and_says_where_it_is_from(client, server, done):
    video = client.videos.remix(done.id, prompt="the same, at night")
    assert (video.remixed_from_video_id, video.prompt) == (done.id, "the same, at night")
    assert (video.size, video.seconds) == (done.size, done.seconds)
    task = server.wait(video.id)
    assert (task["status"], task["seed"]) == ("succeeded", 7)


def test_edit_and_extend_take_uploads_and_videos_made_here(client, server, done, clip):
    small = {"extra_body": {"size": "320x240"}}
    edited = client.videos.edit(prompt="make it dusk", video=clip.read_bytes(), **small)
    assert (edited.seconds, edited.prompt) == ("4", "make it dusk")
    extended = client.videos.extend(prompt="she falls", seconds="5", video=clip, **small)
    assert extended.seconds == "5"
    again = client.post(
        "/videos/edits",
        body={"prompt": "in rain", "resolution": "480p", "video": {"id": done.id}},
        cast_to=object,
    )
    for video_id in (edited.id, extended.id, again["id"]):
        task = server.wait(video_id)
        assert task["status"] == "succeeded", task["error"]
    # The 97 frames that went in count as well as those that came out.
    assert task["ratio"] == "4:3"
    assert task["usage"]["completion_tokens"] == pytest.approx(752 * 560 * 2 * 97 / 1024, rel=0.01)


def test_list_pages_by_cursor(client, done):
    newest = client.videos.list(limit=2)
    assert len(newest.data) == 2 and newest.has_more
    walked = [video.id for video in client.videos.list(limit=2)]
    assert len(walked) == len(set(walked)) and done.id in walked
    assert [video.id for video in client.videos.list(limit=3, order="asc")] == walked[::-1]
    after = client.videos.list(after=walked[0], limit=1)
    assert after.data[0].id == walked[1]
    with pytest.raises(openai.NotFoundError):
        client.videos.list(after="cgt-nothing")


def test_delete_also_stops_what_is_running(client, server):
    first = client.videos.create(prompt=PROMPT, **SMALL)
    gone = client.videos.delete(first.id)
    assert (gone.id, gone.deleted, gone.object) == (first.id, True, "video.deleted")
    for call in (client.videos.retrieve, client.videos.delete, client.videos.download_content):
        with pytest.raises(openai.NotFoundError):
            call(first.id)


def test_a_repeat_with_the_same_key_is_the_same_video(client, server):
    def create(shade):
        return client.videos.create(
            prompt=PROMPT, seconds="4", size="256x256", input_reference=("a.png", shade),
            extra_headers={"Idempotency-Key": "once, as a video"},
        )  # fmt: skip

    first = create(picture())
    assert create(picture()).id == first.id
    with pytest.raises(openai.ConflictError):
        create(picture(128, 64))
    server.wait(first.id)


def test_characters_are_refused_clearly(client, clip):
    with pytest.raises(openai.BadRequestError) as caught:
        client.videos.create_character(name="Ann", video=clip)
    assert caught.value.code == "InvalidParameter.UnsupportedParameter"
    with pytest.raises(openai.NotFoundError):
        client.videos.get_character("char-1")


@pytest.mark.parametrize(
    ("fields", "param"),
    [
        ({"prompt": ""}, "prompt"),
        ({"prompt": " \n"}, "prompt"),
        ({"prompt": "a\x00b"}, "prompt"),
        ({"prompt": "word " * 1001}, "prompt"),
        ({"seconds": "3"}, "seconds"),
        ({"seconds": "16"}, "seconds"),
        ({"seconds": "4.5"}, "seconds"),
        ({"seconds": "٤"}, "seconds"),
        ({"size": "1280*720"}, "size"),
        ({"size": "1281x720"}, "size"),
        ({"size": "100x100"}, "size"),
        ({"size": "9998x9998"}, "size"),
        ({"model": "gpt-4o"}, "model"),
        ({"input_reference": b"not a picture"}, "input_reference"),
        ({"extra_body": {"seed": -2}}, "seed"),
        ({"extra_body": {"seed": 2**32}}, "seed"),
        ({"extra_body": {"priority": 10}}, "priority"),
        ({"extra_body": {"n": 2}}, "n"),
        ({"extra_body": {"ratio": "2:1"}}, "ratio"),
        ({"extra_body": {"generate_audio": "maybe"}}, "generate_audio"),
        ({"extra_body": {"callback_url": "ftp://x/"}}, "callback_url"),
        ({"extra_body": {"safety_identifier": "x" * 65}}, "safety_identifier"),
    ],
)
def test_what_cannot_be_made_is_refused_by_name(client, fields, param):
    with pytest.raises((openai.BadRequestError, openai.NotFoundError)) as caught:
        client.videos.create(**{"prompt": PROMPT} | fields)
    assert caught.value.param == param
    assert caught.value.code
    assert caught.value.type == "invalid_request_error"


def test_keys_decide_who_sees_what(client, server, done):
    with pytest.raises(openai.AuthenticationError) as caught:
        OpenAI(base_url=f"{server.url}/v1", api_key="wrong", max_retries=0).videos.list()
    assert caught.value.type == "authentication_error"
    nobody = httpx.get(f"{server.url}/v1/videos")
    assert nobody.status_code == 401


def test_bodies_that_are_no_form_and_no_json_are_refused(server):
    for kind, body in {
        "application/json": b"{", "application/json; charset=x": b"\xff", "text/plain": b"a",
        "multipart/form-data": b"a", "multipart/form-data; boundary=b": b"--c\r\n",
        "Application/JSON": b"[1]", "": b"",
    }.items():  # fmt: skip
        answer = server.http.post("/v1/videos", content=body, headers={"Content-Type": kind})
        assert answer.status_code == 400, (kind, answer.text)
        assert json.loads(answer.text)["error"]["code"]
