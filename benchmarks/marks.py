"""The picture watermark: what it survives, what it costs, and how often it is found in error.

    .venv/bin/python benchmarks/marks.py [--films 24] [--heights 288 480 720] [--trials 10000]
        [--write] [--sheets 288-backlot-1 ...]

Films of 4 s: at 288 lines every other one is made by the shipped model (256x144 in eight steps,
enlarged); the others are the Backlot's, from seeds that training never draws. Every film is marked,
encoded as films are delivered (x264, CRF 18), decoded, attacked, encoded again (CRF 28 where the
attack does not say otherwise) and searched. Torch runs on one thread.

What was measured is kept in runs/marks, so that a run that was cut goes on where it stopped: the
tables tell of everything kept there for this version of the watermark (false alarms: of the
detector). --films 0 --trials 0 only prints. --write puts the tables into docs/marks.md. --sheets
draws original, marked, difference.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import json
import math
import time
from collections import Counter
from collections.abc import Callable, Iterator
from fractions import Fraction
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any
from unittest.mock import patch

import av
import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image

from onereel.evaluate.pixels import psnr
from onereel.marks import embed, first_frame, fit, flatten, payload, strength
from onereel.marks import picture as marks

ROOT = Path(__file__).parent.parent
CACHE = ROOT / "runs" / "marks"
DOCUMENT = ROOT / "docs" / "marks.md"
SHEETS = ROOT / "docs" / "images" / "marks"
BEGIN, END = "<!-- benchmarks/marks.py --write: begin -->", "<!-- end -->"
FPS = 24
WIDTHS = {288: 512, 480: 854, 720: 1280}
KEYS_AT_ONCE = 250
STILL_FRAMES = 2 * FPS
LATER = slice(4, None, 8)  # frames whose difference is measured, beside the first one's
SUBJECTS = ("A girl in a red dress", "A robot", "An old man", "A fox", "Two people", "A woman")
ACTIONS = ("dances", "walks", "runs", "sits", "claps", "jumps", "waves")
PLACES = ("on the beach at dusk", "in the snow", "in a city at night", "in a kitchen", "in a room")
DETECTOR = (marks, flatten, first_frame, payload)
WATERMARK = (embed, fit, strength, *DETECTOR)
Film = tuple[np.ndarray, float]  # frames (T, H, W, 3) uint8 and frames a second


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--films", type=int, default=24, help="at each height")
    parser.add_argument("--heights", type=int, nargs="+", default=list(WIDTHS), choices=WIDTHS)
    parser.add_argument("--trials", type=int, default=10_000, help="keys x clips, unmarked")
    parser.add_argument("--write", action="store_true", help="put the tables into docs/marks.md")
    parser.add_argument("--sheets", nargs="+", default=[], metavar="FILM", help="height-kind-index")
    options = parser.parse_args()
    torch.set_num_threads(1)
    CACHE.mkdir(parents=True, exist_ok=True)
    print(f"version {version(*WATERMARK)} of the watermark, {version(*DETECTOR)} of the detector")
    measure_films([name_of(h, i) for h in options.heights for i in range(options.films)])
    measure_false_alarms(options.trials)
    tables = "\n\n".join(
        one for one in (recovery_table(), cost_table(), false_alarm_table()) if one
    )
    print(tables)
    if options.write:
        before, rest = DOCUMENT.read_text().split(BEGIN)
        DOCUMENT.write_text(f"{before}{BEGIN}\n{tables}\n{END}{rest.split(END)[1]}")
    for name in options.sheets:
        draw_sheet(name)


# ---------------------------------------------------------------- what is kept


@cache
def version(*modules: ModuleType) -> str:
    """Of the code: results of another one are left aside."""
    code = b"".join(Path(module.__file__ or "").read_bytes() for module in modules)
    return hashlib.sha256(code).hexdigest()[:8]


def kept_in(what: str) -> Path:
    return CACHE / f"{what}-{version(*(WATERMARK if what == 'films' else DETECTOR))}.jsonl"


def unmarked_of(name: str) -> Path:
    """What the detector makes of an unmarked film."""
    return CACHE / f"{name}-{version(*DETECTOR)}.npz"


def kept(what: str) -> list[dict[str, Any]]:
    path = kept_in(what)
    lines = path.read_text().splitlines() if path.exists() else []
    return [json.loads(line) for line in lines]


def keep(what: str, row: dict[str, Any]) -> None:
    with kept_in(what).open("a") as file:
        file.write(json.dumps(row) + "\n")


# ---------------------------------------------------------------- films


def name_of(height: int, index: int) -> str:
    kind = "generated" if height == 288 and index % 2 == 0 else "backlot"
    return f"{height}-{kind}-{index}"


def record_of(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()[:12]


def make_film(name: str) -> np.ndarray:
    height, kind, index = name.split("-")
    make = generate if kind == "generated" else shoot
    return make(int(index), int(height))


def generate(index: int, height: int) -> np.ndarray:
    import onereel

    words = (SUBJECTS[index % 6], ACTIONS[index % 7], PLACES[index % 5])
    film = onereel.generate(" ".join(words) + ".", seconds=4, seed=1000 + index, steps=8)
    return resized(film.frames, height, WIDTHS[height])


def shoot(index: int, height: int) -> np.ndarray:
    from onereel.backlot.script import HELD_OUT, write_script
    from onereel.backlot.shoot import shoot_frames

    script = write_script(HELD_OUT[7000 + index], 4.0, WIDTHS[height], height)
    return np.stack([one.picture for one in shoot_frames(script)])


def encode(frames: np.ndarray, crf: int, fps: float = FPS) -> bytes:
    file = io.BytesIO()
    options = {"crf": str(crf), "preset": "veryfast", "x264-params": "asm=avx2"}
    with av.open(file, "w", format="mp4") as out:
        stream = out.add_stream("libx264", Fraction(fps), options=options)
        stream.height, stream.width = frames.shape[1:3]
        stream.pix_fmt = "yuv420p"
        stream.codec_context.thread_count = 1
        for frame in frames:
            picture = av.VideoFrame.from_ndarray(np.ascontiguousarray(frame), format="rgb24")
            out.mux(stream.encode(picture))
        out.mux(stream.encode(None))
    return file.getvalue()


def decode(file: bytes) -> np.ndarray:
    with av.open(io.BytesIO(file), "r") as film:
        return np.stack([frame.to_ndarray(format="rgb24") for frame in film.decode(video=0)])


# ---------------------------------------------------------------- attacks


def even(size: float) -> int:
    return 2 * round(size / 2)


def one_by_one(frames: np.ndarray, change: Callable[[torch.Tensor], torch.Tensor]) -> np.ndarray:
    """`change` takes and gives a picture (1, 3, h, w) of 0 to 255."""
    pictures = (torch.from_numpy(frame).permute(2, 0, 1)[None].float() for frame in frames)
    return np.stack(
        [change(one).round().clamp(0, 255).byte()[0].permute(1, 2, 0).numpy() for one in pictures]
    )


def resized(frames: np.ndarray, height: int, width: int) -> np.ndarray:
    size = (height, width)
    return one_by_one(frames, lambda one: F.interpolate(one, size, mode="bilinear", antialias=True))


def halved(frames: np.ndarray) -> np.ndarray:
    return resized(frames, even(frames.shape[1] / 2), even(frames.shape[2] / 2))


def cropped(frames: np.ndarray, share: float = 0.1) -> np.ndarray:
    height, width = frames.shape[1:3]
    top, left = int(0.3 * share * height), int(0.6 * share * width)
    return frames[
        :, top : top + even(height * (1 - share)), left : left + even(width * (1 - share))
    ]


def brightened(frames: np.ndarray) -> np.ndarray:
    return (0.9 * frames + 25.5).clip(0, 255).astype(np.uint8)


def slowed(frames: np.ndarray) -> np.ndarray:
    """The first second off, and every frame that 15 a second do not need."""
    wanted = np.arange(FPS, len(frames) - 0.5, FPS / 15)
    return frames[wanted.round().astype(int)]


def filmed_from_screen(frames: np.ndarray, degrees: float) -> np.ndarray:
    """Turned, 93 % of the size on black, gamma 1.2, noise of 3 code values."""
    height, width = frames.shape[1:3]
    cos = math.cos(math.radians(degrees)) / 0.93
    sin = math.sin(math.radians(degrees)) / 0.93
    turn = torch.tensor([[[cos, -sin * height / width, 0.0], [sin * width / height, cos, 0.0]]])
    grid = F.affine_grid(turn, [1, 3, height, width], align_corners=False)
    random = torch.Generator().manual_seed(0)

    def film(one: torch.Tensor) -> torch.Tensor:
        there = F.grid_sample(one, grid, align_corners=False)
        noise = 3 * torch.randn(there.shape, generator=random)
        return 255 * (there / 255).clamp(0, 1) ** 1.2 + noise

    return one_by_one(frames, film)


# name: (what it does to a delivered film, CRF or None for the delivered film itself, goals at 480
# lines and above and at 288, in per cent, or None where nothing is promised)
ATTACKS: dict[str, tuple[Callable[[np.ndarray], Film], int | None, tuple[int, int] | None]] = {
    "none (CRF 18)": (lambda x: (x, FPS), None, (99, 80)),
    "CRF 28": (lambda x: (x, FPS), 28, (99, 80)),
    "CRF 32": (lambda x: (x, FPS), 32, (90, 80)),
    "half size": (lambda x: (halved(x), FPS), 28, (95, 80)),
    "first 4 frames cut, half size": (lambda x: (halved(x[4:]), FPS), 28, None),
    "crop 10 %": (lambda x: (cropped(x), FPS), 28, (99, 80)),
    "crop 10 %, enlarged back": (
        lambda x: (resized(cropped(x), *x.shape[1:3]), FPS),
        28,
        (99, 80),
    ),
    "mirrored": (lambda x: (x[:, :, ::-1], FPS), 28, (99, 80)),
    "brightness +10 %, contrast 0.9": (lambda x: (brightened(x), FPS), 28, (99, 80)),
    "1 s cut, 24 to 15 fps": (lambda x: (slowed(x), 15), 28, (99, 80)),
    "screen, 1 degree": (lambda x: (filmed_from_screen(x, 1), FPS), 28, (80, 80)),
    "screen, -2 degrees": (lambda x: (filmed_from_screen(x, -2), FPS), 28, (80, 80)),
}


def attacked(delivered: np.ndarray, attack: str) -> Film:
    change, crf, _ = ATTACKS[attack]
    frames, fps = change(delivered)
    return (frames if crf is None else decode(encode(frames, crf, fps))), fps


# ---------------------------------------------------------------- measuring films


def measure_films(names: list[str]) -> None:
    done = {row["name"] for row in kept("films")}
    for number, name in enumerate(names):
        if name not in done:
            begun = time.perf_counter()
            row = measure_film(name)
            keep("films", row)
            read = sum(one["blind"] for one in row["attacks"].values())
            known = sum(one["known"] for one in row["attacks"].values())
            print(
                f"{number + 1}/{len(names)} {name}: {read} of {len(ATTACKS)} read, {known} more "
                f"known, {row['psnr']:.1f} dB, {time.perf_counter() - begun:.0f} s",
                flush=True,
            )


def measure_film(name: str) -> dict[str, Any]:
    frames = make_film(name)
    record = fit.fitting_id(frames, record_of(name))
    begun = time.perf_counter()
    marked = embed.mark_frames(frames, record)
    embedding = 1000 * (time.perf_counter() - begun) / len(frames)
    unmarked_file, marked_file = encode(frames, 18), encode(marked, 18)
    still = np.repeat(frames[len(frames) // 2][None], STILL_FRAMES, 0)

    # The false-positive run needs unmarked films, but only what the detector makes of them.
    unmarked = decode(unmarked_file)
    flat = flattened(unmarked, FPS)
    whole = torch.stack([flat.parts.sum(0), flat.fresh]).numpy()
    np.savez(unmarked_of(name), whole=whole, first=flat.first)
    found = marks.find_blindly(flat, marks.draw_pattern(marks.KEY))

    delivered = decode(marked_file)
    return {
        "name": name,
        "psnr": psnr(frames[LATER], marked[LATER]),
        "first_psnr": psnr(frames[:1], marked[:1]),
        "embedding_ms": embedding,
        "bytes": [len(unmarked_file), len(marked_file)],
        "still_bytes": [len(encode(one, 18)) for one in (still, embed.mark_frames(still, record))],
        "unmarked": found.state,
        "attacks": {attack: measure_attack(delivered, attack, record) for attack in ATTACKS},
    }


def measure_attack(delivered: np.ndarray, attack: str, record: str) -> dict[str, Any]:
    frames, fps = attacked(delivered, attack)
    pattern = marks.draw_pattern(marks.KEY)
    begun = time.perf_counter()
    flat = flattened(frames, fps)
    found = marks.find_blindly(flat, pattern)
    seconds = time.perf_counter() - begun
    said = [found.record] if found.state == "read" else []
    blind = record in said
    if not blind:
        suspects = (record, record_of(record), record_of(record + " again"))
        answers = (marks.find_record(flat, pattern, one, len(suspects)) for one in suspects)
        said += [one.record for one in answers if one is not None][:1]
    return {
        "blind": blind,
        "known": not blind and record in said,
        "wrong": sum(one != record for one in said),
        "state": found.state,
        "score": round(found.score, 2),
        "seconds": round(seconds, 3),
    }


def flattened(frames: np.ndarray, fps: float) -> marks.Flattened:
    flat = marks.flatten(frames, fps)
    assert flat is not None, "films are never flat"
    return flat


# ---------------------------------------------------------------- measuring false alarms


def measure_false_alarms(trials: int) -> None:
    """Unmarked clips against fresh keys, dealt out evenly, KEYS_AT_ONCE at a time."""
    # The clips that later runs add come last, so what was done stays done.
    clips = [row["name"] for row in kept("films")]
    done = {(row["clip"], row["round"]) for row in kept("false-alarms")}
    missing = trials - KEYS_AT_ONCE * len(done)
    for round_, clip in ((r, clip) for r in range(trials) for clip in clips):
        if missing <= 0:
            break
        if (clip, round_) not in done:
            keep("false-alarms", try_keys(clip, round_))
            missing -= KEYS_AT_ONCE
            print(f"false alarms: {max(0, missing)} trials to go", flush=True)


def try_keys(clip: str, round_: int) -> dict[str, Any]:
    """The blind search with keys that marked nothing, without turns."""
    known_film = np.load(unmarked_of(clip))
    whole, fresh = torch.from_numpy(known_film["whole"])
    film = marks.Flattened(whole[None], fresh, known_film["first"], 4.0)
    known: dict[tuple[float, float], np.ndarray] = {}

    def spectrum_once(film: marks.Flattened, scale: float, turn: float) -> np.ndarray:
        if (scale, turn) not in known:
            known[scale, turn] = spectrum_of(film, scale, turn)
        return known[scale, turn]

    spectrum_of = marks.spectrum_of  # does not depend on the key
    zs, states = [], []
    with patch.object(marks, "spectrum_of", spectrum_once):
        for number in range(KEYS_AT_ONCE):
            key = f"false alarm {clip} {round_} {number}".encode()
            found = marks.find_blindly(film, marks.draw_pattern(key), marks.TURNS[:1])
            zs.append(round(found.score, 3))
            states.append(found.state)
    return {"clip": clip, "round": round_, "z": zs, "states": dict(Counter(states))}


# ---------------------------------------------------------------- tables


def groups() -> dict[str, list[dict[str, Any]]]:
    """The films' rows by height and kind, lowest first."""
    found: dict[str, list[dict[str, Any]]] = {}
    for row in sorted(kept("films"), key=lambda row: int(row["name"].split("-")[0])):
        height, kind, _ = row["name"].split("-")
        found.setdefault(f"{height} {kind}", []).append(row)
    return found


