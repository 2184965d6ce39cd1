"""Where results go: standard output or a file, with colour or without."""

from __future__ import annotations

import os
import sys

from closurelint.settings import SettingsProblem

TYPE_CHECKING = False
if TYPE_CHECKING:
    from closurelint.options import Arguments


def coloured(arguments: Arguments) -> bool:
    """Whether to colour: as `--color` says, else NO_COLOR, else FORCE_COLOR, else on a terminal that can."""
    if arguments.color != "auto":
        return bool(arguments.color == "always")
    if arguments.output_file is not None or os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return sys.stdout.isatty() and os.environ.get("TERM") != "dumb"


def emit(text: str, arguments: Arguments) -> None:
    """Print `text`, or write it to `--output-file`; raises SettingsProblem if that cannot be written."""
    if text and not text.endswith("\n"):
        text += "\n"
    if arguments.output_file is None:
        sys.stdout.write(text)
        return
    try:
        write_file(arguments.output_file, text.encode("utf-8", "backslashreplace"))
    except OSError as problem:
        raise SettingsProblem(
            f"`--output-file` {arguments.output_file} cannot be written: {problem.strerror}"
        ) from problem


def write_file(path: str, data: bytes) -> None:
    """Replace the file at `path` as a whole: whoever reads it meanwhile, or a full disk, leaves it old or new.

    What is no regular file (`/dev/stdout`, a pipe) is written to.
    """
    if os.path.lexists(path) and not os.path.isfile(path):
        with open(path, "wb") as stream:
            stream.write(data)
        return
    target = os.path.realpath(path)
    temporary = f"{target}.{os.getpid()}.tmp"
    try:
        with open(temporary, "wb") as stream:
            stream.write(data)
        if os.path.exists(target):
            os.chmod(temporary, os.stat(target).st_mode & 0o7777)
        os.replace(temporary, target)
    except BaseException:
        if os.path.exists(temporary):
            os.unlink(temporary)
        raise
