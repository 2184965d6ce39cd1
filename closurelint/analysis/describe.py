"""Turns what the analysis saw, syntax nodes and all, into the plain data that rules look at."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

import libcst as cst

from closurelint.analysis.facts import ModuleFacts, children, dotted_name
from closurelint.analysis.values import (
    ANY_ITEM,
    Class,
    Dependences,
    Function,
    Imported,
    Instance,
    LibraryObject,
    Place,
    Root,
    Value,
    alternatives,
    united,
)
from closurelint.diagnostic import Edit, Fix, Position, Range
from closurelint.evidence import Claim, Outcome
from closurelint.subjects import (
    Capture,
    LooseObjective,
    Objective,
    Parameter,
    PassedOver,
    Point,
    Site,
    Step,
    StepClosure,
)

if TYPE_CHECKING:
    from closurelint.analysis.dataflow import Read
    from closurelint.analysis.sites import Finding, StepFinding
    from closurelint.analysis.values import Frame
    from closurelint.catalogue import Differentiator

HELPER_LIMIT = 12
PRELUDE_LIMIT = 12
SOURCE_LIMIT = 20_000

_RANK = {"point": 0, "precomputed": 1, "state": 2, "argument": 4}


def site(finding: Finding, module: ModuleFacts, everything: bool = False) -> Site:
    """A finding as plain data; with its steps if everything is asked for."""
    function, differentiator = finding.objective, finding.differentiator
    captures = _captures(finding)
    point = _point(finding, module)
    callee = finding.node.func if isinstance(finding.node, cst.Call) else finding.node
    fixes = _Fixes(finding, captures)
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
        constants=_constants(finding),
        terms=_terms(finding),
        finished=finding.finished,
        tolerated=finding.tolerated,
        identity=differentiator.identity,
        takes_gradient=differentiator.takes_gradient,
        model=model,
        reaches_model=finding.flow == "reaches" or not finding.model,
        claim=_claim(finding, captures, point),
        rename=fixes.rename(),
        use_parameter=fixes.use_parameter(),
        write_through=fixes.write_through(),
        recompute=fixes.recompute(),
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
        reads = tuple(sorted({_common_text(root, places) for root, places in by_root.items()}))
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
        claim = Claim(
            objective=function.module.source(function.node),
            parameters=(),
            outcome="stale",
            delivery="model",
            imports=_imports(function),
            prelude=_prelude(function, {finding.captured}, finding.node),
        )
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
    node = _parameter_node(function, parameter)
    module = function.module
    described = Parameter(parameter, module.range(node.name), "never read")
    claim = Claim(
        objective=module.source(function.node),
        parameters=(parameter,),
        outcome="zero",
        delivery="copy",
        imports=_imports(function),
        helpers=_helpers(function),
    )
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
    node = _parameter_node(finding.objective, finding.parameter)
    reads = [
        name
        for name in _names_in(finding.objective.node.body)
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


def _parameter_node(function: Function, name: str) -> cst.Param:
    return next(item.node for item in function.module.parameters(function.node) if item.name == name)


def _point(finding: Finding, module: ModuleFacts) -> Point | None:
    argument = finding.point
    if argument is None or argument.node is None:
        return None
    text = module.source(argument.node)
    value = argument.value
    copied = value.place is None or bool(
        value.place.root.fresh and any(True for source in value.place.root.sources) and not value.place.path
    )
    return Point(text, _range(module, argument.node), finding.shared, copied and finding.shared is False)


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


# -- captured state -----------------------------------------------------------------------------------------------


def _terms(finding: Finding) -> tuple[str, ...]:
    """Paths of the point in terms without a varied number; one that is cut (`stop_gradient`) is held on purpose.

    Where values are compared, a constant that is written out does no harm; one that a method or helper reads does.
    """
    live = [place for place, cut in finding.terms.items() if not cut.level]
    terms = [place for place in live if _is_point(finding, place)]
    if not terms and finding.differentiator.takes_gradient:
        terms = [place for place in live if _was_computed_of_point(finding, place)]
    if not finding.differentiator.takes_gradient and _names_point(finding, terms):
        return ()
    return tuple(sorted(place.text for place in terms))


def _was_computed_of_point(finding: Finding, place: Place) -> bool:
    """Whether a term is a finished number that was computed from the point, and was not cut off from it on purpose."""
    node = place.root.node
    if place.path or place.root.kind != "computed" or node is None or not _of_point(finding, place.root):
        return False
    text = finding.objective.module.source(node)
    return not any(word in text for word in ("stop_gradient", "detach", ".item(", "float(", "no_grad"))


def _is_point(finding: Finding, place: Place) -> bool:
    return any(mine.overlaps(place) for mine in _point_places(finding))


def _point_places(finding: Finding) -> tuple[Place, ...]:
    """Where the point is stored; after a loop or a branch it may be one of several."""
    if finding.point is None:
        return ()
    return tuple(option.place for option in alternatives(finding.point.value) if option.place is not None)


def _reads_point_itself(finding: Finding, root: Root, read: Read | None) -> bool:
    """Whether the objective's own body names the point, instead of calling something that holds it."""
    point = finding.point
    places = [place for place in _point_places(finding) if place.root is root]
    if point is None or not places or read is None or read.depth:
        return False
    return any(not place.path for place in places) or _names_point(finding, places)


