from __future__ import annotations

import pytest

from closurelint.replay.story import text, told


def test_the_story_is_computed_and_comes_out_as_told() -> None:
    story = told()
    assert story.at_number == story.at_weight
    assert story.own.largest == 0.0
    assert all(above == below for above, below in story.own.pairs)
    assert all(above != below for above, below in story.alias.pairs)
    assert round(story.alias.largest, 3) == 0.417
    assert story.analytic < 1e-8


def test_the_text_has_the_numbers() -> None:
    story, written = told(), text()
    assert written.count(f"{story.at_weight:.12f}") == 2 + 12
    for above, below in story.alias.pairs:
        assert f"{above:.12f}  {below:.12f}" in written
    assert "-0.41700585" in written


def test_the_gradients_are_matrices() -> None:
    story, lines = told(), text().split("\n")
    for gradient, point in ((story.alias, "net.W"), (story.own, "a")):
        place = next(index for index, line in enumerate(lines) if line.endswith(f"numerical_gradient(f, {point}) is"))
        rows = [[float(number) for number in line.split()] for line in lines[place + 1 : place + 3]]
        assert rows == [pytest.approx(gradient.values[:3], abs=1e-8), pytest.approx(gradient.values[3:], abs=1e-8)]
