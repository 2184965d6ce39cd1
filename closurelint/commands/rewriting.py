"""What changes files: fixes, and comments that silence. Standard input is a file whose text goes to standard output."""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from closurelint.configuration.settings import Settings
    from closurelint.diagnostic import Diagnostic, Fix
    from closurelint.fixer import Fixed
    from closurelint.result import FileResult


class Texts:
    """The texts of a run, as they are read and replaced.

    held: bytes by name for what is not on disk. problems: one line for each file that could not be replaced.
    """

    def __init__(self, held: dict[str, bytes] | None = None) -> None:
        self.held = held if held is not None else {}
        self.problems: list[str] = []

    def read(self, filename: str) -> bytes | None:
        """The bytes of a file; None, and one of the problems, if it cannot be read any more."""
        if filename in self.held:
            return self.held[filename]
        from closurelint.files import read_file

        try:
            return read_file(filename)
        except OSError as problem:
            self.problems.append(f"{filename} cannot be read any more: {problem.strerror}, it is left as it is")
            return None

    def replace(self, filename: str, old: bytes, data: bytes) -> bool:
        """Put `data` where `old` was read from, as a whole.

        What cannot be replaced, or was changed by somebody else meanwhile, stays as it was, and is one of the problems.
        """
        if filename in self.held:
            self.held[filename] = data
            return True
        from closurelint.files import write_atomically

        now = self.read(filename)
        if now != old:
            if now is not None:
                self.changed(filename)
            return False
        try:
            write_atomically(filename, data, through_link=True)
        except OSError as problem:
            self.problems.append(f"{filename} cannot be written: {problem.strerror}, it is left as it was")
            return False
        return True

    def changed(self, filename: str) -> None:
        """Say that a file is not what was checked."""
        self.problems.append(f"{filename} has changed since it was checked: it is left as it is, run again")

    def echo(self) -> None:
        """Write what is held to standard output, changed or not: a pipe that asks for fixes goes on with the text."""
        sys.stdout.flush()
        for data in self.held.values():
            sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()


class Fixes:
    """What the fixes of a run came to.

    results: what is left to report. fixed: the files that fixes were found for, with their names. skipped: how many
    diagnostics have unsafe fixes only, which were not asked for.
    """

    def __init__(self) -> None:
        self.results: list[FileResult] = []
        self.fixed: list[tuple[str, Fixed]] = []

    @property
    def applied(self) -> list[tuple[str, Diagnostic, Fix]]:
        """Each fix, with the name of its file."""
        return [(name, diagnostic, fix) for name, fixed in self.fixed for diagnostic, fix in fixed.applied]

    @property
    def skipped(self) -> int:
        """How many of the diagnostics that are left have a fix."""
        return sum(bool(item.fixes) for result in self.results for item in result.diagnostics)


def fixed(
    results: Iterable[FileResult], settings_of: Callable[[str], Settings], texts: Texts, *, unsafe: bool, write: bool
) -> Fixes:
    """Fix each file as far as it goes, and replace it if `write` is set."""
    from closurelint.engine import check_bytes
    from closurelint.fixer import fix

    done = Fixes()
    for result in results:
        name, settings = result.filename, settings_of(result.filename)
        data = texts.read(name) if any(item.fixes for item in result.diagnostics) else None
        if data is None:
            done.results.append(result)
            continue

        def check(data: bytes, name: str = name, settings: Settings = settings) -> FileResult:
            return check_bytes(data, name, settings)

        each = fix(data, name, check, unsafe)
        if each.after != each.before and write and not texts.replace(name, data, each.after):
            done.results.append(result)
            continue
        done.fixed.append((name, each))
        done.results.append(each.left)
    return done


def said_of(fixes: Fixes, *, applied: bool) -> str:
    """How many fixes there were, and how many more there would be."""
    count, more = len(fixes.applied), fixes.skipped
    text = f"{'Applied' if applied else 'Would apply'} {count} fix{'es' if count != 1 else ''}"
    return f"{text} ({more} more with `--unsafe-fixes`)" if more else text


def listed(fixes: Fixes) -> list[str]:
    """`--show-fixes`: one line for each fix."""
    from closurelint.report.lines import printable, shown

    return [
        f"{shown(name, os.getcwd())}:{diagnostic.range.start.row}: fixed {diagnostic.code}: {printable(fix.message)}"
        for name, diagnostic, fix in fixes.applied
    ]


def commented(results: Sequence[FileResult], texts: Texts, reason: str) -> int:
    """Write a comment at every diagnostic that is left; how many comments there are."""
    from closurelint.sources.source import source_from_bytes
    from closurelint.suppression import comment_edits

    count = 0
    for result in results:
        wanted = [item for item in result.diagnostics if not item.code.startswith("CLO9")]
        data = texts.read(result.filename) if wanted else None
        if data is None:
            continue
        source = source_from_bytes(data, result.filename)
        edits = comment_edits(source, wanted, reason)
        if texts.replace(result.filename, data, source.edited(edits)):
            count += len(edits)
    return count
