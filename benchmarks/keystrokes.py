"""Prints how long editors wait for diagnostics after a keystroke in a file of 2,000 lines that has findings.

Run with `python benchmarks/keystrokes.py [--keys N] [--fixit COMMAND]`; `ruff` has to be on the path, and fixit is left
out where its command is missing (`pip install 'fixit[lsp]'`, best in an environment of its own). All servers get the
same text and the same keys, one server after the other in rounds, so that they share whatever else the machine does.
The keys are typed into comments, plain functions, and the objectives of findings; the table has a row for each.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import queue
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

LINES = 2_000
EVERY = 250
"""Lines of plain code between two findings."""

DIFFERENTIATOR = """import jax
import numpy as np


def numerical_gradient(f, x, h=1e-4):
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
FINDING = '''def gradient_{0}(net, images_{0}, labels_{0}):
    """Differentiate the loss by the weights."""
    return numerical_gradient(lambda weights_{0}: net.loss(images_{0}, labels_{0}), net.W{0})


'''
PLAIN = '''def summary_{0}(rows_{0}, scale_{0}=2.0):
    """Add up the rows, scaled."""
    total_{0} = 0.0
    for row_{0} in rows_{0}:
        # each row counts once
        total_{0} += scale_{0} * row_{0}
    return total_{0} / max(len(rows_{0}), 1)


'''
KINDS = {"comment": "# each row counts once", "plain code": "    total_", "objective": "net.loss(images_"}


