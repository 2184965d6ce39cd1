"""The joint of the two halves: file -> programs -> sites -> rules -> suppression -> replay -> FileResult.

A file that cannot be read or parsed, a rule that crashes, anything that goes wrong with one file is one CLO900
diagnostic of that file, and the run goes on. What only a file with a possible finding needs is imported there.
"""

from __future__ import annotations

import os

from closurelint.result import FileResult

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from typing import Any

    from closurelint.configuration.settings import Settings
    from closurelint.diagnostic import Diagnostic, Position
    from closurelint.evidence import Claim, Evidence
    from closurelint.sources.program import Program
    from closurelint.sources.source import SourceFile
    from closurelint.subjects import LooseObjective, Site, StepClosure, Subjects
    from closurelint.surroundings import Quiet, Surroundings
    from closurelint.triage.neighbours import Neighbours
    from closurelint.triage.part import Part

UNREADABLE = "CLO900"
EXAMPLE = ">>>"
WORTH_A_PROCESS = 128
KINDS = {"Site": "site", "LooseObjective": "loose objective", "StepClosure": "step closure"}


def check_file(path: str, settings: Settings, around: Surroundings | None = None, *, parse: bool = True) -> FileResult:
    """Check the file at `path`; never raises for what is in the file.

    around: keeps what was read of other files, for the files that are checked next. parse: say so if the file is not
    Python, even if it could hold no finding.
    """
    from closurelint.files import read_file
    from closurelint.garbage import WithoutCollection

    try:
        imports = None if around is None or parse else around.imports_alone(path, settings.own_names)
        if imports is not None:
            return FileResult(path, dependencies=imports)
        data = read_file(path)
    except OSError as problem:
        reason = problem.strerror or type(problem).__name__
        message = f"the file cannot be read ({reason}): give permission or exclude it"
        return FileResult(path, reported(settings, path, message))
    except Exception as crash:
        return FileResult(path, reported(settings, path, crashed("checking this file", crash)))
    with WithoutCollection():
        return check_bytes(data, path, settings, around, parse=parse)


def look_over(path: str, settings: Settings, around: Surroundings) -> Quiet | None:
    """Glance at a file that is to be checked; what is known if it holds nothing by itself. Never raises."""
    from closurelint.files import read_file

    try:
        data = read_file(path)
        if _may_be_glanced_at(data, path):
            return around.look_over(path, data, settings.own_names)
    except Exception:
        # what is wrong with it will be told where it is checked
        return None
    return None


def check_bytes(
    data: bytes, filename: str, settings: Settings, around: Surroundings | None = None, *, parse: bool = True
) -> FileResult:
    """Check a file whose bytes are at hand; `filename` says where it stands and what kind of file it is."""
    around = around or _surroundings()
    around.tidy()
    if _may_be_glanced_at(data, filename):
        neighbours = around.neighbours(settings.own_names)
        try:
            if _holds_nothing(data, filename, settings, around, parse):
                return FileResult(filename, dependencies=neighbours.looked_at(filename))
        except Exception as crash:
            return FileResult(filename, reported(settings, filename, crashed("checking this file", crash)))
    from closurelint.sources.source import SourceProblem, source_from_bytes

    try:
        source = source_from_bytes(data, filename)
    except SourceProblem as problem:
        return FileResult(filename, reported(settings, filename, problem.message, problem.position, problem.cell))
    except Exception as crash:
        return FileResult(filename, reported(settings, filename, crashed("reading this file", crash)))
    return check_source(source, settings, around, parse=parse)


def _surroundings() -> Surroundings:
    from closurelint.surroundings import Surroundings

    return Surroundings()


def _speaks_of_us(data: bytes) -> bool:
    """Whether there may be a comment that silences a rule, which is checked even where nothing is found."""
    if b"closurelint" in data:
        return True
    at = data.find(b"CLO")
    while at >= 0:
        # no code is `CLOSE` or `CLOB`
        if data[at + 3 : at + 4].isdigit():
            return True
        at = data.find(b"CLO", at + 3)
    return False


def _is_broken(data: bytes) -> bool:
    """Whether Python cannot read it; what a newer Python could is found out by the close look."""
    # The table of names is the least for which Python reads a whole text: nodes take half as long again, and their
    # classes 2 ms more. `symtable` itself would load other modules, to make classes of what is not looked at.
    from _symtable import symtable  # type: ignore[import-not-found]

    try:
        symtable(data, "", "exec")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return True
    return False


