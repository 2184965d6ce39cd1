"""Checking many files in several processes, without losing one when a process dies.

Processes are forked where the system can, since loading a pool of them takes longer than checking a thousand files.
Each draws the numbers of chunks from a pipe: those of a part of the files first that stand together, since they import
the same modules, and then what others have not come to. They answer on pipes of their own, and tell each other which
files are of no account.
"""

from __future__ import annotations

import marshal
import os
import selectors
import signal
import struct
import sys
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from io import FileIO
from itertools import pairwise

from closurelint.configuration.settings import Settings
from closurelint.engine import check_file, look_over, reported
from closurelint.exchange import Exchange
from closurelint.result import FileResult
from closurelint.surroundings import Surroundings

File = tuple[str, Settings]
CHUNKS_PER_PROCESS = 16
ENDING = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]
_NUMBER = struct.Struct("=I")
_HEADER = struct.Struct("=II")


def processes(jobs: int) -> int:
    """How many processes to use: `jobs`, or for 0 the number of processors that this process may use."""
    if jobs:
        return jobs
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def check_in_processes(files: Sequence[File], count: int, *, parse: bool = False) -> Iterator[FileResult]:
    """The results of `files` in their order, from `count` processes.

    Where a process dies (a parser written in another language can take its process along), what was not finished is
    checked again, file by file, and only the file that is to blame gets a diagnostic instead.
    """
    size = max(1, -(-len(files) // (count * CHUNKS_PER_PROCESS)))
    chunks = [files[start : start + size] for start in range(0, len(files), size)]
    answers = _forked(chunks, count, parse) if _can_fork() else _pooled(chunks, count, parse)
    waiting: dict[int, list[FileResult]] = {}
    following = 0
    try:
        for number, results in answers:
            waiting[number] = results
            while following in waiting:
                yield from waiting.pop(following)
                following += 1
    finally:
        answers.close()
    left = [file for number in range(following, len(chunks)) if number not in waiting for file in chunks[number]]
    again = _one_by_one(left, count, parse)
    for number in range(following, len(chunks)):
        yield from waiting.pop(number, None) or (next(again) for _ in chunks[number])


def _one_by_one(files: list[File], count: int, parse: bool) -> Iterator[FileResult]:
    """The results of files of which some may end their process.

    Files are given out in order, one at a time: where all processes have died, those to blame are among the first that
    are left, and these get a process of their own.
    """
    found: dict[int, FileResult] = {}
    following = 0
    while following < len(files):
        left = [number for number in range(following, len(files)) if number not in found]
        chunks = [[files[number]] for number in left]
        answers = _forked(chunks, count, parse) if _can_fork() else _pooled(chunks, count, parse)
        for index, results in answers:
            found[left[index]] = results[0]
        for number in [number for number in left if number not in found][:count]:
            found[number] = _check_alone(files[number], parse)
        while following in found:
            yield found.pop(following)
            following += 1


def _can_fork() -> bool:
    return hasattr(os, "fork") and sys.platform != "darwin"


def _check_chunk(files: Sequence[File], around: Surroundings, parse: bool) -> list[FileResult]:
    return [check_file(path, settings, around, parse=parse) for path, settings in files]


# -- forked processes ---------------------------------------------------------------------------------------------


Answers = Generator[tuple[int, list[FileResult]], None, None]


def _forked(chunks: Sequence[Sequence[File]], count: int, parse: bool) -> Answers:
    """Numbers of chunks with their results, as they come; those of a process that dies never come."""
    count = min(count, len(chunks))
    parts = [range(*part) for part in pairwise(len(chunks) * index // count for index in range(count + 1))]
    exchange = None if parse or count == 1 else _exchange(count)
    looks, checks = _Numbers(parts if exchange is not None else ()), _Numbers(parts)
    giving = looks.giving | checks.giving
    children: dict[int, int] = {}
    try:
        for index in range(count):
            receiving, answering = os.pipe()
            try:
                with _signals_held():
                    child = os.fork()
                    if child == 0:
                        foreign = (receiving, *(pipe.fileno() for pipe in giving))
                        worker = _Worker(chunks, parse, exchange, index)
                        _work(worker, looks.pipes(index), checks.pipes(index), answering, foreign)
                    children[receiving] = child
            except OSError:
                # as many processes as can be had
                os.close(receiving)
                break
            finally:
                os.close(answering)
        looks.stop_drawing()
        checks.stop_drawing()
        if not children:
            worker = _Worker(chunks, parse, None, 0)
            yield from ((number, worker.check(number)) for number in range(len(chunks)))
            return
        yield from _answers(giving, children)
    finally:
        if exchange is not None:
            exchange.close()
        looks.close()
        checks.close()
        for receiving, child in children.items():
            os.close(receiving)
            _end(child)


def _exchange(count: int) -> Exchange | None:
    try:
        return Exchange(count)
    except OSError:
        # then each looks for itself
        return None


class _Numbers:
    """Pipes from which processes draw the numbers of chunks, with one part of the numbers each.

    giving: the ends to write to, with the numbers that belong there.
    """

    def __init__(self, parts: Sequence[range]) -> None:
        pipes = [os.pipe() for _ in parts]
        self._drawing = [FileIO(drawn, "rb") for drawn, _ in pipes]
        self.giving = {FileIO(given, "wb"): part for (_, given), part in zip(pipes, parts, strict=True)}

    def pipes(self, index: int) -> list[int]:
        """All of them for one process, which draws from its own first."""
        return [pipe.fileno() for pipe in (*self._drawing[index:], *self._drawing[:index])]

    def stop_drawing(self) -> None:
        """Leave the drawing to other processes."""
        for pipe in self._drawing:
            pipe.close()

    def close(self) -> None:
        """Close what is open of it."""
        for pipe in (*self._drawing, *self.giving):
            pipe.close()


@contextmanager
def _signals_held() -> Iterator[None]:
    """Let signals that would end the run wait until a new process is known, and has no handlers of the parent."""
    held = signal.pthread_sigmask(signal.SIG_BLOCK, ENDING)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, held)


class _Worker:
    """What one of several processes knows, and does with a chunk.

    Before files are checked all are looked over, and the others are told what was seen: without that each process would
    have to look at everything that its files import.
    """

    def __init__(self, chunks: Sequence[Sequence[File]], parse: bool, exchange: Exchange | None, index: int) -> None:
        self._chunks, self._parse, self._exchange, self._index = chunks, parse, exchange, index
        self._around = Surroundings()

    def look_over(self, number: int) -> None:
        """Look over a chunk, and tell the others."""
        assert self._exchange is not None
        seen = [look_over(path, settings, self._around) for path, settings in self._chunks[number]]
        told = [each for each in seen if each is not None]
        self._exchange.tell(self._index, marshal.dumps(told))

    def check(self, number: int) -> list[FileResult]:
        """Check a chunk, with what the others have told meanwhile."""
        for told in () if self._exchange is None else self._exchange.heard(self._index):
            self._around.learn(marshal.loads(told))
        return _check_chunk(self._chunks[number], self._around, self._parse)


def _work(
    worker: _Worker, looks: Sequence[int], checks: Sequence[int], answering: int, foreign: tuple[int, ...]
) -> None:
    """What a forked process does; it never returns.

    looks, checks: pipes of numbers of chunks, to look over and to check. foreign: ends of pipes that are not its own.
    """
    status = 1
    try:
        # what the parent does at the end of a run is not this process's to do; what it ignores stays ignored
        for number in ENDING:
            if callable(signal.getsignal(number)):
                signal.signal(number, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, ENDING)
        for descriptor in foreign:
            os.close(descriptor)
        for drawn in _drawn(looks):
            worker.look_over(drawn)
        for drawn in _drawn(checks):
            data = _packed(worker.check(drawn))
            _write(answering, _HEADER.pack(drawn, len(data)) + data)
        status = 0
    finally:
        # neither buffers nor handlers of the parent are this process's to flush or run
        os._exit(status)


def _drawn(pipes: Sequence[int]) -> Iterator[int]:
    """The numbers that this process draws until there are no more."""
    for pipe in pipes:
        while len(drawn := os.read(pipe, _NUMBER.size)) == _NUMBER.size:
            yield _NUMBER.unpack(drawn)[0]


def _write(descriptor: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]


def _answers(giving: dict[FileIO, range], children: dict[int, int]) -> Answers:
    """Give out the numbers of all chunks, and take what comes back until every process has closed its pipe."""
    left = dict(giving)
    received = {receiving: bytearray() for receiving in children}
    with selectors.DefaultSelector() as selector:
        for receiving in received:
            selector.register(receiving, selectors.EVENT_READ)
        for pipe in giving:
            os.set_blocking(pipe.fileno(), False)
            selector.register(pipe, selectors.EVENT_WRITE)
        while received:
            for key, _ in selector.select():
                if isinstance(key.fileobj, FileIO):
                    pipe = key.fileobj
                    left[pipe] = _give(pipe, left[pipe])
                    if not left[pipe]:
                        # an empty pipe that nobody writes to any more is how the processes learn that all is given
                        selector.unregister(pipe)
                        pipe.close()
                    continue
                data = os.read(key.fd, 1 << 16)
                if data:
                    received[key.fd] += data
                    yield from _complete(received[key.fd])
                else:
                    selector.unregister(key.fd)
                    del received[key.fd]


def _give(pipe: FileIO, numbers: range) -> range:
    """Write as many numbers as there is room for; gives back what is left."""
    try:
        while numbers and pipe.write(_NUMBER.pack(numbers[0])) is not None:
            numbers = numbers[1:]
    except BrokenPipeError:
        # every process has died: what they did not take is checked one by one
        return range(0)
    return numbers


def _complete(buffer: bytearray) -> Iterator[tuple[int, list[FileResult]]]:
    while len(buffer) >= _HEADER.size:
        number, size = _HEADER.unpack_from(buffer)
        end = _HEADER.size + size
        if len(buffer) < end:
            return
        results = _unpacked(bytes(buffer[_HEADER.size : end]))
        del buffer[:end]
        yield number, results


def _packed(results: list[FileResult]) -> bytes:
    """Results for another process: nearly all are of clean files, for which nobody has to load `pickle`."""
    if all(result.is_clean for result in results):
        return marshal.dumps([(result.filename, result.dependencies) for result in results])
    import pickle

    return marshal.dumps(pickle.dumps(results, pickle.HIGHEST_PROTOCOL))


def _unpacked(data: bytes) -> list[FileResult]:
    told = marshal.loads(data)
    if isinstance(told, list):
        return [FileResult(filename, dependencies=dependencies) for filename, dependencies in told]
    import pickle

    results: list[FileResult] = pickle.loads(told)
    return results


def _end(child: int) -> None:
    try:
        if os.waitpid(child, os.WNOHANG)[0] == 0:
            # nobody wants its answers any more
            os.kill(child, signal.SIGTERM)
            os.waitpid(child, 0)
    except (ChildProcessError, ProcessLookupError):
        return


# -- where there is no fork ---------------------------------------------------------------------------------------


def _pooled(chunks: Sequence[Sequence[File]], count: int, parse: bool) -> Answers:
    from concurrent.futures import ProcessPoolExecutor
    from concurrent.futures.process import BrokenProcessPool

    with without_working_directory():
        pool = ProcessPoolExecutor(count)
        try:
            yield from enumerate(pool.map(_check_pooled, chunks, [parse] * len(chunks)))
        except BrokenProcessPool:
            return
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


@contextmanager
def without_working_directory() -> Iterator[None]:
    """Keep the working directory, where checked code may stand, off the path of the processes that are started."""
    kept = os.environ.get("PYTHONSAFEPATH")
    os.environ["PYTHONSAFEPATH"] = "1"
    try:
        yield
    finally:
        if kept is None:
            del os.environ["PYTHONSAFEPATH"]
        else:
            os.environ["PYTHONSAFEPATH"] = kept


def _check_pooled(files: Sequence[File], parse: bool) -> list[FileResult]:
    return _check_chunk(files, Surroundings(), parse)


def _check_alone(file: File, parse: bool) -> FileResult:
    """Check one file in a new process."""
    path, settings = file
    for _, results in _forked([[file]], 1, parse) if _can_fork() else _pooled([[file]], 1, parse):
        return results[0]
    message = "the process that checked this file died: exclude the file and report this as a bug of closurelint"
    return FileResult(path, reported(settings, path, message))
