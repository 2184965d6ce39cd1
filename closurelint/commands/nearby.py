"""Why nothing was found on a line: the calls that stand there, asked of Python's own syntax tree.

For who misses a finding: is the callee known, by which name, and is what it is handed a function?
"""

from __future__ import annotations

import ast
from difflib import get_close_matches

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from closurelint.catalogue import Catalogue


def said_of_calls(text: str, row: int, known: Catalogue, met: frozenset[str]) -> list[str]:
    """One sentence about each call on the program's line `row` that is handed a function, or could be known.

    met: how differentiators are spelled that were understood elsewhere in the file.
    """
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError):
        return []
    imports, functions = _imports(tree), _functions(tree)
    said = []
    for call in _calls_at(tree, row):
        spelled = ast.unparse(call.func)
        if len(spelled) > 60:
            continue
        dotted = _dotted(spelled, imports)
        if known.function(dotted) is not None or spelled in met:
            sentence = f"`{dotted}` is known, but what it is handed here is no function whose definition is in view"
        else:
            sentence = _said(call, spelled, dotted, functions, known)
        if sentence and sentence not in said:
            said.append(sentence)
    return said


def _said(call: ast.Call, spelled: str, dotted: str, functions: dict[str, ast.AST], known: Catalogue) -> str:
    handed = [_handed(each, functions) for each in (*call.args, *(keyword.value for keyword in call.keywords))]
    handed = [each for each in handed if each]
    name = spelled.rpartition(".")[2]
    if name in functions and handed:
        return (
            f"`{spelled}` of this file is handed {handed[0]}, but its body does not differentiate: it would have to"
            " evaluate that at two points, subtract the values and divide by their distance"
        )
    near = [entry.name for entry in known.named(name)] or get_close_matches(dotted, _paths(known), n=1, cutoff=0.85)
    if handed or near:
        alike = f"; {_listed(near)} {'are' if len(near) > 1 else 'is'}" if near else ""
        what = f" is handed {handed[0]}, but" if handed else ""
        return f"`{dotted}`{what} is not known as a differentiator{alike}"
    return ""


def _listed(names: list[str]) -> str:
    shown = [f"`{name}`" for name in names[:3]]
    return ", ".join(shown) + (f" or one of {len(names) - 3} more of that name" if len(names) > 3 else "")


def _handed(node: ast.expr, functions: dict[str, ast.AST]) -> str:
    """What an argument is, if it is a function."""
    if isinstance(node, ast.Lambda):
        return "a lambda"
    name = ast.unparse(node) if isinstance(node, ast.Name | ast.Attribute) else ""
    return f"the function `{name}`" if name.rpartition(".")[2] in functions else ""


def _calls_at(tree: ast.Module, row: int) -> Iterator[ast.Call]:
    """The calls whose callee or arguments stand on the line, outermost first."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and node.lineno <= row <= (node.end_lineno or node.lineno):
            inner = [each for each in node.args if isinstance(each, ast.Lambda)]
            if node.func.lineno == row or node.end_lineno == row or any(each.lineno == row for each in inner):
                yield node


def _functions(tree: ast.Module) -> dict[str, ast.AST]:
    return {node.name: node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}


def _imports(tree: ast.Module) -> dict[str, str]:
    """Local names and the dotted names that they were imported as."""
    found: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                found[alias.asname or alias.name.partition(".")[0]] = (
                    alias.name if alias.asname else alias.name.partition(".")[0]
                )
        elif isinstance(node, ast.ImportFrom):
            for alias in node.names:
                found[alias.asname or alias.name] = f"{'.' * node.level}{node.module or ''}.{alias.name}"
    return found


def _dotted(spelled: str, imports: dict[str, str]) -> str:
    first, dot, rest = spelled.partition(".")
    return f"{imports[first]}{dot}{rest}" if first in imports else spelled


def _paths(known: Catalogue) -> list[str]:
    return [path for entry in known.entries for path in entry.paths]
