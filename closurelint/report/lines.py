"""The lines of files, for code frames, and the paths of files, as they are shown."""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    Lines = Callable[[str, "int | None"], Sequence[str]]


def lines_on_disk(held: dict[str, bytes] | None = None) -> Lines:
    """Reads lines from disk, once for each file; `held` has the bytes of files that are not there (standard input)."""
    known: dict[tuple[str, int | None], Sequence[str]] = {}

    def lines(filename: str, cell: int | None) -> Sequence[str]:
        key = (filename, cell)
        if key not in known:
            known[key] = _read(filename, cell, (held or {}).get(filename))
        return known[key]

    return lines


def _read(filename: str, cell: int | None, data: bytes | None) -> Sequence[str]:
    from closurelint.files import read_file
    from closurelint.sources.source import SourceProblem, source_from_bytes

    try:
        if data is None:
            data = read_file(filename)
        if cell is not None:
            from closurelint.sources.notebook import cell_sources

            sources = cell_sources(data)
            return sources[cell - 1].splitlines() if cell <= len(sources) else ()
        source = source_from_bytes(data, filename)
        if source.kind == "python" and source.programs[0].origins is None:
            return source.programs[0].text.split("\n")
        return data.decode(source.encoding, "replace").splitlines()
    except (OSError, SourceProblem, UnicodeError, LookupError, ValueError):
        return ()


def shown(filename: str, directory: str, separator: str = os.sep) -> str:
    """A path relative to `directory` where it lies below it, without control characters."""
    path = filename
    if os.path.isabs(filename):
        relative = os.path.relpath(filename, directory)
        path = filename if relative.startswith(os.pardir) else relative
    elif path.startswith("." + os.sep):
        path = path[2:]
    path = printable(path if separator == os.sep else path.replace(os.sep, separator))
    # at the start of a line, workflows take these for commands
    return f".{separator}{path}" if path.lstrip().startswith(("::", "##[")) else path


def printable(text: str) -> str:
    """Text with control characters and line breaks written out, so that a hostile name stays on its line."""
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() else char.encode("unicode_escape").decode("ascii") for char in text)
