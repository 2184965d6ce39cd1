"""Runs small objectives for real under the libraries that are installed, and compares with the verdict."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from closurelint.evidence import Claim, Delivery
from closurelint.replay import replay

# source of the objective, and whether its gradient by `w` is zero in fact
JAX = [
    ("lambda w: jnp.sum(w ** 2)", False),
    ("lambda w: jnp.sum(params ** 2)", True),
    ("lambda w: jnp.sum(jax.lax.stop_gradient(w) ** 2)", True),
    ("lambda w: jnp.sum(w * jax.lax.stop_gradient(w))", False),
    ("lambda w: jnp.sum(jnp.round(w))", True),
    ("lambda w: jnp.sum(w > 0) * 1.0", True),
    ("lambda w: jnp.where(w > 0, w, -w).sum()", False),
    ("lambda w: jnp.sum(w % 2)", False),
    ("lambda w: jnp.sum(w // 2)", True),
    ("lambda w: jnp.sum(jnp.sort(w))", False),
    ("lambda w: jnp.max(w)", False),
    ("lambda w: 1.0 * jnp.argmax(w)", True),
    ("lambda w: jnp.sum(w.astype(int)) * 1.0", True),
    ("lambda w: jnp.sum(jnp.zeros_like(w)) + jnp.sum(params)", True),
    ("lambda w: 1.0 * w.shape[0] + jnp.sum(params)", True),
    ("lambda w: jnp.sum(w.at[0, 0].set(0.0))", False),
    ("lambda w: jnp.sum(w.at[:, :].set(params))", True),
    ("lambda w: jax.vmap(lambda row: jnp.dot(row, row))(w).sum()", False),
    ("lambda w: jax.tree_util.tree_map(jax.lax.stop_gradient, w).sum()", True),
    ("lambda w: jnp.sum(jax.nn.softmax(w) * params)", False),
    ("lambda w: jnp.einsum('ij,ij->', w, params)", False),
    ("lambda w: jnp.sum(jnp.stack([w[0], params[1]]))", False),
    ("def f(w):\n    w = params\n    return jnp.sum(w)", True),
    ("def f(w):\n    y = w ** 2\n    return jnp.sum(params)", True),
    (
        "def f(w):\n    s = 0.0\n    for row in w:\n        s = s + jnp.sum(jnp.sin(row))\n    return s",
        False,
    ),
]
TORCH = [
    ("lambda w: torch.sum(w ** 2)", False),
    ("lambda w: torch.sum(params ** 2)", True),
    ("lambda w: torch.sum(w.detach() ** 2) + torch.sum(params)", True),
    ("lambda w: torch.sum(w * w.detach())", False),
    ("lambda w: torch.sum(torch.round(w))", True),
    ("lambda w: torch.sum(torch.sign(w)) + torch.sum(params)", True),
    ("lambda w: (w > 0).float().sum() + torch.sum(params)", True),
    ("lambda w: torch.where(w > 0, w, -w).sum()", False),
    ("lambda w: torch.tensor(w.tolist()).sum() + torch.sum(params)", True),
    ("lambda w: torch.sum(params) * w.sum().item()", True),
    ("lambda w: torch.sum(w.clone() * params)", False),
    ("lambda w: torch.relu(w).sum()", False),
    ("lambda w: torch.max(w)", False),
    ("lambda w: torch.argmax(w) + torch.sum(params)", True),
    ("lambda w: torch.softmax(w, dim=1)[0, 0]", False),
    ("lambda w: torch.einsum('ij,ij->', w, params)", False),
    ("lambda w: torch.stack([w[0], params[1]]).sum()", False),
    ("lambda w: torch.zeros_like(w).sum() + torch.sum(params)", True),
    ("lambda w: torch.sum(w.long().float()) + torch.sum(params)", True),
    ("def f(w):\n    with torch.no_grad():\n        y = w ** 2\n    return torch.sum(y) + torch.sum(params)", True),
    ("def f(w):\n    w = params\n    return torch.sum(w)", True),
    ("def f(w):\n    y = params.clone()\n    y[0] = w[0]\n    return torch.sum(y ** 2)", False),
    ("def f(w):\n    s = 0.0\n    for row in w:\n        s = s + torch.sin(row).sum()\n    return s", False),
]
AUTOGRAD = [
    ("lambda w: np.sum(w ** 2)", False),
    ("lambda w: np.sum(params ** 2)", True),
    ("lambda w: np.sum(np.floor(w)) + np.sum(params)", True),
    ("lambda w: np.sum(np.tanh(w) * params)", False),
    ("lambda w: np.sum(np.where(w > 0, w, 0.5 * w))", False),
    ("lambda w: np.sum(np.sign(w)) + np.sum(params)", True),
    ("lambda w: np.dot(w.ravel(), w.ravel())", False),
    ("lambda w: np.sum(np.array([w[0, 0], w[0, 1]]))", False),
    ("def f(w):\n    return len(w) * np.sum(params)", True),
]
SCIPY = [
    ("lambda w: np.sum(w ** 2)", False),
    ("lambda w: float(np.sum(w ** 2))", False),
    ("lambda w: np.sum(w ** 2).item()", False),
    ("lambda w: np.sum(params ** 2)", True),
    ("lambda w: np.sum(np.round(w)) + np.sum(params)", True),
    ("def f(w):\n    held['w'] = w\n    return np.sum(held['w'] ** 3)", False),
    ("def f(w):\n    params = w\n    return np.sum(params ** 2)", False),
    ("lambda w: int(w[0] > 0) + np.sum(params)", True),
    ("lambda w: sum(v * v for v in w)", False),
]


def verdict(source: str, delivery: Delivery, imports: tuple[tuple[str, str], ...]) -> str:
    claim = Claim(source, ("w",), "zero", delivery, "params", imports=imports, prelude=("held = {}",))
    return replay(claim).verdict


def objective(source: str, names: dict[str, Any]) -> Any:
    if source.startswith("lambda"):
        return eval(source, names)
    exec(source, names)
    return names["f"]


POINT = np.array([[0.3, -1.2, 0.7], [1.4, -0.2, 0.9]])


@pytest.mark.parametrize(("source", "zero"), JAX)
@pytest.mark.filterwarnings("ignore")
def test_jax_agrees(source: str, zero: bool) -> None:
    jax = pytest.importorskip("jax")
    jnp = pytest.importorskip("jax.numpy")

    f = objective(source, {"jax": jax, "jnp": jnp, "params": jnp.asarray(POINT)})
    assert bool(np.abs(jax.grad(f)(jnp.asarray(POINT))).max() == 0) is zero
    assert verdict(source, "trace", (("jax", "jax"), ("jnp", "jax.numpy"))) == ("confirmed" if zero else "refuted")


@pytest.mark.parametrize(("source", "zero"), TORCH)
@pytest.mark.filterwarnings("ignore")
def test_torch_agrees(source: str, zero: bool) -> None:
    torch = pytest.importorskip("torch")
    held = torch.tensor(POINT, requires_grad=True)
    f = objective(source, {"torch": torch, "params": held})
    point = torch.tensor(POINT, requires_grad=True)
    (found,) = torch.autograd.grad(f(point), [point], allow_unused=True)
    assert (found is None or bool(found.abs().max() == 0)) is zero
    assert verdict(source, "trace", (("torch", "torch"),)) == ("confirmed" if zero else "refuted")


@pytest.mark.parametrize(("source", "zero"), AUTOGRAD)
@pytest.mark.filterwarnings("ignore")
def test_autograd_agrees(source: str, zero: bool) -> None:
    autograd = pytest.importorskip("autograd")
    anp = pytest.importorskip("autograd.numpy")

    f = objective(source, {"np": anp, "params": POINT})
    assert bool(np.abs(autograd.grad(f)(POINT)).max() == 0) is zero
    assert verdict(source, "trace", (("np", "autograd.numpy"),)) == ("confirmed" if zero else "refuted")


@pytest.mark.parametrize(("source", "zero"), SCIPY)
def test_scipy_agrees(source: str, zero: bool) -> None:
    optimize = pytest.importorskip("scipy.optimize")
    f = objective(source, {"np": np, "params": POINT.ravel(), "held": {}})
    assert bool(np.abs(optimize.approx_fprime(POINT.ravel(), f)).max() == 0) is zero
    assert verdict(source, "copy", (("np", "numpy"),)) == ("confirmed" if zero else "refuted")
