"""Where results go: standard output or a file, with colour or without."""

from __future__ import annotations

import os
import sys

from closurelint.configuration.settings import SettingsProblem

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TextIO

    from closurelint.commands.options import Arguments


def coloured(arguments: Arguments) -> bool:
    """Whether to colour: as `--color` says, else NO_COLOR, else FORCE_COLOR, else on a terminal that can."""
    if arguments.color != "auto":
        return bool(arguments.color == "always")
    if arguments.output_file is not None or os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return sys.stdout.isatty() and os.environ.get("TERM") != "dumb"


def say(text: str, arguments: Arguments) -> None:
    """Print an explanation: with colour, headings stand out, and the names of facts do."""
    print("\n".join(map(_painted, text.split("\n"))) if coloured(arguments) else text)


def _painted(line: str) -> str:
    if line.startswith(("## ", "CLO")) or (line[:1].strip() and "`" in line and ": `" in line):
        return f"\x1b[1m{line}\x1b[0m"
    name, colon, rest = line.partition(": ")
    if line.startswith("  ") and colon and "`" not in name and not name.startswith("   "):
        return f"\x1b[36m{name}:\x1b[0m {rest}"
    return line


def emit(text: str, arguments: Arguments, stream: TextIO | None = None) -> None:
    """Print `text`, or write it to `--output-file`; raises SettingsProblem if that cannot be written.

    stream: where it is printed, by default standard output.
    """
    if text and not text.endswith("\n"):
        text += "\n"
    if arguments.output_file is None:
        (stream or sys.stdout).write(text)
        return
    from closurelint.files import write_atomically

    try:
        write_atomically(arguments.output_file, text.encode("utf-8", "backslashreplace"))
    except OSError as problem:
        raise SettingsProblem(
            f"`--output-file` {arguments.output_file} cannot be written: {problem.strerror}"
        ) from problem
