"""Prints what one replay costs beyond loading numpy: the median over claims of each kind, in milliseconds.

Run with `python benchmarks/replay_cost.py`.
"""

from __future__ import annotations

import statistics
import time

import numpy as np

from closurelint.evidence import Claim
from closurelint.replay import replay

IMPORTS = (("np", "numpy"), ("jnp", "jax.numpy"), ("jax", "jax"))
GRADIENT = """
def gradient(f, x):
    grad = np.zeros_like(x)
    it = np.nditer(x, flags=["multi_index"])
    while not it.finished:
        i = it.multi_index
        kept = x[i]
        x[i] = kept + 1e-4
        up = f(x)
        x[i] = kept - 1e-4
        down = f(x)
        grad[i] = (up - down) / 2e-4
        x[i] = kept
        it.iternext()
    return grad
"""
NET = """
class Net:
    def predict(self, x):
        h = np.tanh(np.dot(x, self.params["W1"]) + self.params["b1"])
        return np.dot(h, self.params["W2"]) + self.params["b2"]
    def loss(self, x, t):
        y = self.predict(x)
        y = np.exp(y - np.max(y)) / np.sum(np.exp(y - np.max(y)))
        return -np.sum(t * np.log(y + 1e-7)) / len(x)
"""
CLAIMS = {
    "loss of a net": Claim("lambda W: net.loss(x, t)", ("W",), "aliased", "in-place", "net.W"),
    "own differentiator and class": Claim(
        "lambda W: self.loss(x, t)", ("W",), "aliased", "in-place", "self.params['W1']", True, IMPORTS,
        (("gradient", GRADIENT), ("Net", NET)), (), "gradient", objects=(("self", "Net"),),
    ),
    "computed before": Claim(
        "lambda p: loss", ("p",), "zero", "trace", "params", None, IMPORTS, (),
        ("logits = obs @ params['pi']", "logp = jax.nn.log_softmax(logits)", "loss = -jnp.mean(logp * advantage)"),
    ),
    "captured point": Claim("lambda p: mse(params, x, y)", ("p",), "zero", "trace", "params"),
    "partial": Claim(
        "lambda w: net.loss(x, t) + 0.1 * np.sum(w ** 2)", ("w",), "partial", "copy", "net.W", None, IMPORTS
    ),
    "search": Claim("lambda trial: build(x).score(y)", ("trial",), "flat", "trial"),
    "step closure": Claim("lambda: loss", (), "stale", "model", prelude=("loss = criterion(net(x), y)",)),
}  # fmt: skip


def cost(claim: Claim, repeats: int = 25) -> float:
    """Median wall time of one replay, in milliseconds."""
    times = []
    for _ in range(repeats):
        started = time.perf_counter()
        replay(claim)
        times.append(time.perf_counter() - started)
    return 1000 * statistics.median(times)


def main() -> None:
    replay(CLAIMS["loss of a net"])  # loads the evaluator
    costs = {name: cost(claim) for name, claim in CLAIMS.items()}
    print(f"numpy {np.__version__}")
    for name, value in costs.items():
        print(f"{name:32} {value:7.2f} ms")
    print(f"{'median':32} {statistics.median(costs.values()):7.2f} ms")


if __name__ == "__main__":
    main()
