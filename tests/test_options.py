"""Each option of each command, proved by what it changes: the same command line with it and without it."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest
from command_harness import ALIASED, CLEAN, DETACHED, Outcome

from closurelint.baseline import FORMAT, VERSION
from closurelint.commands.cli import main
from closurelint.commands.options import COMMANDS
from closurelint.commands.parser import command_parser

GONE = {"file": "gone.py", "code": "CLO103", "scope": "", "fingerprint": "0123456789abcdef", "message": "was there"}
CONFIGURATION = """\
cache-dir = ".kept"
[per-file-ignores]
"quiet.py" = ["CLO103"]
"""
FILES = {
    "closurelint.toml": CONFIGURATION,
    "train.py": ALIASED,
    "fit.py": DETACHED,
    "quiet.py": DETACHED,
    "clean.py": CLEAN,
    "guide.md": f"# Guide\n\n```python\n{DETACHED}```\n",
    "ignored.py": CLEAN,
    ".gitignore": "ignored.py\n",
    "venv/lib.py": CLEAN,
    "silenced.py": DETACHED.rstrip() + "  # closurelint: ignore[CLO103] on purpose\n",
    "unsafe.py": "import jax\n\ng = jax.grad(lambda p: cost(params))(params)\n",
    "other.toml": 'select = ["CLO1"]\n',
    "not_a_folder": "",
    "known.json": json.dumps({"format": FORMAT, "version": VERSION, "entries": [GONE]}),
}
Seen = Callable[[Outcome, Path], bool]


class Proof(NamedTuple):
    """An option, the words that give it, what is to be seen then and only then, the words around it."""

    option: str
    words: str
    seen: Seen
    around: str = "--no-replay ."
    command: str = "check"


def says(text: str) -> Seen:
    """The text stands in what is printed."""
    return lambda outcome, _: text in outcome.output + outcome.errors


def silent_about(text: str) -> Seen:
    """The text does not stand in what is printed."""
    return lambda outcome, _: text not in outcome.output + outcome.errors


def ends(status: int) -> Seen:
    """That is the exit status."""
    return lambda outcome, _: outcome.status == status


def holds(name: str, text: str) -> Seen:
    """The file has the text."""
    return lambda _, tree: (tree / name).is_file() and text in (tree / name).read_text(encoding="utf-8")


def all_of(*seen: Seen) -> Seen:
    """All of these are to be seen."""
    return lambda outcome, tree: all(each(outcome, tree) for each in seen)


def listed(*names: str) -> Seen:
    """Exactly these lines are printed."""
    return lambda outcome, _: outcome.output.splitlines() == list(names)


def painted(outcome: Outcome, tree: Path) -> bool:
    """There is colour."""
    return "\x1b[" in outcome.output


CHECK = (
    # rules
    Proof("--select", "--select CLO2", silent_about("CLO103")),
    Proof("--ignore", "--ignore CLO103,CLO102", all_of(says("CLO201"), silent_about("CLO10"))),
    Proof("--extend-select", "--extend-select aliased-objective", says("train.py:"), "--select CLO1 ."),
    Proof("--per-file-ignores", "--per-file-ignores *.py:CLO1", all_of(silent_about("fit.py:"), says("train.py:"))),
    Proof("--per-file-ignores", "--per-file-ignores !fit.py:CLO2", silent_about("train.py:")),
    Proof("--extend-per-file-ignores", "--extend-per-file-ignores fit.py:ALL", silent_about("fit.py:")),
    Proof("--replay", "--replay", says("= replay: max |dW| is 0 for a copy"), "--config replay=false fit.py"),
    Proof("--no-replay", "--no-replay", silent_about("= replay:"), "fit.py"),
    # files
    Proof("--exclude", "--exclude fit.py", says("venv/lib.py"), "--show-files"),
    Proof("--extend-exclude", "--extend-exclude fit.py,*en*.py", silent_about("silenced.py"), "--show-files"),
    Proof("--include", "--include *.md", listed("guide.md"), "--show-files"),
    Proof("--extend-include", "--extend-include *.md", all_of(says("guide.md"), says("fit.py")), "--show-files"),
    Proof("--force-exclude", "--force-exclude", listed("fit.py"), "--show-files venv/lib.py fit.py"),
    Proof(
        "--no-force-exclude",
        "--no-force-exclude",
        listed("venv/lib.py"),
        "--config force-exclude=true --show-files venv/lib.py",
    ),
    Proof(
        "--respect-gitignore",
        "--respect-gitignore",
        silent_about("ignored.py"),
        "--config respect-gitignore=false --show-files",
    ),
    Proof("--no-respect-gitignore", "--no-respect-gitignore", says("ignored.py"), "--show-files"),
    Proof("--show-files", "--show-files", listed("fit.py"), "fit.py"),
    Proof("--stdin-filename", "--stdin-filename sub/new.py", says("sub/new.py:"), "-"),
    # fixes
    Proof("--fix", "--fix", all_of(holds("train.py", "def f(_):"), says("Applied 1 fix (1 more with"))),
    Proof("--no-fix", "--no-fix", holds("train.py", "def f(W):"), "--config fix=true ."),
    Proof("--unsafe-fixes", "--unsafe-fixes", holds("unsafe.py", "lambda p: cost(p)"), "--fix ."),
    Proof(
        "--no-unsafe-fixes",
        "--no-unsafe-fixes",
        holds("unsafe.py", "lambda p: cost(params)"),
        "--config unsafe-fixes=true --fix .",
    ),
    Proof("--fix-only", "--fix-only", all_of(holds("train.py", "def f(_):"), ends(0), silent_about("CLO"))),
    Proof("--no-fix-only", "--no-fix-only", ends(1), "--config fix-only=true ."),
    Proof("--show-fixes", "--show-fixes", says("train.py:17: fixed CLO201: "), "--fix ."),
    Proof("--no-show-fixes", "--no-show-fixes", silent_about("fixed CLO201"), "--fix --config show-fixes=true ."),
    Proof(
        "--diff", "--diff", all_of(says("\n+def f(_):\n"), says("Would apply 1 fix (1 more"), holds("train.py", "f(W)"))
    ),
    Proof("--exit-non-zero-on-fix", "--exit-non-zero-on-fix", ends(1), "--fix train.py"),
    # suppression
    Proof("--add-ignore", "--add-ignore", holds("train.py", "def f(W):  # closurelint: ignore[CLO201]\n")),
    Proof("--add-ignore", "--add-ignore=known", holds("fit.py", "# closurelint: ignore[CLO103] known\n")),
    Proof("--baseline", "--baseline known.json", says("gone.py: CLO103 of the baseline no longer occurs")),
    Proof(
        "--write-baseline",
        "--write-baseline",
        all_of(holds("known.json", '"CLO201"'), says("3 diagnostics, 3 added, 1 removed"), ends(0)),
        "--baseline known.json .",
    ),
    # output
    Proof("--output-format", "--output-format sarif", says('"version": "2.1.0"')),
    Proof("--output-format", "--output-format full", says("= help:"), "--config output-format='json' fit.py"),
    Proof("--output-format", "--output-format json-lines", says('{"code": "CLO103"'), "fit.py"),
    Proof("--output-file", "--output-file out.txt", all_of(holds("out.txt", "CLO201"), silent_about("CLO"), ends(1))),
    Proof("-o", "-o out.txt", holds("out.txt", "+def f(_):"), "--diff ."),
    Proof("--statistics", "--statistics", says("1\tCLO201\t[*] aliased-objective\nFound 3 diagnostics")),
    Proof("--exit-zero", "--exit-zero", all_of(ends(0), says("CLO201"))),
    Proof("-e", "-e", ends(0), "--diff ."),
    Proof("--quiet", "--quiet", all_of(silent_about("Found"), says("CLO201"), ends(1))),
    Proof("-q", "-q", listed(), "clean.py"),
    Proof("--silent", "--silent", all_of(listed(), ends(1), silent_about("Applied")), "--fix ."),
    Proof("-s", "-s", all_of(listed(), ends(1))),
    Proof("--verbose", "--verbose", says("skipped venv: excluded")),
    Proof("-v", "-v", says("fit.py:17:6: `numerical_gradient` with a lambda"), "fit.py"),
    Proof("--color", "--color always", painted),
    # configuration
    Proof("--config", "--config other.toml", silent_about("CLO201")),
    Proof("--config", "--config select=['CLO2']", silent_about("CLO103")),
    Proof("--isolated", "--isolated", says("quiet.py:")),
    Proof("--show-settings", "--show-settings", says("# rules: CLO101")),
    # speed
    Proof("--jobs", "--jobs 3", says("jobs = 3\n"), "--show-settings ."),
    Proof("-j", "-j 3", says("jobs = 3\n"), "--show-settings ."),
    Proof("--cache", "--cache", says("not a folder"), "--config cache=false --cache-dir not_a_folder ."),
    Proof("--no-cache", "--no-cache", silent_about("not a folder"), "--cache-dir not_a_folder ."),
    Proof("-n", "-n", silent_about("not a folder"), "--cache-dir not_a_folder ."),
    Proof("--cache-dir", "--cache-dir elsewhere", says("/elsewhere"), "--show-settings ."),
)
OTHERS = (
    Proof("--all", "--all", says("## What it does"), "", "rule"),
    Proof("--replay", "--replay", says("max |dW|"), "CLO103", "rule"),
    Proof("--output-format", "--output-format json", says('"code": "CLO101"'), "CLO101", "rule"),
    Proof("--color", "--color always", painted, "CLO101", "rule"),
    Proof("--output-format", "--output-format json", says('"delivery": "trace"'), "jax.grad", "differentiators"),
    Proof("--config", "--config differentiators.mine={delivery='copy'}", says("mine"), "", "differentiators"),
    Proof("--isolated", "--isolated", silent_about("lib.grad"), "", "differentiators"),
    Proof("--output-format", "--output-format json", says('"default": 0'), "jobs", "config"),
    Proof("--no-replay", "--no-replay", silent_about("max |dW|"), "fit.py:17", "explain"),
    Proof("--color", "--color always", painted, "fit.py:17", "explain"),
    Proof("--config", "--config ignore=['CLO103']", says("not enabled here"), "fit.py:17", "explain"),
    Proof("--isolated", "--isolated", silent_about("not enabled here"), "quiet.py:17", "explain"),
    Proof("--cache-dir", "--cache-dir elsewhere", says("elsewhere"), "", "clean"),
    Proof("--config", "--config cache-dir='elsewhere'", says("elsewhere"), "", "clean"),
    Proof("--isolated", "--isolated", says(".closurelint_cache"), "", "clean"),
)
SCAN = tuple(
    Proof(words.split()[0], words, seen, around, "scan")
    for words, seen, around in (
        ("--select CLO2", silent_about('"CLO103"'), "--no-replay ."),
        ("--ignore CLO103,CLO102", all_of(says('"CLO201"'), silent_about('"CLO10')), "--no-replay ."),
        ("--extend-select aliased-objective", says('"CLO201"'), "--no-replay --select CLO1 ."),
        ("--per-file-ignores *.py:CLO1", silent_about('"fit.py"'), "--no-replay ."),
        ("--extend-per-file-ignores fit.py:ALL", silent_about('"fit.py"'), "--no-replay ."),
        ("--replay", says('"verdict": "confirmed"'), "--config replay=false fit.py"),
        ("--no-replay", silent_about('"verdict"'), "fit.py"),
        ("--exclude fit.py", silent_about('"fit.py"'), "--no-replay ."),
        ("--extend-exclude fit.py", silent_about('"fit.py"'), "--no-replay ."),
        ("--include *.md", all_of(says('"guide.md"'), silent_about('"fit.py"')), "--no-replay ."),
        ("--extend-include *.md", all_of(says('"guide.md"'), says('"fit.py"')), "--no-replay ."),
        ("--output out", holds("out/manifest.jsonl", '"findings": 1'), "--no-replay fit.py"),
        ("-o out", holds("out/manifest.jsonl", '"findings": 1'), "--no-replay fit.py"),
        ("--output-format parquet", says("name a folder for them with `--output DIR`"), "--no-replay fit.py"),
        ("--quiet", silent_about("scanned 1 shard"), "--no-replay fit.py"),
        ("-q", silent_about("scanned 1 shard"), "--no-replay fit.py"),
        ("--config other.toml", silent_about('"CLO201"'), "--no-replay ."),
        ("--isolated", says('"quiet.py"'), "--no-replay ."),
    )
)
PROOFS = (*CHECK, *OTHERS, *SCAN)
ELSEWHERE = {
    "check --watch": "test_cli_terminal.py",
    "check -w": "test_cli_terminal.py",
    "check --show-refuted": "test_cli.py",
    "server --config": "test_lsp_workspace.py",
    "server --isolated": "test_lsp_workspace.py",
    "scan --jobs": "test_scan.py",
    "scan -j": "test_scan.py",
    "scan --history": "test_scan.py",
    "scan --text-column": "test_scan.py",
    "scan --path-column": "test_scan.py",
    "scan --size-limit": "test_scan.py",
    "scan --scheduler": "test_scan.py",
}
"""Options that need a process, a source or a replay of their own, and where that is tested."""


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., Outcome]:
    """Run a command line in a fresh tree."""
    for name in ("NO_COLOR", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)

    def once(words: list[str]) -> Outcome:
        monkeypatch.chdir(tmp_path.parent)
        shutil.rmtree(tmp_path)
        for name, text in FILES.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="\n")
        if "differentiators" in words:
            path = tmp_path / "closurelint.toml"
            path.write_text(f'{CONFIGURATION}[differentiators."lib.grad"]\ndelivery = "copy"\n')
        monkeypatch.chdir(tmp_path)
        with (tmp_path / "fit.py").open("rb") as stream:
            monkeypatch.setattr("sys.stdin", type("Input", (), {"buffer": stream}))
            status = main(words)
        return Outcome(status, *capsys.readouterr())

    return once


def words_of(proof: Proof, *, option: bool) -> list[str]:
    command = [] if proof.command == "check" else [proof.command]
    return [*command, *(proof.words.split() if option else ()), *proof.around.split()]


@pytest.mark.parametrize("proof", PROOFS, ids=lambda proof: f"{proof.command} {proof.words}")
def test_an_option_changes_what_it_says(run: Callable[..., Outcome], tmp_path: Path, proof: Proof) -> None:
    with_it = run(words_of(proof, option=True))
    assert proof.seen(with_it, tmp_path), with_it
    without = run(words_of(proof, option=False))
    assert not proof.seen(without, tmp_path), without


def test_every_option_of_every_command_is_proved() -> None:
    proved = {(proof.command, proof.option) for proof in PROOFS}
    here = Path(__file__).parent
    for command in COMMANDS:
        for option in command_parser(command)._option_string_actions:
            elsewhere = ELSEWHERE.get(f"{command} {option}")
            if elsewhere is not None:
                assert f'"{option}"' in (here / elsewhere).read_text(encoding="utf-8")
            elif option not in ("-h", "--help"):
                assert (command, option) in proved, f"closurelint {command} {option} is not proved"


def test_a_proof_names_the_option_that_it_gives() -> None:
    for proof in PROOFS:
        assert proof.words.split()[0].partition("=")[0] == proof.option
