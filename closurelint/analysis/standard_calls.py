"""What functions of the standard library do to values that are told apart: containers, attributes by name, partials."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

import libcst as cst

from closurelint.analysis.values import (
    INDEXING,
    LIVE,
    UNKNOWN,
    Applied,
    Arguments,
    Entries,
    Frame,
    Function,
    Imported,
    Items,
    Iteration,
    Place,
    Root,
    Value,
    alternatives,
    depending,
    joined,
    united,
    weakened,
)

if TYPE_CHECKING:
    from closurelint.analysis.calls import Calls


def _partial(calls: Calls, arguments: Arguments, node: cst.CSTNode, frame: Frame) -> Value:
    if not arguments.items:
        return UNKNOWN
    callee, rest = arguments.items[0].value, Arguments(arguments.items[1:])
    options = []
    for option in alternatives(callee):
        if isinstance(option.shape, Function):
            bound = replace(
                option.shape,
                args=(*option.shape.args, *(item.value for item in rest.positional if not item.star)),
                keywords=(*option.shape.keywords, *((key, item.value) for key, item in rest.keywords.items())),
            )
            deps = united(option.deps, *(item.value.deps for item in rest.items))
            options.append(replace(option, shape=bound, deps=deps))
        else:
            options.append(Value(shape=Applied(option, rest), node=node))
    return joined(options)


def _enumerate(calls: Calls, arguments: Arguments, node: cst.CSTNode, frame: Frame) -> Value:
    given = [item.value for item in arguments.items]
    if not given:
        return UNKNOWN
    start = next((part for part in given[1:] if part.deps), None)
    return Value(united(*(part.deps for part in given)), shape=Iteration((start, given[0])), node=node)


def _zip(calls: Calls, arguments: Arguments, node: cst.CSTNode, frame: Frame) -> Value:
    parts = tuple(item.value for item in arguments.positional)
    return Value(united(*(part.deps for part in parts)), shape=Iteration(parts), node=node)


def _same(calls: Calls, arguments: Arguments, node: cst.CSTNode, frame: Frame) -> Value:
    return arguments.items[0].value if arguments.items else Value(literal=True, node=node)


def _rebuilt(calls: Calls, arguments: Arguments, node: cst.CSTNode, frame: Frame) -> Value:
    if not arguments.items:
        return Value(literal=False, node=node, fresh=True)
    value = arguments.items[0].value
    named = {key: item.value for key, item in arguments.keywords.items()}
    if arguments.items[0].keyword is not None:
        return _with_entries(Value(shape=Entries({})), named, node)
    if named:
        held = Entries(calls.run.entries(value)) if isinstance(value.shape, Entries) else None
        return _with_entries(Value(value.deps, shape=held), named, node)
    # a new container, but of the same elements
    if isinstance(value.shape, Items) and calls.run.keeps_its_length(value):
        return calls.run.container_of(calls.run.parts(value), node)
    if isinstance(value.shape, Entries) and calls.run.epoch:
        return _with_entries(Value(value.deps, shape=Entries(calls.run.entries(value))), {}, node)
    return replace(value, node=node)


def _with_entries(value: Value, named: dict[str, Value], node: cst.CSTNode) -> Value:
    """A new dict of what another one holds and of what is given by name."""
    deps = united(value.deps, *(part.deps for part in named.values()))
    if not isinstance(value.shape, Entries):
        return Value(deps, node=node)
    return Value(deps, shape=Entries({**value.shape.values, **named}), node=node)


def _reversed(calls: Calls, arguments: Arguments, node: cst.CSTNode, frame: Frame) -> Value:
    value = _same(calls, arguments, node, frame)
    if isinstance(value.shape, Items):
        if calls.run.keeps_its_length(value):
            return calls.run.container_of(calls.run.parts(value)[::-1], node)
        return replace(value, shape=None)
    return value


def _map(calls: Calls, arguments: Arguments, node: cst.CSTNode, frame: Frame) -> Value:
    """What a function makes of each element: how many there are is no matter of their numbers."""
    if len(arguments.items) < 2 or any(item.star or item.keyword for item in arguments.items):
        return calls.unseen.opaque(Value(shape=Imported("builtins.map")), arguments, node)
    function, *given = arguments.items
    if not all(isinstance(option.shape, Function) for option in alternatives(function.value)):
        return calls.unseen.opaque(Value(shape=Imported("builtins.map")), arguments, node)
    calls.unseen.pass_on(arguments)
    elements = [item._replace(value=calls.run.element(item.value, item.node)) for item in given]
    with calls.run.perhaps():
        made = calls.call(function.value, Arguments(tuple(elements)), node, frame)
    return Value(made.deps, None, None, made.literal, node, fresh=True)


def _sorted(calls: Calls, arguments: Arguments, node: cst.CSTNode, frame: Frame) -> Value:
    """The same elements, in an order that tells of all of them, and of what the key reads."""
    made = _rebuilt(calls, arguments, node, frame)
    order = united(calls.unseen.code_dependences(arguments), *(item.value.deps for item in arguments.items))
    if calls.run.varied(order):
        # which element stands where depends on the numbers, also for those parts of an element that do not
        made = replace(made, shape=None)
    return depending(made, weakened(order, INDEXING))


def _namespace(calls: Calls, arguments: Arguments, node: cst.CSTNode, frame: Frame) -> Value:
    """An object that holds what it is given under the names of the keywords, and nothing else."""
    if len(arguments.keywords) < len(arguments.items):
        return calls.unseen.opaque(UNKNOWN, arguments, node)
    calls.unseen.pass_on(arguments)
    given = united(*(item.value.deps for item in arguments.items))
    place = Place(Root("", "object", node, frozenset(given), fresh=True, module=frame.module))
    for name, item in arguments.keywords.items():
        calls.run.write(place.step("." + name), item.value, strong=True)
    return Value(united({place: LIVE}, given), place, node=node)


def _names_in_frame(calls: Calls, arguments: Arguments, node: cst.CSTNode, frame: Frame) -> Value:
    return Value(united(*(value.deps for value in frame.variables.values())), node=node)


def _get_attribute(calls: Calls, arguments: Arguments, node: cst.CSTNode, frame: Frame) -> Value:
    if len(arguments.items) < 2:
        return UNKNOWN
    base, name, *rest = arguments.items
    if isinstance(name.node, cst.SimpleString):
        found = calls.run.attribute(base.value, str(name.node.raw_value), node)
    else:
        found = depending(calls.run.element(base.value, node), weakened(name.value.deps, INDEXING))
    return depending(found, united(*(item.value.deps for item in rest)))


def _set_attribute(calls: Calls, arguments: Arguments, node: cst.CSTNode, frame: Frame) -> Value:
    if len(arguments.items) >= 3 and arguments.items[0].value.place is not None:
        place, name = arguments.items[0].value.place, arguments.items[1].node
        if isinstance(name, cst.SimpleString):
            calls.run.write(place.step(f".{name.raw_value}"), arguments.items[2].value, strong=True)
        else:
            calls.run.write(place, arguments.items[2].value, strong=False)
    return Value(literal=True, node=node)


def _next(calls: Calls, arguments: Arguments, node: cst.CSTNode, frame: Frame) -> Value:
    """`next(values)`: the iterator gives each of its items once."""
    if arguments.items:
        calls.run.consume(arguments.items[0].value)
    return calls.unseen.opaque(Value(shape=Imported("builtins.next")), arguments, node)


STANDARD: dict[str, Callable[[Calls, Arguments, cst.CSTNode, Frame], Value]] = {
    "functools.partial": _partial,
    "jax.tree_util.Partial": _partial,
    "equinox.Partial": _partial,
    "builtins.enumerate": _enumerate,
    "builtins.next": _next,
    "tqdm.tqdm": _same,
    "builtins.zip": _zip,
    "builtins.iter": _same,
    "builtins.reversed": _reversed,
    "builtins.map": _map,
    "builtins.list": _rebuilt,
    "builtins.tuple": _rebuilt,
    "builtins.dict": _rebuilt,
    "builtins.sorted": _sorted,
    "types.SimpleNamespace": _namespace,
    "argparse.Namespace": _namespace,
    "builtins.locals": _names_in_frame,
    "builtins.vars": _names_in_frame,
    "builtins.getattr": _get_attribute,
    "builtins.setattr": _set_attribute,
}
