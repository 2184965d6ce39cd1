"""A long session of random edits ends with what a fresh run finds, without an error, and without growing.

`CLOSURELINT_SESSION=2000 pytest tests/test_lsp_session.py -s` runs the long form and prints the memory that is used.
"""

from __future__ import annotations

import os
import random
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from lsp_client import Client, Message

from closurelint.library import check_source
from closurelint.report.wording import evidence

pytest.importorskip("pygls")

EDITS = int(os.environ.get("CLOSURELINT_SESSION", "60"))
SEED = int(os.environ.get("CLOSURELINT_SEED", "7"))
SETTLED = 100
"""Edits after which the memory may not grow any more."""

FIXTURES = Path(__file__).parent.parent / "fixtures"
NAMES = (
    "aliased-objective/own_in_place.py",
    "captured-point/jax_pytree.py",
    "ignored-parameter/scipy_fit.py",
    "partial-objective/false_friends.py",
    "book/ch04/simple_net.py",
    "book/common/gradient.py",
    "book/common/functions.py",
    "unused-suppression/false_friends.py",
)
SNIPPETS = (
    *("\n", "    ", "(", ")", '"', "'''", "\t", ":", "\r\n", "\f", "\\\n", "\ud83d"),
    *("# noqa\n", "# 勾配 \U0001f600\n", "x = 1\n", "lambda w: loss", "import jax\n"),
    "def f(w):\n    return net.loss(x, t)\n",
    "dW = jax.grad(lambda p: loss)(params)\n",
)


@dataclass
class Open:
    """A text as the client has it."""

    uri: str
    path: Path
    text: str
    original: str
    version: int = 1


class Session:
    """The client's side of the session."""

    def __init__(self, client: Client, seed: int) -> None:
        self.client, self.random = client, random.Random(seed)
        self.opened: list[Open] = []
        self.names = 0
        for name in NAMES:
            source = (FIXTURES / name).read_text(encoding="utf-8")
            path = client.folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(source, encoding="utf-8")
            self.open(path, source, source)

    def open(self, path: Path, text: str, original: str) -> None:
        self.opened.append(Open(self.client.open(path.as_uri(), text), path, text, original))

    def step(self) -> None:
        """One thing that a user does, and sometimes a question of the editor."""
        one = self.random.choice(self.opened)
        action = self.random.choices(
            (self.insert, self.delete, self.restore, self.rename, self.save, self.replace), (10, 6, 3, 1, 1, 1)
        )[0]
        action(one)
        if self.random.random() < 0.3:
            self.ask(self.random.choice(self.opened))

    def insert(self, one: Open) -> None:
        self.splice(one, self.random.randint(0, len(one.text)), 0, self.random.choice(SNIPPETS))

    def delete(self, one: Open) -> None:
        at = self.random.randint(0, len(one.text))
        self.splice(one, at, self.random.choice((1, 3, 40)), "")

    def splice(self, one: Open, start: int, count: int, new: str) -> None:
        end = min(len(one.text), start + count)
        change = {"range": {"start": place(one.text, start), "end": place(one.text, end)}, "text": new}
        start, end = (offset(one.text, change["range"][key]) for key in ("start", "end"))  # type: ignore[index]
        one.text = one.text[:start] + new + one.text[end:]
        self.tell(one, [change])

    def tell(self, one: Open, changes: list[Message]) -> None:
        one.version += 1
        self.client.change(one.uri, changes, one.version)

    def restore(self, one: Open) -> None:
        one.text = one.original
        self.tell(one, [{"text": one.text}])

    def replace(self, one: Open) -> None:
        one.text = self.random.choice(self.opened).text
        self.tell(one, [{"text": one.text}])

    def rename(self, one: Open) -> None:
        self.names += 1
        self.client.notify("textDocument/didClose", {"textDocument": {"uri": one.uri}})
        self.opened.remove(one)
        path = one.path.with_name(f"renamed_{self.names}.py") if self.random.random() < 0.5 else one.path
        if path != one.path and "common" not in str(path):
            one.path.rename(path)
            events = [{"uri": one.path.as_uri(), "type": 3}, {"uri": path.as_uri(), "type": 1}]
            self.client.notify("workspace/didChangeWatchedFiles", {"changes": events})
        else:
            path = one.path
        self.open(path, one.text, one.original)

    def save(self, one: Open) -> None:
        one.path.write_bytes(one.text.encode("utf-8", "replace"))
        self.client.notify("textDocument/didSave", {"textDocument": {"uri": one.uri}})

    def ask(self, one: Open) -> None:
        at = place(one.text, self.random.randint(0, len(one.text)))
        method = self.random.choice(("textDocument/hover", "textDocument/codeAction", "textDocument/inlayHint"))
        params: Message = {"textDocument": {"uri": one.uri}, "position": at, "range": {"start": at, "end": at}}
        number = self.client.start_request(method, {**params, "context": {"diagnostics": []}})
        if self.random.random() < 0.5:
            self.client.notify("$/cancelRequest", {"id": number})
        answer = self.client.response(number)
        assert answer.get("error", {}).get("code") in (None, -32800), answer

    def settle(self, *, exactly: bool) -> None:
        """Wait until everything is published that a fresh run finds."""
        for one in self.opened:
            one.path.write_bytes(whole(one.text).encode())
        for one in self.opened:
            wanted = fresh(one)
            broken = any(code == "CLO900" for _, code, _ in wanted)
            assert not (exactly and broken), one.path

            def done(one: Open = one, wanted: Any = wanted, broken: bool = broken) -> bool:
                shown = published(self.client, one)
                return set(wanted) <= set(shown) if broken else wanted == shown

            try:
                self.client.wait(done)
            except Exception as reason:
                shown = published(self.client, one)
                raise AssertionError(f"{one.path}\n{wanted}\n{shown}\n{one.text}") from reason


