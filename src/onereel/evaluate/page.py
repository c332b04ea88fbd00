"""The frame of every page that an evaluation writes: one file, its style inside, light and dark."""

from __future__ import annotations

from html import escape
from pathlib import Path

CSS = Path(__file__).parent / "page.css"


def page(title: str, body: str, script: str = "") -> str:
    css = CSS.read_text(encoding="utf-8")
    after = f"<script>\n{script}\n</script>\n" if script else ""
    return (
        '<!doctype html>\n<html lang="en">\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n<style>\n{css}</style>\n<body>\n{body}\n{after}</body>\n"
        "</html>\n"
    )
