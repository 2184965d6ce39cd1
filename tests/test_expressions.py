"""No regular expression can be made to take more than linear time by what stands in a checked file."""

from __future__ import annotations

import ast
import importlib
import re
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import closurelint

if sys.version_info >= (3, 11):
    from re import _parser as sre_parse  # type: ignore[attr-defined]
else:
    import sre_parse

SHORT, LONG = 500, 4_000
GROWTH = 24
"""Between the square of what the length grows by and the length itself, so that no noise decides."""
NOISE = 0.005
"""Seconds of the processor: what takes less on the long text is not compared."""
LIMIT = 100.0
"""Seconds until an expression is given up."""
SEARCHING = {"search", "finditer", "findall", "sub", "subn", "split"}


def patterns() -> Iterator[tuple[str, re.Pattern[Any], bool]]:
    """Each expression of a module, by name, and whether it is looked for at every place."""
    root = Path(closurelint.__file__).parent
    for path in sorted(root.rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        if "re.compile" not in text:
            continue
        dotted = ".".join(("closurelint", *path.relative_to(root).with_suffix("").parts)).removesuffix(".__init__")
        called: dict[str, set[str]] = {}
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
                called.setdefault(node.value.id, set()).add(node.attr)
        for name, value in vars(importlib.import_module(dotted)).items():
            many = value if isinstance(value, tuple) else (value,)
            flat = [part for each in many for part in (each if isinstance(each, tuple) else (each,))]
            for number, pattern in enumerate(part for part in flat if isinstance(part, re.Pattern)):
                yield f"{dotted}.{name}[{number}]", pattern, bool(called.get(name, set()) & SEARCHING)


PATTERNS = list(patterns())


def characters(tree: Any) -> Iterator[str]:
    """Characters that an expression tells from others."""
    for operation, value in tree:
        word = str(operation)
        if word in ("LITERAL", "NOT_LITERAL"):
            yield chr(value)
        elif word == "RANGE":
            yield chr(value[0])
        elif word == "CATEGORY":
            yield {"WORD": "w", "DIGIT": "1", "SPACE": "\t"}.get(str(value).rpartition("_")[2], ".")
        elif word == "IN":
            yield from characters(value)
        elif word == "BRANCH":
            for branch in value[1]:
                yield from characters(branch)
        elif isinstance(value, tuple):
            yield from characters(value[-1] if isinstance(value[-1], sre_parse.SubPattern) else [])


def beginning(tree: Any) -> str:
    """A text that an expression begins to match."""
    text = ""
    for operation, value in tree:
        word = str(operation)
        if word == "LITERAL":
            text += chr(value)
        elif word == "IN":
            text += next(characters([(operation, value)]), "w")
        elif word in ("MAX_REPEAT", "MIN_REPEAT"):
            text += beginning(value[2]) * value[0]
        elif word == "SUBPATTERN":
            text += beginning(value[3])
        elif word == "BRANCH":
            text += beginning(value[1][0])
    return text


def seconds(pattern: re.Pattern[Any], text: str, everywhere: bool) -> float:
    """What looking for an expression costs the processor; the engine itself listens to the signal that ends it."""
    subject: Any = text.encode("latin-1", "replace") if isinstance(pattern.pattern, bytes) else text
    started = time.process_time()
    if everywhere:
        for _ in pattern.finditer(subject):
            pass
    else:
        pattern.match(subject)
    return time.process_time() - started


@pytest.fixture
def ended() -> Iterator[None]:
    def end(*_: object) -> None:
        raise TimeoutError("takes for ever")

    kept = signal.signal(signal.SIGALRM, end)
    signal.setitimer(signal.ITIMER_REAL, LIMIT)
    yield
    signal.setitimer(signal.ITIMER_REAL, 0)
    signal.signal(signal.SIGALRM, kept)


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="there is no such clock there")
@pytest.mark.parametrize(("name", "pattern", "everywhere"), PATTERNS, ids=[name for name, _, _ in PATTERNS])
def test_twice_the_text_takes_twice_the_time(
    name: str, pattern: re.Pattern[Any], everywhere: bool, ended: None
) -> None:
    tree = sre_parse.parse(pattern.pattern, pattern.flags)
    known = sorted({" ", "w", "\n", "1", *characters(tree)})
    start = beginning(tree)
    for first in known:
        others = [second for second in known if second != first and not (first + second).isalnum()]
        for unit in (first, *(first + second for second in others), start):
            for head in sorted({"", start[:1], start[: len(start) // 2], start[:-1], start}):
                whole = head + (unit or "w") * LONG
                if seconds(pattern, whole[:LONG] + "\0", everywhere) > NOISE:
                    long, short = (
                        min(seconds(pattern, whole[:size] + "\0", everywhere) for _ in range(3))
                        for size in (LONG, SHORT)
                    )
                    assert long < GROWTH * short or long < NOISE, (head, unit, short, long)
