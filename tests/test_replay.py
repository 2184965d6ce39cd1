from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from closurelint.evidence import Claim, Delivery, Evidence, Outcome
from closurelint.replay import Limits, replay, smooth
from closurelint.replay.gradient import numerical_gradient
from closurelint.replay.simplenet import Array, SimpleNet

IMPORTS = (("jax", "jax"), ("jnp", "jax.numpy"), ("np", "numpy"), ("torch", "torch"), ("math", "math"))


def measured(
    objective: str,
    outcome: Outcome,
    delivery: Delivery = "copy",
    point: str | None = "net.W",
    parameters: tuple[str, ...] = ("w",),
    **more: object,
) -> Evidence:
    return replay(Claim(objective, parameters, outcome, delivery, point, imports=IMPORTS, **more))  # type: ignore[arg-type]


def true_gradient() -> Array:
    return SimpleNet(smooth.weight()).gradient(smooth.data("x"), smooth.data("t"))


def test_the_analytic_gradient_is_that_of_central_differences() -> None:
    x, t = smooth.data("x"), smooth.data("t")
    net = SimpleNet(smooth.weight().copy())
    pairs: list[tuple[float, float]] = []
    numeric = numerical_gradient(lambda _: net.loss(x, t), net.W, pairs)
    assert np.abs(numeric - net.gradient(x, t)).max() < 1e-9
    assert np.array_equal(net.W, smooth.weight())
    assert [(above - below) / 2e-4 for above, below in pairs] == pytest.approx(numeric.ravel().tolist())
    one = SimpleNet(net.W).gradient(x[0], t[0])
    assert np.abs(numerical_gradient(lambda _: net.loss(x[0], t[0]), net.W) - one).max() < 1e-9


CAPTURED = "lambda w: net.loss(x, t)"
WRITTEN = "def f(w):\n    net.W = w\n    return net.loss(x, t)"
BOTH = "lambda w: net.loss(x, t) + 0.1 * np.sum(w ** 2)"
NEITHER = "lambda w: np.sum(x ** 2)"


def values(evidence: Evidence, name: str) -> Array:
    gradient = getattr(evidence, name)
    assert gradient is not None
    found: Array = np.asarray(gradient.values).reshape(gradient.shape)
    return found


@pytest.mark.parametrize("delivery", ["in-place", "copy", "trace"])
def test_an_objective_of_its_parameter_has_the_true_gradient(delivery: Delivery) -> None:
    evidence = measured(WRITTEN, "zero", delivery)
    assert evidence.verdict == "refuted"
    for name in ("copy", "alias", "reference"):
        assert np.abs(values(evidence, name) - true_gradient()).max() < 1e-8


def test_an_objective_of_captured_state_is_right_for_the_alias_and_zero_for_a_copy() -> None:
    evidence = measured(CAPTURED, "aliased", "in-place")
    assert evidence.verdict == "confirmed"
    assert evidence.copy is not None
    assert evidence.copy.largest == 0
    assert all(above == below for above, below in evidence.copy.pairs)
    assert evidence.alias is not None
    assert all(above != below for above, below in evidence.alias.pairs)
    assert np.abs(values(evidence, "alias") - true_gradient()).max() < 1e-8
    assert np.abs(values(evidence, "reference") - true_gradient()).max() < 1e-8


@pytest.mark.parametrize("delivery", ["in-place", "copy", "trace"])
def test_an_objective_of_captured_state_is_zero_for_a_detached_point(delivery: Delivery) -> None:
    evidence = measured(CAPTURED, "zero", delivery)
    assert evidence.verdict == "confirmed"
    assert np.abs(values(evidence, "copy") - true_gradient()).max() == pytest.approx(np.abs(true_gradient()).max())


@pytest.mark.parametrize("delivery", ["in-place", "copy", "trace"])
def test_an_objective_of_both_misses_what_comes_through_captured_state(delivery: Delivery) -> None:
    evidence = measured(BOTH, "partial", delivery)
    assert evidence.verdict == "confirmed"
    own = 0.2 * smooth.weight()
    assert np.abs(values(evidence, "copy") - own).max() < 1e-7
    assert np.abs(values(evidence, "alias") - own - true_gradient()).max() < 1e-7
    assert evidence.missing == pytest.approx(np.abs(true_gradient()).max(), abs=1e-7)


