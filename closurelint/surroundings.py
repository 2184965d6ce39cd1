"""The files around those that are checked, as far as anything has asked for them; kept for a whole run or session."""

from __future__ import annotations

from closurelint.modules import Modules
from closurelint.triage.neighbours import Neighbours

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from closurelint.analysis.resolve import Project
    from closurelint.triage.part import Part

Quiet = tuple[tuple[str, ...], str, tuple[str, ...]]
"""A file that of itself holds nothing: the names that were looked for in it, its path, what it imports."""


class Surroundings:
    """What is known of other files. `read` gives a file's text, or None if it has none; by default the disk does.

    listed: gives the names in a folder, where this is no folder of the disk.
    Everything trusts that files stay as they are until `forget` is told otherwise.
    """

    def __init__(
        self,
        read: Callable[[str], str | None] | None = None,
        listed: Callable[[str], Iterable[str]] | None = None,
    ) -> None:
        self._read = read
        self._modules = Modules(listed)
        self._neighbours: dict[tuple[str, ...], Neighbours] = {}
        self._project: Project | None = None
        self._part: tuple[object, Part | None] | None = None

    def neighbours(self, extra: tuple[str, ...] = ()) -> Neighbours:
        """What other files mean for a quick look; `extra`: names of a user's own differentiators."""
        known = self._neighbours.get(extra)
        if known is None:
            known = self._neighbours[extra] = Neighbours(extra, self._modules, self._read)
        return known

    def look_over(self, filename: str, data: bytes, extra: tuple[str, ...]) -> Quiet | None:
        """Whether a file is quiet, which is kept in mind."""
        found = self.neighbours(extra).look_over(filename, data)
        return None if found is None else (extra, *found)

    def imports_alone(self, filename: str, extra: tuple[str, ...]) -> tuple[str, ...] | None:
        """What a quiet file imports, if that makes no more of it; None if it is to be read."""
        return self.neighbours(extra).imports_alone(filename)

    def learn(self, told: Iterable[Quiet]) -> None:
        """Take over what another process knows of quiet files."""
        for extra, path, imports in told:
            self.neighbours(extra).quiet[path] = imports

    @property
    def project(self) -> Project:
        """What other files mean for the close look."""
        if self._project is None:
            from closurelint.analysis.resolve import Project

            self._project = Project(self._read, self._modules)
        return self._project

    def tidy(self) -> None:
        """Make room for the next file: forget the trees that were not used for longest."""
        for neighbours in self._neighbours.values():
            neighbours.tidy()

    def part(self, about: object, find: Callable[[], Part | None]) -> Part | None:
        """What `find` gives, which is the same as last time if `about` is."""
        if self._part is None or self._part[0] != about:
            self._part = about, find()
        return self._part[1]

    def forget(self, paths: Iterable[str] = ()) -> None:
        """Files have changed: read these again when they are needed next, and look again for all that are imported."""
        self._part = None
        self._modules.forget()
        self._neighbours.clear()
        if self._project is not None:
            self._project.forget(paths)
