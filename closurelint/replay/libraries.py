"""Calls of library functions and of methods: numpy's equivalent, or a smooth function."""

from __future__ import annotations

import ast
import itertools
import math
from collections.abc import Iterator
from typing import Any

import numpy as np

from closurelint.replay import smooth
from closurelint.replay.cuts import FLOATS, INTEGERS, PIECEWISE, SEVERING
from closurelint.replay.limits import LimitReached
from closurelint.replay.machine import Machine
from closurelint.replay.numpy_names import (
    COUNTING,
    ELEMENTWISE,
    IDENTITIES,
    IGNORED,
    KEYWORDS,
    MAKING,
    NUMPY,
    OTHER_NAMES,
    PRODUCTS,
    SQUARES,
    is_numeric,
)
from closurelint.replay.values import (
    AnyArray,
    Bound,
    Cursor,
    Function,
    Indexer,
    Library,
    Method,
    Native,
    StandIn,
    Value,
)

SAME = frozenset(
    "jit filter_jit pjit vmap filter_vmap pmap filter_pmap checkpoint remat filter_checkpoint named_call compile njit"
    " enable_grad custom_jvp custom_vjp tf_function function no_type_check wraps".split()
)
"""Transformations whose result computes what the function computes."""

_TREE_MAP = frozenset("map tree_map map_structure tree_multimap".split())
_TREE_LEAVES = frozenset("leaves tree_leaves flatten ravel_pytree tree_flatten".split())


