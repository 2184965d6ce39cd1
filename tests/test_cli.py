"""The command line as a user meets it: every option through `main`, the ones that need a process through a process."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from command_harness import ALIASED, CLEAN, DETACHED, Outcome

import closurelint
from closurelint.commands.cli import main
from closurelint.commands.options import COMMANDS, arguments_of
from closurelint.commands.parser import check_parser, parsed
from closurelint.configuration.settings import SETTINGS

Run = Callable[..., Outcome]


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working directory that no configuration outside it reaches."""
    monkeypatch.chdir(tmp_path)
    for name in ("NO_COLOR", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    (tmp_path / "closurelint.toml").write_text("")
    return tmp_path


@pytest.fixture
def run(tree: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run one command line in this process."""

    def once(*words: str) -> Outcome:
        status = main(words)
        return Outcome(status, *capsys.readouterr())

    return once


def real(*words: str, cwd: Path, stdin: bytes = b"", **environment: str) -> Outcome:
    """Run one command line in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "closurelint", *words],
        cwd=cwd,
        input=stdin,
        capture_output=True,
        env={**os.environ, "PYTHONPATH": str(Path(closurelint.__file__).parent.parent), **environment},
        check=False,
        timeout=60,
    )
    return Outcome(done.returncode, done.stdout.decode("utf-8", "replace"), done.stderr.decode("utf-8", "replace"))


# -- words ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "words",
    [
        [],
        ["a.py", "b"],
        ["check", "a.py", "--quiet", "-v", "--no-replay", "--fix", "--diff", "--isolated", "-w", "-e"],
        ["--force-exclude", "--no-respect-gitignore", "x", "-"],
    ],
)
def test_the_short_way_reads_a_command_line_as_argparse_does(words: list[str]) -> None:
    command, rest = ("check", words[1:]) if words[:1] == ["check"] else ("check", words)
    assert arguments_of(words) == parsed(command, rest)


def test_every_setting_is_an_option() -> None:
    known = check_parser()._option_string_actions
    for setting in SETTINGS:
        assert (f"--{setting.name}" in known) is setting.option
        assert (f"--no-{setting.name}" in known) is (setting.kind == "boolean")


def test_help_names_every_command_and_option(run: Run) -> None:
    outcome = run("--help")
    assert outcome.status == 0
    for word in (*COMMANDS, *(f"--{setting.name}" for setting in SETTINGS if setting.option)):
        assert word in outcome.output
    for command in COMMANDS:
        assert run(command, "--help").output.startswith("usage: closurelint")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--selct", "CLO1", "."], "no option is called `--selct`, did you mean `--select`?"),
        (["--xyzzy"], "no option is called `--xyzzy`, `closurelint check --help` lists the options"),
        (["--select"], "--select: expected one argument"),
        (["--select", "CLO999", "."], "no rule is called `CLO999`, did you mean `CLO90"),
        (["--select", "captured-pont", "."], "did you mean `captured-point`?"),
        (["--ignore", "clo101", "."], "did you mean `CLO101`?"),
        (["--extend-select", "Q", "."], "no rule is called `Q`, `closurelint rule` lists them"),
        (["--per-file-ignores", "tests", "."], "pairs of the form PATTERN:RULE, not `tests`"),
        (["--per-file-ignores", "tests:CLO2,x:Q1", "."], "no rule is called `Q1`"),
        (["--output-format", "xml", "."], "`output-format` cannot be 'xml', use one of `text`"),
        (["--jobs", "many", "."], "--jobs is a whole number from 0 on, not `many`"),
        (["--color", "sometimes", "."], "--color cannot be `sometimes`, use one of `auto`, `always`, `never`"),
        (["--config", "nowhere.toml", "."], "nowhere.toml: no such configuration file"),
        (["--config", "selct=1", "."], "no setting is called `selct`, did you mean `select`?"),
        (["--config", "replay=maybe", "."], "`replay` is true or false, not 'maybe'"),
        (["--config", "extend='x.toml'", "."], "only a file can `extend` another"),
        (["--config", "=", "."], "not valid TOML"),
        (["--config", "a.toml", "--config", "b.toml", "."], "name one file"),
        (["--config", "a.toml", "--isolated", "."], "leave out one of them"),
        (["-", "a.py"], "`-` reads standard input and goes with no other path"),
        (["--stdin-filename", "a.py", "."], "give `-` as the path"),
        (["--watch", "-"], "`--watch` needs files"),
        (["--quiet", "--verbose"], "contradict each other"),
        (["--write-baseline", "."], "name the file with `--baseline FILE`"),
        (["rule", "CLO999"], "no rule is called `CLO999`, did you mean"),
        (["rule", "captured"], "no rule is called `captured`"),
        (["rule", "CLO101", "CLO102"], "`CLO102` is one word too many"),
        (["config", "selct"], "no setting is called `selct`, did you mean `select`?"),
        (["completion", "tcsh"], "SHELL cannot be `tcsh`, use one of `bash`, `zsh`, `fish`"),
        (["explain"], "the following arguments are required: FILE:LINE"),
        (["explain", "a.py"], "`a.py` is no place, write FILE:LINE"),
        (["explain", "a.py:0"], "`a.py:0` is no place"),
        (["explain", "a.py:3"], "a.py: no such file or directory"),
        (["differentiators", "nump.gradient"], "no differentiator is called `nump.gradient`"),
    ],
)
def test_wrong_words_end_in_one_line_and_2(run: Run, words: list[str], message: str) -> None:
    outcome = run(*words)
    assert outcome.status == 2
    assert message in outcome.errors
    assert outcome.errors.startswith("closurelint: error: ")
    assert outcome.errors.count("\n") == 1
    assert outcome.output == ""


