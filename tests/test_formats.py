"""Every kind of file, from bytes to a diagnostic and its fix: the finding has its place, and nothing else changes.

Each text differentiates `cost(params)` by a parameter `p` that it does not read; the fix writes `p` there.
"""

from __future__ import annotations

import json

import pytest

from closurelint.configuration.layers import Configuration
from closurelint.diagnostic import Diagnostic, Edit, Position, Range
from closurelint.engine import check_bytes
from closurelint.sources.source import source_from_bytes

CALL = "grads = jax.grad(lambda p: cost(params))(params)"
FAULTY, MENDED = "cost(params))", "cost(p))"


def only(data: bytes, filename: str) -> Diagnostic:
    result = check_bytes(data, filename, Configuration([], isolated=True).for_run())
    assert [item.code for item in result.diagnostics] == ["CLO102"]
    return result.diagnostics[0]


def assert_found_and_mended(data: bytes, filename: str, faulty: bytes, mended: bytes) -> None:
    found = only(data, filename)
    (fix,) = found.fixes
    fixed = source_from_bytes(data, filename).edited(fix.edits)
    assert fixed == data.replace(faulty, mended)
    assert check_bytes(fixed, filename, Configuration([], isolated=True).for_run()).diagnostics == ()
    (edit,) = fix.edits
    start = edit.range.start
    back = Range(start, Position(start.row, start.column + len(edit.text)), edit.range.cell)
    undone = source_from_bytes(fixed, filename).edited([Edit(back, "params")])
    assert undone == data


SCRIPTS = {
    "percent": f"# %% [markdown]\n# # Gradients\n\n# %%\nimport jax\n\n# %% tags=['slow']\n{CALL}\n",
    "jupytext light": "# ---\n# jupyter:\n#   jupytext:\n#     text_representation:\n#       format_name: light\n"
    f"# ---\n\n# # Gradients\n\n# +\nimport jax\n\n{CALL}\n# -\n",
    "marimo": "import marimo\n\napp = marimo.App()\n\n\n@app.cell\ndef _():\n    import jax\n\n    params = start()\n"
    f"    {CALL}\n    return grads,\n\n\nif __name__ == '__main__':\n    app.run()\n",
    "databricks": "# Databricks notebook source\n# MAGIC %md\n# MAGIC # Fit\n\n# COMMAND ----------\n\n"
    f"# MAGIC %pip list\n\n# COMMAND ----------\n\n# DBTITLE 1,Fit\nimport jax\n\n# COMMAND ----------\n\n{CALL}\n",
    "sphinx-gallery": f'"""\nGradients\n=========\n\nText.\n"""\n\nimport jax\n\n###############\n# More.\n\n{CALL}\n',
}
DOCUMENTS = {
    "myst.md": f"---\nkernelspec:\n  name: python3\n---\n\n# Title\n\n```{{code-cell}} ipython3\n---\ntags: [a]\n---\n"
    f"import jax\n```\n\nand\n\n```{{code-cell}}\n:tags: [b]\n\n{CALL}\n```\n",
    "nested.md": f":::{{note}}\n\n```python\nimport jax\n{CALL}\n```\n:::\n",
    "jupytext.md": f"```python\nimport jax\n```\n\n```python slideshow={{'slide_type': 'slide'}}\n{CALL}\n```\n",
    "quarto.qmd": f"```{{python}}\n#| label: fig\nimport jax\n{CALL}\n```\n",
    "bash_first.md": f"```bash\npip install jax\n```\n\n```py\nimport jax\n{CALL}\n```\n",
    "broken_block.md": "```python\nimport jax\n```\n\n```python\ndef f(w): ...\n  oops\n```\n\n"
    f"```python\n{CALL}\n```\n",
    "console.rst": f"Text\n====\n\n.. code-block:: pycon\n\n   >>> import jax\n   >>> {CALL}\n   >>> grads\n   1.0\n",
    "literal.rst": f"So we write::\n\n    import jax\n    {CALL}\n\nand are done.\n",
    "directive.rst": f".. ipython:: python\n   :okwarning:\n\n   import jax\n   {CALL}\n",
    "ipython.txt": f"In [1]: import jax\n\nIn [2]: def train(params):\n   ...:     {CALL}\n"
    "   ...:     return grads\n   ...:\n\nIn [3]: train(params)\nOut[3]: 1.0\n",
    "lost_indentation.md": f"```\n>>> import jax\n>>> def train(params):\n... {CALL}\n... return grads\n...\n"
    ">>> train(w)\n1.0\n```\n",
    "idle.txt": f">>> import jax\n>>> def train(params):\n    {CALL}\n    return grads\n\n>>> train(w)\n1.0\n",
    "quoted.md": f"> Somebody asked:\n>\n> ```python\n> import jax\n> {CALL}\n> ```\n",
}
ENCODINGS = ("utf-8", "utf-8-sig", "cp932", "euc-jp", "latin-1", "koi8-r")
CELLS = (
    "%matplotlib inline\n!pip install jax\nimport jax",
    "%%bash\necho lambda",
    "this is no Python",
    "await start()\nfiles = !ls\njax?",
    f"%%time\n{CALL}",
)


