"""What a call of a library does, as the catalogue has it: functions, classes, and methods of anything."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import libcst as cst

from closurelint.analysis.standard_calls import STANDARD
from closurelint.analysis.unseen_calls import is_pure
from closurelint.analysis.values import (
    CUT_LEVELS,
    GRADIENT_CUT,
    INDEXING,
    Applied,
    Argument,
    Arguments,
    Class,
    Cut,
    Entries,
    Frame,
    Function,
    Imported,
    Instance,
    Items,
    Iteration,
    LibraryObject,
    Member,
    OneOf,
    Probe,
    Value,
    depending,
    imported_name,
    joined,
    united,
    weakened,
)

_CONTAINERS = ("builtins.list.", "builtins.dict.", "builtins.set.")

if TYPE_CHECKING:
    from closurelint.analysis.calls import Calls
    from closurelint.analysis.facts import ModuleFacts
    from closurelint.catalogue import Operation


class LibraryCalls:
    """Looks up what libraries do, for the calls of one interpreter."""

    def __init__(self, calls: Calls) -> None:
        self.calls = calls
        self.run = calls.run
        self.catalogue = calls.catalogue

    def call_imported(
        self, imported: Imported, arguments: Arguments, node: cst.CSTNode, frame: Frame, discarded: bool
    ) -> Value:
        """The value of a call of what an import binds."""
        dotted = imported.dotted
        catalogue = self.catalogue
        if self.calls.probe is not None and dotted.endswith(".imag") and arguments.items:
            self.calls.probe.imaginary(arguments.items[0].value)
        special = STANDARD.get(dotted)
        if special is not None:
            return special(self.calls, arguments, node, frame)
        if dotted.startswith(_CONTAINERS) and arguments.items and not arguments.items[0].star:
            # `list.append(rows, row)`
            method = self.run.attribute(arguments.items[0].value, dotted.rpartition(".")[2], node)
            return self.calls.call(method, Arguments(arguments.items[1:]), node, frame, discarded)
        differentiator = catalogue.function(dotted)
        if differentiator is not None and self.calls.recorder is not None:
            return self.calls.recorder.apply(differentiator, arguments, node, frame)
        if dotted in catalogue.wrappers:
            wrapped = arguments.find(catalogue.wrappers[dotted], ("fun", "f", "fn", "func", "model"))
            if wrapped is None:
                return Value(shape=Applied(Value(shape=imported), arguments))
            return self.calls.wrapped_by(dotted, wrapped.value)
        operation = catalogue.operation(dotted)
        if operation is not None and operation.kind == "function":
            return self.operate(operation, dotted, arguments, node)
        if dotted in catalogue.reporters:
            self.run.registered = united(self.run.registered, *(item.value.deps for item in arguments.items))
            return Value(literal=True, node=node)
        if dotted in catalogue.consumers:
            return Value(literal=True, node=node)
        returned = catalogue.returns.get(dotted)
        if returned is not None:
            return self.make(returned, arguments, node)
        project = self._project_value(imported, arguments)
        if project is not None:
            return self.calls.call(project, arguments, node, frame, discarded)
        by_name = catalogue.by_name(dotted.rpartition(".")[2])
        if by_name is not None and self.calls.recorder is not None and self.calls.is_unknown(dotted):
            return self.calls.recorder.apply(by_name, arguments, node, frame)
        if dotted.rpartition(".")[2][:1].isupper():
            made = self.make(dotted, arguments, node, imported.origin)
            if discarded and self.run.epoch:
                # made and thrown away: it registers itself, as the gates of a quantum circuit do
                self.run.registered = united(self.run.registered, made.deps)
            return made
        shared = catalogue.shares_storage(dotted)
        if shared is not None and arguments.items:
            first = arguments.items[0].value
            deps = united(*(item.value.deps for item in arguments.items))
            return Value(deps, first.place if shared else None, None, False, node, fresh=not shared or first.fresh)
        return self.calls.unseen.opaque(Value(shape=imported), arguments, node)

    def _project_value(self, imported: Imported, arguments: Arguments) -> Value | None:
        looked_into = self.run.epoch or _take_code(arguments)
        return self.calls.elsewhere(imported.dotted, imported.origin) if looked_into else None

    def make(self, dotted: str, arguments: Arguments, node: cst.CSTNode, origin: ModuleFacts | None = None) -> Value:
        """A new object of a class that is not looked into."""
        self.calls.unseen.pass_on(arguments)
        given = united(*(item.value.deps for item in arguments.items))
        if not is_pure(dotted):
            # it may register itself somewhere, as the operations of a quantum circuit do
            self.run.escape(given)
        if self.run.epoch:
            # it may keep what it is made of, as optimisers do, and write to that when it is called again
            self.calls.unseen.lend(item.value for item in arguments.items)
        return Value(given, None, LibraryObject(dotted, arguments, node, origin), node=node, fresh=True)

    def operate(self, operation: Operation, name: str, arguments: Arguments, node: cst.CSTNode | None) -> Value:
        """What an operation that cuts gradients leaves of its arguments."""
        positional = arguments.items
        if operation.positions is not None:
            chosen = [item for index, item in enumerate(positional) if index in operation.positions]
        else:
            chosen = list(positional)
        cut_deps = united(*(item.value.deps for item in chosen))
        kept = united(*(item.value.deps for item in positional if item not in chosen))
        if operation.cuts == "always":
            deps = kept
        else:
            deps = united(kept, weakened(cut_deps, Cut(CUT_LEVELS[operation.cuts], f"`{_short(name)}`")))
        return Value(deps, None, None, all(item.value.literal for item in positional), node, fresh=True)

    def converted(self, value: Value, callee: Value, arguments: Arguments) -> Value:
        """What a call returns, which may convert to whole numbers: `x.astype(int)`, `jnp.asarray(x, dtype=int)`."""
        shape = callee.shape
        if isinstance(shape, Member):
            name, position = f".{shape.name}()", 0
        elif isinstance(shape, Imported):
            name, position = shape.dotted, 1
        else:
            return value
        told = arguments.find(position if name in self.catalogue.converters else None, ("dtype",))
        if told is None or not self._is_whole(told):
            return value
        return Value(weakened(value.deps, Cut(GRADIENT_CUT, f"`{_short(name)}`")), node=value.node, fresh=True)

    def _is_whole(self, told: Argument) -> bool:
        """Whether an argument is a type of whole numbers: `int`, `jnp.int32`, `"int64"`."""
        dotted = imported_name(told.value)
        if isinstance(told.node, cst.SimpleString):
            return told.node.raw_value in self.catalogue.whole_types
        return dotted.rpartition(".")[2] in self.catalogue.whole_types and not self.calls.is_unknown(dotted)

    def call_object(
        self,
        callee: Value,
        shape: LibraryObject,
        arguments: Arguments,
        node: cst.CSTNode,
        frame: Frame,
    ) -> Value:
        """A call of an object that a library made."""
        method = self.catalogue.method(shape.dotted, "__call__")
        if method is not None and self.calls.recorder is not None:
            return self.calls.recorder.apply(method, arguments, node, frame, shape)
        return self.calls.unseen.opaque(callee, arguments, node)

    def call_method(
        self, callee: Value, member: Member, arguments: Arguments, node: cst.CSTNode, frame: Frame
    ) -> Value:
        """A call of a method, of whatever object."""
        receiver, name = member.receiver, member.name
        method = self._project_method(receiver, name, arguments, node)
        if method is not None:
            return self.calls.call(method, arguments, node, frame)
        if self.calls.recorder is not None:
            applied = self.calls.recorder.apply_method(receiver, name, arguments, node, frame)
            if applied is not None:
                if self.run.epoch:
                    # `model.compile(optimizer)`, `study.enqueue_trial(x)`: the object keeps what it is given
                    self.run.taint(receiver, united(*(item.value.deps for item in arguments.items)))
                return applied
        if name in ("items", "keys") and not arguments.items:
            parts: tuple[Value | None, ...] = (None,)
            if name == "items":
                parts = (None, _values_of(receiver))
            return Value(receiver.deps, receiver.place, Iteration(parts), node=node)
        if name == "values" and not arguments.items:
            return _values_of(receiver)
        if name == "get" and arguments.items:
            entries = receiver.shape.values.values() if isinstance(receiver.shape, Entries) else ()
            found = joined(entries) if entries else self.run.element(receiver, node)
            key, *rest = (item.value.deps for item in arguments.items)
            return depending(found, united(weakened(key, INDEXING), *rest))
        operation = self.catalogue.operation("." + name + "()")
        if operation is not None and operation.kind == "method":
            return self._operate_method(operation, receiver, arguments, node)
        shared = self.catalogue.shares_storage("." + name)
        if shared is not None:
            deps = united(receiver.deps, *(item.value.deps for item in arguments.items))
            copied = shared is False or _asks_for_copy(arguments)
            fresh = copied or receiver.fresh
            return Value(deps, None if copied else receiver.place, None, receiver.literal, node, fresh)
        return self.calls.unseen.opaque(callee, arguments, node)

    def _project_method(self, receiver: Value, name: str, arguments: Arguments, node: cst.CSTNode) -> Value | None:
        """The method of a class of another file that is handed a function, outside of any objective."""
        shape = receiver.shape
        if self.run.epoch or not isinstance(shape, LibraryObject) or shape.origin is None or not _take_code(arguments):
            return None
        cls = self.calls.shape_elsewhere(Imported(shape.dotted, shape.origin))
        if not isinstance(cls, Class) or not isinstance(cls.members.get(name, Value()).shape, Function):
            return None
        return self.run.attribute(replace(receiver, shape=Instance(cls)), name, node)

    def _operate_method(self, operation: Operation, receiver: Value, arguments: Arguments, node: cst.CSTNode) -> Value:
        rest = united(*(item.value.deps for item in arguments.items))
        if operation.cuts == "always":
            return Value(rest, None, None, False, node, fresh=True)
        name = operation.name.strip(".()")
        deps = weakened(receiver.deps, Cut(CUT_LEVELS[operation.cuts], f"`.{name}()`"))
        shared = self.catalogue.shares_storage("." + name)
        place, fresh = (receiver.place, receiver.fresh) if shared else (None, shared is False)
        return Value(united(deps, rest), place, None, receiver.literal, node, fresh)


def _take_code(arguments: Arguments) -> bool:
    return any(isinstance(item.value.shape, Function | OneOf | Probe) for item in arguments.items)


def _values_of(container: Value) -> Value:
    """A dict's values, to be iterated over."""
    if isinstance(container.shape, Entries):
        return replace(container, shape=Items(tuple(container.shape.values.values())))
    return replace(container, shape=None)


def _short(dotted: str) -> str:
    return dotted.removeprefix("builtins.")


def _asks_for_copy(arguments: Arguments) -> bool:
    copy = arguments.keywords.get("copy")
    return copy is not None and isinstance(copy.node, cst.Name) and copy.node.value == "True"
