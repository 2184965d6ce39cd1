"""Finds the project's own modules behind import statements, the way its authors make Python find them.

Nothing is imported or run: a module's text is read, and those of its statements are interpreted that bind what is used.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from closurelint.analysis.exports import Source, exporting
from closurelint.analysis.values import Frame, Imported, Value
from closurelint.modules import Modules
from closurelint.recent import Recent

if TYPE_CHECKING:
    from closurelint.analysis.calls import Calls
    from closurelint.analysis.exports import Exports
    from closurelint.analysis.facts import ModuleFacts

LARGEST_MODULE = 400_000
"""Characters: a larger file is no helper module, and reading it would cost more than it tells."""


class Project:
    """The files around the ones that are checked. `read` gives a file's text, or None if it has none."""

    def __init__(self, read: Callable[[str], str | None] | None = None, modules: Modules | None = None) -> None:
        self._read = read or text_of
        self._files = modules or Modules()
        self._sources = Recent()
        self._frames: dict[str, Frame] = {}
        self._exact = True
        self.dependencies: set[str] = set()

    def start(self, *, exact: bool = True) -> None:
        """Begin with a file. exact: how modules are parsed from now on, see `ModuleFacts`."""
        self._exact = exact
        self.finish()
        self._sources.trim()
        self.dependencies = set()

    def finish(self) -> None:
        """Forget what was interpreted for a file; texts and trees are kept."""
        for frame in self._frames.values():
            frame.variables.clear()
        self._frames.clear()

    def forget(self, paths: Iterable[str] = ()) -> None:
        """Read these files again when they are needed next."""
        for path in paths:
            self._sources.pop((path, True))
            self._sources.pop((path, False))

    def resolve(self, dotted: str, origin: ModuleFacts, calls: Calls) -> Value | None:
        """What a dotted name of another file of the project is; None if it is no such name."""
        found = self._files.locate(dotted, origin.filename)
        if found is None:
            return None
        path, rest = found
        frame = self._frame(path, calls)
        if frame is None or not rest:
            return None
        name, _, further = rest.partition(".")
        value = frame.variables.get(name)
        if value is None:
            return None
        if isinstance(value.shape, Imported) and value.shape.origin is not None:
            if value.shape.dotted == dotted:
                return None
            return self.resolve(f"{value.shape.dotted}.{further}".rstrip("."), value.shape.origin, calls)
        return calls.attribute(value, further) if further else value

    def exports(self, dotted: str, origin: ModuleFacts, calls: Calls) -> Exports | None:
        """The names of a module of the project; None if it is none."""
        found = self._files.locate(dotted, origin.filename)
        if found is None or found[1]:
            return None
        frame = self._frame(found[0], calls)
        return None if frame is None else frame.variables  # type: ignore[return-value]  # `_frame` gives it these

    def _frame(self, path: str, calls: Calls) -> Frame | None:
        if path not in self._frames:
            source = self._source(path)
            if source is None:
                return None
            self._frames[path] = exporting(source, calls)
        return self._frames[path]

    def _source(self, path: str) -> Source | None:
        self.dependencies.add(path)
        key = path, self._exact
        if key in self._sources:
            return self._sources.get(key)  # type: ignore[no-any-return]  # what is put below
        text = self._read(path)
        readable = text is not None and len(text) <= LARGEST_MODULE
        source = Source(text, path, exact=self._exact) if text is not None and readable else None
        self._sources.put(key, source, len(source.facts.text) if source is not None else 0)
        return source


def text_of(path: str) -> str | None:
    """The text of a Python file on disk; None if it cannot be read."""
    from closurelint.sources.source import SourceProblem, read_source

    try:
        programs = read_source(path).programs
    except (OSError, SourceProblem):
        return None
    return programs[0].text if programs else None
