"""Carries diagnostics over an edit of the text that they were found in.

What stands before the edit stays, what stands after it moves with its lines, and what the edit touches is dropped.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import NamedTuple

from closurelint.diagnostic import Diagnostic, Position, Range


class Change(NamedTuple):
    """Rows `first` to `last` of the old text, from 1, have become something else; later rows move by `moved`."""

    first: int
    last: int
    moved: int

    def touches(self, start: int, end: int) -> bool:
        """Whether the rows from `start` to `end` have changed."""
        return start <= self.last and end >= self.first

    def carried(self, place: Range) -> Range:
        """A range that the change does not touch, in the new text."""
        if place.start.row <= self.last:
            return place
        start, end = (Position(each.row + self.moved, each.column) for each in (place.start, place.end))
        return Range(start, end, place.cell)


def change_between(old: Sequence[str], new: Sequence[str]) -> Change | None:
    """The rows between the lines that two texts start with and those that they end with; None if they are equal."""
    shorter = min(len(old), len(new))
    before = 0
    while before < shorter and old[before] == new[before]:
        before += 1
    if before == len(old) == len(new):
        return None
    after = 0
    while after < shorter - before and old[-1 - after] == new[-1 - after]:
        after += 1
    return Change(before + 1, len(old) - after, len(new) - len(old))


def carried(diagnostics: Iterable[Diagnostic], change: Change | None, cell: int | None = None) -> list[Diagnostic]:
    """The diagnostics of a file, or of one cell, that still apply after a change."""
    if change is None:
        return list(diagnostics)
    return [_moved(each, change, cell) for each in diagnostics if not _is_touched(each, change, cell)]


def _is_touched(diagnostic: Diagnostic, change: Change, cell: int | None) -> bool:
    claim = diagnostic.claim
    objective = 0 if claim is None else claim.objective.rstrip("\n").count("\n")
    places = [diagnostic.range, *(edit.range for fix in diagnostic.fixes for edit in fix.edits)]
    places += [place.range for place in diagnostic.related if place.filename == diagnostic.filename]
    first = diagnostic.range
    places.append(Range(first.start, Position(first.start.row + objective, 1), first.cell))
    return any(place.cell == cell and change.touches(place.start.row, place.end.row) for place in places)


def _moved(diagnostic: Diagnostic, change: Change, cell: int | None) -> Diagnostic:
    def place(range: Range) -> Range:
        return change.carried(range) if range.cell == cell else range

    return replace(
        diagnostic,
        range=place(diagnostic.range),
        related=tuple(
            replace(each, range=place(each.range)) if each.filename == diagnostic.filename else each
            for each in diagnostic.related
        ),
        fixes=tuple(
            replace(fix, edits=tuple(replace(edit, range=place(edit.range)) for edit in fix.edits))
            for fix in diagnostic.fixes
        ),
    )
