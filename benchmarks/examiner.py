"""How well the examiner reads real renders that neither it nor any model has seen.

    .venv/bin/python benchmarks/examiner.py [--clips 60] [--examiner DIR] [--write]

Held-out clips of 4 s at 512x288 are shot and read from frames and sound alone; what is read is held
against the truth. Prints a table and confusion tables as Markdown; `--write` puts them into
docs/evaluation.md and the shares into the examiner's accuracy.json.
"""

from __future__ import annotations

import argparse
import json
import time
from pathlib import Path

import numpy as np

from onereel.backlot.script import HELD_OUT, VERSION, write_script
from onereel.backlot.shoot import shoot
from onereel.evaluate.examiner import load_examiner, read_film
from onereel.evaluate.reading import ANY_OF, ONE_OF, PER_FRAME, Reading
from onereel.evaluate.sync import contact_times, onset_times
from onereel.evaluate.truth import read_truth
from onereel.model.weights import PACKAGED

DOC = Path(__file__).parent.parent / "docs" / "evaluation.md"
BEGIN, END = "<!-- benchmarks/examiner.py --write: begin -->", "<!-- end examiner -->"
# Of these, what is mistaken for what is shown.
CONFUSIONS = ("set", "time_of_day", "weather", "style", "size", "camera", "act", "kind")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--clips", type=int, default=60)
    parser.add_argument("--first", type=int, default=5000, help="of the held-out seeds")
    parser.add_argument("--examiner", type=Path, default=PACKAGED / "examiner")
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    examiner = load_examiner(options.examiner)
    pairs, seconds = [], 0.0
    for number in range(options.clips):
        take = shoot(write_script(HELD_OUT.start + options.first + number, 4.0, 512, 288))
        started = time.process_time()
        read = read_film(examiner, take.frames, take.sound)
        seconds += time.process_time() - started
        pairs.append((read, read_truth(take)))
        print(f"\r{number + 1} of {options.clips} films read", end="", flush=True)
    print()
    shares = accuracy(pairs)
    text = (
        f"{options.clips} held-out clips of 4 s at 512x288, Backlot version {VERSION}; reading one "
        f"took {seconds / options.clips:.1f} s of processor time.\n\n"
        + table(shares)
        + "\n\n"
        + "\n".join(confusions(pairs))
    )
    print(text)
    if options.write:
        path = options.examiner / "accuracy.json"
        path.write_text(json.dumps(shares, indent=2) + "\n", encoding="utf-8")
        before, _, rest = DOC.read_text(encoding="utf-8").partition(BEGIN)
        _, _, after = rest.partition(END)
        DOC.write_text(f"{before}{BEGIN}\n{text}\n{END}{after}", encoding="utf-8")


def accuracy(pairs: list[tuple[Reading, Reading]]) -> dict[str, float]:
    """Name -> mean over films; shares unless the name says otherwise."""
    rows: dict[str, list[float]] = {}

    def note(name: str, value: float) -> None:
        if np.isfinite(value):
            rows.setdefault(name, []).append(float(value))

    for read, truth in pairs:
        for name in ONE_OF:
            note(name, read.film[name].argmax() == truth.film[name].argmax())
        for name in ANY_OF:
            wanted = np.flatnonzero(truth.film[name])
            if len(wanted):
                best = np.argsort(-read.film[name])[: len(wanted)]
                note(name, np.isin(best, wanted).mean())
        for name in PER_FRAME:
            note(name, (read.frame[name].argmax(1) == truth.frame[name].argmax(1)).mean())
        cuts = np.flatnonzero(truth.cut)
        found = np.flatnonzero(read.cut >= 0.5)
        if len(cuts):
            note("cuts found", np.isin(cuts, found).mean())
        note("films without a wrong cut", np.isin(found, cuts).all())
        seen = truth.seen > 0
        if seen.any():
            error = np.linalg.norm((read.joints - truth.joints) * [16 / 9, 1], axis=-1)[seen]
            note("joints within 5 % of the height", (error < 0.05).mean())
        for name, mine, true, near in (
            ("contacts", contact_times(read), np.flatnonzero(truth.contact) / 24, 0.063),
            ("onsets", onset_times(read), np.flatnonzero(truth.onset) / 100, 0.042),
        ):
            if len(true):
                note(f"{name} found", matched(true, mine, near))
            if len(mine):
                note(f"{name} that are true", matched(mine, true, near))
        if truth.mouth.std() > 0.1:
            note("mouth, correlation", np.corrcoef(read.mouth, truth.mouth)[0, 1])
        rows_heard = min(len(read.voice), len(truth.voice))
        if truth.voice.std() > 0.1:
            note(
                "voice, correlation",
                np.corrcoef(read.voice[:rows_heard], truth.voice[:rows_heard])[0, 1],
            )
        moved = truth.camera_motion
        for axis, name in enumerate(("across", "down", "zoom")):
            if moved[:, axis].std() > 0.003:
                note(
                    f"camera {name}, correlation",
                    np.corrcoef(read.camera_motion[:, axis], moved[:, axis])[0, 1],
                )
        note("person, mean product with the truth", (read.person * truth.person).sum(1).mean())
    return {name: round(float(np.mean(values)), 3) for name, values in rows.items()}


def matched(times: np.ndarray, others: np.ndarray, near: float) -> float:
    """Share of `times` with one of `others` within `near` seconds."""
    if not len(others):
        return 0.0
    return float((np.abs(times[:, None] - others[None]).min(axis=1) <= near).mean())


def table(shares: dict[str, float]) -> str:
    lines = ["| what | read right |", "|---|---|"]
    return "\n".join(lines + [f"| {name} | {value:.2f} |" for name, value in shares.items()])


def confusions(pairs: list[tuple[Reading, Reading]]) -> list[str]:
    """For each attribute, the truest classes and what each is mostly taken for."""
    found = []
    for name in CONFUSIONS:
        counts: dict[str, dict[str, int]] = {}
        for read, truth in pairs:
            words = truth.vocabulary[name]
            if name in PER_FRAME:
                rows = zip(truth.frame[name].argmax(1), read.frame[name].argmax(1), strict=True)
                told = [(words[a], words[b]) for a, b in rows][::12]
            elif name in ONE_OF or truth.film[name].sum() == 1:
                told = [(words[truth.film[name].argmax()], words[read.film[name].argmax()])]
            else:
                continue
            for true, mine in told:
                counts.setdefault(true, {}).setdefault(mine, 0)
                counts[true][mine] += 1
        found.append(f"\n**{name.replace('_', ' ')}**: what there was, how often, read as\n")
        found += ["| there was | n | right | taken for |", "|---|---|---|---|"]
        for true in sorted(counts, key=lambda one: -sum(counts[one].values())):
            row = counts[true]
            total = sum(row.values())
            wrong = sorted((n, other) for other, n in row.items() if other != true)[::-1][:3]
            told_wrong = ", ".join(f"{other} {n}" for n, other in wrong)
            found.append(f"| {true} | {total} | {row.get(true, 0) / total:.0%} | {told_wrong} |")
    return found


if __name__ == "__main__":
    main()
