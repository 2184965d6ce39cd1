"""Code frames: the lines that a diagnostic is about, with notes under them."""

from __future__ import annotations

import unicodedata

from closurelint.report.lines import printable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from closurelint.diagnostic import Diagnostic, Range
    from closurelint.report import Report

TAB = 4
LONGEST = 200
"""Characters of a line that are shown; a longer one is cut."""


class Mark:
    """A note under a line: from `start` up to `end`, columns from 1."""

    __slots__ = ("end", "note", "primary", "row", "start")

    def __init__(self, row: int, start: int, end: int, note: str, primary: bool) -> None:
        self.row, self.start, self.end, self.note, self.primary = row, start, end, note, primary


def frame(diagnostic: Diagnostic, report: Report) -> list[str]:
    """The frame of a diagnostic with its related places in the same file, line by line; empty if it has no text."""
    source = report.lines(diagnostic.filename, diagnostic.range.cell)
    marks = [_mark(diagnostic.range, diagnostic.label, source, True)]
    for place in diagnostic.related:
        if place.filename == diagnostic.filename and place.range.cell == diagnostic.range.cell:
            marks.append(_mark(place.range, place.message, source, False))
    marks = [mark for mark in marks if 1 <= mark.row <= len(source)]
    if not any(mark.primary for mark in marks):
        return []
    rows = sorted({mark.row for mark in marks})
    width = len(str(rows[-1]))
    lines = [f"{'':{width}} |"]
    previous = rows[0]
    for row in rows:
        if row > previous + 1:
            lines.append(f"{'':{width}} ...")
        previous = row
        lines.append(f"{row:>{width}} | {_expanded(source[row - 1])}".rstrip())
        below = _notes([mark for mark in marks if mark.row == row], source[row - 1])
        lines += [f"{'':{width}} | {line}" for line in below]
    return lines


def pieces(line: str, above: str = "") -> list[tuple[str, str]]:
    """A line of a frame in pieces, each with what it is: "gutter", "source", "primary" or "related".

    above: the line before it, whose underlines say whose a note is that stands by itself.
    """
    gutter, bar, rest = line.partition("|")
    found = [("gutter", gutter + bar)]
    if not bar or gutter.strip() or not rest.strip():
        return [*found, ("source", rest)]
    kinds = {"^": "primary", "-": "related"}
    start = 0
    kind = "source"
    previous = above.partition("|")[2]
    for at, char in enumerate(rest):
        opens = char in kinds and (at == 0 or rest[at - 1] == " ") and not rest[start:at].strip(" ^-")
        if opens:
            found.append((kind, rest[start:at]))
            start, kind = at, kinds[char]
        elif kind == "source" and char != " ":
            kind = kinds.get(previous[at : at + 1], "related")
            found.append(("source", rest[start:at]))
            start = at
    return [*found, (kind, rest[start:])]


def _mark(where: Range, note: str, source: Sequence[str], primary: bool) -> Mark:
    row, start = where.start
    line = source[row - 1] if 1 <= row <= len(source) else ""
    end = where.end.column if where.end.row == row else len(line.rstrip()) + 1
    return Mark(row, start, max(end, start + 1), printable(note), primary)


def _notes(marks: list[Mark], line: str) -> list[str]:
    """The underlines of one line, and their notes: the last one beside its underline, the others below theirs."""
    marks = sorted(marks, key=lambda mark: (mark.start, not mark.primary))
    underline = ""
    placed: list[tuple[int, Mark]] = []
    for mark in marks:
        at = _width(line[: mark.start - 1])
        length = max(_width(line[mark.start - 1 : mark.end - 1]), 1)
        if at < len(underline):
            placed.append((at, mark))
            continue
        underline = underline.ljust(at) + ("^" if mark.primary else "-") * length
        placed.append((at, mark))
    lines = [underline]
    if placed and placed[-1][1].note:
        lines[0] += f" {placed[-1][1].note}"
    lines += [" " * at + mark.note for at, mark in reversed(placed[:-1]) if mark.note]
    return [text[: LONGEST + 80] for text in lines]


def _expanded(line: str) -> str:
    text = line.rstrip("\r\n").replace("\t", " " * TAB)
    text = "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in text)
    return text if len(text) <= LONGEST else text[: LONGEST - 3] + "..."


def _width(text: str) -> int:
    """Columns of a terminal: tabs are expanded, East Asian wide characters take two, combining ones none."""
    total = 0
    for char in text:
        if char == "\t":
            total += TAB
        elif unicodedata.combining(char):
            continue
        else:
            total += 2 if unicodedata.east_asian_width(char) in "WF" else 1
    return total
