"""From what the user named to shards."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from hashlib import sha256

from closurelint.configuration.layers import Configuration
from closurelint.configuration.settings import Settings, SettingsProblem
from closurelint.discovery import discover
from closurelint.modules import ROOT_MARKS
from closurelint.scan import git, places, table
from closurelint.scan.archives import TAR_SUFFIXES, ZIP_SUFFIXES
from closurelint.scan.shard import Kind, Reading, Shard, ShardProblem, Unread, reason

FILES_PER_SHARD = 500
TABLE_SUFFIX = ".parquet"

Planned = Iterator[Shard | Unread]


def shards(sources: Iterable[str], settings: Settings, reading: Reading) -> Planned:
    """What there is to check in `sources`, each shard once, always in the same order.

    Raises SettingsProblem for what no shard of that kind can be read without, such as a package that is missing.
    """
    seen: set[str] = set()
    for source in sources:
        for planned in _in_source(source, settings, reading):
            if planned.name not in seen:
                seen.add(planned.name)
                yield planned


def _in_source(source: str, settings: Settings, reading: Reading) -> Planned:
    if places.is_url(source):
        yield from _behind_url(source, reading)
    elif not os.path.exists(source):
        yield Unread(source, source, "there is no such file or folder")
    elif os.path.isdir(source):
        yield from _in_folder(source, settings, reading)
    elif _kind_of(source) is None:
        yield from _of_files(source, os.path.dirname(os.path.abspath(source)), [os.path.basename(source)])
    else:
        yield from _of_file(source, source, os.path.abspath(source), reading)


def _behind_url(source: str, reading: Reading) -> Planned:
    try:
        found = places.files_at(source)
    except SettingsProblem:
        raise
    except Exception as problem:
        yield Unread(source, source, reason(problem))
        return
    if found != [source]:
        found = [url for url in found if _kind_of(url) is not None]
    if not found:
        yield Unread(source, source, "there is no archive and no Parquet file")
    for url in found:
        yield from _of_file(url, source, url, reading)


def _in_folder(source: str, settings: Settings, reading: Reading) -> Planned:
    """A git repository, or all that is in a folder: archives, tables, repositories, and files, project by project."""
    if git.is_repository(source):
        yield from _of_repository(source, source, reading)
        return
    everything = (*settings.extend_include, *(f"*{suffix}" for suffix in _suffixes()), "HEAD")
    # a scanned repository has no say in what is looked at
    mine = settings.changed(respect_gitignore=False, force_exclude=False, extend_include=everything)
    found = discover([source], Configuration(settings=mine))
    for problem in found.problems:
        name, _, why = problem.partition(": ")
        yield Unread(name, source, why)
    projects: dict[str, list[str]] = {}
    roots: dict[str, str] = {}
    base = os.path.abspath(source)
    for path, _ in found.files:
        if os.path.basename(path) == "HEAD":
            if git.is_repository(os.path.dirname(path)):
                yield from _of_repository(os.path.dirname(path), source, reading)
        elif _kind_of(path) is not None:
            yield from _of_file(path, source, os.path.abspath(path), reading)
        else:
            path = os.path.abspath(path)
            projects.setdefault(_project_of(os.path.dirname(path), base, roots), []).append(path)
    for project, paths in projects.items():
        name = os.path.normpath(os.path.join(source, os.path.relpath(project, base)))
        for start in range(0, len(paths), FILES_PER_SHARD):
            few = [os.path.relpath(path, project) for path in paths[start : start + FILES_PER_SHARD]]
            number = f"#{start // FILES_PER_SHARD + 1}" if len(paths) > FILES_PER_SHARD else ""
            yield from _of_files(source, project, few, f"{name}{number}")


def _project_of(folder: str, base: str, known: dict[str, str]) -> str:
    """The nearest folder that looks like the root of a project, from `folder` up to `base`."""
    if folder not in known:
        is_root = folder == base or any(os.path.exists(os.path.join(folder, mark)) for mark in ROOT_MARKS)
        known[folder] = folder if is_root else _project_of(os.path.dirname(folder), base, known)
    return known[folder]


def _of_files(source: str, folder: str, names: list[str], name: str = "") -> Planned:
    stamp = sha256()
    for each in names:
        try:
            told = places.stamp_of(os.path.join(folder, each))
        except OSError:
            told = "gone"
        stamp.update(f"{each}\0{told}\0".encode("utf-8", "surrogateescape"))
    yield Shard(name or source, source, "files", folder, stamp.hexdigest(), tuple(names))


def _of_repository(name: str, source: str, reading: Reading) -> Planned:
    place = os.path.abspath(name)
    try:
        yield Shard(name, source, "git", place, git.stamp_of(place, reading.history))
    except ShardProblem as problem:
        yield Unread(name, source, str(problem))


def _of_file(name: str, source: str, place: str, reading: Reading) -> Planned:
    """An archive, or the pieces of a table."""
    kind = _kind_of(name)
    try:
        if kind is None:
            raise ShardProblem(f"it is none of {', '.join(_suffixes())}")
        stamp = places.stamp_of(place)
        if kind != "parquet":
            yield Shard(name, source, kind, place, stamp)
            return
        with places.opened(place) as stream:
            pieces = table.pieces(stream, reading)
        for number, groups in enumerate(pieces, 1):
            yield Shard(f"{name}#{number}" if len(pieces) > 1 else name, source, kind, place, stamp, groups)
    except SettingsProblem:
        raise
    except Exception as problem:
        yield Unread(name, source, reason(problem))


def _kind_of(name: str) -> Kind | None:
    lower = name.lower()
    if lower.endswith(ZIP_SUFFIXES):
        return "zip"
    if lower.endswith(TAR_SUFFIXES):
        return "tar"
    return "parquet" if lower.endswith(TABLE_SUFFIX) else None


def _suffixes() -> tuple[str, ...]:
    return (*ZIP_SUFFIXES, *TAR_SUFFIXES, TABLE_SUFFIX)
