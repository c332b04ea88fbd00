"""The four containers our marks live in, at the byte level: mp4 (and mov), wav, png, jpg.

- `read_tags`: metadata by name, every copy of it
- `essence_hash`: SHA-256 of the part that holds the picture and the sound, and nothing else, so
  it is the same before and after metadata and credentials are written
- `trailing_bytes`: bytes in padding at the end of an mp4, which C2PA's hash leaves out
- `tagged`: a png, jpg or wav with metadata put in (an mp4's is written by its muxer)

The essence is: mp4, the payload of every `mdat` box; wav, of `fmt ` and `data`; png, of `IHDR`,
`PLTE` and `IDAT`; jpg, every byte but the application (APPn) and comment segments. Tags are
stored as mp4 `keys` (ISO/IEC 14496-12), ID3v2.4 TXXX frames in a wav's `id3 ` chunk, and XMP
(ISO 16684-1) in png and jpg.

Reads hostile files: every length is checked, every loop is bounded, and whatever does not parse
raises `Damaged`. Called from `metadata`, `film` and `read_child`.
"""

from __future__ import annotations

import hashlib
import os
import struct
import zlib
from collections.abc import Callable, Iterator, Mapping
from typing import IO, Literal
from xml.etree import ElementTree
from xml.sax.saxutils import quoteattr

Kind = Literal["mp4", "wav", "png", "jpg"]
MEDIA_TYPES: dict[Kind, str] = {
    "mp4": "video/mp4",
    "wav": "audio/wav",
    "png": "image/png",
    "jpg": "image/jpeg",
}
# Names that live in an XMP namespace of their own; TC260 is the one GB 45438 readers look in.
XMP_NAMESPACES = {
    "AIGC": ("TC260", "http://www.tc260.org.cn/ns/AIGC/1.0/"),
    "disclosure": ("onereel", "urn:onereel:disclosure:1.0"),
}

_MOST_PARTS = 20_000
_MOST_TAG_BYTES = 2**20
_BLOCK = 2**20
_PNG = b"\x89PNG\r\n\x1a\n"
_XMP_IN_PNG = b"XML:com.adobe.xmp\x00"
_XMP_IN_JPG = b"http://ns.adobe.com/xap/1.0/\x00"
_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"

# A named piece of a file: its name, and where its payload starts and ends.
Part = tuple[bytes, int, int]


class Damaged(ValueError):
    """The file does not follow its own format, or is cut short."""


def kind_of(head: bytes) -> Kind | None:
    """The container by its first 12 bytes, or None for anything else."""
    if head[4:8] == b"ftyp":
        return "mp4"
    if head[:4] == b"RIFF" and head[8:12] == b"WAVE":
        return "wav"
    if head[:8] == _PNG:
        return "png"
    return "jpg" if head[:3] == b"\xff\xd8\xff" else None


def essence_hash(file: IO[bytes], kind: Kind) -> str:
    """SHA-256, 64 hex digits, of the bytes that hold picture and sound (see the module)."""
    wanted = {
        "mp4": lambda name: name == b"mdat",
        "wav": lambda name: name in (b"fmt ", b"data"),
        "png": lambda name: name in (b"IHDR", b"PLTE", b"IDAT"),
        "jpg": lambda name: name == b"" or not (0xE0 <= name[0] <= 0xEF or name[0] == 0xFE),
    }[kind]
    digest = hashlib.sha256()
    for name, start, end in _parts(file, kind):
        if wanted(name):
            file.seek(start)
            for left in range(end - start, 0, -_BLOCK):
                digest.update(_exactly(file, min(left, _BLOCK)))
    return digest.hexdigest()


def read_tags(file: IO[bytes], kind: Kind) -> dict[str, list[str]]:
    """Metadata by name; a name that stands in the file twice has two values."""
    tags: dict[str, list[str]] = {}
    for name, start, end in _parts(file, kind):
        if kind == "mp4" and name == b"moov":
            found = _keys_in(file, start, end, depth=0)
        elif kind == "wav" and name in (b"id3 ", b"ID3 "):
            found = _id3(_read(file, start, end))
        elif kind == "png" and name == b"iTXt":
            found = _xmp_in_png(_read(file, start, end))
        elif kind == "jpg" and name == b"\xe1":
            data = _read(file, start, min(end, start + 2**16))
            found = _xmp(data[len(_XMP_IN_JPG) :]) if data.startswith(_XMP_IN_JPG) else []
        else:
            continue
        for key, value in found:
            tags.setdefault(key, []).append(value)
    return tags


def trailing_bytes(file: IO[bytes], kind: Kind) -> int:
    """Bytes in `free` and `skip` boxes after the last meaningful box of an mp4 that are not zero.

    C2PA leaves these boxes out of its hash, so a file with such an appendix still reads as valid.
    """
    if kind != "mp4":
        return 0
    filled = 0
    for name, start, end in _parts(file, kind):
        if name not in (b"free", b"skip"):
            filled = 0
            continue
        file.seek(start)
        for left in range(end - start, 0, -_BLOCK):
            piece = _exactly(file, min(left, _BLOCK))
            filled += len(piece) - piece.count(0)
    return filled


