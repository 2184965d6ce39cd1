from __future__ import annotations

import textwrap
from pathlib import Path

import pytest
from static_half import IMPORTS, faults, site, sites, subjects

from closurelint.classify import fault

NET = """
class Net:
    def __init__(self):
        self.W = np.ones((2, 3))
        self.params = {"W1": np.ones(3)}

    def loss(self, x, t):
        return np.mean((x @ self.W - t) ** 2) + np.sum(self.params["W1"])

net = Net()
other = Net()
"""
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
HELPERS = {
    "with nditer": (
        "in-place",
        """
        def d(f, x):
            it = np.nditer(x, flags=["multi_index"])
            g = np.zeros_like(x)
            while not it.finished:
                i = it.multi_index
                old = x[i]
                x[i] = old + 1e-4
                a = f(x)
                x[i] = old - 1e-4
                b = f(x)
                g[i] = (a - b) / 2e-4
                x[i] = old
                it.iternext()
            return g
        """,
    ),
    "by adding and taking away": (
        "in-place",
        """
        def d(f, x, h=1e-5):
            g = np.zeros_like(x)
            for i in range(x.size):
                x.flat[i] += h
                a = f(x)
                x.flat[i] -= 2 * h
                b = f(x)
                x.flat[i] += h
                g.flat[i] = (a - b) / (2 * h)
            return g
        """,
    ),
    "forward differences": (
        "in-place",
        """
        def d(f, x, h=1e-5):
            base = f(x)
            g = []
            for i in range(len(x)):
                x[i] += h
                g.append((f(x) - base) / h)
                x[i] -= h
            return np.array(g)
        """,
    ),
    "row by row": (
        "in-place",
        """
        def one(f, x):
            g = np.zeros_like(x)
            for i in range(x.size):
                old = x[i]
                x[i] = old + 1e-4
                a = f(x)
                x[i] = old - 1e-4
                b = f(x)
                g[i] = (a - b) / 2e-4
                x[i] = old
            return g
        def d(f, X):
            if X.ndim == 1:
                return one(f, X)
            g = np.zeros_like(X)
            for i, x in enumerate(X):
                g[i] = one(f, x)
            return g
        """,
    ),
    "on a copy": (
        "copy",
        """
        def d(f, x, h=1e-5):
            g = np.zeros_like(x)
            for i in range(x.size):
                up = x.copy()
                up[i] += h
                g[i] = (f(up) - f(x)) / h
            return g
        """,
    ),
    "copied first": (
        "copy",
        """
        def d(f, x, h=1e-5):
            x = np.array(x, dtype=float)
            g = np.zeros_like(x)
            for i in range(x.size):
                x[i] += h
                a = f(x)
                x[i] -= 2 * h
                b = f(x)
                x[i] += h
                g[i] = (a - b) / (2 * h)
            return g
        """,
    ),
    "along unit vectors": (
        "copy",
        """
        def d(f, x, h=1e-5):
            return np.array([(f(x + h * e) - f(x - h * e)) / (2 * h) for e in np.eye(len(x))])
        """,
    ),
    "of a number": ("copy", "def d(f, x):\n    h = 1e-4\n    return (f(x + h) - f(x - h)) / (2 * h)\n"),
    "by a lambda-free inverse": ("copy", "def d(f, x):\n    return (f(x + 1e-4) - f(x)) * 1e4\n"),
}


@pytest.mark.parametrize(("delivery", "helper"), HELPERS.values(), ids=HELPERS)
def test_the_delivery_of_a_helper_is_that_of_its_body(delivery: str, helper: str) -> None:
    found = site(NET + textwrap.dedent(helper) + "\nd(lambda W: net.loss(x, t), net.W)\n")
    assert found.origin == "body"
    assert found.delivery == delivery
    assert found.point is not None
    assert found.point.text == "net.W"


@pytest.mark.parametrize(
    "helper",
    [
        "def d(f, x):\n    return f(x)\n",
        "def d(f, x):\n    return (f(x) + f(x)) / 2\n",
        "def d(f, x):\n    return f(x) - x\n",
        "def d(f, x):\n    return f(x + 1) - f(x - 1)\n",
        "def d(f, x):\n    return (f(1.0) - f(0.0)) / x\n",
        "def d(f, x):\n    return (f(x) - f(x / 2)) / f(x)\n",
        "def d(f, x):\n    return f(x + 1) / f(x - 1) - 1\n",
        "def d(f, x):\n    return max(f(x + 1), f(x - 1))\n",
        "def d(f, x):\n    for i in range(3):\n        x[i] = 0.0\n    return f(x)\n",
        "def d(f, x):\n    return d(f, x)\n",
        "def d(f, x):\n    raise NotImplementedError\n",
        "def d(x):\n    return x\n",
        "d = lambda f, x: f(x)\n",
    ],
)
def test_what_only_calls_its_argument_is_no_differentiator(helper: str) -> None:
    assert sites(NET + helper + "\nd(lambda W: net.loss(x, t), net.W)\n") == ()


