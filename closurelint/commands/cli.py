"""The command line: from words to an exit status.

0: nothing found. 1: findings. 2: could not run, or not all of it. 130, 143, 129: ended by SIGINT, SIGTERM, SIGHUP.
"""

from __future__ import annotations

import os
import sys

from closurelint.commands.options import arguments_of
from closurelint.configuration.settings import SettingsProblem

TYPE_CHECKING = False
if TYPE_CHECKING:
    import signal
    from collections.abc import Callable, Sequence
else:
    # `signal` makes enums of these numbers, and to load them takes longer than a look at some files
    import _signal as signal


CLEAN, FINDINGS, COULD_NOT_RUN, INTERRUPTED = 0, 1, 2, 130


def main(words: Sequence[str] | None = None) -> int:
    """Run one command line, by default that of this process, and give its exit status."""
    words = sys.argv[1:] if words is None else words
    _fill_closed_streams()
    _survive_any_terminal()
    _leave_warnings_to_others()
    try:
        return _ended_by_signals(lambda: _answered(words))
    except SettingsProblem as problem:
        return _failed(str(problem))
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        _leave_pipe()
        return CLEAN
    except SystemExit as end:
        # argparse ends `--help` this way, and a signal ends everything
        return end.code if isinstance(end.code, int) else CLEAN
    except OSError as problem:
        return _failed(f"{problem.filename or 'the output'} cannot be used: {problem.strerror or problem}")
    except Exception:
        import traceback

        # an exit status of 1, which Python gives to a crash, would mean findings
        return _failed("this is a bug of closurelint, please report it", traceback.format_exc())


def _answered(words: Sequence[str]) -> int:
    status = _command(words)
    sys.stdout.flush()
    return status


def _command(words: Sequence[str]) -> int:
    if list(words) in (["--version"], ["-V"]):
        words = ["version"]
    arguments = arguments_of(words)
    if arguments.command == "check":
        from closurelint.commands.run import check

        return check(arguments)
    from closurelint.commands.informing import COMMANDS

    return COMMANDS[arguments.command](arguments)


def _failed(message: str, details: str = "") -> int:
    """Say why nothing could be run."""
    from closurelint.report.lines import printable

    try:
        print(f"{details}closurelint: error: {printable(message)}", file=sys.stderr, flush=True)
        sys.stdout.flush()
    except OSError:
        _leave_pipe()
    return COULD_NOT_RUN


def _ended_by_signals(run: Callable[[], int]) -> int:
    """Let SIGTERM and SIGHUP unwind the run as SIGINT does, so that no half-written file and no worker is left."""

    def end(number: int, frame: object) -> None:
        for other in old:
            signal.signal(other, signal.SIG_IGN)
        raise SystemExit(128 + number)

    old = {}
    for name in ("SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)
        try:
            if number is not None and signal.getsignal(number) == signal.SIG_DFL:
                old[number] = signal.signal(number, end)
        except ValueError:
            # only the main thread may
            break
    try:
        return run()
    finally:
        for number, handler in old.items():
            signal.signal(number, handler)


def _fill_closed_streams() -> None:
    """Open the standard streams that are closed: the next file to be opened would take their place, and be written to.

    What is written to a closed stream is lost, as its owner wants it; the exit status still tells.
    """
    for number, name, mode in ((0, "stdin", "r"), (1, "stdout", "w"), (2, "stderr", "w")):
        if getattr(sys, name) is None:
            stream = open(os.devnull, mode, encoding="utf-8")  # noqa: SIM115
            if stream.fileno() != number:
                os.dup2(stream.fileno(), number)
            setattr(sys, name, stream)


def _survive_any_terminal() -> None:
    """Write what the terminal's encoding lacks as an escape instead of failing."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")


def _leave_warnings_to_others() -> None:
    """Say nothing of what Python thinks of odd escapes in a checked text, which it tells whoever parses one.

    Up to Python 3.11 it does so only where it is asked to.
    """
    if sys.version_info >= (3, 12):
        import warnings

        warnings.simplefilter("ignore", SyntaxWarning)


def _leave_pipe() -> None:
    """Nobody reads any more: what is still buffered goes nowhere, and Python's own flush at the end stays quiet."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (sys.stdout, sys.stderr):
        try:
            os.dup2(nowhere, stream.fileno())
        except (OSError, ValueError):
            continue
    os.close(nowhere)
