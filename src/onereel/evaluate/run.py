"""Makes and measures every item of a suite; a run that was stopped goes on where it was.

- for each item: shoot the real render and its references, make the film from the same words and
  files as any user would, read film, real render and the autoencoder's copy of it, score all three
- what the model refuses or has not learned is a result, with its sentence; only Ctrl-C and a full
  disk stop a run
- one JSON an item, written when its files are there; an item is skipped when it was done with the
  same weights, examiner and Backlot
- films leave through marks.film like every film; real renders and references are the Backlot's

Called from the command line. Needs the [backlot] extra.
"""

from __future__ import annotations

import hashlib
import os
import platform
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import torch
from PIL import Image

from onereel import __version__
from onereel.backlot.perform import Material, Performed, perform
from onereel.backlot.script import FPS, SAMPLE_RATE, VERSION
from onereel.clip import Clip, utc_now
from onereel.errors import Cancelled, OnereelError, Refused, WrongUse, shown
from onereel.evaluate.examiner import load_examiner, read_film
from onereel.evaluate.folder import (
    FAILED,
    FOLDERS,
    MADE,
    NOT_LEARNED,
    REFUSED,
    make_folder,
    read_done,
    write_whole,
)
from onereel.evaluate.reading import ANY_OF, ONE_OF, Reading
from onereel.evaluate.scores import Seen, Wanted, score, summarise
from onereel.evaluate.suites import GROUPS, Item, Suite, task_of
from onereel.evaluate.wanted import wanted_of
from onereel.marks.film import write_film, write_still
from onereel.marks.label import Label
from onereel.media.sheet import contact_sheet
from onereel.media.write import encode_mp4, encode_wav
from onereel.model.shapes import FRAMES_PER_LATENT
from onereel.model.weights import PACKAGED
from onereel.produce import make_film, ready_model
from onereel.reconstruct import copy_frames, copy_sound
from onereel.records.home import Home
from onereel.request import SHORTEST_SECONDS, parse_request

Tell = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Reader:
    """What reads films: read(frames (T, H, W, 3) uint8, sound (samples, 2) or None) -> Reading.

    name: of these exact weights.  accuracy: attribute -> share read rightly on held-out renders.
    """

    read: Callable[[np.ndarray, np.ndarray | None], Reading]
    name: str
    accuracy: dict[str, float]


def open_reader(folder: Path = PACKAGED / "examiner") -> Reader:
    """The packaged examiner, or another. Raises WrongUse if its files are missing or damaged."""
    examiner = load_examiner(folder)
    digest = hashlib.sha256()
    for path in sorted((*folder.glob("examiner*.safetensors"), folder / "examiner.json")):
        digest.update(path.read_bytes())
    return Reader(partial(read_film, examiner), digest.hexdigest()[:16], examiner.accuracy)


def evaluate(
    suite: Suite,
    folder: Path,
    reader: Reader,
    model_folder: Path,
    home: Home,
    tell: Tell = lambda stage, done, of: None,
) -> dict[str, Any]:
    """Run the suite into `folder` and return what results.json holds.

    Raises Cancelled on Ctrl-C, with the items that are done kept; OnereelError when the disk fails.
    """
    for name in FOLDERS:
        make_folder(folder / name)
    with_model, _ = ready_model(model_folder)
    made_with = {
        "weights": with_model.weights_hash, "model": with_model.sampling.name,
        "examiner": reader.name, "backlot": VERSION,
    }  # fmt: skip
    done = []
    try:
        for number, item in enumerate(suite.items):
            tell("items", number, len(suite.items))
            path = folder / "items" / f"{item.id}.json"
            told = read_done(path, asdict(item), made_with)
            if told is None:
                told = film_item(item, folder, reader, model_folder, home, tell)
                told["made_with"] = made_with
                write_whole(path, told)
            done.append(told)
    except KeyboardInterrupt:
        raise Cancelled(
            f"Stopped; {len(done)} of {len(suite.items)} items are kept in {shown(folder)}, and "
            "the same command goes on from there."
        ) from None
    tell("items", len(suite.items), len(suite.items))
    results = results_of(suite, done, made_with, reader)
    write_whole(folder / "results.json", results)
    return results


# ---------------------------------------------------------------- one item


