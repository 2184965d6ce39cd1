"""The quick look never hides what the close look finds, and leaves out what cannot matter."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from closurelint.analysis.facts import SyntaxProblem
from closurelint.analysis.resolve import Project
from closurelint.analysis.sites import find
from closurelint.catalogue import catalogue
from closurelint.classify import fault
from closurelint.outline import relevant

FIXTURES = Path(__file__).parent.parent / "fixtures"
SITE = "import jax\ngrads = jax.grad(lambda p: loss)(params)\n"


def faults(text: str, path: Path) -> set[object]:
    try:
        subjects = find(text, str(path), catalogue(), Project())
    except SyntaxProblem:
        return {"no Python"}
    found: set[object] = {(site.objective.range, fault(site)) for site in subjects.sites if fault(site)}
    found |= {(loose.objective.range, "loose") for loose in subjects.loose}
    return found | {(step.objective.range, step.fault) for step in subjects.steps}


@pytest.mark.parametrize("path", sorted(FIXTURES.rglob("*.py")), ids=lambda path: str(path.relative_to(FIXTURES)))
def test_nothing_is_hidden(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    quick = relevant(text)
    assert faults(text, path) == (set() if quick is None else faults(quick, path))


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


def test_a_text_that_does_not_parse_is_kept_whole() -> None:
    assert relevant("def (:\n") == "def (:\n"


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


def test_a_function_that_is_renamed_or_wrapped_is_followed() -> None:
    text = "import jax\n\n\ndef f(w):\n    return net.loss(x)\n\n\nchosen = jax.jit(f)\ng = jax.grad(chosen)(w0)\n"
    assert relevant(text) is not None
