"""Finds the file of the project behind an import, the way its authors make Python find it.

Nothing is imported or opened: only the names in folders are looked at, once each.
"""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

ROOT_MARKS = (".git", "pyproject.toml", "setup.py", "setup.cfg")
_LEVELS_UP = 5


class Modules:
    """What was found so far; it trusts that no file comes or goes meanwhile.

    listed: gives the names in a folder, or raises OSError; by default the disk does.
    """

    def __init__(self, listed: Callable[[str], Iterable[str]] | None = None) -> None:
        self._list = listed or _names_in
        self._names: dict[str, frozenset[str]] = {}
        self._places: dict[str, tuple[str, str]] = {}
        self._found: dict[tuple[str, str], tuple[str, str] | None] = {}
        self._files: dict[tuple[str, str], tuple[str, str] | None] = {}
        self._bases: dict[tuple[str, str], tuple[str, ...]] = {}

    def forget(self) -> None:
        """Look again: files have come or gone."""
        self._names.clear()
        self._found.clear()
        self._files.clear()
        self._bases.clear()

    def locate(self, dotted: str, filename: str) -> tuple[str, str] | None:
        """The file that `dotted` names in an import of `filename`, and what is left of the name after its module.

        Leading dots are relative to the folder of `filename`. None if it is no file of the project.
        """
        folder = self.place(filename)[1]
        key = (folder, dotted)
        if key not in self._found:
            self._found[key] = self._locate(dotted, folder)
        return self._found[key]

    def imported(self, dotted: str, names: Iterable[str], filename: str) -> list[str]:
        """The files that `from dotted import names` leads to: the module's, and those of modules among the names.

        Without names, those that `import dotted` leads to.
        """
        found = self.locate(dotted, filename)
        if found is not None and (found[1] or not found[0].endswith("__init__.py")):
            return [found[0]]
        paths = [] if found is None else [found[0]]
        if found is not None:
            listed = self._listed(os.path.dirname(found[0]))
            names = [name for name in names if name in listed or f"{name}.py" in listed]
        elif not dotted.startswith(".") and not self._bases_of(self.place(filename)[1], dotted.partition(".")[0]):
            return []
        joint = dotted if dotted.endswith(".") else dotted + "."
        inside = (self.locate(joint + name, filename) for name in names)
        return [*paths, *(place[0] for place in inside if place is not None)]

    def place(self, filename: str) -> tuple[str, str]:
        """The absolute path of a file, which is the same for all that name it in some way, and its folder."""
        known = self._places.get(filename)
        if known is None:
            path = os.path.abspath(filename)
            known = self._places[filename] = path, os.path.dirname(path)
        return known

    def _locate(self, dotted: str, folder: str) -> tuple[str, str] | None:
        level = len(dotted) - len(dotted.lstrip("."))
        name = dotted[level:]
        if level:
            for _ in range(level - 1):
                folder = os.path.dirname(folder)
            return self._module_file(folder, name)
        for base in self._bases_of(folder, name.partition(".")[0]) if name else ():
            found = self._module_file(base, name)
            if found is not None:
                return found
        return None

    def _bases_of(self, folder: str, first: str) -> tuple[str, ...]:
        """The folders, from `folder` up to the root of the project, that hold something of the name `first`."""
        key = (folder, first)
        if key not in self._bases:
            self._bases[key] = tuple(
                base for base in self._upwards(folder) if not self._listed(base).isdisjoint((first, first + ".py"))
            )
        return self._bases[key]

    def _upwards(self, folder: str) -> list[str]:
        found = []
        for _ in range(_LEVELS_UP):
            names = self._listed(folder)
            found.append(folder)
            if "src" in names:
                found.append(os.path.join(folder, "src"))
            parent = os.path.dirname(folder)
            if parent == folder or not names.isdisjoint(ROOT_MARKS):
                break
            folder = parent
        return found

    def _listed(self, folder: str) -> frozenset[str]:
        known = self._names.get(folder)
        if known is None:
            try:
                known = frozenset(self._list(folder))
            except OSError:
                known = frozenset()
            self._names[folder] = known
        return known

    def _module_file(self, folder: str, dotted: str) -> tuple[str, str] | None:
        """The file of the longest prefix that is a module in `folder`, and what is left of the dotted name."""
        key = (folder, dotted)
        if key not in self._files:
            self._files[key] = self._longest(folder, [part for part in dotted.split(".") if part])
        return self._files[key]

    def _longest(self, folder: str, parts: list[str]) -> tuple[str, str] | None:
        found = None
        for count, part in enumerate(parts, start=1):
            names = self._listed(folder)
            rest = ".".join(parts[count:])
            if part + ".py" in names:
                found = os.path.join(folder, part + ".py"), rest
            if part not in names:
                return found
            folder = os.path.join(folder, part)
            if "__init__.py" in self._listed(folder) and (found is None or found[1] != rest):
                found = os.path.join(folder, "__init__.py"), rest
        return found


def _names_in(folder: str) -> list[str]:
    """The names in a folder, without links that lead out of the project."""
    with os.scandir(folder) as entries:
        return [each.name for each in entries if not each.is_symlink() or _stays(each.path)]


def _stays(link: str) -> bool:
    """Whether what a symbolic link leads to is in the same repository or, outside of one, folder."""
    real, folder = os.path.realpath(link), os.path.realpath(os.path.dirname(link))
    return real.startswith((repository(folder) or folder).rstrip(os.sep) + os.sep)


def repository(folder: str) -> str | None:
    """The top of the repository that the real path `folder` is in."""
    while not os.path.exists(os.path.join(folder, ".git")):
        parent = os.path.dirname(folder)
        if parent == folder:
            return None
        folder = parent
    return folder