def test_a_method_can_differentiate() -> None:
    text = NET + textwrap.dedent(
        """
        class Checker:
            def slope(self, f, x):
                return (f(x + 1e-4) - f(x - 1e-4)) / 2e-4

            def run(self):
                return self.slope(lambda W: net.loss(x, t), net.W)
        """
    )
    assert faults(text) == ["ignored"]


def test_a_method_that_is_given_more_than_it_takes_differentiates_nothing() -> None:
    text = textwrap.dedent(
        """
        class Checker:
            def slope(self, f, x):
                return (f(x + 1e-4) - f(x - 1e-4)) / 2e-4

        Checker().slope({})
        """
    )
    assert faults(NET + text.format("lambda W: net.loss(x, t), net.W")) == ["ignored"]
    assert faults(NET + text.format("net.W, 1e-4, lambda W: net.loss(x, t)")) == []


def test_a_function_that_hands_its_objective_on_to_a_lambda_differentiates() -> None:
    text = "slope = lambda f, x: {}\ndef d(f, x):\n    return slope(f, x)\nd(lambda W: net.loss(x, t), net.W)\n"
    assert faults(NET + text.format("(f(x + 1e-4) - f(x - 1e-4)) / 2e-4")) == ["ignored"]
    assert faults(NET + text.format("f(x)")) == []


def test_functions_that_hand_their_objective_on_to_each_other_differentiate_if_one_takes_differences() -> None:
    text = textwrap.dedent(
        """
        def there(f, x, h=1.0):
            return {}

        def d(f, x, h=1.0):
            return there(f, x, h)

        d(lambda W: net.loss(x, t), net.W)
        """
    )
    assert faults(NET + text.format("d(f, x, h / 2) if h > 1e-4 else (f(x + h) - f(x - h)) / (2 * h)")) == ["ignored"]
    assert faults(NET + text.format("d(f, x, h / 2)")) == []


def test_a_point_before_the_objective() -> None:
    helper = "def d(x, f, h=1e-4):\n    return (f(x + h) - f(x - h)) / (2 * h)\n"
    found = site(NET + helper + "d(net.W, lambda W: net.loss(x, t))\n")
    assert found.point is not None
    assert found.point.text == "net.W"


@pytest.mark.parametrize(
    ("helper", "delivery"),
    [
        ("return (f(x + h) - f(x - h)) / (2 * h)", "copy"),
        ("up = x.copy()\nup[0] += h\nreturn (f(up) - f(x)) / h", "copy"),
        ("up = x.copy()\nup[h] += 1e-4\nreturn (f(up) - f(x)) / 1e-4", "copy"),
        ("x[0] += h\nup = f(x)\nx[0] -= h\nreturn (up - f(x)) / h", "in-place"),
        ("x[h] += 1e-4\nup = f(x)\nx[h] -= 1e-4\nreturn (up - f(x)) / 1e-4", "in-place"),
    ],
)
def test_a_step_or_an_index_before_the_point_is_not_the_point(helper: str, delivery: str) -> None:
    text = f"{NET}def d(f, h, x):\n{textwrap.indent(helper, '    ')}\nd(lambda W: net.loss(x, t), step, net.W)\n"
    found = site(text)
    assert found.point is not None
    assert (found.point.text, found.delivery) == ("net.W", delivery)


def test_a_wrapper_of_a_known_differentiator_has_the_site_where_it_is_called() -> None:
    text = "def slope(fun, at):\n    return jax.grad(lambda v: fun(v))(at)\n\nslope(lambda p: state.loss(x), params)\n"
    (found,) = [item for item in sites(text) if item.parameter.name == "p"]
    assert fault(found) == "ignored"
    assert found.objective.range.start.row == IMPORTS.count("\n") + 4
    assert not any(faults(text.replace("state.loss(x)", "state.loss(p)")))


def test_a_wrapper_that_hands_on_in_another_order_is_not_followed() -> None:
    text = "def slope(fun, at):\n    return jax.grad(lambda v: {})(at)\n\nslope(lambda p, q: state.loss(q), params)\n"
    assert [fault(item) for item in sites(text.format("2 * fun(v, data)")) if item.parameter.name == "p"] == ["ignored"]
    assert [item for item in sites(text.format("2 * fun(data, v)")) if item.parameter.name == "p"] == []


