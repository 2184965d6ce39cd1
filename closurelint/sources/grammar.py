"""Does a piece of text parse? Asked of notebook cells and document blocks, before they become part of a program."""

from __future__ import annotations

import ast
import re
import sys
import warnings
from _symtable import symtable  # type: ignore[import-not-found]
from functools import lru_cache
from typing import NamedTuple

from closurelint.diagnostic import Position


class Complaint(NamedTuple):
    """Why a text does not parse, and where."""

    message: str
    position: Position


# What a running interpreter does not know although it is Python, by the version that brought it: seen on the line
# that it complains about.
_NEWER = (
    ((3, 11), re.compile(r"\s*except\s*\*")),
    ((3, 12), re.compile(r"\s*(type\s+\w+\s*(\[.*\]\s*)?=|(async\s+)?def\s+\w+\s*\[|class\s+\w+\s*\[)")),
)
_NEWER_BEFORE_A_BRACE = (
    ((3, 12), re.compile(r"""(?:^|[\s=(,\[{:])(?:[fF][rR]?|[rR][fF])["']""")),
    ((3, 14), re.compile(r"""(?:^|[\s=(,\[{:])(?:[tT][rR]?|[rR][tT])["']""")),
)


@lru_cache(maxsize=2)  # whoever looks for magics asks first of a cell as it is, and then of what is left
def complaint(text: str) -> Complaint | None:
    """Why `text` is not Python, None if it is.

    `ast.parse` decides. Where it fails on grammar newer than the running interpreter (type parameters, `except*`,
    quotes reused inside an f-string), the text counts as Python: the parser of the static half knows newer grammar,
    and leaves the cell out if it cannot read it either.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            if not _is_plainly_python(text):
                ast.parse(text)
    except SyntaxError as error:
        row = min(max(error.lineno or 1, 1), text.count("\n") + 1)
        if _is_newer(text, row):
            return None
        return Complaint(error.msg, Position(row, max(error.offset or 1, 1)))
    except (ValueError, RecursionError, MemoryError) as error:
        return Complaint(str(error) or "too deeply nested", Position(1, 1))
    return None


def _is_plainly_python(text: str) -> bool:
    """Whether Python makes a table of its names, which costs half of what nodes do, and asks for more than them."""
    try:
        symtable(text, "", "exec")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True


def _is_newer(text: str, row: int) -> bool:
    line = text.split("\n")[row - 1]
    if any(sys.version_info < version and pattern.match(line) for version, pattern in _NEWER):
        return True
    quoted = line[: max(line.rfind("{"), 0)]
    return any(sys.version_info < version and pattern.search(quoted) for version, pattern in _NEWER_BEFORE_A_BRACE)
