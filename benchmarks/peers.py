"""Compares closurelint with its peers on whole trees, and prints the ratios to `ruff check --select ARG`.

    python benchmarks/peers.py --install
    python benchmarks/peers.py jax scipy path/to/tree --json peers.json --markdown peers.md

A tree is an installed package, a folder, or `stdlib`. `--install` gives every peer a virtual environment of its own,
because some pin what others need, and because flake8 runs every plugin that it finds; without it, peers are looked for
there and on the PATH, and those that are missing are left out. All that is compared takes turns. A peer that is slow,
in its first run, runs once; `--thorough` gives it as many turns as the others.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import venv
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from measuring import MEGABYTE, Run, Tree, machine, markdown, median, run, tree

ROOT = Path(__file__).parent.parent
BASE = "ruff cold"
SLOW = 10.0
ARG = "ARG001,ARG002,ARG005"
PATTERN = """\
rules:
  - id: lambda-handed-to-grad
    languages: [python]
    severity: WARNING
    message: a lambda is handed to grad
    pattern: "$F(lambda $X: ..., ...)"
"""

Command = Callable[[str, Path, Path], list[str]]
"""From the program, the tree and a folder to keep things in to a command line."""


@dataclass(frozen=True)
class Peer:
    """One way to run a linter.

    program: its executable, also the name of its environment. requirements: what `--install` installs.
    fine: the exit statuses of a run that went well. keeps: whether it keeps a cache, which its first run fills.
    """

    name: str
    program: str
    requirements: tuple[str, ...]
    command: Command
    fine: frozenset[int] = frozenset({0, 1})
    keeps: bool = False
    is_slow: bool = False


def _jobs() -> str:
    return str(machine()["processors"])


def _ruff(*options: str) -> Command:
    return lambda program, path, kept: [
        program, "check", "--isolated", "--select", ARG, "--quiet",
        *(option.replace("KEPT", str(kept)) for option in options), str(path),
    ]  # fmt: skip


def _ours(*options: str) -> Command:
    return lambda program, path, kept: [
        program, "-m", "closurelint", "--isolated", "--quiet",
        *(option.replace("KEPT", str(kept)) for option in options), str(path),
    ]  # fmt: skip


def _vulture(program: str, path: Path, kept: Path) -> list[str]:
    return [program, str(path)]


def _semgrep(program: str, path: Path, kept: Path) -> list[str]:
    rules = kept / "lambda.yaml"
    rules.write_text(PATTERN)
    quiet = ["--metrics", "off", "--disable-version-check", "--quiet", "--no-git-ignore"]
    return [program, "scan", "--config", str(rules), *quiet, str(path)]


PEERS = (
    Peer("closurelint cold", "python", (), _ours("--no-cache")),
    Peer("closurelint warm", "python", (), _ours("--cache-dir=KEPT"), keeps=True),
    Peer(BASE, "ruff", ("ruff",), _ruff("--no-cache")),
    Peer("ruff warm", "ruff", ("ruff",), _ruff("--cache-dir=KEPT"), keeps=True),
    Peer(
        "vulture", "vulture", ("vulture",), _vulture, frozenset({0, 1, 3}), is_slow=True
    ),
    Peer(
        "flake8 + unused-arguments", "flake8", ("flake8", "flake8-unused-arguments"),
        lambda program, path, _: [program, "--isolated", "--select", "U100,U101", "--jobs", _jobs(), str(path)],
        is_slow=True,
    ),
    Peer(
        "torchfix", "torchfix", ("torchfix",),
        lambda program, path, _: [program, "--select", "ALL", str(path)], is_slow=True,
    ),
    Peer(
        "fixit, one rule", "fixit", ("fixit",),
        lambda program, path, _: [program, "--rules", "fixit.rules:NoRedundantLambda", "lint", str(path)], is_slow=True,
    ),
    Peer(
        "pylint, one check", "pylint", ("pylint",),
        lambda program, path, _: [
            program, "--disable=all", "--enable=unused-argument", "--persistent=n", "--score=n", "--recursive=y",
            f"--jobs={_jobs()}", str(path),
        ],
        frozenset(range(32)), is_slow=True,
    ),
    Peer("semgrep, one pattern", "semgrep", ("semgrep",), _semgrep, is_slow=True),
)  # fmt: skip


class Tools:
    """Where the peers' programs are: in environments of their own below a folder, or on the PATH."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def find(self, peer: Peer) -> str | None:
        """The program of a peer, None if it is not installed."""
        if peer.program == "python":
            return sys.executable
        own = self.folder / peer.program / ("Scripts" if os.name == "nt" else "bin") / peer.program
        return str(own) if own.exists() else shutil.which(peer.program)

    def install(self, peer: Peer) -> None:
        """Give a peer its environment; one that cannot be installed is reported, and left out later."""
        place = self.folder / peer.program
        if not peer.requirements or place.exists():
            return
        print(f"installing {' '.join(peer.requirements)} in {place}", file=sys.stderr)
        venv.create(place, with_pip=True)
        python = place / ("Scripts" if os.name == "nt" else "bin") / "python"
        done = subprocess.run([python, "-m", "pip", "install", "--quiet", *peer.requirements], check=False)
        if done.returncode:
            shutil.rmtree(place)
            print(f"{peer.program} cannot be installed, it is left out", file=sys.stderr)

    def version(self, peer: Peer) -> str:
        """What a peer says of its version, on one line."""
        program = self.find(peer)
        assert program is not None
        words = [program, "-m", "closurelint"] if peer.program == "python" else [program]
        try:
            done = subprocess.run(
                [*words, "--version"], capture_output=True, text=True, check=False, cwd=ROOT, timeout=60
            )
        except subprocess.TimeoutExpired:
            # some ask their home for a newer one
            return f"{peer.program} unknown"
        return done.stdout.strip().splitlines()[0] if done.stdout.strip() else f"{peer.program} unknown"


