"""The page of an evaluation: static HTML that opens offline, for whoever asks how good it is.

- says first what is poor: what was not learned, what the examiner does not find
- every score stands between the real render's (the ceiling) and, if given, the former weights'
- then every item with its players, sheets, scores, and what was asked for against what was read

Called from the command line after run.py; looks are in page.css, tables in
report_tables.py, films in report_clips.py.
"""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from html import escape
from pathlib import Path
from typing import Any

from onereel.errors import OnereelError, WrongUse, shown
from onereel.evaluate.folder import FAILED, MADE
from onereel.evaluate.page import page
from onereel.evaluate.report_clips import OUTCOMES, clips_of
from onereel.evaluate.report_tables import FEW, group_table, number, table_of
from onereel.evaluate.scores import ATTRIBUTES
from onereel.evaluate.suites import GROUPS

BEFORE = "before"  # subfolder for the former weights' films


def write_report(
    folder: Path, results: dict[str, Any], before: dict[str, Any] | None, before_folder: Path | None
) -> Path:
    """index.html in `folder`; films of the former weights are copied beside it."""
    items = results["per_item"]
    old_films: dict[str, str] = {}
    if before is not None and before_folder is not None:
        old_films = copy_films(folder, items, before, before_folder)
    title = f"onereel {results['made_with']['model']}: evaluation"
    body = "\n".join(
        (
            head_of(results),
            "<main>",
            tiles(results),
            groups_of(results),
            table_of(results, before),
            group_table(results),
            clips_of(results, old_films),
            "</main>",
            foot_of(results, before),
        )
    )
    path = folder / "index.html"
    try:
        path.write_text(page(title, body), encoding="utf-8")
    except OSError as error:
        raise OnereelError(f"Could not write {shown(path)}: {error.strerror}.") from error
    return path


def check_against(results: dict[str, Any], before: dict[str, Any]) -> None:
    """WrongUse unless the two were read by the same eyes on the same suite."""
    mine, other = results["made_with"], before["made_with"]
    for name in ("examiner", "backlot"):
        if mine[name] != other[name]:
            raise WrongUse(
                f"The two evaluations have different {name}s ({shown(mine[name])} and "
                f"{shown(other[name])}), so their scores cannot be compared; run the older again."
            )
    if results["suite"] != before["suite"]:
        raise WrongUse(
            f"The two evaluations ran different suites ({shown(results['suite'])} and "
            f"{shown(before['suite'])}); run both on one."
        )
    ids, others = ({one["item"]["id"] for one in these["per_item"]} for these in (results, before))
    if ids != others:
        raise WrongUse(
            f"The two evaluations ran {len(ids)} and {len(others)} items, not the same ones; run "
            "both with the same --only."
        )


def copy_films(
    folder: Path, items: Sequence[dict[str, Any]], before: dict[str, Any], before_folder: Path
) -> dict[str, str]:
    """Item id -> the former film of the same item, copied into the folder (marks and all)."""
    (folder / BEFORE).mkdir(exist_ok=True)
    theirs = {one["item"]["id"]: one for one in before["per_item"]}
    found = {}
    for one in items:
        name = one["item"]["id"]
        other = theirs.get(name)
        if other is None or other["item"] != one["item"] or "film" not in other["files"]:
            continue
        source = before_folder / other["files"]["film"]
        if source.is_file():
            shutil.copyfile(source, folder / BEFORE / f"{name}.mp4")
            found[name] = f"{BEFORE}/{name}.mp4"
    return found


# ---------------------------------------------------------------- the top


def head_of(results: dict[str, Any]) -> str:
    with_, machine = results["made_with"], results["machine"]
    facts = (
        f"{results['suite']} suite",
        f"weights {with_['weights'][:12]}",
        f"examiner {with_['examiner'][:12]}",
        f"Backlot {with_['backlot']}",
        f"{machine['cores']} cores, {machine['device']}",
        results["created"][:16].replace("T", " ") + " UTC",
    )
    return (
        f"<header>\n<h1>How good are <em>{escape(with_['model'])}</em>’s films?</h1>\n"
        f'<div class="facts">{"".join(f"<span>{escape(one)}</span>" for one in facts)}</div>\n'
        f'<p class="lead">{escape(in_words(results))}</p>\n</header>'
    )


