"""What every part of the evaluator shares: the world of names, arithmetic that always gives something, stand-ins.

Stand-in data rarely have the shapes of the real ones. An operation that fails on them becomes a smooth function of all
its inputs, so that what it depends on is kept, which is all that the outcome is about.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import numpy as np

from closurelint.replay import smooth
from closurelint.replay.cuts import Cuts
from closurelint.replay.limits import Limits, Meter, NotReplayable, Unsupported
from closurelint.replay.numpy_names import CONSTANTS, is_numeric
from closurelint.replay.simplenet import SHAPE, SimpleNet
from closurelint.replay.values import (
    AnyArray,
    Bound,
    Class,
    Cursor,
    Function,
    Indexer,
    Library,
    Method,
    Native,
    Scope,
    StandIn,
    Value,
)

WIDTH = 512
"""A longer array enters a smooth function as that many weighted sums, each element in one of them."""


LARGEST = 1e9
"""What is larger enters a smooth function as this."""


HUGE = 10**300
"""An integer that is larger enters arithmetic of arrays as this."""


class NoNumber(Unsupported, TypeError):
    """A value has no numbers in it, where the source computes with them."""


class Raised(NotReplayable):
    """The checked source raised; an `except` of its own can catch it."""

    def __init__(self, name: str) -> None:
        super().__init__(f"raises `{name}` on the stand-ins")
        self.name = name


def imported(dotted: str) -> Value:
    """What a dotted name of a library stands for: a number of mathematics, or something to be called."""
    name = dotted.rpartition(".")[2]
    return CONSTANTS[name] if name in CONSTANTS and is_numeric(dotted) else Library(dotted)


class Machine:
    """State and arithmetic of one evaluation.

    resolve: gives the value of a name that no scope of the source holds. hidden: state that every unknown callable
    hangs on. approximated: what was replaced by a stand-in although its source is there, and why. project: dotted names
    of functions and classes of the project that are reached through a module (`network.apply`). folds: how often
    something became a smooth function. draws: how often random numbers were drawn.
    """

    def __init__(self, meter: Meter, cuts: Cuts, resolve: Callable[[Machine, str], Value]) -> None:
        self.meter = meter
        self.cuts = cuts
        self.resolve = resolve
        self.globals = Scope()
        self.depth = 0
        self.without_gradient = 0
        self.lenient_raise = False
        self.otherwise = False
        self.undecided = False
        self.caught = ""
        """The exception whose handler runs, which a bare `raise` raises again."""
        self.approximated = ""
        self.folds = 0
        self.draws = 0
        self.hidden: list[Value] = []
        self.project: frozenset[str] = frozenset()
        self.effects: dict[str, list[Value]] = {}
        self._of_array: dict[int, tuple[AnyArray, StandIn]] = {}

    @property
    def limits(self) -> Limits:
        """The limits of this claim."""
        return self.meter.limits

    # -- to be provided by the parts that evaluate syntax ----------------------------------------------------------

    def evaluate(self, node: ast.expr, scope: Scope) -> Value:
        """The value of an expression."""
        raise NotImplementedError

    def call(self, function: Value, arguments: list[Value], keywords: dict[str, Value], place: ast.AST) -> Value:
        """The result of a call."""
        raise NotImplementedError

    def invoke(self, function: Function, arguments: list[Value], keywords: dict[str, Value]) -> Value:
        """The result of an interpreted function."""
        raise NotImplementedError

    # -- arrays ----------------------------------------------------------------------------------------------------

    def standin(self, array: AnyArray) -> StandIn:
        """The object that an array is, where it is used as one (`params["w"]`, `model(x)`); no expression gives it."""
        held = self._of_array.get(id(array))
        if held is None:
            held = self._of_array[id(array)] = (array, StandIn("value", exact=array))
        return held[1]

    def array(self, value: Value) -> AnyArray:
        """Any value as an array of numbers; raises NoNumber for what has none."""
        if isinstance(value, np.ndarray):
            return value
        if isinstance(value, int) and value.bit_length() > 60:
            return np.asarray(float(min(max(value, -HUGE), HUGE)))
        if isinstance(value, bool | int | float | complex):
            return np.asarray(value)
        if isinstance(value, StandIn):
            return self._array_of(value)
        if isinstance(value, Iterator):
            value = self.items(value)
        if isinstance(value, list | tuple | range) and value:
            parts = [self.array(item) for item in value]
            if any(part.shape != parts[0].shape for part in parts):
                parts = [self.flat([part], f"row {index}", ()) for index, part in enumerate(parts)]
            self.meter.size(sum(part.size for part in parts))
            return np.stack(parts)
        if isinstance(value, Function | Bound | Native | dict):
            return self.flat([value], "packed", ())
        raise NoNumber("computes with what is no number")

    def _array_of(self, value: StandIn) -> AnyArray:
        data = smooth.data(value.label)
        inputs = _joined(self.leaves([*value.basis, *self._state(value)]))
        return smooth.smooth(value.label, inputs, data.shape) if inputs.size else data

    def _state(self, value: StandIn, level: int = 0) -> list[Value]:
        """What was written to an object, or to what was read from it, and what it was read from was handed."""
        found = [*value.slots.values(), *value.absorbed]
        if value.owner is not None and not level:
            found.extend(value.root.absorbed)
        if value.anything is not None:
            found.append(value.anything)
        for child in value.made.values():
            found.extend(self._state(child, level + 1) if level < 12 else ())
        return found

    def flat(
        self, values: Iterable[Value], label: str, shape: tuple[int, ...], call: list[Value] | None = None
    ) -> AnyArray:
        """A smooth function of everything in `values`."""
        self.folds += 1
        return smooth.smooth(label, _joined(self.leaves(values, call)), shape)

    def leaves(self, values: Iterable[Value], call: list[Value] | None = None) -> list[AnyArray]:
        """Every number in reach of `values`, as flat arrays; functions are called, with `call` where it fits."""
        found: list[AnyArray] = []
        self._collect(list(values), found, set(), call, 0)
        return found

    def _collect(
        self, values: Iterable[Value], found: list[AnyArray], seen: set[int], call: list[Value] | None, level: int
    ) -> None:
        for value in values:
            self.meter.step()
            if isinstance(value, np.ndarray):
                found.append(_floats(value))
                held = self._of_array.get(id(value))
                if held is not None and id(held[1]) not in seen:
                    seen.add(id(held[1]))
                    self._collect(self._state(held[1]), found, seen, call, level + 1)
            elif isinstance(value, bool | int | float | complex):
                found.append(np.asarray([_bounded(value)]))
            elif isinstance(value, str):
                found.append(np.asarray([smooth.seed_of(value) / 2**32]))
            elif level > 12 or id(value) in seen:
                continue
            else:
                if not isinstance(value, list | tuple):
                    seen.add(id(value))
                self._collect_object(value, found, seen, call, level + 1)

    def _collect_object(
        self, value: Value, found: list[AnyArray], seen: set[int], call: list[Value] | None, level: int
    ) -> None:
        if isinstance(value, list | tuple | set | frozenset):
            self._collect(value, found, seen, call, level)
        elif isinstance(value, dict):
            self._collect([*value.keys(), *value.values()], found, seen, call, level)
        elif isinstance(value, StandIn):
            own = [] if value.exact is None else [value.exact]
            state = self._state(value)
            if not own and not value.basis and not state:
                found.append(np.asarray([smooth.seed_of(value.label) / 2**32]))
            self._collect([*own, *value.basis, *state], found, seen, call, level)
        elif isinstance(value, Method):
            self._collect([value.receiver], found, seen, call, level)
        elif isinstance(value, Library):
            found.append(np.asarray([smooth.seed_of(value.dotted) / 2**32]))
        elif isinstance(value, Cursor | Indexer):
            self._collect([value.array], found, seen, call, level)
        elif isinstance(value, Class):
            members = [item for item in value.members.values() if not isinstance(item, Function)]
            self._collect(members, found, seen, call, level)
        elif isinstance(value, Iterator):
            self._collect(self.items(value), found, seen, call, level)
        elif isinstance(value, Function | Bound | Native):
            found.append(self._floats_of_call(value, call))

    def _floats_of_call(self, function: Value, call: list[Value] | None) -> AnyArray:
        """What a function that was handed on would give: it is called, with stand-ins for what it asks."""
        if self.depth > self.limits.depth // 2:
            return np.zeros(0)
        inner = function.function if isinstance(function, Bound) else function
        arguments = given = [item for item in call or () if not isinstance(item, Function | Bound | Native)]
        if isinstance(inner, Function):
            names = [item.arg for item in (*inner.node.args.posonlyargs, *inner.node.args.args)]
            names = names[isinstance(function, Bound) :]
            required = names[: len(names) - len(inner.defaults)]
            arguments = given if len(given) == len(required) else [smooth.data(name) for name in required]
        self.depth += 1
        try:
            return _joined(self.leaves([self.call(function, arguments, {}, _NOWHERE)]))
        except Unsupported:
            return np.zeros(0)
        finally:
            self.depth -= 1

    def lenient(
        self, label: str, operation: Callable[..., Any], inputs: list[Value], keywords: Mapping[str, Any] | None = None
    ) -> Value:
        """`operation` on arrays, or a smooth function of the inputs where the stand-ins do not suit it."""
        try:
            result = operation(*inputs, **keywords) if keywords else operation(*inputs)
        except _FAILURES:
            return self._instead(label, [*inputs, *(keywords or {}).values()])
        if isinstance(result, np.ndarray | np.generic):
            result = np.asarray(result)
            self.meter.size(result.size)
            if result.dtype.kind not in "biufc":
                return self._instead(label, inputs)
            if result.dtype.kind in "fc" and not np.isfinite(result).all() and _finite(inputs):
                return self._instead(label, inputs, result.shape)
        elif isinstance(result, tuple | list):
            return (
                type(result)(np.asarray(item) for item in result)
                if type(result) in (tuple, list)
                else tuple(np.asarray(item) for item in result)
            )
        return result

    def _instead(self, label: str, inputs: list[Value], shape: tuple[int, ...] | None = None) -> AnyArray:
        if shape is None:
            shapes = [item.shape for item in inputs if isinstance(item, np.ndarray)]
            shape = max(shapes, key=lambda item: (len(item), item), default=())
            if len(shape) > 2 or int(np.prod(shape)) > 64:
                shape = ()
        return self.flat(inputs, label, shape)

    # -- calls of what has no source -------------------------------------------------------------------------------

    def opaque(self, label: str, arguments: list[Value], keywords: dict[str, Value], state: StandIn | None) -> Value:
        """What an unknown callable gives: a smooth function of its arguments and of the state that it hangs on."""
        root = None if state is None else state.root
        known = None if root is None else self._simple_net(root, label, arguments, keywords)
        if known is not None:
            return known
        values = [*self.hidden, *arguments, *keywords.values()]
        for name, value in keywords.items():
            if isinstance(value, bool | str):
                values.append(name)
        library = label.partition(".")[0]
        values.extend(self.effects.get(library, ()) if state is None else ())
        if root is not None:
            values.append(root)
            if state is not root:
                values.append(state)
        return self.flat(values, label, smooth.shape_of_result(label), [*arguments, *keywords.values()])

    def _simple_net(self, root: StandIn, label: str, arguments: list[Value], keywords: dict[str, Value]) -> Value:
        """The loss or the scores of a `SimpleNet`, when the object holds the weight and the call is of its kind."""
        weight = self.held(root)
        if weight is None or weight.shape != SHAPE or weight.dtype.kind != "f":
            return None
        name = smooth.last_name(label)
        shape = smooth.shape_of_result(label)
        if shape and name not in ("predict", "forward", "__call__"):
            return None
        values = [*arguments, *keywords.values()]
        tables = [item for item in map(self._table, values) if item is not None]
        x = next((item for item in tables if item.shape[-1] == SHAPE[0]), smooth.data("x"))
        t = next((item for item in tables if item.shape[-1] == SHAPE[1]), smooth.data("t"))
        if x.shape[:-1] != t.shape[:-1]:
            x, t = smooth.data("x"), smooth.data("t")
        net = SimpleNet(weight)
        result = np.asarray(net.loss(x, t)) if not shape else net.predict(x)
        others = [item for item in self.leaves(self._state(root)) if item.size]
        plain = len(tables) == len(values) and all(item is x or item is t for item in tables)
        if plain and len(others) <= 1:
            return result
        return result + self.flat([*values, *self._state(root)], label, shape, values)

    def _table(self, value: Value) -> AnyArray | None:
        if isinstance(value, StandIn) and not value.basis and not self._state(value):
            value = smooth.data(value.label)
        fits = isinstance(value, np.ndarray) and value.ndim in (1, 2) and value.shape[-1] in SHAPE
        return value if fits and value.dtype.kind in "fiub" else None

    def held(self, root: StandIn) -> AnyArray | None:
        """The array at the object's captured path, as it is now."""
        if not root.holder and len(root.basis) == 1 and isinstance(root.basis[0], np.ndarray):
            return root.basis[0]
        value: Value = root
        for key in root.holder or ():
            value = value.slots.get(key, value.anything) if isinstance(value, StandIn) else None
        return value if isinstance(value, np.ndarray) and root.holder else None

    def absorb(self, function: Value, arguments: list[Value], keywords: dict[str, Value]) -> None:
        """A call whose result nobody keeps: what it was handed becomes part of the objects that it was about."""
        values = [self._snapshot(item) for item in (*arguments, *keywords.values())]
        if not values or _REPORTING.search(_spelled(function)):
            return
        if isinstance(function, Library) and function.dotted.startswith(_FUNCTIONAL):
            return
        if isinstance(function, Method):
            receiver = function.receiver
            target = self.standin(receiver) if isinstance(receiver, np.ndarray) else receiver
            if isinstance(target, StandIn):
                self._absorbed(target.root, values)
        elif isinstance(function, StandIn):
            self._absorbed(function.root, values)
        elif isinstance(function, Library) and not is_numeric(function.dotted):
            self.effects.setdefault(function.dotted.partition(".")[0], []).append(values)
        for item in arguments:
            if isinstance(item, StandIn) and not isinstance(function, Function | Bound | Native):
                self._absorbed(item.root, [part for part in values if part is not item])

    def _absorbed(self, root: StandIn, values: list[Value]) -> None:
        root.absorbed.append(values)
        held = self.held(root) if root.holder else None
        if held is None or root.holder is None:
            return
        # what was handed over can have replaced the weight, so what is read there next depends on both
        inner: Value = root
        for key in root.holder[:-1]:
            inner = inner.slots.get(key, inner.anything)
        changed = held + self.flat(values, "handed over", held.shape)
        if root.holder[-1] in inner.slots:
            inner.slots[root.holder[-1]] = changed
        else:
            inner.anything = changed

    def _snapshot(self, value: Value) -> Value:
        return value.copy() if isinstance(value, np.ndarray) else value

    # -- small conversions -----------------------------------------------------------------------------------------

    def number(self, value: Value) -> float:
        """One number: an array of many gives its mean."""
        array = self.array(value)
        return float(np.real(array).mean()) if array.size else 0.0

    def whole(self, value: Value) -> int:
        """One integer, bounded."""
        if isinstance(value, int):
            self.meter.integer(value.bit_length())
            return value
        number = self.number(value)
        return int(number) if np.isfinite(number) and abs(number) < 2**62 else 0

    def truth(self, value: Value, place: ast.AST) -> bool:
        """Whether a value counts as true; held, as a branch does not vary with the point."""
        if isinstance(value, np.ndarray):
            result = bool(np.any(value))
        elif isinstance(value, StandIn):
            return self.supposed(True)
        elif isinstance(value, Function | Bound | Native | Class | Library | Method | Cursor):
            return True
        else:
            result = bool(value)
        return bool(self.cuts.hold((id(place), "truth"), result))

    def supposed(self, usual: bool) -> bool:
        """What a condition is taken for that nothing decides."""
        self.undecided = True
        return usual is not self.otherwise

    def iterate(self, value: Value) -> Iterator[Value]:
        """The items of a value; each counts as a step."""
        items: Iterable[Value]
        if isinstance(value, np.ndarray):
            items = [np.asarray(item) for item in np.atleast_1d(value)]
        elif isinstance(value, StandIn):
            written = [key[1] for key in value.slots if key[0] == "item" and isinstance(key[1], int)]
            items = [value.read(("item", index)) for index in sorted({0, 1, *written})]
        elif isinstance(value, list | tuple | dict | set | frozenset | str | range | Iterator):
            items = value
        elif isinstance(value, Cursor):
            items = list(value.array.ravel())
        else:
            items = [self.flat([value], "items", ())]
        for item in items:
            self.meter.step()
            yield item

    def items(self, value: Value) -> list[Value]:
        """All items of a value."""
        if isinstance(value, str | list | tuple | range | dict):
            self.meter.length(len(value))
        return list(self.iterate(value))

    def cut(self, value: Value, place: ast.AST, kind: str) -> Value:
        """The value as it was recorded, containers and all."""
        if isinstance(value, list | tuple):
            return type(value)(self.cut(item, place, f"{kind}{index}") for index, item in enumerate(value))
        if isinstance(value, dict):
            return {key: self.cut(item, place, f"{kind}{key!r}") for key, item in value.items()}
        if isinstance(value, StandIn):
            value = self._array_of(value)
        if isinstance(value, Function | Bound | Native | Library | Class | Method | Cursor):
            return value
        return self.cuts.hold((id(place), kind), value)