@pytest.mark.parametrize("delivery", ["in-place", "copy", "trace"])
def test_an_objective_of_neither_is_constant(delivery: Delivery) -> None:
    evidence = measured(NEITHER, "constant", delivery)
    assert evidence.verdict == "confirmed"
    assert evidence.copy is not None
    assert evidence.alias is not None
    assert evidence.copy.largest == evidence.alias.largest == 0


@pytest.mark.parametrize(
    "point", ["self.params['W1']", "state.params['dense']['kernel']", "net.layers[0].W", "net.W.ravel()"]
)
def test_the_weight_stands_at_the_captured_path(point: str) -> None:
    root = point.partition(".")[0]
    evidence = measured(f"lambda w: {root}.loss(x, t)", "aliased", "in-place", point)
    assert evidence.verdict == "confirmed"
    assert np.abs(values(evidence, "alias") - true_gradient()).max() < 1e-8


def test_a_key_that_is_not_written_out_stands_for_each() -> None:
    evidence = measured(
        "lambda w: np.sum((x @ self.params['W' + str(1)]) ** 2)", "aliased", "in-place", "self.params['W' + str(i)]"
    )
    assert evidence.verdict == "confirmed"


NET = """
class Net:
    def __init__(self, n):
        self.W = np.random.randn(2, n)
    def predict(self, x):
        return np.dot(x, self.W)
    def loss(self, x, t):
        y = softmax(self.predict(x))
        return -np.sum(t * np.log(y + 1e-7)) / x.shape[0]
"""
SOFTMAX = """
def softmax(x):
    x = x - np.max(x, axis=-1, keepdims=True)
    return np.exp(x) / np.sum(np.exp(x), axis=-1, keepdims=True)
"""


def test_a_class_of_the_project_is_interpreted_from_its_own_source() -> None:
    evidence = measured(
        CAPTURED, "aliased", "in-place", helpers=(("Net", NET), ("softmax", SOFTMAX)), objects=(("net", "Net"),)
    )
    assert evidence.verdict == "confirmed"
    assert np.abs(values(evidence, "alias") - true_gradient()).max() < 1e-6


ITERATING = """
def gradient(f, x):
    h = 1e-4
    grad = np.zeros_like(x)
    it = np.nditer(x, flags=["multi_index"], op_flags=["readwrite"])
    while not it.finished:
        idx = it.multi_index
        kept = x[idx]
        x[idx] = float(kept) + h
        above = f(x)
        x[idx] = kept - h
        below = f(x)
        grad[idx] = (above - below) / (2 * h)
        x[idx] = kept
        it.iternext()
    return grad
"""
COPYING = """
def gradient(f, x, h=1e-5):
    grad = np.zeros_like(x)
    for i in range(x.shape[0]):
        for j in range(x.shape[1]):
            up, down = x.copy(), x.copy()
            up[i, j] += h
            down[i, j] -= h
            grad[i, j] = (f(up) - f(down)) / (2 * h)
    return grad
"""
FLAT = """
def gradient(self, f, x):
    grad = np.zeros_like(x)
    for i in range(x.size):
        v = x[i]
        x[i] = v + 1e-4
        above = f(x)
        x[i] = v - 1e-4
        below = f(x)
        grad[i] = (above - below) / 2e-4
        x[i] = v
    return grad
"""


@pytest.mark.parametrize("source", [ITERATING, FLAT])
def test_the_numbers_come_from_the_projects_own_differentiator(source: str) -> None:
    evidence = measured(CAPTURED, "aliased", "in-place", helpers=(("gradient", source),), differentiator="gradient")
    assert evidence.verdict == "confirmed"
    assert np.abs(values(evidence, "alias") - true_gradient()).max() < 1e-8


def test_a_differentiator_that_copies_contradicts_the_claim_that_its_alias_is_right() -> None:
    evidence = measured(CAPTURED, "aliased", "in-place", helpers=(("gradient", COPYING),), differentiator="gradient")
    assert evidence.verdict == "refuted"
    assert "aliased array" in evidence.reason


