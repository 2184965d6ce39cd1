from __future__ import annotations

import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, get_args

import pytest

from closurelint import catalogue as module
from closurelint.catalogue import (
    Catalogue,
    CatalogueError,
    Differentiator,
    catalogue,
    describe,
    generate,
    generate_names,
    generate_vocabulary,
    overview,
)
from closurelint.evidence import Delivery

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

PACKAGE = Path(module.__file__).parent
KNOWN = catalogue()
FAMILIES = {
    "autodiff", "numeric-diff", "gradient-check", "optimizer", "root-finder", "least-squares", "curve-fit", "sampler",
    "hyperparameter", "line-search", "fixed-point", "closure-step", "integrator", "constraint", "linear-operator",
}  # fmt: skip
ALL = pytest.mark.parametrize("entry", KNOWN.entries, ids=lambda entry: entry.name)


def parsed(name: str) -> dict[str, Any]:
    return tomllib.loads((PACKAGE / name).read_text(encoding="utf-8"))


def function(dotted: str, known: Catalogue = KNOWN) -> Differentiator:
    found = known.function(dotted)
    assert found is not None
    return found


def test_the_generated_module_is_fresh(blessed: Callable[[Path, str], None]) -> None:
    blessed(PACKAGE / "catalogue_data.py", generate(parsed("catalogue.toml"), parsed("operations.toml")))


def test_the_words_that_triage_looks_for_are_fresh(blessed: Callable[[Path, str], None]) -> None:
    blessed(PACKAGE / "triage" / "vocabulary_names.py", generate_names(KNOWN))
    blessed(PACKAGE / "triage" / "vocabulary_data.py", generate_vocabulary(KNOWN))


def test_loading_it_parses_nothing() -> None:
    code = "import sys; from closurelint.catalogue import catalogue; catalogue(); print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not set(done.stdout.split()) & {"tomllib", "tomli", "libcst", "numpy", "difflib", "json"}


class TestEntries:
    def test_no_path_stands_twice(self) -> None:
        paths = Counter(
            (entry.kind in ("method", "attribute", "overridden"), path)
            for entry in KNOWN.entries
            for path in entry.paths
        )
        assert [path for path, count in paths.items() if count > 1] == []

    @ALL
    def test_says_what_only_it_may_say(self, entry: Differentiator) -> None:
        assert entry.delivery in get_args(Delivery)
        assert entry.family in FAMILIES
        assert entry.kind in {"function", "class", "method", "decorator factory", "attribute", "overridden"}
        assert entry.report in {"always", "never", "severed"}
        assert entry.verified in {"ran", "signature", "documentation"}
        assert entry.version

    @ALL
    def test_has_an_objective(self, entry: Differentiator) -> None:
        itself = entry.objective_position is None and not entry.objective_keywords
        assert itself == (entry.kind in ("overridden", "attribute"))
        assert entry.point.kind != "argument" or entry.point.position is not None or entry.point.keywords
        if entry.point.kind == "argument" and entry.point.position is not None:
            assert entry.point.position != entry.objective_position

    @ALL
    def test_differentiates_something(self, entry: Differentiator) -> None:
        what = entry.differentiated
        assert what.kind in {"positions", "argnums", "argname", "trainable", "all", "from", "model"}
        chosen_by_the_call = what.kind in {"argnums", "argname", "trainable"}
        assert chosen_by_the_call == bool(what.keyword) or what.kind == "from"
        assert (what.kind == "model") == (entry.model is not None)
        if what.kind == "positions":
            assert what.positions or entry.family == "closure-step"

    @ALL
    def test_its_consequence_ends_a_sentence(self, entry: Differentiator) -> None:
        text = entry.consequence
        assert text == text.strip()
        assert text[0].islower() or text[0] == "`"
        assert text[-1] not in ".!;,"
        assert text.count("`") % 2 == 0
        assert not {"might", "may", "could", "probably"} & set(text.split())

    @ALL
    def test_its_consequence_names_no_other_function(self, entry: Differentiator) -> None:
        own = {path.rpartition(".")[2] for path in entry.paths}
        named = entry.consequence.split("`")[1::2]
        allowed = own | {'method="lm"'} | ({"optimize"} if entry.name.startswith("nlopt.") else set())
        assert set(named) <= allowed

    @ALL
    def test_its_delivery_fits_its_family(self, entry: Differentiator) -> None:
        assert entry.family != "autodiff" or entry.delivery in ("trace", "model")
        assert (entry.family == "hyperparameter") == (entry.delivery == "trial")
        assert not entry.identity or entry.delivery in ("in-place", "trace")

    def test_integrators_are_known_and_never_reported(self) -> None:
        quiet = {"integrator", "linear-operator"}
        assert all(entry.report == "never" for entry in KNOWN.entries if entry.family in quiet)
        others = [each.name for each in KNOWN.entries if each.report == "never" and each.family not in quiet]
        # it marks the gradients of a cost too, which may well be constant
        assert others == ["pymanopt.function.numpy"]

    def test_only_what_takes_constraints_tolerates_a_constant(self) -> None:
        tolerant = {entry.name: entry.tolerated_by for entry in KNOWN.entries if entry.tolerated_by}
        assert tolerant == {
            "scipy.optimize.minimize": ("constraints",),
            "scipy.optimize.differential_evolution": ("constraints",),
            "scipy.optimize.shgo": ("constraints",),
            "scipy.optimize.fmin_slsqp": ("eqcons", "f_eqcons", "ieqcons", "f_ieqcons"),
            "scipy.optimize.fmin_cobyla": ("cons",),
            "iminuit.minimize": ("constraints",),
            "pdfo.pdfo": ("constraints",),
            "cobyqa.minimize": ("constraints",),
            "cyipopt.minimize_ipopt": ("constraints",),
            "optimagic.minimize": ("constraints",),
            "optimagic.maximize": ("constraints",),
        }
        minimize = function("scipy.optimize.minimize")
        assert minimize.tolerates(["method", "constraints"]) == "constraints"
        assert minimize.tolerates(["jac", "hess", "callback"]) == ""


