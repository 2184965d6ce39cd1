"""The record of what an evaluation gave: what the next one gets back of it."""

from __future__ import annotations

import numpy as np

from closurelint.replay.cuts import Cuts


def evaluated(cuts: Cuts, *values: object, place: object = "place") -> list[object]:
    """What an evaluation gets where it makes these values."""
    cuts.begin()
    held = [cuts.hold(str(place), value) for value in values]
    cuts.end()
    return held


def test_the_first_evaluation_keeps_its_values_and_the_next_ones_get_them() -> None:
    cuts = Cuts(severing=False)
    assert evaluated(cuts, 1, 2) == [1, 2]
    assert evaluated(cuts, 3, 4) == evaluated(cuts, 5, 6) == [1, 2]
    assert evaluated(cuts, 5, place="another") == [5]
    assert evaluated(cuts, 3, 4, 7) == [1, 2, 7]


def test_nothing_is_kept_or_given_back_outside_of_an_evaluation() -> None:
    cuts = Cuts(severing=False)
    assert cuts.hold("place", 0) == 0
    assert evaluated(cuts, 1) == [1]
    assert cuts.hold("place", 2) == 2
    assert evaluated(cuts, 3) == [1]
    assert cuts.hold("place", 4) == 4


def test_an_evaluation_that_makes_fewer_values_leaves_none_for_what_follows() -> None:
    cuts = Cuts(severing=False)
    assert evaluated(cuts, 1, 2) == [1, 2]
    assert evaluated(cuts, 3) == [1]
    assert cuts.hold("place", 4) == 4


def test_an_end_without_an_evaluation_ends_nothing() -> None:
    cuts = Cuts(severing=False)
    cuts.end()
    assert evaluated(cuts, 1) == [1]
    assert evaluated(cuts, 2) == [1]


def test_what_becomes_of_an_array_does_not_change_what_was_kept_of_it() -> None:
    cuts = Cuts(severing=False)
    made = np.ones(2)
    evaluated(cuts, made)
    made[:] = 5
    (first,) = evaluated(cuts, np.zeros(2))
    assert isinstance(first, np.ndarray)
    assert first.tolist() == [1, 1]
    first[:] = 7
    (second,) = evaluated(cuts, np.zeros(2))
    assert isinstance(second, np.ndarray)
    assert second.tolist() == [1, 1]
