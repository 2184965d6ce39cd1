"""Central differences, in place, as textbooks have them."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from closurelint.evidence import Gradient
from closurelint.replay.simplenet import Array

H = 1e-4


def numerical_gradient(f: Callable[[Array], float], x: Array, pairs: list[tuple[float, float]] | None = None) -> Array:
    """The gradient of `f` at `x` by central differences with h = 1e-4; an array of the shape of `x`.

    `x` is perturbed in place, one element after the other, and restored: `f` sees the very array it was given, which
    is what makes a closure that reads that array instead of its argument come out right. `pairs`, if given, is
    extended by (f(x+h), f(x-h)) for each index in C order.
    """
    grad = np.zeros_like(x)
    for index in np.ndindex(x.shape):
        kept = float(x[index])
        try:
            x[index] = kept + H
            above = f(x)
            x[index] = kept - H
            below = f(x)
        finally:
            x[index] = kept
        grad[index] = (above - below) / (2 * H)
        if pairs is not None:
            pairs.append((above, below))
    return grad


def measured(f: Callable[[Array], float], x: Array) -> Gradient:
    """`numerical_gradient` as plain data, with the pairs that it was made of."""
    pairs: list[tuple[float, float]] = []
    grad = numerical_gradient(f, x, pairs)
    return Gradient(grad.shape, tuple(float(value) for value in grad.flat), tuple(pairs))
