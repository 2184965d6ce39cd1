from __future__ import annotations

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from closurelint.diagnostic import Edit, Position, Range
from closurelint.sources.source import Program, SourceFile, SourceProblem, kind_of, read_source, source_from_bytes
from closurelint.sources.splice import line_starts, offset_of, position_of


def place(row: int, column: int, end_row: int | None = None, end_column: int | None = None) -> Range:
    start = Position(row, column)
    return Range(start, Position(end_row or row, end_column or column))


def only(source: SourceFile) -> Program:
    (program,) = source.programs
    return program


class TestPlainPython:
    def test_program_is_the_decoded_text_and_the_map_is_the_identity(self) -> None:
        source = source_from_bytes("größe = 1\n".encode(), "model.py")
        assert (source.kind, source.encoding) == ("python", "utf-8")
        program = only(source)
        assert program.text == "größe = 1\n"
        assert program.to_file(place(1, 3, 1, 9)) == place(1, 3, 1, 9)
        assert program.to_program(Position(1, 4)) == Position(1, 4)
        assert program.to_program(Position(1, 4), cell=1) is None
        assert program.problems == ()

    @pytest.mark.parametrize("name", ["model.py", "model.pyi", "script", "-", "MODEL.PY", "setup.cfg.py"])
    def test_everything_else_is_python(self, name: str) -> None:
        assert kind_of(name) == "python"

    @pytest.mark.parametrize(
        ("name", "kind"),
        [("a.ipynb", "notebook"), ("a.MD", "document"), ("a.rst", "document"), ("a.txt", "document")],
    )
    def test_the_name_tells_the_kind(self, name: str, kind: str) -> None:
        assert kind_of(name) == kind

    def test_an_empty_file_is_an_empty_program(self) -> None:
        source = source_from_bytes(b"", "empty.py")
        assert only(source).text == ""
        assert source.edited([Edit(place(1, 1), "x = 1\n")]) == b"x = 1\n"

    @pytest.mark.parametrize(
        ("data", "rows"),
        [
            (b"a = 1\r\nb = 2\r\n", ["a = 1", "b = 2", ""]),
            (b"a = 1\rb = 2\r", ["a = 1", "b = 2", ""]),
            (b"a = 1\nb = 2\r\nc = 3\rd = 4", ["a = 1", "b = 2", "c = 3", "d = 4"]),
            (b"a = 1\n\x0cb = 2\n", ["a = 1", "\x0cb = 2", ""]),
            ("a = '\u2028\x1c\x85'\nb = 2".encode(), ["a = '\u2028\x1c\x85'", "b = 2"]),
        ],
    )
    def test_rows_are_those_of_an_editor(self, data: bytes, rows: list[str]) -> None:
        assert only(source_from_bytes(data, "a.py")).text.split("\n") == rows

    @pytest.mark.parametrize(
        "text",
        [
            "# %% [markdown]\n# # Fit\n\n# %%\nimport numpy as np\nx = np.ones(3)\n",
            "# ---\n# jupyter:\n#   jupytext:\n#     formats: ipynb,py:light\n# ---\n\n# + tags=[]\nx = 1\n# -\n",
            '"""\nA gallery example\n=================\n"""\n\nx = 1\n\n# %%\n# Text\n\n##########\n# More\ny = x\n',
        ],
        ids=["percent", "jupytext light", "sphinx-gallery"],
    )
    def test_scripts_with_cells_are_plain_python(self, text: str) -> None:
        program = only(source_from_bytes(text.encode(), "script.py"))
        assert program.text == text
        ast.parse(program.text)


