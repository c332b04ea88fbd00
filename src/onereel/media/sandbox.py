"""Clips and recordings from disk, decoded in a child process.

- a codec library fed a hostile file is the likeliest way in, so it never runs in this process
- the child gets an open descriptor and hard limits: memory, processor time, files, the clock
- first the magic bytes, so a playlist or a text file never reaches a decoder
- raw arrays come back through a pipe, every block's size checked; nothing is unpickled
- whatever goes wrong is one `WrongUse` sentence naming the file

Called from the plan, which binds references, and from marks, which reads and verifies.
"""

import io
import json
import os
import signal
import struct
import subprocess
import sys
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

import numpy as np

from onereel.clip import FPS, SAMPLE_RATE, sound_length
from onereel.errors import WrongUse, shown
from onereel.media.read import LARGEST_SIDE, NARROWEST, SMALLEST_SIDE, WIDEST, open_regular

# Fifteen seconds are allowed; encoders often round a last frame or packet up beyond it.
MOST_SECONDS = 15.5
LARGEST_CLIP_BYTES = 200 * 10**6
LARGEST_RECORDING_BYTES = 15 * 10**6
LARGEST_CLIP_PIXELS = 8_300_000  # 3840x2160, a little over
LARGEST_DECODED_BYTES = 2**30
MEMORY_BYTES = 2**30
CPU_SECONDS = 20
WALL_SECONDS = 60.0

CHILD = Path(__file__).with_name("decode_child.py")
_HEAD = struct.Struct(">cI")
_MOST_JSON = 1024
_MOST_SOUND_BLOCK = 2**22


@dataclass(frozen=True, eq=False)
class DecodedClip:
    """A clip as read: frames (T, H, W, 3) uint8 at a constant `fps`; sound (samples, 2) float32
    at `sample_rate` Hz, exactly as long as the frames, or None; seconds and `source_fps` as in
    the file, `source_size` its (width, height) in stored pixels."""

    frames: np.ndarray
    sound: np.ndarray | None
    fps: int
    sample_rate: int
    seconds: float
    source_fps: float
    source_size: tuple[int, int]


def read_clip(
    path: str | Path,
    fps: int = FPS,
    max_seconds: float = MOST_SECONDS,
    size: tuple[int, int] | None = None,
    sample_rate: int = SAMPLE_RATE,
    *,
    whole: bool = True,
) -> DecodedClip:
    """The mp4 or mov at `path`, at a constant frame rate, upright, sound aligned to the picture.

    size: (width, height) in pixels to centre-crop and resize to, or None for the file's own.
    whole: refuse what is longer or larger than the limits, or else take what fits of it.
    Raises WrongUse, one sentence naming the file.
    """
    path = Path(path)
    with open_regular(path, LARGEST_CLIP_BYTES) as file:
        kind = _container(file)
        if kind != "mp4":
            raise WrongUse(f"{shown(path)} is not an mp4 or mov film; convert it to mp4.")
        task = _task("clip", kind, max_seconds, sample_rate, whole)
        task |= {"fps": fps, "size": None if size is None else list(size)}
        received = _Received(path, max_frames=int(max_seconds * fps), size=size)
        _run_child(file, task, received)
    if received.frames is None or received.count == 0:
        raise WrongUse(f"{shown(path)} {_SENTENCES['damaged']}")
    frames = received.frames[: received.count]
    sound = None
    if received.has_sound:
        length = sound_length(len(frames), fps, sample_rate)
        sound = _aligned(received.sound(), received.sound_delay, length, sample_rate)
    return DecodedClip(
        frames, sound, fps, sample_rate, received.seconds, received.fps, received.source_size
    )


def read_recording(
    path: str | Path,
    rate: int = SAMPLE_RATE,
    max_seconds: float = MOST_SECONDS,
    *,
    whole: bool = True,
) -> np.ndarray:
    """The wav, mp3 or m4a at `path` as (samples, 2) float32 at `rate` Hz.

    Mono is heard from both sides, more channels are mixed down. whole: as in `read_clip`.
    Raises WrongUse, one sentence naming the file.
    """
    path = Path(path)
    with open_regular(path, LARGEST_RECORDING_BYTES if whole else LARGEST_CLIP_BYTES) as file:
        kind = _container(file)
        if kind is None:
            raise WrongUse(f"{shown(path)} is not a wav, mp3 or m4a recording; convert it to wav.")
        received = _Received(path, max_frames=0, size=None)
        _run_child(file, _task("recording", kind, max_seconds, rate, whole), received)
    return received.sound()


