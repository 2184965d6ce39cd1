"""Hostile sources: none runs, and each ends within the limits."""

from __future__ import annotations

import sys
import time
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from closurelint.evidence import Claim, Outcome
from closurelint.replay import Limits, replay

ATTACKS = sorted((Path(__file__).parent / "attacks").glob("*.txt"))
WATCHED = ("open", "exec", "compile", "import", "os.system", "subprocess.Popen", "socket.connect", "ctypes.dlopen")
LIMITS = Limits(seconds=3.0)
MARK = Path("/tmp/closurelint-attack")

seen: list[str] = []
watching = False


def audit(event: str, arguments: tuple[object, ...]) -> None:
    if watching and event.startswith(WATCHED):
        seen.append(f"{event} {arguments!r}")


sys.addaudithook(audit)


@pytest.fixture
def watched() -> Iterator[None]:
    """Records what Python would do to the outside; the evaluator's own parsing (`compile` to a tree) is let through."""
    global watching
    replay(Claim("lambda w: np.sum(w) + np.linalg.norm(w)", ("w",), "zero", "copy", imports=(("np", "numpy"),)))
    np.random.default_rng(0).standard_normal(3)
    seen.clear()
    watching = True
    yield
    watching = False


@pytest.mark.parametrize("outcome", ["zero", "flat", "stale", "partial"])
@pytest.mark.parametrize("path", ATTACKS, ids=lambda path: path.stem)
def test_nothing_runs_and_it_ends_within_the_limits(path: Path, outcome: Outcome, watched: None) -> None:
    global watching
    watching = False
    source = path.read_text(encoding="utf-8")
    imports = (("np", "numpy"), ("itertools", "itertools"))
    objective = source[source.index("@" if "\n@" in f"\n{source}" else "def f") :]
    claim = Claim(objective, ("w",), outcome, "copy", "net.W", imports=imports, prelude=(source,))
    tracemalloc.start()
    watching = True
    started = time.monotonic()
    evidence = replay(claim, LIMITS)
    elapsed = time.monotonic() - started
    watching = False
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert evidence.verdict in ("confirmed", "refuted", "not replayed")
    assert bool(evidence.reason) is (evidence.verdict != "confirmed")
    # reporting a syntax error, Python's parser looks for the line in a file called `<unknown>`
    own = ("compile", "open ('<unknown>'", "open ('<unk")
    assert [event for event in seen if not event.startswith(own)] == []
    assert not MARK.exists()
    assert elapsed < 20
    assert peak < 200e6


def test_there_are_attacks() -> None:
    assert len(ATTACKS) >= 40


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("dunder_chain", "uses `__class__`"),
        ("dunder_globals", "uses `__globals__`"),
        ("getattr_dunder", "uses `__class__`"),
        ("huge_power", "makes an integer of more than 4,096 bits"),
        ("huge_zeros", "makes an array of more than 100,000 elements"),
        ("infinite_loop", "exceeds 100,000 steps"),
        ("infinite_recursion", "calls deeper than 24 levels"),
        ("opened", "calls `open`"),
        ("evaluated", "calls `eval`"),
        ("dunder_import", "calls `__import__`"),
    ],
)
def test_the_reason_says_what_was_asked_for(name: str, reason: str) -> None:
    source = (Path(__file__).parent / "attacks" / f"{name}.txt").read_text(encoding="utf-8")
    imports = (("np", "numpy"),)
    evidence = replay(Claim(source[source.index("def f") :], ("w",), "zero", "copy", imports=imports))
    assert (evidence.verdict, evidence.reason) == ("not replayed", reason)
