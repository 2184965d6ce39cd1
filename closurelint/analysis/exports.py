"""The names of a helper module, each understood when it is first asked for.

Of a module of a thousand lines a caller uses one function, and what that one uses. So only the statements that bind a
name are parsed and interpreted; where such statements begin and end is told by a look at the text.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable
from contextlib import suppress
from typing import TYPE_CHECKING, TypeVar

import libcst as cst

from closurelint.analysis.facts import ModuleFacts, SyntaxProblem, statements
from closurelint.analysis.memory import OutOfBudget
from closurelint.analysis.values import Frame, Value
from closurelint.triage.blocks import Block, Blocks, NoBlocks

if TYPE_CHECKING:
    from closurelint.analysis.calls import Calls

T = TypeVar("T")
_IMPORT = re.compile(r"(?:[ \t]*(?:#[^\n]*)?\n)*(?:import|from)\b")
_WORD = re.compile(r"\w+|\*")
MODULE_STEPS = 20_000
"""What interpreting the statements that bind one name may cost."""


class Source:
    """A module's text, and the statements that it is cut into; there are none where Python cannot read it."""

    def __init__(self, text: str, path: str, *, exact: bool) -> None:
        self.facts = ModuleFacts(text, path, exact=exact)
        self.exact = False
        self._cut(Blocks(text))

    def _cut(self, blocks: Blocks) -> None:
        self.blocks = blocks
        self._imports: dict[str, list[Block]] = {}
        for block in blocks.blocks:
            if not block.kind and block.owner is None and _IMPORT.match(block.source):
                for word in {*_WORD.findall(block.source)}:
                    self._imports.setdefault(word, []).append(block)

    def cut_exactly(self) -> None:
        """Let Python's own parser tell where statements begin and end, since a look at the text may be wrong.

        Where that cannot read the module either, those of its statements count that can be read.
        """
        self.exact = True
        with suppress(NoBlocks):
            self._cut(Blocks(self.facts.text, exact=True))

    def binding(self, name: str) -> list[Block]:
        """The statements that may bind a name, in their order."""
        found = [*self._imports.get(name, ()), *self.blocks.binding(name)]
        return sorted(found, key=lambda block: block.start)

    def tree(self, block: Block) -> cst.Module:
        """What a statement says. Raises SyntaxProblem."""
        end = block.end
        if block.kind == "class":
            end = max([end, *(each.end for each in self.blocks.blocks if each.owner is block)])
        return self.facts.read(block.start, end)


def exporting(source: Source, calls: Calls) -> Frame:
    """The frame of a module, whose variables are its `Exports`."""
    frame = Frame(None, source.facts, 0, inlined=True)
    frame.variables = Exports(source, frame, calls)
    return frame


class Exports(dict[str, Value]):
    """The variables of a module; what it binds by a name is found out when that name is looked up."""

    def __init__(self, source: Source, frame: Frame, calls: Calls) -> None:
        super().__init__()
        self._source, self._frame, self._calls = source, frame, calls
        self._asked: set[str] = set()
        self._run: set[int] = set()
        self._stars: list[str] | None = None

    def get(self, name: str, default: T = None) -> Value | T:  # type: ignore[assignment]
        """What the module binds to a name."""
        if name not in self._asked and not super().__contains__(name):
            self._asked.add(name)
            self._find(name)
        return super().get(name, default)

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and self.get(name) is not None

    def public(self, names: Iterable[str]) -> dict[str, Value]:
        """Those of the names that an import of everything brings."""
        found = {name: self.get(name) for name in sorted(names) if not name.startswith("_")}
        return {name: value for name, value in found.items() if value is not None}

    def _find(self, name: str) -> None:
        try:
            for block in self._source.binding(name):
                self._interpret(block)
        except SyntaxProblem:
            if not self._source.exact:
                self._source.cut_exactly()
                # what a string made believe may have been bound over what a statement did
                self._run.clear()
                self._find(name)
            return
        if not super().__contains__(name) and not name.startswith("_"):
            for base in reversed(self._imported_whole()):
                known = self._calls.project.exports(base, self._source.facts, self._calls)
                value = None if known is None else known.get(name)
                if value is not None:
                    self[name] = value
                    return

    def _imported_whole(self) -> list[str]:
        """The modules that everything is imported from; those of libraries are noted as such."""
        if self._stars is None:
            self._stars = []
            for block in self._source.binding("*"):
                block.check()
                for node in block.nodes:
                    if isinstance(node, ast.ImportFrom) and node.names[0].name == "*":
                        base = "." * node.level + (node.module or "")
                        known = self._calls.project.exports(base, self._source.facts, self._calls)
                        (self._source.facts.star_imports if known is None else self._stars).append(base)
        return self._stars

    def _interpret(self, block: Block) -> None:
        if block.start in self._run:
            return
        self._run.add(block.start)
        tree = self._source.tree(block)
        calls, run = self._calls, self._calls.run
        kept = {name: getattr(run, name) for name in _OF_THE_CALLER}
        asking = calls.recorder, calls.probe
        run.epoch, run.depth, run.steps_left = 0, 1, MODULE_STEPS
        run.cutting, run.trail, run.binding = [], [], []
        calls.recorder, calls.probe = None, None
        try:
            self._define(tree)
        except OutOfBudget:
            # the name keeps what it has been bound to so far
            pass
        finally:
            for name, value in kept.items():
                setattr(run, name, value)
            calls.recorder, calls.probe = asking

    def _define(self, body: cst.Module | cst.BaseSuite) -> None:
        """Imports, definitions and plain assignments; the rest of a script does not concern its importers."""
        for node in statements(body):
            if isinstance(node, cst.ImportFrom) and isinstance(node.names, cst.ImportStar):
                continue
            if isinstance(node, _BINDING):
                self._calls.run.statement(node, self._frame)
            elif isinstance(node, cst.Try | cst.If):
                self._define(node.body)


_OF_THE_CALLER = ("epoch", "depth", "steps_left", "cutting", "trail", "binding")
"""What the interpreter is in the middle of, which does not concern another module."""

_BINDING = (cst.Import, cst.ImportFrom, cst.FunctionDef, cst.ClassDef, cst.Assign, cst.AnnAssign)
