"""Objectives as courses and books write them: nothing that is true of them is refuted."""

from __future__ import annotations

import numpy as np

from closurelint.evidence import Claim, Evidence
from closurelint.replay import replay

IMPORTS = (("np", "numpy"),)
UPSTREAM = """
def gradient(f, x, df, h=1e-5):
    grad = np.zeros_like(x)
    it = np.nditer(x, flags=["multi_index"], op_flags=["readwrite"])
    while not it.finished:
        i = it.multi_index
        kept = x[i]
        x[i] = kept + h
        above = f(x).copy()
        x[i] = kept - h
        below = f(x).copy()
        x[i] = kept
        grad[i] = np.sum((above - below) * df) / (2 * h)
        it.iternext()
    return grad
"""
CENTRAL = """
def gradient(f, x):
    grad = np.zeros_like(x)
    for i, _ in np.ndenumerate(x):
        kept = x[i]
        x[i] = kept + 1e-4
        above = f(x)
        x[i] = kept - 1e-4
        grad[i] = (above - f(x)) / 2e-4
        x[i] = kept
    return grad
"""
REMEMBERING = """
class Net:
    def __init__(self, n):
        self.params = {"W1": np.random.randn(2, n)}
        self.layers = {"first": Affine(self.params["W1"])}
        self.seen = {}

    def loss(self, x, t):
        for index, layer in enumerate(self.layers.values()):
            x = layer.forward(x)
            self.seen[index] = np.copy(x)
        return self.last.forward(x, t)
"""


def aliased(objective: str, point: str, *prelude: str, **more: object) -> Evidence:
    claim = Claim(objective, ("w",), "aliased", "in-place", point, True, IMPORTS, prelude=prelude, **more)  # type: ignore[arg-type]
    return replay(claim)


def test_a_gradient_from_further_up_is_no_step_size() -> None:
    evidence = aliased(
        "lambda w: affine(x, v)[0]", "v", helpers=(("gradient", UPSTREAM),), differentiator="gradient"
    )  # fmt: skip
    assert evidence.verdict == "confirmed"
    assert evidence.alias is not None
    assert evidence.reference is not None
    assert np.allclose(evidence.alias.values, evidence.reference.values, atol=1e-8)


def test_what_an_objective_remembers_does_not_reach_its_next_evaluation() -> None:
    evidence = aliased(
        "lambda w: self.loss(x, t)", "self.params['W1']", helpers=(("Net", REMEMBERING), ("gradient", CENTRAL)),
        differentiator="gradient", objects=(("self", "Net"),),
    )  # fmt: skip
    assert evidence.verdict == "confirmed"


def test_random_weights_do_not_saturate_a_sigmoid() -> None:
    prelude = ("x = np.random.randn(4, 5)", "Wx = np.random.randn(5, 24)", "Wh = np.random.randn(6, 24)")
    objective = "lambda w: 1 / (1 + np.exp(-(np.dot(x, Wx) + np.dot(h, Wh))))"
    assert aliased(objective, "h", *prelude).verdict == "confirmed"


def test_a_saturated_network_is_looked_at_elsewhere() -> None:
    evidence = aliased("lambda w: 1 / (1 + np.exp(1e6 * np.sum(h ** 2) - 1e5))", "h")
    assert evidence.verdict == "confirmed"
    assert evidence.alias is not None
    assert evidence.alias.largest > 0


def test_the_point_may_be_held_by_another_name() -> None:
    assert aliased("lambda w: net.loss(x, t)", "fixture.params[name]").verdict == "confirmed"


def test_what_was_assigned_and_assigned_again_is_not_evaluated() -> None:
    endless = "x = np.sum([k for k in range(90000)])"
    assert aliased("lambda w: np.sum(x * h)", "h", *[endless] * 30, "x = 2.0").verdict == "confirmed"
