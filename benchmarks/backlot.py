"""How fast the Backlot shoots, part by part, on one core.

    .venv/bin/python benchmarks/backlot.py [--seeds 12] [--size 512x288] [--seconds 4]

CPU seconds of this process (not wall time, so that a busy machine does not count). A part's frames
per second is what one core would give if that part were all; `picture` is everything but sound.
"""

from __future__ import annotations

import argparse
import json
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from time import process_time

import numpy as np

from onereel.backlot import shoot as shooting
from onereel.backlot.script import FPS, SAMPLE_RATE, frame_count, write_script
from onereel.backlot.sound import record

spent: dict[str, float] = defaultdict(float)


@contextmanager
def part(name: str) -> Iterator[None]:
    start = process_time()
    yield
    spent[name] += process_time() - start


def timed(name: str, function):  # type: ignore[no-untyped-def]
    def call(*args, **kwargs):  # type: ignore[no-untyped-def]
        with part(name):
            return function(*args, **kwargs)

    return call


def main() -> None:
    flags = argparse.ArgumentParser(description=__doc__)
    flags.add_argument("--seeds", type=int, default=12)
    flags.add_argument("--size", default="512x288")
    flags.add_argument("--seconds", type=float, default=4.0)
    flags.add_argument("--no-sound", action="store_true")
    asked = flags.parse_args()
    width, height = (int(side) for side in asked.size.split("x"))
    # The functions that a frame is made of, each behind a clock.
    for module, function, name in (
        (shooting, "prepare_set", "paint set (once a shot)"),
        (shooting, "make_grade", "light: grade (once a shot)"),
        (shooting, "draw_set", "set and camera"),
        (shooting, "draw_weather", "weather"),
        (shooting, "cast_shadow", "light: cast shadows"),
        (shooting, "foot_shadows", "light: foot shadows"),
        (shooting, "style_cel", "style of the cast"),
        (shooting, "camera_path", "camera path"),
        (shooting, "rehearse", "cast: rehearsal (once a shot)"),
    ):
        setattr(module, function, timed(name, getattr(module, function)))
    shooting.Rehearsal.cels = timed("cast: drawing", shooting.Rehearsal.cels)  # type: ignore
    shooting.shoot(write_script(0, 0.2, width, height), with_sound=not asked.no_sound)  # imports
    spent.clear()
    frames = 0
    for seed in range(asked.seeds):
        script = write_script(seed, asked.seconds, width, height)
        with part("picture"):
            shots = shooting.block(script)
            for _ in shooting.shoot_frames(script, shots=shots):
                frames += 1
        if not asked.no_sound:
            truth = shooting.find_truth(script, shots)
            places = shooting.places_of(script, shots)
            samples = frame_count(script) * SAMPLE_RATE // FPS
            with part("sound"):
                record(script, truth.contacts, places, samples)
    whole = spent["picture"] + spent.get("sound", 0.0)
    rows = {**dict(sorted(spent.items(), key=lambda item: -item[1])), "picture and sound": whole}
    for name, seconds in rows.items():
        print(
            f"{name:32s} {1000 * seconds / frames:8.2f} ms/frame {frames / seconds:8.0f} frames/s"
        )
    figures = {name: round(frames / seconds, 1) for name, seconds in rows.items()}
    print(json.dumps({"size": asked.size, "frames": frames, "frames_per_second": figures}))


if __name__ == "__main__":
    np.seterr(all="raise", under="ignore")
    main()
