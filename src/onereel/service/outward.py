"""Requests to addresses that users gave, so that none of them reaches into the own network.

- http and https only, no user:password, no numbers dressed up as host names, no odd ports
- the name is resolved once, every address it gives must be public, and the connection goes to
  the very address that was checked: a second answer from the name server changes nothing
- redirects are followed by hand, each checked anew; size and the whole time are capped, also
  against a server that drips
- no proxies, no cookies, no compressed bodies, nothing from the environment

Address ranges: IANA's special-purpose registries (RFC 6890 and its updates) and RFC 6598, 6052,
3056, 4380. Called from `fetch` (inputs) and `webhooks` (callbacks).
"""

from __future__ import annotations

import re
import socket
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from ssl import SSLContext
from typing import Any, BinaryIO

import httpcore
import httpx

from onereel import __version__
from onereel.errors import WrongUse, shown

LONGEST_URL = 4096
CONNECT_SECONDS = 5.0
_REDIRECTS = (301, 302, 303, 307, 308)
_TEXT = re.compile(r"[^\x00-\x20\x7f-\xa0\\\ud800-\udfff]+")  # what a URL may be written with
_NUMBER = re.compile(r"(0x[0-9a-f]*|[0-9]+)", re.IGNORECASE)

# Everything that is not one public host: this network, private, shared (CGNAT), loopback,
# link-local, protocol assignments, documentation, 6to4 relays, benchmarks, multicast, reserved.
_CLOSED_V4 = [
    ip_network(block)
    for block in (
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16",
        "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.31.196.0/24", "192.52.193.0/24",
        "192.88.99.0/24", "192.168.0.0/16", "192.175.48.0/24", "198.18.0.0/15",
        "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
    )
]  # fmt: skip
# Global unicast is 2000::/3 alone, so mapped, compatible, NAT64, local and multicast addresses
# fall out at once; inside it: Teredo and other protocol assignments, documentation, 6to4, AS112.
_OPEN_V6 = ip_network("2000::/3")
_CLOSED_V6 = [
    ip_network(block)
    for block in ("2001::/23", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3fff::/20")
]


class Unreachable(WrongUse):
    """A URL that may not be asked, or did not answer as it should; one sentence."""


@dataclass(frozen=True)
class Reach:
    """How far and how long a request may go. seconds: for everything, redirects included."""

    private_addresses: bool = False
    seconds: float = 30.0
    redirects: int = 3


def download(url: str, target: BinaryIO, most_bytes: int, reach: Reach) -> None:
    """The body of `url` into `target`. Unreachable, in one sentence, when it can't be had."""
    deadline = time.monotonic() + reach.seconds
    here = check_url(url)
    for _ in range(reach.redirects + 1):
        with _ask("GET", here, reach, deadline) as answer:
            if answer.status in _REDIRECTS:
                here = _next_hop(here, answer)
                continue
            if answer.status != 200:
                raise Unreachable(f"{_name(here)} answered with status {answer.status}.")
            _keep(answer, here, target, most_bytes)
            return
    raise Unreachable(f"{_name(here)} redirects more than {reach.redirects} times.")


def post(url: str, body: bytes, headers: dict[str, str], reach: Reach) -> int:
    """POST once, no redirects followed; the status of the answer, whose body is not read."""
    deadline = time.monotonic() + reach.seconds
    with _ask("POST", check_url(url), reach, deadline, headers, body) as answer:
        return answer.status


def check_url(url: str) -> httpx.URL:
    """The URL, well formed and of a kind that may be asked; says nothing yet of its address."""
    if len(url) > LONGEST_URL or not _TEXT.fullmatch(url):
        raise Unreachable(f"{shown(url, 80)} is not a URL; give one such as https://host/file.")
    try:
        parsed = httpx.URL(url)
        host = parsed.raw_host.decode("ascii").lower()
    except (httpx.InvalidURL, ValueError, TypeError):
        raise Unreachable(
            f"{shown(url, 80)} is not a URL; give one such as https://host/file."
        ) from None
    if parsed.scheme not in ("http", "https"):
        raise Unreachable(f"{shown(url, 80)} is neither http nor https; give such a URL.")
    if parsed.userinfo or "@" in parsed.netloc.decode("ascii", "replace"):
        raise Unreachable("The URL holds a user name or password; give one without.")
    port = parsed.port
    if port is not None and (port > 65535 or (port < 1024 and port not in (80, 443))):
        raise Unreachable(f"{_name(parsed)} names port {port}; use 80, 443 or one above 1023.")
    if not host or "%" in host or not _is_host(host):
        raise Unreachable(f"{shown(url, 80)} names no host that can be asked; check it.")
    return parsed


def is_public(address: str) -> bool:
    """Whether the numeric `address` is one public host, not part of anyone's own network."""
    try:
        parsed = ip_address(address)
    except ValueError:  # a scope id (fe80::1%eth0), or not an address
        return False
    if isinstance(parsed, IPv4Address):
        return not any(parsed in block for block in _CLOSED_V4)
    assert isinstance(parsed, IPv6Address)
    return parsed in _OPEN_V6 and not any(parsed in block for block in _CLOSED_V6)


def _is_host(host: str) -> bool:
    """Names, dotted quads and IPv6 literals. Not 2130706433, 0x7f.1 or 0177.0.0.1, which the
    system's resolver would take for addresses."""
    if ":" in host:
        return True
    labels = host.removesuffix(".").split(".")
    if not all(0 < len(label) <= 63 for label in labels):
        return False
    if not _NUMBER.fullmatch(labels[-1]):
        return True
    try:
        return str(ip_address(host)) == host
    except ValueError:
        return False


def _next_hop(here: httpx.URL, answer: httpcore.Response) -> httpx.URL:
    place = dict(_lower(answer.headers)).get(b"location", b"").decode("latin-1")
    if not place or not _TEXT.fullmatch(place):
        raise Unreachable(f"{_name(here)} redirects to nowhere.")
    try:
        return check_url(str(here.join(place)))
    except (httpx.InvalidURL, ValueError) as error:
        if isinstance(error, Unreachable):
            raise
        raise Unreachable(f"{_name(here)} redirects to something that is not a URL.") from None


def _keep(answer: httpcore.Response, here: httpx.URL, target: BinaryIO, most_bytes: int) -> None:
    headers = dict(_lower(answer.headers))
    if headers.get(b"content-encoding", b"identity").lower() != b"identity":
        raise Unreachable(f"{_name(here)} sends a compressed body, which is not read.")
    declared = headers.get(b"content-length", b"0")
    too_large = f"{_name(here)} sends more than {most_bytes / 1e6:.0f} MB; make it smaller."
    if declared.isdigit() and int(declared[:20]) > most_bytes:
        raise Unreachable(too_large)
    received = 0
    for piece in answer.iter_stream():
        received += len(piece)
        if received > most_bytes:
            raise Unreachable(too_large)
        target.write(piece)


def _lower(headers: Iterable[tuple[bytes, bytes]]) -> Iterator[tuple[bytes, bytes]]:
    return ((name.lower(), value) for name, value in headers)


def _name(url: httpx.URL) -> str:
    """How a message calls a URL: without path and query, which may hold secrets."""
    return shown(f"{url.scheme}://{url.netloc.decode('ascii', 'replace')}", 100)


@contextmanager
def _ask(
    method: str,
    url: httpx.URL,
    reach: Reach,
    deadline: float,
    headers: dict[str, str] | None = None,
    body: bytes | None = None,
) -> Iterator[httpcore.Response]:
    """One request on a connection of its own, the answer's body unread."""
    sent: list[tuple[bytes | str, bytes | str]] = [
        ("Host", url.netloc),
        ("User-Agent", f"onereel/{__version__}"),
        ("Accept-Encoding", "identity"),
        *(headers or {}).items(),
    ]
    target = httpcore.URL(
        scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path
    )
    try:
        with (
            httpcore.ConnectionPool(network_backend=_Pinned(reach, deadline)) as pool,
            pool.stream(method, target, headers=sent, content=body) as answer,
        ):
            yield answer
    except httpcore.TimeoutException:
        raise Unreachable(f"{_name(url)} took longer than {reach.seconds:.0f} s.") from None
    except (httpcore.NetworkError, httpcore.ProtocolError, OSError):
        raise Unreachable(f"{_name(url)} cannot be reached; check it.") from None


class _Pinned(httpcore.NetworkBackend):
    """Connects to addresses that were checked, and stops everything at the deadline."""

    def __init__(self, reach: Reach, deadline: float) -> None:
        self._reach, self._deadline = reach, deadline
        self._plain = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        addresses = resolve(host, port, left(self._deadline))
        # One private address among public ones is a trick, not an accident: refuse them all.
        if not self._reach.private_addresses and not all(is_public(one) for one in addresses):
            raise Unreachable(f"{shown(host, 100)} is not a public address; give one that is.")
        for number, address in enumerate(addresses):
            patience = min(CONNECT_SECONDS, left(self._deadline))
            try:
                stream = self._plain.connect_tcp(address, port, patience)
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                if number == len(addresses) - 1:
                    raise
            else:
                return _Timed(stream, self._deadline)
        raise httpcore.ConnectError("no address")

    def connect_unix_socket(self, *_: Any, **__: Any) -> httpcore.NetworkStream:
        raise httpcore.ConnectError("no unix sockets")


class _Timed(httpcore.NetworkStream):
    """A stream whose every wait ends at the deadline: a server that drips gains nothing."""

    def __init__(self, stream: httpcore.NetworkStream, deadline: float) -> None:
        self._stream, self._deadline = stream, deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, left(self._deadline))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, left(self._deadline))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self,
        ssl_context: SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        secure = self._stream.start_tls(ssl_context, server_hostname, left(self._deadline))
        return _Timed(secure, self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


def resolve(host: str, port: int, seconds: float) -> list[str]:
    """The numeric addresses of `host`, asked once. Unreachable when there are none in time."""
    found: list[str] = []

    def look_up() -> None:
        try:
            answers = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
            found.extend(dict.fromkeys(str(answer[4][0]) for answer in answers))
        except (OSError, UnicodeError):
            pass

    # The system's resolver knows no timeout; a thread that is left behind ends by itself.
    thread = threading.Thread(target=look_up, daemon=True)
    thread.start()
    thread.join(seconds)
    if not (answers := list(found)):
        raise Unreachable(f"The host {shown(host, 100)} has no address; check the URL.")
    return answers[:4]


def left(deadline: float) -> float:
    remaining = deadline - time.monotonic()
    if remaining <= 0:
        raise httpcore.ReadTimeout("deadline")
    return remaining
