"""Seeded numbers: data for a name, and smooth functions that depend on everything they are given.

Seeds come from names by CRC-32, so that the same source always gives the same numbers, on every machine.
"""

from __future__ import annotations

import math
import re
import zlib
from functools import lru_cache

import numpy as np

from closurelint.replay.simplenet import SHAPE, Array

BATCH = 4
INPUTS = (BATCH, SHAPE[0])
TARGETS = (BATCH, SHAPE[1])

_INPUT = re.compile(
    r"^_?(x+s?|x_?\d*|x_?(train|batch|test|data|val|i)|inputs?|in_?puts?|data|batch|batch_x|images?|imgs?|features?"
    r"|obs|observations?|states?|samples?|points?|inp|tokens?)$",
    re.IGNORECASE,
)
_TARGET = re.compile(
    r"^_?(t|ts|t_?(train|batch|test|data)|y+s?|y_?\d*|y_?(train|batch|test|true|data|val|i)|targets?|labels?|outputs?"
    r"|batch_y|actions?|truth|expected)$",
    re.IGNORECASE,
)
_SCALAR = re.compile(
    r"loss|cost|error|energy|objective|criterion|score|nll|elbo|norm|likelihood|log_?prob|penalt|distance|metric"
    r"|(^|_)(mse|mae|rmse|kl|bce|ce|reg|fitness|evaluate|fun|residual_sum)($|_)|expval|regulari[sz]|divergence|entropy",
    re.IGNORECASE,
)


def seed_of(label: str) -> int:
    """A stable seed for a name."""
    return zlib.crc32(label.encode("utf-8", "replace"))


def last_name(label: str) -> str:
    """`loss` of `net.head.loss`."""
    return label.rpartition(".")[2].partition("[")[0].removesuffix("()")


def shape_of_result(label: str) -> tuple[int, ...]:
    """Shape that a call of that name returns: () for a loss, (4, 3) for scores and everything else."""
    return () if _SCALAR.search(last_name(label)) else TARGETS


@lru_cache(maxsize=2048)
def _data(label: str) -> Array:
    random = np.random.default_rng(seed_of(label))
    name = last_name(label)
    if _INPUT.match(name):
        made: Array = random.uniform(0.3, 1.3, INPUTS)
    elif _TARGET.match(name):
        made = np.eye(SHAPE[1])[random.integers(0, SHAPE[1], BATCH)]
    else:
        made = np.asarray(random.uniform(0.6, 1.4))
    return made


def data(label: str) -> Array:
    """Data for a captured name: (4, 2) for inputs, one-hot (4, 3) for targets, a positive scalar for anything else."""
    made: Array = _data(label).copy()
    return made


def is_table(label: str) -> bool:
    """Whether the name is one of inputs or targets."""
    name = last_name(label)
    return bool(_INPUT.match(name) or _TARGET.match(name))


_NORMAL = frozenset("randn normal standard_normal Normal truncated_normal randn_like".split())
_UNIFORM = frozenset("rand random uniform random_sample ranf sample rand_like".split())


@lru_cache(maxsize=512)
def _drawn(label: str, shape: tuple[int, ...]) -> Array | None:
    name = label.rpartition(".")[2]
    random = np.random.default_rng(seed_of(label))
    if name in _NORMAL:
        return np.asarray(random.standard_normal(shape))
    return np.asarray(random.uniform(size=shape)) if name in _UNIFORM else None


def drawn(label: str, shape: tuple[int, ...]) -> Array | None:
    """What a well-known distribution gives, the same at each call; None for one that is not known.

    The numbers are as large as the real ones: larger ones would saturate what is computed of them.
    """
    made = _drawn(label, shape)
    return None if made is None else made.copy()


@lru_cache(maxsize=64)
def weight(seed: int = 0) -> Array:
    """The point where replay differentiates: shape (2, 3), standard normal, read-only."""
    made: Array = np.random.default_rng(seed).standard_normal(SHAPE)
    made.flags.writeable = False
    return made


@lru_cache(maxsize=4096)
def _inward(label: str, count: int) -> tuple[Array, Array]:
    random = np.random.default_rng(seed_of(f"in {label}"))
    slopes = random.uniform(0.5, 1.5, count) * random.choice((-1.0, 1.0), count) / np.sqrt(count)
    return slopes, random.uniform(0.0, 6.0, count)


@lru_cache(maxsize=4096)
def _outward(label: str, shape: tuple[int, ...]) -> tuple[Array, Array]:
    random = np.random.default_rng(seed_of(f"out {label}"))
    return random.uniform(0.4, 0.9, shape), random.uniform(1.6, 2.4, shape)


def smooth(label: str, inputs: Array, shape: tuple[int, ...]) -> Array:
    """A smooth function of all `inputs` (a flat vector), of the given shape, positive and bounded.

    Each input enters as c (v + 0.3 sin(2 v + b)), which is strictly monotone, so that no partial derivative is zero.
    """
    inward, phases = _inward(label, inputs.size)
    inputs = _compressed(inputs)
    total = float(np.sum(inward * (inputs + 0.3 * np.sin(2 * inputs + phases)))) if inputs.size else 0.0
    slopes, offsets = _outward(label, shape)
    result: Array = offsets + slopes * math.atan(math.asinh(total))
    return np.asarray(result)


def _compressed(inputs: Array) -> Array:
    """Large numbers by their logarithm, so that an infinity among the inputs does not drown the others."""
    size = np.maximum(np.abs(inputs) / _LARGE, 1.0)
    compressed: Array = np.where(size > 1.0, np.sign(inputs) * _LARGE * (1.0 + np.log(size)), inputs)
    return compressed


_LARGE = 10.0


def scalar(values: Array) -> float:
    """One number for what an objective returned: itself, or a weighted sum, as a plain one can cancel (a softmax)."""
    if values.size == 1:
        return float(values.reshape(()))
    slopes, _ = _inward("objective", values.size)
    return float(np.sum(np.abs(slopes) * values.ravel()))
