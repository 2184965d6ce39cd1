"""A closure that is differentiated by a model's parameters never reaches the model.

## What it does

Reports a closure that is handed over together with a module (`mlx.nn.value_and_grad(model, fn)`), where the closure's
result does not depend on that module.

## Why is this bad?

The gradients of all the module's parameters are zero.

## Example

```python
import mlx.nn as nn

def train(model, teacher, x, y):
    def loss():
        return nn.losses.mse_loss(teacher(x), y)

    return nn.value_and_grad(model, loss)()
```

## Use instead

```python
import mlx.nn as nn

def train(model, teacher, x, y):
    def loss():
        return nn.losses.mse_loss(model(x), y)

    return nn.value_and_grad(model, loss)()
```

## Evidence

Replay varies the module's weight and differentiates the closure: zero.

## Fix

None.

## Limits

A module that is reached through something closurelint cannot see into counts as reached.
"""

from __future__ import annotations

from collections.abc import Iterator

from closurelint.classify import fault, report, what_it_reads
from closurelint.diagnostic import Diagnostic
from closurelint.rule import Rule
from closurelint.subjects import Site


def check(site: Site) -> Iterator[Diagnostic]:
    """Report a closure that has nothing to do with the model it is differentiated by."""
    if fault(site) != "unreached model":
        return
    message = f"closure never reaches `{site.model}`, which it is differentiated by: {site.consequence}"
    yield report(RULE, site, message, what_it_reads(site))


RULE = Rule(code="CLO108", name="unreached-model", manual=__doc__ or "", subject="site", check=check)
