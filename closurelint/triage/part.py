"""What the quick look hands to the close one."""

from __future__ import annotations


class Part:
    """The part of a program that is read closely: its text, all else blanked, and what of it is more than context.

    pieces: between which characters it stands, each piece some statements that parse on their own; None for all.
    scopes: the qualified names of the functions and classes whose functions are read on their own; None for all. The
    others are looked into where they are called.
    """

    __slots__ = ("pieces", "scopes", "text")

    def __init__(
        self, text: str, pieces: tuple[tuple[int, int], ...] | None = None, scopes: frozenset[str] | None = None
    ) -> None:
        self.text, self.pieces, self.scopes = text, pieces, scopes

    def reads(self, scope: str) -> bool:
        """Whether a function of this qualified name is read on its own."""
        if self.scopes is None:
            return True
        outer, _, inner = scope.partition(".")
        return outer in self.scopes or f"{outer}.{inner.partition('.')[0]}" in self.scopes or outer == "<lambda>"
