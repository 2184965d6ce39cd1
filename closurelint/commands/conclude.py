"""What is done with the results of a run: fixes, baseline, comments, output, exit status."""

from __future__ import annotations

import json
import os
import sys

from closurelint.commands.output import coloured, emit
from closurelint.configuration.settings import SettingsProblem

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from closurelint.commands.options import Arguments
    from closurelint.configuration.settings import Settings
    from closurelint.diagnostic import Diagnostic
    from closurelint.result import FileResult

CLEAN, FINDINGS = 0, 1


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
    if arguments.write_baseline:
        return _write_baseline(settings, results)
    applied = 0
    if settings.fix or settings.fix_only or arguments.diff:
        results, applied = _fix(arguments, settings, results, settings_of, held)
        if arguments.diff or settings.fix_only:
            return FINDINGS if applied and (arguments.diff or arguments.exit_non_zero_on_fix) else CLEAN
    if settings.baseline is not None:
        results = _without_known(settings.baseline, results, quiet=arguments.quiet)
    if arguments.add_ignore is not None:
        return _add_ignore(arguments, results, held)
    _show(arguments, settings, results, held)
    if arguments.exit_non_zero_on_fix and applied:
        return FINDINGS
    return FINDINGS if any(result.diagnostics for result in results) and not arguments.exit_zero else CLEAN


def _show(
    arguments: Arguments, settings: Settings, results: Sequence[FileResult], held: dict[str, bytes] | None
) -> None:
    if arguments.verbose:
        for result in results:
            for note in result.notes:
                print(note, file=sys.stderr)
    if arguments.statistics:
        emit(_statistics(results, settings.output_format), arguments)
        return
    from closurelint.report import Report, render
    from closurelint.report.lines import lines_on_disk

    report = Report(
        results,
        directory=os.getcwd(),
        color=coloured(arguments),
        lines=lines_on_disk(held),
        show_fixes=settings.show_fixes,
        show_refuted=arguments.show_refuted,
    )
    if arguments.quiet and settings.output_format in ("text", "concise", "grouped"):
        if not any(True for _ in report.diagnostics()):
            return
        report.summarised = False
    emit(render(settings.output_format, report), arguments)


def _statistics(results: Iterable[FileResult], output_format: str) -> str:
    """How often each rule was broken, most often first."""
    counts: dict[tuple[str, str], list[int]] = {}
    for result in results:
        for item in result.diagnostics:
            count = counts.setdefault((item.code, item.name), [0, 0])
            count[0] += 1
            count[1] += any(fix.applicability == "safe" for fix in item.fixes)
    rows = sorted(counts.items(), key=lambda row: (-row[1][0], row[0]))
    if output_format in ("json", "jsonl"):
        listed = [
            {"code": code, "name": name, "count": count, "fixable_count": fixable}
            for (code, name), (count, fixable) in rows
        ]
        return json.dumps(listed, indent=2) + "\n"
    width = max((len(str(count)) for _, (count, _) in rows), default=0)
    return "".join(
        f"{count:>{width}}  {code}  [{'*' if fixable else ' '}] {name}\n" for (code, name), (count, fixable) in rows
    )


def _without_known(path: str, results: Sequence[FileResult], *, quiet: bool) -> Sequence[FileResult]:
    from closurelint.baseline import BaselineProblem, apply, read

    try:
        kept, gone = apply(results, read(path), path)
    except BaselineProblem as problem:
        raise SettingsProblem(str(problem)) from problem
    for entry in gone if not quiet else ():
        print(
            f"{entry.file}: {entry.code} of the baseline no longer occurs, `--write-baseline` drops it", file=sys.stderr
        )
    return kept


def _write_baseline(settings: Settings, results: Sequence[FileResult]) -> int:
    from closurelint.baseline import BaselineProblem, write

    assert settings.baseline is not None
    try:
        count, added, removed = write(settings.baseline, results)
    except BaselineProblem as problem:
        raise SettingsProblem(str(problem)) from problem
    noun = "diagnostic" if count == 1 else "diagnostics"
    print(f"{settings.baseline}: {count} {noun}, {added} added, {removed} removed", file=sys.stderr)
    return CLEAN


def _fix(
    arguments: Arguments,
    settings: Settings,
    results: Sequence[FileResult],
    settings_of: dict[str, Settings],
    held: dict[str, bytes] | None,
) -> tuple[Sequence[FileResult], int]:
    """The results after the fixes, and how many fixes there were; nothing is written for `--diff`."""
    from closurelint.engine import check_bytes
    from closurelint.fixer import difference, fix
    from closurelint.report.lines import shown

    left: list[FileResult] = []
    count = 0
    for result in results:
        if not any(item.fixes for item in result.diagnostics):
            left.append(result)
            continue
        mine = settings_of.get(result.filename, settings)
        data = _bytes_of(result.filename, held)
        fixed = fix(
            data,
            result.filename,
            lambda now, name=result.filename, mine=mine: check_bytes(now, name, mine),  # type: ignore[misc]
            settings.unsafe_fixes,
        )
        count += len(fixed.applied)
        left.append(fixed.left)
        name = shown(result.filename, os.getcwd())
        if arguments.diff:
            emit(difference(fixed, name), arguments)
        elif fixed.after != fixed.before:
            _replace(result.filename, fixed.after, held)
        if settings.show_fixes and not arguments.diff:
            for diagnostic, each in fixed.applied:
                print(f"{name}: fixed {diagnostic.code}: {each.message}", file=sys.stderr)
    if count and not arguments.quiet:
        noun = "fix" if count == 1 else "fixes"
        print(f"{'Would apply' if arguments.diff else 'Applied'} {count} {noun}", file=sys.stderr)
    return left, count


def _add_ignore(arguments: Arguments, results: Sequence[FileResult], held: dict[str, bytes] | None) -> int:
    """Write a comment at every diagnostic that is left."""
    from closurelint.sources.source import source_from_bytes
    from closurelint.suppression import comment_edits

    count = 0
    reason = arguments.add_ignore if isinstance(arguments.add_ignore, str) else ""
    for result in results:
        wanted: list[Diagnostic] = [item for item in result.diagnostics if not item.code.startswith("CLO9")]
        if not wanted:
            continue
        source = source_from_bytes(_bytes_of(result.filename, held), result.filename)
        edits = comment_edits(source, wanted, reason)
        _replace(result.filename, source.edited(edits), held)
        count += len(edits)
    print(f"Added {count} comment{'s' if count != 1 else ''}", file=sys.stderr)
    return CLEAN


def _bytes_of(filename: str, held: dict[str, bytes] | None) -> bytes:
    if held and filename in held:
        return held[filename]
    with open(filename, "rb") as stream:
        return stream.read()


def _replace(filename: str, data: bytes, held: dict[str, bytes] | None) -> None:
    """Put the new text where the old one came from: a file as a whole, standard input to standard output."""
    if held and filename in held:
        held[filename] = data
        sys.stdout.buffer.write(data)
        sys.stdout.flush()
        return
    from closurelint.files import write_atomically

    try:
        write_atomically(filename, data)
    except OSError as problem:
        raise SettingsProblem(f"{filename} cannot be written: {problem.strerror}, it is left as it was") from problem