class TestEncoding:
    @pytest.mark.parametrize("cookie", ["cp932", "shift_jis", "euc-jp", "iso-2022-jp", "utf-8"])
    def test_a_coding_comment_decides(self, cookie: str) -> None:
        text = f"# -*- coding: {cookie} -*-\n# 勾配を求める\nW = '重み'\n"
        source = source_from_bytes(text.encode(cookie), "book.py")
        assert only(source).text == text
        edited = source.edited([Edit(place(3, 1, 3, 2), "weights")])
        assert edited == text.replace("W =", "weights =").encode(cookie)

    def test_latin_1_on_the_second_line(self) -> None:
        data = "#!/usr/bin/env python\n# vim: set fileencoding=latin-1 :\nname = 'Öl'\n".encode("latin-1")
        source = source_from_bytes(data, "a.py")
        assert source.encoding == "iso-8859-1"
        assert only(source).text.endswith("'Öl'\n")
        assert source.edited([Edit(place(3, 9, 3, 11), "ü")]) == data.replace(b"\xd6l", b"\xfc")

    def test_a_coding_comment_on_the_third_line_says_nothing(self) -> None:
        assert source_from_bytes(b"\n\n# coding: latin-1\n", "a.py").encoding == "utf-8"

    def test_a_byte_order_mark_is_no_character_and_stays(self) -> None:
        source = source_from_bytes(b"\xef\xbb\xbfx = 1\r\n", "a.py")
        assert only(source).text == "x = 1\n"
        assert source.edited([Edit(place(1, 1, 1, 2), "y")]) == b"\xef\xbb\xbfy = 1\r\n"

    def test_bytes_that_are_not_utf_8_are_named_with_their_place(self) -> None:
        with pytest.raises(SourceProblem) as caught:
            source_from_bytes("x = 1\r\ny = 'é'\n".encode("latin-1"), "a.py")
        assert caught.value.position == Position(2, 6)
        assert str(caught.value) == (
            "byte 0xe9 is not utf-8, so the file was not read: "
            "save it as UTF-8 or name its encoding in a coding comment"
        )

    @pytest.mark.parametrize(
        "data",
        [
            b"# coding: no-such-encoding\n",
            b"# coding: hex\n",
            b"# coding: rot13\n",
            b"# coding: punycode\n",
            b"# coding: unicode_escape\nx = '\\d'\n",
            b"\xef\xbb\xbf# coding: latin-1\n",
            b"\xff\xfex\x00=\x001\x00",
            b"# coding: cp932\nx = '\x81'\n",
        ],
        ids=["unknown", "no text", "text to text", "quadratic", "escapes", "contradicts BOM", "utf-16", "cut off"],
    )
    def test_what_cannot_be_decoded_is_one_sentence(self, data: bytes) -> None:
        with pytest.raises(SourceProblem) as caught:
            source_from_bytes(data, "a.py")
        message = str(caught.value)
        assert "\n" not in message
        assert message[0].islower()
        assert not message.endswith(".")
        assert caught.value.position is not None

    def test_text_that_the_encoding_lacks_is_refused(self) -> None:
        source = source_from_bytes(b"# coding: latin-1\nx = 1\n", "a.py")
        with pytest.raises(SourceProblem, match="iso-8859-1"):
            source.edited([Edit(place(2, 5, 2, 6), "'重'")])

    def test_bytes_outside_the_edit_are_copied_where_an_encoding_has_two_ways_to_write_a_character(self) -> None:
        # In cp932 both byte pairs are U+2252; encoding it again would write the first.
        data = b"# coding: cp932\n# \x81\xe0 \x87\x90\nx = 1  # \x87\x90\n"
        assert data.decode("cp932").encode("cp932") != data
        source = source_from_bytes(data, "a.py")
        assert source.edited([Edit(place(3, 1, 3, 2), "重")]) == data.replace(b"x", "重".encode("cp932"))

    def test_a_document_is_utf_8_with_or_without_mark(self) -> None:
        data = b"\xef\xbb\xbf```python\r\nx = 1\r\n```\r\n"
        source = source_from_bytes(data, "a.md")
        assert only(source).text == "x = 1"
        assert source.edited([Edit(place(2, 1, 2, 2), "y")]) == data.replace(b"x", b"y")


