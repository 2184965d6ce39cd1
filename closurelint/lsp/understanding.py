"""What was understood of each call of a text, as plain data: it crosses from the process that reads to the server."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from closurelint.catalogue import catalogue, describe
from closurelint.configuration.settings import Settings
from closurelint.diagnostic import Position, Range
from closurelint.engine import reported_by, understood
from closurelint.evidence import Claim
from closurelint.sources.program import Program
from closurelint.sources.source import SourceFile
from closurelint.subjects import Site
from closurelint.telling import Facts, Subject, headline, other_facts, range_of, site_facts, subjects_of

if TYPE_CHECKING:
    from closurelint.surroundings import Surroundings


@dataclass(frozen=True)
class Understood:
    """One call and the function that is handed to it.

    call: where it stands in the file. objective: all lines of the function, if it is of this file. codes: the rules
    that object. differentiator: what the catalogue says of it.
    """

    call: Range
    objective: Range | None
    headline: str
    facts: Facts
    claim: Claim | None
    codes: tuple[str, ...]
    differentiator: str = ""


def everything_in(source: SourceFile, settings: Settings, around: Surroundings) -> tuple[Understood, ...]:
    """What is understood of a file that has been read."""
    found = [
        (program, subject)
        for program, subjects in understood(source, settings, around)
        for subject in subjects_of(subjects)
    ]
    known = catalogue(dict(settings.differentiators))
    told = []
    for program, subject in found:
        described = ""
        if isinstance(subject, Site):
            entries = known.named(subject.differentiator)
            described = describe(entries[0]) if entries else ""
        told.append(
            Understood(
                program.to_file(range_of(subject)),
                _lines_of(program, subject),
                headline(subject),
                site_facts(program, subject) if isinstance(subject, Site) else other_facts(subject),
                subject.claim,
                tuple(each.code for each in reported_by(subject)),
                described,
            )
        )
    return tuple(told)


def _lines_of(program: Program, subject: Subject) -> Range | None:
    objective = subject.objective
    if objective.filename != subject.filename:
        return None
    start, end = objective.range.start, objective.range.end
    lines = objective.source.rstrip("\n").count("\n")
    return program.to_file(Range(start, Position(start.row + lines, 10_000) if lines else end))
