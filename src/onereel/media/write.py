"""Frames and sound encoded to files, as they are: nothing is marked here.

Generated films, stills and sound go through `marks.film`, which marks, labels, signs and records
them; it encodes with these functions. Their other callers are the Backlot's previews of rendered
training footage, benchmarks and tests.

- `encode_mp4`: H.264 and AAC; `encode_wav`: 16 bit PCM
- picture and sound are exactly as long as each other, and start together
- colours are converted and tagged as BT.709, so players show what the model made
- the index comes first in the file (faststart), so a browser plays it while it loads
- the file appears whole or not at all: a hidden neighbour is written, then renamed
- one encoder thread, no dates inside: same input, same bytes

`check_writable` is called from the command line too, before any work.
"""

import contextlib
import functools
import os
import secrets
import wave
from collections.abc import Callable, Iterable, Iterator, Mapping, Sized
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
from av.video.reformatter import ColorPrimaries, ColorRange, Colorspace, ColorTrc

from onereel.clip import check_sound, sound_length
from onereel.errors import OnereelError, WrongUse, shown

AAC_FRAME = 1024  # samples in one AAC packet
AAC_RATES = (8000, 11025, 12000, 16000, 22050, 24000, 32000, 44100, 48000, 64000, 88200, 96000)
SOUND_BITS_PER_SECOND = 160_000


def encode_mp4(
    path: str | Path,
    frames: Iterable[np.ndarray] | np.ndarray,
    sound: np.ndarray | None,
    fps: int,
    sample_rate: int,
    tags: Mapping[str, str] | None = None,
    progress: Callable[[int], None] | None = None,
) -> Path:
    """Write an mp4 and return its path.

    frames: (T, H, W, 3) uint8, or an iterable of (H, W, 3) uint8; H and W even.
    sound: (samples, 2) float32 in -1..1 (beyond is clipped), exactly
    round(T * sample_rate / fps) samples, or None for a silent file without a sound track.
    tags: metadata by name, any name, in the file's `keys` (ISO/IEC 14496-12 `meta`).
    progress: called with the number of frames written so far, after each.

    Raises WrongUse when `path` cannot be written, OnereelError when the arrays do not fit or the
    encoder fails. Whatever happens, KeyboardInterrupt included, no half file is left.
    """
    path = check_writable(path)
    _check_sound_for_film(sound, sample_rate)
    if isinstance(frames, Sized):
        # Known length: say so before encoding, not after.
        _check_lengths(len(frames), sound, fps, sample_rate)
    with _appears_whole(path) as part:
        try:
            _encode(part, frames, sound, fps, sample_rate, tags or {}, progress)
        except av.FFmpegError as error:
            raise OnereelError(f"Could not encode {shown(path)}: {error.strerror}.") from error
    return path


def check_writable(path: str | Path, suffixes: tuple[str, ...] = (".mp4",)) -> Path:
    """`path` as a Path if such a file can be written there, else WrongUse with what to do."""
    path = Path(path)
    if path.suffix.lower() not in suffixes:
        kinds = " or ".join(suffixes)
        raise WrongUse(f"{shown(path)} does not end in {kinds}; name a file that does.")
    _check_place(path)
    return path


def encode_wav(path: str | Path, sound: np.ndarray, rate: int) -> Path:
    """Write sound, (samples, 2) float32 in -1..1 (beyond is clipped), as 16 bit PCM at rate Hz."""
    path = check_writable(path, (".wav",))
    check_sound(sound)
    _check_finite(sound)
    pcm = np.round(np.clip(sound, -1.0, 1.0) * 32767.0).astype("<i2")
    with _appears_whole(path) as part:
        try:
            with wave.open(str(part), "wb") as out:
                out.setnchannels(2)
                out.setsampwidth(2)
                out.setframerate(rate)
                out.writeframes(pcm.tobytes())
        except OSError as error:
            raise OnereelError(f"Could not write {shown(path)}: {error.strerror}.") from error
    return path