class TestEdits:
    def test_edits_come_in_any_order_and_new_lines_end_as_the_file_does(self) -> None:
        source = source_from_bytes(b"a = 1\r\nb = 2\r\n", "a.py")
        edits = [Edit(place(2, 5, 2, 6), "3"), Edit(place(1, 1), "import x\n")]
        assert source.edited(edits) == b"import x\r\na = 1\r\nb = 3\r\n"

    def test_in_a_file_with_mixed_line_ends_new_text_is_written_as_it_is(self) -> None:
        source = source_from_bytes(b"a = 1\r\nb = 2\n", "a.py")
        assert source.edited([Edit(place(1, 1), "c\n")]) == b"c\na = 1\r\nb = 2\n"

    def test_no_edits_give_the_very_same_bytes(self) -> None:
        source = source_from_bytes(b"a = 1\r\n", "a.py")
        assert source.edited([]) is source.data

    @pytest.mark.parametrize(
        "edits",
        [
            [Edit(place(1, 1, 1, 4), ""), Edit(place(1, 3, 1, 5), "")],
            [Edit(place(3, 1), "")],
            [Edit(place(1, 7), "")],
            [Edit(place(1, 0), "")],
            [Edit(place(1, 3, 1, 2), "")],
        ],
        ids=["overlap", "below", "beside", "before", "backwards"],
    )
    def test_edits_that_make_no_sense_are_errors(self, edits: list[Edit]) -> None:
        with pytest.raises(ValueError, match=r"overlap|outside|column|before"):
            source_from_bytes(b"a = 1\n", "a.py").edited(edits)

    @given(st.text(alphabet="ab \t\r\n\x0cé重\U0001f600", max_size=40), st.data())
    def test_an_edit_and_its_inverse_give_the_same_bytes(self, text: str, data: st.DataObject) -> None:
        starts = line_starts(text)
        assert len(starts) == len(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"))
        first = data.draw(st.integers(0, len(text)))
        last = data.draw(st.integers(first, len(text)))
        # A position between \r and \n is none: an editor has no such place.
        if any(text[at - 1 : at + 1] == "\r\n" for at in (first, last)):
            return
        new = data.draw(st.text(alphabet="xé😀", max_size=4))
        start, end = position_of(starts, first), position_of(starts, last)
        assert offset_of(starts, len(text), start) == first
        source = source_from_bytes(text.encode(), "a.py")
        edited = source.edited([Edit(Range(start, end), new)])
        assert edited.decode() == text[:first] + new + text[last:]
        if any(mark in text[first:last] for mark in "\r\n") or edited.decode().count("\r\n") != text.count("\r\n"):
            return
        undo = Edit(Range(start, Position(start.row, start.column + len(new))), text[first:last])
        assert source_from_bytes(edited, "a.py").edited([undo]) == text.encode()


class TestReading:
    def test_reads_from_disk(self, tmp_path: Path) -> None:
        path = tmp_path / "a.py"
        path.write_bytes(b"x = 1\n")
        source = read_source(str(path))
        assert (source.filename, source.data) == (str(path), b"x = 1\n")

    def test_a_missing_file_is_an_oserror(self, tmp_path: Path) -> None:
        with pytest.raises(FileNotFoundError):
            read_source(str(tmp_path / "absent.py"))

    @pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
    def test_a_named_pipe_is_refused_instead_of_waited_for(self, tmp_path: Path) -> None:
        path = tmp_path / "pipe.py"
        os.mkfifo(path)
        with pytest.raises(OSError, match="not a regular file"):
            read_source(str(path))

    def test_plain_python_loads_nothing_of_notebooks_and_documents(self) -> None:
        code = (
            "import sys; from closurelint.sources.source import source_from_bytes\n"
            "source_from_bytes(b'x = 1', 'a.py'); inputs = 'closurelint.sources.'\n"
            "found = {'json', inputs + 'notebook', inputs + 'document', 'libcst', 'numpy'} & set(sys.modules)\n"
            "sys.exit(repr(found) if found else 0)"
        )
        subprocess.run([sys.executable, "-c", code], check=True)


class TestDocstrings:
    TEXT = (
        "import numpy as np\n"
        "\n"
        "def square(w):\n"
        '    """Square.\n'
        "\n"
        "    >>> f = lambda w: w ** 2\n"
        "    >>> for w in [1, 2]:\n"
        "    ...     f(w)\n"
        "    1\n"
        "    4\n"
        '    """\n'
        "    return w ** 2\n"
        "\n"
        "def cube(w):\n"
        '    """>>> differentiate(lambda w: cube(w), 2)"""\n'
        "    return w ** 3\n"
        "\n"
        "def twice(w):\n"
        '    """>>> twice(2)"""\n'
        "    return w * 2\n"
    )

    def test_a_docstring_that_makes_a_function_is_a_program_of_its_own(self) -> None:
        source = source_from_bytes(self.TEXT.encode(), "a.py")
        square, cube = source.doctests()
        assert square.text.rstrip("\n") == "f = lambda w: w ** 2\nfor w in [1, 2]:\n    f(w)"
        assert cube.text == "from .a import cube\ndifferentiate(lambda w: cube(w), 2)"
        assert cube.to_file(place(2, 1, 2, 8)) == place(15, 12, 15, 19)

    def test_what_an_example_uses_of_its_module_is_imported_above_it(self) -> None:
        text = self.TEXT.replace("cube(w), 2)", "cube(w), np.array(square(2)))")
        for filename, here in (("a.py", ".a"), ("a/__init__.py", ".")):
            program = source_from_bytes(text.encode(), filename).doctests()[1]
            imports = f"from {here} import cube; import numpy as np; from {here} import square\n"
            assert program.text.startswith(imports)
            assert program.to_file_edit(Edit(place(1, 1), "x = 1\n")) is None

    @pytest.mark.parametrize("output", ["0.0", "array([0., 0.])", "Array(0., dtype=float32)", "-0.0e+00"])
    def test_a_zero_is_shown_on_purpose(self, output: str) -> None:
        text = f'"""\n>>> w = 1.0\n>>> grad(lambda w: loss)(w)\n{output}\n"""\n'
        assert [program.text for program in source_from_bytes(text.encode(), "a.py").doctests()] == ["w = 1.0\n\n"]

    @pytest.mark.parametrize("output", ["", "0.5", "array([0., 1.])", "float32"])
    def test_any_other_output_says_nothing(self, output: str) -> None:
        text = f'"""\n>>> grad(lambda w: loss)(w)\n{output}\n"""\n'
        (program,) = source_from_bytes(text.encode(), "a.py").doctests()
        assert program.text.strip() == "grad(lambda w: loss)(w)"

    def test_an_example_of_an_error_is_left_out(self) -> None:
        lines = [
            ">>> f = lambda w: 1",
            ">>> grad(f)(w)",
            "Traceback (most recent call last):",
            "TypeError: no",
            ">>> f",
        ]
        text = '"""\n' + "\n".join(lines) + '\n"""\n'
        (program,) = source_from_bytes(text.encode(), "a.py").doctests()
        assert program.text.split("\n") == ["f = lambda w: 1", "", "", "", "f"]

    def test_columns_are_those_of_the_file(self) -> None:
        square, _ = source_from_bytes(self.TEXT.encode(), "a.py").doctests()
        rows = self.TEXT.split("\n")
        for row, line in enumerate(square.text.split("\n")[:3], 1):
            start, end, _ = square.to_file(place(row, 1, row, len(line) + 1))
            assert rows[start.row - 1][start.column - 1 : end.column - 1] == line
            assert square.to_program(start) == Position(row, 1)
        assert square.to_program(Position(9, 5)) is None

    def test_the_file_itself_is_still_one_program(self) -> None:
        assert only(source_from_bytes(self.TEXT.encode(), "a.py")).text == self.TEXT

    def test_files_without_examples_and_other_kinds_have_none(self) -> None:
        assert source_from_bytes(b"x = 1 >> 2\n", "a.py").doctests() == ()
        assert source_from_bytes(b">>> f = lambda x: 1\n", "a.md").doctests() == ()

    def test_an_edit_goes_into_the_docstring(self) -> None:
        source = source_from_bytes(self.TEXT.encode(), "a.py")
        square, _ = source.doctests()
        edit = square.to_file_edit(Edit(place(3, 5), "w = w + 1\n    "))
        assert edit is not None
        new = source.edited([edit]).decode()
        assert "    ...     w = w + 1\n    ...     f(w)\n" in new
        assert "    w = w + 1\n    f(w)" in source_from_bytes(new.encode(), "a.py").doctests()[0].text