def test_a_value_computed_before_is_zero_and_its_true_gradient_is_computed_anew() -> None:
    prelude = ("logits = x @ params", "loss = jnp.mean((logits - t) ** 2)")
    evidence = measured("lambda w: loss", "zero", "trace", "params", prelude=prelude)
    assert evidence.verdict == "confirmed"
    x, t = smooth.data("x"), smooth.data("t")
    expected = 2 * x.T @ (x @ smooth.weight() - t) / t.size
    assert np.abs(values(evidence, "reference") - expected).max() < 1e-8


CUT = [
    "jax.lax.stop_gradient(w).sum()",
    "w.detach().sum()",
    "float(np.sum(w))",
    "w.sum().item()",
    "torch.tensor(w).sum()",
]
CONSTANT_IN_PIECES = [
    "jnp.argmax(w) * 1.0",
    "jnp.sum(w > 0) * 1.0",
    "jnp.round(w).sum()",
    "jnp.sign(w).sum()",
    "int(w[0, 0]) * 1.0",
    "w.shape[0] * 1.0",
    "w.astype(int).sum()",
    "jnp.where(w > 0, 1.0, 2.0).sum()",
]


@pytest.mark.parametrize("body", CUT)
def test_severing_operations_cut_when_traced_and_keep_the_value_when_not(body: str) -> None:
    assert measured(f"lambda w: {body}", "zero", "trace").verdict == "confirmed"
    assert measured(f"lambda w: {body}", "zero", "copy").verdict == "refuted"


@pytest.mark.parametrize("body", CONSTANT_IN_PIECES)
@pytest.mark.parametrize("delivery", ["trace", "copy", "in-place"])
def test_piecewise_constant_operations_cut_under_every_delivery(body: str, delivery: Delivery) -> None:
    assert measured(f"lambda w: {body}", "zero", delivery).verdict == "confirmed"


def test_no_grad_cuts_what_is_computed_in_it() -> None:
    inside = "def f(w):\n    with torch.no_grad():\n        y = (w ** 2).sum()\n    return y"
    after = "def f(w):\n    with torch.no_grad():\n        y = x.sum()\n    return y * (w ** 2).sum()"
    assert measured(inside, "zero", "trace").verdict == "confirmed"
    assert measured(after, "zero", "trace").verdict == "refuted"
    assert measured(inside, "zero", "copy").verdict == "refuted"


@pytest.mark.parametrize(
    ("body", "verdict"),
    [
        ("with torch.set_grad_enabled(False):\n    y = (w ** 2).sum()\nreturn y", "confirmed"),
        ("with torch.set_grad_enabled(True):\n    y = (w ** 2).sum()\nreturn y", "refuted"),
        ("with torch.no_grad(), open_log() as log:\n    y = (w ** 2).sum()\nreturn y", "confirmed"),
        ("with torch.no_grad():\n    with torch.enable_grad():\n        y = (w ** 2).sum()\nreturn y", "refuted"),
        ("@torch.no_grad()\ndef inner(q):\n    return (q ** 2).sum()\nreturn inner(w)", "confirmed"),
        ("@torch.no_grad()\ndef inner(q):\n    return q.shape\ninner(w)\nreturn (w ** 2).sum()", "refuted"),
        ("with torch.no_grad():\n    y = dict(a=w ** 2, b=1.0)\nreturn y['a'].sum()", "confirmed"),
        ("with torch.no_grad():\n    y = list([1.0, w])\nreturn (y[1] ** 2).sum()", "confirmed"),
        ("with torch.no_grad():\n    y = made(w)\n    y = y.scaled(2.0)\nreturn y.sum()", "confirmed"),
        ("with torch.inference_mode():\n    y = -w\nreturn y.sum()", "confirmed"),
        ("with scope('inner') as s:\n    y = (w ** 2).sum()\nreturn y", "refuted"),
    ],
)
def test_gradients_are_switched_off_for_as_long_as_the_source_says(body: str, verdict: str) -> None:
    lines = "".join(f"    {line}\n" for line in body.split("\n"))
    assert measured(f"def f(w):\n{lines}", "zero", "trace").verdict == verdict


