from __future__ import annotations

import re
import textwrap

import pytest

from closurelint.configuration.settings import Settings
from closurelint.engine import check_text
from closurelint.rule import Rule
from closurelint.rules import RULES
from closurelint.surroundings import Surroundings

SECTIONS = ("What it does", "Why is this bad?", "Example", "Use instead", "Evidence", "Fix", "Limits")
NEEDED_BY_ALL = ("What it does", "Why is this bad?", "Example")
ABOUT_CODE = [rule for rule in RULES if rule.check is not None]


def sections(rule: Rule) -> dict[str, str]:
    """The manual's sections by heading, in order."""
    found = re.split(r"^## (.+)\n", rule.manual, flags=re.MULTILINE)
    return dict(zip(found[1::2], found[2::2], strict=True))


def code(section: str) -> str:
    """The one Python block of a section."""
    (block,) = re.findall(r"^```python\n(.*?)^```$", section, flags=re.MULTILINE | re.DOTALL)
    return textwrap.dedent(block)


def codes(text: str) -> list[str]:
    result = check_text(text, "manual.py", Settings(), Surroundings(lambda path: None))
    return [found.code for found in (*result.diagnostics, *result.refuted)]


def by_code(rule: Rule) -> str:
    return rule.code


@pytest.mark.parametrize("rule", RULES, ids=by_code)
class TestEveryManual:
    def test_has_its_sections_in_order(self, rule: Rule) -> None:
        found = list(sections(rule))
        assert found == [name for name in SECTIONS if name in found]
        assert set(NEEDED_BY_ALL if rule.check is None else SECTIONS) <= set(found)

    def test_says_something_in_each(self, rule: Rule) -> None:
        assert all(len(text.strip()) > 4 for text in sections(rule).values())

    def test_opens_with_one_sentence(self, rule: Rule) -> None:
        first, second = rule.manual.split("\n")[:2]
        assert first.endswith(".")
        assert ". " not in first
        assert not second
        assert rule.summary == first[:-1]

    def test_keeps_to_the_width_and_names_no_code_twice(self, rule: Rule) -> None:
        assert max(map(len, rule.manual.split("\n"))) <= 120
        assert re.fullmatch(r"[a-z]+(-[a-z]+)+", rule.name)


@pytest.mark.parametrize("rule", ABOUT_CODE, ids=by_code)
class TestEveryExample:
    def test_is_what_the_rule_finds(self, rule: Rule) -> None:
        assert codes(code(sections(rule)["Example"])) == [rule.code]

    def test_the_better_way_is_clean(self, rule: Rule) -> None:
        assert codes(code(sections(rule)["Use instead"])) == []


def test_the_codes_ascend_and_are_used_once() -> None:
    numbers = [rule.code for rule in RULES]
    assert numbers == sorted(set(numbers))
    assert len({rule.name for rule in RULES}) == len(RULES)
