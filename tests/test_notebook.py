from __future__ import annotations

import ast
import json
from pathlib import Path
from typing import Any

import nbformat
import pytest
from hypothesis import given
from hypothesis import strategies as st

from closurelint.diagnostic import Edit, Position, Range
from closurelint.sources.magics import python_lines
from closurelint.sources.source import Program, SourceFile, SourceProblem, source_from_bytes

NOTEBOOKS = Path(__file__).parent.parent / "fixtures" / "notebooks"


def code(source: Any, **members: Any) -> dict[str, Any]:
    return {"cell_type": "code", "metadata": {}, "execution_count": None, "outputs": [], "source": source, **members}


def notebook(*cells: Any, **metadata: Any) -> dict[str, Any]:
    made = [cell if isinstance(cell, dict) else code(cell.splitlines(keepends=True)) for cell in cells]
    return {"cells": made, "metadata": metadata, "nbformat": 4, "nbformat_minor": 4}


def written(value: Any, **style: Any) -> bytes:
    return json.dumps(value, **{"indent": 1, "ensure_ascii": False, **style}).encode() + b"\n"


def read(*cells: Any, **metadata: Any) -> SourceFile:
    return source_from_bytes(written(notebook(*cells, **metadata)), "a.ipynb")


def only(source: SourceFile) -> Program:
    (program,) = source.programs
    return program


def place(cell: int, row: int, column: int, end_row: int | None = None, end_column: int | None = None) -> Range:
    return Range(Position(row, column), Position(end_row or row, end_column or column), cell)


def cell_texts(data: bytes) -> list[str]:
    book = nbformat.reads(data.decode(), as_version=4)  # type: ignore[no-untyped-call]
    return [cell.source for cell in book.cells if cell.cell_type == "code"]


