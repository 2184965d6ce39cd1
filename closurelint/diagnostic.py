"""What a front end is told: diagnostics, with ranges, edits and plain data.

A diagnostic never holds a syntax node: it pickles, and a front end needs nothing else.
Rows and columns count from 1; columns count characters (Unicode code points), not bytes and not UTF-16 units.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from closurelint.evidence import Claim, Evidence

Applicability = Literal["safe", "unsafe"]
Severity = Literal["error", "warning", "info"]


class Position(NamedTuple):
    """A place between two characters: `row` and `column` from 1."""

    row: int
    column: int


class Range(NamedTuple):
    """The characters from `start` up to, but not including, `end`; `cell` counts a notebook's code cells from 1.

    In a notebook, rows count within the cell.
    """

    start: Position
    end: Position
    cell: int | None = None


@dataclass(frozen=True, slots=True)
class Edit:
    """Replace the characters of `range` by `text`; an empty range inserts."""

    range: Range
    text: str


@dataclass(frozen=True, slots=True)
class Fix:
    """Edits that belong together. `safe`: the meaning of the program stays; `unsafe`: it changes, as it should."""

    message: str
    edits: tuple[Edit, ...]
    applicability: Applicability


@dataclass(frozen=True, slots=True)
class Related:
    """Another place that a reader needs to see to understand the diagnostic."""

    message: str
    filename: str
    range: Range


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One finding.

    `message` is one sentence that stands alone; `label` is the short note that stands under the code in a code frame.
    `scope` is the dotted name of the enclosing definition ("" at top level): with the objective's text it recognises
    the finding again after lines have moved. `claim` is what the static half asserts, `evidence` what replay measured.
    """

    code: str
    name: str
    message: str
    filename: str
    range: Range
    label: str = ""
    severity: Severity = "warning"
    scope: str = ""
    related: tuple[Related, ...] = ()
    fixes: tuple[Fix, ...] = ()
    claim: Claim | None = None
    evidence: Evidence | None = None

    @property
    def sort_key(self) -> tuple[str, int, Position, str, str]:
        """Order of presentation: file, cell, place, code."""
        return (self.filename, self.range.cell or 0, self.range.start, self.code, self.message)
