"""Fixes converge, touch nothing else, and are refused where they would break a file."""

from __future__ import annotations

import json
from collections.abc import Callable

from closurelint.diagnostic import Applicability, Diagnostic, Edit, Fix, Position, Range
from closurelint.fixer import difference, fix
from closurelint.result import FileResult


def edit(row: int, start: int, end: int, text: str, cell: int | None = None) -> Edit:
    return Edit(Range(Position(row, start), Position(row, end), cell), text)


def finding(
    *edits: Edit, applicability: Applicability = "safe", message: str = "mend", code: str = "CLO201"
) -> Diagnostic:
    fixes = (Fix(message, edits, applicability),)
    return Diagnostic(code, "name", "message", "fit.py", edits[0].range, fixes=fixes)


def checker(rule: Callable[[str], list[Diagnostic]]) -> Callable[[bytes], FileResult]:
    def check(data: bytes) -> FileResult:
        text = data.decode()
        found = rule(text)
        try:
            compile(text, "fit.py", "exec")
        except SyntaxError:
            place = Range(Position(1, 1), Position(1, 1))
            found = [Diagnostic("CLO900", "invalid-syntax", "no Python", "fit.py", place)]
        return FileResult("fit.py", tuple(found))

    return check


def renaming(text: str) -> list[Diagnostic]:
    return [
        finding(edit(row, line.index("w") + 1, line.index("w") + 2, "_"))
        for row, line in enumerate(text.split("\n"), 1)
        if "lambda w:" in line
        for line in [line.replace("lambda w", "lambda w")]
    ]


def test_all_fixes_of_a_round_are_applied_and_nothing_else_changes() -> None:
    before = b"f = lambda w: 1  # \xe5\x90\x8d\r\ng = lambda w: 2\r\n"
    done = fix(before, "fit.py", checker(renaming), unsafe=False)
    assert done.after == before.replace(b"lambda w", b"lambda _")
    assert len(done.applied) == 2
    assert done.left.diagnostics == ()


def test_unsafe_fixes_need_to_be_asked_for() -> None:
    def rule(text: str) -> list[Diagnostic]:
        return [finding(edit(1, 1, 2, "y"), applicability="unsafe")] if text.startswith("x") else []

    assert fix(b"x = 1\n", "fit.py", checker(rule), unsafe=False).after == b"x = 1\n"
    assert fix(b"x = 1\n", "fit.py", checker(rule), unsafe=True).after == b"y = 1\n"


def test_overlapping_fixes_take_turns() -> None:
    def rule(text: str) -> list[Diagnostic]:
        found = []
        if text.startswith("ab"):
            found += [finding(edit(1, 1, 3, "cd"), message="first"), finding(edit(1, 2, 3, "x"), message="second")]
        return found

    done = fix(b"ab = 1\n", "fit.py", checker(rule), unsafe=False)
    assert done.after == b"cd = 1\n"
    assert [each.message for _, each in done.applied] == ["first"]


def test_a_fix_that_breaks_the_file_is_refused_and_others_are_not() -> None:
    def rule(text: str) -> list[Diagnostic]:
        found = []
        if "= 1" in text:
            found.append(finding(edit(1, 3, 4, "=="), message="breaks"))
        if "y" in text:
            found.append(finding(edit(2, 1, 2, "z"), message="helps"))
        return found

    done = fix(b"x = 1\ny = 2\n", "fit.py", checker(rule), unsafe=False)
    assert done.after == b"x = 1\nz = 2\n" or done.after == b"x == 1\nz = 2\n"
    compile(done.after, "fit.py", "exec")


def test_fixes_that_make_new_work_for_ever_come_to_an_end() -> None:
    def rule(text: str) -> list[Diagnostic]:
        return [finding(edit(1, 1, 2, "b" if text.startswith("a") else "a"))]

    done = fix(b"a = 1\n", "fit.py", checker(rule), unsafe=False)
    assert done.after in (b"a = 1\n", b"b = 1\n")


def test_an_edit_outside_the_file_changes_nothing() -> None:
    def rule(_: str) -> list[Diagnostic]:
        return [finding(edit(99, 1, 2, "x"))]

    done = fix(b"a = 1\n", "fit.py", checker(rule), unsafe=False)
    assert (done.after, done.applied) == (b"a = 1\n", ())


def test_the_difference_is_a_unified_diff() -> None:
    done = fix(b"f = lambda w: 1\n", "fit.py", checker(renaming), unsafe=False)
    assert difference(done, "fit.py") == ("--- fit.py\n+++ fit.py\n@@ -1 +1 @@\n-f = lambda w: 1\n+f = lambda _: 1\n")


def test_the_difference_of_a_notebook_names_the_cell() -> None:
    cells = [{"cell_type": "code", "source": ["f = lambda w: 1"], "metadata": {}, "outputs": []}]
    data = json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}).encode()

    def check(now: bytes) -> FileResult:
        found = (finding(edit(1, 12, 13, "_", cell=1)),) if b"lambda w" in now else ()
        return FileResult("fit.ipynb", found)

    done = fix(data, "fit.ipynb", check, unsafe=False)
    assert done.after == data.replace(b"lambda w", b"lambda _")
    assert difference(done, "fit.ipynb").startswith("--- fit.ipynb:cell 1\n")
    assert "\\ No newline at end of file\n+f = lambda _: 1" in difference(done, "fit.ipynb")