def program() -> str:
    """The file: findings between plain functions."""
    parts, number = [DIFFERENTIATOR], 0
    while (lines := "".join(parts).count("\n")) < LINES:
        number += 1
        parts.append(FINDING.format(number) if lines // EVERY >= sum("lambda" in part for part in parts) else "")
        parts.append(PLAIN.format(number))
    return "".join(parts)


def keys(text: str, count: int, seed: int = 1) -> list[tuple[str, int, int]]:
    """Places at which a character is typed: the kind, the line and the column."""
    chosen = random.Random(seed)
    lines = text.split("\n")
    places = []
    for kind, mark in KINDS.items():
        rows = [row for row, line in enumerate(lines) if mark in line and "= 0.0" not in line]
        for row in chosen.choices(rows, k=count):
            places.append((kind, row, lines[row].index(mark) + len(mark)))
    chosen.shuffle(places)
    return places


class Server:
    """A language server that is asked by pushing changes, and by pulling where it offers that."""

    def __init__(self, name: str, command: Sequence[str], folder: Path) -> None:
        self.name, self.times, self.worked = name, dict[str, list[float]](), dict[str, list[float]]()
        pipe, nowhere = subprocess.PIPE, subprocess.DEVNULL
        self.process = subprocess.Popen(command, cwd=folder, stdin=pipe, stdout=pipe, stderr=nowhere)
        self._incoming: queue.Queue[dict[str, Any]] = queue.Queue()
        self._number = 0
        self.version = 1
        self.uri = (folder / "long.py").as_uri()
        threading.Thread(target=self._read, daemon=True).start()
        capabilities: dict[str, Any] = {"textDocument": {"publishDiagnostics": {"versionSupport": True}}}
        root = {"rootUri": folder.as_uri(), "workspaceFolders": [{"uri": folder.as_uri(), "name": "folder"}]}
        params = {"processId": os.getpid(), **root, "capabilities": capabilities}
        self.request("initialize", params)
        self.send({"method": "initialized", "params": {}})

    def send(self, message: dict[str, Any]) -> None:
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        assert self.process.stdin is not None
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
        self.process.stdin.flush()

    def request(self, method: str, params: Any) -> Any:
        self._number += 1
        self.send({"id": self._number, "method": method, "params": params})
        while True:
            message = self.next()
            if message.get("id") == self._number and "method" not in message:
                return message.get("result")

    def next(self) -> dict[str, Any]:
        message = self._incoming.get(timeout=300)
        if "id" in message and "method" in message:
            self.send({"id": message["id"], "result": None})
        return message

    def _read(self) -> None:
        assert self.process.stdout is not None
        stream = self.process.stdout
        while True:
            length = 0
            while (line := stream.readline()).strip():
                if line.lower().startswith(b"content-length"):
                    length = int(line.split(b":")[1])
            if not line:
                return
            self._incoming.put(json.loads(stream.read(length)))

    def open(self, text: str) -> int:
        item = {"uri": self.uri, "languageId": "python", "version": 1, "text": text}
        self.send({"method": "textDocument/didOpen", "params": {"textDocument": item}})
        found = self.published()
        time.sleep(2)
        while not self._incoming.empty():
            found = self._of(self.next(), found)
        return found

    def _of(self, message: dict[str, Any], before: int) -> int:
        if message.get("method") != "textDocument/publishDiagnostics":
            return before
        return len(message["params"]["diagnostics"])

    def published(self) -> int:
        """Wait for the diagnostics of the newest version, and give their number; not every server tells the version."""
        while True:
            message = self.next()
            if message.get("method") == "textDocument/publishDiagnostics":
                params = message["params"]
                if params.get("version") in (None, self.version):
                    return len(params["diagnostics"])

    def type(self, kind: str, row: int, column: int) -> None:
        """Type a character, wait for diagnostics, and take it back."""
        place = {"line": row, "character": column}
        worked = processor_time(self.process.pid)
        begun = time.perf_counter()
        self.change({"start": place, "end": place}, "0")
        self.published()
        self.times.setdefault(kind, []).append((time.perf_counter() - begun) * 1000)
        self.change({"start": place, "end": {"line": row, "character": column + 1}}, "")
        self.published()
        time.sleep(0.05)
        while not self._incoming.empty():
            self.next()
        # of the two changes
        self.worked.setdefault(kind, []).append((processor_time(self.process.pid) - worked) / 2)

    def change(self, place: dict[str, Any], text: str) -> None:
        self.version += 1
        document = {"uri": self.uri, "version": self.version}
        params = {"textDocument": document, "contentChanges": [{"range": place, "text": text}]}
        self.send({"method": "textDocument/didChange", "params": params})


def processor_time(pid: int) -> float:
    """Milliseconds that a process and those that it started have worked; 0 where the system does not tell."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2].split()
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:
        return 0.0
    own = (int(fields[11]) + int(fields[12])) * 1000 / os.sysconf("SC_CLK_TCK")
    return own + sum(processor_time(int(child)) for child in children)


def servers(folder: Path, fixit: str, only: Sequence[str]) -> list[Server]:
    """The servers that are installed."""
    commands = {"closurelint": [sys.executable, "-m", "closurelint", "server"], "ruff": ["ruff", "server"]}
    commands["fixit"] = [fixit, "lsp", "--debounce-interval", "0"]
    return [Server(name, words, folder) for name, words in commands.items() if name in only and shutil.which(words[0])]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--keys", type=int, default=40, help="keystrokes of each kind")
    parser.add_argument("--servers", nargs="+", default=("closurelint", "ruff", "fixit"), help="which to measure")
    parser.add_argument("--fixit", default="fixit", help="the command of fixit")
    arguments = parser.parse_args()
    text = program()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "long.py").write_text(text)
        (folder / "ruff.toml").write_text('lint.select = ["ARG"]\n')
        running = servers(folder, arguments.fixit, arguments.servers)
        found = {server.name: server.open(text) for server in running}
        load = os.getloadavg() if hasattr(os, "getloadavg") else (0.0, 0.0, 0.0)
        for kind, row, column in keys(text, arguments.keys):
            for server in running:
                server.type(kind, row, column)
        for server in running:
            server.process.kill()
    report(text, running, found, load)


def report(text: str, running: Sequence[Server], found: dict[str, int], load: Sequence[float]) -> None:
    """Print the figures as JSON, and as a table."""
    rows = []
    for server in running:
        everything, worked = (
            [each for one in kinds.values() for each in one] for kinds in (server.times, server.worked)
        )
        for kind, times in [("all", everything), *server.times.items()]:
            figures = {"median": statistics.median(times), "worst": max(times), "best": min(times)}
            figures["processor"] = statistics.mean(server.worked.get(kind, worked))
            rows.append({"server": server.name, "keys": kind, **{name: round(of, 1) for name, of in figures.items()}})
    about = {"lines": text.count("\n"), "diagnostics": found, "load": [round(each, 1) for each in load]}
    about |= {"python": platform.python_version(), "processors": os.cpu_count()}
    print(json.dumps({**about, "milliseconds": rows}, indent=2))
    print("\n| server | keys in | median ms | worst ms | best ms | processor ms |\n|---|---|---|---|---|---|")
    for row in rows:
        cells = (row[name] for name in ("server", "keys", "median", "worst", "best", "processor"))
        print(f"| {' | '.join(str(cell) for cell in cells)} |")


if __name__ == "__main__":
    main()
