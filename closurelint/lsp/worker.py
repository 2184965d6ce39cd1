"""A process that works for the server: it reads jobs from standard input and writes their results to standard output.

The server has two of them. One reads programs and loads LibCST, the other replays claims and loads numpy. Whatever a
job does, also end its process, the server goes on.
"""

from __future__ import annotations

import gc
import os
import sys
from queue import SimpleQueue
from threading import Thread
from typing import TYPE_CHECKING, Any, BinaryIO

from closurelint.configuration.settings import Settings
from closurelint.engine import UNREADABLE, check_bytes, check_file, check_text, evidence_for, read_closely
from closurelint.evidence import Claim, Evidence
from closurelint.garbage import collect_rarely
from closurelint.lsp.pipe import packed, receive
from closurelint.lsp.reuse import Reuse
from closurelint.result import FileResult
from closurelint.sources.grammar import complaint
from closurelint.sources.source import is_marimo, kind_of, source_from_bytes
from closurelint.surroundings import Surroundings

if TYPE_CHECKING:
    from closurelint.lsp.understanding import Understood

REMEMBERED_FILES = 200
"""Modules of the project that are kept parsed."""

Stamp = tuple[int, int] | None


class Jobs:
    """The jobs, with what is kept between them: texts that are open in the editor, and files that were read."""

    def __init__(self) -> None:
        self._held: dict[str, str] = {}
        self._stamps: dict[str, Stamp] = {}
        self._around = Surroundings(self._read)
        self._reuse = Reuse(lambda text, filename, settings: read_closely(text, filename, settings, self._around))

    def load(self, half: str) -> None:
        """Load one of the halves before it is needed."""
        if half == "numeric":
            import closurelint.replay
        else:
            import closurelint.analysis.sites
            import closurelint.rules  # noqa: F401
        # what is loaded stays
        gc.freeze()
        collect_rarely()

    def release(self, filename: str) -> None:
        """A text is open no more: the file on disk counts again."""
        self._held.pop(filename, None)
        self._forget([filename])

    def look_again(self) -> None:
        """Files have come or gone."""
        self._around.forget()
        self._reuse.forget()

    def check(self, text: str, filename: str, settings: Settings) -> tuple[FileResult, bool]:
        """What the static half finds in a text, not replayed, and whether the text, or part of it, is not Python."""
        if self._held.get(filename) != text:
            self._held[filename] = text
            self._forget([filename])
        self._refresh()
        python = kind_of(filename) == "python" and not is_marimo(text)
        result = self._reuse.again(text, filename, settings) if python else None
        if result is not None:
            return result, False
        result = check_text(text, filename, settings.changed(replay=False), self._around)
        broken = self._is_broken(result, text, filename, settings)
        if python and not broken:
            self._reuse.keep(text, filename, settings, result)
        return result, broken

    def _is_broken(self, result: FileResult, text: str, filename: str, settings: Settings) -> bool:
        if settings.enables(UNREADABLE, filename):
            return any(each.code == UNREADABLE for each in result.diagnostics)
        return kind_of(filename) == "python" and not result.diagnostics and complaint(text) is not None

    def _forget(self, filenames: list[str]) -> None:
        self._around.forget(filenames)
        self._reuse.forget(filenames)

    def check_file(self, filename: str, settings: Settings) -> FileResult:
        """What the static half finds in a file on disk, not replayed."""
        self._refresh()
        return check_file(filename, settings.changed(replay=False), self._around)

    def understand(self, text: str, filename: str, settings: Settings) -> tuple[Understood, ...]:
        """What is understood of every call in a text."""
        from closurelint.lsp.understanding import everything_in

        self._refresh()
        return everything_in(source_from_bytes(text.encode("utf-8"), filename), settings, self._around)

    def _read(self, path: str) -> str | None:
        held = self._held.get(path)
        if held is not None:
            return held
        from closurelint.analysis.resolve import text_of

        self._stamps[path] = _stamp(path)
        return text_of(path)

    def _refresh(self) -> None:
        """Forget what has changed on disk: not every client tells of that."""
        changed = [path for path, stamp in self._stamps.items() if _stamp(path) != stamp]
        if len(self._stamps) > REMEMBERED_FILES:
            changed = list(self._stamps)
        for path in changed:
            del self._stamps[path]
        self._forget(changed)

    def replay(self, claim: Claim) -> Evidence:
        """What replay says of a claim."""
        return evidence_for(claim)

    def fix(self, text: str, filename: str, settings: Settings, unsafe: bool) -> tuple[bytes, int]:
        """A text after all its fixes, as UTF-8, and how many there were."""
        from closurelint.fixer import fix

        fixed = fix(
            text.encode("utf-8"),
            filename,
            lambda data: check_bytes(data, filename, settings, self._around),
            unsafe,
        )
        return fixed.after, len(fixed.applied)


def _stamp(path: str) -> Stamp:
    try:
        status = os.stat(path)
    except (OSError, ValueError):
        return None
    return status.st_mtime_ns, status.st_size


def main() -> None:
    """Work until the server closes the pipe, or is gone: then even a job that never ends is left."""
    requests, answers = sys.stdin.buffer, os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    # whatever prints must not get between the answers
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    waiting: SimpleQueue[tuple[str, tuple[Any, ...]]] = SimpleQueue()
    Thread(target=_listen, args=(requests, waiting), daemon=True).start()
    jobs = Jobs()
    while True:
        name, arguments = waiting.get()
        try:
            answer = (True, getattr(jobs, name)(*arguments))
        except Exception as crash:
            answer = (False, f"{type(crash).__name__}: {crash}")
        try:
            answers.write(packed(answer))
            answers.flush()
        except BrokenPipeError:
            return


def _listen(requests: BinaryIO, waiting: SimpleQueue[tuple[str, tuple[Any, ...]]]) -> None:
    try:
        while True:
            waiting.put(receive(requests))
    finally:
        os._exit(0)
