"""What the evaluator computes with, besides numbers, strings, containers and arrays."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

Value: TypeAlias = Any
"""A number, string, None, container, numpy array of numbers, or one of the classes below; nothing else ever."""

AnyArray: TypeAlias = npt.NDArray[Any]
Key: TypeAlias = tuple[str, Any]
"""("attribute", name) or ("item", key)."""
SOMEWHERE: Key = ("item", "slice")
"""What was written under slices, and under keys that are not known."""


class Scope:
    """The names of one function call, or of a module; `outer` is where it looks next."""

    __slots__ = ("is_comprehension", "names", "outer", "passed")

    def __init__(self, outer: Scope | None = None, *, is_comprehension: bool = False) -> None:
        self.is_comprehension = is_comprehension
        self.names: dict[str, Value] = {}
        self.outer = outer
        self.passed: set[str] = set()

    def find(self, name: str) -> Scope | None:
        """The scope that holds the name, this one or one around it."""
        scope: Scope | None = self
        while scope is not None and name not in scope.names:
            scope = scope.outer
        return scope

    def bind(self, name: str, value: Value) -> None:
        """Assign, here or, for a `global` or `nonlocal` name, where it is held."""
        if name in self.passed and self.outer is not None:
            (self.outer.find(name) or self.outer).names[name] = value
        else:
            self.names[name] = value


@dataclass(slots=True, eq=False)
class Function:
    """A function of the checked source, to be interpreted."""

    node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
    scope: Scope
    name: str
    defaults: tuple[Value, ...] = ()
    keyword_defaults: tuple[Value, ...] = ()
    kind: str = "plain"


@dataclass(slots=True, eq=False)
class Class:
    """A class of the checked source: its functions are interpreted, its bases looked up by name."""

    name: str
    node: ast.ClassDef
    scope: Scope
    bases: tuple[Value, ...] = ()
    members: dict[str, Value] = field(default_factory=dict)

    def find(self, name: str) -> Value:
        """A member of this class or of a base, None without one."""
        return next((cls.members[name] for cls in self.lineage() if name in cls.members), None)

    def holds_apart(self, name: str) -> bool:
        """Whether its objects hold something by that name that is made of nothing else in them."""
        return any(name in _held_apart(cls.node) for cls in self.lineage())

    def lineage(self) -> Iterator[Class]:
        """This class and what it derives from, nearest first, and what two of them share after both."""
        found: dict[int, Class] = {}
        self._derived(found)
        return reversed(found.values())

    def _derived(self, found: dict[int, Class]) -> None:
        for base in reversed(self.bases):
            if isinstance(base, Class) and id(base) not in found:
                base._derived(found)
        found[id(self)] = self


@dataclass(slots=True, eq=False)
class Bound:
    """A method with its receiver."""

    function: Function
    receiver: Value


@dataclass(slots=True, eq=False)
class Library:
    """A name of an imported module, or the module: `jax.numpy.sum`; nothing is imported for it."""

    dotted: str


@dataclass(slots=True, eq=False)
class Native:
    """A function of the evaluator's own tables."""

    name: str
    call: Callable[[list[Value], dict[str, Value]], Value]


@dataclass(slots=True, eq=False)
class Method:
    """A method of a value, read but not yet called."""

    receiver: Value
    name: str


@dataclass(slots=True, eq=False)
class Indexer:
    """`x.at`, and `x.at[index]` once `index` is set: jax's way to write."""

    array: AnyArray
    index: Value = None


@dataclass(slots=True, eq=False)
class Cursor:
    """`np.nditer(x)` with a multi index."""

    array: AnyArray
    place: int = 0

    @property
    def finished(self) -> bool:
        """Whether every element was visited."""
        return self.place >= self.array.size

    @property
    def multi_index(self) -> tuple[int, ...]:
        """The current index."""
        if self.finished:
            return tuple(0 for _ in self.array.shape)
        return tuple(int(part) for part in np.unravel_index(self.place, self.array.shape))


