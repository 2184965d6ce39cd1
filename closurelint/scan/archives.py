"""The files in archives, one after the other. Nothing is unpacked to disk, and names are no more than labels.

An archive is read as if its author meant harm: no file, and no header, is read beyond a limit, whatever it says of its
size; and all of it together may not be out of proportion to the archive.
"""

from __future__ import annotations

import bz2
import gzip
import lzma
import tarfile
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from typing import BinaryIO, cast

from closurelint.scan.shard import ShardProblem

MOST_EXPANSION = 250
"""How many times its own size an archive may hold; source text is packed to a fifth, seldom to a fiftieth."""

ALWAYS_ALLOWED = 100_000_000
"""Bytes that an archive of any size may hold."""

LARGEST_HEADER = 64_000_000
"""Bytes: the directory of a zip archive with some hundred thousand files."""

ZIP_SUFFIXES = (".zip", ".whl", ".egg")
TAR_SUFFIXES = (".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tbz2", ".tar.xz", ".txz")

_END_OF_TAR = (b"", b"\0" * tarfile.BLOCKSIZE)
_ENCRYPTED = 1
_BLIND_METHODS = frozenset((zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED))
"""Methods whose readers never give more than they are asked for; others expand a whole piece of input at once."""

Wanted = Callable[[str], bool]


def zip_files(stream: BinaryIO, wanted: Wanted, largest: int, skipped: Counter[str]) -> Iterator[tuple[str, bytes]]:
    """Name and contents of each wanted file in a zip archive; what is left out is counted in `skipped`."""
    left = _allowed(stream)
    with zipfile.ZipFile(cast("BinaryIO", _Limited(stream))) as archive:
        for member in archive.infolist():
            if member.is_dir() or not wanted(member.filename):
                continue
            if member.flag_bits & _ENCRYPTED:
                skipped["encrypted"] += 1
                continue
            with archive.open(member) as opened:
                piece = 1 << 16 if member.compress_type in _BLIND_METHODS else 1 << 12
                data = _up_to(largest, lambda opened=opened, piece=piece: opened.read(piece))  # type: ignore[misc]
            left -= largest if data is None else len(data)
            if left < 0:
                raise _out_of_proportion()
            if data is None:
                skipped["too large"] += 1
            else:
                yield member.filename, data


def _up_to(largest: int, read: Callable[[], bytes]) -> bytes | None:
    """All that `read` gives, None if that is more than `largest` bytes."""
    pieces, size = [], 0
    while piece := read():
        size += len(piece)
        if size > largest:
            return None
        pieces.append(piece)
    return b"".join(pieces)


def tar_files(stream: BinaryIO, wanted: Wanted, largest: int, skipped: Counter[str]) -> Iterator[tuple[str, bytes]]:
    """Name and contents of each wanted file in a tar archive, packed or not; see `zip_files`."""
    forward = _Forward(_unpacked(stream), _allowed(stream))
    archive = tarfile.TarFile(fileobj=cast("BinaryIO", forward))
    while (member := archive.next()) is not None:
        # tarfile keeps every member, for a way back that is not taken here
        archive.members.clear()  # type: ignore[attr-defined]
        if not member.isreg() or member.issparse() or not wanted(member.name):
            continue
        opened = archive.extractfile(member) if member.size <= largest else None
        if opened is None:
            skipped["too large"] += 1
        else:
            yield member.name, opened.read()
    if forward.last not in _END_OF_TAR:
        # tarfile takes a damaged header for the end
        raise ShardProblem("it is damaged after some of its files")


def _unpacked(stream: BinaryIO) -> BinaryIO:
    start = stream.read(6)
    stream.seek(0)
    if start.startswith(b"\x1f\x8b"):
        return cast(BinaryIO, gzip.GzipFile(fileobj=stream))
    if start.startswith(b"BZh"):
        return cast(BinaryIO, bz2.BZ2File(stream))
    return cast(BinaryIO, lzma.LZMAFile(stream)) if start == b"\xfd7zXZ\0" else stream


def _allowed(stream: BinaryIO) -> int:
    """How many bytes may come out of an archive."""
    size = stream.seek(0, 2)
    stream.seek(0)
    return max(ALWAYS_ALLOWED, MOST_EXPANSION * size)


def _out_of_proportion() -> ShardProblem:
    return ShardProblem(f"it unpacks to more than {MOST_EXPANSION} times its size, as no archive of programs does")


class _Limited:
    """A stream of which no piece may be too large to hold, which is what a lie about the size of a header asks for."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self.seek, self.tell, self.seekable = stream.seek, stream.tell, lambda: True

    def read(self, size: int = -1) -> bytes:
        if size > LARGEST_HEADER:
            raise ShardProblem(f"its directory has {size} bytes, more than is read at once")
        return self._stream.read(size)


class _Forward:
    """What tarfile reads from: a stream that only goes on, up to `allowed` bytes, in pieces that can be held.

    last: what was read last.
    """

    def __init__(self, stream: BinaryIO, allowed: int) -> None:
        self._stream, self._allowed = stream, allowed
        self._at = 0
        self.last = b""

    def tell(self) -> int:
        return self._at

    def seek(self, position: int) -> int:
        while self._at < position and self.read(min(position - self._at, 1 << 20)):
            pass
        return self._at

    def read(self, size: int = -1) -> bytes:
        if not 0 <= size <= LARGEST_HEADER:
            raise ShardProblem(f"a header in it has {size} bytes, more than is read at once")
        self.last = self._stream.read(size)
        self._at += len(self.last)
        if self._at > self._allowed:
            raise _out_of_proportion()
        return self.last
