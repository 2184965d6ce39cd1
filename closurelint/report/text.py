"""For a person at a terminal: the message, the code that it is about, the numbers, and where to read on."""

from __future__ import annotations

from closurelint.report.lines import printable, shown
from closurelint.report.wording import ending, evidence

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from closurelint.diagnostic import Diagnostic, Range
    from closurelint.report import Report

BOLD, RED, CYAN, BLUE = "1", "1;31", "36", "1;34"


def render(report: Report) -> str:
    """Each diagnostic with its code frame, then a summary."""
    blocks = [_block(diagnostic, report) for diagnostic in report.diagnostics()]
    return "\n".join([*(f"{block}\n" for block in blocks), *ending(report)]).rstrip("\n") + "\n"


def header(diagnostic: Diagnostic, report: Report) -> str:
    """`train.py:31:35: CLO103 message`; in a notebook `fit.ipynb:cell 2:3:5`."""
    place = f"{shown(diagnostic.filename, report.directory)}:{position(diagnostic.range)}"
    code = _painted(diagnostic.code, RED, report)
    mark = " [*]" if any(fix.applicability == "safe" for fix in diagnostic.fixes) else ""
    return f"{_painted(place, BOLD, report)}: {code}{mark} {printable(diagnostic.message)}"


def position(where: Range) -> str:
    """Row and column, with the cell before them in a notebook."""
    cell = "" if where.cell is None else f"cell {where.cell}:"
    return f"{cell}{where.start.row}:{where.start.column}"


def _block(diagnostic: Diagnostic, report: Report) -> str:
    from closurelint.report.frame import frame

    lines = [header(diagnostic, report)]
    found = frame(diagnostic, report)
    lines += _painted_frame(found, report)
    indent = " " * (len(found[0]) - 1) if found else "  "
    for place in diagnostic.related:
        if place.filename != diagnostic.filename or place.range.cell != diagnostic.range.cell:
            where = f"{shown(place.filename, report.directory)}:{position(place.range)}"
            lines.append(f"{indent}= {where}: {printable(place.message)}")
    numbers = evidence(diagnostic)
    if numbers:
        lines.append(f"{indent}= {_painted('replay', CYAN, report)}: {printable(numbers)}")
    if report.show_fixes:
        lines += [f"{indent}= {fix.applicability} fix: {printable(fix.message)}" for fix in diagnostic.fixes]
    lines.append(f"{indent}= {_painted('help', CYAN, report)}: `closurelint rule {diagnostic.code}`")
    return "\n".join(lines)


def _painted(text: str, style: str, report: Report) -> str:
    return f"\x1b[{style}m{text}\x1b[0m" if report.color else text


def _painted_frame(lines: Sequence[str], report: Report) -> list[str]:
    if not report.color:
        return list(lines)
    from closurelint.report.frame import pieces

    styles = {"gutter": BLUE, "primary": RED, "related": BLUE}
    painted = []
    for above, line in zip(("", *lines), lines, strict=False):
        parts = (_painted(text, styles[kind], report) if kind in styles else text for kind, text in pieces(line, above))
        painted.append("".join(parts))
    return painted
