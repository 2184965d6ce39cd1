"""Syntax facts of one module: its tree, where its nodes stand, what its functions bind and read.

Positions are computed on demand: nearly no module is asked for one.
"""

from __future__ import annotations

import re
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields
from functools import cached_property
from operator import attrgetter
from typing import NamedTuple, cast

import libcst as cst
from libcst.metadata import CodeRange, MetadataWrapper, PositionProvider
from libcst.metadata.position_provider import PositionProvidingCodegenState

from closurelint.analysis.depth import DEEPEST, depth
from closurelint.analysis.python_tree import Unfit, python_tree
from closurelint.diagnostic import Position, Range
from closurelint.sources.grammar import complaint

FunctionNode = cst.FunctionDef | cst.Lambda
TOO_DEEP = "the code is nested too deeply to be read: exclude the file"
SHALLOW = 100
"""Levels that the stack of any thread has room for."""

LARGE_STACK = 256 * 1024 * 1024
"""Bytes; a level takes up to 8 kB of it, and only what is used takes memory."""

_INDENT = re.compile(r"\n([ \t]+)(?=\S)")
_WORD = re.compile(r"\w+")
_STACK_SIZE = threading.Lock()
DEEPEST_WALK = 8_000 if sys.version_info >= (3, 11) else 3_000
"""Calls deep; before Python 3.11 each of them takes a piece of the C stack."""


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

    loads: names read anywhere. free: those of them that come from outside. stores: names that the function itself
    binds. outer: name -> "global" or "nonlocal".
    dynamic: reads its names in a way that no text shows (`locals()`, `eval`).
    """

    loads: frozenset[str]
    free: frozenset[str]
    stores: frozenset[str]
    outer: Mapping[str, str]
    dynamic: bool
    yields: bool


class _Places(PositionProvidingCodegenState):
    """LibCST's own state, which cuts each token at line breaks; nearly none has one."""

    def _update_position(self, value: str) -> None:
        if "\n" in value or "\r" in value:
            super()._update_position(value)
        else:
            self.column += len(value)


class _PositionProvider(PositionProvider):
    def _gen_impl(self, module: cst.Module) -> None:
        module._codegen(_Places(module.default_indent, module.default_newline, self))


def _positions_in(tree: cst.Module) -> Mapping[cst.CSTNode, CodeRange]:
    """The place of every node; asked of the provider itself, since the wrapper walks the tree once more for nothing."""
    found = _PositionProvider()._gen(MetadataWrapper(tree, unsafe_skip_copy=True))
    return cast("Mapping[cst.CSTNode, CodeRange]", found)


class Piece:
    """Whole lines of a module, parsed on their own; `start` is their first character in the module's `text`."""

    def __init__(self, tree: cst.Module, text: str, start: int) -> None:
        self.tree, self.start = tree, start
        self._text = text

    @cached_property
    def before(self) -> int:
        """How many lines stand before them."""
        return _lines_before(self._text, self.start)

    @cached_property
    def positions(self) -> Mapping[cst.CSTNode, CodeRange]:
        """Where each node stands in these lines."""
        try:
            return _positions_in(self.tree)
        except RecursionError:
            return self._positions_of_deep_tree()

    def _positions_of_deep_tree(self) -> Mapping[cst.CSTNode, CodeRange]:
        """LibCST walks by recursion: a sum of a thousand terms is a thousand calls deep, several times over."""
        limit = sys.getrecursionlimit()
        sys.setrecursionlimit(max(limit, DEEPEST_WALK))
        try:
            return _positions_in(self.tree)
        except RecursionError:
            return {}
        finally:
            sys.setrecursionlimit(limit)

    def nodes(self) -> Iterator[cst.CSTNode]:
        """All nodes in these lines, at a tenth of what their positions cost."""
        return nodes_in(self.tree)


