"""The world that a claim's objective is evaluated in: what each of its names stands for."""

from __future__ import annotations

import ast
import textwrap
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np

from closurelint.evidence import Claim
from closurelint.replay import smooth
from closurelint.replay.evaluator import Evaluator
from closurelint.replay.limits import NotReplayable, Unsupported
from closurelint.replay.liveness import live
from closurelint.replay.machine import Machine, imported
from closurelint.replay.simplenet import Array
from closurelint.replay.values import Function, Key, StandIn, Value

ANY: Key = ("item", ...)
"""A key that the source does not write out (`self.params["W" + str(i)]`)."""


@dataclass(frozen=True, slots=True)
class Path:
    """The captured path that holds the point: `self.params["W1"]` is the root `self` and two keys."""

    root: str
    keys: tuple[Key, ...]


@dataclass(slots=True)
class Program:
    """A claim, parsed."""

    claim: Claim
    objective: ast.Lambda | ast.FunctionDef | ast.AsyncFunctionDef
    path: Path | None
    prelude: list[ast.stmt]
    helpers: dict[str, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda]
    imports: dict[str, str]
    objects: dict[str, str]
    bases: set[str] = field(default_factory=set)


def parse(claim: Claim) -> Program:
    """Parse what a claim holds; raises `Unsupported` for an objective that is no function."""
    objective = _function(claim.objective)
    if objective is None or isinstance(objective, ast.ClassDef):
        raise Unsupported("needs the source of the objective")
    helpers = {name: node for name, source in claim.helpers if (node := _function(source)) is not None}
    path = _path(claim.point)
    prelude = [statement for source in claim.prelude for statement in _statements(source)]
    wanted = {
        node.id for tree in (objective, *helpers.values()) for node in ast.walk(tree) if isinstance(node, ast.Name)
    }
    wanted |= {"self"} if path is None else {"self", path.root}
    return Program(claim, objective, path, live(prelude, wanted), helpers, dict(claim.imports), dict(claim.objects))


def _statements(source: str) -> list[ast.stmt]:
    try:
        return ast.parse(textwrap.dedent(source)).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return []


def _function(source: str) -> ast.Lambda | ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | None:
    text = textwrap.dedent(source).strip()
    for candidate in (text, f"({text})"):
        statements = _statements(candidate)
        if len(statements) != 1:
            continue
        node = statements[0]
        value = node.value if isinstance(node, ast.Expr | ast.Assign | ast.AnnAssign) else None
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            return node
        if isinstance(value, ast.Lambda):
            return value
    return None


