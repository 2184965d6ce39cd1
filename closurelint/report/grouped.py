"""Diagnostics under the name of their file."""

from __future__ import annotations

from closurelint.report.lines import printable, shown
from closurelint.report.text import position
from closurelint.report.wording import ending

TYPE_CHECKING = False
if TYPE_CHECKING:
    from closurelint.report import Report


def render(report: Report) -> str:
    """A heading for each file with diagnostics, its diagnostics indented below it, then a summary."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for diagnostic in report.diagnostics():
        said = f"{diagnostic.code} {printable(diagnostic.message)}"
        groups.setdefault(shown(diagnostic.filename, report.directory), []).append((position(diagnostic.range), said))
    blocks = []
    for filename, found in groups.items():
        width = max(len(place) for place, _ in found)
        blocks.append("\n".join([f"{filename}:", *(f"  {place:<{width}}  {said}" for place, said in found), ""]))
    return "\n".join([*blocks, *ending(report)]) + "\n"
