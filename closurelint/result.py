"""What checking one file gave."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from closurelint.diagnostic import Diagnostic


class FileResult:
    """The diagnostics of one file, and the count of everything that is not shown.

    diagnostics: in file coordinates, sorted. suppressed: how many a comment silences. refuted: those that replay
    contradicts. baselined: how many a baseline knows. dependencies: the other files that were read to decide.
    notes: what was understood, one line each, for `--verbose`; empty unless asked for.

    Made for every checked file, so it is written out instead of being a dataclass, whose module takes longer to load
    than a small tree takes to check. Frozen by convention; `changed` makes a variant.
    """

    __slots__ = ("baselined", "dependencies", "diagnostics", "filename", "notes", "refuted", "suppressed")

    def __init__(
        self,
        filename: str,
        diagnostics: tuple[Diagnostic, ...] = (),
        *,
        suppressed: int = 0,
        refuted: tuple[Diagnostic, ...] = (),
        baselined: int = 0,
        dependencies: tuple[str, ...] = (),
        notes: tuple[str, ...] = (),
    ) -> None:
        self.filename, self.diagnostics, self.suppressed, self.refuted = filename, diagnostics, suppressed, refuted
        self.baselined, self.dependencies, self.notes = baselined, dependencies, notes

    @property
    def is_clean(self) -> bool:
        """Whether there is nothing to tell of the file."""
        return not (self.diagnostics or self.suppressed or self.refuted or self.baselined or self.notes)

    def changed(self, **changes: Any) -> FileResult:
        """A copy with some values replaced."""
        return FileResult(**{name: changes.pop(name, getattr(self, name)) for name in self.__slots__}, **changes)

    def __eq__(self, other: object) -> bool:
        """Equal if every value is."""
        return isinstance(other, FileResult) and all(
            getattr(self, name) == getattr(other, name) for name in self.__slots__
        )

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        """All values, by name."""
        return f"FileResult({', '.join(f'{name}={getattr(self, name)!r}' for name in self.__slots__)})"
