"""What a generated value depends on, and the state in which generated code runs: the ground truth, by construction."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum


class Reach(IntEnum):
    """How the differentiated parameter gets to a value."""

    NOT = 0
    CUT = 1
    WHOLE = 2


@dataclass(frozen=True, slots=True)
class Taint:
    """own: by the parameter. point: by the captured point. held: by other captured state."""

    own: Reach = Reach.NOT
    point: bool = False
    held: bool = False

    def __or__(self, other: Taint) -> Taint:
        return Taint(max(self.own, other.own), self.point or other.point, self.held or other.held)

    def cut(self) -> Taint:
        """Behind an operation with a zero gradient."""
        return Taint(min(self.own, Reach.CUT), self.point, self.held)


NOTHING = Taint()
PARAMETER = Taint(own=Reach.WHOLE)
POINT = Taint(point=True)
HELD = Taint(held=True)


@dataclass(slots=True)
class State:
    """names: numbers by their names; containers by the place where they are. heap: what is in each place, by key.

    returned: what left the function so far, on any path. leaked: the parameter was written into captured state, from
    where it may come back, or a part of something was taken whose other parts are not told from it.
    decided: it runs as the module's own flags have it, instead of as any may.
    """

    names: dict[str, Taint] = field(default_factory=dict)
    places: dict[str, str] = field(default_factory=dict)
    heap: dict[str, dict[str, Taint]] = field(default_factory=dict)
    returned: Taint = NOTHING
    leaked: bool = False
    decided: bool = False

    def copy(self) -> State:
        """A state that changes by itself."""
        heap = {place: dict(held) for place, held in self.heap.items()}
        return State(dict(self.names), dict(self.places), heap, self.returned, self.leaked, self.decided)

    def join(self, other: State) -> None:
        """Where two paths meet: what either brings."""
        for name, taint in other.names.items():
            self.names[name] = self.names.get(name, NOTHING) | taint
        for place, held in other.heap.items():
            mine = self.heap.setdefault(place, {})
            for key, taint in held.items():
                mine[key] = mine.get(key, NOTHING) | taint
        self.places.update(other.places)
        self.returned |= other.returned
        self.leaked |= other.leaked

    def inner(self, bound: dict[str, Taint]) -> State:
        """The state in a function or comprehension that binds names of its own; it shares the heap."""
        return State({**self.names, **bound}, dict(self.places), self.heap, decided=self.decided)
