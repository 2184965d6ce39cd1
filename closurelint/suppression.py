"""Comments that silence diagnostics: `# closurelint: ignore[CODE] reason`, `ignore-file`, `# noqa: CODE`.

A comment counts on the objective's line, on the line of a site that uses it, on the first and last line of the
statements that these stand in, and alone on the line above. Only real comments count, not strings.
"""

from __future__ import annotations

import io
import re
import tokenize
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from closurelint.diagnostic import Diagnostic, Edit, Fix, Position, Range
from closurelint.rules import BY_CODE
from closurelint.rules.invalid_suppression import RULE as INVALID
from closurelint.rules.unused_suppression import RULE as UNUSED
from closurelint.sources.program import Program
from closurelint.sources.source import SourceFile

_IGNORE = re.compile(r"#\s*closurelint\s*:\s*(?P<word>[A-Za-z-]+)\s*(?P<codes>\[[^\]]*\])?(?P<open>\[)?", re.IGNORECASE)
_NOQA = re.compile(r"#\s*noqa\b(?P<codes>\s*:\s*[A-Z]+[0-9]+(?:[\s,]+[A-Z]+[0-9]+)*)?", re.IGNORECASE)
_CODE = re.compile(r"(?<![A-Za-z])[A-Za-z]+[0-9]+")
_OURS = "CLO"
_WORDS = ("ignore", "ignore-file")

Place = tuple[int | None, int]
"""A cell and a row of the file."""


@dataclass(slots=True)
class Directive:
    """One comment that silences something.

    kind: "ignore", "noqa" or "file". codes: None for all. range: of the directive within the comment.
    whole: of all that goes when nothing of it is left. rows: the places that it covers.
    """

    kind: str
    codes: tuple[str, ...] | None
    range: Range
    whole: Range
    rows: frozenset[Place]
    used: set[str] = field(default_factory=set)

    def covers(self, code: str, places: Iterable[Place]) -> bool:
        """Whether a diagnostic with that code at one of these places is silenced."""
        if self.codes is not None and code not in self.codes:
            return False
        return self.kind == "file" or any(place in self.rows for place in places)


def may_concern(text: str) -> bool:
    """Whether a comment in the text may silence a diagnostic, or be wrong about it; other tools' `noqa` do not."""
    if "closurelint" in text:
        return True
    found = (match["codes"] for match in _NOQA.finditer(text))
    return any(codes is None or _OURS in codes.upper() for codes in found)


def apply(
    source: SourceFile, diagnostics: Sequence[Diagnostic], enabled: Callable[[str], bool]
) -> tuple[list[Diagnostic], int]:
    """The diagnostics that no comment silences, with those about the comments themselves, and how many are silenced.

    enabled: whether a rule is checked at all; a suppression of one that is not cannot be called unused.
    """
    if not any(may_concern(program.text) for program in source.programs):
        return list(diagnostics), 0
    directives: list[Directive] = []
    spans: dict[Place, set[Place]] = {}
    problems: list[Diagnostic] = []
    for program in (*source.programs, *source.doctests()):
        comments, logical = _comments(program)
        for first, last in logical:
            for row in range(first[1], last[1] + 1):
                spans.setdefault((first[0], row), set()).update((first, last))
        for comment in comments:
            found, wrong = _directives(source.filename, comment)
            # an example in a docstring does not speak for the file
            directives += [item for item in found if item.kind != "file" or program in source.programs]
            problems += wrong
    kept = []
    for diagnostic in diagnostics:
        places = _places(diagnostic, spans)
        silencing = [item for item in directives if item.covers(diagnostic.code, places)]
        for item in silencing:
            item.used.add(diagnostic.code)
        if not silencing:
            kept.append(diagnostic)
    suppressed = len(diagnostics) - len(kept)
    housekeeping = [item for item in (*problems, *_unused(source.filename, directives, enabled)) if enabled(item.code)]
    shown = [
        item
        for item in housekeeping
        if not any(each.codes is not None and each.covers(item.code, _places(item, spans)) for each in directives)
    ]
    return [*kept, *shown], suppressed


def comment_edits(source: SourceFile, diagnostics: Iterable[Diagnostic], reason: str = "") -> list[Edit]:
    """Edits that put an `ignore` comment at the end of the first line of each diagnostic, in file coordinates."""
    wanted: dict[Place, set[str]] = {}
    for diagnostic in diagnostics:
        wanted.setdefault(_first_line(diagnostic), set()).add(diagnostic.code)
    return [
        Edit(target, f"{_directive(wanted[place])} {reason}".rstrip())
        for place, target in _comment_places(source, wanted).items()
    ]


