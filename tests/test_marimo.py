"""Marimo notebooks: what one cell binds, another reads, although each is a function in the file."""

from __future__ import annotations

import pytest

from closurelint.configuration.layers import Configuration
from closurelint.diagnostic import Edit, Position, Range
from closurelint.engine import check_bytes, check_text
from closurelint.report.lines import lines_on_disk
from closurelint.result import FileResult
from closurelint.sources.source import Program, SourceFile, source_from_bytes

NOTEBOOK = """import marimo

app = marimo.App(width="medium")

with app.setup:
    import jax


@app.function
def half(x):
    return x / 2


@app.cell(
    hide_code=True,
)
async def _(cost):
    # the start
    params = half(
        start()
    )

    def shown():
        return cost(params)

    return (
        params,
        shown,
    )


@app.cell
def _(): return


@app.cell
def _(cost, params):
    # closurelint: ignore[CLO201]
    grads = jax.grad(lambda p: cost(params))(params)
    return (grads,)


if __name__ == "__main__":
    app.run()
"""
BODIES = """# the start
params = half(
    start()
)
def shown():
    return cost(params)
# closurelint: ignore[CLO201]
grads = jax.grad(lambda p: cost(params))(params)"""


def read(text: str) -> SourceFile:
    return source_from_bytes(text.encode(), "notes.py")


def only(source: SourceFile) -> Program:
    (program,) = source.programs
    return program


def checked(text: str) -> FileResult:
    return check_bytes(text.encode(), "notes.py", Configuration([], isolated=True).for_run())


def test_the_bodies_of_the_cells_are_one_program() -> None:
    text, first = only(read(NOTEBOOK)).text, NOTEBOOK.index("@app.cell")
    head, tail = NOTEBOOK[:first], NOTEBOOK[NOTEBOOK.index("if __name__") :]
    assert text.startswith(head)
    assert text.endswith(tail)
    assert [line for line in text[first : -len(tail)].split("\n") if line] == BODIES.split("\n")
    assert text.count("\n") == NOTEBOOK.count("\n")


def row_of(words: str) -> int:
    return NOTEBOOK[: NOTEBOOK.index(words)].count("\n") + 1


def test_places_lead_to_the_file_and_back() -> None:
    program = only(read(NOTEBOOK))
    row = row_of("lambda p")
    assert program.to_file(Range(Position(row, 18), Position(row, 19))) == Range(Position(row, 22), Position(row, 23))
    assert program.to_program(Position(row, 22)) == Position(row, 18)
    assert program.to_program(Position(row + 1, 5)) is None
    assert program.to_program(Position(6, 5)) == Position(6, 5)


def test_new_lines_are_indented_as_their_cell_is() -> None:
    program = only(read(NOTEBOOK))
    row = row_of("params = half")
    edit = program.to_file_edit(Edit(Range(Position(row, 1), Position(row, 1)), "a = 1\nb = 2\n"))
    assert edit == Edit(Range(Position(row, 5), Position(row, 5)), "a = 1\n    b = 2\n    ")


def test_a_finding_spans_cells_and_is_mended_in_the_file() -> None:
    unused, found = checked(NOTEBOOK).diagnostics
    assert (unused.code, unused.range.start) == ("CLO901", Position(row_of("# closurelint"), 5))
    assert (found.code, found.range.start) == ("CLO102", Position(row_of("lambda p"), 22))
    fixed = read(NOTEBOOK).edited(found.fixes[0].edits).decode()
    assert fixed == NOTEBOOK.replace("lambda p: cost(params)", "lambda p: cost(p)")
    again = checked(fixed).diagnostics
    assert [each.code for each in again] == ["CLO901"]


def test_an_editor_sees_the_same() -> None:
    settings = Configuration([], isolated=True).for_run()
    assert check_text(NOTEBOOK, "notes.py", settings) == checked(NOTEBOOK)


def test_frames_show_the_lines_of_the_file() -> None:
    assert lines_on_disk({"notes.py": NOTEBOOK.encode()})("notes.py", None) == NOTEBOOK.splitlines()


@pytest.mark.parametrize(
    "text",
    [
        "import marimo\n\napp = marimo.App()\n",
        "import marimo\n\napp = make()\nother = marimo.App()\n\n\n@app.cell\ndef _():\n    x = 1\n",
        "app = marimo.App()\n\n\n@app.cell\ndef _():\n    x = = 1\n",
        "# app = marimo.App()\n\n\n@app.cell\ndef _():\n    x = 1\n",
    ],
    ids=["no cells", "another app", "no Python", "a comment"],
)
def test_what_is_no_notebook_is_read_as_it_is(text: str) -> None:
    assert only(read(text)) == Program(text)
