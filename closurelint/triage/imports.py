"""What a file imports, as far as its bytes tell."""

from __future__ import annotations

import re
import sys

from closurelint.triage.vocabulary_data import LIBRARIES, PACKAGES

_WORDS = re.compile(rb"\w+")
_STATEMENT = re.compile(rb"[ \t]*(?:from[ \t]+([\w.]+)[ \t]*import|import[ \t]+([^#\n]*))")
_STANDARD = frozenset(name.encode() for name in sys.stdlib_module_names)
_PACKAGES = {name.encode(): name for name in PACKAGES}
FOREIGN = _STANDARD | {name.encode() for name in LIBRARIES}


class Imports:
    """packages: those of the vocabulary that are named where something is imported. modules: what may be the project's.

    A module is as it is written: dotted, with leading dots if it is relative.
    """

    __slots__ = ("modules", "packages")

    def __init__(self, data: bytes) -> None:
        packages: set[str] = set()
        modules: set[bytes] = set()
        at = data.find(b"import")
        while at >= 0:
            start = data.rfind(b"\n", 0, at) + 1
            end = data.find(b"\n", at)
            line = data[start : end if end >= 0 else len(data)]
            for word in _WORDS.findall(line):
                if word in _PACKAGES:
                    packages.add(_PACKAGES[word])
            self._note(line, modules)
            at = data.find(b"import", end) if end >= 0 else -1
        self.packages = packages
        self.modules = modules

    @staticmethod
    def _note(line: bytes, modules: set[bytes]) -> None:
        statement = _STATEMENT.match(line)
        if statement is None:
            # `try: import x`, `if a: from b import c`, or no statement at all
            inner = line.find(b"import ")
            if b":" not in line[:inner] and b";" not in line[:inner]:
                return
            start = max(line.rfind(mark, 0, inner) for mark in (b":", b";"))
            statement = _STATEMENT.match(line, start + 1)
            if statement is None:
                return
        module, listed = statement[1], statement[2]
        names = [module] if module is not None else [part.split()[0] for part in listed.split(b",") if part.split()]
        modules.update(name for name in names if name[:1] == b"." or name.partition(b".")[0] not in FOREIGN)


_IMPORTED = re.compile(r"import[^\w\n][ \t]*(?:\(([^)]*)\)|((?:[^\n\\]|\\\n)*))")


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


_ALIAS = re.compile(r" as[ \t]+(\w+)")
_CALLS = ("importorskip(", "import_module(", "__import__(", "azy")
"""Calls that import too: `jax = pytest.importorskip("jax")`, `LazyLoader(...)`."""
