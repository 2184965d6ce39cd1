"""What happens when replay is slow or refutes, when a process dies, and when the client sends nonsense."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from lsp_client import Client, Message
from test_lsp import ALIASED, ZERO, codes

pytest.importorskip("pygls")

Start = Callable[[str], Client]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Starts a server in whose processes some code is run first."""
    started: list[Client] = []

    def run(code: str) -> Client:
        folder = tmp_path / "patch"
        folder.mkdir()
        (folder / "sitecustomize.py").write_text(code)
        path = os.pathsep.join([str(folder), *filter(None, [os.environ.get("PYTHONPATH")])])
        client = Client(tmp_path, env={**os.environ, "PYTHONPATH": path})
        started.append(client.__enter__())
        return client

    yield run
    for client in started:
        client.__exit__()


REPLAY = """
import closurelint.replay, time, os
from closurelint.evidence import Evidence
replay = closurelint.replay.replay
def instead(claim):
    {}
closurelint.replay.replay = instead
"""


def test_findings_do_not_wait_for_a_replay_that_never_ends(start: Start) -> None:
    client = start(REPLAY.format("time.sleep(1000)"))
    client.initialize()
    uri = client.open("train.py", ALIASED)
    (found,) = client.diagnostics(uri, 1)
    assert "replay" not in found["message"]
    client.change(uri, "\n" + ALIASED, 2)
    assert codes(client.diagnostics(uri, 2)) == ["CLO201"]
    assert client.request("textDocument/inlayHint", {"textDocument": {"uri": uri}, "range": found["range"]}) == []


def test_an_editor_asks_again_for_numbers_that_come_late(start: Start) -> None:
    client = start(REPLAY.format("time.sleep(1.5); return replay(claim)"))
    wanted = {name: {"refreshSupport": True} for name in ("codeLens", "inlayHint")}
    client.initialize(options={"codeLens": True}, capabilities={"workspace": wanted})
    uri = client.open("train.py", ALIASED)
    document = {"textDocument": {"uri": uri}}
    assert client.request("textDocument/codeLens", document) == []
    before = len(client.received)
    refreshes = {f"workspace/{name}/refresh" for name in wanted}
    client.wait(lambda: refreshes <= {each["method"] for each in client.received[before:]})
    (lens,) = client.request("textDocument/codeLens", document)
    assert lens["command"]["title"].startswith("dW: ")


def test_a_replay_that_takes_too_long_is_given_up(start: Start) -> None:
    client = start(
        "import closurelint.lsp.checking as it\nit.SLOWEST_REPLAY = 0.5\n" + REPLAY.format("time.sleep(1000)")
    )
    client.initialize()
    uri = client.open("train.py", ALIASED)
    (found,) = client.replayed(uri, 1)
    assert "replay: not replayed, because it took more than 0.5 s" in found["message"]


def test_what_replay_refutes_vanishes(start: Start) -> None:
    client = start(
        REPLAY.format("return Evidence('refuted', 'it matters') if 'loss(p' in claim.objective else replay(claim)")
    )
    client.initialize()
    uri = client.open("train.py", ZERO.replace("loss(x, y)", "loss(p0)") + ALIASED)
    client.replayed(uri, 1)
    assert codes(client.published[uri]) == ["CLO201"]


def test_a_replay_that_ends_its_process_costs_the_numbers_only(start: Start) -> None:
    client = start(REPLAY.format("os._exit(3) if 'slope' not in str(claim) else None\n    return replay(claim)"))
    client.initialize()
    uri = client.open("train.py", ZERO)
    (found,) = client.replayed(uri, 1)
    assert "not replayed, because its process died" in found["message"]
    uri = client.open("other.py", ALIASED)
    (found,) = client.replayed(uri, 1)
    assert "replay: max |dW| is 0 for a copy" in found["message"]


