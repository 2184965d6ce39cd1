"""Runs an objective at, and beside, the point: for a copy, for the alias, with the point written through."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Literal, TypeAlias, TypeVar

import numpy as np

from closurelint.evidence import Claim, Gradient
from closurelint.replay import smooth
from closurelint.replay.cuts import Cuts
from closurelint.replay.evaluator import Evaluator
from closurelint.replay.gradient import H, measured
from closurelint.replay.limits import LimitReached, Limits, Meter, NotReplayable
from closurelint.replay.machine import Machine, Raised
from closurelint.replay.simplenet import Array
from closurelint.replay.values import Function, Native, StandIn, Value
from closurelint.replay.world import Program, World, parse

SEEN = 1e-8
"""A gradient that is smaller is rounding."""

Kind: TypeAlias = Literal["copy", "alias", "reference", "model"]
"""copy: the parameter alone varies. alias: parameter and captured path are one array, perturbed after the prelude.
reference: both vary, and the prelude is computed anew. model: the captured state varies after the prelude."""
Measured = TypeVar("Measured")


class Experiment:
    """One claim on the stand-ins.

    Each evaluation has a world of its own, so that nothing an objective leaves behind reaches the next one.
    """

    def __init__(self, claim: Claim, limits: Limits) -> None:
        self.claim = claim
        self.meter = Meter(limits)
        self.program: Program = parse(claim)
        self.lenient_raise = False
        self.approximated = ""
        self.reached = False
        self.otherwise = False
        self.undecided = False
        self.largest_value = 1.0
        self.start: Array = smooth.weight()

    @property
    def takes_model(self) -> bool:
        """Whether the objective uses a parameter as a module: calls it or its method, or names it as the point."""
        path = self.program.path
        names = {name.lstrip("*") for name in self.claim.parameters}
        if path is not None and path.root in names:
            return True
        for node in ast.walk(self.program.objective):
            if isinstance(node, ast.Call):
                called: ast.expr = node.func
                while isinstance(called, ast.Attribute):
                    called = called.value
                if isinstance(called, ast.Name) and called.id in names:
                    return True
        return False

    # -- one evaluation --------------------------------------------------------------------------------------------

    def world(self, captured: Array, cuts: Cuts, *, state: bool = False, fixed: frozenset[str] = frozenset()) -> World:
        """A world whose captured path holds a copy of `captured`, with the prelude not yet run."""

        def machine_of(resolve: Callable[[Machine, str], Value]) -> Evaluator:
            return Evaluator(self.meter, cuts, resolve)

        made = World(self.program, machine_of, captured, state=state, fixed=fixed)
        made.machine.lenient_raise = self.lenient_raise
        made.machine.otherwise = self.otherwise
        return made

    def function(self, world: World) -> Function:
        """The objective, as a function of that world."""
        node = self.program.objective
        if not isinstance(node, ast.Lambda):
            node.decorator_list = []
        name = "lambda" if isinstance(node, ast.Lambda) else node.name
        return world.machine.define(node, name, world.machine.globals)

    def value(self, world: World, varied: Value) -> float:
        """The objective's value in that world, as one number."""
        function = self.function(world)
        arguments, keywords = world.arguments(function, varied)
        result = world.machine.invoke(function, arguments, keywords)
        if self.claim.has_aux and isinstance(result, tuple | list) and result:
            result = result[0]
        if self.claim.result and isinstance(result, dict):
            result = result.get(self.claim.result, result)
        if isinstance(result, StandIn):
            result = world.machine.array(result)
        leaves = [leaf for leaf in world.machine.leaves([result]) if leaf.size]
        self.approximated = self.approximated or world.machine.approximated
        self.reached = self.reached or world.reached
        self.undecided = self.undecided or world.machine.undecided
        return smooth.scalar(np.concatenate(leaves)) if leaves else 0.0

    def evaluation(self, kind: Kind, start: Array, cuts: Cuts, *, state: bool = False) -> Callable[[Array], float]:
        """The objective as a function of the point."""

        def f(x: Array) -> float:
            self.meter.begin()
            world = self.world(x if kind == "reference" else start, cuts, state=state)
            cuts.begin()
            try:
                world.run_prelude()
                if kind == "copy":
                    varied: Value = x.copy()
                elif kind == "model" and not self.takes_model:
                    world.captured[...] = x
                    varied = start.copy()
                else:
                    world.captured[...] = x
                    varied = world.captured
                if state:
                    world.vary_state()
                value = self.value(world, varied)
            finally:
                cuts.end()
            self.largest_value = max(self.largest_value, abs(value))
            return value

        return f

    # -- gradients -------------------------------------------------------------------------------------------------

    @property
    def severing(self) -> bool:
        """Whether the delivery is one that `detach` cuts."""
        return self.claim.delivery in ("trace", "model")

    def gradient(self, kind: Kind, cuts: Cuts, *, state: bool = False) -> Gradient:
        """Central differences of the objective at the point."""
        start = self.start
        f = self.evaluation(kind, start, cuts, state=state)
        if cuts.recording:
            f(start.copy())
        return measured(f, start.copy())

    def gradient_apart(self) -> Gradient:
        """The gradient for a copy with other numbers: `(w - net.W) ** 2` is flat where the two agree."""
        start = np.abs(smooth.weight(1)) + 0.1
        cuts = Cuts(severing=self.severing)
        f = self.evaluation("copy", smooth.weight(), cuts)
        f(start.copy())
        return measured(f, start)

    def slope(self, kind: Kind, seed: int) -> float:
        """The directional derivative at another point, along a direction with no zero component."""
        start = np.abs(smooth.weight(seed)) + 0.1
        cuts = Cuts(severing=self.severing)
        f = self.evaluation(kind, start if kind == "model" else smooth.weight(), cuts)
        f(start.copy())
        direction = H * np.linspace(0.5, 1.5, start.size).reshape(start.shape)
        return abs(f(start + direction) - f(start - direction)) / (2 * H)

    def slope_otherwise(self, kind: Kind) -> float:
        """The slope where what the stand-ins do not decide goes the other way; zero if nothing is undecided."""
        return self.supposing_otherwise(lambda: self.slope(kind, 1)) or 0.0

    def supposing_otherwise(self, measure: Callable[[], Measured]) -> Measured | None:
        """What is measured where what the stand-ins do not decide goes the other way; None if nothing is undecided."""
        if not self.undecided:
            return None
        self.otherwise = True
        try:
            return measure()
        except NotReplayable:
            # it raises there, say
            return None
        finally:
            self.otherwise = False

    def by_own_differentiator(self, kind: Kind, cuts: Cuts) -> Gradient | None:
        """The gradient as the checked project's own differentiator computes it, None where it cannot be interpreted."""
        node = self.program.helpers.get(self.claim.differentiator or "")
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            return None
        found: Gradient | None = None
        for flat in (False, True):
            # a loop over `w[i]` that is made for one dimension perturbs a whole row of two, which softmax does not see
            if found is None or found.largest < SEEN:
                found = self._differentiated(node, kind, cuts, flat=flat) or found
        return found

    def _differentiated(
        self, node: ast.FunctionDef | ast.AsyncFunctionDef, kind: Kind, cuts: Cuts, *, flat: bool
    ) -> Gradient | None:
        """What it computes, without what it makes of a constant: that is the point which it moves, and no gradient."""
        found = self._run_differentiator(node, kind, cuts, flat=flat)
        still = None if found is None else self._run_differentiator(node, kind, cuts, flat=flat, constant=True)
        if found is None or still is None or not any(still.values):
            return found
        moved = np.subtract(found.values, still.values)
        return Gradient(found.shape, tuple(float(item) for item in moved), found.pairs)

    def _run_differentiator(
        self,
        node: ast.FunctionDef | ast.AsyncFunctionDef,
        kind: Kind,
        cuts: Cuts,
        *,
        flat: bool,
        constant: bool = False,
    ) -> Gradient | None:
        """One run of it; `flat`: at a point of one dimension, `constant`: of an objective that always is one."""
        start = self.start
        self.meter.begin()
        world = self.world(start, cuts)
        values: list[float] = []

        def objective(arguments: list[Value], keywords: dict[str, Value]) -> Value:
            if constant:
                values.append(1.0)
                return np.asarray(1.0)
            inner = self.world(start, cuts)
            cuts.begin()
            try:
                inner.run_prelude()
                inner.captured[...] = world.captured
                value = self.value(inner, _moved(arguments[0], world, inner) if arguments else None)
            finally:
                cuts.end()
            values.append(value)
            return np.asarray(value)

        try:
            x: Array = world.captured if kind == "alias" else world.captured.copy()
            x = x.reshape(-1) if flat else x
            function = world.machine.define(node, node.name, world.machine.globals)
            arguments = _for_differentiator(function, Native("objective", objective), x)
            result = world.machine.invoke(function, arguments, {})
        except Raised:
            return None
        except LimitReached:
            raise
        except NotReplayable:
            return None
        if world.machine.folds or len(values) <= start.size:
            return None
        found = _first_of_size(result, start.size)
        return (
            None
            if found is None
            else Gradient(start.shape, tuple(float(item) for item in found.ravel()), _pairs(values, start.size))
        )