def _holds_nothing(data: bytes, filename: str, settings: Settings, around: Surroundings, parse: bool) -> bool:
    """Whether a file is surely fine, as far as can be told by a look at its bytes, or by triage if that is all."""
    from closurelint.triage import first_look

    if first_look(data, filename, around.neighbours(settings.own_names)) is None:
        return not (parse and _is_broken(data))
    return _is_plain(data) and read_closely(data.decode(), filename, settings, around, parse=parse) is None


def _is_plain(data: bytes) -> bool:
    """Whether a file is one program and nothing else: no examples, and no signs that a reading takes away."""
    return b">>>" not in data and b"\r" not in data and b"coding" not in data[:200] and data[:1] != b"\xef"


def _may_be_glanced_at(data: bytes, filename: str) -> bool:
    """Whether a look at the bytes of a file may be all that it takes."""
    return _is_python(filename) and _is_text(data) and not _speaks_of_us(data)


def _is_python(filename: str) -> bool:
    return filename.endswith((".py", ".pyw", ".pyi"))


def _is_text(data: bytes) -> bool:
    """Whether there is no doubt about the encoding; where there is, the file deserves a full reading."""
    if b"\0" in data:
        return False
    try:
        return data.isascii() or bool(data.decode())
    except UnicodeDecodeError:
        return False


def check_text(text: str, filename: str, settings: Settings, around: Surroundings | None = None) -> FileResult:
    """Check text that is already decoded, as an editor holds it; a coding comment in it has no say any more."""
    from closurelint.sources.program import without_carriage_returns
    from closurelint.sources.source import SourceFile, kind_of, python_program

    data = text.encode("utf-8", "replace")
    if kind_of(filename) != "python":
        return check_bytes(data, filename, settings, around)
    around = around or _surroundings()
    around.tidy()
    programs = (python_program(without_carriage_returns(text.removeprefix("\ufeff"))),)
    return check_source(SourceFile(filename, data, "utf-8", "python", programs), settings, around)


def check_source(
    source: SourceFile, settings: Settings, around: Surroundings | None = None, *, parse: bool = True
) -> FileResult:
    """Check a file that has been read."""
    try:
        programs = (*source.programs, *_examples(source, settings, around))
        checks = [_Check(source, program, settings, around, parse) for program in programs]
        found = [diagnostic for check in checks for diagnostic in check.diagnostics()]
        found, suppressed = _unsilenced(source, found, settings)
    except RecursionError:
        from closurelint.analysis.facts import TOO_DEEP

        return FileResult(source.filename, reported(settings, source.filename, TOO_DEEP))
    except Exception as crash:
        return FileResult(source.filename, reported(settings, source.filename, crashed("checking this file", crash)))
    kept, refuted = replayed(found) if settings.replay else (found, [])
    return FileResult(
        source.filename,
        tuple(sorted(kept, key=_order)),
        suppressed=suppressed,
        refuted=tuple(sorted(refuted, key=_order)),
        dependencies=tuple(sorted({file for check in checks for file in check.dependencies})),
    )


def _examples(source: SourceFile, settings: Settings, around: Surroundings | None) -> tuple[Program, ...]:
    """The examples in docstrings that mention something which takes functions."""
    if source.kind != "python" or b">>>" not in source.data:
        return ()
    from closurelint.sources.docstrings import may_hold_programs
    from closurelint.triage import first_look

    if not may_hold_programs(source.data):
        return ()
    neighbours = (around or _surroundings()).neighbours(settings.own_names)
    look = first_look(source.data, source.filename, neighbours)
    return () if look is None else source.doctests((*look.anchors, *look.own))


def _unsilenced(source: SourceFile, found: list[Diagnostic], settings: Settings) -> tuple[list[Diagnostic], int]:
    """The diagnostics that no comment silences, those about the comments themselves, and how many were silenced."""
    data = source.data
    if not _speaks_of_us(data) and (not found or b"noqa" not in data.lower()):
        return found, 0
    from closurelint.suppression import apply

    path = os.path.abspath(source.filename)
    return apply(source, found, lambda code: settings.enables(code, path))


def read_closely(
    text: str, filename: str, settings: Settings, around: Surroundings, *, parse: bool = True
) -> Part | None:
    """The part of a Python text that the close look reads; None if it reads nothing, everything if it is no Python."""
    neighbours = around.neighbours(settings.own_names)
    return around.part((text, filename, neighbours, parse), lambda: _relevant(text, filename, neighbours, parse))


def _relevant(text: str, filename: str, neighbours: Neighbours, parse: bool) -> Part | None:
    from closurelint.triage import first_look, relevant
    from closurelint.triage.part import Part

    data = text.encode("utf-8", "replace")
    look = first_look(data, filename, neighbours)
    if parse and _is_broken(data):
        return Part(text)
    return None if look is None else relevant(text, filename, look, neighbours)


