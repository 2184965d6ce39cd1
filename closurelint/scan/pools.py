"""The executors that a scan can run on: this process, processes of this machine, and a Dask cluster."""

from __future__ import annotations

import multiprocessing
import signal
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from contextlib import contextmanager
from typing import Any, NamedTuple

from closurelint.configuration.settings import SettingsProblem
from closurelint.scan.spread import Pool
from closurelint.workers import processes, without_working_directory


class Power(NamedTuple):
    """Makes executors, and how many tasks one of them is given at a time."""

    pool: Pool
    at_once: int


@contextmanager
def on_this_machine(jobs: int) -> Iterator[Power]:
    """`jobs` processes, for 0 as many as there are processors; with one, everything happens in this process."""
    count = processes(jobs)
    if count == 1:
        yield Power(_Here, 1)
        return
    # a process that is forked from one with threads, as pyarrow starts them, may wait for ever
    context = multiprocessing.get_context("spawn")
    others = multiprocessing.active_children()
    with without_working_directory():
        try:
            yield Power(lambda: ProcessPoolExecutor(count, context, _end_by_signals), 2 * count)
        except BaseException:
            for child in multiprocessing.active_children():
                if child not in others:
                    child.terminate()
            raise


@contextmanager
def on_cluster(address: str) -> Iterator[Power]:
    """The workers of the Dask scheduler at `address`; raises SettingsProblem if it cannot be reached."""
    try:
        from distributed import Client
    except ModuleNotFoundError as missing:
        raise SettingsProblem(
            "`--scheduler` needs dask.distributed, install it with `pip install closurelint[scan]`"
        ) from missing
    try:
        client = Client(address, timeout=10, set_as_default=False)
    except (OSError, ValueError) as problem:
        raise SettingsProblem(f"`--scheduler` {address} cannot be reached: {problem}") from problem
    with client:
        threads = sum(client.nthreads().values())
        yield Power(lambda: client.get_executor(pure=False), max(4 * threads, 100))


class _Here(Executor):
    """Does at once, in this process, what it is given."""

    def submit(self, fn: Callable[..., Any], /, *arguments: Any, **named: Any) -> Future[Any]:
        """The future of a call that has been made."""
        future: Future[Any] = Future()
        try:
            future.set_result(fn(*arguments, **named))
        except Exception as problem:
            future.set_exception(problem)
        return future


def _end_by_signals() -> None:
    """Let a worker end without a word when the terminal tells the whole group to."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
