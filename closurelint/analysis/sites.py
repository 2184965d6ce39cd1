"""Finds the sites of a program: every use of a differentiator, with its objective, its point and what flows where.

The interpreter runs the program; whenever a differentiator is called, the recorder analyses the objective on its own,
with its parameter varied and everything older as captured state, and keeps what it saw as a `Finding`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, NamedTuple

import libcst as cst

from closurelint.analysis import describe, steps
from closurelint.analysis.calls import Calls, ProbeNotes
from closurelint.analysis.dataflow import Interpreter, OutOfBudget, Read
from closurelint.analysis.expectations import asserts_zero
from closurelint.analysis.facts import ModuleFacts, children, dotted_name, statements
from closurelint.analysis.unfinished import value_returns
from closurelint.analysis.values import (
    CODE,
    GRADIENT_CUT,
    LIVE,
    NOTHING,
    TRACE_CUT,
    Applied,
    Argument,
    Arguments,
    Class,
    Cut,
    Dependences,
    Derivative,
    Entries,
    Frame,
    Function,
    Imported,
    Instance,
    Items,
    LibraryObject,
    Member,
    OneOf,
    Place,
    Probe,
    Root,
    Value,
    alternatives,
    joined,
    united,
)
from closurelint.evidence import Delivery
from closurelint.subjects import LooseObjective, PassedOver, Site, Subjects

if TYPE_CHECKING:
    from collections.abc import Iterator

    from closurelint.analysis.resolve import Project
    from closurelint.catalogue import Catalogue, Differentiator

OBJECTIVE_STEPS = 15_000
"""What the analysis of one objective may cost, in statements and expressions."""

FUNCTION_STEPS = 200_000
"""What reading one function on its own may cost."""

_STARTS = frozenset({"run", "init_state", "run_mcmc", "sample", "solve"})
_START_KEYWORDS = ("init_params", "initial_state", "x0", "p0", "params")
"""How solvers and samplers that are objects are started, and what they call their start."""

_CONSTRUCTORS = ("__init__", "setUp", "setup", "setup_method", "build", "reset", "__post_init__")


class Chosen(NamedTuple):
    """One differentiated parameter and the argument that gives its point."""

    name: str
    point: Argument | None


@dataclass(slots=True, eq=False)
class Finding:
    """One use as the analysis saw it, syntax nodes included."""

    differentiator: Differentiator
    objective: Function
    parameter: str
    node: cst.CSTNode
    frame: Frame
    point: Argument | None
    flow: str
    cut: Cut
    deps: Dependences
    terms: Dependences
    reads: dict[Place, Read]
    shared: bool | None
    tolerated: str = ""
    has_aux: bool = False
    model: tuple[Place, ...] = ()
    finished: bool = False
    handed_to: str = ""
    met: Mapping[str, Function | Class] = field(default_factory=dict)
    trail: list[tuple[cst.CSTNode, Dependences]] = field(default_factory=list)
    root: Root | None = None


@dataclass(slots=True, eq=False)
class StepFinding:
    """A closure that an optimiser evaluates again and again."""

    objective: Function
    fault: str
    node: cst.CSTNode
    frame: Frame
    optimizer: str
    captured: str
    returned: bool


class Recorder:
    """Keeps the sites that the interpreter comes by."""

    def __init__(self, calls: Calls) -> None:
        self.calls = calls
        self.run = calls.run
        self.catalogue = calls.catalogue
        self.findings: list[Finding] = []
        self.steps: list[StepFinding] = []
        self.handed: set[cst.CSTNode] = set()
        self.passed_over: dict[cst.CSTNode, tuple[Differentiator, ModuleFacts, str]] = {}
        self._derivatives: list[tuple[Derivative, Frame]] = []
        self._seen: set[tuple[cst.CSTNode, cst.CSTNode, str]] = set()
        self._inferred: dict[cst.CSTNode, Differentiator | None] = {}
        self._asking: set[cst.CSTNode] = set()
        self._of_zero: dict[cst.CSTNode, bool] = {}
        calls.recorder = self

    # -- what calls report ----------------------------------------------------------------------------------------

    def apply(
        self,
        differentiator: Differentiator,
        arguments: Arguments,
        node: cst.CSTNode,
        frame: Frame,
        receiver: LibraryObject | None = None,
    ) -> Value:
        """A differentiator is called."""
        objective = arguments.find(differentiator.objective_position, differentiator.objective_keywords)
        if objective is None and receiver is not None:
            objective = receiver.arguments.find(differentiator.objective_position, differentiator.objective_keywords)
        given = united(*(item.value.deps for item in arguments.items))
        if differentiator.kind == "decorator factory" and objective is not None and not _is_code(objective.value):
            return Value(shape=Applied(Value(shape=Imported(differentiator.name)), Arguments()), node=node)
        if objective is None:
            return Value(shape=Applied(Value(shape=Imported(differentiator.name)), arguments), node=node)
        later = differentiator.point.kind == "returned"
        if self.run.epoch:
            if later:
                made = Derivative(differentiator, objective.value, arguments, node, frame.module)
                return Value(NOTHING, shape=made, node=node)
            return self.calls.opaque(Value(), arguments, node)
        self.handed.update(
            option.shape.node for option in alternatives(objective.value) if isinstance(option.shape, Function)
        )
        if later:
            made = Derivative(differentiator, objective.value, arguments, node, frame.module)
            self._derivatives.append((made, frame))
            return Value(given, shape=made, node=node)
        if differentiator.kind == "class" and receiver is None:
            self._use(differentiator, objective.value, arguments, Arguments(), node, frame)
            return Value(given, None, LibraryObject(differentiator.name, arguments, node), node=node, fresh=True)
        self._use(differentiator, objective.value, arguments, arguments, node, frame)
        return Value(given, None, None, False, node)

    def apply_method(
        self, receiver: Value, name: str, arguments: Arguments, node: cst.CSTNode, frame: Frame
    ) -> Value | None:
        """A method is called; None if it is no differentiator."""
        shape = receiver.shape
        if isinstance(shape, LibraryObject):
            found = self.catalogue.method(shape.dotted, name)
            if found is None:
                self._started(shape, name, arguments, frame)
                return None
            if found.family == "closure-step":
                self._step(found, shape, arguments, node, frame)
                return None
            return self.apply(found, arguments, node, frame, shape)
        if isinstance(shape, Instance) and not shape.cls.library_bases:
            return None
        if shape is None or isinstance(shape, Instance | Member):
            for candidate in self.catalogue.methods_named(name):
                told = candidate.distinctive or any(key in arguments.keywords for key in candidate.told_by)
                if told and arguments.find(candidate.objective_position, candidate.objective_keywords):
                    return self.apply(candidate, arguments, node, frame)
        return None

    def _started(self, made: LibraryObject, name: str, arguments: Arguments, frame: Frame) -> None:
        """An object that was made of an objective is run: now the point is known."""
        differentiator = self.catalogue.function(made.dotted)
        if differentiator is None or differentiator.point.kind != "none" or made.node is None or self.run.epoch:
            return
        first = arguments.find(0, _START_KEYWORDS)
        objective = made.arguments.find(differentiator.objective_position, differentiator.objective_keywords)
        if name not in _STARTS or first is None or objective is None:
            return
        kept = [item for item in self.findings if item.node is not made.node or item.point is not None]
        if len(kept) < len(self.findings):
            self.findings = kept
            self._seen = {key for key in self._seen if key[0] is not made.node}
            point = differentiator.point._replace(kind="argument", position=0, keywords=_START_KEYWORDS)
            starting = replace(differentiator, point=point)
            self._use(starting, objective.value, made.arguments, arguments, made.node, frame)

    def called(self, derivative: Derivative, arguments: Arguments, node: cst.CSTNode, frame: Frame) -> None:
        """The function that a differentiator returned is called: now the point is known."""
        derivative.called = True
        for known, _ in self._derivatives:
            if known.node is derivative.node:
                known.called = True
        self._use(
            derivative.differentiator, derivative.objective, derivative.arguments, arguments, derivative.node, frame
        )

    def finish(self) -> None:
        """Analyse the objectives whose derivative is never called here."""
        for derivative, frame in self._derivatives:
            if not derivative.called:
                self._use(
                    derivative.differentiator,
                    derivative.objective,
                    derivative.arguments,
                    Arguments(),
                    derivative.node,
                    frame,
                )

    # -- one use --------------------------------------------------------------------------------------------------

    def _use(
        self,
        differentiator: Differentiator,
        objective: Value,
        options: Arguments,
        at: Arguments,
        node: cst.CSTNode,
        frame: Frame,
    ) -> None:
        """`options` configure the differentiator; `at` is the call that carries the point."""
        self._pass_over(differentiator, node, frame, "its objective is no function whose definition is in view")
        if differentiator.report == "never" or self.run.expecting_failure or self.run.expecting_zero:
            why = "usual with this one" if differentiator.report == "never" else "expected by the code around it"
            self._pass_over(differentiator, node, frame, f"an objective that ignores its parameter is {why}")
            return
        if self._is_test_of_zero():
            self._pass_over(differentiator, node, frame, "a gradient of zero is what is tested here")
            return
        for option in alternatives(objective):
            shape = option.shape
            if isinstance(shape, Imported) and shape.origin is not None and not frame.inlined:
                shape = self._imported_objective(shape)
            method = self.calls.called_method(option, node)
            if method is not None:
                shape = method.shape
            if isinstance(shape, Function):
                self._use_function(differentiator, shape, options, at, node, frame)

    def _is_test_of_zero(self) -> bool:
        """Whether the function that is read now is a test that knows of a gradient that is zero."""
        reading = self.run.reading
        if not isinstance(reading, cst.FunctionDef) or not reading.name.value.startswith("test"):
            return False
        if reading not in self._of_zero:
            self._of_zero[reading] = asserts_zero(reading)
        return self._of_zero[reading]

    def _imported_objective(self, imported: Imported) -> Function | None:
        """The objective that another file of the project defines."""
        assert imported.origin is not None
        if imported.dotted.partition(".")[0] in self.catalogue.libraries:
            return None
        found = self.calls.project.resolve(imported.dotted, imported.origin, self.calls)
        return found.shape if found is not None and isinstance(found.shape, Function) else None

    def _use_function(
        self,
        differentiator: Differentiator,
        function: Function,
        options: Arguments,
        at: Arguments,
        node: cst.CSTNode,
        frame: Frame,
    ) -> None:
        if frame.inlined:
            # a call that is looked into: its own sites are found when its function is read on its own
            passed = self._passed_on(function) if function.frame.inlined else function
            if passed is None or not self._was_passed(passed, frame) or not self.calls.outermost:
                return
            function = passed
            node, frame = self.calls.outermost[0]
        if self.calls.is_unfinished(function) or self._raises_only(function) or function.node in self.calls.failing:
            self._pass_over(differentiator, node, frame, "its objective is unfinished, or is expected to fail")
            return
        self._pass_over(differentiator, node, frame, "it cannot be told which parameter is differentiated, or where")
        if differentiator.model is not None:
            self._use_model(differentiator, function, options, at, node, frame)
            return
        chosen = self._chosen(differentiator, function, options, at)
        if not chosen:
            self._pass_over(differentiator, node, frame, "it cannot be told which parameter is differentiated")
            return
        key = (node, function.node, ",".join(item.name for item in chosen))
        if key in self._seen:
            return
        self._seen.add(key)
        self._pass_over(differentiator, node, frame, "its objective uses what is varied")
        found = self._analysed(differentiator, function, chosen, options, at, node, frame)
        if self.run.expecting_number:
            # the gradient is compared with a number that is written out: what is missing of it is known to be
            found = [item for item in found if item.flow != "reaches"]
        together = differentiator.differentiated.kind in ("all", "trainable")
        if together and any(item.flow == "reaches" for item in found):
            # it may well be indifferent to one of many, but not if it reads that one's point past its parameter
            every = differentiator.differentiated.kind == "all"
            found = [item for item in found if item.flow == "reaches" or (every and _reads_past(item))]
        self.findings.extend(found)

    def _pass_over(self, differentiator: Differentiator, node: cst.CSTNode, frame: Frame, reason: str) -> None:
        """Remember why nothing is claimed about a call, for who asks."""
        if not frame.inlined:
            self.passed_over[node] = (differentiator, frame.module, reason)

    def _use_model(
        self,
        differentiator: Differentiator,
        function: Function,
        options: Arguments,
        at: Arguments,
        node: cst.CSTNode,
        frame: Frame,
    ) -> None:
        """A closure that is differentiated by a module's own parameters: does it reach the module?"""
        assert differentiator.model is not None
        position, keyword = differentiator.model
        model = options.find(position, (keyword,))
        key = (node, function.node, "")
        places = () if model is None else self._model_places(model.value, node)
        if not places or key in self._seen:
            return
        self._seen.add(key)
        parameters = function.module.parameters(function.node)[len(function.args) :]
        given: dict[str, Value] = {}
        for index, parameter in enumerate(parameters):
            argument = at.find(index, (parameter.name,))
            if argument is None and parameter.default is None:
                # the module itself may come in by this parameter
                return
            if argument is not None:
                given[parameter.name] = argument.value
        try:
            with self.run.analysis(OBJECTIVE_STEPS):
                captured = {name: self.run.captured(value, name) for name, value in given.items()}
                value = self._result(function, {}, differentiator.returns_aux({}), captured)
                deps, reads = united(value.deps, self.run.conditions), self.run.reads
        except (OutOfBudget, RecursionError):
            return
        name = parameters[0].name if parameters else ""
        finished = _is_finished(value)
        flow, cut = self._flow_of_model(differentiator, places, deps, finished)
        self.findings.append(
            Finding(
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
        )

    def _model_places(self, model: Value, node: cst.CSTNode) -> tuple[Place, ...]:
        """Where a module, or each variable of a list, is stored; a list may come as a function that returns it."""
        if isinstance(model.shape, Function):
            model = self.calls.call_function(model.shape, Arguments(), node)
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
            mine = related or dict.fromkeys(places, LIVE)
        if not mine:
            return "never read", LIVE
        best = min(mine.values())
        lost = best.level >= TRACE_CUT and self.catalogue.loses(differentiator, best.operation.strip("`"))
        return ("severed", best) if lost or best.level >= GRADIENT_CUT else ("reaches", LIVE)

    def _passed_on(self, function: Function) -> Function | None:
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

    def _was_passed(self, function: Function, frame: Frame) -> bool:
        """Whether the objective came into the function that is looked into as an argument."""
        scope: Frame | None = frame
        while scope is not None and scope.inlined:
            for value in scope.variables.values():
                for option in alternatives(value):
                    if isinstance(option.shape, Function) and option.shape.node is function.node:
                        return True
            scope = scope.parent
        return False

    def _raises_only(self, function: Function) -> bool:
        node = function.node
        return isinstance(node, cst.FunctionDef) and not value_returns(node)

    def _chosen(
        self, differentiator: Differentiator, function: Function, options: Arguments, at: Arguments
    ) -> list[Chosen]:
        """The differentiated parameters of the objective; empty if it cannot be known which."""
        bound = {name for name, _ in function.keywords}
        parameters = function.module.parameters(function.node)[len(function.args) :]
        free = [item for item in parameters if item.name not in bound]
        positional = [item for item in free if item.star == "" and not item.keyword_only]
        star = next((item for item in free if item.star == "*"), None)
        if star is None and differentiator.differentiated.kind == "all" and not positional:
            star = next((item for item in free if item.star == "**"), None)
        literals = _literal_arguments(options)
        positions = differentiator.positions(*literals, len(positional))
        data = differentiator.data(*literals)
        if positions is None or data is None:
            return []
        chosen: list[Chosen] = []
        for index in positions:
            if isinstance(index, str):
                if any(item.name == index for item in free):
                    chosen.append(Chosen(index, at.keywords.get(index)))
            elif index < len(positional):
                chosen.append(Chosen(positional[index].name, self._point(differentiator, at, index)))
            elif star is not None and not any(item.name == star.name for item in chosen):
                chosen.append(Chosen(star.name, self._point(differentiator, at, index)))
        if differentiator.differentiated.kind == "from":
            options_of_fit = {item.name for item in positional if _is_option(item.default)}
            chosen = [item for item in chosen if item.name not in options_of_fit and item.name not in data]
        return chosen

    def _point(self, differentiator: Differentiator, at: Arguments, index: int) -> Argument | None:
        point = differentiator.point
        if point.kind == "returned":
            return at.find(index) if at.items else None
        if point.kind == "rest":
            return at.find((point.position or 0) + index)
        if point.kind == "argument":
            found = at.find(point.position, point.keywords)
            if (
                found is not None
                and differentiator.differentiated.kind == "all"
                and isinstance(found.value.shape, Items)
            ):
                inner = found.value.shape.values
                if index < len(inner):
                    node = found.node
                    if isinstance(node, cst.Tuple | cst.List) and index < len(node.elements):
                        node = node.elements[index].value
                    return Argument(inner[index], None, "", node)
            return found
        return None

    def _analysed(
        self,
        differentiator: Differentiator,
        function: Function,
        chosen: list[Chosen],
        options: Arguments,
        at: Arguments,
        node: cst.CSTNode,
        frame: Frame,
    ) -> list[Finding]:
        has_aux = differentiator.returns_aux(_literal_arguments(options).keywords)
        defaults = _defaulted(function, at) if differentiator.point.kind == "returned" and at.items else {}
        roots = {item.name: Root(item.name, "varied", module=function.module) for item in chosen}
        try:
            with self.run.analysis(OBJECTIVE_STEPS):
                given = {name: self.run.captured(value, name) for name, value in defaults.items() if name not in roots}
                value = self._result(function, roots, has_aux, given, differentiator.result)
                # a branch that was taken by the parameter counts as a use of it
                taken = self.run.conditions
                if value.literal and value.shape is None and not value.deps:
                    # the same number whatever branch is taken: captured state does not choose it
                    taken = self.run.varied(taken)
                deps = united(value.deps, taken)
                reads, terms, read_roots = self.run.reads, value.terms, self.run.varied_reads
                handed_to, trail = self.run.handed_to, self.run.trail
                if self.run.counted(value):
                    return []
                if function.wrapper is not None and not all(_depends_on(deps, root) for root in roots.values()):
                    deps = united(deps, self.run.varied(self._through_wrapper(function, roots).deps))
        except (OutOfBudget, RecursionError):
            self._pass_over(differentiator, node, frame, "its objective is too large to be followed")
            return []
        findings = []
        for item in chosen:
            handed = roots[item.name] in handed_to
            flow, cut = self._flow(differentiator, function, item.name, roots[item.name], deps, read_roots, handed)
            captured = {found: known for found, known in deps.items() if found.root.kind != "varied"}
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
                    self._shared(item.point, captured),
                    differentiator.tolerates(options.keywords),
                    has_aux,
                    finished=_is_finished(value),
                    handed_to=handed_to.get(roots[item.name], "") if flow == "never read" else "",
                    met=self.calls.met,
                    trail=[*trail, (function.node, value.deps)],
                    root=roots[item.name],
                )
            )
        return findings

    def _result(
        self,
        function: Function,
        roots: dict[str, Root],
        has_aux: bool,
        given: Mapping[str, Value] | None = None,
        key: str = "",
    ) -> Value:
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
        self.calls.stack.append(function.node)
        try:
            value = self.calls.body(function, inner)
        finally:
            self.calls.stack.pop()
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
        return self.calls.call_function(function, Arguments(tuple(given)), function.node)

    def _flow(
        self,
        differentiator: Differentiator,
        function: Function,
        name: str,
        root: Root,
        deps: Dependences,
        read_roots: set[Root],
        handed: bool,
    ) -> tuple[str, Cut]:
        cuts = [cut for place, cut in deps.items() if place.root is root]
        if cuts:
            best = min(cuts)
            severed = best.level >= GRADIENT_CUT and differentiator.takes_gradient
            lost = differentiator.traces and self.catalogue.loses(differentiator, best.operation.strip("`"))
            severed = severed or (best.level >= TRACE_CUT and lost)
            return ("severed", best) if severed else ("reaches", LIVE)
        names = function.module.names(function.node)
        if names.dynamic:
            return "reaches", LIVE
        if root in read_roots:
            return "dead", LIVE
        if name not in names.loads or handed:
            return "never read", LIVE
        return ("overwritten", LIVE) if name in names.stores else ("dead", LIVE)

    def _shared(self, point: Argument | None, captured: Dependences) -> bool | None:
        """Whether the point is the very array that the captured state holds; None if it cannot be known."""
        if point is None:
            return None
        value = point.value
        if isinstance(value.shape, OneOf):
            judged = {self._shared(point._replace(value=option), captured) for option in value.shape.values}
            return True if True in judged else (None if None in judged else False)
        if value.place is None:
            return False if value.fresh or value.literal else None
        if any(value.place.overlaps(place) for place in captured):
            return True
        mine = value.place.root
        for place in captured:
            other = place.root
            related = mine is other or any(source.root is mine for source in other.sources)
            related = related or any(source.root is other for source in mine.sources)
            if related and not mine.fresh:
                return None
            if not mine.fresh and not other.fresh:
                return None
        return False

    # -- differentiators of the project ---------------------------------------------------------------------------

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

    # -- step closures --------------------------------------------------------------------------------------------

    def _step(
        self,
        differentiator: Differentiator,
        optimizer: LibraryObject,
        arguments: Arguments,
        node: cst.CSTNode,
        frame: Frame,
    ) -> None:
        closure = arguments.find(differentiator.objective_position, differentiator.objective_keywords)
        if closure is None or self.run.epoch or frame.inlined or differentiator.report == "never":
            return
        given = optimizer.arguments.find(0, ("params",))
        optimized = NOTHING if given is None else steps.optimized(given.value)
        for option in alternatives(closure.value):
            function = option.shape
            if not isinstance(function, Function) or (node, function.node, "") in self._seen:
                continue
            self._seen.add((node, function.node, ""))
            self.handed.add(function.node)
            if not self.calls.is_unfinished(function) and function.module is frame.module:
                fault, captured, returned = self._step_fault(function, optimized)
                if fault:
                    name = differentiator.name
                    self.steps.append(StepFinding(function, fault, node, frame, name, captured, returned))

    def _step_fault(self, function: Function, optimized: Dependences) -> tuple[str, str, bool]:
        """What is wrong with it, if anything is: the fault, the finished value, and whether it returns just that."""
        if isinstance(function.node, cst.FunctionDef) and not value_returns(function.node):
            return "no return", "", False
        self.calls.made = []
        try:
            with self.run.analysis(OBJECTIVE_STEPS):
                value = self._result(function, {}, has_aux=False)
            made = self.calls.made
        except (OutOfBudget, RecursionError):
            return "", "", False
        finally:
            self.calls.made = None
        own = function.module.names(function.node).stores
        returned = value.place
        finished = returned is not None and returned.root.kind == "computed" and set(value.deps) == {returned}
        if finished and returned is not None and returned.root.name not in own and not returned.path:
            return "stale", returned.root.name, True
        before = steps.finished_before(value, optimized, made, own)
        if before:
            return "stale", before, False
        return "no backward" if steps.computes_no_gradients(function.node, made) else "", "", False


