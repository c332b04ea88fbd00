"""Which measures apply to which item, what each means, and their means over a suite.

- `MEASURES` is everything that a report shows, in its order, with a sentence on each
- every score is computed three times: on the film, on the real render (the ceiling), and on the
  real render after the autoencoder, beyond which no weights of this transformer can go
- nan (does not apply) never reaches a mean; a film that was not made has no scores at all

Called from run.py; `MEASURES` by report.py.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from onereel.backlot.perform import Performed
from onereel.backlot.tasks import CLIP, PICTURE
from onereel.evaluate import pixels, sync
from onereel.evaluate.adherence import adherence
from onereel.evaluate.frechet import frechet_distance, frechet_interval
from onereel.evaluate.identity import identity_across_shots, same_person
from onereel.evaluate.reading import ANY_OF, ONE_OF, PER_FRAME, Reading
from onereel.evaluate.transfer import camera_agreement, motion_agreement

ROUNDS = 2000  # of the bootstrap
# Where real renders score less than this the examiner cannot read it, and a share means nothing.
LEAST_CEILING = 0.2


@dataclass(frozen=True)
class Measure:
    """unit: "" (0 to 1), dB, ms, x (times) or grey (levels of 255).  better: 1 where more is, -1
    where less is, 0 where it depends.  shared: whether a share of the ceiling means something."""

    name: str
    title: str
    unit: str
    better: int
    meaning: str
    shared: bool = True


ATTRIBUTES = {
    "set": "place", "time_of_day": "time of day", "weather": "weather", "style": "style",
    "mood": "mood of the music", "act": "act", "kind": "who (boy, woman, cat …)",
    "outfit": "clothes", "outfit_colour": "colour of clothes", "hair_style": "hair",
    "hair_colour": "colour of hair", "accessory": "accessory", "object": "thing",
    "sound": "what is heard", "size": "shot size", "camera": "camera move",
    "shots": "number of shots",
}  # fmt: skip

MEASURES: tuple[Measure, ...] = (
    Measure("adherence", "Follows the words", "", 1,
            "How much of what was asked for the examiner finds in the film: the mean of the "
            "attributes below that the prompt or a reference says."),
    *(
        Measure(f"adherence.{name}", title, "", 1,
                f"Whether the film has the {title} that was asked for.")
        for name, title in ATTRIBUTES.items()
    ),
    Measure("onsets_within", "Contacts heard in time", "", 1,
            "Share of the contacts seen (feet, fists, things) that are heard within 42 ms, one "
            "frame."),
    Measure("onset_lift", "… beyond chance", "", 1,
            "The same less what this sound would score if it were shifted at random."),
    Measure("onset_error", "Contact to its sound", "ms", -1,
            "Median time from a contact seen to the nearest onset heard within 250 ms.", False),
    Measure("lip_agreement", "Lips follow the voice", "", 1,
            "Correlation of the mouth seen with the mouth heard, where somebody speaks."),
    Measure("beat_alignment", "Moves on the beat", "", 1,
            "Contacts seen on the beats of the music heard, beyond chance."),
    Measure("identity_across_shots", "Same person over cuts", "", 1,
            "How alike the person described before and after each cut is."),
    Measure("identity_to_reference", "Same person as given", "", 1,
            "How alike the film's person and the one in the reference are."),
    Measure("first_frame_fidelity", "First frame as given", "dB", 1,
            "PSNR of the first frame against the picture that was given for it.", False),
    Measure("last_frame_fidelity", "Last frame as given", "dB", 1,
            "PSNR of the last frame against the picture that was given for it.", False),
    Measure("motion_agreement", "Moves as the reference", "", 1,
            "Cosine of the joints' velocities with those of the reference clip."),
    Measure("camera_agreement", "Camera as the reference", "", 1,
            "Cosine of the camera's velocity with that of the reference clip."),
    Measure("locality", "Unchanged outside the edit", "dB", 1,
            "PSNR outside the edit's mask, of the film against its source.", False),
    Measure("seam", "Jump where it was extended", "x", -1,
            "The jump at the join as a multiple of the jumps around it; 1 cannot be seen.", False),
    Measure("sharpness", "Sharpness", "", 0,
            "Steepest edges at full size against those at half size; a blur lowers it, noise "
            "raises it.", False),
    Measure("flicker", "Flicker", "grey", -1,
            "How far brightness and detail of 8x8 blocks go to and fro in the stiller half of the "
            "picture.", False),
    Measure("grain", "Moving noise", "grey", -1,
            "The same of single pixels.", False),
    Measure("frozen", "Frozen picture", "", -1,
            "Share of the frames that repeat the frame before.", False),
    Measure("silence", "Silence", "", 0,
            "Share of the film in which nothing is heard (under -60 dBFS).", False),
    Measure("clipping", "Clipped sound", "", -1, "Share of the samples at the rails.", False),
    Measure("frechet", "Distance from real films", "", -1,
            "Fréchet distance to the real renders of the same items in the examiner's features; "
            "compare only suites of one size.", False),
)  # fmt: skip

# Tasks whose references show who is to be in the film.
SAME_PERSON = ("identity", "swap", "voice", "music", "extend", "extend_backward", "continuation")


@dataclass(frozen=True, eq=False)
class Seen:
    """A film and what the examiner read off it: frames (T, H, W, 3) uint8, sound (samples, 2)."""

    frames: np.ndarray
    sound: np.ndarray | None
    reading: Reading


@dataclass(frozen=True, eq=False)
class Wanted:
    """What a film is held against. `given` are readings of the references with a picture, None for
    recordings, in the order of `performed.given`."""

    performed: Performed
    truth: Reading
    asked: frozenset[str]
    given: tuple[Reading | None, ...]


def score(film: Seen, wanted: Wanted) -> dict[str, float]:
    """Name of a measure -> score, for all that apply to this item."""
    found = words(film.reading, wanted)
    found |= together(film.reading, wanted.truth) | likeness(film, wanted) | plain(film)
    known = {one.name for one in MEASURES}
    assert set(found) <= known, set(found) - known
    return {name: value for name, value in found.items() if math.isfinite(value)}


def words(reading: Reading, wanted: Wanted) -> dict[str, float]:
    scores = adherence(reading, wanted.truth)
    kept = {
        name: scores[name]
        for name in (*ONE_OF, *ANY_OF, *PER_FRAME, "shots")
        if name in wanted.asked and math.isfinite(scores[name])
    }
    found = {f"adherence.{name}": value for name, value in kept.items()}
    return found | {"adherence": float(np.mean(list(kept.values()))) if kept else math.nan}


def together(reading: Reading, truth: Reading) -> dict[str, float]:
    """Sound and picture against each other, and a person over cuts, where the script has them: what
    is read where there is none would be compared with nothing."""
    speaks, plays, cuts = truth.voice.any(), truth.beat.any(), truth.cut.any()
    errors = sync.onset_errors(reading)
    near = errors[np.isfinite(errors)]
    return {
        "onsets_within": sync.onsets_within(reading),
        "onset_lift": sync.onset_lift(reading),
        "onset_error": float(np.median(near)) if len(near) else math.nan,
        "lip_agreement": sync.lip_agreement(reading) if speaks else math.nan,
        "beat_alignment": sync.beat_alignment(reading) if plays else math.nan,
        "identity_across_shots": identity_across_shots(reading) if cuts else math.nan,
    }


def likeness(film: Seen, wanted: Wanted) -> dict[str, float]:
    """The film against what was given."""
    task, given = wanted.performed.task, wanted.performed.given
    found: dict[str, float] = {}
    for material in given:
        if material.role == "first_frame" and material.frames is not None:
            found["first_frame_fidelity"] = pixels.first_frame_fidelity(
                film.frames, material.frames
            )
        if material.role == "last_frame" and material.frames is not None:
            found["last_frame_fidelity"] = pixels.first_frame_fidelity(
                film.frames[::-1], material.frames
            )
    shown = [
        reading
        for material, reading in zip(given, wanted.given, strict=True)
        if reading is not None and material.role == "reference"
    ]
    if task.name in SAME_PERSON:
        kind = CLIP if task.name.startswith(("extend", "continuation")) else PICTURE
        people = [
            reading
            for material, reading in zip(given, wanted.given, strict=True)
            if reading is not None and material.kind == kind
        ]
        alike = [same_person(film.reading, one) for one in people]
        alike = [one for one in alike if math.isfinite(one)]
        found["identity_to_reference"] = float(np.mean(alike)) if alike else math.nan
    if task.name == "motion":
        found["motion_agreement"] = motion_agreement(film.reading, shown[0])
    if task.name == "camera":
        found["camera_agreement"] = camera_agreement(film.reading, shown[0])
    source = given[0].frames if given and given[0].kind == CLIP else None
    if source is not None and wanted.performed.mask is not None:
        length = min(len(source), len(film.frames))
        found["locality"] = pixels.locality(
            film.frames[:length], source[:length], wanted.performed.mask[:length]
        )
    # The part to be made begins (or ends) with the frame that the given part ends with.
    if source is not None and task.name == "extend":
        found["seam"] = pixels.seam(source, film.frames[1:])
    if source is not None and task.name == "extend_backward":
        found["seam"] = pixels.seam(film.frames[:-1], source)
    return found


def plain(film: Seen) -> dict[str, float]:
    """Frames and sound by themselves."""
    found = {
        "sharpness": pixels.sharpness(film.frames),
        "flicker": pixels.flicker(film.frames),
        "grain": pixels.grain(film.frames),
        "frozen": pixels.frozen(film.frames),
    }
    if film.sound is not None:
        found["silence"] = pixels.silence(film.sound)
        found["clipping"] = pixels.clipping(film.sound)
    return found


# ---------------------------------------------------------------- over a suite


def summarise(items: Sequence[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Measure -> mean, low, high (95 % by the bootstrap over items), n, ceiling, rebuilt, share.

    items: as run.py writes them. Where films were made, ceiling and rebuilt are means over the same
    items as the film's; where none was, over all items, and mean is None.
    """
    found: dict[str, dict[str, Any]] = {}
    for measure in MEASURES:
        if measure.name == "frechet":
            continue
        film, rebuilt, real = (
            [(one["scores"].get(whose) or {}).get(measure.name, math.nan) for one in items]
            for whose in ("film", "rebuilt", "real")
        )
        row = _mean_of(np.array(film), np.array(rebuilt), np.array(real), measure.shared)
        if row is not None:
            found[measure.name] = row
    distance = _frechet(items)
    return found | ({"frechet": distance} if distance else {})


