"""Comments that silence, that are not needed, and that mean nothing."""

from __future__ import annotations

import json

import pytest

from closurelint.diagnostic import Diagnostic, Position, Range, Related
from closurelint.fixer import fix
from closurelint.result import FileResult
from closurelint.sources.source import SourceFile, source_from_bytes
from closurelint.suppression import apply, comment_edit_of_each, comment_edits


def source(text: str, filename: str = "fit.py") -> SourceFile:
    return source_from_bytes(text.encode(), filename)


def finding(row: int, column: int = 1, code: str = "CLO103", related: int | None = None, end: int = 0) -> Diagnostic:
    where = Range(Position(row, column), Position(end or row, column + 3))
    places: tuple[Related, ...] = ()
    if related is not None:
        places = (Related("the point", "fit.py", Range(Position(related, 1), Position(related, 5))),)
    return Diagnostic(code, "ignored-parameter", "message", "fit.py", where, related=places)


def silenced(text: str, *found: Diagnostic, enabled: frozenset[str] | None = None) -> tuple[list[str], int]:
    kept, count = apply(source(text), found, lambda code: enabled is None or code in enabled)
    return [item.code for item in kept], count


@pytest.mark.parametrize(
    "comment",
    [
        "# closurelint: ignore[CLO103]",
        "# closurelint: ignore[CLO103] the weights are global",
        "#closurelint:ignore[CLO101, clo103]",
        "# noqa",
        "# noqa: CLO103",
        "# NOQA:CLO103,E501",
        "# type: ignore # noqa: CLO103",
    ],
)
def test_a_comment_on_the_line_silences(comment: str) -> None:
    codes, count = silenced(f"f = lambda w: 1  {comment}\n", finding(1))
    assert count == 1
    assert "CLO103" not in codes


@pytest.mark.parametrize("comment", ["# noqa: E501", "# closurelint: ignore[CLO101]", "# closurelint is right"])
def test_another_code_does_not_silence(comment: str) -> None:
    codes, count = silenced(f"f = lambda w: 1  {comment}\n", finding(1))
    assert count == 0
    assert "CLO103" in codes


def test_a_string_is_no_comment() -> None:
    assert silenced('f = lambda w: "# noqa"\n', finding(1)) == (["CLO103"], 0)


def test_a_comment_alone_counts_for_the_line_below() -> None:
    text = "# closurelint: ignore[CLO103] known\n\n# more\nf = lambda w: 1\n"
    assert silenced(text, finding(4)) == ([], 1)
    assert silenced(text, finding(3)) == (["CLO103", "CLO901"], 0)


def test_a_comment_on_the_sites_line_counts() -> None:
    text = "f = lambda w: 1\nmin(f, w)  # closurelint: ignore[CLO103]\n"
    assert silenced(text, finding(1, related=2)) == ([], 1)


def test_a_comment_counts_on_the_first_and_last_line_of_the_statement() -> None:
    for first, last in (("  # noqa: CLO103", ""), ("", "  # noqa: CLO103")):
        text = f"min({first}\n    lambda w: 1,\n    w,\n){last}\n"
        assert silenced(text, finding(2, 5)) == ([], 1)


def test_a_whole_file_or_some_codes_of_it() -> None:
    assert silenced("# closurelint: ignore-file\nx = 1\ny = 2\n", finding(2), finding(3, code="CLO201")) == ([], 2)
    codes, count = silenced("# closurelint: ignore-file[CLO201]\nx\ny\n", finding(2), finding(3, code="CLO201"))
    assert (codes, count) == (["CLO103"], 1)


