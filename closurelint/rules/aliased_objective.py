"""An objective ignores its parameter and is right only because its array is perturbed in place.

## What it does

Reports an objective that never reads its parameter, handed to a differentiator that perturbs the caller's own array
element by element, where that array is the one that the objective reads.

## Why is this bad?

The gradient is right, and by accident. `f(3)` and `f(net.W)` are equal: `f` ignores what it is given. What changes is
`net.W` itself, because `numerical_gradient` writes `x[i] + h` into the very array that `net` computes with. The first
`.copy()`, `.flatten()`, new differentiator or stored array turns the gradient into zeros, and nothing raises.

## Example

```python
import numpy as np

def numerical_gradient(f, x, h=1e-4):
    grad = np.zeros_like(x)
    for i in np.ndindex(x.shape):
        kept = x[i]
        x[i] = kept + h
        above = f(x)
        x[i] = kept - h
        below = f(x)
        grad[i] = (above - below) / (2 * h)
        x[i] = kept
    return grad

def f(W):
    return net.loss(x, t)

dW = numerical_gradient(f, net.W)
```

## Use instead

```python
import numpy as np

def numerical_gradient(f, x, h=1e-4):
    grad = np.zeros_like(x)
    for i in np.ndindex(x.shape):
        kept = x[i]
        x[i] = kept + h
        above = f(x)
        x[i] = kept - h
        below = f(x)
        grad[i] = (above - below) / (2 * h)
        x[i] = kept
    return grad

def f(W):
    net.W = W
    return net.loss(x, t)

dW = numerical_gradient(f, net.W)
```

## Evidence

Replay runs the objective under the differentiator's own loop twice: zero for a copy, not zero for the aliased array.
`closurelint rule CLO201 --replay` tells the whole story on the bundled network.

## Fix

Safe: rename the parameter to `_`, which says that it is known to be unused and silences the rule. Unsafe: write the
parameter through before it is needed.

## Limits

Whether a function of your own perturbs in place is decided by its body, wherever that can be found in the project; for
the helpers of well-known courses, by their name.
"""

from __future__ import annotations

from collections.abc import Iterator

from closurelint.classify import fault, report, what_it_reads
from closurelint.diagnostic import Diagnostic
from closurelint.rule import Rule
from closurelint.subjects import Site


def check(site: Site) -> Iterator[Diagnostic]:
    """Report an objective that only aliasing makes right."""
    if fault(site) != "aliased":
        return
    name, reader = site.parameter.name, "it"
    said = f"objective never reads its parameter `{name}`"
    if site.parameter.flow == "reaches":
        said = f"objective reads the point through `{site.terms[0]}` too"
    elif site.parameter.flow != "never read" or site.parameter.handed_to:
        said, reader = f"parameter `{name}` never reaches the result", "the objective"
    how = f"`{site.spelled}` perturbs the array that {reader} reads in place"
    if site.delivery != "in-place":
        how = f"`{site.spelled}` watches the very object that {reader} reads"
    message = f"{said}: the gradient is right only because {how}"
    yield report(RULE, site, message, what_it_reads(site), (site.rename, site.write_through))


RULE = Rule(code="CLO201", name="aliased-objective", manual=__doc__ or "", subject="site", check=check)
