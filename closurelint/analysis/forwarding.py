"""Finds the objective that a caller handed to a function which hands it on."""

from __future__ import annotations

import libcst as cst

from closurelint.analysis.facts import dotted_name, nodes_in
from closurelint.analysis.values import Frame, Function, alternatives


def passed_on(function: Function) -> Function | None:
    """The objective of the caller that a wrapper's own closure hands on: `fun` of `lambda v: fun(v)`."""
    loads = function.module.names(function.node).free
    found: list[tuple[str, Function]] = []
    scope: Frame | None = function.frame
    while scope is not None and scope.inlined:
        for name, value in scope.variables.items():
            shape = value.shape
            if name in loads and isinstance(shape, Function) and not shape.frame.inlined:
                found.append((name, shape))
        scope = scope.parent
    if len(found) != 1:
        return None
    name, passed = found[0]
    return passed if _hands_on_in_order(function, name) else None


def was_passed(function: Function, frame: Frame) -> bool:
    """Whether the objective came into the function that is looked into as an argument."""
    scope: Frame | None = frame
    while scope is not None and scope.inlined:
        for value in scope.variables.values():
            for option in alternatives(value):
                if isinstance(option.shape, Function) and option.shape.node is function.node:
                    return True
        scope = scope.parent
    return False


def makes_functions(function: Function) -> bool:
    """Whether functions are defined in a function, of which it may return one."""
    return any(isinstance(each, cst.FunctionDef | cst.Lambda) for each in nodes_in(function.node.body))


def _hands_on_in_order(function: Function, name: str) -> bool:
    """Whether all calls of `name` begin with the function's own parameters, as in `lambda v: fun(v, data)`."""
    own = [item.name for item in function.module.parameters(function.node)[len(function.args) :] if not item.star]
    for current in nodes_in(function.node.body):
        if isinstance(current, cst.Call) and dotted_name(current.func) == name:
            given = [arg.value for arg in current.args if arg.keyword is None]
            for parameter, value in zip(own, given, strict=False):
                if isinstance(value, cst.Name) and value.value != parameter:
                    return False
    return True