@pytest.mark.parametrize("text", SCRIPTS.values(), ids=SCRIPTS)
@pytest.mark.parametrize("newline", ["\n", "\r\n"], ids=["lf", "crlf"])
def test_scripts_with_cells(text: str, newline: str) -> None:
    data = text.replace("\n", newline).encode()
    assert_found_and_mended(data, "script.py", FAULTY.encode(), MENDED.encode())
    before = text[: text.index("lambda")]
    start = only(data, "script.py").range.start
    assert start == Position(before.count("\n") + 1, len(before) - before.rfind("\n"))


@pytest.mark.parametrize("name", DOCUMENTS)
@pytest.mark.parametrize("newline", ["\n", "\r\n"], ids=["lf", "crlf"])
def test_documents(name: str, newline: str) -> None:
    text = DOCUMENTS[name]
    data = text.replace("\n", newline).encode()
    assert_found_and_mended(data, name, FAULTY.encode(), MENDED.encode())
    before = text[: text.index("lambda p")]
    assert only(data, name).range.start == Position(before.count("\n") + 1, len(before) - before.rfind("\n"))


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\n\x0c\n"], ids=["lf", "crlf", "form feed"])
def test_encodings(encoding: str, newline: str) -> None:
    word = {"cp932": "勾配 ソ表", "euc-jp": "勾配", "latin-1": "Größe", "koi8-r": "сеть"}.get(
        encoding, "勾配 é \U0001f600"
    )
    cookie = "" if encoding.startswith("utf") else f"# -*- coding: {encoding} -*-\n"
    text = f"{cookie}import jax\n\nname = '{word}'\n{CALL}  # {word}\n".replace("\n", newline)
    assert_found_and_mended(text.encode(encoding), "module.py", FAULTY.encode(), MENDED.encode())


@pytest.mark.parametrize("style", [{"indent": 1}, {"indent": None}, {"indent": 4, "ensure_ascii": True}])
@pytest.mark.parametrize("as_list", [True, False])
def test_notebooks(style: dict[str, object], as_list: bool) -> None:
    cells = [
        {
            "cell_type": "code",
            "outputs": [{"text": "勾配"}],
            "source": text.splitlines(keepends=True) if as_list else text,
            "metadata": {"id": "é"},
            "execution_count": None,
        }
        for text in CELLS
    ]
    text = json.dumps({"nbformat": 4, "cells": cells, "metadata": {}}, **{"ensure_ascii": False, **style})  # type: ignore[arg-type]
    data = text.encode()
    settings = Configuration([], isolated=True).for_run()
    broken, found = check_bytes(data, "notes.ipynb", settings).diagnostics
    assert (broken.code, broken.range.cell) == ("CLO900", 3)
    assert (found.code, found.range.cell, found.range.start) == ("CLO102", 5, Position(2, 18))
    (fix,) = found.fixes
    fixed = source_from_bytes(data, "notes.ipynb").edited(fix.edits)
    assert fixed == data.replace(FAULTY.encode(), MENDED.encode())
