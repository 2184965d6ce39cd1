"""The bundled network: what it computes, where numbers are large and where there is one input."""

from __future__ import annotations

import numpy as np

from closurelint.replay.simplenet import SimpleNet

W = np.array([[0.5, -1.0, 2.0], [1.5, 0.0, -0.5]])
X = np.array([[1.0, 2.0], [-1.0, 0.5], [0.0, 3.0]])
T = np.eye(3)


def test_the_loss_is_the_mean_of_the_losses() -> None:
    net = SimpleNet(W)
    each = [net.loss(x, t) for x, t in zip(X, T, strict=True)]
    assert np.isclose(net.loss(X, T), np.mean(each))
    scores = X[0] @ W
    assert np.isclose(each[0], np.log(np.exp(scores).sum()) - scores[0])
    assert np.allclose(net.gradient(X, T), np.mean([net.gradient(x, t) for x, t in zip(X, T, strict=True)], axis=0))


def test_large_scores_do_not_overflow() -> None:
    net = SimpleNet(W * 1e4)
    with np.errstate(over="raise", invalid="raise"):
        assert np.isfinite(net.loss(X, T))
        assert np.isfinite(net.gradient(X, T)).all()
