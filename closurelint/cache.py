"""Results of earlier runs, kept in a folder of the project and used again while nothing has changed.

A result counts as long as its file, and every file that was looked at for it, is the same by change time, size and
inode, the settings are the same, and no file has come or gone. The change time cannot be set by whoever made the
files, so a cache that comes with a repository never matches. What is kept is data, read as data: what is damaged or
not understood is not used.
"""

from __future__ import annotations

import json
import os
import sys

from closurelint.files import read_file, write_atomically
from closurelint.modules import ROOT_MARKS
from closurelint.result import FileResult

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from typing import Any

    from closurelint.configuration.settings import Settings

FORMAT = 2
_TAG = "Signature: 8a477f597d28d172789f06886806bc55\n# This folder keeps results of closurelint; it can be removed.\n"

Stamp = tuple[int, int, int]
"""Change time in nanoseconds, size in bytes, inode."""


class Cache:
    """What one way of calling closurelint found last time.

    directory: the folder that keeps it. paths: what the command line names. files: what there is to check now.
    """

    def __init__(
        self, directory: str, paths: Iterable[str], files: Sequence[tuple[str, Settings]], parse: bool
    ) -> None:
        from closurelint import __version__

        self._directory, self._files = directory, files
        told = [FORMAT, __version__, sys.version_info[:2], sorted(map(os.path.abspath, paths)), os.getcwd(), parse]
        self._about = json.dumps(told)
        self._file = os.path.join(directory, f"{__version__}-{_checksum(self._about.encode()).decode()}.json")
        self._stamps = {path: stamp for path, _ in files if (stamp := _stamp(path)) is not None}
        self._settings: list[str] = []
        self._numbers: dict[int, int] = {}

    def known(self) -> dict[str, FileResult]:
        """The results that still hold, by file."""
        kept = self._read()
        if kept is None:
            return {}
        try:
            return self._valid(kept)
        except (KeyError, TypeError, ValueError, IndexError, AttributeError):
            # nobody's cache, or a broken one
            return {}

    def _read(self) -> dict[str, Any] | None:
        try:
            checksum, _, data = read_file(self._file).partition(b"\n")
            if checksum != _checksum(data):
                return None
            kept = json.loads(data)
        except (OSError, ValueError, RecursionError):
            return None
        return kept if isinstance(kept, dict) and kept.get("about") == self._about else None

    def _valid(self, kept: dict[str, Any]) -> dict[str, FileResult]:
        entries: dict[str, list[Any]] = kept["files"]
        if entries.keys() != self._stamps.keys() or len(entries) != len(self._files):
            return {}
        around: dict[str, list[Any]] = kept["around"]
        if any(list(_folder_stamp(path)) != stamp for path, stamp in kept["folders"].items()):
            return {}
        names = [*entries, *around]
        changed = {path for path, entry in entries.items() if tuple(entry[0]) != self._stamps[path]}
        changed |= {path for path, entry in around.items() if tuple(entry[0]) != _stamp(path)}
        stale = _with_dependents(changed, {path: entry[1] for path, entry in {**entries, **around}.items()}, names)
        settings = kept["settings"]
        found: dict[str, FileResult] = {}
        for path, values in self._files:
            entry = entries[path]
            if path in stale or settings[entry[2]] != self._text_of(values):
                continue
            if entry[3] is None:
                found[path] = FileResult(path, dependencies=tuple(names[number] for number in entry[1]))
                continue
            from closurelint.stored import Unfit, restored

            try:
                found[path] = restored(path, entry[3])
            except Unfit:
                continue
        return found

    def _text_of(self, settings: Settings) -> str:
        number = self._number(settings)
        return self._settings[number]

    def _number(self, settings: Settings) -> int:
        known = self._numbers.get(id(settings))
        if known is None:
            text = repr([sorted(each) if isinstance(each, frozenset) else each for each in settings.key])
            if text not in self._settings:
                self._settings.append(text)
            known = self._numbers[id(settings)] = self._settings.index(text)
        return known

    def keep(self, results: Iterable[FileResult]) -> None:
        """Write the results for the next run; a folder that cannot be written to keeps nothing."""
        by_path = {result.filename: result for result in results}
        if by_path.keys() != self._stamps.keys():
            return
        real = {os.path.abspath(path): path for path in by_path}
        around = self._around(by_path, real)
        numbers = {path: number for number, path in enumerate((*by_path, *around))}
        entries = {
            path: [
                self._stamps[path],
                _numbered(result.dependencies, numbers, real),
                self._number(settings),
                _data(result),
            ]
            for (path, settings), result in ((file, by_path[file[0]]) for file in self._files)
        }
        kept = {
            "about": self._about,
            "settings": self._settings,
            "folders": {folder: _folder_stamp(folder) for folder in _folders_above(by_path)},
            "files": entries,
            "around": {path: [stamp, _numbered(others, numbers, real)] for path, (stamp, others) in around.items()},
        }
        self._write(json.dumps(kept, separators=(",", ":")).encode())

    def _around(
        self, results: dict[str, FileResult], real: dict[str, str]
    ) -> dict[str, tuple[Stamp | None, tuple[str, ...]]]:
        """The files that were looked at without being checked, and those that were looked at for them."""
        found: dict[str, tuple[Stamp | None, tuple[str, ...]]] = {}
        waiting = [path for result in results.values() for path in result.dependencies if path not in real]
        if not waiting:
            return found
        from closurelint.engine import looked_at

        while waiting:
            path = waiting.pop()
            if path not in found and path not in results:
                others = looked_at(path)
                found[path] = (_stamp(path), others)
                waiting += [each for each in others if each not in real]
        return found

    def _write(self, data: bytes) -> None:
        try:
            os.makedirs(self._directory, exist_ok=True)
            if not is_for_results(self._directory) or _is_channel(self._file):
                return
            for name, text in (("CACHEDIR.TAG", _TAG), (".gitignore", "*\n")):
                path = os.path.join(self._directory, name)
                if not os.path.lexists(path):
                    write_atomically(path, text.encode(), lasting=False)
            write_atomically(self._file, _checksum(data) + b"\n" + data, lasting=False)
        except OSError:
            return


