"""Places a site on the table of outcomes: what its objective depends on, how the point is delivered, and shared or not.

Every rule about sites asks for its own row here, so that a site has one diagnostic and not three.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Literal

from closurelint.diagnostic import Diagnostic, Fix, Range, Related
from closurelint.rule import Rule
from closurelint.subjects import Site, related_to

Fault = Literal[
    "precomputed",
    "captured point",
    "ignored",
    "partial",
    "overwritten",
    "dead",
    "severed",
    "unreached model",
    "ignored trial",
    "aliased",
]


_RANDOM = frozenset({"rng", "random", "key", "prng_key", "prng", "generator", "np.random", "random_state"})
"""Sources of noise: an objective that reads nothing else is noise on purpose."""


def fault(site: Site) -> Fault | None:
    """The row of the table that the site is on; None if nothing is wrong with it."""
    if site.delivery == "model":
        return _model_fault(site)
    if site.parameter.flow == "reaches":
        if not site.terms or site.delivery == "trial":
            return None
        return "aliased" if _perturbs_what_it_reads(site) else "partial"
    if (site.tolerated and not site.captures) or _is_deliberate(site):
        return None
    if site.delivery == "trial":
        return _trial_fault(site)
    moves = _perturbs_what_it_reads(site)
    if site.parameter.flow == "severed":
        # it is used and lost: what else is read is the very array only where that is sure
        moves = moves and site.point is not None and site.point.shared is True
    if moves and any(capture.kind != "argument" for capture in site.captures):
        return None if site.parameter.name.startswith("_") else "aliased"
    if site.parameter.flow == "overwritten":
        return "overwritten"
    if site.parameter.flow == "severed":
        return "severed"
    return _ignored_fault(site)


def _model_fault(site: Site) -> Fault | None:
    if site.reaches_model or not site.captures:
        return None
    if site.parameter.flow == "severed":
        return "severed"
    return "precomputed" if site.finished else "unreached model"


def _is_deliberate(site: Site) -> bool:
    """Meant as it is: made of literals or noise, or of its other arguments with a parameter `_`, or a tested cut."""
    if site.parameter.flow == "overwritten":
        return False
    if site.parameter.flow == "severed":
        # a test of a cut, not a cut by mistake
        return _is_in_test(site)
    if not site.captures:
        return not _computes_a_constant(site) and not _works_for_nothing(site)
    if site.finished and _is_in_test(site) and not any(item.of_point or item.kind == "point" for item in site.captures):
        # a known value is handed in, to see what is made of it
        return True
    if all(capture.path in _RANDOM for capture in site.captures):
        return True
    only_arguments = all(capture.kind == "argument" for capture in site.captures)
    return only_arguments and site.parameter.name.startswith("_")


def _computes_a_constant(site: Site) -> bool:
    """Whether it works on named numbers and leaves its parameter out; a test may well want a constant."""
    if not site.constants or site.finished or site.parameter.name.startswith("_"):
        return False
    return site.family == "gradient-check" or not _is_in_test(site)


def _works_for_nothing(site: Site) -> bool:
    """Whether the objective of a search loads, trains and scores by numbers that all stand in it."""
    if not site.libraries or site.finished or site.parameter.flow != "never read":
        return False
    return not site.parameter.name.startswith("_") and not _is_in_test(site)


def _is_in_test(site: Site) -> bool:
    return any(part.lower().startswith("test") for part in site.scope.split("."))


def _perturbs_what_it_reads(site: Site) -> bool:
    """Whether captured state moves with the point, so that reading it is as good as reading the parameter."""
    if site.delivery == "in-place":
        return site.point is None or site.point.shared is not False
    return site.identity and site.point is not None and site.point.shared is True


def _trial_fault(site: Site) -> Fault:
    if site.parameter.flow == "overwritten":
        return "overwritten"
    return "dead" if site.parameter.flow == "dead" else "ignored trial"


def _ignored_fault(site: Site) -> Fault:
    first = site.captures[0] if site.captures else None
    if first is not None and first.kind == "point" and site.parameter.flow != "dead":
        return "captured point"
    if (
        first is not None
        and first.kind != "argument"
        and (site.finished or (first.kind == "precomputed" and first.of_point))
    ):
        return "precomputed"
    return "dead" if site.parameter.flow == "dead" else "ignored"


def report(rule: Rule, site: Site, message: str, label: str = "", fixes: tuple[Fix | None, ...] = ()) -> Diagnostic:
    """The diagnostic of a rule about a site: at its objective, or at the call where that is of another file."""
    objective = site.objective
    here = objective.filename == site.filename
    elsewhere = () if here else (Related("the objective", objective.filename, objective.range),)
    return Diagnostic(
        code=rule.code,
        name=rule.name,
        message=message,
        filename=site.filename,
        range=objective.range if here else site.range,
        label=label,
        severity=rule.severity,
        scope=objective.scope if here else site.scope,
        related=(*elsewhere, *related_to(site)),
        fixes=tuple(fix for fix in fixes if fix is not None),
        claim=site.claim,
    )


def together(diagnostics: Iterable[Diagnostic]) -> list[Diagnostic]:
    """One diagnostic for an objective and an outcome: the first, to which every other site is related."""
    first: dict[tuple[str, str, Range], Diagnostic] = {}
    for diagnostic in diagnostics:
        key = (diagnostic.code, diagnostic.filename, diagnostic.range)
        known = first.get(key)
        if known is not None:
            others = tuple(place for place in diagnostic.related if place not in known.related)
            diagnostic = replace(known, related=known.related + others)
        first[key] = diagnostic
    return list(first.values())


def what_it_reads(site: Site) -> str:
    """The captured state that stands in for the parameter, as the note under the code says it."""
    if not site.captures:
        return ""
    first = site.captures[0]
    return f"reads `{first.text}` instead" if first.kind != "argument" else f"reads only `{first.text}`"
