"""The functions that have a numpy equivalent, by the name that numpy, jax, torch, mlx, tensorflow or math give them.

The tables are the whole of what checked code can reach: a name that is not here is a stand-in.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

import numpy as np

from closurelint.replay.cuts import FLOATS, INTEGERS
from closurelint.replay.values import AnyArray

FAMILIES = (
    "numpy", "jax.numpy", "jax.nn", "jax.lax", "jax.scipy", "scipy.special", "scipy.linalg", "torch", "math", "cmath",
    "autograd.numpy", "autograd.scipy", "pennylane.numpy", "pennylane.math", "mlx.core", "mlx.nn", "tensorflow", "cupy",
    "keras", "operator", "flax.linen", "flax.nnx", "optax", "tinygrad", "jaxlib", "equinox",
)  # fmt: skip


@lru_cache(maxsize=1024)
def is_numeric(dotted: str) -> bool:
    """Whether a dotted name belongs to a library of array functions."""
    return any(dotted == family or dotted.startswith(family + ".") for family in FAMILIES)


CONSTANTS: dict[str, Any] = {
    "pi": np.pi, "e": np.e, "inf": np.inf, "infty": np.inf, "nan": np.nan, "newaxis": None, "tau": 2 * np.pi,
    "Inf": np.inf, "NaN": np.nan, "euler_gamma": np.euler_gamma,
}  # fmt: skip

_UNARY = (
    "abs absolute fabs exp exp2 expm1 log log2 log10 log1p sqrt cbrt square sin cos tan arcsin arccos arctan sinh cosh"
    " tanh arcsinh arccosh arctanh negative positive reciprocal conj conjugate real imag angle rad2deg deg2rad sinc"
    " sign floor ceil trunc rint fix isnan isfinite isinf signbit logical_not radians degrees nan_to_num"
)
_BINARY = (
    "add subtract multiply divide true_divide power float_power maximum minimum fmax fmin hypot arctan2 mod remainder"
    " fmod logaddexp logaddexp2 floor_divide heaviside equal not_equal greater greater_equal less less_equal"
    " logical_and logical_or logical_xor copysign ldexp"
)
_REDUCING = (
    "sum mean prod std var max min amax amin median nansum nanmean nanmax nanmin nanstd nanvar ptp average argmax"
    " argmin any all count_nonzero trace cumsum cumprod diff percentile quantile"
)
_PRODUCTS = "dot matmul inner outer vdot tensordot einsum cross kron convolve correlate"
_SHAPING = (
    "reshape ravel transpose squeeze expand_dims concatenate stack hstack vstack dstack column_stack swapaxes moveaxis"
    " flip fliplr flipud roll tile repeat split array_split take diag diagonal tril triu sort argsort where clip"
    " broadcast_to atleast_1d atleast_2d atleast_3d append insert delete rollaxis rot90 unique searchsorted digitize"
    " nonzero isclose allclose array_equal round around take_along_axis select interp gradient trapezoid meshgrid"
    " flatnonzero argwhere bincount histogram pad select piecewise_constant polyval vander"
)
_MAKING = "zeros ones full empty eye identity arange linspace logspace zeros_like ones_like full_like empty_like"

OTHER_NAMES = {
    "asin": "arcsin", "acos": "arccos", "atan": "arctan", "atan2": "arctan2", "asinh": "arcsinh", "acosh": "arccosh",
    "atanh": "arctanh", "pow": "power", "mul": "multiply", "sub": "subtract", "div": "divide", "neg": "negative",
    "truediv": "divide", "floordiv": "floor_divide", "mm": "matmul", "bmm": "matmul", "mv": "matmul",
    "cat": "concatenate",
    "concat": "concatenate", "permute": "transpose", "clamp": "clip", "clip_by_value": "clip",
    "unsqueeze": "expand_dims",
    "reduce_sum": "sum", "reduce_mean": "mean", "reduce_max": "max", "reduce_min": "min", "reduce_prod": "prod",
    "reduce_any": "any", "reduce_all": "all", "fsum": "sum", "view": "reshape", "flatten": "ravel", "gt": "greater",
    "ge": "greater_equal", "lt": "less", "le": "less_equal", "eq": "equal", "ne": "not_equal", "t": "transpose",
    "amax": "max", "amin": "min", "rms": "std", "xor": "logical_xor", "numel": "size", "ceiling": "ceil",
}  # fmt: skip


def _table() -> dict[str, Callable[..., Any]]:
    names = f"{_UNARY} {_BINARY} {_REDUCING} {_PRODUCTS} {_SHAPING} {_MAKING}".split()
    found = {name: getattr(np, name) for name in names if hasattr(np, name)}
    found.update({other: found[name] for other, name in OTHER_NAMES.items() if name in found})
    found.update({name: getattr(np.linalg, name) for name in ("norm", "inv", "det", "slogdet", "solve", "pinv")})
    found.update(
        array=_array, asarray=_array, tensor=_array, as_tensor=_array, Tensor=_array, FloatTensor=_array,
        DoubleTensor=_array, convert_to_tensor=_array, constant=_array, ascontiguousarray=_array, asanyarray=_array,
        from_numpy=_array, Variable=_array, Parameter=_array, identity=_identity, copy=_copied, clone=_copied,
        asfarray=_array, copy_to_host_async=_array, to_tensor=_array, stop_gradient=_array, detach=_array,
        cast=_array, convert_element_type=_array,
        sigmoid=_sigmoid, expit=_sigmoid, softmax=_softmax, log_softmax=_log_softmax, relu=_relu, softplus=_softplus,
        logsumexp=_logsumexp, rsqrt=_rsqrt, silu=_silu, swish=_silu, stack=_stacked, log_sigmoid=_log_sigmoid,
        leaky_relu=_leaky_relu, elu=_elu, gelu=_gelu, erf=_erf, size=np.size, ndim=np.ndim, shape=np.shape,
        mse_loss=_mse, device_put=_array, squared_difference=_squared_difference, addmm=_addmm, lerp=_lerp,
        int_shape=np.shape, numel=np.size, copy_=_array, sort=_sorted, fill_diagonal_=_array, norm=_norm,
    )  # fmt: skip
    return {**dict.fromkeys(INTEGERS | FLOATS, _array), **found}


def _array(value: Any, *_: Any, **__: Any) -> AnyArray:
    return np.asarray(value)


def _identity(value: Any, *_: Any, **__: Any) -> AnyArray:
    """The matrix of numpy, which takes its size, or what it is given, as in tensorflow."""
    return np.eye(value) if isinstance(value, int) else np.asarray(value)


def _copied(value: Any, *_: Any, **__: Any) -> AnyArray:
    return np.array(value)


def _stacked(values: Any, axis: int = 0) -> AnyArray:
    return np.stack(list(values), axis)


def _sorted(value: Any, axis: int = -1, **_: Any) -> AnyArray:
    return np.sort(value, axis)


def _norm(value: Any, ord: Any = None, axis: Any = None, keepdims: bool = False) -> Any:
    array = np.asarray(value)
    if axis is None and array.ndim > 1 and (ord is None or ord == 2):
        array = array.ravel()
    return np.linalg.norm(array, ord, axis, keepdims)


def _sigmoid(x: Any) -> Any:
    return 1 / (1 + np.exp(-np.asarray(x)))


def _log_sigmoid(x: Any) -> Any:
    return -np.logaddexp(0, -np.asarray(x))


def _softmax(x: Any, axis: int = -1) -> Any:
    x = np.asarray(x)
    exponentials = np.exp(x - x.max(axis=axis, keepdims=True))
    return exponentials / exponentials.sum(axis=axis, keepdims=True)


def _logsumexp(x: Any, axis: Any = None, keepdims: bool = False) -> Any:
    x = np.asarray(x)
    top = x.max(axis=axis, keepdims=True)
    result = np.log(np.exp(x - top).sum(axis=axis, keepdims=True)) + top
    return result if keepdims else np.squeeze(result, axis)


def _log_softmax(x: Any, axis: int = -1) -> Any:
    return np.asarray(x) - _logsumexp(x, axis, keepdims=True)


def _relu(x: Any) -> Any:
    return np.maximum(x, 0)


def _leaky_relu(x: Any, slope: float = 0.01) -> Any:
    return np.where(np.asarray(x) > 0, x, slope * np.asarray(x))


def _elu(x: Any, alpha: float = 1.0) -> Any:
    return np.where(np.asarray(x) > 0, x, alpha * np.expm1(np.asarray(x)))


def _gelu(x: Any) -> Any:
    x = np.asarray(x)
    return 0.5 * x * (1 + np.tanh(np.sqrt(2 / np.pi) * (x + 0.044715 * x**3)))


def _erf(x: Any) -> Any:
    """Abramowitz and Stegun 7.1.26 would do; tanh of Winitzki's form is smooth everywhere."""
    x = np.asarray(x)
    return np.tanh(x * (2 / np.sqrt(np.pi)) * (1 + 0.0893 * x * x))