def recovery_table() -> str:
    films = groups()
    if not films:
        return ""
    lines = [
        "Films whose record id was read blind; after `+`, those where no id could be read but the "
        "right one of three named ids was recognised. Goals are shares of films, at 288 lines / "
        "above. The weakest score is that of the film read with least to spare.",
        "",
        "| attack, then CRF 28 | " + " | ".join(films) + " | goal | weakest score | wrong ids |",
        "|---|" + "---|" * (len(films) + 3),
    ]
    for attack, (_, _, goals) in ATTACKS.items():
        cells, scores, wrong = [], [], 0
        for rows in films.values():
            said = [row["attacks"][attack] for row in rows]
            blind, known = (sum(one[word] for one in said) for word in ("blind", "known"))
            wrong += sum(one["wrong"] for one in said)
            scores += [one["score"] for one in said if one["blind"]]
            more = f" + {known}" if known else ""
            cells.append(f"{blind}{more} of {len(said)} ({blind / len(said):.0%})")
        weakest = f"{min(scores):.1f}" if scores else "-"
        goal = f"{goals[1]} / {goals[0]} %" if goals else "-"
        lines.append(f"| {attack} | {' | '.join(cells)} | {goal} | {weakest} | {wrong} |")
    states = [row["unmarked"] for rows in films.values() for row in rows]
    told = ", ".join(f"{states.count(one)} {one}" for one in sorted(set(states)))
    lines += ["", f"The same films unmarked, the whole search with the real key: {told}."]
    return "\n".join(lines)


