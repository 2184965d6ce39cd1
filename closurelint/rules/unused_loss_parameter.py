"""A loss closure never reads its parameter.

## What it does

Reports a function of one parameter that is named like weights (`W`, `params`, `theta`), returns the loss of captured
state, never reads the parameter, and is handed to something that closurelint does not know.

## Why is this bad?

Whatever varies the parameter varies nothing that the function reads. If it works, it works by aliasing.

## Example

```python
from course_helpers import check_layer

def f(W):
    return net.loss(x, t)

check_layer(f, net.W)
```

## Use instead

```python
from course_helpers import check_layer

def f(W):
    net.W = W
    return net.loss(x, t)

check_layer(f, net.W)
```

## Evidence

Replay differentiates the closure for a copy of the weights: zero.

## Fix

None.

## Limits

What happens with the closure is not known here. Name the differentiator in `[tool.closurelint.differentiators]`, and
the closure is judged by what that one does.
"""

from __future__ import annotations

from collections.abc import Iterator

from closurelint.diagnostic import Diagnostic
from closurelint.rule import Rule
from closurelint.subjects import LooseObjective


def check(loose: LooseObjective) -> Iterator[Diagnostic]:
    """Report a loss closure that ignores its parameter."""
    objective = loose.objective
    yield Diagnostic(
        code=RULE.code,
        name=RULE.name,
        message=f"loss closure never reads its parameter `{loose.parameter.name}`: varying it changes nothing",
        filename=objective.filename,
        range=objective.range,
        label=f"reads `{loose.reads}` instead",
        severity=RULE.severity,
        scope=objective.scope,
        claim=loose.claim,
    )


RULE = Rule(code="CLO301", name="unused-loss-parameter", manual=__doc__ or "", subject="loose objective", check=check)
