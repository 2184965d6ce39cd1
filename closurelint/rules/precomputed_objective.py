"""An objective returns a value that was computed before it.

## What it does

Reports an objective whose result was computed outside of it, before the differentiator ran. The differentiator varies
the parameter, calls the objective, and gets the same finished number every time.

## Why is this bad?

The gradient is zero, or the search stops where it starts. Nothing raises: a training loop runs to its end, prints a
loss, and has trained nothing.

## Example

```python
import jax

def update(params, x, y):
    loss = mean_squared_error(params, x, y)
    return jax.grad(lambda p: loss)(params)
```

## Use instead

```python
import jax

def update(params, x, y):
    return jax.grad(lambda p: mean_squared_error(p, x, y))(params)
```

## Evidence

Replay computes the value once, as the code does, and differentiates the objective: zero for a copy, and zero for the
aliased array too, because the number is finished. The reference computes it again for each varied point: not zero.

## Fix

Unsafe, where the value is one expression of the point: it is computed inside the objective, of the parameter.

## Limits

The value has to be computed where closurelint can see it: in the same function, or around it.
"""

from __future__ import annotations

from collections.abc import Iterator

from closurelint.classify import fault, report
from closurelint.diagnostic import Diagnostic
from closurelint.rule import Rule
from closurelint.subjects import Site


def check(site: Site) -> Iterator[Diagnostic]:
    """Report a result that was finished before the objective was called."""
    if fault(site) != "precomputed":
        return
    first = site.captures[0]
    does = "returns" if site.finished else "works on"
    message = f"objective {does} `{first.path}`, which was computed before it: {site.consequence}"
    yield report(RULE, site, message, "computed before, not here", (site.recompute,))


RULE = Rule(code="CLO101", name="precomputed-objective", manual=__doc__ or "", subject="site", check=check)