def _softplus(x: Any) -> Any:
    return np.logaddexp(0, x)


def _silu(x: Any) -> Any:
    return np.asarray(x) * _sigmoid(x)


def _rsqrt(x: Any) -> Any:
    return 1 / np.sqrt(x)


def _mse(x: Any, y: Any) -> Any:
    return np.mean((np.asarray(x) - np.asarray(y)) ** 2)


def _squared_difference(x: Any, y: Any) -> Any:
    return (np.asarray(x) - np.asarray(y)) ** 2


def _addmm(a: Any, b: Any, c: Any) -> Any:
    return a + np.asarray(b) @ np.asarray(c)


def _lerp(a: Any, b: Any, share: Any) -> Any:
    return a + share * (np.asarray(b) - a)


NUMPY: dict[str, Callable[..., Any]] = _table()

ELEMENTWISE = frozenset(
    f"{_UNARY} {_BINARY} where clip lerp squared_difference mse_loss take_along_axis isclose allclose"
    " array_equal".split()
)
"""The size of the result is that of the inputs broadcast against each other."""

MAKING = frozenset(
    "zeros ones full empty eye identity linspace logspace tile repeat broadcast_to pad diag vander meshgrid".split()
)
"""The size of the result comes from integers among the arguments."""

PRODUCTS = frozenset(
    "einsum outer kron tensordot dot matmul inner vdot convolve correlate polyval percentile quantile addmm".split()
)
"""What is computed takes as much as the sizes of the inputs multiplied."""

