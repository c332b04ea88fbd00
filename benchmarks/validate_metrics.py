"""Does every metric notice when a film is made worse, and in the right order?

    .venv/bin/python benchmarks/validate_metrics.py [--clips 12] [--seconds 2]
        [--examiner [FOLDER]] [--only WORD] [--json FILE]

Renders held-out Backlot clips at 256x144, some for each need (steps that are heard, speech, dance,
a cut, the same motion by another character, ...), makes each worse by degrees, and prints for every
metric: its mean at each degree, in how many of the clips to which it applies all degrees came out
in the right order, and in how many the worst was told from the clean. Metrics of sound, motion and
attributes are tried on exact truth; with --examiner on what the examiner reads off the same films
instead. The random numbers are fixed: the same command prints the same table.
"""

from __future__ import annotations

import argparse
import json
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import islice
from pathlib import Path

import numpy as np

from onereel.backlot.acts import ACTS
from onereel.backlot.pairs import draw_task
from onereel.backlot.perform import difference
from onereel.backlot.script import HELD_OUT, Script, write_script
from onereel.backlot.shoot import block, find_contacts, shoot
from onereel.evaluate import degrade, pixels
from onereel.evaluate.adherence import adherence
from onereel.evaluate.degrade import Footage
from onereel.evaluate.frechet import frechet_distance
from onereel.evaluate.identity import identity_across_shots, same_person
from onereel.evaluate.reading import ANY_OF, ONE_OF, PER_FRAME, Reading, shots_of
from onereel.evaluate.sync import (
    beat_alignment,
    lip_agreement,
    onset_errors,
    onset_lift,
    onsets_within,
)
from onereel.evaluate.transfer import camera_agreement, motion_agreement
from onereel.evaluate.truth import read_truth

FIRST_SEED = HELD_OUT.start + 700_000
SIZE = (256, 144)
ATTRIBUTES = (*ONE_OF, *ANY_OF, *PER_FRAME)
Read = Callable[[Footage], Reading]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--clips", type=int, default=12, help="for each need")
    parser.add_argument("--seconds", type=float, default=2.0)
    parser.add_argument("--examiner", nargs="?", const="", metavar="FOLDER")
    parser.add_argument("--only", default="", help="needs whose name has this word")
    parser.add_argument("--json", type=Path, metavar="FILE")
    options = parser.parse_args()
    read = reader(options.examiner)
    rows: list[Row] = []
    print(f"{'metric':26}{'made worse by':18}{'mean at each degree':50}{'order':>8}{'told':>8}")
    for need, trials in TRIALS.items():
        if options.only not in need:
            continue
        cases = list(cases_of(need, options.clips, options.seconds, read))
        for trial in trials:
            for row in rows_of(trial, cases):
                rows.append(row)
                print(row, flush=True)
    if options.examiner is not None and options.only in "features":
        for row in distances(options.clips, options.seconds, read):
            rows.append(row)
            print(row, flush=True)
    if options.json:
        options.json.write_text(json.dumps([row.__dict__ for row in rows], indent=1) + "\n")


def reader(folder: str | None) -> Read:
    if folder is None:
        return lambda film: film.truth
    from onereel.evaluate.examiner import load_examiner, read_film

    examiner = load_examiner(Path(folder)) if folder else load_examiner()
    return lambda film: read_film(examiner, film.frames, film.sound)


# ---------------------------------------------------------------- clips


@dataclass(eq=False)
class Case:
    """A film, another to take bad parts from, one that agrees with it in what the need is about
    (its source in an edit), and the mask of an edit."""

    film: Footage
    other: Footage
    read: Read
    pair: Footage | None = None
    mask: np.ndarray | None = None

    @cached_property
    def agreeing(self) -> Reading:
        assert self.pair is not None
        return self.read(self.pair)


def footage(script: Script) -> Footage:
    take = shoot(script)
    return Footage(take.frames, take.sound, read_truth(take))


def cases_of(need: str, count: int, seconds: float, read: Read) -> Iterator[Case]:
    if need in ("identity", "motion", "camera", "redress"):
        seeds = (
            seed for seed in range(FIRST_SEED, HELD_OUT.stop) if task_fits(need, seed, seconds)
        )
        for seed in islice(seeds, count):
            yield task_case(need, seed, seconds, read)
        return
    scripts = fitting(need, seconds)
    films = [footage(next(scripts)) for _ in range(count)]
    for number, film in enumerate(films):
        yield Case(film, films[number - 1], read)


def task_fits(name: str, seed: int, seconds: float) -> bool:
    """Who is meant must be who stands out, so identity and motion are tried on one performer."""
    film = draw_task(seed, name, seconds, SIZE).film
    if name == "camera":
        return film.camera not in ("static", "handheld", "follow")
    return name == "redress" or len(film.performers) == len(film.shots) == 1


