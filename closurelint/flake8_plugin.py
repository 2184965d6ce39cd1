"""The flake8 plugin: the same diagnostics under the codes CLO, with flake8's own columns and `noqa`."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from closurelint import __version__

_LEFT_TO_FLAKE8 = ("CLO900", "CLO901", "CLO902")
"""flake8 reports syntax errors as E999 and has its own `noqa`."""


class Plugin:
    """What flake8 makes for each file."""

    name = "closurelint"
    version = __version__

    def __init__(self, tree: ast.AST, filename: str, lines: Sequence[str]) -> None:
        """Tree: unused, but asking for it makes flake8 call this once for each file. lines: with their line ends."""
        self.filename = filename
        self.lines = lines

    def run(self) -> Iterator[tuple[int, int, str, type[Plugin]]]:
        """Each diagnostic as (row from 1, column from 0, text, plugin).

        Raises flake8's ExecutionError, which it prints in a line, for a configuration that cannot be followed.
        """
        from flake8.exceptions import ExecutionError

        from closurelint.configuration.settings import SettingsProblem
        from closurelint.library import check_source
        from closurelint.report.wording import evidence

        try:
            result = check_source("".join(self.lines), self.filename)
        except SettingsProblem as problem:
            raise ExecutionError(f"closurelint: {problem}") from problem
        for item in result.diagnostics:
            if item.code in _LEFT_TO_FLAKE8 or item.range.cell is not None:
                continue
            numbers = evidence(item)
            text = f"{item.code} {item.message}" + (f" ({numbers})" if numbers else "")
            yield item.range.start.row, item.range.start.column - 1, text, type(self)
