"""Sentences that several formats use: the evidence of a diagnostic, and what a run came to."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from closurelint.diagnostic import Diagnostic
    from closurelint.evidence import Evidence
    from closurelint.report import Report


def number(value: float) -> str:
    """Three significant digits; zero is `0`."""
    return f"{value:.3g}" if abs(value) > 1e-12 else "0"


def evidence(diagnostic: Diagnostic) -> str:
    """What replay found, in one clause; empty where there was nothing to replay."""
    found, claim = diagnostic.evidence, diagnostic.claim
    if found is None or claim is None:
        return ""
    if found.verdict == "not replayed":
        return f"not replayed, because {found.reason}" if found.reason else "not replayed"
    if found.verdict == "refuted":
        return f"refuted, {found.reason}" if found.reason else "refuted"
    if claim.outcome == "flat":
        return "the value is the same for every candidate"
    if claim.outcome == "stale":
        return "the value is the same after the weights have changed"
    if claim.outcome == "partial" and found.missing is not None and found.copy is not None:
        return f"max |dW| is {number(found.copy.largest)}, and up to {number(found.missing)} of it is missing"
    parts = []
    array = f"the aliased {f'`{claim.point}`' if claim.point else 'array'}"
    either = compares_with_reference(found) and found.alias is not None
    if found.copy is not None:
        parts.append(f"{number(found.copy.largest)} for a copy" + (f" and for {array}" if either else ""))
    if not either and found.alias is not None and claim.outcome in ("zero", "aliased", "constant"):
        parts.append(f"{number(found.alias.largest)} for {array}")
    elif found.reference is not None:
        parts.append(f"{number(found.reference.largest)} if it used its parameter")
    return f"max |dW| is {', '.join(parts)}" if parts else found.verdict


def compares_with_reference(found: Evidence) -> bool:
    """Whether the true gradient is what to compare with: the aliased array gives zero too, or was not tried."""
    true = found.reference is not None and found.reference.largest > 0
    return found.alias is None or (true and not found.alias.largest)


def unique_fingerprints(diagnostics: Sequence[Diagnostic], directory: str) -> list[str]:
    """A mark for each diagnostic that stays the same when lines move; the second of two equal ones gets its own."""
    from hashlib import sha256

    from closurelint.baseline import fingerprint
    from closurelint.report.lines import shown

    seen: dict[str, int] = {}
    marks = []
    for item in diagnostics:
        mark = f"{shown(item.filename, directory)}\0{fingerprint(item)}"
        seen[mark] = seen.get(mark, 0) + 1
        marks.append(sha256(f"{mark}\0{seen[mark]}".encode("utf-8", "surrogatepass")).hexdigest()[:32])
    return marks


def ending(report: Report) -> list[str]:
    """The last lines of a report for people: what the run came to, and how much of it can be fixed."""
    return [line for line in (summary(report), fixable(report)) if line] if report.summarised else []


def summary(report: Report) -> str:
    """What the run came to: everything that is shown, and everything that is not, counted."""
    results = report.results
    count = sum(len(result.diagnostics) for result in results)
    files = len(results)
    where = f"in {files} file{'s' if files != 1 else ''}"
    hidden = _hidden(report)
    if not count:
        return f"All checks passed {where}!" if not hidden else f"All checks passed {where} ({hidden})"
    text = f"Found {count} diagnostic{'s' if count != 1 else ''} {where}"
    return f"{text} ({hidden})" if hidden else text


def fixable(report: Report) -> str:
    """How many diagnostics have a fix, in ruff's words; empty if none has."""
    kinds = [{fix.applicability for fix in item.fixes} for result in report.results for item in result.diagnostics]
    safe = sum("safe" in kind for kind in kinds)
    unsafe = sum(kind == {"unsafe"} for kind in kinds)
    if safe and unsafe:
        return f"[*] {safe} fixable with the `--fix` option ({unsafe} more with `--unsafe-fixes`)"
    if safe:
        return f"[*] {safe} fixable with the `--fix` option"
    return f"{unsafe} fixable with the `--fix --unsafe-fixes` options" if unsafe else ""


def _hidden(report: Report) -> str:
    results = report.results
    unreplayed = sum(
        item.evidence is not None and item.evidence.verdict == "not replayed"
        for result in results
        for item in result.diagnostics
    )
    counts = (
        (sum(result.suppressed for result in results), "suppressed"),
        (sum(len(result.refuted) for result in results), "refuted by replay"),
        (sum(result.baselined for result in results), "in the baseline"),
        (unreplayed, "not replayed"),
    )
    return ", ".join(f"{count} {what}" for count, what in counts if count)
