"""The command line: from words to an exit status.

0: nothing found. 1: findings. 2: could not run. 130: interrupted.
"""

from __future__ import annotations

import os
import sys

from closurelint.commands.options import arguments_of
from closurelint.configuration.settings import SettingsProblem

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence


CLEAN, FINDINGS, COULD_NOT_RUN, INTERRUPTED = 0, 1, 2, 130


def main(words: Sequence[str] | None = None) -> int:
    """Run one command line, by default that of this process, and give its exit status."""
    words = sys.argv[1:] if words is None else words
    _survive_any_terminal()
    try:
        status = _command(words)
        sys.stdout.flush()
        return status
    except SettingsProblem as problem:
        return _failed(str(problem))
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        _leave_pipe()
        return CLEAN
    except SystemExit as end:
        # argparse ends `--help` this way.
        return end.code if isinstance(end.code, int) else CLEAN


def _command(words: Sequence[str]) -> int:
    if list(words) in (["--version"], ["-V"]):
        words = ["version"]
    arguments = arguments_of(words)
    if arguments.command == "check":
        from closurelint.commands.run import check

        return check(arguments)
    from closurelint.commands.informing import COMMANDS

    return COMMANDS[arguments.command](arguments)


def _failed(message: str) -> int:
    """Say why nothing could be run."""
    try:
        print(f"closurelint: error: {message}", file=sys.stderr, flush=True)
    except BrokenPipeError:
        _leave_pipe()
    return COULD_NOT_RUN


def _survive_any_terminal() -> None:
    """Write what the terminal's encoding lacks as an escape instead of failing."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")


def _leave_pipe() -> None:
    """Nobody reads any more: what is still buffered goes nowhere, and Python's own flush at the end stays quiet."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (sys.stdout, sys.stderr):
        try:
            os.dup2(nowhere, stream.fileno())
        except (OSError, ValueError):
            continue
    os.close(nowhere)
