"""Whether a function may take differences of one that it is given, as a project's own differentiators do."""

from __future__ import annotations

import ast

from closurelint.triage.blocks import DEFINITIONS, assignments, names_bound
from closurelint.triage.walking import walk


def takes_differences(node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Whether results of one of its parameters are subtracted from each other, and divided or multiplied.

    Results are followed by name: what is assigned, collected or returned by an inner function from a result is one too.
    """
    nodes = walk(node)
    results = _Results(node, nodes)
    if not results.names:
        return False
    subtracts = divides = False
    for each in nodes:
        if isinstance(each, ast.BinOp):
            left, right, operator = each.left, each.right, each.op
        elif isinstance(each, ast.AugAssign):
            left, right, operator = each.target, each.value, each.op
        else:
            continue
        if isinstance(operator, ast.Sub):
            subtracts = subtracts or (results.enter(left) and results.enter(right))
        elif isinstance(operator, ast.Div | ast.Mult):
            divides = divides or results.enter(left) or results.enter(right)
    return subtracts and divides


class _Results:
    """The names that results of the parameters may be read by, and the callables that give them.

    names: parameters that are called, inner functions that call one, and whatever is assigned from a result.
    """

    def __init__(self, node: ast.FunctionDef | ast.AsyncFunctionDef, nodes: list[ast.AST]) -> None:
        listed = (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)
        parameters = {each.arg for each in listed}
        called = {each.func.id for each in nodes if isinstance(each, ast.Call) and isinstance(each.func, ast.Name)}
        self.names = parameters & called
        if not self.names:
            return
        inner = [each for each in nodes if isinstance(each, DEFINITIONS) and each is not node]
        steps = [step for each in nodes for step in assignments(each)]
        grown = True
        while grown:
            known = len(self.names)
            self.names |= {each.name for each in inner if any(self.enter(part) for part in each.body)}
            for value, targets in steps:
                if self.enter(value):
                    self.names.update(name for target in targets for name in names_bound(target))
            grown = len(self.names) > known

    def enter(self, node: ast.AST) -> bool:
        """Whether a result may be in a value."""
        return any(
            (isinstance(each, ast.Name) and each.id in self.names)
            or (isinstance(each, ast.Attribute) and each.attr in self.names)
            for each in walk(node)
        )
