"""`closurelint explain FILE:LINE`: what was understood of the calls there, for who doubts or misses a finding."""

from __future__ import annotations

import os

from closurelint.configuration.layers import displayed
from closurelint.configuration.settings import Settings, SettingsProblem
from closurelint.diagnostic import Position, Range
from closurelint.engine import check_text, evidence_for, reported_by, understood
from closurelint.evidence import Evidence, Gradient
from closurelint.rule import Rule
from closurelint.sources.program import Program
from closurelint.sources.source import SourceFile, SourceProblem, read_source
from closurelint.subjects import LooseObjective, Site, StepClosure, Subjects

Subject = Site | LooseObjective | StepClosure

FLOWS = {
    "reaches": "reaches the differentiated value",
    "severed": "reaches it only through operations with zero gradient",
    "dead": "is read, but never gets to the differentiated value",
    "overwritten": "is rebound before it is read",
    "never read": "is never read",
}
SHARED = {
    True: "the very array that the captured state holds",
    False: "not the array that the captured state holds",
    None: "not known to be the array that the captured state holds, or not to be",
}


def place_of(text: str) -> tuple[str, int, int | None]:
    """File, line and notebook cell of `FILE:LINE` or `FILE:CELL:LINE`; raises SettingsProblem."""
    path, numbers = _split(text)
    if not path or not numbers:
        raise SettingsProblem(f"`{text}` is no place, write FILE:LINE, and FILE:CELL:LINE for a notebook")
    if not os.path.exists(path):
        raise SettingsProblem(f"{path}: no such file or directory, name an existing file")
    return path, numbers[-1], numbers[0] if len(numbers) == 2 else None


def _split(text: str) -> tuple[str, list[int]]:
    path, colon, last = text.rpartition(":")
    if not colon or not last.isdecimal() or int(last) < 1:
        return text, []
    outer, colon, before = path.rpartition(":")
    if colon and before.isdecimal() and not os.path.exists(path):
        return outer, [int(before), int(last)]
    return path, [int(last)]


def explained(place: str, settings: Settings, *, replay: bool) -> str:
    """The explanation of everything at `place`; raises SettingsProblem if the file cannot be read."""
    path, row, cell = place_of(place)
    try:
        source = read_source(path)
    except OSError as problem:
        raise SettingsProblem(f"{path}: cannot be read: {problem.strerror}") from problem
    except SourceProblem as problem:
        raise SettingsProblem(f"{path}: {problem.message}") from problem
    everything = [
        (program, subject) for program, subjects in understood(source, settings) for subject in subjects_of(subjects)
    ]
    here = [(program, subject) for program, subject in everything if _covers(program, subject, row, cell)]
    if not here:
        return _nothing(source, everything, row)
    return "\n\n".join(
        "\n".join(_lines(source, program, subject, settings, replay=replay)) for program, subject in here
    )


def subjects_of(subjects: Subjects) -> tuple[Subject, ...]:
    """All that was found, in the order of the file."""
    return tuple(sorted((*subjects.sites, *subjects.loose, *subjects.steps), key=lambda each: _range(each).start))


def _range(subject: Subject) -> Range:
    return subject.objective.range if isinstance(subject, LooseObjective) else subject.range


def _covers(program: Program, subject: Subject, row: int, cell: int | None) -> bool:
    """Whether the line `row` belongs to the call, or to the function that is handed to it."""
    ranges = [_range(subject)]
    objective = subject.objective
    if objective.filename == subject.filename:
        start = objective.range.start
        lines = objective.source.rstrip("\n").count("\n")
        ranges.append(Range(start, Position(max(objective.range.end.row, start.row + lines), 1)))
    places = [program.to_file(range) for range in ranges]
    return any(place.start.row <= row <= place.end.row and cell in (None, place.cell) for place in places)


def _nothing(source: SourceFile, everything: list[tuple[Program, Subject]], row: int) -> str:
    """Why there is nothing to tell, and where there is."""
    name = displayed(source.filename)
    lines = [f"{name}:{row}: no differentiator is known to be called here"]
    if everything:
        lines.append("calls that were understood in this file:")
        lines += [
            f"  {_place(source, program, _range(subject))}  {_headline(subject)}" for program, subject in everything
        ]
    lines.append(
        "`closurelint differentiators` lists what is known; add your own in [tool.closurelint.differentiators]"
    )
    return "\n".join(lines)


def _headline(subject: Subject) -> str:
    if isinstance(subject, Site):
        return f"`{subject.spelled}` with {_named(subject)}"
    if isinstance(subject, LooseObjective):
        return f"{_named(subject)}, handed to nothing that is known"
    return f"{_named(subject)}, a step closure of `{subject.optimizer}`"


def _named(subject: Subject) -> str:
    objective = subject.objective
    return "a lambda" if objective.kind == "lambda" else f"the {objective.kind} `{objective.name}`"


def _place(source: SourceFile, program: Program, range: Range) -> str:
    at = program.to_file(range)
    cell = "" if at.cell is None else f"cell {at.cell}:"
    return f"{displayed(source.filename)}:{cell}{at.start.row}:{at.start.column}"