def _moved(value: Value, world: World, inner: World) -> Value:
    """What a differentiator hands over, in another world: what shares the captured array of its own shares that one."""
    whole = isinstance(value, np.ndarray) and value.size == world.captured.size
    return inner.captured.reshape(value.shape) if whole and np.shares_memory(value, world.captured) else value


def _pairs(values: list[float], size: int) -> tuple[tuple[float, float], ...]:
    """(f(x+h), f(x-h)) for each index, where the loop asked for exactly these."""
    if len(values) != 2 * size:
        return ()
    return tuple(zip(values[::2], values[1::2], strict=True))


def _first_of_size(result: Value, size: int) -> Array | None:
    waiting = [result]
    while waiting:
        value = waiting.pop(0)
        if isinstance(value, np.ndarray) and value.size == size and value.dtype.kind in "fiu":
            return np.asarray(value, dtype=float)
        if isinstance(value, list) and len(value) == size and all(_is_number(item) for item in value):
            return np.asarray([float(item) for item in value])
        if isinstance(value, list | tuple):
            waiting.extend(value)
        elif isinstance(value, dict):
            waiting.extend(value.values())
    return None


def _is_number(value: Value) -> bool:
    return isinstance(value, int | float) or (isinstance(value, np.ndarray) and value.ndim == 0)