def find(text: str, filename: str, catalogue: Catalogue, project: Project, everything: bool = False) -> Subjects:
    """All subjects of a program, ready for the rules. Raises SyntaxProblem.

    Sites whose parameter simply reaches the result are left out, unless `everything` is asked for.
    """
    module = ModuleFacts(text, filename)
    run = Interpreter()
    calls = Calls(run, catalogue, project)
    recorder = Recorder(calls)
    project.start()
    frame = Frame(None, module, 0)
    for node in statements(module.tree):
        # a statement that is too deep or too costly is the only one that is not understood
        _guarded(lambda: run.statement(node, frame))  # noqa: B023  # called at once
    functions = _read_functions(run, calls)
    _guarded(recorder.finish)
    sites: list[Site] = []
    for finding in recorder.findings:
        if everything or finding.flow != "reaches" or finding.terms or finding.model:
            _guarded(lambda: sites.append(describe.site(finding, module, everything)))  # noqa: B023  # called at once
    return Subjects(
        tuple(sites),
        tuple(_loose(functions, recorder)),
        tuple(describe.step_closure(finding, module) for finding in recorder.steps),
        tuple(sorted(project.dependencies)),
        tuple(_passed_over(recorder, module)) if everything else (),
    )


def _passed_over(recorder: Recorder, module: ModuleFacts) -> Iterator[PassedOver]:
    """The calls of differentiators in this file that nothing was found about."""
    used = {finding.node for finding in recorder.findings}
    for node, (differentiator, owner, reason) in recorder.passed_over.items():
        if node not in used and owner is module:
            yield describe.passed_over(differentiator, node, module, reason)


