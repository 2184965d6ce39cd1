"""What a call of the project's own code does: its body is looked into, arguments standing for parameters."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import libcst as cst

from closurelint.analysis.facts import statements
from closurelint.analysis.memory import OutOfBudget
from closurelint.analysis.unfinished import is_unfinished
from closurelint.analysis.values import (
    LIVE,
    NOTHING,
    UNKNOWN,
    Arguments,
    Class,
    Dependences,
    Entries,
    Frame,
    Function,
    Instance,
    Items,
    OneOf,
    Place,
    Root,
    Value,
    depending,
    joined,
    united,
    weakened,
)

if TYPE_CHECKING:
    from closurelint.analysis.calls import Calls

DEPTH_LIMIT = 12

INLINE_STEPS = (800, 2_500)
"""What looking into one call may cost, outside of an objective and in one; a costlier one is taken as unseen."""


class Inlining:
    """Looks into functions and classes of the project, for the calls of one interpreter."""

    def __init__(self, calls: Calls) -> None:
        self.calls = calls
        self.run = calls.run
        self.stack: list[cst.CSTNode] = []
        self.outermost: list[tuple[cst.CSTNode, Frame]] = []
        self.costly: set[tuple[cst.CSTNode, int]] = set()
        self._unfinished: dict[cst.CSTNode, bool] = {}

    def call_function(
        self, function: Function, arguments: Arguments, node: cst.CSTNode, frame: Frame | None = None
    ) -> Value:
        """Look into a function of the project with these arguments."""
        if function.wrapper is not None:
            wrapper = function.wrapper
            function = replace(
                wrapper,
                args=(*wrapper.args, *function.args),
                keywords=(*wrapper.keywords, *function.keywords),
            )
        given = united(*(item.value.deps for item in arguments.items), *(value.deps for value in function.args))
        unfinished = self.is_unfinished(function)
        if self.stack.count(function.node) >= 2 or len(self.stack) >= DEPTH_LIMIT or unfinished:
            if unfinished and self.run.epoch:
                self.run.escape(given)
            return self._unseen(function, given, arguments, node)
        facts = function.module.names(function.node)
        inner = Frame(
            function.frame, function.module, self.run.epoch, function.scope, outer_names=facts.outer, inlined=True
        )
        self.bind_parameters(function, arguments, inner)
        result = self._looked_into(function, inner, node, frame)
        if result is None:
            return self._unseen(function, given, arguments, node)
        if self.run.epoch:
            result = _finished(result, given, inner)
        if result.place is None and result.shape is None:
            # computed by this call, whatever computed it inside
            result = replace(result, node=node)
        receiver = function.args[0] if function.args else None
        if receiver is not None and self.run.epoch and isinstance(receiver.shape, Instance):
            # what an object was made of comes back through its methods, by ways that are not followed here
            result = depending(result, self.run.varied(receiver.deps))
        return replace(result, deps=weakened(result.deps, function.cut)) if function.cut.level else result

    def is_unfinished(self, function: Function) -> bool:
        """Whether the function is still to be written."""
        known = self._unfinished.get(function.node)
        if known is None:
            known = self._unfinished[function.node] = is_unfinished(function.module, function.node)
        return known

    def _unseen(self, function: Function, given: Dependences, arguments: Arguments, node: cst.CSTNode) -> Value:
        """What a function that is not looked into returns: of all that it is given, and of all that it can see."""
        if self.calls.made is not None:
            self.calls.made.append((UNKNOWN, Arguments()))
        seen = self.run.closed_over(function.node, function.frame)
        return Value(united(given, seen, self.calls.unseen.code_dependences(arguments)), None, None, False, node)

    def _looked_into(self, function: Function, inner: Frame, node: cst.CSTNode, frame: Frame | None) -> Value | None:
        """The result of a body; None where looking into it costs too much."""
        run, caller = self.run, None if frame is None or frame.inlined else frame
        steps, depth, stacked, loops = run.steps_left, run.depth, len(self.stack), len(run.loop_exits)
        limited = depth == 0
        if limited:
            if (function.node, run.epoch) in self.costly:
                return None
            run.steps_left = min(steps, INLINE_STEPS[min(run.epoch, 1)])
        self.stack.append(function.node)
        run.depth += 1
        if caller is not None:
            self.outermost.append((node, caller))
        try:
            return self.body(function, inner)
        except OutOfBudget:
            if not limited:
                raise
            self.costly.add((function.node, run.epoch))
            return None
        finally:
            del self.stack[stacked:]
            del run.loop_exits[loops:]
            run.depth = depth
            if caller is not None:
                self.outermost.pop()
            if limited:
                run.steps_left = steps - 1

    def body(self, function: Function, inner: Frame) -> Value:
        """What a function returns, its parameters being bound in `inner` already."""
        if isinstance(function.node, cst.Lambda):
            return self.run.expression(function.node.body, inner)
        before, self.run.registered = self.run.registered, NOTHING
        given = NOTHING
        if self.run.epoch and function.module.names(function.node).dynamic:
            # `globals()[name] = w`, `eval("w")`: what it is given may be written or read under any name
            given = self.run.varied(united(*(value.deps for value in inner.variables.values())))
            self.run.escape(given)
            self.run.stirred = bool(self.run.escaped)
        with self.run.perhaps(inner) as part:
            reached = self.run.execute(function.node.body, inner)
            # where one of several ways out was taken early, what comes after it was not written
            part.unsure = len(inner.returns) + reached > 1
        registered = self.run.registered
        self.run.registered = before if function.recorded else united(before, registered)
        if not inner.returns:
            return Value(literal=True, node=function.node)
        value = joined(inner.returns)
        return depending(value, united(registered, given))

    def bind_parameters(self, function: Function, arguments: Arguments, inner: Frame) -> None:
        """Bind arguments to parameters as a call does; what no argument reaches gets its default."""
        positional, rest, named = self._expanded(function, arguments)
        for parameter in function.module.parameters(function.node):
            name = parameter.name
            if parameter.star == "*":
                value = Value(
                    united(*(item.deps for item in positional), rest.deps if rest else NOTHING),
                    shape=None if rest is not None else Items(tuple(positional)),
                )
            elif parameter.star == "**":
                value = Value(united(*(item.deps for item in named.values())), shape=Entries(dict(named)))
            elif positional and not parameter.keyword_only:
                value = positional.pop(0)
            elif name in named:
                value = named.pop(name)
            elif rest is not None:
                value = rest
            elif name in function.defaults:
                value = function.defaults[name]
                if function.frame.epoch < self.run.epoch:
                    value = self.run.captured(value, name)
            else:
                value = UNKNOWN
            inner.variables[name] = self.run.placed(name, value, inner)

    def _expanded(self, function: Function, arguments: Arguments) -> tuple[list[Value], Value | None, dict[str, Value]]:
        positional = list(function.args)
        named = dict(function.keywords)
        rest: Value | None = None
        for item in arguments.items:
            if item.star:
                part = self.run.element(item.value, item.node)
                rest = part if rest is None else joined((rest, part))
            elif item.keyword is not None:
                named[item.keyword] = item.value
            else:
                positional.append(item.value)
        return positional, rest, named

    def construct(self, cls: Class, arguments: Arguments, node: cst.CSTNode, frame: Frame | None = None) -> Value:
        """A new object, whose attributes are what `__init__` makes of the arguments, or the fields of a dataclass."""
        given = united(*(item.value.deps for item in arguments.items))
        root = Root("", "object", node, frozenset(given), fresh=True, module=cls.module)
        place = Place(root)
        made = Value(united({place: LIVE}, given), place, Instance(cls), node=node)
        init = cls.members.get("__init__")
        if init is not None and isinstance(init.shape, Function):
            self.call_function(replace(init.shape, args=(made,)), arguments, node, frame)
        else:
            fields = [
                item.target.value
                for item in statements(cls.node.body)
                if isinstance(item, cst.AnnAssign) and isinstance(item.target, cst.Name)
            ]
            for name, item in zip(fields, arguments.positional, strict=False):
                self.run.write(place.step("." + name), item.value, strong=True)
            for name, item in arguments.keywords.items():
                self.run.write(place.step("." + name), item.value, strong=True)
        if not self.run.epoch:
            return made
        return depending(self.run.stored(place, made), self._read_by_methods(cls))

    def _read_by_methods(self, cls: Class) -> Dependences:
        """What the methods of a class read of the function that it is defined in: an object takes it along."""
        methods = (member.shape for member in cls.members.values() if isinstance(member.shape, Function))
        return united(*(self.run.varied(self.run.closed_over(each.node, each.frame)) for each in methods))


def _finished(value: Value, given: Dependences, inner: Frame) -> Value:
    """What a function returns: where it is a literal of its own, the body is yet to be written, and may use it all."""
    shape = value.shape
    if isinstance(shape, Items | OneOf):
        parts = tuple(_finished(part, given, inner) for part in shape.values)
        return replace(value, shape=replace(shape, values=parts))
    own = all(place.root.kind == "literal" and place.root.name in inner.variables for place in value.deps)
    return Value(given, None, None, False, value.node) if value.literal and shape is None and own else value
