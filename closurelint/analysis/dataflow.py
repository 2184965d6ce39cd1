"""An abstract interpreter for the statements and expressions of objectives and of the code around them.

It runs a module, and then every function of it on its own, over the values of `values`: which numbers depend on which
places, and what each name may be. What a call does stands in `calls`; what is recorded of it, in `sites`.
Branches are joined, loops run until nothing new can come, calls of project functions are looked into.
"""

from __future__ import annotations

import builtins
from collections.abc import Callable, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, NamedTuple

import libcst as cst

from closurelint.analysis.expectations import is_number, is_zero
from closurelint.analysis.facts import ModuleFacts, children, dotted_name, statements
from closurelint.analysis.syntax import names_in
from closurelint.analysis.values import (
    ANY_ITEM,
    CODE,
    GRADIENT_CUT,
    LIVE,
    NOTHING,
    TRACE_CUT,
    UNKNOWN,
    Applied,
    Arguments,
    Class,
    Cut,
    Dependences,
    Derivative,
    Entries,
    Frame,
    Function,
    Imported,
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
    depending,
    joined,
    united,
    weakened,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from closurelint.analysis.calls import Calls

BUILTINS = frozenset(dir(builtins))
COMPARISON = Cut(GRADIENT_CUT, "a comparison")
INDEXING = Cut(GRADIENT_CUT, "its use as an index")
FLOOR_DIVISION = Cut(GRADIENT_CUT, "`//`")
FORMATTING = Cut(TRACE_CUT, "a string")


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


class Interpreter:
    """Runs code over abstract values. One instance serves one module and what it imports from the project."""

    calls: Calls

    def __init__(self, step_limit: int = 2_000_000) -> None:
        self.epoch = 0
        self.depth = 0
        self.steps_left = step_limit
        self.heap: dict[Root, list[Written]] = {}
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
        self.handed_to: dict[Root, str] = {}
        self.rebound: dict[tuple[int, str], Value] = {}
        self.cutting: list[Cut] = []
        self.expecting_failure = 0
        self.expecting_zero = 0
        self.expecting_number = 0
        self.reading: cst.CSTNode | None = None
        self.loop_exits: list[list[dict[str, Value]]] = []
        self.unknown_roots: dict[tuple[str, str], Root] = {}
        self.defined: list[tuple[Function, Class | None]] = []
        self.subclasses: dict[cst.ClassDef, list[Class]] = {}
        self.trail: list[tuple[cst.CSTNode, Dependences]] = []

    # -- statements ---------------------------------------------------------------------------------------------

    def execute(self, body: cst.BaseSuite | cst.Module, frame: Frame) -> bool:
        """Run a block; whether its end is reached."""
        return all(self.statement(node, frame) for node in statements(body))

    def statement(self, node: cst.CSTNode, frame: Frame) -> bool:
        """Run one statement; whether the next one is reached."""
        self.steps_left -= 1
        if self.steps_left < 0:
            raise OutOfBudget
        run = _STATEMENTS.get(type(node))
        return True if run is None else run(self, node, frame)

    def _expression_statement(self, node: cst.Expr, frame: Frame) -> bool:
        if isinstance(node.value, cst.Call):
            self.calls.evaluate(node.value, frame, discarded=True)
        else:
            self.expression(node.value, frame)
        return True

    def _assign(self, node: cst.Assign, frame: Frame) -> bool:
        value = self.expression(node.value, frame)
        self.trail.append((node, value.deps))
        for target in node.targets:
            self.bind(target.target, value, frame)
        return True

    def _annotated_assign(self, node: cst.AnnAssign, frame: Frame) -> bool:
        if node.value is not None:
            self.bind(node.target, self.expression(node.value, frame), frame)
        return True

    def _augmented_assign(self, node: cst.AugAssign, frame: Frame) -> bool:
        old = self.expression(node.target, frame)
        added = self.expression(node.value, frame)
        deps = united(old.deps, added.deps)
        if isinstance(node.operator, cst.FloorDivideAssign):
            deps = weakened(deps, FLOOR_DIVISION)
        terms = self._terms(node.operator, old, added)
        literal = old.literal and added.literal
        self.trail.append((node, deps))
        # an array keeps its identity under `+=`; a number that is written out, the start of a sum, does not
        place = None if old.literal and not literal else old.place
        self.bind(node.target, Value(deps, place, None, literal, node, old.fresh, terms), frame)
        self.calls.difference(node, old, added)
        return True

    def _return(self, node: cst.Return, frame: Frame) -> bool:
        value = UNKNOWN if node.value is None else self.expression(node.value, frame)
        if node.value is None:
            value = Value(literal=True)
        self.trail.append((node, value.deps))
        frame.returns.append(self._cut(value))
        return False

    def _leave(self, node: cst.CSTNode, frame: Frame) -> bool:
        if isinstance(node, cst.Break | cst.Continue) and self.loop_exits:
            self.loop_exits[-1].append(frame.variables)
        return False

    def _if(self, node: cst.If, frame: Frame) -> bool:
        self._condition(self.expression(node.test, frame))
        otherwise = node.orelse
        return self._branch(
            frame,
            lambda: self.execute(node.body, frame),
            lambda: True if otherwise is None else self._else(otherwise, frame),
        )

    def _else(self, node: cst.If | cst.Else, frame: Frame) -> bool:
        return self._if(node, frame) if isinstance(node, cst.If) else self.execute(node.body, frame)

    def _branch(self, frame: Frame, *ways: Callable[[], bool]) -> bool:
        before = frame.variables
        ends: list[dict[str, Value]] = []
        for way in ways:
            frame.variables = dict(before)
            if way():
                ends.append(frame.variables)
        frame.variables = _merged(ends) if ends else before
        return bool(ends)

    def _for(self, node: cst.For, frame: Frame) -> bool:
        iterated = self.expression(node.iter, frame)

        def once() -> bool:
            self.bind(node.target, self.element(iterated, node), frame)
            return self.execute(node.body, frame)

        return self._loop(once, node.orelse, frame)

    def _while(self, node: cst.While, frame: Frame) -> bool:
        def once() -> bool:
            self._condition(self.expression(node.test, frame))
            return self.execute(node.body, frame)

        return self._loop(once, node.orelse, frame)

    def _loop(self, once: Callable[[], bool], otherwise: cst.Else | None, frame: Frame) -> bool:
        # a second round lets what the first one bound at its end flow into its beginning
        for _ in range(2 if self.epoch else 1):
            before = dict(frame.variables)
            self.loop_exits.append([])
            reached = once()
            exits = self.loop_exits.pop()
            if reached:
                exits.append(frame.variables)
            frame.variables = _merged([*reversed(exits), before])
        return True if otherwise is None else self.execute(otherwise.body, frame)

    def _try(self, node: cst.Try | cst.TryStar, frame: Frame) -> bool:
        before = dict(frame.variables)
        reached = self.execute(node.body, frame)
        if reached and node.orelse is not None:
            reached = self.execute(node.orelse.body, frame)
        ends = [frame.variables] if reached else []
        after_body = frame.variables
        for handler in node.handlers:
            frame.variables = _merged([after_body, before])
            if handler.name is not None:
                self.bind(handler.name.name, Value(fresh=True), frame)
            if self.execute(handler.body, frame):
                ends.append(frame.variables)
        frame.variables = _merged(ends) if ends else after_body
        if node.finalbody is not None:
            return self.execute(node.finalbody.body, frame) and bool(ends)
        return bool(ends)

    def _with(self, node: cst.With, frame: Frame) -> bool:
        failures, cuts = 0, 0
        for item in node.items:
            value = self.expression(item.item, frame)
            self.escape(value.deps)
            if self.calls.expects_failure(item.item, frame):
                failures += 1
            cut = self.calls.context_cut(item.item, frame)
            if cut is not None:
                self.cutting.append(cut)
                cuts += 1
            if item.asname is not None:
                self.bind(item.asname.name, value, frame)
        self.expecting_failure += failures
        try:
            return self.execute(node.body, frame) or bool(failures)
        finally:
            self.expecting_failure -= failures
            del self.cutting[len(self.cutting) - cuts :]

    def _match(self, node: cst.Match, frame: Frame) -> bool:
        subject = self.expression(node.subject, frame)
        self._condition(subject)
        ways = [self._case(case, subject, frame) for case in node.cases]
        return self._branch(frame, *ways, lambda: True)

    def _case(self, case: cst.MatchCase, subject: Value, frame: Frame) -> Callable[[], bool]:
        def way() -> bool:
            for name in _pattern_names(case.pattern):
                self.store(name, Value(subject.deps, None, None, subject.literal, case), frame)
            if case.guard is not None:
                self._condition(self.expression(case.guard, frame))
            return self.execute(case.body, frame)

        return way

    def _define(self, node: cst.FunctionDef, frame: Frame) -> bool:
        value = Value(self.closed_over(node, frame), shape=self.function(node, frame), node=node)
        for decorator in reversed(node.decorators):
            value = self.calls.decorated(decorator, value, frame)
        self.store(node.name.value, value, frame)
        return True

    def function(self, node: cst.FunctionDef | cst.Lambda, frame: Frame) -> Function:
        """The function that a definition makes; it is remembered, to be read on its own later."""
        defaults = {
            parameter.name: self.expression(parameter.default, frame)
            for parameter in frame.module.parameters(node)
            if parameter.default is not None
        }
        name = node.name.value if isinstance(node, cst.FunctionDef) else "<lambda>"
        scope = f"{frame.scope}.{name}" if frame.scope else name
        made = Function(node, frame, frame.module, defaults, scope=scope)
        if self.epoch == 0 and self.depth == 0:
            self.defined.append((made, None))
        return made

    def _class(self, node: cst.ClassDef, frame: Frame) -> bool:
        scope = f"{frame.scope}.{node.name.value}" if frame.scope else node.name.value
        inner = Frame(frame, frame.module, frame.epoch, scope, is_class=True, inlined=frame.inlined)
        members: dict[str, Value] = {}
        library_bases: list[str] = []
        parents: list[Class] = []
        complete = True
        for base in reversed(node.bases):
            shape = self.expression(base.value, frame).shape
            if isinstance(shape, Class):
                parents.append(shape)
                members.update(shape.members)
                library_bases.extend(shape.library_bases)
                complete = complete and shape.complete
            elif isinstance(shape, Imported):
                library_bases.append(shape.dotted)
                complete = complete and shape.dotted in ("builtins.object", "abc.ABC")
            else:
                complete = False
        defined_before = len(self.defined)
        self.execute(node.body, inner)
        members.update(inner.variables)
        made = Class(node, frame.module, members, scope, tuple(library_bases), complete)
        for parent in parents:
            self.subclasses.setdefault(parent.node, []).append(made)
        self.defined[defined_before:] = [
            (function, made if owner is None and function.frame is inner else owner)
            for function, owner in self.defined[defined_before:]
        ]
        self.store(node.name.value, Value(shape=made, node=node), frame)
        return True

    def _delete(self, node: cst.Del, frame: Frame) -> bool:
        for target in node.target.elements if isinstance(node.target, cst.Tuple) else (node.target,):
            name = target.value if isinstance(target, cst.Element) else target
            if isinstance(name, cst.Name):
                frame.variables.pop(name.value, None)
        return True

    def _assert(self, node: cst.Assert, frame: Frame) -> bool:
        compared = node.test.comparisons if isinstance(node.test, cst.Comparison) else ()
        with self.expecting([target.comparator for target in compared]):
            self.expression(node.test, frame)
        return True

    @contextmanager
    def expecting(self, compared: Sequence[cst.BaseExpression]) -> Iterator[None]:
        """What runs here is compared with these: who writes out zero, or a number, knows what the gradient is."""
        zero, number = any(is_zero(node) for node in compared), any(is_number(node) for node in compared)
        self.expecting_zero += zero
        self.expecting_number += number
        try:
            yield
        finally:
            self.expecting_zero -= zero
            self.expecting_number -= number

    def _import(self, node: cst.Import | cst.ImportFrom, frame: Frame) -> bool:
        self.calls.bind_import(node, frame)
        return True

    def _condition(self, value: Value) -> None:
        if self.epoch:
            # what a branch is taken by matters to the result as a whole
            self.conditions = united(self.conditions, dict.fromkeys(value.deps, LIVE))

    # -- binding ------------------------------------------------------------------------------------------------

    def bind(self, target: cst.CSTNode, value: Value, frame: Frame) -> None:
        """Assign to a name, an attribute, an item or a tuple of these."""
        if isinstance(target, cst.Name):
            self.store(target.value, value, frame)
        elif isinstance(target, cst.Tuple | cst.List):
            self._unpack(target.elements, value, frame)
        elif isinstance(target, cst.Attribute):
            base = self.expression(target.value, frame)
            if base.place is not None:
                self.write(base.place.step("." + target.attr.value), value, strong=True)
            if self.epoch and (base.place is None or self._is_part_of_another(base)):
                self.escape(value.deps)
                # whatever is read from now on may be the object that was written to
                self.stirred = self.stirred or bool(self.varied(value.deps))
        elif isinstance(target, cst.Subscript):
            base = self.expression(target.value, frame)
            step = self._subscript_step(target, frame)
            index = self.varied(united(*(self.expression(part, frame).deps for part in _index_parts(target))))
            if index:
                # where something is written matters to the result as well as what
                value = depending(value, weakened(index, INDEXING))
            if base.place is not None:
                place = base.place if step is None else base.place.step(step)
                self.calls.mutated(base.place)
                # `x[:] = w` fills the array, `x[i] = w` one element of it: what else was there stays; what was read
                # out of it before may be a view or a copy, so a parameter's own array is not taken for lost
                whole = step is None and _is_full_slice(target) and not self.varied(base.deps)
                self.write(place, value, strong=whole or (step is not None and step != ANY_ITEM))
            if self.epoch and (base.place is None or any(read.root is base.place.root for read in self.reads)):
                # `os.environ["ALPHA"] = ...`, `model.vector()[:] = ...`: whoever runs later finds it there
                self.escape(value.deps)

    def _is_part_of_another(self, base: Value) -> bool:
        """Whether an object came out of captured ones by ways that are not seen: `for p in model.parameters()`."""
        place = base.place
        if place is None or base.fresh:
            return False
        if place.root.kind in ("unknown", "argument"):
            # `self.parameter.value = v`: others were given that object too
            return True
        if place.root.kind != "computed" or isinstance(base.shape, Instance):
            return False
        return any(source.root.kind != "varied" for source in place.root.sources)

    def _unpack(self, elements: Sequence[cst.BaseElement], value: Value, frame: Frame) -> None:
        starred = next((i for i, item in enumerate(elements) if isinstance(item, cst.StarredElement)), None)
        for index, element in enumerate(elements):
            if starred is None or index < starred:
                part = self.item(value, index)
                if part.node is value.node:
                    # a part of what was computed, not all of it
                    part = replace(part, node=element.value)
            elif index == starred:
                part = Value(value.deps, value.place, None, value.literal, element)
            else:
                part = self.element(value, element)
            self.bind(element.value, part, frame)

    def store(self, name: str, value: Value, frame: Frame) -> None:
        """Bind a name; a value that has no place yet gets one of that name."""
        value = self.placed(name, self._cut(value), frame)
        if value.place is not None and not value.place.root.name:
            value.place.root.name = name
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
        if holder.epoch < self.epoch:
            # an analysis leaves what is older as it was
            self.rebound[id(holder), name] = value
        else:
            before = holder.variables.get(name)
            if holder.parent is None and before is not None and isinstance(before.shape, Function):
                holder.earlier.setdefault(name, []).append(before)
            holder.variables[name] = value

    def placed(self, name: str, value: Value, frame: Frame) -> Value:
        """The value with a place: its own, or one of that name."""
        if value.place is not None or isinstance(value.shape, CODE):
            return value
        return _placed(value, Place(self.root(name, value, frame.module)))

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
            value = _placed(value, place)
        if value.place is not None and not value.place.root.name and value.place.root is not place.root:
            value.place.root.name = place.text
        self.heap.setdefault(place.root, []).append(Written(place, value, strong, self.epoch))
        if self.epoch and strong and any(read.root is place.root for read in self.reads):
            # what was put into captured state may come back through anything that is called later
            self.escape(value.deps)

    def counted(self, value: Value) -> bool:
        """Whether a result is captured state that this very analysis added to: a count of its own evaluations."""
        place = value.place
        if place is None or place not in value.deps or place.root.kind in ("varied", "argument"):
            return False
        written = any(item.epoch == self.epoch and item.place == place for item in self.heap.get(place.root, ()))
        return written or any(item.place == place for item in self.rebound.values())

    def stored(self, place: Place, value: Value) -> Value:
        """What a place holds, given what it would hold if nothing had been written to it or around it."""
        since = NOTHING
        for written in reversed(self.heap.get(place.root, ())):
            if not written.place.overlaps(place):
                continue
            known = written.value if written.epoch == self.epoch else self.captured(written.value)
            depth = len(written.place.path)
            if written.strong and depth <= len(place.path) and written.place.path == place.path[:depth]:
                for step in place.path[depth:]:
                    known = self._stepped(known, step)
                if ANY_ITEM in place.path[depth:]:
                    # which item this is was chosen before
                    since = united(since, self.varied(value.deps))
                return depending(known, since)
            since = united(since, known.deps)
        return depending(value, since)

    def _stepped(self, value: Value, step: str) -> Value:
        shape = value.shape
        if isinstance(shape, Entries) and step[1:-1].strip("'") in shape.values:
            return shape.values[step[1:-1].strip("'")]
        if isinstance(shape, Items) and step[1:-1].isdigit() and int(step[1:-1]) < len(shape.values):
            return shape.values[int(step[1:-1])]
        return _extended(value, step)

    def _cut(self, value: Value) -> Value:
        for cut in self.cutting:
            value = replace(value, deps=weakened(value.deps, cut))
        return value

    # -- expressions --------------------------------------------------------------------------------------------

    def expression(self, node: cst.BaseExpression, frame: Frame) -> Value:
        """The abstract value of an expression."""
        self.steps_left -= 1
        if self.steps_left < 0:
            raise OutOfBudget
        evaluate = _EXPRESSIONS.get(type(node))
        return self._composed(node, frame) if evaluate is None else evaluate(self, node, frame)

    def _composed(self, node: cst.CSTNode, frame: Frame) -> Value:
        """Anything without a rule of its own depends on all its parts."""
        parts = [self.expression(child, frame) for child in children(node) if isinstance(child, cst.BaseExpression)]
        return Value(united(*(part.deps for part in parts)), None, None, False, node)

    def _literal(self, node: cst.CSTNode, frame: Frame) -> Value:
        return Value(literal=True, node=node)

    def _name(self, node: cst.Name, frame: Frame) -> Value:
        return self.lookup(node.value, frame, node)

    def lookup(self, name: str, frame: Frame, node: cst.CSTNode) -> Value:
        """The value of a name as this code sees it."""
        if name in ("True", "False", "None"):
            return Value(literal=True, node=node)
        scope: Frame | None = frame
        while scope is not None:
            value = None if scope.is_class and scope is not frame else scope.variables.get(name)
            if self.rebound and (id(scope), name) in self.rebound:
                return self.rebound[id(scope), name]
            if value is not None:
                if scope.earlier and self.reading is not None and self.epoch and name in scope.earlier:
                    # read long after it was written, maybe when the name meant one of these
                    value = joined((*scope.earlier[name], value))
                if value.place is not None and value.place.root.kind == "varied":
                    self.varied_reads.add(value.place.root)
                if value.place is not None and value.place.root in self.heap:
                    value = self.stored(value.place, value)
                if scope.epoch < self.epoch:
                    return self.captured(value, name, node, frame)
                if value.place is not None and not value.deps and (value.literal or not self.epoch):
                    # made of nothing that is varied, but by a name that may be the point's
                    return replace(value, deps={value.place: LIVE})
                return value
            scope = scope.parent
        if name in BUILTINS:
            return Value(shape=Imported(f"builtins.{name}"))
        known = self.calls.unbound(name, frame)
        if known is not None:
            return known
        place = Place(self.unknown_root(name, frame.module))
        unknown = self.stored(place, Value({place: LIVE}, place))
        return self.captured(unknown, name, node, frame) if self.epoch else unknown

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
            return value if shape is value.shape else replace(value, shape=shape)
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
        return replace(value, deps=united({place: LIVE}, self.varied(value.deps), back), shape=shape)

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

    def _attribute(self, node: cst.Attribute, frame: Frame) -> Value:
        return self.attribute(self.expression(node.value, frame), node.attr.value, node)

    def attribute(self, base: Value, name: str, node: cst.CSTNode) -> Value:
        """`base.name`."""
        base = self.calls.understood(base)
        shape = base.shape
        if isinstance(shape, OneOf):
            return joined(self.attribute(option, name, node) for option in shape.values)
        known = self.calls.attribute(base, name)
        if known is not None:
            return known
        found, filled = _extended(base, "." + name), False
        if found.place is not None and found.place.root in self.heap:
            written = self.stored(found.place, found)
            if written.shape is not None:
                return written
            found, filled = written, written is not found
        if self.escaped and found.place is not None and self._may_follow(found.place.root):
            # `expression.value`, where its variable has just been given another
            found = depending(found, self.escaped)
        if isinstance(shape, Instance):
            member = self._member(base, shape.cls, name)
            if member is not None and filled and not isinstance(member.shape, CODE):
                # a default of the class, which this instance has a number of its own for
                found = depending(found, member.deps)
            elif member is not None:
                return member
        return replace(found, shape=Member(base, name), node=node)

    def _may_follow(self, root: Root) -> bool:
        """Whether an object was made of another one that has been written to since."""
        if root.kind != "computed" or not isinstance(root.node, cst.Call):
            return False
        written = {
            known.name for known, writes in self.heap.items() if any(item.epoch == self.epoch for item in writes)
        }
        return any(name.value in written for name in names_in(root.node))

    def _member(self, base: Value, cls: Class, name: str) -> Value | None:
        member = cls.members.get(name)
        if member is None:
            return None
        if not isinstance(member.shape, Function):
            return self.captured(member, name) if member.place is not None else member
        kinds = _decorator_names(member.shape.node)
        if "staticmethod" in kinds:
            return member
        # `self` of a class that is read on its own may well be of one that does it in its own way
        others = self._overriding(cls, name) if base.place is not None and base.place.root.node is None else ()
        return joined(self._bound(option, base, kinds) for option in (member, *others))

    def _bound(self, method: Value, base: Value, kinds: set[str]) -> Value:
        """A method of an object, or what it returns if it is a property."""
        assert isinstance(method.shape, Function)
        bound = replace(method.shape, args=(base, *method.shape.args))
        if kinds & {"property", "cached_property"}:
            return self.calls.inlining.call_function(bound, Arguments(), method.shape.node)
        return replace(method, shape=bound)

    def _overriding(self, cls: Class, name: str) -> list[Value]:
        """The methods of that name that the project's subclasses have in the place of the class's own."""
        found: dict[cst.CSTNode, Value] = {}
        waiting = list(self.subclasses.get(cls.node, ()))
        while waiting:
            each = waiting.pop()
            waiting.extend(self.subclasses.get(each.node, ()))
            member = each.members.get(name)
            if member is not None and isinstance(member.shape, Function):
                found.setdefault(member.shape.node, member)
        own = cls.members[name].shape
        return [member for node, member in found.items() if not isinstance(own, Function) or node is not own.node]

    def _subscript(self, node: cst.Subscript, frame: Frame) -> Value:
        base = self.expression(node.value, frame)
        index = united(*(self.expression(part, frame).deps for part in _index_parts(node)))
        step = self._step_from_the_end(node, base) or self._subscript_step(node, frame)
        if step is None:
            found = Value(base.deps, base.place, None, base.literal, node, base.fresh)
        elif step == ANY_ITEM and isinstance(base.shape, Items | Entries | OneOf | Iteration):
            found = self._some_entry(base, node)
        else:
            found = self._key(base, step, node)
        if isinstance(base.shape, Imported):
            # `np.r_[x, y]` is a call in disguise
            return depending(found, index)
        return depending(found, weakened(index, INDEXING))

    def _some_entry(self, base: Value, node: cst.CSTNode) -> Value:
        """An item whose key is not known: any of the entries, at a place that overlaps all of theirs."""
        if not isinstance(base.shape, Entries):
            return self.element(base, node)
        entries = tuple(base.shape.values.values())
        found = joined(entries)
        place = base.place
        if place is not None and all(entry.place is None or entry.place.overlaps(place) for entry in entries):
            return Value(united(found.deps, base.deps), place.step(ANY_ITEM), None, found.literal, node)
        return found

    def _key(self, base: Value, step: str, node: cst.CSTNode) -> Value:
        if isinstance(base.shape, OneOf):
            return joined(self._key(option, step, node) for option in base.shape.values)
        found = self._stepped(base, step)
        if found.place is not None and found.place.root in self.heap:
            found = self.stored(found.place, found)
        return found if found.shape is not None else replace(found, node=node)

    def _subscript_step(self, node: cst.Subscript, frame: Frame) -> str | None:
        """The path step of a subscript; None for a slice, which is a view of the same."""
        if len(node.slice) != 1:
            return None if any(isinstance(part.slice, cst.Slice) for part in node.slice) else ANY_ITEM
        part = node.slice[0].slice
        if not isinstance(part, cst.Index):
            return None
        if isinstance(part.value, cst.Ellipsis):
            return None
        if isinstance(part.value, cst.SimpleString):
            return f"['{part.value.raw_value}']"
        if isinstance(part.value, cst.Integer):
            return f"[{part.value.value}]"
        return ANY_ITEM

    def _step_from_the_end(self, node: cst.Subscript, base: Value) -> str | None:
        """The path step of `values[-1]`; None where it is another subscript, or the values may have become more."""
        index = node.slice[0].slice if len(node.slice) == 1 else None
        negative = index.value if isinstance(index, cst.Index) else None
        if not isinstance(base.shape, Items) or not isinstance(negative, cst.UnaryOperation):
            return None
        if not isinstance(negative.operator, cst.Minus) or not isinstance(negative.expression, cst.Integer):
            return None
        place = len(base.shape.values) - negative.expression.evaluated_value
        changed = base.place is not None and base.place.root in self.heap
        return f"[{place}]" if place >= 0 and not changed else None

    def item(self, value: Value, index: int) -> Value:
        """The element of an unpacked value at `index`."""
        if isinstance(value.shape, OneOf):
            return joined(self.item(option, index) for option in value.shape.values)
        if isinstance(value.shape, Items):
            if index >= len(value.shape.values):
                return UNKNOWN
            part = value.shape.values[index]
            return part if part.place is None else self.stored(part.place, part)
        if isinstance(value.shape, Iteration):
            return self.element(value, None)
        return replace(_extended(value, f"[{index}]"), shape=None)

    def element(self, value: Value, node: cst.CSTNode | None) -> Value:
        """Any element of an iterated value."""
        shape = value.shape
        if isinstance(shape, OneOf):
            return joined(self.element(option, node) for option in shape.values)
        if isinstance(shape, Items):
            # a number that was written into the container since is among its dependences only
            part = joined(shape.values) if shape.values else UNKNOWN
            return depending(self._with_functions(value.place, part), self.varied(value.deps))
        if isinstance(shape, Entries):
            return Value(literal=True)
        if isinstance(shape, Iteration):
            counter = Value(literal=True, fresh=True)
            return Value(
                value.deps,
                shape=Items(tuple(counter if part is None else self.element(part, node) for part in shape.parts)),
            )
        return self._with_functions(value.place, replace(_extended(value, ANY_ITEM), shape=None, node=node))

    def _with_functions(self, container: Place | None, element: Value) -> Value:
        """An element of a container, which may be one of the functions that were put into it."""
        writes = () if container is None else self.heap.get(container.root, ())
        put_in = [
            written.value
            for written in writes
            if isinstance(written.value.shape, Function)
            and container is not None
            and written.place.path
            and written.place.path[:-1] == container.path
            and written.place.path[-1].startswith("[")
        ]
        return joined((*put_in, element)) if put_in else element

    def _call(self, node: cst.Call, frame: Frame) -> Value:
        return self.calls.evaluate(node, frame)

    def _binary(self, node: cst.BinaryOperation, frame: Frame) -> Value:
        spine = [node]
        while isinstance(spine[-1].left, cst.BinaryOperation):
            spine.append(spine[-1].left)
        value = self.expression(spine[-1].left, frame)
        for operation in reversed(spine):
            right = self.expression(operation.right, frame)
            self.calls.difference(operation, value, right)
            deps = united(value.deps, right.deps)
            if isinstance(operation.operator, cst.FloorDivide):
                deps = weakened(deps, FLOOR_DIVISION)
            literal = value.literal and right.literal
            shape = _concatenated(operation, value, right)
            terms = self._terms(operation.operator, value, right)
            value = Value(deps, None, shape, literal, operation, fresh=True, terms=terms)
        return value

    def _terms(self, operator: cst.CSTNode, left: Value, right: Value) -> Dependences:
        """What the terms of a sum depend on that no varied number enters; a baseline that is subtracted is no term."""
        if self.depth:
            # what a function that is called makes of its arguments is its own affair
            return NOTHING
        if not isinstance(operator, cst.Add | cst.AddAssign | cst.Subtract | cst.SubtractAssign):
            return NOTHING
        first, second = self._is_varied(left), self._is_varied(right)
        terms = united(left.terms, right.terms)
        if first and not second and isinstance(operator, cst.Add | cst.AddAssign):
            return united(terms, right.deps)
        return united(terms, left.deps) if second and not first else terms

    def _is_varied(self, value: Value) -> bool:
        return any(place.root.kind == "varied" for place in value.deps)

    def _boolean(self, node: cst.BooleanOperation, frame: Frame) -> Value:
        return joined((self.expression(node.left, frame), self.expression(node.right, frame)))

    def _unary(self, node: cst.UnaryOperation, frame: Frame) -> Value:
        operand = self.expression(node.expression, frame)
        deps = weakened(operand.deps, COMPARISON) if isinstance(node.operator, cst.Not) else operand.deps
        return Value(deps, None, None, operand.literal, node, fresh=True)

    def _comparison(self, node: cst.Comparison, frame: Frame) -> Value:
        parts = [self.expression(node.left, frame)]
        identity = False
        for target in node.comparisons:
            parts.append(self.expression(target.comparator, frame))
            identity = identity or isinstance(target.operator, cst.Is | cst.IsNot)
        deps = NOTHING if identity else weakened(united(*(part.deps for part in parts)), COMPARISON)
        return Value(deps, None, None, all(part.literal for part in parts), node, fresh=True)

    def _conditional(self, node: cst.IfExp, frame: Frame) -> Value:
        self._condition(self.expression(node.test, frame))
        return joined((self.expression(node.body, frame), self.expression(node.orelse, frame)))

    def _sequence(self, node: cst.Tuple | cst.List | cst.Set, frame: Frame) -> Value:
        parts: list[Value] = []
        known = not isinstance(node, cst.Set)
        for element in node.elements:
            part = self.expression(element.value, frame)
            if isinstance(element, cst.StarredElement):
                if isinstance(part.shape, Items):
                    parts.extend(part.shape.values)
                    continue
                known = False
            parts.append(part)
        deps = united(*(part.deps for part in parts))
        literal = all(part.literal for part in parts)
        return Value(deps, None, Items(tuple(parts)) if known else None, literal, node, fresh=True)

    def _dict(self, node: cst.Dict, frame: Frame) -> Value:
        entries: dict[str, Value] = {}
        deps: Dependences = NOTHING
        known, literal = True, True
        for element in node.elements:
            value = self.expression(element.value, frame)
            deps = united(deps, value.deps)
            literal = literal and value.literal
            if isinstance(element, cst.DictElement):
                deps = united(deps, weakened(self.expression(element.key, frame).deps, INDEXING))
                if isinstance(element.key, cst.SimpleString):
                    entries[str(element.key.raw_value)] = value
                    continue
            elif isinstance(value.shape, Entries):
                entries.update(value.shape.values)
                continue
            known = False
        return Value(deps, None, Entries(entries) if known and entries else None, literal, node, fresh=True)

    def _comprehension(self, node: cst.BaseComp, frame: Frame) -> Value:
        inner = Frame(frame, frame.module, frame.epoch, frame.scope, inlined=frame.inlined)
        clause: cst.CompFor | None = node.for_in
        while clause is not None:
            self.bind(clause.target, self.element(self.expression(clause.iter, inner), clause), inner)
            for test in clause.ifs:
                self._condition(self.expression(test.test, inner))
            clause = clause.inner_for_in
        parts = (node.key, node.value) if isinstance(node, cst.DictComp) else (node.elt,)  # type: ignore[attr-defined]
        values = [self.expression(part, inner) for part in parts]
        deps = united(*(value.deps for value in values))
        # of functions, any one tells what the others are
        shape = Items((values[0],)) if isinstance(values[0].shape, CODE) and len(values) == 1 else None
        return Value(deps, None, shape, all(value.literal for value in values), node, fresh=True)

    def _lambda(self, node: cst.Lambda, frame: Frame) -> Value:
        return Value(self.closed_over(node, frame), shape=self.function(node, frame), node=node)

    def closed_over(self, node: cst.FunctionDef | cst.Lambda, frame: Frame) -> Dependences:
        """What of the parameter under analysis a nested function carries along to whomever it is given."""
        if not self.epoch:
            return NOTHING
        found: list[Dependences] = []
        scope: Frame | None = frame
        while scope is not None and scope.epoch == self.epoch:
            names = frame.module.names(node).free
            found.extend(self.varied(value.deps) for name, value in scope.variables.items() if name in names)
            scope = scope.parent
        return united(*found)

    def _named(self, node: cst.NamedExpr, frame: Frame) -> Value:
        value = self.expression(node.value, frame)
        self.bind(node.target, value, frame)
        return value

    def _formatted(self, node: cst.FormattedString | cst.ConcatenatedString, frame: Frame) -> Value:
        parts: list[Value] = []
        if isinstance(node, cst.FormattedString):
            for part in node.parts:
                if isinstance(part, cst.FormattedStringExpression):
                    parts.append(self.expression(part.expression, frame))
        deps = weakened(united(*(part.deps for part in parts)), FORMATTING)
        return Value(deps, None, None, not parts, node, fresh=True)

    def _transparent(self, node: cst.Await | cst.Yield, frame: Frame) -> Value:
        inner = node.expression if isinstance(node, cst.Await) else node.value
        if isinstance(inner, cst.From):
            inner = inner.item
        value = Value(literal=True) if inner is None else self.expression(inner, frame)
        if isinstance(node, cst.Yield):
            frame.returns.append(value)
            return Value(fresh=False)
        return value

    # -- effects ------------------------------------------------------------------------------------------------

    @contextmanager
    def analysis(self, step_limit: int) -> Iterator[None]:
        """A new epoch: what exists already is captured state, and what happens here is forgotten afterwards."""
        kept: dict[str, Any] = {name: getattr(self, name) for name in _PER_ANALYSIS}
        self.epoch += 1
        self.depth = 0
        self.heap = {root: list(writes) for root, writes in self.heap.items()}
        self.escaped, self.registered, self.conditions, self.stirred = NOTHING, NOTHING, NOTHING, False
        self.reads, self.varied_reads, self.handed_to, self.opened = {}, set(), {}, set()
        self.cutting, self.loop_exits = [], []
        self.rebound, self.trail = {}, []
        self.steps_left = step_limit
        try:
            yield
        finally:
            for name, value in kept.items():
                setattr(self, name, value)

    def taint(self, target: Value, deps: Dependences) -> None:
        """Something unseen may have put a varied number into `target`."""
        varied = self.varied(deps)
        if varied and target.place is not None:
            self.write(target.place, Value(varied), strong=False)

    def escape(self, deps: Dependences) -> None:
        """Something unseen was given a varied number, and may hand it to anything that is called later."""
        varied = self.varied(deps)
        if varied:
            self.escaped = united(self.escaped, varied)


_PER_ANALYSIS = (
    "epoch",
    "depth",
    "heap",
    "escaped",
    "stirred",
    "registered",
    "conditions",
    "reads",
    "varied_reads",
    "handed_to",
    "opened",
    "cutting",
    "loop_exits",
    "rebound",
    "steps_left",
    "trail",
)

_STATEMENTS: dict[type, Callable[..., bool]] = {
    cst.Expr: Interpreter._expression_statement,
    cst.Assign: Interpreter._assign,
    cst.AnnAssign: Interpreter._annotated_assign,
    cst.AugAssign: Interpreter._augmented_assign,
    cst.Return: Interpreter._return,
    cst.Raise: Interpreter._leave,
    cst.Break: Interpreter._leave,
    cst.Continue: Interpreter._leave,
    cst.If: Interpreter._if,
    cst.For: Interpreter._for,
    cst.While: Interpreter._while,
    cst.Try: Interpreter._try,
    cst.TryStar: Interpreter._try,
    cst.With: Interpreter._with,
    cst.Match: Interpreter._match,
    cst.FunctionDef: Interpreter._define,
    cst.ClassDef: Interpreter._class,
    cst.Del: Interpreter._delete,
    cst.Assert: Interpreter._assert,
    cst.Import: Interpreter._import,
    cst.ImportFrom: Interpreter._import,
}

_EXPRESSIONS: dict[type, Callable[..., Value]] = {
    cst.Name: Interpreter._name,
    cst.Attribute: Interpreter._attribute,
    cst.Subscript: Interpreter._subscript,
    cst.Call: Interpreter._call,
    cst.BinaryOperation: Interpreter._binary,
    cst.BooleanOperation: Interpreter._boolean,
    cst.UnaryOperation: Interpreter._unary,
    cst.Comparison: Interpreter._comparison,
    cst.IfExp: Interpreter._conditional,
    cst.Tuple: Interpreter._sequence,
    cst.List: Interpreter._sequence,
    cst.Set: Interpreter._sequence,
    cst.Dict: Interpreter._dict,
    cst.ListComp: Interpreter._comprehension,
    cst.SetComp: Interpreter._comprehension,
    cst.GeneratorExp: Interpreter._comprehension,
    cst.DictComp: Interpreter._comprehension,
    cst.Lambda: Interpreter._lambda,
    cst.NamedExpr: Interpreter._named,
    cst.FormattedString: Interpreter._formatted,
    cst.ConcatenatedString: Interpreter._formatted,
    cst.Await: Interpreter._transparent,
    cst.Yield: Interpreter._transparent,
    cst.Integer: Interpreter._literal,
    cst.Float: Interpreter._literal,
    cst.Imaginary: Interpreter._literal,
    cst.SimpleString: Interpreter._literal,
    cst.Ellipsis: Interpreter._literal,
}


def _placed(value: Value, place: Place) -> Value:
    """A fresh value that gets a place; the parts of a fresh container get theirs in it."""
    shape = value.shape
    if isinstance(shape, Items):
        shape = Items(tuple(_part_placed(part, place.step(f"[{i}]")) for i, part in enumerate(shape.values)))
    elif isinstance(shape, Entries):
        shape = Entries({key: _part_placed(part, place.step(f"['{key}']")) for key, part in shape.values.items()})
    return replace(value, place=place, shape=shape)


def _part_placed(part: Value, place: Place) -> Value:
    if part.place is not None or isinstance(part.shape, CODE) or len(place.path) > 3:
        return part
    return _placed(part, place)


def _extended(base: Value, step: str) -> Value:
    if base.place is None:
        return Value(base.deps, None, None, base.literal, base.node, base.fresh)
    place = base.place.step(step)
    deps = {place if found == base.place else found: cut for found, cut in base.deps.items()}
    return Value(deps, place, None, base.literal, base.node)


def _merged(states: list[dict[str, Value]]) -> dict[str, Value]:
    if len(states) == 1:
        return states[0]
    result = dict(states[0])
    for state in states[1:]:
        for name, value in state.items():
            known = result.get(name)
            result[name] = value if known is None or known is value else joined((known, value))
    return result


def _concatenated(operation: cst.BinaryOperation, left: Value, right: Value) -> Items | None:
    if isinstance(operation.operator, cst.Add) and isinstance(left.shape, Items) and isinstance(right.shape, Items):
        return Items(left.shape.values + right.shape.values)
    return None


def _index_parts(node: cst.Subscript) -> Iterator[cst.BaseExpression]:
    for element in node.slice:
        part = element.slice
        if isinstance(part, cst.Index):
            yield part.value
        elif isinstance(part, cst.Slice):
            yield from (bound for bound in (part.lower, part.upper, part.step) if bound is not None)


def _is_full_slice(node: cst.Subscript) -> bool:
    parts = [element.slice for element in node.slice]
    return all(
        (isinstance(part, cst.Slice) and part.lower is None and part.upper is None)
        or (isinstance(part, cst.Index) and isinstance(part.value, cst.Ellipsis))
        for part in parts
    )


def _pattern_names(pattern: cst.CSTNode) -> Iterator[str]:
    stack = [pattern]
    while stack:
        node = stack.pop()
        name = getattr(node, "name", None) or getattr(node, "rest", None)
        if isinstance(node, cst.MatchAs | cst.MatchStar | cst.MatchMapping) and isinstance(name, cst.Name):
            yield name.value
        stack.extend(children(node))


def _decorator_names(node: cst.FunctionDef | cst.Lambda) -> set[str]:
    if isinstance(node, cst.Lambda):
        return set()
    return {dotted_name(item.decorator).rpartition(".")[2] for item in node.decorators}
