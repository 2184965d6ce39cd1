"""Tells by their bodies which functions of the project are differentiators."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from typing import TYPE_CHECKING

import libcst as cst

from closurelint.analysis.facts import ModuleFacts, nodes_in
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
from closurelint.triage.definitions import definitions
from closurelint.triage.differences import differenced, differenced_attributes

if TYPE_CHECKING:
    from closurelint.analysis.calls import Calls
    from closurelint.catalogue import Differentiator


class OwnDifferentiators:
    """Runs functions of the project with a probe as their objective, to see whether they differentiate."""

    def __init__(self, calls: Calls) -> None:
        self.calls = calls
        self.run = calls.run
        self.catalogue = calls.catalogue
        self._inferred: dict[tuple[cst.CSTNode, str, int], Differentiator | None] = {}
        self._asking: set[cst.CSTNode] = set()
        self._kept_by: dict[cst.CSTNode, frozenset[str]] = {}
        self._suspected: dict[ModuleFacts, frozenset[str]] = {}
        """The functions of a module whose text alone does not tell that they take no differences."""

    def inferred(self, function: Function, arguments: Arguments) -> Differentiator | None:
        """Whether a project function differentiates what it is handed, judged by its body; None if it does not."""
        for name in _handed_code(function, arguments):
            found = self._known(function, name)
            if found is not None:
                return found
        return None

    def inferred_of_kept(self, function: Function) -> tuple[Differentiator, Value] | None:
        """The same of a method, for a function that its object keeps, with that function."""
        receiver = function.args[0] if function.args else None
        if (
            receiver is None
            or not isinstance(receiver.shape, Instance)
            or not isinstance(function.node, cst.FunctionDef)
        ):
            return None
        for name in sorted(self._kept(function, function.node)):
            value = self.run.attribute(receiver, name, function.node)
            if name not in receiver.shape.cls.members and _is_callable(value):
                found = self._known(function, "." + name)
                if found is not None:
                    return found, value
        return None

    def _known(self, function: Function, name: str) -> Differentiator | None:
        """What a function was found to be of one that it is given, or keeps by an `.attribute`; it is asked once."""
        # a method that is called of an object, and one that is given it, count their arguments differently
        key = (function.node, name, len(function.args))
        if key not in self._inferred and function.node not in self._asking:
            self._asking.add(function.node)
            try:
                may = name.startswith(".") or self._differenced(function, frozenset({name}), set())
                self._inferred[key] = self._infer(function, name) if may else None
            finally:
                self._asking.discard(function.node)
        return self._inferred.get(key)

    def _differenced(
        self, function: Function, names: frozenset[str], asked: set[tuple[cst.CSTNode, frozenset[str]]]
    ) -> frozenset[str]:
        """Those of some parameters of which it, or a function that it hands them on to, may take differences.

        That is told by a look at the text: to run it costs a hundred times more.
        """
        if (function.node, names) in asked:
            return frozenset()
        asked.add((function.node, names))
        found = names & self._differenced_itself(function)
        for call in nodes_in(function.node):
            if isinstance(call, cst.Call):
                for index, item in enumerate(call.args):
                    name = item.value.value if isinstance(item.value, cst.Name) else ""
                    if name in names - found and self._hands_on(function, call, index, asked):
                        found |= {name}
        return found

    def _differenced_itself(self, function: Function) -> frozenset[str]:
        parameters = frozenset(item.name for item in function.module.parameters(function.node))
        if not self._is_suspected(function):
            return frozenset()
        definition = _parsed(function)
        return parameters if definition is None else differenced(definition)

    def _is_suspected(self, function: Function) -> bool:
        module, node = function.module, function.node
        if not isinstance(node, cst.FunctionDef):
            return True
        if module not in self._suspected:
            self._suspected[module] = frozenset(definitions(module.text.encode("utf-8", "replace"))[0])
        return node.name.value in self._suspected[module]

    def _kept(self, function: Function, node: cst.FunctionDef) -> frozenset[str]:
        """The attributes of its instance that a method may take differences of."""
        if node not in self._kept_by:
            definition = _parsed(function) if self._is_suspected(function) else None
            self._kept_by[node] = (
                differenced_attributes(definition)
                if isinstance(definition, ast.FunctionDef | ast.AsyncFunctionDef)
                else frozenset()
            )
        return self._kept_by[node]

    def _hands_on(
        self, function: Function, call: cst.Call, index: int, asked: set[tuple[cst.CSTNode, frozenset[str]]]
    ) -> bool:
        """Whether what a call hands one of its arguments on to may take differences of it."""
        if not isinstance(call.func, cst.Name):
            # some method of the project, or of a library: that is for the run to find out
            return True
        value = function.frame.visible(call.func.value)
        shape = None if value is None else self.calls.shape_elsewhere(value.shape)
        if not isinstance(shape, Function):
            return isinstance(shape, Class)
        keyword = call.args[index].keyword
        parameters = shape.module.parameters(shape.node)
        names = [item.name for item in parameters[index : index + 1]] if keyword is None else [keyword.value]
        return bool(self._differenced(shape, frozenset(names), asked))

    def _infer(self, function: Function, objective: str) -> Differentiator | None:
        """The differentiator that a function is of what it is given for one of its parameters, or keeps."""
        kept = objective.startswith(".")
        points = _places(function)
        notes = ProbeNotes({name: place for name, place in points.items() if name != objective})
        made = self._probed(function, objective, points, notes)
        source = function.module.source(function.node)
        positions = _positions(function)
        objective_at = (objective, None if kept else positions.get(objective))
        if notes.differentiates:
            point = notes.point(positions)
            if point is None or not (kept or objective in positions):
                return None
            delivery = notes.delivery(point)
            assert delivery is not None
            return self.catalogue.inferred(function.scope, objective_at, (point, positions[point]), delivery, source)
        return None if made is None else self.catalogue.inferred(function.scope, objective_at, None, made, source)

    def _probed(
        self, function: Function, objective: str, points: dict[str, Place], notes: ProbeNotes
    ) -> Delivery | None:
        """Run a function, and if that notes nothing a function that it returns.

        How the first argument of that one gets to the objective, if it differentiates there. Nothing is noted of what
        is too much to run.
        """
        before = self.calls.probe
        try:
            with self.run.analysis(OBJECTIVE_STEPS):
                self.calls.probe = notes
                inner = Frame(function.frame, function.module, self.run.epoch, function.scope, inlined=True)
                for item, value in zip(function.module.parameters(function.node), function.args, strict=False):
                    inner.variables[item.name] = self._keeping(value, objective) if objective[0] == "." else value
                for name, place in points.items():
                    inner.variables[name] = Value({place: LIVE}, place)
                if objective in points:
                    inner.variables[objective] = Value(shape=Probe())
                result = self.calls.inlining.body(function, inner)
                return None if notes.differentiates else self._delivered_to(result, inner)
        except (OutOfBudget, RecursionError):
            notes.forget()
            return None
        finally:
            self.calls.probe = before

    def _keeping(self, receiver: Value, attribute: str) -> Value:
        """An object like one of which a method is called, that keeps the probe."""
        place = Place(Root("self", "argument"))
        self.run.write(place.step(attribute), Value(shape=Probe()), strong=True)
        return Value({place: LIVE}, place, receiver.shape)

    def _delivered_to(self, result: Value, inner: Frame) -> Delivery | None:
        """How a function that was returned hands its first argument to the probe, if it differentiates there."""
        for option in alternatives(result):
            made = option.shape
            if not isinstance(made, Function) or made.frame is not inner or 0 not in _positions(made).values():
                continue
            points = _places(made)
            notes = self.calls.probe = ProbeNotes(points)
            frame = Frame(made.frame, made.module, self.run.epoch, made.scope, inlined=True)
            frame.variables.update((name, Value({place: LIVE}, place)) for name, place in points.items())
            self.calls.inlining.body(made, frame)
            point = notes.point(_positions(made)) if notes.differentiates else None
            if point is not None and _positions(made)[point] == 0:
                return notes.delivery(point)
        return None


def _places(function: Function) -> dict[str, Place]:
    """Places for what the parameters that are not bound yet may be given."""
    free = function.module.parameters(function.node)[len(function.args) :]
    return {item.name: Place(Root(item.name, "argument", module=function.module)) for item in free}


def _positions(function: Function) -> dict[str, int | None]:
    """The parameters that are not bound yet and take one argument each, with its position if it has one."""
    free = [item for item in function.module.parameters(function.node)[len(function.args) :] if not item.star]
    return {item.name: None if item.keyword_only else index for index, item in enumerate(free)}


def _parsed(function: Function) -> ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda | None:
    """The function in Python's own tree, which is walked faster; None if that cannot be had."""
    try:
        (statement,) = ast.parse(function.module.source(function.node).strip()).body
    except (SyntaxError, ValueError, RecursionError):
        return None
    if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Lambda):
        return statement.value
    return statement if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef) else None


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
        self.unmoved: dict[Place, Place | cst.CSTNode | None] = {}
        """By result, what the objective was called with first, if nothing was done to that until then."""
        self.differences: list[set[Place]] = []
        self.imaginary_parts: list[set[Place]] = []
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
        first = arguments.positional[0].value.place if arguments.positional else None
        if first is not None and not any(place.overlaps(first) for place in self.mutated):
            self.unmoved[result] = self._origin(first)
        for item in arguments.items:
            for name, point in self.points.items():
                self._delivered(item.value, name, point)
        return result

    @property
    def differentiates(self) -> bool:
        """Whether results were subtracted, and divided or multiplied."""
        return self.subtracts and self.divides

    def point(self, names: Iterable[str]) -> str | None:
        """Of some parameters the one that is most likely the point; None if the objective got none of them."""
        return min((name for name in names if self.delivery(name) is not None), key=self.doubt, default=None)

    def forget(self) -> None:
        """Take it that nothing was seen."""
        self.subtracts = self.divides = False

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
        elif (value.place is None or value.place.root is not point.root) and any(
            place.root is point.root and not cut.level for place, cut in value.deps.items()
        ):
            # what comes by a whole number, as the nodes of an interpolation do, is no point
            self.copied.add(name)

    def imaginary(self, value: Value) -> None:
        """The imaginary part of a result is taken: the difference that a complex step makes, if it is divided."""
        results = self.results.intersection(value.deps)
        if results:
            self.imaginary_parts.append(results)

    def combined(self, node: cst.CSTNode, left: Value, right: Value) -> None:
        """Differences of results, divided by a step, are what differentiation by differences is."""
        operator = getattr(node, "operator", None)
        mine, other = self.results.intersection(left.deps), self.results.intersection(right.deps)
        if isinstance(operator, cst.Subtract | cst.SubtractAssign) and self._apart(mine - other, other - mine):
            self.subtracts = True
            self.differences.append(mine | other)
            self.divides |= _is_quotient(left) and _is_quotient(right)
        if isinstance(operator, cst.Divide | cst.DivideAssign) and mine and not other:
            # a difference that is divided by a value itself is a relative change, as loops that converge ask for
            self.divides |= self._differs(mine)
            if any(mine >= part for part in self.imaginary_parts):
                self.subtracts = self.divides = True
            divisor = {place.root for place in right.deps}
            self.aside.update(name for name, point in self.points.items() if point.root in divisor)
        if isinstance(operator, cst.Multiply) and not (mine and other):
            self.divides |= self._differs(mine | other)

    def _apart(self, mine: set[Place], other: set[Place]) -> bool:
        """Whether results are of different points, as far as is known."""
        return any(
            one not in self.unmoved or another not in self.unmoved or self._are_two(one, another)
            for one in mine
            for another in other
        )

    def _are_two(self, one: Place, another: Place) -> bool:
        origins = self.unmoved[one], self.unmoved[another]
        return None not in origins and origins[0] != origins[1]

    def _origin(self, place: Place) -> Place | cst.CSTNode | None:
        """What tells whether two places hold the same: the code that made both, if that was given the same.

        None if that cannot be told.
        """
        root = place.root
        if root.kind == "unknown" and root.sources:
            return None
        return root.node if root.node is not None and root.sources <= {*self.points.values()} else place

    def _differs(self, results: set[Place]) -> bool:
        return any(results >= difference for difference in self.differences)


def _is_quotient(value: Value) -> bool:
    return isinstance(value.node, cst.BinaryOperation) and isinstance(value.node.operator, cst.Divide)
