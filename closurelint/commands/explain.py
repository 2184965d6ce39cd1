"""`closurelint explain FILE:LINE`: what was understood of the calls there, for who doubts or misses a finding."""

from __future__ import annotations

import os

from closurelint import telling
from closurelint.configuration.layers import displayed
from closurelint.configuration.settings import Settings, SettingsProblem
from closurelint.diagnostic import Position, Range
from closurelint.engine import check_text, evidence_for, reported_by, understood
from closurelint.report.lines import printable
from closurelint.rule import Rule
from closurelint.sources.program import Program
from closurelint.sources.source import SourceFile, SourceProblem, read_source
from closurelint.subjects import PassedOver, Site, Subjects
from closurelint.telling import Subject

NEAREST = 5
"""Calls that are listed where nothing stands on the line itself."""

Understood = list[tuple[Program, Subjects]]


def place_of(text: str) -> tuple[str, int, int | None]:
    """File, line and notebook cell of `FILE:LINE` or `FILE:CELL:LINE`; raises SettingsProblem.

    `FILE:LINE:COLUMN` and `FILE:cell N:LINE:COLUMN`, as findings are printed, are understood too.
    """
    path, numbers = _split(text)
    if not path or not numbers:
        raise SettingsProblem(f"`{text}` is no place, write FILE:LINE, and FILE:CELL:LINE for a notebook")
    if not os.path.exists(path):
        raise SettingsProblem(f"{path}: no such file or directory, name an existing file")
    if not os.path.isfile(path):
        raise SettingsProblem(f"{path}: no regular file, name a file")
    if path.endswith(".ipynb"):
        return path, numbers[1 if len(numbers) > 1 else 0], numbers[0] if len(numbers) > 1 else None
    return path, numbers[0], None


def _split(text: str) -> tuple[str, list[int]]:
    """A path, and the numbers behind it."""
    numbers: list[int] = []
    while True:
        path, colon, last = text.rpartition(":")
        word = last.removeprefix("cell").strip()
        if not colon or not word.isdecimal() or int(word) < 1 or os.path.exists(text) or len(numbers) == 3:
            return text, numbers
        numbers.insert(0, int(word))
        text = path


def explained(place: str, settings: Settings, *, replay: bool) -> str:
    """The explanation of everything at `place`; raises SettingsProblem if the file cannot be read."""
    path, row, cell = place_of(place)
    try:
        source = read_source(path)
    except OSError as problem:
        raise SettingsProblem(f"{path}: cannot be read: {problem.strerror}") from problem
    except SourceProblem as problem:
        raise SettingsProblem(f"{path}: {problem.message}") from problem
    _refuse_outside(source, row, cell)
    everything = understood(source, settings)
    here = [
        (program, subject)
        for program, subjects in everything
        for subject in telling.subjects_of(subjects)
        if _covers(program, subject, row, cell)
    ]
    passed = [
        (program, each)
        for program, subjects in everything
        for each in subjects.passed_over
        if _is_at(program, each.range, row, cell)
    ]
    blocks = [_told(source, program, subject, settings, replay=replay) for program, subject in here]
    blocks += [_passed(source, program, each) for program, each in passed]
    return "\n\n".join(blocks or [_nothing(source, everything, row, cell, settings)])


def _refuse_outside(source: SourceFile, row: int, cell: int | None) -> None:
    """Raise SettingsProblem for a line or cell that the file does not have."""
    from closurelint.report.lines import lines_on_disk

    name = displayed(source.filename)
    if source.kind == "notebook" and cell is not None:
        count = len(lines_on_disk()(source.filename, cell))
        if row > max(count, 1):
            raise SettingsProblem(f"{name}: code cell {cell} has {count} lines, not {row}")
    elif source.kind != "notebook":
        count = source.data.count(b"\n") + (not source.data.endswith(b"\n"))
        if row > count:
            raise SettingsProblem(f"{name} has {count} lines, not {row}")


def _covers(program: Program, subject: Subject, row: int, cell: int | None) -> bool:
    """Whether the line `row` belongs to the call, or to the function that is handed to it."""
    ranges = [telling.range_of(subject)]
    objective = subject.objective
    if objective.filename == subject.filename:
        start = objective.range.start
        lines = objective.source.rstrip("\n").count("\n")
        ranges.append(Range(start, Position(max(objective.range.end.row, start.row + lines), 1)))
    if isinstance(subject, Site) and subject.point is not None:
        ranges.append(subject.point.range)
    return any(_is_at(program, range, row, cell) for range in ranges)


