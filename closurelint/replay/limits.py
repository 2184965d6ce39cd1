"""What one replay may cost, and the reasons for which it ends without a verdict."""

from __future__ import annotations

import time
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """What one claim may cost.

    steps: syntax nodes evaluated in one evaluation of the objective; total_steps: in all evaluations together.
    seconds: processor time for the claim, so that a busy machine decides nothing. elements: size of one array;
    allocated: of all arrays together.
    depth: calls within calls. bits: size of an integer. length: of a string, list or range.
    """

    steps: int = 100_000
    total_steps: int = 1_000_000
    seconds: float = 10.0
    elements: int = 100_000
    allocated: int = 20_000_000
    depth: int = 24
    bits: int = 4096
    length: int = 100_000


class NotReplayable(Exception):
    """The claim cannot be replayed; the message says why, in words that fit after "not replayed: "."""


class LimitReached(NotReplayable):
    """The source asks for more than the limits allow."""


class Unsupported(NotReplayable):
    """The source uses a part of the language that replay does not evaluate."""


class Meter:
    """Counts what an evaluation costs and raises `LimitReached` at the limit."""

    __slots__ = ("_end", "allocated", "limits", "steps", "total")

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.steps = 0
        self.total = 0
        self.allocated = 0
        self._end = time.thread_time() + limits.seconds

    def begin(self) -> None:
        """One more evaluation of the objective begins."""
        self.total += self.steps
        self.steps = 0

    def step(self) -> None:
        """One syntax node, or one round of a loop."""
        self.steps += 1
        if self.steps > self.limits.steps:
            raise LimitReached(f"exceeds {self.limits.steps:,} steps")
        if not self.steps & 255:
            if self.total + self.steps > self.limits.total_steps:
                raise LimitReached(f"exceeds {self.limits.total_steps:,} steps in all evaluations")
            if time.thread_time() > self._end:
                raise LimitReached(f"takes longer than {self.limits.seconds:g} seconds")

    def size(self, elements: int) -> None:
        """An array of that many elements is about to be made."""
        if elements > self.limits.elements:
            raise LimitReached(f"makes an array of more than {self.limits.elements:,} elements")
        self.allocated += elements
        if self.allocated > self.limits.allocated:
            raise LimitReached(f"makes arrays of more than {self.limits.allocated:,} elements together")

    def length(self, items: int) -> None:
        """A string, list or tuple of that length is about to be made."""
        if items > self.limits.length:
            raise LimitReached(f"makes a sequence longer than {self.limits.length:,}")
        self.allocated += items
        if self.allocated > self.limits.allocated:
            raise LimitReached(f"makes sequences of more than {self.limits.allocated:,} items together")

    def integer(self, bits: float) -> None:
        """An integer of that many bits is about to be made."""
        if bits > self.limits.bits:
            raise LimitReached(f"makes an integer of more than {self.limits.bits:,} bits")
