"""An objective reads its parameter, and the point a second time through captured state.

## What it does

Reports an objective that adds up terms of which one depends on the parameter and another on the point by way of
captured state: `net.loss(x, t) + decay * np.sum(w ** 2)`, differentiated at `net.W`.

## Why is this bad?

The gradient of the captured term is missing. What is left is not zero and looks plausible, and no check at run time can
see that it is wrong. Training seems to work, and converges to something else.

## Example

```python
import jax

def loss(p):
    return data_loss(params, x, y) + 1e-4 * squared_norm(p)

grads = jax.grad(loss)(params)
```

## Use instead

```python
import jax

def loss(p):
    return data_loss(p, x, y) + 1e-4 * squared_norm(p)

grads = jax.grad(loss)(params)
```

## Evidence

Replay compares the gradient of the objective with the one that it has when the varied point is written through to the
captured state, and shows the part that is missing.

## Fix

None: whether that term should take the parameter is for you to say.

## Limits

Only sums are judged. A point that is read inside one term together with the parameter (`p - params`, a penalty on the
distance to the start) is taken for meant, and so is a baseline that is subtracted.
"""

from __future__ import annotations

from collections.abc import Iterator

from closurelint.classify import fault, report
from closurelint.diagnostic import Diagnostic
from closurelint.rule import Rule
from closurelint.subjects import Site


def check(site: Site) -> Iterator[Diagnostic]:
    """Report a sum of which one term depends on the point through captured state only."""
    if fault(site) != "partial":
        return
    term = site.terms[0]
    message = (
        f"objective reads its parameter `{site.parameter.name}`, and the point again through `{term}`: "
        f"the gradient of that term is missing"
    )
    yield report(RULE, site, message, f"`{term}` is not varied")


RULE = Rule(code="CLO104", name="partial-objective", manual=__doc__ or "", subject="site", check=check)
