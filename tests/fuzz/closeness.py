"""What the quick look at a file makes the program say, beside what it says when everything is read closely."""

from __future__ import annotations

from closurelint.classify import together
from closurelint.configuration.settings import Settings
from closurelint.diagnostic import Diagnostic
from closurelint.engine import check_bytes, reported_by, understood
from closurelint.sources.source import source_from_bytes
from closurelint.subjects import LooseObjective, Site, StepClosure

Said = frozenset[tuple[str, object, str]]
_SETTINGS = Settings(replay=False)
_ABOUT_THE_FILE = "CLO9"


def quickly(text: str, filename: str = "/nowhere/generated.py") -> Said:
    """The diagnostics as a user gets them: code, range and message."""
    return _said(check_bytes(text.encode(), filename, _SETTINGS).diagnostics)


def closely(text: str, filename: str = "/nowhere/generated.py") -> Said:
    """The diagnostics when nothing is left out of the close look."""
    source = source_from_bytes(text.encode(), filename)
    found: list[Diagnostic] = []
    for _, subjects in understood(source, _SETTINGS):
        every: list[Site | LooseObjective | StepClosure] = [*subjects.sites, *subjects.loose, *subjects.steps]
        for subject in every:
            found += reported_by(subject)
    return _said(together(found))


def _said(diagnostics: tuple[Diagnostic, ...] | list[Diagnostic]) -> Said:
    return frozenset(
        (each.code, each.range, each.message) for each in diagnostics if not each.code.startswith(_ABOUT_THE_FILE)
    )
