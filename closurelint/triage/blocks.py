"""Cuts a file's text into its top-level statements and the members of its classes without parsing it.

Each block is parsed only when somebody asks for its tree. Where a cut was wrong, since a string holds a line that
looks like the start of a statement, a block does not parse; then Python's own tree of the whole file tells where.
"""

from __future__ import annotations

import ast
import re
from bisect import bisect_right
from collections.abc import Callable, Iterator
from itertools import pairwise

from closurelint.triage.walking import FIELDS

FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
Places = frozenset[int] | None
"""Where in a call, not counting `self`, a parameter may be given; empty if by its name only, None if anywhere."""
Taking = tuple[ast.FunctionDef | ast.AsyncFunctionDef, Places]
"""A function, and where one of its parameters is given."""

DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)

_QUOTES = re.compile(r'"""|\'\'\'')
_START = re.compile(r"\n(?=[^\s#)\]}\"'])")
_CONTINUES = re.compile(r"(?:else|elif|except|finally)\b")
_HEADER = re.compile(r"(?:[ \t]*(?:#[^\n]*)?\n)*[ \t]*(?:(async[ \t]+def|def|class)[ \t]+(\w+))?")
_DECORATED = re.compile(r"(?:[ \t]*(?:#[^\n]*)?\n)*[ \t]*@(?:[^\n]*\n)+?[ \t]*(async[ \t]+def|def|class)[ \t]+(\w+)")
_CLASS_BODY = re.compile(r":[ \t]*(?:#(?:(?!:[ \t]*#)[^\n])*)?\n(?:[ \t]*(?:#[^\n]*)?\n)*([ \t]+)(?=[^\s#])")
_DEFINED = re.compile(r"\n[ \t]*(?:async[ \t]+)?def[ \t]+(\w+)")
_BOUND = re.compile(r"\n(\w+)(?:[ \t]*[,=][ \t]*\w+)*[ \t]*(?::[^=\n]*)?=(?!=)")


class NoBlocks(Exception):
    """The text is not Python, as far as the running Python knows."""


