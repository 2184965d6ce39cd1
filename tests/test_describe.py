from __future__ import annotations

from pathlib import Path

import pytest
from static_half import IMPORTS, site, sites, subjects

from closurelint.diagnostic import Fix
from closurelint.evidence import Claim
from closurelint.replay import replay
from closurelint.sources.source import source_from_bytes
from closurelint.subjects import Site, related_to

IN_PLACE = """
def gradient(f, x):
    grad = np.zeros_like(x)
    for i in np.ndindex(x.shape):
        kept = x[i]
        x[i] = kept + 1e-4
        above = f(x)
        x[i] = kept - 1e-4
        below = f(x)
        grad[i] = (above - below) / 2e-4
        x[i] = kept
    return grad
"""
NET = """
class Net:
    def __init__(self):
        self.W = np.ones((2, 3))
        self.params = {"W1": np.ones(3)}

    def loss(self, x, t):
        return np.mean((x @ self.W - t) ** 2)

net = Net()
"""


def claim(text: str) -> Claim:
    found = site(text).claim
    assert found is not None
    return found


def applied(text: str, fix: Fix | None) -> str:
    assert fix is not None
    data = (IMPORTS + text).encode()
    return source_from_bytes(data, "main.py").edited(fix.edits).decode().removeprefix(IMPORTS)


def test_of_several_attributes_of_self_one_is_named() -> None:
    text = """
class Fit:
    def cost(self, w):
        return self.residual @ self.residual * self.scale

    def fit(self, w0):
        return scipy.optimize.minimize(self.cost, w0)
"""
    (found,) = sites(f"import scipy.optimize\n{text}")
    assert [(capture.path, capture.text) for capture in found.captures] == [("self", "self.residual")]


