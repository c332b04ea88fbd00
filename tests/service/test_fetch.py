"""Inputs by URL, base64 and upload: what may be reached, and everything that may not."""

import base64
import io
import socket
import time
import zipfile

import httpcore
import numpy as np
import pytest
from loopback import body, loopback, status
from PIL import Image

from onereel.media.write import encode_mp4, encode_wav
from onereel.service import outward
from onereel.service.errors import ApiError
from onereel.service.fetch import Fetched, fetch, fetch_all
from onereel.service.outward import Reach, Unreachable, check_url, download, is_public, post
from onereel.service.store import Media

NEAR = Reach(private_addresses=True, seconds=5)


@pytest.fixture(scope="module")
def server():
    with loopback() as running:
        yield running


@pytest.fixture(scope="module")
def png():
    return picture(96, 64)


@pytest.fixture(scope="module")
def film(tmp_path_factory):
    frames = np.random.default_rng(0).integers(0, 255, (60, 64, 96, 3), np.uint8)
    path = tmp_path_factory.mktemp("film") / "film.mp4"
    return encode_mp4(path, frames, None, 24, 24000).read_bytes()


def picture(width, height, kind="PNG"):
    file = io.BytesIO()
    Image.new("RGB", (width, height), "navy").save(file, kind)
    return file.getvalue()


def wav(tmp_path, seconds):
    sound = np.zeros((round(seconds * 24000), 2), np.float32)
    return encode_wav(tmp_path / "a.wav", sound, 24000).read_bytes()


def data_uri(data, kind="image/png"):
    return f"data:{kind};base64,{base64.b64encode(data).decode()}"


def refused(source, tmp_path, kind="picture", reach=NEAR):
    media = Media(kind, "reference", source, "content[1].image_url.url")
    began = time.perf_counter()
    with pytest.raises(ApiError) as caught:
        fetch(media, tmp_path / "in", reach)
    error = caught.value
    assert (error.status, error.param) == (400, "content[1].image_url.url")
    assert time.perf_counter() - began < 5
    assert str(tmp_path) not in error.message
    assert "\n" not in error.message and error.message.endswith(".")
    assert not (tmp_path / "in").exists()
    return error


# ---------------------------------------------------------------- addresses

CLOSED = [
    "0.0.0.0", "0.1.2.3", "10.0.0.1", "100.64.0.1", "100.127.255.254", "127.0.0.1", "127.8.8.8",
    "169.254.169.254", "172.16.0.1", "172.31.255.255", "192.0.0.8", "192.0.2.1", "192.88.99.1",
    "192.168.1.1", "198.18.0.1", "198.19.255.255", "198.51.100.7", "203.0.113.9", "224.0.0.1",
    "239.255.255.250", "240.0.0.1", "255.255.255.255", "::", "::1", "::127.0.0.1", "::8.8.8.8",
    "::ffff:127.0.0.1", "::ffff:8.8.8.8", "::ffff:0:127.0.0.1", "64:ff9b::7f00:1",
    "64:ff9b::808:808", "64:ff9b:1::1", "100::1", "2001::1",
    "2001:0:4136:e378:8000:63bf:3fff:fdd2", "2001:2::1", "2001:10::1", "2001:db8::1",
    "2002:7f00:1::", "2002:808:808::", "3fff::1", "5f00::1", "fc00::1", "fd12:3456::1", "fe80::1",
    "fe80::1%eth0", "fec0::1", "ff02::1", "ff0e::1", "nonsense", "2130706433",
]  # fmt: skip


@pytest.mark.parametrize("address", CLOSED)
def test_addresses_that_are_nobodys_or_ours_are_closed(address):
    assert not is_public(address)


