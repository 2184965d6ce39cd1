"""Which part of a file has to be read closely: asked of Python's own syntax tree, which is ten times as fast to make.

A function is certainly fine if every parameter of it plainly gets to what it returns, and so it is in every function
of the file that it calls. Whatever is not certain is kept, with the statements that its names come from; all other
text is blanked, line for line, so that positions stay. A text that Python cannot parse is kept whole.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Iterator

from closurelint.catalogue import catalogue

FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_MODEL_LIBRARY = "mlx"
"""Differentiates by a module: what a closure does with its own parameters does not say whether it is fine."""

_CALLED = ("__call__", "forward")
_FILLING = ("append", "add", "update")
_CONSTRUCTORS = frozenset({"__init__", "__call__", "forward", "setUp", "setup", "setup_method", "build", "reset"})


def relevant(text: str) -> str | None:
    """The text with all that cannot matter blanked; None if nothing can."""
    if _MODEL_LIBRARY in text:
        return text
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return text
    units = list(_units(tree))
    users = _users(units)
    sites = [unit for unit in units if unit.mentions & users or unit.loose]
    if not sites:
        return None
    doubts = _Doubts(units)
    suspects = [unit for unit in sites if doubts.about(unit)]
    return _blanked(text, units, suspects) if suspects else None


# -- names by which functions are handed to a differentiator ---------------------------------------------------------


def _users(units: list[_Unit]) -> set[str]:
    """The names that may differentiate what they are handed: the catalogue's, the file's own, other files' helpers."""
    known = catalogue()
    found: set[str] = set(known.bare_names)
    for unit in units:
        for node in unit.imports:
            if isinstance(node, ast.Import):
                for alias in node.names:
                    found |= known.names_of(alias.name.partition(".")[0])
                continue
            package = (node.module or "").partition(".")[0]
            if node.level == 0 and package in known.libraries:
                theirs = known.names_of(package)
                found |= theirs
                found.update(alias.asname for alias in node.names if alias.asname and alias.name in theirs)
            elif any(alias.name == "*" for alias in node.names):
                found.update(known.names)
            else:
                found.update(alias.asname or alias.name for alias in node.names)
    grown = True
    while grown:
        grown = False
        for unit in units:
            # whoever differentiates by differences, hands a parameter on, or renames one of these, is one of them
            name = getattr(unit.node, "name", None)
            own = unit.differentiates or (unit.passes_on and unit.mentions & found)
            names = {name} if name is not None and own else set()
            if isinstance(unit.node, ast.Assign) and unit.mentions & found:
                names = unit.binds
            if names - found:
                found |= names
                grown = True
    return found


# -- functions that are not certainly fine --------------------------------------------------------------------------


class _Doubts:
    """Which functions are not certainly fine; each is judged when it is asked for."""

    def __init__(self, units: list[_Unit]) -> None:
        self.cutting = frozenset(catalogue().operation_names)
        self.by_name: dict[str, list[FunctionNode]] = {}
        self.made_of: dict[str, set[str]] = {}
        self.known: dict[FunctionNode, bool] = {}
        for unit in units:
            for node in unit.functions:
                if not isinstance(node, ast.Lambda):
                    self.by_name.setdefault(node.name, []).append(node)
            if isinstance(unit.node, _DEFINITIONS) and unit.owner is not None and unit.node.name in _CALLED:
                # whoever mentions the class may hand over an object of it
                self.by_name.setdefault(_class_name(unit.owner), []).append(unit.node)
            if not isinstance(unit.node, _DEFINITIONS):
                for name in unit.binds | unit.filled:
                    self.by_name.setdefault(name, []).extend(unit.functions)
                    self.made_of.setdefault(name, set()).update(unit.mentions)

    def about(self, unit: _Unit) -> bool:
        """Whether a function in a statement, or one that it names, is not certainly fine."""
        inside = set(unit.functions) - {unit.node}
        named = (node for name in self._reached(unit.mentions) for node in self.by_name.get(name, ()))
        decorated = getattr(unit.node, "decorator_list", ())
        own = (unit.node,) if decorated and isinstance(unit.node, _DEFINITIONS) else ()
        return any(self.is_doubtful(node) for node in (*inside, *named, *own))

    def _reached(self, names: set[str]) -> set[str]:
        """These names, and those that what they stand for was made of."""
        found, waiting = set(names), list(names)
        while waiting:
            new = self.made_of.get(waiting.pop(), set()) - found
            found |= new
            waiting += new
        return found

    def is_doubtful(self, node: FunctionNode) -> bool:
        """Whether a function, or one of the file that it may call, could lose a parameter."""
        known = self.known.get(node)
        if known is None:
            # while it is looked into it counts as fine, so that recursion ends
            self.known[node] = False
            known = not _is_plain(node, self.cutting) or any(
                self.is_doubtful(other) for name in _mentioned(node) for other in self.by_name.get(name, ())
            )
            self.known[node] = known
        return known


