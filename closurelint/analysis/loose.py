"""Finds loss closures that ignore their one parameter and are handed to nothing known."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from closurelint.analysis import describe
from closurelint.analysis.facts import dotted_name, statements
from closurelint.analysis.recorder import Recorder
from closurelint.analysis.values import Class, Function
from closurelint.subjects import LooseObjective

if TYPE_CHECKING:
    from collections.abc import Iterator

_WEIGHT_NAMES = frozenset("W w weight weights params param theta p beta b coef coeffs parameters Theta".split())
_LOSS_NAMES = frozenset(
    "loss cost objective error nll energy neg_log_likelihood loss_fn loss_func compute_loss".split()
)


def loose_objectives(functions: list[tuple[Function, Class | None]], recorder: Recorder) -> Iterator[LooseObjective]:
    """Loss closures that ignore their one parameter and are handed to nothing known."""
    for function, owner in functions:
        parameters = function.module.parameters(function.node)
        if owner is not None or len(parameters) != 1 or function.node in recorder.handed:
            continue
        name = parameters[0].name
        names = function.module.names(function.node)
        if name not in _WEIGHT_NAMES or name in names.loads or names.dynamic or parameters[0].star:
            continue
        receiver = _loss_receiver(function)
        if receiver and function.node in recorder.calls.passed and function.node not in recorder.calls.failing:
            yield describe.loose(function, name, receiver)


def _loss_receiver(function: Function) -> str:
    """The captured object whose loss a closure returns: `net` of `return net.loss(x, t)`; "" for any other closure."""
    node = function.node
    if isinstance(node, cst.Lambda):
        returned: cst.BaseExpression | None = node.body
    else:
        body = list(statements(node.body))
        last = body[-1]
        if len(body) > 2 or not isinstance(last, cst.Return):
            return ""
        returned = last.value
    while isinstance(returned, cst.Subscript):
        returned = returned.value
    if not isinstance(returned, cst.Call) or not isinstance(returned.func, cst.Attribute):
        return ""
    return dotted_name(returned.func.value) if returned.func.attr.value in _LOSS_NAMES else ""
