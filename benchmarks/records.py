"""What the record store costs, and how well it finds copies, as tables or as JSON.

    .venv/bin/python benchmarks/records.py [--json] [--films 12] [--records 10000]

Films are Backlot renders of 512x288, 4 s (8 s where an excerpt is cut), held-out seeds. A copy
counts as traced when a search of a store that holds all of them names its original; every other
pair of films counts for false matches, with and without attack.
"""

from __future__ import annotations

import argparse
import io
import json
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import av
import numpy as np
from PIL import Image

from onereel.backlot.script import HELD_OUT, write_script
from onereel.backlot.shoot import shoot
from onereel.clip import FPS, SAMPLE_RATE, Record
from onereel.records.auditor import verify_log
from onereel.records.fingerprints import (
    PICTURE_SHARE,
    RATES,
    SOUND_SHARE,
    Fingerprints,
    compare,
    fingerprint,
    fingerprint_sound,
)
from onereel.records.home import Home
from onereel.records.store import Store

EXCERPT_SECONDS = 4


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--json", action="store_true", help="print JSON only")
    parser.add_argument("--films", type=int, default=12)
    parser.add_argument("--records", type=int, default=10_000)
    options = parser.parse_args()
    results = {"copies": copies(options.films), "scale": scale(options.records)}
    print(json.dumps(results, indent=2) if options.json else table(results))


# ---------------------------------------------------------------- copies


def resized(frames: np.ndarray, width: int, height: int) -> np.ndarray:
    return np.stack([np.asarray(Image.fromarray(one).resize((width, height))) for one in frames])


def encoded(frames: np.ndarray, crf: int) -> np.ndarray:
    """Through H.264 and back."""
    frames = frames[:, : frames.shape[1] // 2 * 2, : frames.shape[2] // 2 * 2]
    buffer = io.BytesIO()
    with av.open(buffer, "w", format="mp4") as out:
        stream = out.add_stream("libx264", rate=FPS, options={"crf": str(crf)})
        stream.height, stream.width = frames.shape[1:3]
        stream.pix_fmt = "yuv420p"
        for one in frames:
            out.mux(stream.encode(av.VideoFrame.from_ndarray(np.ascontiguousarray(one))))
        out.mux(stream.encode())
    buffer.seek(0)
    with av.open(buffer) as film:
        return np.stack([one.to_ndarray(format="rgb24") for one in film.decode(video=0)])


def cropped(frames: np.ndarray, share: float, x: float = 0.5, y: float = 0.5) -> np.ndarray:
    """Each side shortened by `share`, at (x, y) of what is left over."""
    height, width = frames.shape[1:3]
    high, wide = round(height * (1 - share)), round(width * (1 - share))
    top, left = round((height - high) * y), round((width - wide) * x)
    return frames[:, top : top + high, left : left + wide]


def bordered(frames: np.ndarray) -> np.ndarray:
    return np.pad(frames, ((0, 0), (28, 28), (50, 50), (0, 0)))


def turned(frames: np.ndarray, degrees: float) -> np.ndarray:
    return np.stack(
        [
            np.asarray(Image.fromarray(one).rotate(degrees, Image.Resampling.BICUBIC))
            for one in frames
        ]
    )


PICTURE_ATTACKS: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "none": lambda frames: frames,
    "CRF 32": lambda frames: encoded(frames, 32),
    "half size, CRF 28": lambda frames: encoded(resized(frames, 256, 144), 28),
    "trim 0.25 s": lambda frames: frames[6:],
    "trim 1 s, CRF 28": lambda frames: encoded(frames[24:], 28),
    "crop 10 %, CRF 28": lambda frames: encoded(cropped(frames, 0.1), 28),
    "crop 10 %, odd place": lambda frames: cropped(frames, 0.1, 0.2, 0.8),
    "crop 20 %, odd place": lambda frames: cropped(frames, 0.2, 0.3, 0.6),
    "mirror, CRF 28": lambda frames: encoded(frames[:, :, ::-1], 28),
    "border, CRF 28": lambda frames: encoded(bordered(frames), 28),
    "half, crop 10 %, CRF 32": lambda frames: encoded(cropped(resized(frames, 256, 144), 0.1), 32),
    "vertical centre cut": lambda frames: frames[:, :, 175:337],
    "turn 2 degrees": lambda frames: turned(frames, 2),
    "turn 5 degrees": lambda frames: turned(frames, 5),
}


