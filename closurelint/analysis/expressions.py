"""What expressions are worth: which varied numbers go into each, and which place it stands for."""

from __future__ import annotations

import builtins
from collections.abc import Callable, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

import libcst as cst

from closurelint.analysis.expectations import is_number, is_zero
from closurelint.analysis.facts import children
from closurelint.analysis.memory import Memory, OutOfBudget, extended
from closurelint.analysis.syntax import decorator_names, names_in
from closurelint.analysis.values import (
    ANY_ITEM,
    CODE,
    COMPARISON,
    FLOOR_DIVISION,
    FORMATTING,
    INDEXING,
    LIVE,
    NOTHING,
    UNKNOWN,
    WRITTEN_DATA,
    Argument,
    Arguments,
    Class,
    Dependences,
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
    Value,
    alternatives,
    depending,
    holds_code,
    joined,
    united,
    weakened,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from closurelint.analysis.calls import Calls

BUILTINS = frozenset(dir(builtins))


class Expressions(Memory):
    """Evaluates expressions, and binds what they are worth to targets."""

    calls: Calls

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

    def _condition(self, value: Value) -> None:
        if self.epoch:
            # what a branch is taken by matters to the result as a whole
            self.conditions = united(self.conditions, dict.fromkeys(value.deps, LIVE))

    def bind(self, target: cst.CSTNode, value: Value, frame: Frame) -> None:
        """Assign to a name, an attribute, an item or a tuple of these."""
        if isinstance(target, cst.Name):
            self.store(target.value, value, frame)
        elif isinstance(target, cst.Tuple | cst.List):
            self._unpack(target.elements, value, frame)
        elif isinstance(target, cst.Attribute):
            base = self.expression(target.value, frame)
            value = _past_the_graph(target, value)
            if base.place is not None:
                self.write(base.place.step("." + target.attr.value), value, strong=True)
            self._write_to_options(base, "." + target.attr.value, value)
            if not self.epoch and self.calls.recorder is not None:
                self.calls.recorder.assigned(base, target.attr.value, value, target, frame)
            if self.epoch and (base.place is None or self._is_part_of_another(base)):
                self.escape(value.deps)
                # whatever is read from now on may be the object that was written to
                self.stirred = self.stirred or bool(self.varied(value.deps))
        elif isinstance(target, cst.Subscript):
            base = self.expression(target.value, frame)
            value = _past_the_graph(target.value, value)
            step = self._subscript_step(target, frame)
            index = self.varied(self.index(target, frame))
            if index:
                # where something is written matters to the result as well as what
                value = depending(value, weakened(index, INDEXING))
            if base.place is not None:
                place = base.place if step is None else base.place.step(step)
                self.calls.mutated(base.place)
                # `x[:] = w` fills the array, `x[i] = w` one element of it: what else was there stays; what was read
                # out of it before may be a view or a copy, so a parameter's own array is not taken for lost
                whole = step is None and _is_full_slice(target) and not self.varied(base.deps)
                if _is_namespace(target.value):
                    # whatever the key, it is an attribute of the object
                    self.write(base.place, value, strong=False)
                self.write(place, value, strong=whole or (step is not None and step != ANY_ITEM))
            self._write_to_options(base, step, value)
            if self.epoch and (base.place is None or any(read.root is base.place.root for read in self.reads)):
                # `os.environ["ALPHA"] = ...`, `model.vector()[:] = ...`: whoever runs later finds it there
                self.escape(value.deps)

    def _write_to_options(self, base: Value, step: str | None, value: Value) -> None:
        """Something is written to one of several objects, as the variable of a loop is: each of them may hold it."""
        for option in alternatives(base) if self.epoch else ():
            if option is not base and option.place is not None:
                self.write(option.place if step is None else option.place.step(step), value, strong=False)

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
        # all is read before anything is bound: `rows[0], rows[1] = rows[1], rows[0]`
        parts = self.unpacked(value, [element.value for element in elements], starred)
        for element, part in zip(elements, parts, strict=True):
            self.bind(element.value, part, frame)

    def unpacked(self, value: Value, targets: Sequence[cst.CSTNode], starred: int | None) -> list[Value]:
        """What each of several targets gets, of which the `starred` one takes what the others leave."""
        before = len(targets) if starred is None else starred
        parts: list[Value] = []
        for index, target in enumerate(targets):
            if index < before:
                part = self.item(value, index)
                # a part of what was computed, not all of it
                parts.append(replace(part, node=target) if part.node is value.node else part)
            elif index == before:
                parts.append(self._between(value, before, len(targets) - before - 1, target))
            else:
                parts.append(self._from_the_end(value, len(targets) - index, target))
        return parts

    def _between(self, value: Value, first: int, after: int, node: cst.CSTNode) -> Value:
        """The list that a starred target gets: all but the first so many elements and the last so many."""
        if isinstance(value.shape, OneOf):
            return joined(self._between(option, first, after, node) for option in value.shape.values)
        if not isinstance(value.shape, Items) or not self.keeps_its_length(value):
            return Value(value.deps, value.place, None, value.literal, node)
        parts = self.parts(value)
        return self.container_of(parts[first : len(parts) - after], node)

    def _from_the_end(self, value: Value, distance: int, node: cst.CSTNode) -> Value:
        """The element that stands so far from the end; any element where the length is not known."""
        if isinstance(value.shape, OneOf):
            return joined(self._from_the_end(option, distance, node) for option in value.shape.values)
        if isinstance(value.shape, Items) and distance <= len(value.shape.values) and self.keeps_its_length(value):
            return self.item(value, len(value.shape.values) - distance)
        return self.element(value, node)

    def keeps_its_length(self, value: Value) -> bool:
        """Whether nothing was done to a container since it was made, so that it has as many elements as it had."""
        return value.place is None or value.place.root not in self.heap

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
                if value.place is not None and not value.deps and (_is_constant(value.place) or not self.epoch):
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

    def _attribute(self, node: cst.Attribute, frame: Frame) -> Value:
        return self.attribute(self.expression(node.value, frame), node.attr.value, node)

    def attribute(self, base: Value, name: str, node: cst.CSTNode) -> Value:
        """`base.name`."""
        base = self.calls.understood(base)
        shape = base.shape
        if isinstance(shape, OneOf):
            return joined(self.attribute(option, name, node) for option in shape.values)
        if name == "__dict__":
            # what is put into it under whatever key is put into the object
            return replace(base, shape=None, node=node)
        if name == "__class__" and isinstance(shape, Instance):
            return Value(shape=shape.cls, node=node)
        known = self.calls.attribute(base, name, node)
        if known is not None:
            return known
        found, filled = extended(base, "." + name), False
        if found.place is not None and found.place.root in self.heap:
            written = self.stored(found.place, found)
            if isinstance(written.shape, LibraryObject) and not self.epoch and not written.deps:
                # `self.layer`, made of nothing that is varied: what it computes is computed from it all the same
                return replace(written, deps=dict.fromkeys([written.place or found.place], LIVE))
            if written.shape is not None:
                return written
            found, filled = written, written is not found
        follows = self.stirred and filled
        if self.escaped and found.place is not None and (follows or self._may_follow(found.place.root)):
            # `expression.value`, where its variable has just been given another; `ant.eaten`, after `routine()`
            found = depending(found, self.escaped)
        if isinstance(shape, Instance):
            member = self._member(base, shape.cls, name)
            if member is not None and filled and not isinstance(member.shape, CODE):
                # a default of the class, which this instance has a number of its own for
                found = depending(found, member.deps)
            elif member is not None:
                return member
            else:
                found = depending(found, self._made_up(base, shape.cls, name, node).deps)
        return Value(found.deps, found.place, Member(base, name), found.literal, node, found.fresh, found.terms)

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
            held = self.captured(member, name) if member.place is not None else member
            # an attribute of the class, which may have been given another value since
            return held if isinstance(held.shape, CODE) else depending(held, self.escaped)
        kinds = decorator_names(member.shape.node)
        if "staticmethod" in kinds:
            return member
        # `self` of a class that is read on its own may well be of one that does it in its own way
        others = self._overriding(cls, name) if base.place is not None and base.place.root.node is None else ()
        return joined(self._bound(option, base, kinds) for option in (member, *others))

    def _made_up(self, base: Value, cls: Class, name: str, node: cst.CSTNode) -> Value:
        """What `__getattr__` says of an attribute that an object does not have."""
        made = cls.members.get("__getattr__")
        if made is None or not isinstance(made.shape, Function):
            return UNKNOWN
        bound = replace(made.shape, args=(base, *made.shape.args))
        asked = Argument(Value(literal=True), None, "", None)
        return self.calls.inlining.call_function(bound, Arguments((asked,)), node)

    def _bound(self, method: Value, base: Value, kinds: set[str]) -> Value:
        """A method of an object, or what it returns if it is a property."""
        assert isinstance(method.shape, Function)
        if "classmethod" in kinds and isinstance(base.shape, Instance):
            # what it sets is an attribute of the class, and of all of its objects
            base = Value(shape=base.shape.cls, node=base.node)
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
        index = self.index(node, frame)
        step = self._step_from_the_end(node, base) or self._subscript_step(node, frame)
        if step is None:
            found = self._slice(base, node)
        elif step == ANY_ITEM and isinstance(base.shape, Items | Entries | OneOf | Iteration):
            found = self._some_entry(base, node)
        else:
            found = self._key(base, step, node)
        if isinstance(base.shape, Imported):
            if f"{base.shape.dotted}[]" in self.calls.catalogue.returns:
                return Value(shape=Imported(f"{base.shape.dotted}[]", base.shape.origin), node=node)
            # `np.r_[x, y]` is a call in disguise
            return depending(found, index)
        return _throughout(found, weakened(index, INDEXING))

    def _slice(self, base: Value, node: cst.Subscript) -> Value:
        """A view of an array; of a container whose elements are known, another container of some of them."""
        if isinstance(base.shape, OneOf):
            return joined(self._slice(option, node) for option in base.shape.values)
        bounds = _literal_slice(node)
        if bounds is None or not isinstance(base.shape, Items) or not self.keeps_its_length(base):
            return Value(base.deps, base.place, None, base.literal, node, base.fresh)
        return self.container_of(self.parts(base)[bounds], node)

    def parts(self, container: Value) -> tuple[Value, ...]:
        """The elements of a container of known ones, as they are now."""
        assert isinstance(container.shape, Items)
        return tuple(self.item(container, index) for index in range(len(container.shape.values)))

    def entries(self, container: Value) -> dict[str, Value]:
        """The values of a dict of known keys, as they are now."""
        assert isinstance(container.shape, Entries)
        return {key: self._slot(container, f"['{key}']", part) for key, part in container.shape.values.items()}

    def entry(self, container: Value, key: str) -> Value:
        """What a dict holds under a key, as it is now."""
        return joined(self._key(option, f"['{key}']", cst.Name(key)) for option in alternatives(container))

    def container_of(self, parts: tuple[Value, ...], node: cst.CSTNode) -> Value:
        """A new tuple or list of these elements."""
        deps = united(*(part.deps for part in parts))
        return Value(deps, None, Items(parts), all(part.literal for part in parts), node, fresh=True)

    def index(self, node: cst.Subscript, frame: Frame) -> Dependences:
        """What the index of a subscript depends on."""
        return united(*(self.expression(part, frame).deps for part in _index_parts(node)))

    def _some_entry(self, base: Value, node: cst.CSTNode) -> Value:
        """An item whose key is not known: any of the entries, at a place that overlaps all of theirs."""
        if not isinstance(base.shape, Entries):
            return self.element(base, node)
        entries = tuple(base.shape.values.values())
        found = joined(entries)
        place = base.place
        if any(isinstance(option.shape, CODE) for option in alternatives(found)):
            # `losses[name]`: each of the functions may be the one that is called
            return found
        if place is not None and all(entry.place is None or entry.place.overlaps(place) for entry in entries):
            return Value(united(found.deps, base.deps), place.step(ANY_ITEM), None, found.literal, node)
        return found

    def _key(self, base: Value, step: str, node: cst.CSTNode) -> Value:
        if isinstance(base.shape, OneOf):
            return joined(self._key(option, step, node) for option in base.shape.values)
        found = self._slot(base, step, self._stepped(base, step))
        return found if found.shape is not None else replace(found, node=node)

    def _slot(self, container: Value, step: str, held: Value) -> Value:
        """What an item of a container is, given what was put there when the container was made.

        Both the container's own place and the place of the thing that was put there may have been written to since.
        """
        place = None if container.place is None else container.place.step(step)
        if place is not None and place != held.place and place.root in self.heap:
            held = self.stored(place, held)
        if held.place is not None and held.place.root in self.heap:
            held = self.stored(held.place, held)
        if held.place is not None and not held.deps and not self.epoch:
            # made of nothing that is varied, but in what may be the point
            return replace(held, deps={held.place: LIVE})
        return held

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
        return f"[{place}]" if place >= 0 and self.keeps_its_length(base) else None

    def item(self, value: Value, index: int) -> Value:
        """The element of an unpacked value at `index`."""
        if isinstance(value.shape, OneOf):
            return joined(self.item(option, index) for option in value.shape.values)
        if isinstance(value.shape, Items):
            if index >= len(value.shape.values):
                return depending(UNKNOWN, self.varied(value.deps))
            return self._slot(value, f"[{index}]", value.shape.values[index])
        if isinstance(value.shape, Iteration):
            return self.element(value, None)
        return replace(extended(value, f"[{index}]"), shape=None)

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
        return self._with_functions(value.place, replace(extended(value, ANY_ITEM), shape=None, node=node))

    def _with_functions(self, container: Place | None, element: Value) -> Value:
        """An element of a container, which may be one of the functions that were put into it."""
        writes = () if container is None else self.heap.get(container.root, ())
        put_in = [
            written.value
            for written in writes
            if isinstance(written.value.shape, Function | Entries)
            and holds_code(written.value)
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
        left = self.expression(node.left, frame)
        return joined((left, self._perhaps_evaluated(node.right, frame)))

    def _perhaps_evaluated(self, node: cst.BaseExpression, frame: Frame) -> Value:
        with self.perhaps():
            return self.expression(node, frame)

    def _unary(self, node: cst.UnaryOperation, frame: Frame) -> Value:
        operand = self.expression(node.expression, frame)
        deps = weakened(operand.deps, COMPARISON) if isinstance(node.operator, cst.Not) else operand.deps
        return Value(deps, None, None, operand.literal, node, fresh=True)

    def _comparison(self, node: cst.Comparison, frame: Frame) -> Value:
        parts = [self.expression(node.left, frame)]
        identity = False
        for index, target in enumerate(node.comparisons):
            evaluated = self._perhaps_evaluated if index else self.expression
            parts.append(evaluated(target.comparator, frame))
            identity = identity or isinstance(target.operator, cst.Is | cst.IsNot)
        deps = NOTHING if identity else weakened(united(*(part.deps for part in parts)), COMPARISON)
        return Value(deps, None, None, all(part.literal for part in parts), node, fresh=True)

    def _conditional(self, node: cst.IfExp, frame: Frame) -> Value:
        self._condition(self.expression(node.test, frame))
        return joined((self._perhaps_evaluated(node.body, frame), self._perhaps_evaluated(node.orelse, frame)))

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
        inner = Frame(frame, frame.module, frame.epoch, frame.scope, inlined=frame.inlined, is_comprehension=True)
        clause: cst.CompFor | None = node.for_in
        while clause is not None:
            self.bind(clause.target, self.element(self.expression(clause.iter, inner), clause), inner)
            for test in clause.ifs:
                self._condition(self._perhaps_evaluated(test.test, inner))
            clause = clause.inner_for_in
        parts = (node.key, node.value) if isinstance(node, cst.DictComp) else (node.elt,)  # type: ignore[attr-defined]
        values = [self._perhaps_evaluated(part, inner) for part in parts]
        deps = united(*(value.deps for value in values))
        # of functions, any one tells what the others are
        shape = Items((values[0],)) if holds_code(values[0]) and len(values) == 1 else None
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
        holder = frame
        while holder.is_comprehension and holder.parent is not None:
            # a comprehension keeps its own variables only
            holder = holder.parent
        self.bind(node.target, value, holder)
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
            return Value()
        return value


_EXPRESSIONS: dict[type, Callable[..., Value]] = {
    cst.Name: Expressions._name,
    cst.Attribute: Expressions._attribute,
    cst.Subscript: Expressions._subscript,
    cst.Call: Expressions._call,
    cst.BinaryOperation: Expressions._binary,
    cst.BooleanOperation: Expressions._boolean,
    cst.UnaryOperation: Expressions._unary,
    cst.Comparison: Expressions._comparison,
    cst.IfExp: Expressions._conditional,
    cst.Tuple: Expressions._sequence,
    cst.List: Expressions._sequence,
    cst.Set: Expressions._sequence,
    cst.Dict: Expressions._dict,
    cst.ListComp: Expressions._comprehension,
    cst.SetComp: Expressions._comprehension,
    cst.GeneratorExp: Expressions._comprehension,
    cst.DictComp: Expressions._comprehension,
    cst.Lambda: Expressions._lambda,
    cst.NamedExpr: Expressions._named,
    cst.FormattedString: Expressions._formatted,
    cst.ConcatenatedString: Expressions._formatted,
    cst.Await: Expressions._transparent,
    cst.Yield: Expressions._transparent,
    cst.Integer: Expressions._literal,
    cst.Float: Expressions._literal,
    cst.Imaginary: Expressions._literal,
    cst.SimpleString: Expressions._literal,
    cst.Ellipsis: Expressions._literal,
}


def _throughout(value: Value, deps: Dependences) -> Value:
    """A value with further dependences, which are those of all that is in it: which one it is was chosen by them."""
    shape = value.shape
    if not deps:
        return value
    if isinstance(shape, Items | OneOf):
        shape = replace(shape, values=tuple(_throughout(part, deps) for part in shape.values))
    elif isinstance(shape, Entries):
        shape = Entries({key: _throughout(part, deps) for key, part in shape.values.items()})
    return value.changed(united(value.deps, deps), shape)


def _is_constant(place: Place) -> bool:
    """Whether a name stands for a number that is written out, and not for an array that was filled with one."""
    return place.root.kind == "literal"


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


def _past_the_graph(target: cst.BaseExpression, value: Value) -> Value:
    """What is written to a target, or into it: what `layer.weight.data` is given, PyTorch does not follow."""
    if not isinstance(target, cst.Attribute) or target.attr.value != "data" or not value.deps:
        return value
    return value.changed(weakened(value.deps, WRITTEN_DATA), value.shape)


def _is_namespace(node: cst.BaseExpression) -> bool:
    return isinstance(node, cst.Attribute) and node.attr.value == "__dict__"


def _literal_slice(node: cst.Subscript) -> slice | None:
    """The slice of a subscript, if its bounds are written out."""
    part = node.slice[0].slice if len(node.slice) == 1 else None
    if not isinstance(part, cst.Slice):
        return None
    bounds: list[int | None] = []
    for bound in (part.lower, part.upper, part.step):
        sign, number = 1, bound
        if isinstance(bound, cst.UnaryOperation) and isinstance(bound.operator, cst.Minus):
            sign, number = -1, bound.expression
        if number is not None and not isinstance(number, cst.Integer):
            return None
        bounds.append(None if number is None else sign * number.evaluated_value)
    return None if bounds[2] == 0 else slice(*bounds)


def _is_full_slice(node: cst.Subscript) -> bool:
    parts = [element.slice for element in node.slice]
    return all(
        (isinstance(part, cst.Slice) and part.lower is None and part.upper is None)
        or (isinstance(part, cst.Index) and isinstance(part.value, cst.Ellipsis))
        for part in parts
    )