class Libraries(Machine):
    """What imported names do when they are called."""

    def call_library(self, dotted: str, arguments: list[Value], keywords: dict[str, Value], place: ast.AST) -> Value:
        """The result of `dotted(*arguments, **keywords)`; nothing is imported for it."""
        name = dotted.rpartition(".")[2]
        if name in SEVERING and arguments:
            value = arguments[0]
            return self.cut(value, place, "severed") if self.cuts.severing else value
        if name in SAME and arguments and isinstance(arguments[0], Function | Bound | Native | Library | StandIn):
            return arguments[0]
        if dotted.endswith((".random." + name,)) or dotted.startswith(("random.", "secrets.")):
            return self._random(dotted, name, arguments, keywords, place)
        special = self._special(dotted, name, arguments, keywords, place)
        if special is not None:
            return special
        if is_numeric(dotted) and name in NUMPY:
            return self.numeric(name, arguments, keywords, place, tracing=dotted.startswith("torch."))
        label = dotted
        result = self.opaque(label, arguments, keywords, None)
        return self.cut(result, place, "piecewise") if name in PIECEWISE and is_numeric(dotted) else result

    def _special(
        self, dotted: str, name: str, arguments: list[Value], keywords: dict[str, Value], place: ast.AST
    ) -> Value:
        top = dotted.partition(".")[0]
        if top == "functools" and name == "partial" and arguments:
            return self._partial(arguments, keywords)
        if top == "functools" and name == "reduce" and len(arguments) > 1:
            return self._reduce(arguments, place)
        if top == "copy" and name in ("copy", "deepcopy") and arguments:
            return self.copied(arguments[0], deep=name == "deepcopy")
        if dotted in ("types.SimpleNamespace", "argparse.Namespace"):
            return StandIn(name, slots={("attribute", key): value for key, value in keywords.items()})
        if name == "nditer" and arguments:
            return Cursor(self.array(arguments[0]))
        if name == "ndindex":
            sizes = arguments[0] if len(arguments) == 1 and isinstance(arguments[0], tuple) else arguments
            shape = tuple(max(self.whole(item), 0) for item in sizes)
            self.meter.length(math.prod(shape))
            return list(itertools.product(*map(range, shape)))
        if name == "ndenumerate" and arguments:
            array = self.array(arguments[0])
            return [(index, np.asarray(item)) for index, item in np.ndenumerate(array)]
        if name in _TREE_MAP and len(arguments) > 1 and ("tree" in dotted or "nest" in dotted):
            return self.map_tree(arguments[0], arguments[1], arguments[2:], place)
        if name in _TREE_LEAVES and arguments and "tree" in dotted:
            return self._flattened_tree(name, arguments[0])
        if top in ("itertools", "collections") and arguments:
            return self._itertools(name, arguments)
        return None

    def _partial(self, arguments: list[Value], keywords: dict[str, Value]) -> Native:
        function, given = arguments[0], arguments[1:]
        place = ast.Pass()

        def call(more: list[Value], named: dict[str, Value]) -> Value:
            return self.call(function, [*given, *more], {**keywords, **named}, place)

        return Native("partial", call)

    def _reduce(self, arguments: list[Value], place: ast.AST) -> Value:
        items = self.items(arguments[1])
        result = arguments[2] if len(arguments) > 2 else items.pop(0) if items else None
        for item in items:
            result = self.call(arguments[0], [result, item], {}, place)
        return result

    def _itertools(self, name: str, arguments: list[Value]) -> Value:
        if name == "chain":
            return [item for part in arguments for item in self.iterate(part)]
        if name == "product":
            result: list[tuple[Value, ...]] = [()]
            for part in arguments:
                items = self.items(part)
                self.meter.length(len(result) * max(len(items), 1))
                result = [(*head, item) for head in result for item in items]
            return result
        if name in ("OrderedDict", "defaultdict") and isinstance(arguments[-1], dict):
            return dict(arguments[-1])
        return None

    def copied(self, value: Value, *, deep: bool = True, level: int = 0) -> Value:
        """A copy that shares nothing that can be written to."""
        self.meter.step()
        if isinstance(value, np.ndarray):
            self.meter.size(value.size)
            return value.copy()
        if level > 12 or (not deep and level > 0):
            return value
        if isinstance(value, list | tuple):
            return type(value)(self.copied(item, deep=deep, level=level + 1) for item in value)
        if isinstance(value, dict):
            return {key: self.copied(item, deep=deep, level=level + 1) for key, item in value.items()}
        if isinstance(value, StandIn):
            made = StandIn(value.label, basis=list(value.basis), cls=value.cls)
            made.holder, made.anything = value.holder, self.copied(value.anything)
            made.absorbed = list(value.absorbed)
            for key, item in value.slots.items():
                made.slots[key] = self.copied(item, deep=deep, level=level + 1)
                if isinstance(made.slots[key], StandIn):
                    made.slots[key].owner = made
            return made
        return value

    def map_tree(self, function: Value, tree: Value, others: list[Value], place: ast.AST) -> Value:
        """`function` of each leaf."""
        self.meter.step()
        if isinstance(tree, list | tuple):
            rest = [other if isinstance(other, list | tuple) and len(other) == len(tree) else None for other in others]
            return type(tree)(
                self.map_tree(function, item, [other[index] for other in rest if other], place)
                for index, item in enumerate(tree)
            )
        if isinstance(tree, dict):
            return {
                key: self.map_tree(function, item, [o[key] for o in others if isinstance(o, dict) and key in o], place)
                for key, item in tree.items()
            }
        return self.call(function, [tree, *others], {}, place)

    def _leaves_of(self, tree: Value) -> list[Value]:
        """What a tree of lists, tuples and dictionaries holds, in the order that jax has it."""
        self.meter.step()
        if isinstance(tree, list | tuple):
            return [leaf for part in tree for leaf in self._leaves_of(part)]
        if isinstance(tree, dict):
            return [leaf for key in sorted(tree, key=str) for leaf in self._leaves_of(tree[key])]
        return [] if tree is None else [tree]

    def _flattened_tree(self, name: str, tree: Value) -> Value:
        """The leaves of a tree, with what makes a tree of such leaves again where the function gives that, too."""
        leaves = self._leaves_of(tree)
        if name in ("leaves", "tree_leaves"):
            return leaves
        if name != "ravel_pytree":
            return leaves, StandIn("treedef")
        arrays = [self.array(leaf) for leaf in leaves]

        def unravel(arguments: list[Value], keywords: dict[str, Value]) -> Value:
            ends = np.cumsum([array.size for array in arrays], dtype=int)
            parts = np.split(self.array(arguments[0]).ravel(), ends)[: len(arrays)]
            return _tree_of(tree, iter([part.reshape(array.shape) for part, array in zip(parts, arrays, strict=True)]))

        return np.concatenate([np.zeros(0), *(array.ravel() for array in arrays)]), Native("unravel", unravel)

    def _random(
        self, dotted: str, name: str, arguments: list[Value], keywords: dict[str, Value], place: ast.AST
    ) -> Value:
        """Numbers drawn at random: the same ones at each call, smooth in the parameters of the distribution."""
        sizes: Value = keywords.get("size", keywords.get("shape"))
        if sizes is None:
            sizes = next((item for item in arguments if isinstance(item, tuple)), None)
        whole = [item for item in arguments if isinstance(item, int) and not isinstance(item, bool)]
        if sizes is None and name in ("rand", "randn") and whole and len(whole) == len(arguments):
            sizes = tuple(whole)
        if name in ("default_rng", "PRNGKey", "key", "split", "Generator", "RandomState", "seed", "fold_in"):
            return StandIn(dotted)
        if sizes is None:
            shape: tuple[int, ...] = smooth.TARGETS
        else:
            shape = tuple(max(self.whole(item), 0) for item in (sizes if isinstance(sizes, tuple | list) else [sizes]))
        self._bounded_shape(shape)
        others = [item for item in (*arguments, *keywords.values()) if isinstance(item, np.ndarray)]
        self.draws += 1
        drawn = smooth.drawn(f"{self.draws} {dotted}", shape)
        if drawn is None:
            result = self.flat(others, dotted, shape)
        else:
            self.meter.size(drawn.size)
            result = drawn + 0.2 * self.flat(others, dotted, shape) if others else drawn
        return self.cut(result, place, "drawn") if name in PIECEWISE else result

    # -- numpy -----------------------------------------------------------------------------------------------------

    def numeric(
        self, name: str, arguments: list[Value], keywords: dict[str, Value], place: ast.AST, *, tracing: bool = False
    ) -> Value:
        """The numpy equivalent of `name`; smooth in its inputs where the stand-ins do not suit it."""
        if not arguments and not keywords:
            return self.flat([], name, ())
        given = [self._operand(item) for place, item in enumerate(arguments) if not (place and _type([item]))]
        named = {KEYWORDS.get(key, key): self._operand(item) for key, item in keywords.items()}
        kind = name if name in INTEGERS | FLOATS else _type([*arguments[1:], keywords.get("dtype")])
        copied = name in ("tensor", "Parameter") and tracing
        named = {key: item for key, item in named.items() if key not in IGNORED}
        self._check_size(name, given, named)
        if name == "transpose" and len(given) == 3:
            return self.lenient(name, np.swapaxes, given)
        if name in ("permute", "transpose") and len(given) > 2:
            given = [given[0], tuple(given[1:])]
        if name in ("zeros", "ones", "empty") and given and isinstance(given[0], tuple | list):
            given = given[:1]  # what follows a shape is a type
        if name in ("zeros", "ones", "empty", "reshape", "view") and len(given) > 1 + (name in ("reshape", "view")):
            start = name in ("reshape", "view")
            given = [*given[:start], tuple(given[start:])]
        if given and name in ("zeros", "ones", "full", "empty", "eye", "arange", "linspace", "reshape", "view"):
            given = [given[0] if name in ("reshape", "view") else self._sizes(given[0]), *map(self._sizes, given[1:])]
        result = _converted(self.lenient(name, NUMPY[name], given, named), kind)
        if name in PIECEWISE or kind in INTEGERS:
            return self.cut(result, place, "piecewise")
        return self.cut(result, place, "severed") if copied and self.cuts.severing else result

    def _operand(self, value: Value) -> Value:
        """An argument as numpy may see it: an array, a number, a string, None, a slice, or a tuple of those."""
        if isinstance(value, str | slice | type(None) | type(...)):
            return value
        if isinstance(value, bool | int | float | complex):
            return self.array(value) if isinstance(value, int) and value.bit_length() > 60 else value
        if isinstance(value, list | tuple):
            self.meter.length(len(value))
            parts = [self._operand(item) for item in value]
            self._bounded_shape((_weight(parts),))
            if parts and all(isinstance(item, int) for item in parts):
                return tuple(parts)
            return parts
        if isinstance(value, Library):
            return value.dotted
        return self.array(value) if not isinstance(value, Method) else self.flat([value], "method", ())

    def _sizes(self, value: Value) -> Value:
        if isinstance(value, np.ndarray) and value.ndim == 0:
            return self.whole(value) if value.dtype.kind in "iu" else float(np.real(value))
        if isinstance(value, tuple | list):
            return tuple(self.whole(item) for item in value)
        return value

    def _bounded_shape(self, shape: tuple[int, ...]) -> None:
        total = 1.0
        for size in shape:
            total *= max(size, 1)
        if len(shape) > 16 or total > self.limits.elements:
            raise LimitReached(f"makes an array of more than {self.limits.elements:,} elements")

    def _check_size(self, name: str, given: list[Value], named: dict[str, Value]) -> None:
        """Raise before numpy allocates: from the integers for what makes arrays, from the inputs for the rest."""
        name = OTHER_NAMES.get(name, name)
        flat = [*given, *named.values()]
        arrays = [item for item in flat if isinstance(item, np.ndarray)]
        if name in ELEMENTWISE:
            for array in arrays[1:]:
                self._broadcast(arrays[0], array)
            return
        total = math.prod(max(array.size, 1) for array in arrays)
        if name == "take" and len(given) > 1 and arrays:
            axis = named.get("axis", given[2] if len(given) > 2 else None)
            rows = arrays[0].shape[axis] if isinstance(axis, int) and -arrays[0].ndim <= axis < arrays[0].ndim else 0
            self._bounded_shape((np.size(given[1]), arrays[0].size // rows if rows else 1))
        elif name in PRODUCTS:
            self._bounded_shape((total,))
        elif name in SQUARES and arrays and arrays[0].ndim == 1:
            self._bounded_shape((total, total))
        elif name in COUNTING:
            largest = [float(np.real(array).max()) for array in arrays if array.size and name == "bincount"]
            self._bounded_shape((_whole(max([*_flattened(flat), *largest], default=0)),))
        elif name == "arange":
            numbers = [abs(self.number(item)) for item in flat if not isinstance(item, str)]
            step = numbers[2] if len(numbers) > 2 and numbers[2] else 1.0
            self._bounded_shape((_whole(sum(numbers[:2]) / step),))
        elif name in MAKING:
            sizes = _sizes_among(name, given, named)
            integers = [_whole(item) for item in _flattened(sizes)]
            integers += [_whole(self.number(item)) for item in sizes if isinstance(item, np.ndarray) and item.ndim == 0]
            if name in ("eye", "identity"):
                integers += integers
            self._bounded_shape((*integers, total))

    def binary(self, name: str, left: Value, right: Value) -> Value:
        """An elementwise or matrix operation by numpy's name for it."""
        try:
            a, b = self.array(left), self.array(right)
        except TypeError:
            return self.flat([left, right], name, ())
        if name == "matmul":
            self._bounded_shape((max(a.size, 1) * max(b.size, 1),))
        else:
            self._broadcast(a, b)
        if name in ("power", "floor_divide") or a.dtype.kind == "b" or b.dtype.kind == "b":
            a, b = (item.astype(float) if item.dtype.kind in "biu" and name not in _LOGIC else item for item in (a, b))
        return self.lenient(name, NUMPY.get(name) or _LOGIC[name], [a, b])

    def _broadcast(self, a: AnyArray, b: AnyArray) -> None:
        if a.size * b.size <= self.limits.elements:
            return
        total = 1.0
        wide = max(a.ndim, b.ndim)
        for left, right in zip((1,) * (wide - a.ndim) + a.shape, (1,) * (wide - b.ndim) + b.shape, strict=True):
            total *= max(left, right)
        self._bounded_shape((int(total),))

    # -- methods ---------------------------------------------------------------------------------------------------

    def call_array_method(
        self, array: AnyArray, name: str, arguments: list[Value], keywords: dict[str, Value], place: ast.AST
    ) -> Value:
        """`array.name(*arguments)`."""
        if name in SEVERING:
            result: Value = np.asarray(array.mean()) if name == "item" and array.size > 1 else array
            return self.cut(result, place, "severed") if self.cuts.severing else result
        conversion = name in ("astype", "to", "type", "cast", "view_as")
        kind = _type([*arguments, *keywords.values()]) if conversion else name
        if kind in INTEGERS:
            return self.cut(_converted(array, kind), place, "piecewise")
        if name in ("astype", "cast"):
            return _converted(array, "float").copy()
        if name == "view" and (not arguments or isinstance(arguments[0], str | Library | Native)):
            return array
        if name in IDENTITIES:
            return _converted(array, kind)
        if name == "flatten":
            return array.flatten()
        if name == "size":
            return (
                array.shape[self.whole(arguments[0]) % max(array.ndim, 1)] if arguments and array.ndim else array.shape
            )
        if name in ("dim", "ndimension"):
            return array.ndim
        if name in ("expand", "expand_as", "repeat_interleave"):
            return array
        if name.endswith("_") and not name.startswith("_") and array.flags.writeable:
            return self._write_in_place(array, name, arguments, keywords, place)
        if name == "fill" and arguments:
            return self.store(array, ..., arguments[0])
        if name in NUMPY and name not in ("full", "zeros", "ones", "eye", "arange", "linspace", "array", "tensor"):
            return self.numeric(name, [array, *arguments], keywords, place)
        standin = self.standin(array)
        result = self.opaque(f"value.{name}", arguments, keywords, standin)
        return self.cut(result, place, "piecewise") if name in PIECEWISE else result

    def _write_in_place(
        self, array: AnyArray, name: str, arguments: list[Value], keywords: dict[str, Value], place: ast.AST
    ) -> Value:
        plain = name.rstrip("_")
        if name == "copy_" and arguments:
            return self.store(array, ..., arguments[0])
        if name == "zero_":
            return self.store(array, ..., 0.0)
        if name == "fill_" and arguments:
            return self.store(array, ..., arguments[0])
        if "alpha" in keywords and arguments:
            scaled = self.binary("multiply", arguments[0], keywords["alpha"])
            arguments, keywords = [scaled, *arguments[1:]], {}
        if plain in NUMPY:
            return self.store(array, ..., self.numeric(plain, [array.copy(), *arguments], keywords, place))
        return self.store(array, ..., self.flat([array, *arguments, *keywords.values()], name, array.shape))

    def store(self, array: AnyArray, index: Any, value: Value) -> AnyArray:
        """`array[index] = value`, in place; a value that does not fit is folded to one number."""
        try:
            given = self.array(value)
        except TypeError:
            given = np.zeros(())
        if given.dtype.kind == "c" and array.dtype.kind != "c":
            given = given.real
        try:
            self._check_index(array, index)
            array[index] = given
        except (ValueError, IndexError, TypeError):
            array[...] = self.flat([array, given], "stored", ())
        return array

    def index_array(self, array: AnyArray, key: Value) -> Value:
        """`array[key]`: a view where numpy gives one."""
        index = self.index(key)
        try:
            self._check_index(array, index)
            result = array[index]
        except (IndexError, ValueError, TypeError, OverflowError):
            return self._instead_of_item(array, key)
        self.meter.size(np.size(result))
        return np.asarray(result) if isinstance(result, np.generic) else result

    def _check_index(self, array: AnyArray, index: Any) -> None:
        """Raise before numpy allocates: arrays of places give as many items as they ask for, of the axes besides."""
        parts = index if isinstance(index, tuple) else (index,)
        asked: list[tuple[int, ...]] = []
        besides = list(array.shape)
        axis = 0
        for place, part in enumerate(parts):
            if part is Ellipsis:
                axis = array.ndim - sum(later is not None for later in parts[place + 1 :])
            elif isinstance(part, list | np.ndarray) and np.asarray(part).dtype.kind != "b":
                asked.append(np.shape(part))
                besides[axis] = 1
                axis += 1
            elif part is not None:
                axis += max(np.ndim(part), 1)
        if asked:
            self._bounded_shape((*np.broadcast_shapes(*asked), *besides))

    def _instead_of_item(self, array: AnyArray, key: Value) -> Value:
        if isinstance(key, int | str):
            return self.flat([array], f"item {key!r}", ())
        return self.flat([array, key], "item", ())

    def index(self, key: Value) -> Any:
        """A subscript as numpy may see it."""
        if isinstance(key, tuple):
            return tuple(self.index(item) for item in key)
        if isinstance(key, slice):
            start, stop, step = (None if part is None else self.whole(part) for part in (key.start, key.stop, key.step))
            return slice(start, stop, step or None)  # a stand-in for the step can come out as zero
        if isinstance(key, list):
            return [self.index(item) for item in key]
        if isinstance(key, StandIn):
            return 0
        if isinstance(key, np.ndarray) and key.dtype.kind not in "bi":
            whole = np.nan_to_num(np.real(key)).astype(int)
            return int(whole) if whole.ndim == 0 else whole
        return int(key) if isinstance(key, np.ndarray) and key.ndim == 0 and key.dtype.kind == "i" else key

    def call_indexer(self, indexer: Indexer, name: str, arguments: list[Value]) -> Value:
        """`x.at[index].set(value)` and its relatives."""
        result = indexer.array.astype(float)
        value = arguments[0] if arguments else 0.0
        index = self.index(indexer.index)
        if name == "get":
            return self.index_array(result, indexer.index)
        if name == "apply" and arguments:
            value = self.call(value, [self.index_array(result, indexer.index)], {}, ast.Pass())
        operation = {"add": "add", "multiply": "multiply", "mul": "multiply", "divide": "divide", "power": "power",
                     "min": "minimum", "max": "maximum", "subtract": "subtract"}.get(name)  # fmt: skip
        if operation is not None:
            value = self.binary(operation, self.index_array(result, indexer.index), value)
        return self.store(result, index, value)


_LOGIC: dict[str, Any] = {
    "bitwise_and": np.bitwise_and,
    "bitwise_or": np.bitwise_or,
    "bitwise_xor": np.bitwise_xor,
    "left_shift": np.left_shift,
    "right_shift": np.right_shift,
}


def _type(values: list[Value]) -> str:
    """The type that a conversion is given: `int64` of `np.int64`, nothing without one."""
    for item in values:
        spelled = item if isinstance(item, str) else getattr(item, "dotted", getattr(item, "name", ""))
        name: str = str(spelled).rpartition(".")[2]
        if name in INTEGERS or name in FLOATS:
            return name
    return ""


def _converted(value: Value, kind: str) -> Value:
    """An array as one of that type; whole numbers are floats, so that what is written into their place stays."""
    if not isinstance(value, np.ndarray):
        return value
    if kind in INTEGERS:
        return value != 0 if kind.lower().startswith("bool") else np.trunc(np.real(value))
    return value.astype(float) if kind in FLOATS and value.dtype.kind in "biu" else value


def _tree_of(tree: Value, leaves: Iterator[Value]) -> Value:
    """A tree of the same form with other leaves."""
    if isinstance(tree, list | tuple):
        return type(tree)([_tree_of(part, leaves) for part in tree])
    if isinstance(tree, dict):
        made = {key: _tree_of(tree[key], leaves) for key in sorted(tree, key=str)}
        return {key: made[key] for key in tree}
    return None if tree is None else next(leaves)


def _weight(parts: list[Value]) -> int:
    """How many elements an array of these has."""
    return sum(_weight(part) if isinstance(part, list) else np.size(part) for part in parts)


def _whole(number: float) -> int:
    """The size that a number asks for, bounded."""
    return int(min(abs(number), 1e15)) if number == number else 0


def _sizes_among(name: str, given: list[Value], named: dict[str, Value]) -> list[Value]:
    """The arguments that say how large an array becomes, as opposed to what is in it."""
    if name in ("linspace", "logspace"):
        return [*given[2:], named.get("num")]
    if name == "full":
        return [*given[:1], named.get("shape")]
    return [*given, *named.values()]


def _flattened(values: list[Value]) -> list[Value]:
    found: list[Value] = []
    for value in values:
        if isinstance(value, list | tuple):
            found.extend(_flattened(list(value)))
        elif isinstance(value, int | float) and not isinstance(value, bool):
            found.append(value)
    return found
