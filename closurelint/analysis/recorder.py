"""Listens to the interpreter: keeps every use of a differentiator, with its objective, as a finding."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import libcst as cst

from closurelint.analysis import steps
from closurelint.analysis.calls import Calls
from closurelint.analysis.differentiated import chosen_parameters, literal_arguments, points_of
from closurelint.analysis.expectations import asserts_zero
from closurelint.analysis.facts import ModuleFacts
from closurelint.analysis.findings import Finding, StepFinding
from closurelint.analysis.forwarding import makes_functions, passed_on, was_passed
from closurelint.analysis.objectives import Objectives
from closurelint.analysis.probe import OwnDifferentiators
from closurelint.analysis.unfinished import gives_nothing
from closurelint.analysis.values import (
    CODE,
    NOTHING,
    Applied,
    Argument,
    Arguments,
    Class,
    Derivative,
    Entries,
    Frame,
    Function,
    Imported,
    Instance,
    Items,
    LibraryObject,
    Member,
    Value,
    alternatives,
    united,
)

if TYPE_CHECKING:
    from closurelint.catalogue import Differentiator

_STARTS = frozenset({"run", "init_state", "run_mcmc", "sample", "solve"})
_START_KEYWORDS = ("init_params", "initial_state", "x0", "p0", "params")
"""How solvers and samplers that are objects are started, and what they call their start."""

_ONE_OF_SEVERAL = "each of its values is as good as another, so the best one is arbitrary"
_NO_LIMIT = "the constraint limits nothing"


class Recorder:
    """Keeps the sites that the interpreter comes by."""

    def __init__(self, calls: Calls) -> None:
        self.calls = calls
        self.run = calls.run
        self.catalogue = calls.catalogue
        self.objectives = Objectives(calls)
        self.own = OwnDifferentiators(calls)
        self.findings: list[Finding] = []
        self.steps: list[StepFinding] = []
        self.handed: set[cst.CSTNode] = set()
        self.passed_over: dict[cst.CSTNode, tuple[Differentiator, ModuleFacts, str]] = {}
        self._derivatives: list[tuple[Derivative, Frame, tuple[cst.CSTNode, Frame] | None]] = []
        self._seen: set[tuple[cst.CSTNode, cst.CSTNode, str]] = set()
        self._of_zero: dict[cst.CSTNode, bool] = {}
        calls.recorder = self

    # -- what calls report ---------------------------------------------------------------------------------------------

    def apply(
        self,
        differentiator: Differentiator,
        arguments: Arguments,
        node: cst.CSTNode,
        frame: Frame,
        receiver: LibraryObject | None = None,
    ) -> Value:
        """A differentiator is called."""
        objective = self._objective(differentiator, arguments)
        if objective is None and receiver is not None:
            objective = self._objective(differentiator, receiver.arguments)
        given = united(*(item.value.deps for item in arguments.items))
        if differentiator.kind == "decorator factory" and objective is not None and not _is_code(objective.value):
            return Value(shape=Applied(Value(shape=Imported(differentiator.name)), Arguments()), node=node)
        later = differentiator.point.kind == "returned"
        if objective is None and differentiator.kind == "class" and not later:
            # it does without one, or gets it later: `problem = Problem(2, 1)`
            return self.calls.library.make(differentiator.name, arguments, node)
        if objective is None and (differentiator.entries or differentiator.objective_position is None):
            # `cross_val_score(model, X, y)`
            return self.calls.unseen.opaque(Value(shape=Imported(differentiator.name)), arguments, node)
        if objective is None:
            return Value(shape=Applied(Value(shape=Imported(differentiator.name)), arguments), node=node)
        if self.run.epoch:
            if later:
                made = Derivative(differentiator, objective.value, arguments, node, frame.module)
                return Value(NOTHING, shape=made, node=node)
            return self.calls.unseen.opaque(Value(), arguments, node)
        self._hand(objective.value)
        if later:
            made = Derivative(differentiator, objective.value, arguments, node, frame.module)
            outermost = self.calls.inlining.outermost
            self._derivatives.append((made, frame, outermost[0] if outermost else None))
            return Value(given, shape=made, node=node)
        if differentiator.kind == "class" and receiver is None:
            at = arguments if differentiator.point.kind in ("argument", "rest") else Arguments()
            self._use(differentiator, objective.value, arguments, at, node, frame)
            return Value(given, None, LibraryObject(differentiator.name, arguments, node), node=node, fresh=True)
        self._use_constraints(differentiator, arguments, node, frame)
        self._use(differentiator, objective.value, arguments, arguments, node, frame)
        return Value(given, None, None, False, node)

    def apply_to(
        self, differentiator: Differentiator, objective: Value, arguments: Arguments, node: cst.CSTNode, frame: Frame
    ) -> Value:
        """A method is called that differentiates what its object keeps."""
        code = self._hand(objective)
        if frame.inlined and self.calls.inlining.outermost and not any(each.frame.inlined for each in code):
            # a method that is looked into calls it: the use is the call of that one
            node, frame = self.calls.inlining.outermost[0]
        self._use(differentiator, objective, arguments, arguments, node, frame)
        return Value(united(*(item.value.deps for item in arguments.items)), None, None, False, node)

    def _use_constraints(
        self, differentiator: Differentiator, arguments: Arguments, node: cst.CSTNode, frame: Frame
    ) -> None:
        """The functions that limit the search, alone or in a list, each as it is or as the entry of a dict.

        Whoever limits the distance to the start reads that too: only what ignores its parameter is wrong.
        """
        limiting = replace(
            differentiator, family="constraint", consequence=_NO_LIMIT, aux="", tolerated_by=(), slope=None
        )
        before = len(self.findings)
        for keyword in differentiator.tolerated_by:
            given = arguments.find(None, (keyword,))
            for part in () if given is None else self._parts(given.value):
                held = part if _is_code(part) else self.run.entry(part, "fun")
                if _is_code(held):
                    self._hand(held)
                    self._use(limiting, held, Arguments(), arguments, node, frame)
        self.findings[before:] = [item for item in self.findings[before:] if item.flow != "reaches"]

    def _parts(self, value: Value) -> list[Value]:
        """What is in a list or tuple; the value itself if it is none."""
        parts: list[Value] = []
        for option in alternatives(value):
            if isinstance(option.shape, Items):
                parts += option.shape.values
                parts.append(self.run.element(option, None))
            else:
                parts.append(option)
        return [each for part in parts for each in alternatives(part)]

    def _hand(self, objective: Value) -> list[Function]:
        """The functions that an objective may be, which are handed over now."""
        code = [option.shape for option in alternatives(objective) if isinstance(option.shape, Function)]
        self.handed.update(each.node for each in code)
        return code

    def _objective(self, differentiator: Differentiator, arguments: Arguments) -> Argument | None:
        """The argument that is the objective, or that holds it as an entry of a dict."""
        found = arguments.find(differentiator.objective_position, differentiator.objective_keywords)
        if found is None or not differentiator.entries or _is_code(found.value):
            return found
        named = arguments.find(None, differentiator.objective_keywords)
        if named is not None and _is_code(named.value):
            return named
        for key in differentiator.entries:
            held = self.run.entry(found.value, key)
            if _is_code(held):
                return found._replace(value=held)
        return None

    def assigned(self, owner: Value, name: str, value: Value, target: cst.CSTNode, frame: Frame) -> None:
        """An attribute is set: the objective of a library's object, perhaps."""
        shape = owner.shape
        found = self.catalogue.attribute(shape.dotted, name) if isinstance(shape, LibraryObject) else None
        if found is None or self.run.epoch:
            return
        self._hand(value)
        self._use(found, value, Arguments(), Arguments(), target, frame)

    def apply_method(
        self, receiver: Value, name: str, arguments: Arguments, node: cst.CSTNode, frame: Frame
    ) -> Value | None:
        """A method is called; None if it is no differentiator."""
        shape = receiver.shape
        if isinstance(shape, LibraryObject):
            found = self.catalogue.method(shape.dotted, name) or self._told_by_entries(shape, name, arguments)
            if found is None or not found.is_meant(literal_arguments(arguments).positional):
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
                if told and self._objective(candidate, arguments) is not None:
                    return self.apply(candidate, arguments, node, frame)
        return None

    def _told_by_entries(self, receiver: LibraryObject, name: str, arguments: Arguments) -> Differentiator | None:
        """The method of that name that is handed its objective in such a dict, of some class of the same library."""
        library = receiver.dotted.partition(".")[0]
        for candidate in self.catalogue.methods_named(name):
            same = candidate.name.partition(".")[0] == library
            if same and candidate.entries and self._objective(candidate, arguments) is not None:
                return candidate
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
        """The function that a differentiator returned is called: now the point is known.

        A call in code that is looked into says nothing of an objective that this code was not given.
        """
        if frame.inlined and _is_of_others(derivative.objective.shape, frame):
            return
        for known, _, _ in self._derivatives:
            if known.node is derivative.node and _code_of(known) == _code_of(derivative):
                known.called = True
        self._use(
            derivative.differentiator, derivative.objective, derivative.arguments, arguments, derivative.node, frame
        )

    def overriding(self, owner: Class, function: Function, receiver: Value | None) -> None:
        """A method of a class is read: it may be what a library calls as the objective."""
        node = function.node
        if receiver is None or not isinstance(node, cst.FunctionDef):
            return
        for base in owner.library_bases:
            differentiator = self.catalogue.overridden(base, node.name.value)
            if differentiator is not None and not any(name in owner.members for name in differentiator.beside):
                method = replace(function, args=(receiver,))
                frame = Frame(function.frame, function.module, 0, owner.scope)
                at = owner.node.bases[0].value if owner.node.bases else node.name
                self._use_function(differentiator, method, Arguments(), Arguments(), at, frame)
                return

    def finish(self) -> None:
        """Analyse the objectives whose derivative is never called here."""
        for derivative, frame, caller in self._derivatives:
            if derivative.called:
                continue
            if caller is not None:
                # made by a function that was looked into, for that call's objective
                self.calls.inlining.outermost.append(caller)
            self._use(
                derivative.differentiator,
                derivative.objective,
                derivative.arguments,
                Arguments(),
                derivative.node,
                frame,
            )
            if caller is not None:
                self.calls.inlining.outermost.pop()

    def _differentiated_again(self, outer: Differentiator, inner: Derivative, at: Arguments, frame: Frame) -> None:
        """A derivative is differentiated in its turn, or followed: the point of the one is the point of the other."""
        alike = outer.takes_gradient or outer.differentiated.positions == (0,)
        if alike and outer.point.kind in ("returned", "argument", "rest"):
            self.called(inner, points_of(outer, at), inner.node, frame)

    # -- one use -------------------------------------------------------------------------------------------------------

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
        before = len(self.findings)
        for option in alternatives(objective):
            shape = option.shape
            if isinstance(shape, Imported) and shape.origin is not None and not frame.inlined:
                shape = self._imported_objective(shape)
            elif shape is None and isinstance(option.node, cst.Call) and not frame.inlined:
                shape = self._made_elsewhere(option.node, frame)
            method = self.calls.called_method(option, node)
            if method is not None:
                shape = method.shape
            if isinstance(shape, Function):
                self._use_function(differentiator, shape, options, at, node, frame)
            elif isinstance(shape, Derivative):
                self._differentiated_again(differentiator, shape, at, frame)
        found = self.findings[before:]
        if any(item.flow == "reaches" for item in found):
            # of functions that are called alike, one may well need only the other arguments
            self.findings[before:] = [item for item in found if not _needs_only_others(item)]

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

    def _made_elsewhere(self, node: cst.Call, frame: Frame) -> Function | None:
        """The objective that a function of another file makes: `make_objective(model, data)`."""
        callee = self.run.expression(node.func, frame)
        shape = self.calls.shape_elsewhere(callee.shape) if isinstance(callee.shape, Imported) else None
        if not isinstance(shape, Function) or not makes_functions(shape):
            return None
        made = self.calls.call(replace(callee, shape=shape), self.calls.given(node, callee, frame), node, frame)
        return made.shape if isinstance(made.shape, Function) else None

    def _use_function(
        self,
        differentiator: Differentiator,
        function: Function,
        options: Arguments,
        at: Arguments,
        node: cst.CSTNode,
        frame: Frame,
    ) -> None:
        helped = frame.inlined
        if helped:
            # a call that is looked into: its own sites are found when its function is read on its own
            passed = passed_on(function) if function.frame.inlined else function
            if passed is None or not was_passed(passed, frame) or not self.calls.inlining.outermost:
                return
            function = passed
            node, frame = self.calls.inlining.outermost[0]
        no_result = _raises_only(function) and not differentiator.reports and differentiator.writes is None
        if self.calls.inlining.is_unfinished(function) or no_result or function.node in self.calls.failing:
            self._pass_over(differentiator, node, frame, "its objective is unfinished, or is expected to fail")
            return
        if _tries_one(differentiator, options):
            self._pass_over(differentiator, node, frame, "it tries a single candidate, which none is better than")
            return
        self._pass_over(differentiator, node, frame, "it cannot be told which parameter is differentiated, or where")
        if differentiator.model is not None:
            self._use_model(differentiator, function, options, at, node, frame)
            return
        chosen = chosen_parameters(differentiator, function, options, at)
        if not chosen:
            self._pass_over(differentiator, node, frame, "it cannot be told which parameter is differentiated")
            return
        key = (node, function.node, ",".join(item.name for item in chosen))
        if key in self._seen:
            return
        self._seen.add(key)
        self._pass_over(differentiator, node, frame, "its objective uses what is varied")
        found = self.objectives.analysed(differentiator, function, chosen, options, at, node, frame)
        if found is None:
            self._pass_over(differentiator, node, frame, "its objective is too large to be followed")
            return
        if helped:
            # the helper may differentiate only what it finds to be no gradient yet
            found = [item for item in found if item.flow != "severed" or not _is_meant(item)]
        reaches = any(item.flow == "reaches" for item in found)
        if self.run.expecting_number:
            # the gradient is compared with a number that is written out: what is missing of it is known to be
            found = [item for item in found if item.flow != "reaches"]
        if differentiator.report == "severed":
            # numbers that are written out are no state that could stand in for the parameter
            found = [
                item for item in found if item.flow == "severed" or (item.flow != "reaches" and not _may_stand_in(item))
            ]
        together = function.spread or differentiator.differentiated.kind in ("all", "trainable")
        if together and reaches:
            # it may well be indifferent to one of many, but not if it reads that one's point past its parameter
            every = differentiator.differentiated.kind == "all"
            alone = [item for item in found if item.flow != "reaches" and _is_searched_alone(item, options, frame)]
            for item in alone if differentiator.delivery == "trial" else ():
                item.differentiator = replace(differentiator, consequence=_ONE_OF_SEVERAL)
            kept = [item for item in found if item.flow == "reaches" or (every and _reads_past(item))]
            kept += [item for item in found if item not in kept and self._trains_past(item)]
            found = alone or kept
        self.findings.extend(found)

    def _trains_past(self, finding: Finding) -> bool:
        """Whether the point of an ignored parameter is read another way, and was made with `requires_grad=True`."""
        place = None if finding.point is None else finding.point.value.place
        if place is None or finding.flow != "never read" or place not in finding.deps:
            return False
        written = [item.value.node for item in self.run.heap.get(place.root, ()) if item.place == place]
        return any(_requires_grad(node) for node in (place.root.node, *written))

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
        places = () if model is None else self.objectives.model_places(model.value, node)
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
        found = self.objectives.reaching_model(differentiator, function, model, places, given, node, frame)
        if found is not None:
            self.findings.append(found)

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
            if not self.calls.inlining.is_unfinished(function) and function.module is frame.module:
                fault, captured, returned = steps.step_fault(self.objectives, function, optimized)
                if fault:
                    name = differentiator.name
                    self.steps.append(StepFinding(function, fault, node, frame, name, captured, returned))


