"""Runs generated modules under the library that they are written for, and asks for the gradient itself."""

from __future__ import annotations

import importlib
import warnings
from typing import Any

import numpy as np

from .modules import Module

NEEDS = {"jax": "jax", "autograd": "autograd", "scipy": "scipy", "torch": "torch", "numpy in place": "numpy",
         "numpy of a copy": "numpy"}  # fmt: skip
"""The dialects whose site gives the gradient itself, with the library that runs them."""


def is_installed(name: str) -> bool:
    """Whether the library of a dialect is there."""
    if name not in NEEDS:
        return False
    try:
        importlib.import_module(NEEDS[name])
    except ImportError:
        return False
    return True


def real_gradient(module: Module) -> float | None:
    """Max |gradient| as the library gives it, None where the library does not run the module at all."""
    names: dict[str, Any] = {"__name__": "generated"}
    try:
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")
            exec(compile(module.text, "generated", "exec"), names)
            return float(np.abs(np.asarray(names["found"], dtype=float)).max())
    except Exception:
        return None
