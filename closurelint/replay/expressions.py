"""Evaluates expressions."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any

import numpy as np

from closurelint.replay.cuts import WRITING
from closurelint.replay.language import Language
from closurelint.replay.limits import LimitReached, NotReplayable, Unsupported
from closurelint.replay.machine import Raised, imported
from closurelint.replay.numpy_names import IDENTITIES, METADATA, NUMPY
from closurelint.replay.values import (
    SOMEWHERE,
    Bound,
    Class,
    Cursor,
    Function,
    Indexer,
    Library,
    Method,
    Native,
    Scope,
    StandIn,
    Value,
    same,
    textual,
)

_BINARY: dict[type[ast.operator], str] = {
    ast.Add: "add", ast.Sub: "subtract", ast.Mult: "multiply", ast.Div: "true_divide", ast.FloorDiv: "floor_divide",
    ast.Mod: "remainder", ast.Pow: "power", ast.MatMult: "matmul", ast.BitAnd: "bitwise_and", ast.BitOr: "bitwise_or",
    ast.BitXor: "bitwise_xor", ast.LShift: "left_shift", ast.RShift: "right_shift",
}  # fmt: skip

_COMPARE: dict[type[ast.cmpop], str] = {
    ast.Eq: "equal", ast.NotEq: "not_equal", ast.Lt: "less", ast.LtE: "less_equal", ast.Gt: "greater",
    ast.GtE: "greater_equal",
}  # fmt: skip

_SPECIAL_NAMES = frozenset(("__init__", "__call__", "__name__", "__version__"))


def _name_of(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else ""


def is_dunder(name: str) -> bool:
    """Whether an attribute is one of Python's own, which lead from any object to the interpreter."""
    return name.startswith("__") and name.endswith("__") and name not in _SPECIAL_NAMES


