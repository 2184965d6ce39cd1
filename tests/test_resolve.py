from __future__ import annotations

from pathlib import Path

import pytest
from static_half import IMPORTS, sites, subjects, write

from closurelint.analysis.resolve import Project
from closurelint.analysis.sites import find
from closurelint.catalogue import catalogue
from closurelint.classify import fault
from closurelint.triage.part import Part

IN_PLACE = """
import numpy as np

def gradient(f, x, h=1e-4):
    grad = np.zeros_like(x)
    for i in range(x.size):
        kept = x[i]
        x[i] = kept + h
        above = f(x)
        x[i] = kept - h
        below = f(x)
        grad[i] = (above - below) / (2 * h)
        x[i] = kept
    return grad
"""
COPYING = """
import numpy as np

def gradient(f, x, h=1e-4):
    grad = np.zeros_like(x)
    for i in range(x.size):
        up, down = x.copy(), x.copy()
        up[i] += h
        down[i] -= h
        grad[i] = (f(up) - f(down)) / (2 * h)
    return grad
"""
USE = "dW = gradient(lambda W: net.loss(x, t), net.W)\n"


def found(text: str, path: Path) -> list[str | None]:
    path.parent.mkdir(parents=True, exist_ok=True)
    return [fault(item) for item in subjects(text, path).sites]


@pytest.mark.parametrize(("body", "expected"), [(IN_PLACE, "aliased"), (COPYING, "ignored")])
class TestTheBodyDecides:
    """The same name, the same call, and two bodies."""

    def test_beside_the_file(self, tmp_path: Path, body: str, expected: str) -> None:
        write(tmp_path, helpers=body)
        assert found("from helpers import gradient\n" + USE, tmp_path / "main.py") == [expected]

    def test_one_folder_up(self, tmp_path: Path, body: str, expected: str) -> None:
        write(tmp_path, common__in__helpers=body)
        text = "import os, sys\nsys.path.append(os.pardir)\nfrom common.helpers import gradient\n" + USE
        assert found(text, tmp_path / "ch04" / "main.py") == [expected]

    def test_as_a_module(self, tmp_path: Path, body: str, expected: str) -> None:
        write(tmp_path, common__in__helpers=body)
        text = "import common.helpers as h\n" + USE.replace("gradient(", "h.gradient(")
        assert found(text, tmp_path / "main.py") == [expected]

    def test_by_its_full_name(self, tmp_path: Path, body: str, expected: str) -> None:
        write(tmp_path, common__in__helpers=body)
        text = "import common.helpers\n" + USE.replace("gradient(", "common.helpers.gradient(")
        assert found(text, tmp_path / "main.py") == [expected]

    def test_by_another_name(self, tmp_path: Path, body: str, expected: str) -> None:
        write(tmp_path, helpers=body.replace("def gradient", "def wobble"))
        text = "from helpers import wobble as shake\n" + USE.replace("gradient(", "shake(")
        assert found(text, tmp_path / "main.py") == [expected]

    def test_relative(self, tmp_path: Path, body: str, expected: str) -> None:
        write(tmp_path, pack__in____init__="", pack__in__helpers=body)
        assert found("from .helpers import gradient\n" + USE, tmp_path / "pack" / "main.py") == [expected]

    def test_relative_to_the_parent(self, tmp_path: Path, body: str, expected: str) -> None:
        write(tmp_path, pack__in__helpers=body)
        assert found("from ..helpers import gradient\n" + USE, tmp_path / "pack" / "sub" / "main.py") == [expected]

    def test_through_the_package(self, tmp_path: Path, body: str, expected: str) -> None:
        write(tmp_path, pack__in____init__="from .helpers import gradient\n", pack__in__helpers=body)
        assert found("from pack import gradient\n" + USE, tmp_path / "main.py") == [expected]

    def test_with_a_star(self, tmp_path: Path, body: str, expected: str) -> None:
        write(tmp_path, helpers=body)
        assert found("from helpers import *\n" + USE, tmp_path / "main.py") == [expected]

    def test_below_src(self, tmp_path: Path, body: str, expected: str) -> None:
        write(tmp_path, src__in__pack__in__helpers=body)
        assert found("from pack.helpers import gradient\n" + USE, tmp_path / "tests" / "main.py") == [expected]

    def test_in_a_try(self, tmp_path: Path, body: str, expected: str) -> None:
        write(
            tmp_path,
            helpers="try:\n    import fast\n"
            + "".join(f"    {line}\n" for line in body.split("\n"))
            + "except ImportError:\n    pass\n",
        )
        assert found("from helpers import gradient\n" + USE, tmp_path / "main.py") == [expected]

    def test_assigned(self, tmp_path: Path, body: str, expected: str) -> None:
        write(tmp_path, helpers=body + "\nslope = gradient\n")
        assert found("from helpers import slope\n" + USE.replace("gradient(", "slope("), tmp_path / "main.py") == [
            expected
        ]


