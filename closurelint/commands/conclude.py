"""What is done with the results of a run: baseline, fixes, comments, output, exit status."""

from __future__ import annotations

import os
import sys

from closurelint.commands.output import coloured, emit
from closurelint.configuration.settings import SettingsProblem
from closurelint.report.lines import printable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import TextIO

    from closurelint.commands.options import Arguments
    from closurelint.commands.rewriting import Texts
    from closurelint.configuration.settings import Settings
    from closurelint.result import FileResult

CLEAN, FINDINGS, COULD_NOT_RUN = 0, 1, 2


def conclude(
    arguments: Arguments,
    settings: Settings,
    results: Sequence[FileResult],
    settings_of: dict[str, Settings],
    held: dict[str, bytes] | None = None,
) -> int:
    """Do what the options ask for and give the exit status.

    settings_of: the settings of each file, by name. held: the bytes of files that are not on disk (standard input).
    """
    from closurelint.commands.rewriting import Texts

    def settings_for(filename: str) -> Settings:
        return settings_of.get(filename, settings)

    if arguments.write_baseline:
        return _write_baseline(settings, results, settings_for)
    texts = Texts(held)
    if arguments.add_ignore is not None:
        status = _add_ignore(arguments, _unknown(arguments, settings, results, settings_for), texts)
    elif settings.fix or settings.fix_only or arguments.diff:
        status = _fix(arguments, settings, results, settings_for, texts)
    else:
        results = _unknown(arguments, settings, results, settings_for)
        status = _show(arguments, settings, results, texts)
    for problem in texts.problems:
        print(f"closurelint: error: {printable(problem)}", file=sys.stderr)
    if texts.problems:
        return COULD_NOT_RUN
    return CLEAN if arguments.exit_zero else status


def _show(
    arguments: Arguments,
    settings: Settings,
    results: Sequence[FileResult],
    texts: Texts,
    stream: TextIO | None = None,
) -> int:
    """Print the report; the exit status."""
    from closurelint.report import Report, render
    from closurelint.report.lines import lines_on_disk

    report = Report(
        results,
        directory=os.getcwd(),
        color=coloured(arguments),
        lines=lines_on_disk(texts.held),
        show_fixes=settings.show_fixes,
        show_refuted=arguments.show_refuted,
    )
    status = FINDINGS if any(result.diagnostics for result in results) else CLEAN
    if arguments.silent:
        return status
    if arguments.quiet and settings.output_format in ("text", "concise", "grouped"):
        report.summarised = False
    if arguments.statistics:
        from closurelint.commands.counting import statistics

        emit(statistics(report, settings.output_format), arguments, stream)
    elif report.summarised or any(True for _ in report.diagnostics()):
        emit(render(settings.output_format, report), arguments, stream)
    return status


def _fix(
    arguments: Arguments,
    settings: Settings,
    results: Sequence[FileResult],
    settings_for: Callable[[str], Settings],
    texts: Texts,
) -> int:
    """Apply fixes, or print what they would change, and report what is left; the exit status."""
    from closurelint.commands.rewriting import fixed, listed, said_of

    fixes = fixed(results, settings_for, texts, unsafe=settings.unsafe_fixes, write=not arguments.diff)
    status = FINDINGS if fixes.applied and (arguments.diff or arguments.exit_non_zero_on_fix) else CLEAN
    if arguments.diff:
        from closurelint.fixer import difference
        from closurelint.report.lines import shown

        emit("".join(difference(each, shown(name, os.getcwd())) for name, each in fixes.fixed), arguments)
    elif texts.held:
        texts.echo()
    if settings.show_fixes and not arguments.diff and not arguments.silent:
        for line in listed(fixes):
            print(line, file=sys.stderr)
    if fixes.applied and not arguments.quiet and not arguments.silent:
        print(said_of(fixes, applied=not arguments.diff), file=sys.stderr)
    if arguments.diff or settings.fix_only:
        return status
    left = _unknown(arguments, settings, fixes.results, settings_for)
    return max(status, _show(arguments, settings, left, texts, sys.stderr if texts.held else None))


def _add_ignore(arguments: Arguments, results: Sequence[FileResult], texts: Texts) -> int:
    from closurelint.commands.rewriting import commented

    count = commented(results, texts, arguments.add_ignore)
    if texts.held:
        texts.echo()
    if not arguments.quiet and not arguments.silent:
        print(f"Added {count} comment{'s' if count != 1 else ''}", file=sys.stderr)
    return CLEAN


def _unknown(
    arguments: Arguments, settings: Settings, results: Sequence[FileResult], settings_for: Callable[[str], Settings]
) -> Sequence[FileResult]:
    """The results without what the baseline knows; what it knows in vain is told."""
    if settings.baseline is None:
        return results
    from closurelint.baseline import BaselineProblem, apply, read

    try:
        kept, gone = apply(results, read(settings.baseline), settings.baseline, _enabled(settings_for))
    except BaselineProblem as problem:
        raise SettingsProblem(str(problem)) from problem
    for entry in gone if not arguments.quiet and not arguments.silent else ():
        print(
            printable(f"{entry.file}: {entry.code} of the baseline no longer occurs, `--write-baseline` drops it"),
            file=sys.stderr,
        )
    return kept


def _write_baseline(settings: Settings, results: Sequence[FileResult], settings_for: Callable[[str], Settings]) -> int:
    from closurelint.baseline import BaselineProblem, write

    assert settings.baseline is not None
    try:
        written = write(settings.baseline, results, _enabled(settings_for))
    except BaselineProblem as problem:
        raise SettingsProblem(str(problem)) from problem
    noun = "diagnostic" if written.count == 1 else "diagnostics"
    rest = f", {written.untouched} not looked at and kept" if written.untouched else ""
    counts = f"{written.count} {noun}, {written.added} added, {written.removed} removed{rest}"
    print(f"{printable(settings.baseline)}: {counts}", file=sys.stderr)
    return CLEAN


def _enabled(settings_for: Callable[[str], Settings]) -> Callable[[str, str], bool]:
    """Whether a rule is looked for in a file, as the baseline asks it."""
    return lambda code, filename: settings_for(filename).enables(code, os.path.abspath(filename))
