"""Tells functions that are still to be written: stubs, and exercises whose result is the placeholder they start with.

What such a function does with its arguments says nothing of what it will do with them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import libcst as cst

from closurelint.analysis.facts import FunctionNode, ModuleFacts, children, dotted_name, statements

_GAP = re.compile(
    r"^[ \t]*#.*(?:[#=*-]{6,}|\b(?:todo|fixme|implement|fill in|your (?:code|solution|answer)|code here)\b)",
    re.IGNORECASE | re.MULTILINE,
)
"""A comment where a reader is to write code: words that say so, or the banners around the gap."""

_SCOPES = frozenset({cst.FunctionDef, cst.Lambda, cst.ClassDef})
_RESULTS = frozenset({cst.Return, cst.Yield})


def is_unfinished(module: ModuleFacts, node: FunctionNode) -> bool:
    """Whether a function is a stub, or returns nothing but placeholders: `out = None; ...; return out, cache`."""
    if isinstance(node, cst.Lambda):
        return False
    if all(_is_filler(item) for item in statements(node.body)):
        return True
    starts = []
    for found in value_returns(node):
        start = _placeholder(node, found)
        if start is None:
            return False
        starts.append(start)
    if not starts:
        return False
    # a number that is never added to may be a bug; with a gap in the text it is an exercise
    return all(_is_none(start) for start in starts) or _GAP.search(module.source(node)) is not None


def value_returns(node: cst.FunctionDef) -> Iterator[cst.Return | cst.Yield]:
    """Its own `return` statements with a value, and `yield`s, the last ones first; not those of nested functions."""
    stack: list[cst.CSTNode] = [node.body]
    while stack:
        current = stack.pop()
        # a look at the type alone: `isinstance` of LibCST's abstract classes takes longer than the walk
        kind = type(current)
        if kind in _SCOPES:
            continue
        if kind in _RESULTS and (isinstance(current, cst.Yield) or current.value is not None):  # type: ignore[attr-defined]
            yield current  # type: ignore[misc]
        stack.extend(children(current))


def gives_nothing(node: cst.FunctionDef) -> bool:
    """Whether a function neither returns nor yields a value."""
    return next(value_returns(node), None) is None


def _is_filler(node: cst.CSTNode) -> bool:
    if isinstance(node, cst.Expr):
        return isinstance(node.value, cst.SimpleString | cst.ConcatenatedString | cst.Ellipsis)
    return isinstance(node, cst.Pass | cst.Raise)


def _placeholder(node: cst.FunctionDef, found: cst.Return | cst.Yield) -> cst.BaseExpression | None:
    """The literal that the returned name, or the first of them, was bound to for good; None for any other result.

    A name that is bound nowhere in the function is its own placeholder.
    """
    value = found.value
    if isinstance(value, cst.Tuple) and value.elements:
        value = value.elements[0].value
    if not isinstance(value, cst.Name):
        return None
    starts: list[cst.BaseExpression | None] = []
    for binding, mention in _mentions(node, value.value):
        if not binding and not isinstance(mention, cst.Return | cst.Yield):
            return None
        if binding:
            starts.append(mention if isinstance(mention, cst.BaseExpression) else None)
    if not starts:
        # bound in the gap, if anywhere
        return value
    start = starts[0] if len(starts) == 1 else None
    return start if start is not None and _is_literal(start) else None


def _mentions(node: cst.FunctionDef, name: str) -> Iterator[tuple[bool, cst.CSTNode]]:
    """Every mention of a name below the function: whether it binds, and what is bound, or the statement around it."""
    stack: list[tuple[cst.CSTNode, cst.CSTNode]] = [(item, item) for item in statements(node.body)]
    while stack:
        current, around = stack.pop()
        if isinstance(current, cst.Assign) and _is_recast(current, name):
            continue
        if isinstance(current, cst.Assign):
            for target in current.targets:
                for part, value in _paired(target.target, current.value):
                    if isinstance(part, cst.Name):
                        if part.value == name:
                            yield True, value if value is not None else current
                    else:
                        stack.append((part, current))
            stack.append((current.value, current))
            continue
        if isinstance(current, cst.Name) and current.value == name:
            yield False, around
        inner = current if isinstance(current, cst.BaseSmallStatement | cst.BaseCompoundStatement) else around
        stack.extend((child, inner) for child in children(current))


def _is_recast(node: cst.Assign, name: str) -> bool:
    """Whether a name is rebound to what its own method makes of it: `out = out.astype(x.dtype)`."""
    call = node.value
    receiver = call.func.value if isinstance(call, cst.Call) and isinstance(call.func, cst.Attribute) else None
    return dotted_name(receiver) == name and all(dotted_name(item.target) == name for item in node.targets)


def _paired(target: cst.CSTNode, value: cst.BaseExpression) -> Iterator[tuple[cst.CSTNode, cst.BaseExpression | None]]:
    """The parts of a target with the parts of the value that they get: `loss, grads = 0.0, {}`."""
    if not isinstance(target, cst.Tuple | cst.List):
        yield target, value
        return
    matched = isinstance(value, cst.Tuple | cst.List) and len(value.elements) == len(target.elements)
    for index, element in enumerate(target.elements):
        yield element.value, value.elements[index].value if matched else None  # type: ignore[attr-defined]


def _is_literal(node: cst.BaseExpression) -> bool:
    if isinstance(node, cst.Dict | cst.List | cst.Tuple):
        return not node.elements
    return _is_none(node) or isinstance(node, cst.Integer | cst.Float)


def _is_none(node: cst.BaseExpression | None) -> bool:
    return isinstance(node, cst.Name) and node.value == "None"
