"""What the import statements of a text say; for the files that a look at their bytes leaves."""

from __future__ import annotations

import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

_IMPORT = re.compile(r"(?:^|[:;])[ \t]*(?=(?:from[ \t]+([.\w]+)[ \t]*)?import)(from\b|import\b)", re.MULTILINE)
_LISTED = re.compile(r"import[ \t]*(?:\([^)]*\)|(?:[^\n#;\\]|\\\n)*)")
_IMPORTED = re.compile(r"import[^\w\n][ \t]*(?:\(([^)]*)\)|((?:[^\n\\]|\\\n)*))")
_ALIAS = re.compile(r" as[ \t]+(\w+)")


def imported_words(text: str) -> frozenset[str] | None:
    """The words of all import statements, among them every name that one binds; None if some import everything.

    Names that are bound to what `importorskip` and the like return count as well.
    """
    found: set[str] = set()
    for match in _IMPORTED.finditer(text):
        listed = match[1] or match[2] or ""
        if listed.startswith("*"):
            return None
        found.update(re.findall(r"\w+", listed))
    for call in _CALLS:
        at = text.find(call)
        while at >= 0:
            found.update(re.findall(r"\w+", text[text.rfind("\n", 0, at) + 1 : at]))
            at = text.find(call, at + 1)
    return frozenset(found)


def aliases(text: str) -> list[tuple[str, str]]:
    """Every `name as other` of the text."""
    found = []
    for match in _ALIAS.finditer(text):
        words = text[max(match.start() - 60, 0) : match.start()].split()
        if words:
            found.append((words[-1].rpartition(".")[2].lstrip("(,"), match[1]))
    return found


_CALLS = ("importorskip(", "import_module(", "__import__(", "azy")
"""Calls that import too: `jax = pytest.importorskip("jax")`, `LazyLoader(...)`."""


def statements(text: str) -> Iterator[tuple[list[str], str]]:
    """Each import statement, after the names of the modules that it is about."""
    at = text.find("import")
    while at >= 0:
        start = text.rfind("\n", 0, at) + 1
        match = _IMPORT.search(text, start, at + 6)
        end = at + 6
        if match is not None:
            whole = _LISTED.match(text, at)
            end = whole.end() if whole is not None else end
            names = [match[1]] if match[1] else re.findall(r"[\w.]+", text[at + 6 : end])
            yield names, text[match.start(2) : end]
        at = text.find("import", end)
