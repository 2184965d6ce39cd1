"""Profiles the stages of closurelint on whole trees: what goes in, what is left over, and what each costs.

    python benchmarks/stages.py jax path/to/tree --json stages.json

A tree is an installed package, a folder, or `stdlib`. Everything runs in this process, one file after the other. The
seconds of a stage are processor time, and its own, without that of the stages that it calls; wrapping costs a few
microseconds for each call. `--start-up` measures what commands cost before they check, in processes of their own.
"""

from __future__ import annotations

import argparse
import gc
import importlib
import json
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from measuring import MEGABYTE, Tree, machine, markdown, median, run, tree  # noqa: E402  # after the path is set

from closurelint.configuration.layers import Configuration  # noqa: E402

FINDING = "import jax\n\n\ndef fit(params):\n    return jax.grad(lambda p: cost(params))(params)\n"
SCRIPT = f"import sys; sys.path.insert(0, {str(ROOT)!r}); from closurelint.__main__ import main; sys.exit(main())"
"""The console script, as installers write it; `python -m` itself takes longer."""
CLEAN = "import os\n\n\ndef names(folder):\n    return sorted(os.listdir(folder))\n"


@dataclass(frozen=True)
class Stage:
    """A function that is a stage, or one of several that may be; `goes_on` says whether a result leaves work to do."""

    name: str
    functions: tuple[str, ...]
    goes_on: Callable[[Any], bool] = bool


STAGES = (
    Stage("discovery", ("closurelint.discovery:discover",), lambda found: bool(found.files)),
    Stage("reading", ("closurelint.engine:check_file",), lambda result: bool(result.diagnostics)),
    Stage("bookkeeping of a file", ("closurelint.engine:check_bytes",), lambda result: bool(result.diagnostics)),
    Stage(
        "triage: bytes",
        ("closurelint.triage:first_look", "closurelint.triage:may_hold_findings"),
        lambda look: look is not None and look is not False,
    ),
    Stage(
        "decoding, programs", ("closurelint.sources.source:source_from_bytes",), lambda source: bool(source.programs)
    ),
    Stage("docstrings", ("closurelint.sources.source:SourceFile.doctests",)),
    Stage("bookkeeping of a program", ("closurelint.engine:check_source",), lambda result: bool(result.diagnostics)),
    Stage("triage: other files", ("closurelint.triage.neighbours:Neighbours.takers",)),
    Stage(
        "triage: blocks and names", ("closurelint.triage:surveyed",), lambda survey: bool(survey and survey.suspects)
    ),
    Stage("triage: excerpt", ("closurelint.triage.excerpt:excerpt",)),
    Stage("outline", ("closurelint.triage:relevant", "closurelint.outline:relevant"), lambda text: text is not None),
    Stage("LibCST parse", ("libcst:parse_module",)),
    Stage("facts", ("closurelint.analysis.facts:ModuleFacts.__init__",), lambda _: True),
    Stage(
        "analysis", ("closurelint.analysis.sites:find",), lambda found: bool(found.sites or found.loose or found.steps)
    ),
    Stage("rules", ("closurelint.classify:together",)),
    Stage("replay", ("closurelint.replay:replay",), lambda evidence: evidence.verdict != "refuted"),
    Stage("suppression", ("closurelint.suppression:apply",), lambda result: bool(result[0])),
    Stage("report", ("closurelint.report:render",)),
)
"""In the order in which a file comes by them; of functions that go by several names, the first that exists counts."""


@dataclass
class Cost:
    """calls, size: what came in, in bytes where that is known. left, left_size: what went on. seconds: its own."""

    calls: int = 0
    size: int = 0
    left: int = 0
    left_size: int = 0
    seconds: float = 0.0


@dataclass
class Profile:
    """Wraps the stages' functions while it is entered, and adds up what they cost."""

    costs: dict[str, Cost] = field(default_factory=dict)
    _open: list[float] = field(default_factory=list)
    _wrapped: list[tuple[Any, str, Any]] = field(default_factory=list)

    def __enter__(self) -> Profile:
        for stage in STAGES:
            self.costs[stage.name] = Cost()
            owner, name = _located(stage)
            if owner is not None:
                original = getattr(owner, name)
                self._wrapped.append((owner, name, original))
                setattr(owner, name, self._timed(stage, original))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, where: TracebackType | None
    ) -> None:
        for owner, name, original in reversed(self._wrapped):
            setattr(owner, name, original)

    def _timed(self, stage: Stage, original: Callable[..., Any]) -> Callable[..., Any]:
        cost = self.costs[stage.name]
        inner, clock = self._open, time.process_time

        def timed(*values: Any, **named: Any) -> Any:
            inner.append(0.0)
            started = clock()
            result = None
            try:
                result = original(*values, **named)
                return result
            finally:
                spent = clock() - started
                cost.seconds += spent - inner.pop()
                if inner:
                    inner[-1] += spent
                size = _size(values)
                cost.calls += 1
                cost.size += size
                if stage.goes_on(result):
                    cost.left += 1
                    cost.left_size += size

        return timed


