"""The decoder behind `sandbox`: one untrusted file on stdin, raw arrays on stdout.

- limits first (memory, processor time, files), the codec library after
- the file comes as an open descriptor: no path is known here, and once everything is imported
  no further file or socket can be opened at all
- explicit container format, allow-list of codecs, caps on streams, pixels, seconds, frames
- says nothing but blocks of a tag, a length and bytes; the parent checks every one

Blocks (">cI" head): H header JSON, V one (H, W, 3) uint8 frame, A (n, 2) float32 samples,
E end JSON, X error JSON {"code", "number"}.

Run by path from `sandbox` as a child process, never imported; it stands alone on purpose.
"""

import json
import os
import struct
import sys
from typing import Any

PICTURE_CODECS = {"h264", "hevc", "vp9", "av1", "libdav1d", "libvpx-vp9"}
SOUND_CODECS = {"aac", "mp3", "mp3float", "flac", "alac", "opus", "libopus", "vorbis"}
MOST_STREAMS = 8
MOST_SOURCE_FRAMES = 2400  # 15 s at 160 frames a second
MOST_BOXES = 10_000
ATTACHED_PICTURE = 0x400  # FFmpeg's flag for cover art: a video stream that is not the film


class Stop(Exception):
    """An error to report: a code the parent has a sentence for, and a number for it."""

    def __init__(self, code: str, number: float = 0.0) -> None:
        super().__init__(code)
        self.code, self.number = code, number


def main() -> None:
    task = json.loads(sys.argv[1])
    try:
        _limit("RLIMIT_AS", task["memory_bytes"])
        # The hard limit a second later, so that the signal tells time (XCPU) from memory (KILL).
        _limit("RLIMIT_CPU", task["cpu_seconds"], task["cpu_seconds"] + 1)
        _limit("RLIMIT_NOFILE", 64)
        _limit("RLIMIT_FSIZE", 0)
        _limit("RLIMIT_CORE", 0)
        _decode(task)
    except Stop as stop:
        _send(b"X", {"code": stop.code, "number": stop.number})
    except MemoryError:
        _send(b"X", {"code": "memory", "number": 0})
    except Exception:
        _send(b"X", {"code": "damaged", "number": 0})


def _limit(name: str, value: int, hard: int | None = None) -> None:
    try:
        import resource

        resource.setrlimit(getattr(resource, name), (value, value if hard is None else hard))
    # Systems without these limits still have the caps below and the parent's clock.
    except (ImportError, AttributeError, ValueError, OSError):
        pass


def _send(tag: bytes, payload: Any) -> None:
    data = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
    for piece in (struct.pack(">cI", tag, len(data)), data):
        view = memoryview(piece)
        while view:
            view = view[os.write(1, view) :]


def _decode(task: dict[str, Any]) -> None:
    try:
        # All of it now, what the library imports only on first use too: later no file opens.
        import av
        import av.subtitles.codeccontext
        import av.subtitles.stream
        import numpy  # noqa: F401
    except (ImportError, OSError):
        # A library that does not fit under the memory limit fails to load.
        raise Stop("memory") from None
    source = open(0, "rb", buffering=0, closefd=False)  # noqa: SIM115  (lives as long as we do)
    if task["format"] == "mp4":
        _check_boxes(source)
    source.seek(0)
    _limit("RLIMIT_NOFILE", 3)
    # The file is already open, so a container that names another one gets no protocol at all.
    nothing_else = {"protocol_whitelist": "none"}
    container: Any = av.open(source, format=task["format"], container_options=nothing_else)
    with container:
        if len(container.streams) > MOST_STREAMS:
            raise Stop("streams", len(container.streams))
        seconds = (container.duration or 0) / 1e6
        if task["whole"] and seconds > task["max_seconds"]:
            raise Stop("too_long", seconds)
        if task["kind"] == "clip":
            _decode_clip(av, container, task)
        else:
            _decode_recording(av, container, task)


def _check_boxes(source: Any) -> None:
    """Walk the top-level boxes: a film cut short ends before one of them does."""
    end, at = source.seek(0, os.SEEK_END), 0
    boxes, names = 0, set[bytes]()
    while at < end:
        source.seek(at)
        head = source.read(16)
        if len(head) < 8 or boxes > MOST_BOXES:
            raise Stop("truncated")
        size, name = struct.unpack(">I4s", head[:8])
        if size == 1 and len(head) == 16:
            size = struct.unpack(">Q", head[8:])[0]
        elif size == 0:
            size = end - at
        if size < 8:
            raise Stop("damaged")
        names.add(name)
        boxes += 1
        at += size
    if at > end or b"moov" not in names:
        raise Stop("truncated")


