"""A search objective never asks its candidate for anything.

## What it does

Reports an objective of a hyperparameter search (Optuna, Hyperopt, Ray Tune, scikit-optimize, ...) that never reads the
trial, the parameters or the configuration that it is given.

## Why is this bad?

Every trial evaluates the same thing. The study ends with a best value and best parameters that mean nothing.

## Example

```python
import optuna

def objective(trial):
    return train(learning_rate)

optuna.create_study().optimize(objective, n_trials=100)
```

## Use instead

```python
import optuna

def objective(trial):
    return train(trial.suggest_float("learning_rate", 1e-5, 1e-1, log=True))

optuna.create_study().optimize(objective, n_trials=100)
```

## Evidence

Replay evaluates the objective for different candidates: the value is the same.

## Fix

None.

## Limits

An objective that returns a literal, or numbers that are drawn or taken one after another (`next(values)`), is taken for
a stub of a test.
"""

from __future__ import annotations

from collections.abc import Iterator

from closurelint.classify import fault, report, what_it_reads
from closurelint.diagnostic import Diagnostic
from closurelint.rule import Rule
from closurelint.subjects import Site


def check(site: Site) -> Iterator[Diagnostic]:
    """Report a search objective that ignores its candidate."""
    if fault(site) != "ignored trial":
        return
    message = f"objective never asks its candidate `{site.parameter.name}` for anything: {site.consequence}"
    yield report(RULE, site, message, what_it_reads(site))


RULE = Rule(code="CLO109", name="ignored-trial", manual=__doc__ or "", subject="site", check=check)