def _is_of_others(objective: object, frame: Frame) -> bool:
    """Whether an objective was neither made by the code that is looked into, nor handed to it."""
    return isinstance(objective, Function) and not objective.frame.inlined and not was_passed(objective, frame)


def _raises_only(function: Function) -> bool:
    node = function.node
    return isinstance(node, cst.FunctionDef) and gives_nothing(node)


def _tries_one(differentiator: Differentiator, options: Arguments) -> bool:
    """Whether a search is for a single candidate, as in a test of what is around it."""
    tried = None if differentiator.tries is None else options.find(differentiator.tries[0], differentiator.tries[1:])
    return tried is not None and isinstance(tried.node, cst.Integer) and tried.node.evaluated_value == 1


def _reads_past(finding: Finding) -> bool:
    """Whether an objective that never reads its parameter names the variable that holds the point."""
    place = None if finding.point is None else finding.point.value.place
    if finding.flow != "never read" or place is None or place.root.kind == "literal":
        return False
    return any(read.root is place.root and read.path == place.path for read in finding.reads)


def _may_stand_in(finding: Finding) -> bool:
    """Whether the result depends on anything from outside that is no number written out."""
    function = finding.objective
    own = {parameter.name for parameter in function.module.parameters(function.node)}
    given = (place for place in finding.deps if place.root.kind != "argument" or place.root.name not in own)
    return any(not _is_number(place.root.node) for place in (*finding.reads, *given))