SHARED = {
    "the attribute itself": ("net.W", True),
    "an entry": ("net.params['W1']", True),
    "an entry by a made key": ("net.params['W' + str(1)]", True),
    "a view": ("net.W.reshape(-1)", True),
    "a transposed view": ("net.W.T", True),
    "a raveled view": ("net.W.ravel()", True),
    "a slice": ("net.W[:1]", True),
    "a row": ("net.W[0]", True),
    "np.asarray": ("np.asarray(net.W)", True),
    "another name": ("alias", True),
    "a copy": ("net.W.copy()", False),
    "flattened": ("net.W.flatten()", False),
    "cast": ("net.W.astype(float)", False),
    "a view of a copy": ("net.W.copy().reshape(-1)", False),
    "np.array": ("np.array(net.W)", False),
    "np.copy": ("np.copy(net.W)", False),
    "arithmetic": ("net.W * 1.0", False),
    "a detached view": ("net.W.detach()", True),
    "rounded": ("np.round(net.W)", False),
    "a new array": ("np.zeros((2, 3))", False),
    "a list": ("[1.0, 2.0]", False),
    "another's weights": ("other.W", False),
    "a kept copy": ("kept", False),
    "one of its own and another's": ("net.W if flag else other.W", True),
    "a copy or another's": ("net.W.copy() if flag else other.W", False),
    "a copy or an argument": ("net.W.copy() if flag else given", None),
    "an argument": ("given", None),
    "an unseen function's": ("weights_of(net)", None),
}


@pytest.mark.parametrize(("point", "expected"), SHARED.values(), ids=SHARED)
def test_whether_the_point_is_shared(point: str, expected: bool | None) -> None:
    text = f"{NET}{IN_PLACE}\nalias = net.W\nkept = net.W.copy()\ngradient(lambda W: net.loss(x, t), {point})\n"
    found = site(text)
    assert found.delivery == "in-place"
    assert found.point is not None
    assert found.point.shared is expected


@pytest.mark.parametrize(
    ("before", "point", "expected"),
    [
        ("start = np.zeros(3)\nheld = lib.Holder(start)", "start", None),
        ("start = np.zeros(3)\nheld = lib.Holder(1.0)", "start", False),
        ("start = np.zeros(3)\nheld = lib.Holder(start)", "start.copy()", False),
        ("start = lib.weights()\nheld = lib.Holder(start)", "start", None),
        ("held = lib.Holder(1.0)\nstart = held.weights()", "start", None),
    ],
    ids=["made of it", "made of something else", "made of the original", "not in view", "handed out"],
)
def test_an_object_may_hold_what_it_was_made_of(before: str, point: str, expected: bool | None) -> None:
    found = site(f"import lib\n{IN_PLACE}\n{before}\ngradient(lambda W: held.loss(x), {point})\n")
    assert found.point is not None
    assert found.point.shared is expected


def test_what_is_rounded_does_not_move_with_the_array_that_is_perturbed() -> None:
    text = f"{NET}{IN_PLACE}\nslot = lib.weights()\n"
    rounded = site(f"{text}gradient(lambda W: np.sum(np.round(net.W)) + np.sum(slot), net.W)\n")
    assert fault(rounded) == "captured point"
    moving = site(f"{text}gradient(lambda W: np.sum(np.round(net.W)) + np.sum(net.W), net.W)\n")
    assert fault(moving) == "aliased"


