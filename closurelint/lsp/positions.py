"""Rows and columns of the engine, lines and code units of the protocol.

The engine counts from 1, and columns in characters. The protocol counts from 0, and columns in the code units of an
encoding that client and server agree on: bytes of UTF-8, pairs of bytes of UTF-16, or characters.
"""

from __future__ import annotations

from bisect import bisect_right

from lsprotocol import types

from closurelint.diagnostic import Position, Range
from closurelint.sources.splice import line_starts

Encoding = types.PositionEncodingKind | str


def units(text: str, encoding: Encoding) -> int:
    """How many code units `text` has; a lone surrogate counts as one of UTF-16 and three of UTF-8."""
    if encoding == types.PositionEncodingKind.Utf32 or text.isascii():
        return len(text)
    if encoding == types.PositionEncodingKind.Utf8:
        return len(text.encode("utf-8", "surrogatepass"))
    return len(text) + sum(char > "\uffff" for char in text)


def characters(text: str, count: int, encoding: Encoding) -> int:
    """How many characters of `text` its first `count` code units are; a character that is cut counts whole."""
    if encoding == types.PositionEncodingKind.Utf32 or text.isascii():
        return max(0, min(count, len(text)))
    seen = 0
    for index, char in enumerate(text):
        if seen >= count:
            return index
        seen += units(char, encoding)
    return len(text)


class Lines:
    """A text with the places where its lines start, and the way between positions of both kinds.

    A line ends at `\\n`, `\\r\\n` or `\\r`, and nowhere else. Positions outside the text become the nearest one inside.
    """

    __slots__ = ("_starts", "encoding", "text")

    def __init__(self, text: str, encoding: Encoding) -> None:
        self.text, self.encoding = text, encoding
        self._starts: list[int] | None = None

    @property
    def starts(self) -> list[int]:
        """Offset of the first character of each line."""
        if self._starts is None:
            self._starts = line_starts(self.text)
        return self._starts

    def __len__(self) -> int:
        """How many lines there are, at least one."""
        return len(self.starts)

    def line(self, index: int) -> str:
        """The line `index`, from 0, without its end; empty where there is none."""
        starts = self.starts
        if not 0 <= index < len(starts):
            return ""
        end = starts[index + 1] if index + 1 < len(starts) else len(self.text)
        line = self.text[starts[index] : end]
        return line.removesuffix("\n").removesuffix("\r") if index + 1 < len(starts) else line

    def offset(self, position: types.Position) -> int:
        """The offset in characters of a position of the protocol."""
        if position.line < 0:
            return 0
        if position.line >= len(self.starts):
            return len(self.text)
        column = characters(self.line(position.line), position.character, self.encoding)
        return self.starts[position.line] + column

    def position_at(self, offset: int) -> types.Position:
        """The position of the protocol at an offset in characters."""
        offset = max(0, min(offset, len(self.text)))
        index = bisect_right(self.starts, offset) - 1
        return types.Position(index, units(self.text[self.starts[index] : offset], self.encoding))

    def to_client(self, position: Position) -> types.Position:
        """An engine's place as the protocol has it."""
        index = max(0, min(position.row, len(self.starts)) - 1)
        line = self.line(index)
        # the engine does not count a byte order mark
        column = position.column - 1 + (index == 0 and line.startswith("\ufeff"))
        if position.row > len(self.starts):
            column = len(line)
        return types.Position(index, units(line[: max(0, column)], self.encoding))

    def range_to_client(self, place: Range) -> types.Range:
        """An engine's range as the protocol has it."""
        return types.Range(self.to_client(place.start), self.to_client(place.end))

    def from_client(self, position: types.Position) -> Position:
        """A place of the protocol as the engine counts."""
        index = max(0, min(position.line, len(self.starts) - 1))
        line = self.line(index)
        column = len(line) if position.line > index else characters(line, position.character, self.encoding)
        return Position(index + 1, column + 1 - (index == 0 and column > 0 and line.startswith("\ufeff")))


def overlap(one: types.Range, other: types.Range) -> bool:
    """Whether two ranges touch; an editor asks with an empty range where the cursor stands."""
    return _key(one.start) <= _key(other.end) and _key(other.start) <= _key(one.end)


def _key(position: types.Position) -> tuple[int, int]:
    return position.line, position.character