class TestHousekeeping:
    def test_an_unused_code_is_reported_and_removed(self) -> None:
        text = "f = lambda w: w  # closurelint: ignore[CLO103] known\nx = 1\n"
        assert fixed(text) == "f = lambda w: w\nx = 1\n"

    def test_only_the_unused_code_of_several_goes(self) -> None:
        text = "f = lambda w: 1  # closurelint: ignore[CLO101, CLO103] known\n"
        assert fixed(text, finding(1)) == "f = lambda w: 1  # closurelint: ignore[CLO103] known\n"

    def test_a_line_of_its_own_goes_as_a_whole(self) -> None:
        assert fixed("# closurelint: ignore[CLO103]\nx = 1\n") == "x = 1\n"

    def test_codes_of_other_tools_stay_beside(self) -> None:
        assert fixed("x = 1  # noqa: E501, CLO103\n") == "x = 1  # noqa: E501\n"

    def test_a_plain_noqa_and_other_tools_codes_are_never_reported(self) -> None:
        assert silenced("x = 1  # noqa\ny = 1  # noqa: E501\n") == ([], 0)

    def test_a_rule_that_is_not_enabled_cannot_be_unused(self) -> None:
        text = "x = 1  # closurelint: ignore[CLO103]\n"
        assert silenced(text, enabled=frozenset({"CLO901"})) == ([], 0)

    @pytest.mark.parametrize(
        "comment",
        [
            "# closurelint: ignore",
            "# closurelint: ignore[",
            "# closurelint: ignore[]",
            "# closurelint: ignore[CLO999]",
            "# closurelint: ignored[CLO103]",
            "# closurelint: ignore[CLO103, nonsense]",
        ],
    )
    def test_what_means_nothing_is_said(self, comment: str) -> None:
        codes, count = silenced(f"f = lambda w: 1  {comment}\n", finding(1))
        assert codes == ["CLO103", "CLO902"]
        assert count == 0

    def test_a_complaint_can_be_silenced_by_its_code(self) -> None:
        text = "# closurelint: ignore-file[CLO901]\nx = 1  # closurelint: ignore[CLO103]\n"
        assert silenced(text) == ([], 0)


def fixed(text: str, *found: Diagnostic) -> str:
    def check(data: bytes) -> FileResult:
        kept, _ = apply(source_from_bytes(data, "fit.py"), found, lambda _: True)
        return FileResult("fit.py", tuple(kept))

    return fix(text.encode(), "fit.py", check, unsafe=False).after.decode()


class TestAdding:
    def test_comments_stand_at_the_end_of_the_line(self) -> None:
        text = "f = lambda w: 1\ng = 2\n"
        read = source(text)
        edits = comment_edits(read, [finding(1), finding(1, code="CLO201")], "known")
        assert read.edited(edits).decode() == "f = lambda w: 1  # closurelint: ignore[CLO103, CLO201] known\ng = 2\n"

    def test_added_comments_silence(self) -> None:
        text = "m = min(\n    lambda w: 1,\n    w)\n"
        read = source(text)
        after = read.edited(comment_edits(read, [finding(2, 5)])).decode()
        assert silenced(after, finding(2, 5)) == ([], 1)

    def test_a_continued_line_gets_it_at_the_end_of_the_statement(self) -> None:
        text = "f = \\\n    lambda w: 1\n"
        read = source(text)
        after = read.edited(comment_edits(read, [finding(1)])).decode()
        assert after == "f = \\\n    lambda w: 1  # closurelint: ignore[CLO103]\n"

    def test_each_gets_a_comment_of_its_own(self) -> None:
        read = source("f = lambda w: 1\ng = \\\n    lambda w: 1\n")
        found = [finding(1), finding(1, code="CLO201"), finding(2), finding(9)]
        *edits, nowhere = comment_edit_of_each(read, found)
        assert edits == [edit for each in found[:3] for edit in comment_edits(read, [each])]
        assert nowhere is None

    def test_a_notebooks_cell(self) -> None:
        cells = [{"cell_type": "code", "source": ["f = lambda w: 1\n", "g = 2"], "metadata": {}, "outputs": []}]
        data = json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}).encode()
        read = source_from_bytes(data, "fit.ipynb")
        where = Range(Position(1, 5), Position(1, 16), 1)
        found = Diagnostic("CLO103", "ignored-parameter", "message", "fit.ipynb", where)
        after = read.edited(comment_edits(read, [found]))
        assert b"f = lambda w: 1  # closurelint: ignore[CLO103]" in after
        assert apply(source_from_bytes(after, "fit.ipynb"), [found], lambda _: True) == ([], 1)


def test_text_that_cannot_be_tokenized_still_has_comments() -> None:
    text = "f = lambda w: 1  # noqa: CLO103\ng = (\n"
    assert silenced(text, finding(1))[1] == 1