_NOWHERE = ast.Pass()

_FAILURES = (
    ValueError, TypeError, IndexError, ArithmeticError, np.linalg.LinAlgError, AttributeError, RuntimeError,
)  # fmt: skip

_FUNCTIONAL = ("equinox.", "optax.apply_updates", "jax.tree", "torch.func.", "dataclasses.", "copy.")
"""Functions that change nothing of what they are handed."""

_REPORTING = re.compile(
    r"(^|[._])(log|logs|logger|logging|print|info|debug|warn|warning|warnings|write|writer|report|record|track|show"
    r"|append|plot|plt|display|tqdm|pbar|wandb|mlflow|add_scalar|set_postfix|set_description|callback|backward)($|[._])"
)
"""Calls that tell somebody something and leave the objects that they are about as they were."""


def _spelled(function: Value) -> str:
    if isinstance(function, Method):
        return f"{getattr(function.receiver, 'label', '')}.{function.name}"
    return str(getattr(function, "dotted", getattr(function, "label", "")))


def _joined(leaves: list[AnyArray]) -> AnyArray:
    return np.concatenate(leaves) if leaves else np.zeros(0)


def _floats(value: AnyArray) -> AnyArray:
    flat = value.ravel()
    if flat.dtype.kind == "c":
        flat = flat.real + flat.imag
    flat = flat.astype(float)
    if flat.size and not np.abs(flat).max() < LARGEST:  # also where it is not a number
        flat = np.minimum(np.maximum(np.nan_to_num(flat), -LARGEST), LARGEST)
    return flat if flat.size <= WIDTH else _summed(flat)


def _summed(flat: AnyArray) -> AnyArray:
    rows = -(-flat.size // WIDTH)
    table = np.zeros(rows * WIDTH)
    table[: flat.size] = flat
    sums: AnyArray = (1 + 0.1 * np.sin(np.arange(rows))) @ table.reshape(rows, WIDTH) / np.sqrt(rows)
    return sums


def _bounded(value: Value) -> float:
    if isinstance(value, int) and value.bit_length() > 30:
        return 1e9
    number = value.real + value.imag if isinstance(value, complex) else float(value)
    return min(max(number, -LARGEST), LARGEST) if number == number else 0.0


def _finite(inputs: Iterable[Value]) -> bool:
    for item in inputs:
        if isinstance(item, np.ndarray) and item.dtype.kind in "fc" and not np.isfinite(item).all():
            return False
        if isinstance(item, float) and not np.isfinite(item):
            return False
        if isinstance(item, list | tuple) and not _finite(item):
            return False
    return True
