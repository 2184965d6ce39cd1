from __future__ import annotations

from dataclasses import replace

import pytest

from closurelint.classify import fault, report, together, what_it_reads
from closurelint.diagnostic import Diagnostic, Position, Range, Related
from closurelint.rules import BY_CODE
from closurelint.subjects import Capture, Objective, Parameter, Point, Site, related_to

HERE = Range(Position(1, 1), Position(1, 2))
THERE = Range(Position(2, 1), Position(2, 2))
POINT = Range(Position(2, 12), Position(2, 18))
STATE = Capture("net", "state", HERE)
THE_POINT = Capture("params", "point", HERE)
ARGUMENT = Capture("x", "argument", HERE)
SITE = Site(
    filename="a.py",
    scope="train",
    range=THERE,
    differentiator="jax.grad",
    spelled="jax.grad",
    origin="catalogue",
    family="autodiff",
    delivery="trace",
    consequence="the gradient is zero",
    objective=Objective("f", "function", HERE, "def f(p): ...", "a.py", "f"),
    parameter=Parameter("p", HERE, "never read"),
    point=Point("params", POINT, None),
    captures=(STATE,),
)


def with_flow(flow: str, **changes: object) -> Site:
    return replace(SITE, parameter=replace(SITE.parameter, flow=flow), **changes)  # type: ignore[arg-type]


SHARED = Point("net.W", POINT, True)
DETACHED = Point("net.W.copy()", POINT, False, copied=True)
UNKNOWN = Point("w", POINT, None)
NAMED_AWAY = Parameter("_", HERE, "never read")

TABLE = {
    "its parameter": (with_flow("reaches"), None),
    "captured state, traced": (SITE, "ignored"),
    "captured state, copied": (replace(SITE, delivery="copy"), "ignored"),
    "captured state, in place, shared": (replace(SITE, delivery="in-place", point=SHARED), "aliased"),
    "captured state, in place, detached": (replace(SITE, delivery="in-place", point=DETACHED), "ignored"),
    "captured state, in place, not known": (replace(SITE, delivery="in-place", point=UNKNOWN), "aliased"),
    "captured state, in place, no point": (replace(SITE, delivery="in-place", point=None), "aliased"),
    "severed, in place, shared": (with_flow("severed", delivery="in-place", point=SHARED), "aliased"),
    "severed, in place, not known": (with_flow("severed", delivery="in-place", point=UNKNOWN), "severed"),
    "captured state, watched by identity": (replace(SITE, identity=True, point=SHARED), "aliased"),
    "captured state, another object watched": (replace(SITE, identity=True, point=DETACHED), "ignored"),
    "in place and known": (replace(SITE, delivery="in-place", point=SHARED, parameter=NAMED_AWAY), None),
    "traced and known": (replace(SITE, parameter=NAMED_AWAY), "ignored"),
    "in place, only its own arguments": (replace(SITE, delivery="in-place", captures=(ARGUMENT,)), "ignored"),
    "both, traced": (with_flow("reaches", terms=("params",)), "partial"),
    "both, copied": (with_flow("reaches", terms=("params",), delivery="copy"), "partial"),
    "both, in place, shared": (with_flow("reaches", terms=("net.W",), delivery="in-place", point=SHARED), "aliased"),
    "both, in place, detached": (
        with_flow("reaches", terms=("net.W",), delivery="in-place", point=DETACHED),
        "partial",
    ),
    "both, compared": (with_flow("reaches", terms=("net.W",), takes_gradient=False), "partial"),
    "both, of a candidate": (with_flow("reaches", terms=("net.W",), delivery="trial", takes_gradient=False), None),
    "neither": (replace(SITE, captures=()), None),
    "only its other arguments": (replace(SITE, captures=(ARGUMENT,)), "ignored"),
    "only its other arguments, known": (replace(SITE, captures=(ARGUMENT,), parameter=NAMED_AWAY), None),
    "tolerated": (replace(SITE, tolerated="constraints"), "ignored"),
    "a tolerated constant": (replace(SITE, captures=(), constants=("n",), tolerated="constraints"), None),
    "a named constant": (replace(SITE, captures=(), constants=("n",)), "ignored"),
    "a named constant in a test": (replace(SITE, captures=(), constants=("n",), scope="test_window"), None),
    "a named constant that is checked": (
        replace(SITE, captures=(), constants=("n",), scope="test_window", family="gradient-check"),
        "ignored",
    ),
    "a named constant and nothing else": (replace(SITE, captures=(), constants=("n",), finished=True), None),
    "a named constant, known": (replace(SITE, captures=(), constants=("n",), parameter=NAMED_AWAY), None),
    "the point itself": (replace(SITE, captures=(THE_POINT, STATE)), "captured point"),
    "finished": (replace(SITE, finished=True), "precomputed"),
    "computed from the point": (
        replace(SITE, captures=(Capture("loss", "precomputed", HERE, of_point=True),)),
        "precomputed",
    ),
    "computed from something else": (replace(SITE, captures=(Capture("loss", "precomputed", HERE),)), "ignored"),
    "dead": (with_flow("dead"), "dead"),
    "dead with the point": (with_flow("dead", captures=(THE_POINT,)), "dead"),
    "overwritten": (with_flow("overwritten"), "overwritten"),
    "overwritten by a literal": (with_flow("overwritten", captures=()), "overwritten"),
    "severed": (with_flow("severed"), "severed"),
    "severed on purpose": (with_flow("severed", scope="TestCuts.test_stop"), None),
    "a trial": (replace(SITE, delivery="trial"), "ignored trial"),
    "a dead trial": (with_flow("dead", delivery="trial"), "dead"),
    "an overwritten trial": (with_flow("overwritten", delivery="trial"), "overwritten"),
    "a model that is reached": (replace(SITE, delivery="model"), None),
    "a model that is not reached": (replace(SITE, delivery="model", reaches_model=False), "unreached model"),
    "a model and a finished loss": (
        replace(SITE, delivery="model", reaches_model=False, finished=True),
        "precomputed",
    ),
    "a model and a constant": (replace(SITE, delivery="model", reaches_model=False, captures=()), None),
}