def measurements(
    trees: Iterable[Tree], peers: list[Peer], tools: Tools, options: argparse.Namespace
) -> Iterator[tuple[str, str, Run]]:
    """Every run, with the names of its tree and its peer: for each tree, all peers take turns."""
    for each in trees:
        with tempfile.TemporaryDirectory() as folder:
            slow: set[str] = set()
            commands = {}
            for peer in peers:
                kept = Path(folder) / peer.name.replace(" ", "-")
                kept.mkdir()
                program = tools.find(peer)
                assert program is not None
                commands[peer.name] = peer.command(program, each.path, kept)
                if peer.keeps:
                    run(commands[peer.name], limit=options.limit, folder=str(ROOT))
            for turn in range(options.repetitions):
                for peer in peers:
                    if peer.name in slow:
                        continue
                    print(f"{each.name}: {peer.name}, run {turn + 1}", file=sys.stderr)
                    found = run(commands[peer.name], limit=options.limit, folder=str(ROOT))
                    yield each.name, peer.name, found
                    failed = found.status is None or found.status not in peer.fine
                    if failed or (found.wall > SLOW and not options.thorough):
                        slow.add(peer.name)
            for peer in peers:
                if peer.program == "python":
                    yield (
                        each.name,
                        f"{peer.name}, memory",
                        run(commands[peer.name], limit=options.limit, sample_memory=True, folder=str(ROOT)),
                    )


def summary(runs: list[tuple[str, str, Run]], peers: list[Peer]) -> dict[str, dict[str, dict[str, object]]]:
    """For each tree and peer: medians of seconds, megabytes, and the ratio of wall times to ruff's cold run."""
    found: dict[str, dict[str, dict[str, object]]] = {}
    for name in dict.fromkeys(tree_name for tree_name, _, _ in runs):
        rows: dict[str, dict[str, object]] = {}
        mine = {peer.name: [r for t, p, r in runs if (t, p) == (name, peer.name)] for peer in peers}
        base = median(each.wall for each in mine.get(BASE, ()))
        for peer in peers:
            all_runs = mine[peer.name]
            bad = [each for each in all_runs if each.status is None or each.status not in peer.fine]
            if not all_runs:
                continue
            sampled = [r.together for t, p, r in runs if (t, p) == (name, f"{peer.name}, memory")]
            wall = median(each.wall for each in all_runs)
            rows[peer.name] = {
                "runs": len(all_runs),
                "wall": round(wall, 4),
                "ratio": round(wall / base, 2) if base > 0 else None,
                "processor": round(median(each.processor for each in all_runs), 4),
                "largest process": round(max(each.largest for each in all_runs) / MEGABYTE, 1),
                "all processes": round(max(sampled) / MEGABYTE, 1) if sampled else None,
                "problem": _problem(bad[0]) if bad else None,
            }
        found[name] = rows
    return found