@pytest.mark.parametrize(
    "address", ["8.8.8.8", "172.32.0.1", "100.128.0.1", "2606:4700::1111", "2a00:1450::1"]
)  # fmt: skip
def test_public_hosts_are_open(address):
    assert is_public(address)


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/", "http://127.1/", "http://0/", "http://2130706433/",
        "http://017700000001/", "http://0x7f000001/", "http://0x7f.0.0.1/", "http://0177.0.0.1/",
        "http://127.0.0.1./", "http://[::1]/", "http://[::ffff:127.0.0.1]/",
        "http://[0:0:0:0:0:ffff:7f00:1]/", "http://localhost/", "http://LOCALHOST./",
        "http://127。0。0。1/", "http://169.254.169.254/latest/meta-data/", "http://[fe80::1%25lo]/",
    ],
)  # fmt: skip
def test_no_spelling_of_a_private_address_is_asked(url, tmp_path, monkeypatch):
    """Refused before a connection is tried, whatever the system's resolver makes of it."""

    def connect(self, host, *_, **__):
        raise AssertionError(f"connected to {host}")

    monkeypatch.setattr(httpcore.SyncBackend, "connect_tcp", connect)
    refused(url, tmp_path, reach=Reach())


@pytest.mark.parametrize(
    "url",
    [
        "ftp://example.com/a.png", "file:///etc/passwd", "gopher://example.com/", "//example.com/a",
        "/etc/passwd", "example.com", "http://", "http:///a", "http://a..b/", "javascript:alert(1)",
        "http://user:pw@example.com/", "http://@example.com/", "http://example.com\\@127.0.0.1/",
        "http://exa mple.com/", "http://example.com/\r\nHost: x", "http://example.com/\x00",
        "http://example.com:22/", "http://example.com:0/", "http://example.com:99999/",
        "http://[::1", "http://[zz]/", "http://①②⑦.0.0.1/", "http://" + "a" * 64 + ".com/",
        "https://example.com/" + "a" * 5000, "http://example.com/\ud800", "unix:/run/docker.sock",
        "http+unix://%2Frun%2Fdocker.sock/", "http://1.2.3.999/", "http://1.2.3/", " ", "",
    ],
)  # fmt: skip
def test_what_is_no_plain_web_address_is_refused(url, tmp_path):
    refused(url, tmp_path)


def test_good_urls_pass():
    for url in (
        "https://example.com/a.png?x=1#y",
        "http://8.8.8.8:8080/",
        "https://例え.jp/絵.png",
    ):
        check_url(url)


@pytest.fixture
def dialled(monkeypatch):
    """Addresses that were connected to; every connection fails."""
    addresses = []

    def connect(self, host, port, *_, **__):
        addresses.append(host)
        raise httpcore.ConnectError("nobody home")

    monkeypatch.setattr(httpcore.SyncBackend, "connect_tcp", connect)
    return addresses


def answers(monkeypatch, *rounds):
    """getaddrinfo gives each of `rounds` in turn; the list of hosts asked is returned."""
    asked = []

    def getaddrinfo(host, port, *_, **__):
        asked.append(host)
        return [
            (socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))
            for address in rounds[min(len(asked), len(rounds)) - 1]
        ]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    return asked


def test_rebinding_changes_nothing_after_the_check(monkeypatch, dialled):
    """The second answer would be loopback; it's never asked for."""
    asked = answers(monkeypatch, ["93.184.215.14"], ["127.0.0.1"])
    with pytest.raises(Unreachable):
        download("http://rebind.example/a.png", io.BytesIO(), 100, Reach(seconds=2))
    assert asked == ["rebind.example"]
    assert dialled == ["93.184.215.14"]


def test_one_private_answer_among_public_ones_refuses_all(monkeypatch, dialled):
    answers(monkeypatch, ["93.184.215.14", "10.0.0.1"])
    with pytest.raises(Unreachable, match="not a public address"):
        download("http://mixed.example/a.png", io.BytesIO(), 100, Reach(seconds=2))
    assert dialled == []


def test_callbacks_are_held_to_the_same_rules(monkeypatch, dialled):
    answers(monkeypatch, ["169.254.169.254"])
    with pytest.raises(Unreachable, match="not a public address"):
        post("http://metadata.example/", b"{}", {}, Reach(seconds=2))
    assert dialled == []