class TestProgram:
    def test_code_cells_are_one_program_in_order(self) -> None:
        source = read("import numpy as np\nW = np.ones(3)", {"cell_type": "markdown", "source": "text"}, "W.sum()")
        assert source.kind == "notebook"
        program = only(source)
        assert program.text == "import numpy as np\nW = np.ones(3)\nW.sum()"
        assert program.to_file(Range(Position(3, 1), Position(3, 2))) == place(2, 1, 1, 1, 2)
        assert program.to_program(Position(1, 2), cell=2) == Position(3, 2)
        assert program.to_program(Position(2, 1), cell=2) is None
        assert program.to_program(Position(1, 1)) is None
        assert program.to_program(Position(1, 99), cell=1) is None

    def test_a_range_that_runs_into_the_next_cell_ends_with_its_own(self) -> None:
        program = only(read("a = 1\nb = 2", "c = 3"))
        assert program.to_file(Range(Position(1, 1), Position(3, 2))) == place(1, 1, 1, 2, 6)

    def test_source_may_be_one_string_and_lines_may_end_in_any_way(self) -> None:
        program = only(read(code("a = 1\r\nb = 2\rc = 3"), code([])))
        assert program.text == "a = 1\nb = 2\nc = 3\n"
        assert program.to_file(Range(Position(3, 1), Position(3, 2))) == place(1, 3, 1, 3, 2)

    def test_await_at_top_level_is_fine(self) -> None:
        program = only(read("import asyncio\nawait asyncio.sleep(0)\nasync with a as b:\n    pass"))
        assert program.problems == ()

    def test_a_cell_that_does_not_parse_is_blank_and_the_others_are_there(self) -> None:
        program = only(read("a = 1", "b = 2\nc = = 3", "d = 4"))
        assert program.text == "a = 1\n\n\nd = 4"
        (problem,) = program.problems
        assert (problem.cell, problem.position) == (2, Position(2, 5))
        assert problem.message.startswith("cell 2 is not valid Python (")
        assert program.to_program(Position(1, 1), cell=2) is None

    @pytest.mark.parametrize(
        "text", ["x = '\x00'", "x = '\ud800'", "(" * 300 + ")" * 300], ids=["null", "half", "deep"]
    )
    def test_a_cell_that_no_parser_takes_is_a_problem_too(self, text: str) -> None:
        data = written(notebook(code(text), "y = 1"), ensure_ascii=True)
        program = only(source_from_bytes(data, "a.ipynb"))
        assert program.text == "\ny = 1"
        assert len(program.problems) == 1

    @pytest.mark.parametrize(
        "metadata",
        [
            {"kernelspec": {"language": "R", "name": "ir", "display_name": "R"}},
            {"language_info": {"name": "julia"}},
            {"kernelspec": {"name": "julia-1.9", "display_name": "Julia"}},
        ],
    )
    def test_another_language_has_no_program(self, metadata: dict[str, Any]) -> None:
        assert read("x <- 1", **metadata).programs == ()

    @pytest.mark.parametrize(
        "metadata",
        [
            {},
            {"kernelspec": {"name": "python3", "display_name": "Python 3"}},
            {"kernelspec": {"name": "conda-env-ml-py", "display_name": "ml"}, "language_info": {"name": "python"}},
            {"kernelspec": None, "language_info": 3},
        ],
    )
    def test_unknown_kernels_are_python(self, metadata: dict[str, Any]) -> None:
        assert only(read("x = 1", **metadata)).text == "x = 1"

    def test_a_cell_in_another_language_is_blank(self) -> None:
        shell = code("ls -l", metadata={"vscode": {"languageId": "shellscript"}})
        assert only(read(shell, "x = 1")).text == "\nx = 1"

    def test_a_cell_with_prompts_is_read_as_a_session(self) -> None:
        program = only(read(">>> x = 1\n>>> x\n1", "In [1]: y = 2"))
        assert program.text == "x = 1\nx\n\ny = 2"
        assert program.to_file(Range(Position(1, 1), Position(1, 2))) == place(1, 1, 5, 1, 6)

    def test_a_comment_may_stand_above_the_prompts(self) -> None:
        program = only(read("#!python\n>>> x = 1\n>>> x\n1", "\n# b\nIn [1]: y = 2\nOut[1]: -"))
        assert program.text == "\nx = 1\nx\n\n\n\ny = 2\n"
        assert program.problems == ()

    def test_lines_of_nbformat_2_come_without_their_ends(self) -> None:
        cells = [
            {"cell_type": "code", "language": "python", "input": ["x = 1", "y = x"], "outputs": []},
            {"cell_type": "code", "language": "python", "input": ["z = y"], "outputs": []},
        ]
        data = written({"nbformat": 2, "metadata": {}, "worksheets": [{"cells": cells}]})
        source = source_from_bytes(data, "a.ipynb")
        assert only(source).text == "x = 1\ny = x\nz = y"
        longer = source.edited([Edit(place(1, 2, 1), "q = 0\n"), Edit(place(2, 1, 1), "r = 0\n")])
        assert json.loads(longer)["worksheets"][0]["cells"][0]["input"] == ["x = 1", "q = 0", "y = x"]
        shorter = [Edit(place(1, 2, 1, 3, 1), ""), Edit(place(2, 1, 1, 2, 1), "")]
        assert source_from_bytes(longer, "a.ipynb").edited(shorter) == data


