"""Files that are no good: cut, spliced, of odd characters, too deep, too long; and settings and baselines like that."""

from __future__ import annotations

import json
import random
from collections.abc import Callable

ODD = (
    "\0", "\t", "\x0c", "\r", "\r\n", "\ufeff", "\u2028", "\u202e", "\x85", "é", "e\u0301", "\U0001d430", "\ufb01",
    "😀",
    "\\", '"""', "'", "#", "(", ")", "]", "{", ":", "lambda", "\n    ", "\n\t", " " * 9000, "0" * 5000, "é" * 3000,
    "# coding: utf-7\n", "%%bash\n", "# type: ignore", "# noqa: CLO", "# closurelint: ignore[", "# fmt: off\n",
    "<<<<<<< HEAD\n", "async ", "await ", "*", "**", "match x:\n case _: pass\n", "yield ", ":= ", "f'{",
    "f'{x!r:{y}}'", "type X = int\n", "del ", "global w\n", "nonlocal w\n",
)  # fmt: skip
ODD_BYTES = (b"\xff", b"\xfe\xff", b"\xc3", b"\xed\xa0\x80", b"\x80\x80", b"\xf0\x9f", b"\xef\xbb\xbf", b"\x00\x00")


def damaged(rng: random.Random, data: bytes, other: bytes) -> bytes:
    """Bytes of a file after one to four misfortunes; `other` is another file, of which parts may get in."""
    for _ in range(rng.choice((1, 1, 2, 4))):
        data = rng.choice(_MISFORTUNES)(rng, data, other)
    return data


def _place(rng: random.Random, data: bytes) -> int:
    return rng.randrange(len(data) + 1)


def _cut(rng: random.Random, data: bytes, other: bytes) -> bytes:
    start, end = sorted((_place(rng, data), _place(rng, data)))
    return data[:start] + data[end:]


def _truncated(rng: random.Random, data: bytes, other: bytes) -> bytes:
    return data[: _place(rng, data)]


def _spliced(rng: random.Random, data: bytes, other: bytes) -> bytes:
    start, end = sorted((_place(rng, other), _place(rng, other)))
    place = _place(rng, data)
    return data[:place] + other[start:end] + data[place:]


def _odd(rng: random.Random, data: bytes, other: bytes) -> bytes:
    place = _place(rng, data)
    return data[:place] + rng.choice(ODD).encode() + data[place:]


def _odd_bytes(rng: random.Random, data: bytes, other: bytes) -> bytes:
    place = _place(rng, data)
    return data[:place] + rng.choice(ODD_BYTES) + data[place:]


def _flipped(rng: random.Random, data: bytes, other: bytes) -> bytes:
    changed = bytearray(data)
    for _ in range(min(len(changed), rng.choice((1, 8)))):
        changed[rng.randrange(len(changed))] ^= 1 << rng.randrange(8)
    return bytes(changed)


def _lines(rng: random.Random, data: bytes, other: bytes) -> bytes:
    lines = data.split(b"\n")
    first, second = rng.randrange(len(lines)), rng.randrange(len(lines))
    way = rng.choice(("swap", "drop", "repeat", "indent", "dedent"))
    if way == "swap":
        lines[first], lines[second] = lines[second], lines[first]
    elif way == "drop":
        del lines[first]
    elif way == "repeat":
        lines.insert(second, lines[first])
    elif way == "indent":
        lines[first] = rng.choice((b" ", b"\t", b"    ")) + lines[first]
    else:
        lines[first] = lines[first].lstrip()
    return b"\n".join(lines)


def _endings(rng: random.Random, data: bytes, other: bytes) -> bytes:
    return data.replace(b"\n", rng.choice((b"\r\n", b"\r", b"\n\n", b" \\\n", b"\x0c\n")))


def _tabs(rng: random.Random, data: bytes, other: bytes) -> bytes:
    return data.replace(b"    ", b"\t", rng.choice((-1, 1, 3)))


def _deep(rng: random.Random, data: bytes, other: bytes) -> bytes:
    depth = rng.choice((60, 150, 1000, 10_000))
    opening, inside, closing = rng.choice(
        ((b"(", b"w", b")"), (b"[", b"", b"]"), (b"-", b"w", b""), (b"not ", b"w", b""), (b"lambda w: ", b"w", b""),
         (b"f(", b"w", b")"), (b"w.", b"w", b""), (b"w + ", b"w", b""), (b"'a' ", b"'b'", b""), (b"{", b"1", b"}"),
         (b"w if w else ", b"w", b""), (b"", b"w", b"[0]"), (b"", b"w", b".a"), (b"w = ", b"w", b""),
         (b"await ", b"w", b""))
    )  # fmt: skip
    return data + b"\ndeep = " + opening * depth + inside + closing * depth + b"\n"


def _nested(rng: random.Random, data: bytes, other: bytes) -> bytes:
    depth = rng.choice((20, 90, 110))
    header = rng.choice((b"if w:", b"def f(w):", b"class A:", b"for i in w:", b"with w:", b"try:"))
    rows = [b" " * level + header for level in range(depth)]
    return data + b"\n" + b"\n".join(rows) + b"\n" + b" " * depth + b"pass\n"


_MISFORTUNES: tuple[Callable[[random.Random, bytes, bytes], bytes], ...] = (
    _cut, _truncated, _spliced, _spliced, _odd, _odd, _odd_bytes, _flipped, _lines, _lines, _endings, _tabs, _deep,
    _nested,
)  # fmt: skip


def notebook(rng: random.Random, sources: list[str]) -> bytes:
    """A notebook of these cells, some of whose parts are of the wrong kind or missing."""
    cells: list[object] = []
    for source in sources:
        cell: dict[str, object] = {
            "cell_type": rng.choice(("code", "code", "markdown", "raw", "heading", 3)),
            "metadata": rng.choice(({}, {"vscode": {"languageId": "python"}}, [], None)),
            "source": rng.choice((source, source.splitlines(keepends=True), [source], [1], None, {"a": 1})),
            "outputs": [],
            "execution_count": None,
        }
        if rng.random() < 0.1:
            del cell[rng.choice(list(cell))]
        cells.append(cell if rng.random() < 0.95 else rng.choice((None, [], "text", 1.5)))
    language = rng.choice(("python", "julia", "", None))
    made: dict[str, object] = {
        "cells": cells if rng.random() < 0.95 else rng.choice(({}, None, "cells")),
        "metadata": rng.choice(({"kernelspec": {"language": language, "name": language}}, {}, [], None)),
        "nbformat": rng.choice((4, 4, 4, 3, 2, 5, "4", None)),
        "nbformat_minor": 5,
    }
    if rng.random() < 0.1:
        made = {"worksheets": [{"cells": cells}], "nbformat": 3, "metadata": {}}
    return json.dumps(made, ensure_ascii=rng.random() < 0.5, indent=rng.choice((None, 1))).encode()


CONFIGURATION = """\
[tool.closurelint]
select = ["CLO1", "CLO2"]
ignore = ["CLO104"]
exclude = ["build", "*.gen.py"]
replay = true
per-file-ignores = { "tests/*" = ["CLO2"] }

[tool.closurelint.differentiators."mine.slope"]
objective = 0
point = 1
delivery = "copy"
"""
BASELINE = json.dumps(
    {"format": "closurelint-baseline", "version": 1, "entries": [
        {"file": "a.py", "code": "CLO103", "scope": "f", "fingerprint": "0" * 16, "message": "reads `net`"}]}, indent=2,
)  # fmt: skip