def _path(point: str | None) -> Path | None:
    if point is None:
        return None
    try:
        node: ast.expr = ast.parse(point.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    keys: list[Key] = []
    while True:
        if isinstance(node, ast.Attribute):
            keys.append(("attribute", node.attr))
            node = node.value
        elif isinstance(node, ast.Subscript):
            constant = isinstance(node.slice, ast.Constant)
            keys.append(("item", node.slice.value) if constant else ANY)  # type: ignore[attr-defined]
            node = node.value
        elif isinstance(node, ast.Call):
            # a view or a copy of what the receiver holds (`net.W.ravel()`), or its first argument (`list(params)`)
            method = isinstance(node.func, ast.Attribute) and not _is_function(node.func)
            keys.clear()
            if not method and not node.args:
                return None
            node = node.func.value if method and isinstance(node.func, ast.Attribute) else node.args[0]
        elif isinstance(node, ast.Starred):
            node = node.value
        else:
            break
    return Path(node.id, tuple(reversed(keys))) if isinstance(node, ast.Name) else None


def _is_function(node: ast.Attribute) -> bool:
    return isinstance(node.value, ast.Name) and node.value.id in (
        "np",
        "jnp",
        "numpy",
        "torch",
        "mx",
        "tf",
        "jax",
        "copy",
    )


class World:
    """One evaluation: an evaluator, and the arrays that its names hold.

    captured: the point's value where the captured state holds it. state: an array that every unknown captured name
    hangs on, None when only the captured path does.
    """

    def __init__(
        self, program: Program, machine_of: Callable[[Callable[[Machine, str], Value]], Evaluator], captured: Array,
        *, state: bool = False, fixed: frozenset[str] = frozenset(),
    ) -> None:  # fmt: skip
        self.program = program
        self.captured = captured.copy()
        self.state = state
        self.fixed = fixed
        self.machine = machine_of(self._resolve)
        self.machine.project = frozenset(name for name in program.helpers if "." in name)
        if state:
            self.machine.hidden.append(self.captured)
        self.reached = False

    def run_prelude(self) -> None:
        """Run the statements that computed captured values; one that cannot be run leaves stand-ins behind."""
        root = None if self.program.path is None else self.program.path.root
        scope = self.machine.globals
        for statement in self.program.prelude:
            if root is not None and _binds_only(statement, root):
                continue
            try:
                self.machine.block([statement], scope)
            except NotReplayable:
                for name in _bound(statement):
                    scope.names.setdefault(name, self._unknown(name))
            if root is not None and root in _bound(statement):
                scope.names.pop(root, None)

    def vary_state(self) -> None:
        """Make what the prelude computed depend on the state, as anything that is captured can."""
        for name, value in list(self.machine.globals.names.items()):
            if not smooth.is_table(name) and value is not self.captured:
                self.machine.globals.names[name] = self._varied(value, name, 0)

    def _varied(self, value: Value, label: str, level: int) -> Value:
        if isinstance(value, float) or (isinstance(value, np.ndarray) and value.dtype.kind == "f"):
            shape = np.shape(value)
            return value + 0.1 * smooth.smooth(label, self.captured.ravel(), shape)
        if isinstance(value, StandIn) and level < 4:
            for key, item in value.slots.items():
                if item is not self.captured:
                    value.slots[key] = self._varied(item, f"{label}.{key[1]}", level + 1)
            for key, inner in value.made.items():
                self._varied(inner, f"{label}.{key[1]}", level + 1)
        if isinstance(value, dict) and level < 4:
            return {key: self._varied(item, f"{label}[{key}]", level + 1) for key, item in value.items()}
        if isinstance(value, list | tuple) and level < 4:
            return type(value)(self._varied(item, f"{label}[{i}]", level + 1) for i, item in enumerate(value))
        return value

    def _resolve(self, machine: Machine, name: str) -> Value:
        program = self.program
        if name.startswith("argument "):
            return StandIn(name.removeprefix("argument "))
        if program.path is not None and name == program.path.root:
            self.reached = True
            return self._root(program.path)
        node = program.helpers.get(name)
        if node is not None:
            return self._helper(name, node)
        if name in program.objects:
            return self._unknown(name)
        if name in program.imports:
            return imported(program.imports[name])
        builtin = self.machine.builtin(name)
        return builtin if builtin is not None else self._unknown(name)

    def _helper(self, name: str, node: ast.AST) -> Value:
        scope = self.machine.globals
        if isinstance(node, ast.ClassDef):
            scope.names[name] = StandIn(name)  # a class that its own body names
            return self.machine.define_class(node, scope)
        assert isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
        return self.machine.define(node, name, scope)

    def _unknown(self, name: str) -> StandIn:
        made = StandIn(name)
        if self.state and name not in self.fixed:
            made.basis.append(self.captured)
        self._give_class(made, name)
        return made

    def _give_class(self, made: StandIn, name: str) -> None:
        cls = self.program.objects.get(name)
        if cls is not None and isinstance(self.program.helpers.get(cls), ast.ClassDef):
            made.cls = self.machine.lookup(cls, self.machine.globals)

    def _root(self, path: Path) -> Value:
        if not path.keys and path.root not in self.program.objects and self.program.claim.delivery != "model":
            return self.captured
        root = StandIn(path.root)
        self._give_class(root, path.root)
        if not path.keys:
            root.basis.append(self.captured)
            return root
        root.holder = path.keys
        inner = root
        for index, key in enumerate(path.keys):
            last = index == len(path.keys) - 1
            child: Value = self.captured if last else StandIn(f"{inner.label}.{key[1]}", owner=inner)
            if key == ANY:
                inner.anything = child
            else:
                inner.slots[key] = child
            if not last:
                inner = child
        return root

    def arguments(self, function: Function, varied: Value) -> tuple[list[Value], dict[str, Value]]:
        """What the objective is called with: the varied point, `self`, defaults, data for the rest."""
        spec = function.node.args
        names = {name.lstrip("*") for name in self.program.claim.parameters}
        positional = [*spec.posonlyargs, *spec.args]
        first_default = len(positional) - len(function.defaults)
        arguments: list[Value] = []
        for index, item in enumerate(positional):
            if item.arg in names:
                arguments.append(varied)
            elif item.arg in ("self", "cls"):
                arguments.append(self.machine.lookup(item.arg, self.machine.globals))
            elif index >= first_default:
                arguments.append(function.defaults[index - first_default])
            else:
                arguments.append(self._argument(item.arg))
        if spec.vararg is not None and spec.vararg.arg in names:
            arguments.append(varied)
        keywords = {
            item.arg: varied if item.arg in names else self._argument(item.arg)
            for item, default in zip(spec.kwonlyargs, spec.kw_defaults, strict=True)
            if default is None or item.arg in names
        }
        if spec.kwarg is not None and spec.kwarg.arg in names:
            keywords["varied"] = varied
        return arguments, keywords

    def _argument(self, name: str) -> Value:
        """An argument that is not varied; under delivery `model`, the module itself can be one."""
        path = self.program.path
        if self.program.claim.delivery == "model" and path is not None and name == path.root:
            return self.machine.lookup(name, self.machine.globals)
        return StandIn(name)


@lru_cache(maxsize=512)
def _bound(statement: ast.stmt) -> frozenset[str]:
    """The names that a statement binds."""
    stored = [node for node in ast.walk(statement) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)]
    return frozenset(node.id for node in stored)


def _binds_only(statement: ast.stmt, name: str) -> bool:
    if isinstance(statement, ast.AugAssign):
        target: ast.expr = statement.target
        while isinstance(target, ast.Attribute | ast.Subscript):
            target = target.value
        return isinstance(target, ast.Name) and target.id == name
    return _bound(statement) == {name}
