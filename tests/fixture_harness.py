"""Reads what the fixtures expect of closurelint, and what closurelint says of them.

A fixture says on the line itself what is reported there:

    grads = jax.grad(lambda p: loss)(params)  # expect: CLO101
    grads = jax.grad(lambda p: loss)(params)  # expect: CLO101 @ 18 confirmed "returns `loss`"; CLO301

After the code may follow the column of the first character, the verdict of replay and a piece of the message, each of
them optional, in this order. What can be replayed has to be confirmed, unless the fixture says another verdict: a
finding that replay refutes is expected like any other.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from closurelint.configuration.settings import Settings
from closurelint.diagnostic import Diagnostic, Edit, Fix, Position, Range
from closurelint.engine import check_bytes
from closurelint.result import FileResult
from closurelint.sources.source import source_from_bytes
from closurelint.surroundings import Surroundings

ROOT = Path(__file__).parent.parent / "fixtures"

_COMMENT = re.compile(r"#\s*expect:(.*)")
_EXPECTATION = re.compile(
    r"""(?P<code>CLO\d{3})
    (?:\s*@\s*(?P<column>\d+))?
    (?:\s+(?P<verdict>confirmed|refuted|not\ replayed))?
    (?:\s+"(?P<text>[^"]*)")?\s*(?:;|$)\s*""",
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Expectation:
    """What one line expects; None for what it leaves open. `cell` is 0 outside notebooks."""

    cell: int
    row: int
    code: str
    column: int | None = None
    verdict: str | None = None
    text: str | None = None

    def meets(self, found: Diagnostic) -> bool:
        """Whether the diagnostic is the expected one."""
        if (self.cell, self.row, self.code) != (found.range.cell or 0, found.range.start.row, found.code):
            return False
        if self.column is not None and self.column != found.range.start.column:
            return False
        if self.verdict is None:
            if verdict_of(found) not in ("confirmed", ""):
                return False
        elif self.verdict != verdict_of(found):
            return False
        return self.text is None or self.text in found.message

    def __str__(self) -> str:
        """The expectation as the fixture writes it, with its place."""
        place = f"{self.row}" if not self.cell else f"cell {self.cell}, {self.row}"
        column = "" if self.column is None else f" @ {self.column}"
        text = "" if self.text is None else f' "{self.text}"'
        return f"{place}: {self.code}{column}{'' if self.verdict is None else ' ' + self.verdict}{text}"


def verdict_of(found: Diagnostic) -> str:
    """The verdict of replay; "" where there was nothing to replay."""
    return "" if found.evidence is None else found.evidence.verdict


def as_found(found: Diagnostic) -> str:
    """A diagnostic as an expectation would have to be written, for reports of failures."""
    column = found.range.start.column
    reason = "" if found.evidence is None or not found.evidence.reason else f" [{found.evidence.reason}]"
    cell = "" if found.range.cell is None else f"cell {found.range.cell}, "
    return f'{cell}{found.range.start.row}: {found.code} @ {column} {verdict_of(found)} "{found.message}"{reason}'


def expectations(data: bytes, filename: str) -> list[Expectation]:
    """All that the fixture expects, in the order of its lines.

    Raises ValueError for a comment that is no expectation.
    """
    found = []
    # the docstrings' examples are lines of the file, and are read with them
    for program in source_from_bytes(data, filename).programs:
        for row, line in enumerate(program.text.split("\n"), start=1):
            comment = _COMMENT.search(line)
            if comment is None:
                continue
            place = program.to_file(Range(Position(row, 1), Position(row, 1)))
            try:
                found += list(_parsed(comment[1], place.cell or 0, place.start.row))
            except ValueError as problem:
                raise ValueError(f"{filename}:{place.start.row}: {problem}") from None
    return found


def _parsed(text: str, cell: int, row: int) -> Iterator[Expectation]:
    text = text.strip()
    if not text:
        raise ValueError("`# expect:` names no code")
    at = 0
    while at < len(text):
        part = _EXPECTATION.match(text, at)
        if part is None:
            raise ValueError(f"`{text[at:]}` is no expectation")
        column = None if part["column"] is None else int(part["column"])
        yield Expectation(cell, row, part["code"], column, part["verdict"], part["text"])
        at = part.end()


def differences(expected: Iterable[Expectation], found: Iterable[Diagnostic]) -> list[str]:
    """What is missing and what is too much, one line each; the most exact expectation chooses first."""
    remaining = list(found)
    report = []
    for expectation in sorted(expected, key=lambda item: (item.text is None) + (item.column is None)):
        met = next((item for item in remaining if expectation.meets(item)), None)
        if met is None:
            report.append(f"missing     {expectation}")
        else:
            remaining.remove(met)
    return report + [f"unexpected  {as_found(item)}" for item in remaining]


def checked(data: bytes, path: Path, *, replay: bool = True) -> FileResult:
    """What closurelint says of the fixture, with a fresh view of the project around it."""
    return check_bytes(data, str(path), Settings(replay=replay), Surroundings())


def everything(result: FileResult) -> list[Diagnostic]:
    """The diagnostics that are shown, then those that replay refuted."""
    return [*result.diagnostics, *result.refuted]


def fixtures() -> list[Path]:
    """Every fixture, sorted: all Python files but fixed ones, and other files that expect something."""
    files = sorted(path for path in ROOT.rglob("*") if path.is_file())
    return [path for path in files if _is_fixture(path)]


def _is_fixture(path: Path) -> bool:
    if path.suffix == ".py":
        return not path.name.endswith(".fixed.py")
    return path.suffix in (".ipynb", ".md", ".rst") and b"# expect:" in path.read_bytes()


def label(path: Path) -> str:
    """The fixture's path below the folder of all fixtures."""
    return path.relative_to(ROOT).as_posix()


def edited(data: bytes, path: Path, edits: Sequence[Edit]) -> bytes:
    """The fixture after the edits of one fix, or of several that do not touch each other."""
    return source_from_bytes(data, str(path)).edited(edits)


def fixes_of(result: FileResult) -> list[tuple[Diagnostic, Fix]]:
    """Every fix that is offered, with its diagnostic."""
    return [(found, fix) for found in result.diagnostics for fix in found.fixes]
