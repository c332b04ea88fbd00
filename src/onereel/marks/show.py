"""A verification report as a table for people. Called from the command line."""

from __future__ import annotations

from rich.console import Console
from rich.table import Table
from rich.text import Text

from onereel.errors import shown
from onereel.marks.found import WatermarkFound
from onereel.marks.verify import Report

ANSWERS = {
    True: ("Made by onereel", "bold green"),
    False: ("Not made by onereel", "bold red"),
    None: ("Cannot tell", "bold yellow"),
}
STATES = {
    "trusted": "unaltered since signing, signed under a root that is trusted here",
    "valid": "unaltered since signing; the signer is not known here",
    "invalid": "altered after signing, or badly signed",
    "unreadable": "damaged",
    "none": "none",
}


def show(report: Report, console: Console | None = None) -> None:
    """Print the report: the answer, what each mark says, then the notes."""
    console = console or Console()
    answer, style = ANSWERS[report.ours]
    # The file is a stranger's: nothing it says is read as markup.
    console.print(Text.assemble((answer, style), f"  {shown(report.path)}"))
    table = Table(show_header=False, box=None, padding=(0, 2, 0, 0))
    table.add_column(style="dim", no_wrap=True)
    table.add_column(overflow="fold")
    for name, said in _rows(report):
        table.add_row(name, Text(said))
    console.print(table)
    for note in report.notes:
        console.print(Text(f"- {note}"))


def _rows(report: Report) -> list[tuple[str, str]]:
    credentials, metadata = report.credentials, report.metadata
    signed = STATES[credentials.state]
    if credentials.signer:
        signed += f"; by {credentials.signer}"
    if credentials.time:
        signed += f", stamped {credentials.time}"
    rows = [("credentials", signed)]
    rows += [
        ("  made from", ", ".join(f"{key}: {value}" for key, value in one.items()))
        for one in credentials.ingredients
    ]
    rows.append(("metadata", _metadata(report)))
    if metadata.disclosure:
        told = ", ".join(f"{key} {value}" for key, value in metadata.disclosure.items())
        rows.append(("disclosure", shown(told, 200)))
    rows.append(("picture", _watermark(report.picture)))
    rows.append(("sound", _watermark(report.sound)))
    rows.append(("record", _record(report)))
    return rows


def _metadata(report: Report) -> str:
    aigc, signature = report.metadata.aigc, report.metadata.signature
    if aigc is None:
        return "none"
    producer, produced = aigc.get("ContentProducer", ""), aigc.get("ProduceID", "")
    said = f"AIGC: made by {shown(producer)}, number {shown(produced)}"
    return said + {
        "valid": "; its signature fits this file",
        "invalid": "; its signature does not fit this file",
    }.get(signature, "")


def _watermark(mark: WatermarkFound | None) -> str:
    if mark is None:
        return "nothing to look in"
    when = "" if mark.start is None or mark.end is None else f", {mark.start:.1f}-{mark.end:.1f} s"
    strength = f"{mark.score:.1f} sigma, by chance at most {mark.false_alarm:.0e}{when}"
    return {
        "read": f"watermark of record {mark.record} ({strength})",
        "present": f"a onereel watermark, its record unreadable ({strength})",
        "absent": "no onereel watermark",
        "cannot tell": "cannot tell: too little to look in",
    }[mark.state]


def _record(report: Report) -> str:
    record = report.record
    if record is None:
        return "none"
    said = f"{record['id']}, by {' and '.join(record['found_in'])}"
    if not record.get("known"):
        return said + "; it is not kept here"
    said += f"; {record['system']}, {record['created']}"
    likeness = {k: v for k, v in record.get("fingerprint", {}).items() if v is not None}
    if likeness:
        said += "; " + ", ".join(f"{kind} {share:.0%} alike" for kind, share in likeness.items())
    return said
