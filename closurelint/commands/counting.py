"""`--statistics`: how often each rule was broken."""

from __future__ import annotations

import json

TYPE_CHECKING = False
if TYPE_CHECKING:
    from closurelint.report import Report

FORMATS = ("text", "concise", "grouped", "json", "jsonl")


def statistics(report: Report, output_format: str) -> str:
    """A line, or an object, for each rule that was broken, most often first, in ruff's form."""
    counts: dict[tuple[str, str], list[int]] = {}
    for item in report.diagnostics():
        count = counts.setdefault((item.code, item.name), [0, 0])
        count[0] += 1
        count[1] += any(fix.applicability == "safe" for fix in item.fixes)
    rows = sorted(counts.items(), key=lambda row: (-row[1][0], row[0]))
    if output_format in ("json", "jsonl"):
        objects = [
            {"code": code, "name": name, "count": count, "fixable": fixable > 0, "fixable_count": fixable}
            for (code, name), (count, fixable) in rows
        ]
        if output_format == "json":
            return json.dumps(objects, indent=2) + "\n"
        return "".join(f"{json.dumps(each)}\n" for each in objects)
    from closurelint.report.wording import ending

    width = max((len(str(count)) for _, (count, _) in rows), default=0)
    lines = [f"{count:>{width}}\t{code}\t[{'*' if fixable else ' '}] {name}" for (code, name), (count, fixable) in rows]
    return "".join(f"{line}\n" for line in (*lines, *ending(report)))
