"""The quick look at a file (triage, outline) hides nothing, whatever the file: generated modules say the same twice."""

from __future__ import annotations

import random

import pytest
from fuzz.closeness import closely, quickly
from fuzz.dialects import DIALECTS, Dialect
from fuzz.modules import module
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st


@pytest.mark.parametrize("dialect", DIALECTS, ids=lambda dialect: dialect.name)
@settings(max_examples=12, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(rng=st.randoms(use_true_random=False))
def test_a_generated_module_says_the_same_when_everything_is_read_closely(dialect: Dialect, rng: random.Random) -> None:
    text = module(rng, dialect).text
    assert quickly(text) == closely(text), text


def test_the_generated_modules_include_some_with_findings_and_some_without() -> None:
    said = [bool(closely(module(random.Random(seed), dialect).text)) for seed in range(3) for dialect in DIALECTS]
    assert True in said
    assert False in said