class ModuleFacts:
    """One module, parsed as far as pieces of it are read.

    exact: by LibCST's parser; otherwise by Python's, as long as nothing is shown, and then no node has a place.
    """

    def __init__(self, text: str, filename: str, *, exact: bool = True) -> None:
        self.text = text
        self.filename = filename
        self.exact = exact
        self.imports: dict[str, str] = {}
        self.star_imports: list[str] = []
        self._names: dict[cst.CSTNode, Names] = {}
        self._parameters: dict[cst.CSTNode, tuple[Parameter, ...]] = {}
        self._pieces: dict[tuple[int, int], Piece] = {}
        self._homes: dict[cst.CSTNode, Piece] = {}
        self._settled: set[Piece] = set()

    def read(self, start: int = 0, end: int | None = None) -> cst.Module:
        """The tree of the whole text, or of the lines between two of its characters. Raises SyntaxProblem."""
        end = len(self.text) if end is None else end
        known = self._pieces.get((start, end))
        if known is None:
            try:
                known = Piece(self._parsed(self.text[start:end]), self.text, start)
            except SyntaxProblem as problem:
                row, column = problem.position
                raise SyntaxProblem(problem.message, Position(row + _lines_before(self.text, start), column)) from None
            self._pieces[start, end] = known
        return known.tree

    def _parsed(self, text: str) -> cst.Module:
        if not self.exact:
            try:
                return python_tree(text)
            except Unfit:
                pass
        return parse(text, self._indent)

    @property
    def words(self) -> set[str]:
        """Every word of the text."""
        return set(_WORD.findall(self.text))

    def trees_up_to(self, node: cst.CSTNode) -> list[cst.Module]:
        """What was read, in the order of the text, up to the tree that a node is in, or to the end."""
        home = self._home(node)
        pieces = sorted(self._pieces.values(), key=lambda piece: piece.start)
        return [piece.tree for piece in pieces if home is None or piece.start <= home.start]

    @cached_property
    def _indent(self) -> str:
        """One for all pieces, so that code reads the same whichever it is from."""
        found = _INDENT.search(self.text)
        return found[1] if found is not None else "    "

    def _home(self, node: cst.CSTNode) -> Piece | None:
        """The piece that a node is in, or may be in if there is just one."""
        if len(self._pieces) == 1:
            return next(iter(self._pieces.values()))
        for piece in self._pieces.values():
            if node in self._homes:
                break
            if piece not in self._settled:
                self._settled.add(piece)
                self._homes.update(dict.fromkeys(piece.nodes(), piece))
        return self._homes.get(node)

    def range(self, node: cst.CSTNode) -> Range:
        """Where the node stands; the module's first character for a node that is not of this module."""
        home = self._home(node) if self.exact else None
        found = None if home is None else home.positions.get(node)
        if home is None or found is None:
            return Range(Position(1, 1), Position(1, 1))
        start, end, before = found.start, found.end, home.before
        return Range(Position(start.line + before, start.column + 1), Position(end.line + before, end.column + 1))

    def source(self, node: cst.CSTNode) -> str:
        """The node's own text; a definition comes dedented and without its decorators."""
        if isinstance(node, cst.FunctionDef | cst.ClassDef):
            node = node.with_changes(decorators=(), leading_lines=(), lines_after_decorators=())
            if isinstance(node, cst.FunctionDef | cst.ClassDef) and isinstance(node.body, cst.IndentedBlock):
                node = node.with_changes(body=node.body.with_changes(footer=()))
        elif isinstance(node, cst.SimpleStatementLine):
            node = node.with_changes(leading_lines=())
        return cst.Module((), default_indent=self._indent).code_for_node(node).strip("\n")

    def names(self, node: FunctionNode) -> Names:
        """What the function does with names."""
        known = self._names.get(node)
        if known is None:
            collector = _NameCollector(self.names)
            collector.walk(node.body)
            own = {item.name for item in self.parameters(node)} | (collector.stores - set(collector.outer))
            known = self._names[node] = Names(
                frozenset(collector.loads),
                frozenset(collector.loads - own),
                frozenset(collector.stores),
                collector.outer,
                # `def equations(vars)` has a parameter of that name, and does not ask for its variables
                not _DYNAMIC.isdisjoint(collector.loads - own) or "inspect" in collector.loads,
                collector.yields,
            )
        return known

    def parameters(self, node: FunctionNode) -> tuple[Parameter, ...]:
        """The function's parameters in order: positional, `*args`, keyword-only, `**kwargs`."""
        known = self._parameters.get(node)
        if known is None:
            known = self._parameters[node] = tuple(_parameters_of(node.params))
        return known


def _lines_before(text: str, position: int) -> int:
    return text.count("\n", 0, position)


def parse(text: str, indent: str | None = None) -> cst.Module:
    """The tree of a text; `indent` is what its blocks are indented by if they do not say. Raises SyntaxProblem."""
    levels, row = depth(text)
    if levels > DEEPEST:
        raise SyntaxProblem(TOO_DEEP, Position(row, 1))
    try:
        config = cst.PartialParserConfig() if indent is None else cst.PartialParserConfig(default_indent=indent)
        if levels <= SHALLOW:
            return cst.parse_module(text, config)
        return _with_large_stack(lambda source: cst.parse_module(source, config), text)
    except cst.ParserSyntaxError as error:
        raise _syntax_problem(text, error) from None
    except RecursionError:
        raise SyntaxProblem(TOO_DEEP, Position(row, 1)) from None
    except (cst.CSTValidationError, UnicodeError, ValueError) as error:
        raise SyntaxProblem(str(error).partition("\n")[0] or type(error).__name__, Position(1, 1)) from None


