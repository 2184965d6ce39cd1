"""What a scan is divided into, and what checking one part of it gave: plain data that goes from process to process."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

from closurelint.configuration.settings import Settings

Kind = Literal["files", "zip", "tar", "git", "parquet"]


class ShardProblem(Exception):
    """A shard that cannot be read; the message goes on after its name."""


def reason(problem: Exception) -> str:
    """Why something cannot be read, to go on after its name: libraries raise whatever they like."""
    if isinstance(problem, ShardProblem):
        return str(problem)
    if isinstance(problem, OSError):
        return f"it cannot be read: {problem.strerror or problem}"
    return f"it cannot be read: {type(problem).__name__}: {problem}"


@dataclass(frozen=True)
class Shard:
    """What one process reads at a time.

    name: what it is called in results. source: what the user named. place: an absolute path, or a URL.
    parts: which files below `place`, or which row groups of it; empty for everything. stamp: changes when what is
    there changes.
    """

    name: str
    source: str
    kind: Kind
    place: str
    stamp: str
    parts: tuple[str, ...] | tuple[int, ...] = ()


@dataclass(frozen=True)
class Unread:
    """What the user named and what is no shard, with the reason."""

    name: str
    source: str
    problem: str


@dataclass(frozen=True)
class Reading:
    """How shards are read.

    largest: bytes of the largest file that is checked. history: every blob of a git repository instead of those of
    HEAD. text_column, path_column: of a Parquet file; without a path column each row is a Python file.
    """

    largest: int = 10_000_000
    history: bool = False
    text_column: str = "content"
    path_column: str | None = None


@dataclass(frozen=True)
class Task:
    """One shard, with everything that decides what is found in it. version: of the program that wants to know."""

    shard: Shard
    settings: Settings
    reading: Reading
    version: str


@dataclass
class Outcome:
    """What checking one shard gave.

    records: the diagnostics as plain data. findings: how many there are, also where the records are not at hand.
    files, size: how many files were there to check, and their bytes. copies: how many of these had the contents of
    another. skipped: how many were not checked, by reason. problem: why the shard could not be read; then nothing else
    counts.
    """

    records: list[dict[str, Any]] = field(default_factory=list)
    findings: int = 0
    files: int = 0
    size: int = 0
    copies: int = 0
    suppressed: int = 0
    refuted: int = 0
    skipped: dict[str, int] = field(default_factory=dict)
    problem: str | None = None


COUNTS = ("findings", "files", "size", "copies", "suppressed", "refuted")
"""The fields of an outcome that add up."""
