"""SARIF 2.1.0, for code scanning: relative URIs and fingerprints that match from run to run, all rules, fixes.

https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
"""

from __future__ import annotations

import json
import os
from urllib.parse import quote

from closurelint import __version__
from closurelint.report.lines import shown
from closurelint.report.wording import evidence, unique_fingerprints
from closurelint.rules import RULES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from closurelint.diagnostic import Diagnostic, Fix, Range
    from closurelint.report import Report
    from closurelint.rule import Rule

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
BASE = "SRCROOT"
_LEVELS = {"error": "error", "warning": "warning", "info": "note"}
_INDEX = {rule.code: index for index, rule in enumerate(RULES)}


def render(report: Report) -> str:
    """One run with every rule, also without results, so that alerts are closed when their findings are gone."""
    listed = list(report.diagnostics())
    marks = unique_fingerprints(listed, report.directory)
    broken = [item for item in listed if item.code == "CLO900"]
    root = "file://" + quote(os.path.abspath(report.directory).replace(os.sep, "/").rstrip("/")) + "/"
    run = {
        "tool": {
            "driver": {
                "name": "closurelint",
                "semanticVersion": __version__,
                "version": __version__,
                "rules": [_rule(rule) for rule in RULES],
            }
        },
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {BASE: {"uri": root}},
        "invocations": [
            {
                "executionSuccessful": True,
                "toolExecutionNotifications": [
                    {
                        "level": "error",
                        "message": {"text": _plain(item.message)},
                        "locations": [_location(item.filename, item.range, report)],
                    }
                    for item in broken
                ],
            }
        ],
        "results": [_result(item, mark, report) for item, mark in zip(listed, marks, strict=True)],
    }
    return json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2, ensure_ascii=False) + "\n"


def _rule(rule: Rule) -> dict[str, Any]:
    manual = rule.manual.strip()
    return {
        "id": rule.code,
        "name": "".join(word.capitalize() for word in rule.name.split("-")),
        "shortDescription": {"text": rule.summary},
        "fullDescription": {"text": rule.summary},
        "help": {"text": manual, "markdown": manual},
        "defaultConfiguration": {"level": _LEVELS[rule.severity]},
        "properties": {"tags": ["correctness"], "problem.severity": _LEVELS[rule.severity], "precision": "very-high"},
    }


def _result(item: Diagnostic, mark: str, report: Report) -> dict[str, Any]:
    numbers = evidence(item)
    result: dict[str, Any] = {
        "ruleId": item.code,
        "ruleIndex": _INDEX[item.code],
        "level": _LEVELS[item.severity],
        "message": {"text": _plain(item.message + (f" ({numbers})" if numbers else ""))},
        "locations": [_location(item.filename, item.range, report)],
        "partialFingerprints": {"closurelint/v1": mark},
    }
    if item.related:
        result["relatedLocations"] = [
            {"id": number, **_location(place.filename, place.range, report), "message": {"text": _plain(place.message)}}
            for number, place in enumerate(item.related, 1)
        ]
    # a cell's rows are no rows of the notebook's file, so its edits cannot be said in SARIF
    if item.fixes and item.range.cell is None:
        result["fixes"] = [_fix(fix, item.filename, report) for fix in item.fixes]
    if item.evidence is not None:
        result["properties"] = {"verdict": item.evidence.verdict}
    return result


def _fix(fix: Fix, filename: str, report: Report) -> dict[str, Any]:
    replacements = [
        {"deletedRegion": _region(edit.range), "insertedContent": {"text": edit.text}} for edit in fix.edits
    ]
    change = {"artifactLocation": _artifact(filename, report), "replacements": replacements}
    return {"description": {"text": f"{fix.message} ({fix.applicability})"}, "artifactChanges": [change]}


def _location(filename: str, where: Range, report: Report) -> dict[str, Any]:
    physical = {"artifactLocation": _artifact(filename, report), "region": _region(where)}
    location: dict[str, Any] = {"physicalLocation": physical}
    if where.cell is not None:
        physical["region"] = {"startLine": 1}
        said = f"cell {where.cell}, line {where.start.row}, column {where.start.column}"
        location["logicalLocations"] = [{"name": said, "kind": "member"}]
    return location


def _artifact(filename: str, report: Report) -> dict[str, str]:
    path = shown(filename, report.directory, "/")
    if os.path.isabs(path):
        return {"uri": "file://" + quote(path)}
    return {"uri": quote(path), "uriBaseId": BASE}


def _region(where: Range) -> dict[str, int]:
    return {
        "startLine": where.start.row,
        "startColumn": where.start.column,
        "endLine": where.end.row,
        "endColumn": where.end.column,
    }


def _plain(text: str) -> str:
    """A message without links: viewers make one of `[words](address)`, and names come from the checked code."""
    return text.replace("](", "] (")
