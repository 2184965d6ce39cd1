"""Checking one shard, in whatever process and on whatever machine."""

from __future__ import annotations

import errno
import os
from collections import Counter
from collections.abc import Generator
from contextlib import closing
from hashlib import sha256
from typing import Any

from closurelint import __version__
from closurelint.configuration.patterns import Patterns
from closurelint.configuration.settings import Settings, SettingsProblem
from closurelint.engine import check_bytes
from closurelint.files import read_file
from closurelint.report.json import as_object
from closurelint.result import FileResult
from closurelint.scan import archives, git, places, table
from closurelint.scan.shard import Outcome, Reading, Shard, ShardProblem, Task, reason
from closurelint.scan.tree import NO_TREE, Tree
from closurelint.surroundings import Surroundings

TOGETHER = 64_000_000
"""Bytes of files that are held at a time; of those, imports lead to one another."""

MOST_FILES = 1_000_000
"""In one shard."""

Files = Generator[tuple[str, bytes], None, None]
_NAME_COSTS = 200
"""Bytes that holding a name takes."""


def check_shard(task: Task) -> Outcome:
    """Check everything in a shard; whatever is wrong with it is told in the outcome."""
    if task.version != __version__:
        return Outcome(problem=f"the worker has closurelint {__version__}, install {task.version} there")
    check = _Check(task)
    try:
        check.everything()
    except SettingsProblem as problem:
        return Outcome(problem=str(problem))
    except Exception as problem:
        return Outcome(problem=reason(problem))
    return check.outcome


class _Check:
    """The state of one shard's check."""

    def __init__(self, task: Task) -> None:
        self._shard, self._settings, self._reading = task.shard, task.settings, task.reading
        self._skipped: Counter[str] = Counter()
        self._known: dict[Any, list[str] | None] = {}
        self._wanted = _Wanted(task.settings)
        self.outcome = Outcome()

    def everything(self) -> None:
        held: list[tuple[str, bytes]] = []
        size = 0
        with closing(_files(self._shard, self._reading, self._wanted, self._skipped)) as files:
            for name, data in files:
                held.append((_label(name), data))
                size += len(data) + _NAME_COSTS
                if size > TOGETHER:
                    self._together(held)
                    held, size = [], 0
        self._together(held)
        self.outcome.findings = len(self.outcome.records)
        self.outcome.skipped = dict(sorted(self._skipped.items()))

    def _together(self, files: list[tuple[str, bytes]]) -> None:
        """Check files that are held in memory."""
        outcome = self.outcome
        root = self._shard.place if self._shard.kind == "files" else self._settings.root
        paths = [os.path.join(root, *name.split("/")) for name, _ in files]
        around = self._surroundings(root, dict(zip(paths, (data for _, data in files), strict=True)))
        names = dict(zip(paths, (name for name, _ in files), strict=True))
        for path, (name, data) in zip(paths, files, strict=True):
            outcome.files += 1
            outcome.size += len(data)
            if outcome.files > MOST_FILES:
                raise ShardProblem(f"it holds more than {MOST_FILES:,} files: divide it")
            digest = sha256(data)
            key = (digest.digest(), os.path.splitext(name)[1].lower(), self._settings.ignored_codes(path))
            if key in self._known:
                outcome.copies += 1
                labels = self._known[key]
                if labels is not None:
                    labels.append(name)
                continue
            result = check_bytes(data, path, self._settings, around or _alone(), parse=False)
            outcome.suppressed += result.suppressed
            outcome.refuted += len(result.refuted)
            self._known[key] = self._recorded(result, names, digest.hexdigest())

    def _recorded(self, result: FileResult, names: dict[str, str], digest: str) -> list[str] | None:
        """Keep the diagnostics of a file; the list for the names of its copies, None if there is nothing to name."""
        if not result.diagnostics:
            return None
        copies: list[str] = []
        for item in result.diagnostics:
            found = as_object(item, lambda path: names.get(path, path))
            self.outcome.records.append({"shard": self._shard.name, **found, "sha256": digest, "copies": copies})
        return copies

    def _surroundings(self, root: str, files: dict[str, bytes]) -> Surroundings | None:
        """The surroundings of files that belong together; None if each stands by itself."""
        if self._shard.kind == "files":
            return Surroundings()
        if self._shard.kind == "parquet" or (self._shard.kind == "git" and self._reading.history):
            return None
        tree = Tree(root, files)
        return Surroundings(tree.text, tree.listed)


def _alone() -> Surroundings:
    return Surroundings(NO_TREE.text, NO_TREE.listed)


class _Wanted:
    """Whether a file inside a shard is to be checked, by its name."""

    def __init__(self, settings: Settings) -> None:
        self._root = settings.root
        self._included = Patterns((*settings.include, *settings.extend_include))
        self._excluded = Patterns((*settings.exclude, *settings.extend_exclude))

    def __call__(self, name: str) -> bool:
        path = self._root
        *folders, last = _label(name).split("/")
        for folder in folders:
            path = os.path.join(path, folder)
            if self._excluded.matches(path, folder):
                return False
        path = os.path.join(path, last)
        return self._included.matches(path, last) and not self._excluded.matches(path, last)


def _label(name: str) -> str:
    """A name from inside a shard as a path that leads nowhere else, and that any encoding of Unicode can write."""
    parts = name.encode("utf-8", "replace").decode().replace("\\", "/").split("/")
    return "/".join(part for part in parts if part not in ("", os.curdir, os.pardir)) or "nameless"


def _files(shard: Shard, reading: Reading, wanted: _Wanted, skipped: Counter[str]) -> Files:
    """Name and contents of each file of a shard."""
    if shard.kind == "files":
        yield from _on_disk(shard, reading, skipped)
        return
    if shard.kind == "git":
        yield from git.blobs(shard.place, reading.history, wanted, reading.largest, skipped)
        return
    with places.opened(shard.place) as stream:
        if shard.kind == "parquet":
            groups = tuple(int(part) for part in shard.parts)
            yield from table.rows(stream, reading, groups, wanted, skipped)
        else:
            read = archives.zip_files if shard.kind == "zip" else archives.tar_files
            yield from read(stream, wanted, reading.largest, skipped)


def _on_disk(shard: Shard, reading: Reading, skipped: Counter[str]) -> Files:
    for part in map(str, shard.parts):
        try:
            yield part, read_file(os.path.join(shard.place, part), reading.largest)
        except OSError as problem:
            skipped["too large" if problem.errno == errno.EFBIG else "unreadable"] += 1