def _for_differentiator(function: Function, objective: Native, x: Array) -> list[Value]:
    """The arguments of a differentiator: the parameter that it calls is the objective, what it hands that is the point.

    A parameter that neither fits gets its default. Where it has none it is the step size, if it is added, subtracted or
    divided by, and otherwise one: the gradient that comes from further up, which the differences are multiplied with.
    """
    node = function.node
    names = [item.arg for item in (*node.args.posonlyargs, *node.args.args)]
    called = [
        call for call in ast.walk(node)
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in names
    ]  # fmt: skip
    callee = _first([call.func.id for call in called if isinstance(call.func, ast.Name)], names)
    handed = [arg.id for call in called for arg in call.args if isinstance(arg, ast.Name)]
    callee = callee or next((name for name in names if name in ("f", "func", "fn", "loss", "objective")), None)
    rest = [name for name in names if name not in (callee, "self", "cls")]
    point = next((name for name in rest if name in handed), None) or (rest[0] if rest else None)
    required = len(names) - len(node.args.defaults)
    arguments: list[Value] = []
    for index, name in enumerate(names):
        if name == callee:
            arguments.append(objective)
        elif name == point:
            arguments.append(x)
        elif name in ("self", "cls"):
            arguments.append(StandIn(name))
        elif index >= required and name not in (callee, point):
            if all(later not in (callee, point) for later in names[index:]):
                break
            arguments.append(function.defaults[index - required])
        else:
            arguments.append(H if _is_step(name, node) else 1.0)
    return arguments


def _is_step(name: str, function: ast.AST) -> bool:
    """Whether a number that a function takes is added to something, subtracted from it, or divided by."""
    for node in ast.walk(function):
        if isinstance(node, ast.BinOp | ast.AugAssign) and isinstance(node.op, ast.Add | ast.Sub | ast.Div):
            right = node.right if isinstance(node, ast.BinOp) else node.value
            if any(isinstance(part, ast.Name) and part.id == name for part in ast.walk(right)):
                return True
    return False


def _first(found: list[str], names: list[str]) -> str | None:
    return next((name for name in names if name in found), None)
