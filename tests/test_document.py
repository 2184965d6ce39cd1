"""Python in documents: fenced blocks, sessions with and without their indentation, literal blocks, docstrings."""

from __future__ import annotations

from pathlib import Path

import pytest

from closurelint.configuration.layers import Configuration
from closurelint.engine import check_bytes
from closurelint.sources.source import source_from_bytes

DOCUMENTS = Path(__file__).parent.parent / "fixtures" / "documents"
FINDING = "import jax\ngrads = jax.grad(lambda p: cost(params))(params)\n"


def found(text: str, filename: str) -> list[tuple[str, int, int]]:
    settings = Configuration([], isolated=True).for_run()
    result = check_bytes(text.encode(), filename, settings)
    return [(item.code, item.range.start.row, item.range.start.column) for item in result.diagnostics]


def test_the_article_is_answered() -> None:
    path = DOCUMENTS / "why_is_it_not_zero.md"
    assert found(path.read_text(encoding="utf-8"), str(path)) == [("CLO201", 10, 9), ("CLO103", 22, 9)]


@pytest.mark.parametrize(
    ("text", "filename", "row", "column"),
    [
        (f"# Title\n\n```python\n{FINDING}```\n", "a.md", 5, 18),
        (f"~~~py\n{FINDING}~~~\n", "a.markdown", 3, 18),
        (f"```{{code-cell}} ipython3\n{FINDING}```\n", "a.md", 3, 18),
        ("- item\n\n  ```python\n  " + FINDING.replace("\n", "\n  ") + "\n  ```\n", "a.md", 5, 20),
        (".. code-block:: python\n\n    " + FINDING.replace("\n", "\n    "), "a.rst", 4, 22),
        ("Like this::\n\n    " + FINDING.replace("\n", "\n    "), "a.rst", 4, 22),
        (">>> " + FINDING.replace("\n", "\n>>> ", 1), "a.rst", 2, 22),
        ("In [1]: import jax\n\nIn [2]: jax.grad(lambda p: cost(params))(params)\nOut[2]: 0\n", "a.txt", 3, 18),
    ],
)
def test_python_is_found_where_it_stands(text: str, filename: str, row: int, column: int) -> None:
    assert found(text, filename) == [("CLO102", row, column)]


def test_blocks_of_one_document_are_one_program() -> None:
    text = "```python\nimport jax\n```\n\nand then\n\n```python\njax.grad(lambda p: cost(params))(params)\n```\n"
    assert found(text, "a.md") == [("CLO102", 8, 10)]


def test_other_languages_and_prose_are_left_alone() -> None:
    text = "```bash\njax.grad(lambda p: cost(params))(params)\n```\n\nlambda p: loss\n"
    assert found(text, "a.md") == []


def test_a_fragment_takes_a_well_known_helper_for_granted() -> None:
    text = "```python\nf = lambda W: net.loss(x, t)\ndW = numerical_gradient(f, net.W)\n```\n"
    assert found(text, "a.md") == [("CLO201", 2, 5)]


EXAMPLE = '''
import numpy as np


def slope(f, x, h=1e-4):
    """The gradient of `f` at `x`, which is perturbed in place.

    >>> net = Net()
    >>> slope(lambda W: net.loss(x), net.W)
    array([1., 2.])
    >>> slope(lambda W: net.loss(x), net.W + 0){noqa}
    array([0.5, 1.])
    """
    g = np.zeros_like(x)
    for i in range(x.size):
        kept = x.flat[i]
        x.flat[i] = kept + h
        above = f(x)
        x.flat[i] = kept - h
        g.flat[i] = (above - f(x)) / (2 * h)
        x.flat[i] = kept
    return g


class Net:
    def __init__(self):
        self.W = np.ones(3)

    def loss(self, x):
        return np.sum((x @ self.W) ** 2)
'''


class TestDocstrings:
    def test_an_example_is_checked_where_it_stands_with_what_its_module_defines(self, tmp_path: Path) -> None:
        path = tmp_path / "slopes.py"
        path.write_text(EXAMPLE.replace("{noqa}", ""))
        assert found(path.read_text(), str(path)) == [("CLO201", 9, 15), ("CLO103", 11, 15)]
        path.write_text(EXAMPLE.replace("{noqa}", "  # noqa: CLO103"))
        assert found(path.read_text(), str(path)) == [("CLO201", 9, 15)]

    def test_a_fix_changes_the_example_only(self) -> None:
        text = FINDING.replace("import", ">>> import").replace("grads", ">>> grads")
        data = f'def f():\r\n    """Example.\r\n\r\n    {text}    """\r\n'.replace(
            ">>> grads", "    >>> grads"
        ).encode()
        settings = Configuration([], isolated=True).for_run()
        (diagnostic,) = check_bytes(data, "a.py", settings).diagnostics
        (fix,) = diagnostic.fixes
        fixed = source_from_bytes(data, "a.py").edited(fix.edits)
        assert fixed == data.replace(b"cost(params))", b"cost(p))")
        assert check_bytes(fixed, "a.py", settings).diagnostics == ()

    @pytest.mark.parametrize(
        "lines",
        [
            (">>> jax.grad(lambda p: cost(params))(params)", "Array(0., dtype=float32)"),
            (">>> jax.grad(lambda p: cost(params))(params)", "Traceback (most recent call last):", "TypeError: no"),
            (">>> f = lambda W: net.loss(x, t)", ">>> learn(f)"),
            (">>> jax.grad(lambda p: ...", ">>> cost(params)"),
        ],
        ids=["zero", "error", "loose", "broken"],
    )
    def test_examples_show_what_they_show_on_purpose(self, lines: tuple[str, ...]) -> None:
        shown = "".join(f"    {line}\n" for line in lines)
        assert found(f'import jax\n\n\ndef f():\n    """Example.\n\n{shown}    """\n', "a.py") == []

    def test_a_comment_in_a_docstring_silences_the_example_only(self) -> None:
        text = f'"""\n>>> f = lambda x: 1  # closurelint: ignore-file\n"""\n{FINDING}'
        assert found(text, "a.py") == [("CLO102", 5, 18)]


def test_a_block_that_only_the_other_parser_refuses_is_no_problem() -> None:
    text = "```python\nx = 1\n```\n\n```python\nprint 'old'\n```\n"
    assert found(text, "a.md") == []
