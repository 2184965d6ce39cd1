"""Finds the project's own modules behind import statements, the way its authors make Python find them.

Nothing is imported or run: a module's text is read, and its imports, definitions and assignments are interpreted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

import libcst as cst

from closurelint.analysis.facts import ModuleFacts, SyntaxProblem, statements
from closurelint.analysis.values import Frame, Imported, Value
from closurelint.modules import Modules

if TYPE_CHECKING:
    from closurelint.analysis.calls import Calls

LARGEST_MODULE = 400_000
"""Characters: a larger file is no helper module, and reading it would cost more than it tells."""


class Project:
    """The files around the ones that are checked. `read` gives a file's text, or None if it has none."""

    def __init__(self, read: Callable[[str], str | None] | None = None, modules: Modules | None = None) -> None:
        self._read = read or text_of
        self._files = modules or Modules()
        self._modules: dict[str, ModuleFacts | None] = {}
        self._frames: dict[str, Frame] = {}
        self._loading: set[str] = set()
        self.dependencies: set[str] = set()

    def start(self) -> None:
        """Forget what was interpreted for the file before; its texts and trees are kept."""
        self._frames.clear()
        self.dependencies = set()

    def forget(self, paths: Iterable[str] = ()) -> None:
        """Read these files again when they are needed next."""
        for path in paths:
            self._modules.pop(path, None)

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

    def exports(self, dotted: str, origin: ModuleFacts, calls: Calls) -> dict[str, Value] | None:
        """What `from dotted import *` brings; None if it is no module of the project."""
        found = self._files.locate(dotted, origin.filename)
        if found is None or found[1]:
            return None
        frame = self._frame(found[0], calls)
        if frame is None:
            return None
        return {name: value for name, value in frame.variables.items() if not name.startswith("_")}

    def _frame(self, path: str, calls: Calls) -> Frame | None:
        if path in self._frames:
            return self._frames[path]
        module = self._module(path)
        if module is None or path in self._loading:
            return None
        self._loading.add(path)
        frame = Frame(None, module, 0, inlined=True)
        self._frames[path] = frame
        run = calls.run
        kept = (run.epoch, run.depth, run.cutting, calls.recorder, calls.probe)
        run.epoch, run.depth, run.cutting, calls.recorder, calls.probe = 0, 1, [], None, None
        try:
            _interpret_exports(module.tree, frame, calls)
        finally:
            run.epoch, run.depth, run.cutting, calls.recorder, calls.probe = kept
            self._loading.discard(path)
        return frame

    def _module(self, path: str) -> ModuleFacts | None:
        self.dependencies.add(path)
        if path not in self._modules:
            text = self._read(path)
            module = None
            if text is not None and len(text) <= LARGEST_MODULE:
                try:
                    module = ModuleFacts(text, path)
                except SyntaxProblem:
                    module = None
            self._modules[path] = module
        return self._modules[path]


def _interpret_exports(body: cst.Module | cst.BaseSuite, frame: Frame, calls: Calls) -> None:
    """A helper module's imports, definitions and plain assignments; the rest of a script does not concern us."""
    for node in statements(body):
        if isinstance(node, cst.Import | cst.ImportFrom | cst.FunctionDef | cst.ClassDef | cst.Assign | cst.AnnAssign):
            calls.run.statement(node, frame)
        elif isinstance(node, cst.Try | cst.If):
            _interpret_exports(node.body, frame, calls)


def text_of(path: str) -> str | None:
    """The text of a Python file on disk; None if it cannot be read."""
    from closurelint.sources.source import SourceProblem, read_source

    try:
        programs = read_source(path).programs
    except (OSError, SourceProblem):
        return None
    return programs[0].text if programs else None