def _names_point(finding: Finding, places: Iterable[Place]) -> bool:
    """Whether the objective's own body spells one of the places out."""
    point, module = finding.point, finding.objective.module
    spelled = {place.text for place in places}
    if point is not None and point.node is not None:
        spelled.add(finding.frame.module.source(point.node))
    return any(
        isinstance(node, cst.Name | cst.Attribute | cst.Subscript) and module.source(node) in spelled
        for node in _expressions_in(finding.objective.node.body)
    )


def _constants(finding: Finding) -> tuple[str, ...]:
    return tuple(sorted({place.root.name for place in finding.deps if place.root.kind == "literal"}))


def _captures(finding: Finding) -> tuple[Capture, ...]:
    by_root: dict[Root, list[Place]] = {}
    order = {place.root: index for index, place in enumerate(finding.reads)}
    for place in finding.deps:
        known = place.root.kind == "literal" and not (finding.finished and _is_computed(place.root))
        if not known or _is_point(finding, place) or _of_point(finding, place.root):
            by_root.setdefault(place.root, []).append(place)
    captures = []
    for root in sorted(by_root, key=lambda item: (order.get(item, 1_000), item.name)):
        captures.append(_capture(finding, root, by_root[root]))
    indexed = sorted(enumerate(captures), key=lambda pair: (_rank(pair[1], by_root, pair[0]), pair[0]))
    return tuple(capture for _, capture in indexed)


def _is_computed(root: Root) -> bool:
    """Whether a number that follows from the text alone is computed there, of others that have names."""
    node = root.node
    return isinstance(node, cst.BinaryOperation | cst.Call) and bool(_names_in(node))


def _rank(capture: Capture, by_root: dict[Root, list[Place]], index: int) -> float:
    if capture.kind == "precomputed":
        return 1.0 if capture.of_point else 3.0
    return float(_RANK[capture.kind])


def _capture(finding: Finding, root: Root, places: list[Place]) -> Capture:
    read = next((read for place, read in finding.reads.items() if place.root is root), None)
    of_point = _of_point(finding, root)
    if any(_is_point(finding, place) for place in places) and _reads_point_itself(finding, root, read):
        kind = "point"
    elif root.kind == "argument" and read is None:
        kind = "argument"
    elif root.kind in ("computed", "literal") and all(not place.path for place in places):
        kind = "precomputed"
    else:
        kind = "state"
    module = root.module or finding.objective.module
    own = finding.objective.module
    origin = module.range(root.node) if root.node is not None and module is own else None
    where = own.range(read.node) if read is not None and read.depth == 0 else None
    if kind == "point":
        at = [place.path for place in _point_places(finding) if place.root is root]
        places = [place for place in places if any(place.path[: len(path)] == path for path in at)] or places
    return Capture(_common_text(root, places), kind, where, origin, of_point)  # type: ignore[arg-type]