def film_item(
    item: Item, folder: Path, reader: Reader, model_folder: Path, home: Home, tell: Tell
) -> dict[str, Any]:
    """Shoot, make, read and score one item, and write its files."""
    clock: dict[str, float] = {}
    started = time.perf_counter()

    def lap(stage: str) -> None:
        nonlocal started
        now = time.perf_counter()
        clock[stage] = round(now - started, 2)
        started = now

    model, _ = ready_model(model_folder)
    task = replace(task_of(item, model.sampling.sizes[item.ratio]), caption=item.prompt)
    performed = perform(task)
    real_frames, real_sound = whole_latents(performed.frames, performed.sound)
    files = write_given(folder, item, performed.given)
    lap("shoot")

    seconds = max(SHORTEST_SECONDS, round(task.end - task.start))
    clip, outcome, said = film_of(item, performed, seconds, folder, files, model_folder, tell)
    lap("make")

    written = {"real": f"real/{item.id}.mp4", "real_sheet": f"sheets/{item.id}.real.jpg"}
    encode_mp4(folder / written["real"], real_frames, real_sound, FPS, SAMPLE_RATE)
    sheet_of(real_frames, real_sound).save(folder / written["real_sheet"], quality=88)
    if clip is not None:
        written |= {"film": f"films/{item.id}.mp4", "sheet": f"sheets/{item.id}.jpg"}
        write_film(folder / written["film"], clip, home=home)
        # A sheet shows what the model made, so it leaves marked too.
        picture = np.asarray(sheet_of(clip.frames, clip.sound))[None]
        still = replace(clip, frames=picture, sound=None)
        write_still(folder / written["sheet"], still, home=home, label=Label("opening"))
    lap("write")

    truth, asked = wanted_of(task)
    given = tuple(
        None if one.frames is None else reader.read(one.frames, one.sound)
        for one in performed.given
    )
    wanted = Wanted(performed, truth, asked, given)
    copy_frames, copy_sound = through_autoencoder(real_frames, real_sound, model_folder)
    seen = {
        "rebuilt": Seen(copy_frames, copy_sound, reader.read(copy_frames, copy_sound)),
        "real": Seen(real_frames, real_sound, reader.read(real_frames, real_sound)),
    }
    if clip is not None:
        seen["film"] = Seen(clip.frames, clip.sound, reader.read(clip.frames, clip.sound))
    scores = {whose: rounded(score(one, wanted)) for whose, one in seen.items()}
    lap("read")
    return {
        "item": asdict(item),
        "outcome": outcome,
        "said": said,
        "warnings": list(clip.record.warnings) if clip is not None else [],
        "record": clip.record.id if clip is not None else None,
        "steps": clip.record.steps if clip is not None else None,
        "computed": clip.record.computed if clip is not None else None,
        "size": [task.film.width, task.film.height],
        "given": [
            {"kind": one.kind, "role": one.role, "file": name}
            for one, name in zip(performed.given, files, strict=True)
        ],
        "files": written,
        "scores": {"film": None, **scores},
        "read": {whose: named(one.reading, truth, asked) for whose, one in seen.items()},
        "features": {
            whose: [round(float(one), 5) for one in seen[whose].reading.features] for whose in seen
        },
        "seconds": clock,
    }


def film_of(
    item: Item,
    performed: Performed,
    seconds: int,
    folder: Path,
    files: list[str],
    model_folder: Path,
    tell: Tell,
) -> tuple[Clip | None, str, str]:
    """The film as any user's request would get it, or what was said instead."""
    references = [
        {"kind": one.kind, "role": one.role, "path": folder / name}
        for one, name in zip(performed.given, files, strict=True)
    ]
    request = parse_request(
        prompt=item.prompt, references=references, ratio=item.ratio, seconds=seconds, seed=item.seed
    )

    def progress(stage: str, done: int, of: int) -> None:
        if stage == "denoise":
            tell(stage, done, of)

    try:
        return make_film(request, model_folder=model_folder, progress=progress), MADE, ""
    except Cancelled:
        raise
    except WrongUse as error:
        learned = ready_model(model_folder)[0].sampling.learned_references
        new = any(one.role == "reference" and one.kind not in learned for one in performed.given)
        return None, NOT_LEARNED if new else FAILED, str(error)
    except Refused as error:
        return None, REFUSED, str(error)
    except OnereelError as error:
        return None, FAILED, str(error)


