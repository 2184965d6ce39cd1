"""Programs to check, and what a command line gives."""

from __future__ import annotations

from typing import NamedTuple

DIFFERENTIATOR = """\
import numpy as np


def numerical_gradient(f, x, h=1e-4):
    grad = np.zeros_like(x)
    for i in np.ndindex(x.shape):
        kept = x[i]
        x[i] = kept + h
        above = f(x)
        x[i] = kept - h
        below = f(x)
        grad[i] = (above - below) / (2 * h)
        x[i] = kept
    return grad


"""
ALIASED = DIFFERENTIATOR + "def f(W):\n    return net.loss(x, t)\n\n\ndW = numerical_gradient(f, net.W)\n"
DETACHED = DIFFERENTIATOR + "dW = numerical_gradient(lambda W: net.loss(x, t), net.W.copy())\n"
CLEAN = "def area(width, height):\n    return width * height\n"


class Outcome(NamedTuple):
    status: int
    output: str
    errors: str
