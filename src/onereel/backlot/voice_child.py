"""The helper process that speaks: espeak-ng (GPL-3.0-or-later) lives here and nowhere else.

- started by path with `python -I voice_child.py`; imports nothing of ours
- request: one JSON line {"text", "voice", "rate", "pitch", "range"} on standard input
- reply: one JSON line {"phones": [[milliseconds, ipa], ...], "rate": Hz, "bytes": n}, then a WAV of
  n bytes; or {"error": "..."} alone
- every line is spoken by a fork of the freshly initialised library with a fixed seed for its noise:
  espeak-ng carries oscillator phases from line to line and seeds its breath from the clock, so only
  that says the same thing the same way twice

Talked to by voice.py.
"""

import ctypes
import json
import os
import struct
import sys
from typing import Any

SYNCHRONOUS, PHONEME_EVENTS, PHONEME_IPA, DONT_EXIT = 2, 1 << 0, 1 << 1, 1 << 15
RATE, PITCH, RANGE = 1, 3, 4
LIST_ENDS, PHONEME = 0, 7
UTF8 = 1


class _Id(ctypes.Union):
    _fields_ = (
        ("number", ctypes.c_int),
        ("name", ctypes.c_char_p),
        ("string", ctypes.c_char * 8),
    )


class _Event(ctypes.Structure):
    _fields_ = (
        ("type", ctypes.c_int),
        ("unique", ctypes.c_uint),
        ("text_position", ctypes.c_int),
        ("length", ctypes.c_int),
        ("milliseconds", ctypes.c_int),
        ("sample", ctypes.c_int),
        ("user", ctypes.c_void_p),
        ("id", _Id),
    )


_CALLBACK = ctypes.CFUNCTYPE(
    ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.POINTER(_Event)
)


def load() -> tuple[Any, int]:
    import espeakng_loader  # type: ignore[import-untyped]

    library = ctypes.CDLL(espeakng_loader.get_library_path())
    data = espeakng_loader.get_data_path().encode()
    rate = library.espeak_Initialize(SYNCHRONOUS, 0, data, PHONEME_EVENTS | PHONEME_IPA | DONT_EXIT)
    if rate <= 0:
        raise RuntimeError("espeak-ng does not start")
    return library, rate


def speak(library: Any, rate: int, task: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
    pieces: list[bytes] = []
    phones: list[tuple[int, str]] = []

    def take(wave: Any, count: int, events: Any) -> int:
        if wave and count > 0:
            pieces.append(ctypes.string_at(wave, 2 * count))
        index = 0
        while events[index].type != LIST_ENDS:
            if events[index].type == PHONEME:
                ipa = bytes(events[index].id.string).decode("utf-8", "replace")
                phones.append((events[index].milliseconds, ipa))
            index += 1
        return 0

    callback = _CALLBACK(take)
    library.espeak_SetSynthCallback(callback)
    if library.espeak_SetVoiceByName(task["voice"].encode()) != 0:
        return {"error": f"espeak-ng has no voice {task['voice']}"}, b""
    for parameter, name in ((RATE, "rate"), (PITCH, "pitch"), (RANGE, "range")):
        library.espeak_SetParameter(parameter, int(task[name]), 0)
    text = task["text"].encode()
    if library.espeak_Synth(text, len(text) + 1, 0, 1, 0, UTF8, None, None) != 0:
        return {"error": "espeak-ng cannot speak this line"}, b""
    sound = b"".join(pieces)
    return {"phones": phones, "rate": rate, "bytes": 44 + len(sound)}, wav(sound, rate)


def wav(sound: bytes, rate: int) -> bytes:
    form = struct.pack("<4sIHHIIHH", b"fmt ", 16, 1, 1, rate, 2 * rate, 2, 16)
    data = struct.pack("<4sI", b"data", len(sound)) + sound
    return struct.pack("<4sI4s", b"RIFF", 4 + len(form) + len(data), b"WAVE") + form + data


def main() -> None:
    library, rate = load()
    out = sys.stdout.buffer
    for line in sys.stdin.buffer:
        child = os.fork()
        if child == 0:
            code = 0
            try:
                library.espeak_ng_SetRandSeed(ctypes.c_long(1))
                head, sound = speak(library, rate, json.loads(line))
                out.write(json.dumps(head).encode() + b"\n" + sound)
                out.flush()
            except BaseException:  # the parent process reports it; a fork must never go on
                code = 1
            os._exit(code)
        _, status = os.waitpid(child, 0)
        if status != 0:
            out.write(b'{"error": "espeak-ng stopped while speaking"}\n')
            out.flush()


if __name__ == "__main__":
    main()
