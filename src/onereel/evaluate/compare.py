"""Two sets of films before people's eyes, blind; and what their votes say.

- which film is whose cannot be read from the page or its files' names: sides and order are drawn
  from a seed, files get names of their own, and the key lies outside the page's folder, so that the
  folder can be sent to anyone
- votes name the page they are of, and votes of another page are refused
- wins are given with the exact (Clopper and Pearson, 1934) interval and the two-sided sign test;
  several votes on one pair are taken as independent, which they are only roughly

Called from the command line. Needs no model and no Backlot.
"""

from __future__ import annotations

import hashlib
import json
import math
import shutil
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

import numpy as np

from onereel.errors import OnereelError, WrongUse, shown
from onereel.evaluate.folder import make_folder, read_results, write_whole
from onereel.evaluate.page import page

SCRIPT = Path(__file__).parent / "compare.js"
QUESTIONS = {
    "words": "Which follows the words better?",
    "looks": "Which looks better?",
    "sounds": "Which sounds better?",
}
ANSWERS = ("left", "right", "same")


@dataclass(frozen=True)
class Pair:
    """Two films of one name; prompt and references where an evaluation tells them."""

    name: str
    a: Path
    b: Path
    prompt: str = ""
    language: str = "en"
    given: tuple[tuple[str, Path], ...] = ()  # kind and file


@dataclass(frozen=True)
class Count:
    """Votes on one question: for A, for B, for neither."""

    a: int
    b: int
    same: int

    @property
    def share(self) -> float:
        """Of A among the votes that chose, nan where none did."""
        return self.a / (self.a + self.b) if self.a + self.b else math.nan


# ---------------------------------------------------------------- building


def find_pairs(a: Path, b: Path) -> tuple[Pair, ...]:
    """The films that both have, by name. WrongUse when there are none."""
    films_a, films_b = films_of(a), films_of(b)
    names = sorted(set(films_a) & set(films_b))
    if not names:
        raise WrongUse(
            f"{shown(a)} and {shown(b)} have no film of the same name; give two evaluations of one "
            "suite, or two folders of mp4 films named alike."
        )
    told = items_of(a)
    pairs = []
    for name in names:
        one = told.get(name)
        if one is None:
            pairs.append(Pair(name, films_a[name], films_b[name]))
            continue
        given = tuple((file["kind"], a / file["file"]) for file in one["given"])
        item = one["item"]
        pairs.append(
            Pair(name, films_a[name], films_b[name], item["prompt"], item["language"], given)
        )
    return tuple(pairs)


def films_of(folder: Path) -> dict[str, Path]:
    """Name -> film, of an evaluation's folder or of any folder of mp4 files."""
    if not folder.is_dir():
        raise WrongUse(f"There is no folder {shown(folder)}; name two folders of films.")
    inside = folder / "films" if (folder / "results.json").is_file() else folder
    return {path.stem: path for path in sorted(inside.glob("*.mp4"))}


def items_of(folder: Path) -> dict[str, dict[str, Any]]:
    if not (folder / "results.json").is_file():
        return {}
    return {one["item"]["id"]: one for one in read_results(folder)["per_item"]}


def build(a: Path, b: Path, out: Path, seed: int) -> tuple[Path, Path]:
    """The page's folder `out` and the key beside it; returns index.html and the key's file.

    WrongUse if there is nothing to compare or `out` already holds something.
    """
    pairs = find_pairs(a, b)
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise WrongUse(f"{shown(out)} is not an empty folder; choose another with -o.")
    make_folder(out / "films")
    rng = np.random.Generator(np.random.PCG64([seed, 902]))
    rows, key = [], {}
    try:
        for place in rng.permutation(len(pairs)):
            pair, token = pairs[place], rng.bytes(5).hex()
            a_left = bool(rng.integers(2))
            names = [f"films/{rng.bytes(5).hex()}.mp4" for _ in range(2)]
            for source, name in zip((pair.a, pair.b) if a_left else (pair.b, pair.a), names,
                                    strict=True):  # fmt: skip
                shutil.copyfile(source, out / name)
            given = []
            for kind, file in pair.given:
                name = f"films/{rng.bytes(5).hex()}{file.suffix}"
                shutil.copyfile(file, out / name)
                given.append({"kind": kind, "file": name})
            rows.append(
                {"pair": token, "left": names[0], "right": names[1], "prompt": pair.prompt,
                 "language": pair.language, "given": given}
            )  # fmt: skip
            key[token] = {"name": pair.name, "left": "a" if a_left else "b"}
        questions = {
            name: text
            for name, text in QUESTIONS.items()
            if name != "words" or all(pair.prompt for pair in pairs)
        }
        name = hashlib.sha256(json.dumps([key, questions]).encode()).hexdigest()[:16]
        data = {"page": name, "questions": questions, "pairs": rows}
        (out / "index.html").write_text(voting_page(data), encoding="utf-8")
    except OSError as error:
        raise OnereelError(f"Could not write into {shown(out)}: {error.strerror}.") from error
    write_whole(
        key_of(out),
        {"page": name, "a": str(a), "b": str(b), "seed": seed, "questions": list(questions),
         "pairs": key},
    )  # fmt: skip
    return out / "index.html", key_of(out)


