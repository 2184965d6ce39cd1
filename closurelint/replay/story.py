"""The story of CLO201, computed on the spot: why an objective that ignores its parameter gets the right gradient."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from closurelint.evidence import Gradient
from closurelint.replay.gradient import H, measured
from closurelint.replay.simplenet import Array, SimpleNet

SEED = 0
ARGUMENT = 3


@dataclass(frozen=True, slots=True)
class Story:
    """What happens on the bundled network.

    weight: W, row by row. at_number, at_weight: f(3) and f(net.W). alias, own: the gradient for `net.W` itself and for
    an array of one's own with the same numbers. analytic: the largest difference of `alias` from the analytic gradient.
    """

    weight: tuple[tuple[float, ...], ...]
    at_number: float
    at_weight: float
    alias: Gradient
    own: Gradient
    analytic: float


def told() -> Story:
    """Run the story."""
    net = SimpleNet(np.random.default_rng(SEED).normal(size=(2, 3)))
    x, t = np.array([0.6, 0.9]), np.array([0.0, 0.0, 1.0])

    def f(_: Array | int) -> float:  # closurelint: ignore[CLO103] ignoring its argument is what the story is about
        return net.loss(x, t)

    alias, own = measured(f, net.W), measured(f, net.W.copy())
    analytic = float(np.max(np.abs(np.reshape(alias.values, alias.shape) - net.gradient(x, t))))
    weight = tuple(tuple(float(value) for value in row) for row in net.W)
    return Story(weight, f(ARGUMENT), f(net.W), alias, own, analytic)


def text() -> str:
    """The story for a person to read."""
    story = told()
    lines = [
        "net = SimpleNet()                       # net.W has 2 rows and 3 columns",
        "x, t = np.array([0.6, 0.9]), np.array([0, 0, 1])",
        "",
        "def f(W):",
        "    return net.loss(x, t)",
        "",
        "f ignores what it is given:",
        f"    f(3)     = {story.at_number:.12f}",
        f"    f(net.W) = {story.at_weight:.12f}",
        "",
        "and yet numerical_gradient(f, net.W) is",
        *_matrix(story.alias),
        f"which differs from the analytic gradient by {story.analytic:.1e} at most, while for an array of one's own,",
        "a = net.W.copy(), numerical_gradient(f, a) is",
        *_matrix(story.own),
        "",
        f"numerical_gradient writes x[i] + h and x[i] - h, h = {H:g}, into the array that it is given, and calls f in",
        "between. With net.W that array is the one that net.loss reads, so f changes; with a it is not:",
        "",
        "             given net.W                     given a",
        "    index    f(x+h)          f(x-h)          f(x+h)          f(x-h)",
        *_pairs(story),
        "",
        "The gradient is right because of the array, not because of f. Make f depend on what it is given.",
    ]
    return "\n".join(lines)


def _matrix(gradient: Gradient) -> list[str]:
    rows, columns = gradient.shape
    numbers = [f"{value:>11.8f}" for value in gradient.values]
    return [f"    {'  '.join(numbers[row * columns : (row + 1) * columns])}" for row in range(rows)]


def _pairs(story: Story) -> list[str]:
    columns = story.alias.shape[1]
    lines = []
    for index, (alias, own) in enumerate(zip(story.alias.pairs, story.own.pairs, strict=True)):
        row, column = divmod(index, columns)
        numbers = "  ".join(f"{value:.12f}" for value in (*alias, *own))
        lines.append(f"    {row}, {column}     {numbers}")
    return lines
