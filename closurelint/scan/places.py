"""Where sources are: paths of this machine, and URLs, which fsspec opens."""

from __future__ import annotations

import os
import stat
from typing import Any, BinaryIO, cast

from closurelint.configuration.settings import SettingsProblem
from closurelint.scan.shard import ShardProblem


def is_url(place: str) -> bool:
    """Whether `place` is a URL; a drive letter of Windows is no scheme."""
    return "://" in place


def opened(place: str) -> BinaryIO:
    """The file at `place`, to be read from any position; raises OSError, or ShardProblem for what is no file."""
    if is_url(place):
        system, path = _system_of(place)
        return cast(BinaryIO, system.open(path, "rb"))
    if not stat.S_ISREG(os.stat(place).st_mode):
        raise ShardProblem("it is not a regular file")
    return open(place, "rb")


def stamp_of(place: str) -> str:
    """What changes when the file at `place` does; raises OSError."""
    if is_url(place):
        system, path = _system_of(place)
        return str(system.ukey(path))
    status = os.stat(place)
    return f"{status.st_size} {status.st_mtime_ns}"


def files_at(url: str) -> list[str]:
    """The URLs of the files that `url` stands for: itself, all below it, or all that its wildcards match; sorted."""
    system, path = _system_of(url)
    if any(wildcard in path for wildcard in "*?["):
        found = system.glob(path)
    elif system.isdir(path):
        found = system.find(path)
    else:
        return [url]
    return sorted(str(system.unstrip_protocol(each)) for each in found)


def _system_of(url: str) -> tuple[Any, str]:
    """The file system of a URL, and the path there."""
    try:
        from fsspec.core import url_to_fs
    except ModuleNotFoundError as missing:
        raise SettingsProblem(f"{url} needs fsspec, install it with `pip install closurelint[scan]`") from missing
    try:
        system, path = url_to_fs(url)
    except (ImportError, ValueError) as problem:
        # the message names the package for this kind of URL, or says that there is none
        raise SettingsProblem(f"{url} cannot be opened: {problem}") from problem
    return system, str(path)