def _loose(functions: list[tuple[Function, Class | None]], recorder: Recorder) -> Iterator[LooseObjective]:
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


_WEIGHT_NAMES = frozenset("W w weight weights params param theta p beta b coef coeffs parameters Theta".split())
_LOSS_NAMES = frozenset(
    "loss cost objective error nll energy neg_log_likelihood loss_fn loss_func compute_loss".split()
)


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


def _guarded(action: Callable[[], object]) -> None:
    """Run a part of the analysis; one that grows too large or too deep only knows less."""
    with suppress(OutOfBudget, RecursionError):
        action()


def _read_functions(run: Interpreter, calls: Calls) -> list[tuple[Function, Class | None]]:
    """Read every function on its own, its arguments unknown; methods after the constructor of their class."""
    done: list[tuple[Function, Class | None]] = []
    selves: dict[int, Value] = {}
    while run.defined:
        batch = run.defined
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
            _guarded(lambda: _read(function, receiver, run, calls))  # noqa: B023  # called at once
            run.heap, run.expecting_failure, run.cutting, run.loop_exits = kept, 0, [], []
            run.epoch, run.depth = 0, 0
            calls.stack.clear()
            calls.outermost.clear()
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
            _guarded(lambda: calls.call_function(function, Arguments(), function.node))  # noqa: B023
            run.depth = 0
            calls.stack.clear()
            calls.outermost.clear()
    return receiver


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
    calls.body(function, frame)