def _class_name(unit: _Unit) -> str:
    return getattr(unit.node, "name", "")


def _mentioned(node: FunctionNode) -> set[str]:
    """The names and attributes in a function: whatever of the file it may call."""
    body = [node.body] if isinstance(node, ast.Lambda) else node.body
    found: set[str] = set()
    for statement in body:
        for each in ast.walk(statement):
            if isinstance(each, ast.Name):
                found.add(each.id)
            elif isinstance(each, ast.Attribute):
                found.add(each.attr)
    return found


def _is_plain(node: FunctionNode, cutting: frozenset[str]) -> bool:
    """Whether all parameters of a function plainly get to its result, through nothing that could cut or lose them."""
    arguments = node.args
    listed = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
    listed += [each for each in (arguments.vararg, arguments.kwarg) if each is not None]
    names = {each.arg for each in listed}
    if not names:
        return False
    names.discard("self")
    names.discard("cls")
    body = [ast.Return(node.body)] if isinstance(node, ast.Lambda) else node.body
    flows = _Flows(names, cutting)
    flows.block(body)
    return not flows.doubt and names <= flows.returned


class _Flows:
    """Follows parameters through a function's statements, on the safe side: doubt ends it."""

    def __init__(self, names: set[str], cutting: frozenset[str]) -> None:
        self.carries: dict[str, set[str]] = {name: {name} for name in names}
        self.returned: set[str] = set()
        self.cutting = cutting
        self.doubt = False

    def block(self, body: Iterable[ast.stmt]) -> None:
        for statement in body:
            self._statement(statement)
            if self.doubt:
                return

    def _statement(self, node: ast.stmt) -> None:
        if isinstance(node, ast.Return):
            if node.value is not None:
                # of a tuple only the first element is sure to count
                counted = node.value
                if isinstance(counted, ast.Tuple) and counted.elts:
                    counted = counted.elts[0]
                # and of a dict one entry
                self.doubt = self.doubt or isinstance(counted, ast.Dict)
                self.returned |= self._carried(counted)
                self._sum(counted)
        elif isinstance(node, ast.Assign) and all(isinstance(target, ast.Name | ast.Tuple) for target in node.targets):
            carried = self._carried(node.value)
            self._sum(node.value)
            for target in node.targets:
                self._bind(target, carried)
        elif isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name):
            carried = self._carried(node.value)
            if bool(carried) != bool(self.carries.get(node.target.id)):
                # a term without the parameter is added, or it is added to one
                self.doubt = True
            self.carries[node.target.id] = self.carries.get(node.target.id, set()) | carried
        elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            return
        else:
            self.doubt = True

    def _bind(self, target: ast.expr, carried: set[str]) -> None:
        if isinstance(target, ast.Name):
            self.carries[target.id] = carried
        elif isinstance(target, ast.Tuple | ast.List):
            for each in target.elts:
                self._bind(each.value if isinstance(each, ast.Starred) else each, carried)
        else:
            self.doubt = True

    def _sum(self, node: ast.expr) -> None:
        """Doubt a sum of which one term carries a parameter and another reads something else."""
        for each in ast.walk(node):
            if isinstance(each, ast.BinOp) and isinstance(each.op, ast.Add):
                sides = [(self._carried(side), _reads(side) - self.carries.keys()) for side in (each.left, each.right)]
                if any(mine - other and names - _ARRAYS for (mine, _), (other, names) in (sides, sides[::-1])):
                    self.doubt = True

    def _carried(self, node: ast.expr) -> set[str]:
        """The parameters that get into an expression's value."""
        found: set[str] = set()
        for each in ast.walk(node):
            if isinstance(each, ast.Name):
                found |= self.carries.get(each.id, set())
                self.doubt = self.doubt or each.id in self.cutting
            elif isinstance(each, ast.Attribute):
                self.doubt = self.doubt or each.attr in self.cutting
            elif isinstance(each, _DOUBTFUL):
                self.doubt = True
            elif isinstance(each, ast.BinOp):
                self.doubt = self.doubt or isinstance(each.op, ast.FloorDiv)
            elif isinstance(each, ast.Subscript):
                self.doubt = self.doubt or bool(_reads(each.slice) & self.carries.keys())
        return found