def cost_table() -> str:
    films = groups()
    if not films:
        return ""
    measures: dict[str, Callable[[dict[str, Any]], Iterator[float]]] = {
        "PSNR of the first frame, dB": lambda row: iter([row["first_psnr"]]),
        "PSNR of later frames, dB": lambda row: iter([row["psnr"]]),
        "bytes of the film at CRF 18, more by %": lambda row: iter([growth(row["bytes"])]),
        "bytes of a still of 2 s at CRF 18, more by %": lambda row: iter(
            [growth(row["still_bytes"])]
        ),
        "bytes of that still, more by kB": lambda row: iter(
            [(row["still_bytes"][1] - row["still_bytes"][0]) / 1000]
        ),
        "marking, ms a frame": lambda row: iter([row["embedding_ms"]]),
        "detection where read, s a film": lambda row: (
            one["seconds"] for one in row["attacks"].values() if one["blind"]
        ),
        "detection where not read, s a film": lambda row: (
            one["seconds"] for one in row["attacks"].values() if not one["blind"]
        ),
    }
    lines = [
        "Median, and least to most, over films; marking on two threads, the rest on one.",
        "",
        "| | " + " | ".join(films) + " |",
        "|---|" + "---|" * len(films),
    ]
    for title, measure in measures.items():
        cells = []
        for rows in films.values():
            values = [value for row in rows for value in measure(row)]
            cells.append(
                f"{np.median(values):.3g} ({min(values):.3g} to {max(values):.3g})"
                if values
                else "-"
            )
        lines.append(f"| {title} | {' | '.join(cells)} |")
    return "\n".join(lines)


