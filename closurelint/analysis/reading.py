"""Reads the functions of a program, each on its own, its arguments unknown."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

import libcst as cst

from closurelint.analysis.calls import Calls
from closurelint.analysis.dataflow import Interpreter
from closurelint.analysis.memory import OutOfBudget
from closurelint.analysis.values import LIVE, Arguments, Class, Frame, Function, Instance, Place, Root, Value

if TYPE_CHECKING:
    from closurelint.triage.part import Part

FUNCTION_STEPS = 200_000
"""What reading one function on its own may cost."""

_CONSTRUCTORS = ("__init__", "setUp", "setup", "setup_method", "build", "reset", "__post_init__")


def guarded(action: Callable[[], object]) -> None:
    """Run a part of the analysis; one that grows too large or too deep only knows less."""
    with suppress(OutOfBudget, RecursionError):
        action()


def read_functions(run: Interpreter, calls: Calls, part: Part) -> list[tuple[Function, Class | None]]:
    """Read the functions that `part` asks for, each on its own; methods after the constructor of their class."""
    done: list[tuple[Function, Class | None]] = []
    selves: dict[int, Value] = {}
    while run.defined:
        batch = [each for each in run.defined if part.reads(each[0].scope)]
        run.defined = []
        done.extend(batch)
        for function, owner in batch:
            if owner is not None and id(owner) not in selves:
                selves[id(owner)] = _constructed(owner, run, calls)
            kept = run.heap
            run.heap = {root: list(writes) for root, writes in kept.items()}
            run.steps_left, run.reading = FUNCTION_STEPS, function.node
            run.expecting_failure = 1 if function.node in calls.failing else 0
            receiver = selves.get(id(owner)) if owner is not None else None
            guarded(lambda: _read(function, receiver, run, calls))  # noqa: B023  # called at once
            if calls.recorder is not None and owner is not None and owner.library_bases:
                guarded(lambda: calls.recorder.overriding(owner, function, receiver))  # type: ignore[union-attr]  # noqa: B023
            run.heap, run.expecting_failure, run.loop_exits = kept, 0, []
    run.reading = None
    return done


def _constructed(owner: Class, run: Interpreter, calls: Calls) -> Value:
    place = Place(Root("self", "object", module=owner.module))
    receiver = Value({place: LIVE}, place, Instance(owner))
    for name in _CONSTRUCTORS:
        method = owner.members.get(name)
        if method is not None and isinstance(method.shape, Function) and method.shape.module is owner.module:
            run.steps_left = FUNCTION_STEPS
            function = replace(method.shape, args=(receiver,))
            guarded(lambda: calls.inlining.call_function(function, Arguments(), function.node))  # noqa: B023
    _name_by_attributes(place.root, run)
    return receiver


def _name_by_attributes(receiver: Root, run: Interpreter) -> None:
    """Call what a constructor was given as its methods do: `self.height`, and not `height`, which they cannot see."""
    elsewhere = set(run.unknown_roots.values())
    named: set[Root] = set()
    for written in run.heap.get(receiver, ()):
        place = written.value.place
        if place is None or place.path or place.root.kind != "unknown" or place.root in elsewhere | named:
            continue
        place.root.name = written.place.text
        named.add(place.root)


def _read(function: Function, receiver: Value | None, run: Interpreter, calls: Calls) -> None:
    facts = function.module.names(function.node)
    frame = Frame(function.frame, function.module, 0, function.scope, outer_names=facts.outer)
    static = isinstance(function.node, cst.FunctionDef) and any(
        isinstance(item.decorator, cst.Name) and item.decorator.value == "staticmethod"
        for item in function.node.decorators
    )
    for index, parameter in enumerate(function.module.parameters(function.node)):
        if index == 0 and receiver is not None and not static and not isinstance(function.node, cst.Lambda):
            frame.variables[parameter.name] = receiver
            continue
        place = Place(Root(parameter.name, "argument", module=function.module))
        annotation = parameter.node.annotation
        shape = None if annotation is None else calls.annotated(annotation.annotation, function.frame)
        frame.variables[parameter.name] = Value({place: LIVE}, place, shape)
    calls.inlining.body(function, frame)
