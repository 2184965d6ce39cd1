"""What `.gitignore` files leave out; pathspec reads the patterns."""

from __future__ import annotations

import os
import re

from pathspec import GitIgnoreSpec

from closurelint.files import read_file

LARGEST_FILE = 10_000_000
MOST_STARS = 4


class Ignored:
    """The patterns of one file, and of those above it, which yield to it."""

    __slots__ = ("_above", "_directory", "_spec")

    def __init__(self, directory: str, spec: GitIgnoreSpec, above: Ignored | None) -> None:
        self._directory, self._spec, self._above = directory, spec, above

    @classmethod
    def read(cls, directory: str, above: Ignored | None, source: str = "") -> Ignored | None:
        """The patterns of `source`, by default the `.gitignore` in `directory`, on top of `above`."""
        try:
            data = read_file(source or os.path.join(directory, ".gitignore"), LARGEST_FILE)
            lines = data.decode("utf-8", "replace").splitlines()
        except OSError:
            # git, too, goes on without a file that it cannot read.
            return above
        return cls(directory, _spec(lines), above)

    def matches(self, path: str, *, folder: bool) -> bool:
        """Whether the file or folder at the absolute `path` is left out."""
        relative = path[len(self._directory) :].lstrip(os.sep)
        if os.sep != "/":
            relative = relative.replace(os.sep, "/")
        include = self._spec.check_file(f"{relative}/" if folder else relative).include
        if include is not None:
            return include
        return self._above is not None and self._above.matches(path, folder=folder)


def _spec(lines: list[str]) -> GitIgnoreSpec:
    """The patterns in `lines`; as in git, one that makes no sense matches nothing and does not spoil the others."""
    # Each star multiplies the time of a comparison: a pattern with many is an attack, not a pattern.
    lines = [line for line in lines if line.replace("**", "").count("*") <= MOST_STARS]
    try:
        return GitIgnoreSpec.from_lines(lines)
    except (ValueError, re.error):
        return GitIgnoreSpec.from_lines(line for line in lines if _makes_sense(line))


def _makes_sense(line: str) -> bool:
    try:
        GitIgnoreSpec.from_lines([line])
    except (ValueError, re.error):
        return False
    return True