# -- what is checked --------------------------------------------------------------------------------------------------


def test_a_missing_path_ends_in_2_and_the_others_are_checked(run: Run, tree: Path) -> None:
    (tree / "a.py").write_text(ALIASED)
    outcome = run("a.py", "nowhere.py")
    assert outcome.status == 2
    assert "nowhere.py: no such file or directory" in outcome.errors
    assert "CLO201" in outcome.output


@pytest.mark.parametrize("words", [[], ["empty"], [".", "--extend-exclude", "*.py"]])
def test_a_run_that_reads_nothing_says_so_and_ends_in_2(run: Run, tree: Path, words: list[str]) -> None:
    (tree / "empty").mkdir()
    if "--extend-exclude" in words:
        (tree / "a.py").write_text(CLEAN)
    outcome = run(*words)
    assert outcome.status == 2
    assert "there is no file to check under" in outcome.errors
    assert "`include` is *.py, *.pyw, *.ipynb" in outcome.errors


def test_a_hook_whose_files_are_all_excluded_passes(run: Run, tree: Path) -> None:
    (tree / "a.py").write_text(ALIASED)
    outcome = run("a.py", "--force-exclude", "--extend-exclude", "a.py")
    assert outcome.status == 0
    assert "`force-exclude` leaves out all 1 named paths" in outcome.errors


def test_show_files(run: Run, tree: Path) -> None:
    (tree / "b.py").write_text(CLEAN)
    (tree / "docs").mkdir()
    (tree / "docs/a.md").write_text("")
    assert run("--show-files") == (0, "b.py\n", "")
    assert run("--show-files", "--extend-include", "*.md").output == "b.py\ndocs/a.md\n"
    assert run("--show-files", "--include", "*.md").output == "docs/a.md\n"
    assert run("--show-files", "--exclude", "docs", "--extend-include=*.md", ".").output == "b.py\n"


def test_gitignore_can_be_switched_off(run: Run, tree: Path) -> None:
    (tree / "a.py").write_text(CLEAN)
    (tree / "b.py").write_text(CLEAN)
    (tree / ".gitignore").write_text("b.py\n")
    assert run("--show-files").output == "a.py\n"
    assert run("--show-files", "--respect-gitignore").output == "a.py\n"
    assert run("--show-files", "--no-respect-gitignore").output == "a.py\nb.py\n"


def test_verbose_says_why_a_file_is_skipped(run: Run, tree: Path) -> None:
    (tree / "a.py").write_text(CLEAN)
    (tree / "data.csv").write_text("")
    (tree / "venv").mkdir()
    outcome = run("--verbose")
    assert "skipped data.csv: not matched by `include`" in outcome.errors
    assert "skipped venv: excluded" in outcome.errors
    assert outcome.status == 0


