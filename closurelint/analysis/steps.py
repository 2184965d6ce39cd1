"""What is wrong with a closure that an optimiser evaluates again and again (`torch.optim.LBFGS`).

The closure is run like an objective. Where every call that it makes is known to compute no gradients, none are
computed; where what it returns hangs on what the model gave before, and not on the model, every evaluation repeats it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import libcst as cst

from closurelint.analysis.facts import nodes_in
from closurelint.analysis.memory import OutOfBudget
from closurelint.analysis.objectives import OBJECTIVE_STEPS
from closurelint.analysis.unfinished import gives_nothing
from closurelint.analysis.values import (
    LIVE,
    Applied,
    Arguments,
    Class,
    Dependences,
    Function,
    Imported,
    Instance,
    Items,
    LibraryObject,
    Member,
    OneOf,
    Place,
    Root,
    Value,
    alternatives,
    united,
)

if TYPE_CHECKING:
    from closurelint.analysis.objectives import Objectives

_PLAIN_METHODS = frozenset(
    "zero_grad sum mean pow square abs exp log sqrt norm matmul mm bmm dot forward view reshape item detach cpu to "
    "float double flatten squeeze unsqueeze t transpose permute clone append print format train eval add mul div sub "
    "clamp softmax sigmoid tanh relu max min size numel numpy tolist parameters named_parameters items values keys "
    "log_prob update write log_softmax expand repeat contiguous std var prod join".split()
)
_LOSSES = frozenset("criterion loss_fn loss_function loss_func".split())
_PLAIN_FUNCTIONS = _LOSSES | {"model", "net", "network"}
_LIBRARIES = ("torch", "builtins", "math", "numpy", "logging", "time", "copy")
_RUNNERS = ("torch.autograd", "torch.func", "functorch", "builtins.eval", "builtins.exec", "builtins.getattr")


def step_fault(objectives: Objectives, function: Function, optimized: Dependences) -> tuple[str, str, bool]:
    """What is wrong with it, if anything is: the fault, the finished value, and whether it returns just that."""
    calls = objectives.calls
    if isinstance(function.node, cst.FunctionDef) and gives_nothing(function.node):
        return "no return", "", False
    calls.made = []
    try:
        with calls.run.analysis(OBJECTIVE_STEPS):
            value = objectives.result(function, {}, has_aux=False)
        made = calls.made
    except (OutOfBudget, RecursionError):
        return "", "", False
    finally:
        calls.made = None
    own = function.module.names(function.node).stores
    returned = value.place
    finished = returned is not None and returned.root.kind == "computed" and set(value.deps) == {returned}
    if finished and returned is not None and returned.root.name not in own and not returned.path:
        return "stale", returned.root.name, True
    before = _finished_before(value, optimized, made, own)
    if before:
        return "stale", before, False
    return "no backward" if _computes_no_gradients(function.node, made) else "", "", False


def _computes_no_gradients(node: cst.CSTNode, made: Iterable[tuple[Value, Arguments]]) -> bool:
    """Whether a closure that made these calls has surely not computed gradients, nor put them where they belong."""
    return not _mentions_gradients(node) and all(_is_plain(callee, arguments) for callee, arguments in made)


def optimized(parameters: Value) -> Dependences:
    """What an optimiser was given to vary: the tensors of a list themselves, not the sizes that they were made with."""
    if isinstance(parameters.shape, Items):
        return united(*(optimized(part) for part in parameters.shape.values))
    found = {place: cut for place, cut in parameters.deps.items() if place.root.kind != "literal"}
    return found if parameters.place is None else {**found, parameters.place: LIVE}


def _finished_before(
    value: Value, optimized: Dependences, made: Iterable[tuple[Value, Arguments]], own: frozenset[str]
) -> str:
    """The name of what was computed from the optimised parameters before, if the result hangs on nothing newer.

    own: the names that the closure binds itself, which are new at every evaluation.
    """
    if not optimized or any(place.overlaps(other) for place in value.deps for other in optimized):
        return ""
    called = {found for callee, _ in made for found in _places_called(callee) if found[0].root.name not in own}
    if any(_comes_from(place.root, optimized) for place, _ in called):
        return ""
    unseen = [place for place, is_known in called if not is_known and place.root.kind != "computed"]
    if any(place.overlaps(reached) for place in unseen for reached in value.deps):
        return ""  # it may be the model
    for place in value.deps:
        root = place.root
        if root.kind == "computed" and root.name not in own and _comes_from(root, optimized):
            return root.name
    return ""


def _is_plain(callee: Value, arguments: Arguments) -> bool:
    shape = callee.shape
    if isinstance(shape, OneOf):
        return all(_is_plain(option, arguments) for option in shape.values)
    if isinstance(shape, Function | Class):
        # what it calls was run, and is among the calls
        return not _mentions_gradients(shape.node)
    if isinstance(shape, Instance):
        return bool({"__call__", "forward"} & shape.cls.members.keys())
    if isinstance(shape, Applied):
        return _is_plain(shape.callee, arguments)
    if isinstance(shape, LibraryObject):
        return shape.dotted.startswith("torch.nn.")
    if isinstance(shape, Imported):
        return shape.dotted.startswith(_LIBRARIES) and not shape.dotted.startswith(_RUNNERS)
    if isinstance(shape, Member):
        return shape.name in _PLAIN_METHODS or (shape.name in _PLAIN_FUNCTIONS and bool(arguments.items))
    name = callee.place.root.name if callee.place is not None and not callee.place.path else ""
    return name in _PLAIN_FUNCTIONS and bool(arguments.items)


def _mentions_gradients(node: cst.CSTNode) -> bool:
    names = (each.attr.value for each in nodes_in(node) if isinstance(each, cst.Attribute))
    return any("backward" in name or name == "grad" for name in names)


def _places_called(callee: Value) -> Iterable[tuple[Place, bool]]:
    """What stands behind a call, whichever it is, and whether it is known what that does.

    A function that was made of the model asks it anew.
    """
    for option in alternatives(callee):
        place = option.place
        if isinstance(option.shape, Member):
            place = None if option.shape.name in _PLAIN_METHODS else option.shape.receiver.place
        if place is not None:
            name = option.shape.name if isinstance(option.shape, Member) else place.root.name
            yield place, name in _LOSSES or not isinstance(option.shape, Member | None)


def _comes_from(root: Root, origins: Dependences) -> bool:
    """Whether something was computed from one of these places, at whatever remove."""
    seen: set[Root] = set()
    stack = [root]
    while stack and len(seen) < 200:
        current = stack.pop()
        if current in seen:
            continue
        seen.add(current)
        if any(source.overlaps(origin) for source in current.sources for origin in origins):
            return True
        stack.extend(source.root for source in current.sources)
    return False
