"""When Python looks for garbage: trees are a million live objects, which it would walk again and again in vain.

What the stages make is let go of as a whole, and leads nowhere back to itself, so that it goes when its last user goes.
Python's collector is left with what is forgotten.
"""

from __future__ import annotations

import gc


class WithoutCollection:
    """A context in which the collector is off."""

    __slots__ = ("_was_on",)

    def __enter__(self) -> None:
        self._was_on = gc.isenabled()
        gc.disable()

    def __exit__(self, *_: object) -> None:
        if self._was_on:
            gc.enable()


def collect_rarely() -> None:
    """Look for garbage less often than Python does: what a run or a session keeps lives to its end."""
    gc.set_threshold(50_000, 20, 50)