class Expressions(Language):
    """One method for each kind of expression."""

    def evaluate(self, node: ast.expr, scope: Scope) -> Value:
        """The value of an expression; raises `Unsupported` for one that replay does not know."""
        self.meter.step()
        handler = _HANDLERS.get(type(node))
        if handler is None:
            raise Unsupported(f"uses `{_SPELLED.get(type(node).__name__, type(node).__name__.lower())}`")
        value = handler(self, node, scope)
        if self.without_gradient and self.cuts.severing and isinstance(node, ast.Call | ast.BinOp | ast.UnaryOp):
            return self.cut(value, node, "without gradient")
        return value

    def _constant(self, node: ast.Constant, scope: Scope) -> Value:
        value = node.value
        if isinstance(value, int) and not isinstance(value, bool):
            self.meter.integer(value.bit_length())
        return value.decode("latin-1") if isinstance(value, bytes) else value

    def _name(self, node: ast.Name, scope: Scope) -> Value:
        return self.lookup(node.id, scope)

    def lookup(self, name: str, scope: Scope) -> Value:
        """The value of a name: local, of the module, or a stand-in that is made now."""
        found = scope.find(name)
        if found is not None:
            return found.names[name]
        value = self.resolve(self, name)
        self.globals.names[name] = value
        return value

    # -- attributes and items --------------------------------------------------------------------------------------

    def _attribute(self, node: ast.Attribute, scope: Scope) -> Value:
        return self.attribute(self.evaluate(node.value, scope), node.attr, node)

    def attribute(self, value: Value, name: str, place: ast.AST) -> Value:
        """`value.name`, from the evaluator's own tables; no attribute of a Python object is ever read."""
        if is_dunder(name):
            raise Unsupported(f"uses `{name}`")
        if isinstance(value, Library):
            return imported(f"{value.dotted}.{name}")
        if isinstance(value, np.ndarray):
            return self._array_attribute(value, name, place)
        if isinstance(value, StandIn):
            return self._standin_attribute(value, name, place)
        if isinstance(value, Cursor):
            return {"finished": value.finished, "multi_index": value.multi_index}.get(name, value.place)
        if isinstance(value, Class):
            found = value.find(name)
            return found if found is not None else StandIn(f"{value.name}.{name}")
        if isinstance(value, bool | int | float) and name in ("real", "data", "T", "value"):
            return value
        holder = self._named_like_a_method(value) if isinstance(value, Method) else None
        written = None if holder is None else holder.slots.get(("attribute", name))
        return Method(value, name) if written is None else written

    def _named_like_a_method(self, method: Method) -> StandIn | None:
        """The attribute that goes by the name of a method of arrays: `w.inner` in `w.inner.scale = 2`."""
        receiver = method.receiver
        holder = self.standin(receiver) if isinstance(receiver, np.ndarray) else receiver
        found = holder.read(("attribute", method.name)) if isinstance(holder, StandIn) else None
        return found if isinstance(found, StandIn) else None

    def _array_attribute(self, value: Any, name: str, place: ast.AST) -> Value:
        held = self.standin(value)
        if ("attribute", name) in held.slots:
            return held.slots[("attribute", name)]
        if name in ("shape", "ndim", "size"):
            return value.shape if name == "shape" else value.ndim if name == "ndim" else value.size
        if name in ("T", "mT", "H"):
            return value.T
        if name in ("real", "values", "value", "array", "flat", "val", "base"):
            return value.ravel() if name == "flat" else value
        if name in ("data", "_value"):
            return self.cut(value, place, "severed") if self.cuts.severing else value
        if name == "at":
            return Indexer(value)
        if name in METADATA:
            return StandIn(f"metadata.{name}")
        return Method(value, name) if name in NUMPY or name in IDENTITIES else held.read(("attribute", name))

    def _standin_attribute(self, value: StandIn, name: str, place: ast.AST) -> Value:
        if ("attribute", name) in value.slots:
            return value.slots[("attribute", name)]
        member = None if value.cls is None else value.cls.find(name)
        made_up = None if value.cls is None or member is not None else value.cls.find("__getattr__")
        if isinstance(made_up, Function):
            return self.invoke_or_else(made_up, [value, name], {}, lambda: value.read(("attribute", name)))
        if isinstance(member, Function):
            if member.kind == "property":
                return self.invoke_or_else(member, [value], {}, lambda: value.read(("attribute", name)))
            return member if member.kind == "static" else Bound(member, value)
        if member is not None:
            return member
        plain = not value.slots and not value.basis
        if name in ("shape", "ndim") or (plain and name in ("size", "T")):
            return self._array_attribute(self.array(value), name, place)
        if name in METADATA and not plain:
            return StandIn(f"metadata.{name}")
        if name in ("data", "_value") and self.cuts.severing:
            return self.cut(value, place, "severed")
        if name in ("data", "at"):
            return Indexer(self.array(value)) if name == "at" else value
        return value.read(("attribute", name))

    def assign_attribute(self, target: Value, name: str, value: Value) -> None:
        """`target.name = value`."""
        if is_dunder(name):
            raise Unsupported(f"uses `{name}`")
        if isinstance(target, np.ndarray):
            if name == "data":
                self.store(target, ..., value)
                return
            target = self.standin(target)
        if isinstance(target, Method):
            target = self._named_like_a_method(target)
        if isinstance(target, StandIn):
            target.slots[("attribute", name)] = value
        elif isinstance(target, Class):
            target.members[name] = value

    def _subscript(self, node: ast.Subscript, scope: Scope) -> Value:
        return self.item(self.evaluate(node.value, scope), self.evaluate(node.slice, scope))

    def item(self, value: Value, key: Value) -> Value:
        """`value[key]`."""
        if isinstance(value, Indexer):
            return Indexer(value.array, key)
        if isinstance(value, np.ndarray):
            return self.standin(value).read(("item", key)) if isinstance(key, str) else self.index_array(value, key)
        if isinstance(value, dict):
            plain = self.key(key)
            return value[plain] if plain in value else self.flat([value, key], "missing item", ())
        if isinstance(value, list | tuple | str | range):
            return self._sequence_item(value, key)
        if isinstance(value, StandIn):
            return self._standin_item(value, key)
        if isinstance(value, Cursor):
            return value.array[value.multi_index].copy()
        if isinstance(value, bool | int | float):
            return value
        return self.flat([value, key], "item", ())

    def _sequence_item(self, value: Value, key: Value) -> Value:
        if isinstance(key, slice):
            return value[self.index(key)]
        if isinstance(key, tuple) or (isinstance(key, np.ndarray) and key.ndim):
            return self.index_array(self.array(value), key)
        if not len(value):
            return 0.0
        place = self.whole(key) if not isinstance(key, StandIn | str) else 0
        return value[place] if -len(value) <= place < len(value) else self.flat([value, place], "item", ())

    def _standin_item(self, value: StandIn, key: Value) -> Value:
        if isinstance(key, str | int) and not isinstance(key, bool):
            plain = not value.slots and not value.basis and value.anything is None
            if plain and isinstance(key, int) and self.array(value).ndim:
                return self.index_array(self.array(value), key)
            return value.read(("item", key))
        if value.anything is not None:
            return value.anything
        if value.owner is not None and not self.array(value).ndim:
            return value.read(SOMEWHERE if isinstance(key, slice) else ("item", self.key(key)))
        return self.index_array(self.array(value), key)

    def _slice(self, node: ast.Slice, scope: Scope) -> Value:
        return slice(
            *(None if part is None else self.evaluate(part, scope) for part in (node.lower, node.upper, node.step))
        )

    # -- operators -------------------------------------------------------------------------------------------------

    def _binary(self, node: ast.BinOp, scope: Scope) -> Value:
        return self.operate(node.op, self.evaluate(node.left, scope), self.evaluate(node.right, scope), node)

    def operate(self, operator: ast.operator, left: Value, right: Value, place: ast.AST) -> Value:
        """`left operator right`."""
        if isinstance(left, int | float) and isinstance(right, int | float):
            value = self._plain(operator, left, right)
            if value is not None:
                return self.cuts.hold((id(place), "whole"), value) if isinstance(operator, ast.FloorDiv) else value
        if isinstance(operator, ast.Add):
            return self.plus(left, right)
        if isinstance(left, str):
            if isinstance(operator, ast.Mod):
                return self.cut(f"{left} {self.text(right)}" if len(left) < 1000 else left, place, "text")
            if isinstance(operator, ast.Mult) and isinstance(right, int):
                self.meter.length(len(left) * max(right, 0))
                return left * right
        if isinstance(operator, ast.Mult):
            sequence, times = (left, right) if isinstance(left, list | tuple) else (right, left)
            if isinstance(sequence, list | tuple) and isinstance(times, int):
                self.meter.length(len(sequence) * max(times, 0))
                return sequence * times
        if isinstance(operator, ast.BitOr) and isinstance(left, dict) and isinstance(right, dict | StandIn):
            return {**left, **(right if isinstance(right, dict) else {"...": right})}
        result = self.binary(_BINARY[type(operator)], left, right)
        return self.cut(result, place, "piecewise") if isinstance(operator, ast.FloorDiv) else result

    def _plain(self, operator: ast.operator, left: Any, right: Any) -> Value:
        """Arithmetic of two Python numbers; None where an array operation has to answer."""
        whole = isinstance(left, int) and isinstance(right, int)
        if whole:
            bits = left.bit_length() + right.bit_length()
            if isinstance(operator, ast.Pow):
                bits = left.bit_length() * max(right, 0) if abs(left) > 1 else 1
            elif isinstance(operator, ast.LShift):
                bits = left.bit_length() + max(right, 0)
            self.meter.integer(bits)
        try:
            if isinstance(operator, ast.Add):
                return left + right
            if isinstance(operator, ast.Sub):
                return left - right
            if isinstance(operator, ast.Mult):
                return left * right
            if isinstance(operator, ast.Div):
                return left / right
            if isinstance(operator, ast.FloorDiv):
                return left // right
            if isinstance(operator, ast.Mod):
                return left % right
            if isinstance(operator, ast.Pow):
                result = left**right
                return None if isinstance(result, complex) else result
            if whole and isinstance(operator, ast.LShift):
                return left << right
            if whole and isinstance(operator, ast.RShift):
                return left >> right
        except (ArithmeticError, ValueError):
            return None
        return None

    def _unary(self, node: ast.UnaryOp, scope: Scope) -> Value:
        value = self.evaluate(node.operand, scope)
        if isinstance(node.op, ast.Not):
            return not self.truth(value, node)
        if isinstance(value, int | float):
            if isinstance(node.op, ast.Invert):
                return ~value if isinstance(value, int) else value
            return -value if isinstance(node.op, ast.USub) else +value
        try:
            array = self.array(value)
        except TypeError:
            return self.flat([value], type(node.op).__name__, ())
        if isinstance(node.op, ast.Invert):
            return self.lenient("invert", np.logical_not, [array])
        return self.lenient("negative", np.negative, [array]) if isinstance(node.op, ast.USub) else array

    def _boolean(self, node: ast.BoolOp, scope: Scope) -> Value:
        stops_at = isinstance(node.op, ast.Or)
        value: Value = None
        for part in node.values:
            value = self.evaluate(part, scope)
            if self.truth(value, part) is stops_at:
                return value
        return value

    def _compare(self, node: ast.Compare, scope: Scope) -> Value:
        left = self.evaluate(node.left, scope)
        result: Value = True
        for operator, part in zip(node.ops, node.comparators, strict=True):
            right = self.evaluate(part, scope)
            try:
                result = self._compared(operator, left, right, part)
            except RecursionError:
                raise LimitReached("nests too deeply") from None
            if not isinstance(result, np.ndarray) and not result:
                return False
            left = right
        return result

    def _compared(self, operator: ast.cmpop, left: Value, right: Value, place: ast.AST) -> Value:
        if isinstance(operator, ast.Is | ast.IsNot):
            identical = (left is right) is isinstance(operator, ast.Is)
            # an object that was captured may just as well be None
            unknown = any(isinstance(part, StandIn) for part in (left, right)) and (left is None or right is None)
            return self.supposed(identical) if unknown else identical
        if isinstance(operator, ast.In | ast.NotIn):
            return self._contains(right, left, place) is isinstance(operator, ast.In)
        name = _COMPARE[type(operator)]
        if isinstance(left, str) and isinstance(right, str):
            return _ordered(name, (left > right) - (left < right))
        if _is_plain(left) and type(left) is type(right) and name not in ("equal", "not_equal") and _is_plain(right):
            return _ordered(name, _order(left, right))
        if textual(left) or textual(right) or _are_plain(left, right):
            equal = same(left, right) is isinstance(operator, ast.Eq)
            return self.supposed(equal) if isinstance(left, StandIn) or isinstance(right, StandIn) else equal
        result = self.binary(name, left, right)
        if isinstance(result, np.ndarray) and result.ndim == 0 and result.dtype.kind == "b":
            result = bool(result)
        return self.cut(result, place, "compared")

    def _contains(self, container: Value, item: Value, place: ast.AST) -> bool:
        if isinstance(container, str):
            return isinstance(item, str) and item in container
        if isinstance(container, dict | set | frozenset):
            return self.key(item) in container
        if isinstance(container, range):
            return (item if isinstance(item, int | float) else self.whole(item)) in container
        if isinstance(container, list | tuple):
            self.meter.length(len(container))
            return any(same(part, item) for part in container)
        return True

    # -- containers ------------------------------------------------------------------------------------------------

    def _elements(self, nodes: list[ast.expr], scope: Scope) -> list[Value]:
        found: list[Value] = []
        for node in nodes:
            if isinstance(node, ast.Starred):
                found.extend(self.items(self.evaluate(node.value, scope)))
            else:
                found.append(self.evaluate(node, scope))
        return found

    def _list(self, node: ast.List, scope: Scope) -> Value:
        return self._elements(node.elts, scope)

    def _tuple(self, node: ast.Tuple, scope: Scope) -> Value:
        return tuple(self._elements(node.elts, scope))

    def _set(self, node: ast.Set, scope: Scope) -> Value:
        return {self.key(item) for item in self._elements(node.elts, scope)}

    def _dict(self, node: ast.Dict, scope: Scope) -> Value:
        made: dict[Value, Value] = {}
        for key, part in zip(node.keys, node.values, strict=True):
            value = self.evaluate(part, scope)
            if key is None:
                made.update(value if isinstance(value, dict) else {"...": value})
            else:
                made[self.key(self.evaluate(key, scope))] = value
        return made

    def _comprehension(self, node: ast.ListComp | ast.GeneratorExp | ast.SetComp, scope: Scope) -> Value:
        found: list[Value] = []
        inner = Scope(scope, is_comprehension=True)
        self._generate(node.generators, 0, inner, lambda inner: found.append(self.evaluate(node.elt, inner)))
        if isinstance(node, ast.SetComp):
            return {self.key(item) for item in found}
        return iter(found) if isinstance(node, ast.GeneratorExp) else found

    def _dict_comprehension(self, node: ast.DictComp, scope: Scope) -> Value:
        made: dict[Value, Value] = {}

        def add(inner: Scope) -> None:
            made[self.key(self.evaluate(node.key, inner))] = self.evaluate(node.value, inner)

        self._generate(node.generators, 0, Scope(scope, is_comprehension=True), add)
        return made

    def _generate(
        self, generators: list[ast.comprehension], level: int, scope: Scope, add: Callable[[Scope], None]
    ) -> None:
        if level == len(generators):
            self.meter.length(1)
            add(scope)
            return
        generator = generators[level]
        for item in self.iterate(self.evaluate(generator.iter, scope)):
            self.assign(generator.target, item, scope)
            if all(self.truth(self.evaluate(test, scope), test) for test in generator.ifs):
                self._generate(generators, level + 1, scope, add)

    def assign(self, target: ast.expr, value: Value, scope: Scope) -> None:
        """`target = value`."""
        raise NotImplementedError

    # -- the rest --------------------------------------------------------------------------------------------------

    def _conditional(self, node: ast.IfExp, scope: Scope) -> Value:
        return self.evaluate(node.body if self.truth(self.evaluate(node.test, scope), node) else node.orelse, scope)

    def _walrus(self, node: ast.NamedExpr, scope: Scope) -> Value:
        value = self.evaluate(node.value, scope)
        while scope.is_comprehension and scope.outer is not None:
            # a comprehension keeps its own variables only
            scope = scope.outer
        self.assign(node.target, value, scope)
        return value

    def _text_parts(self, node: ast.JoinedStr, scope: Scope) -> Value:
        parts = []
        for part in node.values:
            inner = part.value if isinstance(part, ast.FormattedValue) else part
            # a format specification is left out: a width alone can ask for gigabytes
            parts.append(self.text(self.evaluate(inner, scope)))
        self.meter.length(sum(map(len, parts)))
        return self.cut("".join(parts), node, "text")

    def _lambda(self, node: ast.Lambda, scope: Scope) -> Value:
        return self.define(node, "lambda", scope)

    def define(self, node: ast.Lambda | ast.FunctionDef | ast.AsyncFunctionDef, name: str, scope: Scope) -> Function:
        """A function value; its defaults are evaluated now, as Python does."""
        defaults = tuple(self.evaluate(item, scope) for item in node.args.defaults)
        keyword = tuple(None if item is None else self.evaluate(item, scope) for item in node.args.kw_defaults)
        return Function(node, scope, name, defaults, keyword)

    def _called(self, node: ast.Call, scope: Scope) -> Value:
        return self.call(*self.prepare(node, scope), node)

    def prepare(self, node: ast.Call, scope: Scope) -> tuple[Value, list[Value], dict[str, Value]]:
        """The callee and the arguments of a call."""
        if isinstance(node.func, ast.Name) and node.func.id in ("locals", "vars") and not node.args:
            return Native("locals", lambda *_: dict(scope.names)), [], {}
        if isinstance(node.func, ast.Name) and node.func.id == "super":
            return Native("super", lambda *_: self._parent(scope)), [], {}
        function = self._callee(node.func, scope)
        arguments = self._elements(node.args, scope)
        if isinstance(function, Method | StandIn) and self.cuts.severing and _name_of(node.func) in WRITING:
            arguments = [self.cut(item, node, f"written{index}") for index, item in enumerate(arguments)]
        keywords: dict[str, Value] = {}
        for keyword in node.keywords:
            value = self.evaluate(keyword.value, scope)
            if keyword.arg is not None:
                keywords[keyword.arg] = value
            elif isinstance(value, dict):
                keywords.update((str(key), item) for key, item in value.items())
            else:
                keywords["..."] = value
        return function, arguments, keywords

    def _parent(self, scope: Scope) -> Value:
        """What `super()` is without a class of the source behind it: its object, as one of no class."""
        receiver, _ = _method_of(scope)
        if receiver is None:
            return StandIn("super")
        parent = StandIn(receiver.label, receiver.owner, None, receiver.basis, receiver.slots)
        parent.absorbed, parent.holder, parent.anything = receiver.absorbed, receiver.holder, receiver.anything
        return parent

    def _inherited(self, node: ast.Attribute, scope: Scope) -> Value:
        """`super().name`: what the method's own class derives from has of that name, bound to the very object."""
        if not (isinstance(node.value, ast.Call) and isinstance(node.value.func, ast.Name)):
            return None
        if node.value.func.id != "super":
            return None
        receiver, lineage = _method_of(scope)
        found = next((cls.members[node.attr] for cls in lineage[1:] if node.attr in cls.members), None)
        return Bound(found, receiver) if isinstance(found, Function) and receiver is not None else None

    def _callee(self, node: ast.expr, scope: Scope) -> Value:
        if not isinstance(node, ast.Attribute):
            return self.evaluate(node, scope)
        self.meter.step()
        inherited = self._inherited(node, scope)
        if inherited is not None:
            return inherited
        receiver = self.evaluate(node.value, scope)
        if is_dunder(node.attr):
            raise Unsupported(f"uses `{node.attr}`")
        if isinstance(receiver, Library):
            return Library(f"{receiver.dotted}.{node.attr}")
        if isinstance(receiver, StandIn):
            held = receiver.slots.get(("attribute", node.attr))
            if held is not None:
                return held
            if receiver.cls is not None and receiver.cls.find(node.attr) is not None:
                return self.attribute(receiver, node.attr, node)
            if receiver.cls is not None and receiver.cls.holds_apart(node.attr):
                # `self.reference(x)`: no method, which could use the rest of the object
                return receiver.read_apart(("attribute", node.attr))
        if isinstance(receiver, np.ndarray):
            held = self.standin(receiver).slots.get(("attribute", node.attr))
            if held is not None and not isinstance(held, StandIn):
                return held
        known = isinstance(receiver, Class | Method)
        return self.attribute(receiver, node.attr, node) if known else Method(receiver, node.attr)

    def _await(self, node: ast.Await, scope: Scope) -> Value:
        return self.evaluate(node.value, scope)

    def invoke_or_else(
        self, function: Function, arguments: list[Value], keywords: dict[str, Value], instead: Callable[[], Value]
    ) -> Value:
        """The interpreted function's result, or another where it uses what replay does not evaluate."""
        depth = self.depth
        try:
            return self.invoke(function, arguments, keywords)
        except (LimitReached, Raised):
            raise
        except NotReplayable as reason:
            self.depth = depth
            self.approximated = self.approximated or f"`{function.name}` {reason}"
            return instead()


