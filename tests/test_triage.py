"""The quick look never hides what the close look finds, and leaves out what cannot matter."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest
from static_half import write

from closurelint.analysis.facts import SyntaxProblem
from closurelint.analysis.resolve import Project
from closurelint.analysis.sites import find
from closurelint.catalogue import catalogue
from closurelint.classify import fault
from closurelint.triage import first_look
from closurelint.triage import relevant as part_in
from closurelint.triage.blocks import Blocks
from closurelint.triage.circles import circles
from closurelint.triage.definitions import definitions
from closurelint.triage.imports import Imports
from closurelint.triage.neighbours import Neighbours
from closurelint.triage.part import Part

FIXTURES = Path(__file__).parent.parent / "fixtures"
TAKER = "import jax\n\n\ndef slope_of(f, x):\n    return jax.grad(f)(x)\n"
SITE = "import jax\ngrads = jax.grad(lambda p: loss)(params)\n"


def faults(part: Part, path: Path) -> set[object]:
    try:
        subjects = find(part, str(path), catalogue(), Project())
    except SyntaxProblem:
        return {"no Python"}
    found: set[object] = {(site.objective.range, fault(site)) for site in subjects.sites if fault(site)}
    found |= {(loose.objective.range, "loose") for loose in subjects.loose}
    return found | {(step.objective.range, step.fault) for step in subjects.steps}


def part_of(text: str, path: Path = Path("nowhere/example.py")) -> Part | None:
    neighbours = Neighbours()
    look = first_look(text.encode(), str(path), neighbours)
    return None if look is None else part_in(text, str(path), look, neighbours)


def relevant(text: str, path: Path = Path("nowhere/example.py")) -> str | None:
    part = part_of(text, path)
    return None if part is None else part.text


@pytest.mark.parametrize("path", sorted(FIXTURES.rglob("*.py")), ids=lambda path: str(path.relative_to(FIXTURES)))
def test_nothing_is_hidden(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    quick = part_of(text, path)
    said = set() if quick is None else faults(quick, path)
    # whether a file is Python at all is asked of the whole of it
    assert faults(Part(text), path) - {"no Python"} == said - {"no Python"}


def test_a_text_without_differentiators_is_not_looked_at() -> None:
    assert relevant("import os\n\nrows = sorted(os.listdir(), key=lambda name: 0)\n") is None


def test_objectives_that_are_plainly_fine_are_not_looked_at() -> None:
    text = "import jax\n\n\ndef loss(w, x):\n    y = x @ w\n    return (y * y).sum()\n\n\ng = jax.grad(loss)(w0, x)\n"
    assert relevant(text) is None


def test_what_has_nothing_to_do_with_a_site_is_blanked_line_for_line() -> None:
    text = f"def unrelated(a):\n    return a\n\n\nclass Other:\n    def method(self):\n        return 1\n\n\n{SITE}"
    kept = relevant(text)
    assert kept is not None
    assert kept.count("\n") == text.count("\n")
    assert "unrelated" not in kept
    assert "method" not in kept
    assert kept.endswith(SITE)
    ast.parse(kept)


def test_a_class_keeps_its_header_and_what_its_method_needs() -> None:
    text = (
        "import jax\n\n\nclass Trainer:\n    def __init__(self, net):\n        self.net = net\n\n"
        "    def unrelated(self):\n        return 1\n\n"
        "    def step(self, params):\n        return jax.grad(lambda p: self.net.loss())(params)\n"
    )
    kept = relevant(text)
    assert kept is not None
    assert "class Trainer:" in kept
    assert "self.net = net" in kept
    assert "unrelated" not in kept


def test_what_python_cannot_parse_is_kept_with_all_that_it_mentions() -> None:
    text = f"def helper(a):\n    return a\n\n\ndef unrelated(b):\n    return b\n\n\n{SITE}grads = jax.grad(helper(\n"
    kept = relevant(text)
    assert kept is not None
    assert "helper(a)" in kept
    assert "jax.grad(helper(" in kept
    assert "unrelated" not in kept


def test_a_file_without_functions_holds_nothing_but_what_it_imports(tmp_path: Path) -> None:
    assert first_look(b"import jax\nx = jax.grad(net)(w)\n", "example.py", Neighbours()) is None
    (tmp_path / "losses.py").write_text("def loss(p):\n    return total\n", encoding="utf-8")
    (tmp_path / "fine.py").write_text("def loss(p):\n    return p\n", encoding="utf-8")
    site = "import jax\nimport {0}\n\nx = jax.grad({0}.loss)(w)\n"
    assert relevant(site.format("losses"), tmp_path / "site.py") is not None
    assert relevant(site.format("fine"), tmp_path / "site.py") is None


@pytest.mark.parametrize(
    "text",
    [
        '"""Text.\n\nclass in text:\ndef f in text\n"""\n\nimport jax\n\n\ndef f(x):\n    return x\n',
        'class A:\n    """Text.\n\n    def f in text\n    """\n\n    @property\n    def f(self): return 1\n',
        "@one\n@two(\n    3,\n)\ndef f(a):\n    return a\n\n\nif a:\n    b = 1\nelse:\n    b = 2\n",
        "try:\n    import a\nexcept ImportError:\n    a = None\n\nx = (\n    1,\n)\n",
        "class A: pass\n\n\nclass B:\n    # only a comment\n\n    y: int\n    def g(self): ...\n",
    ],
)
def test_blocks_are_cut_where_python_cuts_them(text: str) -> None:
    cut, exact = Blocks(text), Blocks(text, exact=True)
    for block in cut.blocks:
        ast.parse(block.source if block.owner is None else "if 1:\n" + block.source) if block.kind != "class" else None
    assert "".join(block.source for block in cut.blocks) == text
    assert {(block.kind, block.name) for block in cut.blocks if block.kind} == {
        (block.kind, block.name) for block in exact.blocks if block.kind
    }


def test_names_are_followed_into_files_of_the_project(tmp_path: Path) -> None:
    write(
        tmp_path,
        checks=TAKER,
        losses="def loss(p):\n    return total\n",
        fine="def loss(p):\n    return (p * p).sum()\n",
    )
    site = "from {0} import loss\nfrom checks import slope_of as slope\n\n\ndef run(x):\n    return slope(loss, x)\n"
    assert relevant(site.format("losses"), tmp_path / "site.py") is not None
    assert relevant(site.format("fine"), tmp_path / "site.py") is None


@pytest.mark.parametrize("imports", ["from .checks import slope_of\n", "from .checks import *\n"])
def test_a_package_that_only_imports_passes_names_on(tmp_path: Path, imports: str) -> None:
    write(tmp_path, package__in____init__=imports, package__in__checks=TAKER)
    site = "from package import slope_of\n\n\ndef run(x):\n    return slope_of(lambda p: {0}, x)\n"
    assert relevant(site.format("total"), tmp_path / "site.py") is not None
    assert relevant(site.format("(p * p).sum()"), tmp_path / "site.py") is None


@pytest.mark.parametrize(
    ("statement", "spelled"),
    [
        ("from package import checks", "checks"),
        ("from package import (\n    # both\n    other,\n    checks,\n)", "checks"),
        ("from package import other, \\\n    checks", "checks"),
        ("from package import checks as c", "c"),
        ("import package.checks as c", "c"),
        ("import package.checks", "package.checks"),
        ("from package.inner import checks", "checks"),
        ("from plain import checks", "checks"),
    ],
)
def test_a_module_is_followed_however_it_is_imported(tmp_path: Path, statement: str, spelled: str) -> None:
    for folder in ("package", "package__in__inner"):
        write(tmp_path, **{f"{folder}__in____init__": "", f"{folder}__in__checks": TAKER})
    write(tmp_path, plain__in__checks=TAKER)
    site = f"{statement}\n\n{spelled}.slope_of(lambda p: {{0}}, x)\n"
    assert relevant(site.format("total"), tmp_path / "site.py") is not None
    assert relevant(site.format("(p * p).sum()"), tmp_path / "site.py") is None


@pytest.mark.parametrize("first", ["num", "config", "__init__", "more"])
def test_files_that_import_each_other_pass_names_on_whichever_comes_first(tmp_path: Path, first: str) -> None:
    write(
        tmp_path,
        package__in__num=f"from package import config\n{TAKER}",
        package__in__config="from package import more\n",
        package__in__more="import package.num\n\n\ndef twice(f, x):\n    return 2 * package.num.slope_of(f, x)\n",
        package__in____init__="from package.num import slope_of\nfrom package.more import twice\n",
    )
    neighbours = Neighbours()
    neighbours.look(str(tmp_path / "before.py"), f"import package.{first}\n".encode())
    for name in ("slope_of", "twice"):
        site = f"from package import {name}\n{name}(lambda p: total, x)\n"
        look = first_look(site.encode(), str(tmp_path / "site.py"), neighbours)
        assert look is not None
        assert set(look.anchors) == {name}


def test_files_come_after_those_that_they_import_and_together_with_those_that_import_them() -> None:
    imports = {"a": "bc", "b": "d", "c": "d", "d": "eb", "e": "", "f": "a"}
    done: set[str] = set()
    found = []
    for circle in circles("f", imports.__getitem__, done):
        found.append(sorted(circle))
        done.update(circle)
    assert found == [["e"], ["b", "d"], ["c"], ["a"], ["f"]]
    assert list(circles("a", imports.__getitem__, set("abcde"))) == [["a"]]


def test_a_file_is_the_same_by_any_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "checks.py").write_text("x = 1\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    neighbours = Neighbours()
    names = ("checks.py", f".{os.sep}checks.py", str(tmp_path / "checks.py"))
    assert len({id(neighbours.glance(name, b"x = 1\n")) for name in names}) == 1


def test_what_was_looked_over_is_read_only_if_its_imports_make_something_of_it(tmp_path: Path) -> None:
    texts = {
        "checks": TAKER,
        "plain": "def plain(x):\n    return x\n",
        "using": "from checks import slope_of\n\nslope_of(lambda p: total, x)\n",
        "apart": "import plain\n\nplain.plain(lambda p: total)\n",
    }
    write(tmp_path, **texts)
    paths = {name: str(tmp_path / f"{name}.py") for name in texts}
    neighbours = Neighbours()
    seen = {name: neighbours.look_over(paths[name], text.encode()) for name, text in texts.items()}
    assert seen == {
        "checks": None,
        "plain": (paths["plain"], ()),
        "using": (paths["using"], (paths["checks"],)),
        "apart": (paths["apart"], (paths["plain"],)),
    }
    alone = {name: neighbours.imports_alone(path) for name, path in paths.items()}
    assert alone == {"checks": None, "plain": (), "using": None, "apart": (paths["plain"],)}


@pytest.mark.parametrize(
    ("statement", "modules"),
    [
        ("from .importer import load, save as s", {(".importer", ("load", "save"))}),
        ("from important.thing import f", {("important.thing", ("f",))}),
        ("import important, b.c as d  # e", {("important", ()), ("b.c", ())}),
        ("from .import name", {(".", ("name",))}),
        ("from .import(name, other)", {(".", ("name", "other"))}),
        ("    from a import (  # this\n        b,\n        c as d,\n    )", {("a", ("b", "c"))}),
        ("from a import b, \\\n    c", {("a", ("b", "c"))}),
        ("try: from a import b", {("a", ("b",))}),
        ("from os import path", set()),
        ("# we import this from there", set()),
    ],
)
def test_modules_are_read_as_they_are_written(statement: str, modules: set[object]) -> None:
    assert Imports(statement.encode()).modules == modules


DIFFERENCE = "def slope(f, x, h):\n    {0}\n    return (f(x + h){1} f(h)) / h\n"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (DIFFERENCE.format("pass", " -"), True),
        (DIFFERENCE.format('"""The - (difference)."""', " -"), True),
        (DIFFERENCE.format('"""It is \\" - (f) / g."""', " +"), False),
        (DIFFERENCE.format("'f(x) - f(y)'", " +"), False),
        (DIFFERENCE.format("# f(x) - f(y)", " +"), False),
        (DIFFERENCE.format('print(f"{f(x) - f(h)}")', " +"), True),
        ("class A:\n    def b(self):\n        " + DIFFERENCE.format("pass", " +").replace("\n", "\n        ")
         + "\n\n    @cached\n    def c(self):\n        return self.a - self.b\n", False),
    ],
)  # fmt: skip
def test_what_is_said_about_a_function_is_no_formula_of_it(text: str, found: bool) -> None:
    assert definitions(text.encode())[0] == (["slope"] if found else [])


