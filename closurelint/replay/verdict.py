"""Decides what the measured gradients say of a claim."""

from __future__ import annotations

import ast
import warnings

import numpy as np

from closurelint.evidence import Claim, Evidence, Gradient
from closurelint.replay import smooth
from closurelint.replay.cuts import Cuts
from closurelint.replay.experiment import Experiment, Kind
from closurelint.replay.limits import Limits, NotReplayable
from closurelint.replay.machine import Raised
from closurelint.replay.numpy_names import is_numeric
from closurelint.replay.values import StandIn, Value

TOLERANCE = 1e-9
"""Below this times the objective's largest value a gradient is zero: rounding gives some 1e-12 at h = 1e-4."""

CANDIDATES = 6


def decide(claim: Claim, limits: Limits) -> Evidence:
    """Measure what the claim asserts; `not replayed` with a reason where that cannot be done."""
    try:
        experiment = Experiment(claim, limits)
        with np.errstate(all="ignore"), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                return _decided(experiment)
            except Raised:
                experiment.lenient_raise = True
                return _decided(experiment)
    except NotReplayable as reason:
        return Evidence("not replayed", str(reason))
    except RecursionError:
        return Evidence("not replayed", "nests too deeply")


def _decided(experiment: Experiment) -> Evidence:
    claim = experiment.claim
    if claim.outcome == "flat":
        return _flat(experiment)
    if claim.outcome == "stale":
        return _stale(experiment)
    return _Measurement(experiment).evidence()


class _Measurement:
    """The gradients of one claim, each measured once it is asked for."""

    def __init__(self, experiment: Experiment) -> None:
        self.experiment = experiment
        self.claim = experiment.claim
        self.cuts = Cuts(severing=experiment.severing)

    def zero(self, gradient: Gradient) -> bool:
        """Whether a gradient is zero up to rounding."""
        return gradient.largest <= TOLERANCE * self.experiment.largest_value

    def evidence(self) -> Evidence:
        """Measure, and compare with the claim."""
        claim, experiment = self.claim, self.experiment
        if claim.delivery == "model":
            copy = experiment.gradient("model", self.cuts)
            alias = None
        else:
            copy = self._copy()
            alias = self._alias()
        if claim.outcome == "zero":
            return self._zero(copy, alias)
        if claim.outcome == "partial":
            return self._partial(copy, alias)
        if claim.outcome == "aliased":
            return self._aliased(copy, alias)
        return self._constant(copy, alias)

    def _copy(self) -> Gradient:
        experiment = self.experiment
        own = experiment.by_own_differentiator("copy", self.cuts) if self.claim.differentiator else None
        return own if own is not None else experiment.gradient("copy", self.cuts)

    def _alias(self) -> Gradient | None:
        experiment = self.experiment
        if experiment.program.path is None:
            state = self.claim.outcome in ("zero", "aliased")
            return experiment.gradient("alias", Cuts(severing=experiment.severing), state=True) if state else None
        own = experiment.by_own_differentiator("alias", self.cuts) if self.claim.differentiator else None
        return own if own is not None else experiment.gradient("alias", self.cuts)

    def _reference(self, alias: Gradient | None) -> Gradient:
        experiment = self.experiment
        state = experiment.program.path is None
        if alias is not None and not experiment.program.prelude and self.claim.differentiator is None:
            return alias
        return experiment.gradient("reference", Cuts(severing=experiment.severing), state=state)

    def _ended(self, copy: Gradient, alias: Gradient | None, reference: Gradient, contradiction: str) -> Evidence:
        if not contradiction:
            return Evidence("confirmed", "", copy, alias, reference)
        if self.experiment.approximated:
            return Evidence("not replayed", f"in {self.experiment.approximated}", copy, alias, reference)
        return Evidence("refuted", contradiction, copy, alias, reference)

    def _varies(self, copy: Gradient) -> str:
        """Why the objective is not constant in its parameter; empty if it is."""
        if not self.zero(copy):
            return f"max |dW| is {copy.largest:.3g} for a copy: the objective depends on its parameter"
        kind: Kind = "model" if self.claim.delivery == "model" else "copy"
        if any(self.experiment.slope(kind, seed) > TOLERANCE * self.experiment.largest_value for seed in (1, 2)):
            return "the objective depends on its parameter at another point"
        if self.experiment.slope_otherwise(kind) > TOLERANCE * self.experiment.largest_value:
            return "the objective depends on its parameter where a condition goes the other way"
        return ""

    def _zero(self, copy: Gradient, alias: Gradient | None) -> Evidence:
        reference = self._reference(alias)
        contradiction = self._varies(copy)
        if not contradiction and self.zero(reference):
            reference = self._true_gradient(reference)
            if self.zero(reference) and (alias is None or self.zero(alias)):
                contradiction = "" if self._matters() else "nothing that it captures matters: the objective is constant"
        return self._ended(copy, alias, reference, contradiction)

    def _true_gradient(self, reference: Gradient) -> Gradient:
        """The gradient where nothing is severed and every captured name carries state."""
        experiment = self.experiment
        for state in (False, True):
            if self.zero(reference):
                reference = experiment.gradient("reference", Cuts(severing=False), state=state)
        return reference

    def _matters(self) -> bool:
        """Whether the objective reads anything, or its value changes when everything that it sees is another."""
        if self._reads():
            return True
        cuts = Cuts(severing=False)
        values = set()
        for seed in range(CANDIDATES):
            self.experiment.meter.begin()
            start = smooth.weight(seed) * 3.0 ** (seed - 1) + seed
            world = self.experiment.world(start, cuts, state=True)
            values.add(self.experiment.value(world, world.captured))
        return len(values) > 1

    def _reads(self) -> bool:
        """Whether the objective reads anything but libraries: a comparison can hide what that does."""
        node, imports = self.experiment.program.objective, self.experiment.program.imports
        body = [node.body] if isinstance(node, ast.Lambda) else node.body
        return any(
            isinstance(item, ast.Name)
            and isinstance(item.ctx, ast.Load)
            and not is_numeric(imports.get(item.id, item.id))
            for part in body
            for item in ast.walk(part)
        )

    def _partial(self, copy: Gradient, alias: Gradient | None) -> Evidence:
        reference = self._reference(alias)
        if self.zero(copy):
            copy = self.experiment.gradient_apart()
        missing = max((abs(a - b) for a, b in zip(reference.values, copy.values, strict=True)), default=0.0)
        if self.zero(copy):
            return self._ended(copy, alias, reference, "max |dW| is 0 for a copy: the gradient is zero, not partial")
        if missing <= 1e-6 * max(1.0, reference.largest):
            return self._ended(copy, alias, reference, "nothing is missing: the gradient for a copy is the true one")
        return Evidence("confirmed", "", copy, alias, reference, missing)

    def _aliased(self, copy: Gradient, alias: Gradient | None) -> Evidence:
        contradiction = self._varies(copy)
        if not contradiction and (alias is None or self.zero(alias)):
            alias = self._elsewhere(alias)
        if not contradiction and (alias is None or self.zero(alias)):
            alias = self.experiment.supposing_otherwise(lambda: self._elsewhere(alias)) or alias
        if not contradiction and (alias is None or self.zero(alias)):
            contradiction = "max |dW| is 0 for the aliased array, too"
        return self._ended(copy, alias, self._reference(alias), contradiction)

    def _elsewhere(self, alias: Gradient | None) -> Gradient | None:
        """The gradient for the alias where it is not zero: at one point, all units can be saturated or dead.

        Where the objective never reads what the captured path starts from, it holds the point by another name.
        """
        experiment = self.experiment
        for seed, scale in enumerate((0.1, 1.0, 10.0, -1.0, -10.0, 0.01), 1):
            experiment.start = scale * (np.abs(smooth.weight(seed)) + 0.1)
            self.cuts = Cuts(severing=experiment.severing)
            if experiment.program.path is None or experiment.reached:
                found = self._alias()
            else:
                found = experiment.gradient("alias", Cuts(severing=experiment.severing), state=True)
            if found is not None and not self.zero(found):
                return found
        return alias

    def _constant(self, copy: Gradient, alias: Gradient | None) -> Evidence:
        contradiction = self._varies(copy)
        if not contradiction and alias is not None and not self.zero(alias):
            contradiction = f"max |dW| is {alias.largest:.3g} for the aliased array: captured state matters"
        return self._ended(copy, alias, self._reference(alias), contradiction)