def test_what_replay_refutes_is_counted_and_shown_on_demand(
    run: Run, tree: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from closurelint import replay
    from closurelint.evidence import Evidence

    (tree / "a.py").write_text(DETACHED)
    monkeypatch.setattr(replay, "replay", lambda claim: Evidence("refuted", "it does matter"))
    outcome = run("a.py")
    assert (outcome.status, outcome.output) == (0, "All checks passed in 1 file (1 refuted by replay)\n")
    assert "= replay: refuted, it does matter" in run("--show-refuted", "a.py").output


def test_a_command_that_is_spelled_almost_right_is_suggested(run: Run) -> None:
    assert "chekc: no such file or directory" in run("chekc", ".").errors
    assert "or did you mean the command `check`?" in run("chekc").errors
    assert "did you mean" not in run("nowhere.py").errors


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--add-ignore", "--fix"], "`--add-ignore` and `--fix` contradict each other, leave out one of them"),
        (["--add-ignore", "--write-baseline"], "`--add-ignore` and `--write-baseline` contradict"),
        (["--write-baseline", "--diff"], "`--write-baseline` and `--diff` contradict"),
        (["--show-files", "--fix-only"], "`--show-files` and `--fix-only` contradict"),
        (["--verbose", "--silent"], "`--verbose` and `--silent` contradict"),
        (["--diff", "--watch"], "`--diff` and `--watch` contradict"),
        (["--statistics", "--output-format", "sarif"], "`--statistics` has no `sarif` format, use one of `text`"),
        (["--fix=yes"], "--fix/--no-fix takes no value, leave out 'yes'"),
        (["--select", ","], "--select names no rule"),
        (["--select", "CLO12"], "did you mean `CLO1"),
        (["--output-file", "nowhere/out.txt"], "`--output-file` nowhere/out.txt cannot be written: No such file"),
        (["--output-file", "."], "`--output-file` . cannot be written: Is a directory"),
        (["--baseline", "nowhere.json"], "nowhere.json does not exist: write it with `--write-baseline`"),
        (["--baseline", "."], "cannot be read: Is a directory"),
        (["--baseline", "a.py"], "a.py is no JSON"),
        (["--baseline", "nowhere/known.json", "--write-baseline"], "cannot be written: No such file or directory"),
        (["--cache-dir", "a.py"], "`cache-dir` is a.py, which is not a folder, name another"),
        (["--config", "nowhere"], "nowhere: no such configuration file"),
        (["--config", "differentiators.x=1"], "`differentiators` is a table of tables"),
        (["--config", "differentiators.'a.b'={delivry='copy'}"], "unknown key `delivry`, did you mean `delivery`?"),
        (["--config", "differentiators.'a.b'={delivery='cpy'}"], "cannot be 'cpy', did you mean `copy`?"),
        (["--config", "per-file-ignores=['a.py']"], "`per-file-ignores` is a table of file patterns"),
        (["--config", "per-file-ignores={'a.py'='CLO1'}"], "`per-file-ignores` of 'a.py' is a list of strings"),
        (["--config", "per-file-ignores={'a.py'=['CLOX']}"], "`per-file-ignores`: no rule is called `CLOX`"),
        (["--config", "extend-exclude='x'"], "`extend-exclude` is a list of strings, not 'x'"),
        (["--config", "jobs=-1"], "`jobs` is a whole number from 0 on, not -1"),
        (["--config", "baseline=3"], "`baseline` is a path, not 3"),
        (["explain", "a.py:99"], "a.py has 17 lines, not 99"),
        (["explain", ".:3"], ".: no regular file, name a file"),
        (["explain", "a.py:x"], "`a.py:x` is no place"),
        (["explain", "broken.py:1"], "broken.py"),
        (["completion"], "the following arguments are required: SHELL"),
        (["clean", "--cache-dir", "a.py"], "a.py is not a folder"),
    ],
)
def test_wrong_wishes_end_in_one_line_and_2(run: Run, tree: Path, words: list[str], message: str) -> None:
    (tree / "a.py").write_text(DETACHED)
    (tree / "broken.py").write_bytes(b"# coding: nonsense\n")
    before = sorted(path.name for path in tree.iterdir())
    outcome = run(*words, *([] if words[0] in COMMANDS else ["a.py"]))
    assert outcome.status == 2
    assert message in outcome.errors
    assert outcome.errors.startswith("closurelint: error: ")
    assert outcome.errors.count("\n") == 1
    assert outcome.output == ""
    assert sorted(path.name for path in tree.iterdir()) == before


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('selct = ["CLO1"]', "closurelint.toml: no setting is called `selct`, did you mean `select`?"),
        ("select = [", "closurelint.toml: not valid TOML"),
        ('select = "CLO1"', "closurelint.toml: `select` is a list of strings, not 'CLO1'"),
        ('extend = "closurelint.toml"', "closurelint.toml: `extend` leads back to this file"),
        ('extend = "nowhere.toml"', "closurelint.toml: `extend` names nowhere.toml, which is not a file"),
        ("extend = 3", "closurelint.toml: `extend` is the path of another configuration file, not 3"),
        ('[tool.closurelint]\nselect = ["CLO1"]', "has its keys at the top level"),
        (
            '[differentiators."lib.grad"]\ndelivry = "copy"',
            'closurelint.toml: differentiators."lib.grad" has an unknown',
        ),
        ('[per-file-ignores]\n"a.py" = ["CLO999"]', "closurelint.toml: `per-file-ignores`: no rule is called `CLO999`"),
        ('output-format = "xml"', "closurelint.toml: `output-format` cannot be 'xml'"),
        ("replay = 1", "closurelint.toml: `replay` is true or false, not 1"),
        ('exclude = [""]', "closurelint.toml: `exclude` has the pattern '', it names nothing"),
    ],
)
def test_a_wrong_configuration_ends_in_one_line_and_2(run: Run, tree: Path, text: str, message: str) -> None:
    (tree / "a.py").write_text(CLEAN)
    (tree / "closurelint.toml").write_text(text)
    outcome = run("a.py")
    assert outcome.status == 2
    assert message in outcome.errors
    assert outcome.errors.count("\n") == 1


