"""What one replay may cost: the limit itself may be reached, and what is more ends it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from closurelint.replay.limits import LimitReached, Limits, Meter


def stepped(meter: Meter, steps: int) -> Meter:
    for _ in range(steps):
        meter.step()
    return meter


@pytest.mark.parametrize(
    ("limits", "spent", "more"),
    [
        (Limits(elements=10), lambda meter: meter.size(10), lambda meter: meter.size(11)),
        (Limits(allocated=10), lambda meter: [meter.size(4), meter.size(6)], lambda meter: meter.size(1)),
        (Limits(length=10), lambda meter: meter.length(10), lambda meter: meter.length(11)),
        (Limits(allocated=10), lambda meter: [meter.length(4), meter.size(6)], lambda meter: meter.length(1)),
        (Limits(bits=10), lambda meter: meter.integer(10), lambda meter: meter.integer(11)),
        (Limits(steps=10), lambda meter: stepped(meter, 10), lambda meter: meter.step()),
        (Limits(total_steps=256), lambda meter: stepped(meter, 256), lambda meter: stepped(meter, 256)),
        (Limits(seconds=-1.0), lambda meter: stepped(meter, 255), lambda meter: stepped(meter, 1)),
    ],
)
def test_the_limit_may_be_reached_and_not_passed(
    limits: Limits, spent: Callable[[Meter], object], more: Callable[[Meter], object]
) -> None:
    meter = Meter(limits)
    spent(meter)
    with pytest.raises(LimitReached):
        more(meter)


def test_an_evaluation_counts_its_own_steps_and_all_count_together() -> None:
    meter = Meter(Limits(steps=300, total_steps=700))
    for _ in range(2):
        stepped(meter, 300).begin()
    assert (meter.steps, meter.total) == (0, 600)
    with pytest.raises(LimitReached, match="in all evaluations"):
        stepped(meter, 256)
