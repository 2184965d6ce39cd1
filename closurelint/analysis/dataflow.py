"""An abstract interpreter for the statements and expressions of objectives and of the code around them.

It runs a module, and then every function of it on its own, over the values of `values`: which numbers depend on which
places, and what each name may be. What a call does stands in `calls`; what is recorded of it, in `sites`.
Branches are joined, loops run until nothing new can come, calls of project functions are looked into.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import libcst as cst

from closurelint.analysis.expressions import Expressions
from closurelint.analysis.facts import statements
from closurelint.analysis.memory import OutOfBudget
from closurelint.analysis.values import (
    FLOOR_DIVISION,
    INDEXING,
    Class,
    Entries,
    Frame,
    Imported,
    Items,
    Value,
    joined,
    united,
    weakened,
)


class Interpreter(Expressions):
    """Runs code over abstract values. One instance serves one module and what it imports from the project."""

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
            return True
        value = self.expression(node.value, frame)
        if self.epoch and isinstance(node.value, cst.BinaryOperation):
            # `Rotation(angle) | qubits`: an operator whose result nobody wants is there for what it does, to anything
            self._condition(Value(self.varied(value.deps)))
        return True

    def _assign(self, node: cst.Assign, frame: Frame) -> bool:
        first = node.targets[0].target
        if isinstance(node.value, cst.Call) and isinstance(first, cst.Name) and first.value == "_":
            value = self.calls.evaluate(node.value, frame, discarded=True)
        else:
            value = self.expression(node.value, frame)
        self.trail.append((node, value.deps))
        if len(node.targets) > 1 and isinstance(first, cst.Name):
            # one thing under several names
            value = self.placed(first.value, value, frame)
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
        value = Value(literal=True) if node.value is None else self.expression(node.value, frame)
        self.trail.append((node, value.deps))
        frame.returns.append(self._cut(value))
        return False

    def _leave(self, node: cst.CSTNode, frame: Frame) -> bool:
        if isinstance(node, cst.Break | cst.Continue) and self.loop_exits:
            self.loop_exits[-1].append((frame.variables, isinstance(node, cst.Break)))
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
            with self.perhaps(frame):
                reached = way()
            if reached:
                ends.append(frame.variables)
        frame.variables = _merged(ends) if ends else before
        return bool(ends)

    def _for(self, node: cst.For, frame: Frame) -> bool:
        iterated = self.expression(node.iter, frame)

        def once() -> bool:
            self.bind(node.target, self.element(iterated, node), frame)
            return self.execute(node.body, frame)

        return self._loop(once, node.orelse, frame, runs=_has_elements(node.iter))

    def _while(self, node: cst.While, frame: Frame) -> bool:
        def once() -> bool:
            self._condition(self.expression(node.test, frame))
            return self.execute(node.body, frame)

        return self._loop(once, node.orelse, frame, runs=False)

    def _loop(self, once: Callable[[], bool], otherwise: cst.Else | None, frame: Frame, *, runs: bool) -> bool:
        """Run a loop; `runs`: at least once, so that what it writes is surely written if nothing leaves it early."""
        broken: list[dict[str, Value]] = []
        # a second round lets what the first one bound at its end flow into its beginning
        for _ in range(2 if self.epoch else 1):
            before = dict(frame.variables)
            self.loop_exits.append([])
            with self.perhaps(frame) as part:
                reached = once()
                exits = self.loop_exits.pop()
                part.unsure = not runs or bool(exits) or not reached
            ends = [exit_ for exit_, leaves in exits if not leaves]
            broken += [exit_ for exit_, leaves in exits if leaves]
            if reached:
                ends.append(frame.variables)
            frame.variables = _merged([*reversed(ends), before])
        if otherwise is None:
            frame.variables = _merged([frame.variables, *broken])
            return True
        with self.perhaps(frame) as part:
            reached = self.execute(otherwise.body, frame)
            part.unsure = bool(broken)
        ends = [frame.variables] if reached else []
        frame.variables = _merged([*ends, *broken]) if ends or broken else frame.variables
        return bool(ends or broken)

    def _try(self, node: cst.Try | cst.TryStar, frame: Frame) -> bool:
        before = dict(frame.variables)
        tried: dict[str, list[Value]] = {}
        frame.tried.append(tried)
        with self.perhaps(frame) as part:
            reached = self.execute(node.body, frame)
            part.unsure = bool(node.handlers)
        frame.tried.pop()
        after_body = frame.variables
        halfway = [after_body, before, *_each_alone(tried)]
        if reached and node.orelse is not None:
            frame.variables = dict(after_body)
            with self.perhaps(frame) as part:
                reached = self.execute(node.orelse.body, frame)
                part.unsure = bool(node.handlers)
        ends = [frame.variables] if reached else []
        for handler in node.handlers:
            frame.variables = _merged(halfway)
            if handler.name is not None:
                self.bind(handler.name.name, Value(fresh=True), frame)
            with self.perhaps(frame):
                reached = self.execute(handler.body, frame)
            if reached:
                ends.append(frame.variables)
        frame.variables = _merged(ends) if ends else after_body
        if node.finalbody is not None:
            return self.execute(node.finalbody.body, frame) and bool(ends)
        return bool(ends)

    def _with(self, node: cst.With, frame: Frame) -> bool:
        around = len(self.cutting)
        fails = any(self.calls.expects_failure(item.item) for item in node.items)
        for item in node.items:
            value = self.expression(item.item, frame)
            self.escape(value.deps)
            cut = self.calls.context_cut(item.item, frame)
            if cut is not None:
                self.cutting.append(cut)
            if item.asname is not None:
                self.bind(item.asname.name, value, frame)
        self.expecting_failure += fails
        try:
            if fails or any(self.calls.suppresses(item.item, frame) for item in node.items):
                return self._suppressed(node.body, frame)
            return self.execute(node.body, frame)
        finally:
            self.expecting_failure -= fails
            del self.cutting[around:]

    def _suppressed(self, body: cst.BaseSuite, frame: Frame) -> bool:
        """A block that may be left after any of its statements, as if nothing had happened."""
        before = dict(frame.variables)
        tried: dict[str, list[Value]] = {}
        frame.tried.append(tried)
        with self.perhaps(frame):
            self.execute(body, frame)
        frame.tried.pop()
        frame.variables = _merged([frame.variables, before, *_each_alone(tried)])
        return True

    def _match(self, node: cst.Match, frame: Frame) -> bool:
        subject = self.expression(node.subject, frame)
        ways = [self._case(case, subject, frame) for case in node.cases]
        return self._branch(frame, *ways, lambda: True)

    def _case(self, case: cst.MatchCase, subject: Value, frame: Frame) -> Callable[[], bool]:
        def way() -> bool:
            self._match_pattern(case.pattern, subject, frame)
            if case.guard is not None:
                self._condition(self.expression(case.guard, frame))
            return self.execute(case.body, frame)

        return way

    def _match_pattern(self, pattern: cst.CSTNode, subject: Value, frame: Frame) -> None:
        """Bind the names of a pattern to the parts of what it is matched with; comparing one with a value uses it."""
        if isinstance(pattern, cst.MatchAs):
            if pattern.pattern is not None:
                self._match_pattern(pattern.pattern, subject, frame)
            if pattern.name is not None:
                self.store(pattern.name.value, subject, frame)
        elif isinstance(pattern, cst.MatchOr):
            self._branch(frame, *(self._option(each.pattern, subject, frame) for each in pattern.patterns))
        elif isinstance(pattern, cst.MatchSequence):
            self._match_sequence(pattern, subject, frame)
        elif isinstance(pattern, cst.MatchMapping):
            self._match_mapping(pattern, subject, frame)
        elif isinstance(pattern, cst.MatchClass):
            for element in pattern.patterns:
                self._match_pattern(element.value, Value(subject.deps, None, None, False, element), frame)
            for named in pattern.kwds:
                self._match_pattern(named.pattern, self.attribute(subject, named.key.value, named), frame)
        elif isinstance(pattern, cst.MatchValue):
            self._condition(subject)

    def _option(self, pattern: cst.MatchPattern, subject: Value, frame: Frame) -> Callable[[], bool]:
        def way() -> bool:
            self._match_pattern(pattern, subject, frame)
            return True

        return way

    def _match_sequence(self, pattern: cst.MatchSequence, subject: Value, frame: Frame) -> None:
        starred = next((i for i, each in enumerate(pattern.patterns) if isinstance(each, cst.MatchStar)), None)
        parts = self.unpacked(subject, pattern.patterns, starred)
        for element, part in zip(pattern.patterns, parts, strict=True):
            if not isinstance(element, cst.MatchStar):
                self._match_pattern(element.value, part, frame)
            elif element.name is not None:
                self.store(element.name.value, part, frame)

    def _match_mapping(self, pattern: cst.MatchMapping, subject: Value, frame: Frame) -> None:
        taken = set()
        for element in pattern.elements:
            key = element.key.raw_value if isinstance(element.key, cst.SimpleString) else None
            taken.add(key)
            known = isinstance(key, str) and isinstance(subject.shape, Entries)
            part = self.entries(subject).get(str(key)) if known else None
            self._match_pattern(element.pattern, part or self.element(replace(subject, shape=None), element), frame)
        if pattern.rest is not None:
            rest = Value(subject.deps, None, None, subject.literal, pattern)
            if isinstance(subject.shape, Entries):
                left = {key: part for key, part in self.entries(subject).items() if key not in taken}
                rest = Value(united(*(part.deps for part in left.values())), None, Entries(left), False, pattern)
            self.store(pattern.rest.value, rest, frame)

    def _define(self, node: cst.FunctionDef, frame: Frame) -> bool:
        value = Value(self.closed_over(node, frame), shape=self.function(node, frame), node=node)
        for decorator in reversed(node.decorators):
            value = self.calls.decorated(decorator, value, frame)
        self.store(node.name.value, value, frame)
        return True

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
        for name, value in inner.variables.items():
            if value.place is not None and value.place.root.name == name and not value.place.path:
                # outside of the class it goes by that name
                value.place.root.name = f"{node.name.value}.{name}"
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
                self._disown(frame.variables.pop(name.value, None))
            elif isinstance(name, cst.Subscript):
                # what is left, and where, depends on which item went
                container = self.expression(name.value, frame)
                index = weakened(self.index(name, frame), INDEXING)
                if self.epoch and isinstance(container.shape, Items):
                    self.rearranged(container, index)
                else:
                    self.taint(container, index)
                self.consume(container)
        return True

    def _disown(self, value: Value | None) -> None:
        """A parameter that is deleted unread: `del params` says that it is not wanted."""
        if value is not None and value.place is not None:
            root = value.place.root
            if root.kind == "varied" and root not in self.varied_reads:
                self.disowned.add(root)

    def _assert(self, node: cst.Assert, frame: Frame) -> bool:
        compared = node.test.comparisons if isinstance(node.test, cst.Comparison) else ()
        with self.expecting([target.comparator for target in compared]):
            self.expression(node.test, frame)
        return True

    def _import(self, node: cst.Import | cst.ImportFrom, frame: Frame) -> bool:
        self.calls.bind_import(node, frame)
        return True


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


def _merged(states: list[dict[str, Value]]) -> dict[str, Value]:
    if len(states) == 1:
        return states[0]
    result = dict(states[0])
    for state in states[1:]:
        for name, value in state.items():
            known = result.get(name)
            result[name] = value if known is None or known is value else joined((known, value))
    return result


def _each_alone(bound: dict[str, list[Value]]) -> list[dict[str, Value]]:
    """States in which one name has one of the values that it was bound to."""
    return [{name: value} for name, values in bound.items() for value in values]


def _has_elements(node: cst.BaseExpression) -> bool:
    """Whether what a loop goes through is written out and not empty: `range(3)`, `("W1", "W2")`."""
    if isinstance(node, cst.Tuple | cst.List):
        return any(not isinstance(element, cst.StarredElement) for element in node.elements)
    if not isinstance(node, cst.Call) or not isinstance(node.func, cst.Name) or node.func.value != "range":
        return False
    count = node.args[0].value if len(node.args) == 1 else None
    return isinstance(count, cst.Integer) and count.evaluated_value > 0
