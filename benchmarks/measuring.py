"""Measures commands: wall time, processor time and memory of a process with all that it starts.

Times depend on the machine and on what else it does, so runs of what is compared take turns, and ratios are reported.
"""

from __future__ import annotations

import contextlib
import os
import platform
import signal
import statistics
import subprocess
import sys
import sysconfig
import tempfile
import threading
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

MEGABYTE = 1 << 20
SAMPLING_PAUSE = 0.01


@dataclass(frozen=True)
class Run:
    """One run of a command. Times in seconds; memory in bytes, of the largest process and of all together.

    status: the exit status, None if the time limit ended it. together: 0 where it was not asked for.
    """

    wall: float
    processor: float
    largest: int
    status: int | None
    together: int = 0
    output: str = ""


def run(command: Sequence[str], *, limit: float, sample_memory: bool = False, folder: str | None = None) -> Run:
    """Run a command, its output thrown away but for the end of what it complains of.

    sample_memory: add up the memory of all its processes every few milliseconds; this costs time, so leave such runs
    out of comparisons.
    """
    samples = [0]
    ended = threading.Event()
    with tempfile.TemporaryFile() as complaints:
        started = time.perf_counter()
        process = subprocess.Popen(
            command,
            stdout=subprocess.DEVNULL,
            stderr=complaints,
            stdin=subprocess.DEVNULL,
            cwd=folder,
            start_new_session=True,
        )
        watch = threading.Timer(limit, _stop, (process.pid, ended))
        watch.start()
        sampler = threading.Thread(target=_sample, args=(process.pid, samples, ended))
        if sample_memory:
            sampler.start()
        try:
            _, status, usage = os.wait4(process.pid, 0)
        except KeyboardInterrupt:
            watch.cancel()
            _stop(process.pid, ended)
            ended.set()
            raise
        wall = time.perf_counter() - started
        ended.set()
        watch.cancel()
        if sample_memory:
            sampler.join()
        process.returncode = os.waitstatus_to_exitcode(status)
        complaints.seek(0)
        said = complaints.read()[-1000:].decode(errors="replace")
    largest = usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024)
    code = None if wall >= limit else process.returncode
    return Run(wall, usage.ru_utime + usage.ru_stime, largest, code, max(samples), said)


def _stop(pid: int, ended: threading.Event) -> None:
    """End a command that takes too long, with all that it started."""
    if not ended.is_set():
        with contextlib.suppress(ProcessLookupError):
            os.killpg(pid, signal.SIGKILL)


def _sample(session: int, samples: list[int], ended: threading.Event) -> None:
    while not ended.wait(SAMPLING_PAUSE):
        samples.append(_memory_of_session(session))


def _memory_of_session(session: int) -> int:
    """Proportional memory of all processes of a session, in bytes: what they share counts once. Linux only, else 0."""
    total = 0
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if os.getsid(int(folder.name)) != session:
                continue
            for line in (folder / "smaps_rollup").read_text().splitlines():
                if line.startswith("Pss:"):
                    total += int(line.split()[1]) * 1024
        except (OSError, ValueError):
            continue
    return total


@dataclass(frozen=True)
class Tree:
    """Something to check: a folder, with how many Python files and bytes it holds."""

    name: str
    path: Path
    files: int
    size: int


def tree(name: str) -> Tree:
    """The folder `name`, or the package of that name that is installed beside this Python; `stdlib` is the library.

    Raises SystemExit for anything else.
    """
    path = Path(name)
    if name == "stdlib":
        path = Path(sysconfig.get_path("stdlib"))
    elif not path.is_dir():
        found = find_spec(name) if name.isidentifier() else None
        places = list(found.submodule_search_locations or ()) if found is not None else []
        if not places:
            raise SystemExit(f"{name}: neither a folder nor an installed package, name one or install it")
        path = Path(places[0])
    sizes = [file.stat().st_size for file in path.rglob("*.py") if file.is_file()]
    return Tree(path.name if name != "stdlib" else name, path.resolve(), len(sizes), sum(sizes))


def median(values: Iterable[float]) -> float:
    """The middle value; NaN of none."""
    known = list(values)
    return statistics.median(known) if known else float("nan")


def machine() -> dict[str, str | int]:
    """What the numbers were taken on."""
    processor = platform.processor() or platform.machine()
    with contextlib.suppress(OSError):
        for line in Path("/proc/cpuinfo").read_text().splitlines():
            if line.startswith("model name"):
                processor = line.partition(":")[2].strip()
                break
    return {
        "processor": processor,
        "processors": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1,
        "system": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
    }


def markdown(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table whose columns are lined up."""
    table = [list(header), *(list(row) for row in rows)]
    widths = [max(len(row[at]) for row in table) for at in range(len(header))]
    lines = [
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |" for row in table
    ]
    lines.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
    return "\n".join(lines)