def through(sound: np.ndarray, codec: str, container: str, bits: int = 64_000) -> np.ndarray:
    """Through a lossy codec and back, (samples, 2) float32 at 24 kHz."""
    buffer = io.BytesIO()
    with av.open(buffer, "w", format=container) as out:
        stream = out.add_stream(codec, rate=SAMPLE_RATE, layout="stereo", bit_rate=bits)
        resampler = av.AudioResampler(stream.format, "stereo", SAMPLE_RATE)
        whole = av.AudioFrame.from_ndarray(np.ascontiguousarray(sound.T), "fltp", "stereo")
        whole.sample_rate = SAMPLE_RATE
        for piece in [*resampler.resample(whole), *resampler.resample(None)]:
            out.mux(stream.encode(piece))
        out.mux(stream.encode())
    buffer.seek(0)
    resampler = av.AudioResampler("fltp", "stereo", SAMPLE_RATE)
    with av.open(buffer) as recording:
        pieces = [
            piece.to_ndarray()
            for frame in [*recording.decode(audio=0), None]
            for piece in resampler.resample(frame)
        ]
    return np.ascontiguousarray(np.concatenate(pieces, axis=1).T)


def aac(sound: np.ndarray) -> np.ndarray:
    return through(sound, "aac", "mp4")


def at_speed(sound: np.ndarray, rate: float) -> np.ndarray:
    at = np.arange(int(len(sound) / rate)) * rate
    sides = [np.interp(at, np.arange(len(sound)), sound[:, side]) for side in (0, 1)]
    return np.stack(sides, axis=1).astype(np.float32)


SOUND_ATTACKS: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "none": lambda sound: sound,
    "AAC 64k": aac,
    "MP3 64k": lambda sound: through(sound, "libmp3lame", "mp3"),
    "speed 1.03, AAC 64k": lambda sound: aac(at_speed(sound, 1.03)),
    "speed 0.955, AAC 64k": lambda sound: aac(at_speed(sound, 0.955)),
    "excerpt 4 s of 8 s, AAC 64k": lambda sound: aac(
        sound[40_123 : 40_123 + EXCERPT_SECONDS * SAMPLE_RATE]
    ),
    "trim 1 s (3 s left), AAC 64k": lambda sound: aac(sound[SAMPLE_RATE : 4 * SAMPLE_RATE]),
}


def copies(count: int) -> dict[str, Any]:
    """Traced copies, false matches and the cost of a fingerprint."""
    takes = [shoot(write_script(HELD_OUT[7 * index], 4, 512, 288)) for index in range(count)]
    long = [shoot(write_script(HELD_OUT[7 * index], 8, 64, 36)).sound for index in range(count)]
    times, prints = [], []
    for take in takes:
        begun = time.perf_counter()
        prints.append(fingerprint(take.frames, FPS, take.sound, SAMPLE_RATE))
        times.append(time.perf_counter() - begun)
    long_prints = [fingerprint_sound(sound, SAMPLE_RATE) for sound in long]
    rows: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as folder, Store(Home(Path(folder) / "home")) as store:
        for index, one in enumerate(prints):
            store.add(record(index), one)
        for name, attack in PICTURE_ATTACKS.items():
            queries = [
                fingerprint(np.ascontiguousarray(attack(take.frames)), FPS, query=True)
                for take in takes
            ]
            rows[f"picture: {name}"] = traced(store, prints, queries, "picture")
    for name, change in SOUND_ATTACKS.items():
        of, known = (long, long_prints) if "excerpt" in name else ([t.sound for t in takes], prints)
        queries = [fingerprint_sound(change(sound), SAMPLE_RATE) for sound in of]
        with tempfile.TemporaryDirectory() as folder, Store(Home(Path(folder) / "home")) as store:
            for index, one in enumerate(known):
                store.add(record(index), one)
            rows[f"sound: {name}"] = traced(store, known, queries, "sound")
    return {
        "films": count,
        "fingerprint of a film, s": round(float(np.median(times)), 3),
        "bytes of a fingerprint": len(prints[0].to_bytes()),
        "attacks": rows,
    }