class TestClaim:
    """What replay is told."""

    def test_of_an_aliased_lambda(self) -> None:
        found = claim(f"{NET}{IN_PLACE}\ndW = gradient(lambda W: net.loss(x, t), net.W)\n")
        assert found.objective == "lambda W: net.loss(x, t)"
        assert found.parameters == ("W",)
        assert (found.outcome, found.delivery, found.point, found.shared) == ("aliased", "in-place", "net.W", True)
        assert found.differentiator == "gradient"
        assert found.objects == (("net", "Net"),)
        helpers = dict(found.helpers)
        assert helpers.keys() == {"Net", "gradient"}
        assert helpers["gradient"].startswith("def gradient(f, x):\n")
        assert helpers["Net"].startswith("class Net:\n")
        assert ("np", "numpy") in found.imports

    def test_of_a_detached_point(self) -> None:
        found = claim(f"{NET}{IN_PLACE}\ndW = gradient(lambda W: net.loss(x, t), net.W.copy())\n")
        assert (found.outcome, found.point, found.shared) == ("zero", "net.W", False)

    @pytest.mark.parametrize(
        "copy",
        [
            "net.W.copy()",
            "net.W.copy().reshape(-1)",
            "net.W.astype(float)",
            "np.array(net.W)",
            "np.array(net.W, copy=True)",
            "np.array(net.W.T.copy())",
            "net.W + 0.0",
        ],
    )
    def test_of_a_copy_is_that_of_the_original(self, copy: str) -> None:
        point = claim(f"{NET}{IN_PLACE}\ndW = gradient(lambda W: net.loss(x, t), {copy})\n").point
        assert point is not None
        assert point.removesuffix(".T") == "net.W"

    @pytest.mark.parametrize("new", ["np.array([1.0, 2.0])", "np.zeros()", "-np.ones(3)"])
    def test_a_new_array_is_nobodys_copy(self, new: str) -> None:
        assert claim(f"{NET}{IN_PLACE}\ndW = gradient(lambda W: net.loss(x, t), {new})\n").point is None

    def test_of_an_entry(self) -> None:
        found = claim(f"{NET}{IN_PLACE}\ndW = gradient(lambda W: net.loss(x, t), net.params['W1'])\n")
        assert found.point == "net.params['W1']"

    def test_of_an_entry_by_a_made_key(self) -> None:
        text = f"{NET}{IN_PLACE}\nfor i in (1,):\n    gradient(lambda W: net.loss(x, t), net.params['W' + str(i)])\n"
        assert claim(text).point == "net.params"
        assert claim(text.replace("- t)", "- self.params['W1'])")).point == "net.params['W' + str(i)]"

    def test_of_a_function_comes_dedented_and_without_decorators(self) -> None:
        text = (
            "def run(net):\n    @jax.jit\n    def f(p):\n        return net.loss(x)\n\n    return jax.grad(f)(params)\n"
        )
        assert claim(text).objective == "def f(p):\n    return net.loss(x)"

    def test_carries_helpers_of_helpers(self) -> None:
        text = "def a(q):\n    return b(q)\ndef b(q):\n    return jnp.sum(state.w)\njax.grad(lambda p: a(p))(params)\n"
        assert [name for name, _ in claim(text).helpers] == ["a", "b"]

    def test_carries_the_classes_of_what_helpers_read_and_their_helpers(self) -> None:
        text = (
            "def keep(q):\n    return jnp.sum(state.w)\n"
            "class Inner:\n    def __call__(self, q):\n        return keep(q)\ninner = Inner()\n"
            "def helper(q):\n    return inner(q)\njax.grad(lambda p: helper(p))(params)\n"
        )
        assert [name for name, _ in claim(text).helpers] == ["helper", "Inner", "keep"]
        assert claim(text).objects == (("inner", "Inner"),)

    def test_carries_no_more_helpers_than_it_can_use(self) -> None:
        functions = "".join(f"def f{i}(q):\n    return f{i + 1}(q)\n" for i in range(40))
        assert len(claim(f"{functions}\njax.grad(lambda p: state.loss(f0))(params)\n").helpers) == 12

    def test_leaves_out_helpers_that_are_too_long(self) -> None:
        body = "".join(f"    x{i} = {i}\n" for i in range(3000))
        text = f"def big(q):\n{body}    return 1.0\njax.grad(lambda p: state.loss(big))(params)\n"
        assert claim(text).helpers == ()

    def test_carries_the_statements_that_computed_what_is_captured(self) -> None:
        text = (
            "unrelated = 1\nlogits = net(params)\nscale: float = 2.0\nscale += 1\nloss = scale * cost(logits)\n"
            "unrelated = 2\njax.grad(lambda p: loss)(params)\nloss = None\n"
        )
        assert claim(text).prelude == (
            "logits = net(params)",
            "scale: float = 2.0",
            "scale += 1",
            "loss = scale * cost(logits)",
        )

    def test_carries_the_statements_of_the_blocks_around_it(self) -> None:
        text = (
            "base = make()\ndef train(params):\n    for batch in data:\n        with scope():\n"
            "            loss = cost(base, params)\n            grads = jax.grad(lambda p: loss)(params)\n"
        )
        assert claim(text).prelude == ("base = make()", "loss = cost(base, params)")

    def test_carries_what_names_stand_for(self) -> None:
        text = "def train(w):\n    bound = functools.partial\n    return jax.grad(lambda p: state.loss())(w)\n"
        imports = dict(claim(text).imports)
        assert imports["bound"] == "functools.partial"
        assert (imports["jnp"], imports["minimize"]) == ("jax.numpy", "scipy.optimize.minimize")

    def test_carries_what_names_stand_for_in_other_files(self, tmp_path: Path) -> None:
        (tmp_path / "losses.py").write_text(
            "import numpy as numbers\n\n\ndef loss(p):\n    return numbers.sum(state.w)\n"
        )
        text = "from losses import loss\njax.grad(lambda p: loss(p))(params)\n"
        found = site(text, tmp_path / "main.py").claim
        assert found is not None
        assert dict(found.imports)["numbers"] == "numpy"

    def test_says_whether_there_is_auxiliary_output(self) -> None:
        assert claim("jax.grad(lambda p: (state.loss(), p), has_aux=True)(params)").has_aux
        assert not claim("jax.grad(lambda p: (state.loss(), p))(params)").has_aux

    @pytest.mark.parametrize(
        ("text", "outcome"),
        [
            ("jax.grad(lambda p: state.loss())(params)", "zero"),
            ("jax.grad(lambda p: jnp.sum(params) + jnp.sum(p))(params)", "partial"),
            ("import optuna\noptuna.create_study().optimize(lambda trial: state.loss(), n_trials=3)", "flat"),
            ("jax.grad(lambda p, x: jnp.sum(x))(params, x)", "constant"),
        ],
    )
    def test_outcome(self, text: str, outcome: str) -> None:
        assert claim(text).outcome == outcome

    def test_of_a_stale_step(self) -> None:
        text = "import torch\nopt = torch.optim.LBFGS(net.parameters())\nloss = net(x).sum()\nopt.step(lambda: loss)\n"
        (step,) = subjects(text).steps
        assert step.claim is not None
        assert (step.claim.outcome, step.claim.delivery) == ("stale", "model")
        assert step.claim.prelude == ("loss = net(x).sum()",)
        assert step.captured == "loss"


