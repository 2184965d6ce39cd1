"""Which statements that ran before an objective still matter to it: a notebook assigns the same name many times."""

from __future__ import annotations

import ast
from collections.abc import Iterable


def live(statements: list[ast.stmt], wanted: Iterable[str]) -> list[ast.stmt]:
    """The statements, in order, without assignments to names that nothing reads before they are assigned again.

    wanted: names that are read afterwards. Whatever may do something besides (a call of anything but a plain function,
    a subscript or attribute that is assigned) is kept, with all that it reads.
    """
    needed = set(wanted)
    kept: list[ast.stmt] = []
    for statement in reversed(statements):
        bound = _plainly_bound(statement)
        if bound is not None:
            if not bound & needed:
                continue
            needed -= bound
        kept.append(statement)
        needed |= {node.id for node in ast.walk(statement) if isinstance(node, ast.Name) and _reads(node)}
    return kept[::-1]


def _reads(node: ast.Name) -> bool:
    return isinstance(node.ctx, ast.Load)


def _plainly_bound(statement: ast.stmt) -> set[str] | None:
    """The names that an assignment binds, if that is all it does; None for any other statement."""
    if not isinstance(statement, ast.Assign) or not all(map(_is_plain_call, ast.walk(statement.value))):
        return None
    bound: set[str] = set()
    for target in statement.targets:
        for node in ast.walk(target):
            if isinstance(node, ast.Name):
                bound.add(node.id)
            elif not isinstance(node, ast.Tuple | ast.List | ast.Store):
                return None
    return bound


_MODULES = frozenset("np numpy jnp jax torch math random mx tf scipy".split())


def _is_plain_call(node: ast.AST) -> bool:
    """Whether a node is no call, or one that changes nothing: of a builtin, of a numeric library, of a number."""
    if isinstance(node, ast.NamedExpr | ast.Await | ast.Yield | ast.YieldFrom):
        return False
    if not isinstance(node, ast.Call):
        return True
    called = node.func
    if isinstance(called, ast.Name):
        return called.id in _BUILTINS
    while isinstance(called, ast.Attribute):
        called = called.value
    return (isinstance(called, ast.Name) and called.id in _MODULES) or _makes_another(node.func)


_BUILTINS = frozenset("abs float int len list max min range round sorted sum tuple dict zip str bool".split())
_METHODS = frozenset("reshape astype copy mean sum ravel flatten transpose max min std dot item tolist".split())


def _makes_another(called: ast.expr) -> bool:
    return isinstance(called, ast.Attribute) and called.attr in _METHODS
