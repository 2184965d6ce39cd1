"""All rules, in the order of their codes."""

from __future__ import annotations

from closurelint.rule import Rule
from closurelint.rules import (
    aliased_objective,
    captured_point,
    dead_parameter,
    ignored_parameter,
    ignored_trial,
    invalid_suppression,
    invalid_syntax,
    overwritten_parameter,
    partial_objective,
    precomputed_objective,
    severed_gradient,
    stale_step_closure,
    step_closure_without_backward,
    step_closure_without_return,
    unreached_model,
    unused_loss_parameter,
    unused_suppression,
)

RULES: tuple[Rule, ...] = (
    precomputed_objective.RULE,
    captured_point.RULE,
    ignored_parameter.RULE,
    partial_objective.RULE,
    overwritten_parameter.RULE,
    dead_parameter.RULE,
    severed_gradient.RULE,
    unreached_model.RULE,
    ignored_trial.RULE,
    aliased_objective.RULE,
    unused_loss_parameter.RULE,
    step_closure_without_return.RULE,
    step_closure_without_backward.RULE,
    stale_step_closure.RULE,
    invalid_syntax.RULE,
    unused_suppression.RULE,
    invalid_suppression.RULE,
)

BY_CODE: dict[str, Rule] = {rule.code: rule for rule in RULES}
