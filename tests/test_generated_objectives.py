"""Modules whose objective's dependence is known by construction: no false alarm, nothing missed, and replay agrees."""

from __future__ import annotations

import random

import pytest
from fuzz.claims import judged
from fuzz.dialects import DIALECTS, Dialect
from fuzz.modules import module
from fuzz.reality import is_installed, real_gradient
from fuzz.taints import Reach

by_library = pytest.mark.parametrize("dialect", DIALECTS, ids=lambda dialect: dialect.name)


@pytest.mark.parametrize("seed", range(8))
@by_library
def test_what_is_said_is_true_and_nothing_is_missed(dialect: Dialect, seed: int) -> None:
    made = module(random.Random(seed), dialect)
    assert judged(made, replay=True) == [], made.text


@pytest.mark.parametrize("seed", range(4))
@by_library
def test_the_library_itself_agrees(dialect: Dialect, seed: int) -> None:
    """A gradient that is not zero although it should be, and a claim that it is, would both be wrong."""
    if not is_installed(dialect.name):
        pytest.skip(f"{dialect.name} is not installed, or gives no gradient")
    made = module(random.Random(seed), dialect)
    found = real_gradient(made)
    if found is None or found != found:
        pytest.skip(f"{dialect.name} does not run this module")
    assert not (found and made.truth.own is not Reach.WHOLE and not dialect.in_place), made.text
    false_alarms = [problem for problem in judged(made, replay=False) if problem.kind == "false alarm"]
    assert not (found and false_alarms), made.text


def test_the_truth_has_many_faces() -> None:
    made = [module(random.Random(seed), dialect) for seed in range(40) for dialect in DIALECTS]
    assert {each.truth.own for each in made} == set(Reach)
    assert {each.truth.point for each in made} == {True, False}
    assert len({each.form for each in made}) > 8
