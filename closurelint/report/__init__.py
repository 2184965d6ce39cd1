"""The formats that results are shown in: one module each, with `render(report) -> str`."""

from __future__ import annotations

from closurelint.report.lines import lines_on_disk

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from closurelint.diagnostic import Diagnostic
    from closurelint.report.lines import Lines
    from closurelint.result import FileResult

FORMATS = ("text", "concise", "grouped", "json", "jsonl", "sarif", "github", "gitlab", "junit", "html")


class Report:
    """What a format renders.

    results: one for each checked file, in order. color: with ANSI colours, where the format has any. directory: what
    paths are shown relative to. lines: gives the lines of a file, or of a notebook's cell, for code frames.
    show_fixes, show_refuted: whether to list these too. summarised: whether what a run came to stands at the end.
    """

    __slots__ = ("color", "directory", "lines", "results", "show_fixes", "show_refuted", "summarised")

    def __init__(
        self,
        results: Sequence[FileResult],
        *,
        directory: str,
        color: bool = False,
        lines: Lines | None = None,
        show_fixes: bool = False,
        show_refuted: bool = False,
    ) -> None:
        self.results, self.directory, self.color = results, directory, color
        self.lines = lines or lines_on_disk()
        self.show_fixes, self.show_refuted = show_fixes, show_refuted
        self.summarised = True

    def diagnostics(self) -> Iterator[Diagnostic]:
        """All diagnostics that are shown, in order."""
        for result in self.results:
            yield from result.diagnostics
            if self.show_refuted:
                yield from result.refuted


def render(name: str, report: Report) -> str:
    """The report in a format. Raises KeyError for a name that is not in FORMATS."""
    if name not in FORMATS:
        raise KeyError(name)
    # what `importlib.import_module` does, which takes longer to load than the module
    text: str = __import__(f"closurelint.report.{name}", fromlist=["render"]).render(report)
    return text