def _with_large_stack(parser: Callable[[str], cst.Module], text: str) -> cst.Module:
    """Parse in a thread of its own: LibCST's parser recurses on the stack, and overrunning it ends the process."""
    outcome: list[cst.Module | BaseException] = []

    def run() -> None:
        try:
            outcome.append(parser(text))
        except BaseException as problem:
            outcome.append(problem)

    with _STACK_SIZE:
        size = threading.stack_size(LARGE_STACK)
        try:
            thread = threading.Thread(target=run)
            thread.start()
        finally:
            threading.stack_size(size)
    thread.join()
    if isinstance(outcome[0], BaseException):
        raise outcome[0]
    return outcome[0]


def _syntax_problem(text: str, error: cst.ParserSyntaxError) -> SyntaxProblem:
    """What Python itself says of the text, which its readers know; LibCST's word where Python is content."""
    said = complaint(text)
    if said is not None:
        return SyntaxProblem(said.message[:1].lower() + said.message[1:], said.position)
    place = re.search(r"error at (\d+):(\d+)", error.message)
    row, column = (int(place[1]), int(place[2])) if place is not None else (error.raw_line, error.raw_column)
    return SyntaxProblem("this syntax is not known to the parser", Position(max(row, 1), column + 1))


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


_DYNAMIC = frozenset({"globals", "locals", "vars", "eval", "exec"})
_NO_SYNTAX = re.compile(
    "whitespace|lines|^(?:comma|dot|semicolon|equal|colon|star|indicator|header|footer|newline)$"
    "|^[lr](?:par|bracket|brace)$"
)
_parts: dict[type[cst.CSTNode], Callable[[cst.CSTNode], tuple[object, ...]]] = {}


def children(node: cst.CSTNode) -> list[cst.CSTNode]:
    """The parts of a node that mean something, in source order: no white space, no punctuation.

    LibCST's own `children` builds all of them through its visitors, which is as slow as parsing.
    """
    parts = _parts.get(type(node))
    if parts is None:
        parts = _parts[type(node)] = _reader(type(node))
    found: list[cst.CSTNode] = []
    for value in parts(node):
        kind = type(value)
        if kind is list or kind is tuple:
            found.extend([each for each in value if type(each) is not str])  # type: ignore[attr-defined]
        elif value is not None and kind is not str and hasattr(kind, "_visit_and_replace_children"):
            found.append(value)  # type: ignore[arg-type]
    return found


def _reader(kind: type[cst.CSTNode]) -> Callable[[cst.CSTNode], tuple[object, ...]]:
    """What gives the fields of such a node that may mean something."""
    names = [item.name for item in fields(kind) if not _NO_SYNTAX.search(item.name)]
    if len(names) < 2:
        return lambda node: tuple(getattr(node, name) for name in names)
    return attrgetter(*names)


def nodes_in(node: cst.CSTNode) -> Iterator[cst.CSTNode]:
    """The node and all that mean something below it."""
    waiting = [node]
    while waiting:
        current = waiting.pop()
        yield current
        waiting.extend(children(current))


