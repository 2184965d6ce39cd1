"""What a test says that it expects: numbers that are written out, and zero above all, in what it compares.

Who writes out that a gradient is zero knows that it is.
"""

from __future__ import annotations

from collections.abc import Callable

import libcst as cst

from closurelint.analysis.facts import dotted_name, nodes_in

_ASSERTING = frozenset({cst.Assert, cst.Call})
_COMPARING = ("allclose", "isclose", "array_equal", "check_close", "equal")


def asserts_zero(function: cst.CSTNode) -> bool:
    """Whether a function asserts of something, anywhere in it, that it is zero."""
    for node in nodes_in(function):
        if type(node) not in _ASSERTING:
            continue
        if isinstance(node, cst.Assert) and any(map(_says_zero, nodes_in(node.test))):
            return True
        if isinstance(node, cst.Call) and "assert" in _last_name(node) and any(map(is_zero, compared(node))):
            return True
    return False


def _says_zero(node: cst.CSTNode) -> bool:
    """Whether a part of an assertion is that something is zero: `(g == 0).all()`, `not g.any()`, `allclose(g, 0)`."""
    if isinstance(node, cst.Comparison):
        return any(isinstance(part.operator, cst.Equal) and is_zero(part.comparator) for part in node.comparisons)
    if isinstance(node, cst.UnaryOperation) and isinstance(node.operator, cst.Not):
        return isinstance(node.expression, cst.Call) and _last_name(node.expression) == "any"
    return isinstance(node, cst.Call) and any(map(is_zero, compared(node)))


def compared(node: cst.Call) -> list[cst.BaseExpression]:
    """What an assertion compares: the arguments of `assert_allclose(jax.grad(f)(x), 0.0)`."""
    name = _last_name(node)
    if "assert" not in name and not name.endswith(_COMPARING):
        return []
    return [arg.value for arg in node.args[:3] if arg.keyword is None]


def is_zero(node: cst.BaseExpression) -> bool:
    """Whether an expression is zero by its text: `0`, `0.0`, `np.zeros(3)`, `jnp.zeros_like(w)`, `[0, 0]`."""
    if isinstance(node, cst.Call) and dotted_name(node.func).rpartition(".")[2] in ("zeros", "zeros_like"):
        return True
    return _is_written_out(node, is_zero) or (
        isinstance(node, cst.Integer | cst.Float) and not float(node.evaluated_value)
    )


def is_number(node: cst.BaseExpression) -> bool:
    """Whether an expression is a number by its text: `2`, `-1.5`, `pytest.approx(3)`, `np.array([1.0, 2.0])`."""
    if isinstance(node, cst.UnaryOperation):
        return is_number(node.expression)
    return isinstance(node, cst.Integer | cst.Float) or _is_written_out(node, is_number)


def _is_written_out(node: cst.BaseExpression, part: Callable[[cst.BaseExpression], bool]) -> bool:
    """Whether an array or sequence is written out, each of its parts as `part` says."""
    if isinstance(node, cst.Call):
        name = dotted_name(node.func).rpartition(".")[2]
        wraps = name in ("array", "asarray", "tensor", "approx", "float32", "float64", "full", "full_like")
        return wraps and bool(node.args) and part(node.args[-1 if "full" in name else 0].value)
    if isinstance(node, cst.List | cst.Tuple):
        return bool(node.elements) and all(part(element.value) for element in node.elements)
    return False


def _last_name(node: cst.Call) -> str:
    callee = node.func
    return (callee.attr.value if isinstance(callee, cst.Attribute) else dotted_name(callee)).lower()