def test_a_text_that_ends_the_process_is_named_and_the_others_are_checked(start: Start) -> None:
    client = start(
        "import closurelint.engine as it, os\ncheck = it.check_source\n"
        "it.check_source = lambda source, *more: os._exit(3) if b'KILL' in source.data else check(source, *more)\n"
    )
    client.initialize()
    bad = client.open("bad.py", "KILL = 1\n" + ALIASED)
    (found,) = client.diagnostics(bad, 1)
    assert found["code"] == "CLO900"
    assert "this file could not be checked, its process died" in found["message"]
    good = client.open("good.py", ALIASED)
    assert codes(client.diagnostics(good, 1)) == ["CLO201"]
    client.change(bad, ALIASED, 2)
    assert codes(client.diagnostics(bad, 2)) == ["CLO201"]


NONSENSE: list[bytes] = [
    b"",
    b"{",
    b"null",
    b"[]",
    b"7",
    b'"text"',
    b"\xff\xfe",
    b"[" * 100_000,
    b"{}",
    b'{"jsonrpc": "2.0"}',
    b'{"jsonrpc": "1.0", "id": 5, "method": "shutdown"}',
    b'{"jsonrpc": "2.0", "method": "no/such/notification", "params": [1]}',
    b'{"jsonrpc": "2.0", "method": "textDocument/didOpen"}',
    b'{"jsonrpc": "2.0", "method": "textDocument/didOpen", "params": {"textDocument": null}}',
    b'{"jsonrpc": "2.0", "method": "textDocument/didChange", "params": {"textDocument": {"uri": 3}}}',
    b'{"jsonrpc": "2.0", "method": "$/cancelRequest", "params": {"id": 123456}}',
    b'{"jsonrpc": "2.0", "id": 4711, "result": {}}',
    b'{"jsonrpc": "2.0", "id": 4711, "error": {"code": 1, "message": "no"}}',
]


def test_nonsense_is_survived(client: Client) -> None:
    client.initialize()
    for body in NONSENSE:
        client.send_bytes(body)
    for uri in ("", "file://[", "file:///%00", "untitled:", "x" * 10_000, "file:///a%ZZb.py", "\ud800:\ud800"):
        place = {"line": 2**31 - 1, "character": 2**31 - 1}
        client.open(uri if ":" in uri else f"{uri}:", "x = '\ud800'\n" + ALIASED)
        client.change(uri, [{"range": {"start": place, "end": {"line": 0, "character": 0}}, "text": "\n"}], 2)
        for method in (
            "textDocument/hover",
            "textDocument/inlayHint",
            "textDocument/codeAction",
            "textDocument/codeLens",
        ):
            params = {"textDocument": {"uri": uri}, "position": place, "range": {"start": place, "end": place}}
            client.response(client.start_request(method, {**params, "context": {"diagnostics": []}}))
    works = client.open("works.py", ALIASED)
    assert codes(client.diagnostics(works, 1)) == ["CLO201"]


def test_what_is_no_message_is_no_error_of_the_server(client: Client) -> None:
    client.initialize()
    for body in (b"{}", b"[]", b'{"id": 5, "method": "shutdown"}'):
        client.send_bytes(body)
    works = client.open("works.py", ALIASED)
    assert codes(client.diagnostics(works, 1)) == ["CLO201"]
    assert [item for item in client.received if item.get("method") == "window/logMessage"] == []


def test_a_request_without_sense_gets_an_error(client: Client) -> None:
    client.initialize()
    for method, params in (("textDocument/hover", {"textDocument": 1}), ("no/such/request", {}), ("shutdown", 3)):
        answer = client.response(client.start_request(method, params))
        assert "error" in answer or method == "shutdown", answer


def test_changes_of_what_is_not_open_are_ignored(client: Client) -> None:
    client.initialize()
    unknown = (client.folder / "unknown.py").as_uri()
    client.change(unknown, ALIASED, 2)
    client.notify("textDocument/didClose", {"textDocument": {"uri": unknown}})
    client.notify("notebookDocument/didClose", {"notebookDocument": {"uri": unknown}, "cellTextDocuments": []})
    client.notify(
        "notebookDocument/didChange", {"notebookDocument": {"uri": unknown, "version": 2}, "change": {"cells": {}}}
    )
    uri = client.open("train.py", ALIASED)
    assert codes(client.diagnostics(uri, 1)) == ["CLO201"]
    assert unknown not in client.published
    assert client.errors == b""


