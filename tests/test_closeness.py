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


@pytest.mark.parametrize(
    "body",
    [
        "return (lambda *r: r[1])(w, xs).sum()",
        "return (lambda **k: k['a'])(a=xs, b=w).sum()",
        "return list(reversed([xs, w * 1.0]))[0].sum()",
        "return list(reversed([w * 1.0, xs]))[0].sum()",
        "return ((w, xs) + (xs,))[1].sum()",
        "def f(*r):\n        a, b = r\n        return b.sum()\n    return f(w, xs)",
        "return sum(map(lambda v: xs[0], w))",
        "f = lambda v: xs[0]\n    return sum(map(f, w))",
    ],
)
def test_one_of_several_that_come_together_is_looked_at_closely(body: str) -> None:
    text = f"import jax\n\ndef objective(w):\n    {body}\n\njax.grad(objective)(params)\n"
    assert quickly(text) == closely(text)


def test_the_generated_modules_include_some_with_findings_and_some_without() -> None:
    said = [bool(closely(module(random.Random(seed), dialect).text)) for seed in range(3) for dialect in DIALECTS]
    assert True in said
    assert False in said
