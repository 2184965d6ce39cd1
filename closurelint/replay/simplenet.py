"""SimpleNet: a 2x3 weight, softmax and cross entropy; small enough to differentiate by hand."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
import numpy.typing as npt

Array: TypeAlias = npt.NDArray[np.float64]

SHAPE = (2, 3)


class SimpleNet:
    """A linear layer without bias, softmax on top.

    W: shape (2, 3). Inputs have shape (2,) or (n, 2), targets are one-hot, of shape (3,) or (n, 3).
    """

    def __init__(self, W: Array) -> None:  # noqa: N803 - the name that the literature gives the weight
        self.W = W

    def predict(self, x: Array) -> Array:
        """Scores, of shape (3,) or (n, 3)."""
        scores: Array = np.dot(x, self.W)
        return scores

    def loss(self, x: Array, t: Array) -> float:
        """Mean cross entropy, in nats, of the softmax of the scores against the targets."""
        scores = np.atleast_2d(self.predict(x))
        shifted = scores - scores.max(axis=1, keepdims=True)
        logarithms = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
        return float(-np.sum(np.atleast_2d(t) * logarithms) / len(scores))

    def gradient(self, x: Array, t: Array) -> Array:
        """The analytic gradient of `loss` by W, of shape (2, 3).

        With y the softmax of x W and t one-hot: dL/dW = x^T (y - t) / n (Bishop, Pattern Recognition and
        Machine Learning, section 4.3.4).
        """
        scores = np.atleast_2d(self.predict(x))
        exponentials = np.exp(scores - scores.max(axis=1, keepdims=True))
        y = exponentials / exponentials.sum(axis=1, keepdims=True)
        result: Array = np.atleast_2d(x).T @ (y - np.atleast_2d(t)) / len(scores)
        return result
