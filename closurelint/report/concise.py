"""One line for each diagnostic, as compilers do it."""

from __future__ import annotations

from closurelint.report.text import header
from closurelint.report.wording import ending

TYPE_CHECKING = False
if TYPE_CHECKING:
    from closurelint.report import Report


def render(report: Report) -> str:
    """`train.py:31:35: CLO103 message` for each, then a summary."""
    lines = [header(diagnostic, report) for diagnostic in report.diagnostics()]
    return "\n".join([*lines, *ending(report)]) + "\n"