def _located(stage: Stage) -> tuple[Any, str]:
    """Where the stage's function is: a module or a class, and its name there; None if this version has none of it."""
    for place in stage.functions:
        module, _, path = place.partition(":")
        try:
            owner: Any = importlib.import_module(module)
        except ImportError:
            continue
        *above, name = path.split(".")
        for each in above:
            owner = getattr(owner, each, None)
        if hasattr(owner, name):
            return owner, name
    return None, ""


def _size(values: Sequence[Any]) -> int:
    """Bytes or characters of the first value that is a text, or holds one."""
    for value in values:
        for held in (value, getattr(value, "data", None), getattr(value, "text", None)):
            if isinstance(held, str | bytes):
                return len(held)
    return 0


def profiled(place: Path) -> tuple[dict[str, Cost], float, int]:
    """The cost of each stage, the seconds of all together, and the number of diagnostics."""
    from closurelint import discovery, engine, report

    # what the stages import is not their cost
    for stage in STAGES:
        _located(stage)
    gc.collect()
    with Profile() as profile:
        started = time.process_time()
        found = discovery.discover([str(place)], Configuration([], isolated=True))
        results = list(engine.check_files(found.files, 1))
        report.render("concise", report.Report(results, directory=str(place)))
        whole = time.process_time() - started
    return profile.costs, whole, sum(len(result.diagnostics) for result in results)


def table(costs: dict[str, Cost], whole: float) -> str:
    """The profile as Markdown."""
    rows = []
    for name, cost in costs.items():
        if not cost.calls:
            continue
        megabytes = cost.size / MEGABYTE
        speed = f"{megabytes / cost.seconds:.1f}" if megabytes and cost.seconds else ""
        left = f"{cost.left:,}" + (f" ({cost.left_size / MEGABYTE:.2f} MB)" if cost.size else "")
        share = f"{cost.seconds / whole:.0%}"
        rows.append([name, f"{cost.calls:,}", f"{megabytes:.2f}", left, f"{cost.seconds:.3f}", share, speed])
    rest = whole - sum(cost.seconds for cost in costs.values())
    rows.append(["everything else", "", "", "", f"{rest:.3f}", f"{rest / whole:.0%}", ""])
    return markdown(["stage", "calls", "MB in", "left", "s", "of all", "MB/s"], rows)


def start_up(repetitions: int) -> tuple[str, dict[str, float]]:
    """What commands cost before and beside checking, in milliseconds, and as multiples of a bare interpreter."""
    with tempfile.TemporaryDirectory() as folder:
        clean, configured, changed = (Path(folder, name) for name in ("clean", "configured", "changed"))
        for place, texts in ((clean, [CLEAN] * 3), (configured, [CLEAN] * 3), (changed, [CLEAN, CLEAN, FINDING])):
            place.mkdir()
            for number, text in enumerate(texts):
                (place / f"module_{number}.py").write_text(text)
        (configured / "pyproject.toml").write_text('[tool.closurelint]\nselect = ["CLO"]\n')
        ours = [sys.executable, "-c", SCRIPT]
        hook = [*ours, "check", "--force-exclude", *(f"module_{number}.py" for number in range(3))]
        commands = {
            "python -c pass": ([sys.executable, "-c", "pass"], clean),
            "closurelint --version": ([*ours, "--version"], clean),
            "three clean files, as the hook names them": (hook, clean),
            "the same, with settings in pyproject.toml": (hook, configured),
            "a folder of three clean files": ([*ours, "--isolated", "--no-cache"], clean),
            "python -c 'import numpy, libcst'": ([sys.executable, "-c", "import numpy, libcst"], clean),
            "three files, one with a finding": ([*ours, "--isolated", "--no-cache"], changed),
        }
        times: dict[str, list[float]] = {name: [] for name in commands}
        for _ in range(repetitions):
            for name, (command, place) in commands.items():
                times[name].append(run(command, limit=60, folder=str(place)).wall)
    medians = {name: 1000 * median(values) for name, values in times.items()}
    bare = medians["python -c pass"]
    rows = [[name, f"{value:.0f}", f"{value / bare:.2f}"] for name, value in medians.items()]
    return markdown(["command", "ms", "of the bare interpreter"], rows), medians


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("trees", nargs="*", help="installed packages, folders, or `stdlib`")
    parser.add_argument("--start-up", action="store_true", help="measure what commands cost before they check")
    parser.add_argument("--repetitions", type=int, default=7, help="runs of each command (default: 7)")
    parser.add_argument("--json", type=Path, help="write everything there")
    options = parser.parse_args()
    everything: dict[str, Any] = {"machine": machine(), "trees": []}
    print(", ".join(f"{key} {value}" for key, value in machine().items()))
    trees: list[Tree] = [tree(name) for name in options.trees]
    for each in trees:
        costs, whole, diagnostics = profiled(each.path)
        print(
            f"\n{each.name}: {each.files:,} files, {each.size / 1e6:.1f} MB, {whole:.2f} s, {diagnostics} diagnostics\n"
        )
        print(table(costs, whole))
        entry = {"tree": each.name, "files": each.files, "size": each.size, "seconds": whole}
        everything["trees"].append({**entry, "stages": {name: asdict(cost) for name, cost in costs.items()}})
    if options.start_up:
        shown, everything["start-up"] = start_up(options.repetitions)
        print(f"\n{shown}")
    if options.json:
        options.json.write_text(json.dumps(everything, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
