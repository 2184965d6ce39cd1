"""What closurelint says of a generated module, held against the truth about it."""

from __future__ import annotations

from dataclasses import dataclass

from closurelint.configuration.settings import Settings
from closurelint.diagnostic import Diagnostic
from closurelint.engine import check_bytes

from .modules import Module
from .taints import Reach

IGNORED = frozenset({"CLO101", "CLO102", "CLO103", "CLO105", "CLO106", "CLO107", "CLO201"})
"""Say that nothing of the parameter gets to the value."""
PARTIAL = frozenset({"CLO104", "CLO201"})
"""Say that it does, and that the point gets there beside it."""


@dataclass(frozen=True, slots=True)
class Disagreement:
    """kind: `false alarm`, `missed`, `refuted` for a true finding that replay denies, or `not replayed`."""

    kind: str
    detail: str


def judged(module: Module, *, replay: bool) -> list[Disagreement]:
    """Where the diagnostics of a module and the truth about it differ."""
    result = check_bytes(module.text.encode(), "/nowhere/generated.py", Settings(replay=replay))
    refuted = [diagnostic for diagnostic in result.refuted if diagnostic.code[3] in "129"]
    found = [diagnostic for diagnostic in result.diagnostics if diagnostic.code[3] in "129"]
    truth = module.truth
    # a search does not mind pieces
    searched = truth.own is Reach.CUT and not module.dialect.sums_are_judged
    problems = []
    for diagnostic in found:
        if not _allowed(diagnostic.code, module):
            problems.append(Disagreement("false alarm", _said(diagnostic)))
    if truth.own is not Reach.WHOLE and (truth.point or truth.held) and not searched:
        # replay goes the way that is taken, where what is read elsewhere does not matter
        idle = not (truth.own or module.taken.point or (module.taken.held and not module.dialect.in_place))
        if refuted and idle:
            return problems
        if refuted:
            problems += [Disagreement("refuted", _said(diagnostic)) for diagnostic in refuted]
        elif not found and not refuted and not module.leaked:
            problems.append(Disagreement("missed", f"the truth is {truth}"))
        for diagnostic in found:
            unknown = diagnostic.evidence is not None and diagnostic.evidence.verdict == "not replayed"
            if unknown and diagnostic.evidence is not None and "`yield`" not in diagnostic.evidence.reason:
                problems.append(Disagreement("not replayed", _said(diagnostic)))
    return problems


def _allowed(code: str, module: Module) -> bool:
    truth = module.truth
    if truth.own is Reach.WHOLE:
        return code in PARTIAL and truth.point
    return code in IGNORED


def _said(diagnostic: Diagnostic) -> str:
    reason = "" if diagnostic.evidence is None else f" [{diagnostic.evidence.verdict}: {diagnostic.evidence.reason}]"
    return f"{diagnostic.range.start.row}: {diagnostic.code} {diagnostic.message}{reason}"
