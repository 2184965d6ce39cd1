"""The examples in the docstrings of Python source: one program for each docstring that has any.

A docstring's example sees the names of its module, so what it uses of them is imported above it, on a line that is not
in the file. What an example shows to fail, or to be zero, it shows on purpose: it is left out.
"""

from __future__ import annotations

import ast
import os
import re
import warnings
from collections.abc import Iterator, Sequence

from closurelint.sources.blocks import Block, DocumentLine
from closurelint.sources.document import Readable, program_of, readable_blocks
from closurelint.sources.program import LineOrigin, Program

_PROMPTED = re.compile(r"^[ \t]*(?:[rRuUbB]{0,2}(?:\"\"\"|'''))?[ \t]*(?:>>>|\.\.\.)[ ](.*)", re.MULTILINE)
_PROMPT = re.compile(r"\s*(?:[rRuUbB]{0,2}(?:\"\"\"|'''))?\s*>>>(?= |$)")
_MORE = re.compile(r"\s*\.\.\.(?= |$)")
_TRIPLE = re.compile(r"\"\"\"|'''")
_DEFINED = re.compile(r"\bdef[ \t]+(\w+)")
_PASSED = re.compile(r"\b\w+\b(?![ \t]*[(.=])")


def docstring_programs(text: str, filename: str) -> tuple[Program, ...]:
    """The programs of the docstrings whose examples hand a function to something.

    text: the module's, its lines ending in `\\n`. filename: says what the module is called.
    """
    defined = set(_DEFINED.findall(text))
    examples = "\n".join(_PROMPTED.findall(text))
    if not _hands_functions_over(examples, defined):
        return ()
    lines = text.split("\n")
    lengths = [len(line) for line in lines]
    programs = []
    origins: dict[str, str] | None = None
    for docstring in _docstrings(lines):
        if not _hands_functions_over("\n".join(line.text for line in docstring), defined):
            continue
        for readable in readable_blocks([Block(docstring, "session", 0)], as_examples=True):
            origins = _module_names(text, filename) if origins is None else origins
            programs.append(_within_module(readable, lengths, origins))
    return tuple(programs)


def _hands_functions_over(examples: str, defined: set[str]) -> bool:
    """Whether a function is made there, or one of the module stands there without being called."""
    if "lambda" in examples or "def " in examples:
        return True
    return not defined.isdisjoint(_PASSED.findall(examples))


def _within_module(readable: Readable, lengths: Sequence[int], origins: dict[str, str]) -> Program:
    """The program of one docstring, below the imports of what it uses of its module."""
    program = program_of([readable], lengths)
    assert program.origins is not None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            names = [node.id for node in ast.walk(ast.parse(program.text)) if isinstance(node, ast.Name)]
    except SyntaxError:  # grammar newer than the running interpreter
        return program
    imports = "; ".join(origins[name] for name in dict.fromkeys(names) if name in origins)
    above = program.origins[0].row - 1
    unwritten = LineOrigin(0, above, 0, 0, 0, 0, "blank")
    return Program(f"{imports}\n{program.text}", (unwritten, *program.origins)) if imports else program


def _module_names(text: str, filename: str) -> dict[str, str]:
    """How each name that the module binds at its top level is imported from outside of it."""
    stem, suffix = os.path.splitext(os.path.basename(filename))
    here = "." if stem == "__init__" else f".{stem}" if suffix == ".py" and stem.isidentifier() else ""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return {}
    names: dict[str, str] = {}
    for node in _top_level(tree.body):
        if isinstance(node, ast.Import | ast.ImportFrom):
            for alias in node.names:
                names[(alias.asname or alias.name).partition(".")[0]] = _import_of(node, alias)
        elif here:
            own = [node.name] if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) else []
            if isinstance(node, ast.Assign):
                own = [target.id for target in node.targets if isinstance(target, ast.Name)]
            names.update((name, f"from {here} import {name}") for name in own)
    return names


def _top_level(body: Sequence[ast.stmt]) -> Iterator[ast.stmt]:
    for node in body:
        if isinstance(node, ast.If | ast.Try):
            yield from _top_level(node.body)
        else:
            yield node


def _import_of(node: ast.Import | ast.ImportFrom, alias: ast.alias) -> str:
    as_name = f" as {alias.asname}" if alias.asname else ""
    if isinstance(node, ast.Import):
        return f"import {alias.name}{as_name}"
    return f"from {'.' * node.level}{node.module or ''} import {alias.name}{as_name}"


def _docstrings(lines: Sequence[str]) -> Iterator[tuple[DocumentLine, ...]]:
    """The examples of each string in triple quotes that has any, and the output that is written below them.

    No line of Python starts with `>>>`, so such lines stand in strings; triple quotes between two of them part them.
    """
    found: list[DocumentLine] = []
    for row, line in enumerate(lines, 1):
        below = bool(found) and found[-1].row == row - 1
        prompt = _PROMPT.match(line) or (_MORE.match(line) if below else None)
        opens = prompt is not None and _TRIPLE.search(line[: prompt.end()]) is not None
        quotes = len(_TRIPLE.findall(line)) if found or prompt is not None else 0
        if found and quotes and (opens or prompt is None):
            yield tuple(found)
            found = []
        elif prompt is None and below and line.strip():
            width = min(found[0].removed, len(line) - len(line.lstrip()))
            found.append(DocumentLine(row, line[width:], width, line[:width]))
        if prompt is None:
            continue
        start = prompt.end() - 3
        closing = _TRIPLE.search(line, prompt.end()) if (quotes - opens) % 2 else None
        text = line[start : closing.start() if closing is not None else len(line)]
        found.append(DocumentLine(row, text, start, " " * start))
        if closing is not None:
            yield tuple(found)
            found = []
    if found:
        yield tuple(found)
