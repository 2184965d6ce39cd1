"""GitLab's code quality report: a JSON list of issues with stable fingerprints."""

from __future__ import annotations

import json

from closurelint.report.lines import shown
from closurelint.report.wording import unique_fingerprints

TYPE_CHECKING = False
if TYPE_CHECKING:
    from closurelint.report import Report

_SEVERITIES = {"error": "major", "warning": "minor", "info": "info"}


def render(report: Report) -> str:
    """Each diagnostic with the position of its objective; the same finding has the same fingerprint in every run."""
    listed = list(report.diagnostics())
    marks = unique_fingerprints(listed, report.directory)
    issues = [
        {
            "check_name": item.code,
            "description": f"{item.code}: {item.message}",
            "severity": _SEVERITIES[item.severity],
            "fingerprint": mark,
            "location": {
                "path": shown(item.filename, report.directory, "/"),
                "positions": {
                    "begin": {"line": item.range.start.row, "column": item.range.start.column},
                    "end": {"line": item.range.end.row, "column": item.range.end.column},
                },
            },
        }
        for item, mark in zip(listed, marks, strict=True)
    ]
    return json.dumps(issues, indent=2, ensure_ascii=False) + "\n"
