"""The blobs of a git repository, bare or not, without a work tree: `git` reads them, and nothing else of it runs.

The repository may come from anywhere: its replacements are not followed, and where blobs are missing nothing is
fetched, which could start programs that its configuration names.
"""

from __future__ import annotations

import os
import subprocess
from collections import Counter
from collections.abc import Callable, Iterator
from hashlib import sha256

from closurelint.scan.shard import ShardProblem

_REGULAR = (b"100644", b"100755")


def is_repository(folder: str) -> bool:
    """Whether a folder is a git directory: a bare repository, or the `.git` of another."""
    return os.path.isfile(os.path.join(folder, "HEAD")) and all(
        os.path.isdir(os.path.join(folder, name)) for name in ("objects", "refs")
    )


def stamp_of(folder: str, history: bool) -> str:
    """What changes when a commit, or for the history anything that is referred to, does; raises ShardProblem."""
    if history:
        return sha256(_said(folder, "for-each-ref", "--format=%(objectname) %(refname)")).hexdigest()
    return _said(folder, "rev-parse", "--verify", "--quiet", "HEAD^{tree}").decode().strip()


def blobs(
    folder: str, history: bool, wanted: Callable[[str], bool], largest: int, skipped: Counter[str]
) -> Iterator[tuple[str, bytes]]:
    """Name and contents of each wanted blob; what is left out is counted in `skipped`. Raises ShardProblem."""
    reader = _started(folder, "cat-file", "--batch", stdin=subprocess.PIPE)
    assert reader.stdin is not None
    assert reader.stdout is not None
    try:
        for number, name in _history(folder) if history else _tree(folder):
            if not wanted(name):
                continue
            reader.stdin.write(number + b"\n")
            reader.stdin.flush()
            found = reader.stdout.readline().split()
            if len(found) == 2:
                skipped["missing"] += 1
                continue
            if len(found) != 3:
                raise ShardProblem("git cannot read its objects, `git fsck` says why")
            size = int(found[2])
            data = _read(reader, size) if size <= largest else _passed_over(reader, size)
            if found[1] == b"blob" and size > largest:
                skipped["too large"] += 1
            elif found[1] == b"blob":
                yield name, data
    finally:
        _end(reader)


def _tree(folder: str) -> Iterator[tuple[bytes, str]]:
    """The files of HEAD: links lead elsewhere, and submodules are repositories of their own."""
    for entry in _listed(folder, b"\0", "ls-tree", "-r", "-z", "HEAD"):
        about, _, name = entry.partition(b"\t")
        mode, _, number = about.split()
        if mode in _REGULAR:
            yield number, os.fsdecode(name)


def _history(folder: str) -> Iterator[tuple[bytes, str]]:
    """Every object that a reference leads to, under the first name that it had."""
    for entry in _listed(folder, b"\n", "rev-list", "--objects", "--all"):
        number, _, name = entry.partition(b" ")
        if name:
            yield number, os.fsdecode(name)


def _listed(folder: str, end: bytes, *words: str) -> Iterator[bytes]:
    """What a command of git lists, piece by piece."""
    process = _started(folder, *words)
    assert process.stdout is not None
    rest = b""
    try:
        while data := process.stdout.read(1 << 16):
            *entries, rest = (rest + data).split(end)
            yield from entries
        if process.wait():
            raise ShardProblem(f"`git {words[0]}` fails in it, `git fsck` says why")
    finally:
        _end(process)


def _read(process: subprocess.Popen[bytes], size: int) -> bytes:
    assert process.stdout is not None
    data = process.stdout.read(size + 1)
    if len(data) <= size:
        raise ShardProblem("git ends in the middle of an object, `git fsck` says why")
    return data[:-1]


def _passed_over(process: subprocess.Popen[bytes], size: int) -> bytes:
    size += 1
    while size > 1 << 20:
        _read(process, (1 << 20) - 1)
        size -= 1 << 20
    _read(process, size - 1)
    return b""


def _said(folder: str, *words: str) -> bytes:
    process = _started(folder, *words)
    said, _ = process.communicate()
    if process.returncode:
        raise ShardProblem(
            f"`git {words[0]}` fails in it: is it a repository with a commit, and does it belong to you?"
        )
    return said


def _started(folder: str, *words: str, stdin: int = subprocess.DEVNULL) -> subprocess.Popen[bytes]:
    command = ["git", "--no-pager", "--no-replace-objects", f"--git-dir={folder}", *words]
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    # older versions of git know only the second way to fetch nothing
    environment = kept | {"GIT_NO_LAZY_FETCH": "1", "GIT_ALLOW_PROTOCOL": "none", "GIT_TERMINAL_PROMPT": "0"}
    try:
        return subprocess.Popen(
            command, stdin=stdin, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment
        )
    except FileNotFoundError as missing:
        raise ShardProblem("git is not installed, which reads repositories") from missing


def _end(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    process.communicate()
