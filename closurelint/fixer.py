"""Applies fixes until none is left: other text is never touched, and a fix that would break the file is refused."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from closurelint.diagnostic import Diagnostic, Edit, Fix
from closurelint.result import FileResult
from closurelint.sources.source import SourceFile, SourceProblem, source_from_bytes

ROUNDS = 20
"""More rounds than any file needs; fixes that keep making new diagnostics end here."""


@dataclass(frozen=True, slots=True)
class Fixed:
    """A file before and after, the fixes that were applied, and what is left to report."""

    before: bytes
    after: bytes
    applied: tuple[tuple[Diagnostic, Fix], ...]
    left: FileResult


def fix(data: bytes, filename: str, check: Callable[[bytes], FileResult], unsafe: bool) -> Fixed:
    """Apply the fixes of a file's diagnostics, round after round, until there are none.

    check: gives the diagnostics for some bytes of the file. unsafe: whether unsafe fixes are applied too.
    """
    before, applied = data, []
    result = check(data)
    refused: set[tuple[str, str]] = set()
    for _ in range(ROUNDS):
        chosen = _chosen(result.diagnostics, unsafe, refused)
        if not chosen:
            break
        fixed = _applied(data, filename, [each for _, each in chosen])
        after = check(fixed) if fixed is not None else result
        if (fixed is None or _is_broken(after, result)) and len(chosen) > 1:
            # one of them does not fit, so they go one by one
            chosen = chosen[:1]
            fixed = _applied(data, filename, [each for _, each in chosen])
            after = check(fixed) if fixed is not None else result
        if fixed is None or _is_broken(after, result):
            refused.update((diagnostic.code, each.message) for diagnostic, each in chosen)
            continue
        if fixed == data:
            break
        data, result = fixed, after
        applied += chosen
    return Fixed(before, data, tuple(applied), result)


def difference(fixed: Fixed, filename: str) -> str:
    """A unified diff of a file; a notebook's cells one by one."""
    before, after = (source_from_bytes(data, filename) for data in (fixed.before, fixed.after))
    if before.kind != "notebook":
        return _diff(_text(before), _text(after), filename, filename)
    from closurelint.sources.notebook import cell_sources

    parts = []
    for number, (old, new) in enumerate(zip(cell_sources(fixed.before), cell_sources(fixed.after), strict=True), 1):
        name = f"{filename}:cell {number}"
        parts.append(_diff(old, new, name, name))
    return "".join(parts)


def _diff(old: str, new: str, old_name: str, new_name: str) -> str:
    lines = difflib.unified_diff(old.splitlines(keepends=True), new.splitlines(keepends=True), old_name, new_name)
    return "".join(line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines)


def _text(source: SourceFile) -> str:
    return source.data.decode(source.encoding, "replace").removeprefix("\ufeff")


def _chosen(
    diagnostics: Iterable[Diagnostic], unsafe: bool, refused: set[tuple[str, str]]
) -> list[tuple[Diagnostic, Fix]]:
    """One fix for each diagnostic, none of which touches another's text."""
    chosen: list[tuple[Diagnostic, Fix]] = []
    taken: list[Edit] = []
    for diagnostic in diagnostics:
        for each in diagnostic.fixes:
            if (each.applicability == "unsafe" and not unsafe) or (diagnostic.code, each.message) in refused:
                continue
            if any(_overlap(mine, theirs) for mine in each.edits for theirs in taken):
                break
            chosen.append((diagnostic, each))
            taken += each.edits
            break
    return chosen


def _overlap(one: Edit, other: Edit) -> bool:
    if one.range.cell != other.range.cell:
        return False
    return one.range.start <= other.range.end and other.range.start <= one.range.end


def _applied(data: bytes, filename: str, fixes: Iterable[Fix]) -> bytes | None:
    edits = [edit for each in fixes for edit in each.edits]
    try:
        return source_from_bytes(data, filename).edited(edits)
    except (ValueError, SourceProblem):
        return None


def _is_broken(after: FileResult, before: FileResult) -> bool:
    """Whether a fix made something unreadable that was readable."""
    return _unreadable(after) > _unreadable(before)


def _unreadable(result: FileResult) -> int:
    return sum(diagnostic.code == "CLO900" for diagnostic in result.diagnostics)