@dataclass(slots=True, eq=False)
class StandIn:
    """Stands for a captured object whose source is not known, or only its class.

    label: how the source spells it, which seeds its numbers. owner: the object that it was read from.
    exact: the array that it is. basis: what its value depends on. slots: attributes and items that it holds.
    made: those that were only read, so that the same ones are read again.
    absorbed: what was handed to it by calls whose result nobody kept (`net.set_weights(w)`).
    anything: what each item is, where the captured path has a key that is not written in the source.
    """

    label: str
    owner: StandIn | None = None
    exact: AnyArray | None = None
    basis: list[Value] = field(default_factory=list)
    slots: dict[Key, Value] = field(default_factory=dict)
    made: dict[Key, StandIn] = field(default_factory=dict)
    absorbed: list[Value] = field(default_factory=list)
    anything: Value = None
    cls: Class | None = None
    holder: tuple[Key, ...] | None = None

    @property
    def root(self) -> StandIn:
        """The object that it was reached from."""
        top = self
        while top.owner is not None:
            top = top.owner
        return top

    def read(self, key: Key) -> Value:
        """An attribute or item; one that nobody wrote is a stand-in of its own."""
        if key in self.slots:
            return self.slots[key]
        if key[0] == "item" and self.anything is not None:
            return self.anything
        if key in self.made:
            return self.made[key]
        label = f"{self.label}.{key[1]}" if key[0] == "attribute" else f"{self.label}[{key[1]!r}]"
        carried = self.basis if self.exact is None else [self.exact]
        written = self.slots.get(SOMEWHERE, ()) if key[0] == "item" else ()
        made = StandIn(label, owner=self, basis=[*carried, *written])
        self.made[key] = made
        return made

    def read_apart(self, key: Key) -> Value:
        """An attribute or item that does not hang on what else the object holds."""
        found = self.read(key)
        if key in self.made:
            self.made[key].owner = None
        return found

    def write_somewhere(self, value: Value) -> None:
        """`self[key] = value` where nobody knows the key: from now on each item can hang on the value."""
        self.slots[SOMEWHERE] = [*self.slots.get(SOMEWHERE, ()), value]
        for key, item in self.made.items():
            if key[0] == "item":
                self.made[key] = StandIn(item.label, owner=self, basis=[item, value])


@lru_cache(maxsize=64)
def _held_apart(cls: ast.ClassDef) -> frozenset[str]:
    """The attributes that the methods of a class set, without reading anything of the object for it."""
    apart: set[str] = set()
    of_itself: set[str] = set()
    for method in cls.body:
        if not isinstance(method, ast.FunctionDef) or not method.args.args:
            continue
        receiver = method.args.args[0].arg
        for statement in ast.walk(method):
            if isinstance(statement, ast.Assign):
                reads = any(_is_name(each, receiver) for each in ast.walk(statement.value))
                targets = [each for each in statement.targets if isinstance(each, ast.Attribute)]
                names = {each.attr for each in targets if _is_name(each.value, receiver)}
                (of_itself if reads else apart).update(names)
    return frozenset(apart - of_itself)


def _is_name(node: ast.AST, name: str) -> bool:
    return isinstance(node, ast.Name) and node.id == name


def same(left: Value, right: Value) -> bool:
    """Whether two values are one, or equal as numbers, texts, and containers of these are."""
    if left is right:
        return True
    if isinstance(left, list | tuple) and type(left) is type(right):
        return len(left) == len(right) and all(map(same, left, right))
    if isinstance(left, bool | int | float) and isinstance(right, bool | int | float):
        return left == right
    return textual(left) and type(left) is type(right) and bool(left == right)


def textual(value: Value) -> bool:
    """Whether a value is compared as a whole, and is no number."""
    return value is None or isinstance(value, str | Library | Class | Function | Native)