def _flat(experiment: Experiment) -> Evidence:
    """A search objective: its values for candidates that have nothing in common."""
    cuts = Cuts(severing=False)
    values: list[float] = []
    base = smooth.weight()
    name = next(iter(experiment.claim.parameters), "candidate").lstrip("*")
    for seed in range(CANDIDATES):
        experiment.meter.begin()
        candidate = smooth.weight(seed) * 3.0 ** (seed - 1) + seed
        world = experiment.world(base, cuts)
        world.run_prelude()
        varied: Value = candidate
        if experiment.claim.delivery == "trial":
            varied = StandIn(name, basis=[candidate])
        values.append(experiment.value(world, varied))
    differences = tuple(value - values[0] for value in values[1:])
    copy = Gradient((len(differences),), differences, tuple((value, values[0]) for value in values[1:]))
    if not any(differences):
        return Evidence("confirmed", "", copy)
    if experiment.approximated:
        return Evidence("not replayed", f"in {experiment.approximated}", copy)
    return Evidence("refuted", "the value differs between candidates", copy)


def _stale(experiment: Experiment) -> Evidence:
    """A step closure: its value before and after the weights have moved."""
    world = experiment.world(smooth.weight(), Cuts(severing=False), state=True, fixed=_returned_names(experiment))
    world.run_prelude()
    before = experiment.value(world, None)
    world.captured[...] = 2 * smooth.weight(1)
    after = experiment.value(world, None)
    copy = Gradient((1,), (after - before,), ((after, before),))
    if after == before:
        return Evidence("confirmed", "", copy)
    if experiment.approximated:
        return Evidence("not replayed", f"in {experiment.approximated}", copy)
    return Evidence("refuted", "the value follows the weights", copy)


def _returned_names(experiment: Experiment) -> frozenset[str]:
    """Names that the closure hands back as they are: numbers that were computed before it."""
    node = experiment.program.objective
    returned = [node.body] if isinstance(node, ast.Lambda) else [
        item.value for item in ast.walk(node) if isinstance(item, ast.Return) and item.value is not None
    ]  # fmt: skip
    found = set()
    for value in returned:
        inner: ast.expr = value
        while isinstance(inner, ast.Call | ast.Attribute):
            if isinstance(inner, ast.Attribute):
                inner = inner.value
            elif isinstance(inner.func, ast.Attribute) and not inner.args:
                inner = inner.func.value
            elif isinstance(inner.func, ast.Name) and inner.func.id == "float" and inner.args:
                inner = inner.args[0]
            else:
                break
        if isinstance(inner, ast.Name):
            found.add(inner.id)
    return frozenset(found)
