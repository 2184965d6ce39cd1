"""What `.gitignore` files leave out; pathspec reads the patterns.

To load it takes several times as long as to check a few files, so it is asked only about names that a pattern may mean
and where a look at the name alone does not decide, which in most trees is none.
"""

from __future__ import annotations

import os

from closurelint.files import read_file

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

LARGEST_FILE = 10_000_000
MOST_STARS = 4
WILDCARDS = frozenset("*?[]")


class Ignored:
    """The patterns of one file, and of those above it, which yield to it."""

    __slots__ = ("_above", "_directory", "_lines", "_names", "_spec")

    def __init__(self, directory: str, lines: list[str], above: Ignored | None) -> None:
        # Each star multiplies the time of a comparison: a pattern with many is an attack, not a pattern.
        self._lines = [line for line in lines if line.replace("**", "").count("*") <= MOST_STARS]
        self._names = _Names(self._lines)
        self._spec: GitIgnoreSpec | None = None
        self._directory, self._above = directory, above

    @classmethod
    def read(cls, directory: str, above: Ignored | None, source: str = "") -> Ignored | None:
        """The patterns of `source`, by default the `.gitignore` in `directory`, on top of `above`."""
        try:
            data = read_file(source or os.path.join(directory, ".gitignore"), LARGEST_FILE)
            lines = data.decode("utf-8", "replace").splitlines()
        except OSError:
            # git, too, goes on without a file that it cannot read.
            return above
        return cls(directory, lines, above)

    def matches(self, path: str, *, folder: bool) -> bool:
        """Whether the file or folder at the absolute `path` is left out."""
        relative = path[len(self._directory) :].lstrip(os.sep)
        if os.sep != "/":
            relative = relative.replace(os.sep, "/")
        if self._names.decide(relative, folder=folder):
            return True
        if self._names.may_mean(relative):
            if self._spec is None:
                self._spec = _spec(self._lines)
            include = self._spec.check_file(f"{relative}/" if folder else relative).include
            if include is not None:
                return include
        return self._above is not None and self._above.matches(path, folder=folder)


class _Names:
    """What patterns ask of the names in a path, whatever else they ask.

    Where no pattern takes anything back, one that is a name, or a star and an extension, decides.
    """

    __slots__ = ("_any", "_deciding", "_ends", "_names", "_starts")

    def __init__(self, lines: list[str]) -> None:
        self._any = False
        self._names: set[str] = set()
        self._deciding: set[str] = set()
        starts: set[str] = set()
        ends: set[str] = set()
        for line in lines:
            pattern = line.rstrip()
            if not pattern or pattern.startswith("#"):
                continue
            if pattern[0].isspace() or "\\" in pattern:
                self._any = True
                continue
            if "/" not in pattern[:-1] and not WILDCARDS & set(pattern.removeprefix("*")):
                self._deciding.add(pattern)
            parts = pattern.removeprefix("!").strip("/").split("/")
            plain = [part for part in parts if part and not WILDCARDS & set(part)]
            for word in _written_out((plain or parts)[-1]):
                wild = [at for at, character in enumerate(word) if character in WILDCARDS]
                if word and not wild:
                    self._names.add(word)
                elif word and word[wild[-1] + 1 :]:
                    ends.add(word[wild[-1] + 1 :])
                elif word and word[: wild[0]]:
                    starts.add(word[: wild[0]])
                else:
                    self._any = True
        self._starts, self._ends = tuple(starts), tuple(ends)
        if any(line.startswith("!") for line in lines):
            self._deciding.clear()

    def decide(self, relative: str, *, folder: bool) -> bool:
        """Whether a path is surely left out."""
        name = relative.rpartition("/")[2]
        spellings = (name, "*" + name[name.rfind(".") :], "*")
        return any(each in self._deciding or (folder and f"{each}/" in self._deciding) for each in spellings)

    def may_mean(self, relative: str) -> bool:
        """Whether a pattern may mean a path, or a folder above it."""
        return self._any or any(
            name in self._names or name.startswith(self._starts) or name.endswith(self._ends)
            for name in relative.split("/")
        )


def _written_out(part: str) -> list[str]:
    """A pattern without the first choice in it, if that is plain: `.pyc`, `.pyo` and `.pyd` for `.py[cod]`."""
    before, opening, rest = part.partition("[")
    choices, closing, after = rest.partition("]")
    if not (opening and closing and choices.isalnum()):
        return [part]
    return [before + choice + after for choice in choices]


def _spec(lines: list[str]) -> GitIgnoreSpec:
    """The patterns in `lines`; as in git, one that makes no sense matches nothing and does not spoil the others."""
    import re

    from pathspec import GitIgnoreSpec

    try:
        return GitIgnoreSpec.from_lines(lines)
    except (ValueError, re.error):
        return GitIgnoreSpec.from_lines(line for line in lines if _makes_sense(line))


def _makes_sense(line: str) -> bool:
    import re

    from pathspec import GitIgnoreSpec

    try:
        GitIgnoreSpec.from_lines([line])
    except (ValueError, re.error):
        return False
    return True
