"""The builtins that objectives use, written for the evaluator's own values: none of Python's is reachable."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any

import numpy as np

from closurelint.replay.cuts import SEVERING
from closurelint.replay.libraries import Libraries
from closurelint.replay.limits import Unsupported
from closurelint.replay.values import (
    Bound,
    Class,
    Cursor,
    Function,
    Indexer,
    Library,
    Method,
    Native,
    StandIn,
    Value,
    same,
)

_FORBIDDEN = frozenset("eval exec compile open input __import__ breakpoint globals memoryview exit quit help".split())
_QUIET = frozenset("print display warn".split())
_EXCEPTIONS = frozenset(
    "Exception BaseException ValueError TypeError RuntimeError KeyError IndexError AttributeError ZeroDivisionError"
    " ArithmeticError FloatingPointError OverflowError NotImplementedError AssertionError StopIteration ImportError"
    " LookupError NameError OSError".split()
)
_TYPES = frozenset("object type bytes bytearray frozenset property classmethod staticmethod".split())


class Language(Libraries):
    """Builtins, and the methods of strings and containers."""

    def builtin(self, name: str) -> Value:
        """The value of a builtin's name, None for what is none."""
        if name in _FORBIDDEN:
            raise Unsupported(f"calls `{name}`")
        if name in _EXCEPTIONS or name in _TYPES:
            return Library(f"builtins.{name}")
        if name in _QUIET:
            return Native(name, lambda arguments, keywords: None)
        method = getattr(self, f"_builtin_{name}", None) if name in _BUILTINS else None
        return None if method is None else Native(name, method)

    def call_builtin(self, native: Native, arguments: list[Value], keywords: dict[str, Value], place: ast.AST) -> Value:
        """Call one, holding what it cuts."""
        try:
            value = native.call(arguments, keywords)
        except Unsupported:
            raise
        except (IndexError, ValueError, TypeError):
            raise Unsupported(f"calls `{native.name}` with arguments that do not suit it") from None
        if native.name in ("int", "bool", "round", "len", "hash", "str", "repr"):
            return self.cut(value, place, "piecewise")
        if native.name == "divmod":
            return (self.cut(value[0], place, "piecewise"), value[1])
        if native.name in ("float", "complex") and self.cuts.severing:
            return self.cut(value, place, "severed")
        return value

    def _builtin_int(self, arguments: list[Value], keywords: dict[str, Value]) -> Value:
        return self.whole(arguments[0]) if arguments and not isinstance(arguments[0], str) else 0

    def _builtin_float(self, arguments: list[Value], keywords: dict[str, Value]) -> Value:
        if arguments and isinstance(arguments[0], str):
            return {"inf": float("inf"), "-inf": float("-inf"), "nan": float("nan")}.get(arguments[0], 1.0)
        return self.number(arguments[0]) if arguments else 0.0

    def _builtin_complex(self, arguments: list[Value], keywords: dict[str, Value]) -> Value:
        return self.array(arguments[0]) if arguments else 0j

    def _builtin_bool(self, arguments: list[Value], keywords: dict[str, Value]) -> Value:
        return bool(arguments) and self.truth(arguments[0], ast.Pass())

    def _builtin_str(self, arguments: list[Value], keywords: dict[str, Value]) -> Value:
        return self.text(arguments[0]) if arguments else ""

    def _builtin_repr(self, arguments: list[Value], keywords: dict[str, Value]) -> Value:
        return self.text(arguments[0])

    def text(self, value: Value) -> str:
        """A value as text; objects give a fixed word, so that text never leads back to one."""
        if isinstance(value, str):
            return value
        if isinstance(value, bool | float | type(None)):
            return str(value)
        if isinstance(value, int):
            return str(value)
        if isinstance(value, np.ndarray) and value.ndim == 0:
            return f"{float(np.real(value)):.6g}"
        return type(value).__name__.lower()

    def _builtin_len(self, arguments: list[Value], keywords: dict[str, Value]) -> Value:
        value = arguments[0]
        if isinstance(value, str | list | tuple | dict | set | frozenset | range):
            return min(len(value), self.limits.length)
        if isinstance(value, np.ndarray):
            return value.shape[0] if value.ndim else 1
        return self.array(value).shape[0] if isinstance(value, StandIn) and self.array(value).ndim else 2

    def _builtin_range(self, arguments: list[Value], keywords: dict[str, Value]) -> Value:
        numbers = [min(max(self.whole(item), -_FAR), _FAR) for item in arguments]
        if len(numbers) == 3 and numbers[2] == 0:
            numbers[2] = 1
        return range(*numbers[:3])

    def _builtin_abs(self, arguments: list[Value], keywords: dict[str, Value]) -> Value:
        value = arguments[0]
        return abs(value) if isinstance(value, bool | int | float) else self.lenient("abs", np.abs, [self.array(value)])

    def _builtin_sum(self, arguments: list[Value], keywords: dict[str, Value]) -> Value:
        total: Value = keywords.get("start", arguments[1] if len(arguments) > 1 else 0)
        for item in self.iterate(arguments[0]):
            total = self.plus(total, item)
        return total

    def plus(self, left: Value, right: Value) -> Value:
        """`left + right` of numbers, arrays, lists and strings."""
        if isinstance(left, bool | int | float) and isinstance(right, bool | int | float):
            if isinstance(left, int) and isinstance(right, int):
                self.meter.integer(max(left.bit_length(), right.bit_length()) + 1)
            return left + right
        if isinstance(left, list | tuple | str) and type(left) is type(right):
            self.meter.length(len(left) + len(right))
            joined: Value = [*left, *right] if not isinstance(left, str) else f"{left}{right}"
            return tuple(joined) if isinstance(left, tuple) else joined
        return self.binary("add", left, right)

    def _builtin_min(self, arguments: list[Value], keywords: dict[str, Value]) -> Value:
        return self._extreme(arguments, keywords, np.minimum)

    def _builtin_max(self, arguments: list[Value], keywords: dict[str, Value]) -> Value:
        return self._extreme(arguments, keywords, np.maximum)

    def _extreme(self, arguments: list[Value], keywords: dict[str, Value], choose: Callable[..., Any]) -> Value:
        items = self.items(arguments[0]) if len(arguments) == 1 else arguments
        if "key" in keywords and items:
            sign = 1 if choose is np.minimum else -1
            place = ast.Pass()
            return min(items, key=lambda item: sign * self.number(self.call(keywords["key"], [item], {}, place)))
        if not items:
            return keywords.get("default", 0)
        if all(isinstance(item, str) for item in items):
            return min(items) if choose is np.minimum else max(items)
        result = items[0]
        for item in items[1:]:
            if isinstance(result, int | float) and isinstance(item, int | float):
                result = min(result, item) if choose is np.minimum else max(result, item)
            else:
                result = self.lenient("extreme", choose, [self.array(result), self.array(item)])
        return result

    def _builtin_pow(self, arguments: list[Value], keywords: dict[str, Value]) -> Value:
        return self.binary("power", arguments[0], arguments[1])

    def _builtin_divmod(self, arguments: list[Value], keywords: dict[str, Value]) -> Value:
        left, right = arguments
        return (self.binary("floor_divide", left, right), self.binary("remainder", left, right))

    def _builtin_round(self, arguments: list[Value], keywords: dict[str, Value]) -> Value:
        digits = self.whole(arguments[1]) if len(arguments) > 1 else 0
        return self.lenient("round", np.round, [self.array(arguments[0]), max(min(digits, 15), -15)])

    def _builtin_list(self, arguments: list[Value], keywords: dict[str, Value]) -> Value:
        return self.items(arguments[0]) if arguments else []

    def _builtin_tuple(self, arguments: list[Value], keywords: dict[str, Value]) -> Value:
        return tuple(self.items(arguments[0])) if arguments else ()

    def _builtin_iter(self, arguments: list[Value], keywords: dict[str, Value]) -> Value:
        return iter(self.items(arguments[0]))

    def _builtin_next(self, arguments: list[Value], keywords: dict[str, Value]) -> Value:
        source = arguments[0]
        if hasattr(type(source), "__next__"):
            return next(source, arguments[1] if len(arguments) > 1 else 0.0)
        items = self.items(source)
        return items[0] if items else (arguments[1] if len(arguments) > 1 else 0.0)

    def _builtin_set(self, arguments: list[Value], keywords: dict[str, Value]) -> Value:
        items = self.items(arguments[0]) if arguments else []
        return {item for item in items if isinstance(item, str | int | float)}

    def _builtin_sorted(self, arguments: list[Value], keywords: dict[str, Value]) -> Value:
        items, by = self.items(arguments[0]), keywords.get("key")
        keys = items if by is None else [self.call(by, [item], {}, _PLACE) for item in items]
        if not all(isinstance(key, str) for key in keys):
            keys = [self.number(key) if not isinstance(key, str | dict | tuple) else 0.0 for key in keys]
        down = self.truth(keywords.get("reverse", False), _PLACE)
        return [items[place] for place in sorted(range(len(items)), key=keys.__getitem__, reverse=down)]

    def _builtin_dict(self, arguments: list[Value], keywords: dict[str, Value]) -> Value:
        made: dict[Value, Value] = {}
        if arguments and isinstance(arguments[0], dict):
            made.update(arguments[0])
        elif arguments and isinstance(arguments[0], StandIn | np.ndarray):
            return self.copied(arguments[0]) if not keywords else {**keywords, "...": arguments[0]}
        elif arguments:
            made.update(
                (self.key(pair[0]), pair[1]) for pair in map(self.items, self.iterate(arguments[0])) if len(pair) == 2
            )
        return {**made, **keywords}

    def key(self, value: Value) -> Value:
        """A value that a dictionary can hold as its key."""
        if isinstance(value, bool | int | float | str | type(None)):
            return value
        if isinstance(value, tuple):
            return tuple(self.key(item) for item in value)
        return self.text(value) if isinstance(value, np.ndarray) else f"<{getattr(value, 'label', 'key')}>"

    def _builtin_enumerate(self, arguments: list[Value], keywords: dict[str, Value]) -> Value:
        start = self.whole(keywords.get("start", arguments[1] if len(arguments) > 1 else 0))
        return enumerate(self.iterate(arguments[0]), start)

    def _builtin_zip(self, arguments: list[Value], keywords: dict[str, Value]) -> Value:
        return zip(*[self.iterate(item) for item in arguments], strict=False) if arguments else []

    def _builtin_map(self, arguments: list[Value], keywords: dict[str, Value]) -> Value:
        place = ast.Pass()
        columns = zip(*[self.iterate(item) for item in arguments[1:]], strict=False)
        return [self.call(arguments[0], list(items), {}, place) for items in columns]

    def _builtin_filter(self, arguments: list[Value], keywords: dict[str, Value]) -> Value:
        place = ast.Pass()
        return [
            item
            for item in self.iterate(arguments[1])
            if self.truth(item if arguments[0] is None else self.call(arguments[0], [item], {}, place), place)
        ]

    def _builtin_reversed(self, arguments: list[Value], keywords: dict[str, Value]) -> Value:
        return self.items(arguments[0])[::-1]

    def _builtin_any(self, arguments: list[Value], keywords: dict[str, Value]) -> Value:
        return any(self.truth(item, _PLACE) for item in self.iterate(arguments[0]))

    def _builtin_all(self, arguments: list[Value], keywords: dict[str, Value]) -> Value:
        return all(self.truth(item, _PLACE) for item in self.iterate(arguments[0]))

    def _builtin_isinstance(self, arguments: list[Value], keywords: dict[str, Value]) -> Value:
        value = arguments[0]
        kinds = arguments[1] if isinstance(arguments[1], tuple) else (arguments[1],)
        names = {getattr(kind, "name", getattr(kind, "dotted", "")).rpartition(".")[2] for kind in kinds}
        if isinstance(value, bool | int | float | str | list | tuple | dict):
            own = {"bool", "int"} if isinstance(value, bool) else {type(value).__name__}
            number = {"Number", "Real"} if isinstance(value, int | float) else set()
            return not names.isdisjoint(own | number | {"object"})
        return not names <= {"int", "float", "str", "list", "tuple", "dict", "bool", "NoneType"}

    def _builtin_callable(self, arguments: list[Value], keywords: dict[str, Value]) -> Value:
        return isinstance(arguments[0], Function | Bound | Native | Library | Class | Method | StandIn)

    def _builtin_hasattr(self, arguments: list[Value], keywords: dict[str, Value]) -> Value:
        return isinstance(arguments[0], StandIn | np.ndarray)

    def _builtin_getattr(self, arguments: list[Value], keywords: dict[str, Value]) -> Value:
        if not isinstance(arguments[1], str):
            return self.flat(arguments, "attribute", ())
        return self.attribute(arguments[0], arguments[1], _PLACE)

    def _builtin_setattr(self, arguments: list[Value], keywords: dict[str, Value]) -> Value:
        self.assign_attribute(arguments[0], str(arguments[1]), arguments[2])

    def _builtin_id(self, arguments: list[Value], keywords: dict[str, Value]) -> Value:
        return 1

    def _builtin_hash(self, arguments: list[Value], keywords: dict[str, Value]) -> Value:
        return 1

    def attribute(self, value: Value, name: str, place: ast.AST) -> Value:
        """`value.name`."""
        raise NotImplementedError

    def assign_attribute(self, target: Value, name: str, value: Value) -> None:
        """`target.name = value`."""
        raise NotImplementedError

    # -- methods of strings and containers -------------------------------------------------------------------------

    def call_method(
        self, receiver: Value, name: str, arguments: list[Value], keywords: dict[str, Value], place: ast.AST
    ) -> Value:
        """`receiver.name(*arguments)` for what has no source."""
        if isinstance(receiver, str):
            return self.cut(self._string_method(receiver, name, arguments), place, "text")
        if isinstance(receiver, list | tuple | set | frozenset):
            return self._sequence_method(receiver, name, arguments, place)
        if isinstance(receiver, dict):
            return self._dictionary_method(receiver, name, arguments, keywords)
        if isinstance(receiver, Cursor):
            receiver.place += name in ("iternext", "__next__")
            return not receiver.finished
        if isinstance(receiver, Indexer):
            return self.call_indexer(receiver, name, arguments)
        if isinstance(receiver, bool | int | float | complex):
            receiver = np.asarray(receiver)
        if isinstance(receiver, np.ndarray):
            return self.call_array_method(receiver, name, arguments, keywords, place)
        if isinstance(receiver, StandIn):
            return self._standin_method(receiver, name, arguments, keywords, place)
        return self.opaque(f"method.{name}", [receiver, *arguments], keywords, None)

    def _standin_method(
        self, receiver: StandIn, name: str, arguments: list[Value], keywords: dict[str, Value], place: ast.AST
    ) -> Value:
        if name in ("suggest_categorical", "choice", "Choice") and arguments:
            choices = next((item for item in (*arguments, *keywords.values()) if isinstance(item, list | tuple)), None)
            if choices:
                drawn = float(np.sum(self.flat([receiver.root, *arguments], name, ()))) * 1e4
                return choices[int(drawn) % len(choices)]
        if name in SEVERING and not arguments:
            return self.cut(receiver, place, "severed") if self.cuts.severing else receiver
        if name in ("copy", "clone", "deepcopy") and not arguments:
            return self.copied(receiver)
        if name in ("items", "keys", "values") and not arguments:
            return self._pairs(receiver, name)
        if name in _LIKE_SELF:
            return receiver
        if name in _ARRAY_METHODS:
            return self.call_array_method(self.array(receiver), name, arguments, keywords, place)
        return self.opaque(f"{receiver.label}.{name}", arguments, keywords, receiver)

    def _pairs(self, receiver: StandIn, name: str) -> list[Value]:
        """What an object holds, as a dictionary of its items, and of the attributes that were written to it."""
        items = [key for key in (*receiver.slots, *receiver.made) if key[0] == "item"]
        attributes = [key for key in receiver.slots if key[0] == "attribute"]
        held = [*attributes, *(items or [("item", "first"), ("item", "second")])]
        if name == "keys":
            return [key[1] for key in held]
        values = [receiver.read(key) for key in held]
        return values if name == "values" else [(key[1], value) for key, value in zip(held, values, strict=True)]

    def _string_method(self, receiver: str, name: str, arguments: list[Value]) -> Value:
        texts = [item for item in arguments if isinstance(item, str)]
        if name in _STRING_METHODS and all(map(_is_text, arguments)):
            try:
                return getattr(receiver, name)(*arguments)
            except (TypeError, ValueError):
                return receiver
        if name == "replace" and len(texts) == 2:
            self.meter.length((receiver.count(texts[0]) + 1) * (len(texts[1]) + 1) + len(receiver))
            return receiver.replace(texts[0], texts[1])
        if name == "join" and arguments:
            parts = [self.text(item) for item in self.iterate(arguments[0])]
            self.meter.length(sum(map(len, parts)) + len(receiver) * len(parts))
            return receiver.join(parts)
        if name == "format":
            # a template can reach into objects (`{0.__class__}`), so it is never filled in: its parts are put in a row
            parts = [receiver, *(self.text(item) for item in arguments)]
            self.meter.length(sum(map(len, parts)))
            return " ".join(parts)
        return receiver

    def _sequence_method(self, receiver: Value, name: str, arguments: list[Value], place: ast.AST) -> Value:
        if isinstance(receiver, list):
            if name == "append" and arguments:
                self.meter.length(1)
                receiver.append(arguments[0])
                return None
            if name == "extend" and arguments:
                receiver.extend(self.items(arguments[0]))
                return None
            if name == "insert" and len(arguments) == 2:
                receiver.insert(self.whole(arguments[0]), arguments[1])
                return None
            if name == "pop":
                index = self.whole(arguments[0]) if arguments else -1
                return receiver.pop(index) if -len(receiver) <= index < len(receiver) else 0.0
            if name in ("clear", "reverse"):
                receiver.clear() if name == "clear" else receiver.reverse()
                return None
        if isinstance(receiver, set) and name == "add" and arguments:
            receiver.add(self.key(arguments[0]))
            return None
        if name == "copy":
            return receiver.copy() if isinstance(receiver, list | set) else receiver
        if name in ("index", "count") and arguments:
            places = [place for place, item in enumerate(receiver) if same(item, arguments[0])]
            return len(places) if name == "count" else next(iter(places), 0)
        return self.call_array_method(self.array(receiver), name, arguments, {}, place)

    def _dictionary_method(
        self, receiver: dict[Value, Value], name: str, arguments: list[Value], keywords: dict[str, Value]
    ) -> Value:
        if name in ("items", "values", "keys"):
            return list(getattr(receiver, name)())
        if name in ("get", "pop", "setdefault") and arguments:
            key = self.key(arguments[0])
            if name == "pop":
                return receiver.pop(key, arguments[1] if len(arguments) > 1 else None)
            if name == "setdefault":
                return receiver.setdefault(key, arguments[1] if len(arguments) > 1 else None)
            return receiver.get(key, arguments[1] if len(arguments) > 1 else None)
        if name == "update":
            for other in arguments:
                receiver.update(other if isinstance(other, dict) else {"...": other})
            receiver.update(keywords)
            return None
        return dict(receiver) if name == "copy" else self.flat([receiver, *arguments], f"dict.{name}", ())