@pytest.mark.parametrize(("site", "expected"), TABLE.values(), ids=TABLE)
def test_each_row_of_the_table(site: Site, expected: str | None) -> None:
    assert fault(site) == expected


@pytest.mark.parametrize(("site", "expected"), TABLE.values(), ids=TABLE)
def test_every_fault_has_exactly_one_rule(site: Site, expected: str | None) -> None:
    found = [
        diagnostic
        for rule in BY_CODE.values()
        if rule.subject == "site" and rule.check is not None
        for diagnostic in rule.check(site)
    ]
    assert len(found) == (expected is not None)
    for diagnostic in found:
        assert diagnostic.range == HERE
        assert diagnostic.related
        assert not diagnostic.message.endswith(".")
        assert "might" not in diagnostic.message
        assert "\n" not in diagnostic.message


def said(site: Site, code: str) -> str:
    check = BY_CODE[code].check
    assert check is not None
    (found,) = check(site)
    return found.message


ALIASED = replace(SITE, delivery="in-place", spelled="slope", point=SHARED)
IN_PLACE = "the gradient is right only because `slope` perturbs the array that it reads in place"
WATCHED = "the gradient is right only because `slope` watches the very object that it reads"


@pytest.mark.parametrize(
    ("site", "message"),
    [
        (ALIASED, f"objective never reads its parameter `p`: {IN_PLACE}"),
        (
            replace(ALIASED, parameter=replace(SITE.parameter, flow="reaches"), terms=("net.W",)),
            f"objective reads the point through `net.W` too: {IN_PLACE}",
        ),
        *(
            (
                replace(ALIASED, parameter=parameter),
                f"parameter `p` never reaches the result: {IN_PLACE.replace('that it', 'that the objective')}",
            )
            for parameter in (
                replace(SITE.parameter, flow="dead"),
                replace(SITE.parameter, flow="overwritten"),
                replace(SITE.parameter, handed_to="helper"),
            )
        ),
        (
            replace(ALIASED, delivery="trace", identity=True),
            f"objective never reads its parameter `p`: {WATCHED}",
        ),
    ],
    ids=["never read", "both", "dead", "overwritten", "handed on", "watched"],
)
def test_what_is_said_of_aliasing(site: Site, message: str) -> None:
    assert said(site, "CLO201") == message


def test_a_report_stands_at_the_objective() -> None:
    found = report(BY_CODE["CLO103"], SITE, "message", "label", (None,))
    assert (found.code, found.name, found.range, found.scope) == ("CLO103", "ignored-parameter", HERE, "f")
    assert found.fixes == ()
    assert found.related == related_to(SITE)


def test_what_it_reads_instead() -> None:
    assert what_it_reads(SITE) == "reads `net` instead"
    assert what_it_reads(replace(SITE, captures=(ARGUMENT,))) == "reads only `x`"
    assert what_it_reads(replace(SITE, captures=())) == ""


@pytest.mark.parametrize(
    ("site", "message"),
    [
        (SITE, "the point, handed over as a traced value"),
        (replace(SITE, delivery="copy"), "the point, handed over as a copy"),
        (replace(SITE, delivery="in-place"), "the point, perturbed in place"),
        (replace(SITE, delivery="in-place", point=DETACHED), "the point, a copy and not the array that it reads"),
        (
            replace(SITE, delivery="in-place", point=replace(DETACHED, copied=False)),
            "the point, not the array that it reads",
        ),
        (
            replace(SITE, delivery="in-place", point=DETACHED, captures=(THE_POINT,)),
            "the point, perturbed in place",
        ),
    ],
)
def test_the_point_is_shown_where_it_is_written(site: Site, message: str) -> None:
    assert related_to(site) == (Related(message, "a.py", POINT),)


@pytest.mark.parametrize("point", [None, Point("w", THERE, None)])
def test_without_a_place_of_its_own_the_call_is_shown(point: Point | None) -> None:
    assert related_to(replace(SITE, point=point)) == (Related("handed to `jax.grad`", "a.py", THERE),)


class TestTogether:
    """One diagnostic for an objective and an outcome."""

    def diagnostic(self, code: str = "CLO201", range: Range = HERE, note: str = "first") -> Diagnostic:
        return Diagnostic(code, "n", f"said by {note}", "a.py", range, related=(Related(note, "a.py", THERE),))

    def test_sites_of_one_objective_become_related(self) -> None:
        (found,) = together([self.diagnostic(), self.diagnostic(note="second"), self.diagnostic()])
        assert found.message == "said by first"
        assert [place.message for place in found.related] == ["first", "second"]

    def test_outcomes_and_objectives_stay_apart(self) -> None:
        apart = [self.diagnostic(), self.diagnostic(code="CLO103"), self.diagnostic(range=THERE)]
        assert together(apart) == apart
