"""One line on the terminal that says how far a long run is; nothing anywhere else."""

from __future__ import annotations

import os
import sys
import time

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from closurelint.result import FileResult

PATIENCE = 1.0
PAUSE = 0.1


def with_progress(results: Iterable[FileResult], count: int) -> Iterator[FileResult]:
    """Pass `results` on; once that takes longer than `PATIENCE` seconds, keep a line on a terminal up to date."""
    stream = sys.stderr
    if not stream.isatty() or os.environ.get("TERM") == "dumb":
        yield from results
        return
    due = time.monotonic() + PATIENCE
    shown = False
    try:
        for done, result in enumerate(results, 1):
            yield result
            now = time.monotonic()
            if now >= due:
                due, shown = now + PAUSE, True
                stream.write(f"\r{bar(done, count)}")
                stream.flush()
    finally:
        if shown:
            # Erase the line: what follows starts on a clean one.
            stream.write("\r\x1b[K")
            stream.flush()


def bar(done: int, count: int, width: int = 30) -> str:
    """`[######......] 12/24 files`."""
    filled = width * done // max(count, 1)
    return f"[{'#' * filled}{'.' * (width - filled)}] {done}/{count} files"
