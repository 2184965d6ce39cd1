"""All rules, in the order of their codes."""

from __future__ import annotations

from closurelint.rule import Rule
from closurelint.rules.aliased_objective import RULE as ALIASED_OBJECTIVE
from closurelint.rules.captured_point import RULE as CAPTURED_POINT
from closurelint.rules.dead_parameter import RULE as DEAD_PARAMETER
from closurelint.rules.ignored_parameter import RULE as IGNORED_PARAMETER
from closurelint.rules.ignored_trial import RULE as IGNORED_TRIAL
from closurelint.rules.invalid_suppression import RULE as INVALID_SUPPRESSION
from closurelint.rules.invalid_syntax import RULE as INVALID_SYNTAX
from closurelint.rules.overwritten_parameter import RULE as OVERWRITTEN_PARAMETER
from closurelint.rules.partial_objective import RULE as PARTIAL_OBJECTIVE
from closurelint.rules.precomputed_objective import RULE as PRECOMPUTED_OBJECTIVE
from closurelint.rules.severed_gradient import RULE as SEVERED_GRADIENT
from closurelint.rules.stale_step_closure import RULE as STALE_STEP_CLOSURE
from closurelint.rules.step_closure_without_backward import RULE as STEP_CLOSURE_WITHOUT_BACKWARD
from closurelint.rules.step_closure_without_return import RULE as STEP_CLOSURE_WITHOUT_RETURN
from closurelint.rules.unreached_model import RULE as UNREACHED_MODEL
from closurelint.rules.unused_loss_parameter import RULE as UNUSED_LOSS_PARAMETER
from closurelint.rules.unused_suppression import RULE as UNUSED_SUPPRESSION

RULES: tuple[Rule, ...] = (
    PRECOMPUTED_OBJECTIVE,
    CAPTURED_POINT,
    IGNORED_PARAMETER,
    PARTIAL_OBJECTIVE,
    OVERWRITTEN_PARAMETER,
    DEAD_PARAMETER,
    SEVERED_GRADIENT,
    UNREACHED_MODEL,
    IGNORED_TRIAL,
    ALIASED_OBJECTIVE,
    UNUSED_LOSS_PARAMETER,
    STEP_CLOSURE_WITHOUT_RETURN,
    STEP_CLOSURE_WITHOUT_BACKWARD,
    STALE_STEP_CLOSURE,
    INVALID_SYNTAX,
    UNUSED_SUPPRESSION,
    INVALID_SUPPRESSION,
)

BY_CODE: dict[str, Rule] = {rule.code: rule for rule in RULES}
