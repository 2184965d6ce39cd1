"""Annotations of a GitHub workflow: workflow commands, one line each."""

from __future__ import annotations

from closurelint.report.lines import shown
from closurelint.report.wording import evidence

TYPE_CHECKING = False
if TYPE_CHECKING:
    from closurelint.report import Report

_LEVELS = {"error": "error", "warning": "warning", "info": "notice"}


def render(report: Report) -> str:
    """`::warning title=...,file=...,line=...::message` for each; a notebook's rows count within the cell."""
    lines = []
    for item in report.diagnostics():
        start, end, cell = item.range
        place = {
            "title": f"closurelint ({item.code})",
            "file": shown(item.filename, report.directory, "/"),
            "line": str(start.row),
            "col": str(start.column),
            "endLine": str(end.row),
        }
        if end.row == start.row:
            place["endColumn"] = str(end.column)
        values = ",".join(f"{name}={_property(value)}" for name, value in place.items())
        numbers = evidence(item)
        where = f"cell {cell}, " if cell is not None else ""
        message = f"{where}{item.code} {item.message}" + (f" ({numbers})" if numbers else "")
        lines.append(f"::{_LEVELS[item.severity]} {values}::{_data(message)}\n")
    return "".join(lines)


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