SQUARES = frozenset("diag vander tril triu".split())
"""What is made of a vector is a matrix of its length."""

COUNTING = frozenset("split array_split histogram diff bincount".split())
"""How many results there are, or steps to them, comes from integers among the arguments, or in them."""

KEYWORDS = {"dim": "axis", "keepdim": "keepdims", "reduction_indices": "axis", "keep_dims": "keepdims", "dims": "axes"}
"""Keywords that torch and tensorflow spell differently."""

IGNORED = frozenset(
    "dtype device out requires_grad name where_ casting order copy like layout pin_memory precision"
    " preferred_element_type memory_format non_blocking unbiased correction"
    " indices_are_sorted unique_indices mode where promote_integers out_sharding stream size_average reduce".split()
)
"""Keywords that do not change which inputs the result depends on."""

IDENTITIES = frozenset(
    "float double half cpu cuda to contiguous requires_grad_ retain_grad block_until_ready bfloat16 type_as"
    " asnumpy get_value read_value toarray todense unwrap primal detach numpy value eval type get".split()
)
"""Methods of an array that give it back, as far as values go."""

METADATA = frozenset(
    "dtype device requires_grad is_cuda is_leaf grad_fn itemsize nbytes strides flags layout name sharding"
    " weak_type base aval".split()
)
"""Attributes of an array that do not depend on its values."""