class TestLookUp:
    @pytest.mark.parametrize(
        ("dotted", "name"),
        [
            ("jax.grad", "jax.grad"),
            ("functorch.grad", "torch.func.grad"),
            ("jax._src.test_util.check_grads", "jax.test_util.check_grads"),
            ("flax.nnx.transforms.autodiff.grad", "flax.nnx.grad"),
            ("scipy.odr.Model", "scipy.odr.Model"),
        ],
    )
    def test_a_function_is_found_by_its_paths(self, dotted: str, name: str) -> None:
        assert function(dotted).name == name

    @pytest.mark.parametrize(
        "dotted", ["grad", "jax.numpy.gradient", "numpy.gradient", "jax", "optuna.study.Study.optimize"]
    )
    def test_a_look_alike_is_none(self, dotted: str) -> None:
        assert KNOWN.function(dotted) is None

    def test_a_method_is_found_by_its_class(self) -> None:
        found = KNOWN.method("optuna.study.Study", "optimize")
        assert found is not None
        assert found.delivery == "trial"
        assert KNOWN.method("optuna.study.Study", "tell") is None

    def test_only_a_name_of_its_own_stands_for_a_method_alone(self) -> None:
        for name in ("optimize", "minimize", "step", "run", "__call__"):
            assert not any(entry.distinctive for entry in KNOWN.methods_named(name)), name
        assert all(entry.distinctive for entry in KNOWN.methods_named("step_and_cost"))
        assert KNOWN.methods_named("step_and_cost")

    def test_what_constructors_return_has_methods(self) -> None:
        owners = {path.rpartition(".")[0] for entry in KNOWN.entries if entry.kind == "method" for path in entry.paths}
        assert set(KNOWN.returns.values()) <= owners

    def test_helpers_of_courses_go_by_their_bare_name(self) -> None:
        helper = KNOWN.by_name("eval_numerical_gradient")
        assert helper is not None
        assert (helper.delivery, helper.origin) == ("in-place", "name")
        assert KNOWN.function("eval_numerical_gradient") is None
        # under these names public code has both kinds, so only the body tells
        for name in ("numerical_grad", "numeric_gradient", "gradient_check", "check_grad", "gradient_descent"):
            assert KNOWN.by_name(name) is None, name

    def test_names_are_what_a_search_looks_for(self) -> None:
        assert list(KNOWN.names) == sorted(set(KNOWN.names))
        assert {"grad", "minimize", "step_and_cost", "numerical_gradient", "pymanopt"} <= set(KNOWN.names)
        # a file that imports numpy is no candidate for that alone
        assert not {"numpy", "jax", "tensorflow", "autograd"} & set(KNOWN.names)

    def test_a_person_names_a_path_or_its_end(self) -> None:
        assert [entry.name for entry in KNOWN.named("jax.grad")] == ["jax.grad"]
        assert [entry.name for entry in KNOWN.named("curve_fit")] == ["scipy.optimize.curve_fit"]
        assert {"jax.grad", "torch.func.grad", "autograd.grad"} <= {entry.name for entry in KNOWN.named("grad")}
        assert KNOWN.named("rad") == ()