def _is_at(program: Program, range: Range, row: int, cell: int | None) -> bool:
    at = program.to_file(range)
    return at.start.row <= row <= at.end.row and (cell in (None, at.cell))


def _passed(source: SourceFile, program: Program, each: PassedOver) -> str:
    at = telling.place(source.filename, program, each.range)
    written = "" if each.spelled == each.differentiator else f", written `{each.spelled}`,"
    return f"{at}: `{each.differentiator}`{written} is known, but nothing is claimed here: {each.reason}"


def _nothing(source: SourceFile, everything: Understood, row: int, cell: int | None, settings: Settings) -> str:
    """Why there is nothing to tell, and where there is."""
    from closurelint.catalogue import catalogue
    from closurelint.commands.nearby import said_of_calls

    name = displayed(source.filename)
    at = f"{name}:{f'cell {cell}:' if cell is not None else ''}{row}"
    lines = [f"{at}: no differentiator is known to be called here"]
    known = catalogue(dict(settings.differentiators))
    met = frozenset(site.spelled for _, subjects in everything for site in subjects.sites)
    for program in source.programs:
        position = program.to_program(Position(row, 1), cell)
        if position is not None:
            lines += [f"  {said}" for said in said_of_calls(program.text, position.row, known, met)]
    if len(lines) > 1:
        lines.append("  `closurelint differentiators NAME` says what is known of one; if it differentiates, name it:")
        lines.append(
            '  [tool.closurelint.differentiators."dotted.name"], with delivery = "copy", "in-place" or "trace"'
        )
    near = [(program, subject) for program, subjects in everything for subject in telling.subjects_of(subjects)]
    near.sort(key=lambda pair: abs(pair[0].to_file(telling.range_of(pair[1])).start.row - row))
    if near:
        lines.append("nearest calls that were understood in this file:")
    lines += [f"  {telling.summary(source.filename, program, subject)}" for program, subject in near[:NEAREST]]
    if len(near) > NEAREST:
        lines.append(f"  and {len(near) - NEAREST} more")
    return "\n".join(lines)


def _told(source: SourceFile, program: Program, subject: Subject, settings: Settings, *, replay: bool) -> str:
    """The explanation of one subject."""
    lines = [f"{telling.place(source.filename, program, telling.range_of(subject))}: {telling.headline(subject)}"]
    facts = telling.site_facts(program, subject) if isinstance(subject, Site) else telling.other_facts(subject)
    flow = telling.steps(program, subject) if isinstance(subject, Site) else []
    facts += [("flow" if not index else "", line) for index, line in enumerate(flow)]
    evidence = None
    if subject.claim is None:
        facts.append(("replay", "nothing to replay, no claim is made about this objective"))
    elif replay:
        evidence = evidence_for(subject.claim)
        facts += telling.evidence_facts(evidence) if reported_by(subject) else telling.matters(evidence)
    facts.append(("outcome", telling.outcome(subject, settings, os.path.abspath(source.filename), evidence)))
    width = max(len(name) for name, _ in facts) + 2
    return "\n".join(lines + [f"  {name + ':' if name else '':{width}}{printable(text)}" for name, text in facts])


def retold(rule: Rule) -> str:
    """What the rule says of the example in its own manual, with the numbers; raises SettingsProblem without one."""
    example = rule.manual.partition("```python\n")[2].partition("```")[0]
    settings = Settings(codes=frozenset({rule.code}))
    found = check_text(example, f"{rule.name}.py", settings).diagnostics if example else ()
    if not found or found[0].evidence is None:
        raise SettingsProblem(f"{rule.code} has no numbers to tell, `closurelint rule {rule.code}` prints its manual")
    evidence = found[0].evidence
    lines = [example.rstrip(), "", f"line {found[0].range.start.row}: {found[0].code} {found[0].message}", ""]
    facts = telling.evidence_facts(evidence)
    width = max(len(name) for name, _ in facts) + 2
    lines += [f"{name + ':' if name else '':{width}}{text}" for name, text in facts]
    for title, gradient in (("a copy", evidence.copy), ("the aliased array", evidence.alias)):
        if gradient is not None:
            lines += ["", f"f(x+h) and f(x-h) for each index, given {title}:"]
            lines += [f"    {above:.12f}  {below:.12f}" for above, below in gradient.pairs]
    return "\n".join(lines)