def _of_point(finding: Finding, root: Root) -> bool:
    """Whether something was computed from the point."""
    points = _point_places(finding)
    return any(source.overlaps(point) for source in _sources(root) for point in points)


def _sources(root: Root) -> Iterator[Place]:
    """What a root was computed from, and what that was computed from."""
    seen: set[Root] = set()
    stack = [root]
    while stack and len(seen) < 200:
        current = stack.pop()
        if current in seen:
            continue
        seen.add(current)
        for place in current.sources:
            yield place
            stack.append(place.root)


def _common_text(root: Root, places: list[Place]) -> str:
    path = places[0].path
    for place in places[1:]:
        shared = 0
        while shared < min(len(path), len(place.path)) and path[shared] == place.path[shared]:
            shared += 1
        path = path[:shared]
    if len(places) == 1 and len(path) > 2:
        path = path[:2]
    return Place(root, path).text or "captured state"


# -- the claim ----------------------------------------------------------------------------------------------------


def _claim(finding: Finding, captures: tuple[Capture, ...], point: Point | None) -> Claim:
    function = finding.objective
    names = {capture.path.partition(".")[0].partition("[")[0] for capture in captures}
    inferred = finding.differentiator.origin == "body"
    helpers = _helpers(function, finding.met)
    if inferred:
        name = finding.differentiator.name.rpartition(".")[2]
        source = finding.differentiator.source
        if source:
            helpers = (*(item for item in helpers if item[0] != name), (name, source))
    return Claim(
        objective=_source(function),
        parameters=(finding.parameter,),
        outcome=_outcome(finding, captures),
        delivery=finding.differentiator.delivery,
        point=_point_path(finding, point),
        shared=finding.shared,
        imports=_imports(function, finding.met),
        helpers=helpers,
        prelude=_prelude(function, names, finding.node),
        differentiator=finding.differentiator.name.rpartition(".")[2] if inferred else None,
        has_aux=finding.has_aux,
        result=finding.differentiator.result,
        objects=_objects(function, finding.met),
    )


def _source(function: Function) -> str:
    """A function's own text, where what cuts its gradient as a decorator cuts it as a context."""
    node = function.node
    if not function.cut.level or isinstance(node, cst.Lambda):
        return function.module.source(node)
    name = function.cut.operation.strip("`").rpartition(".")[2]
    for item in node.decorators:
        made = item.decorator if isinstance(item.decorator, cst.Call) else cst.Call(item.decorator)
        if dotted_name(made.func).rpartition(".")[2] == name and isinstance(node.body, cst.IndentedBlock):
            inside = cst.With([cst.WithItem(made)], node.body)
            return function.module.source(node.with_changes(body=cst.IndentedBlock([inside])))
    return function.module.source(node)


def _outcome(finding: Finding, captures: tuple[Capture, ...]) -> Outcome:
    if finding.flow == "reaches":
        return "partial"
    if finding.differentiator.delivery == "trial":
        return "flat"
    if finding.differentiator.delivery == "in-place" and finding.shared is not False and captures:
        return "aliased"
    return "zero" if any(capture.kind != "argument" for capture in captures) else "constant"


def _point_path(finding: Finding, point: Point | None) -> str | None:
    """The captured path that holds the point; for a copy, the path of what it is a copy of."""
    argument = finding.point
    if argument is None or point is None:
        return None
    if isinstance(argument.value.shape, Imported):
        # a name of another module, which the functions of that module read without its prefix
        name = argument.value.shape.dotted.rpartition(".")[2]
        return name if any(held.root.name == name for held in finding.deps) else None
    place = _held_place(finding, argument.value)
    if place is None or (finding.shared is False and place.root.fresh and not place.path):
        computed = argument.node if place is None else place.root.node
        original = _original(computed)
        return finding.frame.module.source(original) if original is not None else None
    if ANY_ITEM in place.path:
        if finding.shared is not True:
            return Place(place.root, place.path[:1]).text
        # an item by a key that is not written out is spelled as it is; an element that a loop hands out, by its place
        return point.text if point.text.startswith(place.root.name) else place.text
    return place.text