def comment_edit_of_each(source: SourceFile, diagnostics: Sequence[Diagnostic]) -> list[Edit | None]:
    """For each diagnostic, the edit that puts an `ignore` comment for it alone, or None if there is no place for it."""
    places = _comment_places(source, map(_first_line, diagnostics))
    targets = [places.get(_first_line(each)) for each in diagnostics]
    return [
        None if target is None else Edit(target, _directive([each.code]))
        for each, target in zip(diagnostics, targets, strict=True)
    ]


def _directive(codes: Iterable[str]) -> str:
    return f"  # closurelint: ignore[{', '.join(sorted(codes))}]"


def _first_line(diagnostic: Diagnostic) -> Place:
    return diagnostic.range.cell, diagnostic.range.start.row


def _comment_places(source: SourceFile, wanted: Iterable[Place]) -> dict[Place, Range]:
    """Where a comment on each of these lines goes. Reads no more than it must: an editor asks at each move."""
    missing = set(wanted)
    places: dict[Place, Range] = {}
    for program in (*source.doctests(), *source.programs):
        lines = program.text.split("\n")
        logical: list[tuple[Place, Place]] | None = None
        for row, line in enumerate(lines, 1):
            if not missing:
                return places
            end = program.to_file(Range(Position(row, len(line) + 1), Position(row, len(line) + 1)))
            place = (end.cell, end.start.row)
            if place not in missing:
                continue
            missing.discard(place)
            if line.rstrip().endswith("\\"):
                if logical is None:
                    _, logical = _comments(program)
                end = _writable_row(end, logical, program, lines, row)
            places[place] = end
    return places


def _writable_row(
    end: Range, logical: list[tuple[Place, Place]], program: Program, lines: Sequence[str], row: int
) -> Range:
    """The end of the statement of a line that goes on with a backslash."""
    for first, last in logical:
        if first[0] == end.cell and first[1] <= end.start.row <= last[1]:
            row += last[1] - end.start.row
    place = Position(row, len(lines[row - 1]) + 1)
    return program.to_file(Range(place, place))


@dataclass(frozen=True, slots=True)
class _Comment:
    """A comment in file coordinates: its text, where it is, where the code before it ends, what it covers."""

    text: str
    range: Range
    code_end: int
    line_length: int
    rows: frozenset[Place]


def _comments(program: Program) -> tuple[list[_Comment], list[tuple[Place, Place]]]:
    """The comments of a program that could be directives, and the first and last row of each statement."""
    lines = program.text.split("\n")
    found: list[tuple[int, int, str]] = []
    logical: list[tuple[int, int]] = []
    start = 0
    try:
        for token in tokenize.generate_tokens(io.StringIO(program.text).readline):
            if token.type == tokenize.COMMENT:
                found.append((token.start[0], token.start[1], token.string))
            elif token.type == tokenize.NEWLINE:
                logical.append((start or token.start[0], token.end[0]))
                start = 0
            elif not start and token.type not in (tokenize.NL, tokenize.INDENT, tokenize.DEDENT, tokenize.ENCODING):
                start = token.start[0]
    except (tokenize.TokenError, SyntaxError):
        seen = {row for row, _, _ in found}
        found += [item for item in _comments_by_lines(lines) if item[0] not in seen]
    statements = sorted(first for first, _ in logical)
    comments = [
        _located(program, lines, row, column, text, statements)
        for row, column, text in found
        if "closurelint" in text.lower() or "noqa" in text.lower()
    ]
    spans = []
    for first, last in logical:
        begin, end = (program.to_file(Range(Position(row, 1), Position(row, 1))) for row in (first, last))
        spans.append(((begin.cell, begin.start.row), (end.cell, end.start.row)))
    return comments, spans


def _comments_by_lines(lines: Sequence[str]) -> Iterator[tuple[int, int, str]]:
    """Comments of a text that cannot be tokenized: a `#` that no quote stands before."""
    for row, line in enumerate(lines, 1):
        before, mark, _ = line.partition("#")
        if mark and "'" not in before and '"' not in before:
            yield row, len(before), line[len(before) :]


def _located(
    program: Program, lines: Sequence[str], row: int, column: int, text: str, statements: Sequence[int]
) -> _Comment:
    line = lines[row - 1]
    where = program.to_file(Range(Position(row, column + 1), Position(row, column + 1 + len(text))))
    rows = {row}
    if not line[:column].strip():
        below = bisect_right(statements, row)
        if below < len(statements) and all(
            not lines[between - 1].strip() or lines[between - 1].lstrip().startswith("#")
            for between in range(row + 1, statements[below])
        ):
            rows.add(statements[below])
    places = set()
    for each in rows:
        mapped = program.to_file(Range(Position(each, 1), Position(each, 1)))
        places.add((mapped.cell, mapped.start.row))
    code_end = len(line[:column].rstrip())
    return _Comment(text, where, code_end + where.start.column - 1 - column, len(line), frozenset(places))