def _encode(
    part: Path,
    frames: Iterable[np.ndarray],
    sound: np.ndarray | None,
    fps: int,
    sample_rate: int,
    tags: Mapping[str, str],
    progress: Callable[[int], None] | None,
) -> None:
    source = iter(frames)
    first = next(source, None)
    if first is None:
        raise OnereelError("There are no frames to write.")
    height, width = _check_first_frame(first)
    count = heard = 0
    with av.open(str(part), "w", format="mp4", options=_container_options(fps, sample_rate)) as out:
        out.metadata.update(tags)
        picture_stream = _add_picture_stream(out, width, height, fps)
        sound_stream = None if sound is None else _add_sound_stream(out, sample_rate)
        for frame in _chain(first, source):
            if frame.shape != first.shape or frame.dtype != np.uint8:
                raise OnereelError(
                    f"frame {count} is {frame.shape} {frame.dtype}, but the film is "
                    f"{first.shape} uint8"
                )
            out.mux(picture_stream.encode(as_yuv(frame, count, fps)))
            count += 1
            if sound is not None:
                # Sound keeps step with the picture, so the muxer never has to hold one back.
                until = sound_length(count, fps, sample_rate) // AAC_FRAME * AAC_FRAME
                _encode_sound(out, sound_stream, sound[:until], heard, sample_rate)
                heard = max(heard, min(until, len(sound)))
            if progress is not None:
                progress(count)
        _check_lengths(count, sound, fps, sample_rate)
        out.mux(picture_stream.encode())
        if sound is not None and sound_stream is not None:
            _encode_sound(out, sound_stream, sound, heard, sample_rate)
            out.mux(sound_stream.encode())


def _container_options(fps: int, sample_rate: int) -> dict[str, str]:
    return {
        # Tags under names of their own, which the plain mp4 metadata has no place for.
        "movflags": "+faststart+use_metadata_tags",
        # Edit lists are counted in the movie's time scale. The default, milliseconds, would round
        # the film's length; this one divides by both a frame and a sample.
        "movie_timescale": str(fps * sample_rate),
        "video_track_timescale": str(fps * 1000),
    }


def _add_picture_stream(out: Any, width: int, height: int, fps: int) -> Any:
    options = {"crf": "18", "preset": "veryfast"} | same_bytes_options()
    stream = out.add_stream("libx264", rate=fps, options=options)
    stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
    context = stream.codec_context
    context.time_base = Fraction(1, fps)
    # With more threads the bytes depend on the machine; veryfast needs no help at these sizes.
    context.thread_count = 1
    context.color_primaries = ColorPrimaries.BT709
    context.color_trc = ColorTrc.BT709
    context.colorspace = Colorspace.ITU709
    context.color_range = ColorRange.MPEG
    return stream


@functools.cache
def same_bytes_options() -> dict[str, str]:
    """Keep x264 off its AVX-512 routines where there are any.

    Measured with x264 core 165 on a busy AVX-512 machine: about one film in ninety came out with
    other bytes (pixels off by 1-3), none in 4,500 with AVX2, at the same speed. Only where the
    processor names AVX-512, since naming AVX2 on one that lacks it would crash.
    """
    try:
        has_avx512 = "avx512f" in Path("/proc/cpuinfo").read_text(encoding="ascii")
    except (OSError, UnicodeDecodeError):
        has_avx512 = False
    return {"x264-params": "asm=avx2"} if has_avx512 else {}


def _add_sound_stream(out: Any, sample_rate: int) -> Any:
    stream = out.add_stream("aac", rate=sample_rate, layout="stereo")
    stream.bit_rate = SOUND_BITS_PER_SECOND
    return stream


def as_yuv(frame: np.ndarray, index: int, fps: int) -> Any:
    """One (H, W, 3) uint8 frame as the encoder wants it: yuv420p, BT.709, studio range."""
    rgb = av.VideoFrame.from_ndarray(np.ascontiguousarray(frame), format="rgb24")
    # Without a named matrix swscale would use BT.601, and greens and reds would drift.
    picture = rgb.reformat(
        format="yuv420p",
        threads=1,  # starting a pool for each frame costs seven times the conversion
        dst_colorspace=Colorspace.ITU709,
        dst_color_range=ColorRange.MPEG,
    )
    picture.pts, picture.time_base = index, Fraction(1, fps)
    return picture


