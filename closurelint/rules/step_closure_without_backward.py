"""A closure for an optimiser that evaluates it again and again computes no gradients.

## What it does

Reports a closure handed to the `step` of a re-evaluating optimiser (`torch.optim.LBFGS`) that computes a loss and
never calls `backward`.

## Why is this bad?

The gradients stay cleared or stale, so the optimiser sees no slope and stops, or walks along an old one.

## Example

```python
import torch

opt = torch.optim.LBFGS(net.parameters())

def closure():
    opt.zero_grad()
    return criterion(net(x), y)

opt.step(closure)
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

None is needed: there is no number to compare.

## Fix

None.

## Limits

A closure that calls anything closurelint cannot see into is taken to compute the gradients there.
"""

from __future__ import annotations

from collections.abc import Iterator

from closurelint.diagnostic import Diagnostic, Related
from closurelint.rule import Rule
from closurelint.subjects import StepClosure


def check(step: StepClosure) -> Iterator[Diagnostic]:
    """Report a step closure that never calls `backward`."""
    if step.fault != "no backward":
        return
    yield Diagnostic(
        code=RULE.code,
        name=RULE.name,
        message=f"closure never computes the gradients: `{step.optimizer}` sees no slope",
        filename=step.objective.filename,
        range=step.objective.range,
        label="no `backward()`",
        severity=RULE.severity,
        scope=step.objective.scope,
        related=(Related("the step that evaluates it", step.filename, step.range),),
        claim=step.claim,
    )


RULE = Rule(
    code="CLO402", name="step-closure-without-backward", manual=__doc__ or "", subject="step closure", check=check
)
