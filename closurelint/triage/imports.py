"""What a file imports, as far as its bytes tell; without regular expressions, which take long to load."""

from __future__ import annotations

import sys

from closurelint.triage.vocabulary_names import LIBRARIES, PACKAGES

_SPACED = bytes(
    code if chr(code).isascii() and (chr(code).isalnum() or code == ord("_")) else 32 for code in range(256)
)
"""Turns all that is in no word into blanks."""
_STANDARD = frozenset(name.encode() for name in sys.stdlib_module_names)
FOREIGN = _STANDARD | LIBRARIES


_KEPT = 20_000
_LONG = 200
_lines: dict[bytes, tuple[frozenset[str], tuple[bytes, ...]]] = {}
"""What lines say: a project's files import the same things in the same words."""


class Imports:
    """packages: those of the vocabulary that are named where something is imported. modules: what may be the project's.

    A module is as it is written: dotted, with leading dots if it is relative.
    """

    __slots__ = ("modules", "packages")

    def __init__(self, data: bytes) -> None:
        self.packages: set[str] = set()
        self.modules: set[bytes] = set()
        at = data.find(b"import")
        while at >= 0:
            start = data.rfind(b"\n", 0, at) + 1
            end = data.find(b"\n", at)
            line = data[start : end if end >= 0 else len(data)]
            known = _lines.get(line)
            if known is None:
                known = _noted(line)
            self.packages.update(known[0])
            self.modules.update(known[1])
            at = data.find(b"import", end) if end >= 0 else -1


def _noted(line: bytes) -> tuple[frozenset[str], tuple[bytes, ...]]:
    """The packages and the modules of a line, which is kept in mind if it is one that may come again."""
    packages = frozenset(word.decode() for word in PACKAGES.intersection(line.translate(_SPACED).split()))
    known = packages, _modules(line)
    if len(line) < _LONG:
        if len(_lines) >= _KEPT:
            _lines.clear()
        _lines[line] = known
    return known


def _modules(line: bytes) -> tuple[bytes, ...]:
    names = _named(line)
    if names is None:
        # `try: import x`, `if a: from b import c`, or no statement at all
        inner = line.find(b"import ")
        if b":" not in line[:inner] and b";" not in line[:inner]:
            return ()
        start = max(line.rfind(mark, 0, inner) for mark in (b":", b";"))
        names = _named(line[start + 1 :])
    return tuple(name for name in names or () if name[:1] == b"." or name.partition(b".")[0] not in FOREIGN)


def _named(line: bytes) -> list[bytes] | None:
    """The modules that an import statement at the start of a line names; None if there is no such statement."""
    words = line.split(None, 3)
    if len(words) < 2:
        return None
    module = words[1]
    if words[0] == b"from":
        if len(words) > 2 and words[2].startswith(b"import"):
            return [module]
        # `from .import name`
        return [module.partition(b"import")[0]] if module[:1] == b"." and b"import" in module else None
    if words[0] != b"import":
        return None
    if len(words) == 2 and b"," not in module and b"#" not in module:
        return [module]
    listed = line.partition(b"import")[2].partition(b"#")[0]
    return [part.split()[0] for part in listed.split(b",") if part.split()]
