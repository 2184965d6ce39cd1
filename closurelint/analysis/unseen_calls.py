"""What a call of something unseen does: all that it is given passes through, and may stay anywhere it can reach."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import libcst as cst

from closurelint.analysis.facts import dotted_name
from closurelint.analysis.values import (
    ANY_ITEM,
    CODE,
    LIVE,
    NOTHING,
    TRACE_CUT,
    UNKNOWN,
    WRITTEN_DATA,
    Applied,
    Argument,
    Arguments,
    Cut,
    Dependences,
    Derivative,
    Entries,
    Function,
    Imported,
    Items,
    Member,
    Place,
    Value,
    alternatives,
    holds_code,
    imported_name,
    joined,
    united,
    weakened,
)

if TYPE_CHECKING:
    from closurelint.analysis.calls import Calls

PURE = frozenset(
    "numpy jax torch tensorflow math scipy autograd mlx cmath statistics operator itertools functools builtins "
    "types optax jaxlib chex einops functorch".split()
)
"""Packages whose functions keep nothing of what they are given and read nothing else."""

_PURE_MODULES = ("pennylane.numpy.", "pennylane.math.", "keras.ops.", "keras.backend.", "sklearn.metrics.")
"""Modules of which the same holds, in packages of which it does not."""

_PURE_METHODS = frozenset(
    "dot matmul mm bmm mv sum mean std var max min prod cumsum cumprod norm pow sqrt exp log abs add sub mul div "
    "reshape view ravel flatten transpose permute squeeze unsqueeze expand repeat astype to float double half "
    "clip clamp softmax sigmoid tanh relu format join split get keys values items copy clone index count".split()
)

_WRITING = ("tofile", "to_", "save", "dump", "write", "export")

_APPENDING = frozenset({"append", "extend"})

_REARRANGING = frozenset({"insert", "pop", "remove", "reverse", "sort", "clear"})
"""Methods of lists, after which an element may stand at another index."""

_GROWING = frozenset({"append", "add", "extend", "insert", "update", "setdefault", "push", "put"})

_TAKING = frozenset({"pop", "popleft", "popitem", "clear"})


def is_pure(dotted: str) -> bool:
    """Whether a function of that name keeps nothing of what it is given and reads nothing else."""
    return dotted.partition(".")[0] in PURE or dotted.startswith(_PURE_MODULES)


class UnseenCalls:
    """Takes the worst for granted, for the calls of one interpreter."""

    def __init__(self, calls: Calls) -> None:
        self.calls = calls
        self.run = calls.run
        self.catalogue = calls.catalogue

    def opaque(self, callee: Value, arguments: Arguments, node: cst.CSTNode) -> Value:
        """A call of something unseen: it passes on all that it is given and may keep it anywhere it can reach."""
        run = self.run
        self.pass_on(arguments)
        given = self._returned_by(callee, arguments)
        if given is None:
            given = united(*(item.value.deps for item in arguments.items), self.code_dependences(arguments))
        receiver = _receiver(callee)
        own = self._of_imported(callee.shape, node) if isinstance(callee.shape, Imported) else callee.deps
        if receiver is not None:
            # a method stands for its object: its own name is no place that a number is stored in
            own = united(receiver.deps, {place: cut for place, cut in own.items() if place != callee.place})
            if isinstance(callee.shape, Member) and callee.shape.name in _TAKING:
                run.consume(receiver)
        dotted = imported_name(callee)
        pure = is_pure(dotted) or dotted in self.catalogue.functional
        pure = pure and dotted not in self.catalogue.readers
        back = NOTHING if pure or self._is_arithmetic(callee, receiver) else run.escaped
        if not pure and not (isinstance(callee.shape, Member) and callee.shape.name in _PURE_METHODS):
            run.opened.update(own, given)
        if run.epoch and dotted not in self.catalogue.functional:
            if not dotted.startswith("builtins."):
                self._effects(receiver, arguments, given, node)
            if receiver is None and not pure:
                run.escape(given)
            self._rearranged(callee, given)
        elif isinstance(callee.shape, Member) and callee.shape.name in _GROWING:
            place = callee.shape.receiver.place
            if place is not None:
                for item in arguments.items:
                    if holds_code(item.value):
                        run.write(place.step(ANY_ITEM), item.value, strong=False)
        return Value(united(own, given, back), None, None, False, node, fresh=pure)

    def _rearranged(self, callee: Value, given: Dependences) -> None:
        """What the elements of a list are after one of its methods: more of them, or others at the same index."""
        receiver = _receiver(callee)
        if receiver is None or receiver.place is None or not isinstance(receiver.shape, Items):
            return
        assert isinstance(callee.shape, Member)
        if callee.shape.name in _REARRANGING:
            self.run.rearranged(receiver, given)
        elif callee.shape.name in _APPENDING:
            self.run.write(receiver.place, Value(self.run.varied(given)), strong=False)

    def discard(self, callee: Value, arguments: Arguments, node: cst.Call) -> None:
        """A call that stands alone is made for what it does: what it was given may turn up anywhere."""
        dotted = imported_name(callee)
        name = callee.shape.name if isinstance(callee.shape, Member) else dotted.rpartition(".")[2]
        consumed = dotted in self.catalogue.consumers or "." + name + "()" in self.catalogue.consumers
        if consumed and "file" not in arguments.keywords:
            return
        if dotted in self.catalogue.functional or _is_functional_update(node.func):
            return
        given = united(*(item.value.deps for item in arguments.items))
        receiver = _receiver(callee)
        if receiver is None and not dotted:
            # `routine()`, where it is made of what is varied: it may do anything with that, or keep it as `metric(x)`
            given = united(given, callee.deps)
            self.run.taint(callee, given)
        is_container = receiver is not None and isinstance(receiver.shape, Items | Entries)
        of_container = is_container and name in _GROWING | _REARRANGING | _TAKING
        is_parameter = receiver is not None and receiver.place is not None and receiver.place.root.kind == "varied"
        writes = name.startswith(_WRITING) if is_parameter else name not in _PURE_METHODS and not of_container
        if receiver is not None and writes:
            # `frame.to_csv(path)`: what a thing is made of goes where it is written to
            given = united(given, receiver.deps)
        self.run.escape(weakened(given, _cut_of_write(node.func)))
        if receiver is not None and name in _GROWING and name in _PURE_METHODS:
            # `model.add(layer)`, and not the sum of two tensors, which nobody throws away
            self.run.taint(receiver, given)
        if not is_pure(dotted) and name not in _PURE_METHODS and not of_container:
            self.run.stirred = bool(self.run.escaped)
            for place in self.run.lent if self.run.stirred else ():
                # `optimizer.step()`: the tensors that it was made of are other numbers now
                self.run.write(place, Value(self.run.escaped), strong=False)

    def _of_imported(self, imported: Imported, node: cst.CSTNode) -> Dependences:
        """What a function of a project's file that cannot be seen may read there: state that goes by its own name."""
        if not self.run.epoch or not self.calls.is_unknown(imported.dotted):
            return NOTHING
        spelled = dotted_name(node.func) if isinstance(node, cst.Call) else ""
        name = spelled.partition(".")[0] or imported.dotted.rpartition(".")[2]
        return {Place(self.run.unknown_root(name, imported.origin)): LIVE}

    def _is_arithmetic(self, callee: Value, receiver: Value | None) -> bool:
        """Whether this is a method like `.sum()` of a number that was computed just now, which nothing can change."""
        if receiver is None or receiver.place is not None or not isinstance(callee.shape, Member):
            return False
        return receiver.shape is None and callee.shape.name in _PURE_METHODS

    def pass_on(self, arguments: Arguments) -> None:
        """Remember the functions that something unseen was given to call."""
        self.calls.passed.update(
            option.shape.node
            for item in arguments.items
            if item.keyword is None
            for option in alternatives(item.value)
            if isinstance(option.shape, Function)
        )

    def _effects(self, receiver: Value | None, arguments: Arguments, given: Dependences, node: cst.CSTNode) -> None:
        callee = node.func if isinstance(node, cst.Call) else None
        if callee is not None and _is_functional_update(callee):
            return
        given = weakened(given, _cut_of_write(callee))
        method = callee.attr.value if isinstance(callee, cst.Attribute) else ""
        if receiver is not None and method not in _PURE_METHODS:
            self.run.taint(receiver, given)
        elif receiver is not None:
            return
        pure = False
        if receiver is None and callee is not None:
            pure = dotted_name(callee).partition(".")[0] in (
                "np",
                "jnp",
                "torch",
                "math",
                "F",
                "jax",
                "tf",
                "pnp",
                "mx",
            )
        if not pure:
            self.lend(item.value for item in arguments.items)
        if pure and not method.endswith("_") and method not in self.catalogue.writers:
            return
        fills = pure and method in ("vector_to_parameters", "copyto")
        for item in arguments.items:
            shape = item.value.shape
            if fills or not isinstance(shape, Items | Entries):
                self.run.taint(item.value, given)
            for part in shape.values if fills and isinstance(shape, Items) else ():
                self.run.taint(part, given)

    def lend(self, values: Iterable[Value], level: int = 0) -> None:
        """Remember what something unseen was given, in containers too, and may write to later."""
        for option in (option for value in values for option in alternatives(value)):
            shape = option.shape
            if isinstance(shape, Items | Entries):
                parts = shape.values if isinstance(shape, Items) else shape.values.values()
                if level < 3:
                    self.lend(parts, level + 1)
            if option.place is not None and not isinstance(shape, CODE):
                self.run.lent[option.place] = None

    def code_dependences(self, arguments: Arguments) -> Dependences:
        """What functions among the arguments would return, were they called with the other arguments."""
        found: list[Dependences] = []
        others = united(*(item.value.deps for item in arguments.items))
        for item in arguments.items:
            for option in alternatives(item.value):
                if isinstance(option.shape, Function | Derivative | Applied) and self.run.epoch:
                    found.append(self._called_anyhow(option, others).deps)
        return united(*found)

    def _returned_by(self, callee: Value, arguments: Arguments) -> Dependences | None:
        """What comes back from one that calls the function that it is given; None for any other callee.

        What the function closes over counts for as much as it uses, and no more.
        """
        dotted = imported_name(callee)
        repeating = dotted in self.catalogue.repeating_callers
        if not self.run.epoch or not (repeating or dotted in self.catalogue.callers):
            return None
        code = [item.value for item in arguments.items if _is_followed(item.value)]
        others = united(*(item.value.deps for item in arguments.items if item.value not in code))
        if not code:
            return None
        returned = united(*(self._called_anyhow(option, others).deps for each in code for option in alternatives(each)))
        return united(returned, others) if repeating else returned

    def _called_anyhow(self, value: Value, given: Dependences) -> Value:
        shape = value.shape
        if isinstance(shape, Imported):
            operation = self.catalogue.operation(shape.dotted)
            if operation is None or operation.kind != "function":
                return Value(given)
            one = Arguments((Argument(Value(given), None, "", None),))
            return self.calls.library.operate(operation, shape.dotted, one, None)
        if isinstance(shape, Derivative):
            return joined(self._called_anyhow(option, given) for option in alternatives(shape.objective))
        if isinstance(shape, Function):
            anything = Argument(Value(given), None, "*", None)
            with self.run.perhaps():
                return self.calls.inlining.call_function(shape, Arguments((anything,)), shape.node)
        if isinstance(shape, Applied):
            return Value(united(given, *(item.value.deps for item in shape.arguments.items)))
        return UNKNOWN


