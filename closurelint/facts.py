"""Syntax facts of one module: its tree, where its nodes stand, what its functions bind and read.

Positions are computed on demand: nearly no module is asked for one.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import libcst as cst
from libcst.metadata import CodeRange, MetadataWrapper, PositionProvider

from closurelint.diagnostic import Position, Range

FunctionNode = cst.FunctionDef | cst.Lambda


class SyntaxProblem(Exception):
    """The text is no Python: what the parser says, and where."""

    def __init__(self, message: str, position: Position) -> None:
        super().__init__(message)
        self.message = message
        self.position = position


class Parameter(NamedTuple):
    """A parameter as written; `star` is "", "*" or "**"."""

    name: str
    node: cst.Param
    star: str = ""
    keyword_only: bool = False

    @property
    def default(self) -> cst.BaseExpression | None:
        """The expression of its default."""
        return self.node.default


@dataclass(frozen=True, slots=True)
class Names:
    """What the body of a function does with names, nested functions included.

    loads: names read anywhere. stores: names that the function itself binds. outer: name -> "global" or "nonlocal".
    dynamic: reads its names in a way that no text shows (`locals()`, `eval`).
    """

    loads: frozenset[str]
    stores: frozenset[str]
    outer: Mapping[str, str]
    dynamic: bool
    yields: bool


class ModuleFacts:
    """One parsed module. Raises SyntaxProblem when the text does not parse."""

    def __init__(self, text: str, filename: str, name: str = "") -> None:
        self.text = text
        self.filename = filename
        self.name = name
        self.imports: dict[str, str] = {}
        self.star_imports: list[str] = []
        self._names: dict[cst.CSTNode, Names] = {}
        self._parameters: dict[cst.CSTNode, tuple[Parameter, ...]] = {}
        self.tree = parse(text)

    @cached_property
    def _positions(self) -> Mapping[cst.CSTNode, CodeRange]:
        return MetadataWrapper(self.tree, unsafe_skip_copy=True).resolve(PositionProvider)

    def range(self, node: cst.CSTNode) -> Range:
        """Where the node stands; the module's first character for a node that is not of this module."""
        found = self._positions.get(node)
        if found is None:
            return Range(Position(1, 1), Position(1, 1))
        start, end = found.start, found.end
        return Range(Position(start.line, start.column + 1), Position(end.line, end.column + 1))

    def source(self, node: cst.CSTNode) -> str:
        """The node's own text; a definition comes dedented and without its decorators."""
        if isinstance(node, cst.FunctionDef | cst.ClassDef):
            node = node.with_changes(decorators=(), leading_lines=(), lines_after_decorators=())
            if isinstance(node, cst.FunctionDef | cst.ClassDef) and isinstance(node.body, cst.IndentedBlock):
                node = node.with_changes(body=node.body.with_changes(footer=()))
        elif isinstance(node, cst.SimpleStatementLine):
            node = node.with_changes(leading_lines=())
        return self.tree.code_for_node(node).strip("\n")

    def names(self, node: FunctionNode) -> Names:
        """What the function does with names."""
        known = self._names.get(node)
        if known is None:
            known = self._names[node] = _names_of(node)
        return known

    def parameters(self, node: FunctionNode) -> tuple[Parameter, ...]:
        """The function's parameters in order: positional, `*args`, keyword-only, `**kwargs`."""
        known = self._parameters.get(node)
        if known is None:
            known = self._parameters[node] = tuple(_parameters_of(node.params))
        return known


def parse(text: str) -> cst.Module:
    """The tree of a text. Raises SyntaxProblem.

    The collector is off meanwhile: a tree is a million live objects that it would walk again and again in vain.
    """
    collecting = gc.isenabled()
    gc.disable()
    try:
        return cst.parse_module(text)
    except cst.ParserSyntaxError as error:
        message = str(error.message).partition("\n")[0] or "invalid syntax"
        raise SyntaxProblem(message, Position(max(error.raw_line, 1), error.raw_column + 1)) from None
    except (cst.CSTValidationError, RecursionError, UnicodeError, ValueError) as error:
        raise SyntaxProblem(str(error).partition("\n")[0] or type(error).__name__, Position(1, 1)) from None
    finally:
        if collecting:
            gc.enable()


def statements(body: cst.BaseSuite | cst.Module) -> Iterator[cst.BaseCompoundStatement | cst.BaseSmallStatement]:
    """The statements of a block, those that share a line one by one."""
    for line in body.body:
        if isinstance(line, cst.SimpleStatementLine):
            yield from line.body
        else:
            yield line  # type: ignore[misc]  # a suite holds nothing else


def dotted_name(node: cst.CSTNode | None) -> str:
    """`a.b.c` of nested attributes, "" of anything else."""
    if isinstance(node, cst.Name):
        return node.value
    if isinstance(node, cst.Attribute):
        base = dotted_name(node.value)
        return f"{base}.{node.attr.value}" if base else ""
    return ""


def _parameters_of(params: cst.Parameters) -> Iterator[Parameter]:
    for param in (*params.posonly_params, *params.params):
        yield Parameter(param.name.value, param)
    if isinstance(params.star_arg, cst.Param):
        yield Parameter(params.star_arg.name.value, params.star_arg, "*")
    for param in params.kwonly_params:
        yield Parameter(param.name.value, param, "", keyword_only=True)
    if params.star_kwarg is not None:
        yield Parameter(params.star_kwarg.name.value, params.star_kwarg, "**")


