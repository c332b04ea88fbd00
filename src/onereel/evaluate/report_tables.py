"""The tables of a report: every score with its ceiling, and group by group.

Called from report.py; report_clips.py shows numbers in the same way.
"""

from __future__ import annotations

import math
from html import escape
from typing import Any

from onereel.evaluate.scores import MEASURES, Measure

FEW = 4  # fewer films than this give no interval worth drawing


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