def understood(
    source: SourceFile, settings: Settings, around: Surroundings | None = None
) -> list[tuple[Program, Subjects]]:
    """What the static half finds in each program of a file, sites without fault included, in program coordinates."""
    found = []
    for program in source.programs:
        check = _Check(source, program, settings, around)
        subjects, _ = check.subjects(everything=True)
        if subjects is not None:
            found.append((check.program, subjects))
    return found


def reported_by(subject: Site | LooseObjective | StepClosure) -> list[Diagnostic]:
    """What every rule, enabled or not, says of one subject, in program coordinates."""
    from closurelint.rules import RULES

    kind = KINDS[type(subject).__name__]
    return [
        diagnostic
        for rule in RULES
        if rule.subject == kind and rule.check is not None
        for diagnostic in rule.check(subject)
    ]


def replayed(diagnostics: Iterable[Diagnostic]) -> tuple[list[Diagnostic], list[Diagnostic]]:
    """The diagnostics with the evidence that replay gives for their claims; those that it refutes come second."""
    kept: list[Diagnostic] = []
    refuted: list[Diagnostic] = []
    for diagnostic in diagnostics:
        if diagnostic.claim is None:
            kept.append(diagnostic)
            continue
        from dataclasses import replace

        evidence = evidence_for(diagnostic.claim)
        (refuted if evidence.verdict == "refuted" else kept).append(replace(diagnostic, evidence=evidence))
    return kept, refuted


def evidence_for(claim: Claim) -> Evidence:
    """What replay says of one claim; never raises."""
    from closurelint.evidence import Evidence
    from closurelint.replay import replay

    try:
        return replay(claim)
    except Exception as crash:
        return Evidence("not replayed", crashed("replaying this objective", crash))


def reported(
    settings: Settings, filename: str, message: str, position: Position | None = None, cell: int | None = None
) -> tuple[Diagnostic, ...]:
    """The diagnostic that says why a file, or part of it, was not checked; none if the rule is not enabled."""
    if not settings.enables(UNREADABLE, os.path.abspath(filename)):
        return ()
    from closurelint.diagnostic import Diagnostic, Position, Range

    start = position or Position(1, 1)
    range = Range(start, start, cell)
    return (Diagnostic(UNREADABLE, "invalid-syntax", message, filename, range, severity="error"),)


def crashed(doing: str, crash: BaseException) -> str:
    """The message about an exception that no input is supposed to cause."""
    said = " ".join(str(crash).split())
    summary = f"{type(crash).__name__}: {said}" if said else type(crash).__name__
    return f"{doing} failed with {summary[:200]}, please report this as a bug of closurelint"