def task_case(name: str, seed: int, seconds: float, read: Read) -> Case:
    task = draw_task(seed, name, seconds, SIZE)
    film = footage(task.film)
    elsewhere = other_than(task.film, name, seed, seconds)
    other = footage(elsewhere)
    given = replace(task.given[0].script, seconds=seconds)
    if name == "camera":
        # The task's own source has the same kind of move, but perhaps the other way.
        given = replace(
            task.film,
            set=elsewhere.set,
            time_of_day=elsewhere.time_of_day,
            weather=elsewhere.weather,
            style=elsewhere.style,
        )
    pair = footage(given)
    mask = difference(pair.frames, film.frames) if name == "redress" else None
    return Case(film, other, read, pair, mask)


def other_than(film: Script, name: str, seed: int, seconds: float) -> Script:
    """A film that does not do what the need is about."""
    for number in range(1000):
        found = write_script(seed + 1000 * (number + 1), seconds, *SIZE)
        if len(found.shots) > 1:
            continue
        same_act = {one.act for one in found.performers} & {one.act for one in film.performers}
        if name == "camera" and found.camera not in (film.camera, "handheld"):
            return found
        if name != "camera" and not same_act and found.performers[0] != film.performers[0]:
            return found
    raise LookupError("no other film fits")


def fitting(need: str, seconds: float) -> Iterator[Script]:
    """Held-out scripts that have what a need is about."""
    for seed in range(FIRST_SEED, HELD_OUT.stop):
        script = write_script(seed, seconds, *SIZE)
        first = script.performers[0]
        alone = len(script.performers) == 1 and first.character.kind != "robot"
        if need == "any":
            fits = True
        elif need == "steps":
            fits = not script.lines and steps(script, "step" in str(ACTS[first.act].beats)) >= 3
        elif need == "speech":
            early = any(line.start < 0.3 * seconds for line in script.lines)
            fits = alone and early and script.shot_size in ("medium", "close")
        elif need == "dance":
            dances = script.music is not None and "dance" in first.act
            fits = dances and steps(script, dances) >= 3
        else:
            assert need == "cut"
            sizes = {shot.size for shot in script.shots}
            fits = alone and len(script.shots) == 2 and len(sizes) == 2
        if fits:
            yield script


def steps(script: Script, worthwhile: bool) -> int:
    """Contacts in the picture; blocking a script to count them takes a while."""
    if not worthwhile:
        return 0
    return sum(0 < one.x < 1 for one in find_contacts(script, block(script)))


# ---------------------------------------------------------------- trials


@dataclass(frozen=True)
class Metric:
    """`measure` takes the worsened film, what is read off it, and the case."""

    name: str
    measure: Callable[[Footage, Reading, Case], float]
    rises: bool = False  # is worse more?


@dataclass(frozen=True)
class Trial:
    how: str
    degrees: tuple[float, ...]  # the first changes nothing
    worsen: Callable[[Case, float], Footage]
    metrics: tuple[Metric, ...]
    pictures: bool = False  # metrics of pixels and samples, which read nothing


@dataclass(frozen=True)
class Row:
    metric: str
    how: str
    degrees: tuple[float, ...]
    means: tuple[float, ...]
    ordered: int  # clips with all degrees in order
    told: int  # clips with the worst told from the clean
    clips: int  # to which the metric applies

    def __str__(self) -> str:
        pairs = "  ".join(f"{d:g}: {v:.3g}" for d, v in zip(self.degrees, self.means, strict=True))
        shares = f"{self.ordered}/{self.clips}".rjust(8) + f"{self.told}/{self.clips}".rjust(8)
        return f"{self.metric:26}{self.how:18}{pairs:50}{shares}"


def rows_of(trial: Trial, cases: list[Case]) -> Iterator[Row]:
    found: dict[str, list[list[float]]] = {metric.name: [] for metric in trial.metrics}
    for case in cases:
        values: dict[str, list[float]] = {metric.name: [] for metric in trial.metrics}
        for degree in trial.degrees:
            film = trial.worsen(case, degree)
            reading = film.truth if trial.pictures else case.read(film)
            for metric in trial.metrics:
                values[metric.name].append(metric.measure(film, reading, case))
        for name, row in values.items():
            if not any(map(math.isnan, row)):
                found[name].append(row)
    for metric in trial.metrics:
        yield judged(metric.name, trial.how, trial.degrees, found[metric.name], metric.rises)


