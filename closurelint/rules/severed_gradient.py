"""A parameter reaches the result only through operations that have no gradient.

## What it does

Reports an objective in which every way from the parameter to the result goes through an operation whose derivative is
zero or unknown to the framework: `stop_gradient`, `.detach()`, `.item()`, `float()`, `argmax`, `round`, `int()`,
`.astype(int)`, a comparison, its use as an index, a write into a variable past the graph (`weight.data = w`,
`variable.assign(w)`, `load_state_dict`).

## Why is this bad?

The value follows the parameter, the gradient does not: it is zero, or the framework raises where nobody looks.

## Example

```python
import jax
import jax.numpy as jnp

grads = jax.grad(lambda w: jnp.mean(jnp.argmax(x @ w, axis=1) != y))(w0)
```

## Use instead

```python
import jax

grads = jax.grad(lambda w: cross_entropy(x @ w, y))(w0)
```

## Evidence

Replay cuts where the operation cuts and differentiates the objective: zero.

## Fix

None: a smooth loss has to be chosen.

## Limits

A search that compares values and takes no gradient may use such operations freely; it is not reported. For differences
of values only operations that are constant in pieces count.
"""

from __future__ import annotations

from collections.abc import Iterator

from closurelint.classify import fault, report
from closurelint.diagnostic import Diagnostic
from closurelint.rule import Rule
from closurelint.subjects import Site


def check(site: Site) -> Iterator[Diagnostic]:
    """Report a parameter all of whose ways to the result are cut."""
    if fault(site) != "severed":
        return
    cut = site.parameter.cut or "an operation without gradient"
    what = f"`{site.model}`" if site.model else f"parameter `{site.parameter.name}`"
    message = f"{what} reaches the result only through {cut}: {site.consequence}"
    yield report(RULE, site, message, f"{cut} has no gradient")


RULE = Rule(code="CLO107", name="severed-gradient", manual=__doc__ or "", subject="site", check=check)
