"""A client of the language server, over its real standard input and output."""

from __future__ import annotations

import contextlib
import json
import queue
import subprocess
import sys
import threading
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

PATIENCE = 20.0
"""Seconds until a test gives up; none depends on how long anything takes."""

Message = dict[str, Any]


class Client:
    """One conversation. `answers` says how requests of the server are answered, by method; others get null."""

    def __init__(self, folder: Path, *command: str, env: dict[str, str] | None = None) -> None:
        words = command or (sys.executable, "-m", "closurelint", "server")
        pipe = subprocess.PIPE
        self.folder = folder
        self.process = subprocess.Popen(words, cwd=folder, stdin=pipe, stdout=pipe, stderr=pipe, env=env)
        self.published: dict[str, list[Message]] = {}
        self.versions: dict[str, int | None] = {}
        self.received: list[Message] = []
        self.answers: dict[str, Callable[[Any], Any]] = {}
        self.errors = b""
        self._incoming: queue.Queue[Message | None] = queue.Queue()
        self._responses: dict[int, Message] = {}
        self._number = 0
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._reader.start()
        self._listener.start()

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self._reader.join()
        self._listener.join()
        for stream in (self.process.stdin, self.process.stdout, self.process.stderr):
            assert stream is not None
            with contextlib.suppress(BrokenPipeError):
                stream.close()

    # -- sending

    def send(self, message: Message) -> None:
        self.send_bytes(json.dumps({"jsonrpc": "2.0", **message}).encode())

    def send_bytes(self, body: bytes) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
        self.process.stdin.flush()

    def notify(self, method: str, params: Any = None) -> None:
        self.send({"method": method, "params": params})

    def start_request(self, method: str, params: Any = None) -> int:
        self._number += 1
        self.send({"id": self._number, "method": method, "params": params})
        return self._number

    def response(self, number: int) -> Message:
        """The whole response to a request."""
        self.wait(lambda: number in self._responses)
        return self._responses.pop(number)

    def request(self, method: str, params: Any = None) -> Any:
        """The result of a request; an error fails the test."""
        answer = self.response(self.start_request(method, params))
        assert "error" not in answer, answer
        return answer["result"]

    # -- receiving

    def wait(self, fulfilled: Callable[[], Any]) -> None:
        """Handle messages until something has happened."""
        while not fulfilled():
            message = self._incoming.get(timeout=PATIENCE)
            assert message is not None, "the server has ended: " + self.errors.decode(errors="replace")
            self._handle(message)

    def _handle(self, message: Message) -> None:
        method = message.get("method")
        if method is None:
            self._responses[message["id"]] = message
            return
        self.received.append(message)
        if method == "textDocument/publishDiagnostics":
            params = message["params"]
            self.published[params["uri"]] = params["diagnostics"]
            self.versions[params["uri"]] = params.get("version")
        elif "id" in message:
            answer = self.answers.get(method)
            result = None if answer is None else answer(message.get("params"))
            self.send({"id": message["id"], "result": result})

    def _read(self) -> None:
        stream = self.process.stdout
        assert stream is not None
        while True:
            length = 0
            while (line := stream.readline()).strip():
                name, _, value = line.partition(b":")
                if name.lower() == b"content-length":
                    length = int(value)
            if not line:
                self._incoming.put(None)
                return
            self._incoming.put(json.loads(stream.read(length)))

    def _listen(self) -> None:
        assert self.process.stderr is not None
        for line in self.process.stderr:
            self.errors += line

    # -- what clients do

    def initialize(
        self, *, options: Any = None, capabilities: Any = None, folders: Sequence[Path] | None = None
    ) -> Any:
        folders = [self.folder] if folders is None else folders
        result = self.request(
            "initialize",
            {
                "processId": None,
                "rootUri": folders[0].as_uri() if folders else None,
                "workspaceFolders": [{"uri": each.as_uri(), "name": each.name} for each in folders],
                "initializationOptions": options,
                "capabilities": capabilities or {},
            },
        )
        self.notify("initialized", {})
        return result

    def open(self, name: str, text: str, *, language: str = "python", version: int = 1) -> str:
        uri = name if ":" in name else (self.folder / name).as_uri()
        item = {"uri": uri, "languageId": language, "version": version, "text": text}
        self.notify("textDocument/didOpen", {"textDocument": item})
        return uri

    def change(self, uri: str, changes: list[Message] | str, version: int) -> None:
        listed = [{"text": changes}] if isinstance(changes, str) else changes
        params = {"textDocument": {"uri": uri, "version": version}, "contentChanges": listed}
        self.notify("textDocument/didChange", params)

    def diagnostics(self, uri: str, version: int) -> list[Message]:
        """What is published of a version."""
        self.wait(lambda: self.versions.get(uri) == version)
        return self.published[uri]

    def replayed(self, uri: str, version: int) -> list[Message]:
        """What is published of a version when all of it has its numbers."""

        def told() -> bool:
            known = self.published.get(uri, ())
            return self.versions.get(uri) == version and all("\nreplay: " in each["message"] for each in known)

        self.wait(told)
        return self.published[uri]

    def actions(self, uri: str, place: Message, *, given: list[Message] | None = None, only: Any = None) -> Any:
        context: Message = {"diagnostics": given or []}
        if only is not None:
            context["only"] = only
        return self.request(
            "textDocument/codeAction", {"textDocument": {"uri": uri}, "range": place, "context": context}
        )

    def shutdown(self) -> int:
        """Leave as a client should; the exit status of the server."""
        self.request("shutdown")
        self.notify("exit")
        return self.process.wait(timeout=PATIENCE)


def applied(text: str, edits: Iterable[Message]) -> str:
    """A text after edits whose columns are characters or UTF-16 units of ASCII."""
    lines = text.split("\n")
    for edit in sorted(edits, key=lambda each: _place(each["range"]["start"]), reverse=True):
        (first, column), (last, end) = _place(edit["range"]["start"]), _place(edit["range"]["end"])
        before = "\n".join([*lines[:first], lines[first][:column]])
        after = "\n".join([lines[last][end:], *lines[last + 1 :]]) if last < len(lines) else ""
        lines = (before + edit["newText"] + after).split("\n")
    return "\n".join(lines)


def _place(position: Message) -> tuple[int, int]:
    return position["line"], position["character"]