class TestPositions:
    """Which parameters of an objective are differentiated."""

    @pytest.mark.parametrize(
        ("dotted", "positional", "keywords", "count", "expected"),
        [
            ("jax.grad", (...,), {}, 3, (0,)),
            ("jax.grad", (...,), {"argnums": 1}, 3, (1,)),
            ("jax.grad", (..., 1), {}, 3, (1,)),
            ("jax.grad", (...,), {"argnums": (0, 2)}, 3, (0, 2)),
            ("jax.grad", (...,), {"argnums": ...}, 3, None),
            ("jax.grad", (...,), {"argnums": -1}, 3, None),
            ("jax.grad", (...,), {"argnums": True}, 3, None),
            ("jax.vjp", (..., ...), {}, 3, (0, 1, 2)),
            ("autograd.grad", (..., 1), {}, 2, (1,)),
            ("autograd.grad_named", (..., "w"), {}, 2, ("w",)),
            ("mlx.core.grad", (...,), {"argnames": ("w", "b")}, 2, ("w", "b")),
            ("mlx.core.grad", (...,), {"argnames": "w"}, 2, ("w",)),
            ("mlx.nn.value_and_grad", (..., ...), {}, 2, ()),
            ("pennylane.grad", (...,), {}, 2, (0, 1)),
            ("pennylane.grad", (...,), {"argnums": None}, 2, (0, 1)),
            ("pennylane.grad", (...,), {"argnums": 1}, 2, (1,)),
            ("mindspore.grad", (...,), {"grad_position": None}, 2, None),
            ("scipy.optimize.curve_fit", (..., ..., ...), {}, 3, (1, 2)),
            ("flax.linen.grad", (...,), {}, 1, (1,)),
            ("equinox.filter_grad", (...,), {}, 3, (0,)),
            ("pygad.GA", (), {}, 3, (0, 1, 2)),
            ("flax.nnx.grad", (..., 1), {}, 2, (0,)),
        ],
    )
    def test_of(
        self,
        dotted: str,
        positional: tuple[object, ...],
        keywords: Mapping[str, object],
        count: int,
        expected: tuple[int | str, ...] | None,
    ) -> None:
        assert function(dotted).positions(positional, keywords, count) == expected

    @pytest.mark.parametrize(
        ("dotted", "keywords", "expected"),
        [
            ("jax.grad", {}, False),
            ("jax.grad", {"has_aux": True}, True),
            ("jax.grad", {"has_aux": False}, False),
            ("jax.grad", {"has_aux": ...}, True),
            ("scipy.optimize.minimize", {"jac": True}, True),
            ("scipy.optimize.minimize", {"jac": ...}, False),
            ("scipy.optimize.minimize", {"jac": "2-point"}, False),
            ("autograd.grad_and_aux", {}, True),
            ("torch.func.hessian", {"has_aux": True}, False),
        ],
    )
    def test_only_the_first_element_counts(self, dotted: str, keywords: Mapping[str, object], expected: bool) -> None:
        assert function(dotted).returns_aux(keywords) is expected