def write_given(folder: Path, item: Item, given: tuple[Material, ...]) -> list[str]:
    """The references as files that a request can name, relative to `folder`."""
    names = []
    for number, one in enumerate(given, start=1):
        suffix = {"picture": "png", "clip": "mp4", "recording": "wav"}[one.kind]
        name = f"given/{item.id}-{number}.{suffix}"
        path = folder / name
        if one.kind == "picture" and one.frames is not None:
            Image.fromarray(one.frames[0]).save(path)
        elif one.kind == "clip" and one.frames is not None:
            encode_mp4(path, one.frames, one.sound, FPS, SAMPLE_RATE)
        elif one.sound is not None:
            encode_wav(path, one.sound, SAMPLE_RATE)
        names.append(name)
    return names


def whole_latents(frames: np.ndarray, sound: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Frames and sound cut to 8k + 1 frames, which is what a film can be."""
    count = (len(frames) - 1) // FRAMES_PER_LATENT * FRAMES_PER_LATENT + 1
    return frames[:count], sound[: count * SAMPLE_RATE // FPS]


@torch.inference_mode()
def through_autoencoder(
    frames: np.ndarray, sound: np.ndarray, model_folder: Path
) -> tuple[np.ndarray, np.ndarray]:
    """A film encoded and decoded again: the best that any transformer over these latents can do."""
    model, place = ready_model(model_folder)
    copies = list(copy_frames(model.video, frames, place.device))
    return np.concatenate(copies), copy_sound(model.audio, sound, place.device)


def sheet_of(frames: np.ndarray, sound: np.ndarray | None) -> Image.Image:
    """Frames side by side over the sound's spectrogram, about as high whatever the ratio."""
    columns = round(3.4 * frames.shape[1] / frames.shape[2] * 16 / 9)
    return contact_sheet(frames, sound, SAMPLE_RATE, columns=min(10, max(5, columns)))


def named(reading: Reading, truth: Reading, asked: frozenset[str]) -> dict[str, list[Any]]:
    """Attribute -> [what was asked for, what was read], in words, of whole films."""
    found: dict[str, list[Any]] = {}
    for name in (*ONE_OF, *ANY_OF):
        wanted = [one for one, value in truth.named(name).items() if value > 0]
        if name not in asked or not wanted:
            continue
        read = reading.named(name) if name in reading.film else {}
        order = sorted(read.items(), key=lambda one: -one[1])
        if name in ONE_OF:
            order = order[:1]
        else:
            order = [one for one in order if one[1] >= 0.5] or order[:1]
        found[name] = [wanted, [[one, round(value, 3)] for one, value in order]]
    return found


def rounded(scores: dict[str, float]) -> dict[str, float]:
    return {name: round(value, 5) for name, value in scores.items()}


# ---------------------------------------------------------------- the whole


def results_of(
    suite: Suite, done: list[dict[str, Any]], made_with: dict[str, Any], reader: Reader
) -> dict[str, Any]:
    outcomes = Counter(one["outcome"] for one in done)
    groups = {}
    for group in GROUPS:
        mine = [one for one in done if one["item"]["group"] == group]
        if mine:
            groups[group] = {
                "items": len(mine),
                "made": sum(one["outcome"] == MADE for one in mine),
                "said": next((one["said"] for one in mine if one["said"]), ""),
                "measures": summarise(mine),
            }
    return {
        "onereel": __version__,
        "created": utc_now(),
        "suite": suite.name,
        "made_with": made_with,
        "examiner_accuracy": reader.accuracy,
        "machine": machine(),
        "items": len(done),
        "outcomes": dict(outcomes),
        "seconds": round(sum(sum(one["seconds"].values()) for one in done), 1),
        "measures": summarise(done),
        "groups": groups,
        "per_item": [{k: v for k, v in one.items() if k != "features"} for one in done],
    }


def machine() -> dict[str, Any]:
    return {
        "system": f"{platform.system()} {platform.machine()}",
        "cores": os.cpu_count(),
        "threads": torch.get_num_threads(),
        "device": torch.cuda.get_device_name() if torch.cuda.is_available() else "cpu",
        "torch": torch.__version__,
        "python": platform.python_version(),
    }


def only(suite: Suite, groups: list[str]) -> Suite:
    """The items of some groups."""
    unknown = next((one for one in groups if one not in GROUPS), None)
    if unknown is not None:
        raise WrongUse(f"There is no group {shown(unknown)}; they are {', '.join(GROUPS)}.")
    items = tuple(one for one in suite.items if one.group in groups)
    if not items:
        raise WrongUse(f"The suite {shown(suite.name)} has no items of {', '.join(groups)}.")
    return replace(suite, items=items)
