"""The blocks of code in a document, and what the words that introduce them say about their language."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal, NamedTuple

Language = Literal["python", "session", "unlabelled", "other", "rst", "container"]
"""python: Python, prompts or none; session: prompts; unlabelled: Python if it parses; other: another language.

rst: reStructuredText inside Markdown; container: text that can hold further blocks.
"""

_PYTHON = re.compile(
    r"(python|py|ipython|jupyter|pycon|pyodide|sage|doctest)([23](\.\d+)?)?([-_](repl|python|console))?"
)
_CODE_DIRECTIVES = re.compile(r"code-block|code|sourcecode|code-cell|code-tab|tab-code|parsed-literal")
_PYTHON_DIRECTIVES = re.compile(
    r"(jupyter-execute|jupyter-input|ipython|testcode|testsetup|testcleanup|plot|exec-python|exec-code|pyodide|marimo)"
)
_OPTION = re.compile(r"\s*:[\w-]+:(\s|$)")


class DocumentLine(NamedTuple):
    """A line of a document without what stands in front of its block: `removed` characters, `continuation`."""

    row: int
    text: str
    removed: int = 0
    continuation: str = ""

    @property
    def indent(self) -> int:
        """How many blanks the line starts with."""
        return len(self.text) - len(self.text.lstrip())

    def without(self, count: int) -> DocumentLine:
        """The line without its first `count` characters."""
        front = self.text[:count]
        return DocumentLine(self.row, self.text[count:], self.removed + len(front), self.continuation + front)


class Block(NamedTuple):
    """Consecutive lines of code; `section` counts the headings above it."""

    lines: tuple[DocumentLine, ...]
    language: Language
    section: int


def named_language(name: str) -> Language:
    """What a word such as `python3`, `pycon` or `console` after a fence says; nothing leaves the block unlabelled."""
    if not name:
        return "unlabelled"
    return "python" if _PYTHON.fullmatch(name.lower()) else "other"


def directive_language(name: str, argument: str) -> Language:
    """What a directive such as `code-block:: python` or `{code-cell} ipython3` holds."""
    name = name.lower()
    if _CODE_DIRECTIVES.fullmatch(name):
        language = named_language(re.split(r"[\s,;{]", argument, maxsplit=1)[0])
        return "python" if name == "code-cell" and language == "unlabelled" else language
    if name == "eval-rst":
        return "rst"
    return "python" if _PYTHON_DIRECTIVES.fullmatch(name) or _PYTHON.fullmatch(name) else "container"


def without_options(lines: Sequence[DocumentLine]) -> Sequence[DocumentLine]:
    """A directive's lines below its options: `:name: value` lines, or YAML between lines of `---`."""
    first = next((at for at, line in enumerate(lines) if line.text.strip()), len(lines))
    if first < len(lines) and lines[first].text.strip() == "---":
        closing = (at for at in range(first + 1, len(lines)) if lines[at].text.strip() == "---")
        return lines[next(closing, first) + 1 :]
    while first < len(lines) and _OPTION.match(lines[first].text):
        first += 1
    return lines[first:]


def dedented(lines: Sequence[DocumentLine]) -> tuple[DocumentLine, ...]:
    """The lines without the indentation that the first of them has."""
    width = next((line.indent for line in lines if line.text.strip()), 0)
    return tuple(line.without(min(width, line.indent)) for line in lines)