def _sound_stream(container: Any) -> Any:
    stream = next(iter(container.streams.audio), None)
    if stream is not None:
        name = stream.codec_context.name
        if name not in SOUND_CODECS and not name.startswith("pcm_"):
            raise Stop("sound_codec")
    return stream


def _decode_recording(av: Any, container: Any, task: dict[str, Any]) -> None:
    stream = _sound_stream(container)
    if stream is None:
        raise Stop("no_sound")
    _send(b"H", {"width": 0, "height": 0, "sound": True})
    sound = _Sound(av, task)
    for packet in container.demux(stream):
        for frame in packet.decode():
            sound.take(frame)
        if sound.sent > task["max_seconds"] * task["rate"]:
            if not task["whole"]:
                break
            raise Stop("too_long", sound.sent / task["rate"])
    sound.finish()
    if not sound.sent:
        raise Stop("no_sound")
    _send(b"E", {"picture_start": 0.0, "sound_start": 0.0, "seconds": sound.sent / task["rate"]})


def _decode_clip(av: Any, container: Any, task: dict[str, Any]) -> None:
    streams = [s for s in container.streams.video if not int(s.disposition) & ATTACHED_PICTURE]
    if not streams:
        raise Stop("no_picture")
    picture_stream, sound_stream = streams[0], _sound_stream(container)
    context = picture_stream.codec_context
    if context.name not in PICTURE_CODECS:
        raise Stop("picture_codec")
    _check_pixels(context.width, context.height, task)
    context.thread_count = 1  # memory and processor time stay the file's own, not the machine's
    pictures, sound = _Pictures(picture_stream, task), _Sound(av, task)
    wanted = [picture_stream] if sound_stream is None else [picture_stream, sound_stream]
    pictures.has_sound = sound_stream is not None
    for packet in container.demux(*wanted):
        for frame in packet.decode():
            if packet.stream.type == "video":
                pictures.take(frame)
            # Sound beyond the cap is dropped, not refused: the picture decides the length.
            elif sound.sent < (task["max_seconds"] + 1) * task["rate"]:
                sound.take(frame)
        if pictures.full:
            break
    pictures.finish()
    sound.finish()
    _send(
        b"E",
        {
            "picture_start": pictures.start,
            "sound_start": sound.start if sound.start is not None else pictures.start,
            "seconds": max(pictures.end - pictures.start, (container.duration or 0) / 1e6)
            if pictures.full
            else pictures.end - pictures.start,
            "width": context.width,
            "height": context.height,
            "fps": (pictures.taken - 1) / max(1e-6, pictures.last - pictures.start),
        },
    )


def _check_pixels(width: int, height: int, task: dict[str, Any]) -> None:
    if not width or not height:
        raise Stop("damaged")
    if max(width, height) > task["max_side"] or width * height > task["max_pixels"]:
        raise Stop("too_many_pixels", max(width, height))
    if min(width, height) < task["min_side"]:
        raise Stop("too_small", min(width, height))
    if not task["narrowest"] <= width / height <= task["widest"]:
        raise Stop("aspect", width / height)


