"""The page of an evaluation: static HTML that opens offline, for whoever asks how good it is.

- says first what is poor: what was not learned, what the examiner does not find
- every score stands between the real render's (the ceiling) and, if given, the former weights'
- then every item with its players, sheets, scores, and what was asked for against what was read

Called from the command line after run.py; looks are in page.css.
"""

from __future__ import annotations

import math
import shutil
from collections.abc import Sequence
from html import escape
from pathlib import Path
from typing import Any

from onereel.errors import OnereelError, WrongUse, shown
from onereel.evaluate.folder import FAILED, MADE, NOT_LEARNED, REFUSED
from onereel.evaluate.page import page
from onereel.evaluate.scores import ATTRIBUTES, MEASURES, Measure
from onereel.evaluate.suites import GROUPS

# Chips under a film, as far as they apply; the attributes stand in a table of their own.
CHIPS = tuple(one for one in MEASURES if "." not in one.name and one.name != "frechet")
FEW = 4  # fewer films than this give no interval worth drawing
OUTCOMES = {MADE: "", NOT_LEARNED: "not", REFUSED: "bad", FAILED: "bad"}  # -> CSS class
LANGUAGES = {"en": "English", "zh": "Chinese"}
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
        said.append(f"{made} films say nothing about how good the others would be.")
    elif made < 30:
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


# ---------------------------------------------------------------- tables


def table_of(results: dict[str, Any], before: dict[str, Any] | None) -> str:
    old = before["measures"] if before else {}
    columns = ["", "0 … 1", "this", "copy", "real", "share of real"]
    if before:
        columns.append(f"before ({before['made_with']['weights'][:8]})")
    columns.append("examiner’s accuracy")
    rows = [
        row_of(one, results["measures"][one.name], old.get(one.name) if before else None,
               results["examiner_accuracy"], bool(before))
        for one in MEASURES
        if one.name in results["measures"]
    ]  # fmt: skip
    heads = "".join(f"<th>{escape(one)}</th>" for one in columns)
    keys = [
        '<span><span class="track"><b style="left:50%"></b></span>this film, the bar its 95 % '
        "interval</span>",
        '<span><span class="track"><u style="left:50%"></u></span>real renders: the ceiling</span>',
    ]
    if before:
        keys.append(
            '<span><span class="track"><s style="left:50%"></s></span>weights before</span>'
        )
    return (
        '<h2 id="scores">All scores</h2>\n'
        '<p class="note">Each mean is over the films it applies to; “copy” is the real render '
        "encoded and decoded, beyond which these autoencoders cannot go; “real” is the render "
        "itself, read by the same examiner, so its mistakes lower both sides. No share is given "
        "where real renders score under 0.2: there the examiner sees too little.</p>\n"
        f'<div class="key">{"".join(keys)}</div>\n'
        f'<div class="scroll"><table><thead><tr>{heads}</tr></thead><tbody>'
        + "\n".join(rows)
        + "</tbody></table></div>"
    )


def row_of(
    measure: Measure,
    row: dict[str, Any],
    old: dict[str, Any] | None,
    accuracy: dict[str, float],
    with_before: bool,
) -> str:
    part = measure.name.startswith("adherence.")
    attribute = measure.name.partition(".")[2]
    better = {1: "more is better", -1: "less is better", 0: ""}[measure.better]
    meaning = escape(measure.meaning) + (f" ({better})" if better else "")
    about = "" if part else f"<p>{meaning}</p>"
    cells = [
        f'<td class="graph">{track(measure, row, old)}</td>',
        f"<td>{mean_cell(measure, row)}</td>",
        f"<td>{value(measure, row['rebuilt'])}</td>",
        f"<td>{value(measure, row['ceiling'])}</td>",
        f"<td>{share_of(row)}</td>",
    ]
    if with_before:
        cells.append(f"<td>{before_cell(measure, row, old)}</td>")
    found = accuracy.get(attribute)
    cells.append(f"<td>{'' if found is None else f'{found:.0%}'}</td>")
    title = f'<th title="{escape(measure.meaning)}">{escape(measure.title)}{about}</th>'
    kind = ' class="part"' if part else ""
    return f"<tr{kind}>{title}{''.join(cells)}</tr>"


def mean_cell(measure: Measure, row: dict[str, Any]) -> str:
    if row["mean"] is None:
        return '<span class="none">none made</span>'
    text = f"<b>{value(measure, row['mean'])}</b>"
    if row["n"] >= FEW:
        low, high = value(measure, row["low"], bare=True), value(measure, row["high"], bare=True)
        return text + f'<span class="range">{low} – {high}, n {row["n"]}</span>'
    return text + f'<span class="range">n {row["n"]}</span>'


