"""Uses what was found in a text again, where only what cannot matter has changed since.

What is found depends on the part of a text that has to be read closely, and on comments that silence. The quick look
at Python's own tree tells that part, at a tenth of the price: when it has only moved, so have the diagnostics.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from closurelint.configuration.settings import Settings
from closurelint.lsp.carrying import carried, change_between
from closurelint.result import FileResult
from closurelint.sources.program import without_carriage_returns
from closurelint.suppression import may_concern
from closurelint.triage.part import Part

KEPT = 20
"""Texts whose results are kept."""


@dataclass(frozen=True)
class _Known:
    settings: Settings
    lines: tuple[str, ...] | None
    result: FileResult


class Reuse:
    """The last result for each of the texts that were checked last.

    closely: gives the part of a text, of a file, under some settings, that has to be read closely.
    """

    def __init__(self, closely: Callable[[str, str, Settings], Part | None]) -> None:
        self._closely = closely
        self._known: OrderedDict[str, _Known] = OrderedDict()

    def again(self, text: str, filename: str, settings: Settings) -> FileResult | None:
        """The result of an earlier text of the file, as it is for this one; None if it has to be checked."""
        known = self._known.get(filename)
        if known is None or known.settings != settings or may_concern(text):
            return None
        lines = self._lines(text, filename, settings)
        if lines is None or known.lines is None:
            return known.result if lines is known.lines else None
        change = change_between(known.lines, lines)
        if change is None:
            return known.result
        before = known.lines[change.first - 1 : change.last]
        after = lines[change.first - 1 : change.last + change.moved]
        if any(line.strip() for line in (*before, *after)):
            return None
        moved = carried(known.result.diagnostics, change)
        if len(moved) != len(known.result.diagnostics):
            return None
        result = known.result.changed(diagnostics=tuple(moved))
        self._known[filename] = _Known(settings, lines, result)
        return result

    def keep(self, text: str, filename: str, settings: Settings, result: FileResult) -> None:
        """Remember the result of a check."""
        if may_concern(text):
            self._known.pop(filename, None)
            return
        self._known[filename] = _Known(settings, self._lines(text, filename, settings), result)
        self._known.move_to_end(filename)
        while len(self._known) > KEPT:
            self._known.popitem(last=False)

    def forget(self, filenames: Iterable[str] | None = None) -> None:
        """These files, or some that nobody knows, have changed: what depends on them has to be checked."""
        changed = None if filenames is None else set(filenames)
        for filename, known in list(self._known.items()):
            if changed is None or not changed.isdisjoint(known.result.dependencies):
                del self._known[filename]

    def _lines(self, text: str, filename: str, settings: Settings) -> tuple[str, ...] | None:
        part = self._closely(without_carriage_returns(text.removeprefix("\ufeff")), filename, settings)
        return None if part is None else tuple(part.text.split("\n"))