def test_a_term_that_reads_the_point_past_its_parameter_is_suspect() -> None:
    text = (
        "import jax\n\n\ndef run(params, x, y):\n    def predict(x):\n        return x @ params\n\n"
        "    return jax.grad(lambda p, x, y: ((predict(x) - y) ** 2).sum() + (p * p).sum())(params, x, y)\n"
    )
    assert relevant(text) is not None


@pytest.mark.parametrize(
    "text",
    [
        "from helpers import check\ncheck(lambda w: net.loss(x), net.w)\n",
        "def slope(f, x, h):\n    return (f(x + h) - f(x - h)) / (2 * h)\n\n\ns = slope(lambda w: net.loss(x), 1, 1)\n",
        "from scipy.optimize import minimize as fit\nfit(lambda w: net.loss(x), w0)\n",
        "import jax\ng = jax.grad\nd = g(lambda w: total)(w0)\n",
        "import jax\n\n\n@jax.grad\ndef loss(p):\n    return total\n",
    ],
)
def test_every_way_to_hand_a_function_over_is_seen(text: str) -> None:
    assert relevant(text) is not None


@pytest.mark.parametrize(
    ("spelled", "looked_at"),
    [
        ("scipy.optimize.minimize(lambda w: 1.0, x0)", True),
        ("optimize.minimize(lambda w: 1.0, x0)", True),
        ("optimize . minimize(lambda w: 1.0, x0)", True),
        ("(optimize\n    .minimize(lambda w: 1.0, x0))", True),
        ("(optimize.  # SciPy's\n    minimize(lambda w: 1.0, x0))", True),
        ("optimize.\\\n    minimize(lambda w: 1.0, x0)", True),
        ("x = 1.0\nminimize(lambda w: 1.0, x0)", True),
        ("model.optimize.minimize(lambda w: 1.0, x0)", False),
        ("model(x).minimize(lambda w: 1.0, x0)", False),
        ("model[0].minimize(lambda w: 1.0, x0)", False),
        ("minimizes(lambda w: 1.0, x0)", False),
    ],
)
def test_the_name_of_a_library_counts_where_it_leads_back_to_an_import(spelled: str, looked_at: bool) -> None:
    text = f"import scipy.optimize\nfrom scipy import optimize\nfrom scipy.optimize import minimize\n\n{spelled}\n"
    assert (relevant(text) is not None) is looked_at