class TestPlaces:
    def test_of_the_site_its_objective_and_point(self) -> None:
        text = "def f(p):\n    return state.loss()\n\nslope = jax.grad(f)(params)\n"
        found = site(text)
        top = IMPORTS.count("\n")
        assert found.objective.range.start == (top + 1, 5)
        assert found.parameter.range.start == (top + 1, 7)
        assert found.point is not None
        assert found.point.range.start == (top + 4, 21)
        assert found.range.start.row == top + 4
        assert (found.spelled, found.scope, found.objective.scope) == ("jax.grad", "", "f")

    def test_of_a_decorated_function(self) -> None:
        found = sites("@jax.grad\ndef f(p):\n    return state.loss()\n\nf(params)\n")[0]
        assert found.spelled == "jax.grad"
        assert found.range.start.row == IMPORTS.count("\n") + 1

    def test_of_an_objective_in_a_method(self) -> None:
        text = (
            "class A:\n    def loss(self, p):\n        return self.total()\n    def run(self):\n"
            "        return jax.grad(self.loss)(params)\n"
        )
        found = site(text)
        assert found.objective.kind == "method"
        assert found.objective.scope == "A.loss"
        assert found.scope == "A.run"

    def test_the_last_read_of_a_dead_parameter(self) -> None:
        found = site("def f(p):\n    print(p)\n    q = p\n    return state.loss\n\njax.grad(f)(params)\n")
        assert found.parameter.last is not None
        assert found.parameter.last.start == (IMPORTS.count("\n") + 3, 9)
        assert site("jax.grad(lambda p: state.loss())(params)").parameter.last is None

    def test_a_long_callee_is_cut(self) -> None:
        text = "functools.partial(\n    jax.grad, argnums=0)(lambda p: state.loss())(params)\n"
        assert site(text).spelled == "functools.partial("

    def test_an_objective_of_another_file(self, tmp_path: Path) -> None:
        (tmp_path / "losses.py").write_text("def loss(p):\n    return state.total()\n")
        found = sites("from losses import loss\njax.grad(loss)(params)\n", tmp_path / "main.py")
        assert [item.objective.filename for item in found] == [str(tmp_path / "losses.py")]


def test_the_steps_of_an_objective_are_its_own_statements() -> None:
    text = (
        "def f(p):\n    q = p * 2\n    def inner():\n        r = state.w\n        return r\n    if state.on:\n"
        "        q += state.b\n    return inner() + q\n\njax.grad(f)(params)\n"
    )
    steps = [(step.text, step.carries) for step in site(text).steps]
    assert steps == [("q = p * 2", True), ("q += state.b", True), ("return inner() + q", True)]
    (step,) = site("jax.grad(lambda p: jnp.sum(state.w) + (q := 2.0))(params)\n").steps
    assert (step.text, step.reads, step.carries) == ("jnp.sum(state.w) + (q := 2.0)", ("state.w",), False)


