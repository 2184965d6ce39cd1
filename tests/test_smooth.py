"""The numbers that stand in for others."""

from __future__ import annotations

import numpy as np
import pytest

from closurelint.replay import smooth


def test_the_point_is_not_to_be_written_to() -> None:
    with pytest.raises(ValueError, match="read-only"):
        smooth.weight()[0, 0] = 1.0


def test_what_is_handed_out_is_a_copy() -> None:
    for made in (smooth.data("x"), smooth.data("t"), smooth.data("scale"), smooth.drawn("1 numpy.random.randn", (2,))):
        assert made is not None
        made[...] = 7.0
    assert not np.any(smooth.data("x") == 7.0)
    assert not np.any(smooth.data("t") == 7.0)
    assert smooth.data("scale") != 7.0
    again = smooth.drawn("1 numpy.random.randn", (2,))
    assert again is not None
    assert not np.any(again == 7.0)


@pytest.mark.parametrize("size", [1, 2, 5])
def test_a_smooth_function_grows_or_falls_with_each_of_its_inputs(size: int) -> None:
    start = np.linspace(-2.0, 2.0, size)
    for place in range(size):
        values = []
        for step in np.linspace(-3.0, 3.0, 50):
            moved = start.copy()
            moved[place] += step
            values.append(float(smooth.smooth("label", moved, ())))
        differences = np.diff(values)
        assert np.all(differences > 0) or np.all(differences < 0)


def test_infinities_leave_room_for_the_others() -> None:
    for large in (np.inf, 1e300, 1e12):
        inputs = np.array([min(large, 1e9), 1.0])
        moved = np.array([min(large, 1e9), 2.0])
        assert abs(smooth.smooth("label", inputs, ()) - smooth.smooth("label", moved, ())) > 1e-4


def test_one_number_is_itself_and_a_softmax_is_no_constant() -> None:
    assert smooth.scalar(np.array([[3.0]])) == 3.0
    assert smooth.scalar(np.array([0.2, 0.8])) != smooth.scalar(np.array([0.8, 0.2]))


@pytest.mark.parametrize(
    ("label", "shape"),
    [
        ("x", (4, 2)), ("self.x_train", (4, 2)), ("batch[0]", (4, 2)), ("t", (4, 3)), ("labels", (4, 3)),
        ("y_true", (4, 3)), ("scale", ()), ("text", ()), ("xyz", ()),
    ],
)  # fmt: skip
def test_names_tell_what_stands_behind_them(label: str, shape: tuple[int, ...]) -> None:
    assert smooth.data(label).shape == shape
    assert smooth.is_table(label) is bool(shape)
    if shape == (4, 3):
        assert smooth.data(label).sum(axis=1).tolist() == [1.0] * 4


@pytest.mark.parametrize(
    ("label", "shape"),
    [("net.loss", ()), ("criterion()", ()), ("kl", ()), ("reg_term", ()), ("predict", (4, 3)), ("bulk", (4, 3))],
)
def test_names_tell_what_a_call_gives(label: str, shape: tuple[int, ...]) -> None:
    assert smooth.shape_of_result(label) == shape