class TestOperations:
    @pytest.mark.parametrize(
        ("name", "kind", "cuts", "positions"),
        [
            (".shape", "attribute", "always", None),
            ("builtins.len", "function", "always", None),
            ("jax.numpy.zeros_like", "function", "always", None),
            ("jax.numpy.full_like", "function", "always", (0,)),
            ("jax.numpy.argmax", "function", "gradient", None),
            ("builtins.int", "function", "gradient", None),
            (".long()", "method", "gradient", None),
            ("torch.where", "function", "gradient", (0,)),
            ("jax.numpy.take", "function", "gradient", (1,)),
            ("jax.lax.stop_gradient", "function", "trace", None),
            (".detach()", "method", "trace", None),
            (".data", "attribute", "trace", None),
            ("torch.nn.Parameter", "function", "trace", None),
            ("torch.no_grad", "context", "trace", None),
        ],
    )
    def test_that_cut(self, name: str, kind: str, cuts: str, positions: tuple[int, ...] | None) -> None:
        found = KNOWN.operation(name)
        assert found is not None
        assert (found.kind, found.cuts, found.positions) == (kind, cuts, positions)

    @pytest.mark.parametrize(
        "name",
        [
            "jax.device_get", "jax.device_put", "jax.numpy.asarray", "jax.numpy.array", "numpy.asarray", "numpy.array",
            "jax.numpy.sort", "jax.numpy.max", "jax.numpy.mod", "torch.as_tensor", "torch.asarray", "torch.stack",
            "torch.clone", "torch.Tensor", "torch.func.functional_call", "tensorflow.convert_to_tensor",
            "tensorflow.identity", "tensorflow.py_function", "mlx.core.array", "builtins.abs", "builtins.max",
            ".cpu()", ".clone()", ".copy()", ".half()", ".double()", ".to()", ".astype()", ".rsample()", ".max()",
            ".sum()", ".real", ".T", ".at", ".grad",
        ],
    )  # fmt: skip
    def test_that_keep_the_gradient_are_not_there(self, name: str) -> None:
        assert KNOWN.operation(name) is None

    def test_no_operation_stands_twice(self) -> None:
        data = parsed("operations.toml")
        names = [name for group in data["cuts"].values() for name in group]
        names += [name for group in data["positions"].values() for name in group]
        assert [name for name, count in Counter(names).items() if count > 1] == []

    def test_an_attribute_cuts_where_it_means_that(self) -> None:
        assert KNOWN.loses(function("torch.func.grad"), ".data")
        assert not KNOWN.loses(function("jax.grad"), ".data")
        assert KNOWN.loses(function("jax.grad"), ".item()")
        named = parsed("operations.toml")["only"]
        assert all(KNOWN.operation(name) or name.strip(".()") in KNOWN.writers for name in named)
        assert not KNOWN.loses(function("scipy.optimize.minimize"), ".assign()")

    def test_no_storage_is_both_shared_and_copied(self) -> None:
        storage = parsed("operations.toml")["storage"]
        assert not set(storage["shared"]) & set(storage["copied"])
        assert KNOWN.shares_storage(".ravel") is True
        assert KNOWN.shares_storage("numpy.asarray") is True
        assert KNOWN.shares_storage(".flatten") is False
        assert KNOWN.shares_storage("copy.deepcopy") is False
        assert KNOWN.shares_storage(".unheard_of") is None

    def test_a_wrapper_is_no_differentiator(self) -> None:
        assert KNOWN.wrappers["jax.jit"] == 0
        assert not [name for name in KNOWN.wrappers if KNOWN.function(name) or KNOWN.operation(name)]
        assert not set(KNOWN.wrappers) & KNOWN.definition_decorators


