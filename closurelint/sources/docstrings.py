"""The examples in the docstrings of Python source: one program for each docstring that has any.

A docstring's example sees the names of its module, so what it uses of them is imported above it, on a line that is not
in the file. What an example shows to fail, or to be zero, it shows on purpose: it is left out.
"""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Iterator, Sequence
from functools import cached_property

from closurelint.sources.blocks import Block, DocumentLine
from closurelint.sources.document import program_of, readable_blocks
from closurelint.sources.program import LineOrigin, Program

_PROMPT = re.compile(r"\s*(?:[rRuUbB]{0,2}(?:\"\"\"|''')\s*)?>>>(?= |$)")
_MORE = re.compile(r"\s*\.\.\.(?= |$)")
_TRIPLE = re.compile(r"\"\"\"|'''")
_BOUND = re.compile(
    r"^(?:(?:async[ ]+)?def|class)[ ]+(\w+)|^(\w+)[ ]*(?::[^=\n]+)?=(?!=)"
    r"|^(?:from[ ]+([\w.]+)[ ]+)?import[ ]+(\([^)]*\)|[\w., ]+)",
    re.MULTILINE,
)
_USED = re.compile(r"(?<![\w.])[^\W\d]\w*")
_COMMENT = re.compile(r"#.*")


def docstring_programs(text: str, filename: str, naming: Collection[str] | None = None) -> tuple[Program, ...]:
    """The programs of the docstrings whose examples make a function, which they may hand to something.

    text: the module's, its lines ending in `\\n`. filename: says what the module is called. naming: examples that
    mention none of these names are of no interest.
    """
    lines = text.split("\n")
    module = _Module(text, filename)
    programs = []
    for docstring in _docstrings(lines):
        shown = "\n".join(line.text for line in docstring)
        named = naming is None or any(name in shown for name in naming)
        if named and ("lambda" in shown or "def " in shown):
            for readable in readable_blocks([Block(docstring, "session", 0)], as_examples=True):
                programs.append(_within_module(program_of([readable], lines), module))
    return tuple(programs)


def may_hold_programs(data: bytes) -> bool:
    """Whether `docstring_programs` could find any in these bytes: asked of many files, so it only looks at them."""
    at = data.find(b">>>")
    while at >= 0:
        end = data.find(b"\n\n", at)
        end = len(data) if end < 0 else end
        if data.find(b"lambda", at, end) >= 0 or data.find(b"def ", at, end) >= 0:
            return True
        at = data.find(b">>>", end)
    return False


class _Module:
    """What a module's examples see of it, looked for when it is asked for."""

    def __init__(self, text: str, filename: str) -> None:
        self._text, self._filename = text, filename

    @cached_property
    def imports(self) -> dict[str, str]:
        """How each name that the module binds at its top level is imported from outside of it."""
        stem, suffix = os.path.splitext(os.path.basename(self._filename))
        here = "." if stem == "__init__" else f".{stem}" if suffix == ".py" and stem.isidentifier() else ""
        names: dict[str, str] = {}
        for defined, assigned, package, imported in _BOUND.findall(self._text):
            if imported:
                names.update(_imports(package, imported))
            elif here:
                name = defined or assigned
                names[name] = f"from {here} import {name}"
        return names


def _imports(package: str, imported: str) -> Iterator[tuple[str, str]]:
    """The names that one import statement binds, each with a statement that binds it alone."""
    source = f"from {package} " if package else ""
    for alias in _COMMENT.sub("", imported).strip("()").split(","):
        words = alias.split()
        if words and words[0] != "*":
            bound = words[-1] if package or len(words) > 1 else words[0].partition(".")[0]
            yield bound, f"{source}import {' '.join(words)}"


def _within_module(program: Program, module: _Module) -> Program:
    """The program of one docstring, below the imports of what it uses of its module."""
    assert program.origins is not None
    used = dict.fromkeys(_USED.findall(program.text))
    imports = "; ".join(module.imports[name] for name in used if name in module.imports)
    above = program.origins[0].row - 1
    unwritten = LineOrigin(0, above, 0, 0, 0, 0, "blank")
    return Program(f"{imports}\n{program.text}", (unwritten, *program.origins)) if imports else program


def _docstrings(lines: Sequence[str]) -> Iterator[tuple[DocumentLine, ...]]:
    """The examples of each string in triple quotes that has any, and the output that is written below them.

    No line of Python starts with `>>>`, so such lines stand in strings; triple quotes between two of them part them.
    """
    found: list[DocumentLine] = []
    at = 0
    for start in [index for index, line in enumerate(lines) if ">>>" in line]:
        prompt = _PROMPT.match(lines[start])
        if start < at or prompt is None:
            continue
        opens = _TRIPLE.search(lines[start], 0, prompt.end()) is not None
        if found and (opens or any(_TRIPLE.search(line) for line in lines[at:start])):
            yield tuple(found)
            found = []
        at, is_closed = _example(lines, start, prompt, found)
        if is_closed:
            yield tuple(found)
            found = []
    if found:
        yield tuple(found)


def _example(
    lines: Sequence[str], row: int, prompt: re.Match[str] | None, found: list[DocumentLine]
) -> tuple[int, bool]:
    """Add the lines of one paragraph of examples; gives the row below it, and whether its string ends there."""
    width = 0
    while row < len(lines) and (lines[row].strip() or prompt is not None):
        line = lines[row]
        prompt = prompt or _PROMPT.match(line) or _MORE.match(line)
        width = width if prompt is None else prompt.end() - 3
        start = min(width, len(line) - len(line.lstrip())) if prompt is None else width
        closing = _TRIPLE.search(line, start)
        if closing is not None and prompt is not None and len(_TRIPLE.findall(line, start)) % 2 == 0:
            closing = None
        text = line[start : closing.start() if closing is not None else len(line)]
        if prompt is not None or text.strip():
            found.append(DocumentLine(row + 1, text, start, " " * start))
        if closing is not None:
            return row + 1, True
        row, prompt = row + 1, None
    return row, False
