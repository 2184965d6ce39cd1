"""The language server over its real standard input and output: a conversation for each thing that it can do."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from lsp_client import Client, Message, applied

from closurelint.library import check_source

pytest.importorskip("pygls")

PRELUDE = """import numpy as np


def slope(f, x, h=1e-4):
    grad = np.zeros_like(x)
    for i in np.ndindex(x.shape):
        kept = x[i]
        x[i] = kept + h
        above = f(x)
        x[i] = kept - h
        below = f(x)
        grad[i] = (above - below) / (2 * h)
        x[i] = kept
    return grad


"""
ALIASED = PRELUDE + "dW = slope(lambda w: net.loss(x, t), net.W)\n"
ALIASED_ROW = PRELUDE.count("\n")
ZERO = "import jax\n\ngradient = jax.grad(lambda p: model.loss(x, y))(params)\n"


def codes(diagnostics: Iterable[Message]) -> list[str]:
    return [each["code"] for each in diagnostics]


@pytest.fixture
def client(tmp_path: Path) -> Iterator[Client]:
    with Client(tmp_path) as client:
        yield client


def test_push_diagnostics_with_numbers(client: Client) -> None:
    client.initialize()
    uri = client.open("train.py", ALIASED)
    (found,) = client.replayed(uri, 1)
    assert (found["code"], found["source"], found["severity"]) == ("CLO201", "closurelint", 2)
    assert found["range"]["start"] == {"line": ALIASED_ROW, "character": 11}
    assert "\nreplay: max |dW| is 0 for a copy, " in found["message"]
    client.notify("textDocument/didClose", {"textDocument": {"uri": uri}})
    client.wait(lambda: client.published[uri] == [])
    assert client.shutdown() == 0
    assert client.errors == b""


def test_pull_diagnostics_and_no_push(client: Client) -> None:
    result = client.initialize(capabilities={"textDocument": {"diagnostic": {}}})
    assert result["capabilities"]["diagnosticProvider"]["interFileDependencies"] is True
    uri = client.open("train.py", ALIASED)
    report = client.request("textDocument/diagnostic", {"textDocument": {"uri": uri}})
    assert report["kind"] == "full"
    assert codes(report["items"]) == ["CLO201"]
    client.change(uri, ALIASED.replace("lambda w", "lambda _"), 2)
    assert client.request("textDocument/diagnostic", {"textDocument": {"uri": uri}})["items"] == []
    assert client.published == {}


def test_quick_fixes_mend_the_text(client: Client) -> None:
    client.initialize()
    uri = client.open("train.py", ALIASED)
    (found,) = client.diagnostics(uri, 1)
    foreign = {"range": found["range"], "message": "unused", "source": "other", "code": 7, "data": ["what", None]}
    for action in client.actions(uri, found["range"], given=[foreign, found]):
        (edits,) = action["edit"]["changes"].values()
        assert action["kind"] == "quickfix"
        left = check_source(applied(ALIASED, edits), "x.py").diagnostics
        assert "CLO201" not in {each.code for each in left}, action["title"]


def test_fix_all(client: Client) -> None:
    client.initialize()
    twice = ALIASED + ALIASED.splitlines()[-1] + "\n"
    uri = client.open("train.py", twice)
    everywhere = {"start": {"line": 0, "character": 0}, "end": {"line": 0, "character": 0}}
    (action,) = client.actions(uri, everywhere, only=["source.fixAll.closurelint"])
    assert action["kind"] == "source.fixAll.closurelint"
    assert applied(twice, action["edit"]["changes"][uri]) == twice.replace("lambda w", "lambda _")
    assert client.actions(uri, everywhere, only=["source.organizeImports"]) == []


def test_a_missing_library_is_named(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    import sys

    from closurelint.commands.cli import main

    for name in [name for name in sys.modules if name.startswith(("pygls", "lsprotocol", "closurelint.lsp"))]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "lsprotocol", None)
    assert main(["server"]) == 2
    assert "pip install closurelint[lsp]" in capsys.readouterr().err