def _directives(filename: str, comment: _Comment) -> tuple[list[Directive], list[Diagnostic]]:
    found: list[Directive] = []
    wrong: list[Diagnostic] = []
    for match in _IGNORE.finditer(comment.text):
        word, listed = match["word"].lower(), match["codes"]
        here = _part(comment, match.start(), match.end())
        problem = _problem(word, listed, match["open"])
        if problem is None:
            codes = None if listed is None else tuple(_CODE.findall(listed.upper()))
            kind = "file" if word == "ignore-file" else "ignore"
            found.append(Directive(kind, codes, here, _whole(comment, match.start(), len(comment.text)), comment.rows))
        elif word.startswith("ignore") or listed is not None:
            wrong.append(Diagnostic(INVALID.code, INVALID.name, problem, filename, here, "silences nothing"))
    for match in _NOQA.finditer(comment.text):
        codes = None if match["codes"] is None else tuple(_CODE.findall(match["codes"].upper()))
        here = _part(comment, match.start(), match.end())
        found.append(Directive("noqa", codes, here, _whole(comment, match.start(), match.end()), comment.rows))
    return found, wrong


def _problem(word: str, listed: str | None, opened: str | None) -> str | None:
    if word not in _WORDS:
        return f"`# closurelint: {word}` is no directive, write `# closurelint: ignore[CODE]`"
    if opened is not None:
        return "the list of codes has no closing bracket, write `# closurelint: ignore[CODE]`"
    if listed is None:
        return None if word == "ignore-file" else "no code is named, write `# closurelint: ignore[CODE]`"
    words = [each.strip() for each in listed[1:-1].split(",")]
    for each in words:
        if each.upper() not in BY_CODE:
            return f"`{each}` is no rule, `closurelint rule` lists them" if each else "the list of codes is empty"
    return None


def _part(comment: _Comment, start: int, end: int) -> Range:
    at = comment.range.start
    return Range(Position(at.row, at.column + start), Position(at.row, at.column + end), comment.range.cell)


def _whole(comment: _Comment, start: int, end: int) -> Range:
    """What goes with a directive: the comment and the space before it, or just its part of a longer comment."""
    text, at = comment.text, comment.range.start
    if text[:start].strip(" #") or text[end:].strip():
        return _part(comment, start, end)
    first = comment.code_end + 1
    if comment.code_end <= 0 or not comment.line_length:
        return Range(Position(at.row, 1), Position(at.row + 1, 1), comment.range.cell)
    return Range(Position(at.row, first), Position(at.row, at.column + len(text)), comment.range.cell)


def _places(diagnostic: Diagnostic, spans: dict[Place, set[Place]]) -> set[Place]:
    ranges = [diagnostic.range]
    ranges += [place.range for place in diagnostic.related if place.filename == diagnostic.filename]
    places: set[Place] = set()
    for where in ranges:
        places.update((where.cell, row) for row in range(where.start.row, where.end.row + 1))
        places.update(spans.get((where.cell, where.start.row), ()))
    return places


def _unused(filename: str, directives: Iterable[Directive], enabled: Callable[[str], bool]) -> Iterator[Diagnostic]:
    for item in directives:
        if item.codes is None:
            continue
        ours = [code for code in item.codes if code in BY_CODE and enabled(code)]
        stale = [code for code in ours if code not in item.used and code not in (UNUSED.code, INVALID.code)]
        if not stale or (item.kind == "noqa" and not any(code.startswith(_OURS) for code in stale)):
            continue
        left = [code for code in item.codes if code not in stale]
        listed = ", ".join(f"`{code}`" for code in stale)
        message = f"suppression of {listed} is unused: there is no such diagnostic here"
        edit = Edit(item.range, _rewritten(item, left)) if left else Edit(item.whole, "")
        fix = Fix("remove the unused suppression", (edit,), "safe")
        yield Diagnostic(UNUSED.code, UNUSED.name, message, filename, item.range, "silences nothing", fixes=(fix,))


def _rewritten(item: Directive, left: Sequence[str]) -> str:
    if item.kind == "noqa":
        return f"# noqa: {', '.join(left)}"
    word = "ignore-file" if item.kind == "file" else "ignore"
    return f"# closurelint: {word}[{', '.join(left)}]"
