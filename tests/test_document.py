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


def test_docstrings_examples_know_their_place() -> None:
    text = (
        'def f():\n    """Example:\n\n    >>> import jax\n    >>> jax.grad(lambda p: cost(params))(params)\n    """\n'
    )
    (program,) = source_from_bytes(text.encode(), "a.py").doctests()
    assert "jax.grad(lambda p: cost(params))(params)" in program.text