def tagged(data: bytes, kind: Kind, tags: Mapping[str, str]) -> bytes:
    """A png, jpg or wav that holds no such metadata yet, with `tags` put in."""
    if kind == "png":
        xmp = _XMP_IN_PNG + bytes(4) + _xmp_packet(tags)
        chunk = struct.pack(">I", len(xmp)) + b"iTXt" + xmp
        chunk += struct.pack(">I", zlib.crc32(chunk[4:]))
        after_header = len(_PNG) + 25
        return data[:after_header] + chunk + data[after_header:]
    if kind == "jpg":
        xmp = _XMP_IN_JPG + _xmp_packet(tags)
        # After JFIF's own segment, which must come first (JFIF 1.02).
        at = 4 + struct.unpack(">H", data[4:6])[0] if data[2:4] == b"\xff\xe0" else 2
        return data[:at] + b"\xff\xe1" + struct.pack(">H", len(xmp) + 2) + xmp + data[at:]
    if kind == "wav":
        id3 = _id3_tag(tags)
        body = data[8:] + b"id3 " + struct.pack("<I", len(id3)) + id3
        return b"RIFF" + struct.pack("<I", len(body)) + body
    raise ValueError(f"the tags of an {kind} are written by its muxer")


# ---------------------------------------------------------------- parts


def _parts(file: IO[bytes], kind: Kind) -> Iterator[Part]:
    size = file.seek(0, os.SEEK_END)
    walk: Callable[[IO[bytes], int], Iterator[Part]] = {
        "mp4": lambda file, size: _boxes(file, 0, size),
        "wav": _riff_chunks,
        "png": _png_chunks,
        "jpg": _jpg_segments,
    }[kind]
    for count, part in enumerate(walk(file, size)):
        if count > _MOST_PARTS:
            raise Damaged("it has far too many parts")
        yield part


def _boxes(file: IO[bytes], at: int, end: int) -> Iterator[Part]:
    while at < end:
        size, name = struct.unpack(">I4s", _at(file, at, 8))
        head = 8
        if size == 1:
            size, head = struct.unpack(">Q", _at(file, at + 8, 8))[0], 16
        elif size == 0:
            size = end - at
        if size < head or at + size > end:
            raise Damaged("it is cut short")
        yield name, at + head, at + size
        at += size


def _riff_chunks(file: IO[bytes], end: int) -> Iterator[Part]:
    at = 12
    while at + 8 <= end:
        name, size = struct.unpack("<4sI", _at(file, at, 8))
        if at + 8 + size > end:
            raise Damaged("it is cut short")
        yield name, at + 8, at + 8 + size
        at += 8 + size + size % 2


def _png_chunks(file: IO[bytes], end: int) -> Iterator[Part]:
    at, name = len(_PNG), b""
    while name != b"IEND":
        size, name = struct.unpack(">I4s", _at(file, at, 8))
        if at + 12 + size > end:
            raise Damaged("it is cut short")
        yield name, at + 8, at + 8 + size
        at += 12 + size


def _jpg_segments(file: IO[bytes], end: int) -> Iterator[Part]:
    """Segments by their marker; what follows the start of scan is one part without a name."""
    at = 2
    while True:
        mark, code, size = struct.unpack(">BBH", _at(file, at, 4))
        if mark != 0xFF or size < 2 or at + 2 + size > end:
            raise Damaged("it is cut short")
        yield bytes([code]), at + 4, at + 2 + size
        at += 2 + size
        if code == 0xDA:
            yield b"", at, end
            return


def _at(file: IO[bytes], at: int, count: int) -> bytes:
    file.seek(at)
    return _exactly(file, count)


def _exactly(file: IO[bytes], count: int) -> bytes:
    data = file.read(count)
    if len(data) != count:
        raise Damaged("it is cut short")
    return data


def _read(file: IO[bytes], start: int, end: int) -> bytes:
    return _at(file, start, end - start) if end - start <= _MOST_TAG_BYTES else b""


# ---------------------------------------------------------------- mp4 keys


def _keys_in(file: IO[bytes], start: int, end: int, depth: int) -> list[tuple[str, str]]:
    """Named values in `moov/meta` (QuickTime) and `moov/udta/meta` (FFmpeg)."""
    found: list[tuple[str, str]] = []
    for count, (name, at, until) in enumerate(_boxes(file, start, end)):
        if count > _MOST_PARTS:
            raise Damaged("it has far too many parts")
        if name == b"udta" and depth == 0 and until - at >= 8:
            # QuickTime may end the list with a 32-bit zero.
            last = until - 4 if _at(file, until - 4, 4) == bytes(4) else until
            found += _keys_in(file, at, last, depth + 1)
        elif name == b"meta" and until - at <= _MOST_TAG_BYTES:
            found += _keys(_read(file, at, until))
    return found


