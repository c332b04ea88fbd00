"""`onereel evaluate` and `onereel compare`: how good the films are, by numbers and by eye."""

from __future__ import annotations

import json
import secrets
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from onereel.errors import WrongUse

if TYPE_CHECKING:
    from onereel.evaluate.compare import Count

Json = Annotated[bool, typer.Option("--json", help="Print one JSON object and nothing else.")]


def add_commands(app: typer.Typer) -> None:
    """Mount the commands of this file on the command line."""
    app.command()(evaluate)
    app.command()(compare)


def evaluate(
    suite: Annotated[
        str,
        typer.Option(help="quick (17 films), standard (120), fresh:SEED:COUNT, or a suite's JSON."),
    ] = "quick",
    model: Annotated[
        Path | None, typer.Option("--model", help="Folder of weights (default: the packaged ones).")
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option("-o", "--output", help="Folder for all of it (default: evaluations/SUITE)."),
    ] = None,
    against: Annotated[
        Path | None,
        typer.Option(help="Folder of an earlier evaluation to show beside this one."),
    ] = None,
    only: Annotated[
        list[str] | None, typer.Option(help="Only the items of this group; may be repeated.")
    ] = None,
    examiner: Annotated[
        Path | None, typer.Option(help="Folder of another examiner than the packaged one.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Make the films of a suite, measure them against real renders, and write a report.

    A run that was stopped goes on where it was: films that the same weights made are kept.
    """
    from onereel.cli import needs_extra, progress_bars

    try:
        from onereel.evaluate import run
        from onereel.evaluate.folder import read_results
        from onereel.evaluate.report import check_against, write_report
        from onereel.evaluate.suites import open_suite
    except ModuleNotFoundError as error:
        raise WrongUse(needs_extra(error, "backlot")) from error
    from onereel.produce import DEFAULT_MODEL
    from onereel.records.home import Home

    items = open_suite(suite)
    items = run.only(items, only) if only else items
    before = read_results(against) if against else None
    reader = run.open_reader(examiner) if examiner else run.open_reader()
    if output is None:
        output = Path("evaluations") / Path(suite).stem.replace(":", "-")
    with progress_bars(quiet=as_json) as tell:
        results = run.evaluate(
            items, output, reader, model or DEFAULT_MODEL, Home.default(), tell
        )  # fmt: skip
    if before is not None:
        check_against(results, before)
    page = write_report(output, results, before, against)
    if as_json:
        print(json.dumps({"page": str(page), **results}, ensure_ascii=False))
        return
    from onereel.evaluate.report import in_words

    print(in_words(results))
    print(f"Report: {page}")


def compare(
    a: Annotated[Path, typer.Argument(help="An evaluation's folder, or one of mp4 films.")],
    b: Annotated[Path, typer.Argument(help="Another, with films of the same names.")],
    output: Annotated[Path, typer.Option("-o", "--output", help="Folder for the page.")] = Path(
        "comparison"
    ),
    seed: Annotated[
        int | None, typer.Option(min=0, help="Of sides and order. Random if left out.")
    ] = None,
    votes: Annotated[
        list[Path] | None,
        typer.Option(help="A file of votes that the page saved; may be repeated. Counts them."),
    ] = None,
    as_json: Json = False,
) -> None:
    """Build a blind page on which people choose between two sets of films, or count their votes."""
    from onereel.evaluate.compare import build, count_votes

    if votes:
        counts = count_votes(a, b, output, votes)
        if as_json:
            print(json.dumps({name: fields_of(one) for name, one in counts.items()}))
        else:
            show_counts(a, b, counts)
        return
    page, key = build(a, b, output, secrets.randbelow(2**53) if seed is None else seed)
    if as_json:
        print(json.dumps({"page": str(page), "key": str(key)}))
        return
    print(f"Page: {page} (the folder can be sent to anyone)")
    print(f"Key:  {key} (keep it: it tells which film is whose)")
    print(f"Then: onereel compare {a} {b} -o {output} --votes FILE ...", file=sys.stderr)


def fields_of(count: Count) -> dict[str, Any]:
    from onereel.evaluate.compare import share_interval, sign_test

    low, high = share_interval(count)
    return {
        "a": count.a, "b": count.b, "same": count.same,
        "share": count.share if count.a + count.b else None,
        "low": low, "high": high, "p": sign_test(count),
    }  # fmt: skip


def show_counts(a: Path, b: Path, counts: dict[str, Count]) -> None:
    from onereel.evaluate.compare import QUESTIONS

    for name, count in counts.items():
        told = fields_of(count)
        print(f"{QUESTIONS[name]} {a}: {count.a}, {b}: {count.b}, no difference: {count.same}")
        if count.a + count.b:
            print(
                f"  {a} wins {told['share']:.0%} of those that chose "
                f"(95 %: {told['low']:.0%} to {told['high']:.0%}; sign test p = {told['p']:.3g})"
            )
