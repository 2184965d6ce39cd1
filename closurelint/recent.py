"""What was used last, as much as memory allows."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Hashable
    from typing import Any

KEPT = 2_000_000
"""Characters of a project's files whose trees are kept, for the next files that import them."""


class Recent:
    """A mapping that forgets what was not used for longest. `limit`: of the sizes of all that is in it.

    It does so when it is asked to: what is in use must stay the same thing.
    """

    def __init__(self, limit: int = KEPT) -> None:
        self._limit = limit
        self._size = 0
        self._held: dict[Hashable, tuple[Any, int]] = {}

    def get(self, key: Hashable) -> Any:
        """What is held for a key, and is used now; None if nothing is."""
        held = self._held.pop(key, None)
        if held is None:
            return None
        self._held[key] = held
        return held[0]

    def put(self, key: Hashable, value: Any, size: int) -> None:
        """Hold a value instead of what was held for the key."""
        self.pop(key)
        self._held[key] = value, size
        self._size += size

    def trim(self) -> list[Any]:
        """Forget what is over the limit, but not what was used last; tells the keys that had to go."""
        gone = []
        while self._size > self._limit and len(self._held) > 1:
            gone.append(next(iter(self._held)))
            self.pop(gone[-1])
        return gone

    def pop(self, key: Hashable) -> None:
        """Forget what is held for a key, if anything is."""
        _, size = self._held.pop(key, (None, 0))
        self._size -= size

    def __contains__(self, key: Hashable) -> bool:
        return key in self._held
