"""`closurelint scan`: much at once, into a folder of results or as lines."""

from __future__ import annotations

import sys
from collections import Counter, deque
from collections.abc import Iterator
from typing import TYPE_CHECKING

from closurelint import __version__
from closurelint.commands.run import CLEAN, COULD_NOT_RUN, FINDINGS, configuration_of, say
from closurelint.configuration.settings import SettingsProblem
from closurelint.scan.output import line, needs
from closurelint.scan.planning import shards
from closurelint.scan.pools import on_cluster, on_this_machine
from closurelint.scan.shard import COUNTS, Outcome, Reading, Shard, Task
from closurelint.scan.spread import spread
from closurelint.scan.store import Store

if TYPE_CHECKING:
    from closurelint.commands.options import Arguments


def scan(arguments: Arguments) -> int:
    """Scan everything that a command line names, and give the exit status."""
    form = arguments.output_format or "jsonl"
    if form == "parquet" and arguments.output is None:
        raise SettingsProblem("Parquet is written to files, name a folder for them with `--output DIR`")
    needs(form)
    run = _Run(arguments, None if arguments.output is None else Store(arguments.output, form))
    finished = False
    try:
        run.everything()
        finished = True
    finally:
        if run.store is not None:
            run.store.close(arguments.sources if finished else None)
    return run.concluded()


def _reading_of(arguments: Arguments) -> Reading:
    """How the options say that shards are read."""
    given = {name: getattr(arguments, name) for name in ("text_column", "path_column")}
    if arguments.size_limit is not None:
        if not arguments.size_limit.isdecimal() or arguments.size_limit.strip("0") == "":
            raise SettingsProblem(f"`--size-limit` is a whole number of megabytes, not `{arguments.size_limit}`")
        given["largest"] = int(arguments.size_limit) * 1_000_000
    return Reading(history=arguments.history, **{name: value for name, value in given.items() if value is not None})


class _Run:
    """One scan and what it has come to."""

    def __init__(self, arguments: Arguments, store: Store | None) -> None:
        self.store = store
        self._arguments = arguments
        self._settings = configuration_of(arguments).for_run()
        self._reading = _reading_of(arguments)
        self._counts: Counter[str] = Counter()
        self._skipped: Counter[str] = Counter()
        self._problems: list[tuple[str, str]] = []
        self._order: deque[str] = deque()
        self._waiting: dict[str, Outcome] = {}

    def everything(self) -> None:
        """Check all that is not finished, and keep or print what is found."""
        scheduler = self._arguments.scheduler
        power = on_this_machine(self._settings.jobs) if scheduler is None else on_cluster(scheduler)
        with power as (pool, at_once):
            for task, outcome in spread(self._tasks(), pool, at_once):
                self._count(task.shard.name, outcome)
                if self.store is not None:
                    self.store.keep(task, outcome)
                else:
                    self._print(task.shard.name, outcome)

    def _tasks(self) -> Iterator[Task]:
        """What is left to do."""
        for planned in shards(self._arguments.sources, self._settings, self._reading):
            self._counts["shards"] += 1
            if not isinstance(planned, Shard):
                self._problems.append((planned.name, planned.problem))
                if self.store is not None:
                    self.store.fail(planned)
                continue
            task = Task(planned, self._settings, self._reading, __version__)
            kept = None if self.store is None else self.store.finished(task)
            if kept is not None:
                self._counts["kept"] += 1
                self._count(planned.name, kept)
                continue
            self._order.append(planned.name)
            yield task

    def _count(self, name: str, outcome: Outcome) -> None:
        if outcome.problem is not None:
            self._problems.append((name, outcome.problem))
        for each in COUNTS:
            self._counts[each] += getattr(outcome, each)
        self._skipped.update(outcome.skipped)

    def _print(self, name: str, outcome: Outcome) -> None:
        """Print findings in the order of the shards, whichever is finished first."""
        self._waiting[name] = outcome
        while self._order and self._order[0] in self._waiting:
            for record in self._waiting.pop(self._order.popleft()).records:
                sys.stdout.write(line(record))

    def concluded(self) -> int:
        """Say what the scan came to; the exit status."""
        for name, problem in self._problems:
            say(f"closurelint: error: {name}: {problem}")
        if not self._counts["shards"]:
            say(f"closurelint: error: there is nothing to scan in {' '.join(self._arguments.sources)}")
            return COULD_NOT_RUN
        if not self._arguments.quiet:
            say(self._summary())
        if self._problems:
            return COULD_NOT_RUN
        return FINDINGS if self._counts["findings"] else CLEAN

    def _summary(self) -> str:
        counts = self._counts
        kept = f", {counts['kept']:,} of them by an earlier run" if counts["kept"] else ""
        text = f"scanned {_many(counts['shards'] - len(self._problems), 'shard')}{kept}: "
        text += f"{_many(counts['files'], 'file')} of {counts['size'] / 1e6:,.1f} MB, {counts['copies']:,} of them "
        text += f"copies of others, {_many(counts['findings'], 'diagnostic')}"
        for reason, count in sorted(self._skipped.items()):
            text += f"; {_many(count, 'file')} {'is' if count == 1 else 'are'} {reason} and left out"
        if self._problems:
            text += f"; {_many(len(self._problems), 'shard')} could not be read"
        return text


def _many(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"