def test_positions_outside_the_text_become_the_nearest_inside(client: Client) -> None:
    client.initialize()
    uri = client.open("train.py", "x = 1")
    far = {"line": 99, "character": 99}
    client.change(uri, [{"range": {"start": far, "end": far}, "text": "\n\n" + ALIASED}], 2)
    assert codes(client.diagnostics(uri, 2)) == ["CLO201"]
    client.change(uri, [{"range": {"start": {"line": 1, "character": 0}, "end": far}, "text": ""}], 3)
    assert client.diagnostics(uri, 3) == []


def test_changes_with_nulls_are_not_lost(client: Client) -> None:
    client.initialize()
    uri = client.open("train.py", "x = 1")
    old: Message = {"uri": uri, "version": None}
    client.notify("textDocument/didChange", {"textDocument": old, "contentChanges": [{"range": None, "text": ALIASED}]})
    assert codes(client.diagnostics(uri, 0)) == ["CLO201"]
    client.notify("textDocument/didChange", {"textDocument": {"uri": uri}, "contentChanges": [{"text": "x = 1"}]})
    client.wait(lambda: client.published[uri] == [])
    assert client.errors == b""


def test_a_request_after_the_shutdown_is_refused(client: Client) -> None:
    client.initialize()
    client.request("shutdown")
    asked = {"textDocument": {"uri": "file:///x.py"}, "position": {"line": 0, "character": 0}}
    assert client.response(client.start_request("textDocument/hover", asked))["error"]["code"] == -32600
    client.notify("exit")
    assert client.process.wait(timeout=20) == 0


def test_requests_can_be_cancelled(start: Start) -> None:
    client = start(
        "import closurelint.engine as it, time\ncheck = it.check_source\n"
        "def slow(source, *more):\n    time.sleep(2 * (b'SLOW' in source.data))\n    return check(source, *more)\n"
        "it.check_source = slow\n"
    )
    client.initialize(capabilities={"textDocument": {"diagnostic": {}}})
    uri = client.open("train.py", "SLOW = 1\n" + ALIASED)
    number = client.start_request("textDocument/diagnostic", {"textDocument": {"uri": uri}})
    client.notify("$/cancelRequest", {"id": number})
    assert client.response(number)["error"]["code"] == -32800
    assert codes(client.request("textDocument/diagnostic", {"textDocument": {"uri": uri}})["items"]) == ["CLO201"]


def test_a_client_that_leaves_without_a_word_is_not_outlived(client: Client) -> None:
    client.initialize()
    uri = client.open("train.py", ALIASED)
    client.diagnostics(uri, 1)
    assert client.process.stdin is not None
    client.process.stdin.close()
    assert client.process.wait(timeout=60) == 1
    assert client.errors == b""


def test_a_module_beside_the_code_is_not_imported(tmp_path: Path) -> None:
    for name in ("numpy", "libcst", "pygls", "json", "pickle"):
        (tmp_path / f"{name}.py").write_text("raise SystemExit('imported what is checked')\n")
    with Client(tmp_path, sys.executable, "-m", "closurelint", "server") as client:
        client.initialize()
        uri = client.open("train.py", ALIASED)
        assert "replay: max |dW| is 0" in client.replayed(uri, 1)[0]["message"]


def test_a_text_without_end_is_left_alone(client: Client) -> None:
    client.initialize()
    uri = client.open("long.py", ALIASED + "# " + "x" * 5_000_000)
    assert client.diagnostics(uri, 1) == []


def test_deep_nesting_does_not_end_the_server(client: Client) -> None:
    client.initialize()
    for number, text in enumerate(("x = " + "(" * 5000, "x = " + "-" * 200_000 + "1", "x = " + "a." * 100_000 + "b")):
        uri = client.open(f"deep{number}.py", text + "\n" + ALIASED)
        found = client.diagnostics(uri, 1)
        assert codes(found) in (["CLO900"], ["CLO201"]), json.dumps(found)


def test_the_server_itself_loads_neither_half() -> None:
    code = "import sys, closurelint.lsp.features as it; it.server(); print(*{'libcst', 'numpy'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []
