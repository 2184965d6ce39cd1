"""The library interface: plain typed data in, plain typed data out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from os import PathLike, curdir, fspath, path

from closurelint.configuration.layers import Configuration, Layer
from closurelint.configuration.settings import Settings, SettingsProblem
from closurelint.diagnostic import Diagnostic, Edit, Fix, Position, Range, Related
from closurelint.discovery import discover
from closurelint.engine import check_bytes, check_files, check_text
from closurelint.evidence import Evidence, Gradient
from closurelint.result import FileResult

__all__ = [
    "Diagnostic",
    "Edit",
    "Evidence",
    "FileResult",
    "Fix",
    "Gradient",
    "Position",
    "Range",
    "Related",
    "Settings",
    "SettingsProblem",
    "check_paths",
    "check_source",
    "load_settings",
]


def check_source(text: str | bytes, filename: str = "<string>", settings: Settings | None = None) -> FileResult:
    """Check text that may not be saved anywhere.

    text: Python source, or what stands in a notebook or a document if `filename` ends like one; bytes are decoded as
    Python would. filename: names the file in the result, and is where imports of the project start from.
    settings: by default those of the configuration file nearest to `filename`.

    Whatever is wrong with the text is a CLO900 diagnostic in the result. Raises SettingsProblem if the nearest
    configuration file cannot be followed.
    """
    if settings is None:
        settings = load_settings(path.dirname(path.abspath(filename)))
    if isinstance(text, str):
        return check_text(text, filename, settings)
    return check_bytes(text, filename, settings)


def check_paths(
    paths: Iterable[str | PathLike[str]], settings: Settings | None = None, *, jobs: int = 1
) -> Iterator[FileResult]:
    """Check files and folders; yields a result for each file, sorted by path, also for those without findings.

    settings: for all files; by default each file follows its nearest configuration file. jobs: worker processes at
    most, 0 for as many as there are processors; a program that asks for more than one has to be importable without
    running, as `multiprocessing` asks.

    Raises FileNotFoundError with a line for each path that cannot be checked, and SettingsProblem for a configuration
    that cannot be followed; both before the first file is checked.
    """
    found = discover((fspath(given) for given in paths), Configuration(settings=settings))
    if found.problems:
        raise FileNotFoundError("\n".join(found.problems))
    return check_files(found.files, jobs)


def load_settings(directory: str | PathLike[str] = curdir, **overrides: object) -> Settings:
    """The settings that hold for the files in `directory`.

    overrides: settings by name, with underscores, as a configuration file would have them (`select=["CLO1"]`).
    Raises SettingsProblem if the configuration file, or an override, cannot be followed.
    """
    values = {name.replace("_", "-"): value for name, value in overrides.items()}
    directory = path.abspath(directory)
    return Configuration([Layer(values, "load_settings", directory)] if values else []).for_directory(directory)
