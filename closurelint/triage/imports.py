"""What a file imports, as far as its bytes tell; without regular expressions, which take long to load."""

from __future__ import annotations

import sys

from closurelint.triage.vocabulary_names import LIBRARIES, PACKAGES

_SPACED = bytes(
    code if chr(code).isascii() and (chr(code).isalnum() or code == ord("_")) else 32 for code in range(256)
)
"""Turns all that is in no word into blanks."""
_OPEN = bytes(32 if code in b"()\\" else code for code in range(256))
"""Turns what holds lines together into blanks."""
_STANDARD = frozenset(name.encode() for name in sys.stdlib_module_names)
FOREIGN = _STANDARD | LIBRARIES

_KEPT = 20_000
_LONG = 200
Module = tuple[str, tuple[str, ...]]
"""A module as it is written, dotted and with leading dots if it is relative, and the names that come from it."""

_lines: dict[bytes, tuple[frozenset[str], tuple[Module, ...]]] = {}
"""What statements say: a project's files import the same things in the same words."""


class Imports:
    """What a file imports.

    packages: those of the vocabulary that are named where something is imported. modules: what may be the project's.
    """

    __slots__ = ("modules", "packages")

    def __init__(self, data: bytes) -> None:
        self.packages: set[str] = set()
        self.modules: set[Module] = set()
        at = data.find(b"import")
        while at >= 0:
            start = data.rfind(b"\n", 0, at) + 1
            end = _end(data, start, at)
            line = data[start:end]
            known = _lines.get(line)
            if known is None:
                known = _noted(line)
            self.packages.update(known[0])
            self.modules.update(known[1])
            at = data.find(b"import", end)


def _end(data: bytes, start: int, at: int) -> int:
    """Where a line ends in which something is imported, with those below that belong to it."""
    end = data.find(b"\n", at)
    if end < 0:
        return len(data)
    if data.find(b"(", at, end) >= 0 and data[start:at].lstrip().startswith(b"from"):
        return max(data.find(b")", at), end)
    while data[end - 1 : end] == b"\\" or data[end - 2 : end] == b"\\\r":
        end = data.find(b"\n", end + 1)
        if end < 0:
            return len(data)
    return end


def _noted(line: bytes) -> tuple[frozenset[str], tuple[Module, ...]]:
    """The packages and the modules of a statement, which is kept in mind if it is one that may come again."""
    packages = frozenset(word.decode() for word in PACKAGES.intersection(line.translate(_SPACED).split()))
    known = packages, _modules(line)
    if len(line) < _LONG:
        if len(_lines) >= _KEPT:
            _lines.clear()
        _lines[line] = known
    return known


def _modules(line: bytes) -> tuple[Module, ...]:
    found = _named(line)
    if found is None:
        # `try: import x`, `if a: from b import c`, or no statement at all
        inner = line.find(b"import ")
        if b":" not in line[:inner] and b";" not in line[:inner]:
            return ()
        start = max(line.rfind(mark, 0, inner) for mark in (b":", b";"))
        found = _named(line[start + 1 :])
    return tuple(
        (module.decode("ascii", "replace"), tuple(name.decode("ascii", "replace") for name in names))
        for module, names in found or ()
        if module[:1] == b"." or module.partition(b".")[0] not in FOREIGN
    )


def _named(line: bytes) -> list[tuple[bytes, list[bytes]]] | None:
    """The modules that an import statement names, with what comes from each; None if there is no such statement."""
    words = line.split(None, 2)
    if len(words) < 2:
        return None
    if words[0] == b"import":
        return [(module, []) for module in _listed(line.partition(b"import")[2])]
    if words[0] != b"from":
        return None
    module, rest = words[1], b"".join(words[2:])
    if rest.startswith(b"import"):
        return [(module, _listed(rest.removeprefix(b"import")))]
    # `from .import name`
    module, glued, names = module.partition(b"import")
    return [(module, _listed(names + b" " + rest))] if module[:1] == b"." and glued else None


def _listed(text: bytes) -> list[bytes]:
    """The first words of what commas tell apart."""
    if b"#" in text:
        text = b"\n".join(line.partition(b"#")[0] for line in text.split(b"\n"))
    return [words[0] for words in (part.split() for part in text.translate(_OPEN).split(b",")) if words]
