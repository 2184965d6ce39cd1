"""One JSON object for each diagnostic, a line each."""

from __future__ import annotations

import json

from closurelint.report.json import as_object

TYPE_CHECKING = False
if TYPE_CHECKING:
    from closurelint.report import Report


def render(report: Report) -> str:
    """The objects of the `json` format, one per line."""
    return "".join(f"{json.dumps(as_object(item), ensure_ascii=False)}\n" for item in report.diagnostics())