def _is_searched_alone(finding: Finding, options: Arguments, frame: Frame) -> bool:
    """Whether the call names the parameter among those that are searched one by one: a key of `pbounds`, `slope=0`."""
    point, held = finding.differentiator.point, finding.differentiator.held
    if held and any(word.startswith(held) for word in frame.module.words):
        # `fit.fixed["slope"] = True`, here or under whatever name the fit goes elsewhere
        return False
    if finding.differentiator.each and finding.parameter in options.keywords:
        return True
    named = options.find(point.position, point.keywords) if finding.differentiator.each else None
    return (
        named is not None and isinstance(named.value.shape, Entries) and finding.parameter in named.value.shape.values
    )


def _requires_grad(node: cst.CSTNode | None) -> bool:
    given = node.args if isinstance(node, cst.Call) else ()
    named = [arg.value for arg in given if arg.keyword is not None and arg.keyword.value == "requires_grad"]
    return any(isinstance(value, cst.Name) and value.value == "True" for value in named)


def _needs_only_others(finding: Finding) -> bool:
    """Whether an objective that never reads its parameter is computed from its other arguments and nothing else."""
    others = bool(finding.deps) and all(place.root.kind == "argument" for place in finding.deps)
    return finding.flow == "never read" and others


def _is_meant(finding: Finding) -> bool:
    """Whether the parameter is cut off by what says by its name that no gradient is wanted."""
    return any(word in finding.cut.operation for word in ("stop_gradient", "detach", "no_grad"))


def _code_of(derivative: Derivative) -> set[cst.CSTNode]:
    """The functions whose derivative it is, as far as they are known."""
    shapes = [option.shape for option in alternatives(derivative.objective)]
    return {shape.node for shape in shapes if isinstance(shape, Function | Derivative)}


def _is_code(value: Value) -> bool:
    return any(isinstance(option.shape, CODE) for option in alternatives(value))


def _is_number(node: cst.CSTNode | None) -> bool:
    """Whether an expression is a number that is written out, or a row of such numbers."""
    if isinstance(node, cst.UnaryOperation):
        node = node.expression
    if isinstance(node, cst.List | cst.Tuple):
        return bool(node.elements) and all(_is_number(item.value) for item in node.elements)
    return isinstance(node, cst.Integer | cst.Float)
