"""Reading files that may be anything, and writing files so that nothing is lost."""

from __future__ import annotations

import errno
import os
import stat

LARGEST = 100_000_000
"""Bytes: what is larger is no source text, and reading it could take the memory of the whole machine."""


def read_file(path: str, largest: int = LARGEST) -> bytes:
    """The bytes of the regular file at `path`.

    Never waits for a pipe, never reads a device, and never more than `largest` bytes. Raises OSError, whose `strerror`
    says what is wrong.
    """
    try:
        # a pipe would wait for somebody to write, and opening some devices does something
        handle = os.open(path, os.O_RDONLY | _WITHOUT_WAITING)
    except ValueError as problem:
        raise OSError(errno.EINVAL, str(problem), path) from None
    try:
        kept = os.fstat(handle)
        if not stat.S_ISREG(kept.st_mode):
            word = "Is a directory" if stat.S_ISDIR(kept.st_mode) else "not a regular file"
            raise OSError(errno.EINVAL, word, path)
        pieces: list[bytes] = []
        size = 0
        while size <= largest:
            # files of the kernel have no size, and a file may grow meanwhile
            piece = os.read(handle, max(kept.st_size + 1 - size, 65536))
            if not pieces and len(piece) == kept.st_size <= largest:
                return piece
            if not piece:
                return b"".join(pieces)
            pieces.append(piece)
            size += len(piece)
    finally:
        os.close(handle)
    raise OSError(errno.EFBIG, f"larger than {largest // 1_000_000} MB", path)


_WITHOUT_WAITING = getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0) | getattr(os, "O_BINARY", 0)


def write_atomically(path: str, data: bytes, *, through_link: bool = False, lasting: bool = True) -> None:
    """Replace the file at `path` as a whole: whoever reads it meanwhile, or a full disk, leaves it old or new.

    Mode and owner are kept. What is no regular file (`/dev/stdout`, a pipe) is written to. through_link: whether a
    symbolic link stays, and the file that it leads to is replaced; otherwise the link itself is, because a repository
    could bring one that leads out of it. lasting: whether it must outlast a crash of the machine, which takes time.
    Raises OSError.
    """
    if _is_channel(path):
        with open(path, "wb") as stream:
            stream.write(data)
        return
    target = os.path.realpath(path) if through_link else path
    old = os.stat(target) if os.path.isfile(target) and not os.path.islink(target) else None
    if old is not None and not os.access(target, os.W_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), target)
    folder, name = os.path.split(target)
    # the name is known before the file is there, so that an interrupt at any moment leaves none behind
    temporary = os.path.join(folder, f".{name[:50]}.{os.getpid()}-{os.urandom(6).hex()}")
    try:
        handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o666)
        with open(handle, "wb") as stream:
            stream.write(data)
            if lasting:
                stream.flush()
                os.fsync(stream.fileno())
        if old is not None:
            _make_alike(temporary, old)
        os.replace(temporary, target)
    except BaseException:
        from contextlib import suppress

        with suppress(FileNotFoundError):
            os.unlink(temporary)
        raise


def _make_alike(path: str, old: os.stat_result) -> None:
    """Give a new file the owner and the mode of the one that it replaces."""
    new = os.stat(path)
    if (new.st_uid, new.st_gid) != (old.st_uid, old.st_gid):
        from contextlib import suppress

        with suppress(OSError):
            os.chown(path, old.st_uid, old.st_gid)
    os.chmod(path, stat.S_IMODE(old.st_mode))


def _is_channel(path: str) -> bool:
    """Whether `path` leads to a device, a pipe or the like, by its own name or by one that the system gives it."""
    if os.path.islink(path):
        return os.path.abspath(path).startswith(("/dev/", "/proc/"))
    return os.path.lexists(path) and not os.path.isfile(path)