def test_a_function_that_is_renamed_or_wrapped_is_followed() -> None:
    text = "import jax\n\n\ndef f(w):\n    return net.loss(x)\n\n\nchosen = jax.jit(f)\ng = jax.grad(chosen)(w0)\n"
    assert relevant(text) is not None


def test_what_is_kept_does_not_depend_on_the_order_of_sets() -> None:
    text = (FIXTURES / "book" / "ch04" / "simple_net.py").read_text(encoding="utf-8")
    code = (
        "import sys; from closurelint.surroundings import Surroundings; "
        "from closurelint.triage import first_look, relevant; text, around = sys.stdin.read(), Surroundings(); "
        "near = around.neighbours(); "
        "part = relevant(text, 'a.py', first_look(text.encode(), 'a.py', near), near); "
        "print(part.text, part.pieces, sorted(part.scopes))"
    )
    kept = set()
    for seed in range(6):
        env = {**os.environ, "PYTHONHASHSEED": str(seed)}
        words = [sys.executable, "-c", code]
        done = subprocess.run(words, input=text, env=env, capture_output=True, text=True, check=True)
        kept.add(done.stdout)
    assert len(kept) == 1
    assert "def predict" in kept.pop()


@pytest.mark.parametrize("value", ["(jnp.round(w), w)[0]", "[*[jnp.round(w)], w][0]", "{'a': x, 'b': w}['a']"])
def test_of_a_container_that_is_written_out_only_one_part_counts(value: str) -> None:
    assert relevant(f"import jax\n\n\ndef f(w):\n    return {value}\n\n\ng = jax.grad(f)(w0)\n") is not None