class TestOfTheUser:
    def test_like_another(self) -> None:
        found = function("lab.gradient", catalogue({"lab.gradient": {"like": "jax.grad"}}))
        original = function("jax.grad")
        assert found.origin == "settings"
        assert (found.delivery, found.differentiated, found.point) == ("trace", original.differentiated, original.point)
        assert KNOWN.function("lab.gradient") is None

    def test_like_a_helper_of_a_course(self) -> None:
        assert function("lab.check", catalogue({"lab.check": {"like": "numerical_gradient"}})).delivery == "in-place"

    def test_in_full(self) -> None:
        table = {"objective": 1, "parameter": 2, "point": 0, "delivery": "in-place", "keywords": ["loss"], "aux": "aux"}
        found = function("lab.check", catalogue({"lab.check": {**table, "consequence": "nothing is learned"}}))
        assert (found.objective_position, found.objective_keywords) == (1, ("loss",))
        assert (found.positions((), {}, 4), found.point.position) == ((2,), 0)
        assert (found.delivery, found.consequence) == ("in-place", "nothing is learned")
        assert found.returns_aux({"aux": True})

    def test_with_nothing_said(self) -> None:
        found = function("lab.gradient", catalogue({"lab.gradient": {}}))
        assert (found.objective_position, found.point.position, found.delivery) == (0, 1, "copy")
        assert found.takes_gradient

    def test_a_search_has_no_gradient(self) -> None:
        found = function("lab.search", catalogue({"lab.search": {"delivery": "trial"}}))
        assert not found.takes_gradient
        assert found.point.kind == "none"
        assert "candidate" in found.consequence

    def test_a_trace_loses_what_is_detached(self) -> None:
        found = function("lab.grad", catalogue({"lab.grad": {"delivery": "trace", "point": "returned"}}))
        assert found.traces
        assert found.point.kind == "returned"

    def test_instead_of_a_built_in_one(self) -> None:
        assert function("jax.grad", catalogue({"jax.grad": {"delivery": "copy"}})).delivery == "copy"
        assert function("jax.grad").delivery == "trace"

    def test_as_settings_keep_it(self) -> None:
        pairs = {"lab.check": (("delivery", "in-place"), ("keywords", ("loss",)))}
        assert function("lab.check", catalogue(pairs)).objective_keywords == ("loss",)
        assert catalogue(pairs) is catalogue(pairs)
        assert catalogue({}) is catalogue()

    @pytest.mark.parametrize(
        ("table", "message"),
        [
            ({"delivry": "copy"}, "has an unknown key `delivry`, did you mean `delivery`?"),
            ({"xyzzy": 1}, "has an unknown key `xyzzy`"),
            ({"like": "jax.grd"}, "names no known differentiator, did you mean `jax.grad`?"),
            ({"like": 1}, "names no known differentiator"),
            ({"delivery": "inplace"}, "delivery cannot be 'inplace', did you mean `in-place`?"),
            ({"delivery": "9"}, "delivery cannot be '9', use one of in-place, copy, trace, model, trial"),
            ({"delivery": "model"}, 'say which with `like = "mlx.nn.value_and_grad"`'),
            ({"objective": -1}, "objective must be the position of an argument, from 0 on"),
            ({"parameter": True}, "parameter must be the position of an argument, from 0 on"),
            ({"point": "later"}, "point must be the position of an argument, from 0 on"),
            ({"keywords": "loss"}, "keywords must be a list of argument names"),
            ({"keywords": [1]}, "keywords must be a list of argument names"),
            ({"consequence": 1}, "consequence must be a string"),
            ({"aux": True}, "aux must be a string"),
        ],
    )
    def test_wrong_words_are_named(self, table: dict[str, object], message: str) -> None:
        with pytest.raises(CatalogueError) as caught:
            catalogue({"lab.gradient": table})
        assert 'differentiators."lab.gradient"' in str(caught.value)
        assert message in str(caught.value)


class TestForAPerson:
    @ALL
    def test_every_entry_is_explained(self, entry: Differentiator) -> None:
        text = describe(entry)
        assert text.startswith(entry.name + "\n")
        assert entry.consequence in text
        assert "None" not in text.replace("is None", "")
        assert all(len(line) == len(line.rstrip()) for line in text.splitlines())
        assert all(path in text for path in entry.paths)

    def test_an_explanation_says_where_everything_is(self) -> None:
        text = describe(function("scipy.optimize.minimize"))
        assert "its first argument or `fun=`" in text
        assert "its second argument or `x0=`" in text
        assert "the objective gets fresh arrays" in text
        assert "tolerated:      a constant objective with `constraints=`" in text
        assert "`argnums=` selects, by default the first" in describe(function("jax.grad"))
        assert "reported:       no" in describe(function("scipy.integrate.quad"))
        assert "known from" not in describe(function("lab.f", catalogue({"lab.f": {}})))

    def test_the_overview_counts_all(self) -> None:
        text = overview(KNOWN)
        assert text.endswith(f"{len(KNOWN.entries)} differentiators")
        assert all(f"\n  {entry.name} " in text for entry in KNOWN.entries)
        sizes = [int(line.partition("(")[2].rstrip(")")) for line in text.splitlines() if line.endswith(")")]
        assert sum(sizes) == len(KNOWN.entries)