def _held_place(finding: Finding, value: Value) -> Place | None:
    """Where the point is stored; of several places, the first that the objective reads."""
    options = [option.place for option in alternatives(value) if option.place is not None]
    read = (place for place in options if any(place.overlaps(known) for known in finding.deps))
    return next(read, value.place)


def _original(node: cst.CSTNode | None) -> cst.BaseExpression | None:
    """What was copied: `net.W` of `net.W.copy()`, of `np.array(net.W)` and of `net.W + 0`."""
    while node is not None:
        if isinstance(node, cst.Call):
            method = isinstance(node.func, cst.Attribute) and not (node.args and isinstance(node.func.value, cst.Name))
            if method and isinstance(node.func, cst.Attribute):
                node = node.func.value
            else:
                node = node.args[0].value if node.args else None
        elif isinstance(node, cst.BinaryOperation):
            node = node.left
        else:
            return node if isinstance(node, cst.Attribute | cst.Subscript) else None
    return None


def _visible(frame: Frame | None, name: str) -> Value | None:
    while frame is not None:
        if not frame.is_class and name in frame.variables:
            return frame.variables[name]
        frame = frame.parent
    return None


def _imports(function: Function, met: Mapping[str, Function | Class] | None = None) -> tuple[tuple[str, str], ...]:
    """Every name in reach that stands for something imported, also by assignment: `partial = functools.partial`."""
    found = dict(function.module.imports)
    frame: Frame | None = function.frame
    while frame is not None:
        for name, value in frame.variables.items():
            if isinstance(value.shape, Imported):
                found.setdefault(name, value.shape.dotted)
        frame = frame.parent
    for code in (met or {}).values():
        for name, dotted in code.module.imports.items():
            found.setdefault(name, dotted)
    return tuple(sorted(found.items()))


def _helpers(function: Function, met: Mapping[str, Function | Class] | None = None) -> tuple[tuple[str, str], ...]:
    """Source of the project's functions and classes that the objective reaches by name.

    met: those of other files, by the name that they were imported by; `from . import network` reaches `.network.apply`.
    """
    found: dict[str, str] = {}
    queue: list[tuple[frozenset[str], Frame]] = [(function.module.names(function.node).free, function.frame)]
    size = 0
    while queue and len(found) < HELPER_LIMIT:
        loads, frame = queue.pop(0)
        for name in sorted(loads):
            value = _visible(frame, name)
            for label, shape in _code_behind(name, value, met or {}) if value is not None else ():
                if label in found:
                    continue
                source = _source(shape) if isinstance(shape, Function) else shape.module.source(shape.node)
                size += len(source)
                if size > SOURCE_LIMIT or shape.node is function.node:
                    continue
                found[label] = source
                if isinstance(shape, Function):
                    queue.append((shape.module.names(shape.node).free, shape.frame))
    return tuple(found.items())


def _code_behind(
    name: str, value: Value, met: Mapping[str, Function | Class]
) -> Iterator[tuple[str, Function | Class]]:
    """The project's functions and classes that a name stands for, or leads to, each with what it goes by."""
    for option in alternatives(value):
        shape = option.shape.cls if isinstance(option.shape, Instance) else option.shape
        if isinstance(shape, LibraryObject) and shape.dotted in met:
            shape = met[shape.dotted]
        if isinstance(shape, Imported):
            for dotted, code in met.items():
                if dotted == shape.dotted:
                    yield name, code
                elif dotted.startswith(shape.dotted + "."):
                    yield dotted, code
        elif isinstance(shape, Class):
            yield shape.node.name.value, shape
        elif isinstance(shape, Function):
            yield name, shape