def test_redirects_are_checked_at_every_hop(server, monkeypatch):
    """A public host that sends us to a private one: the first hop is faked to be allowed."""
    server.routes["/hop"] = status(302, Location=f"http://127.0.0.1:{server.server_port}/secret")
    server.routes["/secret"] = body(b"secret")
    monkeypatch.setattr(outward, "is_public", lambda address: address == "127.0.0.2")
    answers(monkeypatch, ["127.0.0.2"], ["127.0.0.1"])
    real = httpcore.SyncBackend.connect_tcp
    monkeypatch.setattr(
        httpcore.SyncBackend, "connect_tcp",
        lambda self, host, port, *a, **k: real(self, "127.0.0.1", server.server_port, *a, **k),
    )  # fmt: skip
    before = len(server.got)
    with pytest.raises(Unreachable, match="not a public address"):
        download("http://public.example/hop", io.BytesIO(), 100, Reach(seconds=2))
    assert [got[1] for got in server.got[before:]] == ["/hop"]


@pytest.mark.parametrize(
    "place", ["file:///etc/passwd", "ftp://x/", "http://u:p@127.0.0.1/", "http://0x7f.1/", "\\"]
)  # fmt: skip
def test_redirects_to_other_schemes_are_refused(server, tmp_path, place):
    server.routes["/odd"] = status(302, Location=place)
    refused(server.url + "/odd", tmp_path)


# ---------------------------------------------------------------- servers that misbehave


def test_a_picture_comes_back_with_its_size_and_hash(server, tmp_path, png):
    server.routes["/a.png"] = body(png)
    server.routes["/to"] = status(302, Location="/a.png")
    media = Media("picture", "first_frame", server.url + "/to", "content[0].image_url.url")
    got = fetch(media, tmp_path / "in", NEAR)
    assert (got.width, got.height, got.seconds) == (96, 64, None)
    assert got.path.read_bytes() == png


def test_endless_redirects_end(server, tmp_path):
    server.routes["/loop"] = status(302, Location="/loop")
    assert "redirects more than 3 times" in refused(server.url + "/loop", tmp_path).message


def test_error_statuses_are_told(server, tmp_path):
    assert "status 404" in refused(server.url + "/nothing", tmp_path).message


def test_size_is_capped_with_and_without_a_length(server, tmp_path):
    def lying(handler):
        handler.send_response(200)
        handler.end_headers()
        for _ in range(40):
            handler.wfile.write(b"x" * 2**20)

    server.routes["/huge"] = lambda handler: (
        handler.send_response(200), handler.send_header("Content-Length", str(10**12)),
        handler.end_headers(),
    )  # fmt: skip
    server.routes["/lying"] = lying
    for path in ("/huge", "/lying"):
        assert "more than 30 MB" in refused(server.url + path, tmp_path).message


def test_a_dripping_server_is_left_at_the_deadline(server, tmp_path):
    def drip(handler):
        handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
        for _ in range(100):
            handler.wfile.write(b"X-A: b\r\n")
            time.sleep(0.05)

    def drip_body(handler):
        handler.send_response(200)
        handler.end_headers()
        for _ in range(100):
            handler.wfile.write(b"x")
            time.sleep(0.05)

    server.routes["/drip"], server.routes["/drip-body"] = drip, drip_body
    for path in ("/drip", "/drip-body"):
        reach = Reach(private_addresses=True, seconds=0.4)
        assert "took longer" in refused(server.url + path, tmp_path, reach=reach).message


def test_compressed_bodies_and_broken_answers_are_refused(server, tmp_path, png):
    server.routes["/gzip"] = body(png, Content_Encoding="gzip")
    server.routes["/garbage"] = lambda handler: handler.wfile.write(b"\x00\xff" * 500)
    server.routes["/hangup"] = lambda handler: None
    assert "compressed" in refused(server.url + "/gzip", tmp_path).message
    for path in ("/garbage", "/hangup"):
        assert "cannot be reached" in refused(server.url + path, tmp_path).message


def test_a_dead_port_and_an_unknown_host_are_told(tmp_path, monkeypatch):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    assert "cannot be reached" in refused(f"http://127.0.0.1:{port}/", tmp_path).message

    def unknown(*_, **__):
        raise socket.gaierror

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    assert "no address" in refused("http://nobody.invalid/", tmp_path).message


def test_a_slow_name_server_is_left_at_the_deadline(tmp_path, monkeypatch):
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: time.sleep(1) or [])
    refused("http://slow.example/", tmp_path, reach=Reach(seconds=0.2))


def test_messages_keep_paths_and_queries_to_themselves(server, tmp_path):
    message = refused(server.url + "/nothing?token=secret", tmp_path).message
    assert "secret" not in message