CIRCUIT = """
import pennylane as qml


def layer(weights):
    {layer}


@qml.qnode(dev)
def circuit(params, x):
    {body}
    return qml.expval(qml.PauliZ(0))


qml.jacobian(circuit)(params, x)
"""


@pytest.mark.parametrize(
    ("layer", "body", "looked_at"),
    [
        ("pass", "qml.RX(params[0], wires=0)\n    qml.RY(x, wires=0)", False),
        ("pass", "qml.RX(params[0], wires=0)", True),
        ("qml.RX(weights[0], wires=0)", "layer(params)\n    layer(x)", False),
        ("qml.RX(0.1, wires=0)", "layer(params)\n    layer(x)", True),
        ("pass", "Gate(params)\n    Gate(x)", True),
        ("pass", "print(params)\n    print(x)", True),
    ],
    ids=["gates", "one of two", "gates of a helper", "a helper's own", "no library's", "no object"],
)
def test_what_registers_itself_reaches_the_result(layer: str, body: str, looked_at: bool) -> None:
    assert (relevant(CIRCUIT.format(layer=layer, body=body)) is not None) == looked_at


@pytest.mark.parametrize(
    ("returned", "looked_at"),
    [("a * b", False), ("a * 2", False), ("c * 2", True), ("a * y", True)],
    ids=["both", "indifferent to one", "to both", "the point of one instead"],
)
def test_of_parameters_that_are_differentiated_together_one_is_enough(returned: str, looked_at: bool) -> None:
    text = f"import jax\n\n\ndef f(a, b):\n    return {returned}\n\n\njax.jvp(f, (x, y), (dx, dy))\n"
    assert (relevant(text) is not None) == looked_at


