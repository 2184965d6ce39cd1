"""Of which parameters a function may take differences, as a project's own differentiators do."""

from __future__ import annotations

import ast

from closurelint.triage.blocks import DEFINITIONS, assignments, names_bound
from closurelint.triage.walking import walk


def differenced(node: ast.FunctionDef | ast.AsyncFunctionDef) -> frozenset[str]:
    """The parameters of which results are subtracted from each other, and divided or multiplied.

    Results are followed by name: what is assigned, collected or returned by an inner function from a result is one too.
    """
    nodes = walk(node)
    listed = {each.arg for each in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)}
    called = {each.func.id for each in nodes if isinstance(each, ast.Call) and isinstance(each.func, ast.Name)}
    candidates = listed & called
    if not candidates:
        return frozenset()
    body = _Body(node, nodes)
    return frozenset(name for name in candidates if body.takes_differences(name))


class _Body:
    """What stands in a function that can carry results on, and calculate with them."""

    def __init__(self, node: ast.FunctionDef | ast.AsyncFunctionDef, nodes: list[ast.AST]) -> None:
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
                continue
            if isinstance(operator, ast.Sub):
                self.differences.append((_names_in(left), _names_in(right)))
            elif isinstance(operator, ast.Div | ast.Mult):
                self.quotients.append(_names_in(left, right))

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


def _names_in(*nodes: ast.AST) -> frozenset[str]:
    """The names in some code, and the last names of attributes."""
    return frozenset(
        each.id if isinstance(each, ast.Name) else each.attr
        for each in walk(*nodes)
        if isinstance(each, ast.Name | ast.Attribute)
    )
