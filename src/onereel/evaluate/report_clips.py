"""Every film of a report: players, sheets, scores, and what was asked for against what was read.

Called from report.py.
"""

from __future__ import annotations

from html import escape
from typing import Any

from onereel.evaluate.folder import FAILED, MADE, NOT_LEARNED, REFUSED
from onereel.evaluate.report_tables import value
from onereel.evaluate.scores import ATTRIBUTES, MEASURES

# Chips under a film, as far as they apply; the attributes stand in a table of their own.
CHIPS = tuple(one for one in MEASURES if "." not in one.name and one.name != "frechet")
OUTCOMES = {MADE: "", NOT_LEARNED: "not", REFUSED: "bad", FAILED: "bad"}  # -> CSS class
LANGUAGES = {"en": "English", "zh": "Chinese"}


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
