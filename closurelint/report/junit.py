"""JUnit XML, which every CI server reads: a test suite for each file, a failed test for each diagnostic."""

from __future__ import annotations

import re
from xml.sax.saxutils import escape, quoteattr

from closurelint.report.lines import shown
from closurelint.report.text import position
from closurelint.report.wording import evidence

TYPE_CHECKING = False
if TYPE_CHECKING:
    from closurelint.diagnostic import Diagnostic
    from closurelint.report import Report

_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def render(report: Report) -> str:
    """A suite without failures stands for a clean run, so that the server sees that something ran."""
    suites: dict[str, list[Diagnostic]] = {}
    for item in report.diagnostics():
        suites.setdefault(shown(item.filename, report.directory), []).append(item)
    count = sum(len(items) for items in suites.values())
    lines = ['<?xml version="1.0" encoding="utf-8"?>']
    lines.append(f'<testsuites name="closurelint" tests="{max(count, 1)}" failures="{count}" errors="0">')
    if not count:
        lines.append('  <testsuite name="closurelint" tests="1" disabled="0" errors="0" failures="0">')
        lines.append('    <testcase name="No diagnostics found" classname="closurelint"/>')
        lines.append("  </testsuite>")
    for filename, items in suites.items():
        name = quoteattr(_clean(filename))
        lines.append(f'  <testsuite name={name} tests="{len(items)}" disabled="0" errors="0" failures="{len(items)}">')
        lines += [_case(item, filename) for item in items]
        lines.append("  </testsuite>")
    return "\n".join([*lines, "</testsuites>", ""])


def _case(item: Diagnostic, filename: str) -> str:
    numbers = evidence(item)
    start = item.range.start
    said = f"{position(item.range)}, {item.code} {item.message}" + (f"\n{numbers}" if numbers else "")
    return (
        f"    <testcase name={quoteattr(_clean(f'closurelint.{item.code}'))} classname={quoteattr(_clean(filename))}"
        f' line="{start.row}" column="{start.column}">\n'
        f"      <failure message={quoteattr(_clean(item.message))}>{escape(_clean(said))}</failure>\n"
        "    </testcase>"
    )


def _clean(text: str) -> str:
    return _NO_XML.sub("\N{REPLACEMENT CHARACTER}", text)
