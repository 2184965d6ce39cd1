from __future__ import annotations

import ast
import pickle
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from fixture_harness import (
    ROOT,
    Expectation,
    as_found,
    checked,
    differences,
    edited,
    everything,
    expectations,
    fixes_of,
    fixtures,
    label,
)

from closurelint import fixer
from closurelint.diagnostic import Diagnostic, Position, Range
from closurelint.evidence import Evidence
from closurelint.rule import Rule
from closurelint.rules import BY_CODE, RULES

ALL = fixtures()
PYTHON = [path for path in ALL if path.suffix == ".py"]

every_fixture = pytest.mark.parametrize("path", ALL, ids=label)
every_python_fixture = pytest.mark.parametrize("path", PYTHON, ids=label)


def codes(found: list[Diagnostic]) -> Counter[str]:
    return Counter(item.code for item in found)


@every_fixture
def test_exactly_what_is_expected_is_reported(path: Path) -> None:
    data = path.read_bytes()
    wrong = differences(expectations(data, str(path)), everything(checked(data, path)))
    assert not wrong, "\n".join([f"fixtures/{label(path)}", *wrong])


@every_fixture
def test_two_runs_are_equal_and_can_be_sent_to_another_process(path: Path) -> None:
    data = path.read_bytes()
    first, second = checked(data, path), checked(data, path)
    assert first == second
    assert pickle.loads(pickle.dumps(first)) == second


@every_python_fixture
def test_carriage_returns_and_a_byte_order_mark_change_nothing(path: Path) -> None:
    data = path.read_bytes()
    plain = checked(data, path)
    assert checked(data.replace(b"\n", b"\r\n"), path) == plain
    assert checked(b"\xef\xbb\xbf" + data, path) == plain


@every_python_fixture
def test_every_fix_removes_its_diagnostic_and_brings_no_other(path: Path) -> None:
    data = path.read_bytes()
    before = checked(data, path, replay=False)
    for found, fix in fixes_of(before):
        text = edited(data, path, fix.edits)
        ast.parse(text)
        after = codes(list(checked(text, path, replay=False).diagnostics))
        allowed = codes(list(before.diagnostics)) - Counter([found.code])
        assert after <= allowed, f"`{fix.message}` of {as_found(found)} leaves {after - allowed}"


@pytest.mark.parametrize("rule", [rule for rule in RULES if rule.check is not None], ids=lambda rule: rule.code)
def test_a_manual_speaks_of_a_fix_where_one_is_offered(rule: Rule) -> None:
    _, _, said = rule.manual.partition("\n## Fix\n\n")
    own = [path for path in (ROOT / rule.name).glob("*.py") if path.with_suffix(".fixed.py").exists()]
    results = [checked(path.read_bytes(), path, replay=False) for path in own]
    offered = {found.code for result in results for found, _ in fixes_of(result)}
    assert (rule.code in offered) is not said.startswith("None")


@every_python_fixture
def test_all_fixes_together_give_the_fixed_file(path: Path, blessed: Callable[[Path, str], None]) -> None:
    data = path.read_bytes()
    fixed = fixer.fix(data, str(path), lambda text: checked(text, path), unsafe=True)
    beside = path.with_suffix(".fixed.py")
    if not fixed.applied:
        assert not beside.exists(), f"{beside} is fixed from a fixture without fixes: remove it"
        return
    ast.parse(fixed.after)
    again = fixer.fix(fixed.after, str(path), lambda text: checked(text, path), unsafe=True)
    assert again.applied == ()
    assert again.left == fixed.left == checked(fixed.after, path)
    blessed(beside, fixed.after.decode())


@every_python_fixture
def test_safe_fixes_only_silence_what_is_known(path: Path) -> None:
    data = path.read_bytes()
    before = checked(data, path)
    fixed = fixer.fix(data, str(path), lambda text: checked(text, path), unsafe=False)
    assert all(fix.applicability == "safe" for _, fix in fixed.applied)
    assert len(fixed.left.diagnostics) == len(before.diagnostics) - len(fixed.applied)