class TestParameters:
    """Which of the objective's parameters are differentiated, and at which points."""

    def chosen(self, text: str) -> list[tuple[str, str | None]]:
        return [(item.parameter.name, item.point.text if item.point is not None else None) for item in sites(text)]

    def test_argnums(self) -> None:
        text = "def f(a, b, c):\n    return state.loss()\n"
        assert self.chosen(text + "jax.grad(f)(x, y, z)") == [("a", "x")]
        assert self.chosen(text + "jax.grad(f, 1)(x, y, z)") == [("b", "y")]
        assert self.chosen(text + "jax.grad(f, argnums=(0, 2))(x, y, z)") == [("a", "x"), ("c", "z")]
        assert self.chosen(text + "jax.grad(f, argnums=unknown)(x, y, z)") == []
        assert self.chosen(text + "jax.grad(f, argnums=-1)(x, y, z)") == []
        assert self.chosen(text + "jax.grad(f, argnums=7)(x, y, z)") == []

    def test_positions_do_not_count_keywords(self) -> None:
        assert self.chosen("def f(a, *, b):\n    return state.loss()\njax.grad(f, argnums=1)(x, y)") == []

    def test_a_star_takes_the_rest(self) -> None:
        text = "def f(a, *rest):\n    return state.loss()\n"
        assert self.chosen(text + "jax.grad(f, argnums=2)(x, y, z)") == [("rest", "z")]
        assert self.chosen(text + "torch.autograd.functional.jacobian(f, (x, y))")[0] == ("a", "x")

    def test_all_at_once(self) -> None:
        text = "def f(a, b):\n    return state.loss()\n"
        assert self.chosen(text + "torch.autograd.functional.jacobian(f, (x, y))") == [("a", "x"), ("b", "y")]

    def test_one_of_all_is_enough(self) -> None:
        text = "def f(a, b):\n    return a.sum()\n"
        assert faults(text + "torch.autograd.functional.jacobian(f, (x, y))") == [None]

    def test_one_of_all_that_is_read_past_its_parameter(self) -> None:
        text = "def f(a, b):\n    return a.sum() + {}.sum()\ntorch.autograd.functional.jacobian(f, (state.x, {}))"
        assert faults(text.format("y", "y")) == [None, "captured point"]
        assert faults(text.format("y", "z")) == [None]
        assert faults(text.format("state.w", "state.y")) == [None]

    def test_what_is_bound_is_not_counted(self) -> None:
        text = "def f(a, b, c):\n    return state.loss()\n"
        assert self.chosen(text + "jax.grad(functools.partial(f, 1.0))(x, y)") == [("b", "x")]
        assert self.chosen(text + "jax.grad(functools.partial(f, a=1.0))(x, y)") == [("b", "x")]

    def test_methods_do_not_count_self(self) -> None:
        text = (
            "class A:\n    def f(self, a):\n        return self.loss()\n    def run(self):\n"
            "        return jax.grad(self.f)(x)"
        )
        assert self.chosen(text) == [("a", "x")]

    def test_a_derivative_that_is_never_called(self) -> None:
        assert self.chosen("slope = jax.grad(lambda a: state.loss())") == [("a", None)]

    def test_a_starred_call_hides_the_point(self) -> None:
        assert self.chosen("jax.grad(lambda a: state.loss())(*points)") == [("a", None)]

    def test_keywords(self) -> None:
        assert self.chosen("minimize(fun=lambda a: state.loss(), x0=start)") == [("a", "start")]
        assert self.chosen("jax.grad(fun=lambda a: state.loss())(start)") == [("a", "start")]


class TestExpectedZero:
    """A test that writes out that a gradient is zero knows that it is."""

    @pytest.mark.parametrize(
        "statements",
        [
            "assert slope == 0",
            "assert (slope == 0.0).all()",
            "assert not slope.any()",
            "assert np.allclose(slope, 0.0)",
            "assert slope.tolist() == [0.0, 0]",
            "assert slope == pytest.approx(0.0)",
            "np.testing.assert_allclose(slope, 0.0)",
            "np.testing.assert_array_equal(slope, np.zeros(3))",
            "self.assertEqual(slope, jnp.zeros_like(params))",
            "self.assertEqual(slope, np.full(3, 0.0))",
            "for part in slope:\n        assert part == 0",
        ],
    )
    def test_is_no_site(self, statements: str) -> None:
        assert sites(f"def test_it():\n    slope = jax.grad(lambda p: state.loss())(params)\n    {statements}\n") == ()

    @pytest.mark.parametrize(
        "statements",
        [
            "print(np.allclose(slope, 0.0))",
            "show(slope == 0)",
            "assert slope != 0",
            "assert slope > 0",
            "assert slope.any()",
            "assert slope == 1.0",
            "assert slope.tolist() == [0.0, 1.0]",
            "assert slope.tolist() == []",
            "assert slope == np.full(0, 1.0)",
            "np.testing.assert_allclose(slope, 1.0)",
            "np.testing.assert_allclose(slope, known, atol=0.0)",
            "compare(slope, 0.0)",
        ],
    )
    def test_other_words_say_nothing_of_it(self, statements: str) -> None:
        text = f"def test_it():\n    slope = jax.grad(lambda p: state.loss())(params)\n    {statements}\n"
        assert faults(text) == ["ignored"]
        assert faults(text.replace("test_it", "run")) == ["ignored"]

    @pytest.mark.parametrize(
        ("call", "expected"),
        [
            ("np.testing.assert_allclose({}, 0.0)", []),
            ("np.allclose({}, np.zeros(3))", []),
            ("assert {} == 0", []),
            ("compare({}, 0.0)", ["ignored"]),
            ("np.testing.assert_allclose({}, known, atol=0.0)", ["ignored"]),
            ("np.testing.assert_allclose({}, 1.0)", ["ignored"]),
        ],
    )
    def test_of_what_is_compared_at_once(self, call: str, expected: list[str]) -> None:
        assert faults(f"{call.format('jax.grad(lambda p: state.loss())(params)')}\n") == expected

    def test_a_number_excuses_a_missing_term_and_nothing_else(self) -> None:
        text = "assert jax.grad(lambda p: {})(params) == 2.0\n"
        assert faults(text.format("jnp.sum(params) + jnp.sum(p)")) == []
        assert faults(text.format("jnp.sum(params)")) == ["captured point"]
        for number in ("-2.0", "pytest.approx(2)", "[1.0, 2.0]", "np.array([1.0, 2.0])", "np.full(3, 2.0)"):
            assert faults(text.format("jnp.sum(params) + jnp.sum(p)").replace("2.0", number)) == [], number
        for other in ("known", "-known", "[1.0, known]", "np.array(known)", "np.full(2, known)", "[]"):
            assert faults(text.format("jnp.sum(params) + jnp.sum(p)").replace("2.0", other)) == ["partial"], other