class _Check:
    """One program of one file, on its way through the stages."""

    def __init__(
        self, source: SourceFile, program: Program, settings: Settings, around: Surroundings | None, parse: bool = True
    ) -> None:
        self._source, self.program, self._settings = source, program, settings
        self._around = around or _surroundings()
        self._parse = parse
        self._path = os.path.abspath(source.filename)
        self._is_example = all(program is not each for each in source.programs)
        # an example imports what its own module defines: it must not be taken for that module
        self._name = f"{source.filename}{EXAMPLE}" if self._is_example else source.filename
        self._ignored = settings.ignored_codes(self._path)
        self.dependencies: tuple[str, ...] = ()

    def diagnostics(self) -> list[Diagnostic]:
        """What the enabled rules find, in file coordinates.

        Whether they find anything is asked first of a tree that costs a fraction, and tells no places.
        """
        for exact in (False, True):
            subjects, problems = self.subjects(exact=exact)
            if subjects is None:
                return problems
            self.dependencies = tuple(sorted({*self.dependencies, *subjects.dependencies}))
            found, crashes = self._judged(subjects)
            if not found and not crashes:
                return problems
        from closurelint.classify import together

        return [*problems, *crashes, *together([self._in_file(diagnostic) for diagnostic in found])]

    def _judged(self, subjects: Subjects) -> tuple[list[Diagnostic], list[Diagnostic]]:
        """What the enabled rules say of subjects, in program coordinates, and which rules crashed."""
        from closurelint.rules import RULES

        loose = () if self._is_example else subjects.loose
        kinds = {"site": subjects.sites, "loose objective": loose, "step closure": subjects.steps}
        found: list[Diagnostic] = []
        crashes: list[Diagnostic] = []
        for rule in RULES:
            if rule.check is None or not self._enables(rule.code):
                continue
            for subject in kinds[rule.subject]:
                try:
                    found += list(rule.check(subject))
                except Exception as crash:
                    crashes += self._unreadable(crashed(f"the rule {rule.code}", crash), None, None)
                    break
        return found, crashes

    def subjects(self, *, everything: bool = False, exact: bool = True) -> tuple[Subjects | None, list[Diagnostic]]:
        """What the static half finds in the program, None if it is no Python, and why parts of it were left out."""
        from closurelint.triage.part import Part

        subjects: Subjects | None = None
        problems: list[tuple[str, Position | None, int | None]] = []
        while subjects is None:
            part = Part(self.program.text) if everything else self._relevant()
            if part is None:
                break
            from closurelint.analysis.facts import SyntaxProblem
            from closurelint.analysis.sites import find
            from closurelint.catalogue import catalogue

            known = catalogue(dict(self._settings.differentiators))
            project = self._around.project
            try:
                subjects = find(part, self._name, known, project, everything, exact=exact)
            except SyntaxProblem as problem:
                if part.text is not self.program.text:
                    # what the excerpt leaves out may have held it together
                    everything = True
                    continue
                rest = self.program.without(problem.position, problem.message)
                if rest is None:
                    place = self._to_file(problem.position)
                    problems = [(problem.message, place.start, place.cell)]
                    break
                self.program = rest
        problems += [(problem.message, problem.position, problem.cell) for problem in self.program.problems]
        if self._source.kind == "document" or self._is_example:
            # documents show fragments
            problems = []
        return subjects, [diagnostic for problem in problems for diagnostic in self._unreadable(*problem)]

    def _relevant(self) -> Part | None:
        """The part of the text that has to be read closely; None if nothing has."""
        text, filename = self.program.text, self._source.filename
        part = read_closely(text, filename, self._settings, self._around, parse=self._parse and not self._is_example)
        self.dependencies = self._around.neighbours(self._settings.own_names).looked_at(filename)
        return part

    def _enables(self, code: str) -> bool:
        codes = self._settings.codes
        return (codes is None or code in codes) and code not in self._ignored

    def _unreadable(self, message: str, position: Position | None, cell: int | None) -> tuple[Diagnostic, ...]:
        return reported(self._settings, self._source.filename, message, position, cell)

    def _to_file(self, position: Position) -> Any:
        from closurelint.diagnostic import Range

        return self.program.to_file(Range(position, position))

    def _in_file(self, diagnostic: Diagnostic) -> Diagnostic:
        """A diagnostic of this program with the coordinates of the file."""
        from dataclasses import replace

        if self.program.origins is None:
            return diagnostic
        here = self._source.filename
        related = tuple(
            replace(place, filename=here, range=self.program.to_file(place.range))
            if place.filename == self._name
            else place
            for place in diagnostic.related
        )
        fixes = []
        for fix in diagnostic.fixes:
            edits = [self.program.to_file_edit(edit) for edit in fix.edits]
            if None not in edits:
                fixes.append(replace(fix, edits=tuple(edit for edit in edits if edit is not None)))
        place = self.program.to_file(diagnostic.range)
        return replace(diagnostic, filename=here, range=place, related=related, fixes=tuple(fixes))


def _order(diagnostic: Diagnostic) -> Any:
    return diagnostic.sort_key


def check_files(
    files: Sequence[tuple[str, Settings]], jobs: int = 0, *, parse: bool | None = None
) -> Iterator[FileResult]:
    """The results of `files`, in their order, from at most `jobs` processes; 0 is as many as the work is worth.

    parse: whether to say so of each file that is not Python; by default if there are few. Of many files, those that
    cannot hold a finding are not parsed, which would cost more than all else.
    """
    parse = len(files) < WORTH_A_PROCESS if parse is None else parse
    if jobs != 1 and len(files) >= WORTH_A_PROCESS:
        from closurelint.workers import check_in_processes, processes

        count = min(processes(jobs), len(files) // (WORTH_A_PROCESS // 2))
        if count > 1:
            yield from check_in_processes(files, count, parse=parse)
            return
    around = _surroundings()
    for path, settings in files:
        yield check_file(path, settings, around, parse=parse)


def looked_at(path: str) -> tuple[str, ...]:
    """The files of the project that a file of it imports, for whoever keeps results that depend on it."""
    from closurelint.files import read_file
    from closurelint.triage import first_look

    try:
        data = read_file(path)
    except OSError:
        return ()
    neighbours = _surroundings().neighbours()
    first_look(data, path, neighbours)
    return neighbours.looked_at(path)