def _lines(source: SourceFile, program: Program, subject: Subject, settings: Settings, *, replay: bool) -> list[str]:
    """The explanation of one subject."""
    lines = [f"{_place(source, program, _range(subject))}: {_headline(subject)}"]
    facts = _site_facts(source, program, subject) if isinstance(subject, Site) else _other_facts(subject)
    evidence = None
    if replay and subject.claim is not None:
        evidence = evidence_for(subject.claim)
        facts += _evidence_facts(evidence)
    elif subject.claim is None:
        facts.append(("replay", "nothing to replay, no claim is made about this objective"))
    facts.append(("outcome", _outcome(subject, settings, source.filename, evidence)))
    width = max(len(name) for name, _ in facts) + 2
    return lines + [f"  {name + ':':{width}}{text}" for name, text in facts]


def _site_facts(source: SourceFile, program: Program, site: Site) -> list[tuple[str, str]]:
    objective, parameter, point = site.objective, site.parameter, site.point
    facts = [("differentiator", f"`{site.differentiator}`, found as `{site.spelled}`")]
    facts.append(("delivery", f"{site.delivery}, known from {site.origin}" if site.origin else site.delivery))
    defined = _place(source, program, objective.range)
    if objective.filename != site.filename:
        defined = f"{displayed(objective.filename)}:{objective.range.start.row}:{objective.range.start.column}"
    facts.append(("objective", f"{_named(site)} at {defined}"))
    flow = FLOWS[parameter.flow] + (f", cut by `{parameter.cut}`" if parameter.cut else "")
    facts.append(("parameter", f"`{parameter.name}` {flow}"))
    if point is None:
        facts.append(("point", "not known at this call"))
    else:
        copied = ", a copy" if point.copied else ""
        facts.append(("point", f"`{point.text}`, {SHARED[point.shared]}{copied}"))
    for capture in site.captures:
        at = "" if capture.origin is None else f", computed at {_place(source, program, capture.origin)}"
        through = f" through `{capture.through}`" if capture.through else ""
        of_point = " from the point" if capture.of_point else ""
        facts.append(("captured", f"`{capture.path}` ({capture.kind}){through}{at}{of_point}"))
    for term in site.terms:
        facts.append(("not varied", f"`{term}` is added to the result without passing through the parameter"))
    if site.finished:
        facts.append(("computes", "nothing, it returns numbers that were computed before it"))
    if site.model:
        reached = "reached" if site.reaches_model else "never reached"
        facts.append(("model", f"`{site.model}`, {reached} by the objective"))
    if site.tolerated:
        facts.append(("tolerated", site.tolerated))
    return facts


def _other_facts(subject: LooseObjective | StepClosure) -> list[tuple[str, str]]:
    facts = [("objective", _named(subject))]
    if isinstance(subject, LooseObjective):
        facts.append(("parameter", f"`{subject.parameter.name}` {FLOWS[subject.parameter.flow]}"))
        facts.append(("captured", f"`{subject.reads}`"))
    else:
        facts.append(("optimiser", f"`{subject.optimizer}`"))
        facts.append(("fault", subject.fault))
    return facts


def _evidence_facts(evidence: Evidence) -> list[tuple[str, str]]:
    facts = [("replay", evidence.verdict + (f": {evidence.reason}" if evidence.reason else ""))]
    named: tuple[tuple[str, Gradient | None], ...] = (
        ("max |dW|, copy", evidence.copy),
        ("max |dW|, alias", evidence.alias),
        ("max |dW|, true", evidence.reference),
    )
    facts += [(name, f"{gradient.largest:.3g}") for name, gradient in named if gradient is not None]
    if evidence.missing is not None:
        facts.append(("missing", f"{evidence.missing:.3g} of the true gradient"))
    return facts


def _outcome(subject: Subject, settings: Settings, filename: str, evidence: Evidence | None) -> str:
    """Which rules speak, and why they are silent if they do not."""
    found = reported_by(subject)
    if not found:
        return "no rule objects"
    if evidence is not None and evidence.verdict == "refuted":
        return f"{found[0].code} is dropped, because replay refutes it"
    path = os.path.abspath(filename)
    said = [
        f"{each.code} {each.message}" + ("" if settings.enables(each.code, path) else " (not enabled here)")
        for each in found
    ]
    return "; ".join(said)


def retold(rule: Rule) -> str:
    """What the rule says of the example in its own manual, with the numbers; raises SettingsProblem without one."""
    example = rule.manual.partition("```python\n")[2].partition("```")[0]
    settings = Settings(codes=frozenset({rule.code}))
    found = check_text(example, f"{rule.name}.py", settings).diagnostics if example else ()
    if not found or found[0].evidence is None:
        raise SettingsProblem(f"{rule.code} has no numbers to tell, `closurelint rule {rule.code}` prints its manual")
    evidence = found[0].evidence
    lines = [example.rstrip(), "", f"line {found[0].range.start.row}: {found[0].code} {found[0].message}", ""]
    lines += [f"{name}: {text}" for name, text in _evidence_facts(evidence)]
    for title, gradient in (("a copy", evidence.copy), ("the aliased array", evidence.alias)):
        if gradient is not None:
            lines += ["", f"f(x+h) and f(x-h) for each index, given {title}:"]
            lines += [f"    {above:.12f}  {below:.12f}" for above, below in gradient.pairs]
    return "\n".join(lines)
