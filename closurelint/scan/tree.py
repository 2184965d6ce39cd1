"""Files of an archive as a tree of folders, which is nowhere but in memory: what their imports lead to."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping

from closurelint.sources.source import SourceProblem, source_from_bytes


class Tree:
    """The files that are read together, by the path that they are given below `root`."""

    def __init__(self, root: str, files: Mapping[str, bytes]) -> None:
        self._files = files
        self._names: dict[str, set[str]] = {}
        for path in files:
            while path != root and path:
                folder, name = os.path.split(path)
                names = self._names.setdefault(folder, set())
                if name in names:
                    break
                names.add(name)
                path = folder

    def listed(self, folder: str) -> Iterable[str]:
        """The names in a folder; none in one that is not of this tree."""
        return self._names.get(folder, ())

    def text(self, path: str) -> str | None:
        """The text of a file of this tree."""
        if path not in self._files:
            return None
        try:
            programs = source_from_bytes(self._files[path], path).programs
        except SourceProblem:
            return None
        return programs[0].text if programs else None


NO_TREE = Tree("", {})
"""The surroundings of a file that stands by itself."""
