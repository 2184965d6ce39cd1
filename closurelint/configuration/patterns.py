"""File patterns, with ruff's meaning.

A pattern without a slash (`build`, `*_pb2.py`) is compared with a name, wherever it stands; one with a slash
(`docs/*.py`, `src/**/old.py`) with the whole path, counted from the directory of the file that has the pattern.
`*` crosses slashes, `{a,b}` stands for either. Regular expressions are loaded only by patterns that need them.
"""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re
    from collections.abc import Iterable

WILDCARDS = frozenset("*?[")
MOST_DOUBLE_STARS = 4
MOST_CHOICES = 1000


def absolute_pattern(pattern: str, directory: str) -> str:
    """`pattern` as it has to be compared: a bare name stays one, anything with a slash is counted from `directory`."""
    if os.sep != "/":
        pattern = pattern.replace(os.sep, "/")
        directory = directory.replace(os.sep, "/")
    pattern = pattern.rstrip("/") or "/"
    while pattern.startswith("./"):
        pattern = pattern[2:]
    if "/" not in pattern:
        return pattern
    return pattern if os.path.isabs(pattern) else f"{_literal(directory.rstrip('/'))}/{pattern}"


def excess(pattern: str) -> str:
    """What is too much in `pattern`, empty if nothing: comparing it must not take longer than the whole run."""
    if pattern.count("**/") > MOST_DOUBLE_STARS:
        return f"more than {MOST_DOUBLE_STARS} times `**/`"
    choices = 1
    for group in pattern.split("{")[1:]:
        choices *= group.partition("}")[0].count(",") + 1
        if choices > MOST_CHOICES:
            return f"more than {MOST_CHOICES} choices in braces"
    return ""


def _literal(directory: str) -> str:
    """`directory` as a pattern that matches only itself; a brace cannot be escaped, `?` stands for it."""
    if not (WILDCARDS | {"{", "}"}) & set(directory):
        return directory
    escaped = "".join(f"[{character}]" if character in WILDCARDS else character for character in directory)
    return escaped.replace("{", "?").replace("}", "?")


class Patterns:
    """Patterns, already made absolute where they have a slash, sorted by what it costs to compare them."""

    __slots__ = ("_name_expression", "_names", "_path_expression", "_paths", "_suffixes")

    def __init__(self, patterns: Iterable[str]) -> None:
        names: list[str] = []
        paths: list[str] = []
        suffixes: list[str] = []
        name_globs: list[str] = []
        path_globs: list[str] = []
        for pattern in _expanded(patterns):
            if "/" in pattern:
                (path_globs.append if WILDCARDS & set(pattern) else paths.append)(pattern)
            elif pattern.startswith("*.") and not WILDCARDS & set(pattern[1:]):
                suffixes.append(pattern[1:])
            else:
                (name_globs.append if WILDCARDS & set(pattern) else names.append)(pattern)
        self._names, self._paths, self._suffixes = frozenset(names), frozenset(paths), tuple(suffixes)
        self._name_expression = _expression(name_globs)
        self._path_expression = _expression(path_globs)

    def matches(self, path: str, name: str) -> bool:
        """Whether a file or folder called `name` at the absolute `path` is meant."""
        if name in self._names or name.endswith(self._suffixes):
            return True
        if self._name_expression is not None and self._name_expression.match(name) is not None:
            return True
        if not self._paths and self._path_expression is None:
            return False
        if os.sep != "/":
            path = path.replace(os.sep, "/")
        return path in self._paths or (
            self._path_expression is not None and self._path_expression.match(path) is not None
        )


def _expression(globs: list[str]) -> re.Pattern[str] | None:
    """One expression for all `globs`, or None if there are none."""
    if not globs:
        return None
    import re
    from fnmatch import translate

    def translated(glob: str) -> str:
        # `**/` also stands for no folder at all, which fnmatch does not know.
        parts = [translate(part).removesuffix(r")\Z").removesuffix(r")\z") for part in glob.split("**/")]
        return "(?:.*/)?".join(part.removeprefix("(?s:") for part in parts)

    return re.compile("(?s:" + "|".join(translated(glob) for glob in globs) + r")\Z")


def _expanded(patterns: Iterable[str]) -> list[str]:
    """`patterns` with each innermost `{a,b}` written out."""
    plain: list[str] = []
    waiting = list(patterns)
    while waiting:
        pattern = waiting.pop()
        close = pattern.find("}")
        opening = pattern.rfind("{", 0, close) if close >= 0 else -1
        if opening < 0:
            plain.append(pattern)
            continue
        before, choices, after = pattern[:opening], pattern[opening + 1 : close], pattern[close + 1 :]
        waiting.extend(before + choice + after for choice in choices.split(","))
    return plain
