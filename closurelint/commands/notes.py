"""What `--verbose` tells of the files that are checked: their configuration, and every call that was understood."""

from __future__ import annotations

from closurelint.commands.run import say
from closurelint.configuration.layers import displayed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from closurelint.configuration.settings import Settings
    from closurelint.discovery import Found
    from closurelint.surroundings import Surroundings


def note_discovery(found: Found) -> None:
    """Say which configuration holds for how many files, and why others are skipped."""
    counts: dict[str, int] = {}
    for _, settings in found.files:
        origin = displayed(settings.origin) if settings.origin else "the defaults, there is no configuration file"
        counts[origin] = counts.get(origin, 0) + 1
    for origin, count in sorted(counts.items()):
        say(f"{count} file{'s' if count != 1 else ''} with {origin}")
    for path, reason in found.skipped:
        say(f"skipped {displayed(path)}: {reason}")


def note_understanding(files: Iterable[tuple[str, Settings]], held: dict[str, bytes] | None = None) -> None:
    """Say of each file what was understood of the calls in it, those that nothing is wrong with included."""
    from closurelint.surroundings import Surroundings

    around = Surroundings()
    for filename, settings in files:
        for line in _understood(filename, settings, around, held or {}):
            say(line)


def _understood(filename: str, settings: Settings, around: Surroundings, held: dict[str, bytes]) -> list[str]:
    from closurelint.engine import understood
    from closurelint.sources.source import SourceProblem, read_source, source_from_bytes
    from closurelint.telling import summary
    from closurelint.triage import first_look

    try:
        source = source_from_bytes(held[filename], filename) if filename in held else read_source(filename)
    except (OSError, SourceProblem):
        # the report has it
        return []
    if source.kind == "python" and first_look(source.data, filename, around.neighbours(settings.own_names)) is None:
        return [f"{displayed(filename)}: nothing in it differentiates, fits or searches"]
    from closurelint.telling import subjects_of

    return [
        summary(filename, program, subject)
        for program, subjects in understood(source, settings, around)
        for subject in subjects_of(subjects)
    ] or [f"{displayed(filename)}: no call of a known differentiator was understood"]