def _encode_sound(out: Any, stream: Any, sound: np.ndarray, start: int, sample_rate: int) -> None:
    """Encode sound[start:], (samples, 2), in AAC frames.

    The encoder swallows its first 1024 samples as priming and stamps its first packet -1024; the
    muxer turns that into an edit list, so players start at our sample 0 and end at our last.
    """
    for at in range(start, len(sound), AAC_FRAME):
        block = np.clip(sound[at : at + AAC_FRAME], -1.0, 1.0)
        frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(block.T), "fltp", "stereo")
        frame.sample_rate, frame.pts, frame.time_base = sample_rate, at, Fraction(1, sample_rate)
        out.mux(stream.encode(frame))


def _check_first_frame(frame: np.ndarray) -> tuple[int, int]:
    if frame.ndim != 3 or frame.shape[2] != 3 or frame.dtype != np.uint8:
        raise OnereelError(f"frames must be (H, W, 3) uint8, not {frame.shape} {frame.dtype}")
    height, width = frame.shape[:2]
    if height % 2 or width % 2 or not height or not width:
        raise OnereelError(
            f"frames are {width}x{height}, but H.264 needs even sides; "
            f"nearest below is {width - width % 2}x{height - height % 2}"
        )
    return height, width


def _check_sound_for_film(sound: np.ndarray | None, sample_rate: int) -> None:
    if sound is None:
        return
    check_sound(sound)
    _check_finite(sound)
    if sample_rate not in AAC_RATES:
        raise OnereelError(f"AAC cannot hold {sample_rate} Hz; use one of {AAC_RATES}")


def _check_finite(sound: np.ndarray) -> None:
    if not np.isfinite(sound).all():
        raise OnereelError(f"sound of shape {sound.shape} holds NaN or infinity")


def _check_lengths(count: int, sound: np.ndarray | None, fps: int, sample_rate: int) -> None:
    if sound is None:
        return
    expected = sound_length(count, fps, sample_rate)
    if len(sound) != expected:
        raise OnereelError(
            f"sound has {len(sound)} samples, but {count} frames at {fps} fps and "
            f"{sample_rate} Hz need exactly {expected}"
        )


def _check_place(path: Path) -> None:
    parent = path.parent
    if path.is_dir():
        raise WrongUse(f"{shown(path)} is a directory; name a file in it.")
    if not parent.exists():
        raise WrongUse(f"The directory {shown(parent)} does not exist; create it first.")
    if not parent.is_dir():
        raise WrongUse(f"{shown(parent)} is not a directory; choose another place.")
    # Tried, not asked: permission bits say nothing of read-only mounts or an almighty user.
    try:
        _create_beside(path).unlink()
    except OSError as error:
        raise WrongUse(
            f"Cannot write in {shown(parent)} ({error.strerror}); choose another place."
        ) from error


def _create_beside(path: Path) -> Path:
    """A new, empty, hidden file in `path`'s directory; absolute, so no name reads as a URL."""
    part = path.parent.resolve() / f".onereel-{secrets.token_hex(6)}.part"
    # Not tempfile: its files are private (0600), and a film should follow the user's umask.
    os.close(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o666))
    return part


@contextlib.contextmanager
def _appears_whole(path: Path) -> Iterator[Path]:
    """Yield a temporary neighbour of `path` that takes its place if the block succeeds."""
    part = _create_beside(path)
    try:
        yield part
        try:
            os.replace(part, path)
        except OSError as error:
            raise OnereelError(f"Could not write {shown(path)}: {error.strerror}.") from error
    finally:
        part.unlink(missing_ok=True)


def _chain(first: np.ndarray, rest: Iterator[np.ndarray]) -> Iterator[np.ndarray]:
    yield first
    yield from rest