CARRYING = [
    "return net.scale * {0}.sum()",
    "return unseen({0})",
    "return unseen(1.0, v={0})",
    "return unseen(*[{0}])",
    "return unseen(**{{'v': {0}}})",
    "return unseen([1.0, ({0}, 2.0)])",
    "return unseen({{'a': {0}}})",
    "return unseen({{{0}[0, 0], 1.0}})",
    "return unseen(lambda: {0})",
    "return unseen(lambda q: q * {0})",
    "return unseen(lambda q, r=1.0: q * r, {0})",
    "return unseen(abs, {0})",
    "return unseen({0}.sum)",
    "return state.of({0})[0] + state.of(1.0)['a']",
    "return np.sum({{'a': {0}}})",
    "return np.tanh([{0}, 1.0])",
    "return sum(map(lambda q: (q * {0}).sum(), [1.0, 2.0]))",
    "return (lambda *a, **k: a[0].sum() * k['s'])({0}, s=2.0)",
    "return getattr({0}, 'T').sum()",
    "values = [1.0]\nreturn values[0]({0})",
    "return model.__call__({0})",
    "def g(v):\n    return v.sum()\nreturn g.__call__({0}) + g.forward({0}) + g.apply({0})",
    "import qml\n@qml.qnode\ndef circuit(v):\n    qml.RX(v)\n    return 1.0\nreturn circuit({0})",
    "return state.weights.at[0].set({0}.sum()).sum()",
    "return next(iter([{0}])).sum()",
    "return (1.5).real * {0}.sum()",
    "return state.data.sum() * {0}.sum()",
    "return state.rows[1] * state.rows['a'] * state.rows[True] * {0}.sum()",
    "return state.rows[1:].sum() * state.rows[0, 1].sum() * {0}.sum()",
    "a, *b = state.parts\nreturn a * b[0] * {0}.sum()",
    "a, b = {0}.sum(), state.parts\nfor c, d in b:\n    a = a * c + d\nreturn a",
    "holder = {0} * 2\nholder.scale = 3.0\nreturn (holder * holder.scale).sum()",
    "holder = np.ones(2)\nholder.inner = {0}\nreturn holder.inner.sum()",
    "class Kept:\n    n = 1\nKept.n = {0}.sum()\nreturn Kept.n",
    "class Kept:\n    n = {0}\nreturn Kept.n.sum()",
    "class Kept:\n    value: float\nreturn Kept({0}).value.sum()",
    "class Kept:\n    value: float\nreturn Kept(value={0}).value.sum()",
    "class A(B):\n    def __init__(self, v):\n        super().__init__()\n        self.v = v\nreturn A({0}).v.sum()",
    "class A:\n    def get(self, q):\n        return (q * {0}).sum()\nreturn unseen(A().get)",
    "class Box(Base):\n    def forward(self, v):\n        return v.sum()\nreturn Box()({0})",
    "box = make(x)\nbox.v = {0}\nreturn box.get()",
    "box = make(x)\nbox.part.v = {0}\nreturn box.get()",
    "box = make(x)\nbox.inner.v = {0}\nreturn box.inner.get()",
    "box.inner.v = {0}\nreturn box.get()",
    "box = make(x)\nbox['v'] = {0}\nreturn box.get()",
    "box = make(x)\nbox[0][1] = {0}\nreturn box.get()",
    "box.part[1:] = {0}\nbox.part[2:] = 1.0\nreturn box.get()",
    "box.update({0})\nreturn box.get()",
    "install(box, {0})\nreturn box.get()",
    "box.inner.install(v={0})\nreturn box.get()",
    "box.v = 1.0\nbox.v += {0}.sum()\nreturn box.get()",
    "box['v'] = 1.0\nbox['v'] += {0}.sum()\nreturn box['v']",
    "setattr(box, 'v', {0})\nreturn box.v.sum()",
    "with make(x) as inner:\n    inner.v = {0}\n    return inner.get()",
    "try:\n    raise Problem\nexcept Problem as problem:\n    return {0}.sum() + unseen(problem)",
    "total = 0.0\nfor name, value in state.named():\n    total += value * {0}.sum()\nreturn total",
    "import lib\nlib.register({0})\nreturn lib.run()",
    "from lib import register, run\nregister({0})\nreturn run()",
    "values = []\nvalues.append({0})\nreturn np.stack(values).sum()",
    "return jnp.zeros(3).at[0].set({0}.sum()).sum()",
    "return jnp.zeros(3).at[0].add({0}.sum())[0]",
]


