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
    """Print an explanation: with colour, headings stand out, and the names of facts do; wrapped on a terminal."""
    lines = text.split("\n")
    if sys.stdout.isatty():
        from shutil import get_terminal_size

        width = max(get_terminal_size().columns, 40)
        lines = [part for line in lines for part in wrapped(line, width)]
    print("\n".join(map(_painted, lines) if coloured(arguments) else lines))


def wrapped(line: str, width: int) -> list[str]:
    """A line in pieces of at most `width` characters, the later ones below the text of a fact, not below its name."""
    if len(line) <= width:
        return [line]
    from textwrap import wrap

    name, colon, rest = line.partition(": ")
    at = len(line) - len(line.lstrip())
    if at and colon and "`" not in name and " |" not in name:
        at = len(name) + len(colon) + len(rest) - len(rest.lstrip())
    bar, found, _ = line[at:].partition(" | ")
    hanging = f"{' ' * (at + len(bar))} | " if found and not bar.strip("0123456789 ") else " " * min(at, width // 2)
    return wrap(line, width, subsequent_indent=hanging, drop_whitespace=True, break_on_hyphens=False) or [line]


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
