"""Finds the sites of a program: every use of a differentiator, with its objective, its point and what flows where.

The interpreter runs the program; whenever a differentiator is called, the recorder analyses the objective on its own,
with its parameter varied and everything older as captured state, and keeps what it saw as a `Finding`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from closurelint.analysis import describe
from closurelint.analysis.calls import Calls
from closurelint.analysis.dataflow import Interpreter
from closurelint.analysis.facts import ModuleFacts, statements
from closurelint.analysis.loose import loose_objectives
from closurelint.analysis.reading import guarded, read_functions
from closurelint.analysis.recorder import Recorder
from closurelint.analysis.values import Frame
from closurelint.garbage import WithoutCollection
from closurelint.subjects import PassedOver, Site, Subjects

if TYPE_CHECKING:
    from collections.abc import Iterator

    from closurelint.analysis.resolve import Project
    from closurelint.catalogue import Catalogue
    from closurelint.triage.part import Part


def find(
    part: Part, filename: str, catalogue: Catalogue, project: Project, everything: bool = False, *, exact: bool = True
) -> Subjects:
    """All subjects of a program, ready for the rules. Raises SyntaxProblem.

    Sites whose parameter simply reaches the result are left out, unless `everything` is asked for. What is not `exact`
    has no places, claims and fixes, costs half as much, and tells whether a rule finds anything.
    """
    with WithoutCollection():
        return _found(ModuleFacts(part.text, filename, exact=exact), part, catalogue, project, everything)


def _found(module: ModuleFacts, part: Part, catalogue: Catalogue, project: Project, everything: bool) -> Subjects:
    run = Interpreter()
    calls = Calls(run, catalogue, project)
    recorder = Recorder(calls)
    project.start(exact=module.exact)
    frame = Frame(None, module, 0)
    for tree in [module.read(*piece) for piece in part.pieces or [()]]:
        for node in statements(tree):
            # a statement that is too deep or too costly is the only one that is not understood
            guarded(lambda: run.statement(node, frame))  # noqa: B023  # called at once
    functions = read_functions(run, calls, part)
    guarded(recorder.finish)
    sites: list[Site] = []
    for finding in recorder.findings:
        if everything or finding.flow != "reaches" or finding.terms or finding.model:
            guarded(lambda: sites.append(describe.site(finding, module, everything)))  # noqa: B023  # called at once
    subjects = Subjects(
        tuple(sites),
        tuple(loose_objectives(functions, recorder)),
        tuple(describe.step_closure(finding, module) for finding in recorder.steps),
        tuple(sorted(project.dependencies)),
        tuple(_passed_over(recorder, module)) if everything else (),
    )
    _let_go(run, calls, project, [frame, *(function.frame for function, _ in functions)])
    return subjects


def _let_go(run: Interpreter, calls: Calls, project: Project, frames: list[Frame]) -> None:
    """Break the circles, of frames and the functions in them above all, so that trees go with their last user."""
    project.finish()
    for frame in frames:
        frame.variables.clear()
    for each in (run, calls):
        vars(each).clear()


def _passed_over(recorder: Recorder, module: ModuleFacts) -> Iterator[PassedOver]:
    """The calls of differentiators in this file that nothing was found about."""
    used = {finding.node for finding in recorder.findings}
    for node, (differentiator, owner, reason) in recorder.passed_over.items():
        if node not in used and owner is module:
            yield describe.passed_over(differentiator, node, module, reason)
