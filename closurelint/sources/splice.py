"""Edits given as rows and columns, applied to a text.

Lines end where an editor ends them: at `\\r\\n`, `\\r` or `\\n`, and at nothing else (a form feed is a character).
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import NamedTuple

from closurelint.diagnostic import Edit, Position


class Replacement(NamedTuple):
    """Replace `text[start:end]` by `text`; offsets count characters from 0."""

    start: int
    end: int
    text: str


def line_starts(text: str) -> list[int]:
    """Offset of the first character of each line; a text always has at least one line."""
    starts = [0]
    if "\r" not in text:
        at = text.find("\n")
        while at >= 0:
            starts.append(at + 1)
            at = text.find("\n", at + 1)
        return starts
    at = 0
    for line in text.replace("\r\n", "\r\r").replace("\r", "\n").split("\n")[:-1]:
        at += len(line) + 1
        if text[at - 1] == "\n" or text[at : at + 1] != "\n":
            starts.append(at)
    return starts


def offset_of(starts: Sequence[int], length: int, position: Position) -> int:
    """Offset of `position` in the text of `length` characters whose lines start at `starts`.

    Raises ValueError if the text has no such place.
    """
    row, column = position
    if not 1 <= row <= len(starts) or column < 1:
        raise ValueError(f"row {row}, column {column} is outside the text")
    offset = starts[row - 1] + column - 1
    if offset > (starts[row] - 1 if row < len(starts) else length):
        raise ValueError(f"row {row} has no column {column}")
    return offset


def position_of(starts: Sequence[int], offset: int) -> Position:
    """Row and column of an offset."""
    row = bisect_right(starts, offset)
    return Position(row, offset - starts[row - 1] + 1)


def replacements(text: str, edits: Iterable[Edit]) -> list[Replacement]:
    """`edits` as offsets into `text`, in order; a text whose line ends are all alike gets new lines of that kind.

    Raises ValueError if two edits overlap or one lies outside the text.
    """
    starts = line_starts(text)
    newline = _line_end(text)
    found = []
    for edit in edits:
        start = offset_of(starts, len(text), edit.range.start)
        end = offset_of(starts, len(text), edit.range.end)
        new = edit.text if newline is None else edit.text.replace("\r\n", "\n").replace("\n", newline)
        found.append(Replacement(start, end, new))
    found.sort(key=lambda replacement: replacement[:2])
    for before, after in pairwise(found):
        if after.start < before.end:
            raise ValueError("edits overlap")
    if any(replacement.end < replacement.start for replacement in found):
        raise ValueError("an edit ends before it starts")
    return found


def spliced(text: str, found: Iterable[Replacement]) -> str:
    """`text` with every replacement made."""
    pieces: list[str] = []
    at = 0
    for start, end, new in found:
        pieces += (text[at:start], new)
        at = end
    return "".join((*pieces, text[at:]))


def _line_end(text: str) -> str | None:
    """`\\r\\n` or `\\r` if every line of `text` ends so, otherwise None: new lines are then written as they are."""
    returns, newlines, pairs = text.count("\r"), text.count("\n"), text.count("\r\n")
    if returns and returns == newlines == pairs:
        return "\r\n"
    return "\r" if returns and not newlines else None