def key_of(out: Path) -> Path:
    """Beside the folder, not in it."""
    return out.with_name(out.name + ".key.json")


def voting_page(data: dict[str, Any]) -> str:
    # "</" would end the script element early.
    told = json.dumps(data, ensure_ascii=False).replace("</", "<\\/")
    questions = "".join(
        f'<div class="question" data-name="{name}"><h3>{escape(text)}</h3><div class="answers">'
        '<button data-answer="left">← left</button>'
        '<button data-answer="same">↓ no difference</button>'
        '<button data-answer="right">right →</button></div></div>'
        for name, text in data["questions"].items()
    )
    body = f"""<main class="vote">
<div class="bar"><i></i></div>
<div class="top"><h1>Which film is better?</h1><span class="soft" id="place"></span></div>
<p class="prompt" id="prompt"></p>
<div class="given" id="given"></div>
<div class="films">
<figure><video id="left" playsinline loop muted></video>
<button class="listen" data-side="left">listen to the left (Q)</button></figure>
<figure><video id="right" playsinline loop muted></video>
<button class="listen" data-side="right">listen to the right (P)</button></figure>
</div>
<div id="questions">{questions}</div>
<p class="soft small">Keys: ← → ↓ answer the question that is lit, Q and P listen to one side, space
plays both again from the start, backspace goes back a film. Votes stay in this browser until you
save them.</p>
<p><button id="save">Save votes</button> <span class="soft small" id="saved"></span></p>
</main>
<script type="application/json" id="data">{told}</script>"""
    return page("Which film is better?", body, SCRIPT.read_text(encoding="utf-8"))


# ---------------------------------------------------------------- counting


def count_votes(a: Path, b: Path, out: Path, files: list[Path]) -> dict[str, Count]:
    """Votes by question, for A and B. WrongUse for files that are not votes of this page."""
    key = read_json(key_of(out), "the key of a comparison", {"page", "pairs", "questions"})
    if (key["a"], key["b"]) != (str(a), str(b)):
        raise WrongUse(
            f"{shown(out)} compares {shown(key['a'])} with {shown(key['b'])}; name these two."
        )
    found = {name: {"a": 0, "b": 0, "same": 0} for name in key["questions"]}
    ballots: set[str] = set()
    for file in files:
        told = read_json(file, "votes", {"page", "ballot", "votes"})
        if told["page"] != key["page"]:
            raise WrongUse(f"{shown(file)} holds votes of another page than {shown(out)}.")
        if told["ballot"] in ballots:
            raise WrongUse(f"{shown(file)} holds votes that were already given; leave it out.")
        ballots.add(str(told["ballot"]))
        for pair, answers in ballot_of(told, key, file).items():
            left = key["pairs"][pair]["left"]
            sides = {"left": left, "right": "b" if left == "a" else "a", "same": "same"}
            for question, answer in answers.items():
                found[question][sides[answer]] += 1
    return {name: Count(**one) for name, one in found.items()}


def ballot_of(told: dict[str, Any], key: dict[str, Any], file: Path) -> dict[str, dict[str, str]]:
    """pair -> question -> answer, all of them known."""
    votes = told["votes"]
    good = isinstance(votes, dict) and all(
        pair in key["pairs"]
        and isinstance(answers, dict)
        and all(name in key["questions"] and one in ANSWERS for name, one in answers.items())
        for pair, answers in votes.items()
    )
    if not good:
        raise WrongUse(f"{shown(file)} holds votes that this page cannot have given; leave it out.")
    return dict(votes)


def read_json(path: Path, what: str, needed: set[str]) -> dict[str, Any]:
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        told = None
    if not isinstance(told, dict) or not needed <= set(told):
        raise WrongUse(f"{shown(path)} is not {what}, or can't be read; name another file.")
    return told


def sign_test(count: Count) -> float:
    """Two-sided p of so uneven a count if both were equally good, votes for neither left out."""
    n = count.a + count.b
    tail = sum(math.comb(n, k) for k in range(min(count.a, count.b) + 1)) / 2**n
    return min(1.0, 2 * tail)


def share_interval(count: Count, level: float = 0.95) -> tuple[float, float]:
    """Clopper and Pearson's exact interval of A's share among the votes that chose."""
    n, tail = count.a + count.b, (1 - level) / 2
    if n == 0:
        return 0.0, 1.0

    def at_most(k: int, p: float) -> float:
        return sum(math.comb(n, i) * p**i * (1 - p) ** (n - i) for i in range(k + 1))

    # Each end is where the tail beyond what was counted has just this much probability.
    low = 0.0 if count.a == 0 else crossing(lambda p: 1 - at_most(count.a - 1, p) - tail)
    high = 1.0 if count.a == n else crossing(lambda p: tail - at_most(count.a, p))
    return low, high


def crossing(rising: Any) -> float:
    """Where a rising function of 0..1 is zero, by bisection."""
    low, high = 0.0, 1.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if rising(middle) < 0 else (low, middle)
    return (low + high) / 2