def _container(file: io.BufferedReader) -> str | None:
    """The container by its first bytes: mp4 (and mov), wav, mp3, or None for anything else."""
    head = file.read(12)
    file.seek(0)
    if head[4:8] == b"ftyp":
        return "mp4"
    if head[:4] == b"RIFF" and head[8:12] == b"WAVE":
        return "wav"
    # MPEG sync: eleven set bits, then layer III (01) at any version but the reserved one.
    is_sync = (
        len(head) > 2 and head[0] == 0xFF and head[1] & 0xE6 == 0xE2 and head[1] & 0x18 != 0x08
    )
    return "mp3" if head[:3] == b"ID3" or is_sync else None


def _task(
    kind: str, container: str, max_seconds: float, rate: int, whole: bool = True
) -> dict[str, Any]:
    return {
        "kind": kind,
        "whole": whole,
        "max_bytes": LARGEST_DECODED_BYTES,
        "format": container,
        "max_seconds": max_seconds,
        "rate": rate,
        "max_side": LARGEST_SIDE,
        "min_side": SMALLEST_SIDE,
        "max_pixels": LARGEST_CLIP_PIXELS,
        "narrowest": NARROWEST,
        "widest": WIDEST,
        "memory_bytes": MEMORY_BYTES,
        "cpu_seconds": CPU_SECONDS,
    }


def _run_child(file: io.BufferedReader, task: dict[str, Any], received: "_Received") -> None:
    """Start the decoder on `file` and take in its blocks; it is dead when this returns."""
    # -I: no environment, no user site, no current directory decides what the child imports.
    command = [sys.executable, "-I", str(CHILD), json.dumps(task)]
    child = subprocess.Popen(
        command,
        stdin=file,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=_environment(),
    )
    pipe = child.stdout
    assert isinstance(pipe, io.BufferedReader)
    late = threading.Event()

    def stop() -> None:
        late.set()
        child.kill()

    clock = threading.Timer(WALL_SECONDS, stop)
    clock.daemon = True
    clock.start()
    try:
        with pipe:
            finished = received.take_all(pipe)
        if not finished:
            child.wait()  # for its own last word; the clock still runs
    finally:
        clock.cancel()
        child.kill()
        child.wait()
    if not finished:
        # It went without a message: stopped by our clock or its limits, or crashed.
        if late.is_set() or child.returncode == -signal.SIGXCPU:
            received.fail("slow")
        received.fail("memory" if child.returncode == -signal.SIGKILL else "damaged")


def _environment() -> dict[str, str]:
    # One thread a library: a pool's stacks would count against the memory limit.
    fixed = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
    # Where the loader finds shared libraries, on systems that keep them in odd places.
    return fixed | {k: os.environ[k] for k in ("LD_LIBRARY_PATH",) if k in os.environ}


