"""The libraries in whose words objectives are generated."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Dialect:
    """How one library is written.

    header: what a module starts with. array: makes a vector of the numbers in `{0}`. literal: a number as it is
    computed with. smooth: functions of a vector or number that keep its shape. total: makes a number of a vector.
    cuts: operations with a zero gradient. drops: what keeps nothing of a vector but its size. converts: makes a number
    of Python of a number.
    sites: differentiates `{f}` at `{p}`, with `{a}` for further `arguments`; `deferred` does so in two steps.
    in_place_sums: `+=` writes into what the name shares with others. in_place: the point itself is perturbed.
    sums_are_judged: it differentiates, so that a missing term is missed.
    """

    name: str
    header: str
    array: str
    smooth: tuple[str, ...]
    total: tuple[str, ...]
    cuts: tuple[str, ...]
    drops: tuple[str, ...]
    where: str
    dot: str
    sites: tuple[str, ...]
    deferred: tuple[str, ...] = ()
    converts: tuple[str, ...] = ()
    arguments: str = ", {0}"
    literal: str = "{0}"
    in_place_sums: bool = False
    in_place: bool = False
    sums_are_judged: bool = True


def _numpy(name: str, np: str, header: str, **more: object) -> Dialect:
    arguments: dict[str, object] = {
        "array": np + ".array([{0}])",
        "smooth": tuple(f"{np}.{function}({{0}})" for function in ("sin", "tanh", "cos", "arctan", "square")),
        "total": (np + ".sum({0})", np + ".mean({0})", "({0}).sum()", np + ".sum({0} ** 2)"),
        "cuts": tuple(f"{np}.{function}({{0}})" for function in ("sign", "round", "floor")),
        "drops": (np + ".zeros_like({0})", np + ".ones_like({0})"),
        "where": np + ".where({0}, {1}, {2})",
        "dot": np + ".dot({0}, {1})",
        **more,
    }
    return Dialect(name, header, **arguments)  # type: ignore[arg-type]


JAX = _numpy(
    "jax", "jnp", "import jax\nimport jax.numpy as jnp\n",
    cuts=("jax.lax.stop_gradient({0})", "jnp.sign({0})", "jnp.round({0})", "jnp.floor({0})"),
    sites=("jax.grad({f})({p}{a})", "jax.value_and_grad({f})({p}{a})[1]", "jax.jacfwd({f})({p}{a})"),
    deferred=("jax.grad({f})", "jax.jit(jax.grad({f}))", "jax.jacrev({f})"),
)  # fmt: skip
AUTOGRAD = _numpy(
    "autograd", "np", "import autograd.numpy as np\nfrom autograd import grad, value_and_grad\n",
    sites=("grad({f})({p}{a})", "value_and_grad({f})({p}{a})[1]"),
    deferred=("grad({f})",),
)  # fmt: skip
SCIPY = _numpy(
    "scipy", "np", "import numpy as np\nfrom scipy.optimize import approx_fprime, minimize\n",
    sites=("approx_fprime({p}, {f}{a})",), converts=("float({0})",), arguments=", 1.5e-8, {0}",
)  # fmt: skip
SEARCH = _numpy(
    "scipy search", "np", "import numpy as np\nfrom scipy.optimize import approx_fprime, minimize\n",
    sites=("minimize({f}, {p}{a})", "minimize({f}, x0={p}{a}, method='BFGS')"), converts=("float({0})",),
    arguments=", args=({0},)", sums_are_judged=False,
)  # fmt: skip
NUMERICAL = '''\
import numpy as np


def numerical_gradient(f, x, h=1e-4):
    """Central differences, in place."""
    grad = np.zeros_like(x)
    for i in range(x.size):
        kept = x[i]
        x[i] = kept + h
        above = f(x)
        x[i] = kept - h
        below = f(x)
        grad[i] = (above - below) / (2 * h)
        x[i] = kept
    return grad

'''
IN_PLACE = _numpy("numpy in place", "np", NUMERICAL, sites=("numerical_gradient({f}, {p})",), in_place=True)
DETACHED = _numpy("numpy of a copy", "np", NUMERICAL, sites=("numerical_gradient({f}, {p}.copy())",))
TORCH = _numpy(
    "torch", "torch", "import torch\n",
    array="torch.tensor([{0}])", literal="torch.tensor({0})", in_place_sums=True,
    cuts=("{0}.detach()", "torch.sign({0})", "torch.round({0})", "torch.floor({0})"),
    smooth=tuple(f"torch.{function}({{0}})" for function in ("sin", "tanh", "cos", "atan", "square")),
    total=("torch.sum({0})", "torch.mean({0})", "({0}).sum()", "torch.sum({0} ** 2)"),
    sites=("torch.func.grad({f})({p}{a})", "torch.func.jacrev({f})({p}{a})"),
    deferred=("torch.func.grad({f})",),
)  # fmt: skip
MLX = _numpy(
    "mlx", "mx", "import mlx.core as mx\n",
    cuts=("mx.stop_gradient({0})", "mx.sign({0})", "mx.round({0})", "mx.floor({0})"),
    dot="mx.inner({0}, {1})", literal="mx.array({0})", in_place_sums=True,
    sites=("mx.grad({f})({p}{a})", "mx.value_and_grad({f})({p}{a})[1]"),
    deferred=("mx.grad({f})",),
)  # fmt: skip

DIALECTS = (JAX, AUTOGRAD, SCIPY, SEARCH, IN_PLACE, DETACHED, TORCH, MLX)