class TestNotFound:
    def test_a_file_that_does_not_parse(self, tmp_path: Path) -> None:
        write(tmp_path, helpers="def gradient(f, x:\n")
        assert found("from helpers import gradient\n" + USE, tmp_path / "main.py") == []

    def test_a_file_that_is_no_text(self, tmp_path: Path) -> None:
        write(tmp_path, helpers="")
        (tmp_path / "helpers.py").write_bytes(b"\xff\xfe\x00")
        assert found("from helpers import gradient\n" + USE, tmp_path / "main.py") == []

    def test_a_file_that_is_too_large(self, tmp_path: Path) -> None:
        write(tmp_path, helpers=COPYING + "# filled up\n" * 40_000)
        assert found("from helpers import gradient\n" + USE, tmp_path / "main.py") == []

    def test_a_name_that_is_not_there(self, tmp_path: Path) -> None:
        write(tmp_path, helpers=COPYING)
        assert found("from helpers import slope\n" + USE.replace("gradient(", "slope("), tmp_path / "main.py") == []

    def test_a_module_that_is_called(self, tmp_path: Path) -> None:
        write(tmp_path, helpers=COPYING)
        assert found("import helpers\n" + USE.replace("gradient(", "helpers("), tmp_path / "main.py") == []

    def test_modules_that_import_each_other(self, tmp_path: Path) -> None:
        write(tmp_path, a="from b import gradient\n", b="from a import gradient\n")
        assert found("from a import gradient\n" + USE, tmp_path / "main.py") == []

    def test_modules_that_import_a_star_of_each_other(self, tmp_path: Path) -> None:
        write(tmp_path, a="from b import *\n", b="from a import *\n" + COPYING)
        assert found("from b import gradient\n" + USE, tmp_path / "main.py") == ["ignored"]

    def test_beyond_the_root_of_the_project(self, tmp_path: Path) -> None:
        write(tmp_path, helpers=COPYING)
        inner = tmp_path / "project"
        inner.mkdir()
        (inner / "pyproject.toml").touch()
        assert found("from helpers import gradient\n" + USE, inner / "main.py") == []

    def test_a_library_of_the_same_name_is_not_looked_for(self, tmp_path: Path) -> None:
        write(tmp_path, numpy=COPYING)
        assert found("from numpy import gradient\n" + USE, tmp_path / "main.py") == []


class TestHelpers:
    """Functions of other files that an objective calls."""

    def test_one_that_ignores_its_argument(self, tmp_path: Path) -> None:
        write(tmp_path, model="state = make()\ndef loss(p, x):\n    return state.w @ x\n")
        text = "from model import loss\njax.grad(lambda p: loss(p, x))(params)\n"
        assert [item.parameter.flow for item in sites(text, tmp_path / "main.py")] == ["never read"]

    def test_one_that_uses_it(self, tmp_path: Path) -> None:
        write(tmp_path, model="import jax.numpy as jnp\ndef loss(p, x):\n    return jnp.dot(p, x)\n")
        text = "import model\njax.grad(lambda p: model.loss(p, x))(params)\n"
        assert [item.parameter.flow for item in sites(text, tmp_path / "main.py")] == ["reaches"]

    def test_dependencies_are_those_of_one_file(self, tmp_path: Path) -> None:
        write(tmp_path, helpers=IN_PLACE)
        project, name = Project(), str(tmp_path / "main.py")
        first = find(Part(f"from helpers import gradient\n{USE}"), name, catalogue(), project)
        second = find(Part("import numpy\n"), name, catalogue(), project)
        assert (first.dependencies, second.dependencies) == ((str(tmp_path / "helpers.py"),), ())

    @pytest.mark.parametrize("exact", [True, False])
    def test_a_file_that_changed_is_read_again(self, tmp_path: Path, exact: bool) -> None:
        write(tmp_path, helpers=IN_PLACE)
        project, name = Project(), str(tmp_path / "main.py")

        def faults() -> list[str | None]:
            part = Part(f"from helpers import gradient\n{USE}")
            return [fault(item) for item in find(part, name, catalogue(), project, exact=exact).sites]

        assert faults() == ["aliased"]
        write(tmp_path, helpers=COPYING)
        assert faults() == ["aliased"]
        project.forget([str(tmp_path / "helpers.py")])
        assert faults() == ["ignored"]

    def test_dependencies_are_named(self, tmp_path: Path) -> None:
        write(tmp_path, helpers=COPYING)
        result = subjects("from helpers import gradient\n" + USE, tmp_path / "main.py")
        assert result.dependencies == (str(tmp_path / "helpers.py"),)