def before_cell(measure: Measure, row: dict[str, Any], old: dict[str, Any] | None) -> str:
    if old is None or old["mean"] is None:
        return '<span class="none">none made</span>'
    text = value(measure, old["mean"])
    if row["mean"] is None or not measure.better:
        return text
    change = (row["mean"] - old["mean"]) * measure.better
    # A change within both intervals is not called one.
    enough = min(row["n"], old["n"]) >= FEW
    apart = enough and (row["low"] > old["high"] or row["high"] < old["low"])
    mark = ("up", "▲ better") if change > 0 else ("down", "▼ worse")
    told = f'<span class="{mark[0]}">{mark[1]}</span>' if apart else "within the ranges"
    return f'{text}<span class="range">{told}</span>'


def track(measure: Measure, row: dict[str, Any], old: dict[str, Any] | None) -> str:
    if measure.unit or measure.name == "frechet":
        return ""

    def at(number: float) -> str:
        return f"{100 * min(1.0, max(0.0, number)):.1f}%"

    parts = []
    if row["mean"] is not None and row["n"] >= FEW:
        low, high = (min(1.0, max(0.0, row[name])) for name in ("low", "high"))
        parts.append(f'<i style="left:{at(low)};width:{100 * (high - low):.1f}%"></i>')
    if row["ceiling"] is not None:
        parts.append(f'<u style="left:{at(row["ceiling"])}"></u>')
    if old is not None and old["mean"] is not None:
        parts.append(f'<s style="left:{at(old["mean"])}"></s>')
    if row["mean"] is not None:
        parts.append(f'<b style="left:{at(row["mean"])}"></b>')
    return f'<div class="track">{"".join(parts)}</div>'


def share_of(row: dict[str, Any]) -> str:
    return "" if row["share"] is None else f"{row['share']:.0%}"


UNITS = {"dB": " dB", "ms": " ms", "x": " ×", "grey": "", "": ""}


def value(measure: Measure, found: float | None, bare: bool = False) -> str:
    if found is None:
        return ""
    digits = {"dB": 1, "ms": 0, "x": 1, "grey": 2, "": 2}[measure.unit]
    if measure.unit == "" and 0 < abs(found) < 0.005:
        digits = 4
    return number(found, digits) + ("" if bare else UNITS[measure.unit])


def number(found: float | None, digits: int = 2) -> str:
    if found is None or not math.isfinite(found):
        return "–"
    return f"{found:.{digits}f}".replace("-", "−")


def group_table(results: dict[str, Any]) -> str:
    """Group by group: how many were made, adherence, and the measure that is the group's own."""
    own = {
        "sound": "onset_lift", "frames": "first_frame_fidelity",
        "reference-subject": "identity_to_reference", "reference-motion": "motion_agreement",
        "reference-camera": "camera_agreement", "reference-style": "adherence.style",
        "reference-sound": "identity_to_reference", "editing": "locality", "extension": "seam",
        "combination": "identity_to_reference",
    }  # fmt: skip
    by_name = {one.name: one for one in MEASURES}
    rows = []
    for group, told in results["groups"].items():
        rows.append(group_row(group, told, by_name["adherence"], by_name.get(own.get(group, ""))))
    heads = (
        "group",
        "made",
        "follows the words",
        "real",
        "share",
        "its own measure",
        "this",
        "real",
    )
    return (
        "<h2>Group by group</h2>\n"
        '<div class="scroll"><table><thead><tr>'
        + "".join(f"<th>{one}</th>" for one in heads)
        + f"</tr></thead><tbody>{''.join(rows)}</tbody></table></div>"
    )


def group_row(group: str, told: dict[str, Any], words: Measure, own: Measure | None) -> str:
    row = told["measures"].get("adherence")
    cells = [f"<td>{told['made']} of {told['items']}</td>"]
    if row:
        cells += [
            f"<td>{mean_cell(words, row)}</td>", f"<td>{value(words, row['ceiling'])}</td>",
            f"<td>{share_of(row)}</td>",
        ]  # fmt: skip
    else:
        cells += ["<td></td>"] * 3
    mine = told["measures"].get(own.name) if own else None
    if own and mine:
        cells += [
            f"<td>{escape(own.title)}</td>", f"<td>{mean_cell(own, mine)}</td>",
            f"<td>{value(own, mine['ceiling'])}</td>",
        ]  # fmt: skip
    else:
        cells += ["<td></td>"] * 3
    return f"<tr><th>{escape(group)}</th>{''.join(cells)}</tr>"


# ---------------------------------------------------------------- every clip


def clips_of(results: dict[str, Any], old_films: dict[str, str]) -> str:
    links = "".join(f'<a href="#group-{name}">{name}</a>' for name in results["groups"])
    parts = [
        "<h2>Every film</h2>",
        '<p class="note">Nothing is picked: these are all items, with the first seed of each. '
        "Sheets show the film over time with its sound as a spectrogram below.</p>",
        f"<nav>{links}</nav>",
    ]
    for group in results["groups"]:
        parts.append(f'<span id="group-{group}"></span>')
        parts += [
            clip_of(one, old_films.get(one["item"]["id"]), results["made_with"]["model"])
            for one in results["per_item"]
            if one["item"]["group"] == group
        ]
    return "\n".join(parts)


