"""Marimo notebooks: Python files in which every cell is a function of the names that other cells bind.

They are read like any notebook: the bodies of the cells, in the order of the file, are one program. A cell's header and
its closing `return`, which say again what its body says, are no lines of it.
"""

from __future__ import annotations

import ast
import warnings
from collections.abc import Sequence

from closurelint.sources.program import LineOrigin, Program


def marimo_program(text: str) -> Program:
    """The program of a module whose lines end in `\\n`; the text as it is, if it is no notebook or no Python."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            body = ast.parse(text).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return Program(text)
    lines = text.split("\n")
    origins = [LineOrigin(0, row, 0, 0, len(line), 0) for row, line in enumerate(lines, 1)]
    apps = {name for node in body for name in _apps_bound(node)}
    for number, node in enumerate(body, 1):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and any(
            _is_cell(decorator, apps) for decorator in node.decorator_list
        ):
            _unfold(node, number, lines, origins)
    return Program("\n".join(lines), tuple(origins)) if any(origin.block for origin in origins) else Program(text)


def _apps_bound(node: ast.stmt) -> list[str]:
    """The names that a statement binds to a Marimo app."""
    if not isinstance(node, ast.Assign) or not isinstance(node.value, ast.Call):
        return []
    is_app = ast.unparse(node.value.func) == "marimo.App"
    return [target.id for target in node.targets if is_app and isinstance(target, ast.Name)]


def _is_cell(decorator: ast.expr, apps: set[str]) -> bool:
    """Whether it is `@app.cell` or `@app.cell(...)`."""
    called = decorator.func if isinstance(decorator, ast.Call) else decorator
    if not isinstance(called, ast.Attribute) or not isinstance(called.value, ast.Name):
        return False
    return called.attr == "cell" and called.value.id in apps


def _unfold(
    cell: ast.FunctionDef | ast.AsyncFunctionDef, number: int, lines: list[str], origins: list[LineOrigin]
) -> None:
    """Put the lines of a cell's body in the place of the cell."""
    start, first = cell.decorator_list[0].lineno, _first_row(cell.body[0])
    while first > cell.lineno + 1 and _is_comment(lines[first - 2]):
        first -= 1
    last = cell.body[-1]
    end = last.lineno if isinstance(last, ast.Return) else (cell.end_lineno or cell.lineno) + 1
    indent = cell.body[0].col_offset
    for row in range(start, (cell.end_lineno or cell.lineno) + 1):
        line, origin = lines[row - 1], origins[row - 1]._replace(block=number)
        if first <= row < end:
            removed = min(indent, len(line) - len(line.lstrip(" ")))
            lines[row - 1] = line[removed:]
            origins[row - 1] = origin._replace(removed=removed, continuation=" " * indent)
        else:
            lines[row - 1] = ""
            origins[row - 1] = origin._replace(state="blank")


def _first_row(node: ast.stmt) -> int:
    decorators: Sequence[ast.expr] = getattr(node, "decorator_list", ())
    return min((node.lineno, *(decorator.lineno for decorator in decorators)))


def _is_comment(line: str) -> bool:
    return not line.strip() or line.lstrip().startswith("#")
