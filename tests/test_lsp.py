"""The language server over its real standard input and output: a conversation for each thing that it can do."""

from __future__ import annotations

import re
from collections.abc import Iterable
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


def test_unsafe_fixes_say_so_and_are_not_preferred(client: Client) -> None:
    client.initialize()
    text = PRELUDE + "def f(w):\n    return net.loss(x, t)\n\n\ndW = slope(f, net.W)\n"
    uri = client.open("train.py", text)
    (found,) = client.diagnostics(uri, 1)
    actions = client.actions(uri, found["range"])
    titles = {action["title"]: action.get("isPreferred") for action in actions}
    assert titles["rename `w` to `_` (CLO201)"] is True
    assert [preferred for title, preferred in titles.items() if "changes the result" in title] == [None]
    assert titles["ignore CLO201 here"] is None
    assert {action["diagnostics"][0]["code"] for action in actions} == {"CLO201"}


def test_edits_carried_in_data_are_used_only_for_their_version(client: Client) -> None:
    client.initialize()
    uri = client.open("train.py", ALIASED)
    (found,) = client.diagnostics(uri, 1)
    assert found["data"]["version"] == 1
    client.change(uri, "# moved\n" + ALIASED, 2)
    below = {"start": {"line": ALIASED_ROW + 1, "character": 11}, "end": {"line": ALIASED_ROW + 1, "character": 11}}
    stale = {**found, "range": {"start": below["start"], "end": {"line": ALIASED_ROW + 1, "character": 40}}}
    rename = client.actions(uri, below, given=[stale])[0]
    mended = applied("# moved\n" + ALIASED, rename["edit"]["changes"][uri])
    assert mended == "# moved\n" + ALIASED.replace("lambda w", "lambda _")


@pytest.mark.parametrize("data", [None, 1, [], {}, {"version": 1}, {"version": 1, "fixes": [{"title": 3}]}])
def test_foreign_and_broken_data_does_no_harm(client: Client, data: object) -> None:
    client.initialize()
    uri = client.open("train.py", ALIASED)
    (found,) = client.diagnostics(uri, 1)
    titles = [action["title"] for action in client.actions(uri, found["range"], given=[{**found, "data": data}])]
    assert titles == ["rename `w` to `_` (CLO201)", "ignore CLO201 here"]


@pytest.mark.parametrize(("encoding", "width"), [("utf-8", 4), ("utf-16", 2), ("utf-32", 1)])
def test_columns_in_the_encoding_that_the_client_asks_for(client: Client, encoding: str, width: int) -> None:
    result = client.initialize(capabilities={"general": {"positionEncodings": [encoding]}})
    assert result["capabilities"]["positionEncoding"] == encoding
    uri = client.open("train.py", PRELUDE)
    japanese = 3 if encoding == "utf-8" else 1
    line = 'dW = ("😀勾配", slope(lambda w: net.loss(x, t), net.W))\n'
    end = {"line": ALIASED_ROW, "character": 0}
    client.change(uri, [{"range": {"start": end, "end": end}, "text": line}], 2)
    # what is inserted behind the characters comes to stand there in either count
    behind = {"line": ALIASED_ROW, "character": 7 + width + 2 * japanese}
    client.change(uri, [{"range": {"start": behind, "end": behind}, "text": "!"}], 3)
    (found,) = client.diagnostics(uri, 3)
    column = 7 + width + 2 * japanese + len('!", slope(')
    assert found["range"]["start"] == {"line": ALIASED_ROW, "character": column}
    (edit,) = client.actions(uri, found["range"])[0]["edit"]["changes"][uri]
    assert edit["range"]["start"]["character"] == column + len("lambda ")


def test_lines_end_where_editors_end_them(client: Client) -> None:
    client.initialize()
    text = "\ufeff" + ALIASED.replace("\n\n\n", "\n\f\n# \x0b\x1c\u2028\n").replace("\n", "\r\n")
    uri = client.open("train.py", "")
    client.change(uri, text, 2)
    place = {"line": ALIASED_ROW, "character": 0}
    client.change(uri, [{"range": {"start": place, "end": place}, "text": "# here\r\n"}], 3)
    (found,) = client.diagnostics(uri, 3)
    assert found["range"]["start"] == {"line": ALIASED_ROW + 1, "character": 11}


