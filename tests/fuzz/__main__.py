"""The long forms: `python -m tests.fuzz KIND --count 1000`, which says what was tried and what was found."""

from __future__ import annotations

import argparse
import atexit
import random
import re
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable
from functools import partial
from pathlib import Path

from . import endurance
from .claims import judged
from .closeness import closely, quickly
from .dialects import DIALECTS
from .modules import module
from .reality import is_installed, real_gradient
from .taints import Reach

Try = Callable[[int], str]


def _objectives(seed: int) -> str:
    made = module(random.Random(seed), DIALECTS[seed % len(DIALECTS)])
    problems = judged(made, replay=True)
    return "" if not problems else f"{problems[0].kind}: {problems[0].detail}\n{made.text}"


def _closeness(seed: int) -> str:
    text = module(random.Random(seed), DIALECTS[seed % len(DIALECTS)]).text
    quick, close = quickly(text), closely(text)
    return "" if quick == close else f"quickly {quick}, closely {close}\n{text}"


_LEAVES_STATE = re.compile(r"^[ ]+memo\.k = ", re.MULTILINE)
"""What one evaluation leaves for the next one makes differences of it that are no gradient."""


def _reality(seed: int) -> str:
    dialects = [dialect for dialect in DIALECTS if is_installed(dialect.name)]
    made = module(random.Random(seed), dialects[seed % len(dialects)])
    found = real_gradient(made)
    if found is None or found != found or made.dialect.in_place or _LEAVES_STATE.search(made.text):
        return ""
    claims = [problem for problem in judged(made, replay=False) if problem.kind == "false alarm"]
    if claims and found:
        return f"the gradient is {found}, but: {claims[0].detail}\n{made.text}"
    if made.truth.own is not Reach.WHOLE and found:
        return f"the gradient is {found}, but the truth is thought to be {made.truth}\n{made.text}"
    return ""


def _files(kind: str, sources: list[bytes]) -> Try:
    def attempt(seed: int) -> str:
        data, filename = endurance.FILES[kind](random.Random(seed), sources)
        said = endurance.trouble(data, filename, replay=True)
        return f"{said}\n{data[:3000]!r}" if said else ""

    return attempt


def _grammar(seed: int) -> str:
    """Programs of Python's whole grammar, by hypothesmith where it is installed."""
    import hypothesmith
    from hypothesis import HealthCheck, Phase, given, settings
    from hypothesis import seed as seeded

    said = ""

    @seeded(seed)
    @settings(
        max_examples=20, deadline=None, database=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck)
    )
    @given(hypothesmith.from_grammar() if seed % 2 else hypothesmith.from_node())
    def attempt(text: str) -> None:
        nonlocal said
        found = endurance.trouble(f"{text}\ng = jax.grad(lambda w: w)(w)\n".encode("utf-8", "replace"), "grammar.py")
        said = said or (f"{found}\n{text}" if found else "")

    attempt()
    return said


def _in_folder(check: Callable[[random.Random, Path], str]) -> Try:
    folder = Path(tempfile.mkdtemp(prefix="closurelint-fuzz-"))
    return lambda seed: check(random.Random(seed), folder)


def _messages() -> Try:
    from .messages import Conversation

    talk = Conversation(Path(tempfile.mkdtemp(prefix="closurelint-fuzz-")))
    atexit.register(talk.close)
    return lambda seed: talk.trouble(random.Random(seed))


def main() -> int:
    """Run one kind, print each trouble with its seed, and the counts at the end."""
    sys.setrecursionlimit(1000)
    kinds = ["objectives", "closeness", "reality", "grammar", "settings", "baselines", "caches", "messages"]
    kinds += endurance.FILES
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("kind", choices=kinds)
    parser.add_argument("--count", type=int, default=1000, help="inputs to try")
    parser.add_argument("--seconds", type=float, default=float("inf"), help="time after which it ends")
    parser.add_argument("--seed", type=int, default=0, help="the first seed")
    parser.add_argument("--material", type=Path, nargs="*", default=[], help="folders of real files to damage")
    options = parser.parse_args()
    sources = [*endurance.fixtures(), *endurance.material(options.material)]
    tries: dict[str, Callable[[], Try]] = {
        "objectives": lambda: _objectives,
        "closeness": lambda: _closeness,
        "reality": lambda: _reality,
        "grammar": lambda: _grammar,
        "settings": lambda: _in_folder(endurance.settings_trouble),
        "baselines": lambda: _in_folder(endurance.baseline_trouble),
        "caches": lambda: _in_folder(endurance.cache_trouble),
        "messages": _messages,
        **{kind: partial(_files, kind, sources) for kind in endurance.FILES},
    }
    attempt = tries[options.kind]()
    started, counts = time.monotonic(), Counter[str]()
    for seed in range(options.seed, options.seed + options.count):
        if time.monotonic() - started > options.seconds:
            break
        try:
            said = attempt(seed)
        except Exception:
            said = traceback.format_exc()
        counts["troubled" if said else "fine"] += 1
        if said:
            print(f"=== seed {seed}: {said}", flush=True)
    print(f"{options.kind}: {sum(counts.values())} tried, {counts['troubled']} with trouble")
    return 1 if counts["troubled"] else 0


if __name__ == "__main__":
    sys.exit(main())
