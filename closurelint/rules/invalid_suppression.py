"""A comment that should silence a diagnostic cannot be understood.

## What it does

Reports a `# closurelint:` comment that is malformed, or that names a rule which does not exist.

## Why is this bad?

It silences nothing, although its author believes that it does.

## Example

```python
from scipy.optimize import minimize

minimize(lambda w: w @ w, x0)  # closurelint: ignore[CLO999]
```

## Use instead

```python
from scipy.optimize import minimize

minimize(lambda w: w @ w, x0)
```

## Limits

A comment that only resembles one (`# closurelint is right here`) is left alone.
"""

from __future__ import annotations

from closurelint.rule import Rule

RULE = Rule(code="CLO902", name="invalid-suppression", manual=__doc__ or "", subject="file")