_ARRAYS = frozenset({"np", "jnp", "numpy", "torch", "jax", "F", "tf", "math", "mx", "anp", "pnp", "lax", "nn", "optax"})
"""Usual names of modules, which are no captured state."""

_DOUBTFUL = (
    ast.Lambda,
    ast.Compare,
    ast.JoinedStr,
    ast.NamedExpr,
    ast.Yield,
    ast.YieldFrom,
    ast.ListComp,
    ast.SetComp,
    ast.DictComp,
    ast.GeneratorExp,
)


def _reads(node: ast.AST) -> set[str]:
    return {each.id for each in ast.walk(node) if isinstance(each, ast.Name)}


# -- what is kept for them ----------------------------------------------------------------------------------------


class _Unit:
    """A statement at the top level, or in the body of a class there, that is kept or blanked as a whole."""

    def __init__(self, node: ast.stmt, owner: _Unit | None, parts: Iterable[ast.AST]) -> None:
        self.node, self.owner = node, owner
        decorators = getattr(node, "decorator_list", [])
        self.first = min([node.lineno, *(each.lineno for each in decorators)])
        self.last = node.end_lineno or node.lineno
        self.mentions: set[str] = set()
        self.binds: set[str] = set()
        self.given: set[str] = set()
        self.filled: set[str] = set()
        self.functions: list[FunctionNode] = []
        self.imports: list[ast.Import | ast.ImportFrom] = []
        self.called: set[str] = set()
        self.kept = self.subtracts = self.divides = self.loose = False
        for part in parts:
            for each in ast.walk(part):
                note = _NOTES.get(type(each))
                if note is not None:
                    note(self, each)
        own = isinstance(node, _DEFINITIONS)
        self.given |= {node.name} if isinstance(node, _DEFINITIONS) else self.binds
        parameters = _parameters(node) if isinstance(node, _DEFINITIONS) else set()
        self.differentiates = own and bool(parameters & self.called) and self.subtracts and self.divides
        self.passes_on = own and bool((parameters - {"self"}) & self.mentions)

    def _name(self, node: ast.Name) -> None:
        (self.mentions if isinstance(node.ctx, ast.Load) else self.binds).add(node.id)

    def _attribute(self, node: ast.Attribute) -> None:
        self.mentions.add(node.attr)
        if not isinstance(node.ctx, ast.Load):
            self.binds.add(node.attr)
            self.given.add(node.attr)

    def _function(self, node: FunctionNode) -> None:
        self.functions.append(node)
        self.loose = self.loose or _is_loose(node)
        if not isinstance(node, ast.Lambda):
            self.binds.add(node.name)

    def _import(self, node: ast.Import | ast.ImportFrom) -> None:
        self.imports.append(node)
        self.binds.update((alias.asname or alias.name).partition(".")[0] for alias in node.names)

    def _class(self, node: ast.ClassDef) -> None:
        self.binds.add(node.name)

    def _call(self, node: ast.Call) -> None:
        if isinstance(node.func, ast.Name):
            self.called.add(node.func.id)
            return
        into = node.func.value if isinstance(node.func, ast.Attribute) and node.func.attr in _FILLING else None
        if isinstance(into, ast.Name):
            self.filled.add(into.id)

    def _subscript(self, node: ast.Subscript) -> None:
        if isinstance(node.ctx, ast.Store) and isinstance(node.value, ast.Name):
            self.filled.add(node.value.id)

    def _operation(self, node: ast.BinOp) -> None:
        self.subtracts = self.subtracts or isinstance(node.op, ast.Sub)
        self.divides = self.divides or isinstance(node.op, ast.Div | ast.Mult)