def test_a_test_of_zero_excuses_no_derivative_of_the_module() -> None:
    test = "def test_other():\n    assert other() == 0\n"
    assert faults(f"slope = jax.grad(lambda p: state.loss())\n{test}") == ["ignored"]


class TestPassedOver:
    """Why nothing is claimed about a call."""

    @pytest.mark.parametrize(
        ("text", "reason"),
        [
            ("jax.grad(unseen)(params)", "its objective is no function whose definition is in view"),
            (
                "def test_it():\n    assert jax.grad(lambda p: state.loss())(params) == 0",
                "an objective that ignores its parameter is expected by the code around it",
            ),
            (
                "def test_it():\n    g = jax.grad(lambda p: state.loss())(params)\n    assert g == 0",
                "a gradient of zero is what is tested here",
            ),
            ("def f(p):\n    ...\njax.grad(f)(params)", "its objective is unfinished, or is expected to fail"),
            (
                "jax.grad(lambda p: state.loss(), argnums=unknown)(params)",
                "it cannot be told which parameter is differentiated",
            ),
            (
                "def f(a, b):\n    return a.sum()\njax.grad(lambda p: f(*p), argnums=3)(params)",
                "it cannot be told which parameter is differentiated",
            ),
        ],
    )
    def test_says_why(self, text: str, reason: str) -> None:
        (found,) = subjects(IMPORTS + text + "\n").passed_over
        assert (found.reason, found.differentiator, found.spelled) == (reason, "jax.grad", "jax.grad")

    def test_not_what_is_a_site(self) -> None:
        assert subjects(f"{IMPORTS}jax.grad(lambda p: state.loss())(params)\n").passed_over == ()

    def test_not_in_another_file(self, tmp_path: Path) -> None:
        (tmp_path / "other.py").write_text("import jax\n\ndef slope(f, x):\n    return jax.grad(f)(x)\n")
        found = subjects(
            f"{IMPORTS}from other import slope\nslope(lambda p: state.loss(), params)\n", tmp_path / "main.py"
        )
        assert found.passed_over == ()


class TestWhatIsNoSite:
    @pytest.mark.parametrize(
        "text",
        [
            "def f(p):\n    raise NotImplementedError\njax.grad(f)(params)",
            "def f(p):\n    '''Later.'''\njax.grad(f)(params)",
            "def f(p):\n    pass\njax.grad(f)(params)",
            "def f(p):\n    ...\njax.grad(f)(params)",
            "def f(p):\n    print(p)\njax.grad(f)(params)",
            "def f(p):\n    out = None\n    return out, state.cache()\njax.grad(f)(params)",
            "jax.grad(unseen)(params)",
            "jax.grad()",
            "import pytest\nwith pytest.raises(TypeError):\n    jax.grad(lambda p: state.loss())(params)",
            "import pytest\npytest.raises(TypeError, jax.grad(lambda p: state.loss()), params)",
            (
                "class T:\n    def test(self):\n        with self.assertRaises(ValueError):\n"
                "            minimize(lambda p: state.loss(), x0)"
            ),
            "import pytest\ndef f(p):\n    return state.loss()\npytest.raises(TypeError, f, 1)\njax.grad(f)(params)",
            "@jax.custom_vjp\ndef f(p):\n    return state.loss()\njax.grad(f)(params)",
            "@jax.custom_jvp\ndef f(p):\n    return state.loss()\njax.grad(f)(params)",
            "minimize(lambda p: p, x0, callback=lambda p: state.loss()) if False else None",
        ],
    )
    def test_nothing_is_wrong(self, text: str) -> None:
        assert not any(faults(text))

    def test_what_is_computed_beside_a_gap_is_no_exercise(self) -> None:
        body = "    # TODO: weigh it\n    total = state.loss()\n    scale = 1.0\n    return total\n"
        assert faults(f"def f(p):\n{body}jax.grad(f)(params)") == ["ignored"]

    def test_recorded_warnings_are_waited_for(self) -> None:
        text = "import warnings\nwith warnings.catch_warnings({}):\n    jax.grad(lambda p: state.loss())(params)"
        assert faults(text.format("record=True")) == []
        assert faults(text.format("action='ignore'")) == ["ignored"]
        assert faults(text.format("")) == ["ignored"]

    def test_a_wrapper_of_one_objective_is_one_site(self) -> None:
        text = "def f(p):\n    return state.loss()\ndef slope(at):\n    return jax.grad(f)(at)\nslope(params)\n"
        assert site(text).scope == "slope"

    def test_one_use_is_one_site(self) -> None:
        text = "def run(p0):\n    return jax.grad(lambda p: state.loss())(p0)\nrun(a)\nrun(b)\n"
        assert len(sites(text)) == 1


