"""Checking many files in several processes, without losing one when a process dies."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool

from closurelint.configuration.settings import Settings
from closurelint.engine import check_file, reported
from closurelint.result import FileResult
from closurelint.surroundings import Surroundings

File = tuple[str, Settings]
CHUNKS_PER_PROCESS = 8


def processes(jobs: int) -> int:
    """How many processes to use: `jobs`, or for 0 the number of processors that this process may use."""
    if jobs:
        return jobs
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def check_in_processes(files: Sequence[File], count: int) -> Iterator[FileResult]:
    """The results of `files` in their order, from `count` processes.

    Where a process dies (a parser written in another language can take its process along), each file that was not
    finished is checked in a process of its own, and only the one that is to blame gets a diagnostic instead.
    """
    size = max(1, -(-len(files) // (count * CHUNKS_PER_PROCESS)))
    chunks = [files[start : start + size] for start in range(0, len(files), size)]
    finished = 0
    pool = ProcessPoolExecutor(count)
    try:
        for results in pool.map(_check_chunk, chunks):
            finished += len(results)
            yield from results
    except BrokenProcessPool:
        yield from (_check_alone(file) for file in files[finished:])
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def _check_chunk(files: Sequence[File]) -> list[FileResult]:
    around = Surroundings()
    return [check_file(path, settings, around, parse=False) for path, settings in files]


def _check_alone(file: File) -> FileResult:
    """Check one file in a new process."""
    path, settings = file
    with ProcessPoolExecutor(1) as pool:
        try:
            return pool.submit(check_file, path, settings).result()
        except BrokenProcessPool:
            message = (
                "the process that checked this file died: exclude the file and report this as a bug of closurelint"
            )
            return FileResult(path, reported(settings, path, message))
