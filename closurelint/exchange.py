"""What forked processes tell each other while they work, without waiting for anybody."""

from __future__ import annotations

import os
import struct
from collections.abc import Iterator

_SIZE = struct.Struct("=Q")


class Exchange:
    """Messages of `count` processes; made before they are forked. Raises OSError where the system has no way for it.

    Each process writes to a file in memory of its own. A message that is not whole yet is read next time.
    """

    def __init__(self, count: int) -> None:
        self._files: list[int] = []
        try:
            self._files += (_file() for _ in range(count))
        except OSError:
            self.close()
            raise
        self._read = [0] * count

    def tell(self, teller: int, message: bytes) -> None:
        """Let all others know."""
        data = memoryview(_SIZE.pack(len(message)) + message)
        while data:
            data = data[os.write(self._files[teller], data) :]

    def heard(self, listener: int) -> Iterator[bytes]:
        """What the others have told since they were last listened to."""
        for teller, file in enumerate(self._files):
            if teller == listener:
                continue
            end = os.fstat(file).st_size
            while end - self._read[teller] >= _SIZE.size:
                start = self._read[teller] + _SIZE.size
                (size,) = _SIZE.unpack(os.pread(file, _SIZE.size, self._read[teller]))
                if end - start < size:
                    break
                self._read[teller] = start + size
                yield os.pread(file, size, start)

    def close(self) -> None:
        """Forget it all."""
        while self._files:
            os.close(self._files.pop())


def _file() -> int:
    if not hasattr(os, "memfd_create"):
        raise OSError("no files in memory")
    return os.memfd_create("closurelint")