def traced(
    store: Store, known: list[Fingerprints], queries: list[Fingerprints], kind: str
) -> dict[str, float]:
    """Shares of originals found, lowest own share, highest foreign one, false matches."""
    bound = PICTURE_SHARE if kind == "picture" else SOUND_SHARE
    shares = np.array(
        [[getattr(compare(one, query), kind) or 0.0 for one in known] for query in queries]
    )
    foreign = shares[~np.eye(len(known), dtype=bool)]
    found = [
        any(match.record_id == record(index).id for match in store.search(query))
        for index, query in enumerate(queries)
    ]
    return {
        "traced": float(np.mean(found)),
        "lowest own": float(np.diag(shares).min()),
        "highest foreign": float(foreign.max()),
        "false": int((foreign >= bound).sum()),
        "pairs": len(foreign),
    }


# ---------------------------------------------------------------- scale


def record(number: int) -> Record:
    return Record(
        id=f"{number:012x}", prompt="a girl runs in the snow", seed=number, seconds=4, width=512,
        height=288, frames=97, steps=4, model="benchmark", weights_hash="ab" * 32,
    )  # fmt: skip


def random_prints(number: int) -> Fingerprints:
    """As large as those of a film of 4 s: 9 pictures through 52 crops, 87 words of sound."""
    rng = np.random.default_rng(number)
    return Fingerprints(
        4.0,
        1,
        rng.integers(0, 2**64, (9, 52, 4), np.uint64),
        np.ones(9, bool),
        rng.integers(0, 2**32, (len(RATES), 87), np.uint32),
        np.ones((len(RATES), 87), bool),
    )


def scale(count: int) -> dict[str, float]:
    """Seconds to add, find and check among `count` records."""
    with tempfile.TemporaryDirectory() as folder:
        home = Home(Path(folder) / "home")
        with Store(home) as store:
            begun = time.perf_counter()
            for number in range(count):
                store.add(record(number), random_prints(number))
            added = time.perf_counter() - begun
            take = shoot(write_script(HELD_OUT[1], 4, 256, 144))
            store.add(record(count), fingerprint(take.frames, FPS, take.sound, SAMPLE_RATE))
            query = fingerprint(
                np.ascontiguousarray(take.frames[3:, :, ::-1]), FPS, take.sound[3000:], SAMPLE_RATE,
                query=True,
            )  # fmt: skip
            searches = []
            for _ in range(3):
                begun = time.perf_counter()
                matches = store.search(query)
                searches.append(time.perf_counter() - begun)
            assert {match.record_id for match in matches} == {record(count).id}, matches
        begun = time.perf_counter()
        audit = verify_log(home)
        checked = time.perf_counter() - begun
        assert audit.intact and audit.size == count + 1
        return {
            "records": count,
            "add one, ms": round(1000 * added / count, 2),
            "search, s": round(min(searches), 3),
            "audit verify, s": round(checked, 2),
            "database, MB": round(home.database.stat().st_size / 1e6, 1),
        }


def table(results: dict[str, Any]) -> str:
    told = results["copies"]
    lines = [
        f"fingerprint of a 4-s film: {told['fingerprint of a film, s']} s, "
        f"{told['bytes of a fingerprint']} bytes; {told['films']} films",
        f"{'attack':40}{'traced':>8}{'lowest own':>12}{'highest foreign':>17}{'false':>12}",
    ]
    for name, row in told["attacks"].items():
        lines.append(
            f"{name:40}{row['traced']:>8.0%}{row['lowest own']:>12.2f}"
            f"{row['highest foreign']:>17.2f}{row['false']:>6} of {row['pairs']}"
        )
    return "\n".join([*lines, "", *(f"{name}: {x}" for name, x in results["scale"].items())])


if __name__ == "__main__":
    main()
