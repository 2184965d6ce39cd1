"""Writes down what replay is told of a finding: source text and names, nothing that holds a syntax node."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

import libcst as cst

from closurelint.analysis.facts import ModuleFacts, dotted_name
from closurelint.analysis.syntax import names_in
from closurelint.analysis.values import (
    ANY_ITEM,
    Class,
    Entries,
    Function,
    Imported,
    Instance,
    Items,
    LibraryObject,
    Place,
    Value,
    alternatives,
)
from closurelint.evidence import Claim, Outcome
from closurelint.subjects import Capture, Point

if TYPE_CHECKING:
    from closurelint.analysis.findings import Finding
    from closurelint.analysis.values import Frame

HELPER_LIMIT = 12
PRELUDE_LIMIT = 12
_RUN_ON_THE_WAY = (cst.For, cst.With, cst.If, cst.While)
SOURCE_LIMIT = 20_000


def of_site(finding: Finding, captures: tuple[Capture, ...], point: Point | None) -> Claim:
    """What is claimed of a site: that the derivative comes out as the row of the table says."""
    function = finding.objective
    names = {capture.path.partition(".")[0].partition("[")[0] for capture in captures}
    inferred = finding.differentiator.origin == "body"
    helpers, scopes = _reached(function, finding.met)
    names |= {name for loads, frame in scopes for name in loads if _functions_in(frame.visible(name))}
    if inferred:
        name = finding.differentiator.name.rpartition(".")[2]
        source = finding.differentiator.source
        if source:
            helpers = (*(item for item in helpers if item[0] != name), (name, source))
    return Claim(
        objective=_source(function, finding.differentiator.writes),
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
        objects=_objects(function, scopes, finding.met),
    )


def of_step(function: Function, captured: str, before: cst.CSTNode) -> Claim:
    """What is claimed of a step closure: that it returns the value that was finished before it is defined."""
    return Claim(
        objective=function.module.source(function.node),
        parameters=(),
        outcome="stale",
        delivery="model",
        imports=_imports(function),
        prelude=_prelude(function, {captured}, before),
    )


def of_loose(function: Function, parameter: str) -> Claim:
    """What is claimed of a loss closure that nothing known uses: that its parameter changes nothing."""
    return Claim(
        objective=function.module.source(function.node),
        parameters=(parameter,),
        outcome="zero",
        delivery="copy",
        imports=_imports(function),
        helpers=_reached(function)[0],
    )


def _source(function: Function, writes: int | None = None) -> str:
    """A function's own text, where what cuts its gradient as a decorator cuts it as a context.

    writes: position of the parameter into which it puts its results, which it returns here.
    """
    node = function.node
    if writes is not None and isinstance(node, cst.FunctionDef) and isinstance(node.body, cst.IndentedBlock):
        parameters = function.module.parameters(node)[len(function.args) :]
        result = cst.SimpleStatementLine([cst.Return(cst.Name(parameters[writes].name))])
        body = node.body.with_changes(body=[*node.body.body, result])
        return function.module.source(node.with_changes(body=body))
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
    moves = finding.shared or (finding.shared is None and finding.flow != "severed")
    if finding.differentiator.delivery == "in-place" and moves and captures:
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
            callee = node.func
            if isinstance(callee, cst.Attribute) and not (node.args and isinstance(callee.value, cst.Name)):
                node = callee.value
            else:
                node = node.args[0].value if node.args else None
        elif isinstance(node, cst.BinaryOperation):
            node = node.left
        else:
            return node if isinstance(node, cst.Attribute | cst.Subscript) else None
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


def _reached(
    function: Function, met: Mapping[str, Function | Class] | None = None
) -> tuple[tuple[tuple[str, str], ...], list[tuple[frozenset[str], Frame]]]:
    """Source of the project's functions and classes that the objective reaches by name, and the names that they read.

    met: those of other files, by the name that they were imported by; `from . import network` reaches `.network.apply`.
    """
    found: dict[str, str] = {}
    queue: list[tuple[frozenset[str], Frame]] = [(function.module.names(function.node).free, function.frame)]
    looked: list[tuple[frozenset[str], Frame]] = []
    size = 0
    own = _own_class(function)
    if own is not None:
        # a method asks other methods of its object, which may ignore what they are handed
        source = own.module.source(own.node)
        if len(source) <= SOURCE_LIMIT:
            size = len(source)
            found[own.node.name.value] = source
    while queue and len(found) < HELPER_LIMIT:
        loads, frame = queue.pop(0)
        looked.append((loads, frame))
        for name in sorted(loads):
            value = frame.visible(name)
            for inner in _functions_in(value):
                # the collection itself is written down, and what is in it by name
                queue.append((inner.module.names(inner.node).free, inner.frame))
            for label, shape in _code_behind(name, value, met or {}) if value is not None else ():
                if label in found:
                    continue
                source = _source(shape) if isinstance(shape, Function) else shape.module.source(shape.node)
                size += len(source)
                if size > SOURCE_LIMIT or shape.node is function.node:
                    continue
                found[label] = source
                queue.extend((each.module.names(each.node).free, each.frame) for each in _functions_of(shape))
    return tuple(found.items()), [*looked, *queue]


def _functions_in(value: Value | None) -> list[Function]:
    """The functions that are in a list, a tuple or a dict, or in those that are in it."""
    found: list[Function] = []
    waiting = [] if value is None else [*alternatives(value)]
    while waiting:
        shape = waiting.pop().shape
        parts = shape.values if isinstance(shape, Items) else ()
        if isinstance(shape, Entries):
            parts = tuple(shape.values.values())
        inside = [option for part in parts for option in alternatives(part)]
        found += [option.shape for option in inside if isinstance(option.shape, Function)]
        waiting += [option for option in inside if isinstance(option.shape, Items | Entries)]
    return found


def _functions_of(shape: Function | Class) -> list[Function]:
    """A function, or the methods of a class."""
    if isinstance(shape, Function):
        return [shape]
    return [member.shape for member in shape.members.values() if isinstance(member.shape, Function)]


def _own_class(function: Function) -> Class | None:
    """The class of the object that a method is bound to, where its first parameter is called `self`."""
    parameters = function.module.parameters(function.node)
    if not function.args or not parameters or parameters[0].name != "self":
        return None
    shape = function.args[0].shape
    return shape.cls if isinstance(shape, Instance) else None


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
        elif isinstance(shape, Items | Entries):
            for inner in _functions_in(option):
                if isinstance(inner.node, cst.FunctionDef):
                    yield inner.node.name.value, inner
        elif isinstance(shape, Function):
            yield name, shape


def _objects(
    function: Function,
    scopes: list[tuple[frozenset[str], Frame]],
    met: Mapping[str, Function | Class] | None = None,
) -> tuple[tuple[str, str], ...]:
    """The objects that the objective and its helpers read by name, each with its class."""
    found: dict[str, str] = {}
    own = _own_class(function)
    if own is not None:
        found["self"] = own.node.name.value
    for names, frame in scopes:
        for name in sorted(names):
            value = frame.visible(name)
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
    *earlier, around = module.trees_up_to(before)
    for tree in earlier:
        yield from _lines_in(tree)
    end = module.range(before).start
    stack: list[cst.CSTNode] = [around]
    while stack:
        node = stack.pop(0)
        for child in getattr(node, "body", ()) if not isinstance(node, cst.Lambda) else ():
            where = module.range(child)
            if where.start >= end:
                break
            if isinstance(child, cst.SimpleStatementLine):
                if where.end <= end:
                    yield child
            elif where.end >= end or isinstance(child, _RUN_ON_THE_WAY):
                inner = getattr(child, "body", None)
                if inner is not None:
                    stack.append(inner)


def _lines_in(body: cst.CSTNode) -> Iterator[cst.SimpleStatementLine]:
    """The simple statements of a block, and of the blocks in it that run when it does."""
    for child in getattr(body, "body", ()):
        if isinstance(child, cst.SimpleStatementLine):
            yield child
        elif isinstance(child, _RUN_ON_THE_WAY):
            yield from _lines_in(child.body)


def _bound_and_read(line: cst.SimpleStatementLine) -> tuple[set[str], set[str]]:
    bound: set[str] = set()
    read: set[str] = set()
    for statement in line.body:
        if isinstance(statement, cst.Assign):
            for target in statement.targets:
                bound |= {name.value for name in names_in(target.target)}
            read |= {name.value for name in names_in(statement.value)}
        elif isinstance(statement, cst.AnnAssign | cst.AugAssign) and statement.value is not None:
            bound |= {name.value for name in names_in(statement.target)}
            read |= {name.value for name in names_in(statement.value)}
    return bound, read
