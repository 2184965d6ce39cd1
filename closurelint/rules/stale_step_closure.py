"""A closure for an optimiser that evaluates it again and again returns the same old loss.

## What it does

Reports a closure handed to the `step` of a re-evaluating optimiser (`torch.optim.LBFGS`) that returns a loss which was
computed before it, or computes one from a prediction which was.

## Why is this bad?

The optimiser moves the parameters, evaluates the closure, and gets the loss and the gradients of the first place again:
every inner iteration and the line search work on one stale value.

## Example

```python
import torch

opt = torch.optim.LBFGS(net.parameters())
loss = criterion(net(x), y)
loss.backward()
opt.step(lambda: loss)
```

## Use instead

```python
import torch

opt = torch.optim.LBFGS(net.parameters())

def closure():
    opt.zero_grad()
    loss = criterion(net(x), y)
    loss.backward()
    return loss

opt.step(closure)
```

## Evidence

Replay evaluates the closure before and after the weights change: the value is the same.

## Fix

None.

## Limits

`step(lambda: loss)` after `backward()` is fine for a first-order optimiser, which evaluates the closure once.
"""

from __future__ import annotations

from collections.abc import Iterator

from closurelint.diagnostic import Diagnostic, Related
from closurelint.rule import Rule
from closurelint.subjects import StepClosure


def check(step: StepClosure) -> Iterator[Diagnostic]:
    """Report a step closure whose loss never changes."""
    if step.fault != "stale":
        return
    what = "returns" if step.returned else "computes its loss from"
    yield Diagnostic(
        code=RULE.code,
        name=RULE.name,
        message=(
            f"closure {what} `{step.captured}`, which was computed before it: "
            f"`{step.optimizer}` evaluates the same loss again and again"
        ),
        filename=step.objective.filename,
        range=step.objective.range,
        label="computed before, not here",
        severity=RULE.severity,
        scope=step.objective.scope,
        related=(Related("the step that evaluates it", step.filename, step.range),),
        claim=step.claim,
    )


RULE = Rule(code="CLO403", name="stale-step-closure", manual=__doc__ or "", subject="step closure", check=check)
