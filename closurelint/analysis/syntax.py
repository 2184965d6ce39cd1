"""Reads names, expressions and parameters off syntax trees."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from closurelint.analysis.facts import children, dotted_name, nodes_in

if TYPE_CHECKING:
    from closurelint.analysis.values import Function


def parameter_node(function: Function, name: str) -> cst.Param:
    """The parameter of that name. Raises StopIteration if there is none."""
    return next(item.node for item in function.module.parameters(function.node) if item.name == name)


def decorator_names(node: cst.FunctionDef | cst.Lambda) -> set[str]:
    """The last names of a function's decorators that are not called: `staticmethod`, `property`."""
    if isinstance(node, cst.Lambda):
        return set()
    return {dotted_name(item.decorator).rpartition(".")[2] for item in node.decorators}


def names_in(node: cst.CSTNode) -> list[cst.Name]:
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


def functions_in(node: cst.CSTNode) -> list[cst.FunctionDef | cst.Lambda]:
    """All functions that are defined in a tree."""
    return [each for each in nodes_in(node) if isinstance(each, cst.FunctionDef | cst.Lambda)]


def expressions_in(node: cst.CSTNode) -> list[cst.BaseExpression]:
    """All expressions of a tree: no attribute's name, no keyword, no parameter."""
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