_DYNAMIC = frozenset({"locals", "vars", "eval", "exec", "inspect", "sys._getframe"})
_SCOPES = (cst.FunctionDef, cst.Lambda, cst.ClassDef)


class _NameCollector:
    """One walk over a function's body; nested scopes add their free reads, not their stores."""

    def __init__(self) -> None:
        self.loads: set[str] = set()
        self.stores: set[str] = set()
        self.outer: dict[str, str] = {}
        self.dynamic = False
        self.yields = False

    def walk(self, node: cst.CSTNode, store: bool = False) -> None:
        stack: list[tuple[cst.CSTNode, bool]] = [(node, store)]
        while stack:
            current, storing = stack.pop()
            self._visit(current, storing, stack)

    def _visit(self, node: cst.CSTNode, store: bool, stack: list[tuple[cst.CSTNode, bool]]) -> None:
        if isinstance(node, cst.Name):
            (self.stores if store else self.loads).add(node.value)
            if node.value in _DYNAMIC and not store:
                self.dynamic = True
        elif isinstance(node, cst.Attribute):
            stack.append((node.value, False))
        elif isinstance(node, cst.Subscript):
            stack.append((node.value, False))
            stack.extend((element, False) for element in node.slice)
        elif isinstance(node, cst.AssignTarget | cst.AsName | cst.CompFor | cst.For | cst.NamedExpr | cst.AnnAssign):
            self._visit_binding(node, stack)
        elif isinstance(node, cst.AugAssign):
            stack.append((node.target, True))
            stack.append((node.target, False))
            stack.append((node.value, False))
        elif isinstance(node, _SCOPES):
            self._visit_scope(node, stack)
        elif isinstance(node, cst.Global | cst.Nonlocal):
            kind = "global" if isinstance(node, cst.Global) else "nonlocal"
            self.outer.update({item.name.value: kind for item in node.names})
        elif isinstance(node, cst.Import | cst.ImportFrom):
            self._visit_import(node)
        elif isinstance(node, cst.Arg):
            stack.append((node.value, False))
        elif isinstance(node, cst.MatchAs | cst.MatchStar | cst.MatchMapping):
            self._visit_pattern(node, stack)
        elif not isinstance(node, cst.BaseParenthesizableWhitespace | cst.Comment | cst.Newline | cst.EmptyLine):
            if isinstance(node, cst.Yield):
                self.yields = True
            stack.extend((child, store) for child in node.children)

    def _visit_binding(self, node: cst.CSTNode, stack: list[tuple[cst.CSTNode, bool]]) -> None:
        if isinstance(node, cst.AssignTarget | cst.NamedExpr | cst.AnnAssign):
            stack.append((node.target, True))
            if not isinstance(node, cst.AssignTarget) and node.value is not None:
                stack.append((node.value, False))
        elif isinstance(node, cst.AsName):
            stack.append((node.name, True))
        elif isinstance(node, cst.For):
            stack.append((node.target, True))
            stack.append((node.iter, False))
            stack.append((node.body, False))
            if node.orelse is not None:
                stack.append((node.orelse, False))
        elif isinstance(node, cst.CompFor):
            stack.append((node.iter, False))
            stack.extend((test, False) for test in node.ifs)
            if node.inner_for_in is not None:
                stack.append((node.inner_for_in, False))

    def _visit_scope(self, node: cst.CSTNode, stack: list[tuple[cst.CSTNode, bool]]) -> None:
        if isinstance(node, cst.ClassDef):
            self.stores.add(node.name.value)
            stack.extend((base.value, False) for base in node.bases)
            stack.extend((decorator.decorator, False) for decorator in node.decorators)
            inner = _NameCollector()
            inner.walk(node.body)
            self.loads |= inner.loads
            self.dynamic |= inner.dynamic
            return
        assert isinstance(node, cst.FunctionDef | cst.Lambda)
        if isinstance(node, cst.FunctionDef):
            self.stores.add(node.name.value)
            stack.extend((decorator.decorator, False) for decorator in node.decorators)
        parameters = tuple(_parameters_of(node.params))
        stack.extend((item.default, False) for item in parameters if item.default is not None)
        names = _names_of(node)
        own = {item.name for item in parameters}
        free = names.loads - own
        self.loads |= free - {name for name in names.stores if name not in names.outer}
        self.loads |= {name for name in free if name in names.outer}
        # a nested function that rebinds an outer name with `nonlocal` stores it here
        self.stores |= {name for name, kind in names.outer.items() if kind == "nonlocal"}
        self.dynamic |= names.dynamic

    def _visit_import(self, node: cst.Import | cst.ImportFrom) -> None:
        if isinstance(node.names, cst.ImportStar):
            return
        for alias in node.names:
            if alias.asname is not None and isinstance(alias.asname.name, cst.Name):
                self.stores.add(alias.asname.name.value)
            else:
                self.stores.add(dotted_name(alias.name).partition(".")[0])

    def _visit_pattern(self, node: cst.CSTNode, stack: list[tuple[cst.CSTNode, bool]]) -> None:
        name = getattr(node, "name", None) or getattr(node, "rest", None)
        if isinstance(name, cst.Name):
            self.stores.add(name.value)
        stack.extend((child, False) for child in node.children if child is not name)


def _names_of(node: FunctionNode) -> Names:
    collector = _NameCollector()
    collector.walk(node.body)
    return Names(
        frozenset(collector.loads),
        frozenset(collector.stores),
        collector.outer,
        collector.dynamic,
        collector.yields,
    )