class _NameCollector:
    """One walk over a function's body; nested scopes add their free reads, not their stores."""

    def __init__(self, names: Callable[[FunctionNode], Names]) -> None:
        self.names = names
        self.loads: set[str] = set()
        self.stores: set[str] = set()
        self.outer: dict[str, str] = {}
        self.yields = False
        self.pending: list[tuple[cst.CSTNode, bool]] = []

    def walk(self, node: cst.CSTNode) -> None:
        """Collect the names below a node."""
        self.pending.append((node, False))
        self._collect()

    def _collect(self) -> None:
        while self.pending:
            current, store = self.pending.pop()
            visit = _VISITS.get(type(current))
            if visit is not None:
                visit(self, current, store)
            else:
                self.pending.extend((child, store) for child in children(current))

    def _later(self, *nodes: cst.CSTNode | None, store: bool = False) -> None:
        self.pending.extend((node, store) for node in nodes if node is not None)

    def _name(self, node: cst.Name, store: bool) -> None:
        (self.stores if store else self.loads).add(node.value)

    def _attribute(self, node: cst.Attribute, store: bool) -> None:
        self._later(node.value)

    def _subscript(self, node: cst.Subscript, store: bool) -> None:
        self._later(node.value, *node.slice)

    def _target(self, node: cst.AssignTarget, store: bool) -> None:
        self._later(node.target, store=True)

    def _named(self, node: cst.NamedExpr | cst.AnnAssign, store: bool) -> None:
        self._later(node.target, store=True)
        self._later(node.value)

    def _as_name(self, node: cst.AsName, store: bool) -> None:
        self._later(node.name, store=True)

    def _for(self, node: cst.For, store: bool) -> None:
        self._later(node.target, store=True)
        self._later(node.iter, node.body, node.orelse)

    def _comprehension(self, node: cst.BaseComp, store: bool) -> None:
        clause: cst.CompFor | None = node.for_in
        # the first iterable is evaluated outside, everything else where the targets are
        self._later(node.for_in.iter)
        inner = _NameCollector(self.names)
        targets = _NameCollector(self.names)
        inner._later(*(child for child in children(node) if child is not clause))
        while clause is not None:
            targets._later(clause.target, store=True)
            inner._later(*clause.ifs, clause.inner_for_in.iter if clause.inner_for_in is not None else None)
            clause = clause.inner_for_in
        inner._collect()
        targets._collect()
        self.loads |= (inner.loads - targets.stores) | targets.loads
        self.stores |= inner.stores
        self.yields |= inner.yields

    def _augmented(self, node: cst.AugAssign, store: bool) -> None:
        self._later(node.target, store=True)
        self._later(node.target, node.value)

    def _argument(self, node: cst.Arg, store: bool) -> None:
        self._later(node.value)

    def _yield(self, node: cst.Yield, store: bool) -> None:
        self.yields = True
        self._later(node.value)

    def _outer(self, node: cst.Global | cst.Nonlocal, store: bool) -> None:
        kind = "global" if isinstance(node, cst.Global) else "nonlocal"
        self.outer.update({item.name.value: kind for item in node.names})

    def _class(self, node: cst.ClassDef, store: bool) -> None:
        self.stores.add(node.name.value)
        self._later(*(base.value for base in node.bases), *(item.decorator for item in node.decorators))
        inner = _NameCollector(self.names)
        inner.walk(node.body)
        self.loads |= inner.loads

    def _function(self, node: FunctionNode, store: bool) -> None:
        if isinstance(node, cst.FunctionDef):
            self.stores.add(node.name.value)
            self._later(*(item.decorator for item in node.decorators))
        parameters = tuple(_parameters_of(node.params))
        self._later(*(item.default for item in parameters))
        inner = self.names(node)
        self.loads |= inner.free
        # a nested function that rebinds an outer name with `nonlocal` stores it here
        self.stores |= {name for name, kind in inner.outer.items() if kind == "nonlocal"}

    def _import(self, node: cst.Import | cst.ImportFrom, store: bool) -> None:
        if isinstance(node.names, cst.ImportStar):
            return
        for alias in node.names:
            if alias.asname is not None and isinstance(alias.asname.name, cst.Name):
                self.stores.add(alias.asname.name.value)
            else:
                self.stores.add(dotted_name(alias.name).partition(".")[0])

    def _pattern(self, node: cst.MatchAs | cst.MatchStar | cst.MatchMapping, store: bool) -> None:
        name = node.rest if isinstance(node, cst.MatchMapping) else node.name
        if name is not None:
            self.stores.add(name.value)
        self._later(*(child for child in children(node) if child is not name))

    def _nothing(self, node: cst.CSTNode, store: bool) -> None:
        pass


_VISITS: dict[type[cst.CSTNode], Callable[..., None]] = {
    cst.Name: _NameCollector._name,
    cst.Attribute: _NameCollector._attribute,
    cst.Subscript: _NameCollector._subscript,
    cst.AssignTarget: _NameCollector._target,
    cst.NamedExpr: _NameCollector._named,
    cst.AnnAssign: _NameCollector._named,
    cst.AsName: _NameCollector._as_name,
    cst.For: _NameCollector._for,
    cst.ListComp: _NameCollector._comprehension,
    cst.SetComp: _NameCollector._comprehension,
    cst.DictComp: _NameCollector._comprehension,
    cst.GeneratorExp: _NameCollector._comprehension,
    cst.AugAssign: _NameCollector._augmented,
    cst.Arg: _NameCollector._argument,
    cst.Yield: _NameCollector._yield,
    cst.Global: _NameCollector._outer,
    cst.Nonlocal: _NameCollector._outer,
    cst.ClassDef: _NameCollector._class,
    cst.FunctionDef: _NameCollector._function,
    cst.Lambda: _NameCollector._function,
    cst.Import: _NameCollector._import,
    cst.ImportFrom: _NameCollector._import,
    cst.MatchAs: _NameCollector._pattern,
    cst.MatchStar: _NameCollector._pattern,
    cst.MatchMapping: _NameCollector._pattern,
    cst.Integer: _NameCollector._nothing,
    cst.Float: _NameCollector._nothing,
    cst.SimpleString: _NameCollector._nothing,
}