def _method_of(scope: Scope) -> tuple[StandIn | None, list[Class]]:
    """The object of the method that runs, and the method's class with all that it derives from in the object's own."""
    inner: Scope | None = scope
    while inner is not None and inner.outer is not None:
        receiver = next(iter(inner.names.values()), None)
        if isinstance(receiver, StandIn) and receiver.cls is not None:
            lineage = list(receiver.cls.lineage())
            for place, cls in enumerate(lineage):
                if cls.members is inner.outer.names:
                    return receiver, lineage[place:]
        inner = inner.outer
    return None, []


def _is_plain(value: Value) -> bool:
    """Whether it is a sequence that no array is in, which is compared as a whole: `x.shape == (2, 3)`."""
    return isinstance(value, list | tuple) and all(
        textual(item) or isinstance(item, bool | int | float) or _is_plain(item) for item in value
    )


def _are_plain(left: Value, right: Value) -> bool:
    """Whether at least one is such a sequence, and the other is one too, or a number."""
    if _is_plain(left):
        return isinstance(right, bool | int | float) or _is_plain(right)
    return isinstance(left, bool | int | float) and _is_plain(right)


def _order(left: Value, right: Value) -> int:
    """Which of two plain sequences comes first: -1 for the left one, 1 for the right one, 0 for neither."""
    try:
        return int(left > right) - int(left < right)
    except TypeError:
        return 0


