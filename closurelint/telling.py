"""What was understood of one subject, as facts that a person can check line by line."""

from __future__ import annotations

from closurelint.configuration.layers import displayed
from closurelint.engine import reported_by
from closurelint.report.wording import number
from closurelint.subjects import LooseObjective, Site, StepClosure, Subjects

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from closurelint.configuration.settings import Settings
    from closurelint.diagnostic import Range
    from closurelint.evidence import Evidence, Gradient
    from closurelint.sources.program import Program
    from closurelint.subjects import Capture, Step

Subject = Site | LooseObjective | StepClosure
Facts = list[tuple[str, str]]

FLOWS = {
    "reaches": "reaches the differentiated value",
    "severed": "reaches it only through operations with zero gradient",
    "dead": "is read, but never gets to the differentiated value",
    "overwritten": "is rebound before it is read",
    "never read": "is never read",
}
DELIVERIES = {
    "in-place": "in place, it perturbs the caller's own array",
    "copy": "a copy, the objective gets fresh arrays",
    "trace": "traced, the objective gets traced values",
    "model": "the module's own parameters are varied",
    "trial": "a candidate of a search",
}
ORIGINS = {
    "catalogue": "as the catalogue of known libraries says",
    "settings": "as the configuration says",
    "body": "inferred from its body, which is in the project",
    "name": "from its name in books and courses, its body was not found",
}
SHARED = {
    True: "the very array that the captured state holds",
    False: "not the array that the captured state holds",
    None: "not known to be the array that the captured state holds, or not to be",
}
FAULTS = {
    "no return": "it returns nothing",
    "no backward": "it computes no gradients",
    "stale": "it returns what was computed before it",
}
LONGEST = 72
"""Characters of a statement that are shown; a longer one is cut."""


def subjects_of(subjects: Subjects) -> tuple[Subject, ...]:
    """All that was found, in the order of the file."""
    return tuple(sorted((*subjects.sites, *subjects.loose, *subjects.steps), key=lambda each: range_of(each).start))


def range_of(subject: Subject) -> Range:
    """Where a subject stands, in program coordinates."""
    return subject.objective.range if isinstance(subject, LooseObjective) else subject.range


def headline(subject: Subject) -> str:
    """What a subject is, in one clause."""
    if isinstance(subject, Site):
        return f"`{subject.spelled}` with {named(subject)}"
    if isinstance(subject, LooseObjective):
        return f"{named(subject)}, handed to nothing that is known"
    return f"{named(subject)}, a step closure of `{subject.optimizer}`"


def named(subject: Subject) -> str:
    """What an objective is called."""
    objective = subject.objective
    return "a lambda" if objective.kind == "lambda" else f"the {objective.kind} `{objective.name}`"


def place(filename: str, program: Program, range: Range) -> str:
    """Where something stands, in file coordinates."""
    at = program.to_file(range)
    cell = "" if at.cell is None else f"cell {at.cell}:"
    return f"{displayed(filename)}:{cell}{at.start.row}:{at.start.column}"


def summary(filename: str, program: Program, subject: Subject) -> str:
    """One line about a subject, for `--verbose`."""
    said = ", ".join(item.code for item in reported_by(subject)) or "no rule objects"
    delivery = f", {subject.delivery}" if isinstance(subject, Site) else ""
    point = f" at `{subject.point.text}`" if isinstance(subject, Site) and subject.point is not None else ""
    return f"{place(filename, program, range_of(subject))}: {headline(subject)}{point}{delivery}: {said}"


def site_facts(program: Program, site: Site) -> Facts:
    """What is known of a use of a differentiator."""
    here = site.filename
    spelled = "" if site.spelled == site.differentiator else f", written `{site.spelled}`"
    facts = [("differentiator", f"`{site.differentiator}`{spelled}")]
    facts.append(("delivery", f"{DELIVERIES[site.delivery]}; {ORIGINS.get(site.origin, site.origin)}"))
    defined = place(here, program, site.objective.range)
    if site.objective.filename != here:
        start = site.objective.range.start
        defined = f"{displayed(site.objective.filename)}:{start.row}:{start.column}"
    facts.append(("objective", f"{named(site)} at {defined}"))
    flow = FLOWS[site.parameter.flow]
    flow += f", cut by {_quoted(site.parameter.cut)}" if site.parameter.cut else ""
    flow += f", only handed to `{site.parameter.handed_to}`, which ignores it" if site.parameter.handed_to else ""
    if site.parameter.name:
        facts.append(("parameter", f"`{site.parameter.name}` {flow}"))
    if site.point is None:
        facts.append(("point", "not known at this call"))
    else:
        copied = ", a copy" if site.point.copied else ""
        facts.append(("point", f"`{site.point.text}`, {SHARED[site.point.shared]}{copied}"))
    facts += [("captured", captured(program, each)) for each in _distinct(site.captures)]
    facts += [("not varied", f"`{term}` is added without passing through the parameter") for term in site.terms]
    if site.finished:
        facts.append(("computes", "nothing, it returns numbers that were computed before it"))
    if site.model:
        facts.append(
            ("model", f"`{site.model}`, {'reached' if site.reaches_model else 'never reached'} by the objective")
        )
    if site.tolerated:
        facts.append(("tolerated", f"a constant objective is legitimate with `{site.tolerated}=`"))
    return facts


