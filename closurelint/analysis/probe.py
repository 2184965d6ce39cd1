"""Tells by their bodies which functions of the project are differentiators."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from typing import TYPE_CHECKING

import libcst as cst

from closurelint.analysis.memory import OutOfBudget
from closurelint.analysis.objectives import OBJECTIVE_STEPS
from closurelint.analysis.values import (
    LIVE,
    Arguments,
    Class,
    Frame,
    Function,
    Instance,
    Place,
    Probe,
    Root,
    Value,
    alternatives,
)
from closurelint.evidence import Delivery
from closurelint.triage.differences import takes_differences
from closurelint.triage.expressions import given_to

if TYPE_CHECKING:
    from closurelint.analysis.calls import Calls
    from closurelint.catalogue import Differentiator


class OwnDifferentiators:
    """Runs functions of the project with a probe as their objective, to see whether they differentiate."""

    def __init__(self, calls: Calls) -> None:
        self.calls = calls
        self.run = calls.run
        self.catalogue = calls.catalogue
        self._inferred: dict[cst.CSTNode, Differentiator | None] = {}
        self._asking: set[cst.CSTNode] = set()

    def inferred(self, function: Function, arguments: Arguments) -> Differentiator | None:
        """Whether a project function differentiates what it is handed, judged by its body; None if it does not."""
        if not any(_is_callable(item.value) for item in arguments.items):
            return None
        if isinstance(function.node, cst.Lambda) or function.node in self._asking:
            return None
        if function.node not in self._inferred:
            self._asking.add(function.node)
            try:
                names = _handed_code(function, arguments)
                may = self._may_differentiate(function, names, set())
                self._inferred[function.node] = self._infer(function, arguments) if may else None
            finally:
                self._asking.discard(function.node)
        return self._inferred[function.node]

    def _may_differentiate(self, function: Function, names: Iterable[str], asked: set[cst.CSTNode]) -> bool:
        """Whether it, or a function that it hands one of these parameters on to, takes differences.

        That is told by a look at the text: to run it costs a hundred times more.
        """
        if function.node in asked:
            return False
        asked.add(function.node)
        try:
            (definition,) = ast.parse(function.module.source(function.node)).body
        except (SyntaxError, ValueError, RecursionError):
            return True
        if not isinstance(definition, ast.FunctionDef | ast.AsyncFunctionDef) or takes_differences(definition):
            return True
        wanted = set(names)
        for call in ast.walk(definition):
            if not isinstance(call, ast.Call):
                continue
            handed = [item for item in given_to(call) if isinstance(item, ast.Name) and item.id in wanted]
            if handed and self._hands_on(function, call, handed, asked):
                return True
        return False

    def _hands_on(self, function: Function, call: ast.Call, handed: list[ast.Name], asked: set[cst.CSTNode]) -> bool:
        if not isinstance(call.func, ast.Name):
            # some method of the project, or of a library: that is for the run to find out
            return True
        value = function.frame.visible(call.func.id)
        shape = None if value is None else self.calls.shape_elsewhere(value.shape)
        if not isinstance(shape, Function):
            return isinstance(shape, Class)
        parameters = shape.module.parameters(shape.node)
        at = {index for index, item in enumerate(call.args) if item in handed}
        names = [item.name for index, item in enumerate(parameters) if index in at]
        names += [item.arg for item in call.keywords if item.arg is not None and item.value in handed]
        return self._may_differentiate(shape, names, asked)

    def _infer(self, function: Function, arguments: Arguments) -> Differentiator | None:
        parameters = [item for item in function.module.parameters(function.node) if not item.star]
        skip = len(function.args)
        for index, item in enumerate(arguments.positional):
            if not _is_callable(item.value):
                continue
            if index + skip >= len(parameters):
                return None
            notes = self._probed(function, parameters[index + skip].name)
            if notes is None or not (notes.subtracts and notes.divides):
                continue
            others = [place for place in range(skip, len(parameters)) if place != index + skip]
            points = [place for place in others if notes.delivery(parameters[place].name) is not None]
            if points:
                point = min(points, key=lambda place: notes.doubt(parameters[place].name))
                name = parameters[point].name
                delivery = notes.delivery(name)
                assert delivery is not None
                source = function.module.source(function.node)
                return self.catalogue.inferred(function.scope, index, point - skip, delivery, name, source)
        return None

    def _probed(self, function: Function, objective: str) -> ProbeNotes | None:
        parameters = [parameter.name for parameter in function.module.parameters(function.node)]
        points = {name: Place(Root(name, "argument", module=function.module)) for name in parameters}
        notes = ProbeNotes(points)
        before = self.calls.probe
        try:
            with self.run.analysis(OBJECTIVE_STEPS):
                self.calls.probe = notes
                inner = Frame(function.frame, function.module, self.run.epoch, function.scope, inlined=True)
                bound = list(function.args)
                for name, place in points.items():
                    value = Value({place: LIVE}, place)
                    if bound:
                        value = bound.pop(0)
                    elif name == objective:
                        value = Value(shape=Probe())
                    inner.variables[name] = value
                self.calls.inlining.body(function, inner)
        except (OutOfBudget, RecursionError):
            return None
        finally:
            self.calls.probe = before
        return notes


def _handed_code(function: Function, arguments: Arguments) -> list[str]:
    """The parameters that a call gives something that may be called."""
    positional = function.module.parameters(function.node)[len(function.args) :]
    given = [item.name for item, at in zip(positional, arguments.positional, strict=False) if _is_callable(at.value)]
    return [*given, *(name for name, item in arguments.keywords.items() if _is_callable(item.value))]


def _is_callable(value: Value) -> bool:
    """Whether it may be a function of the project, or an object that is called like one."""
    return any(
        isinstance(option.shape, Function)
        or (isinstance(option.shape, Instance) and "__call__" in option.shape.cls.members)
        for option in alternatives(value)
    )


class ProbeNotes:
    """What was seen while a project function ran with a probe in the place of its objective.

    points: where the function's parameters are, by name; each of them may be the point.
    """

    def __init__(self, points: dict[str, Place]) -> None:
        self.points = points
        self.results: set[Place] = set()
        self.mutated: list[Place] = []
        self.in_place: set[str] = set()
        self.copied: set[str] = set()
        self.aside: set[str] = set()
        """Steps and indices, which what the objective is called with depends on as well."""
        self.subtracts = False
        self.divides = False

    def called(self, arguments: Arguments) -> Place:
        """The probe was called: with the point itself, after it was perturbed, or with something made from it."""
        result = Place(Root("result", "argument"))
        if all(self.results.isdisjoint(item.value.deps) for item in arguments.items):
            # what is called with its own results is iterated, not differentiated
            self.results.add(result)
        for item in arguments.items:
            for name, point in self.points.items():
                self._delivered(item.value, name, point)
        return result

    def delivery(self, name: str) -> Delivery | None:
        """How the objective got this parameter, if it is the point."""
        return "in-place" if name in self.in_place else "copy" if name in self.copied else None

    def doubt(self, name: str) -> int:
        """How doubtful it is that a parameter which the objective got is the point; of several, the least is."""
        return 0 if name in self.in_place else 2 if name in self.aside else 1

    def _delivered(self, value: Value, name: str, point: Place) -> None:
        if value.place is not None and value.place.overlaps(point):
            if any(place.overlaps(value.place) for place in self.mutated):
                self.in_place.add(name)
        elif point.root in {place.root for place in value.deps} and (
            value.place is None or value.place.root is not point.root
        ):
            self.copied.add(name)
            if all(cut.level for place, cut in value.deps.items() if place.root is point.root):
                self.aside.add(name)

    def combined(self, node: cst.CSTNode, left: Value, right: Value) -> None:
        """Differences of results, divided by a step, are what differentiation by differences is."""
        operator = getattr(node, "operator", None)
        mine, other = self.results.intersection(left.deps), self.results.intersection(right.deps)
        if isinstance(operator, cst.Subtract | cst.SubtractAssign) and mine - other and other - mine:
            self.subtracts = True
        if isinstance(operator, cst.Divide | cst.DivideAssign) and mine and not other:
            # a difference that is divided by a value itself is a relative change, as loops that converge ask for
            self.divides = True
            divisor = {place.root for place in right.deps}
            self.aside.update(name for name, point in self.points.items() if point.root in divisor)
        if isinstance(operator, cst.Multiply) and (mine or other) and self.subtracts:
            self.divides = True