def _problem(bad: Run) -> str:
    if bad.status is None:
        return f"stopped after {bad.wall:.0f} s"
    last = bad.output.strip().splitlines()[-1:] or ["no message"]
    return f"exit status {bad.status} ({last[0][:80]})"


def table(found: dict[str, dict[str, dict[str, object]]], trees: list[Tree]) -> str:
    """The summary as Markdown: a row for each peer, two columns for each tree."""
    names = list(dict.fromkeys(peer for rows in found.values() for peer in rows))
    by_name = {each.name: each for each in trees}
    header = ["linter"]
    for name in found:
        size = by_name[name].size / 1e6
        header += [f"{name}: {by_name[name].files:,} files, {size:.1f} MB", "processor s", "MB"]
    rows = []
    for peer in names:
        row = [peer]
        for rows_of in found.values():
            row += _cells(rows_of.get(peer))
        rows.append(row)
    return markdown(header, rows)


def _cells(entry: dict[str, object] | None) -> list[str]:
    if entry is None:
        return ["", "", ""]
    memory = f"{entry['largest process']:.0f}"
    if entry["all processes"]:
        memory += f" ({entry['all processes']:.0f} in all)"
    shown = f"{entry['wall']:.2f} s" + ("" if entry["ratio"] is None else f" = {entry['ratio']:.2f}")
    if entry["problem"]:
        shown = f"{entry['problem']}, {shown}"
    return [shown, f"{entry['processor']:.2f}", memory]


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("trees", nargs="*", help="installed packages, folders, or `stdlib`")
    parser.add_argument("--install", action="store_true", help="install the peers that are missing first")
    parser.add_argument("--only", default="", help="names of programs, separated by commas; ours and ruff always run")
    parser.add_argument("--quick", action="store_true", help="three turns, and only ours and ruff")
    parser.add_argument("--thorough", action="store_true", help="as many turns for those that are slow")
    parser.add_argument("--repetitions", type=int, default=5, help="turns for each (default: 5)")
    parser.add_argument("--limit", type=float, default=600, help="seconds that one run may take (default: 600)")
    default = Path.home() / ".cache" / "closurelint-peers"
    parser.add_argument("--tools", type=Path, default=default, help=f"where environments are (default: {default})")
    parser.add_argument("--json", type=Path, help="write everything there")
    parser.add_argument("--markdown", type=Path, help="write the table there")
    options = parser.parse_args()
    if options.quick:
        options.repetitions = min(options.repetitions, 3)
    return options


def main() -> None:
    options = _options()
    tools = Tools(options.tools)
    wanted = {word.strip() for word in options.only.split(",") if word.strip()}
    peers = [
        peer
        for peer in PEERS
        if peer.program in ("python", "ruff")
        or (peer.program in wanted if wanted else not (options.quick and peer.is_slow))
    ]
    if options.install:
        for peer in peers:
            tools.install(peer)
    for peer in peers:
        if tools.find(peer) is None:
            print(f"{peer.name} is not installed, it is left out: see --install", file=sys.stderr)
    peers = [peer for peer in peers if tools.find(peer) is not None]
    trees = [tree(name) for name in options.trees]
    runs: list[tuple[str, str, Run]] = []
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        for found in measurements(trees, peers, tools, options):
            runs.append(found)
    except KeyboardInterrupt:
        print("stopped, this is what there is so far", file=sys.stderr)
    report(runs, peers, trees, tools, options)


def report(
    runs: list[tuple[str, str, Run]], peers: list[Peer], trees: list[Tree], tools: Tools, options: argparse.Namespace
) -> None:
    """Print the table, and write it and everything else where the options say."""
    found = summary(runs, peers)
    shown = table(found, trees) if found else "nothing was measured"
    versions = {peer.name: tools.version(peer) for peer in peers}
    print(shown)
    print()
    print(", ".join(f"{key} {value}" for key, value in machine().items()))
    print(", ".join(dict.fromkeys(versions.values())))
    if options.markdown:
        options.markdown.write_text(shown + "\n", encoding="utf-8")
    if options.json:
        everything = {
            "machine": machine(),
            "versions": versions,
            "trees": [{**asdict(each), "path": str(each.path)} for each in trees],
            "summary": found,
            "runs": [{"tree": name, "linter": peer, **asdict(each)} for name, peer, each in runs],
        }
        options.json.write_text(json.dumps(everything, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