def test_a_point_may_be_any_of_those_that_are_put_together() -> None:
    text = "import jax\n\n\ndef f(a, b):\n    return a * y\n\n\njax.jvp(f, tuple([x, y]), (dx, dy))\n"
    assert relevant(text) is not None


def test_only_what_is_asked_about_is_read_on_its_own() -> None:
    text = (
        "import jax\n\n\ndef helper(p):\n    return loss\n\n\ndef fit(p):\n"
        "    return jax.grad(lambda q: helper(q))(p)\n\n\nclass Net:\n    def fit(self):\n        return fit(self.p)\n"
    )
    part = part_of(text)
    assert part is not None
    assert "def helper" in part.text
    assert [part.reads(scope) for scope in ("fit", "fit.<lambda>", "helper", "Net.fit", "<lambda>")] == [
        True, True, False, True, True,
    ]  # fmt: skip
    pieces = [part.text[start:end] for start, end in part.pieces or ()]
    assert [piece.split("(")[0].split()[-1] for piece in pieces] == ["jax", "helper", "fit", "fit"]


@pytest.mark.parametrize(
    "body",
    [
        "bound = functools.partial(first, x)\n    return bound(w)",
        "return functools.partial(first, x)(w)",
        "return jax.vmap(functools.partial(first, x))(w)",
        "bound = lambda v: first(x, v)\n    return bound(w)",
        "bound = functools.partial(first, x)\n    return jax.vmap(bound)(w)",
    ],
)
def test_a_partial_of_a_helper_is_no_function_that_uses_all_it_is_given(body: str) -> None:
    helper = "def first(a, b):\n    return a.sum()\n"
    text = f"import functools\nimport jax\n\n\n{helper}\n\ndef f(w):\n    {body}\n\n\ng = jax.grad(f)(w0)\n"
    assert relevant(text) is not None