def _keys(meta: bytes) -> list[tuple[str, str]]:
    # A full box in mp4, with four bytes of version and flags; a plain one in mov.
    boxes = dict(_boxes_in(meta[0 if meta[4:8] == b"hdlr" else 4 :]))
    names: list[str] = []
    data, at = boxes.get(b"keys", b""), 8
    while at + 8 <= len(data):
        size = struct.unpack(">I", data[at : at + 4])[0]
        if size < 8:
            break
        # Apple's spelling of the same key counts as the key.
        names.append(data[at + 8 : at + size].decode("utf-8", "replace").rpartition(".")[2])
        at += size
    found = []
    for index, item in _boxes_in(boxes.get(b"ilst", b"")):
        number = struct.unpack(">I", index)[0]
        value = dict(_boxes_in(item)).get(b"data", b"")
        if 0 < number <= len(names) and len(value) >= 8:
            found.append((names[number - 1], value[8:].decode("utf-8", "replace")))
    return found


def _boxes_in(data: bytes) -> list[tuple[bytes, bytes]]:
    found, at = [], 0
    while at + 8 <= len(data):
        size, name = struct.unpack(">I4s", data[at : at + 8])
        if size < 8 or at + size > len(data):
            break
        found.append((name, data[at + 8 : at + size]))
        at += size
    return found


# ---------------------------------------------------------------- ID3v2.4 in wav


def _id3_tag(tags: Mapping[str, str]) -> bytes:
    frames = b""
    for name, value in tags.items():
        body = b"\x03" + name.encode() + b"\x00" + value.encode() + b"\x00"
        frames += b"TXXX" + _syncsafe(len(body)) + bytes(2) + body
    frames += bytes(len(frames) % 2)  # chunks have even lengths; zeros are ID3 padding
    return b"ID3\x04\x00\x00" + _syncsafe(len(frames)) + frames


def _id3(data: bytes) -> list[tuple[str, str]]:
    found, at = [], 10
    while data[:3] == b"ID3" and at + 10 <= len(data) and data[at : at + 4].strip(b"\x00"):
        name, size = data[at : at + 4], data[at + 4 : at + 8]
        # Version 2.3 counts in whole bytes, 2.4 in seven bits a byte.
        length = (
            int.from_bytes(size, "big")
            if data[3] < 4
            else sum((byte & 0x7F) << 7 * (3 - i) for i, byte in enumerate(size))
        )
        body = data[at + 10 : at + 10 + length]
        if name == b"TXXX" and body:
            text = body[1:].decode("utf-8" if body[0] in (0, 3) else "utf-16", "replace")
            key, _, value = text.partition("\x00")
            found.append((key, value.rstrip("\x00").lstrip("﻿")))
        at += 10 + length
    return found


def _syncsafe(number: int) -> bytes:
    return bytes(number >> shift & 0x7F for shift in (21, 14, 7, 0))


# ---------------------------------------------------------------- XMP in png and jpg


def _xmp_packet(tags: Mapping[str, str]) -> bytes:
    spaces = "".join(
        f' xmlns:{XMP_NAMESPACES[name][0]}="{XMP_NAMESPACES[name][1]}"' for name in tags
    )
    fields = "".join(
        f" {XMP_NAMESPACES[name][0]}:{name}={quoteattr(value)}" for name, value in tags.items()
    )
    return (
        '<?xpacket begin="﻿" id="W5M0MpCehiHzreSzNTczkc9d"?>'
        f'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="{_RDF}">'
        f'<rdf:Description rdf:about=""{spaces}{fields}/></rdf:RDF></x:xmpmeta>'
        '<?xpacket end="r"?>'
    ).encode()


def _xmp_in_png(data: bytes) -> list[tuple[str, str]]:
    if not data.startswith(_XMP_IN_PNG):
        return []
    compressed, method = data[len(_XMP_IN_PNG)], data[len(_XMP_IN_PNG) + 1]
    _, _, rest = data[len(_XMP_IN_PNG) + 2 :].partition(b"\x00")  # language
    _, _, text = rest.partition(b"\x00")  # translated keyword
    if compressed and method == 0:
        try:
            text = zlib.decompressobj().decompress(text, _MOST_TAG_BYTES)
        except zlib.error:
            return []
    return _xmp(text)


def _xmp(packet: bytes) -> list[tuple[str, str]]:
    # No document type: XMP has none, and it is where entity bombs are declared.
    if b"<!" in packet:
        return []
    try:
        root = ElementTree.fromstring(packet.rstrip(b"\x00").decode("utf-8", "replace"))
    except (ElementTree.ParseError, ValueError):
        return []
    names = {f"{{{space}}}{name}": name for name, (_, space) in XMP_NAMESPACES.items()}
    found = []
    for element in root.iter():
        if element.tag in names and element.text:
            found.append((names[element.tag], element.text))
        found += [(names[key], value) for key, value in element.attrib.items() if key in names]
    return found