class TestUnfinished:
    """Exercises that nobody has done yet are no sites."""

    @pytest.mark.parametrize(
        "body",
        [
            "out = None\nreturn out",
            "out, cache = None, 1\nreturn out, cache",
            "[out, cache] = [None, state.w]\nreturn out",
            "out = cache = None\nreturn out, cache",
            "# TODO: compute it\nloss = 0.0\nreturn loss",
            "loss, grads = 0, {}\n# ==== your code here ====\nreturn loss, grads",
            "loss = []\n###########\nreturn loss",
            "# implement this\nreturn out",
            "# TODO\nout = 0.0\nout = out.astype(p.dtype)\nreturn out",
            "# TODO\nout = 0.0\nif state.on:\n    return out\nother = {}\nreturn other",
        ],
    )
    def test_no_site(self, body: str) -> None:
        assert sites(f"def f(p):\n{textwrap.indent(body, '    ')}\njax.grad(f)(params)\n") == ()

    @pytest.mark.parametrize(
        "body",
        [
            "loss = 0.0\nreturn loss",
            "# TODO: faster\nloss = 0.0\nloss += state.w\nreturn loss",
            "# TODO: faster\nloss = state.loss()\nreturn loss",
            "# TODO: faster\nloss = 0.0\nfor x in state.rows:\n    loss = loss + x\nreturn loss",
            "# TODO: faster\nloss = 0.0\nprint(loss)\nreturn loss",
            "# TODO: faster\nloss = 0.0\nloss, n = state.both()\nreturn loss",
            "# TODO: faster\nloss, n = state.both()\nreturn loss",
            "# TODO: faster\nloss = state.loss()\nloss = loss.astype(p.dtype)\nreturn loss",
            "# TODO: faster\n(loss, n), k = state.three()\nreturn loss",
            "# TODO: faster\nfor loss in state.rows:\n    pass\nreturn loss",
            "# TODO: faster\nloss = [1.0]\nreturn loss",
            "# TODO: faster\nloss = -1.0\nif state.on:\n    return state.w\nreturn loss",
            "# TODO: faster\nreturn 0.0",
            "out = None\nif state.on:\n    out = state.w\nreturn out",
            "state.todo = 'implement'\nloss = 0.0\nreturn loss",
        ],
    )
    def test_a_site(self, body: str) -> None:
        assert len(sites(f"def f(p):\n{textwrap.indent(body, '    ')}\njax.grad(f)(params)\n")) == 1


class TestDecorators:
    @pytest.mark.parametrize(
        "decorator",
        [
            "@jax.grad",
            "@functools.partial(jax.grad, argnums=0)",
            "@jax.jit\n@jax.grad",
            "@jax.value_and_grad",
            "@unseen\n@jax.grad",
        ],
    )
    def test_a_decorated_function_is_an_objective(self, decorator: str) -> None:
        found = sites(f"{decorator}\ndef f(p):\n    return state.loss()\nf(params)\n")
        assert {item.parameter.flow for item in found} == {"never read"}

    def test_unknown_decorators_change_nothing(self) -> None:
        text = "@register('loss')\ndef f(p):\n    return state.loss()\njax.grad(f)(params)\n"
        assert faults(text) == ["ignored"]

    def test_a_decorator_that_uses_what_the_function_does_not(self) -> None:
        scaled = "def scaled(f):\n    def inner(*a, **k):\n        return sum(a) * f(*a, **k)\n    return inner\n"
        loss = f"{scaled}@scaled\ndef f(x, p, **options):\n    return state.loss()\n"
        assert faults(f"{loss}jax.grad(f, argnums=1)(data, params)\n") == [None]
        assert faults(f"{loss}jax.grad(functools.partial(f, x=data))(params)\n") == [None]
        ignoring = loss.replace("sum(a) * ", "")
        assert faults(f"{ignoring}jax.grad(functools.partial(f, x=data))(params)\n") == ["ignored"]

    def test_a_decorator_that_cuts(self) -> None:
        text = "@torch.no_grad()\ndef f(p):\n    return p.sum()\ntorch.func.grad(f)(params)\n"
        assert site(text).parameter.flow == "severed"

    def test_a_decorator_that_cuts_is_claimed_as_a_context_and_the_others_are_left(self) -> None:
        text = "@register('loss')\n@torch.no_grad()\ndef f(p):\n    return p.sum()\ntorch.func.grad(f)(params)\n"
        claim = site(text).claim
        assert claim is not None
        assert "with torch.no_grad():\n" in claim.objective
        assert "with register" not in claim.objective