def judged(
    name: str, how: str, degrees: tuple[float, ...], values: list[list[float]], rises: bool
) -> Row:
    """Ties are in order, as long as the worst is worse than the clean."""
    if not values:
        return Row(name, how, degrees, (math.nan,) * len(degrees), 0, 0, 0)
    table = np.array(values) * (1 if rises else -1)
    with np.errstate(invalid="ignore"):  # two infinite errors are a tie
        worse = np.nan_to_num(np.diff(table, axis=1)) >= -1e-9
        told = table[:, -1] > table[:, 0] + 1e-9
    ordered = worse.all(axis=1) & told
    means = np.where(np.isinf(values), 999.0, values).mean(axis=0)
    return Row(
        name, how, degrees, tuple(means.tolist()), int(ordered.sum()), int(told.sum()), len(table)
    )


def of_reading(measure: Callable[[Reading], float]) -> Callable[[Footage, Reading, Case], float]:
    return lambda film, reading, case: measure(reading)


def median_error(reading: Reading) -> float:
    errors = onset_errors(reading)
    return float(np.median(errors)) if len(errors) else math.nan


def shows(name: str) -> Metric:
    """Adherence of one attribute, where the other film is not asked for the same."""

    def measure(film: Footage, reading: Reading, case: Case) -> float:
        wanted = case.film.truth
        if not adherence(case.other.truth, wanted)[name] < 0.99:
            return math.nan
        return adherence(reading, wanted)[name]

    return Metric(f"adherence: {name}", measure)


def agrees(
    measure: Callable[[Reading, Reading], float],
) -> Callable[[Footage, Reading, Case], float]:
    return lambda film, reading, case: measure(reading, case.agreeing)


def stays_local(film: Footage, reading: Reading, case: Case) -> float:
    assert case.pair is not None and case.mask is not None
    return pixels.locality(film.frames, case.pair.frames, case.mask)


def seam_in(film: Footage, reading: Reading, case: Case) -> float:
    """At a third of the film; a film with cuts of its own is left out."""
    if len(shots_of(case.film.truth)) > 1:
        return math.nan
    third = len(film.frames) // 3
    return pixels.seam(film.frames[:third], film.frames[third:])


def worse(change: Callable[[Footage, float], Footage]) -> Callable[[Case, float], Footage]:
    return lambda case, degree: change(case.film, degree)


def with_chance(
    change: Callable[[Footage, float, np.random.Generator], Footage],
) -> Callable[[Case, float], Footage]:
    return lambda case, degree: change(case.film, degree, np.random.default_rng(7))


def end_of_other(case: Case, share: float) -> Footage:
    return degrade.end_with(case.film, case.other, share)


def other_after_cut(case: Case, degree: float) -> Footage:
    """From the first cut on, somebody else."""
    share = 1 - shots_of(case.film.truth)[1].start / len(case.film.frames)
    return end_of_other(case, share) if degree else case.film


def pieces(case: Case, a_second: float) -> Footage:
    if not a_second:
        return case.film
    return degrade.shuffle(case.film, round(24 / a_second), np.random.default_rng(7))