def in_words(results: dict[str, Any]) -> str:
    """What a reader should know who reads nothing else."""
    model, items = results["made_with"]["model"], results["items"]
    made = results["outcomes"].get(MADE, 0)
    said = [f"{model} made {made} of {items} films."]
    unlearned = [name for name, group in results["groups"].items() if not group["made"]]
    if unlearned:
        said.append(f"It could make none of {listed(unlearned)}.")
    failed = results["outcomes"].get(FAILED, 0)
    if failed:
        said.append(f"{failed} failed.")
    whole = results["measures"].get("adherence", {})
    if whole.get("share") is not None:
        said.append(
            f"Of what was asked for, the examiner finds {whole['mean']:.2f} in its films and "
            f"{whole['ceiling']:.2f} in real renders of the same items, so it reaches "
            f"{whole['share']:.0%} of the ceiling."
        )
    ranked = sorted(
        (row["share"], ATTRIBUTES[name.removeprefix("adherence.")])
        for name, row in results["measures"].items()
        if name.startswith("adherence.") and row["share"] is not None and row["n"] >= FEW
    )
    if len(ranked) >= 4:
        worst, best = ranked[:3], ranked[-2:][::-1]
        said.append(
            f"Weakest: {listed([f'{name} ({share:.0%})' for share, name in worst])}; strongest: "
            f"{listed([f'{name} ({share:.0%})' for share, name in best])}."
        )
    if 0 < made < FEW:
        said.append("So few films say nothing about how good others would be.")
    elif 0 < made < 30:
        said.append(f"With {made} films, read the ranges, not the digits.")
    return " ".join(said)


def listed(parts: Sequence[str]) -> str:
    return ", ".join(parts[:-1]) + " and " + parts[-1] if len(parts) > 1 else "".join(parts)


def tiles(results: dict[str, Any]) -> str:
    rows = results["measures"]
    found = [
        (f"{results['outcomes'].get(MADE, 0)}<small> of {results['items']}</small>", "films made")
    ]
    whole = rows.get("adherence")
    if whole and whole["share"] is not None:
        found.append(
            (
                f"{100 * whole['share']:.0f}<small> %</small>",
                "of the ceiling in following the words",
            )
        )
    lift = rows.get("onset_lift")
    if lift and lift["mean"] is not None:
        found.append(
            (f"{lift['mean']:.2f}<small> of {number(lift['ceiling'])}</small>",
             "contacts heard within one frame, beyond chance, against real renders")
        )  # fmt: skip
    first = rows.get("first_frame_fidelity")
    if first and first["mean"] is not None:
        found.append(
            (f"{first['mean']:.1f}<small> dB of {number(first['rebuilt'], 1)}</small>",
             "a given first frame kept, against its copy by the autoencoder")
        )  # fmt: skip
    sharp = rows.get("sharpness")
    if sharp and sharp["mean"] is not None:
        found.append(
            (f"{sharp['mean']:.2f}<small> of {number(sharp['ceiling'])}</small>",
             "sharpness of edges, against real renders")
        )  # fmt: skip
    return (
        '<div class="tiles">'
        + "".join(
            f'<div class="tile"><b>{big}</b><span>{small}</span></div>' for big, small in found
        )
        + "</div>"
    )


def groups_of(results: dict[str, Any]) -> str:
    rows = []
    for name, told in results["groups"].items():
        cells = "".join(
            f'<a class="cell {OUTCOMES[one["outcome"]]}" href="#{one["item"]["id"]}" '
            f'title="{escape(one["item"]["id"])}: {escape(one["outcome"])}"></a>'
            for one in results["per_item"]
            if one["item"]["group"] == name
        )
        asks = escape(GROUPS[name])
        if told["said"] and not told["made"]:
            asks += f" — <i>“{escape(told['said'])}”</i>"
        rows.append(
            f'<b>{escape(name)}</b><div class="cells">{cells}</div>'
            f'<span class="soft small">{asks}</span>'
        )
    return (
        "<h2>What was tried</h2>\n"
        '<p class="note">One square is one film; hatched: not learned, in the model’s own words. '
        "Groups follow SeedVideoBench 2.0. All items come from held-out combinations of the "
        "Backlot, so no such film was in training.</p>\n"
        f'<div class="groups">{"".join(rows)}</div>'
    )


def foot_of(results: dict[str, Any], before: dict[str, Any] | None) -> str:
    machine = results["machine"]
    command = f"onereel evaluate --suite {results['suite']}"
    against = (
        f"<p>Before: weights {escape(before['made_with']['weights'][:16])}, evaluated "
        f"{escape(before['created'][:10])}.</p>"
        if before
        else ""
    )
    return (
        f"<footer><hr><p>Made with onereel {escape(results['onereel'])} on "
        f"{escape(machine['system'])}, {machine['cores']} cores, {machine['threads']} threads, "
        f"{escape(machine['device'])}, torch {escape(machine['torch'])}; "
        f"{results['seconds'] / 60:.1f} minutes in all. Again:</p>"
        f"<pre><code>{escape(command)}</code></pre>{against}"
        "<p>Intervals are 95 %, by resampling the films 2,000 times. Films and sheets are marked "
        "as AI-generated like every film of onereel (<code>onereel verify</code>); real renders "
        "and references are the Backlot’s, drawn by code.</p></footer>"
    )
