"""What the interpreter in `dataflow` computes with: abstract values.

A value knows which places its number depends on, how strongly (`Cut`), in which place it is stored, and what it may be
(`Shape`). Places are compared by identity of their root: two names for one array have one place.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

if TYPE_CHECKING:
    import libcst as cst

    from closurelint.analysis.facts import ModuleFacts
    from closurelint.catalogue import Differentiator


class Cut(NamedTuple):
    """The worst that happens to a number on its way: nothing, lost to autodiff, or made piecewise constant."""

    level: int
    operation: str = ""


LIVE = Cut(0)
TRACE_CUT = 1
GRADIENT_CUT = 2
CUT_LEVELS = {"trace": TRACE_CUT, "gradient": GRADIENT_CUT}
"""By what the catalogue says that an operation cuts."""

COMPARISON = Cut(GRADIENT_CUT, "a comparison")
INDEXING = Cut(GRADIENT_CUT, "its use as an index")
FLOOR_DIVISION = Cut(GRADIENT_CUT, "`//`")
FORMATTING = Cut(TRACE_CUT, "a string")
WRITTEN_DATA = Cut(TRACE_CUT, "`.data`")

ANY_ITEM = "[*]"
"""Path step of a subscript whose key is not a literal."""


@dataclass(slots=True, eq=False)
class Root:
    """Something that has an identity of its own: an argument, a name's first value, the result of a call.

    kind: "argument" (of a function that is read on its own), "computed" (by an expression), "literal", "object"
    (constructed), "unknown" (bound where it cannot be seen). `sources` are the places it was computed from.
    """

    name: str
    kind: str
    node: cst.CSTNode | None = None
    sources: frozenset[Place] = frozenset()
    fresh: bool = False
    module: ModuleFacts | None = None


class Place(NamedTuple):
    """Where a number is stored: a root and the attributes and items that lead to it."""

    root: Root
    path: tuple[str, ...] = ()

    def step(self, step: str) -> Place:
        """The place one attribute (`.W`) or item (`['W1']`) further."""
        if len(self.path) >= 6:
            return self
        return Place(self.root, (*self.path, step))

    @property
    def text(self) -> str:
        """How a reader would write it."""
        return self.root.name + "".join("[...]" if step == ANY_ITEM else step for step in self.path)

    def overlaps(self, other: Place) -> bool:
        """Whether the one may contain, or be, the other."""
        if self.root is not other.root:
            return False
        return all(
            mine == theirs or (ANY_ITEM in (mine, theirs) and mine[0] == theirs[0] == "[")
            for mine, theirs in zip(self.path, other.path, strict=False)
        )


Dependences = Mapping[Place, Cut]
NOTHING: Dependences = {}


def united(*parts: Dependences) -> Dependences:
    """Each place at its best: a live way beats a cut one."""
    filled = [part for part in parts if part]
    if not filled:
        return NOTHING
    if len(filled) == 1:
        return filled[0]
    result = dict(filled[0])
    for part in filled[1:]:
        if result.keys().isdisjoint(part):
            result.update(part)
            continue
        for place, cut in part.items():
            known = result.get(place)
            if known is None or cut.level < known.level:
                result[place] = cut
    return result


def weakened(deps: Dependences, cut: Cut) -> Dependences:
    """The dependences after an operation that cuts: the worst on the way counts."""
    if cut.level == 0 or not deps:
        return deps
    return {place: known if known.level >= cut.level else cut for place, known in deps.items()}


@dataclass(slots=True, eq=False)
class Imported:
    """A name of another module: `jax.numpy.sum`, `builtins.len`, `.layers.Dense`; `origin` is who imports it."""

    dotted: str
    origin: ModuleFacts | None = None


@dataclass(slots=True, eq=False)
class Function:
    """A `def` or `lambda` with the frame that it closes over, and the arguments that are bound already.

    wrapper: what a decorator of the project put in its place; it calls this function, or does not.
    spread: a decorator hands it one candidate as keyword arguments.
    recorded: what registers itself while it runs, as gates do, is put together when it returns, and is no more.
    """

    node: cst.FunctionDef | cst.Lambda
    frame: Frame
    module: ModuleFacts
    defaults: Mapping[str, Value] = field(default_factory=dict)
    args: tuple[Value, ...] = ()
    keywords: tuple[tuple[str, Value], ...] = ()
    scope: str = ""
    method: bool = False
    cut: Cut = LIVE
    wrapper: Function | None = None
    spread: bool = False
    recorded: bool = False


@dataclass(slots=True, eq=False)
class Class:
    """A class of the project; `members` are its functions and attributes, inherited ones included."""

    node: cst.ClassDef
    module: ModuleFacts
    members: dict[str, Value]
    scope: str = ""
    library_bases: tuple[str, ...] = ()
    complete: bool = True


@dataclass(slots=True, eq=False)
class Instance:
    """An object of a class of the project."""

    cls: Class


@dataclass(slots=True, eq=False)
class LibraryObject:
    """An object of a class that another module defines, with what it was constructed with, and where."""

    dotted: str
    arguments: Arguments
    node: cst.CSTNode | None = None
    origin: ModuleFacts | None = None


@dataclass(slots=True, eq=False)
class Member:
    """An attribute of something that is not known better; called, it is a method."""

    receiver: Value
    name: str


@dataclass(slots=True, eq=False)
class Applied:
    """A callable with some of its arguments: `functools.partial(jax.grad, argnums=1)`."""

    callee: Value
    arguments: Arguments


@dataclass(slots=True, eq=False)
class Derivative:
    """What a differentiator returned: a function that differentiates when it is called."""

    differentiator: Differentiator
    objective: Value
    arguments: Arguments
    node: cst.CSTNode
    module: ModuleFacts
    called: bool = False


@dataclass(slots=True, eq=False)
class Items:
    """A tuple or list whose elements are known."""

    values: tuple[Value, ...]


@dataclass(slots=True, eq=False)
class Iteration:
    """What `enumerate`, `zip` and `.items()` return; None stands for a counter or a key."""

    parts: tuple[Value | None, ...]


@dataclass(slots=True, eq=False)
class Entries:
    """A dict whose keys are literals."""

    values: Mapping[str, Value]


@dataclass(slots=True, eq=False)
class OneOf:
    """One of several, after a branch."""

    values: tuple[Value, ...]


@dataclass(slots=True, eq=False)
class Probe:
    """Stands for the objective while a function of the project is asked whether it differentiates."""

    calls: list[Arguments] = field(default_factory=list)


Shape: TypeAlias = (
    Imported
    | Function
    | Class
    | Instance
    | LibraryObject
    | Member
    | Applied
    | Derivative
    | Items
    | Iteration
    | Entries
    | OneOf
    | Probe
)

CODE = (Imported, Function, Class, Applied, Derivative)
"""Shapes that are code, not numbers: reading one depends on nothing."""


@dataclass(slots=True, eq=False)
class Value:
    """deps: what the number depends on. place: where it is stored, None for a fresh one. node: what computed it.

    fresh: the array is nobody else's. terms: of a sum, what the terms without a varied number depend on.
    """

    deps: Dependences = field(default_factory=dict)
    place: Place | None = None
    shape: Shape | None = None
    literal: bool = False
    node: cst.CSTNode | None = None
    fresh: bool = False
    terms: Dependences = field(default_factory=dict)

    def changed(self, deps: Dependences, shape: Shape | None) -> Value:
        """The value with other dependences and another shape, at a tenth of what `replace` takes."""
        return Value(deps, self.place, shape, self.literal, self.node, self.fresh, self.terms)


UNKNOWN = Value()


class Argument(NamedTuple):
    """One argument of a call; `star` is "", "*" or "**"."""

    value: Value
    keyword: str | None
    star: str
    node: cst.BaseExpression | None


class Arguments(NamedTuple):
    """The arguments of a call, in order."""

    items: tuple[Argument, ...] = ()

    def find(self, position: int | None, keywords: Iterable[str] = ()) -> Argument | None:
        """The argument at `position` (before any starred one), or by one of the keywords."""
        names = tuple(keywords)
        for index, item in enumerate(self.items):
            if item.star == "*" and position is not None and index <= position:
                position = None
            if item.keyword is None and not item.star and index == position:
                return item
            if item.keyword is not None and item.keyword in names:
                return item
        return None

    @property
    def keywords(self) -> dict[str, Argument]:
        """The keyword arguments by name."""
        return {item.keyword: item for item in self.items if item.keyword is not None}

    @property
    def positional(self) -> tuple[Argument, ...]:
        """The positional arguments, starred ones included."""
        return tuple(item for item in self.items if item.keyword is None and item.star != "**")

    def then(self, more: Arguments) -> Arguments:
        """These arguments, then the ones of a later call; a later keyword wins."""
        later = {item.keyword for item in more.items if item.keyword is not None}
        kept = [item for item in self.items if item.keyword is None or item.keyword not in later]
        positional = [item for item in kept if item.keyword is None]
        named = [item for item in kept if item.keyword is not None]
        return Arguments(
            (
                *positional,
                *(item for item in more.items if item.keyword is None),
                *named,
                *(item for item in more.items if item.keyword is not None),
            )
        )


@dataclass(slots=True, eq=False)
class Frame:
    """The variables of one activation of a module, class or function.

    epoch: which analysis made it; names of an older epoch are captured state for the analysis that runs.
    inlined: made for a call that is looked into, not for a function that is read on its own.
    earlier: functions that a name was bound to before it got its value, as the cells of a notebook do.
    tried: for each `try` that runs, all that names were bound to in it: it may be left after any of these.
    """

    parent: Frame | None
    module: ModuleFacts
    epoch: int
    scope: str = ""
    variables: dict[str, Value] = field(default_factory=dict)
    outer_names: Mapping[str, str] = field(default_factory=dict)
    is_class: bool = False
    inlined: bool = False
    is_comprehension: bool = False
    returns: list[Value] = field(default_factory=list)
    earlier: dict[str, list[Value]] = field(default_factory=dict)
    tried: list[dict[str, list[Value]]] = field(default_factory=list)

    def visible(self, name: str) -> Value | None:
        """What a name stands for here or in a frame around this one; None if nobody binds it."""
        frame: Frame | None = self
        while frame is not None:
            if name in frame.variables and not frame.is_class:
                return frame.variables[name]
            frame = frame.parent
        return None


def holds_code(value: Value) -> bool:
    """Whether a value is a function or the like, or a dict that has a function as an entry."""
    shape = value.shape
    if isinstance(shape, Entries):
        return any(isinstance(entry.shape, Function) for entry in shape.values.values())
    return isinstance(shape, CODE)


def alternatives(value: Value) -> tuple[Value, ...]:
    """The values that it may be, itself if it is not a choice."""
    return value.shape.values if isinstance(value.shape, OneOf) else (value,)


def joined(values: Iterable[Value]) -> Value:
    """What holds whichever of the values it is."""
    distinct = list({id(option): option for value in values for option in alternatives(value)}.values())
    if not distinct:
        return UNKNOWN
    if len(distinct) == 1:
        return distinct[0]
    deps = united(*(value.deps for value in distinct))
    places = {value.place for value in distinct}
    literal = all(value.literal for value in distinct)
    place = places.pop() if len(places) == 1 else None
    shaped = [value for value in distinct if value.shape is not None]
    shape = OneOf(tuple(distinct[:8])) if shaped or place is None else None
    return Value(deps, place, shape, literal, distinct[0].node)


def depending(value: Value, deps: Dependences) -> Value:
    """The value with further dependences, whichever of its options it is."""
    if not deps:
        return value
    shape = value.shape
    if isinstance(shape, OneOf):
        shape = OneOf(tuple(depending(option, deps) for option in shape.values))
    return value.changed(united(value.deps, deps), shape)


def imported_name(value: Value) -> str:
    """The dotted name of what another module defines; empty for anything else."""
    return value.shape.dotted if isinstance(value.shape, Imported) else ""