_NOTES: dict[type, Callable[..., None]] = {
    ast.Name: _Unit._name,
    ast.Attribute: _Unit._attribute,
    ast.FunctionDef: _Unit._function,
    ast.AsyncFunctionDef: _Unit._function,
    ast.Lambda: _Unit._function,
    ast.Import: _Unit._import,
    ast.ImportFrom: _Unit._import,
    ast.ClassDef: _Unit._class,
    ast.Call: _Unit._call,
    ast.Subscript: _Unit._subscript,
    ast.BinOp: _Unit._operation,
}


def _parameters(node: FunctionNode) -> set[str]:
    arguments = node.args
    return {each.arg for each in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)}


def _units(tree: ast.Module) -> Iterator[_Unit]:
    for node in tree.body:
        if not isinstance(node, ast.ClassDef):
            yield _Unit(node, None, (node,))
            continue
        owner = _Unit(node, None, (*node.bases, *node.keywords, *node.decorator_list))
        owner.binds.add(node.name)
        yield owner
        for member in node.body:
            yield _Unit(member, owner, (member,))


def _blanked(text: str, units: list[_Unit], suspects: list[_Unit]) -> str:
    waiting: list[_Unit] = []
    wanted: set[str] = set()
    binders: dict[str, list[_Unit]] = {}
    users: dict[str, list[_Unit]] = {}

    def keep(unit: _Unit) -> None:
        if not unit.kept:
            unit.kept = True
            waiting.append(unit)
            if unit.owner is not None:
                keep(unit.owner)

    for unit in units:
        unit.kept = isinstance(unit.node, ast.Import | ast.ImportFrom)
        for name in unit.binds | unit.filled:
            binders.setdefault(name, []).append(unit)
        for name in unit.mentions:
            users.setdefault(name, []).append(unit)
    for unit in suspects:
        for linked in _chain(unit, users):
            keep(linked)
    while waiting:
        unit = waiting.pop()
        new = unit.mentions - wanted
        if isinstance(unit.node, ast.ClassDef):
            new |= _CONSTRUCTORS
        wanted |= new
        for name in new:
            for other in binders.get(name, ()):
                if other.owner is None or other.owner.kept:
                    keep(other)
    return _without(text, units)


def _chain(home: _Unit, users: dict[str, list[_Unit]]) -> list[_Unit]:
    """A statement with a site, and those that use what was made in it."""
    chain = [home]
    names = [] if isinstance(home.node, _DEFINITIONS) else list(home.given)
    seen: set[str] = set()
    while names:
        name = names.pop()
        if name in seen:
            continue
        seen.add(name)
        for unit in users.get(name, ()):
            if unit not in chain:
                chain.append(unit)
                if not isinstance(unit.node, _DEFINITIONS):
                    names += unit.given
    return chain


_WEIGHTS = frozenset("W w weight weights params param theta p beta b coef coeffs parameters Theta".split())


def _is_loose(node: FunctionNode) -> bool:
    """Whether a function may be a loss closure that is handed to something unknown."""
    return len(node.args.args) == 1 and node.args.args[0].arg in _WEIGHTS


def _without(text: str, units: list[_Unit]) -> str:
    lines = text.split("\n")
    shared: dict[int, int] = {}
    for unit in units:
        for row in {unit.first, unit.last}:
            shared[row] = shared.get(row, 0) + unit.kept
    empty_classes = {id(unit.owner): unit for unit in units if unit.owner is not None and unit.owner.kept}
    for unit in units:
        if unit.kept and unit.owner is not None:
            empty_classes.pop(id(unit.owner), None)
    for unit in units:
        if unit.kept or (unit.owner is not None and not unit.owner.kept):
            continue
        if shared[unit.first] or shared[unit.last]:
            continue
        for row in range(unit.first, unit.last + 1):
            lines[row - 1] = ""
    for unit in empty_classes.values():
        first = min(each.first for each in units if each.owner is unit.owner)
        if not lines[first - 1].strip():
            lines[first - 1] = " " * unit.node.col_offset + "pass"
    return "\n".join(lines)
