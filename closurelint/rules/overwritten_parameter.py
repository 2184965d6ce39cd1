"""An objective assigns to its parameter before it reads it.

## What it does

Reports an objective that binds its parameter's name to something else, and only then reads it.

## Why is this bad?

The varied value is gone before anything is computed with it: the gradient is zero.

## Example

```python
import jax
import jax.numpy as jnp

def loss(w):
    w = model.weights
    return jnp.sum((x @ w - y) ** 2)

grads = jax.grad(loss)(model.weights)
```

## Use instead

```python
import jax
import jax.numpy as jnp

def loss(w):
    return jnp.sum((x @ w - y) ** 2)

grads = jax.grad(loss)(model.weights)
```

## Evidence

Replay differentiates the objective: zero.

## Fix

None: one of the two values is wanted, and which one is for you to say.

## Limits

Only when no path through the objective reads the parameter first.
"""

from __future__ import annotations

from collections.abc import Iterator

from closurelint.classify import fault, report
from closurelint.diagnostic import Diagnostic
from closurelint.rule import Rule
from closurelint.subjects import Site


def check(site: Site) -> Iterator[Diagnostic]:
    """Report a parameter that is rebound before it is read."""
    if fault(site) != "overwritten":
        return
    name = site.parameter.name
    message = f"objective overwrites its parameter `{name}` before reading it: {site.consequence}"
    yield report(RULE, site, message, f"`{name}` is assigned first")


RULE = Rule(code="CLO105", name="overwritten-parameter", manual=__doc__ or "", subject="site", check=check)