OWN = "def slope(f, x, h=1e-5):\n    return (f(x + h) - f(x - h)) / (2 * h)\n\n\n"


def test_an_attribute_is_no_local_function_of_that_name() -> None:
    text = (
        "from scipy.optimize import minimize\n\n\n"
        "def fit(model, table):\n    def statistic(v):\n        return minimize(v, 0.0)\n\n"
        "    statistic(lambda t: t * table.sum())\n    return summary(table).statistic\n\n\n"
        "def report(result, rows):\n    return result.statistic(lambda row: 0.0)\n"
    )
    assert relevant(text) is None


def test_a_function_that_is_put_into_an_object_is_found_by_the_attribute() -> None:
    text = (
        "from types import SimpleNamespace\n\nimport jax\n\n\n"
        "def solve(f, x):\n    return jax.grad(f)(x)\n\n\ntools = SimpleNamespace(solve=solve)\n\n\n"
        "def run(x):\n    return tools.solve(lambda p: 0.0, x)\n"
    )
    kept = relevant(text)
    assert kept is not None
    assert "lambda p: 0.0" in kept


def test_a_method_of_a_class_in_a_function_is_found_by_the_attribute() -> None:
    text = (
        "import jax\n\n\ndef run(x):\n    class Solver:\n        def solve(self, f, x):\n"
        "            return jax.grad(f)(x)\n\n    return Solver().solve(lambda p: 0.0, x)\n"
    )
    kept = relevant(text)
    assert kept is not None
    assert "lambda p: 0.0" in kept


def test_a_local_name_does_not_hide_the_attribute_of_that_name() -> None:
    text = (
        "import jax\n\n\nclass Trainer:\n    def __init__(self, solve):\n        self.solve = jax.grad\n\n"
        "    def run(self, x):\n        solve = jax.jit\n        return self.solve(lambda p: 0.0)(solve(x))\n"
    )
    kept = relevant(text)
    assert kept is not None
    assert "lambda p: 0.0" in kept


@pytest.mark.parametrize("chosen", ["jax.grad if exact else slow", "exact and jax.grad or slow", "exact or jax.grad"])
def test_one_of_several_is_called_as_each_of_them(chosen: str) -> None:
    text = f"import jax\n\n\ndef run(exact, slow, x):\n    take = {chosen}\n    return take({{}}, lambda row: 0.0)(x)\n"
    assert relevant(text.format("lambda p: p * p")) is None
    assert relevant(text.format("lambda p: 0.0")) is not None


def test_of_what_a_function_is_given_only_that_is_followed_which_takes_functions() -> None:
    text = (
        "import jax\n\n\ndef inner(take, name, f, x):\n    name(lambda row: 0.0)\n    return take(f)(x)\n\n\n"
        "def run(f, x, show):\n    return inner(jax.grad, show, lambda p: p * p, x)\n"
    )
    assert relevant(text) is None
    assert relevant(text.replace("name(lambda row", "take(lambda row")) is not None


def test_a_decorator_may_give_the_first_argument() -> None:
    text = (
        "import jax\n\n\ndef with_settings(run):\n    def wrapped(*args):\n        return run(SETTINGS, *args)\n\n"
        "    return wrapped\n\n\n@with_settings\ndef inner(settings, take, x):\n    return take(lambda p: 0.0)(x)\n\n\n"
        "result = inner(jax.grad, 1.0)\n"
    )
    kept = relevant(text)
    assert kept is not None
    assert "lambda p: 0.0" in kept