def _is_text(value: Value) -> bool:
    """Whether a method of strings takes a value as it is: a text, a number, or several texts, as `startswith` does."""
    return isinstance(value, str | int) or (isinstance(value, tuple) and all(isinstance(item, str) for item in value))


_PLACE = ast.Pass()
_FAR = 2**60
"""Where a range ends at the latest, so that its length is a number that Python can tell."""
_STRING_METHODS = frozenset(
    "startswith endswith strip lstrip rstrip removeprefix removesuffix split rsplit lower upper title capitalize"
    " isdigit isalpha swapcase".split()
)
_BUILTINS = frozenset(name.removeprefix("_builtin_") for name in vars(Language) if name.startswith("_builtin_"))
_LIKE_SELF = frozenset(
    "parameters named_parameters state_dict train eval to cuda cpu double float half trainable_parameters"
    " requires_grad_ __enter__ unwrap".split()
)
_ARRAY_METHODS = frozenset(
    "sum mean std var max min prod dot matmul reshape ravel flatten transpose T copy clone view squeeze unsqueeze"
    " astype abs exp log sqrt pow square item numel size dim detach numpy tolist clip clamp add sub mul div add_ sub_"
    " mul_ copy_ fill_ zero_ round argmax argmin norm cumsum softmax sigmoid tanh relu long int float double".split()
)
