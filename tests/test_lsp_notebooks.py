"""Notebooks in the editor: every cell is a text of its own, and all of them are one program."""

from __future__ import annotations

from typing import Any

import pytest
from lsp_client import Client, Message, applied
from test_lsp import PRELUDE, codes

pytest.importorskip("pygls")

LANGUAGES = {"python": 2, "markdown": 1}


class Notebook:
    """A notebook that the client has open; texts by cell, in order."""

    def __init__(self, client: Client, *cells: tuple[str, str], name: str = "lesson.ipynb") -> None:
        self.client, self.version = client, 1
        self.uri = (client.folder / name).as_uri()
        self.count = 0
        self.cells = [self.cell() for _ in cells]
        texts = [self.text(uri, *cell) for uri, cell in zip(self.cells, cells, strict=True)]
        client.notify(
            "notebookDocument/didOpen",
            {
                "notebookDocument": {
                    "uri": self.uri,
                    "notebookType": "jupyter-notebook",
                    "version": 1,
                    "cells": [
                        {"kind": 1 if language == "markdown" else 2, "document": uri}
                        for uri, (language, _) in zip(self.cells, cells, strict=True)
                    ],
                },
                "cellTextDocuments": texts,
            },
        )

    def cell(self) -> str:
        self.count += 1
        return f"vscode-notebook-cell:{self.uri.removeprefix('file://')}#W{self.count}sZmlsZQ%3D%3D"

    def text(self, uri: str, language: str, text: str) -> Message:
        return {"uri": uri, "languageId": language, "version": self.version, "text": text}

    def change(self, **cells: Any) -> None:
        self.version += 1
        self.client.notify(
            "notebookDocument/didChange",
            {"notebookDocument": {"uri": self.uri, "version": self.version}, "change": {"cells": cells}},
        )

    def write(self, uri: str, text: str) -> None:
        document = {"uri": uri, "version": self.version + 1}
        self.change(textContent=[{"document": document, "changes": [{"text": text}]}])

    def found(self) -> list[list[str]]:
        """The codes in each cell when the newest version is published."""
        last = self.cells[-1]
        self.client.wait(lambda: self.client.published.get(last) is not None)
        return [codes(self.client.published.get(uri, [])) for uri in self.cells]


CALL = "dW = slope(lambda w: net.loss(x, t), net.W)"


@pytest.fixture
def notebook(client: Client) -> Notebook:
    client.initialize(capabilities={"notebookDocument": {"synchronization": {}}})
    return Notebook(client, ("markdown", "# Lesson"), ("python", PRELUDE), ("python", "%timeit 1\n" + CALL))


def test_a_finding_stands_in_its_cell(notebook: Notebook) -> None:
    client, (_, first, last) = notebook.client, notebook.cells
    (found,) = client.replayed(last, 1)
    assert found["range"]["start"] == {"line": 1, "character": 11}
    assert "replay: max |dW| is 0" in found["message"]
    assert client.published[first] == []
    action = client.actions(last, found["range"])[0]
    assert applied("%timeit 1\n" + CALL, action["edit"]["changes"][last]).endswith(CALL.replace("lambda w", "lambda _"))
    hover = {"textDocument": {"uri": last}, "position": {"line": 1, "character": 6}}
    assert "`slope` with a lambda" in client.request("textDocument/hover", hover)["contents"]["value"]


def test_fixes_of_all_cells(notebook: Notebook) -> None:
    client, last = notebook.client, notebook.cells[-1]
    client.diagnostics(last, 1)
    nowhere = {"start": {"line": 0, "character": 0}, "end": {"line": 0, "character": 0}}
    (action,) = client.actions(last, nowhere, only=["source.fixAll"])
    edits = action["edit"]["changes"]
    assert list(edits) == [last]
    assert applied("%timeit 1\n" + CALL, edits[last]) == "%timeit 1\n" + CALL.replace("lambda w", "lambda _")


