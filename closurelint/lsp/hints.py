"""The numbers of replay at the calls: as inlay hints behind the line, or as lenses above it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from lsprotocol import types

from closurelint.diagnostic import Diagnostic, Range
from closurelint.lsp.documents import TextDocument, Unit
from closurelint.report.wording import evidence, number


def label(diagnostic: Diagnostic) -> str:
    """The numbers in a few words; empty where there are none."""
    found, claim = diagnostic.evidence, diagnostic.claim
    if found is None or claim is None or found.verdict != "confirmed":
        return ""
    if found.copy is None or claim.outcome in ("flat", "stale"):
        return evidence(diagnostic)
    said = f"dW: {number(found.copy.largest)} for a copy"
    if claim.outcome == "partial" and found.missing is not None:
        return f"dW: {number(found.copy.largest)}, and {number(found.missing)} is missing"
    if claim.outcome == "aliased" and found.alias is not None:
        said += f", {number(found.alias.largest)} in place"
    return said


def inlays(
    diagnostics: Iterable[Diagnostic], unit: Unit, text: TextDocument, asked: types.Range
) -> Iterator[types.InlayHint]:
    """A hint behind the line of each call in a range of a text."""
    for row, said, tooltip in _calls(diagnostics, unit, text):
        if asked.start.line <= row <= asked.end.line:
            end = text.lines.position_at(text.lines.starts[row] + len(text.lines.line(row)))
            yield types.InlayHint(end, said, tooltip=tooltip, padding_left=True)


def lenses(diagnostics: Iterable[Diagnostic], unit: Unit, text: TextDocument) -> Iterator[types.CodeLens]:
    """A lens above each call. Its command does nothing: it is there to be read."""
    for row, said, _ in _calls(diagnostics, unit, text):
        place = types.Range(types.Position(row, 0), types.Position(row, 0))
        yield types.CodeLens(place, command=types.Command(said, ""))


def _calls(diagnostics: Iterable[Diagnostic], unit: Unit, text: TextDocument) -> list[tuple[int, str, str]]:
    """Line, label and tooltip for each call of which there are numbers; one for a line."""
    found: dict[int, tuple[str, str]] = {}
    for diagnostic in diagnostics:
        said = label(diagnostic)
        place = _call(diagnostic)
        if said and unit.part(place) is text:
            row = text.lines.to_client(place.end).line
            found.setdefault(row, (said, f"{diagnostic.code}, replayed: {evidence(diagnostic)}"))
    return [(row, *told) for row, told in sorted(found.items())]


def _call(diagnostic: Diagnostic) -> Range:
    """Where the objective is handed over: what the diagnostic is related to, if that is in the same file."""
    here = [place.range for place in diagnostic.related if place.filename == diagnostic.filename]
    return here[0] if here else diagnostic.range
