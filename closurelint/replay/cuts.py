"""Where a gradient is cut: what such an operation gave once, it gives again while the point is varied.

An evaluation at the point records the value of each cut operation; the evaluations beside the point get the recorded
values back. That makes central differences see what automatic differentiation sees: neither `stop_gradient(w)` nor
`argmax(w)` nor the branch that `if w > 0` took varies with the point. Entries are keyed by syntax node and by how often
that node was reached, and since a recorded comparison decides each branch, both evaluations take the same path.
"""

from __future__ import annotations

from collections.abc import Hashable

import numpy as np

from closurelint.replay.values import Value

PIECEWISE = frozenset(
    "sign floor ceil trunc fix rint round around argmax argmin argsort argpartition nonzero argwhere flatnonzero"
    " count_nonzero searchsorted digitize bucketize histogram bincount heaviside isnan isfinite isinf isclose allclose"
    " array_equal equal not_equal greater greater_equal less less_equal gt ge lt le eq ne logical_and logical_or"
    " logical_not logical_xor signbit any all floor_divide matrix_rank one_hot top_k_indices unique"
    " bernoulli multinomial categorical choice randint permutation shuffle binomial poisson".split()
)
"""Piecewise constant: the derivative is zero wherever it exists, under every delivery."""

SEVERING = frozenset(
    "stop_gradient detach detach_ item tolist getval to_value numpy numpy_function from_numpy new_tensor device_get"
    " eval_shape no_grad inference_mode sg stop_grad".split()
)
"""The value stays, but automatic differentiation does not follow it: cut when the delivery is by tracing."""

WRITING = frozenset("assign assign_add assign_sub load_state_dict".split())
"""Methods that write what they are given into a variable, where automatic differentiation does not follow it."""

INTEGERS = frozenset(
    "int int8 int16 int32 int64 uint8 uint16 uint32 uint64 intp int_ long short byte bool bool_ LongTensor IntTensor"
    " BoolTensor ByteTensor".split()
)
"""Types whose values are whole: a conversion to them is piecewise constant."""

FLOATS = frozenset(
    "float float16 float32 float64 float_ bfloat16 half single double longdouble FloatTensor DoubleTensor HalfTensor"
    " complex complex64 complex128".split()
)
"""Types whose values are not: what is written into an array of them keeps its fraction."""


class Cuts:
    """The record of one objective: `begin` starts an evaluation, the first one records."""

    __slots__ = ("_counts", "_held", "active", "recording", "severing")

    def __init__(self, *, severing: bool) -> None:
        self.severing = severing
        self.active = False
        self.recording = True
        self._held: dict[Hashable, Value] = {}
        self._counts: dict[Hashable, int] = {}

    def begin(self) -> None:
        """An evaluation of the objective begins."""
        self.active = True
        self._counts.clear()

    def end(self) -> None:
        """It ended: what follows varies with the point."""
        if self.active:
            self.recording = False
        self.active = False

    def hold(self, place: Hashable, value: Value) -> Value:
        """The value that this operation gave in the recorded evaluation."""
        if not self.active:
            return value
        count = self._counts.get(place, 0)
        self._counts[place] = count + 1
        key = (place, count)
        if self.recording:
            self._held[key] = value.copy() if isinstance(value, np.ndarray) else value
            return value
        held = self._held.get(key, value)
        return held.copy() if isinstance(held, np.ndarray) else held
