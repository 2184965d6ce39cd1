"""Jupyter notebooks (nbformat 2 to 4): all code cells as one program, and edits that keep the rest of the file."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from closurelint.diagnostic import Edit, Position
from closurelint.sources.encoding import decoded
from closurelint.sources.grammar import complaint
from closurelint.sources.json_spans import JsonText, Strings
from closurelint.sources.magics import SKIPPED_ABOVE, PythonLine, python_lines
from closurelint.sources.notebook_edits import edited_strings
from closurelint.sources.program import LineOrigin, Program, SourceProblem, without_carriage_returns
from closurelint.sources.splice import Replacement, spliced
from closurelint.sources.transcript import has_prompt, session_lines

_OTHER_KERNEL = re.compile(
    r"bash|calysto|cpp|csharp|deno|fsharp|go|haskell|ijulia|ir\b|iruby|java|julia|kotlin|matlab|\.net|node|octave|perl|php"
    r"|prolog|ruby|rust|scala|scheme|sql|swift|typescript|wolfram|xcpp|xr\b",
    re.IGNORECASE,
)


class Cell(NamedTuple):
    """A code cell: its text's place in the JSON, and whether it is Python."""

    source: Strings
    is_python: bool


def notebook_programs(data: bytes) -> tuple[str, tuple[Program, ...]]:
    """The encoding of a notebook and its program: none if its language is not Python.

    A cell that does not parse is left out of the program and recorded as a problem.
    Raises SourceProblem if the bytes are no notebook.
    """
    encoding, text = _text_of(data)
    root, cells = _cells_of(text)
    if not _is_python(root.get("metadata")):
        return encoding, ()
    lines: list[str] = []
    origins: list[LineOrigin] = []
    problems: list[SourceProblem] = []
    for number, cell in enumerate(cells, 1):
        source = without_carriage_returns(cell.source.text).split("\n")
        python, problem = _checked(source, number) if cell.is_python else (_blank(source), None)
        if problem is not None:
            problems.append(problem)
        for row, (old, new) in enumerate(zip(source, python, strict=True), 1):
            lines.append(new.text)
            origins.append(LineOrigin(number, row, new.removed, new.added, len(old), number, new.state, ""))
    if not lines:
        return encoding, (Program("", None),)
    return encoding, (Program("\n".join(lines), tuple(origins), tuple(problems)),)


def cell_sources(data: bytes) -> list[str]:
    """The text of each code cell, in order. Raises SourceProblem if the bytes are no notebook."""
    _, text = _text_of(data)
    return [without_carriage_returns(cell.source.text) for cell in _cells_of(text)[1]]


def edited_notebook(data: bytes, edits: Iterable[Edit]) -> bytes:
    """The notebook's bytes after `edits`; only the edited cells' strings change.

    Raises ValueError if an edit names no code cell or lies outside it, SourceProblem if `data` is no notebook.
    """
    encoding, text = _text_of(data)
    _, cells = _cells_of(text)
    by_cell: dict[int, list[Edit]] = {}
    for edit in edits:
        number = edit.range.cell or 0
        if not 1 <= number <= len(cells):
            raise ValueError(f"the notebook has no code cell {number}")
        by_cell.setdefault(number, []).append(edit)
    sources = [cell.source for cell in cells]
    found = []
    for number, its_edits in sorted(by_cell.items()):
        source = sources[number - 1]
        found.append(Replacement(source.start, source.end, edited_strings(text, source, its_edits, sources)))
    return spliced(text, found).encode(encoding, "surrogatepass")


def _text_of(data: bytes) -> tuple[str, str]:
    encoding = json.detect_encoding(data)
    return encoding, decoded(data, encoding)