def test_fixing_the_fixtures_gives_exactly_the_fixed_files(run: Run, tree: Path) -> None:
    source = Path(__file__).parent.parent / "fixtures"
    shutil.copytree(source, tree / "fixtures", ignore=shutil.ignore_patterns("*.fixed.py"))
    # what has no fix is in test_fixtures; here it would only take its time
    fixed = {
        f"{path.relative_to(source.parent)}".replace(".fixed.py", ".py"): path for path in source.rglob("*.fixed.py")
    }
    assert run("--fix", "--unsafe-fixes", "--isolated", "--no-replay", "--jobs", "1", *sorted(fixed)).status in (0, 1)
    for name, expected in fixed.items():
        assert (tree / name).read_bytes() == expected.read_bytes(), name


def test_fixed_text_of_standard_input_goes_to_standard_output_and_findings_do_not(tree: Path) -> None:
    outcome = real("--fix", "--no-replay", "-", cwd=tree, stdin=(ALIASED + DETACHED).encode())
    assert outcome.output == (ALIASED + DETACHED).replace("def f(W)", "def f(_)")
    assert "CLO103" in outcome.errors
    assert outcome.status == 1
    clean = real("--fix", "--diff", "-", cwd=tree, stdin=CLEAN.encode())
    assert (clean.status, clean.output) == (0, "")
    excluded = ("--fix", "--stdin-filename", "venv/a.py", "--force-exclude")
    assert real(*excluded, cwd=tree, stdin=ALIASED.encode()) == (0, ALIASED, "")