def _objects(function: Function, met: Mapping[str, Function | Class] | None = None) -> tuple[tuple[str, str], ...]:
    found: dict[str, str] = {}
    for name in sorted(function.module.names(function.node).free):
        value = _visible(function.frame, name)
        for option in alternatives(value) if value is not None else ():
            shape = option.shape.cls if isinstance(option.shape, Instance) else option.shape
            if isinstance(shape, LibraryObject):
                shape = (met or {}).get(shape.dotted)
            if isinstance(shape, Class) and not isinstance(option.shape, Class):
                found.setdefault(name, shape.node.name.value)
    return tuple(found.items())


def _prelude(function: Function, names: set[str], before: cst.CSTNode) -> tuple[str, ...]:
    """The statements of the enclosing block, up to the site, that the captured names were computed by."""
    module = function.module
    lines = list(_lines_before(module, function, before))
    wanted = set(names)
    chosen: list[str] = []
    for line in reversed(lines):
        bound, read = _bound_and_read(line)
        if bound & wanted and len(chosen) < PRELUDE_LIMIT:
            chosen.append(module.source(line))
            wanted |= read
    return tuple(reversed(chosen))


def _lines_before(module: ModuleFacts, function: Function, before: cst.CSTNode) -> Iterator[cst.SimpleStatementLine]:
    """Simple statements that come before a node, from the module's start to the innermost block around it."""
    end = module.range(before).start
    stack: list[cst.CSTNode] = [module.tree]
    while stack:
        node = stack.pop(0)
        for child in getattr(node, "body", ()) if not isinstance(node, cst.Lambda) else ():
            where = module.range(child)
            if where.start >= end:
                break
            if isinstance(child, cst.SimpleStatementLine):
                if where.end <= end:
                    yield child
            elif where.end >= end or isinstance(child, cst.For | cst.With | cst.If | cst.While):
                inner = getattr(child, "body", None)
                if inner is not None:
                    stack.append(inner)


def _bound_and_read(line: cst.SimpleStatementLine) -> tuple[set[str], set[str]]:
    bound: set[str] = set()
    read: set[str] = set()
    for statement in line.body:
        if isinstance(statement, cst.Assign):
            for target in statement.targets:
                bound |= {name.value for name in _names_in(target.target)}
            read |= {name.value for name in _names_in(statement.value)}
        elif isinstance(statement, cst.AnnAssign | cst.AugAssign) and statement.value is not None:
            bound |= {name.value for name in _names_in(statement.target)}
            read |= {name.value for name in _names_in(statement.value)}
    return bound, read


def _names_in(node: cst.CSTNode) -> list[cst.Name]:
    """The names that are read as variables, in source order: no attribute, no keyword."""
    found: list[cst.Name] = []
    stack = [node]
    while stack:
        current = stack.pop()
        if isinstance(current, cst.Name):
            found.append(current)
        elif isinstance(current, cst.Attribute | cst.Arg):
            stack.append(current.value)
        elif not isinstance(current, cst.Param):
            stack.extend(reversed(list(children(current))))
    return found


# -- fixes --------------------------------------------------------------------------------------------------------