class _Received:
    """What has come through the pipe so far; every size is checked before a byte is kept."""

    def __init__(self, path: Path, max_frames: int, size: tuple[int, int] | None) -> None:
        self.path, self.max_frames, self.size = path, max_frames, size
        self.frames: np.ndarray | None = None  # (max_frames, H, W, 3); the first `count` are filled
        self.count = 0
        self.has_sound = False
        self.pieces: list[bytes] = []
        self.sound_bytes = 0
        self.sound_delay = 0.0  # seconds the sound starts after the picture
        self.seconds = 0.0
        self.fps = 0.0
        self.source_size = (0, 0)

    def take_all(self, pipe: io.BufferedReader) -> bool:
        """True when the child said it was done, False when it fell silent."""
        while len(head := pipe.read(_HEAD.size)) == _HEAD.size:
            tag, length = _HEAD.unpack(head)
            if tag == b"V":
                if not self._take_frame(pipe, length):
                    return False
            elif tag == b"A":
                self._take_sound(pipe, length)
            elif tag in (b"H", b"E", b"X") and length <= _MOST_JSON:
                message = self._message(pipe.read(length))
                if tag == b"E":
                    self._take_end(message)
                    return True
                if tag == b"X":
                    self.fail(str(message.get("code")), self._number(message, "number"))
                self._take_header(message)
            else:
                self.fail("damaged")
        return False

    def sound(self) -> np.ndarray:
        """All samples received, (samples, 2) float32; anything not finite is silenced."""
        flat = np.frombuffer(b"".join(self.pieces), dtype=np.float32)
        return np.nan_to_num(flat.reshape(-1, 2), nan=0.0, posinf=0.0, neginf=0.0)

    def fail(self, code: str, number: float = 0.0) -> NoReturn:
        # Codes are looked up, never echoed: the child has been handling hostile bytes.
        sentence = _SENTENCES.get(code, _SENTENCES["damaged"])
        raise WrongUse(f"{shown(self.path)} {sentence.format(number=number)}")

    def _take_header(self, message: dict[str, Any]) -> None:
        self.has_sound = message.get("sound") is True
        width, height = int(self._number(message, "width")), int(self._number(message, "height"))
        if self.max_frames == 0:
            return
        if self.frames is not None:  # a second header would leave frames never filled
            self.fail("damaged")
        if self.size is not None and (width, height) != self.size:
            self.fail("damaged")
        if not (0 < width <= 10 * LARGEST_SIDE and 0 < height <= 10 * LARGEST_SIDE):
            self.fail("damaged")
        # Room for the longest clip; pages that stay untouched cost nothing. A large but short
        # clip may fit where a long one would not, so the cap is on what really comes.
        self.max_frames = min(self.max_frames, LARGEST_DECODED_BYTES // (width * height * 3))
        self.frames = np.empty((self.max_frames, height, width, 3), np.uint8)

    def _take_frame(self, pipe: io.BufferedReader, length: int) -> bool:
        if self.frames is None or length != self.frames[0].nbytes:
            self.fail("damaged")
        if self.count >= self.max_frames:
            self.fail("too_large")
        target = memoryview(self.frames[self.count]).cast("B")
        filled = 0
        while filled < length:
            got = pipe.readinto(target[filled:])
            if not got:
                return False
            filled += got
        self.count += 1
        return True

    def _take_sound(self, pipe: io.BufferedReader, length: int) -> None:
        self.sound_bytes += length
        if length > _MOST_SOUND_BLOCK or length % 8 or self.sound_bytes > LARGEST_DECODED_BYTES:
            self.fail("damaged")
        piece = pipe.read(length)
        if len(piece) == length:
            self.pieces.append(piece)

    def _take_end(self, message: dict[str, Any]) -> None:
        self.seconds = self._number(message, "seconds")
        picture, sound = (self._number(message, f"{name}_start") for name in ("picture", "sound"))
        self.sound_delay = sound - picture
        if self.max_frames:
            self.fps = self._number(message, "fps")
            self.source_size = (
                int(self._number(message, "width")),
                int(self._number(message, "height")),
            )

    def _message(self, data: bytes) -> dict[str, Any]:
        try:
            message = json.loads(data)
        except ValueError:
            message = None
        if not isinstance(message, dict):
            self.fail("damaged")
        return message

    def _number(self, message: dict[str, Any], name: str) -> float:
        value = message.get(name)
        if not isinstance(value, int | float) or not abs(value) < 1e9:
            self.fail("damaged")
        return float(value)


def _aligned(sound: np.ndarray, delay: float, length: int, rate: int) -> np.ndarray:
    """Sound (samples, 2) moved by `delay` seconds, then cut or padded to exactly `length`."""
    result = np.zeros((length, 2), np.float32)
    shift = round(delay * rate)
    if shift < 0:
        sound, shift = sound[-shift:], 0
    kept = sound[: max(0, length - shift)]
    if len(kept):
        result[shift : shift + len(kept)] = kept
    return result


_SENTENCES = {
    "damaged": "is damaged and cannot be decoded; export or download it again.",
    "truncated": "is cut short; export or download it again.",
    "too_long": "lasts {number:.1f} s; at most 15 s can be used, so trim it.",
    "too_many_frames": "has more than {number:.0f} frames; convert it to 24 frames a second.",
    "too_many_pixels": "is too large; 3840x2160 is the most that is read, so make it smaller.",
    "too_large": "is too large to hold at full size; make it smaller or shorter.",
    "too_small": f"has a side of {{number:.0f}} pixels; at least {SMALLEST_SIDE} are needed.",
    "aspect": f"is {{number:.2f}} times as wide as high; crop it to {NARROWEST} to {WIDEST}.",
    "streams": "holds {number:.0f} streams; export it with one picture and one sound track.",
    "picture_codec": "holds a picture codec that is not read; convert it to H.264.",
    "sound_codec": "holds a sound codec that is not read; convert it to AAC, MP3 or PCM.",
    "no_picture": "holds no moving picture; give a film, or hand it in as a recording.",
    "no_sound": "holds no sound; give a recording that can be heard.",
    "memory": "needs too much memory to decode; make it smaller or convert it to mp4 H.264.",
    "slow": "takes too long to decode; make it smaller or shorter.",
}