def skip(film: Footage, frames: float) -> Footage:
    """At a third of the film so many frames are missing; it stands still at its end."""
    order = np.arange(len(film.frames))
    order[len(order) // 3 :] += int(frames)
    return degrade.in_order(film, np.minimum(order, len(order) - 1))


def brighten_later(film: Footage, levels: float) -> Footage:
    frames = film.frames.astype(np.float32)
    frames[len(frames) // 3 :] += levels
    return replace(film, frames=degrade.to_bytes(frames))


def leak(case: Case, share: float) -> Footage:
    assert case.mask is not None
    return degrade.leak(case.film, case.mask, share)


NEXT = (0, 0.25, 0.5, 1)
WITHIN = Metric("onsets_within", of_reading(onsets_within))
LIFT = Metric("onset_lift", of_reading(onset_lift))
ERROR = Metric("median onset error, ms", of_reading(median_error), True)
LIPS = Metric("lip_agreement", of_reading(lip_agreement))
BEATS = Metric("beat_alignment", of_reading(beat_alignment))
SHOTS = Metric("identity_across_shots", of_reading(identity_across_shots))
PERSON = Metric("same_person", agrees(same_person))
MOTION = Metric("motion_agreement", agrees(motion_agreement))
CAMERA = Metric("camera_agreement", agrees(camera_agreement))
LOCAL = Metric("locality, dB", stays_local)
FIRST = Metric(
    "first_frame_fidelity, dB",
    lambda film, reading, case: pixels.first_frame_fidelity(film.frames, case.film.frames[0]),
)
SHARP = Metric("sharpness", lambda film, reading, case: pixels.sharpness(film.frames))
GRAIN = Metric("grain", lambda film, reading, case: pixels.grain(film.frames), True)
FLICKER = Metric("flicker", lambda film, reading, case: pixels.flicker(film.frames), True)
FROZEN = Metric("frozen", lambda film, reading, case: pixels.frozen(film.frames), True)
SILENCE = Metric("silence", lambda film, reading, case: pixels.silence(film.sound), True)
CLIPPING = Metric("clipping", lambda film, reading, case: pixels.clipping(film.sound), True)
SEAM = Metric("seam", seam_in, True)

LATE, FREEZE = worse(degrade.shift_sound), worse(degrade.freeze)
EARLY = worse(lambda film, ms: degrade.shift_sound(film, -ms))

# Need -> what is tried on clips that have it.
TRIALS: dict[str, tuple[Trial, ...]] = {
    "steps": (
        Trial("sound late, ms", (0, 50, 100), LATE, (WITHIN, LIFT, ERROR)),
        Trial("sound early, ms", (0, 50, 100), EARLY, (WITHIN, LIFT, ERROR)),
        Trial("clicks a second", (0, 4, 8, 16), worse(degrade.clatter), (LIFT,)),
        Trial("silent share", NEXT, worse(degrade.mute), (WITHIN,)),
    ),
    "speech": (
        Trial("sound late, ms", (0, 100, 200), LATE, (LIPS,)),
        Trial("frozen share", (0, 0.5, 1), FREEZE, (LIPS,)),
    ),
    "dance": (Trial("sound late, ms", (0, 60, 120), LATE, (BEATS,)),),
    "cut": (Trial("other after cut", (0, 1), other_after_cut, (SHOTS,)),),
    "identity": (Trial("other's share", NEXT, end_of_other, (PERSON,)),),
    "motion": (
        Trial("other's share", (0, 0.5, 1), end_of_other, (MOTION,)),
        Trial("pieces a second", (0, 6), pieces, (MOTION,)),
        Trial("frozen share", (0, 0.5, 1), FREEZE, (MOTION,)),
    ),
    "camera": (
        Trial("other's share", (0, 0.5, 1), end_of_other, (CAMERA,)),
        Trial("frozen share", (0, 0.5, 1), FREEZE, (CAMERA,)),
    ),
    "redress": (Trial("leaking share", (0, 0.1, 0.3, 1), leak, (LOCAL,), True),),
    "any": (
        Trial("other's share", NEXT, end_of_other, tuple(shows(name) for name in ATTRIBUTES)),
        Trial("blur, pixels", (0, 0.5, 1, 2, 4), worse(degrade.blur), (FIRST, SHARP), True),
        Trial("noise, levels", (0, 2, 6, 18), with_chance(degrade.noise), (FIRST, GRAIN), True),
        Trial("flicker", (0, 0.01, 0.03, 0.1), with_chance(degrade.flicker), (FLICKER,), True),
        Trial("frozen share", NEXT, FREEZE, (FROZEN,), True),
        Trial(
            "frames held",
            (1, 2, 3),
            worse(lambda film, frames: degrade.hold(film, int(frames))),
            (FROZEN,),
            True,
        ),
        Trial("silent share", NEXT, worse(degrade.mute), (SILENCE,), True),
        Trial("gain", (1, 2, 4, 8), worse(degrade.overdrive), (CLIPPING,), True),
        Trial("frames skipped", (0, 4, 12), worse(skip), (SEAM,), True),
        Trial("levels brighter", (0, 3, 9), worse(brighten_later), (SEAM,), True),
        Trial("other's share", (0, 2 / 3), end_of_other, (SEAM,), True),
    ),
}  # fmt: skip


# ---------------------------------------------------------------- sets of films


def distances(count: int, seconds: float, read: Read) -> Iterator[Row]:
    """The Fréchet distance of one half of twice as many clips to the other, made worse."""
    cases = list(cases_of("any", 2 * count, seconds, read))
    still = np.stack([read(case.film).features for case in cases[:count]])
    for how, degrees, worsen in (
        ("blur, pixels", (0.0, 1.0, 2.0, 4.0), worse(degrade.blur)),
        ("noise, levels", (0.0, 6.0, 18.0, 54.0), with_chance(degrade.noise)),
        ("pieces a second", (0.0, 3.0, 6.0, 12.0), pieces),
        ("sound late, ms", (0.0, 100.0, 200.0, 400.0), LATE),
    ):
        row = []
        for degree in degrees:
            changed = [read(worsen(case, degree)).features for case in cases[count:]]
            row.append(frechet_distance(still, np.stack(changed)))
        yield judged("frechet_distance", how, degrees, [row], True)


if __name__ == "__main__":
    main()