def _receiver(callee: Value) -> Value | None:
    """The object whose method is called; None for a function that was only put into an attribute."""
    if not isinstance(callee.shape, Member):
        return None
    receiver = callee.shape.receiver
    if receiver.place is None or callee.place in (None, receiver.place.step("." + callee.shape.name)):
        return receiver
    return None


def _is_followed(value: Value) -> bool:
    """Whether it is a function for sure, whose result can be told."""
    return all(isinstance(option.shape, Function | Imported | Applied) for option in alternatives(value))


def _is_functional_update(callee: cst.BaseExpression) -> bool:
    """Whether this is `x.at[i].set`, which returns a new array and leaves `x` as it was."""
    base = callee.value if isinstance(callee, cst.Attribute) else None
    at = base.value if isinstance(base, cst.Subscript) else None
    return isinstance(at, cst.Attribute) and at.attr.value == "at"


def _cut_of_write(callee: cst.BaseExpression | None) -> Cut:
    """What a method loses of the number that it writes: variables are written past the graph."""
    name = dotted_name(callee).rpartition(".")[2]
    if name in ("vector_to_parameters", "load_state_dict"):
        return Cut(TRACE_CUT, f"`{name}`")
    receiver = callee.value if isinstance(callee, cst.Attribute) else None
    if receiver is not None and name in ("assign", "assign_add", "assign_sub"):
        return Cut(TRACE_CUT, f"`.{name}()`")
    if isinstance(receiver, cst.Attribute) and receiver.attr.value == "data" and name.endswith("_"):
        return WRITTEN_DATA
    return LIVE