def test_half_typed_text_keeps_what_still_applies(client: Client) -> None:
    client.initialize()
    both = ALIASED + "\n\nother = slope(lambda v: net.loss(x, t), net.W)\n"
    uri = client.open("train.py", both)
    assert len(client.diagnostics(uri, 1)) == 2
    client.change(uri, both.replace("\n\nother", "\n\nvalues = (\nother"), 2)
    kept = client.diagnostics(uri, 2)
    assert sorted(codes(kept)) == ["CLO201", "CLO201", "CLO900"]
    assert [each["range"]["start"]["line"] for each in kept if each["code"] == "CLO201"] == [
        ALIASED_ROW,
        ALIASED_ROW + 4,
    ]
    client.change(uri, both.replace("lambda w: net.loss(x, t)", "lambda w: net.loss("), 3)
    assert sorted(codes(client.diagnostics(uri, 3))) == ["CLO201", "CLO900"]


def test_hover_on_the_call_and_on_the_objective(client: Client) -> None:
    client.initialize()
    uri = client.open("train.py", ALIASED)

    def over(character: int) -> str:
        place = {"line": ALIASED_ROW, "character": character}
        shown = client.request("textDocument/hover", {"textDocument": {"uri": uri}, "position": place})
        assert shown["contents"]["kind"] == "markdown"
        value: str = shown["contents"]["value"]
        return value

    for text in (over(6), over(15)):
        assert "`slope` with a lambda" in text
        assert "delivery: in place, it perturbs the caller's own array" in text
        assert "- max |dW|: 0 handed a copy\n  - 0." in text
        assert "### CLO201 aliased-objective" in text
        assert "## Why is this bad?" in text
    nowhere = {"textDocument": {"uri": uri}, "position": {"line": 0, "character": 0}}
    assert client.request("textDocument/hover", nowhere) is None


def test_hover_tells_paths_from_the_folder_wherever_the_server_runs(tmp_path: Path) -> None:
    elsewhere, folder = tmp_path / "elsewhere", tmp_path / "project"
    elsewhere.mkdir()
    (folder / "package").mkdir(parents=True)
    with Client(elsewhere) as client:
        client.initialize(folders=[folder])
        uri = client.open((folder / "package" / "train.py").as_uri(), ALIASED)
        place = {"textDocument": {"uri": uri}, "position": {"line": ALIASED_ROW, "character": 6}}
        text = client.request("textDocument/hover", place)["contents"]["value"]
    where = re.search(r"a lambda at (.*?):\d+:\d+", text)
    assert where is not None, text
    assert where[1] == str(Path("package", "train.py"))


def test_hover_where_nothing_is_wrong(client: Client) -> None:
    client.initialize()
    uri = client.open("train.py", "import jax\n\ngradient = jax.grad(lambda p: p.sum())(params)\n")
    place = {"textDocument": {"uri": uri}, "position": {"line": 2, "character": 14}}
    text = client.request("textDocument/hover", place)["contents"]["value"]
    assert "delivery: traced, the objective gets traced values" in text
    assert "No rule objects." in text
    assert "the parameters that `argnums=` selects" in text


WHOLE = {"start": {"line": 0, "character": 0}, "end": {"line": 10_000, "character": 0}}


def test_inlay_hints_with_the_numbers(client: Client) -> None:
    client.initialize()
    uri = client.open("train.py", ALIASED)
    client.replayed(uri, 1)
    (hint,) = client.request("textDocument/inlayHint", {"textDocument": {"uri": uri}, "range": WHOLE})
    assert hint["label"].startswith("dW: 0 for a copy, 0.")
    assert hint["position"] == {"line": ALIASED_ROW, "character": len(ALIASED.splitlines()[-1])}


def test_inlay_hints_can_be_switched_off_and_lenses_on(client: Client) -> None:
    result = client.initialize(options={"inlayHints": False, "codeLens": True})
    assert "codeLensProvider" in result["capabilities"]
    uri = client.open("train.py", ALIASED)
    client.replayed(uri, 1)
    assert client.request("textDocument/inlayHint", {"textDocument": {"uri": uri}, "range": WHOLE}) == []
    (lens,) = client.request("textDocument/codeLens", {"textDocument": {"uri": uri}})
    assert lens["command"]["title"].startswith("dW: 0 for a copy")


def test_a_missing_library_is_named(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    import sys

    from closurelint.commands.cli import main

    for name in [name for name in sys.modules if name.startswith(("pygls", "lsprotocol", "closurelint.lsp"))]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "lsprotocol", None)
    assert main(["server"]) == 2
    assert "pip install closurelint[lsp]" in capsys.readouterr().err
