"""Tells by their bodies which functions of the project are differentiators."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from closurelint.analysis.dataflow import OutOfBudget
from closurelint.analysis.objectives import OBJECTIVE_STEPS
from closurelint.analysis.values import LIVE, Arguments, Frame, Function, Place, Probe, Root, Value, alternatives
from closurelint.evidence import Delivery

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
        if not any(
            isinstance(option.shape, Function) for item in arguments.items for option in alternatives(item.value)
        ):
            return None
        if isinstance(function.node, cst.Lambda) or function.node in self._asking:
            return None
        if function.node not in self._inferred:
            self._asking.add(function.node)
            try:
                self._inferred[function.node] = self._infer(function, arguments)
            finally:
                self._asking.discard(function.node)
        return self._inferred[function.node]

    def _infer(self, function: Function, arguments: Arguments) -> Differentiator | None:
        parameters = [item for item in function.module.parameters(function.node) if not item.star]
        skip = len(function.args)
        for index, item in enumerate(arguments.positional):
            if not any(isinstance(option.shape, Function) for option in alternatives(item.value)):
                continue
            if index + skip >= len(parameters):
                return None
            for point_index in range(len(parameters)):
                if point_index in (index + skip, *range(skip)):
                    continue
                notes = self._probed(function, parameters[index + skip].name, parameters[point_index].name)
                if notes is not None and notes.subtracts and notes.divides and (notes.in_place or notes.copied):
                    delivery: Delivery = "in-place" if notes.in_place else "copy"
                    return self.catalogue.inferred(
                        function.scope,
                        index,
                        point_index - skip,
                        delivery,
                        parameters[point_index].name,
                        function.module.source(function.node),
                    )
        return None

    def _probed(self, function: Function, objective: str, point: str) -> ProbeNotes | None:
        root = Root(point, "argument", module=function.module)
        notes = ProbeNotes(Place(root))
        before = self.calls.probe
        try:
            with self.run.analysis(OBJECTIVE_STEPS):
                self.calls.probe = notes
                inner = Frame(function.frame, function.module, self.run.epoch, function.scope, inlined=True)
                bound = list(function.args)
                for parameter in function.module.parameters(function.node):
                    place = Place(root if parameter.name == point else Root(parameter.name, "argument"))
                    value = Value({place: LIVE}, place)
                    if bound:
                        value = bound.pop(0)
                    elif parameter.name == objective:
                        value = Value(shape=Probe())
                    inner.variables[parameter.name] = value
                self.calls.body(function, inner)
        except (OutOfBudget, RecursionError):
            return None
        finally:
            self.calls.probe = before
        return notes


class ProbeNotes:
    """What was seen while a project function ran with a probe in the place of its objective."""

    def __init__(self, point: Place) -> None:
        self.point = point
        self.results: set[Place] = set()
        self.mutated: list[Place] = []
        self.in_place = False
        self.copied = False
        self.subtracts = False
        self.divides = False

    def called(self, arguments: Arguments) -> Place:
        """The probe was called: with the point itself, after it was perturbed, or with something made from it."""
        result = Place(Root("result", "argument"))
        if all(self.results.isdisjoint(item.value.deps) for item in arguments.items):
            # what is called with its own results is iterated, not differentiated
            self.results.add(result)
        for item in arguments.items:
            self._delivered(item.value, self.point)
        return result

    def _delivered(self, value: Value, point: Place) -> None:
        if value.place is not None and value.place.overlaps(point):
            if any(place.overlaps(value.place) for place in self.mutated):
                self.in_place = True
        elif point.root in {place.root for place in value.deps} and (
            value.place is None or value.place.root is not point.root
        ):
            self.copied = True

    def combined(self, node: cst.CSTNode, left: Value, right: Value) -> None:
        """Differences of results, divided by a step, are what differentiation by differences is."""
        operator = getattr(node, "operator", None)
        mine, other = self.results.intersection(left.deps), self.results.intersection(right.deps)
        if isinstance(operator, cst.Subtract | cst.SubtractAssign) and mine - other and other - mine:
            self.subtracts = True
        if isinstance(operator, cst.Divide | cst.DivideAssign) and mine and not other:
            # a difference that is divided by a value itself is a relative change, as loops that converge ask for
            self.divides = True
        if isinstance(operator, cst.Multiply) and (mine or other) and self.subtracts:
            self.divides = True