def _cells_of(text: str) -> tuple[dict[str, Any], list[Cell]]:
    """The notebook's top-level object and its code cells in order; in nbformat 2 and 3 cells stand in worksheets."""
    document = JsonText(text)
    readers = {"source": document.strings, "input": document.strings}

    def cells(at: int) -> tuple[list[Any], int]:
        return document.array(at, lambda start: document.object(start, readers))

    def worksheets(at: int) -> tuple[list[Any], int]:
        return document.array(at, lambda start: document.object(start, {"cells": cells}))

    try:
        root = document.document(lambda at: document.object(at, {"cells": cells, "worksheets": worksheets}))
    except json.JSONDecodeError as error:
        place = Position(error.lineno, error.colno)
        raise SourceProblem(
            f"the notebook is not valid JSON ({error.msg}): repair it, or save it again in Jupyter", place
        ) from None
    except RecursionError:
        raise SourceProblem("the notebook's JSON is nested too deeply to be read", Position(1, 1)) from None
    if not isinstance(root, dict) or not root.keys() & {"cells", "worksheets", "nbformat"}:
        raise SourceProblem("this is not a notebook: it has no list of cells", Position(1, 1))
    sheets = [sheet for sheet in root.get("worksheets", ()) if isinstance(sheet, dict)]
    every = [*root.get("cells", ()), *(cell for sheet in sheets for cell in sheet.get("cells", ()))]
    found = [cell for cell in map(_code_cell, every) if cell is not None]
    return root, _glued(found) if sheets else found


def _glued(cells: list[Cell]) -> list[Cell]:
    """The cells, with line ends put between lines that were written without theirs, as nbformat 2 did.

    A cell of one line says nothing about itself, so the first one that has more speaks for it.
    """

    def is_bare(source: Strings) -> bool:
        return not source.literals[0].value.endswith(("\n", "\r"))

    longer = [cell.source for cell in cells if cell.source.is_list and len(cell.source.literals) > 1]
    if not longer or not any(is_bare(source) for source in longer):
        return cells
    usual = is_bare(longer[0])
    return [
        cell._replace(source=cell.source._replace(glue="\n"))
        if cell.source.is_list and (is_bare(cell.source) if len(cell.source.literals) > 1 else usual)
        else cell
        for cell in cells
    ]


def _code_cell(members: Any) -> Cell | None:
    if not isinstance(members, dict) or members.get("cell_type") != "code":
        return None
    source = members.get("source", members.get("input"))
    if not isinstance(source, Strings):
        return None
    metadata = members.get("metadata")
    marks = metadata.get("vscode") if isinstance(metadata, dict) else None
    language = marks.get("languageId") if isinstance(marks, dict) else members.get("language")
    return Cell(source, not isinstance(language, str) or language.lower().startswith(("python", "ipython")))


def _is_python(metadata: Any) -> bool:
    """Whether the notebook's kernel is a Python: it counts as one unless the metadata name another language."""
    entries = metadata if isinstance(metadata, dict) else {}
    kernel = entries.get("kernelspec")
    about = entries.get("language_info")
    kernel = kernel if isinstance(kernel, dict) else {}
    about = about if isinstance(about, dict) else {}
    language = about.get("name") or kernel.get("language")
    if isinstance(language, str) and language:
        return "python" in language.lower() or language.lower() == "sage"
    name = kernel.get("name")
    return not (isinstance(name, str) and _OTHER_KERNEL.match(name))


def _checked(source: list[str], number: int) -> tuple[list[PythonLine], SourceProblem | None]:
    """A cell's Python; if it does not parse, as many empty lines and the problem."""
    first = next((line for line in source if not SKIPPED_ABOVE.match(line)), "")
    python = session_lines(source) if has_prompt(first) else python_lines(source)
    fault = complaint("\n".join(line.text for line in python))
    if fault is None:
        return python, None
    row, column = fault.position
    line = python[row - 1]
    place = Position(row, min(max(column - line.added, 1) + line.removed, len(source[row - 1]) + 1))
    message = f"cell {number} is not valid Python ({fault.message}): the notebook was checked without it"
    return _blank(source), SourceProblem(message, place, number)


def _blank(source: Sequence[str]) -> list[PythonLine]:
    return [PythonLine("", state="blank")] * len(source)
