"""Tells which parameters of an objective are differentiated, and where the point of each is."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import libcst as cst

from closurelint.analysis.values import Argument, Arguments, Function, Items

if TYPE_CHECKING:
    from closurelint.catalogue import Differentiator


class Chosen(NamedTuple):
    """One differentiated parameter and the argument that gives its point."""

    name: str
    point: Argument | None


def chosen_parameters(
    differentiator: Differentiator, function: Function, options: Arguments, at: Arguments
) -> list[Chosen]:
    """The differentiated parameters of the objective; empty if it cannot be known which."""
    bound = {name for name, _ in function.keywords}
    parameters = function.module.parameters(function.node)[len(function.args) :]
    free = [item for item in parameters if item.name not in bound]
    if function.spread:
        return [Chosen(item.name, None) for item in free]
    positional = [item for item in free if item.star == "" and not item.keyword_only]
    star = next((item for item in free if item.star == "*"), None)
    if star is None and differentiator.differentiated.kind == "all" and not positional:
        star = next((item for item in free if item.star == "**"), None)
    if differentiator.takes is not None and star is None and len(positional) != differentiator.takes:
        return []
    literals = literal_arguments(options)
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
            chosen.append(Chosen(positional[index].name, _point(differentiator, at, index)))
        elif star is not None and not any(item.name == star.name for item in chosen):
            chosen.append(Chosen(star.name, _point(differentiator, at, index)))
    if differentiator.differentiated.kind == "from":
        options_of_fit = {item.name for item in positional if _is_option(item.default)}
        chosen = [item for item in chosen if item.name not in options_of_fit and item.name not in data]
    return chosen


def _point(differentiator: Differentiator, at: Arguments, index: int) -> Argument | None:
    point = differentiator.point
    if point.kind == "returned":
        return at.find(index) if at.items else None
    if point.kind == "rest":
        return at.find((point.position or 0) + index)
    if point.kind == "argument":
        found = at.find(point.position, point.keywords)
        if found is not None and differentiator.differentiated.kind == "all" and isinstance(found.value.shape, Items):
            inner = found.value.shape.values
            if index < len(inner):
                node = found.node
                if isinstance(node, cst.Tuple | cst.List) and index < len(node.elements):
                    node = node.elements[index].value
                return Argument(inner[index], None, "", node)
        return found
    return None


def points_of(differentiator: Differentiator, at: Arguments) -> Arguments:
    """The points of all parameters in order, as a call of the objective would be given them."""
    point = differentiator.point
    if point.kind == "returned":
        return at
    if point.kind == "rest":
        return Arguments(at.items[point.position or 0 :])
    found = at.find(point.position, point.keywords)
    if found is None:
        return Arguments()
    if not isinstance(found.value.shape, Items):
        return Arguments((found._replace(keyword=None),))
    nodes = found.node.elements if isinstance(found.node, cst.Tuple | cst.List) else ()
    return Arguments(
        tuple(
            Argument(value, None, "", nodes[index].value if index < len(nodes) else found.node)
            for index, value in enumerate(found.value.shape.values)
        )
    )


def _is_option(default: cst.BaseExpression | None) -> bool:
    """Whether a parameter's default is no number, so that no fit varies it: `None`, a switch, a string."""
    if isinstance(default, cst.Name):
        return default.value in ("None", "True", "False")
    return isinstance(default, cst.SimpleString | cst.ConcatenatedString)


def literal_arguments(arguments: Arguments) -> LiteralArguments:
    """What the catalogue judges options by."""
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
