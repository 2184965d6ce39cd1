"""Describes the captured state of an objective: what it read from outside, and which of it is the point."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

import libcst as cst

from closurelint.analysis.facts import dotted_name
from closurelint.analysis.syntax import expressions_in, names_in
from closurelint.analysis.unfinished import value_returns
from closurelint.analysis.values import UNKNOWN, Function, Place, Root, alternatives
from closurelint.subjects import Capture

if TYPE_CHECKING:
    from closurelint.analysis.findings import Finding
    from closurelint.analysis.memory import Read

_CALLED_LIMIT = 12
_IDLE = frozenset("time logging os sys math warnings datetime functools itertools copy gc json uuid secrets".split())
_RANK = {"point": 0, "precomputed": 1, "state": 2, "argument": 4}


def terms_of_point(finding: Finding) -> tuple[str, ...]:
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
    if point is None or not places or read is None or not _is_in_body(finding, read):
        return False
    return any(not place.path for place in places) or _names_point(finding, places)


def _is_in_body(finding: Finding, read: Read) -> bool:
    """Whether something is read by the objective itself or by a function inside it, and not by one that it calls."""
    return not read.depth or any(node is read.node for node in expressions_in(finding.objective.node.body))


def _names_point(finding: Finding, places: Iterable[Place]) -> bool:
    """Whether the objective's own body spells one of the places out."""
    point, module = finding.point, finding.objective.module
    spelled = {place.text for place in places}
    if point is not None and point.node is not None:
        spelled.add(finding.frame.module.source(point.node))
    return any(
        isinstance(node, cst.Name | cst.Attribute | cst.Subscript) and module.source(node) in spelled
        for node in expressions_in(finding.objective.node.body)
    )


def literals(finding: Finding) -> tuple[str, ...]:
    """The names of numbers that are written out in the program, of those that the result depends on."""
    return tuple(sorted({place.root.name for place in finding.deps if place.root.kind == "literal"}))


def libraries(finding: Finding) -> tuple[str, ...]:
    """The libraries that do the work of an objective and of the functions that it calls; none if they draw numbers.

    What only waits, counts or prints does no work, nor does the library that searches. A stub returns what is written
    out in it, whatever it does before.
    """
    node = finding.objective.node
    results = [item.value for item in value_returns(node)] if isinstance(node, cst.FunctionDef) else [node.body]
    if finding.differentiator.reports or not any(names_in(result) for result in results if result is not None):
        return ()
    own = finding.differentiator.name.partition(".")[0]
    found: set[str] = set()
    seen: set[cst.CSTNode] = set()
    waiting = [finding.objective]
    while waiting and len(seen) < _CALLED_LIMIT:
        function = waiting.pop()
        if function.node in seen:
            continue
        seen.add(function.node)
        for call in expressions_in(function.node.body):
            name = dotted_name(call.func) if isinstance(call, cst.Call) else ""
            first, _, rest = name.partition(".")
            dotted = ".".join(filter(None, (function.module.imports.get(first, ""), rest)))
            if first in function.module.imports:
                found.add(dotted)
            value = None if rest else function.frame.visible(first)
            waiting += [option.shape for option in alternatives(value or UNKNOWN) if isinstance(option.shape, Function)]
    if any("rand" in dotted or "sampl" in dotted or "noise" in dotted for dotted in found):
        return ()
    return tuple(sorted({dotted.partition(".")[0] for dotted in found} - _IDLE - {own, ""}))


def captured_state(finding: Finding) -> tuple[Capture, ...]:
    """What the result depends on besides the parameter, what holds the point first."""
    by_root: dict[Root, list[Place]] = {}
    order = {place.root: index for index, place in enumerate(finding.reads)}
    for place in finding.deps:
        known = place.root.kind == "literal" and not (finding.finished and _is_computed(place.root))
        if not known or _is_point(finding, place) or _of_point(finding, place.root):
            by_root.setdefault(place.root, []).append(place)
    captures = []
    for root in sorted(by_root, key=lambda item: (order.get(item, 1_000), item.name)):
        captures.append(_capture(finding, root, by_root[root]))
    indexed = sorted(enumerate(captures), key=lambda pair: (_rank(pair[1]), pair[0]))
    return tuple(capture for _, capture in indexed)


def _is_computed(root: Root) -> bool:
    """Whether a number that follows from the text alone is computed there, of others that have names."""
    node = root.node
    return isinstance(node, cst.BinaryOperation | cst.Call) and bool(names_in(node))


def _rank(capture: Capture) -> float:
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
    path = common_text(root, places)
    spelled = next(filter(None, (_spelled(finding, place) for place in places)), "") if kind == "point" else ""
    if kind != "point" and path in ("self", "cls"):
        # an attribute of it, if only one of several, says more
        spelled = Place(root, places[0].path[:1]).text
    return Capture(path, kind, where, origin, of_point, spelled=spelled)  # type: ignore[arg-type]


def _spelled(finding: Finding, place: Place) -> str:
    """The name by which the objective itself reads a place, if that is not its own: `pos` of `position[0]`."""
    of_root = [known for known in finding.reads if known.root is place.root]
    above = [known for known in of_root if place.path[: len(known.path)] == known.path]
    if not above:
        return ""
    nearest = max(above, key=lambda known: len(known.path))
    read = finding.reads[nearest]
    if not isinstance(read.node, cst.Name) or read.depth:
        return ""
    return read.node.value if nearest.path or read.node.value != place.root.name else ""


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


def common_text(root: Root, places: list[Place]) -> str:
    """How the places of one root are spelled together: by the path that they share, of two steps at most."""
    path = places[0].path
    for place in places[1:]:
        shared = 0
        while shared < min(len(path), len(place.path)) and path[shared] == place.path[shared]:
            shared += 1
        path = path[:shared]
    if len(places) == 1 and len(path) > 2:
        path = path[:2]
    return Place(root, path).text or "captured state"
