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
            for word in line.translate(_SPACED).split():
                if word in PACKAGES:
                    packages.add(word.decode())
            self._note(line, modules)
            at = data.find(b"import", end) if end >= 0 else -1
        self.packages = packages
        self.modules = modules

    @staticmethod
    def _note(line: bytes, modules: set[bytes]) -> None:
        names = _named(line)
        if names is None:
            # `try: import x`, `if a: from b import c`, or no statement at all
            inner = line.find(b"import ")
            if b":" not in line[:inner] and b";" not in line[:inner]:
                return
            start = max(line.rfind(mark, 0, inner) for mark in (b":", b";"))
            names = _named(line[start + 1 :])
        modules.update(name for name in names or () if name[:1] == b"." or name.partition(b".")[0] not in FOREIGN)


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
