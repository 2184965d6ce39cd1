"""Checks every file under some folders, one after the other, and reports what a user must never see.

Run with `python benchmarks/corpora.py NAME=FOLDER...`, or a folder without a name; without any, it takes the standard
library and the installed packages of the running Python. Files are checked in a process of its own, so that a crash
of the process, or a file that takes longer than `--limit` seconds, is counted, and the run goes on. Prints a table in
Markdown and lists each crash, each slow file, and each reason for which a claim was not replayed; `--json FILE` keeps
a line for each file. Exit status 1 if anything crashed, hung, or was passed over without a word.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import select
import subprocess
import sys
import sysconfig
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

Row = dict[str, Any]
SLOWEST = 5
BUG = "please report this as a bug"


def child() -> None:
    """Check the paths on standard input, one line of JSON each; what a crash leaves undone the parent sees."""
    from closurelint.configuration.settings import Settings
    from closurelint.engine import check_file

    settings = Settings(str(Path.cwd()), None)
    for line in sys.stdin:
        path = json.loads(line)
        started = time.perf_counter()
        try:
            row = _row(check_file(path, settings))
        except BaseException as crash:
            row = {"crash": f"{type(crash).__name__}: {crash}"}
        row["path"] = path
        row["seconds"] = time.perf_counter() - started
        row["memory"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        print(json.dumps(row), flush=True)


def _row(result: Any) -> Row:
    shown = [(item, item.evidence) for item in result.diagnostics]
    return {
        "codes": [item.code for item, _ in shown],
        "unreadable": [item.message for item, _ in shown if item.code == "CLO900"],
        "places": [f"{item.range.start.row}: {item.code} {item.message}" for item, _ in shown],
        "confirmed": sum(found is not None and found.verdict == "confirmed" for _, found in shown),
        "not replayed": [found.reason for _, found in shown if found is not None and found.verdict == "not replayed"],
        "refuted": [f"{item.range.start.row}: {item.code} {item.evidence.reason}" for item in result.refuted],
        "suppressed": result.suppressed,
    }


class Checker:
    """The process that checks, started anew whenever a file has ended it."""

    def __init__(self, limit: float) -> None:
        self.limit = limit
        self.process: subprocess.Popen[bytes] | None = None

    def check(self, path: str) -> Row:
        """What checking the file gave, or how the process ended over it."""
        if self.process is None:
            self.process = subprocess.Popen(
                [sys.executable, "-W", "error", __file__, "--child"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
            )
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        started = time.perf_counter()
        self.process.stdin.write(json.dumps(path).encode() + b"\n")
        self.process.stdin.flush()
        ready, _, _ = select.select([self.process.stdout], [], [], self.limit)
        line = self.process.stdout.readline() if ready else b""
        if line:
            row: Row = json.loads(line)
            return row
        self.process.kill()
        status = self.process.wait()
        self.process = None
        ending = f"the process ended with status {status}" if ready else f"takes longer than {self.limit:g} seconds"
        return {"path": path, "crash": ending, "seconds": time.perf_counter() - started, "memory": 0}

    def close(self) -> None:
        """End the process."""
        if self.process is not None and self.process.stdin is not None:
            self.process.stdin.close()
            self.process.wait()


def files_of(folder: str) -> Iterator[str]:
    """Every Python file and notebook, in order; of a standard library without what is installed into it."""
    for base, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if name != "site-packages" or base != folder)
        yield from (f"{base}/{name}" for name in sorted(names) if name.endswith((".py", ".pyi", ".ipynb")))


class Tally:
    """What came of one corpus."""

    def __init__(self, name: str, rows: list[Row], elapsed: float) -> None:
        self.name, self.rows, self.elapsed = name, rows, elapsed
        self.crashes = [(row["path"], row["crash"]) for row in rows if "crash" in row]
        self.crashes += [(row["path"], said) for row in rows for said in row.get("unreadable", ()) if BUG in said]
        self.unreadable = [(row["path"], said) for row in rows for said in row.get("unreadable", ()) if BUG not in said]
        self.refuted = [f"{row['path']}:{said}" for row in rows for said in row.get("refuted", ())]
        self.reasons = Counter(reason for row in rows for reason in row.get("not replayed", ()))
        self.findings = Counter(code for row in rows for code in row.get("codes", ()) if code != "CLO900")

    def line(self) -> str:
        """One line of the table."""
        times = sorted(row["seconds"] for row in self.rows) or [0.0]
        cells = (
            self.name,
            f"{len(self.rows):,}",
            len(self.crashes),
            len(self.unreadable),
            sum(self.findings.values()),
            sum(row.get("confirmed", 0) for row in self.rows),
            self.reasons.total(),
            len(self.refuted),
            f"{self.elapsed:.0f}",
            f"{times[-1]:.1f}",
            max((row["memory"] for row in self.rows), default=0),
        )
        return "| " + " | ".join(str(cell) for cell in cells) + " |"

    def details(self) -> Iterator[str]:
        """Everything that deserves a look."""
        yield f"\n## {self.name}"
        yield from (f"crash: {path}: {said}" for path, said in self.crashes)
        yield from (f"not read: {path}: {said}" for path, said in self.unreadable)
        yield from (f"finding: {row['path']}:{place}" for row in self.rows for place in row.get("places", ())
                    if "CLO900" not in place)  # fmt: skip
        yield from (f"refuted: {said}" for said in self.refuted)
        yield from (f"not replayed, {count} times: {reason}" for reason, count in self.reasons.most_common())
        slowest = sorted(self.rows, key=lambda row: -row["seconds"])[:SLOWEST]
        yield from (f"slow: {row['seconds']:.2f} s: {row['path']}" for row in slowest)


HEAD = (
    "| corpus | files | crashes | CLO900 | findings | confirmed | not replayed | refuted | seconds | slowest | MB |\n"
    "|---|---|---|---|---|---|---|---|---|---|---|"
)


def main() -> int:
    """Check the corpora that the command line names."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpora", nargs="*", metavar="[NAME=]FOLDER")
    parser.add_argument("--limit", type=float, default=120.0, help="seconds for one file")
    parser.add_argument("--json", type=Path, help="a line for each file goes here")
    parser.add_argument("--child", action="store_true", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.child:
        child()
        return 0
    paths = sysconfig.get_paths()
    tallies = []
    kept = arguments.json.open("w", encoding="utf-8") if arguments.json else None
    for given in arguments.corpora or [paths["stdlib"], paths["purelib"]]:
        name, _, folder = given.rpartition("=")
        checker = Checker(arguments.limit)
        started = time.perf_counter()
        rows = []
        for path in files_of(folder):
            rows.append(checker.check(path))
            if kept is not None:
                kept.write(json.dumps(rows[-1]) + "\n")
                kept.flush()
        checker.close()
        tallies.append(Tally(name or folder, rows, time.perf_counter() - started))
        print("\n".join(tallies[-1].details()), flush=True)
    if kept is not None:
        kept.close()
    print("\n".join(["", HEAD, *(tally.line() for tally in tallies)]))
    return 1 if any(tally.crashes for tally in tallies) else 0


if __name__ == "__main__":
    sys.exit(main())
