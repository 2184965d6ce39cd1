"""Reads off an expression what it may hand over."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from closurelint.triage.walking import children


def last_name(node: ast.expr) -> str:
    """`b` of `b` and of `a.b`; "" for any other expression."""
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""


def given_to(call: ast.Call) -> list[ast.expr]:
    """All arguments of a call, by position or by name."""
    return [*call.args, *(item.value for item in call.keywords)]


def candidates(node: ast.expr) -> Iterator[ast.expr]:
    """The parts of an expression that may be functions: not what is inside a lambda, and of a call only the whole."""
    if isinstance(node, ast.Name | ast.Lambda | ast.Attribute | ast.Call):
        yield node
        return
    for child in children(node):
        if isinstance(child, ast.expr):
            yield from candidates(child)