class _Fixes:
    """The edits that can mend a site, each None where it is not one clear change."""

    def __init__(self, finding: Finding, captures: tuple[Capture, ...]) -> None:
        self.finding = finding
        self.captures = captures
        self.function = finding.objective
        self.module = finding.objective.module
        self.node = finding.objective.node

    def rename(self) -> Fix | None:
        """`W` to `_`: says that the parameter is known to be unused."""
        name = self.finding.parameter
        if not name or self.finding.model:
            return None
        names = self.module.names(self.node)
        others = [item.name for item in self.module.parameters(self.node)]
        if self.finding.flow != "never read" or name == "_" or "_" in others or "_" in names.loads | names.stores:
            return None
        param = _parameter_node(self.function, name)
        if param.annotation is not None or name in names.stores | names.loads:
            return None
        edit = Edit(self.module.range(param.name), "_")
        return Fix(f"rename `{name}` to `_`", (edit,), "safe")

    def use_parameter(self) -> Fix | None:
        """The parameter in the place of the point's own variable."""
        point = self.finding.point
        if self.finding.flow == "reaches" or point is None or point.node is None:
            return None
        text = self.module.source(point.node)
        if self.finding.frame.module is not self.module or text == self.finding.parameter:
            return None
        nodes = [node for node in _expressions_in(self.node.body) if self.module.source(node) == text]
        if not nodes or "\n" in text:
            return None
        name = self.finding.parameter
        edits = tuple(Edit(self.module.range(node), name) for node in nodes)
        return Fix(f"use the parameter `{name}` instead of `{text}`", edits, "unsafe")

    def write_through(self) -> Fix | None:
        """Put the parameter where the captured state holds the point, before it is read."""
        point = self.finding.point
        if (
            point is None
            or not isinstance(self.node, cst.FunctionDef)
            or not isinstance(self.node.body, cst.IndentedBlock)
        ):
            return None
        place = point.value.place
        if self.finding.shared is not True or place is None or not place.path or point.node is None:
            return None
        if self.finding.differentiator.delivery not in ("in-place", "copy"):
            return None
        if not isinstance(point.node, cst.Attribute | cst.Subscript) or self.finding.frame.module is not self.module:
            return None
        first = next(iter(self.node.body.body))
        start = self.module.range(first).start
        text = f"{self.module.source(point.node)} = {self.finding.parameter}\n{' ' * (start.column - 1)}"
        edit = Edit(Range(start, start), text)
        return Fix(f"write `{self.finding.parameter}` to `{self.module.source(point.node)}` first", (edit,), "unsafe")

    def recompute(self) -> Fix | None:
        """Compute the value inside the objective, of the parameter, instead of before it."""
        point = self.finding.point
        if not isinstance(self.node, cst.Lambda) or point is None or not isinstance(point.node, cst.Name):
            return None
        body = self.node.body
        if not isinstance(body, cst.Name):
            return None
        value = _visible(self.function.frame, body.value)
        computed = None if value is None else value.node
        if not isinstance(computed, cst.Call | cst.BinaryOperation):
            return None
        names = [name for name in _names_in(computed) if name.value == point.node.value]
        if not names or any(isinstance(node, cst.Lambda) for node in _expressions_in(computed)):
            return None
        # a closure that is differentiated by a model takes nothing: the model is the same inside
        name = self.finding.parameter
        replaced = computed.visit(_Rename(point.node.value, name)) if name else computed
        assert isinstance(replaced, cst.BaseExpression)
        text = self.module.source(replaced)
        if "\n" in text:
            return None
        edit = Edit(self.module.range(body), text)
        return Fix(f"compute `{body.value}` inside the objective", (edit,), "unsafe")


class _Rename(cst.CSTTransformer):
    """Renames a variable where it is read; attributes and keywords of that name stay."""

    def __init__(self, old: str, new: str) -> None:
        super().__init__()
        self.old, self.new = old, new

    def leave_Attribute(self, original_node: cst.Attribute, updated_node: cst.Attribute) -> cst.Attribute:
        """Restore the attribute's own name."""
        return updated_node.with_changes(attr=original_node.attr)

    def leave_Arg(self, original_node: cst.Arg, updated_node: cst.Arg) -> cst.Arg:
        """Restore the keyword."""
        return updated_node.with_changes(keyword=original_node.keyword)

    def leave_Name(self, original_node: cst.Name, updated_node: cst.Name) -> cst.Name:
        """Rename."""
        return updated_node.with_changes(value=self.new) if updated_node.value == self.old else updated_node


def _expressions_in(node: cst.CSTNode) -> list[cst.BaseExpression]:
    found: list[cst.BaseExpression] = []
    stack = [node]
    while stack:
        current = stack.pop()
        if isinstance(current, cst.Attribute):
            found.append(current)
            stack.append(current.value)
            continue
        if isinstance(current, cst.BaseExpression):
            found.append(current)
        if isinstance(current, cst.Arg):
            stack.append(current.value)
        elif not isinstance(current, cst.Param):
            stack.extend(children(current))
    return found
