"""A comment silences a diagnostic that is not there.

## What it does

Reports a `# closurelint: ignore[...]` comment, or a code of closurelint in a `# noqa: ...` comment, where no such
diagnostic would be reported.

## Why is this bad?

The code was mended, or moved, and the comment stayed. It will silence the next diagnostic there, which nobody has seen.

## Example

```python
from scipy.optimize import minimize

minimize(lambda w: w @ w, x0)  # closurelint: ignore[CLO103] the weights are global
```

## Use instead

```python
from scipy.optimize import minimize

minimize(lambda w: w @ w, x0)
```

## Fix

Safe: the comment, or the unused code in it, is removed.

## Limits

A plain `# noqa`, and codes of other tools, are never reported. Codes of rules that are not enabled are left alone.
"""

from __future__ import annotations

from closurelint.rule import Rule

RULE = Rule(code="CLO901", name="unused-suppression", manual=__doc__ or "", subject="file")
