"""Sends the messages of an editor to the language server, with parts of the wrong kind, too many, missing or odd."""

from __future__ import annotations

import json
import queue
import random
from pathlib import Path
from typing import Any

from lsp_client import Client

from .damage import damaged
from .dialects import DIALECTS
from .modules import module

ODD: tuple[Any, ...] = (
    None, True, 0, -1, 2**31, 2**63, 1e308, "", "\0", "\ud83d", "é" * 500, "file:///", "file:///%00", "untitled:1", [],
    {}, [None], {"": None}, [[]] * 20, "../../etc", "python", "$/progress",
)  # fmt: skip
KNOWN = "known.py"
SOUND = "x = 1\n"
RENEWED = 200
"""Messages after which another server is started."""
NONSENSE = ("JsonRpc", "JSONDecodeError", "UnicodeDecodeError", "RecursionError")
"""How the server names what is no message, or not one that it knows; all else is an error in its own code."""


class Conversation:
    """One client, and servers one after the other."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._sent = folder, 0
        self._client: Client | None = None

    def close(self) -> None:
        """End the server."""
        if self._client is not None:
            self._client.__exit__()
            self._client = None

    def trouble(self, rng: random.Random) -> str:
        """What is wrong after a spoilt message; empty if the server goes on to answer, and complains of no bug."""
        if self._sent % RENEWED == 0:
            self.close()
        self._sent += 1
        client = self._client or self._begin()
        body = json.dumps({"jsonrpc": "2.0", **spoilt(rng, message(rng, client))}).encode()
        if rng.random() < 0.2:
            body = damaged(rng, body, json.dumps(message(rng, client)).encode())
        try:
            client.send_bytes(body)
            sound = client.open(f"sound{self._sent}.py", SOUND)
            client.diagnostics(sound, 1)
            client.notify("textDocument/didClose", {"textDocument": {"uri": sound}})
            answer = client.response(client.start_request("textDocument/hover", _place(client, KNOWN, 0)))
            said = "" if "result" in answer or "error" in answer else f"answered with {answer}"
        except (AssertionError, BrokenPipeError) as end:
            said = f"the server ended: {end}"
        except queue.Empty:
            said = "the server says nothing any more"
        said = said or _bug(client)
        if said:
            self.close()
            self._sent = 0
        return f"{said}\nafter {body[:2000]!r}" if said else ""

    def _begin(self) -> Client:
        client = self._client = Client(self._folder).__enter__()
        client.initialize()
        client.open(KNOWN, module(random.Random(0), DIALECTS[0]).text)
        return client


def _bug(client: Client) -> str:
    """What the server has said of errors in its own code."""
    for received in client.received:
        said = received["params"]["message"] if received.get("method") == "window/logMessage" else ""
        if said and not said.startswith(NONSENSE):
            return f"logged {said}"
    return "a task failed" if b"exception was never retrieved" in client.errors else ""


def _place(client: Client, name: str, row: int) -> dict[str, Any]:
    start = {"line": row, "character": 0}
    return {
        "textDocument": {"uri": (client.folder / name).as_uri(), "version": 2},
        "position": start,
        "range": {"start": start, "end": {"line": row + 3, "character": 4}},
    }


def message(rng: random.Random, client: Client) -> dict[str, Any]:
    """A message as an editor sends it, a question or a piece of news."""
    place = _place(client, rng.choice((KNOWN, "other.py", "notebook.ipynb")), rng.randrange(40))
    document, text = place["textDocument"], module(rng, rng.choice(DIALECTS)).text
    cell = {"kind": 2, "document": f"vscode-notebook-cell:{rng.randrange(3)}"}
    notebook = {"uri": document["uri"], "notebookType": "jupyter-notebook", "version": 1, "cells": [cell]}
    item = {"uri": cell["document"], "languageId": "python", "version": 1, "text": text}
    array = {"start": rng.randrange(3), "deleteCount": rng.randrange(3), "cells": [cell]}
    event = {"uri": document["uri"], "type": rng.randrange(1, 4)}
    folder = {"uri": client.folder.as_uri(), "name": "folder"}
    code = {"title": "mend", "kind": "quickfix", "data": {"uri": document["uri"], "version": 1, "edits": []}}
    told = rng.choice((
        ("textDocument/didOpen", {"textDocument": {**item, "uri": document["uri"]}}),
        ("textDocument/didChange", {**place, "contentChanges": [{"range": place["range"], "text": text}]}),
        ("textDocument/didClose", place),
        ("textDocument/didSave", place),
        ("notebookDocument/didOpen", {"notebookDocument": notebook, "cellTextDocuments": [item]}),
        ("notebookDocument/didChange", {"notebookDocument": notebook, "change": {"cells": {
            "structure": {"array": array, "didOpen": [item], "didClose": [{"uri": item["uri"]}]},
            "textContent": [{"document": {"uri": item["uri"], "version": 2}, "changes": [{"text": text}]}],
            "data": [cell]}}}),
        ("notebookDocument/didClose", {"notebookDocument": notebook, "cellTextDocuments": [item]}),
        ("workspace/didChangeConfiguration", {"settings": {"closurelint": {"select": ["CLO1"], "inlayHints": True}}}),
        ("workspace/didChangeWatchedFiles", {"changes": [event]}),
        ("workspace/didChangeWorkspaceFolders", {"event": {"added": [folder], "removed": [folder]}}),
        ("$/setTrace", {"value": "verbose"}),
        ("window/workDoneProgress/cancel", {"token": "1"}),
    ))  # fmt: skip
    asked = rng.choice((
        ("textDocument/hover", place),
        ("textDocument/inlayHint", place),
        ("textDocument/codeLens", place),
        ("textDocument/diagnostic", {**place, "previousResultId": "1"}),
        ("textDocument/codeAction", {**place, "context": {"diagnostics": [
            {"range": place["range"], "message": "m", "code": "CLO101", "data": code["data"]}], "only": ["quickfix"]}}),
        ("codeAction/resolve", code),
        ("workspace/executeCommand", {"command": "closurelint.server.fixAll", "arguments": [document["uri"]]}),
        ("workspace/executeCommand", {"command": "closurelint.server.checkWorkspace", "arguments": []}),
        ("workspace/diagnostic", {"previousResultIds": [{"uri": document["uri"], "value": "1"}]}),
    ))  # fmt: skip
    if rng.random() < 0.5:
        return {"method": told[0], "params": told[1]}
    return {"id": f"spoilt{rng.randrange(10**6)}", "method": asked[0], "params": asked[1]}


def spoilt(rng: random.Random, value: Any) -> Any:
    """A message after one or more misfortunes to its parts; its method stays."""
    share = rng.choice((0.02, 0.05, 0.2))
    return {**value, "params": _spoilt(rng, value["params"], share)}


def _spoilt(rng: random.Random, value: Any, share: float) -> Any:
    if rng.random() < share:
        return rng.choice(ODD)
    if isinstance(value, list):
        parts = [_spoilt(rng, each, share) for each in value]
        return parts * rng.choice((0, 2, 3)) if rng.random() < share else parts
    if isinstance(value, dict):
        kept = {name: _spoilt(rng, each, share) for name, each in value.items() if rng.random() >= share / 2}
        return {**kept, "other": rng.choice(ODD)} if rng.random() < share else kept
    return value
