"""An objective reads its parameter, but the result does not depend on it.

## What it does

Reports an objective that does something with its parameter (prints it, asks for its shape, computes a value that
nothing uses, returns it in the auxiliary output only) and returns a number that does not depend on it.

## Why is this bad?

It looks used, so nobody notices; the gradient is zero.

## Example

```python
import jax
import jax.numpy as jnp

def loss(params, x, y):
    p = predict(params, x)
    return -jnp.sum(y * jnp.log(y) + (1 - y) * jnp.log(1 - y))

grads = jax.grad(loss)(params, x, y)
```

## Use instead

```python
import jax
import jax.numpy as jnp

def loss(params, x, y):
    p = predict(params, x)
    return -jnp.sum(y * jnp.log(p) + (1 - y) * jnp.log(1 - p))

grads = jax.grad(loss)(params, x, y)
```

## Evidence

Replay differentiates the objective: zero.

## Fix

None.

## Limits

A function that closurelint cannot see into is taken to pass on everything that it is given, and to keep it.
"""

from __future__ import annotations

from collections.abc import Iterator

from closurelint.classify import fault, report
from closurelint.diagnostic import Diagnostic
from closurelint.rule import Rule
from closurelint.subjects import Site


def check(site: Site) -> Iterator[Diagnostic]:
    """Report a parameter that is read and then lost."""
    if fault(site) != "dead":
        return
    message = f"parameter `{site.parameter.name}` is read but never reaches the result: {site.consequence}"
    yield report(RULE, site, message, "the result does not depend on it")


RULE = Rule(code="CLO106", name="dead-parameter", manual=__doc__ or "", subject="site", check=check)