def test_a_file_that_cannot_be_written_keeps_the_others_fixed(
    run: Run, tree: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from closurelint import files

    def refuse(path: str, data: bytes, write: Callable[[str, bytes], None] = files.write_atomically, **_: bool) -> None:
        if path == "a.py":
            raise OSError(28, "No space left on device")
        write(path, data)

    monkeypatch.setattr(files, "write_atomically", refuse)
    for name in ("a.py", "b.py"):
        (tree / name).write_text(ALIASED)
    outcome = run("--fix", "--no-replay", "a.py", "b.py")
    assert outcome.status == 2
    assert "a.py cannot be written: No space left on device, it is left as it was" in outcome.errors
    assert (tree / "a.py").read_text() == ALIASED
    assert "def f(_)" in (tree / "b.py").read_text()


# -- configuration ----------------------------------------------------------------------------------------------------


def test_show_settings(run: Run, tree: Path) -> None:
    (tree / "a.py").write_text(CLEAN)
    (tree / "sub").mkdir()
    (tree / "sub/b.py").write_text(CLEAN)
    (tree / "sub/closurelint.toml").write_text('ignore = ["CLO3"]\n')
    outcome = run("--show-settings", "--no-replay")
    assert outcome.status == 0
    assert outcome.output.count("replay = false") == 2
    assert f"# from {tree / 'sub' / 'closurelint.toml'}" in outcome.output
    second = outcome.output.split("\n\n")[1]
    assert "CLO301" not in second.partition("# rules:")[2]
    assert "CLO101" in second.partition("# rules:")[2]


def test_a_value_on_the_command_line_wins_over_files(run: Run, tree: Path) -> None:
    (tree / "a.py").write_text(ALIASED)
    (tree / "closurelint.toml").write_text('select = ["CLO1"]\noutput-format = "json"\n')
    assert run() == (0, "[]\n", "")
    assert json.loads(run("--select", "CLO201").output)[0]["code"] == "CLO201"
    assert json.loads(run("--config", 'select = ["CLO2"]').output)[0]["code"] == "CLO201"
    assert json.loads(run("--config", "output-format=jsonl", "--isolated").output)["code"] == "CLO201"


def test_isolated_follows_no_file(run: Run, tree: Path) -> None:
    (tree / "a.py").write_text(ALIASED)
    (tree / "closurelint.toml").write_text("broken")
    assert run().status == 2
    assert run("--isolated").status == 1


def test_config_names_a_file_for_everything(run: Run, tree: Path) -> None:
    (tree / "a.py").write_text(ALIASED)
    (tree / "other").mkdir()
    (tree / "other/settings.toml").write_text('ignore = ["CLO201"]\n')
    assert run("--config", "other/settings.toml").status == 0


@pytest.mark.parametrize(
    ("words", "status"),
    [
        (["--select", "CLO2"], 1),
        (["--select", "aliased-objective"], 1),
        (["--select", "CLO1,CLO9"], 0),
        (["--select", "CLO1", "--extend-select", "CLO201"], 1),
        (["--ignore", "CLO2"], 0),
        (["--ignore", "CLO2", "--select", "CLO201"], 1),
        (["--ignore", "CLO201", "--select", "CLO2"], 0),
        (["--ignore", "ALL"], 0),
        (["--per-file-ignores", "a.py:CLO201"], 0),
        (["--per-file-ignores", "!a.py:CLO201"], 1),
        (["--per-file-ignores", "b.py:CLO2"], 1),
        (["--extend-per-file-ignores", "*.py:ALL"], 0),
    ],
)
def test_selection(run: Run, tree: Path, words: list[str], status: int) -> None:
    (tree / "a.py").write_text(ALIASED)
    assert run(*words, ".").status == status


def test_config_command(run: Run) -> None:
    listing = run("config").output
    assert all(setting.name in listing for setting in SETTINGS)
    one = run("config", "extend-exclude").output
    assert "option: --extend-exclude" in one
    assert 'extend-exclude = ["generated", "*_pb2.py"]' in one
    data = json.loads(run("config", "--output-format", "json").output)
    assert list(data) == [setting.name for setting in SETTINGS]
    assert json.loads(run("config", "jobs", "--output-format=json").output)["jobs"]["default"] == 0


# -- other commands ---------------------------------------------------------------------------------------------------


def test_an_explanation_is_wrapped_below_its_text() -> None:
    from closurelint.commands.output import wrapped

    assert wrapped("  point:    `net.W`, the very array of it", 30) == [
        "  point:    `net.W`, the very",
        "            array of it",
    ]
    assert wrapped("      12 | - does not carry `w`, depends on `net`", 30) == [
        "      12 | - does not carry",
        "         | `w`, depends on",
        "         | `net`",
    ]
    assert wrapped("a.py:1:1: short", 30) == ["a.py:1:1: short"]


def test_version(run: Run, tree: Path) -> None:
    expected = f"closurelint {closurelint.__version__}\n"
    for word in ("--version", "-V", "version"):
        assert real(word, cwd=tree) == (0, expected, "")
        assert run(word).output == expected


def test_rule_command(run: Run) -> None:
    listing = run("rule").output
    assert "CLO201  aliased-objective" in listing
    assert run("rule", "CLO201").output.startswith("CLO201 aliased-objective\n")
    assert run("rule", "aliased-objective") == run("rule", "clo201")
    assert run("rule", "--all").output.count("## What it does") >= 14
    data = json.loads(run("rule", "CLO201", "--output-format", "json").output)
    assert data["code"] == "CLO201"
    assert data["manual"].startswith("An objective")
    assert len(json.loads(run("rule", "--output-format", "json").output)) == listing.count("\n")


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion(run: Run, shell: str) -> None:
    outcome = run("completion", shell)
    assert outcome.status == 0
    for word in ("--output-format", "differentiators", "--unsafe-fixes", "sarif"):
        assert word.removeprefix("--") in outcome.output


def test_completion_without_its_library(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "shtab", None)
    outcome = run("completion", "bash")
    assert outcome.status == 2
    assert "pip install closurelint[completion]" in outcome.errors


def test_clean(run: Run, tree: Path) -> None:
    assert "nothing to remove" in run("clean").errors
    kept = tree / ".closurelint_cache"
    (tree / "a.py").write_text(CLEAN)
    assert run(".").status == 0
    assert (kept / "CACHEDIR.TAG").is_file()
    assert run("clean") == (0, "", f"removed {kept}\n")
    assert not kept.exists()
    (tree / "precious").mkdir()
    (tree / "precious/file").write_text("")
    outcome = run("clean", "--cache-dir", "precious")
    assert outcome.status == 2
    assert "holds no results of closurelint, so it is not removed" in outcome.errors
    assert (tree / "precious/file").exists()
