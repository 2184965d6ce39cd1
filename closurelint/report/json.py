"""Everything as one JSON list, with the keys that ruff uses where ruff has them."""

from __future__ import annotations

import json
import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from closurelint.diagnostic import Diagnostic, Fix, Position
    from closurelint.evidence import Gradient
    from closurelint.report import Report


def render(report: Report) -> str:
    """A list of objects; rows and columns from 1, columns in characters, file names absolute."""
    return json.dumps([as_object(item) for item in report.diagnostics()], indent=2, ensure_ascii=False) + "\n"


def as_object(diagnostic: Diagnostic, named: Callable[[str], str] = os.path.abspath) -> dict[str, Any]:
    """One diagnostic as plain data; `named` gives what a file is called there."""
    where = diagnostic.range
    return {
        "code": diagnostic.code,
        "name": diagnostic.name,
        "message": diagnostic.message,
        "severity": diagnostic.severity,
        "filename": named(diagnostic.filename),
        "location": _location(where.start),
        "end_location": _location(where.end),
        "cell": where.cell,
        "fix": _fix(diagnostic.fixes[0]) if diagnostic.fixes else None,
        "fixes": [_fix(fix) for fix in diagnostic.fixes],
        "related": [
            {
                "message": place.message,
                "filename": named(place.filename),
                "location": _location(place.range.start),
                "end_location": _location(place.range.end),
                "cell": place.range.cell,
            }
            for place in diagnostic.related
        ],
        "evidence": _evidence(diagnostic),
        "url": None,
    }


def _location(position: Position) -> dict[str, int]:
    return {"row": position.row, "column": position.column}


def _fix(fix: Fix) -> dict[str, Any]:
    edits = [
        {
            "content": edit.text,
            "location": _location(edit.range.start),
            "end_location": _location(edit.range.end),
            "cell": edit.range.cell,
        }
        for edit in fix.edits
    ]
    return {"applicability": fix.applicability, "message": fix.message, "edits": edits}


def _evidence(diagnostic: Diagnostic) -> dict[str, Any] | None:
    found, claim = diagnostic.evidence, diagnostic.claim
    if found is None:
        return None
    return {
        "verdict": found.verdict,
        "reason": found.reason or None,
        "outcome": None if claim is None else claim.outcome,
        "delivery": None if claim is None else claim.delivery,
        "point": None if claim is None else claim.point,
        "copy": _largest(found.copy),
        "alias": _largest(found.alias),
        "reference": _largest(found.reference),
        "missing": found.missing,
        "gradients": {
            "copy": _gradient(found.copy),
            "alias": _gradient(found.alias),
            "reference": _gradient(found.reference),
        },
    }


def _largest(gradient: Gradient | None) -> float | None:
    return None if gradient is None else gradient.largest


def _gradient(gradient: Gradient | None) -> dict[str, Any] | None:
    if gradient is None:
        return None
    return {
        "shape": list(gradient.shape),
        "values": list(gradient.values),
        "pairs": [list(pair) for pair in gradient.pairs],
    }
