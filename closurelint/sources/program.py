"""A program: Python text that the static half reads, and the way back to the file it came from.

Plain Python is its own program and its map is the identity. A notebook's cells, a document's blocks and a docstring's
examples are gathered into programs line by line: each program line knows the file line it came from, what was taken off
its front (a prompt, the indentation of a list) and what was put there instead.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, replace
from typing import Literal, NamedTuple

from closurelint.diagnostic import Edit, Position, Range


class SourceProblem(Exception):
    """A file, or one cell of it, that cannot be read as Python; `message` is one sentence."""

    def __init__(self, message: str, position: Position | None = None, cell: int | None = None) -> None:
        super().__init__(message, position, cell)
        self.message = message
        self.position = position
        self.cell = cell

    def __str__(self) -> str:
        return self.message


LineState = Literal["kept", "rewritten", "blank"]
"""kept: the file's own characters; rewritten: an IPython command replaced by Python; blank: not in the program."""


class LineOrigin(NamedTuple):
    """Where one program line comes from.

    cell, row: the file line; `cell` is 0 outside notebooks.
    removed: how many characters were taken off the front of the file line.
    added: how many spaces were put in front of the program line instead.
    length: characters of the file line.
    block: number of the cell, or of the document's block.
    continuation: what a new line inserted after this one has to start with (`... `, the indentation of a list).
    """

    cell: int
    row: int
    removed: int
    added: int
    length: int
    block: int
    state: LineState = "kept"
    continuation: str = ""

    def to_column(self, column: int) -> int:
        """File column of a program column, kept within the file line."""
        return min(self.removed + max(column - self.added, 1), self.length + 1)


@dataclass(frozen=True, slots=True)
class Program:
    """Python text and its position map; rows and columns count from 1.

    `text` ends its lines with `\\n` whatever the file does, so rows and columns are those of an editor.
    `origins` has one entry per line of `text`, in the order of the file, None when the map is the identity.
    `problems` are the cells that were left out because they do not parse.
    """

    text: str
    origins: tuple[LineOrigin, ...] | None = None
    problems: tuple[SourceProblem, ...] = ()

    def to_file(self, range: Range) -> Range:
        """The place in the file of a place in this program.

        A range that starts in one cell and ends in another is cut off at the end of the first.
        """
        if self.origins is None:
            return range
        first = self._origin(range.start.row)
        start = Position(first.row, first.to_column(range.start.column))
        last = self._origin(range.end.row)
        if last.cell == first.cell:
            end = Position(last.row, last.to_column(range.end.column))
        else:
            last = [origin for origin in self.origins if origin.cell == first.cell][-1]
            end = Position(last.row, last.length + 1)
        return Range(start, max(start, end), first.cell or None)

    def to_program(self, position: Position, cell: int | None = None) -> Position | None:
        """The place in this program of a place in the file, None if the program does not contain it."""
        if self.origins is None:
            return position if cell is None else None
        index = bisect_left(self.origins, (cell or 0, position.row), key=lambda origin: origin[:2])
        if index == len(self.origins) or self.origins[index][:2] != (cell or 0, position.row):
            return None
        origin = self.origins[index]
        if origin.state == "blank" or position.column > origin.length + 1:
            return None
        return Position(index + 1, max(position.column - origin.removed, 1) + origin.added)

    def to_file_edit(self, edit: Edit) -> Edit | None:
        """The same edit in the file's own terms, None if it would touch what is not the file's own characters.

        New lines get what their place in the file asks for: a prompt, the indentation of the list they stand in.
        """
        if self.origins is None:
            return edit
        touched = self.origins[edit.range.start.row - 1 : edit.range.end.row]
        if not touched or len({origin.block for origin in touched}) > 1:
            return None
        if any(origin.state != "kept" for origin in touched):
            return None
        first, *further = edit.text.split("\n")
        # Indentation that is not in the file cannot be edited there, but new text may bring it along.
        unwritten = max(touched[0].added - edit.range.start.column + 1, 0)
        if len(first) - len(first.lstrip(" ")) < unwritten:
            return None
        last = touched[-1]
        lines = [first[unwritten:], *(last.continuation + _without_indent(line, last.added) for line in further)]
        return Edit(self.to_file(edit.range), "\n".join(lines))

    def without(self, position: Position, message: str) -> Program | None:
        """This program with the cell or block around `position` left out and recorded as a problem.

        For a parser that is stricter than `ast.parse`: one bad cell does not hide the others. None if there is only
        one block, or nothing of it is left to leave out.
        """
        if self.origins is None or not 1 <= position.row <= len(self.origins):
            return None
        bad = self._origin(position.row)
        if all(origin.block == bad.block or origin.state == "blank" for origin in self.origins):
            return None
        if all(origin.state == "blank" for origin in self.origins if origin.block == bad.block):
            return None
        lines = self.text.split("\n")
        origins = list(self.origins)
        for index, origin in enumerate(self.origins):
            if origin.block == bad.block:
                lines[index] = ""
                origins[index] = origin._replace(state="blank")
        place = Position(bad.row, bad.to_column(position.column))
        problem = SourceProblem(message, place, bad.cell or None)
        return replace(self, text="\n".join(lines), origins=tuple(origins), problems=(*self.problems, problem))

    def _origin(self, row: int) -> LineOrigin:
        assert self.origins is not None
        return self.origins[min(max(row, 1), len(self.origins)) - 1]


def _without_indent(line: str, width: int) -> str:
    """`line` without the first `width` of its leading spaces."""
    return line[min(width, len(line) - len(line.lstrip(" "))) :]


def without_carriage_returns(text: str) -> str:
    """`text` with every line end as `\\n`; rows and columns stay."""
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text
