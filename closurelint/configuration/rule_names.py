"""The codes and names of all rules: selectors need them, and to load the rules takes longer than a run.

Generated from `rules` by `pytest --bless`.
"""

from __future__ import annotations

RULE_NAMES = {
    "CLO101": "precomputed-objective",
    "CLO102": "captured-point",
    "CLO103": "ignored-parameter",
    "CLO104": "partial-objective",
    "CLO105": "overwritten-parameter",
    "CLO106": "dead-parameter",
    "CLO107": "severed-gradient",
    "CLO108": "unreached-model",
    "CLO109": "ignored-trial",
    "CLO201": "aliased-objective",
    "CLO301": "unused-loss-parameter",
    "CLO401": "step-closure-without-return",
    "CLO402": "step-closure-without-backward",
    "CLO403": "stale-step-closure",
    "CLO900": "invalid-syntax",
    "CLO901": "unused-suppression",
    "CLO902": "invalid-suppression",
}
