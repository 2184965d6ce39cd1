"""Documents and docstrings: their blocks of Python, gathered into programs.

The blocks of a document are one program, because readers type them one after the other. It restarts at a block that
imports again, under another heading, what was imported before, or counts from `In [1]` again; unless that block uses a
name that the blocks above it defined. A block that does not parse is no problem, it is left out:
documents show fragments.
"""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from closurelint.sources.blocks import Block, DocumentLine, dedented
from closurelint.sources.grammar import complaint
from closurelint.sources.magics import PythonLine, python_lines
from closurelint.sources.markdown import markdown_blocks
from closurelint.sources.program import LineOrigin, Program
from closurelint.sources.restructuredtext import restructuredtext_blocks
from closurelint.sources.transcript import has_prompt, session_lines

_REST = frozenset({".rst", ".txt"})
_FIRST_INPUT = re.compile(r"\s*In ?\[1\]:")
_DOCTEST = re.compile(r"\s*(?:[rRuUbB]{0,2}(?:\"\"\"|'''))?\s*>>>(?= |$)")
_DOCTEST_MORE = re.compile(r"\s*\.\.\.(?= |$)")
_TRIPLE = re.compile(r"\"\"\"|'''")


def document_programs(text: str, suffix: str) -> tuple[Program, ...]:
    """The programs in a document whose lines end in `\\n`; `suffix` tells Markdown from reStructuredText."""
    lines = [DocumentLine(row, line) for row, line in enumerate(text.split("\n"), 1)]
    blocks = restructuredtext_blocks(lines) if suffix in _REST else markdown_blocks(lines)
    lengths = [len(line.text) for line in lines]
    programs = []
    for chapter in _chapters(_readable(blocks)):
        programs.append(_program(chapter, lengths))
    return tuple(programs)


def doctest_programs(text: str) -> tuple[Program, ...]:
    """The examples in the docstrings of Python source: one program for each docstring that has any."""
    lines = text.split("\n")
    lengths = [len(line) for line in lines]
    programs = []
    for docstring in _docstrings(lines):
        readable = list(_readable([Block(docstring, "session", 0)]))
        if readable:
            programs.append(_program(readable, lengths))
    return tuple(programs)


@dataclass(frozen=True, slots=True)
class _Readable:
    """A block as Python."""

    block: Block
    python: list[PythonLine]

    @property
    def text(self) -> str:
        return "\n".join(line.text for line in self.python)


@dataclass(slots=True)
class _Names:
    """What the blocks so far have imported and defined."""

    imported: set[tuple[str, ...]] = field(default_factory=set)
    defined: set[str] = field(default_factory=set)
    used: set[str] = field(default_factory=set)


def _readable(blocks: Iterable[Block]) -> Iterator[_Readable]:
    """The blocks that are Python, each as far as it can be read."""
    for block in blocks:
        lines = [line.text for line in block.lines]
        if any(map(has_prompt, lines)):
            block = block._replace(lines=dedented(block.lines))
            python = session_lines([line.text for line in block.lines])
        elif block.language == "python":
            python = python_lines(lines)
        else:
            block = block._replace(lines=dedented(block.lines))
            python = [PythonLine(line.text) for line in block.lines]
        if any(line.text.strip() for line in python) and complaint("\n".join(line.text for line in python)) is None:
            yield _Readable(block, python)


def _chapters(blocks: Iterable[_Readable]) -> Iterator[list[_Readable]]:
    """The blocks, parted where the program restarts."""
    chapter: list[_Readable] = []
    names = _Names()
    for readable in blocks:
        new = _names_in(readable.text)
        if chapter and _restarts(readable, new, chapter[-1], names):
            yield chapter
            chapter, names = [], _Names()
        chapter.append(readable)
        names.imported |= new.imported
        names.defined |= new.defined
    if chapter:
        yield chapter


def _restarts(readable: _Readable, new: _Names, previous: _Readable, names: _Names) -> bool:
    counts_again = any(_FIRST_INPUT.match(line.text) for line in readable.block.lines)
    imports_again = readable.block.section != previous.block.section and new.imported & names.imported
    if not (counts_again or imports_again):
        return False
    return not (new.used - new.defined) & names.defined


def _names_in(text: str) -> _Names:
    names = _Names()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(text)
    except SyntaxError:  # grammar newer than the running interpreter
        return names
    for node in ast.walk(tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            module = getattr(node, "module", None) or ""
            names.imported |= {(module, alias.name, alias.asname or "") for alias in node.names}
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            names.defined.add(node.name)
        elif isinstance(node, ast.Name):
            (names.used if isinstance(node.ctx, ast.Load) else names.defined).add(node.id)
    return names


def _program(blocks: Sequence[_Readable], lengths: Sequence[int]) -> Program:
    text: list[str] = []
    origins: list[LineOrigin] = []
    for number, readable in enumerate(blocks, 1):
        for line, python in zip(readable.block.lines, readable.python, strict=True):
            text.append(python.text)
            origins.append(
                LineOrigin(
                    0,
                    line.row,
                    line.removed + python.removed,
                    python.added,
                    lengths[line.row - 1],
                    number,
                    python.state,
                    line.continuation + python.continuation,
                )
            )
    return Program("\n".join(text), tuple(origins))


def _docstrings(lines: Sequence[str]) -> Iterator[tuple[DocumentLine, ...]]:
    """The lines with prompts, and what may continue them, of each string in triple quotes that has any.

    No line of Python starts with `>>>`, so such lines stand in strings; triple quotes between two of them part them.
    """
    found: list[DocumentLine] = []
    for row, line in enumerate(lines, 1):
        prompt = _DOCTEST.match(line) or (_DOCTEST_MORE.match(line) if found and found[-1].row == row - 1 else None)
        opens = prompt is not None and _TRIPLE.search(line[: prompt.end()]) is not None
        quotes = len(_TRIPLE.findall(line))
        if found and quotes and (opens or prompt is None):
            yield tuple(found)
            found = []
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
