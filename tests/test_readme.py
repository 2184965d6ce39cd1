"""The README tells the truth: its outputs, its table of rules and its counts are what the program says today."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from closurelint.catalogue import catalogue
from closurelint.rules import RULES

ROOT = Path(__file__).parent.parent
README = ROOT / "README.md"


def output_of(command: str) -> str:
    words = command.split()
    assert words[0] == "closurelint"
    done = subprocess.run(
        [sys.executable, "-m", *words], cwd=ROOT, capture_output=True, text=True, check=False, encoding="utf-8"
    )
    assert done.returncode in (0, 1), done.stderr
    return done.stdout


def table_of_rules() -> str:
    rows = [f"| {rule.code} | {rule.name} | {rule.summary} |" for rule in RULES]
    return "\n".join(["| code | name | what it finds |", "|---|---|---|", *rows])


def test_outputs_rules_and_counts_are_fresh(blessed: Callable[[Path, str], None]) -> None:
    text = README.read_text(encoding="utf-8")
    text = re.sub(
        r"<!-- output: (.*?) -->\n.*?<!-- end -->",
        lambda match: f"<!-- output: {match[1]} -->\n```text\n{output_of(match[1])}```\n<!-- end -->",
        text,
        flags=re.DOTALL,
    )
    text = re.sub(
        r"<!-- rules -->\n.*?<!-- end -->",
        lambda _: f"<!-- rules -->\n{table_of_rules()}\n<!-- end -->",
        text,
        flags=re.DOTALL,
    )
    entries = catalogue().entries
    libraries = {entry.name.partition(".")[0] for entry in entries if entry.origin != "name"}
    text = re.sub(
        r"lists the \d+ functions and classes of \d+ libraries",
        f"lists the {len(entries)} functions and classes of {len(libraries)} libraries",
        text,
    )
    blessed(README, text)


def test_every_rule_has_a_page_that_is_its_manual(blessed: Callable[[Path, str], None]) -> None:
    for rule in RULES:
        page = f"# {rule.code} {rule.name}\n\n{rule.manual.strip()}\n"
        blessed(ROOT / "docs" / "rules" / f"{rule.name}.md", page)


def test_its_links_lead_somewhere() -> None:
    for target in re.findall(r"\]\((?!https?:)([^)#]+)\)", README.read_text(encoding="utf-8")):
        assert (ROOT / target).exists(), target