def _ordered(name: str, order: int) -> bool:
    wanted = {"less": (-1,), "less_equal": (-1, 0), "greater": (1,), "greater_equal": (1, 0), "equal": (0,)}
    return order in wanted.get(name, (-1, 1))


_SPELLED = {"Yield": "yield", "YieldFrom": "yield from", "TemplateStr": "t-string"}

_HANDLERS: dict[type[ast.expr], Callable[[Any, Any, Scope], Value]] = {
    ast.Constant: Expressions._constant,
    ast.Name: Expressions._name,
    ast.Attribute: Expressions._attribute,
    ast.Subscript: Expressions._subscript,
    ast.Slice: Expressions._slice,
    ast.BinOp: Expressions._binary,
    ast.UnaryOp: Expressions._unary,
    ast.BoolOp: Expressions._boolean,
    ast.Compare: Expressions._compare,
    ast.List: Expressions._list,
    ast.Tuple: Expressions._tuple,
    ast.Set: Expressions._set,
    ast.Dict: Expressions._dict,
    ast.ListComp: Expressions._comprehension,
    ast.GeneratorExp: Expressions._comprehension,
    ast.SetComp: Expressions._comprehension,
    ast.DictComp: Expressions._dict_comprehension,
    ast.IfExp: Expressions._conditional,
    ast.NamedExpr: Expressions._walrus,
    ast.JoinedStr: Expressions._text_parts,
    ast.Lambda: Expressions._lambda,
    ast.Call: Expressions._called,
    ast.Await: Expressions._await,
}