def check_files(
    files: Sequence[tuple[str, Settings]], paths: Iterable[str], directory: str, jobs: int = 0
) -> Iterator[FileResult]:
    """The results of `files`, in their order: kept ones where they hold, new ones elsewhere; all are kept again."""
    from closurelint.engine import WORTH_A_PROCESS
    from closurelint.engine import check_files as check

    parse = len(files) < WORTH_A_PROCESS
    cache = Cache(directory, paths, files, parse)
    known = cache.known()
    unknown = [file for file in files if file[0] not in known]
    fresh = check(unknown, jobs, parse=parse)
    results = []
    for path, _ in files:
        result = known.get(path) or next(fresh)
        results.append(result)
        yield result
    if unknown:
        cache.keep(results)


def is_for_results(directory: str) -> bool:
    """Whether a folder is for kept results: an empty one, or one that says so, not wherever a repository points."""
    if os.path.islink(directory):
        return False
    try:
        return read_file(os.path.join(directory, "CACHEDIR.TAG"), len(_TAG)) == _TAG.encode()
    except FileNotFoundError:
        return not os.listdir(directory)
    except OSError:
        return False


def _is_channel(path: str) -> bool:
    """Whether something stands in the place of a file that would wait for a reader."""
    return os.path.exists(path) and not os.path.isfile(path)


def _data(result: FileResult) -> dict[str, Any] | None:
    if not (result.diagnostics or result.suppressed or result.refuted):
        return None
    from closurelint.stored import stored

    return stored(result)


def _numbered(paths: Iterable[str], numbers: dict[str, int], real: dict[str, str]) -> list[int]:
    return sorted(numbers[name] for path in paths if (name := real.get(path, path)) in numbers)


def _with_dependents(changed: set[str], needs: dict[str, list[int]], names: list[str]) -> set[str]:
    """The files of `changed`, and all that were judged with an eye on one of them."""
    if not changed:
        return changed
    users: dict[str, list[str]] = {}
    for path, numbers in needs.items():
        for number in numbers:
            users.setdefault(names[number], []).append(path)
    stale, waiting = set(changed), list(changed)
    while waiting:
        new = [path for path in users.get(waiting.pop(), ()) if path not in stale]
        stale.update(new)
        waiting += new
    return stale


def _folders_above(paths: Iterable[str]) -> list[str]:
    """The folders above all files where a module could turn up that an import means; up to five, as imports look."""
    folders = {os.path.dirname(os.path.abspath(path)) for path in paths}
    if not folders:
        return []
    top = os.path.commonpath(sorted(folders))
    found = []
    for _ in range(5):
        parent = os.path.dirname(top)
        if parent == top or any(os.path.exists(os.path.join(top, mark)) for mark in ROOT_MARKS):
            break
        found.append(parent)
        top = parent
    return found


def _stamp(path: str) -> Stamp | None:
    try:
        status = os.stat(path)
    except OSError:
        return None
    return status.st_ctime_ns, status.st_size, status.st_ino


def _folder_stamp(path: str) -> tuple[int, ...]:
    """The names of the Python files and folders in a folder, as a number."""
    try:
        names = sorted(os.listdir(path))
    except OSError:
        return (0,)
    from zlib import crc32

    return (crc32("\0".join(name for name in names if name.endswith(".py") or "." not in name).encode()),)


def _checksum(data: bytes) -> bytes:
    from zlib import crc32

    return b"%08x" % crc32(data)
