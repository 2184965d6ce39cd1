"""Every format, over the same findings: what a person reads and what programs rely on."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ElementTree
from html.parser import HTMLParser
from pathlib import Path

import pytest

from closurelint.diagnostic import Diagnostic, Edit, Fix, Position, Range, Related
from closurelint.evidence import Claim, Evidence, Gradient
from closurelint.report import FORMATS, Report, render
from closurelint.report.lines import lines_on_disk, printable, shown
from closurelint.result import FileResult
from closurelint.rules import RULES

SOURCE = "f = lambda w: net.loss(x, t)\ndW = approx(f, net.W.ravel())\n"


def gradient(*values: float) -> Gradient:
    return Gradient((1, len(values)), values, tuple((value, -value) for value in values))


def span(row: int, start: int, end: int, cell: int | None = None) -> Range:
    return Range(Position(row, start), Position(row, end), cell)


def diagnostic(filename: str = "/project/fit.py", **changes: object) -> Diagnostic:
    values: dict[str, object] = {
        "code": "CLO103",
        "name": "ignored-parameter",
        "message": "objective never reads its parameter `w`: the gradient is zero",
        "filename": filename,
        "range": span(1, 5, 29),
        "label": "reads `net` instead",
        "related": (Related("the point, handed over as a copy", filename, span(2, 16, 29)),),
        "claim": Claim("lambda w: net.loss(x, t)", ("w",), "zero", "copy", point="net.W"),
        "evidence": Evidence("confirmed", copy=gradient(0.0, 0.0), alias=gradient(0.417, -0.2)),
    }
    return Diagnostic(**{**values, **changes})  # type: ignore[arg-type]


def report(*found: Diagnostic, text: str = SOURCE, **options: object) -> Report:
    results = [FileResult("/project/fit.py", found)]
    lines = text.split("\n")
    return Report(results, directory="/project", lines=lambda _, __: lines, **options)  # type: ignore[arg-type]


class TestText:
    def test_the_frame_shows_objective_and_point_with_their_notes(self) -> None:
        assert render("text", report(diagnostic())) == (
            "fit.py:1:5: CLO103 objective never reads its parameter `w`: the gradient is zero\n"
            "  |\n"
            "1 | f = lambda w: net.loss(x, t)\n"
            "  |     ^^^^^^^^^^^^^^^^^^^^^^^^ reads `net` instead\n"
            "2 | dW = approx(f, net.W.ravel())\n"
            "  |                ------------- the point, handed over as a copy\n"
            "  = replay: max |dW| is 0 for a copy, 0.417 for the aliased `net.W`\n"
            "  = help: `closurelint rule CLO103`\n"
            "\n"
            "Found 1 diagnostic in 1 file\n"
        )

    def test_two_notes_on_one_line_stand_below_each_other(self) -> None:
        text = "dW = approx(net.W.ravel(), lambda w: net.loss(x, t))\n"
        found = diagnostic(range=span(1, 28, 52), related=(Related("the point", "/project/fit.py", span(1, 13, 26)),))
        lines = render("text", report(found, text=text)).splitlines()
        assert lines[3] == "  |             -------------  ^^^^^^^^^^^^^^^^^^^^^^^^ reads `net` instead".replace(
            "  |  ", "  |  "
        )
        assert lines[4] == "  |             the point"

    def test_wide_characters_and_tabs_keep_the_underline_below_the_code(self) -> None:
        text = "\t名 = lambda w: 1\n"
        found = diagnostic(range=span(1, 6, 17), related=())
        lines = render("text", report(found, text=text)).splitlines()
        assert lines[2] == "1 |     名 = lambda w: 1"
        assert lines[3].index("^") == len("  | ") + 4 + 2 + 3

    def test_each_underline_has_its_colour_and_so_has_its_note(self) -> None:
        text = "dW = approx(net.W.ravel(), lambda w: net.loss(x, t))\n"
        found = diagnostic(range=span(1, 28, 52), related=(Related("the point", "/project/fit.py", span(1, 13, 26)),))
        lines = render("text", report(found, text=text, color=True)).splitlines()
        assert "\x1b[1;34m-------------  \x1b[0m" in lines[3]
        assert "\x1b[1;31m^^^^^^^^^^^^^^^^^^^^^^^^ reads `net` instead\x1b[0m" in lines[3]
        assert lines[4].endswith("\x1b[1;34mthe point\x1b[0m")

    def test_colour_only_when_asked_for(self) -> None:
        assert "\x1b[" not in render("text", report(diagnostic()))
        assert "\x1b[" in render("text", report(diagnostic(), color=True))

    def test_what_is_hidden_is_counted(self) -> None:
        unreplayed = diagnostic(evidence=Evidence("not replayed", "it uses `yield`"))
        result = FileResult("/project/fit.py", (unreplayed,), suppressed=2, refuted=(diagnostic(),), baselined=1)
        text = render("concise", Report([result], directory="/project"))
        assert "(2 suppressed, 1 refuted by replay, 1 in the baseline, 1 not replayed)" in text

    def test_a_reason_stands_where_nothing_was_replayed(self) -> None:
        unreplayed = diagnostic(evidence=Evidence("not replayed", "it uses `yield`"))
        assert "= replay: not replayed, because it uses `yield`" in render("text", report(unreplayed))

    def test_a_clean_run_says_how_much_was_checked(self) -> None:
        assert render("text", report()) == "All checks passed in 1 file!\n"

    def test_fixes_are_counted_in_ruffs_words(self) -> None:
        edit = Edit(span(1, 12, 13), "_")
        safe = diagnostic(fixes=(Fix("rename `w` to `_`", (edit,), "safe"),))
        unsafe = diagnostic(fixes=(Fix("use the parameter", (edit,), "unsafe"),))
        text = render("concise", report(safe, unsafe))
        assert "CLO103 [*] objective" in text
        assert text.endswith("[*] 1 fixable with the `--fix` option (1 more with `--unsafe-fixes`)\n")

    def test_a_notebooks_place_names_the_cell(self) -> None:
        found = diagnostic("/project/fit.ipynb", range=span(1, 5, 29, 3))
        assert render("concise", report(found)).startswith("fit.ipynb:cell 3:1:5: CLO103")

    def test_refuted_ones_are_shown_when_asked_for(self) -> None:
        result = FileResult("/project/fit.py", (), refuted=(diagnostic(),))
        plain = Report([result], directory="/project", lines=lambda _, __: ())
        asked = Report([result], directory="/project", lines=lambda _, __: (), show_refuted=True)
        assert "CLO103" not in render("text", plain)
        assert "CLO103" in render("text", asked)


class TestPrograms:
    def test_json_has_the_agreed_keys_and_both_gradients(self) -> None:
        (found,) = json.loads(render("json", report(diagnostic())))
        assert set(found) == {
            *("code", "name", "message", "severity", "filename", "location", "end_location", "cell", "fix", "fixes"),
            *("related", "evidence", "url"),
        }
        assert found["location"] == {"row": 1, "column": 5}
        assert found["filename"] == "/project/fit.py"
        assert found["evidence"]["verdict"] == "confirmed"
        assert (found["evidence"]["copy"], found["evidence"]["alias"]) == (0.0, 0.417)
        assert found["evidence"]["gradients"]["alias"]["values"] == [0.417, -0.2]

    def test_jsonl_is_one_object_a_line(self) -> None:
        lines = render("jsonl", report(diagnostic(), diagnostic())).splitlines()
        assert [json.loads(line)["code"] for line in lines] == ["CLO103", "CLO103"]

    def test_sarif_has_relative_uris_fingerprints_fixes_and_all_rules(self) -> None:
        edit = Edit(span(1, 12, 13), "_")
        found = diagnostic(fixes=(Fix("rename `w` to `_`", (edit,), "safe"),))
        log = json.loads(render("sarif", report(found)))
        (run,) = log["runs"]
        assert [rule["id"] for rule in run["tool"]["driver"]["rules"]] == [rule.code for rule in RULES]
        (result,) = run["results"]
        place = result["locations"][0]["physicalLocation"]
        assert place["artifactLocation"] == {"uri": "fit.py", "uriBaseId": "SRCROOT"}
        assert place["region"] == {"startLine": 1, "startColumn": 5, "endLine": 1, "endColumn": 29}
        assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == "CLO103"
        (replacement,) = result["fixes"][0]["artifactChanges"][0]["replacements"]
        assert replacement["insertedContent"] == {"text": "_"}
        assert len(result["partialFingerprints"]["closurelint/v1"]) == 32

    def test_sarif_fits_the_model_of_the_standard(self) -> None:
        model = pytest.importorskip("sarif_pydantic")
        broken = diagnostic(code="CLO900", name="invalid-syntax", claim=None, evidence=None)
        text = render("sarif", report(diagnostic(), broken, diagnostic(range=span(1, 5, 29, 2))))
        log = model.Sarif.model_validate_json(text)
        assert [result.rule_id for result in log.runs[0].results] == ["CLO103", "CLO900", "CLO103"]

    def test_sarif_without_findings_still_has_all_rules(self) -> None:
        (run,) = json.loads(render("sarif", report()))["runs"]
        assert run["results"] == []
        assert len(run["tool"]["driver"]["rules"]) == len(RULES)

    def test_fingerprints_survive_moved_lines_and_tell_twins_apart(self) -> None:
        def marks(*found: Diagnostic) -> list[str]:
            (run,) = json.loads(render("sarif", report(*found)))["runs"]
            return [result["partialFingerprints"]["closurelint/v1"] for result in run["results"]]

        (here,) = marks(diagnostic())
        (moved,) = marks(diagnostic(range=span(40, 5, 29)))
        first, second = marks(diagnostic(), diagnostic(range=span(9, 5, 29)))
        assert here == moved == first
        assert second != first

    def test_github_escapes_what_would_end_an_annotation(self) -> None:
        found = diagnostic("/project/a,b:c\n::error::x.py", message="50% of\nit")
        (line,) = render("github", report(found)).splitlines()
        assert line.startswith("::warning title=closurelint (CLO103),file=a%2Cb%3Ac\\n%3A%3Aerror%3A%3Ax.py,line=1,")
        assert "50%25 of%0Ait" in line

    def test_gitlab_has_one_fingerprint_each(self) -> None:
        issues = json.loads(render("gitlab", report(diagnostic(), diagnostic())))
        assert len({issue["fingerprint"] for issue in issues}) == 2
        assert issues[0]["location"]["path"] == "fit.py"
        assert issues[0]["severity"] == "minor"

    def test_junit_counts_failures_and_survives_what_xml_forbids(self) -> None:
        found = diagnostic("/project/\x00<b>.py", message="a < b & c\x07")
        root = ElementTree.fromstring(render("junit", report(found)))
        assert root.attrib["failures"] == "1"
        failure = root.find("./testsuite/testcase/failure")
        assert failure is not None
        assert failure.attrib["message"].startswith("a < b & c")

    def test_junit_of_a_clean_run_has_a_passed_test(self) -> None:
        root = ElementTree.fromstring(render("junit", report()))
        assert (root.attrib["tests"], root.attrib["failures"]) == ("1", "0")


class Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.seen: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append(tag)


class TestPage:
    def test_it_draws_a_heat_map_and_the_pairs_for_copy_and_alias(self) -> None:
        text = render("html", report(diagnostic()))
        assert text.count("<svg") == 2
        assert "dW[0, 0] = 0.417: f(x+h) = 0.417, f(x-h) = -0.417" in text
        assert text.count('<g class="flat">') == 2

    def test_equal_values_stand_in_the_middle_whatever_rounding_does(self) -> None:
        from closurelint.report.html import STRIP, _height

        assert _height(0.3, [0.1 + 0.2, 0.3]) == STRIP / 2
        assert _height(1.0, [0.0, 1.0]) < STRIP / 2 < _height(0.0, [0.0, 1.0])

    def test_where_the_alias_gives_zero_too_the_true_gradient_is_compared(self) -> None:
        found = diagnostic(evidence=Evidence("confirmed", "", gradient(0.0), gradient(0.0), gradient(0.5)))
        text = render("html", report(found))
        assert "dW if it used its parameter" in text
        assert "aliased array" not in text
        concise = "= replay: max |dW| is 0 for a copy and for the aliased `net.W`, 0.5 if it used its parameter"
        assert concise in render("text", report(found))

    def test_it_has_the_manuals_of_the_rules_that_are_broken(self) -> None:
        text = render("html", report(diagnostic()))
        assert 'href="#CLO103"' in text
        assert '<details id="CLO103">' in text
        assert "<h4>What it does</h4>" in text
        assert '<details id="CLO101">' not in text

    def test_nothing_of_the_checked_code_becomes_markup(self) -> None:
        hostile = "<script>alert(1)</script>"
        found = diagnostic(f"/project/{hostile}.py", message=hostile, label=hostile)
        text = render("html", report(found, text=f"{hostile}\n{hostile}\n"))
        tags = Tags()
        tags.feed(text)
        assert "script" not in tags.seen
        assert "&lt;script&gt;" in text

    def test_it_needs_nothing_from_outside(self) -> None:
        text = render("html", report(diagnostic()))
        assert "://" not in text
        assert "default-src 'none'" in text


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_ends_with_a_line_end_or_is_empty(name: str) -> None:
    for built in (report(), report(diagnostic())):
        text = render(name, built)
        assert not text or text.endswith("\n")


def test_an_unknown_format_is_an_error() -> None:
    with pytest.raises(KeyError):
        render("yaml", report())


def test_paths_are_relative_below_the_directory_only() -> None:
    assert shown("/project/a/b.py", "/project") == "a/b.py"
    assert shown("/elsewhere/b.py", "/project") == "/elsewhere/b.py"
    assert shown("./b.py", "/project") == "b.py"
    assert printable("a\x1b[31m\nb") == "a\\x1b[31m\\nb"


def test_lines_come_from_disk_and_from_cells(tmp_path: Path) -> None:
    plain = tmp_path / "a.py"
    plain.write_bytes("\ufeffx = 1\r\ny = 2\r\n".encode())
    notebook = tmp_path / "a.ipynb"
    cells = [{"cell_type": "code", "source": ["p = 1\n", "q = 2"], "metadata": {}, "outputs": []}]
    notebook.write_text(json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}))
    lines = lines_on_disk({"<stdin>": b"z = 3\n"})
    assert list(lines(str(plain), None))[:2] == ["x = 1", "y = 2"]
    assert list(lines(str(notebook), 1)) == ["p = 1", "q = 2"]
    assert list(lines(str(notebook), 9)) == []
    assert list(lines("<stdin>", None))[:1] == ["z = 3"]
    assert list(lines(str(tmp_path / "missing.py"), None)) == []