class TestFixtures:
    def test_aliased_gradient(self) -> None:
        source = source_from_bytes((NOTEBOOKS / "aliased_gradient.ipynb").read_bytes(), "aliased_gradient.ipynb")
        program = only(source)
        ast.parse(program.text)
        row = program.text.split("\n").index("f = lambda W: net.loss(x, t)") + 1
        assert program.to_file(Range(Position(row, 5), Position(row, 29))) == place(4, 3, 5, 3, 29)
        assert [problem.cell for problem in program.problems] == [5]

    def test_python_2_course_in_nbformat_3(self) -> None:
        source = source_from_bytes((NOTEBOOKS / "course_nbformat3.ipynb").read_bytes(), "course_nbformat3.ipynb")
        program = only(source)
        assert program.problems == ()
        assert "print('loss: %f' % loss) # Python 2\n" in program.text
        assert program.text.endswith("for row in numeric: print(row,)")

    def test_colab_with_its_escapes(self) -> None:
        data = (NOTEBOOKS / "colab_captured.ipynb").read_bytes()
        source = source_from_bytes(data, "colab_captured.ipynb")
        assert only(source).text.endswith("grads = jax.grad(cost)(params)")
        edited = source.edited([Edit(place(2, 2, 19, 2, 25), "p < 3 and '≈' or p")])
        assert b"(p \\u003c 3 and '\\u2248' or p ** 2)" in edited
        undone = source_from_bytes(edited, "a.ipynb").edited([Edit(place(2, 2, 19, 2, 37), "params")])
        assert undone == data

    @pytest.mark.parametrize("path", sorted(NOTEBOOKS.glob("*.ipynb")), ids=lambda path: path.stem)
    def test_nbformat_reads_the_same_cells_after_an_edit(self, path: Path) -> None:
        data = path.read_bytes()
        for number, text in enumerate(cell_texts(data), 1):
            edited = source_from_bytes(data, path.name).edited([Edit(place(number, 1, 1), "# über\n")])
            assert cell_texts(edited)[number - 1] == "# über\n" + text
            undo = Edit(place(number, 1, 1, 2, 1), "")
            assert source_from_bytes(edited, path.name).edited([undo]) == data


class TestMagics:
    @pytest.mark.parametrize(
        ("cell", "program"),
        [
            ("%matplotlib inline\nx = 1", "pass\nx = 1"),
            ('!pip install -q jax && echo "it\'s"\nx = 1', "pass\nx = 1"),
            ("!pip install \\\n    jax\nx = 1", "pass\n\nx = 1"),
            ("pip install jax", "pass"),
            ("cd ..", "pass"),
            ("ls {folder}\nmkdir 'a b'", "pass\npass"),
            ("for x in xs:\n    !echo {x}", "for x in xs:\n    pass"),
            ("files = !ls\nn = %env HOME", "files = get_ipython().getoutput()\nn = get_ipython().getoutput()"),
            ("?np.dot\nnp.dot?\nnp.dot??\n%time?", "pass\npass\npass\npass"),
            ("%time w = fit(x)", "w = fit(x)"),
            ("if x:\n    %timeit -n 10 -r3 f(x)", "if x:\n    f(x)"),
            ("%timeit -n 3 f(x,\n    y=2)\nz = 1", "f(x,\n    y=2)\nz = 1"),
            ("%timeit f(x) \\\n    + 1\nz = 1", "pass\n\nz = 1"),
            ("%%time\n\nx = 1", "\n\nx = 1"),
            ("# first\n%%capture out\n%%time\nx = 1", "\n\n\nx = 1"),
            ("%%bash\necho hi", "\n"),
            ("%%html\n<b>x</b>", "\n"),
            ("%%writefile model.py\nx = 1", "\n"),
            ("%%unheard_of\nx = 1", "\nx = 1"),
            ("%%unheard_of\nx := 1;", "\n"),
            ("%sql\nSELECT a FROM b", "\n"),
            ("# above\n%md-sandbox\nit's text", "\n\n"),
            ("%sql SELECT a FROM b\nx = 1", "pass\nx = 1"),
            ("%python\nx = 1", "pass\nx = 1"),
            ("    %matplotlib inline\n    x = 1", "pass\nx = 1"),
            (" x = 1\ny = 2\nif x:\n    y = 3", "x = 1\ny = 2\nif x:\n   y = 3"),
            ("# above\n  x = 1\n  y = 2", "# above\nx = 1\ny = 2"),
            ("x = ('''\n%d files\n!no command\n''' % 3)\n%pylab", "x = ('''\n%d files\n!no command\n''' % 3)\npass"),
            ("x = (10\n  % 3)\n%pylab", "x = (10\n  % 3)\npass"),
            ("@savefig plot.png\nx = 1\n%pylab", "\nx = 1\npass"),
            (
                "print 'a', b;\nprint\nprint (a), 'b' % b, c\n%pylab",
                "print('a', b)\nprint\nprint (a), 'b' % b, c\npass",
            ),
            (
                "if a: print 'k = %d' % k # no\nprint \"a\\\n  b\", \\\n  c",
                "if a: print('k = %d' % k) # no\nprint(\"a\\\n  b\", \\\n  c)",
            ),
        ],
    )
    def test_the_line_count_stays_and_the_rest_parses(self, cell: str, program: str) -> None:
        found = only(read(cell))
        assert found.text == program
        assert found.problems == ()
        ast.parse(found.text)

    @pytest.mark.parametrize("cell", ["x = 10 % 3\ny = x != 2", "ls = 3\nls - 1", "run = pip = 1", "t = {'%%': '!x'}"])
    def test_python_is_left_alone(self, cell: str) -> None:
        assert only(read(cell)).text == cell

    def test_what_a_line_magic_hides_keeps_its_place(self) -> None:
        program = only(read("if x:\n    %time w = fit(x)"))
        assert program.to_file(Range(Position(2, 5), Position(2, 6))) == place(1, 2, 11, 2, 12)
        assert program.to_program(Position(2, 11), cell=1) == Position(2, 5)

    def test_commands_cannot_be_edited(self) -> None:
        program = only(read("%matplotlib inline\nx = 1"))
        assert program.to_file_edit(Edit(Range(Position(1, 1), Position(1, 5)), "")) is None
        edit = Edit(Range(Position(2, 5), Position(2, 6)), "2")
        assert program.to_file_edit(edit) == Edit(place(1, 2, 5, 2, 6), "2")

    @given(st.lists(st.text(alphabet="%!?=x (\"'\\#\n[:p", max_size=12), max_size=6))
    def test_every_line_has_its_counterpart(self, lines: list[str]) -> None:
        split = "\n".join(lines).split("\n")
        python = python_lines(split)
        assert len(python) == len(split)
        assert all("\n" not in line.text for line in python)