def test_where_captured_state_was_computed() -> None:
    text = "import lib\n\nloss = cost(params)\njax.grad(lambda p: loss * state.w)(params)\n"
    found = {item.path: item.origin for item in site(text).captures}
    origin = found["loss"]
    assert origin is not None
    assert origin.start == (IMPORTS.count("\n") + 3, 8)
    assert found["state.w"] is None


def test_state_of_another_file_was_computed_nowhere_in_this_one(tmp_path: Path) -> None:
    (tmp_path / "losses.py").write_text("import jax\n\nkept = unseen(1)\n\n\ndef loss(p):\n    return kept * 2\n")
    found = site("import losses\njax.grad(lambda p: losses.loss(p))(params)\n", tmp_path / "main.py")
    assert [(item.path, item.origin) for item in found.captures] == [("kept", None)]


@pytest.mark.parametrize(
    ("imported", "called", "read"),
    [
        ("from losses import mse", "mse(x)", "mse"),
        ("from losses import mse as error", "error(x)", "error"),
        ("import losses", "losses.mse(x)", "losses"),
        ("import project.losses as measures", "measures.mse(x)", "measures"),
        ("import project.losses", "project.losses.mse(x)", "project"),
    ],
)
def test_a_function_of_a_file_that_is_not_there_is_state_by_the_name_that_is_read(
    imported: str, called: str, read: str
) -> None:
    found = site(f"{imported}\njax.grad(lambda p: {called})(params)\n")
    assert [item.path for item in found.captures] == ["x", read]


class TestRename:
    """The safe fix."""

    def rename(self, text: str) -> Fix | None:
        return site(f"{NET}{IN_PLACE}\n{text}\n").rename

    def test_of_a_lambda_and_a_function(self) -> None:
        text = f"{NET}{IN_PLACE}\ngradient(lambda W: net.loss(x, t), net.W)\n"
        fix = site(text).rename
        assert applied(text, fix).endswith("\ngradient(lambda _: net.loss(x, t), net.W)\n")
        assert fix is not None
        assert fix.applicability == "safe"

    @pytest.mark.parametrize(
        "objective",
        [
            "lambda _: net.loss(x, t)",
            "lambda W: net.loss(x, t) if W is None else net.loss(x, t)",
            "lambda W, _=1: net.loss(x, t)",
            "lambda W: net.loss(_, t)",
        ],
    )
    def test_not_where_it_would_change_or_hide_something(self, objective: str) -> None:
        assert self.rename(f"gradient({objective}, net.W)") is None

    def test_not_of_an_annotated_parameter(self) -> None:
        assert self.rename("def f(W: np.ndarray):\n    return net.loss(x, t)\ngradient(f, net.W)") is None


class TestUseParameter:
    def fixed(self, text: str) -> str | None:
        fix = site(text).use_parameter
        return None if fix is None else applied(text, fix)

    def test_everywhere_in_the_body(self) -> None:
        text = "jax.grad(lambda p: cost(params) + reg(params['w']))(params)\n"
        assert self.fixed(text) == "jax.grad(lambda p: cost(p) + reg(p['w']))(params)\n"

    def test_of_an_attribute(self) -> None:
        text = "jax.grad(lambda w: cost(net.w, net.b))(net.w)\n"
        assert self.fixed(text) == "jax.grad(lambda w: cost(w, net.b))(net.w)\n"

    def test_keywords_stay(self) -> None:
        text = "jax.grad(lambda p: cost(params=params))(params)\n"
        assert self.fixed(text) == "jax.grad(lambda p: cost(params=p))(params)\n"

    def test_not_where_both_go_by_one_name(self) -> None:
        text = "def f(params):\n    print(params)\n    return state.loss()\njax.grad(f)(params)\n"
        assert self.fixed(text) is None

    def test_not_in_another_file(self, tmp_path: Path) -> None:
        (tmp_path / "losses.py").write_text("import jax\n\n\ndef loss(p):\n    return cost(params)\n")
        found = site("from losses import loss\njax.grad(loss)(params)\n", tmp_path / "main.py")
        assert (found.parameter.flow, found.use_parameter) == ("never read", None)

    def test_not_where_the_point_is_not_read(self) -> None:
        assert self.fixed("jax.grad(lambda p: state.loss())(params)\n") is None
        assert self.fixed("jax.grad(lambda p: state.loss())\n") is None


