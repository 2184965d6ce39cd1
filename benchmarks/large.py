"""Makes the extremes and checks them: does the cost grow with the size, and is what is planted still found?

    python benchmarks/large.py
    python benchmarks/large.py --scale 0.01 --only "many files"

Each case is made at size n and 2n. The last column is how processor time grew, start-up taken off: about 2 is linear,
4 would be quadratic. Every case ends with one fault; a run that does not report just that one is wrong, however fast.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from measuring import MEGABYTE, Run, machine, markdown, run

ROOT = Path(__file__).parent.parent
FAULT = """

import jax


def planted(params, batch):
    return jax.grad(lambda p: cost(params, batch))(params)
"""
EXPECTED = ["CLO102"]
NOISE = 0.05
"""Seconds: a difference of two runs that is smaller says nothing about growth."""

Maker = Callable[[Path, int], None]


def _file(text: Iterator[str], folder: Path, name: str = "module.py") -> None:
    with (folder / name).open("w", encoding="utf-8") as stream:
        stream.writelines(text)
        stream.write(FAULT)


def long_file(folder: Path, lines: int) -> None:
    """Small functions, five lines each, none of which is handed to anything."""
    _file((f"def area_{n}(a, b):\n    c = a * b\n    return c + {n}\n\n\n" for n in range(lines // 5)), folder)


def long_file_of_sites(folder: Path, lines: int) -> None:
    """Losses that are differentiated, as they should be: ten lines each."""

    def text() -> Iterator[str]:
        yield "import jax\nimport jax.numpy as jnp\n\n\n"
        for n in range(lines // 10):
            yield f"def loss_{n}(w, x):\n    z = x @ w\n    return jnp.sum(z**2) + {n}\n\n\n"
            yield f"def step_{n}(w, x):\n    return w - jax.grad(loss_{n})(w, x)\n\n\n"

    _file(text(), folder)


def many_files(folder: Path, count: int) -> None:
    """Small modules in folders of a thousand."""
    for n in range(count):
        place = folder / f"package_{n // 1000}"
        if n % 1000 == 0:
            place.mkdir()
        (place / f"module_{n}.py").write_text(f"import os\n\n\ndef size_{n}(path):\n    return os.stat(path).st_size\n")
    _file(iter(()), folder)


def long_function(folder: Path, statements: int) -> None:
    """One function, which differentiates at its end what it computed in all these statements."""

    def text() -> Iterator[str]:
        yield "import jax\n\n\ndef train(w, x):\n    y = x\n"
        yield from (f"    y = y + {n} * x\n" for n in range(statements))
        yield "    return jax.grad(lambda v: (v * y).sum())(w)\n"

    _file(text(), folder)


def chained_calls(folder: Path, calls: int) -> None:
    """One expression: each method is called on the result of the one before. Python compiles no 2,000 of them."""
    chain = "".join(f".then({n})" for n in range(calls))
    _file(iter([f"import jax\n\n\ndef fit(w, x):\n    return jax.grad(lambda v: v{chain}.sum())(w)\n"]), folder)


def nested_calls(folder: Path, depth: int) -> None:
    """One expression: each call is an argument of the next. Python itself reads no more than 200 brackets."""
    inside = "f(" * depth + "v" + ")" * depth
    _file(iter([f"import jax\n\n\ndef fit(w):\n    return jax.grad(lambda v: {inside})(w)\n"]), folder)


def long_chain(folder: Path, functions: int) -> None:
    """Functions that each call the next, the first of which is differentiated."""

    def text() -> Iterator[str]:
        yield "import jax\n\n\n"
        yield from (f"def f_{n}(w):\n    return 2 * f_{n + 1}(w)\n\n\n" for n in range(functions))
        yield f"def f_{functions}(w):\n    return w.sum()\n\n\ng = jax.grad(f_0)\n"

    _file(text(), folder)


@dataclass(frozen=True)
class Case:
    """An extreme: how it is made, its size, and whether it may grow (a depth may not)."""

    name: str
    make: Maker
    size: int
    grows: bool = True


CASES = (
    Case("lines of a file", long_file, 100_000),
    Case("lines of a file full of sites", long_file_of_sites, 20_000),
    Case("many files", many_files, 100_000),
    Case("statements of a function", long_function, 10_000),
    Case("calls in a chain of methods", chained_calls, 500, grows=False),
    Case("calls inside each other", nested_calls, 90, grows=False),
    Case("functions that call the next", long_chain, 1_000),
)


def _command(folder: Path) -> list[str]:
    return [sys.executable, "-m", "closurelint", "--isolated", "--no-cache", "--output-format=json", str(folder)]


def _found(folder: Path) -> list[str]:
    """The codes that are reported there."""
    done = subprocess.run(_command(folder), capture_output=True, text=True, cwd=ROOT, check=False)
    return [each["code"] for each in json.loads(done.stdout or "[]")]


def measured(case: Case, size: int, limit: float) -> tuple[Run, list[str] | None]:
    """The run over a case of that size, and what was found; None if the time limit ended it."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        case.make(folder, size)
        found = run(_command(folder), limit=limit, folder=str(ROOT))
        return found, None if found.status is None else _found(folder)


def _row(case: Case, size: int, limit: float, start: float) -> tuple[list[str], bool]:
    once, found = measured(case, size, limit)
    twice, found_twice = measured(case, 2 * size, limit)
    wrong = [each for each in (found, found_twice) if each != EXPECTED]
    small, large = once.processor - start, twice.processor - start
    growth = f"{large / small:.1f}" if small > NOISE else "too fast to tell"
    said = (
        "as expected" if not wrong else "stopped" if wrong[0] is None else f"found {', '.join(wrong[0]) or 'nothing'}"
    )
    memory = f"{once.largest / MEGABYTE:.0f}, {twice.largest / MEGABYTE:.0f}"
    return [case.name, f"{size:,}", f"{once.processor:.2f}", f"{twice.processor:.2f}", growth, memory, said], not wrong


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--scale", type=float, default=1.0, help="make everything so many times as large (default: 1)")
    parser.add_argument("--only", default="", help="the case whose name contains this")
    parser.add_argument("--limit", type=float, default=900, help="seconds that one run may take (default: 900)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        _file(iter(()), Path(name))
        start = min(run(_command(Path(name)), limit=60, folder=str(ROOT)).processor for _ in range(3))
    rows, right = [], True
    for case in CASES:
        if options.only in case.name:
            size = max(int(case.size * options.scale), 20) if case.grows else case.size
            print(f"{case.name}, {size:,} and {2 * size:,}", file=sys.stderr)
            row, fine = _row(case, size, options.limit, start)
            rows.append(row)
            right = right and fine
    print(markdown(["case", "n", "processor s", "at 2n", "growth", "MB", "findings"], rows))
    print(
        f"\nstart-up and one finding: {start:.2f} s; " + ", ".join(f"{key} {value}" for key, value in machine().items())
    )
    sys.exit(0 if right else 1)


if __name__ == "__main__":
    main()