class TestObjects:
    """Objectives that are methods, instances and attributes."""

    def test_a_callable_instance(self) -> None:
        text = (
            "class F:\n    def __call__(self, p):\n        return state.loss()\nf = F()\n"
            "jax.grad(lambda p: f(p))(params)\n"
        )
        parameter = site(text).parameter
        assert (parameter.flow, parameter.handed_to) == ("never read", "F")

    def test_a_property(self) -> None:
        text = (
            "class F:\n    @property\n    def value(self):\n        return self.w * 2\nf = F()\n"
            "jax.grad(lambda p: f.value)(params)\n"
        )
        assert site(text).parameter.flow == "never read"

    def test_a_static_method(self) -> None:
        text = (
            "class F:\n    @staticmethod\n    def loss(p):\n        return jnp.sum(p)\n"
            "jax.grad(lambda p: F.loss(p))(params)\njax.grad(lambda p: F().loss(p))(params)\n"
        )
        assert [item.parameter.flow for item in sites(text)] == ["reaches", "reaches"]

    def test_an_inherited_method(self) -> None:
        text = (
            "class A:\n    def loss(self, p):\n        return state.loss()\nclass B(A):\n"
            "    def run(self):\n        return jax.grad(self.loss)(params)\n"
        )
        assert faults(text) == ["ignored"]

    def test_a_method_that_a_subclass_of_a_subclass_has_in_its_own_way(self) -> None:
        text = (
            "class A:\n    def loss(self, p):\n        return jnp.sum(state.w)\n    def run(self):\n"
            "        return jax.grad(lambda p: self.loss(p))(params)\nclass B(A):\n    pass\n"
        )
        assert faults(text) == ["ignored"]
        assert faults(f"{text}class C(B):\n    def loss(self, p):\n        return jnp.sum(p)\n") == [None]

    def test_a_dataclass(self) -> None:
        text = (
            "class F:\n    w: float\n    b: float\n"
            "jax.grad(lambda p: jnp.sum(F(p, b=1.0).w))(params)\n"
            "jax.grad(lambda p: jnp.sum(F(p, b=1.0).b))(params)\n"
        )
        assert site(text.split("jax.grad")[0] + "jax.grad" + text.split("jax.grad")[1]).parameter.flow == "reaches"

    def test_an_object_gives_back_what_it_was_made_of(self) -> None:
        text = (
            "class F:\n    def __init__(self, w):\n        self.w = w\n    def loss(self):\n"
            "        return unseen(self)\njax.grad(lambda p: F(p).loss())(params)\n"
        )
        assert site(text).parameter.flow == "reaches"


class TestModels:
    """Closures that are differentiated by a module's own parameters."""

    def test_reached(self) -> None:
        text = "import mlx.nn as nn\nnn.value_and_grad(model, lambda: model(x).sum())()\n"
        assert faults(text) == [None]

    def test_unreached(self) -> None:
        text = "import mlx.nn as nn\nnn.value_and_grad(model, lambda: teacher(x).sum())()\n"
        assert faults(text) == ["unreached model"]
        assert site(text).model == "model"

    def test_finished(self) -> None:
        text = "import mlx.nn as nn\nloss = model(x).sum()\nnn.value_and_grad(model, lambda: loss)()\n"
        assert faults(text) == ["precomputed"]

    def test_severed(self) -> None:
        text = "import tensorflow as tf\nopt = tf.keras.optimizers.SGD()\nweights = gathered(model)\n"
        assert faults(text + "opt.minimize(lambda: tf.stop_gradient(model(x)), weights)\n") == ["severed"]
        assert faults(text + "opt.minimize(lambda: model(x), weights)\n") == [None]
        assert faults(text + "opt.minimize(lambda: tf.stop_gradient(other(x)), weights)\n") == [None]


