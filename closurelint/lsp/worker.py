"""A process that works for the server: it reads jobs from standard input and writes their results to standard output.

The server has two of them. One reads programs and loads LibCST, the other replays claims and loads numpy. Whatever a
job does, also end its process, the server goes on.
"""

from __future__ import annotations

import os
import pickle
import struct
import sys
from typing import Any, BinaryIO

from closurelint.configuration.settings import Settings
from closurelint.engine import UNREADABLE, check_bytes, check_file, check_text, evidence_for
from closurelint.evidence import Claim, Evidence
from closurelint.result import FileResult
from closurelint.sources.grammar import complaint
from closurelint.sources.source import kind_of

HEADER = struct.Struct("!I")


class Jobs:
    """The jobs, with what is kept between them: texts that are open in the editor, and files that were read."""

    def __init__(self) -> None:
        from closurelint.analysis.resolve import text_of
        from closurelint.surroundings import Surroundings

        self._held: dict[str, str] = {}
        self._text_of = text_of
        self._around = Surroundings(self._read)

    def _read(self, path: str) -> str | None:
        held = self._held.get(path)
        return self._text_of(path) if held is None else held

    def load(self, half: str) -> None:
        """Load one of the halves before it is needed."""
        if half == "numeric":
            import closurelint.replay
        else:
            import closurelint.analysis.sites
            import closurelint.rules  # noqa: F401

    def hold(self, filename: str, text: str | None) -> None:
        """Use this text for the file instead of the one on disk; None gives the disk its say back."""
        if text is None:
            self._held.pop(filename, None)
        else:
            self._held[filename] = text
        self._around.forget([filename])

    def forget(self, filenames: list[str]) -> None:
        """Files have changed on disk."""
        self._around.forget(filenames)

    def check(self, text: str, filename: str, settings: Settings) -> tuple[FileResult, bool]:
        """What the static half finds in a text, not replayed, and whether the text, or part of it, is not Python."""
        result = check_text(text, filename, settings.changed(replay=False), self._around)
        if settings.enables(UNREADABLE, filename):
            return result, any(each.code == UNREADABLE for each in result.diagnostics)
        return result, kind_of(filename) == "python" and not result.diagnostics and complaint(text) is not None

    def check_file(self, filename: str, settings: Settings) -> FileResult:
        """What the static half finds in a file on disk, not replayed."""
        return check_file(filename, settings.changed(replay=False), self._around)

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


def receive(stream: BinaryIO) -> Any:
    """The next message; raises EOFError when there are no more."""
    header = stream.read(HEADER.size)
    if len(header) < HEADER.size:
        raise EOFError
    (size,) = HEADER.unpack(header)
    return pickle.loads(stream.read(size))


def packed(message: Any) -> bytes:
    """A message as it is sent."""
    data = pickle.dumps(message, pickle.HIGHEST_PROTOCOL)
    return HEADER.pack(len(data)) + data


def main() -> None:
    """Work until the server closes the pipe."""
    requests, answers = sys.stdin.buffer, os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    # whatever prints must not get between the answers
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    jobs = Jobs()
    while True:
        try:
            name, arguments = receive(requests)
        except (EOFError, KeyboardInterrupt):
            return
        try:
            answer = (True, getattr(jobs, name)(*arguments))
        except Exception as crash:
            answer = (False, f"{type(crash).__name__}: {crash}")
        answers.write(packed(answer))
        answers.flush()