def _reads_past(finding: Finding) -> bool:
    """Whether an objective that never reads its parameter names the variable that holds the point."""
    place = None if finding.point is None else finding.point.value.place
    if finding.flow != "never read" or place is None or place.root.kind == "literal":
        return False
    return any(read.root is place.root and read.path == place.path for read in finding.reads)


def _is_code(value: Value) -> bool:
    return any(isinstance(option.shape, CODE) for option in alternatives(value))


def _related(first: Place, second: Place) -> bool:
    """Whether one was computed from the other, directly or by way of others."""
    return first.root in _ancestors(second.root) or second.root in _ancestors(first.root)


def _ancestors(root: Root) -> set[Root]:
    found: set[Root] = set()
    stack = [root]
    while stack and len(found) < 200:
        current = stack.pop()
        if current not in found:
            found.add(current)
            stack.extend(place.root for place in current.sources)
    return found


def _hands_on_in_order(function: Function, name: str) -> bool:
    """Whether all calls of `name` begin with the function's own parameters, as in `lambda v: fun(v, data)`."""
    own = [item.name for item in function.module.parameters(function.node)[len(function.args) :] if not item.star]
    stack: list[cst.CSTNode] = [function.node.body]
    while stack:
        current = stack.pop()
        if isinstance(current, cst.Call) and dotted_name(current.func) == name:
            given = [arg.value for arg in current.args if arg.keyword is None]
            for parameter, value in zip(own, given, strict=False):
                if isinstance(value, cst.Name) and value.value != parameter:
                    return False
        stack.extend(children(current))
    return True


