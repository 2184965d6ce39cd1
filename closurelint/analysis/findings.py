"""What the analysis saw of one use of an objective, syntax nodes included."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import libcst as cst

from closurelint.analysis.values import Argument, Class, Cut, Dependences, Frame, Function, Place, Root

if TYPE_CHECKING:
    from closurelint.analysis.memory import Read
    from closurelint.catalogue import Differentiator


@dataclass(slots=True, eq=False)
class Finding:
    """One use as the analysis saw it, syntax nodes included."""

    differentiator: Differentiator
    objective: Function
    parameter: str
    node: cst.CSTNode
    frame: Frame
    point: Argument | None
    flow: str
    cut: Cut
    deps: Dependences
    terms: Dependences
    reads: dict[Place, Read]
    shared: bool | None
    tolerated: str = ""
    has_aux: bool = False
    model: tuple[Place, ...] = ()
    finished: bool = False
    handed_to: str = ""
    met: Mapping[str, Function | Class] = field(default_factory=dict)
    trail: list[tuple[cst.CSTNode, Dependences]] = field(default_factory=list)
    root: Root | None = None


@dataclass(slots=True, eq=False)
class StepFinding:
    """A closure that an optimiser evaluates again and again."""

    objective: Function
    fault: str
    node: cst.CSTNode
    frame: Frame
    optimizer: str
    captured: str
    returned: bool
