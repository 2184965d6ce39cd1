"""Analyses an objective on its own: what its result depends on, and how its parameter gets there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

import libcst as cst

from closurelint.analysis.differentiated import Chosen, literal_arguments
from closurelint.analysis.facts import dotted_name
from closurelint.analysis.findings import Finding
from closurelint.analysis.memory import OutOfBudget
from closurelint.analysis.values import (
    GRADIENT_CUT,
    LIVE,
    NOTHING,
    TRACE_CUT,
    Argument,
    Arguments,
    Cut,
    Dependences,
    Entries,
    Frame,
    Function,
    Items,
    OneOf,
    Place,
    Root,
    Value,
    alternatives,
    depending,
    joined,
    united,
)

if TYPE_CHECKING:
    from closurelint.analysis.calls import Calls
    from closurelint.catalogue import Differentiator

OBJECTIVE_STEPS = 15_000
"""What the analysis of one objective may cost, in statements and expressions."""


class Objectives:
    """Runs objectives in an epoch of their own: their parameter is varied, all that is older is captured state."""

    def __init__(self, calls: Calls) -> None:
        self.calls = calls
        self.run = calls.run
        self.catalogue = calls.catalogue

    def analysed(
        self,
        differentiator: Differentiator,
        function: Function,
        chosen: list[Chosen],
        options: Arguments,
        at: Arguments,
        node: cst.CSTNode,
        frame: Frame,
    ) -> list[Finding] | None:
        """How each of the chosen parameters flows; None if the objective is too large to be followed."""
        literals = literal_arguments(options)
        has_aux = differentiator.returns_aux(literals.keywords)
        slope = differentiator.needs_slope(*literals) and not any(item.star == "**" for item in options.items)
        defaults = _defaulted(function, at) if differentiator.point.kind == "returned" and at.items else {}
        roots = {item.name: Root(item.name, "varied", module=function.module) for item in chosen}
        try:
            with self.run.analysis(OBJECTIVE_STEPS):
                given = {
                    name: self.run.captured(value, name, place, function.frame)
                    for name, (value, place) in defaults.items()
                    if name not in roots
                }
                filled = _filled(differentiator, function)
                if filled is not None:
                    given[filled.root.name] = Value({filled: LIVE}, filled)
                value = self.result(function, roots, has_aux, given, differentiator.result)
                if filled is not None:
                    value = self.run.stored(filled, Value())
                if differentiator.reports:
                    value = depending(value, self.run.registered)
                # a branch that was taken by the parameter counts as a use of it
                taken = self.run.conditions
                if value.literal and value.shape is None and not value.deps:
                    # the same number whatever branch is taken: captured state does not choose it
                    taken = self.run.varied(taken)
                if differentiator.traces and slope:
                    # no gradient comes through a branch: of what gets into the result, the way there decides
                    inside = {place.root for place in value.deps if place.root.kind == "varied"}
                    taken = {place: cut for place, cut in taken.items() if place.root not in inside}
                deps = united(value.deps, taken)
                reads, terms, read_roots = self.run.reads, value.terms, self.run.varied_reads
                handed_to, trail, opened = self.run.handed_to, self.run.trail, self.run.opened
                disowned = self.run.disowned
                if self.run.counted(value):
                    return []
                if function.wrapper is not None and not all(_depends_on(deps, root) for root in roots.values()):
                    deps = united(deps, self.run.varied(self._through_wrapper(function, roots).deps))
        except (OutOfBudget, RecursionError):
            return None
        findings = []
        for item in chosen:
            root = roots[item.name]
            if root in disowned and not _depends_on(deps, root):
                continue
            handed = root in handed_to
            flow, cut = self._flow(differentiator, function, item.name, root, deps, read_roots, handed, slope)
            captured = {found: known for found, known in deps.items() if found.root.kind != "varied"}
            # `np.round(w)` does not move with the point, were it the very array
            moving = {found: known for found, known in captured.items() if not slope or known.level < GRADIENT_CUT}
            findings.append(
                Finding(
                    differentiator,
                    function,
                    item.name,
                    node,
                    frame,
                    item.point,
                    flow,
                    cut,
                    captured,
                    {found: known for found, known in terms.items() if found.root.kind != "varied"},
                    reads,
                    _shared(item.point, moving, opened),
                    differentiator.tolerates(options.keywords),
                    has_aux,
                    finished=_is_finished(value),
                    handed_to=handed_to.get(root, "") if flow == "never read" else "",
                    met=self.calls.met,
                    trail=[*trail, (function.node, value.deps)],
                    root=root,
                )
            )
        return findings

    def reaching_model(
        self,
        differentiator: Differentiator,
        function: Function,
        model: Argument | None,
        places: tuple[Place, ...],
        given: Mapping[str, Value],
        node: cst.CSTNode,
        frame: Frame,
    ) -> Finding | None:
        """How a closure reaches the variables of a module; None if it is too large to be followed."""
        try:
            with self.run.analysis(OBJECTIVE_STEPS):
                captured = {name: self.run.captured(value, name) for name, value in given.items()}
                value = self.result(function, {}, differentiator.returns_aux({}), captured)
                deps, reads = united(value.deps, self.run.conditions), self.run.reads
        except (OutOfBudget, RecursionError):
            return None
        parameters = function.module.parameters(function.node)[len(function.args) :]
        name = parameters[0].name if parameters else ""
        finished = _is_finished(value)
        flow, cut = self._flow_of_model(differentiator, places, deps, finished)
        return Finding(
            differentiator,
            function,
            name,
            node,
            frame,
            model,
            flow,
            cut,
            deps,
            NOTHING,
            reads,
            None,
            model=places,
            finished=finished,
            met=self.calls.met,
        )

    def result(
        self,
        function: Function,
        roots: dict[str, Root],
        has_aux: bool,
        given: Mapping[str, Value] | None = None,
        key: str = "",
    ) -> Value:
        """What an objective returns, with `roots` in the place of its parameters and `given` values for others."""
        inner = Frame(
            function.frame,
            function.module,
            self.run.epoch,
            function.scope,
            outer_names=function.module.names(function.node).outer,
            inlined=True,
        )
        captured = self.run.captured(Value(shape=function)).shape
        assert isinstance(captured, Function)
        bound = list(captured.args)
        keywords = dict(captured.keywords)
        for parameter in function.module.parameters(function.node):
            name = parameter.name
            root = roots.get(name)
            if bound and not parameter.star:
                inner.variables[name] = bound.pop(0)
            elif name in keywords:
                inner.variables[name] = keywords[name]
            elif given is not None and name in given:
                inner.variables[name] = given[name]
            else:
                place = Place(root or Root(name, "argument", module=function.module))
                inner.variables[name] = Value({place: LIVE}, place)
        self.calls.inlining.stack.append(function.node)
        try:
            value = self.calls.inlining.body(function, inner)
        finally:
            self.calls.inlining.stack.pop()
        if has_aux:
            value = self.run.item(value, 0)
        if key:
            value = joined(_entry(option, key) for option in alternatives(value))
        if function.cut.level:
            value = replace(value, deps=dict.fromkeys(value.deps, function.cut))
        return value

    def _through_wrapper(self, function: Function, roots: dict[str, Root]) -> Value:
        """What a decorated function returns: its decorator may well use what the body ignores."""
        given: list[Argument] = []
        for parameter in function.module.parameters(function.node)[len(function.args) :]:
            if parameter.star == "**" or any(name == parameter.name for name, _ in function.keywords):
                continue
            place = Place(roots.get(parameter.name) or Root(parameter.name, "argument", module=function.module))
            keyword = parameter.name if parameter.keyword_only else None
            given.append(Argument(Value({place: LIVE}, place), keyword, parameter.star, None))
        return self.calls.inlining.call_function(function, Arguments(tuple(given)), function.node)

    def _flow(
        self,
        differentiator: Differentiator,
        function: Function,
        name: str,
        root: Root,
        deps: Dependences,
        read_roots: set[Root],
        handed: bool,
        slope: bool,
    ) -> tuple[str, Cut]:
        cuts = [cut for place, cut in deps.items() if place.root is root]
        if cuts:
            best = min(cuts)
            lost = differentiator.traces and self.catalogue.loses(differentiator, best.operation.strip("`"))
            severed = best.level >= GRADIENT_CUT or (best.level >= TRACE_CUT and lost)
            return ("severed", best) if severed and slope else ("reaches", LIVE)
        names = function.module.names(function.node)
        if names.dynamic:
            return "reaches", LIVE
        if root in read_roots:
            return "dead", LIVE
        if name not in names.loads or handed:
            return "never read", LIVE
        return ("overwritten", LIVE) if name in names.stores else ("dead", LIVE)

    def model_places(self, model: Value, node: cst.CSTNode) -> tuple[Place, ...]:
        """Where a module, or each variable of a list, is stored; a list may come as a function that returns it."""
        if isinstance(model.shape, Function):
            model = self.calls.inlining.call_function(model.shape, Arguments(), node)
        if model.place is not None:
            return (model.place,)
        parts = model.shape.values if isinstance(model.shape, Items) else ()
        return tuple(part.place for part in parts if part.place is not None)

    def _flow_of_model(
        self, differentiator: Differentiator, places: tuple[Place, ...], deps: Dependences, finished: bool
    ) -> tuple[str, Cut]:
        """How the variables that are differentiated reach the result of a closure."""
        mine = {known: cut for known, cut in deps.items() if any(place.overlaps(known) for place in places)}
        if not mine and differentiator.family == "optimizer" and not finished:
            # a list of variables may be part of anything that they were gathered from, or that was made of them
            related = {known: cut for known, cut in deps.items() if any(_related(place, known) for place in places)}
            outputs = {known for known in deps if _is_output(known, places) or _is_computed_of(known, places)}
            finished = bool(outputs) and outputs.issuperset(related)
            mine = {} if finished else related or dict.fromkeys(places, LIVE)
        if not mine:
            return "never read", LIVE
        best = min(mine.values())
        lost = best.level >= TRACE_CUT and self.catalogue.loses(differentiator, best.operation.strip("`"))
        return ("severed", best) if lost or best.level >= GRADIENT_CUT else ("reaches", LIVE)


def _filled(differentiator: Differentiator, function: Function) -> Place | None:
    """The parameter into which an objective puts its results instead of returning them: `out["F"] = ...`."""
    parameters = function.module.parameters(function.node)[len(function.args) :]
    position = differentiator.writes
    if position is None or position >= len(parameters):
        return None
    return Place(Root(parameters[position].name, "argument", module=function.module))


def _shared(point: Argument | None, captured: Dependences, opened: set[Place]) -> bool | None:
    """Whether the point is the very array that the captured state holds; None if it cannot be known.

    What is only computed with is an array, and taken for no other than its name says; what is `opened` may be an
    object that holds the point, and an object's attribute what goes by another name elsewhere.
    """
    if point is None:
        return None
    value = point.value
    if isinstance(value.shape, OneOf):
        judged = {_shared(point._replace(value=option), captured, opened) for option in value.shape.values}
        return True if True in judged else (None if None in judged else False)
    if value.place is None:
        return False if value.fresh or value.literal else None
    if any(value.place.overlaps(place) and cut.level < GRADIENT_CUT for place, cut in captured.items()):
        return True
    mine = value.place.root
    for place in captured:
        other = place.root
        if other.kind == "object" and not place.path and any(source.root is mine for source in other.sources):
            # it was made of the point, and may hold that very array
            return None
        named_apart = mine is other or (not place.path and not other.sources and not mine.sources)
        if place not in opened and (named_apart or (other.fresh and not place.path)):
            continue
        related = mine is other or any(source.root is mine for source in other.sources)
        related = related or any(source.root is other for source in mine.sources)
        if related and not mine.fresh:
            return None
        if not mine.fresh and (place.path or not other.fresh):
            return None
    return False


def _related(first: Place, second: Place) -> bool:
    """Whether one was computed from the other, directly or by way of others."""
    return first.root in _ancestors(second.root) or second.root in _ancestors(first.root)


def _is_output(place: Place, places: tuple[Place, ...]) -> bool:
    """Whether it is what a call of the very module gave whose variables these are: `model(x)` holds none of them."""
    call = place.root.node
    if place.root.kind != "computed" or not isinstance(call, cst.Call):
        return False
    called = dotted_name(call.func).rpartition(".")[2]
    owners = (variables.text.rpartition(".")[0].rpartition(".")[2] for variables in places)
    return bool(called) and called in owners


def _is_computed_of(place: Place, places: tuple[Place, ...]) -> bool:
    """Whether it was computed from the variables, by an operator or a function of numbers: it is none of them."""
    node, module = place.root.node, place.root.module
    if place.path or place.root.kind != "computed" or not any(_related(variable, place) for variable in places):
        return False
    if not isinstance(node, cst.Call) or module is None:
        return isinstance(node, cst.BinaryOperation | cst.UnaryOperation)
    first, _, rest = dotted_name(node.func).partition(".")
    dotted = f"{module.imports.get(first, first)}.{rest}"
    words = dotted.rpartition(".")[2].split("_")
    return (
        dotted.startswith("tensorflow.") and ".nest." not in dotted and words[-1].islower() and words[-1] != "variable"
    )


def _ancestors(root: Root) -> set[Root]:
    found: set[Root] = set()
    stack = [root]
    while stack and len(found) < 200:
        current = stack.pop()
        if current not in found:
            found.add(current)
            stack.extend(place.root for place in current.sources)
    return found


def _depends_on(deps: Dependences, root: Root) -> bool:
    return any(place.root is root for place in deps)


def _defaulted(function: Function, at: Arguments) -> dict[str, tuple[Value, cst.BaseExpression]]:
    """The defaults of the parameters that a call of the objective leaves to them, and where they stand."""
    parameters = function.module.parameters(function.node)[len(function.args) :]
    if any(item.star for item in at.items):
        return {}
    return {
        item.name: (function.defaults[item.name], item.default)
        for index, item in enumerate(parameters)
        if item.default is not None and item.name in function.defaults and at.find(index, (item.name,)) is None
    }


def _entry(value: Value, key: str) -> Value:
    """What counts of a returned value: the entry of that key if it is a dict, else all of it."""
    entries = value.shape.values if isinstance(value.shape, Entries) else {}
    return entries.get(key, value)


def _is_finished(value: Value) -> bool:
    """Whether a result is nothing but a number that was computed before."""
    return value.place is not None and set(value.deps) == {value.place} and value.place.root.kind != "object"
