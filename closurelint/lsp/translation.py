"""Diagnostics as the protocol has them; what a quick fix needs travels in `data`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from lsprotocol import types

from closurelint.diagnostic import Diagnostic, Edit, Related
from closurelint.lsp.documents import Unit
from closurelint.lsp.positions import Lines
from closurelint.report.wording import evidence

SOURCE = "closurelint"
SEVERITIES = {
    "error": types.DiagnosticSeverity.Error,
    "warning": types.DiagnosticSeverity.Warning,
    "info": types.DiagnosticSeverity.Information,
}

OtherFile = Callable[[str], "tuple[str, Lines] | None"]
"""Gives the name and the text of another file."""


class Translator:
    """Translates the diagnostics of one unit as it is now."""

    def __init__(self, unit: Unit, other: OtherFile, *, related: bool = True) -> None:
        self._unit, self._other, self._related = unit, other, related

    def by_uri(self, diagnostics: tuple[Diagnostic, ...]) -> dict[str, list[types.Diagnostic]]:
        """The diagnostics for each name that the client knows parts of the unit by; empty lists included."""
        found: dict[str, list[types.Diagnostic]] = {uri: [] for uri in self._unit.uris}
        for diagnostic in diagnostics:
            part = self._unit.part(diagnostic.range)
            if part is not None:
                found.setdefault(part.uri, []).append(self.diagnostic(diagnostic))
        return found

    def diagnostic(self, diagnostic: Diagnostic) -> types.Diagnostic:
        """One diagnostic."""
        part = self._unit.part(diagnostic.range)
        assert part is not None
        numbers = evidence(diagnostic)
        related = [self._location(each) for each in diagnostic.related] if self._related else []
        return types.Diagnostic(
            range=part.lines.range_to_client(diagnostic.range),
            severity=SEVERITIES[diagnostic.severity],
            code=diagnostic.code,
            source=SOURCE,
            message=diagnostic.message + (f"\nreplay: {numbers}" if numbers else ""),
            related_information=[each for each in related if each is not None] or None,
            data=self.data(diagnostic, part.version),
        )

    def data(self, diagnostic: Diagnostic, version: int) -> dict[str, Any]:
        """The fixes of a diagnostic, for the version of the text that they were made for."""
        return {
            "name": diagnostic.name,
            "version": version,
            "fixes": [
                {
                    "title": fix.message,
                    "applicability": fix.applicability,
                    "edits": [edit for each in fix.edits if (edit := self.edit(each)) is not None],
                }
                for fix in diagnostic.fixes
            ],
        }

    def edit(self, edit: Edit) -> dict[str, Any] | None:
        """One edit as plain data."""
        part = self._unit.part(edit.range)
        if part is None:
            return None
        place = part.lines.range_to_client(edit.range)
        return {
            "uri": part.uri,
            "range": {
                "start": {"line": place.start.line, "character": place.start.character},
                "end": {"line": place.end.line, "character": place.end.character},
            },
            "newText": edit.text,
        }

    def _location(self, place: Related) -> types.DiagnosticRelatedInformation | None:
        if place.filename == self._unit.filename:
            part = self._unit.part(place.range)
            if part is None:
                return None
            location = types.Location(part.uri, part.lines.range_to_client(place.range))
        else:
            found = self._other(place.filename)
            if found is None:
                return None
            location = types.Location(found[0], found[1].range_to_client(place.range))
        return types.DiagnosticRelatedInformation(location, place.message)
