"""Clips as files: what other programs train on.

- `sample_of` renders one seed to the members of a webdataset sample: `mp4`, `wav`, `json` (script,
  captions, cuts, contacts) and `truth.npz` (joints, visibility, camera, mouths, shots, and masks if
  asked for).
- `write_tar` puts many into one tar, rendered by several processes, in the order of their seeds.

Called from the command line.
"""

import io
import json
import multiprocessing
import os
import tempfile
import wave
from collections import deque
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import asdict
from pathlib import Path

import numpy as np
import webdataset  # type: ignore[import-untyped]

from onereel.backlot.captions import captions
from onereel.backlot.script import FPS, SAMPLE_RATE, Script, held_out_combinations, write_script
from onereel.backlot.shoot import Take, shoot
from onereel.media.write import encode_mp4

Sample = dict[str, str | bytes]


def wav_bytes(sound: np.ndarray, sample_rate: int = SAMPLE_RATE) -> bytes:
    """16-bit stereo of (samples, 2) float32."""
    memory = io.BytesIO()
    with wave.open(memory, "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(sample_rate)
        file.writeframes((np.clip(sound, -1.0, 1.0) * 32767).astype("<i2").tobytes())
    return memory.getvalue()


def describe(script: Script, take: Take) -> dict[str, object]:
    """What the json beside a clip holds."""
    return {
        "captions": captions(script),
        "script": asdict(script),
        "cuts": [int(frame) for frame in np.flatnonzero(np.diff(take.truth.shots)) + 1],
        "contacts": [asdict(contact) for contact in take.truth.contacts],
        "held_out_combinations": held_out_combinations(script),
    }


def truth_bytes(take: Take) -> bytes:
    truth = take.truth
    arrays = {
        "joints": truth.joints, "visible": truth.visible, "camera": truth.camera,
        "mouth": truth.mouth, "visemes": truth.visemes, "shots": truth.shots,
    }  # fmt: skip
    if truth.layers is not None:
        arrays["masks"] = truth.layers
    memory = io.BytesIO()
    np.savez_compressed(memory, allow_pickle=False, **arrays)
    return memory.getvalue()


def sample_of(seed: int, seconds: float, width: int, height: int, masks: bool) -> Sample:
    script = write_script(seed, seconds, width, height)
    take = shoot(script, masks=masks)
    with tempfile.TemporaryDirectory(prefix="onereel-") as folder:
        path = Path(folder) / "film.mp4"
        encode_mp4(path, take.frames, take.sound, FPS, SAMPLE_RATE)
        film = path.read_bytes()
    return {
        "__key__": f"{seed:010d}",
        "mp4": film,
        "wav": wav_bytes(take.sound),
        "json": json.dumps(describe(script, take), ensure_ascii=False).encode(),
        "truth.npz": truth_bytes(take),
    }


def write_tar(
    path: Path,
    seeds: Iterable[int],
    seconds: float,
    size: tuple[int, int],
    masks: bool = False,
    workers: int = 0,
    tell: Callable[[int], None] = lambda done: None,
) -> int:
    """Writes the samples of `seeds`; the tar appears whole or not at all. Returns how many."""
    workers = workers or os.cpu_count() or 1
    part = path.with_name(path.name + ".part")
    done = 0
    context = multiprocessing.get_context("spawn")
    try:
        with (
            ProcessPoolExecutor(workers, context) as pool,
            webdataset.TarWriter(str(part), encoder=False) as tar,
        ):
            waiting: deque[Future[Sample]] = deque()

            def take_in() -> None:
                nonlocal done
                tar.write(waiting.popleft().result())
                done += 1
                tell(done)

            for seed in seeds:
                waiting.append(pool.submit(sample_of, seed, seconds, *size, masks))
                if len(waiting) > 2 * workers:
                    take_in()
            while waiting:
                take_in()
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    return done
