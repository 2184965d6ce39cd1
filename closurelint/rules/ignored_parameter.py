"""An objective reads captured state and never its parameter.

## What it does

Reports an objective that never reads the parameter that is varied, but other state, where the way in which the
differentiator hands over the point cannot reach that state. An in-place differentiator that is given a copy
(`net.W.copy()`, `net.W.flatten()`) is such a way too: it perturbs the copy, and the objective reads the original.

## Why is this bad?

Every evaluation gives the same number, so the gradient is zero and an optimiser stops where it starts, often with a
report of success.

## Example

```python
from scipy.optimize import approx_fprime

dW = approx_fprime(net.W.ravel(), lambda w: net.loss(x, t))
```

## Use instead

```python
from scipy.optimize import approx_fprime

def f(w):
    net.W[...] = w.reshape(net.W.shape)
    return net.loss(x, t)

dW = approx_fprime(net.W.ravel(), f)
```

## Evidence

Replay differentiates the objective on a small network, once with a copy of the weights and once with the very array
that the network holds. The copy gives zero.

## Fix

Unsafe, where it is one change: the parameter takes the place of the point's own name, or is written to where the point
is held before it is read there. Any other way is for you to say.

## Limits

A parameter named `_` says that it is known to be unused: then an objective that only depends on its other arguments is
left alone, but one that reads captured state is not.
"""

from __future__ import annotations

from collections.abc import Iterator

from closurelint.classify import fault, report, what_it_reads
from closurelint.diagnostic import Diagnostic
from closurelint.rule import Rule
from closurelint.subjects import Site


def check(site: Site) -> Iterator[Diagnostic]:
    """Report an objective that reads other state, and never its parameter."""
    if fault(site) != "ignored":
        return
    name, helper = site.parameter.name, site.parameter.handed_to
    message = f"objective never reads its parameter `{name}`: {site.consequence}"
    if helper:
        message = f"objective hands its parameter `{name}` only to `{helper}`, which never reads it: {site.consequence}"
    yield report(RULE, site, message, what_it_reads(site), (site.use_parameter, site.write_through))


RULE = Rule(code="CLO103", name="ignored-parameter", manual=__doc__ or "", subject="site", check=check)