def clip_of(one: dict[str, Any], old_film: str | None, model: str) -> str:
    item, outcome = one["item"], one["outcome"]
    tag = f'<span class="tag {OUTCOMES[outcome]}">{escape(outcome)}</span>'
    about = (
        f"{item['ratio']}, {one['size'][0]}×{one['size'][1]}, {item['seconds']} s, "
        f"{LANGUAGES[item['language']]}, seed {item['seed']}"
    )
    warnings = "".join(f'<p class="warn">Note: {escape(w)}.</p>' for w in one["warnings"])
    return (
        f'<article class="clip" id="{item["id"]}">\n'
        f'<div class="top"><h3>{escape(item["id"])}</h3>{tag}'
        f'<span class="soft small">{escape(about)}</span></div>\n'
        f'<p class="prompt" lang="{item["language"]}">{escape(item["prompt"])}</p>\n'
        f"{given_of(one)}{films_of(one, old_film, model)}{sheets_of(one, model)}"
        f"{warnings}{chips_of(one)}{read_of(one)}\n</article>"
    )


def given_of(one: dict[str, Any]) -> str:
    if not one["given"]:
        return ""
    counts: dict[str, int] = {}
    figures = []
    for given in one["given"]:
        kind, role = given["kind"], given["role"].replace("_", " ")
        counts[kind] = counts.get(kind, 0) + 1
        name = {"picture": "Image", "clip": "Video", "recording": "Audio"}[kind]
        told = role if role != "reference" else f"{name} {counts[kind]}"
        media = {
            "picture": f'<img src="{given["file"]}" alt="{told}" loading="lazy">',
            "clip": f'<video src="{given["file"]}" controls preload="metadata"></video>',
            "recording": f'<audio src="{given["file"]}" controls preload="none"></audio>',
        }[kind]
        figures.append(f"<figure>{media}<figcaption>given: {told}</figcaption></figure>")
    return f'<div class="given">{"".join(figures)}</div>\n'


def films_of(one: dict[str, Any], old_film: str | None, model: str) -> str:
    def player(caption: str, path: str) -> str:
        return (
            f"<figure><figcaption>{escape(caption)}</figcaption>"
            f'<video src="{path}" controls preload="metadata" playsinline></video></figure>'
        )

    files = one["files"]
    if "film" in files:
        parts = [player(f"made by {model}", files["film"])]
    else:
        parts = [
            f"<figure><figcaption>made by {escape(model)}</figcaption>"
            f'<div class="absent"><div><b>{escape(one["outcome"])}</b><br>'
            f"“{escape(one['said'])}”</div></div></figure>"
        ]
    if old_film:
        parts.append(player("made by the weights before", old_film))
    parts.append(player("real render of the same script", files["real"]))
    return f'<div class="films">{"".join(parts)}</div>\n'


def sheets_of(one: dict[str, Any], model: str) -> str:
    files = one["files"]
    parts = [
        f'<img src="{files[name]}" alt="{escape(alt)}: frames and spectrogram" loading="lazy">'
        for name, alt in (("sheet", f"made by {model}"), ("real_sheet", "real render"))
        if name in files
    ]
    return f'<div class="sheets">{"".join(parts)}</div>\n'


def chips_of(one: dict[str, Any]) -> str:
    film, real = one["scores"]["film"], one["scores"]["real"]
    chips = []
    for measure in CHIPS:
        mine = (film or {}).get(measure.name)
        if film is not None and mine is None and measure.name not in real:
            continue
        if film is None and measure.name not in real:
            continue
        told = "–" if mine is None else value(measure, mine)
        chips.append(
            f'<span class="chip" title="{escape(measure.meaning)}">{escape(measure.title)} '
            f"<b>{told}</b> <em>real {value(measure, real.get(measure.name)) or '–'}</em></span>"
        )
    return f'<div class="chips">{"".join(chips)}</div>\n' if film is not None else ""


def read_of(one: dict[str, Any]) -> str:
    """What was asked for, and what the examiner read in the film and in the real render."""
    film, real = one["read"].get("film"), one["read"]["real"]
    if film is None or not film:
        return ""
    rows = []
    for name, (wanted, found) in film.items():
        rows.append(
            f"<tr><th>{escape(ATTRIBUTES[name])}</th><td>{escape(', '.join(wanted))}</td>"
            f"<td>{guesses(wanted, found)}</td><td>{guesses(wanted, real[name][1])}</td></tr>"
        )
    return (
        "<details><summary>What was asked for, and what the examiner reads</summary>"
        "<table><thead><tr><th></th><th>asked for</th><th>in the film</th><th>in the real render"
        f"</th></tr></thead><tbody>{''.join(rows)}</tbody></table></details>"
    )


def guesses(wanted: list[str], found: list[list[Any]]) -> str:
    return ", ".join(
        f'<span class="{"hit" if name in wanted else "miss"}">{escape(name)}</span> '
        f'<span class="soft">{probability:.2f}</span>'
        for name, probability in found
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
