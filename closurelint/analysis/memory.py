"""What names, attributes and items hold, and where a varied number may have got to."""

from __future__ import annotations

from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

import libcst as cst

from closurelint.analysis.facts import ModuleFacts
from closurelint.analysis.values import (
    ANY_ITEM,
    CODE,
    LIVE,
    NOTHING,
    Applied,
    Arguments,
    Class,
    Cut,
    Dependences,
    Derivative,
    Entries,
    Frame,
    Function,
    Instance,
    Items,
    Iteration,
    LibraryObject,
    Member,
    OneOf,
    Place,
    Root,
    Shape,
    Value,
    alternatives,
    depending,
    joined,
    united,
    weakened,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


class OutOfBudget(Exception):
    """An analysis took more steps than one closure may cost."""


@dataclass(slots=True)
class Written:
    """One write to an attribute or item. `strong`: it replaces what was there."""

    place: Place
    value: Value
    strong: bool
    epoch: int


class Read(NamedTuple):
    """Where captured state was read first: the node, and how many calls deep."""

    node: cst.CSTNode
    depth: int


Binding: TypeAlias = tuple[Frame, str, Value]


class Perhaps:
    """A part of an objective that may not run. unsure: whoever learns on the way that it does run clears this."""

    __slots__ = ("_apart", "_before", "_bound", "_memory", "unsure")

    def __init__(self, memory: Memory, apart: Frame | None) -> None:
        self._memory, self._apart = memory, apart
        self._before = len(memory.written)
        self._bound: list[Binding] = []
        self.unsure = True

    def __enter__(self) -> Perhaps:
        self._memory.binding.append(self._bound)
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        memory = self._memory
        memory.binding.pop()
        if kind is None and self.unsure and memory.epoch:
            memory.weaken(memory.written[self._before :], self._bound, self._apart)


class Memory:
    """What an interpreter remembers: of the module, and of the analysis of one objective on top of it."""

    def __init__(self, step_limit: int = 2_000_000) -> None:
        self.epoch = 0
        self.depth = 0
        self.steps_left = step_limit
        self.heap: dict[Root, list[Written]] = {}
        self.written: list[Root] = []
        """What an objective wrote to, again for each write."""
        self.escaped: Dependences = NOTHING
        self.stirred = False
        """Whether a varied number may have got into anything: something unseen was set going after it had got out, or
        it was written to an object that others hold too."""
        self.registered: Dependences = NOTHING
        self.conditions: Dependences = NOTHING
        self.reads: dict[Place, Read] = {}
        self.varied_reads: set[Root] = set()
        self.opened: set[Place] = set()
        """What something unseen was called on, or given: it may use all that is held there."""
        self.lent: dict[Place, None] = {}
        """What something unseen was given that may keep it, in the order that it was."""
        self.consumed: set[Place] = set()
        """Captured state that something is taken out of: the next evaluation finds other things there."""
        self.disowned: set[Root] = set()
        """Parameters that are deleted before anything reads them, whose author does not want them."""
        self.handed_to: dict[Root, str] = {}
        self.rebound: dict[tuple[int, str], Value] = {}
        self.cutting: list[Cut] = []
        self.expecting_failure = 0
        self.expecting_zero = 0
        self.expecting_number = 0
        self.reading: cst.CSTNode | None = None
        self.loop_exits: list[list[tuple[dict[str, Value], bool]]] = []
        """For each loop that runs, the variables where it is left or goes on early, and whether it is left."""
        self.binding: list[list[Binding]] = []
        """For each part that may not run, and that runs now, what names were bound to before they got another value."""
        self.unknown_roots: dict[tuple[str, str], Root] = {}
        self.defined: list[tuple[Function, Class | None]] = []
        self.subclasses: dict[cst.ClassDef, list[Class]] = {}
        self.trail: list[tuple[cst.CSTNode, Dependences]] = []

    @contextmanager
    def analysis(self, step_limit: int) -> Iterator[None]:
        """A new epoch: what exists already is captured state, and what happens here is forgotten afterwards."""
        kept: dict[str, Any] = {name: getattr(self, name) for name in _PER_ANALYSIS}
        self.epoch += 1
        self.depth = 0
        self.heap = {root: list(writes) for root, writes in self.heap.items()}
        self.written = []
        self.escaped, self.registered, self.conditions, self.stirred = NOTHING, NOTHING, NOTHING, False
        self.reads, self.varied_reads, self.handed_to, self.opened, self.consumed = {}, set(), {}, set(), set()
        self.disowned, self.lent = set(), {}
        self.cutting, self.loop_exits, self.binding = [], [], []
        self.rebound, self.trail = {}, []
        self.steps_left = step_limit
        try:
            yield
        finally:
            for name, value in kept.items():
                setattr(self, name, value)

    def store(self, name: str, value: Value, frame: Frame) -> None:
        """Bind a name; a value that has no place yet gets one of that name."""
        value = self.placed(name, self._cut(value), frame)
        if value.place is not None and not value.place.root.name:
            value.place.root.name = name
        for tried in frame.tried:
            tried.setdefault(name, []).append(value)
        kind = frame.outer_names.get(name)
        scope: Frame | None = frame
        if kind == "global":
            self.escape(value.deps)
            while scope is not None and scope.parent is not None:
                scope = scope.parent
        elif kind == "nonlocal":
            scope = frame.parent
            while scope is not None and (scope.is_class or name not in scope.variables):
                scope = scope.parent
        holder = scope or frame
        before = holder.variables.get(name)
        if holder.epoch < self.epoch:
            if before is not None:
                known = self.rebound.get((id(holder), name)) or self.captured(before, name)
                self._note_binding(holder, name, known)
            # an analysis leaves what is older as it was
            self.rebound[id(holder), name] = value
        else:
            if before is not None:
                self._note_binding(holder, name, before)
            if holder.parent is None and before is not None and isinstance(before.shape, Function):
                holder.earlier.setdefault(name, []).append(before)
            holder.variables[name] = value

    def _note_binding(self, holder: Frame, name: str, before: Value) -> None:
        for bound in self.binding:
            bound.append((holder, name, before))

    def placed(self, name: str, value: Value, frame: Frame) -> Value:
        """The value with a place: its own, or one of that name."""
        if value.place is not None or isinstance(value.shape, CODE):
            return value
        return placed(value, Place(self.root(name, value, frame.module)))

    def root(self, name: str, value: Value, module: ModuleFacts) -> Root:
        """A root for a value that had no place."""
        kind = "unknown" if value.node is None else "computed"
        if value.literal:
            kind = "literal"
        elif isinstance(value.shape, Instance | LibraryObject):
            kind = "object"
        return Root(name, kind, value.node, frozenset(value.deps), value.fresh or value.literal, module)

    def write(self, place: Place, value: Value, strong: bool) -> None:
        """Remember what was written to an attribute or item."""
        value = self._cut(value)
        if value.place is None and not isinstance(value.shape, CODE):
            value = placed(value, place)
        if value.place is not None and not value.place.root.name and value.place.root is not place.root:
            value.place.root.name = place.text
        self.heap.setdefault(place.root, []).append(Written(place, value, strong, self.epoch))
        if not self.epoch:
            return
        self.written.append(place.root)
        if strong and any(read.root is place.root for read in self.reads):
            # what was put into captured state may come back through anything that is called later
            self.escape(value.deps)

    def perhaps(self, apart: Frame | None = None) -> Perhaps:
        """What an objective writes and binds meanwhile may never be: afterwards it hides nothing that was there.

        apart: whoever asks joins the variables of that frame.
        """
        return Perhaps(self, apart)

    def weaken(self, written: Sequence[Root], bound: Sequence[Binding], apart: Frame | None) -> None:
        """What was written and bound of late, but for the variables of `apart`, may never have been."""
        for root, count in Counter(written).items():
            writes = self.heap[root]
            for index in range(len(writes) - count, len(writes)):
                if writes[index].strong and not isinstance(writes[index].value.shape, CODE):
                    writes[index] = replace(writes[index], strong=False)
        for holder, name, known in reversed(bound):
            if holder is not apart:
                self._bind_perhaps(holder, name, known)

    def _bind_perhaps(self, holder: Frame, name: str, before: Value) -> None:
        if holder.epoch < self.epoch:
            self.rebound[id(holder), name] = joined((before, self.rebound[id(holder), name]))
        elif name in holder.variables:
            holder.variables[name] = joined((before, holder.variables[name]))

    def stored(self, place: Place, value: Value, aliases: int = 4) -> Value:
        """What a place holds, given what it would hold if nothing had been written to it or around it.

        aliases: how many other names of the same array are followed, since any of them may have been written to.
        """
        path = place.path
        since: list[Dependences] = []
        for written in reversed(self.heap.get(place.root, ())):
            at = written.place.path
            if path and at and not written.place.overlaps(place):
                continue
            known = written.value if written.epoch == self.epoch else self.captured(written.value)
            depth = len(at)
            if written.strong and depth <= len(path) and at == path[:depth]:
                for step in path[depth:]:
                    known = self._stepped(known, step)
                other = known.place
                if aliases and other is not None and other.root is not place.root and other.root in self.heap:
                    known = self.stored(other, known, aliases - 1)
                if ANY_ITEM in path[depth:]:
                    # which item this is was chosen before
                    since.append(self.varied(value.deps))
                return depending(known, united(*since))
            since.append(known.deps)
        return depending(value, united(*since))

    def counted(self, value: Value) -> bool:
        """Whether a result is captured state that this very analysis added to, or took from: a count of evaluations."""
        if value.deps and all(any(place.overlaps(taken) for taken in self.consumed) for place in value.deps):
            return True
        place = value.place
        if place is None or place not in value.deps or place.root.kind in ("varied", "argument"):
            return False
        mine = [item for item in self.heap.get(place.root, ()) if item.epoch == self.epoch]
        written = [item.value for item in mine if item.place == place]
        rebound = [item for item in self.rebound.values() if item.place == place]
        # a count goes on from what it was; anything else that is put there is just kept
        return any(place in value.deps for value in (*written, *rebound))

    def consume(self, container: Value) -> None:
        """Something is taken out of a container for good, which matters where others hold it too."""
        place = container.place
        if self.epoch and place is not None and self._is_older(place.root):
            self.consumed.add(place)

    def _is_older(self, root: Root) -> bool:
        """Whether something was there before the analysis that runs."""
        if root.kind == "argument" or any(read.root is root for read in self.reads):
            return True
        return any(written.epoch < self.epoch for written in self.heap.get(root, ()))

    def _stepped(self, value: Value, step: str) -> Value:
        shape = value.shape
        if isinstance(shape, Entries) and step[1:-1].strip("'") in shape.values:
            return shape.values[step[1:-1].strip("'")]
        if isinstance(shape, Items) and step[1:-1].isdigit() and int(step[1:-1]) < len(shape.values):
            return shape.values[int(step[1:-1])]
        return extended(value, step)

    def _cut(self, value: Value) -> Value:
        for cut in self.cutting:
            value = value.changed(weakened(value.deps, cut), value.shape)
        return value

    def unknown_root(self, name: str, module: ModuleFacts | None) -> Root:
        """The one root of a name that is bound where it cannot be seen."""
        key = ("" if module is None else module.filename, name)
        if key not in self.unknown_roots:
            self.unknown_roots[key] = Root(name, "unknown", None, module=module)
        return self.unknown_roots[key]

    def captured(
        self, value: Value, name: str = "", node: cst.CSTNode | None = None, frame: Frame | None = None
    ) -> Value:
        """A value of an older epoch, as the analysis that runs sees it: one opaque thing that it reads."""
        shape = self._captured_shape(value.shape, name)
        if isinstance(value.shape, CODE):
            return value if shape is value.shape else value.changed(value.deps, shape)
        if value.literal and not value.deps and value.place is None:
            return value
        if value.place is None:
            if isinstance(value.shape, OneOf):
                options = tuple(self.captured(option, name, node, frame) for option in value.shape.values)
                return joined(options)
            root = Root(name or "value", "computed", value.node, frozenset(value.deps), value.fresh)
            value = replace(value, place=Place(root))
        place = value.place
        assert place is not None
        if node is not None:
            self.reads.setdefault(place, Read(node, self.depth))
        back = self.escaped if self.stirred and not value.literal else NOTHING
        return value.changed(united({place: LIVE}, self.varied(value.deps), back), shape)

    def varied(self, deps: Dependences) -> Dependences:
        """The part that comes from the parameter under analysis."""
        return {place: cut for place, cut in deps.items() if place.root.kind == "varied"}

    def _captured_shape(self, shape: Shape | None, name: str) -> Shape | None:
        if isinstance(shape, Items):
            return Items(tuple(self.captured(part, f"{name}[{i}]") for i, part in enumerate(shape.values[:20])))
        if isinstance(shape, Entries) and len(shape.values) <= 20:
            return Entries({key: self.captured(part, f"{name}['{key}']") for key, part in shape.values.items()})
        if isinstance(shape, Member):
            return Member(self.captured(shape.receiver, name), shape.name)
        if isinstance(shape, Iteration):
            return Iteration(tuple(part and self.captured(part, name) for part in shape.parts))
        if isinstance(shape, Function) and (shape.args or shape.keywords or shape.defaults):
            return replace(
                shape,
                args=tuple(self.captured(arg, "argument") for arg in shape.args),
                keywords=tuple((key, self.captured(arg, key)) for key, arg in shape.keywords),
                defaults={key: self.captured(arg, key) for key, arg in shape.defaults.items()},
            )
        if isinstance(shape, Applied):
            return replace(
                shape, callee=self.captured(shape.callee), arguments=self._captured_arguments(shape.arguments)
            )
        if isinstance(shape, Derivative):
            return replace(
                shape, objective=self.captured(shape.objective), arguments=self._captured_arguments(shape.arguments)
            )
        if isinstance(shape, OneOf):
            return OneOf(tuple(self.captured(option, name) for option in shape.values))
        return shape

    def _captured_arguments(self, arguments: Arguments) -> Arguments:
        return Arguments(tuple(item._replace(value=self.captured(item.value, "argument")) for item in arguments.items))

    def taint(self, target: Value, deps: Dependences) -> None:
        """Something unseen may have put a varied number into `target`."""
        varied = self.varied(deps)
        for option in {id(each): each for each in (target, *alternatives(target))}.values() if varied else ():
            if option.place is not None:
                self.write(option.place, Value(varied), strong=False)

    def rearranged(self, container: Value, given: Dependences = NOTHING) -> None:
        """The elements of a list stand at other indices now: any of them may be at each."""
        if container.place is not None:
            self.write(container.place, Value(self.varied(united(container.deps, given))), strong=False)

    def escape(self, deps: Dependences) -> None:
        """Something unseen was given a varied number, and may hand it to anything that is called later."""
        varied = self.varied(deps)
        if varied:
            self.escaped = united(self.escaped, varied)


_PER_ANALYSIS = (
    "epoch",
    "depth",
    "heap",
    "written",
    "escaped",
    "stirred",
    "registered",
    "conditions",
    "reads",
    "varied_reads",
    "handed_to",
    "opened",
    "lent",
    "consumed",
    "disowned",
    "cutting",
    "loop_exits",
    "binding",
    "rebound",
    "steps_left",
    "trail",
)


def placed(value: Value, place: Place) -> Value:
    """A fresh value that gets a place; the parts of a fresh container get theirs in it."""
    shape = value.shape
    if isinstance(shape, Items):
        shape = Items(tuple(_part_placed(part, place.step(f"[{i}]")) for i, part in enumerate(shape.values)))
    elif isinstance(shape, Entries):
        shape = Entries({key: _part_placed(part, place.step(f"['{key}']")) for key, part in shape.values.items()})
    return Value(value.deps, place, shape, value.literal, value.node, value.fresh, value.terms)


def _part_placed(part: Value, place: Place) -> Value:
    if part.place is not None or isinstance(part.shape, CODE) or len(place.path) > 3:
        return part
    return placed(part, place)


def extended(base: Value, step: str) -> Value:
    """An attribute or item of a value that nothing more is known of."""
    if base.place is None:
        return Value(base.deps, None, None, base.literal, base.node, base.fresh)
    place = base.place.step(step)
    deps = {place if found == base.place else found: cut for found, cut in base.deps.items()}
    return Value(deps, place, None, base.literal, base.node)