class Index:
    """The nodes of one block by what they are asked for.

    parents: of every node but the outermost statements. mentions: where a name is read, as a name or an attribute.
    """

    __slots__ = (
        "_assigning",
        "_bindings",
        "_taking",
        "calls",
        "definitions",
        "functions",
        "mentions",
        "nodes",
        "parameters",
        "parents",
    )

    def __init__(self, tree: list[ast.stmt]) -> None:
        self.nodes: list[ast.AST] = list(tree)
        self.parents: dict[ast.AST, ast.AST] = {}
        self.mentions: dict[str, list[ast.expr]] = {}
        self.calls: list[ast.Call] = []
        self.parameters: set[str] = set()
        self.functions: list[FunctionNode] = []
        self.definitions: dict[str, list[ast.FunctionDef | ast.AsyncFunctionDef]] = {}
        self._assigning: list[ast.AST] = []
        self._bindings: dict[str, list[ast.expr]] | None = None
        self._taking: dict[str, list[Taking]] | None = None
        nodes, parents, fields, notes = self.nodes, self.parents, FIELDS, _NOTES
        for node in nodes:
            kind = type(node)
            for field in fields[kind]:
                value = getattr(node, field, None)
                if type(value) is list:
                    for each in value:
                        if type(each) in fields:
                            parents[each] = node
                            nodes.append(each)
                elif type(value) in fields:
                    parents[value] = node  # type: ignore[index]  # a kind of node, since it has fields
                    nodes.append(value)  # type: ignore[arg-type]
            note = notes.get(kind)
            if note is not None:
                note(self, node)

    def _name(self, node: ast.Name) -> None:
        if isinstance(node.ctx, ast.Load):
            self.mentions.setdefault(node.id, []).append(node)

    def _attribute(self, node: ast.Attribute) -> None:
        if isinstance(node.ctx, ast.Load):
            self.mentions.setdefault(node.attr, []).append(node)

    def _call(self, node: ast.Call) -> None:
        self.calls.append(node)
        if isinstance(node.func, ast.Attribute) and node.func.attr in _COLLECTING:
            self._assigning.append(node)

    def _assignment(self, node: ast.AST) -> None:
        self._assigning.append(node)

    def _parameter(self, node: ast.arg) -> None:
        self.parameters.add(node.arg)

    def _lambda(self, node: ast.Lambda) -> None:
        self.functions.append(node)

    def _definition(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        self.functions.append(node)
        self.definitions.setdefault(node.name, []).append(node)

    @property
    def bindings(self) -> dict[str, list[ast.expr]]:
        """What each name or attribute may have been given."""
        if self._bindings is None:
            found: dict[str, list[ast.expr]] = {}
            for node in self._assigning:
                for value, targets in assignments(node):
                    for target in targets:
                        for bound in names_bound(target):
                            found.setdefault(bound, []).append(value)
            self._bindings = found
        return self._bindings

    def taking(self, name: str) -> list[Taking]:
        """The functions that have a parameter of this name, outer ones first."""
        if self._taking is None:
            self._taking = {}
            for node in self.functions:
                if not isinstance(node, ast.Lambda):
                    for parameter, position in positions(node.args).items():
                        self._taking.setdefault(parameter, []).append((node, position))
        return self._taking.get(name, [])

    def lambdas_taking(self, name: str) -> list[ast.Lambda]:
        """The lambdas that have a parameter of this name."""
        lambdas = [node for node in self.functions if isinstance(node, ast.Lambda)]
        return [node for node in lambdas if name in positions(node.args)]


def positions(arguments: ast.arguments) -> dict[str, Places]:
    """Where each parameter may be given."""
    positional = [each.arg for each in (*arguments.posonlyargs, *arguments.args)]
    method = positional[:1] in (["self"], ["cls"])
    found: dict[str, Places] = {name: frozenset({index - method}) for index, name in enumerate(positional)}
    found.update((each.arg, frozenset()) for each in arguments.kwonlyargs)
    found.update((each.arg, None) for each in (arguments.vararg, arguments.kwarg) if each is not None)
    return found


def _words(source: str) -> Index:
    """The index of what does not parse: all its words may be mentions."""
    index = Index([])
    index.mentions = {word: [] for word in re.findall(r"\w+", source)}
    return index


_NOTES: dict[type, Callable[..., None]] = {
    ast.Name: Index._name,
    ast.Attribute: Index._attribute,
    ast.Call: Index._call,
    ast.arg: Index._parameter,
    ast.Lambda: Index._lambda,
    ast.FunctionDef: Index._definition,
    ast.AsyncFunctionDef: Index._definition,
    ast.Assign: Index._assignment,
    ast.AnnAssign: Index._assignment,
    ast.AugAssign: Index._assignment,
    ast.NamedExpr: Index._assignment,
    ast.For: Index._assignment,
    ast.AsyncFor: Index._assignment,
    ast.comprehension: Index._assignment,
    ast.With: Index._assignment,
    ast.AsyncWith: Index._assignment,
}


def assignments(node: ast.AST) -> Iterator[tuple[ast.expr, list[ast.expr]]]:
    """The value that a node assigns, and what it is assigned to; the things looped over count as the value."""
    if type(node) not in _ASSIGNING:
        return
    if isinstance(node, ast.Assign):
        yield node.value, node.targets
    elif isinstance(node, ast.AnnAssign | ast.AugAssign | ast.NamedExpr):
        if node.value is not None:
            yield node.value, [node.target]
    elif isinstance(node, ast.For | ast.AsyncFor | ast.comprehension):
        yield node.iter, [node.target]
    elif isinstance(node, ast.With | ast.AsyncWith):
        for item in node.items:
            if item.optional_vars is not None:
                yield item.context_expr, [item.optional_vars]
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in _COLLECTING:
        for given in (*node.args, *(item.value for item in node.keywords)):
            yield given, [node.func.value]


_ASSIGNING = {ast.Call, *(kind for kind, note in _NOTES.items() if note is Index._assignment)}
_COLLECTING = frozenset({"append", "add", "extend", "insert", "update", "setdefault", "push", "put"})
_IS_BOUND = re.compile(r"[^=#]*(?<![=!<>])=(?!=)")
_CALLED = re.compile(r"[\w\])]\(")
_FILLS = re.compile(rf"[ \t]*(?:[.\\#][ \t]*)?(?:{'|'.join(sorted(_COLLECTING))})\b")


def names_bound(target: ast.expr) -> Iterator[str]:
    """The names, and the last names of attributes, that an assignment to `target` binds."""
    if isinstance(target, ast.Name):
        yield target.id
    elif isinstance(target, ast.Attribute):
        yield target.attr
    elif isinstance(target, ast.Tuple | ast.List):
        for each in target.elts:
            yield from names_bound(each)
    elif isinstance(target, ast.Starred | ast.Subscript):
        # an item of a collection: whoever reads the collection may get it
        yield from names_bound(target.value)


class Block:
    """A statement at the top level, or a member of a class there.

    start, end: its characters in the text, decorators included. kind: "def", "class" (only up to its first member) or
    "" for anything else. owner: the class whose member it is. broken: it does not parse, and that is no matter.
    """

    __slots__ = ("_index", "_tree", "broken", "end", "kind", "name", "owner", "start", "text")

    def __init__(self, text: str, start: int, end: int, kind: str, name: str, owner: Block | None = None) -> None:
        self.text, self.start, self.end, self.kind, self.name, self.owner = text, start, end, kind, name, owner
        self._tree: list[ast.stmt] | None = None
        self.broken = False
        self._index: Index | None = None

    @property
    def source(self) -> str:
        """Its text."""
        return self.text[self.start : self.end]

    @property
    def tree(self) -> list[ast.stmt]:
        """Its statements; raises SyntaxError."""
        if self._tree is None:
            source = self.source
            if self.kind == "class":
                try:
                    tree = ast.parse(source + "\n pass").body
                except SyntaxError:
                    tree = ast.parse(source).body
            elif self.owner is not None or source[:1] in " \t":
                (outer,) = ast.parse("if 1:\n" + source).body
                assert isinstance(outer, ast.If)
                tree = outer.body
            else:
                tree = ast.parse(source).body
            self._tree = tree
        return self._tree

    @property
    def index(self) -> Index:
        """What stands in its tree; raises SyntaxError."""
        if self._index is None:
            self._index = _words(self.source) if self.broken else Index(self.tree)
        return self._index

    def check(self) -> None:
        """Find out whether it is broken."""
        try:
            self.index  # noqa: B018  # parses
        except SyntaxError:
            self.broken = True

    @property
    def nodes(self) -> list[ast.AST]:
        """All nodes of its tree, outer ones first."""
        return self.index.nodes

    @property
    def function(self) -> ast.FunctionDef | ast.AsyncFunctionDef | None:
        """What it defines, if that is a function."""
        if self.kind != "def":
            return None
        return next((node for node in self.tree if isinstance(node, DEFINITIONS)), None)


class Blocks:
    """The blocks of one text.

    exact: cut by Python's own tree, which has to parse the whole text first. lenient: parse each block at once, and let
    those be broken that the running Python cannot read.
    """

    def __init__(self, text: str, *, exact: bool = False, lenient: bool = False) -> None:
        self.text = text
        self.blocks = list(_exact(text) if exact else _cut(text))
        if lenient:
            for block in self.blocks:
                block.check()
        self._starts = [block.start for block in self.blocks]
        self._defined: dict[str, list[Block]] | None = None
        self._members: dict[str, list[Block]] = {}
        self._top: dict[str, list[Block]] | None = None

    def at(self, position: int) -> Block:
        """The block that a character stands in."""
        return self.blocks[max(bisect_right(self._starts, position) - 1, 0)]

    def mentioning(self, name: str) -> list[Block]:
        """The blocks in which a name stands as a word, in strings and comments too."""
        text, found = self.text, []
        at, size = text.find(name), len(name)
        while at >= 0:
            end = at + size
            if not (at and _is_word(text[at - 1])) and not (end < len(text) and _is_word(text[end])):
                block = self.at(at)
                found.append(block)
                end = max(end, block.end)
            at = text.find(name, end)
        return found

    def keeping(self, name: str) -> list[Block]:
        """The blocks that may bind an attribute, or put something into it, as far as their text tells."""
        text, size = self.text, len(name)
        found = []
        for block in self.mentioning(name):
            in_class = block.kind == "class" or (block.owner and block.kind != "def") or "class " in block.source
            at = text.find(name, block.start, block.end)
            while at >= 0 and not ((in_class or _is_attribute(text, at)) and _may_bind(text, at, at + size)):
                at = text.find(name, at + size, block.end)
            if at >= 0:
                found.append(block)
        return found

    def defining(self, name: str) -> list[Block]:
        """The blocks in which functions of that name are defined, at whatever depth."""
        if self._defined is None:
            self._defined = {}
            for match in _DEFINED.finditer("\n" + self.text):
                block = self.at(match.end() - 2)
                known = self._defined.setdefault(match[1], [])
                if not known or known[-1] is not block:
                    known.append(block)
        return self._defined.get(name, [])

    def binding(self, name: str) -> list[Block]:
        """The top-level blocks that bind a name: definitions, assignments, imports, anything with a body."""
        if self._top is None:
            self._top = {}
            for block in self.blocks:
                if block.owner is not None:
                    continue
                for bound in [block.name] if block.kind else _bound_by(block):
                    self._top.setdefault(bound, []).append(block)
        return self._top.get(name, [])

    def members(self, name: str) -> list[Block]:
        """The members of classes that are defined by that name."""
        known = self._members.get(name)
        if known is None:
            found = self.defining(name)
            known = self._members[name] = [each for each in found if each.owner is not None and each.name == name]
        return known


def _is_attribute(text: str, at: int) -> bool:
    """Whether a dot stands before a place, or it cannot be told."""
    before = text[max(at - 80, 0) : at].rstrip(" \t\n\\")
    return not before or before.endswith(".")


def _may_bind(text: str, at: int, end: int) -> bool:
    """Whether what stands between two places of a text may be bound by its line, or be filled there."""
    if text.startswith("(", end):
        return False
    begin = text.rfind("\n", 0, at) + 1
    stop = text.find("\n", end)
    before, after = text[begin:at], text[end : stop if stop >= 0 else len(text)]
    if _FILLS.match(after) or " as " in before or "for " in before:
        return True
    if before.count("(") > before.count(")") and _CALLED.search(before):
        # an argument of a call
        return False
    # a list of targets, or an index, goes on in the next line
    is_open = not after.strip("()[], \t\\") or "#" in after or after.rstrip()[-1:] in ("(", "[", ",", "\\")
    return _IS_BOUND.match(after) is not None or (is_open and "=" not in before and "return " not in before)


def _is_word(character: str) -> bool:
    return character.isalnum() or character == "_"


def _bound_by(block: Block) -> list[str]:
    source = "\n" + block.source
    if _START.search(source, 1) is None:
        # one statement, whatever the quotes in it
        simple = _BOUND.match(source)
        if simple is not None:
            return re.findall(r"\w+", simple[0].partition(":")[0])
        first = source[1:].lstrip()[:8]
        if first.startswith(("import", "from", "assert", "print", '"', "'")):
            return []
    block.check()
    index = block.index
    classes = [node.name for node in index.nodes if isinstance(node, ast.ClassDef)]
    imports = [alias for node in index.nodes if isinstance(node, ast.Import | ast.ImportFrom) for alias in node.names]
    imported = [alias.asname or alias.name.partition(".")[0] for alias in imports]
    return [*index.bindings, *index.definitions, *classes, *imported]


def _strings(text: str) -> Callable[[int], bool]:
    """Whether a place is inside a string with three quotes, as far as counting quotes tells."""
    begins: list[int] = []
    ends: list[int] = []
    at = 0
    while (opening := _QUOTES.search(text, at)) is not None:
        closing = text.find(opening[0], opening.end())
        begins.append(opening.start())
        ends.append(closing if closing >= 0 else len(text))
        at = ends[-1] + 3

    def inside(position: int) -> bool:
        index = bisect_right(begins, position) - 1
        return index >= 0 and begins[index] < position <= ends[index]

    return inside


def _cut(text: str) -> Iterator[Block]:
    starts = [0]
    inside = _strings(text)
    decorated = text.startswith("@")
    for match in _START.finditer(text):
        at = match.end()
        if inside(at):
            continue
        if decorated or _CONTINUES.match(text, at):
            decorated = text[at] == "@"
            continue
        decorated = text[at] == "@"
        starts.append(at)
    starts.append(len(text))
    for start, end in pairwise(starts):
        if start == end:
            continue
        kind, name, header = _header(text, start, end)
        if kind == "class":
            yield from _class(text, start, header, end, name, inside)
        else:
            yield Block(text, start, end, kind, name)


def _header(text: str, start: int, end: int) -> tuple[str, str, int]:
    """What a statement defines, "def", "class" or nothing, by which name, and where that name ends."""
    matched = _DECORATED.match(text, start, end) or _HEADER.match(text, start, end)
    if matched is None or not matched[1]:
        return "", "", start
    return "class" if matched[1] == "class" else "def", matched[2], matched.end()


def _class(text: str, start: int, header: int, end: int, name: str, inside: Callable[[int], bool]) -> Iterator[Block]:
    """A class up to its first member, then its members."""
    body = _CLASS_BODY.search(text, header, end)
    if body is None:
        yield Block(text, start, end, "class", name)
        return
    indent = body[1]
    first = body.start(1)
    owner = Block(text, start, first, "class", name)
    yield owner
    member = re.compile(rf"\n{indent}(?=[^\s#)\]}}\"'])")
    starts, decorated = [first], text[body.end()] == "@"
    for match in member.finditer(text, first, end):
        at = match.end()
        if inside(at):
            continue
        if decorated or _CONTINUES.match(text, at):
            decorated = text[at] == "@"
            continue
        decorated = text[at] == "@"
        starts.append(match.start() + 1)
    starts.append(end)
    for begin, until in pairwise(starts):
        kind, named, _ = _header(text, begin, until)
        yield Block(text, begin, until, kind if kind == "def" else "", named, owner)


def _exact(text: str) -> Iterator[Block]:
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as problem:
        raise NoBlocks from problem
    lines = [0]
    for line in text.split("\n"):
        lines.append(lines[-1] + len(line) + 1)

    def begin(node: ast.stmt) -> int:
        decorators: list[ast.expr] = getattr(node, "decorator_list", [])
        return lines[min([node.lineno, *(each.lineno for each in decorators)]) - 1]

    def blocks(body: list[ast.stmt], until: int, owner: Block | None) -> Iterator[Block]:
        starts = sorted({begin(node): node for node in reversed(body)}.items(), key=lambda item: item[0])
        for index, (start, node) in enumerate(starts):
            end = starts[index + 1][0] if index + 1 < len(starts) else until
            if isinstance(node, ast.ClassDef) and owner is None and begin(node.body[0]) > start:
                head = Block(text, start, begin(node.body[0]), "class", node.name)
                yield head
                yield from blocks(node.body, end, head)
            else:
                kind = "def" if isinstance(node, DEFINITIONS) else ""
                if isinstance(node, ast.ClassDef) and owner is None:
                    kind = "class"
                yield Block(text, start, end, kind, getattr(node, "name", ""), owner)

    yield from blocks(tree.body, len(text), None)