def place(text: str, at: int) -> Message:
    """The position of an offset, in UTF-16 units."""
    before = lines_of(text[:at])
    if text[at - 1 : at + 1] == "\r\n":
        before = lines_of(text[: at - 1])
    return {"line": len(before) - 1, "character": len(before[-1].encode("utf-16-le", "surrogatepass")) // 2}


def offset(text: str, position: Message) -> int:
    """The offset of a position, which is one that `place` gave."""
    starts = [0]
    at = 0
    for line in lines_of(text)[:-1]:
        at += len(line)
        at += 2 if text[at : at + 2] == "\r\n" else 1
        starts.append(at)
    line = lines_of(text)[position["line"]]
    units = line.encode("utf-16-le", "surrogatepass")[: position["character"] * 2]
    return starts[position["line"]] + len(units.decode("utf-16-le", "surrogatepass"))


def lines_of(text: str) -> list[str]:
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")


def whole(text: str) -> str:
    return "".join("\ufffd" if "\ud800" <= char <= "\udfff" else char for char in text)


Shown = tuple[tuple[int, int], str, str]


def fresh(one: Open) -> list[Shown]:
    """What a run that knows nothing of the session finds, as the client should have it."""
    found: list[Shown] = []
    lines = lines_of(whole(one.text))
    for each in check_source(whole(one.text), str(one.path)).diagnostics:
        numbers = evidence(each)
        row, column = each.range.start
        units = len(lines[row - 1][: column - 1].encode("utf-16-le")) // 2 if row <= len(lines) else 0
        message = each.message + (f"\nreplay: {numbers}" if numbers else "")
        found.append(((row - 1, units), each.code, message))
    return sorted(found)


def published(client: Client, one: Open) -> list[Shown]:
    if client.versions.get(one.uri) != one.version:
        return []
    return sorted(
        ((each["range"]["start"]["line"], each["range"]["start"]["character"]), each["code"], each["message"])
        for each in client.published[one.uri]
    )


def memory(pid: int) -> int:
    """Bytes of the server and its processes, each counted with what they share."""
    pids, found = [pid], 0
    while pids:
        each = pids.pop()
        pids += [int(child) for child in Path(f"/proc/{each}/task/{each}/children").read_text().split()]
        found += int(Path(f"/proc/{each}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    return found


def test_a_session_of_random_edits(client: Client) -> None:
    client.initialize(options={"debounce": 1})
    session = Session(client, SEED)
    session.settle(exactly=True)
    sizes: list[int] = []
    for number in range(EDITS):
        session.step()
        if number % SETTLED == 0:
            session.settle(exactly=False)
            if Path("/proc/self/task").exists():
                sizes.append(memory(client.process.pid))
    session.settle(exactly=False)
    for one in session.opened:
        session.restore(one)
    session.settle(exactly=True)
    print("MB after each", SETTLED, "edits:", [size // 1_000_000 for size in sizes])
    if len(sizes) > 10:
        early, late = max(sizes[1:4]), min(sizes[-3:])
        assert late < early * 1.1, sizes
    logged = [
        each["params"] for each in client.received if each["method"] in ("window/logMessage", "window/showMessage")
    ]
    assert logged == []
    assert client.shutdown() == 0
    assert client.errors == b""
