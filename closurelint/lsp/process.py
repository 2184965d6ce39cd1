"""Runs jobs in a process of their own, one by one: one that ends the process, or takes too long, is lost alone."""

from __future__ import annotations

import asyncio
import contextlib
import json
import pickle
import sys
from collections import deque
from typing import Any

from closurelint.lsp.pipe import HEADER, packed

START = "import sys; sys.path[:] = {path}; from closurelint.lsp.worker import main; main()"


class Lost(Exception):
    """The job was not done; the message says why."""


class Process:
    """One process and the jobs that wait for it. It starts with the first job, and again after it was lost."""

    def __init__(self) -> None:
        self._waiting: deque[tuple[str, tuple[Any, ...], float, asyncio.Future[Any]]] = deque()
        self._process: asyncio.subprocess.Process | None = None
        self._runner: asyncio.Task[None] | None = None

    async def run(self, job: str, *arguments: Any, limit: float = 60.0, first: bool = False) -> Any:
        """The result of a job; raises Lost. `limit` in seconds; `first`: before all that wait."""
        future: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        (self._waiting.appendleft if first else self._waiting.append)((job, arguments, limit, future))
        if self._runner is None or self._runner.done():
            self._runner = asyncio.ensure_future(self._run_all())
        return await future

    async def close(self) -> None:
        """End the process."""
        if self._runner is not None:
            self._runner.cancel()
        await self._end()

    async def _run_all(self) -> None:
        while self._waiting:
            job, arguments, limit, future = self._waiting.popleft()
            if future.cancelled():
                continue
            try:
                done, value = await asyncio.wait_for(self._exchange(job, arguments), limit)
            except asyncio.TimeoutError:
                await self._end()
                done, value = False, f"it took more than {limit:g} s"
            except (OSError, EOFError, asyncio.IncompleteReadError, pickle.UnpicklingError):
                await self._end()
                done, value = False, "its process died"
            if future.cancelled():
                continue
            if done:
                future.set_result(value)
            else:
                future.set_exception(Lost(value))

    async def _exchange(self, job: str, arguments: tuple[Any, ...]) -> Any:
        if self._process is None:
            self._process = await self._started()
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(packed((job, arguments)))
        await self._process.stdin.drain()
        (size,) = HEADER.unpack(await self._process.stdout.readexactly(HEADER.size))
        return pickle.loads(await self._process.stdout.readexactly(size))

    async def _started(self) -> asyncio.subprocess.Process:
        # the working directory is not on its path: a `numpy.py` beside the checked code is not numpy
        code = START.format(path=json.dumps(sys.path))
        pipe = asyncio.subprocess.PIPE
        return await asyncio.create_subprocess_exec(sys.executable, "-c", code, stdin=pipe, stdout=pipe)

    async def _end(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()
        if process.stdin is not None:
            process.stdin.close()
