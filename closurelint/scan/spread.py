"""Giving tasks to an executor, whichever it is, so that none is lost and none counts twice when a process dies."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, CancelledError, Executor, Future, wait

from closurelint.configuration.settings import SettingsProblem
from closurelint.engine import crashed
from closurelint.scan.check import check_shard
from closurelint.scan.shard import Outcome, Task

Pool = Callable[[], Executor]


def spread(tasks: Iterable[Task], pool: Pool, at_once: int) -> Iterator[tuple[Task, Outcome]]:
    """Each task with its outcome, as they come.

    pool: makes an executor; called again where one is broken because a process of it died. at_once: how many tasks
    are given to it at a time. Where an executor breaks, nobody knows by which task: those that it had are given out
    again one by one, so that only the one that is to blame has a problem.
    """
    waiting = iter(tasks)
    while True:
        suspects = yield from _until_broken(waiting, pool, at_once)
        if not suspects:
            return
        for task in suspects:
            if (yield from _until_broken(iter([task]), pool, 1)):
                yield task, Outcome(problem="the process that checks it dies: leave it out and report this as a bug")


def _until_broken(
    waiting: Iterator[Task], pool: Pool, at_once: int
) -> Generator[tuple[Task, Outcome], None, list[Task]]:
    """The outcomes of tasks from one executor, while it works; returns the tasks that it had when it broke."""
    executor = pool()
    running: dict[Future[Outcome], Task] = {}
    lost: list[Task] = []
    try:
        while not lost:
            for task in waiting:
                try:
                    running[executor.submit(check_shard, task)] = task
                except BrokenExecutor:
                    lost.append(task)
                if lost or len(running) >= at_once:
                    break
            if not running:
                break
            yield from _finished(running, lost)
        while running:
            yield from _finished(running, lost)
    finally:
        for future in running:
            future.cancel()
        executor.shutdown(wait=False)
    return lost


def _finished(running: dict[Future[Outcome], Task], lost: list[Task]) -> Iterator[tuple[Task, Outcome]]:
    """Take what is done out of `running`: the outcomes, and into `lost` what the executor broke with."""
    done, _ = wait(running, return_when=FIRST_COMPLETED)
    for future in done:
        task = running.pop(future)
        try:
            yield task, future.result()
        except BrokenExecutor:
            lost.append(task)
        except CancelledError:
            raise SettingsProblem("the scheduler has gone away, start it again and repeat the command") from None
        except Exception as problem:
            yield task, Outcome(problem=crashed("checking it", problem))
