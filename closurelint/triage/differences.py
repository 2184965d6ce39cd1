"""Of which parameters a function may take differences, as a project's own differentiators do."""

from __future__ import annotations

import ast

from closurelint.triage.blocks import DEFINITIONS, assignments, names_bound
from closurelint.triage.walking import children, walk

_OF_SHAPES = frozenset({"shape", "ndim", "size"})


def differenced(node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda) -> frozenset[str]:
    """The parameters of which results are subtracted from each other, and divided or multiplied.

    Results are followed by name: what is assigned, collected or returned by an inner function from a result is one too.
    The imaginary part of a result is the difference that a complex step makes.
    """
    nodes = walk(node)
    listed = {each.arg for each in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)}
    called = {each.func.id for each in nodes if isinstance(each, ast.Call) and isinstance(each.func, ast.Name)}
    return _differenced(node, nodes, listed & called)


def differenced_attributes(node: ast.FunctionDef | ast.AsyncFunctionDef) -> frozenset[str]:
    """The attributes of the first parameter, which is an instance, of whose results that holds: `self.f(x)`."""
    listed = [*node.args.posonlyargs, *node.args.args]
    if not listed:
        return frozenset()
    nodes = walk(node)
    called = {
        each.func.attr
        for each in nodes
        if isinstance(each, ast.Call)
        and isinstance(each.func, ast.Attribute)
        and isinstance(each.func.value, ast.Name)
        and each.func.value.id == listed[0].arg
    }
    return _differenced(node, nodes, called)


def _differenced(
    node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda, nodes: list[ast.AST], called: set[str]
) -> frozenset[str]:
    if not called:
        return frozenset()
    body = _Body(node, nodes)
    return frozenset(name for name in called if body.takes_differences(name))


def kept_as(node: ast.FunctionDef | ast.AsyncFunctionDef) -> dict[str, str]:
    """The parameters of a constructor by the attributes that keep them as they are."""
    return {
        target.attr: value.id
        for each in walk(node)
        for value, targets in assignments(each)
        if isinstance(value, ast.Name)
        for target in targets
        if isinstance(target, ast.Attribute)
    }


class _Body:
    """What stands in a function that can carry results on, and calculate with them."""

    def __init__(self, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda, nodes: list[ast.AST]) -> None:
        self.inner = [
            (each.name, _names_in(*each.body)) for each in nodes if isinstance(each, DEFINITIONS) and each is not node
        ]
        self.steps = [
            (_names_in(value), frozenset(name for target in targets for name in names_bound(target)))
            for each in nodes
            for value, targets in assignments(each)
        ]
        self.differences: list[tuple[frozenset[str], frozenset[str]]] = []
        self.quotients: list[frozenset[str]] = []
        for each in nodes:
            if isinstance(each, ast.BinOp):
                left, right, operator = each.left, each.right, each.op
            elif isinstance(each, ast.AugAssign):
                left, right, operator = each.target, each.value, each.op
            else:
                imaginary = _imaginary(each)
                if imaginary is not None:
                    self.differences.append((_operands(imaginary), _operands(imaginary)))
                continue
            if isinstance(operator, ast.Sub):
                self.differences.append((_operands(left), _operands(right)))
            elif isinstance(operator, ast.Div | ast.Mult):
                self.quotients.append(_operands(left) | _operands(right))

    def takes_differences(self, parameter: str) -> bool:
        """Whether results of calling one parameter are subtracted from each other, and divided or multiplied."""
        results = self._results(parameter)
        return any(not results.isdisjoint(names) for names in self.quotients) and any(
            not (results.isdisjoint(left) or results.isdisjoint(right)) for left, right in self.differences
        )

    def _results(self, parameter: str) -> set[str]:
        """The names that results of a parameter may be read by, and the callables that give them."""
        results = {parameter}
        grown = True
        while grown:
            known = len(results)
            results.update(name for name, names in self.inner if not results.isdisjoint(names))
            for names, targets in self.steps:
                if not results.isdisjoint(names):
                    results |= targets
            grown = len(results) > known
        return results


def _imaginary(node: ast.AST) -> ast.expr | None:
    """What the imaginary part is taken of: `z.imag`, `np.imag(z)`."""
    if isinstance(node, ast.Call) and node.args:
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        return node.args[0] if name == "imag" else None
    return node.value if isinstance(node, ast.Attribute) and node.attr == "imag" else None


def _operands(node: ast.AST) -> frozenset[str]:
    """The names by which values enter an operand: not how many there are, and not which item is read."""
    found: set[str] = set()
    nodes = [node]
    for each in nodes:
        if isinstance(each, ast.Call) and isinstance(each.func, ast.Name) and each.func.id == "len":
            continue
        if isinstance(each, ast.Attribute):
            if each.attr in _OF_SHAPES:
                continue
            found.add(each.attr)
        elif isinstance(each, ast.Name):
            found.add(each.id)
        nodes += [each.value] if isinstance(each, ast.Subscript) else children(each)
    return frozenset(found)


def _names_in(*nodes: ast.AST) -> frozenset[str]:
    """The names in some code, and the last names of attributes."""
    return frozenset(
        each.id if isinstance(each, ast.Name) else each.attr
        for each in walk(*nodes)
        if isinstance(each, ast.Name | ast.Attribute)
    )
