"""Walks Python's own trees at several times the speed of `ast.walk`: it only looks where nodes may be."""

from __future__ import annotations

import ast

_NO_NODES = frozenset(
    "arg asname attr conversion ctx id is_async kind level lineno module name op ops rest simple tag "
    "type_comment".split()
)
"""Fields that hold names, numbers and operators."""

FIELDS: dict[type, tuple[str, ...]] = {
    kind: tuple(field for field in kind._fields if field not in _NO_NODES)
    for kind in vars(ast).values()
    if isinstance(kind, type) and issubclass(kind, ast.AST)
} | {ast.Constant: (), ast.Name: (), ast.Global: (), ast.Nonlocal: ()}
"""For each kind of node, the fields that may hold others. What is no node, as a missing key of a dict, has none."""


def children(node: ast.AST) -> list[ast.AST]:
    """The nodes right below a node."""
    found: list[ast.AST] = []
    for field in FIELDS[type(node)]:
        value = getattr(node, field, None)
        if type(value) is list:
            found.extend([each for each in value if type(each) in FIELDS])
        elif type(value) in FIELDS:
            found.append(value)  # type: ignore[arg-type]  # a kind of node, since it has fields
    return found


def walk(*roots: ast.AST) -> list[ast.AST]:
    """All nodes below some nodes, these included, outer ones first; no operators and no contexts."""
    nodes: list[ast.AST] = list(roots)
    fields = FIELDS
    for node in nodes:
        for field in fields[type(node)]:
            value = getattr(node, field, None)
            if type(value) is list:
                nodes.extend([each for each in value if type(each) in fields])
            elif type(value) in fields:
                nodes.append(value)  # type: ignore[arg-type]  # a kind of node, since it has fields
    return nodes