def test_only_the_function_of_which_differences_are_taken_is_an_objective() -> None:
    text = "def slope(f, show, x, h=1e-5):\n    show(x)\n    return (f(x + h) - f(x - h)) / (2 * h)\n\n\n"
    assert relevant(text + "slope(lambda t: t * t, lambda row: 0.0, 1.0)\n") is None
    assert relevant(text + "slope(lambda t: 0.0, lambda row: row, 1.0)\n") is not None


@pytest.mark.parametrize("call", ["slope(lambda t: 0.0, 1.0)", "slope(x=1.0, f=lambda t: 0.0)"])
def test_what_takes_differences_is_found_by_position_and_by_keyword(call: str) -> None:
    assert relevant(f"{OWN}{call}\n") is not None


def test_an_object_is_judged_by_what_it_is_called_by() -> None:
    text = (
        f"{OWN}class Line:\n    def __init__(self, a):\n        self.a = a\n\n"
        "    def __call__(self, t):\n        return self.a * t\n\n\nslope(Line(2.0), 1.0)\n"
    )
    assert relevant(text) is None
    assert relevant(text.replace("self.a * t", "self.a")) is not None
    assert relevant(text.replace("class Line:", "class Line(Base):").replace("__call__", "value")) is not None


@pytest.mark.parametrize("difference", ["len(f(x)) - len(f(y))", "f(x).shape - f(y).ndim", "rows[f(x)] - rows[f(y)]"])
def test_how_many_results_there_are_is_no_result(difference: str) -> None:
    text = f"def margin(f, x, y):\n    return ({difference}) / 2\n\n\nmargin(lambda row: 0.0, 1.0, 2.0)\n"
    assert relevant(text) is None
    assert relevant(text.replace(difference, "f(x)[0] - f(y)[0]")) is not None


@pytest.mark.parametrize(
    "body",
    [
        "def shifted(t):\n        return f(t)\n\n    base = f(x)\n    return (shifted(x + h) - base) / h",
        "rows = (1, 2)\n    return (len(rows) * f(x + h) - len(rows) * f(x - h)) / (4 * h)",
        "values = [f(x + h), f(x - h)]\n    return (values[0] - values[1]) / (2 * h)",
    ],
)
def test_results_are_followed_by_name(body: str) -> None:
    assert relevant(f"def slope(f, x, h=1e-5):\n    {body}\n\n\nslope(lambda t: 0.0, 1.0)\n") is not None


def test_a_difference_that_nothing_is_made_of_is_no_slope() -> None:
    text = (
        "def margin(f, x, y):\n    half = len(x) / 2\n    return f(x) - f(y)\n\n\nmargin(lambda row: 0.0, [1], [2])\n"
    )
    assert relevant(text) is None


def test_a_parameter_is_that_of_the_innermost_function() -> None:
    text = (
        "import jax\n\n\ndef run(f, x):\n    def show(f):\n        print(f)\n\n    show(lambda row: 0.0)\n"
        "    return jax.grad(f)(x)\n\n\nrun(lambda p: p * p, 1.0)\n"
    )
    assert relevant(text) is None
    assert relevant(text.replace("p * p", "0.0")) is not None


@pytest.mark.parametrize("point", ["w", "start", "w.ravel()", "np.copy(w)", "(w, 1.0)", "net.w[0]"])
def test_a_term_of_what_the_point_is_read_from_is_looked_at(point: str) -> None:
    text = (
        "import jax\nimport numpy as np\n\n\ndef fit(w, net):\n    middle = w\n    start = middle\n"
        f"    return jax.grad(lambda p: (p * p).sum() + (w * w).sum() + net.decay())({point})\n"
    )
    assert relevant(text) is not None
    assert relevant(text.replace(f"({point})", "(np.zeros(3))")) is None


def test_a_file_is_looked_at_again_after_it_changed() -> None:
    neighbours = Neighbours()
    other = SITE.replace("jax", "jix")
    assert len(other) == len(SITE)
    for text, holds in ((other, False), (SITE, True), (SITE + "\n", True), (other, False)):
        assert (first_look(text.encode(), "example.py", neighbours) is not None) is holds
