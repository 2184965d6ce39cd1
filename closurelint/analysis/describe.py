"""Turns what the analysis saw, syntax nodes and all, into the plain data that rules look at."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import libcst as cst

from closurelint.analysis import claims
from closurelint.analysis.captures import captured_state, common_text, libraries, literals, terms_of_point
from closurelint.analysis.facts import ModuleFacts, children, dotted_name
from closurelint.analysis.fixes import Fixes
from closurelint.analysis.syntax import names_in, parameter_node
from closurelint.analysis.values import Dependences, Function, Place, Root, united
from closurelint.diagnostic import Position, Range
from closurelint.subjects import LooseObjective, Objective, Parameter, PassedOver, Point, Site, Step, StepClosure

if TYPE_CHECKING:
    from closurelint.analysis.findings import Finding, StepFinding
    from closurelint.catalogue import Differentiator


def site(finding: Finding, module: ModuleFacts, everything: bool = False) -> Site:
    """A finding as plain data; with its steps if everything is asked for."""
    function, differentiator = finding.objective, finding.differentiator
    captures = captured_state(finding)
    point = _point(finding, module)
    callee = finding.node.func if isinstance(finding.node, cst.Call) else finding.node
    fixes = Fixes(finding, captures) if module.exact else None
    model = finding.model[0].text if finding.model else ""
    return Site(
        filename=module.filename,
        scope=finding.frame.scope,
        range=_range(module, finding.node),
        differentiator=differentiator.name,
        spelled=_spelled(module, callee),
        origin=differentiator.origin,
        family=differentiator.family,
        delivery=differentiator.delivery,
        consequence=differentiator.consequence,
        objective=_objective(function),
        parameter=_parameter(finding),
        point=point,
        captures=captures,
        constants=literals(finding),
        libraries=libraries(finding) if differentiator.delivery == "trial" and not captures else (),
        terms=terms_of_point(finding),
        finished=finding.finished,
        tolerated=finding.tolerated,
        identity=differentiator.identity,
        takes_gradient=differentiator.takes_gradient,
        model=model,
        reaches_model=finding.flow == "reaches" or not finding.model,
        derived=differentiator.kind == "overridden",
        claim=claims.of_site(finding, captures, point) if module.exact else None,
        rename=fixes.rename() if fixes else None,
        use_parameter=fixes.use_parameter() if fixes else None,
        write_through=fixes.write_through() if fixes else None,
        recompute=fixes.recompute() if fixes else None,
        steps=_steps(finding) if everything else (),
    )


def passed_over(differentiator: Differentiator, node: cst.CSTNode, module: ModuleFacts, reason: str) -> PassedOver:
    """A call of a differentiator about which nothing is claimed."""
    callee = node.func if isinstance(node, cst.Call) else node
    return PassedOver(differentiator.name, _spelled(module, callee), _range(module, node), reason)


def _steps(finding: Finding) -> tuple[Step, ...]:
    """What each statement of the objective itself computed from; one that ran again counts with all its runs."""
    module = finding.objective.module
    body = finding.objective.node.body
    own = {finding.objective.node, *_statements_in(body)}
    gathered: dict[cst.CSTNode, Dependences] = {}
    for node, deps in finding.trail:
        if node in own and not (node is finding.objective.node and isinstance(node, cst.FunctionDef)):
            gathered[node] = united(gathered[node], deps) if node in gathered else deps
    steps = []
    for node, deps in gathered.items():
        shown = node.body if isinstance(node, cst.Lambda) else node
        cuts = [cut for place, cut in deps.items() if place.root is finding.root]
        by_root: dict[Root, list[Place]] = {}
        for place in deps:
            if place.root is not finding.root and place.root.kind != "literal":
                by_root.setdefault(place.root, []).append(place)
        reads = tuple(sorted({common_text(root, places) for root, places in by_root.items()}))
        text = " ".join(module.source(shown).split())
        steps.append(Step(module.range(shown), text, reads, bool(cuts), min(cuts).operation if cuts else ""))
    return tuple(steps)


def _statements_in(node: cst.CSTNode) -> Iterator[cst.CSTNode]:
    """The statements of a body that compute something, not those of functions in it."""
    if isinstance(node, cst.Assign | cst.AugAssign | cst.Return):
        yield node
    elif not isinstance(node, cst.BaseExpression):
        for child in children(node):
            if not isinstance(child, cst.FunctionDef | cst.ClassDef):
                yield from _statements_in(child)


def step_closure(finding: StepFinding, module: ModuleFacts) -> StepClosure:
    """A closure for a re-evaluating optimiser as plain data."""
    function = finding.objective
    claim = None
    if finding.fault == "stale" and finding.returned:
        claim = claims.of_step(function, finding.captured, finding.node)
    return StepClosure(
        _objective(function),
        finding.fault,  # type: ignore[arg-type]  # one of the three that StepFault names
        finding.optimizer,
        module.filename,
        finding.frame.scope,
        module.range(finding.node),
        finding.captured,
        claim,
        finding.returned,
    )


def loose(function: Function, parameter: str, reads: str) -> LooseObjective:
    """A loss closure that nothing known uses, as plain data."""
    node = parameter_node(function, parameter)
    module = function.module
    described = Parameter(parameter, module.range(node.name), "never read")
    claim = claims.of_loose(function, parameter)
    return LooseObjective(_objective(function), described, reads, module.filename, function.scope, claim)


def _objective(function: Function) -> Objective:
    module, node = function.module, function.node
    if isinstance(node, cst.Lambda):
        return Objective("", "lambda", module.range(node), module.source(node), module.filename, function.scope)
    kind = "method" if function.frame.is_class else "function"
    return Objective(
        node.name.value,
        kind,  # type: ignore[arg-type]  # one of the three kinds
        module.range(node.name),
        module.source(node),
        module.filename,
        function.scope,
    )


def _parameter(finding: Finding) -> Parameter:
    module = finding.objective.module
    if not finding.parameter:
        where = _objective(finding.objective).range
        return Parameter("", where, "severed" if finding.flow == "severed" else "never read", finding.cut.operation)
    node = parameter_node(finding.objective, finding.parameter)
    reads = [
        name
        for name in names_in(finding.objective.node.body)
        if name.value == finding.parameter and finding.flow in ("dead", "severed")
    ]
    last = module.range(reads[-1]) if reads else None
    return Parameter(
        finding.parameter,
        module.range(node.name),
        finding.flow,  # type: ignore[arg-type]  # one of those that Flow names
        finding.cut.operation,
        last,
        finding.handed_to,
    )


def _point(finding: Finding, module: ModuleFacts) -> Point | None:
    argument = finding.point
    if argument is None or argument.node is None:
        return None
    text = module.source(argument.node)
    value = argument.value
    copied = value.place is None or bool(
        value.place.root.fresh and any(True for source in value.place.root.sources) and not value.place.path
    )
    written = _range(module, argument.node)
    if written.end == written.start:
        written = _range(module, finding.node)  # another file's, which the call reaches
    return Point(text, written, finding.shared, copied and finding.shared is False)


def _range(module: ModuleFacts, node: cst.CSTNode) -> Range:
    found = module.range(node)
    if found.end > found.start:
        return found
    # made up by a decorator, or of another file: the definition that it stands on
    inner = getattr(node, "decorator", None) or getattr(node, "name", None)
    return module.range(inner) if inner is not None else Range(Position(1, 1), Position(1, 1))


def _spelled(module: ModuleFacts, callee: cst.CSTNode) -> str:
    if isinstance(callee, cst.Decorator):
        callee = callee.decorator
    return dotted_name(callee) or module.source(callee).partition("\n")[0][:60]