def other_facts(subject: LooseObjective | StepClosure) -> Facts:
    """What is known of a closure that no differentiator is handed."""
    facts = [("objective", named(subject))]
    if isinstance(subject, LooseObjective):
        facts.append(("parameter", f"`{subject.parameter.name}` {FLOWS[subject.parameter.flow]}"))
        facts.append(("captured", f"`{subject.reads}`"))
    else:
        facts.append(("optimiser", f"`{subject.optimizer}`"))
        facts.append(("fault", FAULTS.get(subject.fault, "none")))
        if subject.captured:
            facts.append(("captured", f"`{subject.captured}`"))
    return facts


def captured(program: Program, capture: Capture) -> str:
    """One piece of captured state."""
    words = {"point": "the point itself", "precomputed": "computed before", "argument": "its own other argument"}
    said = words.get(capture.kind, "state")
    at = "" if capture.origin is None else f", on line {program.to_file(capture.origin).start.row}"
    through = f", through `{capture.through}`" if capture.through else ""
    of_point = ", from the point" if capture.of_point and capture.kind != "point" else ""
    return f"`{capture.path}`, {said}{at}{through}{of_point}"


def _distinct(captures: Iterable[Capture]) -> list[Capture]:
    """One capture for each path, the more telling one."""
    known: dict[str, Capture] = {}
    for capture in captures:
        if capture.path not in known or (known[capture.path].kind == "state" and capture.kind != "state"):
            known[capture.path] = capture
    return list(known.values())


def steps(program: Program, site: Site) -> list[str]:
    """Each statement of the objective, and what the value that it computes depends on."""
    if site.objective.filename != site.filename:
        return []
    rows = [(program.to_file(step.range).start.row, step) for step in site.steps]
    width = max((len(str(row)) for row, _ in rows), default=0)
    told = []
    for row, step in rows:
        text = step.text if len(step.text) <= LONGEST else f"{step.text[: LONGEST - 3]}..."
        told.append(f"{row:>{width}} | {text}")
        told.append(f"{'':{width}} | {'^' if step.carries else '-'} {_depends(site, step)}")
    return told


def _depends(site: Site, step: Step) -> str:
    read = ", ".join(f"`{path}`" for path in step.reads)
    if step.carries:
        cut = f", but {_quoted(step.cut)} takes its gradient away" if step.cut else ""
        return f"carries `{site.parameter.name}`{cut}" + (f", and {read}" if read else "")
    return f"does not carry `{site.parameter.name}`" + (f", depends on {read}" if read else ", depends on nothing")


def _quoted(operation: str) -> str:
    return operation if "`" in operation or " " in operation else f"`{operation}`"


def evidence_facts(evidence: Evidence) -> Facts:
    """What replay measured."""
    facts = [("replay", evidence.verdict + (f": {evidence.reason}" if evidence.reason else ""))]
    return facts + _measured(evidence)


def matters(evidence: Evidence) -> Facts:
    """What replay measured of an objective that no rule objects to: whether its parameter does matter there."""
    if evidence.copy is None:
        return [("replay", f"not replayed: {evidence.reason}" if evidence.reason else "nothing to measure")]
    largest = number(evidence.copy.largest)
    matter = "the parameter matters" if evidence.copy.largest else "the parameter does not matter on the stand-ins"
    return [("replay", f"{matter}, max |dW| is {largest}, handed a copy")]


def _measured(evidence: Evidence) -> Facts:
    facts: Facts = []
    measured: tuple[tuple[str, Gradient | None], ...] = (
        ("max |dW|", evidence.copy),
        ("", evidence.alias),
        ("", evidence.reference),
    )
    words = ("handed a copy", "handed the very array that the captured state holds", "if it used its parameter")
    for (name, gradient), said in zip(measured, words, strict=True):
        if gradient is not None:
            facts.append((name, f"{number(gradient.largest)} {said}"))
    if evidence.missing is not None:
        facts.append(("missing", f"up to {number(evidence.missing)} of the gradient"))
    return facts


def outcome(subject: Subject, settings: Settings, path: str, evidence: Evidence | None) -> str:
    """Which rules speak, and why they are silent if they do not; `path` is absolute."""
    found = reported_by(subject)
    if not found:
        return "no rule objects" + (f": {_why_fine(subject)}" if isinstance(subject, Site) else "")
    if evidence is not None and evidence.verdict == "refuted":
        return f"{found[0].code} is dropped, because replay refutes it"
    said = [
        f"{each.code} {each.message}" + ("" if settings.enables(each.code, path) else " (not enabled here)")
        for each in found
    ]
    return "; ".join(said)


def _why_fine(site: Site) -> str:
    if site.tolerated:
        return "an objective without its parameter is legitimate here"
    if site.model:
        return "the model that is differentiated is reached"
    if site.parameter.flow == "reaches":
        return "the result depends on the parameter" + ("" if site.terms else ", and the point comes in no other way")
    if site.parameter.name == "_":
        return "a parameter that is called `_` says that it is known"
    return "nothing that matters is captured"