class TestNames:
    """How a library's function may be spelled."""

    @pytest.mark.parametrize(
        "text",
        [
            "import jax\njax.grad({})(params)",
            "import jax as j\nj.grad({})(params)",
            "from jax import grad\ngrad({})(params)",
            "from jax import grad as g\ng({})(params)",
            "from jax import *\ngrad({})(params)",
            "import jax\ndiff = jax.grad\ndiff({})(params)",
            "import jax\nslope = jax.grad({})\nslope(params)",
            "import jax\nslope = jax.jit(jax.grad({}))\nslope(params)",
            "import jax, functools\nfunctools.partial(jax.grad, argnums=0)({})(params)",
            "import jax, functools\nstep = functools.partial(jax.grad({}), params)\nstep()",
            (
                "import jax\nclass A:\n    def run(self):\n        self.slope = jax.grad({})\n"
                "        return self.slope(params)"
            ),
            "def f():\n    import jax\n    return jax.grad({})(params)",
            "try:\n    import jax\nexcept ImportError:\n    jax = None\njax.grad({})(params)",
            "import jax\nif fast:\n    g = jax.grad\nelse:\n    g = jax.jacfwd\ng({})(params)",
        ],
    )
    def test_are_seen_through(self, text: str) -> None:
        result = subjects(text.format("lambda p: state.loss(x)")).sites
        assert {item.parameter.flow for item in result} == {"never read"}
        assert {fault(item) for item in result} == {"ignored"}

    @pytest.mark.parametrize(
        "text",
        [
            "def grad(f):\n    return f\ngrad({})(params)",
            "from mine import grad\ngrad({})(params)",
            "import jax\njax = load()\njax.grad({})(params)",
            "from jax import grad\ndef run(grad):\n    return grad({})(params)",
            "from jax import grad\ngrad = make()\ngrad({})(params)",
            "class jax:\n    @staticmethod\n    def grad(f):\n        return f\njax.grad({})(params)",
        ],
    )
    def test_that_only_look_like_it_are_not(self, text: str) -> None:
        assert subjects(text.format("lambda p: state.loss(x)")).sites == ()


def test_the_usual_imports_alone_are_clean() -> None:
    assert subjects(IMPORTS).sites == ()


