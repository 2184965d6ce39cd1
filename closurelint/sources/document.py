"""Documents: their blocks of Python, gathered into programs.

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


def document_programs(text: str, suffix: str) -> tuple[Program, ...]:
    """The programs in a document whose lines end in `\\n`; `suffix` tells Markdown from reStructuredText."""
    texts = text.split("\n")
    lines = [DocumentLine(row, line) for row, line in enumerate(texts, 1)]
    blocks = restructuredtext_blocks(lines) if suffix in _REST else markdown_blocks(lines)
    programs = []
    for chapter in _chapters(readable_blocks(blocks)):
        programs.append(program_of(chapter, texts))
    return tuple(programs)


@dataclass(frozen=True, slots=True)
class Readable:
    """A block as Python."""

    block: Block
    python: list[PythonLine]

    @property
    def text(self) -> str:
        """The Python, one line for each line of the block."""
        return "\n".join(line.text for line in self.python)


@dataclass(slots=True)
class _Names:
    """What the blocks so far have imported and defined."""

    imported: set[tuple[str, ...]] = field(default_factory=set)
    defined: set[str] = field(default_factory=set)
    used: set[str] = field(default_factory=set)


def readable_blocks(blocks: Iterable[Block], *, as_examples: bool = False) -> Iterator[Readable]:
    """The blocks that are Python, each as far as it can be read.

    as_examples: a session is an example whose output was written by who knew it, see `session_lines`.
    """
    for block in blocks:
        lines = [line.text for line in block.lines]
        if any(map(has_prompt, lines)):
            block = block._replace(lines=dedented(block.lines))
            python = session_lines([line.text for line in block.lines], as_examples=as_examples)
        elif block.language == "python":
            python = python_lines(lines)
        else:
            block = block._replace(lines=dedented(block.lines))
            python = [PythonLine(line.text) for line in block.lines]
        if any(line.text.strip() for line in python) and complaint("\n".join(line.text for line in python)) is None:
            yield Readable(block, python)


def _chapters(blocks: Iterable[Readable]) -> Iterator[list[Readable]]:
    """The blocks, parted where the program restarts."""
    chapter: list[Readable] = []
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


def _restarts(readable: Readable, new: _Names, previous: Readable, names: _Names) -> bool:
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


def program_of(blocks: Sequence[Readable], lines: Sequence[str]) -> Program:
    """The blocks one after the other; `lines` are those of the file."""
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
                    len(lines[line.row - 1]),
                    number,
                    python.state,
                    line.continuation + python.continuation,
                )
            )
    return Program("\n".join(text), tuple(origins))
