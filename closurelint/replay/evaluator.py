"""The evaluator: interprets the syntax tree of checked code; nothing of that code is ever executed by Python."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Callable
from functools import lru_cache
from typing import Any

import numpy as np

from closurelint.replay.expressions import Expressions
from closurelint.replay.limits import LimitReached, Unsupported
from closurelint.replay.machine import Raised, imported
from closurelint.replay.values import (
    Bound,
    Class,
    Function,
    Library,
    Method,
    Native,
    Scope,
    StandIn,
    Value,
)

_BREAK = object()
_CONTINUE = object()


class _Returned:
    __slots__ = ("value",)

    def __init__(self, value: Value) -> None:
        self.value = value


_TRANSPARENT = frozenset(
    "jit filter_jit pjit compile njit checkpoint remat function tf_function lru_cache cache staticmethod classmethod"
    " property torch_compile typecheck jaxtyped beartype override wraps abstractmethod cached_property no_type_check"
    " partial compact nowrap export filter_checkpoint enable_grad".split()
)
_FROZEN = frozenset("no_grad inference_mode".split())


class Evaluator(Expressions):
    """Statements and calls."""

    # -- calls -----------------------------------------------------------------------------------------------------

    def call(self, function: Value, arguments: list[Value], keywords: dict[str, Value], place: ast.AST) -> Value:
        """The result of a call: interpreted where the source is known, numpy's or a smooth stand-in's elsewhere."""
        if isinstance(function, Native):
            return self.call_builtin(function, arguments, keywords, place)
        if isinstance(function, Function):
            return self._call_function(function, arguments, keywords, None)
        if isinstance(function, Bound):
            receiver = function.receiver
            return self._call_function(function.function, [receiver, *arguments], keywords, receiver)
        if isinstance(function, Class):
            return self._construct(function, arguments, keywords)
        if isinstance(function, Method):
            return self._call_method(function, arguments, keywords, place)
        if isinstance(function, Library):
            if function.dotted in self.project:
                return self.call(self.lookup(function.dotted, self.globals), arguments, keywords, place)
            return self.call_library(function.dotted, arguments, keywords, place)
        if isinstance(function, StandIn):
            member = None if function.cls is None else function.cls.find("__call__") or function.cls.find("forward")
            if isinstance(member, Function):
                return self._call_function(member, [function, *arguments], keywords, function)
            return self.opaque(f"{function.label}()", arguments, keywords, function)
        if isinstance(function, np.ndarray):
            standin = self.standin(function)
            return self.opaque("value()", arguments, keywords, standin)
        return self.opaque("call()", [function, *arguments], keywords, None)

    def _call_method(self, method: Method, arguments: list[Value], keywords: dict[str, Value], place: ast.AST) -> Value:
        receiver, name = method.receiver, method.name
        if name == "__call__":
            return self.call(receiver, arguments, keywords, place)
        if isinstance(receiver, Function | Bound) and name == "apply":
            return self.call(receiver, arguments, keywords, place)
        if name == "forward" and isinstance(receiver, Function | Bound | Library):
            return self.call(receiver, arguments, keywords, place)
        return self.call_method(receiver, name, arguments, keywords, place)

    def _call_function(
        self, function: Function, arguments: list[Value], keywords: dict[str, Value], receiver: StandIn | None
    ) -> Value:
        def instead() -> Value:
            label = function.name if receiver is None else f"{receiver.label}.{function.name}"
            values = arguments if receiver is None else arguments[1:]
            values = [*values, *_closed_over(function)]
            return self.opaque(label, values, keywords, receiver if isinstance(receiver, StandIn) else None)

        return self.invoke_or_else(function, arguments, keywords, instead)

    def invoke(self, function: Function, arguments: list[Value], keywords: dict[str, Value]) -> Value:
        """The result of an interpreted function; raises `Unsupported` for what replay does not evaluate."""
        if self.depth >= self.limits.depth:
            raise LimitReached(f"calls deeper than {self.limits.depth} levels")
        node = function.node
        scope = Scope(function.scope)
        self._bind(function, scope, arguments, keywords)
        self.depth += 1
        frozen = self.without_gradient
        try:
            if isinstance(node, ast.Lambda):
                return self.evaluate(node.body, scope)
            names = {_decorator(item) for item in node.decorator_list}
            self.without_gradient += bool(names & _FROZEN)
            if _yields(node):
                raise Unsupported("uses `yield`")
            opaque = names - _TRANSPARENT - _FROZEN
            before = {name: len(values) for name, values in self.effects.items()}
            signal = self.block(node.body, scope)
            value = signal.value if isinstance(signal, _Returned) else None
            return self._decorated(function, value, before) if opaque and self._changed(before) else value
        finally:
            self.depth -= 1
            self.without_gradient = frozen

    def _changed(self, before: dict[str, int]) -> bool:
        return any(len(values) > before.get(name, 0) for name, values in self.effects.items())

    def _decorated(self, function: Function, value: Value, before: dict[str, int]) -> Value:
        """A function under a decorator of a library (`@qml.qnode`): its discarded calls were its work."""
        done = [item for name, values in self.effects.items() for item in values[before.get(name, 0) :]]
        for name, values in self.effects.items():
            del values[before.get(name, 0) :]
        return self.flat([value, done], function.name, ())

    def _bind(self, function: Function, scope: Scope, arguments: list[Value], keywords: dict[str, Value]) -> None:
        spec = function.node.args
        positional = [*spec.posonlyargs, *spec.args]
        given = dict(keywords)
        first_default = len(positional) - len(function.defaults)
        for index, item in enumerate(positional):
            if index < len(arguments):
                scope.names[item.arg] = arguments[index]
            elif item.arg in given:
                scope.names[item.arg] = given.pop(item.arg)
            elif index >= first_default:
                scope.names[item.arg] = function.defaults[index - first_default]
            else:
                scope.names[item.arg] = given["..."] if "..." in given else self.resolve(self, f"argument {item.arg}")
        if spec.vararg is not None:
            scope.names[spec.vararg.arg] = tuple(arguments[len(positional) :])
        for item, default in zip(spec.kwonlyargs, function.keyword_defaults, strict=True):
            scope.names[item.arg] = given.pop(item.arg) if item.arg in given else default
        if spec.kwarg is not None:
            scope.names[spec.kwarg.arg] = given

    def _construct(self, cls: Class, arguments: list[Value], keywords: dict[str, Value]) -> Value:
        made = StandIn(cls.name, cls=cls)
        initializer = cls.find("__init__")
        if isinstance(initializer, Function):
            self.invoke_or_else(initializer, [made, *arguments], keywords, lambda: None)
        else:
            names = [item.target.id for item in cls.node.body
                     if isinstance(item, ast.AnnAssign) and isinstance(item.target, ast.Name)]  # fmt: skip
            for name, value in [*zip(names, arguments, strict=False), *keywords.items()]:
                made.slots[("attribute", name)] = value
        made.absorbed.append([*arguments, *keywords.values()])
        return made

    # -- statements ------------------------------------------------------------------------------------------------

    def block(self, statements: list[ast.stmt], scope: Scope) -> object:
        """Run statements; gives None, or the signal that ended them."""
        for statement in statements:
            self.meter.step()
            handler = _STATEMENTS.get(type(statement))
            if handler is None:
                raise Unsupported(f"uses `{type(statement).__name__.lower()}`")
            signal = handler(self, statement, scope)
            if signal is not None:
                return signal
        return None

    def _expression(self, node: ast.Expr, scope: Scope) -> object:
        if isinstance(node.value, ast.Call):
            function, arguments, keywords = self.prepare(node.value, scope)
            result = self.call(function, arguments, keywords, node.value)
            writes = (
                isinstance(function, Method) and isinstance(function.receiver, np.ndarray) and function.name[-1] == "_"
            )
            if not writes and not isinstance(result, type(None)):
                self.absorb(function, arguments, keywords)
        elif not isinstance(node.value, ast.Constant):
            self.evaluate(node.value, scope)
        return None

    def _return(self, node: ast.Return, scope: Scope) -> object:
        return _Returned(None if node.value is None else self.evaluate(node.value, scope))

    def _assignment(self, node: ast.Assign, scope: Scope) -> object:
        value = self.evaluate(node.value, scope)
        for target in node.targets:
            self.assign(target, value, scope)
        return None

    def _annotated(self, node: ast.AnnAssign, scope: Scope) -> object:
        if node.value is not None:
            self.assign(node.target, self.evaluate(node.value, scope), scope)
        return None

    def _augmented(self, node: ast.AugAssign, scope: Scope) -> object:
        target = node.target
        if isinstance(target, ast.Name):
            old = self.lookup(target.id, scope)
            scope.bind(target.id, self._updated(node, old, scope))
        elif isinstance(target, ast.Attribute):
            holder = self.evaluate(target.value, scope)
            old = self.attribute(holder, target.attr, target)
            self.assign_attribute(holder, target.attr, self._updated(node, old, scope))
        else:
            holder, key = self.evaluate(target.value, scope), self.evaluate(target.slice, scope)
            self.assign_item(holder, key, self._updated(node, self.item(holder, key), scope))
        return None

    def _updated(self, node: ast.AugAssign, old: Value, scope: Scope) -> Value:
        value = self.evaluate(node.value, scope)
        if isinstance(old, list) and isinstance(node.op, ast.Add):
            old.extend(self.items(value))
            return old
        result = self.operate(node.op, old, value, node)
        same = isinstance(old, np.ndarray) and isinstance(result, np.ndarray) and old.shape == result.shape
        if same and old.ndim and old.dtype == result.dtype and old.flags.writeable:
            old[...] = result
            return old
        return result

    def assign(self, target: ast.expr, value: Value, scope: Scope) -> None:
        """`target = value`: names, attributes, items, and tuples of them."""
        if isinstance(target, ast.Name):
            scope.bind(target.id, value)
        elif isinstance(target, ast.Attribute):
            value = self._written(value, target)
            self.assign_attribute(self.evaluate(target.value, scope), target.attr, value)
        elif isinstance(target, ast.Subscript):
            value = self._written(value, target.value)
            self.assign_item(self.evaluate(target.value, scope), self.evaluate(target.slice, scope), value)
        elif isinstance(target, ast.Tuple | ast.List):
            for part, item in zip(target.elts, self._parts(value, target.elts), strict=True):
                self.assign(part, item, scope)
        elif isinstance(target, ast.Starred):
            self.assign(target.value, value, scope)

    def _written(self, value: Value, target: ast.expr) -> Value:
        """What is left of a value that is written to a target, or into it: `layer.weight.data` is past the graph."""
        past = isinstance(target, ast.Attribute) and target.attr == "data" and self.cuts.severing
        return self.cut(value, target, "written") if past else value

    def _parts(self, value: Value, targets: list[ast.expr]) -> list[Value]:
        count = len(targets)
        starred = [index for index, item in enumerate(targets) if isinstance(item, ast.Starred)]
        if isinstance(value, StandIn):
            items = [value.read(("item", index)) for index in range(count)]
            return [[item] if index in starred else item for index, item in enumerate(items)]
        items = self.items(value)
        if starred and len(items) >= count - 1:
            first, after = starred[0], count - starred[0] - 1
            end = len(items) - after
            return [*items[:first], items[first:end], *items[end:]]
        if len(items) != count:
            items = [self.flat([value], f"part {index}", ()) for index in range(count)]
        return items

    def assign_item(self, holder: Value, key: Value, value: Value) -> None:
        """`holder[key] = value`."""
        if isinstance(holder, np.ndarray) and isinstance(key, str):
            holder = self.standin(holder)
        if isinstance(holder, StandIn):
            if isinstance(key, str | int):
                holder.slots[("item", key)] = value
            else:
                holder.write_somewhere(self._snapshot(value))
        elif isinstance(holder, np.ndarray):
            self.store(holder, self.index(key), value)
        elif isinstance(holder, dict):
            holder[self.key(key)] = value
        elif isinstance(holder, list):
            if isinstance(key, slice):
                self._assign_slice(holder, self.index(key), self.items(value))
                return
            place = self.whole(key)
            if -len(holder) <= place < len(holder):
                holder[place] = value

    def _assign_slice(self, holder: list[Value], places: slice, items: list[Value]) -> None:
        try:
            holder[places] = items
        except ValueError:
            # every other item, say, and not as many values: each of these places can get any of them
            for place in range(len(holder))[places]:
                holder[place] = self.flat(items, "assigned", ())

    def _delete(self, node: ast.Delete, scope: Scope) -> object:
        for target in node.targets:
            if isinstance(target, ast.Name):
                scope.names.pop(target.id, None)
            elif isinstance(target, ast.Attribute):
                holder = self.evaluate(target.value, scope)
                if isinstance(holder, StandIn):
                    holder.slots.pop(("attribute", target.attr), None)
            elif isinstance(target, ast.Subscript):
                holder, key = self.evaluate(target.value, scope), self.evaluate(target.slice, scope)
                if isinstance(holder, dict):
                    holder.pop(self.key(key), None)
                elif isinstance(holder, list) and isinstance(key, slice):
                    del holder[self.index(key)]
                elif isinstance(holder, list) and -len(holder) <= self.whole(key) < len(holder):
                    del holder[self.whole(key)]
        return None

    def _if(self, node: ast.If, scope: Scope) -> object:
        return self.block(node.body if self.truth(self.evaluate(node.test, scope), node) else node.orelse, scope)

    def _while(self, node: ast.While, scope: Scope) -> object:
        while self.truth(self.evaluate(node.test, scope), node):
            signal = self.block(node.body, scope)
            if signal is _BREAK:
                return None
            if signal is not None and signal is not _CONTINUE:
                return signal
        return self.block(node.orelse, scope)

    def _for(self, node: ast.For | ast.AsyncFor, scope: Scope) -> object:
        for item in self.iterate(self.evaluate(node.iter, scope)):
            self.assign(node.target, item, scope)
            signal = self.block(node.body, scope)
            if signal is _BREAK:
                return None
            if signal is not None and signal is not _CONTINUE:
                return signal
        return self.block(node.orelse, scope)

    def _with(self, node: ast.With | ast.AsyncWith, scope: Scope) -> object:
        frozen = self.without_gradient
        for item in node.items:
            name = _decorator(item.context_expr)
            value: Value = None
            if name in _FROZEN or (name == "set_grad_enabled" and _is_false(item.context_expr)):
                self.without_gradient += 1
            elif name == "enable_grad":
                self.without_gradient = 0
            else:
                value = self.evaluate(item.context_expr, scope)
            if item.optional_vars is not None:
                self.assign(item.optional_vars, value, scope)
        try:
            return self.block(node.body, scope)
        finally:
            self.without_gradient = frozen

    def _try(self, node: Any, scope: Scope) -> object:
        try:
            signal = self._guarded(node, scope)
        except Raised:
            signal = self.block(node.finalbody, scope)
            if signal is None:
                raise
            return signal
        ended = self.block(node.finalbody, scope)
        return signal if ended is None else ended

    def _guarded(self, node: Any, scope: Scope) -> object:
        """The body of a `try`, and the handler of what it raises."""
        try:
            signal = self.block(node.body, scope)
        except Raised as error:
            handler = next((item for item in node.handlers if _catches(item.type, error.name)), None)
            if handler is None:
                raise
            return self._handled(handler, error.name, scope)
        if signal is None and node.handlers and self.supposed(False):
            return self._handled(node.handlers[0], "an exception", scope)
        return self.block(node.orelse, scope) if signal is None else signal

    def _handled(self, handler: ast.ExceptHandler, name: str, scope: Scope) -> object:
        if handler.name is not None:
            scope.bind(handler.name, StandIn(name))
        around, self.caught = self.caught, name
        try:
            return self.block(handler.body, scope)
        finally:
            self.caught = around

    def _match(self, node: ast.Match, scope: Scope) -> object:
        subject = self.evaluate(node.subject, scope)
        for case in node.cases:
            if not self._matches(case.pattern, subject, scope):
                continue
            if case.guard is None or self.truth(self.evaluate(case.guard, scope), case.guard):
                return self.block(case.body, scope)
        return None

    def _matches(self, pattern: ast.pattern, subject: Value, scope: Scope) -> bool:
        """Whether a value is of a pattern, whose names are bound to its parts."""
        if isinstance(pattern, ast.MatchAs):
            if pattern.pattern is not None and not self._matches(pattern.pattern, subject, scope):
                return False
            if pattern.name is not None:
                scope.bind(pattern.name, subject)
            return True
        if isinstance(pattern, ast.MatchOr):
            return any(self._matches(option, subject, scope) for option in pattern.patterns)
        if isinstance(pattern, ast.MatchValue):
            same = self._compared(ast.Eq(), subject, self.evaluate(pattern.value, scope), pattern.value)
            return self.truth(same, pattern)
        if isinstance(pattern, ast.MatchSingleton):
            return self.supposed(False) if isinstance(subject, StandIn) else subject is pattern.value
        if isinstance(pattern, ast.MatchSequence):
            return self._matches_sequence(pattern.patterns, subject, scope)
        if isinstance(pattern, ast.MatchMapping):
            return self._matches_mapping(pattern, subject, scope)
        raise Unsupported("uses a pattern of a class")

    def _matches_sequence(self, patterns: list[ast.pattern], subject: Value, scope: Scope) -> bool:
        if not isinstance(subject, list | tuple | StandIn):
            return False
        starred = next((index for index, each in enumerate(patterns) if isinstance(each, ast.MatchStar)), None)
        items = self.items(subject)
        if len(items) != len(patterns) if starred is None else len(items) < len(patterns) - 1:
            if not isinstance(subject, StandIn):
                return False
            items = [subject.read(("item", index)) for index in range(len(patterns))]
        if starred is not None:
            end = len(items) - (len(patterns) - starred - 1)
            items = [*items[:starred], items[starred:end], *items[end:]]
        return all(
            self._matches(ast.MatchAs(name=each.name) if isinstance(each, ast.MatchStar) else each, item, scope)
            for each, item in zip(patterns, items, strict=True)
        )

    def _matches_mapping(self, pattern: ast.MatchMapping, subject: Value, scope: Scope) -> bool:
        if isinstance(subject, StandIn):
            raise Unsupported("takes something unknown apart by its keys")
        if not isinstance(subject, dict):
            return False
        keys = [self.key(self.evaluate(key, scope)) for key in pattern.keys]
        if any(key not in subject for key in keys):
            return False
        if pattern.rest is not None:
            scope.bind(pattern.rest, {key: value for key, value in subject.items() if key not in keys})
        pairs = zip(keys, pattern.patterns, strict=True)
        return all(self._matches(each, subject[key], scope) for key, each in pairs)

    def _raise(self, node: ast.Raise, scope: Scope) -> object:
        if self.lenient_raise and self.depth > 1:
            raise Unsupported("raises on the stand-ins")  # the helper becomes a smooth function of what it is given
        if self.lenient_raise:
            return None
        if node.exc is None:
            raise Raised(self.caught or "an exception")
        found = scope.find(node.exc.id) if isinstance(node.exc, ast.Name) else None
        known = None if found is None else found.names[_decorator(node.exc)]
        raise Raised(known.label if isinstance(known, StandIn) else _decorator(node.exc))

    def _assert(self, node: ast.Assert, scope: Scope) -> object:
        return None

    def _function(self, node: ast.FunctionDef | ast.AsyncFunctionDef, scope: Scope) -> object:
        function = self.define(node, node.name, scope)
        names = {_decorator(item) for item in node.decorator_list}
        if names & {"property", "cached_property"}:
            function.kind = "property"
        elif "staticmethod" in names:
            function.kind = "static"
        scope.bind(node.name, function)
        return None

    def _class(self, node: ast.ClassDef, scope: Scope) -> object:
        scope.bind(node.name, self.define_class(node, scope))
        return None

    def define_class(self, node: ast.ClassDef, scope: Scope) -> Class:
        """A class value: its functions, and what its body assigns."""
        bases = tuple(self.evaluate(item, scope) for item in node.bases if isinstance(item, ast.Name | ast.Attribute))
        body = Scope(scope)
        for statement in node.body:
            kinds = ast.FunctionDef | ast.AsyncFunctionDef | ast.Assign | ast.AnnAssign | ast.ClassDef
            if isinstance(statement, kinds):
                self.block([statement], body)
        return Class(node.name, node, scope, bases, body.names)

    def _import(self, node: ast.Import, scope: Scope) -> object:
        for alias in node.names:
            top = alias.name.partition(".")[0]
            scope.bind(alias.asname or top, Library(alias.name if alias.asname else top))
        return None

    def _import_from(self, node: ast.ImportFrom, scope: Scope) -> object:
        for alias in node.names:
            scope.bind(alias.asname or alias.name, imported(f"{node.module or 'project'}.{alias.name}"))
        return None

    def _passed(self, node: ast.Global | ast.Nonlocal, scope: Scope) -> object:
        scope.passed.update(node.names)
        return None

    def _nothing(self, node: ast.stmt, scope: Scope) -> object:
        return None

    def _break(self, node: ast.stmt, scope: Scope) -> object:
        return _BREAK

    def _continue(self, node: ast.stmt, scope: Scope) -> object:
        return _CONTINUE


def _closed_over(function: Function) -> list[Value]:
    """What a function reads of the functions around it."""
    names = {item.id for item in ast.walk(function.node) if isinstance(item, ast.Name)}
    found: list[Value] = []
    scope = function.scope
    while scope.outer is not None:
        found.extend(value for name, value in scope.names.items() if name in names and value is not function)
        scope = scope.outer
    return found


def _decorator(node: ast.expr) -> str:
    """The last name of a decorator, of a context manager or of an exception."""
    if isinstance(node, ast.Call):
        called = _decorator(node.func)
        return _decorator(node.args[0]) if called == "partial" and node.args else called
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


_ERRORS = {
    name: kind for name, kind in vars(builtins).items() if isinstance(kind, type) and issubclass(kind, BaseException)
}


def _catches(caught: ast.expr | None, raised: str) -> bool:
    """Whether a handler is for an exception of that name; of one that Python does not come with, every one may be."""
    if caught is None:
        return True
    names = [_decorator(item) for item in (caught.elts if isinstance(caught, ast.Tuple) else [caught])]
    error = _ERRORS.get(raised)
    if error is None:
        return True
    return any(issubclass(error, _ERRORS[name]) for name in names if name in _ERRORS)


@lru_cache(maxsize=256)
def _yields(node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    waiting: list[ast.AST] = list(node.body)
    while waiting:
        inner = waiting.pop()
        if isinstance(inner, ast.Yield | ast.YieldFrom):
            return True
        if not isinstance(inner, ast.FunctionDef | ast.Lambda | ast.AsyncFunctionDef | ast.ClassDef):
            waiting.extend(ast.iter_child_nodes(inner))
    return False


def _is_false(node: ast.expr) -> bool:
    return (
        isinstance(node, ast.Call)
        and bool(node.args)
        and isinstance(node.args[0], ast.Constant)
        and not node.args[0].value
    )


_STATEMENTS: dict[type[ast.stmt], Callable[[Any, Any, Scope], object]] = {
    ast.Expr: Evaluator._expression,
    ast.Return: Evaluator._return,
    ast.Assign: Evaluator._assignment,
    ast.AnnAssign: Evaluator._annotated,
    ast.AugAssign: Evaluator._augmented,
    ast.Delete: Evaluator._delete,
    ast.If: Evaluator._if,
    ast.While: Evaluator._while,
    ast.For: Evaluator._for,
    ast.AsyncFor: Evaluator._for,
    ast.With: Evaluator._with,
    ast.AsyncWith: Evaluator._with,
    ast.Try: Evaluator._try,
    ast.Match: Evaluator._match,
    ast.Raise: Evaluator._raise,
    ast.Assert: Evaluator._assert,
    ast.FunctionDef: Evaluator._function,
    ast.AsyncFunctionDef: Evaluator._function,
    ast.ClassDef: Evaluator._class,
    ast.Import: Evaluator._import,
    ast.ImportFrom: Evaluator._import_from,
    ast.Global: Evaluator._passed,
    ast.Nonlocal: Evaluator._passed,
    ast.Pass: Evaluator._nothing,
    ast.Break: Evaluator._break,
    ast.Continue: Evaluator._continue,
}