class TestOnlyWhatIsUsedIsRead:
    """Of a helper module, the statements that bind the names that are asked for, and what those ask for."""

    def test_a_helper_that_uses_another_one_and_a_constant(self, tmp_path: Path) -> None:
        text = "import numpy as np\nH = 1e-4\n\ndef step(x, i, h):\n    x[i] += h\n\n" + IN_PLACE.replace(
            "h=1e-4", "h=H"
        )
        write(tmp_path, helpers=text)
        assert found("from helpers import gradient\n" + USE, tmp_path / "main.py") == ["aliased"]

    def test_what_does_not_parse_beside_it_does_not_matter(self, tmp_path: Path) -> None:
        write(tmp_path, helpers="def broken(:\n    pass\n\n" + COPYING)
        assert found("from helpers import gradient\n" + USE, tmp_path / "main.py") == ["ignored"]

    def test_a_string_with_lines_like_statements(self, tmp_path: Path) -> None:
        quoted = 'TEXT = """it says ""\\"\nx = 1\ndef gradient(f, x):\n    return 0\n"""\n'
        write(tmp_path, helpers=quoted + IN_PLACE)
        assert found("from helpers import gradient\n" + USE, tmp_path / "main.py") == ["aliased"]

    @pytest.mark.parametrize("text", ['MARK = \'"""\'\n{}\nTEXT = """\n{}"""\n', '{}\nTEXT = """a \\""" b\n{}"""\n'])
    def test_a_string_with_a_definition_that_parses_and_one_that_does_not(self, tmp_path: Path, text: str) -> None:
        definitions = "def gradient(f, x):\n    return 0\n\ndef gradient(f, x\n"
        write(tmp_path, helpers=text.format(IN_PLACE, definitions))
        assert found("from helpers import gradient\n" + USE, tmp_path / "main.py") == ["aliased"]

    @pytest.mark.parametrize("before", ['MARK = \'"""\'', 'print(\'"""\')', 'import math  # not a """ string'])
    def test_a_definition_after_quotes_that_begin_no_string(self, tmp_path: Path, before: str) -> None:
        write(tmp_path, helpers=f"{before}\n{IN_PLACE}")
        assert found("from helpers import gradient\n" + USE, tmp_path / "main.py") == ["aliased"]

    def test_an_import_of_everything_that_does_not_parse(self, tmp_path: Path) -> None:
        write(tmp_path, bodies=IN_PLACE, helpers="from math import * as m\nfrom bodies import *\n")
        assert found("from helpers import gradient\n" + USE, tmp_path / "main.py") == ["aliased"]

    def test_a_definition_in_a_try_and_its_fallback(self, tmp_path: Path) -> None:
        body = "\n".join("    " + line for line in COPYING.strip().split("\n"))
        write(tmp_path, helpers=f"try:\n{body}\nexcept ImportError:\n    gradient = None\n")
        assert found("from helpers import gradient\n" + USE, tmp_path / "main.py") == ["ignored"]

    def test_a_name_that_a_star_brings_through_two_files(self, tmp_path: Path) -> None:
        write(tmp_path, bodies=IN_PLACE, helpers="from bodies import *\nfrom math import *\n")
        assert found("from helpers import gradient\n" + USE, tmp_path / "main.py") == ["aliased"]
        assert found("from helpers import *\n" + USE, tmp_path / "main.py") == ["aliased"]

    def test_the_place_of_a_helper_is_that_in_its_file(self, tmp_path: Path) -> None:
        write(tmp_path, helpers="\n\n\nx = 1\n\n\ndef loss(p):\n    return x\n")
        (site,) = subjects("import jax\nfrom helpers import loss\njax.grad(loss)(w)\n", tmp_path / "main.py").sites
        assert site.objective.range.start.row == 7


def test_a_helper_module_that_a_loop_of_an_objective_asks_for_first_is_no_part_of_the_loop(tmp_path: Path) -> None:
    """What the module binds twice while it is looked into is not what the loop may bind."""
    write(
        tmp_path, helpers="import numpy as np\n\nscale = 1.0\nscale = 2.0\n\n\ndef scaled(w):\n    return scale * w\n"
    )
    text = (
        "import jax\nimport helpers\n\n\ndef loss(w, rows):\n    total = 0.0\n    for row in rows:\n"
        "        total = total + (helpers.scaled(w) - row) ** 2\n    return total\n\n\njax.grad(loss)(w0, data)\n"
    )
    assert found(text, tmp_path / "main.py") == [None]


@pytest.mark.parametrize("names", ["gradient", "alpha, gradient", "zeta, gradient", "*"])
def test_what_cannot_be_read_in_a_helper_module_does_not_hide_the_rest(tmp_path: Path, names: str) -> None:
    broken = "\n\ndef alpha():\n    print 'as it was once'\n\n\ndef zeta():\n    print 'as it was once'\n"
    root = write(tmp_path, helpers=COPYING + broken)
    text = f"from helpers import {names}\n{IMPORTS}alpha()\nzeta()\n{USE}"
    assert found(text, root / "site.py") == ["ignored"]