@pytest.mark.parametrize("body", CARRYING)
def test_a_value_comes_through_whatever_it_is_handed_to(body: str) -> None:
    lines = "".join(f"    {line}\n" for line in body.split("\n"))
    assert measured(f"def f(w):\n{lines.format('w')}", "zero").verdict == "refuted"
    assert measured(f"def f(w):\n{lines.format('net.W')}", "zero").verdict == "confirmed"


X, T = smooth.data("x"), smooth.data("t")
NETWORK: dict[str, Callable[[SimpleNet], Any]] = {
    "net.loss(x, t)": lambda net: net.loss(X, T),
    "net.loss(t=t, x=x)": lambda net: net.loss(X, T),
    "net.cost(t, x)": lambda net: net.loss(X, T),
    "net.loss()": lambda net: net.loss(X, T),
    "net.loss(x[0], t[0])": lambda net: net.loss(X[0], T[0]),
    "np.sum(net.predict(x) ** 2)": lambda net: np.sum(net.predict(X) ** 2),
    "net.loss(x, t) * 2 + net.W[0, 0]": lambda net: net.loss(X, T) * 2 + net.W[0, 0],
    "net.loss(x, t) + net.scale": lambda net: net.loss(X, T),
}


@pytest.mark.parametrize("body", NETWORK)
def test_a_network_that_is_not_known_is_the_bundled_one(body: str) -> None:
    evidence = measured(f"lambda w: {body}", "aliased", "in-place")
    net = SimpleNet(smooth.weight().copy())
    expected = numerical_gradient(lambda _: NETWORK[body](net), net.W)
    assert np.abs(values(evidence, "alias") - expected).max() < 1e-9


@pytest.mark.parametrize("call", ["net.loss(x, t, 0.1)", "net.loss(state.rows, t)", "net.loss(x, t, train=True)"])
def test_a_network_that_is_given_more_gives_something_else_that_hangs_on_it(call: str) -> None:
    evidence = measured(f"lambda w: {call}", "aliased", "in-place")
    assert evidence.verdict == "confirmed"
    assert np.abs(values(evidence, "alias") - true_gradient()).max() > 1e-3


def test_two_attributes_of_an_object_are_two_numbers() -> None:
    for first, second in (("state.a", "state.b"), ("state['a']", "state['b']"), ("state.a()", "state.b()")):
        evidence = measured(f"lambda w: np.sum(net.W) * ({first} - {second})", "aliased", "in-place")
        assert evidence.verdict == "confirmed", (first, second)


@pytest.mark.parametrize(
    "call", ["box.record(w)", "box.log.info('%s', w)", "box.append(w)", "box.set_postfix(loss=w)", "box.show()"]
)
def test_what_is_only_reported_stays_out_of_what_it_is_reported_to(call: str) -> None:
    assert measured(f"def f(w):\n    {call}\n    return box.get()", "zero").verdict == "confirmed"


@pytest.mark.parametrize(
    "call",
    [
        "abs()", "len()", "sum()", "divmod(1)", "pow(2)", "range()", "getattr(w)", "setattr(w, 'a')", "isinstance(w)",
        "filter()", "sorted()", "round()", "next()", "iter()", "enumerate()", "reversed()", "any()", "hasattr()",
        "callable()", "repr()",
    ],
)  # fmt: skip
def test_a_call_without_its_arguments_is_not_replayed(call: str) -> None:
    name = call.partition("(")[0]
    assert measured(f"lambda w: {call}", "zero").reason == f"calls `{name}` with too few arguments"


def test_a_function_that_is_handed_on_may_not_suit_its_arguments() -> None:
    assert measured("lambda w: unseen(divmod, w)", "zero").verdict == "refuted"


@pytest.mark.parametrize(
    ("objective", "helpers", "where"),
    [
        ("lambda w: helper({0})", (("helper", "def helper(v):\n    yield v\n"),), "helper"),
        ("lambda w: box.get({0})", (("Box", "class Box:\n    def get(self, v):\n        yield v\n"),), "get"),
    ],
    ids=["function", "method"],
)
def test_what_a_helper_keeps_from_being_evaluated_is_told(
    objective: str, helpers: tuple[tuple[str, str], ...], where: str
) -> None:
    evidence = measured(objective.format("w"), "zero", helpers=helpers, objects=(("box", "Box"),))
    assert (evidence.verdict, evidence.reason) == ("not replayed", f"in `{where}` uses `yield`")