@every_python_fixture
def test_suppressing_every_reported_line_leaves_nothing(path: Path) -> None:
    data = path.read_bytes()
    # a file that does not parse has no comments, and a comment cannot speak of itself
    found = [item for item in checked(data, path).diagnostics if not item.code.startswith("CLO9")]
    lines = data.decode().split("\n")
    for row in {item.range.start.row for item in found}:
        here = sorted({item.code for item in found if item.range.start.row == row})
        lines[row - 1] += f"  # closurelint: ignore[{', '.join(here)}]"
    result = checked("\n".join(lines).encode(), path)
    assert [as_found(item) for item in result.diagnostics if not item.code.startswith("CLO9")] == []
    assert result.suppressed >= len(found)


def test_every_rule_about_code_has_fixtures_that_find_it_and_false_friends() -> None:
    expected = Counter(item.code for path in ALL for item in expectations(path.read_bytes(), str(path)))
    for rule in RULES:
        assert expected[rule.code] >= (3 if rule.check is not None else 1), rule.code
        if rule.check is not None:
            assert (ROOT / rule.name / "false_friends.py").is_file(), rule.name


def test_every_fixed_file_stands_beside_its_fixture() -> None:
    assert {path.with_name(path.name.replace(".fixed.py", ".py")) for path in ROOT.rglob("*.fixed.py")} <= set(PYTHON)


def test_fixtures_expect_codes_that_exist() -> None:
    assert {item.code for path in ALL for item in expectations(path.read_bytes(), str(path))} <= BY_CODE.keys()


class TestTheHarness:
    def test_reads_expectations(self) -> None:
        text = 'a = 1\nb = 2  # expect: CLO101 @ 14 confirmed "returns `loss`; so"; CLO102; CLO103 not replayed\n'
        assert expectations(text.encode(), "a.py") == [
            Expectation(0, 2, "CLO101", 14, "confirmed", "returns `loss`; so"),
            Expectation(0, 2, "CLO102"),
            Expectation(0, 2, "CLO103", None, "not replayed"),
        ]

    @pytest.mark.parametrize(
        "comment", ["# expect: ", "# expect: CLO1", "# expect: CLO101 confirmd", "# expect: CLO101 14"]
    )
    def test_refuses_what_it_cannot_read(self, comment: str) -> None:
        with pytest.raises(ValueError, match=r"a\.py:2: "):
            expectations(f"\n{comment}\n".encode(), "a.py")

    def test_is_strict_both_ways(self) -> None:
        found = Diagnostic("CLO101", "n", "returns `loss`", "a.py", Range(Position(2, 3), Position(2, 9)))
        refuted = Diagnostic(
            "CLO102",
            "n",
            "m",
            "a.py",
            Range(Position(4, 1), Position(4, 2)),
            evidence=Evidence("refuted", "it matters"),
        )
        assert differences([Expectation(0, 2, "CLO101", 3, None, "`loss`")], [found]) == []
        assert differences([], [found]) == ['unexpected  2: CLO101 @ 3  "returns `loss`"']
        assert differences([], [refuted]) == ['unexpected  4: CLO102 @ 1 refuted "m" [it matters]']
        for wrong in (
            Expectation(0, 3, "CLO101"),
            Expectation(1, 2, "CLO101"),
            Expectation(0, 2, "CLO102"),
            Expectation(0, 2, "CLO101", 4),
            Expectation(0, 2, "CLO101", None, "confirmed"),
            Expectation(0, 2, "CLO101", None, None, "`cost`"),
        ):
            assert differences([wrong], [found])[0] == f"missing     {wrong}"
        assert differences([Expectation(0, 4, "CLO102")], [refuted])[0] == "missing     4: CLO102"
        assert differences([Expectation(0, 4, "CLO102", None, "refuted")], [refuted]) == []
        unproved = replace(refuted, evidence=Evidence("not replayed", "calls `open`"))
        assert differences([Expectation(0, 4, "CLO102")], [unproved])[0] == "missing     4: CLO102"
        assert differences([Expectation(0, 4, "CLO102", None, "not replayed")], [unproved]) == []

    def test_the_exact_expectation_chooses_first(self) -> None:
        first = Diagnostic("CLO101", "n", "one", "a.py", Range(Position(2, 3), Position(2, 9)))
        second = Diagnostic("CLO101", "n", "two", "a.py", Range(Position(2, 20), Position(2, 29)))
        assert differences([Expectation(0, 2, "CLO101"), Expectation(0, 2, "CLO101", 3)], [first, second]) == []