class TestStricterParser:
    def test_without_a_cell_that_another_parser_refuses(self) -> None:
        program = only(read("a = 1", "b = 2\nc = 3", "d = 4"))
        rest = program.without(Position(3, 5), "cell 2 is refused")
        assert rest is not None
        assert rest.text == "a = 1\n\n\nd = 4"
        assert [(problem.cell, problem.position) for problem in rest.problems] == [(2, Position(2, 5))]
        assert rest.to_program(Position(1, 1), cell=2) is None

    def test_the_last_cell_cannot_be_left_out(self) -> None:
        assert only(read("a = 1")).without(Position(1, 1), "refused") is None
        assert Program("a = 1").without(Position(1, 1), "refused") is None
        assert only(read("a = 1", "b b")).without(Position(1, 1), "refused") is None


class TestBrokenNotebooks:
    @pytest.mark.parametrize(
        ("data", "message", "position"),
        [
            (b"", "not valid JSON", Position(1, 1)),
            (b'{"cells": [', "not valid JSON", Position(1, 12)),
            (b'{"cells": []} x', "Extra data", Position(1, 15)),
            (b'{\n "cells": [{"cell_type": "code" "source": []}]}', "','", Position(2, 33)),
            (b'{"cells" []}', "':'", Position(1, 10)),
            (b'{"cells": [],}', "Expecting", Position(1, 14)),
            (b"{cells: []}", "property name", Position(1, 2)),
            (b"<<<<<<< HEAD\n{}", "not valid JSON", Position(1, 1)),
            (b"[]", "not a notebook", Position(1, 1)),
            (b'{"a": 1}', "not a notebook", Position(1, 1)),
            (b'{"cells": ["\xff"]}', "not utf-8", Position(1, 13)),
            (b'{"cells": ' + b"[" * 200_000, "", Position(1, 1)),
        ],
        ids=["empty", "cut", "more", "comma", "colon", "trailing", "name", "merge", "list", "object", "bytes", "deep"],
    )
    def test_one_clear_sentence(self, data: bytes, message: str, position: Position) -> None:
        with pytest.raises(SourceProblem) as caught:
            source_from_bytes(data, "a.ipynb")
        assert message in str(caught.value)
        assert caught.value.position == position or not message
        assert "\n" not in str(caught.value)

    @pytest.mark.parametrize(
        "value",
        [
            {"cells": None},
            {"cells": {"a": 1}},
            {"cells": [None, 1, [], {}, {"cell_type": "code"}, {"cell_type": "code", "source": [1]}]},
            {"cells": [{"cell_type": "code", "source": {"a": 1}}]},
            {"worksheets": [None, {}, {"cells": None}]},
            {"nbformat": 3},
        ],
    )
    def test_what_is_no_code_cell_is_passed_over(self, value: Any) -> None:
        assert only(source_from_bytes(written(value), "a.ipynb")).text == ""

    def test_edits_must_name_a_cell_and_stay_in_it(self) -> None:
        source = read("a = 1")
        for wrong in (place(2, 1, 1), place(0, 1, 1), Range(Position(1, 1), Position(1, 1)), place(1, 2, 1)):
            with pytest.raises(ValueError, match=r"cell|outside"):
                source.edited([Edit(wrong, "x")])

    @given(st.binary(max_size=60), st.integers(0, 2000))
    def test_any_bytes_are_a_notebook_or_a_problem(self, noise: bytes, at: int) -> None:
        data = (NOTEBOOKS / "colab_captured.ipynb").read_bytes()
        for candidate in (noise, data[:at] + noise + data[at + len(noise) :]):
            try:
                source = source_from_bytes(candidate, "a.ipynb")
            except SourceProblem:
                continue
            for program in source.programs:
                ast.parse(program.text)