def _mean_of(
    film: np.ndarray, rebuilt: np.ndarray, real: np.ndarray, shared: bool
) -> dict[str, Any] | None:
    made = np.isfinite(film)
    over = made if made.any() else np.isfinite(real)
    if not over.any():
        return None
    row: dict[str, Any] = {
        "mean": None, "low": None, "high": None, "n": int(made.sum()), "share": None,
        "ceiling": _mean(real[over]), "rebuilt": _mean(rebuilt[over]), "items": len(film),
    }  # fmt: skip
    if made.any():
        row["mean"] = _mean(film[made])
        row["low"], row["high"] = interval(film[made])
        both = made & np.isfinite(real)
        if shared and both.any() and real[both].mean() >= LEAST_CEILING:
            row["share"] = float(film[both].mean() / real[both].mean())
    return row


def _mean(values: np.ndarray) -> float | None:
    values = values[np.isfinite(values)]
    return float(values.mean()) if len(values) else None


def interval(values: np.ndarray) -> tuple[float, float]:
    """The 95 % interval of a mean, by resampling the values; the same every time."""
    rng = np.random.Generator(np.random.PCG64(len(values)))
    means = values[rng.integers(len(values), size=(ROUNDS, len(values)))].mean(axis=1)
    low, high = np.quantile(means, (0.025, 0.975))
    return float(low), float(high)


def _frechet(items: Iterable[dict[str, Any]]) -> dict[str, Any] | None:
    """Films against the real renders of the same items; the ceiling is real against real in halves
    of different items, the rebuilt the autoencoder's copies against the originals."""
    made = [one for one in items if one["features"].get("film")]
    if len(made) < 4:
        return None
    film, rebuilt, real = (
        np.array([one["features"][whose] for one in made], np.float64)
        for whose in ("film", "rebuilt", "real")
    )
    low, high = frechet_interval(film, real, np.random.Generator(np.random.PCG64(0)), 200)
    return {
        "mean": frechet_distance(film, real), "low": low, "high": high, "n": len(made),
        "items": len(made), "share": None, "rebuilt": frechet_distance(rebuilt, real),
        # Halves of a few films lie further apart than bad films do from good ones.
        "ceiling": frechet_distance(real[::2], real[1::2]) if len(made) >= 40 else None,
    }  # fmt: skip
