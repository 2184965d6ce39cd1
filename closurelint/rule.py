"""A rule is a value: its code, its name, its manual and its check."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Literal

from closurelint.diagnostic import Diagnostic, Severity

Subject = Literal["site", "loose objective", "step closure", "file"]
"""What a rule looks at: a site; a loss closure that nothing known uses; a step closure; the file as text."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule.

    `manual` is the docstring of the rule's module: the one text that the command line, the editor's hover,
    SARIF's help and the documentation print. `check` gets one subject and yields what is wrong with it; rules about
    the file as text (9xx) have none, the engine reports them where it reads the file and its suppressions.
    """

    code: str
    name: str
    manual: str
    subject: Subject
    check: Callable[[Any], Iterator[Diagnostic]] | None = None
    severity: Severity = "warning"

    @property
    def summary(self) -> str:
        """The first sentence of the manual."""
        return self.manual.strip().partition("\n")[0].rstrip(".")