@pytest.mark.parametrize(
    ("objective", "verdict"),
    [
        ("lambda trial: build(x, 0.1).score(y)", "confirmed"),
        ("lambda trial: build(x, trial.suggest_float('lr', 0, 1)).score(y)", "refuted"),
        ("def f(trial):\n    kind = trial.suggest_categorical('k', ['a', 'b'])\n    return fit(kind)", "refuted"),
        ("lambda trial: trial['depth'] * 2", "refuted"),
        ("def f(trial):\n    print(trial)\n    return fit(x)", "confirmed"),
    ],
)
def test_a_search_objective_is_flat_if_every_candidate_gets_the_same_value(objective: str, verdict: str) -> None:
    assert measured(objective, "flat", "trial", None, ("trial",)).verdict == verdict


@pytest.mark.parametrize(
    ("objective", "prelude", "verdict"),
    [
        ("lambda: loss", ("loss = criterion(net(x), y)",), "confirmed"),
        ("lambda: loss", (), "confirmed"),
        ("lambda: loss.item()", (), "confirmed"),
        ("lambda: criterion(net(x), y)", (), "refuted"),
        ("def c():\n    loss = ((net(x) - y) ** 2).mean()\n    loss.backward()\n    return loss", (), "refuted"),
        ("lambda: ((v.cumsum(0) - y) ** 2).mean()", (), "refuted"),
    ],
)
def test_a_step_closure_is_stale_if_its_value_stays(objective: str, prelude: tuple[str, ...], verdict: str) -> None:
    assert measured(objective, "stale", "model", None, (), prelude=prelude).verdict == verdict


def test_a_model_that_is_reached_is_not_claimed_unreached() -> None:
    assert measured("lambda batch: teacher(batch)", "zero", "model", "model", ("batch",)).verdict == "confirmed"
    assert measured("lambda batch: model(batch)", "zero", "model", "model", ("batch",)).verdict == "refuted"
    assert measured("lambda m, x: loss(m(x))", "zero", "model", "model", ("m",)).verdict == "refuted"


def test_only_the_first_element_counts_beside_auxiliary_output() -> None:
    objective = "lambda w: (net.loss(x, t), w)"
    assert measured(objective, "zero", "trace", has_aux=True).verdict == "confirmed"
    assert measured(objective, "zero", "trace").verdict == "refuted"


def test_what_cannot_be_evaluated_is_not_replayed_with_a_reason() -> None:
    assert measured("def f(w):\n    yield w", "zero").reason == "uses `yield`"
    assert measured("not python at all", "zero").reason == "needs the source of the objective"
    assert measured("lambda w: eval('w')", "zero").reason == "calls `eval`"
    looping = measured("def f(w):\n    while True:\n        pass", "zero")
    assert (looping.verdict, looping.reason) == ("not replayed", "exceeds 100,000 steps")


def test_a_guard_that_the_stand_ins_do_not_pass_is_skipped() -> None:
    objective = "def f(w):\n    if w.shape[0] != 7:\n        raise ValueError('shape')\n    return net.loss(x, t)"
    assert measured(objective, "zero").verdict == "confirmed"


def test_two_replays_are_equal() -> None:
    assert measured(BOTH, "partial") == measured(BOTH, "partial")


def test_importing_replay_does_not_load_numpy() -> None:
    code = "import sys, closurelint.replay; sys.exit('numpy' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)


# -- planted errors -----------------------------------------------------------------------------------------------

