"""What crosses between the static half and replay: a claim goes over, evidence comes back.

Both are plain data. The static half builds a `Claim` without numpy; replay answers it without LibCST.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Delivery = Literal["in-place", "copy", "trace", "model", "trial"]
"""How a differentiator hands over the varied point.

in-place: it perturbs the caller's own array. copy: fresh arrays. trace: tracers or tensors. model: it varies a module's
own parameters. trial: a candidate of a search.
"""

Outcome = Literal["zero", "partial", "aliased", "constant", "flat", "stale"]
"""What the static half asserts of the objective, and replay tries to contradict.

zero: the gradient by the parameter is zero although the captured state matters.
partial: the parameter matters, and so does the point through captured state: part of the gradient is missing.
aliased: zero for a copy, right for the very array that the captured state holds.
constant: nothing that is varied matters, neither the parameter nor the point through captured state.
flat: a search objective whose value is the same for every candidate.
stale: a step closure that returns the same loss at every evaluation.
"""

Verdict = Literal["confirmed", "refuted", "not replayed"]


@dataclass(frozen=True, slots=True)
class Claim:
    """What the static half says of one objective: source text and names, enough to evaluate it on stand-ins.

    objective: the function's own source, dedented: a `lambda` expression or a `def` statement without decorators.
    parameters: the names of the parameters that are differentiated, fitted or searched; `*params` keeps its star.
    point: source of the captured path that holds the point (`net.W`, `self.params['W1']`), None if it is unknown.
    shared: whether the point is the very array that the captured state holds; None if it cannot be known.
    imports: local name -> dotted name, for every imported name in reach (`jnp` -> `jax.numpy`).
    helpers: name -> dedented source of each project function or class in reach by that name, bodies included.
    prelude: the statements, in order, that computed the captured values before the differentiator ran.
    differentiator: name of the user's own differentiator, when its source is among `helpers`; None otherwise.
    objects: captured name -> name of its class among `helpers` (`net` -> `SimpleNet`).
    has_aux: only the first element of what the objective returns is differentiated.
    result: key of the only entry that counts, if the objective returns a dict; "" if all of them do.
    """

    objective: str
    parameters: tuple[str, ...]
    outcome: Outcome
    delivery: Delivery
    point: str | None = None
    shared: bool | None = None
    imports: tuple[tuple[str, str], ...] = ()
    helpers: tuple[tuple[str, str], ...] = ()
    prelude: tuple[str, ...] = ()
    differentiator: str | None = None
    has_aux: bool = False
    result: str = ""
    objects: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Gradient:
    """A numerical gradient by central differences, with what it was made of.

    values: dW, row by row, flattened in C order; `shape` restores it.
    pairs: (f(x+h), f(x-h)) for each index, in the same order.
    """

    shape: tuple[int, ...]
    values: tuple[float, ...]
    pairs: tuple[tuple[float, float], ...]

    @property
    def largest(self) -> float:
        """Max |dW|."""
        return max((abs(value) for value in self.values), default=0.0)


@dataclass(frozen=True, slots=True)
class Evidence:
    """What replay measured.

    copy: the gradient when the objective is handed a copy of the point.
    alias: the gradient when it is handed the very array that the captured state holds, perturbed in place.
    reference: the true gradient, with each varied point written through to the parameter and the captured path.
    missing: for a partial objective, max |reference - copy|, the part of the gradient that is not there.
    reason: why the claim was not replayed, or what contradicted it; empty when confirmed.
    """

    verdict: Verdict
    reason: str = ""
    copy: Gradient | None = None
    alias: Gradient | None = None
    reference: Gradient | None = None
    missing: float | None = None