def growth(sizes: list[int]) -> float:
    return 100 * (sizes[1] / sizes[0] - 1)


def false_alarm_table() -> str:
    rows = kept("false-alarms")
    if not rows:
        return ""
    zs = np.array([z for row in rows for z in row["z"]])
    states = sum((Counter(row["states"]) for row in rows), Counter[str]())
    searched = marks.TILE**2 * 2 * len(marks.SCALES)
    needed = math.sqrt(2 * math.log(2 * searched / marks.FALSE_ALARM))
    counts, edges = np.histogram(zs, np.arange(0, max(zs) + 0.25, 0.25))
    lines = [
        f"{len(zs)} trials of a fresh key on one of {len({row['clip'] for row in rows})} unmarked "
        f"films: {states['read']} ids read, {states['present']} marks found present. "
        f"The pilots' highest z: {zs.max():.2f}, mean {zs.mean():.2f} (told from {needed:.2f}).",
        "",
        "```",
        "   z  trials",
    ]
    lines += [
        f"{edge:4.2f} {count:7d} {'#' * math.ceil(50 * count / counts.max())}"
        for count, edge in zip(counts, edges, strict=False)
        if count
    ]
    return "\n".join([*lines, "```"])


# ---------------------------------------------------------------- sheets


def draw_sheet(name: str) -> None:
    """Original, marked, and sixteen times the difference on grey, full size: the first frame, then
    one in the middle."""
    frames = make_film(name)
    marked = embed.mark_frames(frames, fit.fitting_id(frames, record_of(name)))
    rows = []
    for at in (0, len(frames) // 2):
        difference = 128 + 16 * (marked[at].astype(np.int16) - frames[at])
        rows.append(np.concatenate([frames[at], marked[at], difference.clip(0, 255)], 1))
    SHEETS.mkdir(parents=True, exist_ok=True)
    path = SHEETS / f"{name}.jpg"
    Image.fromarray(np.concatenate(rows).astype(np.uint8)).save(path, quality=90, subsampling=0)
    print(f"{path}: {path.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    main()