def test_a_cell_depends_on_the_others(notebook: Notebook) -> None:
    client, (_, first, last) = notebook.client, notebook.cells
    client.diagnostics(last, 1)
    notebook.write(
        first, PRELUDE.replace("x[i] = kept + h\n        above = f(x)", "x = x.copy()\n        above = f(x)")
    )
    client.wait(lambda: codes(client.published[last]) == ["CLO103"])


def test_a_cell_that_changes_its_language(notebook: Notebook) -> None:
    client, last = notebook.client, notebook.cells[-1]
    client.diagnostics(last, 1)
    cell, array = {"kind": 2, "document": last}, {"start": 2, "deleteCount": 1}
    text = notebook.text(last, "julia", CALL)
    notebook.change(structure={"array": {**array, "cells": [cell]}, "didOpen": [text], "didClose": [{"uri": last}]})
    client.wait(lambda: client.published[last] == [])
    text = notebook.text(last, "python", CALL)
    notebook.change(structure={"array": {**array, "cells": [cell]}, "didOpen": [text], "didClose": [{"uri": last}]})
    client.wait(lambda: codes(client.published[last]) == ["CLO201"])


def test_cells_come_move_and_go(notebook: Notebook) -> None:
    client, last = notebook.client, notebook.cells[-1]
    client.diagnostics(last, 1)
    new = notebook.cell()
    notebook.change(
        structure={
            "array": {"start": 2, "deleteCount": 0, "cells": [{"kind": 2, "document": new}]},
            "didOpen": [notebook.text(new, "python", CALL.replace("dW", "other"))],
        }
    )
    client.wait(lambda: codes(client.published.get(new, [])) == ["CLO201"])
    assert codes(client.published[last]) == ["CLO201"]
    notebook.change(structure={"array": {"start": 3, "deleteCount": 1}, "didClose": [{"uri": last}]})
    client.wait(lambda: client.published[last] == [])
    assert codes(client.published[new]) == ["CLO201"]


def test_a_broken_cell_does_not_hide_the_others(notebook: Notebook) -> None:
    client, (_, first, last) = notebook.client, notebook.cells
    client.diagnostics(last, 1)
    extra = notebook.cell()
    notebook.change(
        structure={
            "array": {"start": 3, "deleteCount": 0, "cells": [{"kind": 2, "document": extra}]},
            "didOpen": [notebook.text(extra, "python", "values = (")],
        }
    )
    client.wait(lambda: codes(client.published.get(extra, [])) == ["CLO900"])
    assert codes(client.published[last]) == ["CLO201"]
    assert codes(client.published[first]) == []


def test_pulled_cell_by_cell(client: Client) -> None:
    client.initialize(capabilities={"textDocument": {"diagnostic": {}}, "notebookDocument": {"synchronization": {}}})
    notebook = Notebook(client, ("python", PRELUDE), ("python", CALL))
    for uri, expected in zip(notebook.cells, ([], ["CLO201"]), strict=True):
        report = client.request("textDocument/diagnostic", {"textDocument": {"uri": uri}})
        assert codes(report["items"]) == expected


def test_a_closed_notebook_leaves_nothing(notebook: Notebook) -> None:
    client = notebook.client
    client.diagnostics(notebook.cells[-1], 1)
    client.notify(
        "notebookDocument/didClose",
        {"notebookDocument": {"uri": notebook.uri}, "cellTextDocuments": [{"uri": uri} for uri in notebook.cells]},
    )
    client.wait(lambda: all(client.published[uri] == [] for uri in notebook.cells))


def test_an_interactive_window_is_a_notebook_too(client: Client) -> None:
    client.initialize(capabilities={"notebookDocument": {"synchronization": {}}})
    notebook = Notebook(client, ("python", PRELUDE), ("python", CALL), name="Interactive-1.interactive")
    assert codes(client.diagnostics(notebook.cells[-1], 1)) == ["CLO201"]
