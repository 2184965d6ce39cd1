"""What a rule looks at: plain data about one use of an objective, with no syntax node in it.

All ranges are in program coordinates; the engine maps them to the file.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from closurelint.diagnostic import Fix, Range, Related
from closurelint.evidence import Claim, Delivery

Flow = Literal["reaches", "severed", "dead", "overwritten", "never read"]
"""How the parameter gets to the differentiated value: the lattice of the data flow, best first."""

CaptureKind = Literal["point", "precomputed", "state", "argument"]
"""What captured state is: the point itself; a value computed before; anything else; its own other argument."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """The differentiated parameter. `cut` names the operation that severs it; `last` is where it is read last.

    handed_to: the project's function that is the only one to be given it, and that never reads it.
    """

    name: str
    range: Range
    flow: Flow
    cut: str = ""
    last: Range | None = None
    handed_to: str = ""


@dataclass(frozen=True, slots=True)
class Capture:
    """One piece of captured state that the result depends on.

    path: where it is held, as a reader would write it. origin: where it was computed. of_point: it was computed from
    the point. spelled: how the objective itself writes it, where that is by another name.
    """

    path: str
    kind: CaptureKind
    range: Range | None
    origin: Range | None = None
    of_point: bool = False
    through: str = ""
    spelled: str = ""

    @property
    def text(self) -> str:
        """What a message calls it: words that stand in the objective, where it is read there."""
        return self.spelled or self.path


@dataclass(frozen=True, slots=True)
class Point:
    """Where the objective is differentiated. `shared`: it is the very array that the captured state holds.

    range: of the call, where the point is written in another file.
    """

    text: str
    range: Range
    shared: bool | None
    copied: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """One statement of an objective: what the value that it computes depends on, as a reader would write it.

    carries: whether that includes the parameter. cut: the operation that takes the gradient away, if there is one.
    """

    range: Range
    text: str
    reads: tuple[str, ...]
    carries: bool
    cut: str = ""


@dataclass(frozen=True, slots=True)
class PassedOver:
    """A call of a known differentiator about which nothing is claimed, and why not."""

    differentiator: str
    spelled: str
    range: Range
    reason: str


@dataclass(frozen=True, slots=True)
class Objective:
    """The function that was handed over. `range` is the lambda, or the name of the `def`."""

    name: str
    kind: Literal["lambda", "function", "method"]
    range: Range
    source: str
    filename: str
    scope: str


@dataclass(frozen=True, slots=True)
class Site:
    """One use of a differentiator with its objective and point.

    differentiator: as the catalogue names it. spelled: as the code writes it. origin: how its delivery is known.
    consequence: what this differentiator does when its objective ignores the parameter; ends a sentence.
    captures: captured state that the result depends on, the most telling first.
    constants: names of numbers that are written out in the source, which the result depends on too.
    libraries: those that do the work of a search's objective which captures nothing.
    terms: captured paths of the point that are added to the result without passing through the parameter.
    finished: the objective returns numbers that were computed before it, and computes nothing with them.
    tolerated: why a constant objective is legitimate here, "" if it is not.
    identity: the differentiator watches the very object that it is given, so reading that object is a use.
    takes_gradient: it differentiates, instead of comparing values.
    derived: the objective is a method of a class that is derived from what `spelled` names, which calls it.
    model: with delivery `model`, what is differentiated; `reaches_model`: the result depends on it.
    steps: what each statement of the objective depends on, in the order of the run; only if everything is asked for.
    """

    filename: str
    scope: str
    range: Range
    differentiator: str
    spelled: str
    origin: str
    family: str
    delivery: Delivery
    consequence: str
    objective: Objective
    parameter: Parameter
    point: Point | None
    captures: tuple[Capture, ...] = ()
    constants: tuple[str, ...] = ()
    libraries: tuple[str, ...] = ()
    terms: tuple[str, ...] = ()
    finished: bool = False
    tolerated: str = ""
    identity: bool = False
    takes_gradient: bool = True
    derived: bool = False
    model: str = ""
    reaches_model: bool = True
    claim: Claim | None = None
    rename: Fix | None = None
    use_parameter: Fix | None = None
    write_through: Fix | None = None
    recompute: Fix | None = None
    steps: tuple[Step, ...] = ()

    @property
    def ignored(self) -> bool:
        """Whether the parameter does not get to the differentiated value at all."""
        return self.parameter.flow != "reaches"


@dataclass(frozen=True, slots=True)
class LooseObjective:
    """A loss closure whose parameter goes unused, handed to nothing that is known to differentiate it."""

    objective: Objective
    parameter: Parameter
    reads: str
    filename: str
    scope: str
    claim: Claim | None = None


StepFault = Literal["no return", "no backward", "stale"]


@dataclass(frozen=True, slots=True)
class StepClosure:
    """A closure for an optimiser that evaluates it again and again (`torch.optim.LBFGS`).

    captured: what was computed before it. returned: it returns that very value, and computes nothing with it.
    """

    objective: Objective
    fault: StepFault
    optimizer: str
    filename: str
    scope: str
    range: Range
    captured: str = ""
    claim: Claim | None = None
    returned: bool = True


@dataclass(frozen=True, slots=True)
class Subjects:
    """All that the static half found in one program. `dependencies`: files of the project that were read for it.

    passed_over: calls of known differentiators that are no site; only if everything is asked for.
    """

    sites: tuple[Site, ...] = ()
    loose: tuple[LooseObjective, ...] = ()
    steps: tuple[StepClosure, ...] = ()
    dependencies: tuple[str, ...] = ()
    passed_over: tuple[PassedOver, ...] = ()


def related_to(site: Site) -> tuple[Related, ...]:
    """The places that a diagnostic about a site points at besides the objective."""
    point = site.point
    if point is None or point.range == site.range:
        how = "derived from this, which calls it" if site.derived else f"handed to `{site.spelled}`"
        return (Related(how, site.filename, site.range),)
    how = _HANDED[site.delivery]
    if site.delivery == "in-place":
        # the array that it reads, but by way of what has no slope, is perturbed all the same
        if point.shared is False and not any(capture.kind == "point" for capture in site.captures):
            how = "a copy and not the array that it reads" if point.copied else "not the array that it reads"
        else:
            how = "perturbed in place"
    return (Related(f"the point, {how}", site.filename, point.range),)


_HANDED: dict[Delivery, str] = {
    "copy": "handed over as a copy",
    "trace": "handed over as a traced value",
    "trial": "handed over as a candidate",
    "model": "varied through its own parameters",
    "in-place": "perturbed in place",
}