# ---------------------------------------------------------------- base64 and uploads


def test_base64_pictures_and_sounds_pass(tmp_path, png):
    source = data_uri(png, "IMAGE/PNG")
    fetch(Media("picture", "reference", source, "p"), tmp_path / "a")
    wrapped = data_uri(png).replace("A", "A\r\n")
    fetch(Media("picture", "reference", wrapped, "p"), tmp_path / "b")
    sound = data_uri(wav(tmp_path, 2.5), "audio/wav")
    got = fetch(Media("recording", "reference", sound, "p"), tmp_path / "c")
    assert got.seconds == pytest.approx(2.5, abs=0.01)


@pytest.mark.parametrize(
    "source",
    [
        "data:", "data:image/png", "data:image/png,abc", "data:;base64,AAAA",
        "data:image/png;base64,", "data:image/png;base64,!!!!", "data:image/png;base64,AAA", 
        "data:image/png;base64,é", "data:audio/wav;base64,AAAA", "data:text/html;base64,AAAA",
        "data:image/png;base64,AAAA",
        "DATA:IMAGE/PNG;BASE64,\ud800", "data:image/../png;base64,AAAA",
    ],
)  # fmt: skip
def test_bad_base64_is_refused(source, tmp_path):
    assert refused(source, tmp_path).code == "InvalidImageURL.InvalidFormat"


def test_codes_are_arks(tmp_path, film):
    assert refused("", tmp_path).code == "InvalidImageURL.EmptyURL"
    assert refused("", tmp_path, "clip").code == "InvalidParameter"
    asset = refused("asset://asset-20261122-x", tmp_path)
    assert asset.code == "InvalidParameter.UnsupportedParameter"
    clip = refused(data_uri(film, "video/mp4"), tmp_path, "clip")
    assert clip.code == "InvalidParameter" and "by URL only" in clip.message


def test_base64_is_capped_before_it_is_decoded(tmp_path):
    source = "data:image/png;base64," + "A" * (41 * 10**6)
    assert "more than 30 MB" in refused(source, tmp_path).message


def test_uploads_are_copied_and_checked(tmp_path, png, film):
    upload = tmp_path / "upload"
    upload.write_bytes(png)
    got = fetch(Media("picture", "first_frame", upload, "input_reference"), tmp_path / "in")
    assert isinstance(got, Fetched) and upload.exists()
    upload.write_bytes(film)
    assert fetch(Media("clip", "reference", upload, "video"), tmp_path / "v").seconds == 2.5
    upload.unlink()
    upload.symlink_to("/dev/zero")
    refused(upload, tmp_path)


def test_bombs_and_impostors_are_refused(tmp_path, png, film):
    bomb = io.BytesIO()
    Image.new("1", (20000, 20000)).save(bomb, "PNG")
    zipped = io.BytesIO()
    with zipfile.ZipFile(zipped, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a", bytes(10**7))
    html = b"<html><script>alert(1)</script>"
    svg = b"<svg xmlns='http://www.w3.org/2000/svg'><image href='file:///etc/passwd'/></svg>"
    playlist = b"#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n"
    for data in (bomb.getvalue(), zipped.getvalue(), html, svg, playlist, png[:60], film, b"\0"):
        refused(data_uri(data), tmp_path)
    upload = tmp_path / "upload"
    for data in (playlist, png, film[:500], zipped.getvalue(), html):
        upload.write_bytes(data)
        refused(upload, tmp_path, "clip")
        refused(upload, tmp_path, "recording")


def test_lengths_are_checked_one_by_one_and_together(tmp_path):
    def recordings(*lengths):
        return [
            Media("recording", "reference", data_uri(wav(tmp_path, s), "audio/wav"), f"audio {n}")
            for n, s in enumerate(lengths)
        ]

    assert len(fetch_all(recordings(5, 5, 5), tmp_path / "in")) == 3
    with pytest.raises(ApiError, match=r"15.6 s together") as caught:
        fetch_all(recordings(5, 5, 5.6), tmp_path / "over")
    assert caught.value.param == "audio 2"
    assert list((tmp_path / "over").iterdir()) == []
    with pytest.raises(ApiError, match=r"1.5 s; at least 2"):
        fetch_all(recordings(1.5), tmp_path / "short")