class TestWriteThrough:
    def fixed(self, text: str) -> str | None:
        fix = site(f"{NET}{IN_PLACE}{text}").write_through
        return None if fix is None else applied(f"{NET}{IN_PLACE}{text}", fix).partition("# here\n")[2]

    def test_before_the_first_statement(self) -> None:
        text = "# here\ndef f(W):\n    return net.loss(x, t)\n\ngradient(f, net.W)\n"
        assert self.fixed(text) == "def f(W):\n    net.W = W\n    return net.loss(x, t)\n\ngradient(f, net.W)\n"

    def test_of_an_entry(self) -> None:
        text = "# here\ndef f(W):\n    return net.loss(x, t)\n\ngradient(f, net.params['W1'])\n"
        found = self.fixed(text)
        assert found is None or "    net.params['W1'] = W\n" in found

    @pytest.mark.parametrize(
        "text",
        [
            "gradient(lambda W: net.loss(x, t), net.W)\n",
            "def f(W): return net.loss(x, t)\ngradient(f, net.W)\n",
            "def f(W):\n    return net.loss(x, t)\ngradient(f, net.W.copy())\n",
            "W0 = net.W\ndef f(W):\n    return net.loss(x, t)\ngradient(f, W0)\n",
        ],
    )
    def test_only_where_it_is_one_statement(self, text: str) -> None:
        assert self.fixed(text) is None


class TestRecompute:
    def fixed(self, text: str) -> str | None:
        fix = site(text).recompute
        return None if fix is None else applied(text, fix).splitlines()[-1]

    def test_of_the_parameter(self) -> None:
        text = "loss = cost(params, x, params=1).params + 2\njax.grad(lambda p: loss)(params)\n"
        assert self.fixed(text) == "jax.grad(lambda p: cost(p, x, params=1).params + 2)(params)"

    def test_by_the_same_call_of_a_helper(self) -> None:
        text = "def cost(w):\n    return jnp.sum(w**2)\nloss = cost(params)\njax.grad(lambda p: loss)(params)\n"
        assert self.fixed(text) == "jax.grad(lambda p: cost(p))(params)"

    def test_of_a_model(self) -> None:
        text = "import mlx.nn as nn\nloss = model(x).sum()\nnn.value_and_grad(model, lambda: loss)()\n"
        assert self.fixed(text) == "nn.value_and_grad(model, lambda: model(x).sum())()"

    @pytest.mark.parametrize(
        "text",
        [
            "loss = cost(other)\njax.grad(lambda p: loss)(params)\n",
            "loss = cost(\n    params)\njax.grad(lambda p: loss)(params)\n",
            "loss = apply(lambda q: q, params)\njax.grad(lambda p: loss)(params)\n",
            "loss = cost(params)\njax.grad(lambda p: -loss)(params)\n",
            "loss = cost(params)\ndef f(p):\n    return loss\njax.grad(f)(params)\n",
            "loss = cost(params)\njax.grad(lambda p: loss)(params[0])\n",
            "loss, aux = cost(params)\njax.grad(lambda p: loss)(params)\n",
            "jax.grad(lambda p: loss)(params)\n",
        ],
    )
    def test_only_where_it_is_one_expression_of_the_point(self, text: str) -> None:
        assert self.fixed(text) is None


def test_what_one_function_writes_is_not_taken_for_done_in_the_next() -> None:
    functions = "def first():\n    net.W = spare\ndef second():\n    return gradient(lambda W: net.loss(x, t), net.W)\n"
    assert claim(f"{NET}{IN_PLACE}spare = np.ones((2, 3))\n{functions}").point == "net.W"