STYLES: list[dict[str, Any]] = [
    {},
    {"indent": 2, "ensure_ascii": True},
    {"indent": None},
    {"indent": None, "separators": (",", ":"), "sort_keys": True},
    {"indent": "\t"},
]
TEXT = st.text(alphabet="ab =\"'\\/<\t\n\x0c\u2028é重\U0001f600", max_size=30)


class TestRoundTrip:
    @given(st.lists(st.tuples(TEXT, st.booleans()), min_size=1, max_size=4), st.sampled_from(STYLES), st.data())
    def test_an_edit_and_its_inverse_give_the_same_bytes(
        self, cells: list[tuple[str, bool]], style: dict[str, Any], data: st.DataObject
    ) -> None:
        made = [code(text if whole else text.splitlines(keepends=True)) for text, whole in cells]
        # a witness of the notebook's style, which an edit could otherwise take away with the last example of it
        made.append(code(["é = '重'\n", "'\U0001f600'"]))
        before = written(notebook(*made), **style)
        number = data.draw(st.integers(1, len(cells)))
        text = cells[number - 1][0]
        first = data.draw(st.integers(0, len(text)))
        last = data.draw(st.integers(first, len(text)))
        new = data.draw(st.text(alphabet='ab"\\\n', max_size=6))
        edited = source_from_bytes(before, "a.ipynb").edited([Edit(between(text, first, last, number), new)])
        expected = text[:first] + new + text[last:]
        got = [cell["source"] for cell in json.loads(edited)["cells"]]
        assert "".join(got[number - 1]) == expected
        assert [part for at, part in enumerate(got, 1) if at != number] == [
            cell["source"] for at, cell in enumerate(made, 1) if at != number
        ]
        undo = Edit(between(expected, first, first + len(new), number), text[first:last])
        assert source_from_bytes(edited, "a.ipynb").edited([undo]) == before

    def test_several_edits_in_several_cells(self) -> None:
        data = written(notebook("a = 1\nb = 2\n", "c = 3"))
        edits = [
            Edit(place(2, 1, 5, 1, 6), "4"),
            Edit(place(1, 3, 1), "z = 0"),
            Edit(place(1, 1, 1, 2, 1), ""),
        ]
        edited = source_from_bytes(data, "a.ipynb").edited(edits)
        assert [cell["source"] for cell in json.loads(edited)["cells"]] == [["b = 2\n", "z = 0"], ["c = 4"]]

    @pytest.mark.parametrize(
        ("comma", "cells"),
        [
            (",", ["a = 1\nb = 2"]),
            (", ", ["a = 1\nb = 2"]),
            (", ", ["a = 1\nb = 2", "c = 3\nd = 4"]),
            (" ,", ["a = 1\nb = 2", "c = 3\nd = 4"]),
        ],
    )
    def test_a_line_that_comes_back_gets_the_comma_of_the_others(self, comma: str, cells: list[str]) -> None:
        data = written(notebook(*cells), separators=(comma, ": "))
        shorter = source_from_bytes(data, "a.ipynb").edited([Edit(place(1, 2, 1, 2, 6), "")])
        assert source_from_bytes(shorter, "a.ipynb").edited([Edit(place(1, 2, 1), "b = 2")]) == data

    def test_lists_that_hold_no_lines_keep_their_borders(self) -> None:
        data = written(notebook(code(["a = ", "1\nb", " = 2\n", "", "c = 3"])))
        edited = source_from_bytes(data, "a.ipynb").edited([Edit(place(1, 2, 1, 2, 2), "x\ny")])
        assert json.loads(edited)["cells"][0]["source"] == ["a = ", "1\nx\ny", " = 2\n", "", "c = 3"]
        joined = source_from_bytes(data, "a.ipynb").edited([Edit(place(1, 1, 3, 2, 4), "")])
        assert json.loads(joined)["cells"][0]["source"] == ["a  2\n", "", "c = 3"]

    def test_lines_that_end_in_newlines_only_go_on_doing_so(self) -> None:
        data = written(notebook(code(["a = '\x0c'\n", "b = 2"])))
        edited = source_from_bytes(data, "a.ipynb").edited([Edit(place(1, 2, 1), "c = 1\n")])
        assert json.loads(edited)["cells"][0]["source"] == ["a = '\x0c'\n", "c = 1\n", "b = 2"]
        emptied = source_from_bytes(data, "a.ipynb").edited([Edit(place(1, 1, 1, 2, 6), "")])
        assert json.loads(emptied)["cells"][0]["source"] == [""]

    def test_escapes_follow_the_notebook(self) -> None:
        data = written(notebook(code(["a = 'http://é'\n"]))).replace(b"/", b"\\/").replace("é".encode(), b"\\u00E9")
        edited = source_from_bytes(data, "a.ipynb").edited([Edit(place(1, 2, 1), "# é/ \ud800 \x7f")])
        assert b'"# \\u00E9\\/ \\ud800 \x7f"' in edited

    def test_a_slash_behind_a_backslash_of_the_text_is_not_an_escaped_one(self) -> None:
        data = written(notebook(r"a = '\/'", "b = 1"))
        edited = source_from_bytes(data, "a.ipynb").edited([Edit(place(2, 1, 1), "# c/d\n")])
        assert b"# c/d" in edited

    def test_who_escapes_one_character_of_html_escapes_the_others(self) -> None:
        data = written(notebook("a = 1 < 2", "b = 1 & 2")).replace(b"<", b"\\u003c").replace(b"&", b"\\u0026")
        emptied = source_from_bytes(data, "a.ipynb").edited([Edit(place(2, 1, 1, 1, 10), "")])
        assert source_from_bytes(emptied, "a.ipynb").edited([Edit(place(2, 1, 1), "b = 1 & 2")]) == data

    def test_a_byte_order_mark_and_wide_encodings_stay(self) -> None:
        text = written(notebook("a = 1")).decode()
        for encoding in ("utf-8-sig", "utf-16"):
            data = text.encode(encoding)
            source = source_from_bytes(data, "a.ipynb")
            assert source.edited([Edit(place(1, 1, 5, 1, 6), "2")]) == text.replace('1"', '2"').encode(encoding)


def between(text: str, first: int, last: int, cell: int) -> Range:
    def position(offset: int) -> Position:
        before = text[:offset]
        return Position(before.count("\n") + 1, len(before) - before.rfind("\n"))

    return Range(position(first), position(last), cell)