class _Pictures:
    """Frames in, constant frame rate out: each output tick shows the frame nearest before it."""

    def __init__(self, stream: Any, task: dict[str, Any]) -> None:
        self.task = task
        self.has_sound = False
        rate = stream.average_rate
        self.usual_step = float(1 / rate) if rate else 1.0 / task["fps"]
        self.most = int(task["max_seconds"] * task["fps"])
        self.full = False  # no more is wanted of a longer film
        self.start = self.end = self.last = 0.0
        self.taken = self.sent = 0
        self.shape: tuple[int, ...] | None = None
        aspect = stream.codec_context.sample_aspect_ratio
        self.stretch = float(aspect) if aspect and 0.1 < aspect < 10 else 1.0
        self.waiting: Any = None  # (H, W, 3), shown until the next frame's tick

    def take(self, frame: Any) -> None:
        if frame.is_corrupt:
            raise Stop("damaged")
        _check_pixels(frame.width, frame.height, self.task)
        self.taken += 1
        if self.taken > MOST_SOURCE_FRAMES:
            if self.task["whole"]:
                raise Stop("too_many_frames", MOST_SOURCE_FRAMES)
            self.full = True
            return
        time = frame.time if frame.time is not None else self.end
        if self.taken == 1:
            self.start = time
        self.last = time
        duration = float(frame.duration * frame.time_base) if frame.duration else 0.0
        self.end = max(self.end, time + (duration or self.usual_step))
        self._show_until(round((time - self.start) * self.task["fps"]))
        self.waiting = frame

    def finish(self) -> None:
        if self.waiting is None:
            raise Stop("no_picture")
        ticks = round((self.end - self.start) * self.task["fps"])
        self._show_until(max(ticks, self.sent + 1))

    def _show_until(self, tick: int) -> None:
        if tick > self.most:
            if self.task["whole"]:
                raise Stop("too_long", tick / self.task["fps"])
            tick, self.full = self.most, True
        if self.waiting is None or tick <= self.sent:
            return
        picture = _fitted(self.waiting, self.stretch, self.task["size"])
        if self.shape is None:
            self.shape = picture.shape
            if not self.task["whole"]:
                self.most = min(self.most, self.task["max_bytes"] // picture.nbytes)
                tick = min(tick, self.most)
            _send(
                b"H",
                {"width": picture.shape[1], "height": picture.shape[0], "sound": self.has_sound},
            )
        if picture.shape != self.shape:
            raise Stop("damaged")
        data = picture.tobytes()
        while self.sent < tick:
            _send(b"V", data)
            self.sent += 1


def _fitted(frame: Any, stretch: float, size: list[int] | None) -> Any:
    """(H, W, 3) uint8, upright, square pixels; centre-cropped to size (width, height) if given.

    stretch: width of one stored pixel over its height.
    """
    import numpy as np

    turns = round((frame.rotation or 0) / 90) % 4  # counter-clockwise quarter turns
    width, height = round(frame.width * stretch), frame.height
    if size is not None:
        target = size if turns % 2 == 0 else size[::-1]
        scale = max(target[0] / width, target[1] / height)
        width = max(target[0], round(width * scale))
        height = max(target[1], round(height * scale))
    picture = frame.reformat(
        width=width,
        height=height,
        format="rgb24",
        src_colorspace=_colorspace(frame),
        interpolation="LANCZOS",
    ).to_ndarray()
    if size is not None:
        left, top = (width - target[0]) // 2, (height - target[1]) // 2
        picture = picture[top : top + target[1], left : left + target[0]]
    return np.ascontiguousarray(np.rot90(picture, turns))


def _colorspace(frame: Any) -> str | None:
    """The matrix an untagged file means by custom: BT.709 from 720 lines up, BT.601 below."""
    unspecified = 2
    if int(frame.colorspace) != unspecified:
        return None
    return "ITU709" if frame.height >= 720 else "ITU601"


class _Sound:
    """Sound frames in, (n, 2) float32 at the asked rate out."""

    def __init__(self, av: Any, task: dict[str, Any]) -> None:
        self.av, self.rate = av, task["rate"]
        self.resampler: Any = None
        self.is_mono = False
        self.start: float | None = None
        self.sent = 0

    def take(self, frame: Any) -> None:
        if self.start is None:
            self.start = float(frame.time or 0.0)
            # Mono is doubled by hand: the resampler would spread it 3 dB down on either side.
            self.is_mono = frame.layout.nb_channels == 1
            layout = "mono" if self.is_mono else "stereo"
            self.resampler = self.av.AudioResampler(format="flt", layout=layout, rate=self.rate)
        # Timestamps are not carried through: rounded ones would make the resampler stutter.
        frame.pts = None
        self._send_all(self.resampler.resample(frame))

    def finish(self) -> None:
        if self.start is not None:
            self._send_all(self.resampler.resample(None))

    def _send_all(self, frames: list[Any]) -> None:
        for frame in frames:
            if frame.samples:
                samples = frame.to_ndarray()  # (1, samples * channels), interleaved
                _send(b"A", (samples.repeat(2) if self.is_mono else samples).tobytes())
                self.sent += frame.samples


if __name__ == "__main__":
    main()