def _is_option(default: cst.BaseExpression | None) -> bool:
    """Whether a parameter's default is no number, so that no fit varies it: `None`, a switch, a string."""
    if isinstance(default, cst.Name):
        return default.value in ("None", "True", "False")
    return isinstance(default, cst.SimpleString | cst.ConcatenatedString)


def _depends_on(deps: Dependences, root: Root) -> bool:
    return any(place.root is root for place in deps)


def _defaulted(function: Function, at: Arguments) -> dict[str, Value]:
    """The defaults of the parameters that a call of the objective leaves to them."""
    parameters = function.module.parameters(function.node)[len(function.args) :]
    if any(item.star for item in at.items):
        return {}
    return {
        item.name: function.defaults[item.name]
        for index, item in enumerate(parameters)
        if item.name in function.defaults and at.find(index, (item.name,)) is None
    }


def _entry(value: Value, key: str) -> Value:
    """What counts of a returned value: the entry of that key if it is a dict, else all of it."""
    entries = value.shape.values if isinstance(value.shape, Entries) else {}
    return entries.get(key, value)


def _is_finished(value: Value) -> bool:
    """Whether a result is nothing but a number that was computed before."""
    return value.place is not None and set(value.deps) == {value.place} and value.place.root.kind != "object"


def _literal_arguments(arguments: Arguments) -> LiteralArguments:
    positional = tuple(_literal(item.node) for item in arguments.positional)
    keywords = {key: _literal(item.node) for key, item in arguments.keywords.items()}
    return LiteralArguments(positional, keywords)


class LiteralArguments(NamedTuple):
    """The arguments of a call as far as they are literals: numbers, strings, tuples of these; `...` for others."""

    positional: tuple[object, ...]
    keywords: dict[str, object]


def _literal(node: cst.BaseExpression | None) -> object:
    if isinstance(node, cst.Integer):
        return node.evaluated_value
    if isinstance(node, cst.SimpleString):
        return node.raw_value
    if isinstance(node, cst.Name) and node.value in ("True", "False", "None"):
        return {"True": True, "False": False, "None": None}[node.value]
    if isinstance(node, cst.UnaryOperation) and isinstance(node.operator, cst.Minus):
        inner = _literal(node.expression)
        return -inner if isinstance(inner, int) else ...
    if isinstance(node, cst.Tuple | cst.List):
        parts = tuple(_literal(element.value) for element in node.elements)
        return ... if any(part is ... for part in parts) else parts
    return ...