class TestSteps:
    def steps(self, body: str, optimizer: str = "torch.optim.LBFGS(net.parameters())") -> list[str]:
        text = f"import torch\nopt = {optimizer}\nloss = net(x).sum()\n{textwrap.dedent(body)}\n"
        return [item.fault for item in subjects(text).steps]

    def test_stale(self) -> None:
        assert self.steps("opt.step(lambda: loss)") == ["stale"]
        assert self.steps("def c():\n    return loss\nopt.step(c)") == ["stale"]
        assert (
            self.steps(
                "def c():\n    global loss\n    loss = net(x).sum()\n    loss.backward()\n    return loss\nopt.step(c)"
            )
            == []
        )

    def test_no_return(self) -> None:
        assert self.steps("def c():\n    net(x).sum().backward()\nopt.step(c)") == ["no return"]
        assert self.steps(
            "def c():\n    def inner():\n        return 1\n    net(x).sum().backward()\nopt.step(closure=c)"
        ) == ["no return"]

    def test_no_backward(self) -> None:
        assert self.steps("def c():\n    opt.zero_grad()\n    return net(x).sum()\nopt.step(c)") == ["no backward"]
        assert self.steps("def c():\n    return net(x).sum()\nopt.step(c)") == ["no backward"]
        assert self.steps("opt.step(lambda: criterion(net(x), y))") == ["no backward"]
        assert self.steps("def c():\n    opt.zero_grad()\n    return trained(net)\nopt.step(c)") == []
        assert self.steps("def c():\n    return model()\nopt.step(c)") == []

    def test_no_backward_in_what_stands_for_a_function(self) -> None:
        partial = "import functools\nmeasure = functools.partial(torch.nn.functional.mse_loss, reduction='sum')\n"
        assert self.steps(f"{partial}opt.step(lambda: measure(net(x), y))") == ["no backward"]
        assert self.steps("measure = torch.nn.MSELoss()\nopt.step(lambda: measure(net(x), y))") == ["no backward"]
        assert self.steps("measure = torch.sum if big else torch.mean\nopt.step(lambda: measure(net(x)))") == [
            "no backward"
        ]
        assert self.steps("measure = torch.sum if big else trained\nopt.step(lambda: measure(net(x)))") == []

    def test_what_cannot_be_looked_into_may_compute_gradients(self) -> None:
        assert self.steps("def total(q):\n    ...\nopt.step(lambda: total(net(x).sum()))") == []

    def test_first_order_optimisers_and_unknown_closures(self) -> None:
        assert self.steps("opt.step(lambda: loss)", "torch.optim.SGD(net.parameters())") == []
        assert self.steps("opt.step()\nopt.step(unseen)") == []
        assert self.steps("def c():\n    pass\nopt.step(c)") == []


class TestLoose:
    def loose(self, text: str) -> list[str]:
        return [item.parameter.name for item in subjects(text).loose]

    def test_handed_to_something_unknown(self) -> None:
        assert self.loose("def f(W):\n    return net.loss(x, t)\ncheck(f)\n") == ["W"]
        assert self.loose("check(lambda theta: net.cost(x, t)[0])\n") == ["theta"]

    def test_what_it_reads(self) -> None:
        (found,) = subjects("check(lambda theta: self.net.cost(x, t)[0])\n").loose
        assert found.reads == "self.net"
        assert found.claim is not None
        assert found.claim.outcome == "zero"

    @pytest.mark.parametrize(
        "text",
        [
            "def f(W):\n    return net.loss(x, t)\n",
            "def f(W):\n    return net.loss(x, t)\nf(3)\n",
            "def f(event):\n    return net.loss(x, t)\ncheck(f)\n",
            "def f(W):\n    return net.predict(x)\ncheck(f)\n",
            "def f(W):\n    a = 1\n    b = 2\n    return net.loss(a, b)\ncheck(f)\n",
            "def f(W):\n    net.loss(x, t)\ncheck(f)\n",
            "def f(W):\n    return loss(x, t)\ncheck(f)\n",
            "def f(W):\n    return net.loss(locals())\ncheck(f)\n",
            "def f(*W):\n    return net.loss(x)\ncheck(f)\n",
            "check(on_change=lambda W: net.loss(x, t))\n",
        ],
    )
    def test_silent(self, text: str) -> None:
        assert self.loose(text) == []


def test_a_function_that_is_put_under_an_unknown_name_may_be_asked_for_under_another() -> None:
    text = "def g(cls, name, other):\n    def loss(w):\n        return w\n\n"
    text += "    setattr(cls, name, loss)\n    return jax.grad(getattr(cls, other))(w)\n"
    assert sites(text) == ()
