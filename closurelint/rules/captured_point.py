"""An objective reads the variable that holds the point instead of its parameter.

## What it does

Reports an objective that computes with the very variable that is passed as the point, and not with the parameter that
the differentiator hands to it.

## Why is this bad?

The variable does not change while the differentiator works: the parameter does. The value looks right, because at the
point both are equal, and the gradient is zero.

## Example

```python
import jax

grads = jax.grad(lambda p: cost(params))(params)
```

## Use instead

```python
import jax

grads = jax.grad(lambda p: cost(p))(params)
```

## Evidence

Replay differentiates the objective with the variable held still: zero. The reference varies both: not zero.

## Fix

Unsafe: the parameter takes the place of the variable.

## Limits

A variable that is only equal to the point, and not the same, is captured state like any other: see CLO103.
"""

from __future__ import annotations

from collections.abc import Iterator

from closurelint.classify import fault, report, what_it_reads
from closurelint.diagnostic import Diagnostic
from closurelint.rule import Rule
from closurelint.subjects import Site


def check(site: Site) -> Iterator[Diagnostic]:
    """Report an objective that reads the point by its own name."""
    if fault(site) != "captured point":
        return
    point = site.captures[0].text
    message = f"objective reads `{point}` instead of its parameter `{site.parameter.name}`: {site.consequence}"
    yield report(RULE, site, message, what_it_reads(site), (site.use_parameter,))


RULE = Rule(code="CLO102", name="captured-point", manual=__doc__ or "", subject="site", check=check)
