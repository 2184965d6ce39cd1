"""A closure for an optimiser that evaluates it again and again returns nothing.

## What it does

Reports a closure handed to the `step` of a re-evaluating optimiser (`torch.optim.LBFGS`) that has no `return` with a
value.

## Why is this bad?

The optimiser needs the loss of every evaluation for its line search and its stopping rules. It gets `None`: the step
raises, or is taken blindly.

## Example

```python
import torch

opt = torch.optim.LBFGS(net.parameters())

def closure():
    opt.zero_grad()
    loss = criterion(net(x), y)
    loss.backward()

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

Only optimisers that re-evaluate. A first-order optimiser ignores what the closure returns.
"""

from __future__ import annotations

from collections.abc import Iterator

from closurelint.diagnostic import Diagnostic, Related
from closurelint.rule import Rule
from closurelint.subjects import StepClosure


def check(step: StepClosure) -> Iterator[Diagnostic]:
    """Report a step closure that returns nothing."""
    if step.fault != "no return":
        return
    yield Diagnostic(
        code=RULE.code,
        name=RULE.name,
        message=f"closure returns no loss: `{step.optimizer}` needs it at every evaluation",
        filename=step.objective.filename,
        range=step.objective.range,
        label="no `return` with a value",
        severity=RULE.severity,
        scope=step.objective.scope,
        related=(Related("the step that evaluates it", step.filename, step.range),),
        claim=step.claim,
    )


RULE = Rule(
    code="CLO401", name="step-closure-without-return", manual=__doc__ or "", subject="step closure", check=check
)