def test_a_copied_point_is_told_from_another_array() -> None:
    def point(text: str) -> Site:
        return site(f"{NET}{IN_PLACE}other = Net()\ngradient(lambda W: net.loss(x, t), {text})\n")

    copied, elsewhere = point("net.W.copy()").point, point("other.W").point
    assert copied is not None
    assert elsewhere is not None
    assert (copied.copied, elsewhere.copied) == (True, False)


def test_the_claim_takes_along_functions_that_are_reached_through_a_module(tmp_path: Path) -> None:
    (tmp_path / "dense.py").write_text(
        "import jax\n\nstart = jax.numpy.full((3, 2), 0.5)\n\n\ndef of_start(weights, x):\n"
        "    return jax.nn.sigmoid(x @ start)\n"
    )
    found = site(
        """
        import dense

        slope = jax.grad(lambda w: jnp.mean(dense.of_start(w, jnp.ones((4, 3)))))(dense.start)
        """,
        tmp_path / "main.py",
    )
    assert found.parameter.handed_to == "of_start"
    assert found.claim is not None
    assert "dense.of_start" in dict(found.claim.helpers)
    assert found.claim.point == "start"
    assert replay(found.claim).verdict == "confirmed"


def test_the_claim_takes_along_classes_of_other_files(tmp_path: Path) -> None:
    (tmp_path / "nets.py").write_text(
        "import numpy as np\n\n\nclass Net:\n    def __init__(self):\n        self.w = np.ones(3)\n\n"
        "    def cost(self, w, x):\n        return np.sum(np.tanh(x @ self.w))\n"
    )
    found = site(
        """
        from nets import Net

        net = Net()
        result = minimize(lambda w: net.cost(w, np.eye(3)), net.w)
        """,
        tmp_path / "main.py",
    )
    assert found.parameter.flow == "never read"
    assert found.claim is not None
    assert found.claim.objects == (("net", "Net"),)
    assert replay(found.claim).verdict == "confirmed"


def test_the_claim_names_the_place_of_a_point_that_a_loop_hands_out() -> None:
    found = site(
        """
        class Net:
            def __init__(self):
                self.layers = [np.ones((2, 3)), np.ones(3)]

            def loss(self, x):
                return np.sum(np.tanh(x @ self.layers[0] + self.layers[1]))

        def numerical_gradient(f, x):
            grad = np.zeros_like(x)
            for i in np.ndindex(x.shape):
                kept = x[i]
                x[i] = kept + 1e-4
                up = f(x)
                x[i] = kept - 1e-4
                grad[i] = (up - f(x)) / 2e-4
                x[i] = kept
            return grad

        net = Net()
        for layer in net.layers:
            numerical_gradient(lambda W: net.loss(np.ones((2, 2))), layer)
        """
    )
    assert found.claim is not None
    assert found.claim.point is not None
    assert found.claim.point.startswith("net.layers")


def test_a_captured_point_has_the_name_that_the_objective_reads_it_by() -> None:
    fixture = Path(__file__).parent.parent / "fixtures" / "captured-point" / "named_in_a_helper.py"
    found = [item.captures[0].text for item in sites(fixture.read_text(encoding="utf-8"))]
    assert found == ["places", "places"]


def test_a_point_that_another_file_makes_is_shown_at_the_call(tmp_path: Path) -> None:
    (tmp_path / "solver.py").write_text(
        "import jax\nimport jax.numpy as jnp\n\n\ndef solve(f, x0):\n    x = jnp.asarray(x0)\n"
        "    for _ in range(9):\n        x = x - jax.jacfwd(f)(x)\n    return x\n"
    )
    text = "from solver import solve\n\n\ndef f(p):\n    return state.loss()\n\n\nsolve(f, start)\n"
    found = site(text, tmp_path / "main.py")
    assert found.point is not None
    assert found.point.range == found.range
    assert [(place.message, place.range) for place in related_to(found)] == [("handed to `solve`", found.range)]