READS = st.sampled_from(
    [
        "np.sum(w ** 2)", "np.mean((x @ w - t) ** 2)", "jnp.sum(jnp.tanh(x @ w))", "np.linalg.norm(w)", "w.sum()",
        "loss_fn(w, x)", "net.loss_at(w, x, t)", "criterion(predict(w, x), t)", "np.sum([v ** 2 for v in w])",
        "sum(np.sum(row ** 2) for row in w)", "(lambda q: np.sum(q * q))(w)", "jnp.logaddexp(w, 1.0).sum()",
        "np.sum(np.exp(-w))", "(w[0] * w[1]).sum()", "w.T.reshape(-1).dot(w.ravel())", "np.sum(w['k'] ** 2)",
        "np.sum(w.kernel ** 3)", "w(x).mean()", "functional_call(net, w, x).sum()", "np.sum(np.dot(x, w)) ** 2",
        "jax.vmap(lambda r: r @ r)(w).sum()", "np.einsum('ij,ij->', w, w)", "np.where(x.sum() > 0, w, -w).sum()",
    ]
)  # fmt: skip
IGNORES = st.sampled_from(
    [
        "net.loss(x, t)", "np.mean((x @ net.W - t) ** 2)", "np.sum(net.W ** 2)", "criterion(net(x), t)",
        "net.forward(x).sum()", "jnp.sum(jnp.tanh(net.W))", "loss_fn(net, x)", "np.sum([v ** 2 for v in net.W])",
        "net.head(net.body(x)).mean()", "np.linalg.norm(net.W)", "compute(net.W, x, t)", "sum(net.losses(x))",
    ]
)  # fmt: skip
FRAMES = st.sampled_from(
    [
        "lambda w: {0}",
        "def f(w):\n    return {0}",
        "def f(w):\n    value = {0}\n    return value * 2 + 1",
        "def f(w):\n    total = 0\n    for k in range(3):\n        total += {0} * (k + 1)\n    return total",
        "def f(w):\n    def inner():\n        return {0}\n    return inner()",
        "def f(w):\n    if x.shape[0] > 1:\n        return {0}\n    return {0} / 2",
        "def f(w):\n    values = {{'a': {0}, 'b': 1.0}}\n    return values['a'] + values['b']",
        "def f(w):\n    try:\n        y = {0}\n    except ValueError:\n        y = 0.0\n    return y",
        "def f(w):\n    a, *_ = ({0}, 1, 2)\n    return np.log1p(a ** 2)",
    ]
)
DELIVERIES: st.SearchStrategy[Delivery] = st.sampled_from(["in-place", "copy", "trace"])
WRITES = st.sampled_from(["net.W = w", "net.W[:] = w", "net.W[...] = w", "net.set_weights(w)", "setattr(net, 'W', w)"])


@settings(max_examples=150, deadline=None, derandomize=True)
@given(READS, FRAMES, DELIVERIES)
def test_a_correct_closure_is_never_confirmed_to_ignore_its_parameter(
    body: str, frame: str, delivery: Delivery
) -> None:
    objective = frame.format(body)
    outcomes: tuple[Outcome, ...] = ("zero", "aliased", "constant")
    for outcome in outcomes:
        assert measured(objective, outcome, delivery).verdict == "refuted", (objective, outcome)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(IGNORES, WRITES, DELIVERIES)
def test_a_closure_that_writes_its_parameter_through_is_refuted(body: str, write: str, delivery: Delivery) -> None:
    objective = f"def f(w):\n    {write}\n    return {body}"
    assert measured(objective, "zero", delivery).verdict == "refuted", objective


@settings(max_examples=150, deadline=None, derandomize=True)
@given(IGNORES, FRAMES, DELIVERIES)
def test_a_closure_that_ignores_its_parameter_is_confirmed_and_nothing_else(
    body: str, frame: str, delivery: Delivery
) -> None:
    objective = frame.format(body)
    assert measured(objective, "zero", delivery).verdict == "confirmed", objective
    assert measured(objective, "partial", delivery).verdict == "refuted", objective
    assert measured(objective, "constant", delivery).verdict == "refuted", objective


@settings(max_examples=80, deadline=None, derandomize=True)
@given(READS, IGNORES, DELIVERIES)
def test_a_closure_of_both_is_partial(own: str, captured: str, delivery: Delivery) -> None:
    objective = f"lambda w: {own} + {captured}"
    assert measured(objective, "partial", delivery).verdict == "confirmed", objective
    assert measured(objective, "zero", delivery).verdict == "refuted", objective


def test_limits_can_be_set() -> None:
    claim = Claim("lambda w: sum(k * w.sum() for k in range(500))", ("w",), "zero", "copy")
    assert replay(claim, Limits(steps=100)).reason == "exceeds 100 steps"
    assert replay(claim).verdict == "refuted"


def test_a_large_array_leaves_room_for_the_small_ones() -> None:
    prelude = ("big = np.ones(50000)",)
    assert measured("lambda w: predict(big, w)", "zero", prelude=prelude).verdict == "refuted"
    assert measured("lambda w: predict(np.tile(w, 5000))", "zero").verdict == "refuted"
